//! Layout files: opening, saving, and noticing that another program wrote one.

use super::document::Document;
use crate::diag::{Diagnostic, Report};
use crate::site::{Layout, file};
use sha2::{Digest as _, Sha256};
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

/// SHA-256 of the text of a file, without a byte order mark.
pub(super) type Digest = [u8; 32];

pub(super) fn digest(text: &str) -> Digest {
    Sha256::digest(text.as_bytes()).into()
}

/// A file as it was once seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Disk {
    /// `None` where there was no file.
    pub(super) stamp: Option<FileStamp>,
    /// `None` where it could not be read.
    pub(super) digest: Option<Digest>,
    /// Whether it refuses to be written.
    pub(super) read_only: bool,
}

/// Whether a file is there and refuses to be written, as saving would find out.
fn is_read_only(path: &Path) -> bool {
    std::fs::metadata(path).is_ok_and(|data| data.permissions().readonly())
}

/// How a file stands to what was known of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen {
    /// The known text, though maybe written anew.
    Same(Disk),
    /// Another text.
    Changed(Disk),
    /// There was a file and it is no longer there.
    Gone,
}

/// Looks at a file; it is read only where time or size differ from what is known.
pub(super) fn look(path: &Path, known: Disk) -> Seen {
    let Some(stamp) = FileStamp::of(path) else {
        return if known.stamp.is_some() { Seen::Gone } else { Seen::Same(known) };
    };
    let read_only = is_read_only(path);
    if known.stamp == Some(stamp) {
        return Seen::Same(Disk { read_only, ..known });
    }
    let digest = file::read_text(path).ok().map(|text| digest(&text));
    let disk = Disk { stamp: Some(stamp), digest, read_only };
    if digest.is_some() && digest == known.digest { Seen::Same(disk) } else { Seen::Changed(disk) }
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
    /// The thread that saves stopped; the file is then as it was before.
    #[error("{} was not saved: {why}", .path.display())]
    Stopped { path: PathBuf, why: String },
}

impl OpenError {
    /// Reading ended before its end, for a reason that is not in the file.
    pub(super) fn stopped(path: &Path, why: &str) -> Self {
        let hint = "Try again; report it if it happens again";
        let fault = Diagnostic::error("reading-stopped", "", why, hint);
        Self::Unreadable { path: path.to_owned(), report: Report { items: vec![fault] } }
    }
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
    let unreadable = |report| OpenError::Unreadable { path: path.to_owned(), report };
    let text = file::read_text(path).map_err(unreadable)?;
    let (layout, left_out) = read(&text, &path.display().to_string()).map_err(unreadable)?;
    let disk = Disk { stamp, digest: Some(digest(&text)), read_only: is_read_only(path) };
    let document = Document::of_file(layout, path.to_owned(), disk);
    Ok(Document { left_out, ..document })
}

/// The layout of a text, and what of it was left out.
pub(super) fn read(text: &str, name: &str) -> Result<(Layout, Vec<String>), Report> {
    let read = Layout::from_file(file::parse(text, name)?);
    let (layout, left_out) = read.map_err(|mut report| {
        file::add_positions(&mut report, text, name);
        report
    })?;
    Ok((layout, left_out.items.into_iter().map(|finding| finding.message).collect()))
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
    let text = write_copy(document, path)?;
    let stamp = FileStamp::of(path);
    document.disk = Disk { stamp, digest: Some(digest(&text)), read_only: false };
    document.path = Some(path.to_owned());
    document.clean_revision = Some(document.revision());
    Ok(())
}

/// Writes the layout of a document to some file; the text comes back.
pub(super) fn write_copy(document: &Document, path: &Path) -> Result<String, SaveError> {
    let text = file::to_ron(&document.layout().to_file());
    file::save_text(path, &text, file::Backup::Keep)?;
    Ok(text)
}

/// Whether another program has written the document's file. A file that is
/// gone is no obstacle: saving brings it back.
pub(super) fn changed_on_disk(document: &Document) -> bool {
    let look = |path| look(path, document.disk);
    matches!(document.path.as_deref().map(look), Some(Seen::Changed(_)))
}
