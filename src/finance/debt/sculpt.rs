//! Debt sized and repaid so that cash covers its service by the same ratio in every period.

use super::Schedule;
use serde::Serialize;

/// A sculpted loan.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Sculpted {
    /// Amount at the start.
    pub amount: f64,
    pub schedule: Schedule,
    /// Periods (0 is the first) whose principal is negative: the loan would grow in a weak year.
    pub negative_principal: Vec<usize>,
}

/// Service that `cfads` carries at `dscr` in each of `tenor` periods; none from negative cash.
fn capacity(cfads: &[f64], dscr: f64, tenor: usize) -> Vec<f64> {
    (0..tenor).map(|t| cfads.get(t).map_or(0.0, |cash| (cash / dscr).max(0.0))).collect()
}

/// Amount `sum of cfads[t] / dscr / (1 + rate)^t` (t from 1), each period paying `cfads / dscr`.
///
/// In a weak period the payment may not cover the interest; principal is then negative, and the
/// period is listed. [`sculpt_floored`] avoids it.
pub fn sculpt(cfads: &[f64], dscr: f64, rate: f64, tenor: usize) -> Sculpted {
    let paid: Vec<f64> = (0..tenor).map(|t| cfads.get(t).map_or(0.0, |c| c / dscr)).collect();
    let amount = paid.iter().rev().fold(0.0, |later, pay| (later + pay) / (1.0 + rate));
    repaid(amount, rate, &paid)
}

fn repaid(amount: f64, rate: f64, paid: &[f64]) -> Sculpted {
    let schedule = Schedule::of(amount, rate, paid.len(), |t, balance, interest| {
        if t + 1 == paid.len() { balance } else { paid.get(t).copied().unwrap_or(0.0) - interest }
    });
    let negative = |(t, p): (usize, &f64)| (*p < -1e-9 * amount.abs()).then_some(t);
    let negative_principal = schedule.principal.iter().enumerate().filter_map(negative).collect();
    Sculpted { amount, schedule, negative_principal }
}

/// Largest loan, at most `cap`, whose principal is never negative and whose service never exceeds
/// `cfads / dscr`.
///
/// Backwards, the most that may be owed before period t is
/// `min((most after t + service) / (1 + rate), service / rate)`: the first term repays in time,
/// the second keeps interest within the service of a weak period. Under a cap the same shape is
/// scaled down, which raises the cover of all periods alike.
pub fn sculpt_floored(cfads: &[f64], dscr: f64, rate: f64, tenor: usize, cap: f64) -> Sculpted {
    sculpt_floored_at(cfads, dscr, &vec![rate; tenor], cap)
}

/// [`sculpt_floored`] with a rate for each period: periods may differ in length. The tenor is the
/// number of rates.
pub fn sculpt_floored_at(cfads: &[f64], dscr: f64, rates: &[f64], cap: f64) -> Sculpted {
    sculpt_by_year_at(cfads, dscr, (rates, 1), cap)
}

/// The same where a year has `year` periods: interest must lie within what cash carries in the
/// periods of a year together, and what a weak period of it cannot pay is added to the loan. A
/// month without cash thus has no service, and the loan is sized on the others.
///
/// The most that may be owed before period t is then `min((most after t + service) / (1 + rate),
/// sum of service / sum of rates)`, both sums over the year from t on. With one period a year
/// principal is never negative.
pub fn sculpt_by_year_at(
    cfads: &[f64],
    dscr: f64,
    (rates, year): (&[f64], usize),
    cap: f64,
) -> Sculpted {
    let service = capacity(cfads, dscr, rates.len());
    let mut most = vec![0.0; rates.len() + 1];
    for (t, (paid, rate)) in service.iter().zip(rates).enumerate().rev() {
        let in_time = (most[t + 1] + paid) / (1.0 + rate);
        let ahead = |list: &[f64]| list.iter().skip(t).take(year.max(1)).sum::<f64>();
        let due = ahead(rates);
        let interest_covered = if due > 0.0 { ahead(&service) / due } else { f64::INFINITY };
        most[t] = in_time.min(interest_covered);
    }
    let full = most[0];
    let amount = full.min(cap.max(0.0));
    let scale = if full > 0.0 { amount / full } else { 0.0 };
    let list = || Vec::with_capacity(rates.len());
    let mut schedule = Schedule { interest: list(), principal: list(), balance: list() };
    let mut negative_principal = Vec::new();
    let mut balance = amount;
    for (t, (rate, paid)) in rates.iter().zip(&service).enumerate() {
        let interest = balance * rate;
        // At least the interest, as far as cash carries it.
        let short = if year > 1 { (interest - paid).max(0.0) } else { 0.0 };
        let repaid = (balance - most[t + 1] * scale).max(0.0 - short);
        if repaid < -1e-9 * amount {
            negative_principal.push(t);
        }
        schedule.interest.push(interest);
        schedule.principal.push(repaid);
        // The most that may be owed at the end is nothing.
        balance = if t + 1 == rates.len() { 0.0 } else { balance - repaid };
        schedule.balance.push(balance);
    }
    Sculpted { amount, schedule, negative_principal }
}
