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

/// One system of the table.
struct Platform {
    rack: &'static str,
    kw: f64,
    published: Vec<Published>,
}

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
        catalog,
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
fn misses(catalog: &Catalog, c: &Constants, platform: &Platform) -> Result<Vec<(f64, f64)>> {
    let frontier = curve(catalog, c, platform.rack)?;
    let ours = |p: &Published| per_mw(&frontier, p.tok_s_user, platform.kw).max(1.0);
    let reachable = platform.published.iter().filter(|p| p.tok_s_mw > 0.0);
    Ok(reachable.map(|p| (p.tok_s_user, (ours(p) / p.tok_s_mw).ln())).collect())
}

/// Most that Rubin's arithmetic may exceed its dense peak: the vendor's figure for inference,
/// 50 PFLOPS, beside 35 dense.
const MOST_ARITHMETIC: f64 = 50.0 / 35.0;
/// What counts as far off: a figure by a quarter, a ratio of two platforms by a fifth.
const FAR: (f64, f64) = (0.25, 0.2);

/// Finds the three ratios by a search that halves its step: they make the farthest of the
/// four points and of their ratios to GB200 and GB300 as near as may be.
pub fn fit(catalog: &Catalog, c: &mut Constants, path: &Path) -> Result<()> {
    let platform = |(label, rack, kw)| Ok(Platform { rack, kw, published: read(path, label)? });
    let platforms: Vec<Platform> = SYSTEMS.into_iter().map(platform).collect::<Result<_>>()?;
    let others: Vec<Vec<(f64, f64)>> =
        platforms[..RUBIN].iter().map(|p| misses(catalog, c, p)).collect::<Result<_>>()?;
    let error = |c: &mut Constants, at: [f64; 3]| -> Result<f64> {
        let g = ratios(c)?;
        (g.layer_ratio, g.dispatch_ratio, g.arithmetic_ratio) = (at[0], at[1], at[2]);
        let mut all = Vec::new();
        for (speed, miss) in misses(catalog, c, &platforms[RUBIN])? {
            all.push((miss.exp() - 1.0) / FAR.0);
            let same = others.iter().flatten().filter(|(s, _)| *s == speed);
            all.extend(same.map(|(_, other)| ((miss - other).exp() - 1.0) / FAR.1));
        }
        // Nearly the greatest, yet smooth.
        Ok(all.iter().map(|v| v.powi(8)).sum())
    };
    let mut at = [0.8, 2.0, 1.2];
    let mut best = error(c, at)?;
    let mut step = 0.2_f64;
    while step > 0.005 {
        let mut moved = false;
        // All ways to raise, lower or keep each of the three.
        for way in 0..27_i32 {
            let mut next = at;
            for (k, value) in next.iter_mut().enumerate() {
                *value *= (1.0 + step).powi(way / 3_i32.pow(k as u32) % 3 - 1);
            }
            next[2] = next[2].clamp(1.0, MOST_ARITHMETIC);
            let tried = error(c, next)?;
            if tried < best {
                (best, at, moved) = (tried, next, true);
            }
        }
        if !moved {
            step /= 2.0;
        }
    }
    error(c, at)?;
    println!("\nRubin: layer {:.3}, dispatch {:.2}, arithmetic {:.2}", at[0], at[1], at[2]);
    show(catalog, c, &platforms)
}

fn show(catalog: &Catalog, c: &Constants, platforms: &[Platform]) -> Result<()> {
    for Platform { rack, kw, published } in platforms {
        let frontier = curve(catalog, c, rack)?;
        for p in published {
            let estimate = per_mw(&frontier, p.tok_s_user, *kw);
            let how = frontier.at(p.tok_s_user).map_or(String::new(), |q| {
                let kind = if q.mapping.data_parallel { "DP" } else { "TP" };
                let drafts = if q.mode.speculative { " drafts" } else { "" };
                format!(
                    "{kind}{} x{} batch {:.1} prefill {:.1}{drafts}",
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
