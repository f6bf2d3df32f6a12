//! Properties that hold for any plan, on generated inputs.
//!
//! The inputs are made of drawn numbers between 0 and 1, so that a failing case shrinks
//! towards small ones.

mod generate;
mod shuffle;

use gigasite::plan::check::check;
use gigasite::plan::dispatch::Dispatch;
use gigasite::plan::input::{Holding, LoopExtreme};
use gigasite::plan::limits::Limit;
use gigasite::plan::result::Status;
use gigasite::plan::{How, PlanInput, PlanSolver, Solved};
use proptest::prelude::*;

use generate::{draws, input};

/// Fixed, so that every run sees the same cases.
fn config(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        failure_persistence: None,
        rng_seed: proptest::test_runner::RngSeed::Fixed(20_260_316),
        max_shrink_iters: 400,
        ..ProptestConfig::default()
    }
}

fn solve_how(input: &PlanInput, how: How) -> Solved {
    PlanSolver::new().unwrap().solve(input, how).unwrap_or_else(|e| panic!("{e}"))
}

fn solve(input: &PlanInput) -> Solved {
    solve_how(input, How::default())
}

/// The optimum in M$; nothing where there is no plan.
fn optimum(input: &PlanInput) -> Option<f64> {
    let plan = solve(input).plan;
    assert!(matches!(plan.status, Status::Optimal | Status::Infeasible), "{:?}", plan.status);
    plan.objective_usd_per_year.map(|v| v / 1e6)
}

fn near(a: f64, b: f64, tolerance: f64) -> bool {
    (a - b).abs() <= tolerance * a.abs().max(b.abs()).max(1.0)
}

fn both_near(a: Option<f64>, b: Option<f64>, tolerance: f64) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => near(a, b, tolerance),
        (a, b) => a.is_none() && b.is_none(),
    }
}

/// Scales everything that has a size.
fn scaled(mut input: PlanInput, k: f64) -> PlanInput {
    for node in &mut input.nodes {
        node.capacity_mw *= k;
        node.firm_mw *= k;
    }
    for x in &mut input.loops {
        x.heat_mw *= k;
        x.flow_lpm *= k;
        x.extreme = x.extreme.map(|x| LoopExtreme { heat_mw: x.heat_mw * k, ..x });
    }
    for hall in &mut input.halls {
        hall.positions *= k;
        hall.mass_kg *= k;
        hall.air_mw *= k;
    }
    for block in &mut input.blocks {
        match &mut block.holding {
            Holding::Installed(n) | Holding::Pool(n) => *n *= k,
            Holding::Planned { min, max } => {
                *min *= k;
                *max *= k;
            }
        }
    }
    for tier in &mut input.tiers {
        tier.steps.iter_mut().for_each(|s| s.volume *= k);
        if let Some(c) = &mut tier.commitment {
            c.0 *= k;
        }
    }
    input.supply.iter_mut().for_each(|s| s.max_units *= k);
    input.site.grid_contract_mw *= k;
    input.site.capex_budget_musd *= k;
    input
}

/// The mean sales of a plan, to be held.
fn held(input: &PlanInput, dispatch: &Dispatch) -> Vec<(usize, usize, f64)> {
    let mut all: Vec<(usize, usize, f64)> = Vec::new();
    for s in &dispatch.sales {
        let mean = input.hour_weight(s.hour) * s.output;
        match all.iter_mut().find(|x| (x.0, x.1) == (s.point, s.tier)) {
            Some(x) => x.2 += mean,
            None => all.push((s.point, s.tier, mean)),
        }
    }
    all
}

#[test]
fn generated_inputs_are_varied_and_mostly_have_plans() {
    use proptest::strategy::ValueTree;
    let mut runner = proptest::test_runner::TestRunner::new(config(1));
    let (mut plans, mut posted, mut firm, mut deferred, mut fixed, mut bought) = (0, 0, 0, 0, 0, 0);
    for _ in 0..60 {
        let input = input(&draws().new_tree(&mut runner).unwrap().current());
        let solved = solve(&input);
        let earns = solved.plan.revenue_usd_per_year > 0.0;
        plans += usize::from(solved.plan.status == Status::Optimal && earns);
        posted += usize::from(input.tiers.iter().any(|t| t.posted && t.steps.len() > 1));
        firm += usize::from(input.tiers.iter().any(|t| t.firm));
        deferred += usize::from(input.tiers.iter().any(|t| t.deadline_h.is_some()));
        fixed += usize::from(input.policy.fixed_shares);
        bought += usize::from(!solved.dispatch.bought.is_empty());
    }
    let seen = [plans, posted, firm, deferred, fixed, bought];
    assert!(plans >= 45 && seen.iter().all(|n| *n >= 5), "{seen:?}");
}

proptest! {
    #![proptest_config(config(60))]

    #[test]
    fn more_of_any_limit_never_lowers_the_optimum(draws in draws(), factor in 0.02..1.5_f64) {
        let input = input(&draws);
        let base = optimum(&input);
        for limit in Limit::all(&input) {
            // Installed racks are not a choice: their spares draw power. A pairing has no size.
            let installed = matches!(limit, Limit::BlockUnits(b)
                if matches!(input.blocks[b].holding, Holding::Installed(_)));
            if installed || matches!(limit, Limit::Pairing(_)) {
                continue;
            }
            let d = limit.describe(&input);
            let change = factor * d.capacity.max(0.1) * if d.minimum { -0.5 } else { 1.0 };
            let mut more = input.clone();
            limit.raise(&mut more, change);
            let after = optimum(&more);
            match (base, after) {
                (Some(base), Some(after)) => {
                    let slack = 1e-8 * base.abs().max(1.0);
                    prop_assert!(after >= base - slack, "{} {change:+}: {base} to {after}", d.id);
                }
                (Some(base), None) => {
                    prop_assert!(false, "{} {change:+}: {base} to no plan", d.id);
                }
                (None, _) => {}
            }
        }
    }

    #[test]
    fn a_higher_price_never_lowers_the_optimum(draws in draws(), factor in 1.01..3.0_f64) {
        let input = input(&draws);
        let Some(base) = optimum(&input) else { return Ok(()) };
        for t in 0..input.tiers.len() {
            let mut dearer = input.clone();
            dearer.tiers[t].steps.iter_mut().for_each(|s| {
                s.musd_per_year += (factor - 1.0) * s.output_musd_per_year;
                s.output_musd_per_year *= factor;
            });
            let after = optimum(&dearer).unwrap();
            prop_assert!(after >= base - 1e-8 * base.abs().max(1.0), "{base} to {after}");
        }
    }

    #[test]
    fn a_higher_price_never_lowers_the_revenue_of_a_held_plan(
        draws in draws(),
        factor in 1.01..3.0_f64,
    ) {
        let mut input = input(&draws);
        // What is sold is held; what is short, made in vain or posted is not.
        input.tiers.iter_mut().for_each(|t| {
            t.commitment = None;
            t.steps.truncate(1);
        });
        input.policy.fixed_shares = false;
        let base = solve(&input);
        prop_assume!(base.plan.status == Status::Optimal);
        input.hold = held(&input, &base.dispatch);
        prop_assume!(!input.hold.is_empty());
        for tier in &mut input.tiers {
            tier.variable_musd_per_year = 0.0;
            for step in &mut tier.steps {
                step.musd_per_year = step.output_musd_per_year;
            }
        }
        let before = solve(&input).plan.revenue_usd_per_year;
        for step in input.tiers.iter_mut().flat_map(|t| &mut t.steps) {
            step.musd_per_year *= factor;
            step.output_musd_per_year *= factor;
        }
        let after = solve(&input).plan.revenue_usd_per_year;
        prop_assert!(near(after / 1e6, factor * before / 1e6, 1e-7), "{before} x {factor}: {after}");
    }

    #[test]
    fn everything_twice_earns_twice(draws in draws(), k in 0.3..4.0_f64) {
        let input = input(&draws);
        let (one, other) = (optimum(&input), optimum(&scaled(input.clone(), k)));
        prop_assert!(both_near(one.map(|v| v * k), other, 1e-8), "{one:?} x {k}: {other:?}");
    }

    #[test]
    fn names_and_order_change_neither_the_optimum_nor_what_a_tier_is_sold(
        draws in draws(),
        seed in any::<u64>(),
    ) {
        let input = input(&draws);
        let base = solve(&input);
        for rename in [false, true] {
            let other = shuffle::shuffled(&input, seed, rename);
            let after = solve(&other.input);
            prop_assert_eq!(after.plan.status, base.plan.status);
            let objective = |s: &Solved| s.plan.objective_usd_per_year.map(|v| v / 1e6);
            prop_assert!(both_near(objective(&base), objective(&after), 1e-9));
            for (t, tier) in base.plan.tiers.iter().enumerate() {
                let id = &other.tier_ids[t];
                let same = after.plan.tiers.iter().find(|x| x.id == *id).unwrap();
                let (a, b) = (tier.tokens_per_s / 1e6, same.tokens_per_s / 1e6);
                prop_assert!(near(a, b, 1e-7), "{}: {a} and {b}, renamed {rename}", tier.id);
            }
        }
    }

    #[test]
    fn reducing_leaves_the_optimum(draws in draws()) {
        let input = input(&draws);
        let objective = |reduce: bool| {
            let solved = solve_how(&input, How { reduce, ..How::default() });
            solved.plan.objective_usd_per_year.map(|v| v / 1e6)
        };
        let (reduced, full) = (objective(true), objective(false));
        prop_assert!(both_near(reduced, full, 1e-9), "{reduced:?} reduced, {full:?} in full");
    }

    #[test]
    fn the_checker_passes_plans_and_rejects_what_was_tampered_with(
        draws in draws(),
        at in any::<prop::sample::Index>(),
        factor in 1.2..2.0_f64,
    ) {
        let input = input(&draws);
        let solved = solve(&input);
        prop_assume!(solved.plan.status == Status::Optimal);
        let objective = solved.plan.objective_usd_per_year.unwrap() / 1e6;
        let faults = check(&input, &solved.dispatch, objective);
        prop_assert!(faults.is_empty(), "{faults:?}");
        let shifted = objective + 1e-3 * objective.abs().max(1.0);
        prop_assert!(!check(&input, &solved.dispatch, shifted).is_empty(), "another objective");
        let d = &solved.dispatch;
        prop_assume!(!d.sales.is_empty() && !d.runs.is_empty());

        let mut sold = d.clone();
        at.get_mut(&mut sold.sales).output *= factor;
        prop_assert!(!check(&input, &sold, objective).is_empty(), "a larger sale");
        let mut sold = d.clone();
        let gone = sold.sales.remove(at.index(sold.sales.len()));
        let tier = &input.tiers[gone.tier];
        if tier.steps[gone.step].musd_per_year.abs() * gone.output > 1e-2 {
            prop_assert!(!check(&input, &sold, objective).is_empty(), "a sale left out");
        }
        let mut ran = d.clone();
        at.get_mut(&mut ran.runs).units *= factor * 40.0;
        prop_assert!(!check(&input, &ran, objective).is_empty(), "forty times the racks");
        let mut ran = d.clone();
        let idle = at.index(ran.runs.len());
        let used = ran.runs[idle];
        ran.runs[idle].units = 0.0;
        let sales = d.sales.iter().filter(|s| s.point == used.point && s.hour == used.hour);
        if sales.map(|s| s.output).sum::<f64>() > 1e-3 && used.units > 1e-3 {
            let faults = check(&input, &ran, objective);
            prop_assert!(!faults.is_empty(), "racks that do not run still sell");
        }
        if let Some(first) = d.bought.first().filter(|b| b.2 > 1e-3) {
            let mut unpaid = d.clone();
            unpaid.bought.remove(0);
            let runs = d.runs.iter().any(|r| r.block == first.0 && r.units > 1e-3);
            let faults = check(&input, &unpaid, objective);
            prop_assert!(!runs || !faults.is_empty(), "racks that were not bought run");
        }
    }
}

proptest! {
    #![proptest_config(config(16))]

    #[test]
    fn a_warm_solve_equals_a_cold_one(draws in draws(), edits in prop::collection::vec((any::<prop::sample::Index>(), 0.5..1.8_f64), 6)) {
        let mut input = input(&draws);
        let mut warm = PlanSolver::new().unwrap();
        warm.solve(&input, How::default()).unwrap();
        for (at, factor) in edits {
            let limits = Limit::all(&input);
            let limit = *at.get(&limits);
            let change = limit.describe(&input).capacity * (factor - 1.0);
            limit.raise(&mut input, change);
            let a = warm.solve(&input, How::default()).unwrap().plan;
            let b = solve(&input).plan;
            prop_assert_eq!(a.status, b.status);
            let objective = |p: &gigasite::plan::Plan| p.objective_usd_per_year.map(|v| v / 1e6);
            prop_assert!(both_near(objective(&a), objective(&b), 1e-9), "{limit:?} x {factor}");
            for (x, y) in a.tiers.iter().zip(&b.tiers) {
                let (x, y) = (x.tokens_per_s / 1e6, y.tokens_per_s / 1e6);
                prop_assert!(near(x, y, 1e-8), "{limit:?} x {factor}: {x} warm, {y} cold");
            }
        }
    }
}
