//! What a layout says of clean energy and carbon. What is not said is unknown: no contract is no
//! zero.

use serde::{Deserialize, Serialize};

/// What a contract for clean energy delivers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum CleanKind {
    /// Energy with its attributes: it replaces energy of the tariff in the hour in which both flow.
    #[default]
    Ppa,
    /// Attributes alone, paid on top of the tariff.
    Certificates,
}

/// A contract for clean energy, from the planned date of service on.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CleanContract {
    pub id: String,
    pub kind: CleanKind,
    /// Energy of a year, or the rating of the plant; one of both.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mwh_per_year: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mw: Option<f64>,
    /// Output of each of the 24 hours of a day from midnight, over the rating; none is flat.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hour_frac: Vec<f64>,
    /// Output of each month over that of the best; none is flat.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub month_frac: Vec<f64>,
    /// Price in the year of service, and its rise a year.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usd_per_mwh: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rise_frac: Option<f64>,
    /// What energy beyond the load of its hour sells for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub surplus_usd_per_mwh: Option<f64>,
    /// Absent, to the end of the model.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub term_months: Option<u32>,
    /// Carbon dioxide of its energy at the plant; absent, none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub carbon_kg_per_mwh: Option<f64>,
    /// Whether it counts as renewable; nuclear power does not. Absent, it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub renewable: Option<bool>,
    /// Where its terms are from.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub source: String,
}

/// Carbon beside that of the tariff's grid.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CarbonInputs {
    /// What a tonne costs in the year of service, and its rise a year; absent, nothing is paid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usd_per_t: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rise_frac: Option<f64>,
    /// Of what is under no contract, by market; absent, that of the tariff's grid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub residual_kg_per_mwh: Option<f64>,
    /// Heat that others use, a year.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heat_reused_mwh_per_year: Option<f64>,
}

impl CarbonInputs {
    /// Whether nothing is said.
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }
}
