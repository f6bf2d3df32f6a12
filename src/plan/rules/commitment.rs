//! Least volumes: hard, or short at a price.
//!
//! Equation P11: `sum of y + shortfall >= shape * volume` by hour; over the year
//! where the tier is deferrable.

use super::Build;
use crate::plan::limits::{Limit, product_unit};

pub(super) fn add(build: &mut Build) {
    let (input, cols) = (build.input, build.cols);
    for (t, tier) in input.tiers.iter().enumerate() {
        let Some((volume, _)) = tier.commitment else { continue };
        let (_, scale) = product_unit(tier.product);
        let hourly = |h: usize, weight: f64| {
            let mut entries = Vec::new();
            for (p, slots) in cols.slots.iter().enumerate() {
                let of_tier = slots.iter().enumerate().filter(|(_, slot)| slot.tier == t);
                entries.extend(of_tier.map(|(s, _)| (cols.y(h, p, s), weight)));
            }
            entries.extend(cols.shortfall(t, h).map(|c| (c, weight)));
            entries
        };
        if tier.deadline_h.is_some() {
            let entries: Vec<_> =
                (0..cols.hours).flat_map(|h| hourly(h, input.hour_weight(h))).collect();
            let row = build.model.add_row(volume, f64::INFINITY, entries);
            build.shift(Limit::Commitment(t), row, 1.0 / scale);
            continue;
        }
        for h in 0..cols.hours {
            let least = tier.shape[h] * volume;
            let row = build.model.add_row(least, f64::INFINITY, hourly(h, 1.0));
            build.shift(Limit::Commitment(t), row, tier.shape[h] / scale);
        }
    }
}
