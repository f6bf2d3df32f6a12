//! What the questions about risk are answered with: plain results for text, JSON and charts.
//!
//! Money is nominal USD; NPV is after tax and before any loan, on the first day of the model,
//! unless a field says otherwise. They must not know how they were computed.

use serde::Serialize;

/// A figure, or in words why there is none.
pub type Answer = Result<f64, String>;

/// An input that is varied, with where it stands and how far it may go.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Driver {
    /// Path of `--set`; [`super::LEVELS`] name a whole group of inputs as one factor.
    pub path: String,
    pub name: String,
    pub unit: String,
    pub base: f64,
    pub low: f64,
    pub high: f64,
    /// Where the range comes from: a title of the catalogue, or what was assumed.
    pub source: String,
}

/// How far drivers are moved.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Range {
    /// To the ends of the range that the catalogue states.
    #[default]
    Register,
    /// By this share of the base, both ways.
    Share(f64),
}

/// The value with one driver at each end of its range, everything else at base.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Bar {
    #[serde(flatten)]
    pub driver: Driver,
    pub npv_low_usd: Answer,
    pub npv_high_usd: Answer,
    /// Whether the driver changes the linear program, which was then solved anew at both ends.
    pub replanned: bool,
}

impl Bar {
    /// Length of the bar, USD; zero where an end has no value.
    pub fn swing_usd(&self) -> f64 {
        match (&self.npv_low_usd, &self.npv_high_usd) {
            (Ok(low), Ok(high)) => (high - low).abs(),
            _ => 0.0,
        }
    }
}

/// What each driver alone does to the value, the longest bar first.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Tornado {
    pub range: Range,
    pub base_npv_usd: f64,
    pub bars: Vec<Bar>,
    /// Drivers without a bar, and why.
    pub left_out: Vec<(String, String)>,
}

/// One side of a table.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Side {
    pub path: String,
    pub name: String,
    pub unit: String,
    /// Ascending; the base is among them.
    pub values: Vec<f64>,
    pub base: f64,
}

impl Side {
    /// Why there is nothing above the base, where it is a share that cannot rise.
    pub fn bound(&self) -> Option<String> {
        let whole = super::drivers::is_share(&self.path) && self.base >= 1.0 - 1e-9;
        whole.then(|| format!("{}: all of it is in the base already, it cannot rise", self.name))
    }
}

/// The value by two inputs, the plan solved anew in each cell.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TwoWay {
    pub rows: Side,
    pub columns: Side,
    pub base_npv_usd: f64,
    /// By row, then by column.
    pub npv_usd: Vec<Vec<Answer>>,
}

/// A distribution as lenders read it: P90 is the low one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Spread {
    /// Exceeded in 90 % of the runs: the 10th percentile.
    pub p90: f64,
    /// Exceeded in half of the runs: the median.
    pub p50: f64,
    /// Exceeded in 10 % of the runs: the 90th percentile.
    pub p10: f64,
    pub mean: f64,
    /// Standard deviation of the runs.
    pub sd: f64,
}

impl Spread {
    /// What the three percentiles are called, with the statistical one for a tooltip.
    pub const LABELS: [(&str, &str); 3] = [
        ("P90 (exceeded in 90 % of runs)", "10th percentile of the runs"),
        ("P50 (exceeded in 50 % of runs)", "50th percentile of the runs, the median"),
        ("P10 (exceeded in 10 % of runs)", "90th percentile of the runs"),
    ];
}

/// Cumulative discounted cash flow after tax by fiscal year, USD; each percentile is that of its
/// own year, so that a line is no single run.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Fan {
    /// Fiscal years, by the calendar year in which they end.
    pub years: Vec<i32>,
    /// Exceeded in 90 % of the runs.
    pub p90: Vec<f64>,
    pub p50: Vec<f64>,
    /// Exceeded in 10 % of the runs.
    pub p10: Vec<f64>,
    /// Without uncertainty.
    pub base: Vec<f64>,
}

/// The value of many draws of all drivers at once.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MonteCarlo {
    pub draws: usize,
    pub seed: u64,
    pub drivers: Vec<Driver>,
    /// Shape of the distributions: `pert` or `triangular`.
    pub shape: String,
    /// Rank correlations that were asked for: two paths and the coefficient.
    pub correlations: Vec<(String, String, f64)>,
    pub base_npv_usd: f64,
    pub npv_usd: Spread,
    /// Share of runs with a value below zero.
    pub loss_frac: f64,
    /// Share of runs in which the least cover of the loan that the base agrees to is below one;
    /// none without a loan.
    pub weak_cover_frac: Option<f64>,
    /// The least cover of that loan over the runs; none without a loan.
    pub least_cover: Option<Spread>,
    pub fan: Fan,
    /// Share of runs by value, evenly from the least to the greatest: lower end in USD, share.
    pub histogram: Vec<(f64, f64)>,
    /// Runs whose plan was solved anew, and those that have no value and are left out.
    pub replanned: usize,
    pub failed: usize,
    /// Runs in which a commitment that must be met is not met in full: what is not served earns
    /// nothing.
    pub short: usize,
    /// Why the first of the failed runs has no value.
    pub failed_because: Option<String>,
    /// Rank correlation of each driver with the value over the runs, in the order of `drivers`.
    pub rank_correlation: Vec<f64>,
    /// How the plans of the runs were made.
    pub method: String,
}

/// A step from the keynote figure to what a lender would count.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LadderStep {
    pub id: String,
    pub name: String,
    /// Sales of the first twelve months in service after this step, USD.
    pub revenue_usd: f64,
    /// Value after this step, USD; none where it has none.
    pub npv_usd: Answer,
    /// What the step changed; zero for one that stops.
    pub revenue_change_usd: f64,
    pub npv_change_usd: f64,
    /// What was assumed before and what stands now.
    pub what: String,
    pub source: String,
    /// Why the step cannot be taken on this layout; its change is then zero.
    pub stop: Option<String>,
}

/// From the keynote figure to first-year revenue and value, one step an assumption. The last
/// step is the engine's figure, and the changes sum to the difference.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Ladder {
    pub name: String,
    /// The keynote's reading of the layout: sales a year at its prices, USD.
    pub keynote_revenue_usd: f64,
    pub keynote_npv_usd: Answer,
    /// How the layout is read in the keynote's manner.
    pub reading: String,
    pub steps: Vec<LadderStep>,
    /// First twelve months in service, USD.
    pub first_year_revenue_usd: f64,
    /// Of that, what is sold under contracts.
    pub contracted_usd: f64,
    pub npv_usd: f64,
}

/// A loan as its lender reads it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LenderView {
    pub loan_usd: f64,
    /// Share of the cash for service that is under contract, over the term.
    pub contracted_frac: Answer,
    /// Least debt service cover, loan life cover and project life cover.
    pub min_dscr: Split,
    pub llcr: Split,
    pub plcr: Split,
}

/// A ratio of all cash and of that under contract; the rest is merchant.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Split {
    pub all: Answer,
    pub contracted: Answer,
}

/// What time is worth.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PriceOfTime {
    pub base_npv_usd: f64,
    pub steps: Vec<TimeStep>,
    /// Each pair of conditional power now and firm power later that the feeds state.
    pub choices: Vec<PowerChoice>,
    /// Why there is none.
    pub no_choice: Option<String>,
}

/// A step of the build, and the value of having it a month earlier.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TimeStep {
    pub id: String,
    pub name: String,
    /// Months from the first payment to service.
    pub month: usize,
    pub npv_usd_per_month_earlier: Answer,
    pub npv_usd_per_month_later: Answer,
}

/// Power that may be curtailed now against firm power later, on one feed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PowerChoice {
    pub feed: String,
    pub name: String,
    pub conditional_mw: f64,
    pub curtailable_h_per_year: f64,
    pub conditional_month: usize,
    pub firm_month: usize,
    /// Starting on conditional power, every curtailable hour curtailed until power is firm.
    pub npv_now_usd: Answer,
    /// Starting when power is firm.
    pub npv_later_usd: Answer,
    /// The first less the second.
    pub gain_usd: Answer,
    /// Curtailed hours a year at which both are worth the same.
    pub breakeven_h_per_year: Answer,
}

/// One way of doing business on the same site.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BusinessModel {
    pub id: String,
    pub name: String,
    /// What is sold and who pays for what.
    pub what: String,
    pub capex_usd: Answer,
    pub revenue_usd_per_year: Answer,
    pub ebitda_usd_per_year: Answer,
    pub npv_usd: Answer,
    /// Internal rate of return; in words where there is none or several.
    pub irr: Answer,
    /// Value over capital.
    pub npv_per_capex: Answer,
    /// Level of its own price at which the value is zero, over that price.
    pub breakeven_price_ratio: Answer,
}

/// A number that the comparison takes, with its source.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Basis {
    pub path: String,
    pub name: String,
    pub value: f64,
    pub unit: String,
    pub source: String,
}

/// The same site as landlord, GPU cloud and token seller, and own capital against tokens bought.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BusinessModels {
    pub models: Vec<BusinessModel>,
    pub make_or_buy: MakeOrBuy,
    pub assumptions: Vec<Basis>,
}

/// Making the plan's tokens on own capital against buying the same tokens.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MakeOrBuy {
    /// Discounted cost before tax of making them on this site, less what leases of the same racks
    /// earn.
    pub make_usd: Answer,
    /// Discounted cost before tax of buying the same tokens in the same months at the prices that
    /// the plan sells at.
    pub buy_usd: Answer,
    /// Per million discounted tokens.
    pub make_usd_per_mtok: Answer,
    pub buy_usd_per_mtok: Answer,
    /// Share of the plan's tokens above which making is cheaper, capital being spent in full.
    pub breakeven_volume_frac: Answer,
}

/// A price, load or rate at which the value is zero, all else as it is.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BreakEven {
    /// Path of `--set` or a level; put back in, the value is zero.
    pub path: String,
    pub name: String,
    pub unit: String,
    pub base: f64,
    pub value: Answer,
    /// Value left at the break-even, USD: rounding.
    pub npv_usd: Answer,
}

/// The break-evens of a site.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BreakEvens {
    pub base_npv_usd: f64,
    pub rows: Vec<BreakEven>,
}

/// One scenario evaluated.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ScenarioResult {
    pub id: String,
    pub name: String,
    pub notes: String,
    /// `path=value`.
    pub changes: Vec<String>,
    pub npv_usd: Answer,
    pub irr: Answer,
    pub capex_usd: Answer,
    pub revenue_usd_per_year: Answer,
    pub ebitda_usd_per_year: Answer,
    pub levelised_usd_per_mtok: Answer,
    pub payback_years: Answer,
    /// Least cover of the loan; none without one.
    pub min_dscr: Option<f64>,
    /// What a lender reads; none without a loan.
    pub loan: Option<LenderView>,
    /// Output tokens of the plan's year.
    pub output_tok_s: Answer,
}

/// Scenarios side by side, the base first.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Scenarios {
    /// Whether they were made from the ranges of the catalogue, as the layout has none.
    pub made: bool,
    pub rows: Vec<ScenarioResult>,
}
