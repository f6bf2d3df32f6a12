//! Run-back of interruptible load after an outage: of the load behind each overloaded branch as
//! much as that branch needs, no more.

use super::{Consequence, Overload};
use crate::power::case::Case;
use crate::power::dc::Linear;
use crate::power::flow::Status;
use crate::power::model::Model;

/// Rounds in which the linear model says what to run back and AC power flow what is left.
const ROUNDS: usize = 8;
/// Bisections of all that the rounds have found.
const STEPS: usize = 10;
/// Least share of a bus's load that must flow through an overloaded branch to be worth
/// running back.
const RELIEF_FRAC: f64 = 0.02;

/// An overloaded branch with what relieves it.
struct Relief<'a> {
    branch: &'a str,
    /// What it may carry for as long as the outage lasts.
    limit_mva: f64,
    /// Share of the load at each node that flows through it; 0 where running back is not worth it.
    share_of: Vec<f64>,
}

/// The least interruptible load behind overloaded branches that, run back, relieves them: its MW,
/// the state and the network then. `None` where even all of it does not.
pub(super) fn run_back(
    case: &Case,
    before: &Consequence,
    solved: &impl Fn(&Case) -> Consequence,
) -> Option<(f64, Consequence, Case)> {
    let model = Model::of_checked(case).ok()?;
    let reliefs = reliefs(case, &model, before)?;
    let mut movable = vec![0.0; model.kinds.len()];
    for (bus, &node) in case.buses.iter().zip(&model.node_of) {
        movable[node] += bus.load.p_mw * bus.load.interruptible_frac;
    }
    let reduced = |shares: &[f64], scale: f64| {
        let (mut case, mut mw) = (case.clone(), 0.0);
        for (bus, &node) in case.buses.iter_mut().zip(&model.node_of) {
            let keep = 1.0 - scale * shares[node] * bus.load.interruptible_frac;
            mw += bus.load.p_mw * (1.0 - keep);
            bus.load.p_mw *= keep;
            bus.load.q_mvar *= keep;
        }
        (mw, solved(&case), case)
    };
    let relieved = |c: &Consequence| c.beyond().next().is_none() && c.status == Status::Converged;
    let mut shares = vec![0.0; movable.len()];
    let mut found: Option<(f64, Consequence, Case)> = None;
    for _ in 0..ROUNDS {
        let state = found.as_ref().map_or(before, |(_, state, _)| state);
        if relieved(state) || !more(&mut shares, &movable, (&reliefs, state)) {
            break;
        }
        found = Some(reduced(&shares, 1.0));
    }
    let mut best = found.filter(|(mw, c, _)| *mw > 0.0 && relieved(c)).or_else(|| {
        // What the linear model is too far from: all that is behind, and then less of it.
        let behind = |node: usize| reliefs.iter().any(|r| r.share_of[node] > 0.0);
        shares = (0..movable.len()).map(|node| f64::from(u8::from(behind(node)))).collect();
        Some(reduced(&shares, 1.0)).filter(|(mw, c, _)| *mw > 0.0 && relieved(c))
    })?;
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..STEPS {
        let scale = (low + high) / 2.0;
        let found = reduced(&shares, scale);
        match relieved(&found.1) {
            true => (best, high) = (found, scale),
            false => low = scale,
        }
    }
    Some(best)
}

fn reliefs<'a>(case: &'a Case, model: &Model, before: &Consequence) -> Option<Vec<Relief<'a>>> {
    let mut linear = Linear::new(model).ok()?;
    let flow = linear.flow().ok()?.flow;
    let over = |id: &str| before.beyond().any(|o| o.branch == id);
    let mut edges = Vec::new();
    let mut found = Vec::new();
    for (e, edge) in model.edges.iter().enumerate() {
        let branch = &case.branches[edge.branch];
        if !over(&branch.id) {
            continue;
        }
        let limit_mva = branch.ratings.long_mva.or(branch.ratings.normal_mva)?;
        edges.push(e);
        let share_of = vec![0.0; model.kinds.len()];
        found.push(Relief { branch: &branch.id, limit_mva, share_of });
    }
    for node in 0..model.kinds.len() {
        let factors = linear.ptdf(node).ok()?;
        for (relief, &e) in found.iter_mut().zip(&edges) {
            let share = -factors[e] * flow[e].signum();
            relief.share_of[node] = if share > RELIEF_FRAC { share } else { 0.0 };
        }
    }
    Some(found)
}

/// Raises the shares that are run back by what each overloaded branch of a state still needs,
/// the worst first; false where nothing more can be run back.
fn more(
    shares: &mut [f64],
    movable: &[f64],
    (reliefs, state): (&[Relief<'_>], &Consequence),
) -> bool {
    let was = shares.to_vec();
    for overload in state.beyond() {
        let Some(relief) = reliefs.iter().find(|r| r.branch == overload.branch) else { continue };
        let through = |of: &dyn Fn(usize) -> f64| -> f64 {
            let nodes = relief.share_of.iter().zip(movable).enumerate();
            nodes.map(|(node, (share, mw))| share * mw * of(node)).sum()
        };
        let done = through(&|node| shares[node] - was[node]);
        let rest = through(&|node| 1.0 - shares[node]);
        let step = (needed(overload, relief) - done) / rest;
        if step.is_nan() || step <= 0.0 {
            continue;
        }
        for (share, of) in shares.iter_mut().zip(&relief.share_of) {
            if *of > 0.0 {
                *share += (1.0 - *share) * step.min(1.0);
            }
        }
    }
    shares.iter().zip(&was).any(|(now, was)| now > was)
}

/// What a branch carries above what it may, MVA, and a little more, so that rounds end.
fn needed(overload: &Overload, relief: &Relief<'_>) -> f64 {
    const MARGIN: f64 = 1e-4;
    overload.mva - relief.limit_mva * (1.0 - MARGIN)
}
