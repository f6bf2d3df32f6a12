//! Checks in the inspector and constraint areas, by label.

use super::app::{app, layout, settle};
use super::look;
use eframe::egui::{Event, Key, PointerButton, pos2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use gigasite::gui::action::{Action, Edit, View};
use gigasite::gui::app::App;
use gigasite::gui::context::{Element, Kind};
use gigasite::gui::dialogs::FakeDialogs;
use gigasite::site::{Constraint, ConstraintKind};

fn pilot() -> Harness<'static, App> {
    app(&layout("pilot-20mw.ron"), FakeDialogs::default())
}

fn select(harness: &mut Harness<'_, App>, kind: Kind, id: &str) {
    let action = View::Select(vec![Element::new(kind, id)]);
    harness.state_mut().push(Action::View(action));
    harness.run_steps(3);
}

fn areas(harness: &Harness<'_, App>) -> Vec<Constraint> {
    harness.state().session().editor().site().campus.constraints.clone()
}

#[test]
fn the_inspector_lists_the_checks_of_the_selection_with_figure_and_limit() {
    let mut harness = pilot();
    select(&mut harness, Kind::Block, "r2-b1");
    settle(&mut harness);
    harness.get_by_label("Check Aisle: 7.80 m, least 1.20, passes");
    look(&mut harness, "checks");
    // A click goes to what it is measured to.
    harness.get_by_label_contains("Check Aisle: ").scroll_to_me();
    harness.run_steps(4);
    harness.get_by_label_contains("Check Aisle: ").click();
    harness.run_steps(4);
    let selected = harness.state().session().editor().selection().ids();
    assert_eq!(selected.len(), 1);
    assert_ne!(selected[0].as_str(), "blocks.r2-b1");
}

#[test]
fn a_check_that_breaks_says_so() {
    let mut harness = pilot();
    let set = Edit::set("blocks.r2-b1.at", "(40, 56)", "Move");
    harness.state_mut().push(set);
    select(&mut harness, Kind::Block, "r2-b1");
    settle(&mut harness);
    harness.get_by_label("Check Aisle: 0.80 m, least 1.20, against practice");
    look(&mut harness, "checks-broken");
}

#[test]
fn a_constraint_area_is_added_by_figures_and_edited_in_the_inspector() {
    let mut harness = pilot();
    harness.state_mut().push(Action::Edit(Edit::AskConstraint));
    harness.run_steps(4);
    look(&mut harness, "prompt-constraint");
    harness.get_by_label("Add").click();
    settle(&mut harness);
    let [area] = areas(&harness).try_into().expect("one area");
    assert_eq!((area.kind, area.outline.len()), (ConstraintKind::Easement, 4));
    let undo = harness.state().session().editor().undo_label().map(str::to_owned);
    assert_eq!(undo.as_deref(), Some("Add Easement"));
    super::enter(&mut harness, "Source", "Title deed");
    super::enter(&mut harness, "Corner 1", "1, 2");
    settle(&mut harness);
    let [area] = areas(&harness).try_into().expect("one area");
    assert_eq!((area.source.as_str(), area.outline[0]), ("Title deed", [1.0, 2.0]));
    look(&mut harness, "constraint");
}

#[test]
fn a_constraint_area_is_drawn_by_clicks_and_ended_by_enter() {
    let mut harness = pilot();
    harness.state_mut().push(Action::View(View::DrawConstraint));
    harness.run_steps(4);
    let plan = harness.get_by_label_contains("Site plan of").rect();
    let at =
        |fx: f32, fy: f32| pos2(plan.left() + plan.width() * fx, plan.top() + plan.height() * fy);
    for corner in [at(0.45, 0.4), at(0.55, 0.4), at(0.55, 0.6)] {
        harness.event(Event::PointerMoved(corner));
        harness.run_steps(2);
        for pressed in [true, false] {
            let button = PointerButton::Primary;
            let modifiers = eframe::egui::Modifiers::NONE;
            harness.event(Event::PointerButton { pos: corner, button, pressed, modifiers });
            harness.run_steps(2);
        }
        harness.run_steps(40);
    }
    look(&mut harness, "drawing-constraint");
    assert!(areas(&harness).is_empty(), "not yet");
    harness.key_press(Key::Enter);
    settle(&mut harness);
    let [area] = areas(&harness).try_into().expect("one area");
    assert_eq!(area.outline.len(), 3);
    let width = area.outline[1][0] - area.outline[0][0];
    assert!(width > 5.0 && (area.outline[1][1] - area.outline[0][1]).abs() < 1.0, "{area:?}");
    assert_eq!(harness.state().session().editor().history().len(), 1);
}

#[test]
fn an_unknown_height_under_a_limit_is_entered_where_it_is_asked_for() {
    let mut harness = pilot();
    let outline = vec![[0.0, 40.0], [80.0, 40.0], [80.0, 100.0], [0.0, 100.0]];
    let limit = Edit::AddConstraint(ConstraintKind::HeightLimit, outline);
    harness.state_mut().push(Action::Edit(limit));
    settle(&mut harness);
    super::enter(&mut harness, "Greatest height of Height limit", "12");
    settle(&mut harness);
    select(&mut harness, Kind::Hall, "hall");
    settle(&mut harness);
    harness.get_by_label("Check Height: unknown of 12.0 m, unknown");
    super::enter(&mut harness, "Height of Hall", "14");
    settle(&mut harness);
    harness.get_by_label("Check Height: 14.0 of 12.0 m, against practice");
}
