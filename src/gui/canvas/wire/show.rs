//! How a connection looks while it is drawn.

use super::{Port, Target, Verdict, Wire};
use crate::editor::Supply;
use crate::gui::canvas::badge::floating;
use crate::gui::components::paint;
use crate::gui::context::{Context, Element, Kind};
use crate::gui::icons::Icon;
use crate::gui::panels::limits::name_of;
use crate::gui::theme::Theme;
use crate::scene::tokens::{TextRole, Token, size};
use eframe::egui::{Painter, Pos2, Rect, Shape, Stroke, StrokeKind, pos2, vec2};

/// Lines that stand at the pointer.
pub struct Sentence {
    refused: bool,
    lines: Vec<(String, Token)>,
}

/// A target that can be connected.
pub fn possible(painter: &Painter, rect: Rect) {
    let theme = Theme::of(painter.ctx());
    let rect = rect.expand(1.0);
    painter.rect_filled(rect, 2.0, theme.tint(Token::Accent, 0.12));
    let stroke = Stroke::new(1.0, theme.color(Token::Accent));
    painter.rect_stroke(rect, 2.0, stroke, StrokeKind::Outside);
}

/// The target that releasing now would connect.
pub fn chosen(painter: &Painter, rect: Rect) {
    let theme = Theme::of(painter.ctx());
    let stroke = Stroke::new(size::SELECTION + 1.0, theme.color(Token::Accent));
    painter.rect_stroke(rect.expand(2.0), 2.0, stroke, StrokeKind::Outside);
}

/// The drawn line; dashed with an open point where it is path B.
pub fn line(
    painter: &Painter,
    (from, to): (Pos2, Pos2),
    b: bool,
    verdict: &Option<(Supply, Verdict)>,
) {
    let theme = Theme::of(painter.ctx());
    let refused = matches!(verdict, Some((_, Err(_))));
    let color = theme.color(if refused { Token::Err } else { Token::Accent });
    let stroke = Stroke::new(2.0, color);
    let cooling = matches!(verdict, Some((Supply::Coolant, _)));
    if b && !cooling {
        painter.extend(Shape::dashed_line(&[from, to], stroke, 6.0, 4.0));
        let open = from.lerp(to, 0.5);
        painter.circle(open, 4.0, theme.color(Token::Canvas), stroke);
    } else {
        painter.line_segment([from, to], stroke);
    }
    painter.circle(to, 4.0, theme.color(Token::Canvas), stroke);
}

/// What releasing would do, or why it would do nothing.
pub fn sentence(
    context: &Context,
    wire: &Wire,
    target: &Target,
    verdict: &Option<(Supply, Verdict)>,
) -> Sentence {
    let named = |elements: &[Element]| name(context, elements);
    let (to, source) = match wire.port {
        Port::In => (named(&wire.from), named(&target.elements)),
        Port::Out => (named(&target.elements), named(&wire.from)),
    };
    match verdict {
        Some((_, Err(why))) => Sentence { refused: true, lines: vec![(why.clone(), Token::Text1)] },
        Some((supply, Ok(warnings))) => {
            let words = match supply {
                Supply::A => format!("Feed {to} from {source}"),
                Supply::B => format!("Feed {to} from {source} on path B"),
                Supply::Coolant => format!("Cool {to} by {source}"),
            };
            let mut lines = vec![(words, Token::Text1)];
            lines.extend(warnings.iter().map(|w| (w.clone(), Token::Warn)));
            Sentence { refused: false, lines }
        }
        None => Sentence { refused: false, lines: Vec::new() },
    }
}

/// The lines on a plate at the pointer; a refusal in the tone of an error, with a cross.
pub fn chip(painter: &Painter, at: Pos2, sentence: &Sentence, room: Rect) {
    if sentence.lines.is_empty() {
        return;
    }
    let theme = Theme::of(painter.ctx());
    let left = if sentence.refused { 28.0 } else { 10.0 };
    let most = (room.width() - left - 30.0).max(80.0);
    let galleys: Vec<_> = sentence
        .lines
        .iter()
        .map(|(text, token)| {
            (paint::paragraph(painter, text, TextRole::Body, most.min(360.0)), *token)
        })
        .collect();
    let wide = galleys.iter().map(|(g, _)| g.size().x).fold(0.0, f32::max);
    let tall: f32 = galleys.iter().map(|(g, _)| g.size().y).sum();
    let whole = vec2(wide + left + 10.0, tall + 12.0);
    let mut corner = at + vec2(14.0, 16.0);
    if corner.x + whole.x > room.right() - 4.0 {
        corner.x = at.x - whole.x - 8.0;
    }
    if corner.y + whole.y > room.bottom() - 4.0 {
        corner.y = at.y - whole.y - 8.0;
    }
    let plate = Rect::from_min_size(corner, whole);
    floating(painter, plate, theme);
    if sentence.refused {
        let edge = Stroke::new(1.0, theme.color(Token::Err));
        paint::plate(painter, plate, size::RADIUS_CARD, theme.color(Token::ErrBg), edge);
        let cross = pos2(plate.left() + 15.0, plate.top() + 14.0);
        Icon::Cross.paint_sized(painter, cross, 12.0, theme.color(Token::Err));
    }
    let mut y = plate.top() + 6.0;
    for (galley, token) in galleys {
        let tall = galley.size().y;
        let place = pos2(plate.left() + left, y);
        painter.galley_with_override_text_color(place, galley, theme.color(token));
        y += tall;
    }
}

/// One element by its name, several by their number.
pub fn name(context: &Context, elements: &[Element]) -> String {
    match elements {
        [one] => name_of(context, one).unwrap_or_else(|| one.id.clone()),
        many if many.iter().all(|e| e.kind == Kind::Block) => format!("{} blocks", many.len()),
        many if many.iter().all(|e| e.kind == Kind::Node) => format!("{} nodes", many.len()),
        many => format!("{} elements", many.len()),
    }
}
