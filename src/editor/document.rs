//! A layout with its file and whether it differs from it.

use super::files::Disk;
use super::history::Snapshot;
use crate::site::{Layout, Site, Variant};
use std::path::{Path, PathBuf};

/// The layout under edit and the file that it belongs to.
#[derive(Clone, Debug)]
pub struct Document {
    pub(super) now: Snapshot,
    pub(super) path: Option<PathBuf>,
    /// The state that may be closed without a loss: what stands in the file, or
    /// a new site as it came. `None` where no state of the document is anywhere else.
    pub(super) clean_revision: Option<u64>,
    /// The file as this program last read or wrote it.
    pub(super) disk: Disk,
    /// What reading the file left out, one sentence each.
    pub(super) left_out: Vec<String>,
}

impl Document {
    /// A layout, or a site alone, that belongs to no file yet.
    pub fn new(layout: impl Into<Layout>) -> Self {
        let now = Snapshot::first(layout.into());
        let disk = Disk::default();
        Self { now, path: None, clean_revision: Some(0), disk, left_out: Vec::new() }
    }

    /// A layout as it stands in a file.
    pub(super) fn of_file(layout: Layout, path: PathBuf, disk: Disk) -> Self {
        Self { path: Some(path), disk, ..Self::new(layout) }
    }

    /// A layout that stands nowhere else; `path` is the file that it would be saved to.
    pub fn unsaved(layout: impl Into<Layout>, path: Option<PathBuf>) -> Self {
        Self { path, clean_revision: None, ..Self::new(layout) }
    }

    pub fn layout(&self) -> &Layout {
        &self.now.layout
    }

    /// Index of the variant that is edited.
    pub fn active(&self) -> usize {
        self.now.active
    }

    /// The variant that is edited.
    pub fn variant(&self) -> &Variant {
        self.now.layout.variant(self.now.active)
    }

    /// The site of the variant that is edited.
    pub fn site(&self) -> &Site {
        self.now.site()
    }

    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// Whether its file refuses to be written, as far as was seen.
    pub fn is_read_only(&self) -> bool {
        self.disk.read_only
    }

    /// What reading the file left out, one sentence each.
    pub fn left_out(&self) -> &[String] {
        &self.left_out
    }

    /// The name of the site, else of the file, else "Untitled".
    pub fn title(&self) -> &str {
        let name = self.site().terms.site.name.as_str();
        if !name.is_empty() {
            return name;
        }
        let stem = self.path.as_ref().and_then(|path| path.file_stem());
        stem.and_then(|stem| stem.to_str()).unwrap_or("Untitled")
    }

    /// Number of the present state: equal numbers of one document are equal states. Which
    /// variant is edited is no part of it.
    pub fn revision(&self) -> u64 {
        self.now.revision
    }

    /// Whether closing would lose something: the state differs from the file's.
    /// A new site counts once it has been changed.
    pub fn is_dirty(&self) -> bool {
        self.clean_revision != Some(self.now.revision)
    }
}
