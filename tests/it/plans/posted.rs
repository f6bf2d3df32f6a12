//! Posted prices and contracts, with answers worked out by hand and by brute force.

use crate::support::{
    PER_DOLLAR, block, close, one_hour, optimum, parse, point, rack, solve, tier,
};
use gigasite::plan::PlanInput;
use gigasite::plan::input::Holding;
use gigasite::study::{SolveOptions, run};

/// One rack type that makes 1 Mtok/s per rack of 1 MW, `racks` of them.
fn site(racks: f64) -> PlanInput {
    let mut input = one_hour();
    input.racks = vec![rack("r")];
    input.points = vec![point("p", 0, 1.0, 1.0)];
    input.blocks = vec![block("b", &[0], Holding::Installed(racks))];
    input
}

const CURVE: [(f64, f64); 3] = [(10.0, 1.0), (6.0, 1.0), (3.0, 1.5)];

#[test]
fn the_middle_of_three_prices_is_posted_where_it_earns_most() {
    // 10 x 1 = 10, 6 x 2 = 12, 3 x 3.5 = 10.5.
    let mut input = site(10.0);
    input.tiers = vec![tier("t", true, &CURVE, &[0])];
    let plan = solve(&input).plan;
    close(plan.revenue_usd_per_year / 1e6, 12.0 * PER_DOLLAR, 1e-9, "revenue");
    close(plan.tiers[0].tokens_per_s, 2e6, 1e-9, "volume at the middle price");
    close(plan.tiers[0].price_usd_per_mtok.unwrap(), 6.0, 1e-9, "clearing price");
}

#[test]
fn contracts_charge_each_buyer_his_own_price() {
    let mut input = site(10.0);
    input.tiers = vec![tier("t", false, &CURVE, &[0])];
    let plan = solve(&input).plan;
    close(plan.revenue_usd_per_year / 1e6, (10.0 + 6.0 + 4.5) * PER_DOLLAR, 1e-9, "revenue");
    close(plan.tiers[0].tokens_per_s, 3.5e6, 1e-9, "all volumes");
    close(plan.tiers[0].price_usd_per_mtok.unwrap(), 20.5 / 3.5, 1e-9, "mean price");
}

#[test]
fn scarce_capacity_moves_the_posted_price_up() {
    // With room for q the price p earns p x min(q, volume at p).
    for (racks, best) in [(0.5, 5.0), (1.0, 10.0), (1.5, 10.0), (1.8, 10.8), (2.0, 12.0)] {
        let mut input = site(racks);
        input.tiers = vec![tier("t", true, &CURVE, &[0])];
        close(optimum(&input), best * PER_DOLLAR, 1e-9, &format!("{racks} racks"));
        input.tiers = vec![tier("t", false, &CURVE, &[0])];
        let contracts = 10.0 * racks.min(1.0) + 6.0 * (racks - 1.0).clamp(0.0, 1.0);
        close(optimum(&input), contracts * PER_DOLLAR, 1e-9, &format!("{racks} racks, contracts"));
    }
}

#[test]
fn a_posted_price_in_a_layout_is_the_best_of_its_prices() {
    let text = r#"(
        version: 1,
        site: (
            name: "Posted", infrastructure: Reference(pue: 1, path_efficiency: 1, tariff: None),
            grid_contract_mw: 10,
        ),
        policy: (objective: Dispatch, curves: ["keynote-rubin"]),
        hours: [(id: "year", name: "Year", weight_h: 8760, day: "year", clock_h: 12)],
        tiers: [(
            id: "high", name: "High", model: "gpt-moe-2t", context_tokens: 131072,
            min_tok_s_user: 200, rule: PostedPrice,
            demand: [
                (price_usd_per_mtok: 10, volume_tok_s: 1e6),
                (price_usd_per_mtok: 6, volume_tok_s: 1e6),
                (price_usd_per_mtok: 3, volume_tok_s: 1.5e6),
            ],
        )],
        blocks: [(id: "pool", name: "Pool", rack: "vr-nvl72", mw: 10)],
    )"#;
    let plan = run(&parse(text), &crate::support::embedded(), &SolveOptions::default()).plan;
    close(plan.revenue_usd_per_year / 1e6, 12.0 * PER_DOLLAR, 1e-9, "posted");
    close(plan.grid_mw, 2.0 / 0.7, 1e-9, "2 Mtok/s at 0.7 per MW");
    let contracts = text.replace("PostedPrice", "Contracts");
    let plan = run(&parse(&contracts), &crate::support::embedded(), &SolveOptions::default()).plan;
    close(plan.revenue_usd_per_year / 1e6, 20.5 * PER_DOLLAR, 1e-9, "contracts");
}

#[test]
fn the_search_for_prices_finds_the_best_of_all_combinations() {
    let curves = [
        [(10.0, 1.0), (6.0, 1.0), (3.0, 1.5)],
        [(8.0, 0.5), (7.0, 1.0), (2.0, 6.0)],
        [(5.0, 2.0), (4.5, 0.2), (3.5, 2.0)],
    ];
    // The tiers want different points, so that capacity is shared at different rates.
    let points = [point("a", 0, 1.0, 1.0), point("b", 0, 1.0, 1.6), point("c", 0, 1.2, 0.8)];
    for racks in [1.0, 2.5, 4.0, 5.5, 7.0, 12.0] {
        let mut input = site(racks);
        input.points = points.to_vec();
        let serve: [&[usize]; 3] = [&[0, 1], &[1, 2], &[0, 2]];
        input.tiers = (0..3).map(|t| tier(&format!("t{t}"), true, &curves[t], serve[t])).collect();
        let mut best: f64 = 0.0;
        for combination in 0..27 {
            let mut single = input.clone();
            single.tiers = (0..3)
                .map(|t| {
                    let step = combination / 3_usize.pow(t as u32) % 3;
                    let volume = curves[t][..=step].iter().map(|s| s.1).sum();
                    let only = [(curves[t][step].0, volume)];
                    tier(&format!("t{t}"), false, &only, serve[t])
                })
                .collect();
            best = best.max(optimum(&single));
        }
        close(optimum(&input), best, 1e-9, &format!("{racks} racks"));
    }
}

#[test]
fn fixed_shares_with_posted_prices_also_find_the_best_combination() {
    let curves = [[(10.0, 1.0), (6.0, 1.0), (3.0, 1.5)], [(8.0, 0.5), (7.0, 1.0), (2.0, 6.0)]];
    let mut input = site(6.0);
    input.policy.fixed_shares = true;
    let with_share = |t: usize, posted: bool, steps: &[(f64, f64)]| {
        let mut tier = tier(&format!("t{t}"), posted, steps, &[0]);
        tier.share = Some(0.5);
        tier
    };
    input.tiers = (0..2).map(|t| with_share(t, true, &curves[t])).collect();
    // Half of six racks make 3 Mtok/s for each tier.
    let best = |curve: &[(f64, f64); 3]| {
        let volume = |s: usize| curve[..=s].iter().map(|x| x.1).sum::<f64>().min(3.0);
        (0..3).map(|s| curve[s].0 * volume(s)).fold(0.0, f64::max)
    };
    let expected = (best(&curves[0]) + best(&curves[1])) * PER_DOLLAR;
    close(optimum(&input), expected, 1e-9, "fixed shares");
}
