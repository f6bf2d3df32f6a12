//! The one-line diagram: names, clicks, keys, pictures.

use super::demo::Demo;
use super::{agreed, look, panel};
use eframe::egui::accesskit::Toggled;
use eframe::egui::{Event, Key, Modifiers, PointerButton, Pos2, Vec2, pos2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable};
use gigasite::gui::action::{Action, Actions, View};
use gigasite::gui::context::{Element, Freshness, Kind};
use gigasite::gui::panels::one_line::{self, OneLineState};
use gigasite::scene::geom::pt;
use gigasite::scene::plan::{ElementId, ElementKind, Overlay};

struct Window {
    demo: Demo,
    state: OneLineState,
    actions: Actions,
}

type Harnessed = Harness<'static, Window>;

const SIZE: Vec2 = vec2(1036.0, 612.0);

fn window(demo: Demo, dark: bool) -> Harnessed {
    sized(demo, SIZE, dark)
}

fn sized(demo: Demo, size: Vec2, dark: bool) -> Harnessed {
    let mut state = OneLineState::default();
    state.reduce_motion = true;
    let start = Window { demo, state, actions: Actions::new() };
    panel(start, size, dark, |ui, w| {
        let context = w.demo.context();
        one_line::show(ui, &context, &mut w.state, &mut w.actions);
        // What the application does with actions of the view.
        for action in w.actions.drain(..) {
            if let Action::View(View::Select(mut elements)) = action {
                // The session keeps them in the order of their paths.
                elements.sort_by_key(Element::path);
                w.demo.selection = elements;
            }
        }
    })
}

fn node(id: &str) -> ElementId {
    ElementId::new(ElementKind::Node, id)
}

/// Where the symbol of an element is on the screen.
fn place(harness: &Harnessed, id: &ElementId) -> Pos2 {
    let scene = harness.state().state.scene();
    let spot = scene.spot_of(id).expect("stands on the diagram");
    let view = harness.state().state.view().expect("has been shown");
    let p = view.to_screen(scene.spots[spot].bounds.centre());
    pos2(p.x as f32, p.y as f32)
}

fn press(harness: &mut Harnessed, at: Pos2, modifiers: Modifiers) {
    for pressed in [true, false] {
        let button = PointerButton::Primary;
        harness.event_modifiers(
            Event::PointerButton { pos: at, button, pressed, modifiers },
            modifiers,
        );
        harness.run_steps(1);
    }
}

fn click(harness: &mut Harnessed, at: Pos2, modifiers: Modifiers) {
    harness.event(Event::PointerMoved(at));
    harness.run();
    press(harness, at, modifiers);
    // Long enough that the next click is not the second of a double click.
    harness.run_steps(12);
}

fn double_click(harness: &mut Harnessed, at: Pos2) {
    harness.event(Event::PointerMoved(at));
    harness.run();
    // Frame by frame: the harness lets time pass between the events that it is given.
    for pressed in [true, false, true, false] {
        let (button, modifiers) = (PointerButton::Primary, Modifiers::NONE);
        let event = Event::PointerButton { pos: at, button, pressed, modifiers };
        harness.input_mut().events.push(event);
        harness.step();
    }
    harness.run_steps(12);
}

fn selected(harness: &Harnessed) -> Vec<String> {
    harness.state().demo.selection.iter().map(Element::path).collect()
}

#[test]
fn the_diagram_and_its_symbols_have_names() {
    let harness = window(Demo::invented(), true);
    harness.get_by_label_contains("One-line diagram of Cedar Ridge 1 GW, 165 elements in ");
    harness.get_by_label_contains("T-A1, 187.5 MVA, transformer, 34.5 kV, ");
    harness
        .get_by_label_contains("Hall 1 north row 1 transformers, 6 x 3 MVA and 3 more like it, ");
    harness.get_by_label_contains("Hall 8, hall, 576 racks, ");
    harness.get_by_label("Overlay: Loading, worst hour");
    harness.get_by_label("Show every element");
}

#[test]
fn a_click_selects_what_a_symbol_stands_for_and_shift_adds() {
    let mut harness = window(Demo::invented(), true);
    let at = place(&harness, &node("t-b2"));
    click(&mut harness, at, Modifiers::NONE);
    assert_eq!(selected(&harness), ["nodes.t-b2"]);
    let stack = place(&harness, &node("h3-n-r1-us"));
    click(&mut harness, stack, Modifiers::SHIFT);
    let rows = ["nodes.h3-n-r1-us", "nodes.h3-n-r2-us", "nodes.h3-n-r3-us", "nodes.t-b2"];
    assert_eq!(selected(&harness), rows);
    click(&mut harness, stack, Modifiers::SHIFT);
    assert_eq!(selected(&harness), ["nodes.t-b2"]);
    let hall = place(&harness, &ElementId::new(ElementKind::Hall, "h5"));
    click(&mut harness, hall, Modifiers::NONE);
    assert_eq!(selected(&harness), ["halls.h5"]);
    click(&mut harness, pos2(500.0, 30.0), Modifiers::NONE);
    assert!(selected(&harness).is_empty());
}

#[test]
fn a_double_click_takes_a_stack_apart_where_it_stands() {
    let mut harness = window(Demo::invented(), true);
    let at = place(&harness, &node("h1-n-r1-us"));
    double_click(&mut harness, at);
    let apart = place(&harness, &node("h1-n-r2-us"));
    assert!((place(&harness, &node("h1-n-r1-us")) - at).length() < 1.0, "stays under the pointer");
    assert!((apart - at).length() > 20.0, "its twin stands beside it");
    double_click(&mut harness, at);
    let scene = harness.state().state.scene();
    let spot = scene.spot_of(&node("h1-n-r1-bw")).expect("is inside");
    assert!(scene.is_itself(spot, &node("h1-n-r1-us")), "folded into the transformers");
    harness.get_by_label("Group automatically").click();
    harness.run();
    assert_eq!(place(&harness, &node("h1-n-r1-us")), place(&harness, &node("h1-n-r2-us")));
}

#[test]
fn arrows_walk_the_network_and_enter_folds_it() {
    let mut harness = window(Demo::invented(), true);
    let at = place(&harness, &node("t-a1"));
    click(&mut harness, at, Modifiers::NONE);
    let mut walk = |key, path: &str| {
        harness.key_press(key);
        harness.run_steps(3);
        let all = selected(&harness);
        assert_eq!(all.first().map(String::as_str), Some(path), "{key:?}: {all:?}");
    };
    walk(Key::ArrowUp, "feeds.feed-1");
    walk(Key::ArrowRight, "feeds.feed-2");
    walk(Key::ArrowDown, "nodes.t-b1");
    walk(Key::ArrowRight, "nodes.t-b2");
    walk(Key::ArrowLeft, "nodes.t-b1");
    walk(Key::ArrowDown, "nodes.sub-b1");
    walk(Key::ArrowDown, "nodes.h5-mech");
    walk(Key::ArrowRight, "nodes.h5-n-fd");
    for path in ["nodes.h5-n-ups", "nodes.h5-n-r1-us", "nodes.h5-n-r1-bw"] {
        walk(Key::ArrowDown, path);
    }
    walk(Key::ArrowDown, "blocks.h5-n-r1-b1");
    walk(Key::ArrowDown, "halls.h5");
    walk(Key::ArrowRight, "halls.h6");
    walk(Key::ArrowLeft, "halls.h5");
    let elements = vec![Element::new(Kind::Node, "sub-b1")];
    harness.state_mut().demo.selection = elements;
    harness.key_press(Key::Enter);
    harness.run_steps(3);
    let folded = harness.get_by_label_contains("Bus B1, 21 below folded, bus, ");
    assert!(folded.rect().width() > 20.0);
    harness.key_press(Key::Enter);
    harness.run_steps(3);
    assert!(harness.query_by_label_contains("Bus B1, 21 below folded").is_none());
}

#[test]
fn the_keyboard_alone_reaches_the_diagram_and_its_tools() {
    let mut harness = window(Demo::invented(), true);
    harness.key_press(Key::Tab);
    harness.run_steps(2);
    harness.key_press(Key::ArrowDown);
    harness.run_steps(3);
    assert_eq!(selected(&harness), ["feeds.feed-1"], "a walk begins at the first source");
    harness.key_press(Key::Tab);
    harness.run_steps(2);
    let tool = harness.get_by_label("Group automatically");
    assert!(tool.accesskit_node().is_focused(), "Tab leaves the diagram for its tools");
}

#[test]
fn an_element_selected_elsewhere_is_marked_on_its_symbol() {
    let mut demo = Demo::invented();
    demo.selection = vec![Element::new(Kind::Node, "h2-s-r2-us")];
    let mut harness = window(demo, true);
    let marked = |node: &egui_kittest::Node| node.accesskit_node().toggled();
    let stack = harness.get_by_label_contains("Hall 2 south row 1 transformers");
    assert_eq!(marked(&stack), Some(Toggled::True), "the stack holds it");
    let other = harness.get_by_label_contains("Hall 2 north row 1 transformers");
    assert_eq!(marked(&other), Some(Toggled::False));
    look(&mut harness, "one-line-linked");
    let element = Element::new(Kind::Block, "h7-n-r1-b2");
    harness.state_mut().state.jump(&element);
    harness.run();
    let at = place(&harness, &ElementId::new(ElementKind::Block, "h7-n-r1-b2"));
    assert!((at - pos2(SIZE.x / 2.0, SIZE.y / 2.0)).length() < 2.0, "{at:?}");
}

#[test]
fn wheel_and_drag_zoom_and_move_within_limits_and_f_fits() {
    let mut harness = window(Demo::invented(), true);
    let scale = |h: &Harnessed| h.state().state.view().expect("shown").scale;
    let start = scale(&harness);
    let at = place(&harness, &node("t-a1"));
    harness.event(Event::PointerMoved(at));
    harness.run();
    for _ in 0..60 {
        harness.event(Event::MouseWheel {
            unit: eframe::egui::MouseWheelUnit::Line,
            delta: vec2(0.0, 1.0),
            modifiers: Modifiers::NONE,
            phase: eframe::egui::TouchPhase::Move,
            source: eframe::egui::MouseWheelSource::Unknown,
        });
        harness.run_steps(1);
    }
    assert!((scale(&harness) - 5.0).abs() < 1e-9, "{}", scale(&harness));
    assert!((place(&harness, &node("t-a1")) - at).length() < 1.0, "zooms around the pointer");
    harness.key_press(Key::F);
    harness.run();
    assert!((scale(&harness) - start).abs() < 1e-9);
}

#[test]
fn the_diagram_paints_at_every_zoom_and_choice() {
    for (dark, name) in [(true, "one-line-dark"), (false, "one-line-light")] {
        let mut harness = window(Demo::invented(), dark);
        let at = place(&harness, &node("t-a2"));
        click(&mut harness, at, Modifiers::NONE);
        look(&mut harness, name);
        if !dark {
            continue;
        }
        harness.state_mut().state.overlay = Overlay::Headroom;
        harness.state_mut().demo.freshness = Freshness::Stale { for_s: 2.0 };
        harness.state_mut().state.look(pt(320.0, 420.0), 1.6);
        harness.run();
        look(&mut harness, "one-line-near");
        harness.get_by_label("Show every element").click();
        harness.run();
        look(&mut harness, "one-line-everything");
    }
    for (size, name) in [(vec2(716.0, 430.0), "small"), (vec2(1990.0, 1170.0), "wide")] {
        let mut harness = sized(Demo::invented(), size, true);
        look(&mut harness, &format!("one-line-{name}"));
    }
    let site = crate::one_line::large();
    let outcome = crate::one_line::answer(&site, 0.7);
    let mut harness = window(Demo { site, outcome, ..Demo::invented() }, true);
    look(&mut harness, "one-line-large");
    let at = place(&harness, &node("bus-1"));
    double_click(&mut harness, at);
    look(&mut harness, "one-line-large-open");
    for layout in ["mixed-250mw", "pilot-20mw"] {
        let mut harness = window(Demo::of(&format!("{layout}.ron")), true);
        look(&mut harness, &format!("one-line-{layout}"));
    }
}

#[test]
fn the_dark_diagram_looks_as_agreed() {
    window(Demo::invented(), true).snapshot_options("one-line-dark", &agreed());
}

#[test]
fn the_light_diagram_looks_as_agreed() {
    window(Demo::of("mixed-250mw.ron"), false).snapshot_options("one-line-light", &agreed());
}
