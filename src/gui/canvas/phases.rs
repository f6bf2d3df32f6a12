//! What of the site is energised by a month: a bar below the legend of phases, dragged, typed or
//! moved by keys. It changes what is shown, never the site.

use super::badge::floating;
use super::state::PlanViewState;
use crate::gui::components::slider::{Slider, Spread};
use crate::gui::context::Context;
use crate::gui::theme::Theme;
use crate::scene::plan::Overlay;
use crate::units::format::unit_of_suffix;
use eframe::egui::{Id, Rect, Ui, UiBuilder, pos2, vec2};

const HIGH: f32 = 56.0;

/// Where the bar stands, below the legend.
pub fn place(legend: Rect) -> Rect {
    Rect::from_min_size(pos2(legend.left(), legend.bottom() + 6.0), vec2(legend.width(), HIGH))
}

/// Whether the bar is shown: by the overlay of phases, of a site that has several.
pub fn is_shown(context: &Context, state: &PlanViewState) -> bool {
    context.grid.overlay(state.overlay) == Overlay::Phase && context.site.campus.phases.len() > 1
}

/// Shows the bar.
pub fn show(ui: &mut Ui, rect: Rect, context: &Context, state: &mut PlanViewState) {
    let phases = &context.site.campus.phases;
    let last = phases.iter().map(|p| p.month).max().unwrap_or(0);
    floating(ui.painter(), rect, Theme::of(ui.ctx()));
    let inner = rect.shrink2(vec2(10.0, 6.0));
    ui.scope_builder(UiBuilder::new().max_rect(inner), |ui| {
        let month = state.energised_by.unwrap_or(last).min(last);
        let slider = Slider {
            id: Id::unique("energised-by"),
            label: "Energised by",
            value: f64::from(month),
            unit: unit_of_suffix("months"),
            low: 0.0,
            high: f64::from(last),
            spread: Spread::Linear,
            open: false,
            label_width: 92.0,
        };
        if let Some(month) = slider.show(ui) {
            let month = month.round().clamp(0.0, f64::from(last)) as u32;
            // At its end the bar hides nothing.
            state.energised_by = (month < last).then_some(month);
        }
    });
}
