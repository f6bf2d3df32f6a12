//! The conclusion bar: one sentence with the figure in front, and the caveat
//! that matters in the same bar, so that the claim never travels without it.

use super::paint::{self, Text};
use crate::gui::icons::Icon;
use crate::gui::theme::Theme;
use crate::scene::tokens::{TextRole, Token};
use eframe::egui::{Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};

/// What the bar says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Conclusion {
    pub sentence: String,
    /// The same in other terms, small.
    pub detail: String,
    pub caveat: String,
    pub tone: ConclusionTone,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ConclusionTone {
    #[default]
    Good,
    /// No gain, or nothing to compare with.
    Neutral,
    /// Infeasible.
    Bad,
}

const HEIGHT: f32 = 44.0;

/// Shows the bar across the width that is left.
pub fn conclusion(ui: &mut Ui, what: &Conclusion) {
    let theme = Theme::of(ui.ctx());
    let (fill, mark) = match what.tone {
        ConclusionTone::Good => (Token::OkBg, Token::Ok),
        ConclusionTone::Neutral => (Token::Panel, Token::Text2),
        ConclusionTone::Bad => (Token::ErrBg, Token::Err),
    };
    let (rect, response) =
        ui.allocate_exact_size(vec2(ui.available_width(), HEIGHT), Sense::hover());
    let painter = ui.painter();
    painter.rect_filled(rect, 0.0, theme.color(fill));
    let icon = if what.tone == ConclusionTone::Bad { Icon::Warning } else { Icon::ArrowRight };
    icon.paint(painter, pos2(rect.left() + 22.0, rect.center().y), theme.color(mark));

    let caveat = paint::width(painter, &what.caveat, TextRole::Body);
    let room = rect.right() - 16.0;
    let caveat_left = if what.caveat.is_empty() { room } else { room - caveat - 26.0 };
    let inner = Rect::from_min_max(
        pos2(rect.left() + 42.0, rect.top()),
        pos2((caveat_left - 16.0).max(rect.left() + 240.0), rect.bottom()),
    );
    let taken = Text::new(&what.sentence, TextRole::H1, theme.color(Token::Text1))
        .paint(painter, inner)
        .right();
    let rest = Rect::from_min_max(pos2(taken + 14.0, inner.top()), inner.right_bottom());
    // Half a detail says nothing: whole, or where it has no room at the pointer.
    let fits = paint::width(painter, &what.detail, TextRole::Body) <= rest.width();
    if fits {
        Text::new(&what.detail, TextRole::Body, theme.color(Token::Text2)).paint(painter, rest);
    }
    if !what.caveat.is_empty() {
        let at = pos2(caveat_left.max(inner.right() + 4.0), rect.center().y);
        Icon::Warning.paint_sized(painter, at + vec2(8.0, 0.0), 15.0, theme.color(Token::Warn));
        let words = Rect::from_min_max(pos2(at.x + 22.0, rect.top()), pos2(room, rect.bottom()));
        Text::new(&what.caveat, TextRole::Body, theme.color(Token::Text2)).paint(painter, words);
    }
    let name = format!("{}. {}. {}", what.sentence, what.detail, what.caveat);
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &name));
    if !fits {
        response.on_hover_text(&what.detail);
    }
}
