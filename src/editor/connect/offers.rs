//! Both ends of connections to choose from: the sources for a selection, what a source could
//! supply, with the headroom of the newest answer.

use super::{Connection, Refusal, Supply, supplies, targets, together};
use crate::catalog::Catalog;
use crate::editor::ElementId;
use crate::editor::element::{physical, resolve};
use crate::site::{ElementRef, Site, Wiring};
use crate::study::Outcome;
use crate::units::{Power, format};
use std::collections::HashMap;

/// An element at the other end of a connection.
#[derive(Clone, Debug, PartialEq)]
pub struct Offer {
    pub id: ElementId,
    pub name: String,
    pub answer: Result<Connection, Refusal>,
    /// What the element could carry beyond its load in the newest answer, MW.
    pub headroom_mw: Option<f64>,
}

/// Every element of the site as a source for the chosen ones: the possible first, then in the
/// order of the site.
pub fn offers(
    site: &Site,
    catalog: &Catalog,
    outcome: Option<&Outcome>,
    (ids, supply): (&[ElementId], Supply),
) -> Vec<Offer> {
    let Ok(chosen) = resolve(site, ids) else { return Vec::new() };
    let targets = targets(site, &chosen);
    let wiring = Wiring::new(site, catalog);
    let room = Room::of(outcome);
    let machine = |e: &ElementRef<'_>| matches!(e, ElementRef::Cdu(..) | ElementRef::Rejection(..));
    let mut offers: Vec<Offer> = site
        .elements()
        .filter(|e| !machine(e))
        .map(|source| {
            let mut answer = together(&wiring, &targets, (source, supply));
            let headroom_mw = room.left(source);
            if let (Ok(connection), Some(left)) = (&mut answer, headroom_mw) {
                let more = room.load(&wiring, &targets, (source, supply));
                connection.warnings.extend(strain(source, more, left));
            }
            let id = ElementId::new(source.path());
            Offer { id, name: source.name().to_owned(), answer, headroom_mw }
        })
        .collect();
    offers.sort_by_key(|offer| offer.answer.is_err());
    offers
}

/// Every element of the site that a source might supply, in the order of the site.
pub fn takers(
    site: &Site,
    catalog: &Catalog,
    outcome: Option<&Outcome>,
    (source, supply): (&ElementId, Supply),
) -> Vec<Offer> {
    let Some(source) = physical(site, source) else { return Vec::new() };
    let wiring = Wiring::new(site, catalog);
    let room = Room::of(outcome);
    let left = room.left(source);
    let judge = |to: ElementRef<'_>| {
        let targets = match to {
            // Only these stand for others.
            ElementRef::Hall(_) | ElementRef::Row(_) => targets(site, &[to]),
            ElementRef::Cdu(l, _) | ElementRef::Rejection(l, _) => vec![ElementRef::Loop(l)],
            one => vec![one],
        };
        let mut answer = together(&wiring, &targets, (source, supply));
        if let (Ok(connection), Some(left)) = (&mut answer, left) {
            let more = room.load(&wiring, &targets, (source, supply));
            connection.warnings.extend(strain(source, more, left));
        }
        let id = ElementId::new(to.path());
        Offer { id, name: to.name().to_owned(), answer, headroom_mw: room.left(to) }
    };
    site.elements().map(judge).collect()
}

/// Says that a source would carry more than it can.
fn strain(source: ElementRef<'_>, more_mw: Option<f64>, left_mw: f64) -> Option<String> {
    let over = more_mw? - left_mw;
    (over > 1e-6)
        .then(|| format!("{} would be over by {}", source.name(), format::power(Power::mw(over))))
}

/// Loads and limits of the newest answer.
struct Room<'a> {
    left: HashMap<&'a str, f64>,
    used: HashMap<&'a str, f64>,
    blocks: HashMap<&'a str, f64>,
}

impl<'a> Room<'a> {
    fn of(outcome: Option<&'a Outcome>) -> Self {
        let mut room = Self { left: HashMap::new(), used: HashMap::new(), blocks: HashMap::new() };
        let Some(outcome) = outcome else { return room };
        for limit in &outcome.plan.limits {
            if !matches!(limit.kind.as_str(), "node_capacity" | "feed_capacity" | "loop_heat") {
                continue;
            }
            room.used.insert(&limit.element, limit.used);
            if let Some(capacity) = limit.capacity {
                room.left.insert(&limit.element, capacity - limit.used);
            }
        }
        for block in &outcome.plan.blocks {
            *room.blocks.entry(&block.id).or_default() += block.it_mw;
        }
        room
    }

    fn left(&self, source: ElementRef<'_>) -> Option<f64> {
        self.left.get(source.id()).copied()
    }

    /// What the targets would bring to a source, MW, without losses on the way; `None` where
    /// one of them is unknown. Path B brings nothing in normal operation, and what hangs below
    /// the source already is counted there.
    fn load(
        &self,
        wiring: &Wiring<'_>,
        targets: &[ElementRef<'_>],
        (source, supply): (ElementRef<'_>, Supply),
    ) -> Option<f64> {
        if supply == Supply::B {
            return Some(0.0);
        }
        let below = |to: &&ElementRef<'_>| {
            let now = supplies(**to, supply);
            now.iter().any(|id| wiring.is_above(source.id(), id))
        };
        let load = |to: &ElementRef<'_>| match to {
            ElementRef::Block(b) => self.blocks.get(b.id.as_str()).copied(),
            other => self.used.get(other.id()).copied(),
        };
        targets.iter().filter(|to| !below(to)).map(load).sum()
    }
}
