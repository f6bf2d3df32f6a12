//! What variants are worth, beside each other and in a tour.

use super::app::{layout, settle};
use super::look;
use super::window::{self, Program};
use eframe::egui::{Key, Vec2, vec2};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use gigasite::catalog::Catalog;
use gigasite::editor::{StudyEngine, VariantCommand};
use gigasite::gui::action::{Action, Edit, Tab, View};
use gigasite::gui::dialogs::FakeDialogs;
use gigasite::study::finance::value;
use gigasite::study::{self, SolveOptions};
use gigasite::units::{Money, format};
use std::path::Path;
use std::sync::Arc;

/// Height of the status bar.
const STATUS: f32 = 24.0;

fn program(path: &Path) -> Program {
    program_in(path, vec2(1616.0, 1216.0))
}

fn program_in(path: &Path, size: Vec2) -> Program {
    let catalog = Catalog::embedded_arc().expect("the catalogue reads");
    let engine = move || StudyEngine::new(Arc::clone(&catalog), SolveOptions::default());
    let with = (size, FakeDialogs::default());
    let mut harness = window::window(path, with, engine, |ctx, app| app.watch_finance(ctx));
    settle(&mut harness);
    harness
}

/// What the one node says that has this in its name.
fn label(harness: &Program, part: &str) -> String {
    let node = harness.get_by_label_contains(part).accesskit_node();
    node.label().or_else(|| node.value()).unwrap_or_default()
}

#[test]
fn variants_are_compared_by_what_the_engine_alone_says_they_are_worth() {
    let mut harness = program(&layout("pilot-20mw.ron"));
    let new = VariantCommand::New { name: "Dearer money".to_owned() };
    harness.state_mut().push(Action::Edit(Edit::Variant(new)));
    harness.run_steps(2);
    harness.state_mut().push(Edit::set("finance.discount_frac", "0.14", "Set discount rate"));
    harness.state_mut().push(Action::View(View::Tab(Tab::Compare)));
    settle(&mut harness);
    let editor = harness.state().session().editor();
    let npv = |index: usize| {
        let site = &editor.document().layout().variants()[index].site;
        let outcome = study::run(site, editor.catalog(), &SolveOptions::default());
        let (catalog, _) = study::in_force(site, editor.catalog());
        let finance = value(site, &outcome, &catalog).expect("valued");
        finance.evaluation.results.unlevered.npv_usd
    };
    let (a, b) = (npv(0), npv(1));
    assert_ne!(a, b);
    let row = label(&harness, "NPV, after tax: A ");
    let words = |usd: f64| format::money(Money::usd(usd));
    let change = format::money_change(Money::usd(b - a));
    let expected = format!("NPV, after tax: A {}, B {}, difference {change}", words(a), words(b));
    assert!(row.starts_with(&expected), "{row}: {expected}");
    // The scenarios of both: the first is the layout as it stands.
    let base = label(&harness, "Scenario Base; A NPV ");
    assert!(base.contains(&format!("A NPV {}", words(a))), "{base}");
    assert!(base.contains(&format!("B NPV {}", words(b))), "{base}");
    for name in ["Low", "High", "Lender"] {
        let row = label(&harness, &format!("Scenario {name}; A NPV "));
        assert!(row.contains("; B NPV ") && row.contains("; B less A "), "{row}");
    }
    look(&mut harness, "compare-value");
}

#[test]
fn the_lower_edge_of_the_window_cuts_no_chart_of_a_comparison() {
    for size in [vec2(1280.0, 800.0), vec2(1600.0, 1000.0), vec2(2560.0, 1440.0)] {
        let mut harness = program_in(&layout("pilot-20mw.ron"), size);
        let new = VariantCommand::New { name: "Other".to_owned() };
        harness.state_mut().push(Action::Edit(Edit::Variant(new)));
        harness.state_mut().push(Action::View(View::Tab(Tab::Compare)));
        settle(&mut harness);
        let page = size.y - STATUS;
        for chart in ["Cumulative free cash flow", "Revenue of Batch, A"] {
            let end = harness.get_by_label_contains(chart).rect().bottom();
            assert!(end < page, "{chart} ends at {end}, the page at {page}");
        }
        // Nothing is lost for it: what explains the plans stands below them.
        harness.get_by_label_contains("changed in B, 0 of 1 halls");
    }
}

#[test]
fn a_tour_walks_from_the_keynote_figure_to_the_bankable_one() {
    let text = std::fs::read_to_string(layout("pilot-20mw.ron")).expect("the layout");
    let step = "tour: [(name: \"Bankable\", title: \"What a bank counts: {Npv} after tax\", \
                view: Ladder, figures: [Npv, Irr, LevelisedCost, CapexAllIn])],\n)";
    let text = format!("{}{step}\n", text.trim_end().trim_end_matches(')'));
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("tour.ron");
    std::fs::write(&path, text).expect("written");
    let mut harness = program(&path);
    harness.key_press(Key::F11);
    settle(&mut harness);
    let ladder = label(&harness, "From keynote to bankable");
    assert!(ladder.contains("Finite demand") && ladder.contains("First twelve months"), "{ladder}");
    label(&harness, "From keynote to value");
    let editor = harness.state().session().editor();
    let outcome = study::run(editor.site(), editor.catalog(), &SolveOptions::default());
    let finance = value(editor.site(), &outcome, editor.catalog_in_force()).expect("valued");
    let npv = format::money(Money::usd(finance.evaluation.results.unlevered.npv_usd));
    label(&harness, &format!("NPV, after tax: {npv}"));
    label(&harness, &format!("What a bank counts: {npv} after tax"));
    look(&mut harness, "present-ladder");
}
