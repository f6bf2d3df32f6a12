//! What a reader sees: no figure that its column is too narrow for, no label under its neighbour,
//! pages on which letters can be read.

use super::all;
use super::lint::parts;
use gigasite::report::workbook::book::{Cell, Content, Form, Line, Role, SERIES, Sheet, Value};

/// Characters that a number takes as it is shown; more where its size is not known better.
fn shown(number: f64, form: Form) -> f64 {
    // Signs are half as wide as digits, by which columns are measured.
    let grouped = |v: f64, decimals: usize| {
        let digits = format!("{:.decimals$}", v.abs());
        let whole = digits.split('.').next().unwrap().len();
        let signs = (whole - 1) / 3 + usize::from(decimals > 0);
        let digits = digits.len() - usize::from(decimals > 0);
        digits as f64 + 0.5 * signs as f64 + if v < 0.0 { 1.2 } else { 0.6 }
    };
    match form {
        // Spreadsheets shorten it to the column.
        Form::General => 0.0,
        Form::Count => grouped(number, 0),
        Form::Whole => format!("{number:.0}").len() as f64 + 0.6,
        Form::Millions => grouped(number / 1e6, 1),
        Form::Dollars => grouped(number, 2),
        Form::Price => grouped(number, 4),
        Form::Percent => grouped(number * 100.0, 1) + 1.5,
        Form::Factor => grouped(number, 4),
        Form::Tenths => grouped(number, 1),
        Form::Date => 9.2,
        Form::Month => 6.6,
    }
}

fn width(sheet: &Sheet, column: u16) -> f64 {
    sheet.widths.get(usize::from(column)).or(sheet.widths.last()).copied().unwrap_or(11.0)
}

/// Letters of Arial are narrower than its digits, by which columns are measured.
fn letters(text: &str, role: Role) -> f64 {
    let wide = match role {
        Role::Title => 1.7,
        Role::Head | Role::Total | Role::Section | Role::State | Role::StateText => 1.0,
        _ => 0.93,
    };
    text.chars().count() as f64 * wide
}

fn is_taken(line: &Line, column: u16) -> bool {
    let filled = |c: &Cell| c.column == column && c.content != Content::Text(String::new());
    line.cells.iter().any(filled) || (line.series.is_some() && column >= SERIES)
}

#[test]
fn figures_fit_their_columns_and_labels_do_not_run_under_their_neighbours() {
    let (mut narrow, mut hidden) = (Vec::new(), Vec::new());
    for (name, v) in all() {
        let made = &v.made;
        for (s, sheet) in made.book.sheets.iter().enumerate() {
            for (r, line) in sheet.lines.iter().enumerate() {
                let mut figure = |column: u16, form: Form| {
                    let Value::Number(n) = made.values.get(s, r as u32, column) else { return };
                    let needed = shown(*n, form);
                    if needed > width(sheet, column) {
                        let room = width(sheet, column);
                        narrow.push(format!(
                            "{name}: {} {r}: {needed} in {room}: {form:?}",
                            sheet.name
                        ));
                    }
                };
                for cell in &line.cells {
                    figure(cell.column, cell.look.form);
                }
                if line.series.is_some() {
                    let last = SERIES + sheet.periods as u16;
                    (SERIES..last).for_each(|column| figure(column, line.look.form));
                }
                for cell in line.cells.iter().filter(|c| c.look.role == Role::StateText) {
                    let room = width(sheet, cell.column);
                    if room < letters("All checks hold", Role::StateText) + 1.0 {
                        hidden.push(format!("{name}: {}: the state in {room}", sheet.name));
                    }
                }
                for cell in &line.cells {
                    let Content::Text(text) = &cell.content else { continue };
                    if cell.look.wrap || cell.look.role == Role::Section {
                        continue;
                    }
                    let mut room = width(sheet, cell.column);
                    let mut next = cell.column;
                    while !cell.look.right && next < 40 && !is_taken(line, next + 1) {
                        next += 1;
                        room += width(sheet, next);
                    }
                    if letters(text, cell.look.role) > room {
                        let at = format!("{}, column {}", sheet.name, cell.column);
                        hidden.push(format!("{at}: {text:?} in {room}: {name}"));
                    }
                }
            }
        }
    }
    narrow.dedup();
    hidden.sort();
    hidden.dedup_by_key(|told| told.rsplit_once(": ").map(|(head, _)| head.to_owned()));
    let some = |list: &[String]| list[..list.len().min(80)].join("\n");
    assert!(narrow.is_empty(), "{} figures are too wide:\n{}", narrow.len(), some(&narrow));
    assert!(hidden.is_empty(), "{} texts are cut:\n{}", hidden.len(), some(&hidden));
}

#[test]
fn every_sheet_is_as_wide_as_its_paper_with_letters_that_can_be_read() {
    for (name, v) in all() {
        let parts = parts(&super::write(&v.made));
        for (n, sheet) in v.made.book.sheets.iter().enumerate() {
            let text = &parts[&format!("xl/worksheets/sheet{}.xml", n + 1)];
            let a3 = text.contains("paperSize=\"8\"");
            assert!(a3 || text.contains("paperSize=\"9\""), "{name}: {}", sheet.name);
            let pages = text.split("fitToWidth=\"").nth(1).and_then(|t| t.split('"').next());
            let pages: f64 = pages.map_or(1.0, |n| n.parse().unwrap());
            let needed: f64 = (0..sheet.columns()).map(|c| width(sheet, c) * 5.25 + 3.75).sum();
            let fixed: f64 = (0..SERIES).map(|c| width(sheet, c) * 5.25 + 3.75).sum();
            let a_page = if pages > 1.0 { fixed + (needed - fixed) / pages } else { needed };
            let scale = if a3 { 1133.0 } else { 784.0 } / a_page;
            let points = 9.0 * scale;
            assert!(points > 4.2, "{name}: {}: letters of {points:.1} points", sheet.name);
            if sheet.lines.iter().all(|l| l.series.is_none()) {
                assert_eq!(pages, 1.0, "{name}: {}", sheet.name);
            }
        }
    }
}
