//! The electrical network of a site as vertices and connections, in an order that does not
//! depend on the order of the file. It must not know places, zoom or answers.

use super::graph::Graph;
use crate::catalog::{Catalog, EquipmentKind, Generation};
use crate::scene::plan::{ElementId, ElementKind};
use crate::site::{HallGroup, NodeKind, Site};
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

/// How a vertex is drawn; IEC 60617 where the standard has a symbol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Symbol {
    /// A grid feed.
    Source,
    Transformer,
    /// A bar that connections hang from: switchgear, busways.
    Bus,
    Cable,
    Ups,
    Generator,
    Battery,
    /// Power into racks.
    Racks,
    /// Power into a cooling loop.
    Cooling,
}

impl Symbol {
    /// Loads stand at the bottom and feed nothing.
    pub const fn is_load(self) -> bool {
        matches!(self, Symbol::Racks | Symbol::Cooling)
    }

    pub const fn is_bus(self) -> bool {
        matches!(self, Symbol::Bus)
    }

    /// What a planner calls it.
    pub const fn word(self) -> &'static str {
        match self {
            Symbol::Source => "grid feed",
            Symbol::Transformer => "transformer",
            Symbol::Bus => "bus",
            Symbol::Cable => "feeder",
            Symbol::Ups => "UPS",
            Symbol::Generator => "generator",
            Symbol::Battery => "battery",
            Symbol::Racks => "rack load",
            Symbol::Cooling => "cooling load",
        }
    }
}

/// A piece of equipment or a load.
#[derive(Clone, Debug, PartialEq)]
pub struct Vertex {
    /// One element; for a rack load the blocks behind it.
    pub elements: Vec<ElementId>,
    pub name: String,
    pub symbol: Symbol,
    /// Stays apart from its equals: what a planner counts one by one.
    pub main: bool,
    /// Voltage at the output, where the layout states it.
    pub kv: Option<f64>,
    pub capacity_mw: Option<f64>,
    pub firm_mw: Option<f64>,
    pub equipment: Option<String>,
    /// Hall that a load stands in.
    pub hall: Option<String>,
}

/// A hall at the foot of the diagram.
#[derive(Clone, Debug, PartialEq)]
pub struct HallInfo {
    pub id: String,
    pub name: String,
    /// Rack type that most places hold, by its short name.
    pub rack: String,
    pub generation: Generation,
    /// Rack places.
    pub racks: u64,
}

impl HallInfo {
    fn of(group: &HallGroup, catalog: &Catalog) -> Option<Self> {
        let hall = group.hall.as_ref()?;
        let mut places: BTreeMap<&str, u64> = BTreeMap::new();
        for block in &group.blocks {
            let planned = block.planned.as_ref();
            let rack = block.rack.as_ref().or_else(|| planned.and_then(|p| p.racks.first()));
            let count = block.count.or_else(|| planned.map(|p| p.max)).unwrap_or(0);
            *places.entry(rack.map_or("", String::as_str)).or_default() += u64::from(count);
        }
        let most = places.iter().max_by(|a, b| a.1.cmp(b.1).then(b.0.cmp(a.0)));
        let most = most.map_or("", |m| m.0);
        let record = catalog.racks.get(most);
        Some(Self {
            id: hall.id.clone(),
            name: hall.name.clone(),
            rack: record.map_or_else(|| most.to_owned(), |r| r.short.clone()),
            generation: record.map_or(Generation::Other, |r| r.generation),
            racks: places.values().sum(),
        })
    }
}

/// Vertices with their sources; the graph has no cycles.
#[derive(Clone, Debug, Default)]
pub struct Network {
    pub vertices: Vec<Vertex>,
    pub graph: Graph,
    pub halls: Vec<HallInfo>,
}

impl Network {
    /// Of a site, which may be wrong: what names no element is left out, of two elements with
    /// one id the first stays, and a source that closes a cycle is not followed.
    pub fn of(site: &Site, catalog: &Catalog) -> Self {
        let mut found = equipment(site, catalog);
        found.extend(loads(site));
        found.sort_by(|a, b| order(&a.vertex, &b.vertex));
        let mut index: BTreeMap<String, usize> = BTreeMap::new();
        for (i, f) in found.iter().enumerate() {
            if !f.vertex.symbol.is_load()
                && let Some(first) = f.vertex.elements.first()
            {
                index.entry(first.id.clone()).or_insert(i);
            }
        }
        let parents = |names: &[String], own: usize| -> Vec<usize> {
            let all: BTreeSet<usize> = names.iter().filter_map(|n| index.get(n).copied()).collect();
            all.into_iter().filter(|p| *p != own).collect()
        };
        let graph = Graph {
            parents: found.iter().enumerate().map(|(i, f)| parents(&f.from, i)).collect(),
            open: found.iter().enumerate().map(|(i, f)| parents(&f.alternate, i)).collect(),
        };
        let mut halls: Vec<HallInfo> =
            site.halls.iter().filter_map(|g| HallInfo::of(g, catalog)).collect();
        halls.sort_by(|a, b| natural(&a.id, &b.id));
        halls.dedup_by(|a, b| a.id == b.id);
        let vertices = found.into_iter().map(|f| f.vertex).collect();
        Self { vertices, graph: graph.without_cycles(), halls }
    }
}

/// A vertex with its sources by name.
struct Found {
    vertex: Vertex,
    from: Vec<String>,
    alternate: Vec<String>,
}

fn vertex(kind: ElementKind, id: &str, name: &str, symbol: Symbol) -> Vertex {
    Vertex {
        elements: vec![ElementId::new(kind, id)],
        name: name.to_owned(),
        symbol,
        main: symbol == Symbol::Source,
        kv: None,
        capacity_mw: None,
        firm_mw: None,
        equipment: None,
        hall: None,
    }
}

/// Feeds, nodes, generators and batteries.
fn equipment(site: &Site, catalog: &Catalog) -> Vec<Found> {
    let campus = &site.campus;
    let mut found: Vec<Found> = Vec::new();
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    for f in campus.feeds.iter().filter(|f| seen.insert(&f.id)) {
        let vertex = Vertex {
            kv: Some(f.voltage_kv),
            capacity_mw: Some(f.capacity_mw),
            firm_mw: f.firm_mw,
            ..vertex(ElementKind::Feed, &f.id, &f.name, Symbol::Source)
        };
        found.push(Found { vertex, from: Vec::new(), alternate: Vec::new() });
    }
    for n in campus.nodes.iter().filter(|n| seen.insert(&n.id)) {
        let made = n.equipment.as_ref().and_then(|id| catalog.equipment.get(id)).map(|e| e.kind);
        let vertex = Vertex {
            main: n.kind == NodeKind::MainTransformer,
            kv: n.voltage_kv,
            capacity_mw: n.capacity_mw,
            firm_mw: n.firm_mw,
            equipment: n.equipment.clone(),
            ..vertex(ElementKind::Node, &n.id, &n.name, symbol_of(n.kind, made))
        };
        found.push(Found { vertex, from: n.from.clone(), alternate: n.alternate.clone() });
    }
    for g in campus.generators.iter().filter(|g| seen.insert(&g.id)) {
        let vertex = Vertex {
            capacity_mw: Some(g.capacity_mw),
            equipment: Some(g.equipment.clone()),
            ..vertex(ElementKind::Generator, &g.id, &g.name, Symbol::Generator)
        };
        found.push(Found { vertex, from: vec![g.node.clone()], alternate: Vec::new() });
    }
    for b in campus.batteries.iter().filter(|b| seen.insert(&b.id)) {
        let vertex = Vertex {
            capacity_mw: Some(b.capacity_mw),
            equipment: Some(b.equipment.clone()),
            ..vertex(ElementKind::Battery, &b.id, &b.name, Symbol::Battery)
        };
        found.push(Found { vertex, from: vec![b.node.clone()], alternate: Vec::new() });
    }
    found
}

/// The kind of equipment says more than the kind of node: a UPS may stand as either substation.
fn symbol_of(kind: NodeKind, made: Option<EquipmentKind>) -> Symbol {
    match (kind, made) {
        (_, Some(EquipmentKind::Ups)) => Symbol::Ups,
        (NodeKind::MainTransformer | NodeKind::UnitSubstation, _) => Symbol::Transformer,
        (NodeKind::Substation | NodeKind::Busway, _) => Symbol::Bus,
        (NodeKind::Feeder, _) => Symbol::Cable,
    }
}

/// Node, node behind an open switch, and hall of racks that are one load.
type RackPlace<'a> = (&'a str, Option<&'a str>, Option<&'a str>);

/// Cooling loops, and the blocks of each hall by the nodes that feed them.
fn loads(site: &Site) -> Vec<Found> {
    let mut racks: BTreeMap<RackPlace<'_>, Vec<&str>> = BTreeMap::new();
    let mut cooled: BTreeMap<&str, BTreeSet<Option<&str>>> = BTreeMap::new();
    for group in &site.halls {
        let hall = group.hall.as_ref().map(|h| h.id.as_str());
        for block in &group.blocks {
            if let Some(node) = &block.node {
                let place = (node.as_str(), block.node_b.as_deref(), hall);
                racks.entry(place).or_default().push(&block.id);
            }
            if let Some(one) = &block.cooling_loop {
                cooled.entry(one).or_default().insert(hall);
            }
        }
    }
    let mut found: Vec<Found> = Vec::new();
    for ((node, node_b, hall), mut blocks) in racks {
        blocks.sort_by(|a, b| natural(a, b));
        blocks.dedup();
        let vertex = Vertex {
            elements: blocks.iter().map(|b| ElementId::new(ElementKind::Block, *b)).collect(),
            hall: hall.map(str::to_owned),
            ..vertex(ElementKind::Block, "", "Racks", Symbol::Racks)
        };
        let alternate = node_b.map(str::to_owned).into_iter().collect();
        found.push(Found { vertex, from: vec![node.to_owned()], alternate });
    }
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    for l in site.campus.loops.iter().filter(|l| seen.insert(&l.id)) {
        let halls = cooled.get(l.id.as_str()).filter(|h| h.len() == 1);
        let hall = halls.and_then(|h| h.first().copied().flatten());
        let vertex = Vertex {
            hall: hall.map(str::to_owned),
            ..vertex(ElementKind::Loop, &l.id, &l.name, Symbol::Cooling)
        };
        found.push(Found { vertex, from: vec![l.node.clone()], alternate: Vec::new() });
    }
    found
}

/// Sources first, then by id, then by hall: the same whatever the order of the file.
fn order(a: &Vertex, b: &Vertex) -> Ordering {
    let id = |v: &Vertex| v.elements.first().map_or(String::new(), |e| e.id.clone());
    a.symbol
        .is_load()
        .cmp(&b.symbol.is_load())
        .then((a.symbol != Symbol::Source).cmp(&(b.symbol != Symbol::Source)))
        .then_with(|| natural(&id(a), &id(b)))
        .then_with(|| a.hall.cmp(&b.hall))
}

/// Order of ids as people count: `t-2` before `t-10`.
pub fn natural(a: &str, b: &str) -> Ordering {
    let (mut a_rest, mut b_rest) = (a, b);
    loop {
        let (x, y) = (piece(a_rest), piece(b_rest));
        if x.is_empty() || y.is_empty() {
            return x.len().cmp(&y.len()).then_with(|| a.cmp(b));
        }
        let digits = |s: &str| s.starts_with(|c: char| c.is_ascii_digit());
        let order = if digits(x) && digits(y) {
            let (m, n) = (x.trim_start_matches('0'), y.trim_start_matches('0'));
            m.len().cmp(&n.len()).then_with(|| m.cmp(n))
        } else {
            x.cmp(y)
        };
        if order != Ordering::Equal {
            return order;
        }
        a_rest = &a_rest[x.len()..];
        b_rest = &b_rest[y.len()..];
    }
}

/// The digits, or the other signs, that a text starts with.
fn piece(text: &str) -> &str {
    let digits = text.starts_with(|c: char| c.is_ascii_digit());
    let end = text.find(|c: char| c.is_ascii_digit() != digits).unwrap_or(text.len());
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_stand_in_the_order_in_which_people_count() {
        let mut ids = ["t-10", "t-2", "t-a", "t-02", "s", "t-", "10", "9"];
        ids.sort_by(|a, b| natural(a, b));
        assert_eq!(ids, ["9", "10", "s", "t-", "t-02", "t-2", "t-10", "t-a"]);
    }
}
