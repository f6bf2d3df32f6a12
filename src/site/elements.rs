//! The elements of a site, as the current layout format writes them.
//!
//! Positions and sizes are metres in site coordinates: x east, y south, the
//! origin at the north-west corner of the parcel; `at` is the north-west corner
//! of the element. An absent number is unknown: it stops what needs it.

use super::DeclaredScheme;
use crate::units::Limit;
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

fn one() -> f64 {
    1.0
}

/// The site as a whole.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SiteInfo {
    pub name: String,
    pub infrastructure: Infrastructure,
    /// Contracted grid import, checked in every typical hour.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grid_contract_mw: Option<f64>,
    /// Overrides the computed utilisation: multiplies tokens sold, never provisioned power.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub billable_frac: Option<f64>,
    /// Tariff id; a `Reference` infrastructure has its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tariff: Option<String>,
    /// Share of the sum of rack power that nodes above the racks see at once.
    #[serde(default = "one")]
    pub coincidence_frac: f64,
    #[serde(default)]
    pub workload: Workload,
    /// Chosen site options, at most one of a group; absent groups take their default.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<String>,
    /// Weather record of the catalogue whose year the cooling is assessed by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// Dry bulb that is exceeded once in 20 years, in place of the one that the place states.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extreme_c: Option<f64>,
    /// Outline of the parcel.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parcel: Vec<[f64; 2]>,
    /// Longitude and latitude of the origin, degrees on WGS 84.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin_deg: Option<[f64; 2]>,
    /// What a reader must know: what is invented, what is read from where.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub notes: String,
    /// Whether the layout restates the keynote; the baseline is then equal shares.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub keynote: bool,
}

/// What stands between the meter and the racks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum Infrastructure {
    /// A stated ratio instead of a network: electrical, cooling and space
    /// checks are skipped and every figure carries the label.
    Reference { pue: f64, path_efficiency: f64, tariff: Option<String> },
    /// The elements of this layout.
    Built,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Workload {
    #[default]
    Inference,
    Training,
}

/// A typical hour: stands for `weight_h` hours of the year.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hour {
    pub id: String,
    pub name: String,
    pub weight_h: f64,
    /// Hours of one day type can exchange deferrable work.
    pub day: String,
    /// Clock time at which the typical hour stands, 0 to 24.
    pub clock_h: f64,
    /// Outdoor dry-bulb temperature.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ambient_c: Option<f64>,
    /// Outdoor wet-bulb temperature; cooling towers need it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wetbulb_c: Option<f64>,
}

/// What a tier sells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum TierKind {
    #[default]
    Tokens,
    /// GPU-hours with guaranteed service.
    ReservedCapacity,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Redundancy {
    /// Survives the contingencies.
    Firm,
    /// May use what is left.
    #[default]
    Interruptible,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum DemandRule {
    /// Everyone pays the clearing price.
    #[default]
    PostedPrice,
    /// Each block at its own price.
    Contracts,
}

/// One step of a demand curve; steps stand in order of falling price.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DemandStep {
    /// Output price; for reserved capacity dollars per GPU-hour stand in `usd_per_gpu_h` instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price_usd_per_mtok: Option<f64>,
    /// Mean billable output tokens/s that this step adds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub volume_tok_s: Option<Limit>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usd_per_gpu_h: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub volume_gpus: Option<Limit>,
    /// Name of the buyer, for contracts.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub buyer: String,
}

/// A least volume that must be served.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Commitment {
    /// Mean output tokens/s (GPUs for reserved capacity).
    pub volume: f64,
    /// Price of the shortfall of a token tier; absent makes the commitment hard.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub penalty_usd_per_mtok: Option<f64>,
    /// The same for reserved capacity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub penalty_usd_per_gpu_h: Option<f64>,
}

/// A pricing tier.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tier {
    pub id: String,
    pub name: String,
    #[serde(default)]
    pub kind: TierKind,
    #[serde(default)]
    pub redundancy: Redundancy,
    /// Model id; absent means any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub context_tokens: Option<f64>,
    /// Least interactivity, tokens/s per user.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_tok_s_user: Option<f64>,
    /// Greatest time to first token; absent means no limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_ttft_ms: Option<f64>,
    /// Percentile that the speed and the time to first token are promised at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub percentile: Option<u32>,
    /// Shape of a request; absent where the tier sells output only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub isl_tokens: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub osl_tokens: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cache_hit_frac: Option<f64>,
    /// Prices of uncached and cached input; absent means that input is not paid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input_usd_per_mtok: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cached_usd_per_mtok: Option<f64>,
    /// Cost that grows with output tokens (licences, egress).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variable_usd_per_mtok: Option<f64>,
    #[serde(default)]
    pub rule: DemandRule,
    pub demand: Vec<DemandStep>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commitment: Option<Commitment>,
    /// Work may wait this long within its day type; absent means not at all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deadline_h: Option<f64>,
    /// Demand of each typical hour over its mean; absent hours count 1.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub shape: IndexMap<String, f64>,
    /// A task as the buyer sees it, for display.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tokens_per_task: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usd_per_task: Option<f64>,
    /// Rack types allowed to serve the tier; empty means all that fit.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub racks: Vec<String>,
    /// Catalogue template that the tier was copied from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template: Option<String>,
}

/// Capacity of a grid feed from a date on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FeedStep {
    /// Months after the start of the project.
    pub from_month: u32,
    pub firm_mw: f64,
    /// On top of firm, curtailable.
    #[serde(default)]
    pub conditional_mw: f64,
    #[serde(default)]
    pub curtailable_h_per_year: f64,
    #[serde(default)]
    pub notice_h: f64,
}

/// A connection to the grid.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Feed {
    pub id: String,
    pub name: String,
    /// Absent is unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub voltage_kv: Option<f64>,
    /// Thermal or contractual capacity of this feed when complete; absent is unknown and stops
    /// the plan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capacity_mw: Option<f64>,
    /// What is left of the feed when a part of it fails, by the utility's word; absent, its loss
    /// takes all of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub firm_mw: Option<f64>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<FeedStep>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minimum_bill_usd_per_year: Option<f64>,
    /// Greatest initial symmetrical short-circuit power of the grid here; absent takes practice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fault_mva: Option<f64>,
    pub at: [f64; 2],
    pub size: [f64; 2],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum NodeKind {
    MainTransformer,
    Substation,
    Feeder,
    UnitSubstation,
    Busway,
}

impl NodeKind {
    /// What a planner calls it.
    pub const fn word(self) -> &'static str {
        match self {
            NodeKind::MainTransformer => "main transformer",
            NodeKind::Substation => "substation",
            NodeKind::Feeder => "feeder",
            NodeKind::UnitSubstation => "unit substation",
            NodeKind::Busway => "busway",
        }
    }
}

/// A node of the power network between feed and rack.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Node {
    pub id: String,
    pub name: String,
    pub kind: NodeKind,
    /// Sources in normal operation (feeds or nodes); several share in proportion to capacity.
    pub from: Vec<String>,
    /// Sources behind open switches.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub alternate: Vec<String>,
    /// Normal capacity at the node's input; absent is unknown and stops the plan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capacity_mw: Option<f64>,
    /// What survives the loss of any one element, stated in place of what the network tells;
    /// absent, it is computed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub firm_mw: Option<f64>,
    /// Output over input; absent takes the equipment's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub efficiency_frac: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub equipment: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub voltage_kv: Option<f64>,
    /// Scheme that it is meant to have, compared with what its wiring gives; absent claims none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scheme: Option<DeclaredScheme>,
    /// Whether a spare of its machines stands on the site.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub spare_on_site: bool,
    /// What its machines bear after an outage over their rating, at least 1, and how long: for
    /// hours and for minutes. Absent takes the equipment's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub emergency_long_ratio: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub emergency_long_h: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub emergency_short_ratio: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub emergency_short_min: Option<f64>,
    /// Capacitor bank on its output, Mvar at nominal voltage, at least 0; absent is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capacitor_mvar: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phase: Option<String>,
    pub at: [f64; 2],
    pub size: [f64; 2],
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Coolant {
    Water,
    #[default]
    Pg25,
}

/// A group of equal machines of a cooling loop.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CoolingUnit {
    pub id: String,
    pub name: String,
    pub equipment: String,
    pub count: u32,
    /// Of `count`, machines kept in reserve.
    #[serde(default)]
    pub spare: u32,
    /// Heat that one machine moves at design.
    pub heat_mw: f64,
    pub at: [f64; 2],
    pub size: [f64; 2],
}

/// A cooling loop: CDUs on the rack side, heat rejection on the outside.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Loop {
    pub id: String,
    pub name: String,
    #[serde(default)]
    pub coolant: Coolant,
    /// Coolant supply to the racks.
    pub supply_c: f64,
    /// Heat that the loop can move; absent means the lesser of its CDUs and its heat rejection.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heat_mw: Option<f64>,
    /// Flow that the pumps can give; absent is unchecked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flow_lpm: Option<f64>,
    /// Node that feeds pumps, fans and chillers.
    pub node: String,
    pub cdus: Vec<CoolingUnit>,
    pub rejection: Vec<CoolingUnit>,
    /// Machines that take the racks' heat from the air, rejecting into this loop.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub air: Option<String>,
}

/// A data hall.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hall {
    pub id: String,
    pub name: String,
    /// Rack positions; absent is unchecked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub positions: Option<u32>,
    /// Load that the floor bears, averaged over the hall.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub floor_kg_m2: Option<f64>,
    /// Heat that the hall's air can carry; absent is unchecked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub air_heat_mw: Option<f64>,
    /// Height of the building above ground; unknown where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub height_m: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phase: Option<String>,
    pub at: [f64; 2],
    pub size: [f64; 2],
}

/// A row of a hall.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    pub id: String,
    pub name: String,
    pub hall: String,
    pub at: [f64; 2],
    pub size: [f64; 2],
}

/// What may be bought for a planned block.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Planned {
    pub racks: Vec<String>,
    #[serde(default)]
    pub min: u32,
    pub max: u32,
}

/// A block of racks. Exactly one of `count` (installed), `planned` and `mw`
/// (a pool of power for one rack type, for curves per MW) is present.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Block {
    pub id: String,
    pub name: String,
    /// Absent where the infrastructure is a reference.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hall: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row: Option<String>,
    /// Rack type; absent for planned blocks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rack: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub planned: Option<Planned>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mw: Option<Limit>,
    /// Node that feeds the racks: path A.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub node: Option<String>,
    /// Node behind the open switch of the racks: path B, which takes no load in normal operation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub node_b: Option<String>,
    /// Loop that cools the racks.
    #[serde(default, rename = "loop", skip_serializing_if = "Option::is_none")]
    pub cooling_loop: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phase: Option<String>,
    /// Network racks that the block homes to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub network: Vec<String>,
    /// Racks side by side before the next line starts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub racks_per_line: Option<u32>,
    #[serde(default)]
    pub at: [f64; 2],
    #[serde(default)]
    pub size: [f64; 2],
}

/// A rack of switches.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NetworkRack {
    pub id: String,
    pub name: String,
    pub hall: String,
    pub equipment: String,
    pub at: [f64; 2],
    pub size: [f64; 2],
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Generator {
    pub id: String,
    pub name: String,
    pub node: String,
    pub equipment: String,
    pub count: u32,
    /// Of all machines together.
    pub capacity_mw: f64,
    pub at: [f64; 2],
    pub size: [f64; 2],
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Battery {
    pub id: String,
    pub name: String,
    pub node: String,
    pub equipment: String,
    pub capacity_mw: f64,
    pub energy_mwh: f64,
    pub at: [f64; 2],
    pub size: [f64; 2],
}

/// Ground that is drawn and named but carries no load.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Area {
    pub id: String,
    pub name: String,
    pub kind: AreaKind,
    /// Height of a building above ground; unknown where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub height_m: Option<f64>,
    pub at: [f64; 2],
    pub size: [f64; 2],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum AreaKind {
    Pad,
    Yard,
    Road,
    Building,
    Water,
    Laydown,
    Corridor,
}

/// Elements that are selected, moved and copied together, by id; a group is a name and
/// changes nothing of what its members are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    pub id: String,
    pub name: String,
    pub members: Vec<String>,
}

/// A step of the build; elements name it, absent means the first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Phase {
    pub id: String,
    pub name: String,
    /// Energisation, months after the start of the project.
    pub month: u32,
}

/// Racks of a type that can be had.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Supply {
    pub rack: String,
    pub max_racks: u32,
}

/// A catalogue value that this site replaces.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CatalogOverride {
    /// Path in the vocabulary of `--set`, e.g. `racks.vr-nvl72.price_usd`.
    pub path: String,
    /// RON text of the new value.
    pub value: String,
    /// RON text of the value that it replaces.
    pub old: String,
    pub author: String,
    pub date: String,
}
