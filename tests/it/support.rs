//! What several test modules need: shipped layouts, changes by path, hand-made inputs.

use gigasite::catalog::{self, Catalog};
use gigasite::plan::PlanInput;
use gigasite::plan::input::{
    BlockIn, HallIn, Holding, HourIn, NodeIn, PeriodIn, PointIn, Product, RackIn, SiteIn, StepIn,
    TierIn,
};
use gigasite::plan::{How, PlanSolver, Solved};
use gigasite::site::{self, Site};
use gigasite::study::{self, Outcome, SolveOptions};
use serde_json::Value;
use std::path::{Path, PathBuf};

pub const SECONDS_PER_YEAR: f64 = 31_536_000.0;
/// M$ a year per Mtok/s at one dollar per million tokens.
pub const PER_DOLLAR: f64 = SECONDS_PER_YEAR / 1e6;

pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

pub fn layout_path(name: &str) -> PathBuf {
    root().join("layouts").join(format!("{name}.ron"))
}

pub fn layout(name: &str) -> Site {
    load(&layout_path(name))
}

pub fn load(path: &Path) -> Site {
    let file = site::file::load(path).unwrap_or_else(|r| panic!("{}: {r:?}", path.display()));
    Site::from_file(file)
}

pub fn parse(text: &str) -> Site {
    let file = site::file::parse(text, "test.ron").unwrap_or_else(|r| panic!("{r:?}"));
    Site::from_file(file)
}

pub fn embedded() -> Catalog {
    Catalog::embedded().unwrap()
}

/// A site and the embedded catalogue after changes by path, as `--set` makes them.
pub fn changed(mut site: Site, changes: &[(&str, &str)]) -> (Site, Catalog) {
    let mut catalog = embedded();
    for (path, value) in changes {
        let collection = path.split('.').next().unwrap();
        if catalog::COLLECTIONS.contains(&collection) {
            catalog.set(path, value).unwrap_or_else(|e| panic!("{path}: {e}"));
        } else {
            site.set(path, value).unwrap_or_else(|e| panic!("{path}: {e}"));
        }
    }
    (site, catalog)
}

/// The full answer to a site after changes.
pub fn answer(site: Site, changes: &[(&str, &str)], options: &SolveOptions) -> Outcome {
    let (site, catalog) = changed(site, changes);
    study::run(&site, &catalog, options)
}

#[track_caller]
pub fn close(found: f64, expected: f64, tolerance: f64, what: &str) {
    let by = (found - expected).abs() / expected.abs().max(1e-9);
    assert!(by <= tolerance, "{what}: {found} instead of {expected}, off by {by:.2e}");
}

/// An input with one hour that stands for the year, free energy and no limit but blocks.
pub fn one_hour() -> PlanInput {
    PlanInput {
        periods: vec![PeriodIn { id: "year".into(), weight: 1.0 }],
        hours: vec![hour("year", 8760.0, 12.0)],
        site: SiteIn {
            grid_contract_mw: f64::INFINITY,
            billable_frac: 1.0,
            capex_budget_musd: f64::INFINITY,
            ..SiteIn::default()
        },
        ..PlanInput::default()
    }
}

pub fn hour(id: &str, weight_h: f64, clock_h: f64) -> HourIn {
    HourIn {
        id: id.into(),
        period: 0,
        weight_h,
        day: "day".into(),
        clock_h,
        energy_musd_per_mwh: 0.0,
    }
}

/// A rack without spares, always available.
pub fn rack(id: &str) -> RackIn {
    RackIn {
        id: id.into(),
        name: id.into(),
        racks_per_unit: Some(1.0),
        spares_frac: 0.0,
        sell_frac: 1.0,
        idle_mw: 0.0,
        annual_musd: None,
        price_musd: None,
        mass_kg: 1000.0,
        positions: 1.0,
        domain_units: 1.0,
        pairs_with: None,
        max_site_share: None,
    }
}

/// A point that makes `output` Mtok/s from `it_mw`, without heat.
pub fn point(id: &str, rack: usize, it_mw: f64, output: f64) -> PointIn {
    PointIn {
        id: id.into(),
        rack,
        product: Product::Tokens,
        it_mw,
        drawn_mw: it_mw,
        output,
        prefill: 0.0,
        liquid_mw: 0.0,
        air_mw: 0.0,
        flow_lpm: 0.0,
    }
}

/// A tier with steps of (dollars per million tokens, Mtok/s).
pub fn tier(id: &str, posted: bool, steps: &[(f64, f64)], points: &[usize]) -> TierIn {
    TierIn {
        id: id.into(),
        name: id.into(),
        product: Product::Tokens,
        firm: false,
        posted,
        steps: steps
            .iter()
            .map(|&(price, volume)| StepIn {
                musd_per_year: price * PER_DOLLAR,
                output_musd_per_year: price * PER_DOLLAR,
                volume,
            })
            .collect(),
        commitment: None,
        shape: vec![1.0],
        deadline_h: None,
        variable_musd_per_year: 0.0,
        input_per_output: None,
        cached_per_output: None,
        points: points.to_vec(),
        share: None,
    }
}

pub fn block(id: &str, racks: &[usize], holding: Holding) -> BlockIn {
    BlockIn {
        id: id.into(),
        name: id.into(),
        racks: racks.to_vec(),
        holding,
        hall: None,
        cooling: None,
        grid_per_it: 1.0,
        node_per_it: Vec::new(),
    }
}

pub fn node(id: &str, capacity_mw: f64) -> NodeIn {
    NodeIn {
        id: id.into(),
        name: id.into(),
        kind: "substation".into(),
        capacity_mw,
        firm_mw: f64::INFINITY,
    }
}

pub fn hall(id: &str, positions: f64) -> HallIn {
    HallIn {
        id: id.into(),
        name: id.into(),
        positions,
        mass_kg: f64::INFINITY,
        air_mw: f64::INFINITY,
    }
}

/// Solves an input cold, with its marginal values.
pub fn solve(input: &PlanInput) -> Solved {
    let mut solver = PlanSolver::new().unwrap();
    let mut solved = solver.solve(input, How::default()).unwrap();
    solver.marginals(input, &mut solved).unwrap();
    solved
}

/// The optimum in M$ a year.
pub fn optimum(input: &PlanInput) -> f64 {
    let solved = PlanSolver::new().unwrap().solve(input, How::default()).unwrap();
    solved.plan.objective_usd_per_year.expect("a plan") / 1e6
}

/// Where two values differ by more than rounding, as a path.
pub fn difference(a: &Value, b: &Value, path: &str) -> Option<String> {
    match (a, b) {
        (Value::Object(x), Value::Object(y)) if x.len() == y.len() => {
            x.iter().find_map(|(k, v)| match y.get(k) {
                Some(w) => difference(v, w, &format!("{path}.{k}")),
                None => Some(format!("{path}.{k} is missing")),
            })
        }
        (Value::Array(x), Value::Array(y)) if x.len() == y.len() => x
            .iter()
            .zip(y)
            .enumerate()
            .find_map(|(i, (v, w))| difference(v, w, &format!("{path}[{i}]"))),
        (Value::Number(x), Value::Number(y)) => {
            let (x, y) = (x.as_f64().unwrap(), y.as_f64().unwrap());
            let same = (x - y).abs() <= 1e-9 * x.abs().max(y.abs()).max(1.0);
            (!same).then(|| format!("{path}: {x} and {y}"))
        }
        _ => (a != b).then(|| {
            let text = |v: &Value| v.to_string().chars().take(300).collect::<String>();
            format!("{path}: {} and {}", text(a), text(b))
        }),
    }
}
