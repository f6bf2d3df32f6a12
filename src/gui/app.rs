//! The application: results and actions come together in `logic`, `ui` only paints.

use super::action::{Action, Actions, Edit, File, Gesture, Run, Tab, View};
use super::commands;
use super::context::{Context, Document, Element, Freshness};
use super::dialogs::{Answer, FileDialogs, Purpose, with_ending};
use super::examples;
use super::prompts::{self, Choice, Prompt, Then};
use super::shell;
use super::theme::Theme;
use super::view::{Prefs, ViewState};
use crate::diag::Diagnostic;
use crate::editor::{self, Command, ElementId, OpenError, SaveError, Session, SolveStatus};
use crate::plan::result::Status;
use eframe::egui::{self, Ui, ViewportCommand};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Key of the preferences in the store of the window system.
const PREFS: &str = "gigasite";

/// The window's program.
pub struct App {
    session: Session,
    view: ViewState,
    dialogs: Box<dyn FileDialogs>,
    /// What panels asked for in the last frame.
    actions: Actions,
    freshness: Freshness,
    problems: Vec<Diagnostic>,
    selection: Vec<Element>,
    /// When the newest full answer came.
    answered: Option<Instant>,
    /// A dialog of the system is open for this.
    asked: Option<Purpose>,
    /// What goes on once the document has been saved.
    after_save: Option<Then>,
    prompt: Option<Prompt>,
    /// Why the last edit was refused.
    refusal: Option<String>,
    in_gesture: bool,
    may_close: bool,
    title: String,
    /// Frames left in which the plan is fitted again: window and panels find
    /// their sizes during the first few.
    arriving: u8,
}

/// Frames in which a window finds its size.
const ARRIVAL: u8 = 4;

impl App {
    /// A window on a session; preferences come from the last run.
    pub fn new(
        ctx: &egui::Context,
        session: Session,
        dialogs: Box<dyn FileDialogs>,
        prefs: Prefs,
    ) -> Self {
        let view = ViewState::new(prefs);
        view.apply_prefs(ctx);
        let mut app = Self {
            session,
            view,
            dialogs,
            actions: Actions::new(),
            freshness: Freshness::None,
            problems: Vec::new(),
            selection: Vec::new(),
            answered: None,
            asked: None,
            after_save: None,
            prompt: None,
            refusal: None,
            in_gesture: false,
            may_close: false,
            title: String::new(),
            arriving: ARRIVAL,
        };
        if let Some(path) = app.session.editor().document().path().map(Path::to_owned) {
            app.view.prefs.remember(&path);
        }
        app.refresh();
        app
    }

    /// Preferences of the last run.
    pub fn stored_prefs(storage: Option<&dyn eframe::Storage>) -> Prefs {
        storage.and_then(|s| eframe::get_value(s, PREFS)).unwrap_or_default()
    }

    pub fn session(&self) -> &Session {
        &self.session
    }

    pub fn view(&self) -> &ViewState {
        &self.view
    }

    pub fn prompt(&self) -> Option<&Prompt> {
        self.prompt.as_ref()
    }

    /// Queues an action as if a panel had asked for it.
    pub fn push(&mut self, action: Action) {
        self.actions.push(action);
    }

    /// Whether the full answer to the present site is shown.
    pub fn is_settled(&self) -> bool {
        matches!(self.freshness, Freshness::Full { .. } | Freshness::Failed(_))
            && (self.view.prefs.tab != Tab::Throughput || self.view.estimator.is_settled())
    }

    /// One step outside of painting: collects answers, applies actions.
    pub fn step(&mut self, ctx: &egui::Context) {
        if self.session.poll() && self.session.status() == SolveStatus::Fresh {
            self.answered = Some(Instant::now());
        }
        self.collect_input(ctx);
        for action in std::mem::take(&mut self.actions) {
            self.apply(ctx, action);
        }
        self.poll_dialog(ctx);
        self.refresh();
        if matches!(self.freshness, Freshness::Stale { .. } | Freshness::Preview) {
            // The stale sign must come without an event.
            ctx.request_repaint_after(Duration::from_millis(150));
        }
        if self.view.prefs.tab == Tab::Throughput {
            let editor = self.session.editor();
            self.view.estimator.step(editor.site(), editor.catalog_in_force(), ctx);
        }
        self.retitle(ctx);
    }

    /// Paints one frame.
    pub fn paint(&mut self, ui: &mut Ui) {
        let mut actions = std::mem::take(&mut self.actions);
        if self.arriving > 0 {
            self.arriving -= 1;
            self.view.plan.fit();
            self.view.one_line.fit();
            ui.ctx().request_repaint();
        }
        let document = self.session.editor().document();
        let recent = self.view.prefs.recent.clone();
        let cx = Context {
            site: self.session.editor().site(),
            catalog: self.session.editor().catalog_in_force(),
            outcome: self.session.outcome().map(AsRef::as_ref),
            freshness: &self.freshness,
            problems: &self.problems,
            selection: &self.selection,
            document: Document {
                title: document.title(),
                path: document.path(),
                dirty: document.is_dirty(),
                undo: self.session.editor().undo_label(),
                redo: self.session.editor().redo_label(),
                recent: &recent,
            },
        };
        shell::show(ui, &cx, &mut self.view, &mut actions);
        let version = cx.catalog.version.clone();
        self.actions = actions;
        self.overlays(ui.ctx(), &version);
        if !self.actions.is_empty() {
            ui.ctx().request_repaint();
        }
    }

    fn overlays(&mut self, ctx: &egui::Context, catalog: &str) {
        if self.view.shows_shortcuts && prompts::shortcuts(ctx) {
            self.view.shows_shortcuts = false;
        }
        if self.view.shows_about && prompts::about(ctx, catalog) {
            self.view.shows_about = false;
        }
        if let Some(mut prompt) = self.prompt.take() {
            match prompts::show(ctx, &mut prompt) {
                Some(choice) => self.answer(ctx, &prompt, choice),
                None => self.prompt = Some(prompt),
            }
        }
        if let Some(text) = &self.refusal
            && prompts::notice(ctx, text)
        {
            self.refusal = None;
        }
    }

    /// Keys, dropped files, the close button of the window.
    fn collect_input(&mut self, ctx: &egui::Context) {
        let dropped: Vec<PathBuf> =
            ctx.input(|i| i.raw.dropped_files.iter().map(|f| f.path().to_owned()).collect());
        if let Some(path) = dropped.into_iter().next() {
            self.actions.push(Action::File(File::OpenPath(path)));
        }
        if ctx.input(|i| i.viewport().close_requested()) && !self.may_close {
            if self.session.editor().document().is_dirty() {
                ctx.send_viewport_cmd(ViewportCommand::CancelClose);
                self.ask_before(Then::Close);
            } else {
                self.may_close = true;
            }
        }
        if self.prompt.is_none() && !self.view.shows_shortcuts && !self.view.shows_about {
            for command in commands::pressed(ctx) {
                let action = self.with_context(|cx| command.action(cx));
                self.actions.extend(action);
            }
        }
    }

    /// Runs `body` with what commands need to know.
    fn with_context<R>(&self, body: impl FnOnce(&Context<'_>) -> R) -> R {
        let editor = self.session.editor();
        let document = editor.document();
        let cx = Context {
            site: editor.site(),
            catalog: editor.catalog_in_force(),
            outcome: self.session.outcome().map(AsRef::as_ref),
            freshness: &self.freshness,
            problems: &self.problems,
            selection: &self.selection,
            document: Document {
                title: document.title(),
                path: document.path(),
                dirty: document.is_dirty(),
                undo: editor.undo_label(),
                redo: editor.redo_label(),
                recent: &[],
            },
        };
        body(&cx)
    }

    fn apply(&mut self, ctx: &egui::Context, action: Action) {
        match action {
            Action::Edit(edit) => self.edit(edit),
            Action::View(view) => {
                match &view {
                    View::Select(elements) => self.session.select(ids(elements)),
                    View::Jump(element) => {
                        self.session.select([ElementId::new(element.path())]);
                    }
                    View::Toggle(element) => self.session.toggle(&ElementId::new(element.path())),
                    _ => {}
                }
                self.view.apply(ctx, &view);
            }
            Action::File(file) => self.file(ctx, file),
            Action::Run(Run::Solve) => self.session.solve(),
        }
    }

    fn edit(&mut self, edit: Edit) {
        self.refusal = None;
        let result = match edit {
            Edit::Undo => {
                self.session.undo();
                Ok(())
            }
            Edit::Redo => {
                self.session.redo();
                Ok(())
            }
            Edit::Delete(elements) => {
                let command = remove_command(&elements);
                self.session.apply(&command).map(drop)
            }
            Edit::Set { path, value, gesture, .. } => {
                self.gesture(&Command::Set { path, value }, gesture, true)
            }
            Edit::Move { elements, delta_m: [dx, dy], gesture } => {
                let command = Command::Move { ids: ids(&elements), dx, dy };
                let still = dx == 0.0 && dy == 0.0;
                if still && gesture == Gesture::Finished {
                    self.end_gesture();
                    Ok(())
                } else {
                    self.gesture(&command, gesture, false)
                }
            }
        };
        if let Err(error) = result {
            self.refusal = Some(error.to_string());
        }
    }

    /// A command as part of a gesture; `whole` commands replace what the gesture
    /// has done so far, the others add to it.
    fn gesture(
        &mut self,
        command: &Command,
        gesture: Gesture,
        whole: bool,
    ) -> Result<(), editor::EditError> {
        if gesture == Gesture::Dragging && !self.in_gesture {
            self.session.begin("");
            self.in_gesture = true;
        }
        let result = if self.in_gesture && whole {
            self.session.reapply(command)
        } else {
            self.session.apply(command)
        };
        if gesture == Gesture::Finished {
            self.end_gesture();
        }
        result.map(drop)
    }

    fn end_gesture(&mut self) {
        if self.in_gesture {
            self.session.commit();
            self.in_gesture = false;
        }
    }

    fn file(&mut self, ctx: &egui::Context, file: File) {
        let is_dirty = self.session.editor().document().is_dirty();
        match file {
            File::Open if is_dirty => self.ask_before(Then::AskOpen),
            File::OpenPath(path) if is_dirty => self.ask_before(Then::Open(path)),
            File::OpenExample(index) if is_dirty => self.ask_before(Then::Example(index)),
            File::Open => self.ask(ctx, Purpose::Open),
            File::OpenPath(path) => self.open(&path),
            File::OpenExample(index) => self.open_example(index),
            File::Save => self.save(ctx),
            File::SaveAs => self.ask(ctx, Purpose::Save),
            File::Quit => ctx.send_viewport_cmd(ViewportCommand::Close),
        }
    }

    fn ask_before(&mut self, then: Then) {
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
        }
    }

    fn answer(&mut self, ctx: &egui::Context, prompt: &Prompt, choice: Choice) {
        match (prompt, choice) {
            (Prompt::Unsaved { then, .. }, Choice::Discard) => self.go_on(ctx, then.clone()),
            (Prompt::Unsaved { then, .. }, Choice::Save) => {
                self.after_save = Some(then.clone());
                self.save(ctx);
            }
            (Prompt::ChangedOnDisk { .. }, Choice::Overwrite) => {
                let result = self.session.save_over();
                self.saved(ctx, result);
            }
            (Prompt::ChangedOnDisk { .. }, Choice::SaveAs) => self.ask(ctx, Purpose::Save),
            (Prompt::Path { purpose: Purpose::Open, .. }, Choice::Path(path)) => self.open(&path),
            (Prompt::Path { purpose: Purpose::Save, .. }, Choice::Path(path)) => {
                self.save_as(ctx, path);
            }
            _ => self.after_save = None,
        }
    }

    /// Asks for a file, by the system's dialog or by a field for its path.
    fn ask(&mut self, ctx: &egui::Context, purpose: Purpose) {
        let document = self.session.editor().document();
        let start = document.path().map(Path::to_owned).or_else(|| {
            let name = document.title().to_lowercase().replace(' ', "-");
            (purpose == Purpose::Save).then(|| PathBuf::from(format!("{name}.ron")))
        });
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

    fn poll_dialog(&mut self, ctx: &egui::Context) {
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
                    Purpose::Save => self.save_as(ctx, path),
                }
            }
        }
    }

    fn open(&mut self, path: &Path) {
        match self.session.open(path) {
            Ok(()) => {
                self.view.prefs.remember(path);
                self.opened();
            }
            Err(OpenError::Unreadable { path, report }) => {
                self.view.prefs.forget(&path);
                let name =
                    path.file_name().map_or_else(String::new, |n| n.to_string_lossy().into());
                self.prompt = Some(Prompt::Failed {
                    title: format!("{name} cannot be opened"),
                    lines: report.items.iter().map(ToString::to_string).collect(),
                });
            }
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

    /// Another document is in the window.
    fn opened(&mut self) {
        self.view.plan.reset();
        self.view.one_line.reset();
        self.arriving = ARRIVAL;
        self.answered = None;
        self.refusal = None;
        self.in_gesture = false;
    }

    fn save(&mut self, ctx: &egui::Context) {
        let result = self.session.save();
        self.saved(ctx, result);
    }

    fn save_as(&mut self, ctx: &egui::Context, path: PathBuf) {
        let result = self.session.save_as(&with_ending(path));
        self.saved(ctx, result);
    }

    fn saved(&mut self, ctx: &egui::Context, result: Result<(), SaveError>) {
        match result {
            Ok(()) => {
                if let Some(path) = self.session.editor().document().path() {
                    self.view.prefs.remember(path);
                }
                if let Some(then) = self.after_save.take() {
                    self.go_on(ctx, then);
                }
            }
            Err(SaveError::NoPath) => self.ask(ctx, Purpose::Save),
            Err(SaveError::ChangedOnDisk(path)) => {
                let file =
                    path.file_name().map_or_else(String::new, |n| n.to_string_lossy().into());
                self.prompt = Some(Prompt::ChangedOnDisk { file });
            }
            Err(error) => {
                self.after_save = None;
                self.prompt = Some(Prompt::Failed {
                    title: "The layout cannot be saved".to_owned(),
                    lines: vec![error.to_string()],
                });
            }
        }
    }

    /// Brings what panels read up to date.
    fn refresh(&mut self) {
        let age_s = self.answered.map_or(0.0, |at| at.elapsed().as_secs_f64());
        let has_outcome = self.session.outcome().is_some();
        self.freshness = match self.session.status() {
            SolveStatus::Fresh => Freshness::Full { age_s },
            SolveStatus::Failed(why) => Freshness::Failed(why),
            SolveStatus::Stale { behind } => Freshness::Stale { for_s: behind.as_secs_f64() },
            SolveStatus::Solving { .. } if has_outcome && self.session.is_preview() => {
                Freshness::Preview
            }
            // Too short to be worth a sign.
            SolveStatus::Solving { .. } => Freshness::Stale { for_s: 0.0 },
        };
        let selection = self.session.editor().selection();
        // The primary element last, as the inspector of one element wants it.
        self.selection = selection.iter().filter_map(|id| Element::of_path(id.as_str())).collect();
        self.problems = self.session.outcome().map(|o| o.diagnostics.clone()).unwrap_or_default();
        if let Some(outcome) = self.session.outcome()
            && outcome.plan.status == Status::Infeasible
        {
            for conflict in &outcome.plan.conflicts {
                let hint = conflict.amount.map_or_else(String::new, |amount| {
                    let more = crate::units::format::amount_change(amount, &conflict.unit);
                    format!("Change it by {more}")
                });
                let message = conflict.sentence.clone();
                let path = conflict.limit.clone();
                self.problems.push(Diagnostic::error("plan-infeasible", path, message, hint));
            }
        }
    }

    /// Keeps the title of the window in step with the document.
    fn retitle(&mut self, ctx: &egui::Context) {
        let document = self.session.editor().document();
        let dot = if document.is_dirty() { "• " } else { "" };
        let title = format!("{dot}{} - Gigasite", document.title());
        if title != self.title {
            ctx.send_viewport_cmd(ViewportCommand::Title(title.clone()));
            self.title = title;
        }
    }
}

fn ids(elements: &[Element]) -> Vec<ElementId> {
    elements.iter().map(|e| ElementId::new(e.path())).collect()
}

/// Tiers go one by one, everything else at once.
fn remove_command(elements: &[Element]) -> Command {
    match elements {
        [one] if one.kind == super::context::Kind::Tier => {
            Command::RemoveTier { tier: one.id.clone() }
        }
        many => Command::Remove { ids: ids(many) },
    }
}

impl eframe::App for App {
    fn logic(&mut self, ctx: &egui::Context, _frame: &mut eframe::Frame) {
        self.step(ctx);
    }

    fn ui(&mut self, ui: &mut Ui, _frame: &mut eframe::Frame) {
        self.paint(ui);
    }

    fn save(&mut self, storage: &mut dyn eframe::Storage) {
        eframe::set_value(storage, PREFS, &self.view.prefs);
    }

    fn clear_color(&self, visuals: &egui::Visuals) -> [f32; 4] {
        let theme = if visuals.dark_mode { egui::Theme::Dark } else { egui::Theme::Light };
        shell::clear_color(Theme::named(theme))
    }
}
