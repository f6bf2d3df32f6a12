//! The charts of a site's finance. It computes no figure: it takes those of the evaluation.

use super::{
    Amounts, Breakdown, Chart, Columns, Id, Kind, Lines, Phases, Series, Slice, Stage, Step, Trace,
    Track, Waterfall,
};
use crate::finance::project::{Component, Project, Row};
use crate::scene::shape::{Hue, Ink};
use crate::scene::tokens::{Marker, NEUTRAL_TIER, Token, ranks_of_tiers};
use crate::site::Site;
use crate::study::finance::{CostKind, SiteFinance, tier_of};
use crate::units::words::upper_first;
use std::collections::BTreeSet;

/// Every chart that the finance of a site has, in the order in which they are shown; those
/// with nothing to show are left out.
pub fn charts(site: &Site, found: &SiteFinance) -> Vec<Chart> {
    let all = Id::OF_PLAN.into_iter().filter_map(|id| chart(id, site, found));
    all.filter(|c| !c.is_empty()).collect()
}

/// One of the charts; nothing where it answers a question of risk.
pub fn chart(id: Id, site: &Site, found: &SiteFinance) -> Option<Chart> {
    Some(match id {
        Id::CapexByClass => capex_by_class(found),
        Id::RevenueByTier => revenue_by_tier(site, found),
        Id::Spending => spending(found),
        Id::CashFlow => cash_flow(found),
        Id::CostPerMtok => cost_per_mtok(found),
        Id::Phases => phases(&found.project),
        Id::Tornado | Id::Fan | Id::Ladder | Id::ValueLadder | Id::TwoWay | Id::Cumulative => {
            return None;
        }
    })
}

/// Shades of grey of what has no colour of its own, so that neighbours differ.
fn grey(n: usize) -> Ink {
    const SHADES: [f32; 4] = [0.95, 0.55, 0.75, 0.4];
    Ink::token(Token::Text2).faded(SHADES[n % SHADES.len()])
}

/// A name without the phase that it is of: `racks` of `racks, p2`.
pub fn without_phase<'a>(project: &Project, name: &'a str) -> &'a str {
    let of = |id: &str| name.strip_suffix(id).and_then(|n| n.strip_suffix(", "));
    project.phases.iter().find_map(|p| of(&p.id)).unwrap_or(name)
}

/// Amounts of all phases together, in the order in which their names come first.
pub fn over_phases<'a>(
    project: &Project,
    parts: impl Iterator<Item = (&'a str, Vec<f64>)>,
) -> Vec<(&'a str, Vec<f64>)> {
    let mut sums: Vec<(&str, Vec<f64>)> = Vec::new();
    for (name, values) in parts {
        let name = without_phase(project, name);
        match sums.iter_mut().find(|(known, _)| *known == name) {
            Some((_, sum)) => sum.iter_mut().zip(&values).for_each(|(s, v)| *s += v),
            None => sums.push((name, values)),
        }
    }
    sums
}

/// Capital by what it is spent on: racks by type in their own hue, contingency as one.
pub fn capex_by_class(found: &SiteFinance) -> Chart {
    let total = found.evaluation.results.capex.total_usd;
    let mut slices: Vec<Slice> = Vec::new();
    let mut plain = 0;
    let mut add = |name: String, value: f64, ink: Option<Ink>| {
        if value <= 0.0 {
            return;
        }
        if let Some(known) = slices.iter_mut().find(|s| s.name == name) {
            known.value += value;
            return;
        }
        let ink = ink.unwrap_or_else(|| {
            plain += 1;
            grey(plain - 1)
        });
        slices.push(Slice { name, value, ink });
    };
    let racks = found.take_off.iter().filter(|i| i.class.is_some());
    for item in racks.filter(|i| i.kind == CostKind::Accelerators) {
        let ink = item.generation.map(|generation| Ink::of(Hue::Rack(generation)));
        add(item.name.clone(), item.amount_usd, ink);
    }
    for kind in SPENT_ON {
        let own = found.capital_by_kind.iter().filter(|k| k.kind == kind);
        add(upper_first(kind.name()), own.map(|k| k.amount_usd).sum(), None);
    }
    let contingency = found.capital_by_kind.iter().map(|k| k.contingency_usd).sum();
    add("Contingency".into(), contingency, None);
    let amounts = Amounts::money(total).finer();
    let note = format!("{}, nominal", amounts.unit);
    Chart {
        id: Id::CapexByClass,
        title: Id::CapexByClass.name().to_owned(),
        note,
        kind: Kind::Breakdown(Breakdown { slices, amounts }),
    }
}

/// What is bought beside the racks, in the order of the column.
const SPENT_ON: [CostKind; 9] = [
    CostKind::NetworkAndStorage,
    CostKind::Electrical,
    CostKind::Mechanical,
    CostKind::Shell,
    CostKind::PlantNotItemised,
    CostKind::GridConnection,
    CostKind::SoftCost,
    CostKind::TaxesAndDuty,
    CostKind::Land,
];

/// Largest sum of a column, and the sums themselves.
fn largest(series: &[Series], years: usize) -> f64 {
    let at = |s: &Series, n: usize| s.values.get(n).copied().unwrap_or(0.0);
    let sum = |n: usize| series.iter().map(|s| at(s, n).abs()).sum::<f64>();
    (0..years).map(sum).fold(0.0, f64::max)
}

fn columns(
    id: Id,
    (labels, series): (Vec<String>, Vec<Series>),
    line: Option<Series>,
    totals: bool,
) -> Chart {
    let over = line.iter().flat_map(|l| &l.values).fold(0.0f64, |m, v| m.max(v.abs()));
    let amounts = Amounts::money(largest(&series, labels.len()).max(over));
    let note = format!("{}, nominal", amounts.unit);
    let kind = Kind::Columns(Columns { labels, series, line, totals, amounts });
    Chart { id, title: id.name().to_owned(), note, kind }
}

/// Sales by tier and fiscal year; weak tiers below.
pub fn revenue_by_tier(site: &Site, found: &SiteFinance) -> Chart {
    let s = &found.evaluation.statements.by_year();
    let tiers = &site.terms.tiers;
    let ranks = ranks_of_tiers(tiers);
    let mut neutral = 0;
    let mut series: Vec<(usize, Series)> = Vec::new();
    for row in s.income.iter().filter(|r| r.values.iter().any(|v| *v != 0.0)) {
        let Some(stream) = row.name.strip_prefix("revenue: ") else { continue };
        // Phases and contracts of a tier are one band.
        let id = tier_of(site, stream);
        let at = tiers.iter().position(|t| t.id.as_str() == id);
        let rank = at.and_then(|n| ranks.get(n)).copied().unwrap_or(usize::MAX);
        let name = at.and_then(|n| tiers.get(n)).map_or(stream, |t| t.name.as_str());
        if let Some((_, band)) = series.iter_mut().find(|(_, band)| band.name == name) {
            band.values.iter_mut().zip(&row.values).for_each(|(sum, v)| *sum += v);
            continue;
        }
        // What is sold by the hour has no rank: shades of grey.
        let ink = if rank < NEUTRAL_TIER {
            Ink::of(Hue::Tier(rank))
        } else {
            neutral += 1;
            grey(neutral)
        };
        series.push((rank, Series { name: name.to_owned(), ink, values: row.values.clone() }));
    }
    series.sort_by_key(|(rank, _)| *rank);
    let series = series.into_iter().map(|(_, s)| s).collect();
    columns(Id::RevenueByTier, (s.labels.clone(), series), None, true)
}

/// Cumulative cash after tax, without loans, of values that are compared, each with its letter.
pub fn cumulative(compared: &[(&str, Ink, Marker, &SiteFinance)]) -> Chart {
    let id = Id::Cumulative;
    let years: BTreeSet<&String> =
        compared.iter().flat_map(|(.., found)| &found.evaluation.statements.years).collect();
    let trace = |(name, ink, marker, found): &(&str, Ink, Marker, &SiteFinance)| {
        let s = found.evaluation.statements.by_year();
        let flow = s.flows.iter().find(|r| r.name == "after tax, no loan");
        let flow = flow.map(|r| r.values.as_slice()).unwrap_or_default();
        // Nothing has flowed before the first year of a model; after its last it ends.
        let before = years.iter().position(|y| Some(*y) == s.labels.first()).unwrap_or(0);
        let mut sum = 0.0;
        let summed = flow.iter().map(|v| {
            sum += v;
            sum
        });
        let values = std::iter::repeat_n(0.0, before).chain(summed).collect();
        Trace { name: (*name).to_owned(), ink: *ink, marker: *marker, values }
    };
    let traces: Vec<Trace> = compared.iter().map(trace).collect();
    let years = years.iter().map(|y| (*y).clone()).collect();
    let largest = traces.iter().flat_map(|t| &t.values).fold(0.0f64, |m, v| m.max(v.abs()));
    let amounts = Amounts::money(largest);
    let note = format!("{} nominal, after tax, no loan", amounts.unit);
    let kind = Kind::Lines(Lines { labels: years, traces, amounts });
    Chart { id, title: id.name().to_owned(), note, kind }
}

/// What is spent by fiscal year: capital, refresh, energy, other running cost.
pub fn spending(found: &SiteFinance) -> Chart {
    let s = &found.evaluation.statements.by_year();
    let spent = |rows: &[Row], name: &str| -> Vec<f64> {
        let row = rows.iter().find(|r| r.name == name);
        row.map_or_else(Vec::new, |r| r.values.clone())
    };
    let positive =
        |list: Vec<f64>| -> Vec<f64> { list.into_iter().map(|v| (-v).max(0.0)).collect() };
    let energy = spent(&s.income, "opex: energy");
    let all = spent(&s.income, "operating cost");
    let other = all.iter().enumerate().map(|(n, v)| v - energy.get(n).copied().unwrap_or(0.0));
    let series = [
        ("Capital", Ink::token(Token::Better), positive(spent(&s.cash_flow, "capital"))),
        ("Refresh", Ink::token(Token::Better).faded(0.5), positive(spent(&s.cash_flow, "refresh"))),
        ("Energy", Ink::token(Token::Worse), energy.clone()),
        ("Other opex", Ink::token(Token::Text2).faded(0.75), other.collect()),
    ];
    let series = series.into_iter().filter(|(_, _, values)| values.iter().any(|v| *v > 0.0));
    let series =
        series.map(|(name, ink, values)| Series { name: name.to_owned(), ink, values }).collect();
    columns(Id::Spending, (s.labels.clone(), series), None, true)
}

/// Cash of the owners by fiscal year, and its running sum.
pub fn cash_flow(found: &SiteFinance) -> Chart {
    let s = &found.evaluation.statements.by_year();
    let row = |name: &str| -> Vec<f64> {
        let row = s.cash_flow.iter().find(|r| r.name == name);
        row.map_or_else(Vec::new, |r| r.values.clone())
    };
    let sum =
        |a: Vec<f64>, b: Vec<f64>| -> Vec<f64> { a.iter().zip(&b).map(|(a, b)| a + b).collect() };
    let lenders = sum(row("drawn"), row("repaid"));
    let series = [
        ("From operation, after tax", Token::Better, row("cash from operation")),
        ("Invested, less proceeds", Token::Worse, row("cash from investing")),
        ("Loan, drawn less repaid", Token::Text3, lenders),
    ];
    let series: Vec<Series> = series
        .into_iter()
        .filter(|(_, _, values)| values.iter().any(|v| *v != 0.0))
        .map(|(name, token, values)| Series {
            name: name.to_owned(),
            ink: Ink::token(token),
            values,
        })
        .collect();
    let mut reached = 0.0;
    let count = s.labels.len();
    let values = (0..count).map(|n| {
        reached += series.iter().map(|s| s.values.get(n).copied().unwrap_or(0.0)).sum::<f64>();
        reached
    });
    let line = Series {
        name: "Cumulative".to_owned(),
        ink: Ink::token(Token::Text1),
        values: values.collect(),
    };
    columns(Id::CashFlow, (s.labels.clone(), series), Some(line), false)
}

/// What a million output tokens cost, by what the cost is for; tax included.
pub fn cost_per_mtok(found: &SiteFinance) -> Chart {
    let results = &found.evaluation.results;
    let mut steps: Vec<Step> = Vec::new();
    if let Ok(whole) = results.cost_usd_per_mtok {
        let parts = results.cost_parts.iter().filter(|p| p.usd_per_mtok != 0.0);
        let step = |name: &str, value: f64, is_total: bool| Step {
            name: upper_first(name),
            value,
            is_total,
        };
        steps.extend(parts.map(|p| step(short(p.component), p.usd_per_mtok, false)));
        steps.push(step("cost", whole, true));
    }
    let largest = steps.iter().fold(0.0f64, |m, s| m.max(s.value.abs()));
    let amounts = Amounts::price(largest);
    Chart {
        id: Id::CostPerMtok,
        title: Id::CostPerMtok.name().to_owned(),
        note: "$, levelised, after tax".to_owned(),
        kind: Kind::Waterfall(Waterfall { steps, amounts, more_is_better: None }),
    }
}

/// A part in one word, for what stands under a bar.
const fn short(component: Component) -> &'static str {
    match component {
        Component::Network => "network",
        Component::Opex => "opex",
        other => other.name(),
    }
}

/// When each phase is built, ramps up and runs.
pub fn phases(project: &Project) -> Chart {
    let months = project.calendar.horizon_months as f64;
    let tracks = project.phases.iter().map(|phase| {
        let service = phase.service_month as f64;
        let paid = project.capex.iter().filter(|l| l.phase == phase.id).flat_map(|l| &l.spend);
        let first = paid.map(|s| s.month as f64).fold(service, f64::min);
        let full = (service + phase.ramp_months as f64).min(months);
        let stages = [
            ("Building", Ink::token(Token::Worse), first, service),
            ("Ramp-up", Ink::token(Token::Better).faded(0.55), service, full),
            ("Full load", Ink::token(Token::Better), full, months),
        ];
        let stages = stages.into_iter().filter(|(_, _, from, to)| to > from);
        let stages = stages
            .map(|(name, ink, from, to)| Stage { name: name.to_owned(), ink, from, to })
            .collect();
        Track { name: upper_first(&phase.id), stages }
    });
    let start = (project.calendar.start_year, project.calendar.start_month);
    Chart {
        id: Id::Phases,
        title: Id::Phases.name().to_owned(),
        note: "months of the model".to_owned(),
        kind: Kind::Phases(Phases { start, months, tracks: tracks.collect() }),
    }
}
