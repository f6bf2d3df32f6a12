//! Runs along lines beside the same runs prepared in full.

use super::*;
use crate::finance::distribution::Distribution;
use crate::study::risk::drivers;

fn layout(name: &str) -> Site {
    let path = format!("{}/layouts/{name}.ron", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap();
    Site::from_file(crate::site::file::parse(&text, name).unwrap())
}

fn field(name: &str) -> Field {
    let catalog = Catalog::embedded().unwrap();
    let appraiser = Appraiser::new(&layout(name), &catalog).unwrap();
    let list = drivers(&appraiser);
    let quantiles = |d: &Driver| {
        let pert = Distribution::Pert { low: d.low, mode: d.base, high: d.high };
        pert.quantiles().unwrap()
    };
    let quantiles = list.iter().map(quantiles).collect();
    Field::new(&appraiser, list, (quantiles, Copula::default()), 11).unwrap()
}

fn runs_agree(name: &str, runs: u64) {
    let field = field(name);
    // What is built is what the base builds, or made anew in each run.
    for (build, runs) in [(Build::AsBase, runs), (Build::Anew, runs / 2)] {
        runs_of(&field, name, (build, runs));
    }
}

fn runs_of(field: &Field, name: &str, (build, runs): (Build, u64)) {
    let lines = field.lines.as_ref().unwrap_or_else(|why| panic!("{name}: {why}"));
    let mut lean = Worker::new(field, build).unwrap();
    let mut full = Worker::new(field, build).unwrap();
    lean.start();
    for run in 0..runs {
        let values = field.draw(run);
        let a = lean.along(lines, &values).unwrap();
        let b = full.in_full(&values).unwrap();
        let fell_short = (lean.mill.planner.fell_short(), full.mill.planner.fell_short());
        assert_eq!(fell_short.0, fell_short.1, "{name}, {build:?}, run {run}");
        let off = (a.npv_usd - b.npv_usd).abs();
        let size = b.npv_usd.abs().max(field.base_run.npv_usd.abs());
        let values = (a.npv_usd, b.npv_usd);
        assert!(off <= 1e-9 * size, "{name}, {build:?}, run {run}: {values:?}");
        assert_eq!(a.replanned, b.replanned);
    }
    assert!(
        lean.mill.planner.asked * 100 <= runs * 4,
        "{name}: {} solves in full",
        lean.mill.planner.asked
    );
}

#[test]
fn runs_along_lines_are_worth_what_they_are_in_full_on_a_site_of_installed_racks() {
    runs_agree("estimated-100mw", 50);
}

#[test]
fn runs_along_lines_are_worth_what_they_are_in_full_on_a_site_that_buys() {
    runs_agree("pilot-20mw", 50);
}

#[test]
fn runs_along_lines_are_worth_what_they_are_in_full_on_a_site_that_invests() {
    runs_agree("mixed-250mw", 20);
}

#[test]
fn runs_along_lines_are_worth_what_they_are_in_full_where_leases_fall_short() {
    runs_agree("campus-1gw", 40);
}
