//! A project by month and year: capital by class and phase with refreshes, sales with ramp,
//! contracts and price path, running cost, loan, tax, the three statements and what they return.
//!
//! One evaluation is a pure function of a [`Project`]. Flows count at the end of their period;
//! the value is that of the first day of the model.

mod assets;
mod axis;
mod breakeven;
mod check;
mod delay;
mod funding;
mod input;
mod model;
mod operation;
mod results;
mod statements;
mod trailing;

pub use assets::Asset;
pub use axis::{Axis, Period};
pub use breakeven::{Basis, breakeven_price};
pub use input::{
    AssetClass, Calendar, CapexLine, Component, Contract, DebtTerms, Driver, OpexRow, Path, Phase,
    Prepaid, Project, Rates, Refresh, Repayment, Spend, Stream, Unit, WorkingCapital,
};
pub use results::{Capex, CostPart, Loan, Results, Returns, StreamFigures};
pub use statements::{Check, Row, Statements};

use super::InputError;

/// Figures, statements and checks of a project.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Evaluation {
    pub results: Results,
    pub statements: Statements,
    pub assets: Vec<Asset>,
}

/// The figures alone: what a search or a draw needs.
pub fn results(project: &Project) -> Result<Results, Vec<InputError>> {
    let project = delay::in_force(project);
    Ok(Results::of(&project, &model::Run::of(&project)?))
}

/// What a project is worth, without the other figures: what a draw needs.
#[derive(Clone, Debug, PartialEq)]
pub struct Worth {
    /// Without a loan, after tax.
    pub npv_usd: f64,
    pub rate_frac: f64,
    pub periods: Vec<Period>,
    /// Flow of each period without a loan after tax, USD.
    pub after_tax: Vec<f64>,
    /// Due to the lender in each period of the loan's term, USD; empty without a loan.
    pub service: Vec<f64>,
    /// Least cover of the loan; none without one.
    pub least_cover: Option<f64>,
}

/// What a project is worth: the same numbers as those of [`results`]. Cover is of the service of
/// its own loan, or of one that was agreed before, by period of the term.
pub fn worth(project: &Project, agreed: Option<&[f64]>) -> Result<Worth, Vec<InputError>> {
    let project = delay::in_force(project);
    let run = model::Run::of(&project)?;
    let after_tax = run.unlevered().1;
    let rate_frac = project.rates.discount_frac;
    let (first, after) = run.funding.term;
    let service = run.funding.service.get(first..after).unwrap_or_default().to_vec();
    let due = agreed.unwrap_or(&service);
    let least = project.debt.as_ref().and_then(|_| results::least_cover(&run, due).ok());
    Ok(Worth {
        npv_usd: super::returns::npv_at(rate_frac, &run.axis.times(), &after_tax),
        rate_frac,
        periods: run.axis.periods,
        after_tax,
        service,
        least_cover: least,
    })
}

/// Everything.
pub fn evaluate(project: &Project) -> Result<Evaluation, Vec<InputError>> {
    let project = delay::in_force(project);
    let run = model::Run::of(&project)?;
    Ok(Evaluation {
        results: Results::of(&project, &run),
        statements: statements::statements(&project, &run),
        assets: run.capital.assets,
    })
}
