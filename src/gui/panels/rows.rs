//! Inspector rows that know where their value lives: an edit comes out as an action.

use crate::catalog::{Catalog, Fact, Kind};
use crate::gui::action::{Action, Actions, Edit, Gesture};
use crate::gui::components::popover::Provenance;
use crate::gui::components::row::{self, Entry, Number, NumberRow, Range, Source};
use crate::scene::tokens::size;
use crate::units::Limit;
use crate::units::format::{self, Unit, label_of_field, unit_of_field};
use crate::units::words::lower_first;
use eframe::egui::{Align, Context, Id, Rect, Ui, vec2};

/// A number of the layout at a path.
pub struct FieldRow<'a> {
    /// Path in the vocabulary of `--set`.
    pub path: &'a str,
    pub label: &'a str,
    /// Whose value it is, for the history and for assistive technology.
    pub of: &'a str,
    pub value: Number,
    pub range: Option<Range>,
    pub source: Source<'a>,
    pub whole: bool,
    /// By the field's suffix, unless that says nothing.
    pub unit: Unit,
}

impl<'a> FieldRow<'a> {
    /// A row named after its field.
    pub fn new(path: &'a str, label: &'a str, of: &'a str, value: Number) -> Self {
        let unit = unit_of_field(path);
        Self { path, label, of, value, range: None, source: Source::None, whole: false, unit }
    }

    pub fn whole(self) -> Self {
        Self { whole: true, ..self }
    }

    pub fn source(self, source: Source<'a>) -> Self {
        Self { source, ..self }
    }

    /// Shows the row and pushes what was entered.
    pub fn show(&self, ui: &mut Ui, actions: &mut Actions) {
        let name = named(self.label, self.of);
        let id = ui.scope_id().with(("field", self.path));
        serve_keyboard(ui, self.path, id);
        let output = NumberRow {
            id,
            label: self.label,
            name: &name,
            value: self.value,
            unit: self.unit,
            range: self.range,
            source: self.source,
            least: least_of(self.path),
            whole: self.whole,
            locked: None,
        }
        .show(ui);
        if let Some((entry, gesture)) = output.entry {
            actions.push(set(self.path, (self.label, self.of, self.unit), &entry, gesture));
        }
    }
}

/// Where the path of the field that should get the keyboard waits for its row.
fn wanted() -> Id {
    Id::unique("field-that-wants-the-keyboard")
}

/// Frames in which the field asks again: what covered it a moment ago still holds the keyboard.
const TRIES: u8 = 4;

/// Puts the keyboard into the field of a path as soon as its row is shown.
pub fn ask_for_keyboard(ctx: &Context, path: &str) {
    ctx.data_mut(|d| d.insert_temp(wanted(), (path.to_owned(), TRIES)));
}

/// Gives the field of a path the keyboard, where it was asked for, and brings it into view.
pub fn serve_keyboard(ui: &Ui, path: &str, id: Id) {
    let asked = ui.data(|d| d.get_temp::<(String, u8)>(wanted()));
    let Some((_, tries)) = asked.filter(|(wanted, _)| wanted == path) else { return };
    let has_it = ui.memory(|m| m.has_focus(id));
    if has_it || tries == 0 {
        ui.data_mut(|d| d.remove_temp::<(String, u8)>(wanted()));
        return;
    }
    ui.data_mut(|d| d.insert_temp(wanted(), (path.to_owned(), tries - 1)));
    ui.memory_mut(|m| m.request_focus(id));
    let row = Rect::from_min_size(ui.cursor().min, vec2(1.0, size::INSPECTOR_ROW));
    ui.scroll_to_rect(row, Some(Align::Center));
    ui.ctx().request_repaint();
}

/// `Grid contract of Cedar Ridge`.
pub fn named(label: &str, of: &str) -> String {
    if of.is_empty() { label.to_owned() } else { format!("{label} of {of}") }
}

/// Values that may fall below zero are rare: temperatures and places.
pub fn least_of(path: &str) -> f64 {
    let name = path.rsplit('.').next().unwrap_or_default();
    let below = name.ends_with("_c") || path.contains(".at.");
    if below { f64::NEG_INFINITY } else { 0.0 }
}

/// The action that an entry at a path asks for; label, owner and unit word it.
pub fn set(path: &str, of: (&str, &str, Unit), entry: &Entry, gesture: Gesture) -> Action {
    let (label, of, unit) = of;
    let (value, words) = match entry {
        Entry::Number(v) => (number_text(*v), unit.show(*v)),
        Entry::Unknown => (format::UNKNOWN.to_owned(), format::UNKNOWN.to_owned()),
        Entry::Unlimited => (format!("\"{}\"", format::UNLIMITED), format::UNLIMITED.to_owned()),
    };
    let what = lower_first(&named(label, of));
    let label = format!("Set {what} to {words}");
    Action::Edit(Edit::Set { path: path.to_owned(), value, label, gesture })
}

/// A number as RON text, exactly.
pub fn number_text(value: f64) -> String {
    format!("{value}")
}

/// A text as RON.
pub fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// A number of the catalogue; an edit becomes an override of this site.
pub struct FactRow<'a> {
    /// Path in the vocabulary of `--set`, e.g. `racks.vr-nvl72.price_usd`.
    pub path: &'a str,
    /// The field's name where empty.
    pub label: &'a str,
    pub of: &'a str,
    pub fact: &'a Fact,
    /// What an override replaced, ready to show.
    pub was: Option<&'a str>,
}

impl FactRow<'_> {
    pub fn show(&self, ui: &mut Ui, catalog: &Catalog, actions: &mut Actions) {
        let made;
        let label = if self.label.is_empty() {
            made = label_of_field(self.path);
            &made
        } else {
            self.label
        };
        let name = named(label, self.of);
        let word = self.fact.kind.map_or("unknown", kind_word);
        let edited;
        let source = match (self.fact.kind, self.was) {
            (Some(Kind::Override), Some(was)) => {
                edited = format!("was {was}");
                Source::Link(&edited)
            }
            (Some(_), _) => Source::Link(word),
            (None, _) => Source::Warn("stops here"),
        };
        let value = self.fact.get().map_or(Number::Unknown, Number::Is);
        let range = self.fact.range.filter(|(low, high)| high > low).map(|(low, high)| Range {
            low,
            high,
            default: None,
        });
        let id = ui.scope_id().with(("fact", self.path));
        serve_keyboard(ui, self.path, id);
        let output = NumberRow {
            id,
            label,
            name: &name,
            value,
            unit: unit_of_field(self.path),
            range,
            source,
            least: least_of(self.path),
            whole: false,
            locked: None,
        }
        .show(ui);
        if let Some(link) = output.source {
            let mut source = provenance(catalog, self.fact, self.path);
            source.was = self.was.unwrap_or_default().to_owned();
            if source.show(&link) {
                actions.push(Action::Edit(Edit::Reset(vec![self.path.to_owned()])));
            }
        }
        if let Some((entry, gesture)) = output.entry {
            let unit = unit_of_field(self.path);
            actions.push(set(self.path, (label, self.of, unit), &entry, gesture));
        }
    }
}

/// What a kind of evidence is called in the source column.
pub fn kind_word(kind: Kind) -> &'static str {
    match kind {
        Kind::Measured => "measured",
        Kind::Vendor => "vendor",
        Kind::Press => "press",
        Kind::Derived => "derived",
        Kind::Estimate => "estimate",
        Kind::Assumed => "assumed",
        Kind::Override => "edited",
    }
}

/// Title, publisher, date, kind and range of a fact.
pub fn provenance(catalog: &Catalog, fact: &Fact, path: &str) -> Provenance {
    let source = fact.source.as_ref().and_then(|id| catalog.sources.get(id));
    let unit = unit_of_field(path);
    Provenance {
        title: source.map_or_else(|| "No source".to_owned(), |s| s.title.clone()),
        publisher: source.map(|s| s.publisher.clone()).unwrap_or_default(),
        date: source.map(|s| s.date.clone()).unwrap_or_default(),
        kind: fact.kind.map(|k| kind_word(k).to_owned()).unwrap_or_default(),
        range: fact
            .range
            .map(|(low, high)| format!("{} to {}", unit.show(low), unit.show(high)))
            .unwrap_or_default(),
        note: fact.note.clone(),
        was: String::new(),
    }
}

/// A value as a table of inputs names its source: `press, May 2026`.
pub fn source_words(catalog: &Catalog, fact: &Fact) -> String {
    let kind = fact.kind.map_or("unknown", kind_word);
    let source = fact.source.as_ref().and_then(|id| catalog.sources.get(id));
    match source {
        Some(s) => format!("{kind}, {}", s.date),
        None => kind.to_owned(),
    }
}

/// An optional number: absent is unknown and stops what needs it.
pub fn required(value: Option<f64>) -> Number {
    value.map_or(Number::Unknown, Number::Is)
}

/// An optional number: absent means `word`.
pub fn optional(value: Option<f64>, word: &'static str) -> Number {
    value.map_or(Number::Absent(word), Number::Is)
}

/// A bound that may be unlimited.
pub fn bound(value: Option<Limit>) -> Number {
    match value {
        Some(Limit::At(v)) => Number::Is(v),
        Some(Limit::Unlimited) => Number::Unlimited,
        None => Number::Unknown,
    }
}

/// A word or name of the layout; pushes what was entered.
pub fn text_row(ui: &mut Ui, actions: &mut Actions, path: &str, label: &str, value: &str) {
    if let Some(text) = row::text(ui, label, value) {
        let text = text.trim();
        let words = format!("Set {} to \"{text}\"", lower_first(label));
        actions.push(Edit::set(path, quoted(text), words));
    }
}

/// A choice of variants (`options` pairs the RON text with the words); pushes what was chosen.
pub fn choice_row(
    ui: &mut Ui,
    actions: &mut Actions,
    at: (&str, &str),
    options: &[(&str, &str)],
    current: &str,
) {
    let (path, label) = at;
    let words: Vec<String> = options.iter().map(|(_, w)| (*w).to_owned()).collect();
    let selected = options.iter().position(|(value, _)| *value == current);
    if let Some(index) = row::choice(ui, label, &words, selected)
        && let Some((value, word)) = options.get(index)
    {
        let label = format!("Set {} to {}", lower_first(label), lower_first(word));
        actions.push(Edit::set(path, *value, label));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_becomes_a_set_with_the_stored_value_and_a_label_for_the_history() {
        let action = set(
            "site.grid_contract_mw",
            ("Grid contract", "Cedar Ridge", unit_of_field("site.grid_contract_mw")),
            &Entry::Number(1020.0),
            Gesture::Once,
        );
        let Action::Edit(Edit::Set { path, value, label, .. }) = action else { panic!() };
        assert_eq!((path.as_str(), value.as_str()), ("site.grid_contract_mw", "1020"));
        assert_eq!(label, "Set grid contract of Cedar Ridge to 1,020 MW");
    }

    #[test]
    fn texts_are_quoted_for_the_file() {
        assert_eq!(quoted("Hall \"8\""), "\"Hall \\\"8\\\"\"");
    }
}
