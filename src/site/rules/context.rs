//! What rules look things up in: the site, the catalogue and indices by id.

use crate::catalog::Catalog;
use crate::diag::{Diagnostic, Report};
use crate::fields;
use crate::site::{Feed, Hall, Hour, Infrastructure, Loop, Node, Site, Tier};
use std::cell::RefCell;
use std::collections::{HashMap, HashSet};

/// A site with indices. Of elements with equal ids the first is found.
pub(in crate::site) struct Context<'a> {
    pub site: &'a Site,
    pub catalog: &'a Catalog,
    pub feeds: HashMap<&'a str, &'a Feed>,
    pub nodes: HashMap<&'a str, &'a Node>,
    pub loops: HashMap<&'a str, &'a Loop>,
    pub halls: HashMap<&'a str, &'a Hall>,
    pub tiers: HashMap<&'a str, &'a Tier>,
    pub hours: HashMap<&'a str, &'a Hour>,
    pub phases: HashSet<&'a str>,
    pub network_racks: HashSet<&'a str>,
    /// Row id to hall id.
    pub rows: HashMap<&'a str, &'a str>,
    near: RefCell<HashMap<(&'static str, String), String>>,
}

fn index<'a, T: 'a>(
    list: impl IntoIterator<Item = &'a T>,
    id: impl Fn(&'a T) -> &'a str,
) -> HashMap<&'a str, &'a T> {
    let mut map = HashMap::new();
    for element in list {
        map.entry(id(element)).or_insert(element);
    }
    map
}

impl<'a> Context<'a> {
    pub fn new(site: &'a Site, catalog: &'a Catalog) -> Self {
        let (terms, campus) = (&*site.terms, &*site.campus);
        let mut halls = HashMap::new();
        let mut rows = HashMap::new();
        let mut network_racks = HashSet::new();
        for group in &site.halls {
            if let Some(hall) = &group.hall {
                halls.entry(hall.id.as_str()).or_insert(hall);
            }
            for row in &group.rows {
                rows.entry(row.id.as_str()).or_insert(row.hall.as_str());
            }
            network_racks.extend(group.network_racks.iter().map(|r| r.id.as_str()));
        }
        Self {
            site,
            catalog,
            feeds: index(&campus.feeds, |e| &e.id),
            nodes: index(&campus.nodes, |e| &e.id),
            loops: index(&campus.loops, |e| &e.id),
            tiers: index(&terms.tiers, |e| &e.id),
            hours: index(&terms.hours, |e| &e.id),
            phases: campus.phases.iter().map(|p| p.id.as_str()).collect(),
            halls,
            rows,
            network_racks,
            near: RefCell::default(),
        }
    }

    /// Whether the network of the layout counts, and not a stated ratio.
    pub fn built(&self) -> bool {
        self.site.terms.site.infrastructure == Infrastructure::Built
    }

    /// A hint with the names nearest to one that does not exist.
    pub fn hint<'n>(
        &self,
        kind: &'static str,
        wanted: &str,
        names: impl Iterator<Item = &'n str>,
    ) -> String {
        let mut cache = self.near.borrow_mut();
        if let Some(hint) = cache.get(&(kind, wanted.to_owned())) {
            return hint.clone();
        }
        // A thousand different wrong names are one fault of one program, not a thousand typos.
        let near = if cache.len() < 200 { fields::nearest(wanted, names) } else { Vec::new() };
        let hint = match near.as_slice() {
            [] => format!("Choose {} that exists, or remove the entry", article(kind)),
            [one] => format!("Did you mean `{one}`?"),
            more => format!("Did you mean one of `{}`?", more.join("`, `")),
        };
        cache.insert((kind, wanted.to_owned()), hint.clone());
        hint
    }

    /// Nodes and feeds that carry the load of a block or a loop, with everything above them.
    pub fn loaded(&self, with_loops: bool) -> HashSet<&'a str> {
        let blocks = self.site.blocks().filter(|b| b.count != Some(0));
        let mut open: Vec<&str> = blocks.filter_map(|b| b.node.as_deref()).collect();
        if with_loops {
            open.extend(self.site.campus.loops.iter().map(|l| l.node.as_str()));
        }
        let mut loaded = HashSet::new();
        while let Some(id) = open.pop() {
            if loaded.insert(id)
                && let Some(node) = self.nodes.get(id)
            {
                open.extend(node.from.iter().map(String::as_str));
            }
        }
        loaded
    }

    /// Rack types of the site, each with the path of the first block that names it, in file order.
    pub fn rack_types(&self) -> Vec<(&'a str, String)> {
        let mut seen = HashSet::new();
        let mut types = Vec::new();
        for block in self.site.blocks() {
            if let Some(rack) = &block.rack
                && seen.insert(rack.as_str())
            {
                types.push((rack.as_str(), format!("blocks.{}.rack", block.id)));
            }
            for rack in block.planned.iter().flat_map(|p| &p.racks) {
                if seen.insert(rack.as_str()) {
                    types.push((rack.as_str(), format!("blocks.{}.planned.racks", block.id)));
                }
            }
        }
        types
    }
}

fn article(kind: &str) -> String {
    let vowel = kind.starts_with(['a', 'e', 'i', 'o', 'u']);
    format!("{} {kind}", if vowel { "an" } else { "a" })
}

/// A number that is unknown and needed.
pub(super) fn unknown(path: String, what: &str, hint: &str) -> Diagnostic {
    Diagnostic::error("unknown-value", path, format!("{what} is unknown"), hint)
}

/// Pushes an error.
pub(super) fn error(report: &mut Report, code: &str, path: String, message: String, hint: &str) {
    report.push(Diagnostic::error(code, path, message, hint));
}

/// Pushes a warning.
pub(super) fn warning(report: &mut Report, code: &str, path: String, message: String, hint: &str) {
    report.push(Diagnostic::warning(code, path, message, hint));
}
