//! Rules on what a workbook says of itself: order of the sheets, signs, origin, sums that cross,
//! paper, and that nothing is rounded on the way.

use super::lint::{Book, SERIES, functions, none};
use calamine::{Data, Reader};
use std::collections::BTreeMap;

pub(super) fn check(name: &str, book: &mut Book, parts: &BTreeMap<String, String>) {
    order(name, book);
    heads(name, book, parts);
    sums(name, book);
    rounding(name, book);
    paper(name, parts);
}

/// Rule 1: what it is, what is entered, what is worked out, what comes out, what must hold.
fn order(name: &str, book: &Book) {
    let names = book.sheet_names();
    let at = |sheet: &str| {
        names.iter().position(|n| n == sheet).unwrap_or_else(|| panic!("{name}: no {sheet}"))
    };
    assert_eq!((at("Cover"), at("Inputs"), at("Checks")), (0, 1, names.len() - 1), "{name}");
    let flow = ["Time", "Years", "Sales", "Capital", "Running cost", "Tax", "Cash flow"];
    let flow = flow.into_iter().chain(["Statements", "Returns"]).map(at).collect::<Vec<_>>();
    assert!(flow.is_sorted(), "{name}: {names:?}");
}

fn text(values: &calamine::Range<Data>, row: u32, column: u32) -> String {
    values.get_value((row, column)).map(ToString::to_string).unwrap_or_default()
}

/// Rules 10 and 15: sign, money, date of prices, version and hash at the head of every sheet and
/// in the properties of the file.
fn heads(name: &str, book: &mut Book, parts: &BTreeMap<String, String>) {
    let mut origin = String::new();
    for sheet in book.sheet_names() {
        let values = book.worksheet_range(&sheet).unwrap();
        let line = text(&values, 1, 0);
        for words in ["nominal USD", "prices of 20", "inflow positive in flows"] {
            assert!(line.contains(words), "{name}: {sheet}: {line}");
        }
        let own = line.rsplit(" · ").next().unwrap().to_owned();
        let told =
            own.starts_with("Gigasite ") && own.contains("catalogue") && own.contains("input ");
        assert!(told, "{name}: {sheet}: {line}");
        assert!(origin.is_empty() || origin == own, "{name}: {sheet}: {own}, not {origin}");
        origin = own;
    }
    let about = &parts["docProps/core.xml"];
    assert!(about.contains(&origin) && about.contains("nominal USD"), "{name}: {about}");
    let cover = book.worksheet_range("Cover").unwrap();
    let says = |words: &str| cover.used_cells().any(|(.., d)| d.to_string().starts_with(words));
    assert!(says("Signs: flows are positive when received"), "{name}: the cover states the sign");
}

/// Rules 13 and 14: sums across and down, and what must balance, stand among the checks.
fn sums(name: &str, book: &mut Book) {
    let values = book.worksheet_range("Checks").unwrap();
    let all: Vec<String> = (0..values.height() as u32).map(|row| text(&values, row, 0)).collect();
    let loan = book.sheet_names().iter().any(|s| s == "Loan");
    let mut wanted = vec![
        "Capital paid is the take-off",
        "Capital by phase is capital by class",
        "Capital by year is capital by month",
        "Balance sheet balances in every year",
        "Book depreciation and disposal write off the cost",
        "Federal deductions and disposal write off the basis",
        "Nothing is left at the end",
        "Revenue by year is revenue by month",
        "Flow by year is flow by month",
        "Net present value by factors and by dates",
        "No more is sold than could be made",
    ];
    if loan {
        wanted.extend([
            "Cash is never negative",
            "Nothing is owed when the term ends",
            "The pasted uses are those of the months",
        ]);
    }
    for words in wanted {
        assert!(all.iter().any(|c| c.starts_with(words)), "{name}: no check \"{words}\"");
    }
}

/// Rule 17: no figure is rounded on the way. What is left of two equal sums is, to the cent, in
/// checks, totals and rows that say so, and inputs of months are whole months.
fn rounding(name: &str, book: &mut Book) {
    let mut found = Vec::new();
    let rounds = |f: &String| ["ROUND", "ROUNDUP", "ROUNDDOWN", "TRUNC"].contains(&f.as_str());
    for sheet in book.sheet_names() {
        let values = book.worksheet_range(&sheet).unwrap();
        let range = book.worksheet_formula(&sheet).unwrap();
        let (top, left) = range.start().unwrap_or((0, 0));
        for (row, column, formula) in range.used_cells().filter(|(.., f)| !f.is_empty()) {
            let (row, column) = (row as u32 + top, column as u32 + left);
            let count = functions(formula).iter().filter(|f| rounds(f)).count();
            let says = text(&values, row, 0).contains("to the cent");
            let aside = sheet == "Checks" || column < SERIES || says;
            let whole = formula.starts_with("ROUND(") && formula.ends_with(')') && count == 1;
            let months = sheet == "Inputs" && formula.matches(",0)").count() >= count;
            if count > 0 && !(aside && whole) && !months {
                found.push(format!("{sheet}!{row},{column}: {formula}"));
            }
        }
    }
    none(&format!("{name}: figures that are rounded on the way"), found);
}

/// Rule 16: panes that stay, heads that repeat, numbers of pages.
fn paper(name: &str, parts: &BTreeMap<String, String>) {
    let sheets = parts.iter().filter(|(p, _)| p.starts_with("xl/worksheets/sheet"));
    let mut count = 0;
    for (part, text) in sheets {
        count += 1;
        // The cover is read from the top and has no head to repeat.
        let cover = part == "xl/worksheets/sheet1.xml";
        assert!(cover || text.contains("state=\"frozen\""), "{name}: {part}: nothing stays");
        let foot = text.split("<oddFooter>").nth(1).unwrap_or_default();
        let foot = foot.split("</oddFooter>").next().unwrap_or_default();
        let numbered = foot.contains("&amp;P") && foot.contains("&amp;N");
        assert!(numbered, "{name}: {part}: {foot}");
        assert!(text.contains("fitToHeight=\"0\""), "{name}: {part}: as many pages as needed");
    }
    let titles = parts["xl/workbook.xml"].matches("_xlnm.Print_Titles").count();
    assert_eq!(titles, count - 1, "{name}: heads that repeat");
}
