//! One state of the network as a planner reads it: voltage, flow and loading of every feed and
//! node of the site.

use super::element_of;
use crate::power::case::Case;
use crate::power::electrical::Electrical;
use crate::power::flow::{Solution, Status};
use crate::site::{Block, Site};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// What is known of a feed or a node.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reading {
    /// Voltage at its output, with the voltage that 1 pu stands for; `None` where it is dark.
    pub vm_pu: Option<f64>,
    pub base_kv: Option<f64>,
    /// Band that the voltage is held to.
    pub band_pu: [Option<f64>; 2],
    /// Power that goes in; `None` where parallel switches without impedance share it.
    pub p_mw: Option<f64>,
    pub q_mvar: Option<f64>,
    /// Current at the input, of all machines together.
    pub current_a: Option<f64>,
    /// Load over rating, of the machine that is loaded most.
    pub loading_frac: Option<f64>,
    /// Rating of all machines in service; `None` for a bar.
    pub rating_mva: Option<f64>,
    /// Machines, and those that are out.
    pub machines: u32,
    pub out: u32,
    /// Nothing energises it.
    pub is_dark: bool,
}

/// The network at one moment.
#[derive(Clone, Debug, PartialEq)]
pub struct State {
    pub status: Status,
    /// By id of the feed or node.
    pub elements: BTreeMap<String, Reading>,
    /// Ids of blocks of racks without supply on either path.
    pub dark_blocks: BTreeSet<String>,
    /// Power from the grid, losses in branches, load without supply.
    pub grid_mw: f64,
    pub grid_mvar: f64,
    pub loss_mw: f64,
    pub lost_mw: f64,
    /// Bus with the least voltage, and branch with the greatest loading, by id.
    pub lowest: Option<(String, f64)>,
    pub worst: Option<(String, f64)>,
    pub iterations: usize,
}

impl State {
    /// Of a solution of the site's network; `case` may have elements out or switches thrown.
    pub fn of(site: &Site, electrical: &Electrical, case: &Case, solution: &Solution) -> Self {
        let buses = case.buses.iter().enumerate().map(|(i, b)| (b.id.as_str(), i)).collect();
        let mut reader = Reader { electrical, case, solution, buses, flows: BTreeMap::new() };
        let feeds = site.campus.feeds.iter().map(|f| (f.id.as_str(), f.capacity_mw));
        let nodes = site.campus.nodes.iter().map(|n| (n.id.as_str(), n.capacity_mw));
        let branches = reader.branches();
        let inputs = reader.inputs();
        let mut elements = BTreeMap::new();
        for (id, capacity_mw) in feeds.chain(nodes) {
            let own = branches.get(id).map_or(&[][..], Vec::as_slice);
            let flow = reader.flow_into(id, &branches, &inputs);
            elements.insert(id.to_owned(), reader.reading((id, capacity_mw), own, flow));
        }
        let dark = |b: &&Block| solution.status != Status::Diverged && reader.is_dark(b);
        let dark_blocks = site.blocks().filter(dark).map(|b| b.id.clone()).collect();
        let worst = solution.branches.iter().filter_map(|b| Some((b.id.clone(), b.loading_frac?)));
        Self {
            status: solution.status,
            elements,
            dark_blocks,
            grid_mw: solution.slack_p_mw,
            grid_mvar: solution.slack_q_mvar,
            loss_mw: solution.loss_mw,
            lost_mw: solution.load_lost_mw().max(0.0),
            lowest: solution.lowest(),
            worst: worst.reduce(|a, b| if b.1 > a.1 { b } else { a }),
            iterations: solution.iterations,
        }
    }

    /// The network without any source.
    pub fn dark(site: &Site, intact: &State, load_mw: f64) -> Self {
        let dark = |r: &Reading| Reading {
            base_kv: r.base_kv,
            machines: r.machines,
            is_dark: true,
            ..Reading::default()
        };
        Self {
            status: Status::Islanded,
            elements: intact.elements.iter().map(|(id, r)| (id.clone(), dark(r))).collect(),
            dark_blocks: site.blocks().map(|b| b.id.clone()).collect(),
            grid_mw: 0.0,
            grid_mvar: 0.0,
            loss_mw: 0.0,
            lost_mw: load_mw,
            lowest: None,
            worst: None,
            iterations: 0,
        }
    }

    /// Ids of what is dark.
    pub fn dark_elements(&self) -> BTreeSet<&str> {
        let dark = self.elements.iter().filter(|(_, r)| r.is_dark);
        dark.map(|(id, _)| id.as_str()).collect()
    }
}

/// Switches that feed each node, by the source and the index of the switch.
type Inputs<'a> = BTreeMap<&'a str, Vec<(&'a str, usize)>>;

struct Reader<'a> {
    electrical: &'a Electrical,
    case: &'a Case,
    solution: &'a Solution,
    /// Buses by id.
    buses: HashMap<&'a str, usize>,
    /// Power into nodes that has been added up.
    flows: BTreeMap<String, Option<(f64, f64)>>,
}

impl<'a> Reader<'a> {
    /// Indices of the branches of each node.
    fn branches(&self) -> BTreeMap<&'a str, Vec<usize>> {
        let mut found: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (i, node) in self.electrical.node_of_branch.iter().enumerate() {
            found.entry(node.as_str()).or_default().push(i);
        }
        found
    }

    /// Closed switches between elements, by the node that they feed.
    fn inputs(&self) -> Inputs<'a> {
        let mut found: Inputs<'a> = BTreeMap::new();
        for (i, s) in self.case.switches.iter().enumerate() {
            if s.closed && !s.transfer.is_empty() {
                let source = element_of(&self.case.buses[s.a].id);
                found.entry(s.transfer.as_str()).or_default().push((source, i));
            }
        }
        found
    }

    /// Power into an element; `None` where it cannot be told from that of another.
    fn flow_into(
        &mut self,
        id: &str,
        branches: &BTreeMap<&str, Vec<usize>>,
        inputs: &Inputs<'a>,
    ) -> Option<(f64, f64)> {
        if let Some(known) = self.flows.get(id) {
            return *known;
        }
        // Layouts have no circles through closed switches; should one appear, it ends here.
        self.flows.insert(id.to_owned(), None);
        let found = match branches.get(id) {
            Some(own) => {
                let states = own.iter().map(|i| &self.solution.branches[*i]);
                let sum = states.fold((self.idle_mw(own), 0.0), |sum, b| {
                    (sum.0 + b.p_from_mw, sum.1 + b.q_from_mvar)
                });
                Some(sum)
            }
            None => self.through(id, branches, inputs),
        };
        self.flows.insert(id.to_owned(), found);
        found
    }

    /// What a bar or a feed passes on, with its own load.
    fn through(
        &mut self,
        id: &str,
        branches: &BTreeMap<&str, Vec<usize>>,
        inputs: &Inputs<'a>,
    ) -> Option<(f64, f64)> {
        let mut sum = self.own_load(id);
        for (node, sources) in inputs {
            if !sources.iter().any(|(source, _)| *source == id) {
                continue;
            }
            if sources.len() > 1 {
                return None;
            }
            let part = self.flow_into(node, branches, inputs)?;
            sum = (sum.0 + part.0, sum.1 + part.1);
        }
        Some(sum)
    }

    /// The bus at the output of an element, or that of racks with two paths.
    fn bus(&self, id: &str) -> Option<usize> {
        self.electrical.bus_of.get(id).or_else(|| self.buses.get(id)).copied()
    }

    fn is_dark(&self, block: &Block) -> bool {
        let own = self.buses.get(block.id.as_str()).copied();
        let bus = own.or_else(|| self.bus(block.node.as_deref()?));
        bus.is_some_and(|bus| self.solution.buses[bus].vm_pu.is_none())
    }

    fn own_load(&self, id: &str) -> (f64, f64) {
        let Some(bus) = self.bus(id) else { return (0.0, 0.0) };
        let Some(vm) = self.solution.buses[bus].vm_pu else { return (0.0, 0.0) };
        let load = &self.case.buses[bus].load;
        let k = load.z_frac * vm * vm + load.i_frac * vm + 1.0 - load.z_frac - load.i_frac;
        (load.p_mw * k, load.q_mvar * k)
    }

    /// Idle losses at the inputs of machines.
    fn idle_mw(&self, own: &[usize]) -> f64 {
        let buses: BTreeSet<usize> = own.iter().map(|i| self.case.branches[*i].from).collect();
        let vm = |bus: usize| self.solution.buses[bus].vm_pu.unwrap_or(0.0);
        buses.into_iter().map(|bus| self.case.buses[bus].gs_mw * vm(bus).powi(2)).sum()
    }

    fn reading(
        &self,
        (id, capacity_mw): (&str, Option<f64>),
        own: &[usize],
        flow: Option<(f64, f64)>,
    ) -> Reading {
        let bus = self.electrical.bus_of.get(id).copied();
        let vm_pu = bus.and_then(|b| self.solution.buses[b].vm_pu);
        let solved = self.solution.status != Status::Diverged;
        let flow = flow.filter(|_| solved);
        let running = || own.iter().filter(|i| self.case.branches[**i].in_service);
        let worst = running().filter_map(|i| self.solution.branches[*i].loading_frac);
        let worst = worst.reduce(f64::max);
        let of_capacity = flow.zip(capacity_mw.filter(|c| *c > 0.0)).map(|((p, _), c)| p / c);
        let input = own.first().map_or(bus, |i| Some(self.case.branches[*i].from));
        let volts = |b: usize| self.solution.buses[b].vm_pu.zip(self.case.buses[b].base_kv);
        let kv = input.and_then(volts).map(|(pu, kv)| pu * kv);
        let amps = |((p, q), kv): ((f64, f64), f64)| p.hypot(q) / (3f64.sqrt() * kv) * 1e3;
        let running_mva: Option<f64> =
            running().map(|i| self.case.branches[*i].ratings.normal_mva).sum();
        let is_feed = self.case.generators.iter().find(|g| g.id == id);
        let feed_out = is_feed.is_some_and(|g| !g.in_service);
        Reading {
            vm_pu,
            base_kv: bus.and_then(|b| self.case.buses[b].base_kv),
            band_pu: bus
                .map_or([None; 2], |b| [self.case.buses[b].vmin_pu, self.case.buses[b].vmax_pu]),
            p_mw: flow.map(|f| f.0),
            q_mvar: flow.map(|f| f.1),
            current_a: flow.zip(kv.filter(|kv| *kv > 0.0)).map(amps),
            loading_frac: if own.is_empty() { of_capacity } else { worst }.filter(|_| solved),
            rating_mva: running_mva.filter(|_| !own.is_empty()),
            machines: if is_feed.is_some() { 1 } else { own.len() as u32 },
            out: (own.len() - running().count()) as u32 + u32::from(feed_out),
            is_dark: solved && vm_pu.is_none(),
        }
    }
}
