//! Questions that stop everything else until they are answered, and two pages of help.

pub mod calibrate;
pub mod constraint;
pub mod device_type;
pub mod export;
pub mod import;
pub mod rack_type;
pub mod recover;
mod shortcuts;
mod variant;

pub use shortcuts::shortcuts;

use super::components::button::{Button, Look};
use super::components::paint::{self, Text};
use super::context::Element;
use super::dialogs::Purpose;
use super::icons::Icon;
use super::panels::title_bar::paint_mark;
use super::theme::{Theme, font};
use crate::editor::{DeviceDraft, Foreign, ImportDraft, RackCount, is_weather};
use crate::scene::tokens::{TextRole, Token, size};
use crate::site::import::{self as foreign, Imported};
use crate::site::{ConstraintKind, Site};
use eframe::egui::{
    self, Align, Context, Frame, Id, Layout, Margin, Modal, Sense, TextEdit, Ui, vec2,
};
use export::Form;
use rack_type::RackType;
use recover::Offers;
use std::path::PathBuf;

/// What a question about unsaved changes stands in the way of.
#[derive(Clone, Debug, PartialEq)]
pub enum Then {
    Close,
    AskOpen,
    Open(PathBuf),
    Example(usize),
    Create(Site),
}

/// What a question about unsaved records of the catalogue stands in the way of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AfterRecords {
    Close,
    /// Another folder.
    Folder,
    Quit,
}

/// A question.
#[derive(Clone, Debug, PartialEq)]
pub enum Prompt {
    /// The document has changes that `then` would lose.
    Unsaved { title: String, then: Then },
    /// The catalogue has changes that `then` would lose.
    UnsavedRecords { then: AfterRecords },
    /// Another program has written the file since.
    ChangedOnDisk { file: String },
    /// There is a file of the name that was given.
    Exists(PathBuf),
    /// The document is still unsaved; the line says why.
    SaveFailed { line: String },
    /// Work that programs left behind.
    Recover(Offers),
    /// What reloading the file would change; `more` steps are not listed.
    Difference { file: String, lines: Vec<String>, more: usize },
    /// More goes with what is to be removed; the lines say what.
    Delete { things: String, lines: Vec<String>, elements: Vec<Element> },
    /// Name and notes of a variant; a new one has no id yet.
    Variant { id: Option<String>, name: String, notes: String },
    /// Another rack type, with what it would do.
    RackType(Box<RackType>),
    /// The figures of a new constraint area.
    Constraint(constraint::Draft),
    /// What would be taken from a foreign file.
    Import(Box<ImportDraft>),
    /// A device type that becomes a rack of the catalogue.
    DeviceType(Box<DeviceDraft>),
    /// The distance between two points of an underlay.
    Calibrate(calibrate::Draft),
    /// A path, typed, where the system has no dialog.
    Path { purpose: Purpose, text: String },
    /// What to make of the site.
    Export(Form),
    /// There is a file where an export was to go.
    ExportExists(PathBuf),
    /// Something failed; the lines say what.
    Failed { title: String, lines: Vec<String> },
}

/// An answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Choice {
    Cancel,
    Save,
    SaveAs,
    Discard,
    Overwrite,
    Compare,
    Reload,
    KeepMine,
    /// Work, by index of its offer.
    Recover(usize),
    DiscardWork(usize),
    Delete,
    /// What would another rack type do? By index in the question.
    AskRackType(usize, RackCount),
    ChangeRackType,
    /// To export what a form asks for.
    Export,
    /// A constraint area on the ground of an outline.
    Constraint(ConstraintKind, Vec<[f64; 2]>),
    Import(Box<Imported>),
    /// A rack type for the folder of own records.
    RackType(Box<foreign::device_type::RackType>),
    /// Metres between the two points.
    Distance(f64),
    Path(PathBuf),
    /// Of a variant.
    Name {
        name: String,
        notes: String,
    },
}

impl From<Foreign> for Prompt {
    fn from(foreign: Foreign) -> Self {
        match foreign {
            Foreign::Import(draft) => Prompt::Import(draft),
            Foreign::DeviceType(draft) => Prompt::DeviceType(draft),
        }
    }
}

impl Prompt {
    /// Whether it shows what it was asked to show, and waits for no file.
    pub fn is_ready(&self) -> bool {
        match self {
            Prompt::Import(draft) => draft.is_read(),
            Prompt::DeviceType(draft) => draft.is_read(),
            _ => true,
        }
    }

    /// The foreign file of it where that has to be read again, in the way that is chosen now.
    pub fn unread(&self) -> Option<(PathBuf, Foreign)> {
        match self {
            Prompt::Import(draft) if !draft.is_read() => {
                Some((draft.path.clone(), Foreign::Import(draft.clone())))
            }
            Prompt::DeviceType(draft) if !draft.is_read() => {
                Some((draft.path.clone(), Foreign::DeviceType(draft.clone())))
            }
            _ => None,
        }
    }

    /// Width of its content.
    const fn width(&self) -> f32 {
        match self {
            Prompt::Recover(_)
            | Prompt::RackType(_)
            | Prompt::Import(_)
            | Prompt::DeviceType(_) => 520.0,
            Prompt::Export(_) => 480.0,
            _ => 420.0,
        }
    }
}

/// Shows a question; `None` while it is not answered.
pub fn show(ctx: &Context, prompt: &mut Prompt) -> Option<Choice> {
    let response = modal(ctx, "prompt", prompt.width(), |ui| match prompt {
        Prompt::Unsaved { title, .. } => unsaved(
            ui,
            &format!("Save changes to {title}?"),
            "Without saving, the changes since the last save are lost",
        ),
        Prompt::UnsavedRecords { .. } => unsaved(
            ui,
            "Save the changes to the catalogue?",
            "Without saving, the records are as they were in their folder",
        ),
        Prompt::ChangedOnDisk { file } => {
            heading(ui, &format!("{file} was changed by another program"));
            body(ui, "Saving here would lose those changes");
            buttons(ui, |ui| {
                let other = primary(ui, "Save as...").then_some(Choice::SaveAs);
                let over = normal(ui, "Overwrite").then_some(Choice::Overwrite);
                let look = ghost(ui, "Compare...").then_some(Choice::Compare);
                let stay = ghost(ui, "Cancel").then_some(Choice::Cancel);
                other.or(over).or(look).or(stay)
            })
        }
        Prompt::Exists(path) => {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            heading(ui, &format!("{name} exists already"));
            body(ui, "Its present content stays beside it as a backup");
            buttons(ui, |ui| {
                let other = primary(ui, "Save as...").then_some(Choice::SaveAs);
                let over = normal(ui, "Replace").then_some(Choice::Overwrite);
                let stay = ghost(ui, "Cancel").then_some(Choice::Cancel);
                other.or(over).or(stay)
            })
        }
        Prompt::SaveFailed { line } => {
            heading(ui, "The layout is not saved");
            body(ui, line);
            body(ui, "Your changes are still here");
            buttons(ui, |ui| {
                let other = primary(ui, "Save as...").then_some(Choice::SaveAs);
                let stay = ghost(ui, "Close").then_some(Choice::Cancel);
                other.or(stay)
            })
        }
        Prompt::Recover(offers) => recover::show(ui, offers),
        Prompt::Difference { file, lines, more } => difference(ui, file, (lines, *more)),
        Prompt::Delete { things, lines, .. } => {
            heading(ui, &format!("Delete {things}?"));
            for line in lines.iter() {
                body(ui, line);
            }
            body(ui, "Undo brings all of it back");
            buttons(ui, |ui| {
                let go = primary(ui, "Delete").then_some(Choice::Delete);
                let stay = ghost(ui, "Cancel").then_some(Choice::Cancel);
                go.or(stay)
            })
        }
        Prompt::RackType(asked) => asked.show(ui),
        Prompt::Export(form) => export::show(ui, form),
        Prompt::ExportExists(path) => export::exists(ui, path),
        Prompt::Constraint(draft) => constraint::show(ui, draft),
        Prompt::Import(draft) => import::show(ui, draft),
        Prompt::DeviceType(draft) => device_type::show(ui, draft),
        Prompt::Calibrate(draft) => calibrate::show(ui, draft),
        Prompt::Path { purpose, text } => path(ui, *purpose, text),
        Prompt::Variant { id, name, notes } => variant::show(ui, id.is_some(), (name, notes)),
        Prompt::Failed { title, lines } => {
            heading(ui, title);
            for line in lines.iter().take(8) {
                body(ui, line);
            }
            if lines.len() > 8 {
                body(ui, &format!("and {} more", lines.len() - 8));
            }
            buttons(ui, |ui| primary(ui, "Close").then_some(Choice::Cancel))
        }
    });
    response.inner.or(response.dismissed.then_some(Choice::Cancel))
}

/// Something would be lost.
fn unsaved(ui: &mut Ui, title: &str, why: &str) -> Option<Choice> {
    heading(ui, title);
    body(ui, why);
    buttons(ui, |ui| {
        let save = primary(ui, "Save").then_some(Choice::Save);
        let drop = normal(ui, "Do not save").then_some(Choice::Discard);
        let stay = ghost(ui, "Cancel").then_some(Choice::Cancel);
        save.or(drop).or(stay)
    })
}

fn difference(ui: &mut Ui, file: &str, (lines, more): (&[String], usize)) -> Option<Choice> {
    heading(ui, &format!("Reloading {file} would change"));
    if lines.is_empty() {
        body(ui, "Nothing: the file holds the layout that is in the window");
        return buttons(ui, |ui| primary(ui, "Close").then_some(Choice::Cancel));
    }
    steps(ui, lines, more);
    ui.add_space(4.0);
    body(ui, "Undo brings back what is in the window now");
    buttons(ui, |ui| {
        let reload = primary(ui, "Reload").then_some(Choice::Reload);
        let keep = normal(ui, "Keep mine").then_some(Choice::KeepMine);
        let later = ghost(ui, "Cancel").then_some(Choice::Cancel);
        reload.or(keep).or(later)
    })
}

/// Steps of a difference, one a line.
fn steps(ui: &mut Ui, lines: &[String], more: usize) {
    for text in lines {
        line(ui, &format!("·  {text}"), TextRole::Body, Token::Text1);
    }
    if more > 0 {
        line(ui, &format!("·  and {more} more"), TextRole::Body, Token::Text3);
    }
}

fn path(ui: &mut Ui, purpose: Purpose, text: &mut String) -> Option<Choice> {
    let (title, verb) = match purpose {
        Purpose::Open => ("Open a layout".to_owned(), "Open"),
        Purpose::Save => ("Save the layout as".to_owned(), "Save"),
        Purpose::Import => ("Import a file".to_owned(), "Import"),
        Purpose::Weather => ("Weather of a typical year".to_owned(), "Read"),
        Purpose::Catalogue => ("Folder of own records".to_owned(), "Choose"),
        Purpose::Export(target) => (format!("Save as {}", target.name), "Save"),
    };
    heading(ui, &title);
    body(ui, "Path of the file; this system offers no file dialog");
    ui.add_space(8.0);
    let edit = TextEdit::singleline(text)
        .id(Id::unique("prompt-path"))
        .font(font(TextRole::Body))
        .desired_width(f32::INFINITY)
        .margin(Margin::symmetric(8, 5));
    let response = ui.add(edit).accessible_name("Path of the file");
    // Asked before the field takes the keyboard back, which makes it not lost.
    let entered = response.lost_focus() && ui.input(|i| i.key_pressed(egui::Key::Enter));
    if ui.memory(|m| m.focused().is_none()) {
        response.request_focus();
    }
    let ready = !text.trim().is_empty();
    buttons(ui, |ui| {
        let go = Button::new(verb).look(Look::Primary).enabled(ready).show(ui).clicked();
        let stay = ghost(ui, "Cancel");
        if (go || entered) && ready {
            Some(Choice::Path(PathBuf::from(text.trim())))
        } else {
            stay.then_some(Choice::Cancel)
        }
    })
}

/// What came of a frame of a modal.
struct Shown<R> {
    inner: R,
    /// Escape, or a click beside it.
    dismissed: bool,
}

fn modal<R>(ctx: &Context, id: &str, width: f32, content: impl FnOnce(&mut Ui) -> R) -> Shown<R> {
    let theme = Theme::of(ctx);
    let frame = Frame::new()
        .fill(theme.color(Token::Panel))
        .stroke(theme.outline())
        .corner_radius(paint::corner(size::RADIUS_PALETTE))
        .shadow(theme.shadow())
        .inner_margin(Margin::same(20));
    let response = Modal::new(Id::unique(id)).frame(frame).show(ctx, |ui| {
        ui.set_width(width);
        ui.spacing_mut().item_spacing.y = 4.0;
        content(ui)
    });
    let dismissed = response.should_close();
    // It stands where its size of the last frame puts it: another one takes one frame more.
    let (seen, size) = (Id::unique((id, "size")), response.response.rect.size());
    if ctx.data_mut(|d| d.get_temp_mut_or_default::<egui::Vec2>(seen).to_owned()) != size {
        ctx.data_mut(|d| d.insert_temp(seen, size));
        ctx.request_repaint();
    }
    Shown { inner: response.inner, dismissed }
}

fn heading(ui: &mut Ui, text: &str) {
    line(ui, text, TextRole::H1, Token::Text1);
    ui.add_space(2.0);
}

fn body(ui: &mut Ui, text: &str) {
    line(ui, text, TextRole::Body, Token::Text2);
}

fn line(ui: &mut Ui, text: &str, role: TextRole, token: Token) {
    let color = Theme::of(ui.ctx()).color(token);
    let galley = paint::paragraph(ui.painter(), text, role, ui.available_width());
    let (rect, response) = ui.allocate_exact_size(galley.size(), Sense::hover());
    ui.painter().galley_with_override_text_color(rect.min, galley, color);
    let spoken = text.to_owned();
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, &spoken));
}

/// Buttons stand right, the first outermost.
fn buttons<R>(ui: &mut Ui, content: impl FnOnce(&mut Ui) -> R) -> R {
    ui.add_space(16.0);
    let layout = Layout::right_to_left(Align::Center);
    ui.allocate_ui_with_layout(vec2(ui.available_width(), size::BUTTON), layout, content).inner
}

fn primary(ui: &mut Ui, text: &str) -> bool {
    Button::new(text).look(Look::Primary).show(ui).clicked()
}

fn normal(ui: &mut Ui, text: &str) -> bool {
    Button::new(text).show(ui).clicked()
}

fn ghost(ui: &mut Ui, text: &str) -> bool {
    Button::new(text).look(Look::Ghost).show(ui).clicked()
}

/// What the program is; `catalog` is the version of the data. True when it was closed.
pub fn about(ctx: &Context, catalog: &str) -> bool {
    let shown = modal(ctx, "about", 380.0, |ui| {
        let (rect, _) = ui.allocate_exact_size(vec2(44.0, 44.0), Sense::hover());
        paint_mark(ui.painter(), rect.center(), 40.0, Theme::of(ui.ctx()));
        ui.add_space(6.0);
        heading(ui, "Gigasite");
        body(ui, "Plans gigawatt-scale AI sites: electricity in, tokens out");
        ui.add_space(8.0);
        body(ui, &format!("Version {}, catalogue {catalog}", env!("CARGO_PKG_VERSION")));
        body(ui, "Licensed under MIT or Apache-2.0");
        body(ui, "Typeface: Gigasite Sans, a modified Inter, SIL Open Font License 1.1");
        buttons(ui, |ui| primary(ui, "Close"))
    });
    shown.inner || shown.dismissed
}

/// Says what dropping does, while a file is held over the window.
pub fn drop_hint(ctx: &Context) {
    let Some(name) = ctx.input(|i| {
        let file = i.raw.hovered_files.first()?;
        let name = file.path.as_ref().and_then(|path| path.file_name());
        Some(name.map_or_else(|| "the file".to_owned(), |n| n.to_string_lossy().into_owned()))
    }) else {
        return;
    };
    let theme = Theme::of(ctx);
    let room = ctx.content_rect().shrink(12.0);
    egui::Area::new(Id::unique("drop"))
        .order(egui::Order::Foreground)
        .fixed_pos(room.min)
        .interactable(false)
        .show(ctx, |ui| {
            let (rect, response) = ui.allocate_exact_size(room.size(), Sense::hover());
            let painter = ui.painter();
            painter.rect_filled(rect, size::RADIUS_CARD, theme.tint(Token::App, 0.7));
            let edge = egui::Stroke::new(size::SELECTION, theme.color(Token::Accent));
            paint::dashed_box(painter, rect, edge);
            let words = match (foreign::is_foreign(&name), is_weather(&name)) {
                (_, true) => format!("Drop to see cooling in the weather of {name}"),
                (true, _) => format!("Drop to import {name}"),
                _ => format!("Drop to open {name}"),
            };
            let color = theme.color(Token::Text1);
            Text::new(&words, TextRole::H1, color).center().paint(painter, rect);
            response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, &words));
        });
}

/// A floating sentence that goes away with a click; true when it was dismissed.
pub fn notice(ctx: &egui::Context, text: &str) -> bool {
    let theme = Theme::of(ctx);
    let mut gone = false;
    egui::Area::new(egui::Id::unique("notice"))
        .anchor(egui::Align2::CENTER_BOTTOM, egui::vec2(0.0, -size::STATUS - 12.0))
        .order(egui::Order::Foreground)
        .show(ctx, |ui| {
            egui::Frame::new()
                .fill(theme.color(Token::ErrBg))
                .stroke((1.0, theme.color(Token::Err)))
                .corner_radius(size::RADIUS_CARD)
                .shadow(theme.shadow())
                .inner_margin(egui::Margin::symmetric(10, 4))
                .show(ui, |ui| {
                    ui.horizontal(|ui| {
                        let width = paint::width(ui.painter(), text, TextRole::Body);
                        let room = width.min(620.0);
                        let (rect, response) =
                            ui.allocate_exact_size(egui::vec2(room, 26.0), egui::Sense::hover());
                        let color = theme.color(Token::Text1);
                        Text::new(text, TextRole::Body, color).paint(ui.painter(), rect);
                        let spoken = text.to_owned();
                        response.widget_info(|| {
                            egui::WidgetInfo::labeled(egui::Role::Alert, true, &spoken)
                        });
                        gone = Button::icon(Icon::Cross, "Dismiss").show(ui).clicked();
                    });
                });
        });
    gone
}
