//! Names of elements, as selections and commands hold them.

use crate::site::{ElementRef, Site};
use std::borrow::Borrow;
use std::collections::{BTreeMap, HashSet};
use std::fmt;
use std::hash::Hash;

/// An element of a site: its path in the vocabulary of `--set` (`blocks.b-12`,
/// `tiers.high`, `loops.l-1.cdus.c-1`, `site`), or its bare id where that is a
/// physical element. [`ElementId::canonical`] turns the second form into the first.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ElementId(String);

impl ElementId {
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The element that a field path or the path of a diagnostic points into;
    /// `None` where the site has no such element.
    pub fn of_path(site: &Site, path: &str) -> Option<Self> {
        let ends = path.match_indices('.').map(|(at, _)| at).chain([path.len()]);
        let ends: Vec<usize> = ends.collect();
        ends.iter()
            .rev()
            .filter_map(|end| path.get(..*end))
            .find_map(|head| ElementId::new(head).canonical(site))
    }

    /// The path of the element; `None` where the site has none of this name.
    pub fn canonical(&self, site: &Site) -> Option<Self> {
        if let Some(element) = physical(site, self) {
            return Some(Self(element.path()));
        }
        if matches!(self.0.as_str(), "site" | "policy" | "finance") {
            return Some(self.clone());
        }
        let (collection, id) = self.0.split_once('.')?;
        let terms = &site.terms;
        let exists = match collection {
            "tiers" => terms.tiers.iter().any(|t| t.id == id),
            "hours" => terms.hours.iter().any(|h| h.id == id),
            "supply" => terms.supply.iter().any(|s| s.rack == id),
            "phases" => site.campus.phases.iter().any(|p| p.id == id),
            _ => false,
        };
        exists.then(|| self.clone())
    }
}

impl From<&str> for ElementId {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl From<String> for ElementId {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl fmt::Display for ElementId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The physical element of a name, by path or bare id.
pub(super) fn physical<'a>(site: &'a Site, id: &ElementId) -> Option<ElementRef<'a>> {
    let text = id.as_str();
    // Ids may hold dots themselves: what stands behind any of them may be the id.
    let tails = text.match_indices('.').filter_map(|(at, _)| text.get(at + 1..));
    let mut found = std::iter::once(text).chain(tails).filter_map(|tail| site.find(tail));
    let first = found.next()?;
    if is_named(first, text) {
        return Some(first);
    }
    let named = |element: &ElementRef<'_>| is_named(*element, text);
    // Where ids are doubled the first may be a node, and the one that is meant a block.
    found.find(named).or_else(|| site.elements().find(named))
}

/// Whether `text` is the element's bare id or its path. Compares without
/// building paths: sites have thousands of elements.
fn is_named(element: ElementRef<'_>, text: &str) -> bool {
    let Some(head) = text.strip_suffix(element.id()) else { return false };
    if head.is_empty() {
        return true;
    }
    match element {
        ElementRef::Cdu(..) | ElementRef::Rejection(..) => element.path() == text,
        other => head.strip_suffix('.') == Some(other.collection()),
    }
}

/// The physical elements of names, each once, in the order of the site.
///
/// # Errors
/// The first name that no physical element has.
pub(super) fn resolve<'a>(
    site: &'a Site,
    ids: &[ElementId],
) -> Result<Vec<ElementRef<'a>>, super::EditError> {
    if ids.is_empty() {
        return Err(super::EditError::NothingSelected);
    }
    let mut found = BTreeMap::new();
    for id in ids {
        let element = physical(site, id);
        let element = element.ok_or_else(|| super::EditError::NoSuchElement(id.clone()))?;
        found.insert(site.place(element.id()), element);
    }
    Ok(found.into_values().collect())
}

/// So many ids are compared one by one, which is quicker than hashing.
const FEW: usize = 4;

/// Whether a set holds an id: made for asking about every element of a site.
pub(super) fn holds<S: Borrow<str> + Eq + Hash>(set: &HashSet<S>, id: &str) -> bool {
    if set.len() <= FEW { set.iter().any(|own| own.borrow() == id) } else { set.contains(id) }
}
