//! Money of the site: what is sold ahead, the loan, rates and lives, capital, running cost, tax.
//! What the layout does not state stands at the catalogue's value, with its source. It must not
//! know what the value makes of it.

mod clean;
mod contracts;
mod entries;
mod input;
mod loan;

pub use contracts::{add as add_contract, title as contract_title, words as contract_words};
pub use loan::{add as add_loan, words as loan_words};

use crate::gui::action::{Action, Actions, View};
use crate::gui::components::card;
use crate::gui::context::Context;
use crate::gui::panels::rows::{choice_row, quoted, text_row};
use crate::units::format;
use eframe::egui::Ui;
use input::{Input, cost, word};

/// Shows everything.
pub fn show(ui: &mut Ui, cx: &Context<'_>, actions: &mut Actions) {
    contracts::show(ui, cx, actions);
    loan::show(ui, cx, actions);
    clean::show(ui, cx, actions);
    rates(ui, cx, actions);
    operation(ui, cx, actions);
    capital(ui, cx, actions);
    running(ui, cx, actions);
    tax(ui, cx, actions);
    dates(ui, cx, actions);
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

fn inputs(ui: &mut Ui, cx: &Context<'_>, list: &[Input<'_>], actions: &mut Actions) {
    list.iter().for_each(|input| input.show(ui, cx, actions));
}

fn rates(ui: &mut Ui, cx: &Context<'_>, actions: &mut Actions) {
    let f = &cx.site.terms.finance;
    card::section(ui, "Rates and lives", "", false);
    let list = [
        cost("discount_frac", "Discount rate", f.discount_frac, "discount-frac"),
        word("equity_frac", "Owners ask", f.equity_frac, "discount rate"),
        cost("rack_life_years", "Life of racks", f.rack_life_years, "rack-life-years"),
        cost("site_life_years", "Life of the site", f.site_life_years, "site-life-years"),
        cost("rack_residual_frac", "Racks sell for", f.rack_residual_frac, "rack-residual-frac"),
        cost("refresh_cost_ratio", "Next racks cost", f.refresh_cost_ratio, "refresh-cost-ratio"),
        cost("generation_ratio", "Next racks make", f.generation_ratio, "generation-ratio"),
    ];
    inputs(ui, cx, &list, actions);
    next_racks(ui, cx, actions);
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

fn operation(ui: &mut Ui, cx: &Context<'_>, actions: &mut Actions) {
    let f = &cx.site.terms.finance;
    card::section(ui, "Operation", "", false);
    let delay = f.delay_months.map(f64::from);
    let list = [
        word("operating_years", "Years of operation", f.operating_years, "life of racks"),
        word("delay_months", "Delay of service", delay, "none").whole(),
        word("utilisation_frac", "Share sold", f.utilisation_frac, "plan"),
        cost("degradation_frac", "Output lost a year", f.degradation_frac, "degradation-frac"),
        cost(
            "demand_growth_frac",
            "Growth of demand",
            f.demand_growth_frac,
            "demand-growth-frac-per-year",
        ),
        cost(
            "software_gain_frac",
            "Gain by software",
            f.software_gain_frac,
            "software-gain-frac-per-year",
        ),
        word("trade_workers", "Trade workers", f.trade_workers, "as needed"),
    ];
    inputs(ui, cx, &list, actions);
}

fn capital(ui: &mut Ui, cx: &Context<'_>, actions: &mut Actions) {
    let f = &cx.site.terms.finance;
    let c = &f.capital;
    card::section(ui, "Capital", "beside racks", false);
    let list = [
        word("capex_budget_usd", "Budget for racks", f.capex_budget_usd, "no budget"),
        cost(
            "site_capex_usd_per_mw",
            "Site capex",
            f.site_capex_usd_per_mw,
            "site-capex-usd-per-mw",
        ),
        word("capital.land_usd", "Land", c.land_usd, "area × price"),
        word(
            "capital.grid_connection_usd",
            "Grid connection",
            c.grid_connection_usd,
            "not counted",
        ),
        cost("capital.soft_frac", "Soft cost", c.soft_frac, "soft-cost-frac"),
        cost(
            "capital.contingency_frac",
            "Contingency, plant",
            c.contingency_frac,
            "contingency-frac",
        ),
        cost(
            "capital.rack_contingency_frac",
            "Contingency, racks",
            c.rack_contingency_frac,
            "rack-contingency-frac",
        ),
        cost("capital.sales_tax_frac", "Sales tax", c.sales_tax_frac, "sales-tax-frac"),
        cost("capital.duty_frac", "Duty on racks", c.duty_frac, "duty-frac"),
    ];
    inputs(ui, cx, &list, actions);
    let exempt = c.sales_tax_exempt.map_or("unknown", |on| if on { "true" } else { "false" });
    let options = [("unknown", "Default: due"), ("true", "Exempt"), ("false", "Due")];
    let path = "finance.capital.sales_tax_exempt";
    choice_row(ui, actions, (path, "Sales tax is"), &options, exempt);
}

fn running(ui: &mut Ui, cx: &Context<'_>, actions: &mut Actions) {
    let f = &cx.site.terms.finance;
    let r = &f.running;
    card::section(ui, "Running cost", "rows lie within fixed opex", false);
    let opex = "fixed-opex-usd-per-mw-year";
    let years = r.abatement_years.map(f64::from);
    const OPEN: &str = "not itemised";
    let list = [
        cost("fixed_opex_usd_per_mw_year", "Fixed opex", f.fixed_opex_usd_per_mw_year, opex),
        word("running.staff_usd_per_year", "Staff", r.staff_usd_per_year, OPEN),
        word("running.water_usd_per_year", "Water", r.water_usd_per_year, OPEN),
        word("running.network_usd_per_year", "Network", r.network_usd_per_year, OPEN),
        word("running.maintenance_frac", "Plant upkeep", r.maintenance_frac, OPEN),
        word("running.rack_maintenance_frac", "Rack support", r.rack_maintenance_frac, OPEN),
        word("running.insurance_frac", "Insurance", r.insurance_frac, OPEN),
        word("running.property_tax_frac", "Property tax", r.property_tax_frac, OPEN),
        word("running.abatement_frac", "of it abated", r.abatement_frac, "none"),
        word("running.abatement_years", "abated for", years, "no time").whole(),
    ];
    inputs(ui, cx, &list, actions);
    card::section(ui, "On top of fixed opex", "", false);
    let list = [
        word("running.licences_usd_per_gpu_year", "Licences", r.licences_usd_per_gpu_year, "none"),
        word("running.rent_usd_per_kw_month", "Rent", r.rent_usd_per_kw_month, "none"),
        word(
            "running.collateral_usd_per_mw",
            "Utility collateral",
            r.collateral_usd_per_mw,
            "none",
        ),
        word("running.collateral_cost_frac", "Its cost a year", r.collateral_cost_frac, "none"),
    ];
    inputs(ui, cx, &list, actions);
}

fn tax(ui: &mut Ui, cx: &Context<'_>, actions: &mut Actions) {
    let f = &cx.site.terms.finance;
    card::section(ui, "Tax", "", false);
    let losses = f.losses_at_once.map_or("unknown", |on| if on { "true" } else { "false" });
    let options = [
        ("unknown", "Default: carried forward"),
        ("false", "Carried forward"),
        ("true", "Used at once elsewhere"),
    ];
    choice_row(ui, actions, ("finance.losses_at_once", "Losses"), &options, losses);
    let limit = f.interest_limit_frac;
    word("interest_limit_frac", "Interest limit", limit, "no limit").show(ui, cx, actions);
}

fn dates(ui: &mut Ui, cx: &Context<'_>, actions: &mut Actions) {
    let f = &cx.site.terms.finance;
    card::section(ui, "Dates", "", false);
    let month = f.fiscal_year_end_month.map(f64::from);
    let end = word("fiscal_year_end_month", "Fiscal year ends", month, "December").whole();
    end.show(ui, cx, actions);
    let date = f.price_date.as_deref().unwrap_or_default();
    text_row(ui, actions, "finance.price_date", "Prices of", date);
}
