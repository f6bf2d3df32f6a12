//! A number that the layout may state: what stands in for it, its range, its source, and the way
//! back to it. Which there are is one table, `table`.

use crate::fields;
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
pub enum StandIn {
    /// A cost of the catalogue, by its id.
    Cost(&'static str),
    /// No number of its own: the word says what is done instead.
    Word(&'static str),
    /// Nothing: the value stops without it.
    Nothing,
}

/// A number below `finance`, or below an entry of one of its lists.
#[derive(Clone, Copy, Debug)]
pub struct Input {
    pub field: &'static str,
    pub label: &'static str,
    pub stand_in: StandIn,
    pub whole: bool,
}

/// A number that the catalogue stands in for.
pub const fn cost(field: &'static str, label: &'static str, id: &'static str) -> Input {
    Input { field, label, stand_in: StandIn::Cost(id), whole: false }
}

/// A number with a word in its place while it is absent.
pub const fn word(field: &'static str, label: &'static str, word: &'static str) -> Input {
    Input { field, label, stand_in: StandIn::Word(word), whole: false }
}

/// A number without which there is no value.
pub const fn needed(field: &'static str, label: &'static str) -> Input {
    Input { field, label, stand_in: StandIn::Nothing, whole: false }
}

/// What the inputs of a frame are shown from: the numbers of `finance` as they stand.
pub struct Desk<'a> {
    pub cx: &'a Context<'a>,
    stated: serde_json::Value,
}

impl<'a> Desk<'a> {
    pub fn of(cx: &'a Context<'a>) -> Self {
        let stated = serde_json::to_value(&cx.site.terms.finance).unwrap_or_default();
        Self { cx, stated }
    }

    /// The number at a path below `finance`, where the layout states one.
    pub fn number(&self, path: &str) -> Option<f64> {
        let names: Vec<&str> = path.split('.').collect();
        fields::get(&self.stated, &names)?.as_f64()
    }

    /// Shows inputs of the site as a whole.
    pub fn show(&self, ui: &mut Ui, list: &[Input], actions: &mut Actions) {
        self.show_of(ui, ("", ""), list, actions);
    }

    /// Shows inputs of an entry of the list at a path below `finance`.
    pub fn show_of(
        &self,
        ui: &mut Ui,
        (path, of): (&str, &str),
        list: &[Input],
        actions: &mut Actions,
    ) {
        for input in list {
            let field = match of {
                "" => input.field.to_owned(),
                of => format!("{path}.{of}.{}", input.field),
            };
            input.show(ui, self, (&field, of), actions);
        }
    }
}

impl Input {
    pub const fn whole(self) -> Self {
        Self { whole: true, ..self }
    }

    /// Shows the row of a field below `finance`, and whose it is, and pushes what was entered.
    fn show(&self, ui: &mut Ui, desk: &Desk<'_>, (field, of): (&str, &str), actions: &mut Actions) {
        let cx = desk.cx;
        let own = desk.number(field);
        let path = format!("finance.{field}");
        let unit = unit_of_field(&path);
        let id = Id::unique(("finance-input", path.as_str()));
        serve_keyboard(ui, &path, id);
        let listed = match self.stand_in {
            StandIn::Cost(id) => cx.catalog.costs.get(id),
            _ => None,
        };
        let fact = listed.map(|c| &c.value);
        let value = match (own, fact.and_then(|f| f.get()), self.stand_in) {
            (Some(own), ..) => Number::Is(own),
            (None, Some(listed), _) => Number::Is(listed),
            (None, None, StandIn::Word(word)) => Number::Absent(word),
            (None, None, _) => Number::Unknown,
        };
        let default = fact.and_then(|f| f.get());
        let range = fact.and_then(|f| f.range).filter(|(low, high)| high > low);
        let range = range.map(|(low, high)| Range { low, high, default });
        let was = match (own, default) {
            (Some(_), Some(listed)) => format!("was {}", unit.edit_text(listed)),
            _ => String::new(),
        };
        let source = match (own, fact.and_then(|f| f.kind), value) {
            (Some(_), ..) if !was.is_empty() => Source::Link(&was),
            (None, Some(kind), _) => Source::Link(kind_word(kind)),
            (None, None, Number::Unknown) => Source::Warn("stops here"),
            (Some(_), ..) => Source::Plain("entered"),
            _ => Source::None,
        };
        let name = match of {
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
        self.follow(cx, (&path, of, &was), output, actions);
    }

    fn follow(
        &self,
        cx: &Context<'_>,
        (path, of, was): (&str, &str, &str),
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
            actions.push(set(path, (self.label, of, unit), &entry, gesture));
        }
    }
}
