//! The assumptions between the keynote figure and the layout, in the order in which they fall.
//!
//! Each knows how to take itself at its best in a copy of layout and catalogue, or why this layout
//! leaves nothing to take.

use crate::catalog::{Catalog, Known, source_text};
use crate::site::{
    Allocation, Block, DemandRule, Infrastructure, Redundancy, Site, Terms, TierKind,
};
use crate::study::risk::drivers::utilisation_path;
use crate::study::risk::{Appraiser, Change, apply};
use crate::units::Limit;
use std::sync::Arc;

type Relax = fn(&Appraiser, &mut Site, &mut Catalog) -> Result<(), String>;

/// One assumption.
pub(super) struct Rung {
    pub id: &'static str,
    pub name: &'static str,
    /// What the keynote takes it as.
    pub keynote: &'static str,
    /// What the step does.
    pub what: &'static str,
    pub source: fn(&Appraiser) -> String,
    pub relax: Relax,
}

pub(super) const ALL: [Rung; 9] = [
    Rung {
        id: "power-basis",
        name: "Power basis",
        keynote: "every megawatt of the contract makes tokens",
        what: "Racks, losses, cooling, spares of the network and firm power in place of 1 MW at the \
               meter for 1 MW of the curve",
        source: |_| "network, loops and racks of the layout".to_owned(),
        relax: power_basis,
    },
    Rung {
        id: "finite-demand",
        name: "Finite demand",
        keynote: "unlimited demand at each tier's highest price",
        what: "Volumes of each price in place of unlimited demand at the highest",
        source: |_| "demand of the layout's tiers".to_owned(),
        relax: finite_demand,
    },
    Rung {
        id: "allocation",
        name: "Allocation",
        keynote: "power in fixed shares",
        what: "The plan allocates power in place of fixed shares",
        source: |_| "policy of the layout".to_owned(),
        relax: allocation,
    },
    Rung {
        id: "one-price",
        name: "One price per tier",
        keynote: "every buyer pays what he would",
        what: "Everyone in a tier pays its clearing price in place of his own",
        source: |_| "rule of the layout's tiers".to_owned(),
        relax: one_price,
    },
    Rung {
        id: "availability",
        name: "Availability",
        keynote: "no rack ever fails or stands by",
        what: "Spares, availability and goodput of the racks in place of none lost",
        source: |a| rack_source(a),
        relax: availability,
    },
    Rung {
        id: "utilisation",
        name: "Utilisation",
        keynote: "no idle hour",
        what: "Load by hour and billed share in place of a flat, full load",
        source: |a| assumed(a, &["utilisation"], "load shapes and billed share of the layout"),
        relax: utilisation,
    },
    Rung {
        id: "ramp",
        name: "Ramp",
        keynote: "full load from the first day",
        what: "Months from service to full load in place of none",
        source: |a| assumed(a, &["ramp-months", "ramp_months"], "the layout"),
        relax: |a, s, c| zeroed(a, s, c, &["ramp-months", "ramp_months"]),
    },
    Rung {
        id: "price-path",
        name: "Price path",
        keynote: "prices stay",
        what: "Falling token prices in place of today's",
        source: |a| assumed(a, &["price-decline", "price_decline"], "the layout"),
        relax: |a, s, c| zeroed(a, s, c, &["price-decline", "price_decline"]),
    },
    Rung {
        id: "tax",
        name: "Tax",
        keynote: "no income tax",
        what: "Federal and state income tax in place of none",
        source: |a| assumed(a, &["federal-tax"], "the layout"),
        relax: |a, s, c| zeroed(a, s, c, &["federal-tax-frac", "state-tax-frac"]),
    },
];

/// Source of the first assumption that a name is part of.
fn assumed(appraiser: &Appraiser, names: &[&str], else_from: &str) -> String {
    let mut all = appraiser.assumptions().iter();
    let found = all.find(|a| names.iter().any(|n| a.path.contains(n)));
    found.map_or_else(|| else_from.to_owned(), |a| format!("{}: {}", a.path, a.source))
}

fn rack_source(appraiser: &Appraiser) -> String {
    let blocks = &appraiser.base().outcome.plan.blocks;
    let racks = blocks.iter().filter_map(|b| appraiser.catalog().racks.get(&b.rack));
    let first = racks.filter_map(|r| r.availability_frac.source.clone()).next();
    first.map_or_else(|| "the catalogue".to_owned(), |id| source_text(appraiser.catalog(), &id))
}

fn terms(site: &mut Site) -> &mut Terms {
    Arc::make_mut(&mut site.terms)
}

fn is_pool(site: &Site) -> bool {
    site.blocks().any(|b| b.mw.is_some())
}

/// The contract as pools of power, split among rack types as their nameplates are.
fn power_basis(appraiser: &Appraiser, site: &mut Site, _: &mut Catalog) -> Result<(), String> {
    if matches!(site.terms.site.infrastructure, Infrastructure::Reference { .. }) || is_pool(site) {
        return Err(
            "the layout states no network, no cooling and no racks: its megawatts are the \
                    keynote's own; give it feeds, nodes, loops and blocks of racks"
                .to_owned(),
        );
    }
    let mut pools: Vec<(String, f64)> = Vec::new();
    let mut add = |rack: &str, count: f64| -> Result<(), String> {
        let known = appraiser.catalog().racks.get(rack).and_then(|r| r.all_in_kw.get());
        let kw = known.ok_or_else(|| format!("racks.{rack}.all_in_kw is unknown"))?;
        match pools.iter_mut().find(|(id, _)| id == rack) {
            Some((_, total)) => *total += count * kw,
            None => pools.push((rack.to_owned(), count * kw)),
        }
        Ok(())
    };
    for block in site.blocks() {
        if let (Some(rack), Some(count)) = (&block.rack, block.count) {
            add(rack, f64::from(count))?;
        }
    }
    for row in &appraiser.base().outcome.plan.bought {
        add(&row.rack, row.racks)?;
    }
    let total: f64 = pools.iter().map(|(_, kw)| kw).sum();
    let contract = site.terms.site.grid_contract_mw.unwrap_or(0.0);
    let template = site.blocks().next().cloned();
    let Some(template) = template.filter(|_| total > 0.0) else {
        return Err("the layout has no racks".to_owned());
    };
    let tariff = site.terms.site.tariff.clone();
    terms(site).site.infrastructure =
        Infrastructure::Reference { pue: 1.0, path_efficiency: 1.0, tariff };
    // The keynote sells tokens alone.
    terms(site).tiers.retain(|t| t.kind == TierKind::Tokens);
    for tier in &mut terms(site).tiers {
        (tier.redundancy, tier.commitment, tier.deadline_h) =
            (Redundancy::Interruptible, None, None);
    }
    let kept: Vec<String> = site.terms.tiers.iter().map(|t| t.id.clone()).collect();
    terms(site).policy.shares.retain(|id, _| kept.contains(id));
    even_out(site);
    let pool = |(rack, kw): &(String, f64)| Block {
        id: format!("pool-{rack}"),
        name: format!("{rack}, as much as its share of the contract carries"),
        hall: None,
        row: None,
        rack: Some(rack.clone()),
        count: None,
        planned: None,
        mw: Some(Limit::At(contract * kw / total)),
        node: None,
        node_b: None,
        cooling_loop: None,
        phase: None,
        network: Vec::new(),
        racks_per_line: None,
        ..template.clone()
    };
    let blocks: Vec<Block> = pools.iter().map(pool).collect();
    bare(site, blocks);
    Ok(())
}

/// Nothing but blocks outside halls.
fn bare(site: &mut Site, blocks: Vec<Block>) {
    let mut file = site.to_file();
    file.blocks = blocks;
    file.halls.clear();
    file.rows.clear();
    file.network_racks.clear();
    file.feeds.clear();
    file.nodes.clear();
    file.loops.clear();
    file.generators.clear();
    file.batteries.clear();
    file.areas.clear();
    file.constraints.clear();
    file.groups.clear();
    file.locked.clear();
    file.supply.clear();
    *site = Site::from_file(file);
}

/// Shares that sum to one.
fn even_out(site: &mut Site) {
    let shares = &mut terms(site).policy.shares;
    let total: f64 = shares.values().sum();
    if total > 0.0 {
        shares.values_mut().for_each(|s| *s /= total);
    }
}

fn finite_demand(_: &Appraiser, site: &mut Site, _: &mut Catalog) -> Result<(), String> {
    let unlimited = |limit: Option<Limit>| limit.is_none_or(Limit::is_unlimited);
    let tiers = &site.terms.tiers;
    let open = |t: &crate::site::Tier| {
        t.demand.iter().all(|s| unlimited(s.volume_tok_s) && unlimited(s.volume_gpus))
    };
    if tiers.iter().all(open) {
        let first = tiers.first().map_or("TIER", |t| t.id.as_str());
        return Err(format!(
            "the layout itself sells without limit; enter volumes, such as \
             tiers.{first}.demand.0.volume_tok_s"
        ));
    }
    for tier in &mut terms(site).tiers {
        tier.demand.truncate(1);
        (tier.commitment, tier.deadline_h) = (None, None);
        for step in &mut tier.demand {
            match tier.kind {
                TierKind::Tokens => step.volume_tok_s = Some(Limit::Unlimited),
                TierKind::ReservedCapacity => step.volume_gpus = Some(Limit::Unlimited),
            }
        }
    }
    Ok(())
}

fn allocation(_: &Appraiser, site: &mut Site, _: &mut Catalog) -> Result<(), String> {
    if site.terms.policy.allocation == Allocation::FixedShares {
        return Err("the layout itself fixes the shares of power (policy.allocation)".to_owned());
    }
    terms(site).policy.allocation = Allocation::FixedShares;
    if site.terms.policy.shares.values().sum::<f64>() <= 0.0 {
        let ids: Vec<String> = site.terms.tiers.iter().map(|t| t.id.clone()).collect();
        let even = 1.0 / ids.len().max(1) as f64;
        terms(site).policy.shares = ids.into_iter().map(|id| (id, even)).collect();
    }
    Ok(())
}

fn one_price(appraiser: &Appraiser, site: &mut Site, _: &mut Catalog) -> Result<(), String> {
    let stated = &appraiser.site().terms.tiers;
    let posts = |t: &crate::site::Tier| t.rule == DemandRule::PostedPrice && t.demand.len() > 1;
    if !stated.iter().any(posts) {
        return Err("no tier of the layout posts one of several prices: each has one, or sells \
                    by contract"
            .to_owned());
    }
    for tier in &mut terms(site).tiers {
        tier.rule = DemandRule::Contracts;
    }
    Ok(())
}

fn availability(
    appraiser: &Appraiser,
    site: &mut Site,
    catalog: &mut Catalog,
) -> Result<(), String> {
    if appraiser.site().blocks().all(|b| b.mw.is_some()) {
        return Err("its racks are a pool of power, in which everything sells; give the layout \
                    blocks of racks"
            .to_owned());
    }
    let planned = site.blocks().flat_map(|b| b.planned.iter().flat_map(|p| p.racks.clone()));
    let racks: Vec<String> = site.blocks().filter_map(|b| b.rack.clone()).chain(planned).collect();
    for id in racks {
        let Some(rack) = catalog.racks.get_mut(&id) else { continue };
        rack.availability_frac.value = Known::Is(1.0);
        rack.goodput.inference_frac.value = Known::Is(1.0);
        rack.goodput.training_frac.value = Known::Is(1.0);
        rack.spares_frac.value = Known::Is(0.0);
    }
    Ok(())
}

fn utilisation(
    appraiser: &Appraiser,
    site: &mut Site,
    catalog: &mut Catalog,
) -> Result<(), String> {
    let path = utilisation_path(appraiser);
    let base = super::super::drivers::base_of(appraiser, &path).unwrap_or(1.0);
    let shaped = appraiser.site().terms.tiers.iter().any(|t| !t.shape.is_empty());
    let billed = appraiser.site().terms.site.billable_frac.is_none_or(|f| f == 1.0);
    if base == 1.0 && !shaped && billed {
        return Err(format!(
            "the layout itself bills everything that it makes; enter {path} below 1"
        ));
    }
    for tier in &mut terms(site).tiers {
        tier.shape.clear();
    }
    terms(site).site.billable_frac = Some(1.0);
    apply(site, catalog, &Change::to(&path, 1.0)).map_err(|e| e.to_string())
}

/// Sets the assumptions that the value takes under these names to zero.
fn zeroed(
    appraiser: &Appraiser,
    site: &mut Site,
    catalog: &mut Catalog,
    names: &[&str],
) -> Result<(), String> {
    let of_name = |path: &str| names.iter().any(|n| path.contains(n));
    let all = appraiser.assumptions().iter().filter(|a| of_name(&a.path));
    let paths: Vec<&str> = all.filter(|a| a.value != 0.0).map(|a| a.path.as_str()).collect();
    if paths.is_empty() {
        return Err("the layout itself takes it as zero".to_owned());
    }
    for path in paths {
        apply(site, catalog, &Change::to(path, 0.0)).map_err(|e| e.to_string())?;
    }
    Ok(())
}
