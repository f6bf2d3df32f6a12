//! What the keynote chart shows: curves of rack generations, tiers as bands, the plan's
//! operating points. Every figure comes from the answer or the site.

use crate::catalog::{Catalog, Generation};
use crate::scene::plan::tier_rank_of;
use crate::site::{Site, TierKind};
use crate::study::Outcome;
use crate::study::outcome::{ChartCurve, ChartPoint};

/// A tier from its least speed up to the next tier's.
#[derive(Clone, Debug, PartialEq)]
pub struct Band {
    pub tier: String,
    pub name: String,
    pub rank: usize,
    /// Price of its dearest step, dollars per million output tokens.
    pub price: Option<f64>,
    pub min_tok_s_user: f64,
}

/// A point of a series with the range of its source.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Mark {
    pub tok_s_user: f64,
    pub tok_s_per_mw: f64,
    pub range: Option<(f64, f64)>,
    pub ttft_ms: Option<f64>,
    /// Of an estimate: what serves the model, and how the GPUs share the work.
    pub configuration: Vec<String>,
}

/// An operating point that the plan uses.
#[derive(Clone, Debug, PartialEq)]
pub struct Disc {
    pub generation: Generation,
    pub rack: String,
    pub tok_s_user: f64,
    pub tok_s_per_mw: f64,
    pub grid_mw: f64,
    pub tiers: Vec<String>,
    /// Of an estimate: what serves the model, and how the GPUs share the work.
    pub configuration: Vec<String>,
}

/// A curve of one rack type.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    pub generation: Generation,
    pub name: String,
    pub evidence: String,
    /// Claims are dashed.
    pub claim: bool,
    /// Measured series are marks without a line.
    pub measured: bool,
    /// Estimates are dense lines with their band.
    pub estimated: bool,
    /// Whether the plan runs racks on it.
    pub used: bool,
    pub points: Vec<Mark>,
}

impl Series {
    /// Who published it, without what hue and place say.
    pub fn who(&self) -> &str {
        self.name.split(':').next().unwrap_or_default()
    }
}

/// The whole chart without a size.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Keynote {
    pub bands: Vec<Band>,
    pub series: Vec<Series>,
    pub discs: Vec<Disc>,
    /// Ranges that hold every point, with room.
    pub x: (f64, f64),
    pub y: (f64, f64),
}

/// Reads the chart from an answer.
pub fn keynote(site: &Site, catalog: &Catalog, outcome: &Outcome) -> Keynote {
    let mut chart = Keynote { bands: bands(site), ..Keynote::default() };
    for curve in &outcome.chart {
        let generation = catalog.racks.get(&curve.rack).map_or(Generation::Other, |r| r.generation);
        let configuration = |p: &ChartPoint| -> Vec<String> {
            let words = p.note.split("; ").filter(|w| curve.estimated && !w.is_empty());
            words.map(str::to_owned).collect()
        };
        let mut points: Vec<Mark> = curve
            .points
            .iter()
            .filter(|p| p.tok_s_user > 0.0 && p.tok_s_per_mw > 0.0)
            .map(|p| Mark {
                tok_s_user: p.tok_s_user,
                tok_s_per_mw: p.tok_s_per_mw,
                range: p.range.filter(|r| r.0 > 0.0 && r.1 >= r.0),
                ttft_ms: p.ttft_ms,
                configuration: configuration(p),
            })
            .collect();
        points.sort_by(|a, b| a.tok_s_user.total_cmp(&b.tok_s_user));
        for p in curve.points.iter().filter(|p| p.grid_mw > 0.0 && p.tok_s_per_mw > 0.0) {
            chart.discs.push(Disc {
                generation,
                rack: curve.name.clone(),
                tok_s_user: p.tok_s_user,
                tok_s_per_mw: p.tok_s_per_mw,
                grid_mw: p.grid_mw,
                tiers: p.tiers.clone(),
                configuration: configuration(p),
            });
        }
        chart.series.push(Series {
            generation,
            name: curve.name.clone(),
            evidence: evidence(curve, outcome),
            claim: curve.claim,
            measured: curve.measured,
            estimated: curve.estimated,
            used: curve.points.iter().any(|p| p.grid_mw > 0.0),
            points,
        });
    }
    // Large discs first, so that small ones stay visible.
    chart.discs.sort_by(|a, b| b.grid_mw.total_cmp(&a.grid_mw));
    (chart.x, chart.y) = ranges(&chart);
    chart
}

/// What a curve is; of an estimate, which the legend tells, its requests and the mean error
/// of its time per token.
fn evidence(curve: &ChartCurve, outcome: &Outcome) -> String {
    let own = outcome.operating_points.iter().find(|o| o.curve == curve.curve);
    let error = own.and_then(|o| o.error_frac).map(|e| format!(", ±{:.0} %", e * 100.0));
    match curve.evidence.split_once("; ").filter(|_| curve.estimated) {
        Some((_, requests)) => format!("{requests}{}", error.unwrap_or_default()),
        None => curve.evidence.clone(),
    }
}

/// Token tiers by speed; those without a least speed have no place on the axis.
fn bands(site: &Site) -> Vec<Band> {
    let ranks = tier_rank_of(site);
    let mut bands: Vec<Band> = site
        .terms
        .tiers
        .iter()
        .filter(|t| t.kind == TierKind::Tokens)
        .filter_map(|t| {
            Some(Band {
                tier: t.id.clone(),
                name: t.name.clone(),
                rank: ranks.get(&t.id).copied()?,
                price: t.demand.first().and_then(|s| s.price_usd_per_mtok),
                min_tok_s_user: t.min_tok_s_user.filter(|v| *v > 0.0)?,
            })
        })
        .collect();
    bands.sort_by(|a, b| a.min_tok_s_user.total_cmp(&b.min_tok_s_user));
    bands
}

/// Decades below the top that estimates may take; what is published is shown whole.
const DECADES: f64 = 2.7;

fn ranges(chart: &Keynote) -> ((f64, f64), (f64, f64)) {
    let ends = |p: &Mark| {
        let range = p.range.unwrap_or((p.tok_s_per_mw, p.tok_s_per_mw));
        (range.0.min(p.tok_s_per_mw), range.1.max(p.tok_s_per_mw))
    };
    let marks = || chart.series.iter().flat_map(|s| s.points.iter().map(move |p| (s, p)));
    let y1 = marks().map(|(_, p)| ends(p).1).fold(0.0, f64::max);
    let floor = y1 / 10f64.powf(DECADES);
    let shown = || marks().filter(|(s, p)| !s.estimated || p.tok_s_per_mw >= floor);
    let y0 = shown().map(|(s, p)| ends(p).0.max(if s.estimated { floor } else { 0.0 }));
    let y0 = y0.fold(f64::INFINITY, f64::min);
    let xs = shown().map(|(_, p)| p.tok_s_user);
    let xs = xs.chain(chart.bands.iter().map(|b| b.min_tok_s_user));
    let (x0, x1) = xs.fold((f64::INFINITY, 0.0f64), |r, v| (r.0.min(v), r.1.max(v)));
    if x1 <= 0.0 || y1 <= 0.0 {
        return ((10.0, 1000.0), (1e3, 1e6));
    }
    // Room below for the foot of the curves, above for the caps.
    ((x0.min(50.0) * 0.85, x1 * 1.25), (y0 * 0.7, y1 * 1.9))
}
