//! Repeating the selection in columns and rows, by keyboard alone and by mouse.

use super::app::{app, layout, settle};
use super::look;
use eframe::egui::{Event, Key, Modifiers, PointerButton, Pos2, pos2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use gigasite::gui::action::{Action, Edit, Tab, View};
use gigasite::gui::app::App;
use gigasite::gui::context::{Element, Kind};
use gigasite::gui::dialogs::FakeDialogs;
use gigasite::scene::geom::pt;
use gigasite::site::{Block, Site};
use gigasite::units::format::System;

type Window = Harness<'static, App>;

/// The pilot with a row of racks selected.
fn pilot() -> Window {
    let mut harness = app(&layout("pilot-20mw.ron"), FakeDialogs::default());
    let select = View::Select(vec![Element::new(Kind::Block, "r1-b1")]);
    harness.state_mut().push(Action::View(select));
    harness.run_steps(4);
    harness
}

fn site(harness: &Window) -> &Site {
    harness.state().session().editor().site()
}

fn new_blocks(before: &Site, harness: &Window) -> Vec<Block> {
    let after = site(harness).blocks();
    after.filter(|b| before.find(&b.id).is_none()).cloned().collect()
}

fn key(harness: &mut Window, key: Key) {
    harness.key_press(key);
    harness.run_steps(3);
}

/// Types into what has the keyboard.
fn text(harness: &mut Window, text: &str) {
    harness.event(Event::Text(text.to_owned()));
    harness.run_steps(2);
}

fn says(harness: &Window, words: &str) {
    let all: Vec<String> = harness
        .query_all_by_label_contains("Array: ")
        .filter_map(|n| n.accesskit_node().label())
        .collect();
    assert!(all.iter().any(|l| l.contains(words)), "{words}: {all:?}");
}

#[test]
fn an_array_is_typed_previewed_and_made_without_a_mouse() {
    let mut harness = pilot();
    let before = site(&harness).clone();
    harness.state_mut().push(Action::View(View::Tab(Tab::Economics)));
    harness.run_steps(3);
    harness.key_press_modifiers(Modifiers::COMMAND, Key::R);
    harness.run_steps(4);
    assert!(harness.state().view().plan.array().is_some(), "comes up on the plan");
    // Two columns would stand in the block beside.
    says(&harness, "overlap");
    text(&mut harness, "1");
    says(&harness, "what is there already");
    key(&mut harness, Key::Tab);
    text(&mut harness, "2");
    key(&mut harness, Key::Tab);
    key(&mut harness, Key::Tab);
    text(&mut harness, "2");
    says(&harness, "an aisle for service and air takes 1.20 m");
    look(&mut harness, "array-refused");
    harness.key_press(Key::Backspace);
    harness.run_steps(2);
    text(&mut harness, "1.5*2 m");
    says(&harness, "1 copy of 16 racks");
    look(&mut harness, "array-preview");
    assert_eq!(*site(&harness), before, "a preview changes nothing");
    key(&mut harness, Key::Enter);
    key(&mut harness, Key::Enter);
    settle(&mut harness);
    let [copy] = new_blocks(&before, &harness).try_into().expect("one block");
    assert_eq!(copy.at, [40.0, 57.0]);
    let label = harness.state().session().editor().undo_label().map(str::to_owned);
    assert_eq!(label.as_deref(), Some("Array 16 racks as 1 × 2"));
    assert!(harness.state().view().plan.array().is_none(), "the tool ends");
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    settle(&mut harness);
    assert_eq!(*site(&harness), before, "one entry");
}

#[test]
fn pitches_are_feet_in_us_units_and_escape_leaves_the_site_alone() {
    let mut harness = pilot();
    let before = site(&harness).clone();
    harness.state_mut().push(Action::View(View::Units(System::Us)));
    harness.run_steps(3);
    harness.get_by_label("Arrange menu").click();
    harness.run_steps(4);
    harness.get_by_label("Array...").click();
    harness.run_steps(4);
    harness.get_by_label("Columns").click();
    harness.run_steps(2);
    text(&mut harness, "1");
    key(&mut harness, Key::Tab);
    text(&mut harness, "2");
    key(&mut harness, Key::Tab);
    key(&mut harness, Key::Tab);
    text(&mut harness, "10");
    key(&mut harness, Key::Enter);
    let pitch = harness.state().view().plan.array().and_then(|t| t.array()).expect("runs").pitch_m;
    assert!((pitch[1] - 3.048).abs() < 1e-9, "{pitch:?}");
    key(&mut harness, Key::Escape);
    assert!(harness.state().view().plan.array().is_none());
    assert_eq!(*site(&harness), before);
}

#[test]
fn a_drag_draws_rows_and_the_button_makes_them() {
    let mut harness = pilot();
    let before = site(&harness).clone();
    harness.key_press_modifiers(Modifiers::COMMAND, Key::R);
    harness.run_steps(4);
    let at = |harness: &Window, x: f64, y: f64| -> Pos2 {
        let p = harness.state().view().plan.view().expect("is shown").to_screen(pt(x, y));
        pos2(p.x as f32, p.y as f32)
    };
    // Two rows of the default pitch of 2.4 m below, in the same column.
    let (from, to) = (at(&harness, 48.8, 55.0), at(&harness, 48.8, 54.6 + 4.8));
    harness.event(Event::PointerMoved(from));
    harness.run_steps(2);
    let button = |harness: &mut Window, pos: Pos2, pressed: bool| {
        let (button, modifiers) = (PointerButton::Primary, Modifiers::NONE);
        harness.event(Event::PointerButton { pos, button, pressed, modifiers });
        harness.run_steps(2);
    };
    button(&mut harness, from, true);
    for i in 1..=6 {
        harness.event(Event::PointerMoved(from.lerp(to, i as f32 / 6.0)));
        harness.run_steps(2);
    }
    button(&mut harness, to, false);
    says(&harness, "2 copies of 16 racks");
    harness.get_by_label("Create the array").click();
    settle(&mut harness);
    let mut tops: Vec<f64> = new_blocks(&before, &harness).iter().map(|b| b.at[1]).collect();
    tops.sort_by(f64::total_cmp);
    assert_eq!(tops.len(), 2);
    assert!((tops[0] - 56.4).abs() < 1e-9 && (tops[1] - 58.8).abs() < 1e-9, "{tops:?}");
}

#[test]
fn an_array_of_what_has_no_place_is_not_offered() {
    let mut harness = app(&layout("pilot-20mw.ron"), FakeDialogs::default());
    harness.state_mut().push(Action::View(View::Select(vec![Element::new(Kind::Site, "")])));
    harness.run_steps(3);
    harness.key_press_modifiers(Modifiers::COMMAND, Key::R);
    harness.run_steps(3);
    assert!(harness.state().view().plan.array().is_none());
    // What is removed while it is repeated ends the tool and harms nothing.
    let one = Element::new(Kind::Block, "r1-b1");
    harness.state_mut().push(Action::View(View::Select(vec![one.clone()])));
    harness.state_mut().push(Action::View(View::Array(vec![one.clone()])));
    harness.run_steps(3);
    harness.state_mut().push(Action::Edit(Edit::DeleteNow(vec![one])));
    harness.run_steps(4);
    says(&harness, "no element");
}
