//! One hall: two wings of rows around a yard of dry coolers, with its cables, transformers,
//! UPS, busways, cooling loop, network racks and blocks.
//!
//! It must not know which site it stands on.

use super::grid::{FEEDER_MW, POWER_FACTOR, Place, Wired, at_size, hundredth, node};
use gigasite::site::{
    Block, Coolant, CoolingUnit, Hall, Loop, NetworkRack, Node, NodeKind, Planned, Row,
};
pub use gigasite::study::template::HallParts;

/// What a hall is built for.
#[derive(Clone, Copy)]
pub enum Fill<'a> {
    /// Racks of one type, all installed.
    Installed(&'a str),
    /// Racks of either type, bought where they pay.
    Planned(&'a [&'a str]),
}

/// Sizes that follow from the rack type that a hall is designed for.
#[derive(Clone, Copy)]
pub struct Design {
    /// Provisioned IT power of one rack with its support, kW; sizes the equipment only.
    pub rack_kw: f64,
    pub rows_per_wing: u32,
    /// Of the north and of the south wing.
    pub racks_per_row: [u32; 2],
    /// Most that one rack draws for an instant, kW: what its busway is laid out for.
    pub peak_kw: f64,
    /// Rack positions of the hall: half as many again for the support racks of the units.
    pub positions: u32,
    /// Coolant supply, and the share of the heat that goes to air: what of a rack is not
    /// liquid cooled, and all support racks.
    pub supply_c: f64,
    pub air_frac: f64,
}

/// GB300 at 132 kW nominal and 8 kW of support.
pub const FOR_GB300: Design = Design {
    rack_kw: 140.0,
    peak_kw: 184.8,
    rows_per_wing: 4,
    racks_per_row: [88, 88],
    positions: 1064,
    supply_c: 40.0,
    air_frac: 0.18,
};
/// Vera Rubin at 190 kW Max-Q and 32.2 kW of support.
pub const FOR_RUBIN: Design = Design {
    rack_kw: 222.2,
    peak_kw: 322.0,
    rows_per_wing: 3,
    racks_per_row: [96, 96],
    positions: 872,
    supply_c: 45.0,
    air_frac: 0.145,
};

/// A hall to build.
pub struct HallPlan<'a> {
    pub number: u32,
    pub design: Design,
    pub fill: Fill<'a>,
    /// Bar that feeds it.
    pub source: &'a str,
    /// Bars behind open switches: of the north wing and the pumps, and of the south wing.
    pub others: [Option<&'a str>; 2],
    pub phase: &'a str,
    /// North-west corner.
    pub at: [f64; 2],
    /// Whether cables come in from the east; from the west otherwise.
    pub mirrored: bool,
}

/// Footprint of a hall.
pub const SIZE: [f64; 2] = [120.0, 116.0];
const WING: f64 = 26.0;
/// Length of a row of blocks, and of the strip with transformers and UPS at its head.
const ROW: f64 = 96.0;
const HEAD: f64 = 20.0;
/// Racks bought and placed together: two units of eight.
const BLOCK: u32 = 16;
/// Size of one UPS block and one unit transformer.
const UPS_MW: f64 = 2.5;
const UNIT_MVA: f64 = 3.0;
/// Heat that one CDU and one dry cooler move.
const CDU_MW: f64 = 2.4;
const COOLER_MW: f64 = 1.3;
/// Coolers of each field beyond the need of its wing: after the loss of one they carry the
/// trim chillers' own heat on the hottest day.
const SPARE_COOLERS: u32 = 6;

#[derive(Clone, Copy)]
struct Wing {
    letter: char,
    name: &'static str,
    /// Place in [`Design::racks_per_row`].
    index: usize,
    /// Distance of its north edge from the hall's.
    top: f64,
}

const NORTH: Wing = Wing { letter: 'n', name: "north", index: 0, top: 0.0 };
const SOUTH: Wing = Wing { letter: 's', name: "south", index: 1, top: SIZE[1] - WING };

impl HallPlan<'_> {
    pub fn id(&self) -> String {
        format!("h{}", self.number)
    }

    fn title(&self) -> String {
        format!("Hall {}", self.number)
    }

    /// Provisioned IT power of the longer row and of the larger wing, MW: both wings are
    /// equipped alike.
    fn row_mw(&self) -> f64 {
        f64::from(self.longest_row()) * self.design.rack_kw / 1000.0
    }

    fn longest_row(&self) -> u32 {
        self.design.racks_per_row.into_iter().max().unwrap_or(0)
    }

    fn wing_mw(&self) -> f64 {
        self.row_mw() * f64::from(self.design.rows_per_wing)
    }

    /// A place given by its distance from the end where the cables come in.
    fn place(&self, from_head: f64, top: f64, width: f64, height: f64) -> Place {
        let x = if self.mirrored {
            self.at[0] + SIZE[0] - from_head - width
        } else {
            self.at[0] + from_head
        };
        [x, self.at[1] + top, width, height]
    }

    fn row_top(&self, wing: Wing, row: u32) -> f64 {
        let pitch = (WING - 3.0) / f64::from(self.design.rows_per_wing);
        wing.top + 1.5 + pitch * (f64::from(row) - 0.5) - 0.6
    }

    /// Everything of the hall.
    pub fn build(&self) -> HallParts {
        let mut parts = HallParts::default();
        parts.nodes.push(self.mechanical());
        for wing in [NORTH, SOUTH] {
            parts.nodes.extend(self.wing_nodes(wing));
            for row in 1..=self.design.rows_per_wing {
                parts.nodes.extend(self.row_nodes(wing, row));
                let (row, blocks) = self.row(wing, row);
                parts.rows.push(row);
                parts.blocks.extend(blocks);
            }
            parts.network.extend(self.network(wing));
        }
        parts.loops.push(self.cooling());
        parts.halls.push(self.hall());
        for node in &mut parts.nodes {
            node.phase = Some(self.phase.into());
        }
        parts
    }

    fn hall(&self) -> Hall {
        let (at, size) = at_size([self.at[0], self.at[1], SIZE[0], SIZE[1]]);
        Hall {
            id: self.id(),
            name: self.title(),
            positions: Some(self.design.positions),
            floor_kg_m2: Some(1_500.0),
            air_heat_mw: Some(hundredth(2.0 * self.wing_mw() * self.design.air_frac * 1.1)),
            height_m: None,
            phase: Some(self.phase.into()),
            at,
            size,
        }
    }

    /// Pumps, fans and trim chillers have transformers of their own.
    fn mechanical(&self) -> Node {
        // Share of the IT power that the warmest hour asks for at this coolant temperature.
        let share = if self.design.supply_c < 42.0 { 0.30 } else { 0.15 };
        let units = (2.0 * self.wing_mw() * share / (UNIT_MVA * POWER_FACTOR)).ceil() + 1.0;
        let rated = UNIT_MVA * POWER_FACTOR;
        let place = self.place(1.0, SIZE[1] / 2.0 - 6.0, 5.0, 12.0);
        let name = format!("{} mechanical, {units} x {UNIT_MVA} MVA", self.title());
        let mw = rated * units;
        let mut mechanical =
            node(&format!("{}-mech", self.id()), name, NodeKind::UnitSubstation, mw, place)
                .from(&[self.source])
                .made_of("unit-transformer")
                .at_kv(0.415);
        mechanical.alternate = self.other(NORTH);
        mechanical
    }

    /// What takes over a wing when its bar is dead.
    fn other(&self, wing: Wing) -> Vec<String> {
        self.others[wing.index].iter().map(|bar| (*bar).to_owned()).collect()
    }

    /// The feeders of a wing, one spare, and its UPS, one block spare.
    fn wing_nodes(&self, wing: Wing) -> [Node; 2] {
        let id = format!("{}-{}", self.id(), wing.letter);
        let title = format!("{} {}", self.title(), wing.name);
        // One feeder more than the load needs: any one may fail.
        let feeders = (self.wing_mw() * 1.06 / FEEDER_MW).ceil() + 1.0;
        let place = self.place(-6.0, wing.top + 6.0, 4.0, WING - 12.0);
        let name = format!("{title} feeders, {feeders} x 600 A");
        let mw = FEEDER_MW * feeders;
        let mut feeder = node(&format!("{id}-fd"), name, NodeKind::Feeder, mw, place)
            .from(&[self.source])
            .made_of("mv-cable")
            .at_kv(34.5);
        feeder.alternate = self.other(wing);
        let ups = (self.wing_mw() * 1.06 / UPS_MW).ceil() + 1.0;
        let place = self.place(1.5, wing.top + 3.0, 4.0, WING - 6.0);
        let name = format!("{title} UPS, {ups} x {UPS_MW} MW");
        let mw = UPS_MW * ups;
        let ups = node(&format!("{id}-ups"), name, NodeKind::Substation, mw, place)
            .from(&[&feeder.id])
            .made_of("ups")
            .at_kv(34.5);
        [feeder, ups]
    }

    /// Unit transformers and busways of a row; one transformer may fail, and busways and boards
    /// bear the peaks of all racks together.
    fn row_nodes(&self, wing: Wing, row: u32) -> [Node; 2] {
        let id = format!("{}-{}-r{row}", self.id(), wing.letter);
        let title = format!("{} {} row {row}", self.title(), wing.name);
        let rated = UNIT_MVA * POWER_FACTOR;
        let units = (self.row_mw() * 1.02 / rated).ceil() + 1.0;
        let top = self.row_top(wing, row) - 1.0;
        let name = format!("{title} transformers, {units} x {UNIT_MVA} MVA");
        let mw = rated * units;
        let ups = format!("{}-{}-ups", self.id(), wing.letter);
        let unit = node(
            &format!("{id}-us"),
            name,
            NodeKind::UnitSubstation,
            mw,
            self.place(8.0, top, 5.0, 3.2),
        )
        .from(&[&ups])
        .made_of("unit-transformer")
        .at_kv(0.415);
        let peak = f64::from(self.longest_row()) * self.design.peak_kw / 1000.0;
        let busways = units.max((peak / rated).ceil());
        let name = format!("{title} busways");
        let mw = rated * busways;
        let busway =
            node(&format!("{id}-bw"), name, NodeKind::Busway, mw, self.place(15.0, top, 3.0, 3.2))
                .from(&[&unit.id])
                .made_of("busway")
                .at_kv(0.415);
        [unit, busway]
    }

    fn row(&self, wing: Wing, number: u32) -> (Row, Vec<Block>) {
        let id = format!("{}-{}-r{number}", self.id(), wing.letter);
        let title = format!("{} {}{number}", self.title(), wing.letter.to_ascii_uppercase());
        let top = self.row_top(wing, number);
        let (at, size) = at_size(self.place(HEAD, top, ROW, 1.2));
        let row = Row { id: id.clone(), name: title.clone(), hall: self.id(), at, size };

        let racks = self.design.racks_per_row[wing.index];
        let pitch = ROW * f64::from(BLOCK) / f64::from(self.longest_row());
        let mut blocks = Vec::new();
        let mut first = 0;
        while first < racks {
            let count = BLOCK.min(racks - first);
            let n = blocks.len() + 1;
            let width = pitch * f64::from(count) / f64::from(BLOCK) - 0.8;
            let left = HEAD + pitch * f64::from(first) / f64::from(BLOCK) + 0.4;
            let units = (first / 8 + 1, (first + count) / 8);
            let (at, size) = at_size(self.place(left, top, width, 1.2));
            let (rack, installed, planned) = self.holding(count);
            blocks.push(Block {
                id: format!("{id}-b{n}"),
                name: if units.0 == units.1 {
                    format!("{title}, unit {}", units.0)
                } else {
                    format!("{title}, units {}-{}", units.0, units.1)
                },
                hall: Some(self.id()),
                row: Some(id.clone()),
                rack,
                count: installed,
                planned,
                mw: None,
                node: Some(format!("{id}-bw")),
                node_b: None,
                cooling_loop: Some(format!("{}-loop", self.id())),
                phase: Some(self.phase.into()),
                network: vec![format!("{}-{}-net", self.id(), wing.letter)],
                racks_per_line: Some(count),
                at,
                size,
            });
            first += count;
        }
        (row, blocks)
    }

    fn holding(&self, count: u32) -> (Option<String>, Option<u32>, Option<Planned>) {
        match self.fill {
            Fill::Installed(rack) => (Some(rack.into()), Some(count), None),
            Fill::Planned(racks) => {
                let racks = racks.iter().map(|r| (*r).to_owned()).collect();
                (None, None, Some(Planned { racks, min: 0, max: count }))
            }
        }
    }

    /// The network room of a wing.
    fn network(&self, wing: Wing) -> Option<NetworkRack> {
        let (at, size) = at_size(self.place(HEAD - 1.4, wing.top + WING / 2.0, 0.6, 1.2));
        Some(NetworkRack {
            id: format!("{}-{}-net", self.id(), wing.letter),
            name: format!("{} {} network", self.title(), wing.name),
            hall: self.id(),
            equipment: "network-rack".into(),
            at,
            size,
        })
    }

    /// CDUs along both wings and two fields of dry coolers in the yard.
    fn cooling(&self) -> Loop {
        let id = self.id();
        let group =
            |n: &str, name: &str, equipment: &str, (count, spare, heat): (u32, u32, f64), place| {
                let (at, size) = at_size(place);
                CoolingUnit {
                    id: format!("{id}-{n}"),
                    name: name.into(),
                    equipment: equipment.into(),
                    count,
                    spare,
                    heat_mw: heat,
                    at,
                    size,
                }
            };
        let needed = |each: f64| (self.wing_mw() * 1.05 / each).ceil() as u32;
        let cdus = (needed(CDU_MW) + 2, 2, CDU_MW);
        let coolers = (needed(COOLER_MW) + SPARE_COOLERS, SPARE_COOLERS, COOLER_MW);
        let strip = |top: f64| self.place(HEAD, top, ROW, 3.6);
        let yard = WING + 8.0;
        let field = |left: f64| self.place(left, yard, 44.0, SIZE[1] - 2.0 * yard);
        Loop {
            id: format!("{id}-loop"),
            name: format!("{} coolant", self.title()),
            coolant: Coolant::Pg25,
            supply_c: self.design.supply_c,
            heat_mw: None,
            // 1.5 L/min per kW of IT power, 5 % in hand.
            flow_lpm: Some((2.0 * self.wing_mw() * 1.05 * 1_500.0 / 1_000.0).round() * 1_000.0),
            node: format!("{id}-mech"),
            cdus: vec![
                group("cdu-n", "CDUs north", "cdu", cdus, strip(WING + 1.4)),
                group("cdu-s", "CDUs south", "cdu", cdus, strip(SIZE[1] - WING - 5.0)),
            ],
            rejection: vec![
                group("dc-1", "Dry coolers, first field", "dry-cooler", coolers, field(8.0)),
                group("dc-2", "Dry coolers, second field", "dry-cooler", coolers, field(72.0)),
            ],
            air: Some("fan-wall".into()),
        }
    }
}
