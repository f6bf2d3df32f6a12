//! The application: results and actions come together in `logic`, `ui` only paints.

mod compared;
mod documents;
mod edit;
mod export;
mod foreign;
mod keeping;
mod records;
mod told;
mod valued;

use super::action::{Action, Actions, Edit, File, Run, Tab, View};
use super::canvas::CardLayer;
use super::commands;
use super::context::{Context, Element, Freshness};
use super::dialogs::{FileDialogs, Purpose};
use super::prompts::{self, AfterRecords, Prompt, Then};
use super::shell;
use super::theme::Theme;
use super::view::{Prefs, ViewState};
use super::windows::{Processes, Windows};
use crate::diag::Diagnostic;
use crate::editor::appraisal::AppraisalWatch;
use crate::editor::network::NetworkWatch;
use crate::editor::risk::{RiskWatch, Risks};
use crate::editor::valuation::{Finances, ValueWatch};
use crate::editor::{
    Foreign, Kept, Loader, Mappings, Saver, Session, SolveStatus, is_weather, recent,
};
use crate::plan::result::Status;
use crate::scene::plan::PlanScene;
use crate::site::Terms;
use crate::study::Outcome;
use eframe::egui::{self, Ui, ViewportCommand};
use export::Export;
use keeping::Keeping;
pub use records::CatalogueFolder;
use records::{Recording, RecordsFor};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};
use told::{Files, Told};

/// Key of the preferences in the store of the window system.
const PREFS: &str = "gigasite";

/// The window's program.
pub struct App {
    session: Session,
    view: ViewState,
    dialogs: Box<dyn FileDialogs>,
    windows: Box<dyn Windows>,
    keeping: Keeping,
    /// What panels asked for in the last frame.
    actions: Actions,
    told: Told,
    /// The answer that the problems are of, the check of the network, the files of underlays.
    problems_of: Option<Arc<Outcome>>,
    faults_of: u64,
    underlays_of: u64,
    /// When the newest full answer came.
    answered: Option<Instant>,
    /// Reads files beside the window; without its thread they are read in between frames.
    loader: Option<Loader>,
    /// Saves beside the window; without its thread that is done in between frames.
    saver: Option<Saver>,
    /// Checks full answers on the network beside the window.
    network: Option<NetworkWatch>,
    /// Values answers beside the window.
    values: Option<ValueWatch>,
    /// Studies what may come otherwise, beside the window.
    risks: Option<RiskWatch>,
    /// Values variants that stand beside each other.
    appraisals: Option<AppraisalWatch>,
    /// Id of the variant that they are of.
    valued_variant: String,
    /// State of the document that may be lost to the file that is being read.
    given_up: Option<u64>,
    /// Terms that the catalogues of the variants' answers were made for.
    catalogs_of: Vec<Arc<Terms>>,
    /// A dialog of the system is open for this.
    asked: Option<Purpose>,
    /// What goes on once the document has been saved.
    after_save: Option<Then>,
    prompt: Option<Prompt>,
    /// What is being written for other programs.
    export: Export,
    /// Why the last edit was refused.
    refusal: Option<String>,
    /// The folder whose records lie over the built-in ones.
    records_in: CatalogueFolder,
    recording: Recording,
    /// What the folder of own records is being read for.
    records_for: Option<RecordsFor>,
    /// The foreign file that is being read again, in the way that was chosen last.
    reread: Option<Foreign>,
    /// Columns of lists of racks that were chosen before.
    mappings: Mappings,
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
            windows: Box::<Processes>::default(),
            keeping: Keeping::new(),
            actions: Actions::new(),
            told: Told::default(),
            problems_of: None,
            faults_of: 0,
            underlays_of: 0,
            answered: None,
            loader: {
                let ctx = ctx.clone();
                Loader::new(move || ctx.request_repaint()).ok()
            },
            saver: {
                let ctx = ctx.clone();
                Saver::new(move || ctx.request_repaint()).ok()
            },
            network: None,
            values: None,
            risks: None,
            appraisals: None,
            valued_variant: String::new(),
            given_up: None,
            catalogs_of: Vec::new(),
            asked: None,
            after_save: None,
            prompt: None,
            export: Export::default(),
            refusal: None,
            records_in: CatalogueFolder::default(),
            recording: Recording::new(ctx),
            records_for: None,
            reread: None,
            mappings: Mappings::default(),
            in_gesture: false,
            may_close: false,
            title: String::new(),
            arriving: ARRIVAL,
        };
        if let Some(path) = app.session.editor().document().path().map(Path::to_owned) {
            recent::remember(&mut app.view.prefs.recent, &path);
        }
        app.refusal = app.left_out();
        app.refresh();
        app
    }

    /// Another way to open further windows.
    pub fn set_windows(&mut self, windows: impl Windows + 'static) {
        self.windows = Box::new(windows);
    }

    /// Has plan and diagram painted by the card, where there is one that can.
    pub fn paint_with(&mut self, layer: Option<CardLayer>) {
        self.view.plan.layer = layer;
        self.view.one_line.layer = layer;
    }

    /// A plan of the document that was made while it was read.
    pub(super) fn take_scene(&mut self, scene: PlanScene) {
        self.view.plan.take_scene(scene);
    }

    /// Has the electrical network of full answers checked, with every single outage.
    pub fn watch_network(&mut self, ctx: &egui::Context) {
        let ctx = ctx.clone();
        self.network = NetworkWatch::new(move || ctx.request_repaint()).ok();
    }

    /// Whether unsaved work would outlive the program.
    pub fn kept(&self) -> &Kept {
        &self.keeping.kept
    }

    /// Preferences of the last run.
    pub fn stored_prefs(storage: Option<&dyn eframe::Storage>) -> Prefs {
        storage.and_then(|s| eframe::get_value(s, PREFS)).unwrap_or_default()
    }

    /// The value of the newest plan, as panels read it.
    pub fn finances(&self) -> &Finances {
        &self.told.finances
    }

    /// What is known of the risk of that value.
    pub fn risks(&self) -> &Risks {
        &self.told.risks
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

    /// Says a sentence at the bottom of the window.
    pub fn tell(&mut self, words: String) {
        self.refusal = Some(words);
    }

    /// Queues an action as if a panel had asked for it.
    pub fn push(&mut self, action: Action) {
        self.actions.push(action);
    }

    /// Whether the full answer to the present site is shown.
    pub fn is_settled(&self) -> bool {
        self.awaits().is_none()
    }

    /// What is still on its way to the window.
    pub fn awaits(&self) -> Option<&'static str> {
        let (view, told) = (&self.view, &self.told);
        let answered = matches!(told.freshness, Freshness::Full { .. } | Freshness::Failed(_));
        let on_plan = view.prefs.tab == Tab::SitePlan;
        let waits = [
            ("the answer", !answered),
            ("a file", self.opening().is_some()),
            ("a prompt", !self.prompt.as_ref().is_none_or(Prompt::is_ready)),
            ("an underlay", on_plan && view.plan.underlays().is_reading()),
            ("a file to be written", self.is_saving()),
            ("a record to be written", self.recording.is_busy()),
            ("what is shared", self.is_sharing()),
            ("recovery", self.is_recovering() && self.prompt.is_none()),
            ("estimates", view.prefs.tab == Tab::Throughput && !view.estimator.is_settled()),
            ("the comparison", !self.is_compared()),
            ("a new site", !view.wizard.is_settled()),
            ("the challenge", !view.challenge.is_settled()),
            ("the network", told.electrical.studying || told.electrical.solving),
            ("the value", !self.is_valued()),
        ];
        waits.iter().find_map(|(what, waits)| waits.then_some(*what))
    }

    /// The file that is being read.
    fn opening(&self) -> Option<&Path> {
        self.loader.as_ref().and_then(Loader::path)
    }

    /// One step outside of painting: collects answers, applies actions.
    pub fn step(&mut self, ctx: &egui::Context) {
        if self.session.poll() && self.session.status() == SolveStatus::Fresh {
            self.answered = Some(Instant::now());
        }
        self.collect_input(ctx);
        self.actions.extend(self.view.wizard.step(ctx));
        self.view.challenge.step(ctx);
        for action in std::mem::take(&mut self.actions) {
            self.apply(ctx, action);
        }
        self.poll_dialog(ctx);
        self.poll_export(ctx);
        self.read_again();
        self.poll_loader();
        self.poll_saver(ctx);
        self.poll_records(ctx);
        self.poll_leftovers();
        self.look_after(ctx);
        self.answer_variants();
        self.check_network();
        self.value_plan();
        self.refresh();
        if matches!(self.told.freshness, Freshness::Stale { .. } | Freshness::Preview) {
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
        let recent = self.view.prefs.recent.clone();
        let parts = (&self.told, &self.keeping);
        let files = Files::of(&self.loader, &self.saver);
        let cx = told::context(&self.session, parts, files, &recent);
        self.view.is_asked = self.prompt.is_some();
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
        prompts::drop_hint(ctx);
        if let Some(mut prompt) = self.prompt.take() {
            match prompts::show(ctx, &mut prompt) {
                Some(choice) => {
                    if !prompt.is_ready() {
                        self.stop_reading();
                    }
                    self.answer(ctx, &prompt, choice);
                }
                None => self.prompt = Some(prompt),
            }
        }
        if let Some(text) = &self.refusal
            && prompts::notice(ctx, text)
        {
            self.refusal = None;
        } else {
            self.show_export(ctx);
        }
    }

    /// Keys, dropped files, the close button of the window.
    fn collect_input(&mut self, ctx: &egui::Context) {
        let dropped: Vec<PathBuf> =
            ctx.input(|i| i.raw.dropped_files.iter().map(|f| f.path().to_owned()).collect());
        if let Some(path) = dropped.into_iter().next() {
            let name = path.to_string_lossy();
            let is_foreign = crate::site::import::is_foreign(&name);
            let file = match (is_foreign, is_weather(&name)) {
                (_, true) => File::WeatherPath(path),
                (true, _) => File::ImportPath(path),
                _ => File::OpenPath(path),
            };
            self.actions.push(Action::File(file));
        }
        if ctx.input(|i| i.viewport().close_requested()) && !self.may_close {
            if self.recording.is_busy() {
                ctx.send_viewport_cmd(ViewportCommand::CancelClose);
                self.recording.then(AfterRecords::Quit);
            } else if self.view.records.is_dirty() {
                ctx.send_viewport_cmd(ViewportCommand::CancelClose);
                self.prompt = Some(Prompt::UnsavedRecords { then: AfterRecords::Quit });
            } else if self.session.editor().document().is_dirty() {
                ctx.send_viewport_cmd(ViewportCommand::CancelClose);
                self.ask_before(Then::Close);
            } else if self.is_saving() {
                ctx.send_viewport_cmd(ViewportCommand::CancelClose);
                self.after_save = Some(Then::Close);
            } else {
                self.may_close = true;
            }
        }
        if self.prompt.is_none() && !self.view.is_covered() {
            let texts = commands::pasted(ctx).into_iter();
            self.actions.extend(texts.map(|text| Action::Edit(Edit::PasteText(text))));
            let on_plan = self.view.prefs.tab == Tab::SitePlan;
            let placing = on_plan && self.view.plan.has_tool();
            // A drag on the plan has the keys.
            let busy = self.view.plan.has_gesture();
            let nothing = commands::Command::SelectNothing;
            let escape = self.with_context(|cx| nothing.action(cx)).is_none();
            let taken = commands::Taken { placing, escape };
            let ahead = if busy { None } else { commands::typed_ahead(ctx) };
            let pressed = if busy { Vec::new() } else { commands::pressed(ctx, taken) };
            for command in pressed {
                let action = self.with_context(|cx| command.action(cx));
                self.actions.extend(action);
            }
            let ahead = ahead.filter(|text| !text.is_empty());
            self.actions.extend(ahead.map(|text| Action::View(View::Palette(text))));
        }
    }

    /// Runs `body` with what commands need to know.
    fn with_context<R>(&self, body: impl FnOnce(&Context<'_>) -> R) -> R {
        let parts = (&self.told, &self.keeping);
        let files = Files::of(&self.loader, &self.saver);
        let cx = told::context(&self.session, parts, files, &[]);
        body(&cx)
    }

    fn apply(&mut self, ctx: &egui::Context, action: Action) {
        match action {
            Action::Edit(edit) => self.edit(ctx, edit),
            Action::View(View::Challenge) => {
                let editor = self.session.editor();
                self.view.challenge.open(Arc::clone(editor.catalog()), editor.site().clone());
            }
            Action::View(view) => {
                self.select(&view);
                self.view.apply(ctx, &view);
            }
            Action::File(file) => self.file(ctx, file),
            Action::Run(Run::Solve) => self.session.solve(),
            Action::Run(run) => self.run_draws(run),
        }
    }

    /// Hands full answers to the check of the network, and collects what it found.
    fn check_network(&mut self) {
        let scenario = self.view.scenario.as_ref();
        if let Some(watch) = &mut self.network {
            watch.poll();
            let editor = self.session.editor();
            match (self.session.status(), self.session.outcome()) {
                (SolveStatus::Fresh, Some(outcome)) => {
                    watch.want(editor.site(), editor.catalog_in_force(), outcome);
                }
                (_, None) => watch.reset(),
                _ => watch.outdate(),
            }
            watch.ask(scenario);
        }
        self.told.electrical(self.network.as_ref());
        self.told.scenario.clone_from(&self.view.scenario);
        self.told.at_once = self.view.at_once;
    }

    /// Brings what panels read up to date.
    fn refresh(&mut self) {
        let age_s = self.answered.map_or(0.0, |at| at.elapsed().as_secs_f64());
        let has_outcome = self.session.outcome().is_some();
        self.told.freshness = match self.session.status() {
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
        self.told.selection =
            selection.iter().filter_map(|id| Element::of_path(id.as_str())).collect();
        let same = match (self.session.outcome(), &self.problems_of) {
            (Some(now), Some(old)) => Arc::ptr_eq(now, old),
            (now, old) => now.is_none() && old.is_none(),
        };
        let underlays = self.view.plan.underlays().revision();
        if !same
            || self.faults_of != self.told.electrical.revision
            || self.underlays_of != underlays
        {
            self.gather_problems();
        }
    }

    /// The findings of the newest answer.
    fn gather_problems(&mut self) {
        self.problems_of = self.session.outcome().cloned();
        self.told.problems =
            self.session.outcome().map(|o| o.diagnostics.clone()).unwrap_or_default();
        self.told.problems.extend_from_slice(self.view.plan.underlays().problems());
        self.underlays_of = self.view.plan.underlays().revision();
        self.faults_of = self.told.electrical.revision;
        let electrical = &self.told.electrical;
        if let Some(faults) = electrical.faults.as_ref().filter(|_| !electrical.stale) {
            self.told.problems.extend_from_slice(&faults.findings);
        }
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
                self.told.problems.push(Diagnostic::error("plan-infeasible", path, message, hint));
            }
        }
    }

    /// Keeps the title of the window in step with the document.
    fn retitle(&mut self, ctx: &egui::Context) {
        let document = self.session.editor().document();
        let dot = if document.is_dirty() { "• " } else { "" };
        let locked = if document.is_read_only() { " (read-only)" } else { "" };
        let title = format!("{dot}{}{locked} - Gigasite", document.title());
        if title != self.title {
            ctx.send_viewport_cmd(ViewportCommand::Title(title.clone()));
            self.title = title;
        }
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

    fn on_exit(&mut self) {
        self.finish_saving();
        self.finish_sharing();
        self.recording.finish();
        let document = self.session.editor().document();
        // A window that is closed without a question leaves its work for the next start.
        let unasked = document.is_dirty() && !self.may_close;
        self.keeping.end(unasked.then_some(document));
    }

    fn clear_color(&self, visuals: &egui::Visuals) -> [f32; 4] {
        let theme = if visuals.dark_mode { egui::Theme::Dark } else { egui::Theme::Light };
        shell::clear_color(Theme::named(theme))
    }
}
