//! What stands where there is nothing yet: what is missing, why it matters, one way on.

use super::button::Button;
use super::paint;
use crate::gui::theme::Theme;
use crate::scene::tokens::{TextRole, Token};
use eframe::egui::{Align, Layout, Ui, vec2};

/// Centred in the space that is left; true when the button was clicked.
pub fn empty(ui: &mut Ui, title: &str, why: &str, button: Option<&str>) -> bool {
    let theme = Theme::of(ui.ctx());
    let room = ui.available_height();
    ui.allocate_ui_with_layout(
        vec2(ui.available_width(), room),
        Layout::top_down(Align::Center),
        |ui| {
            ui.add_space(((room - 90.0) / 2.0).clamp(8.0, 160.0));
            line(ui, title, TextRole::BodyStrong, theme.color(Token::Text1));
            ui.add_space(2.0);
            line(ui, why, TextRole::Body, theme.color(Token::Text2));
            ui.add_space(8.0);
            button.is_some_and(|text| Button::new(text).show(ui).clicked())
        },
    )
    .inner
}

fn line(ui: &mut Ui, text: &str, role: TextRole, color: eframe::egui::Color32) {
    let width = (ui.available_width() - 24.0).clamp(40.0, 360.0);
    let galley = paint::paragraph(ui.painter(), text, role, width);
    let (rect, response) = ui.allocate_exact_size(galley.size(), eframe::egui::Sense::hover());
    ui.painter().galley_with_override_text_color(rect.min, galley, color);
    let name = text.to_owned();
    response
        .widget_info(|| eframe::egui::WidgetInfo::labeled(eframe::egui::Role::Label, true, &name));
}
