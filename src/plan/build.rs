//! Input to matrix: columns with their prices, then every rule.
//!
//! Scaling lives here and in the units of [`PlanInput`]: money M$ a year, power
//! MW, tokens 1e6/s, which keeps coefficients within 1e-4 to 1e4.

use super::columns::{Columns, choice};
use super::input::{Holding, PlanInput};
use super::limits::LimitRows;
use super::lp::LinearModel;
use super::rules::{ALL, Build};
use crate::units::HOURS_PER_YEAR;

/// A model with the addresses of its columns and the rows of its limits.
#[derive(Clone, Debug, Default)]
pub struct Built {
    pub cols: Columns,
    pub model: LinearModel,
    pub limits: LimitRows,
    /// Price steps of each tier.
    pub steps: Vec<usize>,
}

/// Builds the model of an input.
pub fn build(input: &PlanInput) -> Built {
    let cols = Columns::new(input);
    let model = LinearModel { maximise: true, ..LinearModel::default() };
    let mut build = Build { input, cols: &cols, model, limits: LimitRows::new() };
    price(&mut build);
    for rule in ALL {
        (rule.add)(&mut build);
    }
    let Build { model, limits, .. } = build;
    let steps = input.tiers.iter().map(|t| t.steps.len()).collect();
    Built { cols, model, limits, steps }
}

/// Equation P0: the objective. Revenue less energy, variable cost and penalties;
/// `invest` also subtracts the annual cost of what is bought.
fn price(build: &mut Build) {
    let (input, cols) = (build.input, build.cols);
    let model = &mut build.model;
    model.cost = vec![0.0; cols.count];
    model.col_lower = vec![0.0; cols.count];
    model.col_upper = vec![f64::INFINITY; cols.count];
    for h in 0..cols.hours {
        let energy = energy_musd_per_mw(input, h);
        for (b, block) in input.blocks.iter().enumerate() {
            for (k, &p) in cols.block_points[b].iter().enumerate() {
                let cost = -energy * drawn_grid_mw(input, b, p, h);
                model.cost[cols.x(h, b, k)].fill(cost);
            }
            if let Holding::Installed(_) = block.holding {
                let spare = input.spare_grid_mw(block, block.racks[0], h);
                model.offset -= energy * spare * input.installed_spares(block);
            }
            for (r, &rack) in block.racks.iter().enumerate() {
                if let Some(c) = cols.bought(b, r) {
                    let spares = input.racks[rack].spares_frac;
                    model.cost[c] -= energy * spares * input.spare_grid_mw(block, rack, h);
                }
            }
        }
        let weight = input.hour_weight(h);
        for (p, slots) in cols.slots.iter().enumerate() {
            for (s, slot) in slots.iter().enumerate() {
                let step = &input.tiers[slot.tier].steps[slot.step];
                model.cost[cols.y(h, p, s)] = weight * step.musd_per_year;
            }
        }
        for (t, tier) in input.tiers.iter().enumerate() {
            if let (Some(c), Some((_, Some(penalty)))) = (cols.shortfall(t, h), tier.commitment) {
                model.cost[c] = -weight * penalty;
            }
        }
    }
    price_choices(build);
}

/// Costs and bounds that belong to no hour.
fn price_choices(build: &mut Build) {
    let (input, cols) = (build.input, build.cols);
    let model = &mut build.model;
    for (t, tier) in input.tiers.iter().enumerate().filter(|(_, t)| choice(t)) {
        for c in (0..tier.steps.len()).filter_map(|s| cols.posted(t, s)) {
            model.col_upper[c] = 1.0;
        }
    }
    for (b, block) in input.blocks.iter().enumerate() {
        for (r, &rack) in block.racks.iter().enumerate() {
            if let (true, Some(c)) = (input.policy.invest, cols.bought(b, r)) {
                model.cost[c] -= input.racks[rack].annual_musd.unwrap_or(0.0);
            }
        }
    }
    if let Some(peak) = cols.peak {
        model.cost[peak] = -input.site.demand_musd_per_mw_year;
    }
    if input.policy.integer {
        model.integer = vec![false; cols.count];
        for (b, block) in input.blocks.iter().enumerate() {
            let points = 0..cols.block_points[b].len();
            let whole = (0..cols.hours)
                .flat_map(|h| points.clone().filter_map(move |k| cols.whole(h, b, k)));
            let bought = (0..block.racks.len()).filter_map(|r| cols.domains(b, r));
            whole.chain(bought).for_each(|c| model.integer[c] = true);
        }
        for (t, tier) in input.tiers.iter().enumerate() {
            let posted = (0..tier.steps.len()).filter_map(|s| cols.posted(t, s));
            posted.for_each(|c| model.integer[c] = true);
        }
    }
}

/// Cost of one MW of grid power through an hour's share of the year, M$.
pub fn energy_musd_per_mw(input: &PlanInput, h: usize) -> f64 {
    input.hour_weight(h) * HOURS_PER_YEAR * input.hours[h].energy_musd_per_mwh
}

/// Mean grid power drawn by a unit of block `b` at point `p` in hour `h`, MW.
pub fn drawn_grid_mw(input: &PlanInput, b: usize, p: usize, h: usize) -> f64 {
    let point = &input.points[p];
    let drawn = if point.it_mw > 0.0 { point.drawn_mw / point.it_mw } else { 0.0 };
    input.grid_mw(&input.blocks[b], p, h) * drawn
}
