//! Other ways to start: open a file, one of the examples, a recent file.

use crate::gui::action::{Action, Actions, File};
use crate::gui::components::card::section;
use crate::gui::components::paint::{self, Text};
use crate::gui::context::Context;
use crate::gui::examples;
use crate::gui::icons::Icon;
use crate::gui::theme::Theme;
use crate::scene::tokens::{TextRole, Token, size};
use eframe::egui::{Rect, Role, ScrollArea, Sense, Ui, WidgetInfo, pos2, vec2};

/// Most recent files that are listed.
const RECENT: usize = 5;

pub fn show(ui: &mut Ui, cx: &Context<'_>, actions: &mut Actions) {
    ui.spacing_mut().item_spacing.y = 2.0;
    section(ui, "Start", "", true);
    row(ui, Icon::Plus, ("New site", ""), true);
    if row(ui, Icon::File, ("Open...", ""), false) {
        actions.push(Action::File(File::Open));
    }
    ScrollArea::vertical().id_salt("ways").show(ui, |ui| {
        section(ui, "Examples", "", false);
        let empty = ("Empty parcel", "An outline, the rest by hand");
        if row(ui, Icon::Area, empty, false) {
            actions.push(Action::File(File::EmptyParcel));
        }
        for (index, example) in examples::ALL.iter().enumerate() {
            if row(ui, example.icon, (example.name, example.what), false) {
                actions.push(Action::File(File::OpenExample(index)));
            }
        }
        if cx.document.recent.is_empty() {
            return;
        }
        section(ui, "Recent", "", false);
        for path in cx.document.recent.iter().take(RECENT) {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let folder = path.parent().map(|p| p.display().to_string()).unwrap_or_default();
            if row(ui, Icon::File, (&name, &folder), false) {
                actions.push(Action::File(File::OpenPath(path.clone())));
            }
        }
    });
}

/// A line, or two, with an icon; true when it was clicked.
fn row(ui: &mut Ui, icon: Icon, (name, what): (&str, &str), selected: bool) -> bool {
    let theme = Theme::of(ui.ctx());
    let height = if what.is_empty() { 30.0 } else { 42.0 };
    let (rect, response) =
        ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::click());
    let painter = ui.painter();
    if selected {
        painter.rect_filled(rect, size::RADIUS_BUTTON, theme.color(Token::AccentBg));
    } else if response.hovered() {
        painter.rect_filled(rect, size::RADIUS_BUTTON, theme.color(Token::Raised));
    }
    if response.has_focus() {
        paint::focus_ring(painter, rect, size::RADIUS_BUTTON, theme);
    }
    let centre = pos2(rect.left() + 18.0, rect.top() + if what.is_empty() { 15.0 } else { 21.0 });
    icon.paint(painter, centre, theme.color(Token::Text2));
    let text = |top: f32, high: f32| {
        Rect::from_min_max(
            pos2(rect.left() + 36.0, rect.top() + top),
            pos2(rect.right() - 8.0, rect.top() + top + high),
        )
    };
    let grey = if selected { Token::Text2 } else { Token::Text3 };
    let first = if what.is_empty() { text(0.0, 30.0) } else { text(4.0, 18.0) };
    Text::new(name, TextRole::BodyMedium, theme.color(Token::Text1)).paint(painter, first);
    if !what.is_empty() {
        Text::new(what, TextRole::Small, theme.color(grey)).paint(painter, text(21.0, 16.0));
    }
    let spoken = if what.is_empty() { name.to_owned() } else { format!("{name}: {what}") };
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, selected, &spoken));
    response.clicked()
}
