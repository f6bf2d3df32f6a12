//! Labelled undo and redo over snapshots of the site. Snapshots share what an
//! edit left alone, so an entry costs about one hall.

use crate::site::{Campus, Constraint, HallGroup, Layout, Loop, Site, Terms};
use std::collections::{HashSet, VecDeque};
use std::mem::size_of;
use std::sync::Arc;

/// Memory that old snapshots may take before the oldest are forgotten.
const BUDGET_BYTES: usize = 128 << 20;
/// The newest entry is kept whatever it takes: an edit can always be taken back.
const LEAST_ENTRIES: usize = 1;

/// A state of the layout with the number that tells it from all others of the document.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Snapshot {
    pub layout: Layout,
    /// Index of the variant that is edited; not counted in `revision`.
    pub active: usize,
    pub revision: u64,
}

impl Snapshot {
    pub fn first(layout: Layout) -> Self {
        Self { layout, active: 0, revision: 0 }
    }

    /// The site that is edited.
    pub fn site(&self) -> &Site {
        &self.layout.variant(self.active).site
    }
}

/// A step between two states: what it is called, and the state at its other end.
#[derive(Debug)]
struct Entry {
    label: String,
    snapshot: Snapshot,
    /// What only this snapshot keeps alive, roughly.
    bytes: usize,
    /// Only another variant came to the front.
    is_switch: bool,
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
    pub(super) fn record(&mut self, label: &str, before: &Snapshot, after: &Layout) {
        match &mut self.gesture {
            Some(gesture) => {
                if gesture.label.is_empty() {
                    label.clone_into(&mut gesture.label);
                }
            }
            None => self.push(label.to_owned(), before.clone(), after),
        }
    }

    /// Records that variant `to` came to the front. Switches that follow each other are one
    /// entry, and none where they end where they began.
    pub(super) fn record_switch(&mut self, label: &str, before: &Snapshot, to: usize) {
        match self.done.back_mut().filter(|entry| entry.is_switch) {
            Some(last) if last.snapshot.active == to => {
                self.done.pop_back();
            }
            Some(last) => label.clone_into(&mut last.label),
            None => {
                self.push(label.to_owned(), before.clone(), &before.layout);
                if let Some(entry) = self.done.back_mut() {
                    entry.is_switch = true;
                }
            }
        }
        self.undone.clear();
    }

    /// Ends the gesture. Where it changed something it becomes one entry;
    /// otherwise the state to go back to is returned, so that the document
    /// does not count as changed.
    pub(super) fn commit(&mut self, now: &Layout) -> Option<Snapshot> {
        let gesture = self.gesture.take()?;
        if same_layout(&gesture.start.layout, now) {
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
        let bytes = own_bytes(&now.layout, &entry.snapshot.layout);
        let (label, is_switch) = (entry.label, entry.is_switch);
        self.undone.push(Entry { label, snapshot: now.clone(), bytes, is_switch });
        Some(entry.snapshot)
    }

    /// Steps forward again.
    pub(super) fn redo(&mut self, now: &Snapshot) -> Option<Snapshot> {
        if self.gesture.is_some() {
            return None;
        }
        let entry = self.undone.pop()?;
        let bytes = own_bytes(&now.layout, &entry.snapshot.layout);
        let (label, is_switch) = (entry.label, entry.is_switch);
        self.done.push_back(Entry { label, snapshot: now.clone(), bytes, is_switch });
        Some(entry.snapshot)
    }

    fn push(&mut self, label: String, snapshot: Snapshot, after: &Layout) {
        self.undone.clear();
        let bytes = own_bytes(&snapshot.layout, after);
        self.done.push_back(Entry { label, snapshot, bytes, is_switch: false });
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

/// Whether two layouts are equal; what they share is not looked into.
pub(super) fn same_layout(a: &Layout, b: &Layout) -> bool {
    let (x, y) = (a.variants(), b.variants());
    x.len() == y.len()
        && (Arc::ptr_eq(&a.tour, &b.tour) || a.tour == b.tour)
        && (Arc::ptr_eq(&a.scenarios, &b.scenarios) || a.scenarios == b.scenarios)
        && x.iter().zip(y).all(|(x, y)| {
            x.id == y.id && x.name == y.name && x.notes == y.notes && same_site(&x.site, &y.site)
        })
}

/// Roughly the memory of `layout` that `neighbour` does not share.
fn own_bytes(layout: &Layout, neighbour: &Layout) -> usize {
    // Variants share parts among each other: each counts once.
    let mut known = HashSet::new();
    neighbour.variants().iter().for_each(|v| {
        parts(&v.site, |part, _| {
            known.insert(part);
        });
    });
    let mut bytes = 0;
    for variant in layout.variants() {
        let site = &variant.site;
        bytes += size_of_val(variant) + site.halls.len() * size_of::<Arc<HallGroup>>();
        parts(site, |part, own| {
            if known.insert(part) {
                bytes += own();
            }
        });
    }
    bytes
}

/// Every shared part of a site by its address, with its memory.
fn parts(site: &Site, mut each: impl FnMut(*const (), &dyn Fn() -> usize)) {
    each(Arc::as_ptr(&site.terms).cast(), &|| terms_bytes(&site.terms));
    let campus = &site.campus;
    each(Arc::as_ptr(campus).cast(), &|| campus_bytes(campus));
    macro_rules! lists {
        ($($list:ident),*) => {
            $(campus.$list.parts(|part, elements| each(part, &|| list_bytes(elements)));)*
        };
    }
    lists!(feeds, nodes, generators, batteries, areas, underlays);
    campus.loops.parts(|part, loops| {
        let units = |l: &Loop| list_bytes(&l.cdus) + list_bytes(&l.rejection);
        each(part, &|| list_bytes(loops) + loops.iter().map(units).sum::<usize>());
    });
    campus.constraints.parts(|part, all| {
        let corners = |c: &Constraint| list_bytes(&c.outline);
        each(part, &|| list_bytes(all) + all.iter().map(corners).sum::<usize>());
    });
    for group in &site.halls {
        each(Arc::as_ptr(group).cast(), &|| group_bytes(group));
    }
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

/// Without its shared lists.
fn campus_bytes(campus: &Campus) -> usize {
    size_of::<Campus>()
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
