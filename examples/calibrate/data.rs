//! Measured points from a CSV file.

use anyhow::{Context, Result};
use gigasite::catalog::Catalog;
use gigasite::estimate::points::{Deployment, Point};
use gigasite::units::month::Month;
use std::path::Path;

/// A measured row with its labels resolved.
pub struct Measured<'a> {
    pub deployment: Deployment<'a>,
    /// Hardware and model: what is left out together.
    pub pair: (String, String),
    pub tpot_ms: f64,
    /// When it was measured, in months of the calendar; some rows do not say.
    pub month: Option<f64>,
    pub out_tok_s_gpu: Option<f64>,
    pub ttft_ms: Option<f64>,
    /// Measured power of a GPU over its limit.
    pub power_frac: Option<f64>,
    /// Weight in the fit: pairs with many rows do not outvote the others.
    pub weight: f64,
}

/// Rows of a pair that count in full, and the least number that a pair is taken to have.
const FULL_ROWS: f64 = 40.0;
const LEAST_ROWS: f64 = 15.0;

pub fn read<'a>(catalog: &'a Catalog, path: &Path) -> Result<Vec<Measured<'a>>> {
    let mut reader =
        csv::Reader::from_path(path).with_context(|| format!("cannot read {}", path.display()))?;
    let header = reader.headers()?.clone();
    let mut rows: Vec<Measured> = Vec::new();
    let mut refused = 0;
    for record in reader.records() {
        let record = record?;
        let text = |name: &str| {
            let at = header.iter().position(|h| h == name);
            at.and_then(|i| record.get(i)).unwrap_or("").trim().to_owned()
        };
        let number = |name: &str| text(name).parse::<f64>().ok().filter(|v| *v > 0.0);
        let (Some(_), Some(tpot_ms)) = (number("concurrency"), number("tpot_ms")) else { continue };
        let point = Point {
            hardware: text("hardware"),
            model: text("model"),
            precision: text("precision"),
            spec_decode: text("spec_decode"),
            framework: text("framework"),
            mode: text("mode"),
            parallel: text("parallel"),
            gpus: number("gpus"),
            prefill_gpus: number("prefill_gpus"),
            isl: number("isl"),
            osl: number("osl"),
            concurrency: number("concurrency"),
            stat: text("stat"),
        };
        match Deployment::resolve(catalog, &point) {
            Ok(deployment) => rows.push(Measured {
                power_frac: power_w(&number)
                    .zip(deployment.machine.limit_w)
                    .map(|(w, limit)| w / limit),
                pair: (point.hardware.clone(), deployment.model.id.clone()),
                deployment,
                tpot_ms,
                month: month(&text("date")),
                out_tok_s_gpu: number("out_tok_s_gpu"),
                ttft_ms: number("ttft_ms"),
                weight: 1.0,
            }),
            Err(refusal) => {
                refused += 1;
                println!("{}: {refusal}", text("id"));
            }
        }
    }
    println!("{refused} rows refused");
    let pairs: Vec<(String, String)> = rows.iter().map(|r| r.pair.clone()).collect();
    for row in &mut rows {
        let same = pairs.iter().filter(|p| **p == row.pair).count() as f64;
        row.weight = (FULL_ROWS / same.max(LEAST_ROWS)).sqrt();
    }
    Ok(rows)
}

/// A date `YYYY-MM-DD` as months of the calendar; anything else is no date.
fn month(date: &str) -> Option<f64> {
    let month = Month::parse(date.get(..7)?)?;
    let day = date.get(7..)?.strip_prefix('-')?.parse::<u8>().ok().filter(|d| *d > 0)?;
    Some(month.number() + f64::from(day - 1) / DAYS)
}

/// Mean days of a month.
const DAYS: f64 = 30.44;

/// Power of a GPU in W: stated, or energy an output token times tokens/s.
fn power_w(number: &impl Fn(&str) -> Option<f64>) -> Option<f64> {
    let derived = || Some(number("j_per_out_tok")? * number("out_tok_s_gpu")?);
    number("gpu_power_w").or_else(derived)
}
