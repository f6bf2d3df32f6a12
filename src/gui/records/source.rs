//! The source of a number: one that the catalogue has, found by words of its title, or a new
//! one with title, publisher and date.

use super::{Page, small};
use crate::catalog::Fact;
use crate::editor::catalogue::{FieldRow, RecordKey};
use crate::gui::components::button::{Button, Look};
use crate::gui::components::field::{Field, FieldLook};
use crate::gui::components::menu;
use crate::gui::components::row;
use crate::gui::icons::Icon;
use crate::scene::tokens::Token;
use eframe::egui::{Id, Key, Sense, Ui, vec2};

/// Sources that fit, at most so many.
const SHOWN: usize = 5;

/// A source that is being described.
#[derive(Clone, Debug, Default)]
pub(super) struct NewSource {
    title: String,
    publisher: String,
    date: String,
}

/// `Publisher, title (date)`.
pub(super) fn title(page: &Page, id: &str) -> String {
    let Some(source) = page.draft.record(&RecordKey::new("sources", id)) else {
        return id.to_owned();
    };
    let text = |field: &str| source.get(field).and_then(|v| v.as_str()).unwrap_or_default();
    format!("{}, {} ({})", text("publisher"), text("title"), text("date"))
}

pub(super) fn show(ui: &mut Ui, page: &mut Page, field: &FieldRow, now: &Fact) {
    match &now.source {
        Some(id) => {
            row::fact(ui, "Source", id);
            small(ui, &title(page, id), Token::Text2);
        }
        None => row::fact(ui, "Source", "none yet"),
    }
    if page.new_source.is_some() {
        return describe(ui, page, field, now);
    }
    if let Some(id) = found(ui, page) {
        page.source_query.clear();
        page.set_fact(&field.path, &Fact { source: Some(id), ..now.clone() });
    }
    let button = Button::new("New source...").with_icon(Icon::Plus).look(Look::Ghost);
    if button.show(ui).clicked() {
        page.new_source = Some(NewSource::default());
    }
}

/// A field whose words narrow the sources down; the one that was chosen.
fn found(ui: &mut Ui, page: &mut Page) -> Option<String> {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 24.0), Sense::hover());
    let id = Id::unique("record-source");
    let field = Field {
        id,
        name: "Find a source",
        shown: if page.source_query.is_empty() { "Find a source" } else { &page.source_query },
        edited: &page.source_query,
        unit: "",
        look: FieldLook::Absent,
    };
    let output = field.show(ui, rect);
    let typed: Option<String> = ui.data(|d| d.get_temp(id));
    let entered = output.response.lost_focus() && ui.input(|i| i.key_pressed(Key::Enter));
    let query = typed.or(output.committed).unwrap_or_else(|| page.source_query.clone());
    page.source_query.clone_from(&query);
    let words: Vec<String> = query.to_lowercase().split_whitespace().map(str::to_owned).collect();
    if words.is_empty() {
        return None;
    }
    let sources = page.rows.iter().filter(|r| r.key.collection == "sources");
    let fitting: Vec<(String, String)> = sources
        .map(|r| (r.key.id.clone(), title(page, &r.key.id)))
        .filter(|(id, title)| {
            let text = format!("{id} {title}").to_lowercase();
            words.iter().all(|word| text.contains(word))
        })
        .collect();
    let mut chosen = None;
    for (id, title) in fitting.iter().take(SHOWN) {
        if menu::option(ui, title, false).on_hover_text(title).clicked() {
            chosen = Some(id.clone());
        }
    }
    if fitting.is_empty() {
        small(ui, "No source is called so", Token::Text3);
    } else if fitting.len() > SHOWN {
        small(ui, &format!("and {} more; type on", fitting.len() - SHOWN), Token::Text3);
    }
    let first = fitting.first().map(|(id, _)| id.clone());
    chosen.or(first.filter(|_| entered))
}

/// Title, publisher and date of a new source.
fn describe(ui: &mut Ui, page: &mut Page, field: &FieldRow, now: &Fact) {
    let Some(mut new) = page.new_source.take() else { return };
    for (label, text) in
        [("Title", &mut new.title), ("Publisher", &mut new.publisher), ("Date", &mut new.date)]
    {
        if let Some(typed) = row::text(ui, label, text) {
            *text = typed.trim().to_owned();
        }
    }
    small(ui, "Date as YYYY, YYYY-MM or YYYY-MM-DD", Token::Text3);
    let ready = [&new.title, &new.publisher, &new.date].iter().all(|t| !t.is_empty());
    let (add, cancel) = ui
        .horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = 6.0;
            let add = Button::new("Add source").look(Look::Primary).enabled(ready);
            let add = add.show(ui).clicked();
            (add, Button::new("Cancel").name("No new source").look(Look::Ghost).show(ui).clicked())
        })
        .inner;
    if add {
        let id = page.draft.add_source(&new.title, &new.publisher, &new.date);
        page.set_fact(&field.path, &Fact { source: Some(id), ..now.clone() });
    } else if !cancel {
        page.new_source = Some(new);
    }
}
