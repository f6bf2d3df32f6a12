//! An editor with a background thread that keeps computing the newest answer.
//!
//! Two speeds: after each edit the plan comes first (the preview), then, unless
//! a newer edit waits, the plan refined by its marginal values.

use super::command::{Command, EditError};
use super::difference::Difference;
use super::document::Document;
use super::edit::{Change, Editor};
use super::element::ElementId;
use super::files::{self, Disk, OpenError, SaveError, Seen};
use super::recovery::Found;
use crate::catalog::Catalog;
use crate::jobs::{Context, Generation, SpawnError, Worker};
use crate::site::Site;
use crate::study::Outcome;
use std::collections::VecDeque;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

/// An answer that is behind by more than this counts as stale.
pub const STALE_AFTER: Duration = Duration::from_millis(300);

/// What computes answers. It lives on the background thread and may keep
/// anything between two answers; an answer must not depend on that.
pub trait Engine {
    /// The plan of a site, without marginal values.
    fn solve(&mut self, site: &Site) -> Outcome;
    /// Adds to the newest plan what takes longer.
    fn refine(&mut self, outcome: &mut Outcome);
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

/// What the thread hands back.
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
    worker: Worker<Site, Option<Answer>>,
    clock: Box<dyn Clock>,
    shown: Option<Shown>,
    submitted: Submitted,
    /// Runs handed in after the one shown, with the time of each.
    pending: VecDeque<(Generation, Duration)>,
    /// Results of older runs are dropped: a newer one is shown, or they are of
    /// a document that is gone.
    oldest_wanted: Generation,
    failure: Option<(Generation, String)>,
}

/// What was handed in last.
#[derive(Default)]
struct Submitted {
    revision: u64,
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

    /// Saves to the document's own file.
    ///
    /// # Errors
    /// [`SaveError::NoPath`] for a site without a file,
    /// [`SaveError::ChangedOnDisk`] where another program has written it.
    pub fn save(&mut self) -> Result<(), SaveError> {
        files::save(&mut self.editor.document, false)
    }

    /// Saves to the document's own file even where another program has written it.
    ///
    /// # Errors
    /// As [`Session::save`], without `ChangedOnDisk`.
    pub fn save_over(&mut self) -> Result<(), SaveError> {
        files::save(&mut self.editor.document, true)
    }

    /// Saves to a file that becomes the document's own.
    ///
    /// # Errors
    /// [`SaveError::File`] where it cannot be written.
    pub fn save_as(&mut self, path: &Path) -> Result<(), SaveError> {
        files::write(&mut self.editor.document, path)
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
        self.editor.exchange(read.now.site, "Reload from disk");
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
        Ok(Difference::between(self.editor.site(), read.site(), catalog))
    }

    /// Puts work that a program left behind in place of the document: its
    /// file, and on top of it the work as one step of the history.
    ///
    /// # Errors
    /// What is wrong with the work; the document stays then.
    pub fn recover(&mut self, found: &Found) -> Result<(), String> {
        let (document, site) = found.document()?;
        self.replace(document);
        self.editor.exchange(site, "Recover unsaved work");
        self.solve_if_changed();
        Ok(())
    }

    /// Asks for the answer again, whether or not the site has changed.
    pub fn solve(&mut self) {
        let generation = self.worker.submit(self.editor.site().clone());
        let at = self.clock.now();
        let revision = self.editor.document().revision();
        self.submitted = Submitted { revision, generation, at };
        self.pending.push_back((generation, at));
    }

    fn solve_if_changed(&mut self) {
        if self.submitted.revision != self.editor.document().revision() {
            self.solve();
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
            match delivery.output {
                Ok(Some(answer)) => {
                    self.failure = None;
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
    site: Site,
    context: &Context<'_, Option<Answer>>,
) -> Option<Answer> {
    engine.stop_when(context.cancel_flag());
    let mut outcome = engine.solve(&site);
    if context.is_cancelled() {
        return None;
    }
    context.deliver(Some(Answer { outcome: Arc::new(outcome.clone()), refined: false }));
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
