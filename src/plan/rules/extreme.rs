//! What is sold as firm is there on the hottest hour that the site is built for, too: firm racks
//! within the grid contract, the nodes that feed cooling, and what the loops move with their
//! largest cooler out. Interruptible racks may be run back then.
//!
//! Equation P5b: P3, P4 and P5 once more, over firm racks in the warmest typical hour, with the
//! mechanical power and the heat capacity of the design extreme.

use super::Build;
use crate::plan::input::PlanInput;
use crate::plan::limits::Limit;
use std::collections::BTreeMap;

pub(super) fn add(build: &mut Build) {
    let Some(hour) = build.input.extreme_hour() else { return };
    grid(build, hour);
    nodes(build, hour);
    for l in 0..build.input.loops.len() {
        heat(build, hour, l);
    }
}

/// Columns of the firm racks of a block with what `of` says of their points.
fn firm(build: &Build, hour: usize, b: usize, of: impl Fn(usize) -> f64) -> Vec<(usize, f64)> {
    let points = build.cols.block_points[b].iter().enumerate();
    points.filter_map(|(k, &p)| build.cols.firm_x(hour, b, k).map(|x| (x, of(p)))).collect()
}

fn grid(build: &mut Build, hour: usize) {
    let input = build.input;
    let contract = input.site.grid_contract_mw;
    if !contract.is_finite() {
        return;
    }
    let mut entries = Vec::new();
    for (b, block) in input.blocks.iter().enumerate() {
        let per_mw = block.cooling.map_or(0.0, |l| input.loops[l].grid_per_mw);
        entries.extend(firm(build, hour, b, |p| {
            input.points[p].it_mw * block.grid_per_it
                + input.extreme_mechanical_mw(block, p) * per_mw
        }));
    }
    if !entries.is_empty() {
        build.limit_row(Limit::GridContract, contract, 1.0, entries);
    }
}

/// Blocks with their load per MW of IT and of mechanical power, at each node above a loop; what
/// feeds racks alone meets no more than in any hour.
fn loads(input: &PlanInput) -> BTreeMap<usize, BTreeMap<usize, [f64; 2]>> {
    let mut loads: BTreeMap<usize, BTreeMap<usize, [f64; 2]>> = BTreeMap::new();
    for (b, block) in input.blocks.iter().enumerate() {
        for &(n, per_mw) in block.cooling.map_or(&[][..], |l| &input.loops[l].node_per_mw) {
            loads.entry(n).or_default().entry(b).or_default()[1] += per_mw;
        }
    }
    for (b, block) in input.blocks.iter().enumerate() {
        for &(n, per_it) in &block.node_per_it {
            if let Some(at) = loads.get_mut(&n) {
                at.entry(b).or_default()[0] += per_it;
            }
        }
    }
    loads
}

fn nodes(build: &mut Build, hour: usize) {
    let input = build.input;
    for (n, blocks) in loads(input) {
        let capacity = input.nodes[n].capacity_mw;
        if !capacity.is_finite() {
            continue;
        }
        let mut entries = Vec::new();
        for (b, [per_it, per_mechanical]) in blocks {
            let block = &input.blocks[b];
            entries.extend(firm(build, hour, b, |p| {
                input.points[p].it_mw * per_it
                    + input.extreme_mechanical_mw(block, p) * per_mechanical
            }));
        }
        if !entries.is_empty() {
            build.limit_row(Limit::Node(n), capacity, 1.0, entries);
        }
    }
}

fn heat(build: &mut Build, hour: usize, l: usize) {
    let input = build.input;
    let Some(extreme) = input.loops[l].extreme.filter(|x| x.heat_mw.is_finite()) else { return };
    let mut entries = Vec::new();
    for b in (0..input.blocks.len()).filter(|&b| input.blocks[b].cooling == Some(l)) {
        let heat = |p: usize| input.points[p].liquid_mw + input.points[p].air_mw;
        entries.extend(firm(build, hour, b, heat));
    }
    if !entries.is_empty() {
        build.limit_row(Limit::LoopExtreme(l), extreme.heat_mw, 1.0, entries);
    }
}
