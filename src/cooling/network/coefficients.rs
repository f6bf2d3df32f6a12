//! Head loss of every kind of link and its slope, as EPANET 2.2 linearises them.
//!
//! Equation H2: a link is `p = 1 / (dh/dq)` and `y = h / (dh/dq)` at its present flow; the next
//! flow is `q - y + p (head from - head to)`.

use super::epanet_units::{CUBIC_FOOT_M3, FOOT_M, FT_PER_CFS, GRAVITY_M_S2};
use super::status::State;
use super::{Formula, Link, LinkKind, Pipe, Pump, PumpCurve, Valve, ValveKind};
use crate::cooling::pipe::{LAMINAR_RE, TURBULENT_RE, swamee_jain, transition};
use std::f64::consts::PI;

/// Resistance of what is closed and of what opposes nothing, s/m2.
pub const BIG: f64 = 1e8 * FT_PER_CFS;
pub const SMALL: f64 = 1e-6 * FT_PER_CFS;
/// Weight in the matrix that forces a head, m2/s.
pub const HOLD: f64 = 1e8 / FT_PER_CFS;
/// Least slope of a head-loss curve, s/m2; below it the curve is a straight line.
pub const LEAST_SLOPE: f64 = 1e-7 * FT_PER_CFS;
const TINY_M3_S: f64 = 1e-6 * CUBIC_FOOT_M3;

/// One link, linearised.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Linear {
    /// Inverse slope, m2/s; 0 where the matrix treats the link by itself.
    pub p: f64,
    /// Head loss over slope, m3/s.
    pub y: f64,
}

impl Linear {
    fn of(loss_m: f64, slope: f64) -> Self {
        Linear { p: 1.0 / slope, y: loss_m / slope }
    }

    pub fn closed(flow: f64) -> Self {
        Linear { p: 1.0 / BIG, y: flow }
    }

    fn open(flow: f64) -> Self {
        Linear { p: 1.0 / SMALL, y: flow }
    }
}

/// Constants of a link that do not depend on its flow.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Resistance {
    /// Of friction, without the factor of Darcy-Weisbach.
    friction: f64,
    /// Of fittings, s2/m5.
    minor: f64,
}

/// Resistance of a pipe or valve under a formula.
pub fn resistance(link: &Link, formula: Formula) -> Resistance {
    match &link.kind {
        LinkKind::Pipe(p) => {
            Resistance { friction: friction(p, formula), minor: minor(p.minor_ratio, p.diameter_m) }
        }
        LinkKind::Valve(v) => {
            Resistance { friction: 0.0, minor: minor(v.minor_ratio, v.diameter_m) }
        }
        LinkKind::Pump(_) => Resistance::default(),
    }
}

/// `8 K / (pi^2 g d^4)`, with EPANET's rounding of the constant (0.02517 in feet).
fn minor(ratio: f64, diameter_m: f64) -> f64 {
    let d = diameter_m / FOOT_M;
    0.02517 * ratio / d.powi(4) * FOOT_M / (CUBIC_FOOT_M3 * CUBIC_FOOT_M3)
}

/// Equation H1, in the feet of its published constants: Hazen-Williams `4.727 L C^-1.852
/// d^-4.871`, Darcy-Weisbach `L / (2 g d A^2)`, Chezy-Manning `(4 n / (1.49 pi d^2))^2
/// (d/4)^-1.333 L`.
fn friction(pipe: &Pipe, formula: Formula) -> f64 {
    let (l, d) = (pipe.length_m / FOOT_M, pipe.diameter_m / FOOT_M);
    match formula {
        Formula::HazenWilliams => {
            4.727 * l / pipe.roughness.powf(1.852) / d.powf(4.871) * FOOT_M
                / CUBIC_FOOT_M3.powf(1.852)
        }
        Formula::DarcyWeisbach => {
            let area = PI * pipe.diameter_m * pipe.diameter_m / 4.0;
            pipe.length_m / (2.0 * GRAVITY_M_S2 * pipe.diameter_m * area * area)
        }
        Formula::ChezyManning => {
            let root = 4.0 * pipe.roughness / (1.49 * PI * d * d);
            root * root * (d / 4.0).powf(-1.333) * l * FOOT_M / (CUBIC_FOOT_M3 * CUBIC_FOOT_M3)
        }
    }
}

/// A pipe at a flow; closed ones let next to nothing through.
pub fn pipe(
    pipe: &Pipe,
    r: Resistance,
    (formula, viscosity): (Formula, f64),
    (flow, state): (f64, State),
) -> Linear {
    if state.is_closed() {
        return Linear::closed(flow);
    }
    if formula == Formula::DarcyWeisbach {
        return darcy_weisbach(pipe, r, viscosity, flow);
    }
    let exponent = if formula == Formula::HazenWilliams { 1.852 } else { 2.0 };
    let q = flow.abs();
    let mut slope = exponent * r.friction * q.powf(exponent - 1.0);
    let mut loss = slope * q / exponent;
    if slope < LEAST_SLOPE {
        slope = LEAST_SLOPE / exponent;
        loss = slope * q;
    }
    loss += r.minor * q * q;
    slope += 2.0 * r.minor * q;
    Linear::of(loss * flow.signum(), slope)
}

/// Hagen-Poiseuille below Re 2000, Swamee-Jain above 4000, Dunlop's cubic between.
fn darcy_weisbach(pipe: &Pipe, r: Resistance, viscosity: f64, flow: f64) -> Linear {
    let q = flow.abs();
    // Re = 4 q / (pi nu d).
    let per_flow = 4.0 / (PI * viscosity * pipe.diameter_m);
    let reynolds = q * per_flow;
    if reynolds <= LAMINAR_RE {
        let laminar = 64.0 / per_flow * r.friction;
        let loss = flow * (laminar + r.minor * q);
        return Linear::of(loss, laminar + 2.0 * r.minor * q);
    }
    let roughness = pipe.roughness / pipe.diameter_m;
    let (f, by_reynolds) = if reynolds >= TURBULENT_RE {
        swamee_jain(reynolds, roughness)
    } else {
        transition(reynolds, roughness)
    };
    let total = f * r.friction + r.minor;
    let slope = 2.0 * total * q + by_reynolds * per_flow * r.friction * q * q;
    Linear::of(total * q * flow, slope)
}

/// A pump; the head loss of a running one is negative.
pub fn pump(pump: &Pump, flow: f64, state: State) -> Linear {
    let speed = pump.speed_ratio;
    if state.is_closed() || speed == 0.0 {
        return Linear::closed(flow);
    }
    let q = flow.abs();
    match &pump.curve {
        PumpCurve::None => Linear::open(flow),
        PumpCurve::Points(points) => {
            let (head, slope) = segment(points, q / speed);
            let slope = -slope * speed;
            Linear::of(-head * speed * speed + slope * flow, slope)
        }
        PumpCurve::Constant { head_flow_m4_s } => {
            // Power follows the cube of the speed.
            let power = head_flow_m4_s * speed.powi(3);
            let slope = power / (q * q);
            if slope > BIG {
                Linear::closed(flow)
            } else if slope < SMALL {
                Linear::open(flow)
            } else {
                Linear::of(-power / flow, slope)
            }
        }
        PumpCurve::Power { shutoff_m, coefficient, exponent, .. } => {
            let head = shutoff_m * speed * speed;
            let n = if (exponent - 1.0).abs() < 1e-6 { 1.0 } else { *exponent };
            let r = coefficient * speed.powf(2.0 - n);
            let slope = if n == 1.0 { r } else { n * r * q.powf(n - 1.0) };
            if slope < LEAST_SLOPE {
                Linear::of(-head + LEAST_SLOPE * flow, LEAST_SLOPE)
            } else {
                Linear::of(-head + slope * flow / n, slope)
            }
        }
    }
}

/// A valve that is not shut by a control equation: open, closed or throttled.
pub fn plain_valve(minor: f64, flow: f64, state: State) -> Linear {
    if state.is_closed() {
        return Linear::closed(flow);
    }
    if minor <= 0.0 {
        return Linear::open(flow);
    }
    let slope = 2.0 * minor * flow.abs();
    if slope < LEAST_SLOPE {
        return Linear::of(flow * LEAST_SLOPE / 2.0, LEAST_SLOPE / 2.0);
    }
    Linear::of(flow * slope / 2.0, slope)
}

/// A valve that acts through its own head loss. Pressure reducing, pressure sustaining and flow
/// control valves that work to their setting are part of the matrix instead.
pub fn valve(valve: &Valve, r: Resistance, flow: f64, state: State) -> Linear {
    match &valve.kind {
        ValveKind::Throttle(ratio) if state == State::Active => {
            plain_valve(minor(*ratio, valve.diameter_m), flow, state)
        }
        ValveKind::PressureBreaker(loss) if state == State::Active && *loss != 0.0 => {
            if r.minor * flow * flow > *loss {
                plain_valve(r.minor, flow, state)
            } else {
                // A steep line about the wanted loss keeps the flow's digits.
                Linear::of(loss + SMALL * flow, SMALL)
            }
        }
        ValveKind::General(points) if !state.is_closed() => {
            let q = flow.abs().max(TINY_M3_S);
            let (head, slope) = segment(points, q);
            let slope = slope.max(1e-6 * FT_PER_CFS);
            let linear = Linear::of(head + slope * q, slope);
            Linear { p: linear.p, y: linear.y * flow.signum() }
        }
        _ => plain_valve(r.minor, flow, state),
    }
}

/// Value at zero and slope of the straight line of a curve that brackets `x`; the first and the
/// last line go on beyond the curve.
fn segment(points: &[(f64, f64)], x: f64) -> (f64, f64) {
    let last = points.len().saturating_sub(1).max(1);
    let k = points.iter().position(|p| p.0 >= x).unwrap_or(last).clamp(1, last);
    let (Some(a), Some(b)) = (points.get(k - 1), points.get(k)) else {
        return points.first().map_or((0.0, 0.0), |p| (p.1, 0.0));
    };
    let slope = (b.1 - a.1) / (b.0 - a.0);
    (a.1 - slope * a.0, slope)
}

/// Head loss of an emitter and its slope.
pub fn emitter(k: f64, exponent: f64, flow: f64) -> (f64, f64) {
    let slope = exponent * k * flow.abs().powf(exponent - 1.0);
    if slope < LEAST_SLOPE {
        let slope = LEAST_SLOPE / exponent;
        (slope * flow, slope)
    } else {
        (slope * flow / exponent, slope)
    }
}
