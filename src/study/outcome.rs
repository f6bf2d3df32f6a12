//! The full answer to one layout, under the names that `solve --json` prints.

use super::firm::FirmCapacity;
use super::losses::NetworkCheck;
use crate::diag::Diagnostic;
use crate::plan::Plan;
use serde::{Deserialize, Serialize};

/// Where an answer comes from; byte-identical for identical inputs.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Provenance {
    pub engine_version: String,
    pub catalog_version: String,
    /// Of the layout, the catalogue in force and the overrides.
    pub input_sha256: String,
    /// `path=value`, in the order given.
    pub overrides: Vec<String>,
    /// Id of the variant, where the layout has several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variant: Option<String>,
    pub solver: String,
    /// `cpu` or `gpu` where estimates took part, else `none`.
    pub estimator_backend: String,
}

/// What differs from run to run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Timing {
    pub seconds: f64,
    pub solve_seconds: f64,
    pub marginal_seconds: f64,
    pub iterations: u64,
    pub columns: usize,
    pub rows: usize,
    pub warm: bool,
}

/// Where an operating point that the plan may use comes from.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct OperatingPoint {
    /// As in the allocation.
    pub id: String,
    pub rack: String,
    pub curve: String,
    /// `measured`, `vendor figure`, `derived`, `edited` or `estimate`.
    pub origin: String,
    /// Title of the source; for an estimate that of the measurements behind its constants.
    pub source: String,
    /// Serving software, with its date as far as it is known.
    pub software: String,
    pub model: String,
    pub context_tokens: f64,
    pub tok_s_user: f64,
    pub ttft_ms: Option<f64>,
    /// How the GPUs share the work, for an estimate.
    pub configuration: Option<String>,
    /// For an estimate: band of the speed that holds 80 % of pairs of hardware and model
    /// that the constants were not fitted to, and the mean error of time per token there.
    pub tok_s_user_range: Option<(f64, f64)>,
    pub error_frac: Option<f64>,
}

/// A curve point as the keynote chart shows it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ChartPoint {
    pub tok_s_user: f64,
    /// Output tokens/s per grid MW.
    pub tok_s_per_mw: f64,
    /// Worst-hour grid MW that the plan puts here; zero where unused.
    pub grid_mw: f64,
    /// Tiers served here.
    pub tiers: Vec<String>,
    pub operating_point: String,
    pub range: Option<(f64, f64)>,
    /// Time to first token, where the curve tells it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ttft_ms: Option<f64>,
    /// What serves the model and how the GPUs share the work, for an estimate; else what was
    /// remarked of the point.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// A curve beside the plan, for the keynote chart.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ChartCurve {
    pub curve: String,
    pub rack: String,
    pub name: String,
    /// Evidence in words: `keynote reading, March 2026`.
    pub evidence: String,
    /// Kind of the curve: true where it is a claim rather than a measurement.
    pub claim: bool,
    pub measured: bool,
    /// Dense, from the figures of rack and model.
    #[serde(default)]
    pub estimated: bool,
    pub points: Vec<ChartPoint>,
}

/// Another plan on the same site, to compare with.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Baseline {
    /// `25/25/25/25`, `your shares` or `best single rack type, ...`.
    pub name: String,
    pub revenue_usd_per_year: f64,
    pub objective_usd_per_year: f64,
    pub tiers: Vec<crate::plan::result::TierResult>,
}

impl Baseline {
    /// Its name where there is little room: `own shares`, `VR alone`.
    pub fn short_name(&self) -> &str {
        let shorter = ["the site's ", "the best plan with "];
        let found = shorter.iter().find_map(|before| self.name.strip_prefix(before));
        found.unwrap_or(&self.name)
    }
}

/// Money and energy that stand beside the plan until the finance layer computes more.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Headline {
    /// Racks with their support at catalogue prices plus site capacity; `None` while something is unknown.
    pub capex_usd: Option<f64>,
    /// Path of the value that stops capex.
    pub capex_stopped_by: Option<String>,
    /// Yearly mean and worst hour of grid over IT power.
    pub pue_mean: f64,
    pub pue_worst: f64,
    /// Output tokens a year over the published world volume.
    pub world_ratio: Option<f64>,
    pub world_tokens_per_year: Option<f64>,
    pub world_source: String,
    /// Electricity per million output tokens.
    pub energy_usd_per_mtok: Option<f64>,
    /// Racks placed and racks that sell.
    pub racks_installed: Option<f64>,
}

/// The answer.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// Of the site; shown everywhere.
    pub name: String,
    /// Labels that every figure carries, e.g. `reference infrastructure, PUE 1`.
    pub labels: Vec<String>,
    pub plan: Plan,
    pub headline: Headline,
    pub chart: Vec<ChartCurve>,
    /// Points that the plan may use, with their origin; reserved capacity has none.
    #[serde(default)]
    pub operating_points: Vec<OperatingPoint>,
    pub baseline: Option<Baseline>,
    /// What the network keeps whatever single element fails; none for a reference
    /// infrastructure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub firm: Option<FirmCapacity>,
    /// The plan on the site's electrical network; only in a full answer, and none for a reference
    /// infrastructure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub network: Option<NetworkCheck>,
    /// Effect of `--whatif`, if asked: limits and the change of the objective.
    pub whatif: Option<WhatIf>,
    pub diagnostics: Vec<Diagnostic>,
    pub provenance: Provenance,
    pub timing: Timing,
}

/// The same site with limits changed, solved again in full.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct WhatIf {
    /// Limit and change, in the limit's unit.
    pub changes: Vec<(String, f64)>,
    pub status: crate::plan::result::Status,
    /// `None` where the changed site has no plan.
    pub objective_usd_per_year: Option<f64>,
    pub gain_usd_per_year: Option<f64>,
}
