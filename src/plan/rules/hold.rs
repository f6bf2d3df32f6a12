//! Sales of an earlier plan, held while prices and limits change around them.
//!
//! Equation P14: `mean over hours of y = held` for each point and tier.

use super::Build;

/// Held sales may differ by this share: they were written as decimal text.
const LOOSE_FRAC: f64 = 1e-9;

pub(super) fn add(build: &mut Build) {
    let (input, cols) = (build.input, build.cols);
    if input.hold.is_empty() {
        return;
    }
    for (p, slots) in cols.slots.iter().enumerate() {
        for t in 0..input.tiers.len() {
            let mut entries = Vec::new();
            for h in 0..cols.hours {
                let own = slots.iter().enumerate().filter(|(_, slot)| slot.tier == t);
                entries.extend(own.map(|(s, _)| (cols.y(h, p, s), input.hour_weight(h))));
            }
            if entries.is_empty() {
                continue;
            }
            let held: f64 = input.hold.iter().filter(|x| x.0 == p && x.1 == t).map(|x| x.2).sum();
            let loose = LOOSE_FRAC * (1.0 + held);
            build.model.add_row(held - loose, held + loose, entries);
        }
    }
}
