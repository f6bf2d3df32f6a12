//! Every layout that ships, against its known answer.
//!
//! The keynote layouts are held against the closed form `price x tokens/s per MW x MW x
//! 31,536,000 s`, with the chart readings written out here a second time.

use crate::support::{SECONDS_PER_YEAR, answer, close, embedded, layout, layout_path, load, root};
use gigasite::catalog::Precision;
use gigasite::diag::{Diagnostic, Severity};
use gigasite::estimate::{Backend, Choice, Constants, Effort, Space, Wish, Workload, frontiers};
use gigasite::plan::result::{LimitResult, Plan, Status, TierResult};
use gigasite::site::Allocation;
use gigasite::study::outage::with_losses_of;
use gigasite::study::{self, Outcome, SolveOptions};

const TIERS: [&str; 4] = ["free", "medium", "high", "premium"];
const PRICES: [f64; 4] = [0.0, 3.0, 6.0, 45.0];
/// Million tokens/s per MW, read off the chart.
const HOPPER: [f64; 4] = [0.15, 0.06, 0.0, 0.0];
const BLACKWELL: [f64; 4] = [0.70, 0.60, 0.15, 0.02];
const RUBIN: [f64; 4] = [1.65, 1.60, 0.70, 0.20];
const RUBIN_LPX: [f64; 4] = [1.65, 1.60, 0.70, 0.70];
const EVEN: [f64; 4] = [250.0; 4];

/// Dollars a year of each tier; a price per million times millions leaves dollars.
fn revenue(prices: [f64; 4], mtok_s_per_mw: [f64; 4], mw: [f64; 4]) -> [f64; 4] {
    std::array::from_fn(|t| prices[t] * mtok_s_per_mw[t] * mw[t] * SECONDS_PER_YEAR)
}

fn solved(name: &str, changes: &[(&str, &str)]) -> Plan {
    let outcome = answer(layout(name), changes, &SolveOptions::default());
    assert_eq!(outcome.plan.status, Status::Optimal, "{name}: {:?}", outcome.diagnostics);
    outcome.plan
}

fn optimised(name: &str) -> Outcome {
    let options = SolveOptions { allocation: Some(Allocation::Optimise), ..Default::default() };
    answer(layout(name), &[], &options)
}

fn tier<'a>(plan: &'a Plan, id: &str) -> &'a TierResult {
    plan.tiers.iter().find(|t| t.id == id).unwrap()
}

fn limit<'a>(plan: &'a Plan, id: &str) -> &'a LimitResult {
    plan.limits.iter().find(|l| l.id == id).unwrap()
}

/// Revenue, tokens and power of each tier are those of the closed form.
fn assert_closed_form(plan: &Plan, prices: [f64; 4], rates: [f64; 4], mw: [f64; 4], what: &str) {
    let expected = revenue(prices, rates, mw);
    for (t, id) in TIERS.iter().enumerate() {
        let found = tier(plan, id);
        let what = format!("{what}, {id}");
        close(found.revenue_usd_per_year, expected[t], 1e-9, &what);
        close(found.tokens_per_s, rates[t] * 1e6 * mw[t], 1e-9, &what);
        close(found.it_mw, mw[t], 1e-9, &what);
    }
    close(plan.revenue_usd_per_year, expected.iter().sum(), 1e-9, what);
    close(plan.objective_usd_per_year.unwrap(), expected.iter().sum(), 1e-9, what);
}

#[test]
fn keynote_layouts_earn_price_times_throughput_times_power() {
    let cases = [
        ("keynote-hopper-1gw", HOPPER, 1.419),
        ("keynote-blackwell-1gw", BLACKWELL, 28.382),
        ("keynote-rubin-1gw", RUBIN, 141.912),
        ("keynote-rubin-lpx-1gw", RUBIN_LPX, 319.302),
    ];
    for (name, rates, billions) in cases {
        let plan = solved(name, &[]);
        assert_closed_form(&plan, PRICES, rates, EVEN, name);
        close(plan.revenue_usd_per_year, billions * 1e9, 1e-3, name);
        close(plan.grid_mw, 1000.0, 1e-9, name);
        assert_eq!(plan.energy_cost_usd_per_year, 0.0, "{name} has no tariff");
    }
}

#[test]
fn shown_figures_are_met_within_seven_percent_and_their_ratios_within_their_bands() {
    let of = |name| solved(name, &[]).revenue_usd_per_year / 1e9;
    let blackwell = of("keynote-blackwell-1gw");
    let rubin = of("keynote-rubin-1gw");
    let lpx = of("keynote-rubin-lpx-1gw");
    for (found, shown) in [(blackwell, 30.0), (rubin, 150.0), (lpx, 300.0)] {
        assert!((found / shown - 1.0_f64).abs() < 0.07, "{found} against {shown} shown");
    }
    assert!((4.9..=5.1).contains(&(rubin / blackwell)), "{}", rubin / blackwell);
    assert!((10.0..=11.5).contains(&(lpx / blackwell)), "{}", lpx / blackwell);
}

#[test]
fn the_uncorrected_premium_reading_misses_the_shown_figure() {
    let as_read = [("curves.keynote-blackwell.points.400.tok_s_per_mw", "70000")];
    let plan = solved("keynote-blackwell-1gw", &as_read);
    let rates = [0.70, 0.60, 0.15, 0.07];
    assert_closed_form(&plan, PRICES, rates, EVEN, "Premium as read");
    close(plan.revenue_usd_per_year, 46.121e9, 1e-3, "Premium as read");
    assert!(plan.revenue_usd_per_year / 30e9 > 1.07, "the tolerance would hide the correction");
}

#[test]
fn without_shares_each_generation_sells_its_best_tier_alone() {
    for (name, best, rates, billions) in [
        ("keynote-rubin-1gw", "premium", RUBIN, 283.824),
        ("keynote-blackwell-1gw", "medium", BLACKWELL, 56.765),
    ] {
        let outcome = optimised(name);
        let plan = &outcome.plan;
        let mw = std::array::from_fn(|t| if TIERS[t] == best { 1000.0 } else { 0.0 });
        assert_closed_form(plan, PRICES, rates, mw, name);
        close(plan.revenue_usd_per_year, billions * 1e9, 1e-3, name);
        assert_eq!(plan.allocation.len(), 1, "{name}: {:?}", plan.allocation);
        let own = outcome.baseline.expect("the layout's shares are the baseline");
        let even: f64 = revenue(PRICES, rates, EVEN).iter().sum();
        close(own.revenue_usd_per_year, even, 1e-9, name);
        assert_eq!(own.name, "25/25/25/25");
    }
}

#[test]
fn a_mixed_site_gives_each_tier_to_the_generation_that_earns_more_with_it() {
    let plan = solved("keynote-mixed-1gw", &[]);
    // Rubin has 500 MW for two of the four tiers: the best pair of all six by hand.
    let best = [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)]
        .into_iter()
        .map(|(a, b)| {
            let rates =
                std::array::from_fn(|t| if t == a || t == b { RUBIN[t] } else { BLACKWELL[t] });
            revenue(PRICES, rates, EVEN).iter().sum::<f64>()
        })
        .fold(0.0, f64::max);
    close(best, 118.260e9, 1e-3, "the best pair");
    close(plan.revenue_usd_per_year, best, 1e-9, "mixed");
    for row in &plan.allocation {
        let rubin = ["high", "premium"].contains(&row.tier.as_str());
        assert_eq!(row.rack == "vr-nvl72", rubin, "{row:?}");
    }
    let half = [125.0; 4];
    let apart: f64 = revenue(PRICES, RUBIN, half).iter().sum::<f64>()
        + revenue(PRICES, BLACKWELL, half).iter().sum::<f64>();
    close(apart, 85.147e9, 1e-3, "each fleet alike");
    assert!(plan.revenue_usd_per_year > apart);
}

#[test]
fn the_rubin_site_makes_1037_million_tokens_a_second() {
    let plan = solved("keynote-rubin-1gw", &[]);
    close(plan.tokens_per_s.output, 1_037.5e6, 1e-9, "T7");
    let outcome = answer(layout("keynote-rubin-1gw"), &[], &SolveOptions::default());
    let years = 1_037.5e6 * SECONDS_PER_YEAR / 1e16;
    close(outcome.headline.world_ratio.unwrap(), years, 1e-9, "against the world volume");
}

#[test]
fn one_more_megawatt_is_worth_what_premium_earns_on_it() {
    let plan = optimised("keynote-rubin-1gw").plan;
    let contract = limit(&plan, "site.grid_contract_mw");
    let per_mw = 45.0 * 0.20 * SECONDS_PER_YEAR;
    assert!(contract.binding);
    close(contract.gain_usd_per_year.unwrap(), 283.8e6, 1e-3, "T8");
    close(contract.gain_usd_per_year.unwrap(), per_mw, 1e-6, "gain");
    close(contract.loss_usd_per_year.unwrap(), -per_mw, 1e-6, "loss");
    // Under the shares a MW is worth the mean of the tiers.
    let fixed = solved("keynote-rubin-1gw", &[]);
    let mean = revenue(PRICES, RUBIN, [0.25; 4]).iter().sum();
    let contract = limit(&fixed, "site.grid_contract_mw");
    close(contract.gain_usd_per_year.unwrap(), mean, 1e-6, "gain under shares");
}

#[test]
fn other_prices_shares_contracts_and_billing_follow_the_closed_form() {
    let prices = [
        ("tiers.medium.price_usd_per_mtok", "2.2"),
        ("tiers.high.price_usd_per_mtok", "7.5"),
        ("tiers.premium.price_usd_per_mtok", "31"),
    ];
    let plan = solved("keynote-rubin-1gw", &prices);
    assert_closed_form(&plan, [0.0, 2.2, 7.5, 31.0], RUBIN, EVEN, "other prices");

    let shares = [("policy.shares.free", "0.1"), ("policy.shares.premium", "0.4")];
    let mw = [100.0, 250.0, 250.0, 400.0];
    for (name, rates) in [("keynote-rubin-1gw", RUBIN), ("keynote-blackwell-1gw", BLACKWELL)] {
        let plan = solved(name, &shares);
        assert_closed_form(&plan, PRICES, rates, mw, "other shares");
        close(tier(&plan, "premium").share_of_it_power, 0.4, 1e-9, "share");
    }

    let plan = solved("keynote-rubin-1gw", &[("site.grid_contract_mw", "500")]);
    assert_closed_form(&plan, PRICES, RUBIN, [125.0; 4], "500 MW");

    let plan = solved("keynote-rubin-1gw", &[("site.billable_frac", "0.6")]);
    assert_closed_form(&plan, PRICES, RUBIN.map(|r| r * 0.6), EVEN, "billable 0.6");

    let faster = [("curves.keynote-rubin.points.200.tok_s_per_mw", "900000")];
    let plan = solved("keynote-rubin-1gw", &faster);
    assert_closed_form(&plan, PRICES, [1.65, 1.60, 0.90, 0.20], EVEN, "a faster point");
}

#[test]
fn power_beyond_a_tiers_demand_runs_unsold_under_fixed_shares() {
    // Medium could make 400 M tokens/s on its 250 MW; only 120 M are wanted.
    let limited = [("tiers.medium.demand.0.volume_tok_s", "120e6")];
    let plan = solved("keynote-rubin-1gw", &limited);
    let medium = tier(&plan, "medium");
    close(medium.tokens_per_s, 120e6, 1e-9, "sold");
    close(medium.unsold_tokens_per_s, 280e6, 1e-9, "made and not sold");
    close(medium.it_mw, 250.0, 1e-9, "power of the tier");
    let all: f64 = revenue(PRICES, RUBIN, EVEN).iter().sum();
    let missed = 3.0 * 280.0 * SECONDS_PER_YEAR;
    close(plan.revenue_usd_per_year, all - missed, 1e-9, "revenue");
    // Free to choose, the same demand costs nothing: the power goes to Premium.
    let options = SolveOptions { allocation: Some(Allocation::Optimise), ..Default::default() };
    let free = answer(layout("keynote-rubin-1gw"), &limited, &options).plan;
    assert_eq!(tier(&free, "premium").tokens_per_s, 200e6);
    assert_eq!(tier(&free, "medium").unsold_tokens_per_s, 0.0);
}

#[test]
fn a_limited_best_tier_leaves_the_rest_of_the_power_to_the_second_best() {
    // Premium wants 80 M tokens/s: 400 MW; the other 600 MW serve Medium, next per MW.
    let options = SolveOptions { allocation: Some(Allocation::Optimise), ..Default::default() };
    let limited = [("tiers.premium.demand.0.volume_tok_s", "80e6")];
    let plan = answer(layout("keynote-rubin-1gw"), &limited, &options).plan;
    assert_closed_form(&plan, PRICES, RUBIN, [0.0, 600.0, 0.0, 400.0], "limited Premium");
    let demand = limit(&plan, "tiers.premium.demand.0.volume_tok_s");
    // One more M tokens/s of Premium takes 5 MW from Medium.
    let worth = (45.0 - 5.0 * 1.60 * 3.0) * SECONDS_PER_YEAR;
    close(demand.gain_usd_per_year.unwrap(), worth, 1e-6, "one more M tokens/s");
    close(demand.gain_valid_to.unwrap(), 120.0, 1e-6, "until Premium has all power");
    close(demand.loss_usd_per_year.unwrap(), -worth, 1e-6, "one less M tokens/s");
}

#[test]
fn changes_of_unknown_tiers_curves_and_points_are_refused_with_near_names() {
    let mut site = layout("keynote-rubin-1gw");
    let mut catalog = embedded();
    let said = site.set("tiers.premum.price_usd_per_mtok", "4").unwrap_err().to_string();
    assert!(said.contains("premium"), "{said}");
    let said = site.set("policy.shares.hihg", "0.3").unwrap_err().to_string();
    assert!(said.contains("high"), "{said}");
    let path = "curves.keynote-rubn.points.400.tok_s_per_mw";
    let said = catalog.set(path, "4e5").unwrap_err().to_string();
    assert!(said.contains("keynote-rubin"), "{said}");
    let path = "curves.keynote-rubin.points.401.tok_s_per_mw";
    assert!(catalog.set(path, "4e5").is_err());
    assert_eq!(site, layout("keynote-rubin-1gw"));
    assert_eq!(catalog, embedded());
}

#[test]
fn an_unknown_contract_stops_the_plan_by_name() {
    let unknown = [("site.grid_contract_mw", "unknown")];
    let outcome = answer(layout("keynote-rubin-1gw"), &unknown, &SolveOptions::default());
    assert_ne!(outcome.plan.status, Status::Optimal);
    assert_eq!(outcome.plan.objective_usd_per_year, None);
    let stops = |d: &Diagnostic| d.severity == Severity::Error && d.path == unknown[0].0;
    assert!(outcome.diagnostics.iter().any(stops), "{:?}", outcome.diagnostics);
}

#[test]
fn an_unknown_reading_is_named_and_its_point_left_out_not_taken_for_zero() {
    let path = "curves.keynote-rubin.points.400.tok_s_per_mw";
    let one = [(path, "unknown")];
    let outcome = answer(layout("keynote-rubin-1gw"), &one, &SolveOptions::default());
    let named = |d: &Diagnostic| d.path == path && d.severity == Severity::Warning;
    assert!(outcome.diagnostics.iter().any(named), "{:?}", outcome.diagnostics);
    let curve = outcome.chart.iter().find(|c| c.curve == "keynote-rubin").unwrap();
    let speeds: Vec<f64> = curve.points.iter().map(|p| p.tok_s_user).collect();
    assert_eq!(speeds, [50.0, 100.0, 200.0]);

    // Without any reading nothing is left to plan with.
    let all = ["50", "100", "200", "400"]
        .map(|speed| format!("curves.keynote-rubin.points.{speed}.tok_s_per_mw"));
    let changes: Vec<_> = all.iter().map(|p| (p.as_str(), "unknown")).collect();
    let outcome = answer(layout("keynote-rubin-1gw"), &changes, &SolveOptions::default());
    assert_ne!(outcome.plan.status, Status::Optimal);
    for path in &all {
        let stops = |d: &Diagnostic| d.severity == Severity::Error && d.path == *path;
        assert!(outcome.diagnostics.iter().any(stops), "{path}: {:?}", outcome.diagnostics);
    }
}

#[test]
fn the_region_pair_earns_what_its_measured_points_make() {
    // Output 1.10; input 8,192 / 1,024 per output token, 0.7 of it uncached.
    let per_mtok = 1.10 + 8.0 * 0.7 * 0.22 + 8.0 * 0.3 * 0.022;
    let outcome = answer(layout("region-pair-us"), &[], &SolveOptions::default());
    let plan = &outcome.plan;
    assert_eq!(plan.status, Status::Optimal);
    let catalog = embedded();
    let best = |curve: &str| {
        let points = catalog.curves[curve].points.iter().filter(|p| p.tok_s_user >= 50.0);
        points.filter_map(|p| p.tok_s_per_mw).fold(0.0, f64::max)
    };
    let made = 50.0 * (best("inferencex-gb300") + best("coreweave-vr"));
    let sold = made.min(80e6);
    let tokens = &plan.tokens_per_s;
    close(tokens.output, sold, 1e-9, "output tokens");
    close(tokens.input.unwrap(), sold * 5.6, 1e-9, "uncached input tokens");
    close(tokens.cached_input.unwrap(), sold * 2.4, 1e-9, "cached input tokens");
    close(plan.revenue_usd_per_year, sold / 1e6 * per_mtok * SECONDS_PER_YEAR, 1e-9, "revenue");
    let price = tier(plan, "reasoning").price_usd_per_mtok.unwrap();
    close(price, 1.10, 1e-9, "output price");
    let usd_per_mwh = catalog.tariffs["us-9c1"].energy_usd_per_mwh.get().unwrap();
    close(plan.energy_cost_usd_per_year, plan.grid_mw * 8760.0 * usd_per_mwh, 1e-9, "energy");
}

#[test]
fn the_other_half_of_the_region_pair_stops_at_what_is_not_published() {
    let outcome = answer(layout("region-pair-china"), &[], &SolveOptions::default());
    assert_ne!(outcome.plan.status, Status::Optimal);
    assert_eq!(outcome.plan.objective_usd_per_year, None);
    let errors: Vec<_> =
        outcome.diagnostics.iter().filter(|d| d.severity == Severity::Error).collect();
    assert!(!errors.is_empty());
    for error in &errors {
        assert!(error.path.contains("cloudmatrix-384"), "{error:?}");
        assert!(!error.message.is_empty() && !error.hint.is_empty(), "{error:?}");
    }
}

/// What the layout asks, written out a second time: tier, model, input, output, cached share,
/// latest first token, least speed. The last two state a context alone, 8 parts in to 1 out.
type Asked = (&'static str, &'static str, f64, f64, f64, Option<f64>, f64);
const ESTIMATED: [Asked; 4] = [
    ("agents", "kimi-k2.5", 126_976.0, 4_096.0, 0.95, Some(8_000.0), 60.0),
    ("reasoning", "deepseek-r1", 8_192.0, 1_024.0, 0.3, None, 75.0),
    ("chat", "qwen3-235b", 29_127.0, 3_641.0, 0.0, None, 50.0),
    ("bulk", "gpt-oss-120b", 14_564.0, 1_820.0, 0.0, None, 0.0),
];

/// Tokens/s that a rack sells at the best configuration which the frontier has for a tier.
fn best_of_the_frontier(rack: &str, asked: &Asked) -> f64 {
    let catalog = embedded();
    let (_, model, isl, osl, cached_frac, ttft_limit_ms, speed) = *asked;
    let constants = Constants::newest(&catalog).unwrap();
    let wish = Wish {
        catalog: &catalog,
        model: &catalog.models[model],
        racks: vec![(&catalog.racks[rack], None)],
        precisions: vec![Precision::Fp4],
        workload: Workload { isl, osl, cached_frac },
        framework: "trtllm".into(),
        ttft_limit_ms,
        speculative: true,
        effort: Effort::Interactive,
    };
    let space = Space::new(&wish, &constants).unwrap();
    let best = Backend::open(Choice::Cpu).sweep(&space);
    let frontiers = frontiers(&space, &best, &constants);
    let per_gpu = frontiers[0].at(speed).expect("the speed is within reach").tok_s_gpu;
    let rack = &catalog.racks[rack];
    let sold = rack.availability_frac.get().unwrap() * rack.goodput.inference_frac.get().unwrap();
    per_gpu * rack.gpus.get().unwrap() * sold
}

#[test]
fn the_estimated_site_runs_each_rack_at_the_best_point_of_its_frontier() {
    let outcome = answer(layout("estimated-100mw"), &[], &SolveOptions::default());
    let plan = &outcome.plan;
    assert_eq!(plan.status, Status::Optimal, "{:?}", outcome.diagnostics);
    assert_eq!(outcome.provenance.estimator_backend, "cpu");
    assert!(outcome.operating_points.iter().all(|p| p.origin == "estimate"));
    close(plan.grid_mw, 100.0, 1e-9, "the contract binds");
    let mut racks: Vec<&str> = plan.allocation.iter().map(|r| r.rack.as_str()).collect();
    racks.sort_unstable();
    racks.dedup();
    assert_eq!(racks, ["gb300-nvl72", "vr-nvl72"], "both rack types earn");
    for asked in &ESTIMATED {
        let rows = plan.allocation.iter().filter(|r| r.tier == asked.0);
        assert!(rows.clone().count() > 0, "{} is served", asked.0);
        for row in rows {
            let made = row.racks.unwrap() * best_of_the_frontier(&row.rack, asked);
            close(row.tokens_per_s, made, 1e-6, &format!("{} on {}", asked.0, row.rack));
        }
    }
}

#[test]
fn every_shipped_layout_has_a_plan_whose_figures_add_up_or_a_reason() {
    let mut seen = 0;
    for entry in std::fs::read_dir(root().join("layouts")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let (site, catalog) = (load(&path), embedded());
        let mut study = study::Study::new().unwrap();
        let outcome = study.solve(&site, &catalog, &SolveOptions::default());
        seen += 1;
        if name == "region-pair-china" {
            assert_ne!(outcome.plan.status, Status::Optimal);
            continue;
        }
        let plan = &outcome.plan;
        assert_eq!(plan.status, Status::Optimal, "{name}: {:?}", outcome.diagnostics);
        assert_adds_up(plan, &name);
        assert!(plan.grid_mw <= site.terms.site.grid_contract_mw.unwrap() * (1.0 + 1e-6), "{name}");
    }
    assert!(seen >= 11, "{seen} layouts");
    assert!(layout_path("campus-1gw").is_file());
}

fn assert_adds_up(plan: &Plan, name: &str) {
    let money = plan.revenue_usd_per_year
        - plan.energy_cost_usd_per_year
        - plan.variable_cost_usd_per_year
        - plan.penalty_usd_per_year
        - plan.annual_capital_usd_per_year;
    close(plan.objective_usd_per_year.unwrap(), money, 1e-9, &format!("{name}, objective"));
    let rows: f64 = plan.allocation.iter().map(|r| r.revenue_usd_per_year).sum();
    close(plan.revenue_usd_per_year, rows, 1e-9, &format!("{name}, revenue of the allocation"));
    let tiers: f64 = plan.tiers.iter().map(|t| t.tokens_per_s).sum();
    close(plan.tokens_per_s.output, tiers, 1e-9, &format!("{name}, tokens of the tiers"));
    let year: f64 = plan.hours.iter().map(|h| h.weight_h).sum();
    close(year, 8760.0, 1e-9, &format!("{name}, hours of the year"));
    let hours: f64 = plan.hours.iter().map(|h| h.output_tokens_per_s * h.weight_h / year).sum();
    close(hours, tiers, 1e-9, &format!("{name}, tokens of the hours"));
    let worst = plan.hours.iter().map(|h| h.grid_mw).fold(0.0, f64::max);
    close(plan.grid_mw, worst, 1e-9, &format!("{name}, worst hour"));
    for limit in plan.limits.iter().filter(|l| !l.minimum) {
        let capacity = limit.capacity.unwrap();
        assert!(limit.used <= capacity + 1e-6 * capacity.max(1.0), "{name}: {limit:?}");
    }
}

#[test]
fn a_mixed_purchase_is_compared_with_the_best_single_rack_type() {
    let outcome = answer(layout("mixed-250mw"), &[], &SolveOptions::default());
    let single = outcome.baseline.clone().expect("two rack types may be bought");
    assert!(single.name.contains("alone"), "{}", single.name);
    let best = outcome.plan.objective_usd_per_year.unwrap();
    assert!(single.objective_usd_per_year <= best * (1.0 + 1e-9));
    // By hand: forbid one type after the other.
    let same_losses = with_losses_of(&outcome, &SolveOptions::default());
    let of = |rack: &str| {
        let mut site = layout("mixed-250mw");
        let list = format!("[\"{rack}\"]");
        let planned: Vec<_> =
            site.blocks().filter(|b| b.planned.is_some()).map(|b| b.id.clone()).collect();
        for id in planned {
            site.set(&format!("blocks.{id}.planned.racks"), &list).unwrap();
        }
        let plan = answer(site, &[], &same_losses).plan;
        plan.objective_usd_per_year.unwrap_or(f64::NEG_INFINITY)
    };
    let by_hand = of("gb300-nvl72").max(of("vr-nvl72"));
    close(single.objective_usd_per_year, by_hand, 1e-9, "the best single type");
}
