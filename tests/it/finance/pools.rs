//! Pools of power: racks that are paid for are racks that run.

use crate::support::{answer, close, embedded, layout, parse};
use gigasite::site::Site;
use gigasite::study::SolveOptions;
use gigasite::study::finance::{SiteFinance, plans, value};
use std::sync::Arc;

/// Mean tokens/s that each tier asks for; by day one asks half as much again and the other half.
const VOLUME: f64 = 4e6;

/// Two pools, each with a tier of its own; they are full at different hours.
fn by_turns() -> Site {
    let tier = |id: &str, rack: &str, (day, night): (f64, f64)| {
        format!(
            r#"(
                id: "{id}", name: "{id}", model: "deepseek-r1", context_tokens: 9216,
                min_tok_s_user: 50, isl_tokens: 8192, osl_tokens: 1024, racks: ["{rack}"],
                shape: {{"day": {day}, "night": {night}}},
                demand: [(price_usd_per_mtok: 3, volume_tok_s: {VOLUME})],
            )"#
        )
    };
    parse(&format!(
        r#"(
            version: 1,
            site: (
                name: "By turns",
                infrastructure: Reference(pue: 1, path_efficiency: 1, tariff: Some("us-9c1")),
                grid_contract_mw: 100,
            ),
            policy: (objective: Dispatch, curves: ["inferencex-gb300", "coreweave-vr"]),
            hours: [
                (id: "day", name: "Day", weight_h: 4380, day: "year", clock_h: 12),
                (id: "night", name: "Night", weight_h: 4380, day: "year", clock_h: 0),
            ],
            tiers: [{}, {}],
            blocks: [
                (id: "old", name: "Old", rack: "gb300-nvl72", mw: 50),
                (id: "new", name: "New", rack: "vr-nvl72", mw: "unlimited"),
            ],
        )"#,
        tier("a", "gb300-nvl72", (1.5, 0.5)),
        tier("b", "vr-nvl72", (0.5, 1.5)),
    ))
}

/// MW of all-in power that makes half as much again as the volume on a curve's best point.
fn fullest_mw(curve: &str) -> f64 {
    let catalog = embedded();
    let fast = catalog.curves[curve].points.iter().filter(|p| p.tok_s_user >= 50.0);
    1.5 * VOLUME / fast.filter_map(|p| p.tok_s_per_mw).fold(0.0, f64::max)
}

fn racks_paid(found: &SiteFinance, rack: &str) -> f64 {
    let path = format!("racks.{rack}.price_usd");
    let of = found.take_off.iter().filter(|i| i.price.as_ref().is_some_and(|p| p.path == path));
    of.map(|i| i.quantity).sum()
}

#[test]
fn a_pool_has_the_racks_of_its_own_fullest_hour() {
    let (site, catalog) = (by_turns(), embedded());
    let outcome = answer(site.clone(), &[], &SolveOptions::default());
    let found = value(&site, &outcome, &catalog).unwrap();
    let mut all = 0.0;
    for (block, rack, curve) in
        [("old", "gb300-nvl72", "inferencex-gb300"), ("new", "vr-nvl72", "coreweave-vr")]
    {
        let mw = fullest_mw(curve);
        let pool = outcome.plan.pools.iter().find(|p| p.block == block).unwrap();
        close(pool.mw, mw, 1e-9, "MW that stand");
        let racks = mw * 1e3 / catalog.racks[rack].all_in_kw.get().unwrap();
        close(pool.racks.unwrap(), racks, 1e-9, "racks that stand");
        close(racks_paid(&found, rack), racks, 1e-9, "racks that are paid for");
        all += racks;
    }
    close(outcome.headline.racks_installed.unwrap(), all, 1e-9, "racks of the headline");
}

#[test]
fn no_year_runs_racks_in_a_pool_that_nobody_paid_for() {
    for mut site in [by_turns(), layout("region-pair-us")] {
        Arc::make_mut(&mut site.terms).finance.demand_growth_frac = Some(0.3);
        let outcome = answer(site.clone(), &[], &SolveOptions::default());
        let today = &outcome.plan;
        let years = plans(&site, &outcome, &embedded()).unwrap();
        assert!(years.all().len() > 1, "demand moves the plan");
        for year in years.all() {
            for (pool, first) in year.plan.pools.iter().zip(&today.pools) {
                assert_eq!(pool.block, first.block);
                assert!(pool.mw <= first.mw * (1.0 + 1e-8), "{pool:?} {first:?}");
            }
        }
        // What stands still serves what today asks.
        let tokens = years.all().last().unwrap().plan.tokens_per_s.output;
        assert!(tokens >= today.tokens_per_s.output * (1.0 - 1e-8), "{tokens}");
    }
}
