//! Feeding and cooling the selection by the list of sources and by gesture.

use super::app::{app, layout};
use super::look;
use eframe::egui::{Event, Key, Modifiers, PointerButton, Pos2, pos2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use gigasite::gui::action::{Action, Tab, View};
use gigasite::gui::app::App;
use gigasite::gui::context::{Element, Kind};
use gigasite::gui::dialogs::FakeDialogs;
use gigasite::scene::plan::{ElementId, ElementKind};
use gigasite::site::{Block, Site};

fn pilot() -> Harness<'static, App> {
    app(&layout("pilot-20mw.ron"), FakeDialogs::default())
}

fn site(harness: &Harness<'_, App>) -> Site {
    harness.state().session().editor().site().clone()
}

fn block(harness: &Harness<'_, App>, id: &str) -> Block {
    site(harness).blocks().find(|b| b.id == id).expect("a block").clone()
}

fn select(harness: &mut Harness<'_, App>, kind: Kind, ids: &[&str]) {
    let elements = ids.iter().map(|id| Element::new(kind, *id)).collect();
    harness.state_mut().push(Action::View(View::Select(elements)));
    harness.run_steps(3);
}

fn type_text(harness: &mut Harness<'_, App>, text: &str) {
    harness.get_by_label("Search for a source").type_text(text);
    harness.run_steps(3);
}

#[test]
fn a_block_is_fed_from_another_node_by_keyboard_alone() {
    let mut harness = pilot();
    select(&mut harness, Kind::Block, &["r1-b1"]);
    harness.key_press_modifiers(Modifiers::COMMAND | Modifiers::SHIFT, Key::F);
    harness.run_steps(4);
    assert!(harness.get_by_label("Search for a source").is_focused());
    look(&mut harness, "feed-from");
    type_text(&mut harness, "row 4");
    harness.key_press(Key::Enter);
    harness.run_steps(4);
    assert_eq!(block(&harness, "r1-b1").node.as_deref(), Some("bw-4"));
    assert!(harness.query_by_label("Search for a source").is_none(), "the list is closed");
    let undo = harness.state().session().editor().undo_label().map(str::to_owned);
    assert_eq!(undo.as_deref(), Some("Feed 16 racks from Busway row 4"));
    harness.get_by_label("Fed from (A): Busway row 4");
}

#[test]
fn several_blocks_get_a_second_path_from_the_inspector() {
    let mut harness = pilot();
    select(&mut harness, Kind::Block, &["r1-b1", "r1-b2"]);
    harness.get_by_label("Fed from (B): none, feed from...").click();
    harness.run_steps(4);
    type_text(&mut harness, "busway row 2");
    harness.key_press(Key::Enter);
    harness.run_steps(4);
    for id in ["r1-b1", "r1-b2"] {
        assert_eq!(block(&harness, id).node_b.as_deref(), Some("bw-2"), "{id}");
    }
    harness.get_by_label("Fed from (B): disconnect").click();
    harness.run_steps(4);
    assert_eq!(block(&harness, "r1-b1").node_b, None);
}

#[test]
fn what_cannot_feed_says_why_and_does_nothing() {
    let mut harness = pilot();
    select(&mut harness, Kind::Node, &["us-1"]);
    harness.key_press_modifiers(Modifiers::COMMAND | Modifiers::SHIFT, Key::F);
    harness.run_steps(4);
    type_text(&mut harness, "busway row 1");
    let reasons = harness.query_all_by_label_contains("they would feed each other in a circle");
    assert!(reasons.count() > 0);
    let before = site(&harness);
    harness.key_press(Key::Enter);
    harness.run_steps(3);
    assert_eq!(site(&harness), before);
    assert!(harness.query_by_label("Search for a source").is_some(), "the list stays");
    harness.key_press(Key::Escape);
    harness.run_steps(3);
    assert!(harness.query_by_label("Search for a source").is_none());
}

#[test]
fn a_connection_is_taken_away_from_the_list_of_present_ones() {
    let mut harness = pilot();
    select(&mut harness, Kind::Block, &["r2-b1"]);
    harness.key_press_modifiers(Modifiers::COMMAND | Modifiers::SHIFT, Key::D);
    harness.run_steps(4);
    harness.get_by_label_contains("Busway row 2, path A");
    harness.key_press(Key::ArrowDown);
    harness.run_steps(2);
    harness.key_press(Key::Enter);
    harness.run_steps(4);
    let left = block(&harness, "r2-b1");
    assert_eq!((left.node.as_deref(), left.cooling_loop.as_deref()), (Some("bw-2"), None));
}

/// Where the middle of an element is on the screen.
fn on_plan(harness: &Harness<'_, App>, kind: ElementKind, id: &str) -> Pos2 {
    let plan = &harness.state().view().plan;
    let item = plan.scene().item(&ElementId::new(kind, id)).expect("stands on the plan");
    let p = plan.view().expect("has been shown").to_screen(item.bounds.centre());
    pos2(p.x as f32, p.y as f32)
}

fn on_diagram(harness: &Harness<'_, App>, kind: ElementKind, id: &str) -> Pos2 {
    let diagram = &harness.state().view().one_line;
    let spot = diagram.scene().spot_of(&ElementId::new(kind, id)).expect("is drawn");
    let bounds = diagram.scene().spots[spot].bounds;
    let p = diagram.view().expect("has been shown").to_screen(bounds.centre());
    pos2(p.x as f32, p.y as f32)
}

fn port(harness: &Harness<'_, App>, name: &str) -> Pos2 {
    harness.get_by_label(name).rect().center()
}

fn button(harness: &mut Harness<'_, App>, at: Pos2, pressed: bool, modifiers: Modifiers) {
    let button = PointerButton::Primary;
    harness.event_modifiers(Event::PointerMoved(at), modifiers);
    let event = Event::PointerButton { pos: at, button, pressed, modifiers };
    harness.event_modifiers(event, modifiers);
    harness.run_steps(4);
}

/// Drags in steps and looks before the release.
fn drag(harness: &mut Harness<'_, App>, from: Pos2, to: Pos2, modifiers: Modifiers, name: &str) {
    harness.event(Event::PointerMoved(from));
    harness.run_steps(2);
    button(harness, from, true, modifiers);
    for i in 1..=4 {
        let at = from + (to - from) * (i as f32 / 4.0);
        harness.event_modifiers(Event::PointerMoved(at), modifiers);
        harness.run_steps(2);
    }
    look(harness, name);
    button(harness, to, false, modifiers);
}

#[test]
fn a_line_from_port_to_block_on_the_plan_feeds_the_block() {
    let mut harness = pilot();
    select(&mut harness, Kind::Node, &["bw-4"]);
    let from = port(&harness, "Busway row 4: supply to");
    let to = on_plan(&harness, ElementKind::Block, "r1-b1");
    drag(&mut harness, from, to, Modifiers::NONE, "wire-plan");
    assert_eq!(block(&harness, "r1-b1").node.as_deref(), Some("bw-4"));
    let to = on_plan(&harness, ElementKind::Block, "r2-b1");
    drag(&mut harness, from, to, Modifiers::SHIFT, "wire-plan-b");
    let changed = block(&harness, "r2-b1");
    assert_eq!((changed.node.as_deref(), changed.node_b.as_deref()), (Some("bw-2"), Some("bw-4")));
    let undo = harness.state().session().editor().undo_label().map(str::to_owned);
    assert_eq!(undo.as_deref(), Some("Feed 16 racks from Busway row 4 on path B"));
}

#[test]
fn a_line_that_is_refused_leaves_the_site_as_it_was() {
    let mut harness = pilot();
    select(&mut harness, Kind::Node, &["bw-1"]);
    let before = site(&harness);
    let from = port(&harness, "Busway row 1: supply to");
    let to = on_plan(&harness, ElementKind::Node, "us-1");
    drag(&mut harness, from, to, Modifiers::NONE, "wire-refused");
    assert_eq!(site(&harness), before);
    let ground = on_plan(&harness, ElementKind::Area, "office");
    drag(&mut harness, from, ground, Modifiers::NONE, "wire-nowhere");
    assert_eq!(site(&harness), before);
    assert!(harness.state().session().editor().undo_label().is_none());
}

#[test]
fn a_line_on_the_diagram_joins_and_the_second_path_is_drawn_open() {
    let mut harness = pilot();
    harness.state_mut().push(Action::View(View::Tab(Tab::OneLine)));
    harness.run_steps(4);
    select(&mut harness, Kind::Node, &["us-2"]);
    let from = port(&harness, "Transformers rows 3 and 4, 5 x 3 MVA: supply to");
    let to = on_diagram(&harness, ElementKind::Block, "r1-b1");
    drag(&mut harness, from, to, Modifiers::SHIFT, "wire-diagram");
    assert_eq!(block(&harness, "r1-b1").node_b.as_deref(), Some("us-2"));
    harness.run_steps(8);
    look(&mut harness, "wire-diagram-after");
    let scene = harness.state().view().one_line.scene();
    assert!(scene.layout.wires.iter().any(|w| w.open && w.switch.is_some()), "drawn open");
}

#[test]
fn the_tool_draws_from_the_element_itself() {
    let mut harness = pilot();
    harness.key_press(Key::C);
    harness.run_steps(3);
    let from = on_plan(&harness, ElementKind::Node, "bw-3");
    let to = on_plan(&harness, ElementKind::Block, "r1-b2");
    drag(&mut harness, from, to, Modifiers::NONE, "wire-tool");
    assert_eq!(block(&harness, "r1-b2").node.as_deref(), Some("bw-3"));
}

#[test]
fn an_overlay_is_chosen_by_label_and_shows_on_plan_and_diagram() {
    let mut harness = pilot();
    for name in ["Redundancy class", "Temperature margin, worst hour", "Network reach", "Phase"] {
        harness.get_by_label_contains("Overlay: ").click();
        harness.run_steps(4);
        harness.get_by_label(name).click();
        harness.run_steps(4);
        harness.get_by_label(&format!("Overlay: {name}"));
        let at = on_plan(&harness, ElementKind::Block, "r1-b1");
        harness.hover_at(at);
        harness.run_steps(4);
        look(&mut harness, &format!("overlay-plan-{}", &name[..5]));
        harness.state_mut().push(Action::View(View::Tab(Tab::OneLine)));
        harness.run_steps(4);
        harness.get_by_label(&format!("Overlay: {name}"));
        look(&mut harness, &format!("overlay-diagram-{}", &name[..5]));
        harness.state_mut().push(Action::View(View::Tab(Tab::SitePlan)));
        harness.run_steps(4);
    }
}

#[test]
fn the_campus_tells_its_redundancy_and_revenue_on_plan_and_diagram() {
    let mut harness = app(&layout("campus-1gw.ron"), FakeDialogs::default());
    for (name, said) in [("Redundancy class", "N+1: "), ("Revenue density", " per MW of IT")] {
        harness.get_by_label_contains("Overlay: ").click();
        harness.run_steps(4);
        harness.get_by_label(name).click();
        harness.run_steps(4);
        look(&mut harness, &format!("overlay-campus-{}", &name[..5]));
        harness.state_mut().push(Action::View(View::Tab(Tab::OneLine)));
        harness.run_steps(4);
        look(&mut harness, &format!("overlay-campus-diagram-{}", &name[..5]));
        assert!(harness.query_all_by_label_contains(said).count() > 0, "{name}");
        harness.state_mut().push(Action::View(View::Tab(Tab::SitePlan)));
        harness.run_steps(4);
    }
}
