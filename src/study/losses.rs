//! Losses of the plan by AC power flow: each pass puts what the network loses at the plan's loads
//! in place of rated efficiencies and plans again (equation W16).

use super::network::{Checked, NetworkError};
use crate::power::flow::{Solution, Status};
use crate::site::{Node, Site};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Output over input of nodes by id, in place of rated values.
pub type Efficiencies = BTreeMap<String, f64>;

/// Plans that are made before the meter must agree.
pub const MOST_PASSES: usize = 4;
/// Difference at the meter, as a share of the plan, at which the passes end.
const SETTLED_FRAC: f64 = 5e-4;
/// Load over capacity below which a node keeps its rated efficiency: losses without load are
/// all of little there.
const IDLE_FRAC: f64 = 0.02;

/// The plan on the electrical network of its site, in its busiest hour.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct NetworkCheck {
    /// Plans made, each with the losses of the one before.
    pub passes: usize,
    /// Whether plan and power flow agree at the meter within 0.05 %.
    pub settled: bool,
    /// Whether the power flow converged without dark load.
    pub converged: bool,
    /// Power at the meter by AC power flow, and as planned.
    pub meter_mw: f64,
    pub plan_mw: f64,
    /// Name of the busiest machine with its load over its rating.
    pub worst_loading: Option<(String, f64)>,
    /// Name of the place with the lowest voltage, pu.
    pub lowest_voltage: Option<(String, f64)>,
    /// Single outages of machines and feeds; absent where they were not studied.
    pub outages: Option<Held>,
    /// What keeps the plan from being checked: the path of a figure that is unknown.
    pub stopped_by: Option<String>,
    /// In force in the plan.
    #[serde(skip)]
    pub efficiencies: Efficiencies,
}

/// Outages, and how many of them leave everything within limits once switches have closed and
/// interruptible load is run back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    pub all: usize,
    pub held: usize,
}

impl NetworkCheck {
    /// What the power flow says of a plan, without outages.
    pub fn of(
        site: &Site,
        checked: &Checked,
        (passes, efficiencies): (usize, &Efficiencies),
    ) -> Self {
        let solution = &checked.solution;
        let (meter_mw, plan_mw) = (solution.slack_p_mw, checked.plan_grid_mw);
        Self {
            passes,
            settled: (meter_mw - plan_mw).abs() <= SETTLED_FRAC * plan_mw,
            converged: solution.status == Status::Converged,
            meter_mw,
            plan_mw,
            worst_loading: checked.worst_loading(site),
            lowest_voltage: checked.lowest_voltage(site),
            efficiencies: efficiencies.clone(),
            ..Self::default()
        }
    }

    /// The check that an unknown figure stops.
    pub fn stopped(error: &NetworkError) -> Self {
        let path = match error {
            NetworkError::Unknown(unknown) => unknown.path.clone(),
            other => other.to_string(),
        };
        Self { passes: 1, stopped_by: Some(path), ..Self::default() }
    }
}

/// What nodes share that lose alike: kind, equipment, and their own efficiency where they state
/// one.
type Likeness = (&'static str, Option<String>, Option<u64>);

/// Output over input of every node whose machines carry something, one figure for all machines of
/// one sort: with one for each, the plan would chase the emptiest of equal rows. Bars and UPS
/// keep what they are rated: the network knows no other loss of them.
pub fn of_flow(checked: &Checked, site: &Site) -> Efficiencies {
    let (case, solution) = (&checked.electrical.case, &checked.solution);
    let nodes: BTreeMap<&str, &Node> =
        site.campus.nodes.iter().map(|n| (n.id.as_str(), n)).collect();
    let like = |n: &Node| -> Likeness {
        (n.kind.word(), n.equipment.clone(), n.efficiency_frac.map(f64::to_bits))
    };
    let mut sums: BTreeMap<_, (f64, f64)> = BTreeMap::new();
    let mut counted: BTreeSet<usize> = BTreeSet::new();
    let of_branch = checked.electrical.node_of_branch.iter();
    for (id, (branch, state)) in of_branch.zip(case.branches.iter().zip(&solution.branches)) {
        let Some(node) = nodes.get(id.as_str()) else { continue };
        let sum = sums.entry(like(node)).or_default();
        sum.0 += state.p_from_mw + no_load_mw(checked, solution, branch.from, &mut counted);
        sum.1 -= state.p_to_mw;
    }
    let capacity = |key: &Likeness| -> f64 {
        let own = site.campus.nodes.iter().filter(|n| like(n) == *key);
        own.filter_map(|n| n.capacity_mw).sum()
    };
    sums.retain(|key, (input, output)| {
        *input > IDLE_FRAC * capacity(key) && *output > 0.0 && output <= input
    });
    let found = site.campus.nodes.iter().filter_map(|n| {
        let (input, output) = sums.get(&like(n))?;
        Some((n.id.clone(), output / input))
    });
    found.collect()
}

/// Loss without load at the input of a machine; machines on one bar share it.
fn no_load_mw(
    checked: &Checked,
    solution: &Solution,
    bus: usize,
    counted: &mut BTreeSet<usize>,
) -> f64 {
    if !counted.insert(bus) {
        return 0.0;
    }
    let vm_pu = solution.buses[bus].vm_pu.unwrap_or(0.0);
    checked.electrical.case.buses[bus].gs_mw * vm_pu * vm_pu
}
