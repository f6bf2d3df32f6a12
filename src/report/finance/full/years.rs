//! Tables with a column a fiscal year: as many years side by side as fit, the rest below. It
//! must not know what the rows are.

use super::Desk;
use crate::finance::project::{Row as Line, Statements};
use crate::report::document::{Column, Row, Style};
use crate::report::finance::facts::Facts;
use crate::units::format::table_cell;
use crate::units::words::upper_first;

/// Most columns of years beside the names.
const MOST: usize = 8;

/// The unit of a table: dollars divided by, its name, decimals.
pub struct Unit {
    per: f64,
    pub name: &'static str,
    decimals: usize,
}

impl Unit {
    /// Billions or millions, or whole dollars where nothing is that large; one unit for all
    /// statements.
    pub fn of(years: &Statements) -> Self {
        let rows = years.income.iter().chain(&years.balance).chain(&years.cash_flow);
        let largest = rows.flat_map(|r| &r.values).fold(0.0f64, |m, v| m.max(v.abs()));
        if largest >= 1e10 {
            Self { per: 1e9, name: "$B, nominal", decimals: 2 }
        } else if largest >= 1e5 {
            Self { per: 1e6, name: "$M, nominal", decimals: 1 }
        } else {
            Self { per: 1.0, name: "$, nominal", decimals: 0 }
        }
    }

    pub fn text(&self, usd: f64) -> String {
        // Half a cent is what sums lose to rounding; a hint of more is not shown as nothing.
        let usd = if usd.abs() < 0.005 { 0.0 } else { usd };
        let text = table_cell(usd / self.per, self.decimals);
        match usd != 0.0 && !text.bytes().any(|b| (b'1'..=b'9').contains(&b)) {
            true if usd < 0.0 => format!("(<{})", self.least()),
            true => format!("<{}", self.least()),
            false => text,
        }
    }

    /// The least amount that shows.
    fn least(&self) -> String {
        crate::units::format::fixed(10f64.powi(-(self.decimals as i32)), self.decimals)
    }
}

/// How a row of a statement stands out, by its name; sums are strong.
fn style(name: &str, sums: &[&str]) -> Style {
    if sums.contains(&name) { Style::Total } else { Style::Plain }
}

impl Desk<'_, '_> {
    /// Rows by year; `sums` name the rows that are sums, flows get a total.
    pub fn by_year(&mut self, rows: &[Line], sums: &[&str], is_flow: bool) {
        let rows: Vec<Line> =
            rows.iter().filter(|r| r.values.iter().any(|v| *v != 0.0)).cloned().collect();
        let unit = Unit::of(&self.facts.years);
        let labels = self.facts.years.labels.clone();
        // Parts of about equal width.
        let parts = labels.len().div_ceil(MOST).max(1);
        let each = labels.len().div_ceil(parts).max(1);
        for (n, years) in labels.chunks(each).enumerate() {
            let is_last = (n + 1) * each >= labels.len();
            let mut columns = vec![Column::left(unit.name)];
            columns.extend(years.iter().map(|y| Column::right(y)));
            if is_last && is_flow {
                columns.push(Column::right("Total"));
            }
            let line = |r: &Line| {
                let mut cells = vec![name_of(self.facts, &r.name)];
                let own = r.values.iter().skip(n * each).take(years.len());
                cells.extend(own.map(|v| unit.text(*v)));
                if is_last && is_flow {
                    cells.push(unit.text(r.values.iter().sum()));
                }
                Row { cells, style: style(&r.name, sums) }
            };
            self.table(columns, rows.iter().map(line));
        }
    }
}

/// `Premium` of `revenue: premium`.
fn name_of(facts: &Facts, name: &str) -> String {
    let own = name.split_once(": ").map_or(name, |(_, own)| own);
    let tier = facts.subject.site.terms.tiers.iter().find(|t| t.id.as_str() == own);
    match tier.filter(|_| name.starts_with("revenue: ")) {
        Some(tier) => tier.name.clone(),
        None => upper_first(own),
    }
}
