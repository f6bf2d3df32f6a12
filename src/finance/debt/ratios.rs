//! Cover ratios.

use crate::finance::{Figure, Undefined};
use serde::Serialize;

/// Debt service cover over a loan.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Cover {
    /// Of each period; not defined where nothing is due.
    pub dscr: Vec<Figure>,
    pub least: Figure,
    pub average: Figure,
    /// Periods (0 is the first) below 1: cash does not pay the service.
    pub below_one: Vec<usize>,
}

/// `cfads / service` of each period in which service is due.
pub fn cover(cfads: &[f64], service: &[f64]) -> Cover {
    let due = |s: f64| s > 1e-9;
    let dscr: Vec<Figure> = cfads
        .iter()
        .zip(service)
        .map(|(cash, s)| if due(*s) { Ok(cash / s) } else { Err(Undefined::NoDebt) })
        .collect();
    let known: Vec<f64> = dscr.iter().filter_map(|d| d.ok()).collect();
    let least = known.iter().copied().min_by(f64::total_cmp).ok_or(Undefined::NoDebt);
    let average = if known.is_empty() {
        Err(Undefined::NoDebt)
    } else {
        Ok(known.iter().sum::<f64>() / known.len() as f64)
    };
    // A sculpted loan at 1.0 is not below it by rounding.
    let low = |(t, d): (usize, &Figure)| d.is_ok_and(|d| d < 1.0 - 1e-9).then_some(t);
    let below_one = dscr.iter().enumerate().filter_map(low).collect();
    Cover { dscr, least, average, below_one }
}

/// [`loan_life_cover`] with a rate for each period: periods may differ in length.
pub fn loan_life_cover_at(cfads: &[f64], rates: &[f64], balance: f64) -> Figure {
    if balance <= 1e-9 {
        return Err(Undefined::NoDebt);
    }
    let both = cfads.iter().zip(rates).rev();
    Ok(both.fold(0.0, |later, (cash, rate)| (later + cash) / (1.0 + rate)) / balance)
}

/// Present value of `cfads` at the cost of debt over the balance they must repay: loan life cover
/// (LLCR) with the cash of the tenor, project life cover (PLCR) with all of it.
pub fn loan_life_cover(cfads: &[f64], rate: f64, balance: f64) -> Figure {
    if balance <= 1e-9 {
        return Err(Undefined::NoDebt);
    }
    let value = cfads.iter().rev().fold(0.0, |later, cash| (later + cash) / (1.0 + rate));
    Ok(value / balance)
}
