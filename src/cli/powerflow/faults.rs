//! `gigasite powerflow --faults`: short-circuit currents of a case or of a layout's network.

use super::{Arguments, Id};
use crate::catalog::Catalog;
use crate::cli::{End, load_catalog, print, print_json};
use crate::diag::Diagnostic;
use crate::power::case::Case;
use crate::power::fault::site::{Place, SiteFaults, site_levels, voltage_factor};
use crate::power::fault::{self, FaultCase, Infeed, Level};
use crate::site::Site;
use anyhow::{Context, bail};
use serde::Serialize;

/// Rows that are printed; the rest is in `--json`.
const ROWS: usize = 25;
const LABEL: &str = "Greatest three-phase currents after IEC 60909-0: a screening, not a study \
                     of protection";

#[derive(Serialize)]
struct Currents {
    ik_ka: f64,
    ip_ka: f64,
    sk_mva: f64,
    rx_ratio: f64,
}

impl Currents {
    fn of(level: &Level) -> Self {
        let Level { ik_ka, ip_ka, sk_mva, rx_ratio } = *level;
        Self { ik_ka, ip_ka, sk_mva, rx_ratio }
    }
}

#[derive(Serialize)]
struct CaseAnswer {
    label: &'static str,
    voltage_factor_low_ratio: f64,
    voltage_factor_high_ratio: f64,
    /// What must be known first; no level is given while anything is.
    missing: Vec<String>,
    buses: Vec<BusRow>,
}

#[derive(Serialize)]
struct BusRow {
    id: Id,
    base_kv: Option<f64>,
    /// Absent where nothing feeds the bus.
    #[serde(flatten)]
    currents: Option<Currents>,
}

/// Fault levels of a case; the sources are what `--fault-source` says.
pub(super) fn of_case(arguments: &Arguments, case: &Case) -> anyhow::Result<End> {
    let catalog = load_catalog(&arguments.common)?;
    let factor = voltage_factor(&catalog)?;
    let ratio = catalog.practice.get("grid-xr-ratio").and_then(|p| p.value.get());
    let infeeds = arguments
        .fault_source
        .iter()
        .map(|text| infeed(text, case, ratio))
        .collect::<anyhow::Result<Vec<Infeed>>>()?;
    let missing = fault::missing(case, &infeeds);
    let mut answer = CaseAnswer {
        label: LABEL,
        voltage_factor_low_ratio: factor.low_ratio,
        voltage_factor_high_ratio: factor.high_ratio,
        missing,
        buses: Vec::new(),
    };
    if answer.missing.is_empty() {
        let transformers = fault::transformers(case);
        let motors = Vec::new();
        let found = fault::levels(&FaultCase { case, factor, infeeds, motors, transformers })?;
        answer.buses = case
            .buses
            .iter()
            .zip(&found)
            .map(|(bus, level)| BusRow {
                id: Id::of(&bus.id),
                base_kv: bus.base_kv,
                currents: level.as_ref().map(Currents::of),
            })
            .collect();
    }
    if arguments.common.json {
        print_json(&answer)?;
    } else {
        print(&case_text(case, &answer));
    }
    Ok(if answer.missing.is_empty() { End::Done } else { End::Negative })
}

/// `BUS=MVA` or `BUS=MVA,X/R`.
fn infeed(text: &str, case: &Case, ratio: Option<f64>) -> anyhow::Result<Infeed> {
    let wrong = || format!("--fault-source {text}: write BUS=MVA or BUS=MVA,XR, e.g. 1=10000,10");
    let (id, figures) = text.split_once('=').with_context(wrong)?;
    let bus = case.bus_index(id.trim()).with_context(|| format!("there is no bus {id}"))?;
    let (mva, xr) = match figures.split_once(',') {
        Some((mva, xr)) => (mva, Some(xr.trim().parse().with_context(wrong)?)),
        None => (figures, None),
    };
    let fault_mva = mva.trim().parse().with_context(wrong)?;
    let xr_ratio = xr.or(ratio).context("practice.grid-xr-ratio.value is unknown")?;
    Ok(Infeed { id: id.trim().to_owned(), bus, fault_mva, xr_ratio })
}

fn case_text(case: &Case, answer: &CaseAnswer) -> String {
    let mut out = vec![format!("{}: {} buses", case.name, case.buses.len()), LABEL.to_owned()];
    if !answer.missing.is_empty() {
        out.push("No level can be told before these are known:".to_owned());
        out.extend(answer.missing.iter().take(ROWS).map(|m| format!("  {m}")));
        if answer.missing.len() > ROWS {
            out.push(format!("  ... and {} more in --json", answer.missing.len() - ROWS));
        }
        out.push(
            "Sources: --fault-source BUS=MVA,X/R; voltages and ratings: baseKV and rateA of the \
             case"
                .to_owned(),
        );
        return out.join("\n");
    }
    let kv = |v: Option<f64>| v.map_or(String::new(), |v| format!("{v}"));
    out.push(format!(
        "{:>10} {:>8} {:>9} {:>9} {:>10}",
        "bus", "kV", "Ik\" kA", "ip kA", "Sk\" MVA"
    ));
    for (bus, row) in case.buses.iter().zip(&answer.buses) {
        let base = kv(row.base_kv);
        out.push(match &row.currents {
            Some(c) => format!(
                "{:>10} {base:>8} {:>9.3} {:>9.3} {:>10.1}",
                bus.id, c.ik_ka, c.ip_ka, c.sk_mva
            ),
            None => format!("{:>10} {base:>8} {:>9}", bus.id, "not fed"),
        });
    }
    out.join("\n")
}

#[derive(Serialize)]
struct SiteAnswer {
    label: &'static str,
    voltage_factor_low_ratio: f64,
    voltage_factor_high_ratio: f64,
    /// Feeds whose short-circuit power is a figure of practice.
    assumed_feeds: Vec<String>,
    places: Vec<PlaceRow>,
    findings: Vec<Diagnostic>,
}

#[derive(Serialize)]
struct PlaceRow {
    path: String,
    name: String,
    kv: f64,
    #[serde(flatten)]
    currents: Currents,
    tie_closed: Option<Currents>,
    tie: Option<String>,
    rated_ka: Option<f64>,
    rated_peak_ka: Option<f64>,
    bears: Option<bool>,
}

/// Fault levels of a site.
pub(super) fn of_site(
    arguments: &Arguments,
    site: &Site,
    catalog: &Catalog,
) -> anyhow::Result<End> {
    if site.terms.site.infrastructure != crate::site::Infrastructure::Built {
        bail!("the infrastructure is a reference: the site has no network");
    }
    let found = site_levels(site, catalog)?;
    if arguments.common.json {
        print_json(&SiteAnswer {
            label: LABEL,
            voltage_factor_low_ratio: found.factor.low_ratio,
            voltage_factor_high_ratio: found.factor.high_ratio,
            assumed_feeds: found.assumed.clone(),
            places: found.places.iter().map(row).collect(),
            findings: found.findings.clone(),
        })?;
    } else {
        print(&site_text(site, &found));
    }
    Ok(End::Done)
}

fn row(place: &Place) -> PlaceRow {
    let tied = place.tied.as_ref();
    let worst = tied.map_or(&place.level, |(level, _)| level);
    PlaceRow {
        path: place.path.clone(),
        name: place.name.clone(),
        kv: place.kv,
        currents: Currents::of(&place.level),
        tie_closed: tied.map(|(level, _)| Currents::of(level)),
        tie: tied.map(|(_, id)| id.clone()),
        rated_ka: place.rated_ka,
        rated_peak_ka: place.rated_peak_ka,
        bears: place.bears(worst),
    }
}

fn site_text(site: &Site, found: &SiteFaults) -> String {
    let mut out = vec![format!("{}: fault levels", site.terms.site.name), LABEL.to_owned()];
    if !found.assumed.is_empty() {
        out.push(format!(
            "Assumed: the short-circuit power of {} by practice.grid-fault-ka; enter \
             feeds.ID.fault_mva",
            found.assumed.join(", ")
        ));
    }
    out.push(format!(
        "{:<44} {:>7} {:>8} {:>8} {:>9} {:>9}",
        "place", "kV", "Ik\" kA", "ip kA", "tied kA", "rated kA"
    ));
    let known = |v: Option<f64>| v.map_or("–".to_owned(), |v| format!("{v:.1}"));
    for p in found.places.iter().take(ROWS) {
        let worst = p.tied.as_ref().map_or(&p.level, |(level, _)| level);
        let mark = if p.bears(worst) == Some(false) { "  too much" } else { "" };
        out.push(format!(
            "{:<44} {:>7} {:>8.1} {:>8.1} {:>9} {:>9}{mark}",
            p.name,
            p.kv,
            p.level.ik_ka,
            p.level.ip_ka,
            known(p.tied.as_ref().map(|(l, _)| l.ik_ka)),
            known(p.rated_ka),
        ));
    }
    if found.places.len() > ROWS {
        out.push(format!("... and {} more in --json", found.places.len() - ROWS));
    }
    out.extend(found.findings.iter().map(ToString::to_string));
    out.join("\n")
}
