//! What is sold as firm at the design extreme, by hand.

use super::{mechanical_frac, one_block_with, rubin};
use crate::support::{
    PER_DOLLAR, block, close, embedded, node, one_hour, optimum, point, rack, solve, tier,
};
use gigasite::plan::PlanInput;
use gigasite::plan::input::{Holding, LoopExtreme, LoopIn};
use gigasite::study::{SolveOptions, run};

/// Twenty racks of 1 MW and 1 Mtok/s on a loop, all heat in the coolant; firm tokens earn 10,
/// the rest 5.
fn on_a_loop(extreme: Option<LoopExtreme>) -> PlanInput {
    let mut input = one_hour();
    input.racks = vec![rack("r")];
    let mut at = point("p", 0, 1.0, 1.0);
    at.liquid_mw = 1.0;
    input.points = vec![at];
    input.nodes = vec![node("sub", 40.0)];
    let mut racks = block("b", &[0], Holding::Installed(20.0));
    racks.cooling = Some(0);
    racks.node_per_it = vec![(0, 1.25)];
    input.blocks = vec![racks];
    input.loops = vec![LoopIn {
        id: "loop".into(),
        name: "Loop".into(),
        heat_mw: f64::INFINITY,
        flow_lpm: f64::INFINITY,
        mech_liquid: vec![0.05],
        mech_air: vec![0.1],
        grid_per_mw: 1.0,
        node_per_mw: vec![(0, 1.0)],
        extreme,
    }];
    let mut firm = tier("firm", false, &[(10.0, f64::INFINITY)], &[0]);
    firm.firm = true;
    input.tiers = vec![firm, tier("rest", false, &[(5.0, f64::INFINITY)], &[0])];
    input
}

fn extreme(mech_liquid: f64, heat_mw: f64) -> Option<LoopExtreme> {
    Some(LoopExtreme { hour: 0, mech_liquid, mech_air: 0.0, heat_mw })
}

#[test]
fn firm_sales_stop_at_the_heat_that_is_left_with_a_cooler_out() {
    let input = on_a_loop(extreme(0.05, 12.0));
    let solved = solve(&input);
    close(optimum(&input), (12.0 * 10.0 + 8.0 * 5.0) * PER_DOLLAR, 1e-9, "optimum");
    let limit = solved.plan.limits.iter().find(|l| l.kind == "loop_extreme").expect("the limit");
    close(limit.used, 12.0, 1e-7, "heat of firm racks");
    close(limit.gain_usd_per_year.unwrap() / 1e6, 5.0 * PER_DOLLAR, 1e-6, "one more MW of it");
    assert_eq!(limit.id, "loops.loop.rejection");
    let input = on_a_loop(None);
    close(optimum(&input), 200.0 * PER_DOLLAR, 1e-9, "an unknown extreme is no limit");
}

#[test]
fn chillers_at_the_extreme_take_from_what_nodes_and_contract_have_for_firm_racks() {
    // A rack takes 1.25 MW for itself and 0.05 for its cooling, at the extreme 0.35.
    let mut input = on_a_loop(extreme(0.35, f64::INFINITY));
    input.nodes[0].capacity_mw = 20.8;
    close(optimum(&input), (13.0 * 10.0 + 3.0 * 5.0) * PER_DOLLAR, 1e-9, "16 run, 13 are firm");
    let solved = solve(&input);
    let sub = solved.plan.limits.iter().find(|l| l.id == "nodes.sub.capacity_mw").unwrap();
    close(sub.used, 20.8, 1e-7, "both hours fill the node");
    let gain = (1.0 / 1.6 * 10.0 + (1.0 / 1.3 - 1.0 / 1.6) * 5.0) * PER_DOLLAR;
    close(sub.gain_usd_per_year.unwrap() / 1e6, gain, 1e-6, "one more MW serves both");
    let mut input = on_a_loop(extreme(0.35, f64::INFINITY));
    input.blocks[0].grid_per_it = 1.25;
    input.site.grid_contract_mw = 20.8;
    close(optimum(&input), (13.0 * 10.0 + 3.0 * 5.0) * PER_DOLLAR, 1e-9, "the contract alike");
}

#[test]
fn limits_that_reach_nobody_but_firm_racks_leave_the_rest_alone() {
    let mut input = on_a_loop(extreme(0.9, 1.0));
    input.tiers[0].firm = false;
    close(optimum(&input), 200.0 * PER_DOLLAR, 1e-9, "without a firm tier");
}

/// The layout with one block: 4 coolers of 5 MW, so 15 with one out, and 10 racks of 0.2 MW.
#[test]
fn the_extreme_of_a_layout_comes_from_its_own_figure_and_its_coolers() {
    let changes = [
        ("model: \"gpt-moe-2t\", context", "redundancy: Firm, model: \"gpt-moe-2t\", context"),
        ("parcel:", "extreme_c: 44, parcel:"),
        (
            "count: 4,\n                    heat_mw: 5,",
            "count: 2,\n                    heat_mw: 1.5,",
        ),
        ("capacity_mw: 35", "capacity_mw: 35, firm_mw: 35"),
        ("capacity_mw: 33", "capacity_mw: 33, firm_mw: 33"),
        ("capacity_mw: 20", "capacity_mw: 20, firm_mw: 20"),
        ("capacity_mw: 8", "capacity_mw: 8, firm_mw: 8"),
    ];
    let outcome = run(&one_block_with(&changes), &embedded(), &SolveOptions::default());
    let plan = &outcome.plan;
    let limit = plan.limits.iter().find(|l| l.kind == "loop_extreme").expect("the limit");
    // 46 C with recirculation is far above what a dry cooler manages: chillers do it all.
    let chiller = 1.0 / 5.0;
    close(limit.capacity.unwrap(), 1.5 / (1.0 + chiller), 1e-9, "one of two coolers");
    let fan = 0.010 + 0.016 * (1.0 + chiller) + chiller;
    close(mechanical_frac(40.0, 46.0), fan, 1e-12, "the reference definition says so too");
    let hot = plan.hours.iter().find(|h| h.id == "hot").expect("the hour");
    assert!(limit.used <= limit.capacity.unwrap() + 1e-9 && hot.it_mw > 0.0);
    let heat = rubin::CAP_MW + rubin::SUPPORT_MW;
    assert!(limit.used / heat < 10.0 * rubin::LIVE, "fewer racks than there are");
}
