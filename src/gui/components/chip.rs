//! Chips (small choices with round ends) and tags (words on a tint).

use super::paint::{self, Text};
use crate::gui::icons::Icon;
use crate::gui::theme::Theme;
use crate::scene::tokens::{TextRole, Token, size};
use eframe::egui::{
    Color32, Painter, Pos2, Rect, Response, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2,
};

const CHIP_HEIGHT: f32 = 20.0;
const TAG_HEIGHT: f32 = 16.0;

/// What a tag says of a thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    Plain,
    Info,
    Good,
    Warn,
    Bad,
}

impl Tone {
    fn colors(self, t: &Theme) -> (Color32, Color32) {
        let (fill, text) = match self {
            Tone::Plain => (Token::Raised, Token::Text2),
            Tone::Info => (Token::AccentBg, Token::Accent),
            Tone::Good => (Token::OkBg, Token::Ok),
            Tone::Warn => (Token::WarnBg, Token::Warn),
            Tone::Bad => (Token::ErrBg, Token::Err),
        };
        (t.color(fill), t.color(text))
    }
}

/// Width that a tag takes.
pub fn tag_width(painter: &Painter, text: &str) -> f32 {
    paint::width(painter, text, TextRole::SmallMedium) + 12.0
}

/// Paints a tag with its left edge at `left_center`; returns its box.
pub fn paint_tag(painter: &Painter, left_center: Pos2, text: &str, tone: Tone, t: &Theme) -> Rect {
    let rect = Rect::from_min_size(
        pos2(left_center.x, left_center.y - TAG_HEIGHT / 2.0),
        vec2(tag_width(painter, text), TAG_HEIGHT),
    );
    let (fill, color) = tone.colors(t);
    painter.rect_filled(rect, paint::corner(3.0), fill);
    Text::new(text, TextRole::SmallMedium, color).center().paint(painter, rect);
    rect
}

/// A tag in the flow of a layout.
pub fn tag(ui: &mut Ui, text: &str, tone: Tone) -> Response {
    let width = tag_width(ui.painter(), text);
    let (rect, response) = ui.allocate_exact_size(vec2(width, TAG_HEIGHT), Sense::hover());
    paint_tag(ui.painter(), rect.left_center(), text, tone, Theme::of(ui.ctx()));
    let name = text.to_owned();
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &name));
    response
}

/// A chip that does something when clicked; with `menu` it shows a chevron.
pub fn chip(ui: &mut Ui, text: &str, name: &str, menu: bool) -> Response {
    let theme = Theme::of(ui.ctx());
    let words = paint::width(ui.painter(), text, TextRole::Small);
    let width = words + 18.0 + if menu { 14.0 } else { 0.0 };
    let (rect, response) = ui.allocate_exact_size(vec2(width, CHIP_HEIGHT), Sense::click());
    let edge = if response.hovered() { Token::Line2 } else { Token::Raised };
    paint::plate(
        ui.painter(),
        rect,
        size::RADIUS_CHIP,
        theme.color(Token::Raised),
        Stroke::new(1.0, theme.color(edge)),
    );
    if response.has_focus() {
        paint::focus_ring(ui.painter(), rect, size::RADIUS_CHIP, theme);
    }
    let color = theme.color(Token::Text2);
    let inner = Rect::from_min_max(pos2(rect.left() + 9.0, rect.top()), rect.right_bottom());
    Text::new(text, TextRole::Small, color).paint(ui.painter(), inner);
    if menu {
        let at = pos2(rect.right() - 12.0, rect.center().y);
        Icon::ChevronDown.paint_sized(ui.painter(), at, 12.0, color);
    }
    let name = name.to_owned();
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
    response
}
