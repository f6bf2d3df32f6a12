//! Firm capacity: what of its load a feed or node keeps whatever single element fails
//! (equation W12).
//!
//! Elements are the machines of nodes and the feeds; a fault of a bar is looked at beside N-1.
//! A load that nothing takes over counts for nothing, however much capacity stands elsewhere.
//!
//! It must not know which loads are sold as firm.

mod grid;

pub use grid::{Element, Grid, Place, State};

use crate::units::format::fixed;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Loadings this close are at the limit together.
const EQUAL_FRAC: f64 = 1e-9;
/// Elements that a sentence names before it counts.
const NAMED: usize = 3;

/// Firm capacity of a feed or node, at its input.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct NodeFirm {
    /// Load that it may carry in normal operation and that survives every single outage, where
    /// nothing else loads the network; open switches close where a side is dark.
    pub mw: f64,
    /// The same where all open switches stay open.
    pub without_ties_mw: f64,
    pub nameplate_mw: f64,
    /// What the layout states in place of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stated_mw: Option<f64>,
    /// Id of what fails in the outage that leaves least; none where no outage takes anything.
    pub worst_outage: Option<String>,
    /// Ids of what is full then; empty where the load is dark.
    pub left: Vec<String>,
    /// "Hall 3: firm 24.1 of 36.0 MW, for the loss of TX-3A leaves TX-3B".
    pub sentence: String,
}

impl NodeFirm {
    /// What limits firm power: as stated, else as computed.
    pub fn limit_mw(&self) -> f64 {
        self.stated_mw.unwrap_or(self.mw)
    }
}

/// The outage that leaves least of what a node may carry.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Worst {
    pub mw: f64,
    pub outage: Option<usize>,
    /// Elements at their limit then; none where the load is dark.
    pub left: Vec<usize>,
}

/// The grid with its states, each worked out once.
pub struct Firm<'a> {
    pub grid: &'a Grid,
    intact: State,
    out: Vec<Option<State>>,
    /// Where the site takes its power, and whether any of it hangs on each element.
    places: &'a [Place],
    loaded: Vec<bool>,
}

impl<'a> Firm<'a> {
    /// The grid with or without switches that close, and where the site takes its power.
    pub fn new(grid: &'a Grid, ties: bool, places: &'a [Place]) -> Self {
        let state = |i: usize| grid.fails(i).then(|| grid.state(Some(i), ties));
        let out = (0..grid.elements.len()).map(state).collect();
        let intact = grid.state(None, ties);
        let mut flow = vec![0.0; grid.elements.len()];
        for &place in places {
            grid.load(&intact, (place, 1.0), &mut flow);
        }
        let loaded = flow.into_iter().map(|mw| mw > 0.0).collect();
        Self { grid, intact, out, places, loaded }
    }

    /// The network with an element out; intact without one.
    pub fn state(&self, out: Option<usize>) -> Option<&State> {
        match out {
            Some(i) => self.out[i].as_ref(),
            None => Some(&self.intact),
        }
    }

    /// What an element carries at its input for loads, in a state; and which loads are dark.
    pub fn flows(&self, state: &State, loads: &[(Place, f64)]) -> (Vec<f64>, Vec<bool>) {
        let mut onto = vec![0.0; self.grid.elements.len()];
        let lit = loads.iter().map(|load| self.grid.load(state, *load, &mut onto)).collect();
        (onto, lit)
    }

    /// Elements whose failure touches loads: those that carry them.
    pub fn carriers(&self, loads: &[(Place, f64)]) -> BTreeSet<usize> {
        let (flow, _) = self.flows(&self.intact, loads);
        (0..flow.len()).filter(|&i| flow[i] > 0.0 && self.grid.fails(i)).collect()
    }

    /// Loads by which a node is measured: the inputs of what it feeds, without those on which
    /// nothing hangs, one for all that have the same sources; where it feeds nothing, what hangs
    /// on its output. A path is followed to where another one joins it, for up to there nothing
    /// can take over.
    pub fn loads(&self, node: usize) -> Vec<Place> {
        self.joins(node, false).unwrap_or_else(|| self.next(node))
    }

    /// The same down to where sources stand behind open switches: what is dark at the output of a
    /// node may be taken over further below. `None` where none do.
    pub fn loads_behind_switches(&self, node: usize) -> Option<Vec<Place>> {
        self.joins(node, true)
    }

    /// Loads of a node down to where other sources join, with or without those behind open
    /// switches; `None` where none do.
    fn joins(&self, node: usize, open: bool) -> Option<Vec<Place>> {
        let second = |p: &&Place| matches!(**p, Place::Output(at, Some(_)) if at == node);
        let mut found: Vec<Place> = self.places.iter().filter(second).copied().collect();
        let mut alone: Vec<usize> = Vec::new();
        for n in self.loaded_below(node) {
            let further = if self.grid.sources(n) > 1 { None } else { self.joins(n, open) };
            match further {
                Some(further) => found.extend(further),
                None => alone.push(n),
            }
        }
        let any = !found.is_empty()
            || alone.iter().any(|&n| self.grid.sources(n) > 1 || (open && self.grid.tied(n)));
        found.extend(self.inputs(alone));
        any.then_some(found)
    }

    /// Loads right below a node.
    fn next(&self, node: usize) -> Vec<Place> {
        let found = self.inputs(self.loaded_below(node));
        if !found.is_empty() {
            return found;
        }
        let own = |p: &&Place| matches!(**p, Place::Output(at, _) if at == node);
        let own: Vec<Place> = self.places.iter().filter(own).copied().collect();
        if own.is_empty() { vec![Place::Output(node, None)] } else { own }
    }

    /// What a node feeds, without that on which nothing hangs where something does.
    fn loaded_below(&self, node: usize) -> Vec<usize> {
        let fed: Vec<usize> = self.grid.fed_by(node).collect();
        let any = fed.iter().any(|&n| self.loaded[n]);
        fed.into_iter().filter(|&n| self.loaded[n] || !any).collect()
    }

    /// Inputs of nodes, one for all that have the same sources.
    fn inputs(&self, nodes: Vec<usize>) -> Vec<Place> {
        let mut found: Vec<usize> = Vec::new();
        for n in nodes {
            if !found.iter().any(|&other| self.grid.alike(other, n)) {
                found.push(n);
            }
        }
        found.into_iter().map(Place::Input).collect()
    }

    /// The most that a node may carry of one load by itself.
    pub fn alone(&self, node: usize, load: Place) -> Worst {
        let loads = [(load, 1.0)];
        let mut outages = self.carriers(&loads);
        outages.extend(Some(node).filter(|&n| self.grid.fails(n)));
        let (normal, _) = self.flows(&self.intact, &loads);
        if normal[node] <= 0.0 {
            return Worst::default();
        }
        let mut worst = Worst { mw: f64::INFINITY, ..Worst::default() };
        for outage in std::iter::once(None).chain(outages.into_iter().map(Some)) {
            let Some(state) = self.state(outage) else { continue };
            let (flow, lit) = self.flows(state, &loads);
            if !lit[0] {
                return Worst { outage, ..Worst::default() };
            }
            let most = |i: &usize| state.capacity_mw[*i] / flow[*i] * normal[node];
            let loaded: Vec<usize> = (0..flow.len()).filter(|&i| flow[i] > 0.0).collect();
            let mw = loaded.iter().map(most).fold(f64::INFINITY, f64::min);
            if mw < worst.mw * (1.0 - EQUAL_FRAC) {
                let full = |i: &usize| most(i) <= mw * (1.0 + EQUAL_FRAC);
                worst = Worst { mw, outage, left: loaded.into_iter().filter(full).collect() };
            }
        }
        worst
    }

    /// The firm capacity of a feed or node in words, with what it is where switches stay open.
    pub fn of_node(&self, node: usize, worst: &Worst, without_ties_mw: f64) -> NodeFirm {
        let e = &self.grid.elements[node];
        let id = |i: &usize| self.grid.elements[*i].id.clone();
        NodeFirm {
            mw: worst.mw,
            without_ties_mw: without_ties_mw.min(worst.mw),
            nameplate_mw: e.capacity_mw,
            stated_mw: e.stated_mw,
            worst_outage: worst.outage.as_ref().map(id),
            left: worst.left.iter().filter(|_| worst.outage.is_some()).map(id).collect(),
            sentence: self.sentence(node, worst),
        }
    }

    fn sentence(&self, node: usize, worst: &Worst) -> String {
        let e = &self.grid.elements[node];
        let mw = |v: f64| fixed(v, 1);
        let head = format!("{}: firm {} of {} MW", e.name, mw(worst.mw), mw(e.capacity_mw));
        let Some(outage) = worst.outage else {
            return match worst.mw > 0.0 {
                true => format!("{head}, any single element may fail"),
                false => format!("{head}, nothing reaches it"),
            };
        };
        let lost = self.lost(node, outage);
        if worst.left.is_empty() {
            return format!("{head}, for after {lost} nothing takes over");
        }
        let own = &self.grid.elements[outage];
        if worst.left.contains(&outage) {
            return match own.feed {
                true => format!(
                    "{head}, for {lost} leaves {} MW as stated",
                    mw(own.kept_mw.unwrap_or(0.0))
                ),
                false => format!("{head}, for {lost} leaves {}", own.machines - 1),
            };
        }
        let names: Vec<&str> =
            worst.left.iter().take(NAMED).map(|&i| self.grid.elements[i].name.as_str()).collect();
        let more = match worst.left.len() - names.len() {
            0 => String::new(),
            n => format!(" and {n} more"),
        };
        format!("{head}, for {lost} leaves {}{more}", names.join(", "))
    }

    /// "the loss of T-A1", "the loss of one of its 3 machines".
    fn lost(&self, node: usize, outage: usize) -> String {
        let e = &self.grid.elements[outage];
        match (e.feed, e.machines) {
            (true, _) if e.kept_mw.is_some() => format!("the loss of a part of {}", e.name),
            (false, n) if n > 1 && outage == node => format!("the loss of one of its {n} machines"),
            (false, n) if n > 1 => format!("the loss of one of {n} machines of {}", e.name),
            _ => format!("the loss of {}", e.name),
        }
    }
}
