//! A choice from a list that opens.

use super::menu;
use super::paint::{self, Text};
use crate::gui::icons::Icon;
use crate::gui::theme::Theme;
use crate::scene::tokens::{TextRole, Token, size};
use eframe::egui::{
    Color32, Id, Popup, Rect, Role, ScrollArea, Sense, Stroke, Ui, WidgetInfo, pos2, vec2,
};

/// A choice: what stands in the field, and what can stand there.
pub struct Select<'a> {
    pub id: Id,
    /// Accessible name.
    pub name: &'a str,
    pub options: &'a [String],
    pub selected: Option<usize>,
    /// Shown where nothing is selected.
    pub placeholder: &'a str,
    /// A dot before the text, in the colour of what is chosen.
    pub dot: Option<Color32>,
}

impl Select<'_> {
    /// Shows the field in `rect`; returns the index that was chosen.
    pub fn show(&self, ui: &mut Ui, rect: Rect) -> Option<usize> {
        let theme = Theme::of(ui.ctx());
        let response = ui.interact(rect, self.id, Sense::click());
        let open = Popup::is_id_open(ui.ctx(), Popup::default_response_id(&response));
        let edge = if response.hovered() || open { Token::Line2 } else { Token::Line };
        let painter = ui.painter();
        let outline = Stroke::new(1.0, theme.color(edge));
        paint::plate(painter, rect, size::RADIUS_INPUT, theme.color(Token::Inset), outline);
        if response.has_focus() {
            paint::focus_ring(painter, rect, size::RADIUS_INPUT, theme);
        }
        let chosen = self.selected.and_then(|i| self.options.get(i));
        let (text, color) = match chosen {
            Some(text) => (text.as_str(), Token::Text1),
            None => (self.placeholder, Token::Text3),
        };
        let mut left = rect.left() + 8.0;
        if let Some(dot) = self.dot {
            painter.circle_filled(pos2(left + 3.0, rect.center().y), 3.0, dot);
            left += 12.0;
        }
        let inner = Rect::from_min_max(pos2(left, rect.top()), rect.max - vec2(20.0, 0.0));
        Text::new(text, TextRole::Body, theme.color(color)).paint(painter, inner);
        let chevron = pos2(rect.right() - 11.0, rect.center().y);
        Icon::ChevronDown.paint_sized(painter, chevron, 13.0, theme.color(Token::Text3));
        let spoken = format!("{}: {text}", self.name);
        response.widget_info(|| WidgetInfo::labeled(Role::ComboBox, true, &spoken));
        let mut picked = None;
        Popup::menu(&response).width(rect.width()).show(|ui| {
            ui.set_min_width(rect.width().max(120.0));
            ScrollArea::vertical().max_height(320.0).show(ui, |ui| {
                for (index, option) in self.options.iter().enumerate() {
                    let on = Some(index) == self.selected;
                    if menu::option(ui, option, on).clicked() {
                        picked = Some(index).filter(|_| !on);
                    }
                }
            });
        });
        picked
    }
}
