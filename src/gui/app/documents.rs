//! Documents: opening, saving, asking before something would be lost.

use super::{ARRIVAL, App};
use crate::editor::{
    self, Document, Loader, OpenError, Read, Reading, SaveError, Saver, Target, VariantCommand,
};
use crate::gui::action::{Edit, File, Gesture, Tab};
use crate::gui::dialogs::{Answer, Purpose, with_ending};
use crate::gui::examples;
use crate::gui::prompts::{Choice, Prompt, Then};
use crate::site::Site;
use crate::study::template::{Request, empty_parcel};
use crate::units::words::upper_first;
use eframe::egui::{self, ViewportCommand};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Grid contract that an empty parcel is sized for, MW.
const EMPTY_MW: f64 = 100.0;

impl App {
    pub(super) fn file(&mut self, ctx: &egui::Context, file: File) {
        let is_dirty = self.session.editor().document().is_dirty();
        match file {
            File::Open if is_dirty => self.ask_before(Then::AskOpen),
            File::OpenPath(path) if is_dirty => self.ask_before(Then::Open(path)),
            File::OpenExample(index) if is_dirty => self.ask_before(Then::Example(index)),
            File::Create(site) if is_dirty => self.ask_before(Then::Create(site)),
            File::New => self.view.wizard.open(Arc::clone(self.session.editor().catalog())),
            File::Create(site) => self.create(site),
            File::Open => self.ask(ctx, Purpose::Open),
            File::OpenPath(path) => self.open(&path),
            File::OpenExample(index) => self.open_example(index),
            File::EmptyParcel => self.empty_parcel(is_dirty),
            File::NewWindow => self.open_window(&[]),
            File::Recover => self.offer(true),
            File::Reload => self.reload(),
            File::KeepMine => self.keep_mine(),
            File::Compare => self.compare(),
            File::Save => self.save_to(ctx, Target::Own),
            File::SaveAs => self.ask(ctx, Purpose::Save),
            File::Export => self.ask_export(None),
            File::ExportKind(kind) => self.ask_export(Some(kind)),
            File::SavePicture => self.ask_picture(ctx),
            File::Import => self.ask(ctx, Purpose::Import),
            File::ImportPath(path) => self.import(&path),
            File::Weather => self.ask(ctx, Purpose::Weather),
            File::WeatherPath(path) => self.read(&path, Reading::Weather),
            File::Catalogue(at) => self.open_records(ctx, at),
            File::CloseCatalogue => self.close_records(),
            File::SaveCatalogue => {
                self.save_records();
            }
            File::CatalogueFolder => self.ask_catalogue(ctx),
            File::StopReading => self.stop_reading(),
            File::Quit => ctx.send_viewport_cmd(ViewportCommand::Close),
        }
    }

    /// Asks what is to become of unsaved changes, and waits where they are being saved already.
    pub(super) fn ask_before(&mut self, then: Then) {
        if self.is_being_saved() {
            self.after_save = Some(then);
            return;
        }
        let title = self.session.editor().document().title().to_owned();
        self.prompt = Some(Prompt::Unsaved { title, then });
    }

    fn go_on(&mut self, ctx: &egui::Context, then: Then) {
        match then {
            Then::Close => {
                self.may_close = true;
                ctx.send_viewport_cmd(ViewportCommand::Close);
            }
            Then::AskOpen => self.ask(ctx, Purpose::Open),
            Then::Open(path) => self.open(&path),
            Then::Example(index) => self.open_example(index),
            Then::Create(site) => self.create(site),
        }
    }

    pub(super) fn answer(&mut self, ctx: &egui::Context, prompt: &Prompt, choice: Choice) {
        match (prompt, choice) {
            (Prompt::Unsaved { then, .. }, Choice::Discard) => self.go_on(ctx, then.clone()),
            (Prompt::Unsaved { then, .. }, Choice::Save) => {
                self.after_save = Some(then.clone());
                if !self.is_being_saved() {
                    self.save_to(ctx, Target::Own);
                }
            }
            (Prompt::ChangedOnDisk { .. }, Choice::Overwrite) => {
                self.save_to(ctx, Target::OwnWhatever);
            }
            (Prompt::ChangedOnDisk { .. }, Choice::Compare) => {
                self.after_save = None;
                self.compare();
            }
            (Prompt::Exists(path), Choice::Overwrite) => {
                self.save_to(ctx, Target::File(path.clone()));
            }
            (
                Prompt::ChangedOnDisk { .. } | Prompt::Exists(_) | Prompt::SaveFailed { .. },
                Choice::SaveAs,
            ) => self.ask(ctx, Purpose::Save),
            (Prompt::Delete { elements, .. }, Choice::Delete) => {
                self.edit(ctx, Edit::DeleteNow(elements.clone()));
            }
            (Prompt::Variant { id, .. }, Choice::Name { name, notes }) => {
                let command = match id.clone() {
                    None => VariantCommand::New { name },
                    Some(id) => VariantCommand::Rename { id, name, notes },
                };
                self.edit(ctx, Edit::Variant(command));
            }
            (Prompt::RackType(asked), Choice::AskRackType(chosen, count)) => {
                let asked = asked.with(self.session.editor(), chosen, count);
                self.prompt = Some(Prompt::RackType(Box::new(asked)));
            }
            (Prompt::RackType(asked), Choice::ChangeRackType) => {
                if let Some(command) = asked.command() {
                    let command = Box::new(command);
                    self.edit(ctx, Edit::Apply { command, gesture: Gesture::Once });
                }
            }
            (Prompt::Constraint(_), Choice::Constraint(kind, outline)) => {
                self.edit(ctx, Edit::AddConstraint(kind, outline));
            }
            (Prompt::Recover(_), Choice::Recover(index)) => self.recover(index),
            (Prompt::Recover(_), Choice::DiscardWork(index)) => self.discard_work(index),
            // Whoever starts next is offered it again.
            (Prompt::Recover(_), _) => self.keeping.work.clear(),
            (Prompt::Difference { .. }, Choice::Reload) => self.reload(),
            (Prompt::Difference { .. }, Choice::KeepMine) => self.keep_mine(),
            (Prompt::Export(form), Choice::Export) => self.export_as(ctx, form),
            (Prompt::ExportExists(path), Choice::Overwrite) => self.export_to(ctx, path.clone()),
            (Prompt::Path { purpose: Purpose::Export(target), .. }, Choice::Path(path)) => {
                self.export_typed(ctx, *target, path);
            }
            (Prompt::Path { purpose: Purpose::Open, .. }, Choice::Path(path)) => self.open(&path),
            (Prompt::Path { purpose: Purpose::Import, .. }, Choice::Path(path)) => {
                self.import(&path);
            }
            (Prompt::Import(draft), Choice::Import(imported)) => {
                self.edit(ctx, Edit::Import(imported));
                if let Some((table, mapping)) = draft.columns()
                    && let Err(why) = self.mappings.keep(&table.header, mapping)
                {
                    self.refusal = Some(why);
                }
            }
            (Prompt::Calibrate(draft), Choice::Distance(metres)) => {
                self.calibrate(ctx, draft, metres);
            }
            (Prompt::Path { purpose: Purpose::Save, .. }, Choice::Path(path)) => {
                self.save_as(ctx, path, false);
            }
            (prompt, choice) => self.answer_of_catalogue(ctx, prompt, choice),
        }
    }

    /// What questions about the catalogue are answered with; nothing else goes on.
    fn answer_of_catalogue(&mut self, ctx: &egui::Context, prompt: &Prompt, choice: Choice) {
        match (prompt, choice) {
            (Prompt::UnsavedRecords { then }, Choice::Save) => {
                self.after_records(ctx, *then, true);
            }
            (Prompt::UnsavedRecords { then }, Choice::Discard) => {
                self.after_records(ctx, *then, false);
            }
            (Prompt::Path { purpose: Purpose::Weather, .. }, Choice::Path(path)) => {
                self.read(&path, Reading::Weather);
            }
            (Prompt::Path { purpose: Purpose::Catalogue, .. }, Choice::Path(path)) => {
                self.choose_catalogue(&path);
            }
            (Prompt::DeviceType(_), Choice::RackType(found)) => self.take_device(&found),
            _ => self.after_save = None,
        }
    }

    /// Asks for a file, by the system's dialog or by a field for its path.
    pub(super) fn ask(&mut self, ctx: &egui::Context, purpose: Purpose) {
        let document = self.session.editor().document();
        let start = match purpose {
            Purpose::Export(_) => self.export_start(),
            Purpose::Catalogue => self.records_in.path.clone(),
            _ => document
                .path()
                .map(Path::to_owned)
                .or_else(|| (purpose == Purpose::Save).then(|| PathBuf::from(self.file_name()))),
        };
        if !self.dialogs.is_available() {
            let text = start.map(|p| p.display().to_string()).unwrap_or_default();
            self.prompt = Some(Prompt::Path { purpose, text });
            return;
        }
        let ctx = ctx.clone();
        let wake = Box::new(move || ctx.request_repaint());
        self.dialogs.ask(purpose, start.as_deref(), wake);
        self.asked = Some(purpose);
    }

    pub(super) fn poll_dialog(&mut self, ctx: &egui::Context) {
        let Some(purpose) = self.asked else { return };
        match self.dialogs.poll() {
            Answer::Waiting => {}
            Answer::Cancelled => {
                self.asked = None;
                self.after_save = None;
            }
            Answer::Picked(path) => {
                self.asked = None;
                match purpose {
                    Purpose::Open => self.open(&path),
                    Purpose::Save => self.save_as(ctx, path, true),
                    Purpose::Export(_) => self.export_to(ctx, path),
                    Purpose::Import => self.import(&path),
                    Purpose::Weather => self.read(&path, Reading::Weather),
                    Purpose::Catalogue => self.choose_catalogue(&path),
                }
            }
        }
    }

    /// Name of the document's file, or the one that it would get.
    pub(super) fn file_name(&self) -> String {
        let document = self.session.editor().document();
        match document.path() {
            Some(path) => name_of(path),
            None => format!("{}.ron", document.title().to_lowercase().replace(' ', "-")),
        }
    }

    fn open(&mut self, path: &Path) {
        // Whoever asked has agreed to lose what there is now.
        self.given_up = Some(self.session.editor().document().revision());
        let catalog = Arc::clone(self.session.editor().catalog());
        self.read(path, Reading::Open(catalog));
    }

    /// Reads a file beside the window, which shows meanwhile what it has.
    pub(super) fn read(&mut self, path: &Path, reading: Reading) {
        match &mut self.loader {
            Some(loader) => loader.ask(path, reading),
            None => self.take_in(path, editor::read(path, reading)),
        }
    }

    /// Goes on with what was read; while something else is asked that waits.
    pub(super) fn poll_loader(&mut self) {
        if self.prompt.as_ref().is_some_and(Prompt::is_ready) {
            return;
        }
        if let Some((path, read)) = self.loader.as_mut().and_then(Loader::poll) {
            self.take_in(&path, read);
        }
    }

    /// Nobody waits any longer for the file that is being read.
    pub(super) fn stop_reading(&mut self) {
        self.records_for = None;
        if let Some(loader) = &mut self.loader {
            loader.forget();
        }
    }

    /// Does with a file what it was read for.
    fn take_in(&mut self, path: &Path, read: Result<Read, OpenError>) {
        let document = self.session.editor().document();
        let own = document.path() == Some(path);
        let loses = document.is_dirty() && self.given_up != Some(document.revision());
        match read {
            // Edited while it was read: asked as before every other opening.
            Ok(Read::Open(..)) if loses => self.ask_before(Then::Open(path.to_owned())),
            Ok(Read::Open(document, scene)) => {
                self.session.replace(document);
                self.remember(path);
                self.opened();
                self.view.plan.take_scene(*scene);
            }
            Ok(Read::Reload(document)) if own => {
                self.end_gesture();
                self.session.take_over(document);
                self.keeping.disk = None;
            }
            Ok(Read::Foreign(foreign)) => self.imported(path, foreign),
            Ok(Read::Weather(weather)) => self.weather_read(path, weather),
            Ok(Read::Records(draft)) => self.records_read(path, draft),
            Ok(Read::Compare(difference, seen)) if own => self.compared(&difference, seen),
            // Another document has come in between.
            Ok(Read::Reload(_) | Read::Compare(..)) => {}
            Err(error) => {
                if !own {
                    self.forget(path);
                }
                self.unreadable(&error);
            }
        }
    }

    /// Says why a file cannot be read.
    pub(super) fn unreadable(&mut self, error: &OpenError) {
        let OpenError::Unreadable { path, report } = error;
        self.prompt = Some(Prompt::Failed {
            title: format!("{} cannot be opened", name_of(path)),
            lines: report.items.iter().map(ToString::to_string).collect(),
        });
    }

    /// Opens another window of the program.
    pub(super) fn open_window(&mut self, arguments: &[OsString]) {
        if let Err(error) = self.windows.open(arguments) {
            self.prompt = Some(Prompt::Failed {
                title: "No window can be opened".to_owned(),
                lines: vec![error.to_string()],
            });
        }
    }

    fn open_example(&mut self, index: usize) {
        let Some(example) = examples::ALL.get(index) else { return };
        match example.document() {
            Ok(document) => {
                self.session.replace(document);
                self.opened();
            }
            Err(line) => {
                let title = format!("{} cannot be opened", example.name);
                self.prompt = Some(Prompt::Failed { title, lines: vec![line] });
            }
        }
    }

    /// A site to be laid out by hand.
    fn empty_parcel(&mut self, asks: bool) {
        let catalog = self.session.editor().catalog();
        let name = Some("Empty parcel".to_owned());
        let request = Request { name, ..Request::new(catalog, EMPTY_MW) };
        match empty_parcel(&request, catalog) {
            Ok(layout) => {
                let site = Site::from_file(layout);
                if asks {
                    self.ask_before(Then::Create(site));
                } else {
                    self.create(site);
                }
            }
            Err(refusal) => {
                let title = "No parcel can be laid out".to_owned();
                self.prompt = Some(Prompt::Failed { title, lines: vec![refusal.to_string()] });
            }
        }
    }

    /// A new site, unsaved.
    fn create(&mut self, site: Site) {
        self.session.replace(Document::unsaved(site, None));
        self.opened();
        self.view.prefs.tab = Tab::SitePlan;
    }

    /// Another document is in the window.
    pub(super) fn opened(&mut self) {
        self.view.wizard.close();
        if let Some(loader) = &mut self.loader {
            loader.forget();
        }
        if let Some(saver) = &mut self.saver {
            saver.restart();
        }
        self.view.plan.reset();
        self.view.one_line.reset();
        self.view.cooling.leave_file();
        self.arriving = ARRIVAL;
        self.answered = None;
        self.refusal = self.left_out();
        self.in_gesture = false;
        self.keeping.restart();
    }

    /// A layout whose variants no longer fit its base opens, and says what it lost.
    pub(super) fn left_out(&self) -> Option<String> {
        match self.session.editor().document().left_out() {
            [] => None,
            [one] => Some(format!("{one}; the change is left out")),
            [first, rest @ ..] => {
                Some(format!("{first}, and {} more; these changes are left out", rest.len()))
            }
        }
    }

    /// Saves beside the window; a save that is under way comes first.
    fn save_to(&mut self, ctx: &egui::Context, target: Target) {
        let document = self.session.editor().document();
        let has_file = document.path().is_some() || matches!(target, Target::File(_));
        match &mut self.saver {
            // Nothing to do for a thread.
            _ if !has_file => self.ask(ctx, Purpose::Save),
            Some(saver) => saver.ask(document, target),
            None => {
                let result = self.session.save_to(&target);
                self.saved(ctx, result);
            }
        }
    }

    pub(super) fn is_saving(&self) -> bool {
        self.saver.as_ref().is_some_and(Saver::is_busy)
    }

    /// Whether a save of the document as it is now is under way.
    fn is_being_saved(&self) -> bool {
        let document = self.session.editor().document();
        self.saver.as_ref().is_some_and(|saver| saver.covers(document))
    }

    pub(super) fn poll_saver(&mut self, ctx: &egui::Context) {
        while let Some(ended) = self.saver.as_mut().and_then(|s| s.poll(&mut self.session)) {
            match (ended.own, ended.result) {
                (true, result) => self.saved(ctx, result),
                (false, Ok(())) => {}
                // The window has gone on to something else: it is told and not asked.
                (false, Err(error)) => self.refusal = Some(upper_first(&error.to_string())),
            }
        }
    }

    /// The program ends: what was asked to be saved is saved before. What fails is dirty still,
    /// and is kept for the next start.
    pub(super) fn finish_saving(&mut self) {
        if let Some(saver) = &mut self.saver
            && saver.finish(&mut self.session).is_err()
        {
            self.may_close = false;
        }
    }

    /// `may_replace` where the person knows whether there is such a file.
    fn save_as(&mut self, ctx: &egui::Context, path: PathBuf, may_replace: bool) {
        let whole = with_ending(path.clone(), "ron");
        let known = may_replace && whole == path;
        let own = self.session.editor().document().path() == Some(&whole);
        if !known && !own && whole.exists() {
            self.prompt = Some(Prompt::Exists(whole));
        } else {
            self.save_to(ctx, Target::File(whole));
        }
    }

    fn saved(&mut self, ctx: &egui::Context, result: Result<(), SaveError>) {
        match result {
            Ok(()) => {
                if let Some(path) = self.session.editor().document().path().map(Path::to_owned) {
                    self.remember(&path);
                }
                self.keeping.disk = None;
                // Only when nothing is left to be saved.
                if !self.is_saving()
                    && let Some(then) = self.after_save.take()
                {
                    self.go_on(ctx, then);
                }
            }
            Err(SaveError::NoPath) => self.ask(ctx, Purpose::Save),
            Err(SaveError::ChangedOnDisk(path)) => {
                self.prompt = Some(Prompt::ChangedOnDisk { file: name_of(&path) });
            }
            Err(error) => {
                self.prompt = Some(Prompt::SaveFailed { line: upper_first(&error.to_string()) });
            }
        }
    }
}

/// The name of a file without its folder.
pub(super) fn name_of(path: &Path) -> String {
    path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into())
}
