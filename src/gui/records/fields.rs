//! The fields of the chosen record as a table: value, unit, kind, source and range of each.

use super::{Go, Page, Pane, source, theme_of};
use crate::catalog::{Fact, source_text};
use crate::editor::catalogue::{FieldRow, Finding};
use crate::gui::components::button::{Button, Look};
use crate::gui::components::paint::{self, Text};
use crate::gui::components::row::split_unit;
use crate::gui::components::table::{Column, Layout, Row, Width};
use crate::gui::icons::Icon;
use crate::gui::measure;
use crate::scene::tokens::{TextRole, Token, size};
use crate::units::format::{self, System, label_of_field, unit_of_field};
use eframe::egui::{
    Align, Layout as Flow, Rangef, Rect, Role, ScrollArea, Sense, Ui, UiBuilder, WidgetInfo, pos2,
    vec2,
};

const COLUMNS: [Column; 6] = [
    Column::left("Field", Width::Flex(1.8, 160.0)),
    Column::right("Value", Width::Fixed(80.0)),
    Column::left("Unit", Width::Fixed(88.0)),
    Column::left("Kind", Width::Fixed(66.0)),
    Column::left("Source", Width::Flex(1.4, 80.0)),
    Column::right("Range", Width::Fixed(98.0)),
];

/// A line of the table.
enum Line<'a> {
    /// Words of a group, with list and index where it is a part that can be taken out.
    Group(String, Option<(String, usize)>),
    Field(&'a FieldRow),
    /// A list that can get another part.
    Add(String),
}

pub(super) fn show(ui: &mut Ui, page: &mut Page) {
    let full = ui.available_rect_before_wrap();
    let layout = Layout::new(&COLUMNS, Rangef::new(full.left() + 10.0, full.right() - 12.0));
    layout.header(ui);
    let lines = lines(&page.fields, &page.draft.parts(&page.chosen));
    let mut asked = Asked::Nothing;
    let reveal = page.pane == Pane::Fields && std::mem::take(&mut page.reveal);
    ScrollArea::vertical().id_salt("record-fields").auto_shrink(false).show(ui, |ui| {
        for line in &lines {
            let now = match line {
                Line::Group(words, part) => group(ui, words, part.as_ref()),
                Line::Field(row) => field(ui, page, &layout, (row, reveal)),
                Line::Add(list) => add(ui, list),
            };
            if !matches!(now, Asked::Nothing) {
                asked = now;
            }
        }
        ui.add_space(8.0);
    });
    let key = page.chosen.clone();
    match asked {
        Asked::Nothing => {}
        Asked::Choose(path) => page.go_next(ui, Go::Field(path)),
        Asked::Remove(list, index) => {
            let result = page.draft.remove_part(&key, &list, index);
            page.took(result);
        }
        Asked::Add(list) => {
            let result = page.draft.add_part(&key, &list);
            page.took(result);
        }
    }
}

enum Asked {
    Nothing,
    Choose(String),
    Remove(String, usize),
    Add(String),
}

/// Fields under the groups that they are in: parts of lists, records within the record.
fn lines<'a>(fields: &'a [FieldRow], parts: &[String]) -> Vec<Line<'a>> {
    let mut lines = Vec::new();
    let mut last = String::new();
    let mut count = 0;
    for row in fields {
        let group = row.path.rsplit_once('.').map_or("", |(group, _)| group);
        // A point is named by a speed, which may hold a dot.
        let list = parts.iter().find(|list| {
            group.strip_prefix(list.as_str()).is_some_and(|rest| rest.starts_with('.'))
        });
        if group != last {
            if !group.is_empty() {
                let same = list.is_some_and(|l| last.starts_with(&format!("{l}.")));
                count = if same { count + 1 } else { 0 };
                let part = list.map(|l| (l.clone(), count));
                lines.push(Line::Group(group_words(group), part));
            }
            group.clone_into(&mut last);
        }
        lines.push(Line::Field(row));
    }
    lines.extend(parts.iter().map(|list| Line::Add(list.clone())));
    lines
}

/// `caps.max-q` as `Caps, max-q`.
fn group_words(group: &str) -> String {
    match group.split_once('.') {
        Some((list, name)) => format!("{}, {name}", label_of_field(list)),
        None => label_of_field(group),
    }
}

fn group(ui: &mut Ui, words: &str, part: Option<&(String, usize)>) -> Asked {
    let theme = theme_of(ui);
    let (rect, response) =
        ui.allocate_exact_size(vec2(ui.available_width(), size::TABLE_ROW + 2.0), Sense::hover());
    ui.painter().rect_filled(rect, 0.0, theme.color(Token::Raised));
    let inner = rect.shrink2(vec2(14.0, 0.0));
    let color = theme.color(Token::Text2);
    Text::new(words, TextRole::SmallStrong, color).paint(ui.painter(), inner);
    let spoken = words.to_owned();
    response.widget_info(|| WidgetInfo::labeled(Role::Heading, true, &spoken));
    let Some((list, index)) = part else { return Asked::Nothing };
    let builder = UiBuilder::new().max_rect(inner).layout(Flow::right_to_left(Align::Center));
    let name = format!("Remove {}", words.to_lowercase());
    let gone = ui
        .scope_builder(builder, |ui| {
            Button::icon(Icon::Cross, &name).height(20.0).show(ui).clicked()
        })
        .inner;
    if gone { Asked::Remove(list.clone(), *index) } else { Asked::Nothing }
}

fn add(ui: &mut Ui, list: &str) -> Asked {
    let mut asked = Asked::Nothing;
    ui.add_space(6.0);
    ui.horizontal(|ui| {
        ui.add_space(12.0);
        let words = format!("Add to {}", label_of_field(list).to_lowercase());
        let button = Button::new(&words).with_icon(Icon::Plus).look(Look::Ghost);
        if button.show(ui).clicked() {
            asked = Asked::Add(list.to_owned());
        }
    });
    asked
}

fn field(ui: &mut Ui, page: &Page, layout: &Layout<'_>, (row, reveal): (&FieldRow, bool)) -> Asked {
    let theme = theme_of(ui);
    let label = label_of_field(&row.path);
    let system = measure::system(ui.ctx());
    let (value, unit) = value_words(row, system);
    let catalog = page.draft.builtin();
    let fault: Option<&Finding> = page.about(&row.path).next();
    let origin = row.fact.as_ref().and_then(|f| f.source.as_deref()).map(|id| {
        let own = page.rows.iter().find(|r| r.key.collection == "sources" && r.key.id == id);
        match catalog.sources.get(id) {
            Some(_) => source_text(catalog, id),
            None if own.is_some() => source::title(page, id),
            None => id.to_owned(),
        }
    });
    let kind = row.fact.as_ref().and_then(|f| f.kind).map(|k| format!("{k:?}"));
    let spoken = spoken(&label, (&value, &unit), (kind.as_deref(), origin.as_deref()), fault);
    let selected = row.path == page.field;
    let shown = Row::show(ui, &spoken, selected);
    if reveal && selected {
        shown.response.scroll_to_me(None);
    }
    let rect = shown.rect;
    let painter = ui.painter();
    let text = |column, words: &str, role, token| {
        let text = Text::new(words, role, shown.color(theme, token));
        layout.text(painter, column, rect, text);
    };
    text(0, &label, TextRole::Body, if row.value.is_null() { Token::Text3 } else { Token::Text2 });
    if is_wide(row) {
        let wide = layout.cell(1, rect).union(layout.cell(5, rect));
        let wide = wide.with_min_x(layout.cell(1, rect).left());
        let color = shown.color(theme, Token::Text1);
        Text::new(&value, TextRole::Body, color).paint(painter, wide);
    } else {
        let unknown = value == format::UNKNOWN;
        let token = match (unknown, row.value.is_null()) {
            (true, _) => Token::Warn,
            (_, true) => Token::Text3,
            _ => Token::Text1,
        };
        text(1, &value, TextRole::Body, token);
        text(2, &unit, TextRole::Small, Token::Text3);
        text(3, &kind.map(|k| k.to_lowercase()).unwrap_or_default(), TextRole::Small, Token::Text2);
        text(4, origin.as_deref().unwrap_or_default(), TextRole::Small, Token::Text2);
        text(5, &range_words(row, system), TextRole::Small, Token::Text3);
    }
    mark(ui, rect, row.edited, fault.is_some());
    let clicked = shown.response.clicked();
    if let Some(fact) = row.fact.as_ref().filter(|f| !f.note.is_empty()) {
        shown.response.on_hover_text(&fact.note);
    }
    if clicked { Asked::Choose(row.path.clone()) } else { Asked::Nothing }
}

/// A red triangle where something is wrong, a bar where the value is not the built-in one.
fn mark(ui: &Ui, rect: Rect, edited: bool, wrong: bool) {
    let theme = theme_of(ui);
    if wrong {
        let at = pos2(rect.left() + 6.0, rect.center().y);
        Icon::Warning.paint_sized(ui.painter(), at, 10.0, theme.color(Token::Err));
    } else if edited {
        let bar = Rect::from_min_size(pos2(rect.left() + 4.0, rect.top() + 5.0), vec2(2.0, 14.0));
        ui.painter().rect_filled(bar, paint::corner(1.0), theme.color(Token::Accent));
    }
}

fn spoken(
    label: &str,
    (value, unit): (&str, &str),
    (kind, source): (Option<&str>, Option<&str>),
    fault: Option<&Finding>,
) -> String {
    let mut words = format!("{label}: {value} {unit}").trim().to_owned();
    for part in [kind.map(str::to_lowercase), source.map(str::to_owned)].into_iter().flatten() {
        words = format!("{words}, {part}");
    }
    match fault {
        Some(fault) => format!("{words}; {}", fault.diagnostic.message),
        None => words,
    }
}

/// Words run through the columns of numbers.
fn is_wide(row: &FieldRow) -> bool {
    row.fact.is_none() && !row.value.is_null() && !row.value.is_number() && !row.value.is_boolean()
}

/// Digits and unit as people read them.
pub(super) fn value_words(row: &FieldRow, system: System) -> (String, String) {
    let number = match &row.fact {
        Some(fact) => fact.get(),
        None => row.value.as_f64(),
    };
    let Some(number) = number else {
        let words = if row.value.is_null() { "–".to_owned() } else { row.shown() };
        return (words, row.unit.clone());
    };
    let unit = unit_of_field(&row.path);
    if unit.suffix.is_empty() {
        return (format::plain(number), row.unit.clone());
    }
    let shown = unit.show_in(number, system);
    let (digits, label) = split_unit(&shown);
    (digits.to_owned(), label.to_owned())
}

/// `3.5 to 9.1`, in the unit of the value.
pub(super) fn range_words(row: &FieldRow, system: System) -> String {
    let Some((low, high)) = row.fact.as_ref().and_then(|f: &Fact| f.range) else {
        return String::new();
    };
    let unit = unit_of_field(&row.path);
    let shown = [low, high].map(|v| match unit.suffix.is_empty() {
        true => format::plain(v),
        false => unit.show_in(v, system),
    });
    let [low, high] = [split_unit(&shown[0]), split_unit(&shown[1])];
    match low.1 == high.1 {
        true => format!("{} to {}", low.0, high.0),
        false => format!("{} to {}", shown[0], shown[1]),
    }
}
