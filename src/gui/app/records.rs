//! The catalogue page and the program: which folder it edits, saving, and the document under
//! the new catalogue.

use super::App;
use crate::catalog::Catalog;
use crate::editor::catalogue::{
    CatalogueDraft, Finding, FolderError, RecordKeeper, RecordKey, SaveError,
};
use crate::editor::{Reading, user};
use crate::gui::dialogs::Purpose;
use crate::gui::prompts::{AfterRecords, Prompt};
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

/// What the records of a folder are read for.
pub(super) enum RecordsFor {
    /// The page, at a record where one is named.
    Page(Option<RecordKey>),
    /// To be in force, as their user has chosen that folder.
    Choice,
    /// A rack type that is put beside them.
    Device(Box<RackType>),
}

/// Records on their way to the disk.
pub(super) struct Recording {
    keeper: Option<RecordKeeper>,
    /// They are saved once more after that.
    again: bool,
    /// What the page says once they are saved, in place of the usual words.
    said: Option<String>,
    then: Option<AfterRecords>,
}

impl Recording {
    pub fn new(ctx: &egui::Context) -> Self {
        let ctx = ctx.clone();
        // Without a thread the window waits for the disk.
        let keeper = RecordKeeper::new(move || ctx.request_repaint()).ok();
        Self { keeper, again: false, said: None, then: None }
    }

    pub fn is_busy(&self) -> bool {
        self.keeper.as_ref().is_some_and(RecordKeeper::is_busy)
    }

    /// The program ends: what is being written is written before.
    pub fn finish(&mut self) {
        if let Some(keeper) = &mut self.keeper {
            // Whoever closed the window was asked about all else.
            let _ = keeper.finish();
        }
    }

    /// Goes on so once nothing is left to be saved.
    pub fn then(&mut self, then: AfterRecords) {
        self.then = Some(then);
    }
}

impl App {
    /// The folder whose records lie over the built-in ones.
    pub fn set_catalogue_folder(&mut self, folder: CatalogueFolder) {
        self.records_in = folder;
    }

    /// Opens the page, at a record where one is named.
    pub(super) fn open_records(&mut self, ctx: &egui::Context, at: Option<RecordKey>) {
        match self.records_in.path.clone() {
            Some(folder) => self.read_records(&folder, RecordsFor::Page(at)),
            // Without a place for own records one is asked for first.
            None => self.ask(ctx, Purpose::Catalogue),
        }
    }

    /// Reads the records of a folder beside the window.
    fn read_records(&mut self, folder: &Path, what: RecordsFor) {
        match Catalog::embedded_arc() {
            Ok(builtin) => {
                self.records_for = Some(what);
                self.read(folder, Reading::Records(builtin));
            }
            Err(report) => {
                let lines = report.items.iter().map(ToString::to_string).collect();
                self.unreadable_records(folder, lines);
            }
        }
    }

    fn unreadable_records(&mut self, folder: &Path, lines: Vec<String>) {
        let title = format!("The records in {} cannot be read", folder.display());
        self.prompt = Some(Prompt::Failed { title, lines });
    }

    /// Goes on with the records of a folder.
    pub(super) fn records_read(
        &mut self,
        folder: &Path,
        read: Result<Box<CatalogueDraft>, FolderError>,
    ) {
        let what = self.records_for.take();
        let draft = match read {
            Ok(draft) => *draft,
            Err(fault) => {
                let lines = fault.to_string().lines().map(str::to_owned).collect();
                return self.unreadable_records(folder, lines);
            }
        };
        match what {
            // A page that has come in between has its own records.
            _ if self.view.records.is_dirty() => {}
            Some(RecordsFor::Page(at)) => self.view.records.open(draft, at, None),
            Some(RecordsFor::Choice) => self.chosen_catalogue(folder.to_owned(), draft),
            Some(RecordsFor::Device(found)) => {
                self.view.records.open(draft, None, None);
                self.add_device(&found);
            }
            None => {}
        }
    }

    /// Another folder, chosen by its user.
    pub(super) fn choose_catalogue(&mut self, folder: &Path) {
        self.read_records(folder, RecordsFor::Choice);
    }

    /// The records of a chosen folder are in force at once.
    fn chosen_catalogue(&mut self, folder: PathBuf, draft: CatalogueDraft) {
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

    /// Writes the records beside the window; what has to be mended first is said at once.
    pub(super) fn save_records(&mut self) {
        let Some(draft) = self.view.records.draft_mut() else { return };
        if !draft.is_dirty() {
            return;
        }
        let errors = draft.errors();
        if !errors.is_empty() {
            return self.not_saved(SaveError::Findings(errors));
        }
        match &mut self.recording.keeper {
            // What is asked for meanwhile is saved afterwards.
            Some(keeper) => self.recording.again = !keeper.ask(draft),
            None => {
                let result = draft.save();
                self.records_saved(result);
            }
        }
    }

    /// Goes on with what was written.
    pub(super) fn poll_records(&mut self, ctx: &egui::Context) {
        let draft = self.view.records.draft_mut();
        let ended = self.recording.keeper.as_mut().and_then(|keeper| keeper.poll(draft));
        if let Some(result) = ended {
            self.records_saved(result);
        }
        if self.recording.is_busy() {
            return;
        }
        let again = std::mem::take(&mut self.recording.again);
        if again || (self.recording.then.is_some() && self.view.records.is_dirty()) {
            self.save_records();
        }
        if !self.recording.is_busy()
            && let Some(then) = self.recording.then.take()
        {
            self.go_on_from_records(ctx, then);
        }
    }

    fn records_saved(&mut self, result: Result<Catalog, SaveError>) {
        match result {
            Ok(catalog) => {
                self.exchange_catalog(catalog);
                let said = self.recording.said.take();
                let folder = self.view.records.draft().map(|d| d.folder().display().to_string());
                let words = folder.map(|folder| format!("Saved in {folder}"));
                if let Some(words) = said.or(words) {
                    self.view.records.say(words);
                }
            }
            Err(error) => self.not_saved(error),
        }
    }

    fn not_saved(&mut self, error: SaveError) {
        (self.recording.said, self.recording.then, self.recording.again) = (None, None, false);
        match error {
            SaveError::Findings(findings) => self.has_faults(findings),
            error => self.cannot_save(&error.to_string()),
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

    /// Takes a rack type into the folder, and shows it. Beside other changes it waits for them
    /// to be saved.
    pub(super) fn take_device(&mut self, found: &RackType) {
        if self.view.records.is_open() {
            return self.add_device(found);
        }
        let folder = self.records_in.path.clone().unwrap_or_default();
        self.read_records(&folder, RecordsFor::Device(Box::new(found.clone())));
    }

    fn add_device(&mut self, found: &RackType) {
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
        if !dirty {
            self.recording.said = Some(format!(
                "{} is imported; {} values are left out or unknown",
                found.id,
                found.skipped.len()
            ));
            self.save_records();
        }
    }

    /// Closes the page, or asks where that would lose something.
    pub(super) fn close_records(&mut self) {
        if self.recording.is_busy() {
            self.recording.then(AfterRecords::Close);
        } else if self.view.records.is_dirty() {
            self.prompt = Some(Prompt::UnsavedRecords { then: AfterRecords::Close });
        } else {
            self.view.records.close();
        }
    }

    /// Asks for another folder, once nothing of this one is unsaved.
    pub(super) fn ask_catalogue(&mut self, ctx: &egui::Context) {
        if self.recording.is_busy() {
            self.recording.then(AfterRecords::Folder);
        } else if self.view.records.is_dirty() {
            self.prompt = Some(Prompt::UnsavedRecords { then: AfterRecords::Folder });
        } else {
            self.ask(ctx, Purpose::Catalogue);
        }
    }

    /// What a question about unsaved records stood in the way of.
    pub(super) fn after_records(&mut self, ctx: &egui::Context, then: AfterRecords, save: bool) {
        if save {
            // Goes on when they are written.
            self.recording.then(then);
            return self.save_records();
        }
        self.go_on_from_records(ctx, then);
    }

    fn go_on_from_records(&mut self, ctx: &egui::Context, then: AfterRecords) {
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
