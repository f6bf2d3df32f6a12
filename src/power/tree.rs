//! The power tree between the grid and the racks: what each MW of load asks of
//! every node above it.

use super::electrical;
use super::shares::Ways;
use crate::catalog::Catalog;
use crate::site::{Node, NodeKind, Site};
use std::collections::BTreeMap;

/// Something that carries power: a feed or a node.
#[derive(Clone, Debug, PartialEq)]
pub struct Carrier {
    pub id: String,
    pub name: String,
    pub kind: &'static str,
    /// Normal capacity at the input, MW; absent is unknown.
    pub capacity_mw: Option<f64>,
    /// What survives the loss of one element, MW; absent is unknown.
    pub firm_mw: Option<f64>,
    /// Output over input.
    pub efficiency_frac: f64,
    /// Sources in normal operation with the share that each carries.
    sources: Vec<(usize, f64)>,
}

impl Carrier {
    /// Sources in normal operation, by their index, with the share that each carries.
    pub fn sources(&self) -> impl Iterator<Item = (usize, f64)> + '_ {
        self.sources.iter().copied()
    }
}

/// What one MW of load at a node asks of the network above it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Path {
    /// MW at the meter.
    pub grid_per_mw: f64,
    /// MW at the input of each carrier, by its index, ascending.
    pub carriers: Vec<(usize, f64)>,
}

/// The network in normal switching state; it has no cycles.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Network {
    pub carriers: Vec<Carrier>,
    index: BTreeMap<String, usize>,
}

/// A value that the network needs and the layout or catalogue leaves unknown.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{path} is unknown")]
pub struct Unknown {
    /// Path of the value, in the vocabulary of `--set`.
    pub path: String,
}

impl Network {
    /// Builds the network of a valid site.
    ///
    /// # Errors
    /// The efficiency of a node is given neither by the layout nor by its equipment.
    pub fn of(site: &Site, catalog: &Catalog) -> Result<Self, Unknown> {
        let mut network = Network::default();
        for feed in &site.campus.feeds {
            network.add(Carrier {
                id: feed.id.clone(),
                name: feed.name.clone(),
                kind: "feed",
                capacity_mw: feed.capacity_mw,
                firm_mw: feed.firm_mw,
                efficiency_frac: 1.0,
                sources: Vec::new(),
            });
        }
        for node in &site.campus.nodes {
            network.add(Carrier {
                id: node.id.clone(),
                name: node.name.clone(),
                kind: kind(node.kind),
                capacity_mw: node.capacity_mw,
                firm_mw: node.firm_mw,
                efficiency_frac: efficiency(node, catalog)?,
                sources: Vec::new(),
            });
        }
        network.connect(site, catalog);
        Ok(network)
    }

    /// The same with other efficiencies of some nodes, by id.
    #[must_use]
    pub fn with_efficiencies(mut self, of: &BTreeMap<String, f64>) -> Self {
        for carrier in &mut self.carriers {
            if let Some(&frac) = of.get(&carrier.id) {
                carrier.efficiency_frac = frac;
            }
        }
        self
    }

    fn add(&mut self, carrier: Carrier) {
        self.index.insert(carrier.id.clone(), self.carriers.len());
        self.carriers.push(carrier);
    }

    /// Gives every node its sources, several with what they share.
    fn connect(&mut self, site: &Site, catalog: &Catalog) {
        let mut sources = vec![Vec::new(); self.carriers.len()];
        for node in &site.campus.nodes {
            let Some(own) = self.find(&node.id) else { continue };
            sources[own] = node.from.iter().filter_map(|id| self.find(id)).collect();
        }
        let reactances = electrical::reactances(site, catalog).unwrap_or_default();
        let x_pu: Vec<Option<f64>> =
            self.carriers.iter().map(|c| reactances.get(&c.id).copied().flatten()).collect();
        let ways = Ways { sources: &sources, x_pu: &x_pu };
        for (own, found) in sources.iter().enumerate() {
            let told = if found.len() > 1 { ways.shares(own) } else { None };
            self.carriers[own].sources = match told {
                Some(shares) => found.iter().copied().zip(shares).collect(),
                None => self.by_capacity(found),
            };
        }
    }

    /// Sources that share in proportion to their capacity.
    fn by_capacity(&self, found: &[usize]) -> Vec<(usize, f64)> {
        let capacity = |i: &usize| self.carriers[*i].capacity_mw.unwrap_or(0.0);
        let total: f64 = found.iter().map(capacity).sum();
        let even = 1.0 / found.len().max(1) as f64;
        let share = |i: usize| if total > 0.0 { capacity(&i) / total } else { even };
        found.iter().map(|&i| (i, share(i))).collect()
    }

    /// Index of a carrier.
    pub fn find(&self, id: &str) -> Option<usize> {
        self.index.get(id).copied()
    }

    /// Equation W1: load divided by the efficiency of each carrier on the way up,
    /// split among parallel sources.
    pub fn path(&self, id: &str) -> Option<Path> {
        let start = self.find(id)?;
        let mut load: BTreeMap<usize, f64> = BTreeMap::new();
        let mut grid = 0.0;
        // Depth first: a network without cycles ends at its feeds.
        let mut open = vec![(start, 1.0)];
        while let Some((i, output)) = open.pop() {
            let carrier = &self.carriers[i];
            let input = output / carrier.efficiency_frac;
            *load.entry(i).or_default() += input;
            if carrier.sources.is_empty() {
                grid += input;
            }
            open.extend(carrier.sources.iter().map(|&(s, share)| (s, input * share)));
        }
        Some(Path { grid_per_mw: grid, carriers: load.into_iter().collect() })
    }
}

fn kind(kind: NodeKind) -> &'static str {
    match kind {
        NodeKind::MainTransformer => "main_transformer",
        NodeKind::Substation => "substation",
        NodeKind::Feeder => "feeder",
        NodeKind::UnitSubstation => "unit_substation",
        NodeKind::Busway => "busway",
    }
}

/// The node's own efficiency, else its equipment's.
fn efficiency(node: &Node, catalog: &Catalog) -> Result<f64, Unknown> {
    if let Some(own) = node.efficiency_frac {
        return Ok(own);
    }
    let equipment = node.equipment.as_ref().and_then(|id| catalog.equipment.get(id));
    let path = match &node.equipment {
        Some(id) => format!("equipment.{id}.efficiency_frac"),
        None => format!("nodes.{}.efficiency_frac", node.id),
    };
    equipment
        .and_then(|e| e.efficiency_frac.as_ref())
        .and_then(|fact| fact.get())
        .ok_or(Unknown { path })
}
