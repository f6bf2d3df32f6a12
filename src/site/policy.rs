//! The policy of a site: how power is allocated, what is maximised, which throughput counts.
//! It must not know how any of it is computed.

use crate::catalog::Precision;
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

/// How power is allocated and what is maximised.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    #[serde(default)]
    pub allocation: Allocation,
    /// Absent: invest where blocks are planned, else dispatch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub objective: Option<Objective>,
    /// Share of provisioned IT power in use, by tier; the user's own allocation and the baseline.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub shares: IndexMap<String, f64>,
    /// Largest share of the grid contract that racks of a type may use.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub max_site_share: IndexMap<String, f64>,
    /// Relative tolerance within which a curve's context serves a tier's context.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub context_tolerance_frac: Option<f64>,
    /// Curves that may back this site's racks; empty means every curve that fits.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub curves: Vec<String>,
    #[serde(default, skip_serializing_if = "Estimates::is_unset")]
    pub estimates: Estimates,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Allocation {
    #[default]
    Optimise,
    FixedShares,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Objective {
    /// Revenue less energy and variable cost.
    Dispatch,
    /// Also less annualised capital and fixed cost of what is planned.
    Invest,
}

/// When operating points are estimated from the figures of rack and model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum EstimateWhen {
    /// For a rack and a tier where no curve of the catalogue that the site may use tells.
    Missing,
    /// Always, and published curves only stand beside them.
    Always,
    Never,
}

/// Estimated throughput as a source of operating points.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Estimates {
    /// Absent: `Missing` where the policy names no curves, `Never` where it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<EstimateWhen>,
    /// Of the weights; absent takes the model's usual one on each rack.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub precision: Option<Precision>,
    /// Serving framework of the catalogue's constants; absent takes their first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub framework: Option<String>,
    /// Latest first token for tiers that promise none; absent means no limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ttft_limit_ms: Option<f64>,
    /// Input over output tokens of a request where a tier states a context alone; absent
    /// takes the catalogue's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input_ratio: Option<f64>,
    /// Draft tokens where the model has prediction layers; absent means yes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drafts: Option<bool>,
}

impl Estimates {
    pub fn is_unset(&self) -> bool {
        *self == Self::default()
    }
}

impl Policy {
    /// When this site's operating points are estimated.
    pub fn estimate_when(&self) -> EstimateWhen {
        let chosen = !self.curves.is_empty();
        let default = if chosen { EstimateWhen::Never } else { EstimateWhen::Missing };
        self.estimates.when.unwrap_or(default)
    }
}
