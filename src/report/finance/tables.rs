//! The finance as tables for analysts: a long one with a figure a row, and a wide one with a
//! column a fiscal year. It must not know file formats.

use crate::finance::project::{Period, Row};
use crate::study::finance::{SiteFinance, keys};

/// A head and its rows.
pub struct Table {
    pub head: Vec<String>,
    pub rows: Vec<Vec<String>>,
}

const MONEY: &str = "USD, nominal";

/// Every figure on a row of its own: key outputs, statements by month, assumptions, checks.
/// Numbers are the shortest that read back as the same; what has no value says why in its note.
pub fn long(found: &SiteFinance) -> Table {
    let head = ["group", "id", "name", "period", "period_end", "unit", "value", "note", "source"];
    let mut rows: Vec<Vec<String>> = Vec::new();
    for key in keys(found) {
        let (value, why) = match key.value {
            Ok(value) => (number(value), key.note.clone()),
            Err(why) => (String::new(), format!("{why} {}", key.note).trim_end().to_owned()),
        };
        let unit = key.unit.symbol();
        rows.push(cells(["key output", key.id, &key.name, "", "", unit, &value, &why, ""]));
    }
    let s = &found.evaluation.statements;
    for (group, list) in statements(found) {
        for row in list {
            for ((period, label), value) in s.periods.iter().zip(&s.labels).zip(&row.values) {
                let (end, value) = (period_end(found, period), number(*value));
                let texts = [group, "", &row.name, label, &end, MONEY, &value, "", ""];
                rows.push(cells(texts));
            }
        }
    }
    for a in &found.assumptions {
        let range = a.range.map(|(low, high)| format!("{} to {}", number(low), number(high)));
        let kind = a.kind.map_or_else(|| "entered".to_owned(), |k| format!("{k:?}").to_lowercase());
        let note = range.map_or_else(|| kind.clone(), |range| format!("{kind}, range {range}"));
        let value = number(a.value);
        let texts = ["assumption", &a.path, &a.name, "", "", &a.unit, &value, &note, &a.source];
        rows.push(cells(texts));
    }
    for check in &s.checks {
        let state = if check.holds() { "holds" } else { "fails" };
        let note = format!("{state}, tolerance {}", number(check.tolerance_usd));
        let off = number(check.off_usd);
        rows.push(cells(["check", "", check.name, "", "", "USD", &off, &note, ""]));
    }
    Table { head: cells(head), rows }
}

/// Statements by fiscal year: flows with their sum, stocks at the end of the year.
pub fn annual(found: &SiteFinance) -> Table {
    let years = found.evaluation.statements.by_year();
    let mut head = cells(["statement", "row", "unit"]);
    head.extend(years.labels.iter().cloned());
    head.push("total".to_owned());
    let mut rows = Vec::new();
    let lists =
        [("income", &years.income), ("cash flow", &years.cash_flow), ("flows", &years.flows)];
    let stocks = ("balance", &years.balance);
    for (group, list) in lists.into_iter().chain([stocks]) {
        for row in list {
            let mut texts = cells([group, &row.name, MONEY]);
            texts.extend(row.values.iter().map(|v| number(*v)));
            if group != "balance" {
                texts.push(number(row.values.iter().sum()));
            }
            rows.push(texts);
        }
    }
    Table { head, rows }
}

fn statements(found: &SiteFinance) -> [(&'static str, &[Row]); 4] {
    let s = &found.evaluation.statements;
    [
        ("income", &s.income),
        ("balance", &s.balance),
        ("cash flow", &s.cash_flow),
        ("flows", &s.flows),
    ]
}

fn cells<const N: usize>(texts: [&str; N]) -> Vec<String> {
    texts.map(str::to_owned).into()
}

/// The shortest text that reads back as the same number.
fn number(value: f64) -> String {
    // Minus zero is zero.
    format!("{}", if value == 0.0 { 0.0 } else { value })
}

/// Last day of a period, ISO 8601.
pub(super) fn period_end(found: &SiteFinance, period: &Period) -> String {
    let calendar = &found.project.calendar;
    let last = calendar.start_month as usize - 1 + period.end().max(1) - 1;
    let year = calendar.start_year + (last / 12) as i32;
    let month = last % 12 + 1;
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    format!("{year}-{month:02}-{days}")
}
