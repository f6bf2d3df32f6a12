//! Feeds and nodes as elements that can fail, and where power flows after one has failed.
//!
//! It must not know which loads are firm.

use super::super::electrical;
use super::super::emergency::Emergency;
use super::super::shares::Ways;
use super::super::tree::{Network, Unknown};
use crate::catalog::{Catalog, Fact};
use crate::site::Site;
use std::collections::BTreeMap;

/// A feed or a node.
#[derive(Clone, Debug, PartialEq)]
pub struct Element {
    pub id: String,
    pub name: String,
    pub capacity_mw: f64,
    /// Equal machines in parallel, one of which may fail; none in a bar.
    pub machines: usize,
    /// What a feed keeps by the utility's word when a part of it fails.
    pub kept_mw: Option<f64>,
    pub feed: bool,
    /// What its machines bear after an outage over their rating: as long as it lasts, and until
    /// interruptible load is run back. Feeds and bars bear what they are rated.
    lasting_ratio: f64,
    bridging_ratio: f64,
    /// What a planner states in place of the computed firm power.
    pub stated_mw: Option<f64>,
    efficiency_frac: f64,
    /// Of its machines in parallel; zero for a bar, absent where it is unknown.
    x_pu: Option<f64>,
    from: Vec<usize>,
    alternate: Vec<usize>,
    /// Elements between it and the nearest feed.
    depth: usize,
}

/// Where a load is taken from the network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// Before a node, from its sources.
    Input(usize),
    /// Behind a feed or node, or, where it is dead, behind another one through a transfer switch.
    Output(usize, Option<usize>),
}

/// The network in one state: intact, or with one element out and the switches that closed.
#[derive(Clone, Debug)]
pub struct State {
    pub capacity_mw: Vec<f64>,
    /// What is borne until interruptible load is run back. A feed is bound by contract, a bar by
    /// its fault level: neither is hurt in that time.
    pub bridging_mw: Vec<f64>,
    sources: Vec<Vec<(usize, f64)>>,
    alive: Vec<bool>,
    ties: bool,
}

/// Everything that carries power, feeds first.
#[derive(Clone, Debug, PartialEq)]
pub struct Grid {
    pub elements: Vec<Element>,
    index: BTreeMap<String, usize>,
}

impl Grid {
    /// # Errors
    /// A capacity, an efficiency or a power factor is unknown.
    pub fn of(site: &Site, catalog: &Catalog, tree: &Network) -> Result<Self, Unknown> {
        let machines = electrical::machines(site, catalog)?;
        let reactances = electrical::reactances(site, catalog)?;
        let run_back_s = catalog.practice.get("run-back-seconds").map(|p| &p.value);
        let run_back_s = run_back_s.and_then(Fact::get).unwrap_or(f64::INFINITY);
        let emergency: BTreeMap<&str, Emergency> =
            site.campus.nodes.iter().map(|n| (n.id.as_str(), Emergency::of(n, catalog))).collect();
        let mut elements = Vec::new();
        for carrier in &tree.carriers {
            let feed = carrier.kind == "feed";
            let list = if feed { "feeds" } else { "nodes" };
            let path = || format!("{list}.{}.capacity_mw", carrier.id);
            let bears = emergency.get(carrier.id.as_str()).copied().unwrap_or_default();
            elements.push(Element {
                id: carrier.id.clone(),
                name: carrier.name.clone(),
                capacity_mw: carrier.capacity_mw.ok_or_else(|| Unknown { path: path() })?,
                machines: machines.get(&carrier.id).copied().unwrap_or(1),
                kept_mw: carrier.firm_mw.filter(|_| feed),
                feed,
                lasting_ratio: bears.lasting_ratio(),
                bridging_ratio: bears.bridging_ratio(run_back_s),
                stated_mw: carrier.firm_mw.filter(|_| !feed),
                efficiency_frac: carrier.efficiency_frac,
                x_pu: reactances.get(&carrier.id).copied().flatten(),
                from: carrier.sources().map(|(s, _)| s).collect(),
                alternate: Vec::new(),
                depth: usize::MAX,
            });
        }
        for node in &site.campus.nodes {
            let found = node.alternate.iter().filter_map(|id| tree.find(id)).collect();
            if let Some(own) = tree.find(&node.id) {
                elements[own].alternate = found;
            }
        }
        let index = elements.iter().enumerate().map(|(i, e)| (e.id.clone(), i)).collect();
        let mut grid = Self { elements, index };
        grid.measure_depth();
        Ok(grid)
    }

    fn measure_depth(&mut self) {
        loop {
            let mut changed = false;
            for i in 0..self.elements.len() {
                let e = &self.elements[i];
                let above = e.from.iter().map(|&s| self.elements[s].depth).min();
                let depth =
                    if e.feed { 0 } else { above.map_or(usize::MAX, |d| d.saturating_add(1)) };
                changed |= depth < e.depth;
                self.elements[i].depth = depth.min(self.elements[i].depth);
            }
            if !changed {
                return;
            }
        }
    }

    pub fn find(&self, id: &str) -> Option<usize> {
        self.index.get(id).copied()
    }

    /// Nodes that take power from an element in normal operation.
    pub fn fed_by(&self, element: usize) -> impl Iterator<Item = usize> + '_ {
        (0..self.elements.len()).filter(move |&n| self.elements[n].from.contains(&element))
    }

    /// How many sources a node has in normal operation.
    pub fn sources(&self, element: usize) -> usize {
        self.elements[element].from.len()
    }

    /// Whether a node has a source behind an open switch.
    pub fn tied(&self, element: usize) -> bool {
        !self.elements[element].alternate.is_empty()
    }

    /// Whether two nodes take their power from the same sources.
    pub fn alike(&self, a: usize, b: usize) -> bool {
        let (a, b) = (&self.elements[a], &self.elements[b]);
        a.from == b.from && a.alternate == b.alternate
    }

    /// What can fail: everything but bars, whose faults are looked at beside N-1.
    pub fn fails(&self, element: usize) -> bool {
        self.elements[element].feed || self.elements[element].machines > 0
    }

    /// Normal capacity that is left of an element when one machine, or one part of a feed, has
    /// failed.
    fn left_mw(&self, element: usize) -> f64 {
        let e = &self.elements[element];
        let machines = e.machines as f64;
        let kept = if e.feed {
            e.kept_mw.unwrap_or(0.0)
        } else {
            (machines - 1.0) / machines * e.capacity_mw
        };
        kept.clamp(0.0, e.capacity_mw)
    }

    /// The state with one element out, with or without switches that close.
    pub fn state(&self, out: Option<usize>, ties: bool) -> State {
        let mut normal_mw: Vec<f64> = self.elements.iter().map(|e| e.capacity_mw).collect();
        if let Some(out) = out {
            normal_mw[out] = self.left_mw(out);
        }
        let dead = |i: usize| Some(i) == out && normal_mw[i] <= 0.0;
        let mut closed: Vec<Option<usize>> = vec![None; self.elements.len()];
        let mut alive = self.energised(&closed, dead);
        // Round by round: what lights up may light up more.
        let mut lit = if ties { self.close_nearest(&mut closed, &alive, dead) } else { 0 };
        while lit > 0 {
            alive = self.energised(&closed, dead);
            lit = self.close_nearest(&mut closed, &alive, dead);
        }
        let live = (0..alive.len()).map(|i| {
            let own = closed[i].map_or_else(|| self.elements[i].from.clone(), |s| vec![s]);
            own.into_iter().filter(|&s| alive[s]).collect()
        });
        let live: Vec<Vec<usize>> = live.collect();
        let sources = self.shared(out, &live, &normal_mw);
        let after = |of: fn(&Element) -> f64| -> Vec<f64> {
            let each = self.elements.iter().zip(&normal_mw);
            each.map(|(e, mw)| if out.is_some() { mw * of(e) } else { *mw }).collect()
        };
        let capacity_mw = after(|e| e.lasting_ratio);
        let bridging_mw =
            after(|e| if e.machines == 0 || e.feed { f64::INFINITY } else { e.bridging_ratio });
        State { sources, capacity_mw, bridging_mw, alive, ties }
    }

    /// Live sources with their shares: by reactance, where one is unknown by what they may carry.
    fn shared(
        &self,
        out: Option<usize>,
        live: &[Vec<usize>],
        normal_mw: &[f64],
    ) -> Vec<Vec<(usize, f64)>> {
        let left = |i: usize, e: &Element| {
            let machines = e.machines as f64;
            // What is left of equal machines stands for fewer in parallel.
            let fewer = out == Some(i) && machines > 1.0;
            e.x_pu.map(|x| if fewer { x * machines / (machines - 1.0) } else { x })
        };
        let x_pu: Vec<Option<f64>> =
            self.elements.iter().enumerate().map(|(i, e)| left(i, e)).collect();
        let ways = Ways { sources: live, x_pu: &x_pu };
        let of_node = |node: usize| -> Vec<(usize, f64)> {
            let own = &live[node];
            if let [one] = own.as_slice() {
                return vec![(*one, 1.0)];
            }
            let shares = if own.is_empty() { None } else { ways.shares(node) };
            let shares = shares.unwrap_or_else(|| by_capacity(own, normal_mw));
            own.iter().copied().zip(shares).collect()
        };
        (0..live.len()).map(of_node).collect()
    }

    /// Closes the switches of dark elements that bring them a source, those nearest to the feeds
    /// alone; says how many.
    fn close_nearest(
        &self,
        closed: &mut [Option<usize>],
        alive: &[bool],
        dead: impl Fn(usize) -> bool,
    ) -> usize {
        let source = |i: usize| self.elements[i].alternate.iter().find(|&&s| alive[s]).copied();
        let waits =
            |i: &usize| !alive[*i] && !dead(*i) && closed[*i].is_none() && source(*i).is_some();
        let waiting: Vec<usize> = (0..alive.len()).filter(waits).collect();
        let nearest = waiting.iter().map(|&i| self.elements[i].depth).min();
        let near = |i: &usize| Some(self.elements[*i].depth) == nearest;
        let now: Vec<usize> = waiting.into_iter().filter(near).collect();
        now.iter().for_each(|&i| closed[i] = source(i));
        now.len()
    }

    /// What a source reaches.
    fn energised(&self, closed: &[Option<usize>], dead: impl Fn(usize) -> bool) -> Vec<bool> {
        let mut alive = vec![false; self.elements.len()];
        loop {
            let mut changed = false;
            for (i, e) in self.elements.iter().enumerate() {
                let fed = match closed[i] {
                    Some(source) => alive[source],
                    None => e.feed || e.from.iter().any(|&s| alive[s]),
                };
                if fed && !alive[i] && !dead(i) {
                    alive[i] = true;
                    changed = true;
                }
            }
            if !changed {
                return alive;
            }
        }
    }

    /// Adds what a load of `mw` asks of the input of every element; false where it is dark.
    pub fn load(&self, state: &State, (place, mw): (Place, f64), onto: &mut [f64]) -> bool {
        let mut open: Vec<(usize, f64)> = match place {
            Place::Input(n) => state.sources[n].iter().map(|&(s, share)| (s, mw * share)).collect(),
            Place::Output(n, second) => {
                let takes = if state.alive[n] { Some(n) } else { second.filter(|_| state.ties) };
                takes.filter(|&n| state.alive[n]).map(|n| (n, mw)).into_iter().collect()
            }
        };
        let lit = !open.is_empty();
        while let Some((i, output)) = open.pop() {
            let input = output / self.elements[i].efficiency_frac;
            onto[i] += input;
            open.extend(state.sources[i].iter().map(|&(s, share)| (s, input * share)));
        }
        lit
    }
}

/// Shares in proportion to capacity.
fn by_capacity(sources: &[usize], capacity_mw: &[f64]) -> Vec<f64> {
    let total: f64 = sources.iter().map(|&s| capacity_mw[s]).sum();
    let even = 1.0 / sources.len().max(1) as f64;
    let share = |s: &usize| if total > 0.0 { capacity_mw[*s] / total } else { even };
    sources.iter().map(share).collect()
}
