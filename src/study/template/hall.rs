//! One hall: two wings of rows around a yard of dry coolers, with its feeders, UPS,
//! transformers, busways, cooling loop, network racks and blocks.
//!
//! It must not know where on the campus it stands.

use super::figures::{Figures, made_of};
use super::parts::{Bank, Place, Wired, at_size, hundredth, node};
use super::request::{Holding, Request, Scheme};
use super::size::{Size, spread};
use crate::site::{
    Block, Coolant, CoolingUnit, Hall, Loop, NetworkRack, Node, NodeKind, Planned, Row,
};

/// Strip with feeders, UPS and transformers at the head of the rows, metres.
const HEAD_M: f64 = 20.0;
/// Free ground behind the rows.
const TAIL_M: f64 = 4.0;
/// From row to row, and of a wing beyond its rows.
const ROW_PITCH_M: f64 = 6.5;
const WING_EDGE_M: f64 = 3.0;
/// Between a wing and the coolers, and around the two fields of them.
const YARD_EDGE_M: f64 = 8.0;
/// Ground of one dry cooler.
const COOLER_M2: f64 = 40.0;
/// Units placed together.
const UNITS_PER_BLOCK: u32 = 2;

/// Everything that a hall brings to a layout.
#[derive(Debug, Default)]
pub struct HallParts {
    pub halls: Vec<Hall>,
    pub rows: Vec<Row>,
    pub blocks: Vec<Block>,
    pub network: Vec<NetworkRack>,
    pub nodes: Vec<Node>,
    pub loops: Vec<Loop>,
}

impl HallParts {
    pub fn extend(&mut self, other: HallParts) {
        self.halls.extend(other.halls);
        self.rows.extend(other.rows);
        self.blocks.extend(other.blocks);
        self.network.extend(other.network);
        self.nodes.extend(other.nodes);
        self.loops.extend(other.loops);
    }
}

/// A hall to build.
pub(super) struct HallPlan<'a> {
    pub number: usize,
    pub units: u32,
    /// Substations that feed it, one for each path.
    pub sources: &'a [String],
    pub phase: String,
    /// North-west corner.
    pub at: [f64; 2],
    /// Whether cables come in from the east; from the west otherwise.
    pub mirrored: bool,
    pub size: &'a Size,
    pub figures: &'a Figures,
    pub request: &'a Request,
}

/// Measures of every hall of a campus, metres; all are built like the fullest.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Measures {
    pub width: f64,
    pub height: f64,
    wing: f64,
    row: f64,
}

impl Measures {
    pub fn of(size: &Size, figures: &Figures, scheme: Scheme) -> Self {
        let row = size.unit_m * f64::from(size.units_per_row);
        let wing = WING_EDGE_M + ROW_PITCH_M * f64::from(size.rows_per_wing);
        let width = HEAD_M + row + TAIL_M;
        let fullest = size.hall_units.iter().copied().max().unwrap_or(0);
        let coolers = cooler_field(figures, fullest, scheme).0;
        let deep = f64::from(coolers) * COOLER_M2 / field_width(width);
        let yard = deep.max(12.0).ceil() + 2.0 * YARD_EDGE_M;
        Self { width, height: 2.0 * wing + yard, wing, row }
    }
}

fn field_width(hall: f64) -> f64 {
    (hall - 4.0 * YARD_EDGE_M) / 2.0
}

/// Coolers of one of the two fields of a hall, and how many of them are spare.
fn cooler_field(figures: &Figures, units: u32, scheme: Scheme) -> (u32, u32) {
    let heat = figures.heat_mw(units) * (1.0 + figures.chiller_frac);
    machines(heat / 2.0, figures.cooler_mw, scheme)
}

fn machines(heat_mw: f64, each_mw: f64, scheme: Scheme) -> (u32, u32) {
    let spare = Figures::spare(scheme);
    ((heat_mw / each_mw).ceil().max(1.0) as u32 + spare, spare)
}

#[derive(Clone, Copy)]
struct Wing {
    letter: char,
    name: &'static str,
    units: u32,
    /// Distance of its north edge from the hall's.
    top: f64,
}

impl HallPlan<'_> {
    fn id(&self) -> String {
        format!("h{}", self.number)
    }

    fn title(&self) -> String {
        format!("Hall {}", self.number)
    }

    fn measures(&self) -> Measures {
        Measures::of(self.size, self.figures, self.request.scheme)
    }

    fn wings(&self) -> impl Iterator<Item = Wing> {
        let m = self.measures();
        let (north, south) = (self.units.div_ceil(2), self.units / 2);
        let all = [
            Wing { letter: 'n', name: "north", units: north, top: 0.0 },
            Wing { letter: 's', name: "south", units: south, top: m.height - m.wing },
        ];
        all.into_iter().filter(|w| w.units > 0)
    }

    /// A place given by its distance from the end where the cables come in.
    fn place(&self, from_head: f64, top: f64, width: f64, height: f64) -> Place {
        let x = if self.mirrored {
            self.at[0] + self.measures().width - from_head - width
        } else {
            self.at[0] + from_head
        };
        [x, self.at[1] + top, width, height]
    }

    fn row_top(&self, wing: Wing, row: u32) -> f64 {
        let middle = WING_EDGE_M / 2.0 + ROW_PITCH_M * (f64::from(row) - 0.5);
        wing.top + middle - self.figures.rack.depth_m / 2.0
    }

    /// Everything of the hall.
    pub fn build(&self) -> HallParts {
        let mut parts = HallParts::default();
        parts.nodes.push(self.mechanical());
        for wing in self.wings() {
            for path in 0..self.sources.len() {
                parts.nodes.extend(self.wing_nodes(wing, path));
            }
            let rows = self.size.rows_per_wing.min(wing.units);
            for (row, units) in (1..).zip(spread(wing.units, rows)) {
                parts.nodes.extend(self.row_nodes(wing, (row, units)));
                let (row, blocks) = self.row(wing, row, units);
                parts.rows.push(row);
                parts.blocks.extend(blocks);
            }
            parts.network.push(self.network(wing));
        }
        parts.loops.push(self.cooling());
        parts.halls.push(self.hall());
        for node in &mut parts.nodes {
            node.phase = Some(self.phase.clone());
        }
        parts
    }

    fn hall(&self) -> Hall {
        let f = self.figures;
        let m = self.measures();
        let (at, size) = at_size([self.at[0], self.at[1], m.width, m.height]);
        let per_unit = f.rack.unit_racks + f.rack.unit_support;
        let air = f64::from(self.units * f.rack.unit_racks) * f.rack.air_mw;
        Hall {
            id: self.id(),
            name: self.title(),
            // One block more fits beside every row.
            positions: Some(
                2 * self.size.rows_per_wing
                    * (self.size.units_per_row + UNITS_PER_BLOCK)
                    * per_unit,
            ),
            floor_kg_m2: Some(f.floor_kg_m2),
            air_heat_mw: Some(up(air * (1.0 + f.margin_frac))),
            height_m: None,
            phase: Some(self.phase.clone()),
            at,
            size,
        }
    }

    /// Pumps, fans and trim chillers have transformers of their own.
    fn mechanical(&self) -> Node {
        let f = self.figures;
        let load = f.mechanical_of(self.units) / f.unit_frac;
        let bank = Bank::joined(load, f.unit_mva * f.power_factor_mechanical, self.request.scheme);
        let place = self.place(1.0, self.measures().height / 2.0 - 6.0, 5.0, 12.0);
        let name = format!("{} mechanical, {} x {} MVA", self.title(), bank.count, f.unit_mva);
        let id = format!("{}-mech", self.id());
        let mut node = node(&id, name, NodeKind::UnitSubstation, bank.capacity_mw, place)
            .made_of(made_of::UNIT)
            .at_kv(f.low_kv);
        node.from = self.sources.to_vec();
        node
    }

    /// Letter of a path in ids, where there are two.
    fn path(&self, path: usize) -> &'static str {
        match (self.sources.len(), path) {
            (1, _) => "",
            (_, 0) => "-a",
            _ => "-b",
        }
    }

    /// The feeders of a wing and its UPS, on one path.
    fn wing_nodes(&self, wing: Wing, path: usize) -> [Node; 2] {
        let f = self.figures;
        let scheme = self.request.scheme;
        let letter = self.path(path);
        let id = format!("{}-{}", self.id(), wing.letter);
        let title =
            format!("{} {}{}", self.title(), wing.name, letter.to_uppercase().replace('-', " "));
        let tall = self.measures().wing / self.sources.len() as f64;
        let top = wing.top + tall * path as f64;
        let at_ups = f.it_mw(wing.units) / (f.busway_frac * f.unit_frac * f.ups_frac);
        let bank = Bank::of_path(at_ups / f.cable_frac, f.feeder_mw, scheme);
        let name = format!("{title} feeders, {} x 600 A", bank.count);
        let place = self.place(-6.0, top + 1.0, 4.0, tall - 2.0);
        let feeder =
            node(&format!("{id}-fd{letter}"), name, NodeKind::Feeder, bank.capacity_mw, place)
                .from(&[&self.sources[path]])
                .made_of(made_of::CABLE)
                .at_kv(f.medium_kv);
        let bank = Bank::of_path(at_ups, f.ups_mw, scheme);
        let name = format!("{title} UPS, {} x {} MW", bank.count, f.ups_mw);
        let place = self.place(1.5, top + 1.0, 4.0, tall - 2.0);
        let ups =
            node(&format!("{id}-ups{letter}"), name, NodeKind::Substation, bank.capacity_mw, place)
                .from(&[&feeder.id])
                .made_of(made_of::UPS)
                .at_kv(f.medium_kv);
        [feeder, ups]
    }

    /// Unit transformers of a row, a bank for each path, and its busways.
    fn row_nodes(&self, wing: Wing, (row, units): (u32, u32)) -> Vec<Node> {
        let f = self.figures;
        let scheme = self.request.scheme;
        let id = format!("{}-{}-r{row}", self.id(), wing.letter);
        let title = format!("{} {} row {row}", self.title(), wing.name);
        let each = f.unit_mva * f.power_factor_racks;
        let at_unit = f.it_mw(units) / (f.busway_frac * f.unit_frac);
        let top = self.row_top(wing, row) - 1.0;
        let paths = self.sources.len();
        let deep = 3.2 / paths as f64;
        let mut nodes = Vec::new();
        for path in 0..paths {
            let letter = self.path(path);
            let bank = Bank::of_path(at_unit, each, scheme);
            let name = format!(
                "{title}{} transformers, {} x {} MVA",
                letter.to_uppercase().replace('-', " "),
                bank.count,
                f.unit_mva
            );
            let place = self.place(8.0, top + deep * path as f64, 5.0, deep);
            let ups = format!("{}-{}-ups{letter}", self.id(), wing.letter);
            nodes.push(
                node(
                    &format!("{id}-us{letter}"),
                    name,
                    NodeKind::UnitSubstation,
                    bank.capacity_mw,
                    place,
                )
                .from(&[&ups])
                .made_of(made_of::UNIT)
                .at_kv(f.low_kv),
            );
        }
        let bank = Bank::joined(at_unit, each, scheme);
        let place = self.place(14.4, top, 3.0, 3.2);
        let mut busway = node(
            &format!("{id}-bw"),
            format!("{title} busways"),
            NodeKind::Busway,
            bank.capacity_mw,
            place,
        )
        .made_of(made_of::BUSWAY)
        .at_kv(f.low_kv);
        busway.from = nodes.iter().map(|n| n.id.clone()).collect();
        nodes.push(busway);
        nodes
    }

    fn row(&self, wing: Wing, number: u32, units: u32) -> (Row, Vec<Block>) {
        let f = self.figures;
        let id = format!("{}-{}-r{number}", self.id(), wing.letter);
        let title = format!("{} {}{number}", self.title(), wing.letter.to_ascii_uppercase());
        let top = self.row_top(wing, number);
        let deep = f.rack.depth_m;
        let (at, size) = at_size(self.place(HEAD_M, top, self.measures().row, deep));
        let row = Row { id: id.clone(), name: title.clone(), hall: self.id(), at, size };
        let mut blocks = Vec::new();
        let mut first = 0;
        while first < units {
            let many = UNITS_PER_BLOCK.min(units - first);
            let left = HEAD_M + 0.4 + self.size.unit_m * f64::from(first);
            let width = self.size.unit_m * f64::from(many) - 0.8;
            let (at, size) = at_size(self.place(left, top, width, deep));
            let count = many * f.rack.unit_racks;
            let planned = self.request.holding == Holding::Planned;
            blocks.push(Block {
                id: format!("{id}-b{}", blocks.len() + 1),
                name: match many {
                    1 => format!("{title}, unit {}", first + 1),
                    _ => format!("{title}, units {}-{}", first + 1, first + many),
                },
                hall: Some(self.id()),
                row: Some(id.clone()),
                rack: (!planned).then(|| f.rack.id.clone()),
                count: (!planned).then_some(count),
                planned: planned.then(|| Planned {
                    racks: vec![f.rack.id.clone()],
                    min: 0,
                    max: count,
                }),
                mw: None,
                node: Some(format!("{id}-bw")),
                node_b: None,
                cooling_loop: Some(format!("{}-loop", self.id())),
                phase: Some(self.phase.clone()),
                network: vec![format!("{}-{}-net", self.id(), wing.letter)],
                racks_per_line: Some(count),
                at,
                size,
            });
            first += many;
        }
        (row, blocks)
    }

    /// The network room of a wing.
    fn network(&self, wing: Wing) -> NetworkRack {
        let middle = wing.top + self.measures().wing / 2.0;
        let (at, size) = at_size(self.place(HEAD_M - 2.1, middle, 1.2, 0.6));
        NetworkRack {
            id: format!("{}-{}-net", self.id(), wing.letter),
            name: format!("{} {} network", self.title(), wing.name),
            hall: self.id(),
            equipment: made_of::NETWORK.into(),
            at,
            size,
        }
    }

    /// CDUs along both wings and two fields of dry coolers in the yard.
    fn cooling(&self) -> Loop {
        let f = self.figures;
        let (id, m, scheme) = (self.id(), self.measures(), self.request.scheme);
        let group =
            |n: String, name: String, equipment: &str, (many, heat): ((u32, u32), f64), place| {
                let (at, size) = at_size(place);
                CoolingUnit {
                    id: format!("{id}-{n}"),
                    name,
                    equipment: equipment.into(),
                    count: many.0,
                    spare: many.1,
                    heat_mw: heat,
                    at,
                    size,
                }
            };
        let cdus = self.wings().map(|wing| {
            let many = machines(f.heat_mw(wing.units), f.cdu_mw, scheme);
            let top = if wing.top > 0.0 { wing.top - 5.0 } else { m.wing + 1.4 };
            let name = format!("CDUs {}", wing.name);
            let place = self.place(HEAD_M, top, m.row, 3.6);
            group(format!("cdu-{}", wing.letter), name, made_of::CDU, (many, f.cdu_mw), place)
        });
        let many = cooler_field(f, self.units, scheme);
        let wide = field_width(m.width);
        let deep = m.height - 2.0 * (m.wing + YARD_EDGE_M);
        let fields = [(1, "first", YARD_EDGE_M), (2, "second", m.width - YARD_EDGE_M - wide)];
        let rejection = fields.map(|(number, word, left)| {
            let name = format!("Dry coolers, {word} field");
            let place = self.place(left, m.wing + YARD_EDGE_M, wide, deep);
            group(format!("dc-{number}"), name, made_of::COOLER, (many, f.cooler_mw), place)
        });
        let racks = f64::from(self.units * f.rack.unit_racks);
        let flow = racks * f.rack.flow_lpm * (1.0 + f.margin_frac);
        Loop {
            id: format!("{id}-loop"),
            name: format!("{} coolant", self.title()),
            coolant: Coolant::Pg25,
            supply_c: f.supply_c,
            heat_mw: None,
            flow_lpm: (flow > 0.0).then(|| (flow / 100.0).ceil() * 100.0),
            node: format!("{id}-mech"),
            cdus: cdus.collect(),
            rejection: rejection.to_vec(),
            air: Some(made_of::AIR.into()),
        }
    }
}

/// Rounded up to 10 kW.
fn up(mw: f64) -> f64 {
    hundredth((mw * 100.0).ceil() / 100.0)
}
