//! Columns as wide as what stands in them, so that no figure is shown as signs and no label runs
//! under its neighbour. It must not know what the sheets mean.

use super::book::{Book, Cell, Content, Form, Line, Role, SERIES, Sheet, Value};
use super::evaluate::Values;

/// Widest that a column becomes for a text, in digits.
const MOST: f64 = 80.0;
/// Letters are narrower than digits, by which columns are measured; strong ones are not.
const LETTER: f64 = 0.93;
const TITLE_LETTER: f64 = 1.7;
/// Dots and commas, the brackets of what is negative or the room for them.
const SIGN: f64 = 0.5;
const BRACKETS: f64 = 1.3;
/// Where the font is not installed, digits of the one in its place are wider by up to this.
const OTHER_FONT: f64 = 1.12;
/// Widest state at the head of a sheet.
const STATE: f64 = 16.5;

/// Widens the columns of all sheets where something needs it.
pub(super) fn fit(book: &mut Book, values: &Values) {
    for (s, sheet) in book.sheets.iter_mut().enumerate() {
        let mut widths = sheet.widths.clone();
        for (r, line) in sheet.lines.iter().enumerate() {
            for cell in &line.cells {
                let needed = match values.get(s, r as u32, cell.column) {
                    Value::Number(n) => figure(*n, cell.look.form),
                    _ => text(sheet, line, cell),
                };
                widen(&mut widths, cell.column, needed);
            }
            if line.series.is_some() {
                for column in SERIES..SERIES + sheet.periods as u16 {
                    if let Value::Number(n) = values.get(s, r as u32, column) {
                        widen(&mut widths, column, figure(*n, line.look.form));
                    }
                }
            }
        }
        sheet.widths = widths;
    }
}

/// The last width is that of all columns after it.
fn widen(widths: &mut [f64], column: u16, needed: f64) {
    let last = widths.len().saturating_sub(1);
    if let Some(width) = widths.get_mut(usize::from(column).min(last)) {
        *width = width.max(needed);
    }
}

/// Width of a number as it is shown.
fn figure(number: f64, form: Form) -> f64 {
    let grouped = |v: f64, decimals: i32, end: f64| {
        let size = (v.abs() * 10f64.powi(decimals)).round() / 10f64.powi(decimals);
        let whole = size.max(1.0).log10().floor() + 1.0;
        let signs = ((whole - 1.0) / 3.0).floor() + f64::from(u8::from(decimals > 0));
        OTHER_FONT * (whole + f64::from(decimals) + SIGN * signs + BRACKETS + end)
    };
    match form {
        // Spreadsheets shorten it to the column.
        Form::General => 0.0,
        Form::Count | Form::Whole => grouped(number, 0, 0.0),
        Form::Millions => grouped(number / 1e6, 1, 0.0),
        Form::Dollars => grouped(number, 2, 0.0),
        Form::Price | Form::Factor => grouped(number, 4, 0.0),
        Form::Percent => grouped(number * 100.0, 1, 2.0),
        Form::Tenths => grouped(number, 1, 0.0),
        Form::Date => 10.5,
        Form::Month => 7.0,
    }
}

/// Width that a column lacks for a text, where it cannot run on over empty neighbours.
fn text(sheet: &Sheet, line: &Line, cell: &Cell) -> f64 {
    let letter = match cell.look.role {
        // It stands alone in its line.
        Role::Section => return 0.0,
        Role::StateText => return STATE,
        Role::Title => TITLE_LETTER,
        Role::Head | Role::Total => 1.0,
        _ => LETTER,
    };
    let Content::Text(words) = &cell.content else { return 0.0 };
    if cell.look.wrap || words.is_empty() {
        return 0.0;
    }
    let letters = words.chars().count() as f64;
    let needed = letter * letters + 1.0;
    let width = |column: u16| {
        let own = sheet.widths.get(usize::from(column)).or(sheet.widths.last());
        own.copied().unwrap_or(0.0)
    };
    let mut room = 0.0;
    if !cell.look.right {
        let free = (cell.column + 1..sheet.columns()).take_while(|c| !is_taken(line, *c));
        let end = free.last().unwrap_or(cell.column);
        if end + 1 >= sheet.columns() {
            return 0.0;
        }
        room = (cell.column + 1..=end).map(width).sum();
    }
    (needed - room).min(MOST)
}

fn is_taken(line: &Line, column: u16) -> bool {
    let filled = |c: &Cell| c.column == column && c.content != Content::Text(String::new());
    line.cells.iter().any(filled) || (line.series.is_some() && column >= SERIES)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_as_wide_as_their_digits_and_signs() {
        // (1,234.5)
        let known = OTHER_FONT * (5.0 + 2.0 * SIGN + BRACKETS);
        assert!((figure(-1_234.5e6, Form::Millions) - known).abs() < 1e-9);
        assert!(figure(30_976_637.0, Form::Count) > 10.0);
        assert!(figure(999_999.96, Form::Tenths) > figure(999_999.9, Form::Tenths));
    }
}
