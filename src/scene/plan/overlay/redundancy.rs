//! What of the sources of nodes and blocks may fail.
//!
//! - **N**: one source alone, or several that are needed together.
//! - **N+1**: any one source may fail and the others carry the load of the worst hour. Sources
//!   behind open switches count, because they take over. For racks: two paths that share an
//!   element, or of which one alone would be too small.
//! - **2N**: every source alone carries the load; for racks two paths without a common element
//!   below the feeds.
//!
//! Firm power, stated or computed, is what survives any outage: where it is below the load, the class is N
//! whatever the number of sources; where it covers the load of a node with one source, that is
//! redundant inside, and N+1. Nothing is guessed: without an answer there is no load to carry.

use super::{Class, Ground, Reading, Sheet};
use crate::scene::shape::Hue;
use crate::site::{Block, Node, Site};
use crate::units::{Power, format};
use std::collections::{BTreeMap, HashMap, HashSet};

/// Index into the classes.
const TWICE: usize = 0;
const ONE_MORE: usize = 1;
const BARE: usize = 2;

/// Loads are known to the precision of the solver, MW.
const TOLERANCE_MW: f64 = 1e-6;

pub(super) fn read(ground: &Ground<'_>) -> Sheet {
    let class = |load: usize, words: &str| Class { hue: Hue::Load(load), words: words.to_owned() };
    let classes = vec![class(0, "2N"), class(2, "N+1, A+B"), class(4, "N")];
    let sources = Sources::of(ground.site);
    let mut readings = BTreeMap::new();
    for node in &ground.site.campus.nodes {
        readings.insert(node.id.clone(), of_node(ground, &sources, node));
    }
    for block in ground.site.blocks() {
        if let Some(reading) = of_block(ground, &sources, block) {
            readings.insert(block.id.clone(), reading);
        }
    }
    let note = "what may fail at the load of the worst hour".to_owned();
    Sheet { classes, note, readings }
}

/// Capacities of feeds and nodes, and what stands above each.
struct Sources<'a> {
    capacity: HashMap<&'a str, Option<f64>>,
    nodes: HashMap<&'a str, &'a Node>,
}

impl<'a> Sources<'a> {
    fn of(site: &'a Site) -> Self {
        let campus = &site.campus;
        let feeds = campus.feeds.iter().map(|f| (f.id.as_str(), f.capacity_mw));
        let nodes = campus.nodes.iter().map(|n| (n.id.as_str(), n.capacity_mw));
        let mut capacity = HashMap::new();
        for (id, mw) in feeds.chain(nodes) {
            capacity.entry(id).or_insert(mw);
        }
        let nodes = campus.nodes.iter().map(|n| (n.id.as_str(), n)).collect();
        Self { capacity, nodes }
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
}

fn mw(value: f64) -> String {
    format::power(Power::mw(value))
}

fn known(class: usize, words: String) -> Reading {
    let tag = ["2N", "N+1", "N"].get(class).copied().unwrap_or("N").to_owned();
    Reading { class: Some(class), words: format!("{tag}: {words}"), tag }
}

fn of_node(ground: &Ground<'_>, sources: &Sources<'_>, node: &Node) -> Reading {
    let mut ids: Vec<&str> = node.from.iter().chain(&node.alternate).map(String::as_str).collect();
    ids.sort_unstable();
    ids.dedup();
    let load = ground.facts.used_mw.get(&node.id).copied();
    let computed = || ground.facts.firm_mw.get(&node.id).map(|(_, capacity)| *capacity);
    let firm = node.firm_mw.or_else(computed);
    if let (Some(firm), Some(load)) = (firm, load)
        && firm < load - TOLERANCE_MW
    {
        return known(BARE, format!("firm {} below the load of {}", mw(firm), mw(load)));
    }
    if ids.is_empty() {
        return Reading::unknown("redundancy unknown: no source");
    }
    let firm_covers = firm.zip(load).is_some_and(|(firm, load)| firm + TOLERANCE_MW >= load);
    if ids.len() == 1 {
        return match (firm_covers, firm) {
            (true, Some(firm)) if firm > 0.0 => {
                known(ONE_MORE, format!("one source, {} firm", mw(firm)))
            }
            _ => known(BARE, "one source".to_owned()),
        };
    }
    let Some(load) = load else {
        return Reading::unknown("redundancy unknown: no answer gives the load");
    };
    let capacities: Option<Vec<f64>> =
        ids.iter().map(|id| sources.capacity.get(id).copied().flatten()).collect();
    let Some(capacities) = capacities else {
        return Reading::unknown("redundancy unknown: the capacity of a source is");
    };
    let least = capacities.iter().copied().fold(f64::INFINITY, f64::min);
    let most = capacities.iter().copied().fold(0.0, f64::max);
    let left = capacities.iter().sum::<f64>() - most;
    let count = ids.len();
    if least + TOLERANCE_MW >= load {
        known(TWICE, format!("each of {count} sources carries {}", mw(load)))
    } else if left + TOLERANCE_MW >= load {
        known(ONE_MORE, format!("{} of {count} sources carry {}", count - 1, mw(load)))
    } else {
        known(BARE, format!("{count} sources, all needed for {}", mw(load)))
    }
}

fn of_block(ground: &Ground<'_>, sources: &Sources<'_>, block: &Block) -> Option<Reading> {
    let a = block.node.as_deref()?;
    let Some(b) = block.node_b.as_deref() else {
        return Some(known(BARE, "one path".to_owned()));
    };
    let Some(load) = ground.facts.block_mw.get(&block.id).copied() else {
        return Some(Reading::unknown("redundancy unknown: no answer gives the load"));
    };
    let capacity = |id: &str| sources.capacity.get(id).copied().flatten();
    let (Some(of_a), Some(of_b)) = (capacity(a), capacity(b)) else {
        return Some(Reading::unknown("redundancy unknown: the capacity of a path is"));
    };
    let shared = sources.path(a).intersection(&sources.path(b)).count();
    Some(if of_a.min(of_b) + TOLERANCE_MW < load {
        known(BARE, format!("one path alone cannot carry {}", mw(load)))
    } else if shared > 0 {
        let elements =
            if shared == 1 { "1 element".to_owned() } else { format!("{shared} elements") };
        known(ONE_MORE, format!("paths A and B share {elements}"))
    } else {
        known(TWICE, "paths A and B share nothing below the feeds".to_owned())
    })
}
