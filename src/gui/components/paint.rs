//! Text and marks at exact places: what every other component is painted with.

use crate::gui::theme::{Theme, font};
use crate::scene::tokens::{TextRole, Token};
use eframe::egui::{
    Align, Color32, CornerRadius, Galley, Painter, Pos2, Rect, Stroke, StrokeKind, pos2,
    text::{LayoutJob, TextFormat, TextWrapping},
    vec2,
};
use std::sync::Arc;

/// Height of the letters above the baseline over the size of the face.
const ASCENT: f32 = 0.96875;

/// A line of text with its style, cut with an ellipsis where it does not fit.
#[derive(Clone, Copy)]
pub struct Text<'a> {
    pub text: &'a str,
    pub role: TextRole,
    pub color: Color32,
    pub align: Align,
}

impl<'a> Text<'a> {
    pub fn new(text: &'a str, role: TextRole, color: Color32) -> Self {
        Self { text, role, color, align: Align::Min }
    }

    pub fn right(self) -> Self {
        Self { align: Align::Max, ..self }
    }

    pub fn center(self) -> Self {
        Self { align: Align::Center, ..self }
    }

    /// Paints inside `rect`, centred in height; returns what the letters take.
    pub fn paint(self, painter: &Painter, rect: Rect) -> Rect {
        if self.text.is_empty() || rect.width() <= 0.0 {
            return Rect::from_min_size(rect.left_center(), vec2(0.0, 0.0));
        }
        let galley = line(painter, self.text, self.role, rect.width());
        let size = galley.size();
        let x = match self.align {
            Align::Min => rect.left(),
            Align::Center => rect.center().x - size.x / 2.0,
            Align::Max => rect.right() - size.x,
        };
        let pos = snapped(painter, pos2(x, rect.center().y - size.y / 2.0));
        painter.galley_with_override_text_color(pos, galley, self.color);
        Rect::from_min_size(pos, size)
    }

    /// Paints with the left end of the baseline at `at`, uncut; returns the right end.
    pub fn paint_at_baseline(self, painter: &Painter, at: Pos2) -> f32 {
        let galley = line(painter, self.text, self.role, f32::INFINITY);
        let ascent = self.role.style().size * ASCENT;
        let width = galley.size().x;
        let pos = snapped(painter, pos2(at.x, at.y - ascent));
        painter.galley_with_override_text_color(pos, galley, self.color);
        at.x + width
    }
}

/// The position on whole physical pixels, so that small text stays sharp.
fn snapped(painter: &Painter, pos: Pos2) -> Pos2 {
    let k = painter.pixels_per_point();
    pos2((pos.x * k).round() / k, (pos.y * k).round() / k)
}

/// One line laid out, cut to `width`.
pub fn line(painter: &Painter, text: &str, role: TextRole, width: f32) -> Arc<Galley> {
    let mut job = LayoutJob::single_section(
        text.to_owned(),
        TextFormat { font_id: font(role), color: Color32::PLACEHOLDER, ..TextFormat::default() },
    );
    // Half a point of grace: a width that was measured must not cut its own text.
    job.wrap = TextWrapping {
        max_width: width + 0.5,
        max_rows: 1,
        break_anywhere: true,
        ..TextWrapping::default()
    };
    painter.layout_job(job)
}

/// Width of a line of text.
pub fn width(painter: &Painter, text: &str, role: TextRole) -> f32 {
    line(painter, text, role, f32::INFINITY).size().x
}

/// A paragraph wrapped to `width`.
pub fn paragraph(painter: &Painter, text: &str, role: TextRole, width: f32) -> Arc<Galley> {
    let mut job = LayoutJob::single_section(
        text.to_owned(),
        TextFormat {
            font_id: font(role),
            line_height: Some(role.style().line),
            color: Color32::PLACEHOLDER,
            ..TextFormat::default()
        },
    );
    job.wrap.max_width = width;
    painter.layout_job(job)
}

/// A rounded filled box with an edge.
pub fn plate(painter: &Painter, rect: Rect, radius: f32, fill: Color32, edge: Stroke) {
    painter.rect(rect, corner(radius), fill, edge, StrokeKind::Inside);
}

pub fn corner(radius: f32) -> CornerRadius {
    CornerRadius::same(radius.round() as u8)
}

/// The ring around the widget that has the keyboard.
pub fn focus_ring(painter: &Painter, rect: Rect, radius: f32, theme: &Theme) {
    painter.rect_stroke(
        rect.expand(2.0),
        corner(radius + 2.0),
        Stroke::new(2.0, theme.color(Token::AccentBg)),
        StrokeKind::Inside,
    );
    painter.rect_stroke(
        rect,
        corner(radius),
        Stroke::new(1.0, theme.color(Token::Accent)),
        StrokeKind::Inside,
    );
}

/// A key as it stands on a keyboard, its right edge at `right_center`; returns its box.
pub fn keycap(painter: &Painter, right_center: Pos2, keys: &str, theme: &Theme) -> Rect {
    let size = vec2(width(painter, keys, TextRole::Small) + 10.0, 16.0);
    let corner_at = pos2(right_center.x - size.x, right_center.y - size.y / 2.0);
    let rect = Rect::from_min_size(corner_at, size);
    let edge = Stroke::new(1.0, theme.color(Token::Line2));
    plate(painter, rect, 3.0, Color32::TRANSPARENT, edge);
    Text::new(keys, TextRole::Small, theme.color(Token::Text3)).center().paint(painter, rect);
    rect
}

/// A dashed box.
pub fn dashed_box(painter: &Painter, rect: Rect, stroke: Stroke) {
    let r = rect.shrink(0.5);
    let outline = [r.left_top(), r.right_top(), r.right_bottom(), r.left_bottom(), r.left_top()];
    painter.extend(eframe::egui::Shape::dashed_line(&outline, stroke, 4.0, 3.0));
}

/// A horizontal hairline on a whole physical pixel.
pub fn hairline(painter: &Painter, left: f32, right: f32, y: f32, color: Color32) {
    let y = painter.round_to_pixel_center(y);
    painter.hline(left..=right, y, Stroke::new(1.0, color));
}

/// A vertical hairline on a whole physical pixel.
pub fn vertical_hairline(painter: &Painter, x: f32, rect: Rect, color: Color32) {
    let x = painter.round_to_pixel_center(x);
    painter.vline(x, rect.y_range(), Stroke::new(1.0, color));
}

/// How full a limit is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Use {
    /// Used over capacity; above 1 the limit is broken.
    pub frac: f64,
    pub state: UseState,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UseState {
    Slack,
    Binding,
    Broken,
    /// Unlimited or not checked: an empty track.
    Unchecked,
}

impl UseState {
    pub fn color(self, theme: &Theme) -> Color32 {
        match self {
            UseState::Slack => theme.color(Token::Accent),
            UseState::Binding => theme.color(Token::WarnFill),
            UseState::Broken => theme.color(Token::Err),
            UseState::Unchecked => theme.color(Token::Text3),
        }
    }
}

/// A bar that says how near a limit is.
pub fn use_bar(painter: &Painter, rect: Rect, usage: Use, theme: &Theme) {
    let radius = (rect.height() / 4.0).min(2.0);
    painter.rect_filled(rect, corner(radius), theme.color(Token::Raised));
    let filled = (usage.frac.clamp(0.0, 1.0) as f32) * rect.width();
    if usage.state != UseState::Unchecked && filled > 0.5 {
        let bar = Rect::from_min_size(rect.min, vec2(filled, rect.height()));
        painter.rect_filled(bar, corner(radius), usage.state.color(theme));
    }
}

/// The sign before a limit: filled square binding, hollow slack, triangle broken, ? not checked.
pub fn use_sign(painter: &Painter, center: Pos2, state: UseState, theme: &Theme) {
    let square = Rect::from_center_size(center, vec2(8.0, 8.0));
    match state {
        UseState::Binding => {
            painter.rect_filled(square, corner(1.0), theme.color(Token::WarnFill));
        }
        UseState::Slack => {
            let stroke = Stroke::new(1.0, theme.color(Token::Text3));
            painter.rect_stroke(square, corner(1.0), stroke, StrokeKind::Inside);
        }
        UseState::Broken => {
            painter.add(eframe::egui::Shape::convex_polygon(
                vec![center + vec2(0.0, -5.0), center + vec2(5.0, 4.0), center + vec2(-5.0, 4.0)],
                theme.color(Token::Err),
                Stroke::NONE,
            ));
        }
        UseState::Unchecked => {
            Text::new("?", TextRole::Small, theme.color(Token::Text3))
                .center()
                .paint(painter, Rect::from_center_size(center, vec2(10.0, 14.0)));
        }
    }
}
