//! Income tax of a project: federal and state, losses, limit on interest.

use super::error::Findings;
use serde::{Deserialize, Serialize};

/// What a loss is worth.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Losses {
    /// Negative tax is received in the same year: an owner with other income uses the loss.
    UsedAtOnce,
    /// A stand-alone company carries losses forward without end; they offset at most this share
    /// of later taxable income (0.8 in the United States since 2018).
    CarriedForward { limit_frac: f64 },
}

impl Losses {
    /// What a page says of the mode.
    pub fn label(self) -> String {
        match self {
            Self::UsedAtOnce => "losses used at once by the owner".to_owned(),
            Self::CarriedForward { limit_frac } => {
                format!("losses carried forward, offset limited to {} %", limit_frac * 100.0)
            }
        }
    }
}

/// Limit of deductible interest (section 163(j)).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct InterestLimit {
    /// Share of adjusted income that interest may take, 0.3.
    pub frac: f64,
    /// Whether adjusted income is before depreciation (law from 2025) or after it (2022 to 2024).
    pub before_depreciation: bool,
}

/// Rates and rules.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct TaxRules {
    pub federal_frac: f64,
    /// Deductible from federal income.
    pub state_frac: f64,
    pub losses: Losses,
    /// None: all interest is deducted.
    pub interest_limit: Option<InterestLimit>,
}

impl TaxRules {
    /// Rate on the next dollar: `state + federal (1 - state)`.
    pub fn combined(&self) -> f64 {
        self.state_frac + self.federal_frac * (1.0 - self.state_frac)
    }

    pub fn check(&self, findings: &mut Findings) {
        findings.share("tax.federal_frac", self.federal_frac);
        findings.share("tax.state_frac", self.state_frac);
        if let Losses::CarriedForward { limit_frac } = self.losses {
            findings.share("tax.losses.limit_frac", limit_frac);
        }
        if let Some(limit) = self.interest_limit {
            findings.share("tax.interest_limit.frac", limit.frac);
        }
    }
}

/// Income and deductions of a tax year, USD.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct TaxYear {
    /// Revenue less operating cost, gains of disposals included.
    pub income: f64,
    pub interest: f64,
    pub federal_depreciation: f64,
    pub state_depreciation: f64,
}

/// Tax of a year, USD; positive when paid.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct TaxDue {
    pub state: f64,
    pub federal: f64,
    /// Interest deducted this year, that of earlier years included.
    pub interest_deducted: f64,
    /// Interest not yet deducted, at the end of the year.
    pub interest_carried: f64,
    /// Federal losses not yet used, at the end of the year.
    pub losses_carried: f64,
    /// State losses not yet used, at the end of the year.
    pub state_losses_carried: f64,
}

impl TaxDue {
    pub fn total(&self) -> f64 {
        self.state + self.federal
    }
}

/// Tax of successive years.
pub fn assess(rules: &TaxRules, years: &[TaxYear]) -> Vec<TaxDue> {
    let mut before = TaxDue::default();
    let mut all = Vec::with_capacity(years.len());
    for year in years {
        let claimed = year.interest + before.interest_carried;
        let interest_deducted = match rules.interest_limit {
            None => claimed,
            Some(limit) => {
                let adjusted = if limit.before_depreciation {
                    year.income
                } else {
                    year.income - year.federal_depreciation
                };
                claimed.min(limit.frac * adjusted.max(0.0))
            }
        };
        let state_income = year.income - interest_deducted - year.state_depreciation;
        let (state_base, state_losses_carried) =
            after_losses(rules.losses, state_income, before.state_losses_carried);
        let state = rules.state_frac * state_base;
        let income = year.income - interest_deducted - year.federal_depreciation - state;
        let (base, losses_carried) = after_losses(rules.losses, income, before.losses_carried);
        before = TaxDue {
            state,
            federal: rules.federal_frac * base,
            interest_deducted,
            interest_carried: claimed - interest_deducted,
            losses_carried,
            state_losses_carried,
        };
        all.push(before);
    }
    all
}

/// Taxed income, and losses left.
fn after_losses(losses: Losses, income: f64, carried: f64) -> (f64, f64) {
    match losses {
        Losses::UsedAtOnce => (income, 0.0),
        Losses::CarriedForward { .. } if income <= 0.0 => (0.0, carried - income),
        Losses::CarriedForward { limit_frac } => {
            let used = carried.min(limit_frac * income);
            (income - used, carried - used)
        }
    }
}
