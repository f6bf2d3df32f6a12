//! What floats over the diagram: grouping, zoom, legend, the key to its symbols.

use super::super::badge::floating;
use super::super::controls::{self, CELL, Glyph, INSET, LEGEND, PAD};
use super::super::paint::{self, bounds, point};
use super::input;
use super::state::OneLineState;
use crate::gui::components::paint::{self as text, Text};
use crate::gui::context::Context;
use crate::gui::theme::Theme;
use crate::scene::geom::Bounds;
use crate::scene::oneline::{Choices, Symbol, Target, key_symbol};
use crate::scene::plan::Overlay;
use crate::scene::tokens::{TextRole, Token};
use eframe::egui::{Pos2, Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};

/// Height of the key below the diagram.
const KEY: f32 = 26.0;

const OPEN_ALL: Glyph = &[
    &[(8.0, 2.0), (8.0, 6.0)],
    &[(3.0, 10.0), (3.0, 6.0), (13.0, 6.0), (13.0, 10.0)],
    &[(8.0, 6.0), (8.0, 10.0)],
    &[(1.5, 10.5), (4.5, 10.5), (4.5, 13.5), (1.5, 13.5), (1.5, 10.5)],
    &[(6.5, 10.5), (9.5, 10.5), (9.5, 13.5), (6.5, 13.5), (6.5, 10.5)],
    &[(11.5, 10.5), (14.5, 10.5), (14.5, 13.5), (11.5, 13.5), (11.5, 10.5)],
];
const GROUP: Glyph = &[
    &[(8.0, 2.0), (8.0, 8.0)],
    &[(4.5, 8.0), (11.5, 8.0), (11.5, 13.5), (4.5, 13.5), (4.5, 8.0)],
    &[(6.5, 10.8), (9.5, 10.8)],
    &[(8.0, 9.3), (8.0, 12.3)],
];
const FOLD: Glyph = &[
    &[(3.0, 4.0), (13.0, 4.0)],
    &[(5.0, 7.5), (8.0, 10.0), (11.0, 7.5)],
    &[(5.0, 10.5), (8.0, 13.0), (11.0, 10.5)],
];

/// Where the floating things stand in a canvas.
pub struct Places {
    tools: Rect,
    zoom: Rect,
    pub legend: Rect,
    key: Rect,
}

impl Places {
    pub fn of(rect: Rect) -> Self {
        let above = rect.bottom() - INSET - KEY;
        let zoom = controls::strip(3.0);
        Self {
            tools: Rect::from_min_size(rect.min + vec2(INSET, INSET), controls::strip(4.0)),
            zoom: Rect::from_min_size(pos2(rect.left() + INSET, above - zoom.y), zoom),
            legend: Rect::from_min_size(
                pos2(rect.right() - INSET - LEGEND.0, rect.top() + INSET),
                vec2(LEGEND.0, LEGEND.1),
            ),
            key: Rect::from_min_max(pos2(rect.left(), rect.bottom() - KEY), rect.max),
        }
    }

    /// Screen that labels keep clear of.
    pub fn taken(&self) -> Vec<Bounds> {
        [self.tools, self.zoom, self.legend, self.key].map(|r| bounds(r.expand(3.0))).to_vec()
    }

    /// Whether the pointer is over something that floats.
    pub fn covers(&self, at: Option<Pos2>) -> bool {
        let all = [self.tools, self.zoom, self.legend, self.key];
        at.is_some_and(|at| all.iter().any(|r| r.contains(at)))
    }
}

/// Shows everything that floats.
pub fn show(ui: &mut Ui, places: &Places, context: &Context, state: &mut OneLineState) {
    key(ui, places.key);
    grouping(ui, places.tools, context, state);
    if controls::zoom(ui, places.zoom, &mut state.camera) {
        state.fit();
    }
    let shown = context.grid.overlay(state.overlay);
    let mut chosen = shown;
    let body = controls::legend(ui, places.legend, &mut chosen, &Overlay::of_network());
    if chosen != shown {
        state.overlay = chosen;
    }
    if shown.is_electrical() {
        controls::loading_scale(ui.painter(), body, shown, &state.facts);
    } else {
        controls::sheet(ui.painter(), body, &state.facts.sheet);
    }
}

fn grouping(ui: &Ui, rect: Rect, context: &Context, state: &mut OneLineState) {
    floating(ui.painter(), rect, Theme::of(ui.ctx()));
    let at = |i: f32| Rect::from_min_size(rect.min + vec2(PAD, PAD + i * CELL), vec2(CELL, CELL));
    let everything = state.choices == Choices::everything();
    let automatic = state.choices.is_automatic();
    let (response, color) = controls::cell(ui, at(0.0), "Group automatically", automatic);
    controls::glyph(ui.painter(), GROUP, at(0.0).center(), color);
    if response.clicked() {
        state.choose(Choices::default());
    }
    let (response, color) = controls::cell(ui, at(1.0), "Show every element", everything);
    controls::glyph(ui.painter(), OPEN_ALL, at(1.0).center(), color);
    if response.clicked() {
        state.choose(Choices::everything());
    }
    connecting(ui, at(3.0), state);
    let (response, color) =
        controls::cell(ui, at(2.0), "Open or fold the selection (Enter)", false);
    controls::glyph(ui.painter(), FOLD, at(2.0).center(), color);
    if response.clicked() {
        let spot = input::current(context, state).and_then(|i| state.scene.spots.get(i));
        if let Some(Target::Item(item)) = spot.map(|s| s.target) {
            state.toggle(item);
        }
    }
}

fn connecting(ui: &Ui, place: Rect, state: &mut OneLineState) {
    let (response, color) = controls::cell(ui, place, "Draw connections (C)", state.connects);
    controls::glyph(ui.painter(), controls::CONNECT, place.center(), color);
    if response.clicked() {
        state.connects = !state.connects;
    }
}

/// What the symbols mean, in one line.
fn key(ui: &Ui, rect: Rect) {
    let theme = Theme::of(ui.ctx());
    let painter = ui.painter_at(rect);
    painter.rect_filled(rect, 0.0, theme.color(Token::Canvas));
    text::hairline(&painter, rect.left(), rect.right(), rect.top() + 0.5, theme.color(Token::Line));
    let entries = [
        (Some(Symbol::Transformer), "transformer"),
        (Some(Symbol::Cable), "feeder"),
        (Some(Symbol::Ups), "UPS"),
        (Some(Symbol::Bus), "bus"),
        (Some(Symbol::Racks), "load"),
        (None, "NO, normally open"),
    ];
    let mut x = rect.left() + 14.0;
    let y = rect.center().y;
    for (symbol, words) in entries {
        let shapes = key_symbol(symbol, point(pos2(x + 10.0, y)));
        paint::paint(&painter, &shapes, theme);
        let wide = text::width(&painter, words, TextRole::Small);
        let place = Rect::from_min_size(pos2(x + 26.0, y - 7.0), vec2(wide + 1.0, 14.0));
        Text::new(words, TextRole::Small, theme.color(Token::Text2)).paint(&painter, place);
        x = place.right() + 18.0;
    }
    let note = "Line weight shows voltage. 4× stands for four alike, +4 for what is folded below.";
    let room = Rect::from_min_max(pos2(x, rect.top()), rect.max - vec2(12.0, 0.0));
    if text::width(&painter, note, TextRole::Small) < room.width() {
        Text::new(note, TextRole::Small, theme.color(Token::Text3)).right().paint(&painter, room);
    }
    let response = ui.interact(rect, ui.scope_id().with("oneline-key"), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, note));
}
