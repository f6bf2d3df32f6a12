//! The finance page by label: the engine's figures, edits of what they stand on, and what a
//! missing number does.

use super::app::settle;
use super::window::{self, Program};
use super::{enter, look};
use eframe::egui::{Event, Key, Modifiers, Vec2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use gigasite::finance::project::Statements;
use gigasite::gui::action::{Action, Edit, Run, Tab, View};
use gigasite::gui::app::App;
use gigasite::gui::dialogs::FakeDialogs;
use gigasite::site::{ContractKind, SalesContract};
use gigasite::study::finance::{SiteFinance, keys, value};
use gigasite::study::{self, SolveOptions};
use gigasite::units::{Money, format};

/// The finance page of an example with the real engine, valued.
pub fn page(name: &str) -> Program {
    page_of(name, vec2(1616.0, 1516.0))
}

fn page_of(name: &str, size: Vec2) -> Program {
    let mut harness = window::studied_in(name, (size, FakeDialogs::default()), |ctx, app| {
        app.watch_finance(ctx);
        app.push(Action::View(View::Tab(Tab::Finance)));
    });
    settle(&mut harness);
    harness
}

/// The value of the window's site by the engine alone.
fn engine(harness: &Harness<'_, App>) -> SiteFinance {
    let editor = harness.state().session().editor();
    let outcome = study::run(editor.site(), editor.catalog(), &SolveOptions::default());
    value(editor.site(), &outcome, editor.catalog_in_force()).expect("valued")
}

fn npv_tile(harness: &Harness<'_, App>) -> String {
    let node = harness.get_by_label_contains("NPV at ");
    node.accesskit_node().label().unwrap_or_default()
}

fn npv(finance: &SiteFinance) -> String {
    format::money(Money::usd(finance.evaluation.results.unlevered.npv_usd))
}

#[test]
fn the_table_shows_the_engines_cash_flow_and_its_sums_the_engines_value() {
    let harness = &mut page("pilot-20mw.ron");
    look(harness, "finance");
    let finance = engine(harness);
    assert!(npv_tile(harness).contains(&npv(&finance)), "{}", npv_tile(harness));
    let results = &finance.evaluation.results;
    let millions = |usd: f64| format::table_cell(usd / 1e6, 1);
    let present = harness.get_by_label_contains("Present value at ");
    let present = present.accesskit_node().label().unwrap_or_default();
    let total = format!("total {}", millions(results.unlevered.npv_usd));
    assert!(present.ends_with(&total), "{present}: {total}");
    // By fiscal year, from the monthly statements.
    let s = &finance.evaluation.statements;
    let revenue = Statements::row(&s.income, "revenue").expect("a row");
    let row = harness.get_by_label_contains("Revenue, $M: ");
    let row = row.accesskit_node().label().unwrap_or_default();
    let years = s.periods.last().map_or(0, |p| p.year + 1);
    for year in 0..years {
        let of = s.periods.iter().zip(revenue).filter(|(p, _)| p.year == year);
        let cell = millions(of.map(|(_, v)| v).sum());
        assert!(row.contains(&format!(" {cell},")), "{row}: {cell}");
    }
    let capital = harness.get_by_label_contains("Capital, $M: ");
    let capital = capital.accesskit_node().label().unwrap_or_default();
    let total = format!("total {}", millions(-results.capex.total_usd));
    assert!(capital.ends_with(&total), "{capital}: {total}");
}

#[test]
fn the_table_tells_what_is_in_service_and_how_prices_move() {
    let harness = &mut page("pilot-20mw.ron");
    let finance = engine(harness);
    let label = |start: &str| {
        let node = harness.get_by_label_contains(start);
        node.accesskit_node().label().unwrap_or_default()
    };
    let s = &finance.evaluation.statements;
    let years = s.periods.last().map_or(0, |p| p.year + 1);
    let sum = |values: &[f64], year: usize| -> f64 {
        let of = s.periods.iter().zip(values).filter(|(p, _)| p.year == year);
        of.map(|(_, v)| v).sum()
    };
    // One phase: GPU-hours over those of a whole year.
    let hours = Statements::row(&s.quantities, "GPU-hours in service").expect("a row");
    let hours: Vec<f64> = (0..years).map(|year| sum(hours, year)).collect();
    let most = hours.iter().fold(0.0f64, |m, h| m.max(*h));
    let row = label("Site in service, share of year: ");
    for hours in &hours {
        let share = format::share(hours / most).replace(".0 ", " ");
        let cell = if *hours == 0.0 { "–".to_owned() } else { share };
        assert!(row.contains(&format!(" {cell},")), "{row}: {cell}");
    }
    let total = format!("total {} y", format::fixed(hours.iter().sum::<f64>() / most, 2));
    assert!(row.ends_with(&total), "{row}: {total}");
    // Prices of the catalogue fall once in every year of the model.
    let editor = harness.state().session().editor();
    let fall = editor.catalog().costs["price-decline-frac-per-year"].value.get().expect("known");
    let row = label("Token price index, ");
    for year in 0..years {
        let months = s.periods.iter().filter(|p| p.year == year).flat_map(|p| p.start..p.end());
        let months: Vec<f64> = months.map(|m| 100.0 * (1.0 - fall).powi((m / 12) as i32)).collect();
        let mean = months.iter().sum::<f64>() / months.len() as f64;
        let cell = format::table_cell(mean, 1);
        assert!(row.contains(&format!(" {cell}")), "{row}: {cell}");
    }
    assert!(row.contains(" 100.0,"), "{row}");
}

#[test]
fn the_key_figures_are_those_of_every_report() {
    let harness = &mut page("pilot-20mw.ron");
    let finance = engine(harness);
    let keys = keys(&finance);
    assert!(keys.len() > 10);
    for key in keys {
        harness.get_by_label(&format!("{}: {}", key.name, key.text()));
    }
}

#[test]
fn an_assumption_edited_changes_the_value_and_undo_brings_it_back() {
    let harness = &mut page("pilot-20mw.ron");
    let before = npv_tile(harness);
    enter(harness, "Months from the first payment to service", "30");
    settle(harness);
    let after = engine(harness);
    assert!(npv_tile(harness).contains(&npv(&after)), "{}", npv_tile(harness));
    assert_ne!(npv_tile(harness), before);
    let own = harness.state().session().editor().site().terms.overrides.clone();
    assert_eq!(own.len(), 1);
    assert_eq!((own[0].path.as_str(), own[0].old.as_str()), ("costs.build-months", "24"));
    look(harness, "finance-edited");
    // What the change was worth stands in the headline and in its derivation.
    harness.get_by_label_contains("Source of Months from the first payment to service: edited");
    harness.get_by_label_contains("NPV at ").click();
    harness.run_steps(4);
    harness.get_by_label_contains("Before the last change: ");
    harness.key_press(Key::Escape);
    harness.run_steps(3);
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    settle(harness);
    assert_eq!(npv_tile(harness), before);
    assert!(harness.state().session().editor().site().terms.overrides.is_empty());
}

#[test]
fn reset_takes_an_assumption_back_to_the_catalogue() {
    let harness = &mut page("pilot-20mw.ron");
    let before = npv_tile(harness);
    enter(harness, "Discount rate", "12");
    settle(harness);
    assert!(npv_tile(harness).contains("NPV at 12 %"), "{}", npv_tile(harness));
    let name = "Reset Discount rate to the catalogue value";
    harness.get_by_label(name).click();
    settle(harness);
    assert_eq!(npv_tile(harness), before);
    assert!(harness.query_by_label(name).is_none());
}

#[test]
fn a_site_that_cannot_be_valued_names_the_number_and_takes_it() {
    let harness = &mut page("pilot-20mw.ron");
    let before = npv_tile(harness);
    harness.state_mut().push(Edit::set("costs.inflation-frac", "unknown", ""));
    settle(harness);
    harness.get_by_label_contains("The site cannot be valued: ");
    harness.get_by_label_contains("NPV, stopped");
    look(harness, "finance-missing");
    harness.get_by_label("Show it in the catalogue");
    let field = harness.query_all_by_label_contains("ise of operating cost").count();
    assert!(field > 0);
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    settle(harness);
    assert_eq!(npv_tile(harness), before);
}

/// Month of a phase of the window's site.
fn month(harness: &Harness<'_, App>, id: &str) -> u32 {
    let site = harness.state().session().editor().site();
    site.campus.phases.iter().find(|p| p.id == id).expect("a phase").month
}

#[test]
fn a_phase_is_moved_by_keys_and_by_a_drag_each_one_step_of_the_history() {
    let harness = &mut page("mixed-250mw.ron");
    assert_eq!(month(harness, "p2"), 18);
    let bar = "Energisation of Phase 2, hall 2, month ";
    harness.get_by_label_contains(bar).click();
    harness.run_steps(2);
    harness.key_press(Key::ArrowRight);
    settle(harness);
    assert_eq!(month(harness, "p2"), 19);
    harness.key_press_modifiers(Modifiers::SHIFT, Key::ArrowLeft);
    settle(harness);
    assert_eq!(month(harness, "p2"), 13);
    look(harness, "finance-phases");
    let at = harness.get_by_label_contains(bar).rect().center();
    let to = at + vec2(60.0, 0.0);
    harness.drag_at(at);
    harness.run_steps(2);
    harness.hover_at(at + vec2(30.0, 0.0));
    harness.run_steps(2);
    harness.hover_at(to);
    harness.run_steps(2);
    harness.drop_at(to);
    settle(harness);
    let dragged = month(harness, "p2");
    assert!(dragged > 13, "{dragged}");
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    settle(harness);
    assert_eq!(month(harness, "p2"), 13, "the whole drag is one step");
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    settle(harness);
    assert_eq!(month(harness, "p2"), 19);
}

#[test]
fn scenarios_are_kept_in_the_layout_changed_there_and_taken_back() {
    let harness = &mut page("pilot-20mw.ron");
    let own = |h: &Harness<'_, App>| {
        h.state().session().editor().document().layout().scenarios.as_ref().clone()
    };
    harness.get_by_label_contains("Scenario Base: NPV ");
    harness.get_by_label_contains("Scenario Low: NPV ");
    assert!(own(harness).is_empty());
    harness.get_by_label("Keep in the layout").click();
    settle(harness);
    let kept = own(harness);
    assert!(kept.iter().any(|s| s.id == "low" && !s.changes.is_empty()), "{kept:?}");
    let before = harness.get_by_label_contains("Scenario Low: NPV ");
    let before = before.accesskit_node().label().unwrap_or_default();
    // A change of it is valued anew.
    harness.get_by_label_contains("Scenario Low: NPV ").click();
    harness.run_steps(4);
    look(harness, "finance-scenario");
    let low = kept.iter().find(|s| s.id == "low").expect("kept");
    let path = low.changes[0].0.clone();
    harness.get_by_label(&format!("Leave {path} as it is")).click();
    settle(harness);
    assert_eq!(
        own(harness).iter().find(|s| s.id == "low").map(|s| s.changes.len()),
        Some(low.changes.len() - 1)
    );
    let after = harness.get_by_label_contains("Scenario Low: NPV ");
    assert_ne!(after.accesskit_node().label().unwrap_or_default(), before);
    harness.key_press(Key::Escape);
    harness.run_steps(3);
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    settle(harness);
    assert_eq!(own(harness), kept);
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    settle(harness);
    assert!(own(harness).is_empty());
}

#[test]
fn draws_run_beside_the_window_and_tell_how_far_they_are() {
    let harness = &mut page("pilot-20mw.ron");
    harness.get_by_label_contains("What moves NPV");
    harness.get_by_label("Draw, 10,000 runs").click();
    harness.run_steps(3);
    harness.get_by_label_contains("Draws: ");
    harness.get_by_label("Stop the draws").click();
    settle(harness);
    harness.get_by_label("Draw, 10,000 runs");
    harness.state_mut().push(Action::Run(Run::Draws(64)));
    harness.run_steps(2);
    settle(harness);
    harness.get_by_label_contains("NPV P90 ");
    look(harness, "finance-draws");
}

fn contracts(harness: &Harness<'_, App>) -> Vec<SalesContract> {
    harness.state().session().editor().site().terms.finance.contracts.clone()
}

fn undo(harness: &mut Program) {
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    settle(harness);
}

#[test]
fn a_contract_is_added_edited_and_removed_each_one_step_of_the_history() {
    let harness = &mut page("pilot-20mw.ron");
    harness.get_by_label("Add a contract").click();
    settle(harness);
    let added = contracts(harness);
    let [contract] = added.as_slice() else { panic!("{added:?}") };
    assert!(contract.volume_tok_s.is_some_and(|v| v > 0.0) && contract.prices_usd.len() == 1);
    // It is valued as it stands: the engine takes it, and the card tells its worth.
    let finance = engine(harness);
    let stream = finance.evaluation.results.streams.iter().find(|s| s.id == contract.id);
    let worth = format::money(Money::usd(stream.expect("a stream").present_revenue_usd));
    let row = harness.get_by_label_contains("Contract contract-1: Tokens of ");
    let row = row.accesskit_node().label().unwrap_or_default();
    assert!(row.ends_with(&format!("worth {worth}")), "{row}: {worth}");
    // The inspector is open beside it; every field takes what is typed.
    enter(harness, "Price by year, contract-1", "4, 3.5");
    settle(harness);
    assert_eq!(contracts(harness)[0].prices_usd, [4.0, 3.5]);
    enter(harness, "Term, contract-1", "24");
    settle(harness);
    enter(harness, "Take or pay, contract-1", "80");
    settle(harness);
    let edited = &contracts(harness)[0];
    assert_eq!((edited.term_months, edited.take_or_pay_frac), (24, Some(0.8)));
    look(harness, "finance-contract");
    enter(harness, "Name, contract-1", "acme");
    settle(harness);
    assert_eq!(contracts(harness)[0].id, "acme");
    harness.get_by_label("Remove contract acme").click();
    settle(harness);
    assert!(contracts(harness).is_empty());
    for left in [1, 1, 1, 1, 1, 0] {
        undo(harness);
        assert_eq!(contracts(harness).len(), left);
    }
}

#[test]
fn another_kind_of_contract_comes_with_what_it_needs() {
    let harness = &mut page("pilot-20mw.ron");
    harness.get_by_label("Add a contract").click();
    settle(harness);
    harness.get_by_label_contains("What contract-1 sells").click();
    harness.run_steps(3);
    harness.get_by_label("Powered shell").click();
    settle(harness);
    let own = &contracts(harness)[0];
    assert_eq!(own.kind, ContractKind::PoweredShell);
    assert!(own.shell_kw.is_some_and(|kw| kw > 0.0) && own.tier.is_none(), "{own:?}");
    let finance = engine(harness);
    assert!(finance.evaluation.results.streams.iter().any(|s| s.id == "contract-1"));
    undo(harness);
    assert_eq!(contracts(harness)[0].kind, ContractKind::Tokens);
    // More than the tier sells: the page says so and leads to the contract.
    enter(harness, "Volume, contract-1", "1000000");
    settle(harness);
    harness.get_by_label_contains("An input stops the value");
    harness.get_by_label("Show it in the inspector");
    undo(harness);
    harness.get_by_label_contains("Contract contract-1: Tokens of ");
}

#[test]
fn clean_energy_is_bought_priced_and_given_up() {
    let harness = &mut page("pilot-20mw.ron");
    let before = npv_tile(harness);
    let own = |h: &Program| h.state().session().editor().site().terms.finance.clean_energy.clone();
    harness.get_by_label("All inputs").click();
    harness.run_steps(4);
    harness.get_by_label("Buy clean energy").click();
    settle(harness);
    // What is not known stops the value, and the page leads to it.
    harness.get_by_label("Show it in the inspector");
    enter(harness, "Rating, clean-1", "5");
    settle(harness);
    enter(harness, "Price, clean-1", "55");
    settle(harness);
    assert_eq!((own(harness)[0].mw, own(harness)[0].usd_per_mwh), (Some(5.0), Some(55.0)));
    assert_ne!(npv_tile(harness), before);
    assert!(npv_tile(harness).contains(&npv(&engine(harness))));
    harness.get_by_label("Remove clean energy clean-1").click();
    settle(harness);
    assert!(own(harness).is_empty());
    assert!(npv_tile(harness).contains(&npv(&engine(harness))));
}

#[test]
fn a_loan_is_added_changed_and_removed_and_its_view_can_be_shown() {
    let harness = &mut page("mixed-250mw.ron");
    let loan = |h: &Program| h.state().session().editor().site().terms.finance.loan.clone();
    harness.get_by_label_contains("No loan: the owners pay everything");
    harness.get_by_label("Add a loan").click();
    settle(harness);
    assert_eq!(loan(harness).share_frac, Some(0.6));
    let lent = engine(harness).evaluation.results.loan.expect("a loan").amount_usd;
    assert!(lent > 0.0);
    let words = harness.get_by_label_contains(" of all uses, at ").accesskit_node().value();
    let (words, lent) = (words.unwrap_or_default(), format::money(Money::usd(lent)));
    assert!(words.contains(&lent), "{words}: {lent}");
    enter(harness, "Interest of the layout", "12");
    settle(harness);
    assert_eq!(loan(harness).rate_frac, Some(0.12));
    harness.get_by_label_contains("Returns: Unlevered, after tax").click();
    harness.run_steps(3);
    harness.get_by_label("Levered, after tax").click();
    harness.run_steps(4);
    harness.get_by_label_contains("Cash to the owners, ");
    look(harness, "finance-levered");
    harness.get_by_label("Remove the loan").click();
    settle(harness);
    assert!(loan(harness).is_none());
    undo(harness);
    assert_eq!(loan(harness).rate_frac, Some(0.12));
}

#[test]
fn running_cost_is_entered_by_its_rows_and_taken_back_to_the_catalogue() {
    // High enough for every row of the inspector.
    let harness = &mut page_of("pilot-20mw.ron", vec2(1616.0, 2516.0));
    let before = npv_tile(harness);
    harness.get_by_label("All inputs").click();
    harness.run_steps(4);
    enter(harness, "Staff of the layout", "4 M");
    settle(harness);
    let finance = |h: &Program| h.state().session().editor().site().terms.finance.clone();
    assert_eq!(finance(harness).running.staff_usd_per_year, Some(4e6));
    enter(harness, "Staff of the layout", "unknown");
    settle(harness);
    assert_eq!(finance(harness).running.staff_usd_per_year, None);
    enter(harness, "Discount rate of the layout", "12");
    settle(harness);
    assert_eq!(finance(harness).discount_frac, Some(0.12));
    assert_ne!(npv_tile(harness), before);
    enter(harness, "Discount rate of the layout", "unknown");
    settle(harness);
    assert_eq!(npv_tile(harness), before);
}

#[test]
fn key_figures_of_the_window_are_those_of_the_command_line() {
    let harness = &mut page("pilot-20mw.ron");
    let shown = harness.state().finances().now().expect("valued");
    let alone = engine(harness);
    let (a, b) = (keys(shown), keys(&alone));
    assert_eq!(a.len(), b.len());
    for (a, b) in a.iter().zip(&b) {
        match (a.value, b.value) {
            (Ok(x), Ok(y)) => assert!((x - y).abs() <= 1e-9 * y.abs(), "{}: {x}, {y}", a.id),
            (x, y) => assert_eq!(x, y, "{}", a.id),
        }
    }
}

/// Presses what has a label, without a pointer.
fn press(harness: &mut Program, label: &str) {
    harness.get_by_label(label).focus();
    harness.run_steps(2);
    harness.key_press(Key::Enter);
    harness.run_steps(3);
    settle(harness);
}

/// Types into the field of a label, without a pointer.
fn write(harness: &mut Program, label: &str, text: &str) {
    harness.get_by_label(label).focus();
    harness.run_steps(2);
    harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
    harness.event(Event::Text(text.to_owned()));
    harness.run_steps(2);
    harness.key_press(Key::Enter);
    harness.run_steps(3);
    settle(harness);
}

#[test]
fn a_contract_is_added_edited_and_removed_by_keyboard_alone() {
    let harness = &mut page("pilot-20mw.ron");
    press(harness, "Add a contract");
    assert_eq!(contracts(harness).len(), 1);
    write(harness, "Price by year, contract-1", "4, 3.5");
    write(harness, "Term, contract-1", "24");
    let own = &contracts(harness)[0];
    assert_eq!((own.prices_usd.as_slice(), own.term_months), ([4.0, 3.5].as_slice(), 24));
    press(harness, "Remove contract contract-1");
    assert!(contracts(harness).is_empty());
    undo(harness);
    assert_eq!(contracts(harness)[0].term_months, 24);
}

#[test]
fn clean_energy_is_bought_described_and_given_up_by_keyboard_alone() {
    let harness = &mut page_of("pilot-20mw.ron", vec2(1616.0, 2516.0));
    let own = |h: &Program| h.state().session().editor().site().terms.finance.clean_energy.clone();
    press(harness, "All inputs");
    press(harness, "Buy clean energy");
    write(harness, "Rating, clean-1", "5");
    write(harness, "Price, clean-1", "55");
    // Noon alone: a twelfth of the energy of a flat contract.
    let mut hours = ["0"; 24];
    (hours[11], hours[12]) = ("1", "1");
    write(harness, "Output by hour, clean-1", &hours.join(" "));
    write(harness, "Source, clean-1", "Offer of May");
    let clean = &own(harness)[0];
    assert_eq!((clean.mw, clean.usd_per_mwh), (Some(5.0), Some(55.0)));
    assert_eq!((clean.hour_frac.len(), clean.hour_frac[12]), (24, 1.0));
    assert_eq!(clean.source, "Offer of May");
    press(harness, "Remove clean energy clean-1");
    assert!(own(harness).is_empty());
    undo(harness);
    assert_eq!(own(harness)[0].mw, Some(5.0));
}

#[test]
fn a_loan_is_added_edited_and_removed_by_keyboard_alone() {
    let harness = &mut page("pilot-20mw.ron");
    let loan = |h: &Program| h.state().session().editor().site().terms.finance.loan.clone();
    press(harness, "Add a loan");
    assert!(loan(harness).share_frac.is_some_and(|share| share > 0.0));
    write(harness, "Interest of the layout", "12");
    write(harness, "In reserve of the layout", "3");
    assert_eq!((loan(harness).rate_frac, loan(harness).reserve_months), (Some(0.12), Some(3)));
    press(harness, "Remove the loan");
    assert!(loan(harness).is_none());
    undo(harness);
    assert_eq!(loan(harness).rate_frac, Some(0.12));
}

#[test]
fn the_headline_states_the_revenue_of_the_first_full_year_as_json_does() {
    let harness = &mut page("pilot-20mw.ron");
    let stated = engine(harness).headline_revenue;
    assert!(stated.year.is_some());
    let today = harness.state().session().outcome().expect("solved").plan.revenue_usd_per_year;
    assert!((today - stated.usd_per_year).abs() > 0.01 * today, "prices fall until then");
    let figure = format::money_per_year(Money::usd(stated.usd_per_year));
    let tile = format!("Revenue, first full year, {figure}");
    harness.get_by_label_contains(&tile).click();
    harness.run_steps(4);
    harness.get_by_label_contains("Plan's year, today's prices: ");
}
