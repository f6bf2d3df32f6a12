//! Posted prices: which of its prices each tier posts.
//!
//! Revenue along a falling demand curve is not concave in the volume, so the
//! prices are enumerated. The weights of the steps (equation P9) make the
//! relaxation the concave hull of that revenue; where its optimum uses two
//! prices of one tier, the search branches on them. Each node is one warm
//! re-solve, and the bound of the hull closes the search after a few.

use super::backend::{
    BackendError, Solver,
    highs::{Basis, LiveHighs},
    solve_once,
};
use super::build::Built;
use super::columns::choice;
use super::input::PlanInput;
use super::lp::{LinearModel, LpSolution, LpStatus};
use super::simplex::{Rows, Simplex, Start};
use std::collections::BTreeMap;

/// What solves the nodes of the search.
pub enum Engine<'a> {
    Live {
        live: &'a mut LiveHighs,
        bases: &'a mut Bases,
        /// Whether the first of the solves began where the last plan ended.
        warm: Option<bool>,
    },
    Once(Solver),
    /// A simplex of our own.
    Own {
        simplex: &'a mut Simplex,
        rows: &'a mut Rows,
        starts: &'a mut Starts,
    },
}

/// Where solves of the own simplex begin and end.
#[derive(Clone, Default)]
pub struct Starts {
    /// Where the solve with all prices begins.
    pub(super) first: Option<Start>,
    pub(super) root: Option<Root>,
    /// Where nodes of the search in hand ended, by the prices that they allow.
    pub(super) nodes: BTreeMap<Range, Start>,
    /// Where the choice among equals ended, by the prices that are posted.
    pub(super) of_ties: BTreeMap<Range, Start>,
    /// By which share of it the best of one price a tier fell short of the optimum with all prices.
    pub(super) gap: Option<f64>,
}

impl Starts {
    /// Keeps what stands at none of the rows that are left out.
    pub(super) fn keep(&mut self, rows: &[usize]) {
        let root = self.root.take();
        self.root = root.and_then(|root| Some(Root { start: root.start.of_rows(rows)?, ..root }));
        self.nodes.clear();
        let ties = std::mem::take(&mut self.of_ties);
        self.of_ties =
            ties.into_iter().filter_map(|(at, end)| Some((at, end.of_rows(rows)?))).collect();
    }
}

/// Where the solve with all prices ended.
#[derive(Clone)]
pub struct Root {
    pub(super) start: Start,
    pub(super) x: Vec<f64>,
}

/// A node of the search: its prices, those where its solve starts, and the objective that it must
/// exceed to be of use.
struct Node<'a> {
    prices: &'a Range,
    from: &'a Range,
    bar: Option<f64>,
}

impl Engine<'_> {
    /// Solves a model with some prices. The own simplex calls a node infeasible as soon as it
    /// cannot exceed its bar.
    fn solve(
        &mut self,
        model: &LinearModel,
        Node { prices, from, bar }: Node<'_>,
    ) -> Result<LpSolution, BackendError> {
        match self {
            Engine::Live { live, bases, warm } => {
                let solution = live.solve_from(model, bases.of_prices.get(from))?;
                warm.get_or_insert(live.was_warm());
                if solution.status == Some(LpStatus::Optimal)
                    && let Some(basis) = live.basis()
                {
                    Bases::keep(&mut bases.of_prices, prices, basis);
                }
                Ok(solution)
            }
            Engine::Once(solver) => solve_once(model, *solver),
            Engine::Own { simplex, rows, starts } => {
                let root = prices == from;
                if root {
                    starts.nodes.clear();
                    simplex.load(model, rows, starts.first.as_ref());
                } else {
                    simplex.begin(model, starts.nodes.get(from));
                }
                let solution = simplex.solve_with(model, rows, bar).ok_or_else(given_up)?;
                if solution.status == Some(LpStatus::Optimal) {
                    let end = simplex.start();
                    if root {
                        starts.root = Some(Root { start: end.clone(), x: solution.x.clone() });
                    }
                    starts.nodes.insert(prices.clone(), end);
                }
                Ok(solution)
            }
        }
    }

    /// Brings the engine to the model of the prices that are posted. Its optimum is that of the
    /// prices `of`, as it only forbids what that one does not use; so are its duals.
    fn settle(&mut self, model: &LinearModel, of: &Range) -> Result<(), BackendError> {
        match self {
            Engine::Live { live, bases, .. } => live.settle(model, bases.of_prices.get(of)),
            Engine::Once(_) => Ok(()),
            Engine::Own { simplex, rows, starts } => {
                simplex.begin(model, starts.nodes.get(of));
                simplex.solve_with(model, rows, None).map(|_| ()).ok_or_else(given_up)
            }
        }
    }

    /// By which share the best fell short of the root in the last search; only the own simplex stops
    /// at a bar.
    fn gap(&self) -> Option<f64> {
        match self {
            Engine::Own { starts, .. } => starts.gap,
            _ => None,
        }
    }

    fn remember(&mut self, gap: Option<f64>) {
        if let Engine::Own { starts, .. } = self {
            starts.gap = gap;
        }
    }

    /// Whether the first solve was warm.
    pub fn was_warm(&self) -> bool {
        matches!(self, Engine::Live { warm: Some(true), .. })
    }
}

fn given_up() -> BackendError {
    BackendError::Solver { solver: "simplex", what: "no answer".into() }
}

/// Where earlier solves ended, by the prices that they allowed: after an edit each node
/// of the search starts from its own last basis and not from another node's. They decide
/// how long the way to an optimum is, never which plan is found.
#[derive(Default)]
pub struct Bases {
    of_prices: BTreeMap<Range, Basis>,
    /// The same for the second objective.
    pub(super) of_ties: BTreeMap<Range, Basis>,
}

/// Bases kept; a search opens a handful of nodes.
const MOST_BASES: usize = 64;

impl Bases {
    pub(super) fn keep(known: &mut BTreeMap<Range, Basis>, prices: &Range, basis: Basis) {
        if known.len() >= MOST_BASES && !known.contains_key(prices) {
            known.clear();
        }
        known.insert(prices.clone(), basis);
    }
}

/// Sales below this share of a step's volume are rounding of the solver.
const USED_FRAC: f64 = 1e-7;
/// A node must beat the best plan by this share to be worth opening.
const WORTH_FRAC: f64 = 1e-10;
/// Iterations of the root above which last bases of the other nodes are no good start.
const FAR: u64 = 50;

/// How many times further below the root than the best was before, and how much further as a share
/// of the objective, nodes are searched first: what is left waits until they hold no plan.
const GAPS: f64 = 2.0;
const GAP_FRAC: f64 = 0.003;

/// Steps that each tier may post, first and last; one price where they meet.
pub type Range = Vec<(usize, usize)>;

/// Solves with the best price for each tier, and leaves those prices fixed in
/// `built.model`, so that what follows asks about the plan under these prices.
/// Returns them with the solution.
pub fn solve(
    engine: &mut Engine,
    input: &PlanInput,
    built: &mut Built,
) -> Result<(LpSolution, Range), BackendError> {
    let tiers: Vec<usize> = (0..input.tiers.len()).filter(|&t| choice(&input.tiers[t])).collect();
    let full: Range = tiers.iter().map(|&t| (0, input.tiers[t].steps.len() - 1)).collect();
    if tiers.is_empty() || built.model.is_integer() {
        let root = Node { prices: &full, from: &full, bar: None };
        return Ok((engine.solve(&built.model, root)?, full));
    }
    // From its parent's end the own simplex has right reduced costs, and stops at the bar.
    let near = matches!(engine, Engine::Own { .. });
    let mut gap = engine.gap();
    let solve = |model: &LinearModel, node: Node<'_>| engine.solve(model, node);
    let (solution, found) = search(input, built, (&tiers, &full), (near, &mut gap), solve)?;
    engine.remember(gap);
    let Some(range) = found else {
        fix(built, &tiers, &full);
        return Ok((solution, full));
    };
    let posted = posted(input, built, &tiers, &range, &solution.x);
    fix(built, &tiers, &posted);
    engine.settle(&built.model, &range)?;
    Ok((solution, posted))
}

/// A node that is still to be solved: its prices, its parent's, and the parent's objective.
struct Branch {
    range: Range,
    parent: Range,
    bound: f64,
}

/// What a search has still before it.
#[derive(Default)]
struct Tree {
    open: Vec<Branch>,
    /// Nodes below the floor.
    left: Vec<Branch>,
    /// What a node must exceed as long as there is no best one.
    floor: Option<f64>,
    best: Option<(Range, LpSolution)>,
}

impl Tree {
    /// The next node; those below the floor come last, and only where none is above it.
    fn next(&mut self) -> Option<Branch> {
        if self.open.is_empty() && self.best.is_none() {
            self.floor = None;
            self.left.reverse();
            std::mem::swap(&mut self.open, &mut self.left);
        }
        self.open.pop()
    }

    /// The objective that a node must exceed to be of use.
    fn bar(&self) -> Option<f64> {
        let beats = |s: &LpSolution| s.objective + WORTH_FRAC * (1.0 + s.objective.abs());
        self.best.as_ref().map(|(_, s)| beats(s)).or(self.floor)
    }

    /// A node is not above the bar.
    fn leave(&mut self, branch: Branch) {
        if self.best.is_none() && self.floor.is_some() {
            self.left.push(branch);
        }
    }

    /// Splits the prices of a tier. The side with the price that earns most is opened last, so that
    /// it is searched first.
    fn split(&mut self, range: &Range, at: &Split, bound: f64) {
        let (first, last) = range[at.tier];
        let mut sides = [(first, at.after), (at.after + 1, last)];
        if at.dear {
            sides.reverse();
        }
        for side in sides {
            let mut own = range.clone();
            own[at.tier] = side;
            self.open.push(Branch { range: own, parent: range.clone(), bound });
        }
    }
}

/// The best node of the search with its prices; without prices what a node without an
/// optimum ended with. A node that ends early ends the search: what it would have found
/// may be better than the best so far, and half a search is no plan. `near`: nodes start where
/// their parents ended and not where they ended last. `gap`: by which share the best fell short of
/// the root before; nodes that fall short by much more wait, as long as there may be better ones.
fn search(
    input: &PlanInput,
    built: &mut Built,
    (tiers, full): (&[usize], &Range),
    (mut near, gap): (bool, &mut Option<f64>),
    mut solve: impl FnMut(&LinearModel, Node<'_>) -> Result<LpSolution, BackendError>,
) -> Result<(LpSolution, Option<Range>), BackendError> {
    let mut tree = Tree::default();
    tree.open.push(Branch { range: full.clone(), parent: full.clone(), bound: f64::INFINITY });
    let mut root = f64::NAN;
    let mut last = LpSolution::default();
    while let Some(branch) = tree.next() {
        let bar = tree.bar();
        if bar.is_some_and(|bar| branch.bound <= bar) {
            tree.leave(branch);
            continue;
        }
        let Branch { range, parent, .. } = &branch;
        fix(built, tiers, range);
        let from = if near { parent } else { range };
        let solution = solve(&built.model, Node { prices: range, from, bar })?;
        // Where an edit moved the root far, it moved all nodes so, and a parent is nearer.
        near |= range == full && solution.iterations > FAR;
        match solution.status {
            Some(LpStatus::Optimal) => {}
            Some(LpStatus::Limit) => {
                let ended = LpSolution { status: solution.status, ..LpSolution::default() };
                return Ok((ended, None));
            }
            _ => {
                last = solution;
                tree.leave(branch);
                continue;
            }
        }
        if bar.is_some_and(|bar| solution.objective <= bar) {
            tree.leave(branch);
            continue;
        }
        if range == full {
            root = solution.objective;
            tree.floor = gap.map(|gap| root - (GAPS * gap + GAP_FRAC) * root.abs());
        }
        match mixed(input, built, tiers, &solution.x) {
            None => tree.best = Some((branch.range, solution)),
            Some(at) => tree.split(range, &at, solution.objective),
        }
    }
    let Some((range, solution)) = tree.best else { return Ok((last, None)) };
    *gap = Some((root - solution.objective) / root.abs()).filter(|gap| gap.is_finite());
    Ok((solution, Some(range)))
}

/// Bounds the weights of each tier's steps to a range.
fn fix(built: &mut Built, tiers: &[usize], range: &Range) {
    for (&t, &(first, last)) in tiers.iter().zip(range) {
        let mut s = 0;
        while let Some(c) = built.cols.posted(t, s).filter(|_| s < built.steps[t]) {
            let allowed = (first..=last).contains(&s);
            built.model.col_upper[c] = if allowed { 1.0 } else { 0.0 };
            s += 1;
        }
    }
}

/// Volume sold at each step of tier `t`.
fn sold(built: &Built, t: usize, x: &[f64]) -> Vec<f64> {
    let mut sold = vec![0.0; built.steps[t]];
    for h in 0..built.cols.hours {
        for (p, slots) in built.cols.slots.iter().enumerate() {
            for (s, slot) in slots.iter().enumerate().filter(|(_, slot)| slot.tier == t) {
                sold[slot.step] += x.get(built.cols.y(h, p, s)).copied().unwrap_or(0.0).max(0.0);
            }
        }
    }
    sold
}

/// Where to split the prices of a tier that sells at several.
struct Split {
    /// Among the tiers with a choice of price.
    tier: usize,
    /// Step after which the two sides meet.
    after: usize,
    /// Whether the dearer side has the price that earns most.
    dear: bool,
}

/// The first tier that sells at several prices.
fn mixed(input: &PlanInput, built: &Built, tiers: &[usize], x: &[f64]) -> Option<Split> {
    tiers.iter().enumerate().find_map(|(tier, &t)| {
        let sold = sold(built, t, x);
        let least = USED_FRAC * (sold.iter().sum::<f64>() + volume_scale(input, t));
        let mut used = (0..sold.len()).filter(|s| sold[*s] > least);
        let after = used.next()?;
        let money = |s: &usize| sold[*s] * input.tiers[t].steps[*s].musd_per_year;
        let others = used.map(|s| money(&s)).reduce(f64::max)?;
        Some(Split { tier, after, dear: money(&after) >= others })
    })
}

fn volume_scale(input: &PlanInput, t: usize) -> f64 {
    input.tiers[t].steps.iter().map(|s| s.volume).filter(|v| v.is_finite()).fold(0.0, f64::max)
}

/// The one price that each tier posts in a solution that uses one; the first allowed if it sells nothing.
fn posted(input: &PlanInput, built: &Built, tiers: &[usize], range: &Range, x: &[f64]) -> Range {
    tiers
        .iter()
        .zip(range)
        .map(|(&t, &(first, _))| {
            let sold = sold(built, t, x);
            let total: f64 = sold.iter().sum::<f64>() + volume_scale(input, t);
            let used = (0..sold.len()).find(|&s| sold[s] > USED_FRAC * total);
            let step = used.unwrap_or(first);
            (step, step)
        })
        .collect()
}

/// The step in force for each tier in a solved model: where a price is posted.
pub fn in_force(input: &PlanInput, built: &Built) -> Vec<Option<usize>> {
    (0..input.tiers.len())
        .map(|t| {
            let steps = input.tiers[t].steps.len();
            if !input.tiers[t].posted {
                return None;
            }
            if steps == 1 {
                return Some(0);
            }
            (0..steps)
                .find(|&s| built.cols.posted(t, s).is_some_and(|c| built.model.col_upper[c] > 0.0))
        })
        .collect()
}

#[cfg(test)]
pub(super) mod tests;
