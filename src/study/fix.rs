//! What would have kept a site earning through an outage: each candidate is put into the site
//! and the outage planned again.
//!
//! It must not know how fixes are shown.

use super::outage::{Effect, Outage, outage};
use super::{SolveOptions, Study};
use crate::catalog::Catalog;
use crate::plan::result::{LimitResult, Status};
use crate::site::{Node, NodeKind, Site};
use std::sync::Arc;

/// Limits that are tried, those that bind most of the site first.
const LIMITS_TRIED: usize = 3;
/// A fix counts as good where it recovers this share of what the best one recovers.
const GOOD_FRAC: f64 = 0.9;
/// Revenue below which nothing is lost, $ a year.
const NOTHING_USD: f64 = 1.0;

/// What is changed.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// One more element beside the lost one, equal to it.
    Spare,
    /// A switch to another element that stands already.
    Tie { to: String },
    /// More capacity of a limit that binds during the outage: path, MW.
    Raise { path: String },
}

/// A candidate with what it brings.
#[derive(Clone, Debug, PartialEq)]
pub struct Fix {
    pub change: Change,
    /// In words.
    pub what: String,
    /// Capacity to be bought, MW; 0 for a switch.
    pub added_mw: f64,
    /// At catalogue prices; `None` where the price is unknown.
    pub price_usd: Option<f64>,
    /// Revenue that it keeps during the outage, $ a year.
    pub recovered_usd_per_year: f64,
}

/// Candidates that help, the cheapest first: of those that recover nearly as much as the best,
/// the lowest price where all prices are known, else the least new capacity.
pub fn fixes(
    study: &mut Study,
    site: &Site,
    (lost, effect): (&Outage, &Effect),
    catalog: &Catalog,
    options: &SolveOptions,
) -> Vec<Fix> {
    let missing = effect.before_usd_per_year - effect.after_usd_per_year;
    if missing < NOTHING_USD {
        return Vec::new();
    }
    let mut found: Vec<Fix> = Vec::new();
    for (fix, changed) in candidates(site, lost, effect, catalog) {
        let Ok(again) = outage(&changed, &lost.path) else { continue };
        if again.site.blocks().next().is_none() {
            continue;
        }
        let outcome = study.solve(&again.site, catalog, options);
        if outcome.plan.status != Status::Optimal {
            continue;
        }
        let kept = outcome.plan.revenue_usd_per_year - effect.after_usd_per_year;
        if kept > NOTHING_USD {
            found.push(Fix { recovered_usd_per_year: kept.min(missing), ..fix });
        }
    }
    let best = found.iter().map(|f| f.recovered_usd_per_year).fold(0.0, f64::max);
    let priced = found.iter().all(|f| f.price_usd.is_some());
    let cost = |f: &Fix| if priced { f.price_usd.unwrap_or(0.0) } else { f.added_mw };
    let good = |f: &Fix| f.recovered_usd_per_year >= GOOD_FRAC * best;
    found.sort_by(|a, b| good(b).cmp(&good(a)).then(cost(a).total_cmp(&cost(b))));
    found
}

/// Candidates with the site that has them.
fn candidates(site: &Site, lost: &Outage, effect: &Effect, catalog: &Catalog) -> Vec<(Fix, Site)> {
    let mut out = Vec::new();
    out.extend(spare(site, lost, catalog));
    out.extend(ties(site, lost));
    let mut limits: Vec<&LimitResult> =
        effect.outcome.plan.limits.iter().filter(|l| l.binding && is_capacity(l)).collect();
    limits.sort_by(|a, b| b.used.total_cmp(&a.used).then(a.id.cmp(&b.id)));
    for limit in limits.into_iter().take(LIMITS_TRIED) {
        out.extend(raise(site, effect, limit));
    }
    out
}

fn is_capacity(limit: &LimitResult) -> bool {
    matches!(limit.kind.as_str(), "feed_capacity" | "node_capacity" | "loop_heat")
}

fn candidate(change: Change, what: String, added_mw: f64, price_usd: Option<f64>) -> Fix {
    Fix { change, what, added_mw, price_usd, recovered_usd_per_year: 0.0 }
}

/// A second element like the lost one, on the same sources, feeding the same things.
fn spare(site: &Site, lost: &Outage, catalog: &Catalog) -> Option<(Fix, Site)> {
    let (collection, id) = lost.path.split_once('.')?;
    let mut changed = site.clone();
    let campus = Arc::make_mut(&mut changed.campus);
    let twin = format!("{id}-spare");
    let (added_mw, price) = match collection {
        "feeds" => {
            let mut feed = campus.feeds.iter().find(|f| f.id == id)?.clone();
            feed.id.clone_from(&twin);
            let mw = feed.capacity_mw?;
            campus.feeds.push(feed);
            (mw, None)
        }
        "nodes" => {
            let mut node = campus.nodes.iter().find(|n| n.id == id)?.clone();
            node.id.clone_from(&twin);
            let mw = node.capacity_mw.unwrap_or(0.0);
            let equipment = node.equipment.clone();
            campus.nodes.push(node);
            (mw, equipment.and_then(|e| catalog.equipment.get(&e)?.price_usd.as_ref()?.get()))
        }
        "loops" => {
            let found = campus.loops.iter().find(|l| l.id == id)?.clone();
            let mw = crate::cooling::capacity_mw(&found);
            campus.loops.push(crate::site::Loop { id: twin.clone(), ..found });
            (mw, None)
        }
        _ => return None,
    };
    for node in &mut campus.nodes {
        if node.from.iter().any(|s| s == id) {
            node.from.push(twin.clone());
        }
    }
    for cooled in &mut campus.loops {
        if cooled.node == id {
            cooled.node.clone_from(&twin);
        }
    }
    for group in &mut changed.halls {
        for block in &mut Arc::make_mut(group).blocks {
            for on in [&mut block.node, &mut block.node_b, &mut block.cooling_loop] {
                if on.as_deref() == Some(id) {
                    *on = Some(twin.clone());
                }
            }
        }
    }
    let what = format!("A spare like {}", lost.name);
    Some((candidate(Change::Spare, what, added_mw, price), changed))
}

/// Switches that feed what died from elements of the lost one's kind that live.
fn ties(site: &Site, lost: &Outage) -> Vec<(Fix, Site)> {
    let Some((collection, id)) = lost.path.split_once('.') else { return Vec::new() };
    let campus = &site.campus;
    let alive = |id: &String| !lost.dead.contains(id);
    let others: Vec<(&String, &String)> = match collection {
        "feeds" => campus.feeds.iter().map(|f| (&f.id, &f.name)).collect(),
        "nodes" => {
            let Some(node) = campus.nodes.iter().find(|n| n.id == id) else { return Vec::new() };
            let kin = |n: &&Node| n.kind == node.kind && n.voltage_kv == node.voltage_kv;
            campus.nodes.iter().filter(kin).map(|n| (&n.id, &n.name)).collect()
        }
        _ => Vec::new(),
    };
    // The nearest of the file's order: neighbours stand beside each other there.
    let at = others.iter().position(|(o, _)| *o == id).unwrap_or(0);
    let mut near: Vec<(usize, &(&String, &String))> =
        others.iter().enumerate().filter(|(_, (o, _))| alive(o)).collect();
    near.sort_by_key(|(i, _)| i.abs_diff(at));
    let orphans: Vec<&Node> = campus
        .nodes
        .iter()
        .filter(|n| lost.dead.contains(&n.id) && n.from.iter().any(|s| s == id))
        .collect();
    if orphans.is_empty() {
        return Vec::new();
    }
    near.into_iter()
        .take(1)
        .map(|(_, (to, name))| {
            let mut changed = site.clone();
            for node in &mut Arc::make_mut(&mut changed.campus).nodes {
                if node.from.iter().any(|s| s == id) {
                    node.alternate.push((*to).clone());
                }
            }
            let what = match orphans.as_slice() {
                [one] => format!("A tie from {name} to {}", one.name),
                many => format!("A tie from {name} to {} nodes", many.len()),
            };
            (candidate(Change::Tie { to: (*to).clone() }, what, 0.0, None), changed)
        })
        .collect()
}

/// More capacity where the outage binds: as much as the load that was lost.
fn raise(site: &Site, effect: &Effect, limit: &LimitResult) -> Option<(Fix, Site)> {
    let before: f64 = effect.tiers.iter().map(|t| t.before.0).sum();
    let after: f64 = effect.tiers.iter().map(|t| t.after.0).sum();
    let capacity = limit.capacity?;
    let share = if before > 0.0 { (before - after).max(0.0) / before } else { 0.0 };
    // At least a tenth: lost revenue need not show as lost power.
    let added = (capacity * share.max(0.1)).ceil();
    let path = limit.id.clone();
    let mut changed = site.clone();
    let campus = Arc::make_mut(&mut changed.campus);
    let id = &limit.element;
    match limit.kind.as_str() {
        "feed_capacity" => {
            let feed = campus.feeds.find_mut(|f| f.id == *id)?;
            feed.capacity_mw = feed.capacity_mw.map(|mw| mw + added);
        }
        "node_capacity" => {
            let node = campus.nodes.find_mut(|n| n.id == *id)?;
            node.capacity_mw = node.capacity_mw.map(|mw| mw + added);
        }
        _ => {
            let cooled = campus.loops.find_mut(|l| l.id == *id)?;
            cooled.heat_mw = Some(crate::cooling::capacity_mw(cooled) + added);
        }
    }
    let what = format!("{added} MW more: {}", limit.name);
    Some((candidate(Change::Raise { path }, what, added, None), changed))
}

/// Elements whose breaker can be opened, as (path, name, kind), from the feeds down.
pub fn breakers(site: &Site) -> Vec<(String, String, &'static str)> {
    let campus = &site.campus;
    let kind = |k: NodeKind| match k {
        NodeKind::MainTransformer => "Main transformer",
        NodeKind::Substation => "Substation",
        NodeKind::Feeder => "Feeders",
        NodeKind::UnitSubstation => "Unit substation",
        NodeKind::Busway => "Busway",
    };
    let feeds = campus.feeds.iter().map(|f| (format!("feeds.{}", f.id), f.name.clone(), "Feed"));
    let nodes =
        campus.nodes.iter().map(|n| (format!("nodes.{}", n.id), n.name.clone(), kind(n.kind)));
    let loops =
        campus.loops.iter().map(|l| (format!("loops.{}", l.id), l.name.clone(), "Cooling loop"));
    feeds.chain(nodes).chain(loops).collect()
}
