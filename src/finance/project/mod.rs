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

/// The figures with the flows of the project without a loan after tax, by period: what a draw
/// needs.
pub fn flows(project: &Project) -> Result<(Results, Vec<Period>, Vec<f64>), Vec<InputError>> {
    let project = delay::in_force(project);
    let run = model::Run::of(&project)?;
    let after_tax = run.unlevered().1;
    Ok((Results::of(&project, &run), run.axis.periods, after_tax))
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
