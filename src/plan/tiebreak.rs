//! One plan of many equally good ones, always the same.
//!
//! After the optimum is known, the model is confined to its optimal face (by
//! complementary slackness with the optimal duals: columns with a reduced cost
//! and rows with a dual stay where they are) and a second objective is
//! minimised there. Its weights come from what columns *are* (power, output,
//! speed, price) and, between columns that are alike in all of that (two equal
//! halls), from their ids; never from their order or an earlier solution, so
//! reordering and history change nothing.

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
    let point_ids: Vec<f64> = input.points.iter().map(|p| name(&p.id)).collect();
    let tier_ids: Vec<f64> = input.tiers.iter().map(|t| name(&t.id)).collect();
    let block_ids: Vec<f64> = input.blocks.iter().map(|b| name(&b.id)).collect();
    for h in 0..cols.hours {
        let hour = &input.hours[h];
        let of_hour = hash(&[hour.weight_h, hour.clock_h, hour.energy_musd_per_mwh]);
        let hour_id = name(&hour.id);
        for (b, block) in input.blocks.iter().enumerate() {
            let of_block = hash(&[block.grid_per_it, super::reduce::units(block)]);
            for (k, &p) in cols.block_points[b].iter().enumerate() {
                let columns = cols.x(h, b, k).enumerate();
                let columns: Vec<_> = columns.filter(|(_, c)| free[*c]).collect();
                if columns.is_empty() {
                    continue;
                }
                let point = &input.points[p];
                let power = input.grid_mw(block, p, h);
                let noise = hash(&[of_hour, of_block, point.it_mw, point.output])
                    + LAST * hash(&[hour_id, block_ids[b], point_ids[p]]);
                for (class, c) in columns {
                    // Firm power is kept for those who need it.
                    let kept = 1.0 + 0.01 * class as f64;
                    costs[c] = -power * kept * (1.0 + 1e-3 * noise);
                }
            }
        }
        for (p, slots) in cols.slots.iter().enumerate() {
            let point = &input.points[p];
            let columns = slots.iter().enumerate().map(|(s, slot)| (slot, cols.y(h, p, s)));
            for (slot, c) in columns.filter(|(_, c)| free[*c]) {
                let step = &input.tiers[slot.tier].steps[slot.step];
                let noise = hash(&[of_hour, point.it_mw, point.output, step.musd_per_year])
                    + LAST * hash(&[hour_id, point_ids[p], tier_ids[slot.tier]]);
                // What is made is sold rather than wasted, even for nothing.
                costs[c] = 1e-4 * (1.0 + noise);
            }
        }
    }
    for (b, block) in input.blocks.iter().enumerate() {
        for (r, &rack) in block.racks.iter().enumerate() {
            if let Some(c) = cols.bought(b, r).filter(|c| free[*c]) {
                let x = &input.racks[rack];
                let noise = hash(&[x.mass_kg, x.positions, x.price_musd.unwrap_or(0.0)])
                    + LAST * hash(&[block_ids[b], name(&x.id)]);
                costs[c] = -0.1 * (1.0 + noise);
            }
        }
    }
    costs.into_iter().enumerate().collect()
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
