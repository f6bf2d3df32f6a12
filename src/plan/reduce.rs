//! A smaller input with the same optimum, and the way back.
//!
//! Three reductions, each exact: operating points that another point of the
//! same rack type beats in every respect are dropped; limits that no plan can
//! reach are lifted; blocks that then look alike are merged. What runs in a
//! merged block is shared among its members in proportion to their units,
//! planned members being filled in order.

use super::dispatch::{Dispatch, Run};
use super::input::{BlockIn, Holding, NodeIn, PlanInput, PointIn, RackIn};
use super::result::{BlockResult, BoughtResult, Plan};
pub use super::symmetry::folded;

/// A reduced input with its members.
#[derive(Clone, Debug, Default)]
pub struct Reduced {
    pub input: PlanInput,
    /// Blocks of the full input that each block stands for.
    pub members: Vec<Vec<usize>>,
    /// Block of the reduced input that stands for each full one.
    pub group: Vec<usize>,
}

/// Reduces an input.
pub fn reduce(full: &PlanInput) -> Reduced {
    let mut input = full.clone();
    drop_dominated(&mut input);
    lift_unreachable(&mut input);
    merge(input)
}

/// The same without dropping points: stays exact while throughput, prices, volumes and shares that
/// sell change, as none of them decides which blocks are alike and which limits are out of reach.
pub fn merged(full: &PlanInput) -> Reduced {
    let mut input = full.clone();
    lift_unreachable(&mut input);
    merge(input)
}

/// Whether two inputs merge in the same way: they differ at most in what [`merged`] does not look at.
pub fn merge_alike(a: &PlanInput, b: &PlanInput) -> bool {
    let rack = |a: &RackIn, b: &RackIn| {
        a.idle_mw == b.idle_mw && a.mass_kg == b.mass_kg && a.positions == b.positions
    };
    let point = |a: &PointIn, b: &PointIn| {
        a.rack == b.rack
            && a.it_mw == b.it_mw
            && a.liquid_mw == b.liquid_mw
            && a.air_mw == b.air_mw
            && a.flow_lpm == b.flow_lpm
    };
    a.hours.len() == b.hours.len()
        && a.racks.len() == b.racks.len()
        && a.points.len() == b.points.len()
        && a.blocks == b.blocks
        && a.nodes == b.nodes
        && a.loops == b.loops
        && a.halls == b.halls
        && a.racks.iter().zip(&b.racks).all(|(a, b)| rack(a, b))
        && a.points.iter().zip(&b.points).all(|(a, b)| point(a, b))
}

/// The input as it is, each block standing for itself.
pub fn identity(full: &PlanInput) -> Reduced {
    let n = full.blocks.len();
    Reduced {
        input: full.clone(),
        members: (0..n).map(|b| vec![b]).collect(),
        group: (0..n).collect(),
    }
}

/// Removes dominated points from the tiers that name them; indices stay. Returns which they are.
pub fn drop_dominated(input: &mut PlanInput) -> Vec<bool> {
    let tiers_of = |p: usize| -> Vec<usize> {
        (0..input.tiers.len()).filter(|&t| input.tiers[t].points.contains(&p)).collect()
    };
    let served: Vec<Vec<usize>> = (0..input.points.len()).map(tiers_of).collect();
    let beats = |a: usize, b: usize| {
        let (x, y) = (&input.points[a], &input.points[b]);
        let as_good = x.rack == y.rack
            && x.product == y.product
            && x.output >= y.output
            && x.prefill >= y.prefill
            // Under fixed shares power of one tier is what lets the others have theirs.
            && (x.it_mw == y.it_mw || (x.it_mw < y.it_mw && !input.policy.fixed_shares))
            && x.drawn_mw <= y.drawn_mw
            && x.liquid_mw <= y.liquid_mw
            && x.air_mw <= y.air_mw
            && x.flow_lpm <= y.flow_lpm
            && served[b].iter().all(|t| served[a].contains(t));
        // Of two equal points the first stays.
        let equal = as_good
            && x.output == y.output
            && x.prefill == y.prefill
            && x.it_mw == y.it_mw
            && x.drawn_mw == y.drawn_mw
            && x.liquid_mw == y.liquid_mw
            && x.air_mw == y.air_mw
            && x.flow_lpm == y.flow_lpm
            && served[a] == served[b];
        as_good && (!equal || a < b)
    };
    let dropped: Vec<bool> = (0..input.points.len())
        .map(|b| (0..input.points.len()).any(|a| a != b && beats(a, b)))
        .collect();
    for tier in &mut input.tiers {
        tier.points.retain(|&p| !dropped[p]);
    }
    dropped
}

/// Leaves out nodes that limit nothing; what stands in the others is as before.
pub fn without_idle_nodes(input: &mut PlanInput) {
    let limits = |n: &NodeIn| n.capacity_mw.is_finite() || n.firm_mw.is_finite();
    let mut next = 0;
    let place: Vec<Option<usize>> = input
        .nodes
        .iter()
        .map(|n| {
            next += usize::from(limits(n));
            limits(n).then(|| next - 1)
        })
        .collect();
    input.nodes.retain(limits);
    let kept = |list: &mut Vec<(usize, f64)>| {
        *list = list.iter().filter_map(|&(n, k)| Some((place[n]?, k))).collect();
    };
    input.blocks.iter_mut().for_each(|b| kept(&mut b.node_per_it));
    input.loops.iter_mut().for_each(|l| kept(&mut l.node_per_mw));
}

/// Most power, heat and flow that one unit of a block can ask for in any hour.
#[derive(Clone, Copy, Default)]
struct Most {
    it_mw: f64,
    mechanical_mw: f64,
    heat_mw: f64,
    air_mw: f64,
    flow_lpm: f64,
}

fn most(input: &PlanInput, b: &BlockIn) -> Most {
    let mut most = Most::default();
    let mut raise = |it: f64, liquid: f64, air: f64, flow: f64| {
        most.it_mw = most.it_mw.max(it);
        most.heat_mw = most.heat_mw.max(liquid + air);
        most.air_mw = most.air_mw.max(air);
        most.flow_lpm = most.flow_lpm.max(flow);
        for h in 0..input.hours.len() {
            let mechanical = b.cooling.map_or(0.0, |l| {
                let x = &input.loops[l];
                liquid * x.mech_liquid[h] + air * x.mech_air[h]
            });
            most.mechanical_mw = most.mechanical_mw.max(mechanical);
        }
        if let Some(x) = b.cooling.and_then(|l| input.loops[l].extreme) {
            let mechanical = liquid * x.mech_liquid + air * x.mech_air;
            most.mechanical_mw = most.mechanical_mw.max(mechanical);
        }
    };
    for point in input.points.iter().filter(|p| b.racks.contains(&p.rack)) {
        raise(point.it_mw, point.liquid_mw, point.air_mw, point.flow_lpm);
    }
    for &r in &b.racks {
        raise(input.racks[r].idle_mw, input.racks[r].idle_mw, 0.0, 0.0);
    }
    most
}

/// Most that blocks ask of each node, loop (heat and flow) and hall (air).
struct Reach {
    nodes: Vec<f64>,
    loops: Vec<(f64, f64)>,
    halls: Vec<f64>,
}

impl Reach {
    fn new(input: &PlanInput) -> Self {
        let loops = vec![(0.0, 0.0); input.loops.len()];
        let (nodes, halls) = (vec![0.0; input.nodes.len()], vec![0.0; input.halls.len()]);
        Self { nodes, loops, halls }
    }

    fn add(&mut self, input: &PlanInput, b: &BlockIn, units: f64) {
        let m = most(input, b);
        for &(n, per_it) in &b.node_per_it {
            self.nodes[n] += units * m.it_mw * per_it;
        }
        if let Some(l) = b.cooling {
            self.loops[l].0 += units * m.heat_mw;
            self.loops[l].1 += units * m.flow_lpm;
            for &(n, per_mw) in &input.loops[l].node_per_mw {
                self.nodes[n] += units * m.mechanical_mw * per_mw;
            }
        }
        if let Some(h) = b.hall {
            self.halls[h] += units * m.air_mw;
        }
    }

    /// Takes the larger of each figure.
    fn raise(&mut self, other: &Reach) {
        self.nodes.iter_mut().zip(&other.nodes).for_each(|(a, b)| *a = a.max(*b));
        self.halls.iter_mut().zip(&other.halls).for_each(|(a, b)| *a = a.max(*b));
        for (a, b) in self.loops.iter_mut().zip(&other.loops) {
            *a = (a.0.max(b.0), a.1.max(b.1));
        }
    }

    /// Capacities beside what is asked of them.
    fn beside<'a>(&'a self, input: &'a PlanInput) -> impl Iterator<Item = (f64, f64)> + 'a {
        let nodes = input.nodes.iter().zip(&self.nodes);
        let loops = input.loops.iter().zip(&self.loops);
        let halls = input.halls.iter().zip(&self.halls);
        nodes
            .flat_map(|(x, reach)| [(x.capacity_mw, *reach), (x.firm_mw, *reach)])
            .chain(loops.flat_map(|(x, (heat, flow))| {
                let extreme = x.extreme.map_or(f64::INFINITY, |extreme| extreme.heat_mw);
                [(x.heat_mw, *heat), (x.flow_lpm, *flow), (extreme, *heat)]
            }))
            .chain(halls.map(|(x, air)| (x.air_mw, *air)))
    }
}

/// Most that the blocks ask for.
fn reach(input: &PlanInput) -> Reach {
    let mut reach = Reach::new(input);
    input.blocks.iter().for_each(|b| reach.add(input, b, units(b)));
    reach
}

/// The same with one more unit in any one block: the value of a unit is asked of one at a time.
fn reach_with_one_more(input: &PlanInput) -> Reach {
    let mut all = reach(input);
    let mut most = Reach::new(input);
    for b in &input.blocks {
        let mut one = Reach::new(input);
        one.add(input, b, 1.0);
        most.raise(&one);
    }
    all.nodes.iter_mut().zip(&most.nodes).for_each(|(a, m)| *a += m);
    all.halls.iter_mut().zip(&most.halls).for_each(|(a, m)| *a += m);
    for (a, m) in all.loops.iter_mut().zip(&most.loops) {
        a.0 += m.0;
        a.1 += m.1;
    }
    all
}

/// Makes infinite what cannot bind however the blocks run, even with one more unit in one.
fn lift_unreachable(input: &mut PlanInput) {
    let Reach { nodes, loops, halls } = reach_with_one_more(input);
    for (node, reach) in input.nodes.iter_mut().zip(nodes) {
        lift(&mut node.capacity_mw, reach);
        lift(&mut node.firm_mw, reach);
    }
    for (x, (heat, flow)) in input.loops.iter_mut().zip(loops) {
        lift(&mut x.heat_mw, heat);
        lift(&mut x.flow_lpm, flow);
        if let Some(extreme) = &mut x.extreme {
            lift(&mut extreme.heat_mw, heat);
        }
    }
    for (hall, air) in input.halls.iter_mut().zip(halls) {
        lift(&mut hall.air_mw, air);
    }
    let decided: Vec<bool> = (0..input.halls.len()).map(|h| !space_decides(input, h)).collect();
    for (hall, decided) in input.halls.iter_mut().zip(decided) {
        if decided {
            hall.positions = f64::INFINITY;
            hall.mass_kg = f64::INFINITY;
        }
    }
}

/// What the limits that a reduction lifts still have room for.
pub struct Room {
    now: Reach,
    lifted: Reach,
}

impl Room {
    pub fn new(full: &PlanInput) -> Self {
        Self { now: reach(full), lifted: reach_with_one_more(full) }
    }

    /// Units that block `b` of the full input may gain before a lifted limit could be felt.
    pub fn units(&self, full: &PlanInput, b: usize) -> f64 {
        let mut each = Reach::new(full);
        each.add(full, &full.blocks[b], 1.0);
        let mut room = space_for(full, b);
        let all = self.now.beside(full).zip(self.lifted.beside(full)).zip(each.beside(full));
        for (((capacity, now), (_, lifted)), (_, each)) in all {
            if each > 0.0 && lifted <= capacity && capacity.is_finite() {
                room = room.min((capacity - now) / each);
            }
        }
        room
    }
}

/// Units for which a hall has positions and floor where its space was lifted.
fn space_for(full: &PlanInput, b: usize) -> f64 {
    let block = &full.blocks[b];
    let mut room = f64::INFINITY;
    let Some(h) = block.hall.filter(|&h| !space_decides(full, h)) else { return room };
    let (hall, rack) = (&full.halls[h], &full.racks[block.racks[0]]);
    let (positions, mass_kg) = installed_space(full, h);
    for (free, each) in
        [(hall.positions - positions, rack.positions), (hall.mass_kg - mass_kg, rack.mass_kg)]
    {
        if each > 0.0 {
            room = room.min(free / each);
        }
    }
    room
}

fn lift(capacity: &mut f64, reach: f64) {
    if reach <= *capacity {
        *capacity = f64::INFINITY;
    }
}

/// Whether the space of a hall has a say: something may be bought for it, or it is overfull.
fn space_decides(input: &PlanInput, h: usize) -> bool {
    let in_hall = || input.blocks.iter().filter(|b| b.hall == Some(h));
    let planned = |b: &BlockIn| matches!(b.holding, Holding::Planned { .. });
    let hall = &input.halls[h];
    let (positions, mass_kg) = installed_space(input, h);
    in_hall().any(planned) || positions > hall.positions || mass_kg > hall.mass_kg
}

/// Positions and mass of what stands in a hall.
fn installed_space(input: &PlanInput, h: usize) -> (f64, f64) {
    let in_hall = input.blocks.iter().filter(|b| b.hall == Some(h));
    in_hall.fold((0.0, 0.0), |(positions, mass_kg), b| match b.holding {
        Holding::Installed(n) => {
            let rack = &input.racks[b.racks[0]];
            (positions + n * rack.positions, mass_kg + n * rack.mass_kg)
        }
        _ => (positions, mass_kg),
    })
}

/// What two blocks must share to be one: everything that a finite limit can see.
#[derive(PartialEq)]
struct Likeness {
    racks: Vec<usize>,
    installed: bool,
    hall: Option<usize>,
    cooling: Option<usize>,
    grid_per_it: f64,
    nodes: Vec<(usize, f64)>,
}

fn likeness(input: &PlanInput, b: &BlockIn) -> Option<Likeness> {
    if matches!(b.holding, Holding::Pool(_)) {
        return None;
    }
    let seen = |n: usize| {
        let node = &input.nodes[n];
        node.capacity_mw.is_finite() || node.firm_mw.is_finite()
    };
    let hall = b.hall.filter(|&h| {
        let x = &input.halls[h];
        x.positions.is_finite() || x.mass_kg.is_finite() || x.air_mw.is_finite()
    });
    Some(Likeness {
        racks: b.racks.clone(),
        installed: matches!(b.holding, Holding::Installed(_)),
        hall,
        cooling: b.cooling.map(|l| first_alike(input, l, seen)),
        grid_per_it: b.grid_per_it,
        nodes: b.node_per_it.iter().copied().filter(|(n, _)| seen(*n)).collect(),
    })
}

/// The first loop that no finite limit can tell from `l`.
fn first_alike(input: &PlanInput, l: usize, seen: impl Fn(usize) -> bool) -> usize {
    let visible = |l: usize| -> Vec<(usize, f64)> {
        input.loops[l].node_per_mw.iter().copied().filter(|(n, _)| seen(*n)).collect()
    };
    let free = |l: usize| {
        let x = &input.loops[l];
        let extreme = x.extreme.is_none_or(|extreme| !extreme.heat_mw.is_finite());
        !x.heat_mw.is_finite() && !x.flow_lpm.is_finite() && extreme
    };
    let alike = |k: usize| {
        let (a, b) = (&input.loops[k], &input.loops[l]);
        free(k)
            && a.mech_liquid == b.mech_liquid
            && a.mech_air == b.mech_air
            && a.grid_per_mw == b.grid_per_mw
            && a.extreme == b.extreme
            && visible(k) == visible(l)
    };
    if free(l) { (0..l).find(|&k| alike(k)).unwrap_or(l) } else { l }
}

fn merge(mut input: PlanInput) -> Reduced {
    let mut groups: Vec<(Option<Likeness>, Vec<usize>)> = Vec::new();
    for (b, block) in input.blocks.iter().enumerate() {
        let own = likeness(&input, block);
        let found = own
            .as_ref()
            .and_then(|own| groups.iter_mut().find(|(theirs, _)| theirs.as_ref() == Some(own)));
        match found {
            Some((_, members)) => members.push(b),
            None => groups.push((own, vec![b])),
        }
    }
    let mut group = vec![0; input.blocks.len()];
    let mut blocks = Vec::new();
    for (g, (likeness, members)) in groups.iter().enumerate() {
        members.iter().for_each(|&b| group[b] = g);
        let mut block = input.blocks[members[0]].clone();
        if let Some(likeness) = likeness {
            block.hall = likeness.hall;
            block.cooling = likeness.cooling;
            block.node_per_it = likeness.nodes.clone();
        }
        block.holding = total(members.iter().map(|&b| input.blocks[b].holding));
        blocks.push(block);
    }
    input.blocks = blocks;
    Reduced { input, members: groups.into_iter().map(|(_, m)| m).collect(), group }
}

fn total(holdings: impl Iterator<Item = Holding>) -> Holding {
    holdings
        .reduce(|a, b| match (a, b) {
            (Holding::Installed(a), Holding::Installed(b)) => Holding::Installed(a + b),
            (Holding::Planned { min, max }, Holding::Planned { min: m, max: n }) => {
                Holding::Planned { min: min + m, max: max + n }
            }
            (a, _) => a,
        })
        .unwrap_or(Holding::Installed(0.0))
}

impl Reduced {
    /// A dispatch of the reduced input, spread over the blocks of the full one.
    pub fn expand(&self, full: &PlanInput, d: &Dispatch) -> Dispatch {
        if self.members.iter().all(|m| m.len() == 1) {
            return d.clone();
        }
        let bought = self.fill(full, &d.bought);
        let share = |b: usize, g: usize, rack: usize| match (
            full.blocks[b].holding,
            self.input.blocks[g].holding,
        ) {
            (Holding::Installed(own), Holding::Installed(all)) if all > 0.0 => own / all,
            (Holding::Planned { .. }, _) => {
                let of = |list: &[(usize, usize, f64)], at: usize| -> f64 {
                    let same = list.iter().filter(|x| x.0 == at && x.1 == rack);
                    same.map(|x| x.2).sum()
                };
                let all = of(&d.bought, g);
                if all > 0.0 { of(&bought, b) / all } else { 0.0 }
            }
            _ => 1.0,
        };
        let runs = d.runs.iter().flat_map(|run| {
            let rack = full.points[run.point].rack;
            self.members[run.block].iter().map(move |&b| (b, rack, *run))
        });
        let runs = runs
            .map(|(b, rack, run)| Run {
                block: b,
                units: run.units * share(b, run.block, rack),
                ..run
            })
            .filter(|r| r.units > 0.0)
            .collect();
        Dispatch { runs, bought, ..d.clone() }
    }

    /// A plan of the reduced input told of blocks of the full one: what was bought by block, what
    /// runs by the first block of each kind that `alike` does not tell apart.
    pub fn told(
        &self,
        full: &PlanInput,
        (plan, d): (&Plan, &Dispatch),
        alike: &[usize],
    ) -> (Vec<BlockResult>, Vec<BoughtResult>) {
        let bought = self.fill(full, &d.bought);
        let count = |list: &[(usize, usize, f64)], b: usize, rack: &str| -> f64 {
            let own = list.iter().filter(|x| x.0 == b && full.racks[x.1].id == rack);
            own.map(|x| x.2).sum()
        };
        let mut blocks = Vec::new();
        for row in &plan.blocks {
            let Some(g) = self.input.blocks.iter().position(|b| b.id == row.id) else { continue };
            let share = |b: usize| match (full.blocks[b].holding, self.input.blocks[g].holding) {
                (Holding::Installed(own), Holding::Installed(all)) if all > 0.0 => own / all,
                (Holding::Planned { .. }, _) => {
                    let all = count(&d.bought, g, &row.rack);
                    if all > 0.0 { count(&bought, b, &row.rack) / all } else { 0.0 }
                }
                _ => 1.0,
            };
            let mut kinds: Vec<(usize, usize, f64)> = Vec::new();
            for &b in &self.members[g] {
                match kinds.iter_mut().find(|(kind, ..)| *kind == alike[b]) {
                    Some((_, _, sum)) => *sum += share(b),
                    None => kinds.push((alike[b], b, share(b))),
                }
            }
            blocks.extend(kinds.into_iter().map(|(_, b, share)| BlockResult {
                id: full.blocks[b].id.clone(),
                racks: row.racks.map(|n| n * share),
                firm_racks: row.firm_racks.map(|n| n * share),
                it_mw: row.it_mw * share,
                ..row.clone()
            }));
        }
        let named = bought.iter().map(|&(b, r, racks)| BoughtResult {
            block: full.blocks[b].id.clone(),
            rack: full.racks[r].id.clone(),
            racks,
        });
        (blocks, named.collect())
    }

    /// Bought units of merged blocks: first every member's least, then each up to its most.
    fn fill(&self, full: &PlanInput, bought: &[(usize, usize, f64)]) -> Vec<(usize, usize, f64)> {
        let mut out = Vec::new();
        for (g, members) in self.members.iter().enumerate() {
            let mut stock: Vec<(usize, f64)> =
                bought.iter().filter(|x| x.0 == g).map(|x| (x.1, x.2)).collect();
            let mut room = Vec::new();
            for &b in members {
                if let Holding::Planned { min, max } = full.blocks[b].holding {
                    room.push((b, min));
                    room.push((b, max - min));
                }
            }
            // Least first, then the rest, both in the order of the layout.
            let (least, rest): (Vec<_>, Vec<_>) =
                room.iter().enumerate().partition(|(i, _)| i % 2 == 0);
            for (_, &(b, mut free)) in least.into_iter().chain(rest) {
                for (rack, left) in stock.iter_mut().filter(|s| s.1 > 0.0) {
                    let take = left.min(free);
                    if take > 0.0 {
                        *left -= take;
                        free -= take;
                        out.push((b, *rack, take));
                    }
                }
            }
        }
        out.sort_by_key(|x| (x.0, x.1));
        out.dedup_by(|next, kept| {
            let same = next.0 == kept.0 && next.1 == kept.1;
            if same {
                kept.2 += next.2;
            }
            same
        });
        out
    }
}

/// Units that a block holds or may hold.
pub fn units(b: &BlockIn) -> f64 {
    match b.holding {
        Holding::Installed(n) | Holding::Planned { max: n, .. } => n,
        Holding::Pool(mw) => mw,
    }
}
