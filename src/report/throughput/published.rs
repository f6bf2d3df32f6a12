//! Curves of the catalogue for the same rack and model, and how far the estimate lies from
//! them. They are shown as they were published; nothing is tuned to them.

use super::{Curve, Point};
use crate::catalog::{Basis, Catalog, Curve as Record, CurvePoint, Precision, TokenKind};
use serde::Serialize;

/// A curve of the catalogue beside an estimated one.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Published {
    pub id: String,
    pub name: String,
    pub rack: String,
    /// `measured`, `vendor`, `press`, `derived`, `estimate`, `assumed` or `override`.
    pub kind: String,
    pub source: String,
    pub software: String,
    /// What the throughput is per: `grid_mw`, `grid_mw_assumed`, `it_mw` or `gpu`.
    pub basis: &'static str,
    /// `output`, or `all`, which does not compare with the estimate.
    pub tokens: &'static str,
    pub precision: Option<String>,
    pub isl: Option<f64>,
    pub osl: Option<f64>,
    /// Precision of the estimate that it is compared with.
    pub compared_with: String,
    pub points: Vec<PublishedPoint>,
    pub note: String,
}

/// One point of it; a difference that cannot be told is absent.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PublishedPoint {
    pub tok_s_user: f64,
    /// Tokens/s per unit of the curve's basis.
    pub tok_s: f64,
    pub range: Option<(f64, f64)>,
    /// The same unit, most tokens/s at this interactivity or above; zero out of reach.
    pub estimate_tok_s: Option<f64>,
    /// Estimate over published less one.
    pub difference_frac: Option<f64>,
    pub note: String,
}

/// The published curves of the racks that were estimated.
pub fn published(catalog: &Catalog, model: &str, curves: &[Curve]) -> Vec<Published> {
    catalog.curves.values().filter_map(|record| beside(model, curves, record)).collect()
}

fn beside(model: &str, curves: &[Curve], record: &Record) -> Option<Published> {
    let same_rack = || curves.iter().filter(|c| c.rack == record.rack);
    let precision = record.precision.as_deref().and_then(Precision::parse).map(|p| p.to_string());
    let same_precision = same_rack().find(|c| precision.as_ref() == Some(&c.precision));
    let curve = same_precision.or_else(|| same_rack().next())?;
    let of_model = record.points.iter().filter(|p| p.model == model);
    let points: Vec<_> = of_model.filter_map(|p| point(curve, record, p)).collect();
    (!points.is_empty()).then(|| Published {
        id: record.id.clone(),
        name: record.name.clone(),
        rack: record.rack.clone(),
        kind: format!("{:?}", record.kind).to_lowercase(),
        source: record.source.clone(),
        software: record.software.clone(),
        basis: basis_name(record.basis),
        tokens: match record.tokens {
            TokenKind::Output => "output",
            TokenKind::All => "all",
        },
        precision: record.precision.clone(),
        isl: record.isl_tokens,
        osl: record.osl_tokens,
        compared_with: curve.precision.clone(),
        points,
        note: record.note.clone(),
    })
}

fn point(curve: &Curve, record: &Record, p: &CurvePoint) -> Option<PublishedPoint> {
    let tok_s = p.tok_s_per_mw.or(p.tok_s_per_gpu)?;
    // Tokens of every kind are no output tokens.
    let output = record.tokens == TokenKind::Output;
    let own = estimate(curve, record.basis, p.tok_s_user).filter(|_| output);
    Some(PublishedPoint {
        tok_s_user: p.tok_s_user,
        tok_s,
        range: p.range,
        estimate_tok_s: own,
        difference_frac: own.filter(|_| tok_s > 0.0).map(|e| e / tok_s - 1.0),
        note: p.note.clone(),
    })
}

fn basis_name(basis: Basis) -> &'static str {
    match basis {
        Basis::GridMw => "grid_mw",
        Basis::GridMwAssumed => "grid_mw_assumed",
        Basis::ItMw => "it_mw",
        Basis::Gpu => "gpu",
    }
}

/// The estimate in the unit of a basis: zero beyond its fastest point, nothing where the
/// rack's site power is unknown.
fn estimate(curve: &Curve, basis: Basis, tok_s_user: f64) -> Option<f64> {
    let known = curve.points.first().and_then(|p| in_basis(p, basis));
    known.map(|_| curve.at(tok_s_user).and_then(|p| in_basis(p, basis)).unwrap_or(0.0))
}

fn in_basis(point: &Point, basis: Basis) -> Option<f64> {
    match basis {
        Basis::GridMw | Basis::GridMwAssumed => point.tok_s_site_mw,
        Basis::ItMw => point.tok_s_it_mw,
        Basis::Gpu => Some(point.tok_s_gpu),
    }
}
