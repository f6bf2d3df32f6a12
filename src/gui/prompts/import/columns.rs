//! The columns of a list of racks: which is what, with the first rows of the list. It must not
//! know how a list is read.

use super::super::line;
use crate::gui::components::paint::Text;
use crate::gui::components::row;
use crate::gui::theme::Theme;
use crate::scene::tokens::{TextRole, Token, size};
use crate::site::import::table::{Table, column_name};
use crate::site::import::{Field, Mapping};
use eframe::egui::{Role, ScrollArea, Sense, Ui, WidgetInfo, pos2, vec2};

/// Rows of the list and columns that the dialog has room for.
const ROWS: usize = 3;
const COLUMNS: usize = 6;
const HEIGHT: f32 = 240.0;

/// Shows the choices; the mapping that was changed to.
pub(super) fn show(ui: &mut Ui, table: &Table, mapping: &Mapping) -> Option<Mapping> {
    line(ui, "Columns", TextRole::BodyStrong, Token::Text1);
    let mut names = vec!["not in the list".to_owned()];
    names.extend(table.header.iter().enumerate().map(|(i, header)| {
        let column = column_name(i);
        if header.is_empty() { column } else { format!("{column}, {header}") }
    }));
    let mut changed = None;
    ScrollArea::vertical().id_salt("import-columns").max_height(HEIGHT).show(ui, |ui| {
        for field in Field::ALL {
            let header = mapping.columns.get(&field);
            let at = header.and_then(|h| table.header.iter().position(|own| own == h));
            let selected = Some(at.map_or(0, |i| i + 1));
            if let Some(index) = row::choice(ui, field.title(), &names, selected) {
                let mut next = mapping.clone();
                match index.checked_sub(1).and_then(|i| table.header.get(i)) {
                    Some(header) => {
                        next.columns.insert(field, header.clone());
                    }
                    None => {
                        next.columns.shift_remove(&field);
                    }
                }
                changed = Some(next);
            }
        }
    });
    ui.add_space(12.0);
    first_rows(ui, table);
    changed
}

/// The header and the first rows.
fn first_rows(ui: &mut Ui, table: &Table) {
    let t = Theme::of(ui.ctx());
    let columns = table.header.len().clamp(1, COLUMNS);
    let head = std::iter::once((&table.header, Token::Text3));
    let rows = table.rows.iter().take(ROWS).map(|r| (&r.cells, Token::Text1));
    for (cells, token) in head.chain(rows) {
        let room = vec2(ui.available_width(), size::TABLE_ROW - 6.0);
        let (rect, response) = ui.allocate_exact_size(room, Sense::hover());
        let wide = rect.width() / columns as f32;
        for (i, cell) in cells.iter().take(columns).enumerate() {
            let left = rect.left() + i as f32 * wide;
            let place = rect.with_min_x(left).with_max_x(left + wide - 6.0);
            Text::new(cell, TextRole::Small, t.color(token)).paint(ui.painter(), place);
        }
        let line = t.color(Token::Line);
        let (y, x) = (rect.bottom() - 0.5, rect.x_range());
        ui.painter().line_segment([pos2(x.min, y), pos2(x.max, y)], (1.0, line));
        let spoken = cells.join(", ");
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &spoken));
    }
}
