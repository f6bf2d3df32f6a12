//! What a page asks a thread of its own, on which the newest question wins. It must not know
//! what is asked.

use crate::catalog::Catalog;
use crate::jobs::{Generation, SpawnError, Worker};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The thread of questions `Q` about a catalogue.
pub type Asked<Q, A> = Worker<(Q, Arc<Catalog>), A>;

/// An answer that is later than this is a stale one.
const STALE: Duration = Duration::from_millis(300);

/// A thread, what it was asked last and whether it still works on that.
pub struct Ask<Q, A> {
    worker: Option<Asked<Q, A>>,
    asked: Option<(Q, Generation)>,
    waiting: Option<Instant>,
    /// Why there is no thread, or what ended its last run.
    failure: Option<String>,
}

impl<Q, A> Default for Ask<Q, A> {
    fn default() -> Self {
        Self { worker: None, asked: None, waiting: None, failure: None }
    }
}

impl<Q: Clone + PartialEq + Send + 'static, A: Send + 'static> Ask<Q, A> {
    /// Hands in the question if it is a new one, and gives what has arrived, oldest first. The
    /// thread is started with the first question.
    pub fn follow(
        &mut self,
        question: &Q,
        catalog: &Arc<Catalog>,
        start: impl FnOnce() -> Result<Asked<Q, A>, SpawnError>,
    ) -> Vec<A> {
        let started = match self.worker.take() {
            Some(worker) => Ok(worker),
            None => start(),
        };
        let worker = match started {
            Ok(worker) => self.worker.insert(worker),
            Err(error) => {
                self.failure = Some(error.to_string());
                return Vec::new();
            }
        };
        let mut answers = Vec::new();
        while let Some(delivery) = worker.poll() {
            let newest = self.asked.as_ref().is_some_and(|(_, g)| *g == delivery.generation);
            match delivery.output {
                Ok(answer) => {
                    self.failure = None;
                    answers.push(answer);
                }
                Err(error) => self.failure = Some(error.to_string()),
            }
            self.waiting = (!(newest && delivery.last)).then(Instant::now);
        }
        if self.asked.as_ref().is_none_or(|(asked, _)| asked != question) {
            let generation = worker.submit((question.clone(), Arc::clone(catalog)));
            self.asked = Some((question.clone(), generation));
            self.waiting.get_or_insert_with(Instant::now);
        }
        answers
    }

    pub fn failure(&self) -> Option<&str> {
        self.failure.as_deref()
    }

    /// A question was handed in, and nothing more is to come of it.
    pub fn has_answered(&self, question: &Q) -> bool {
        let asked = self.asked.as_ref().is_some_and(|(asked, _)| asked == question);
        asked && self.waiting.is_none()
    }

    /// What is shown is older than it should be.
    pub fn is_stale(&self) -> bool {
        self.waiting.is_some_and(|since| since.elapsed() > STALE)
    }
}
