//! The finance of a layout as a workbook with live formulas.

use super::{Form, Kind, Needs};
use crate::report::finance::valued;
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
    choices: &[],
    faces: &[],
    make,
};

fn make(subject: &Subject, _options: &Options) -> Result<Vec<Part>, ReportError> {
    let Some(outcome) = subject.outcome else { return Err(ReportError::NoPlan(KIND.name)) };
    let finance = valued(subject)?;
    let gaps = gaps(subject.site, subject.catalog, outcome, &finance);
    let made = workbook::of(subject.site, subject.catalog, outcome, &finance, &gaps)?;
    Ok(Part::only(xlsx::write(&made)?))
}
