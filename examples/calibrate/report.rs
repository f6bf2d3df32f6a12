//! Errors by group, bands and power, for people and for the record.

use crate::data::Measured;
use crate::fit::{Residual, residual};
use gigasite::estimate::{BandConstants, Constants};

/// Whether a row belongs to a group.
type Within = Box<dyn Fn(&Measured) -> bool>;

/// How much worse than the record a fit may be out of sample: measurement noise.
pub const TOLERANCE: f64 = 1.005;

pub fn residuals(c: &Constants, rows: &[Measured]) -> Vec<Residual> {
    rows.iter().map(|r| residual(c, r)).collect()
}

/// Mean and median of |predicted / measured − 1|.
fn mean_median(logs: impl Iterator<Item = f64>) -> Option<(f64, f64, usize)> {
    let mut e: Vec<f64> = logs.map(|l| (l.exp() - 1.0).abs()).collect();
    e.sort_by(f64::total_cmp);
    let mean = e.iter().sum::<f64>() / e.len() as f64;
    e.get(e.len() / 2).map(|median| (mean, *median, e.len()))
}

pub struct Errors {
    pub tpot_mean: f64,
    pub tpot_median: f64,
    pub throughput_median: f64,
    pub ttft_median: f64,
}

pub fn errors(residuals: &[Residual]) -> Errors {
    let of = |v: Option<(f64, f64, usize)>| v.map_or((f64::NAN, f64::NAN), |(a, b, _)| (a, b));
    let (tpot_mean, tpot_median) = of(mean_median(residuals.iter().map(|r| r.tpot)));
    Errors {
        tpot_mean,
        tpot_median,
        throughput_median: of(mean_median(residuals.iter().filter_map(|r| r.throughput))).1,
        ttft_median: of(mean_median(residuals.iter().filter_map(|r| r.ttft))).1,
    }
}

pub fn print(title: &str, rows: &[Measured], residuals: &[Residual]) {
    println!("\n{title}: mean and median error, bias");
    println!(
        "{:<42} {:>5}  {:>17}  {:>17}  {:>17}",
        "group", "rows", "TPOT", "tokens/s per GPU", "first token"
    );
    let mut groups: Vec<(String, Within)> = vec![
        ("all".into(), Box::new(|_| true)),
        ("together, no drafts".into(), mode(false, false)),
        ("together, drafts".into(), mode(false, true)),
        ("disaggregated, no drafts".into(), mode(true, false)),
        ("disaggregated, drafts".into(), mode(true, true)),
    ];
    let mut pairs: Vec<(String, String)> = rows.iter().map(|r| r.pair.clone()).collect();
    pairs.sort();
    pairs.dedup();
    for pair in pairs {
        let name = format!("{} {}", pair.0, pair.1);
        groups.push((name, Box::new(move |r: &Measured| r.pair == pair)));
    }
    for (name, within) in &groups {
        let chosen: Vec<&Residual> =
            rows.iter().zip(residuals).filter(|(r, _)| within(r)).map(|(_, e)| e).collect();
        println!(
            "{name:<42} {:>5}  {}  {}  {}",
            chosen.len(),
            cell(chosen.iter().map(|r| Some(r.tpot))),
            cell(chosen.iter().map(|r| r.throughput)),
            cell(chosen.iter().map(|r| r.ttft)),
        );
    }
}

fn mode(split: bool, drafts: bool) -> Within {
    Box::new(move |r| r.deployment.prefill.is_some() == split && r.deployment.speculative == drafts)
}

fn cell(logs: impl Iterator<Item = Option<f64>> + Clone) -> String {
    let known: Vec<f64> = logs.flatten().collect();
    let Some((mean, median, _)) = mean_median(known.iter().copied()) else {
        return format!("{:>17}", "-");
    };
    format!("{mean:>5.3} {median:>5.3} {:>+5.2}", quantile(known, 0.5).exp() - 1.0)
}

fn quantile(mut values: Vec<f64>, q: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    let at = q * (values.len().max(1) - 1) as f64;
    values.get(at.round() as usize).copied().unwrap_or(f64::NAN)
}

/// Quantiles of measured over predicted, for each way of serving.
pub fn bands(rows: &[Measured], residuals: &[Residual]) -> Vec<BandConstants> {
    let mut out = Vec::new();
    for disaggregated in [false, true] {
        for speculative in [false, true] {
            let within = mode(disaggregated, speculative);
            let logs: Vec<f64> = rows
                .iter()
                .zip(residuals)
                .filter(|(r, _)| within(r))
                .map(|(_, e)| -e.tpot)
                .collect();
            out.push(BandConstants {
                disaggregated,
                speculative,
                low_ratio: quantile(logs.clone(), 0.1).exp(),
                high_ratio: quantile(logs, 0.9).exp(),
            });
        }
    }
    out
}

/// Predicted beside measured power of a GPU.
pub fn power(c: &Constants, rows: &[Measured]) {
    let known: Vec<(f64, f64)> =
        rows.iter().filter_map(|r| Some((r.power_frac?, residual(c, r).power_frac))).collect();
    let n = known.len().max(1) as f64;
    let error = known.iter().map(|(m, p)| (p / m - 1.0).abs()).sum::<f64>() / n;
    println!(
        "\nPower: {} rows, mean error {error:.3}; {:.2} + {:.2} x use^{}",
        known.len(),
        c.power_base_frac,
        c.power_load_frac,
        c.power_exponent_ratio
    );
}

/// Highest use of prefill workers that measured deployments reach, their 95 % quantile.
pub fn prefill_use(c: &mut Constants, rows: &[Measured]) {
    let of = |r: &Measured| r.deployment.prefill_use(c, r.out_tok_s_gpu?).ok()?;
    let all: Vec<f64> = rows.iter().filter_map(of).collect();
    let (count, most) = (all.len(), quantile(all.clone(), 0.95));
    println!(
        "\nPrefill workers: {count} rows, use {:.2} median, {most:.2} at the 95 % quantile",
        quantile(all, 0.5)
    );
    c.prefill_use_frac = most;
}
