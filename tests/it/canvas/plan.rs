//! The site plan: names, clicks, drags, pictures.

use super::demo::Demo;
use eframe::egui::{Theme, Vec2, vec2};
use egui_kittest::Harness;
use gigasite::gui::action::{Action, Actions};
use gigasite::gui::panels::site_plan::{self, PlanViewState};
use gigasite::gui::theme;
use gigasite::scene::plan::Overlay;

pub struct Window {
    pub demo: Demo,
    pub state: PlanViewState,
    pub actions: Actions,
}

pub fn window(demo: Demo, size: Vec2, dark: bool) -> Harness<'static, Window> {
    let mut state = PlanViewState::new();
    state.reduce_motion = true;
    state.overlay = Overlay::Loading;
    let start = Window { demo, state, actions: Actions::new() };
    let mut harness = Harness::builder()
        .with_size(size)
        .with_theme(if dark { Theme::Dark } else { Theme::Light })
        .with_context_setup(|ctx| theme::install(ctx))
        .wgpu()
        .build_ui_state(
            |ui, w: &mut Window| {
                let context = w.demo.context();
                site_plan::show(ui, &context, &mut w.state, &mut w.actions);
            },
            start,
        );
    harness.run();
    harness
}

/// Writes a picture for people to look at where `GIGASITE_PICTURES` names a folder.
pub fn look<S>(harness: &mut Harness<'_, S>, name: &str) {
    let Ok(folder) = std::env::var("GIGASITE_PICTURES") else { return };
    let image = harness.render().expect("renders");
    image.save(format!("{folder}/{name}.png")).expect("writes the picture");
}

#[test]
fn the_plan_of_the_campus_paints() {
    for (dark, name) in [(true, "plan-dark"), (false, "plan-light")] {
        let mut harness = window(Demo::campus(), vec2(1036.0, 612.0), dark);
        look(&mut harness, name);
    }
    let _: Option<Action> = None;
}
