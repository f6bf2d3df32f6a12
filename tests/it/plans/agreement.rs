//! Solvers agree; warm equals cold; the reduced input has the optimum of the full one.

use crate::support::{close, difference, embedded, layout, load, root};
use gigasite::plan::backend::Solver;
use gigasite::plan::result::Status;
use gigasite::plan::{How, PlanInput, PlanSolver};
use gigasite::site::Site;
use gigasite::study::input::prepare;
use gigasite::study::{Estimator, SolveOptions, Study};

fn solvable() -> Vec<(String, Site)> {
    let mut all = Vec::new();
    for folder in ["layouts", "tests/data/layouts"] {
        for entry in std::fs::read_dir(root().join(folder)).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            if name != "region-pair-china" {
                all.push((name, load(&path)));
            }
        }
    }
    all.sort_by(|a, b| a.0.cmp(&b.0));
    assert!(all.len() >= 11, "{} layouts", all.len());
    all
}

fn inputs() -> Vec<(String, PlanInput)> {
    let catalog = embedded();
    let of = |site: &Site| {
        prepare(site, &catalog, &SolveOptions::default(), &mut Estimator::default()).input
    };
    solvable().into_iter().map(|(name, site)| (name, of(&site))).collect()
}

#[test]
fn four_solvers_agree_on_every_layout() {
    for (name, input) in inputs() {
        let objective = |solver: Solver| {
            let how = How { solver, ..How::default() };
            let solved = PlanSolver::new().unwrap().solve(&input, how);
            let plan = solved.unwrap_or_else(|e| panic!("{solver} on {name}: {e}")).plan;
            assert_eq!(plan.status, Status::Optimal, "{solver} on {name}");
            plan.objective_usd_per_year.unwrap()
        };
        let expected = objective(Solver::Live);
        for solver in [Solver::GoodLpHighs, Solver::Clarabel, Solver::Microlp] {
            close(objective(solver), expected, 1e-6, &format!("{solver} on {name}"));
        }
    }
}

#[test]
fn reducing_an_input_leaves_its_optimum() {
    for (name, input) in inputs() {
        let solve = |reduce: bool| {
            let how = How { reduce, ..How::default() };
            let solved = PlanSolver::new().unwrap().solve(&input, how).unwrap();
            (solved.plan.objective_usd_per_year.unwrap(), solved.size().0)
        };
        let (reduced, columns) = solve(true);
        let (full, all) = solve(false);
        close(reduced, full, 1e-9, &name);
        assert!(columns <= all, "{name}: {columns} columns of {all}");
    }
}

/// A small generator, so that a sequence of edits can be repeated from its seed.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn of(&mut self, n: usize) -> usize {
        (self.next() * n as f64) as usize % n.max(1)
    }
}

/// Changes one number of the site by up to half.
fn edit(site: &mut Site, dice: &mut Dice) -> String {
    let terms = site.terms.clone();
    let campus = site.campus.clone();
    let blocks: Vec<_> = site.blocks().map(|b| (b.id.clone(), b.count)).collect();
    let factor = 0.6 + 0.9 * dice.next();
    let (path, value) = match dice.of(7) {
        0 => ("site.grid_contract_mw".into(), terms.site.grid_contract_mw.unwrap() * factor),
        1 | 2 => {
            let tier = &terms.tiers[dice.of(terms.tiers.len())];
            let step = dice.of(tier.demand.len());
            let path = format!("tiers.{}.demand.{step}.volume_tok_s", tier.id);
            let volume = tier.demand[step].volume_tok_s.map_or(1e6, |v| v.value());
            (path, if volume.is_finite() { volume * factor } else { 5e7 * factor })
        }
        3 => {
            let tier = &terms.tiers[dice.of(terms.tiers.len())];
            let price = tier.demand[0].price_usd_per_mtok.unwrap_or(1.0).max(0.5);
            (format!("tiers.{}.demand.0.price_usd_per_mtok", tier.id), price * (1.0 + dice.next()))
        }
        4 | 5 if !campus.nodes.is_empty() => {
            let node = &campus.nodes[dice.of(campus.nodes.len())];
            (format!("nodes.{}.capacity_mw", node.id), node.capacity_mw.unwrap() * factor)
        }
        _ => {
            let (id, count) = &blocks[dice.of(blocks.len())];
            match count {
                Some(count) => {
                    let few = (f64::from(*count) * factor.min(1.0)).ceil().max(1.0);
                    (format!("blocks.{id}.count"), few)
                }
                None => ("site.billable_frac".into(), factor.min(1.0)),
            }
        }
    };
    site.set(&path, &value.to_string()).unwrap_or_else(|e| panic!("{path} = {value}: {e}"));
    format!("{path} = {value}")
}

fn assert_warm_equals_cold(name: &str, edits: usize, refine: bool) {
    let catalog = embedded();
    let options = SolveOptions::default();
    let mut site = layout(name);
    let mut warm = Study::new().unwrap();
    let mut dice = Dice(name.len() as u64 * 7919);
    let mut warmly = 0;
    warm.solve(&site, &catalog, &options);
    for _ in 0..edits {
        let edit = edit(&mut site, &mut dice);
        let mut cold = Study::new().unwrap();
        let mut a = warm.solve(&site, &catalog, &options);
        let mut b = cold.solve(&site, &catalog, &options);
        if refine {
            warm.refine(&mut a);
            cold.refine(&mut b);
        }
        warmly += usize::from(a.timing.warm);
        assert!(!b.timing.warm);
        let (x, y) = (serde_json::to_value(&a.plan), serde_json::to_value(&b.plan));
        let differs = difference(&x.unwrap(), &y.unwrap(), "plan");
        assert_eq!(differs, None, "{name} after {edit}");
        assert_eq!(a.diagnostics, b.diagnostics, "{name} after {edit}");
    }
    // The others changed what the reduced model consists of.
    assert!(warmly * 5 >= edits, "{name}: only {warmly} of {edits} solves were warm");
}

#[test]
fn a_plan_after_many_edits_is_the_plan_of_a_fresh_start() {
    assert_warm_equals_cold("pilot-20mw", 40, true);
    assert_warm_equals_cold("mixed-250mw", 20, false);
    assert_warm_equals_cold("keynote-rubin-1gw", 20, true);
}

#[test]
fn a_gigawatt_plan_after_edits_is_the_plan_of_a_fresh_start() {
    assert_warm_equals_cold("campus-1gw", 8, false);
}

#[test]
fn equal_inputs_give_equal_bytes() {
    let catalog = embedded();
    for name in ["pilot-20mw", "mixed-250mw", "keynote-mixed-1gw"] {
        let text = || {
            let outcome = gigasite::study::run(&layout(name), &catalog, &SolveOptions::default());
            let mut value = serde_json::to_value(&outcome).unwrap();
            value.as_object_mut().unwrap().remove("timing");
            value.to_string()
        };
        assert_eq!(text(), text(), "{name}");
    }
}
