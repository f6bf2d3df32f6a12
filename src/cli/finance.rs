//! `gigasite finance`: what a layout's plan is worth over one life of its racks.

mod risk;

use super::estimate::output::write_whole;
use super::{Common, End, check, load_catalog, print, print_json, reported, say, solve};
use crate::finance::Figure;
use crate::finance::project::{Returns, Row};
use crate::finance::returns::Irr;
use crate::report::writers;
use crate::study::finance::{Assumption, NoFinance, SiteFinance, keys, value};
use crate::study::{SolveOptions, in_force, run as solved};
use crate::units::format::{fixed, money, money_per_year, plain, price, share};
use crate::units::{Money, TokenPrice};
use anyhow::bail;
use clap::Args;
use serde_json::Value;
use std::path::PathBuf;

#[derive(Args, Debug)]
pub(super) struct Arguments {
    /// The layout whose plan is valued
    layout: PathBuf,
    /// Value this variant, by id, letter or name; the base without it
    #[arg(long, value_name = "ID")]
    variant: Option<String>,
    /// Change a value: collection.id.field=VALUE (repeatable)
    #[arg(long, value_name = "PATH=VALUE")]
    set: Vec<String>,
    /// Write the three statements by period, one figure a line
    #[arg(long, value_name = "FILE")]
    csv: Option<PathBuf>,
    #[command(flatten)]
    risk: risk::Flags,
    #[command(flatten)]
    common: Common,
}

/// Answers what the flags of risk ask.
fn asked(arguments: &Arguments) -> anyhow::Result<End> {
    let mut catalog = load_catalog(&arguments.common)?;
    let read = check::read(&arguments.layout)?.map_err(|report| reported(&report))?;
    let layout = read.layout;
    let chosen = check::chosen(&layout, arguments.variant.as_deref())?;
    let mut site = layout.variant(chosen).site.clone();
    for change in &arguments.set {
        solve::set(&mut site, &mut catalog, change)?;
    }
    risk::run(&arguments.risk, (&layout, &site, &catalog), arguments.common.json)
}

pub(super) fn run(arguments: &Arguments) -> anyhow::Result<End> {
    if arguments.risk.any() {
        return asked(arguments);
    }
    let mut catalog = load_catalog(&arguments.common)?;
    let read = check::read(&arguments.layout)?.map_err(|report| reported(&report))?;
    let layout = read.layout;
    let chosen = check::chosen(&layout, arguments.variant.as_deref())?;
    let mut site = layout.variant(chosen).site.clone();
    for change in &arguments.set {
        solve::set(&mut site, &mut catalog, change)?;
    }
    let outcome = solved(&site, &catalog, &SolveOptions::default());
    let (catalog, _) = in_force(&site, &catalog);
    let found = match value(&site, &outcome, &catalog) {
        Ok(found) => found,
        Err(NoFinance::Input(error)) => bail!("{error}"),
        Err(error) => {
            say(&outcome.diagnostics);
            if arguments.common.json {
                print_json(&serde_json::json!({
                    "status": "stopped",
                    "reason": error.to_string(),
                    "diagnostics": outcome.diagnostics,
                }))?;
            } else {
                print(&format!("No finance: {error}."));
            }
            return Ok(End::Negative);
        }
    };
    if let Some(path) = &arguments.csv {
        write_whole(path, &statements(&found))?;
    }
    if arguments.common.json {
        let mut answer = serde_json::to_value(&found)?;
        answer["keys"] = serde_json::to_value(keys(&found))?;
        answer["by_year"] = serde_json::to_value(found.evaluation.statements.by_year())?;
        print_json(&figures(answer))?;
    } else {
        say(&outcome.diagnostics);
        print(&text(&found));
    }
    Ok(End::Done)
}

/// Figures as numbers, those that do not exist as `{"undefined": reason}`.
fn figures(value: Value) -> Value {
    match value {
        Value::Object(mut object) if object.len() == 1 => {
            if let Some(number) = object.remove("Ok") {
                number
            } else if let Some(reason) = object.remove("Err") {
                serde_json::json!({ "undefined": reason })
            } else {
                object.into_iter().map(|(key, value)| (key, figures(value))).collect()
            }
        }
        Value::Object(object) => {
            object.into_iter().map(|(key, value)| (key, figures(value))).collect()
        }
        Value::Array(list) => list.into_iter().map(figures).collect(),
        other => other,
    }
}

/// Statement, row, period and its last month, value; one figure a line.
fn statements(found: &SiteFinance) -> Vec<u8> {
    let s = &found.evaluation.statements;
    let mut rows = Vec::new();
    let mut add = |statement: &str, list: &[Row]| {
        for row in list {
            for (label, usd) in s.labels.iter().zip(&row.values) {
                rows.push(vec![
                    statement.to_owned(),
                    row.name.clone(),
                    label.clone(),
                    "USD, nominal".to_owned(),
                    // Shortest text that reads back as the same number.
                    format!("{usd}"),
                ]);
            }
        }
    };
    add("income", &s.income);
    add("balance", &s.balance);
    add("cash flow", &s.cash_flow);
    writers::csv::table(&["statement", "row", "period", "unit", "value"], &rows)
}

fn text(found: &SiteFinance) -> String {
    let results = &found.evaluation.results;
    let capex = &results.capex;
    let cost = |usd: f64| money(Money::usd(usd));
    let mtok = |figure: Figure| known(figure, |v| price(TokenPrice::usd_per_mtok(v)));
    let mut out = vec![
        found.name.clone(),
        format!("({}; before any loan; {})", found.labels.join("; "), results.tax_mode),
        String::new(),
        format!("Capital        {}", cost(capex.total_usd)),
    ];
    for (class, usd) in capex.by_class.iter().filter(|(_, usd)| *usd != 0.0) {
        out.push(format!("  {class:<28}{:>12}", cost(*usd)));
    }
    out.push(format!(
        "First full year  revenue {}, EBITDA {}",
        known(results.revenue_usd_per_year, |v| money_per_year(Money::usd(v))),
        known(results.ebitda_usd_per_year, |v| money_per_year(Money::usd(v))),
    ));
    out.push(String::new());
    out.extend(returns("After tax", &results.unlevered));
    out.extend(returns("Before tax", &results.pretax));
    out.push(String::new());
    out.push(format!(
        "Levelised cost   {} tokens, before tax",
        mtok(results.levelised_usd_per_mtok)
    ));
    out.push(format!(
        "Break-even price {} tokens, after tax; the plan sells at {}",
        mtok(found.breakeven_usd_per_mtok),
        mtok(results.mean_usd_per_mtok),
    ));
    out.push(format!(
        "Cost             {} a GPU-hour, {} a MW of IT and year",
        known(results.usd_per_gpu_hour, |v| format!("${}", fixed(v, 2))),
        known(results.usd_per_mw_year, cost),
    ));
    let failed = found.evaluation.statements.checks.iter().filter(|c| !c.holds()).count();
    let checks = found.evaluation.statements.checks.len();
    out.push(format!("Checks           {} of {checks} hold", checks - failed));
    out.push(String::new());
    out.push("Assumptions (change with --set PATH=VALUE)".to_owned());
    out.extend(found.assumptions.iter().map(assumption));
    out.join("\n")
}

/// A figure, or why there is none.
fn known(figure: Figure, form: impl FnOnce(f64) -> String) -> String {
    match figure {
        Ok(value) => form(value),
        Err(why) => why.to_string(),
    }
}

fn returns(name: &str, returns: &Returns) -> Vec<String> {
    let rate = match &returns.irr {
        Irr::None(why) => why.to_string(),
        Irr::One(rate) => share(*rate),
        Irr::Ambiguous(rates) => {
            let list: Vec<String> = rates.iter().map(|r| share(*r)).collect();
            format!("ambiguous: {}", list.join(" or "))
        }
    };
    let years = |v: f64| format!("{} years", fixed(v, 1));
    vec![
        format!(
            "{name:<16} NPV {} at {}, IRR {rate}, MIRR {}",
            money(Money::usd(returns.npv_usd)),
            share(returns.rate),
            known(returns.mirr, share),
        ),
        format!(
            "{:<16} payback {}, discounted {}",
            "",
            known(returns.payback.last, years),
            known(returns.discounted_payback.last, years),
        ),
    ]
}

fn assumption(a: &Assumption) -> String {
    let kind = a.kind.map_or_else(|| "entered".to_owned(), |k| format!("{k:?}").to_lowercase());
    format!("  {:<36}{:>12} {} ({kind}; {})", a.path, plain(a.value), a.unit, a.source)
}
