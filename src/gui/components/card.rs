//! Cards with a header, and sections of a panel.

use super::paint::{self, Text};
use crate::gui::theme::Theme;
use crate::scene::tokens::{TextRole, Token, size};
use eframe::egui::{Frame, InnerResponse, Margin, Rect, Sense, Stroke, Ui, pos2, vec2};

/// Height of the header of a card.
pub const HEADER: f32 = 32.0;

/// A card that fills the width; the caption stands right in the header.
pub fn card<R>(
    ui: &mut Ui,
    title: &str,
    caption: &str,
    body: impl FnOnce(&mut Ui) -> R,
) -> InnerResponse<R> {
    let theme = Theme::of(ui.ctx());
    Frame::new()
        .fill(theme.color(Token::Panel))
        .stroke(theme.hairline())
        .corner_radius(paint::corner(size::RADIUS_CARD))
        .show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            let wanted = vec2(ui.available_width(), HEADER);
            let (rect, _) = ui.allocate_exact_size(wanted, Sense::hover());
            header(ui, rect, title, caption);
            Frame::new().inner_margin(Margin::same(12)).show(ui, body).inner
        })
}

/// The plate of a card whose place is known.
pub fn plate(ui: &Ui, rect: Rect) {
    let theme = Theme::of(ui.ctx());
    let edge = Stroke::new(size::HAIRLINE, theme.color(Token::Line));
    paint::plate(ui.painter(), rect, size::RADIUS_CARD, theme.color(Token::Panel), edge);
}

/// Title left, caption right, hairline below, at the top of a card.
pub fn header(ui: &Ui, rect: Rect, title: &str, caption: &str) {
    let theme = Theme::of(ui.ctx());
    let row = Rect::from_min_size(rect.min, vec2(rect.width(), HEADER)).shrink2(vec2(12.0, 0.0));
    let painter = ui.painter();
    let taken = Text::new(title, TextRole::BodyStrong, theme.color(Token::Text1))
        .paint(painter, row)
        .right();
    let rest = Rect::from_min_max(pos2(taken + 12.0, row.top()), row.right_bottom());
    let caption = fitting(caption, |c| paint::width(painter, c, TextRole::Small) <= rest.width());
    Text::new(caption, TextRole::Small, theme.color(Token::Text3)).right().paint(painter, rest);
    let y = rect.top() + HEADER;
    paint::hairline(painter, rect.left() + 1.0, rect.right() - 1.0, y, theme.color(Token::Line));
}

/// As many of a caption's parts, from the first on, as fit: better less than cut off.
pub fn fitting(caption: &str, fits: impl Fn(&str) -> bool) -> &str {
    let mut rest = caption;
    while !fits(rest) {
        let end = [", ", " · ", "; "].iter().filter_map(|s| rest.rfind(s)).max();
        let Some(shorter) = end.and_then(|end| rest.get(..end)) else { return "" };
        rest = shorter;
    }
    rest
}

/// The part of a card below its header, padded.
pub fn body(rect: Rect) -> Rect {
    Rect::from_min_max(
        pos2(rect.left() + size::CARD_PADDING, rect.top() + HEADER + 8.0),
        pos2(rect.right() - size::CARD_PADDING, rect.bottom() - 8.0),
    )
}

/// A section of a panel: a hairline above (unless it is the first), title and caption.
pub fn section(ui: &mut Ui, title: &str, caption: &str, first: bool) {
    let theme = Theme::of(ui.ctx());
    let height = if first { 28.0 } else { 38.0 };
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
    let painter = ui.painter();
    if !first {
        let y = rect.top() + 5.0;
        // The line runs through the padding of the panel.
        let wide = rect.expand2(vec2(size::CARD_PADDING, 0.0));
        let painter = painter.with_clip_rect(ui.clip_rect().union(wide));
        paint::hairline(&painter, wide.left(), wide.right(), y, theme.color(Token::Line));
    }
    let line = Rect::from_min_max(pos2(rect.left(), rect.bottom() - 26.0), rect.right_bottom());
    let taken = Text::new(title, TextRole::BodyStrong, theme.color(Token::Text1))
        .paint(painter, line)
        .right();
    let rest = Rect::from_min_max(pos2(taken + 12.0, line.top()), line.right_bottom());
    Text::new(caption, TextRole::Small, theme.color(Token::Text3)).right().paint(painter, rest);
}

#[cfg(test)]
mod tests {
    use super::fitting;

    #[test]
    fn a_caption_loses_whole_parts_where_the_card_is_narrow() {
        let caption = "$B, 10,000 runs, P(NPV < 0) 13.0 %";
        assert_eq!(fitting(caption, |c| c.len() < 40), caption);
        assert_eq!(fitting(caption, |c| c.len() < 10), "$B");
        assert_eq!(fitting("as every report prints them", |_| false), "");
    }
}
