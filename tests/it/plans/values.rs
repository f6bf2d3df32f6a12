//! Marginal values against brute force: the plan solved again with the limit moved.

use super::one_block_with;
use crate::support::{
    PER_DOLLAR, block, close, embedded, layout, load, node, one_hour, optimum, point, rack, root,
    solve, tier,
};
use gigasite::plan::input::Holding;
use gigasite::plan::limits::Limit;
use gigasite::plan::result::{LimitResult, Status};
use gigasite::plan::{How, PlanInput, PlanSolver};
use gigasite::site::Site;
use gigasite::study::input::prepare;
use gigasite::study::outage::with_losses_of;
use gigasite::study::{Estimator, SolveOptions};

fn input_of(site: &Site) -> PlanInput {
    prepare(site, &embedded(), &SolveOptions::default(), &mut Estimator::default()).input
}

/// The optimum after moving limits, in M$; nothing where there is no plan.
fn moved(input: &PlanInput, limits: &[Limit], change: f64) -> Option<f64> {
    let mut input = input.clone();
    limits.iter().for_each(|l| l.raise(&mut input, change));
    let solved = PlanSolver::new().unwrap().solve(&input, How::default()).unwrap();
    (solved.plan.status == Status::Optimal)
        .then(|| solved.plan.objective_usd_per_year.unwrap() / 1e6)
}

/// Checks one side of one limit; true where it is worth something.
fn assert_side(input: &PlanInput, limit: Limit, r: &LimitResult, up: bool) -> bool {
    let (slope, end, sign) = match up {
        true => (r.gain_usd_per_year, r.gain_valid_to, 1.0),
        false => (r.loss_usd_per_year, r.loss_valid_to, -1.0),
    };
    let base = optimum(input);
    let scale = base.abs().max(1.0);
    let what = format!("{} {}", r.id, if up { "up" } else { "down" });
    let Some(slope) = slope.map(|s| s / 1e6) else {
        let tiny = r.capacity.unwrap() * 1e-3;
        assert_eq!(moved(input, &[limit], sign * tiny), None, "{what}: no value, yet a plan");
        return false;
    };
    let room = if up { f64::INFINITY } else { r.capacity.unwrap() * 0.999 };
    let step = end.unwrap_or(1.0).min(1.0).min(room);
    if step > 1e-6 {
        let found = moved(input, &[limit], sign * step).unwrap_or_else(|| panic!("{what}"));
        let off = (found - base - slope * step).abs();
        assert!(
            off <= 2e-8 * scale,
            "{what}: {} for {step}, promised {}",
            found - base,
            slope * step
        );
    }
    if let Some(end) = end.filter(|e| *e > 1e-6 && *e < room) {
        let at = moved(input, &[limit], sign * end).unwrap_or_else(|| panic!("{what} at {end}"));
        let off = (at - base - slope * end).abs();
        assert!(off <= 1e-7 * scale, "{what} at its end {end}: {} for {}", at - base, slope * end);
        let further = 0.05 * end.max(0.1);
        // A limit with room is only promised to be worth nothing until its room is gone, racks
        // to keep their worth until another limit could be felt.
        let worth = slope.abs() > 1e-6 && !matches!(limit, Limit::BlockUnits(_));
        if let Some(beyond) = moved(input, &[limit], sign * (end + further)).filter(|_| worth) {
            let then = (beyond - at) / further;
            // Concave: each further unit is worth less, each further loss more.
            assert!(
                then < slope - 1e-9 * scale,
                "{what} beyond {end}: {then} after {slope}, no change of slope"
            );
        }
    }
    slope.abs() > 1e-6
}

fn assert_values(name: &str, input: &PlanInput) -> usize {
    let plan = solve(input).plan;
    assert_eq!(plan.status, Status::Optimal, "{name}");
    let limits = Limit::all(input);
    assert_eq!(limits.len(), plan.limits.len(), "{name}");
    let mut worth = 0;
    for (limit, result) in limits.into_iter().zip(&plan.limits) {
        if matches!(limit, Limit::Pairing(_)) {
            continue;
        }
        worth += usize::from(assert_side(input, limit, result, true));
        worth += usize::from(assert_side(input, limit, result, false));
    }
    worth
}

fn contracts(mut input: PlanInput) -> PlanInput {
    input.tiers.iter_mut().for_each(|t| t.posted = false);
    input
}

#[test]
fn gains_and_losses_of_small_layouts_are_those_of_solving_again() {
    let small = |name: &str| load(&root().join(format!("tests/data/layouts/{name}.ron")));
    for name in ["one-block", "tiny-built"] {
        let worth = assert_values(name, &contracts(input_of(&small(name))));
        assert!(worth >= 2, "{name}: {worth} values");
    }
    let worth = assert_values("pilot-20mw", &contracts(input_of(&layout("pilot-20mw"))));
    assert!(worth >= 8, "{worth} values");
}

#[test]
fn gains_and_losses_under_posted_prices_hold_while_the_prices_do() {
    // Far enough from the change of a price, a small step says the same.
    let input = input_of(&layout("pilot-20mw"));
    let plan = solve(&input).plan;
    let base = plan.objective_usd_per_year.unwrap() / 1e6;
    let mut seen = 0;
    for (limit, r) in Limit::all(&input).into_iter().zip(&plan.limits) {
        let (Some(gain), Some(loss)) = (r.gain_usd_per_year, r.loss_usd_per_year) else { continue };
        let step = 1e-4 * r.capacity.unwrap().max(1e-3);
        for (slope, end, sign) in [(gain, r.gain_valid_to, 1.0), (loss, r.loss_valid_to, -1.0)] {
            if end.is_some_and(|end| end < step) || slope == 0.0 {
                continue;
            }
            let found = moved(&input, &[limit], sign * step).unwrap() - base;
            close(found + 1.0, slope / 1e6 * step + 1.0, 1e-6, &r.id);
            seen += 1;
        }
    }
    assert!(seen >= 6, "{seen} values");
}

#[test]
fn limits_in_series_are_worth_something_only_together() {
    let mut input = one_hour();
    input.racks = vec![rack("r")];
    input.points = vec![point("p", 0, 1.0, 1.0)];
    input.nodes = vec![node("sub", 10.0), node("wide", 40.0)];
    input.site.grid_contract_mw = 10.0;
    let mut racks = block("racks", &[0], Holding::Installed(14.0));
    racks.node_per_it = vec![(0, 1.0), (1, 1.0)];
    input.blocks = vec![racks];
    input.tiers = vec![tier("t", false, &[(3.0, f64::INFINITY)], &[0])];
    let plan = solve(&input).plan;
    for limit in plan.limits.iter().filter(|l| l.binding) {
        assert_eq!(limit.gain_usd_per_year, Some(0.0), "{}", limit.id);
        close(limit.loss_usd_per_year.unwrap() / 1e6, -3.0 * PER_DOLLAR, 1e-9, &limit.id);
    }
    assert_eq!(plan.joint_gains.len(), 1, "{:?}", plan.joint_gains);
    let joint = &plan.joint_gains[0];
    assert_eq!(joint.limits, ["site.grid_contract_mw", "nodes.sub.capacity_mw"]);
    let both = [Limit::GridContract, Limit::Node(0)];
    let brute = moved(&input, &both, 1.0).unwrap() - optimum(&input);
    close(joint.gain_usd_per_year / 1e6, brute, 1e-9, "both by one MW");
    close(joint.valid_to.unwrap(), 4.0, 1e-9, "until all racks run");
    close(moved(&input, &both, 5.0).unwrap(), optimum(&input) + 4.0 * brute, 1e-9, "beyond");
}

#[test]
fn a_contract_and_a_substation_of_a_layout_in_series_have_the_gain_of_raising_both() {
    // The feed's rows and the substation's are the same here: all power passes both.
    let site = one_block_with(&[
        ("grid_contract_mw: 30", "grid_contract_mw: 1.8"),
        ("capacity_mw: 33", "capacity_mw: 1.8"),
    ]);
    let input = input_of(&site);
    let plan = solve(&input).plan;
    let joint = plan.joint_gains.iter().find(|j| {
        j.limits.contains(&"site.grid_contract_mw".to_owned())
            && j.limits.contains(&"nodes.sub.capacity_mw".to_owned())
    });
    let joint = joint.unwrap_or_else(|| panic!("{:?}", plan.joint_gains));
    let at = |id: &str| {
        let limits = Limit::all(&input);
        limits.into_iter().find(|l| l.describe(&input).id == id).unwrap()
    };
    let set: Vec<Limit> = joint.limits.iter().map(|id| at(id)).collect();
    let step = joint.valid_to.unwrap().min(0.1);
    let brute = (moved(&input, &set, step).unwrap() - optimum(&input)) / step;
    close(joint.gain_usd_per_year / 1e6, brute, 1e-7, "per MW of both");
    for limit in set {
        let alone = moved(&input, &[limit], step).unwrap();
        close(alone, optimum(&input), 1e-9, "one alone");
    }
}

#[test]
fn three_limits_in_a_chain_are_raised_together() {
    let mut input = one_hour();
    input.racks = vec![rack("r")];
    input.points = vec![point("p", 0, 1.0, 1.0)];
    input.nodes = vec![node("a", 10.0), node("b", 10.0), node("c", 10.0)];
    let mut racks = block("racks", &[0], Holding::Installed(14.0));
    racks.node_per_it = vec![(0, 1.0), (1, 1.0), (2, 1.0)];
    input.blocks = vec![racks];
    input.tiers = vec![tier("t", false, &[(3.0, f64::INFINITY)], &[0])];
    let plan = solve(&input).plan;
    assert_eq!(plan.joint_gains.len(), 1);
    assert_eq!(plan.joint_gains[0].limits.len(), 3);
    close(plan.joint_gains[0].gain_usd_per_year / 1e6, 3.0 * PER_DOLLAR, 1e-9, "all three");
}

#[test]
fn two_chains_have_two_joint_gains() {
    // Racks A behind a1-a2, racks B behind b1-b2; both chains are full.
    let mut input = one_hour();
    input.racks = vec![rack("r")];
    input.points = vec![point("p", 0, 1.0, 1.0)];
    input.nodes = vec![node("a1", 4.0), node("a2", 4.0), node("b1", 6.0), node("b2", 6.0)];
    let mut a = block("a", &[0], Holding::Installed(9.0));
    a.node_per_it = vec![(0, 1.0), (1, 1.0)];
    let mut b = block("b", &[0], Holding::Installed(9.0));
    b.node_per_it = vec![(2, 1.0), (3, 1.0)];
    input.blocks = vec![a, b];
    input.tiers = vec![tier("t", false, &[(3.0, f64::INFINITY)], &[0])];
    let plan = solve(&input).plan;
    let sets: Vec<Vec<&str>> = plan
        .joint_gains
        .iter()
        .map(|j| j.limits.iter().map(|l| l.split('.').nth(1).unwrap()).collect())
        .collect();
    assert_eq!(sets, [["a1", "a2"], ["b1", "b2"]]);
    for joint in &plan.joint_gains {
        close(joint.gain_usd_per_year / 1e6, 3.0 * PER_DOLLAR, 1e-9, "each chain");
    }
}

#[test]
fn the_what_if_of_a_layout_is_a_full_solve_with_the_limit_moved() {
    let site = layout("pilot-20mw");
    let options = SolveOptions {
        whatif: vec![("site.grid_contract_mw".into(), -6.0)],
        ..SolveOptions::default()
    };
    let outcome = gigasite::study::run(&site, &embedded(), &options);
    let own = with_losses_of(&outcome, &SolveOptions::default());
    let found = outcome.whatif.unwrap();
    let mut input = prepare(&site, &embedded(), &own, &mut Estimator::default()).input;
    let base = optimum(&input);
    input.site.grid_contract_mw -= 6.0;
    let expected = optimum(&input);
    assert!(expected < base, "{expected} after {base}");
    close(found.objective_usd_per_year.unwrap() / 1e6, expected, 1e-9, "objective");
    close(found.gain_usd_per_year.unwrap() / 1e6, expected - base, 1e-6, "gain");
}
