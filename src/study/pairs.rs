//! Outages of two elements of a planned site: the second fails before the first is mended. Only
//! pairs that share a load are studied, and of equal machines one stands for all.

use super::network::{Checked, NetworkError, SiteOutage};
use crate::power::case::Case;
use crate::power::contingency::{Element, Outage, Search};
use crate::power::electrical::Electrical;
use crate::site::Site;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::AtomicBool;

/// Pairs with their consequences, worst first by the state that lasts.
#[derive(Clone, Debug)]
pub struct Pairs {
    pub outages: Vec<SiteOutage>,
    /// Single elements that the pairs are made of.
    pub elements: usize,
}

/// Studies the pairs of a planned site.
///
/// # Errors
/// The network cannot be solved as it stands.
pub fn pairs(checked: &Checked, site: &Site) -> Result<Pairs, NetworkError> {
    let made = &checked.electrical;
    let chosen = chosen(made);
    let elements: BTreeSet<Element> = chosen.iter().flat_map(|(a, b)| [*a, *b]).collect();
    let outages = chosen.into_iter().map(|(a, b)| Outage { elements: vec![a, b] }).collect();
    let search = Search { screens: true, stop: &AtomicBool::new(false) };
    let found = checked.judged(site, outages, search)?;
    Ok(Pairs { outages: found, elements: elements.len() })
}

/// Pairs of which both stand on the ways to one load, over closed and open switches. Of a node's
/// machines the first stands for each; the first two stand for any two of them.
pub(super) fn chosen(made: &Electrical) -> BTreeSet<(Element, Element)> {
    let mut rank: BTreeMap<usize, usize> = BTreeMap::new();
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for (i, node) in made.node_of_branch.iter().enumerate() {
        let count = seen.entry(node).or_default();
        rank.insert(i, *count);
        *count += 1;
    }
    let first = |e: &Element| !matches!(e, Element::Branch(i) if rank.get(i) != Some(&0));
    let twins = |a: &Element, b: &Element| match (a, b) {
        (Element::Branch(a), Element::Branch(b)) => {
            made.node_of_branch.get(*a) == made.node_of_branch.get(*b)
                && rank.get(a) == Some(&0)
                && rank.get(b) == Some(&1)
        }
        _ => false,
    };
    let mut chosen = BTreeSet::new();
    let sources = Sources::of(&made.case);
    for (bus, _) in made.case.buses.iter().enumerate().filter(|(_, b)| b.load.p_mw > 0.0) {
        let above: Vec<Element> = sources.above(bus).into_iter().collect();
        for (i, a) in above.iter().enumerate() {
            for b in above.iter().skip(i + 1) {
                if (first(a) && first(b)) || twins(a, b) {
                    chosen.insert((*a, *b));
                }
            }
        }
    }
    chosen
}

/// What feeds each bus directly: branches and switches by their load side, feeds.
struct Sources {
    branches: Vec<Vec<(usize, usize)>>,
    switches: Vec<Vec<usize>>,
    feeds: Vec<Vec<usize>>,
}

impl Sources {
    fn of(case: &Case) -> Self {
        let mut found = Self {
            branches: vec![Vec::new(); case.buses.len()],
            switches: vec![Vec::new(); case.buses.len()],
            feeds: vec![Vec::new(); case.buses.len()],
        };
        for (i, b) in case.branches.iter().enumerate() {
            found.branches[b.to].push((i, b.from));
        }
        case.switches.iter().for_each(|s| found.switches[s.b].push(s.a));
        for (i, g) in case.generators.iter().enumerate() {
            found.feeds[g.bus].push(i);
        }
        found
    }

    /// Branches and feeds on any way up from a bus.
    fn above(&self, bus: usize) -> BTreeSet<Element> {
        let (mut found, mut seen, mut open) = (BTreeSet::new(), BTreeSet::new(), vec![bus]);
        while let Some(bus) = open.pop() {
            if !seen.insert(bus) {
                continue;
            }
            found.extend(self.feeds[bus].iter().map(|&i| Element::Generator(i)));
            for &(branch, from) in &self.branches[bus] {
                found.insert(Element::Branch(branch));
                open.push(from);
            }
            open.extend(&self.switches[bus]);
        }
        found
    }
}
