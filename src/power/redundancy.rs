//! Redundancy as the wiring gives it, never as a label claims (equation W11): what of the sources
//! of each node and block may fail, and how systems that stand in for each other share their
//! loads.
//!
//! Sources behind open switches count, because they take over. Stated firm power below the load
//! has the last word. Without a load there is no scheme: nothing is guessed.

mod group;

pub use group::{Group, Transfer};

use crate::catalog::{Catalog, Fact};
use crate::diag::Diagnostic;
use crate::site::{Block, DeclaredScheme, Node, NodeKind, Site};
use crate::units::{Power, format};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::BuildHasher;

/// Loads are known to the precision of the solver, MW.
const TOLERANCE_MW: f64 = 1e-6;

/// What may fail without load being lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// Nothing.
    N,
    /// Any so many of the units.
    Spare(usize),
    /// Each of two sides carries the whole.
    TwoN,
    /// So many systems share the load of any one that fails: 3-to-make-2 has three.
    Distributed(usize),
    /// So many systems have one that stands by for all of them: block redundant, catcher.
    Catcher(usize),
    /// Two feeders with an open point between their loads.
    Loop,
}

impl Scheme {
    /// "N+1", "3-to-make-2".
    pub fn name(self) -> String {
        match self {
            Self::N => "N".to_owned(),
            Self::Spare(k) => format!("N+{k}"),
            Self::TwoN => "2N".to_owned(),
            Self::Distributed(k) => format!("{k}-to-make-{}", k.saturating_sub(1)),
            Self::Catcher(n) => format!("catcher {n}+1"),
            Self::Loop => "loop".to_owned(),
        }
    }

    /// Share of the installed capacity that may be loaded; `None` where the number of units
    /// tells it.
    pub fn usable_frac(self) -> Option<f64> {
        match self {
            Self::N => Some(1.0),
            Self::Spare(_) => None,
            Self::TwoN | Self::Loop => Some(0.5),
            Self::Distributed(k) => Some((k as f64 - 1.0) / k as f64),
            Self::Catcher(n) => Some(n as f64 / (n as f64 + 1.0)),
        }
    }

    /// Whether it is what a label declares.
    fn is(self, declared: DeclaredScheme) -> bool {
        match declared {
            DeclaredScheme::N => self == Self::N,
            DeclaredScheme::NPlus1 => self == Self::Spare(1),
            DeclaredScheme::NPlus2 => self == Self::Spare(2),
            DeclaredScheme::TwoN => self == Self::TwoN,
            DeclaredScheme::ThreeToMakeTwo => self == Self::Distributed(3),
            DeclaredScheme::FourToMakeThree => self == Self::Distributed(4),
            DeclaredScheme::BlockRedundant => matches!(self, Self::Catcher(_)),
            DeclaredScheme::Loop => self == Self::Loop,
        }
    }
}

/// How a node or block is supplied.
#[derive(Clone, Debug, PartialEq)]
pub struct Supply {
    /// `None` where it is unknown; `why` says what is missing.
    pub scheme: Option<Scheme>,
    pub why: String,
}

/// Loads of a plan by id, MW: input of feeds and nodes, IT power of blocks.
#[derive(Clone, Copy, Debug)]
pub struct Loads<'a> {
    pub node_mw: &'a dyn Mapped,
    pub block_mw: &'a dyn Mapped,
}

/// A figure by id.
pub trait Mapped: std::fmt::Debug {
    fn of(&self, id: &str) -> Option<f64>;
}

impl<S: BuildHasher> Mapped for HashMap<String, f64, S> {
    fn of(&self, id: &str) -> Option<f64> {
        self.get(id).copied()
    }
}

impl Mapped for BTreeMap<String, f64> {
    fn of(&self, id: &str) -> Option<f64> {
        self.get(id).copied()
    }
}

/// The redundancy of a site.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Redundancy {
    /// By id of the node or block; blocks without a node have none.
    pub supplies: BTreeMap<String, Supply>,
    /// Systems that stand in for each other.
    pub groups: Vec<Group>,
    /// Labels that the wiring contradicts.
    pub findings: Vec<Diagnostic>,
}

/// Works out the redundancy of a site under loads.
pub fn of_site(site: &Site, catalog: &Catalog, loads: Loads<'_>) -> Redundancy {
    let ground = Ground::of(site, catalog, loads);
    let groups = group::groups(&ground);
    let mut supplies = BTreeMap::new();
    for node in &site.campus.nodes {
        supplies.insert(node.id.clone(), ground.of_node(node, &groups));
    }
    for block in site.blocks() {
        if let Some(supply) = ground.of_block(block, &groups) {
            supplies.insert(block.id.clone(), supply);
        }
    }
    let declared = site.campus.nodes.iter();
    let findings = declared.filter_map(|n| contradiction(n, &supplies, &groups)).collect();
    Redundancy { supplies, groups, findings }
}

/// Capacities and loads, and what stands above each node.
struct Ground<'a> {
    site: &'a Site,
    catalog: &'a Catalog,
    loads: Loads<'a>,
    capacity: HashMap<&'a str, Option<f64>>,
    nodes: HashMap<&'a str, &'a Node>,
}

fn mw(value: f64) -> String {
    format::power(Power::mw(value))
}

fn known(scheme: Scheme, why: String) -> Supply {
    Supply { scheme: Some(scheme), why }
}

fn unknown(why: &str) -> Supply {
    Supply { scheme: None, why: why.to_owned() }
}

impl<'a> Ground<'a> {
    fn of(site: &'a Site, catalog: &'a Catalog, loads: Loads<'a>) -> Self {
        let campus = &site.campus;
        let feeds = campus.feeds.iter().map(|f| (f.id.as_str(), f.capacity_mw));
        let nodes = campus.nodes.iter().map(|n| (n.id.as_str(), n.capacity_mw));
        let mut capacity = HashMap::new();
        for (id, mw) in feeds.chain(nodes) {
            capacity.entry(id).or_insert(mw);
        }
        let nodes = campus.nodes.iter().map(|n| (n.id.as_str(), n)).collect();
        Self { site, catalog, loads, capacity, nodes }
    }

    fn capacity(&self, id: &str) -> Option<f64> {
        self.capacity.get(id).copied().flatten()
    }

    fn name(&self, id: &str) -> String {
        let feed = self.site.campus.feeds.iter().find(|f| f.id == id).map(|f| &f.name);
        let node = self.nodes.get(id).map(|n| &n.name);
        feed.or(node).map_or_else(|| id.to_owned(), Clone::clone)
    }

    /// Nodes on the closed way from a node to the feeds, with the node.
    fn path(&self, id: &'a str) -> HashSet<&'a str> {
        let mut seen = HashSet::new();
        let mut open = vec![id];
        while let Some(id) = open.pop() {
            if let Some(node) = self.nodes.get(id)
                && seen.insert(id)
            {
                open.extend(node.from.iter().map(String::as_str));
            }
        }
        seen
    }

    /// Equal machines that a node stands for; one where the rating tells no more.
    fn machines(&self, node: &Node) -> usize {
        let equipment = node.equipment.as_ref().and_then(|id| self.catalog.equipment.get(id));
        let rated_mw = equipment.and_then(|e| {
            let mva = e.rating_mva.as_ref().and_then(Fact::get);
            let factor = self.catalog.costs.get("power-factor").and_then(|c| c.value.get());
            let kw = e.kw.as_ref().and_then(Fact::get);
            mva.zip(factor).map(|(mva, pf)| mva * pf).or(kw.map(|kw| kw / 1e3))
        });
        match (node.kind, node.capacity_mw, rated_mw) {
            (NodeKind::MainTransformer, ..) | (_, None, _) | (_, _, None) => 1,
            (_, Some(whole), Some(one)) if one > 0.0 => (whole / one).round().max(1.0) as usize,
            _ => 1,
        }
    }

    fn of_node(&self, node: &Node, groups: &[Group]) -> Supply {
        let mut ids: Vec<&str> =
            node.from.iter().chain(&node.alternate).map(String::as_str).collect();
        ids.sort_unstable();
        ids.dedup();
        let load = self.loads.node_mw.of(&node.id);
        if let (Some(firm), Some(load)) = (node.firm_mw, load)
            && firm < load - TOLERANCE_MW
        {
            return known(Scheme::N, format!("firm {} below the load of {}", mw(firm), mw(load)));
        }
        match (ids.len(), load) {
            (0, _) => unknown("redundancy unknown: no source"),
            (1, _) => self.of_machines(node, load),
            (_, None) => unknown("redundancy unknown: no answer gives the load"),
            (_, Some(load)) => {
                if let Some(why) = group::failing(groups, &node.id) {
                    return known(Scheme::N, why);
                }
                self.of_sources(&ids, load)
            }
        }
    }

    /// Of one source: what of the node's own machines may fail.
    fn of_machines(&self, node: &Node, load: Option<f64>) -> Supply {
        let count = self.machines(node);
        if let (Some(load), Some(whole)) = (load, node.capacity_mw)
            && count > 1
        {
            let needed = (load / (whole / count as f64) - TOLERANCE_MW).ceil().max(0.0) as usize;
            return match count.saturating_sub(needed) {
                0 => known(Scheme::N, format!("all {count} machines needed for {}", mw(load))),
                spare => {
                    let why =
                        format!("one source; {needed} of {count} machines carry {}", mw(load));
                    known(Scheme::Spare(spare), why)
                }
            };
        }
        match (node.firm_mw, load) {
            (Some(firm), Some(load)) if firm > 0.0 && firm + TOLERANCE_MW >= load => {
                known(Scheme::Spare(1), format!("one source, {} stated as firm", mw(firm)))
            }
            _ => known(Scheme::N, "one source".to_owned()),
        }
    }

    fn of_sources(&self, ids: &[&str], load: f64) -> Supply {
        let capacities: Option<Vec<f64>> = ids.iter().map(|id| self.capacity(id)).collect();
        let Some(mut capacities) = capacities else {
            return unknown("redundancy unknown: the capacity of a source is");
        };
        capacities.sort_by(f64::total_cmp);
        let count = capacities.len();
        if capacities.first().is_some_and(|least| least + TOLERANCE_MW >= load) {
            return known(Scheme::TwoN, format!("each of {count} sources carries {}", mw(load)));
        }
        // The largest fail first.
        let left = |lost: usize| capacities[..count - lost].iter().sum::<f64>();
        match (1..count).take_while(|&lost| left(lost) + TOLERANCE_MW >= load).last() {
            Some(lost) => {
                let why = format!("{} of {count} sources carry {}", count - lost, mw(load));
                known(Scheme::Spare(lost), why)
            }
            None => known(Scheme::N, format!("{count} sources, all needed for {}", mw(load))),
        }
    }

    fn of_block(&self, block: &'a Block, groups: &[Group]) -> Option<Supply> {
        let a = block.node.as_deref()?;
        let Some(b) = block.node_b.as_deref() else {
            return Some(known(Scheme::N, "one path".to_owned()));
        };
        let Some(load) = self.loads.block_mw.of(&block.id) else {
            return Some(unknown("redundancy unknown: no answer gives the load"));
        };
        let (Some(of_a), Some(of_b)) = (self.capacity(a), self.capacity(b)) else {
            return Some(unknown("redundancy unknown: the capacity of a path is"));
        };
        let shared = self.path(a).intersection(&self.path(b)).count();
        Some(if of_a.min(of_b) + TOLERANCE_MW < load {
            known(Scheme::N, format!("one path alone cannot carry {}", mw(load)))
        } else if let Some(why) = group::failing(groups, &block.id) {
            known(Scheme::N, why)
        } else if shared > 0 {
            let elements =
                if shared == 1 { "1 element".to_owned() } else { format!("{shared} elements") };
            known(Scheme::Spare(1), format!("paths A and B share {elements}"))
        } else {
            let scheme = group::scheme_of_load(groups, &block.id).unwrap_or(Scheme::TwoN);
            known(scheme, "paths A and B share nothing below the feeds".to_owned())
        })
    }
}

/// A label that the wiring does not bear out.
fn contradiction(
    node: &Node,
    supplies: &BTreeMap<String, Supply>,
    groups: &[Group],
) -> Option<Diagnostic> {
    let declared = node.scheme?;
    let group = groups.iter().find(|g| g.systems.contains(&node.id));
    let path = format!("nodes.{}.scheme", node.id);
    let hint = "Correct the label, or the sources, ties and capacities behind it";
    let (found, why) = match group {
        Some(group) => (group.in_force()?, group.sentence.clone()),
        None => {
            let supply = supplies.get(&node.id)?;
            (supply.scheme?, supply.why.clone())
        }
    };
    if found.is(declared) {
        return None;
    }
    let message = format!(
        "{} is declared {}, but its wiring gives {}: {why}",
        node.name,
        declared.word(),
        found.name(),
    );
    Some(Diagnostic::warning("redundancy-label", path, message, hint))
}
