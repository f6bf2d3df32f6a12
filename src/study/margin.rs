//! Operating margin, and the level of prices at which it is zero.
//!
//! **Operating margin** = revenue less energy, variable cost and penalties, less fixed
//! operating cost of the grid contract, less straight-line depreciation of racks with support
//! over their life and of the site over its own; all a year, at the prices of the layout.

use super::{Outcome, SolveOptions, Study};
use crate::catalog::Catalog;
use crate::plan::result::Status;
use crate::site::{Objective, Site};
use std::sync::Arc;

/// Solves before a search gives up.
const MOST_SOLVES: usize = 40;
/// Margin over fixed cost that counts as zero.
const ZERO_FRAC: f64 = 1e-7;
/// Prices are not raised beyond this multiple in search of a margin.
const HIGHEST_LEVEL: f64 = 1e4;

/// The margin of a year with its parts, $.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Margin {
    pub revenue: f64,
    /// Energy with demand charges, variable cost, penalties.
    pub running: f64,
    pub fixed_opex: f64,
    pub depreciation: f64,
}

impl Margin {
    /// Revenue less all cost.
    pub fn operating(&self) -> f64 {
        self.revenue - self.running - self.fixed_opex - self.depreciation
    }

    /// Of an optimal answer by dispatch.
    ///
    /// # Errors
    /// The path of a value that is unknown.
    pub fn of(site: &Site, outcome: &Outcome, catalog: &Catalog) -> Result<Self, String> {
        let f = &site.terms.finance;
        let cost = |own: Option<f64>, id: &str| {
            let listed = || catalog.costs.get(id).and_then(|c| c.value.get());
            own.or_else(listed).ok_or_else(|| format!("costs.{id}"))
        };
        let contract = site.terms.site.grid_contract_mw;
        let contract = contract.ok_or_else(|| "site.grid_contract_mw".to_owned())?;
        let per_mw = cost(f.site_capex_usd_per_mw, "site-capex-usd-per-mw")?;
        let opex = cost(f.fixed_opex_usd_per_mw_year, "fixed-opex-usd-per-mw-year")?;
        let rack_life = cost(f.rack_life_years, "rack-life-years")?;
        let site_life = cost(f.site_life_years, "site-life-years")?;
        let head = &outcome.headline;
        let capex = head.capex_usd.ok_or_else(|| {
            head.capex_stopped_by.clone().unwrap_or_else(|| "racks.price_usd".to_owned())
        })?;
        let plan = &outcome.plan;
        let whole = plan.objective_usd_per_year.unwrap_or(0.0);
        let site_usd = per_mw * contract;
        Ok(Self {
            revenue: plan.revenue_usd_per_year,
            // The objective of dispatch is revenue less everything that grows with running.
            running: plan.revenue_usd_per_year - whole,
            fixed_opex: opex * contract,
            depreciation: (capex - site_usd) / rack_life + site_usd / site_life,
        })
    }
}

/// The site with every price of every tier times `level`.
pub fn priced(site: &Site, level_ratio: f64) -> Site {
    let mut site = site.clone();
    let scale = |price: &mut Option<f64>| {
        if let Some(usd) = price {
            *usd *= level_ratio;
        }
    };
    for tier in &mut Arc::make_mut(&mut site.terms).tiers {
        scale(&mut tier.input_usd_per_mtok);
        scale(&mut tier.cached_usd_per_mtok);
        for step in &mut tier.demand {
            scale(&mut step.price_usd_per_mtok);
            scale(&mut step.usd_per_gpu_h);
        }
    }
    site
}

/// Where the margin crosses zero.
#[derive(Clone, Debug, PartialEq)]
pub struct BreakEven {
    /// Price level over the layout's; `None` where no price earns the cost.
    pub level_ratio: Option<f64>,
    /// At the layout's own prices.
    pub margin: Margin,
    pub solves: usize,
}

/// Why there is no break-even.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoMargin {
    #[error("{0} is unknown")]
    Unknown(String),
    #[error("the site has no plan at these prices")]
    NoPlan,
}

/// Finds the price level at which the operating margin is zero.
///
/// The optimum of dispatch is the greatest of functions that rise in proportion to the level,
/// so it is convex in it and its slope is the revenue over the level. From the right of the
/// crossing, each step along that slope ends on the same side and nearer; a first step from
/// the left ends on the right. A bracket takes over where planned racks bend the curve.
///
/// # Errors
/// Something unknown stops the margin, or there is no plan.
pub fn break_even(
    study: &mut Study,
    site: &Site,
    catalog: &Catalog,
    options: &SolveOptions,
) -> Result<BreakEven, NoMargin> {
    let options = SolveOptions { objective: Some(Objective::Dispatch), ..options.clone() };
    let mut at = |level: f64| -> Result<Margin, NoMargin> {
        let site = priced(site, level);
        let outcome = study.solve(&site, catalog, &options);
        if outcome.plan.status != Status::Optimal {
            return Err(NoMargin::NoPlan);
        }
        Margin::of(&site, &outcome, catalog).map_err(NoMargin::Unknown)
    };
    let own = at(1.0)?;
    let zero = ZERO_FRAC * (own.fixed_opex + own.depreciation).abs().max(1.0);
    let (mut level, mut margin, mut solves) = (1.0, own, 1);
    // Greatest level with a loss and least level with a profit seen so far.
    let (mut loss, mut profit) = (0.0_f64, f64::INFINITY);
    let found = |level_ratio, solves| Ok(BreakEven { level_ratio, margin: own, solves });
    loop {
        let value = margin.operating();
        if value.abs() <= zero {
            return found(Some(level), solves);
        }
        if value > 0.0 {
            profit = profit.min(level);
        } else {
            loss = loss.max(level);
        }
        let slope = margin.revenue / level;
        let step = if slope > 0.0 { level - value / slope } else { level * 2.0 };
        let inside = step > loss && step < profit;
        let next = match (inside, profit.is_finite()) {
            (true, _) => step,
            (false, true) => f64::midpoint(loss, profit),
            (false, false) => level * 2.0,
        };
        let stuck = (next - level).abs() <= 1e-12 * level;
        if stuck || solves >= MOST_SOLVES {
            // A jump across zero: the least level that earns its cost.
            return found(profit.is_finite().then_some(profit), solves);
        }
        if next > HIGHEST_LEVEL {
            return found(None, solves);
        }
        level = next;
        margin = at(level)?;
        solves += 1;
    }
}
