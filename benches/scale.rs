//! An edit of a large planning problem: 100 planned blocks, 8 rack types allowed in each,
//! 40 operating points a type, 8 tiers; with and without reduction.
//!
//! Operating points lie on concave frontiers (five power caps, eight speeds), one in five
//! a little below. Blocks stand in ten halls and draw on three or four paths in each.

mod common;

use common::{Numbers, Times, figure, heading, row, timed};
use gigasite::plan::input::{
    BlockIn, HallIn, Holding, HourIn, LoopIn, NodeIn, PeriodIn, PointIn, PolicyIn, Product, RackIn,
    SiteIn, StepIn, SupplyIn, TierIn,
};
use gigasite::plan::result::Status;
use gigasite::plan::{How, PlanInput, PlanSolver};

const EDITS: usize = 60;
const HALLS: usize = 10;
const BLOCKS_PER_HALL: usize = 10;
const RACKS: usize = 8;
const CAPS: usize = 5;
const SPEEDS: usize = 8;
const TIERS: usize = 8;
const MAX_RACKS: f64 = 64.0;

fn main() {
    let largest = std::env::args().filter_map(|a| a.parse().ok()).next().unwrap_or(1);
    for hours in [1, 6].into_iter().filter(|h| *h <= largest) {
        // Firm tiers add columns: racks that serve one run on firm power or on the rest.
        [false, true].into_iter().for_each(|firm| compare(hours, firm));
    }
}

fn compare(hours: usize, firm: bool) {
    let whole = edits(generate(hours, firm), false);
    let reduced = edits(generate(hours, firm), true);
    for (i, (a, b)) in whole.optima.iter().zip(&reduced.optima).enumerate() {
        let gap = (a - b).abs() / a.abs();
        assert!(gap <= 1e-9, "edit {i}: {a} whole, {b} reduced, off by {gap:e}");
    }
    let firm = if firm { "half of them firm" } else { "none firm" };
    let hours_text =
        if hours == 1 { "1 typical hour".into() } else { format!("{hours} typical hours") };
    heading(&format!("100 blocks x 8 types x 40 points x 8 tiers ({firm}), {hours_text}"));
    let bar = |ms: f64| (hours == 1).then_some(ms);
    for (run, name, bar) in [(&whole, "whole", bar(150.0)), (&reduced, "reduced", bar(50.0))] {
        let (columns, rows) = run.size;
        row(&format!("edit, {name} ({columns} columns, {rows} rows)"), &run.times, bar);
        figure(&format!("first solve, {name}, ms"), format!("{:.1}", run.first * 1e3));
    }
    let gap = whole.optima.iter().zip(&reduced.optima).map(|(a, b)| (a - b).abs() / a.abs());
    figure("largest relative difference of the optima", {
        format!("{:.1e}", gap.fold(0.0, f64::max))
    });
}

struct Run {
    size: (usize, usize),
    first: f64,
    times: Times,
    optima: Vec<f64>,
}

fn edits(mut input: PlanInput, reduce: bool) -> Run {
    let how = How { reduce, ..How::default() };
    let mut solver = PlanSolver::new().expect("a solver");
    let (solved, first) = timed(|| solver.solve(&input, how).expect("a plan"));
    let mut run = Run { size: solved.size(), first, times: Times::default(), optima: Vec::new() };
    let mut numbers = Numbers(3);
    for i in 0..EDITS {
        edit(&mut input, i, &mut numbers);
        let (solved, seconds) = timed(|| solver.solve(&input, how).expect("a plan"));
        assert_eq!(solved.plan.status, Status::Optimal, "edit {i}");
        run.times.push(seconds);
        run.optima.extend(solved.plan.objective_usd_per_year);
    }
    run
}

/// One number of the input.
fn edit(input: &mut PlanInput, i: usize, numbers: &mut Numbers) {
    let factor = numbers.between(0.9, 1.12);
    let pick = |n: usize| (i * 7) % n;
    match i % 10 {
        0 => input.site.grid_contract_mw = 450.0 * factor,
        1 => input.tiers[pick(TIERS)].steps[0].volume *= factor,
        2 => scale_price(&mut input.tiers[pick(TIERS)], factor),
        3 => input.nodes[pick(30)].capacity_mw *= factor,
        4 => {
            let max = (numbers.between(0.5, 1.0) * MAX_RACKS).round();
            input.blocks[pick(100)].holding = Holding::Planned { min: 0.0, max };
        }
        5 => input.hours.iter_mut().for_each(|h| h.energy_musd_per_mwh *= factor),
        6 => {
            let cost = &mut input.racks[pick(RACKS)].annual_musd;
            *cost = cost.map(|c| c * factor);
        }
        7 => input.supply[pick(RACKS)].max_units = (300.0 * factor).round(),
        8 => input.loops[pick(HALLS)].heat_mw *= factor,
        _ => input.points[pick(RACKS * CAPS * SPEEDS)].output *= 0.99 + 0.02 * numbers.next(),
    }
}

fn scale_price(tier: &mut TierIn, factor: f64) {
    for step in &mut tier.steps {
        step.musd_per_year *= factor;
        step.output_musd_per_year *= factor;
    }
}

fn generate(hours: usize, firm: bool) -> PlanInput {
    let paths: Vec<usize> = (0..HALLS).map(|h| 3 + h % 2).collect();
    let busways: usize = paths.iter().sum();
    let mut numbers = Numbers(4);
    PlanInput {
        periods: vec![PeriodIn { id: "year".into(), weight: 1.0 }],
        hours: (0..hours).map(|h| hour(h, hours)).collect(),
        racks: (0..RACKS).map(rack).collect(),
        points: (0..RACKS * CAPS * SPEEDS).map(|p| point(p, &mut numbers)).collect(),
        tiers: (0..TIERS)
            .map(|t| TierIn { firm: firm && t >= TIERS / 2, ..tier(t, hours) })
            .collect(),
        nodes: nodes(busways),
        loops: (0..HALLS).map(|l| cooling(l, hours)).collect(),
        halls: (0..HALLS).map(hall).collect(),
        blocks: (0..HALLS * BLOCKS_PER_HALL).map(|b| block(b, &paths)).collect(),
        site: SiteIn {
            grid_contract_mw: 450.0,
            billable_frac: 1.0,
            capacity_musd_per_mw_year: Some(1.5),
            capex_budget_musd: 9e3,
            ..SiteIn::default()
        },
        policy: PolicyIn { invest: true, ..PolicyIn::default() },
        supply: (0..RACKS).map(|rack| SupplyIn { rack, max_units: 600.0 }).collect(),
        ..PlanInput::default()
    }
}

fn hour(h: usize, hours: usize) -> HourIn {
    HourIn {
        id: format!("h{h}"),
        period: 0,
        weight_h: 8760.0 / hours as f64,
        day: format!("d{}", h / 2),
        clock_h: 3.0 + 12.0 * (h % 2) as f64,
        energy_musd_per_mwh: 70e-6,
    }
}

fn rack(r: usize) -> RackIn {
    let price = 3.0 + 0.7 * r as f64;
    RackIn {
        id: format!("rack-{r}"),
        name: format!("Rack {r}"),
        racks_per_unit: Some(1.0),
        spares_frac: 0.02,
        sell_frac: 0.93,
        idle_mw: 0.02,
        annual_musd: Some(price * 0.27),
        price_musd: Some(price),
        mass_kg: 1400.0 + 60.0 * r as f64,
        positions: 1.1 + 0.03 * r as f64,
        domain_units: 1.0,
        pairs_with: None,
        max_site_share: None,
    }
}

/// Output grows with the power cap and falls with the speed, both concave.
fn point(p: usize, numbers: &mut Numbers) -> PointIn {
    let (r, mode) = (p / (CAPS * SPEEDS), p % (CAPS * SPEEDS));
    let (cap, speed) = (mode / SPEEDS, mode % SPEEDS);
    let it_mw = (0.10 + 0.015 * r as f64) * (0.75 + 0.0625 * cap as f64);
    let by_power = (it_mw / (0.10 + 0.015 * r as f64)).sqrt();
    let by_speed = 1.0 - (speed as f64 / (SPEEDS as f64 + 0.35 * r as f64)).powi(2);
    let below = if numbers.next() < 0.2 { 0.9 } else { 1.0 };
    PointIn {
        id: format!("point-{p}"),
        rack: r,
        product: Product::Tokens,
        it_mw,
        drawn_mw: (0.85 + 0.01 * speed as f64) * it_mw,
        output: below * (0.25 + 0.09 * r as f64) * by_power * by_speed,
        prefill: 0.0,
        liquid_mw: 0.85 * it_mw,
        air_mw: 0.15 * it_mw,
        flow_lpm: 1100.0 * it_mw,
    }
}

/// Faster tiers pay more for less; every second one posts one of two prices.
fn tier(t: usize, hours: usize) -> TierIn {
    let step = |s: usize| {
        let price = 6.0 * 1.9f64.powi(t as i32) / (1.0 + 0.5 * s as f64);
        StepIn {
            musd_per_year: price,
            output_musd_per_year: price,
            volume: 260.0 / 1.6f64.powi(t as i32) * (1.0 + s as f64),
        }
    };
    TierIn {
        id: format!("tier-{t}"),
        name: format!("Tier {t}"),
        product: Product::Tokens,
        firm: false,
        posted: t.is_multiple_of(2),
        steps: (0..2).map(step).collect(),
        commitment: (t == 1).then_some((20.0, None)),
        shape: (0..hours).map(|h| if hours == 1 { 1.0 } else { [0.75, 1.25][h % 2] }).collect(),
        deadline_h: None,
        variable_musd_per_year: 0.0,
        input_per_output: None,
        cached_per_output: None,
        points: (0..RACKS * CAPS * SPEEDS).filter(|p| p % SPEEDS >= t).collect(),
        share: None,
    }
}

/// Busways, then two feeders a hall, two substations, two feeds.
fn nodes(busways: usize) -> Vec<NodeIn> {
    let mut capacities = vec![22.0; busways];
    capacities.extend(vec![34.0; 2 * HALLS]);
    capacities.extend([260.0, 240.0, 400.0, 400.0]);
    capacities
        .into_iter()
        .enumerate()
        .map(|(n, capacity_mw)| NodeIn {
            id: format!("node-{n}"),
            name: format!("Node {n}"),
            kind: "node".into(),
            capacity_mw,
            firm_mw: 0.7 * capacity_mw,
        })
        .collect()
}

fn cooling(l: usize, hours: usize) -> LoopIn {
    LoopIn {
        id: format!("loop-{l}"),
        name: format!("Loop {l}"),
        heat_mw: 52.0 + l as f64,
        flow_lpm: 70_000.0,
        mech_liquid: (0..hours).map(|h| 0.04 + 0.03 * (h % 2) as f64).collect(),
        mech_air: (0..hours).map(|h| 0.15 + 0.05 * (h % 2) as f64).collect(),
        grid_per_mw: 1.02,
        node_per_mw: Vec::new(),
        extreme: None,
    }
}

fn hall(h: usize) -> HallIn {
    HallIn {
        id: format!("hall-{h}"),
        name: format!("Hall {h}"),
        positions: 560.0 + 10.0 * h as f64,
        mass_kg: 900_000.0,
        air_mw: 9.0,
    }
}

fn block(b: usize, paths: &[usize]) -> BlockIn {
    let hall = b / BLOCKS_PER_HALL;
    let path = b % BLOCKS_PER_HALL % paths[hall];
    let busways: usize = paths.iter().sum();
    let busway = paths[..hall].iter().sum::<usize>() + path;
    let feeder = busways + 2 * hall + path % 2;
    let substation = busways + 2 * HALLS + hall % 2;
    // Halls farther from their substation lose more.
    let loss = 1.0 + 0.002 * hall as f64;
    BlockIn {
        id: format!("block-{b}"),
        name: format!("Block {b}"),
        racks: (0..RACKS).collect(),
        holding: Holding::Planned { min: 0.0, max: MAX_RACKS },
        hall: Some(hall),
        cooling: Some(hall),
        grid_per_it: 1.06 * loss,
        node_per_it: vec![
            (busway, 1.02),
            (feeder, 1.03),
            (substation, 1.045 * loss),
            (substation + 2, 1.06 * loss),
        ],
    }
}
