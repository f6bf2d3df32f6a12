//! The strip that says that the document's file is no longer as it was, or may not be written.

use crate::gui::action::{Action, Actions, File};
use crate::gui::components::button::{Button, Look};
use crate::gui::components::paint::{self, Text};
use crate::gui::context::{Context, Disk};
use crate::gui::icons::Icon;
use crate::gui::theme::Theme;
use crate::scene::tokens::{TextRole, Token};
use eframe::egui::{Align, Layout, Rect, Role, Sense, Ui, UiBuilder, WidgetInfo, pos2};

pub const HEIGHT: f32 = 36.0;

/// Fills the strip with the news and what can be done about it.
pub fn show(ui: &mut Ui, cx: &Context<'_>, actions: &mut Actions) {
    let theme = Theme::of(ui.ctx());
    let rect = ui.max_rect();
    let file = cx.document.path.and_then(|p| p.file_name()).map(|n| n.to_string_lossy());
    let file = file.unwrap_or_default();
    let (words, choices): (String, &[(&str, Look, File)]) = match cx.document.disk {
        Disk::Same => return,
        Disk::Changed => (
            format!("{file} was changed by another program"),
            &[
                ("Reload", Look::Normal, File::Reload),
                ("Keep mine", Look::Ghost, File::KeepMine),
                ("Compare...", Look::Ghost, File::Compare),
            ],
        ),
        Disk::Gone => (
            format!("{file} was moved or deleted; saving writes it again"),
            &[("Save", Look::Normal, File::Save), ("Keep open", Look::Ghost, File::KeepMine)],
        ),
        Disk::ReadOnly => (
            format!("{file} is read-only: changes go into a file of another name"),
            &[
                ("Save as...", Look::Normal, File::SaveAs),
                ("Keep open", Look::Ghost, File::KeepMine),
            ],
        ),
    };
    let painter = ui.painter();
    let icon = pos2(rect.left() + 20.0, rect.center().y);
    Icon::Warning.paint_sized(painter, icon, 15.0, theme.color(Token::Warn));
    let width = paint::width(painter, &words, TextRole::Body);
    let text =
        Rect::from_x_y_ranges(rect.left() + 36.0..=rect.left() + 37.0 + width, rect.y_range());
    Text::new(&words, TextRole::Body, theme.color(Token::Text1)).paint(painter, text);
    let response = ui.interact(text, ui.scope_id().with("news"), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Alert, true, &words));
    let room = Rect::from_min_max(pos2(text.right() + 14.0, rect.top()), rect.max);
    let row = UiBuilder::new().max_rect(room).layout(Layout::left_to_right(Align::Center));
    ui.scope_builder(row, |ui| {
        ui.spacing_mut().item_spacing.x = 4.0;
        for (text, look, file) in choices {
            if Button::new(text).look(*look).show(ui).clicked() {
                actions.push(Action::File(file.clone()));
            }
        }
    });
}
