//! What a planner calls the parts of the generated network.

use crate::site::Site;
use std::collections::BTreeMap;

/// Names of feeds, nodes and racks with two paths by their ids.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Names {
    by_id: BTreeMap<String, String>,
}

impl Names {
    pub fn of(site: &Site) -> Self {
        let feeds = site.campus.feeds.iter().map(|f| (f.id.clone(), f.name.clone()));
        let nodes = site.campus.nodes.iter().map(|n| (n.id.clone(), n.name.clone()));
        // Racks with two paths have a bar of their own.
        let blocks = site.blocks().filter(|b| b.node_b.is_some());
        let blocks = blocks.map(|b| (b.id.clone(), b.name.clone()));
        Self { by_id: blocks.chain(feeds).chain(nodes).collect() }
    }

    /// Of no site: everything is called by its id.
    pub const fn nobody() -> Self {
        Self { by_id: BTreeMap::new() }
    }

    /// Of a feed or node; its id where the site has none of it.
    pub fn element<'a>(&'a self, id: &'a str) -> &'a str {
        self.by_id.get(id).map_or(id, String::as_str)
    }

    /// Of a branch, feed or bus: "Busbar of Hall 1 north feeders", "Hall 1 north feeders: no. 2".
    pub fn part(&self, id: &str, busbar: bool) -> String {
        let (element, part) = split(id);
        let name = self.element(element);
        let machine = part.split('/').next().filter(|p| p.parse::<u32>().is_ok());
        let machine = machine.map(|k| format!(": no. {k}")).unwrap_or_default();
        match (busbar, part) {
            (true, "in") => format!("Busbar before {name}"),
            (true, _) => format!("Busbar of {name}{machine}"),
            (false, _) => format!("{name}{machine}"),
        }
    }

    /// Of a switch, by its id: "Feed 2 to T-A1".
    pub fn switch(&self, id: &str) -> String {
        match id.split_once('>') {
            Some((source, node)) => format!("{} to {}", self.element(source), self.element(node)),
            None => self.part(id, false),
        }
    }
}

/// Id of the element of the site and what it names of it.
fn split(id: &str) -> (&str, &str) {
    id.split_once('/').unwrap_or((id, ""))
}

/// Id of the feed or node that a branch, bus or generator of the network belongs to.
pub fn element_of(id: &str) -> &str {
    split(id).0
}
