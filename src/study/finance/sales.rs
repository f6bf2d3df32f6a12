//! What is sold: one stream for each tier.

use super::terms::Terms;
use crate::finance::project::{Path, Stream, Unit};
use crate::plan::Plan;
use crate::plan::result::TierResult;
use crate::site::{DemandRule, DemandStep, Site, TierKind};
use crate::study::Outcome;
use crate::units::SECONDS_PER_YEAR;

const HOURS_PER_YEAR: f64 = SECONDS_PER_YEAR / 3_600.0;

/// One stream for each tier that sells: units at full load are those of the plan over its share
/// of what the site can make.
pub(super) fn streams(site: &Site, outcome: &Outcome, terms: &Terms) -> Vec<Stream> {
    let plan = &outcome.plan;
    let full = 1.0 / utilisation(plan);
    let stream = |tier: &TierResult| {
        let (unit, units) = sold(tier);
        (units > 0.0).then(|| Stream {
            id: tier.id.clone(),
            phase: "site".to_owned(),
            unit,
            units_per_year: Path::flat(units * full),
            price: Path::Escalating {
                start: tier.revenue_usd_per_year / units,
                per_year_frac: terms.price_change,
            },
            mix: Path::flat(1.0),
            demand_per_year: demand(site, tier).map(Path::flat),
            contract: None,
        })
    };
    plan.tiers.iter().filter_map(stream).collect()
}

/// Units that a tier sells in a year: million tokens, or GPU-hours.
fn sold(tier: &TierResult) -> (Unit, f64) {
    if tier.tokens_per_s > 0.0 {
        (Unit::MillionTokens, tier.tokens_per_s * SECONDS_PER_YEAR / 1e6)
    } else {
        (Unit::GpuHours, tier.gpus * HOURS_PER_YEAR)
    }
}

/// Running racks over racks that could run, mean over the year of the plan; 1 where nothing runs.
pub(super) fn utilisation(plan: &Plan) -> f64 {
    let hours: f64 = plan.hours.iter().map(|h| h.weight_h).sum();
    let used: f64 = plan.hours.iter().map(|h| h.utilisation_frac * h.weight_h).sum();
    if used > 0.0 && hours > 0.0 { (used / hours).min(1.0) } else { 1.0 }
}

/// Most units of a year that buyers take at the plan's price: where one price holds for all, the
/// steps that pay it; where each buyer has a price, the steps up to the last that is served.
/// Nothing where that is unlimited.
fn demand(site: &Site, tier: &TierResult) -> Option<f64> {
    let own = site.terms.tiers.iter().find(|t| t.id == tier.id)?;
    let tokens = own.kind == TierKind::Tokens;
    let volume = |step: &DemandStep| -> Option<f64> {
        let limit = if tokens { step.volume_tok_s } else { step.volume_gpus };
        // A step without a volume sells nothing.
        let mean = limit.map_or(0.0, |v| v.value());
        let year = if tokens { SECONDS_PER_YEAR / 1e6 } else { HOURS_PER_YEAR };
        (mean.is_finite()).then_some(mean * year)
    };
    let (_, units) = sold(tier);
    let mut most = 0.0;
    for step in &own.demand {
        let price = if tokens { step.price_usd_per_mtok } else { step.usd_per_gpu_h };
        let pays = match (own.rule, price, clearing(tier)) {
            (DemandRule::PostedPrice, Some(price), Some(clearing)) => price >= clearing * (1.0 - 1e-9),
            _ => most < units * (1.0 - 1e-9),
        };
        if pays {
            most += volume(step)?;
        }
    }
    // The plan's own sales are never refused.
    Some(most.max(units))
}

/// Price of a unit that everybody pays, for output alone.
fn clearing(tier: &TierResult) -> Option<f64> {
    if tier.tokens_per_s > 0.0 { tier.price_usd_per_mtok } else { None }
}
