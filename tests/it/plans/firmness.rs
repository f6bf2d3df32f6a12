//! Firm and deferrable tiers, load shapes and reserved capacity, by hand.

use super::{one_block_with, rubin};
use crate::support::{
    PER_DOLLAR, block, close, embedded, hour, node, one_hour, optimum, point, rack, solve, tier,
};
use gigasite::plan::PlanInput;
use gigasite::plan::input::{Holding, Product};
use gigasite::plan::result::Status;
use gigasite::study::{SolveOptions, run};

/// Day and night, ten racks of 1 MW and 1 Mtok/s each.
fn day_and_night() -> PlanInput {
    let mut input = one_hour();
    input.hours = vec![hour("day", 4380.0, 14.0), hour("night", 4380.0, 2.0)];
    input.racks = vec![rack("r")];
    input.points = vec![point("p", 0, 1.0, 1.0)];
    input.blocks = vec![block("b", &[0], Holding::Installed(10.0))];
    let mut chat = tier("chat", false, &[(5.0, 6.0)], &[0]);
    chat.shape = vec![1.5, 0.5];
    let mut batch = tier("batch", false, &[(1.0, 4.0)], &[0]);
    batch.shape = vec![1.0, 1.0];
    input.tiers = vec![chat, batch];
    input
}

#[test]
fn work_that_may_wait_fills_the_valley() {
    // Chat takes 9 by day and 3 by night; 1 and 7 of 10 are left.
    let mut input = day_and_night();
    let now = optimum(&input);
    close(now, (5.0 * 6.0 + (1.0 + 4.0) / 2.0) * PER_DOLLAR, 1e-9, "without waiting");
    input.tiers[1].deadline_h = Some(6.0);
    close(optimum(&input), now, 1e-9, "a deadline that reaches no other hour");
    input.tiers[1].deadline_h = Some(12.0);
    let solved = solve(&input);
    close(optimum(&input), (5.0 * 6.0 + 4.0) * PER_DOLLAR, 1e-9, "all of the batch is served");
    let served = |h: usize| -> f64 {
        let of = solved.dispatch.sales.iter().filter(|s| s.tier == 1 && s.hour == h);
        of.map(|s| s.output).sum()
    };
    close(served(0), 1.0, 1e-7, "by day, what chat leaves");
    close(served(1), 7.0, 1e-7, "by night");
}

#[test]
fn work_waits_only_within_its_day_type() {
    let mut input = day_and_night();
    input.tiers[1].deadline_h = Some(12.0);
    input.hours[1].day = "weekend".into();
    close(optimum(&input), (30.0 + 2.5) * PER_DOLLAR, 1e-9, "no other hour of the day type");
}

#[test]
fn a_deadline_counts_from_arrival_forward_through_midnight() {
    // Three hours at 0, 8 and 16; work may wait 8 hours: 16 to 0, 0 to 8, 8 to 16, never back.
    let mut input = day_and_night();
    input.hours = vec![hour("a", 2920.0, 0.0), hour("b", 2920.0, 8.0), hour("c", 2920.0, 16.0)];
    input.tiers.remove(0);
    input.tiers[0].deadline_h = Some(8.0);
    input.tiers[0].steps[0].volume = 8.0;
    // All work arrives at 8: 24 against 10 in each hour; it may be done at 8 and at 16 only.
    input.tiers[0].shape = vec![0.0, 3.0, 0.0];
    close(optimum(&input), 20.0 / 3.0 * PER_DOLLAR, 1e-9, "served at 8 and at 16");
    input.tiers[0].deadline_h = Some(16.0);
    close(optimum(&input), 24.0 / 3.0 * PER_DOLLAR, 1e-9, "served at 8, 16 and 0");
}

#[test]
fn a_firm_tier_has_only_what_survives_an_outage() {
    let mut input = one_hour();
    input.racks = vec![rack("r")];
    input.points = vec![point("p", 0, 1.0, 1.0)];
    input.nodes = vec![node("sub", 20.0)];
    input.nodes[0].firm_mw = 8.0;
    let mut racks = block("b", &[0], Holding::Installed(30.0));
    racks.node_per_it = vec![(0, 1.25)];
    input.blocks = vec![racks];
    let mut firm = tier("firm", false, &[(10.0, f64::INFINITY)], &[0]);
    firm.firm = true;
    input.tiers = vec![firm, tier("rest", false, &[(5.0, f64::INFINITY)], &[0])];
    // 8 / 1.25 = 6.4 racks are firm, 12 / 1.25 = 9.6 take the rest.
    let solved = solve(&input);
    close(optimum(&input), (6.4 * 10.0 + 9.6 * 5.0) * PER_DOLLAR, 1e-9, "optimum");
    close(solved.plan.firm_mw, 6.4, 1e-7, "firm power");
    let limit = |id: &str| solved.plan.limits.iter().find(|l| l.id == id).unwrap();
    let gain = limit("nodes.sub.firm_mw").gain_usd_per_year.unwrap();
    close(gain / 1e6, (10.0 - 5.0) / 1.25 * PER_DOLLAR, 1e-6, "one more firm MW");
    let gain = limit("nodes.sub.capacity_mw").gain_usd_per_year.unwrap();
    close(gain / 1e6, 5.0 / 1.25 * PER_DOLLAR, 1e-6, "one more MW");
}

#[test]
fn only_points_that_serve_a_firm_tier_may_run_on_firm_power() {
    let mut input = one_hour();
    input.racks = vec![rack("r")];
    input.points = vec![point("sure", 0, 1.0, 1.0), point("rest", 0, 1.0, 2.0)];
    input.nodes = vec![node("sub", 20.0)];
    input.nodes[0].firm_mw = 8.0;
    let mut racks = block("b", &[0], Holding::Installed(30.0));
    racks.node_per_it = vec![(0, 1.25)];
    input.blocks = vec![racks];
    let mut firm = tier("firm", false, &[(10.0, f64::INFINITY)], &[0]);
    firm.firm = true;
    input.tiers = vec![firm, tier("rest", false, &[(2.0, f64::INFINITY)], &[1])];
    // 6.4 racks on firm power make 1 at a price of 10, 9.6 on the rest make 2 at 2.
    let solved = solve(&input);
    let objective = solved.plan.objective_usd_per_year.unwrap() / 1e6;
    close(objective, (6.4 * 10.0 + 9.6 * 2.0 * 2.0) * PER_DOLLAR, 1e-9, "optimum");
    close(solved.plan.firm_mw, 6.4, 1e-7, "firm power");
    // Racks at `sure` on any and on firm power, racks at `rest`, two sales.
    assert_eq!(solved.size().0, 5);
    input.tiers[0].firm = false;
    assert_eq!(solve(&input).size().0, 4);
}

#[test]
fn a_commitment_with_a_penalty_is_short_where_shortage_is_cheaper() {
    let mut input = day_and_night();
    input.tiers[1].commitment = Some((4.0, Some(3.0 * PER_DOLLAR)));
    // By day 1 of 4 is served: 3 short for half of the year. Serving it would cost 5 of chat
    // and save 1 + 3.
    let solved = solve(&input);
    let expected = (30.0 + 2.5 - 3.0 * 1.5) * PER_DOLLAR;
    close(solved.plan.objective_usd_per_year.unwrap() / 1e6, expected, 1e-9, "short");
    close(solved.plan.penalty_usd_per_year / 1e6, 4.5 * PER_DOLLAR, 1e-9, "penalty");
    close(solved.plan.tiers[1].shortfall_tokens_per_s, 1.5e6, 1e-7, "shortfall");
    input.tiers[1].commitment = Some((4.0, Some(5.0 * PER_DOLLAR)));
    close(optimum(&input), (30.0 - 1.5 * 5.0 + 4.0) * PER_DOLLAR, 1e-9, "served");
    input.tiers[1].commitment = Some((4.0, None));
    close(optimum(&input), (30.0 - 1.5 * 5.0 + 4.0) * PER_DOLLAR, 1e-9, "hard");
}

#[test]
fn reserved_capacity_earns_available_gpus_times_hours_times_rent() {
    let tiers = (
        r#"id: "high", name: "High", model: "gpt-moe-2t", context_tokens: 131072,
            min_tok_s_user: 200, rule: Contracts,
            demand: [(price_usd_per_mtok: 6, volume_tok_s: "unlimited")],"#,
        r#"id: "rent", name: "Rent", kind: ReservedCapacity, rule: Contracts,
            demand: [(usd_per_gpu_h: 4.5, volume_gpus: 400), (usd_per_gpu_h: 3, volume_gpus: "unlimited")],"#,
    );
    let site = one_block_with(&[tiers]);
    let plan = run(&site, &embedded(), &SolveOptions::default()).plan;
    assert_eq!(plan.status, Status::Optimal);
    // Ten racks, the spare share off; what is rented out is available GPUs.
    let gpus = 10.0 * rubin::LIVE * rubin::GPUS * rubin::AVAILABLE;
    let expected = (400.0 * 4.5 + (gpus - 400.0) * 3.0) * 8760.0;
    close(plan.tiers[0].gpus, gpus, 1e-9, "GPUs");
    close(plan.revenue_usd_per_year, expected, 1e-9, "revenue");
    assert_eq!(plan.tokens_per_s.output, 0.0);
}

#[test]
fn a_lease_that_cannot_be_kept_costs_its_penalty_per_gpu_hour() {
    let rent = (
        r#"id: "high", name: "High", model: "gpt-moe-2t", context_tokens: 131072,
            min_tok_s_user: 200, rule: Contracts,
            demand: [(price_usd_per_mtok: 6, volume_tok_s: "unlimited")],"#,
        r#"id: "rent", name: "Rent", kind: ReservedCapacity, rule: Contracts,
            commitment: (volume: 1000, penalty_usd_per_gpu_h: 2),
            demand: [(usd_per_gpu_h: 3, volume_gpus: 1000)],"#,
    );
    let plan = run(&one_block_with(&[rent]), &embedded(), &SolveOptions::default()).plan;
    assert_eq!(plan.status, Status::Optimal);
    let gpus = 10.0 * rubin::LIVE * rubin::GPUS * rubin::AVAILABLE;
    let lease = plan.tiers.iter().find(|t| t.id == "rent").unwrap();
    close(lease.gpus, gpus, 1e-9, "all that there is is leased");
    close(lease.shortfall_gpus, 1000.0 - gpus, 1e-9, "shortfall");
    assert_eq!(lease.shortfall_tokens_per_s, 0.0);
    close(plan.penalty_usd_per_year, (1000.0 - gpus) * 2.0 * 8760.0, 1e-9, "penalty");
}

#[test]
fn reserved_capacity_and_tokens_compete_for_the_same_racks() {
    // 1 MW of rack makes 1 Mtok/s or holds 100 GPUs; rent pays until 300 GPUs are taken.
    let mut input = day_and_night();
    input.tiers.truncate(1);
    input.tiers[0].shape = vec![1.0, 1.0];
    input.tiers[0].steps[0].volume = f64::INFINITY;
    input.points.push(point("rent", 0, 1.0, 0.1));
    input.points[1].product = Product::Gpus;
    let mut rent = tier("rent", false, &[(0.0, 0.3)], &[1]);
    rent.product = Product::Gpus;
    rent.shape = vec![1.0, 1.0];
    // 200 $ per GPU-hour is 1,752 M$ a year per thousand GPUs.
    rent.steps[0].musd_per_year = 200.0 * 8760.0 * 1e3 / 1e6;
    input.tiers.push(rent);
    let expected = 0.3 * 1752.0 + 7.0 * 5.0 * PER_DOLLAR;
    close(optimum(&input), expected, 1e-9, "three racks rented, seven sell tokens");
}
