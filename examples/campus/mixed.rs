//! A quarter of a gigawatt that is still to be bought: two empty halls, money and supply
//! that end before the floor does.

use super::grid::{Bars, Place, Substation, area, feed};
use super::hall::{Design, FOR_RUBIN, Fill, HallParts, HallPlan, SIZE};
use super::terms::{self, GB300, RUBIN};
use gigasite::site::{
    Area, AreaKind, Feed, FinanceInputs, LAYOUT_VERSION, LayoutFile, Objective, Phase, Policy,
    Supply,
};

const NOTES: &str = "Invented. Nothing stands in the halls yet: the plan buys racks of either \
    type where they pay, within a capital budget, the racks that can be had and 250 MW of grid. \
    Each hall has its own 34.5 kV section and transformer; a third transformer stands by for \
    both. The feed is one double-circuit line: its loss as a whole is not survived, and 250 MW \
    of it are firm by the utility's word. Both halls are cooled at 40 degrees C, so that either \
    rack type may stand anywhere. Busways bear the peaks of all racks, not all that is installed \
    in their power shelves, part of which is redundant (warning rack-installed).";

/// Place of the substation.
pub const SUB: Place = [96.0, 104.0, 132.0, 84.0];

/// The layout.
pub fn layout() -> LayoutFile {
    // Rows for Rubin, coolant for GB300: the colder of the two suits both.
    let design = Design { supply_c: 40.0, air_frac: 0.18, ..FOR_RUBIN };
    let mut parts = HallParts::default();
    for (number, x) in [(1, 110.0), (2, 266.0)] {
        let plan = HallPlan {
            number,
            design,
            fill: Fill::Planned(&[GB300, RUBIN]),
            source: if number == 1 { "sub-a1" } else { "sub-a2" },
            others: [None; 2],
            phase: if number == 1 { "p1" } else { "p2" },
            at: [x, 232.0],
            mirrored: number == 1,
        };
        parts.extend(plan.build());
    }
    let mut nodes = Substation {
        letter: 'a',
        feed: "feed-1",
        other_feed: None,
        transformers: 3,
        transformer_mva: 187.5,
        bars: Bars::Catcher,
        capacitor_mvar: 25.0,
        place: SUB,
    }
    .nodes();
    nodes.extend(parts.nodes);
    LayoutFile {
        version: LAYOUT_VERSION,
        site: terms::site("Mixed 250 MW", 250.0, parcel(), NOTES),
        policy: Policy { objective: Some(Objective::Invest), ..terms::policy() },
        hours: terms::hours(),
        tiers: terms::tiers(0.4),
        phases: [("p1", "Phase 1, hall 1", 12), ("p2", "Phase 2, hall 2", 18)]
            .map(|(id, name, month)| Phase { id: id.into(), name: name.into(), month })
            .to_vec(),
        supply: vec![
            Supply { rack: RUBIN.into(), max_racks: 520 },
            Supply { rack: GB300.into(), max_racks: 480 },
        ],
        finance: FinanceInputs { capex_budget_usd: Some(6.0e9), ..terms::finance() },
        // A double-circuit line: either circuit carries the whole site.
        feeds: vec![Feed {
            firm_mw: Some(250.0),
            ..feed(
                "feed-1",
                "Feed 1, 345 kV, two circuits",
                500.0,
                &[(12, 125.0), (18, 250.0)],
                [152.0, 0.0, 20.0, 56.0],
            )
        }],
        nodes,
        loops: parts.loops,
        generators: Vec::new(),
        batteries: Vec::new(),
        areas: areas(),
        constraints: Vec::new(),
        underlays: Vec::new(),
        halls: parts.halls,
        rows: parts.rows,
        network_racks: parts.network,
        blocks: parts.blocks,
        groups: Vec::new(),
        locked: Vec::new(),
        overrides: Vec::new(),
        base: None,
        variants: Vec::new(),
        tour: Vec::new(),
        scenarios: Vec::new(),
    }
}

/// Outline and ground of a site with two halls.
pub fn parcel() -> Vec<[f64; 2]> {
    vec![[0.0, 0.0], [480.0, 0.0], [480.0, 450.0], [0.0, 450.0]]
}

pub fn areas() -> Vec<Area> {
    use AreaKind::{Building, Corridor, Pad, Road, Water};
    let south = 232.0 + SIZE[1];
    vec![
        area("pad", "Pad, halls 1 and 2", Pad, [100.0, 226.0, 296.0, SIZE[1] + 12.0]),
        area("line-1", "345 kV line", Corridor, [147.0, 0.0, 30.0, 104.0]),
        area("duct-a-head", "Duct bank, head", Corridor, [155.0, 196.0, 100.0, 6.0]),
        area("duct-a", "Duct bank", Corridor, [243.0, 196.0, 10.0, SIZE[1] + 40.0]),
        area("road-north", "North road", Road, [78.0, 208.0, 340.0, 10.0]),
        area("road-south", "South road", Road, [78.0, south + 12.0, 340.0, 10.0]),
        area("road-east", "East road", Road, [408.0, 208.0, 10.0, 242.0]),
        area("operations", "Operations", Building, [110.0, south + 36.0, 76.0, 40.0]),
        area("stormwater", "Stormwater", Water, [266.0, south + 36.0, 90.0, 46.0]),
    ]
}
