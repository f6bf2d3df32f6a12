//! The window on large sites: a frame of the site plan with 15,000 and 150,000 racks while it
//! pans and zooms, opening a layout of 100,000 objects, one edit of it.
//!
//! `cargo bench --bench plan_frame [-- canvas | open | edit]`; behind `canvas` the name of a zoom
//! runs that one alone. Times are CPU time of the thread
//! that paints; what a software renderer does on its own threads is not in them. A way over the
//! site is gone several times, and each of its frames counts with the median of its times: what
//! other work on a shared machine costs falls on other frames each time.

mod common;

use common::sites::{racks, with_objects, with_racks};
use common::{Times, figure, heading, row, timed};
use eframe::egui::{self, Event, PointerButton, Rect, Vec2, pos2, vec2};
use eframe::egui_wgpu::{
    RenderState, RendererOptions, ScreenDescriptor, WgpuConfiguration, WgpuSetup,
    WgpuSetupCreateNew,
};
use eframe::wgpu;
use gigasite::catalog::Catalog;
use gigasite::editor::risk::Risks;
use gigasite::editor::session::Engine;
use gigasite::editor::valuation::Finances;
use gigasite::editor::{Document, Session};
use gigasite::gui::action::{Action, Actions, Edit, Gesture};
use gigasite::gui::app::App;
use gigasite::gui::canvas::CardLayer;
use gigasite::gui::context::{self, Context, Element, Freshness, Grid, Kind};
use gigasite::gui::dialogs::FakeDialogs;
use gigasite::gui::panels::site_plan::{self, PlanViewState};
use gigasite::gui::theme;
use gigasite::gui::view::Prefs;
use gigasite::plan::Plan;
use gigasite::plan::result::{BlockResult, LimitResult};
use gigasite::scene::geom::{Pt, View};
use gigasite::scene::plan::Overlay;
use gigasite::site::{Site, file, validate};
use gigasite::study::Outcome;
use std::time::{Duration, Instant};

const SIZE: Vec2 = vec2(1600.0, 1000.0);
const FRAMES: usize = 60;
const ROUNDS: usize = 5;
const OBJECTS: usize = 100_000;

fn main() {
    let wanted: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with('-')).collect();
    let runs = |name: &str| wanted.is_empty() || wanted.iter().any(|w| w == name);
    if runs("canvas") {
        for (racks, bar_ms) in [(15_000, 1.5), (150_000, 3.0)] {
            canvas(racks, bar_ms, &wanted);
        }
    }
    if runs("open") {
        open();
    }
    if runs("edit") {
        edit();
    }
}

/// A window without a window: what eframe does in a frame, up to handing it to the card.
struct Screen {
    ctx: egui::Context,
    card: RenderState,
    view: wgpu::TextureView,
    time_s: f64,
}

/// CPU seconds of a frame: building and tessellating it, then encoding it for the card.
#[derive(Clone, Copy)]
struct Frame {
    build: f64,
    encode: f64,
}

impl Screen {
    fn new() -> Self {
        let ctx = egui::Context::default();
        theme::install(&ctx);
        ctx.set_theme(egui::Theme::Dark);
        let setup = WgpuSetup::CreateNew(WgpuSetupCreateNew::without_display_handle());
        let instance = pollster::block_on(setup.new_instance());
        let config = WgpuConfiguration { wgpu_setup: setup, ..Default::default() };
        let card = RenderState::create(&config, &instance, None, RendererOptions::default());
        let card = pollster::block_on(card).expect("an adapter");
        let texture = card.device.create_texture(&wgpu::TextureDescriptor {
            label: None,
            size: wgpu::Extent3d {
                width: SIZE.x as u32,
                height: SIZE.y as u32,
                depth_or_array_layers: 1,
            },
            mip_level_count: 1,
            sample_count: 1,
            dimension: wgpu::TextureDimension::D2,
            format: card.target_format,
            usage: wgpu::TextureUsages::RENDER_ATTACHMENT,
            view_formats: &[],
        });
        let view = texture.create_view(&wgpu::TextureViewDescriptor::default());
        Self { ctx, card, view, time_s: 0.0 }
    }

    fn frame(&mut self, events: Vec<Event>, mut ui: impl FnMut(&mut egui::Ui)) -> Frame {
        self.time_s += 1.0 / 60.0;
        let input = egui::RawInput {
            screen_rect: Some(Rect::from_min_size(pos2(0.0, 0.0), SIZE)),
            time: Some(self.time_s),
            focused: true,
            events,
            ..Default::default()
        };
        let ((mut output, jobs), build) = timed(|| {
            let mut output = self.ctx.run_ui(input, &mut ui);
            let shapes = std::mem::take(&mut output.shapes);
            let jobs = self.ctx.tessellate(shapes, output.pixels_per_point);
            (output, jobs)
        });
        let ((), encode) = timed(|| self.paint(&mut output, &jobs));
        self.card.device.poll(wgpu::PollType::wait_indefinitely()).expect("the card is there");
        Frame { build, encode }
    }

    fn paint(&self, output: &mut egui::FullOutput, jobs: &[egui::ClippedPrimitive]) {
        let (device, queue) = (&self.card.device, &self.card.queue);
        let mut renderer = self.card.renderer.write();
        for (id, images) in output.textures_delta.set.drain() {
            for image in images {
                renderer.update_texture(device, queue, id, &image);
            }
        }
        output.textures_delta.clear();
        let mut encoder =
            device.create_command_encoder(&wgpu::CommandEncoderDescriptor { label: None });
        let screen = ScreenDescriptor {
            size_in_pixels: [SIZE.x as u32, SIZE.y as u32],
            pixels_per_point: 1.0,
        };
        let own = renderer.update_buffers(device, queue, &mut encoder, jobs, &screen);
        let pass = encoder.begin_render_pass(&wgpu::RenderPassDescriptor {
            label: None,
            color_attachments: &[Some(wgpu::RenderPassColorAttachment {
                view: &self.view,
                resolve_target: None,
                ops: wgpu::Operations {
                    load: wgpu::LoadOp::Clear(wgpu::Color::BLACK),
                    store: wgpu::StoreOp::Store,
                },
                depth_slice: None,
            })],
            ..Default::default()
        });
        renderer.render(&mut pass.forget_lifetime(), jobs, &screen);
        queue.submit(own.into_iter().chain([encoder.finish()]));
    }
}

/// An answer made up for a site: every block draws power, every node carries it.
fn answer(site: &Site) -> Outcome {
    let installed = site.blocks().filter_map(|b| Some((b, b.rack.clone()?, b.count?)));
    let blocks = installed
        .map(|(b, rack, count)| BlockResult {
            id: b.id.clone(),
            rack,
            operating_point: "p".into(),
            racks: Some(f64::from(count)),
            it_mw: 0.2 * f64::from(count),
            firm_racks: None,
        })
        .collect();
    let limit = |(i, id, capacity): (usize, &String, Option<f64>)| LimitResult {
        id: format!("nodes.{id}.capacity_mw"),
        kind: "node_capacity".into(),
        element: id.clone(),
        name: id.clone(),
        used: capacity.unwrap_or(1.0) * (0.4 + 0.07 * (i % 9) as f64),
        capacity,
        unit: "MW".into(),
        ..LimitResult::default()
    };
    let nodes = site.campus.nodes.iter().enumerate();
    let limits = nodes.map(|(i, n)| limit((i, &n.id, n.capacity_mw))).collect();
    let plan = Plan { blocks, limits, grid_mw: 999.9, ..Plan::default() };
    Outcome { plan, ..Outcome::default() }
}

fn canvas(count: usize, bar_ms: f64, wanted: &[String]) {
    let layout = with_racks(count);
    heading(&format!("A frame of the site plan, {} racks, pan and zoom", racks(&layout)));
    let site = Site::from_file(layout);
    let catalog = Catalog::embedded().expect("the embedded catalogue is right");
    let outcome = answer(&site);
    let (finances, risks) = (Finances::default(), Risks::default());
    // Points per metre: the whole site, halls, rows with hatches, racks, racks with trays.
    let zooms = [("whole site", None), ("halls", Some(0.8)), ("rows", Some(3.0))];
    let zooms = zooms.into_iter().chain([("racks", Some(9.0)), ("trays", Some(55.0))]);
    let all: Vec<_> = zooms.collect();
    let named = |(name, _): &&(&str, Option<f64>)| wanted.iter().any(|w| w == name);
    let some: Vec<_> = all.iter().filter(named).copied().collect();
    for (name, scale) in if some.is_empty() { all } else { some } {
        for on_card in [true, false] {
            let mut screen = Screen::new();
            let mut state = PlanViewState::new();
            state.layer = on_card.then(|| CardLayer::install(&screen.card));
            state.reduce_motion = true;
            state.overlay = Overlay::Loading;
            let [whole, build] = frames(&mut screen, &mut state, scale, |ui, state| {
                let cx = Context {
                    site: &site,
                    catalog: &catalog,
                    outcome: Some(&outcome),
                    freshness: &Freshness::Full { age_s: 0.0 },
                    problems: &[],
                    selection: &[],
                    grid: Grid::default(),
                    document: context::Document::default(),
                    finances: &finances,
                    risks: &risks,
                };
                site_plan::show(ui, &cx, state, &mut Actions::new());
            });
            let how = if on_card { "instances" } else { "mesh" };
            row(&format!("{name}, {how}: built and tessellated"), &build, None);
            row(&format!("{name}, {how}: and encoded"), &whole, on_card.then_some(bar_ms));
        }
    }
}

/// Frames of a view that moves in each of them: whole, and without the encoding.
fn frames(
    screen: &mut Screen,
    state: &mut PlanViewState,
    scale: Option<f64>,
    mut show: impl FnMut(&mut egui::Ui, &mut PlanViewState),
) -> [Times; 2] {
    for _ in 0..3 {
        screen.frame(Vec::new(), |ui| show(ui, state));
    }
    let start: View = *state.view().expect("has been shown");
    let mut place = state.scene().halls.iter().filter_map(|h| h.blocks.get(h.blocks.len() / 2));
    let place = place.next_back().expect("a block").bounds.centre();
    let (centre, scale) = scale.map_or((start.centre, start.scale), |s| (place, s));
    let mut of_frames: Vec<[Times; 2]> = vec![Default::default(); FRAMES];
    for _ in 0..ROUNDS {
        // The first of them bring glyphs and buffers to the card.
        for i in 0..FRAMES + 5 {
            let t = i as f64 / 10.0;
            let way = 60.0 / scale;
            let at = Pt { x: centre.x + way * t.sin(), y: centre.y + way * (1.3 * t).cos() };
            state.look(at, scale * (1.0 + 0.1 * (0.7 * t).sin()));
            let frame = screen.frame(Vec::new(), |ui| show(ui, state));
            if let Some(times) = i.checked_sub(5).map(|i| &mut of_frames[i]) {
                times[0].push(frame.build + frame.encode);
                times[1].push(frame.build);
            }
        }
    }
    [0, 1].map(|which| Times(of_frames.iter().map(|times| times[which].p50()).collect()))
}

fn open() {
    let layout = with_objects(OBJECTS);
    let catalog = Catalog::embedded().expect("the embedded catalogue is right");
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("large.ron");
    let text = file::to_ron(&layout);
    std::fs::write(&path, &text).expect("writes");
    heading(&format!("Opening {OBJECTS} objects, {:.1} MB", text.len() as f64 / 1e6));
    let mut times: [Times; 5] = Default::default();
    for _ in 0..7 {
        let (text, read) = timed(|| file::read_text(&path).expect("reads"));
        let (parsed, parse) = timed(|| file::parse(&text, "large.ron").expect("parses"));
        let (site, make) = timed(|| Site::from_file(parsed));
        let ((valid, _), check) = timed(|| validate(&site, &catalog));
        assert!(valid.is_some());
        let steps = [read, parse, make, check, read + parse + make + check];
        times.iter_mut().zip(steps).for_each(|(t, s)| t.push(s));
    }
    let names = ["read the file", "read RON", "make the site", "validate", "all"];
    for (i, (name, times)) in names.iter().zip(&times).enumerate() {
        row(name, times, (i == 4).then_some(500.0));
    }
    figure("RON, ms per MB", format!("{:.1}", times[1].p50() * 1e9 / text.len() as f64));
}

/// Answers at once with what was made up for the site.
struct Made(Outcome);

impl Engine for Made {
    fn solve(&mut self, _: &Site) -> Outcome {
        self.0.clone()
    }

    fn refine(&mut self, _: &mut Outcome) {}
}

fn edit() {
    let site = Site::from_file(with_objects(OBJECTS));
    let block = site.blocks().nth(40_000).expect("as many blocks").clone();
    let node = block.node.clone().expect("is fed");
    let made = answer(&site);
    let catalog = Catalog::embedded_arc().expect("the embedded catalogue is right");
    let started = Instant::now();
    let session = Session::new(
        Document::new(site),
        catalog,
        move || Made(made.clone()),
        move || started.elapsed(),
        || {},
    );
    let mut screen = Screen::new();
    let dialogs = Box::new(FakeDialogs::default());
    let mut app = App::new(&screen.ctx, session.expect("a thread"), dialogs, Prefs::default());
    app.paint_with(Some(CardLayer::install(&screen.card)));
    heading(&format!("The whole window, {OBJECTS} objects"));
    let (_, first) = timed(|| settle(&mut screen, &mut app));
    figure("first frames and answer, ms", format!("{:.0}", first * 1e3));
    let mut idle = Times::default();
    for i in 0..FRAMES {
        let at = pos2(600.0 + i as f32, 400.0);
        idle.push(whole(screen.frame(vec![Event::PointerMoved(at)], |ui| show(&mut app, ui))));
    }
    row("a frame with the pointer moving", &idle, None);
    let element = Element::new(Kind::Block, &block.id);
    app.push(Action::View(gigasite::gui::action::View::Select(vec![element.clone()])));
    settle(&mut screen, &mut app);
    let click = |pressed| Event::PointerButton {
        pos: pos2(700.0, 400.0),
        button: PointerButton::Primary,
        pressed,
        modifiers: egui::Modifiers::NONE,
    };
    screen.frame(vec![click(true), click(false)], |ui| show(&mut app, ui));
    let set = |path: String, i: usize, value: f64| Edit::Set {
        label: "Set".into(),
        value: (value + i as f64).to_string(),
        path,
        gesture: Gesture::Once,
    };
    let edits: [(&str, &dyn Fn(usize) -> Edit); 4] = [
        ("move a block", &|i| Edit::Move {
            elements: vec![element.clone()],
            delta_m: [if i % 2 == 0 { 0.6 } else { -0.6 }, 0.0],
            gesture: Gesture::Once,
        }),
        ("set a field of a block", &|i| set(format!("blocks.{}.count", block.id), i % 2, 15.0)),
        ("set the capacity of a node", &|i| set(format!("nodes.{node}.capacity_mw"), i, 5.0)),
        ("set the grid contract", &|i| set("site.grid_contract_mw".into(), i, 1000.0)),
    ];
    for (name, make) in edits {
        let mut times: [Times; 2] = Default::default();
        for i in 0..15 {
            app.push(Action::Edit(make(i)));
            let mut step = 0.0;
            let frame = screen.frame(Vec::new(), |ui| {
                step = timed(|| app.step(&ui.ctx().clone())).1;
                app.paint(ui);
            });
            times[0].push(step);
            times[1].push(whole(frame));
            settle(&mut screen, &mut app);
        }
        row(&format!("{name}: the edit"), &times[0], Some(5.0));
        row(&format!("{name}: its whole frame"), &times[1], None);
    }
}

fn whole(frame: Frame) -> f64 {
    frame.build + frame.encode
}

fn show(app: &mut App, ui: &mut egui::Ui) {
    app.step(&ui.ctx().clone());
    app.paint(ui);
}

/// Frames until the answer to the present site is shown.
fn settle(screen: &mut Screen, app: &mut App) {
    let started = Instant::now();
    loop {
        screen.frame(Vec::new(), |ui| show(app, ui));
        if app.is_settled() {
            break;
        }
        assert!(started.elapsed() < Duration::from_secs(60), "no answer");
        std::thread::sleep(Duration::from_millis(5));
    }
    for _ in 0..3 {
        screen.frame(Vec::new(), |ui| show(app, ui));
    }
}
