//! What a project is made of: plain numbers. Months count from the start of the model, 0 is its
//! first month. Money is nominal USD, rates are annual fractions.

use crate::finance::depreciation::TaxClass;
use crate::finance::tax::TaxRules;
use serde::{Deserialize, Serialize};

/// A project from its first expense to its end.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Project {
    pub calendar: Calendar,
    pub rates: Rates,
    pub phases: Vec<Phase>,
    pub classes: Vec<AssetClass>,
    pub capex: Vec<CapexLine>,
    pub streams: Vec<Stream>,
    pub opex: Vec<OpexRow>,
    pub working_capital: WorkingCapital,
    pub debt: Option<DebtTerms>,
    pub tax: TaxRules,
    /// Months by which everything comes into service late: sales, their contracts and the loan's
    /// term start later and the model is longer by as much, while spending and cost from a fixed
    /// month on stay where they are.
    pub delay_months: usize,
}

/// The axis of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Calendar {
    /// Calendar year and month (1 to 12) of month 0.
    pub start_year: i32,
    pub start_month: u32,
    /// Last month (1 to 12) of the fiscal year, which is the tax year as well.
    pub fiscal_year_end: u32,
    /// Length of a period while building and ramping up: 1 or 3 months.
    pub build_step_months: usize,
    /// Length of a period after that: 1, 3, or 12 for fiscal years.
    pub operation_step_months: usize,
    /// Length of the model, 1 to 960.
    pub horizon_months: usize,
}

/// Rates of return, annual.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rates {
    /// Of the project without debt, nominal, after tax.
    pub discount_frac: f64,
    /// Of the equity.
    pub equity_frac: f64,
    /// What outflows cost and inflows earn in the modified internal rate.
    pub finance_frac: f64,
    pub reinvest_frac: f64,
}

/// A block that goes into service as one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Phase {
    pub id: String,
    /// IT power, MW, and GPUs of the first racks.
    pub it_mw: f64,
    pub gpus: f64,
    /// What is in service over those, by year of operation: another type may replace the first.
    #[serde(default = "Path::one")]
    pub it_ratio: Path,
    #[serde(default = "Path::one")]
    pub gpu_ratio: Path,
    /// First month of revenue.
    pub service_month: usize,
    /// Months of linear ramp from `ramp_start_frac` to full load; 0 starts in full.
    pub ramp_months: usize,
    pub ramp_start_frac: f64,
    /// Steady share of what the phase can make that is sold, 0 to 1.
    pub utilisation_frac: f64,
    /// What is lost of it each year after service.
    pub degradation_frac: f64,
    /// Energy at the meter of a year at full load, MWh, by year of operation.
    pub energy_mwh_per_year: Path,
    /// Share of that energy which is used without load.
    pub idle_energy_frac: f64,
    /// Demand at the meter at full load, MW, by year of operation.
    pub demand_mw: Path,
}

/// What a cost is for, in the cost of a million tokens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Component {
    Racks,
    Network,
    Site,
    Energy,
    #[default]
    Opex,
    Tax,
}

impl Component {
    /// All, in the order in which they are shown.
    pub const ALL: [Self; 6] =
        [Self::Racks, Self::Network, Self::Site, Self::Energy, Self::Opex, Self::Tax];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Racks => "racks",
            Self::Network => "network and storage",
            Self::Site => "site",
            Self::Energy => "energy",
            Self::Opex => "other operating cost",
            Self::Tax => "tax",
        }
    }
}

/// How a kind of asset is written off.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AssetClass {
    pub id: String,
    pub component: Component,
    /// Useful life; none is never written off, such as land.
    pub book_life_months: Option<usize>,
    /// Share of the cost that the books keep at the end of that life.
    pub salvage_frac: f64,
    pub tax_class: TaxClass,
    /// Share deducted in the first year, federal and state; 0 elects out.
    pub bonus_frac: f64,
    pub state_bonus_frac: f64,
    /// Share of the cost that is received for the asset when the model ends.
    pub terminal_frac: f64,
}

/// A row of the take-off.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CapexLine {
    pub id: String,
    pub class: String,
    pub phase: String,
    pub amount_usd: f64,
    /// Added to the amount.
    pub contingency_frac: f64,
    /// When it is paid; shares sum to 1, none after service.
    pub spend: Vec<Spend>,
    /// Month of service; none is that of the phase.
    pub service_month: Option<usize>,
    pub refresh: Option<Refresh>,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Spend {
    pub month: usize,
    pub frac: f64,
}

/// Replacement of an asset by the next generation.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Refresh {
    /// Months of service after which it is replaced.
    pub every_months: usize,
    /// Cost of each generation as a share of that of the one before.
    pub cost_frac: f64,
    /// The same of the first replacement, where it is another type.
    #[serde(default)]
    pub next_cost_frac: Option<f64>,
    /// Share of its cost that the old one sells for.
    pub residual_frac: f64,
    /// No replacement where less than this would be left of the model.
    pub least_remaining_months: usize,
}

/// A number over years: of the model or of operation, as its field says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Path {
    /// From the first year on, changed once a year.
    Escalating { start: f64, per_year_frac: f64 },
    /// By year; the last one is held.
    ByYear(Vec<f64>),
}

impl Path {
    /// The same in every year.
    pub const fn flat(start: f64) -> Self {
        Self::Escalating { start, per_year_frac: 0.0 }
    }

    /// A factor that changes nothing.
    pub const fn one() -> Self {
        Self::flat(1.0)
    }

    /// All years times a factor.
    pub fn scale(&mut self, factor: f64) {
        match self {
            Self::Escalating { start, .. } => *start *= factor,
            Self::ByYear(list) => list.iter_mut().for_each(|v| *v *= factor),
        }
    }

    /// Value in a year, 0 first.
    pub fn at_year(&self, year: usize) -> f64 {
        match self {
            Self::Escalating { start, per_year_frac } => {
                start * (1.0 + per_year_frac).powi(year as i32)
            }
            Self::ByYear(prices) => prices.get(year).or(prices.last()).copied().unwrap_or(0.0),
        }
    }
}

/// What a stream sells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    MillionTokens,
    GpuHours,
    /// Power leased, kW times months.
    KwMonths,
    Other,
}

/// Something that is sold.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stream {
    pub id: String,
    pub phase: String,
    pub unit: Unit,
    /// What the phase could make in a year at full load, by year of operation.
    pub units_per_year: Path,
    /// Market price of a unit, by year of the model.
    pub price: Path,
    /// Factor on the market price by year of operation: which buyers the plan of that year
    /// serves. 1 where one plan is held.
    pub mix: Path,
    /// Most units that buyers take in a year, by year of the model; none is no limit.
    pub demand_per_year: Option<Path>,
    pub contract: Option<Contract>,
}

/// Sold ahead, from service on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Contract {
    /// Months from service.
    pub term_months: usize,
    /// Months of the contract that have passed when the phase comes into service: a later phase
    /// joins one that runs.
    #[serde(default)]
    pub aged_months: usize,
    /// Price of a unit by year of the contract.
    pub price: Path,
    /// Least load that is paid for, taken or not.
    pub take_or_pay_frac: f64,
    /// Share of the invoices that is credited for missed service levels.
    pub service_credit_frac: f64,
    pub prepaid: Option<Prepaid>,
}

/// Money of a customer before what it buys: a contract paid ahead, or credits for compute.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Prepaid {
    /// Received, USD.
    pub usd: f64,
    /// When: months before service.
    pub months_before: usize,
    /// Months from service until what is not used expires and is earned.
    pub expiry_months: usize,
    /// Share that is never used (breakage).
    pub breakage_frac: f64,
}

/// What a row of operating cost is per.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Driver {
    /// Per year.
    Year,
    /// Per MW of IT in service and year.
    ItMw,
    /// Per MWh at the meter.
    Mwh,
    /// Per tonne of carbon dioxide, from the emission of a MWh.
    Tonne { t_per_mwh: f64 },
    /// Per unit that a stream sells.
    UnitOf(String),
    /// A share of revenue.
    Revenue,
    /// A share per year of the cost of what is in service of a class.
    CostOf(String),
    /// Per MW and month of the greatest of demand, a share of the contract, and a share of the
    /// highest demand of the months looked back on.
    Demand { contract_mw: f64, minimum_frac: f64, ratchet_frac: f64, look_back_months: usize },
    /// Amounts in months, such as decommissioning; the price is a factor. A delay moves those
    /// that are not before service.
    Amounts(Vec<(usize, f64)>),
}

/// A row of operating cost: driver times price.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OpexRow {
    pub id: String,
    pub component: Component,
    /// Of one phase; none is of all.
    pub phase: Option<String>,
    pub driver: Driver,
    /// USD per unit of the driver, or a share, by year of the model.
    pub price: Path,
    /// First month; none is the service of the (first) phase.
    pub from_month: Option<usize>,
    /// First month without it.
    pub until_month: Option<usize>,
}

/// Days between delivery and payment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct WorkingCapital {
    pub receivable_days: f64,
    pub payable_days: f64,
}

/// How the loan is repaid.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Repayment {
    /// The same payment each month.
    Level,
    /// The same principal each month.
    EqualPrincipal,
    Bullet,
    /// Service is cash available over this cover.
    Sculpted {
        dscr: f64,
    },
}

/// A term loan that pays part of the building and is repaid from operation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DebtTerms {
    /// Most of all uses that debt may pay, 0 to 1.
    pub gearing_cap_frac: f64,
    /// Nominal interest; a period bears its months' share.
    pub rate_frac: f64,
    /// Month in which building ends for the lender: draws before, service from here.
    pub term_start_month: usize,
    pub tenor_months: usize,
    pub interest_only_months: usize,
    pub repayment: Repayment,
    /// Cover that level, equal and bullet repayment must leave in every twelve months, the
    /// balloon of a bullet left out; none sizes by gearing alone.
    pub least_dscr: Option<f64>,
    /// Whether the size rests on cash under contract alone.
    pub contracted_only: bool,
    /// Whether the cash that covers service is after tax.
    pub cover_after_tax: bool,
    /// Of the loan, once.
    pub upfront_frac: f64,
    /// Of what is not drawn, a year.
    pub commitment_frac: f64,
    /// Months of service kept in reserve (DSRA).
    pub reserve_months: usize,
    /// Share of the cash after service that prepays the loan.
    pub sweep_frac: f64,
    /// Below this cover of the last twelve months nothing is distributed.
    pub lockup_dscr: Option<f64>,
    /// Class under which interest during construction and fees are written off.
    pub cost_class: String,
}
