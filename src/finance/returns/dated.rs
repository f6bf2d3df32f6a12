//! Measures of flows on dates: XNPV and XIRR with a named day count.

use super::irr::{Irr, irr_at};
use super::measures::discount_factor;
use crate::finance::date::{Date, DayCount};

/// A flow on a date.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Flow {
    pub date: Date,
    /// Positive when received.
    pub amount: f64,
}

/// Years of each flow from the first one listed; negative where a flow lies before it.
fn times(flows: &[Flow], count: DayCount) -> Vec<f64> {
    let Some(anchor) = flows.first() else { return Vec::new() };
    flows.iter().map(|f| count.years(anchor.date, f.date)).collect()
}

/// Net present value on the date of the first listed flow:
/// `sum of cf / (1 + rate)^(year fraction)`. Rates of zero and below (above -1) are allowed.
pub fn xnpv(rate: f64, flows: &[Flow], count: DayCount) -> f64 {
    let years = times(flows, count);
    flows.iter().zip(years).map(|(f, t)| f.amount * discount_factor(rate, t)).sum()
}

/// All annual rates above -100 % at which [`xnpv`] is zero.
pub fn xirr(flows: &[Flow], count: DayCount) -> Irr {
    let amounts: Vec<f64> = flows.iter().map(|f| f.amount).collect();
    irr_at(&times(flows, count), &amounts)
}
