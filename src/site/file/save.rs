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
    #[error("cannot {doing} {}: {source}", .path.display())]
    Io { doing: &'static str, path: PathBuf, source: io::Error },
}

fn io_error(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> SaveError {
    let path = path.to_owned();
    move |source| SaveError::Io { doing, path, source }
}

/// Reads a layout file. What is wrong with the file or its text is in the report.
pub fn load(path: &Path) -> Result<LayoutFile, Report> {
    let file = path.display().to_string();
    parse(&read_text(path)?, &file)
}

/// The text of a layout file, without a byte order mark. A file that cannot be
/// read or is not UTF-8 text is a finding.
pub fn read_text(path: &Path) -> Result<String, Report> {
    let file = path.display().to_string();
    let fault = |code: &str, message: String, hint: &str| {
        let mut diagnostic = Diagnostic::error(code, "", message, hint);
        diagnostic.file = Some(file.clone());
        Report { items: vec![diagnostic] }
    };
    let unreadable = |e: io::Error| {
        let hint = "Check the name and whether you may read the file";
        fault("file-unreadable", format!("The file cannot be read: {e}"), hint)
    };
    let mut bytes = Vec::new();
    let opened = File::open(path).map_err(unreadable)?;
    opened.take(MOST_BYTES + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > MOST_BYTES {
        let message = format!("The file is larger than {} MiB", MOST_BYTES >> 20);
        return Err(fault("file-too-large", message, "Choose a layout file"));
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text)),
        Err(e) => {
            let at = e.utf8_error().valid_up_to();
            let message = format!("The file is not text: byte {at} is not UTF-8");
            Err(fault("not-text", message, "Choose a layout file, or save it as UTF-8"))
        }
    }
}

/// Writes a layout: to a temporary file in the same folder, flushed to disk, then
/// renamed over the old file, which stays beside it as `<name>.bak`. Permissions
/// are kept; a symbolic link keeps pointing to the file that is replaced. Comments
/// of a file that was read do not come back: a layout has no place for them.
pub fn save(path: &Path, layout: &LayoutFile) -> Result<(), SaveError> {
    write_whole(path, to_ron(layout).as_bytes())
}

fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), SaveError> {
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
        let failed = |doing| io_error(doing, &temporary);
        file.write_all(bytes).map_err(failed("write"))?;
        if let Some(old) = &old {
            file.set_permissions(old.permissions()).map_err(failed("set the permissions of"))?;
        }
        file.sync_all().map_err(failed("flush"))?;
        if old.is_some() {
            back_up(&path, &name)?;
        }
        fs::rename(&temporary, &path).map_err(io_error("replace", &path))
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
    let failed = |doing| io_error(doing, &backup);
    // A link costs nothing; file systems without links get a copy.
    if fs::hard_link(path, &fresh).is_err() {
        fs::copy(path, &fresh).map_err(failed("write"))?;
    }
    fs::rename(&fresh, &backup).map_err(failed("replace"))
}

/// Makes the rename survive a power cut, where the system lets folders be flushed.
fn sync_folder(path: &Path) {
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if let Ok(folder) = File::open(folder) {
        // Not every file system can; the file itself is already flushed.
        let _ = folder.sync_all();
    }
}
