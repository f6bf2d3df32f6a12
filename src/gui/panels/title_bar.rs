//! The bar at the top: mark, menus, undo and redo, document, search, theme.

use crate::editor::VariantCommand;
use crate::gui::action::{Action, Actions, Edit, File, View};
use crate::gui::commands::{self, Command, Menu};
use crate::gui::components::button::Button;
use crate::gui::components::chip::{Tone, paint_tag, tag_width};
use crate::gui::components::menu::{self, Entry};
use crate::gui::components::paint::{self, Text};
use crate::gui::context::Context;
use crate::gui::context_menu;
use crate::gui::icons::Icon;
use crate::gui::theme::Theme;
use crate::scene::tokens::{TextRole, Token, size};
use crate::site::variant_letter;
use eframe::egui::{
    Align, Layout, Painter, Popup, Pos2, Rect, Role, Sense, ThemePreference, Ui, UiBuilder,
    WidgetInfo, pos2, vec2,
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
            ui.add_space(2.0);
            if Button::new("Present").with_icon(Icon::Play).show(ui).clicked() {
                actions.push(Action::View(View::Present(true)));
            }
            ui.add_space(4.0);
            theme_switch(ui, actions);
            zoom(ui, actions);
            divider(ui, rect);
            ui.add_space(2.0);
            search(ui, cx, actions);
            ui.min_rect().left()
        })
        .inner;
    let middle = Rect::from_x_y_ranges(left + 12.0..=right - 12.0, rect.y_range());
    document(ui, cx, middle, actions);
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
        let middle = ui.ctx().content_rect().center().x;
        let room = (middle - Name::of(ui, cx).width() / 2.0 - 24.0 - ui.cursor().left()).max(0.0);
        let width = paint::width(ui.painter(), &text, TextRole::Body).min(room);
        if width > 60.0 {
            let (rect, _) = ui.allocate_exact_size(vec2(width, 26.0), Sense::hover());
            let grey = Theme::of(ui.ctx()).color(Token::Text3);
            Text::new(&text, TextRole::Body, grey).paint(ui.painter(), rect);
        }
    }
}

const READ_ONLY: &str = "read-only";

/// The words in the middle of the bar and the room that they take.
struct Name {
    file: String,
    variant: Option<String>,
    /// Of the title.
    words: f32,
    /// Of the dot of unsaved changes, and of the tag of a file that refuses them.
    dot: f32,
    locked: f32,
    /// Of the variant or the file.
    second: f32,
}

impl Name {
    fn of(ui: &Ui, cx: &Context<'_>) -> Self {
        let painter = ui.painter();
        let file = cx.document.path.and_then(|p| p.file_name()).map(|n| n.to_string_lossy());
        let file = file.map_or_else(|| "not saved yet".to_owned(), |name| name.into_owned());
        let variant = variant_words(cx);
        let chevron = if variant.is_some() { 30.0 } else { 0.0 };
        let beside = variant.as_deref().unwrap_or(&file);
        let second = paint::width(painter, beside, TextRole::Body) + chevron;
        let read_only = cx.document.read_only;
        Self {
            words: paint::width(painter, cx.document.title, TextRole::BodyMedium),
            dot: if cx.document.dirty { 14.0 } else { 0.0 },
            locked: if read_only { tag_width(painter, READ_ONLY) + 10.0 } else { 0.0 },
            second,
            file,
            variant,
        }
    }

    fn width(&self) -> f32 {
        22.0 + self.words + self.dot + self.locked + 12.0 + self.second
    }
}

/// Icon, title and the amber dot of unsaved changes, in the middle of the window; beside them
/// the variant, of several, or the file.
fn document(ui: &mut Ui, cx: &Context<'_>, room: Rect, actions: &mut Actions) {
    let theme = Theme::of(ui.ctx());
    let title = cx.document.title;
    let name = Name::of(ui, cx);
    let width = name.width();
    let Name { file, variant, dot, locked, second, .. } = name;
    let dot = dot + locked;
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
    if cx.document.read_only {
        let at = pos2(named.right() + dot - locked + 10.0, y);
        paint_tag(painter, at, READ_ONLY, Tone::Warn, theme);
    }
    let rest = Rect::from_min_max(pos2(named.right() + dot + 12.0, room.top()), room.max);
    let right = (left + width).min(room.right());
    let mut place = Rect::from_x_y_ranges(left..=right, room.y_range());
    match &variant {
        None => {
            Text::new(&file, TextRole::Body, theme.color(Token::Text3)).paint(painter, rest);
        }
        Some(words) => {
            place.max.x = rest.left();
            let wanted = vec2(second.min(rest.width()), 26.0);
            let button = Rect::from_min_size(pos2(rest.left() - 6.0, y - 13.0), wanted);
            variant_menu(ui, cx, (button, words), actions);
        }
    }
    let response = ui.interact(place, ui.scope_id().with("document"), Sense::hover());
    let state = if cx.document.dirty { "unsaved changes" } else { "saved" };
    let read_only = if cx.document.read_only { ", read-only" } else { "" };
    let spoken = format!("Document {title}, {state}{read_only}");
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &spoken));
    if let Some(path) = cx.document.path {
        response.on_hover_text(path.display().to_string());
    }
}

/// "Variant B, Rubin 6+2", where the layout has several.
fn variant_words(cx: &Context<'_>) -> Option<String> {
    let variant = cx.document.variant().filter(|_| cx.document.variants.len() > 1)?;
    Some(format!("Variant {}, {}", variant_letter(cx.document.active), variant.name))
}

/// The variants, and what can be done with them.
fn variant_menu(ui: &mut Ui, cx: &Context<'_>, at: (Rect, &str), actions: &mut Actions) {
    let (rect, words) = at;
    let theme = Theme::of(ui.ctx());
    let response = ui.interact(rect, ui.scope_id().with("variants"), Sense::click());
    let open = Popup::is_id_open(ui.ctx(), Popup::default_response_id(&response));
    let hot = open || response.hovered();
    let painter = ui.painter();
    if hot {
        painter.rect_filled(rect, paint::corner(size::RADIUS_BUTTON), theme.color(Token::Raised));
    }
    if response.has_focus() {
        paint::focus_ring(painter, rect, size::RADIUS_BUTTON, theme);
    }
    let color = theme.color(if hot { Token::Text1 } else { Token::Text2 });
    let inner = Rect::from_min_max(rect.min + vec2(6.0, 0.0), rect.max - vec2(18.0, 0.0));
    let taken = Text::new(words, TextRole::Body, color).paint(painter, inner);
    let chevron = pos2(taken.right() + 10.0, rect.center().y);
    Icon::ChevronDown.paint_sized(painter, chevron, 13.0, theme.color(Token::Text3));
    let name = format!("{words}, choose a variant");
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
    Popup::menu(&response).width(250.0).show(|ui| {
        ui.set_width(250.0);
        ui.spacing_mut().item_spacing.y = 1.0;
        for (index, variant) in cx.document.variants.iter().enumerate() {
            let text = format!("{}  {}", variant_letter(index), variant.name);
            let on = index == cx.document.active;
            let mut entry = menu::option(ui, &text, on);
            if !variant.notes.is_empty() {
                entry = entry.on_hover_text(&variant.notes);
            }
            if entry.clicked() && !on {
                let id = variant.id.clone();
                actions.push(Action::Edit(Edit::Variant(VariantCommand::Switch { id })));
            }
        }
        menu::divider(ui);
        for command in [Command::NewVariant, Command::RenameVariant, Command::DeleteVariant] {
            let (response, action) = context_menu::entry(ui, cx, command);
            if response.clicked() {
                actions.extend(action);
                ui.close();
            }
        }
    });
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
