//! The guided tour of a layout: what presentation mode shows, step by step.
//!
//! A step names views, elements and figures; it holds no figure of its own, so that a tour
//! never says what the plan does not. It must not know how anything is drawn.

use serde::{Deserialize, Serialize};

/// One step of a tour.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TourStep {
    /// Short, for the bar of steps: "The limit".
    pub name: String,
    /// The sentence on top.
    pub title: String,
    /// What to know of it, in a sentence or two.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
    #[serde(default)]
    pub view: TourView,
    /// Paths of elements to select; the view is brought to the first where `zoom` says so.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub select: Vec<String>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub zoom: bool,
    /// What the fills of plan and diagram say; absent leaves the view's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overlay: Option<TourOverlay>,
    /// Id of the variant to show; absent is the base.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variant: Option<String>,
    /// Id of a variant to compare with: figures then say from what they come.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    pub figures: Vec<KeyFigure>,
}

/// A page of the window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum TourView {
    #[default]
    SitePlan,
    OneLine,
    Economics,
    Compare,
}

/// What fills say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TourOverlay {
    None,
    Loading,
    Headroom,
    Firm,
    Tier,
}

/// A headline figure of a plan. Each has one meaning everywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum KeyFigure {
    /// At the meter in the worst hour.
    GridPower,
    /// Of it, what serves firm tiers.
    FirmPower,
    /// The rest: runs until an element fails.
    InterruptiblePower,
    ItPower,
    Racks,
    Gpus,
    /// Mean over the year.
    OutputTokens,
    Revenue,
    EnergyCost,
    /// What the plan maximises: revenue less energy and variable cost, and for planned racks
    /// less annualised capital.
    Objective,
    Capex,
    /// Electricity of a million output tokens.
    EnergyPerMtok,
    /// Of the objective, for one more MW in the grid contract.
    GainOfGridMw,
    /// Of the objective over the baseline of the layout.
    GainOverBaseline,
    /// Yearly mean.
    DesignPue,
    /// Output tokens over the published world volume.
    WorldRatio,
}

impl KeyFigure {
    pub const ALL: [KeyFigure; 16] = [
        KeyFigure::GridPower,
        KeyFigure::FirmPower,
        KeyFigure::InterruptiblePower,
        KeyFigure::ItPower,
        KeyFigure::Racks,
        KeyFigure::Gpus,
        KeyFigure::OutputTokens,
        KeyFigure::Revenue,
        KeyFigure::EnergyCost,
        KeyFigure::Objective,
        KeyFigure::Capex,
        KeyFigure::EnergyPerMtok,
        KeyFigure::GainOfGridMw,
        KeyFigure::GainOverBaseline,
        KeyFigure::DesignPue,
        KeyFigure::WorldRatio,
    ];
}
