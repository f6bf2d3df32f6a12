//! The site after an element is lost: what only that element feeds is gone with it, open
//! switches close, and what is left is planned anew.
//!
//! It must not know who pulls the breaker.

use super::{Outcome, SolveOptions, Study};
use crate::catalog::Catalog;
use crate::plan::result::Status;
use crate::site::{Block, Commitment, Node, Redundancy, Shared, Site, Tier};
use crate::units::SECONDS_PER_YEAR;
use std::collections::HashSet;
use std::sync::Arc;

/// Minutes of the planning year.
const MINUTES_PER_YEAR: f64 = SECONDS_PER_YEAR / 60.0;
/// Penalty on a broken commitment over the dearest price of the site: high enough that
/// breaking it is the last resort, in place of a requirement that an outage may make impossible.
const LAST_RESORT: f64 = 10.0;

/// A site without an element.
#[derive(Clone, Debug, PartialEq)]
pub struct Outage {
    /// `feeds.ID`, `nodes.ID` or `loops.ID`.
    pub path: String,
    /// Of the element.
    pub name: String,
    /// The site as it runs on.
    pub site: Site,
    /// Ids of feeds, nodes and loops that are dead, the lost one first.
    pub dead: Vec<String>,
    /// Names of nodes and blocks that an open switch now feeds.
    pub switched: Vec<String>,
    /// Racks that stand without power or coolant.
    pub racks_down: u32,
}

/// Why an element cannot be opened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no feed, node or loop `{0}`")]
pub struct NoSuchElement(pub String);

/// The site that is left when the breaker of a feed, a node or a loop opens.
///
/// A node that loses all its sources closes its open switches (`alternate`); one that has none
/// is dead, with every loop on it, every block on it that has no second feed, and every block on
/// a dead loop. Nodes that keep a
/// source share the load over what they keep. Firm power no longer binds: the outage that it is
/// kept for has happened, so every carrier may be used up to its rating.
///
/// # Errors
/// The path names no feed, node or loop.
pub fn outage(site: &Site, path: &str) -> Result<Outage, NoSuchElement> {
    let missing = || NoSuchElement(path.to_owned());
    let (collection, id) = path.split_once('.').ok_or_else(missing)?;
    let campus = &site.campus;
    let name = match collection {
        "feeds" => campus.feeds.iter().find(|f| f.id == id).map(|f| &f.name),
        "nodes" => campus.nodes.iter().find(|n| n.id == id).map(|n| &n.name),
        "loops" => campus.loops.iter().find(|l| l.id == id).map(|l| &l.name),
        _ => None,
    };
    let name = name.ok_or_else(missing)?.clone();
    let mut dead = vec![id.to_owned()];
    let mut switched = Vec::new();
    let nodes = left(&campus.nodes, &mut dead, &mut switched);
    let gone: HashSet<&str> = dead.iter().map(String::as_str).collect();
    let dead_loops: Vec<String> = campus
        .loops
        .iter()
        .filter(|l| gone.contains(l.node.as_str()) && l.id != id)
        .map(|l| l.id.clone())
        .collect();
    dead.extend(dead_loops);
    let gone: HashSet<&str> = dead.iter().map(String::as_str).collect();
    let mut out = site.clone();
    let campus = Arc::make_mut(&mut out.campus);
    campus.nodes = nodes.into();
    campus.feeds.retain(|f| !gone.contains(f.id.as_str()));
    campus.loops.retain(|l| !gone.contains(l.id.as_str()));
    campus.generators.retain(|g| !gone.contains(g.node.as_str()));
    campus.batteries.retain(|b| !gone.contains(b.node.as_str()));
    for feed in &mut campus.feeds {
        feed.firm_mw = feed.capacity_mw;
    }
    let mut racks_down = 0;
    let on_dead = |id: &Option<String>| id.as_deref().is_some_and(|id| gone.contains(id));
    for group in &mut out.halls {
        let touched = |b: &Block| [&b.node, &b.node_b, &b.cooling_loop].into_iter().any(&on_dead);
        if !group.blocks.iter().any(touched) {
            continue;
        }
        Arc::make_mut(group).blocks.retain_mut(|b| {
            if on_dead(&b.node_b) {
                b.node_b = None;
            }
            // The transfer switch takes the racks over to their second feed.
            if on_dead(&b.node) && b.node_b.is_some() {
                b.node = b.node_b.take();
                switched.push(b.name.clone());
            }
            let down = on_dead(&b.node) || on_dead(&b.cooling_loop);
            if down {
                racks_down += b.count.or(b.planned.as_ref().map(|p| p.max)).unwrap_or(0);
            }
            !down
        });
    }
    soften(&mut out);
    Ok(Outage { path: path.to_owned(), name, site: out, dead, switched, racks_down })
}

/// Nodes that still have a source, with the sources that they still have.
fn left(nodes: &Shared<Node>, dead: &mut Vec<String>, switched: &mut Vec<String>) -> Vec<Node> {
    let mut left: Vec<Node> = nodes.iter().filter(|n| !dead.contains(&n.id)).cloned().collect();
    let mut gone: HashSet<String> = dead.iter().cloned().collect();
    // Each round takes the nodes that died in the one before out of what they fed.
    loop {
        let mut fell = Vec::new();
        for node in &mut left {
            let fed = node.from.len();
            node.from.retain(|s| !gone.contains(s));
            if node.from.len() == fed || !node.from.is_empty() {
                continue;
            }
            node.from = node.alternate.iter().filter(|s| !gone.contains(*s)).cloned().collect();
            node.alternate.clear();
            match node.from.is_empty() {
                true => fell.push(node.id.clone()),
                false => switched.push(node.name.clone()),
            }
        }
        if fell.is_empty() {
            break;
        }
        left.retain(|n| !fell.contains(&n.id));
        gone.extend(fell.iter().cloned());
        dead.extend(fell);
    }
    for node in &mut left {
        node.alternate.retain(|s| !gone.contains(s));
        node.firm_mw = node.capacity_mw;
    }
    left
}

/// Commitments become the last resort instead of a requirement.
fn soften(site: &mut Site) {
    let dearest = |of: fn(&Tier) -> Option<f64>| {
        site.terms.tiers.iter().filter_map(of).fold(1.0, f64::max) * LAST_RESORT
    };
    let token = dearest(|t| t.demand.first().and_then(|s| s.price_usd_per_mtok));
    let gpu = dearest(|t| t.demand.first().and_then(|s| s.usd_per_gpu_h));
    if site.terms.tiers.iter().all(|t| t.commitment.is_none()) {
        return;
    }
    for tier in &mut Arc::make_mut(&mut site.terms).tiers {
        let tokens = tier.kind == crate::site::TierKind::Tokens;
        if let Some(c) = &mut tier.commitment
            && c.penalty_usd_per_mtok.is_none()
            && c.penalty_usd_per_gpu_h.is_none()
        {
            *c = Commitment {
                volume: c.volume,
                penalty_usd_per_mtok: tokens.then_some(token),
                penalty_usd_per_gpu_h: (!tokens).then_some(gpu),
            };
        }
    }
}

/// A tier before and after an outage.
#[derive(Clone, Debug, PartialEq)]
pub struct TierChange {
    pub id: String,
    pub name: String,
    pub firm: bool,
    /// Provisioned IT power, mean over the year, MW; revenue a year.
    pub before: (f64, f64),
    pub after: (f64, f64),
}

/// What an outage does, while it lasts.
#[derive(Clone, Debug, PartialEq)]
pub struct Effect {
    pub status: Status,
    /// Revenue that is not earned, $ a minute, mean over the typical hours.
    pub lost_usd_per_minute: f64,
    /// Revenue a year before and after, were the outage to last.
    pub before_usd_per_year: f64,
    pub after_usd_per_year: f64,
    pub tiers: Vec<TierChange>,
    /// Racks that run before and after.
    pub outcome: Outcome,
}

/// Plans the site that is left and compares it with the plan before. `None` where either has
/// no plan.
pub fn effect(
    study: &mut Study,
    before: (&Site, &Outcome),
    outage: &Outage,
    catalog: &Catalog,
    options: &SolveOptions,
) -> Option<Effect> {
    let (site, whole) = before;
    if whole.plan.status != Status::Optimal {
        return None;
    }
    let mut after = match outage.site.blocks().next() {
        Some(_) => study.solve(&outage.site, catalog, options),
        // Nothing runs, and a plan of nothing needs no solver.
        None => Outcome {
            plan: crate::plan::Plan { status: Status::Optimal, ..Default::default() },
            ..Outcome::default()
        },
    };
    if after.plan.status != Status::Optimal {
        return None;
    }
    // Ratings stand in for firm power on purpose.
    after.diagnostics.retain(|d| d.code != "firm-above-computed");
    let (had, has) = (whole.plan.revenue_usd_per_year, after.plan.revenue_usd_per_year);
    let of = |outcome: &Outcome, id: &str| {
        let found = outcome.plan.tiers.iter().find(|t| t.id == id);
        found.map_or((0.0, 0.0), |t| (t.it_mw, t.revenue_usd_per_year))
    };
    let tiers = site
        .terms
        .tiers
        .iter()
        .map(|t| TierChange {
            id: t.id.clone(),
            name: t.name.clone(),
            firm: t.redundancy == Redundancy::Firm,
            before: of(whole, &t.id),
            after: of(&after, &t.id),
        })
        .collect();
    Some(Effect {
        status: after.plan.status,
        lost_usd_per_minute: (had - has) / MINUTES_PER_YEAR,
        before_usd_per_year: had,
        after_usd_per_year: has,
        tiers,
        outcome: after,
    })
}
