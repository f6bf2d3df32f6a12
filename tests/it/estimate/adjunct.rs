//! Decode beside an adjunct: blank figures stop the pair by name, and with values for a
//! demonstration it does what the equation says and tells what it stands on.

use super::agreement::cpu;
use super::world::constants;
use crate::support::{embedded, root};
use gigasite::catalog::{Catalog, Precision, load_folder};
use gigasite::estimate::{
    Effort, Frontier, MODES, Machine, Refusal, Space, Wish, Workload, evaluate, frontiers,
};

const PAIR: &str = "vr-nvl72-lpx";
const ALONE: &str = "vr-nvl72";
/// What nobody publishes and the demonstration invents, in the order of reading.
const BLANK: [(&str, &str); 4] = [
    ("racks.vr-nvl72-lpx.caps.max-q.kw", "1000"),
    ("racks.vr-nvl72-lpx.decoder.racks", "8"),
    ("racks.vr-nvl72-lpx.decoder.message_us", "5"),
    ("racks.groq3-lpx.chip.scale_out_gbit_s", "50"),
];

fn demo() -> Catalog {
    let files = load_folder(&root().join("examples/lpx-demo")).unwrap();
    embedded().with_overlay(&files).unwrap_or_else(|r| panic!("{r:?}"))
}

fn space(
    catalog: &Catalog,
    rack: &str,
    model: &str,
    precision: Precision,
) -> Result<Space, Refusal> {
    let wish = Wish {
        catalog,
        model: &catalog.models[model],
        racks: vec![(&catalog.racks[rack], None)],
        precisions: vec![precision],
        workload: Workload { isl: 8192.0, osl: 1024.0, cached_frac: 0.0 },
        framework: "trtllm".into(),
        ttft_limit_ms: None,
        speculative: true,
        effort: Effort::Interactive,
    };
    Space::new(&wish, &constants(catalog))
}

fn curve(catalog: &Catalog, rack: &str) -> Frontier {
    let space = space(catalog, rack, "deepseek-r1", Precision::Fp4).unwrap();
    frontiers(&space, &cpu(&space), &constants(catalog)).remove(0)
}

fn most(curve: &Frontier, speed: f64) -> f64 {
    curve.at(speed).map_or(0.0, |p| p.tok_s_gpu)
}

#[test]
fn blank_figures_stop_the_pair_alone_and_are_named_one_by_one() {
    let mut catalog = embedded();
    for (path, value) in BLANK {
        // Tokens need no power.
        if !path.ends_with(".kw") {
            let refused = space(&catalog, PAIR, "deepseek-r1", Precision::Fp4).unwrap_err();
            assert_eq!(refused, Refusal::Unknown(path.to_owned()));
        }
        catalog.set(path, value).unwrap();
    }
    let pair = curve(&catalog, PAIR);
    assert!(pair.points.len() > 10);
    // The user's own values are no demonstration, and equal ones give the same curve.
    assert!(pair.group.machine.demo.is_empty(), "{:?}", pair.group.machine.demo);
    let shown = curve(&demo(), PAIR);
    let speeds = |c: &Frontier| c.points.iter().map(|p| p.tok_s_user).collect::<Vec<_>>();
    assert_eq!(speeds(&pair), speeds(&shown));
    assert_eq!(curve(&embedded(), ALONE), curve(&demo(), ALONE));
}

#[test]
fn the_demonstration_fills_the_blanks_and_is_a_sound_catalogue() {
    let catalog = demo();
    let report = gigasite::catalog::check(&catalog);
    assert!(report.items.is_empty(), "{report:?}");
    let machine = Machine::from_rack(&catalog, &catalog.racks[PAIR], None).unwrap();
    for (path, _) in BLANK {
        assert!(machine.demo.iter().any(|p| p == path), "{path} in {:?}", machine.demo);
    }
    assert_eq!(machine.demo.len(), BLANK.len() + 1, "and the all-in power");
    // But for what it fills, it repeats the records that ship.
    let mut filled = embedded();
    filled.racks[PAIR].all_in_kw = catalog.racks[PAIR].all_in_kw.clone();
    filled.racks[PAIR].caps[0].kw = catalog.racks[PAIR].caps[0].kw.clone();
    filled.racks[PAIR].decoder = catalog.racks[PAIR].decoder.clone();
    let rate = catalog.racks["groq3-lpx"].chip.scale_out_gbit_s.clone();
    filled.racks["groq3-lpx"].chip.scale_out_gbit_s = rate;
    assert_eq!(filled.racks, catalog.racks);
}

#[test]
fn the_pair_is_faster_for_one_user_and_ahead_at_high_speed() {
    let catalog = demo();
    let (pair, alone) = (curve(&catalog, PAIR), curve(&catalog, ALONE));
    let fastest = |c: &Frontier| c.points.last().unwrap().tok_s_user;
    assert!(fastest(&pair) > fastest(&alone), "{} and {}", fastest(&pair), fastest(&alone));
    assert!(most(&pair, 400.0) > most(&alone, 400.0));
    // Prefill never shares GPUs that lack the networks.
    assert!(pair.points.iter().all(|p| p.mode.split && p.prefill_gpus > 0.0));
    assert!(pair.points.iter().all(|p| p.mapping.worker_gpus() == 72.0));
    let slowest = pair.points.first().unwrap().tok_s_user;
    assert!(slowest > 1.0, "{slowest}");
}

#[test]
fn a_step_is_that_of_the_equation() {
    let catalog = demo();
    let space = space(&catalog, PAIR, "deepseek-r1", Precision::Fp4).unwrap();
    let c = constants(&catalog);
    // Attention on each GPU, one sequence on each, no drafts: by hand.
    let at = space.tags.iter().position(|t| t.mapping.groups == 72.0).unwrap();
    let found = evaluate(&space.rows[at], 72.0, MODES[2]).tpot_us;
    let layer =
        0.7902 * (61.0 * c.framework("trtllm").unwrap().layer_us + 61.0 * c.latent_layer_us);
    let fixed = c.step_us + layer + 2.0 * 61.0 * 5.0;
    let mixers = 61.0 * 187_105_280.0 * 2.0 / 1e6;
    let head = 129_280.0 * 7168.0 * 2.0 / 1e6 / 72.0;
    let expert = 3.0 * 7168.0 * 2048.0 / 1e6;
    let dense = 3.0 * 3.0 * 7168.0 * 18_432.0 / 1e6 + 58.0 * (expert + 7168.0 * 256.0 / 1e6);
    let sram = 2048.0 * 150.0;
    let a = c.popularity_shape_ratio;
    let hit = 1.0 - (1.0 + 72.0 * 8.0 / (256.0 * a)).powf(-a);
    let read = (mixers + head) / (22.0 * c.weights_frac)
        + dense / (sram * c.weights_frac)
        + hit * 58.0 * 256.0 * expert / (sram * c.experts_frac);
    let entry = 61.0 * 576.0 / 1e6;
    let cache = (8192.0 + 512.0) * entry / (22.0 * c.cache_frac);
    let hidden = 7168.0 * 2.0 / 1e6;
    let there = f64::min(72.0 * 1600.0, 2048.0 * 50.0) / 8e3;
    let among = 2048.0 * 1.25;
    let messages = 1.5 * hidden / c.dispatch_frac * (61.0 / there + 58.0 * 8.0 / among);
    let work = 2.0 * (dense + 58.0 * 8.0 * expert) / (2048.0 * 1200.0 * c.gemm_frac);
    let expected = fixed + 72.0 * (messages + work) + c.imbalance_ratio * (read + cache);
    let ratio = found / expected;
    assert!((ratio - 1.0).abs() < 1e-3, "{found} instead of {expected}");
}

#[test]
fn more_of_the_adjunct_never_lowers_the_curve() {
    let usual = curve(&demo(), PAIR);
    for (path, value) in [
        ("racks.groq3-lpx.chip.hbm_tb_s", "600"),
        ("racks.groq3-lpx.chip.scale_out_gbit_s", "400"),
        ("racks.groq3-lpx.chip.fp8_tflops", "2400"),
        ("racks.groq3-lpx.chip.scale_up_tb_s", "10"),
        ("racks.vr-nvl72-lpx.decoder.racks", "16"),
        ("racks.vr-nvl72-lpx.decoder.message_us", "2"),
    ] {
        let mut catalog = demo();
        catalog.set(path, value).unwrap();
        let more = curve(&catalog, PAIR);
        let mut gained = false;
        for point in &usual.points {
            // Speeds are told apart to the width of a bin.
            let (there, here) = (most(&more, point.tok_s_user * 0.9917), point.tok_s_gpu);
            assert!(there >= here * (1.0 - 1e-5), "{path}: {there} below {here}");
            gained |= most(&more, point.tok_s_user) > here * (1.0 + 1e-6);
        }
        assert!(gained, "{path} does nothing");
    }
}

#[test]
fn networks_that_do_not_fit_or_cannot_be_computed_are_refused() {
    let mut catalog = demo();
    // 671 billion weights, in FP8 though the GPUs hold them in FP4: 5 racks are too few.
    catalog.set("racks.vr-nvl72-lpx.decoder.racks", "5").unwrap();
    let refused = space(&catalog, PAIR, "deepseek-r1", Precision::Fp4).unwrap_err();
    let few = Refusal::NetworksDoNotFit("deepseek-r1".into(), 1280.0, "groq3-lpx".into());
    assert_eq!(refused, few);
    catalog.set("racks.vr-nvl72-lpx.decoder.racks", "6").unwrap();
    assert!(space(&catalog, PAIR, "deepseek-r1", Precision::Fp4).is_ok());
    let refused = space(&catalog, PAIR, "deepseek-r1", Precision::Bf16).unwrap_err();
    assert_eq!(refused, Refusal::Unknown("racks.groq3-lpx.chip.bf16_tflops".into()));
}

#[test]
fn the_adjunct_of_a_rack_must_be_one() {
    let mut catalog = embedded();
    let path = "racks.vr-nvl72-lpx.decoder.rack";
    assert!(catalog.set(path, "\"vr-nvl72\"").is_err(), "no adjunct");
    assert!(catalog.set(path, "\"nowhere\"").is_err());
    assert_eq!(catalog.racks[PAIR].decoder.as_ref().unwrap().rack, "groq3-lpx");
}
