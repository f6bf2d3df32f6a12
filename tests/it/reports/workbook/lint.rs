//! Rules of the trade that can be read off the file: where numbers may stand, one formula a line,
//! no function that hides or jumps, nothing hidden, a source for every input.

use super::{all, write};
use calamine::{Data, Reader, Xlsx, open_workbook_from_rs};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read};

/// First column of the periods.
pub(super) const SERIES: u32 = 5;

pub(super) type Book = Xlsx<Cursor<Vec<u8>>>;

pub(super) fn parts(bytes: &[u8]) -> BTreeMap<String, String> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    (0..archive.len())
        .map(|n| {
            let mut file = archive.by_index(n).unwrap();
            let name = file.name().unwrap().into_owned();
            let mut text = Vec::new();
            file.read_to_end(&mut text).unwrap();
            (name, String::from_utf8_lossy(&text).into_owned())
        })
        .collect()
}

/// A formula with cells as offsets from its own: the same text for the same formula.
fn relative(formula: &str, row: u32, column: u32) -> String {
    let mut out = String::new();
    let mut rest = formula;
    while let Some(c) = rest.chars().next() {
        if c == '"' || c == '\'' {
            let end = rest[1..].find(c).map_or(rest.len(), |e| e + 2);
            out.push_str(&rest[..end]);
            rest = &rest[end..];
        } else if c.is_ascii_alphanumeric() || c == '$' {
            let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '$' && c != '.');
            let end = end.unwrap_or(rest.len());
            out.push_str(&cell(&rest[..end], row, column).unwrap_or(rest[..end].to_owned()));
            rest = &rest[end..];
        } else {
            out.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
    out
}

fn cell(word: &str, row: u32, column: u32) -> Option<String> {
    let fixed_column = word.starts_with('$');
    let word = word.strip_prefix('$').unwrap_or(word);
    let letters: String = word.chars().take_while(char::is_ascii_uppercase).collect();
    let rest = &word[letters.len()..];
    let (fixed_row, digits) = (rest.starts_with('$'), rest.trim_start_matches('$'));
    if letters.is_empty() || letters.len() > 3 || digits.is_empty() {
        return None;
    }
    let to_row: u32 = digits.parse().ok()?;
    let to = letters.bytes().fold(0u32, |n, b| n * 26 + u32::from(b - b'A') + 1) - 1;
    let of = |fixed: bool, to: u32, at: u32| match fixed {
        true => format!("={to}"),
        false => format!("{:+}", i64::from(to) - i64::from(at)),
    };
    Some(format!("R{}C{}", of(fixed_row, to_row - 1, row), of(fixed_column, to, column)))
}

/// Numbers in a formula that are no part of a name or an address.
fn numbers(formula: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut word = String::new();
    let mut quoted = None;
    for c in formula.chars().chain([' ']) {
        if let Some(quote) = quoted {
            if c == quote {
                quoted = None;
            }
            continue;
        }
        if c.is_ascii_alphanumeric() || c == '$' || c == '.' || c == '_' {
            word.push(c);
            continue;
        }
        if word.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
            found.push(word.clone());
        }
        word.clear();
        if c == '"' || c == '\'' {
            quoted = Some(c);
        }
    }
    found
}

pub(super) fn functions(formula: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (at, _) in formula.match_indices('(') {
        let before = formula[..at].chars().rev().take_while(char::is_ascii_alphanumeric);
        let name: String = before.collect::<Vec<_>>().into_iter().rev().collect();
        if !name.is_empty() {
            found.push(name);
        }
    }
    found
}

thread_local! {
    /// What breaks a rule, all told at once.
    static FAULTS: std::cell::RefCell<Vec<String>> = const { std::cell::RefCell::new(Vec::new()) };
}

pub(super) fn none(name: &str, found: Vec<String>) {
    if !found.is_empty() {
        let text = format!("{name}: {} cells: {:#?}", found.len(), &found[..found.len().min(12)]);
        FAULTS.with_borrow_mut(|faults| faults.push(text));
    }
}

/// Fails where something was found.
fn told() {
    let faults = FAULTS.take();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

// The rules by number: 1, 10, 13, 14, 15 and 17 `conventions`; 2, 3, 6, 7 and 18 `formulas`; 4 and
// 5 `anatomy`; 7, 8 and 16 `nothing_hidden`; 9 `colours`; 11 `register`; 12 `checks`; 19 and the
// second half of 20 are tests of `office`, 19 also of `workbook`. That a spreadsheet opens the
// file without a prompt to repair it cannot be read off the file: an office program that refuses
// it stops the tests of `office`. Of rule 14 the power of tiers does not stand in the workbook.
#[test]
fn the_workbook_keeps_the_rules_of_financial_models() {
    for (name, v) in all() {
        let bytes = write(&v.made);
        let mut book: Book = open_workbook_from_rs(Cursor::new(bytes.clone())).unwrap();
        formulas(name, &mut book);
        anatomy(name, &mut book);
        register(name, &mut book);
        checks(name, &mut book);
        nothing_hidden(name, &parts(&bytes));
        super::colours::check(name, &bytes);
        super::conventions::check(name, &mut book, &parts(&bytes));
    }
    told();
}

/// Rules 2, 3, 6, 7 and 18: numbers, one formula a line, short, no jumps, no errors.
fn formulas(name: &str, book: &mut Book) {
    let forbidden = [
        "NPV",
        "OFFSET",
        "INDIRECT",
        "NOW",
        "TODAY",
        "RAND",
        "RANDBETWEEN",
        "LET",
        "LAMBDA",
        "FILTER",
        "IFERROR",
    ];
    let (mut literal, mut mixed, mut long, mut banned, mut errors) =
        (vec![], vec![], vec![], vec![], vec![]);
    let mut count = 0;
    for sheet in book.sheet_names() {
        let values = book.worksheet_range(&sheet).unwrap();
        for (row, column, value) in values.used_cells() {
            if matches!(value, Data::Error(_)) {
                errors.push(format!("{sheet} {row},{column}"));
            }
        }
        let has_axis = ["Month ends", "Fiscal year", "Column"].contains(&head_of(&values).as_str());
        let range = book.worksheet_formula(&sheet).unwrap();
        let (top, left) = range.start().unwrap_or((0, 0));
        let mut lines: BTreeMap<u32, BTreeSet<String>> = BTreeMap::new();
        for (row, column, formula) in range.used_cells().filter(|(.., f)| !f.is_empty()) {
            let (row, column) = (row as u32 + top, column as u32 + left);
            let here = format!("{sheet}!{row},{column}: {formula}");
            count += 1;
            if numbers(formula).iter().any(|n| n != "0" && n != "1") {
                literal.push(here.clone());
            }
            if formula.len() > 100 {
                long.push(format!("{} {here}", formula.len()));
            }
            let used = functions(formula);
            let ifs = used.iter().filter(|f| *f == "IF").count();
            if ifs > 1
                || used.iter().any(|f| forbidden.contains(&f.as_str()))
                || formula.contains("[")
            {
                banned.push(here);
            }
            if column >= SERIES && has_axis {
                lines.entry(row).or_default().insert(relative(formula, row, column));
            }
        }
        for (row, distinct) in lines.into_iter().filter(|(_, d)| d.len() > 1) {
            mixed.push(format!("{sheet} row {row}: {distinct:?}"));
        }
    }
    assert!(count > 1_000, "{name}: {count} formulas");
    none(&format!("{name}: numbers in formulas"), literal);
    none(&format!("{name}: lines of several formulas"), mixed);
    none(&format!("{name}: long formulas"), long);
    none(&format!("{name}: forbidden functions"), banned);
    none(&format!("{name}: errors"), errors);
}

/// Head of the first column; sheets without an axis are tables and have none of these.
fn head_of(values: &calamine::Range<Data>) -> String {
    match values.get_value((2, 0)) {
        Some(Data::String(text)) => text.clone(),
        _ => String::new(),
    }
}

/// Rules 4 and 5: one axis, a label and a unit on every line of periods.
fn anatomy(name: &str, book: &mut Book) {
    let mut axes: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut bare = Vec::new();
    for sheet in book.sheet_names() {
        let values = book.worksheet_range(&sheet).unwrap();
        let text = |row: u32, column: u32| match values.get_value((row, column)) {
            Some(Data::String(text)) => text.clone(),
            _ => String::new(),
        };
        let head = head_of(&values);
        let has_axis = ["Month ends", "Fiscal year", "Column"].contains(&head.as_str());
        if ["Month ends", "Fiscal year"].contains(&head.as_str()) {
            let width = values.get_size().1 as u32;
            let axis: Vec<String> =
                (SERIES..width).map(|c| format!("{:?}", values.get_value((2, c)))).collect();
            axes.entry(head).or_default().push(axis.join(" "));
        }
        for row in 4..values.get_size().0 as u32 {
            let series =
                matches!(values.get_value((row, SERIES)), Some(Data::Float(_) | Data::DateTime(_)));
            let opening = values.get_value((row, SERIES - 1)).unwrap_or(&Data::Empty);
            let lined = series && has_axis;
            if lined
                && (text(row, 0).is_empty() || text(row, 2).is_empty() || *opening != Data::Empty)
            {
                bare.push(format!("{sheet} row {row}"));
            }
        }
    }
    none(&format!("{name}: lines without label or unit"), bare);
    assert_eq!(axes.len(), 2, "{name}: {:?}", axes.keys());
    for (head, list) in axes {
        assert!(
            list.len() > 1 && list.iter().all(|a| *a == list[0]),
            "{name}: axes of {head} differ"
        );
    }
}

/// Rule 11: every input has a unit, a source, a confidence and where it is used.
fn register(name: &str, book: &mut Book) {
    let values = book.worksheet_range("Inputs").unwrap();
    let text = |row: u32, column: u32| match values.get_value((row, column)) {
        Some(Data::String(text)) => text.clone(),
        _ => String::new(),
    };
    let mut rows = 0;
    let mut lacking = Vec::new();
    for row in 3..values.get_size().0 as u32 {
        if text(row, 13).is_empty() {
            continue;
        }
        rows += 1;
        if [0, 2, 5, 7, 8, 9].iter().any(|column| text(row, *column).is_empty()) {
            lacking.push(format!("row {row}: {} {}", text(row, 0), text(row, 13)));
        }
    }
    assert!(rows > 30, "{name}: {rows} inputs");
    none(&format!("{name}: inputs without unit or source"), lacking);
}

/// Rule 12: twelve checks or more, which hold, and the state of all at the head of every sheet.
fn checks(name: &str, book: &mut Book) {
    let values = book.worksheet_range("Checks").unwrap();
    let states: Vec<f64> = values
        .rows()
        .filter(|row| matches!(row.get(3), Some(Data::Float(_))))
        .filter_map(|row| {
            row.get(4).and_then(|d| match d {
                Data::Float(v) => Some(*v),
                _ => None,
            })
        })
        .collect();
    assert!(states.len() >= 12 && states.iter().all(|s| *s == 1.0), "{name}: {states:?}");
    for sheet in book.sheet_names() {
        let values = book.worksheet_range(&sheet).unwrap();
        let first: Vec<String> =
            values.rows().next().unwrap().iter().map(ToString::to_string).collect();
        assert!(first.iter().any(|t| t == "All checks hold"), "{name}: {sheet}: {first:?}");
    }
}

/// Rules 7 and 16: nothing hidden or merged, no macro, no link; panes, print set-up.
fn nothing_hidden(name: &str, parts: &BTreeMap<String, String>) {
    assert!(parts.keys().all(|p| !p.contains("vba") && !p.contains("externalLink")), "{name}");
    assert!(!parts["xl/workbook.xml"].contains("state=\"hidden\""), "{name}");
    for (part, text) in parts.iter().filter(|(p, _)| p.starts_with("xl/worksheets/sheet")) {
        for word in ["hidden=\"1\"", "<mergeCell", "t=\"array\""] {
            assert!(!text.contains(word), "{name}: {part} has {word}");
        }
        for word in ["orientation=\"landscape\"", "fitToPage=\"1\"", "<oddFooter>"] {
            assert!(text.contains(word), "{name}: {part} lacks {word}");
        }
    }
    let names: Vec<&str> = parts["xl/workbook.xml"].matches("<definedName name=\"key_").collect();
    let all = parts["xl/workbook.xml"].matches("<definedName ").count();
    let print = parts["xl/workbook.xml"].matches("<definedName name=\"_xlnm").count();
    assert!(
        !names.is_empty() && all == names.len() + print,
        "{name}: names beside the key figures"
    );
}

#[test]
fn a_formula_is_the_same_wherever_it_stands() {
    assert_eq!(relative("E$7*$B$3+Time!F$9", 6, 5), relative("F$7*$B$3+Time!G$9", 6, 6));
    assert_ne!(relative("E$7*$B$3", 6, 5), relative("F$7*$B$4", 6, 6));
    assert_eq!(numbers("SUM($F$12:$G$12)*1.5+IF(A1>0,1,2)"), ["1.5", "0", "1", "2"]);
    assert_eq!(functions("IF(SUM(A1),XNPV(B1))"), ["IF", "SUM", "XNPV"]);
}
