//! The software date: the set's own month changes nothing, an older one moves the whole time
//! per token by the trend.

use super::world::{self, IDS, catalog};
use gigasite::catalog::Catalog;
use gigasite::estimate::points::{Deployment, Point};
use gigasite::estimate::{Backend, Choice, Constants, Frontier, Refusal, Space, frontiers};

fn curves(catalog: &Catalog, model: &str, constants: &Constants) -> Vec<Frontier> {
    let space = Space::new(&world::wish(catalog, model), constants).unwrap();
    let best = Backend::open(Choice::Cpu).sweep(&space);
    frontiers(&space, &best, constants)
}

#[test]
fn the_month_of_the_set_changes_nothing() {
    let catalog = catalog();
    let own = world::constants(&catalog);
    assert_eq!(own.at(&own.software).unwrap(), own);
    assert_eq!(own.tpot_over(&own), None);
    let older = own.at("2026-01").unwrap();
    assert_eq!(older.software, "2026-01");
    assert_ne!(older, own);
}

#[test]
fn older_software_is_never_faster() {
    let catalog = catalog();
    let own = world::constants(&catalog);
    assert!(own.tpot_frac_per_month > 0.0, "what the measurements tell");
    for model in IDS {
        let mut last = curves(&catalog, model, &own);
        for month in ["2026-03", "2025-10"] {
            let older = curves(&catalog, model, &own.at(month).unwrap());
            assert_eq!(older.len(), last.len());
            for (old, new) in older.iter().zip(&last) {
                for p in &old.points {
                    let best = new.at(p.tok_s_user).expect("newer software reaches that speed");
                    // One bin of speed is what the search cannot tell apart.
                    assert!(best.tok_s_gpu >= p.tok_s_gpu * 0.995, "{model} {month} {p:?}");
                }
                let fastest = |f: &Frontier| f.points.last().unwrap().tok_s_user;
                assert!(fastest(old) < fastest(new), "{model} {month}");
            }
            last = older;
        }
    }
}

#[test]
fn the_whole_time_per_token_moves_by_the_trend() {
    let catalog = catalog();
    let own = world::constants(&catalog);
    let older = own.at("2026-01").unwrap();
    let ratio = (own.tpot_frac_per_month * 6.0).exp();
    assert!((older.tpot_over(&own).unwrap() / ratio - 1.0).abs() < 1e-12);
    let point = |model: &str, parallel: &str| Point {
        hardware: "hgx-b200".into(),
        model: model.into(),
        precision: "fp8".into(),
        parallel: parallel.into(),
        framework: "vllm".into(),
        gpus: Some(8.0),
        isl: Some(1024.0),
        // So long that the first token is no part of it, so few that all of them decode.
        osl: Some(1e5),
        concurrency: Some(1.0),
        ..Point::default()
    };
    for model in IDS {
        for parallel in ["TP8", "DEP8"] {
            let point = point(model, parallel);
            let deployment = Deployment::resolve(&catalog, &point).unwrap();
            let tpot = |c: &Constants| deployment.predict(c).unwrap().tpot_ms;
            let moved = tpot(&older) / tpot(&own);
            assert!((moved / ratio - 1.0).abs() < 1e-3, "{model} {parallel}: {moved}, {ratio}");
        }
    }
}

#[test]
fn months_without_measurements_are_refused() {
    let own = world::constants(&catalog());
    for month in ["2025-09", "2026-08", "2026-13", "2026", "next", "2026-01-05", ""] {
        let refusal = own.at(month).unwrap_err();
        assert!(matches!(&refusal, Refusal::Software { asked, .. } if asked == month));
        let said = refusal.to_string();
        assert!(said.contains("2025-10") && said.contains("2026-07"), "{said}");
    }
}
