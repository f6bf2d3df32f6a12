//! From a site that may be wrong to one that the engine accepts.

use super::rules::{ALL, Context, Rule};
use super::{Site, ValidSite};
use crate::catalog::Catalog;
use crate::diag::Report;

/// Checks a site against a catalogue. The report holds all findings of all
/// rules; there is a valid site where none of them is an error.
pub fn validate(site: &Site, catalog: &Catalog) -> (Option<ValidSite>, Report) {
    let context = Context::new(site, catalog);
    let mut report = Report::default();
    for rule in ALL {
        (rule.check)(&context, &mut report);
    }
    let valid = (!report.has_errors()).then(|| ValidSite(site.clone()));
    (valid, report)
}

/// The rules, for the manual and for tests.
pub fn rules() -> &'static [Rule] {
    ALL
}
