//! What a chart shows under the pointer: a crosshair, and beside it a floating plate of
//! lines, the first of them strong.

use super::paint::{self, Text};
use crate::gui::theme::Theme;
use crate::scene::tokens::{TextRole, Token, size};
use eframe::egui::{Painter, Pos2, Rect, Stroke, StrokeKind, pos2, vec2};

/// Height of a line.
const LINE: f32 = 14.0;
/// Distance from the pointer.
const AWAY: f32 = 12.0;

/// Lines through a point, across the plot.
pub fn crosshair(painter: &Painter, at: Pos2, plot: Rect) {
    let stroke = Stroke::new(1.0, Theme::of(painter.ctx()).tint(Token::Text3, 0.7));
    painter.vline(at.x, plot.y_range(), stroke);
    painter.hline(plot.x_range(), at.y, stroke);
}

/// Paints the lines beside `at`, on the side where `room` has space for them.
pub fn readout(painter: &Painter, at: Pos2, lines: &[String], room: Rect) {
    let theme = Theme::of(painter.ctx());
    let role = |i: usize| if i == 0 { TextRole::SmallStrong } else { TextRole::Small };
    let widths = lines.iter().enumerate().map(|(i, l)| paint::width(painter, l, role(i)));
    let wide = widths.fold(0.0, f32::max);
    let whole = vec2(wide + 18.0, LINE * lines.len() as f32 + 10.0);
    let mut corner = at + vec2(AWAY, AWAY);
    if corner.x + whole.x > room.right() {
        corner.x = at.x - whole.x - AWAY;
    }
    if corner.y + whole.y > room.bottom() {
        // A tall plate near the edge slides along it rather than leaving the room.
        corner.y = (at.y - whole.y - AWAY).max(room.top());
    }
    let plate = Rect::from_min_size(corner, whole);
    let round = paint::corner(size::RADIUS_INPUT);
    painter.add(theme.shadow().as_shape(plate, round));
    painter.rect(plate, round, theme.color(Token::Panel), theme.outline(), StrokeKind::Inside);
    for (i, line) in lines.iter().enumerate() {
        let y = plate.top() + 5.0 + LINE * i as f32;
        let row = Rect::from_min_size(pos2(plate.left() + 9.0, y), vec2(wide + 1.0, LINE));
        let token = if i == 0 { Token::Text1 } else { Token::Text2 };
        Text::new(line, role(i), theme.color(token)).paint(painter, row);
    }
}
