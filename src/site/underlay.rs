//! Underlays, as the current layout format writes them; see `elements`.

use serde::{Deserialize, Serialize};

fn half() -> f64 {
    0.5
}

/// A picture or a drawing under the plan. The file stays where it is: a layout holds its
/// place, its scale and its hash.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Underlay {
    pub id: String,
    pub name: String,
    /// Path from the folder of the layout, or from the root.
    pub file: String,
    /// SHA-256 of the file when it was taken; empty is not compared.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub sha256: String,
    /// Metres of one pixel, or of one unit of the drawing.
    pub m_per_unit: f64,
    /// 0 invisible, 1 opaque.
    #[serde(default = "half")]
    pub opacity_frac: f64,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub hidden: bool,
    /// Where its north-west corner lies.
    pub at: [f64; 2],
}
