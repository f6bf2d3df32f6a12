//! Plans for value alone: the same optimum as [`PlanSolver`] and in all that is read the same choice
//! among equals, from a basis that was optimal before, without limits, marginal values and conflicts.
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
use super::sums::{self, Reads};
use super::{check, summary, tiebreak};
use std::collections::BTreeMap;

/// What runs where in a dispatch, by block.
pub fn running(input: &PlanInput, dispatch: &Dispatch) -> Vec<BlockResult> {
    summary::money(&Evaluation::new(input, dispatch)).blocks
}

/// What gives a model its columns and rows: those rows of outages that stand in it, the points that
/// others beat, and the counts of columns and rows, which tell apart the rest.
type Shape = (Vec<usize>, Vec<bool>, (usize, usize));

/// Solves inputs of a few kinds again and again.
#[derive(Default)]
pub struct LeanSolver {
    simplex: Simplex,
    /// Where solves ended, by kind and shape.
    starts: BTreeMap<(usize, Shape), Starts>,
    /// Where the newest solve of a shape ended, whatever its kind, and the run that it was of.
    recent: BTreeMap<Shape, (u64, Start)>,
    /// The newest solve, from which one of another shape starts.
    last: Option<Ended>,
    run: u64,
}

impl LeanSolver {
    /// Goes back to where another one stands.
    pub fn restart(&mut self, from: &Self) {
        self.starts.clone_from(&from.starts);
        self.recent.clone_from(&from.recent);
        self.last = None;
        self.run = from.run;
        self.simplex.forget();
    }

    /// Begins another run: what it solves is nearer to its own solves than to those before.
    pub fn begin(&mut self) {
        self.run += 1;
    }

    /// The plan of an input that is reduced but for beaten points; `kind` tells apart inputs that
    /// have their own start, such as years, `rows` are the rows of outages in it, and `group` is the
    /// block that stands for each of the full input. Among equally good plans it is the one that
    /// [`PlanSolver`] chooses, or one that agrees with it in all that is read of it. An infeasible
    /// one has no conflicts. Nothing where the answer does not hold or is not found: ask the full
    /// solver then.
    ///
    /// [`PlanSolver`]: super::PlanSolver
    pub fn solve(
        &mut self,
        (kind, rows): (usize, &[usize]),
        (input, group): (&PlanInput, &[usize]),
        reads: Reads,
    ) -> Option<(Plan, Dispatch)> {
        if input.policy.integer {
            return None;
        }
        let mut small = input.clone();
        let beaten = drop_dominated(&mut small);
        let mut built = build(&small);
        let size = (built.model.columns(), built.model.rows());
        let shape = (rows.to_vec(), beaten, size);
        let starts = self.starts.entry((kind, shape.clone())).or_default();
        let before = starts.root.take();
        let own = before.as_ref().map(|(start, _)| start);
        let nearest = match self.recent.get(&shape) {
            Some((run, start)) if *run == self.run => Some(start),
            recent => own.or(recent.map(|(_, start)| start)),
        };
        let known = || self.last.as_ref()?.known((&small, group), &built);
        let near = || Some(self.simplex.near(&built.model, &known()?));
        starts.first = nearest.cloned().or_else(near);
        let mut engine = Engine::Own { simplex: &mut self.simplex, starts };
        let (solution, prices) = posted::solve(&mut engine, &small, &mut built).ok()?;
        match &starts.root {
            None => starts.root = before,
            Some(root) => {
                self.recent.insert(shape, (self.run, root.0.clone()));
                self.last = Some(Ended::new((&small, group), &built, root.clone()));
            }
        }
        match solution.status? {
            LpStatus::Optimal => {}
            LpStatus::Infeasible => {
                let plan = Plan { status: Status::Infeasible, ..Plan::default() };
                return Some((plan, Dispatch::default()));
            }
            _ => return None,
        }
        let zero = tiebreak::zero(&built.model);
        let mut dispatch = Dispatch::read(&small, &built.cols, &solution.x);
        let hour = || Evaluation::new(&small, &dispatch).worst_hour();
        let worst = (reads == Reads::Blocks).then(hour);
        let agrees =
            |simplex: &mut Simplex| simplex.agrees(zero, &sums::weights(&small, &built, worst));
        if reads == Reads::All || !agrees(&mut self.simplex) {
            if let Some(start) = starts.of_ties.get(&prices) {
                self.simplex.load(&built.model, Some(start));
                self.simplex.solve_above(None)?;
            }
            let second = |free: &[bool]| tiebreak::second_objective(&small, &built, free);
            if !self.simplex.choose(zero, second) {
                return None;
            }
            starts.of_ties.insert(prices, self.simplex.start());
            dispatch = Dispatch::read(&small, &built.cols, &self.simplex.x());
        }
        let evaluation = Evaluation::new(&small, &dispatch);
        if !check::evaluated(&evaluation, solution.objective).is_empty() {
            return None;
        }
        let plan = summary::money(&evaluation);
        Some((plan, dispatch))
    }
}
