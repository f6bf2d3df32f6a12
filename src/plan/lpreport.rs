//! The answer of `gigasite lp`: solve any model file and say how far to trust it.
//!
//! It must not print, open files or read a clock: whoever has one fills `timing.seconds`.

use serde::Serialize;
use thiserror::Error;

use crate::plan::backend::highs::LiveHighs;
use crate::plan::backend::{BackendError, Solver, solve_once};
use crate::plan::lp::{LinearModel, LpSolution, LpStatus, NamedModel};
use crate::plan::parametric;
use crate::plan::result::Status;

/// Relative gap at which an integer model counts as solved here: an exact answer is
/// wanted, not a quick one.
const MIP_GAP: f64 = 1e-9;

/// What is wrong with a request.
#[derive(Clone, Debug, Error, PartialEq)]
pub enum LpReportError {
    /// A marginal of a row that the model does not have.
    #[error("there is no row `{name}`{}", hint(nearest))]
    UnknownRow { name: String, nearest: Vec<String> },
    #[error(transparent)]
    Backend(#[from] BackendError),
}

fn hint(nearest: &[String]) -> String {
    if nearest.is_empty() { String::new() } else { format!("; nearest: {}", nearest.join(", ")) }
}

/// The fields of `lp --json`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LpReport {
    pub status: Status,
    /// `null` where there is no solution.
    pub objective: Option<f64>,
    pub solver: String,
    /// Largest violation of a row, a bound or a whole number, over the largest term in it
    /// (at least 1), recomputed from the solution.
    pub max_primal_violation: Option<f64>,
    /// Largest wrong sign of a reduced cost or row dual over the largest term in it (at least
    /// 1), or value lost to a dual whose bound does not bind over the objective (at least 1),
    /// recomputed; `null` without duals.
    pub max_dual_violation: Option<f64>,
    /// Relative gap of an integer model.
    pub mip_gap: Option<f64>,
    pub rows: Vec<RowReport>,
    pub timing: LpTiming,
}

/// Marginal values of a row.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RowReport {
    pub index: usize,
    pub name: String,
    /// The solver's own dual, one of many where the optimum is degenerate; `null` where it
    /// gives none and for integer models.
    pub dual: Option<f64>,
    /// dV/db from below and from above; `null` where that side is infeasible.
    pub left: Option<f64>,
    pub right: Option<f64>,
    /// How to read the numbers where they are no derivatives.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct LpTiming {
    pub seconds: f64,
    pub iterations: u64,
}

/// Solves a model file. `marginals` are names of rows or 0-based indices; a name wins.
///
/// A failure of the solver itself is a report with the status `error`. Marginals come from
/// warm re-solves of the live solver whoever solved the model. A whole-number model has no
/// derivatives: its `left` and `right` are the differences of the optimum over one unit.
///
/// # Errors
/// Unknown rows, malformed models, and models that the solver does not take.
pub fn solve_file(
    named: &NamedModel,
    solver: Solver,
    marginals: &[String],
) -> Result<LpReport, LpReportError> {
    let rows = marginals.iter().map(|m| row_index(named, m)).collect::<Result<Vec<_>, _>>()?;
    let model = &named.model;
    let mut live = LiveHighs::new()?;
    live.set_mip_gap(MIP_GAP)?;
    let solved = match solver {
        Solver::Live => live.solve(model),
        other => solve_once(model, other),
    };
    let mut solution = match solved {
        Ok(solution) => solution,
        Err(BackendError::Solver { .. } | BackendError::Interrupted) => {
            return Ok(failed(solver));
        }
        Err(error) => return Err(error.into()),
    };
    if model.is_integer() && !solution.x.is_empty() {
        polish(model, &mut solution);
    }
    let mut report = summary(model, &solution, solver);
    if solution.status == Some(LpStatus::Optimal) && !rows.is_empty() {
        let base = if solver == Solver::Live && !model.is_integer() {
            solution.clone()
        } else {
            live.solve(model)?
        };
        for index in rows {
            let (left, right, note) = sides(&mut live, model, &base, index)?;
            report.rows.push(RowReport {
                index,
                name: named.row_names.get(index).cloned().unwrap_or_default(),
                dual: solution.row_dual.get(index).copied(),
                left,
                right,
                note,
            });
        }
    }
    Ok(report)
}

fn failed(solver: Solver) -> LpReport {
    LpReport {
        status: Status::Error,
        objective: None,
        solver: solver.name().to_owned(),
        max_primal_violation: None,
        max_dual_violation: None,
        mip_gap: None,
        rows: Vec::new(),
        timing: LpTiming::default(),
    }
}

fn summary(model: &LinearModel, solution: &LpSolution, solver: Solver) -> LpReport {
    let status = match solution.status {
        Some(LpStatus::Optimal) => Status::Optimal,
        Some(LpStatus::Infeasible) => Status::Infeasible,
        Some(LpStatus::Unbounded) => Status::Unbounded,
        Some(LpStatus::Limit) => Status::Limit,
        None => Status::Error,
    };
    let has_x = solution.x.len() == model.columns() && solution.objective.is_finite();
    let has_y = has_x && solution.row_dual.len() == model.rows() && !model.is_integer();
    LpReport {
        status,
        objective: has_x.then_some(solution.objective),
        max_primal_violation: has_x.then(|| primal_violation(model, &solution.x)),
        max_dual_violation: has_y.then(|| dual_violation(model, &solution.x, &solution.row_dual)),
        mip_gap: solution.gap.filter(|_| model.is_integer()),
        timing: LpTiming { seconds: 0.0, iterations: solution.iterations },
        ..failed(solver)
    }
}

/// The row that `text` names, or whose index it is.
fn row_index(named: &NamedModel, text: &str) -> Result<usize, LpReportError> {
    if let Some(index) = named.row_names.iter().position(|n| n == text) {
        return Ok(index);
    }
    if let Some(index) = text.parse().ok().filter(|i| *i < named.model.rows()) {
        return Ok(index);
    }
    let mut scored: Vec<(f64, &String)> =
        named.row_names.iter().map(|n| (strsim::jaro_winkler(n, text), n)).collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    let nearest = scored.into_iter().filter(|s| s.0 > 0.6).take(3).map(|s| s.1.clone()).collect();
    Err(LpReportError::UnknownRow { name: text.to_owned(), nearest })
}

type Sides = (Option<f64>, Option<f64>, Option<String>);

fn sides(
    live: &mut LiveHighs,
    model: &LinearModel,
    base: &LpSolution,
    row: usize,
) -> Result<Sides, BackendError> {
    if !model.is_integer() {
        let d = parametric::derivatives(live, base, row)?;
        return Ok((d.left, d.right, None));
    }
    let mut moved = |by: f64| -> Result<Option<f64>, BackendError> {
        live.set_row_bounds(&[(row, model.row_lower[row] + by, model.row_upper[row] + by)])?;
        let outcome = live.resolve_objective();
        live.restore()?;
        let (status, objective) = outcome?;
        Ok((status == LpStatus::Optimal).then_some((objective - base.objective) / by))
    };
    let note = "differences of the optimum over one unit: whole numbers have no derivatives";
    Ok((moved(-1.0)?, moved(1.0)?, Some(note.into())))
}

/// Puts whole numbers exactly on whole numbers and re-solves the rest.
fn polish(model: &LinearModel, solution: &mut LpSolution) {
    let mut fixed = model.clone();
    for (j, whole) in model.integer.iter().enumerate() {
        if *whole {
            (fixed.col_lower[j], fixed.col_upper[j]) =
                (solution.x[j].round(), solution.x[j].round());
        }
    }
    fixed.integer.clear();
    // A solution that rounding breaks is better left as it was.
    if let Ok(s) = solve_once(&fixed, Solver::Live)
        && s.status == Some(LpStatus::Optimal)
    {
        (solution.x, solution.objective, solution.row_activity) =
            (s.x, s.objective, s.row_activity);
    }
}

/// How far `x` is outside rows, bounds and whole numbers.
pub fn primal_violation(model: &LinearModel, x: &[f64]) -> f64 {
    let outside = |v: f64, lower: f64, upper: f64, scale: f64| {
        let bound = if v < lower { lower } else { upper };
        let by = (lower - v).max(v - upper).max(0.0);
        if by > 0.0 { by / scale.max(bound.abs()).max(1.0) } else { 0.0 }
    };
    let mut worst = 0.0_f64;
    for (j, v) in x.iter().enumerate() {
        worst = worst.max(outside(*v, model.col_lower[j], model.col_upper[j], 1.0));
        if model.integer.get(j).copied().unwrap_or(false) {
            worst = worst.max((v - v.round()).abs());
        }
    }
    for row in 0..model.rows() {
        let (mut sum, mut scale) = (0.0, 1.0_f64);
        for (column, coefficient) in model.row(row) {
            sum += coefficient * x[column];
            scale = scale.max((coefficient * x[column]).abs());
        }
        worst = worst.max(outside(sum, model.row_lower[row], model.row_upper[row], scale));
    }
    worst
}

/// How far `y` and its reduced costs are from proving `x` optimal.
pub fn dual_violation(model: &LinearModel, x: &[f64], y: &[f64]) -> f64 {
    let sense = if model.maximise { 1.0 } else { -1.0 };
    let objective = model.objective_at(x).abs().max(1.0);
    // A positive gain per unit needs an upper bound to hold it, and that bound to bind.
    let wrong = |gain: f64, at: f64, lower: f64, upper: f64, scale: f64| {
        let bound = if gain > 0.0 { upper } else { lower };
        let sign = gain.abs() / scale.max(1.0);
        if bound.is_finite() { sign.min(gain.abs() * (bound - at).abs() / objective) } else { sign }
    };
    let mut scale: Vec<f64> = model.cost.iter().map(|c| c.abs()).collect();
    let mut worst = 0.0_f64;
    for (row, dual) in y.iter().enumerate() {
        let mut activity = 0.0;
        for (column, coefficient) in model.row(row) {
            activity += coefficient * x[column];
            scale[column] = scale[column].max((coefficient * dual).abs());
        }
        let (lower, upper) = (model.row_lower[row], model.row_upper[row]);
        worst = worst.max(wrong(sense * dual, activity, lower, upper, dual.abs()));
    }
    for (j, reduced) in model.reduced_costs(y).into_iter().enumerate() {
        let (lower, upper) = (model.col_lower[j], model.col_upper[j]);
        worst = worst.max(wrong(sense * reduced, x[j], lower, upper, scale[j]));
    }
    worst
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(model: LinearModel) -> NamedModel {
        NamedModel {
            row_names: (0..model.rows()).map(|i| format!("limit_{i}")).collect(),
            col_names: (0..model.columns()).map(|i| format!("x{i}")).collect(),
            objective_name: "obj".into(),
            model,
        }
    }

    fn series() -> LinearModel {
        let mut m = LinearModel { maximise: true, ..Default::default() };
        let a = m.add_column(3.0, 0.0, f64::INFINITY);
        m.add_row(f64::NEG_INFINITY, 10.0, [(a, 1.0)]);
        m.add_row(f64::NEG_INFINITY, 10.0, [(a, 1.0)]);
        m
    }

    #[test]
    fn the_report_has_the_promised_fields_for_every_solver() {
        for solver in Solver::ALL {
            let report =
                solve_file(&named(series()), solver, &["limit_1".into(), "0".into()]).unwrap();
            let json = serde_json::to_value(&report).unwrap();
            assert_eq!(json["status"], "optimal");
            assert!((json["objective"].as_f64().unwrap() - 30.0).abs() < 1e-6);
            assert_eq!(json["solver"], solver.name());
            assert_eq!(json["rows"][0]["index"], 1);
            assert_eq!(json["rows"][1]["name"], "limit_0");
            assert!((json["rows"][0]["left"].as_f64().unwrap() - 3.0).abs() < 1e-9);
            assert_eq!(json["rows"][0]["right"], 0.0);
            assert!(json["max_primal_violation"].as_f64().unwrap() < 1e-8);
            assert_eq!(json["rows"][0]["dual"].is_null(), solver == Solver::Microlp);
            assert_eq!(json["max_dual_violation"].is_null(), solver == Solver::Microlp);
            assert!(json["mip_gap"].is_null());
            assert!(json["timing"]["iterations"].is_u64());
        }
    }

    #[test]
    fn an_unknown_row_is_an_error_with_the_nearest_names() {
        let error = solve_file(&named(series()), Solver::Live, &["limit_9".into()])
            .unwrap_err()
            .to_string();
        assert!(error.contains("`limit_9`") && error.contains("limit_0"), "{error}");
        assert!(solve_file(&named(series()), Solver::Live, &["2".into()]).is_err());
    }

    #[test]
    fn whole_numbers_give_unit_differences_and_a_gap() {
        let mut m = LinearModel { maximise: true, integer: vec![true], ..Default::default() };
        let n = m.add_column(1.0, 0.0, f64::INFINITY);
        m.add_row(f64::NEG_INFINITY, 10.0, [(n, 1.3)]);
        let report = solve_file(&named(m), Solver::Live, &["0".into()]).unwrap();
        assert_eq!((report.objective, report.mip_gap), (Some(7.0), Some(0.0)));
        let row = &report.rows[0];
        // 9, 10 and 11 MW carry 6, 7 and 8 domains of 1.3 MW.
        assert_eq!((row.dual, row.left, row.right), (None, Some(1.0), Some(1.0)));
        assert!(row.note.is_some());
    }

    #[test]
    fn an_infeasible_side_is_null() {
        let mut m = series();
        m.row_lower[0] = 10.0;
        let report = solve_file(&named(m), Solver::Live, &["1".into()]).unwrap();
        assert_eq!((report.rows[0].left, report.rows[0].right), (None, Some(0.0)));
    }

    #[test]
    fn violations_show_what_is_wrong_and_only_that() {
        let m = series();
        assert_eq!(primal_violation(&m, &[10.0]), 0.0);
        assert_eq!(primal_violation(&m, &[11.0]), 1.0 / 11.0);
        assert_eq!(primal_violation(&m, &[-0.5]), 0.5);
        assert_eq!(dual_violation(&m, &[10.0], &[3.0, 0.0]), 0.0);
        assert_eq!(dual_violation(&m, &[10.0], &[1.0, 2.0]), 0.0);
        // A reduced cost of 1 that nothing holds back.
        assert_eq!(dual_violation(&m, &[10.0], &[2.0, 0.0]), 1.0 / 3.0);
        // Optimal duals do not make 9 optimal.
        assert!(dual_violation(&m, &[9.0], &[3.0, 0.0]) > 0.1);
    }
}
