//! The catalogue as a page over the window: every record with the source of each value, own
//! records and changed ones. It holds a draft; what is saved goes through the application.

mod fields;
mod head;
mod list;
mod source;
mod value;

use super::action::{Action, Actions, File};
use super::components::button::{Button, Look};
use super::components::paint::{self, Text};
use super::icons::Icon;
use super::theme::Theme;
use crate::catalog::{Fact, Kind};
use crate::editor::catalogue::{CatalogueDraft, FieldRow, Finding, RecordKey, RecordRow};
use crate::fields::FieldError;
use crate::scene::tokens::{TextRole, Token, size};
use eframe::egui::{
    self, Align, CentralPanel, Frame, Id, Key, Layout, Margin, Modifiers, Popup, Rect, Role, Sense,
    Ui, UiBuilder, WidgetInfo, pos2, vec2,
};
use list::Line;
use source::NewSource;

const LIST: f32 = 300.0;
const VALUE: f32 = 348.0;
const GAP: f32 = 10.0;
/// Steps of the page keys.
const PAGE: isize = 12;

/// Which list the arrow keys walk through.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Pane {
    #[default]
    Records,
    Fields,
}

/// A record or a field that was clicked.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Go {
    Record(RecordKey),
    Field(String),
}

/// The page, while it is open.
#[derive(Default)]
pub struct Records {
    page: Option<Page>,
}

/// What is shown and what has been entered.
struct Page {
    draft: CatalogueDraft,
    /// The revision that what follows was worked out for.
    known: Option<u64>,
    rows: Vec<RecordRow>,
    findings: Vec<Finding>,
    fields: Vec<FieldRow>,
    query: String,
    /// Index of the collection that is shown alone.
    collection: Option<usize>,
    lines: Vec<Line>,
    /// What the lines were made of.
    lines_of: Option<(u64, String, Option<usize>)>,
    chosen: RecordKey,
    /// Path of the field that is edited.
    field: String,
    pane: Pane,
    /// Where to go once what is being typed has been taken.
    next: Option<Go>,
    /// The chosen line has to come into view.
    reveal: bool,
    /// Kind and source that were given last.
    last: Option<(Kind, String)>,
    source_query: String,
    new_source: Option<NewSource>,
    /// Why the last entry was refused.
    refused: Option<String>,
    /// What came of the last saving.
    said: Option<String>,
    /// The search still has to get the keyboard.
    fresh: bool,
}

fn search_id() -> Id {
    Id::unique("records-search")
}

impl Records {
    /// Opens the page on a draft, at a record where one is named.
    pub fn open(&mut self, draft: CatalogueDraft, at: Option<RecordKey>, said: Option<String>) {
        let first = RecordKey::new("racks", draft.builtin().racks.keys().next().map_or("", |k| k));
        self.page = Some(Page {
            draft,
            known: None,
            rows: Vec::new(),
            findings: Vec::new(),
            fields: Vec::new(),
            query: String::new(),
            collection: None,
            lines: Vec::new(),
            lines_of: None,
            chosen: at.unwrap_or(first),
            field: String::new(),
            pane: Pane::Records,
            next: None,
            reveal: true,
            last: None,
            source_query: String::new(),
            new_source: None,
            refused: None,
            said,
            fresh: true,
        });
    }

    pub fn close(&mut self) {
        self.page = None;
    }

    pub fn is_open(&self) -> bool {
        self.page.is_some()
    }

    /// Whether closing would lose something.
    pub fn is_dirty(&self) -> bool {
        self.page.as_ref().is_some_and(|page| page.draft.is_dirty())
    }

    /// The draft, to be saved.
    pub fn draft_mut(&mut self) -> Option<&mut CatalogueDraft> {
        self.page.as_mut().map(|page| &mut page.draft)
    }

    /// The draft.
    pub fn draft(&self) -> Option<&CatalogueDraft> {
        self.page.as_ref().map(|page| &page.draft)
    }

    /// Shows a sentence at the bottom of the page.
    pub fn say(&mut self, words: String) {
        if let Some(page) = &mut self.page {
            page.said = Some(words);
            page.known = None;
        }
    }

    /// Goes to a record.
    pub fn go_to(&mut self, key: RecordKey) {
        if let Some(page) = &mut self.page {
            page.query.clear();
            page.collection = None;
            page.choose(key);
        }
    }

    /// Paints the page over the whole window. `busy` while a question lies over it.
    pub fn show(&mut self, ui: &mut Ui, busy: bool, actions: &mut Actions) {
        let Some(page) = &mut self.page else { return };
        page.refresh();
        if !busy {
            page.keys(ui, actions);
        }
        let theme = Theme::of(ui.ctx());
        let frame =
            Frame::new().fill(theme.color(Token::App)).inner_margin(Margin::symmetric(16, 12));
        CentralPanel::no_frame().frame(frame).show(ui, |ui| {
            let whole = ui.max_rect();
            title(ui, page, actions);
            let top = whole.top() + 42.0;
            let bottom = whole.bottom() - 34.0;
            let wide = LIST.min(whole.width() * 0.22);
            let left =
                Rect::from_min_max(pos2(whole.left(), top), pos2(whole.left() + wide, bottom));
            let narrow = VALUE.min(whole.width() * 0.26);
            let right =
                Rect::from_min_max(pos2(whole.right() - narrow, top), pos2(whole.right(), bottom));
            let middle =
                Rect::from_min_max(pos2(left.right() + GAP, top), pos2(right.left() - GAP, bottom));
            // First what is being typed, then where a click leads to.
            card(ui, right, |ui| value::show(ui, page));
            page.go();
            page.refresh();
            card(ui, left, |ui| list::show(ui, page));
            card(ui, middle, |ui| {
                head::show(ui, page, actions);
                fields::show(ui, page);
            });
            let foot = Rect::from_min_max(pos2(whole.left(), bottom + 8.0), whole.max);
            ui.scope_builder(UiBuilder::new().max_rect(foot), |ui| footer(ui, page));
        });
    }
}

/// A plate with room inside.
fn card(ui: &mut Ui, rect: Rect, content: impl FnOnce(&mut Ui)) {
    let theme = Theme::of(ui.ctx());
    let fill = theme.color(Token::Panel);
    paint::plate(ui.painter(), rect, size::RADIUS_CARD, fill, theme.hairline());
    let builder = UiBuilder::new().max_rect(rect.shrink(1.0));
    ui.scope_builder(builder, |ui| {
        ui.set_clip_rect(rect);
        ui.spacing_mut().item_spacing.y = 0.0;
        content(ui);
    });
}

/// Name of the page, its folder, and what is done with all of it.
fn title(ui: &mut Ui, page: &mut Page, actions: &mut Actions) {
    let theme = Theme::of(ui.ctx());
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 32.0), Sense::hover());
    let painter = ui.painter();
    let name = Text::new("Catalogue", TextRole::Page, theme.color(Token::Text1));
    let right = name.paint(painter, rect).right();
    let words = "Built-in records stay as they are; yours lie over them";
    let rest = rect.with_min_x(right + 14.0).translate(vec2(0.0, 3.0));
    Text::new(words, TextRole::Body, theme.color(Token::Text2)).paint(painter, rest);
    let spoken = format!("Catalogue. {words}");
    response.widget_info(|| WidgetInfo::labeled(Role::Heading, true, &spoken));
    let builder = UiBuilder::new().max_rect(rect).layout(Layout::right_to_left(Align::Center));
    ui.scope_builder(builder, |ui| {
        ui.spacing_mut().item_spacing.x = 8.0;
        if Button::icon(Icon::Cross, "Close the catalogue (Esc)").show(ui).clicked() {
            actions.push(Action::File(File::CloseCatalogue));
        }
        let dirty = page.draft.is_dirty();
        let save = Button::new("Save").name("Save the catalogue").look(Look::Primary);
        if save.enabled(dirty).show(ui).clicked() {
            actions.push(Action::File(File::SaveCatalogue));
        }
        if Button::new("Import device type...").show(ui).clicked() {
            actions.push(Action::File(File::Import));
        }
        if Button::new("Choose folder...").show(ui).clicked() {
            actions.push(Action::File(File::CatalogueFolder));
        }
    });
}

/// Where it is saved, what is unsaved, what has to be mended.
fn footer(ui: &mut Ui, page: &Page) {
    let theme = Theme::of(ui.ctx());
    let rect = ui.max_rect();
    let errors = page.errors().count();
    let folder = page.draft.folder().display();
    let (words, token) = match (&page.said, page.draft.changes(), errors) {
        (_, _, 1) => ("1 value has to be mended before it can be saved".to_owned(), Token::Err),
        (_, _, n) if n > 1 => {
            (format!("{n} values have to be mended before they can be saved"), Token::Err)
        }
        (Some(said), 0, _) => (said.clone(), Token::Ok),
        (_, 0, _) => (format!("Saved in {folder}"), Token::Text3),
        (_, 1, _) => (format!("1 record changed; saved to {folder}"), Token::Warn),
        (_, n, _) => (format!("{n} records changed; saved to {folder}"), Token::Warn),
    };
    Text::new(&words, TextRole::Small, theme.color(token)).paint(ui.painter(), rect);
    let node = ui.interact(rect, ui.scope_id().with("records-state"), Sense::hover());
    node.widget_info(|| WidgetInfo::labeled(Role::Status, true, &words));
    let keys = "↑↓ walks, → to the values, Enter edits, Ctrl+S saves";
    Text::new(keys, TextRole::Small, theme.color(Token::Text3)).right().paint(ui.painter(), rect);
}

impl Page {
    /// Works out again what follows from the draft.
    fn refresh(&mut self) {
        if self.known == Some(self.draft.revision()) {
            return;
        }
        self.known = Some(self.draft.revision());
        self.rows = self.draft.rows();
        self.findings = self.draft.findings();
        if !self.rows.iter().any(|r| r.key == self.chosen)
            && let Some(first) = self.rows.first()
        {
            self.chosen = first.key.clone();
        }
        self.fields = self.draft.fields(&self.chosen);
        // Fields of the record itself before those of its parts.
        self.fields.sort_by_key(|f| f.path.contains('.'));
        if !self.fields.iter().any(|f| f.path == self.field) {
            self.field = self.fields.first().map(|f| f.path.clone()).unwrap_or_default();
        }
    }

    fn errors(&self) -> impl Iterator<Item = &Finding> {
        let is_error = |f: &&Finding| f.diagnostic.severity == crate::diag::Severity::Error;
        self.findings.iter().filter(is_error)
    }

    /// Findings about a field, or about the record itself.
    fn about<'a>(&'a self, field: &'a str) -> impl Iterator<Item = &'a Finding> {
        let of_field = move |f: &&Finding| {
            let rest = f.field.strip_prefix(field);
            let below = rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
            f.key.as_ref() == Some(&self.chosen)
                && below
                && (!field.is_empty() || f.field.is_empty())
        };
        self.findings.iter().filter(of_field)
    }

    /// Goes there with the next frame; what is being typed is taken before.
    fn go_next(&mut self, ui: &Ui, go: Go) {
        let focus = ui.memory(|m| m.focused()).filter(|id| *id != search_id());
        if let Some(id) = focus.filter(|_| ui.ctx().text_edit_focused()) {
            ui.memory_mut(|m| m.surrender_focus(id));
        }
        self.next = Some(go);
        ui.ctx().request_repaint();
    }

    fn go(&mut self) {
        match self.next.take() {
            Some(Go::Record(key)) => {
                self.pane = Pane::Records;
                self.choose(key);
                self.reveal = false;
            }
            Some(Go::Field(path)) => {
                self.pane = Pane::Fields;
                self.choose_field(&path);
            }
            None => {}
        }
    }

    fn choose(&mut self, key: RecordKey) {
        if key != self.chosen {
            self.field.clear();
            self.refused = None;
            self.source_query.clear();
            self.new_source = None;
        }
        self.chosen = key;
        self.reveal = true;
        self.known = None;
    }

    fn choose_field(&mut self, path: &str) {
        if self.field != path {
            self.refused = None;
            self.source_query.clear();
            self.new_source = None;
        }
        path.clone_into(&mut self.field);
    }

    fn row(&self) -> Option<&RecordRow> {
        self.rows.iter().find(|r| r.key == self.chosen)
    }

    fn field_row(&self) -> Option<&FieldRow> {
        self.fields.iter().find(|f| f.path == self.field)
    }

    /// Takes an entry into the draft, or says why it cannot be.
    fn set(&mut self, path: &str, value: serde_json::Value) {
        let key = self.chosen.clone();
        let result = self.draft.set(&key, path, value);
        self.took(result);
    }

    fn set_fact(&mut self, path: &str, fact: &Fact) {
        if let (Some(kind), Some(source)) = (fact.kind, fact.source.clone()) {
            self.last = Some((kind, source));
        }
        // cannot fail: a fact is a plain record
        self.set(path, serde_json::to_value(fact).unwrap_or_default());
    }

    fn took(&mut self, result: Result<(), FieldError>) {
        self.said = None;
        self.refused = result.err().map(|e| e.to_string());
    }

    /// Keys that belong to the page.
    fn keys(&mut self, ui: &Ui, actions: &mut Actions) {
        let ctx = ui.ctx();
        let pressed = |key| ctx.input_mut(|i| i.consume_key(Modifiers::NONE, key));
        if ctx.input_mut(|i| i.consume_key(Modifiers::COMMAND, Key::S)) {
            // What is being typed counts too: its field takes it in this frame.
            if let Some(id) = ctx.memory(|m| m.focused()) {
                ctx.memory_mut(|m| m.surrender_focus(id));
            }
            actions.push(Action::File(File::SaveCatalogue));
        }
        if ctx.input_mut(|i| i.consume_key(Modifiers::COMMAND, Key::F)) {
            ctx.memory_mut(|m| m.request_focus(search_id()));
        }
        if Popup::is_any_open(ctx) {
            return;
        }
        let focus = ctx.memory(|m| m.focused());
        let searching = focus == Some(search_id());
        if focus.is_none() && pressed(Key::Escape) {
            actions.push(Action::File(File::CloseCatalogue));
        }
        if ctx.text_edit_focused() && !searching {
            return;
        }
        for (key, by) in
            [(Key::ArrowDown, 1), (Key::ArrowUp, -1), (Key::PageDown, PAGE), (Key::PageUp, -PAGE)]
        {
            if pressed(key) {
                self.walk(by);
            }
        }
        if self.pane == Pane::Records && pressed(Key::Enter)
            || !searching && pressed(Key::ArrowRight)
        {
            self.pane = Pane::Fields;
            self.reveal = true;
            ctx.memory_mut(|m| m.surrender_focus(search_id()));
        } else if self.pane == Pane::Fields && !searching {
            if pressed(Key::ArrowLeft) {
                self.pane = Pane::Records;
            }
            if focus.is_none() && pressed(Key::Enter) {
                ctx.memory_mut(|m| m.request_focus(value::first_id()));
            }
        }
    }

    /// Walks through the list that has the keys.
    fn walk(&mut self, by: isize) {
        self.reveal = true;
        match self.pane {
            Pane::Records => {
                let keys: Vec<RecordKey> = self
                    .lines
                    .iter()
                    .filter_map(|line| match line {
                        Line::Record(index) => self.rows.get(*index).map(|r| r.key.clone()),
                        Line::Heading(..) => None,
                    })
                    .collect();
                let now = keys.iter().position(|k| *k == self.chosen);
                if let Some(key) = stepped(&keys, now, by) {
                    self.choose(key.clone());
                }
            }
            Pane::Fields => {
                let paths: Vec<String> = self.fields.iter().map(|f| f.path.clone()).collect();
                let now = paths.iter().position(|p| *p == self.field);
                if let Some(path) = stepped(&paths, now, by) {
                    self.choose_field(path);
                }
            }
        }
    }
}

fn stepped<T>(all: &[T], now: Option<usize>, by: isize) -> Option<&T> {
    let last = all.len().checked_sub(1)?;
    let next = now.map_or(0, |now| now.saturating_add_signed(by).min(last));
    all.get(next)
}

/// What people call a collection.
fn collection_words(collection: &str) -> &'static str {
    match collection {
        "racks" => "Rack types",
        "units" => "Scalable units",
        "equipment" => "Equipment",
        "costs" => "Costs and rates",
        "tariffs" => "Tariffs",
        "tier_templates" => "Tier templates",
        "practice" => "Practice",
        "models" => "Models",
        "curves" => "Throughput curves",
        "weather" => "Weather",
        "options" => "Options",
        "serving" => "Estimator constants",
        _ => "Sources",
    }
}

/// Small words in the flow of a panel.
fn small(ui: &mut Ui, text: &str, token: Token) {
    let color = Theme::of(ui.ctx()).color(token);
    let width = ui.available_width();
    let galley = paint::paragraph(ui.painter(), text, TextRole::Small, width);
    let (rect, response) = ui.allocate_exact_size(galley.size(), Sense::hover());
    ui.painter().galley_with_override_text_color(rect.min, galley, color);
    let spoken = text.to_owned();
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &spoken));
}

/// The context of a page for its parts.
fn theme_of(ui: &Ui) -> &'static Theme {
    let ctx: &egui::Context = ui.ctx();
    Theme::of(ctx)
}
