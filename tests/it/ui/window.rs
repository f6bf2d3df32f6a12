//! The program's window in a test: a session with an engine, the application, its frames.

use super::app::layout;
use eframe::egui::{self, Vec2, vec2};
use egui_kittest::kittest::Queryable as _;
use egui_kittest::{Harness, HarnessBuilder};
use gigasite::catalog::Catalog;
use gigasite::editor::session::Engine;
use gigasite::editor::{Session, StudyEngine};
use gigasite::gui::app::App;
use gigasite::gui::dialogs::FakeDialogs;
use gigasite::gui::theme;
use gigasite::gui::view::Prefs;
use gigasite::study::SolveOptions;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

pub type Program = Harness<'static, App>;

/// Longest wait for an answer or a name.
const PATIENCE: Duration = Duration::from_secs(300);

/// Size of the window where nothing else is asked for.
pub const SIZE: Vec2 = vec2(1616.0, 1016.0);

/// The window on a layout, as it was made; `prepare` gives the application what the program would.
pub fn window<E: Engine + 'static>(
    path: &Path,
    (size, dialogs): (Vec2, FakeDialogs),
    engine: impl FnMut() -> E + Send + 'static,
    prepare: impl FnOnce(&egui::Context, &mut App),
) -> Program {
    let app = application(path, dialogs, engine, prepare);
    program(app, |builder| builder.wgpu(), size)
}

/// The same for tests that take no pictures, which comes sooner.
pub fn unpainted<E: Engine + 'static>(
    path: &Path,
    dialogs: FakeDialogs,
    engine: impl FnMut() -> E + Send + 'static,
    prepare: impl FnOnce(&egui::Context, &mut App),
) -> Program {
    program(application(path, dialogs, engine, prepare), |builder| builder, SIZE)
}

fn application<E: Engine + 'static>(
    path: &Path,
    dialogs: FakeDialogs,
    engine: impl FnMut() -> E + Send + 'static,
    prepare: impl FnOnce(&egui::Context, &mut App),
) -> App {
    let document = Session::read(path).expect("the layout reads");
    let catalog = Catalog::embedded_arc().expect("the catalogue reads");
    let started = Instant::now();
    let session = Session::new(document, catalog, engine, move || started.elapsed(), || {})
        .expect("a session");
    let ctx = egui::Context::default();
    let mut app = App::new(&ctx, session, Box::new(dialogs), Prefs::default());
    prepare(&ctx, &mut app);
    app
}

fn program(
    app: App,
    painted: fn(HarnessBuilder<App>) -> HarnessBuilder<App>,
    size: Vec2,
) -> Program {
    let builder = Harness::builder()
        .with_size(size)
        .with_theme(egui::Theme::Dark)
        .with_context_setup(theme::install);
    painted(builder).build_ui_state(
        |ui, app: &mut App| {
            app.step(&ui.ctx().clone());
            app.paint(ui);
        },
        app,
    )
}

/// The same on one of the examples with the real engine.
pub fn studied(
    name: &str,
    dialogs: FakeDialogs,
    prepare: impl FnOnce(&egui::Context, &mut App),
) -> Program {
    studied_in(name, (SIZE, dialogs), prepare)
}

/// The same in a window of a size.
pub fn studied_in(
    name: &str,
    window_of: (Vec2, FakeDialogs),
    prepare: impl FnOnce(&egui::Context, &mut App),
) -> Program {
    let catalog = Catalog::embedded_arc().expect("the catalogue reads");
    let engine = move || StudyEngine::new(Arc::clone(&catalog), SolveOptions::default());
    window(&layout(name), window_of, engine, prepare)
}

/// Runs frames until the answer to the present site is shown.
pub fn settle(harness: &mut Harness<'_, App>) {
    until(harness, "no rest", |harness| harness.state().is_settled());
}

/// Runs frames until something has that in its name.
pub fn named(harness: &mut Harness<'_, App>, part: &str) {
    until(harness, part, |harness| harness.query_all_by_label_contains(part).next().is_some());
}

fn until(harness: &mut Harness<'_, App>, what: &str, done: impl Fn(&Harness<'_, App>) -> bool) {
    let started = Instant::now();
    loop {
        harness.run_steps(2);
        if done(harness) {
            break;
        }
        let awaits = harness.state().awaits();
        assert!(started.elapsed() < PATIENCE, "waited too long: {what}, for {awaits:?}");
        std::thread::sleep(Duration::from_millis(10));
    }
    harness.run_steps(3);
}
