//! A device type of an inventory on its way into the catalogue.

use crate::catalog::Catalog;
use crate::diag::Report;
use crate::site::import::device_type::{Mapping, RackType, read};
use std::path::PathBuf;
use std::sync::Arc;

/// A file that is about to become a rack of the catalogue.
#[derive(Clone, Debug)]
pub struct DeviceDraft {
    pub path: PathBuf,
    bytes: Arc<Vec<u8>>,
    catalog: Arc<Catalog>,
    /// Day of the import: the format states none.
    date: String,
    /// Where own records are kept, in words.
    pub folder: String,
    /// How it is to be read.
    pub mapping: Mapping,
    /// How it has been read.
    read_with: Mapping,
    result: Arc<Result<RackType, Report>>,
}

impl PartialEq for DeviceDraft {
    fn eq(&self, other: &Self) -> bool {
        self.path == other.path && self.mapping == other.mapping
    }
}

impl DeviceDraft {
    /// Reads a file beside the records of a catalogue; they go to `folder`.
    pub fn new(
        path: PathBuf,
        bytes: Vec<u8>,
        (catalog, folder): (Arc<Catalog>, String),
        date: String,
    ) -> Self {
        let mut draft = Self {
            path,
            bytes: Arc::new(bytes),
            catalog,
            date,
            folder,
            mapping: Mapping::default(),
            read_with: Mapping::default(),
            result: Arc::new(Err(Report::default())),
        };
        draft.read();
        draft
    }

    /// Reads it as the mapping says.
    pub fn read(&mut self) {
        let file = self.path.display().to_string();
        let how = (self.catalog.as_ref(), &self.mapping);
        self.result = Arc::new(read((&file, &self.bytes), &self.date, how));
        self.read_with.clone_from(&self.mapping);
    }

    /// Whether what is there is what the mapping asks for.
    pub fn is_read(&self) -> bool {
        self.mapping == self.read_with
    }

    /// Takes what was read in another way, where that is still the way that is asked for.
    pub fn take(&mut self, other: Self) {
        if other.path == self.path && other.read_with == self.mapping {
            (self.result, self.read_with) = (other.result, other.read_with);
        }
    }

    /// What it becomes, or why nothing.
    pub fn result(&self) -> &Result<RackType, Report> {
        &self.result
    }

    /// Name of the file.
    pub fn name(&self) -> String {
        self.path.file_name().unwrap_or_default().to_string_lossy().into_owned()
    }
}
