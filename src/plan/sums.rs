//! What a value reads of a plan: where equally good plans agree in all of that, none need be chosen
//! among them.

use super::build::{Built, drawn_grid_mw};
use super::input::PlanInput;

const GOLDEN: f64 = 0.618_033_988_749_894_9;

/// What is read of a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reads {
    /// Anything.
    All,
    /// Sales by tier and price over the year, what falls short, units and power by hour; how much
    /// is bought of each rack type is given.
    Sums,
    /// The same, and what runs in each block in the hour of the greatest grid power.
    Blocks,
}

/// A weight for each column, such that points agree in the weighted sum only where they agree in
/// everything that is read. Each of these numbers counts with a weight that has nothing to do with
/// the others', so that differences do not cancel. `worst` is the hour of the greatest grid power,
/// where blocks are read.
pub fn weights(input: &PlanInput, built: &Built, worst: Option<usize>) -> Vec<f64> {
    let mut weights = Weights { of: vec![0.0; built.cols.count], last: 0 };
    weights.running(input, built, worst);
    weights.sold(input, built);
    weights.of
}

struct Weights {
    of: Vec<f64>,
    last: u32,
}

impl Weights {
    /// A number between one and two: parts of multiples of the golden ratio, squared.
    fn next(&mut self) -> f64 {
        self.last += 1;
        let part = (f64::from(self.last) * GOLDEN).fract();
        1.0 + part * part
    }

    /// Units and power by hour, with the spares of what is bought.
    fn running(&mut self, input: &PlanInput, built: &Built, worst: Option<usize>) {
        let cols = &built.cols;
        let of_rack: Vec<f64> = input.racks.iter().map(|_| self.next()).collect();
        let of_block: Vec<f64> = input.blocks.iter().map(|_| self.next()).collect();
        for h in 0..cols.hours {
            let [unit, it, grid, drawn] = [(); 4].map(|()| self.next());
            for (b, block) in input.blocks.iter().enumerate() {
                for (k, &p) in cols.block_points[b].iter().enumerate() {
                    let point = &input.points[p];
                    let in_block = match worst == Some(h) {
                        true => of_block[b] * (of_rack[point.rack] + point.it_mw),
                        false => 0.0,
                    };
                    let sum = unit
                        + it * point.it_mw
                        + grid * input.grid_mw(block, p, h)
                        + drawn * drawn_grid_mw(input, b, p, h);
                    self.of[cols.x(h, b, k)].fill(sum + in_block);
                }
                for (r, &rack) in block.racks.iter().enumerate() {
                    if let Some(column) = cols.bought(b, r) {
                        let spares = input.racks[rack].spares_frac;
                        let mw = it * input.racks[rack].idle_mw
                            + (grid + drawn) * input.spare_grid_mw(block, rack, h);
                        self.of[column] += spares * mw;
                    }
                }
            }
        }
    }

    /// Sales by tier and price, what falls short and what stands idle.
    fn sold(&mut self, input: &PlanInput, built: &Built) {
        let cols = &built.cols;
        for (t, tier) in input.tiers.iter().enumerate() {
            let steps: Vec<f64> = tier.steps.iter().map(|_| self.next()).collect();
            let (short, idle) = (self.next(), self.next());
            for h in 0..cols.hours {
                let weight = input.hour_weight(h);
                for (p, slots) in cols.slots.iter().enumerate() {
                    for (s, slot) in slots.iter().enumerate().filter(|(_, slot)| slot.tier == t) {
                        self.of[cols.y(h, p, s)] = weight * steps[slot.step];
                    }
                }
                if let Some(column) = cols.shortfall(t, h) {
                    self.of[column] = weight * short;
                }
                if let Some(column) = cols.idle_share(t, h) {
                    self.of[column] = weight * idle;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::build::build;
    use crate::plan::posted::tests::input;

    #[test]
    fn only_what_is_read_moves_the_sum() {
        let mut input = input();
        // Another block of the same racks, and another hour.
        input.blocks.push(input.blocks[0].clone());
        input.hours.push(input.hours[0].clone());
        input.hours.iter_mut().for_each(|h| h.weight_h /= 2.0);
        input.tiers[0].firm = true;
        input.tiers[0].shape = vec![1.0, 1.0];
        let built = build(&input);
        let cols = &built.cols;
        let x = |h: usize, b: usize, class: usize| cols.x(h, b, 0).nth(class).unwrap();
        let sums = weights(&input, &built, None);
        // A rack of the other block, or one without firm power, runs in place of another.
        assert_eq!(sums[x(0, 0, 0)], sums[x(0, 1, 0)]);
        assert_eq!(sums[x(0, 0, 0)], sums[x(0, 0, 1)]);
        // The hour counts, and what is sold at another price; not the hour of a sale.
        assert_ne!(sums[x(0, 0, 0)], sums[x(1, 0, 0)]);
        assert_eq!(sums[cols.y(0, 0, 0)], sums[cols.y(1, 0, 0)]);
        assert_ne!(sums[cols.y(0, 0, 0)], sums[cols.y(0, 0, 1)]);
        // Blocks count where they are read, in that hour.
        let sums = weights(&input, &built, Some(1));
        assert_eq!(sums[x(0, 0, 0)], sums[x(0, 1, 0)]);
        assert_ne!(sums[x(1, 0, 0)], sums[x(1, 1, 0)]);
    }
}
