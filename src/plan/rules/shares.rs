//! Fixed shares: each tier takes its share of the provisioned IT power in use.
//!
//! Equation P12: `sum of (y + unsold) * IT / sellable - share * sum of IT * x = 0`,
//! by hour and tier. Power of a tier beyond its demand makes output that is not
//! sold; power of a tier that no operating point can serve stands idle.

use super::{Build, running};
use crate::plan::input::PlanInput;

pub(super) fn add(build: &mut Build) {
    let (input, cols) = (build.input, build.cols);
    if !input.policy.fixed_shares {
        return;
    }
    for h in 0..cols.hours {
        for (t, tier) in input.tiers.iter().enumerate() {
            let Some(share) = tier.share.filter(|s| *s > 0.0) else { continue };
            let mut entries: Vec<(usize, f64)> = (0..input.blocks.len())
                .flat_map(|b| running(cols, b, h, |p| -share * input.points[p].it_mw))
                .collect();
            for &p in &tier.points {
                let per_output = it_per_output(input, p);
                let slots = cols.slots[p].iter().enumerate().filter(|(_, s)| s.tier == t);
                entries.extend(slots.map(|(s, _)| (cols.y(h, p, s), per_output)));
                let unsold = cols.unsold[p].iter().enumerate().filter(|(_, u)| **u == t);
                entries.extend(unsold.map(|(u, _)| (cols.unsold(h, p, u), per_output)));
            }
            for other in 0..input.tiers.len() {
                let own = if other == t { 1.0 } else { 0.0 };
                entries.extend(cols.idle_share(other, h).map(|c| (c, own - share)));
            }
            build.model.add_row(0.0, 0.0, entries);
        }
    }
}

/// Provisioned IT power per unit of sellable output, MW.
pub fn it_per_output(input: &PlanInput, p: usize) -> f64 {
    input.points[p].it_mw / input.sellable(p).max(1e-12)
}
