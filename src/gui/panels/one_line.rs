//! The one-line tab: the canvas and nothing else. It must not know the other tabs.

use crate::gui::action::Actions;
use crate::gui::canvas::OneLineCanvas;
pub use crate::gui::canvas::OneLineState;
use crate::gui::context::Context;
use eframe::egui::{Response, Ui};

/// Shows the diagram in what is left of `ui`; gestures become actions.
pub fn show(
    ui: &mut Ui,
    context: &Context,
    state: &mut OneLineState,
    actions: &mut Actions,
) -> Response {
    OneLineCanvas { context, state }.show(ui, actions)
}
