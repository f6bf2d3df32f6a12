//! The bar at the top: mark, menus, undo and redo, document, search, theme.

use crate::gui::action::{Action, Actions, File, View};
use crate::gui::commands::{self, Command, Menu};
use crate::gui::components::button::Button;
use crate::gui::components::menu::{self, Entry};
use crate::gui::components::paint::{self, Text};
use crate::gui::context::Context;
use crate::gui::context_menu;
use crate::gui::icons::Icon;
use crate::gui::theme::Theme;
use crate::scene::tokens::{TextRole, Token, size};
use eframe::egui::{
    Align, Layout, Painter, Pos2, Rect, Role, Sense, ThemePreference, Ui, UiBuilder, WidgetInfo,
    pos2, vec2,
};
use std::ffi::OsStr;
use std::path::Path;

pub fn show(ui: &mut Ui, cx: &Context<'_>, actions: &mut Actions) {
    let rect = ui.max_rect();
    let left = ui
        .scope_builder(row(rect, Layout::left_to_right(Align::Center)), |ui| {
            ui.spacing_mut().item_spacing.x = 2.0;
            ui.add_space(10.0);
            brand(ui);
            ui.add_space(8.0);
            for which in Menu::ALL {
                one_menu(ui, cx, which, actions);
            }
            ui.add_space(8.0);
            divider(ui, rect);
            ui.add_space(6.0);
            history(ui, cx, actions);
            ui.min_rect().right()
        })
        .inner;
    let right = ui
        .scope_builder(row(rect, Layout::right_to_left(Align::Center)), |ui| {
            ui.spacing_mut().item_spacing.x = 4.0;
            ui.add_space(8.0);
            export(ui, cx, actions);
            theme_switch(ui, actions);
            zoom(ui, actions);
            divider(ui, rect);
            ui.add_space(2.0);
            search(ui, cx, actions);
            ui.min_rect().left()
        })
        .inner;
    document(ui, cx, Rect::from_x_y_ranges(left + 12.0..=right - 12.0, rect.y_range()));
}

fn row(rect: Rect, layout: Layout) -> UiBuilder {
    UiBuilder::new().max_rect(rect).layout(layout)
}

/// The mark: three rising bars in a rounded square.
pub fn paint_mark(painter: &Painter, center: Pos2, side: f32, theme: &Theme) {
    let k = side / 16.0;
    let plate = Rect::from_center_size(center, vec2(side, side));
    painter.rect_filled(plate, paint::corner(4.0 * k), theme.color(Token::Accent));
    for (x, height) in [(3.5, 5.0), (6.9, 9.0), (10.3, 7.0)] {
        let bottom = plate.top() + 12.5 * k;
        let bar = Rect::from_min_max(
            pos2(plate.left() + x * k, bottom - height * k),
            pos2(plate.left() + (x + 2.2) * k, bottom),
        );
        painter.rect_filled(bar, paint::corner(0.6 * k), theme.color(Token::OnAccent));
    }
}

fn brand(ui: &mut Ui) {
    let theme = Theme::of(ui.ctx());
    let words = paint::width(ui.painter(), "Gigasite", TextRole::BodyStrong);
    let (rect, response) = ui.allocate_exact_size(vec2(24.0 + words, 26.0), Sense::hover());
    paint_mark(ui.painter(), pos2(rect.left() + 8.0, rect.center().y), 16.0, theme);
    let text = Rect::from_min_max(pos2(rect.left() + 24.0, rect.top()), rect.max);
    Text::new("Gigasite", TextRole::BodyStrong, theme.color(Token::Text1))
        .paint(ui.painter(), text);
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, "Gigasite"));
}

fn one_menu(ui: &mut Ui, cx: &Context<'_>, which: Menu, actions: &mut Actions) {
    let wide = menu_width(ui, cx, which);
    menu::menu(ui, which.title(), wide, |ui| {
        let stands_here = |c: &Command| c.menu() == which && c.in_menu();
        for command in commands::ALL.iter().copied().filter(stands_here) {
            if command.starts_group() {
                menu::divider(ui);
            }
            let (response, action) = context_menu::entry(ui, cx, command);
            if response.clicked()
                && let Some(action) = action
            {
                actions.push(action);
                ui.close();
            }
            if command == Command::Open {
                recent_files(ui, cx, actions);
            }
        }
    });
}

/// The width of the widest entry.
fn menu_width(ui: &Ui, cx: &Context<'_>, which: Menu) -> f32 {
    let commands = commands::ALL.iter().copied().filter(|c| c.menu() == which && c.in_menu());
    let commands = commands.map(|command| context_menu::entry_width(ui, cx, command));
    let recent = cx.document.recent.iter().filter(|_| which == Menu::File).map(|path| {
        let (text, shortcut) = recent_words(path);
        let entry = Entry { text: &text, shortcut: &shortcut, icon: None, enabled: true };
        entry.width(ui.painter())
    });
    commands.chain(recent).fold(200.0, f32::max).min(420.0)
}

/// Recent files, below "Open...".
fn recent_files(ui: &mut Ui, cx: &Context<'_>, actions: &mut Actions) {
    if cx.document.recent.is_empty() {
        return;
    }
    menu::caption(ui, "Recent");
    for path in cx.document.recent {
        let (text, folder) = recent_words(path);
        let entry = Entry { text: &text, shortcut: &folder, icon: None, enabled: true };
        let response = entry.show(ui).on_hover_text(path.display().to_string());
        if response.clicked() {
            actions.push(Action::File(File::OpenPath(path.clone())));
            ui.close();
        }
    }
}

/// Name of a file and of the folder that it lies in: names alone repeat.
fn recent_words(path: &Path) -> (String, String) {
    let words = |part: Option<&OsStr>| {
        part.map_or_else(String::new, |part| part.to_string_lossy().into_owned())
    };
    (words(path.file_name()), words(path.parent().and_then(Path::file_name)))
}

fn divider(ui: &mut Ui, bar: Rect) {
    let (rect, _) = ui.allocate_exact_size(vec2(1.0, 18.0), Sense::hover());
    let line = Rect::from_center_size(pos2(rect.center().x, bar.center().y), vec2(1.0, 18.0));
    let color = Theme::of(ui.ctx()).color(Token::Line);
    paint::vertical_hairline(ui.painter(), line.center().x, line, color);
}

fn history(ui: &mut Ui, cx: &Context<'_>, actions: &mut Actions) {
    for (command, icon) in [(Command::Undo, Icon::Undo), (Command::Redo, Icon::Redo)] {
        let action = command.action(cx);
        let name = command.menu_text(cx);
        let button = Button::icon(icon, &name).enabled(action.is_some());
        if button.show(ui).clicked() {
            actions.extend(action);
        }
    }
    if let Some(label) = cx.document.undo {
        let text = format!("Undo \"{label}\"");
        ui.add_space(4.0);
        let room = (ui.ctx().content_rect().center().x - 170.0 - ui.cursor().left()).max(0.0);
        let width = paint::width(ui.painter(), &text, TextRole::Body).min(room);
        if width > 60.0 {
            let (rect, _) = ui.allocate_exact_size(vec2(width, 26.0), Sense::hover());
            let grey = Theme::of(ui.ctx()).color(Token::Text3);
            Text::new(&text, TextRole::Body, grey).paint(ui.painter(), rect);
        }
    }
}

/// Icon, title and the amber dot of unsaved changes, in the middle of the window.
fn document(ui: &mut Ui, cx: &Context<'_>, room: Rect) {
    let theme = Theme::of(ui.ctx());
    let title = cx.document.title;
    let words = paint::width(ui.painter(), title, TextRole::BodyMedium);
    let file = cx.document.path.and_then(|p| p.file_name()).map(|n| n.to_string_lossy());
    let file = file.unwrap_or_else(|| "not saved yet".into());
    let second = paint::width(ui.painter(), &file, TextRole::Body);
    let dot = if cx.document.dirty { 14.0 } else { 0.0 };
    let width = 22.0 + words + dot + 12.0 + second;
    let middle = ui.ctx().content_rect().center().x;
    let left = (middle - width / 2.0).min(room.right() - width).max(room.left());
    if room.width() < 60.0 {
        return;
    }
    let painter = ui.painter();
    let y = room.center().y;
    Icon::File.paint_sized(painter, pos2(left + 8.0, y), 15.0, theme.color(Token::Text2));
    let at = Rect::from_min_max(pos2(left + 22.0, room.top()), room.max);
    let named =
        Text::new(title, TextRole::BodyMedium, theme.color(Token::Text1)).paint(painter, at);
    if cx.document.dirty {
        let center = pos2(named.right() + 9.0, y);
        painter.circle_filled(center, 3.0, theme.color(Token::WarnFill));
    }
    let rest = Rect::from_min_max(pos2(named.right() + dot + 12.0, room.top()), room.max);
    Text::new(&file, TextRole::Body, theme.color(Token::Text3)).paint(painter, rest);
    let place = Rect::from_x_y_ranges(left..=(left + width).min(room.right()), room.y_range());
    let response = ui.interact(place, ui.scope_id().with("document"), Sense::hover());
    let state = if cx.document.dirty { "unsaved changes" } else { "saved" };
    let spoken = format!("Document {title}, {state}");
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &spoken));
    if let Some(path) = cx.document.path {
        response.on_hover_text(path.display().to_string());
    }
}

/// Words and icon where the window has room, else the icon.
fn export(ui: &mut Ui, cx: &Context<'_>, actions: &mut Actions) {
    let words = Command::Export.text();
    let wide = ui.ctx().content_rect().width() > 1280.0;
    let button = if wide {
        Button::new(words).with_icon(Icon::Export)
    } else {
        Button::icon(Icon::Export, words)
    };
    if button.show(ui).on_hover_text(Command::Export.tip()).clicked() {
        actions.extend(Command::Export.action(cx));
    }
}

fn theme_switch(ui: &mut Ui, actions: &mut Actions) {
    let dark = Theme::of(ui.ctx()).palette.is_dark;
    let (icon, name, next) = if dark {
        (Icon::Moon, "Switch to the light theme", ThemePreference::Light)
    } else {
        (Icon::Sun, "Switch to the dark theme", ThemePreference::Dark)
    };
    if Button::icon(icon, name).show(ui).clicked() {
        actions.push(Action::View(View::Theme(next)));
    }
}

/// What looks like a field opens the palette, which has the real one.
fn search(ui: &mut Ui, cx: &Context<'_>, actions: &mut Actions) {
    let t = Theme::of(ui.ctx());
    // In a narrow window only the glass stays.
    let wide = ui.ctx().content_rect().width() > 1280.0;
    let width = if wide { 248.0 } else { 30.0 };
    let (rect, response) = ui.allocate_exact_size(vec2(width, 22.0), Sense::click());
    let edge = t.color(if response.hovered() { Token::Line2 } else { Token::Line });
    let painter = ui.painter();
    paint::plate(painter, rect, size::RADIUS_BUTTON, t.color(Token::Inset), (1.0, edge).into());
    if response.has_focus() {
        paint::focus_ring(painter, rect, size::RADIUS_BUTTON, t);
    }
    let grey = t.color(Token::Text3);
    Icon::Search.paint_sized(painter, pos2(rect.left() + 15.0, rect.center().y), 13.0, grey);
    if wide {
        let inner = Rect::from_min_max(pos2(rect.left() + 28.0, rect.top()), rect.max);
        Text::new("Search or run a command", TextRole::Body, grey).paint(painter, inner);
        let keys = Command::Palette.keys(ui.ctx());
        paint::keycap(painter, pos2(rect.right() - 5.0, rect.center().y), &keys, t);
    }
    let name = "Search or run a command";
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, name));
    if response.on_hover_text(Command::Palette.tip()).clicked() {
        actions.extend(Command::Palette.action(cx));
    }
}

fn zoom(ui: &mut Ui, actions: &mut Actions) {
    let factor = ui.ctx().zoom_factor();
    if (factor - 1.0).abs() < 0.001 {
        return;
    }
    let text = format!("{:.0} %", f64::from(factor) * 100.0);
    if crate::gui::components::chip::chip(ui, &text, "Zoom, back to actual size", false).clicked() {
        actions.push(Action::View(View::ZoomReset));
    }
}
