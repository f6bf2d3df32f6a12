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
    /// The published figure per MW of site and of IT power, where they can be told.
    #[serde(skip)]
    pub tok_s_site_mw: Option<f64>,
    #[serde(skip)]
    pub tok_s_it_mw: Option<f64>,
    pub note: String,
}

/// The published curves of the racks that were estimated.
pub fn published(catalog: &Catalog, model: &str, curves: &[Curve]) -> Vec<Published> {
    catalog.curves.values().filter_map(|record| beside(catalog, model, curves, record)).collect()
}

fn beside(catalog: &Catalog, model: &str, curves: &[Curve], record: &Record) -> Option<Published> {
    let same_rack = || curves.iter().filter(|c| c.rack == record.rack);
    let precision = record.precision.as_deref().and_then(Precision::parse).map(|p| p.to_string());
    let same_precision = same_rack().find(|c| precision.as_ref() == Some(&c.precision));
    let curve = same_precision.or_else(|| same_rack().next())?;
    let of_model = record.points.iter().filter(|p| p.model == model);
    let points: Vec<_> = of_model.filter_map(|p| point(catalog, curve, record, p)).collect();
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

fn point(
    catalog: &Catalog,
    curve: &Curve,
    record: &Record,
    p: &CurvePoint,
) -> Option<PublishedPoint> {
    let tok_s = p.tok_s_per_mw.or(p.tok_s_per_gpu)?;
    // Tokens of every kind are no output tokens.
    let output = record.tokens == TokenKind::Output;
    let own = estimate(curve, record.basis, p.tok_s_user).filter(|_| output);
    let (site, it) = if output { per_mw(catalog, record.basis, curve) } else { (None, None) };
    Some(PublishedPoint {
        tok_s_user: p.tok_s_user,
        tok_s,
        range: p.range,
        estimate_tok_s: own,
        difference_frac: own.filter(|_| tok_s > 0.0).map(|e| e / tok_s - 1.0),
        tok_s_site_mw: site.map(|ratio| tok_s * ratio),
        tok_s_it_mw: it.map(|ratio| tok_s * ratio),
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
        Basis::ItMw => Some(point.tok_s_it_mw),
        Basis::Gpu => Some(point.tok_s_gpu),
    }
}

/// Tokens/s per MW of site and of IT power for one token/s in the basis.
fn per_mw(catalog: &Catalog, basis: Basis, curve: &Curve) -> (Option<f64>, Option<f64>) {
    let Some(rack) = catalog.racks.get(&curve.rack) else { return (None, None) };
    let mw = |kw: Option<f64>| kw.filter(|kw| *kw > 0.0).map(|kw| kw / 1e3);
    let site = mw(rack.all_in_kw.get());
    let it = mw(curve.points.first().map(|p| p.provisioned_kw));
    // What one token/s in the basis makes of a rack.
    let of_rack = match basis {
        Basis::GridMw | Basis::GridMwAssumed => site,
        Basis::ItMw => it,
        Basis::Gpu => rack.gpus.get(),
    };
    let over = |mw: Option<f64>| of_rack.zip(mw).map(|(tok_s, mw)| tok_s / mw);
    match basis {
        // Whole even where the rack's own power is unknown.
        Basis::GridMw | Basis::GridMwAssumed => (Some(1.0), over(it)),
        Basis::ItMw => (over(site), Some(1.0)),
        Basis::Gpu => (over(site), over(it)),
    }
}
