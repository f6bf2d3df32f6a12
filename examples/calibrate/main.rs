//! Refits the constants of the throughput estimator from a table of measured points.
//!
//! `cargo run --release --no-default-features --example calibrate -- POINTS.csv [--out FILE.ron]
//! [--rubin TOKENS-PER-MW.csv]` fits by robust least squares in the logarithm, leaves out whole
//! hardware/model pairs in turn to say how well the fit holds where it was not made, prints
//! the errors by group, and writes a catalogue file that overlays the constants. A fit whose
//! error out of sample is worse than the one on record is not written. `--trend` leaves the
//! constants alone and prints how software moved the same hardware over time, by the
//! constants on record.

mod data;
mod fit;
mod parameters;
mod record;
mod report;
mod rubin;
mod trend;

use anyhow::{Context, Result, bail};
use gigasite::catalog::Catalog;
use gigasite::estimate::Constants;
use std::path::PathBuf;

struct Arguments {
    points: PathBuf,
    out: Option<PathBuf>,
    rubin: Option<PathBuf>,
    trend: bool,
}

fn arguments() -> Result<Arguments> {
    let usage =
        "usage: calibrate POINTS.csv [--trend | [--out FILE.ron] [--rubin TOKENS-PER-MW.csv]]";
    let (mut points, mut out, mut rubin, mut trend) = (None, None, None, false);
    let mut rest = std::env::args_os().skip(1);
    while let Some(word) = rest.next() {
        match word.to_str() {
            Some("--out") => out = Some(PathBuf::from(rest.next().context(usage)?)),
            Some("--rubin") => rubin = Some(PathBuf::from(rest.next().context(usage)?)),
            Some("--trend") => trend = true,
            _ => points = Some(PathBuf::from(word)),
        }
    }
    if trend && (out.is_some() || rubin.is_some()) {
        bail!("{usage}");
    }
    Ok(Arguments { points: points.context(usage)?, out, rubin, trend })
}

fn main() -> Result<()> {
    let arguments = arguments()?;
    let catalog = Catalog::embedded().map_err(|r| anyhow::anyhow!("{r:?}"))?;
    let start = Constants::newest(&catalog)?;
    let rows = data::read(&catalog, &arguments.points)?;
    println!("{} rows that state a concurrency can be predicted", rows.len());
    if arguments.trend {
        return trend::find(&start, &rows).map(|t| t.print());
    }

    let mut constants = fit::all(&start, &rows);
    let inside = report::residuals(&constants, &rows);
    report::print("In the fit", &rows, &inside);
    let outside = fit::left_out(&start, &rows);
    report::print("Pairs left out in turn", &rows, &outside);
    fit::power(&mut constants, &rows);
    report::power(&constants, &rows);
    report::prefill_use(&mut constants, &rows);
    let errors = report::errors(&outside);
    let trend = trend::find(&constants, &rows)?;
    trend.print();

    if let Some(path) = &arguments.rubin {
        rubin::fit(&catalog, &mut constants, path)?;
    }
    if let Some(path) = &arguments.out {
        let old = catalog.serving.values().last().context("no constants on record")?;
        let on_record = old.errors.tpot_mean_frac.get().unwrap_or(1.0);
        if errors.tpot_mean > on_record * report::TOLERANCE {
            bail!(
                "not written: out of sample the mean error of TPOT is {:.4}, on record {on_record:.4}",
                errors.tpot_mean
            );
        }
        let text = record::write(
            old,
            &constants,
            &record::Found {
                errors,
                bands: report::bands(&rows, &outside),
                trend,
                rows: rows.len(),
            },
        )?;
        std::fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))?;
        println!("written {}", path.display());
    }
    Ok(())
}
