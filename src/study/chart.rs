//! Curves beside the plan: tokens/s per grid MW against tokens/s per user.

use super::estimator::spread;
use super::input::{Estimated, Prepared};
use super::origin;
use super::outcome::{ChartCurve, ChartPoint};
use crate::catalog::{Basis, Catalog, Curve, CurvePoint, Kind, Precision, TokenKind};
use crate::plan::Plan;

/// Points that draw an estimated curve.
const ESTIMATED_POINTS: usize = 32;

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
    let near = catalog.costs.get("context-tolerance-frac").and_then(|c| c.value.get());
    let near = near.unwrap_or(0.0);
    let known = catalog
        .curves
        .values()
        .filter(|c| c.tokens == TokenKind::Output)
        .filter(|c| {
            backs(c) || beside(c) || prepared.estimates.iter().any(|e| tells_of(c, e, near))
        })
        .filter_map(|c| curve(catalog, c, plan));
    let estimated = prepared.estimates.iter().filter_map(|e| estimated(catalog, e, plan));
    estimated.chain(known).collect()
}

/// Whether a published curve tells of the rack, model and context of an estimate.
fn tells_of(published: &Curve, estimated: &Estimated, tolerance_frac: f64) -> bool {
    let own = &estimated.estimate.curve;
    let Some(asked) = own.points.first() else { return false };
    let same = |p: &CurvePoint| {
        let near = (p.context_tokens / asked.context_tokens - 1.0).abs() <= tolerance_frac;
        p.model == asked.model && near
    };
    published.rack == own.rack && published.points.iter().any(same)
}

/// An estimate as a curve of few points, those that the plan may use among them.
fn estimated(catalog: &Catalog, from: &Estimated, plan: &Plan) -> Option<ChartCurve> {
    let dense = &from.estimate.curve;
    let drawn = spread(&dense.points, &from.chosen, ESTIMATED_POINTS);
    let precision = dense.precision.as_deref().and_then(Precision::parse);
    let served = format!("{}, {}", precision.map_or("", Precision::name), dense.software);
    let full = |p: &CurvePoint| CurvePoint {
        note: [served.as_str(), p.note.as_str()].join("; "),
        ..p.clone()
    };
    let points = drawn.into_iter().filter_map(|i| dense.points.get(i).map(full)).collect();
    let few = Curve { points, ..dense.clone() };
    Some(ChartCurve {
        evidence: from.estimate.evidence.clone(),
        claim: false,
        estimated: true,
        ..curve(catalog, &few, plan)?
    })
}

fn curve(catalog: &Catalog, curve: &Curve, plan: &Plan) -> Option<ChartCurve> {
    let points: Vec<ChartPoint> = curve
        .points
        .iter()
        .filter_map(|p| {
            let scale = per_grid_mw(catalog, curve)?;
            let per_mw = p.tok_s_per_mw.or(p.tok_s_per_gpu)? * scale;
            let id = format!("{}@{}", curve.id, crate::units::format::plain(p.tok_s_user));
            let rows = plan.allocation.iter().filter(|r| r.operating_point == id);
            Some(ChartPoint {
                tok_s_user: p.tok_s_user,
                tok_s_per_mw: per_mw,
                grid_mw: rows.clone().map(|r| r.grid_mw).sum(),
                tiers: rows.map(|r| r.tier.clone()).collect(),
                operating_point: id,
                range: p.range.map(|(low, high)| (low * scale, high * scale)),
                ttft_ms: p.ttft_ms,
                note: p.note.clone(),
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
        estimated: false,
        points,
    })
}

/// What a curve's figures are and when they were published: `measured, 2026-07`.
pub fn evidence(catalog: &Catalog, curve: &Curve) -> String {
    let date = catalog.sources.get(&curve.source).map_or("", |s| s.date.as_str());
    format!("{}, {date}", origin::words(curve.kind))
}

/// Output tokens/s per MW of site power for one of what the figures of a curve are per,
/// where the basis allows it.
fn per_grid_mw(catalog: &Catalog, curve: &Curve) -> Option<f64> {
    match curve.basis {
        Basis::GridMw | Basis::GridMwAssumed => Some(1.0),
        Basis::Gpu => {
            let rack = catalog.racks.get(&curve.rack)?;
            Some(rack.gpus.get()? * 1e3 / rack.all_in_kw.get()?)
        }
        Basis::ItMw => None,
    }
}
