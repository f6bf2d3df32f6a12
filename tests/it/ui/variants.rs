//! Variants in the window, by label.

use super::app::{app, layout, settle};
use eframe::egui::{Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use gigasite::gui::action::Tab;
use gigasite::gui::app::App;
use gigasite::gui::dialogs::FakeDialogs;

fn shown(harness: &Harness<'_, App>) -> String {
    harness.state().session().editor().document().variant().name.clone()
}

#[test]
fn the_menu_beside_the_title_switches_and_undo_switches_back() {
    let mut harness = app(&layout("campus-1gw.ron"), FakeDialogs::default());
    harness.get_by_label("Variant A, Rubin 6+2, choose a variant").click();
    harness.run_steps(3);
    harness.get_by_label("B  Blackwell, 8 halls").click();
    settle(&mut harness);
    assert_eq!(shown(&harness), "Blackwell, 8 halls");
    harness.get_by_label("Variant B, Blackwell, 8 halls, choose a variant");
    assert!(!harness.state().session().editor().document().is_dirty());
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    settle(&mut harness);
    assert_eq!(shown(&harness), "Rubin 6+2");
    harness.key_press_modifiers(Modifiers::COMMAND, Key::B);
    settle(&mut harness);
    assert_eq!(shown(&harness), "Blackwell, 8 halls");
}

#[test]
fn a_new_variant_is_asked_for_its_name_and_takes_the_edits() {
    let mut harness = app(&layout("pilot-20mw.ron"), FakeDialogs::default());
    harness.key_press_modifiers(Modifiers::COMMAND | Modifiers::SHIFT, Key::B);
    harness.run_steps(3);
    harness.get_by_label("Name of the variant").type_text(" large");
    harness.run_steps(2);
    harness.get_by_label("Create").click();
    settle(&mut harness);
    assert!(shown(&harness).contains("large"), "{}", shown(&harness));
    super::enter(&mut harness, "Grid contract", "33");
    settle(&mut harness);
    let layout = harness.state().session().editor().document().layout().clone();
    let contract = |i: usize| layout.variant(i).site.terms.site.grid_contract_mw;
    assert_eq!(contract(1), Some(33.0));
    assert_ne!(contract(0), Some(33.0), "the base is left alone");
    harness.get_by_label("Site menu").click();
    harness.run_steps(3);
    harness.get_by_label("Delete variant").click();
    settle(&mut harness);
    assert_eq!(harness.state().session().editor().document().layout().variants().len(), 1);
}

#[test]
fn the_compare_tab_shows_both_variants_and_swaps_them() {
    let mut harness = app(&layout("campus-1gw.ron"), FakeDialogs::default());
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Num5);
    settle(&mut harness);
    assert_eq!(harness.state().view().prefs.tab, Tab::Compare);
    let side = |letter: &str, name: &str| format!("{letter}: {name}, choose a variant");
    harness.get_by_label(&side("A", "Rubin 6+2"));
    harness.get_by_label(&side("B", "Blackwell, 8 halls"));
    harness.get_by_label_contains("Plan of Blackwell, 8 halls, 5,632 racks, ");
    harness.get_by_label_contains("Grid power, worst hour: A 1,000.0 MW");
    harness.get_by_label_contains("Halls 2–4, 6–8: A 576 VR, B 704 GB300, 6 halls");
    harness.get_by_label_contains("Held equal: grid contract");
    harness.get_by_label("Swap").click();
    settle(&mut harness);
    harness.get_by_label(&side("A", "Blackwell, 8 halls"));
    super::look(&mut harness, "compare");
    // The active variant is the one that it was.
    assert_eq!(shown(&harness), "Rubin 6+2");
}

#[test]
fn a_layout_with_one_variant_says_how_to_get_another() {
    let mut harness = app(&layout("pilot-20mw.ron"), FakeDialogs::default());
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Num5);
    settle(&mut harness);
    harness.get_by_label("Nothing to compare yet");
    harness.get_by_label("New variant...").click();
    harness.run_steps(3);
    harness.get_by_label("Name of the variant");
}
