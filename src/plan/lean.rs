//! Plans for value alone: the same optimum as [`PlanSolver`] and in all that is read the same choice
//! among equals, from a basis that was optimal before, without limits, marginal values and conflicts.
//!
//! [`PlanSolver`]: super::PlanSolver

use super::build::{Built, build};
use super::carry::Ended;
use super::dispatch::Dispatch;
use super::evaluate::Evaluation;
use super::input::PlanInput;
use super::lp::LpStatus;
use super::posted::{self, Engine, Root, Starts};
use super::reduce::drop_dominated;
use super::result::{BlockResult, Plan, Status};
use super::simplex::{Rows, Simplex, Start};
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
    shapes: BTreeMap<Shape, Seen>,
    /// The newest solve, from which one of another shape starts, and its run.
    last: Option<(u64, Ended)>,
    run: u64,
}

/// What is known of models of a shape.
#[derive(Clone, Default)]
struct Seen {
    /// Rows that bound a solve.
    rows: Rows,
    /// Where the newest solve ended, whatever its kind, and the run that it was of.
    newest: Option<(u64, Start)>,
}

impl LeanSolver {
    /// Goes back to where another one stands.
    pub fn restart(&mut self, from: &Self) {
        self.starts.clone_from(&from.starts);
        self.shapes.clone_from(&from.shapes);
        self.last = None;
        self.run = from.run;
        self.simplex.forget();
    }

    /// Begins another run: what it solves is nearer to its own solves than to those before.
    pub fn begin(&mut self) {
        self.run += 1;
    }

    /// The plan of an input that is reduced but for beaten points, which it drops; `kind` tells apart
    /// inputs that have their own start, such as years, `rows` are the rows of outages in it, and `group` is the
    /// block that stands for each of the full input. Among equally good plans it is the one that
    /// [`PlanSolver`] chooses, or one that agrees with it in all that is read of it. An infeasible
    /// one has no conflicts. Nothing where the answer does not hold or is not found: ask the full
    /// solver then.
    ///
    /// [`PlanSolver`]: super::PlanSolver
    pub fn solve(
        &mut self,
        (kind, rows): (usize, &[usize]),
        (small, group): (&mut PlanInput, &[usize]),
        reads: Reads,
    ) -> Option<(Plan, Dispatch)> {
        if small.policy.integer {
            return None;
        }
        let beaten = drop_dominated(small);
        let small = &*small;
        let mut built = build(small);
        let (n, m) = (built.model.columns(), built.model.rows());
        let shape = (rows.to_vec(), beaten, (n, m));
        let mut starts = self.starts.remove(&(kind, shape.clone())).unwrap_or_default();
        let mut seen = self.shapes.remove(&shape).unwrap_or_default();
        let first = seen.newest.is_none();
        if first {
            seen.rows = Rows::all(m);
        }
        let solved = self.solve_from((&mut starts, &mut seen), (small, group), &mut built, reads);
        if first && solved.is_some() {
            seen.narrow(&mut starts, (n, m));
        }
        let kept = seen.rows.thin();
        self.starts.insert((kind, shape.clone()), starts);
        if let Some(kept) = kept {
            let of_shape = self.starts.iter_mut().filter(|((_, own), _)| *own == shape);
            of_shape.for_each(|(_, starts)| starts.keep(&kept));
            seen.newest = seen.newest.and_then(|(run, end)| Some((run, end.of_rows(&kept)?)));
        }
        self.shapes.insert(shape, seen);
        solved
    }

    fn solve_from(
        &mut self,
        (starts, seen): (&mut Starts, &mut Seen),
        (small, group): (&PlanInput, &[usize]),
        built: &mut Built,
        reads: Reads,
    ) -> Option<(Plan, Dispatch)> {
        let before = starts.root.take();
        starts.first = self.nearest((before.as_ref(), seen), (small, group), built);
        let rows = &mut seen.rows;
        let mut engine = Engine::Own { simplex: &mut self.simplex, rows: &mut *rows, starts };
        let (solution, prices) = posted::solve(&mut engine, small, built).ok()?;
        rows.look(starts.nodes.values());
        match &starts.root {
            None => starts.root = before,
            Some(root) => {
                seen.newest = Some((self.run, root.start.clone()));
                let ended = Ended::new((small, group), built, (root, rows));
                self.last = Some((self.run, ended));
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
        let mut dispatch = Dispatch::read(small, &built.cols, &solution.x);
        let hour = || Evaluation::new(small, &dispatch).worst_hour();
        let worst = (reads == Reads::Blocks).then(hour);
        let agrees =
            |simplex: &mut Simplex| simplex.agrees(zero, &sums::weights(small, built, worst));
        if reads == Reads::All || !agrees(&mut self.simplex) {
            if let Some(start) = starts.of_ties.get(&prices) {
                self.simplex.load(&built.model, rows, Some(start));
                self.simplex.solve_with(&built.model, rows, None)?;
            }
            let second = |free: &[bool]| tiebreak::second_objective(small, built, free);
            if !self.simplex.choose_with(&built.model, rows, zero, second) {
                return None;
            }
            let end = self.simplex.start();
            rows.look([&end].into_iter());
            starts.of_ties.insert(prices, end);
            dispatch = Dispatch::read(small, &built.cols, &self.simplex.x());
        }
        let evaluation = Evaluation::new(small, &dispatch);
        if !check::evaluated(&evaluation, solution.objective).is_empty() {
            return None;
        }
        let plan = summary::money(&evaluation);
        Some((plan, dispatch))
    }

    /// Where a solve begins: the newest end of its shape in the same run; else that of a model of
    /// its columns and fewer rows in the same run; else where its own kind ended, or any of its
    /// shape; else near the newest solve.
    fn nearest(
        &mut self,
        (own, seen): (Option<&Root>, &mut Seen),
        (small, group): (&PlanInput, &[usize]),
        built: &Built,
    ) -> Option<Start> {
        if let Some((run, start)) = &seen.newest
            && *run == self.run
        {
            return Some(start.clone());
        }
        let last = self.last.as_ref();
        let of_run = last.filter(|(run, _)| *run == self.run);
        let mut start = of_run.and_then(|(_, last)| last.extended(group, built));
        if start.is_none() {
            let newest = seen.newest.as_ref().map(|(_, start)| start);
            if let Some(start) = own.map(|own| &own.start).or(newest) {
                return Some(start.clone());
            }
            let known = last?.1.known((small, group), built)?;
            start = Some(self.simplex.near(&built.model, &known));
        }
        Some(seen.rows.of_all(&start?, built.model.columns()))
    }
}

impl Seen {
    /// Leaves out rows that bound none of the first solves.
    fn narrow(&mut self, starts: &mut Starts, (n, m): (usize, usize)) {
        let Some(root) = &mut starts.root else { return };
        let ends = || starts.nodes.values().chain(starts.of_ties.values());
        self.rows = Rows::tight(m, ends().chain([&root.start]));
        let rows = &mut self.rows;
        root.start = rows.of_all(&root.start, n);
        for end in starts.of_ties.values_mut() {
            *end = rows.of_all(end, n);
        }
        if let Some((_, newest)) = &mut self.newest {
            newest.clone_from(&root.start);
        }
    }
}
