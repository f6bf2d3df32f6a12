//! What drivers do to the input of the plan, learnt once: each moves some of its numbers along a
//! straight line, so that the input of a run is made without going through layout and catalogue.
//!
//! Nothing is assumed: lines are tested at both ends and the middle, and their sum at runs with all
//! drivers at once, against inputs prepared in full. What does not hold is told, and the runs are
//! then prepared in full.

use crate::plan::input::PlanInput;

/// Agreement of a number made by a line with the one prepared in full.
const AGREE_FRAC: f64 = 1e-12;

/// The numbers that lines may move, in a fixed order. Infinite ones stay where they are; annual
/// costs of racks follow from prices and rates by their own equation.
pub fn numbers(input: &PlanInput) -> Vec<f64> {
    let mut all = Vec::new();
    visit(&mut input.clone(), &mut |number| all.push(*number));
    all
}

/// Puts such numbers into an input of the same shape.
pub fn put(input: &mut PlanInput, numbers: &[f64]) {
    let mut next = numbers.iter();
    visit(input, &mut |place| {
        if let Some(number) = next.next() {
            *place = *number;
        }
    });
}

fn visit(input: &mut PlanInput, each: &mut dyn FnMut(&mut f64)) {
    input.hours.iter_mut().for_each(|h| each(&mut h.energy_musd_per_mwh));
    for rack in &mut input.racks {
        each(&mut rack.sell_frac);
        each(&mut rack.spares_frac);
        rack.price_musd.iter_mut().for_each(&mut *each);
    }
    for point in &mut input.points {
        each(&mut point.output);
        each(&mut point.prefill);
    }
    for tier in &mut input.tiers {
        for step in &mut tier.steps {
            each(&mut step.musd_per_year);
            each(&mut step.output_musd_per_year);
            each(&mut step.volume);
        }
        each(&mut tier.variable_musd_per_year);
    }
    let site = &mut input.site;
    each(&mut site.grid_contract_mw);
    each(&mut site.billable_frac);
    each(&mut site.demand_musd_per_mw_year);
    site.capacity_musd_per_mw_year.iter_mut().for_each(&mut *each);
    each(&mut site.capex_budget_musd);
}

/// The input with every movable number at zero: what lines must leave as it is.
fn frame(input: &PlanInput) -> PlanInput {
    let mut frame = input.clone();
    visit(&mut frame, &mut |number| *number = 0.0);
    frame.racks.iter_mut().for_each(|rack| rack.annual_musd = None);
    frame
}

/// Whether two inputs differ in movable numbers alone.
pub fn same_frame(a: &PlanInput, b: &PlanInput) -> bool {
    numbers(a).len() == numbers(b).len() && frame(a) == frame(b)
}

/// Whether two numbers agree but for rounding.
pub fn agree(a: f64, b: f64) -> bool {
    a == b || (a - b).abs() <= AGREE_FRAC * a.abs().max(b.abs())
}

/// How one driver moves numbers of the input.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Line {
    /// Index of the number and its change per unit of the driver.
    pub slopes: Vec<(usize, f64)>,
    /// The same per unit of the driver's reciprocal: what is made per unit sold, say.
    pub inverse: Vec<(usize, f64)>,
}

/// The line through the base and the far end of a driver, if everything between lies on it: of
/// the numbers of inputs at the base and at other values of the driver.
pub fn line(base: (f64, &[f64]), others: &[(f64, Vec<f64>)]) -> Option<Line> {
    let distance = |x: f64| (x - base.0).abs();
    let far = others.iter().max_by(|a, b| distance(a.0).total_cmp(&distance(b.0)))?;
    let mut line = Line::default();
    for (k, at_base) in base.1.iter().enumerate() {
        let moved = others.iter().any(|(_, found)| found.get(k) != Some(at_base));
        if !moved {
            continue;
        }
        // Of the driver, and of its reciprocal where it has one.
        let follows = |of: fn(f64) -> f64| -> Option<f64> {
            let slope = (far.1.get(k)? - at_base) / (of(far.0) - of(base.0));
            let on = |(x, found): &(f64, Vec<f64>)| {
                let made = at_base + slope * (of(*x) - of(base.0));
                found.get(k).is_some_and(|found| agree(made, *found))
            };
            (slope.is_finite() && others.iter().all(on)).then_some(slope)
        };
        if let Some(slope) = follows(|x| x) {
            line.slopes.push((k, slope));
        } else {
            line.inverse.push((k, follows(f64::recip)?));
        }
    }
    Some(line)
}

/// All drivers together. Where several move one number, each does so in proportion, as the factors
/// of a product do.
#[derive(Clone, Debug, Default)]
pub struct Lines {
    pub base: Vec<f64>,
    /// Base and line of each driver.
    pub of: Vec<(f64, Line)>,
}

impl Lines {
    /// The numbers at values of the drivers.
    pub fn at(&self, values: &[f64]) -> Vec<f64> {
        let mut made = self.base.clone();
        for ((own, line), value) in self.of.iter().zip(values) {
            if value == own {
                continue;
            }
            let direct = line.slopes.iter().map(|(k, slope)| (*k, slope * (value - own)));
            let turned = 1.0 / value - 1.0 / own;
            let inverse = line.inverse.iter().map(|(k, slope)| (*k, slope * turned));
            for (k, change) in direct.chain(inverse) {
                let (Some(number), Some(base)) = (made.get_mut(k), self.base.get(k)) else {
                    continue;
                };
                *number += if *base == 0.0 { change } else { change * (*number / base) };
            }
        }
        made
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_straight_line_is_learnt_and_a_bent_one_is_refused() {
        let base = [1.0, 5.0, f64::INFINITY];
        let at = |x: f64, y: f64| vec![x, y, f64::INFINITY];
        let straight = [(1.0, at(0.5, 5.0)), (3.0, at(1.5, 5.0)), (4.0, at(2.0, 5.0))];
        let line = line((2.0, &base), &straight).unwrap();
        assert_eq!(line.slopes, [(0, 0.5)]);
        let lines = Lines { base: base.to_vec(), of: vec![(2.0, line)] };
        assert_eq!(lines.at(&[8.0]), [4.0, 5.0, f64::INFINITY]);
        let bent = [(1.0, at(0.5, 5.0)), (4.0, at(2.1, 5.0))];
        assert_eq!(super::line((2.0, &base), &bent), None);
        let reciprocal = [(1.0, vec![3.0, 5.0, 1.0]), (4.0, vec![0.75, 5.0, 1.0])];
        let turned = super::line((2.0, &[1.5, 5.0, 1.0]), &reciprocal).unwrap();
        assert_eq!((turned.slopes.len(), turned.inverse), (0, vec![(0, 3.0)]));
        let twice = |slope: f64| (1.0, Line { slopes: vec![(0, slope)], ..Line::default() });
        let product = Lines { base: vec![6.0], of: vec![twice(6.0), twice(6.0)] };
        assert_eq!(product.at(&[1.5, 2.0]), [18.0]);
        let endless = [(1.0, vec![0.5, f64::INFINITY, 1.0])];
        assert_eq!(super::line((2.0, &base), &endless), None);
    }
}
