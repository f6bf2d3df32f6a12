//! The list of shortcuts: commands by menu in two columns, then what keys do with the pointer.

use super::{buttons, heading, modal, primary};
use crate::gui::commands::{self, Menu};
use crate::gui::components::paint::{self, Text};
use crate::gui::theme::Theme;
use crate::scene::tokens::{TextRole, Token, size};
use eframe::egui::{Context, Role, ScrollArea, Sense, Ui, WidgetInfo, pos2, vec2};

/// What keys do beside the pointer, and while something of it goes on.
const GESTURES: &[(&str, &str)] = &[
    ("Pan", "Space and drag, arrow keys"),
    ("Larger, smaller", "Ctrl and wheel, +, -"),
    ("Add to the selection, frame elements", "Shift"),
    ("Do not snap while dragging", "Alt"),
    ("Type a distance or a size while dragging", "0 to 9, Tab, Enter"),
    ("Draw on path B", "Shift"),
    ("Finer steps while dragging a label", "Shift"),
    ("End what goes on", "Escape"),
];

const COLUMN: f32 = 330.0;
const BETWEEN: f32 = 28.0;
pub(super) const WIDTH: f32 = 2.0 * COLUMN + BETWEEN + 12.0;
const HEADING: f32 = 30.0;

/// A heading with its rows.
struct Group {
    title: &'static str,
    rows: Vec<(String, String)>,
}

impl Group {
    fn height(&self) -> f32 {
        HEADING + self.rows.len() as f32 * size::TABLE_ROW
    }
}

fn groups(ctx: &Context) -> Vec<Group> {
    let of_menu = |menu: Menu| {
        let own = commands::ALL.iter().filter(|c| c.menu() == menu);
        let rows = own.filter_map(|command| {
            let keys: Vec<String> =
                command.shortcuts().iter().map(|s| ctx.format_shortcut(s)).collect();
            let text = command.text().trim_end_matches("...").to_owned();
            (!keys.is_empty()).then(|| (text, keys.join(", ")))
        });
        Group { title: menu.title(), rows: rows.collect() }
    };
    let gestures = GESTURES.iter().map(|(text, keys)| ((*text).to_owned(), (*keys).to_owned()));
    let mut all: Vec<Group> = Menu::ALL.into_iter().map(of_menu).collect();
    all.push(Group { title: "With the pointer", rows: gestures.collect() });
    all.retain(|group| !group.rows.is_empty());
    all
}

/// Two columns of nearly one height, in the order of the menus.
fn columns(groups: Vec<Group>) -> [Vec<Group>; 2] {
    let whole: f32 = groups.iter().map(Group::height).sum();
    let mut columns = [Vec::new(), Vec::new()];
    let mut above = 0.0;
    for group in groups {
        let right = above + group.height() / 2.0 > whole / 2.0;
        above += group.height();
        columns[usize::from(right)].push(group);
    }
    columns
}

/// Shows the list; true when it was closed.
pub fn shortcuts(ctx: &Context) -> bool {
    let tall = (ctx.content_rect().height() - 200.0).clamp(240.0, 720.0);
    let shown = modal(ctx, "shortcuts", WIDTH, |ui| {
        heading(ui, "Keyboard shortcuts");
        ScrollArea::vertical().min_scrolled_height(tall).max_height(tall).show(ui, |ui| {
            ui.spacing_mut().item_spacing = vec2(BETWEEN, 0.0);
            let columns = columns(groups(ui.ctx()));
            ui.horizontal_top(|ui| {
                for column in &columns {
                    ui.vertical(|ui| {
                        ui.set_width(COLUMN);
                        column.iter().for_each(|group| show_group(ui, group));
                    });
                }
            });
        });
        buttons(ui, |ui| primary(ui, "Close"))
    });
    shown.inner || shown.dismissed
}

fn show_group(ui: &mut Ui, group: &Group) {
    let t = Theme::of(ui.ctx());
    let (rect, response) = ui.allocate_exact_size(vec2(COLUMN, HEADING), Sense::hover());
    let place = rect.with_min_y(rect.top() + 8.0);
    Text::new(group.title, TextRole::BodyStrong, t.color(Token::Text1)).paint(ui.painter(), place);
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, group.title));
    for (text, keys) in &group.rows {
        row(ui, text, keys);
    }
}

fn row(ui: &mut Ui, text: &str, keys: &str) {
    let t = Theme::of(ui.ctx());
    let (rect, response) = ui.allocate_exact_size(vec2(COLUMN, size::TABLE_ROW), Sense::hover());
    let painter = ui.painter();
    let wide = paint::width(painter, keys, TextRole::Body);
    let keys_at = rect.with_min_x(rect.right() - wide - 1.0);
    Text::new(keys, TextRole::Body, t.color(Token::Text2)).right().paint(painter, keys_at);
    let words = rect.with_max_x(keys_at.left() - 8.0);
    Text::new(text, TextRole::Body, t.color(Token::Text1)).paint(painter, words);
    let line = t.color(Token::Line);
    let (y, x) = (rect.bottom() - 0.5, rect.x_range());
    painter.line_segment([pos2(x.min, y), pos2(x.max, y)], (1.0, line));
    let spoken = format!("{text}: {keys}");
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &spoken));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_with_a_key_is_listed_once_and_the_columns_are_even() {
        let ctx = Context::default();
        let all = groups(&ctx);
        let listed: usize = all.iter().map(|g| g.rows.len()).sum();
        let with_keys = commands::ALL.iter().filter(|c| !c.shortcuts().is_empty()).count();
        assert_eq!(listed, with_keys + GESTURES.len());
        let tall = columns(all).map(|c| c.iter().map(Group::height).sum::<f32>());
        assert!((tall[0] - tall[1]).abs() < 0.35 * (tall[0] + tall[1]), "{tall:?}");
    }
}
