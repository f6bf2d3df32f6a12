//! Looks after the document's file on a thread of its own: whether another
//! program has written it. A folder on a slow network never holds up the window.

use super::document::Document;
use super::files::{Disk, Seen, look};
use crate::jobs::{SpawnError, Worker};
use std::path::PathBuf;
use std::time::Duration;

/// Looks are at least this far apart, unless one is asked for.
const PAUSE: Duration = Duration::from_secs(2);

struct Question {
    path: PathBuf,
    known: Disk,
}

/// Looks at the file of one document after the other.
pub struct Watch {
    worker: Worker<Question, (Question, Seen)>,
    looked: Option<Duration>,
}

impl Watch {
    /// `wake` is called on the thread when there is something to poll.
    ///
    /// # Errors
    /// [`SpawnError`] where the system gives no thread.
    pub fn new(wake: impl Fn() + Send + 'static) -> Result<Self, SpawnError> {
        let worker = Worker::spawn(
            "gigasite-watch",
            wake,
            || (),
            |(), question: Question, _| {
                let seen = look(&question.path, question.known);
                (question, seen)
            },
        )?;
        Ok(Self { worker, looked: None })
    }

    /// Starts a look where the last one is some seconds ago, or `at_once`.
    pub fn look(&mut self, document: &Document, now: Duration, at_once: bool) {
        let rested = self.looked.is_none_or(|at| now.saturating_sub(at) >= PAUSE);
        let Some(path) = document.path().filter(|_| rested || at_once) else { return };
        self.looked = Some(now);
        self.worker.submit(Question { path: path.to_owned(), known: document.disk });
    }

    /// What the newest look saw, as long as it was at what the document knows now.
    pub fn poll(&mut self, document: &Document) -> Option<Seen> {
        let mut news = None;
        while let Some(delivery) = self.worker.poll() {
            let Ok((question, seen)) = delivery.output else { continue };
            if document.path() == Some(&question.path) && document.disk == question.known {
                news = Some(seen);
            }
        }
        news
    }
}
