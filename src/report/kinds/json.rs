//! The finance for machines.

use super::{Form, Kind, Needs};
use crate::report::finance::{machine, valued};
use crate::report::{Options, Part, ReportError, Subject};

pub(super) static KIND: Kind = Kind {
    id: "json",
    name: "Finance, JSON",
    what: "Key outputs, statements, assumptions and provenance for machines, with stable names",
    ending: "json",
    form: Form::Text,
    needs: Needs::Answer,
    choices: &[],
    faces: &[],
    make,
};

fn make(subject: &Subject, _: &Options) -> Result<Vec<Part>, ReportError> {
    let found = valued(subject)?;
    let outcome = subject.outcome.ok_or(ReportError::NoPlan(KIND.name))?;
    let mut text = serde_json::to_string_pretty(&machine::json(&found, outcome))
        .map_err(|e| ReportError::Text(e.to_string()))?;
    text.push('\n');
    Ok(Part::only(text))
}
