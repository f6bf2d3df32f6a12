//! What buyers take at each price.
//!
//! Equation P9, contracts: sales of step i at most its volume, each at its own
//! price. Posted price: one step is in force, everyone pays its price, and it
//! carries the volumes of all steps before it (weights `lambda`, at most one).
//! Equation P10, deferrable tiers: demand of an hour is served within the
//! deadline in hours of the same day type.

use super::Build;
use crate::plan::columns::choice;
use crate::plan::input::{PlanInput, TierIn};
use crate::plan::limits::{Limit, product_unit};

pub(super) fn add(build: &mut Build) {
    let input = build.input;
    let homes = homes(build);
    for (t, tier) in input.tiers.iter().enumerate() {
        if choice(tier) {
            let weights: Vec<_> = (0..tier.steps.len())
                .filter_map(|s| build.cols.posted(t, s))
                .map(|c| (c, 1.0))
                .collect();
            build.model.add_row(f64::NEG_INFINITY, 1.0, weights);
        }
        for (step, homes) in homes[t].iter().enumerate() {
            if build.cols.deferrals[t].is_empty() {
                for h in 0..build.cols.hours {
                    let sales = sales(build, homes, h);
                    bound(build, (t, step), tier.shape[h], sales);
                }
            } else {
                deferred(build, (t, step), homes);
            }
        }
    }
}

/// Points and slots that sell each tier and step: `[tier][step] -> (point, slot)`.
fn homes(build: &Build) -> Vec<Vec<Vec<(usize, usize)>>> {
    let mut homes: Vec<Vec<Vec<(usize, usize)>>> =
        build.input.tiers.iter().map(|t| vec![Vec::new(); t.steps.len()]).collect();
    for (p, slots) in build.cols.slots.iter().enumerate() {
        for (s, slot) in slots.iter().enumerate() {
            homes[slot.tier][slot.step].push((p, s));
        }
    }
    homes
}

fn sales(build: &Build, homes: &[(usize, usize)], h: usize) -> Vec<(usize, f64)> {
    homes.iter().map(|&(p, s)| (build.cols.y(h, p, s), 1.0)).collect()
}

/// Volume that a step in force carries; a posted price also sells to those who would pay more.
pub fn carried(tier: &TierIn, step: usize) -> f64 {
    if tier.posted {
        tier.steps[..=step].iter().map(|s| s.volume).sum()
    } else {
        tier.steps[step].volume
    }
}

/// Adds `entries <= shape * volume`, with the volume in force only if its price is.
fn bound(build: &mut Build, at: (usize, usize), shape: f64, mut entries: Vec<(usize, f64)>) {
    let (t, step) = at;
    let tier = &build.input.tiers[t];
    let volume = carried(tier, step);
    if entries.is_empty() {
        return;
    }
    let (_, scale) = product_unit(tier.product);
    let row = match build.cols.posted(t, step) {
        Some(weight) => {
            let reach = if volume.is_finite() { volume } else { most(build.input) };
            entries.push((weight, -shape * reach));
            build.model.add_row(f64::NEG_INFINITY, 0.0, entries)
        }
        None if volume.is_finite() => {
            build.model.add_row(f64::NEG_INFINITY, shape * volume, entries)
        }
        None => return,
    };
    // A row of a posted price moves with every step below it too; which of them
    // counts is known once a price is in force.
    let first = if tier.posted { 0 } else { step };
    if volume.is_finite() {
        for s in first..=step {
            build.shift(Limit::Demand { tier: t, step: s }, row, shape / scale);
        }
    }
}

/// More output than any plan of this input can make: stands in for an unlimited volume.
fn most(input: &PlanInput) -> f64 {
    let grid = input.site.grid_contract_mw;
    let per_grid_mw = input
        .points
        .iter()
        .enumerate()
        .map(|(p, point)| input.sellable(p) / point.it_mw.max(1e-9))
        .fold(0.0, f64::max);
    if grid.is_finite() {
        return 2.0 * per_grid_mw * grid + 1.0;
    }
    let units = |b: &super::BlockIn| match b.holding {
        super::Holding::Installed(n) | super::Holding::Planned { max: n, .. } => n,
        super::Holding::Pool(mw) => mw.min(1e6),
    };
    let best = (0..input.points.len()).map(|p| input.sellable(p)).fold(0.0, f64::max);
    input.blocks.iter().map(units).sum::<f64>() * best + 1.0
}

fn deferred(build: &mut Build, at: (usize, usize), homes: &[(usize, usize)]) {
    let (t, step) = at;
    let (input, cols) = (build.input, build.cols);
    let pairs = &cols.deferrals[t];
    let column = |k: usize| cols.deferred(t, step, k);
    for h in 0..cols.hours {
        let arrivals: Vec<_> = (0..pairs.len())
            .filter(|&k| pairs[k].0 == h)
            .filter_map(|k| column(k).map(|c| (c, 1.0)))
            .collect();
        bound(build, at, input.tiers[t].shape[h] * input.hour_weight(h), arrivals);
        let served = (0..pairs.len())
            .filter(|&k| pairs[k].1 == h)
            .filter_map(|k| column(k).map(|c| (c, -1.0)));
        let sold = homes.iter().map(|&(p, s)| (cols.y(h, p, s), input.hour_weight(h)));
        let entries: Vec<_> = sold.chain(served).collect();
        build.model.add_row(f64::NEG_INFINITY, 0.0, entries);
    }
}
