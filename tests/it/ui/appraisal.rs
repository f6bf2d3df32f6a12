//! What variants are worth, beside each other and in a tour.

use super::app::settle;
use super::look;
use super::window::{self, Program};
use eframe::egui::{Key, vec2};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use gigasite::gui::action::{Action, Tab, View};
use gigasite::gui::dialogs::FakeDialogs;
use gigasite::study::finance::value;
use gigasite::study::{self, SolveOptions};
use gigasite::units::{Money, format};

fn page(tab: Tab) -> Program {
    let with = (vec2(1616.0, 1216.0), FakeDialogs::default());
    let mut harness = window::studied_in("campus-1gw.ron", with, |ctx, app| {
        app.watch_finance(ctx);
        app.push(Action::View(View::Tab(tab)));
    });
    settle(&mut harness);
    harness
}

/// Label of the one node that has this in its name.
fn label(harness: &Program, part: &str) -> String {
    harness.get_by_label_contains(part).accesskit_node().label().unwrap_or_default()
}

#[test]
fn variants_are_compared_by_what_the_engine_alone_says_they_are_worth() {
    let harness = page(Tab::Compare);
    let editor = harness.state().session().editor();
    let npv = |index: usize| {
        let site = &editor.document().layout().variants()[index].site;
        let outcome = study::run(site, editor.catalog(), &SolveOptions::default());
        let (catalog, _) = study::in_force(site, editor.catalog());
        let finance = value(site, &outcome, &catalog).expect("valued");
        finance.evaluation.results.unlevered.npv_usd
    };
    let (a, b) = (npv(0), npv(1));
    let row = label(&harness, "NPV, after tax: A ");
    let words = |usd: f64| format::money(Money::usd(usd));
    let expected = format!(
        "NPV, after tax: A {}, B {}, difference {}",
        words(a),
        words(b),
        format::money_change(Money::usd(b - a))
    );
    assert!(row.starts_with(&expected), "{row}: {expected}");
    // The scenarios of both: their base is that value, low is less, high is more.
    let base = label(&harness, "Scenario Base; A NPV ");
    assert!(base.contains(&format!("A NPV {}", words(a))), "{base}");
    assert!(base.contains(&format!("B NPV {}", words(b))), "{base}");
    for name in ["Low", "High", "Lender"] {
        let row = label(&harness, &format!("Scenario {name}; A NPV "));
        assert!(row.contains("; B NPV ") && row.contains("; B less A "), "{row}");
    }
}

#[test]
fn the_tour_walks_from_the_keynote_figure_to_the_bankable_one() {
    let mut harness = page(Tab::SitePlan);
    harness.key_press(Key::F11);
    settle(&mut harness);
    harness.get_by_label("Step 7: Bankable").click();
    settle(&mut harness);
    let ladder = label(&harness, "From keynote to bankable");
    assert!(ladder.contains("Finite demand") && ladder.contains("First twelve months"), "{ladder}");
    label(&harness, "From keynote to value");
    let npv = label(&harness, "NPV, after tax: ");
    assert!(!npv.contains('…') && !npv.contains("unknown"), "{npv}");
    look(&mut harness, "present-7");
}
