//! A number that the layout may state: what stands in for it, its range, its source, and the way
//! back to it.

use crate::gui::action::{Actions, Edit, Gesture};
use crate::gui::components::popover::Provenance;
use crate::gui::components::row::{Entry, Number, NumberRow, Range, RowOutput, Source};
use crate::gui::context::Context;
use crate::gui::panels::rows::{kind_word, least_of, provenance, serve_keyboard, set};
use crate::units::format::{self, unit_of_field};
use crate::units::words::lower_first;
use eframe::egui::{Id, Ui};

/// What stands in for a number that the layout does not state.
#[derive(Clone, Copy, Debug)]
pub enum StandIn<'a> {
    /// A cost of the catalogue, by its id.
    Cost(&'a str),
    /// No number of its own: the word says what is done instead.
    Word(&'static str),
    /// Nothing: the value stops without it.
    Nothing,
}

/// A number below `finance`.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    pub field: &'a str,
    pub label: &'a str,
    /// Whose it is; empty for the site as a whole.
    pub of: &'a str,
    pub own: Option<f64>,
    pub stand_in: StandIn<'a>,
    pub whole: bool,
}

/// A number that the catalogue stands in for.
pub const fn cost<'a>(field: &'a str, label: &'a str, own: Option<f64>, id: &'a str) -> Input<'a> {
    Input { field, label, of: "", own, stand_in: StandIn::Cost(id), whole: false }
}

/// A number with a word in its place while it is absent.
pub const fn word<'a>(
    field: &'a str,
    label: &'a str,
    own: Option<f64>,
    word: &'static str,
) -> Input<'a> {
    Input { field, label, of: "", own, stand_in: StandIn::Word(word), whole: false }
}

/// A number without which there is no value.
pub const fn needed<'a>(field: &'a str, label: &'a str, own: Option<f64>) -> Input<'a> {
    Input { field, label, of: "", own, stand_in: StandIn::Nothing, whole: false }
}

impl<'a> Input<'a> {
    pub const fn whole(self) -> Self {
        Self { whole: true, ..self }
    }

    pub const fn of(self, of: &'a str) -> Self {
        Self { of, ..self }
    }

    /// Shows the row and pushes what was entered.
    pub fn show(&self, ui: &mut Ui, cx: &Context<'_>, actions: &mut Actions) {
        let path = format!("finance.{}", self.field);
        let unit = unit_of_field(&path);
        let id = Id::unique(("finance-input", path.as_str()));
        serve_keyboard(ui, &path, id);
        let listed = match self.stand_in {
            StandIn::Cost(id) => cx.catalog.costs.get(id),
            _ => None,
        };
        let fact = listed.map(|c| &c.value);
        let value = match (self.own, fact.and_then(|f| f.get()), self.stand_in) {
            (Some(own), ..) => Number::Is(own),
            (None, Some(listed), _) => Number::Is(listed),
            (None, None, StandIn::Word(word)) => Number::Absent(word),
            (None, None, _) => Number::Unknown,
        };
        let default = fact.and_then(|f| f.get());
        let range = fact.and_then(|f| f.range).filter(|(low, high)| high > low);
        let range = range.map(|(low, high)| Range { low, high, default });
        let was = match (self.own, default) {
            (Some(_), Some(listed)) => format!("was {}", unit.edit_text(listed)),
            _ => String::new(),
        };
        let source = match (self.own, fact.and_then(|f| f.kind), value) {
            (Some(_), ..) if !was.is_empty() => Source::Link(&was),
            (None, Some(kind), _) => Source::Link(kind_word(kind)),
            (None, None, Number::Unknown) => Source::Warn("stops here"),
            (Some(_), ..) => Source::Plain("entered"),
            _ => Source::None,
        };
        let name = match self.of {
            // The finance page has fields of the same names.
            "" => format!("{} of the layout", self.label),
            of => format!("{}, {of}", self.label),
        };
        let output = NumberRow {
            id,
            label: self.label,
            name: &name,
            value,
            unit,
            range,
            source,
            least: least_of(&path),
            whole: self.whole,
            locked: None,
        }
        .show(ui);
        self.follow(cx, (&path, &was), output, actions);
    }

    fn follow(
        &self,
        cx: &Context<'_>,
        (path, was): (&str, &str),
        output: RowOutput,
        actions: &mut Actions,
    ) {
        let unit = unit_of_field(path);
        if let (Some(link), StandIn::Cost(id)) = (output.source, self.stand_in)
            && let Some(cost) = cx.catalog.costs.get(id)
        {
            let was = was.trim_start_matches("was ").to_owned();
            let shown = provenance(cx.catalog, &cost.value, path);
            if (Provenance { was, ..shown }).show(&link) {
                let label = format!("Reset {}", lower_first(self.label));
                actions.push(Edit::set(path, format::UNKNOWN, label));
            }
        }
        if let Some((entry, gesture)) = output.entry {
            // What the catalogue says is no value of the layout.
            let gesture = if entry == Entry::Unknown { Gesture::Once } else { gesture };
            actions.push(set(path, (self.label, self.of, unit), &entry, gesture));
        }
    }
}
