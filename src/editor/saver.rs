//! Saves documents on a thread of its own, so that a slow disk never holds up the window. Saves
//! run in the order in which they were asked for and none is left out. It must not know what the
//! window does meanwhile.

use super::document::Document;
use super::files::{self, Disk, SaveError};
use super::session::Session;
use crate::jobs::{Delivery, SpawnError, Worker};
use std::collections::VecDeque;
use std::path::{Path, PathBuf};

/// Where a document is saved to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// Its own file; one that another program has written is left alone.
    Own,
    /// Its own file, whoever has written it.
    OwnWhatever,
    /// A file that becomes its own.
    File(PathBuf),
}

/// What was saved: the state of a document, and its file as it stands now.
#[derive(Clone, Debug)]
struct Saved {
    path: PathBuf,
    disk: Disk,
    revision: u64,
}

type Outcome = Result<Saved, SaveError>;

/// How a save ended.
#[derive(Debug)]
pub struct Ended {
    pub result: Result<(), SaveError>,
    /// Whether its document is still in the window.
    pub own: bool,
}

/// A save that was asked for.
struct Request {
    /// As it was then.
    document: Document,
    target: Target,
    /// Which of the documents that followed each other in the window.
    of: u64,
}

/// What a request is called while it runs.
struct Running {
    revision: u64,
    of: u64,
    name: PathBuf,
}

/// Runs saves one after the other.
pub struct Saver {
    worker: Worker<Request, Outcome>,
    running: Option<Running>,
    waiting: VecDeque<Request>,
    /// Number of the document in the window.
    now: u64,
}

impl Saver {
    /// `wake` is called on the thread when there is something to poll.
    ///
    /// # Errors
    /// [`SpawnError`] where the system gives no thread.
    pub fn new(wake: impl Fn() + Send + 'static) -> Result<Self, SpawnError> {
        let worker = Worker::spawn(
            "gigasite-saver",
            wake,
            || (),
            |(), request: Request, _| run(request.document, &request.target),
        )?;
        Ok(Self { worker, running: None, waiting: VecDeque::new(), now: 0 })
    }

    /// Saves a document as it is now, after what was asked for before.
    pub fn ask(&mut self, document: &Document, target: Target) {
        let document = document.clone();
        self.waiting.push_back(Request { document, target, of: self.now });
        self.start();
    }

    /// The file that is being written.
    pub fn path(&self) -> Option<&Path> {
        self.running.as_ref().map(|running| running.name.as_path())
    }

    pub fn is_busy(&self) -> bool {
        self.running.is_some()
    }

    /// Whether a save of the document as it is now is under way.
    pub fn covers(&self, document: &Document) -> bool {
        let last = match self.waiting.back() {
            Some(request) => Some((request.of, request.document.revision())),
            None => self.running.as_ref().map(|running| (running.of, running.revision)),
        };
        last == Some((self.now, document.revision()))
    }

    /// Another document is in the window; what is being saved of the old one is still saved.
    pub fn restart(&mut self) {
        self.now += 1;
    }

    /// How the oldest save ended, once; the session takes note of it where its document is still
    /// that of the save. The next one then starts.
    pub fn poll(&mut self, session: &mut Session) -> Option<Ended> {
        let delivery = self.worker.poll()?;
        Some(self.end(delivery, session))
    }

    fn end(&mut self, delivery: Delivery<Outcome>, session: &mut Session) -> Ended {
        let running = self.running.take();
        let of = running.as_ref().map(|running| running.of);
        let result = match delivery.output {
            Ok(result) => result,
            Err(error) => {
                let path = running.map(|running| running.name).unwrap_or_default();
                Err(SaveError::Stopped { path, why: error.to_string() })
            }
        };
        let own = of == Some(self.now);
        if let Ok(saved) = &result {
            if own {
                session.saved(saved);
            }
            // Those that follow know the file that there is now.
            for next in self.waiting.iter_mut().filter(|next| Some(next.of) == of) {
                next.document.path = Some(saved.path.clone());
                next.document.disk = saved.disk;
            }
        }
        self.start();
        Ended { result: result.map(drop), own }
    }

    /// Waits until all is saved. Gives the first fault.
    ///
    /// # Errors
    /// As [`Session::save`].
    pub fn finish(&mut self, session: &mut Session) -> Result<(), SaveError> {
        let mut all = Ok(());
        while self.is_busy()
            && let Some(delivery) = self.worker.wait()
        {
            all = all.and(self.end(delivery, session).result);
        }
        all
    }

    fn start(&mut self) {
        if self.running.is_some() {
            return;
        }
        let Some(request) = self.waiting.pop_front() else { return };
        let name = match &request.target {
            Target::File(path) => path.clone(),
            _ => request.document.path().map(Path::to_owned).unwrap_or_default(),
        };
        let revision = request.document.revision();
        self.running = Some(Running { revision, of: request.of, name });
        self.worker.submit(request);
    }
}

/// Saves a document, and says what stands where now.
///
/// # Errors
/// As [`Session::save`].
fn run(mut document: Document, target: &Target) -> Outcome {
    match target {
        Target::Own => files::save(&mut document, false)?,
        Target::OwnWhatever => files::save(&mut document, true)?,
        Target::File(path) => files::write(&mut document, path)?,
    }
    let revision = document.revision();
    let path = document.path.ok_or(SaveError::NoPath)?;
    Ok(Saved { path, disk: document.disk, revision })
}

impl Session {
    /// Saves at once, on the thread of the caller.
    ///
    /// # Errors
    /// As [`Session::save`] and [`Session::save_as`].
    pub fn save_to(&mut self, target: &Target) -> Result<(), SaveError> {
        let saved = run(self.editor().document().clone(), target)?;
        self.saved(&saved);
        Ok(())
    }

    /// Takes note that a state of the document has been saved: it may be closed without a loss.
    fn saved(&mut self, saved: &Saved) {
        let document = self.document_mut();
        document.path = Some(saved.path.clone());
        document.disk = saved.disk;
        document.clean_revision = Some(saved.revision);
    }
}
