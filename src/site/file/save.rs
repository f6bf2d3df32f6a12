//! Layout files on disk: read whole, written whole or not at all.
//!
//! It must not know the text of a layout.

use super::{parse, to_ron};
use crate::diag::{Diagnostic, Report};
use crate::site::LayoutFile;
use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

/// No layout is near this size; a device or a picture dropped by mistake is.
const MOST_BYTES: u64 = 512 << 20;

/// Why a layout was not written. The file is then as it was before.
#[derive(Debug, thiserror::Error)]
pub enum SaveError {
    #[error("{} is read-only; save under another name or allow writing", .0.display())]
    ReadOnly(PathBuf),
    #[error("{} is not the name of a file", .0.display())]
    NotAFile(PathBuf),
    #[error("the folder {} does not exist; make it or save elsewhere", .0.display())]
    NoFolder(PathBuf),
    #[error(
        "you may not write to the folder of {}; save elsewhere or allow writing",
        .0.display()
    )]
    NoPermission(PathBuf),
    #[error("no space is left for {}; free some or save elsewhere", .0.display())]
    DiskFull(PathBuf),
    #[error("cannot {doing} {}: {source}", .path.display())]
    Io { doing: &'static str, path: PathBuf, source: io::Error },
}

/// What becomes of the file that is replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backup {
    /// It stays beside the new one as `<name>.bak`.
    Keep,
    None,
}

/// The fault of a step on the way to `path`, in words that say what to do where
/// the cause is known.
fn io_error(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> SaveError {
    use io::ErrorKind::{
        FileTooLarge, PermissionDenied, QuotaExceeded, ReadOnlyFilesystem, StorageFull,
    };
    let path = path.to_owned();
    move |source| match source.kind() {
        StorageFull | QuotaExceeded | FileTooLarge => SaveError::DiskFull(path),
        PermissionDenied | ReadOnlyFilesystem => SaveError::NoPermission(path),
        _ => SaveError::Io { doing, path, source },
    }
}

/// Reads a layout file. What is wrong with the file or its text is in the report.
pub fn load(path: &Path) -> Result<LayoutFile, Report> {
    let file = path.display().to_string();
    parse(&read_text(path)?, &file)
}

/// The text of a layout file, without a byte order mark. A file that cannot be
/// read or is not UTF-8 text is a finding.
pub fn read_text(path: &Path) -> Result<String, Report> {
    match String::from_utf8(read_bytes(path)?) {
        Ok(text) => Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text)),
        Err(e) => {
            let at = e.utf8_error().valid_up_to();
            let message = format!("The file is not text: byte {at} is not UTF-8");
            Err(fault(path, "not-text", message, "Choose a layout file, or save it as UTF-8"))
        }
    }
}

/// The bytes of a file of any kind that a person chose.
pub fn read_bytes(path: &Path) -> Result<Vec<u8>, Report> {
    let unreadable = |e: io::Error| {
        let hint = "Check the name and whether you may read the file";
        fault(path, "file-unreadable", format!("The file cannot be read: {e}"), hint)
    };
    let mut bytes = Vec::new();
    let opened = File::open(path).map_err(unreadable)?;
    opened.take(MOST_BYTES + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > MOST_BYTES {
        let message = format!("The file is larger than {} MiB", MOST_BYTES >> 20);
        return Err(fault(path, "file-too-large", message, "Choose a smaller file"));
    }
    Ok(bytes)
}

fn fault(path: &Path, code: &str, message: String, hint: &str) -> Report {
    let mut diagnostic = Diagnostic::error(code, "", message, hint);
    diagnostic.file = Some(path.display().to_string());
    Report { items: vec![diagnostic] }
}

/// Writes a layout; see [`save_text`]. Comments of a file that was read do not
/// come back: a layout has no place for them.
pub fn save(path: &Path, layout: &LayoutFile) -> Result<(), SaveError> {
    save_text(path, &to_ron(layout), Backup::Keep)
}

/// Writes a text: to a temporary file in the same folder, flushed to disk, then
/// renamed over the old file. Permissions are kept; a symbolic link keeps
/// pointing to the file that is replaced.
pub fn save_text(path: &Path, text: &str, backup: Backup) -> Result<(), SaveError> {
    replace(path, backup, |file| file.write_all(text.as_bytes()))
}

/// Writes bytes in the way of [`save_text`], for what a layout is exported to.
pub fn save_bytes(path: &Path, bytes: &[u8], backup: Backup) -> Result<(), SaveError> {
    replace(path, backup, |file| file.write_all(bytes))
}

/// Puts a new file in place of the one at `path`; `fill` writes what is in it.
fn replace(
    path: &Path,
    backup: Backup,
    fill: impl FnOnce(&mut File) -> io::Result<()>,
) -> Result<(), SaveError> {
    // Follows links, so that the link is not replaced by a file.
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let old = fs::metadata(&path).ok();
    let name = path.file_name().ok_or_else(|| SaveError::NotAFile(path.clone()))?.to_owned();
    if old.as_ref().is_some_and(|m| !m.is_file()) {
        return Err(SaveError::NotAFile(path));
    }
    if old.as_ref().is_some_and(|m| m.permissions().readonly()) {
        return Err(SaveError::ReadOnly(path));
    }
    let (temporary, mut file) = create_beside(&path, &name)?;
    let result = (|| {
        let failed = |doing| io_error(doing, &path);
        fill(&mut file).map_err(failed("write"))?;
        if let Some(old) = &old {
            file.set_permissions(old.permissions()).map_err(failed("set the permissions of"))?;
        }
        file.sync_all().map_err(failed("flush"))?;
        if old.is_some() && backup == Backup::Keep {
            back_up(&path, &name)?;
        }
        fs::rename(&temporary, &path).map_err(failed("replace"))
    })();
    if result.is_err() {
        // The person hears of the first fault; a stray temporary file does no harm.
        let _ = fs::remove_file(&temporary);
    }
    result?;
    sync_folder(&path);
    Ok(())
}

/// A new file `.<name>.<n>.tmp` beside `path`; never an existing one.
fn create_beside(path: &Path, name: &OsString) -> Result<(PathBuf, File), SaveError> {
    for n in 0..1000 {
        let mut temporary = OsString::from(".");
        temporary.push(name);
        temporary.push(format!(".{}-{n}.tmp", std::process::id()));
        let temporary = path.with_file_name(temporary);
        match OpenOptions::new().write(true).create_new(true).open(&temporary) {
            Ok(file) => return Ok((temporary, file)),
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists => {}
            Err(e) if e.kind() == io::ErrorKind::NotFound => {
                return Err(SaveError::NoFolder(folder(path).to_owned()));
            }
            Err(e) => return Err(io_error("write beside", path)(e)),
        }
    }
    let full = io::Error::from(io::ErrorKind::AlreadyExists);
    Err(io_error("write beside", path)(full))
}

/// Makes `<name>.bak` the file that stands at `path`, without a moment when `path` is gone.
fn back_up(path: &Path, name: &OsString) -> Result<(), SaveError> {
    let with = |suffix: &str| {
        let mut backup = name.clone();
        backup.push(suffix);
        path.with_file_name(backup)
    };
    let (backup, fresh) = (with(".bak"), with(&format!(".{}.bak.tmp", std::process::id())));
    // A link costs nothing; file systems without links get a copy.
    let made = fs::hard_link(path, &fresh).or_else(|_| fs::copy(path, &fresh).map(drop));
    let kept = made.and_then(|()| fs::rename(&fresh, &backup));
    if kept.is_err() {
        // Half a copy is no backup; the old one still stands.
        let _ = fs::remove_file(&fresh);
    }
    kept.map_err(io_error("keep a backup as", &backup))
}

/// Makes the rename survive a power cut, where the system lets folders be flushed.
fn sync_folder(path: &Path) {
    if let Ok(folder) = File::open(folder(path)) {
        // Not every file system can; the file itself is already flushed.
        let _ = folder.sync_all();
    }
}

/// The folder that a file stands in.
fn folder(path: &Path) -> &Path {
    path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).expect("a folder");
        let mut names: Vec<String> =
            entries.map(|e| e.expect("entry").file_name().to_string_lossy().into()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_write_that_fails_half_way_leaves_file_and_backup_as_they_were() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("site.ron");
        save_text(&path, "first", Backup::Keep).expect("writes");
        save_text(&path, "second", Backup::Keep).expect("writes");
        for (kind, full) in [
            (io::ErrorKind::StorageFull, true),
            (io::ErrorKind::QuotaExceeded, true),
            (io::ErrorKind::BrokenPipe, false),
        ] {
            let error = replace(&path, Backup::Keep, |file| {
                file.write_all(b"thi")?;
                Err(kind.into())
            })
            .expect_err("the disk fails");
            assert_eq!(matches!(error, SaveError::DiskFull(_)), full, "{error}");
            assert!(error.to_string().contains("site.ron"), "{error}");
            assert_eq!(fs::read_to_string(&path).expect("reads"), "second");
            let backup = dir.path().join("site.ron.bak");
            assert_eq!(fs::read_to_string(backup).expect("reads"), "first");
            assert_eq!(names(dir.path()), ["site.ron", "site.ron.bak"], "no half file stays");
        }
    }

    #[test]
    fn a_file_without_a_backup_is_replaced_alone() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("kept.ron");
        save_text(&path, "first", Backup::None).expect("writes");
        save_text(&path, "second", Backup::None).expect("writes");
        assert_eq!(names(dir.path()), ["kept.ron"]);
        assert_eq!(fs::read_to_string(&path).expect("reads"), "second");
    }

    #[test]
    fn a_missing_folder_is_named() {
        let dir = tempfile::tempdir().expect("a folder");
        let error = save_text(&dir.path().join("no/site.ron"), "x", Backup::Keep);
        let error = error.expect_err("no folder");
        assert!(matches!(&error, SaveError::NoFolder(at) if *at == dir.path().join("no")));
        assert!(error.to_string().contains("does not exist"), "{error}");
    }

    #[test]
    fn a_refusal_of_the_system_says_what_to_do() {
        let path = Path::new("a/site.ron");
        let denied = io_error("write", path)(io::ErrorKind::PermissionDenied.into());
        assert!(denied.to_string().contains("may not write"), "{denied}");
        let locked = io_error("write", path)(io::ErrorKind::ReadOnlyFilesystem.into());
        assert!(matches!(locked, SaveError::NoPermission(_)), "{locked}");
    }
}
