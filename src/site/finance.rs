//! What a layout says of money beyond prices: lives, rates, operation and the loan. An absent
//! number comes from the costs of the catalogue.

use super::clean::{CarbonInputs, CleanContract};
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
    /// Rack type of the catalogue that replaces all racks after their life, on the same positions
    /// and within the same power, at its own price; absent, better ones of their own type.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refresh_rack: Option<String>,
    /// Growth of demand a year, from the date of the prices on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub demand_growth_frac: Option<f64>,
    /// Growth a year of what the same racks make, by better software.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub software_gain_frac: Option<f64>,
    /// What racks make after a replacement over those before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub generation_ratio: Option<f64>,
    /// Workers on the site, which cap the power that is finished in time; absent, they are found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trade_workers: Option<f64>,
    #[serde(default, skip_serializing_if = "CapitalInputs::is_none")]
    pub capital: CapitalInputs,
    #[serde(default, skip_serializing_if = "RunningInputs::is_none")]
    pub running: RunningInputs,
    #[serde(default, skip_serializing_if = "LoanInputs::is_none")]
    pub loan: LoanInputs,
    /// What is sold ahead.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contracts: Vec<SalesContract>,
    /// Clean energy that is bought.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub clean_energy: Vec<CleanContract>,
    #[serde(default, skip_serializing_if = "CarbonInputs::is_none")]
    pub carbon: CarbonInputs,
    /// Whether the owner uses losses at once against other income; absent, they are carried.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub losses_at_once: Option<bool>,
    /// Share of earnings before depreciation that interest may take for tax; absent, no limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interest_limit_frac: Option<f64>,
}

/// Capital beside racks and plant.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CapitalInputs {
    /// Absent, the area of the parcel at the price of the catalogue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub land_usd: Option<f64>,
    /// Studies, substation and lines of the utility; absent is not counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grid_connection_usd: Option<f64>,
    /// Design, permits, owner's team and commissioning, of the plant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub soft_frac: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contingency_frac: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rack_contingency_frac: Option<f64>,
    /// Sales and use tax on racks and equipment; none is due where they are exempt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sales_tax_frac: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sales_tax_exempt: Option<bool>,
    /// Duty on racks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duty_frac: Option<f64>,
}

impl CapitalInputs {
    /// Whether nothing is said.
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }
}

/// Rows of running cost. The first seven lie within the fixed cost per MW: what they say stands
/// apart, and what is left of it stays "not itemised". The others come on top.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RunningInputs {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub water_usd_per_year: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub staff_usd_per_year: Option<f64>,
    /// A year, of the cost of the plant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub maintenance_frac: Option<f64>,
    /// A year, of the cost of racks: support and spares.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rack_maintenance_frac: Option<f64>,
    /// A year, of all that is insured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub insurance_frac: Option<f64>,
    /// A year, of the cost of the plant; the share abated in the first years.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub property_tax_frac: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub abatement_frac: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub abatement_years: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub network_usd_per_year: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub licences_usd_per_gpu_year: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rent_usd_per_kw_month: Option<f64>,
    /// Security that the utility asks for, and what it costs a year.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub collateral_usd_per_mw: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub collateral_cost_frac: Option<f64>,
}

impl RunningInputs {
    /// Whether nothing is said.
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }
}

/// What a contract sells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ContractKind {
    /// Tokens of a tier.
    #[default]
    Tokens,
    /// GPU-hours of a tier of reserved capacity.
    GpuHours,
    /// Power in a finished shell, for racks of somebody else.
    PoweredShell,
    /// Credits paid ahead, used at the price of a tier.
    Credits,
}

/// Something sold ahead, from service on.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SalesContract {
    pub id: String,
    pub kind: ContractKind,
    /// Tier that serves it; none for a powered shell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tier: Option<String>,
    /// Mean output tokens/s, GPUs, kW, or USD of credits, as its kind says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub volume_tok_s: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub volume_gpus: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shell_kw: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credits_usd: Option<f64>,
    /// Price by year of the contract, the last one held: USD per million tokens, GPU-hour or
    /// kW-month.
    pub prices_usd: Vec<f64>,
    pub term_months: u32,
    /// Share that is paid for whether taken or not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub take_or_pay_frac: Option<f64>,
    /// Share of the invoices credited for missed service levels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service_credit_frac: Option<f64>,
    /// Money received before service, and how many months before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prepaid_usd: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prepaid_months: Option<u32>,
    /// Months from service after which what was paid ahead expires; absent, the term.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expiry_months: Option<u32>,
    /// Share of credits that is never used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub breakage_frac: Option<f64>,
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
