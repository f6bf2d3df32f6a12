//! From input to plan: reduce, build, solve, break ties, check, explain.

use super::backend::{BackendError, Solver, highs::LiveHighs};
use super::build::{Built, build};
use super::conflict;
use super::dispatch::Dispatch;
use super::evaluate::Evaluation;
use super::input::PlanInput;
use super::limits::USD_PER_MUSD;
use super::lp::{LpSolution, LpStatus, NamedModel};
use super::marginal::{self, Question};
use super::posted::{self, Bases, Engine};
use super::reduce::{Reduced, identity, reduce};
use super::result::{Plan, Status};
use super::{check, names, summary, tiebreak};
use std::time::Duration;

/// Why there is no plan although the input is sound.
#[derive(Debug, thiserror::Error)]
pub enum PlanError {
    #[error(transparent)]
    Backend(#[from] BackendError),
    /// The checker found what the solver did not honour.
    #[error("the plan fails its check: {}", .0.join("; "))]
    Check(Vec<String>),
}

/// A solved input, kept for questions about it.
#[derive(Clone, Debug, Default)]
pub struct Solved {
    pub plan: Plan,
    pub dispatch: Dispatch,
    pub warm: bool,
    pub iterations: u64,
    reduced: Reduced,
    built: Built,
    /// Of the primary objective.
    solution: LpSolution,
    /// Row sums after ties are broken.
    activity: Vec<f64>,
}

impl Solved {
    /// Columns and rows of the model.
    pub fn size(&self) -> (usize, usize) {
        (self.built.model.columns(), self.built.model.rows())
    }

    /// The model with names, for writing it out.
    pub fn named(&self) -> NamedModel {
        names::named(&self.reduced.input, &self.built)
    }
}

/// Relative gap at which an integer search ends.
const MIP_GAP: f64 = 1e-4;
/// Time after which it ends with what it has; the gap says how good that is.
const MIP_TIME: Duration = Duration::from_secs(60);

/// How to solve.
#[derive(Clone, Copy, Debug)]
pub struct How {
    pub solver: Solver,
    /// Merge identical blocks and drop what cannot matter first.
    pub reduce: bool,
    /// Choose the canonical plan among equals (live solver only).
    pub canonical: bool,
}

impl Default for How {
    fn default() -> Self {
        Self { solver: Solver::default(), reduce: true, canonical: true }
    }
}

/// Solves inputs one after the other, each from where the last one ended.
pub struct PlanSolver {
    live: LiveHighs,
    bases: Bases,
}

impl PlanSolver {
    /// # Errors
    /// HiGHS cannot be set up.
    pub fn new() -> Result<Self, PlanError> {
        Ok(Self { live: LiveHighs::new()?.without_scaling()?, bases: Bases::default() })
    }

    /// Forgets where the last solve ended.
    pub fn cold(&mut self) {
        self.live.cold();
        self.bases = Bases::default();
    }

    /// Lets another thread stop a solve.
    ///
    /// # Errors
    /// HiGHS refuses the callback.
    pub fn set_cancel(
        &mut self,
        flag: Option<std::sync::Arc<std::sync::atomic::AtomicBool>>,
    ) -> Result<(), PlanError> {
        Ok(self.live.set_cancel(flag)?)
    }

    /// Solves one input; an infeasible one is an answer with its conflicts.
    ///
    /// # Errors
    /// A failure of the backend, or a plan that fails its check.
    pub fn solve(&mut self, input: &PlanInput, how: How) -> Result<Solved, PlanError> {
        let reduced = if how.reduce { reduce(input) } else { identity(input) };
        let mut built = build(&reduced.input);
        if built.model.is_integer() {
            self.live.set_mip_gap(MIP_GAP)?;
            self.live.set_time_limit(Some(MIP_TIME))?;
        } else {
            self.live.set_time_limit(None)?;
        }
        let live = how.solver == Solver::default();
        let mut engine = match live {
            true => Engine::Live { live: &mut self.live, bases: &mut self.bases, warm: None },
            false => Engine::Once(how.solver),
        };
        let (mut solution, prices) = posted::solve(&mut engine, &reduced.input, &mut built)?;
        let warm = engine.was_warm();
        let mut solved = Solved { warm, reduced, built, ..Solved::default() };
        match solution.status {
            Some(LpStatus::Optimal) => {}
            Some(LpStatus::Infeasible) => {
                solved.plan.status = Status::Infeasible;
                solved.plan.conflicts = conflict::explain(&solved.reduced.input, &solved.built)?;
                return Ok(solved);
            }
            Some(LpStatus::Unbounded) => {
                solved.plan.status = Status::Unbounded;
                return Ok(solved);
            }
            Some(LpStatus::Limit) if solution.x.is_empty() => {
                solved.plan.status = Status::Limit;
                return Ok(solved);
            }
            Some(LpStatus::Limit) => {}
            None => return Ok(solved),
        }
        let primary = solution.clone();
        if live && how.canonical && !solved.built.model.is_integer() {
            tiebreak::canonical(
                &mut self.live,
                &solved.reduced.input,
                &solved.built,
                &mut solution,
                (&mut self.bases, &prices),
            )?;
        }
        let small = Dispatch::read(&solved.reduced.input, &solved.built.cols, &solution.x);
        solved.dispatch = solved.reduced.expand(input, &small);
        let evaluation = Evaluation::new(input, &solved.dispatch);
        let faults = check::evaluated(&evaluation, solution.objective);
        if !faults.is_empty() {
            return Err(PlanError::Check(faults));
        }
        solved.plan = summary::plan(&evaluation);
        if solution.status == Some(LpStatus::Limit) {
            solved.plan.status = Status::Limit;
        }
        if solved.built.model.is_integer() {
            solved.plan.bound_usd_per_year = solution.bound.map(|b| b * USD_PER_MUSD);
            solved.plan.mip_gap = solution.gap;
        }
        solved.iterations = solution.iterations;
        solved.solution = primary;
        solved.activity = solution.row_activity;
        Ok(solved)
    }

    /// Fills the marginal values of a continuous plan that this solver made last
    /// or makes anew; an integer plan has none.
    ///
    /// # Errors
    /// A failure of the backend.
    pub fn marginals(&mut self, input: &PlanInput, solved: &mut Solved) -> Result<(), PlanError> {
        if solved.plan.status != Status::Optimal || solved.built.model.is_integer() {
            return Ok(());
        }
        if self.live.model() != Some(&solved.built.model) {
            solved.solution = self.live.solve(&solved.built.model)?;
        }
        let question = Question {
            full: input,
            reduced: &solved.reduced,
            built: &solved.built,
            solution: &solved.solution,
            activity: &solved.activity,
        };
        solved.plan.joint_gains =
            marginal::fill(&mut self.live, &question, &mut solved.plan.limits)?;
        Ok(())
    }
}
