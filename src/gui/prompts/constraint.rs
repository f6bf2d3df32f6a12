//! A constraint area by figures: what the mouse draws, typed.

use super::{Choice, body, buttons, ghost, heading};
use crate::gui::components::button::{Button, Look};
use crate::gui::components::row;
use crate::site::ConstraintKind;
use eframe::egui::Ui;

/// What has been entered so far; lengths in metres as they are typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    pub kind: ConstraintKind,
    pub x: String,
    pub y: String,
    pub width: String,
    pub height: String,
}

impl Default for Draft {
    fn default() -> Self {
        let text = str::to_owned;
        Self {
            kind: ConstraintKind::Easement,
            x: text("0"),
            y: text("0"),
            width: text("50"),
            height: text("20"),
        }
    }
}

impl Draft {
    /// The corners of the rectangle; `None` while a figure is missing or impossible.
    pub fn outline(&self) -> Option<Vec<[f64; 2]>> {
        let number = |text: &str| text.trim().parse::<f64>().ok().filter(|v| v.is_finite());
        let (x, y) = (number(&self.x)?, number(&self.y)?);
        let size = |text: &str| number(text).filter(|v| *v > 0.0);
        let (w, h) = (size(&self.width)?, size(&self.height)?);
        Some(vec![[x, y], [x + w, y], [x + w, y + h], [x, y + h]])
    }
}

pub(super) fn show(ui: &mut Ui, draft: &mut Draft) -> Option<Choice> {
    heading(ui, "Add a constraint area");
    body(
        ui,
        "A rectangle in metres east and south of the parcel's north-west corner; further \
        corners, rule and source are entered in the inspector",
    );
    ui.add_space(8.0);
    let names: Vec<String> = ConstraintKind::ALL.iter().map(|k| k.title().to_owned()).collect();
    let selected = ConstraintKind::ALL.iter().position(|k| *k == draft.kind);
    if let Some(kind) =
        row::choice(ui, "Kind", &names, selected).and_then(|index| ConstraintKind::ALL.get(index))
    {
        draft.kind = *kind;
    }
    for (label, value) in [
        ("East", &mut draft.x),
        ("South", &mut draft.y),
        ("Width", &mut draft.width),
        ("Height", &mut draft.height),
    ] {
        if let Some(text) = row::text(ui, label, value) {
            *value = text;
        }
    }
    let outline = draft.outline();
    if outline.is_none() {
        body(ui, "Enter four numbers; width and height above zero");
    }
    buttons(ui, |ui| {
        let add = Button::new("Add").look(Look::Primary).enabled(outline.is_some()).show(ui);
        let stay = ghost(ui, "Cancel");
        match outline {
            Some(outline) if add.clicked() => Some(Choice::Constraint(draft.kind, outline)),
            _ => stay.then_some(Choice::Cancel),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rectangle_needs_four_numbers() {
        let draft = Draft::default();
        let outline = draft.outline().expect("the figures to start with");
        assert_eq!(outline, [[0.0, 0.0], [50.0, 0.0], [50.0, 20.0], [0.0, 20.0]]);
        for (width, height) in [("0", "1"), ("-1", "1"), ("", "1"), ("1", "x"), ("inf", "1")] {
            let draft = Draft { width: width.into(), height: height.into(), ..Draft::default() };
            assert_eq!(draft.outline(), None, "{width} {height}");
        }
    }
}
