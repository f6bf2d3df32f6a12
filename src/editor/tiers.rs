//! Tiers and their demand curves.

use super::insert::{free_id, free_name};
use super::{EditError, TierSource};
use crate::catalog::Catalog;
use crate::site::{DemandStep, Site, Tier};
use crate::units::Limit;
use std::collections::HashSet;
use std::sync::Arc;

/// Adds a tier at the end.
pub(super) fn add(
    site: &Site,
    catalog: &Catalog,
    source: &TierSource,
) -> Result<(Site, String), EditError> {
    let tiers = &site.terms.tiers;
    let mut tier = match source {
        TierSource::Template(id) => from_template(catalog, id)?,
        TierSource::CopyOf(id) => {
            let at = position(site, id)?;
            // cannot fail: the position was just found
            tiers.get(at).cloned().ok_or_else(|| EditError::NoSuchTier(id.clone()))?
        }
    };
    let ids: HashSet<String> = tiers.iter().map(|t| t.id.clone()).collect();
    let names: HashSet<&str> = tiers.iter().map(|t| t.name.as_str()).collect();
    tier.id = free_id(&ids, &tier.id);
    tier.name = free_name(|n| names.contains(n), &tier.name);
    let label = format!("Add tier {}", tier.name);
    let mut site = site.clone();
    Arc::make_mut(&mut site.terms).tiers.push(tier);
    Ok((site, label))
}

/// Removes a tier and its share of power.
pub(super) fn remove(site: &Site, id: &str) -> Result<(Site, String), EditError> {
    let at = position(site, id)?;
    let mut site = site.clone();
    let terms = Arc::make_mut(&mut site.terms);
    let tier = terms.tiers.remove(at);
    terms.policy.shares.shift_remove(id);
    Ok((site, format!("Remove tier {}", tier.name)))
}

/// Adds a copy of the last demand step behind it. An unlimited volume can have
/// no step behind it that sells, so the copy goes in front of that one.
pub(super) fn add_step(site: &Site, id: &str) -> Result<(Site, String), EditError> {
    let at = position(site, id)?;
    let mut site = site.clone();
    let mut label = String::new();
    if let Some(tier) = Arc::make_mut(&mut site.terms).tiers.get_mut(at) {
        let mut step = tier.demand.last().cloned().unwrap_or_else(empty_step);
        let endless = |limit: &Option<Limit>| limit.is_some_and(Limit::is_unlimited);
        let before_last = endless(&step.volume_tok_s) || endless(&step.volume_gpus);
        if before_last {
            // Nobody has said how much of the unlimited volume pays this price.
            step.volume_tok_s = step.volume_tok_s.map(|_| Limit::At(0.0));
            step.volume_gpus = step.volume_gpus.map(|_| Limit::At(0.0));
        }
        let place = tier.demand.len().saturating_sub(usize::from(before_last));
        tier.demand.insert(place, step);
        label = format!("Add demand step to {}", tier.name);
    }
    Ok((site, label))
}

/// Removes a demand step, counted from 0.
pub(super) fn remove_step(
    site: &Site,
    id: &str,
    index: usize,
) -> Result<(Site, String), EditError> {
    let at = position(site, id)?;
    let mut site = site.clone();
    let terms = Arc::make_mut(&mut site.terms);
    let tier = terms.tiers.get_mut(at).ok_or_else(|| EditError::NoSuchTier(id.to_owned()))?;
    if index >= tier.demand.len() {
        return Err(EditError::NoSuchStep { tier: tier.name.clone(), step: index + 1 });
    }
    tier.demand.remove(index);
    let label = format!("Remove demand step {} of {}", index + 1, tier.name);
    Ok((site, label))
}

fn position(site: &Site, id: &str) -> Result<usize, EditError> {
    let at = site.terms.tiers.iter().position(|t| t.id == id);
    at.ok_or_else(|| EditError::NoSuchTier(id.to_owned()))
}

fn empty_step() -> DemandStep {
    DemandStep {
        price_usd_per_mtok: None,
        volume_tok_s: None,
        usd_per_gpu_h: None,
        volume_gpus: None,
        buyer: String::new(),
    }
}

/// A tier as the catalogue's template has it, with unlimited demand at its price.
fn from_template(catalog: &Catalog, id: &str) -> Result<Tier, EditError> {
    let template = catalog.tier_templates.get(id);
    template.map(Tier::of_template).ok_or_else(|| EditError::NoSuchTemplate(id.to_owned()))
}
