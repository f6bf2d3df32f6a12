//! The palette by keyboard alone, on a window with a program behind it.

use super::app::{app, layout, settle};
use super::look;
use eframe::egui::accesskit::Toggled;
use eframe::egui::{self, Event, Key, Modifiers, OutputCommand};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use gigasite::catalog::Catalog;
use gigasite::gui::action::{Action, BottomTab, Tab, View};
use gigasite::gui::app::App;
use gigasite::gui::dialogs::FakeDialogs;
use gigasite::gui::palette::answers::one_of;
use gigasite::plan::result::Plan;
use gigasite::site::{Site, file};
use gigasite::study::{self, SolveOptions};
use gigasite::units::Money;
use gigasite::units::format;
use std::sync::Arc;

const FIELD: &str = "Search or run a command, field";

fn campus() -> Harness<'static, App> {
    app(&layout("campus-1gw.ron"), FakeDialogs::default())
}

/// Opens the palette by its key and types.
fn ask(harness: &mut Harness<'_, App>, text: &str) {
    harness.key_press_modifiers(Modifiers::COMMAND, Key::K);
    harness.run_steps(3);
    harness.event(Event::Text(text.to_owned()));
    harness.run_steps(3);
}

fn press(harness: &mut Harness<'_, App>, key: Key) {
    harness.key_press(key);
    harness.run_steps(3);
}

fn is_open(harness: &Harness<'_, App>) -> bool {
    harness.query_by_label(FIELD).is_some()
}

/// What the list says of the chosen result.
fn chosen(harness: &Harness<'_, App>) -> String {
    let rows = harness.query_all_by_role(egui::Role::ListBoxOption);
    let is_on = |n: &Toggled| *n == Toggled::True;
    let on = rows.into_iter().find(|n| n.accesskit_node().toggled().is_some_and(|t| is_on(&t)));
    on.and_then(|n| n.accesskit_node().label()).unwrap_or_default()
}

fn selection(harness: &Harness<'_, App>) -> Vec<String> {
    let selection = harness.state().session().editor().selection();
    selection.iter().map(ToString::to_string).collect()
}

#[test]
fn a_command_is_found_by_a_few_letters_and_run_by_enter() {
    let mut harness = campus();
    ask(&mut harness, ">econ");
    assert!(chosen(&harness).starts_with("Economics"), "{}", chosen(&harness));
    press(&mut harness, Key::Enter);
    assert!(!is_open(&harness));
    assert_eq!(harness.state().view().prefs.tab, Tab::Economics);
}

#[test]
fn an_element_is_jumped_to() {
    let mut harness = campus();
    harness.state_mut().push(Action::View(View::Tab(Tab::Economics)));
    harness.run_steps(2);
    let name = {
        let site = harness.state().session().editor().site();
        site.halls[1].hall.as_ref().expect("a hall").clone()
    };
    ask(&mut harness, &name.name);
    // Down past the questions and commands to the first element.
    for _ in 0..30 {
        if chosen(&harness).starts_with(&name.name) {
            break;
        }
        press(&mut harness, Key::ArrowDown);
    }
    assert!(chosen(&harness).ends_with("Go to"), "{}", chosen(&harness));
    press(&mut harness, Key::Enter);
    assert_eq!(selection(&harness), [format!("halls.{}", name.id)]);
    assert_eq!(harness.state().view().prefs.tab, Tab::SitePlan);
}

#[test]
fn a_value_opens_the_inspector_with_the_keyboard_in_its_field() {
    let mut harness = campus();
    ask(&mut harness, "contract 1,000 MW");
    look(&mut harness, "palette-value");
    let row = chosen(&harness);
    assert!(row.starts_with("Grid contract, 1,000") && row.ends_with("Edit value"), "{row}");
    press(&mut harness, Key::Enter);
    assert!(!is_open(&harness));
    assert_eq!(selection(&harness), ["site"]);
    assert!(harness.get_by_label("Grid contract").is_focused());
    harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
    harness.event(Event::Text("+2 %".to_owned()));
    harness.run_steps(2);
    press(&mut harness, Key::Enter);
    settle(&mut harness);
    let site = harness.state().session().editor().site();
    assert_eq!(site.terms.site.grid_contract_mw, Some(1020.0));
}

#[test]
fn a_value_is_set_behind_an_equals_sign_and_a_wrong_one_says_why() {
    let mut harness = campus();
    ask(&mut harness, "grid contract = 1 GW + 2 bananas");
    assert!(chosen(&harness).contains("\"bananas\" is not a unit"), "{}", chosen(&harness));
    press(&mut harness, Key::Enter);
    assert!(is_open(&harness), "nothing to run");
    press(&mut harness, Key::Escape);
    ask(&mut harness, "grid contract = 1 GW + 20 MW");
    assert!(
        chosen(&harness).starts_with("Set grid contract to 1,020.0 MW"),
        "{}",
        chosen(&harness)
    );
    press(&mut harness, Key::Enter);
    settle(&mut harness);
    let editor = harness.state().session().editor();
    assert_eq!(editor.site().terms.site.grid_contract_mw, Some(1020.0));
    assert_eq!(editor.undo_label(), Some("Set grid contract to 1,020 MW"));
}

#[test]
fn an_amount_that_a_value_has_not_is_offered_to_be_set() {
    let mut harness = campus();
    ask(&mut harness, "contract 1,020 MW");
    let row = chosen(&harness);
    assert!(row.starts_with("Set grid contract to 1,020.0 MW, now 1,000.0 MW"), "{row}");
    press(&mut harness, Key::Enter);
    settle(&mut harness);
    let site = harness.state().session().editor().site();
    assert_eq!(site.terms.site.grid_contract_mw, Some(1020.0));
}

#[test]
fn a_tier_is_added_from_the_menu_by_way_of_the_palette() {
    let mut harness = app(&layout("pilot-20mw.ron"), FakeDialogs::default());
    let before = harness.state().session().editor().site().terms.tiers.len();
    harness.get_by_label("Site menu").click();
    harness.run_steps(4);
    harness.get_by_label("Add a tier...").click();
    harness.run_steps(4);
    harness.event(Event::Text("ultra".to_owned()));
    harness.run_steps(3);
    assert!(chosen(&harness).starts_with("Add tier Ultra"), "{}", chosen(&harness));
    press(&mut harness, Key::Enter);
    settle(&mut harness);
    let editor = harness.state().session().editor();
    assert_eq!(editor.site().terms.tiers.len(), before + 1);
    assert_eq!(editor.undo_label(), Some("Add tier Ultra"));
    assert_eq!(selection(&harness), ["tiers.ultra"], "ready to be edited");
}

#[test]
fn enter_in_the_frame_of_the_text_runs_what_that_text_finds() {
    let mut harness = campus();
    harness.key_press_modifiers(Modifiers::COMMAND, Key::K);
    harness.run_steps(3);
    // A slow frame gathers what was typed meanwhile.
    harness.event(Event::Text(">economics".to_owned()));
    harness.key_press(Key::Enter);
    harness.run_steps(3);
    assert!(!is_open(&harness));
    assert_eq!(harness.state().view().prefs.tab, Tab::Economics);
}

#[test]
fn text_in_the_frame_of_the_key_that_opens_the_palette_is_typed_into_it() {
    let mut harness = campus();
    harness.key_press_modifiers(Modifiers::COMMAND, Key::K);
    // These letters alone would start tools of the plan.
    for letter in ["c", "p"] {
        let key = Key::from_name(&letter.to_uppercase()).expect("a key");
        harness.key_press(key);
        harness.event(Event::Text(letter.to_owned()));
    }
    harness.run_steps(4);
    assert_eq!(harness.get_by_label(FIELD).value().as_deref(), Some("cp"));
}

#[test]
fn what_more_of_a_limit_earns_is_asked_in_words() {
    let mut harness = campus();
    ask(&mut harness, "one more megawatt grid contract");
    let asked = "What would one more megawatt of grid contract, worst hour, earn?";
    assert!(chosen(&harness).starts_with(asked), "{}", chosen(&harness));
    // No unit of any shipped plan is a symbol in it.
    for name in ["campus-1gw.ron", "mixed-250mw.ron", "pilot-20mw.ron"] {
        let (plan, catalog) = studied_plan(name);
        for limit in &plan.limits {
            let id = catalog.racks.keys().find(|id| limit.name.contains(id.as_str()));
            assert_eq!(id, None, "{name}: {} names a rack by its id", limit.name);
        }
        for unit in plan.limits.iter().map(|l| l.unit.as_str()) {
            let word = one_of(unit);
            let spelled =
                word == "GPU" || word.chars().all(|c| c.is_lowercase() || " -".contains(c));
            assert!(spelled && word.len() > 2, "{name}: {unit} is asked for as one more {word}");
        }
    }
}

fn studied_plan(name: &str) -> (Plan, Arc<Catalog>) {
    let catalog = Catalog::embedded_arc().expect("the catalogue");
    let site = file::load(&layout(name)).map(Site::from_file).expect("the layout");
    (study::run(&site, &catalog, &SolveOptions::default()).plan, catalog)
}

#[test]
fn a_sum_with_units_is_worked_out_and_copied() {
    let mut harness = campus();
    ask(&mut harness, "=1 GW / 8");
    assert!(chosen(&harness).starts_with("1 GW / 8 = 125.0 MW"), "{}", chosen(&harness));
    look(&mut harness, "palette-sum");
    harness.key_press(Key::Enter);
    let mut copied = None;
    for _ in 0..4 {
        harness.run_steps(1);
        for command in &harness.output().platform_output.commands {
            if let OutputCommand::CopyText(text) = command {
                copied = Some(text.clone());
            }
        }
    }
    assert_eq!(copied.as_deref(), Some("125.0 MW"));
}

#[test]
fn answers_are_those_of_the_outcome() {
    let mut harness = campus();
    let (revenue, pue, binding) = {
        let outcome = harness.state().session().outcome().expect("an answer");
        let revenue = format::money_per_year(Money::usd(outcome.plan.revenue_usd_per_year));
        let mut binding: Vec<_> = outcome.plan.limits.iter().filter(|l| l.binding).collect();
        binding.sort_by(|a, b| {
            let gain =
                |l: &&gigasite::plan::result::LimitResult| l.gain_usd_per_year.unwrap_or_default();
            gain(b).total_cmp(&gain(a))
        });
        binding.sort_by_key(|l| l.kind != "grid_contract");
        let pue = format::fixed(outcome.headline.pue_mean, 3);
        (revenue, pue, binding.first().map(|l| l.name.clone()))
    };
    for (question, answer) in [
        ("site earn", revenue),
        ("what is the pue", pue),
        ("binding limit", binding.unwrap_or_else(|| "nothing binds".to_owned())),
    ] {
        ask(&mut harness, question);
        assert!(
            chosen(&harness).contains(&answer),
            "{question}: {}, not {answer}",
            chosen(&harness)
        );
        press(&mut harness, Key::Escape);
    }
    ask(&mut harness, "best use of one MW");
    look(&mut harness, "palette-question");
    let unfolded = chosen(&harness);
    press(&mut harness, Key::Tab);
    assert!(chosen(&harness).len() <= unfolded.len(), "Tab folds the answer");
    assert!(is_open(&harness));
}

#[test]
fn tab_completes_what_is_no_question() {
    let mut harness = campus();
    ask(&mut harness, ">sel noth");
    press(&mut harness, Key::Tab);
    assert_eq!(harness.get_by_label(FIELD).value().as_deref(), Some("Select nothing"));
}

#[test]
fn the_keyboard_goes_back_to_where_it_was() {
    let mut harness = campus();
    harness.get_by_label("Grid contract").focus();
    harness.run_steps(2);
    assert!(harness.get_by_label("Grid contract").is_focused());
    ask(&mut harness, "hall");
    assert!(harness.get_by_label(FIELD).is_focused());
    press(&mut harness, Key::Escape);
    assert!(!is_open(&harness));
    assert!(harness.get_by_label("Grid contract").is_focused());
    assert!(!harness.state().session().editor().document().is_dirty());
}

#[test]
fn the_field_of_the_title_bar_opens_it_and_a_click_runs() {
    let mut harness = campus();
    harness.get_by_label("Search or run a command").click();
    harness.run_steps(3);
    look(&mut harness, "palette-empty");
    harness.event(Event::Text("problems".to_owned()));
    harness.run_steps(3);
    let row = chosen(&harness);
    assert!(row.starts_with("Problems"), "{row}");
    harness.get_by_label(&row).click();
    harness.run_steps(3);
    assert_eq!(harness.state().view().prefs.bottom, BottomTab::Problems);
    assert!(!is_open(&harness));
}

#[test]
fn what_makes_no_sense_now_says_why_and_does_nothing() {
    let mut harness = campus();
    ask(&mut harness, ">undo");
    assert!(chosen(&harness).contains("nothing to undo"), "{}", chosen(&harness));
    press(&mut harness, Key::Enter);
    assert!(is_open(&harness));
    press(&mut harness, Key::Escape);
    ask(&mut harness, "xyzzy plugh");
    harness.get_by_label("no match");
    press(&mut harness, Key::Enter);
    assert!(is_open(&harness));
}
