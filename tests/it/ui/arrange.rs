//! Arranging what stands on the plan: by menu, by key, by field and by handle.

use super::app::{app, layout, settle};
use super::{enter, look};
use eframe::egui::{Event, Key, Modifiers, PointerButton, pos2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use gigasite::gui::action::{Action, View};
use gigasite::gui::app::App;
use gigasite::gui::context::{Element, Kind};
use gigasite::gui::dialogs::FakeDialogs;
use gigasite::scene::plan::{ElementId, ElementKind};
use gigasite::site::Site;

type Place = ([f64; 2], [f64; 2]);

fn pilot() -> Harness<'static, App> {
    app(&layout("pilot-20mw.ron"), FakeDialogs::default())
}

fn site(harness: &Harness<'_, App>) -> Site {
    harness.state().session().editor().site().clone()
}

fn place(harness: &Harness<'_, App>, id: &str) -> Place {
    site(harness).find(id).and_then(|e| e.rectangle()).expect("a place")
}

fn select(harness: &mut Harness<'_, App>, elements: &[(Kind, &str)]) {
    let elements = elements.iter().map(|(kind, id)| Element::new(*kind, *id)).collect();
    harness.state_mut().push(Action::View(View::Select(elements)));
    harness.run_steps(3);
}

fn selected(harness: &Harness<'_, App>) -> usize {
    harness.state().session().editor().selection().len()
}

/// Runs an entry of the menu "Arrange".
fn arrange(harness: &mut Harness<'_, App>, entry: &str) {
    harness.get_by_label("Arrange menu").click();
    harness.run_steps(4);
    look(harness, "menu-arrange");
    harness.get_by_label(entry).click();
    settle(harness);
}

fn undo_label(harness: &Harness<'_, App>) -> String {
    harness.state().session().editor().undo_label().unwrap_or_default().to_owned()
}

#[test]
fn the_menu_aligns_and_distributes_the_selection() {
    let mut harness = pilot();
    let nodes: Vec<String> = site(&harness).campus.nodes.iter().map(|n| n.id.clone()).collect();
    let three: Vec<(Kind, &str)> = nodes.iter().take(3).map(|n| (Kind::Node, n.as_str())).collect();
    select(&mut harness, &three);
    let wanted = nodes.iter().take(3).map(|n| place(&harness, n).0[0]).fold(f64::MAX, f64::min);
    arrange(&mut harness, "Align left edges");
    assert_eq!(undo_label(&harness), "Align left edges of 3 nodes");
    for id in nodes.iter().take(3) {
        assert!((place(&harness, id).0[0] - wanted).abs() < 1e-9);
    }
    arrange(&mut harness, "Distribute vertically");
    let mut boxes: Vec<Place> = nodes.iter().take(3).map(|n| place(&harness, n)).collect();
    boxes.sort_by(|a, b| (a.0[1] + a.1[1] / 2.0).total_cmp(&(b.0[1] + b.1[1] / 2.0)));
    let gap = |i: usize| boxes[i + 1].0[1] - boxes[i].0[1] - boxes[i].1[1];
    assert!((gap(0) - gap(1)).abs() < 1e-9);
    // The menu of the selection has them too.
    select(&mut harness, &three);
    harness.key_press_modifiers(Modifiers::SHIFT, Key::F10);
    harness.run_steps(4);
    look(&mut harness, "context-menu-several");
    harness.get_by_label("Align bottom edges").click();
    settle(&mut harness);
    let bottom = |id: &String| place(&harness, id).0[1] + place(&harness, id).1[1];
    assert!(nodes.iter().take(3).all(|n| (bottom(n) - bottom(&nodes[0])).abs() < 1e-9));
}

#[test]
fn place_and_size_are_fields_of_every_element() {
    let mut harness = pilot();
    select(&mut harness, &[(Kind::Hall, "hall")]);
    look(&mut harness, "inspector-place");
    let name = site(&harness).halls[0].hall.clone().expect("a hall").name;
    let before = place(&harness, "hall");
    let block = place(&harness, "r1-b1");
    enter(&mut harness, &format!("X of {name}"), &format!("{}+2*3", before.0[0]));
    settle(&mut harness);
    assert_eq!(place(&harness, "hall").0, [before.0[0] + 6.0, before.0[1]]);
    assert_eq!(place(&harness, "r1-b1").0[0], block.0[0] + 6.0, "its racks move along");
    enter(&mut harness, &format!("Width of {name}"), "200 ft");
    settle(&mut harness);
    assert!((place(&harness, "hall").1[0] - 60.96).abs() < 1e-9);
    // A hall that is smaller than its rows is refused in words.
    enter(&mut harness, &format!("Width of {name}"), "5");
    settle(&mut harness);
    harness.get_by_label_contains("would not fit");
    assert!((place(&harness, "hall").1[0] - 60.96).abs() < 1e-9);
    // Every kind has the group.
    let all: Vec<(Kind, String)> = site(&harness)
        .elements()
        .filter(|e| e.rectangle().is_some())
        .filter_map(|e| Some((Element::of_path(&e.path())?.kind, e.id().to_owned())))
        .collect();
    let mut seen = std::collections::BTreeSet::new();
    for (kind, id) in all.iter().filter(|(kind, _)| seen.insert(*kind)) {
        if *kind == Kind::Loop {
            continue;
        }
        select(&mut harness, &[(*kind, id)]);
        let name = site(&harness).find(id).expect("stands").name().to_owned();
        harness.get_by_label(&format!("Depth of {name}"));
    }
}

#[test]
fn several_elements_are_moved_by_their_common_corner() {
    let mut harness = pilot();
    select(&mut harness, &[(Kind::Hall, "hall"), (Kind::Loop, "loop")]);
    let before = place(&harness, "hall");
    let cdu = site(&harness).campus.loops[0].cdus[0].at;
    enter(&mut harness, "X of the selection", "-1");
    settle(&mut harness);
    let by = place(&harness, "hall").0[0] - before.0[0];
    assert!(by != 0.0);
    assert!((site(&harness).campus.loops[0].cdus[0].at[0] - cdu[0] - by).abs() < 1e-9);
}

#[test]
fn control_a_selects_all_and_with_alt_it_inverts() {
    let mut harness = pilot();
    harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
    harness.run_steps(3);
    let machines =
        site(&harness).campus.loops[0].cdus.len() + site(&harness).campus.loops[0].rejection.len();
    assert_eq!(selected(&harness), site(&harness).elements().count() - machines);
    select(&mut harness, &[(Kind::Hall, "hall")]);
    harness.key_press_modifiers(Modifiers::COMMAND | Modifiers::ALT, Key::A);
    harness.run_steps(3);
    let selection = harness.state().session().editor().selection();
    let ids: Vec<&str> = selection.iter().map(|id| id.as_str()).collect();
    assert!(!ids.is_empty() && !ids.iter().any(|id| id.contains("hall")), "{ids:?}");
    // A text field keeps the key to itself.
    select(&mut harness, &[(Kind::Hall, "hall")]);
    let name = site(&harness).halls[0].hall.clone().expect("a hall").name;
    harness.get_by_label(&format!("X of {name}")).click();
    harness.run_steps(3);
    harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
    harness.run_steps(3);
    assert_eq!(selected(&harness), 1);
}

#[test]
fn control_and_arrows_grow_and_shrink_while_the_plan_has_the_keyboard() {
    let mut harness = pilot();
    select(&mut harness, &[(Kind::Block, "r1-b2")]);
    harness.get_by_label_contains("Site plan of").focus();
    harness.run_steps(3);
    let count = |harness: &Harness<'_, App>| site(harness).get("blocks.r1-b2.count");
    assert_eq!(count(&harness), Some(8.into()));
    harness.key_press_modifiers(Modifiers::COMMAND | Modifiers::SHIFT, Key::ArrowRight);
    settle(&mut harness);
    assert_eq!(count(&harness), Some(7.into()));
    harness.key_press_modifiers(Modifiers::COMMAND, Key::ArrowRight);
    settle(&mut harness);
    assert_eq!(count(&harness), Some(8.into()));
    assert_eq!(harness.state().session().editor().history().len(), 2);
}

#[test]
fn a_handle_dragged_by_the_mouse_is_one_entry_and_stops_where_it_would_not_fit() {
    let mut harness = pilot();
    select(&mut harness, &[(Kind::Hall, "hall")]);
    let name = site(&harness).halls[0].hall.clone().expect("a hall").name;
    let before = place(&harness, "hall");
    let press = |harness: &Harness<'_, App>, pos, pressed| {
        let (button, modifiers) = (PointerButton::Primary, Modifiers::NONE);
        harness.event(Event::PointerButton { pos, button, pressed, modifiers });
    };
    let at = harness.get_by_label(&format!("Handle east of {name}")).rect().center();
    harness.event(Event::PointerMoved(at));
    harness.run_steps(2);
    press(&harness, at, true);
    harness.run_steps(3);
    for step in [10.0, 25.0, -900.0] {
        harness.event(Event::PointerMoved(at + vec2(step, 0.0)));
        harness.run_steps(3);
        look(&mut harness, &format!("resize{step}"));
    }
    press(&harness, at + vec2(-900.0, 0.0), false);
    settle(&mut harness);
    let now = place(&harness, "hall");
    assert!(now.1[0] > before.1[0], "the last size that fits stays: {now:?}");
    assert_eq!((now.0, now.1[1]), (before.0, before.1[1]));
    assert_eq!(harness.state().session().editor().history().len(), 1);
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    settle(&mut harness);
    assert_eq!(place(&harness, "hall"), before);
}

/// A click on the middle of an element of the plan.
fn click_plan(harness: &mut Harness<'_, App>, id: &ElementId, modifiers: Modifiers) {
    let plan = &harness.state().view().plan;
    let centre = plan.scene().item(id).expect("stands").bounds.centre();
    let at = plan.view().expect("shown").to_screen(centre);
    let pos = pos2(at.x as f32, at.y as f32);
    harness.event_modifiers(Event::PointerMoved(pos), modifiers);
    harness.run_steps(2);
    for pressed in [true, false] {
        let button = PointerButton::Primary;
        let event = Event::PointerButton { pos, button, pressed, modifiers };
        harness.event_modifiers(event, modifiers);
        harness.run_steps(1);
    }
    // Long enough that the next click is not the second of a double click.
    harness.run_steps(8);
}

#[test]
fn a_click_selects_the_whole_group_and_with_alt_the_member() {
    let mut harness = pilot();
    select(&mut harness, &[(Kind::Feed, "feed-1"), (Kind::Node, "t-1")]);
    assert_eq!(selected(&harness), 2, "both exist");
    harness.key_press_modifiers(Modifiers::COMMAND, Key::G);
    settle(&mut harness);
    assert_eq!(undo_label(&harness), "Group 2 elements");
    let node = ElementId::new(ElementKind::Node, "t-1");
    select(&mut harness, &[]);
    click_plan(&mut harness, &node, Modifiers::NONE);
    assert_eq!(selected(&harness), 2);
    look(&mut harness, "group");
    enter(&mut harness, "Name", "Intake");
    settle(&mut harness);
    assert_eq!(site(&harness).campus.groups[0].name, "Intake");
    // The tree has it, and a click there selects it as well.
    select(&mut harness, &[]);
    harness.get_by_label("Intake 2").click();
    harness.run_steps(4);
    assert_eq!(selected(&harness), 2);
    click_plan(&mut harness, &node, Modifiers::ALT);
    assert_eq!(selected(&harness), 1);
    harness.key_press_modifiers(Modifiers::COMMAND | Modifiers::SHIFT, Key::G);
    settle(&mut harness);
    assert!(site(&harness).campus.groups.is_empty());
}

#[test]
fn a_locked_hall_says_so_and_its_fields_take_nothing() {
    let mut harness = pilot();
    select(&mut harness, &[(Kind::Hall, "hall")]);
    harness.key_press_modifiers(Modifiers::COMMAND, Key::L);
    settle(&mut harness);
    look(&mut harness, "locked");
    harness.get_by_label("Locked");
    let before = site(&harness);
    harness.get_by_label("X of Hall").click();
    harness.run_steps(2);
    assert!(!harness.get_by_label("X of Hall").is_focused());
    assert!(harness.query_by_label("Handle east of Hall").is_none());
    harness.get_by_label_contains("Site plan of").focus();
    harness.run_steps(3);
    harness.key_press(Key::ArrowRight);
    settle(&mut harness);
    harness.get_by_label_contains("hall is locked: unlock it first");
    assert_eq!(site(&harness), before);
    select(&mut harness, &[(Kind::Block, "r1-b1")]);
    harness.get_by_label("Locked by hall");
    assert!(harness.query_by_label("Unlock").is_none(), "its hall has to be unlocked");
    select(&mut harness, &[(Kind::Hall, "hall")]);
    harness.get_by_label("Unlock").click();
    settle(&mut harness);
    assert!(site(&harness).campus.locked.is_empty());
    harness.get_by_label("Handle east of Hall");
}

#[test]
fn escape_takes_back_what_is_dragged_and_leaves_no_entry() {
    let mut harness = pilot();
    let node = ElementId::new(ElementKind::Node, "t-1");
    click_plan(&mut harness, &node, Modifiers::NONE);
    assert_eq!(selected(&harness), 1);
    let before = place(&harness, "t-1");
    let plan = &harness.state().view().plan;
    let centre = plan.scene().item(&node).expect("stands").bounds.centre();
    let at = plan.view().expect("shown").to_screen(centre);
    let pos = pos2(at.x as f32, at.y as f32);
    let (button, modifiers) = (PointerButton::Primary, Modifiers::NONE);
    harness.event(Event::PointerButton { pos, button, pressed: true, modifiers });
    harness.run_steps(2);
    harness.event(Event::PointerMoved(pos + vec2(80.0, 30.0)));
    harness.run_steps(3);
    assert!(place(&harness, "t-1") != before, "it follows the pointer");
    // Letters are for the measures now, not for commands.
    harness.key_press(Key::R);
    harness.run_steps(2);
    assert_eq!(place(&harness, "t-1").1, before.1);
    harness.key_press(Key::Escape);
    harness.run_steps(3);
    assert_eq!(place(&harness, "t-1"), before);
    assert!(harness.state().session().editor().history().is_empty());
    assert_eq!(selected(&harness), 1);
}

#[test]
fn the_rack_type_of_the_site_is_changed_after_the_dialog_has_told_what_fits() {
    let mut harness = pilot();
    let before = site(&harness);
    harness.get_by_label("Site menu").click();
    harness.run_steps(4);
    harness.get_by_label("Change rack type...").click();
    harness.run_steps(4);
    harness.get_by_label("Of every block of the site");
    harness.get_by_label_contains("blocks with 48 racks become 48 racks");
    look(&mut harness, "rack-type");
    harness.get_by_label("Racks: As many as fit").click();
    harness.run_steps(4);
    look(&mut harness, "rack-type-fit");
    harness.get_by_label("Cancel").click();
    harness.run_steps(4);
    assert_eq!(site(&harness), before);
    // Of the selection alone, by the menu of the selection.
    select(&mut harness, &[(Kind::Block, "r1-b1")]);
    harness.key_press_modifiers(Modifiers::SHIFT, Key::F10);
    harness.run_steps(4);
    harness.get_by_label("Change rack type...").click();
    harness.run_steps(4);
    harness.get_by_label("Of the blocks of the selected element");
    harness.get_by_label("Change").click();
    settle(&mut harness);
    let after = site(&harness);
    let rack =
        |site: &Site, id: &str| site.blocks().find(|b| b.id == id).and_then(|b| b.rack.clone());
    assert_ne!(rack(&after, "r1-b1"), rack(&before, "r1-b1"));
    assert_eq!(rack(&after, "r1-b2"), rack(&before, "r1-b2"));
    assert_eq!(harness.state().session().editor().history().len(), 1);
}

#[test]
fn every_way_of_aligning_is_an_entry_and_one_step_back() {
    let mut harness = pilot();
    let all: Vec<String> = site(&harness).campus.nodes.iter().map(|n| n.id.clone()).collect();
    let three: Vec<(Kind, &str)> = all.iter().take(3).map(|n| (Kind::Node, n.as_str())).collect();
    let before = site(&harness);
    for entry in [
        "Align left edges",
        "Align centres",
        "Align right edges",
        "Align top edges",
        "Align middles",
        "Align bottom edges",
        "Distribute horizontally",
        "Distribute vertically",
        "Group",
        "Lock",
    ] {
        select(&mut harness, &three);
        arrange(&mut harness, entry);
        assert_ne!(site(&harness), before, "{entry}");
        harness.key_press_modifiers(Modifiers::COMMAND, Key::Z);
        settle(&mut harness);
        assert_eq!(site(&harness), before, "{entry}");
    }
}

#[test]
fn the_tree_marks_path_b_and_what_is_locked() {
    let mut harness = pilot();
    let all =
        |harness: &Harness<'_, App>, part: &str| harness.query_all_by_label_contains(part).count();
    assert_eq!((all(&harness, "path B from"), all(&harness, ", locked")), (0, 0));
    let set = gigasite::gui::action::Edit::set("blocks.r1-b1.node_b", "\"bw-2\"", "Set path B");
    harness.state_mut().push(set);
    settle(&mut harness);
    select(&mut harness, &[(Kind::Row, "r1")]);
    arrange(&mut harness, "Lock");
    harness.get_by_label("Unfold Hall").click();
    harness.run_steps(3);
    harness.get_by_label("Unfold Row 1").click();
    harness.run_steps(3);
    look(&mut harness, "tree-marks");
    let busway = site(&harness).find("bw-2").expect("a busway").name().to_owned();
    assert_eq!(all(&harness, &format!("path B from {busway}")), 1);
    assert_eq!(all(&harness, ", locked"), 1);
}
