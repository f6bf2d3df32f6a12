//! Reads layouts on a thread of its own, so that a large file never holds up the window.
//! It must not know what becomes of what was read.

use super::difference::Difference;
use super::document::Document;
use super::files::{self, OpenError};
use crate::catalog::Catalog;
use crate::jobs::{Generation, SpawnError, Worker};
use crate::site::Site;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What a file is read for.
#[derive(Clone, Debug)]
pub enum Reading {
    /// To stand in place of the document.
    Open,
    /// To be the newest state of the document.
    Reload,
    /// To be compared with this state of the document.
    Compare(Site, Arc<Catalog>),
}

/// What was read.
#[derive(Debug)]
pub enum Read {
    Open(Document),
    Reload(Document),
    Compare(Difference),
}

type Job = (PathBuf, Reading);

/// Reads one file after the other; the newest question counts.
pub struct Loader {
    worker: Worker<Job, Result<Read, OpenError>>,
    waiting: Option<(Generation, PathBuf)>,
}

impl Loader {
    /// `wake` is called on the thread when there is something to poll.
    ///
    /// # Errors
    /// [`SpawnError`] where the system gives no thread.
    pub fn new(wake: impl Fn() + Send + 'static) -> Result<Self, SpawnError> {
        let worker = Worker::spawn(
            "gigasite-loader",
            wake,
            || (),
            |(), (path, reading): Job, _| read(&path, reading),
        )?;
        Ok(Self { worker, waiting: None })
    }

    /// Starts to read; what was asked before is forgotten.
    pub fn ask(&mut self, path: &Path, reading: Reading) {
        let generation = self.worker.submit((path.to_owned(), reading));
        self.waiting = Some((generation, path.to_owned()));
    }

    /// The file that is being read.
    pub fn path(&self) -> Option<&Path> {
        self.waiting.as_ref().map(|(_, path)| path.as_path())
    }

    /// Nobody wants the answer to the last question any more.
    pub fn forget(&mut self) {
        self.waiting = None;
    }

    /// The answer to the last question, once, with the file that was read.
    pub fn poll(&mut self) -> Option<(PathBuf, Result<Read, OpenError>)> {
        while let Some(delivery) = self.worker.poll() {
            let wanted =
                |(generation, _): &mut (Generation, PathBuf)| *generation == delivery.generation;
            let Some((_, path)) = self.waiting.take_if(wanted) else { continue };
            let read = delivery
                .output
                .unwrap_or_else(|error| Err(OpenError::stopped(&path, &error.to_string())));
            return Some((path, read));
        }
        None
    }
}

/// Reads a file for a purpose.
///
/// # Errors
/// [`OpenError`] with everything that is wrong in the file.
pub fn read(path: &Path, reading: Reading) -> Result<Read, OpenError> {
    let document = files::open(path)?;
    Ok(match reading {
        Reading::Open => Read::Open(document),
        Reading::Reload => Read::Reload(document),
        Reading::Compare(site, catalog) => {
            Read::Compare(Difference::between(&site, document.site(), &catalog))
        }
    })
}
