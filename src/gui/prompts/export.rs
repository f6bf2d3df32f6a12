//! What to make of the site: a form over the registry of reports, and what came of it.

use super::{Choice, body, buttons, ghost, heading, primary};
use crate::gui::components::button::Button;
use crate::gui::components::paint::{self, Text};
use crate::gui::components::segmented::segmented;
use crate::gui::components::select::Select;
use crate::gui::icons::Icon;
use crate::gui::theme::Theme;
use crate::report::{ALL, Choice as Asked, Face, Kind, Options, Paper, paper};
use crate::scene::plan::Overlay;
use crate::scene::tokens::{TextRole, Token, size};
use crate::units::format::count;
use eframe::egui::{self, Align, Context, Id, Layout, Rect, Role, Sense, Ui, WidgetInfo, vec2};
use std::path::Path;

/// The state of the form.
#[derive(Clone, Debug, PartialEq)]
pub struct Form {
    /// Index into the registry.
    kind: usize,
    pub options: Options,
}

/// Sizes of pictures that are offered: what for, and points.
const SIZES: [(&str, (f64, f64)); 4] = [
    ("Window, 1,600 × 1,000", (1600.0, 1000.0)),
    ("Slide, 1,920 × 1,080", (1920.0, 1080.0)),
    ("Square, 1,400 × 1,400", (1400.0, 1400.0)),
    ("Poster, 4,000 × 2,500", (4000.0, 2500.0)),
];
/// Pixels a point that are offered.
const SCALES: [(&str, f64); 4] = [("1 ×", 1.0), ("2 ×", 2.0), ("3 ×", 3.0), ("4 ×", 4.0)];
const LABEL: f32 = 104.0;

impl Form {
    pub fn new(options: Options) -> Self {
        Self { kind: 0, options }
    }

    /// Chooses the kind of this id, where there is one.
    pub fn choose(&mut self, id: &str) {
        if let Some(index) = ALL.iter().position(|k| k.id == id) {
            self.kind = index;
        }
    }

    /// The report that is asked for.
    pub fn kind(&self) -> &'static Kind {
        ALL.get(self.kind).copied().unwrap_or(ALL[0])
    }
}

pub(super) fn show(ui: &mut Ui, form: &mut Form) -> Option<Choice> {
    heading(ui, "Export");
    ui.add_space(6.0);
    let names: Vec<String> = ALL.iter().map(|k| k.name.to_owned()).collect();
    if let Some(index) = choice(ui, "Format", &names, form.kind) {
        form.kind = index;
    }
    let kind = form.kind();
    body(ui, kind.what);
    ui.add_space(6.0);
    drawing(ui, kind, &mut form.options);
    picture(ui, kind, &mut form.options);
    if kind.has(Asked::Paper) {
        sheet(ui, &mut form.options);
    }
    buttons(ui, |ui| {
        let go = primary(ui, "Save as...").then_some(Choice::Export);
        let stay = ghost(ui, "Cancel").then_some(Choice::Cancel);
        go.or(stay)
    })
}

/// Asks before a file is replaced.
pub(super) fn exists(ui: &mut Ui, path: &Path) -> Option<Choice> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    heading(ui, &format!("{name} exists already"));
    body(ui, "Its present content would be lost");
    buttons(ui, |ui| {
        let over = primary(ui, "Replace").then_some(Choice::Overwrite);
        let stay = ghost(ui, "Cancel").then_some(Choice::Cancel);
        over.or(stay)
    })
}

fn drawing(ui: &mut Ui, kind: &Kind, options: &mut Options) {
    if kind.has(Asked::Face) {
        let names: Vec<String> = kind.faces.iter().map(|f| f.name().to_owned()).collect();
        let current = kind.faces.iter().position(|f| *f == options.face);
        // What another format can show and this one cannot gives way.
        options.face = current.and_then(|n| kind.faces.get(n)).copied().unwrap_or_default();
        if let Some(index) = choice(ui, "Shows", &names, current.unwrap_or(0)) {
            options.face = kind.faces.get(index).copied().unwrap_or_default();
        }
    }
    let overlays = options.face.overlays();
    if kind.has(Asked::Overlay) && overlays.len() > 1 {
        let names: Vec<String> = overlays.iter().map(|o| o.name().to_owned()).collect();
        let current = overlays.iter().position(|o| *o == options.overlay()).unwrap_or(0);
        if let Some(index) = choice(ui, "Colours", &names, current) {
            options.overlay = overlays.get(index).copied();
        }
    }
    if kind.has(Asked::Theme) {
        let current = usize::from(options.dark);
        if let Some(index) = words(ui, "Theme", &["Light, for paper", "Dark"], current) {
            options.dark = index == 1;
        }
    }
}

fn picture(ui: &mut Ui, kind: &Kind, options: &mut Options) {
    if kind.has(Asked::Size) {
        let names: Vec<String> = SIZES.iter().map(|s| s.0.to_owned()).collect();
        let current = SIZES.iter().position(|s| s.1 == options.size).unwrap_or(0);
        if let Some(index) = choice(ui, "Size, points", &names, current)
            && let Some((_, points)) = SIZES.get(index)
        {
            options.size = *points;
        }
    }
    if kind.has(Asked::Scale) {
        let names = SCALES.map(|s| s.0);
        let current = SCALES.iter().position(|s| s.1 == options.scale).unwrap_or(1);
        if let Some(index) = words(ui, "Pixels a point", &names, current)
            && let Some((_, pixels)) = SCALES.get(index)
        {
            options.scale = *pixels;
        }
    }
}

fn sheet(ui: &mut Ui, options: &mut Options) {
    let names: Vec<String> = Paper::ALL.iter().map(|p| p.name().to_owned()).collect();
    let current = Paper::ALL.iter().position(|p| *p == options.paper).unwrap_or(0);
    if let Some(index) = choice(ui, "Paper", &names, current)
        && let Some(paper) = Paper::ALL.get(index)
    {
        options.paper = *paper;
    }
    if options.face == Face::SitePlan {
        let all: Vec<f64> = paper::SCALES.iter().map(|n| f64::from(*n)).collect();
        let mut names = vec!["Largest that fits".to_owned()];
        names.extend(all.iter().map(|n| format!("1:{}", count(*n))));
        let at = options.plan_scale.and_then(|own| all.iter().position(|n| *n == own));
        if let Some(index) = choice(ui, "Scale", &names, at.map_or(0, |i| i + 1)) {
            options.plan_scale = index.checked_sub(1).and_then(|i| all.get(i)).copied();
        }
    }
}

/// A row with its label at the left; what is left of it goes to `body`.
fn row<R>(ui: &mut Ui, label: &str, body: impl FnOnce(&mut Ui) -> R) -> R {
    let layout = Layout::left_to_right(Align::Center);
    let room = vec2(ui.available_width(), size::BUTTON + 4.0);
    ui.allocate_ui_with_layout(room, layout, |ui| {
        let (rect, _) = ui.allocate_exact_size(vec2(LABEL, 16.0), Sense::hover());
        let color = Theme::of(ui.ctx()).color(Token::Text2);
        Text::new(label, TextRole::Body, color).paint(ui.painter(), rect);
        body(ui)
    })
    .inner
}

/// A row with a list that opens.
fn choice(ui: &mut Ui, label: &str, options: &[String], selected: usize) -> Option<usize> {
    row(ui, label, |ui| {
        let room = vec2(ui.available_width(), size::BUTTON);
        let (rect, _) = ui.allocate_exact_size(room, Sense::hover());
        let id = Id::unique("export").with(label);
        let selected = Some(selected);
        Select { id, name: label, options, selected, placeholder: "", dot: None }.show(ui, rect)
    })
}

/// A row with a few words, all visible.
fn words(ui: &mut Ui, label: &str, options: &[&str], selected: usize) -> Option<usize> {
    row(ui, label, |ui| segmented(ui, label, options, selected))
}

/// The overlay of a view as an export takes it.
pub fn overlay_of(face: Face, plan: Overlay, diagram: Overlay) -> Option<Overlay> {
    Some(match face {
        Face::SitePlan => plan,
        Face::OneLine => diagram,
        _ => Overlay::None,
    })
}

/// What a notice was answered with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    Dismiss,
    Reveal,
    /// Whoever asked does not want it any more.
    End,
}

/// How far an export is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Step {
    UnderWay { progress_frac: f32 },
    Written,
}

/// How far it is, as a bar.
fn progress(ui: &mut Ui, done_frac: f32) {
    let theme = Theme::of(ui.ctx());
    let (rect, response) = ui.allocate_exact_size(vec2(90.0, 6.0), Sense::hover());
    let painter = ui.painter();
    painter.rect_filled(rect, paint::corner(2.0), theme.color(Token::Raised));
    let done = Rect::from_min_size(rect.min, vec2(rect.width() * done_frac.clamp(0.0, 1.0), 6.0));
    painter.rect_filled(done, paint::corner(2.0), theme.color(Token::Accent));
    let words = format!("Export: {:.0} %", done_frac * 100.0);
    response.widget_info(|| WidgetInfo::labeled(Role::ProgressIndicator, true, &words));
}

/// Says what has been written; with a button that shows its folder where there is something.
pub fn told(ctx: &Context, text: &str, step: Step) -> Option<Told> {
    let theme = Theme::of(ctx);
    let mut answer = None;
    egui::Area::new(Id::unique("told"))
        .anchor(egui::Align2::CENTER_BOTTOM, vec2(0.0, -size::STATUS - 12.0))
        .order(egui::Order::Foreground)
        .show(ctx, |ui| {
            egui::Frame::new()
                .fill(theme.color(Token::Panel))
                .stroke(theme.outline())
                .corner_radius(size::RADIUS_CARD)
                .shadow(theme.shadow())
                .inner_margin(egui::Margin::symmetric(10, 4))
                .show(ui, |ui| {
                    ui.horizontal(|ui| {
                        let width = paint::width(ui.painter(), text, TextRole::Body).min(620.0);
                        let room = vec2(width, size::BUTTON);
                        let (rect, response) = ui.allocate_exact_size(room, Sense::hover());
                        let color = theme.color(Token::Text1);
                        let rect: Rect = rect;
                        Text::new(text, TextRole::Body, color).paint(ui.painter(), rect);
                        let spoken = text.to_owned();
                        response.widget_info(|| WidgetInfo::labeled(Role::Status, true, &spoken));
                        if let Step::UnderWay { progress_frac } = step {
                            progress(ui, progress_frac);
                            let button = Button::new("Cancel").name("Cancel the export");
                            if button.show(ui).clicked() {
                                answer = Some(Told::End);
                            }
                            return;
                        }
                        if Button::new("Open folder").show(ui).clicked() {
                            answer = Some(Told::Reveal);
                        }
                        if Button::icon(Icon::Cross, "Dismiss").show(ui).clicked() {
                            answer = Some(Told::Dismiss);
                        }
                    });
                });
        });
    answer
}
