//! Power flow of a case: voltages, flows, losses, what is dark, and what to make of it.

use super::case::{Case, CaseError};
use super::dc;
use super::model::{Model, NodeKind};
use super::newton::{self, Iterated};
use super::sweep;
use num_complex::Complex64;

/// How a study of one state of the network ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Everything is served.
    Converged,
    /// What is energised is served; the rest is dark.
    Islanded,
    /// No voltages satisfy the equations: the load is beyond what the network can carry.
    Diverged,
}

/// Voltage of a bus; `None` where it is dark.
#[derive(Clone, Debug, PartialEq)]
pub struct BusState {
    pub id: String,
    pub vm_pu: Option<f64>,
    pub va_deg: Option<f64>,
}

/// Flow of a branch, positive into it on either side.
#[derive(Clone, Debug, PartialEq)]
pub struct BranchState {
    pub id: String,
    pub from: String,
    pub to: String,
    pub in_service: bool,
    pub p_from_mw: f64,
    pub q_from_mvar: f64,
    pub p_to_mw: f64,
    pub q_to_mvar: f64,
    /// Greater apparent power of both sides over the normal rating; `None` without one.
    pub loading_frac: Option<f64>,
}

/// A part of the network that nothing energises.
#[derive(Clone, Debug, PartialEq)]
pub struct DarkIsland {
    /// Ids of its buses.
    pub buses: Vec<String>,
    pub load_mw: f64,
}

/// Answer of one power flow.
#[derive(Clone, Debug, PartialEq)]
pub struct Solution {
    pub status: Status,
    pub iterations: usize,
    /// Greatest mismatch and the bus that has it.
    pub mismatch_mva: f64,
    pub worst_bus: String,
    pub buses: Vec<BusState>,
    pub branches: Vec<BranchState>,
    /// Sum over the branches of what enters and does not leave.
    pub loss_mw: f64,
    /// Generation at the slack buses.
    pub slack_p_mw: f64,
    pub slack_q_mvar: f64,
    pub dark: Vec<DarkIsland>,
    /// The sweep over the radial parts beside this answer.
    pub cross_check: Option<sweep::Comparison>,
}

impl Solution {
    /// Load that is not served.
    pub fn load_lost_mw(&self) -> f64 {
        // The sum of nothing would be a negative zero.
        self.dark.iter().fold(0.0, |sum, d| sum + d.load_mw)
    }

    /// Energised bus with the least voltage, per unit; the first of equals.
    pub fn lowest(&self) -> Option<(String, f64)> {
        let known = self.buses.iter().filter_map(|b| Some((b, b.vm_pu?)));
        let least = known.reduce(|a, b| if b.1 < a.1 { b } else { a })?;
        Some((least.0.id.clone(), least.1))
    }
}

/// AC power flow.
///
/// # Errors
/// The case cannot be solved as it stands.
pub fn ac(case: &Case) -> Result<Solution, CaseError> {
    let model = Model::of(case)?;
    let found = newton::solve(&model);
    let mut solution = of_iterated(case, &model, &found);
    if found.converged {
        solution.cross_check = sweep::compare(&model, &found.v);
    }
    Ok(solution)
}

/// Puts voltages of a model into the words of its case; without the cross-check.
pub(super) fn of_iterated(case: &Case, model: &Model, found: &Iterated) -> Solution {
    let mut solution = blank(case, model);
    solution.iterations = found.iterations;
    solution.mismatch_mva = found.mismatch * case.base_mva;
    let worst = model.node_of.iter().position(|&n| n == found.worst);
    solution.worst_bus = worst.map(|i| case.buses[i].id.clone()).unwrap_or_default();
    if !found.converged {
        solution.status = Status::Diverged;
        return solution;
    }
    let v = &found.v;
    let flows = model.edges.iter().map(|e| {
        let from = v[e.from] * (e.yff * v[e.from] + e.yft * v[e.to]).conj();
        let to = v[e.to] * (e.ytf * v[e.from] + e.ytt * v[e.to]).conj();
        (from, to)
    });
    let flows: Vec<(Complex64, Complex64)> = flows.collect();
    voltages(&mut solution, model, v);
    branches(&mut solution, case, model, &flows);
    let slack = model.injections(v).into_iter().enumerate().map(|(i, s)| match model.kinds[i] {
        NodeKind::Slack => s + model.load[i].at(v[i].norm()),
        _ => Complex64::ZERO,
    });
    let slack: Complex64 = slack.sum::<Complex64>() * case.base_mva;
    (solution.slack_p_mw, solution.slack_q_mvar) = (slack.re, slack.im);
    solution
}

/// DC power flow: no losses, no reactive power, 1 pu everywhere.
///
/// # Errors
/// The case cannot be solved as it stands; a branch without reactance is one reason.
pub fn dc(case: &Case) -> Result<Solution, CaseError> {
    let model = Model::of(case)?;
    if let Some(e) = model.edges.iter().find(|e| !e.linear_b.is_finite()) {
        return Err(CaseError::NoReactance(case.branches[e.branch].id.clone()));
    }
    let mut solution = blank(case, &model);
    let Ok(found) = dc::solve(&model) else {
        solution.status = Status::Diverged;
        return Ok(solution);
    };
    let v: Vec<Complex64> = found.angle.iter().map(|a| Complex64::from_polar(1.0, *a)).collect();
    let flows: Vec<(Complex64, Complex64)> =
        found.flow.iter().map(|&p| (Complex64::from(p), Complex64::from(-p))).collect();
    voltages(&mut solution, &model, &v);
    // The angle itself, for a phasor forgets full turns.
    for (bus, &node) in solution.buses.iter_mut().zip(&model.node_of) {
        bus.va_deg = bus.va_deg.map(|_| found.angle[node].to_degrees());
    }
    branches(&mut solution, case, &model, &flows);
    let slack = found.generation.iter().zip(&model.kinds).filter(|(_, k)| **k == NodeKind::Slack);
    solution.slack_p_mw = slack.map(|(p, _)| p).sum::<f64>() * case.base_mva;
    solution.iterations = 1;
    Ok(solution)
}

/// A solution without voltages and flows.
fn blank(case: &Case, model: &Model) -> Solution {
    let dark = dark(case, model);
    let lost = dark.iter().any(|d| d.load_mw != 0.0);
    let bus = |b: &super::case::Bus| BusState { id: b.id.clone(), vm_pu: None, va_deg: None };
    let branch = |b: &super::case::Branch| BranchState {
        id: b.id.clone(),
        from: case.buses[b.from].id.clone(),
        to: case.buses[b.to].id.clone(),
        in_service: b.in_service,
        p_from_mw: 0.0,
        q_from_mvar: 0.0,
        p_to_mw: 0.0,
        q_to_mvar: 0.0,
        loading_frac: None,
    };
    Solution {
        status: if lost { Status::Islanded } else { Status::Converged },
        iterations: 0,
        mismatch_mva: 0.0,
        worst_bus: String::new(),
        buses: case.buses.iter().map(bus).collect(),
        branches: case.branches.iter().map(branch).collect(),
        loss_mw: 0.0,
        slack_p_mw: 0.0,
        slack_q_mvar: 0.0,
        dark,
        cross_check: None,
    }
}

fn dark(case: &Case, model: &Model) -> Vec<DarkIsland> {
    let mut found: Vec<DarkIsland> =
        vec![DarkIsland { buses: Vec::new(), load_mw: 0.0 }; model.islands];
    for (bus, &node) in case.buses.iter().zip(&model.node_of) {
        let isolated = bus.kind == super::case::BusKind::Isolated;
        if model.kinds[node] == NodeKind::Dead && !isolated {
            let island = &mut found[model.island[node]];
            island.buses.push(bus.id.clone());
            island.load_mw += bus.load.p_mw;
        }
    }
    found.retain(|d| !d.buses.is_empty());
    found
}

fn voltages(solution: &mut Solution, model: &Model, v: &[Complex64]) {
    for (bus, &node) in solution.buses.iter_mut().zip(&model.node_of) {
        if model.kinds[node] != NodeKind::Dead {
            bus.vm_pu = Some(v[node].norm());
            bus.va_deg = Some(v[node].arg().to_degrees());
        }
    }
}

fn branches(solution: &mut Solution, case: &Case, model: &Model, flows: &[(Complex64, Complex64)]) {
    for (b, state) in case.branches.iter().zip(&mut solution.branches) {
        let known = b.in_service && b.ratings.normal_mva.is_some();
        state.loading_frac = known.then_some(0.0);
    }
    for (e, (from, to)) in model.edges.iter().zip(flows) {
        let (from, to) = (from * case.base_mva, to * case.base_mva);
        let state = &mut solution.branches[e.branch];
        (state.p_from_mw, state.q_from_mvar) = (from.re, from.im);
        (state.p_to_mw, state.q_to_mvar) = (to.re, to.im);
        let rating = case.branches[e.branch].ratings.normal_mva;
        state.loading_frac = rating.map(|r| from.norm().max(to.norm()) / r);
        solution.loss_mw += from.re + to.re;
    }
}
