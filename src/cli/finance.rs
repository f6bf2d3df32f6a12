//! `gigasite finance`: what a layout's plan is worth over one life of its racks.

mod risk;

use super::estimate::output::write_whole;
use super::{Common, End, check, load_catalog, print, print_json, say};
use crate::finance::Figure;
use crate::finance::project::{Returns, Row};
use crate::finance::returns::Irr;
use crate::plan::Plan;
use crate::report::writers;
use crate::study::finance::{
    Assumption, CostKind, Item, KindCapital, NoFinance, Plans, SiteFinance, keys, plans, value,
    value_on,
};
use crate::study::{Outcome, SolveOptions, in_force, run as solved};
use crate::units::format::{count, fixed, money, money_per_year, plain, price, share};
use crate::units::{Money, TokenPrice};
use anyhow::{Context, bail};
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
    /// Value the plan of the unchanged layout, or of an answer of `solve --json`, whatever --set
    /// changes: sales are scaled by utilisation and end at demand
    #[arg(long, value_name = "FILE", num_args = 0..=1, require_equals = true)]
    hold_plan: Option<Option<PathBuf>>,
    /// Write the three statements by period, one figure a line
    #[arg(long, value_name = "FILE")]
    csv: Option<PathBuf>,
    /// Write the take-off: every item by phase with quantity, price, source and lead time
    #[arg(long, value_name = "FILE")]
    take_off: Option<PathBuf>,
    /// Print when things are ordered and in service, and what that waits for
    #[arg(long)]
    schedule: bool,
    #[command(flatten)]
    risk: risk::Flags,
    #[command(flatten)]
    common: Common,
}

/// Answers what the flags of risk ask.
fn asked(arguments: &Arguments) -> anyhow::Result<End> {
    let catalog = load_catalog(&arguments.common)?;
    let variant = arguments.variant.as_deref();
    let (layout, site, catalog) =
        check::changed(&arguments.layout, variant, &arguments.set, catalog)?;
    risk::run(&arguments.risk, (&layout, &site, &catalog), arguments.common.json)
}

/// The answer to the layout, and its value on plans of its own or on those that are held.
fn valued(arguments: &Arguments) -> anyhow::Result<(Outcome, Result<SiteFinance, NoFinance>)> {
    let catalog = load_catalog(&arguments.common)?;
    let changed = |set: &[String]| {
        let variant = arguments.variant.as_deref();
        let (_, site, own) = check::changed(&arguments.layout, variant, set, catalog.clone())?;
        anyhow::Ok((site, own))
    };
    let (site, own) = changed(&arguments.set)?;
    let Some(file) = &arguments.hold_plan else {
        let outcome = solved(&site, &own, &SolveOptions::default());
        let (own, _) = in_force(&site, &own);
        let found = value(&site, &outcome, &own);
        return Ok((outcome, found));
    };
    let (before, first) = changed(&[])?;
    let mut outcome = solved(&before, &first, &SolveOptions::default());
    let (first, _) = in_force(&before, &first);
    let held = match file {
        Some(path) => {
            outcome.plan = held(path).with_context(|| format!("--hold-plan {}", path.display()))?;
            Ok(Plans::held(&outcome.plan))
        }
        None => plans(&before, &outcome, &first),
    };
    let (own, _) = in_force(&site, &own);
    let found = held.and_then(|plans| value_on(&site, &outcome, &own, &plans));
    Ok((outcome, found))
}

pub(super) fn run(arguments: &Arguments) -> anyhow::Result<End> {
    if arguments.risk.any() {
        return asked(arguments);
    }
    let (outcome, found) = valued(arguments)?;
    let found = match found {
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
    if let Some(path) = &arguments.take_off {
        write_whole(path, &take_off(&found))?;
    }
    if arguments.common.json {
        let mut answer = serde_json::to_value(&found)?;
        answer["keys"] = serde_json::to_value(keys(&found))?;
        answer["by_year"] = serde_json::to_value(found.evaluation.statements.by_year())?;
        print_json(&figures(answer))?;
    } else {
        say(&outcome.diagnostics);
        say(&found.diagnostics);
        print(&text(&found));
        if arguments.schedule {
            print(&schedule(&found));
        }
    }
    Ok(End::Done)
}

/// The plan of an earlier answer.
fn held(path: &std::path::Path) -> anyhow::Result<Plan> {
    let text = std::fs::read_to_string(path)?;
    serde_json::from_str(&text).context("this is no answer of `gigasite solve --json`")
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

/// The take-off, one item a line; a lead time that is unknown is empty.
fn take_off(found: &SiteFinance) -> Vec<u8> {
    let number = |v: Option<f64>| v.map(|v| format!("{v}")).unwrap_or_default();
    let row = |item: &Item| {
        vec![
            item.phase.clone(),
            item.class.clone().unwrap_or_else(|| "not itemised".to_owned()),
            item.id.clone(),
            item.name.clone(),
            format!("{}", item.quantity),
            item.unit.to_owned(),
            item.rating.clone(),
            number(item.unit_price_usd),
            format!("{}", item.amount_usd),
            format!("{}", item.contingency_usd),
            format!("{}", item.total_usd()),
            number(item.lead_weeks_p50),
            number(item.lead_weeks_p90),
            item.order_by_month.map(|m| found.month(m)).unwrap_or_default(),
            item.cancellation_frac.map_or_else(|| "unknown".to_owned(), |v| format!("{v}")),
            item.source.clone(),
            item.kind.name().to_owned(),
        ]
    };
    let rows: Vec<Vec<String>> = found.take_off.iter().map(row).collect();
    let head = [
        "phase",
        "class",
        "id",
        "item",
        "quantity",
        "unit",
        "rating",
        "unit_price_usd",
        "amount_usd",
        "contingency_usd",
        "total_usd",
        "lead_weeks_p50",
        "lead_weeks_p90",
        "order_by",
        "cancellation_frac",
        "source",
        "kind",
    ];
    writers::csv::table(&head, &rows)
}

/// Phases and orders in time.
fn schedule(found: &SiteFinance) -> String {
    let mut out = vec![String::new(), "Schedule".to_owned()];
    for phase in &found.schedule.phases {
        out.push(format!(
            "  {}: {} MW of IT, building from {}, energised {}, service {}, full load {}; {} workers",
            phase.name,
            fixed(phase.it_mw, 1),
            found.month(phase.start_month),
            found.month(phase.energised_month),
            found.month(phase.service_month),
            found.month(phase.full_month),
            fixed(phase.workers, 0),
        ));
        match (&phase.critical, phase.order_before_start_months) {
            (Some(item), Some(months)) => out.push(format!(
                "    critical: {item}, to be ordered {months} months before building starts"
            )),
            (Some(item), None) => out.push(format!("    critical: {item}")),
            _ => out.push("    critical: no item has a known lead time".to_owned()),
        }
        if let Some(what) = &phase.waits_for {
            out.push(format!("    waits for {what}"));
        }
    }
    for order in found.schedule.orders.iter().take(10) {
        let month = |m: Option<i64>| m.map_or_else(|| "unknown".to_owned(), |m| found.month(m));
        out.push(format!(
            "  order {} by {} (P50 {}), delivered {}",
            order.name,
            month(order.order_p90_month),
            month(order.order_p50_month),
            found.month(order.delivered_month),
        ));
    }
    let bound = &found.schedule.commitment;
    for month in (0..bound.paid_usd.len()).step_by(6) {
        let usd = |list: &[f64]| money(Money::usd(list.get(month).copied().unwrap_or(0.0)));
        out.push(format!(
            "  {}: paid {}, committed {}",
            found.month(month as i64),
            usd(&bound.paid_usd),
            usd(&bound.committed_usd),
        ));
    }
    out.join("\n")
}

fn text(found: &SiteFinance) -> String {
    let results = &found.evaluation.results;
    let cost = |usd: f64| money(Money::usd(usd));
    let mtok = |figure: Figure| known(figure, |v| price(TokenPrice::usd_per_mtok(v)));
    let mut out = vec![
        found.name.clone(),
        format!("({}; {})", found.labels.join("; "), results.tax_mode),
        String::new(),
    ];
    out.extend(capital(found));
    out.push(format!(
        "Headline         {}: {}",
        found.headline_revenue.label,
        money_per_year(Money::usd(found.headline_revenue.usd_per_year)),
    ));
    out.push(format!(
        "EBITDA           {} in the first full year",
        known(results.ebitda_usd_per_year, |v| money_per_year(Money::usd(v))),
    ));
    if results.contracted_frac.is_ok_and(|f| f > 0.0) {
        out.push(format!("  of it under contract {}", known(results.contracted_frac, share)));
    }
    out.push(String::new());
    out.extend(returns("After tax", &results.unlevered));
    out.extend(returns("Before tax", &results.pretax));
    if let Some(loan) = &results.loan {
        out.extend(returns("Equity", &results.levered));
        let times = |f: Figure| known(f, |v| format!("{}x", fixed(v, 2)));
        out.push(format!(
            "Loan             {} ({} of uses), cover least {} and mean {}, contracts alone {}",
            cost(loan.amount_usd),
            known(loan.gearing, share),
            times(loan.cover.least),
            times(loan.cover.average),
            times(loan.contracted_cover.least),
        ));
        out.push(format!(
            "                 LLCR {} and PLCR {}, contracts alone {} and {}",
            times(loan.loan_life_cover),
            times(loan.project_life_cover),
            times(loan.contracted_loan_life_cover),
            times(loan.contracted_project_life_cover),
        ));
    }
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
    for tier in &found.tiers {
        out.push(format!(
            "  {:<28} {} of power, margin {} direct, {} fully loaded",
            tier.name,
            share(tier.power_frac),
            known(tier.direct_margin_frac, share),
            known(tier.loaded_margin_frac, share),
        ));
    }
    out.extend(climate(found));
    let failed = found.evaluation.statements.checks.iter().filter(|c| !c.holds()).count();
    let checks = found.evaluation.statements.checks.len();
    out.push(format!("Checks           {} of {checks} hold", checks - failed));
    out.push(String::new());
    out.push("Assumptions (change with --set PATH=VALUE)".to_owned());
    out.extend(found.assumptions.iter().map(assumption));
    out.join("\n")
}

/// Capital by class and by what it is spent on.
fn capital(found: &SiteFinance) -> Vec<String> {
    let capex = &found.evaluation.results.capex;
    let cost = |usd: f64| money(Money::usd(usd));
    let mut out = vec![format!("Capital        {}", cost(capex.total_usd))];
    for (class, usd) in capex.by_class.iter().filter(|(_, usd)| *usd != 0.0) {
        out.push(format!("  {class:<28}{:>12}", cost(*usd)));
    }
    out.push("It is spent on".to_owned());
    for kind in CostKind::ALL {
        let own = found.capital_by_kind.iter().filter(|row| row.kind == kind);
        let sum = |s: (f64, f64), r: &KindCapital| (s.0 + r.amount_usd, s.1 + r.contingency_usd);
        let (usd, ahead) = own.fold((0.0, 0.0), sum);
        if usd + ahead != 0.0 {
            let line = format!("  {:<28}{:>12}", kind.name(), cost(usd));
            out.push(format!("{line}, contingency {}", cost(ahead)));
        }
    }
    let again = capex.refresh_by_class.iter().filter(|(_, usd)| *usd != 0.0);
    out.extend(
        again.map(|(class, usd)| {
            format!("  {:<28}{:>12}", format!("replaced: {class}"), cost(*usd))
        }),
    );
    out
}

/// Carbon of the plan's year and of the years of the model.
fn climate(found: &SiteFinance) -> Vec<String> {
    let c = &found.climate;
    let tonnes =
        |v: Option<f64>| v.map_or_else(|| "unknown".to_owned(), |v| format!("{} t", count(v)));
    let part = |v: Option<f64>| v.map_or_else(|| "unknown".to_owned(), share);
    let mut out = vec![
        format!(
            "Carbon           {} a year by location, {} by market; CUE {} kg/kWh",
            tonnes(c.carbon_location_t),
            tonnes(c.carbon_market_t),
            c.cue_kg_per_kwh.map_or_else(|| "unknown".to_owned(), |v| fixed(v, 3)),
        ),
        format!(
            "Clean energy     {} renewable, {} of load matched in its hour",
            part(c.ref_frac),
            part(c.hourly_matched_frac),
        ),
    ];
    if !c.clean_stopped_by.is_empty() {
        out.push(format!("                 {}", c.clean_stopped_by));
    }
    let priced = found.carbon.iter().flat_map(|c| &c.years).filter(|y| y.cost_usd.is_some());
    out.extend(priced.map(|y| {
        format!(
            "  {}: {} by location, {} by market, cost {}",
            y.year,
            tonnes(Some(y.location_t)),
            tonnes(y.market_t),
            money(Money::usd(y.cost_usd.unwrap_or(0.0))),
        )
    }));
    out
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
