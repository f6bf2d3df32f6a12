//! The site plan: names, clicks, drags, pictures.

use super::demo::Demo;
use super::{agreed, look, panel};
use eframe::egui::{Event, Key, Modifiers, PointerButton, Pos2, Vec2, pos2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use gigasite::editor::Command;
use gigasite::gui::action::{Action, Actions, Edit, Gesture, View};
use gigasite::gui::canvas::Tool;
use gigasite::gui::context::{Element, Kind};
use gigasite::gui::panels::site_plan::{self, PlanViewState};
use gigasite::scene::geom::{Pt, pt};
use gigasite::scene::plan::{ElementId, ElementKind, Overlay};

pub struct Window {
    pub demo: Demo,
    pub state: PlanViewState,
    pub actions: Actions,
}

pub type Harnessed = Harness<'static, Window>;

pub fn window(demo: Demo, size: Vec2, dark: bool) -> Harnessed {
    let mut state = PlanViewState::new();
    state.reduce_motion = true;
    let start = Window { demo, state, actions: Actions::new() };
    panel(start, size, dark, |ui, w| {
        let context = w.demo.context();
        site_plan::show(ui, &context, &mut w.state, &mut w.actions);
        // What the application does with actions of the view.
        for action in &w.actions {
            if let Action::View(View::Select(elements)) = action {
                w.demo.selection.clone_from(elements);
            }
            if let Action::View(View::Toggle(element)) = action
                && !w.demo.selection.contains(element)
            {
                w.demo.selection.push(element.clone());
            }
        }
    })
}

fn block(id: &str) -> ElementId {
    ElementId::new(ElementKind::Block, id)
}

/// Where the middle of an element is on the screen.
fn place(harness: &Harnessed, id: &ElementId) -> Pos2 {
    let state = &harness.state().state;
    let centre = state.scene().item(id).expect("stands on the plan").bounds.centre();
    let p = state.view().expect("has been shown").to_screen(centre);
    pos2(p.x as f32, p.y as f32)
}

fn press(
    harness: &Harnessed,
    at: Pos2,
    button: PointerButton,
    pressed: bool,
    modifiers: Modifiers,
) {
    harness.event_modifiers(Event::PointerMoved(at), modifiers);
    let event = Event::PointerButton { pos: at, button, pressed, modifiers };
    harness.event_modifiers(event, modifiers);
}

fn click(harness: &mut Harnessed, at: Pos2, modifiers: Modifiers) {
    harness.event(Event::PointerMoved(at));
    harness.run();
    press(harness, at, PointerButton::Primary, true, modifiers);
    harness.run_steps(4);
    press(harness, at, PointerButton::Primary, false, modifiers);
    // Long enough that the next click is not the second of a double click.
    harness.run_steps(12);
}

/// Presses, moves in steps and releases.
fn drag(harness: &mut Harnessed, from: Pos2, by: Vec2, button: PointerButton) {
    harness.event(Event::PointerMoved(from));
    harness.run();
    press(harness, from, button, true, Modifiers::NONE);
    harness.run_steps(4);
    for i in 1..=4 {
        harness.event(Event::PointerMoved(from + by * (i as f32 / 4.0)));
        harness.run();
    }
    press(harness, from + by, button, false, Modifiers::NONE);
    harness.run_steps(4);
}

fn selected(harness: &Harnessed) -> Vec<String> {
    harness.state().demo.selection.iter().map(Element::path).collect()
}

const SIZE: Vec2 = vec2(1036.0, 612.0);

#[test]
fn the_canvas_and_its_halls_have_names() {
    let harness = window(Demo::invented(), SIZE, true);
    harness.get_by_label_contains("Site plan of Cedar Ridge");
    let hall = harness.get_by_label_contains("Hall 1, ");
    assert!(hall.rect().width() > 50.0);
    harness.get_by_label("Select (V)");
    harness.get_by_label("Overview of the site");
}

#[test]
fn a_click_on_a_block_selects_it_and_shift_adds_another() {
    let mut harness = window(Demo::invented(), SIZE, true);
    let (a, b) = (block("h2-n-r1-b1"), block("h3-s-r2-b2"));
    let at = place(&harness, &a);
    click(&mut harness, at, Modifiers::NONE);
    assert_eq!(selected(&harness), ["blocks.h2-n-r1-b1"]);
    let at = place(&harness, &b);
    click(&mut harness, at, Modifiers::SHIFT);
    assert_eq!(selected(&harness), ["blocks.h2-n-r1-b1", "blocks.h3-s-r2-b2"]);
    harness.key_press(Key::Escape);
    harness.run();
    assert!(selected(&harness).is_empty(), "Escape clears");
}

#[test]
fn a_drag_pans_by_exactly_what_the_pointer_moved() {
    let mut harness = window(Demo::invented(), SIZE, true);
    let mark = block("h5-n-r1-b1");
    for (tool, button) in
        [(Tool::Pan, PointerButton::Primary), (Tool::Select, PointerButton::Middle)]
    {
        harness.state_mut().state.tool = tool;
        let before = place(&harness, &mark);
        drag(&mut harness, pos2(520.0, 300.0), vec2(40.0, 25.0), button);
        let moved = place(&harness, &mark) - before;
        assert!((moved - vec2(40.0, 25.0)).length() < 0.01, "{tool:?} {moved:?}");
    }
    assert!(harness.state().actions.is_empty(), "panning selects nothing");
}

#[test]
fn the_wheel_zooms_at_the_pointer_and_f_brings_the_site_back() {
    let mut harness = window(Demo::invented(), SIZE, true);
    let mark = block("h5-n-r1-b1");
    let (at, fitted) = (place(&harness, &mark), *harness.state().state.view().expect("shown"));
    harness.event(Event::PointerMoved(at));
    harness.run();
    for _ in 0..6 {
        harness.event(Event::MouseWheel {
            unit: eframe::egui::MouseWheelUnit::Line,
            delta: vec2(0.0, 1.0),
            phase: eframe::egui::TouchPhase::Move,
            source: eframe::egui::MouseWheelSource::Unknown,
            modifiers: Modifiers::NONE,
        });
        harness.run_steps(2);
    }
    let zoomed = *harness.state().state.view().expect("shown");
    assert!(zoomed.scale > 2.0 * fitted.scale, "{} {}", zoomed.scale, fitted.scale);
    assert!((place(&harness, &mark) - at).length() < 0.05, "the ground under the pointer stays");
    harness.key_press(Key::F);
    harness.run();
    let back = harness.state().state.view().expect("shown");
    assert!((back.scale / fitted.scale - 1.0).abs() < 1e-9);
}

#[test]
fn a_marquee_selects_the_blocks_that_it_holds() {
    let mut harness = window(Demo::invented(), SIZE, true);
    let row: Vec<ElementId> = (1..=3).map(|i| block(&format!("h2-n-r1-b{i}"))).collect();
    let boxes: Vec<Pos2> = row.iter().map(|id| place(&harness, id)).collect();
    let left = boxes.iter().map(|p| p.x).fold(f32::INFINITY, f32::min);
    let right = boxes.iter().map(|p| p.x).fold(0.0, f32::max);
    let y = boxes[0].y;
    let from = pos2(left - 12.0, y - 4.0);
    drag(&mut harness, from, vec2(right - left + 24.0, 8.0), PointerButton::Primary);
    let mut paths = selected(&harness);
    paths.sort();
    assert_eq!(paths, ["blocks.h2-n-r1-b1", "blocks.h2-n-r1-b2", "blocks.h2-n-r1-b3"]);
}

#[test]
fn dragging_a_selected_block_moves_it_on_the_raster_in_one_gesture() {
    let mut harness = window(Demo::invented(), SIZE, true);
    let id = block("h2-n-r1-b1");
    let at = place(&harness, &id);
    click(&mut harness, at, Modifiers::NONE);
    harness.state_mut().actions.clear();
    drag(&mut harness, at, vec2(30.0, 12.0), PointerButton::Primary);
    let scale = harness.state().state.view().expect("shown").scale;
    let (mut way, mut ends) = ([0.0, 0.0], 0);
    for action in &harness.state().actions {
        let Action::Edit(Edit::Move { elements, delta_m, gesture }) = action else { continue };
        assert_eq!(*elements, [Element::new(Kind::Block, "h2-n-r1-b1")]);
        way = *delta_m;
        ends += usize::from(*gesture == Gesture::Finished);
    }
    assert_eq!(ends, 1, "one gesture");
    for (m, px) in way.iter().zip([30.0, 12.0]) {
        let reach = (6.0 / scale).max(0.3);
        assert!((m - px / scale).abs() <= reach + 1e-6, "{m} {px}: near the pointer");
    }
}

/// Presses on an element and moves the pointer; the button stays down.
fn hold(harness: &mut Harnessed, from: Pos2, by: Vec2, modifiers: Modifiers) {
    harness.event(Event::PointerMoved(from));
    harness.run();
    press(harness, from, PointerButton::Primary, true, modifiers);
    harness.run_steps(4);
    for i in 1..=3 {
        harness.event_modifiers(Event::PointerMoved(from + by * (i as f32 / 3.0)), modifiers);
        harness.run();
    }
}

/// The ways that were asked for, the last first.
fn ways(harness: &Harnessed) -> impl Iterator<Item = [f64; 2]> + '_ {
    harness.state().actions.iter().rev().filter_map(|action| match action {
        Action::Edit(Edit::Move { delta_m, .. }) => Some(*delta_m),
        _ => None,
    })
}

/// The way that was asked for last.
fn way(harness: &Harnessed) -> [f64; 2] {
    ways(harness).next().expect("moved")
}

#[test]
fn a_dragged_hall_snaps_to_its_neighbours_and_alt_suspends_that() {
    let mut harness = window(Demo::invented(), SIZE, true);
    let halls: Vec<_> = ["h1", "h2"].map(|id| ElementId::new(ElementKind::Hall, id)).to_vec();
    let bounds = |harness: &Harnessed, i: usize| {
        harness.state().state.scene().item(&halls[i]).expect("stands").bounds
    };
    let (one, two) = (bounds(&harness, 0), bounds(&harness, 1));
    harness.state_mut().demo.selection = vec![Element::new(Kind::Hall, "h1")];
    harness.run();
    // An empty corner of the hall, where no rack is hit.
    let scale = harness.state().state.view().expect("shown").scale;
    let corner = one.min.plus(3.0 / scale, 3.0 / scale);
    let p = harness.state().state.view().expect("shown").to_screen(corner);
    let from = pos2(p.x as f32, p.y as f32);
    // Nearly so far that the left edges meet.
    let miss = 4.0;
    let by = vec2(((two.min.x - one.min.x) * scale + miss) as f32, 90.0);
    hold(&mut harness, from, by, Modifiers::NONE);
    look(&mut harness, "plan-guides");
    let snapped = way(&harness)[0];
    let wanted = f64::from(by.x) / scale;
    assert!((snapped - wanted).abs() <= 6.0 / scale + 1e-6, "{snapped} is near {wanted}");
    // An edge or the centre lies on one of a neighbour.
    let lines = |b: &gigasite::scene::geom::Bounds| [b.min.x, b.max.x, b.centre().x];
    let own = lines(&one.moved(snapped, 0.0));
    let scene = harness.state().state.scene();
    let others = scene.items().filter(|i| i.id != halls[0]);
    let on = |b: &gigasite::scene::geom::Bounds| {
        lines(b).iter().any(|x| own.iter().any(|y| (x - y).abs() < 1e-6))
    };
    assert!(others.into_iter().any(|i| on(&i.bounds)), "{snapped}");
    press(&harness, from + by, PointerButton::Primary, false, Modifiers::NONE);
    harness.run_steps(4);
    hold(&mut harness, from, by, Modifiers::ALT);
    let free = ways(&harness).any(|way| (way[0] - wanted).abs() < 0.2 / scale);
    assert!(free, "while Alt is held it goes as the pointer moved");
}

#[test]
fn a_distance_typed_while_dragging_is_applied_exactly() {
    let mut harness = window(Demo::invented(), SIZE, true);
    let id = block("h2-n-r1-b1");
    let at = place(&harness, &id);
    click(&mut harness, at, Modifiers::NONE);
    hold(&mut harness, at, vec2(40.0, 9.0), Modifiers::NONE);
    for letter in ["1", "2", ".", "5"] {
        harness.event(Event::Text(letter.to_owned()));
        harness.run();
    }
    harness.get_by_label("dx 12.5 m");
    harness.key_press(Key::Tab);
    harness.run();
    for letter in ["-", "1", "0", " ", "f", "t"] {
        harness.event(Event::Text(letter.to_owned()));
        harness.run();
    }
    harness.get_by_label("dy -10 ft m");
    look(&mut harness, "plan-typed");
    harness.key_press(Key::Enter);
    harness.run_steps(3);
    let moved = way(&harness);
    assert_eq!(moved[0], 12.5);
    assert!((moved[1] + 3.048).abs() < 1e-12, "{moved:?}");
    let last = harness.state().actions.last().cloned();
    assert!(
        matches!(last, Some(Action::Edit(Edit::Move { gesture: Gesture::Finished, .. }))),
        "{last:?}"
    );
    assert!(harness.query_by_label_contains("dx ").is_none(), "the field is gone");
}

#[test]
fn a_width_typed_while_a_handle_is_dragged_is_applied_exactly() {
    let mut harness = window(Demo::invented(), SIZE, true);
    harness.state_mut().demo.selection = vec![Element::new(Kind::Hall, "h1")];
    harness.run();
    let hall = ElementId::new(ElementKind::Hall, "h1");
    let wide = harness.state().state.scene().item(&hall).expect("stands").bounds.width();
    let at = harness.get_by_label("Handle east of Hall 1").rect().center();
    hold(&mut harness, at, vec2(12.0, 0.0), Modifiers::NONE);
    let type_in = |harness: &mut Harnessed, text: &str| {
        harness.event(Event::Text(text.to_owned()));
        harness.run();
    };
    type_in(&mut harness, "99999");
    harness.key_press(Key::Enter);
    harness.run_steps(3);
    // Refused with the reason; the field stays.
    look(&mut harness, "plan-typed-refused");
    for _ in 0..5 {
        harness.key_press(Key::Backspace);
        harness.run();
    }
    type_in(&mut harness, &format!("{wide}+1"));
    harness.get_by_label(&format!("width {wide}+1 m"));
    harness.key_press(Key::Enter);
    harness.run_steps(3);
    let applied = applied(&harness);
    let Some((Command::Resize { size, .. }, Gesture::Finished)) = applied.last() else {
        panic!("{applied:?}")
    };
    assert_eq!(size[0], wide + 1.0);
}

/// Commands of the editor that were asked for.
fn applied(harness: &Harnessed) -> Vec<(Command, Gesture)> {
    let actions = harness.state().actions.iter();
    let applied = actions.filter_map(|action| match action {
        Action::Edit(Edit::Apply { command, gesture }) => Some(((**command).clone(), *gesture)),
        _ => None,
    });
    applied.collect()
}

#[test]
fn dragging_a_handle_of_a_hall_moves_its_side_in_one_gesture() {
    let mut harness = window(Demo::invented(), SIZE, true);
    harness.state_mut().demo.selection = vec![Element::new(Kind::Hall, "h1")];
    harness.run();
    let hall = ElementId::new(ElementKind::Hall, "h1");
    let before = harness.state().state.scene().item(&hall).expect("stands").bounds;
    let at = harness.get_by_label("Handle east of Hall 1").rect().center();
    drag(&mut harness, at, vec2(20.0, 7.0), PointerButton::Primary);
    let scale = harness.state().state.view().expect("shown").scale;
    let applied = applied(&harness);
    assert_eq!(applied.iter().filter(|(_, g)| *g == Gesture::Finished).count(), 1);
    let Some((Command::Resize { id, at, size }, Gesture::Finished)) = applied.last() else {
        panic!("{applied:?}")
    };
    assert_eq!(id.as_str(), "halls.h1");
    assert_eq!((*at, size[1]), ([before.min.x, before.min.y], before.height()));
    let grown = size[0] - before.width();
    let reach = (6.0 / scale).max(0.3);
    assert!((grown - 20.0 / scale).abs() <= reach, "{grown} is what the pointer moved");
}

#[test]
fn escape_takes_back_a_drag_that_goes_on() {
    let mut harness = window(Demo::invented(), SIZE, true);
    let id = block("h2-n-r1-b1");
    let from = place(&harness, &id);
    click(&mut harness, from, Modifiers::NONE);
    press(&harness, from, PointerButton::Primary, true, Modifiers::NONE);
    harness.run_steps(4);
    harness.event(Event::PointerMoved(from + vec2(60.0, 20.0)));
    harness.run_steps(3);
    harness.state_mut().actions.clear();
    harness.key_press(Key::Escape);
    harness.run_steps(3);
    assert_eq!(harness.state().actions, [Action::Edit(Edit::Abandon)]);
    assert_eq!(selected(&harness), ["blocks.h2-n-r1-b1"], "the selection stays");
}

#[test]
fn a_jump_brings_a_small_block_close() {
    let mut harness = window(Demo::invented(), SIZE, true);
    let element = Element::new(Kind::Block, "h8-n-r3-b2");
    harness.state_mut().state.jump(&element);
    harness.run();
    let at = place(&harness, &block("h8-n-r3-b2"));
    assert!((at - pos2(SIZE.x / 2.0, SIZE.y / 2.0)).length() < 2.0, "{at:?}");
    let view = harness.state().state.view().expect("shown");
    assert!(view.scale > 8.0, "racks can be told apart");
}

#[test]
fn an_edited_hall_is_rebuilt_alone() {
    use gigasite::scene::plan::PlanScene;
    let demo = Demo::invented();
    let mut scene = PlanScene::default();
    assert!(scene.update(&demo.site, &demo.catalog));
    let all = scene.rebuilt;
    let mut site = demo.site.clone();
    assert!(!scene.update(&site, &demo.catalog), "a copy of pointers changes nothing");
    let group = std::sync::Arc::make_mut(&mut site.halls[3]);
    group.blocks[0].at[0] += 3.0;
    assert!(scene.update(&site, &demo.catalog));
    assert_eq!((scene.rebuilt, all), (1, demo.site.halls.len() + 1));
}

#[test]
fn a_point_hits_the_smallest_thing_on_it() {
    use gigasite::scene::plan::PlanScene;
    let demo = Demo::invented();
    let mut scene = PlanScene::default();
    scene.update(&demo.site, &demo.catalog);
    let middle = |id: &ElementId| -> Pt { scene.item(id).expect("exists").bounds.centre() };
    let b = block("h1-n-r1-b1");
    assert_eq!(scene.hit(middle(&b)).map(|i| &i.id), Some(&b));
    let t = ElementId::new(ElementKind::Node, "t-a1");
    assert_eq!(scene.hit(middle(&t)).map(|i| &i.id), Some(&t), "not the yard around it");
    assert!(scene.hit(pt(-500.0, -500.0)).is_none());
}

#[test]
fn the_plan_paints_at_every_zoom() {
    for (dark, name) in [(true, "plan-dark"), (false, "plan-light")] {
        let mut harness = window(Demo::invented(), SIZE, dark);
        let at = place(&harness, &block("h8-n-r3-b2"));
        click(&mut harness, at, Modifiers::NONE);
        look(&mut harness, name);
        if !dark {
            continue;
        }
        harness.state_mut().state.overlay = Overlay::Tier;
        for (scale, zoom) in [(3.0, "hall"), (12.0, "row"), (45.0, "rack"), (0.35, "far")] {
            let state = &mut harness.state_mut().state;
            let target = state.scene().item(&block("h8-n-r3-b2")).expect("exists").bounds.centre();
            state.look(target, scale);
            harness.run();
            look(&mut harness, &format!("plan-{zoom}"));
        }
        harness.state_mut().state.overlay = Overlay::None;
        harness.key_press(Key::F);
        harness.run();
        look(&mut harness, "plan-racks");
    }
    for (layout, name) in [
        ("mixed-250mw.ron", "plan-mixed"),
        ("pilot-20mw.ron", "plan-pilot"),
        ("keynote-mixed-1gw.ron", "plan-keynote"),
    ] {
        let mut harness = window(Demo::of(layout), SIZE, true);
        look(&mut harness, name);
    }
}

#[test]
fn the_dark_plan_looks_as_agreed() {
    window(Demo::invented(), SIZE, true).snapshot_options("plan-dark", &agreed());
}

#[test]
fn the_light_plan_looks_as_agreed() {
    window(Demo::invented(), SIZE, false).snapshot_options("plan-light", &agreed());
}
