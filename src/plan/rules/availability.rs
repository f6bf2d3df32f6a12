//! Units that run are units that are there and are not spares.
//!
//! Equation P1: `sum over points and classes of x <= (1 - spares) N`, by hour, block and type.

use super::{Build, running};
use crate::plan::input::Holding;
use crate::plan::limits::Limit;

pub(super) fn add(build: &mut Build) {
    let (input, cols) = (build.input, build.cols);
    for (b, block) in input.blocks.iter().enumerate() {
        for h in 0..cols.hours {
            match block.holding {
                Holding::Installed(n) => {
                    let live = 1.0 - input.racks[block.racks[0]].spares_frac;
                    let entries = running(cols, b, h, |_| 1.0);
                    build.limit_row(Limit::BlockUnits(b), live * n, live, entries);
                }
                Holding::Pool(mw) if mw.is_finite() => {
                    let entries =
                        running(cols, b, h, |p| input.points[p].it_mw * block.grid_per_it);
                    build.limit_row(Limit::BlockUnits(b), mw, 1.0, entries);
                }
                Holding::Pool(_) => {}
                Holding::Planned { .. } => planned(build, b, h),
            }
        }
    }
}

/// One row for each allowed type: what runs was bought.
fn planned(build: &mut Build, b: usize, h: usize) {
    let (input, cols) = (build.input, build.cols);
    for (r, &rack) in input.blocks[b].racks.iter().enumerate() {
        let Some(bought) = cols.bought(b, r) else { continue };
        let live = 1.0 - input.racks[rack].spares_frac;
        let of_type =
            cols.block_points[b].iter().enumerate().filter(|(_, p)| input.points[**p].rack == rack);
        let entries: Vec<_> = of_type
            .flat_map(|(k, _)| cols.x(h, b, k).map(|x| (x, 1.0)))
            .chain([(bought, -live)])
            .collect();
        build.model.add_row(f64::NEG_INFINITY, 0.0, entries);
    }
}
