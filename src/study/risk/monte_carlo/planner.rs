//! Plans of runs. A commitment without a price of its shortfall must be met; where a run makes that
//! impossible, it is met as far as can be, and what is not served earns nothing.

use super::outages;
use crate::plan::dispatch::Dispatch;
use crate::plan::evaluate::Evaluation;
use crate::plan::input::{BlockIn, Holding, PlanInput};
use crate::plan::lean::{self, LeanSolver};
use crate::plan::reduce::{Reduced, folded, merge_alike, merged, without_idle_nodes};
use crate::plan::result::{BoughtResult, Plan, Status};
use crate::plan::sums::Reads;
use crate::plan::{How, PlanError, PlanSolver};
use crate::site::Site;
use crate::study::risk::appraiser::optimal;
use crate::study::secure::{self, Candidate};

/// Kind of input of the plan of today; years of operation follow in their order.
pub const TODAY: usize = 0;
/// Kinds of inputs whose commitments may fall short are those of the others beyond this.
const SHORT: usize = 1 << 20;
/// What a unit short costs in the search for a plan, over all that it could earn elsewhere.
const WEIGHT: f64 = 10.0;

/// The input that runs are planned with: equal blocks merged, nodes that limit nothing left out.
pub struct Small {
    pub input: PlanInput,
    full: PlanInput,
    reduced: Reduced,
    /// For each block the first block of its phase.
    alike: Vec<usize>,
}

impl Small {
    /// From an input with every row of outages.
    pub fn of(full: &PlanInput, site: &Site) -> Self {
        let reduced = merged(full);
        let mut input = reduced.input.clone();
        without_idle_nodes(&mut input);
        let phases: Vec<_> = full
            .blocks
            .iter()
            .map(|b| site.blocks().find(|own| own.id == b.id).and_then(|own| own.phase.clone()))
            .collect();
        let first = |phase| phases.iter().position(|p| p == phase).unwrap_or(0);
        let alike = phases.iter().map(first).collect();
        Self { input, full: full.clone(), reduced, alike }
    }

    /// What a plan of the site bought, told of blocks of this input.
    pub fn bought(&self, plan: &Plan) -> Plan {
        let mut bought: Vec<BoughtResult> = Vec::new();
        for row in &plan.bought {
            let Some(b) = self.full.blocks.iter().position(|b| b.id == row.block) else { continue };
            let block = &self.reduced.input.blocks[self.reduced.group[b]].id;
            match bought.iter_mut().find(|own| own.block == *block && own.rack == row.rack) {
                Some(own) => own.racks += row.racks,
                None => bought.push(BoughtResult { block: block.clone(), ..row.clone() }),
            }
        }
        // Pools are merged with nothing.
        Plan { bought, pools: plan.pools.clone(), ..Plan::default() }
    }

    /// A plan of this input told of blocks of the site.
    pub fn told(&self, plan: &Plan, dispatch: &Dispatch) -> Plan {
        let (blocks, bought) = self.reduced.told(&self.full, (plan, dispatch), &self.alike);
        Plan { blocks, bought, ..plan.clone() }
    }
}

/// An input that was merged, with the rows of outages that it was merged with.
struct Coarse {
    needed: Vec<usize>,
    /// Whether blocks that take each other's place are one.
    folded: bool,
    from: PlanInput,
    reduced: Reduced,
    /// The merged input without idle nodes.
    small: PlanInput,
}

impl Coarse {
    fn of(input: &PlanInput, needed: &[usize], fold: bool) -> Self {
        let mut reduced = merged(&outages::with(input, needed));
        if fold {
            // Nodes that limit nothing would tell blocks apart.
            without_idle_nodes(&mut reduced.input);
            reduced = folded(reduced);
        }
        let mut small = reduced.input.clone();
        without_idle_nodes(&mut small);
        Self { needed: needed.to_vec(), folded: fold, from: input.clone(), reduced, small }
    }

    fn serves(&self, input: &PlanInput, needed: &[usize], fold: bool) -> bool {
        self.needed == needed && self.folded == fold && merge_alike(&self.from, input)
    }

    /// Another input that it serves, merged.
    fn merged(&self, input: &PlanInput) -> PlanInput {
        let small = &self.small;
        PlanInput {
            periods: input.periods.clone(),
            hours: input.hours.clone(),
            racks: input.racks.clone(),
            points: input.points.clone(),
            tiers: input.tiers.clone(),
            nodes: small.nodes.clone(),
            loops: small.loops.clone(),
            halls: small.halls.clone(),
            blocks: small.blocks.clone(),
            site: input.site.clone(),
            policy: input.policy,
            supply: input.supply.clone(),
            hold: input.hold.clone(),
        }
    }
}

/// Merged inputs kept; a site has a handful of kinds of years and of rows that they need.
const MOST_COARSE: usize = 64;

/// Plans the inputs of one thread's runs.
pub struct Planner {
    lean: LeanSolver,
    full: PlanSolver,
    /// Whether a plan since the last look fell short of a commitment.
    short: bool,
    /// Rows of outages that the plan of today needed; those of the years begin with them.
    needed: Vec<usize>,
    /// Rows that plans of years have needed since the start.
    usual: Vec<usize>,
    coarse: Vec<Coarse>,
    /// Solves that the full solver was asked for.
    #[cfg(test)]
    pub asked: u64,
}

impl Planner {
    pub fn new() -> Result<Self, PlanError> {
        Ok(Self {
            lean: LeanSolver::default(),
            full: PlanSolver::new()?,
            short: false,
            needed: Vec::new(),
            usual: Vec::new(),
            coarse: Vec::new(),
            #[cfg(test)]
            asked: 0,
        })
    }

    /// Goes back to where runs start.
    pub fn restart(&mut self, lean: &LeanSolver) {
        self.lean.restart(lean);
        self.full.cold();
        self.usual.clear();
        self.short = false;
    }

    pub fn lean(self) -> LeanSolver {
        self.lean
    }

    /// Begins another run.
    pub fn begin(&mut self) {
        self.lean.begin();
    }

    /// Whether plans since the last look fell short.
    pub fn fell_short(&mut self) -> bool {
        std::mem::take(&mut self.short)
    }

    /// The plan of an input that is merged.
    ///
    /// # Errors
    /// In words, why there is none.
    pub fn plan(&mut self, kind: usize, input: &PlanInput) -> Result<(Plan, Dispatch), String> {
        let (plan, dispatch) = self.solved(kind, input)?;
        if plan.status != Status::Infeasible {
            return optimal(plan).map(|plan| (plan, dispatch));
        }
        let Some(soft) = softened(input) else { return self.refused(input) };
        let (plan, dispatch) = self.solved(kind + SHORT, &soft)?;
        if plan.status == Status::Infeasible {
            return self.refused(input);
        }
        self.short = true;
        optimal(stated(plan, input, &dispatch)).map(|plan| (plan, dispatch))
    }

    /// As the plan of the site is found: without rows of outages first, blocks that look alike
    /// then as one, and again with every row that the plan breaks. A year begins with the rows that
    /// years needed in other runs: one that it does not need changes neither the optimum nor the choice
    /// among equals. Where commitments fall short, plans count as equal that hardly differ, and
    /// rows, as they tell blocks apart, would decide between them. Of a year's plan no block is read,
    /// nor told: those that take each other's place are one.
    fn solved(&mut self, kind: usize, input: &PlanInput) -> Result<(Plan, Dispatch), String> {
        let mut needed = if kind == TODAY { Vec::new() } else { self.needed.clone() };
        if (TODAY + 1..SHORT).contains(&kind) {
            needed.extend(self.usual.iter().filter(|n| !self.needed.contains(n)));
            needed.sort_unstable();
        }
        loop {
            let reads = reads(kind, input);
            let at = self.coarse(input, &needed, reads == Reads::Sums);
            let mut small = self.coarse[at].merged(input);
            let (plan, dispatch) = self.optimum((kind, at), &mut small, reads)?;
            if plan.status == Status::Infeasible {
                return Ok((plan, dispatch));
            }
            let dispatch = self.coarse[at].reduced.expand(input, &dispatch);
            let more = outages::broken(input, &dispatch, &needed);
            if more.is_empty() {
                if kind == TODAY || kind == TODAY + SHORT {
                    self.needed = needed;
                } else if kind < SHORT {
                    self.usual = needed;
                }
                let blocks = match reads {
                    Reads::Sums => Vec::new(),
                    Reads::All | Reads::Blocks => lean::running(input, &dispatch),
                };
                return Ok((Plan { blocks, ..plan }, dispatch));
            }
            needed.extend(more);
            needed.sort_unstable();
        }
    }

    /// Where the way to merge an input is kept.
    fn coarse(&mut self, input: &PlanInput, needed: &[usize], fold: bool) -> usize {
        if let Some(at) = self.coarse.iter().position(|c| c.serves(input, needed, fold)) {
            return at;
        }
        if self.coarse.len() >= MOST_COARSE {
            self.coarse.clear();
        }
        self.coarse.push(Coarse::of(input, needed, fold));
        self.coarse.len() - 1
    }

    fn optimum(
        &mut self,
        (kind, at): (usize, usize),
        input: &mut PlanInput,
        reads: Reads,
    ) -> Result<(Plan, Dispatch), String> {
        let coarse = &self.coarse[at];
        let merged = (&mut *input, coarse.reduced.group.as_slice());
        if let Some(found) = self.lean.solve((kind, &coarse.needed), merged, reads) {
            return Ok(found);
        }
        #[cfg(test)]
        {
            self.asked += 1;
        }
        let solved = self.full.solve(input, How::default()).map_err(|e| e.to_string())?;
        Ok((solved.plan, solved.dispatch))
    }

    /// The conflict in words.
    fn refused(&mut self, input: &PlanInput) -> Result<(Plan, Dispatch), String> {
        let solved = self.full.solve(input, How::default()).map_err(|e| e.to_string())?;
        optimal(solved.plan).map(|plan| (plan, solved.dispatch))
    }

    /// The same by the full solver, of an input that is as it was prepared.
    ///
    /// # Errors
    /// In words, why there is no plan.
    pub fn plan_in_full(
        &mut self,
        input: &mut PlanInput,
        outages: &[Candidate],
    ) -> Result<Plan, String> {
        let full = &mut self.full;
        let mut solve = |input: &mut PlanInput| {
            let solved = secure::solve(full, input, outages, How::default());
            solved.map_err(|e| e.to_string())
        };
        let solved = solve(input)?;
        let soft = softened(input).filter(|_| solved.plan.status == Status::Infeasible);
        let Some(mut soft) = soft else { return optimal(solved.plan) };
        let found = solve(&mut soft)?;
        if found.plan.status == Status::Infeasible {
            return optimal(solved.plan);
        }
        self.short = true;
        optimal(stated(found.plan, input, &found.dispatch))
    }
}

/// What the value of a run reads of a plan: of today's what runs in the blocks, and what it buys
/// for them; of a year's plan no block. Which rows of outages a plan breaks decides how blocks are
/// told apart: with such rows today's plan is chosen whole.
fn reads(kind: usize, input: &PlanInput) -> Reads {
    let counted = |b: &BlockIn| matches!(b.holding, Holding::Installed(_));
    match kind % SHORT {
        TODAY if input.blocks.iter().all(counted) && !outages::any(input) => Reads::Blocks,
        TODAY => Reads::All,
        _ => Reads::Sums,
    }
}

/// The input with commitments that may fall short at a price above all that they could stand in
/// the way of; nothing where none must be met.
fn softened(input: &PlanInput) -> Option<PlanInput> {
    let hard = |t: &&mut crate::plan::input::TierIn| matches!(t.commitment, Some((_, None)));
    let mut soft = input.clone();
    let prices = |t: &crate::plan::input::TierIn| -> f64 {
        t.steps.iter().map(|s| s.musd_per_year.abs()).fold(0.0, f64::max)
    };
    let made = |p: usize| input.sellable(p);
    // Most that a unit of any rack earns.
    let most = input
        .tiers
        .iter()
        .flat_map(|t| t.points.iter().map(|p| made(*p) * prices(t)))
        .fold(0.0, f64::max);
    let mut any = false;
    for tier in soft.tiers.iter_mut().filter(hard) {
        let least = tier.points.iter().map(|p| made(*p)).filter(|m| *m > 0.0);
        let least = least.fold(f64::INFINITY, f64::min);
        let dearest = if least.is_finite() { most / least } else { most };
        let above = WEIGHT * (dearest + prices(tier) + 1.0);
        if let Some((_, price)) = &mut tier.commitment {
            (*price, any) = (Some(above), true);
        }
    }
    any.then_some(soft)
}

/// A plan whose penalties are those that the layout states.
fn stated(plan: Plan, input: &PlanInput, dispatch: &Dispatch) -> Plan {
    let money = Evaluation::new(input, dispatch).money();
    Plan { penalty_usd_per_year: money.penalty * 1e6, ..plan }
}
