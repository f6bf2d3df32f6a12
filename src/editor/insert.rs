//! Putting elements into a site under ids that are free.

use super::command::Element;
use super::relocate::{hall_at, is_group_of, middle, settle};
use super::{EditError, label};
use crate::catalog::Catalog;
use crate::site::{Block, ElementRef, HallGroup, Site};
use std::collections::HashSet;
use std::sync::Arc;

/// Adds elements; see [`super::Command::Insert`].
pub(super) fn insert(site: &Site, elements: &[Element]) -> Result<(Site, String), EditError> {
    if elements.is_empty() {
        return Err(EditError::NothingSelected);
    }
    let mut taken = taken_ids(site);
    let mut edited = site.clone();
    let mut words = Vec::with_capacity(elements.len());
    for element in elements {
        let mut element = element.clone();
        let id = free_id(&taken, element.id());
        element.set_id(id.clone());
        taken.insert(id);
        words.push(element.words());
        put(&mut edited, element);
    }
    let label = match words.as_slice() {
        [one] => format!("Add {one}"),
        many => format!("Add {} elements", many.len()),
    };
    Ok((edited, label))
}

/// Evaluates an expression on whatever element it is.
macro_rules! each {
    ($element:expr, $e:ident => $value:expr) => {
        match $element {
            Element::Feed($e) => $value,
            Element::Node($e) => $value,
            Element::Loop($e) => $value,
            Element::Generator($e) => $value,
            Element::Battery($e) => $value,
            Element::Area($e) => $value,
            Element::Constraint($e) => $value,
            Element::Underlay($e) => $value,
            Element::Phase($e) => $value,
            Element::Hall($e) => $value,
            Element::Row($e) => $value,
            Element::NetworkRack($e) => $value,
            Element::Block($e) => $value,
        }
    };
}

impl Element {
    pub fn id(&self) -> &str {
        each!(self, e => &e.id)
    }

    fn set_id(&mut self, id: String) {
        each!(self, e => e.id = id)
    }

    /// As the site sees it; a phase is no physical element.
    pub(super) fn as_physical(&self) -> Option<ElementRef<'_>> {
        Some(match self {
            Element::Feed(e) => ElementRef::Feed(e),
            Element::Node(e) => ElementRef::Node(e),
            Element::Loop(e) => ElementRef::Loop(e),
            Element::Generator(e) => ElementRef::Generator(e),
            Element::Battery(e) => ElementRef::Battery(e),
            Element::Area(e) => ElementRef::Area(e),
            Element::Constraint(e) => ElementRef::Constraint(e),
            Element::Underlay(e) => ElementRef::Underlay(e),
            Element::Phase(_) => return None,
            Element::Hall(e) => ElementRef::Hall(e),
            Element::Row(e) => ElementRef::Row(e),
            Element::NetworkRack(e) => ElementRef::NetworkRack(e),
            Element::Block(e) => ElementRef::Block(e),
        })
    }

    /// What the label calls it.
    fn words(&self) -> String {
        match self {
            Element::Phase(e) => label::named("phase", &e.name),
            other => label::things(&other.as_physical().into_iter().collect::<Vec<_>>()),
        }
    }
}

/// Puts an element at the end of its list.
pub(super) fn put(site: &mut Site, element: Element) {
    match element {
        Element::Hall(hall) => {
            // The group without a hall stays last.
            let end = site.halls.iter().position(|g| g.hall.is_none());
            let end = end.unwrap_or(site.halls.len());
            site.halls.insert(end, Arc::new(HallGroup::new(Some(hall))));
        }
        Element::Row(e) => group_mut(site, Some(&e.hall.clone())).rows.push(e),
        Element::NetworkRack(e) => group_mut(site, Some(&e.hall.clone())).network_racks.push(e),
        Element::Block(e) => group_mut(site, e.hall.clone().as_deref()).blocks.push(e),
        Element::Feed(e) => Arc::make_mut(&mut site.campus).feeds.push(e),
        Element::Node(e) => Arc::make_mut(&mut site.campus).nodes.push(e),
        Element::Loop(e) => Arc::make_mut(&mut site.campus).loops.push(e),
        Element::Generator(e) => Arc::make_mut(&mut site.campus).generators.push(e),
        Element::Battery(e) => Arc::make_mut(&mut site.campus).batteries.push(e),
        Element::Area(e) => Arc::make_mut(&mut site.campus).areas.push(e),
        Element::Constraint(e) => Arc::make_mut(&mut site.campus).constraints.push(e),
        Element::Underlay(e) => Arc::make_mut(&mut site.campus).underlays.push(e),
        Element::Phase(e) => Arc::make_mut(&mut site.campus).phases.push(e),
    }
}

/// The group of a hall; the one without a hall where there is no such hall.
fn group_mut<'a>(site: &'a mut Site, hall: Option<&str>) -> &'a mut HallGroup {
    let of = |g: &Arc<HallGroup>| hall.is_some_and(|hall| is_group_of(g, hall));
    let found = site.halls.iter().position(of);
    let at = found.or_else(|| site.halls.iter().position(|g| g.hall.is_none()));
    let at = at.unwrap_or_else(|| {
        site.halls.push(Arc::new(HallGroup::new(None)));
        site.halls.len() - 1
    });
    // cannot fail: the position was just found or made
    Arc::make_mut(&mut site.halls[at])
}

/// Every id that an element of the site has.
pub(super) fn taken_ids(site: &Site) -> HashSet<String> {
    let phases = site.campus.phases.iter().map(|p| p.id.clone());
    site.elements().map(|e| e.id().to_owned()).chain(phases).collect()
}

/// The id, or with the next free number at its end: `b-7`, then `b-8`.
pub(super) fn free_id(taken: &HashSet<String>, id: &str) -> String {
    if !taken.contains(id) {
        return id.to_owned();
    }
    let (stem, number) = numbered(id, '-');
    let free = (number + 1..).map(|n| format!("{stem}-{n}")).find(|id| !taken.contains(id));
    // cannot fail: a finite set does not take every number
    free.unwrap_or_else(|| id.to_owned())
}

/// The name, or with the next free number at its end: `Hall 8`, then `Hall 9`.
pub(super) fn free_name(is_taken: impl Fn(&str) -> bool, name: &str) -> String {
    if !is_taken(name) {
        return name.to_owned();
    }
    let (stem, number) = numbered(name, ' ');
    let candidates = (number + 1..).map(|n| format!("{stem} {n}"));
    let free = candidates.into_iter().find(|name| !is_taken(name));
    // cannot fail: a finite set does not take every number
    free.unwrap_or_else(|| name.to_owned())
}

/// Stem and number at the end; a text without one counts as the first.
fn numbered(text: &str, separator: char) -> (&str, u64) {
    text.rsplit_once(separator)
        .and_then(|(stem, number)| Some((stem, number.parse::<u32>().ok()?)))
        .map_or((text, 1), |(stem, number)| (stem, u64::from(number)))
}

/// A block of `count` racks of a type with its north-west corner at a place:
/// footprint from the catalogue in force, racks side by side; hall, row, node
/// and loop of the blocks beside it. `None` where the catalogue has no such
/// rack or does not know its size.
pub fn new_block(
    site: &Site,
    catalog: &Catalog,
    (rack, count): (&str, u32),
    at: [f64; 2],
) -> Option<Block> {
    let kind = catalog.racks.get(rack)?;
    let (width, depth) = (kind.width_m.get()?, kind.depth_m.get()?);
    let mut block = Block {
        id: "block-1".to_owned(),
        name: format!("{count} {}", kind.short),
        hall: None,
        row: None,
        rack: Some(rack.to_owned()),
        count: Some(count),
        planned: None,
        mw: None,
        node: None,
        node_b: None,
        cooling_loop: None,
        phase: None,
        network: Vec::new(),
        racks_per_line: Some(count),
        at,
        size: [width * f64::from(count), depth],
    };
    if let Some(group) = hall_at(site, middle(&block)).and_then(|i| site.halls.get(i)) {
        settle(&mut block, group);
        block.phase = group.hall.as_ref().and_then(|h| h.phase.clone());
    }
    Some(block)
}
