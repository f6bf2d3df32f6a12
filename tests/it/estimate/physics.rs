//! What physics demands of every curve: more machine never earns less, more context never
//! earns more, and the identities between speed, users, throughput and concurrency hold.

use super::agreement::cpu;
use super::world::{IDS, RACKS, catalog, constants, wish};
use gigasite::catalog::{Catalog, Fact, Precision, Rack};
use gigasite::estimate::points::{Deployment, Point};
use gigasite::estimate::{Constants, Frontier, Space, Wish, Workload, frontiers};
use proptest::prelude::*;
use std::sync::LazyLock;

struct World {
    catalog: Catalog,
    constants: Constants,
}

static WORLD: LazyLock<World> = LazyLock::new(|| {
    let catalog = catalog();
    let constants = constants(&catalog);
    World { catalog, constants }
});

/// Speeds are told apart to the width of a bin: 12 octaves in 1,024 bins.
const BIN: f64 = 1.0 - 0.0083;
/// Rounding of the search in single precision, which breaks ties.
const ROUNDING: f64 = 1.0 - 1e-5;

/// A wish for one rack; nothing if the model does not fit.
fn curve(wish: &Wish, rack: &Rack) -> Option<Frontier> {
    let wish = Wish { racks: vec![(rack, None)], ..wish.clone() };
    let space = Space::new(&wish, &WORLD.constants).ok()?;
    frontiers(&space, &cpu(&space), &WORLD.constants).pop()
}

/// Wherever `low` serves somebody, `high` serves as many at that speed.
fn never_lower(high: Option<&Frontier>, low: Option<&Frontier>) -> Result<(), TestCaseError> {
    let Some(low) = low else { return Ok(()) };
    prop_assert!(high.is_some(), "no curve at all");
    // Slower than one token a second all speeds share the first bin.
    for point in low.points.iter().filter(|p| p.tok_s_user >= 1.0) {
        let there = high.and_then(|h| h.at(point.tok_s_user * BIN)).map_or(0.0, |p| p.tok_s_gpu);
        let enough = point.tok_s_gpu * ROUNDING;
        prop_assert!(there >= enough, "{there} at the speed of {point:?}");
    }
    Ok(())
}

/// A part of a rack that may be better.
#[derive(Clone, Copy, Debug)]
enum Part {
    Bandwidth,
    Arithmetic,
    ScaleUp,
    Memory,
}

fn better(rack: &Rack, part: Part, times: f64) -> Rack {
    let mut rack = rack.clone();
    let chip = &mut rack.chip;
    let facts: Vec<&mut Fact> = match part {
        Part::Bandwidth => vec![&mut chip.hbm_tb_s],
        Part::Arithmetic => {
            vec![&mut chip.fp4_tflops, &mut chip.fp8_tflops, &mut chip.bf16_tflops]
        }
        Part::ScaleUp => vec![&mut chip.scale_up_tb_s],
        Part::Memory => vec![&mut chip.hbm_gb, &mut chip.hbm_usable_gb],
    };
    for fact in facts {
        if let Some(value) = fact.get() {
            *fact = fact.overridden(value * times);
        }
    }
    rack
}

fn workloads() -> impl Strategy<Value = Workload> {
    let lengths = (64.0..60_000.0f64, 16.0..8_000.0f64, 0.0..0.95f64);
    lengths.prop_map(|(isl, osl, cached_frac)| Workload {
        isl: isl.round(),
        osl: osl.round(),
        cached_frac,
    })
}

fn wishes() -> impl Strategy<Value = (Wish<'static>, &'static Rack)> {
    let precisions = prop::sample::select(vec![Precision::Bf16, Precision::Fp8, Precision::Fp4]);
    let names = (prop::sample::select(&IDS[..]), prop::sample::select(&RACKS[..]));
    (names, precisions, workloads(), any::<bool>()).prop_map(
        |((model, rack), precision, workload, speculative)| {
            let wish = wish(&WORLD.catalog, model);
            let precisions = vec![precision];
            (Wish { precisions, workload, speculative, ..wish }, &WORLD.catalog.racks[rack])
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..Default::default() })]

    #[test]
    fn a_better_machine_never_lowers_the_curve(
        (wish, rack) in wishes(),
        part in prop::sample::select(vec![
            Part::Bandwidth, Part::Arithmetic, Part::ScaleUp, Part::Memory,
        ]),
        times in 1.0..4.0f64,
    ) {
        let usual = curve(&wish, rack);
        let more = curve(&wish, &better(rack, part, times));
        never_lower(more.as_ref(), usual.as_ref())?;
    }

    #[test]
    fn a_longer_context_never_raises_the_curve((wish, rack) in wishes(), times in 1.0..8.0f64) {
        let workload = Workload { isl: (wish.workload.isl * times).round(), ..wish.workload };
        let longer = curve(&Wish { workload, ..wish.clone() }, rack);
        never_lower(curve(&wish, rack).as_ref(), longer.as_ref())?;
    }

    #[test]
    fn a_limit_on_the_first_token_never_raises_the_curve(
        (wish, rack) in wishes(),
        limit_ms in 50.0..20_000.0f64,
    ) {
        let limited = curve(&Wish { ttft_limit_ms: Some(limit_ms), ..wish.clone() }, rack);
        for point in limited.iter().flat_map(|c| &c.points) {
            prop_assert!(point.ttft_ms <= limit_ms * 1.0001, "{point:?}");
        }
        never_lower(curve(&wish, rack).as_ref(), limited.as_ref())?;
    }

    #[test]
    fn speed_times_users_is_throughput((wish, rack) in wishes()) {
        for point in curve(&wish, rack).iter().flat_map(|c| &c.points) {
            let gpus = point.mapping.gpus * point.mapping.stages + point.prefill_gpus;
            let users = point.tok_s_gpu * gpus / point.tok_s_user;
            prop_assert!((users / point.batch - 1.0).abs() < 1e-9, "{users} users in {point:?}");
            prop_assert!((point.tok_s_user * point.tpot_ms / 1e3 - 1.0).abs() < 1e-9);
            prop_assert!(point.drawn_frac > 0.0 && point.drawn_frac <= 1.0, "{point:?}");
        }
    }

    #[test]
    fn a_curve_falls((wish, rack) in wishes()) {
        let Some(curve) = curve(&wish, rack) else { return Ok(()) };
        prop_assert!(!curve.points.is_empty());
        for pair in curve.points.windows(2) {
            prop_assert!(pair[0].tok_s_user < pair[1].tok_s_user, "{pair:?}");
            prop_assert!(pair[0].tok_s_gpu > pair[1].tok_s_gpu, "{pair:?}");
        }
    }

    #[test]
    fn concurrency_is_rate_times_time_in_the_machine(
        model in prop::sample::select(&IDS[..]),
        hardware in prop::sample::select(&RACKS[..]),
        shape in prop::sample::select(vec![
            ("agg", "TP8EP1", 8.0, None), ("agg", "TP4DP4mTP1EP4", 4.0, None),
            ("disagg", "P1xTP4EP4_D3xTP8EP8", 28.0, Some(4.0)),
        ]),
        (isl, osl) in (32.0..40_000.0f64, 2.0..4_000.0f64),
        concurrency in 1.0..4096.0f64,
        drafts in any::<bool>(),
    ) {
        let (mode, parallel, gpus, prefill_gpus) = shape;
        let (isl, osl, concurrency) = (isl.round(), osl.round(), concurrency.round());
        let point = Point {
            hardware: hardware.into(),
            model: model.into(),
            precision: "fp8".into(),
            spec_decode: if drafts { "mtp".into() } else { "none".into() },
            framework: "sglang".into(),
            mode: mode.into(),
            parallel: parallel.into(),
            gpus: Some(gpus),
            prefill_gpus,
            isl: Some(isl),
            osl: Some(osl),
            concurrency: Some(concurrency),
            stat: String::new(),
        };
        let deployment = Deployment::resolve(&WORLD.catalog, &point)
            .map_err(|e| TestCaseError::fail(e.to_string()))?;
        let found = deployment.predict(&WORLD.constants)
            .map_err(|e| TestCaseError::fail(e.to_string()))?;
        let rate = found.out_tok_s_gpu * gpus / osl;
        let inside = rate * (found.ttft_ms + (osl - 1.0) * found.tpot_ms) / 1e3;
        prop_assert!((inside / concurrency - 1.0).abs() < 1e-6, "{inside} of {concurrency}: {found:?}");
    }
}
