//! Present values and the measures made of them.

use crate::finance::{Figure, Undefined, error::finite};

/// `1 / (1 + rate)^years`.
pub fn discount_factor(rate: f64, years: f64) -> f64 {
    Discount::at(rate).factor(years)
}

/// Discount factors at one rate: the logarithm is taken once.
#[derive(Clone, Copy, Debug)]
pub(super) struct Discount(f64);

impl Discount {
    pub fn at(rate: f64) -> Self {
        Self(rate.ln_1p())
    }

    pub fn factor(self, years: f64) -> f64 {
        (-self.0 * years).exp()
    }
}

/// Net present value, the first flow undiscounted: `sum of cf[t] / (1 + rate)^t`.
///
/// `rate` is a fraction per period, above -1.
pub fn npv(rate: f64, flows: &[f64]) -> f64 {
    let factor = 1.0 / (1.0 + rate);
    // Horner from the last flow: one multiplication a period, no power that overflows.
    flows.iter().rev().fold(0.0, |later, flow| later * factor + flow)
}

/// Net present value as spreadsheets define NPV(): the first flow is discounted by one period.
pub fn npv_spreadsheet(rate: f64, flows: &[f64]) -> f64 {
    npv(rate, flows) / (1.0 + rate)
}

/// Net present value of flows at times in years: `sum of cf / (1 + rate)^t`.
pub fn npv_at(rate: f64, times: &[f64], flows: &[f64]) -> f64 {
    let discount = Discount::at(rate);
    times.iter().zip(flows).map(|(t, cf)| cf * discount.factor(*t)).sum()
}

/// Modified internal rate of return over `n = len - 1` periods:
/// `(FV(inflows, reinvest) / -PV(outflows, finance))^(1/n) - 1`.
pub fn mirr(flows: &[f64], finance_rate: f64, reinvest_rate: f64) -> Figure {
    if flows.len() < 2 {
        return Err(Undefined::NoFlows);
    }
    let periods = (flows.len() - 1) as f64;
    let outflows: Vec<f64> = flows.iter().map(|cf| cf.min(0.0)).collect();
    let inflows: Vec<f64> = flows.iter().map(|cf| cf.max(0.0)).collect();
    let present = -npv(finance_rate, &outflows);
    let future = npv(reinvest_rate, &inflows);
    if present <= 0.0 || future <= 0.0 {
        return Err(Undefined::NoSignChange);
    }
    // The growth of the inflows is kept as a factor per period: no power that overflows.
    finite((future / present).powf(1.0 / periods) * (1.0 + reinvest_rate) - 1.0)
}

/// [`mirr`] of flows at rising times in years, over the time from 0 to the last one.
pub fn mirr_at(times: &[f64], flows: &[f64], finance_rate: f64, reinvest_rate: f64) -> Figure {
    let Some(end) = times.last().copied().filter(|end| *end > 0.0) else {
        return Err(Undefined::NoFlows);
    };
    let (paid, earned) = (Discount::at(finance_rate), Discount::at(reinvest_rate));
    let (mut present, mut future) = (0.0, 0.0);
    for (time, flow) in times.iter().zip(flows) {
        present -= flow.min(0.0) * paid.factor(*time);
        future += flow.max(0.0) * earned.factor(*time);
    }
    if present <= 0.0 || future <= 0.0 {
        return Err(Undefined::NoSignChange);
    }
    finite((future / present).powf(1.0 / end) * (1.0 + reinvest_rate) - 1.0)
}

/// [`profitability_index`] of flows at times in years.
pub fn profitability_index_at(rate: f64, times: &[f64], flows: &[f64]) -> Figure {
    let discount = Discount::at(rate);
    let (mut paid, mut received) = (0.0, 0.0);
    for (time, flow) in times.iter().zip(flows) {
        let present = flow * discount.factor(*time);
        paid -= present.min(0.0);
        received += present.max(0.0);
    }
    if paid > 0.0 { finite(received / paid) } else { Err(Undefined::NothingInvested) }
}

/// Profitability index: present value of the inflows over present value of the outflows.
pub fn profitability_index(rate: f64, flows: &[f64]) -> Figure {
    let outflows: Vec<f64> = flows.iter().map(|cf| (-cf).max(0.0)).collect();
    let inflows: Vec<f64> = flows.iter().map(|cf| cf.max(0.0)).collect();
    let paid = npv(rate, &outflows);
    if paid <= 0.0 {
        return Err(Undefined::NothingInvested);
    }
    finite(npv(rate, &inflows) / paid)
}

/// Equity multiple: all that is received over all that is paid in, undiscounted.
pub fn equity_multiple(flows: &[f64]) -> Figure {
    let paid: f64 = flows.iter().map(|cf| (-cf).max(0.0)).sum();
    let received: f64 = flows.iter().map(|cf| cf.max(0.0)).sum();
    if paid <= 0.0 {
        return Err(Undefined::NothingInvested);
    }
    finite(received / paid)
}
