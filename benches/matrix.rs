//! From the plan's input to the matrix that HiGHS holds, at 1.2 million columns, and the
//! same model written with good_lp.
//!
//! Each side runs in a process of its own (this program again, with an argument), so
//! that peak memory is its own. Nothing is solved at this size; at a few hours both
//! models are solved, to show that they are the same.

mod common;

use common::{cpu_s, figure, peak_mb, resident_mb};
use gigasite::plan::PlanInput;
use gigasite::plan::backend::highs::LiveHighs;
use gigasite::plan::build::build;
use gigasite::plan::input::{
    BlockIn, HallIn, Holding, HourIn, LoopIn, NodeIn, PeriodIn, PointIn, Product, RackIn, SiteIn,
    StepIn, TierIn,
};
use good_lp::solvers::highs::{HighsProblem, highs};
use good_lp::{
    Expression, IntoAffineExpression, ProblemVariables, Solution, SolverModel, Variable,
    constraint, variable,
};
use std::process::Command;

const HOURS: usize = 5760;
const BLOCKS: usize = 12;
const RACKS: usize = 6;
const MODES: usize = 5;
const TIERS: usize = 5;

fn main() {
    match std::env::args().nth(1).as_deref() {
        Some("own") => own(),
        Some("good_lp") => by_good_lp(),
        _ => compare(),
    }
}

/// Both sides, each in its own process; prints their figures and the ratios.
fn compare() {
    agree();
    println!("\nInput to solver matrix, {HOURS} hours, {BLOCKS} halls, {RACKS} rack types");
    let program = std::env::current_exe().expect("this program has a path");
    let side = |name: &str| -> Vec<f64> {
        let output = Command::new(&program).arg(name).output().expect("it can run itself");
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
        text.split_whitespace().filter_map(|word| word.parse().ok()).collect()
    };
    let (own, other) = (side("own"), side("good_lp"));
    println!(
        "  {:<10} {:>10} {:>10} {:>12} {:>12} {:>12} {:>9} {:>9}",
        "", "columns", "rows", "nonzeros", "model s", "with HiGHS s", "input MB", "peak MB"
    );
    for (name, v) in [("gigasite", &own), ("good_lp", &other)] {
        println!(
            "  {name:<10} {:>10} {:>10} {:>12} {:>12.3} {:>12.3} {:>9.0} {:>9.0}",
            v[0], v[1], own[2], v[3], v[4], v[5], v[6]
        );
    }
    assert_eq!(own[..2], other[..2], "both sides write the same model");
    figure("good_lp over gigasite, CPU and memory", {
        format!("{:.2} and {:.2}", other[4] / own[4], other[6] / own[6])
    });
    let kept = own[4] <= 0.5 && own[6] <= 400.0;
    figure("bar 0.5 s CPU and 400 MB", if kept { "kept" } else { "MISSED" });
}

/// The two models are the same: of a few hours, both have one optimum.
fn agree() {
    let input = generate(3);
    let built = build(&input);
    let mut live = LiveHighs::new().expect("a solver");
    let ours = live.solve(&built.model).expect("a solution").objective;
    let written = write(&input, true);
    assert_eq!(built.model.index.len(), written.nonzeros, "both sides write the same model");
    let objective = written.objective.clone();
    let theirs = written.problem.solve().expect("a solution").eval(objective);
    assert!((ours - theirs).abs() <= 1e-7 * ours.abs(), "{ours} and {theirs}");
    println!("optimum of 3 hours, M$ a year: gigasite {ours:.6}, good_lp {theirs:.6}");
}

fn own() {
    let input = generate(HOURS);
    let before_mb = resident_mb();
    let start = cpu_s();
    let built = build(&input);
    let model_s = cpu_s() - start;
    let sizes = (built.model.columns(), built.model.rows(), built.model.index.len());
    let mut live = LiveHighs::new().expect("a solver");
    live.load_only(built.model).expect("the model is right");
    report(sizes, model_s, cpu_s() - start, before_mb);
}

fn by_good_lp() {
    let input = generate(HOURS);
    let before_mb = resident_mb();
    let start = cpu_s();
    let written = write(&input, false);
    let model_s = cpu_s() - start;
    let model = written.problem.into_inner();
    let whole_s = cpu_s() - start;
    report((model.num_cols(), model.num_rows(), 0), model_s, whole_s, before_mb);
}

fn report(sizes: (usize, usize, usize), model_s: f64, whole_s: f64, before_mb: f64) {
    let (columns, rows, nonzeros) = sizes;
    println!("{columns} {rows} {nonzeros} {model_s} {whole_s} {before_mb} {}", peak_mb());
}

/// Halls of one installed rack type each, four nodes and a loop above each, five tiers
/// with one price and a least volume.
fn generate(hours: usize) -> PlanInput {
    let shape = |t: usize| (0..hours).map(|h| 1.0 + 0.1 * ((h + t) % 5) as f64).collect();
    PlanInput {
        periods: vec![PeriodIn { id: "year".into(), weight: 1.0 }],
        hours: (0..hours).map(|h| hour(h, hours)).collect(),
        racks: (0..RACKS).map(rack).collect(),
        points: (0..RACKS * MODES).map(point).collect(),
        tiers: (0..TIERS).map(|t| tier(t, shape(t))).collect(),
        nodes: (0..BLOCKS + BLOCKS / 2 + BLOCKS / 4 + 1).map(node).collect(),
        loops: (0..BLOCKS).map(|l| cooling(l, hours)).collect(),
        halls: (0..BLOCKS).map(hall).collect(),
        blocks: (0..BLOCKS).map(block).collect(),
        site: SiteIn {
            grid_contract_mw: 900.0,
            billable_frac: 1.0,
            capex_budget_musd: f64::INFINITY,
            ..SiteIn::default()
        },
        ..PlanInput::default()
    }
}

fn hour(h: usize, hours: usize) -> HourIn {
    HourIn {
        id: format!("h{h}"),
        period: 0,
        weight_h: 8760.0 / hours as f64,
        day: format!("d{}", h / 24),
        clock_h: (h % 24) as f64,
        energy_musd_per_mwh: 60e-6 + 1e-6 * (h % 24) as f64,
    }
}

fn rack(r: usize) -> RackIn {
    RackIn {
        id: format!("rack-{r}"),
        name: format!("Rack {r}"),
        racks_per_unit: Some(1.0),
        spares_frac: 0.0,
        sell_frac: 0.9,
        idle_mw: 0.0,
        annual_musd: None,
        price_musd: None,
        mass_kg: 1500.0,
        positions: 1.0,
        domain_units: 1.0,
        pairs_with: None,
        max_site_share: None,
    }
}

/// Faster points make fewer tokens on more power, with falling returns.
fn point(p: usize) -> PointIn {
    let (r, mode) = (p / MODES, p % MODES);
    let speed = mode as f64 / MODES as f64;
    let it_mw = 0.12 + 0.02 * r as f64 + 0.01 * mode as f64;
    PointIn {
        id: format!("point-{p}"),
        rack: r,
        product: Product::Tokens,
        it_mw,
        drawn_mw: 0.9 * it_mw,
        output: (0.4 + 0.15 * r as f64) * (1.0 - 0.9 * speed * speed),
        prefill: 0.0,
        liquid_mw: 0.8 * it_mw,
        air_mw: 0.2 * it_mw,
        flow_lpm: 800.0 * it_mw,
    }
}

fn tier(t: usize, shape: Vec<f64>) -> TierIn {
    let price = 30.0 * 2.0f64.powi(t as i32);
    TierIn {
        id: format!("tier-{t}"),
        name: format!("Tier {t}"),
        product: Product::Tokens,
        firm: false,
        posted: true,
        steps: vec![StepIn {
            musd_per_year: price,
            output_musd_per_year: price,
            volume: 900.0 / 2.0f64.powi(t as i32),
        }],
        commitment: Some((10.0 / (t + 1) as f64, Some(2.0 * price))),
        shape,
        deadline_h: None,
        variable_musd_per_year: 0.0,
        input_per_output: None,
        cached_per_output: None,
        // The slowest points are too slow for the dearest tier.
        points: (0..RACKS * MODES).filter(|p| p % MODES > 0 || t + 1 < TIERS).collect(),
        share: None,
    }
}

fn node(n: usize) -> NodeIn {
    let capacity_mw = match n {
        n if n < BLOCKS => 95.0,
        n if n < BLOCKS + BLOCKS / 2 => 180.0,
        n if n < BLOCKS + BLOCKS / 2 + BLOCKS / 4 => 330.0,
        _ => 950.0,
    };
    NodeIn {
        id: format!("node-{n}"),
        name: format!("Node {n}"),
        kind: "node".into(),
        capacity_mw,
        firm_mw: f64::INFINITY,
    }
}

fn cooling(l: usize, hours: usize) -> LoopIn {
    LoopIn {
        id: format!("loop-{l}"),
        name: format!("Loop {l}"),
        heat_mw: 85.0,
        flow_lpm: 70_000.0,
        mech_liquid: (0..hours).map(|h| 0.03 + 0.002 * (h % 24) as f64).collect(),
        mech_air: (0..hours).map(|h| 0.15 + 0.004 * (h % 24) as f64).collect(),
        grid_per_mw: 1.02,
        node_per_mw: vec![(BLOCKS + l / 2, 1.01)],
        extreme: None,
    }
}

fn hall(h: usize) -> HallIn {
    HallIn {
        id: format!("hall-{h}"),
        name: format!("Hall {h}"),
        positions: f64::INFINITY,
        mass_kg: f64::INFINITY,
        air_mw: 17.0,
    }
}

fn block(b: usize) -> BlockIn {
    let feeder = BLOCKS + b / 2;
    let substation = BLOCKS + BLOCKS / 2 + b / 4;
    let feed = BLOCKS + BLOCKS / 2 + BLOCKS / 4;
    BlockIn {
        id: format!("block-{b}"),
        name: format!("Block {b}"),
        racks: vec![b % RACKS],
        holding: Holding::Installed(450.0),
        hall: Some(b),
        cooling: Some(b),
        grid_per_it: 1.06,
        node_per_it: vec![(b, 1.02), (feeder, 1.03), (substation, 1.04), (feed, 1.05)],
    }
}

/// A model in good_lp's terms.
struct Written {
    problem: HighsProblem,
    objective: Expression,
    nonzeros: usize,
    /// Whether `nonzeros` is kept, which takes time.
    counts: bool,
}

/// The variables of the same model: running, sold, short.
struct Variables {
    x: Vec<Variable>,
    y: Vec<Variable>,
    short: Vec<Variable>,
    /// Points of each block, and (point, tier) of each y of an hour.
    points: Vec<Vec<usize>>,
    pairs: Vec<(usize, usize)>,
}

/// The same plan as expressions and constraints, the way good_lp is meant to be used.
fn write(input: &PlanInput, counts: bool) -> Written {
    let hours = input.hours.len();
    let mut variables = ProblemVariables::new();
    let of_rack = |r: usize| (0..input.points.len()).filter(move |p| input.points[*p].rack == r);
    let points: Vec<Vec<usize>> =
        input.blocks.iter().map(|b| of_rack(b.racks[0]).collect()).collect();
    let pairs: Vec<(usize, usize)> = (0..input.points.len())
        .flat_map(|p| (0..TIERS).map(move |t| (p, t)))
        .filter(|(p, t)| input.tiers[*t].points.contains(p))
        .collect();
    let mut add = |n: usize| -> Vec<Variable> {
        (0..n).map(|_| variables.add(variable().min(0.0))).collect()
    };
    let x = add(hours * BLOCKS * MODES);
    let y = add(hours * pairs.len());
    let short = add(hours * TIERS);
    let v = Variables { x, y, short, points, pairs };
    let objective = objective(input, &v);
    let mut written = Written {
        problem: highs(variables.maximise(objective.clone())),
        objective,
        nonzeros: 0,
        counts,
    };
    for h in 0..hours {
        supply(input, &v, h, &mut written);
        power(input, &v, h, &mut written);
        sales(input, &v, h, &mut written);
    }
    written
}

impl Variables {
    fn x(&self, h: usize, b: usize, k: usize) -> Variable {
        self.x[(h * BLOCKS + b) * MODES + k]
    }

    fn y(&self, h: usize, pair: usize) -> Variable {
        self.y[h * self.pairs.len() + pair]
    }

    /// Sum of `each` over what runs in hour `h` in the blocks that `of` selects.
    fn running(
        &self,
        h: usize,
        of: impl Fn(usize) -> bool,
        each: impl Fn(usize, usize) -> f64,
    ) -> Expression {
        let mut sum = Expression::with_capacity(BLOCKS * MODES);
        for b in (0..BLOCKS).filter(|b| of(*b)) {
            for (k, &p) in self.points[b].iter().enumerate() {
                sum.add_mul(each(b, p), self.x(h, b, k));
            }
        }
        sum
    }
}

impl Written {
    fn note(&mut self, sum: &Expression) {
        if self.counts {
            self.nonzeros += sum.linear_coefficients().count();
        }
    }

    fn at_most(&mut self, sum: Expression, upper: f64) {
        self.note(&sum);
        self.problem.add_constraint(constraint!(sum <= upper));
    }
}

fn objective(input: &PlanInput, v: &Variables) -> Expression {
    let mut sum = Expression::with_capacity(v.x.len() + v.y.len() + v.short.len());
    for (h, hour) in input.hours.iter().enumerate() {
        let energy = hour.weight_h * hour.energy_musd_per_mwh;
        for (b, points) in v.points.iter().enumerate() {
            for (k, &p) in points.iter().enumerate() {
                let point = &input.points[p];
                let grid = grid(input, b, p, h) * point.drawn_mw / point.it_mw;
                sum.add_mul(-energy * grid, v.x(h, b, k));
            }
        }
        let weight = hour.weight_h / 8760.0;
        for (i, (_, t)) in v.pairs.iter().enumerate() {
            sum.add_mul(weight * input.tiers[*t].steps[0].musd_per_year, v.y(h, i));
        }
        for (t, tier) in input.tiers.iter().enumerate() {
            let penalty = tier.commitment.and_then(|c| c.1).unwrap_or(0.0);
            sum.add_mul(-weight * penalty, v.short[h * TIERS + t]);
        }
    }
    sum
}

fn mechanical(input: &PlanInput, b: usize, p: usize, h: usize) -> f64 {
    let point = &input.points[p];
    point.liquid_mw * input.loops[b].mech_liquid[h] + point.air_mw * input.loops[b].mech_air[h]
}

fn grid(input: &PlanInput, b: usize, p: usize, h: usize) -> f64 {
    let per_mw = input.loops[b].grid_per_mw;
    input.points[p].it_mw * input.blocks[b].grid_per_it + mechanical(input, b, p, h) * per_mw
}

/// Units that are there, and tokens that were made.
fn supply(input: &PlanInput, v: &Variables, h: usize, to: &mut Written) {
    for b in 0..BLOCKS {
        let Holding::Installed(units) = input.blocks[b].holding else { continue };
        to.at_most(v.running(h, |x| x == b, |_, _| 1.0), units);
    }
    for (p, point) in input.points.iter().enumerate() {
        let made = point.output * input.racks[point.rack].sell_frac;
        let mut sum = Expression::with_capacity(8);
        for (b, points) in v.points.iter().enumerate() {
            for (k, _) in points.iter().enumerate().filter(|(_, x)| **x == p) {
                sum.add_mul(-made, v.x(h, b, k));
            }
        }
        for (i, _) in v.pairs.iter().enumerate().filter(|(_, x)| x.0 == p) {
            sum.add_mul(1.0, v.y(h, i));
        }
        to.at_most(sum, 0.0);
    }
}

/// The grid contract, nodes, loops and the air of halls.
fn power(input: &PlanInput, v: &Variables, h: usize, to: &mut Written) {
    let all = v.running(h, |_| true, |b, p| grid(input, b, p, h));
    to.at_most(all, input.site.grid_contract_mw);
    for (n, node) in input.nodes.iter().enumerate() {
        let share =
            |list: &[(usize, f64)]| -> f64 { list.iter().filter(|x| x.0 == n).map(|x| x.1).sum() };
        let shares: Vec<(f64, f64)> = (0..BLOCKS)
            .map(|b| (share(&input.blocks[b].node_per_it), share(&input.loops[b].node_per_mw)))
            .collect();
        let sum = v.running(
            h,
            |b| shares[b] != (0.0, 0.0),
            |b, p| input.points[p].it_mw * shares[b].0 + mechanical(input, b, p, h) * shares[b].1,
        );
        to.at_most(sum, node.capacity_mw);
    }
    for b in 0..BLOCKS {
        let point = |p: usize| &input.points[p];
        let heat = v.running(h, |x| x == b, |_, p| point(p).liquid_mw + point(p).air_mw);
        to.at_most(heat, input.loops[b].heat_mw);
        let flow = v.running(h, |x| x == b, |_, p| point(p).flow_lpm / 1e3);
        to.at_most(flow, input.loops[b].flow_lpm / 1e3);
        let air = v.running(h, |x| x == b, |_, p| point(p).air_mw);
        to.at_most(air, input.halls[b].air_mw);
    }
}

/// Demand and least volumes.
fn sales(input: &PlanInput, v: &Variables, h: usize, to: &mut Written) {
    for (t, tier) in input.tiers.iter().enumerate() {
        let sold = || {
            let mut sum = Expression::with_capacity(v.pairs.len() / TIERS + 1);
            for (i, _) in v.pairs.iter().enumerate().filter(|(_, x)| x.1 == t) {
                sum.add_mul(1.0, v.y(h, i));
            }
            sum
        };
        to.at_most(sold(), tier.shape[h] * tier.steps[0].volume);
        let mut least = sold();
        least.add_mul(1.0, v.short[h * TIERS + t]);
        to.note(&least);
        let volume = tier.shape[h] * tier.commitment.map_or(0.0, |c| c.0);
        to.problem.add_constraint(constraint!(least >= volume));
    }
}
