//! The card of the cash flow: labels and totals stand still, the years between them scroll where
//! they do not fit. Each row opens how it comes about.

use super::table::{Line, Measure, Table, Weight};
use crate::gui::components::button::Button;
use crate::gui::components::card::HEADER;
use crate::gui::components::chip::{self, Tone};
use crate::gui::components::paint::{self, Text};
use crate::gui::components::popover::{Derivation, Input};
use crate::gui::icons::Icon;
use crate::gui::panels::economics::{header, plate};
use crate::gui::theme::Theme;
use crate::scene::tokens::{TextRole, Token, size};
use crate::study::finance::SiteFinance;
use eframe::egui::{
    Color32, Painter, Rect, Response, Role, ScrollArea, Sense, Ui, UiBuilder, WidgetInfo, pos2,
    vec2,
};

/// Height of a row, and that of one in a table of many.
const ROW: f32 = 22.5;
const CLOSE_ROW: f32 = 21.0;
const MANY: usize = 20;
/// Least widths of a column of a year, and that of totals.
const YEAR: f32 = 54.0;
const TOTAL: f32 = 70.0;
/// Bounds of the column of names.
const NAMES: (f32, f32) = (150.0, 300.0);
const PADDING: f32 = 12.0;
const INDENT: f32 = 12.0;
/// Room below the rows for the bar of a table that scrolls.
const BELOW: f32 = 14.0;

/// Height that all rows need.
pub fn height(table: &Table) -> f32 {
    HEADER + size::TABLE_HEADER + row_height(table) * table.lines.len() as f32 + BELOW
}

fn row_height(table: &Table) -> f32 {
    if table.lines.len() > MANY { CLOSE_ROW } else { ROW }
}

/// The columns of the card.
struct Columns {
    names: f32,
    year: f32,
    /// What of the years is in view.
    window: Rect,
}

impl Columns {
    fn of(ui: &Ui, table: &Table, rect: Rect) -> Self {
        let painter = ui.painter();
        let widest = table.lines.iter().map(|l| paint::width(painter, &l.name, role(l)));
        let names = widest.fold(0.0, f32::max) + INDENT + 2.0 * PADDING;
        let names = names.clamp(NAMES.0, NAMES.1.min(rect.width() * 0.4));
        let window = Rect::from_min_max(
            pos2(rect.left() + names, rect.top() + HEADER),
            pos2(rect.right() - TOTAL - PADDING, rect.bottom()),
        );
        let count = table.columns.len().max(1) as f32;
        Self { names, year: (window.width() / count).max(YEAR), window }
    }
}

fn role(line: &Line) -> TextRole {
    match line.weight {
        Weight::Item => TextRole::Body,
        Weight::Sum => TextRole::BodyStrong,
        Weight::Section => TextRole::SmallStrong,
    }
}

/// Shows the card in `rect`; `caption` are the figures of the returns.
pub fn show(ui: &mut Ui, finance: &SiteFinance, table: &Table, (rect, caption): (Rect, &str)) {
    plate(ui, rect);
    header(ui, rect.with_max_x(rect.right() - 28.0), "Cash flow", caption);
    checks(ui, finance, rect);
    copy(ui, table, rect);
    let columns = Columns::of(ui, table, rect);
    let (first, high) = (rect.top() + HEADER + size::TABLE_HEADER, row_height(table));
    let rows: Vec<(Rect, Response)> = table
        .lines
        .iter()
        .enumerate()
        .map(|(n, line)| {
            let y = first + high * n as f32;
            let row =
                Rect::from_min_max(pos2(rect.left() + 1.0, y), pos2(rect.right() - 1.0, y + high));
            (row, sensed(ui, table, (n, line), row))
        })
        .collect();
    names(ui, table, &rows, (&columns, rect));
    years(ui, table, &rows, &columns);
    totals(ui, table, &rows, rect);
    for (line, (_, response)) in table.lines.iter().zip(&rows) {
        if line.weight != Weight::Section {
            Derivation::show(response, &line.name, || derivation(table, line));
        }
    }
}

/// Whether the statements tie, behind the title.
fn checks(ui: &mut Ui, finance: &SiteFinance, rect: Rect) {
    let all = &finance.evaluation.statements.checks;
    let failed: Vec<&str> = all.iter().filter(|c| !c.holds()).map(|c| c.name).collect();
    let (words, tone) = match failed.len() {
        0 => (format!("{} checks hold", all.len()), Tone::Good),
        n => (format!("{n} of {} checks fail", all.len()), Tone::Bad),
    };
    let left = rect.left()
        + PADDING
        + paint::width(ui.painter(), "Cash flow", TextRole::BodyStrong)
        + 12.0;
    let place = Rect::from_min_size(pos2(left, rect.top() + 8.0), vec2(160.0, 16.0));
    let mut row = ui.new_child(UiBuilder::new().max_rect(place));
    let tag = chip::tag(&mut row, &words, tone);
    let list: Vec<&str> = match failed.is_empty() {
        true => all.iter().map(|c| c.name).collect(),
        false => failed,
    };
    tag.on_hover_text(list.join("\n"));
}

/// The way of the table into a spreadsheet.
fn copy(ui: &mut Ui, table: &Table, rect: Rect) {
    let place = Rect::from_min_size(pos2(rect.right() - 34.0, rect.top() + 4.0), vec2(24.0, 24.0));
    ui.scope_builder(UiBuilder::new().max_rect(place), |ui| {
        let name = "Copy the table for a spreadsheet, in dollars";
        if Button::icon(Icon::Copy, name).height(24.0).show(ui).clicked() {
            ui.ctx().copy_text(table.text());
        }
    });
}

/// The row as assistive technology reads it, and its background.
fn sensed(ui: &Ui, table: &Table, (n, line): (usize, &Line), row: Rect) -> Response {
    let theme = Theme::of(ui.ctx());
    let painter = ui.painter();
    let id = ui.scope_id().with(("cash-flow", n));
    let is_section = line.weight == Weight::Section;
    let sense = if is_section { Sense::hover() } else { Sense::click() };
    let response = ui.interact(row, id, sense);
    if is_section || response.hovered() {
        painter.rect_filled(row, 0.0, theme.color(Token::Raised));
    }
    if response.has_focus() {
        paint::focus_ring(painter, row.shrink(1.0), 2.0, theme);
    }
    let line_color = match line.weight {
        Weight::Sum => theme.color(Token::Line2),
        _ => theme.color(Token::Line),
    };
    if line.weight == Weight::Sum {
        paint::hairline(painter, row.left(), row.right(), row.top(), line_color);
    } else {
        paint::hairline(painter, row.left(), row.right(), row.bottom(), line_color);
    }
    let spoken = spoken(table, line);
    let kind = if is_section { Role::Label } else { Role::Button };
    response.widget_info(|| WidgetInfo::labeled(kind, true, &spoken));
    response
}

/// `Revenue, $B: 2027 2.63, 2028 25.66, total 93.83`.
pub fn spoken(table: &Table, line: &Line) -> String {
    if line.weight == Weight::Section {
        return line.name.clone();
    }
    let cells = table.columns.iter().zip(&line.values);
    let cells: Vec<String> = cells.map(|(c, v)| format!("{c} {}", table.shown(line, *v))).collect();
    let total = table.total(line).map(|t| format!(", total {t}")).unwrap_or_default();
    format!("{}: {}{total}", table.with_unit(line, &line.name, ", "), cells.join(", "))
}

fn names(ui: &Ui, table: &Table, rows: &[(Rect, Response)], (columns, rect): (&Columns, Rect)) {
    let theme = Theme::of(ui.ctx());
    let painter = ui.painter();
    let head = Rect::from_min_size(
        pos2(rect.left() + PADDING, rect.top() + HEADER),
        vec2(columns.names - PADDING, size::TABLE_HEADER),
    );
    let grey = theme.color(Token::Text3);
    Text::new(&table.head, TextRole::Small, grey).paint(painter, head);
    let y = head.bottom();
    paint::hairline(painter, rect.left() + 1.0, rect.right() - 1.0, y, theme.color(Token::Line));
    let total = Rect::from_min_max(
        pos2(rect.right() - TOTAL, head.top()),
        pos2(rect.right() - PADDING, head.bottom()),
    );
    Text::new("Total", TextRole::Small, grey).right().paint(painter, total);
    for (line, (row, _)) in table.lines.iter().zip(rows) {
        // Lines above the groups are of none.
        let is_part = line.weight == Weight::Item && line.measure == Measure::Usd;
        let indent = if is_part { INDENT } else { 0.0 };
        let at = Rect::from_min_max(
            pos2(row.left() + PADDING + indent, row.top()),
            pos2(rect.left() + columns.names - 4.0, row.bottom()),
        );
        let token = match line.weight {
            Weight::Item => Token::Text2,
            Weight::Sum => Token::Text1,
            Weight::Section => Token::Text3,
        };
        Text::new(&line.name, role(line), theme.color(token)).paint(painter, at);
    }
}

fn years(ui: &mut Ui, table: &Table, rows: &[(Rect, Response)], columns: &Columns) {
    let window = columns.window;
    let mut child = ui.new_child(UiBuilder::new().max_rect(window));
    child.set_clip_rect(ui.clip_rect().intersect(window));
    ScrollArea::horizontal().id_salt("cash-flow-years").auto_shrink(false).show(&mut child, |ui| {
        let wide = columns.year * table.columns.len() as f32;
        // Nothing in here senses the pointer: the rows below it do.
        let (_, all) = ui.allocate_space(vec2(wide, window.height() - BELOW));
        let theme = Theme::of(ui.ctx());
        let painter = ui.painter().clone();
        let in_view = ui.clip_rect().x_range();
        for (n, name) in table.columns.iter().enumerate() {
            let left = all.left() + columns.year * n as f32;
            let right = left + columns.year - 8.0;
            if right < in_view.min || left > in_view.max {
                continue;
            }
            let cell = |y: eframe::egui::Rangef| Rect::from_x_y_ranges(left..=right, y);
            let head = (window.top()..=window.top() + size::TABLE_HEADER).into();
            let grey = theme.color(Token::Text3);
            Text::new(name, TextRole::Small, grey).right().paint(&painter, cell(head));
            for (line, (row, _)) in table.lines.iter().zip(rows) {
                if let Some(value) = line.values.get(n) {
                    amount(&painter, table, (*value, line), (cell(row.y_range()), theme));
                }
            }
        }
    });
}

fn amount(
    painter: &Painter,
    table: &Table,
    (value, line): (f64, &Line),
    (place, theme): (Rect, &Theme),
) {
    let color: Color32 = match (line.weight, value == 0.0) {
        (_, true) => theme.color(Token::Text3),
        (Weight::Sum, _) => theme.color(Token::Text1),
        _ => theme.color(Token::Text2),
    };
    Text::new(&table.shown(line, value), role(line), color).right().paint(painter, place);
}

fn totals(ui: &Ui, table: &Table, rows: &[(Rect, Response)], rect: Rect) {
    let theme = Theme::of(ui.ctx());
    for (line, (row, _)) in table.lines.iter().zip(rows) {
        let Some(text) = table.total(line) else { continue };
        let place = Rect::from_min_max(
            pos2(rect.right() - TOTAL - PADDING, row.top()),
            pos2(rect.right() - PADDING, row.bottom()),
        );
        let is_quiet = line.total == Some(0.0) || line.measure != Measure::Usd;
        let color = theme.color(if is_quiet { Token::Text3 } else { Token::Text1 });
        Text::new(&text, TextRole::BodyStrong, color).right().paint(ui.painter(), place);
    }
}

fn derivation(table: &Table, line: &Line) -> Derivation {
    let counted = |figure: String| table.with_unit(line, &figure, " ");
    let inputs = table
        .columns
        .iter()
        .zip(&line.values)
        .filter(|(_, value)| **value != 0.0)
        .map(|(column, value)| {
            let figure = counted(table.shown(line, *value));
            Input::new(column.clone(), figure, "project model")
        })
        .collect();
    Derivation {
        title: line.name.clone(),
        tag: if line.measure == Measure::Usd { "nominal".into() } else { String::new() },
        result: table.total(line).map_or_else(|| "by year".to_owned(), counted),
        formula: line.how.clone(),
        inputs,
        ..Derivation::default()
    }
}
