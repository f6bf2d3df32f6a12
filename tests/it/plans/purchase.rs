//! Buying racks: the break-even price, whole racks and whole domains.

use super::{grid_per_it, one_block_with, rubin};
use crate::support::{
    PER_DOLLAR, block, changed, close, hall, one_hour, optimum, parse, point, rack, solve, tier,
};
use gigasite::plan::input::{Holding, SupplyIn};
use gigasite::plan::result::{Plan, Status};
use gigasite::site::{Objective, Site};
use gigasite::study::{SolveOptions, run};

fn planned(max: u32) -> Site {
    let holding = format!(r#"planned: (racks: ["vr-nvl72"], max: {max})"#);
    one_block_with(&[(r#"rack: "vr-nvl72", count: 10"#, &holding)])
}

fn bought(plan: &Plan) -> f64 {
    plan.bought.iter().map(|b| b.racks).sum()
}

fn invested(site: &Site, changes: &[(&str, &str)], integer: bool) -> Plan {
    let (site, catalog) = changed(site.clone(), changes);
    let options =
        SolveOptions { objective: Some(Objective::Invest), integer, ..SolveOptions::default() };
    let outcome = run(&site, &catalog, &options);
    assert_eq!(outcome.plan.status, Status::Optimal, "{:?}", outcome.diagnostics);
    outcome.plan
}

/// Recovery of capital at 10 % over 5 and over 15 years, from tables.
const CRF_5: f64 = 0.263_797_480_795;
const CRF_15: f64 = 0.131_473_776_887;

#[test]
fn racks_are_bought_below_the_break_even_price_and_not_above() {
    let site = planned(20);
    let price = 0.9;
    // What one bought rack earns and costs a year, in M$: 0.98 of it runs, 0.02 idles.
    let revenue = rubin::LIVE * rubin::HIGH_TOK_S / 1e6 * rubin::SELLS * price * PER_DOLLAR;
    let drawn = rubin::LIVE * rubin::DRAWN_MW + 0.02 * rubin::IDLE_MW;
    let mwh = drawn * (2190.0 * grid_per_it(35.0) + 6570.0 * grid_per_it(12.0));
    let energy = mwh * 91.0 / 1e6;
    // Site capacity for its power in the worst hour, with the opex that grows with it.
    let capacity = rubin::IT_MW * grid_per_it(35.0) * (14.8 * CRF_15 + 0.3);
    let most_musd = (revenue - energy - capacity) / CRF_5;
    let break_even = most_musd * 1e6 - rubin::SUPPORT_USD;
    assert!((1e6..2e7).contains(&break_even), "{break_even}");

    let at = |usd: f64| {
        let changes = [
            ("tiers.high.price_usd_per_mtok", price.to_string()),
            ("racks.vr-nvl72.price_usd", usd.to_string()),
        ];
        let changes: Vec<_> = changes.iter().map(|(p, v)| (*p, v.as_str())).collect();
        invested(&site, &changes, false)
    };
    let above = at(break_even * 1.0001);
    assert_eq!((bought(&above), above.revenue_usd_per_year), (0.0, 0.0));
    let below = at(break_even * 0.9999);
    close(bought(&below), 20.0, 1e-9, "racks below the break-even price");
    let margin = 1e-4 * break_even * CRF_5 * 20.0;
    close(below.objective_usd_per_year.unwrap(), margin, 1e-3, "what is left of the margin");
    let annual = (most_musd - 1e-4 * break_even / 1e6) * CRF_5 + capacity;
    close(below.annual_capital_usd_per_year, 20.0 * annual * 1e6, 1e-7, "annual capital");
}

#[test]
fn dispatch_buys_whatever_the_price() {
    let (site, catalog) = changed(planned(20), &[("racks.vr-nvl72.price_usd", "9e9")]);
    let plan = run(&site, &catalog, &SolveOptions::default()).plan;
    close(bought(&plan), 20.0, 1e-9, "racks");
    assert_eq!(plan.annual_capital_usd_per_year, 0.0);
}

#[test]
fn an_unknown_price_stops_a_plan_that_invests() {
    let (site, catalog) = changed(planned(20), &[("racks.vr-nvl72.price_usd", "unknown")]);
    let options = SolveOptions { objective: Some(Objective::Invest), ..Default::default() };
    let outcome = run(&site, &catalog, &options);
    assert_ne!(outcome.plan.status, Status::Optimal);
    let named = outcome.diagnostics.iter().any(|d| d.path == "racks.vr-nvl72.price_usd");
    assert!(named, "{:?}", outcome.diagnostics);
}

#[test]
fn budget_and_supply_limit_what_is_bought() {
    let each = 7.8e6 + rubin::SUPPORT_USD;
    let budget = (each * 6.5).to_string();
    let changes = [("finance.capex_budget_usd", budget.as_str())];
    let plan = invested(&planned(20), &changes, false);
    close(bought(&plan), 6.5, 1e-9, "what the budget pays");
    let whole = invested(&planned(20), &changes, true);
    close(bought(&whole), 6.0, 1e-9, "whole racks that the budget pays");

    let mut input = one_hour();
    input.racks = vec![rack("r")];
    input.points = vec![point("p", 0, 1.0, 1.0)];
    let holding = Holding::Planned { min: 0.0, max: 20.0 };
    input.blocks = vec![block("a", &[0], holding), block("b", &[0], holding)];
    input.supply = vec![SupplyIn { rack: 0, max_units: 7.0 }];
    input.tiers = vec![tier("t", false, &[(2.0, f64::INFINITY)], &[0])];
    close(optimum(&input), 14.0 * PER_DOLLAR, 1e-9, "supply over two blocks");
    let plan = solve(&input).plan;
    let supply = plan.limits.iter().find(|l| l.kind == "supply").unwrap();
    close(supply.gain_usd_per_year.unwrap() / 1e6, 2.0 * PER_DOLLAR, 1e-6, "one more rack");
}

#[test]
fn a_least_number_of_racks_is_bought_even_at_a_loss() {
    let text = [("planned: (racks: [\"vr-nvl72\"]", "planned: (racks: [\"vr-nvl72\"], min: 3")];
    let holding = r#"planned: (racks: ["vr-nvl72"], max: 20)"#;
    let site = one_block_with(&[(r#"rack: "vr-nvl72", count: 10"#, holding), text[0]]);
    let plan = invested(&site, &[("tiers.high.price_usd_per_mtok", "0.001")], false);
    close(bought(&plan), 3.0, 1e-9, "the least number");
    assert!(plan.objective_usd_per_year.unwrap() < 0.0);
}

#[test]
fn integer_plans_buy_whole_racks_with_an_honest_bound() {
    // A rack takes 1.3 of 10 positions: 7.69 racks, 7 whole ones.
    let mut input = one_hour();
    input.racks = vec![rack("r")];
    input.racks[0].positions = 1.3;
    input.racks[0].annual_musd = Some(0.5);
    input.policy.invest = true;
    input.points = vec![point("p", 0, 0.13, 1.0)];
    input.halls = vec![hall("h", 10.0)];
    input.blocks = vec![block("b", &[0], Holding::Planned { min: 0.0, max: 20.0 })];
    input.blocks[0].hall = Some(0);
    input.tiers = vec![tier("t", false, &[(2.0, f64::INFINITY)], &[0])];
    let each = 2.0 * PER_DOLLAR - 0.5;
    close(optimum(&input), 10.0 / 1.3 * each, 1e-9, "parts of racks");
    input.policy.integer = true;
    let plan = solve(&input).plan;
    close(bought(&plan), 7.0, 1e-9, "whole racks");
    let objective = plan.objective_usd_per_year.unwrap();
    close(objective / 1e6, 7.0 * each, 1e-9, "objective");
    let bound = plan.bound_usd_per_year.unwrap();
    assert!(bound >= objective * (1.0 - 1e-9), "{bound} below {objective}");
    let gap = plan.mip_gap.unwrap();
    assert!((0.0..=1e-4).contains(&gap), "{gap}");
    close((bound - objective) / objective + 1.0, gap + 1.0, 1e-9, "the gap is that of the bound");
}

#[test]
fn integer_plans_run_whole_racks_within_the_power() {
    // 1 MW at 0.13 a rack: 7.69 racks, 7 whole ones; an eighth would run in part.
    let mut input = one_hour();
    input.racks = vec![rack("r")];
    input.racks[0].annual_musd = Some(0.5);
    input.policy.invest = true;
    input.points = vec![point("p", 0, 0.13, 1.0)];
    input.site.grid_contract_mw = 1.0;
    input.blocks = vec![block("b", &[0], Holding::Planned { min: 0.0, max: 20.0 })];
    input.tiers = vec![tier("t", false, &[(2.0, f64::INFINITY)], &[0])];
    input.policy.integer = true;
    let plan = solve(&input).plan;
    close(bought(&plan), 7.0, 1e-9, "whole racks");
    close(plan.grid_mw, 0.91, 1e-9, "their power");
}

#[test]
fn integer_plans_of_layouts_are_whole_and_no_better_than_the_relaxation() {
    let (site, catalog) = changed(crate::support::layout("pilot-20mw"), &[]);
    let relaxed = run(&site, &catalog, &SolveOptions::default()).plan;
    let options = SolveOptions { integer: true, ..SolveOptions::default() };
    let whole = run(&site, &catalog, &options).plan;
    assert_eq!(whole.status, Status::Optimal);
    for row in &whole.bought {
        assert!((row.racks - row.racks.round()).abs() < 1e-6, "{row:?}");
    }
    let (objective, upper) =
        (whole.objective_usd_per_year.unwrap(), relaxed.objective_usd_per_year.unwrap());
    assert!(objective <= upper * (1.0 + 1e-9), "{objective} above {upper}");
    assert!(whole.bound_usd_per_year.unwrap() >= objective * (1.0 - 1e-9));
    assert!(objective >= 0.9 * upper, "{objective} far below {upper}");
}

#[test]
fn a_domain_of_eight_racks_is_bought_whole() {
    // NVLink over 576 GPUs spans eight racks of 72.
    let domain = [("racks.vr-nvl72.scale_up_gpus", "576")];
    let plan = invested(&planned(30), &domain, true);
    close(bought(&plan), 24.0, 1e-9, "three domains fit where 30 racks would");
    let plan = invested(&planned(30), &domain, false);
    close(bought(&plan), 30.0, 1e-9, "without whole domains");
    let plan = invested(&planned(7), &domain, true);
    assert_eq!(bought(&plan), 0.0, "no domain fits");
}

#[test]
fn posted_prices_and_whole_racks_are_chosen_together() {
    // 7 racks at most: at 10 dollars 1 is sold, at 6 two, at 3 all seven.
    let text = r#"(
        version: 1,
        site: (
            name: "Both", infrastructure: Reference(pue: 1, path_efficiency: 1, tariff: None),
            grid_contract_mw: 1.6,
        ),
        policy: (objective: Dispatch, curves: ["keynote-rubin"]),
        hours: [(id: "year", name: "Year", weight_h: 8760, day: "year", clock_h: 12)],
        tiers: [(
            id: "high", name: "High", model: "gpt-moe-2t", context_tokens: 131072,
            min_tok_s_user: 200, rule: PostedPrice,
            demand: [
                (price_usd_per_mtok: 10, volume_tok_s: 0.3e6),
                (price_usd_per_mtok: 6, volume_tok_s: 0.3e6),
                (price_usd_per_mtok: 3, volume_tok_s: 6e6),
            ],
        )],
        blocks: [(id: "racks", name: "Racks", planned: (racks: ["vr-nvl72"], max: 20))],
    )"#;
    let facts = [("racks.vr-nvl72.spares_frac", "0")];
    let (site, catalog) = changed(parse(text), &facts);
    let options = SolveOptions { integer: true, ..SolveOptions::default() };
    let plan = run(&site, &catalog, &options).plan;
    let racks = (1.6 / rubin::IT_MW).floor();
    assert_eq!(racks, 7.0);
    let made = racks * rubin::HIGH_TOK_S / 1e6 * rubin::SELLS;
    let best = [10.0 * 0.3, 6.0 * 0.6, 3.0 * made].into_iter().fold(0.0, f64::max);
    close(plan.revenue_usd_per_year / 1e6, best * PER_DOLLAR, 1e-6, "revenue");
}
