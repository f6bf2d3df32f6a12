//! Presentation mode by its keys and labels.

use super::app::{app, layout, settle};
use eframe::egui::{Key, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use gigasite::gui::app::App;
use gigasite::gui::dialogs::FakeDialogs;

fn press(harness: &mut Harness<'_, App>, key: Key) {
    harness.key_press(key);
    settle(harness);
}

fn step(harness: &Harness<'_, App>) -> Option<usize> {
    harness.state().view().presentation.as_ref().map(|p| p.step)
}

#[test]
fn the_tour_is_walked_by_keys_and_changes_nothing_of_the_document() {
    let mut harness = app(&layout("campus-1gw.ron"), FakeDialogs::default());
    let before = harness.state().session().editor().document().layout().clone();
    press(&mut harness, Key::F11);
    assert_eq!(step(&harness), Some(0));
    harness.get_by_label("End the presentation");
    super::look(&mut harness, "present-1");
    for (n, key) in [(1, Key::Space), (2, Key::ArrowRight), (1, Key::Backspace), (2, Key::PageDown)]
    {
        press(&mut harness, key);
        assert_eq!(step(&harness), Some(n), "{key:?}");
        super::look(&mut harness, &format!("present-{}", n + 1));
    }
    // The figures come from the answers, with where they come from.
    harness.get_by_label_contains("The same gigawatt, ");
    harness.get_by_label_contains("M/s with Blackwell, 8 halls");
    harness.get_by_label("Step 6: The money").click();
    settle(&mut harness);
    assert_eq!(step(&harness), Some(5));
    super::look(&mut harness, "present-6");
    press(&mut harness, Key::Space);
    assert_eq!(step(&harness), Some(6));
    press(&mut harness, Key::Space);
    assert_eq!(step(&harness), Some(6), "the last step is the last");
    press(&mut harness, Key::Escape);
    assert_eq!(step(&harness), None);
    let document = harness.state().session().editor().document();
    assert_eq!(document.layout(), &before);
    assert!(!document.is_dirty() && document.active() == 0);
    assert_eq!(harness.state().session().editor().undo_label(), None);
    assert_eq!(harness.ctx.zoom_factor(), 1.0);
}

#[test]
fn a_layout_without_a_tour_presents_the_page_with_its_headline() {
    let mut harness = app(&layout("pilot-20mw.ron"), FakeDialogs::default());
    harness.get_by_label("Present").click();
    settle(&mut harness);
    assert_eq!(step(&harness), Some(0));
    harness.get_by_label_contains("Revenue, today's prices: $");
    assert!(harness.query_by_label_contains("Step 2").is_none());
    harness.set_size(vec2(1000.0, 700.0));
    settle(&mut harness);
    super::look(&mut harness, "present-narrow");
    harness.get_by_label("End the presentation").click();
    settle(&mut harness);
    assert_eq!(step(&harness), None);
}
