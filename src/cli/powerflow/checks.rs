//! `gigasite powerflow LAYOUT --checks`: the screening as a table.

use super::Arguments;
use crate::catalog::Catalog;
use crate::cli::{End, print, print_json};
use crate::diag::Diagnostic;
use crate::site::Site;
use crate::study::Outcome;
use crate::study::screen::{Row, Screening, State, amount, screen};
use serde::Serialize;

/// Rows of one check that are printed; the rest is in `--json`.
const ROWS: usize = 4;

#[derive(Serialize)]
struct Answer {
    passed: usize,
    not_checked: usize,
    warnings: usize,
    checks: Vec<Row>,
    stand_by: Vec<String>,
    findings: Vec<Diagnostic>,
}

pub(super) fn run(
    arguments: &Arguments,
    site: &Site,
    catalog: &Catalog,
    outcome: &Outcome,
) -> anyhow::Result<End> {
    let Screening { rows, findings, standby } = screen(site, catalog, outcome)?;
    let count = |state: State| rows.iter().filter(|r| r.state == state).count();
    let answer = Answer {
        passed: count(State::Pass),
        not_checked: count(State::NotChecked),
        warnings: count(State::Warn),
        checks: rows,
        stand_by: standby,
        findings,
    };
    if arguments.common.json {
        print_json(&answer)?;
    } else {
        print(&text(site, &answer));
    }
    Ok(End::Done)
}

fn text(site: &Site, answer: &Answer) -> String {
    let mut out = vec![format!(
        "{}: {} warnings, {} not checked, {} within limits",
        site.terms.site.name, answer.warnings, answer.not_checked, answer.passed
    )];
    let known = |v: Option<f64>, unit: &str| v.map_or("–".to_owned(), |v| amount(v, unit));
    let mut seen: (&str, usize) = ("", 0);
    for row in &answer.checks {
        seen = if seen.0 == row.code { (row.code, seen.1 + 1) } else { (row.code, 1) };
        if seen.1 > ROWS {
            if seen.1 == ROWS + 1 {
                let all = answer.checks.iter().filter(|r| r.code == row.code).count();
                out.push(format!("{:>12}   ... and {} more in --json", "", all - ROWS));
            }
            continue;
        }
        let state = match row.state {
            State::Pass => "ok",
            State::NotChecked => "not checked",
            State::Warn => "warning",
        };
        let side = if row.at_least { "at least" } else { "at most" };
        let (figure, limit) = (known(row.figure, row.unit), known(row.limit, row.unit));
        let note = if row.note.is_empty() { String::new() } else { format!("; {}", row.note) };
        out.push(format!("{state:>12}   {}: {figure}, {side} {limit}{note}", row.name));
    }
    let rest = answer.findings.iter().filter(|f| !answer.checks.iter().any(|r| r.code == f.code));
    out.extend(rest.map(|f| format!("{:>12}   {}; {}", "warning", f.message, f.hint)));
    out.extend(answer.stand_by.iter().map(|s| format!("{:>12}   {s}", "stands by")));
    out.join("\n")
}
