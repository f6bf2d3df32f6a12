//! Rings of halls, some alike and some not, folded and as they are.

use crate::support::{block, close, hall, hour, node, one_hour, point, rack, tier};
use gigasite::plan::input::{Holding, LoopExtreme, LoopIn};
use gigasite::plan::reduce::{folded, merged, without_idle_nodes};
use gigasite::plan::{How, PlanInput, PlanSolver, Solved, check};
use proptest::prelude::*;

const MECHANICAL: [[f64; 2]; 2] = [[0.05, 0.1], [0.08, 0.12]];

/// Numbers of one hall: blocks of each rack type, room at its node, its air and its loop.
#[derive(Clone, Debug)]
struct Hall {
    counts: [f64; 2],
    node_mw: f64,
    firm_mw: f64,
    heat_mw: f64,
    air_mw: f64,
}

fn halls() -> impl Strategy<Value = Hall> {
    let counts = [Just(40.0), Just(60.0)];
    (counts, 6.0..20.0, 4.0..14.0, 6.0..20.0, 0.8..2.0).prop_map(
        |(counts, node_mw, firm_mw, heat_mw, air_mw)| Hall {
            counts,
            node_mw,
            firm_mw,
            heat_mw,
            air_mw,
        },
    )
}

/// Two hours, two rack types with two points each, a tier on firm power and one on any.
fn market() -> PlanInput {
    let mut input = one_hour();
    input.hours = vec![hour("day", 4380.0, 12.0), hour("night", 4380.0, 0.0)];
    input.hours[0].energy_musd_per_mwh = 60e-6;
    input.site.demand_musd_per_mw_year = 0.02;
    input.racks = vec![rack("old"), rack("new")];
    input.racks[1].spares_frac = 0.02;
    input.racks[1].idle_mw = 0.03;
    input.points = vec![
        point("old-fast", 0, 0.14, 0.5),
        point("old-deep", 0, 0.12, 1.1),
        point("new-fast", 1, 0.22, 1.7),
        point("new-deep", 1, 0.20, 2.6),
    ];
    for p in &mut input.points {
        (p.liquid_mw, p.air_mw, p.flow_lpm) = (0.9 * p.it_mw, 0.1 * p.it_mw, 100.0);
    }
    input.tiers = vec![
        tier("chat", true, &[(9.0, 60.0), (4.0, 500.0)], &[0, 2]),
        tier("batch", false, &[(2.0, 300.0), (1.0, 400.0)], &[1, 3]),
    ];
    input.tiers[0].firm = true;
    input.tiers.iter_mut().for_each(|t| t.shape = vec![1.2, 0.8]);
    input
}

/// Halls in a ring: each on a node of its own; when that fails, half of its firm load goes to each
/// neighbour.
fn ring(halls: &[Hall], contract_mw: f64) -> PlanInput {
    let mut input = market();
    input.site.grid_contract_mw = contract_mw;
    let n = halls.len();
    for (h, own) in halls.iter().enumerate() {
        input.nodes.push(node(&format!("node-{h}"), own.node_mw));
        // What limits nothing must not tell halls apart.
        let mut idle = node(&format!("idle-{h}"), f64::INFINITY);
        idle.name = "idle".into();
        input.nodes.push(idle);
        let mut after = node(&format!("after-{h}"), f64::INFINITY);
        after.firm_mw = own.firm_mw;
        input.nodes.push(after);
        input.loops.push(LoopIn {
            id: format!("loop-{h}"),
            name: format!("loop-{h}"),
            heat_mw: own.heat_mw,
            flow_lpm: f64::INFINITY,
            mech_liquid: MECHANICAL[0].to_vec(),
            mech_air: MECHANICAL[1].to_vec(),
            grid_per_mw: 1.02,
            node_per_mw: vec![(3 * h, 1.01)],
            extreme: Some(LoopExtreme {
                hour: 0,
                mech_liquid: 0.2,
                mech_air: 0.25,
                heat_mw: 0.7 * own.heat_mw,
            }),
        });
        let mut room = self::hall(&format!("hall-{h}"), f64::INFINITY);
        room.air_mw = own.air_mw;
        input.halls.push(room);
    }
    for (h, own) in halls.iter().enumerate() {
        for (r, count) in own.counts.iter().enumerate() {
            let id = format!("hall-{h}-{r}");
            let mut racks = block(&id, &[r], Holding::Installed(*count));
            (racks.cooling, racks.hall, racks.grid_per_it) = (Some(h), Some(h), 1.04);
            let (next, before) = ((h + 1) % n, (h + n - 1) % n);
            racks.node_per_it = vec![(3 * h, 1.03), (3 * h + 1, 1.03 + h as f64)];
            racks.node_per_it.push((3 * h + 2, 1.03));
            racks.node_per_it.extend([next, before].map(|k| (3 * k + 2, 0.515)));
            input.blocks.push(racks);
        }
    }
    input
}

fn solved(input: &PlanInput) -> Solved {
    let how = How { reduce: false, ..How::default() };
    PlanSolver::new().unwrap().solve(input, how).unwrap()
}

/// Folds an input, checks that it is worth the same and that what runs in all blocks then breaks
/// nothing, and tells its blocks.
fn blocks_of_the_same_worth(input: &PlanInput) -> usize {
    let mut reduced = merged(input);
    without_idle_nodes(&mut reduced.input);
    let small = folded(reduced);
    let (one, all) = (solved(&small.input), solved(input));
    let worth = |s: &Solved| s.plan.objective_usd_per_year.unwrap();
    close(worth(&one), worth(&all), 1e-9, "the folded optimum");
    let dispatch = small.expand(input, &one.dispatch);
    let faults = check::check(input, &dispatch, worth(&one) / 1e6);
    assert!(faults.is_empty(), "{faults:?}");
    small.input.blocks.len()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_ring_of_equal_halls_is_one_hall(own in halls(), n in 3usize..7, share in 0.4..1.2) {
        let contract_mw = share * 18.0 * n as f64;
        let blocks = blocks_of_the_same_worth(&ring(&vec![own; n], contract_mw));
        prop_assert_eq!(blocks, 2);
    }

    #[test]
    fn halls_that_differ_stand_for_themselves(
        of in prop::collection::vec(halls(), 2),
        order in prop::collection::vec(0usize..2, 3..7),
        share in 0.4..1.2,
    ) {
        let list: Vec<Hall> = order.iter().map(|k| of[*k].clone()).collect();
        let blocks = blocks_of_the_same_worth(&ring(&list, share * 18.0 * list.len() as f64));
        prop_assert!(blocks <= 2 * list.len(), "{} blocks", blocks);
    }
}

#[test]
fn mirrored_halls_fold_and_the_one_between_them_does_not() {
    let own =
        Hall { counts: [40.0, 60.0], node_mw: 14.0, firm_mw: 9.0, heat_mw: 14.0, air_mw: 1.5 };
    let between = Hall { firm_mw: 6.0, ..own.clone() };
    // One hall of five is weaker: its neighbours are a pair, and so are those beyond.
    let mut five = vec![own; 5];
    five[0] = between;
    assert_eq!(blocks_of_the_same_worth(&ring(&five, 90.0)), 6);
}
