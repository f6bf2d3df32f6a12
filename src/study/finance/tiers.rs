//! What each tier earns and costs: cost is shared by the power that a tier takes, so that tiers
//! that earn nothing carry their part.

use super::contracts::belongs;
use super::plans::Plans;
use crate::finance::project::{Component, Results};
use crate::finance::{Figure, Undefined};
use crate::site::Site;
use serde::Serialize;

/// A tier over the life of the project; values are present ones at the discount rate, before tax.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TierFigures {
    pub id: String,
    pub name: String,
    /// Of the IT power that serves tiers, by the plan of the first year.
    pub power_frac: f64,
    pub revenue_usd: f64,
    /// Revenue less energy, over revenue.
    pub direct_margin_frac: Figure,
    /// Revenue less all cost, capital included, over revenue.
    pub loaded_margin_frac: Figure,
    /// All cost over units, both discounted: of a million tokens, or of a GPU-hour.
    pub levelised_usd_per_unit: Figure,
    /// Discounted mean price of a unit.
    pub price_usd_per_unit: Figure,
}

/// Tier that serves a stream: that of its contract, else the one it is named after; a shell that
/// is leased has none.
pub fn tier_of<'a>(site: &'a Site, stream: &'a str) -> &'a str {
    let contract = site.terms.finance.contracts.iter().find(|c| belongs(stream, &c.id));
    let named = || stream.split(", ").next().unwrap_or(stream);
    contract.map_or_else(named, |c| c.tier.as_deref().unwrap_or_default())
}

/// Figures of all tiers that take power.
pub(super) fn tiers(site: &Site, plans: &Plans, results: &Results) -> Vec<TierFigures> {
    let Some(first) = plans.of_year(0) else { return Vec::new() };
    let total: f64 = first.plan.tiers.iter().map(|t| t.it_mw).sum();
    let cost = |energy_alone: bool| -> f64 {
        let own = results.present_cost_usd.iter();
        let counted = own.filter(|(c, _)| match c {
            Component::Tax => false,
            Component::Energy => true,
            _ => !energy_alone,
        });
        counted.map(|(_, usd)| usd).sum()
    };
    let (energy, all) = (cost(true), cost(false));
    let of = |tier: &crate::plan::result::TierResult| {
        let power_frac = tier.it_mw / total;
        let mine = results.streams.iter().filter(|s| tier_of(site, &s.id) == tier.id);
        let (mut revenue_usd, mut units) = (0.0, 0.0);
        for stream in mine {
            revenue_usd += stream.present_revenue_usd;
            units += stream.present_units;
        }
        let over =
            |a: f64, b: f64| if b > 0.0 { Ok(a / b) } else { Err(Undefined::NothingProduced) };
        TierFigures {
            id: tier.id.clone(),
            name: tier.name.clone(),
            power_frac,
            revenue_usd,
            direct_margin_frac: over(revenue_usd - power_frac * energy, revenue_usd),
            loaded_margin_frac: over(revenue_usd - power_frac * all, revenue_usd),
            levelised_usd_per_unit: over(power_frac * all, units),
            price_usd_per_unit: over(revenue_usd, units),
        }
    };
    first.plan.tiers.iter().filter(|t| t.it_mw > 0.0).map(of).collect()
}
