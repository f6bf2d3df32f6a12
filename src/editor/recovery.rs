//! Side files: the unsaved state of a document, kept in the user's data folder
//! so that it outlives the program.
//!
//! One file for each document and process. A lock file beside it is held by
//! the process as long as it lives; the system lets go of it however the
//! process ends. So a side file whose lock is free has lost its program, and
//! its work is offered to the next one. This module must not know when to write.

use super::difference::Difference;
use super::document::Document;
use super::files::{self, Digest, Disk};
use crate::catalog::Catalog;
use crate::site::{Layout, file};
use serde::{Deserialize, Serialize};
use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// First words of a side file; the rest of the line is a [`Heading`] as JSON.
/// To a reader of layouts the line is a comment.
const MARK: &str = "// Gigasite recovery 1 ";
/// Ending of side files, and of the locks beside them.
const SIDE: &str = "ron";
const LOCK: &str = "lock";
/// Locks and temporary files without a side file go once they are this old;
/// younger ones may belong to a process that is about to write.
const STRAY_AFTER: Duration = Duration::from_secs(24 * 3600);

/// Why a side file could not be written.
#[derive(Debug, thiserror::Error)]
pub enum KeepError {
    #[error("the folder {} cannot be used: {source}", .folder.display())]
    Folder { folder: PathBuf, source: io::Error },
    #[error(transparent)]
    File(#[from] file::SaveError),
}

/// What a side file says of its document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heading {
    /// The document's file, absolute; absent for a document without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    pub title: String,
    /// The text of the document's file as it was when last read or written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    known_sha256: Option<Digest>,
    /// Seconds since 1970-01-01.
    written_s: u64,
}

impl Heading {
    /// Of a document as it is now.
    pub(super) fn of(document: &Document) -> Self {
        let absolute = document.path().map(|p| std::path::absolute(p).unwrap_or(p.to_owned()));
        Self {
            // A path that is no text cannot stand in a text file; the work then has no file.
            path: absolute.and_then(|p| p.to_str().map(str::to_owned)),
            title: document.title().to_owned(),
            known_sha256: document.disk.digest,
            written_s: seconds_now(),
        }
    }
}

fn seconds_now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_secs())
}

/// The folder of side files.
#[derive(Clone, Debug)]
pub struct Store {
    folder: PathBuf,
}

impl Store {
    /// The folder is made when something has to be kept.
    pub fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// A place for one document of this process.
    pub(super) fn slot(&self) -> Result<Slot, KeepError> {
        let fault = |source| KeepError::Folder { folder: self.folder.clone(), source };
        std::fs::create_dir_all(&self.folder).map_err(fault)?;
        let (start, process) = (seconds_now(), std::process::id());
        for n in 0..1000 {
            let side = self.folder.join(format!("{start}-{process}-{n}.{SIDE}"));
            let lock = side.with_extension(LOCK);
            let file = match File::create_new(&lock) {
                Ok(file) => file,
                Err(e) if e.kind() == io::ErrorKind::AlreadyExists => continue,
                Err(e) => return Err(fault(e)),
            };
            match file.try_lock() {
                // Taken by a process that clears up; another name will do.
                Err(TryLockError::WouldBlock) => {}
                // A file system without locks: the work is kept, and may be offered too early.
                Ok(()) | Err(TryLockError::Error(_)) => {
                    return Ok(Slot { side, lock, _held: file });
                }
            }
        }
        Err(fault(io::ErrorKind::AlreadyExists.into()))
    }

    /// One side file of the folder; `None` where its program lives, or it is
    /// gone, or lies elsewhere: side files are removed in the end, others never.
    pub fn take(&self, side: PathBuf) -> Option<Found> {
        let inside = side.parent()?.canonicalize().ok()? == self.folder.canonicalize().ok()?;
        let named = side.extension().is_some_and(|e| e == SIDE);
        if inside && named { Found::take(side) } else { None }
    }

    /// Work whose program is gone, newest first. As long as one of them is
    /// held, no other process is offered it.
    pub fn abandoned(&self) -> Vec<Found> {
        let Ok(entries) = std::fs::read_dir(&self.folder) else { return Vec::new() };
        let mut found = Vec::new();
        for entry in entries.flatten() {
            let path = entry.path();
            if path.extension().is_some_and(|e| e == SIDE) {
                found.extend(Found::take(path));
            } else if is_stray(&path) {
                // It is in nobody's way either if it cannot be removed.
                let _ = std::fs::remove_file(&path);
            }
        }
        found.sort_by(|a, b| b.written_s.cmp(&a.written_s).then_with(|| a.side.cmp(&b.side)));
        found
    }
}

/// Whether a file of the folder is left over and belongs to no side file.
fn is_stray(path: &Path) -> bool {
    let lock = path.extension().is_some_and(|e| e == LOCK) && !path.with_extension(SIDE).exists();
    let temporary = path.extension().is_some_and(|e| e == "tmp");
    let modified = path.metadata().and_then(|data| data.modified());
    let age = modified.ok().and_then(|at| at.elapsed().ok());
    (lock || temporary) && age.is_some_and(|age| age > STRAY_AFTER)
}

/// A place of one document in the folder, locked.
#[derive(Debug)]
pub(super) struct Slot {
    side: PathBuf,
    lock: PathBuf,
    /// Open as long as the document is.
    _held: File,
}

impl Slot {
    /// Puts the state of a document in place of the one kept before.
    pub(super) fn write(&self, heading: &Heading, layout: &Layout) -> Result<(), KeepError> {
        // cannot fail: a heading is texts and numbers.
        let line = serde_json::to_string(heading).unwrap_or_default();
        let text = format!("{MARK}{line}\n{}", file::to_ron(&layout.to_file()));
        Ok(file::save_text(&self.side, &text, file::Backup::None)?)
    }

    /// Nothing is left to be kept.
    pub(super) fn remove(self) {
        remove(&self.side, &self.lock);
    }
}

fn remove(side: &Path, lock: &Path) {
    // What cannot be removed is offered again, and that loses nothing.
    let _ = std::fs::remove_file(side);
    let _ = std::fs::remove_file(lock);
}

/// Work that a program left behind, held for this one.
#[derive(Debug)]
pub struct Found {
    side: PathBuf,
    lock: PathBuf,
    /// Open as long as nobody else may be offered the work.
    _held: Option<File>,
    heading: Option<Heading>,
    written_s: u64,
    layout: Result<Layout, String>,
}

impl Found {
    /// `None` where its program still lives, or it is gone.
    fn take(side: PathBuf) -> Option<Self> {
        if !side.is_file() {
            return None;
        }
        let lock = side.with_extension(LOCK);
        let held = File::options().create(true).truncate(false).write(true).open(&lock).ok();
        if let Some(file) = &held
            && matches!(file.try_lock(), Err(TryLockError::WouldBlock))
        {
            return None;
        }
        // Another process may have dealt with it before the lock came free.
        let modified = side.metadata().and_then(|data| data.modified()).ok()?;
        let (heading, layout) = read(&side);
        let written_s = heading.as_ref().map_or_else(
            || modified.duration_since(UNIX_EPOCH).map_or(0, |d| d.as_secs()),
            |heading| heading.written_s,
        );
        Some(Self { side, lock, _held: held, heading, written_s, layout })
    }

    /// The title of its document.
    pub fn title(&self) -> &str {
        self.heading.as_ref().map_or("Untitled", |heading| heading.title.as_str())
    }

    /// The file of its document.
    pub fn path(&self) -> Option<&Path> {
        self.heading.as_ref()?.path.as_deref().map(Path::new)
    }

    /// Time since it was kept.
    pub fn age(&self) -> Duration {
        Duration::from_secs(seconds_now().saturating_sub(self.written_s))
    }

    /// Where the side file lies.
    pub fn side_file(&self) -> &Path {
        &self.side
    }

    /// What is wrong with the side file; `None` where it can be recovered.
    pub fn fault(&self) -> Option<&str> {
        self.layout.as_ref().err().map(String::as_str)
    }

    /// How it stands to the document's file.
    pub fn standing(&self, catalog: &Catalog) -> Standing {
        let (Ok(layout), Some(path)) = (&self.layout, self.path()) else { return Standing::NoFile };
        match files::open(path) {
            Err(_) => Standing::NoFile,
            Ok(document) => Standing::File {
                difference: Difference::between_layouts(document.layout(), layout, catalog),
                changed_since: document.disk.digest != self.known(),
            },
        }
    }

    fn known(&self) -> Option<Digest> {
        self.heading.as_ref().and_then(|heading| heading.known_sha256)
    }

    /// The document that was lost: its file as it stands now, and, as one step
    /// that can be undone, the work on top. Without a file the work alone.
    ///
    /// # Errors
    /// What is wrong with the side file.
    pub(super) fn document(&self) -> Result<(Document, Layout), String> {
        let layout = self.layout.clone()?;
        let path = self.path().map(Path::to_owned);
        let Some(Ok(mut document)) = path.as_deref().map(files::open) else {
            return Ok((Document::unsaved(layout.clone(), path), layout));
        };
        if document.disk.digest != self.known() {
            // The work does not know of what another program wrote; saving has to ask.
            document.disk = Disk { digest: self.known(), ..Disk::default() };
        }
        Ok((document, layout))
    }

    /// Removes the work for good.
    pub fn discard(self) {
        remove(&self.side, &self.lock);
    }
}

/// How abandoned work stands to the file of its document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// There is no file, or none that can be read.
    NoFile,
    File {
        /// The steps from the file to the work.
        difference: Difference,
        /// Another program has written the file since.
        changed_since: bool,
    },
}

/// Heading and layout of a side file.
fn read(side: &Path) -> (Option<Heading>, Result<Layout, String>) {
    let first = |report: crate::diag::Report| {
        report.items.first().map_or_else(String::new, ToString::to_string)
    };
    let text = match file::read_text(side) {
        Ok(text) => text,
        Err(report) => return (None, Err(first(report))),
    };
    let line = text.lines().next().and_then(|line| line.strip_prefix(MARK));
    let heading = line.and_then(|line| serde_json::from_str(line).ok());
    let layout = files::read(&text, &side.display().to_string()).map_err(first);
    (heading, layout.map(|(layout, _)| layout))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_heading_reads_back_and_is_a_comment_to_readers_of_layouts() {
        let heading = Heading {
            path: Some("/a \"b\"\n/c.ron".into()),
            title: "Über\nsite".into(),
            known_sha256: Some(files::digest("x")),
            written_s: 7,
        };
        let line = serde_json::to_string(&heading).expect("JSON");
        assert!(!line.contains('\n'), "one line: {line}");
        assert_eq!(serde_json::from_str::<Heading>(&line).expect("reads"), heading);
        assert!(MARK.starts_with("//"));
    }
}
