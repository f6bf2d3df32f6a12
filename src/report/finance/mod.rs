//! What a plan is worth, for people and machines: charts as pictures. Every figure is that of
//! the evaluation; none is computed here. It must not know file formats nor where files go.

mod picture;

pub use picture::picture;

use super::{ReportError, Subject};
use crate::study::finance::{SiteFinance, value};

/// The finance of the plan.
///
/// # Errors
/// There is no plan, or it cannot be valued.
pub fn valued(subject: &Subject) -> Result<SiteFinance, ReportError> {
    let outcome = subject.outcome.ok_or(ReportError::NoPlan("The finance"))?;
    Ok(value(subject.site, outcome, subject.catalog)?)
}
