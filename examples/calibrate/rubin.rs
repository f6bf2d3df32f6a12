//! The floors of Rubin. The measured points hold no Rubin row with a concurrency, so its two
//! ratios are found from the one published curve of output tokens/s per MW; GB200 and GB300 of
//! the same table are printed beside it and take no part.

use anyhow::{Context, Result};
use gigasite::catalog::{Catalog, Generation, Precision};
use gigasite::estimate::{
    Backend, Choice, Constants, Effort, Frontier, Space, Wish, Workload, frontiers,
};
use std::path::Path;

/// Label in the table, rack, site power a GPU in kW (SemiAnalysis, July 2026).
const SYSTEMS: [(&str, &str, f64); 3] = [
    ("GB200 NVL72 (InferenceX", "gb200-nvl72", 1.87),
    ("GB300 NVL72 (InferenceX", "gb300-nvl72", 2.12),
    ("Vera Rubin NVL72", "vr-nvl72", 3.33),
];
const RUBIN: usize = 2;

struct Published {
    tok_s_user: f64,
    tok_s_mw: f64,
}

fn read(path: &Path, label: &str) -> Result<Vec<Published>> {
    let mut reader =
        csv::Reader::from_path(path).with_context(|| format!("cannot read {}", path.display()))?;
    let header = reader.headers()?.clone();
    let column = |name: &str| {
        header.iter().position(|h| h == name).with_context(|| format!("no column {name}"))
    };
    let (system, speed, value) =
        (column("system")?, column("tok_s_user")?, column("out_tok_s_per_allin_MW")?);
    let mut out = Vec::new();
    for record in reader.records() {
        let record = record?;
        if record.get(system).is_some_and(|s| s.starts_with(label)) {
            let number = |i: usize| record.get(i).and_then(|t| t.parse::<f64>().ok());
            out.push(Published {
                tok_s_user: number(speed).context("tok_s_user")?,
                tok_s_mw: number(value).context("out_tok_s_per_allin_MW")?,
            });
        }
    }
    Ok(out)
}

fn curve(catalog: &Catalog, c: &Constants, rack: &str) -> Result<Frontier> {
    let wish = Wish {
        model: catalog.models.get("deepseek-r1").context("no DeepSeek-R1")?,
        racks: vec![(catalog.racks.get(rack).context("no rack")?, None)],
        precisions: vec![Precision::Fp4],
        workload: Workload { isl: 8192.0, osl: 1024.0, cached_frac: 0.0 },
        framework: "trtllm".into(),
        ttft_limit_ms: None,
        speculative: true,
        effort: Effort::Interactive,
    };
    let space = Space::new(&wish, c)?;
    let best = Backend::open(Choice::Cpu).sweep(&space);
    frontiers(&space, &best, c).pop().context("no curve")
}

fn per_mw(frontier: &Frontier, tok_s_user: f64, kw: f64) -> f64 {
    frontier.at(tok_s_user).map_or(0.0, |p| p.tok_s_gpu * 1e3 / kw)
}

fn ratios(c: &mut Constants) -> Result<&mut gigasite::estimate::GenerationConstants> {
    let mut all = c.generations.iter_mut();
    all.find(|g| g.generation == Generation::Rubin).context("no floors of Rubin on record")
}

/// Logarithms of estimate over published at the reachable points of a system.
fn misses(catalog: &Catalog, c: &Constants, path: &Path, system: usize) -> Result<Vec<(f64, f64)>> {
    let (label, rack, kw) = SYSTEMS[system];
    let frontier = curve(catalog, c, rack)?;
    let reachable = read(path, label)?.into_iter().filter(|p| p.tok_s_mw > 0.0);
    Ok(reachable
        .map(|p| (p.tok_s_user, (per_mw(&frontier, p.tok_s_user, kw).max(1.0) / p.tok_s_mw).ln()))
        .collect())
}

/// Finds the three ratios by a search that halves its step. What the model misses on
/// Blackwell it shares with Rubin, so half of that miss is let stand: both the figures and the
/// ratio of the platforms then lie close.
pub fn fit(catalog: &Catalog, c: &mut Constants, path: &Path) -> Result<()> {
    let mut shared = misses(catalog, c, path, 0)?;
    shared.extend(misses(catalog, c, path, 1)?);
    let error = |c: &mut Constants, at: [f64; 3]| -> Result<f64> {
        let g = ratios(c)?;
        (g.layer_ratio, g.dispatch_ratio, g.arithmetic_ratio) = (at[0], at[1], at[2]);
        let own = misses(catalog, c, path, RUBIN)?;
        Ok(own
            .iter()
            .map(|(speed, miss)| {
                let same: Vec<f64> =
                    shared.iter().filter(|(s, _)| s == speed).map(|(_, m)| *m).collect();
                let common = same.iter().sum::<f64>() / same.len().max(1) as f64;
                (miss - common / 2.0).powi(4)
            })
            .sum())
    };
    let mut at = [0.7, 2.5, 1.0];
    let mut best = error(c, at)?;
    let mut step = 0.2;
    while step > 0.005 {
        let mut moved = false;
        for k in 0..at.len() {
            for factor in [1.0 + step, 1.0 / (1.0 + step)] {
                let mut next = at;
                next[k] *= factor;
                let tried = error(c, next)?;
                if tried < best {
                    (best, at, moved) = (tried, next, true);
                }
            }
        }
        if !moved {
            step /= 2.0;
        }
    }
    error(c, at)?;
    println!("\nRubin: layer {:.3}, dispatch {:.2}, arithmetic {:.2}", at[0], at[1], at[2]);
    for (label, rack, kw) in SYSTEMS {
        let frontier = curve(catalog, c, rack)?;
        for p in read(path, label)? {
            let estimate = per_mw(&frontier, p.tok_s_user, kw);
            let how = frontier.at(p.tok_s_user).map_or(String::new(), |q| {
                let kind = if q.mapping.data_parallel { "DP" } else { "TP" };
                let drafts = if q.mode.speculative { " drafts" } else { "" };
                format!(
                    "{kind}{} x{} batch {} prefill {:.1}{drafts}",
                    q.mapping.gpus, q.mapping.stages, q.batch, q.prefill_gpus
                )
            });
            println!(
                "{rack:<12} {:>4} tok/s/user  published {:>9.0}  estimate {estimate:>9.0}  ratio {:.2}  {how}",
                p.tok_s_user,
                p.tok_s_mw,
                estimate / p.tok_s_mw
            );
        }
    }
    Ok(())
}
