//! The economics tab: conclusion, keynote chart, allocation, values of the next unit, flow
//! from grid to dollars, optimum against baseline. Every figure comes from the outcome.

use crate::gui::action::Actions;
use crate::gui::context::Context;
use eframe::egui::Ui;

/// What the tab remembers between frames.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EconomicsState {
    /// Linear instead of logarithmic speed axis.
    pub linear_x: bool,
}

/// Shows the tab in what is left of `ui`.
pub fn show(ui: &mut Ui, context: &Context, state: &mut EconomicsState, actions: &mut Actions) {
    let _ = (context, state, actions);
    ui.label("Economics");
}
