//! The records of the catalogue, as they stand in `assets/catalog/*.ron`.
//!
//! Every number is a [`Fact`]; the unit is the suffix of its field. Ids are
//! kebab-case and never reused.

use super::{Architecture, Fact, UsualPrecision};
use serde::{Deserialize, Serialize};

/// A public title that values point to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    pub id: String,
    /// Title as a reader would search for it.
    pub title: String,
    pub publisher: String,
    /// `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.
    pub date: String,
}

/// Colour and comparison class of a rack.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Generation {
    Hopper,
    Blackwell,
    Rubin,
    RubinLpx,
    /// Other makers; drawn neutral with the letter of the maker.
    Other,
}

impl Generation {
    /// Name for legends.
    pub const fn name(self) -> &'static str {
        match self {
            Generation::Hopper => "Hopper",
            Generation::Blackwell => "Blackwell",
            Generation::Rubin => "Rubin",
            Generation::RubinLpx => "Rubin + LPX",
            Generation::Other => "Other",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Status {
    Shipping,
    Announced,
    /// Must not be planned; the text says why.
    NotOrderable(String),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Role {
    /// Serves tokens by itself.
    Compute,
    /// Serves tokens only beside racks of type `of`.
    Adjunct { of: String },
}

/// An enforced power cap of a rack.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PowerCap {
    pub id: String,
    pub name: String,
    /// Provisioned at the rack input under this cap.
    pub kw: Fact,
    /// Mean drawn power over provisioned power while serving.
    pub drawn_frac: Fact,
}

/// Goodput by workload class: share of running time that yields sold work.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Goodput {
    pub inference_frac: Fact,
    pub training_frac: Fact,
}

/// Per-GPU figures that throughput estimates stand on. Dense, not sparse.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Chip {
    /// As the maker states it.
    pub hbm_gb: Fact,
    /// What serving software can address: makers hold back a part. The tools
    /// that report it count in units of 2^30 bytes.
    #[serde(default = "not_stated")]
    pub hbm_usable_gb: Fact,
    pub hbm_tb_s: Fact,
    pub fp4_tflops: Fact,
    pub fp8_tflops: Fact,
    pub bf16_tflops: Fact,
    /// Bidirectional, as the vendor quotes.
    pub scale_up_tb_s: Fact,
    pub scale_out_gbit_s: Fact,
    pub tdp_w: Fact,
}

/// For files written before a number was asked for.
fn not_stated() -> Fact {
    Fact { note: "Not stated".to_owned(), ..Fact::default() }
}

/// Adjunct racks that compute the networks of decode for the rack which names them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decoder {
    /// Id of the adjunct.
    pub rack: String,
    /// Adjunct racks beside one rack.
    pub racks: Fact,
    /// Latency of one message between the two, one way.
    pub message_us: Fact,
}

/// A rack type.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rack {
    pub id: String,
    pub name: String,
    /// Short form for tables and the canvas.
    pub short: String,
    /// What others call it or its chip.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    pub maker: String,
    pub generation: Generation,
    pub status: Status,
    pub role: Role,
    pub gpus: Fact,
    /// GPUs in one NVLink (or equal) domain; more than `gpus` where a domain spans racks.
    pub scale_up_gpus: Fact,
    /// From the lowest cap to the highest.
    pub caps: Vec<PowerCap>,
    /// Supply installed in the rack (shelves).
    pub installed_kw: Fact,
    /// What the breakers of its own feeds, or of its tap-off boxes, carry for hours, all of one
    /// rack together; absent is unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub feed_kw: Option<Fact>,
    /// Sub-second peak at the rack input.
    pub peak_kw: Fact,
    /// Powered, not serving (spares).
    pub idle_kw: Fact,
    /// Site power per rack with everything that serves it; converts curves per MW, once.
    pub all_in_kw: Fact,
    pub availability_frac: Fact,
    pub spares_frac: Fact,
    pub goodput: Goodput,
    pub price_usd: Fact,
    pub width_m: Fact,
    pub depth_m: Fact,
    pub mass_kg: Fact,
    /// Share of the heat that goes to liquid; the rest goes to air.
    pub liquid_frac: Fact,
    pub coolant_lpm_per_kw: Fact,
    /// Warmest coolant supply that the rack accepts.
    pub coolant_supply_max_c: Fact,
    /// The unit that it is deployed in; its support racks share their power among the racks.
    pub scalable_unit: Option<String>,
    /// Decode tokens per paired prefill token, for adjuncts.
    pub pair_ratio: Fact,
    /// Racks beside this one that compute a part of decode.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decoder: Option<Decoder>,
    pub chip: Chip,
}

/// Racks that serve the racks that sell.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SupportRack {
    pub name: String,
    pub count: u32,
    pub kw: Fact,
    pub price_usd: Fact,
}

/// A deployable group of racks with its support racks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScalableUnit {
    pub id: String,
    pub name: String,
    /// Racks of the selling type in one unit.
    pub racks: u32,
    pub support: Vec<SupportRack>,
}

/// A served model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Model {
    pub id: String,
    pub name: String,
    pub maker: String,
    /// What others call it, and models of the same dimensions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    pub total_params_b: Fact,
    pub active_params_b: Fact,
    pub max_context_tokens: Fact,
    /// Weights as they are commonly served.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usual_precision: Option<UsualPrecision>,
    /// Absent where no dimensions are published: such a model cannot be estimated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub architecture: Option<Architecture>,
}

/// A pricing tier to copy into a layout.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TierTemplate {
    pub id: String,
    pub name: String,
    pub price_usd_per_mtok: Fact,
    pub min_tok_s_user: Fact,
    pub model: Option<String>,
    pub context_tokens: Fact,
    /// Whether it is sold from power that survives an outage, where a site has any.
    #[serde(default)]
    pub firm: bool,
    /// Load by day over its mean, less one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day_swing_frac: Option<Fact>,
    /// Steps of falling price that a new site starts from; empty means unlimited at the price.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub demand: Vec<TemplateStep>,
}

/// A step of the demand that a new site starts from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TemplateStep {
    /// Over the list price.
    pub price_frac: Fact,
    /// Mean output tokens/s that the step adds, per MW of grid contract.
    pub volume_tok_s_per_mw: Fact,
}

/// Outdoor temperatures of a place over a typical year.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Weather {
    pub id: String,
    /// Of the place.
    pub name: String,
    /// Provenance of the hours.
    pub kind: super::Kind,
    pub source: String,
    /// Warmest hour.
    pub warmest_c: Fact,
    /// Dry bulb that is exceeded once in 20 years, for which capacity is designed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extreme_20y_c: Option<Fact>,
    /// Bins of 2 K: lower end in degrees Celsius, hours of the year in it; ascending.
    pub drybulb_h: Vec<(f64, f64)>,
    /// Bins of 1 K: upper end in degrees Celsius, which belongs to the bin, hours of the year in
    /// it, their mean dry bulb and mean coincident wet bulb; ascending.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub by_degree_h: Vec<(f64, f64, f64, f64)>,
}

/// Width of a bin of [`Weather::drybulb_h`].
pub const WEATHER_BIN_K: f64 = 2.0;

/// What the tokens of a curve count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TokenKind {
    Output,
    /// Input, cached and output together; never mixed with output-only curves.
    All,
}

/// What a curve's throughput is per.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Basis {
    /// Site power with everything that serves the racks.
    GridMw,
    /// As `GridMw`, but the publisher does not say so.
    GridMwAssumed,
    /// Rack input power.
    ItMw,
    /// One GPU.
    Gpu,
}

/// One operating point of a curve.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CurvePoint {
    /// Interactivity, tokens/s per user; unique within the curve and its name in `--set`.
    pub tok_s_user: f64,
    pub model: String,
    pub context_tokens: f64,
    /// Tokens/s per MW; present where the basis is a megawatt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tok_s_per_mw: Option<f64>,
    /// Tokens/s per GPU; present where the basis is a GPU.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tok_s_per_gpu: Option<f64>,
    /// Power cap that the point was taken at; absent means the rack's first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cap: Option<String>,
    /// Time to first token; absent where the curve has no prefill.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ttft_ms: Option<f64>,
    /// Drawn over provisioned power at this point; absent takes the cap's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drawn_frac: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub range: Option<(f64, f64)>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// A published or measured throughput curve of one rack type.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Curve {
    pub id: String,
    pub name: String,
    pub rack: String,
    pub basis: Basis,
    pub tokens: TokenKind,
    pub precision: Option<String>,
    /// Serving software with its version or date, as far as stated.
    pub software: String,
    /// Percentile of the speed figures, where stated.
    pub percentile: Option<u32>,
    /// Input and output length; absent where the publisher gives none.
    pub isl_tokens: Option<f64>,
    pub osl_tokens: Option<f64>,
    /// Whether the throughput pays for prefill; without it the curve cannot back input revenue.
    pub prefill: bool,
    /// Provenance of every point that has none of its own.
    pub kind: super::Kind,
    pub source: String,
    pub points: Vec<CurvePoint>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// A price of energy.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tariff {
    pub id: String,
    pub name: String,
    pub energy_usd_per_mwh: Fact,
    /// Charge on the highest grid power of each month; absent where the tariff has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub demand_usd_per_mw_month: Option<Fact>,
    /// Energy price in the hours of the day from `peak_from_h` up to `peak_to_h`; absent, one
    /// price holds at all times.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub peak_usd_per_mwh: Option<Fact>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub peak_from_h: Option<Fact>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub peak_to_h: Option<Fact>,
    /// Least demand that is billed, over the grid contract.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minimum_frac: Option<Fact>,
    /// Share of the highest demand of earlier months that is billed at least, and how many months
    /// are looked back on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ratchet_frac: Option<Fact>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ratchet_months: Option<Fact>,
    /// Charge on the mean load of the peak hours, which stand for those of the system.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub coincident_usd_per_mw_month: Option<Fact>,
    /// Charge on the grid contract, used or not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capacity_usd_per_mw_month: Option<Fact>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fixed_usd_per_month: Option<Fact>,
    /// Taxes and riders on the whole bill.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub surcharge_frac: Option<Fact>,
    /// Carbon dioxide of a MWh of this grid, yearly mean by location; absent is unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub carbon_kg_per_mwh: Option<Fact>,
}

impl Tariff {
    /// Whether an hour of the day lies in the peak; a peak over midnight is allowed.
    pub fn in_peak(&self, clock_h: f64) -> bool {
        let of = |fact: &Option<Fact>| fact.as_ref().and_then(Fact::get);
        match (of(&self.peak_from_h), of(&self.peak_to_h)) {
            (Some(from), Some(to)) if from <= to => (from..to).contains(&clock_h),
            (Some(from), Some(to)) => clock_h >= from || clock_h < to,
            _ => false,
        }
    }
}

/// What a piece of equipment does on site.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum EquipmentKind {
    MainTransformer,
    UnitTransformer,
    Cable,
    Busway,
    Ups,
    Switchgear,
    Cdu,
    HeatRejection,
    AirCooling,
    NetworkRack,
    Generator,
    Battery,
    /// Where a line of the grid arrives.
    GridFeed,
    /// Shell that racks stand in.
    Hall,
    /// Buildings without racks.
    Building,
    Road,
    Yard,
    Pad,
    Water,
    Laydown,
}

/// A piece of equipment; fields that its kind has no use for are absent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Equipment {
    pub id: String,
    pub name: String,
    pub kind: EquipmentKind,
    /// Output over input power.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub efficiency_frac: Option<Fact>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rating_mva: Option<Fact>,
    /// Short-circuit impedance of a transformer over its own rating.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub impedance_frac: Option<Fact>,
    /// Reactance over resistance.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub xr_ratio: Option<Fact>,
    /// Conductor at its rating, and the soil or air that the rating is stated for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conductor_c: Option<Fact>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rated_ambient_c: Option<Fact>,
    /// Share of the rating that may flow for hours; absent where that is all of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub continuous_frac: Option<Fact>,
    /// Furthest way of a tap changer under load from its main position, and one step, over the
    /// ratio; absent where the taps are fixed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tap_range_frac: Option<Fact>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tap_step_frac: Option<Fact>,
    /// Short-circuit current that the gear bears and breaks, symmetrical.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fault_ka: Option<Fact>,
    /// Resistance, reactance and capacitance of one cable.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub r_ohm_per_km: Option<Fact>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub x_ohm_per_km: Option<Fact>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub c_uf_per_km: Option<Fact>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heat_mw: Option<Fact>,
    /// Pump power over heat moved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pump_frac: Option<Fact>,
    /// Fan power over heat rejected at full speed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fan_frac: Option<Fact>,
    /// Temperature difference between the two sides at design load.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approach_c: Option<Fact>,
    /// Least fan speed, as a share of full speed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_speed_frac: Option<Fact>,
    /// Rise of the outdoor temperature over which the trim chiller takes the whole load.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trim_span_c: Option<Fact>,
    /// Coefficient of performance of the trim chiller.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cop: Option<Fact>,
    /// Water that a tower uses over the heat that it rejects; absent for dry machines. A tower
    /// works against the wet bulb.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub water_l_per_kwh: Option<Fact>,
    /// Salts in a tower's water over those of the water that is added.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cycles_ratio: Option<Fact>,
    /// Rating that it bears for hours and for minutes after an outage, over its own, and how long.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub emergency_long_ratio: Option<Fact>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub emergency_long_h: Option<Fact>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub emergency_short_ratio: Option<Fact>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub emergency_short_min: Option<Fact>,
    /// Failures of one machine a year, of cables for each km.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failures_per_year: Option<Fact>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failures_per_km_year: Option<Fact>,
    /// Mean time until it is repaired.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repair_h: Option<Fact>,
    /// Share of failures that need another machine; absent where all are repaired.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replace_frac: Option<Fact>,
    /// Until a spare from the site works, and until a new one is delivered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spare_h: Option<Fact>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lead_weeks: Option<Fact>,
    /// Installed, over the rating.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usd_per_mva: Option<Fact>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price_usd: Option<Fact>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kw: Option<Fact>,
    /// Energy that one battery holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub energy_mwh: Option<Fact>,
    /// Ground that one takes: east by south as it is placed. Of halls and areas the size to
    /// start from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub width_m: Option<Fact>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub depth_m: Option<Fact>,
    /// Clear way to the next of a field.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gap_m: Option<Fact>,
}

/// A cost or planning rate.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cost {
    pub id: String,
    pub name: String,
    /// Unit in words, e.g. `USD per MW of grid power`.
    pub unit: String,
    pub value: Fact,
}

/// A distance, a reach or a ratio of practice that checks compare a layout with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Practice {
    pub id: String,
    pub name: String,
    /// Unit in words, e.g. `m`.
    pub unit: String,
    pub value: Fact,
}

/// A choice for the whole site and what it does to power.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SiteOption {
    pub id: String,
    /// Options of one group exclude each other.
    pub group: String,
    pub name: String,
    /// Optics power per GPU; added to the support power of a rack in place of the group's default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub optics_w_per_gpu: Option<Fact>,
    /// Gain of the electrical path, in points of efficiency.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path_gain_frac: Option<Fact>,
    /// True for the option that catalogue figures already contain.
    pub default: bool,
}
