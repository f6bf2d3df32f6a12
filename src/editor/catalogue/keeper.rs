//! Writes the records of a draft on a thread of its own, so that a slow disk never holds up the
//! window. It must not know what the window does meanwhile.

use super::{CatalogueDraft, RecordKey, SaveError};
use crate::catalog::Catalog;
use crate::jobs::{SpawnError, Worker};
use serde_json::Value;

/// How a save ended: the draft as it stands on disk now, and the catalogue that is in force.
type Written = (CatalogueDraft, Result<Catalog, SaveError>);

/// Writes drafts, one at a time.
pub struct RecordKeeper {
    worker: Worker<CatalogueDraft, Written>,
    is_busy: bool,
}

impl RecordKeeper {
    /// `wake` is called on the thread when there is something to poll.
    ///
    /// # Errors
    /// [`SpawnError`] where the system gives no thread.
    pub fn new(wake: impl Fn() + Send + 'static) -> Result<Self, SpawnError> {
        let worker = Worker::spawn(
            "gigasite-records",
            wake,
            || (),
            |(), mut draft: CatalogueDraft, _| {
                let result = draft.save();
                (draft, result)
            },
        )?;
        Ok(Self { worker, is_busy: false })
    }

    /// Writes a draft as it is now; while another one is being written nothing happens, and the
    /// answer is false.
    pub fn ask(&mut self, draft: &CatalogueDraft) -> bool {
        if self.is_busy {
            return false;
        }
        self.is_busy = true;
        self.worker.submit(draft.clone());
        true
    }

    pub fn is_busy(&self) -> bool {
        self.is_busy
    }

    /// How the save ended, once; `draft` takes note of what has been written of it.
    pub fn poll(
        &mut self,
        draft: Option<&mut CatalogueDraft>,
    ) -> Option<Result<Catalog, SaveError>> {
        let delivery = self.worker.poll()?;
        Some(self.end(delivery.output, draft))
    }

    /// Waits for the save that runs.
    pub fn finish(&mut self) -> Option<Result<Catalog, SaveError>> {
        let delivery = self.is_busy.then(|| self.worker.wait()).flatten()?;
        Some(self.end(delivery.output, None))
    }

    fn end(
        &mut self,
        output: Result<Written, crate::jobs::JobError>,
        draft: Option<&mut CatalogueDraft>,
    ) -> Result<Catalog, SaveError> {
        self.is_busy = false;
        let (written, result) = output.map_err(|error| SaveError::Stopped(error.to_string()))?;
        if let Some(draft) = draft.filter(|draft| draft.folder() == written.folder()) {
            draft.take_written(written);
        }
        result
    }
}

impl CatalogueDraft {
    /// Takes note of what stands on disk now; what was edited meanwhile stays changed.
    fn take_written(&mut self, written: CatalogueDraft) {
        let keys: Vec<RecordKey> = written
            .saved
            .keys()
            .chain(self.saved.keys())
            .chain(self.changed.keys())
            .cloned()
            .collect();
        let now: Vec<(RecordKey, Option<Value>)> =
            keys.into_iter().map(|key| (key.clone(), self.overlaid(&key))).collect();
        (self.files, self.saved) = (written.files, written.saved);
        self.changed.clear();
        for (key, value) in now {
            if value != self.saved.get(&key).map(|owned| owned.value.clone()) {
                self.changed.insert(key, value);
            }
        }
        self.touch();
    }

    /// What the folder says of a record, as it is now.
    fn overlaid(&self, key: &RecordKey) -> Option<Value> {
        match self.changed.get(key) {
            Some(value) => value.clone(),
            None => self.saved.get(key).map(|owned| owned.value.clone()),
        }
    }
}
