//! A device type of an inventory as a rack of the catalogue: what becomes what, what is taken and
//! what stays unknown, before it goes into the folder of own records.

use super::{Choice, body, buttons, ghost, heading, import::list};
use crate::catalog::Catalog;
use crate::diag::Report;
use crate::gui::components::button::{Button, Look};
use crate::gui::components::row;
use crate::site::import::device_type::{Mapping, RackType, Target, read};
use eframe::egui::{ScrollArea, Ui};
use std::path::PathBuf;
use std::sync::Arc;

/// A file that is about to become a rack.
#[derive(Clone, Debug)]
pub struct Draft {
    pub path: PathBuf,
    bytes: Arc<Vec<u8>>,
    catalog: Arc<Catalog>,
    /// Day of the import: the format states none.
    date: String,
    /// Where own records are kept, in words.
    folder: String,
    mapping: Mapping,
    result: Result<RackType, Report>,
}

impl PartialEq for Draft {
    fn eq(&self, other: &Self) -> bool {
        self.path == other.path && self.mapping == other.mapping
    }
}

impl Draft {
    /// Reads a file beside the records of a catalogue; they go to `folder`.
    pub fn new(
        path: PathBuf,
        bytes: Vec<u8>,
        (catalog, folder): (Arc<Catalog>, String),
        date: String,
    ) -> Self {
        let mapping = Mapping::default();
        let result = Err(Report::default());
        let mut draft =
            Self { path, bytes: Arc::new(bytes), catalog, date, folder, mapping, result };
        draft.read();
        draft
    }

    /// What it becomes, or why nothing.
    pub fn result(&self) -> &Result<RackType, Report> {
        &self.result
    }

    fn read(&mut self) {
        let file = self.path.display().to_string();
        let how = (self.catalog.as_ref(), &self.mapping);
        self.result = read((&file, &self.bytes), &self.date, how);
    }

    fn name(&self) -> String {
        self.path.file_name().unwrap_or_default().to_string_lossy().into_owned()
    }
}

pub(super) fn show(ui: &mut Ui, draft: &mut Draft) -> Option<Choice> {
    heading(ui, &format!("Import {} as a rack type", draft.name()));
    let before = draft.mapping.clone();
    mapping(ui, draft);
    if draft.mapping != before {
        draft.read();
    }
    ui.add_space(6.0);
    ScrollArea::vertical().max_height(300.0).show(ui, |ui| match &draft.result {
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
        let ready = draft.result.is_ok();
        let go = Button::new("Import").look(Look::Primary).enabled(ready).show(ui).clicked();
        let stay = ghost(ui, "Cancel");
        match &draft.result {
            Ok(found) if go => Some(Choice::RackType(Box::new(found.clone()))),
            _ => stay.then_some(Choice::Cancel),
        }
    })
}

fn mapping(ui: &mut Ui, draft: &mut Draft) {
    let (id, short) = match &draft.result {
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
