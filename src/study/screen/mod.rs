//! Screening checks of a site with its plan: rules of practice that the plan's limits do not
//! know, each with what is measured, the limit, and what to do. One line a check in `ALL`.
//!
//! What cannot be checked says so and why; nothing passes for lack of a figure.

mod currents;
mod grid;
mod loads;
mod schemes;
mod voltages;

use super::Outcome;
use super::network::{self, Checked, NetworkError, SiteOutage};
use crate::catalog::Catalog;
use crate::diag::Diagnostic;
use crate::power::Network;
use crate::power::fault::site::site_levels;
use crate::power::redundancy::Redundancy;
use crate::site::Site;
use crate::units::format;
use serde::Serialize;
use std::collections::BTreeSet;

/// How a check stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    Pass,
    /// A figure or a limit that it needs is unknown.
    NotChecked,
    Warn,
}

/// One check of one element.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Row {
    /// Stable name of the check, and of its finding.
    pub code: &'static str,
    /// In words, with the element.
    pub name: String,
    /// `nodes.ID`, `feeds.ID`, `blocks.ID`, `racks.ID` or `site`.
    pub path: String,
    pub state: State,
    pub figure: Option<f64>,
    pub limit: Option<f64>,
    /// Whether the figure must be at least the limit; else at most.
    pub at_least: bool,
    pub unit: &'static str,
    /// What to do where it warns, what is missing where it is not checked, else a remark.
    pub note: String,
    /// Record behind the limit.
    pub practice: Option<&'static str>,
}

/// A figure against a limit; `None` of either leaves it unchecked.
struct Measure {
    figure: Option<f64>,
    limit: Option<f64>,
    at_least: bool,
    unit: &'static str,
}

/// Relative tolerance of comparisons.
const TOLERANCE: f64 = 1e-9;

impl Measure {
    fn at_most(figure: Option<f64>, limit: Option<f64>, unit: &'static str) -> Self {
        Self { figure, limit, at_least: false, unit }
    }

    fn at_least(figure: Option<f64>, limit: Option<f64>, unit: &'static str) -> Self {
        Self { figure, limit, at_least: true, unit }
    }

    /// The row; `remedy` where it warns, `missing` where it is not checked.
    fn row(
        self,
        (code, practice): (&'static str, Option<&'static str>),
        name: String,
        path: String,
        (remedy, missing): (&str, &str),
    ) -> Row {
        let Self { figure, limit, at_least, unit } = self;
        let state = match figure.zip(limit) {
            None => State::NotChecked,
            Some((f, l)) if at_least && f >= l - TOLERANCE * l.abs() => State::Pass,
            Some((f, l)) if !at_least && f <= l + TOLERANCE * l.abs() => State::Pass,
            Some(_) => State::Warn,
        };
        let note = match state {
            State::Pass => String::new(),
            State::NotChecked => missing.to_owned(),
            State::Warn => remedy.to_owned(),
        };
        Row { code, name, path, state, figure, limit, at_least, unit, note, practice }
    }
}

impl Row {
    /// How near the figure is to its limit; more is worse.
    fn stress(&self) -> f64 {
        match self.figure.zip(self.limit) {
            Some((f, l)) if self.at_least => l / f.max(f64::MIN_POSITIVE),
            Some((f, l)) => f / l.max(f64::MIN_POSITIVE),
            None => f64::NEG_INFINITY,
        }
    }

    fn finding(&self) -> Option<Diagnostic> {
        if self.state != State::Warn {
            return None;
        }
        let show = |v: f64| amount(v, self.unit);
        let side = if self.at_least { "below" } else { "above" };
        let message = match self.figure.zip(self.limit) {
            Some((f, l)) => format!("{}: {} is {side} {}", self.name, show(f), show(l)),
            None => self.name.clone(),
        };
        Some(Diagnostic::warning(self.code, &self.path, message, &self.note))
    }
}

/// What the checks of a site found.
#[derive(Clone, Debug, PartialEq)]
pub struct Screening {
    /// By check, in the order of `ALL`; of checks of many elements every one that warns or is
    /// not checked, and the passing one that is nearest to its limit.
    pub rows: Vec<Row>,
    pub findings: Vec<Diagnostic>,
    /// What stands by and is counted nowhere.
    pub standby: Vec<String>,
}

/// What a check may read.
struct Ground<'a> {
    site: &'a Site,
    catalog: &'a Catalog,
    outcome: &'a Outcome,
    checked: &'a Checked,
    network: Network,
    outages: &'a [SiteOutage],
    redundancy: Redundancy,
}

impl Ground<'_> {
    /// A figure of practice or costs.
    fn rule(&self, id: &str) -> Option<f64> {
        let practice = self.catalog.practice.get(id).map(|p| &p.value);
        practice.or(self.catalog.costs.get(id).map(|c| &c.value)).and_then(|fact| fact.get())
    }

    fn node_name(&self, id: &str) -> String {
        let feed = self.site.campus.feeds.iter().find(|f| f.id == id).map(|f| &f.name);
        let node = self.site.campus.nodes.iter().find(|n| n.id == id).map(|n| &n.name);
        feed.or(node).map_or_else(|| id.to_owned(), Clone::clone)
    }

    fn path_of(&self, id: &str) -> String {
        match self.site.campus.feeds.iter().any(|f| f.id == id) {
            true => format!("feeds.{id}"),
            false => format!("nodes.{id}"),
        }
    }

    /// Voltage of a bus of the network.
    fn vm_pu(&self, bus: &str) -> Option<f64> {
        self.checked.solution.buses.iter().find(|b| b.id == bus)?.vm_pu
    }
}

type Check = fn(&Ground<'_>) -> Vec<Row>;

/// All checks, in the order of their rows.
static ALL: &[Check] = &[
    voltages::band,
    voltages::drops,
    currents::cables,
    currents::continuous,
    loads::feeds,
    loads::breakers,
    loads::nodes,
    loads::peaks,
    grid::power_factor,
    grid::largest_loss,
    grid::ramp,
    schemes::loops,
    schemes::groups,
    schemes::counted_twice,
];

/// Screens a planned site.
///
/// # Errors
/// There is no network or no plan, or a figure of the network is unknown.
pub fn screen(
    site: &Site,
    catalog: &Catalog,
    outcome: &Outcome,
) -> Result<Screening, NetworkError> {
    let checked = network::check(site, catalog, outcome)?;
    let outages = checked.outages(site)?;
    let ground = Ground {
        site,
        catalog,
        outcome,
        network: Network::of(site, catalog)?,
        checked: &checked,
        outages: &outages,
        redundancy: network::redundancy(site, catalog, outcome),
    };
    let mut rows = Vec::new();
    for check in ALL {
        rows.extend(condensed(check(&ground)));
    }
    let mut findings: Vec<Diagnostic> = rows.iter().filter_map(Row::finding).collect();
    findings.extend(ground.redundancy.findings.iter().cloned());
    if let Ok(faults) = site_levels(site, catalog) {
        findings.extend(faults.findings);
    }
    Ok(Screening { rows, findings, standby: standby(site) })
}

/// Every row that does not pass, and of each code without a warning the passing one nearest to its
/// limit.
fn condensed(rows: Vec<Row>) -> Vec<Row> {
    let (mut kept, passing): (Vec<Row>, Vec<Row>) =
        rows.into_iter().partition(|r| r.state != State::Pass);
    let codes: BTreeSet<&str> = passing.iter().map(|r| r.code).collect();
    for code in codes {
        if kept.iter().any(|r| r.code == code && r.state == State::Warn) {
            continue;
        }
        let own = passing.iter().filter(|r| r.code == code);
        kept.extend(own.max_by(|a, b| a.stress().total_cmp(&b.stress())).cloned());
    }
    kept.sort_by(|a, b| a.code.cmp(b.code).then(b.stress().total_cmp(&a.stress())));
    kept
}

/// The worst row of many that all say the same, with how many they are.
fn worst_alone(rows: Vec<Row>) -> Vec<Row> {
    let (warn, rest): (Vec<Row>, Vec<Row>) = rows.into_iter().partition(|r| r.state == State::Warn);
    let more = warn.len().saturating_sub(1);
    let worst = warn.into_iter().max_by(|a, b| a.stress().total_cmp(&b.stress()));
    let worst = worst.map(|row| match more {
        0 => row,
        _ => Row { name: format!("{}, and on {more} more nodes", row.name), ..row },
    });
    rest.into_iter().chain(worst).collect()
}

/// A figure with its unit, as fine as a comparison with its limit needs.
pub fn amount(value: f64, unit: &str) -> String {
    match unit {
        "MW" => format::power_fine(crate::units::Power::mw(value)),
        other => format::amount(value, other),
    }
}

/// Generators and batteries, in words: neither plan nor network counts on them.
pub fn standby(site: &Site) -> Vec<String> {
    let campus = &site.campus;
    let generators =
        campus.generators.iter().map(|g| (format!("generators.{}", g.id), &g.name, g.capacity_mw));
    let batteries =
        campus.batteries.iter().map(|b| (format!("batteries.{}", b.id), &b.name, b.capacity_mw));
    let words = |(path, name, mw): (String, &String, f64)| {
        let power = format::power(crate::units::Power::mw(mw));
        format!(
            "{path}: {name}, {power}, stands by; plan, outages and fault levels count without it"
        )
    };
    generators.chain(batteries).map(words).collect()
}
