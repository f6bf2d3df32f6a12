//! The catalogue page and the program: which folder it edits, saving, and the document under
//! the new catalogue.

use super::App;
use crate::catalog::Catalog;
use crate::editor::catalogue::{CatalogueDraft, Finding, RecordKey, SaveError};
use crate::editor::user;
use crate::gui::dialogs::Purpose;
use crate::gui::prompts::{AfterRecords, Prompt, device_type};
use crate::site::import::device_type::RackType;
use crate::units::words::upper_first;
use eframe::egui::{self, ViewportCommand};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Where own records are kept.
#[derive(Clone, Debug, Default)]
pub struct CatalogueFolder {
    pub path: Option<PathBuf>,
    /// Named on the command line: the choice of another one is not remembered.
    pub given: bool,
    /// The folder of settings that remembers the choice of another one.
    pub remembered_in: Option<PathBuf>,
}

impl App {
    /// The folder whose records lie over the built-in ones.
    pub fn set_catalogue_folder(&mut self, folder: CatalogueFolder) {
        self.records_in = folder;
    }

    /// Opens the page, at a record where one is named.
    pub(super) fn open_records(&mut self, ctx: &egui::Context, at: Option<RecordKey>) {
        let Some(folder) = self.records_in.path.clone() else {
            // Without a place for own records one is asked for first.
            self.ask(ctx, Purpose::Catalogue);
            return;
        };
        if let Some(draft) = self.draft_of(&folder) {
            self.view.records.open(draft, at, None);
        }
    }

    /// The records of a folder; says what is wrong with it where it cannot be edited.
    fn draft_of(&mut self, folder: &Path) -> Option<CatalogueDraft> {
        let opened = Catalog::embedded_arc()
            .map_err(|report| report.items.iter().map(ToString::to_string).collect::<Vec<_>>());
        let draft = opened.and_then(|builtin| {
            CatalogueDraft::open(builtin, folder)
                .map_err(|e| e.to_string().lines().map(str::to_owned).collect())
        });
        match draft {
            Ok(draft) => Some(draft),
            Err(lines) => {
                let title = format!("The records in {} cannot be read", folder.display());
                self.prompt = Some(Prompt::Failed { title, lines });
                None
            }
        }
    }

    /// Another folder, chosen by its user: its records are in force at once.
    pub(super) fn choose_catalogue(&mut self, folder: PathBuf) {
        let Some(draft) = self.draft_of(&folder) else { return };
        match draft.saved_catalog() {
            Ok(catalog) => self.exchange_catalog(catalog),
            Err(fault) => return self.cannot_save(&fault.to_string()),
        }
        if !self.records_in.given
            && let Some(data) = self.records_in.remembered_in.clone()
            && let Err(fault) = user::choose_catalogue(&data, &folder)
        {
            self.refusal = Some(format!("The choice is not remembered: {fault}"));
        }
        self.records_in.path = Some(folder);
        self.view.records.open(draft, None, None);
    }

    /// Writes the records; true where nothing unsaved is left.
    pub(super) fn save_records(&mut self) -> bool {
        let Some(draft) = self.view.records.draft_mut() else { return true };
        if !draft.is_dirty() {
            return true;
        }
        let folder = draft.folder().display().to_string();
        match draft.save() {
            Ok(catalog) => {
                self.exchange_catalog(catalog);
                self.view.records.say(format!("Saved in {folder}"));
                true
            }
            Err(SaveError::Findings(findings)) => {
                self.has_faults(findings);
                false
            }
            Err(error) => {
                self.cannot_save(&error.to_string());
                false
            }
        }
    }

    /// Goes to the first value that has to be mended, and lists them.
    fn has_faults(&mut self, findings: Vec<Finding>) {
        if let Some(key) = findings.iter().find_map(|f| f.key.clone()) {
            self.view.records.go_to(key);
        }
        let lines = findings.iter().map(|f| {
            let d = &f.diagnostic;
            format!("{}: {}; {}", d.path, d.message, d.hint)
        });
        let title = "The catalogue is not saved yet".to_owned();
        self.prompt = Some(Prompt::Failed { title, lines: lines.collect() });
    }

    fn cannot_save(&mut self, why: &str) {
        let title = "The catalogue is not saved".to_owned();
        let lines = vec![upper_first(why), "Your changes are still here".to_owned()];
        self.prompt = Some(Prompt::Failed { title, lines });
    }

    /// The document is validated and answered by another catalogue.
    fn exchange_catalog(&mut self, catalog: Catalog) {
        self.session.set_catalog(Arc::new(catalog));
        self.view.plan.renew();
        self.catalogs_of.clear();
    }

    /// Keeps the columns of lists of racks there.
    pub fn keep_mappings(&mut self, mappings: super::Mappings) {
        self.mappings = mappings;
    }

    /// Shows what a device type of an inventory would become.
    pub(super) fn import_device(&mut self, path: &Path, bytes: Vec<u8>) {
        let Some(folder) = self.records_in.path.as_ref() else {
            let title = "There is no folder of own records".to_owned();
            let lines = vec!["Choose one under Site > Catalogue... first".to_owned()];
            self.prompt = Some(Prompt::Failed { title, lines });
            return;
        };
        let folder = folder.display().to_string();
        let catalog = match self.view.records.draft().map(CatalogueDraft::catalog) {
            Some(Ok(catalog)) => Arc::new(catalog),
            _ => Arc::clone(self.session.editor().catalog()),
        };
        let date = crate::editor::Signature::of_user().date;
        let draft = device_type::Draft::new(path.to_owned(), bytes, (catalog, folder), date);
        self.prompt = Some(Prompt::DeviceType(Box::new(draft)));
    }

    /// Takes a rack type into the folder, and shows it. Beside other changes it waits for them
    /// to be saved.
    pub(super) fn take_device(&mut self, found: &RackType) {
        if !self.view.records.is_open() {
            let folder = self.records_in.path.clone().unwrap_or_default();
            let Some(draft) = self.draft_of(&folder) else { return };
            self.view.records.open(draft, None, None);
        }
        let dirty = self.view.records.is_dirty();
        let records = [
            // cannot fail: records hold text and finite numbers
            ("sources".to_owned(), serde_json::to_value(&found.source).unwrap_or_default()),
            ("racks".to_owned(), serde_json::to_value(&found.rack).unwrap_or_default()),
        ];
        let Some(draft) = self.view.records.draft_mut() else { return };
        if let Err(fault) = draft.add(&records) {
            return self.cannot_save(&fault.to_string());
        }
        self.view.records.go_to(RecordKey::new("racks", &found.id));
        if !dirty && self.save_records() {
            let words = format!(
                "{} is imported; {} values are left out or unknown",
                found.id,
                found.skipped.len()
            );
            self.view.records.say(words);
        }
    }

    /// Closes the page, or asks where that would lose something.
    pub(super) fn close_records(&mut self) {
        if self.view.records.is_dirty() {
            self.prompt = Some(Prompt::UnsavedRecords { then: AfterRecords::Close });
        } else {
            self.view.records.close();
        }
    }

    /// Asks for another folder, once nothing of this one is unsaved.
    pub(super) fn ask_catalogue(&mut self, ctx: &egui::Context) {
        if self.view.records.is_dirty() {
            self.prompt = Some(Prompt::UnsavedRecords { then: AfterRecords::Folder });
        } else {
            self.ask(ctx, Purpose::Catalogue);
        }
    }

    /// What a question about unsaved records stood in the way of.
    pub(super) fn after_records(&mut self, ctx: &egui::Context, then: AfterRecords, save: bool) {
        if save && !self.save_records() {
            return;
        }
        match then {
            AfterRecords::Close => self.view.records.close(),
            AfterRecords::Folder => self.ask(ctx, Purpose::Catalogue),
            AfterRecords::Quit => {
                self.view.records.close();
                ctx.send_viewport_cmd(ViewportCommand::Close);
            }
        }
    }
}
