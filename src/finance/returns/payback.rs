//! Payback: when the cumulated flow turns from negative to not negative.

use super::measures::{Discount, discount_factor};
use crate::finance::{Figure, Undefined};
use serde::Serialize;

/// A cumulated flow below this share of all flows is zero but for rounding.
const ROUNDING: f64 = 1e-13;

/// First and final payback in periods (years where times are years); linear inside a period.
///
/// They differ where a refresh takes the cumulated flow below zero again.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Payback {
    /// First crossing from below; 0 where the cumulated flow is never negative.
    pub first: Figure,
    /// Last crossing from below; not defined where the cumulated flow ends negative.
    pub last: Figure,
}

/// Payback of flows of equal periods.
pub fn payback(flows: &[f64]) -> Payback {
    crossings(flows.iter().enumerate().map(|(t, cf)| (t as f64, *cf)))
}

/// Payback of the discounted flows; interpolation is linear in the discounted flow.
pub fn discounted_payback(rate: f64, flows: &[f64]) -> Payback {
    crossings(
        flows.iter().enumerate().map(|(t, cf)| (t as f64, cf * discount_factor(rate, t as f64))),
    )
}

/// Payback of flows at rising times, discounted at `rate` (0 for the simple payback).
pub fn payback_at(rate: f64, times: &[f64], flows: &[f64]) -> Payback {
    let discount = Discount::at(rate);
    crossings(times.iter().zip(flows).map(|(t, cf)| (*t, cf * discount.factor(*t))))
}

fn crossings(flows: impl Iterator<Item = (f64, f64)>) -> Payback {
    let (mut total, mut size, mut before) = (0.0f64, 0.0f64, 0.0f64);
    let (mut first, mut last, mut negative) = (None, None, false);
    for (time, flow) in flows {
        size += flow.abs();
        let earlier = total;
        total += flow;
        if total.abs() <= ROUNDING * size {
            total = 0.0;
        }
        if total < 0.0 {
            negative = true;
        } else if earlier < 0.0 {
            let at = before + (time - before) * (-earlier / flow);
            first = first.or(Some(at));
            last = Some(at);
        }
        before = time;
    }
    if !negative {
        return Payback { first: Ok(0.0), last: Ok(0.0) };
    }
    let never = Undefined::NeverRecovered;
    let last = if total < 0.0 { None } else { last };
    Payback { first: first.ok_or(never), last: last.ok_or(never) }
}
