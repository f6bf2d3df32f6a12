//! Buttons with words, with icons and with both.

use super::paint::{self, Text};
use crate::gui::icons::Icon;
use crate::gui::theme::Theme;
use crate::scene::tokens::{TextRole, Token, size};
use eframe::egui::{Color32, Rect, Response, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

/// Between the edge of a button and its words.
pub const PADDING: f32 = 12.0;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Look {
    /// The one thing to do next.
    Primary,
    #[default]
    Normal,
    /// No plate until hovered.
    Ghost,
}

/// A button; its text is its accessible name unless `name` says more.
pub struct Button<'a> {
    text: &'a str,
    icon: Option<Icon>,
    /// The icon stands behind the words: it says where they lead.
    trails: bool,
    look: Look,
    enabled: bool,
    name: Option<&'a str>,
    height: f32,
}

impl<'a> Button<'a> {
    pub fn new(text: &'a str) -> Self {
        Self {
            text,
            icon: None,
            trails: false,
            look: Look::Normal,
            enabled: true,
            name: None,
            height: size::BUTTON,
        }
    }

    /// An icon without words; `name` is its accessible name and its tooltip.
    pub fn icon(icon: Icon, name: &'a str) -> Self {
        Self { icon: Some(icon), look: Look::Ghost, name: Some(name), ..Self::new("") }
    }

    pub fn with_icon(self, icon: Icon) -> Self {
        Self { icon: Some(icon), ..self }
    }

    /// With an arrow to the right behind the words.
    pub fn leading_on(self) -> Self {
        Self { icon: Some(Icon::ArrowRight), trails: true, ..self }
    }

    pub fn look(self, look: Look) -> Self {
        Self { look, ..self }
    }

    pub fn enabled(self, enabled: bool) -> Self {
        Self { enabled, ..self }
    }

    pub fn name(self, name: &'a str) -> Self {
        Self { name: Some(name), ..self }
    }

    pub fn height(self, height: f32) -> Self {
        Self { height, ..self }
    }

    pub fn show(self, ui: &mut Ui) -> Response {
        let words = if self.text.is_empty() {
            0.0
        } else {
            paint::width(ui.painter(), self.text, TextRole::BodyMedium)
        };
        let width = match (self.icon, self.text.is_empty()) {
            (Some(_), true) => self.height,
            (Some(_), false) => 10.0 + size::ICON + 6.0 + words + 12.0,
            (None, _) => words + 2.0 * PADDING,
        };
        let sense = if self.enabled { Sense::click() } else { Sense::hover() };
        let (rect, response) = ui.allocate_exact_size(vec2(width, self.height), sense);
        let name = self.name.unwrap_or(self.text).to_owned();
        let enabled = self.enabled;
        response.widget_info(|| WidgetInfo::labeled(Role::Button, enabled, &name));
        if ui.is_rect_visible(rect) {
            self.paint(ui, rect, &response);
        }
        match self.name {
            Some(name) if self.text.is_empty() => response.on_hover_text(name),
            _ => response,
        }
    }

    fn paint(&self, ui: &Ui, rect: Rect, response: &Response) {
        let theme = Theme::of(ui.ctx());
        let painter = ui.painter();
        let hot = self.enabled && (response.hovered() || response.is_pointer_button_down_on());
        let (fill, edge, text) = self.colors(theme, hot);
        paint::plate(painter, rect, size::RADIUS_BUTTON, fill, Stroke::new(1.0, edge));
        if response.has_focus() {
            paint::focus_ring(painter, rect, size::RADIUS_BUTTON, theme);
        }
        match self.icon {
            Some(icon) if self.text.is_empty() => {
                icon.paint_sized(painter, rect.center(), 15.0, text);
            }
            Some(icon) => {
                let (at, from) = match self.trails {
                    true => (rect.right() - 18.0, rect.left() + 12.0),
                    false => (rect.left() + 18.0, rect.left() + 32.0),
                };
                icon.paint_sized(painter, pos2(at, rect.center().y), 15.0, text);
                let words = Rect::from_min_max(pos2(from, rect.top()), rect.right_bottom());
                Text::new(self.text, TextRole::BodyMedium, text).paint(painter, words);
            }
            None => {
                Text::new(self.text, TextRole::BodyMedium, text).center().paint(painter, rect);
            }
        }
    }

    /// Fill, edge and text.
    fn colors(&self, t: &Theme, hot: bool) -> (Color32, Color32, Color32) {
        match (self.enabled, self.look) {
            (false, Look::Ghost) => {
                (Color32::TRANSPARENT, Color32::TRANSPARENT, t.tint(Token::Text3, 0.55))
            }
            (false, _) => (t.color(Token::Panel), t.color(Token::Line), t.color(Token::Text3)),
            (true, Look::Primary) => {
                let fill = t.color(Token::Accent);
                let fill = if hot { fill.gamma_multiply(0.9) } else { fill };
                (fill, fill, t.color(Token::OnAccent))
            }
            (true, Look::Normal) => {
                let edge = if hot { Token::Line2 } else { Token::Line };
                (t.color(Token::Raised), t.color(edge), t.color(Token::Text1))
            }
            (true, Look::Ghost) if hot => {
                (t.color(Token::Raised), t.color(Token::Raised), t.color(Token::Text1))
            }
            (true, Look::Ghost) => {
                (Color32::TRANSPARENT, Color32::TRANSPARENT, t.color(Token::Text2))
            }
        }
    }
}

/// Words that act as a link; accent, without a plate.
pub fn link(ui: &mut Ui, text: &str, role: TextRole) -> Response {
    let width = paint::width(ui.painter(), text, role);
    let (rect, response) = ui.allocate_exact_size(vec2(width, role.style().line), Sense::click());
    link_at(ui, rect, text, role, response)
}

/// A link painted into a place that has been allocated and sensed already.
fn link_at(ui: &Ui, rect: Rect, text: &str, role: TextRole, response: Response) -> Response {
    let theme = Theme::of(ui.ctx());
    let color = theme.color(Token::Accent);
    let painted = Text::new(text, role, color).paint(ui.painter(), rect);
    if response.hovered() || response.has_focus() {
        paint::hairline(
            ui.painter(),
            painted.left(),
            painted.right(),
            painted.bottom() - 1.0,
            color,
        );
    }
    let name = text.to_owned();
    response.widget_info(|| WidgetInfo::labeled(Role::Link, true, &name));
    response.on_hover_cursor(eframe::egui::CursorIcon::PointingHand)
}
