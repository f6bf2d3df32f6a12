//! The distance between two points of an underlay, from which its scale follows.

use super::{Choice, body, buttons, ghost, heading};
use crate::gui::components::button::{Button, Look};
use crate::gui::components::row;
use crate::units::format;
use eframe::egui::Ui;

/// Two points on the ground where the underlay lies now, and what has been typed.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    pub underlay: String,
    pub from: [f64; 2],
    pub to: [f64; 2],
    text: String,
}

impl Draft {
    pub fn new(underlay: String, from: [f64; 2], to: [f64; 2]) -> Self {
        let measured = (to[0] - from[0]).hypot(to[1] - from[1]);
        Self { underlay, from, to, text: format::fixed(measured, 2) }
    }

    /// Distance at the present scale.
    pub fn measured_m(&self) -> f64 {
        (self.to[0] - self.from[0]).hypot(self.to[1] - self.from[1])
    }

    fn entered_m(&self) -> Option<f64> {
        let metres = self.text.trim().parse::<f64>().ok()?;
        (metres.is_finite() && metres > 0.0 && self.measured_m() > 0.0).then_some(metres)
    }
}

pub(super) fn show(ui: &mut Ui, draft: &mut Draft) -> Option<Choice> {
    heading(ui, "Calibrate the underlay");
    body(ui, "How far apart are the two points in truth? The first stays where it is");
    ui.add_space(8.0);
    if let Some(text) = row::text(ui, "Distance, m", &draft.text) {
        draft.text = text;
    }
    let entered = draft.entered_m();
    if entered.is_none() {
        body(ui, "Enter a number above zero");
    }
    buttons(ui, |ui| {
        let go = Button::new("Calibrate").look(Look::Primary).enabled(entered.is_some()).show(ui);
        let stay = ghost(ui, "Cancel");
        match entered {
            Some(metres) if go.clicked() => Some(Choice::Distance(metres)),
            _ => stay.then_some(Choice::Cancel),
        }
    })
}
