//! The economics tab.

use super::demo::Demo;
use super::plan::look;
use eframe::egui::{Theme, Vec2, vec2};
use egui_kittest::Harness;
use gigasite::gui::action::Actions;
use gigasite::gui::panels::economics::{self, EconomicsState};
use gigasite::gui::theme;

pub struct Window {
    pub demo: Demo,
    pub state: EconomicsState,
    pub actions: Actions,
}

pub fn window(demo: Demo, size: Vec2, dark: bool) -> Harness<'static, Window> {
    let start = Window { demo, state: EconomicsState::default(), actions: Actions::new() };
    let mut harness = Harness::builder()
        .with_size(size)
        .with_theme(if dark { Theme::Dark } else { Theme::Light })
        .with_context_setup(|ctx| theme::install(ctx))
        .with_step_dt(0.05)
        .wgpu()
        .build_ui_state(
            |ui, w: &mut Window| {
                let context = w.demo.context();
                economics::show(ui, &context, &mut w.state, &mut w.actions);
            },
            start,
        );
    harness.run();
    harness
}

#[test]
fn the_economics_of_the_campus_paint() {
    for (size, dark, name) in [
        (vec2(1600.0, 842.0), true, "economics-dark"),
        (vec2(1600.0, 842.0), false, "economics-light"),
        (vec2(1000.0, 640.0), true, "economics-small"),
        (vec2(2560.0, 1300.0), true, "economics-large"),
    ] {
        let mut harness = window(Demo::invented(), size, dark);
        look(&mut harness, name);
    }
    let mut harness = window(Demo::campus(), vec2(1600.0, 842.0), true);
    look(&mut harness, "economics-solved");
    let mut harness = window(Demo::of("keynote-mixed-1gw.ron"), vec2(1600.0, 842.0), true);
    look(&mut harness, "economics-keynote");
}
