//! What a layout says of money beyond prices: lives, rates, operation and the loan. An absent
//! number comes from the costs of the catalogue.

use serde::{Deserialize, Serialize};

/// Financial inputs; absent values come from the catalogue's costs.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FinanceInputs {
    /// Money that planned racks may cost.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capex_budget_usd: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub discount_frac: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rack_life_years: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site_life_years: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site_capex_usd_per_mw: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fixed_opex_usd_per_mw_year: Option<f64>,
    /// Last month of the fiscal year, 1 to 12.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fiscal_year_end_month: Option<u32>,
    /// Date of the prices in this layout, `YYYY-MM`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price_date: Option<String>,
    /// What the owners ask of their money a year; absent, the discount rate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub equity_frac: Option<f64>,
    /// Years of operation; absent, one life of the racks. Longer, and they are replaced.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operating_years: Option<f64>,
    /// Months by which service is late, the money being spent as planned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delay_months: Option<u32>,
    /// Share of what the site can make that is sold; absent, that of the plan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub utilisation_frac: Option<f64>,
    /// What is lost of it in each year of operation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub degradation_frac: Option<f64>,
    /// Cost of replaced racks over that of the ones before, and what old ones sell for over their
    /// cost.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refresh_cost_ratio: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rack_residual_frac: Option<f64>,
    /// Growth of demand a year, from the date of the prices on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub demand_growth_frac: Option<f64>,
    /// Growth a year of what the same racks make, by better software.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub software_gain_frac: Option<f64>,
    /// What racks make after a replacement over those before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub generation_ratio: Option<f64>,
    #[serde(default, skip_serializing_if = "LoanInputs::is_none")]
    pub loan: LoanInputs,
}

/// How a loan is repaid.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum LoanKind {
    /// Service follows cash at the cover asked for.
    #[default]
    Sculpted,
    /// The same payment each month.
    Level,
    /// The same principal each month.
    EqualPrincipal,
    /// All at the end.
    Bullet,
}

/// A term loan; there is none while its share is absent.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LoanInputs {
    /// Most of all uses until service that the loan pays.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub share_frac: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<LoanKind>,
    /// Interest a year.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate_frac: Option<f64>,
    /// Years from service until it is repaid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tenor_years: Option<f64>,
    /// Months of interest alone; absent, those of the ramp.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interest_only_months: Option<u32>,
    /// Least cash over service of twelve months that sizes the loan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cover_ratio: Option<f64>,
    /// Sized on all cash, not on that under contract alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merchant_cash: Option<bool>,
    /// Months of service kept in reserve.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reserve_months: Option<u32>,
    /// Share of the cash after service that repays early.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sweep_frac: Option<f64>,
    /// Cover below which nothing is paid out to the owners.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lockup_ratio: Option<f64>,
    /// Fee on the loan, once, and a year on what is not drawn.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub upfront_frac: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commitment_frac: Option<f64>,
}

impl LoanInputs {
    /// Whether nothing is said of a loan.
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }
}
