//! The page of a new site and the challenge, by label.

use super::app::{app, layout, settle};
use super::{enter, look};
use eframe::egui::{Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use gigasite::catalog::Catalog;
use gigasite::gui::app::App;
use gigasite::gui::dialogs::FakeDialogs;
use gigasite::gui::prompts::Prompt;
use gigasite::site::{Site, validate};
use gigasite::study::template::{Request, Scheme, campus};

fn new_site() -> Harness<'static, App> {
    let mut harness = app(&layout("pilot-20mw.ron"), FakeDialogs::default());
    harness.key_press_modifiers(Modifiers::COMMAND, Key::N);
    settle(&mut harness);
    harness
}

fn site(harness: &Harness<'_, App>) -> Site {
    harness.state().session().editor().site().clone()
}

/// What an element that contains a text says.
fn said(harness: &Harness<'_, App>, text: &str) -> String {
    let node = harness.get_by_label_contains(text);
    let node = node.accesskit_node();
    node.label().or_else(|| node.value()).unwrap_or_default()
}

#[test]
fn a_site_is_made_from_the_answers_and_is_the_generators() {
    let mut harness = new_site();
    assert!(harness.state().view().wizard.is_open());
    look(&mut harness, "wizard");
    // The first field has the keyboard, its digits are selected.
    harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
    harness.get_by_label("Grid contract").type_text("2*125");
    harness.run_steps(2);
    harness.key_press(Key::Enter);
    settle(&mut harness);
    assert!(said(&harness, "Grid power, all racks").contains("of 250 MW"));
    harness.get_by_label("Step 2: Grid").click();
    harness.run_steps(3);
    harness.get_by_label("Power path: 2N").click();
    settle(&mut harness);
    look(&mut harness, "wizard-grid");
    harness.get_by_label("Next: halls and racks").click();
    harness.run_steps(3);
    look(&mut harness, "wizard-halls");
    harness.get_by_label("Next: tiers and prices").click();
    harness.run_steps(3);
    harness.get_by_label_contains("Sell Premium").click();
    settle(&mut harness);
    look(&mut harness, "wizard-tiers");
    harness.get_by_label("Next: check").click();
    harness.run_steps(3);
    harness.get_by_label_contains("Findings: no errors, no warnings");
    look(&mut harness, "wizard-check");
    harness.get_by_label("Create now").click();
    settle(&mut harness);
    assert!(!harness.state().view().wizard.is_open());
    let catalog = Catalog::embedded().expect("reads");
    let request = Request {
        scheme: Scheme::TwoN,
        tiers: ["free", "medium", "high"].map(String::from).to_vec(),
        ..Request::new(&catalog, 250.0)
    };
    let expected = Site::from_file(campus(&request, &catalog).expect("a campus").layout);
    assert_eq!(site(&harness), expected);
    assert!(validate(&expected, &catalog).1.items.is_empty());
    let document = harness.state().session().editor().document().clone();
    assert!(document.is_dirty() && document.path().is_none(), "it stands in no file");
    assert_eq!(harness.state().session().editor().undo_label(), None);
}

#[test]
fn every_default_stands_with_its_source_before_the_site_is_made() {
    let mut harness = new_site();
    harness.get_by_label_contains("Tiers: Free, Medium, High, Premium, NVIDIA");
    harness.get_by_label("Step 5: Check").click();
    harness.run_steps(3);
    harness.get_by_label_contains("Grid power of one hall: 132 MW, datacenterdynamics.com");
    harness.get_by_label_contains("UPS: 97 % efficient, Gigasite, Planning assumptions");
}

#[test]
fn a_wrong_answer_says_why_and_leaves_the_last_campus() {
    let mut harness = new_site();
    enter(&mut harness, "Grid contract", "5000");
    settle(&mut harness);
    harness.get_by_label("must be 1,000 MW or less");
    assert!(said(&harness, "Grid power, all racks").contains("of 100 MW"));
    look(&mut harness, "wizard-wrong");
    harness.key_press(Key::Escape);
    harness.run_steps(3);
    assert!(!harness.state().view().wizard.is_open());
    assert_eq!(site(&harness).terms.site.name, "Pilot 20 MW", "nothing was made");
}

#[test]
fn making_a_site_over_unsaved_changes_asks_first() {
    let mut harness = app(&layout("pilot-20mw.ron"), FakeDialogs::default());
    enter(&mut harness, "Grid contract", "33");
    settle(&mut harness);
    harness.key_press_modifiers(Modifiers::COMMAND, Key::N);
    settle(&mut harness);
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Enter);
    settle(&mut harness);
    assert!(matches!(harness.state().prompt(), Some(Prompt::Unsaved { .. })));
    harness.get_by_label("Do not save").click();
    settle(&mut harness);
    assert_eq!(site(&harness).terms.site.grid_contract_mw, Some(100.0));
}

#[test]
fn a_card_sets_size_and_racks() {
    let mut harness = new_site();
    harness.get_by_label_contains("1 GW campus, Blackwell").click();
    settle(&mut harness);
    let racks = said(&harness, "Racks that fit");
    assert!(racks.contains("GB300"), "{racks}");
    assert!(said(&harness, "Grid power, all racks").contains("of 1,000 MW"));
}

#[test]
fn a_breaker_is_opened_from_the_list_and_closed_again() {
    let mut harness = app(&layout("pilot-20mw.ron"), FakeDialogs::default());
    harness.get_by_label("View menu").click();
    harness.run_steps(4);
    harness.get_by_label_contains("Challenge...").click();
    settle(&mut harness);
    assert!(harness.state().view().challenge.is_open());
    look(&mut harness, "challenge");
    harness.get_by_label_contains("Break-even price level: ×");
    enter(&mut harness, "Megawatts", "60");
    settle(&mut harness);
    harness.get_by_label("Redundancy: N").click();
    settle(&mut harness);
    harness.get_by_label("Breakers: List").click();
    harness.run_steps(3);
    harness.get_by_label_contains("Open the breaker of T-A1").click();
    settle(&mut harness);
    let lost = said(&harness, "Lost revenue: $");
    assert!(lost.ends_with("a minute") && !lost.contains("$0"), "{lost}");
    harness.get_by_label_contains("A spare like T-A1");
    look(&mut harness, "challenge-open");
    harness.get_by_label("Close the breaker").click();
    settle(&mut harness);
    harness.get_by_label_contains("Revenue: $");
    harness.key_press(Key::Escape);
    harness.run_steps(3);
    assert!(!harness.state().view().challenge.is_open());
    assert_eq!(site(&harness).terms.site.name, "Pilot 20 MW", "the document is untouched");
}

#[test]
fn an_empty_parcel_is_a_site_on_which_everything_is_drawn_by_hand() {
    let mut harness = new_site();
    harness.get_by_label_contains("Empty parcel: An outline").click();
    settle(&mut harness);
    let site = site(&harness);
    assert_eq!(site.terms.site.name, "Empty parcel");
    assert!(site.terms.site.parcel.len() > 2 && !site.terms.tiers.is_empty());
    assert_eq!(site.elements().count(), 0);
    look(&mut harness, "empty-parcel");
    // What is placed stands on the parcel.
    let what = gigasite::editor::What::Equipment("data-hall".into());
    let catalog = harness.state().session().editor().catalog().clone();
    let corner =
        site.terms.site.parcel.iter().fold([f64::MAX; 2], |a, b| [a[0].min(b[0]), a[1].min(b[1])]);
    let mut placing = gigasite::editor::Placing::start(&site, &catalog, &what).expect("starts");
    placing.at = [corner[0] + 40.0, corner[1] + 40.0];
    harness
        .state_mut()
        .push(gigasite::gui::action::Action::Edit(gigasite::gui::action::Edit::Place(placing)));
    settle(&mut harness);
    assert_eq!(harness.state().session().editor().site().elements().count(), 1);
}
