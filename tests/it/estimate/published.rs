//! Output tokens/s per MW of site power against the published table of three platforms.

use crate::support::embedded;
use gigasite::catalog::Precision;
use gigasite::estimate::{
    Backend, Choice, Constants, Effort, Frontier, Space, Wish, Workload, frontiers,
};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// System of the table, rack, site power a GPU in kW as the table's publisher takes it.
const SYSTEMS: [(&str, &str, f64); 3] = [
    ("GB200 NVL72 (InferenceX July 2026)", "gb200-nvl72", 1.87),
    ("GB300 NVL72 (InferenceX July 2026)", "gb300-nvl72", 2.12),
    ("Vera Rubin NVL72 (CoreWeave July 2026)", "vr-nvl72", 3.33),
];
/// Farthest that a figure, and a ratio of two platforms, may lie from the published one.
const FAR: f64 = 0.25;
const FAR_RATIO: f64 = 0.22;

/// Published tokens/s per MW by system and speed.
fn table(folder: &std::path::Path) -> BTreeMap<(String, u32), f64> {
    let mut reader = csv::Reader::from_path(folder.join("02-tokens-per-mw.csv")).unwrap();
    let header = reader.headers().unwrap().clone();
    let at = |name: &str| header.iter().position(|h| h == name).unwrap();
    let (system, speed, value) = (at("system"), at("tok_s_user"), at("out_tok_s_per_allin_MW"));
    let rows = reader.records().map(|r| r.unwrap());
    rows.map(|r| ((r[system].to_owned(), r[speed].parse().unwrap()), r[value].parse().unwrap()))
        .collect()
}

fn curve(rack: &str) -> Frontier {
    let catalog = embedded();
    let constants = Constants::newest(&catalog).unwrap();
    let wish = Wish {
        catalog: &catalog,
        model: &catalog.models["deepseek-r1"],
        racks: vec![(&catalog.racks[rack], None)],
        precisions: vec![Precision::Fp4],
        workload: Workload { isl: 8192.0, osl: 1024.0, cached_frac: 0.0 },
        framework: "trtllm".into(),
        ttft_limit_ms: None,
        speculative: true,
        effort: Effort::Interactive,
    };
    let space = Space::new(&wish, &constants).unwrap();
    let best = Backend::open(Choice::Cpu).sweep(&space);
    frontiers(&space, &best, &constants).remove(0)
}

#[test]
fn tokens_per_mw_lie_near_the_published_ones() {
    let Some(folder) = std::env::var_os("GIGASITE_MEASUREMENTS").map(PathBuf::from) else {
        eprintln!("skipped: GIGASITE_MEASUREMENTS names no folder of measured data");
        return;
    };
    let table = table(&folder);
    let mut shares: BTreeMap<(u32, &str), f64> = BTreeMap::new();
    for (system, rack, kw) in SYSTEMS {
        let curve = curve(rack);
        let ours =
            |speed: u32| curve.at(f64::from(speed)).map_or(0.0, |point| point.tok_s_gpu * 1e3 / kw);
        for speed in [50, 100, 200, 300] {
            let published = table[&(system.to_owned(), speed)];
            if published == 0.0 {
                let (none, some) = (ours(speed), ours(100));
                assert!(none < 0.1 * some, "{rack} at {speed}: {none}, {some} at 100");
                continue;
            }
            let share = ours(speed) / published;
            println!("{rack} at {speed}: {share:.3} of what is published");
            assert!((share - 1.0).abs() <= FAR, "{rack} at {speed}: {share:.3}");
            shares.insert((speed, rack), share);
        }
    }
    for ((speed, one), a) in &shares {
        for ((_, other), b) in shares.iter().filter(|((s, r), _)| s == speed && r < one) {
            let ratio = a / b;
            println!("{one} over {other} at {speed}: {ratio:.3} of what is published");
            assert!((ratio - 1.0).abs() <= FAR_RATIO, "{one} over {other} at {speed}: {ratio:.3}");
        }
    }
}
