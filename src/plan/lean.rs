//! Plans for value alone: the same optimum and the same choice among equals as [`PlanSolver`], from
//! a basis that was optimal before, without limits, marginal values and conflicts.
//!
//! [`PlanSolver`]: super::PlanSolver

use super::build::build;
use super::dispatch::Dispatch;
use super::evaluate::Evaluation;
use super::input::PlanInput;
use super::lp::LpStatus;
use super::posted::{self, Engine, Starts};
use super::reduce::drop_dominated;
use super::result::{BlockResult, Plan, Status};
use super::simplex::Simplex;
use super::{check, summary, tiebreak};
use std::collections::BTreeMap;

/// What runs where in a dispatch, by block.
pub fn running(input: &PlanInput, dispatch: &Dispatch) -> Vec<BlockResult> {
    summary::money(&Evaluation::new(input, dispatch)).blocks
}

/// Solves inputs of a few kinds again and again.
#[derive(Default)]
pub struct LeanSolver {
    simplex: Simplex,
    /// Where solves ended, by kind and by the points that others beat.
    starts: BTreeMap<(Vec<usize>, Vec<bool>), Starts>,
}

impl LeanSolver {
    /// Goes back to where another one stands.
    pub fn restart(&mut self, from: &Self) {
        self.starts.clone_from(&from.starts);
    }

    /// The plan of an input that is reduced but for beaten points; `kind` tells apart inputs that
    /// have their own start, such as years. An infeasible one has no conflicts. Nothing where the
    /// answer does not hold or is not found: ask the full solver then.
    pub fn solve(&mut self, kind: Vec<usize>, input: &PlanInput) -> Option<(Plan, Dispatch)> {
        if input.policy.integer {
            return None;
        }
        let mut small = input.clone();
        let beaten = drop_dominated(&mut small);
        let mut built = build(&small);
        let starts = self.starts.entry((kind, beaten)).or_default();
        let mut engine = Engine::Own { simplex: &mut self.simplex, starts };
        let (solution, prices) = posted::solve(&mut engine, &small, &mut built).ok()?;
        match solution.status? {
            LpStatus::Optimal => {}
            LpStatus::Infeasible => {
                let plan = Plan { status: Status::Infeasible, ..Plan::default() };
                return Some((plan, Dispatch::default()));
            }
            _ => return None,
        }
        let second = |free: &[bool]| tiebreak::second_objective(&small, &built, free);
        if !self.simplex.choose(tiebreak::zero(&built.model), second) {
            return None;
        }
        starts.of_ties.insert(prices, self.simplex.start());
        let dispatch = Dispatch::read(&small, &built.cols, &self.simplex.x());
        let evaluation = Evaluation::new(&small, &dispatch);
        if !check::evaluated(&evaluation, solution.objective).is_empty() {
            return None;
        }
        let plan = summary::money(&evaluation);
        Some((plan, dispatch))
    }
}
