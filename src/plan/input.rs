//! What the linear program is made of: plain numbers, no site, no catalogue.
//!
//! Indices point into the lists of the same input. Power is MW, tokens/s are
//! 1e6 tokens/s (Mtok/s), money is M$, heat is MW, flow is L/min, mass is kg.
//! A *unit* of a rack type is one rack, or one MW of all-in power where the
//! block is a pool. An input can be dumped and replayed without a site.

use serde::{Deserialize, Serialize};

/// One planning problem.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PlanInput {
    pub periods: Vec<PeriodIn>,
    pub hours: Vec<HourIn>,
    pub racks: Vec<RackIn>,
    pub points: Vec<PointIn>,
    pub tiers: Vec<TierIn>,
    pub nodes: Vec<NodeIn>,
    pub loops: Vec<LoopIn>,
    pub halls: Vec<HallIn>,
    pub blocks: Vec<BlockIn>,
    pub site: SiteIn,
    pub policy: PolicyIn,
    /// Most units of a rack type that can be had.
    pub supply: Vec<SupplyIn>,
    /// Mean sales to hold, if any: (point, tier, output); pairs not named sell nothing.
    pub hold: Vec<(usize, usize, f64)>,
}

/// A planning period; today's site has one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PeriodIn {
    pub id: String,
    /// Weight of one year of this period in the objective.
    pub weight: f64,
}

/// A typical hour of a period.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HourIn {
    pub id: String,
    pub period: usize,
    /// Hours of the year that it stands for.
    pub weight_h: f64,
    pub day: String,
    pub clock_h: f64,
    /// Energy price.
    pub energy_musd_per_mwh: f64,
}

/// A rack type.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RackIn {
    pub id: String,
    /// What people call it.
    pub name: String,
    /// Racks in one unit: 1, or what a MW holds; absent where all-in power is unknown.
    pub racks_per_unit: Option<f64>,
    /// Share of units kept as spares.
    pub spares_frac: f64,
    /// Availability x goodput: tokens sold per token made by a running unit.
    pub sell_frac: f64,
    /// IT power of a spare unit.
    pub idle_mw: f64,
    /// Annualised capital and fixed cost of one planned unit, M$ a year; also of the site
    /// capacity that it needs. Absent where the price is unknown and the objective needs none.
    pub annual_musd: Option<f64>,
    /// Purchase price of one planned unit with its support racks, M$.
    pub price_musd: Option<f64>,
    pub mass_kg: f64,
    /// Rack positions per unit with its share of support racks.
    pub positions: f64,
    /// Units that are bought together (racks of one NVLink domain).
    pub domain_units: f64,
    /// For adjuncts: type that they pair with and output units per paired prefill unit.
    pub pairs_with: Option<(usize, f64)>,
    /// Largest share of the grid contract that units of this type may use.
    pub max_site_share: Option<f64>,
}

/// What a running unit yields.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Product {
    /// Output tokens, Mtok/s.
    Tokens,
    /// Reserved GPUs, thousands.
    Gpus,
}

/// An operating point of a rack type.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PointIn {
    pub id: String,
    pub rack: usize,
    pub product: Product,
    /// Provisioned IT power per unit, support included.
    pub it_mw: f64,
    /// Mean drawn IT power per unit while serving.
    pub drawn_mw: f64,
    /// Output per unit before availability and goodput.
    pub output: f64,
    /// Prefill tokens per unit, for pairing; zero where the point has none.
    pub prefill: f64,
    /// Heat to liquid and to air per unit at provisioned power.
    pub liquid_mw: f64,
    pub air_mw: f64,
    pub flow_lpm: f64,
}

/// A price step of a tier's demand.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StepIn {
    /// M$ a year for one mean unit of output sold all year: all token kinds
    /// together, less the cost that grows with tokens.
    pub musd_per_year: f64,
    /// Of this, what the output tokens alone earn.
    pub output_musd_per_year: f64,
    /// Mean volume that this step adds; infinite where unlimited.
    #[serde(with = "infinite")]
    pub volume: f64,
}

/// A pricing tier.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TierIn {
    pub id: String,
    pub name: String,
    pub product: Product,
    pub firm: bool,
    /// Everyone pays one price: at most one step is in force, and it carries
    /// the volumes of the steps before it.
    pub posted: bool,
    /// In order of falling price.
    pub steps: Vec<StepIn>,
    /// Least mean volume, and the price of the shortfall in M$ a year per unit.
    pub commitment: Option<(f64, Option<f64>)>,
    /// Load over its mean, by hour.
    pub shape: Vec<f64>,
    /// Hours that work may wait within its day type.
    pub deadline_h: Option<f64>,
    /// Cost that grows with output, M$ a year per mean unit; the steps are net of it.
    pub variable_musd_per_year: f64,
    /// Uncached and cached input tokens per output token; absent where the request shape is unknown.
    pub input_per_output: Option<f64>,
    pub cached_per_output: Option<f64>,
    /// Operating points that may serve the tier, ascending.
    pub points: Vec<usize>,
    /// Share of provisioned IT power in use, for fixed shares.
    pub share: Option<f64>,
}

/// Kind of a node that stands for what an element may carry of firm power after an outage: its
/// id is that of what fails and of the element, with a point between.
pub const OUTAGE: &str = "outage";

/// A node of the power network; feeds are nodes too.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NodeIn {
    pub id: String,
    pub name: String,
    /// `feed`, the node kind or [`OUTAGE`], for reports.
    pub kind: String,
    #[serde(with = "infinite")]
    pub capacity_mw: f64,
    /// What survives any one outage; infinite where no tier is firm.
    #[serde(with = "infinite")]
    pub firm_mw: f64,
}

/// A cooling loop.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LoopIn {
    pub id: String,
    pub name: String,
    #[serde(with = "infinite")]
    pub heat_mw: f64,
    #[serde(with = "infinite")]
    pub flow_lpm: f64,
    /// Mechanical power per MW of liquid and of air heat, by hour.
    pub mech_liquid: Vec<f64>,
    pub mech_air: Vec<f64>,
    /// Grid power per MW of mechanical power, and the same for each node above the loop.
    pub grid_per_mw: f64,
    pub node_per_mw: Vec<(usize, f64)>,
    /// What firm racks must still find at the design extreme; absent where that is unknown.
    #[serde(default)]
    pub extreme: Option<LoopExtreme>,
}

/// A loop in the hottest hour that the site is built for.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct LoopExtreme {
    /// Typical hour in which it falls: the warmest, the same for every loop.
    pub hour: usize,
    /// Mechanical power per MW of liquid and of air heat.
    pub mech_liquid: f64,
    pub mech_air: f64,
    /// Heat from the racks that the loop moves with its largest cooler out.
    #[serde(with = "infinite")]
    pub heat_mw: f64,
}

/// A hall.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HallIn {
    pub id: String,
    pub name: String,
    #[serde(with = "infinite")]
    pub positions: f64,
    #[serde(with = "infinite")]
    pub mass_kg: f64,
    #[serde(with = "infinite")]
    pub air_mw: f64,
}

/// How many units a block holds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Holding {
    /// That many units of the only type.
    Installed(f64),
    /// Bought between these counts, any mix of the types.
    Planned { min: f64, max: f64 },
    /// MW of all-in power of the only type; infinite where only the site limits it.
    Pool(#[serde(with = "infinite")] f64),
}

/// A block, or several identical ones merged.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BlockIn {
    pub id: String,
    pub name: String,
    pub racks: Vec<usize>,
    pub holding: Holding,
    pub hall: Option<usize>,
    pub cooling: Option<usize>,
    /// Grid power per MW of IT power (losses and coincidence, no cooling).
    pub grid_per_it: f64,
    /// Power at each node above the block per MW of its IT power.
    pub node_per_it: Vec<(usize, f64)>,
}

/// Site-wide numbers.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SiteIn {
    #[serde(with = "infinite")]
    pub grid_contract_mw: f64,
    /// Tokens billed over tokens that the racks can sell.
    pub billable_frac: f64,
    /// Annualised cost of one more MW of site capacity, M$ a year; for net gains.
    pub capacity_musd_per_mw_year: Option<f64>,
    /// Charge on the highest grid power, M$ a year per MW.
    pub demand_musd_per_mw_year: f64,
    #[serde(with = "infinite")]
    pub capex_budget_musd: f64,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyIn {
    /// Tiers take fixed shares of provisioned IT power in use.
    pub fixed_shares: bool,
    /// Subtract annualised cost of planned units.
    pub invest: bool,
    /// Buy whole domains and give operating points whole units.
    pub integer: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SupplyIn {
    pub rack: usize,
    pub max_units: f64,
}

/// JSON and RON have no portable infinity: it is written as `null`.
mod infinite {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub fn serialize<S: Serializer>(v: &f64, s: S) -> Result<S::Ok, S::Error> {
        (v.is_finite()).then_some(*v).serialize(s)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<f64, D::Error> {
        Ok(Option::<f64>::deserialize(d)?.unwrap_or(f64::INFINITY))
    }
}
