//! Placing things of the catalogue on the plan, by mouse and by keyboard alone.

use super::app::{app, layout, settle};
use super::look;
use eframe::egui::{Event, Key, Modifiers, PointerButton, Pos2, pos2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use gigasite::editor::place::Shape;
use gigasite::gui::action::{Action, View};
use gigasite::gui::app::App;
use gigasite::gui::context::Element;
use gigasite::gui::dialogs::FakeDialogs;
use gigasite::scene::geom::pt;
use gigasite::site::{Block, Site};

type Window = Harness<'static, App>;

fn pilot() -> Window {
    let mut harness = app(&layout("pilot-20mw.ron"), FakeDialogs::default());
    harness.run_steps(4);
    harness
}

fn site(harness: &Window) -> &Site {
    harness.state().session().editor().site()
}

/// Where ground is on the screen.
fn at(harness: &Window, x: f64, y: f64) -> Pos2 {
    let p = harness.state().view().plan.view().expect("is shown").to_screen(pt(x, y));
    pos2(p.x as f32, p.y as f32)
}

fn point(harness: &mut Window, at: Pos2) {
    harness.event(Event::PointerMoved(at));
    harness.run_steps(2);
}

fn button(harness: &mut Window, at: Pos2, pressed: bool) {
    let modifiers = Modifiers::NONE;
    harness.event(Event::PointerButton {
        pos: at,
        button: PointerButton::Primary,
        pressed,
        modifiers,
    });
    harness.run_steps(2);
}

fn click(harness: &mut Window, at: Pos2) {
    point(harness, at);
    button(harness, at, true);
    button(harness, at, false);
    harness.run_steps(4);
}

fn drag(harness: &mut Window, from: Pos2, to: Pos2) {
    point(harness, from);
    button(harness, from, true);
    for i in 1..=5 {
        point(harness, from.lerp(to, i as f32 / 5.0));
    }
}

fn key(harness: &mut Window, key: Key) {
    harness.key_press(key);
    harness.run_steps(2);
}

fn text(harness: &mut Window, text: &str) {
    for c in text.chars() {
        harness.event(Event::Text(c.to_string()));
        harness.run_steps(1);
    }
}

fn new_blocks(before: &Site, harness: &Window) -> Vec<Block> {
    let after = site(harness).blocks();
    after.filter(|b| before.find(&b.id).is_none()).cloned().collect()
}

fn notice(harness: &Window, words: &str) {
    assert!(harness.query_all_by_label_contains(words).count() > 0, "{words}");
}

#[test]
fn a_chip_and_a_click_place_racks_and_undo_takes_them_back() {
    let mut harness = pilot();
    let before = site(&harness).clone();
    harness.get_by_label("Place VR").click();
    harness.run_steps(3);
    let spot = at(&harness, 50.0, 58.0);
    point(&mut harness, spot);
    look(&mut harness, "place-ghost");
    harness.get_by_label_contains("Placing 8 VR racks, up to 2.1 MW IT");
    click(&mut harness, spot);
    let [block] = new_blocks(&before, &harness).try_into().expect("one block");
    assert_eq!((block.count, block.rack.as_deref()), (Some(8), Some("vr-nvl72")));
    assert_eq!(block.hall.as_deref(), Some("hall"));
    let middle = [block.at[0] + block.size[0] / 2.0, block.at[1] + block.size[1] / 2.0];
    assert!((middle[0] - 50.0).abs() < 1.0 && (middle[1] - 58.0).abs() < 1.0, "{middle:?}");
    let label = harness.state().session().editor().undo_label().map(str::to_owned);
    assert_eq!(label.as_deref(), Some("Place 8 VR racks in hall"));
    assert!(harness.state().view().plan.placing().is_some(), "the tool stays");
    settle(&mut harness);
    key(&mut harness, Key::Escape);
    assert!(harness.state().view().plan.placing().is_none(), "Escape ends it");
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    settle(&mut harness);
    assert_eq!(*site(&harness), before);
}

#[test]
fn racks_outside_a_hall_are_refused_with_the_reason_and_change_nothing() {
    let mut harness = pilot();
    let before = site(&harness).clone();
    harness.get_by_label("Place VR").click();
    harness.run_steps(3);
    let spot = at(&harness, 100.0, 30.0);
    point(&mut harness, spot);
    harness.get_by_label_contains("Placing 8 VR racks, up to 2.1 MW IT: Outside every hall");
    look(&mut harness, "place-refused");
    click(&mut harness, spot);
    assert_eq!(*site(&harness), before);
    assert_eq!(harness.state().session().editor().undo_label(), None);
    notice(&harness, "Outside every hall");
}

#[test]
fn a_drag_is_as_many_racks_as_it_is_long_and_typed_figures_win() {
    let mut harness = pilot();
    let before = site(&harness).clone();
    harness.get_by_label("Place VR").click();
    harness.run_steps(3);
    let (from, to) = (at(&harness, 42.0, 58.0), at(&harness, 48.0, 58.0));
    drag(&mut harness, from, to);
    harness.get_by_label_contains("Placing 11 VR racks");
    text(&mut harness, "16");
    harness.get_by_label_contains("Placing 16 VR racks");
    key(&mut harness, Key::Enter);
    button(&mut harness, to, false);
    let blocks = new_blocks(&before, &harness);
    assert_eq!(blocks.iter().map(|b| b.count).collect::<Vec<_>>(), [Some(16)], "once");
    assert!((blocks[0].size[0] - 9.6).abs() < 1e-9);
    let (from, to) = (at(&harness, 42.0, 67.0), at(&harness, 45.0, 67.0));
    drag(&mut harness, from, to);
    button(&mut harness, to, false);
    let counts: Vec<_> = new_blocks(&before, &harness).iter().map(|b| b.count).collect();
    assert_eq!(counts, [Some(16), Some(6)]);
}

#[test]
fn racks_are_placed_by_keyboard_alone() {
    let mut harness = pilot();
    let before = site(&harness).clone();
    harness.key_press_modifiers(Modifiers::COMMAND, Key::K);
    harness.run_steps(3);
    text(&mut harness, "place vera rubin nvl72");
    harness.run_steps(2);
    key(&mut harness, Key::Enter);
    harness.run_steps(4);
    let placing = |h: &Window| h.state().view().plan.placing().and_then(|t| t.placing()).cloned();
    let first = placing(&harness).expect("a ghost in the middle of the view");
    let view = *harness.state().view().plan.view().expect("is shown");
    let middle = view.to_world(view.screen.centre());
    assert!((first.at[0] + 2.4 - middle.x).abs() < 3.1, "{:?} {middle:?}", first.at);
    // By arrows to free floor of the hall.
    for _ in 0..400 {
        let now = placing(&harness).expect("goes on").at;
        let way = [50.0 - now[0], 57.4 - now[1]];
        let axis = usize::from(way[0].abs() < 0.5);
        if way[axis].abs() < 0.5 {
            break;
        }
        let pressed = match (axis, way[axis] > 0.0) {
            (0, true) => Key::ArrowRight,
            (0, false) => Key::ArrowLeft,
            (_, true) => Key::ArrowDown,
            (_, false) => Key::ArrowUp,
        };
        let far = if way[axis].abs() > 6.5 { Modifiers::SHIFT } else { Modifiers::NONE };
        harness.key_press_modifiers(far, pressed);
        harness.run_steps(2);
    }
    key(&mut harness, Key::R);
    key(&mut harness, Key::R);
    key(&mut harness, Key::Enter);
    harness.run_steps(2);
    let blocks = new_blocks(&before, &harness);
    assert_eq!(blocks.len(), 1, "{:?}", placing(&harness));
    assert!((blocks[0].at[0] - 50.0).abs() < 0.7 && (blocks[0].at[1] - 57.4).abs() < 0.7);
    // The next stands beside the first and fits.
    key(&mut harness, Key::Enter);
    assert_eq!(new_blocks(&before, &harness).len(), 2);
    key(&mut harness, Key::Escape);
    assert!(placing(&harness).is_none());
}

#[test]
fn a_hall_is_drawn_and_machines_are_carried_out_of_the_palette() {
    let mut harness = pilot();
    harness
        .state_mut()
        .push(Action::View(View::Place(gigasite::editor::What::Equipment("data-hall".into()))));
    harness.run_steps(3);
    let (from, to) = (at(&harness, 84.0, 6.0), at(&harness, 114.0, 24.0));
    drag(&mut harness, from, to);
    look(&mut harness, "place-hall");
    button(&mut harness, to, false);
    let hall =
        site(&harness).halls.iter().filter_map(|g| g.hall.as_ref()).next_back().expect("a hall");
    assert!((hall.size[0] - 30.0).abs() < 1.3 && (hall.size[1] - 18.0).abs() < 1.3, "{hall:?}");
    assert_eq!(hall.name, "Hall 1");
    key(&mut harness, Key::Escape);
    let coolers = |h: &Window| site(h).campus.loops[0].rejection.len();
    let before = coolers(&harness);
    let chip = harness.get_by_label("Place Dry cooler").rect().center();
    let spot = at(&harness, 60.0, 12.0);
    drag(&mut harness, chip, spot);
    button(&mut harness, spot, false);
    assert_eq!(coolers(&harness), before + 1, "dropped where the button was released");
}

#[test]
fn the_options_take_expressions_and_units() {
    let mut harness = pilot();
    harness.get_by_label("Place VR").click();
    harness.run_steps(3);
    let spot = at(&harness, 50.0, 58.0);
    point(&mut harness, spot);
    let lines = |h: &Window| match h.state().view().plan.placing().and_then(|t| t.placing()) {
        Some(p) => p.shape.clone(),
        None => panic!("no tool"),
    };
    super::enter(&mut harness, "Racks", "4*3");
    assert!(matches!(lines(&harness), Shape::Lines { count: 12, lines: 1, .. }));
    super::enter(&mut harness, "Lines", "2");
    super::enter(&mut harness, "Pitch", "240 cm");
    let Shape::Lines { pitch_m, .. } = lines(&harness) else { panic!("lines") };
    assert!((pitch_m - 2.4).abs() < 1e-9, "{pitch_m}");
    harness.get_by_label("Keep placing, on").click();
    harness.run_steps(2);
    click(&mut harness, spot);
    assert!(harness.state().view().plan.placing().is_none(), "one is enough");
}

#[test]
fn the_palette_searches_folds_and_tells_why_a_rack_cannot_be_placed() {
    let mut harness = pilot();
    harness.get_by_label("Search the catalogue").click();
    harness.run_steps(3);
    harness.get_by_label("Find in the catalogue").type_text("gens");
    harness.run_steps(3);
    assert!(harness.query_by_label("Place VR").is_none());
    look(&mut harness, "place-search");
    key(&mut harness, Key::Enter);
    let what = harness.state().view().plan.placing().map(|t| t.what().clone());
    assert_eq!(what, Some(gigasite::editor::What::Equipment("genset".into())));
    key(&mut harness, Key::Escape);
    harness.get_by_label("Search the catalogue").click();
    harness.run_steps(2);
    harness.get_by_label("More of the catalogue").click();
    harness.run_steps(3);
    look(&mut harness, "place-whole");
    let lpx = harness.get_by_label("Place VR+LPX");
    assert!(lpx.accesskit_node().is_disabled(), "its size is not published");
    harness.get_by_label("Fold the catalogue").click();
    harness.run_steps(3);
    assert!(harness.query_by_label("Place VR").is_none());
    harness.get_by_label("Unfold the catalogue");
}

#[test]
fn a_line_is_measured_by_mouse_and_escape_or_another_tool_takes_it_away() {
    let mut harness = pilot();
    key(&mut harness, Key::M);
    let (from, to) = (at(&harness, 60.0, 10.0), at(&harness, 90.0, 50.0));
    drag(&mut harness, from, to);
    button(&mut harness, to, false);
    let measured = |h: &Window| {
        let found = h.query_by_label_contains("Measured: ");
        found.and_then(|n| n.accesskit_node().label())
    };
    // 30 m to the east and 40 m to the south.
    assert_eq!(measured(&harness).as_deref(), Some("Measured: 50.0 m direct, 70.0 m square"));
    key(&mut harness, Key::Escape);
    assert_eq!(measured(&harness), None);
    drag(&mut harness, from, to);
    button(&mut harness, to, false);
    assert!(measured(&harness).is_some());
    key(&mut harness, Key::V);
    assert_eq!(measured(&harness), None);
    // By keyboard alone: two elements say what lies between them.
    let elements =
        ["areas.office", "areas.road"].map(|path| Element::of_path(path).expect("is one"));
    harness.state_mut().push(Action::View(View::Select(elements.to_vec())));
    harness.run_steps(4);
    // The office ends at 88 + 24 m, the road begins at 124 m; both are as far south.
    harness.get_by_label_contains("Gap: 12.0 m");
}
