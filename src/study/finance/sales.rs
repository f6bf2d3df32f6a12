//! What is sold: one stream for each tier, by the plans of the years of operation.

use super::phases::Stage;
use super::plans::Plans;
use super::terms::Terms;
use crate::finance::project::{Path, Stream, Unit};
use crate::plan::Plan;
use crate::plan::result::TierResult;
use crate::site::{DemandRule, DemandStep, Site, TierKind};
use crate::units::{HOURS_PER_YEAR, SECONDS_PER_YEAR};

/// Streams of the tiers that sell in any year: units at full load are those of the plan over the
/// share of what the site can make that the first plan sells.
///
/// Each stage has its share of the plan's power in every tier.
pub(super) fn streams(site: &Site, plans: &Plans, terms: &Terms, stages: &[Stage]) -> Vec<Stream> {
    let mut ids: Vec<&str> = Vec::new();
    for plan in plans.all() {
        let sells = plan.plan.tiers.iter().filter(|t| sold(t).1 > 0.0);
        for tier in sells {
            if !ids.contains(&tier.id.as_str()) {
                ids.push(&tier.id);
            }
        }
    }
    let whole = ids.into_iter().filter_map(|id| stream(site, plans, terms, id));
    whole.flat_map(|stream| stages.iter().map(move |stage| part(&stream, stages, stage))).collect()
}

/// The share of a stage in a stream.
fn part(whole: &Stream, stages: &[Stage], stage: &Stage) -> Stream {
    let mut part = whole.clone();
    part.phase.clone_from(&stage.id);
    if stages.len() > 1 {
        part.id = format!("{}, {}", whole.id, stage.id);
        part.units_per_year.scale(stage.share);
        if let Some(demand) = &mut part.demand_per_year {
            demand.scale(stage.share);
        }
    }
    part
}

fn stream(site: &Site, plans: &Plans, terms: &Terms, id: &str) -> Option<Stream> {
    let full = 1.0 / first_utilisation(plans);
    let tier = |year: usize| {
        let held = plans.of_year(year)?;
        let tier = held.plan.tiers.iter().find(|t| t.id == id)?;
        Some((held, tier))
    };
    // What a unit earns at the prices of today, in a year of operation.
    let earned = |year: usize| {
        let (held, tier) = tier(year)?;
        let (_, units) = sold(tier);
        let sells = units > 0.0 && held.price_ratio > 0.0;
        sells.then(|| tier.revenue_usd_per_year / units / held.price_ratio)
    };
    let years = terms.operating_months.div_ceil(12);
    let start = (0..years).find_map(earned)?;
    let unit = (0..years).find_map(|y| tier(y).map(|(_, t)| sold(t)).filter(|s| s.1 > 0.0))?.0;
    let units = (0..years).map(|y| tier(y).map_or(0.0, |(_, t)| sold(t).1 * full)).collect();
    let mix = (0..years).map(|y| earned(y).map_or(1.0, |usd| usd / start)).collect();
    Some(Stream {
        id: id.to_owned(),
        phase: String::new(),
        unit,
        units_per_year: path(units),
        price: Path::Escalating { start, per_year_frac: terms.price_change },
        mix: path(if start > 0.0 { mix } else { vec![1.0] }),
        demand_per_year: demand_by_year(site, plans, terms, id),
        contract: None,
    })
}

/// One number where all years have the same.
pub(super) fn path(list: Vec<f64>) -> Path {
    match list.first() {
        Some(first) if list.iter().all(|v| v == first) => Path::flat(*first),
        _ => Path::ByYear(list),
    }
}

/// Units that a tier sells in a year: million tokens, or GPU-hours.
fn sold(tier: &TierResult) -> (Unit, f64) {
    if tier.tokens_per_s > 0.0 {
        (Unit::MillionTokens, tier.tokens_per_s * SECONDS_PER_YEAR / 1e6)
    } else {
        (Unit::GpuHours, tier.gpus * HOURS_PER_YEAR)
    }
}

/// Share of what the site can make that the plan of the first year sells.
pub(super) fn first_utilisation(plans: &Plans) -> f64 {
    plans.of_year(0).map_or(1.0, |held| utilisation(&held.plan))
}

/// Running racks over racks that could run, mean over the year of the plan; 1 where nothing runs.
fn utilisation(plan: &Plan) -> f64 {
    let hours: f64 = plan.hours.iter().map(|h| h.weight_h).sum();
    let used: f64 = plan.hours.iter().map(|h| h.utilisation_frac * h.weight_h).sum();
    if used > 0.0 && hours > 0.0 { (used / hours).min(1.0) } else { 1.0 }
}

/// Years of operation that fall into a year of the model: the first and the last.
fn operating(terms: &Terms, year: usize) -> (usize, usize) {
    let age = |month: usize| month.saturating_sub(terms.service_month) / 12;
    (age(12 * year), age(12 * year + 11))
}

/// Most units that buyers take, by year of the model; nothing where that is unlimited.
fn demand_by_year(site: &Site, plans: &Plans, terms: &Terms, id: &str) -> Option<Path> {
    let months = terms.service_month + terms.operating_months + terms.delay_months;
    let of_year = |year: usize| -> Option<f64> {
        let (first, last) = operating(terms, year);
        let mut most = 0.0f64;
        for age in [first, last] {
            let held = plans.of_year(age)?;
            let tier = held.plan.tiers.iter().find(|t| t.id == id)?;
            let grown = (1.0 + terms.demand_growth).powi(year as i32);
            let (_, units) = sold(tier);
            // The plan's own sales are never refused.
            most = most.max(units).max(grown * demand(site, tier, held.price_ratio)?);
        }
        Some(most)
    };
    let list: Option<Vec<f64>> = (0..months.div_ceil(12)).map(of_year).collect();
    list.map(path)
}

/// Most units of a year that buyers take today at the plan's price: where one price holds for
/// all, the steps that pay it; where each buyer has a price, the steps up to the last that is
/// served. Nothing where that is unlimited.
fn demand(site: &Site, tier: &TierResult, price_ratio: f64) -> Option<f64> {
    let own = site.terms.tiers.iter().find(|t| t.id == tier.id)?;
    let tokens = own.kind == TierKind::Tokens;
    let volume = |step: &DemandStep| -> Option<f64> {
        let limit = if tokens { step.volume_tok_s } else { step.volume_gpus };
        // A step without a volume sells nothing.
        let mean = limit.map_or(0.0, |v| v.value());
        let year = if tokens { SECONDS_PER_YEAR / 1e6 } else { HOURS_PER_YEAR };
        mean.is_finite().then_some(mean * year)
    };
    let clearing = if tokens { tier.price_usd_per_mtok } else { None };
    let (_, units) = sold(tier);
    let mut most = 0.0;
    for step in &own.demand {
        let pays = match (own.rule, step.price_usd_per_mtok, clearing) {
            (DemandRule::PostedPrice, Some(price), Some(clearing)) => {
                price * price_ratio >= clearing * (1.0 - 1e-9)
            }
            _ => most < units * (1.0 - 1e-9),
        };
        if pays {
            most += volume(step)?;
        }
    }
    Some(most)
}
