//! What tells two states of a site apart, element by element, in the words of
//! the undo list: what would have to be done to the first to get the second.
//!
//! It must not know where the two states come from.

use super::label;
use crate::catalog::Catalog;
use crate::fields;
use crate::site::{ElementRef, Group, Layout, Phase, Site, Terms};
use serde::Serialize;
use serde_json::Value;
use std::collections::{BTreeMap, HashMap, HashSet};

/// The steps from one site to another.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Difference {
    /// "Add hall 9".
    pub added: Vec<String>,
    /// "Remove 16 racks".
    pub removed: Vec<String>,
    /// "Set grid contract to 900 MW".
    pub changed: Vec<String>,
}

impl Difference {
    /// The steps from `before` to `after`; `catalog` names what overrides speak of.
    pub fn between(before: &Site, after: &Site, catalog: &Catalog) -> Self {
        let mut found = Finder { before, after, catalog, out: Self::default() };
        found.records();
        found.lists();
        found.overrides();
        found.elements();
        found.out
    }

    /// The steps from one layout to another: its variants, and what is changed in each.
    pub fn between_layouts(before: &Layout, after: &Layout, catalog: &Catalog) -> Self {
        let mut out = Self::default();
        let several = before.variants().len() > 1 || after.variants().len() > 1;
        for new in after.variants() {
            let Some(old) = before.find(&new.id).map(|i| before.variant(i)) else {
                out.added.push(format!("Add variant {}", new.name));
                continue;
            };
            if old.name != new.name {
                out.changed.push(format!("Rename variant {} to {}", old.name, new.name));
            }
            if old.notes != new.notes {
                out.changed.push(format!("Edit the notes of variant {}", new.name));
            }
            let own = Self::between(&old.site, &new.site, catalog);
            let within = |line: String| {
                if several { format!("{line} (variant {})", new.name) } else { line }
            };
            out.changed.extend(own.changed.into_iter().map(within));
            out.added.extend(own.added.into_iter().map(within));
            out.removed.extend(own.removed.into_iter().map(within));
        }
        for old in before.variants().iter().filter(|old| after.find(&old.id).is_none()) {
            out.removed.push(format!("Remove variant {}", old.name));
        }
        if before.tour != after.tour {
            out.changed.push("Edit the tour".to_owned());
        }
        if before.scenarios != after.scenarios {
            out.changed.push("Edit the scenarios".to_owned());
        }
        out
    }

    /// Number of steps.
    pub fn len(&self) -> usize {
        self.added.len() + self.removed.len() + self.changed.len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// All steps: what is changed, then added, then removed.
    pub fn lines(&self) -> impl Iterator<Item = &str> {
        self.changed.iter().chain(&self.added).chain(&self.removed).map(String::as_str)
    }
}

struct Finder<'a> {
    before: &'a Site,
    after: &'a Site,
    catalog: &'a Catalog,
    out: Difference,
}

impl<'a> Finder<'a> {
    /// Site, policy and finances, of which there is one each.
    fn records(&mut self) {
        let (a, b): (&Terms, &Terms) = (&self.before.terms, &self.after.terms);
        self.fields("site", &a.site, &b.site);
        self.fields("policy", &a.policy, &b.policy);
        self.fields("finance", &a.finance, &b.finance);
    }

    /// What is not physical but has a name.
    fn lists(&mut self) {
        let (a, b): (&'a Terms, &'a Terms) = (&self.before.terms, &self.after.terms);
        let (old, new): (&'a [Phase], &'a [Phase]) =
            (&self.before.campus.phases, &self.after.campus.phases);
        self.list("tiers", "tier", (&a.tiers, &b.tiers), |t| (&t.id, &t.name));
        self.list("hours", "hour", (&a.hours, &b.hours), |h| (&h.id, &h.name));
        self.list("supply", "supply of", (&a.supply, &b.supply), |s| (&s.rack, &s.rack));
        self.list("phases", "phase", (old, new), |p| (&p.id, &p.name));
        let (old, new): (&'a [Group], &'a [Group]) =
            (&self.before.campus.groups, &self.after.campus.groups);
        self.list("groups", "group", (old, new), |g| (&g.id, &g.name));
        self.locks();
    }

    /// What one of the two locks and the other does not.
    fn locks(&mut self) {
        let (old, new) = (&self.before.campus.locked, &self.after.campus.locked);
        let name =
            |site: &Site, id: &String| site.find(id).map_or_else(|| id.clone(), label::called);
        for id in new.iter().filter(|id| !old.contains(id)) {
            self.out.changed.push(format!("Lock {}", name(self.after, id)));
        }
        for id in old.iter().filter(|id| !new.contains(id)) {
            self.out.changed.push(format!("Unlock {}", name(self.before, id)));
        }
    }

    fn list<T: Serialize + PartialEq>(
        &mut self,
        collection: &str,
        kind: &str,
        (before, after): (&'a [T], &'a [T]),
        names: impl Fn(&'a T) -> (&'a String, &'a String),
    ) {
        for new in after {
            let (id, name) = names(new);
            match before.iter().find(|old| names(old).0 == id) {
                Some(old) if old == new => {}
                Some(old) => self.fields(&format!("{collection}.{id}"), old, new),
                None => self.out.added.push(format!("Add {}", label::named(kind, name))),
            }
        }
        for old in before {
            let (id, name) = names(old);
            if !after.iter().any(|new| names(new).0 == id) {
                self.out.removed.push(format!("Remove {}", label::named(kind, name)));
            }
        }
    }

    fn overrides(&mut self) {
        let (a, b) = (&self.before.terms.overrides, &self.after.terms.overrides);
        for new in b {
            let same = a.iter().any(|old| old.path == new.path && old.value == new.value);
            if !same {
                let words = label::of_path(self.after, self.catalog, &new.path);
                self.out.changed.push(words.set_to(&new.path, &new.value));
            }
        }
        for old in a.iter().filter(|old| !b.iter().any(|new| new.path == old.path)) {
            let words = label::of_path(self.before, self.catalog, &old.path);
            self.out.changed.push(words.reset_to(&old.path, &old.old));
        }
    }

    /// Everything physical.
    fn elements(&mut self) {
        let by_path = |site: &'a Site| {
            let mut map: HashMap<String, ElementRef<'a>> = HashMap::new();
            for element in site.elements() {
                map.entry(element.path()).or_insert(element);
            }
            map
        };
        let (old, new) = (by_path(self.before), by_path(self.after));
        let mut added = Vec::new();
        let mut seen = HashSet::new();
        for element in self.after.elements() {
            let path = element.path();
            if !seen.insert(path.clone()) {
                continue;
            }
            match old.get(&path) {
                Some(before) if same(*before, element) => {}
                Some(before) => self.element(&path, *before, element),
                None => added.push(element),
            }
        }
        let removed: Vec<ElementRef<'a>> =
            self.before.elements().filter(|e| !new.contains_key(&e.path())).collect();
        self.out.added.extend(by_kind(&added).map(|things| format!("Add {things}")));
        self.out.removed.extend(by_kind(&removed).map(|things| format!("Remove {things}")));
    }

    fn element(&mut self, path: &str, before: ElementRef<'_>, after: ElementRef<'_>) {
        let moved = before.rectangle().map(|r| r.0) != after.rectangle().map(|r| r.0);
        if moved {
            self.out.changed.push(format!("Move {}", label::called(after)));
        }
        self.fields(path, &before, &after);
    }

    /// The fields in which two records differ; those of elements that have a
    /// line of their own are left to it.
    fn fields<T: Serialize>(&mut self, path: &str, before: &T, after: &T) {
        let physical = path.contains('.');
        let leaves = |record: &T| -> BTreeMap<String, Value> {
            let own = |field: &str| {
                !physical
                    || !(field == "at"
                        || field.starts_with("cdus")
                        || field.starts_with("rejection"))
            };
            fields::leaves(record).into_iter().filter(|(field, _)| own(field)).collect()
        };
        let (old, new) = (leaves(before), leaves(after));
        let names: std::collections::BTreeSet<&String> = old.keys().chain(new.keys()).collect();
        for name in names {
            let (a, b) = (old.get(name), new.get(name));
            if a == b {
                continue;
            }
            let value = b.map_or_else(|| "unknown".to_owned(), fields::value_text);
            let field = format!("{path}.{name}");
            let words = label::of_path(self.before, self.catalog, &field);
            self.out.changed.push(words.set_to(&field, &value));
        }
    }
}

/// Whether two elements of one path are equal; a loop without its machines,
/// which are elements of their own.
fn same(a: ElementRef<'_>, b: ElementRef<'_>) -> bool {
    match (a, b) {
        (ElementRef::Cdu(_, a), ElementRef::Cdu(_, b))
        | (ElementRef::Rejection(_, a), ElementRef::Rejection(_, b)) => a == b,
        _ => a == b,
    }
}

/// Words for elements, those of one kind together, in the order of the site.
fn by_kind<'a>(elements: &'a [ElementRef<'a>]) -> impl Iterator<Item = String> + 'a {
    let mut kinds: Vec<&str> = Vec::new();
    for element in elements {
        if !kinds.contains(&element.kind_name()) {
            kinds.push(element.kind_name());
        }
    }
    kinds.into_iter().map(move |kind| {
        let group: Vec<ElementRef<'a>> =
            elements.iter().copied().filter(|e| e.kind_name() == kind).collect();
        label::things(&group)
    })
}
