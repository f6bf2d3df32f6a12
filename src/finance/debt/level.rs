//! Loans of a given amount: annuity, equal principal, bullet.

use super::Schedule;

/// Payment of an annuity, `amount * rate / (1 - (1 + rate)^-periods)`.
pub fn payment(amount: f64, rate: f64, periods: usize) -> f64 {
    if periods == 0 {
        0.0
    } else if rate == 0.0 {
        amount / periods as f64
    } else {
        // ln_1p and exp_m1 keep the digits of small rates.
        amount * rate / -(-(periods as f64) * rate.ln_1p()).exp_m1()
    }
}

/// Level payments after `interest_only` periods; `periods` counts both.
pub fn level(amount: f64, rate: f64, periods: usize, interest_only: usize) -> Schedule {
    let free = interest_only.min(periods.saturating_sub(1));
    let paid = payment(amount, rate, periods - free.min(periods));
    Schedule::of(amount, rate, periods, |period, balance, interest| {
        if period < free {
            0.0
        } else if period + 1 == periods {
            balance
        } else {
            paid - interest
        }
    })
}

/// The same principal in each period after `interest_only`.
pub fn equal_principal(amount: f64, rate: f64, periods: usize, interest_only: usize) -> Schedule {
    let free = interest_only.min(periods.saturating_sub(1));
    let part = amount / (periods - free.min(periods)).max(1) as f64;
    Schedule::of(amount, rate, periods, |period, balance, _| {
        if period < free {
            0.0
        } else if period + 1 == periods {
            balance
        } else {
            part
        }
    })
}

/// Interest until the last period, which repays everything.
pub fn bullet(amount: f64, rate: f64, periods: usize) -> Schedule {
    Schedule::of(
        amount,
        rate,
        periods,
        |period, balance, _| {
            if period + 1 == periods { balance } else { 0.0 }
        },
    )
}
