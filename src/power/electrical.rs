//! The electrical network of a site, generated from its layout: every feed, transformer, cable
//! and busway as its own branch, with impedances of the catalogue (equation W8).

mod parts;

use super::case::{Branch, Bus, BusKind, Case, Generator, Load, Ratings, Switch};
use super::taps::TapChanger;
use super::tree::{Network, Unknown};
use crate::catalog::Catalog;
use crate::site::{Node, NodeKind, Site};
pub use parts::is_medium;
use parts::{Figures, Series};
use std::collections::BTreeMap;

/// Power that everything on a node draws at its output.
#[derive(Clone, Debug, PartialEq)]
pub struct Draw {
    /// Id of the node.
    pub node: String,
    pub p_mw: f64,
    pub power_factor_frac: f64,
    /// Share that must survive an outage.
    pub firm_frac: f64,
    /// Of racks with two paths.
    pub transfer: Option<Transfer>,
}

/// Path B of a block of racks: its transfer switch stands on path A as long as that is live.
#[derive(Clone, Debug, PartialEq)]
pub struct Transfer {
    pub block: String,
    pub name: String,
    pub node_b: String,
}

/// What a plan asks of the network, by id, MW in its hour of greatest grid power.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// At the input of every node, all of it and what is firm of it.
    pub input_mw: &'a BTreeMap<String, f64>,
    pub firm_mw: &'a BTreeMap<String, f64>,
    /// IT power of every block.
    pub block_mw: &'a BTreeMap<String, f64>,
}

/// The network of a site.
#[derive(Clone, Debug)]
pub struct Electrical {
    pub case: Case,
    /// Id of the layout's node behind each branch.
    pub node_of_branch: Vec<String>,
    /// Bus at the output of each feed and node.
    pub bus_of: BTreeMap<String, usize>,
    /// Main transformers that hold the voltage behind them.
    pub changers: Vec<TapChanger>,
}

/// What each node draws by itself, from the power that the plan asks of the input of every
/// node: its output less what the nodes below take. Racks with a path B draw apart from it.
///
/// # Errors
/// A power factor is unknown.
pub fn draws(
    site: &Site,
    network: &Network,
    catalog: &Catalog,
    asked: Asked<'_>,
) -> Result<Vec<Draw>, Unknown> {
    let figures = Figures::of(site, catalog)?;
    let (all, firm) = (own_mw(network, asked.input_mw), own_mw(network, asked.firm_mw));
    let campus = &site.campus;
    let racks = |id: &str| site.blocks().any(|b| b.node.as_deref() == Some(id));
    let machines = |id: &str| campus.loops.iter().any(|l| l.node == id);
    let mut found = Vec::new();
    for node in &campus.nodes {
        let own = |of: &BTreeMap<&str, f64>| of.get(node.id.as_str()).copied().unwrap_or(0.0);
        let p_mw = own(&all);
        if p_mw <= LEAST_MW {
            continue;
        }
        let mechanical = machines(&node.id) && !racks(&node.id);
        let power_factor_frac = if mechanical { figures.mechanical } else { figures.racks };
        let firm_frac = (own(&firm) / p_mw).clamp(0.0, 1.0);
        let whole =
            Draw { node: node.id.clone(), p_mw, power_factor_frac, firm_frac, transfer: None };
        found.extend(apart(site, whole, asked.block_mw));
    }
    Ok(found)
}

/// Draws below this are none, MW.
const LEAST_MW: f64 = 1e-6;

/// A node's draw with its racks that have a path B apart.
fn apart(site: &Site, whole: Draw, block_mw: &BTreeMap<String, f64>) -> Vec<Draw> {
    let mut left = whole.p_mw;
    let mut found = Vec::new();
    for block in site.blocks().filter(|b| b.node.as_deref() == Some(&whole.node)) {
        let Some(node_b) = block.node_b.clone() else { continue };
        let it_mw = block_mw.get(&block.id).copied().unwrap_or(0.0);
        let p_mw = (it_mw * site.terms.site.coincidence_frac).min(left);
        if p_mw > LEAST_MW {
            left -= p_mw;
            let (block, name) = (block.id.clone(), block.name.clone());
            let transfer = Some(Transfer { block, name, node_b });
            found.push(Draw { p_mw, transfer, ..whole.clone() });
        }
    }
    if left > LEAST_MW {
        found.push(Draw { p_mw: left, ..whole });
    }
    found
}

/// Equal machines in parallel that each node is made of, by id; 0 for a bar. Where the rating of
/// one machine is unknown the node counts as one.
///
/// # Errors
/// A power factor is unknown.
pub fn machines(site: &Site, catalog: &Catalog) -> Result<BTreeMap<String, usize>, Unknown> {
    let figures = Figures::of(site, catalog)?;
    let nodes = site.campus.nodes.iter();
    Ok(nodes.map(|n| (n.id.clone(), figures.machines(n))).collect())
}

/// Reactance of each node's machines in parallel, per unit of one base, by id; zero for a bar,
/// `None` where a figure is unknown. Empty where no node has several sources, for then nothing
/// asks for it.
///
/// # Errors
/// A power factor is unknown.
pub(super) fn reactances(
    site: &Site,
    catalog: &Catalog,
) -> Result<BTreeMap<String, Option<f64>>, Unknown> {
    if site.campus.nodes.iter().all(|n| n.from.len() < 2) {
        return Ok(BTreeMap::new());
    }
    let figures = Figures::of(site, catalog)?;
    let of = |n: &Node| match figures.series(n) {
        Ok(Some(series)) => Some(series.x_pu / series.units as f64),
        Ok(None) => Some(0.0),
        Err(_) => None,
    };
    Ok(site.campus.nodes.iter().map(|n| (n.id.clone(), of(n))).collect())
}

/// What leaves each node for other than nodes.
fn own_mw<'a>(network: &'a Network, input_mw: &BTreeMap<String, f64>) -> BTreeMap<&'a str, f64> {
    let mut own: BTreeMap<&str, f64> = BTreeMap::new();
    for carrier in &network.carriers {
        let input = input_mw.get(&carrier.id).copied().unwrap_or(0.0);
        *own.entry(&carrier.id).or_default() += input * carrier.efficiency_frac;
        for (source, share) in carrier.sources() {
            *own.entry(&network.carriers[source].id).or_default() -= input * share;
        }
    }
    own
}

/// Generates the network with what its nodes draw.
///
/// A feed is a slack bus; feeders, unit substations and UPS stand as their single machines; a
/// node with several sources is fed by all of them, through switches; alternate sources stand
/// behind open ones. A UPS passes power on and draws its losses, those of the tree.
///
/// # Errors
/// An impedance or a rating that the network needs is unknown.
pub fn electrical(site: &Site, catalog: &Catalog, draws: &[Draw]) -> Result<Electrical, Unknown> {
    electrical_on(site, catalog, &Network::of(site, catalog)?, draws)
}

/// The same with the losses of a tree.
///
/// # Errors
/// An impedance or a rating that the network needs is unknown.
pub fn electrical_on(
    site: &Site,
    catalog: &Catalog,
    tree: &Network,
    draws: &[Draw],
) -> Result<Electrical, Unknown> {
    let figures = Figures::of(site, catalog)?;
    let case = Case {
        name: site.terms.site.name.clone(),
        base_mva: parts::BASE_MVA,
        controls: figures.controls,
        ..Case::default()
    };
    let made = Electrical {
        case,
        node_of_branch: Vec::new(),
        bus_of: BTreeMap::new(),
        changers: Vec::new(),
    };
    let mut maker = Maker { figures, made, input_of: BTreeMap::new() };
    for feed in &site.campus.feeds {
        let bus = maker.bus(&feed.id, &feed.name, feed.voltage_kv);
        maker.made.case.buses[bus].kind = BusKind::Slack;
        maker.made.bus_of.insert(feed.id.clone(), bus);
        maker.made.case.generators.push(Generator {
            id: feed.id.clone(),
            bus,
            vset_pu: 1.0,
            in_service: true,
            pmax_mw: feed.capacity_mw,
            ..Generator::default()
        });
    }
    for node in &site.campus.nodes {
        maker.node(node)?;
    }
    for node in &site.campus.nodes {
        maker.connect(node);
    }
    for draw in draws {
        maker.load(draw);
    }
    maker.losses_of_ups(site, tree, draws);
    Ok(maker.made)
}

struct Maker<'a> {
    figures: Figures<'a>,
    made: Electrical,
    /// Bus at the input of each node.
    input_of: BTreeMap<String, usize>,
}

impl Maker<'_> {
    fn bus(&mut self, id: &str, name: &str, kv: Option<f64>) -> usize {
        let (low_pu, outage_band_pu) = self.figures.band_pu(kv);
        self.made.case.buses.push(Bus {
            id: id.to_owned(),
            name: name.to_owned(),
            vm_pu: 1.0,
            base_kv: kv,
            vmin_pu: Some(low_pu),
            vmax_pu: Some(self.figures.high_pu),
            outage_band_pu: Some(outage_band_pu),
            ..Bus::default()
        });
        self.made.case.buses.len() - 1
    }

    /// A breaker that stays closed.
    fn breaker(&mut self, id: String, a: usize, b: usize) {
        let transfer = String::new();
        self.made.case.switches.push(Switch { id, a, b, closed: true, transfer });
    }

    fn node(&mut self, node: &Node) -> Result<(), Unknown> {
        let output = self.bus(&node.id, &node.name, node.voltage_kv);
        self.made.bus_of.insert(node.id.clone(), output);
        self.made.case.buses[output].bs_mvar += node.capacitor_mvar.unwrap_or(0.0);
        let Some(series) = self.figures.series(node)? else {
            // Switchgear and UPS: a bar.
            self.input_of.insert(node.id.clone(), output);
            return Ok(());
        };
        let kv = self.figures.input_kv(node);
        let input = self.bus(&format!("{}/in", node.id), &node.name, kv);
        self.input_of.insert(node.id.clone(), input);
        for k in 1..=series.units {
            let id = if series.units == 1 { node.id.clone() } else { format!("{}/{k}", node.id) };
            let (mut from, mut to) = (input, output);
            if node.kind == NodeKind::UnitSubstation {
                from = self.bus(&format!("{id}/mv"), &node.name, kv);
                to = self.bus(&format!("{id}/lv"), &node.name, node.voltage_kv);
                self.breaker(format!("{id}/mv"), input, from);
                self.breaker(format!("{id}/lv"), to, output);
            }
            self.branch(node, id, (from, to), &series);
            if let Some((range_frac, step_frac)) = self.figures.taps(node) {
                let branch = self.made.case.branches.len() - 1;
                let target_pu = self.figures.tap_target_pu;
                let changer = TapChanger { branch, bus: output, target_pu, step_frac, range_frac };
                self.made.changers.push(changer);
            }
        }
        Ok(())
    }

    fn branch(&mut self, node: &Node, id: String, (from, to): (usize, usize), series: &Series) {
        self.made.case.buses[from].gs_mw += series.no_load_mw;
        self.made.node_of_branch.push(node.id.clone());
        self.made.case.branches.push(Branch {
            id,
            from,
            to,
            r_pu: series.r_pu,
            x_pu: series.x_pu,
            b_pu: series.b_pu,
            tap_ratio: 1.0,
            in_service: true,
            ratings: Ratings {
                normal_mva: Some(series.rating_mva),
                long_mva: series.emergency.long_ratio.map(|ratio| ratio * series.rating_mva),
                short_mva: series.emergency.short_ratio.map(|ratio| ratio * series.rating_mva),
                long_h: series.emergency.long_h,
                short_min: series.emergency.short_min,
            },
            ..Branch::default()
        });
    }

    fn connect(&mut self, node: &Node) {
        let Some(&input) = self.input_of.get(&node.id) else { return };
        let closed = node.from.iter().map(|s| (s, true));
        for (source, closed) in closed.chain(node.alternate.iter().map(|s| (s, false))) {
            if let Some(&output) = self.made.bus_of.get(source) {
                let id = format!("{source}>{}", node.id);
                let transfer = node.id.clone();
                let switch = Switch { id, a: output, b: input, closed, transfer };
                self.made.case.switches.push(switch);
            }
        }
    }

    fn load(&mut self, draw: &Draw) {
        let Some(&node) = self.made.bus_of.get(&draw.node) else { return };
        let bus = draw.transfer.as_ref().map_or(node, |t| self.transfer(draw, t, node));
        let q = draw.p_mw * draw.power_factor_frac.acos().tan();
        let load = &mut self.made.case.buses[bus].load;
        let p_mw = load.p_mw + draw.p_mw;
        let before = load.p_mw * load.interruptible_frac;
        let interruptible_frac = (before + draw.p_mw * (1.0 - draw.firm_frac)) / p_mw;
        *load = Load { p_mw, q_mvar: load.q_mvar + q, interruptible_frac, ..*load };
    }

    /// The bar of racks with two paths, behind their transfer switch.
    fn transfer(&mut self, draw: &Draw, transfer: &Transfer, node: usize) -> usize {
        let kv = self.made.case.buses[node].base_kv;
        let bus = self.bus(&transfer.block, &transfer.name, kv);
        let other = self.made.bus_of.get(&transfer.node_b).copied();
        let ways = [(&draw.node, Some(node), true), (&transfer.node_b, other, false)];
        for (source, from, closed) in ways {
            let Some(a) = from else { continue };
            let id = format!("{source}>{}", transfer.block);
            let transfer = transfer.block.clone();
            self.made.case.switches.push(Switch { id, a, b: bus, closed, transfer });
        }
        bus
    }

    /// A UPS draws at its bar what it does not pass on.
    fn losses_of_ups(&mut self, site: &Site, tree: &Network, draws: &[Draw]) {
        let mut input: BTreeMap<usize, f64> = BTreeMap::new();
        for draw in draws {
            // A draw leaves the node's output; a path begins there.
            let path = tree.path(&draw.node).unwrap_or_default();
            for (carrier, per_mw) in path.carriers {
                *input.entry(carrier).or_default() += per_mw * draw.p_mw;
            }
        }
        for node in site.campus.nodes.iter().filter(|n| self.figures.is_ups(n)) {
            let Some(carrier) = tree.find(&node.id) else { continue };
            let through = input.get(&carrier).copied().unwrap_or(0.0);
            let lost = through * (1.0 - tree.carriers[carrier].efficiency_frac);
            if let Some(&bus) = self.made.bus_of.get(&node.id) {
                self.made.case.buses[bus].load.p_mw += lost;
            }
        }
    }
}
