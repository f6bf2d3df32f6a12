//! Opens the window: the one entry that the command line uses.

use super::app::{App, CatalogueFolder};
use super::canvas::{CardLayer, Offscreen};
use super::dialogs::SystemDialogs;
use super::examples;
use super::stopwatch::{Stopwatch, Timed};
use super::theme;
use super::view::Prefs;
use super::windows::Processes;
use crate::catalog::Catalog;
use crate::editor::session::Engine;
use crate::editor::user::{APP_ID, DATA_DIR, data_folder};
use crate::editor::{
    Document, Loader, Mappings, Read, Reading, RecentFiles, Session, Store, StudyEngine,
};
use crate::scene::plan::PlanScene;
use crate::study::SolveOptions;
use anyhow::{Context as _, anyhow};
use eframe::egui::{self, ColorImage, IconData, Ui, ViewportBuilder, ViewportCommand, vec2};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// What the caller of the window may ask.
pub struct Options {
    /// The layout to open; the first example where there is none.
    pub layout: Option<PathBuf>,
    /// Saves a picture of the window as PNG once the answer is there, and ends.
    pub screenshot: Option<PathBuf>,
    /// Width and height of that picture, points.
    pub size: Option<[u16; 2]>,
    /// The tab, the theme and the selection of the picture.
    pub shown: Shown,
    /// The catalogue without the overrides of any site.
    pub catalog: Catalog,
    /// The folder of own records in it.
    pub catalog_folder: CatalogueFolder,
    /// Why they are left out of it.
    pub catalog_fault: Option<String>,
    /// A side file of unsaved work to open in place of a layout.
    pub recover: Option<PathBuf>,
    /// Takes the times of the start and ends once the first plan is shown.
    pub stopwatch: Option<Stopwatch>,
    /// Arguments that further windows have to be started with.
    pub inherited: Vec<OsString>,
}

/// What stands in the window when it opens, where that is not as it was left.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shown {
    pub tab: Option<super::action::Tab>,
    pub light: bool,
    /// Path of the element to select, in the vocabulary of `--set`.
    pub select: Option<String>,
    /// Path of a feed or node that fails in a what-if.
    pub outage: Option<String>,
    /// Id of the variant.
    pub variant: Option<String>,
    /// Step of the presentation to start with, counted from 0.
    pub present: Option<usize>,
}

/// Size of the window when it first opens, and of pictures.
const SIZE: [f32; 2] = [1600.0, 1000.0];
/// A picture is taken after this long even while the answer is not there.
const PATIENCE: Duration = Duration::from_secs(60);
/// Frames that let panels and text come to rest.
const FRAMES: u32 = 6;

/// Shows the window until it is closed.
///
/// # Errors
/// As [`run_with`].
pub fn run(options: Options) -> anyhow::Result<()> {
    run_with(options, |catalog| StudyEngine::new(Arc::clone(catalog), SolveOptions::default()))
}

/// Shows the window until it is closed. `make_engine` runs on the thread that computes.
///
/// # Errors
/// The layout cannot be read, the window cannot be opened, the picture cannot be written.
pub fn run_with<E: Engine + 'static>(
    options: Options,
    make_engine: impl Fn(&Arc<Catalog>) -> E + Send + 'static,
) -> anyhow::Result<()> {
    let catalog = Arc::new(options.catalog);
    let (folder, fault) = (options.catalog_folder, options.catalog_fault);
    let asked = options.layout.clone();
    let start = Start::new(options.layout, &catalog)?;
    let unreadable: Arc<Mutex<Option<anyhow::Error>>> = Arc::default();
    let unread = Arc::clone(&unreadable);
    let taken: Arc<Mutex<Option<anyhow::Result<()>>>> = Arc::default();
    let result = Arc::clone(&taken);
    let is_picture = options.screenshot.is_some();
    let (picture, shown) = (options.screenshot, options.shown);
    let (recover, inherited) = (options.recover, options.inherited);
    let stopwatch = options.stopwatch;
    let is_passing = is_picture || stopwatch.is_some();
    if let Some(stopwatch) = &stopwatch {
        stopwatch.take(|s| &mut s.window);
    }
    eframe::run_native(
        APP_ID,
        native_options(is_passing, options.size),
        Box::new(move |cc| {
            let ctx = cc.egui_ctx.clone();
            theme::install(&ctx);
            let wake = ctx.clone();
            let started = Instant::now();
            let prefs = if is_passing { Prefs::default() } else { App::stored_prefs(cc.storage) };
            let data = Arc::clone(&catalog);
            let (document, scene) = start.document().map_err(|error| {
                let words = error.to_string();
                *unread.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
                words
            })?;
            let mut session = Session::new(
                document,
                catalog,
                move || make_engine(&data),
                move || started.elapsed(),
                move || wake.request_repaint(),
            )?;
            session.set_signature(crate::editor::Signature::of_user());
            let mut app = App::new(&ctx, session, Box::<SystemDialogs>::default(), prefs);
            app.paint_with(cc.wgpu_render_state.as_ref().map(CardLayer::install));
            app.paint_pages_with(cc.wgpu_render_state.as_ref().map(Offscreen::of));
            app.watch_network(&ctx);
            app.watch_finance(&ctx);
            app.set_catalogue_folder(folder);
            if let Some(fault) = fault {
                app.tell(fault);
            }
            if let Some(scene) = scene {
                app.take_scene(scene);
            }
            arrange(&mut app, &shown);
            Ok(match (picture, stopwatch) {
                (None, Some(stopwatch)) => Box::new(Timed::new(app, stopwatch)),
                (None, None) => {
                    app.set_windows(Processes::new(inherited));
                    Box::new(kept(app, &ctx, recover)) as Box<dyn eframe::App>
                }
                (Some(path), _) => Box::new(Photographer::new(app, path, result)),
            })
        }),
    )
    .map_err(|e| {
        let unread = unreadable.lock().unwrap_or_else(PoisonError::into_inner).take();
        unread.unwrap_or_else(|| no_window(&e, asked.as_deref()))
    })?;
    let taken = taken.lock().unwrap_or_else(PoisonError::into_inner).take();
    match (is_picture, taken) {
        (false, _) => Ok(()),
        (true, Some(result)) => result,
        (true, None) => Err(anyhow!("the window was closed before its picture was taken")),
    }
}

/// The program with a folder for unsaved work, and what lies there already.
fn kept(mut app: App, ctx: &egui::Context, recover: Option<PathBuf>) -> App {
    let Some(folder) = data_folder() else { return app };
    app.keep_in(ctx, Store::new(folder.join("recovery")));
    app.keep_mappings(Mappings::new(folder.join("mappings")));
    app.share_recent(ctx, RecentFiles::new(folder.join("recent.json")));
    match recover {
        Some(side) => app.recover_file(side),
        None => app.offer(false),
    }
    app
}

/// What the window starts with: a layout is read while the window is made.
enum Start {
    Reading(Loader),
    Read(Box<Document>),
}

impl Start {
    fn new(layout: Option<PathBuf>, catalog: &Arc<Catalog>) -> anyhow::Result<Self> {
        let Some(path) = layout else {
            let first = examples::ALL.first().ok_or_else(|| anyhow!("there is no example"))?;
            let document = first.document().map_err(|line| anyhow!(line))?;
            return Ok(Start::Read(Box::new(document)));
        };
        match Loader::new(|| {}) {
            Ok(mut loader) => {
                loader.ask(&path, Reading::Open(Arc::clone(catalog)));
                Ok(Start::Reading(loader))
            }
            // Without a thread it is read here.
            Err(_) => Ok(Start::Read(Box::new(Session::read(&path)?))),
        }
    }

    /// The document, with its plan where the layout was read.
    fn document(self) -> anyhow::Result<(Document, Option<PlanScene>)> {
        match self {
            Start::Read(document) => Ok((*document, None)),
            Start::Reading(mut loader) => match loader.wait() {
                Some((_, Ok(Read::Open(document, scene)))) => Ok((document, Some(*scene))),
                Some((_, Err(error))) => Err(error.into()),
                _ => Err(anyhow!("the layout was not read")),
            },
        }
    }
}

/// Why there is no window: a layout that cannot be read is the nearer reason.
fn no_window(error: &eframe::Error, layout: Option<&Path>) -> anyhow::Error {
    match layout.map(Session::read) {
        Some(Err(unreadable)) => unreadable.into(),
        _ => anyhow!("the window cannot be opened: {error}"),
    }
}

/// Tab, theme and selection as asked.
fn arrange(app: &mut App, shown: &Shown) {
    use super::action::{Action, View};
    use super::context::Element;
    if let Some(tab) = shown.tab {
        app.push(Action::View(View::Tab(tab)));
    }
    if let Some(id) = shown.variant.clone() {
        let command = crate::editor::VariantCommand::Switch { id };
        app.push(Action::Edit(super::action::Edit::Variant(command)));
    }
    if shown.light {
        app.push(Action::View(View::Theme(egui::ThemePreference::Light)));
    }
    if let Some(element) = shown.select.as_deref().and_then(Element::of_path) {
        app.push(Action::View(View::Select(vec![element])));
    }
    if let Some(element) = shown.outage.as_deref().and_then(Element::of_path) {
        let act = crate::study::network::Act::Lose(element.id.clone());
        let scenario = crate::study::network::Scenario::one(act);
        app.push(Action::View(View::Select(vec![element])));
        app.push(Action::View(View::BottomTab(super::action::BottomTab::Contingencies)));
        app.push(Action::View(View::WhatIf(Some(scenario))));
    }
    if let Some(step) = shown.present {
        app.push(Action::View(View::Present(true)));
        app.push(Action::View(View::PresentStep(step)));
    }
}

/// Settings that no window leaves: one that passes has the size that it was asked for.
const NO_SETTINGS: &str = "passing.ron";

/// A window that passes leaves no trace of its size, and takes none of another.
fn native_options(is_passing: bool, size: Option<[u16; 2]>) -> eframe::NativeOptions {
    let [width, height] = size.map_or(SIZE, |size| size.map(f32::from));
    let viewport = ViewportBuilder::default()
        .with_app_id(APP_ID)
        .with_title("Gigasite")
        .with_inner_size(vec2(width, height))
        .with_min_inner_size(vec2(900.0, 600.0))
        // A picture is as large as it was asked for, whatever the screen.
        .with_clamp_size_to_monitor_size(size.is_none())
        .with_icon(icon());
    let settings = match is_passing {
        true => Some(data_folder().unwrap_or_else(std::env::temp_dir).join(NO_SETTINGS)),
        false => std::env::var_os(DATA_DIR).and(data_folder()).map(|folder| folder.join("app.ron")),
    };
    eframe::NativeOptions {
        viewport,
        persist_window: !is_passing,
        persistence_path: settings,
        ..Default::default()
    }
}

/// The mark of the program for the window's frame and the task bar.
fn icon() -> IconData {
    let bytes = include_bytes!("../../assets/icon/gigasite-256.png");
    match image::load_from_memory_with_format(bytes, image::ImageFormat::Png) {
        Ok(picture) => {
            let rgba = picture.into_rgba8();
            let (width, height) = rgba.dimensions();
            IconData { rgba: rgba.into_raw(), width, height }
        }
        // A broken picture is no reason not to open; a test reads the file.
        Err(_) => IconData::default(),
    }
}

/// The window with a photographer in front of it.
struct Photographer {
    app: App,
    path: PathBuf,
    started: Instant,
    frames: u32,
    picture: Option<Receiver<Arc<ColorImage>>>,
    result: Arc<Mutex<Option<anyhow::Result<()>>>>,
}

impl Photographer {
    fn new(app: App, path: PathBuf, result: Arc<Mutex<Option<anyhow::Result<()>>>>) -> Self {
        Self { app, path, started: Instant::now(), frames: 0, picture: None, result }
    }

    fn watch(&mut self, ctx: &egui::Context) {
        if let Some(waiting) = &self.picture {
            if let Ok(image) = waiting.try_recv() {
                let written = write(&self.path, &image);
                *self.result.lock().unwrap_or_else(PoisonError::into_inner) = Some(written);
                ctx.send_viewport_cmd(ViewportCommand::Close);
            }
        } else if self.app.is_settled() || self.started.elapsed() > PATIENCE {
            self.frames += 1;
            if self.frames > FRAMES {
                let (sender, receiver) = sync_channel(1);
                self.picture = Some(receiver);
                let wake = ctx.clone();
                ctx.send_viewport_cmd(ViewportCommand::Screenshot(egui::ScreenshotCallback::new(
                    move |image| {
                        // Nobody listens where the window has gone.
                        let _ = sender.send(image);
                        wake.request_repaint();
                    },
                )));
            }
        }
        ctx.request_repaint();
    }
}

impl eframe::App for Photographer {
    fn logic(&mut self, ctx: &egui::Context, frame: &mut eframe::Frame) {
        self.app.logic(ctx, frame);
        self.watch(ctx);
    }

    fn ui(&mut self, ui: &mut Ui, frame: &mut eframe::Frame) {
        self.app.ui(ui, frame);
    }

    fn clear_color(&self, visuals: &egui::Visuals) -> [f32; 4] {
        self.app.clear_color(visuals)
    }

    fn persist_egui_memory(&self) -> bool {
        false
    }
}

fn write(path: &Path, picture: &ColorImage) -> anyhow::Result<()> {
    let [width, height] = picture.size;
    let pixels: Vec<u8> = picture.pixels.iter().flat_map(|p| p.to_array()).collect();
    let image = image::RgbaImage::from_raw(width as u32, height as u32, pixels)
        .context("the picture has no pixels")?;
    image
        .save_with_format(path, image::ImageFormat::Png)
        .with_context(|| format!("{} cannot be written", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_lie_where_the_window_system_puts_them() {
        if std::env::var_os(DATA_DIR).is_none() {
            assert_eq!(data_folder(), eframe::storage_dir(APP_ID));
        }
    }

    #[test]
    fn the_icon_of_the_window_is_a_readable_picture() {
        let icon = icon();
        assert_eq!((icon.width, icon.height), (256, 256));
        assert_eq!(icon.rgba.len(), 256 * 256 * 4);
    }

    #[test]
    fn a_picture_is_written_as_it_was_seen() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("p.png");
        let seen = ColorImage::filled([3, 2], egui::Color32::from_rgb(1, 2, 3));
        write(&path, &seen).expect("writes");
        let read = image::open(&path).expect("reads").into_rgba8();
        assert_eq!(read.dimensions(), (3, 2));
        assert_eq!(read.get_pixel(2, 1).0, [1, 2, 3, 255]);
    }
}
