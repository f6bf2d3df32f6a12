//! A pilot of 20 MW that fits on a page: one feed, one hall, two rows that stand and two
//! that may be bought.

use super::grid::{FEEDER_MW, POWER_FACTOR, Place, Wired, area, at_size, feed, node};
use super::terms::{self, GB300, RUBIN};
use gigasite::site::{
    Area, AreaKind, Block, Coolant, CoolingUnit, Feed, FinanceInputs, Hall, LAYOUT_VERSION,
    LayoutFile, Loop, Node, NodeKind, Planned, Row, SiteInfo, Supply, Tier,
};

const NOTES: &str = "Invented, and small enough to read. Two rows of GB300 stand; two more rows \
    may be filled with GB300 or Vera Rubin where that pays. One feed and one main transformer: \
    nothing survives their loss, so no power is firm and every tier is interruptible. What \
    stands behind them survives: of the busways of a row one may fail, and no emergency rating \
    of busways is known, so none is counted on. Busways bear the peaks of all racks, not all \
    that is installed in their power shelves, part of which is redundant (warning \
    rack-installed).";

/// The layout.
pub fn layout() -> LayoutFile {
    let mut rows = Vec::new();
    let mut blocks = Vec::new();
    for number in 1..=4 {
        let (row, block) = row(number);
        rows.push(row);
        blocks.extend(block);
    }
    LayoutFile {
        version: LAYOUT_VERSION,
        // Its typical hours alone, as a site whose place is not chosen yet.
        site: SiteInfo {
            place: None,
            ..terms::site(
                "Pilot 20 MW",
                20.0,
                vec![[0.0, 0.0], [150.0, 0.0], [150.0, 120.0], [0.0, 120.0]],
                NOTES,
            )
        },
        policy: terms::policy(),
        hours: terms::hours(),
        tiers: tiers(),
        phases: Vec::new(),
        supply: vec![Supply { rack: RUBIN.into(), max_racks: 48 }],
        finance: FinanceInputs { capex_budget_usd: Some(300.0e6), ..terms::finance() },
        feeds: vec![grid_feed()],
        nodes: nodes(),
        loops: vec![cooling()],
        generators: Vec::new(),
        batteries: Vec::new(),
        areas: areas(),
        constraints: Vec::new(),
        underlays: Vec::new(),
        halls: vec![hall()],
        rows,
        network_racks: Vec::new(),
        blocks,
        groups: Vec::new(),
        locked: Vec::new(),
        overrides: Vec::new(),
        base: None,
        variants: Vec::new(),
        tour: Vec::new(),
        scenarios: Vec::new(),
    }
}

/// Medium, free and batch of the family; nothing here is firm.
fn tiers() -> Vec<Tier> {
    terms::tiers(0.025)
        .into_iter()
        .filter(|t| matches!(t.id.as_str(), "medium" | "free" | "batch"))
        .collect()
}

fn grid_feed() -> Feed {
    Feed {
        voltage_kv: Some(138.0),
        ..feed("feed-1", "Feed 1, 138 kV", 25.0, &[], [26.0, 0.0, 6.0, 10.0])
    }
}

/// A busway of 4,000 A at 415 V; each row has one more than its racks need.
const BUSWAY_MVA: f64 = 2.88;

/// Feed, transformer, cable and UPS in a line; then a unit substation for two rows each.
fn nodes() -> Vec<Node> {
    use NodeKind::{Busway, Feeder, MainTransformer, UnitSubstation};
    let mva = |count: f64, rated: f64| count * rated * POWER_FACTOR;
    let at = |x: f64, y: f64, w: f64, h: f64| -> Place { [x, y, w, h] };
    let unit = |id: &str, name: &str, count: f64, place: Place| {
        node(id, format!("{name}, {count} x 3 MVA"), UnitSubstation, mva(count, 3.0), place)
            .made_of("unit-transformer")
            .at_kv(0.415)
    };
    let mut nodes = vec![
        node(
            "t-1",
            "T-1, 25 MVA".into(),
            MainTransformer,
            mva(1.0, 25.0),
            at(20.0, 16.0, 18.0, 14.0),
        )
        .from(&["feed-1"])
        .made_of("main-transformer")
        .at_kv(34.5),
        node(
            "cable",
            "Cable to the hall, 600 A".into(),
            Feeder,
            FEEDER_MW,
            at(25.0, 40.0, 8.0, 2.0),
        )
        .from(&["t-1"])
        .made_of("mv-cable")
        .at_kv(34.5),
        node("ups", "UPS, 8 x 2.5 MW".into(), UnitSubstation, 20.0, at(22.0, 50.0, 4.0, 36.0))
            .from(&["cable"])
            .made_of("ups")
            .at_kv(34.5),
        unit("us-1", "Transformers rows 1 and 2", 3.0, at(29.0, 52.0, 4.0, 14.0)).from(&["ups"]),
        unit("us-2", "Transformers rows 3 and 4", 5.0, at(29.0, 70.0, 4.0, 14.0)).from(&["ups"]),
        unit("mech", "Mechanical transformers", 2.0, at(46.0, 36.0, 6.0, 4.0)).from(&["cable"]),
    ];
    nodes[0].capacitor_mvar = Some(3.0);
    for row in 1..=4_u8 {
        let source = if row <= 2 { "us-1" } else { "us-2" };
        let place = at(35.0, row_top(u32::from(row)) - 0.6, 2.0, 2.4);
        let name = format!("Busway row {row}");
        nodes.push(
            node(&format!("bw-{row}"), name, Busway, mva(3.0, BUSWAY_MVA), place)
                .from(&[source])
                .made_of("busway")
                .at_kv(0.415),
        );
    }
    nodes
}

fn row_top(row: u32) -> f64 {
    45.0 + 9.0 * f64::from(row)
}

/// A row of 24 racks: GB300 that stands, or either type where it pays.
fn row(number: u32) -> (Row, Vec<Block>) {
    let id = format!("r{number}");
    let top = row_top(number);
    let (at, size) = at_size([40.0, top, 26.4, 1.2]);
    let row = Row { id: id.clone(), name: format!("Row {number}"), hall: "hall".into(), at, size };
    let block = |n: u32, left: f64, count: u32| {
        let (at, size) = at_size([40.0 + left, top, 1.1 * f64::from(count), 1.2]);
        let stands = number <= 2;
        Block {
            id: format!("{id}-b{n}"),
            name: format!("Row {number}, block {n}"),
            hall: Some("hall".into()),
            row: Some(id.clone()),
            rack: stands.then(|| GB300.into()),
            count: stands.then_some(count),
            planned: (!stands).then(|| Planned {
                racks: vec![GB300.into(), RUBIN.into()],
                min: 0,
                max: count,
            }),
            mw: None,
            node: Some(format!("bw-{number}")),
            node_b: None,
            cooling_loop: Some("loop".into()),
            phase: None,
            network: Vec::new(),
            racks_per_line: Some(count),
            at,
            size,
        }
    };
    (row, vec![block(1, 0.0, 16), block(2, 17.6, 8)])
}

fn hall() -> Hall {
    let (at, size) = at_size([20.0, 48.0, 54.0, 40.0]);
    Hall {
        id: "hall".into(),
        name: "Hall".into(),
        positions: Some(156),
        floor_kg_m2: Some(1_500.0),
        air_heat_mw: Some(3.2),
        height_m: None,
        phase: None,
        at,
        size,
    }
}

fn cooling() -> Loop {
    let unit =
        |id: &str, name: &str, equipment: &str, (count, heat_mw): (u32, f64), place: Place| {
            let (at, size) = at_size(place);
            let spare = 1;
            let (id, name, equipment) = (id.into(), name.into(), equipment.into());
            CoolingUnit { id, name, equipment, count, spare, heat_mw, at, size }
        };
    Loop {
        id: "loop".into(),
        name: "Coolant".into(),
        coolant: Coolant::Pg25,
        supply_c: 40.0,
        heat_mw: None,
        flow_lpm: Some(28_000.0),
        node: "mech".into(),
        cdus: vec![unit("cdu", "CDUs", "cdu", (9, 2.4), [69.0, 52.0, 3.6, 32.0])],
        rejection: vec![unit(
            "dc",
            "Dry coolers",
            "dry-cooler",
            (16, 1.3),
            [84.0, 50.0, 30.0, 36.0],
        )],
        air: Some("fan-wall".into()),
    }
}

fn areas() -> Vec<Area> {
    vec![
        area("yard", "Substation", AreaKind::Yard, [16.0, 12.0, 26.0, 22.0]),
        area("road", "Road", AreaKind::Road, [124.0, 0.0, 8.0, 120.0]),
        area("office", "Office", AreaKind::Building, [88.0, 98.0, 24.0, 14.0]),
    ]
}
