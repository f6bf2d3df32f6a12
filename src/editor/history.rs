//! Labelled undo and redo over snapshots of the site. Snapshots share what an
//! edit left alone, so an entry costs about one hall.

use crate::site::{Campus, HallGroup, Site, Terms};
use std::collections::VecDeque;
use std::mem::size_of;
use std::sync::Arc;

/// Memory that old snapshots may take before the oldest are forgotten.
const BUDGET_BYTES: usize = 128 << 20;
/// The newest entry is kept whatever it takes: an edit can always be taken back.
const LEAST_ENTRIES: usize = 1;

/// A state of the site with the number that tells it from all others of the document.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Snapshot {
    pub site: Site,
    pub revision: u64,
}

/// A step between two states: what it is called, and the state at its other end.
#[derive(Debug)]
struct Entry {
    label: String,
    snapshot: Snapshot,
    /// What only this snapshot keeps alive, roughly.
    bytes: usize,
}

/// A gesture that goes on: many changes, one entry.
#[derive(Debug)]
struct Gesture {
    label: String,
    start: Snapshot,
}

/// Steps behind and ahead of the present state.
#[derive(Debug, Default)]
pub struct History {
    done: VecDeque<Entry>,
    undone: Vec<Entry>,
    gesture: Option<Gesture>,
}

impl History {
    /// What "Undo ..." would undo; `None` where there is nothing, or a gesture goes on.
    pub fn undo_label(&self) -> Option<&str> {
        let entry = self.done.back().filter(|_| self.gesture.is_none())?;
        Some(&entry.label)
    }

    /// What "Redo ..." would do again.
    pub fn redo_label(&self) -> Option<&str> {
        let entry = self.undone.last().filter(|_| self.gesture.is_none())?;
        Some(&entry.label)
    }

    /// Labels of the steps behind, newest first.
    pub fn labels(&self) -> impl Iterator<Item = &str> {
        self.done.iter().rev().map(|entry| entry.label.as_str())
    }

    /// Steps that can be undone.
    pub fn len(&self) -> usize {
        self.done.len()
    }

    pub fn is_empty(&self) -> bool {
        self.done.is_empty()
    }

    /// Whether a gesture goes on.
    pub fn in_gesture(&self) -> bool {
        self.gesture.is_some()
    }

    /// Starts a gesture at a state. A gesture within a gesture is part of it.
    pub(super) fn begin(&mut self, label: &str, start: &Snapshot) {
        if self.gesture.is_none() {
            self.gesture = Some(Gesture { label: label.to_owned(), start: start.clone() });
        }
    }

    /// The state that the gesture started from.
    pub(super) fn gesture_start(&self) -> Option<&Snapshot> {
        self.gesture.as_ref().map(|gesture| &gesture.start)
    }

    /// Records a change away from `before`, or leaves it to the gesture that goes on.
    pub(super) fn record(&mut self, label: &str, before: &Snapshot, after: &Site) {
        match &mut self.gesture {
            Some(gesture) => {
                if gesture.label.is_empty() {
                    label.clone_into(&mut gesture.label);
                }
            }
            None => self.push(label.to_owned(), before.clone(), after),
        }
    }

    /// Ends the gesture. Where it changed something it becomes one entry;
    /// otherwise the state to go back to is returned, so that the document
    /// does not count as changed.
    pub(super) fn commit(&mut self, now: &Site) -> Option<Snapshot> {
        let gesture = self.gesture.take()?;
        if same_site(&gesture.start.site, now) {
            return Some(gesture.start);
        }
        self.push(gesture.label, gesture.start, now);
        None
    }

    /// Ends the gesture and returns the state that it started from.
    pub(super) fn abort(&mut self) -> Option<Snapshot> {
        self.gesture.take().map(|gesture| gesture.start)
    }

    /// Steps back: takes the present state, gives the one before. A gesture
    /// that goes on has to end first.
    pub(super) fn undo(&mut self, now: &Snapshot) -> Option<Snapshot> {
        if self.gesture.is_some() {
            return None;
        }
        let entry = self.done.pop_back()?;
        let bytes = own_bytes(&now.site, &entry.snapshot.site);
        self.undone.push(Entry { label: entry.label, snapshot: now.clone(), bytes });
        Some(entry.snapshot)
    }

    /// Steps forward again.
    pub(super) fn redo(&mut self, now: &Snapshot) -> Option<Snapshot> {
        if self.gesture.is_some() {
            return None;
        }
        let entry = self.undone.pop()?;
        let bytes = own_bytes(&now.site, &entry.snapshot.site);
        self.done.push_back(Entry { label: entry.label, snapshot: now.clone(), bytes });
        Some(entry.snapshot)
    }

    fn push(&mut self, label: String, snapshot: Snapshot, after: &Site) {
        self.undone.clear();
        let bytes = own_bytes(&snapshot.site, after);
        self.done.push_back(Entry { label, snapshot, bytes });
        self.trim(BUDGET_BYTES, LEAST_ENTRIES);
    }

    /// Forgets the oldest entries while all together take more than `budget` bytes.
    fn trim(&mut self, budget: usize, least: usize) {
        let mut total: usize = self.done.iter().map(|entry| entry.bytes).sum();
        while total > budget && self.done.len() > least {
            match self.done.pop_front() {
                Some(entry) => total -= entry.bytes,
                None => break,
            }
        }
    }
}

/// Whether two sites are equal; what they share is not looked into.
pub(super) fn same_site(a: &Site, b: &Site) -> bool {
    fn same<T: PartialEq>(a: &Arc<T>, b: &Arc<T>) -> bool {
        Arc::ptr_eq(a, b) || a == b
    }
    same(&a.terms, &b.terms)
        && same(&a.campus, &b.campus)
        && a.halls.len() == b.halls.len()
        && a.halls.iter().zip(&b.halls).all(|(a, b)| same(a, b))
}

/// Roughly the memory of `site` that `neighbour` does not share.
fn own_bytes(site: &Site, neighbour: &Site) -> usize {
    let mut bytes = size_of::<Site>() + site.halls.len() * size_of::<Arc<HallGroup>>();
    if !Arc::ptr_eq(&site.terms, &neighbour.terms) {
        bytes += terms_bytes(&site.terms);
    }
    if !Arc::ptr_eq(&site.campus, &neighbour.campus) {
        bytes += campus_bytes(&site.campus);
    }
    // Groups keep their place but where one is added or removed; a shifted group counts as its own.
    let shared: std::collections::HashSet<*const HallGroup> =
        neighbour.halls.iter().map(Arc::as_ptr).collect();
    let own = site.halls.iter().filter(|group| !shared.contains(&Arc::as_ptr(group)));
    bytes + own.map(|group| group_bytes(group)).sum::<usize>()
}

/// Text and lists that an element holds outside itself, roughly.
const TEXT_BYTES: usize = 160;

fn list_bytes<T>(list: &[T]) -> usize {
    list.len() * (size_of::<T>() + TEXT_BYTES)
}

fn terms_bytes(terms: &Terms) -> usize {
    let steps: usize = terms.tiers.iter().map(|t| list_bytes(&t.demand)).sum();
    size_of::<Terms>()
        + steps
        + list_bytes(&terms.tiers)
        + list_bytes(&terms.hours)
        + list_bytes(&terms.supply)
        + list_bytes(&terms.overrides)
        + terms.site.notes.len()
}

fn campus_bytes(campus: &Campus) -> usize {
    let units: usize =
        campus.loops.iter().map(|l| list_bytes(&l.cdus) + list_bytes(&l.rejection)).sum();
    let corners: usize = campus.constraints.iter().map(|c| list_bytes(&c.outline)).sum();
    size_of::<Campus>()
        + units
        + corners
        + list_bytes(&campus.constraints)
        + list_bytes(&campus.underlays)
        + list_bytes(&campus.feeds)
        + list_bytes(&campus.nodes)
        + list_bytes(&campus.loops)
        + list_bytes(&campus.generators)
        + list_bytes(&campus.batteries)
        + list_bytes(&campus.areas)
        + list_bytes(&campus.phases)
        + list_bytes(&campus.groups)
        + list_bytes(&campus.locked)
}

fn group_bytes(group: &HallGroup) -> usize {
    size_of::<HallGroup>()
        + list_bytes(&group.rows)
        + list_bytes(&group.network_racks)
        + list_bytes(&group.blocks)
}

#[cfg(test)]
mod tests;
