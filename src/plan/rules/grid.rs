//! The grid contract in every hour, the share of it that a rack type may use,
//! and the charge on the highest grid power.
//!
//! Equation P3: `sum of grid power per unit * x <= contract - spares`, by hour.

use super::{Build, running};
use crate::plan::input::{Holding, PlanInput};
use crate::plan::limits::Limit;

pub(super) fn add(build: &mut Build) {
    let (input, cols) = (build.input, build.cols);
    let contract = input.site.grid_contract_mw;
    for h in 0..cols.hours {
        let spare = spares_mw(input, h);
        let entries = all(build, h);
        if contract.is_finite() {
            let row = build.limit_row(Limit::GridContract, contract - spare, 1.0, entries.clone());
            shift_by_spares(build, h, row);
        }
        if let Some(peak) = cols.peak {
            let entries = entries.into_iter().chain([(peak, -1.0)]);
            let row = build.model.add_row(f64::NEG_INFINITY, -spare, entries);
            shift_by_spares(build, h, row);
        }
        shares(build, h);
    }
}

/// One more installed unit takes room from `row` by its spares.
fn shift_by_spares(build: &mut Build, h: usize, row: usize) {
    let input = build.input;
    for (b, block) in input.blocks.iter().enumerate() {
        if matches!(block.holding, Holding::Installed(_)) {
            let rack = block.racks[0];
            let per_unit = input.racks[rack].spares_frac * input.spare_grid_mw(block, rack, h);
            build.shift(Limit::BlockUnits(b), row, -per_unit);
        }
    }
}

/// Grid power of the spares of installed blocks in hour `h`, MW.
pub fn spares_mw(input: &PlanInput, h: usize) -> f64 {
    input
        .blocks
        .iter()
        .map(|b| input.installed_spares(b) * input.spare_grid_mw(b, b.racks[0], h))
        .sum()
}

/// Grid power of everything that the plan decides in hour `h`.
fn all(build: &Build, h: usize) -> Vec<(usize, f64)> {
    let (input, cols) = (build.input, build.cols);
    let mut entries = Vec::new();
    for (b, block) in input.blocks.iter().enumerate() {
        entries.extend(running(cols, b, h, |p| input.grid_mw(block, p, h)));
        for (r, &rack) in block.racks.iter().enumerate() {
            if let Some(bought) = cols.bought(b, r) {
                let spare = input.racks[rack].spares_frac * input.spare_grid_mw(block, rack, h);
                if spare > 0.0 {
                    entries.push((bought, spare));
                }
            }
        }
    }
    let worst = input.blocks.iter().map(|b| b.grid_per_it).fold(1.0, f64::max);
    for t in 0..input.tiers.len() {
        entries.extend(cols.idle_share(t, h).map(|c| (c, worst)));
    }
    entries
}

fn shares(build: &mut Build, h: usize) {
    let (input, cols) = (build.input, build.cols);
    for (r, rack) in input.racks.iter().enumerate() {
        let Some(share) = rack.max_site_share else { continue };
        let contract = input.site.grid_contract_mw;
        if !contract.is_finite() {
            continue;
        }
        let mut entries = Vec::new();
        for (b, block) in input.blocks.iter().enumerate() {
            for (k, &p) in cols.block_points[b].iter().enumerate() {
                if input.points[p].rack == r {
                    let c = input.grid_mw(block, p, h);
                    entries.extend(cols.x(h, b, k).map(|x| (x, c)));
                }
            }
        }
        if !entries.is_empty() {
            let row = build.limit_row(Limit::SiteShare(r), share * contract, 1.0, entries);
            build.shift(Limit::GridContract, row, share);
        }
    }
}
