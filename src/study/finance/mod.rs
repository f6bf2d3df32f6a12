//! From a plan to a project: what it costs to build and run, at the costs of the catalogue, over
//! one life of its racks.
//!
//! Phases are paid from the first month on and in service one after the other; the plan is solved
//! anew for the years of operation. At the end racks and plant are sold for what they have left of
//! their lives.

mod capital;
mod carbon;
mod contracts;
mod distances;
mod energy;
mod generation;
mod inventory;
mod keys;
mod kinds;
mod loan;
mod phases;
mod plans;
mod running;
mod sales;
pub mod schedule;
mod sheet;
mod stated;
mod takeoff;
mod terms;
mod tiers;

pub use carbon::{Carbon, CarbonYear, is_clean_energy};
pub use contracts::contract_worth_usd;
pub use inventory::Inventory;
pub use keys::{KeyOutput, KeyUnit, keys};
pub use kinds::{CostKind, KindCapital};
pub use plans::{Plans, Renewed, Scenario, SolveYear, Today, YearPlan};
pub use sheet::Assumption;
pub use stated::{StatedRevenue, stated_revenue};
pub use takeoff::Item;
pub use tiers::{TierFigures, tier_of};

use super::input::{Prepared, prepare};
use super::sustainability::{Climate, climate};
use super::{Estimator, Outcome, SolveOptions, secure};
use crate::catalog::Catalog;
use crate::diag::Diagnostic;
use crate::finance::project::{
    AssetClass, Basis, Calendar, CapexLine, Component, Evaluation, Path, Phase, Project, Rates,
    WorkingCapital, breakeven_price, evaluate,
};
use crate::finance::{Figure, InputError, Undefined};
use crate::plan::input::PlanInput;
use crate::plan::result::Status;
use crate::plan::{How, Plan, PlanSolver};
use crate::site::Site;
use generation::Generation;
use phases::Stage;
use running::Money;
use schedule::Schedule;
use serde::Serialize;
use sheet::{Sheet, Stated};
use terms::Terms;

/// A plan as a project, evaluated.
#[derive(Clone, Debug, Serialize)]
pub struct SiteFinance {
    pub name: String,
    pub labels: Vec<String>,
    #[serde(flatten)]
    pub evaluation: Evaluation,
    /// Price of a million output tokens at which the value after tax is zero.
    pub breakeven_usd_per_mtok: Figure,
    /// Capital over the grid contract, USD/MW.
    pub capex_usd_per_mw: Figure,
    pub assumptions: Vec<Assumption>,
    /// What each tier earns and costs.
    pub tiers: Vec<TierFigures>,
    /// Capital by what it is spent on and phase.
    pub capital_by_kind: Vec<KindCapital>,
    /// Every item by phase; those with a class sum to the capital.
    pub take_off: Vec<Item>,
    /// Racks of another type that replace the first ones; no part of the capital. Their
    /// contingency, taxes and duty are in proportion to those of the first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub renewal: Vec<Item>,
    pub schedule: Schedule,
    /// Revenue that a headline states.
    pub headline_revenue: StatedRevenue,
    /// Carbon by year; none where that of the grid is unknown.
    pub carbon: Option<Carbon>,
    /// Carbon and clean energy of the plan's year.
    pub climate: Climate,
    /// What a reader must be told.
    pub diagnostics: Vec<Diagnostic>,
    /// What was evaluated, to be changed and replayed.
    #[serde(skip)]
    pub project: Project,
    /// Of the years of operation.
    #[serde(skip)]
    pub plans: Plans,
}

impl SiteFinance {
    /// Name of a month counted from the first of the model, which may lie before it: "2027-03".
    pub fn month(&self, month: i64) -> String {
        let calendar = &self.project.calendar;
        month_of(calendar, month)
    }
}

/// Name of a month counted from the first of a calendar.
fn month_of(calendar: &Calendar, month: i64) -> String {
    let months = i64::from(calendar.start_year) * 12 + i64::from(calendar.start_month) - 1 + month;
    format!("{}-{:02}", months.div_euclid(12), months.rem_euclid(12) + 1)
}

/// Why a plan has no finance.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoFinance {
    #[error("the site has no plan to value")]
    NoPlan,
    #[error("{0} is unknown; enter it to value the site")]
    Unknown(String),
    #[error("year {0} of operation has no plan; its commitments exceed what the site can make")]
    NoPlanOf(usize),
    #[error("the plan of a year cannot be solved: {0}")]
    Solver(String),
    #[error("{0}")]
    Input(InputError),
}

/// Values an optimal answer, the plan solved anew for the years of operation.
///
/// # Errors
/// There is no plan, something that it needs is unknown, or a value cannot be meant.
pub fn value(site: &Site, outcome: &Outcome, catalog: &Catalog) -> Result<SiteFinance, NoFinance> {
    let plans = plans(site, outcome, catalog)?;
    value_on(site, outcome, catalog, &plans)
}

/// Values an answer with plans that are given: those of the same site, or those of another state
/// of it, which are held.
///
/// # Errors
/// As [`value`].
pub fn value_on(
    site: &Site,
    outcome: &Outcome,
    catalog: &Catalog,
    plans: &Plans,
) -> Result<SiteFinance, NoFinance> {
    if outcome.plan.status != Status::Optimal {
        return Err(NoFinance::NoPlan);
    }
    let mut sheet = Sheet::new(site, catalog);
    let Made { project, terms, stages, items, renewal } = sheet.project(outcome, plans)?;
    let input =
        |mut found: Vec<InputError>| found.pop().map_or(NoFinance::NoPlan, NoFinance::Input);
    let evaluation = evaluate(&project).map_err(input)?;
    let breakeven_usd_per_mtok = if outcome.plan.tokens_per_s.output > 0.0 {
        breakeven_price(&project, Basis::Unlevered)
    } else {
        Err(Undefined::NothingProduced)
    };
    let contract_mw = site.terms.site.grid_contract_mw.unwrap_or(0.0);
    let capex_usd_per_mw = if contract_mw > 0.0 {
        Ok(evaluation.results.capex.total_usd / contract_mw)
    } else {
        Err(Undefined::NothingInvested)
    };
    let schedule = Schedule::of(&terms, &stages, &items, &project);
    let mut diagnostics = warnings(&terms);
    diagnostics.extend(late_orders(&schedule, &project));
    Ok(SiteFinance {
        name: outcome.name.clone(),
        labels: outcome.labels.clone(),
        tiers: tiers::tiers(site, plans, &evaluation.results),
        headline_revenue: stated_revenue(site, &outcome.plan, Some(&evaluation)),
        carbon: carbon::by_year((site, catalog), plans, &terms, (&project, &evaluation.statements)),
        climate: climate(site, &outcome.plan, catalog),
        evaluation,
        breakeven_usd_per_mtok,
        capex_usd_per_mw,
        assumptions: sheet.assumptions,
        diagnostics,
        capital_by_kind: kinds::by_kind(&items, &schedule),
        schedule,
        take_off: items,
        renewal,
        project,
        plans: plans.clone(),
    })
}

/// The project of an optimal answer, not evaluated.
///
/// # Errors
/// As [`value`], but for what only evaluation finds.
pub fn project(site: &Site, outcome: &Outcome, catalog: &Catalog) -> Result<Project, NoFinance> {
    let plans = plans(site, outcome, catalog)?;
    project_on(site, outcome, catalog, &plans)
}

/// [`project`] with plans that are given.
///
/// # Errors
/// As [`project`].
pub fn project_on(
    site: &Site,
    outcome: &Outcome,
    catalog: &Catalog,
    plans: &Plans,
) -> Result<Project, NoFinance> {
    if outcome.plan.status != Status::Optimal {
        return Err(NoFinance::NoPlan);
    }
    let mut sheet = Sheet::new(site, catalog);
    Ok(sheet.project(outcome, plans)?.project)
}

/// [`project_on`] where what stands in the layout is counted already.
///
/// # Errors
/// As [`project`].
pub fn project_counted(
    site: &Site,
    catalog: &Catalog,
    (outcome, plans): (&Outcome, &Plans),
    inventory: &Inventory,
) -> Result<Project, NoFinance> {
    let mut sheet = Sheet { inventory: Some(inventory), ..Sheet::new(site, catalog) };
    Ok(sheet.project(outcome, plans)?.project)
}

/// The plans of the years of operation of an optimal answer, with the losses of its network.
///
/// # Errors
/// There is no plan, or a year of operation has none.
pub fn plans(site: &Site, outcome: &Outcome, catalog: &Catalog) -> Result<Plans, NoFinance> {
    if outcome.plan.status != Status::Optimal {
        return Err(NoFinance::NoPlan);
    }
    let efficiencies = outcome.network.as_ref().map(|n| n.efficiencies.clone());
    let options =
        SolveOptions { efficiencies: efficiencies.unwrap_or_default(), ..SolveOptions::default() };
    let prepared = prepare(site, catalog, &options, &mut Estimator::default());
    let mut solver = PlanSolver::new().map_err(|e| NoFinance::Solver(e.to_string()))?;
    plans_from(site, catalog, &outcome.plan, (&prepared, &mut solver))
}

/// [`plans`] from an input that is ready.
///
/// # Errors
/// A year of operation has no plan, or a term is unknown.
pub fn plans_from(
    site: &Site,
    catalog: &Catalog,
    today: &Plan,
    (prepared, solver): (&Prepared, &mut PlanSolver),
) -> Result<Plans, NoFinance> {
    plans_by(
        site,
        catalog,
        Today::Planned(today),
        (&prepared.input, &mut |_, input, outages| {
            let outages = outages.unwrap_or(&prepared.outages);
            let solved = secure::solve(solver, input, outages, How::default());
            Ok(solved.map_err(|e| NoFinance::Solver(e.to_string()))?.plan)
        }),
    )
}

/// [`plans`] from an input, by whatever solves the years.
///
/// # Errors
/// As [`plans_from`].
pub fn plans_by(
    site: &Site,
    catalog: &Catalog,
    today: Today<'_>,
    (input, solve): (&PlanInput, &mut SolveYear<'_>),
) -> Result<Plans, NoFinance> {
    let terms = Sheet::new(site, catalog).terms()?;
    let next = Generation::of(site, catalog, &terms)?;
    let (scenario, years) = scenario(site, catalog)?;
    Plans::by_year((input, next.as_ref()), today, (&scenario, years), solve)
}

/// What moves the plan from year to year, and the years of operation.
///
/// # Errors
/// A term is unknown.
pub fn scenario(site: &Site, catalog: &Catalog) -> Result<(Scenario, usize), NoFinance> {
    let terms = Sheet::new(site, catalog).terms()?;
    let renewed_year = generation::renewed_year(site, &terms);
    Ok((Scenario { renewed_year, ..Scenario::of(&terms) }, terms.operating_months.div_ceil(12)))
}

/// What a reader of the figures must be told.
fn warnings(terms: &Terms) -> Vec<Diagnostic> {
    let alone = terms.price_change < 0.0
        && terms.software_gain == 0.0
        && terms.demand_growth == 0.0
        && terms.generation_ratio == 1.0;
    let warning = || {
        Diagnostic::warning(
            "price-decline-alone",
            "costs.price-decline-frac-per-year",
            "prices fall each year while neither software nor demand improves",
            "set finance.software_gain_frac or finance.demand_growth_frac, or state a smaller decline",
        )
    };
    alone.then(warning).into_iter().collect()
}

/// Orders whose date lies before the first month of the model: one warning for each phase, by the
/// name of the first.
fn late_orders(schedule: &Schedule, project: &Project) -> Vec<Diagnostic> {
    let warning = |phase: &schedule::PhaseTimes| {
        let mut late = schedule
            .orders
            .iter()
            .filter(|o| o.phase == phase.id && o.order_p90_month.is_some_and(|month| month < 0));
        let first = late.next()?;
        let month = first.order_p90_month?;
        let others = match late.count() {
            0 => String::new(),
            1 => " and 1 other item".to_owned(),
            n => format!(" and {n} other items"),
        };
        Some(Diagnostic::warning(
            "order-by-in-past",
            "costs.build-months",
            format!(
                "{}: the order-by date of {}{others} lies in the past: {}, {} months before the \
                 model starts",
                phase.name,
                first.name,
                month_of(&project.calendar, month),
                -month,
            ),
            format!(
                "order at once and build {} months longer, or find one that is delivered sooner",
                -month
            ),
        ))
    };
    schedule.phases.iter().filter_map(warning).collect()
}

/// A project with what it was made of.
struct Made {
    project: Project,
    terms: Terms,
    stages: Vec<Stage>,
    items: Vec<Item>,
    renewal: Vec<Item>,
}

impl Sheet<'_> {
    fn project(&mut self, outcome: &Outcome, plans: &Plans) -> Result<Made, NoFinance> {
        let f = self.site.terms.finance.clone();
        let contract_mw = self.site.terms.site.grid_contract_mw;
        let contract_mw =
            contract_mw.ok_or_else(|| NoFinance::Unknown("site.grid_contract_mw".to_owned()))?;
        // What stops the capital of the plan stops its value, by name.
        let head = &outcome.headline;
        if head.capex_usd.is_none() {
            let path = head.capex_stopped_by.clone().unwrap_or_else(|| "racks.price_usd".into());
            return Err(NoFinance::Unknown(path));
        }
        let per_mw =
            self.either(f.site_capex_usd_per_mw, "site_capex_usd_per_mw", "site-capex-usd-per-mw")?;
        let opex = self.either(
            f.fixed_opex_usd_per_mw_year,
            "fixed_opex_usd_per_mw_year",
            "fixed-opex-usd-per-mw-year",
        )?;
        let terms = self.terms()?;
        let tax = self.tax()?;
        let stages = phases::stages(self.site, &outcome.plan, &terms);
        let items = self.take_off(outcome, (&terms, &stages), per_mw * contract_mw)?;
        let utilisation = self.stated(
            f.utilisation_frac,
            Stated {
                field: "utilisation_frac",
                name: "Share of what the site can make that is sold",
                unit: "share",
                value: sales::first_utilisation(plans),
                source: "the plan",
            },
        );
        let phase = |stage: &Stage| Phase {
            utilisation_frac: utilisation,
            ..self.phase(outcome, plans, (&terms, stage))
        };
        let phases: Vec<Phase> = stages.iter().map(phase).collect();
        let mut streams = sales::streams(self.site, plans, &terms, &stages);
        contracts::sell_ahead(
            self.site,
            (&terms, &stages),
            sales::first_utilisation(plans),
            outcome.plan.grid_mw,
            &mut streams,
        )?;
        let mut classes = capital::classes(&terms, &stages, &items);
        let next = self.renewal(plans, &stages)?;
        let capex = capital::lines(&terms, &stages, &items, next.as_deref());
        let months = terms.service_month + terms.operating_months + terms.delay_months;
        let money = money((&phases, months), &classes, &capex);
        let opex = self.running(plans, &terms, (&money, opex * contract_mw))?;
        let last_service = stages.iter().map(|s| s.service_month).max().unwrap_or(0);
        let debt = self.loan(&terms, last_service)?.map(|(debt, class)| {
            classes.push(class);
            debt
        });
        let rate = terms.discount;
        let project = Project {
            calendar: self.calendar(&terms),
            rates: Rates {
                discount_frac: rate,
                equity_frac: terms.equity,
                finance_frac: rate,
                reinvest_frac: rate,
            },
            phases,
            classes,
            capex,
            streams,
            opex,
            working_capital: WorkingCapital::default(),
            debt,
            tax,
            delay_months: terms.delay_months,
        };
        Ok(Made { project, terms, stages, items, renewal: next.unwrap_or_default() })
    }

    /// Months throughout.
    fn calendar(&self, terms: &Terms) -> Calendar {
        let (start_year, start_month) = self.start();
        let year_end = self.site.terms.finance.fiscal_year_end_month.unwrap_or(12);
        Calendar {
            start_year,
            start_month,
            fiscal_year_end: year_end.clamp(1, 12),
            build_step_months: 1,
            operation_step_months: 1,
            horizon_months: terms.service_month + terms.operating_months,
        }
    }

    fn phase(&self, outcome: &Outcome, plans: &Plans, (terms, stage): (&Terms, &Stage)) -> Phase {
        let plan = &outcome.plan;
        let gpus = plan.blocks.iter().map(|b| {
            let per_rack = self.catalog.racks.get(&b.rack).and_then(|r| r.gpus.get());
            b.racks.unwrap_or(0.0) * per_rack.unwrap_or(0.0)
        });
        // The plan's year already knows demand, hours and availability.
        let full = stage.share / sales::first_utilisation(plans);
        let years = terms.operating_months.div_ceil(12);
        let by_year = |of: &dyn Fn(&Plan) -> f64| {
            let one = |year| plans.of_year(year).map_or(0.0, |held| of(&held.plan) * full);
            sales::path((0..years).map(one).collect())
        };
        let gpus = gpus.sum::<f64>();
        // Another rack type counts from its plan on.
        let over = |first: f64, of: &dyn Fn(&YearPlan, &[Renewed]) -> f64| {
            let one = |year| {
                let held = plans.of_year(year)?;
                Some(of(held, held.renewed.as_deref()?) / first)
            };
            sales::path(
                (0..years).map(|y| one(y).filter(|r| r.is_finite()).unwrap_or(1.0)).collect(),
            )
        };
        Phase {
            id: stage.id.clone(),
            it_mw: plan.it_mw * stage.share,
            gpus: gpus * stage.share,
            it_ratio: over(plan.it_mw, &|held, _| held.plan.it_mw),
            gpu_ratio: over(gpus, &|_, racks| self.gpus_of(racks)),
            service_month: stage.service_month,
            ramp_months: terms.ramp_months,
            ramp_start_frac: 0.0,
            utilisation_frac: 1.0,
            degradation_frac: terms.degradation,
            energy_mwh_per_year: by_year(&energy_mwh),
            idle_energy_frac: 0.0,
            demand_mw: by_year(&|plan| plan.grid_mw),
        }
    }
}

impl Sheet<'_> {
    fn gpus_of(&self, racks: &[Renewed]) -> f64 {
        let each = |r: &Renewed| self.catalog.racks.get(&r.rack).and_then(|rack| rack.gpus.get());
        racks.iter().map(|r| r.racks * each(r).unwrap_or(0.0)).sum()
    }
}

/// What rows of running cost are shares of.
fn money(
    (phases, months): (&[Phase], usize),
    classes: &[AssetClass],
    capex: &[CapexLine],
) -> Money {
    let of = |component: Component| -> f64 {
        let mine = |class: &str| classes.iter().any(|c| c.id == class && c.component == component);
        capex.iter().filter(|l| mine(&l.class)).map(|l| l.amount_usd).sum()
    };
    Money {
        plant: of(Component::Site),
        racks: of(Component::Racks) + of(Component::Network),
        gpus: gpus_by_year(phases, months),
    }
}

/// GPUs in service, mean of each year of a model of so many months; before service those that
/// come.
fn gpus_by_year(phases: &[Phase], months: usize) -> Vec<f64> {
    let of = |phase: &Phase| -> Vec<f64> {
        let in_month = |month: usize| {
            let age = month.saturating_sub(phase.service_month) / 12;
            phase.gpus * phase.gpu_ratio.at_year(age)
        };
        let year = |y: usize| (12 * y..12 * y + 12).map(in_month).sum::<f64>() / 12.0;
        match &phase.gpu_ratio {
            Path::Escalating { .. } => vec![phase.gpus; months.div_ceil(12)],
            Path::ByYear(_) => (0..months.div_ceil(12)).map(year).collect(),
        }
    };
    let all: Vec<Vec<f64>> = phases.iter().map(of).collect();
    (0..months.div_ceil(12)).map(|y| all.iter().filter_map(|list| list.get(y)).sum()).collect()
}

/// Energy of the plan's year at the meter, MWh.
fn energy_mwh(plan: &Plan) -> f64 {
    plan.hours.iter().map(|h| h.drawn_grid_mw * h.weight_h).sum()
}
