//! The search behind a slider against the exhaustive one.

use super::agreement::cpu;
use super::world::{IDS, catalog, constants, wish};
use gigasite::catalog::Precision;
use gigasite::estimate::{BINS, Effort, Frontier, OCTAVES, Space, Wish, frontiers};

/// Largest share of throughput that a slider may hide.
const LOSS: f64 = 0.02;

fn curves(wish: &Wish, effort: Effort) -> (usize, Vec<Frontier>) {
    let constants = constants(&catalog());
    let space = Space::new(&Wish { effort, ..wish.clone() }, &constants).unwrap();
    (space.evaluated(), frontiers(&space, &cpu(&space), &constants))
}

/// The lower ends of the bins: there both searches know their best exactly.
fn speeds() -> impl Iterator<Item = f64> {
    let of = |bin| (f64::from(bin) * f64::from(OCTAVES) / BINS as f64).exp2();
    (0..BINS as u32).map(move |bin| of(bin) * (1.0 - 1e-6))
}

#[test]
fn the_slider_loses_at_most_two_percent_of_the_curve() {
    let catalog = catalog();
    for (model, limit) in IDS.into_iter().flat_map(|m| [(m, None), (m, Some(2000.0))]) {
        let usual = wish(&catalog, model);
        let racks = usual.racks.iter().skip(1).step_by(2).cloned().collect();
        let precisions = vec![Precision::Fp4];
        let wish = Wish { racks, precisions, ttft_limit_ms: limit, ..usual };
        let (few, coarse) = curves(&wish, Effort::Interactive);
        let (many, fine) = curves(&wish, Effort::Exhaustive);
        assert!(many > few * 2, "{many} configurations against {few}");
        assert_eq!(coarse.len(), fine.len());
        for (coarse, fine) in coarse.iter().zip(&fine) {
            for speed in speeds() {
                let Some(best) = fine.at(speed) else { continue };
                let found = coarse.at(speed).map_or(0.0, |p| p.tok_s_gpu);
                let loss = 1.0 - found / best.tok_s_gpu;
                let rack = &fine.group.machine.rack;
                assert!(loss <= LOSS, "{model} {limit:?} {rack} at {speed}: {loss} of {best:?}");
            }
        }
    }
}
