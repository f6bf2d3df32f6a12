//! Tables of foreign files as text cells with their place: comma-separated text and the first
//! sheet of a workbook. It must not know what columns mean.

use super::{Foreign, fault, fault_at, parts};
use crate::diag::Report;
use ::calamine::{Data, Error, Reader as _, Sheets, Xlsx, XlsxError, open_workbook_auto_from_rs};
use ::csv::{ReaderBuilder, Trim};
use std::io::Cursor;

/// A row of more cells than a table of racks can have is no row.
const MOST_COLUMNS: usize = 512;
/// A million racks and more are a mistake of the file.
const MOST_ROWS: usize = 1_000_000;

/// A header and rows of cells; all cells are text, trimmed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    pub header: Vec<String>,
    pub rows: Vec<Row>,
}

/// One row with the number that a spreadsheet shows beside it.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    pub number: usize,
    pub cells: Vec<String>,
}

impl Row {
    /// The cell of a column; nothing where it is blank or the row ends before it.
    pub fn get(&self, column: usize) -> Option<&str> {
        self.cells.get(column).map(String::as_str).filter(|c| !c.is_empty())
    }
}

/// Name of a column as spreadsheets count: A, B, ..., Z, AA.
pub fn column_name(index: usize) -> String {
    let (mut n, mut out) = (index + 1, Vec::new());
    while n > 0 {
        let digit = ((n - 1) % 26) as u8;
        out.push(char::from(b'A' + digit));
        n = (n - 1) / 26;
    }
    out.iter().rev().collect()
}

/// Reads text that is separated by commas, semicolons or tabs.
pub(super) fn of_csv(foreign: &Foreign<'_>) -> Result<Table, Report> {
    let bytes = foreign.bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(foreign.bytes);
    let text = std::str::from_utf8(bytes).map_err(|e| {
        let line = 1 + bytes.iter().take(e.valid_up_to()).filter(|b| **b == b'\n').count();
        let message = "The file is not UTF-8 text";
        fault_at(foreign.file, (line, 1), "not-text", (message, "Save it as CSV UTF-8"))
    })?;
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .trim(Trim::All)
        .delimiter(delimiter(text))
        .from_reader(text.as_bytes());
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|e| {
            let line = e.position().map_or(1, |p| p.line() as usize);
            let message = format!("The table cannot be read: {e}");
            fault_at(
                foreign.file,
                (line, 1),
                "bad-table",
                (&message, "Check the quotes of that row"),
            )
        })?;
        let number = record.position().map_or(rows.len() + 1, |p| p.line() as usize);
        rows.push(Row { number, cells: record.iter().map(str::to_owned).collect() });
        limits(foreign, &rows)?;
    }
    whole(foreign, rows)
}

/// What separates the cells: the sign that stands most often in the first line outside quotes.
fn delimiter(text: &str) -> u8 {
    let first = text.lines().find(|l| !l.trim().is_empty()).unwrap_or_default();
    let count = |sign: char| {
        let mut quoted = false;
        first
            .chars()
            .filter(|c| {
                quoted ^= *c == '"';
                *c == sign && !quoted
            })
            .count()
    };
    // Of equals the comma, which comes last.
    [(b'\t', '\t'), (b';', ';'), (b',', ',')]
        .into_iter()
        .max_by_key(|(_, sign)| count(*sign))
        .map_or(b',', |(byte, _)| byte)
}

type Book<'a> = Sheets<Cursor<&'a [u8]>>;

/// Reads the first sheet of a workbook that holds anything.
pub(super) fn of_workbook(foreign: &Foreign<'_>) -> Result<Table, Report> {
    let found = of_sheets(foreign);
    match found.as_ref().err().and_then(|_| parts::plain(foreign.bytes)) {
        Some(bytes) => of_sheets(&Foreign { bytes: &bytes, ..*foreign }),
        None => found,
    }
}

fn of_sheets(foreign: &Foreign<'_>) -> Result<Table, Report> {
    let mut book = open_workbook(foreign).map_err(|e| unreadable(foreign, &words_of(&e)))?;
    let names = book.sheet_names();
    for name in &names {
        let range = book.worksheet_range(name).map_err(|e| {
            let listed = names.join(", ");
            let why = format!("{} The sheets that it names: {listed}", words_of_sheet(name, &e));
            unreadable(foreign, &why)
        })?;
        let Some((first, _)) = range.start() else { continue };
        let mut rows = Vec::new();
        for (i, cells) in range.rows().enumerate() {
            let cells = cells.iter().map(text_of).collect();
            rows.push(Row { number: first as usize + i + 1, cells });
            limits(foreign, &rows)?;
        }
        if rows.iter().any(|r| r.cells.iter().any(|c| !c.is_empty())) {
            return whole(foreign, rows);
        }
    }
    whole(foreign, Vec::new())
}

/// Opens a workbook by its content. What is wrong in one that its name says to be of Excel is told
/// by the reader of those: the one that tries all formats only says that it is none.
fn open_workbook<'a>(foreign: &Foreign<'a>) -> Result<Book<'a>, Error> {
    let cursor = || Cursor::new(foreign.bytes);
    open_workbook_auto_from_rs(cursor()).or_else(|error| {
        let ending = foreign.file.rsplit('.').next().unwrap_or_default().to_lowercase();
        match ending.as_str() {
            "xlsx" | "xlsm" => Ok(Sheets::Xlsx(Xlsx::new(cursor())?)),
            _ => Err(error),
        }
    })
}

fn unreadable(foreign: &Foreign<'_>, why: &str) -> Report {
    let hint = "Open it in a spreadsheet program and save it again as .xlsx, or as CSV UTF-8";
    fault(foreign, "bad-workbook", &format!("The workbook cannot be read: {why}"), hint)
}

/// Why a workbook cannot be opened.
fn words_of(error: &Error) -> String {
    match error {
        Error::Xlsx(XlsxError::RelationshipNotFound) => {
            "it names a sheet without saying where that is stored \
             (no relationship of its id in _rels/workbook.xml.rels)"
                .to_owned()
        }
        Error::Xlsx(XlsxError::FileNotFound(part)) => format!("its part {part} is missing"),
        Error::Xlsx(error) => error.to_string(),
        other => other.to_string(),
    }
}

/// Why a sheet cannot be read.
fn words_of_sheet(name: &str, error: &Error) -> String {
    match error {
        Error::Xlsx(XlsxError::WorksheetNotFound(_)) => format!(
            "nothing is stored where it says that its sheet {name} is (the target of its \
             relationship in _rels/workbook.xml.rels, which counts from the folder of the workbook)."
        ),
        other => format!("sheet {name}: {}.", words_of(other)),
    }
}

fn text_of(cell: &Data) -> String {
    match cell {
        Data::Empty | Data::Error(_) => String::new(),
        other => other.to_string().trim().to_owned(),
    }
}

fn limits(foreign: &Foreign<'_>, rows: &[Row]) -> Result<(), Report> {
    let wide = rows.last().is_some_and(|r| r.cells.len() > MOST_COLUMNS);
    if wide || rows.len() > MOST_ROWS {
        let message = "The table is larger than any list of racks";
        return Err(fault(foreign, "too-large", message, "Choose a list of racks"));
    }
    Ok(())
}

/// The first row with cells is the header; blank rows are none.
fn whole(foreign: &Foreign<'_>, rows: Vec<Row>) -> Result<Table, Report> {
    let mut rows = rows.into_iter().filter(|r| r.cells.iter().any(|c| !c.is_empty()));
    let Some(header) = rows.next() else {
        let hint = "Choose a table with a header and a row for each rack or block";
        return Err(fault(foreign, "empty-table", "The table has no row", hint));
    };
    Ok(Table { header: header.cells, rows: rows.collect() })
}

/// A number as tables hold it: `1,234.5`, `1.234,5`, `1 234`, `12 %` is none.
pub(super) fn number(text: &str) -> Option<f64> {
    let compact: String =
        text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '\'' | '\u{2019}')).collect();
    let compact = compact.replace('\u{2212}', "-");
    let (comma, dot) = (compact.rfind(','), compact.rfind('.'));
    let plain = match (comma, dot) {
        (Some(c), Some(d)) if c > d => compact.replace('.', "").replace(',', "."),
        (Some(_), Some(_)) => compact.replace(',', ""),
        (Some(c), None) => {
            // Groups of three are thousands, anything else is a fraction.
            let groups = compact.split(',').skip(1).all(|g| g.len() == 3);
            let fraction = compact.matches(',').count() == 1 && !(groups && c > 0);
            compact.replace(',', if fraction { "." } else { "" })
        }
        (None, Some(_)) if compact.matches('.').count() > 1 => compact.replace('.', ""),
        _ => compact,
    };
    let is_number =
        plain.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | '-' | '+' | 'e' | 'E'));
    plain.parse::<f64>().ok().filter(|v| is_number && v.is_finite())
}

/// A length in metres, with its unit behind it or in the unit of the column.
pub(super) fn metres(text: &str, unit: f64) -> Option<f64> {
    const UNITS: [(&str, f64); 9] = [
        ("mm", 1e-3),
        ("cm", 1e-2),
        ("km", 1e3),
        ("feet", 0.3048),
        ("ft", 0.3048),
        ("inches", 0.0254),
        ("in", 0.0254),
        ("\"", 0.0254),
        ("m", 1.0),
    ];
    let text = text.trim().to_lowercase();
    for (name, factor) in UNITS {
        if let Some(digits) = text.strip_suffix(name) {
            return number(digits).map(|v| v * factor);
        }
    }
    number(&text).map(|v| v * unit)
}

/// The unit that a header states in brackets or behind an underscore, in metres; one else.
pub(super) fn unit_of_header(header: &str) -> f64 {
    let header = header.to_lowercase();
    let last = header.split(|c: char| !c.is_alphanumeric()).rfind(|w| !w.is_empty());
    match last {
        Some("mm") => 1e-3,
        Some("cm") => 1e-2,
        Some("ft" | "feet") => 0.3048,
        Some("in" | "inch" | "inches") => 0.0254,
        _ => 1.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_whatever_separates_their_groups() {
        for (text, value) in [
            ("12", 12.0),
            ("1,234", 1234.0),
            ("1,234.5", 1234.5),
            ("1.234,5", 1234.5),
            ("1 234", 1234.0),
            ("1\u{a0}234,25", 1234.25),
            ("12,5", 12.5),
            ("1.234.567", 1_234_567.0),
            ("\u{2212}3", -3.0),
            ("1e3", 1000.0),
        ] {
            assert_eq!(number(text), Some(value), "{text}");
        }
        for text in ["", "x", "12 kW", "NaN", "inf", "1e999", "--1", "1-2"] {
            assert_eq!(number(text), None, "{text}");
        }
    }

    #[test]
    fn lengths_take_the_unit_behind_them_or_that_of_their_column() {
        let near = |a: Option<f64>, b: f64| assert!((a.expect("a length") - b).abs() < 1e-9);
        near(metres("600 mm", 1.0), 0.6);
        near(metres("2 ft", 1.0), 0.6096);
        near(metres("600", unit_of_header("Width (mm)")), 0.6);
        near(metres("4", unit_of_header("x_ft")), 1.2192);
        near(metres("4.5", unit_of_header("x")), 4.5);
        assert_eq!(metres("wide", 1.0), None);
    }

    #[test]
    fn columns_are_named_as_spreadsheets_name_them() {
        let names: Vec<String> = [0, 25, 26, 701, 702].into_iter().map(column_name).collect();
        assert_eq!(names, ["A", "Z", "AA", "ZZ", "AAA"]);
    }
}
