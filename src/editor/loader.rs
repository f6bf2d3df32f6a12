//! Reads files on a thread of its own, so that a large one never holds up the window: layouts,
//! files of other programs, folders of records. It must not know what becomes of what was read.

use super::catalogue::{CatalogueDraft, FolderError};
use super::difference::Difference;
use super::document::Document;
use super::files::{self, OpenError, Seen};
use super::foreign::{Foreign, Wanted};
use super::set::catalog_in_force;
use super::weather::WeatherFile;
use crate::catalog::Catalog;
use crate::diag::Report;
use crate::jobs::{Delivery, Generation, JobError, SpawnError, Worker};
use crate::scene::plan::PlanScene;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What a file is read for.
#[derive(Clone, Debug)]
pub enum Reading {
    /// To stand in place of the document; the catalogue is that without overrides of a site.
    Open(Arc<Catalog>),
    /// To be the newest state of the document.
    Reload,
    /// To be compared with this state of the document.
    Compare(Box<Document>, Arc<Catalog>),
    /// A file of another program, to be shown before anything is taken of it.
    Foreign(Box<Wanted>),
    /// The weather of a year.
    Weather,
    /// A folder of own records over the built-in ones, to be edited.
    Records(Arc<Catalog>),
}

/// What was read.
#[derive(Debug)]
pub enum Read {
    /// With its plan, whose making takes as long as the reading.
    Open(Document, Box<PlanScene>),
    Reload(Document),
    /// With how the file was seen.
    Compare(Difference, Seen),
    /// As it is to be shown, or what stands in the way of its bytes.
    Foreign(Result<Foreign, Report>),
    Weather(Result<Box<WeatherFile>, Report>),
    Records(Result<Box<CatalogueDraft>, FolderError>),
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
        self.worker.cancel();
    }

    /// The answer to the last question, once, with the file that was read.
    pub fn poll(&mut self) -> Option<(PathBuf, Result<Read, OpenError>)> {
        while let Some(delivery) = self.worker.poll() {
            if let Some(answer) = self.answer(delivery) {
                return Some(answer);
            }
        }
        None
    }

    /// The answer to the last question, waited for; `None` where nothing was asked.
    pub fn wait(&mut self) -> Option<(PathBuf, Result<Read, OpenError>)> {
        while self.waiting.is_some() {
            let delivery = self.worker.wait()?;
            if let Some(answer) = self.answer(delivery) {
                return Some(answer);
            }
        }
        None
    }

    fn answer(
        &mut self,
        delivery: Delivery<Result<Read, OpenError>>,
    ) -> Option<(PathBuf, Result<Read, OpenError>)> {
        let wanted =
            |(generation, _): &mut (Generation, PathBuf)| *generation == delivery.generation;
        let (_, path) = self.waiting.take_if(wanted)?;
        let stopped = |error: JobError| Err(OpenError::stopped(&path, &error.to_string()));
        let read = delivery.output.unwrap_or_else(stopped);
        Some((path, read))
    }
}

/// Reads a file for a purpose.
///
/// # Errors
/// [`OpenError`] with everything that is wrong in the file.
pub fn read(path: &Path, reading: Reading) -> Result<Read, OpenError> {
    Ok(match reading {
        Reading::Open(catalog) => {
            let document = files::open(path)?;
            let mut scene = Box::<PlanScene>::default();
            let site = document.site();
            scene.update(site, &catalog_in_force(site, &catalog));
            Read::Open(document, scene)
        }
        Reading::Reload => Read::Reload(files::open(path)?),
        Reading::Compare(known, catalog) => {
            let document = files::open(path)?;
            let difference =
                Difference::between_layouts(known.layout(), document.layout(), &catalog);
            let is_known = document.disk.digest == known.disk.digest;
            let seen = if is_known { Seen::Same } else { Seen::Changed };
            Read::Compare(difference, seen(document.disk))
        }
        Reading::Foreign(wanted) => Read::Foreign(Foreign::read(path, *wanted)),
        Reading::Weather => Read::Weather(WeatherFile::read(path).map(Box::new)),
        Reading::Records(builtin) => {
            Read::Records(CatalogueDraft::open(builtin, path).map(Box::new))
        }
    })
}
