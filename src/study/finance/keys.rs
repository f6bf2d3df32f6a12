//! The key figures of a valued plan: one list, which every report and the window print.

use super::SiteFinance;
use crate::finance::project::Returns;
use crate::finance::returns::Irr;
use crate::finance::{Figure, Undefined};
use crate::units::format::{count, fixed, money, money_per_year, price, share};
use crate::units::{Money, TokenPrice};
use serde::Serialize;

/// What a key figure is measured in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyUnit {
    Usd,
    UsdPerYear,
    /// Per million output tokens.
    UsdPerMtok,
    /// Per hour of a GPU in service.
    UsdPerGpuHour,
    /// Per MW of IT and year.
    UsdPerMwYear,
    /// Per MW of the grid contract.
    UsdPerMw,
    /// A fraction; rates are fractions a year.
    Share,
    Years,
    /// A multiple.
    Ratio,
    /// Of carbon dioxide.
    TonnesPerYear,
    /// Of carbon dioxide per kWh of IT energy.
    KgPerKwh,
}

impl KeyUnit {
    /// As it stands in a column of units.
    pub const fn symbol(self) -> &'static str {
        match self {
            Self::Usd => "USD",
            Self::UsdPerYear => "USD/year",
            Self::UsdPerMtok => "USD/million tokens",
            Self::UsdPerGpuHour => "USD/GPU-hour",
            Self::UsdPerMwYear => "USD/MW IT/year",
            Self::UsdPerMw => "USD/MW grid",
            Self::Share => "fraction",
            Self::Years => "years",
            Self::Ratio => "ratio",
            Self::TonnesPerYear => "t/year",
            Self::KgPerKwh => "kg/kWh IT",
        }
    }

    /// A value of this unit for people.
    pub fn text(self, value: f64) -> String {
        let usd = || money(Money::usd(value));
        match self {
            Self::Usd => usd(),
            Self::UsdPerYear => money_per_year(Money::usd(value)),
            Self::UsdPerMtok => price(TokenPrice::usd_per_mtok(value)),
            Self::UsdPerGpuHour => format!("${} per GPU-hour", fixed(value, 2)),
            Self::UsdPerMwYear => format!("{} per MW of IT and year", usd()),
            Self::UsdPerMw => format!("{} per MW of grid power", usd()),
            Self::Share => share(value),
            Self::Years => format!("{} years", fixed(value, 1)),
            Self::Ratio => format!("{}x", fixed(value, 2)),
            Self::TonnesPerYear => format!("{} t per year", count(value)),
            Self::KgPerKwh => format!("{} kg per kWh of IT", fixed(value, 3)),
        }
    }
}

/// A key figure.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct KeyOutput {
    /// Stable name, as in files.
    pub id: &'static str,
    pub name: String,
    /// The figure, or the reason why it does not exist.
    pub value: Figure,
    pub unit: KeyUnit,
    /// What a reader must know of it, such as the list of an ambiguous rate; often empty.
    pub note: String,
}

impl KeyOutput {
    /// For people: the value with its unit, or why there is none.
    pub fn text(&self) -> String {
        match self.value {
            Ok(value) => self.unit.text(value),
            Err(Undefined::Ambiguous) if !self.note.is_empty() => self.note.clone(),
            Err(why) => why.to_string(),
        }
    }
}

/// Key figures of a valued plan, in the order in which a reader asks for them. The list is the
/// same for every plan; what a plan has not got is a reason.
pub fn keys(finance: &SiteFinance) -> Vec<KeyOutput> {
    let r = &finance.evaluation.results;
    let mut list = List(Vec::new());
    list.add("npv_usd", "Net present value after tax", Ok(r.unlevered.npv_usd), KeyUnit::Usd);
    list.rate("irr_frac", "Internal rate of return after tax", &r.unlevered);
    list.add("mirr_frac", "Modified internal rate after tax", r.unlevered.mirr, KeyUnit::Share);
    list.add("payback_first_years", "Payback, first", r.unlevered.payback.first, KeyUnit::Years);
    list.add("payback_years", "Payback, final", r.unlevered.payback.last, KeyUnit::Years);
    let discounted = r.unlevered.discounted_payback.last;
    list.add("discounted_payback_years", "Discounted payback", discounted, KeyUnit::Years);
    let index = r.unlevered.profitability_index;
    list.add("profitability_index", "Profitability index", index, KeyUnit::Ratio);
    list.add("npv_pretax_usd", "Net present value before tax", Ok(r.pretax.npv_usd), KeyUnit::Usd);
    list.rate("irr_pretax_frac", "Internal rate of return before tax", &r.pretax);
    let levered = |value: Figure| r.loan.as_ref().map_or(Err(Undefined::NoDebt), |_| value);
    let equity = levered(Ok(r.levered.npv_usd));
    list.add("npv_equity_usd", "Net present value of the equity", equity, KeyUnit::Usd);
    match r.loan {
        Some(_) => {
            list.rate("irr_equity_frac", "Internal rate of return of the equity", &r.levered)
        }
        None => list.add(
            "irr_equity_frac",
            "Internal rate of return of the equity",
            Err(Undefined::NoDebt),
            KeyUnit::Share,
        ),
    }
    list.loan(finance);
    list.costs(finance);
    list.climate(finance);
    list.0
}

struct List(Vec<KeyOutput>);

impl List {
    fn add(&mut self, id: &'static str, name: &str, value: Figure, unit: KeyUnit) {
        self.0.push(KeyOutput { id, name: name.to_owned(), value, unit, note: String::new() });
    }

    /// The internal rate; several are told in the note.
    fn rate(&mut self, id: &'static str, name: &str, returns: &Returns) {
        self.add(id, name, returns.irr.single(), KeyUnit::Share);
        if let (Irr::Ambiguous(rates), Some(last)) = (&returns.irr, self.0.last_mut()) {
            let all: Vec<String> = rates.iter().map(|r| share(*r)).collect();
            last.note = format!("ambiguous: {}", all.join(" or "));
        }
    }

    fn loan(&mut self, finance: &SiteFinance) {
        let loan = finance.evaluation.results.loan.as_ref();
        let none = Undefined::NoDebt;
        let of = |value: Option<Figure>| value.unwrap_or(Err(none));
        let amount = of(loan.map(|l| Ok(l.amount_usd)));
        self.add("loan_usd", "Loan", amount, KeyUnit::Usd);
        self.add("gearing_frac", "Loan over uses", of(loan.map(|l| l.gearing)), KeyUnit::Share);
        let least = of(loan.map(|l| l.cover.least));
        self.add("dscr_min", "Least debt service cover", least, KeyUnit::Ratio);
        let average = of(loan.map(|l| l.cover.average));
        self.add("dscr_average", "Average debt service cover", average, KeyUnit::Ratio);
        let contracted = of(loan.map(|l| l.contracted_cover.least));
        let name = "Least debt service cover, contracts alone";
        self.add("dscr_min_contracted", name, contracted, KeyUnit::Ratio);
        let life = of(loan.map(|l| l.loan_life_cover));
        self.add("llcr", "Loan life cover", life, KeyUnit::Ratio);
        let project = of(loan.map(|l| l.project_life_cover));
        self.add("plcr", "Project life cover", project, KeyUnit::Ratio);
        let life = of(loan.map(|l| l.contracted_loan_life_cover));
        let name = "Loan life cover, contracts alone";
        self.add("llcr_contracted", name, life, KeyUnit::Ratio);
        let project = of(loan.map(|l| l.contracted_project_life_cover));
        let name = "Project life cover, contracts alone";
        self.add("plcr_contracted", name, project, KeyUnit::Ratio);
    }

    fn costs(&mut self, finance: &SiteFinance) {
        let r = &finance.evaluation.results;
        self.add("capex_usd", "Capital", Ok(r.capex.total_usd), KeyUnit::Usd);
        self.add("capex_usd_per_mw", "Capital per MW", finance.capex_usd_per_mw, KeyUnit::UsdPerMw);
        let name = "Revenue of the first full year";
        self.add("revenue_usd_per_year", name, r.revenue_usd_per_year, KeyUnit::UsdPerYear);
        let name = "EBITDA of the first full year";
        self.add("ebitda_usd_per_year", name, r.ebitda_usd_per_year, KeyUnit::UsdPerYear);
        let name = "Share of that revenue under contract";
        self.add("contracted_frac", name, r.contracted_frac, KeyUnit::Share);
        let name = "Revenue per MW of the first full year";
        self.add("revenue_usd_per_mw_year", name, r.revenue_usd_per_mw_year, KeyUnit::UsdPerMwYear);
        self.add("cost_usd_per_mw_year", "Cost per MW", r.usd_per_mw_year, KeyUnit::UsdPerMwYear);
        let name = "Cost of a GPU-hour in service";
        self.add("cost_usd_per_gpu_hour", name, r.usd_per_gpu_hour, KeyUnit::UsdPerGpuHour);
        let name = "Levelised cost, before tax";
        self.add("levelised_usd_per_mtok", name, r.levelised_usd_per_mtok, KeyUnit::UsdPerMtok);
        let name = "Cost of a million tokens, after tax";
        self.add("cost_usd_per_mtok", name, r.cost_usd_per_mtok, KeyUnit::UsdPerMtok);
        let name = "Break-even price, after tax";
        let breakeven = finance.breakeven_usd_per_mtok;
        self.add("breakeven_usd_per_mtok", name, breakeven, KeyUnit::UsdPerMtok);
        let name = "Mean price of the plan";
        self.add("price_usd_per_mtok", name, r.mean_usd_per_mtok, KeyUnit::UsdPerMtok);
    }

    fn climate(&mut self, finance: &SiteFinance) {
        let c = &finance.climate;
        let of = |value: Option<f64>| value.ok_or(Undefined::NotStated);
        let (t, kg, share) = (KeyUnit::TonnesPerYear, KeyUnit::KgPerKwh, KeyUnit::Share);
        let name = "Carbon by location, plan's year";
        self.add("carbon_location_t_per_year", name, of(c.carbon_location_t), t);
        let name = "Carbon by market, plan's year";
        self.add("carbon_market_t_per_year", name, of(c.carbon_market_t), t);
        self.add("cue_kg_per_kwh", "Carbon over IT energy (CUE)", of(c.cue_kg_per_kwh), kg);
        self.add("ref_frac", "Renewable share (REF)", of(c.ref_frac), share);
        let name = "Load matched by clean energy in its hour (24/7)";
        self.add("hourly_matched_frac", name, of(c.hourly_matched_frac), share);
    }
}
