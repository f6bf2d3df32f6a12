//! Putting copied elements into a site, maybe another one: fresh ids, references
//! among the copies kept, references to what this site has kept, the rest
//! dropped. What cannot stand without a reference that is lost stays out.

use super::command::Element;
use super::insert::{free_id, free_name, put, taken_ids};
use super::relocate::{Placed, hall_at, middle, row_at, settle};
use super::{EditError, groups, label};
use crate::site::{Block, ElementRef, Fragment, Loop, Node, Site, Tier};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

/// Copied elements as this site takes them.
struct Prepared {
    tiers: Vec<Tier>,
    elements: Vec<Element>,
    /// Old id to new id.
    ids: HashMap<String, String>,
    /// What was lost, a sentence each.
    lost: Vec<String>,
}

/// Pastes; see [`super::Command::Paste`].
pub(super) fn paste(
    site: &Site,
    fragment: &Fragment,
    by: [f64; 2],
) -> Result<(Site, String), EditError> {
    if !by.iter().all(|d| d.is_finite()) {
        return Err(EditError::BadDistance);
    }
    let prepared = prepare(site, fragment, by);
    if prepared.elements.is_empty() && prepared.tiers.is_empty() {
        let why = prepared.lost.into_iter().next();
        return Err(EditError::NothingToPaste(why.unwrap_or_else(|| "there is nothing".into())));
    }
    let label = words(&prepared);
    let mut edited = site.clone();
    if !prepared.tiers.is_empty() {
        Arc::make_mut(&mut edited.terms).tiers.extend(prepared.tiers);
    }
    for element in prepared.elements {
        put(&mut edited, element);
    }
    groups::copy(&mut edited, &fragment.groups, &prepared.ids);
    Ok((edited, label))
}

/// What a paste into this site leaves out or cuts off, a sentence each.
pub fn lost_by_paste(site: &Site, fragment: &Fragment) -> Vec<String> {
    prepare(site, fragment, [0.0, 0.0]).lost
}

fn words(prepared: &Prepared) -> String {
    match (prepared.tiers.as_slice(), prepared.elements.is_empty()) {
        ([one], true) => format!("Paste tier {}", one.name),
        (many, true) => format!("Paste {} tiers", many.len()),
        (tiers, false) => {
            // What comes with a hall is not counted beside it.
            let halls: HashSet<&str> = prepared
                .elements
                .iter()
                .filter(|e| matches!(e, Element::Hall(_)))
                .map(Element::id)
                .collect();
            let inside = |e: &ElementRef<'_>| e.hall().is_some_and(|h| halls.contains(h));
            let all = prepared.elements.iter().filter_map(Element::as_physical);
            let shown: Vec<ElementRef<'_>> = all.filter(|e| !inside(e)).collect();
            match tiers.len() {
                0 => format!("Paste {}", label::things(&shown)),
                _ => format!("Paste {} elements", shown.len() + tiers.len()),
            }
        }
    }
}

fn prepare(site: &Site, fragment: &Fragment, by: [f64; 2]) -> Prepared {
    let mut lost = Vec::new();
    let stay = standing(site, fragment, &mut lost);
    let mut taken = taken_ids(site);
    let mut ids = HashMap::new();
    for element in fragment.elements().filter(|e| stay.contains(e.id())) {
        let id = free_id(&taken, element.id());
        taken.insert(id.clone());
        ids.insert(element.id().to_owned(), id);
    }
    let known = Known::of(site);
    let mut copier = Copier { known, ids, names: names(site), by, lost };
    let tiers = tiers(site, fragment);
    let mut elements: Vec<Element> = fragment
        .elements()
        .filter(|e| stay.contains(e.id()))
        .filter_map(|e| copier.copy(e))
        .collect();
    let fresh: HashSet<String> = copier.ids.values().cloned().collect();
    for element in &mut elements {
        if let Element::Block(block) = element {
            home(site, block, &fresh);
        }
    }
    Prepared { tiers, elements, ids: copier.ids, lost: copier.lost }
}

/// A block whose hall was not copied with it belongs where it comes to lie: to that hall and,
/// unless its row was copied too, to the row there.
pub(super) fn home(site: &Site, block: &mut Block, fresh: &HashSet<String>) {
    let is_copied = |id: &Option<String>| id.as_ref().is_some_and(|id| fresh.contains(id));
    if is_copied(&block.hall) {
        return;
    }
    let found = hall_at(site, middle(block)).and_then(|i| site.halls.get(i));
    let Some(group) = found else { return };
    if group.hall.as_ref().map(|h| &h.id) != block.hall.as_ref() {
        settle(block, group);
    } else if !is_copied(&block.row) && block.row.is_some() {
        block.row = row_at(group, middle(block));
    }
}

/// Ids of the copied elements that can stand in this site, and the others in words.
fn standing(site: &Site, fragment: &Fragment, lost: &mut Vec<String>) -> BTreeSet<String> {
    let known = Known::of(site);
    let mut stay: BTreeSet<String> = fragment.elements().map(|e| e.id().to_owned()).collect();
    loop {
        let gone: Vec<(ElementRef<'_>, &str)> = fragment
            .elements()
            .filter(|e| stay.contains(e.id()))
            .filter_map(|e| Some((e, missing(e, &stay, &known)?)))
            .collect();
        if gone.is_empty() {
            return stay;
        }
        for (element, what) in gone {
            stay.remove(element.id());
            let name = label::called(element);
            lost.push(format!("{name} was left out: this site has no {what}"));
        }
    }
}

/// What an element cannot stand without and will not have.
fn missing<'a>(e: ElementRef<'a>, stay: &BTreeSet<String>, known: &Known<'_>) -> Option<&'a str> {
    let node = |id: &str| stay.contains(id) || known.is(id, "nodes");
    let hall = |id: &str| stay.contains(id) || known.is(id, "halls");
    let source = |id: &String| node(id) || known.is(id, "feeds");
    match e {
        ElementRef::Node(n) if !n.from.is_empty() && !n.from.iter().any(source) => {
            n.from.first().map(String::as_str)
        }
        ElementRef::Loop(l) if !node(&l.node) => Some(&l.node),
        ElementRef::Generator(g) if !node(&g.node) => Some(&g.node),
        ElementRef::Battery(b) if !node(&b.node) => Some(&b.node),
        ElementRef::Row(r) if !hall(&r.hall) => Some(&r.hall),
        ElementRef::NetworkRack(r) if !hall(&r.hall) => Some(&r.hall),
        _ => None,
    }
}

/// Tiers under free ids; hours that this site does not have are taken out of their shapes.
fn tiers(site: &Site, fragment: &Fragment) -> Vec<Tier> {
    let own = &site.terms.tiers;
    let mut ids: HashSet<String> = own.iter().map(|t| t.id.clone()).collect();
    let mut names: HashSet<String> = own.iter().map(|t| t.name.clone()).collect();
    let mut copies = Vec::new();
    for tier in &fragment.tiers {
        let mut tier = tier.clone();
        tier.id = free_id(&ids, &tier.id);
        tier.name = free_name(|n| names.contains(n), &tier.name);
        tier.shape.retain(|hour, _| site.terms.hours.iter().any(|h| h.id == *hour));
        ids.insert(tier.id.clone());
        names.insert(tier.name.clone());
        copies.push(tier);
    }
    copies
}

fn names(site: &Site) -> HashSet<String> {
    site.elements().map(|e| e.name().to_owned()).collect()
}

/// What references of a paste may lead to.
struct Known<'a> {
    collections: HashMap<&'a str, &'static str>,
    phases: HashSet<&'a str>,
}

impl<'a> Known<'a> {
    fn of(site: &'a Site) -> Self {
        Self {
            collections: site.elements().map(|e| (e.id(), e.collection())).collect(),
            phases: site.campus.phases.iter().map(|p| p.id.as_str()).collect(),
        }
    }

    fn is(&self, id: &str, collection: &str) -> bool {
        self.collections.get(id).is_some_and(|c| *c == collection)
    }
}

/// Makes the copies one by one.
struct Copier<'a> {
    known: Known<'a>,
    /// Old id to new id.
    ids: HashMap<String, String>,
    names: HashSet<String>,
    by: [f64; 2],
    lost: Vec<String>,
}

impl Copier<'_> {
    /// New id and name.
    fn rename(&mut self, id: &mut String, name: &mut String) {
        if let Some(new) = self.ids.get(id.as_str()) {
            new.clone_into(id);
        }
        let free = free_name(|n| self.names.contains(n), name);
        self.names.insert(free.clone());
        *name = free;
    }

    /// The id that a reference has here; `None` where it leads nowhere.
    fn follow(&self, id: &str, collections: &[&str]) -> Option<String> {
        let new = self.ids.get(id).cloned();
        new.or_else(|| collections.iter().any(|c| self.known.is(id, c)).then(|| id.to_owned()))
    }

    fn keep(&mut self, id: &mut Option<String>, collection: &str, words: (&str, &str)) {
        let Some(old) = id.take() else { return };
        *id = self.follow(&old, &[collection]);
        if id.is_none() {
            let (name, what) = words;
            self.lost.push(format!("{name} lost its {what}: this site has no {old}"));
        }
    }

    fn keep_phase(&mut self, phase: &mut Option<String>) {
        phase.take_if(|id| !self.known.phases.contains(id.as_str()));
    }

    fn must(&self, id: &mut String, collection: &str) {
        if let Some(new) = self.follow(id, &[collection]) {
            *id = new;
        }
    }

    fn copy(&mut self, element: ElementRef<'_>) -> Option<Element> {
        macro_rules! copy {
            ($e:ident, $kind:ident, |$c:ident| $fix:expr) => {{
                let mut $c = $e.clone();
                $c.shift(self.by);
                self.rename(&mut $c.id, &mut $c.name);
                $fix;
                Some(Element::$kind($c))
            }};
        }
        match element {
            ElementRef::Feed(e) => copy!(e, Feed, |c| {}),
            ElementRef::Node(e) => copy!(e, Node, |c| self.sources(&mut c)),
            ElementRef::Loop(e) => Some(Element::Loop(self.of_loop(e))),
            ElementRef::Generator(e) => copy!(e, Generator, |c| self.must(&mut c.node, "nodes")),
            ElementRef::Battery(e) => copy!(e, Battery, |c| self.must(&mut c.node, "nodes")),
            ElementRef::Area(e) => copy!(e, Area, |c| {}),
            ElementRef::Constraint(e) => copy!(e, Constraint, |c| {}),
            ElementRef::Underlay(e) => copy!(e, Underlay, |c| {}),
            ElementRef::Hall(e) => copy!(e, Hall, |c| self.keep_phase(&mut c.phase)),
            ElementRef::Row(e) => copy!(e, Row, |c| self.must(&mut c.hall, "halls")),
            ElementRef::NetworkRack(e) => {
                copy!(e, NetworkRack, |c| self.must(&mut c.hall, "halls"))
            }
            ElementRef::Block(e) => copy!(e, Block, |c| self.block(&mut c)),
            ElementRef::Cdu(..) | ElementRef::Rejection(..) => None,
        }
    }

    fn sources(&mut self, node: &mut Node) {
        for list in [&mut node.from, &mut node.alternate] {
            let before = list.len();
            *list = list.iter().filter_map(|id| self.follow(id, &["nodes", "feeds"])).collect();
            if list.len() < before {
                let count = before - list.len();
                let sources = if count == 1 { "source" } else { "sources" };
                let name = node.name.clone();
                self.lost.push(format!("{name} lost {count} {sources} that this site has not"));
            }
        }
        self.keep_phase(&mut node.phase);
    }

    fn block(&mut self, block: &mut Block) {
        let name = block.name.clone();
        self.keep(&mut block.hall, "halls", (&name, "hall"));
        self.keep(&mut block.row, "rows", (&name, "row"));
        self.keep(&mut block.node, "nodes", (&name, "feed"));
        self.keep(&mut block.node_b, "nodes", (&name, "feed on path B"));
        self.keep(&mut block.cooling_loop, "loops", (&name, "cooling loop"));
        block.network =
            block.network.iter().filter_map(|id| self.follow(id, &["network_racks"])).collect();
        self.keep_phase(&mut block.phase);
    }

    fn of_loop(&mut self, original: &Loop) -> Loop {
        let mut copy = original.clone();
        self.rename(&mut copy.id, &mut copy.name);
        self.must(&mut copy.node, "nodes");
        for unit in copy.cdus.iter_mut().chain(&mut copy.rejection) {
            unit.shift(self.by);
            self.rename(&mut unit.id, &mut unit.name);
        }
        copy
    }
}
