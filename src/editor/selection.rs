//! Which elements are selected, and which of them the inspector shows.

use super::ElementId;
use crate::site::Site;
use std::collections::BTreeSet;

/// A set of elements by canonical path, and the primary one among them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    ids: BTreeSet<ElementId>,
    primary: Option<ElementId>,
}

impl Selection {
    /// The elements that exist among `ids`; the last becomes the primary one.
    pub fn of(site: &Site, ids: impl IntoIterator<Item = ElementId>) -> Self {
        let mut selection = Self::default();
        for id in ids.into_iter().filter_map(|id| id.canonical(site)) {
            selection.primary = Some(id.clone());
            selection.ids.insert(id);
        }
        selection
    }

    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// In the order of their paths.
    pub fn iter(&self) -> impl Iterator<Item = &ElementId> {
        self.ids.iter()
    }

    /// All of them, as commands take them.
    pub fn ids(&self) -> Vec<ElementId> {
        self.ids.iter().cloned().collect()
    }

    /// The element that was selected last and is still selected.
    pub fn primary(&self) -> Option<&ElementId> {
        self.primary.as_ref()
    }

    /// Whether the element of a canonical path is selected.
    pub fn contains(&self, path: &str) -> bool {
        self.ids.contains(&ElementId::from(path))
    }

    /// Adds an element, which becomes the primary one, or takes it out.
    pub(super) fn toggle(&mut self, site: &Site, id: &ElementId) {
        let Some(id) = id.canonical(site) else { return };
        if self.ids.remove(&id) {
            if self.primary.as_ref() == Some(&id) {
                self.primary = self.ids.last().cloned();
            }
        } else {
            self.ids.insert(id.clone());
            self.primary = Some(id);
        }
    }

    /// Forgets elements that the site no longer has.
    pub(super) fn prune(&mut self, site: &Site) {
        self.ids.retain(|id| id.canonical(site).is_some());
        let gone = |id: &ElementId| !self.ids.contains(id);
        if self.primary.as_ref().is_some_and(gone) {
            self.primary = self.ids.last().cloned();
        }
    }
}
