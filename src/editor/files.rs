//! Layout files: opening, saving, and noticing that another program wrote one.

use super::document::Document;
use crate::diag::Report;
use crate::site::{Site, file};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// What tells one state of a file from another without reading it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileStamp {
    modified: Option<SystemTime>,
    bytes: u64,
}

impl FileStamp {
    /// Of the file at a path; `None` where there is none.
    pub fn of(path: &Path) -> Option<Self> {
        let data = std::fs::metadata(path).ok()?;
        Some(Self { modified: data.modified().ok(), bytes: data.len() })
    }
}

/// Why a layout could not be opened.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum OpenError {
    /// The findings say what is wrong, with places in the file.
    #[error("{} cannot be opened: {}", .path.display(), first_finding(.report))]
    Unreadable { path: PathBuf, report: Report },
}

/// Why a layout could not be saved.
#[derive(Debug, thiserror::Error)]
pub enum SaveError {
    /// The site belongs to no file yet; ask for a name.
    #[error("the site has no file yet")]
    NoPath,
    /// Another program has written the file; saving would lose that.
    #[error("{} was changed by another program since it was opened", .0.display())]
    ChangedOnDisk(PathBuf),
    #[error(transparent)]
    File(#[from] file::SaveError),
}

fn first_finding(report: &Report) -> String {
    report.items.first().map_or_else(|| "the reason is unknown".to_owned(), ToString::to_string)
}

/// Reads a layout.
///
/// # Errors
/// [`OpenError`] with everything that is wrong in the file.
pub(super) fn open(path: &Path) -> Result<Document, OpenError> {
    // Before reading: a file that changes meanwhile then counts as changed, not as known.
    let stamp = FileStamp::of(path);
    let layout = file::load(path)
        .map_err(|report| OpenError::Unreadable { path: path.to_owned(), report })?;
    Ok(Document::of_file(Site::from_file(layout), path.to_owned(), stamp))
}

/// Writes a document to its own file.
///
/// # Errors
/// [`SaveError::ChangedOnDisk`] unless `overwrite`; see [`SaveError`].
pub(super) fn save(document: &mut Document, overwrite: bool) -> Result<(), SaveError> {
    let path = document.path.clone().ok_or(SaveError::NoPath)?;
    if !overwrite && changed_on_disk(document) {
        return Err(SaveError::ChangedOnDisk(path));
    }
    write(document, &path)
}

/// Writes a document to a file that becomes its own.
pub(super) fn write(document: &mut Document, path: &Path) -> Result<(), SaveError> {
    write_copy(document, path)?;
    document.stamp = FileStamp::of(path);
    document.path = Some(path.to_owned());
    document.saved_revision = Some(document.revision());
    Ok(())
}

/// Writes the site of a document to some file.
pub(super) fn write_copy(document: &Document, path: &Path) -> Result<(), SaveError> {
    Ok(file::save(path, &document.site().to_file())?)
}

/// Whether another program has written the document's file. A file that is
/// gone is no obstacle: saving brings it back.
pub(super) fn changed_on_disk(document: &Document) -> bool {
    let now = document.path.as_deref().and_then(FileStamp::of);
    now.is_some() && now != document.stamp
}
