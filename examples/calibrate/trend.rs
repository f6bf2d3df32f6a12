//! How software moved the same hardware over time: the slope of measured over predicted time
//! per output token against age.
//!
//! Rows are compared only with rows of the same hardware, model, precision, framework, way
//! of serving and drafts, so that what was measured when does not look like a trend. The
//! slope is the weighted median over all such pairs of rows (Theil and Sen); hardware/model
//! pairs left out in turn give the interval (jackknife).

use crate::data::Measured;
use crate::fit::residual;
use anyhow::{Context, Result};
use gigasite::estimate::Constants;
use gigasite::units::month::Month;
use std::collections::BTreeMap;

/// Rows closer in time than this say nothing of months.
const LEAST_MONTHS: f64 = 0.5;
/// Standard errors of an interval that holds in 8 of 10 cases, as the bands do.
const EIGHT_OF_TEN: f64 = 1.282;

/// What the measurements tell.
pub struct Trend {
    /// Logarithm of the time per token, more for each month of age.
    pub slope: f64,
    /// In 8 of 10 cases.
    pub range: (f64, f64),
    /// Least and most where a hardware/model pair is left out.
    pub left_out: (f64, f64),
    pub dated: usize,
    /// Rows that have another one to be compared with, and hardware/model pairs of them.
    pub compared: usize,
    pub pairs: usize,
    pub from: Month,
}

type Pair = (String, String);

/// Two rows alike but for their age: slope, weight, and whose they are.
struct Slope<'a> {
    slope: f64,
    weight: f64,
    pair: &'a Pair,
}

pub fn find(c: &Constants, rows: &[Measured]) -> Result<Trend> {
    let mut alike: BTreeMap<_, Vec<(f64, f64)>> = BTreeMap::new();
    let mut first = f64::INFINITY;
    for row in rows {
        let Some(month) = row.month else { continue };
        first = first.min(month);
        let d = &row.deployment;
        let framework = c.framework(&d.framework).map(|f| f.id.as_str());
        let way = (d.precision, framework, d.prefill.is_some(), d.speculative);
        alike.entry((&row.pair, way)).or_default().push((month, -residual(c, row).tpot));
    }
    let (mut slopes, mut compared) = (Vec::new(), 0);
    for ((pair, _), group) in &alike {
        let before = slopes.len();
        slopes.extend(between(pair, group));
        compared += if slopes.len() > before { group.len() } else { 0 };
    }
    slopes.sort_by(|a, b| a.slope.total_cmp(&b.slope));
    let slope = median(&slopes, None).context("no two dated rows can be compared")?;
    let mut pairs: Vec<&Pair> = slopes.iter().map(|s| s.pair).collect();
    pairs.sort();
    pairs.dedup();
    let without: Vec<f64> = pairs.iter().filter_map(|p| median(&slopes, Some(p))).collect();
    let n = without.len().max(1) as f64;
    let mean = without.iter().sum::<f64>() / n;
    let spread = without.iter().map(|s| (s - mean).powi(2)).sum::<f64>();
    let half = EIGHT_OF_TEN * (spread * (n - 1.0) / n).sqrt();
    let ends = without.iter().fold((slope, slope), |(a, b), s| (a.min(*s), b.max(*s)));
    Ok(Trend {
        slope,
        range: (slope - half, slope + half),
        left_out: ends,
        dated: rows.iter().filter(|r| r.month.is_some()).count(),
        compared,
        pairs: pairs.len(),
        from: Month::near(first.floor()),
    })
}

/// Slopes between the rows of a group. Long spans count more, and a group counts by its
/// rows, not by their square.
fn between<'a>(pair: &'a Pair, group: &[(f64, f64)]) -> Vec<Slope<'a>> {
    let mut out = Vec::new();
    for (i, (month, over)) in group.iter().enumerate() {
        for (other_month, other) in &group[..i] {
            // Older is positive.
            let age = other_month - month;
            if age.abs() >= LEAST_MONTHS {
                let weight = age.abs() / group.len() as f64;
                out.push(Slope { slope: (over - other) / age, weight, pair });
            }
        }
    }
    out
}

/// Weighted median of slopes that are in order, without those of one pair.
fn median(slopes: &[Slope], without: Option<&Pair>) -> Option<f64> {
    let kept = || slopes.iter().filter(|s| without != Some(s.pair));
    let half = kept().map(|s| s.weight).sum::<f64>() / 2.0;
    let mut sum = 0.0;
    kept()
        .find(|s| {
            sum += s.weight;
            sum >= half
        })
        .map(|s| s.slope)
}

impl Trend {
    pub fn print(&self) {
        println!(
            "\nTrend: time per token {:+.3} % for each month of age; {:+.3} to {:+.3} % in 8 of 10 \
             cases, {:+.3} to {:+.3} % with a pair left out; {} dated rows from {} on, {} compared, \
             {} pairs",
            self.slope * 100.0,
            self.range.0 * 100.0,
            self.range.1 * 100.0,
            self.left_out.0 * 100.0,
            self.left_out.1 * 100.0,
            self.dated,
            self.from,
            self.compared,
            self.pairs,
        );
    }

    /// How it was found, for the record.
    pub fn note(&self) -> String {
        format!(
            "Weighted median slope between {} dated rows of {} pairs of hardware and model, alike \
             in precision, framework, way of serving and drafts; the range holds in 8 of 10 cases, \
             by leaving pairs out",
            self.compared, self.pairs
        )
    }
}
