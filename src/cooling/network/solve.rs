//! The global gradient method (E. Todini, S. Pilati, 1988): heads of all junctions from one
//! linear system, then flows from the heads, until neither changes.
//!
//! Equation H3: `A h = f` with `A_ii = sum p`, `A_ij = -p`, `f_i = excess flow + sum (+-y) +
//! sum (p head of fixed neighbours)`.

use super::coefficients::{self, BIG, HOLD, Linear, Resistance};
use super::connectivity::cut_off;
use super::epanet_units::{CUBIC_FOOT_M3, FOOT_M};
use super::matrix::Matrix;
use super::status::{self, At, FLOW_M3_S, State};
use super::{LinkIx, LinkKind, Network, NodeIx, NodeKind, PumpCurve, Setting, ValveKind};

/// Change of all flows over all flows below which the network counts as solved.
const ACCURACY: f64 = 1e-9;
/// Change that is accepted where rounding keeps it from falling further.
const ROUNDING: f64 = 1e-7;
/// Change that is accepted when the trials are used up.
const ACCEPTED: f64 = 1e-5;
/// EPANET looks at pumps and check valves every so many trials, up to so many.
const CHECK_EVERY: usize = 2;
const CHECK_UNTIL: usize = 10;
/// Share of a step that is taken once half of the trials are used up.
const RELAXATION: f64 = 0.6;
/// Flow that closed links start from, m3/s.
const NOTHING_M3_S: f64 = 1e-6 * CUBIC_FOOT_M3;

/// Heads and flows of a network.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Solution {
    /// Head of each node, m.
    pub heads_m: Vec<f64>,
    /// Flow that leaves the network at each node, m3/s; negative where it enters.
    pub outflows_m3_s: Vec<f64>,
    /// Flow of each link from its first node to its second, m3/s; 0 where closed.
    pub flows_m3_s: Vec<f64>,
    /// Loss of head as EPANET states it: of a pump negative, of pipes and valves without sign,
    /// 0 of closed links.
    pub losses_m: Vec<f64>,
    pub closed: Vec<bool>,
    pub trials: usize,
    /// Sum of the changes of flow in the last trial over the sum of flows.
    pub relative_change: f64,
    /// Whether heads and flows belong together.
    pub converged: bool,
    pub warnings: Vec<Warning>,
}

/// Something that works otherwise than was asked for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Warning {
    /// A junction wants water and has no open way to a fixed head.
    CutOff(NodeIx),
    /// A pump is shut because the network asks for more head than it has.
    PumpCannotDeliver(LinkIx),
    /// A pump runs beyond the last point of its curve.
    PumpBeyondCurve(LinkIx),
    /// A flow control valve passes less than its setting.
    FlowNotReached(LinkIx),
    /// A pressure valve cannot keep its pressure.
    PressureNotReached(LinkIx),
    /// A junction that takes water has a pressure below zero.
    NegativePressure(NodeIx),
}

/// Why a network has no answer.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Fault {
    #[error("there is no reservoir and no tank, so no head is known")]
    NoFixedHead,
    #[error("node `{0}` is joined to no reservoir or tank")]
    Unconnected(String),
    #[error("the heads have no solution; control valves may contradict each other")]
    Singular,
}

struct Solver<'a> {
    net: &'a Network,
    matrix: Matrix,
    resistance: Vec<Resistance>,
    setting: Vec<super::Link>,
    state: Vec<State>,
    linear: Vec<Linear>,
    flow: Vec<f64>,
    emitter: Vec<f64>,
    head: Vec<f64>,
    /// Flow into each node beyond what leaves it.
    excess: Vec<f64>,
    relaxation: f64,
}

pub fn run(net: &Network) -> Result<Solution, Fault> {
    let fixed = |n: &super::Node| matches!(n.kind, NodeKind::Fixed { .. });
    if !net.nodes().iter().any(fixed) {
        return Err(Fault::NoFixedHead);
    }
    if let Some(node) = cut_off(net, |_| true).first() {
        return Err(Fault::Unconnected(net.node(*node).id.clone()));
    }
    let mut solver = Solver::new(net)?;
    let (mut trials, mut change, mut converged) = (0, f64::INFINITY, false);
    let mut next_check = CHECK_EVERY;
    let most = net.trials.max(super::TRIALS);
    while trials < most {
        trials += 1;
        solver.relaxation = if trials > most / 2 { RELAXATION } else { 1.0 };
        solver.assemble();
        if solver.matrix.solve().is_err() {
            solver.give_up_a_valve()?;
            continue;
        }
        let before = change;
        change = solver.update();
        let valves = solver.pressure_valves();
        let stuck = change <= ROUNDING && change > 0.9 * before;
        if change <= ACCURACY || stuck {
            let others = solver.other_links();
            let controls = solver.controls();
            if !valves && !others && !controls {
                converged = true;
                break;
            }
            next_check = trials + CHECK_EVERY;
        } else if trials <= CHECK_UNTIL && trials == next_check {
            solver.other_links();
            next_check += CHECK_EVERY;
        }
    }
    // Where rounding keeps a network at rest in motion, what EPANET at its strictest accepts.
    converged |= change <= ACCEPTED;
    Ok(solver.finish(trials, change, converged))
}

impl<'a> Solver<'a> {
    fn new(net: &'a Network) -> Result<Self, Fault> {
        let matrix = Matrix::of(net).map_err(|_| Fault::Singular)?;
        let head = |n: &super::Node| match n.kind {
            NodeKind::Fixed { head_m, .. } => head_m,
            NodeKind::Junction { .. } => n.elevation_m,
        };
        let emitter = |n: &super::Node| match n.kind {
            NodeKind::Junction { emitter: Some(_), .. } => CUBIC_FOOT_M3,
            _ => 0.0,
        };
        let state: Vec<State> = net.links().iter().map(status::initial).collect();
        let flow = net.links().iter().zip(&state).map(|(l, s)| start(l, *s)).collect();
        Ok(Solver {
            net,
            matrix,
            resistance: net
                .links()
                .iter()
                .map(|l| coefficients::resistance(l, net.formula))
                .collect(),
            setting: net.links().to_vec(),
            linear: vec![Linear::default(); state.len()],
            state,
            flow,
            emitter: net.nodes().iter().map(emitter).collect(),
            head: net.nodes().iter().map(head).collect(),
            excess: vec![0.0; net.nodes().len()],
            relaxation: 1.0,
        })
    }

    /// Whether the matrix itself holds the valve's equation.
    fn in_matrix(&self, k: usize) -> bool {
        let link = &self.setting[k];
        let LinkKind::Valve(v) = &link.kind else { return false };
        let kind = matches!(
            v.kind,
            ValveKind::PressureReducing(_)
                | ValveKind::PressureSustaining(_)
                | ValveKind::FlowControl(_)
        );
        kind && link.setting == Setting::Active
    }

    fn linearise(&self, k: usize) -> Linear {
        let (flow, state, r) = (self.flow[k], self.state[k], self.resistance[k]);
        match &self.setting[k].kind {
            LinkKind::Pipe(p) => {
                let law = (self.net.formula, self.net.viscosity_m2_s);
                coefficients::pipe(p, r, law, (flow, state))
            }
            LinkKind::Pump(p) => coefficients::pump(p, flow, state),
            LinkKind::Valve(v) => coefficients::valve(v, r, flow, state),
        }
    }

    fn assemble(&mut self) {
        self.matrix.clear();
        self.excess.fill(0.0);
        for k in 0..self.flow.len() {
            if self.in_matrix(k) {
                self.linear[k] = Linear::default();
                continue;
            }
            let linear = self.linearise(k);
            self.linear[k] = linear;
            self.carry(k, self.flow[k]);
            self.enter(k, linear.p, linear.y);
        }
        self.outflows();
        for node in 0..self.excess.len() {
            self.matrix.add_rhs(node, self.excess[node]);
        }
        for k in 0..self.flow.len() {
            if self.in_matrix(k) {
                self.control_valve(k);
            }
        }
    }

    /// Takes a link's flow from its first node to its second.
    fn carry(&mut self, k: usize, flow: f64) {
        let (from, to) = self.ends(k);
        self.excess[from] -= flow;
        self.excess[to] += flow;
    }

    fn ends(&self, k: usize) -> (usize, usize) {
        (self.setting[k].from.0, self.setting[k].to.0)
    }

    /// Puts a linearised link into the matrix; fixed heads go to the right-hand side.
    fn enter(&mut self, k: usize, p: f64, y: f64) {
        let (from, to) = self.ends(k);
        self.matrix.couple(k, -p);
        for (node, other, y) in [(from, to, y), (to, from, -y)] {
            self.matrix.add_diagonal(node, p);
            self.matrix.add_rhs(node, y);
            if self.matrix.row(other).is_none() {
                self.matrix.add_rhs(node, p * self.head[other]);
            }
        }
    }

    /// Demands and emitters.
    fn outflows(&mut self) {
        for (n, node) in self.net.nodes().iter().enumerate() {
            let NodeKind::Junction { demand_m3_s, emitter } = node.kind else { continue };
            self.excess[n] -= demand_m3_s;
            let Some(k) = emitter else { continue };
            let flow = self.emitter[n];
            let (loss, slope) = coefficients::emitter(k, self.net.emitter_exponent, flow);
            self.matrix.add_diagonal(n, 1.0 / slope);
            self.matrix.add_rhs(n, (loss + node.elevation_m) / slope);
            self.excess[n] -= flow;
        }
    }

    /// Valves that hold a pressure or a flow, as EPANET writes them into the matrix.
    fn control_valve(&mut self, k: usize) {
        let LinkKind::Valve(valve) = &self.setting[k].kind else { return };
        let (from, to) = self.ends(k);
        let active = self.state[k] == State::Active;
        match valve.kind {
            ValveKind::PressureReducing(pressure) if active => {
                let excess = self.excess[to];
                self.linear[k] = Linear { p: 0.0, y: self.flow[k] + excess };
                self.hold(to, self.net.nodes()[to].elevation_m + pressure);
                self.matrix.add_rhs(from, excess.min(0.0));
            }
            ValveKind::PressureSustaining(pressure) if active => {
                let excess = self.excess[from];
                self.linear[k] = Linear { p: 0.0, y: self.flow[k] - excess };
                self.hold(from, self.net.nodes()[from].elevation_m + pressure);
                self.matrix.add_rhs(to, excess.max(0.0));
                // Keeps a part that only this valve feeds in one piece.
                self.matrix.couple(k, -1.0 / BIG);
                self.matrix.add_diagonal(to, 1.0 / BIG);
            }
            ValveKind::FlowControl(flow) if active => {
                let p = 1.0 / BIG;
                self.carry(k, flow);
                self.linear[k] = Linear { p, y: self.flow[k] - flow };
                self.enter(k, p, -flow);
            }
            _ => {
                let minor =
                    coefficients::valve(valve, self.resistance[k], self.flow[k], self.state[k]);
                self.linear[k] = minor;
                self.carry(k, self.flow[k]);
                self.enter(k, minor.p, minor.y - self.flow[k]);
            }
        }
    }

    /// Forces the head of a junction.
    fn hold(&mut self, node: usize, head_m: f64) {
        self.matrix.add_diagonal(node, HOLD);
        self.matrix.add_rhs(node, HOLD * head_m);
    }

    /// Takes heads and flows of the solved system; the change of flow over the flow.
    fn update(&mut self) -> f64 {
        for n in 0..self.head.len() {
            if let Some(r) = self.matrix.row(n) {
                self.head[n] = self.matrix.rhs[r];
            }
        }
        let (mut changes, mut flows) = (0.0, 0.0);
        for k in 0..self.flow.len() {
            let (from, to) = self.ends(k);
            let Linear { p, y } = self.linear[k];
            let mut step = (y - p * (self.head[from] - self.head[to])) * self.relaxation;
            if let LinkKind::Pump(pump) = &self.setting[k].kind
                && matches!(pump.curve, PumpCurve::Constant { .. })
                && step > self.flow[k]
            {
                step = self.flow[k] / 2.0;
            }
            self.flow[k] -= step;
            changes += step.abs();
            flows += self.flow[k].abs();
        }
        for (n, node) in self.net.nodes().iter().enumerate() {
            let NodeKind::Junction { emitter: Some(k), .. } = node.kind else { continue };
            let (loss, slope) =
                coefficients::emitter(k, self.net.emitter_exponent, self.emitter[n]);
            let step = (loss - (self.head[n] - node.elevation_m)) / slope * self.relaxation;
            self.emitter[n] -= step;
            changes += step.abs();
            flows += self.emitter[n].abs();
        }
        // A network at rest is measured against the least flow that switches anything.
        changes / flows.max(FLOW_M3_S)
    }

    fn at(&self, k: usize) -> At {
        let (from, to) = self.ends(k);
        let flow = self.flow[k];
        let open = match &self.setting[k].kind {
            LinkKind::Valve(v) => {
                let l = coefficients::valve(v, self.resistance[k], flow, State::Open);
                (l.y / l.p).abs()
            }
            _ => 0.0,
        };
        At { from_m: self.head[from], to_m: self.head[to], flow, open_loss_m: open }
    }

    fn pressure_valves(&mut self) -> bool {
        let mut changed = false;
        for k in 0..self.state.len() {
            let next =
                status::pressure_valve(self.net, &self.setting[k], self.state[k], self.at(k));
            if let Some(next) = next {
                changed |= next != self.state[k];
                self.state[k] = next;
            }
        }
        changed
    }

    fn other_links(&mut self) -> bool {
        let mut changed = false;
        for k in 0..self.state.len() {
            let next = status::other_link(self.net, &self.setting[k], self.state[k], self.at(k));
            changed |= next != self.state[k];
            self.state[k] = next;
        }
        changed
    }

    /// Controls that wait for the pressure of a junction.
    fn controls(&mut self) -> bool {
        let mut changed = false;
        for control in &self.net.controls {
            let head = self.head[control.node.0];
            let reached = if control.below {
                head <= control.head_m + status::HEAD_M
            } else {
                head >= control.head_m - status::HEAD_M
            };
            if !reached {
                continue;
            }
            let k = control.link.0;
            let before = self.setting[k].clone();
            self.setting[k].act(control.action);
            if self.setting[k] != before {
                self.state[k] = status::initial(&self.setting[k]);
                changed = true;
            }
        }
        changed
    }

    /// A valve whose setting contradicts the others works fully open, as in EPANET.
    fn give_up_a_valve(&mut self) -> Result<(), Fault> {
        let active = |k: &usize| self.in_matrix(*k) && self.state[*k] == State::Active;
        let k = (0..self.state.len()).find(active).ok_or(Fault::Singular)?;
        let flow = matches!(&self.setting[k].kind,
            LinkKind::Valve(v) if matches!(v.kind, ValveKind::FlowControl(_)));
        self.state[k] = if flow { State::CannotReachFlow } else { State::CannotReachPressure };
        Ok(())
    }

    fn finish(self, trials: usize, relative_change: f64, converged: bool) -> Solution {
        let closed: Vec<bool> = (0..self.state.len())
            .map(|k| {
                let stopped = matches!(&self.setting[k].kind,
                    LinkKind::Pump(p) if p.speed_ratio == 0.0);
                self.state[k].is_closed() || stopped
            })
            .collect();
        let flows: Vec<f64> =
            self.flow.iter().zip(&closed).map(|(q, shut)| if *shut { 0.0 } else { *q }).collect();
        let loss = |k: usize| {
            let (from, to) = self.ends(k);
            let fall = self.head[from] - self.head[to];
            match self.setting[k].kind {
                _ if closed[k] => 0.0,
                LinkKind::Pump(_) => fall,
                _ => fall.abs(),
            }
        };
        let losses_m = (0..flows.len()).map(loss).collect();
        let mut outflows = vec![0.0; self.head.len()];
        for (k, flow) in flows.iter().enumerate() {
            let (from, to) = self.ends(k);
            outflows[from] -= flow;
            outflows[to] += flow;
        }
        for (n, node) in self.net.nodes().iter().enumerate() {
            if let NodeKind::Junction { demand_m3_s, .. } = node.kind {
                outflows[n] = demand_m3_s + self.emitter[n];
            }
        }
        let warnings = self.warnings(&closed, &flows);
        Solution {
            heads_m: self.head,
            outflows_m3_s: outflows,
            flows_m3_s: flows,
            losses_m,
            closed,
            trials,
            relative_change,
            converged,
            warnings,
        }
    }

    fn warnings(&self, closed: &[bool], flows: &[f64]) -> Vec<Warning> {
        let mut out = Vec::new();
        let demand = |n: usize| match self.net.nodes()[n].kind {
            NodeKind::Junction { demand_m3_s, .. } => demand_m3_s,
            NodeKind::Fixed { .. } => 0.0,
        };
        let off = cut_off(self.net, |k| !closed[k]);
        out.extend(off.iter().filter(|n| demand(n.0) != 0.0).map(|n| Warning::CutOff(*n)));
        for (k, state) in self.state.iter().enumerate() {
            match state {
                State::CannotDeliver => out.push(Warning::PumpCannotDeliver(LinkIx(k))),
                State::CannotReachFlow => out.push(Warning::FlowNotReached(LinkIx(k))),
                State::CannotReachPressure => out.push(Warning::PressureNotReached(LinkIx(k))),
                _ => {}
            }
            if let LinkKind::Pump(p) = &self.setting[k].kind
                && most(p).is_some_and(|q| flows[k] > q)
            {
                out.push(Warning::PumpBeyondCurve(LinkIx(k)));
            }
        }
        let low = |n: &usize| self.head[*n] < self.net.nodes()[*n].elevation_m && demand(*n) > 0.0;
        let low = (0..self.head.len()).filter(low).filter(|n| !off.contains(&NodeIx(*n)));
        out.extend(low.map(|n| Warning::NegativePressure(NodeIx(n))));
        out
    }
}

/// Largest flow of a running pump's curve, m3/s.
fn most(pump: &super::Pump) -> Option<f64> {
    let at_one = match &pump.curve {
        PumpCurve::Power { shutoff_m, coefficient, exponent, .. } => {
            (shutoff_m / coefficient).powf(1.0 / exponent)
        }
        PumpCurve::Points(points) => points.last()?.0,
        PumpCurve::None | PumpCurve::Constant { .. } => return None,
    };
    Some(at_one * pump.speed_ratio)
}

/// Flow that a link starts from: design flow of pumps, 1 ft/s elsewhere.
fn start(link: &super::Link, state: State) -> f64 {
    if state.is_closed() {
        return NOTHING_M3_S;
    }
    match &link.kind {
        LinkKind::Pump(p) => {
            let design = match &p.curve {
                PumpCurve::Power { design_m3_s, .. } => *design_m3_s,
                PumpCurve::Points(points) => {
                    let ends = points.first().zip(points.last());
                    ends.map_or(NOTHING_M3_S, |(a, b)| f64::midpoint(a.0, b.0))
                }
                PumpCurve::None | PumpCurve::Constant { .. } => CUBIC_FOOT_M3,
            };
            (design * p.speed_ratio).max(NOTHING_M3_S)
        }
        _ => link.area_m2().unwrap_or_default() * FOOT_M,
    }
}
