//! Plans for value alone: the same optimum and the same choice among equals as [`PlanSolver`], from
//! a basis that was optimal before, without limits, marginal values and conflicts.
//!
//! [`PlanSolver`]: super::PlanSolver

use super::build::build;
use super::carry::Ended;
use super::dispatch::Dispatch;
use super::evaluate::Evaluation;
use super::input::PlanInput;
use super::lp::LpStatus;
use super::posted::{self, Engine, Starts};
use super::reduce::drop_dominated;
use super::result::{BlockResult, Plan, Status};
use super::simplex::{Simplex, Start};
use super::{check, summary, tiebreak};
use std::collections::BTreeMap;

/// What runs where in a dispatch, by block.
pub fn running(input: &PlanInput, dispatch: &Dispatch) -> Vec<BlockResult> {
    summary::money(&Evaluation::new(input, dispatch)).blocks
}

/// What gives a model its columns and rows: those rows of outages that stand in it, and the points
/// that others beat.
type Shape = (Vec<usize>, Vec<bool>);

/// Solves inputs of a few kinds again and again.
#[derive(Default)]
pub struct LeanSolver {
    simplex: Simplex,
    /// Where solves ended, by kind, rows and the points that others beat.
    starts: BTreeMap<(usize, Shape), Starts>,
    /// Where the newest solve with all prices ended, whatever its kind.
    recent: BTreeMap<Shape, Start>,
    /// The newest solve, from which one of another kind starts.
    last: Option<Ended>,
}

impl LeanSolver {
    /// Goes back to where another one stands.
    pub fn restart(&mut self, from: &Self) {
        self.starts.clone_from(&from.starts);
        self.recent.clone_from(&from.recent);
        self.last = None;
        self.simplex.forget();
    }

    /// The plan of an input that is reduced but for beaten points; `kind` tells apart inputs that
    /// have their own start, such as years, `rows` are the rows of outages in it, and `group` is the
    /// block that stands for each of the full input. An infeasible one has no conflicts. Nothing where the answer does not hold or is
    /// not found: ask the full solver then.
    pub fn solve(
        &mut self,
        (kind, rows): (usize, &[usize]),
        (input, group): (&PlanInput, &[usize]),
    ) -> Option<(Plan, Dispatch)> {
        if input.policy.integer {
            return None;
        }
        let mut small = input.clone();
        let beaten = drop_dominated(&mut small);
        let mut built = build(&small);
        let shape = (rows.to_vec(), beaten);
        let starts = self.starts.entry((kind, shape.clone())).or_default();
        if starts.is_empty() {
            let known = || self.last.as_ref()?.known((&small, group), &built);
            let recent = self.recent.get(&shape).cloned();
            starts.first = recent.or_else(|| Some(self.simplex.near(&built.model, &known()?)));
        }
        let mut engine = Engine::Own { simplex: &mut self.simplex, starts };
        let (solution, prices) = posted::solve(&mut engine, &small, &mut built).ok()?;
        if let Some(root) = starts.root.take() {
            self.recent.insert(shape, root.0.clone());
            self.last = Some(Ended::new((&small, group), &built, root));
        }
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
