//! Copies of elements under new ids, with references among them kept.

use super::command::Element;
use super::element::resolve;
use super::insert::{free_id, free_name, put, taken_ids};
use super::relocate::{Placed, with_contents};
use super::{EditError, ElementId, groups, label, paste};
use crate::site::{ElementRef, Loop, Site};
use std::collections::{HashMap, HashSet};

/// Copies elements; see [`super::Command::Duplicate`].
pub(super) fn duplicate(
    site: &Site,
    ids: &[ElementId],
    by: [f64; 2],
) -> Result<(Site, String), EditError> {
    let copied = copies(site, ids, &[by])?;
    Ok((copied.site, format!("Duplicate {}", copied.things)))
}

/// A site with copies of elements.
pub(super) struct Copied {
    pub site: Site,
    /// What was copied, in words.
    pub things: String,
    /// Id of each copy to that of what it is a copy of.
    pub origins: HashMap<String, String>,
}

/// One copy of all elements for each shift, metres.
pub(super) fn copies(
    site: &Site,
    ids: &[ElementId],
    shifts: &[[f64; 2]],
) -> Result<Copied, EditError> {
    if !shifts.iter().flatten().all(|d| d.is_finite()) {
        return Err(EditError::BadDistance);
    }
    let chosen = resolve(site, ids)?;
    let things = label::things(&chosen);
    let all = with_contents(site, &chosen);
    let originals: Vec<ElementRef<'_>> = site.elements().filter(|e| all.contains(e.id())).collect();
    let mut copies = Copies::new(site);
    let mut edited = site.clone();
    let mut origins = HashMap::new();
    for by in shifts {
        copies.begin(&originals);
        copies.put_all(site, &mut edited, (&originals, &all), *by);
        groups::copy(&mut edited, &site.campus.groups, &copies.ids);
        origins.extend(copies.ids.iter().map(|(old, new)| (new.clone(), old.clone())));
    }
    Ok(Copied { site: edited, things, origins })
}

/// New ids and names.
struct Copies<'a> {
    /// Old id to new id, of the copy that is being made.
    ids: HashMap<String, String>,
    taken: HashSet<String>,
    names: HashSet<&'a str>,
    /// Names given to copies so far.
    given: HashSet<String>,
    /// The last name that copies of a name got: where to look for the next.
    last: HashMap<String, String>,
}

impl<'a> Copies<'a> {
    fn new(site: &'a Site) -> Self {
        let names = site.elements().map(ElementRef::name).collect();
        Self {
            ids: HashMap::new(),
            taken: taken_ids(site),
            names,
            given: HashSet::new(),
            last: HashMap::new(),
        }
    }

    /// Fresh ids for another copy; numbers go on from those of the copy before.
    fn begin(&mut self, originals: &[ElementRef<'_>]) {
        for original in originals {
            let before = self.ids.get(original.id()).map_or(original.id(), String::as_str);
            let id = free_id(&self.taken, before);
            self.taken.insert(id.clone());
            self.ids.insert(original.id().to_owned(), id);
        }
    }

    /// The copies, moved, into a site.
    fn put_all(
        &mut self,
        site: &Site,
        edited: &mut Site,
        (originals, all): (&[ElementRef<'_>], &HashSet<String>),
        by: [f64; 2],
    ) {
        let fresh: HashSet<String> = self.ids.values().cloned().collect();
        for original in originals.iter().copied() {
            match original {
                // Machines of a copied loop come with it.
                ElementRef::Cdu(l, _) | ElementRef::Rejection(l, _) if all.contains(&l.id) => {}
                ElementRef::Cdu(l, unit) | ElementRef::Rejection(l, unit) => {
                    let mut unit = unit.clone();
                    unit.shift(by);
                    self.rename(&mut unit.id, &mut unit.name);
                    let campus = std::sync::Arc::make_mut(&mut edited.campus);
                    let Some(place) = campus.loops.find_mut(|other| other.id == l.id) else {
                        continue;
                    };
                    match original {
                        ElementRef::Cdu(..) => place.cdus.push(unit),
                        _ => place.rejection.push(unit),
                    }
                }
                other => {
                    if let Some(mut copy) = self.of(other, by) {
                        if let Element::Block(block) = &mut copy {
                            paste::home(site, block, &fresh);
                        }
                        put(edited, copy);
                    }
                }
            }
        }
    }

    /// The id of the copy, where the element is copied too.
    fn follow(&self, id: &mut String) {
        if let Some(new) = self.ids.get(id.as_str()) {
            new.clone_into(id);
        }
    }

    fn follow_all<'b>(&self, ids: impl IntoIterator<Item = &'b mut String>) {
        for id in ids {
            self.follow(id);
        }
    }

    /// New id and name of a copy.
    fn rename(&mut self, id: &mut String, name: &mut String) {
        self.follow(id);
        let taken = |name: &str| self.names.contains(name) || self.given.contains(name);
        let before = self.last.get(name.as_str()).unwrap_or(name);
        let new = free_name(taken, before);
        self.given.insert(new.clone());
        self.last.insert(std::mem::replace(name, new.clone()), new);
    }

    /// A shifted copy; `None` for cooling machines, which live in their loop.
    fn of(&mut self, original: ElementRef<'_>, by: [f64; 2]) -> Option<Element> {
        macro_rules! copy {
            ($e:ident, $kind:ident, |$copy:ident| $fix:expr) => {{
                let mut $copy = $e.clone();
                $copy.shift(by);
                self.rename(&mut $copy.id, &mut $copy.name);
                $fix;
                Some(Element::$kind($copy))
            }};
        }
        match original {
            ElementRef::Feed(e) => copy!(e, Feed, |c| {}),
            ElementRef::Node(e) => copy!(e, Node, |c| {
                self.follow_all(c.from.iter_mut().chain(&mut c.alternate));
            }),
            ElementRef::Loop(e) => Some(Element::Loop(self.of_loop(e, by))),
            ElementRef::Generator(e) => copy!(e, Generator, |c| self.follow(&mut c.node)),
            ElementRef::Battery(e) => copy!(e, Battery, |c| self.follow(&mut c.node)),
            ElementRef::Area(e) => copy!(e, Area, |c| {}),
            ElementRef::Constraint(e) => copy!(e, Constraint, |c| {}),
            ElementRef::Underlay(e) => copy!(e, Underlay, |c| {}),
            ElementRef::Hall(e) => copy!(e, Hall, |c| {}),
            ElementRef::Row(e) => copy!(e, Row, |c| self.follow(&mut c.hall)),
            ElementRef::NetworkRack(e) => copy!(e, NetworkRack, |c| self.follow(&mut c.hall)),
            ElementRef::Block(e) => copy!(e, Block, |c| {
                let places = [&mut c.hall, &mut c.row];
                let supplies = [&mut c.node, &mut c.node_b, &mut c.cooling_loop];
                self.follow_all(places.into_iter().chain(supplies).flatten());
                self.follow_all(&mut c.network);
            }),
            ElementRef::Cdu(..) | ElementRef::Rejection(..) => None,
        }
    }

    /// A copy of a loop with its machines.
    fn of_loop(&mut self, original: &Loop, by: [f64; 2]) -> Loop {
        let mut copy = original.clone();
        self.rename(&mut copy.id, &mut copy.name);
        self.follow(&mut copy.node);
        for unit in copy.cdus.iter_mut().chain(&mut copy.rejection) {
            unit.shift(by);
            self.rename(&mut unit.id, &mut unit.name);
        }
        copy
    }
}
