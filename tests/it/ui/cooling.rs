//! The year of a cooling loop in the inspector, by label.

use super::app::{app, layout, settle};
use super::{enter, look};
use egui_kittest::kittest::Queryable as _;
use gigasite::gui::action::{Action, View};
use gigasite::gui::context::{Element, Kind};
use gigasite::gui::dialogs::FakeDialogs;

#[test]
fn the_inspector_of_a_loop_shows_its_year_and_follows_the_set_point() {
    let mut harness = app(&layout("pilot-20mw.ron"), FakeDialogs::default());
    let elements = vec![Element::new(Kind::Loop, "loop")];
    harness.state_mut().push(Action::View(View::Select(elements)));
    harness.run_steps(4);
    look(&mut harness, "cooling-year");
    // Typical hours of the layout: 96 h of 37 C are above 28 C.
    harness.get_by_label("Hours short: 96 h");
    harness.get_by_label_contains("Hours of the year and PUE by outdoor temperature");
    harness.get_by_label_contains("PUE, worst hour: 1.");
    enter(&mut harness, "Coolant supply of Coolant", "30");
    settle(&mut harness);
    // 18 C and above: warm days, hot nights and hot days.
    harness.get_by_label("Hours short: 2,676 h");
}
