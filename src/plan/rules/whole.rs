//! Whole racks: in every hour whole domains run each operating point, and
//! planned blocks buy whole domains.
//!
//! Equation P13: `sum over classes of x = domain * g` by hour, block and point,
//! `n = domain * m`, g and m whole. Identical blocks count as one: their racks
//! are interchangeable, so what is whole is their sum.

use super::Build;

pub(super) fn add(build: &mut Build) {
    let (input, cols) = (build.input, build.cols);
    if !input.policy.integer {
        return;
    }
    for (b, block) in input.blocks.iter().enumerate() {
        for (k, &p) in cols.block_points[b].iter().enumerate() {
            let domain = input.racks[input.points[p].rack].domain_units;
            for h in 0..cols.hours {
                let Some(g) = cols.whole(h, b, k) else { continue };
                let x = cols.x(h, b, k).map(|x| (x, 1.0));
                build.model.add_row(0.0, 0.0, x.chain([(g, -domain)]));
            }
        }
        for (r, &rack) in block.racks.iter().enumerate() {
            if let (Some(bought), Some(m)) = (cols.bought(b, r), cols.domains(b, r)) {
                let domain = input.racks[rack].domain_units;
                build.model.add_row(0.0, 0.0, [(bought, 1.0), (m, -domain)]);
            }
        }
    }
}
