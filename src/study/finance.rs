//! From a plan to a project: what it costs to build and run, at the costs of the catalogue, over
//! one life of its racks.
//!
//! The site is one phase, paid from its first month, in service after the months of building. The
//! plan's year is the year of full load; token prices fall and running cost rises from today.
//! When the racks are worn out the plant is sold for what it has left of its own life. There is
//! no loan.

use super::Outcome;
use crate::catalog::{Catalog, Kind, source_text};
use crate::finance::InputError;
use crate::finance::depreciation::TaxClass;
use crate::finance::project::{
    AssetClass, Basis, Calendar, CapexLine, Driver, Evaluation, OpexRow, Path, Phase, Project,
    Rates, Spend, Stream, Unit, WorkingCapital, breakeven_price, evaluate,
};
use crate::finance::tax::{Losses, TaxRules};
use crate::finance::{Figure, Undefined};
use crate::plan::result::Status;
use crate::site::Site;
use crate::units::SECONDS_PER_YEAR;
use serde::Serialize;

const HOURS_PER_YEAR: f64 = SECONDS_PER_YEAR / 3_600.0;

/// A number that the project takes from layout or catalogue.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Assumption {
    /// Path that changes it, as in `--set`.
    pub path: String,
    pub name: String,
    pub value: f64,
    pub unit: String,
    /// Nothing where the layout states it.
    pub kind: Option<Kind>,
    pub source: String,
    pub range: Option<(f64, f64)>,
    pub note: String,
}

/// A plan as a project, evaluated.
#[derive(Clone, Debug, Serialize)]
pub struct SiteFinance {
    pub name: String,
    pub labels: Vec<String>,
    #[serde(flatten)]
    pub evaluation: Evaluation,
    /// Price of a million output tokens at which the value after tax is zero.
    pub breakeven_usd_per_mtok: Figure,
    pub assumptions: Vec<Assumption>,
    /// What was evaluated, to be changed and replayed.
    #[serde(skip)]
    pub project: Project,
}

/// Why a plan has no finance.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoFinance {
    #[error("the site has no plan to value")]
    NoPlan,
    #[error("{0} is unknown; enter it to value the site")]
    Unknown(String),
    #[error("{0}")]
    Input(InputError),
}

/// Values an optimal answer.
///
/// # Errors
/// There is no plan, something that it needs is unknown, or a value cannot be meant.
pub fn value(site: &Site, outcome: &Outcome, catalog: &Catalog) -> Result<SiteFinance, NoFinance> {
    if outcome.plan.status != Status::Optimal {
        return Err(NoFinance::NoPlan);
    }
    let mut sheet = Sheet { site, catalog, assumptions: Vec::new() };
    let project = sheet.project(outcome)?;
    let input =
        |mut found: Vec<InputError>| found.pop().map_or(NoFinance::NoPlan, NoFinance::Input);
    let evaluation = evaluate(&project).map_err(input)?;
    let breakeven_usd_per_mtok = if outcome.plan.tokens_per_s.output > 0.0 {
        breakeven_price(&project, Basis::Unlevered)
    } else {
        Err(Undefined::NothingProduced)
    };
    Ok(SiteFinance {
        name: outcome.name.clone(),
        labels: outcome.labels.clone(),
        evaluation,
        breakeven_usd_per_mtok,
        assumptions: sheet.assumptions,
        project,
    })
}

/// The project of an optimal answer, not evaluated.
///
/// # Errors
/// As [`value`], but for what only evaluation finds.
pub fn project(site: &Site, outcome: &Outcome, catalog: &Catalog) -> Result<Project, NoFinance> {
    if outcome.plan.status != Status::Optimal {
        return Err(NoFinance::NoPlan);
    }
    Sheet { site, catalog, assumptions: Vec::new() }.project(outcome)
}

/// Takes numbers and remembers where they come from.
struct Sheet<'a> {
    site: &'a Site,
    catalog: &'a Catalog,
    assumptions: Vec<Assumption>,
}

/// Rates and times of the catalogue.
struct Terms {
    build_months: usize,
    ramp_months: usize,
    life_months: usize,
    discount: f64,
    inflation: f64,
    price_change: f64,
    site_life: f64,
    /// Share of the plant in 15-year property.
    short_lived: f64,
    bonus: f64,
}

impl Sheet<'_> {
    /// A cost of the catalogue.
    fn cost(&mut self, id: &str) -> Result<f64, NoFinance> {
        let path = format!("costs.{id}");
        let cost = self.catalog.costs.get(id);
        let Some((cost, value)) = cost.and_then(|c| Some((c, c.value.get()?))) else {
            return Err(NoFinance::Unknown(path));
        };
        let source = cost.value.source.as_ref();
        self.assumptions.push(Assumption {
            path,
            name: cost.name.clone(),
            value,
            unit: cost.unit.clone(),
            kind: cost.value.kind,
            source: source.map(|s| source_text(self.catalog, s)).unwrap_or_default(),
            range: cost.value.range,
            note: cost.value.note.clone(),
        });
        Ok(value)
    }

    /// What the layout states, else the catalogue.
    fn either(&mut self, own: Option<f64>, field: &str, id: &str) -> Result<f64, NoFinance> {
        let Some(value) = own else { return self.cost(id) };
        let listed = self.catalog.costs.get(id);
        self.assumptions.push(Assumption {
            path: format!("finance.{field}"),
            name: listed.map_or_else(|| field.to_owned(), |c| c.name.clone()),
            value,
            unit: listed.map(|c| c.unit.clone()).unwrap_or_default(),
            kind: None,
            source: "the layout".to_owned(),
            range: None,
            note: String::new(),
        });
        Ok(value)
    }

    fn terms(&mut self) -> Result<Terms, NoFinance> {
        let f = self.site.terms.finance.clone();
        let months = |years: f64| (years * 12.0).round().clamp(1.0, 600.0) as usize;
        let whole = |months: f64| months.round().clamp(0.0, 240.0) as usize;
        Ok(Terms {
            build_months: whole(self.cost("build-months")?).max(1),
            ramp_months: whole(self.cost("ramp-months")?),
            life_months: months(self.either(
                f.rack_life_years,
                "rack_life_years",
                "rack-life-years",
            )?),
            site_life: self.either(f.site_life_years, "site_life_years", "site-life-years")?,
            discount: self.either(f.discount_frac, "discount_frac", "discount-frac")?,
            inflation: self.cost("inflation-frac")?,
            price_change: -self.cost("price-decline-frac-per-year")?,
            short_lived: self.cost("short-lived-plant-frac")?,
            bonus: self.cost("first-year-deduction-frac")?,
        })
    }

    fn tax(&mut self) -> Result<TaxRules, NoFinance> {
        Ok(TaxRules {
            federal_frac: self.cost("federal-tax-frac")?,
            state_frac: self.cost("state-tax-frac")?,
            losses: Losses::CarriedForward { limit_frac: self.cost("loss-offset-frac")? },
            interest_limit: None,
        })
    }

    fn project(&mut self, outcome: &Outcome) -> Result<Project, NoFinance> {
        let f = self.site.terms.finance.clone();
        let contract_mw = self.site.terms.site.grid_contract_mw;
        let contract_mw =
            contract_mw.ok_or_else(|| NoFinance::Unknown("site.grid_contract_mw".to_owned()))?;
        let head = &outcome.headline;
        let stopped = || head.capex_stopped_by.clone().unwrap_or_else(|| "racks.price_usd".into());
        let capex = head.capex_usd.ok_or_else(|| NoFinance::Unknown(stopped()))?;
        let per_mw =
            self.either(f.site_capex_usd_per_mw, "site_capex_usd_per_mw", "site-capex-usd-per-mw")?;
        let opex = self.either(
            f.fixed_opex_usd_per_mw_year,
            "fixed_opex_usd_per_mw_year",
            "fixed-opex-usd-per-mw-year",
        )?;
        let terms = self.terms()?;
        let tax = self.tax()?;
        let plant = per_mw * contract_mw;
        let (start_year, start_month) = self.start();
        let running = Running { outcome, terms: &terms, fixed: opex * contract_mw };
        let rate = terms.discount;
        Ok(Project {
            calendar: Calendar {
                start_year,
                start_month,
                fiscal_year_end: f.fiscal_year_end_month.unwrap_or(12).clamp(1, 12),
                build_step_months: 1,
                horizon_months: terms.build_months + terms.life_months,
            },
            rates: Rates {
                discount_frac: rate,
                equity_frac: rate,
                finance_frac: rate,
                reinvest_frac: rate,
            },
            phases: vec![self.phase(outcome, &terms)],
            classes: classes(&terms),
            capex: capex_lines(&terms, capex - plant, plant),
            streams: running.streams(),
            opex: running.opex(),
            working_capital: WorkingCapital::default(),
            debt: None,
            tax,
        })
    }

    /// First month of the model: the month of the layout's prices, else that of the catalogue.
    fn start(&self) -> (i32, u32) {
        let dated = |text: &str| {
            let (year, month) = text.split_once('-')?;
            let month = month.get(..2)?.parse().ok().filter(|m| (1..=12).contains(m))?;
            Some((year.parse().ok()?, month))
        };
        let own = self.site.terms.finance.price_date.as_deref().and_then(dated);
        own.or_else(|| {
            let newest = self.catalog.sources.get("gigasite-assumptions")?;
            dated(&newest.date)
        })
        .unwrap_or((2026, 1))
    }

    fn phase(&self, outcome: &Outcome, terms: &Terms) -> Phase {
        let plan = &outcome.plan;
        let gpus = plan.blocks.iter().map(|b| {
            let per_rack = self.catalog.racks.get(&b.rack).and_then(|r| r.gpus.get());
            b.racks.unwrap_or(0.0) * per_rack.unwrap_or(0.0)
        });
        Phase {
            id: "site".to_owned(),
            it_mw: plan.it_mw,
            gpus: gpus.sum(),
            service_month: terms.build_months,
            ramp_months: terms.ramp_months,
            ramp_start_frac: 0.0,
            // The plan's year already knows demand, hours and availability.
            utilisation_frac: 1.0,
            degradation_frac: 0.0,
            energy_mwh_per_year: energy_mwh(outcome),
            idle_energy_frac: 0.0,
            demand_mw: plan.grid_mw,
        }
    }
}

/// Energy of the plan's year at the meter, MWh.
fn energy_mwh(outcome: &Outcome) -> f64 {
    outcome.plan.hours.iter().map(|h| h.drawn_grid_mw * h.weight_h).sum()
}

fn classes(terms: &Terms) -> Vec<AssetClass> {
    let plant_months = (terms.site_life * 12.0).round().max(1.0) as usize;
    // What is left of the plant when the racks are worn out, on a straight line.
    let left = (1.0 - terms.life_months as f64 / plant_months as f64).max(0.0);
    let class = |id: &str, months: usize, tax_class: TaxClass, terminal_frac: f64| AssetClass {
        id: id.to_owned(),
        book_life_months: Some(months),
        salvage_frac: 0.0,
        tax_class,
        bonus_frac: terms.bonus,
        state_bonus_frac: 0.0,
        terminal_frac,
    };
    vec![
        class("racks", terms.life_months, TaxClass::Macrs(5), 0.0),
        class("plant, 15-year property", plant_months, TaxClass::Macrs(15), left),
        class("plant, building", plant_months, TaxClass::Real39, left),
    ]
}

/// Racks are paid on delivery, the plant evenly while it is built.
fn capex_lines(terms: &Terms, racks: f64, plant: f64) -> Vec<CapexLine> {
    let even = 1.0 / terms.build_months as f64;
    let built: Vec<Spend> =
        (0..terms.build_months).map(|month| Spend { month, frac: even }).collect();
    let delivered = vec![Spend { month: terms.build_months - 1, frac: 1.0 }];
    let line = |class: &str, amount_usd: f64, spend: &[Spend]| CapexLine {
        id: class.to_owned(),
        class: class.to_owned(),
        phase: "site".to_owned(),
        amount_usd,
        contingency_frac: 0.0,
        spend: spend.to_vec(),
        service_month: None,
        refresh: None,
    };
    vec![
        line("racks", racks, &delivered),
        line("plant, 15-year property", plant * terms.short_lived, &built),
        line("plant, building", plant * (1.0 - terms.short_lived), &built),
    ]
}

/// Sales and running cost of the plan's year.
struct Running<'a> {
    outcome: &'a Outcome,
    terms: &'a Terms,
    /// Fixed operating cost, USD a year.
    fixed: f64,
}

impl Running<'_> {
    /// One stream a tier that sells.
    fn streams(&self) -> Vec<Stream> {
        let tiers = self.outcome.plan.tiers.iter();
        tiers
            .filter_map(|tier| {
                let (unit, units) = if tier.tokens_per_s > 0.0 {
                    (Unit::MillionTokens, tier.tokens_per_s * SECONDS_PER_YEAR / 1e6)
                } else {
                    (Unit::GpuHours, tier.gpus * HOURS_PER_YEAR)
                };
                (units > 0.0).then(|| Stream {
                    id: tier.id.clone(),
                    phase: "site".to_owned(),
                    unit,
                    units_per_year: units,
                    price: Path::Escalating {
                        start: tier.revenue_usd_per_year / units,
                        per_year_frac: self.terms.price_change,
                    },
                    contract: None,
                })
            })
            .collect()
    }

    fn opex(&self) -> Vec<OpexRow> {
        let plan = &self.outcome.plan;
        let row = |id: &str, driver: Driver, start: f64| OpexRow {
            id: id.to_owned(),
            phase: None,
            driver,
            price: Path::Escalating { start, per_year_frac: self.terms.inflation },
            from_month: None,
            until_month: None,
        };
        let mwh = energy_mwh(self.outcome);
        let mut rows = vec![row("fixed operating cost", Driver::Year, self.fixed)];
        if mwh > 0.0 {
            rows.push(row("energy", Driver::Mwh, plan.energy_cost_usd_per_year / mwh));
            // What grows with tokens grows with load, as energy does.
            rows.push(row("variable cost", Driver::Mwh, plan.variable_cost_usd_per_year / mwh));
        }
        rows.push(row("penalties", Driver::Year, plan.penalty_usd_per_year));
        rows.retain(|r| r.price.at_year(0) != 0.0);
        rows
    }
}
