//! The search over prices where a node ends without an answer.

use super::*;
use crate::plan::backend::Solver;
use crate::plan::build::build;
use crate::plan::input::{
    BlockIn, Holding, HourIn, PeriodIn, PointIn, Product, RackIn, SiteIn, StepIn, TierIn,
};

/// Racks that make 1.5 units, and a tier that takes 1 at a price of 10, 2 at 6, 3.5 at 3.
pub fn input() -> PlanInput {
    let step = |&(price, volume): &(f64, f64)| StepIn {
        musd_per_year: price,
        output_musd_per_year: price,
        volume,
    };
    PlanInput {
        periods: vec![PeriodIn { id: "year".into(), weight: 1.0 }],
        hours: vec![HourIn {
            id: "year".into(),
            period: 0,
            weight_h: 8760.0,
            day: "day".into(),
            clock_h: 12.0,
            energy_musd_per_mwh: 0.0,
        }],
        racks: vec![RackIn {
            id: "rack".into(),
            name: "Rack".into(),
            racks_per_unit: Some(1.0),
            spares_frac: 0.0,
            sell_frac: 1.0,
            idle_mw: 0.0,
            annual_musd: None,
            price_musd: None,
            mass_kg: 0.0,
            positions: 1.0,
            domain_units: 1.0,
            pairs_with: None,
            max_site_share: None,
        }],
        points: vec![PointIn {
            id: "point".into(),
            rack: 0,
            product: Product::Tokens,
            it_mw: 1.0,
            drawn_mw: 1.0,
            output: 1.0,
            prefill: 0.0,
            liquid_mw: 0.0,
            air_mw: 0.0,
            flow_lpm: 0.0,
        }],
        tiers: vec![TierIn {
            id: "tier".into(),
            name: "Tier".into(),
            product: Product::Tokens,
            firm: false,
            posted: true,
            steps: [(10.0, 1.0), (6.0, 1.0), (3.0, 1.5)].iter().map(step).collect(),
            commitment: None,
            shape: vec![1.0],
            deadline_h: None,
            variable_musd_per_year: 0.0,
            input_per_output: None,
            cached_per_output: None,
            points: vec![0],
            share: None,
        }],
        blocks: vec![BlockIn {
            id: "block".into(),
            name: "Block".into(),
            racks: vec![0],
            holding: Holding::Installed(1.5),
            hall: None,
            cooling: None,
            grid_per_it: 1.0,
            node_per_it: Vec::new(),
        }],
        site: SiteIn {
            grid_contract_mw: f64::INFINITY,
            billable_frac: 1.0,
            capex_budget_musd: f64::INFINITY,
            ..SiteIn::default()
        },
        ..PlanInput::default()
    }
}

/// Searches with every node from the `stop`-th on ended by a limit, as a cancel would, with
/// the vectors of what it had; returns what the search says and the nodes that it opened.
fn searched(stop: usize) -> (LpSolution, Option<Range>, usize) {
    let input = input();
    let mut built = build(&input);
    let mut nodes = 0;
    let solve = |model: &LinearModel, _: Node<'_>| {
        nodes += 1;
        let mut solution = solve_once(model, Solver::Live)?;
        if nodes >= stop {
            solution.status = Some(LpStatus::Limit);
        }
        Ok(solution)
    };
    let (solution, range) =
        search(&input, &mut built, (&[0], &vec![(0, 2)]), (false, &mut None), solve).unwrap();
    (solution, range, nodes)
}

#[test]
fn a_gap_that_was_smaller_before_costs_nodes_and_no_plan() {
    let found = |mut gap: Option<f64>| {
        let input = input();
        let mut built = build(&input);
        let mut nodes = 0;
        let solve = |model: &LinearModel, _: Node<'_>| {
            nodes += 1;
            solve_once(model, Solver::Live)
        };
        let whole = (&[0][..], &vec![(0, 2)]);
        let (solution, range) =
            search(&input, &mut built, whole, (false, &mut gap), solve).unwrap();
        (range, solution.objective, gap, nodes)
    };
    let (range, objective, gap, nodes) = found(None);
    let known = gap.unwrap();
    assert!(known > 2.0 * GAP_FRAC, "{known}");
    assert_eq!(found(gap), (range.clone(), objective, gap, nodes));
    // Both sides lie below the floor, and are searched once more without one.
    assert_eq!(found(Some(0.0)), (range, objective, gap, nodes + 2));
}

#[test]
fn a_search_that_ends_early_has_no_plan_however_good_the_best_so_far() {
    // The two lower prices are searched first and give 9; the dearest gives 10.
    let (solution, range, nodes) = searched(usize::MAX);
    assert_eq!((solution.status, range), (Some(LpStatus::Optimal), Some(vec![(0, 0)])));
    assert!((solution.objective - 10.0).abs() < 1e-6, "{}", solution.objective);
    assert_eq!(nodes, 3, "the root posts two prices, and each side is one node");
    for stop in 1..=3 {
        let (solution, range, nodes) = searched(stop);
        assert_eq!((solution.status, range), (Some(LpStatus::Limit), None), "node {stop}");
        assert!(solution.x.is_empty(), "node {stop}");
        assert_eq!(nodes, stop, "the search goes on behind a limit");
    }
}
