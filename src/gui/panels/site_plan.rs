//! The site plan tab: the canvas and nothing else. It must not know the other tabs.

use crate::gui::action::Actions;
use crate::gui::canvas::PlanCanvas;
pub use crate::gui::canvas::PlanViewState;
use crate::gui::context::Context;
use eframe::egui::{Response, Ui};

/// Shows the plan in what is left of `ui`; gestures become actions.
pub fn show(
    ui: &mut Ui,
    context: &Context,
    state: &mut PlanViewState,
    actions: &mut Actions,
) -> Response {
    PlanCanvas { context, state }.show(ui, actions)
}
