//! What lists of contracts share: their names, choices with a name of their own, and the list as
//! one value, so that adding and removing is one entry of the history.

use crate::fields::value_text;
use crate::gui::action::{Action, Actions, Edit};
use crate::gui::components::field::FieldLook;
use crate::gui::components::row::{self, Source, TypedRow};
use crate::gui::components::select::Select;
use crate::gui::panels::rows::quoted;
use crate::units::format;
use eframe::egui::{Id, Ui};
use serde::Serialize;

/// All of a list as one value.
pub fn replace<T: Serialize>(path: &str, list: &[T], label: impl Into<String>) -> Action {
    if list.is_empty() {
        return Edit::set(path, format::UNKNOWN, label);
    }
    let list: Vec<serde_json::Value> =
        list.iter().filter_map(|c| serde_json::to_value(c).ok()).collect();
    Edit::set(path, value_text(&serde_json::Value::Array(list)), label)
}

/// The first of `word-1`, `word-2`, ... that is not taken.
pub fn free_id<'a>(word: &str, taken: impl Iterator<Item = &'a str> + Clone) -> String {
    let free = |id: &String| taken.clone().all(|other| other != id);
    (1..).map(|n| format!("{word}-{n}")).find(free).unwrap_or_default()
}

/// The name of an entry of the list at a path, which is its id.
pub fn name<'a>(
    ui: &mut Ui,
    (path, own): (&str, &str),
    mut others: impl Iterator<Item = &'a str>,
    actions: &mut Actions,
) {
    let id = Id::unique(("entry-name", path, own));
    let name = format!("Name, {own}");
    let typed = TypedRow {
        id,
        label: "Name",
        name: &name,
        shown: own,
        edited: own,
        unit: "",
        look: FieldLook::Rest,
        source: Source::None,
    }
    .show(ui);
    let Some(typed) = typed else { return };
    // A dot would end the name within a path.
    let typed = typed.trim().replace('.', "-");
    let why = if typed.is_empty() {
        "needs a name"
    } else if others.any(|other| other == typed && other != own) {
        "is taken"
    } else {
        let label = format!("Rename {own} to {typed}");
        actions.push(Edit::set(format!("{path}.{own}.id"), quoted(&typed), label));
        return;
    };
    row::refuse(ui, id, why.to_owned());
}

/// A choice with a name of its own for assistive technology.
pub fn select(
    ui: &mut Ui,
    (label, name): (&str, &str),
    options: &[String],
    selected: Option<usize>,
) -> Option<usize> {
    let field = row::labelled(ui, label);
    let id = Id::unique(("entry-choice", name));
    Select { id, name, options, selected, placeholder: format::UNKNOWN, dot: None }.show(ui, field)
}
