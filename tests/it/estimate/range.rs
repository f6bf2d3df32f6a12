//! Single precision: huge batches and contexts of a million tokens stay finite and keep
//! their digits.

use super::agreement::{card, cpu};
use super::world::{IDS, catalog, space, wish};
use gigasite::estimate::{MODES, Row, Space, Wish, Workload, score};

/// Relative error that counts as equal.
const LIKE: f64 = 1e-4;

fn workload(isl: f64, osl: f64, cached_frac: f64) -> Workload {
    Workload { isl, osl, cached_frac }
}

/// Sweeps of all models at lengths from one token to a million.
fn spaces() -> Vec<Space> {
    let catalog = catalog();
    let lengths = [
        workload(1.0, 1.0, 0.0),
        workload(1024.0, 1024.0, 0.0),
        workload(100_000.0, 2000.0, 0.99),
        workload(1_000_000.0, 1000.0, 0.0),
        workload(1_000_000.0, 900_000.0, 1.0),
    ];
    let mut all = Vec::new();
    for model in IDS {
        for workload in lengths {
            all.push(space(&catalog, &Wish { workload, ..wish(&catalog, model) }));
        }
    }
    all
}

#[test]
fn single_precision_keeps_four_digits_everywhere() {
    let batches: Vec<f64> = (0..=60).map(|i| (10f64).powf(f64::from(i) / 10.0).round()).collect();
    assert_eq!(batches.last(), Some(&1e6));
    for space in spaces() {
        for (wide, narrow) in space.rows.iter().zip(&space.narrow) {
            for mode in MODES {
                for batch in &batches {
                    let (w, n) = (score(wide, *batch, mode), score(narrow, *batch as f32, mode));
                    for (name, w, n) in [
                        ("tpot", w.tpot_us, n.tpot_us),
                        ("ttft", w.ttft_us, n.ttft_us),
                        ("throughput", w.tok_s_gpu, n.tok_s_gpu),
                        ("prefill", w.prefill_gpus, n.prefill_gpus),
                    ] {
                        let n = f64::from(n);
                        assert!(w.is_finite() && n.is_finite(), "{name}: {w} and {n}");
                        let error = (w - n).abs();
                        assert!(error <= LIKE * w.abs(), "{name} at {batch}: {n}, not {w}");
                    }
                }
            }
        }
    }
}

#[test]
fn the_card_stays_finite_at_batches_of_a_million() {
    let Some(mut card) = card() else { return };
    for mut space in spaces() {
        space.batches = vec![1.0, 1e3, 1e5, 1e6];
        for row in &mut space.narrow {
            // As if memory had no end.
            *row = Row { capacity: f32::INFINITY, ..*row };
        }
        let (here, there) = (cpu(&space), card.sweep(&space));
        assert_eq!(card.report().backend, "gpu", "{:?}", card.report().note);
        assert!(here.index.iter().any(|i| *i != u32::MAX));
        let mut most = 0.0;
        for (a, b) in here.score.iter().zip(&there.score) {
            assert!(a.is_finite() && b.is_finite(), "{a} and {b}");
            most = f32::max(most, *a);
        }
        let best = there.score.iter().copied().fold(0.0, f32::max);
        assert!((best - most).abs() <= LIKE as f32 * most, "{best} instead of {most}");
    }
}
