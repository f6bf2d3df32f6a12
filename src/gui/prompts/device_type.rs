//! A device type of an inventory as a rack of the catalogue: what becomes what, what is taken and
//! what stays unknown, before it goes into the folder of own records.

use super::import::{list, reading};
use super::{Choice, body, buttons, ghost, heading};
use crate::editor::DeviceDraft as Draft;
use crate::gui::components::button::{Button, Look};
use crate::gui::components::row;
use crate::site::import::device_type::Target;
use eframe::egui::{ScrollArea, Ui};

pub(super) fn show(ui: &mut Ui, draft: &mut Draft) -> Option<Choice> {
    heading(ui, &format!("Import {} as a rack type", draft.name()));
    // Rows stand as in the inspector, whatever stands in them.
    ui.scope(|ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        mapping(ui, draft);
    });
    ui.add_space(6.0);
    ScrollArea::vertical().max_height(300.0).show(ui, |ui| match draft.result() {
        Ok(found) => {
            list(ui, "Taken", found.taken.iter().cloned());
            let skipped = found.skipped.iter().map(|s| format!("{}: {}", s.place, s.reason));
            list(ui, "Left out or unknown", skipped);
        }
        Err(report) => {
            for finding in &report.items {
                body(ui, &finding.message);
                body(ui, &finding.hint);
            }
        }
    });
    body(ui, &format!("Goes into {}", draft.folder));
    buttons(ui, |ui| {
        let ready = draft.is_read() && draft.result().is_ok();
        let go = Button::new("Import").look(Look::Primary).enabled(ready).show(ui).clicked();
        let stay = ghost(ui, "Cancel");
        reading(ui, draft.is_read());
        match draft.result() {
            Ok(found) if go => Some(Choice::RackType(Box::new(found.clone()))),
            _ => stay.then_some(Choice::Cancel),
        }
    })
}

fn mapping(ui: &mut Ui, draft: &mut Draft) {
    let (id, short) = match draft.result() {
        Ok(found) => (found.id.clone(), found.rack.short.clone()),
        Err(_) => (
            draft.mapping.id.clone().unwrap_or_default(),
            draft.mapping.short.clone().unwrap_or_default(),
        ),
    };
    let entered = |text: String| Some(text.trim().to_owned()).filter(|t| !t.is_empty());
    if let Some(text) = row::text(ui, "Id", &id) {
        draft.mapping.id = entered(text);
    }
    if let Some(text) = row::text(ui, "Short name", &short) {
        draft.mapping.short = entered(text);
    }
    let names: Vec<String> = Target::ALL.iter().map(|t| t.title().to_owned()).collect();
    for (label, target) in [
        ("Maximum draw", &mut draft.mapping.maximum_draw),
        ("Allocated draw", &mut draft.mapping.allocated_draw),
    ] {
        let selected = Target::ALL.iter().position(|t| t == target);
        if let Some(chosen) =
            row::choice(ui, label, &names, selected).and_then(|i| Target::ALL.get(i))
        {
            *target = *chosen;
        }
    }
}
