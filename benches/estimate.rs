//! Throughput estimates: evaluations a second of one core with the rows that they need, the
//! sweep behind a slider, an exhaustive one, what the first loses against the second, and
//! the shader against the CPU.
//!
//! Times of one core are CPU seconds of one thread; sweeps over all cores are wall seconds.

mod common;

use common::{Times, figure};
use gigasite::catalog::{Catalog, Precision};
use gigasite::estimate::{
    BINS, Backend, Choice, Constants, Effort, Frontier, OCTAVES, Space, Wish, Workload, frontiers,
    racks,
};
use std::time::Instant;

const MODELS: [&str; 3] = ["deepseek-r1", "gpt-oss-120b", "llama-3.1-70b"];
const REPEATS: usize = 15;

fn main() {
    let catalog = Catalog::embedded().expect("the embedded catalogue is right");
    let constants = Constants::newest(&catalog).expect("the catalogue holds constants");
    one_core(&catalog, &constants);
    all_cores(&catalog, &constants);
    loss(&catalog, &constants);
    card(&catalog, &constants);
}

/// One model on all racks of the catalogue.
fn wish<'a>(catalog: &'a Catalog, model: &str, effort: Effort) -> Wish<'a> {
    Wish {
        catalog,
        model: &catalog.models[model],
        racks: racks(catalog).map(|rack| (rack, None)).collect(),
        precisions: vec![Precision::Fp8, Precision::Fp4],
        workload: Workload { isl: 8192.0, osl: 1024.0, cached_frac: 0.0 },
        framework: "sglang".into(),
        ttft_limit_ms: Some(10_000.0),
        speculative: true,
        effort,
    }
}

fn pool(threads: usize) -> rayon::ThreadPool {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads")
}

/// From a wish to the best of each bin: machines, figures, rows, search.
fn whole(wish: &Wish, constants: &Constants) -> Space {
    let space = Space::new(wish, constants).expect("the model is known");
    std::hint::black_box(Backend::open(Choice::Cpu).sweep(&space));
    space
}

fn one_core(catalog: &Catalog, constants: &Constants) {
    println!("\nOne core: configurations a second, rows included");
    for (effort, name) in [(Effort::Interactive, "coarse"), (Effort::Exhaustive, "exhaustive")] {
        for model in MODELS {
            let wish = wish(catalog, model, effort);
            let mut rates = Times::default();
            let mut all = 0;
            for _ in 0..REPEATS {
                let (space, seconds) =
                    pool(1).install(|| common::timed(|| whole(&wish, constants)));
                all = space.evaluated();
                rates.push(all as f64 / seconds / 1e6);
            }
            let verdict = if rates.p50() >= 3.0 { "kept" } else { "MISSED" };
            let text = format!(
                "{all:>9}  p50 {:6.1} M/s  worst {:6.1} M/s  bar 3 M/s {verdict}",
                rates.p50(),
                rates.percentile(0.0)
            );
            figure(&format!("{name}, {model}"), text);
        }
    }
}

fn all_cores(catalog: &Catalog, constants: &Constants) {
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(2);
    println!("\nSweeps, wall time on {threads} cores");
    let pool = pool(threads);
    for (effort, name, bar) in
        [(Effort::Interactive, "coarse", 0.1), (Effort::Exhaustive, "exhaustive", 2.0)]
    {
        for model in MODELS {
            let wish = wish(catalog, model, effort);
            let mut times = Times::default();
            let mut all = 0;
            for _ in 0..REPEATS {
                let began = Instant::now();
                all = pool.install(|| whole(&wish, constants)).evaluated();
                times.push(began.elapsed().as_secs_f64());
            }
            let verdict = if times.p95() <= bar { "kept" } else { "MISSED" };
            let ms = |s: f64| s * 1e3;
            let (p50, p95, bar) = (ms(times.p50()), ms(times.p95()), ms(bar));
            let text =
                format!("{all:>9}  p50 {p50:7.1} ms  p95 {p95:7.1} ms  bar {bar} ms {verdict}");
            figure(&format!("{name}, {model}"), text);
        }
    }
}

fn curves(wish: &Wish, constants: &Constants) -> Vec<Frontier> {
    let space = Space::new(wish, constants).expect("the model is known");
    let best = Backend::open(Choice::Cpu).sweep(&space);
    frontiers(&space, &best, constants)
}

/// Shortfall of throughput over all interactivities that the search tells apart: largest,
/// and mean.
fn shortfall(coarse: &Frontier, fine: &Frontier) -> (f64, f64) {
    let mut all = Vec::new();
    for bin in 0..BINS {
        let speed = (bin as f64 * f64::from(OCTAVES) / BINS as f64).exp2() * (1.0 - 1e-6);
        let Some(best) = fine.at(speed) else { continue };
        let found = coarse.at(speed).map_or(0.0, |c| c.tok_s_gpu);
        all.push((1.0 - found / best.tok_s_gpu).max(0.0));
    }
    let worst = all.iter().copied().fold(0.0, f64::max);
    (worst, all.iter().sum::<f64>() / all.len() as f64)
}

fn loss(catalog: &Catalog, constants: &Constants) {
    println!("\nWhat the coarse sweep loses against the exhaustive curve");
    for model in MODELS {
        for (isl, osl, limit) in
            [(1024.0, 1024.0, None), (8192.0, 1024.0, Some(2e3)), (100_000.0, 2000.0, Some(1e4))]
        {
            let workload = Workload { isl, osl, cached_frac: 0.0 };
            let of = |effort| {
                let wish = wish(catalog, model, effort);
                curves(&Wish { workload, ttft_limit_ms: limit, ..wish }, constants)
            };
            let (coarse, fine) = (of(Effort::Interactive), of(Effort::Exhaustive));
            // Some racks serve nobody in time.
            let some = coarse.iter().zip(&fine).filter(|(_, f)| !f.points.is_empty());
            let pairs: Vec<(f64, f64)> = some.map(|(c, f)| shortfall(c, f)).collect();
            let worst = pairs.iter().map(|p| p.0).fold(0.0, f64::max) * 100.0;
            let mean = pairs.iter().map(|p| p.1).sum::<f64>() / pairs.len() as f64 * 100.0;
            let verdict = if worst <= 2.0 { "kept" } else { "MISSED" };
            let curves = pairs.len();
            let limit = limit.map_or(String::new(), |ms| format!(", first token in {ms} ms"));
            figure(
                &format!("{model}, {isl} in{limit}"),
                format!(
                    "worst {worst:5.2} %  mean {mean:5.2} %  of {curves} curves  bar 2 % {verdict}"
                ),
            );
        }
    }
}

/// The adapter that there is against all cores, on the same space.
fn card(catalog: &Catalog, constants: &Constants) {
    println!("\nGraphics card against CPU, search alone, wall time");
    let space = |effort| {
        Space::new(&wish(catalog, "deepseek-r1", effort), constants).expect("the model is known")
    };
    for choice in [Choice::Cpu, Choice::Software, Choice::Gpu] {
        let began = Instant::now();
        let mut backend = Backend::open(choice);
        let opened = began.elapsed().as_secs_f64();
        let report = backend.report().clone();
        if let Some(note) = &report.note {
            figure(&format!("{choice:?}"), note);
            continue;
        }
        figure(&report.adapter, format!("opened in {:.1} ms", opened * 1e3));
        for effort in [Effort::Interactive, Effort::Exhaustive] {
            let space = space(effort);
            let mut times = Times::default();
            for _ in 0..5 {
                let began = Instant::now();
                std::hint::black_box(backend.sweep(&space));
                times.push(began.elapsed().as_secs_f64());
            }
            let (all, p50) = (space.evaluated(), times.p50());
            let rate = all as f64 / p50 / 1e6;
            let held = backend.longest_submission_s();
            let held = held.map_or(String::new(), |s| format!("  longest hold {:.1} ms", s * 1e3));
            let text = format!("{all:>9}  p50 {:8.2} ms  {rate:6.1} M/s{held}", p50 * 1e3);
            figure(&format!("  {effort:?}"), text);
        }
    }
}
