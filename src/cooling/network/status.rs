//! Which links are open: check valves, pumps, control valves, full and empty tanks.
//!
//! The rules are those of EPANET 2.2.

use super::epanet_units::{CUBIC_FOOT_M3, FOOT_M};
use super::{Link, LinkKind, Network, NodeIx, NodeKind, Pump, PumpCurve, Setting, ValveKind};

/// Differences of head (m) and flow (m3/s) below which nothing switches.
pub const HEAD_M: f64 = 0.0005 * FOOT_M;
pub const FLOW_M3_S: f64 = 0.0001 * CUBIC_FOOT_M3;

/// State of a link during a solution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// A pump that cannot deliver the head asked of it.
    CannotDeliver,
    /// Shut by a full or an empty tank.
    ShutByTank,
    Closed,
    Open,
    /// A valve that works to its setting.
    Active,
    /// A flow control valve that cannot reach its flow.
    CannotReachFlow,
    /// A pressure valve that cannot reach its pressure.
    CannotReachPressure,
}

impl State {
    pub fn is_closed(self) -> bool {
        matches!(self, State::CannotDeliver | State::ShutByTank | State::Closed)
    }
}

/// State that a link starts from.
pub fn initial(link: &Link) -> State {
    match (link.setting, &link.kind) {
        (Setting::Closed, _) => State::Closed,
        (Setting::Open, _) => State::Open,
        (Setting::Active, LinkKind::Valve(_)) => State::Active,
        (Setting::Active, _) => State::Open,
    }
}

/// Heads and flow that decide about a link.
#[derive(Clone, Copy)]
pub struct At {
    pub from_m: f64,
    pub to_m: f64,
    pub flow: f64,
    /// Loss of the fully open valve, m.
    pub open_loss_m: f64,
}

/// The state that a pressure valve takes next; `None` where the link is none that works to a
/// setting.
pub fn pressure_valve(net: &Network, link: &Link, state: State, at: At) -> Option<State> {
    let LinkKind::Valve(v) = &link.kind else { return None };
    if link.setting != Setting::Active {
        return None;
    }
    match v.kind {
        ValveKind::PressureReducing(p) => {
            Some(reducing(state, at, net.node(link.to).elevation_m + p))
        }
        ValveKind::PressureSustaining(p) => {
            Some(sustaining(state, at, net.node(link.from).elevation_m + p))
        }
        _ => None,
    }
}

fn reducing(state: State, at: At, set_m: f64) -> State {
    let back = at.flow < -FLOW_M3_S;
    match state {
        State::Active if back => State::Closed,
        State::Active if at.from_m - at.open_loss_m < set_m - HEAD_M => State::Open,
        State::Open if back => State::Closed,
        State::Open if at.to_m >= set_m + HEAD_M => State::Active,
        State::Closed if at.from_m >= set_m + HEAD_M && at.to_m < set_m - HEAD_M => State::Active,
        State::Closed if at.from_m < set_m - HEAD_M && at.from_m > at.to_m + HEAD_M => State::Open,
        State::CannotReachPressure if back => State::Closed,
        other => other,
    }
}

fn sustaining(state: State, at: At, set_m: f64) -> State {
    let back = at.flow < -FLOW_M3_S;
    let falls = at.from_m > at.to_m + HEAD_M;
    match state {
        State::Active if back => State::Closed,
        State::Active if at.to_m + at.open_loss_m > set_m + HEAD_M => State::Open,
        State::Open if back => State::Closed,
        State::Open if at.from_m < set_m - HEAD_M => State::Active,
        State::Closed if at.to_m > set_m + HEAD_M && falls => State::Open,
        State::Closed if at.from_m >= set_m + HEAD_M && falls => State::Active,
        State::CannotReachPressure if back => State::Closed,
        other => other,
    }
}

/// The state that any other link takes next.
pub fn other_link(net: &Network, link: &Link, state: State, at: At) -> State {
    // What was shut for a while is tried again.
    let shut_for_a_while = matches!(state, State::CannotDeliver | State::ShutByTank);
    let mut next = if shut_for_a_while { State::Open } else { state };
    match &link.kind {
        LinkKind::Pipe(p) if p.check_valve => next = check_valve(next, at),
        LinkKind::Pump(p) if !next.is_closed() && p.speed_ratio > 0.0 => next = pump(p, at),
        LinkKind::Valve(v) if link.setting == Setting::Active => {
            if let ValveKind::FlowControl(flow) = v.kind {
                next = flow_control(next, at, flow);
            }
        }
        _ => {}
    }
    if next.is_closed() { next } else { tanks(net, link, next, at) }
}

fn check_valve(state: State, at: At) -> State {
    let fall = at.from_m - at.to_m;
    if fall < -HEAD_M || at.flow < -FLOW_M3_S {
        State::Closed
    } else if fall > HEAD_M {
        State::Open
    } else {
        state
    }
}

/// Closes where the head asked for is above what the pump gives at rest.
fn pump(pump: &Pump, at: At) -> State {
    let square = pump.speed_ratio * pump.speed_ratio;
    let most = match &pump.curve {
        PumpCurve::Power { shutoff_m, .. } => shutoff_m * square,
        PumpCurve::Points(points) => points.first().map_or(f64::INFINITY, |p| p.1 * square),
        PumpCurve::None | PumpCurve::Constant { .. } => f64::INFINITY,
    };
    if at.to_m - at.from_m > most + HEAD_M { State::CannotDeliver } else { State::Open }
}

fn flow_control(state: State, at: At, flow: f64) -> State {
    if at.from_m - at.to_m < -HEAD_M || at.flow < -FLOW_M3_S {
        State::CannotReachFlow
    } else if state == State::CannotReachFlow && at.flow >= flow {
        State::Active
    } else {
        state
    }
}

/// Shuts a link that fills a full tank or drains an empty one.
fn tanks(net: &Network, link: &Link, state: State, at: At) -> State {
    let of = |node: NodeIx| match net.node(node).kind {
        NodeKind::Fixed { head_m, tank } => tank.map(|t| (head_m, t)),
        NodeKind::Junction { .. } => None,
    };
    let pump = matches!(link.kind, LinkKind::Pump(_));
    let full = |(head, t): (f64, super::Tank)| !t.overflows && head >= t.full_m - HEAD_M;
    let empty = |(head, t): (f64, super::Tank)| head <= t.empty_m + HEAD_M;
    let reverse = At { from_m: at.to_m, to_m: at.from_m, flow: -at.flow, ..at };
    let forward = pump || check_valve(State::Open, reverse) == State::Closed;
    let backward = !pump && check_valve(State::Open, at) == State::Closed;
    let shut = (forward && (of(link.to).is_some_and(full) || of(link.from).is_some_and(empty)))
        || (backward && (of(link.from).is_some_and(full) || of(link.to).is_some_and(empty)));
    if shut { State::ShutByTank } else { state }
}
