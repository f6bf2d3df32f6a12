//! Where the elements of a site stand, by id: worked out part by part when somebody asks, and
//! kept as long as the part is. An edit makes another `Arc` of the parts that it touches, and so
//! costs their entries alone. It must not know what elements are for.

use super::{Campus, ElementRef, HallGroup, Shared, Site};
use std::any::Any;
use std::collections::HashMap;
use std::hash::{BuildHasher as _, BuildHasherDefault, DefaultHasher, Hasher};
use std::sync::{Arc, Mutex, PoisonError, Weak};

/// The list of a part that an element stands in, in the order of [`Site::elements`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum List {
    Feeds,
    Nodes,
    Loops,
    Generators,
    Batteries,
    Areas,
    Constraints,
    Underlays,
    Hall,
    Rows,
    NetworkRacks,
    Blocks,
}

/// Where an element stands; places compare in the order of [`Site::elements`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// 0 for the campus, then the halls in order.
    part: usize,
    list: List,
    at: u32,
    /// Of a loop: 0 itself, then its CDUs, then its heat rejection.
    unit: u32,
}

impl Place {
    /// Index of the hall group; `None` for the campus.
    pub fn hall(self) -> Option<usize> {
        self.part.checked_sub(1)
    }

    /// Index in the list of the element's collection; of machines that of their loop.
    pub(super) fn index(self) -> usize {
        self.at as usize
    }
}

/// For keys that are hashes already, and for addresses.
#[derive(Clone, Copy, Debug, Default)]
struct Plain(u64);

/// An odd number with bits all over, as multiplicative hashes want.
const MIX: u64 = 0x9e37_79b9_7f4a_7c15;

impl Hasher for Plain {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = bytes.iter().fold(self.0, |sum, byte| sum.rotate_left(8) ^ u64::from(*byte));
    }

    fn write_u64(&mut self, key: u64) {
        self.0 = key;
    }

    fn write_usize(&mut self, address: usize) {
        let mixed = (address as u64).wrapping_mul(MIX);
        self.0 = mixed ^ (mixed >> 32);
    }
}

/// List, index and unit of the elements of a part by the hash of their id; of equal ids the first.
type Ids = HashMap<u64, (List, u32, u32), BuildHasherDefault<Plain>>;

fn key(id: &str) -> u64 {
    BuildHasherDefault::<DefaultHasher>::default().hash_one(id)
}

/// A part that is held on to, so that nothing else can come to lie at its address.
type Held = Weak<dyn Any + Send + Sync>;

#[derive(Debug, Default)]
struct Known {
    /// By the address of the part.
    parts: HashMap<usize, (Held, Ids), BuildHasherDefault<Plain>>,
    /// So many parts are kept before those that are gone are forgotten.
    most: usize,
}

/// Shared by all states of a site; no part of what a site is.
#[derive(Clone, Default)]
pub struct Directory(Arc<Mutex<Known>>);

impl std::fmt::Debug for Directory {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Directory")
    }
}

impl PartialEq for Directory {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

fn ids_of(entries: impl Iterator<Item = (List, u32, u32, u64)>) -> Ids {
    let mut ids = Ids::default();
    for (list, at, unit, key) in entries {
        ids.entry(key).or_insert((list, at, unit));
    }
    ids
}

/// A list of the campus: its elements, chunk by chunk, as parts of their own.
trait Listed: Send + Sync + Sized + 'static {
    const LIST: List;
    fn key(&self) -> u64;
    /// Ids of the machines that go with it.
    fn units(&self) -> impl Iterator<Item = u64> {
        std::iter::empty()
    }
}

macro_rules! listed {
    ($($kind:ident $list:ident),*) => {
        $(impl Listed for super::$kind {
            const LIST: List = List::$list;
            fn key(&self) -> u64 {
                key(&self.id)
            }
        })*
    };
}
listed!(Feed Feeds, Node Nodes, Generator Generators, Battery Batteries, Area Areas,
    Constraint Constraints, Underlay Underlays);

impl Listed for super::Loop {
    const LIST: List = List::Loops;
    fn key(&self) -> u64 {
        key(&self.id)
    }
    fn units(&self) -> impl Iterator<Item = u64> {
        self.cdus.iter().chain(&self.rejection).map(|unit| key(&unit.id))
    }
}

fn chunk_ids<T: Listed>(chunk: &[T]) -> Ids {
    ids_of(chunk.iter().zip(0..).flat_map(|(e, at)| {
        let all = std::iter::once(e.key()).chain(e.units());
        all.zip(0..).map(move |(key, unit)| (T::LIST, at, unit, key))
    }))
}

fn hall_ids(group: &HallGroup) -> Ids {
    let hall = group.hall.iter().map(|h| (List::Hall, 0, 0, key(&h.id)));
    let rows = group.rows.iter().zip(0..).map(|(e, at)| (List::Rows, at, 0, key(&e.id)));
    let racks = group.network_racks.iter().zip(0..);
    let racks = racks.map(|(e, at)| (List::NetworkRacks, at, 0, key(&e.id)));
    let blocks = group.blocks.iter().zip(0..).map(|(e, at)| (List::Blocks, at, 0, key(&e.id)));
    ids_of(hall.chain(rows).chain(racks).chain(blocks))
}

impl Known {
    fn part(&mut self, address: usize, make: impl FnOnce() -> (Held, Ids)) -> &Ids {
        if self.parts.len() >= self.most && !self.parts.contains_key(&address) {
            self.parts.retain(|_, (held, _)| held.strong_count() > 0);
            self.most = (2 * self.parts.len()).max(64);
        }
        &self.parts.entry(address).or_insert_with(make).1
    }
}

impl Site {
    /// Where the physical element with an id stands; the first where ids are doubled.
    pub fn place(&self, id: &str) -> Option<Place> {
        // A panic under this lock leaves parts that are whole.
        let mut known = self.directory.0.lock().unwrap_or_else(PoisonError::into_inner);
        let sought = Sought { site: self, id, key: key(id) };
        let Campus { feeds, nodes, loops, generators, batteries, areas, .. } = &*self.campus;
        let Campus { constraints, underlays, .. } = &*self.campus;
        None.or_else(|| sought.in_list(feeds, &mut known))
            .or_else(|| sought.in_list(nodes, &mut known))
            .or_else(|| sought.in_list(loops, &mut known))
            .or_else(|| sought.in_list(generators, &mut known))
            .or_else(|| sought.in_list(batteries, &mut known))
            .or_else(|| sought.in_list(areas, &mut known))
            .or_else(|| sought.in_list(constraints, &mut known))
            .or_else(|| sought.in_list(underlays, &mut known))
            .or_else(|| sought.in_halls(&mut known))
    }

    /// The element at a place; `None` where none stands there any more.
    pub fn at(&self, place: Place) -> Option<ElementRef<'_>> {
        let at = place.at as usize;
        let campus = &self.campus;
        let group = place.hall().and_then(|hall| self.halls.get(hall));
        match place.list {
            List::Feeds => campus.feeds.get(at).map(ElementRef::Feed),
            List::Nodes => campus.nodes.get(at).map(ElementRef::Node),
            List::Loops => {
                let l = campus.loops.get(at)?;
                let Some(unit) = (place.unit as usize).checked_sub(1) else {
                    return Some(ElementRef::Loop(l));
                };
                match unit.checked_sub(l.cdus.len()) {
                    None => l.cdus.get(unit).map(|u| ElementRef::Cdu(l, u)),
                    Some(unit) => l.rejection.get(unit).map(|u| ElementRef::Rejection(l, u)),
                }
            }
            List::Generators => campus.generators.get(at).map(ElementRef::Generator),
            List::Batteries => campus.batteries.get(at).map(ElementRef::Battery),
            List::Areas => campus.areas.get(at).map(ElementRef::Area),
            List::Constraints => campus.constraints.get(at).map(ElementRef::Constraint),
            List::Underlays => campus.underlays.get(at).map(ElementRef::Underlay),
            List::Hall => group?.hall.as_ref().map(ElementRef::Hall),
            List::Rows => group?.rows.get(at).map(ElementRef::Row),
            List::NetworkRacks => group?.network_racks.get(at).map(ElementRef::NetworkRack),
            List::Blocks => group?.blocks.get(at).map(ElementRef::Block),
        }
    }
}

/// An id that somebody looks for.
struct Sought<'a> {
    site: &'a Site,
    id: &'a str,
    key: u64,
}

impl Sought<'_> {
    fn in_list<T: Listed>(&self, list: &Shared<T>, known: &mut Known) -> Option<Place> {
        list.chunks().find_map(|(start, chunk)| {
            let held = || Arc::downgrade(chunk) as Held;
            let ids = known.part(Arc::as_ptr(chunk).addr(), || (held(), chunk_ids(chunk)));
            self.confirmed((0, start), ids)
        })
    }

    fn in_halls(&self, known: &mut Known) -> Option<Place> {
        self.site.halls.iter().enumerate().find_map(|(at, group)| {
            let held = || Arc::downgrade(group) as Held;
            let ids = known.part(Arc::as_ptr(group).addr(), || (held(), hall_ids(group)));
            self.confirmed((at + 1, 0), ids)
        })
    }

    /// The place that a part knows for the id, looked for one by one where another id has the
    /// same hash. The indices of the part count from `start`.
    fn confirmed(&self, (part, start): (usize, usize), ids: &Ids) -> Option<Place> {
        let (list, at, unit) = *ids.get(&self.key)?;
        let place = |(list, at, unit)| Place { part, list, at: at + start as u32, unit };
        let is_it = |place: &Place| self.site.at(*place).is_some_and(|e| e.id() == self.id);
        let first = place((list, at, unit));
        if is_it(&first) {
            return Some(first);
        }
        ids.values().copied().map(place).filter(is_it).min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::site::file;

    fn campus() -> Site {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/layouts/campus-1gw.ron");
        let text = file::read_text(std::path::Path::new(path)).expect("the example is there");
        Site::from_file(file::parse(&text, "campus-1gw.ron").expect("the example is a layout"))
    }

    fn first<'a>(site: &'a Site, id: &str) -> Option<ElementRef<'a>> {
        site.elements().find(|e| e.id() == id)
    }

    #[test]
    fn every_element_is_found_where_a_walk_finds_it_and_in_its_order() {
        let site = campus();
        let mut last = None;
        for element in site.elements() {
            let place = site.place(element.id()).expect("stands somewhere");
            assert_eq!(site.at(place), first(&site, element.id()));
            assert!(last < Some(place), "{place:?} after {last:?}");
            last = Some(place);
        }
        assert_eq!(site.place("no such id"), None);
    }

    #[test]
    fn edits_are_found_and_other_states_left_alone() {
        let mut site = campus();
        let before = site.clone();
        let id = site.halls[1].blocks[3].id.clone();
        assert!(site.place(&id).is_some());
        let group = Arc::make_mut(&mut site.halls[1]);
        group.blocks[3].id = "renamed".into();
        group.blocks.swap(3, 0);
        // In place, as the part has no other owner now.
        assert_eq!(site.find("renamed"), first(&site, "renamed"));
        Arc::make_mut(&mut site.halls[1]).blocks.remove(0);
        assert_eq!((site.place("renamed"), site.place(&id)), (None, None));
        assert_eq!(before.find(&id), first(&before, &id));
        Arc::make_mut(&mut site.campus).nodes.remove(0);
        let gone = before.campus.nodes[0].id.as_str();
        assert!(site.find(gone).is_none() && before.find(gone).is_some());
    }

    #[test]
    fn of_doubled_ids_the_first_counts() {
        let mut site = campus();
        let id = site.halls[5].blocks[2].id.clone();
        Arc::make_mut(&mut site.halls[2]).blocks[7].id.clone_from(&id);
        assert_eq!(site.place(&id).and_then(Place::hall), Some(2));
    }
}
