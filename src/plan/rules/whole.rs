//! Whole racks: operating points get whole domains, and planned blocks buy them.
//!
//! Equation P13: `x <= domain * g` by hour, block and point, `sum of domain * g
//! <= (1 - spares) n`, `n = domain * m`, g and m whole.

use super::Build;
use crate::plan::input::Holding;

pub(super) fn add(build: &mut Build) {
    let (input, cols) = (build.input, build.cols);
    if !input.policy.integer {
        return;
    }
    for (b, block) in input.blocks.iter().enumerate() {
        for (k, &p) in cols.block_points[b].iter().enumerate() {
            let Some(g) = cols.whole(b, k) else { continue };
            let domain = input.racks[input.points[p].rack].domain_units;
            for h in 0..cols.hours {
                let x = (0..cols.classes).map(|class| (cols.x(h, b, k, class), 1.0));
                build.model.add_row(f64::NEG_INFINITY, 0.0, x.chain([(g, -domain)]));
            }
        }
        for (r, &rack) in block.racks.iter().enumerate() {
            let domain = input.racks[rack].domain_units;
            let live = 1.0 - input.racks[rack].spares_frac;
            let of_type = cols.block_points[b].iter().enumerate();
            let mut entries: Vec<_> = of_type
                .filter(|(_, p)| input.points[**p].rack == rack)
                .filter_map(|(k, _)| cols.whole(b, k).map(|g| (g, domain)))
                .collect();
            match (block.holding, cols.bought(b, r)) {
                (Holding::Installed(n), _) => {
                    build.model.add_row(f64::NEG_INFINITY, live * n, entries);
                }
                (_, Some(bought)) => {
                    entries.push((bought, -live));
                    build.model.add_row(f64::NEG_INFINITY, 0.0, entries);
                    let whole = cols.domains(b, r).map(|m| (m, -domain));
                    build.model.add_row(0.0, 0.0, [(bought, 1.0)].into_iter().chain(whole));
                }
                _ => {}
            }
        }
    }
}
