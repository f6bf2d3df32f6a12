//! From a plan to a project: what it costs to build and run, at the costs of the catalogue, over
//! one life of its racks.
//!
//! The site is one phase, paid from its first month, in service after the months of building. The
//! plan's year is the year of full load; token prices fall and running cost rises from today.
//! When the racks are worn out the plant is sold for what it has left of its own life. There is
//! no loan.

mod capital;
mod keys;
mod running;
mod sales;
mod sheet;
mod terms;

pub use keys::{KeyOutput, KeyUnit, keys};
pub use sheet::Assumption;

use super::Outcome;
use crate::catalog::Catalog;
use crate::finance::project::{
    Basis, Calendar, Evaluation, Phase, Project, Rates, WorkingCapital, breakeven_price, evaluate,
};
use crate::finance::{Figure, InputError, Undefined};
use crate::plan::result::Status;
use crate::site::Site;
use serde::Serialize;
use sheet::Sheet;
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
    let contract_mw = site.terms.site.grid_contract_mw.unwrap_or(0.0);
    let capex_usd_per_mw = if contract_mw > 0.0 {
        Ok(evaluation.results.capex.total_usd / contract_mw)
    } else {
        Err(Undefined::NothingInvested)
    };
    Ok(SiteFinance {
        name: outcome.name.clone(),
        labels: outcome.labels.clone(),
        evaluation,
        breakeven_usd_per_mtok,
        capex_usd_per_mw,
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

impl Sheet<'_> {
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
        let rate = terms.discount;
        Ok(Project {
            calendar: Calendar {
                start_year,
                start_month,
                fiscal_year_end: f.fiscal_year_end_month.unwrap_or(12).clamp(1, 12),
                build_step_months: 1,
                operation_step_months: 1,
                horizon_months: terms.build_months + terms.life_months,
            },
            rates: Rates {
                discount_frac: rate,
                equity_frac: rate,
                finance_frac: rate,
                reinvest_frac: rate,
            },
            phases: vec![self.phase(outcome, &terms)],
            classes: capital::classes(&terms),
            capex: capital::lines(&terms, capex - plant, plant),
            streams: sales::streams(outcome, &terms),
            opex: running::rows(outcome, &terms, opex * contract_mw),
            working_capital: WorkingCapital::default(),
            debt: None,
            tax,
        })
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
