//! Firm power through outages in the linear program: rows for what survivors take over, added
//! where a plan breaks them until it breaks none (equation P4b).

use super::firm::Shift;
use crate::plan::evaluate::Evaluation;
use crate::plan::input::{NodeIn, OUTAGE, PlanInput};
use crate::plan::limits::Limit;
use crate::plan::{How, PlanError, PlanSolver, Solved};
use crate::power::firm::Place;
use crate::site::Site;

/// Overrun of a row that rounding explains, as a share of its capacity or of one MW.
const ROUNDING_FRAC: f64 = 1e-7;

/// What an element may carry after an outage, as rows of the program: of firm power as long as it
/// lasts, of all until interruptible load is run back.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    node: NodeIn,
    /// MW per MW of IT power of blocks and of mechanical power of loops.
    blocks: Vec<(usize, f64)>,
    loops: Vec<(usize, f64)>,
}

impl Candidate {
    /// Puts the row into an input; at the end, so that limits keep their places.
    fn add(&self, input: &mut PlanInput) {
        let n = input.nodes.len();
        input.nodes.push(self.node.clone());
        self.blocks.iter().for_each(|&(b, k)| input.blocks[b].node_per_it.push((n, k)));
        self.loops.iter().for_each(|&(l, k)| input.loops[l].node_per_mw.push((n, k)));
    }

    fn stands_in(&self, input: &PlanInput) -> bool {
        input.nodes.iter().any(|n| n.kind == OUTAGE && n.id == self.node.id)
    }
}

/// Every row that an outage could break, for the blocks and loops of an input; none where no
/// tier is firm. `coincidence` is what nodes see of a MW at the racks.
pub fn candidates(
    site: &Site,
    shifts: &[Shift],
    input: &PlanInput,
    coincidence: f64,
) -> Vec<Candidate> {
    if !input.tiers.iter().any(|t| t.firm) {
        return Vec::new();
    }
    let mut found: Vec<Candidate> = Vec::new();
    let own_blocks: Vec<_> =
        input.blocks.iter().map(|block| site.blocks().find(|own| own.id == block.id)).collect();
    for shift in shifts {
        let per = |place: Place| shift.per_mw.iter().find(|(p, _)| *p == place).map(|(_, k)| *k);
        let of_block = |(b, own): (usize, &Option<&crate::site::Block>)| {
            let own = (*own)?;
            let place = shift.place_of(own.node.as_deref()?, own.node_b.as_deref())?;
            Some((b, per(place)? * coincidence))
        };
        let of_loop = |(l, cooled): (usize, &crate::plan::input::LoopIn)| {
            let own = site.campus.loops.iter().find(|own| own.id == cooled.id)?;
            Some((l, per(shift.place_of(&own.node, None)?)?))
        };
        let candidate = Candidate {
            node: NodeIn {
                id: shift.id.clone(),
                name: shift.name.clone(),
                kind: OUTAGE.to_owned(),
                capacity_mw: shift.bridging_mw,
                firm_mw: shift.capacity_mw,
            },
            blocks: own_blocks.iter().enumerate().filter_map(of_block).collect(),
            loops: input.loops.iter().enumerate().filter_map(of_loop).collect(),
        };
        // Equal machines break the same row: it stands once, under the first of them.
        let same = |c: &Candidate| {
            c.node.firm_mw == candidate.node.firm_mw
                && c.node.capacity_mw == candidate.node.capacity_mw
                && c.blocks == candidate.blocks
                && c.loops == candidate.loops
        };
        let empty = candidate.blocks.is_empty() && candidate.loops.is_empty();
        if !empty && !found.iter().any(same) {
            found.push(candidate);
        }
    }
    found
}

/// An input with the rows of all candidates from the start: its optimum is the one that [`solve`]
/// comes to.
pub fn with_all(input: &PlanInput, candidates: &[Candidate]) -> PlanInput {
    let mut input = input.clone();
    let open: Vec<&Candidate> = candidates.iter().filter(|c| !c.stands_in(&input)).collect();
    open.into_iter().for_each(|c| c.add(&mut input));
    input
}

/// Whether a dispatch asks more of a node than that may carry, by more than rounding.
pub fn breaks(evaluation: &Evaluation<'_>, node: usize) -> bool {
    let over = |limit: Limit, capacity: f64| {
        evaluation.used(limit) > capacity + ROUNDING_FRAC * capacity.max(1.0)
    };
    let own = &evaluation.input.nodes[node];
    over(Limit::NodeFirm(node), own.firm_mw) || over(Limit::Node(node), own.capacity_mw)
}

/// Solves an input, and again with every row that the plan breaks, until it breaks none. The
/// rows that were needed stay in the input.
///
/// # Errors
/// Failures of the solver.
pub fn solve(
    solver: &mut PlanSolver,
    input: &mut PlanInput,
    candidates: &[Candidate],
    how: How,
) -> Result<Solved, PlanError> {
    loop {
        let solved = solver.solve(input, how)?;
        let open: Vec<&Candidate> = candidates.iter().filter(|c| !c.stands_in(input)).collect();
        if solved.plan.objective_usd_per_year.is_none() || open.is_empty() {
            return Ok(solved);
        }
        let mut probe = input.clone();
        open.iter().for_each(|c| c.add(&mut probe));
        let evaluation = Evaluation::new(&probe, &solved.dispatch);
        let first = input.nodes.len();
        let broken: Vec<usize> =
            (0..open.len()).filter(|i| breaks(&evaluation, first + i)).collect();
        if broken.is_empty() {
            return Ok(solved);
        }
        broken.into_iter().for_each(|i| open[i].add(input));
    }
}
