//! The list of records: search, collections, where each record comes from.

use super::{Go, Page, Pane, collection_words, search_id, theme_of};
use crate::catalog::RECORDS;
use crate::editor::catalogue::{Origin, RecordRow};
use crate::gui::components::chip::{self, Tone};
use crate::gui::components::finder::Search;
use crate::gui::components::paint::Text;
use crate::gui::components::select::Select;
use crate::gui::components::table::Row;
use crate::scene::tokens::{TextRole, Token, size};
use eframe::egui::{Align, Id, Rect, Role, ScrollArea, Sense, Ui, WidgetInfo, pos2, vec2};

/// A line of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// Words of a collection and how many of it are shown.
    Heading(&'static str, usize),
    /// Index among all rows.
    Record(usize),
}

pub(super) fn show(ui: &mut Ui, page: &mut Page) {
    search(ui, page);
    filter(ui, page);
    let key = (page.draft.revision(), page.query.clone(), page.collection);
    if page.lines_of.as_ref() != Some(&key) {
        page.lines = lines(&page.rows, &page.query, page.collection);
        page.lines_of = Some(key);
    }
    if page.lines.is_empty() {
        ui.add_space(12.0);
        ui.horizontal(|ui| {
            ui.add_space(12.0);
            super::small(ui, "Nothing of the catalogue is called so", Token::Text2);
        });
        return;
    }
    rows(ui, page);
}

fn search(ui: &mut Ui, page: &mut Page) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 40.0), Sense::hover());
    let plate = Rect::from_min_size(rect.min + vec2(10.0, 8.0), vec2(rect.width() - 20.0, 26.0));
    let before = page.query.clone();
    let (hint, name) = ("Find a record", "Find a record");
    let field = Search { id: search_id(), hint, name, locked: false };
    let response = field.on_plate(ui, plate, &mut page.query);
    if std::mem::take(&mut page.fresh) {
        response.request_focus();
    }
    if response.gained_focus() {
        page.pane = Pane::Records;
    }
    if page.query != before {
        page.reveal = true;
    }
}

fn filter(ui: &mut Ui, page: &mut Page) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 32.0), Sense::hover());
    let place = Rect::from_min_size(rect.min + vec2(10.0, 0.0), vec2(rect.width() - 20.0, 24.0));
    let mut names = vec!["All collections".to_owned()];
    names.extend(RECORDS.iter().map(|c| collection_words(c).to_owned()));
    let select = Select {
        id: Id::unique("records-collection"),
        name: "Collection",
        options: &names,
        selected: Some(page.collection.map_or(0, |i| i + 1)),
        placeholder: "",
        dot: None,
    };
    if let Some(index) = select.show(ui, place) {
        page.collection = index.checked_sub(1);
        page.reveal = true;
    }
}

/// The rows that fit, under headings of their collections.
fn lines(rows: &[RecordRow], query: &str, collection: Option<usize>) -> Vec<Line> {
    let words: Vec<String> = query.to_lowercase().split_whitespace().map(str::to_owned).collect();
    let only = collection.and_then(|i| RECORDS.get(i));
    let fits = |row: &RecordRow| {
        let key = &row.key;
        let text = format!("{} {} {}", key.id, row.name, collection_words(&key.collection));
        let text = text.to_lowercase();
        only.is_none_or(|c| *c == key.collection) && words.iter().all(|word| text.contains(word))
    };
    let mut lines = Vec::new();
    for name in RECORDS {
        let own = rows.iter().enumerate().filter(|(_, r)| r.key.collection == *name && fits(r));
        let own: Vec<Line> = own.map(|(index, _)| Line::Record(index)).collect();
        if !own.is_empty() {
            lines.push(Line::Heading(collection_words(name), own.len()));
            lines.extend(own);
        }
    }
    lines
}

fn rows(ui: &mut Ui, page: &mut Page) {
    let chosen = page.lines.iter().position(|line| match line {
        Line::Record(index) => page.rows.get(*index).is_some_and(|r| r.key == page.chosen),
        Line::Heading(..) => false,
    });
    let mut area = ScrollArea::vertical().id_salt("records").auto_shrink(false);
    let room = ui.available_height();
    if page.pane == Pane::Records
        && std::mem::take(&mut page.reveal)
        && let Some(at) = chosen
    {
        let y = at as f32 * size::TABLE_ROW;
        let id = ui.scope_id().with("records-offset");
        let now: f32 = ui.data(|d| d.get_temp(id)).unwrap_or_default();
        if y < now || y + size::TABLE_ROW > now + room {
            area = area.vertical_scroll_offset((y - room / 2.0).max(0.0));
        }
    }
    let offset_id = ui.scope_id().with("records-offset");
    let mut picked = None;
    let output = area.show_rows(ui, size::TABLE_ROW, page.lines.len(), |ui, range| {
        for line in page.lines.get(range).unwrap_or_default() {
            match line {
                Line::Heading(words, count) => heading(ui, words, *count),
                Line::Record(index) => {
                    if let Some(row) = page.rows.get(*index)
                        && record(ui, row, row.key == page.chosen)
                    {
                        picked = Some(row.key.clone());
                    }
                }
            }
        }
    });
    ui.data_mut(|d| d.insert_temp(offset_id, output.state.clamped_offset().y));
    if let Some(key) = picked {
        page.go_next(ui, Go::Record(key));
    }
}

fn heading(ui: &mut Ui, words: &str, count: usize) {
    let theme = theme_of(ui);
    let (rect, response) =
        ui.allocate_exact_size(vec2(ui.available_width(), size::TABLE_ROW), Sense::hover());
    ui.painter().rect_filled(rect, 0.0, theme.color(Token::Raised));
    let inner = rect.shrink2(vec2(12.0, 0.0));
    let painter = ui.painter();
    Text::new(words, TextRole::SmallStrong, theme.color(Token::Text2)).paint(painter, inner);
    let count = count.to_string();
    Text::new(&count, TextRole::Small, theme.color(Token::Text3)).right().paint(painter, inner);
    let spoken = format!("{words}, {count} records");
    response.widget_info(|| WidgetInfo::labeled(Role::Heading, true, &spoken));
}

/// What the tag of a record says.
pub(super) fn tag(origin: Origin) -> Option<(&'static str, Tone)> {
    match origin {
        Origin::BuiltIn => None,
        Origin::Overridden => Some(("edited", Tone::Info)),
        Origin::Own => Some(("own", Tone::Good)),
    }
}

/// True where it was clicked.
fn record(ui: &mut Ui, row: &RecordRow, selected: bool) -> bool {
    let theme = theme_of(ui);
    let tag = tag(row.origin);
    let mut spoken = format!("{}, {}", row.name, collection_words(&row.key.collection));
    if let Some((words, _)) = tag {
        spoken = format!("{spoken}, {words}");
    }
    if row.changed {
        spoken = format!("{spoken}, unsaved");
    }
    let shown = Row::show(ui, &spoken, selected);
    let mut inner = shown.rect.shrink2(vec2(12.0, 0.0));
    let painter = ui.painter();
    if row.changed {
        let at = pos2(inner.right() - 3.0, inner.center().y);
        painter.circle_filled(at, 3.0, theme.color(Token::WarnFill));
        inner.max.x -= 12.0;
    }
    if let Some((words, tone)) = tag {
        let wide = chip::tag_width(painter, words);
        let at = pos2(inner.right() - wide, inner.center().y);
        chip::paint_tag(painter, at, words, tone, theme);
        inner.max.x -= wide + 8.0;
    }
    let color = shown.color(theme, Token::Text1);
    let name = Text { align: Align::Min, ..Text::new(&row.name, TextRole::Body, color) };
    name.paint(painter, inner);
    shown.response.on_hover_text(&row.key.id).clicked()
}
