//! Cooling loops carry the heat of what runs, and their pumps the flow.
//!
//! Equation P5: `sum of heat * x <= heat capacity`, `sum of flow * x <= flow`, by hour and loop.

use super::{Build, running};
use crate::plan::input::Holding;
use crate::plan::limits::Limit;

pub(super) fn add(build: &mut Build) {
    for h in 0..build.cols.hours {
        for l in 0..build.input.loops.len() {
            heat(build, h, l);
            flow(build, h, l);
        }
    }
}

fn heat(build: &mut Build, h: usize, l: usize) {
    let (input, cols) = (build.input, build.cols);
    let mut capacity = input.loops[l].heat_mw;
    if !capacity.is_finite() {
        return;
    }
    let mut entries = Vec::new();
    let mut shifts = Vec::new();
    for (b, block) in input.blocks.iter().enumerate().filter(|(_, b)| b.cooling == Some(l)) {
        entries.extend(running(cols, b, h, |p| input.points[p].liquid_mw + input.points[p].air_mw));
        for (r, &rack) in block.racks.iter().enumerate() {
            let spare = input.racks[rack].spares_frac * input.racks[rack].idle_mw;
            entries.extend(cols.bought(b, r).filter(|_| spare > 0.0).map(|c| (c, spare)));
            if let Holding::Installed(n) = block.holding {
                capacity -= n * spare;
                shifts.push((b, -spare));
            }
        }
    }
    if entries.is_empty() {
        return;
    }
    let row = build.limit_row(Limit::LoopHeat(l), capacity, 1.0, entries);
    for (b, amount) in shifts {
        build.shift(Limit::BlockUnits(b), row, amount);
    }
}

fn flow(build: &mut Build, h: usize, l: usize) {
    let (input, cols) = (build.input, build.cols);
    let capacity = input.loops[l].flow_lpm;
    if !capacity.is_finite() {
        return;
    }
    // Thousands of L/min keep the coefficients near those of power.
    let entries: Vec<_> = (0..input.blocks.len())
        .filter(|&b| input.blocks[b].cooling == Some(l))
        .flat_map(|b| running(cols, b, h, |p| input.points[p].flow_lpm / 1e3))
        .collect();
    if !entries.is_empty() {
        build.limit_row(Limit::LoopFlow(l), capacity / 1e3, 1e-3, entries);
    }
}
