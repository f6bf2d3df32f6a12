//! One number edited to a new optimum, on the 1 GW example: what the window waits for.
//!
//! Also the marginal values that follow it, the same edits solved cold, the parts of an
//! edit, the same edits where throughput is estimated, and right-hand sides edited in a model
//! file of 2,100 columns.

mod common;

use common::{Numbers, Times, figure, heading, row, timed};
use gigasite::catalog::Catalog;
use gigasite::plan::backend::highs::LiveHighs;
use gigasite::plan::build::build;
use gigasite::plan::lp::{LinearModel, LpStatus};
use gigasite::plan::reduce::{identity, reduce};
use gigasite::plan::result::Status;
use gigasite::plan::{How, PlanInput, PlanSolver, lpfile};
use gigasite::site::{CatalogOverride, Site, file, validate};
use gigasite::study::input::prepare;
use gigasite::study::{Estimator, SolveOptions, Study, in_force};
use std::path::Path;

const EDITS: usize = 60;

fn main() {
    let site = campus();
    let catalog = Catalog::embedded().expect("the embedded catalogue is right");
    let sites = edited(&site);
    edits(&site, &catalog, &sites);
    parts(&catalog, &sites);
    estimates(&catalog, &sites);
    for reduced in [true, false] {
        warm_against_cold(&site, &catalog, &sites, reduced);
    }
    model_file();
}

fn campus() -> Site {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("layouts/campus-1gw.ron");
    let text = std::fs::read_to_string(path).expect("the example is there");
    Site::from_file(file::parse(&text, "campus-1gw.ron").expect("the example is a layout"))
}

/// The site after 1, 2, ... edits of one number each.
fn edited(site: &Site) -> Vec<Site> {
    let mut numbers = Numbers(1);
    let mut site = site.clone();
    let mut sites = Vec::new();
    for i in 0..EDITS {
        edit(&mut site, i, &mut numbers);
        sites.push(site.clone());
    }
    sites
}

fn edit(site: &mut Site, i: usize, numbers: &mut Numbers) {
    let hall = 2 + i % 3;
    let mut set = |path: &str, low: f64, high: f64, digits: i32| {
        let scale = 10f64.powi(digits);
        let value = (numbers.between(low, high) * scale).round() / scale;
        site.set(path, &value.to_string()).expect("the path exists");
    };
    match i % 12 {
        0 => set("site.grid_contract_mw", 900.0, 1050.0, 1),
        1 => set("tiers.high.demand.1.price_usd_per_mtok", 2.5, 5.5, 2),
        2 => set("tiers.medium.demand.0.volume_tok_s", 4e7, 9e7, 0),
        3 => set(&format!("blocks.h{hall}-n-r1-b1.count"), 8.0, 16.0, 0),
        4 => set(&format!("nodes.h{hall}-n-fd.capacity_mw"), 75.0, 105.0, 2),
        5 => replace(site, "tariffs.us-9c1.energy_usd_per_mwh", numbers.between(50.0, 120.0)),
        6 => replace(site, "racks.vr-nvl72.price_usd", numbers.between(5e6, 9e6)),
        7 => set("tiers.premium.demand.2.volume_tok_s", 5e6, 2e7, 0),
        8 => set("nodes.sub-a1.firm_mw", 150.0, 180.0, 1),
        9 => set("tiers.free.commitment.volume", 3e7, 7e7, 0),
        10 => set("tiers.batch.demand.0.price_usd_per_mtok", 0.26, 0.8, 3),
        _ => set("site.billable_frac", 0.8, 1.0, 3),
    }
}

/// A catalogue value of the site.
fn replace(site: &mut Site, path: &str, value: f64) {
    let mut terms = gigasite::site::Terms::clone(&site.terms);
    terms.overrides.retain(|o| o.path != path);
    terms.overrides.push(CatalogOverride {
        path: path.to_owned(),
        value: format!("{value:.2}"),
        old: "unknown".to_owned(),
        author: "benchmark".to_owned(),
        date: "2026-11-22".to_owned(),
    });
    site.terms = terms.into();
}

/// Whole edits through the study, warm and cold, and the marginal values after each.
fn edits(site: &Site, catalog: &Catalog, sites: &[Site]) {
    let options = SolveOptions::default();
    let (mut warm, mut values, mut cold) = (Times::default(), Times::default(), Times::default());
    let mut refined = Times::default();
    let mut study = Study::new().expect("a solver");
    let mut outcome = study.solve(site, catalog, &options);
    study.refine(&mut outcome);
    let (mut warm_solves, mut optimal) = (0, 0);
    let mut objectives = Vec::new();
    for edited in sites {
        let (outcome, seconds) = timed(|| study.solve(edited, catalog, &options));
        warm.push(seconds);
        warm_solves += usize::from(outcome.timing.warm);
        optimal += usize::from(outcome.plan.status == Status::Optimal);
        objectives.push(outcome.plan.objective_usd_per_year);
    }
    let mut binding = 0;
    for edited in sites {
        let mut outcome = study.solve(edited, catalog, &options);
        let (_, seconds) = timed(|| study.refine(&mut outcome));
        refined.push(seconds);
        binding += outcome.plan.limits.iter().filter(|l| l.binding).count();
        values.push(marginals(edited, catalog, &options));
    }
    for (edited, objective) in sites.iter().zip(objectives) {
        let mut fresh = Study::new().expect("a solver");
        let (outcome, seconds) = timed(|| fresh.solve(edited, catalog, &options));
        cold.push(seconds);
        let answer = outcome.plan.objective_usd_per_year.unwrap_or(f64::NAN);
        let gap = (answer - objective.unwrap_or(f64::NAN)).abs();
        assert!(gap <= 1e-9 * answer.abs(), "warm and cold answers differ by {gap} $");
    }
    heading("An edit of campus-1gw to a new optimum");
    row("edit, warm", &warm, Some(25.0));
    row("the same, cold", &cold, None);
    row("marginal values of the binding limits", &values, Some(150.0));
    row("refine: these, baseline and identity", &refined, None);
    figure("optimal, warm solves, binding limits on average", {
        let n = sites.len();
        format!("{optimal} of {n}, {warm_solves} of {n}, {:.1}", binding as f64 / n as f64)
    });
    figure("cold over warm, p50", format!("{:.1}", cold.p50() / warm.p50()));
}

/// Seconds that the marginal values of one site take.
fn marginals(site: &Site, catalog: &Catalog, options: &SolveOptions) -> f64 {
    let mut solver = PlanSolver::new().expect("a solver");
    let input = input(site, catalog, options);
    let mut solved = solver.solve(&input, How::default()).expect("a plan");
    timed(|| solver.marginals(&input, &mut solved).expect("values")).1
}

/// The same edits with every operating point estimated: the figures of racks and models stay,
/// so that the first solve alone estimates; and a speed edited, which chooses anew. The sweeps
/// run on this thread, so that its CPU time is theirs.
fn estimates(catalog: &Catalog, sites: &[Site]) {
    let alone = rayon::ThreadPoolBuilder::new().num_threads(1).use_current_thread();
    let pool = alone.build().expect("a pool of this thread");
    let always = |site: &Site| {
        let mut site = site.clone();
        site.set("policy.estimates.when", "Always").expect("the policy has estimates");
        site
    };
    let options = SolveOptions::default();
    let (mut first, mut warm, mut speeds) = (Times::default(), Times::default(), Times::default());
    let mut curves = 0;
    pool.install(|| {
        let mut study = Study::new().expect("a solver");
        for site in sites {
            let site = always(site);
            let mut estimator = Estimator::default();
            let (prepared, seconds) = timed(|| prepare(&site, catalog, &options, &mut estimator));
            curves = prepared.estimates.len();
            first.push(seconds);
            warm.push(timed(|| study.solve(&site, catalog, &options)).1);
        }
        let mut numbers = Numbers(2);
        for site in sites {
            let mut site = always(site);
            let speed = numbers.between(40.0, 120.0).to_string();
            site.set("tiers.medium.min_tok_s_user", &speed).expect("the path exists");
            speeds.push(timed(|| study.solve(&site, catalog, &options)).1);
        }
    });
    heading("The same with estimated throughput");
    row(&format!("input of the plan with {curves} new estimates"), &first, None);
    row("edit, warm", &warm, Some(25.0));
    row("edit of a tier's speed, warm", &speeds, Some(25.0));
}

fn input(site: &Site, catalog: &Catalog, options: &SolveOptions) -> PlanInput {
    let (catalog, _) = in_force(site, catalog);
    prepare(site, &catalog, options, &mut Estimator::default()).input
}

/// Where the time of an edit goes.
fn parts(catalog: &Catalog, sites: &[Site]) {
    let options = SolveOptions::default();
    let mut times: [Times; 6] = Default::default();
    let mut solver = PlanSolver::new().expect("a solver");
    let mut estimator = Estimator::default();
    for site in sites {
        let mut record = |part: usize, seconds: f64| times[part].push(seconds);
        let ((catalog, _), seconds) = timed(|| in_force(site, catalog));
        record(0, seconds);
        let ((valid, _), seconds) = timed(|| validate(site, &catalog));
        record(1, seconds);
        let valid = valid.expect("the edited example is valid");
        let (prepared, seconds) = timed(|| prepare(&valid, &catalog, &options, &mut estimator));
        record(2, seconds);
        let (small, seconds) = timed(|| reduce(&prepared.input));
        record(3, seconds);
        let (_, seconds) = timed(|| build(&small.input));
        record(4, seconds);
        let (_, seconds) = timed(|| solver.solve(&prepared.input, How::default()));
        record(5, seconds);
    }
    heading("Parts of an edit");
    let names = [
        "catalogue in force",
        "validation",
        "input of the plan",
        "reduction",
        "matrix",
        "reduction, matrix, solve, tie-break, check, summary",
    ];
    names.iter().zip(&times).for_each(|(name, times)| row(name, times, None));
}

/// The solver alone on the models of successive edits, from the last basis and from none.
fn warm_against_cold(site: &Site, catalog: &Catalog, sites: &[Site], reduced: bool) {
    let options = SolveOptions::default();
    let model = |site: &Site| -> LinearModel {
        let input = input(site, catalog, &options);
        build(&if reduced { reduce(&input) } else { identity(&input) }.input).model
    };
    let (mut warm, mut cold) = (Times::default(), Times::default());
    let mut live = LiveHighs::new().expect("a solver");
    live.solve(&model(site)).expect("a solution");
    // A cold solve of the whole model takes seconds; a few are enough for a median.
    let every = if reduced { 1 } else { 12 };
    let size = model(site);
    for (i, edited) in sites.iter().enumerate() {
        let model = model(edited);
        let (first, seconds) = timed(|| live.solve(&model).expect("a solution"));
        warm.push(seconds);
        if i % every == 0 {
            let mut fresh = LiveHighs::new().expect("a solver");
            let (second, seconds) = timed(|| fresh.solve(&model).expect("a solution"));
            cold.push(seconds);
            let gap = (first.objective - second.objective).abs();
            assert!(gap <= 1e-9 * (1.0 + second.objective.abs()), "warm and cold differ by {gap}");
        }
    }
    let whole = if reduced { "reduced" } else { "not reduced" };
    let (columns, rows) = (size.columns(), size.rows());
    heading(&format!("Solver alone, {whole}: {columns} columns, {rows} rows, relaxed prices"));
    row("warm", &warm, None);
    row("cold", &cold, None);
    figure("cold over warm, p50", format!("{:.1}", cold.p50() / warm.p50()));
}

/// Right-hand sides of a site model of 2,100 columns.
fn model_file() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/lp/site-2k.mps.gz");
    let named = lpfile::read(&path).expect("the model file is right");
    let mut model = named.model;
    let mut numbers = Numbers(2);
    let mut live = LiveHighs::new().expect("a solver");
    let (_, first) = timed(|| live.solve(&model).expect("a solution"));
    let finite: Vec<usize> =
        (0..model.rows()).filter(|&r| model.row_upper[r].is_finite()).collect();
    let bounds = model.row_upper.clone();
    let (mut warm, mut cold) = (Times::default(), Times::default());
    for _ in 0..EDITS {
        let r = finite[(numbers.next() * finite.len() as f64) as usize];
        if bounds[r] > model.row_lower[r] {
            model.row_upper[r] = bounds[r] * numbers.between(0.9, 1.2);
        }
        let (a, seconds) = timed(|| live.solve(&model).expect("a solution"));
        warm.push(seconds);
        let mut fresh = LiveHighs::new().expect("a solver");
        let (b, seconds) = timed(|| fresh.solve(&model).expect("a solution"));
        cold.push(seconds);
        assert_eq!(a.status, Some(LpStatus::Optimal));
        assert!((a.objective - b.objective).abs() <= 1e-9 * b.objective.abs());
    }
    heading(&format!("A model file of {} columns, one right-hand side edited", model.columns()));
    row("warm", &warm, Some(10.0));
    row("cold", &cold, None);
    figure("first solve, ms", format!("{:.2}", first * 1e3));
    figure("cold over warm, p50", format!("{:.1}", cold.p50() / warm.p50()));
}
