//! The window, driven by accessibility label.

use crate::canvas::demo::Demo;
use eframe::egui::{self, Vec2, vec2};
use egui_kittest::Harness;
use gigasite::gui::action::{Action, Actions, Edit};
use gigasite::gui::context::{Context, Document, Element, Kind};
use gigasite::gui::view::{Prefs, ViewState};
use gigasite::gui::{shell, theme};

/// A window without a program behind it: what was asked for is kept.
pub struct Window {
    pub demo: Demo,
    pub view: ViewState,
    pub actions: Actions,
    pub undo: Option<String>,
}

impl Window {
    fn new(demo: Demo) -> Self {
        let mut view = ViewState::new(Prefs::default());
        view.plan.reduce_motion = true;
        Self { demo, view, actions: Actions::new(), undo: None }
    }
}

fn window(start: Window, size: Vec2) -> Harness<'static, Window> {
    let mut harness = Harness::builder()
        .with_size(size)
        .with_theme(egui::Theme::Dark)
        .with_context_setup(theme::install)
        .wgpu()
        .build_ui_state(
            |ui, w: &mut Window| {
                let document = Document {
                    undo: w.undo.as_deref(),
                    dirty: w.undo.is_some(),
                    title: "Cedar Ridge 1 GW",
                    ..Document::default()
                };
                let cx = Context { document, ..w.demo.context() };
                let mut actions = Actions::new();
                shell::show(ui, &cx, &mut w.view, &mut actions);
                w.actions.extend(actions);
            },
            start,
        );
    harness.run_steps(3);
    harness
}

/// Writes a picture for people to look at where `GIGASITE_PICTURES` names a folder.
pub fn look<S>(harness: &mut Harness<'_, S>, name: &str) {
    let Ok(folder) = std::env::var("GIGASITE_PICTURES") else { return };
    let image = harness.render().expect("renders");
    image.save(format!("{folder}/{name}.png")).expect("writes the picture");
}

#[test]
fn the_window_paints() {
    let mut w = Window::new(Demo::campus());
    w.undo = Some("Add 16 VR racks to hall 8".into());
    w.demo.selection = vec![Element::new(Kind::Tier, "premium")];
    let mut harness = window(w, vec2(1600.0, 1000.0));
    look(&mut harness, "window-dark");
    harness.ctx.set_theme(egui::Theme::Light);
    harness.run_steps(3);
    look(&mut harness, "window-light");
}
