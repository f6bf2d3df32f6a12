//! Which revenue a headline states, and what it is called.

use crate::finance::project::Evaluation;
use crate::plan::Plan;
use crate::site::Site;
use serde::Serialize;

/// Revenue of a headline.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StatedRevenue {
    pub usd_per_year: f64,
    pub label: String,
    /// Fiscal year of the statements that it is of, 0 first; none at today's prices.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub year: Option<usize>,
}

/// The first full operating year at the prices of that year once the plan has a value; until then
/// the plan's year at the prices that the layout states.
pub fn stated_revenue(site: &Site, plan: &Plan, valued: Option<&Evaluation>) -> StatedRevenue {
    let of_year = |found: &Evaluation| {
        let year = found.results.first_full_year?;
        let name = found.statements.years.get(year)?;
        Some(StatedRevenue {
            usd_per_year: found.results.revenue_usd_per_year.ok()?,
            label: format!("Revenue, {name}, first full year"),
            year: Some(year),
        })
    };
    valued.and_then(of_year).unwrap_or_else(|| StatedRevenue {
        usd_per_year: plan.revenue_usd_per_year,
        label: match &site.terms.finance.price_date {
            Some(date) => format!("Revenue, {date} prices"),
            None => "Revenue, today's prices".to_owned(),
        },
        year: None,
    })
}
