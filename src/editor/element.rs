//! Names of elements, as selections and commands hold them.

use crate::site::{ElementRef, Site};
use std::borrow::Borrow;
use std::collections::{HashMap, HashSet};
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
    site.elements().find(|element| is_named(*element, text))
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

/// Every physical element by bare id; of equal ids the first, as everywhere.
pub(super) fn index(site: &Site) -> HashMap<&str, ElementRef<'_>> {
    let mut map = HashMap::new();
    for element in site.elements() {
        map.entry(element.id()).or_insert(element);
    }
    map
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
    if ids.len() <= FEW {
        return resolve_few(site, ids);
    }
    let by_id = index(site);
    let mut wanted = HashSet::new();
    for id in ids {
        let text = id.as_str();
        let bare = text.split_once('.').map_or(text, |(_, rest)| rest);
        let quick = [text, bare].into_iter().filter_map(|t| by_id.get(t).copied());
        let found = quick.into_iter().find(|e| is_named(*e, text)).or_else(|| physical(site, id));
        match found {
            Some(element) => wanted.insert(element.id().to_owned()),
            None => return Err(super::EditError::NoSuchElement(id.clone())),
        };
    }
    Ok(site.elements().filter(|e| wanted.remove(e.id())).collect())
}

/// So many ids are compared with each element of a site, which is quicker than hashing those.
const FEW: usize = 4;

fn resolve_few<'a>(
    site: &'a Site,
    ids: &[ElementId],
) -> Result<Vec<ElementRef<'a>>, super::EditError> {
    let mut open: Vec<&ElementId> = ids.iter().collect();
    let mut found = Vec::new();
    for element in site.elements() {
        let before = open.len();
        open.retain(|id| !is_named(element, id.as_str()));
        if open.len() < before {
            found.push(element);
        }
        if open.is_empty() {
            return Ok(found);
        }
    }
    match open.first() {
        Some(id) => Err(super::EditError::NoSuchElement((*id).clone())),
        None => Ok(found),
    }
}

/// Whether a set holds an id: made for asking about every element of a site.
pub(super) fn holds<S: Borrow<str> + Eq + Hash>(set: &HashSet<S>, id: &str) -> bool {
    if set.len() <= FEW { set.iter().any(|own| own.borrow() == id) } else { set.contains(id) }
}
