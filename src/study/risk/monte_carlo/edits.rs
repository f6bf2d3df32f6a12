//! What drivers do to the input of the plan, learnt once: each moves some of its numbers along a
//! straight line, so that the input of a run is made without going through layout and catalogue.
//!
//! Nothing is assumed: lines are tested at both ends and the middle, and their sum at runs with all
//! drivers at once, against inputs prepared in full. What does not hold is told, and the runs are
//! then prepared in full.

use crate::plan::input::PlanInput;

/// Agreement of a number made by a line with the one prepared in full.
const AGREE_FRAC: f64 = 1e-12;

/// The numbers that lines may move, in a fixed order. Infinite ones stay where they are.
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
        rack.annual_musd.iter_mut().for_each(&mut *each);
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
}

/// The line through the base and the far end of a driver, if everything between lies on it: of
/// the numbers of inputs at the base and at other values of the driver.
pub fn line(base: (f64, &[f64]), others: &[(f64, Vec<f64>)]) -> Option<Line> {
    let distance = |x: f64| (x - base.0).abs();
    let far = others.iter().max_by(|a, b| distance(a.0).total_cmp(&distance(b.0)))?;
    let mut slopes = Vec::new();
    for (k, at_base) in base.1.iter().enumerate() {
        let at_far = *far.1.get(k)?;
        if at_far == *at_base {
            continue;
        }
        let slope = (at_far - at_base) / (far.0 - base.0);
        if !slope.is_finite() {
            return None;
        }
        slopes.push((k, slope));
    }
    let lines = Lines { base: base.1.to_vec(), of: vec![(base.0, Line { slopes })] };
    let on_line = |(x, found): &(f64, Vec<f64>)| {
        lines.at(&[*x]).iter().zip(found).all(|(a, b)| agree(*a, *b))
    };
    let straight = others.iter().all(on_line);
    straight.then(|| lines.of.into_iter().next()).flatten().map(|(_, line)| line)
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
            for &(k, slope) in &line.slopes {
                let (Some(number), Some(base)) = (made.get_mut(k), self.base.get(k)) else {
                    continue;
                };
                let change = slope * (value - own);
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
        let twice = |slope: f64| (1.0, Line { slopes: vec![(0, slope)] });
        let product = Lines { base: vec![6.0], of: vec![twice(6.0), twice(6.0)] };
        assert_eq!(product.at(&[1.5, 2.0]), [18.0]);
        let endless = [(1.0, vec![0.5, f64::INFINITY, 1.0])];
        assert_eq!(super::line((2.0, &base), &endless), None);
    }
}
