//! A site with its file and whether it differs from it.

use super::files::Disk;
use super::history::Snapshot;
use crate::site::Site;
use std::path::{Path, PathBuf};

/// The site under edit and the file that it belongs to.
#[derive(Clone, Debug)]
pub struct Document {
    pub(super) now: Snapshot,
    pub(super) path: Option<PathBuf>,
    /// The state that may be closed without a loss: what stands in the file, or
    /// a new site as it came. `None` where no state of the document is anywhere else.
    pub(super) clean_revision: Option<u64>,
    /// The file as this program last read or wrote it.
    pub(super) disk: Disk,
}

impl Document {
    /// A site that belongs to no file yet.
    pub fn new(site: Site) -> Self {
        let now = Snapshot { site, revision: 0 };
        Self { now, path: None, clean_revision: Some(0), disk: Disk::default() }
    }

    /// A site as it stands in a file.
    pub(super) fn of_file(site: Site, path: PathBuf, disk: Disk) -> Self {
        let now = Snapshot { site, revision: 0 };
        Self { now, path: Some(path), clean_revision: Some(0), disk }
    }

    /// A site that stands nowhere else; `path` is the file that it would be saved to.
    pub fn unsaved(site: Site, path: Option<PathBuf>) -> Self {
        let now = Snapshot { site, revision: 0 };
        Self { now, path, clean_revision: None, disk: Disk::default() }
    }

    pub fn site(&self) -> &Site {
        &self.now.site
    }

    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// The name of the site, else of the file, else "Untitled".
    pub fn title(&self) -> &str {
        let name = self.now.site.terms.site.name.as_str();
        if !name.is_empty() {
            return name;
        }
        let stem = self.path.as_ref().and_then(|path| path.file_stem());
        stem.and_then(|stem| stem.to_str()).unwrap_or("Untitled")
    }

    /// Number of the present state: equal numbers of one document are equal states.
    pub fn revision(&self) -> u64 {
        self.now.revision
    }

    /// Whether closing would lose something: the state differs from the file's.
    /// A new site counts once it has been changed.
    pub fn is_dirty(&self) -> bool {
        self.clean_revision != Some(self.now.revision)
    }
}
