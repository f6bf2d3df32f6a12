//! What is done after an outage: open switches close, interruptible load is run back; each with
//! its control and response time, and whether the ratings leave that time (equation W9).

use super::run_back::run_back;
use super::start::Start;
use super::{Allowed, Consequence, Element, Outage, with_outage};
use crate::power::case::{BusKind, Case, Controls, Switch};
use crate::power::flow::Status;
use crate::power::model::{Model, NodeKind};
use rayon::prelude::*;
use std::collections::{BTreeSet, VecDeque};
use std::sync::atomic::{AtomicBool, Ordering};

/// What acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Control {
    /// The transfer scheme of a switch.
    Transfer,
    /// Power management that caps racks of interruptible tiers.
    RunBack,
}

impl Control {
    pub const fn word(self) -> &'static str {
        match self {
            Control::Transfer => "transfer scheme",
            Control::RunBack => "run-back of interruptible load",
        }
    }
}

/// One thing that is done.
#[derive(Clone, Debug, PartialEq)]
pub struct Action {
    pub control: Control,
    /// Id of the switch that closes.
    pub switch: Option<String>,
    /// Load that is run back.
    pub mw: Option<f64>,
    /// From its cause to its effect; `None` where it is unknown.
    pub response_s: Option<f64>,
}

/// What was done after an outage, and what stands then.
#[derive(Clone, Debug, PartialEq)]
pub struct Remedy {
    /// Open switches that closed.
    pub closed: Vec<String>,
    /// Interruptible load that was run back.
    pub run_back_mw: f64,
    /// How long the ratings bear what the run-back then relieves; what is always borne needs none.
    pub bridged: Allowed,
    pub controls: Controls,
    pub consequence: Consequence,
}

impl Remedy {
    /// Every action with its control and response time.
    pub fn actions(&self) -> Vec<Action> {
        let close = |id: &String| Action {
            control: Control::Transfer,
            switch: Some(id.clone()),
            mw: None,
            response_s: self.controls.transfer_s,
        };
        let back = (self.run_back_mw > 0.0).then_some(Action {
            control: Control::RunBack,
            switch: None,
            mw: Some(self.run_back_mw),
            response_s: self.controls.run_back_s,
        });
        self.closed.iter().map(close).chain(back).collect()
    }

    /// Seconds until all is done, one thing after the other; `None` where a time is unknown.
    pub fn response_s(&self) -> Option<f64> {
        let transfer = if self.closed.is_empty() { Some(0.0) } else { self.controls.transfer_s };
        let back = if self.run_back_mw > 0.0 { self.controls.run_back_s } else { Some(0.0) };
        Some(transfer? + back?)
    }

    /// Whether load is run back within the time that the ratings allow; `None` where a time is
    /// unknown.
    pub fn in_time(&self) -> Option<bool> {
        match self.bridged {
            Allowed::Always => Some(true),
            Allowed::Unknown => None,
            Allowed::Minutes(minutes) if minutes <= 0.0 => Some(false),
            Allowed::Minutes(minutes) => Some(self.controls.run_back_s? <= minutes * 60.0),
        }
    }

    /// Whether what was done leaves everything within its limits, and comes in time.
    pub fn holds(&self) -> bool {
        self.in_time() != Some(false) && self.consequence.holds()
    }
}

/// Acts after an outage: open switches close that bring a source to what is dark, then
/// interruptible load is run back, as little as relieves what the long-time ratings do not bear.
/// `None` where neither helps.
pub fn remedy(case: &Case, before: &Consequence) -> Option<Remedy> {
    remedies(case, std::slice::from_ref(before), &AtomicBool::new(false)).pop().flatten()
}

/// The remedies of several outages, in parallel; none of those that come after `stop`.
pub fn remedies(case: &Case, found: &[Consequence], stop: &AtomicBool) -> Vec<Option<Remedy>> {
    let Ok(model) = Model::of(case) else { return vec![None; found.len()] };
    let start = Start::of(case, &model);
    let one = |before: &Consequence| match stop.load(Ordering::Relaxed) || before.holds() {
        true => None,
        false => {
            // Nothing can be done where no switch is open and nothing is overloaded.
            let overloaded = before.beyond().next().is_some();
            let open = case.switches.iter().any(|s| !s.closed) || busbar(before);
            let helps = overloaded || (open && before.status == Status::Islanded);
            let after = helps.then(|| with_outage(case, &before.outage))?;
            remedied(&start, (before, after)).map(|(remedy, _)| remedy)
        }
    };
    found.par_iter().map(one).collect()
}

/// Whether a busbar is out, whose own switches its fault has opened.
fn busbar(state: &Consequence) -> bool {
    state.outage.elements.iter().any(|e| matches!(e, Element::Bus(_)))
}

/// A remedy with the network as it then stands.
pub(super) fn remedied(
    start: &Start<'_>,
    (before, mut after): (&Consequence, Case),
) -> Option<(Remedy, Case)> {
    let closed = if before.status == Status::Islanded {
        transfer(start, &mut after, &before.outage)
    } else {
        Vec::new()
    };
    let solved = |case: &Case| start.judge(before.outage.clone(), case);
    let mut consequence = if closed.is_empty() { before.clone() } else { solved(&after) };
    let (mut run_back_mw, mut bridged) = (0.0, Allowed::Always);
    if consequence.status == Status::Converged
        && consequence.beyond().next().is_some()
        && let Some((mw, relieved, reduced)) = run_back(&after, &consequence, &solved)
    {
        bridged = bridging(before).and(bridging(&consequence));
        (run_back_mw, consequence, after) = (mw, relieved, reduced);
    }
    let acted = !closed.is_empty() || run_back_mw > 0.0;
    let controls = start.case.controls;
    acted.then_some((Remedy { closed, run_back_mw, bridged, controls, consequence }, after))
}

/// How long what the long-time ratings do not bear may last.
fn bridging(state: &Consequence) -> Allowed {
    state.beyond().map(|o| o.allowed).fold(Allowed::Always, Allowed::and)
}

/// Closes switches nearest to the sources first, those at the same distance together, for each
/// of them sees the same loss of voltage; every round may energise what the next starts from.
fn transfer(start: &Start<'_>, after: &mut Case, outage: &Outage) -> Vec<String> {
    let mut closed = Vec::new();
    if after.switches.iter().all(|s| s.closed) {
        return closed;
    }
    let depth = start.depths();
    loop {
        let found = restoring(after, outage, depth);
        if found.is_empty() {
            return closed;
        }
        for i in found {
            let group = after.switches[i].transfer.clone();
            if !group.is_empty() {
                let own = after.switches.iter_mut().filter(|s| s.transfer == group);
                own.for_each(|s| s.closed = false);
            }
            after.switches[i].closed = true;
            closed.push(after.switches[i].id.clone());
        }
    }
}

/// Elements between each bus and the nearest slack bus of the intact network.
pub(super) fn depths(case: &Case) -> Vec<usize> {
    let mut next: Vec<Vec<usize>> = vec![Vec::new(); case.buses.len()];
    let branches = case.branches.iter().filter(|b| b.in_service).map(|b| (b.from, b.to));
    let switches = case.switches.iter().filter(|s| s.closed).map(|s| (s.a, s.b));
    for (a, b) in branches.chain(switches) {
        next[a].push(b);
        next[b].push(a);
    }
    let mut depth = vec![usize::MAX; case.buses.len()];
    let slack = |i: &usize| case.buses[*i].kind == BusKind::Slack;
    let mut queue: VecDeque<usize> = (0..case.buses.len()).filter(slack).collect();
    queue.iter().for_each(|&i| depth[i] = 0);
    while let Some(i) = queue.pop_front() {
        for &j in &next[i] {
            if depth[j] == usize::MAX {
                depth[j] = depth[i] + 1;
                queue.push_back(j);
            }
        }
    }
    depth
}

/// The open switches nearest to the sources that bring one to a dark part with load, one of each
/// transfer scheme; none at a busbar that has failed. A scheme feeds its own side alone, never
/// back.
fn restoring(case: &Case, outage: &Outage, depth: &[usize]) -> Vec<usize> {
    let Ok(model) = Model::of_checked(case) else { return Vec::new() };
    let dark = |bus: usize| model.kinds[model.node_of[bus]] == NodeKind::Dead;
    let failed = |bus: usize| outage.elements.contains(&Element::Bus(bus));
    let mut load = vec![0.0; model.islands];
    for (bus, &node) in case.buses.iter().zip(&model.node_of) {
        load[model.island[node]] += bus.load.p_mw.abs();
    }
    let brings =
        |a: usize, b: usize| !dark(a) && dark(b) && load[model.island[model.node_of[b]]] > 0.0;
    let helps = |s: &Switch| {
        let back = s.transfer.is_empty() && brings(s.b, s.a);
        !s.closed && !failed(s.a) && !failed(s.b) && (brings(s.a, s.b) || back)
    };
    let near = |s: &Switch| depth[s.b].min(depth[s.a]);
    let helpful = || case.switches.iter().enumerate().filter(|(_, s)| helps(s));
    let Some(nearest) = helpful().map(|(_, s)| near(s)).min() else { return Vec::new() };
    let mut schemes = BTreeSet::new();
    helpful()
        .filter(|(_, s)| near(s) == nearest)
        .filter(|(_, s)| s.transfer.is_empty() || schemes.insert(&s.transfer))
        .map(|(i, _)| i)
        .collect()
}
