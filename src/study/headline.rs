//! Figures that stand beside the plan: capex, PUE, share of the world's tokens.

use super::input::Prepared;
use super::outcome::Headline;
use crate::catalog::{Catalog, Rack};
use crate::plan::Plan;
use crate::plan::input::Holding;
use crate::site::Site;
use crate::units::SECONDS_PER_YEAR;

/// Makes the headline; without a plan only what needs none.
pub fn headline(
    site: &Site,
    catalog: &Catalog,
    prepared: &Prepared,
    plan: Option<&Plan>,
) -> Headline {
    let mut h = Headline::default();
    let world = catalog.costs.get("world-tokens-per-year");
    h.world_tokens_per_year = world.and_then(|c| c.value.get());
    h.world_source = world
        .and_then(|c| c.value.source.as_ref())
        .map(|id| crate::catalog::source_text(catalog, id))
        .unwrap_or_default();
    let (racks, capex) = capex(site, catalog, prepared, plan);
    h.racks_installed = racks;
    match capex {
        Ok(usd) => h.capex_usd = Some(usd),
        Err(path) => h.capex_stopped_by = Some(path),
    }
    let Some(plan) = plan else { return h };
    let weights: f64 = plan.hours.iter().map(|x| x.weight_h).sum();
    if weights > 0.0 {
        h.pue_mean = plan.hours.iter().map(|x| x.pue * x.weight_h).sum::<f64>() / weights;
    }
    h.pue_worst = plan.hours.iter().map(|x| x.pue).fold(0.0, f64::max);
    let output = plan.tokens_per_s.output * SECONDS_PER_YEAR;
    h.world_ratio = h.world_tokens_per_year.map(|w| output / w);
    if output > 0.0 {
        h.energy_usd_per_mtok = Some(plan.energy_cost_usd_per_year / (output / 1e6));
    }
    h
}

/// Racks on site, and their price with support plus the site capacity for the
/// grid contract; the path of the value that is unknown otherwise.
fn capex(
    site: &Site,
    catalog: &Catalog,
    prepared: &Prepared,
    plan: Option<&Plan>,
) -> (Option<f64>, Result<f64, String>) {
    let input = &prepared.input;
    let mut held: Vec<(usize, Option<f64>)> = Vec::new();
    for block in &input.blocks {
        match block.holding {
            Holding::Installed(n) => held.push((block.racks[0], Some(n))),
            Holding::Pool(_) => {
                let own = plan.and_then(|p| p.pool(&block.id));
                held.push((block.racks[0], own.and_then(|own| own.racks)));
            }
            Holding::Planned { .. } => {
                let bought = plan.map(|p| p.bought.iter().filter(|b| b.block == block.id));
                for row in bought.into_iter().flatten() {
                    if let Some(r) = block.racks.iter().find(|&&r| input.racks[r].id == row.rack) {
                        held.push((*r, Some(row.racks)));
                    }
                }
            }
        }
    }
    let total = held.iter().map(|(_, n)| *n).sum::<Option<f64>>();
    let price = |rack: &Rack| super::input::price_with_support_usd(catalog, rack);
    let mut usd = 0.0;
    for (r, n) in &held {
        let id = &input.racks[*r].id;
        let Some(n) = n else { return (total, Err(format!("racks.{id}.all_in_kw"))) };
        let price = catalog.racks.get(id).and_then(price);
        let Some(price) = price else { return (total, Err(format!("racks.{id}.price_usd"))) };
        usd += n * price;
    }
    let own = site.terms.finance.site_capex_usd_per_mw;
    let cost = catalog.costs.get("site-capex-usd-per-mw").and_then(|c| c.value.get());
    let Some(per_mw) = own.or(cost) else {
        return (total, Err("costs.site-capex-usd-per-mw".to_owned()));
    };
    (total, Ok(usd + per_mw * input.site.grid_contract_mw))
}
