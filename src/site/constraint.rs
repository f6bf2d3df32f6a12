//! Constraint areas, as the current layout format writes them; see `elements`.

use serde::{Deserialize, Serialize};

/// Ground with a rule about what may stand on it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Constraint {
    pub id: String,
    pub name: String,
    pub kind: ConstraintKind,
    /// Corners of the ground; empty where a setback is a distance.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub outline: Vec<[f64; 2]>,
    /// Width of a setback along the edge of the parcel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub setback_m: Option<f64>,
    /// Greatest height of a building above ground.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub height_m: Option<f64>,
    /// Greatest level at the boundary; stated, never computed here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub noise_dba: Option<f64>,
    /// The rule in words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub rule: String,
    /// Title of the document that sets the rule.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub source: String,
    /// Its date, `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub date: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ConstraintKind {
    Setback,
    Flood,
    Wetland,
    Noise,
    Easement,
    HeightLimit,
}

impl ConstraintKind {
    pub const ALL: [ConstraintKind; 6] = [
        ConstraintKind::Setback,
        ConstraintKind::Flood,
        ConstraintKind::Wetland,
        ConstraintKind::Noise,
        ConstraintKind::Easement,
        ConstraintKind::HeightLimit,
    ];

    /// Name in the file.
    pub const fn name(self) -> &'static str {
        match self {
            ConstraintKind::Setback => "Setback",
            ConstraintKind::Flood => "Flood",
            ConstraintKind::Wetland => "Wetland",
            ConstraintKind::Noise => "Noise",
            ConstraintKind::Easement => "Easement",
            ConstraintKind::HeightLimit => "HeightLimit",
        }
    }

    /// What a planner calls it.
    pub const fn title(self) -> &'static str {
        match self {
            ConstraintKind::Setback => "Setback",
            ConstraintKind::Flood => "Flood area",
            ConstraintKind::Wetland => "Wetland",
            ConstraintKind::Noise => "Noise area",
            ConstraintKind::Easement => "Easement",
            ConstraintKind::HeightLimit => "Height limit",
        }
    }
}
