//! Money of the site: what is sold ahead, the loan, rates and lives, capital, running cost, tax.
//! What the layout does not state stands at the catalogue's value, with its source. It must not
//! know what the value makes of it.

mod clean;
mod contracts;
mod entries;
mod input;
mod loan;
mod profile;
mod table;

pub use contracts::{add as add_contract, title as contract_title, words as contract_words};
pub use loan::{add as add_loan, words as loan_words};

use crate::gui::action::{Action, Actions, View};
use crate::gui::components::card;
use crate::gui::context::Context;
use crate::gui::panels::rows::{choice_row, quoted, text_row};
use crate::units::format;
use eframe::egui::Ui;
use input::Desk;
use table::{CAPITAL, CARBON, Group, ON_TOP, OPERATION, RATES, RUNNING};

/// Shows everything.
pub fn show(ui: &mut Ui, cx: &Context<'_>, actions: &mut Actions) {
    let desk = &Desk::of(cx);
    contracts::show(ui, desk, actions);
    loan::show(ui, desk, actions);
    clean::show(ui, desk, actions);
    group(ui, desk, &CARBON, actions);
    group(ui, desk, &RATES, actions);
    next_racks(ui, cx, actions);
    group(ui, desk, &OPERATION, actions);
    group(ui, desk, &CAPITAL, actions);
    sales_tax(ui, cx, actions);
    group(ui, desk, &RUNNING, actions);
    group(ui, desk, &ON_TOP, actions);
    tax(ui, desk, actions);
    dates(ui, desk, actions);
}

/// Opens the inspector at a number of `finance`.
pub fn open_at(field: &str) -> Action {
    Action::View(View::EditField(format!("finance.{field}")))
}

/// Opens it at what is sold ahead, else at the loan, else at the discount rate.
pub fn open(cx: &Context<'_>) -> Action {
    let finance = &cx.site.terms.finance;
    match (finance.contracts.first(), finance.loan.share_frac) {
        (Some(contract), _) => open_at(&format!("contracts.{}.prices_usd", contract.id)),
        (None, Some(_)) => open_at("loan.share_frac"),
        (None, None) => open_at("discount_frac"),
    }
}

/// Shows a group of numbers.
fn group(ui: &mut Ui, desk: &Desk<'_>, group: &Group, actions: &mut Actions) {
    card::section(ui, group.title, group.caption, false);
    desk.show(ui, group.inputs, actions);
}

/// The rack type that follows after their life.
fn next_racks(ui: &mut Ui, cx: &Context<'_>, actions: &mut Actions) {
    let own = cx.site.terms.finance.refresh_rack.as_deref();
    let mut options = vec![(format::UNKNOWN.to_owned(), "Better ones of their type".to_owned())];
    let racks = cx.catalog.racks.values();
    options.extend(racks.map(|rack| (quoted(&rack.id), rack.name.clone())));
    let options: Vec<(&str, &str)> =
        options.iter().map(|(value, name)| (value.as_str(), name.as_str())).collect();
    let current = own.map_or_else(|| format::UNKNOWN.to_owned(), quoted);
    choice_row(ui, actions, ("finance.refresh_rack", "Replaced by"), &options, &current);
}

fn sales_tax(ui: &mut Ui, cx: &Context<'_>, actions: &mut Actions) {
    let exempt = cx.site.terms.finance.capital.sales_tax_exempt;
    let options = [("unknown", "Default: due"), ("true", "Exempt"), ("false", "Due")];
    let path = "finance.capital.sales_tax_exempt";
    choice_row(ui, actions, (path, "Sales tax is"), &options, stated(exempt));
}

/// What a choice between yes, no and the default stands at.
pub(super) const fn stated(own: Option<bool>) -> &'static str {
    match own {
        Some(true) => "true",
        Some(false) => "false",
        None => format::UNKNOWN,
    }
}

fn tax(ui: &mut Ui, desk: &Desk<'_>, actions: &mut Actions) {
    card::section(ui, "Tax", "", false);
    let options = [
        ("unknown", "Default: carried forward"),
        ("false", "Carried forward"),
        ("true", "Used at once elsewhere"),
    ];
    let losses = stated(desk.cx.site.terms.finance.losses_at_once);
    choice_row(ui, actions, ("finance.losses_at_once", "Losses"), &options, losses);
    desk.show(ui, table::TAX, actions);
}

fn dates(ui: &mut Ui, desk: &Desk<'_>, actions: &mut Actions) {
    card::section(ui, "Dates", "", false);
    desk.show(ui, table::DATES, actions);
    let date = desk.cx.site.terms.finance.price_date.as_deref().unwrap_or_default();
    text_row(ui, actions, "finance.price_date", "Prices of", date);
}
