//! Elements that belong together: of one type, on one electrical path, inside
//! one another. For selecting them.

use super::ElementId;
use super::connect::{Supply, supplies};
use crate::site::{ElementRef, Site};
use std::collections::{BTreeSet, HashMap, VecDeque};

/// What to select, seen from some elements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// Of the same kind and type: blocks of one rack type, nodes of one kind.
    SameType,
    /// What feeds them, up to the grid, on both paths.
    Upstream,
    /// What feeds them in normal operation.
    PathA,
    /// What would feed them once one open switch is closed.
    PathB,
    /// What they feed, down to the racks.
    Downstream,
    /// What stands in halls and rows, what a node feeds directly, what a loop cools.
    Children,
    /// Everything on the ground.
    All,
    /// Everything on the ground that neither belongs to them nor holds them: an edit of
    /// it leaves them where and as they are.
    Others,
}

/// The related elements, in the order of the site; without those asked about,
/// except for [`Relation::SameType`] and [`Relation::All`].
pub fn related(site: &Site, ids: &[ElementId], relation: Relation) -> Vec<ElementId> {
    match relation {
        Relation::SameType => return same_type(site, ids),
        Relation::All => return on_ground(site).map(path).collect(),
        Relation::Others => return others(site, ids),
        _ => {}
    }
    let start: BTreeSet<&str> = ids.iter().filter_map(|id| bare(site, id)).collect();
    let found = match relation {
        Relation::Children => children(site, &start),
        Relation::Downstream => walk(site, &start, false),
        Relation::PathA => walk(site, &start, true),
        Relation::PathB => behind_switches(site, &start),
        _ => &walk(site, &start, true) | &behind_switches(site, &start),
    };
    let wanted = |e: &ElementRef<'_>| found.contains(e.id()) && !start.contains(e.id());
    site.elements().filter(wanted).map(path).collect()
}

/// What can be selected on the plan: machines of a loop are its own.
fn on_ground(site: &Site) -> impl Iterator<Item = ElementRef<'_>> {
    site.elements().filter(|e| !matches!(e, ElementRef::Cdu(..) | ElementRef::Rejection(..)))
}

fn others(site: &Site, ids: &[ElementId]) -> Vec<ElementId> {
    let chosen: Vec<ElementRef<'_>> =
        ids.iter().filter_map(|id| super::element::physical(site, id)).collect();
    let own = super::relocate::with_contents(site, &chosen);
    let mut holders: BTreeSet<&str> = BTreeSet::new();
    for element in site.elements().filter(|e| own.contains(e.id())) {
        holders.extend(element.hall());
        match element {
            ElementRef::Block(b) => holders.extend(b.row.as_deref()),
            ElementRef::Cdu(l, _) | ElementRef::Rejection(l, _) => {
                holders.insert(&l.id);
            }
            _ => {}
        }
    }
    let other = |e: &ElementRef<'_>| !own.contains(e.id()) && !holders.contains(e.id());
    on_ground(site).filter(other).map(path).collect()
}

fn path(element: ElementRef<'_>) -> ElementId {
    ElementId::new(element.path())
}

fn bare<'a>(site: &'a Site, id: &ElementId) -> Option<&'a str> {
    super::element::physical(site, id).map(ElementRef::id)
}

/// What makes two elements of one type.
fn type_of(element: ElementRef<'_>) -> (&'static str, String) {
    let detail = match element {
        ElementRef::Block(b) => match (&b.rack, &b.planned) {
            (Some(rack), _) => rack.clone(),
            (None, Some(planned)) => planned.racks.join(" "),
            (None, None) => String::new(),
        },
        ElementRef::Node(n) => format!("{:?}", n.kind),
        ElementRef::Area(a) => format!("{:?}", a.kind),
        ElementRef::Constraint(c) => format!("{:?}", c.kind),
        ElementRef::NetworkRack(r) => r.equipment.clone(),
        ElementRef::Cdu(_, unit) | ElementRef::Rejection(_, unit) => unit.equipment.clone(),
        _ => String::new(),
    };
    (element.kind_name(), detail)
}

fn same_type(site: &Site, ids: &[ElementId]) -> Vec<ElementId> {
    let physical = ids.iter().filter_map(|id| super::element::physical(site, id));
    let types: BTreeSet<_> = physical.map(type_of).collect();
    let mut found: Vec<ElementId> =
        site.elements().filter(|e| types.contains(&type_of(*e))).map(path).collect();
    let asks_for =
        |collection: &str| ids.iter().any(|id| id.as_str().split('.').next() == Some(collection));
    if asks_for("tiers") {
        found.extend(site.terms.tiers.iter().map(|t| ElementId::new(format!("tiers.{}", t.id))));
    }
    if asks_for("hours") {
        found.extend(site.terms.hours.iter().map(|h| ElementId::new(format!("hours.{}", h.id))));
    }
    found
}

/// What is reached along the network; halls and rows stand for their blocks.
fn walk<'a>(site: &'a Site, start: &BTreeSet<&'a str>, up: bool) -> BTreeSet<&'a str> {
    let mut edges: HashMap<&str, Vec<&str>> = HashMap::new();
    for element in site.elements() {
        for source in supplies(element, Supply::A) {
            let (from, to) = if up { (element.id(), source) } else { (source, element.id()) };
            edges.entry(from).or_default().push(to);
        }
    }
    let mut queue: VecDeque<&str> = start.iter().copied().collect();
    queue.extend(blocks_in(site, start));
    let mut seen = BTreeSet::new();
    while let Some(id) = queue.pop_front() {
        for next in edges.get(id).into_iter().flatten() {
            if seen.insert(*next) {
                queue.push_back(next);
            }
        }
    }
    seen
}

/// What is reached upwards through exactly one open switch: a second one would have to fail
/// with the first.
fn behind_switches<'a>(site: &'a Site, start: &BTreeSet<&'a str>) -> BTreeSet<&'a str> {
    let mut fed = walk(site, start, true);
    fed.extend(start);
    fed.extend(blocks_in(site, start));
    let switched: BTreeSet<&str> = site
        .elements()
        .filter(|e| fed.contains(e.id()))
        .flat_map(|e| supplies(e, Supply::B))
        .collect();
    let above = walk(site, &switched, true);
    &switched | &above
}

fn blocks_in<'a>(site: &'a Site, places: &BTreeSet<&str>) -> impl Iterator<Item = &'a str> {
    let inside = |id: &Option<String>| id.as_deref().is_some_and(|id| places.contains(id));
    site.blocks()
        .filter(move |b| inside(&b.hall) || inside(&b.row))
        .map(|b| b.id.as_str())
        .collect::<Vec<_>>()
        .into_iter()
}

fn children<'a>(site: &'a Site, parents: &BTreeSet<&'a str>) -> BTreeSet<&'a str> {
    let is_parent = |id: &str| parents.contains(id);
    site.elements()
        .filter(|element| {
            let stands_in = element.hall().is_some_and(is_parent);
            let in_row = match element {
                ElementRef::Block(b) => {
                    b.row.as_deref().is_some_and(is_parent)
                        || b.cooling_loop.as_deref().is_some_and(is_parent)
                }
                _ => false,
            };
            stands_in || in_row || supplies(*element, Supply::A).into_iter().any(is_parent)
        })
        .map(ElementRef::id)
        .collect()
}
