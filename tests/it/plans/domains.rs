//! Nested power domains of a cluster, as a power-management service divides them: 144 nodes in 8
//! racks, four PDUs, a switchboard and a utility limit, nodes at 5.6, 3.2 or 1.6 kW. Limits and
//! policies are those of the public sample topology of NVIDIA's DPS documentation (2026).

use crate::support::{close, root};
use gigasite::plan::result::Status;
use gigasite::plan::{How, PlanInput, PlanSolver};

const HIGH: usize = 0;
const MEDIUM: usize = 1;
/// Worth of a node: more per kW at Medium than at High, so that power is dealt out to all first.
const AT_HIGH: f64 = 1.4;
const AT_MEDIUM: f64 = 1.0;

fn sample() -> PlanInput {
    let path = root().join("tests/data/plan/power-domains.json");
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// Nodes on each policy.
fn on(input: &PlanInput, point: usize) -> f64 {
    let solved = PlanSolver::new().unwrap().solve(input, How::default()).unwrap();
    assert_eq!(solved.plan.status, Status::Optimal);
    solved.dispatch.runs.iter().filter(|r| r.point == point).map(|r| r.units).sum()
}

#[test]
fn all_nodes_on_high_are_above_the_utility_limit() {
    let mut input = sample();
    input.tiers[0].points = vec![HIGH];
    input.tiers[0].commitment = Some((144.0 * AT_HIGH, None));
    let solved = PlanSolver::new().unwrap().solve(&input, How::default()).unwrap();
    assert_eq!(solved.plan.status, Status::Infeasible);
    let power: Vec<_> = solved
        .plan
        .conflicts
        .iter()
        .filter(|c| c.unit == "MW")
        .map(|c| c.element.as_str())
        .collect();
    assert_eq!(power, ["utility"], "of the domains the utility alone conflicts");
    let short = solved.plan.conflicts.iter().find(|c| c.element == "utility").unwrap();
    close(short.amount.unwrap(), 0.8064 - 0.75, 1e-6, "MW that all on High need more");
}

#[test]
fn with_all_at_least_on_medium_120_nodes_run_on_high() {
    let mut input = sample();
    // 750 kW less 144 at 3.2 kW, over the 2.4 kW that High takes more.
    close(on(&input, HIGH), (750.0 - 144.0 * 3.2) / 2.4, 1e-7, "nodes on High, relaxed");
    close(on(&input, MEDIUM), 144.0 - 120.5, 1e-7, "the rest is on Medium");
    input.policy.integer = true;
    close(on(&input, HIGH), 120.0, 1e-7, "whole nodes");
}

#[test]
fn only_the_utility_limit_is_worth_anything() {
    let input = sample();
    let solved = crate::support::solve(&input);
    let mut seen = 0;
    for limit in &solved.plan.limits {
        let gain = limit.gain_usd_per_year;
        match limit.element.as_str() {
            "utility" => {
                let expected = (AT_HIGH - AT_MEDIUM) / 2.4e-3 * 1e6;
                close(gain.expect("a gain"), expected, 1e-7, "$ a year for one more MW");
            }
            "switchboard" | "pdu-1" | "pdu-2" | "pdu-3" | "pdu-4" => {
                assert!(gain.unwrap_or(0.0).abs() < 1e-6, "{}: {gain:?}", limit.element);
            }
            _ => continue,
        }
        seen += 1;
    }
    assert_eq!(seen, 6, "every power domain is among the limits");
}
