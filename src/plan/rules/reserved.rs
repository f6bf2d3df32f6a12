//! Reserved capacity is the same GPUs in every hour: a lease, not a spot sale.
//!
//! Equation P15: `sum of y in hour h = sum of y in the first hour`, by tier and step.

use super::Build;
use crate::plan::input::Product;

pub(super) fn add(build: &mut Build) {
    let (input, cols) = (build.input, build.cols);
    for (t, tier) in input.tiers.iter().enumerate() {
        if tier.product != Product::Gpus {
            continue;
        }
        for step in 0..tier.steps.len() {
            for h in 1..cols.hours {
                let mut entries = Vec::new();
                for (p, slots) in cols.slots.iter().enumerate() {
                    let own = slots.iter().enumerate().filter(|(_, slot)| slot.tier == t);
                    for (s, _) in own.filter(|(_, slot)| slot.step == step) {
                        entries.push((cols.y(h, p, s), 1.0));
                        entries.push((cols.y(0, p, s), -1.0));
                    }
                }
                if !entries.is_empty() {
                    build.model.add_row(0.0, 0.0, entries);
                }
            }
        }
    }
}
