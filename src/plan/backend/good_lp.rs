//! One-shot solves through good_lp: HiGHS, Clarabel and microlp behind one modelling
//! layer, for cross-checks and for whoever wants another solver.
//!
//! It must not be used where a model is solved again and again: good_lp consumes the
//! model and keeps no basis.

use good_lp::constraint::ConstraintReference;
use good_lp::solvers::clarabel::clarabel;
use good_lp::solvers::highs::highs;
use good_lp::solvers::microlp::microlp;
use good_lp::solvers::{DualValues, SolutionStatus};
use good_lp::variable::UnsolvedProblem;
use good_lp::{
    Expression, ProblemVariables, ResolutionError, Solution, SolutionWithDual, SolverModel,
    Variable, variable,
};

use crate::plan::backend::{BackendError, Solver};
use crate::plan::lp::{LinearModel, LpSolution, LpStatus};

/// Tolerance that Clarabel aims at, and the one that it may settle for. The second is
/// still tight enough for objectives to agree to 1e-6.
const CLARABEL: (f64, f64) = (1e-11, 1e-8);

/// Gap and feasibility tolerances for HiGHS behind good_lp.
const HIGHS: f64 = 1e-9;

/// Solves `model` once with `solver`. Row duals come from HiGHS and Clarabel alone.
///
/// # Errors
/// A malformed model, integers with Clarabel, a failure of the solver, and the live
/// solver, which is not reached through good_lp.
pub fn solve(model: &LinearModel, solver: Solver) -> Result<LpSolution, BackendError> {
    if let Some(defect) = model.defect() {
        return Err(BackendError::Model(defect));
    }
    if solver == Solver::Clarabel && model.is_integer() {
        return Err(BackendError::Unsupported {
            solver: solver.name(),
            what: "models with whole-number columns; use `highs` or `microlp`".into(),
        });
    }
    if let Some(answer) = without_solver(model) {
        return Ok(answer);
    }
    let outcome = dispatch(model, solver)?;
    match outcome.status {
        // The statuses "infeasible" of HiGHS behind good_lp and "dual infeasible" of
        // Clarabel each mean either; without an objective nothing is unbounded.
        Some(LpStatus::Infeasible | LpStatus::Unbounded)
            if model.cost.iter().any(|c| *c != 0.0) =>
        {
            let mut feasibility = model.clone();
            feasibility.cost.fill(0.0);
            let status = match dispatch(&feasibility, solver)?.status {
                Some(LpStatus::Optimal) => LpStatus::Unbounded,
                Some(LpStatus::Limit) => LpStatus::Limit,
                _ => LpStatus::Infeasible,
            };
            Ok(without_solution(status, model))
        }
        _ => Ok(outcome),
    }
}

fn dispatch(model: &LinearModel, solver: Solver) -> Result<LpSolution, BackendError> {
    match solver {
        Solver::GoodLpHighs => with_highs(model),
        Solver::Clarabel => with_clarabel(model),
        Solver::Microlp => with_microlp(model),
        Solver::Live => Err(BackendError::Unsupported {
            solver: solver.name(),
            what: "anything through good_lp".into(),
        }),
    }
}

/// Answers that need no solver, and that some solvers stumble over.
fn without_solver(model: &LinearModel) -> Option<LpSolution> {
    let crossed = |l: &[f64], u: &[f64]| l.iter().zip(u).any(|(l, u)| l > u);
    if crossed(&model.col_lower, &model.col_upper) || crossed(&model.row_lower, &model.row_upper) {
        return Some(without_solution(LpStatus::Infeasible, model));
    }
    if model.columns() > 0 {
        return None;
    }
    let fits = model.row_lower.iter().zip(&model.row_upper).all(|(l, u)| *l <= 0.0 && 0.0 <= *u);
    if !fits {
        return Some(without_solution(LpStatus::Infeasible, model));
    }
    Some(LpSolution {
        status: Some(LpStatus::Optimal),
        objective: model.offset,
        row_activity: vec![0.0; model.rows()],
        row_dual: vec![0.0; model.rows()],
        ..Default::default()
    })
}

fn without_solution(status: LpStatus, model: &LinearModel) -> LpSolution {
    let objective = match status {
        LpStatus::Unbounded if model.maximise => f64::INFINITY,
        LpStatus::Unbounded => f64::NEG_INFINITY,
        _ => f64::NAN,
    };
    LpSolution { status: Some(status), objective, ..Default::default() }
}

/// Variables of good_lp and the problem without its rows.
fn columns(model: &LinearModel) -> (Vec<Variable>, UnsolvedProblem) {
    let mut variables = ProblemVariables::new();
    let mut add = |j: usize| {
        let definition = variable().min(model.col_lower[j]).max(model.col_upper[j]);
        let whole = model.integer.get(j).copied().unwrap_or(false);
        variables.add(if whole { definition.integer() } else { definition })
    };
    let columns: Vec<Variable> = (0..model.columns()).map(&mut add).collect();
    let mut objective = Expression::with_capacity(columns.len());
    for (column, cost) in columns.iter().zip(&model.cost) {
        if *cost != 0.0 {
            objective.add_mul(*cost, *column);
        }
    }
    let problem =
        if model.maximise { variables.maximise(objective) } else { variables.minimise(objective) };
    (columns, problem)
}

/// Adds the rows; a ranged row becomes two constraints. Returns (row, constraint).
fn rows<M: SolverModel>(
    model: &LinearModel,
    columns: &[Variable],
    problem: &mut M,
) -> Vec<(usize, ConstraintReference)> {
    let mut references = Vec::with_capacity(model.rows());
    for row in 0..model.rows() {
        let (lower, upper) = (model.row_lower[row], model.row_upper[row]);
        let expression = || {
            let mut sum = Expression::with_capacity(8);
            for (column, coefficient) in model.row(row) {
                sum.add_mul(coefficient, columns[column]);
            }
            sum
        };
        if lower == upper {
            references.push((row, problem.add_constraint(expression().eq(lower))));
            continue;
        }
        if upper < f64::INFINITY {
            references.push((row, problem.add_constraint(expression().leq(upper))));
        }
        if lower > f64::NEG_INFINITY {
            references.push((row, problem.add_constraint(expression().geq(lower))));
        }
    }
    references
}

fn with_highs(model: &LinearModel) -> Result<LpSolution, BackendError> {
    let (columns, problem) = columns(model);
    // One thread, as everywhere in the process: HiGHS refuses a second choice per thread.
    let mut problem = problem
        .using(highs)
        .set_threads(1)
        .set_option("mip_rel_gap", HIGHS)
        .set_option("primal_feasibility_tolerance", HIGHS)
        .set_option("dual_feasibility_tolerance", HIGHS);
    let references = rows(model, &columns, &mut problem);
    match problem.solve() {
        Ok(mut solution) => {
            let mut s = finish(model, &columns, &solution);
            if !model.is_integer() {
                duals(model, &references, &solution.compute_dual(), &mut s);
            }
            Ok(s)
        }
        Err(error) => refused(error, Solver::GoodLpHighs, model),
    }
}

fn with_clarabel(model: &LinearModel) -> Result<LpSolution, BackendError> {
    let (columns, problem) = columns(model);
    let mut problem = problem.using(clarabel);
    let (aim, settle) = CLARABEL;
    problem
        .settings()
        .tol_gap_abs(aim)
        .tol_gap_rel(aim)
        .tol_feas(aim)
        .reduced_tol_gap_abs(settle)
        .reduced_tol_gap_rel(settle)
        .reduced_tol_feas(settle)
        .max_threads(1);
    let references = rows(model, &columns, &mut problem);
    match problem.solve() {
        Ok(mut solution) => {
            // good_lp calls a certificate of unboundedness a solution.
            if format!("{:?}", solution.inner().status).contains("DualInfeasible") {
                return Ok(without_solution(LpStatus::Unbounded, model));
            }
            let iterations = solution.inner().iterations;
            let mut s = finish(model, &columns, &solution);
            s.iterations = iterations.into();
            duals(model, &references, &solution.compute_dual(), &mut s);
            Ok(s)
        }
        Err(error) => refused(error, Solver::Clarabel, model),
    }
}

fn with_microlp(model: &LinearModel) -> Result<LpSolution, BackendError> {
    let (columns, problem) = columns(model);
    let mut problem = problem.using(microlp);
    rows(model, &columns, &mut problem);
    match problem.solve() {
        Ok(solution) => Ok(finish(model, &columns, &solution)),
        Err(error) => refused(error, Solver::Microlp, model),
    }
}

/// Values, activities and the objective, the last two from the values in f64.
fn finish(model: &LinearModel, columns: &[Variable], solution: &impl Solution) -> LpSolution {
    let x: Vec<f64> = columns.iter().map(|c| solution.value(*c)).collect();
    let status = match solution.status() {
        SolutionStatus::TimeLimit => LpStatus::Limit,
        SolutionStatus::Optimal | SolutionStatus::GapLimit => LpStatus::Optimal,
    };
    LpSolution {
        status: Some(status),
        objective: model.objective_at(&x),
        row_activity: model.activity(&x),
        x,
        ..Default::default()
    }
}

/// A ranged row is two constraints, of which at most one has a price.
fn duals(
    model: &LinearModel,
    references: &[(usize, ConstraintReference)],
    values: &impl DualValues,
    solution: &mut LpSolution,
) {
    solution.row_dual = vec![0.0; model.rows()];
    for (row, reference) in references {
        solution.row_dual[*row] += values.dual(reference.clone());
    }
    solution.col_dual = model.reduced_costs(&solution.row_dual);
}

fn refused(
    error: ResolutionError,
    solver: Solver,
    model: &LinearModel,
) -> Result<LpSolution, BackendError> {
    let what = match error {
        ResolutionError::Infeasible => return Ok(without_solution(LpStatus::Infeasible, model)),
        ResolutionError::Unbounded => return Ok(without_solution(LpStatus::Unbounded, model)),
        ResolutionError::Other("Time limit reached" | "NoSolutionFound") => {
            return Ok(without_solution(LpStatus::Limit, model));
        }
        ResolutionError::Other(what) => what.to_owned(),
        ResolutionError::Str(what) => what,
    };
    Err(BackendError::Solver { solver: solver.name(), what })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Solver; 3] = [Solver::GoodLpHighs, Solver::Clarabel, Solver::Microlp];

    /// Both senses, a range, an equality, a free column, an offset.
    fn mixed(maximise: bool) -> LinearModel {
        let sign = if maximise { 1.0 } else { -1.0 };
        let mut m = LinearModel { maximise, offset: 3.0, ..Default::default() };
        let p = m.add_column(5.0 * sign, 0.0, 4.0);
        let q = m.add_column(2.0 * sign, 0.0, f64::INFINITY);
        let free = m.add_column(-sign, f64::NEG_INFINITY, f64::INFINITY);
        m.add_row(1.0, 10.0, [(p, 1.0), (q, 1.0)]);
        m.add_row(0.0, 0.0, [(free, 1.0), (q, -0.5)]);
        m
    }

    #[test]
    fn every_solver_finds_the_same_optimum_as_by_hand() {
        for solver in ALL {
            for maximise in [true, false] {
                let s = solve(&mixed(maximise), solver).unwrap();
                let expected = 3.0 + if maximise { 29.0 } else { -29.0 };
                assert_eq!(s.status, Some(LpStatus::Optimal), "{solver}");
                assert!((s.objective - expected).abs() < 1e-7, "{solver}: {}", s.objective);
            }
        }
    }

    #[test]
    fn duals_have_the_sign_of_the_model_in_both_senses() {
        for solver in [Solver::GoodLpHighs, Solver::Clarabel] {
            for (maximise, sign) in [(true, 1.0), (false, -1.0)] {
                let s = solve(&mixed(maximise), solver).unwrap();
                for (dual, by_hand) in s.row_dual.iter().zip([1.5, -1.0]) {
                    assert!((dual - sign * by_hand).abs() < 1e-6, "{solver}: {:?}", s.row_dual);
                }
                assert!((s.col_dual[0] - sign * 3.5).abs() < 1e-6, "{solver}: {:?}", s.col_dual);
            }
        }
    }

    #[test]
    fn infeasible_and_unbounded_are_told_apart() {
        for solver in ALL {
            let mut m = LinearModel { maximise: true, ..Default::default() };
            let a = m.add_column(1.0, 0.0, f64::INFINITY);
            m.add_row(2.0, f64::INFINITY, [(a, 1.0)]);
            assert_eq!(solve(&m, solver).unwrap().status, Some(LpStatus::Unbounded), "{solver}");
            let b = m.add_column(1.0, 0.0, 1.0);
            m.add_row(2.0, f64::INFINITY, [(b, 1.0)]);
            assert_eq!(solve(&m, solver).unwrap().status, Some(LpStatus::Infeasible), "{solver}");
            m.col_lower[b] = 3.0;
            assert_eq!(solve(&m, solver).unwrap().status, Some(LpStatus::Infeasible), "{solver}");
        }
    }

    #[test]
    fn whole_numbers_are_solved_or_refused_in_words() {
        let mut m = LinearModel { maximise: true, integer: vec![true], ..Default::default() };
        let n = m.add_column(1.0, 0.0, f64::INFINITY);
        m.add_row(f64::NEG_INFINITY, 1.0, [(n, 0.13)]);
        for solver in [Solver::GoodLpHighs, Solver::Microlp] {
            assert!((solve(&m, solver).unwrap().objective - 7.0).abs() < 1e-9, "{solver}");
        }
        let error = solve(&m, Solver::Clarabel).unwrap_err().to_string();
        assert!(error.contains("clarabel") && error.contains("whole-number"), "{error}");
    }
}
