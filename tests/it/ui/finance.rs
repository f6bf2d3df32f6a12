//! The finance page by label: the engine's figures, edits of what they stand on, and what a
//! missing number does.

use super::app::{layout, settle};
use super::{enter, look};
use eframe::egui::{self, Key, Modifiers, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use gigasite::catalog::Catalog;
use gigasite::editor::{Session, StudyEngine};
use gigasite::finance::project::Statements;
use gigasite::gui::action::{Action, Edit, Run, Tab, View};
use gigasite::gui::app::App;
use gigasite::gui::dialogs::FakeDialogs;
use gigasite::gui::theme;
use gigasite::gui::view::Prefs;
use gigasite::study::finance::{SiteFinance, keys, value};
use gigasite::study::{self, SolveOptions};
use gigasite::units::{Money, format};
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

/// The finance page of a layout with the real engine, valued.
fn page(path: &Path) -> Harness<'static, App> {
    let document = Session::read(path).expect("the layout reads");
    let catalog = Catalog::embedded_arc().expect("the catalogue reads");
    let started = Instant::now();
    let data = Arc::clone(&catalog);
    let engine = move || StudyEngine::new(Arc::clone(&data), SolveOptions::default());
    let session = Session::new(document, catalog, engine, move || started.elapsed(), || {})
        .expect("a session");
    let ctx = egui::Context::default();
    let mut app = App::new(&ctx, session, Box::new(FakeDialogs::default()), Prefs::default());
    app.watch_finance(&ctx);
    app.push(Action::View(View::Tab(Tab::Finance)));
    let mut harness = Harness::builder()
        .with_size(vec2(1616.0, 1516.0))
        .with_theme(egui::Theme::Dark)
        .with_context_setup(theme::install)
        .wgpu()
        .build_ui_state(
            |ui, app: &mut App| {
                app.step(&ui.ctx().clone());
                app.paint(ui);
            },
            app,
        );
    settle(&mut harness);
    harness
}

/// The value of the window's site by the engine alone.
fn engine(harness: &Harness<'_, App>) -> SiteFinance {
    let editor = harness.state().session().editor();
    let outcome = study::run(editor.site(), editor.catalog(), &SolveOptions::default());
    value(editor.site(), &outcome, editor.catalog_in_force()).expect("valued")
}

fn npv_tile(harness: &Harness<'_, App>) -> String {
    let node = harness.get_by_label_contains("NPV at ");
    node.accesskit_node().label().unwrap_or_default()
}

fn npv(finance: &SiteFinance) -> String {
    format::money(Money::usd(finance.evaluation.results.unlevered.npv_usd))
}

#[test]
fn the_table_shows_the_engines_cash_flow_and_its_sums_the_engines_value() {
    let harness = &mut page(&layout("pilot-20mw.ron"));
    look(harness, "finance");
    let finance = engine(harness);
    assert!(npv_tile(harness).contains(&npv(&finance)), "{}", npv_tile(harness));
    let results = &finance.evaluation.results;
    let millions = |usd: f64| format::table_cell(usd / 1e6, 1);
    let present = harness.get_by_label_contains("Present value at ");
    let present = present.accesskit_node().label().unwrap_or_default();
    let total = format!("total {}", millions(results.unlevered.npv_usd));
    assert!(present.ends_with(&total), "{present}: {total}");
    // By fiscal year, from the monthly statements.
    let s = &finance.evaluation.statements;
    let revenue = Statements::row(&s.income, "revenue").expect("a row");
    let row = harness.get_by_label_contains("Revenue, $M: ");
    let row = row.accesskit_node().label().unwrap_or_default();
    let years = s.periods.last().map_or(0, |p| p.year + 1);
    for year in 0..years {
        let of = s.periods.iter().zip(revenue).filter(|(p, _)| p.year == year);
        let cell = millions(of.map(|(_, v)| v).sum());
        assert!(row.contains(&format!(" {cell},")), "{row}: {cell}");
    }
    let capital = harness.get_by_label_contains("Capital, $M: ");
    let capital = capital.accesskit_node().label().unwrap_or_default();
    let total = format!("total {}", millions(-results.capex.total_usd));
    assert!(capital.ends_with(&total), "{capital}: {total}");
}

#[test]
fn the_key_figures_are_those_of_every_report() {
    let harness = &mut page(&layout("pilot-20mw.ron"));
    let finance = engine(harness);
    let keys = keys(&finance);
    assert!(keys.len() > 10);
    for key in keys {
        harness.get_by_label(&format!("{}: {}", key.name, key.text()));
    }
}

#[test]
fn an_assumption_edited_changes_the_value_and_undo_brings_it_back() {
    let harness = &mut page(&layout("pilot-20mw.ron"));
    let before = npv_tile(harness);
    enter(harness, "Months from the first payment to service", "30");
    settle(harness);
    let after = engine(harness);
    assert!(npv_tile(harness).contains(&npv(&after)), "{}", npv_tile(harness));
    assert_ne!(npv_tile(harness), before);
    let own = harness.state().session().editor().site().terms.overrides.clone();
    assert_eq!(own.len(), 1);
    assert_eq!((own[0].path.as_str(), own[0].old.as_str()), ("costs.build-months", "24"));
    look(harness, "finance-edited");
    // What the change was worth stands in the headline and in its derivation.
    harness.get_by_label_contains("Source of Months from the first payment to service: edited");
    harness.get_by_label_contains("NPV at ").click();
    harness.run_steps(4);
    harness.get_by_label_contains("Before the last change: ");
    harness.key_press(Key::Escape);
    harness.run_steps(3);
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    settle(harness);
    assert_eq!(npv_tile(harness), before);
    assert!(harness.state().session().editor().site().terms.overrides.is_empty());
}

#[test]
fn reset_takes_an_assumption_back_to_the_catalogue() {
    let harness = &mut page(&layout("pilot-20mw.ron"));
    let before = npv_tile(harness);
    enter(harness, "Discount rate", "12");
    settle(harness);
    assert!(npv_tile(harness).contains("NPV at 12 %"), "{}", npv_tile(harness));
    let name = "Reset Discount rate to the catalogue value";
    harness.get_by_label(name).click();
    settle(harness);
    assert_eq!(npv_tile(harness), before);
    assert!(harness.query_by_label(name).is_none());
}

#[test]
fn a_site_that_cannot_be_valued_names_the_number_and_takes_it() {
    let harness = &mut page(&layout("pilot-20mw.ron"));
    let before = npv_tile(harness);
    harness.state_mut().push(Edit::set("costs.inflation-frac", "unknown", ""));
    settle(harness);
    harness.get_by_label_contains("The site cannot be valued: ");
    harness.get_by_label_contains("NPV, stopped");
    look(harness, "finance-missing");
    harness.get_by_label("Show it in the catalogue");
    let field = harness.query_all_by_label_contains("ise of operating cost").count();
    assert!(field > 0);
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    settle(harness);
    assert_eq!(npv_tile(harness), before);
}

/// Month of a phase of the window's site.
fn month(harness: &Harness<'_, App>, id: &str) -> u32 {
    let site = harness.state().session().editor().site();
    site.campus.phases.iter().find(|p| p.id == id).expect("a phase").month
}

#[test]
fn a_phase_is_moved_by_keys_and_by_a_drag_each_one_step_of_the_history() {
    let harness = &mut page(&layout("mixed-250mw.ron"));
    assert_eq!(month(harness, "p2"), 18);
    let bar = "Energisation of Phase 2, hall 2, month ";
    harness.get_by_label_contains(bar).click();
    harness.run_steps(2);
    harness.key_press(Key::ArrowRight);
    settle(harness);
    assert_eq!(month(harness, "p2"), 19);
    harness.key_press_modifiers(Modifiers::SHIFT, Key::ArrowLeft);
    settle(harness);
    assert_eq!(month(harness, "p2"), 13);
    look(harness, "finance-phases");
    let at = harness.get_by_label_contains(bar).rect().center();
    let to = at + vec2(60.0, 0.0);
    harness.drag_at(at);
    harness.run_steps(2);
    harness.hover_at(at + vec2(30.0, 0.0));
    harness.run_steps(2);
    harness.hover_at(to);
    harness.run_steps(2);
    harness.drop_at(to);
    settle(harness);
    let dragged = month(harness, "p2");
    assert!(dragged > 13, "{dragged}");
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    settle(harness);
    assert_eq!(month(harness, "p2"), 13, "the whole drag is one step");
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    settle(harness);
    assert_eq!(month(harness, "p2"), 19);
}

#[test]
fn scenarios_are_kept_in_the_layout_changed_there_and_taken_back() {
    let harness = &mut page(&layout("pilot-20mw.ron"));
    let own = |h: &Harness<'_, App>| {
        h.state().session().editor().document().layout().scenarios.as_ref().clone()
    };
    harness.get_by_label_contains("Scenario Base: NPV ");
    harness.get_by_label_contains("Scenario Low: NPV ");
    assert!(own(harness).is_empty());
    harness.get_by_label("Keep in the layout").click();
    settle(harness);
    let kept = own(harness);
    assert!(kept.iter().any(|s| s.id == "low" && !s.changes.is_empty()), "{kept:?}");
    let before = harness.get_by_label_contains("Scenario Low: NPV ");
    let before = before.accesskit_node().label().unwrap_or_default();
    // A change of it is valued anew.
    harness.get_by_label_contains("Scenario Low: NPV ").click();
    harness.run_steps(4);
    look(harness, "finance-scenario");
    let low = kept.iter().find(|s| s.id == "low").expect("kept");
    let path = low.changes[0].0.clone();
    harness.get_by_label(&format!("Leave {path} as it is")).click();
    settle(harness);
    assert_eq!(
        own(harness).iter().find(|s| s.id == "low").map(|s| s.changes.len()),
        Some(low.changes.len() - 1)
    );
    let after = harness.get_by_label_contains("Scenario Low: NPV ");
    assert_ne!(after.accesskit_node().label().unwrap_or_default(), before);
    harness.key_press(Key::Escape);
    harness.run_steps(3);
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    settle(harness);
    assert_eq!(own(harness), kept);
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    settle(harness);
    assert!(own(harness).is_empty());
}

#[test]
fn draws_run_beside_the_window_and_tell_how_far_they_are() {
    let harness = &mut page(&layout("pilot-20mw.ron"));
    harness.get_by_label_contains("What moves NPV");
    harness.get_by_label("Draw, 10,000 runs").click();
    harness.run_steps(3);
    harness.get_by_label_contains("Draws: ");
    harness.get_by_label("Stop the draws").click();
    settle(harness);
    harness.get_by_label("Draw, 10,000 runs");
    harness.state_mut().push(Action::Run(Run::Draws(64)));
    harness.run_steps(2);
    settle(harness);
    harness.get_by_label_contains("NPV P90 ");
    look(harness, "finance-draws");
}
