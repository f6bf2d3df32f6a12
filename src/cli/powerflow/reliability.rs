//! `gigasite powerflow LAYOUT --reliability`: what failures cost a year, what redundancy is worth.

use super::Arguments;
use crate::catalog::Catalog;
use crate::cli::{End, print, print_json};
use crate::site::Site;
use crate::study::Outcome;
use crate::study::reliability::{ElementRisk, PairRisk, Reliability, Step, StepKind, reliability};
use crate::units::{Money, format};
use serde::Serialize;

/// Rows that are printed; the rest is in `--json`.
const ROWS: usize = 15;
const PAIRS: usize = 8;

#[derive(Serialize)]
struct Answer {
    served_mwh_per_year: f64,
    unserved_mwh_per_year: f64,
    lost_margin_usd_per_year: f64,
    margin_usd_per_mwh: f64,
    interruptible_margin_usd_per_mwh: f64,
    transfer_seconds: f64,
    run_back_seconds: f64,
    elements: Vec<ElementRow>,
    /// Failures that overlap.
    pairs: Vec<PairRow>,
    steps: Vec<StepRow>,
    /// Figures that keep an element or a price from being counted.
    unknown: Vec<String>,
}

#[derive(Serialize)]
struct ElementRow {
    id: String,
    name: String,
    busbar: bool,
    count: usize,
    failures_per_year: f64,
    out_h: f64,
    spare_on_site: bool,
    load_lost_at_once_mw: f64,
    load_lost_mw: f64,
    run_back_mw: f64,
    time_to_run_back: Option<bool>,
    unserved_mwh_per_year: f64,
    lost_margin_usd_per_year: f64,
}

/// Two elements that are out together; loads beyond what each takes alone.
#[derive(Serialize)]
struct PairRow {
    id: String,
    name: String,
    count: usize,
    failures_per_year: f64,
    out_h: f64,
    load_lost_mw: f64,
    run_back_mw: f64,
    unserved_mwh_per_year: f64,
    lost_margin_usd_per_year: f64,
}

#[derive(Serialize)]
struct StepRow {
    kind: &'static str,
    what: String,
    standing: bool,
    price_usd: Option<f64>,
    cost_usd_per_year: Option<f64>,
    /// Absent where without it the network does not carry the plan.
    saves_usd_per_year: Option<f64>,
    net_usd_per_year: Option<f64>,
}

pub(super) fn run(
    arguments: &Arguments,
    site: &Site,
    catalog: &Catalog,
    outcome: &Outcome,
) -> anyhow::Result<End> {
    let found = reliability(site, catalog, outcome)?;
    if arguments.common.json {
        print_json(&answer(found))?;
    } else {
        print(&text(site, &found));
    }
    Ok(End::Done)
}

fn answer(found: Reliability) -> Answer {
    Answer {
        served_mwh_per_year: found.served_mwh_per_year,
        unserved_mwh_per_year: found.unserved_mwh_per_year,
        lost_margin_usd_per_year: found.lost_margin_usd_per_year,
        margin_usd_per_mwh: found.margin.mean_usd,
        interruptible_margin_usd_per_mwh: found.margin.interruptible_usd,
        transfer_seconds: found.controls.transfer_seconds,
        run_back_seconds: found.controls.run_back_seconds,
        elements: found.elements.into_iter().map(row).collect(),
        pairs: found.pairs.into_iter().map(pair).collect(),
        steps: found.steps.into_iter().map(step).collect(),
        unknown: found.unknown,
    }
}

fn row(e: ElementRisk) -> ElementRow {
    ElementRow {
        id: e.id,
        name: e.name,
        busbar: e.busbar,
        count: e.count,
        failures_per_year: e.failures_per_year,
        out_h: e.out_h,
        spare_on_site: e.spare_on_site,
        load_lost_at_once_mw: e.lost_at_once_mw,
        load_lost_mw: e.lost_mw,
        run_back_mw: e.run_back_mw,
        time_to_run_back: e.time_to_run_back,
        unserved_mwh_per_year: e.unserved_mwh_per_year,
        lost_margin_usd_per_year: e.lost_margin_usd_per_year,
    }
}

fn pair(p: PairRisk) -> PairRow {
    PairRow {
        id: p.id,
        name: p.name,
        count: p.count,
        failures_per_year: p.failures_per_year,
        out_h: p.out_h,
        load_lost_mw: p.lost_mw,
        run_back_mw: p.run_back_mw,
        unserved_mwh_per_year: p.unserved_mwh_per_year,
        lost_margin_usd_per_year: p.lost_margin_usd_per_year,
    }
}

fn step(s: Step) -> StepRow {
    StepRow {
        kind: match s.kind {
            StepKind::Tie => "tie",
            StepKind::Feed => "feed",
            StepKind::Transformer => "transformer",
            StepKind::OneMore => "one_more",
            StepKind::Spare => "spare",
        },
        net_usd_per_year: s.net_usd_per_year(),
        what: s.what,
        standing: s.standing,
        price_usd: s.price_usd,
        cost_usd_per_year: s.cost_usd_per_year,
        saves_usd_per_year: s.saves_usd_per_year,
    }
}

fn usd(value: f64) -> String {
    format::money(Money::usd(value))
}

fn text(site: &Site, found: &Reliability) -> String {
    let mut out = vec![
        format!("{}: expected loss by failures", site.terms.site.name),
        format!(
            "Unserved {} MWh a year of {} GWh, load that is run back included",
            format::plain((found.unserved_mwh_per_year * 10.0).round() / 10.0),
            format::count(found.served_mwh_per_year / 1e3),
        ),
        format!(
            "Lost margin {} a year, at {} a MWh in the mean and {} of interruptible tiers",
            usd(found.lost_margin_usd_per_year),
            usd(found.margin.mean_usd),
            usd(found.margin.interruptible_usd),
        ),
        format!(
            "Switches close within {} s, load is run back within {} s",
            format::plain(found.controls.transfer_seconds),
            format::plain(found.controls.run_back_seconds),
        ),
        String::new(),
        format!(
            "{:<46} {:>9} {:>8} {:>9} {:>9} {:>9} {:>11} {:>12}",
            "fails", "a year", "out h", "at once", "lasting", "run back", "MWh a year", "a year"
        ),
    ];
    let dear = |e: &&ElementRisk| e.unserved_mwh_per_year > 1e-6;
    let rows: Vec<&ElementRisk> = found.elements.iter().filter(dear).collect();
    for e in rows.iter().take(ROWS) {
        let name = match e.count {
            1 => e.name.clone(),
            n => format!("{} (one of {n})", e.name.split(": no.").next().unwrap_or(&e.name)),
        };
        out.push(format!(
            "{name:<46} {:>9.4} {:>8.1} {:>9.1} {:>9.1} {:>9.1} {:>11.2} {:>12}",
            e.failures_per_year * e.count as f64,
            e.out_h,
            e.lost_at_once_mw,
            e.lost_mw,
            e.run_back_mw,
            e.unserved_mwh_per_year,
            usd(e.lost_margin_usd_per_year),
        ));
    }
    if rows.len() > ROWS {
        out.push(format!("... and {} more in --json", rows.len() - ROWS));
    }
    out.extend(overlaps(&found.pairs));
    let late = rows.iter().filter(|e| e.time_to_run_back == Some(false));
    out.extend(
        late.map(|e| {
            format!("{}: what it overloads does not bear it until load is run back", e.name)
        }),
    );
    if !found.steps.is_empty() {
        out.push(String::new());
        out.push("Redundancy: yearly cost beside what it saves".to_owned());
    }
    out.extend(found.steps.iter().map(sentence));
    out.extend(found.unknown.iter().map(|path| format!("Not counted: {path} is unknown")));
    out.join("\n")
}

/// Pairs that overlap, in a table of their own.
fn overlaps(pairs: &[PairRisk]) -> Vec<String> {
    let dear = |p: &&PairRisk| p.unserved_mwh_per_year > 1e-6;
    let rows: Vec<&PairRisk> = pairs.iter().filter(dear).collect();
    if rows.is_empty() {
        return Vec::new();
    }
    let mut out =
        vec![String::new(), "Failures that overlap, beyond what each takes alone".to_owned()];
    for p in rows.iter().take(PAIRS) {
        let many = if p.count > 1 { format!(", {} such pairs", p.count) } else { String::new() };
        out.push(format!(
            "{}{many}: {:.2e} a year for {:.1} h, {:.1} MW dark, {:.1} MW run back, {}",
            p.name,
            p.failures_per_year * p.count as f64,
            p.out_h,
            p.lost_mw,
            p.run_back_mw,
            usd(p.lost_margin_usd_per_year),
        ));
    }
    if rows.len() > PAIRS {
        out.push(format!("... and {} more in --json", rows.len() - PAIRS));
    }
    out
}

fn sentence(s: &Step) -> String {
    let cost = s
        .cost_usd_per_year
        .map_or("cost unknown".to_owned(), |v| format!("costs {} a year", usd(v)));
    let saves = match s.saves_usd_per_year {
        Some(v) => format!("saves {} a year", usd(v)),
        None if s.standing => "without it the network cannot carry the plan".to_owned(),
        None => "with it the network cannot carry the plan".to_owned(),
    };
    let standing = if s.standing { "has" } else { "adds" };
    let verdict = match s.net_usd_per_year() {
        Some(net) if net >= 0.0 => "; worth it",
        Some(_) => "; not worth it by single failures alone",
        None => "",
    };
    format!("  {standing:<5} {}: {cost}, {saves}{verdict}", s.what)
}
