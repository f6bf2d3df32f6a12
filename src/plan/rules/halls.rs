//! Halls: rack positions and floor load of what is bought, air heat of what runs.
//!
//! Equation P6: `sum of positions * n <= positions`, `sum of mass * n <= floor`,
//! `sum of air heat * x <= air capacity`.

use super::{Build, running};
use crate::plan::input::{Holding, RackIn};
use crate::plan::limits::Limit;

pub(super) fn add(build: &mut Build) {
    for hall in 0..build.input.halls.len() {
        let (positions, mass) = {
            let x = &build.input.halls[hall];
            (x.positions, x.mass_kg / 1e3)
        };
        space(build, hall, Limit::HallPositions(hall), positions, |r| r.positions);
        space(build, hall, Limit::HallFloor(hall), mass, |r| r.mass_kg / 1e3);
        air(build, hall);
    }
}

/// Bought and installed units of a hall within a capacity.
fn space(
    build: &mut Build,
    hall: usize,
    limit: Limit,
    mut capacity: f64,
    per_unit: fn(&RackIn) -> f64,
) {
    let (input, cols) = (build.input, build.cols);
    if !capacity.is_finite() {
        return;
    }
    let mut entries = Vec::new();
    let mut shifts = Vec::new();
    for (b, block) in input.blocks.iter().enumerate().filter(|(_, b)| b.hall == Some(hall)) {
        for (r, &rack) in block.racks.iter().enumerate() {
            let each = per_unit(&input.racks[rack]);
            entries.extend(cols.bought(b, r).map(|c| (c, each)));
            if let Holding::Installed(n) = block.holding {
                capacity -= n * each;
                shifts.push((b, -each));
            }
        }
    }
    // A hall of installed racks alone decides nothing, unless they do not fit.
    if entries.is_empty() && capacity >= 0.0 {
        return;
    }
    let row = build.limit_row(limit, capacity, 1.0, entries);
    for (b, amount) in shifts {
        build.shift(Limit::BlockUnits(b), row, amount);
    }
}

fn air(build: &mut Build, hall: usize) {
    let (input, cols) = (build.input, build.cols);
    let capacity = input.halls[hall].air_mw;
    if !capacity.is_finite() {
        return;
    }
    for h in 0..cols.hours {
        let entries: Vec<_> = (0..input.blocks.len())
            .filter(|&b| input.blocks[b].hall == Some(hall))
            .flat_map(|b| running(cols, b, h, |p| input.points[p].air_mw))
            .filter(|(_, c)| *c > 0.0)
            .collect();
        if !entries.is_empty() {
            build.limit_row(Limit::HallAir(hall), capacity, 1.0, entries);
        }
    }
}
