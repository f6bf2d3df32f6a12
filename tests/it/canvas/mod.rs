//! Site plan and economics, driven by accessibility label and by exact gestures.

pub mod demo;
mod economics;
mod estimator;
mod layer;
mod one_line;
mod plan;
mod speed;

use eframe::egui::{Theme, Ui, Vec2};
use egui_kittest::Harness;
use gigasite::gui::theme;

/// A panel on a window of its own, after its first frames.
pub fn panel<S>(
    start: S,
    size: Vec2,
    dark: bool,
    show: impl FnMut(&mut Ui, &mut S) + 'static,
) -> Harness<'static, S> {
    let mut harness = Harness::builder()
        .with_size(size)
        .with_theme(if dark { Theme::Dark } else { Theme::Light })
        .with_context_setup(theme::install)
        .with_step_dt(0.05)
        .wgpu()
        .build_ui_state(show, start);
    harness.run();
    harness
}

/// Writes a picture for people to look at where `GIGASITE_PICTURES` names a folder.
pub fn look<S>(harness: &mut Harness<'_, S>, name: &str) {
    let Ok(folder) = std::env::var("GIGASITE_PICTURES") else { return };
    let image = harness.render().expect("renders");
    image.save(format!("{folder}/{name}.png")).expect("writes the picture");
}

/// Software renderers differ by processor: a little may differ, an element may not.
pub fn agreed() -> egui_kittest::SnapshotOptions {
    egui_kittest::SnapshotOptions::new().threshold(2.0).max_failed_pixels(600)
}
