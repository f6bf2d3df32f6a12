//! The application around the panels: session, files, prompts.

pub use super::window::settle;
use super::{enter, look, window};
use crate::canvas::demo::Demo;
use eframe::egui::accesskit::Role;
use eframe::egui::{Key, Modifiers, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use gigasite::catalog::Precision;
use gigasite::editor::session::Engine;
use gigasite::gui::action::{Action, File, Tab, View};
use gigasite::gui::app::App;
use gigasite::gui::context::{Element, Kind};
use gigasite::gui::dialogs::FakeDialogs;
use gigasite::gui::prompts::Prompt;
use gigasite::site::{EstimateWhen, Estimates, Site};
use gigasite::study::Outcome;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

/// Answers with a made-up outcome whose grid power is the contract.
pub struct Made;

impl Engine for Made {
    fn solve(&mut self, site: &Site) -> Outcome {
        static ANSWER: LazyLock<Outcome> = LazyLock::new(|| Demo::campus().outcome);
        let mut outcome = ANSWER.clone();
        outcome.plan.grid_mw = site.terms.site.grid_contract_mw.unwrap_or_default();
        outcome
    }

    fn refine(&mut self, _outcome: &mut Outcome) {}
}

pub fn layout(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("layouts").join(name)
}

pub fn app(path: &Path, dialogs: FakeDialogs) -> Harness<'static, App> {
    let mut harness = window::window(path, (window::SIZE, dialogs), || Made, |_, _| ());
    settle(&mut harness);
    harness
}

/// Opens a file as the menu would.
pub fn open(harness: &mut Harness<'_, App>, path: &Path) {
    harness.state_mut().push(Action::File(File::OpenPath(path.to_owned())));
    settle(harness);
}

fn grid_tile(harness: &Harness<'_, App>) -> String {
    let node = harness.get_by_label_contains("Grid power, worst hour,");
    node.accesskit_node().label().unwrap_or_default()
}

/// Rows of the tree of the site that show.
fn tree_rows(harness: &Harness<'_, App>) -> usize {
    let is_row = |label: String| {
        let heads = ["Feed ", "T-A", "T-B", "Hall ", "Cedar Ridge"];
        heads.iter().any(|head| label.starts_with(head))
    };
    let rows = harness.query_all_by_role(Role::TreeItem);
    rows.filter(|row| row.accesskit_node().label().is_some_and(is_row)).count()
}

#[test]
fn a_low_window_still_shows_ten_rows_of_the_tree() {
    let mut harness = app(&layout("campus-1gw.ron"), FakeDialogs::default());
    assert!(tree_rows(&harness) >= 12, "{}", tree_rows(&harness));
    // As the program opens: what a panel was given in a taller window it may keep.
    let mut low = window::window(
        &layout("campus-1gw.ron"),
        (vec2(1280.0, 800.0), FakeDialogs::default()),
        || Made,
        |_, _| (),
    );
    settle(&mut low);
    assert!(tree_rows(&low) >= 10, "{}", tree_rows(&low));
    harness.set_size(vec2(1280.0, 800.0));
    harness.run_steps(4);
    assert!(tree_rows(&harness) >= 6, "{}", tree_rows(&harness));
}

#[test]
fn an_edit_changes_the_headline_and_undo_brings_it_back() {
    let mut harness = app(&layout("campus-1gw.ron"), FakeDialogs::default());
    let before = grid_tile(&harness);
    enter(&mut harness, "Grid contract", "1020");
    settle(&mut harness);
    assert!(grid_tile(&harness).contains("1,020"), "{}", grid_tile(&harness));
    assert!(harness.state().session().editor().document().is_dirty());
    look(&mut harness, "app-edited");
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    settle(&mut harness);
    assert_eq!(grid_tile(&harness), before);
    assert!(!harness.state().session().editor().document().is_dirty());
    harness.key_press_modifiers(Modifiers::COMMAND | Modifiers::SHIFT, Key::Z);
    settle(&mut harness);
    assert!(grid_tile(&harness).contains("1,020"));
}

#[test]
fn opening_over_unsaved_changes_asks_first_and_saving_goes_on() {
    let dir = tempfile::tempdir().expect("a folder");
    let own = dir.path().join("own.ron");
    std::fs::copy(layout("pilot-20mw.ron"), &own).expect("copies");
    let mut harness = app(&own, FakeDialogs::default());
    enter(&mut harness, "Grid contract", "21");
    settle(&mut harness);
    harness.state_mut().push(Action::File(File::OpenPath(layout("campus-1gw.ron"))));
    harness.run_steps(3);
    assert!(matches!(harness.state().prompt(), Some(Prompt::Unsaved { .. })));
    look(&mut harness, "prompt-unsaved");
    harness.get_by_label("Save").click();
    settle(&mut harness);
    let editor = harness.state().session().editor();
    assert_eq!(editor.document().path(), Some(layout("campus-1gw.ron").as_path()));
    let saved = std::fs::read_to_string(&own).expect("reads");
    assert!(saved.contains("grid_contract_mw: 21"), "the change is in the file");
}

#[test]
fn save_as_asks_for_a_file_and_writes_it() {
    let dir = tempfile::tempdir().expect("a folder");
    let target = dir.path().join("copy");
    let dialogs = FakeDialogs { answer: Some(target.clone()), ..FakeDialogs::default() };
    let mut harness = app(&layout("pilot-20mw.ron"), dialogs);
    harness.key_press_modifiers(Modifiers::COMMAND | Modifiers::SHIFT, Key::S);
    settle(&mut harness);
    assert!(dir.path().join("copy.ron").exists(), "with the ending of layouts");
}

#[test]
fn without_a_system_dialog_the_window_asks_for_a_path_itself() {
    let dialogs = FakeDialogs { unavailable: true, ..FakeDialogs::default() };
    let mut harness = app(&layout("pilot-20mw.ron"), dialogs);
    harness.key_press_modifiers(Modifiers::COMMAND, Key::O);
    harness.run_steps(3);
    let path = layout("campus-1gw.ron").display().to_string();
    harness.get_by_label("Path of the file").click();
    harness.run_steps(2);
    harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
    harness.get_by_label("Path of the file").type_text(&path);
    harness.run_steps(2);
    look(&mut harness, "prompt-path");
    harness.get_by_label("Open").click();
    settle(&mut harness);
    let editor = harness.state().session().editor();
    assert_eq!(editor.document().path(), Some(Path::new(&path)));
}

#[test]
fn a_file_that_is_no_layout_is_refused_with_its_place() {
    let dir = tempfile::tempdir().expect("a folder");
    let bad = dir.path().join("bad.ron");
    std::fs::write(&bad, "(version: 1, site: 7)").expect("writes");
    let mut harness = app(&layout("pilot-20mw.ron"), FakeDialogs::default());
    harness.state_mut().push(Action::File(File::OpenPath(bad)));
    settle(&mut harness);
    let Some(Prompt::Failed { lines, .. }) = harness.state().prompt() else { panic!("no message") };
    assert!(lines.iter().any(|l| l.contains(":1:")), "{lines:?}");
    look(&mut harness, "prompt-failed");
}

#[test]
fn keys_reach_their_commands() {
    let mut harness = app(&layout("pilot-20mw.ron"), FakeDialogs::default());
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Num3);
    harness.run_steps(3);
    assert_eq!(harness.state().view().prefs.tab, Tab::Economics);
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Num2);
    harness.run_steps(3);
    assert_eq!(harness.state().view().prefs.tab, Tab::OneLine);
    harness.get_by_label_contains("One-line diagram of Pilot 20 MW, 11 elements in ");
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Num1);
    harness.run_steps(3);
    assert_eq!(harness.state().view().prefs.tab, Tab::SitePlan);
    harness.key_press(Key::F1);
    harness.run_steps(3);
    look(&mut harness, "shortcuts");
    harness.get_by_label("Keyboard shortcuts");
}

#[test]
fn a_refused_edit_leaves_the_site_and_says_why() {
    let mut harness = app(&layout("pilot-20mw.ron"), FakeDialogs::default());
    let action = gigasite::gui::action::Edit::set("site.grid_contact_mw", "5", "x");
    harness.state_mut().push(action);
    harness.run_steps(4);
    assert!(!harness.state().session().editor().document().is_dirty());
    look(&mut harness, "refusal");
    harness.get_by_label("Dismiss").click();
    harness.run_steps(3);
    assert!(harness.query_by_label("Dismiss").is_none());
}

/// Opens the list of a row of choices and takes one.
fn choose(harness: &mut Harness<'_, App>, row: &str, option: &str) {
    harness.get_by_label_contains(row).click();
    harness.run_steps(3);
    harness.get_by_label(option).click();
    settle(harness);
}

#[test]
fn estimates_are_a_matter_of_policy_and_every_row_of_it_can_be_undone() {
    let mut harness = app(&layout("estimated-100mw.ron"), FakeDialogs::default());
    harness.state_mut().push(Action::View(View::Select(vec![Element::new(Kind::Policy, "")])));
    harness.run_steps(4);
    let own = |harness: &Harness<'_, App>| {
        harness.state().session().editor().site().terms.policy.estimates.clone()
    };
    let undo = |harness: &mut Harness<'_, App>| {
        harness.key_press_modifiers(Modifiers::COMMAND, Key::Z);
        settle(harness);
    };
    let before = own(&harness);
    let changed = |change: fn(&mut Estimates)| {
        let mut all = before.clone();
        change(&mut all);
        all
    };
    let rows = [
        ("Estimated points:", "Never", changed(|e| e.when = Some(EstimateWhen::Never))),
        ("Weights in:", "INT4", changed(|e| e.precision = Some(Precision::Int4))),
        ("Framework:", "SGLang", changed(|e| e.framework = Some("sglang".into()))),
        ("Draft tokens:", "Off", changed(|e| e.drafts = Some(false))),
    ];
    for (row, option, expected) in rows {
        choose(&mut harness, row, option);
        assert_ne!(expected, before, "{row} changes nothing");
        assert_eq!(own(&harness), expected, "{row}");
        undo(&mut harness);
        assert_eq!(own(&harness), before, "{row} taken back");
    }
    enter(&mut harness, "Latest first token", "2000");
    enter(&mut harness, "Input over output", "6");
    settle(&mut harness);
    let changed = own(&harness);
    assert_eq!((changed.ttft_limit_ms, changed.input_ratio), (Some(2000.0), Some(6.0)));
    look(&mut harness, "policy-estimates");
    choose(&mut harness, "Estimated points:", "Never");
    choose(&mut harness, "Estimated points:", "Default: where no curve tells");
    assert_eq!(own(&harness).when, None, "back to what the curves say");
}

#[test]
fn the_throughput_page_computes_on_its_own_thread_and_is_left_out_of_the_document() {
    let mut harness = app(&layout("keynote-mixed-1gw.ron"), FakeDialogs::default());
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Num4);
    settle(&mut harness);
    harness.get_by_label_contains("Vera Rubin NVL72: tokens/s per site MW");
    harness.get_by_label_contains("GB200 NVL72: tokens/s per site MW");
    enter(&mut harness, "Output length", "2k");
    settle(&mut harness);
    let answer = harness.state().view().estimator.answer().expect("an answer");
    assert_eq!(answer.question.workload.osl, 2000.0);
    assert_eq!(answer.question.racks, ["gb200-nvl72", "vr-nvl72"], "those of the site");
    assert!(!harness.state().session().editor().document().is_dirty(), "a view, no edit");
    harness.state_mut().push(Action::File(File::OpenPath(layout("keynote-hopper-1gw.ron"))));
    settle(&mut harness);
    harness.get_by_label_contains("HGX H100, 4 systems: tokens/s per site MW");
}
