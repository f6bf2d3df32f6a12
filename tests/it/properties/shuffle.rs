//! The same input with its lists in another order and, if asked, other names.

use gigasite::plan::PlanInput;
use gigasite::plan::input::LoopExtreme;

pub struct Shuffled {
    pub input: PlanInput,
    /// Id in `input` of each tier of the original.
    pub tier_ids: Vec<String>,
}

/// Where each element of a list goes.
struct Order(Vec<usize>);

impl Order {
    /// Fisher-Yates with a small generator.
    fn new(n: usize, state: &mut u64) -> Self {
        let mut to: Vec<usize> = (0..n).collect();
        for i in (1..n).rev() {
            *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            to.swap(i, (*state >> 33) as usize % (i + 1));
        }
        Self(to)
    }

    fn of(&self, i: usize) -> usize {
        self.0[i]
    }

    fn apply<T: Clone>(&self, list: &[T]) -> Vec<T> {
        let mut pairs: Vec<_> = self.0.iter().zip(list).collect();
        pairs.sort_by_key(|(to, _)| **to);
        pairs.into_iter().map(|(_, x)| x.clone()).collect()
    }
}

pub fn shuffled(original: &PlanInput, seed: u64, rename: bool) -> Shuffled {
    let mut state = seed;
    let mut order = |n: usize| Order::new(n, &mut state);
    let hours = order(original.hours.len());
    let racks = order(original.racks.len());
    let points = order(original.points.len());
    let tiers = order(original.tiers.len());
    let nodes = order(original.nodes.len());
    let loops = order(original.loops.len());
    let halls = order(original.halls.len());
    let blocks = order(original.blocks.len());
    let mut input = original.clone();
    for rack in &mut input.racks {
        rack.pairs_with = rack.pairs_with.map(|(partner, ratio)| (racks.of(partner), ratio));
    }
    for point in &mut input.points {
        point.rack = racks.of(point.rack);
    }
    for tier in &mut input.tiers {
        tier.shape = hours.apply(&tier.shape);
        tier.points = tier.points.iter().map(|&p| points.of(p)).collect();
        tier.points.sort_unstable();
    }
    let moved = |list: &[(usize, f64)]| -> Vec<(usize, f64)> {
        let mut list: Vec<_> = list.iter().map(|&(n, k)| (nodes.of(n), k)).collect();
        list.sort_by_key(|x| x.0);
        list
    };
    for x in &mut input.loops {
        x.mech_liquid = hours.apply(&x.mech_liquid);
        x.mech_air = hours.apply(&x.mech_air);
        x.node_per_mw = moved(&x.node_per_mw);
        x.extreme =
            x.extreme.map(|extreme| LoopExtreme { hour: hours.of(extreme.hour), ..extreme });
    }
    for block in &mut input.blocks {
        block.racks = block.racks.iter().map(|&r| racks.of(r)).collect();
        block.hall = block.hall.map(|h| halls.of(h));
        block.cooling = block.cooling.map(|l| loops.of(l));
        block.node_per_it = moved(&block.node_per_it);
    }
    for supply in &mut input.supply {
        supply.rack = racks.of(supply.rack);
    }
    input.hours = hours.apply(&input.hours);
    input.racks = racks.apply(&input.racks);
    input.points = points.apply(&input.points);
    input.tiers = tiers.apply(&input.tiers);
    input.nodes = nodes.apply(&input.nodes);
    input.loops = loops.apply(&input.loops);
    input.halls = halls.apply(&input.halls);
    input.blocks = blocks.apply(&input.blocks);
    if rename {
        renamed(&mut input);
    }
    let tier_ids = (0..original.tiers.len()).map(|t| input.tiers[tiers.of(t)].id.clone()).collect();
    Shuffled { input, tier_ids }
}

/// Other ids, in an order of their own.
fn renamed(input: &mut PlanInput) {
    let new = |kind: &str, i: usize| format!("{kind}-{}", (i * 7 + 3) % 11);
    input.hours.iter_mut().enumerate().for_each(|(i, x)| x.id = new("h", i));
    input.racks.iter_mut().enumerate().for_each(|(i, x)| x.id = new("r", i));
    input.points.iter_mut().enumerate().for_each(|(i, x)| x.id = new("p", i));
    input.tiers.iter_mut().enumerate().for_each(|(i, x)| x.id = new("t", i));
    input.nodes.iter_mut().enumerate().for_each(|(i, x)| x.id = new("n", i));
    input.loops.iter_mut().enumerate().for_each(|(i, x)| x.id = new("l", i));
    input.halls.iter_mut().enumerate().for_each(|(i, x)| x.id = new("a", i));
    input.blocks.iter_mut().enumerate().for_each(|(i, x)| x.id = new("b", i));
}
