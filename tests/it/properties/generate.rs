//! Plan inputs from drawn numbers: a tree of nodes, blocks behind it, tiers in front.

use crate::support::{PER_DOLLAR, block, hour, one_hour, point, rack};
use gigasite::plan::PlanInput;
use gigasite::plan::input::{
    BlockIn, HallIn, Holding, LoopExtreme, LoopIn, NodeIn, PolicyIn, Product, StepIn, SupplyIn,
    TierIn,
};
use proptest::prelude::*;

/// Numbers between 0 and 1 of which an input is made.
pub fn draws() -> impl Strategy<Value = Vec<f64>> {
    prop::collection::vec(0.0..1.0_f64, 260)
}

struct Draw<'a> {
    numbers: &'a [f64],
    next: usize,
}

impl Draw<'_> {
    fn unit(&mut self) -> f64 {
        let x = self.numbers[self.next % self.numbers.len()];
        self.next += 1;
        x
    }

    fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// One of `low..=high`.
    fn count(&mut self, low: usize, high: usize) -> usize {
        low + (self.unit() * (high - low + 1) as f64) as usize
    }

    fn chance(&mut self, share: f64) -> bool {
        self.unit() < share
    }
}

/// An input with 1 to 3 hours, 2 to 3 rack types, 3 to 6 points, 2 to 4 tiers and 2 to 6 blocks.
pub fn input(numbers: &[f64]) -> PlanInput {
    let mut d = Draw { numbers, next: 0 };
    let mut input = one_hour();
    let hours = d.count(1, 3);
    let weights: Vec<f64> = (0..hours).map(|_| d.between(0.2, 1.0)).collect();
    let sum: f64 = weights.iter().sum();
    input.hours = weights
        .iter()
        .enumerate()
        .map(|(h, w)| {
            let mut hour = hour(&format!("hour{h}"), 8760.0 * w / sum, 8.0 * h as f64 + d.unit());
            hour.energy_musd_per_mwh = d.between(30.0, 140.0) / 1e6;
            hour
        })
        .collect();
    racks_and_points(&mut input, &mut d);
    network(&mut input, &mut d);
    for b in 0..d.count(2, 6) {
        let block = match input.blocks.last().filter(|_| d.chance(0.25)) {
            Some(last) => BlockIn { id: format!("twin{b}"), ..last.clone() },
            None => one_block(&input, &mut d, b),
        };
        input.blocks.push(block);
    }
    let tiers = d.count(2, 4);
    let fixed = d.chance(0.25);
    for t in 0..tiers {
        let tier = one_tier(&input, &mut d, t);
        input.tiers.push(tier);
    }
    if fixed {
        let shares: Vec<f64> = (0..tiers).map(|_| d.between(0.2, 1.0)).collect();
        let sum: f64 = shares.iter().sum();
        input.tiers.iter_mut().zip(shares).for_each(|(t, s)| t.share = Some(s / sum));
    }
    input.policy = PolicyIn { fixed_shares: fixed, invest: d.chance(0.5), integer: false };
    input.site.grid_contract_mw = d.between(4.0, 40.0);
    input.site.billable_frac = d.between(0.5, 1.0);
    if d.chance(0.3) {
        input.site.demand_musd_per_mw_year = d.between(0.01, 0.2);
    }
    if d.chance(0.4) {
        input.site.capex_budget_musd = d.between(20.0, 200.0);
    }
    if d.chance(0.4) {
        input.supply = vec![SupplyIn { rack: 0, max_units: d.between(2.0, 30.0) }];
    }
    input
}

fn racks_and_points(input: &mut PlanInput, d: &mut Draw) {
    let racks = d.count(2, 3);
    for r in 0..racks {
        let mut x = rack(&format!("rack{r}"));
        x.spares_frac = d.between(0.0, 0.08);
        x.sell_frac = d.between(0.8, 1.0);
        x.idle_mw = d.between(0.0, 0.03);
        x.price_musd = Some(d.between(2.0, 8.0));
        x.annual_musd = Some(d.between(0.5, 3.0));
        x.mass_kg = d.between(900.0, 2000.0);
        x.positions = d.between(1.0, 1.6);
        if r == 0 && d.chance(0.3) {
            x.max_site_share = Some(d.between(0.2, 0.8));
        }
        input.racks.push(x);
    }
    for p in 0..d.count(3, 6) {
        let it_mw = d.between(0.1, 0.3);
        let mut x = point(&format!("point{p}"), p % racks, it_mw, d.between(0.05, 0.8));
        x.drawn_mw = it_mw * d.between(0.6, 1.0);
        let liquid = d.between(0.6, 1.0);
        x.liquid_mw = it_mw * liquid;
        x.air_mw = it_mw - x.liquid_mw;
        x.flow_lpm = x.liquid_mw * 1500.0;
        x.prefill = x.output * d.between(0.0, 8.0);
        input.points.push(x);
    }
    if d.chance(0.2) {
        input.racks[1].pairs_with = Some((0, d.between(0.0, 1.0)));
    }
}

fn network(input: &mut PlanInput, d: &mut Draw) {
    let hours = input.hours.len();
    for n in 0..d.count(2, 5) {
        let capacity_mw = d.between(3.0, 25.0);
        input.nodes.push(NodeIn {
            id: format!("node{n}"),
            name: format!("Node {n}"),
            kind: if n == 0 { "feed".into() } else { "substation".into() },
            capacity_mw,
            firm_mw: capacity_mw * d.between(0.3, 1.0),
        });
    }
    let hottest = d.count(0, hours - 1);
    for l in 0..d.count(1, 2) {
        let extreme = LoopExtreme {
            hour: hottest,
            mech_liquid: d.between(0.1, 0.35),
            mech_air: d.between(0.1, 0.4),
            heat_mw: d.between(1.0, 25.0),
        };
        input.loops.push(LoopIn {
            id: format!("loop{l}"),
            name: format!("Loop {l}"),
            heat_mw: d.between(2.0, 25.0),
            flow_lpm: d.between(3e3, 4e4),
            mech_liquid: (0..hours).map(|_| d.between(0.01, 0.25)).collect(),
            mech_air: (0..hours).map(|_| d.between(0.03, 0.3)).collect(),
            grid_per_mw: d.between(1.0, 1.05),
            node_per_mw: vec![(0, d.between(1.0, 1.05))],
            extreme: Some(extreme),
        });
    }
    for h in 0..2 {
        input.halls.push(HallIn {
            id: format!("hall{h}"),
            name: format!("Hall {h}"),
            // Installed racks fit by far; what is bought competes for the rest.
            positions: d.between(60.0, 90.0),
            mass_kg: d.between(80e3, 140e3),
            air_mw: d.between(0.3, 4.0),
        });
    }
}

fn one_block(input: &PlanInput, d: &mut Draw, b: usize) -> BlockIn {
    let racks = input.racks.len();
    let first = d.count(0, racks - 1);
    let planned = d.chance(0.5);
    let most = d.between(2.0, 20.0);
    let (types, holding) = if planned {
        let second = (first + 1) % racks;
        let min = if d.chance(0.2) { d.between(0.0, 1.0) } else { 0.0 };
        (vec![first, second], Holding::Planned { min, max: most })
    } else {
        (vec![first], Holding::Installed(most * 0.5))
    };
    let mut x = block(&format!("block{b}"), &types, holding);
    x.hall = Some(d.count(0, 1));
    x.cooling = Some(d.count(0, input.loops.len() - 1));
    x.grid_per_it = d.between(1.02, 1.1);
    // From its own node up the tree to the feed.
    let mut at = d.count(0, input.nodes.len() - 1);
    let mut per_it = 1.01;
    loop {
        x.node_per_it.insert(0, (at, per_it));
        if at == 0 {
            return x;
        }
        at /= 2;
        per_it *= 1.01;
    }
}

fn one_tier(input: &PlanInput, d: &mut Draw, t: usize) -> TierIn {
    let variable = if d.chance(0.3) { d.between(0.0, 0.2) } else { 0.0 };
    let mut price = d.between(0.5, 12.0);
    let mut steps = Vec::new();
    for _ in 0..d.count(1, 3) {
        steps.push(StepIn {
            musd_per_year: (price - variable) * PER_DOLLAR,
            output_musd_per_year: price * PER_DOLLAR,
            volume: d.between(0.1, 4.0),
        });
        price *= d.between(0.3, 0.9);
    }
    let posted = d.chance(0.5);
    if d.chance(0.2)
        && let Some(last) = steps.last_mut()
    {
        last.volume = f64::INFINITY;
    }
    let hours = input.hours.len();
    let shape: Vec<f64> = (0..hours).map(|_| d.between(0.5, 1.5)).collect();
    let mean: f64 = shape.iter().enumerate().map(|(h, s)| input.hour_weight(h) * s).sum();
    let points = (0..input.points.len()).filter(|p| *p == t || d.chance(0.6)).collect();
    let committed = steps[0].volume.min(2.0) * d.between(0.05, 0.5);
    let commitment = match d.unit() {
        x if x < 0.12 => Some((committed * 0.2, None)),
        x if x < 0.35 => Some((committed, Some(d.between(0.5, 15.0) * PER_DOLLAR))),
        _ => None,
    };
    TierIn {
        id: format!("tier{t}"),
        name: format!("Tier {t}"),
        product: Product::Tokens,
        firm: d.chance(0.25),
        posted,
        steps,
        commitment,
        shape: shape.iter().map(|s| s / mean).collect(),
        deadline_h: d.chance(0.3).then_some(9.5),
        variable_musd_per_year: variable * PER_DOLLAR,
        input_per_output: None,
        cached_per_output: None,
        points,
        share: None,
    }
}
