//! One plan of many equally good ones, always the same.
//!
//! After the optimum is known, the model is confined to its optimal face (by
//! complementary slackness with the optimal duals: columns with a reduced cost
//! and rows with a dual stay where they are) and a second objective is
//! minimised there. Its weights come from where columns stand among their like by
//! what they *are* (power, output, speed, price) and, between columns that are
//! alike in all of that (two equal halls), from their ids; never from their order
//! or an earlier solution, so reordering and history change nothing, and a change
//! that leaves those places leaves the choice.

use super::backend::{BackendError, highs::LiveHighs};
use super::build::Built;
use super::input::PlanInput;
use super::lp::{LinearModel, LpSolution, LpStatus};
use super::posted::{Bases, Range};

/// Reduced costs and duals above this are not zero, relative to the largest cost.
const ZERO_FRAC: f64 = 1e-10;
/// The optimum may move by this share through the second solve; more rejects it.
const HOLD_FRAC: f64 = 1e-10;

/// Weight of names against values: they decide only between what is alike in all else.
const LAST: f64 = 1e-2;

/// Replaces `solution` by the canonical optimal one; leaves the solver restored.
pub fn canonical(
    live: &mut LiveHighs,
    input: &PlanInput,
    built: &Built,
    solution: &mut LpSolution,
    (bases, prices): (&mut Bases, &Range),
) -> Result<(), BackendError> {
    let model = &built.model;
    let zero = zero(model);
    let free: Vec<bool> = solution.col_dual.iter().map(|d| d.abs() <= zero).collect();
    let mut rows = Vec::new();
    for (r, d) in solution.row_dual.iter().enumerate().filter(|(_, d)| d.abs() > zero) {
        let at = if *d > 0.0 { model.row_upper[r] } else { model.row_lower[r] };
        if at.is_finite() {
            rows.push((r, at, at));
        }
    }
    // As many conditions as columns leave one point, and there is nothing to choose.
    if free.iter().filter(|free| **free).count() <= rows.len() {
        return Ok(());
    }
    let confined = |c: usize| match free[c] {
        true => (c, model.col_lower[c], model.col_upper[c]),
        false => (c, solution.x[c], solution.x[c]),
    };
    rows.retain(|(r, _, _)| model.row_lower[*r] != model.row_upper[*r]);
    live.set_col_bounds(&(0..free.len()).map(confined).collect::<Vec<_>>())?;
    live.set_row_bounds(&rows)?;
    live.set_costs(&second_objective(input, built, &free))?;
    if let Some(basis) = bases.of_ties.get(prices) {
        // One of another size is refused; then the first objective's serves as well.
        let _ = live.set_basis(basis);
    }
    let second = live.resolve()?;
    if second.status == Some(LpStatus::Optimal)
        && let Some(basis) = live.basis()
    {
        Bases::keep(&mut bases.of_ties, prices, basis);
    }
    live.restore()?;
    let objective = model.objective_at(&second.x);
    let held = (objective - solution.objective).abs() <= HOLD_FRAC * (1.0 + objective.abs());
    if second.status == Some(LpStatus::Optimal) && held {
        solution.x = second.x;
        solution.row_activity = second.row_activity;
        solution.iterations += second.iterations;
    }
    Ok(())
}

/// Size of a reduced cost or dual that counts as none.
pub(super) fn zero(model: &LinearModel) -> f64 {
    ZERO_FRAC * model.cost.iter().fold(1.0, |m: f64, c| m.max(c.abs()))
}

/// Least power first; then weights that no two different columns share. Zero for
/// columns that are not free.
pub(super) fn second_objective(
    input: &PlanInput,
    built: &Built,
    free: &[bool],
) -> Vec<(usize, f64)> {
    let cols = &built.cols;
    let mut costs = vec![0.0; cols.count];
    let places = Places::of(input);
    let point_ids: Vec<f64> = input.points.iter().map(|p| name(&p.id)).collect();
    let tier_ids: Vec<f64> = input.tiers.iter().map(|t| name(&t.id)).collect();
    let block_ids: Vec<f64> = input.blocks.iter().map(|b| name(&b.id)).collect();
    for h in 0..cols.hours {
        let of_hour = places.hours[h];
        let hour_id = name(&input.hours[h].id);
        for (b, block) in input.blocks.iter().enumerate() {
            let of_block = places.blocks[b];
            for (k, &p) in cols.block_points[b].iter().enumerate() {
                let columns = cols.x(h, b, k).enumerate();
                let columns: Vec<_> = columns.filter(|(_, c)| free[*c]).collect();
                if columns.is_empty() {
                    continue;
                }
                let power = input.grid_mw(block, p, h);
                let noise = hash(&[of_hour, of_block, places.points[p]])
                    + LAST * hash(&[hour_id, block_ids[b], point_ids[p]]);
                for (class, c) in columns {
                    // Firm power is kept for those who need it.
                    let kept = 1.0 + 0.01 * class as f64;
                    costs[c] = -power * kept * (1.0 + 1e-3 * noise);
                }
            }
        }
        for (p, slots) in cols.slots.iter().enumerate() {
            let columns = slots.iter().enumerate().map(|(s, slot)| (slot, cols.y(h, p, s)));
            for (slot, c) in columns.filter(|(_, c)| free[*c]) {
                let of_step = places.steps[slot.tier][slot.step];
                let noise = hash(&[of_hour, places.points[p], of_step])
                    + LAST * hash(&[hour_id, point_ids[p], tier_ids[slot.tier]]);
                // What is made is sold rather than wasted, even for nothing.
                costs[c] = 1e-4 * (1.0 + noise);
            }
        }
    }
    for (b, block) in input.blocks.iter().enumerate() {
        for (r, &rack) in block.racks.iter().enumerate() {
            if let Some(c) = cols.bought(b, r).filter(|c| free[*c]) {
                let noise = hash(&[places.racks[rack]])
                    + LAST * hash(&[block_ids[b], name(&input.racks[rack].id)]);
                costs[c] = -0.1 * (1.0 + noise);
            }
        }
    }
    costs.into_iter().enumerate().collect()
}

/// Where each thing stands among its like by what it is: a choice that is made by places and not by
/// the values themselves is the same after a change that leaves their order.
struct Places {
    hours: Vec<f64>,
    blocks: Vec<f64>,
    points: Vec<f64>,
    racks: Vec<f64>,
    /// By tier and step.
    steps: Vec<Vec<f64>>,
}

impl Places {
    fn of(input: &PlanInput) -> Self {
        let hours = input.hours.iter().map(|h| [h.weight_h, h.clock_h, h.energy_musd_per_mwh]);
        let blocks = input.blocks.iter().map(|b| [b.grid_per_it, super::reduce::units(b)]);
        let racks =
            input.racks.iter().map(|r| [r.mass_kg, r.positions, r.price_musd.unwrap_or(0.0)]);
        let prices = input.tiers.iter().flat_map(|t| t.steps.iter().map(|s| [s.musd_per_year]));
        let mut prices = places(prices.collect()).into_iter();
        Self {
            hours: places(hours.collect()),
            blocks: places(blocks.collect()),
            points: places(input.points.iter().map(|p| [p.it_mw, p.output]).collect()),
            racks: places(racks.collect()),
            steps: input
                .tiers
                .iter()
                .map(|t| prices.by_ref().take(t.steps.len()).collect())
                .collect(),
        }
    }
}

/// The place of each of these in ascending order; what is equal shares one.
fn places<const N: usize>(of: Vec<[f64; N]>) -> Vec<f64> {
    let compare = |a: &[f64; N], b: &[f64; N]| {
        let pairs = a.iter().zip(b).map(|(a, b)| a.total_cmp(b));
        pairs.fold(std::cmp::Ordering::Equal, std::cmp::Ordering::then)
    };
    let mut sorted = of.clone();
    sorted.sort_by(compare);
    sorted.dedup_by(|a, b| compare(a, b).is_eq());
    of.iter()
        .map(|one| sorted.partition_point(|other| compare(other, one).is_lt()) as f64)
        .collect()
}

/// A number in 0..1 that depends on an id alone.
fn name(id: &str) -> f64 {
    fnv(id.bytes())
}

/// A number in 0..1 that depends on the values alone.
fn hash(values: &[f64]) -> f64 {
    fnv(values.iter().flat_map(|v| v.to_bits().to_le_bytes()))
}

/// FNV-1a.
fn fnv(bytes: impl Iterator<Item = u8>) -> f64 {
    let mut h: u64 = 0xcbf2_9ce4_8422_2325;
    for byte in bytes {
        h = (h ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    (h >> 11) as f64 / (1u64 << 53) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_follow_the_order_and_a_change_that_leaves_it_changes_none() {
        let of =
            |energy: f64| places(vec![[2.0, 40.0 * energy], [1.0, 9.0], [2.0, 7.0], [1.0, 9.0]]);
        assert_eq!(of(1.0), [2.0, 0.0, 1.0, 0.0]);
        assert_eq!(of(1.3), of(1.0));
        assert_ne!(of(0.1), of(1.0));
    }
}
