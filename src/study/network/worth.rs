//! What load without supply is worth while it is out.

use crate::plan::Plan;
use crate::power::electrical::Draw;
use crate::site::{Redundancy, Site};
use crate::units::HOURS_PER_YEAR;

const MINUTES_PER_HOUR: f64 = 60.0;

/// What an hour of a lost MW at the racks' nodes earns.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MarginPerMwh {
    pub mean_usd: f64,
    /// Of interruptible tiers, which are run back first.
    pub interruptible_usd: f64,
}

impl MarginPerMwh {
    /// Revenue less what grows with running, over the hours and MW that earn it.
    pub fn of(site: &Site, plan: &Plan, draws: &[Draw]) -> Self {
        let load_mw: f64 = draws.iter().map(|d| d.p_mw).sum();
        let running = plan.energy_cost_usd_per_year + plan.variable_cost_usd_per_year;
        let per = |usd: f64, mw: f64| if mw > 0.0 { usd / (mw * HOURS_PER_YEAR) } else { 0.0 };
        let running_per_mwh = per(running, load_mw);
        let tiers = |interruptible: bool| {
            let of = plan.tiers.iter().filter(|t| {
                let tier = site.terms.tiers.iter().find(|x| x.id == t.id);
                !interruptible || tier.is_some_and(|x| x.redundancy == Redundancy::Interruptible)
            });
            of.fold((0.0, 0.0), |(usd, mw), t| (usd + t.revenue_usd_per_year, mw + t.it_mw))
        };
        let (_, it_mw) = tiers(false);
        // Loads of the network hold pumps and fans as well.
        let it_frac = if load_mw > 0.0 { (it_mw / load_mw).min(1.0) } else { 0.0 };
        let value = |interruptible: bool| {
            let (usd, mw) = tiers(interruptible);
            (per(usd, mw) * it_frac - running_per_mwh).max(0.0)
        };
        Self { mean_usd: value(false), interruptible_usd: value(true) }
    }

    /// Margin lost in a minute with so much load dark and so much interruptible load run back,
    /// MW, $.
    pub fn usd_per_min(self, dark_mw: f64, run_back_mw: f64) -> f64 {
        (dark_mw * self.mean_usd + run_back_mw * self.interruptible_usd) / MINUTES_PER_HOUR
    }
}
