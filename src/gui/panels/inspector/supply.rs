//! What feeds and cools the selection, with the way to another source.

use crate::editor::{self, ElementId, Supply};
use crate::gui::action::{Action, Actions, Edit, View};
use crate::gui::chooser::Ask;
use crate::gui::components::row;
use crate::gui::context::{Context, Element, Kind};
use crate::gui::panels::limits::name_of;
use eframe::egui::Ui;

/// A row for each supply that all of the elements can have.
pub fn rows(ui: &mut Ui, cx: &Context<'_>, elements: &[Element], actions: &mut Actions) {
    let all = |kinds: &[Kind]| elements.iter().all(|e| kinds.contains(&e.kind));
    let places = [Kind::Block, Kind::Hall, Kind::Row];
    let second = [&places[..], &[Kind::Node]].concat();
    let first = [&second[..], &[Kind::Loop, Kind::Generator, Kind::Battery]].concat();
    if all(&first) {
        one(ui, cx, (elements, Supply::A, "Fed from (A)"), actions);
    }
    if all(&second) {
        one(ui, cx, (elements, Supply::B, "Fed from (B)"), actions);
    }
    if all(&places) {
        one(ui, cx, (elements, Supply::Coolant, "Cooled by"), actions);
    }
}

fn one(
    ui: &mut Ui,
    cx: &Context<'_>,
    (elements, supply, label): (&[Element], Supply, &str),
    actions: &mut Actions,
) {
    let ids: Vec<ElementId> = elements.iter().map(|e| ElementId::new(e.path())).collect();
    let sources = editor::supplied_by(cx.site, &ids, supply);
    let name = |id: &ElementId| {
        let found = Element::of_path(id.as_str()).and_then(|e| name_of(cx, &e));
        found.unwrap_or_else(|| format!("{id}, which does not exist"))
    };
    let value = match sources.as_slice() {
        [] => None,
        [one] => Some(name(one)),
        // Of several elements each may have its own.
        many if many.len() > 3 => Some(format!("{} sources", many.len())),
        many => Some(many.iter().map(name).collect::<Vec<_>>().join(", ")),
    };
    let placeholder = match supply {
        Supply::A => "Feed from...",
        Supply::B => "none, feed from...",
        Supply::Coolant => "Cool from...",
    };
    let machines = [Kind::Loop, Kind::Generator, Kind::Battery];
    // Those always name the node that they hang on.
    let clears = !elements.iter().any(|e| machines.contains(&e.kind));
    let opened = row::opener(ui, label, (value.as_deref(), placeholder), clears);
    if opened.open {
        actions.push(Action::View(View::Choose(Ask::Connect(supply))));
    }
    if opened.clear {
        // One of several has to be picked.
        let action = match sources.as_slice() {
            [_] => {
                let elements = elements.to_vec();
                Action::Edit(Edit::Disconnect { elements, source: None, supply })
            }
            _ => Action::View(View::Choose(Ask::Disconnect)),
        };
        actions.push(action);
    }
}
