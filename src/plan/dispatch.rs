//! A solution in the planner's terms: what runs where, and what is sold to whom.

use super::columns::{Columns, FIRM};
use super::input::PlanInput;

/// Units of a block running a point in an hour.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Run {
    pub hour: usize,
    pub block: usize,
    pub point: usize,
    pub firm: bool,
    pub units: f64,
}

/// Output of a point sold to a tier at a price step in an hour.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sale {
    pub hour: usize,
    pub point: usize,
    pub tier: usize,
    pub step: usize,
    pub output: f64,
}

/// Output made for a tier and not sold.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Unsold {
    pub hour: usize,
    pub point: usize,
    pub tier: usize,
    pub output: f64,
}

/// Everything that a plan decides.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Dispatch {
    pub runs: Vec<Run>,
    pub sales: Vec<Sale>,
    pub unsold: Vec<Unsold>,
    /// Units bought: (block, rack type, units).
    pub bought: Vec<(usize, usize, f64)>,
    /// Shortfall of a tier's commitment: (tier, hour, output).
    pub shortfall: Vec<(usize, usize, f64)>,
    /// IT power standing idle for a tier: (tier, hour, MW).
    pub idle: Vec<(usize, usize, f64)>,
}

/// Below this, a value of the solver is nothing.
const NOTHING: f64 = 1e-9;

impl Dispatch {
    /// Reads a solution vector.
    pub fn read(input: &PlanInput, cols: &Columns, x: &[f64]) -> Self {
        let at = |c: usize| x.get(c).copied().filter(|v| *v > NOTHING);
        let mut d = Dispatch::default();
        for hour in 0..cols.hours {
            for (block, points) in cols.block_points.iter().enumerate() {
                for (k, &point) in points.iter().enumerate() {
                    for (class, x) in cols.x(hour, block, k).enumerate() {
                        if let Some(units) = at(x) {
                            let firm = class == FIRM;
                            d.runs.push(Run { hour, block, point, firm, units });
                        }
                    }
                }
            }
            for (point, slots) in cols.slots.iter().enumerate() {
                for (s, slot) in slots.iter().enumerate() {
                    if let Some(output) = at(cols.y(hour, point, s)) {
                        let (tier, step) = (slot.tier, slot.step);
                        d.sales.push(Sale { hour, point, tier, step, output });
                    }
                }
                for (u, &tier) in cols.unsold[point].iter().enumerate() {
                    if let Some(output) = at(cols.unsold(hour, point, u)) {
                        d.unsold.push(Unsold { hour, point, tier, output });
                    }
                }
            }
            for t in 0..input.tiers.len() {
                let short = cols.shortfall(t, hour).and_then(at);
                d.shortfall.extend(short.map(|v| (t, hour, v)));
                let idle = cols.idle_share(t, hour).and_then(at);
                d.idle.extend(idle.map(|v| (t, hour, v)));
            }
        }
        for (b, block) in input.blocks.iter().enumerate() {
            for (r, &rack) in block.racks.iter().enumerate() {
                let units = cols.bought(b, r).and_then(at);
                d.bought.extend(units.map(|v| (b, rack, v)));
            }
        }
        d
    }
}
