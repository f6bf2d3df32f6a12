//! Debt: repayment schedules, sizing to coverage, building period, cover ratios.
//!
//! Interest is on the balance at the opening of a period, so no schedule is circular. Rates are
//! fractions per period, amounts USD.

mod construction;
mod level;
mod ratios;
mod sculpt;

pub use construction::{Construction, ConstructionTerms, build};
pub use level::{bullet, equal_principal, level, payment};
pub use ratios::{Cover, cover, loan_life_cover, loan_life_cover_at};
pub use sculpt::{Sculpted, sculpt, sculpt_by_year_at, sculpt_floored, sculpt_floored_at};

use serde::Serialize;

/// What a loan pays in each period, and what is left at its end.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Schedule {
    pub interest: Vec<f64>,
    pub principal: Vec<f64>,
    /// At the end of the period.
    pub balance: Vec<f64>,
}

impl Schedule {
    /// Interest on the opening balance; `principal` decides by period, balance and interest.
    fn of(
        amount: f64,
        rate: f64,
        periods: usize,
        mut principal: impl FnMut(usize, f64, f64) -> f64,
    ) -> Self {
        let mut schedule = Self::default();
        let mut balance = amount;
        for period in 0..periods {
            let interest = balance * rate;
            let repaid = principal(period, balance, interest);
            balance -= repaid;
            // What is left after the last payment is rounding of the sums before.
            if balance.abs() < 1e-9 * amount.abs() {
                balance = 0.0;
            }
            schedule.interest.push(interest);
            schedule.principal.push(repaid);
            schedule.balance.push(balance);
        }
        schedule
    }

    /// Interest and principal of each period.
    pub fn service(&self) -> Vec<f64> {
        self.interest.iter().zip(&self.principal).map(|(i, p)| i + p).collect()
    }
}
