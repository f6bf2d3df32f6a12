//! Blocks that take each other's place without any limit noticing, as one.
//!
//! Halls around a ring have neighbours of their own, and after an outage nodes of their own; yet
//! turned by one place the ring is the same. Blocks, nodes, loops and halls are coloured by their
//! numbers, then again and again by the colours of what they are joined to, until no colour splits
//! (an equitable partition). The mean of an optimum over blocks of one colour keeps every limit and
//! is worth the same: one block may stand for them all, and one limit for all of its colour. See
//! Grohe, Kersting, Mladenov and Selman, "Dimension reduction via colour refinement", ESA 2014.

use super::input::{BlockIn, Holding, LoopIn, PlanInput};
use super::reduce::Reduced;
use std::collections::BTreeMap;

/// Folds blocks of one colour into one. Holds for what is asked of all blocks together: which of
/// them runs what is the mean, and not the choice among equals of the input as it was.
pub fn folded(from: Reduced) -> Reduced {
    let input = &from.input;
    let colours = Colours::of(input);
    let blocks = classes(&colours.blocks);
    if blocks.len() == input.blocks.len() {
        return from;
    }
    let nodes = classes(&colours.nodes);
    let (loops, halls) = (classes(&colours.loops), classes(&colours.halls));
    let mut small = input.clone();
    for other in nodes.iter().flat_map(|class| &class[1..]) {
        small.nodes[*other].capacity_mw = f64::INFINITY;
        small.nodes[*other].firm_mw = f64::INFINITY;
    }
    for class in &loops {
        let (count, own) = (class.len() as f64, &mut small.loops[class[0]]);
        own.heat_mw *= count;
        own.flow_lpm *= count;
        if let Some(extreme) = &mut own.extreme {
            extreme.heat_mw *= count;
        }
        let members = class.iter().map(|l| input.loops[*l].node_per_mw.as_slice());
        own.node_per_mw = mean(members, &nodes);
    }
    for class in &halls {
        let (count, own) = (class.len() as f64, &mut small.halls[class[0]]);
        own.positions *= count;
        own.mass_kg *= count;
        own.air_mw *= count;
    }
    let first = |classes: &[Vec<usize>], at: usize| {
        classes.iter().find(|class| class.contains(&at)).map_or(at, |class| class[0])
    };
    small.blocks = blocks
        .iter()
        .map(|class| {
            let own = &input.blocks[class[0]];
            let members = class.iter().map(|b| input.blocks[*b].node_per_it.as_slice());
            BlockIn {
                holding: times(own.holding, class.len() as f64),
                cooling: own.cooling.map(|l| first(&loops, l)),
                hall: own.hall.map(|h| first(&halls, h)),
                node_per_it: mean(members, &nodes),
                ..own.clone()
            }
        })
        .collect();
    let mut group = from.group.clone();
    for g in &mut group {
        *g = blocks.iter().position(|class| class.contains(g)).unwrap_or(*g);
    }
    let of_class =
        |class: &Vec<usize>| class.iter().flat_map(|g| from.members[*g].iter().copied()).collect();
    let members = blocks.iter().map(of_class).collect();
    Reduced { input: small, members, group }
}

fn times(holding: Holding, count: f64) -> Holding {
    match holding {
        Holding::Installed(n) => Holding::Installed(n * count),
        Holding::Planned { min, max } => Holding::Planned { min: min * count, max: max * count },
        Holding::Pool(mw) => Holding::Pool(mw * count),
    }
}

/// Mean of what like things ask of the first node of each colour.
fn mean<'a>(
    members: impl ExactSizeIterator<Item = &'a [(usize, f64)]>,
    nodes: &[Vec<usize>],
) -> Vec<(usize, f64)> {
    let count = members.len() as f64;
    let mut sums: BTreeMap<usize, f64> = BTreeMap::new();
    for &(n, per_mw) in members.flatten() {
        if nodes.iter().any(|class| class[0] == n) {
            *sums.entry(n).or_default() += per_mw;
        }
    }
    sums.into_iter().map(|(n, sum)| (n, sum / count)).collect()
}

/// Members of each colour, in the order of the first of them.
fn classes(colours: &[usize]) -> Vec<Vec<usize>> {
    let mut found: Vec<(usize, Vec<usize>)> = Vec::new();
    for (at, colour) in colours.iter().enumerate() {
        match found.iter_mut().find(|(own, _)| own == colour) {
            Some((_, members)) => members.push(at),
            None => found.push((*colour, vec![at])),
        }
    }
    found.into_iter().map(|(_, members)| members).collect()
}

/// Colours of everything that has a say in where a block stands.
struct Colours {
    blocks: Vec<usize>,
    nodes: Vec<usize>,
    loops: Vec<usize>,
    halls: Vec<usize>,
}

impl Colours {
    fn of(input: &PlanInput) -> Self {
        let counts = [input.blocks.len(), input.nodes.len(), input.loops.len(), input.halls.len()];
        let start = |kind: usize| counts[..kind].iter().sum::<usize>();
        let (nodes, loops, halls) = (start(1), start(2), start(3));
        let mut first: Vec<Vec<u64>> = Vec::with_capacity(start(4));
        let mut edges = Vec::new();
        for (b, block) in input.blocks.iter().enumerate() {
            first.push(of_block(b, block));
            edges.extend(block.node_per_it.iter().map(|(n, k)| (b, nodes + n, digits(*k))));
            edges.extend(block.cooling.map(|l| (b, loops + l, 0)));
            edges.extend(block.hall.map(|h| (b, halls + h, 0)));
        }
        let node = |x: &super::input::NodeIn| vec![1, digits(x.capacity_mw), digits(x.firm_mw)];
        first.extend(input.nodes.iter().map(node));
        for (l, own) in input.loops.iter().enumerate() {
            first.push(of_loop(own));
            edges.extend(own.node_per_mw.iter().map(|(n, k)| (loops + l, nodes + n, digits(*k))));
        }
        let hall = |x: &super::input::HallIn| {
            vec![3, digits(x.positions), digits(x.mass_kg), digits(x.air_mw)]
        };
        first.extend(input.halls.iter().map(hall));
        let all = refined(&first, &edges);
        Self {
            blocks: all[..nodes].to_vec(),
            nodes: all[nodes..loops].to_vec(),
            loops: all[loops..halls].to_vec(),
            halls: all[halls..].to_vec(),
        }
    }
}

/// What a block is by itself. Where racks are still to be bought, or of several types, each block
/// is its own: its members would not be filled alike.
fn of_block(b: usize, block: &BlockIn) -> Vec<u64> {
    let held = match block.holding {
        Holding::Installed(n) => Some([0, digits(n)]),
        Holding::Planned { min, max } => {
            (min == max && block.racks.len() == 1).then(|| [1, digits(max)])
        }
        Holding::Pool(_) => None,
    };
    let own = held.unwrap_or([2, b as u64]);
    let racks = block.racks.iter().map(|r| *r as u64);
    [0, digits(block.grid_per_it)].into_iter().chain(own).chain(racks).collect()
}

fn of_loop(own: &LoopIn) -> Vec<u64> {
    let extreme = own.extreme.iter().flat_map(|x| {
        [x.hour as u64, digits(x.mech_liquid), digits(x.mech_air), digits(x.heat_mw)]
    });
    let limits = [own.heat_mw, own.flow_lpm, own.grid_per_mw].map(digits);
    let by_hour = own.mech_liquid.iter().chain(&own.mech_air).map(|k| digits(*k));
    [2].into_iter().chain(limits).chain(by_hour).chain(extreme).collect()
}

/// A number by its leading twelve digits: what differs in the others comes from rounding.
fn digits(v: f64) -> u64 {
    const DROPPED: u32 = 12;
    (v.to_bits() + (1 << (DROPPED - 1))) >> DROPPED
}

/// The coarsest colours such that things of one colour are alike by themselves and joined alike to
/// each other colour. Edges have two ends and a weight.
fn refined(first: &[Vec<u64>], edges: &[(usize, usize, u64)]) -> Vec<usize> {
    let mut joined: Vec<Vec<(usize, u64)>> = vec![Vec::new(); first.len()];
    for &(a, b, weight) in edges {
        joined[a].push((b, weight));
        joined[b].push((a, weight));
    }
    let (mut colours, mut count) = numbered(first.iter().cloned());
    loop {
        let seen = joined.iter().zip(&colours).map(|(joined, own)| {
            let mut seen: Vec<(u64, u64)> =
                joined.iter().map(|(at, weight)| (colours[*at] as u64, *weight)).collect();
            seen.sort_unstable();
            (*own, seen)
        });
        let (next, found) = numbered(seen);
        if found == count {
            return colours;
        }
        (colours, count) = (next, found);
    }
}

/// A number for each different thing, and how many there are.
fn numbered<T: Ord>(things: impl Iterator<Item = T>) -> (Vec<usize>, usize) {
    let mut known = BTreeMap::new();
    let mut all = Vec::new();
    for thing in things {
        let next = known.len();
        all.push(*known.entry(thing).or_insert(next));
    }
    (all, known.len())
}
