//! Curves beside the plan: tokens/s per grid MW against tokens/s per user.

use super::input::Prepared;
use super::outcome::{ChartCurve, ChartPoint};
use crate::catalog::{Basis, Catalog, Curve, CurvePoint, Kind, TokenKind};
use crate::plan::Plan;

/// The curves that back the site, and those published beside them.
pub fn curves(catalog: &Catalog, prepared: &Prepared, plan: &Plan) -> Vec<ChartCurve> {
    let backs = |c: &Curve| prepared.points.iter().any(|p| p.curve == c.id);
    let sources: Vec<&str> =
        catalog.curves.values().filter(|c| backs(c)).map(|c| c.source.as_str()).collect();
    let racks: Vec<&str> = prepared.input.racks.iter().map(|r| r.id.as_str()).collect();
    let beside = |c: &Curve| {
        let same_chart = sources.contains(&c.source.as_str());
        // Readings of one platform on another rack of it say nothing new.
        let rack = catalog.racks.get(&c.rack).map(|r| r.generation);
        let shown = catalog
            .racks
            .values()
            .filter(|r| racks.contains(&r.id.as_str()))
            .any(|r| Some(r.generation) == rack);
        same_chart && !shown
    };
    catalog
        .curves
        .values()
        .filter(|c| c.tokens == TokenKind::Output)
        .filter(|c| backs(c) || beside(c))
        .filter_map(|c| curve(catalog, c, plan))
        .collect()
}

fn curve(catalog: &Catalog, curve: &Curve, plan: &Plan) -> Option<ChartCurve> {
    let points: Vec<ChartPoint> = curve
        .points
        .iter()
        .filter_map(|p| {
            let per_mw = per_grid_mw(catalog, curve, p)?;
            let id = format!("{}@{}", curve.id, crate::units::format::plain(p.tok_s_user));
            let rows = plan.allocation.iter().filter(|r| r.operating_point == id);
            Some(ChartPoint {
                tok_s_user: p.tok_s_user,
                tok_s_per_mw: per_mw,
                grid_mw: rows.clone().map(|r| r.grid_mw).sum(),
                tiers: rows.map(|r| r.tier.clone()).collect(),
                operating_point: id,
                range: p.range,
            })
        })
        .collect();
    (!points.is_empty()).then(|| ChartCurve {
        curve: curve.id.clone(),
        rack: curve.rack.clone(),
        name: curve.name.clone(),
        evidence: evidence(catalog, curve),
        claim: !matches!(curve.kind, Kind::Measured | Kind::Override),
        measured: curve.kind == Kind::Measured,
        points,
    })
}

/// What a curve's figures are and when they were published: `measured, 2026-07`.
pub fn evidence(catalog: &Catalog, curve: &Curve) -> String {
    let date = catalog.sources.get(&curve.source).map_or("", |s| s.date.as_str());
    let kind = match curve.kind {
        Kind::Measured => "measured",
        Kind::Vendor => "vendor figure",
        Kind::Derived => "derived",
        Kind::Override => "edited",
        _ => "estimate",
    };
    format!("{kind}, {date}")
}

/// Output tokens/s per MW of site power, where the basis allows it.
fn per_grid_mw(catalog: &Catalog, curve: &Curve, point: &CurvePoint) -> Option<f64> {
    match curve.basis {
        Basis::GridMw | Basis::GridMwAssumed => point.tok_s_per_mw,
        Basis::Gpu => {
            let rack = catalog.racks.get(&curve.rack)?;
            Some(point.tok_s_per_gpu? * rack.gpus.get()? * 1e3 / rack.all_in_kw.get()?)
        }
        Basis::ItMw => None,
    }
}
