//! Why no plan exists: which requirements conflict, and the cheapest way out.
//!
//! Every limit may give way, physics (what is made, what is there) never. A
//! deletion filter over the limits leaves a set that conflicts while each of
//! its parts can be met; for each of them, a model that lets only it give way
//! says by how much.

use super::backend::{BackendError, highs::LiveHighs};
use super::build::Built;
use super::input::{OUTAGE, PlanInput};
use super::limits::{Description, Limit, Shift};
use super::lp::{LinearModel, LpStatus};
use super::result::Conflict;

/// Explains an infeasible model.
///
/// # Errors
/// Failures of the solver.
pub fn explain(input: &PlanInput, built: &Built) -> Result<Vec<Conflict>, BackendError> {
    let mut live = LiveHighs::new()?;
    let mut model = built.model.clone();
    model.integer = Vec::new();
    model.cost.iter_mut().for_each(|c| *c = 0.0);
    let suspects: Vec<Limit> = built.limits.keys().copied().collect();
    let conflicting = filter(&mut live, built, &model, suspects)?;
    let mut conflicts = Vec::new();
    for &limit in &conflicting {
        let d = limit.describe(input);
        let amount = least_relaxation(built, &model, limit)?;
        let sentence = sentence(input, &d, limit, amount);
        conflicts.push(Conflict {
            limit: d.id,
            element: d.element,
            amount,
            unit: d.unit.to_owned(),
            sentence,
        });
    }
    conflicts.sort_by(|a, b| {
        let rank = |c: &Conflict| (c.amount.is_none(), c.unit != "MW");
        rank(a).cmp(&rank(b)).then_with(|| a.limit.cmp(&b.limit))
    });
    Ok(conflicts)
}

/// Keeps only limits without which the rest could be met.
fn filter(
    live: &mut LiveHighs,
    built: &Built,
    model: &LinearModel,
    suspects: Vec<Limit>,
) -> Result<Vec<Limit>, BackendError> {
    let mut kept = suspects;
    // Halves first: most limits of a large site have no part in a conflict.
    let mut size = kept.len().div_ceil(2).max(1);
    loop {
        let mut i = 0;
        while i < kept.len() {
            let upto = (i + size).min(kept.len());
            let without: Vec<Limit> = kept[..i].iter().chain(&kept[upto..]).copied().collect();
            if feasible(live, built, model, &without)? {
                i = upto;
            } else {
                kept = without;
            }
        }
        if size == 1 {
            return Ok(kept);
        }
        size = size.div_ceil(2);
    }
}

/// Whether the model can be met with only the limits of `kept` in force.
fn feasible(
    live: &mut LiveHighs,
    built: &Built,
    model: &LinearModel,
    kept: &[Limit],
) -> Result<bool, BackendError> {
    let mut relaxed = model.clone();
    let mut held = vec![false; model.rows()];
    for limit in kept {
        own(&built.limits[limit]).for_each(|s| held[s.row] = true);
    }
    for (limit, shifts) in &built.limits {
        for s in own(shifts).filter(|s| !held[s.row] && !kept.contains(limit)) {
            relaxed.row_lower[s.row] = f64::NEG_INFINITY;
            relaxed.row_upper[s.row] = f64::INFINITY;
        }
    }
    Ok(live.solve(&relaxed)?.status == Some(LpStatus::Optimal))
}

/// Rows that the limit sets; others it only narrows, as racks do the room at a node by their spares.
fn own(shifts: &[Shift]) -> impl Iterator<Item = &Shift> {
    shifts.iter().filter(|s| s.amount > 0.0)
}

/// Least change of one limit, all others held, that makes the model possible.
fn least_relaxation(
    built: &Built,
    model: &LinearModel,
    limit: Limit,
) -> Result<Option<f64>, BackendError> {
    let mut elastic = LinearModel {
        maximise: false,
        offset: 0.0,
        cost: model.cost.clone(),
        col_lower: model.col_lower.clone(),
        col_upper: model.col_upper.clone(),
        ..LinearModel::default()
    };
    let give = elastic.add_column(1.0, 0.0, f64::INFINITY);
    let shifts: &[Shift] = &built.limits[&limit];
    for row in 0..model.rows() {
        // A capacity gives way upwards, a commitment downwards.
        let shift = shifts.iter().filter(|s| s.row == row).map(|s| s.amount).sum::<f64>();
        let way = if matches!(limit, Limit::Commitment(_)) { shift } else { -shift };
        let extra = (shift != 0.0).then_some((give, way));
        let entries: Vec<_> = model.row(row).chain(extra).collect();
        elastic.add_row(model.row_lower[row], model.row_upper[row], entries);
    }
    let solution = LiveHighs::new()?.solve(&elastic)?;
    Ok((solution.status == Some(LpStatus::Optimal)).then_some(solution.objective))
}

/// The way out in the planner's words.
fn sentence(input: &PlanInput, d: &Description, limit: Limit, amount: Option<f64>) -> String {
    let Some(amount) = amount else {
        return format!("{} takes part in the conflict; no change of it alone resolves it", d.name);
    };
    let amount = crate::units::format::plain(amount);
    match limit {
        Limit::GridContract => format!("needs {amount} MW more in the grid contract"),
        Limit::Node(n) => format!("needs {amount} MW more at {}", input.nodes[n].name),
        Limit::NodeFirm(n) if input.nodes[n].kind == OUTAGE => {
            format!("needs {amount} MW more at {}", input.nodes[n].name)
        }
        Limit::NodeFirm(n) => {
            format!("needs {amount} MW more firm power at {}", input.nodes[n].name)
        }
        Limit::LoopHeat(l) => {
            format!("needs {amount} MW more heat rejection in {}", input.loops[l].name)
        }
        Limit::LoopExtreme(l) => format!(
            "needs {amount} MW more heat rejection in {} at the design extreme",
            input.loops[l].name
        ),
        Limit::BlockUnits(b) => {
            format!("needs {amount} more {} in {}", d.unit, input.blocks[b].name)
        }
        Limit::Commitment(t) => {
            format!(
                "{} can be served if its commitment is {amount} {} less",
                input.tiers[t].name, d.unit
            )
        }
        _ => format!("needs {amount} {} more of {}", d.unit, d.name.to_lowercase()),
    }
}
