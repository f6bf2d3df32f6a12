//! An editor with a background thread that keeps computing the newest answer.
//!
//! Two speeds: after each edit the plan comes first (the preview), then, unless
//! a newer edit waits, the plan refined by its marginal values.

mod aside;
mod exchange;

use super::command::{Command, EditError};
use super::difference::Difference;
use super::document::Document;
use super::edit::{Change, Editor};
use super::element::ElementId;
use super::files::{self, Disk, OpenError, SaveError, Seen};
use super::history::same_site;
use super::recovery::Found;
use super::saver::Target;
use super::scenarios::ScenarioCommand;
use super::variants::VariantCommand;
use crate::catalog::Catalog;
use crate::jobs::{Context, Generation, SpawnError, Worker};
use crate::site::{Layout, Site};
use crate::study::Outcome;
use std::collections::{HashMap, VecDeque};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use aside::{Aside, Kept};

/// An answer that is behind by more than this counts as stale.
pub const STALE_AFTER: Duration = Duration::from_millis(300);

/// What computes answers. It lives on the background thread and may keep
/// anything between two answers; an answer must not depend on that.
pub trait Engine {
    /// The plan of a site, without marginal values.
    fn solve(&mut self, site: &Site) -> Outcome;
    /// Adds to the newest plan what takes longer.
    fn refine(&mut self, outcome: &mut Outcome);
    /// The catalogue that answers are given by from now on, without the overrides of any site.
    /// Called before each run; engines that know no catalogue ignore it.
    fn use_catalog(&mut self, _catalog: &Arc<Catalog>) {}
    /// Gives the flag by which another thread ends the next step early; what
    /// that step yields is then thrown away. Engines that cannot be
    /// interrupted may ignore it.
    fn stop_when(&mut self, _flag: Arc<AtomicBool>) {}
}

/// Time since some fixed moment; never goes back.
pub trait Clock {
    fn now(&self) -> Duration;
}

impl<F: Fn() -> Duration> Clock for F {
    fn now(&self) -> Duration {
        self()
    }
}

/// How the shown answer relates to the site as it is now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SolveStatus {
    /// The full answer to this site.
    Fresh,
    /// The answer, or its refinement, has been under way since that time of the clock.
    Solving { since: Duration },
    /// The shown answer is of an older site, and has been for this long.
    Stale { behind: Duration },
    /// The newest run failed; the sentence says why. The answer shown is an older one.
    Failed(String),
}

/// What the thread is asked for.
struct Question {
    site: Site,
    catalog: Arc<Catalog>,
    /// Id, where the layout has several variants.
    variant: Option<String>,
    /// Nobody looks at it before it is whole.
    aside: bool,
}

/// What the thread hands back.
#[derive(Clone)]
struct Answer {
    outcome: Arc<Outcome>,
    refined: bool,
}

/// The newest answer that has arrived.
struct Shown {
    generation: Generation,
    answer: Answer,
}

/// Editor, background thread and newest answer.
pub struct Session {
    editor: Editor,
    /// Yields nothing where a run was ended early.
    worker: Worker<Question, Option<Answer>>,
    clock: Box<dyn Clock>,
    shown: Option<Shown>,
    submitted: Submitted,
    /// Runs handed in after the one shown, with the time of each.
    pending: VecDeque<(Generation, Duration)>,
    /// Results of older runs are dropped: a newer one is shown, or they are of
    /// a document that is gone.
    oldest_wanted: Generation,
    failure: Option<(Generation, String)>,
    /// The newest full answer of each variant, by its id.
    kept: HashMap<String, Kept>,
    aside: Option<Aside>,
    /// Variants whose answer did not come; they are not asked for again before they change.
    unanswered: HashMap<String, Site>,
}

/// What was handed in last.
#[derive(Default)]
struct Submitted {
    revision: u64,
    site: Option<Site>,
    variant: String,
    generation: Generation,
    at: Duration,
}

impl Session {
    /// A session on a document; the first answer is under way at once.
    /// `make_engine` runs on the background thread, once, and again after the
    /// engine has panicked; `wake` is called there whenever [`Session::poll`]
    /// has something new.
    ///
    /// # Errors
    /// [`SpawnError`] where the system gives no thread.
    pub fn new<E: Engine + 'static>(
        document: Document,
        catalog: Arc<Catalog>,
        make_engine: impl FnMut() -> E + Send + 'static,
        clock: impl Clock + 'static,
        wake: impl Fn() + Send + 'static,
    ) -> Result<Self, SpawnError> {
        let worker = Worker::spawn("gigasite-solver", wake, make_engine, answer::<E>)?;
        let mut session = Self {
            editor: Editor::new(document, catalog),
            worker,
            clock: Box::new(clock),
            shown: None,
            submitted: Submitted::default(),
            pending: VecDeque::new(),
            oldest_wanted: Generation::default(),
            failure: None,
            kept: HashMap::new(),
            aside: None,
            unanswered: HashMap::new(),
        };
        session.solve();
        Ok(session)
    }

    pub fn editor(&self) -> &Editor {
        &self.editor
    }

    /// See [`Editor::apply`].
    ///
    /// # Errors
    /// [`EditError`]; the site is unchanged then.
    pub fn apply(&mut self, command: &Command) -> Result<Change, EditError> {
        let change = self.editor.apply(command)?;
        self.solve_if_changed();
        Ok(change)
    }

    /// See [`Editor::reapply`].
    ///
    /// # Errors
    /// [`EditError`]; the site is as before the call then.
    pub fn reapply(&mut self, command: &Command) -> Result<Change, EditError> {
        let change = self.editor.reapply(command)?;
        self.solve_if_changed();
        Ok(change)
    }

    /// See [`Editor::apply_variant`].
    ///
    /// # Errors
    /// [`EditError`]; nothing is changed then.
    pub fn apply_variant(&mut self, command: &VariantCommand) -> Result<Change, EditError> {
        let change = self.editor.apply_variant(command);
        self.solve_if_changed();
        change
    }

    /// See [`Editor::apply_scenario`].
    pub fn apply_scenario(&mut self, command: &ScenarioCommand) -> Change {
        let change = self.editor.apply_scenario(command);
        self.solve_if_changed();
        change
    }

    /// See [`Editor::begin`].
    pub fn begin(&mut self, label: &str) {
        self.editor.begin(label);
    }

    /// See [`Editor::commit`].
    pub fn commit(&mut self) {
        self.editor.commit();
        self.solve_if_changed();
    }

    /// See [`Editor::abort`].
    pub fn abort(&mut self) -> bool {
        let changed = self.editor.abort();
        self.solve_if_changed();
        changed
    }

    /// See [`Editor::undo`].
    pub fn undo(&mut self) -> bool {
        let changed = self.editor.undo();
        self.solve_if_changed();
        changed
    }

    /// See [`Editor::redo`].
    pub fn redo(&mut self) -> bool {
        let changed = self.editor.redo();
        self.solve_if_changed();
        changed
    }

    /// See [`Editor::select`].
    pub fn select(&mut self, ids: impl IntoIterator<Item = ElementId>) {
        self.editor.select(ids);
    }

    /// See [`Editor::toggle`].
    pub fn toggle(&mut self, id: &ElementId) {
        self.editor.toggle(id);
    }

    /// See [`Editor::set_signature`].
    pub fn set_signature(&mut self, signature: super::Signature) {
        self.editor.set_signature(signature);
    }

    /// Replaces the document by another; history and selection start anew and
    /// the answer to the old one is dropped.
    pub fn replace(&mut self, document: Document) {
        let catalog = Arc::clone(self.editor.catalog());
        let signature = self.editor.signature().clone();
        self.editor = Editor::new(document, catalog);
        self.editor.set_signature(signature);
        self.shown = None;
        self.failure = None;
        self.pending.clear();
        self.kept.clear();
        self.unanswered.clear();
        self.aside = None;
        self.solve();
        self.oldest_wanted = self.submitted.generation;
    }

    /// Opens a layout in place of the document.
    ///
    /// # Errors
    /// [`OpenError`]; the document stays then.
    pub fn open(&mut self, path: &Path) -> Result<(), OpenError> {
        self.replace(files::open(path)?);
        Ok(())
    }

    /// Reads a layout as a document, for a session that is yet to start.
    ///
    /// # Errors
    /// [`OpenError`] with everything that is wrong in the file.
    pub fn read(path: &Path) -> Result<Document, OpenError> {
        files::open(path)
    }

    pub(super) fn document_mut(&mut self) -> &mut Document {
        &mut self.editor.document
    }

    /// Saves to the document's own file.
    ///
    /// # Errors
    /// [`SaveError::NoPath`] for a site without a file,
    /// [`SaveError::ChangedOnDisk`] where another program has written it.
    pub fn save(&mut self) -> Result<(), SaveError> {
        self.save_to(&Target::Own)
    }

    /// Saves to the document's own file even where another program has written it.
    ///
    /// # Errors
    /// As [`Session::save`], without `ChangedOnDisk`.
    pub fn save_over(&mut self) -> Result<(), SaveError> {
        self.save_to(&Target::OwnWhatever)
    }

    /// Saves to a file that becomes the document's own.
    ///
    /// # Errors
    /// [`SaveError::File`] where it cannot be written.
    pub fn save_as(&mut self, path: &Path) -> Result<(), SaveError> {
        self.save_to(&Target::File(path.to_owned()))
    }

    /// Whether another program has written the document's file since it was read or saved.
    pub fn changed_on_disk(&self) -> bool {
        files::changed_on_disk(&self.editor.document)
    }

    /// How the document's file stands now; `None` for a document without one.
    pub fn look(&self) -> Option<Seen> {
        let document = &self.editor.document;
        document.path.as_deref().map(|path| files::look(path, document.disk))
    }

    /// Takes note of how the document's file was seen: one that was written
    /// anew with the same text is the known one.
    pub fn note(&mut self, seen: Seen) {
        if let Seen::Same(disk) = seen {
            self.editor.document.disk = disk;
        }
    }

    /// The document stays as it is although its file was seen to be another:
    /// saving may then replace the file. Until then the document counts as unsaved.
    pub fn keep_mine(&mut self, seen: Seen) {
        let document = &mut self.editor.document;
        document.disk = match seen {
            Seen::Same(_) => return self.note(seen),
            Seen::Changed(disk) => disk,
            Seen::Gone => Disk::default(),
        };
        document.clean_revision = None;
    }

    /// Takes over what stands in the document's file now, as one step of the
    /// history, so that undo brings back what was in the window.
    ///
    /// # Errors
    /// [`OpenError`]; the document stays then.
    pub fn reload(&mut self) -> Result<(), OpenError> {
        let Some(path) = self.editor.document.path.clone() else { return Ok(()) };
        self.take_over(files::open(&path)?);
        Ok(())
    }

    /// Takes over what was read from the document's file, as [`Session::reload`] does.
    pub fn take_over(&mut self, read: Document) {
        self.editor.exchange(read.now.layout, "Reload from disk");
        self.editor.document.left_out = read.left_out;
        self.editor.document.disk = read.disk;
        self.editor.document.clean_revision = Some(self.editor.document.revision());
        self.solve_if_changed();
    }

    /// The steps from the document as it is to its file as it stands on disk.
    ///
    /// # Errors
    /// [`OpenError`] where the file cannot be read.
    pub fn difference_to_file(&self) -> Result<Difference, OpenError> {
        let Some(path) = self.editor.document.path() else { return Ok(Difference::default()) };
        let read = files::open(path)?;
        let catalog = self.editor.catalog_in_force();
        Ok(Difference::between_layouts(self.editor.document().layout(), read.layout(), catalog))
    }

    /// Puts work that a program left behind in place of the document: its
    /// file, and on top of it the work as one step of the history.
    ///
    /// # Errors
    /// What is wrong with the work; the document stays then.
    pub fn recover(&mut self, found: &Found) -> Result<(), String> {
        let (document, layout) = found.document()?;
        self.recovered(document, layout);
        Ok(())
    }

    /// Opens a document with work on top of it, as one step that can be undone.
    pub fn recovered(&mut self, document: Document, work: Layout) {
        self.replace(document);
        self.editor.exchange(work, "Recover unsaved work");
        self.solve_if_changed();
    }

    /// Asks for the answer again, whether or not the site has changed.
    pub fn solve(&mut self) {
        let document = self.editor.document();
        let (site, revision) = (document.site().clone(), document.revision());
        let (variant, active) = (document.variant().id.clone(), document.active());
        // A run aside gives way; it is asked for again when there is nothing else to do.
        self.end_aside();
        self.unanswered.clear();
        let generation = self.worker.submit(self.question(active, false));
        let at = self.clock.now();
        self.submitted = Submitted { revision, site: Some(site), variant, generation, at };
        self.pending.push_back((generation, at));
    }

    fn solve_if_changed(&mut self) {
        let document = self.editor.document();
        let submitted = &self.submitted;
        if submitted.variant == document.variant().id {
            let same = |site: &Site| same_site(site, document.site());
            if submitted.revision != document.revision()
                && !submitted.site.as_ref().is_some_and(same)
            {
                self.solve();
            } else {
                self.submitted.revision = document.revision();
            }
            return;
        }
        // Another variant came to the front: an answer to another one says nothing of it.
        self.shown = None;
        self.failure = None;
        self.pending.clear();
        let active = document.active();
        self.end_aside();
        let Some(outcome) = self.outcome_of(active).cloned() else {
            self.solve();
            self.oldest_wanted = self.submitted.generation;
            return;
        };
        // Nothing that has been asked for so far belongs to it.
        let next = Generation(self.submitted.generation.0 + 1);
        self.oldest_wanted = self.oldest_wanted.max(next);
        let document = self.editor.document();
        self.submitted.revision = document.revision();
        self.submitted.site = Some(document.site().clone());
        self.submitted.variant = document.variant().id.clone();
        let answer = Answer { outcome, refined: true };
        self.shown = Some(Shown { generation: self.submitted.generation, answer });
    }

    /// A run aside gives way; what it yields is dropped.
    fn end_aside(&mut self) {
        if let Some(aside) = self.aside.take() {
            self.oldest_wanted = self.oldest_wanted.max(Generation(aside.generation.0 + 1));
        }
    }

    /// Collects what has arrived. True where there is something new to show.
    /// An answer older than the one shown is dropped.
    pub fn poll(&mut self) -> bool {
        let mut news = false;
        while let Some(delivery) = self.worker.poll() {
            let generation = delivery.generation;
            if generation < self.oldest_wanted {
                continue;
            }
            self.oldest_wanted = generation;
            if self.aside.as_ref().is_some_and(|aside| aside.generation == generation) {
                if let Some(aside) = self.aside.take() {
                    self.take_aside(aside, delivery.output.ok().flatten());
                }
                news = true;
                continue;
            }
            match delivery.output {
                Ok(Some(answer)) => {
                    self.failure = None;
                    self.keep(generation, &answer);
                    self.shown = Some(Shown { generation, answer });
                }
                Ok(None) => continue,
                Err(error) => self.failure = Some((generation, error.to_string())),
            }
            while self.pending.front().is_some_and(|(waiting, _)| *waiting <= generation) {
                self.pending.pop_front();
            }
            news = true;
        }
        news
    }

    /// The newest answer; maybe of an older site, see [`Session::status`].
    pub fn outcome(&self) -> Option<&Arc<Outcome>> {
        self.shown.as_ref().map(|shown| &shown.answer.outcome)
    }

    /// Whether the newest answer is still without its marginal values.
    pub fn is_preview(&self) -> bool {
        self.shown.as_ref().is_some_and(|shown| !shown.answer.refined)
    }

    /// Whether the newest answer, whole or not, is to the site as it is now.
    pub fn is_of_present_site(&self) -> bool {
        self.shown.as_ref().is_some_and(|s| s.generation == self.submitted.generation)
    }

    /// How the newest answer relates to the site as it is now.
    pub fn status(&self) -> SolveStatus {
        if let Some((generation, text)) = &self.failure
            && *generation == self.submitted.generation
        {
            return SolveStatus::Failed(text.clone());
        }
        if let Some(shown) = &self.shown
            && shown.generation == self.submitted.generation
        {
            let since = self.submitted.at;
            return if shown.answer.refined {
                SolveStatus::Fresh
            } else {
                SolveStatus::Solving { since }
            };
        }
        // Behind since the oldest edit that the shown answer does not know of.
        let since = self.pending.front().map_or(self.submitted.at, |(_, at)| *at);
        let behind = self.clock.now().saturating_sub(since);
        if self.shown.is_some() && behind > STALE_AFTER {
            SolveStatus::Stale { behind }
        } else {
            SolveStatus::Solving { since }
        }
    }

    /// How far the running calculation is, 0 to 1.
    pub fn progress_frac(&self) -> f32 {
        self.worker.progress_frac()
    }
}

/// One run on the background thread. The plan is finished even when a newer
/// edit waits, so that a long drag shows something; the refinement is not.
fn answer<E: Engine>(
    engine: &mut E,
    question: Question,
    context: &Context<'_, Option<Answer>>,
) -> Option<Answer> {
    let flag = if question.aside { context.supersede_flag() } else { context.cancel_flag() };
    engine.stop_when(flag);
    engine.use_catalog(&question.catalog);
    let mut outcome = engine.solve(&question.site);
    if context.is_cancelled() {
        return None;
    }
    outcome.provenance.variant = question.variant;
    if !question.aside {
        context.deliver(Some(Answer { outcome: Arc::new(outcome.clone()), refined: false }));
    }
    if context.is_superseded() {
        return None;
    }
    engine.stop_when(context.supersede_flag());
    engine.refine(&mut outcome);
    if context.is_superseded() {
        return None;
    }
    Some(Answer { outcome: Arc::new(outcome), refined: true })
}
