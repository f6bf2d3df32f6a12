//! The finance of a layout as a workbook with live formulas.

use super::{Choice, Form, Kind, Needs};
use crate::report::finance::{Risks, valued};
use crate::report::workbook;
use crate::report::writers::xlsx;
use crate::report::{Options, Part, ReportError, Subject};
use crate::study::risk::gaps;

pub(super) static KIND: Kind = Kind {
    id: "xlsx",
    name: "Workbook with formulas",
    what: "Capital, running cost, tax, statements and returns as a workbook that recalculates",
    ending: "xlsx",
    form: Form::Bytes,
    needs: Needs::Answer,
    choices: &[Choice::Sensitivities, Choice::Draws],
    faces: &[],
    make,
};

fn make(subject: &Subject, options: &Options) -> Result<Vec<Part>, ReportError> {
    let Some(outcome) = subject.outcome else { return Err(ReportError::NoPlan(KIND.name)) };
    let finance = valued(subject)?;
    let mut asked = workbook::Asked {
        gaps: gaps(subject.site, subject.catalog, outcome, &finance),
        ..workbook::Asked::default()
    };
    // What solves the plan many times over is there where it is asked for.
    if options.sensitivities || options.draws.count.is_some() {
        let risks = Risks::of(subject, outcome, options.draws);
        asked.tornado = risks.tornado().cloned();
        asked.two_way = risks.two_way().cloned();
        asked.draws = match options.draws.count {
            Some(_) => Some(risks.draws().map_err(ReportError::Risk)?.clone()),
            None => None,
        };
    }
    let made = workbook::of(subject.site, subject.catalog, outcome, &finance, &asked)?;
    Ok(Part::only(xlsx::write(&made)?))
}
