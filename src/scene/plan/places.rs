//! Where an element of the scene is found by its id, without a look at all others.
//! It must not know what elements are.

use super::build::Item;
use super::element::ElementId;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::{BuildHasher as _, BuildHasherDefault, DefaultHasher};

/// A part of the scene (0 the campus, then the halls) and the place among its items.
pub(super) type Place = (usize, usize);

/// Places by the hash of the id: no id is stored twice.
#[derive(Clone, Debug, Default)]
pub(super) struct Places {
    of: HashMap<u64, Place>,
    /// An id, or the hash of one, stands in several parts: then a miss proves nothing.
    doubled: bool,
}

fn key(id: &ElementId) -> u64 {
    BuildHasherDefault::<DefaultHasher>::default().hash_one(id)
}

impl Places {
    /// Of several items with one id the first counts, as everywhere.
    pub fn add(&mut self, part: usize, items: &[Item]) {
        self.of.reserve(items.len());
        for (at, item) in items.iter().enumerate() {
            match self.of.entry(key(&item.id)) {
                Entry::Vacant(free) => {
                    free.insert((part, at));
                }
                Entry::Occupied(known) => self.doubled |= known.get().0 != part,
            }
        }
    }

    /// Forgets the items of a part.
    pub fn remove(&mut self, part: usize, items: &[Item]) {
        for item in items {
            if let Entry::Occupied(known) = self.of.entry(key(&item.id))
                && known.get().0 == part
            {
                known.remove();
            }
        }
    }

    pub fn get(&self, id: &ElementId) -> Option<Place> {
        self.of.get(&key(id)).copied()
    }

    /// Whether an id that is not found here stands nowhere.
    pub fn is_complete(&self) -> bool {
        !self.doubled
    }
}
