//! A choice of a few words, all visible.

use super::paint::{self, Text};
use crate::gui::theme::Theme;
use crate::scene::tokens::{TextRole, Token, size};
use eframe::egui::{Rect, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

/// Shows the options with the one at `selected` lit; returns the index that was clicked.
/// `name` goes before each option for assistive technology.
pub fn segmented(ui: &mut Ui, name: &str, options: &[&str], selected: usize) -> Option<usize> {
    let theme = Theme::of(ui.ctx());
    let widths: Vec<f32> = options
        .iter()
        .map(|o| paint::width(ui.painter(), o, TextRole::BodyMedium) + 20.0)
        .collect();
    let total = widths.iter().sum();
    let (rect, _) = ui.allocate_exact_size(vec2(total, 24.0), Sense::hover());
    let outline = Stroke::new(1.0, theme.color(Token::Line));
    paint::plate(ui.painter(), rect, size::RADIUS_BUTTON, theme.color(Token::Inset), outline);
    let mut clicked = None;
    let mut x = rect.left();
    for (index, (option, width)) in options.iter().zip(&widths).enumerate() {
        let cell = Rect::from_min_size(pos2(x, rect.top()), vec2(*width, rect.height()));
        let response = ui.interact(cell, ui.scope_id().with((name, index)), Sense::click());
        let on = index == selected;
        let color = match (on, response.hovered()) {
            (true, _) => theme.color(Token::Accent),
            (false, true) => theme.color(Token::Text1),
            (false, false) => theme.color(Token::Text2),
        };
        if on {
            let fill = theme.color(Token::AccentBg);
            paint::plate(ui.painter(), cell, size::RADIUS_BUTTON, fill, Stroke::NONE);
        }
        if response.has_focus() {
            paint::focus_ring(ui.painter(), cell, size::RADIUS_BUTTON, theme);
        }
        Text::new(option, TextRole::BodyMedium, color).center().paint(ui.painter(), cell);
        let label = format!("{name}: {option}");
        response.widget_info(|| WidgetInfo::selected(Role::RadioButton, true, on, &label));
        if response.clicked() && !on {
            clicked = Some(index);
        }
        x += width;
    }
    clicked
}
