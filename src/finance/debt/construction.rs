//! The building period: draws, interest during construction, fees.

use serde::{Deserialize, Serialize};

/// Terms until the loan starts to be repaid.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ConstructionTerms {
    /// Share of each draw that debt pays, 0 to 1.
    pub debt_share: f64,
    /// Interest per period, on the opening balance.
    pub rate: f64,
    /// Interest is added to the loan; otherwise equity pays it.
    pub capitalise: bool,
    /// Fee per period on the undrawn part of the commitment.
    pub commitment_rate: f64,
    /// Fee on the commitment, paid with the first draw.
    pub upfront_frac: f64,
}

/// What the building period costs and who paid.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Construction {
    pub interest: Vec<f64>,
    /// Upfront and commitment fees; equity pays them here.
    pub fees: Vec<f64>,
    /// Debt at the end of each period.
    pub balance: Vec<f64>,
    pub equity: Vec<f64>,
}

impl Construction {
    /// Interest during construction (IDC).
    pub fn interest_total(&self) -> f64 {
        self.interest.iter().sum()
    }

    pub fn debt_at_end(&self) -> f64 {
        self.balance.last().copied().unwrap_or(0.0)
    }

    pub fn equity_total(&self) -> f64 {
        self.equity.iter().sum()
    }
}

/// Draws at the end of each period, interest on the opening balance: nothing is circular.
/// The commitment is the debt share of all draws.
pub fn build(draws: &[f64], terms: &ConstructionTerms) -> Construction {
    let commitment = terms.debt_share * draws.iter().sum::<f64>();
    let mut built = Construction::default();
    let (mut balance, mut drawn) = (0.0, 0.0);
    for (period, draw) in draws.iter().enumerate() {
        let interest = balance * terms.rate;
        let mut fee = terms.commitment_rate * (commitment - drawn).max(0.0);
        if period == 0 {
            fee += terms.upfront_frac * commitment;
        }
        let debt = terms.debt_share * draw;
        let mut equity = draw - debt + fee;
        balance += debt;
        drawn += debt;
        if terms.capitalise {
            balance += interest;
        } else {
            equity += interest;
        }
        built.interest.push(interest);
        built.fees.push(fee);
        built.balance.push(balance);
        built.equity.push(equity);
    }
    built
}
