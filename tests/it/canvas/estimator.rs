//! The throughput tab: inputs change curves, what has no estimate says why, and nothing
//! waits for the thread that computes.

use super::demo::Demo;
use super::{look, panel};
use eframe::egui::accesskit::Toggled;
use eframe::egui::{Key, Vec2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use gigasite::catalog::{Catalog, Fact, Precision};
use gigasite::estimate::Choice;
use gigasite::gui::panels::estimator::{self, Answer, EstimatorState};
use gigasite::scene::chart::Per;
use std::sync::Arc;
use std::time::{Duration, Instant};

struct Window {
    demo: Demo,
    catalog: Arc<Catalog>,
    state: EstimatorState,
}

impl Window {
    fn answer(&self) -> &Answer {
        self.state.answer().expect("an answer")
    }

    /// Output tokens/s per GPU of a rack at a speed, from the answer itself.
    fn at(&self, rack: &str, speed: f64) -> f64 {
        let curve = self.answer().frontiers.iter().find(|f| f.group.machine.rack == rack);
        curve.expect("a curve").at(speed).expect("reaches the speed").tok_s_gpu
    }
}

/// The tab on a campus, with the first answer shown. The CPU computes, so that a test does
/// not depend on the machine's cards.
fn window(
    size: Vec2,
    dark: bool,
    change: impl FnOnce(&mut EstimatorState),
) -> Harness<'static, Window> {
    let demo = Demo::invented();
    let mut state = EstimatorState::default();
    state.controls.backend = Choice::Cpu;
    change(&mut state);
    let catalog = Arc::new(demo.catalog.clone());
    let mut harness = panel(Window { demo, catalog, state }, size, dark, |ui, w| {
        w.state.step(&w.demo.site, &w.catalog, &ui.ctx().clone());
        estimator::show(ui, &w.demo.context(), &mut w.state);
    });
    settle(&mut harness);
    harness
}

/// Frames until the answer to the last question is shown.
fn settle(harness: &mut Harness<'_, Window>) {
    let started = Instant::now();
    loop {
        harness.run_steps(2);
        if harness.state().state.is_settled() {
            break;
        }
        assert!(started.elapsed() < Duration::from_secs(60), "no answer");
        std::thread::sleep(Duration::from_millis(5));
    }
    harness.run_steps(3);
}

const FULL: Vec2 = vec2(1600.0, 842.0);

/// What is said in full by the element whose name has a part.
fn said(harness: &Harness<'_, Window>, part: &str) -> String {
    let node = harness.get_by_label_contains(part);
    let node = node.accesskit_node();
    node.label().or(node.value()).unwrap_or_default()
}

/// What the table says of a rack.
fn row(harness: &Harness<'_, Window>, rack: &str) -> String {
    said(harness, &format!("{rack}: tokens/s per"))
}

fn pick(harness: &mut Harness<'_, Window>, select: &str, option: &str) {
    harness.get_by_label_contains(&format!("{select}: ")).click();
    harness.run_steps(3);
    harness.get_by_label(option).click();
    settle(harness);
}

#[test]
fn another_model_and_longer_requests_move_the_curves() {
    let mut harness = window(FULL, true, |_| ());
    let before = row(&harness, "GB300 NVL72");
    assert_eq!(harness.state().answer().question.model, "deepseek-r1", "most is published of it");
    let short = harness.state().at("gb300-nvl72", 50.0);
    harness.get_by_label("Input length").click();
    harness.run_steps(2);
    harness.get_by_label("Input length").type_text("64k");
    harness.run_steps(2);
    harness.key_press(Key::Enter);
    settle(&mut harness);
    assert_eq!(harness.state().answer().question.workload.isl, 64_000.0);
    let long = harness.state().at("gb300-nvl72", 50.0);
    assert!(long < 0.6 * short, "{long} after {short}: eight times the input");
    assert_ne!(row(&harness, "GB300 NVL72"), before);
    pick(&mut harness, "Model", "gpt-oss-120b");
    assert_eq!(harness.state().answer().question.model, "gpt-oss-120b");
    assert!(harness.state().at("gb300-nvl72", 50.0) > 2.0 * long, "a twentieth of the weights");
    look(&mut harness, "estimator-other-model");
}

#[test]
fn keys_move_a_slider_and_the_new_answer_replaces_the_old_one() {
    let mut harness = window(FULL, true, |_| ());
    let before = harness.state().at("vr-nvl72", 100.0);
    harness.get_by_label("Output length slider").focus();
    harness.run_steps(2);
    for _ in 0..6 {
        harness.key_press(Key::ArrowRight);
        harness.run_steps(1);
        assert!(harness.state().state.answer().is_some(), "the old curve stays meanwhile");
    }
    settle(&mut harness);
    let osl = harness.state().answer().question.workload.osl;
    assert!(osl > 1024.0, "{osl}");
    assert_ne!(harness.state().at("vr-nvl72", 100.0), before);
}

#[test]
fn racks_and_models_without_an_estimate_say_why() {
    let mut harness = window(FULL, true, |_| ());
    harness.get_by_label("No estimate of GPT MoE 2T: no published dimensions");
    // Whether or not the site has it.
    let lpx = said(&harness, "No estimate of Groq 3 LPX");
    assert!(lpx.ends_with("is unknown"), "{lpx}");
    assert_eq!(harness.state().answer().frontiers.len(), 2, "racks of the site");
    harness.get_by_label("Racks: Catalogue").click();
    settle(&mut harness);
    assert_eq!(said(&harness, "No estimate of Groq 3 LPX"), lpx);
    assert!(harness.state().answer().frontiers.len() > 5);
    look(&mut harness, "estimator-all");
}

#[test]
fn a_rack_of_unknown_site_power_has_a_curve_per_gpu_alone() {
    let mut harness = window(FULL, true, |_| ());
    let window = harness.state_mut();
    let mut catalog = window.demo.catalog.clone();
    catalog.racks["vr-nvl72"].all_in_kw = Fact::default();
    window.catalog = Arc::new(catalog);
    settle(&mut harness);
    let why = said(&harness, "No estimate of Vera Rubin NVL72:");
    assert!(why.ends_with("site power is unknown: no figure per site MW"), "{why}");
    harness.get_by_label("Throughput: per GPU").click();
    settle(&mut harness);
    assert_eq!(harness.state().state.per, Per::Gpu);
    assert!(harness.query_by_label_contains("No estimate of Vera Rubin NVL72:").is_none());
    row(&harness, "Vera Rubin NVL72");
}

#[test]
fn a_curve_on_demo_values_says_so() {
    let mut harness = window(FULL, true, |s| s.controls.all_racks = true);
    assert!(harness.query_by_label_contains("demo values").is_none());
    let folder = crate::support::root().join("examples/lpx-demo");
    let files = gigasite::catalog::load_folder(&folder).expect("reads");
    let window = harness.state_mut();
    let demo = window.demo.catalog.clone().with_overlay(&files).expect("fits");
    window.catalog = Arc::new(demo.clone());
    window.demo.catalog = demo;
    harness.state_mut().state.controls.model = Some("deepseek-r1".into());
    settle(&mut harness);
    let row = said(&harness, "Vera Rubin NVL72 with Groq 3 LPX: tokens/s");
    let path = "stands on demo values: racks.vr-nvl72-lpx.caps.max-q.kw";
    assert!(row.contains(path) && row.contains("groq3-lpx.chip.scale_out_gbit_s"), "{row}");
    let told = said(&harness, "VR+LPX stands on demo values");
    assert!(told.contains("VR+LPX stands on demo values"), "{told}");
    look(&mut harness, "estimator-demo");
}

#[test]
fn a_chip_without_units_of_a_precision_says_what_computes_instead() {
    let mut harness = window(FULL, true, |s| s.controls.all_racks = true);
    assert!(harness.query_by_label_contains("no FP4 units").is_none(), "each chip its usual one");
    harness.get_by_label("Precision: FP4").click();
    settle(&mut harness);
    assert_eq!(harness.state().answer().question.precision, Some(Precision::Fp4));
    let note = said(&harness, "no FP4 units, computes in");
    assert!(note.contains("H100"), "{note}");
}

#[test]
fn a_request_longer_than_the_context_is_refused_with_a_way_on() {
    let mut harness = window(FULL, true, |s| s.controls.isl = 200_000.0);
    harness.get_by_label("DeepSeek-R1 takes at most 163,840 tokens, input and output");
    look(&mut harness, "estimator-refused");
    harness.get_by_label("Shorten the input to 162,816 tokens").click();
    settle(&mut harness);
    assert_eq!(harness.state().answer().question.workload.isl, 162_816.0);
    assert!(!harness.state().answer().frontiers.is_empty());
}

#[test]
fn a_click_on_a_row_keeps_its_curve_in_front() {
    let mut harness = window(FULL, true, |s| s.controls.all_racks = true);
    harness.get_by_label_contains("GB200 NVL72: tokens/s per").click();
    harness.run_steps(2);
    harness.hover_at(eframe::egui::pos2(5.0, 5.0));
    harness.run_steps(3);
    let node = harness.get_by_label_contains("GB200 NVL72: tokens/s per");
    assert_eq!(node.accesskit_node().toggled(), Some(Toggled::True));
    look(&mut harness, "estimator-pinned");
}

#[test]
fn the_requests_of_a_tier_fill_the_inputs() {
    let mut harness = window(FULL, true, |_| ());
    let tier = harness.state().demo.site.terms.tiers.iter().find(|t| t.isl_tokens.is_some());
    let tier = tier.expect("a tier with lengths").clone();
    pick(&mut harness, "Workload", &format!("as tier {}", tier.name));
    let question = &harness.state().answer().question;
    assert_eq!(Some(question.workload.isl), tier.isl_tokens);
    assert_eq!(Some(question.workload.osl), tier.osl_tokens);
    assert_eq!(question.workload.cached_frac, tier.cache_hit_frac.unwrap_or(0.0));
    harness.get_by_label(&format!("Workload: as tier {}", tier.name));
}

#[test]
fn a_rack_of_unknown_power_is_drawn_per_gpu_and_named_per_megawatt() {
    let show = |per: Per| {
        window(vec2(1600.0, 1400.0), true, move |state| {
            state.controls.all_racks = true;
            state.per = per;
        })
    };
    let harness = show(Per::ItMw);
    let why = said(&harness, "No estimate of Instinct MI300X");
    assert!(why.ends_with("power under the first cap is unknown: no figure per IT MW"), "{why}");
    assert!(harness.state().at("mi300x", 20.0) > 0.0);
    let harness = show(Per::Gpu);
    row(&harness, "Instinct MI300X, 4 systems");
    look(&mut { harness }, "estimator-per-gpu");
}

#[test]
fn older_software_is_a_key_away_and_its_curves_say_so() {
    let mut harness = window(FULL, true, |_| ());
    let before = harness.state().at("vr-nvl72", 100.0);
    harness.get_by_label("Software date slider").focus();
    harness.run_steps(2);
    for _ in 0..6 {
        harness.key_press(Key::ArrowLeft);
        harness.run_steps(1);
    }
    settle(&mut harness);
    let asked = harness.state().answer().question.software.map(|m| m.to_string());
    assert_eq!(asked.as_deref(), Some("2026-01"), "a key is a month");
    assert!(harness.state().at("vr-nvl72", 100.0) < before);
    harness.get_by_label_contains(", January 2026");
    look(&mut harness, "estimator-software");
    // All the way back is the estimate as it was.
    for _ in 0..8 {
        harness.key_press(Key::ArrowRight);
        harness.run_steps(1);
    }
    settle(&mut harness);
    assert_eq!(harness.state().answer().question.software, None);
    assert_eq!(harness.state().at("vr-nvl72", 100.0), before);
}

#[test]
fn every_input_has_a_name_and_every_claim_its_error() {
    let harness = window(FULL, true, |_| ());
    for name in ["Input length", "Output length", "Prefix cache", "First token"] {
        harness.get_by_label(name);
        harness.get_by_label(&format!("{name} slider"));
    }
    for name in ["Precision: By chip", "Drafts: On", "Racks: Site", "Runs on: CPU"] {
        harness.get_by_label(name);
    }
    harness.get_by_label("Software date");
    harness.get_by_label("Software date slider");
    harness.get_by_label_contains("Framework: ");
    harness.get_by_label_contains(" points in ");
    harness.get_by_label_contains("Error outside the fit:");
    harness.get_by_label_contains(
        "Output tokens/s per site MW against tokens/s per user, 2 estimated",
    );
    harness.get_by_label_contains("InferenceX July 2026: DeepSeek-R1 on GB300 NVL72, measured");
}

#[test]
fn the_throughput_tab_paints() {
    for (size, dark, name) in [
        (FULL, true, "estimator-dark"),
        (FULL, false, "estimator-light"),
        (vec2(1000.0, 640.0), true, "estimator-small"),
        (vec2(760.0, 640.0), true, "estimator-narrow"),
        (vec2(2560.0, 1300.0), true, "estimator-large"),
    ] {
        let mut harness = window(size, dark, |_| ());
        look(&mut harness, name);
    }
    let mut harness = window(FULL, true, |_| ());
    // On the curve of Rubin.
    harness.hover_at(eframe::egui::pos2(990.0, 420.0));
    harness.run_steps(3);
    look(&mut harness, "estimator-hover");
    harness.hover_at(eframe::egui::pos2(761.0, 309.0));
    harness.run_steps(3);
    look(&mut harness, "estimator-hover-published");
}
