//! What a solved plan says, under the names that `solve --json` prints.
//!
//! Field names are fixed: reports, the window and scripts read them.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    Optimal,
    Infeasible,
    Unbounded,
    /// A limit of time or iterations came first.
    Limit,
    #[default]
    Error,
}

/// Mean rates over the year; `None` where a tier's request shape is unknown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TokenRates {
    pub input: Option<f64>,
    pub cached_input: Option<f64>,
    pub output: f64,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TierResult {
    pub id: String,
    pub name: String,
    pub revenue_usd_per_year: f64,
    /// Mean output tokens/s sold; zero for reserved capacity.
    pub tokens_per_s: f64,
    /// Mean reserved GPUs; zero for token tiers.
    pub gpus: f64,
    /// Revenue per million output tokens (the clearing price where posted);
    /// `None` where nothing is sold or the tier sells capacity.
    pub price_usd_per_mtok: Option<f64>,
    /// Provisioned IT power that serves the tier, mean over the year.
    pub it_mw: f64,
    pub share_of_it_power: f64,
    /// Output tokens/s made for the tier but not sold (fixed shares).
    pub unsold_tokens_per_s: f64,
    /// Mean output tokens/s short of the commitment; zero for reserved capacity.
    pub shortfall_tokens_per_s: f64,
    /// Mean GPUs short of the commitment; zero for token tiers.
    pub shortfall_gpus: f64,
}

/// Rack type and operating point serving one tier, mean over the year.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct AllocationRow {
    pub rack: String,
    pub tier: String,
    pub operating_point: String,
    /// `None` where the all-in power of the rack type is unknown.
    pub racks: Option<f64>,
    pub it_mw: f64,
    /// Grid power that the row takes, worst-hour basis.
    pub grid_mw: f64,
    pub tokens_per_s: f64,
    pub gpus: f64,
    pub revenue_usd_per_year: f64,
}

/// Racks of a block at an operating point in the busiest hour.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct BlockResult {
    pub id: String,
    pub rack: String,
    /// Empty where the racks run nothing.
    pub operating_point: String,
    pub racks: Option<f64>,
    /// Of these, racks that hold firm power.
    pub firm_racks: Option<f64>,
    pub it_mw: f64,
}

/// Racks bought for a planned block.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct BoughtResult {
    pub block: String,
    pub rack: String,
    pub racks: f64,
}

/// What stands in a pool of power: as much as runs in it in any hour.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PoolResult {
    pub block: String,
    pub rack: String,
    /// All-in power, MW.
    pub mw: f64,
    /// `None` where the all-in power of the rack type is unknown.
    pub racks: Option<f64>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct HourResult {
    pub id: String,
    pub weight_h: f64,
    pub grid_mw: f64,
    pub it_mw: f64,
    pub drawn_grid_mw: f64,
    pub pue: f64,
    pub energy_cost_usd_per_year: f64,
    pub output_tokens_per_s: f64,
    /// Running racks over racks that could run, by provisioned power.
    pub utilisation_frac: f64,
}

/// A limit, how much of it is used and what one more unit is worth.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LimitResult {
    /// The `--set` path of the number that sets the limit.
    pub id: String,
    /// `grid_contract`, `feed_capacity`, `node_capacity`, `node_firm`, `outage`, `loop_heat`, `loop_flow`,
    /// `hall_positions`, `hall_floor`, `hall_air`, `block_racks`, `supply`, `capex_budget`,
    /// `demand`, `commitment`, `site_share`, `tier_share`, `pairing`.
    pub kind: String,
    /// Id of the element, empty for the site.
    pub element: String,
    /// What a planner calls it, e.g. `Grid contract, worst hour`.
    pub name: String,
    pub used: f64,
    /// `None` where unlimited.
    pub capacity: Option<f64>,
    pub unit: String,
    pub binding: bool,
    /// True where less than the capacity breaks the limit (commitments).
    pub minimum: bool,
    /// Change of the objective for one more unit, and the capacity change up to which it holds.
    pub gain_usd_per_year: Option<f64>,
    pub gain_valid_to: Option<f64>,
    /// Change of the objective for one unit less (negative where it costs).
    pub loss_usd_per_year: Option<f64>,
    pub loss_valid_to: Option<f64>,
    /// Gain less the annual cost of the capacity; `None` where that cost is unknown.
    pub net_gain_usd_per_year: Option<f64>,
}

/// Limits in series: worth something only when raised together.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct JointGain {
    pub limits: Vec<String>,
    pub gain_usd_per_year: f64,
    pub valid_to: Option<f64>,
}

/// One of the requirements that cannot all be met.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Conflict {
    pub limit: String,
    pub element: String,
    /// Least change of this limit alone that makes the plan possible; `None` if none does.
    pub amount: Option<f64>,
    pub unit: String,
    pub sentence: String,
}

/// Everything that the planner learns from one solve.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    pub status: Status,
    pub objective_usd_per_year: Option<f64>,
    pub revenue_usd_per_year: f64,
    pub energy_cost_usd_per_year: f64,
    /// Cost that grows with tokens, and penalties on commitments.
    pub variable_cost_usd_per_year: f64,
    pub penalty_usd_per_year: f64,
    /// Annualised cost of planned racks and their site capacity.
    pub annual_capital_usd_per_year: f64,
    pub tokens_per_s: TokenRates,
    /// Worst hour, at the meter.
    pub grid_mw: f64,
    /// Worst hour, at the meter, of racks that hold firm power.
    pub firm_mw: f64,
    pub it_mw: f64,
    pub tiers: Vec<TierResult>,
    pub allocation: Vec<AllocationRow>,
    pub blocks: Vec<BlockResult>,
    pub bought: Vec<BoughtResult>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pools: Vec<PoolResult>,
    pub hours: Vec<HourResult>,
    /// Power at the input of each feed and node, by id, in the hour of the greatest grid power,
    /// MW: what the electrical network is solved with.
    #[serde(skip)]
    pub node_mw: BTreeMap<String, f64>,
    /// Of it, what racks on firm power ask.
    #[serde(skip)]
    pub node_firm_mw: BTreeMap<String, f64>,
    pub limits: Vec<LimitResult>,
    pub joint_gains: Vec<JointGain>,
    pub conflicts: Vec<Conflict>,
    /// Bound and relative gap of an integer solve.
    pub bound_usd_per_year: Option<f64>,
    pub mip_gap: Option<f64>,
}

impl Plan {
    /// What stands in a block that is a pool of power.
    pub fn pool(&self, block: &str) -> Option<&PoolResult> {
        self.pools.iter().find(|pool| pool.block == block)
    }
}
