//! Racks that sell, cooling, pairing and losses against hand calculations.

use super::{grid_per_it, mechanical_frac, one_block, one_block_with, rubin};
use crate::support::{
    PER_DOLLAR, answer, block, changed, close, embedded, load, one_hour, optimum, parse, point,
    rack, root, tier,
};
use gigasite::plan::input::Holding;
use gigasite::plan::result::{Plan, Status};
use gigasite::study::{SolveOptions, run};

fn plan_of_one_block(changes: &[(&str, &str)]) -> Plan {
    let outcome = answer(one_block(), changes, &SolveOptions::default());
    assert_eq!(outcome.plan.status, Status::Optimal, "{:?}", outcome.diagnostics);
    outcome.plan
}

#[test]
fn racks_that_sell_are_those_installed_less_spares_outages_and_lost_work() {
    let plan = plan_of_one_block(&[]);
    let tokens = 10.0 * rubin::LIVE * rubin::SELLS * rubin::HIGH_TOK_S;
    close(plan.tokens_per_s.output, tokens, 1e-9, "tokens");
    let usd = tokens / 1e6 * 6.0 * PER_DOLLAR * 1e6;
    close(plan.revenue_usd_per_year, usd, 1e-9, "revenue");
    close(plan.blocks[0].racks.unwrap(), 9.8, 1e-9, "racks that run");
    close(plan.blocks[0].it_mw, 9.8 * rubin::IT_MW, 1e-9, "their IT power");

    let other = [
        ("racks.vr-nvl72.availability_frac", "0.9"),
        ("racks.vr-nvl72.spares_frac", "0.1"),
        ("racks.vr-nvl72.goodput.inference_frac", "0.8"),
        ("site.billable_frac", "0.5"),
    ];
    let plan = plan_of_one_block(&other);
    let tokens = 9.0 * 0.9 * 0.8 * 0.5 * rubin::HIGH_TOK_S;
    close(plan.tokens_per_s.output, tokens, 1e-9, "tokens with other shares");
    close(plan.blocks[0].it_mw, 9.0 * rubin::IT_MW, 1e-9, "billing leaves power alone");
}

#[test]
fn grid_power_is_it_power_over_efficiency_plus_cooling() {
    let plan = plan_of_one_block(&[]);
    let it = 9.8 * rubin::IT_MW + 0.2 * rubin::IDLE_MW;
    let drawn = 9.8 * rubin::DRAWN_MW + 0.2 * rubin::IDLE_MW;
    let mut energy = 0.0;
    for (hour, outdoor_c, weight_h) in [(0, 35.0, 2190.0), (1, 12.0, 6570.0)] {
        let found = &plan.hours[hour];
        close(found.it_mw, it, 1e-9, &found.id);
        close(found.grid_mw, it * grid_per_it(outdoor_c), 1e-9, &found.id);
        close(found.drawn_grid_mw, drawn * grid_per_it(outdoor_c), 1e-9, &found.id);
        close(found.pue, grid_per_it(outdoor_c), 1e-9, &found.id);
        energy += weight_h * drawn * grid_per_it(outdoor_c) * 91.0;
    }
    close(plan.grid_mw, it * grid_per_it(35.0), 1e-9, "worst hour");
    close(plan.energy_cost_usd_per_year, energy, 1e-9, "energy");
    let used = |id: &str| plan.limits.iter().find(|l| l.id == id).unwrap().used;
    let mechanical = it * mechanical_frac(40.0, 35.0);
    close(used("nodes.bus.capacity_mw"), it / 0.99, 1e-9, "busway");
    close(used("nodes.mech.capacity_mw"), mechanical / 0.97, 1e-9, "mechanical");
    let sub = (it / 0.99 + mechanical / 0.97) / 0.98;
    close(used("nodes.sub.capacity_mw"), sub, 1e-9, "substation, at its input");
    close(used("feeds.feed.capacity_mw"), sub, 1e-9, "feed");
    close(used("loops.loop.heat_mw"), it, 1e-9, "all IT power becomes heat of the loop");
}

#[test]
fn coincidence_scales_the_electrical_path_and_not_the_tokens() {
    let plan = plan_of_one_block(&[("site.coincidence_frac", "0.8")]);
    let it = 9.8 * rubin::IT_MW + 0.2 * rubin::IDLE_MW;
    let per_it = 0.8 / (0.99 * 0.98) + mechanical_frac(40.0, 35.0) / (0.97 * 0.98);
    close(plan.grid_mw, it * per_it, 1e-9, "grid power");
    let tokens = 9.8 * rubin::SELLS * rubin::HIGH_TOK_S;
    close(plan.tokens_per_s.output, tokens, 1e-9, "tokens");
}

#[test]
fn losses_of_the_tiny_site_are_those_of_its_two_nodes_and_two_loops() {
    let site = load(&root().join("tests/data/layouts/tiny-built.ron"));
    let outcome = answer(site, &[], &SolveOptions::default());
    let plan = &outcome.plan;
    assert_eq!(plan.status, Status::Optimal, "{:?}", outcome.diagnostics);
    // Both loops hang on the substation: everything passes 0.995 and 0.99.
    let eta = 0.995 * 0.99;
    let supply = |block: &str| if block == "b-1" { 40.0 } else { 35.0 };
    let running = plan.blocks.iter().map(|b| (b.id.as_str(), b.it_mw));
    let bought = |rack: &str| -> f64 {
        plan.bought.iter().filter(|b| b.rack == rack).map(|b| b.racks).sum()
    };
    let spares = [
        ("b-1", 16.0 * 0.02 * 0.024),
        ("b-2", 8.0 * 0.02 * 0.038),
        ("b-3", bought("gb200-nvl72") * 0.02 * 0.024 + bought("vr-nvl72") * 0.02 * 0.038),
    ];
    let mut it = 0.0;
    let mut grid = 0.0;
    for (block, mw) in running.chain(spares) {
        it += mw;
        grid += mw * (1.0 + mechanical_frac(supply(block), 30.0)) / eta;
    }
    assert!(it > 3.0, "the site is in use: {it} MW");
    close(plan.it_mw, it, 1e-9, "IT power");
    close(plan.grid_mw, grid, 1e-9, "grid power in the worst hour, by day");
}

/// Rows of a table under `tests/data/cooling`.
fn table(name: &str) -> Vec<(String, Vec<f64>)> {
    let text = std::fs::read_to_string(root().join("tests/data/cooling").join(name)).unwrap();
    let row = |line: &str| {
        let mut cells = line.split(',');
        let place = cells.next().unwrap().to_owned();
        (place, cells.map(|c| c.parse().unwrap()).collect())
    };
    text.lines().skip(1).map(row).collect()
}

/// PUE of each hour of the one block behind a path of 0.9488 and fans at the meter.
fn pue(supply_c: f64, hours: &[(f64, f64)]) -> Plan {
    let two = r#"(id: "hot", name: "Hot", weight_h: 2190, day: "any", clock_h: 15, ambient_c: 35),
        (id: "mild", name: "Mild", weight_h: 6570, day: "any", clock_h: 3, ambient_c: 12),"#;
    let many: String = hours
        .iter()
        .enumerate()
        .map(|(i, (weight, outdoor))| {
            format!(
                r#"(id: "h{i}", name: "H", weight_h: {weight:?}, day: "any", clock_h: 1, ambient_c: {outdoor:?}),"#
            )
        })
        .collect();
    let site = one_block_with(&[
        (two, &many),
        ("supply_c: 40", &format!("supply_c: {supply_c:?}")),
        ("efficiency_frac: 0.98", "efficiency_frac: 1"),
        ("efficiency_frac: 0.97", "efficiency_frac: 1"),
        (
            "efficiency_frac: 0.99",
            &format!("efficiency_frac: {}", 0.995 * 0.998 * 0.99 * 0.97 * 0.995),
        ),
    ]);
    let outcome = run(&site, &embedded(), &SolveOptions::default());
    assert_eq!(outcome.plan.status, Status::Optimal, "{:?}", outcome.diagnostics);
    outcome.plan
}

#[test]
fn pue_by_hour_agrees_with_the_reference_values_of_two_weather_years() {
    // Given to five decimals; temperatures to one.
    for (place, row) in table("pue.csv") {
        let [supply, p99, max, pue_mean, pue_p99, pue_max] = row[..] else { panic!("{row:?}") };
        let plan = pue(supply, &[(8672.0, p99), (88.0, max)]);
        let what = format!("{place}, supply {supply} C");
        for (found, expected) in [(plan.hours[0].pue, pue_p99), (plan.hours[1].pue, pue_max)] {
            assert!((found - expected).abs() <= 0.6e-5, "{what}: {found} instead of {expected}");
        }
        // The year in steps of two degrees instead of hour by hour.
        let own = table("hours.csv").into_iter().filter(|(p, _)| *p == place);
        let hours: Vec<_> = own.map(|(_, r)| (r[1], r[0] + 1.0)).collect();
        let year: f64 = hours.iter().map(|h| h.0).sum();
        assert_eq!(year, 8760.0);
        let plan = pue(supply, &hours);
        let mean: f64 = plan.hours.iter().map(|h| h.pue * h.weight_h / year).sum();
        assert!((mean - pue_mean).abs() <= 1e-3, "{what}: mean {mean} instead of {pue_mean}");
    }
}

#[test]
fn an_adjunct_decodes_only_what_its_partner_prefills() {
    let mut input = one_hour();
    input.racks = vec![rack("gpu"), rack("adjunct")];
    input.racks[1].pairs_with = Some((0, 0.5));
    input.points = vec![point("slow", 0, 1.0, 1.0), point("fast", 1, 1.0, 2.0)];
    input.points[0].prefill = 8.0;
    input.blocks =
        vec![block("a", &[0], Holding::Installed(3.0)), block("b", &[1], Holding::Installed(10.0))];
    input.tiers = vec![
        tier("slow", false, &[(1.0, f64::INFINITY)], &[0]),
        tier("fast", false, &[(10.0, f64::INFINITY)], &[1]),
    ];
    // Three racks prefill 24; half of it may be decoded: 12 of the 20 that the adjuncts could.
    close(optimum(&input), (3.0 + 12.0 * 10.0) * PER_DOLLAR, 1e-9, "pairing binds");
    input.racks[1].pairs_with = Some((0, 1.0));
    close(optimum(&input), (3.0 + 20.0 * 10.0) * PER_DOLLAR, 1e-9, "enough prefill");
    input.racks[1].pairs_with = Some((0, 0.0));
    close(optimum(&input), 3.0 * PER_DOLLAR, 1e-9, "an unknown ratio decodes nothing");
    // Partners run for their prefill alone.
    input.racks[1].pairs_with = Some((0, 0.5));
    input.tiers[0].steps[0].volume = 0.0;
    close(optimum(&input), 12.0 * 10.0 * PER_DOLLAR, 1e-9, "prefill without own sales");
}

const CURVES: &str = r#"(curves: [
    (
        id: "partner", name: "Partner with prefill", rack: "vr-nvl72", basis: Gpu, tokens: Output,
        software: "invented", isl_tokens: 8192, osl_tokens: 1024, prefill: true,
        kind: Assumed, source: "gigasite-assumptions",
        points: [(tok_s_user: 50, model: "gpt-moe-2t", context_tokens: 131072, tok_s_per_gpu: 1000)],
    ),
    (
        id: "adjunct", name: "Adjunct", rack: "groq3-lpx", basis: Gpu, tokens: Output,
        software: "invented", prefill: false,
        kind: Assumed, source: "gigasite-assumptions",
        points: [(tok_s_user: 800, model: "gpt-moe-2t", context_tokens: 131072, tok_s_per_gpu: 4000)],
    ),
])"#;

#[test]
fn lpx_racks_of_a_layout_sell_by_an_entered_pairing_ratio() {
    let site = one_block_with(&[
        (r#"curves: ["keynote-rubin"]"#, r#"curves: ["partner", "adjunct"]"#),
        ("min_tok_s_user: 200", "min_tok_s_user: 400"),
        (
            "blocks: [",
            r#"blocks: [
                (
                    id: "lpx", name: "LPX", hall: "hall", rack: "groq3-lpx", count: 4, node: "bus",
                    loop: "loop", at: (70, 70), size: (20, 4),
                ),"#,
        ),
    ]);
    let facts = [
        ("racks.groq3-lpx.caps.nominal.kw", "100"),
        ("racks.groq3-lpx.idle_kw", "20"),
        ("racks.groq3-lpx.coolant_supply_max_c", "45"),
    ];
    let fast = |ratio: &str| {
        let (site, catalog) = changed(site.clone(), &facts);
        let mut catalog = catalog.with_overlay(&[("x.ron".into(), CURVES.into())]).unwrap();
        catalog.set("racks.groq3-lpx.pair_ratio", ratio).unwrap();
        let outcome = run(&site, &catalog, &SolveOptions::default());
        assert_eq!(outcome.plan.status, Status::Optimal, "{:?}", outcome.diagnostics);
        let warned = outcome.diagnostics.iter().any(|d| d.path == "racks.groq3-lpx.pair_ratio");
        (outcome.plan.tokens_per_s.output, warned)
    };
    // Prefill of 9.8 racks: 72,000 output tokens/s each with 8 input tokens.
    let prefill = 10.0 * rubin::LIVE * 72_000.0 * 8.0;
    let (tokens, warned) = fast("0.5");
    assert!(!warned);
    close(tokens, 0.5 * prefill * rubin::SELLS, 1e-9, "ratio 0.5");
    let all = 4.0 * 0.98 * 256.0 * 4000.0;
    assert!(all < prefill);
    close(fast("1.0").0, all * rubin::SELLS, 1e-9, "ratio 1: all LPX racks run");
    let (tokens, warned) = fast("unknown");
    assert!(warned, "an unknown ratio is said");
    assert_eq!(tokens, 0.0, "and stops the LPX points alone");
}

#[test]
fn halls_limit_what_is_bought_by_positions_and_by_floor_load() {
    let planned = (r#"rack: "vr-nvl72", count: 10"#, r#"planned: (racks: ["vr-nvl72"], max: 60)"#);
    let bought = |hall: &str| {
        let with = format!(r#"(id: "hall", name: "Hall", {hall} at:"#);
        let site = one_block_with(&[planned, (r#"(id: "hall", name: "Hall", at:"#, &with)]);
        let outcome = run(&site, &embedded(), &SolveOptions::default());
        assert_eq!(outcome.plan.status, Status::Optimal, "{:?}", outcome.diagnostics);
        outcome.plan.bought.iter().map(|b| b.racks).sum::<f64>()
    };
    // Four support racks come with eight: 1.5 positions a rack.
    close(bought("positions: 45,"), 30.0, 1e-9, "positions");
    // 80 m x 60 m.
    close(bought("floor_kg_m2: 10,"), 48_000.0 / 1810.0, 1e-9, "floor load");
    // Air carries the support's share alone: Vera Rubin is all liquid; spares idle in liquid.
    let air = bought("air_heat_mw: 1,") * rubin::LIVE * rubin::SUPPORT_MW;
    assert!(air <= 1.0 + 1e-9, "{air} MW");
    close(bought(""), 60.0, 1e-9, "no limit but the block");
}

#[test]
fn a_reference_infrastructure_takes_its_ratio_and_nothing_else() {
    let text = r#"(
        version: 1,
        site: (
            name: "Ratio",
            infrastructure: Reference(pue: 1.2, path_efficiency: 0.96, tariff: Some("us-9c1")),
            grid_contract_mw: 100,
        ),
        policy: (objective: Dispatch, curves: ["keynote-rubin"]),
        hours: [(id: "year", name: "Year", weight_h: 8760, day: "year", clock_h: 12)],
        tiers: [(
            id: "high", name: "High", model: "gpt-moe-2t", context_tokens: 131072,
            min_tok_s_user: 200, demand: [(price_usd_per_mtok: 6, volume_tok_s: "unlimited")],
        )],
        blocks: [(id: "racks", name: "Racks", rack: "vr-nvl72", count: 100)],
    )"#;
    let plan = run(&parse(text), &embedded(), &SolveOptions::default()).plan;
    let it = 98.0 * rubin::IT_MW + 2.0 * rubin::IDLE_MW;
    close(plan.grid_mw, it * 1.2 / 0.96, 1e-9, "racks behind a ratio");
    close(plan.tokens_per_s.output, 98.0 * rubin::SELLS * rubin::HIGH_TOK_S, 1e-9, "tokens");

    // An all-in curve on a pool of power takes no losses: 100 MW at the meter sell 70 M tokens/s.
    let pool = text.replace("count: 100", "mw: 100");
    let plan = run(&parse(&pool), &embedded(), &SolveOptions::default()).plan;
    close(plan.tokens_per_s.output, 70e6, 1e-9, "pool");
    close(plan.grid_mw, 100.0, 1e-9, "pool");
    close(plan.it_mw, 100.0 * 0.96 / 1.2, 1e-9, "pool");
}
