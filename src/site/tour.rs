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
    /// From the keynote figure to the bankable one, a step an assumption.
    Ladder,
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
    /// The plan's year at the prices that the layout states.
    Revenue,
    /// Of the first fiscal year in which every phase runs at full load, at the prices of that
    /// year; unknown where the model has no such year.
    FirstYearRevenue,
    EnergyCost,
    /// What the plan maximises: revenue less energy and variable cost, and for planned racks
    /// less annualised capital.
    Objective,
    Capex,
    /// Electricity of a million output tokens.
    EnergyPerMtok,
    /// Of the objective, for one more MW in the grid contract.
    GainOfGridMw,
    /// Of the objective over the baseline of the layout: after running cost, as against the gain of
    /// revenue.
    GainOverBaseline,
    /// Yearly mean.
    DesignPue,
    /// Output tokens over the published world volume.
    WorldRatio,
    /// Capital with land, soft cost, contingency and the rest.
    CapexAllIn,
    /// Net present value after tax, without a loan.
    Npv,
    /// Rate of return of the same; unknown where there are several or none.
    Irr,
    /// All cost of a million output tokens over the life of the project, discounted.
    LevelisedCost,
}

impl KeyFigure {
    pub const ALL: [KeyFigure; 21] = [
        KeyFigure::GridPower,
        KeyFigure::FirmPower,
        KeyFigure::InterruptiblePower,
        KeyFigure::ItPower,
        KeyFigure::Racks,
        KeyFigure::Gpus,
        KeyFigure::OutputTokens,
        KeyFigure::FirstYearRevenue,
        KeyFigure::Revenue,
        KeyFigure::EnergyCost,
        KeyFigure::Objective,
        KeyFigure::Capex,
        KeyFigure::CapexAllIn,
        KeyFigure::Npv,
        KeyFigure::Irr,
        KeyFigure::LevelisedCost,
        KeyFigure::EnergyPerMtok,
        KeyFigure::GainOfGridMw,
        KeyFigure::GainOverBaseline,
        KeyFigure::DesignPue,
        KeyFigure::WorldRatio,
    ];

    /// Whether it takes the value of the plan, which comes after the plan.
    pub const fn is_of_value(self) -> bool {
        matches!(
            self,
            KeyFigure::FirstYearRevenue
                | KeyFigure::CapexAllIn
                | KeyFigure::Npv
                | KeyFigure::Irr
                | KeyFigure::LevelisedCost
        )
    }
}

/// Which of the figures of a step a text asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FigurePart {
    /// Of the variant that is shown.
    Value,
    /// Of the variant that it is compared with.
    From,
    /// The first over the second.
    Times,
}

impl KeyFigure {
    /// The figure of a name, as layouts write it.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|figure| format!("{figure:?}") == name)
    }
}

/// A piece of a text of the tour.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    Words(&'a str),
    Figure(KeyFigure, FigurePart),
    /// Something in braces that is no figure.
    Unknown(&'a str),
}

/// The pieces of a title or text: figures stand in braces, as `{Revenue}`,
/// `{Revenue.from}` and `{Revenue.times}`, and are filled in from the answers.
pub fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some((words, behind)) = rest.split_once('{') {
        let Some((inside, behind)) = behind.split_once('}') else { break };
        if !words.is_empty() {
            out.push(Piece::Words(words));
        }
        let (name, part) = match inside.split_once('.') {
            None => (inside, Some(FigurePart::Value)),
            Some((name, "from")) => (name, Some(FigurePart::From)),
            Some((name, "times")) => (name, Some(FigurePart::Times)),
            Some((name, _)) => (name, None),
        };
        out.push(match KeyFigure::of_name(name).zip(part) {
            Some((figure, part)) => Piece::Figure(figure, part),
            None => Piece::Unknown(inside),
        });
        rest = behind;
    }
    if !rest.is_empty() {
        out.push(Piece::Words(rest));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_stand_in_braces_and_everything_else_is_words() {
        let found = pieces("Earns {Revenue.times} times, {Revenue} {Nothing} {open");
        assert_eq!(
            found,
            [
                Piece::Words("Earns "),
                Piece::Figure(KeyFigure::Revenue, FigurePart::Times),
                Piece::Words(" times, "),
                Piece::Figure(KeyFigure::Revenue, FigurePart::Value),
                Piece::Words(" "),
                Piece::Unknown("Nothing"),
                Piece::Words(" {open"),
            ]
        );
    }
}
