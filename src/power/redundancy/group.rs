//! Systems that stand in for each other: loads with one closed and one open source join them, and
//! what each must carry when another fails tells whether the scheme holds.

use super::{Ground, Scheme, TOLERANCE_MW, mw};
use crate::site::NodeKind;
use std::collections::{BTreeMap, BTreeSet};

/// A load that one system carries and another takes over.
#[derive(Clone, Debug, PartialEq)]
pub struct Transfer {
    /// Id of the node or block.
    pub load: String,
    pub from: String,
    pub to: String,
    /// Absent without an answer.
    pub mw: Option<f64>,
}

/// What a survivor carries when a system is lost.
#[derive(Clone, Debug, PartialEq)]
pub struct Worst {
    pub lost: String,
    pub on: String,
    pub loading_frac: f64,
    /// "after the loss of UPS A, UPS B carries 112 %".
    pub sentence: String,
}

/// Systems that stand in for each other.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// Ids of feeds or nodes, in order.
    pub systems: Vec<String>,
    pub transfers: Vec<Transfer>,
    /// As it is wired.
    pub wired: Scheme,
    /// Whether the survivors carry what they take over; absent where a load or a capacity is
    /// unknown.
    pub holds: Option<bool>,
    /// The survivor with the greatest loading after a loss.
    pub worst: Option<Worst>,
    /// Survivors that cannot carry what they take over.
    pub overloads: Vec<Worst>,
    pub load_mw: Option<f64>,
    pub capacity_mw: Option<f64>,
    pub sentence: String,
}

impl Group {
    /// The scheme that stands: N where the survivors cannot carry the load.
    pub fn in_force(&self) -> Option<Scheme> {
        self.holds.map(|holds| if holds { self.wired } else { Scheme::N })
    }
}

/// Why the load of a group is lost with its own source; `None` where it is not.
pub(super) fn failing(groups: &[Group], load: &str) -> Option<String> {
    let (group, transfer) = of_load(groups, load)?;
    let own = |w: &&Worst| w.lost == transfer.from && w.on == transfer.to;
    group.overloads.iter().find(own).map(|w| w.sentence.clone())
}

/// The scheme of a group that a block's paths belong to, where it is more than two sides.
pub(super) fn scheme_of_load(groups: &[Group], load: &str) -> Option<Scheme> {
    let (group, _) = of_load(groups, load)?;
    let more = matches!(group.wired, Scheme::Distributed(_) | Scheme::Catcher(2..));
    (more && group.holds == Some(true)).then_some(group.wired)
}

fn of_load<'a>(groups: &'a [Group], load: &str) -> Option<(&'a Group, &'a Transfer)> {
    groups.iter().find_map(|g| {
        let transfer = g.transfers.iter().find(|t| t.load == load)?;
        Some((g, transfer))
    })
}

/// All groups of a site, in the order of their first loads.
pub(super) fn groups(ground: &Ground<'_>) -> Vec<Group> {
    let mut parts: Vec<(BTreeSet<String>, Vec<Transfer>)> = Vec::new();
    for transfer in transfers(ground) {
        let ends = BTreeSet::from([transfer.from.clone(), transfer.to.clone()]);
        let (joined, apart): (Vec<_>, Vec<_>) =
            parts.into_iter().partition(|(systems, _)| !systems.is_disjoint(&ends));
        parts = apart;
        let mut whole = (ends, Vec::new());
        for (systems, transfers) in joined {
            whole.0.extend(systems);
            whole.1.extend(transfers);
        }
        whole.1.push(transfer);
        parts.push(whole);
    }
    parts.into_iter().map(|(systems, transfers)| group(ground, systems, transfers)).collect()
}

/// Nodes with one closed and one open source, and blocks with two paths.
fn transfers(ground: &Ground<'_>) -> Vec<Transfer> {
    let nodes = ground.site.campus.nodes.iter().filter_map(|n| {
        let ([from], [to]) = (&n.from[..], &n.alternate[..]) else { return None };
        let mw = ground.loads.node_mw.of(&n.id);
        Some(Transfer { load: n.id.clone(), from: from.clone(), to: to.clone(), mw })
    });
    let blocks = ground.site.blocks().filter_map(|b| {
        let (from, to) = b.node.clone().zip(b.node_b.clone())?;
        let mw = ground.loads.block_mw.of(&b.id);
        Some(Transfer { load: b.id.clone(), from, to, mw })
    });
    nodes.chain(blocks).filter(|t| t.from != t.to).collect()
}

fn group(ground: &Ground<'_>, systems: BTreeSet<String>, transfers: Vec<Transfer>) -> Group {
    let nothing = transfers.iter().all(|t| t.mw.is_some_and(|mw| mw <= TOLERANCE_MW));
    let wired = if nothing { Scheme::N } else { wired(ground, &systems, &transfers) };
    let capacities: Option<BTreeMap<&str, f64>> =
        systems.iter().map(|s| Some((s.as_str(), ground.capacity(s)?))).collect();
    // A system that carries nothing is none of the plan's limits.
    let loads: BTreeMap<&str, f64> =
        systems.iter().map(|s| (s.as_str(), ground.loads.node_mw.of(s).unwrap_or(0.0))).collect();
    let known = transfers.iter().all(|t| t.mw.is_some());
    let found = capacities
        .as_ref()
        .filter(|_| known)
        .map(|capacities| losses(ground, &transfers, capacities, &loads));
    let holds = found.as_ref().map(|all| !all.iter().any(beyond));
    let all = found.unwrap_or_default();
    let worst = all.iter().max_by(|a, b| a.loading_frac.total_cmp(&b.loading_frac)).cloned();
    let overloads = all.into_iter().filter(beyond).collect();
    let capacity_mw = capacities.map(|c| c.values().sum());
    let load_mw = known.then(|| loads.values().sum());
    let systems = systems.into_iter().collect();
    let sentence = String::new();
    let mut made = Group {
        systems,
        transfers,
        wired,
        holds,
        worst,
        overloads,
        load_mw,
        capacity_mw,
        sentence,
    };
    made.sentence = words(&made);
    made
}

/// Whether a survivor carries more than it may.
fn beyond(worst: &Worst) -> bool {
    worst.loading_frac > 1.0 + TOLERANCE_MW
}

/// What every survivor of every loss carries.
fn losses(
    ground: &Ground<'_>,
    transfers: &[Transfer],
    capacities: &BTreeMap<&str, f64>,
    loads: &BTreeMap<&str, f64>,
) -> Vec<Worst> {
    let mut found = Vec::new();
    for lost in loads.keys() {
        let mut moved: BTreeMap<&str, f64> = BTreeMap::new();
        for t in transfers.iter().filter(|t| t.from == **lost) {
            *moved.entry(&t.to).or_default() += t.mw.unwrap_or(0.0);
        }
        for (on, mw) in moved {
            let carried = loads.get(on).copied().unwrap_or(0.0) + mw;
            let capacity = capacities.get(on).copied().unwrap_or(0.0);
            let loading_frac = if capacity > 0.0 { carried / capacity } else { f64::INFINITY };
            let (lost, on) = ((*lost).to_owned(), on.to_owned());
            let share = match loading_frac.is_finite() {
                true => format!("{:.0} %", loading_frac * 100.0),
                false => "what it has no capacity for".to_owned(),
            };
            let (left, right) = (ground.name(&lost), ground.name(&on));
            let sentence = format!("after the loss of {left}, {right} carries {share}");
            found.push(Worst { lost, on, loading_frac, sentence });
        }
    }
    found
}

fn wired(ground: &Ground<'_>, systems: &BTreeSet<String>, transfers: &[Transfer]) -> Scheme {
    let carrying: BTreeSet<&str> = transfers.iter().map(|t| t.from.as_str()).collect();
    let taking: BTreeSet<&str> = transfers.iter().map(|t| t.to.as_str()).collect();
    let feeder =
        |id: &String| ground.nodes.get(id.as_str()).is_some_and(|n| n.kind == NodeKind::Feeder);
    let idle = systems.len() - carrying.len();
    if idle == 1 && taking.len() == 1 && systems.len() > 2 {
        return Scheme::Catcher(carrying.len());
    }
    if systems.iter().all(feeder) && idle == 0 {
        return Scheme::Loop;
    }
    if systems.len() == 2 {
        return Scheme::TwoN;
    }
    // Whose loads spread over all others, so that each takes its share of any one.
    let spread = |from: &&str| {
        let others = transfers.iter().filter(|t| t.from == **from).map(|t| &t.to);
        others.collect::<BTreeSet<_>>().len() == systems.len() - 1
    };
    if idle == 0 && carrying.iter().all(spread) {
        return Scheme::Distributed(systems.len());
    }
    // Each has somebody who takes over, no more can be said.
    Scheme::Spare(1)
}

fn words(group: &Group) -> String {
    if group.wired == Scheme::N {
        return "the open switch between them takes over nothing that draws power".to_owned();
    }
    let usable = match group.wired.usable_frac() {
        Some(frac) => format!(", {:.1} % of the capacity usable", frac * 100.0),
        None => String::new(),
    };
    let wired = format!("{} systems wired {}{usable}", group.systems.len(), group.wired.name());
    let Some(worst) = &group.worst else {
        return match group.holds {
            Some(_) => wired,
            None => format!("{wired}; a load or a capacity is unknown"),
        };
    };
    let carried = group.load_mw.map(|v| format!(" of {} in all", mw(v))).unwrap_or_default();
    let verdict = if group.holds == Some(true) { "" } else { "it does not hold: " };
    format!("{wired}; {verdict}{}{carried}", worst.sentence)
}
