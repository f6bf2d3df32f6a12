//! What running costs.

use super::terms::Terms;
use crate::finance::project::{Driver, OpexRow, Path};
use crate::study::Outcome;

/// Rows of a plan; `fixed` is fixed operating cost, USD a year.
pub(super) fn rows(outcome: &Outcome, terms: &Terms, fixed: f64) -> Vec<OpexRow> {
    let plan = &outcome.plan;
    let row = |id: &str, driver: Driver, start: f64| OpexRow {
        id: id.to_owned(),
        phase: None,
        driver,
        price: Path::Escalating { start, per_year_frac: terms.inflation },
        from_month: None,
        until_month: None,
    };
    let mwh = super::energy_mwh(outcome);
    let mut rows = vec![row("fixed operating cost", Driver::Year, fixed)];
    if mwh > 0.0 {
        rows.push(row("energy", Driver::Mwh, plan.energy_cost_usd_per_year / mwh));
        // What grows with tokens grows with load, as energy does.
        rows.push(row("variable cost", Driver::Mwh, plan.variable_cost_usd_per_year / mwh));
    }
    rows.push(row("penalties", Driver::Year, plan.penalty_usd_per_year));
    rows.retain(|r| r.price.at_year(0) != 0.0);
    rows
}
