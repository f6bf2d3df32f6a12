//! The sentence of a comparison, and the evidence that it stands on.

use super::{FigureRow, Side, figures};
use crate::site::KeyFigure;
use crate::units::format;
use crate::units::{Money, Power};
use indexmap::IndexMap;

/// Ratios nearer to one than this are said in percent.
const NEAR: f64 = 0.15;

/// The sentence with the figure in front, and the same in other terms.
pub(super) fn conclusion(a: Side<'_>, b: Side<'_>, rows: &[FigureRow]) -> (String, String) {
    let row = |id: KeyFigure| rows.iter().find(|r| r.id == id);
    let revenue = row(KeyFigure::Revenue);
    let Some((x, y)) = revenue.and_then(|r| r.a.zip(r.b)) else {
        let none: Vec<&str> = [a, b]
            .iter()
            .filter(|s| figures::figure(KeyFigure::Revenue, **s).is_none())
            .map(|s| s.name)
            .collect();
        return (format!("{} has no plan", none.join(" and ")), String::new());
    };
    let contract = |side: Side<'_>| side.site.terms.site.grid_contract_mw;
    let on = match contract(a).zip(contract(b)) {
        Some((x, y)) if x == y => format!(" on the same {}", format::power(Power::mw(x))),
        _ => String::new(),
    };
    let sentence = match (x > 0.0).then(|| y / x) {
        _ if (y - x).abs() <= 1e-6 * x.abs().max(y.abs()) => {
            format!("{} earns as much as {}{on}", b.name, a.name)
        }
        Some(ratio) if ratio >= 1.0 + NEAR => {
            format!("{} earns {} times {}{on}", b.name, format::fixed(ratio, 1), a.name)
        }
        Some(ratio) if ratio >= 1.0 => {
            let more = format::share(ratio - 1.0);
            format!("{} earns {more} more than {}{on}", b.name, a.name)
        }
        Some(ratio) => {
            let less = format::share(1.0 - ratio);
            format!("{} earns {less} less than {}{on}", b.name, a.name)
        }
        None => {
            let money = format::money(Money::usd(y - x));
            format!("{} earns {money} a year more than {}{on}", b.name, a.name)
        }
    };
    (sentence, detail(rows))
}

fn detail(rows: &[FigureRow]) -> String {
    let row = |id: KeyFigure| rows.iter().find(|r| r.id == id);
    let mut parts = Vec::new();
    if let Some(ratio) = row(KeyFigure::OutputTokens).and_then(|r| r.ratio) {
        parts.push(format!("{} times the output tokens", format::fixed(ratio, 1)));
    }
    if let Some(change) = row(KeyFigure::Npv).and_then(|r| r.change) {
        let more = if change < 0.0 { "less" } else { "more" };
        parts.push(format!("{} {more} NPV", format::money(Money::usd(change.abs()))));
    } else if let Some(change) = row(KeyFigure::Objective).and_then(|r| r.change) {
        let more = if change < 0.0 { "less" } else { "more" };
        let money = format::money(Money::usd(change.abs()));
        parts.push(format!("{money} a year {more} after running cost"));
    }
    if let Some(change) = row(KeyFigure::Capex).and_then(|r| r.change) {
        let more = if change < 0.0 { "less" } else { "more" };
        parts.push(format!("{} {more} capex", format::money(Money::usd(change.abs()))));
    }
    parts.join(", ")
}

/// How many operating points of both plans stand on what.
pub(super) fn evidence(a: Side<'_>, b: Side<'_>) -> String {
    let mut origins: IndexMap<&str, Vec<&str>> = IndexMap::new();
    for side in [a, b] {
        for row in side.outcome.plan.allocation.iter().filter(|r| r.it_mw > 1e-6) {
            let points = &side.outcome.operating_points;
            let Some(point) = points.iter().find(|p| p.id == row.operating_point) else { continue };
            let known = origins.entry(point.origin.as_str()).or_default();
            if !known.contains(&point.id.as_str()) {
                known.push(&point.id);
            }
        }
    }
    if origins.is_empty() {
        return String::new();
    }
    // Figures and estimates are counted; measured and derived are what points are.
    let many = |origin: &str| origin.ends_with("figure") || origin.ends_with("estimate");
    let words = origins.iter().map(|(origin, points)| {
        let ending = if points.len() > 1 && many(origin) { "s" } else { "" };
        format!("{} {origin}{ending}", points.len())
    });
    let words: Vec<String> = words.collect();
    format!("Evidence, operating points: {}", words.join(", "))
}
