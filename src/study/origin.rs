//! What stands behind the operating points of a plan, in words and figures for reports.

use super::input::{Estimated, PointInfo, Prepared};
use super::outcome::{OperatingPoint, Outcome};
use crate::catalog::{Catalog, Curve, Kind, source_text};
use crate::estimate::Constants;

/// How a curve came to be, in words.
pub fn words(kind: Kind) -> &'static str {
    match kind {
        Kind::Measured => "measured",
        Kind::Vendor => "vendor figure",
        Kind::Derived => "derived",
        Kind::Override => "edited",
        _ => "estimate",
    }
}

/// Adds the origin of every operating point to an outcome, and says where estimates took part.
pub fn note(catalog: &Catalog, prepared: &Prepared, outcome: &mut Outcome) {
    let points = prepared.points.iter().zip(&prepared.input.points);
    outcome.operating_points = points
        .filter(|(info, _)| !info.curve.is_empty())
        .filter_map(|(info, point)| origin(catalog, prepared, &point.id, info))
        .collect();
    if let Some(first) = prepared.estimates.first() {
        let estimate = &first.estimate;
        outcome.provenance.estimator_backend = estimate.backend.to_owned();
        let error = error_frac(catalog).map_or_else(String::new, |e| {
            format!(", mean error of time per token {:.0} %", e * 100.0)
        });
        outcome
            .labels
            .push(format!("throughput estimated, software of {}{error}", estimate.software));
    }
}

fn origin(
    catalog: &Catalog,
    prepared: &Prepared,
    id: &str,
    info: &PointInfo,
) -> Option<OperatingPoint> {
    let estimated = prepared.estimates.iter().find(|e| e.estimate.curve.id == info.curve);
    let curve = estimated.map(|e| &e.estimate.curve).or(catalog.curves.get(&info.curve))?;
    let mut out = OperatingPoint {
        id: id.to_owned(),
        rack: curve.rack.clone(),
        curve: curve.id.clone(),
        origin: words(curve.kind).to_owned(),
        source: source_text(catalog, &curve.source),
        software: curve.software.clone(),
        model: info.model.clone(),
        context_tokens: info.context_tokens,
        tok_s_user: info.tok_s_user,
        ttft_ms: info.ttft_ms,
        ..OperatingPoint::default()
    };
    if let Some((e, at)) = estimated.and_then(|e| Some((e, index(e, &e.estimate.curve, info)?))) {
        out.configuration = e.estimate.curve.points.get(at).map(|p| p.note.clone());
        out.tok_s_user_range = e.estimate.speeds.get(at).copied();
        out.error_frac = error_frac(catalog);
    }
    Some(out)
}

fn index(estimated: &Estimated, curve: &Curve, info: &PointInfo) -> Option<usize> {
    let is = |i: &&usize| curve.points.get(**i).is_some_and(|p| p.tok_s_user == info.tok_s_user);
    estimated.chosen.iter().find(is).copied()
}

/// Mean error of the time per token that the catalogue states for the constants in force.
fn error_frac(catalog: &Catalog) -> Option<f64> {
    let id = Constants::newest(catalog).ok()?.id;
    catalog.serving.get(&id)?.errors.tpot_mean_frac.get()
}
