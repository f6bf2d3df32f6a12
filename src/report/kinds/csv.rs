//! The finance as tables: one long and tidy, one wide by fiscal year.

use super::{Form, Kind, Needs};
use crate::report::finance::{tables, valued};
use crate::report::writers::csv;
use crate::report::{Options, Part, ReportError, Subject};

pub(super) static KIND: Kind = Kind {
    id: "csv",
    name: "Finance tables, CSV",
    what: "Key outputs, statements and assumptions as two tables: a figure a row, a column a year",
    ending: "finance",
    form: Form::Folder,
    needs: Needs::Answer,
    choices: &[],
    faces: &[],
    make,
};

fn make(subject: &Subject, _: &Options) -> Result<Vec<Part>, ReportError> {
    let found = valued(subject)?;
    let part = |name: &str, table: &tables::Table| {
        let head: Vec<&str> = table.head.iter().map(String::as_str).collect();
        Part { name: name.to_owned(), bytes: csv::table(&head, &table.rows) }
    };
    let (long, annual) = (tables::long(&found), tables::annual(&found));
    Ok(vec![part("long.csv", &long), part("annual.csv", &annual)])
}
