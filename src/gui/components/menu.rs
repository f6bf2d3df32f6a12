//! Entries of menus and lists.

use super::paint::{self, Text};
use crate::gui::icons::Icon;
use crate::gui::theme::Theme;
use crate::scene::tokens::{TextRole, Token, size};
use eframe::egui::{
    Color32, Painter, Popup, Rect, Response, Role, ScrollArea, Sense, Stroke, Ui, WidgetInfo, pos2,
    vec2,
};

const ROW: f32 = 26.0;
/// Between a long menu and the edge of the window.
const MARGIN: f32 = 16.0;

/// An entry of a menu.
pub struct Entry<'a> {
    pub text: &'a str,
    /// Ready for people, e.g. `Ctrl+S`.
    pub shortcut: &'a str,
    pub icon: Option<Icon>,
    pub enabled: bool,
}

impl Entry<'_> {
    /// Width that the entry needs.
    pub fn width(&self, painter: &Painter) -> f32 {
        let words = paint::width(painter, self.text, TextRole::Body);
        let keys = paint::width(painter, self.shortcut, TextRole::Small);
        34.0 + words + if keys > 0.0 { keys + 36.0 } else { 16.0 }
    }

    pub fn show(&self, ui: &mut Ui) -> Response {
        let width = self.width(ui.painter()).max(ui.available_width());
        let sense = if self.enabled { Sense::click() } else { Sense::hover() };
        let (rect, response) = ui.allocate_exact_size(vec2(width, ROW), sense);
        let theme = Theme::of(ui.ctx());
        let painter = ui.painter();
        let hot = self.enabled && (response.hovered() || response.has_focus());
        if hot {
            let fill = theme.color(Token::Raised);
            paint::plate(painter, rect, size::RADIUS_INPUT, fill, Stroke::NONE);
        }
        let color = if self.enabled { Token::Text1 } else { Token::Text3 };
        if let Some(icon) = self.icon {
            let color = theme.color(if self.enabled { Token::Text2 } else { Token::Text3 });
            icon.paint_sized(painter, pos2(rect.left() + 15.0, rect.center().y), 14.0, color);
        }
        let inner =
            Rect::from_min_max(pos2(rect.left() + 30.0, rect.top()), rect.max - vec2(8.0, 0.0));
        Text::new(self.text, TextRole::Body, theme.color(color)).paint(painter, inner);
        Text::new(self.shortcut, TextRole::Small, theme.color(Token::Text3))
            .right()
            .paint(painter, inner);
        let (name, enabled) = (self.text.to_owned(), self.enabled);
        response.widget_info(|| WidgetInfo::labeled(Role::MenuItem, enabled, &name));
        if response.gained_focus() {
            response.scroll_to_me(None);
        }
        response
    }
}

/// An entry of a list of options; the one in force has a check.
pub fn option(ui: &mut Ui, text: &str, on: bool) -> Response {
    let icon = on.then_some(Icon::Check);
    let response = Entry { text, shortcut: "", icon, enabled: true }.show(ui);
    if response.clicked() {
        ui.close();
    }
    response
}

/// A hairline between groups of entries.
pub fn divider(ui: &mut Ui) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 7.0), Sense::hover());
    let color = Theme::of(ui.ctx()).color(Token::Line);
    paint::hairline(ui.painter(), rect.left(), rect.right(), rect.center().y, color);
}

/// Small grey words above a group of entries.
pub fn caption(ui: &mut Ui, text: &str) {
    divider(ui);
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 18.0), Sense::hover());
    let grey = Theme::of(ui.ctx()).color(Token::Text3);
    let inner = Rect::from_min_max(pos2(rect.left() + 10.0, rect.top()), rect.max);
    Text::new(text, TextRole::Small, grey).paint(ui.painter(), inner);
}

/// Entries that scroll where they are taller than the window below `top`.
pub fn scrolled(ui: &mut Ui, top: f32, entries: impl FnOnce(&mut Ui)) {
    let tall = ui.ctx().content_rect().bottom() - top - MARGIN;
    ScrollArea::vertical().min_scrolled_height(tall).max_height(tall).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 1.0;
        entries(ui);
    });
}

/// A word of the menu bar with the menu, `wide` points, below it.
pub fn menu(ui: &mut Ui, title: &str, wide: f32, entries: impl FnOnce(&mut Ui)) {
    let width = paint::width(ui.painter(), title, TextRole::Body) + 18.0;
    let (rect, response) = ui.allocate_exact_size(vec2(width, 26.0), Sense::click());
    let theme = Theme::of(ui.ctx());
    let open = Popup::is_id_open(ui.ctx(), Popup::default_response_id(&response));
    let hot = open || response.hovered() || response.has_focus();
    let fill = if hot { theme.color(Token::Raised) } else { Color32::TRANSPARENT };
    paint::plate(ui.painter(), rect, size::RADIUS_BUTTON, fill, Stroke::NONE);
    let color = theme.color(if hot { Token::Text1 } else { Token::Text2 });
    Text::new(title, TextRole::Body, color).center().paint(ui.painter(), rect);
    let name = format!("{title} menu");
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
    Popup::menu(&response).width(wide).show(|ui| {
        ui.set_width(wide);
        scrolled(ui, rect.bottom(), entries);
    });
}
