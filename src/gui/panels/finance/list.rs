//! A card that is a table: plate, title, header of the columns, rows that scroll, room for a foot.
//! It must not know what the rows are.

use super::plate;
use crate::gui::components::card::{HEADER, header};
use crate::gui::components::table::{Column, Layout};
use crate::scene::tokens::size;
use eframe::egui::{Rangef, Rect, ScrollArea, Ui, UiBuilder, pos2};

/// A table in a place of its own.
pub(super) struct List<'a> {
    /// Names the place of its rows between frames.
    pub id: &'a str,
    pub title: &'a str,
    pub caption: &'a str,
    pub columns: &'a [Column],
    pub rect: Rect,
    /// Height below the rows that is left free.
    pub foot: f32,
}

impl List<'_> {
    /// Height of a card with so many rows of one height.
    pub fn height(rows: usize, row: f32) -> f32 {
        HEADER + size::TABLE_HEADER + row * rows as f32 + 8.0
    }

    /// Shows the card; `rows` paints what scrolls.
    pub fn show(&self, ui: &mut Ui, rows: impl FnOnce(&mut Ui, &Layout<'_>)) {
        let rect = self.rect;
        plate(ui, rect);
        header(ui, rect, self.title, self.caption);
        let inner = Rect::from_min_max(
            pos2(rect.left() + 1.0, rect.top() + HEADER),
            pos2(rect.right() - 1.0, rect.bottom() - self.foot.max(4.0)),
        );
        ui.scope_builder(UiBuilder::new().max_rect(inner), |ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            let span = Rangef::new(inner.left() + 8.0, inner.right() - 12.0);
            let layout = Layout::new(self.columns, span);
            layout.header(ui);
            let area = ScrollArea::vertical().id_salt(self.id).auto_shrink(false);
            area.show(ui, |ui| rows(ui, &layout));
        });
    }
}
