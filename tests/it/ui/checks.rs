//! Checks in the inspector and constraint areas, by label.

use super::app::{app, layout, settle};
use super::look;
use eframe::egui::{Color32, Event, Key, Modifiers, PointerButton, Rect, Shape, pos2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use gigasite::gui::action::{Action, Edit, View};
use gigasite::gui::app::App;
use gigasite::gui::context::{Element, Kind};
use gigasite::gui::dialogs::FakeDialogs;
use gigasite::gui::theme::Theme;
use gigasite::scene::tokens::Token;
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
    harness.state().session().editor().site().campus.constraints.to_vec()
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

/// What is outlined as broken on the plan, by the blocks whose places the outlines are.
fn broken(harness: &Harness<'_, App>) -> Vec<String> {
    fn outlines(shape: &Shape, colour: Color32, out: &mut Vec<Rect>) {
        match shape {
            Shape::Vec(all) => all.iter().for_each(|shape| outlines(shape, colour, out)),
            Shape::Rect(r) if r.stroke.color == colour && r.fill == Color32::TRANSPARENT => {
                out.push(r.rect);
            }
            _ => {}
        }
    }
    let colour = Theme::of(&harness.ctx).color(Token::Err);
    let mut found = Vec::new();
    for clipped in &harness.output().shapes {
        outlines(&clipped.shape, colour, &mut found);
    }
    let plan = &harness.state().view().plan;
    let view = plan.view().expect("has been shown");
    let of_block = |rect: Rect| {
        let blocks = plan.scene().halls.iter().flat_map(|h| &h.blocks);
        let mut blocks = blocks.filter(|b| {
            let at = view.box_to_screen(&b.bounds);
            (at.centre().x - f64::from(rect.center().x)).abs() < 1.0
                && (at.centre().y - f64::from(rect.center().y)).abs() < 1.0
                && (at.width() + 2.0 - f64::from(rect.width())).abs() < 1.0
        });
        blocks.next().map_or_else(|| format!("nothing at {rect}"), |b| b.id.clone())
    };
    let mut ids: Vec<String> = found.into_iter().map(of_block).collect();
    ids.sort();
    ids
}

#[test]
fn a_drag_outlines_what_breaks_a_check_and_what_is_in_its_way() {
    let mut harness = pilot();
    select(&mut harness, Kind::Block, "r2-b1");
    settle(&mut harness);
    let (from, scale) = {
        let plan = &harness.state().view().plan;
        let view = plan.view().expect("has been shown");
        let centre = plan.scene().block("r2-b1").expect("stands there").bounds.centre();
        let at = view.to_screen(centre);
        (pos2(at.x as f32, at.y as f32), view.scale as f32)
    };
    // Without snapping, which would put the block elsewhere.
    let alt = Modifiers::ALT;
    let to = |harness: &mut Harness<'_, App>, metres: f32| {
        harness.event_modifiers(Event::PointerMoved(from + vec2(0.0, metres * scale)), alt);
        harness.run_steps(4);
    };
    to(&mut harness, 0.0);
    let button = |pressed| Event::PointerButton {
        pos: from,
        button: PointerButton::Primary,
        pressed,
        modifiers: alt,
    };
    harness.event_modifiers(button(true), alt);
    harness.run_steps(4);
    assert!(broken(&harness).is_empty(), "{:?}: it stands well", broken(&harness));
    // 0.8 m from the row before, where practice asks for 1.2.
    to(&mut harness, -3.0);
    assert!(broken(&harness).is_empty(), "{:?}: still wide enough", broken(&harness));
    to(&mut harness, -7.0);
    assert_eq!(broken(&harness), ["r1-b1", "r2-b1"]);
    look(&mut harness, "checks-dragged");
    to(&mut harness, -3.0);
    assert!(broken(&harness).is_empty(), "{:?}: wide enough again", broken(&harness));
    to(&mut harness, -7.0);
    harness.event_modifiers(button(false), alt);
    harness.run_steps(4);
    assert!(broken(&harness).is_empty(), "the hand is off: the inspector says it");
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
