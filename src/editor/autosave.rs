//! When the unsaved state of a document goes into its side file: soon after the
//! hand rests, at the latest some seconds into steady work. The writing itself
//! runs on a thread of its own.

use super::document::Document;
use super::recovery::{Found, Heading, KeepError, Slot, Store};
use crate::jobs::{Generation, SpawnError, Worker};
use crate::site::Layout;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// An edit is kept when no other has followed for this long.
const REST: Duration = Duration::from_secs(2);
/// However busy the hand is, no edit waits longer than this.
const LONGEST: Duration = Duration::from_secs(10);
/// A failed attempt is repeated after this.
const RETRY: Duration = Duration::from_secs(30);

/// Whether the work in the window would outlive the program.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Kept {
    /// Nothing is unsaved, or nothing is to be kept.
    #[default]
    Nothing,
    /// There are edits that are not in the side file yet.
    Behind,
    /// The newest state is in the side file.
    Newest,
    /// It cannot be written; the sentence says why.
    Failed(String),
}

/// What the thread is asked for.
enum Job {
    Write(Box<State>),
    Clear,
}

struct State {
    heading: Heading,
    layout: Layout,
    revision: u64,
}

/// Which revision is in the side file now.
type Done = Result<Option<u64>, String>;

/// The place on disk; made at the first write.
type Place = Arc<Mutex<Option<Slot>>>;

/// Keeps one document after the other.
pub struct Autosave {
    worker: Worker<Job, Done>,
    store: Store,
    place: Place,
    /// Newest revision seen, and when it was first seen.
    seen: Option<(u64, Duration)>,
    /// Since when there has been something to hand in.
    behind: Option<Duration>,
    /// Revision that was handed in last.
    submitted: Option<u64>,
    /// Revision in the side file.
    kept: Option<u64>,
    /// When it was found to be there.
    kept_at: Option<Duration>,
    failed: Option<(String, Duration)>,
    /// Answers to older jobs are about another document.
    oldest_wanted: Generation,
    newest: Generation,
    /// Work of a program that is gone, until it is kept here.
    taken: Option<Found>,
}

impl Autosave {
    /// `wake` is called on the thread when there is something to poll.
    ///
    /// # Errors
    /// [`SpawnError`] where the system gives no thread.
    pub fn new(store: Store, wake: impl Fn() + Send + 'static) -> Result<Self, SpawnError> {
        let place: Place = Arc::default();
        let inside = (store.clone(), Arc::clone(&place));
        let make = move || inside.clone();
        let worker =
            Worker::spawn("gigasite-autosave", wake, make, |(store, place), job, _| match job {
                Job::Write(state) => write(store, place, &state.heading, &state.layout)
                    .map(|()| Some(state.revision))
                    .map_err(|e| e.to_string()),
                Job::Clear => {
                    clear(place);
                    Ok(None)
                }
            })?;
        Ok(Self {
            worker,
            store,
            place,
            seen: None,
            behind: None,
            submitted: None,
            kept: None,
            kept_at: None,
            failed: None,
            oldest_wanted: Generation::default(),
            newest: Generation::default(),
            taken: None,
        })
    }

    /// Hands in what is due at `now`, of a clock that never goes back. Returns
    /// after how long it wants to be called again.
    pub fn step(&mut self, document: &Document, now: Duration) -> Option<Duration> {
        self.poll(now);
        if !document.is_dirty() {
            self.forget();
            return None;
        }
        let revision = document.revision();
        if self.submitted == Some(revision) {
            let again = self.failed.as_ref().map(|(_, at)| *at + RETRY)?;
            if now < again {
                return Some(again - now);
            }
            self.submit(document);
            return None;
        }
        let since = *self.behind.get_or_insert(now);
        let seen = match self.seen {
            Some((known, at)) if known == revision => at,
            _ => now,
        };
        self.seen = Some((revision, seen));
        let due = (seen + REST).min(since + LONGEST);
        if now < due {
            return Some(due - now);
        }
        self.submit(document);
        None
    }

    fn submit(&mut self, document: &Document) {
        let state = State {
            heading: Heading::of(document),
            layout: document.layout().clone(),
            revision: document.revision(),
        };
        self.newest = self.worker.submit(Job::Write(Box::new(state)));
        self.submitted = Some(document.revision());
        self.behind = None;
        self.failed = None;
    }

    fn poll(&mut self, now: Duration) {
        while let Some(delivery) = self.worker.poll() {
            if delivery.generation < self.oldest_wanted {
                continue;
            }
            match delivery.output.map_err(|e| e.to_string()).flatten() {
                Ok(revision) => {
                    self.kept = revision;
                    self.kept_at = revision.map(|_| now);
                    if let Some(found) = self.taken.take_if(|_| revision.is_some()) {
                        found.discard();
                    }
                }
                Err(why) => self.failed = Some((why, now)),
            }
        }
    }

    /// Nothing of the document is unsaved any more.
    fn forget(&mut self) {
        if let Some(found) = self.taken.take() {
            found.discard();
        }
        if self.submitted.take().is_some() {
            self.newest = self.worker.submit(Job::Clear);
        }
        (self.seen, self.behind, self.failed) = (None, None, None);
        (self.kept, self.kept_at) = (None, None);
    }

    /// Another document is in the window; what the old one left unsaved was
    /// given up by its owner.
    pub fn restart(&mut self) {
        self.forget();
        self.oldest_wanted = Generation(self.newest.0 + 1);
    }

    /// Holds work that has just been recovered until it is kept here.
    pub fn take_over(&mut self, found: Found) {
        self.taken = Some(found);
    }

    /// When work was last kept, by the clock of [`Autosave::step`].
    pub fn kept_at(&self) -> Option<Duration> {
        self.kept_at
    }

    /// Whether the work of a document would outlive the program now.
    pub fn kept(&self, document: &Document) -> Kept {
        match &self.failed {
            _ if !document.is_dirty() => Kept::Nothing,
            Some((why, _)) => Kept::Failed(why.clone()),
            None if self.kept == Some(document.revision()) => Kept::Newest,
            None => Kept::Behind,
        }
    }

    /// The program ends. Work that its owner has not given up stays for the
    /// next start; otherwise nothing stays.
    pub fn end(self, unsaved: Option<&Document>) {
        // Waits for the write that may be under way.
        drop(self.worker);
        match unsaved {
            Some(document) => {
                let heading = Heading::of(document);
                let kept = write(&self.store, &self.place, &heading, document.layout());
                if let (Ok(()), Some(found)) = (kept, self.taken) {
                    found.discard();
                }
            }
            None => {
                clear(&self.place);
                if let Some(found) = self.taken {
                    found.discard();
                }
            }
        }
    }
}

fn write(
    store: &Store,
    place: &Place,
    heading: &Heading,
    layout: &Layout,
) -> Result<(), KeepError> {
    // A panic under this lock leaves a slot that is whole, or none.
    let mut place = place.lock().unwrap_or_else(PoisonError::into_inner);
    let slot = match place.take() {
        Some(slot) => slot,
        None => store.slot()?,
    };
    place.insert(slot).write(heading, layout)
}

fn clear(place: &Place) {
    if let Some(slot) = place.lock().unwrap_or_else(PoisonError::into_inner).take() {
        slot.remove();
    }
}
