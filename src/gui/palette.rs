//! The command palette: one field that finds commands, elements, values and
//! answers, and runs, shows or sets what is chosen. By keyboard alone.

pub mod answers;
pub mod fuzzy;
pub mod item;
mod list;
mod places;
pub mod search;

use super::action::Actions;
use super::components::chip;
use super::components::finder;
use super::components::menu;
use super::components::paint::{self, Text};
use super::context::Context;
use super::theme::Theme;
use crate::scene::tokens::{TextRole, Token, size};
use eframe::egui::{
    self, Align, CornerRadius, Id, Key, Layout, Modifiers, Popup, Rect, Sense, Ui, UiBuilder, pos2,
    text::{CCursor, CCursorRange},
    text_edit::TextEditState,
    vec2,
};
use item::{Group, Item};
use search::Search;

const WIDTH: f32 = 660.0;
/// Distance from the top of the window; less where that is low.
const TOP: f32 = 118.0;
const FIELD: f32 = 48.0;
const FOOTER: f32 = 32.0;

/// What the palette holds while it is open.
#[derive(Default)]
pub struct PaletteState {
    open: bool,
    query: String,
    only: Option<Group>,
    search: Search,
    /// Index into the results.
    chosen: usize,
    /// Answers stay folded until asked for again.
    folded: bool,
    /// What had the keyboard before.
    back: Option<Id>,
    /// What gets the keyboard as soon as the palette no longer covers it.
    returning: Option<Id>,
    /// The keyboard has moved the choice since the last frame.
    moved: bool,
    /// The text has changed since the last frame: the choice starts at the best result.
    typed: bool,
    /// The end of the text is where typing goes on.
    to_end: bool,
}

impl PaletteState {
    pub fn is_open(&self) -> bool {
        self.open
    }

    /// Opens with a text in the field.
    pub fn open(&mut self, ctx: &egui::Context, text: &str) {
        if !self.open {
            let back = ctx.memory(|m| m.focused());
            *self = Self { back, ..Self::default() };
        }
        self.open = true;
        text.clone_into(&mut self.query);
        self.to_end = true;
    }

    /// Closes and gives the keyboard back to what had it.
    pub fn close(&mut self, ctx: &egui::Context) {
        ctx.memory_mut(|m| m.surrender_focus(field_id()));
        *self = Self { returning: self.back.take(), ..Self::default() };
        ctx.request_repaint();
    }

    fn set_query(&mut self, text: String) {
        self.query = text;
        self.typed = true;
        self.to_end = true;
    }
}

fn field_id() -> Id {
    Id::unique("palette-field")
}

/// Shows the palette while it is open.
pub fn show(ui: &Ui, cx: &Context<'_>, state: &mut PaletteState, actions: &mut Actions) {
    let ctx = ui.ctx();
    if !state.open {
        if let Some(id) = state.returning.take() {
            ctx.memory_mut(|m| m.request_focus(id));
            ctx.request_repaint();
        }
        return;
    }
    state.search.update(ctx, cx, &state.query, state.only);
    if std::mem::take(&mut state.typed) {
        state.chosen = state.search.best();
    }
    let count = state.search.results().len();
    state.chosen = state.chosen.min(count.saturating_sub(1));
    let mut taken = keys(ctx, state);
    let screen = ctx.content_rect();
    let top = TOP.min(screen.height() * 0.12);
    let room = (screen.height() - top - FIELD - FOOTER - 40.0).clamp(120.0, 520.0);
    let modal = finder::float(ctx, Id::unique("palette"), (WIDTH, top), |ui| {
        field(ui, state);
        if let Some(clicked) = list::show(ui, state, room) {
            taken = Taken::Choose(clicked);
        }
        footer(ui, state);
    });
    if modal.should_close() {
        taken = Taken::Close;
    }
    match taken {
        Taken::Nothing => {}
        Taken::Close => state.close(ctx),
        Taken::Choose(index) => choose(ctx, state, index, actions),
        Taken::Best => {
            // Text and Enter may come in one frame: Enter means what is found for all of it.
            if std::mem::take(&mut state.typed) {
                state.search.update(ctx, cx, &state.query, state.only);
                state.chosen = state.search.best();
            }
            choose(ctx, state, state.chosen, actions);
        }
    }
}

/// What the keyboard or the mouse asks for.
enum Taken {
    Nothing,
    Close,
    Choose(usize),
    /// What is chosen when the text of this frame has been read.
    Best,
}

/// Keys that steer the list; taken before the field sees them.
fn keys(ctx: &egui::Context, state: &mut PaletteState) -> Taken {
    let pressed = |key| ctx.input_mut(|i| i.consume_key(Modifiers::NONE, key));
    let count = state.search.results().len();
    let mut go = |by: isize| {
        if count > 0 {
            let next = state.chosen as isize + by;
            state.chosen = next.rem_euclid(count as isize) as usize;
            state.moved = true;
        }
    };
    if pressed(Key::ArrowDown) {
        go(1);
    }
    if pressed(Key::ArrowUp) {
        go(-1);
    }
    const PAGE: isize = 6;
    if pressed(Key::PageDown) {
        let left = count.saturating_sub(1).saturating_sub(state.chosen) as isize;
        state.chosen += PAGE.min(left) as usize;
        state.moved = true;
    }
    if pressed(Key::PageUp) {
        state.chosen = state.chosen.saturating_sub(PAGE as usize);
        state.moved = true;
    }
    if pressed(Key::Tab) {
        tab(state);
    }
    if pressed(Key::Enter) {
        return Taken::Best;
    }
    // The key that opened it closes it as well.
    if ctx.input_mut(|i| i.consume_key(Modifiers::COMMAND, Key::K)) {
        return Taken::Close;
    }
    Taken::Nothing
}

/// Folds or unfolds an answer; completes everything else.
fn tab(state: &mut PaletteState) {
    let Some(hit) = state.search.results().get(state.chosen) else { return };
    if !hit.item.lines.is_empty() {
        state.folded = !state.folded;
        return;
    }
    let text = hit.item.text.split(',').next().unwrap_or_default().to_owned();
    let with_field = hit.item.path.is_some() && hit.item.text.matches(',').count() > 1;
    let text = if with_field {
        hit.item.text.rsplit_once(',').map_or(text, |(head, _)| head.to_owned())
    } else {
        text
    };
    state.set_query(text);
}

fn choose(ctx: &egui::Context, state: &mut PaletteState, index: usize, actions: &mut Actions) {
    let Some(hit) = state.search.results().get(index) else { return };
    if hit.item.actions.is_empty() {
        return;
    }
    let wanted = hit.item.actions.clone();
    // The field of a value takes the keyboard; everything else leaves it where it was.
    let keeps = hit.item.group == Group::Values && hit.item.verb == "Edit value";
    if keeps {
        state.back = None;
    }
    state.close(ctx);
    actions.extend(wanted);
}

fn field(ui: &mut Ui, state: &mut PaletteState) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), FIELD), Sense::hover());
    let chip_left = only_chip(ui, state, rect);
    let before = state.query.clone();
    if std::mem::take(&mut state.to_end) {
        let mut edit = TextEditState::load(ui.ctx(), field_id()).unwrap_or_default();
        let end = CCursor::new(state.query.chars().count());
        edit.cursor.set_char_range(Some(CCursorRange::one(end)));
        edit.store(ui.ctx(), field_id());
    }
    let (hint, name) = ("Search or run a command", "Search or run a command, field");
    let search = finder::Search { id: field_id(), hint, name, locked: true };
    let response = search.show(ui, rect, chip_left, &mut state.query);
    if !response.has_focus() && !Popup::is_any_open(ui.ctx()) {
        response.request_focus();
    }
    if state.query != before {
        state.typed = true;
        state.folded = false;
        state.moved = true;
        ui.ctx().request_repaint();
    }
}

/// What is searched; returns its left edge.
fn only_chip(ui: &mut Ui, state: &mut PaletteState, rect: Rect) -> f32 {
    let place = Rect::from_min_max(rect.min, rect.max - vec2(16.0, 0.0));
    let builder = UiBuilder::new().max_rect(place).layout(Layout::right_to_left(Align::Center));
    ui.scope_builder(builder, |ui| {
        let word = state.only.map_or("Everything", Group::title);
        let response = chip::chip(ui, word, &format!("Search in: {word}"), true);
        Popup::menu(&response).show(|ui| {
            ui.set_min_width(130.0);
            if menu::option(ui, "Everything", state.only.is_none()).clicked() {
                state.only = None;
            }
            for group in Group::ALL {
                if menu::option(ui, group.title(), state.only == Some(group)).clicked() {
                    state.only = Some(group);
                }
            }
        });
        response.rect.left() - 8.0
    })
    .inner
}

fn footer(ui: &mut Ui, state: &PaletteState) {
    let t = Theme::of(ui.ctx());
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), FOOTER), Sense::hover());
    let painter = ui.painter();
    let radius = size::RADIUS_PALETTE as u8;
    let corners = CornerRadius { sw: radius, se: radius, ..CornerRadius::ZERO };
    painter.rect_filled(rect.shrink(1.0), corners, t.color(Token::App));
    paint::hairline(painter, rect.left(), rect.right(), rect.top() + 0.5, t.color(Token::Line));
    let grey = t.color(Token::Text3);
    let mut x = rect.left() + 16.0;
    let y = rect.center().y;
    for (keys, word) in [
        (&["↑", "↓"][..], "move"),
        (&["Enter"], "run"),
        (&["Tab"], "show answer"),
        (&[">"], "commands only"),
        (&["="], "set, calculate"),
    ] {
        for key in keys {
            let room = paint::width(painter, key, TextRole::Small) + 10.0;
            paint::keycap(painter, pos2(x + room, y), key, t);
            x += room + 4.0;
        }
        let place = Rect::from_min_max(pos2(x + 2.0, rect.top()), rect.max);
        x = Text::new(word, TextRole::Small, grey).paint(painter, place).right() + 14.0;
    }
    let total = state.search.total();
    let shown = state.search.results().len();
    let words = match total {
        0 => "no match".to_owned(),
        1 => "1 match".to_owned(),
        _ if total > shown => {
            format!("{shown} of {} matches", crate::units::format::count(total as f64))
        }
        _ => format!("{total} matches"),
    };
    let right = Rect::from_min_max(pos2(x, rect.top()), rect.max - vec2(16.0, 0.0));
    Text::new(&words, TextRole::Small, t.color(Token::Text2)).right().paint(painter, right);
    let response = ui.interact(rect, Id::unique("palette-footer"), Sense::hover());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Status, true, &words));
}

/// A result with the places of the words that were typed.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    pub item: Item,
    pub found: Vec<std::ops::Range<usize>>,
}
