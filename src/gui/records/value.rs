//! The chosen field: its value, kind, source, range and note, each to be entered.

use super::{Page, fields, small, source, theme_of};
use crate::catalog::{Fact, Kind, Known};
use crate::editor::catalogue::{FieldRow, Origin, choices};
use crate::gui::components::button::{Button, Look};
use crate::gui::components::card::section;
use crate::gui::components::paint::Text;
use crate::gui::components::row::{self, Entry, Number, NumberRow, Range, Rule, Scale, Source};
use crate::gui::icons::Icon;
use crate::gui::measure;
use crate::scene::tokens::{TextRole, Token};
use crate::units::format::{label_of_field, unit_of_field};
use crate::units::words::upper_first;
use eframe::egui::{Id, Margin, Role, ScrollArea, Sense, Ui, WidgetInfo, vec2};
use serde_json::Value;

const KINDS: [Kind; 6] =
    [Kind::Measured, Kind::Vendor, Kind::Press, Kind::Derived, Kind::Estimate, Kind::Assumed];

/// What a value that nobody knows says of itself until somebody says more.
const NOT_STATED: &str = "Not stated";

/// Characters that the input of a text has room for.
const SHOWN_CHARS: usize = 24;

/// The first input of the panel.
pub(super) fn first_id() -> Id {
    Id::unique("record-value")
}

pub(super) fn show(ui: &mut Ui, page: &mut Page) {
    let Some(field) = page.field_row().cloned() else { return };
    let frame = eframe::egui::Frame::new().inner_margin(Margin::symmetric(14, 10));
    let of = (page.chosen.path(), field.path.clone());
    ScrollArea::vertical().id_salt("record-value").auto_shrink(false).show(ui, |ui| {
        // Inputs are those of one field: what is typed never goes to another.
        let content = |ui: &mut Ui| {
            ui.spacing_mut().item_spacing.y = 4.0;
            head(ui, page, &field);
            identity(ui, page);
            if field.fact.is_some() || field.value.is_null() {
                fact(ui, page, &field);
            } else {
                plain(ui, page, &field);
            }
            for words in faults(page, &field.path) {
                small(ui, &words, Token::Err);
            }
            if let Some(why) = page.refused.clone() {
                small(ui, &why, Token::Err);
            }
            builtin(ui, page, &field);
        };
        frame.show(ui, |ui| ui.push_id(of, content));
    });
}

fn faults(page: &Page, path: &str) -> Vec<String> {
    let words = |f: &super::Finding| {
        upper_first(&format!("{}: {}", f.diagnostic.message, f.diagnostic.hint))
    };
    page.about(path).map(words).collect()
}

fn head(ui: &mut Ui, page: &Page, field: &FieldRow) {
    let theme = theme_of(ui);
    let label = label_of_field(&field.path);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 24.0), Sense::hover());
    Text::new(&label, TextRole::BodyStrong, theme.color(Token::Text1)).paint(ui.painter(), rect);
    let path = format!("{}.{}", page.chosen.path(), field.path);
    response.widget_info(|| WidgetInfo::labeled(Role::Heading, true, format!("{label}, {path}")));
    small(ui, &path, Token::Text3);
    ui.add_space(6.0);
}

/// The id of a record that can still get another one.
fn identity(ui: &mut Ui, page: &mut Page) {
    let own = page.row().is_some_and(|r| r.origin == Origin::Own && r.changed);
    if !own {
        return;
    }
    if let Some(id) = row::text(ui, "Id of the record", &page.chosen.id.clone()) {
        match page.draft.rename(&page.chosen.clone(), id.trim()) {
            Ok(key) => {
                let field = std::mem::take(&mut page.field);
                page.choose(key);
                page.field = field;
            }
            Err(why) => page.refused = Some(why),
        }
    }
}

/// A number with its provenance.
fn fact(ui: &mut Ui, page: &mut Page, field: &FieldRow) {
    let absent = field.fact.is_none();
    let now = field.fact.clone().unwrap_or_default();
    value(ui, page, field, &now);
    if absent {
        small(ui, "The record says nothing of it", Token::Text3);
        return;
    }
    if now.get().is_some() {
        kind(ui, page, field, &now);
        source::show(ui, page, field, &now);
        again(ui, page, field, &now);
        range(ui, page, field, &now);
    }
    if let Some(note) = row::text(ui, "Note", &now.note) {
        page.set_fact(&field.path, &Fact { note: note.trim().to_owned(), ..now.clone() });
    }
    if !now.note.is_empty() {
        small(ui, &now.note, Token::Text2);
    }
}

fn value(ui: &mut Ui, page: &mut Page, field: &FieldRow, now: &Fact) {
    let builtin = page.draft.builtin_record(&page.chosen);
    let path: Vec<&str> = field.path.split('.').collect();
    let default =
        builtin.as_ref().and_then(|b| crate::fields::get(b, &path)?.get("value")?.as_f64());
    let row = NumberRow {
        id: first_id(),
        label: "Value",
        name: "Value",
        value: match (now.get(), field.fact.is_some()) {
            (Some(v), _) => Number::Is(v),
            (None, true) => Number::Unknown,
            (None, false) => Number::Absent("not stated"),
        },
        unit: unit_of_field(&field.path),
        range: now.range.map(|(low, high)| Range { low, high, default }),
        source: Source::None,
        least: 0.0,
        whole: false,
        locked: None,
    };
    let Some((entry, _)) = row.show(ui).entry else { return };
    match entry {
        // A new number has another origin than the old one: who enters it says which.
        Entry::Number(v) if Some(v) != now.get() => {
            let fact = Fact { value: Known::Is(v), range: now.range, ..Fact::default() };
            page.set_fact(&field.path, &fact);
        }
        Entry::Number(_) => {}
        Entry::Unknown => {
            let note = if now.note.is_empty() { NOT_STATED } else { &now.note };
            let fact = Fact { note: note.to_owned(), ..Fact::default() };
            page.set_fact(&field.path, &fact);
        }
        Entry::Unlimited => {
            page.refused = Some("A catalogue value is a number or unknown".to_owned());
        }
    }
}

fn kind(ui: &mut Ui, page: &mut Page, field: &FieldRow, now: &Fact) {
    let names: Vec<String> = KINDS.iter().map(|k| format!("{k:?}")).collect();
    let selected = now.kind.and_then(|kind| KINDS.iter().position(|k| *k == kind));
    if let Some(kind) = row::choice(ui, "Kind", &names, selected).and_then(|i| KINDS.get(i)) {
        page.set_fact(&field.path, &Fact { kind: Some(*kind), ..now.clone() });
    }
}

/// The kind and source that were given last, at one click.
fn again(ui: &mut Ui, page: &mut Page, field: &FieldRow, now: &Fact) {
    let Some((kind, source)) = page.last.clone() else { return };
    if now.kind.is_some() && now.source.is_some() {
        return;
    }
    let name = source::title(page, &source);
    let words = format!("Same as before: {kind:?}, {name}");
    if Button::new("Same kind and source as before").name(&words).show(ui).clicked() {
        let fact = Fact { kind: Some(kind), source: Some(source), ..now.clone() };
        page.set_fact(&field.path, &fact);
    }
}

fn range(ui: &mut Ui, page: &mut Page, field: &FieldRow, now: &Fact) {
    let unit = unit_of_field(&field.path);
    let scale = Scale::within(measure::system(ui.ctx()), unit, now.get());
    let shown = now.range.map_or_else(String::new, |(low, high)| {
        format!("{} to {}", scale.digits(unit, low), scale.digits(unit, high))
    });
    let Some(text) = row::text(ui, "Range", &shown) else { return };
    if text.trim().is_empty() {
        return page.set_fact(&field.path, &Fact { range: None, ..now.clone() });
    }
    let number = |text: &str| match scale.entry(text, unit.suffix, Rule::POSITIVE) {
        Ok(Entry::Number(v)) => Some(v),
        _ => None,
    };
    let ends = text.split_once(" to ").or_else(|| text.split_once('–'));
    match ends.and_then(|(low, high)| Some((number(low.trim())?, number(high.trim())?))) {
        Some((low, high)) if low <= high => {
            page.set_fact(&field.path, &Fact { range: Some((low, high)), ..now.clone() });
        }
        _ => page.refused = Some("Write a range as: 3.5 to 9.1".to_owned()),
    }
}

/// Words, choices and bare numbers.
fn plain(ui: &mut Ui, page: &mut Page, field: &FieldRow) {
    let options = choices(&page.draft, &page.chosen, &field.path);
    if !options.is_empty() {
        let names: Vec<String> = options.iter().map(|(_, name)| name.clone()).collect();
        let now = field.value.as_str();
        let selected = options.iter().position(|(word, _)| Some(word.as_str()) == now);
        if let Some((word, _)) =
            row::choice(ui, "Value", &names, selected).and_then(|i| options.get(i))
        {
            page.set(&field.path, Value::from(word.clone()));
        }
        return;
    }
    match &field.value {
        Value::Bool(yes) => {
            let names = ["yes".to_owned(), "no".to_owned()];
            if let Some(index) = row::choice(ui, "Value", &names, Some(usize::from(!*yes))) {
                page.set(&field.path, Value::from(index == 0));
            }
        }
        Value::Number(n) => bare(ui, page, field, n.as_f64().unwrap_or_default()),
        _ if field.is_text() => {
            if let Some(text) = row::text(ui, "Value", &field.words()) {
                page.set(&field.path, field.from_text(&text));
            }
            // What the input cannot show at once.
            if field.words().chars().count() > SHOWN_CHARS {
                small(ui, &field.words(), Token::Text2);
            }
        }
        _ => {
            row::fact(ui, "Value", &field.words());
            small(ui, "This value is changed in the file of the folder", Token::Text3);
        }
    }
}

/// A number whose source is that of its record, or a count.
fn bare(ui: &mut Ui, page: &mut Page, field: &FieldRow, now: f64) {
    let row = NumberRow {
        id: first_id(),
        label: "Value",
        name: "Value",
        value: Number::Is(now),
        unit: unit_of_field(&field.path),
        range: None,
        source: Source::None,
        least: 0.0,
        whole: false,
        locked: None,
    };
    match row.show(ui).entry {
        // Counts are whole in their records.
        Some((Entry::Number(v), _)) if v.fract() == 0.0 && v < 9e15 => {
            page.set(&field.path, Value::from(v as i64));
        }
        Some((Entry::Number(v), _)) => page.set(&field.path, Value::from(v)),
        Some(_) => page.refused = Some("This value is always known".to_owned()),
        None => {}
    }
}

/// The built-in value beside an edited one, and the way back.
fn builtin(ui: &mut Ui, page: &mut Page, field: &FieldRow) {
    if !field.edited {
        return;
    }
    section(ui, "Built-in value", "", false);
    let record = page.draft.builtin_record(&page.chosen).unwrap_or_default();
    let path: Vec<&str> = field.path.split('.').collect();
    let value = crate::fields::get(&record, &path).cloned().unwrap_or_default();
    let fact: Option<Fact> = serde_json::from_value(value.clone()).ok();
    let fact = fact.filter(|_| value.get("value").is_some());
    let old = FieldRow { value, fact: fact.clone(), edited: false, ..field.clone() };
    let (digits, unit) = fields::value_words(&old, measure::system(ui.ctx()));
    small(ui, format!("{digits} {unit}").trim(), Token::Text1);
    if let Some(fact) = fact {
        let source = fact.source.as_deref().map(|id| source::title(page, id));
        let kind = fact.kind.map(|k| format!("{k:?}"));
        let words: Vec<String> = kind.into_iter().chain(source).collect();
        if !words.is_empty() {
            small(ui, &words.join(", "), Token::Text2);
        }
        let range = fields::range_words(&old, measure::system(ui.ctx()));
        if !range.is_empty() {
            small(ui, &format!("Range {range}"), Token::Text3);
        }
    }
    ui.add_space(4.0);
    let button = Button::new("Reset to the built-in value").with_icon(Icon::Reset);
    if button.look(Look::Normal).show(ui).clicked() {
        let key = page.chosen.clone();
        let result = page.draft.reset_field(&key, &field.path);
        page.took(result);
    }
}
