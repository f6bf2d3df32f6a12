//! Lists of racks from spreadsheets and inventories: a row for each rack or each block. Rows
//! that do not fit the site stay out and say why, with row and column.

mod mapping;
mod place;
mod read;

pub use mapping::{Field, Mapping, MappingError};

use super::table::{self, Table};
use super::{Change, Foreign, Imported, Importer, Options, Role, fault};
use crate::diag::Report;

pub(super) const CSV: Importer = Importer {
    name: "CSV",
    about: "Lists of racks, a row for each rack or block",
    extensions: &["csv", "tsv", "txt"],
    roles: &[Role::Racks],
    read: read_csv,
};

pub(super) const WORKBOOK: Importer = Importer {
    name: "Spreadsheet",
    about: "Lists of racks from the first sheet of a workbook",
    extensions: &["xlsx", "xlsm", "xlsb", "xls", "ods"],
    roles: &[Role::Racks],
    read: read_workbook,
};

fn read_csv(foreign: &Foreign<'_>, options: &Options) -> Result<Imported, Report> {
    of_table(foreign, options, &table::of_csv(foreign)?)
}

fn read_workbook(foreign: &Foreign<'_>, options: &Options) -> Result<Imported, Report> {
    of_table(foreign, options, &table::of_workbook(foreign)?)
}

/// The table of a file that holds one, for those who show it; nothing for other files.
///
/// # Errors
/// What is wrong with the file.
pub fn table_of(foreign: &Foreign<'_>) -> Option<Result<Table, Report>> {
    let importer = super::importer_of(foreign.file)?;
    match importer.name {
        name if name == CSV.name => Some(table::of_csv(foreign)),
        name if name == WORKBOOK.name => Some(table::of_workbook(foreign)),
        _ => None,
    }
}

fn of_table(foreign: &Foreign<'_>, options: &Options, table: &Table) -> Result<Imported, Report> {
    let mapping = match &options.mapping {
        Some(own) => own.clone(),
        None => Mapping::guess(table, foreign.site, foreign.catalog),
    };
    let columns = mapping.resolve(table, foreign.catalog).map_err(|e| {
        fault(foreign, "bad-mapping", &e.to_string(), "Correct the mapping, or leave it out")
    })?;
    if !columns.contains_key(&Field::Rack) {
        let headers = table.header.join(", ");
        let message = format!("No column holds rack types among: {headers}");
        let hint = "Name the column of the rack types in a mapping";
        return Err(fault(foreign, "no-rack-column", &message, hint));
    }
    let mut imported = Imported { mapping: Some(mapping.clone()), ..Imported::default() };
    let lines = read::lines(foreign, table, (&mapping, &columns), &mut imported.skipped);
    let taken = lines.len();
    let blocks = place::blocks(foreign, lines, &mut imported.skipped);
    let racks: u64 = blocks.iter().map(|b| u64::from(b.count.unwrap_or(0))).sum();
    let plural =
        |n: usize, one: &str, many: &str| format!("{n} {}", if n == 1 { one } else { many });
    let counted = if racks == 1 { "1 rack".to_owned() } else { format!("{racks} racks") };
    imported.label = format!("Import {counted}");
    let what = format!(
        "{counted} in {} from {}",
        plural(blocks.len(), "block", "blocks"),
        plural(taken, "row", "rows"),
    );
    imported.taken.push(what);
    for (field, header) in &mapping.columns {
        imported.taken.push(format!("{} from column \"{header}\"", field.title()));
    }
    if !blocks.is_empty() {
        imported.changes.push(Change::Blocks(blocks));
    }
    imported.skipped.sort_by_key(|s| s.place.strip_prefix("Row ").and_then(first_number));
    Ok(imported)
}

fn first_number(text: &str) -> Option<usize> {
    text.split(|c: char| !c.is_ascii_digit()).next().and_then(|n| n.parse().ok())
}
