//! A headline tile: label, value with its unit, one line of context, maybe a use bar.

use super::card::fitting;
use super::paint::{self, Text, Use};
use crate::gui::theme::Theme;
use crate::scene::tokens::{TextRole, Token, size};
use eframe::egui::{
    Color32, Rect, Response, Role, Sense, Stroke, Ui, Vec2, WidgetInfo, pos2, vec2,
};

/// How good the value is.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum TileState {
    #[default]
    Rest,
    /// A quick answer while a gesture goes on.
    Preview,
    /// An older answer; the next is on its way.
    Stale,
    /// A missing input stops the value.
    Stopped,
    /// No plan meets the requirements.
    Infeasible,
    /// The value breaks its limit.
    Over,
}

/// A tile; texts come ready for people.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tile {
    pub label: String,
    pub value: String,
    pub unit: String,
    /// Leads the context line in green, amber or red: a change, a warning.
    pub mark: String,
    pub mark_tone: MarkTone,
    pub context: String,
    pub usage: Option<Use>,
    pub state: TileState,
    /// What assistive technology reads; made of the rest where empty.
    pub spoken: String,
    pub framed: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MarkTone {
    #[default]
    Plain,
    Good,
    Warn,
    Bad,
}

impl Tile {
    /// Shows the tile; it acts as a button.
    pub fn show(&self, ui: &mut Ui, size: Vec2) -> Response {
        let (rect, response) = ui.allocate_exact_size(size, Sense::click());
        self.show_at(ui, rect, response)
    }

    /// Shows the tile in a place that has been sensed already.
    pub fn show_at(&self, ui: &Ui, rect: Rect, response: Response) -> Response {
        let spoken = self.spoken();
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &spoken));
        if ui.is_rect_visible(rect) {
            self.paint(ui, rect, &response);
        }
        response
    }

    fn spoken(&self) -> String {
        if !self.spoken.is_empty() {
            return self.spoken.clone();
        }
        let state = match self.state {
            TileState::Rest | TileState::Over => "full result",
            TileState::Preview => "preview",
            TileState::Stale => "stale",
            TileState::Stopped => "stopped",
            TileState::Infeasible => "infeasible",
        };
        let value = format!("{} {}", self.value, self.unit);
        format!("{}, {}, {state}", self.label, value.trim())
    }

    fn paint(&self, ui: &Ui, rect: Rect, response: &Response) {
        let t = Theme::of(ui.ctx());
        let painter = ui.painter();
        self.paint_plate(ui, rect, response);
        let left = rect.left() + 12.0;
        let right = rect.right() - 8.0;
        let line = |top: f32, height: f32| {
            Rect::from_min_max(pos2(left, rect.top() + top), pos2(right, rect.top() + top + height))
        };
        Text::new(&self.label, TextRole::Small, t.color(Token::Text3))
            .paint(painter, line(6.0, 14.0));
        self.paint_value(ui, pos2(left, rect.top() + 38.0), right);
        let mark = match self.mark_tone {
            MarkTone::Plain => Token::Text2,
            MarkTone::Good => Token::Ok,
            MarkTone::Warn => Token::Warn,
            MarkTone::Bad => Token::Err,
        };
        let below = line(45.0, 14.0);
        let taken = Text::new(&self.mark, TextRole::Small, t.color(mark)).paint(painter, below);
        let gap = if self.mark.is_empty() { 0.0 } else { 4.0 };
        let rest = Rect::from_min_max(pos2(taken.right() + gap, below.top()), below.right_bottom());
        // Better less than cut off.
        let fits = |c: &str| paint::width(painter, c, TextRole::Small) <= rest.width();
        let context = Some(fitting(&self.context, fits)).filter(|c| !c.is_empty());
        let context = context.unwrap_or(&self.context);
        Text::new(context, TextRole::Small, t.color(Token::Text2)).paint(painter, rest);
        if let Some(usage) = self.usage {
            let bar = Rect::from_min_max(
                pos2(left, rect.bottom() - 3.0),
                pos2(rect.right() - 12.0, rect.bottom()),
            );
            paint::use_bar(painter, bar, usage, t);
        }
        if self.state == TileState::Stale {
            let y = rect.bottom() - 1.0;
            let color = t.tint(Token::Accent, 0.7);
            painter.hline(left..=rect.center().x, y, Stroke::new(1.5, color));
        }
    }

    fn paint_plate(&self, ui: &Ui, rect: Rect, response: &Response) {
        let t = Theme::of(ui.ctx());
        let painter = ui.painter();
        let hot = response.hovered() || response.is_pointer_button_down_on();
        let edge = match (self.state, self.framed, hot) {
            (TileState::Stopped, true, _) => t.color(Token::WarnFill),
            (TileState::Infeasible, true, _) => t.color(Token::Err),
            (_, true, true) => t.color(Token::Line2),
            (_, true, false) => t.color(Token::Line),
            (_, false, _) => Color32::TRANSPARENT,
        };
        let fill = if hot { t.color(Token::Raised) } else { Color32::TRANSPARENT };
        let radius = if self.framed { size::RADIUS_CARD } else { 0.0 };
        paint::plate(painter, rect, radius, fill, Stroke::new(1.0, edge));
        if response.has_focus() {
            paint::focus_ring(painter, rect.shrink(2.0), size::RADIUS_INPUT, t);
        }
    }

    fn paint_value(&self, ui: &Ui, at: eframe::egui::Pos2, right: f32) {
        let t = Theme::of(ui.ctx());
        let clip = Rect::from_min_max(pos2(at.x, at.y - 24.0), pos2(right, at.y + 10.0));
        let painter = ui.painter_at(clip.expand2(vec2(1.0, 0.0)));
        let (role, color) = match self.state {
            TileState::Rest | TileState::Over => (TextRole::Headline, t.color(Token::Text1)),
            TileState::Preview => (TextRole::Headline, t.color(Token::Text2)),
            TileState::Stale => (TextRole::Headline, t.color(Token::Text3)),
            TileState::Stopped => (TextRole::BodyStrong, t.color(Token::Warn)),
            TileState::Infeasible => (TextRole::BodyStrong, t.color(Token::Err)),
        };
        let end = Text::new(&self.value, role, color).paint_at_baseline(&painter, at);
        Text::new(&self.unit, TextRole::HeadlineUnit, t.color(Token::Text2))
            .paint_at_baseline(&painter, pos2(end + 5.0, at.y));
    }
}
