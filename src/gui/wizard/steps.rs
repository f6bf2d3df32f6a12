//! The steps of the page, each with its place in the bar.

use crate::gui::components::paint::{self, Text};
use crate::gui::theme::Theme;
use crate::scene::tokens::{TextRole, Token};
use eframe::egui::{Rect, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Step {
    #[default]
    Size,
    Grid,
    Halls,
    Tiers,
    Check,
}

impl Step {
    pub const ALL: [Step; 5] = [Step::Size, Step::Grid, Step::Halls, Step::Tiers, Step::Check];

    pub const fn title(self) -> &'static str {
        match self {
            Step::Size => "Size and place",
            Step::Grid => "Grid",
            Step::Halls => "Halls and racks",
            Step::Tiers => "Tiers and prices",
            Step::Check => "Check",
        }
    }

    fn index(self) -> usize {
        Self::ALL.iter().position(|s| *s == self).unwrap_or(0)
    }

    pub fn next(self) -> Option<Step> {
        Self::ALL.get(self.index() + 1).copied()
    }

    pub fn previous(self) -> Option<Step> {
        self.index().checked_sub(1).and_then(|i| Self::ALL.get(i)).copied()
    }
}

const HEIGHT: f32 = 34.0;
const DISC: f32 = 10.0;

/// All steps over the width that is left, joined by lines; a click goes there.
pub fn bar(ui: &mut Ui, now: &mut Step) {
    let theme = Theme::of(ui.ctx());
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), HEIGHT), Sense::hover());
    let widths: Vec<f32> = Step::ALL
        .iter()
        .map(|s| 2.0 * DISC + 8.0 + paint::width(ui.painter(), s.title(), TextRole::BodyStrong))
        .collect();
    let free = rect.width() - widths.iter().sum::<f32>();
    let between = (free / (widths.len() - 1) as f32).max(12.0);
    let mut x = rect.left();
    let current = now.index();
    for (index, (step, width)) in Step::ALL.iter().zip(&widths).enumerate() {
        let place = Rect::from_min_size(pos2(x, rect.top()), vec2(*width, HEIGHT));
        let response = ui.interact(place, ui.scope_id().with(("step", index)), Sense::click());
        let on = index == current;
        let painter = ui.painter();
        let centre = pos2(x + DISC, place.center().y);
        let (fill, digit, words) = match (on, response.hovered()) {
            (true, _) => (Token::Accent, Token::OnAccent, Token::Text1),
            (false, true) => (Token::Raised, Token::Text1, Token::Text1),
            (false, false) => (Token::App, Token::Text3, Token::Text3),
        };
        painter.circle_filled(centre, DISC, theme.color(fill));
        if !on {
            painter.circle_stroke(centre, DISC, Stroke::new(1.0, theme.color(Token::Line2)));
        }
        let disc = Rect::from_center_size(centre, vec2(2.0 * DISC, 2.0 * DISC));
        let number = (index + 1).to_string();
        Text::new(&number, TextRole::SmallStrong, theme.color(digit)).center().paint(painter, disc);
        let text = place.with_min_x(x + 2.0 * DISC + 8.0);
        let role = if on { TextRole::BodyStrong } else { TextRole::Body };
        Text::new(step.title(), role, theme.color(words)).paint(painter, text);
        if response.has_focus() {
            paint::focus_ring(painter, place, 5.0, theme);
        }
        if index + 1 < widths.len() {
            let (from, to) = (place.right() + 10.0, place.right() + between - 10.0);
            let line = theme.color(Token::Line2);
            paint::hairline(painter, from, to.max(from), place.center().y, line);
        }
        let spoken = format!("Step {number}: {}", step.title());
        response.widget_info(|| WidgetInfo::selected(Role::Tab, true, on, &spoken));
        if response.clicked() {
            *now = *step;
        }
        x += width + between;
    }
}
