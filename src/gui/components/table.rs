//! Tables: small grey headers, hairline rows, text left, numbers right.

use super::paint::{self, Text};
use crate::gui::icons::Icon;
use crate::gui::theme::Theme;
use crate::scene::tokens::{TextRole, Token, size};
use eframe::egui::{
    Align, Color32, EventFilter, Id, Key, Modifiers, Painter, Rangef, Rect, Response, Role,
    ScrollArea, Sense, Ui, WidgetInfo, pos2, style::ScrollAnimation, vec2,
};

/// A column. Widths of flexible columns share what the fixed ones leave.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    pub title: &'static str,
    pub width: Width,
    pub align: Align,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Width {
    Fixed(f32),
    /// Weight and least width.
    Flex(f32, f32),
}

impl Column {
    pub const fn left(title: &'static str, width: Width) -> Self {
        Self { title, width, align: Align::Min }
    }

    pub const fn right(title: &'static str, width: Width) -> Self {
        Self { title, width, align: Align::Max }
    }
}

/// Columns laid out between two edges.
#[derive(Clone, Debug)]
pub struct Layout<'a> {
    columns: &'a [Column],
    spans: Vec<Rangef>,
}

impl<'a> Layout<'a> {
    pub fn new(columns: &'a [Column], span: Rangef) -> Self {
        let fixed: f32 = columns
            .iter()
            .map(|c| match c.width {
                Width::Fixed(w) => w,
                Width::Flex(..) => 0.0,
            })
            .sum();
        let weights: f32 = columns
            .iter()
            .map(|c| match c.width {
                Width::Fixed(_) => 0.0,
                Width::Flex(weight, _) => weight,
            })
            .sum();
        let rest = (span.span() - fixed).max(0.0);
        let mut x = span.min;
        let spans = columns
            .iter()
            .map(|c| {
                let width = match c.width {
                    Width::Fixed(w) => w,
                    Width::Flex(weight, least) => (rest * weight / weights).max(least),
                };
                let span = Rangef::new(x, x + width);
                x += width;
                span
            })
            .collect();
        Self { columns, spans }
    }

    /// How many columns there are.
    pub fn count(&self) -> usize {
        self.columns.len()
    }

    /// The cell of a column in a row, without its padding.
    pub fn cell(&self, column: usize, row: Rect) -> Rect {
        let span = self.spans.get(column).copied().unwrap_or(Rangef::NOTHING);
        Rect::from_x_y_ranges(span, row.y_range()).shrink2(vec2(size::CELL_PADDING / 2.0, 0.0))
    }

    /// Writes a cell with the alignment of its column.
    pub fn text(&self, painter: &Painter, column: usize, row: Rect, text: Text<'_>) {
        let align = self.columns.get(column).map_or(Align::Min, |c| c.align);
        Text { align, ..text }.paint(painter, self.cell(column, row));
    }

    /// The header row.
    pub fn header(&self, ui: &mut Ui) {
        let theme = Theme::of(ui.ctx());
        let (rect, _) =
            ui.allocate_exact_size(vec2(ui.available_width(), size::TABLE_HEADER), Sense::hover());
        for (index, column) in self.columns.iter().enumerate() {
            let text = Text::new(column.title, TextRole::Small, theme.color(Token::Text3));
            self.text(ui.painter(), index, rect, text);
        }
        let line = theme.color(Token::Line);
        paint::hairline(ui.painter(), rect.left(), rect.right(), rect.bottom() - 0.5, line);
    }
}

impl Layout<'_> {
    /// The header row of a table that can be sorted by its columns: `by` says by what a column
    /// sorts, if it does, and `now` what it is sorted by. What a click asks for.
    pub fn sorting<S: Copy + PartialEq>(
        &self,
        ui: &mut Ui,
        by: impl Fn(usize) -> Option<S>,
        now: S,
    ) -> Option<S> {
        let theme = Theme::of(ui.ctx());
        let (rect, _) =
            ui.allocate_exact_size(vec2(ui.available_width(), size::TABLE_HEADER), Sense::hover());
        let mut asked = None;
        for (index, column) in self.columns.iter().enumerate() {
            let cell = self.cell(index, rect);
            let Some(sort) = by(index).filter(|_| !column.title.is_empty()) else {
                let text = Text::new(column.title, TextRole::Small, theme.color(Token::Text3));
                self.text(ui.painter(), index, rect, text);
                continue;
            };
            let id = ui.scope_id().with(("sort by", column.title, index));
            let response = ui.interact(cell, id, Sense::click());
            let token = match (sort == now, response.hovered()) {
                (true, _) => Token::Text1,
                (false, true) => Token::Text2,
                (false, false) => Token::Text3,
            };
            if response.has_focus() {
                paint::focus_ring(ui.painter(), cell.shrink2(vec2(-3.0, 3.0)), 2.0, theme);
            }
            let text = Text::new(column.title, TextRole::Small, theme.color(token));
            let painted = Text { align: column.align, ..text }.paint(ui.painter(), cell);
            if sort == now {
                let right = painted.right() + 8.0;
                let x = if right < cell.right() + 6.0 { right } else { painted.left() - 8.0 };
                let at = pos2(x, cell.center().y);
                Icon::ChevronDown.paint_sized(ui.painter(), at, 11.0, theme.color(token));
            }
            let spoken = format!("Sort by {}", column.title.to_lowercase());
            response.widget_info(|| WidgetInfo::selected(Role::Button, true, sort == now, &spoken));
            if response.clicked() {
                asked = Some(sort);
            }
        }
        let line = theme.color(Token::Line);
        paint::hairline(ui.painter(), rect.left(), rect.right(), rect.bottom() - 0.5, line);
        asked
    }
}

/// A row that can be clicked.
pub struct Row {
    pub rect: Rect,
    pub response: Response,
    pub selected: bool,
}

impl Row {
    /// Allocates a row with its hairline, hover and selection; `name` is its accessible name.
    pub fn show(ui: &mut Ui, name: &str, selected: bool) -> Self {
        let (rect, response) =
            ui.allocate_exact_size(vec2(ui.available_width(), size::TABLE_ROW), Sense::click());
        Self::painted(ui, (rect, response), name, selected)
    }

    /// The same with an id of its own, by which the keyboard finds it.
    pub fn show_as(ui: &mut Ui, id: Id, name: &str, selected: bool) -> Self {
        let (_, rect) = ui.allocate_space(vec2(ui.available_width(), size::TABLE_ROW));
        let response = ui.interact(rect, id, Sense::click());
        Self::painted(ui, (rect, response), name, selected)
    }

    fn painted(ui: &Ui, (rect, response): (Rect, Response), name: &str, selected: bool) -> Self {
        let theme = Theme::of(ui.ctx());
        let painter = ui.painter();
        if selected {
            painter.rect_filled(rect, 0.0, theme.color(Token::AccentBg));
            let bar = Rect::from_min_size(rect.min, vec2(2.0, rect.height()));
            painter.rect_filled(bar, 0.0, theme.color(Token::Accent));
        } else if response.hovered() {
            painter.rect_filled(rect, 0.0, theme.color(Token::Raised));
        }
        if response.has_focus() {
            paint::focus_ring(painter, rect.shrink(1.0), 2.0, theme);
        }
        let line = theme.color(Token::Line);
        paint::hairline(painter, rect.left(), rect.right(), rect.bottom() - 0.5, line);
        let spoken = name.to_owned();
        response.widget_info(|| WidgetInfo::selected(Role::ListBoxOption, true, selected, &spoken));
        Self { rect, response, selected }
    }

    /// The colour of a role; on a selected row the third grey is too weak.
    pub fn color(&self, theme: &Theme, token: Token) -> Color32 {
        match (self.selected, token) {
            (true, Token::Text3) => theme.color(Token::Text2),
            (_, token) => theme.color(token),
        }
    }
}

/// The rule above totals.
pub fn total_rule(ui: &Ui, rect: Rect) {
    let color = Theme::of(ui.ctx()).color(Token::Line2);
    paint::hairline(ui.painter(), rect.left(), rect.right(), rect.top(), color);
}

/// Rows of one height that scroll; only those in view are laid out.
pub fn scroll<T>(
    ui: &mut Ui,
    id: &str,
    height: f32,
    rows: &[T],
    mut paint: impl FnMut(&mut Ui, &T),
) {
    let area = ScrollArea::vertical().id_salt(id).auto_shrink(false);
    area.show_rows(ui, height, rows.len(), |ui, range| {
        rows.get(range).unwrap_or_default().iter().for_each(|row| paint(ui, row));
    });
}

/// A table that takes all the room: the header stays and the rows scroll.
pub fn scrolled<T>(
    ui: &mut Ui,
    id: &str,
    columns: &[Column],
    rows: &[T],
    paint: impl FnMut(&mut Ui, &Layout<'_>, &T),
) {
    scrolled_under(ui, id, columns, rows, (|ui, layout| layout.header(ui), paint));
}

/// The same with a header of its own.
pub fn scrolled_under<T>(
    ui: &mut Ui,
    id: &str,
    columns: &[Column],
    rows: &[T],
    (header, mut paint): (impl FnOnce(&mut Ui, &Layout<'_>), impl FnMut(&mut Ui, &Layout<'_>, &T)),
) {
    ui.spacing_mut().item_spacing.y = 0.0;
    let full = ui.available_rect_before_wrap();
    // Room for the rail of the scroll bar.
    let layout = Layout::new(columns, Rangef::new(full.left() + 8.0, full.right() - 10.0));
    header(ui, &layout);
    scroll(ui, id, size::TABLE_ROW, rows, |ui, row| paint(ui, &layout, row));
}

/// A table as [`scrolled_under`] whose rows are walked by keys once one of them has the keyboard;
/// each row is painted with its index and id. The row that the keys went to in this frame.
pub fn walked<T>(
    ui: &mut Ui,
    id: &str,
    columns: &[Column],
    rows: &[T],
    (header, mut paint): (
        impl FnOnce(&mut Ui, &Layout<'_>),
        impl FnMut(&mut Ui, &Layout<'_>, (usize, Id, &T)) -> Response,
    ),
) -> Option<usize> {
    ui.spacing_mut().item_spacing.y = 0.0;
    let full = ui.available_rect_before_wrap();
    let layout = Layout::new(columns, Rangef::new(full.left() + 8.0, full.right() - 10.0));
    header(ui, &layout);
    let row_id = |at: usize| Id::unique(("row", id, at));
    let place = Id::unique(("walk", id));
    let page = ((ui.available_height() / size::TABLE_ROW) as usize).max(2) - 1;
    let at: usize = ui.data(|d| d.get_temp(place)).unwrap_or(0);
    let has = ui.memory(|m| m.has_focus(row_id(at)));
    let next = if has { walk(ui, (at, rows.len(), page)) } else { None };
    let area = ScrollArea::vertical().id_salt(id).auto_shrink(false);
    area.show_rows(ui, size::TABLE_ROW, rows.len(), |ui, range| {
        let top = ui.next_widget_position().y;
        let first = range.start;
        for (index, row) in rows.iter().enumerate().take(range.end).skip(first) {
            let response = paint(ui, &layout, (index, row_id(index), row));
            if response.has_focus() {
                ui.data_mut(|d| d.insert_temp(place, index));
                let filter = EventFilter { vertical_arrows: true, ..EventFilter::default() };
                ui.memory_mut(|m| m.set_focus_lock_filter(response.id, filter));
            }
            if response.clicked() {
                response.request_focus();
            }
        }
        if let Some(next) = next {
            let y = top + (next as f32 - first as f32) * size::TABLE_ROW;
            let row = Rect::from_x_y_ranges(full.x_range(), y..=y + size::TABLE_ROW);
            ui.scroll_to_rect_animation(row, None, ScrollAnimation::none());
            ui.memory_mut(|m| m.request_focus(row_id(next)));
            ui.data_mut(|d| d.insert_temp(place, next));
        }
    });
    next
}

/// Where the keys of this frame go from a row.
fn walk(ui: &Ui, (at, rows, page): (usize, usize, usize)) -> Option<usize> {
    let last = rows.checked_sub(1)?;
    let steps = [
        (Key::ArrowDown, (at + 1).min(last)),
        (Key::ArrowUp, at.saturating_sub(1)),
        (Key::PageDown, (at + page).min(last)),
        (Key::PageUp, at.saturating_sub(page)),
        (Key::Home, 0),
        (Key::End, last),
    ];
    let pressed = |key| ui.input_mut(|i| i.consume_key(Modifiers::NONE, key));
    steps.into_iter().find(|(key, _)| pressed(*key)).map(|(_, to)| to)
}
