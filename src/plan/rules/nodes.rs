//! Every node of the power network within its normal capacity, and firm racks
//! within what survives an outage, in every hour.
//!
//! Equation P4: `sum of (IT / path efficiency + mechanical) * x <= capacity`.

use super::Build;
use crate::plan::input::{Holding, PlanInput};
use crate::plan::limits::Limit;

/// A block's load at a node, per MW of IT and per MW of mechanical power.
struct Load {
    block: usize,
    per_it: f64,
    per_mechanical: f64,
}

pub(super) fn add(build: &mut Build) {
    let input = build.input;
    let loads = loads(input);
    for h in 0..build.cols.hours {
        for (n, node) in input.nodes.iter().enumerate() {
            if loads[n].is_empty() {
                continue;
            }
            if node.capacity_mw.is_finite() {
                normal(build, h, n, &loads[n]);
            }
            if node.firm_mw.is_finite() {
                firm(build, h, n, &loads[n]);
            }
        }
    }
}

/// Loads of each node, by block.
fn loads(input: &PlanInput) -> Vec<Vec<Load>> {
    let mut loads: Vec<Vec<Load>> = input.nodes.iter().map(|_| Vec::new()).collect();
    for (b, block) in input.blocks.iter().enumerate() {
        for &(n, per_it) in &block.node_per_it {
            loads[n].push(Load { block: b, per_it, per_mechanical: 0.0 });
        }
        for &(n, per_mw) in block.cooling.map_or(&[][..], |l| &input.loops[l].node_per_mw) {
            match loads[n].last_mut().filter(|x| x.block == b) {
                Some(load) => load.per_mechanical += per_mw,
                None => loads[n].push(Load { block: b, per_it: 0.0, per_mechanical: per_mw }),
            }
        }
    }
    loads
}

fn per_unit(input: &PlanInput, load: &Load, p: usize, h: usize) -> f64 {
    let block = &input.blocks[load.block];
    input.points[p].it_mw * load.per_it + input.mechanical_mw(block, p, h) * load.per_mechanical
}

fn per_spare(input: &PlanInput, load: &Load, rack: usize, h: usize) -> f64 {
    let cooling = input.blocks[load.block].cooling;
    let mechanical = cooling.map_or(0.0, |l| input.loops[l].mech_liquid[h]);
    let idle = input.racks[rack].idle_mw * input.racks[rack].spares_frac;
    idle * (load.per_it + mechanical * load.per_mechanical)
}

fn normal(build: &mut Build, h: usize, n: usize, loads: &[Load]) {
    let (input, cols) = (build.input, build.cols);
    let mut entries = Vec::new();
    let mut capacity = input.nodes[n].capacity_mw;
    let mut shifts = Vec::new();
    for load in loads {
        let b = load.block;
        for (k, &p) in cols.block_points[b].iter().enumerate() {
            let c = per_unit(input, load, p, h);
            entries.extend(cols.x(h, b, k).map(|x| (x, c)));
        }
        let block = &input.blocks[b];
        if let Holding::Installed(count) = block.holding {
            let spare = per_spare(input, load, block.racks[0], h);
            capacity -= count * spare;
            shifts.push((b, -spare));
        }
        for (r, &rack) in block.racks.iter().enumerate() {
            let spare = per_spare(input, load, rack, h);
            entries.extend(cols.bought(b, r).filter(|_| spare > 0.0).map(|c| (c, spare)));
        }
    }
    let row = build.limit_row(Limit::Node(n), capacity, 1.0, entries);
    for (b, amount) in shifts {
        build.shift(Limit::BlockUnits(b), row, amount);
    }
}

fn firm(build: &mut Build, h: usize, n: usize, loads: &[Load]) {
    let (input, cols) = (build.input, build.cols);
    let mut entries = Vec::new();
    for load in loads {
        for (k, &p) in cols.block_points[load.block].iter().enumerate() {
            let firm = cols.firm_x(h, load.block, k);
            entries.extend(firm.map(|x| (x, per_unit(input, load, p, h))));
        }
    }
    if !entries.is_empty() {
        build.limit_row(Limit::NodeFirm(n), input.nodes[n].firm_mw, 1.0, entries);
    }
}
