//! The power network as a topology of NVIDIA DPS (schema `dcpower_0.1`): what feeds what, down
//! to the racks, with the limit of each. What a plan does not know stays out: management
//! controllers, compute trays, policies.

use super::{Form, Kind, Needs};
use crate::report::{Options, Part, ReportError, Subject};
use crate::site::{Block, Node, Site};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

pub(super) static KIND: Kind = Kind {
    id: "dps",
    name: "NVIDIA DPS topology",
    what: "The power network down to the racks for NVIDIA DPS, as its topology JSON",
    ending: "dps.json",
    form: Form::Text,
    needs: Needs::Site,
    choices: &[],
    faces: &[],
    make,
};

/// Watts of a megawatt and of a kilowatt.
const PER_MW: f64 = 1e6;
const PER_KW: f64 = 1e3;

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct File {
    entities: Vec<Entity>,
    topology: Topology,
    /// Policies are bundles of their own in DPS; a topology that holds any is refused.
    policies: [(); 0],
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Entity {
    #[serde(rename = "Type")]
    kind: &'static str,
    /// Names a device specification, which the operator provides.
    #[serde(skip_serializing_if = "Option::is_none")]
    model: Option<String>,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    operating_limit: Option<Limit>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Limit {
    power_value: Watts,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Watts {
    value: u64,
    #[serde(rename = "Type")]
    unit: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Topology {
    name: String,
    entities: Vec<Link>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Link {
    name: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    children: Vec<String>,
}

fn make(subject: &Subject, _options: &Options) -> Result<Vec<Part>, ReportError> {
    let site = subject.site;
    if site.campus.feeds.is_empty() {
        let why = "the layout has no grid feed that power could come from";
        return Err(ReportError::Nothing { what: "topology", why });
    }
    let names = Names::of(site);
    let mut entities = Vec::new();
    let mut children: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for feed in &site.campus.feeds {
        let limit = watts(feed.capacity_mw, PER_MW);
        let name = names.feed(&feed.id);
        entities.push(Entity { kind: "PowerDomain", model: None, name, operating_limit: limit });
    }
    for node in &site.campus.nodes {
        entities.push(distribution(&names, node));
        for source in &node.from {
            children.entry(source).or_default().push(names.node(&node.id));
        }
    }
    for block in site.blocks() {
        let racks = racks(subject, &names, block);
        let below = racks.iter().map(|r| r.name.clone());
        if let Some(node) = &block.node {
            children.entry(node).or_default().extend(below);
        }
        entities.extend(racks);
    }
    let links = links(site, &names, &entities, &children);
    let topology = Topology { name: site.terms.site.name.clone(), entities: links };
    let file = File { entities, topology, policies: [] };
    // cannot fail: the file holds text and whole numbers.
    let mut text = serde_json::to_string_pretty(&file).expect("plain data");
    text.push('\n');
    Ok(Part::only(text))
}

/// One link for each entity, in the same order.
fn links(
    site: &Site,
    names: &Names,
    entities: &[Entity],
    children: &BTreeMap<&str, Vec<String>>,
) -> Vec<Link> {
    let feeds = site.campus.feeds.iter().map(|f| (names.feed(&f.id), f.id.as_str()));
    let nodes = site.campus.nodes.iter().map(|n| (names.node(&n.id), n.id.as_str()));
    let ids: BTreeMap<String, &str> = feeds.chain(nodes).collect();
    let of = |name: &str| {
        let own = ids.get(name).and_then(|id| children.get(id));
        own.cloned().unwrap_or_default()
    };
    entities.iter().map(|e| Link { name: e.name.clone(), children: of(&e.name) }).collect()
}

fn distribution(names: &Names, node: &Node) -> Entity {
    let model = node.equipment.clone().unwrap_or_else(|| format!("{:?}", node.kind));
    Entity {
        kind: "PowerDistribution",
        model: Some(model),
        name: names.node(&node.id),
        operating_limit: watts(node.capacity_mw, PER_MW),
    }
}

/// The racks that stand: each with the highest cap of its type, where that is known.
fn racks(subject: &Subject, names: &Names, block: &Block) -> Vec<Entity> {
    let (Some(rack), Some(count)) = (&block.rack, block.count) else { return Vec::new() };
    let record = subject.catalog.racks.get(rack);
    let cap = record.and_then(|r| r.caps.last()).and_then(|cap| cap.kw.get());
    let entity = |place: u32| Entity {
        kind: "PowerDistribution",
        model: Some(rack.clone()),
        name: names.rack(&block.id, place),
        operating_limit: watts(cap, PER_KW),
    };
    (1..=count).map(entity).collect()
}

fn watts(value: Option<f64>, per_unit: f64) -> Option<Limit> {
    let value = value.filter(|v| v.is_finite() && *v >= 0.0)?;
    Some(Limit { power_value: Watts { value: (value * per_unit).round() as u64, unit: "W" } })
}

/// Names of entities: the ids of the layout, told apart where two collections share one.
struct Names<'a> {
    shared: BTreeSet<&'a str>,
}

impl<'a> Names<'a> {
    fn of(site: &'a Site) -> Self {
        let feeds: BTreeSet<&str> = site.campus.feeds.iter().map(|f| f.id.as_str()).collect();
        let nodes = site.campus.nodes.iter().map(|n| n.id.as_str());
        Self { shared: nodes.filter(|id| feeds.contains(id)).collect() }
    }

    fn feed(&self, id: &str) -> String {
        if self.shared.contains(id) { format!("feeds.{id}") } else { id.to_owned() }
    }

    fn node(&self, id: &str) -> String {
        if self.shared.contains(id) { format!("nodes.{id}") } else { id.to_owned() }
    }

    /// The dot keeps racks apart from nodes, whatever their ids are.
    fn rack(&self, block: &str, place: u32) -> String {
        format!("blocks.{block}.{place:03}")
    }
}
