//! What goes with elements that are removed, and what is left without them, in
//! words for the question before it is done.

use super::element::resolve;
use super::remove::gone;
use super::{ElementId, label};
use crate::site::{ElementRef, Site};
use std::collections::{BTreeMap, HashSet};

/// What a removal entails beyond the elements themselves.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Consequences {
    /// What was chosen, as labels call it.
    pub things: String,
    /// What goes along: "24 blocks with 312 racks", "3 rows".
    pub with: Vec<String>,
    /// What is left without something: "12 blocks lose their feed".
    pub left: Vec<String>,
}

impl Consequences {
    /// Whether anything happens that the chosen elements do not say themselves.
    pub fn is_trivial(&self) -> bool {
        self.with.is_empty() && self.left.is_empty()
    }
}

/// What removing elements entails; `None` where they are no elements on the ground.
pub fn consequences(site: &Site, ids: &[ElementId]) -> Option<Consequences> {
    let chosen = resolve(site, ids).ok()?;
    let gone = gone(site, &chosen);
    let own: HashSet<&str> = chosen.iter().map(|e| e.id()).collect();
    let along: Vec<ElementRef<'_>> = site
        .elements()
        .filter(|e| gone.contains(e.id()) && !own.contains(e.id()))
        .filter(|e| !matches!(e, ElementRef::Cdu(..) | ElementRef::Rejection(..)))
        .collect();
    Some(Consequences {
        things: label::things(&chosen),
        with: contents(&along),
        left: left_behind(site, &gone),
    })
}

/// Elements by kind, blocks with their racks.
fn contents(along: &[ElementRef<'_>]) -> Vec<String> {
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    let mut racks = 0;
    for element in along {
        *kinds.entry(element.kind_name()).or_default() += 1;
        if let ElementRef::Block(block) = element {
            racks += block.count.unwrap_or(0);
        }
    }
    kinds
        .into_iter()
        .map(|(kind, count)| match (kind, racks) {
            ("block", 1..) => {
                format!("{} with {}", some(count, kind), some(racks as usize, "rack"))
            }
            _ => some(count, kind),
        })
        .collect()
}

/// "1 block", "3 batteries".
fn some(count: usize, kind: &str) -> String {
    let digits = crate::units::format::count(count as f64);
    match count {
        1 => format!("{digits} {kind}"),
        _ => format!("{digits} {}", label::plural(kind)),
    }
}

/// What loses a reference, counted.
fn left_behind(site: &Site, gone: &HashSet<String>) -> Vec<String> {
    let is_gone = |id: &String| gone.contains(id);
    let (mut feed, mut feed_b, mut cooling, mut source, mut machines) = (0, 0, 0, 0, 0);
    for element in site.elements().filter(|e| !gone.contains(e.id())) {
        match element {
            ElementRef::Block(b) => {
                feed += usize::from(b.node.as_ref().is_some_and(is_gone));
                feed_b += usize::from(b.node_b.as_ref().is_some_and(is_gone));
                cooling += usize::from(b.cooling_loop.as_ref().is_some_and(is_gone));
            }
            ElementRef::Node(n) => {
                source += usize::from(n.from.iter().chain(&n.alternate).any(is_gone));
            }
            ElementRef::Loop(l) => machines += usize::from(is_gone(&l.node)),
            ElementRef::Generator(g) => machines += usize::from(is_gone(&g.node)),
            ElementRef::Battery(b) => machines += usize::from(is_gone(&b.node)),
            _ => {}
        }
    }
    let say = |count: usize, one: &str, what: &str| {
        let verb = if count == 1 { "loses its" } else { "lose their" };
        (count > 0).then(|| format!("{} {verb} {what}", some(count, one)))
    };
    [
        say(feed, "block", "feed"),
        say(feed_b, "block", "feed on path B"),
        say(cooling, "block", "cooling loop"),
        say(source, "node", "source"),
        say(machines, "machine", "feed"),
    ]
    .into_iter()
    .flatten()
    .collect()
}
