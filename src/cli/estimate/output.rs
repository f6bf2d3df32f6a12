//! Files that a command writes: whole or not at all. It must not know what is in them.

use anyhow::{Context, bail, ensure};
use std::ffi::OsString;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Writes a file beside its place and renames it, so that nobody ever reads half of it.
pub(in crate::cli) fn write_whole(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    // Follows links, so that the link is not replaced by a file.
    let path = &fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let Some(name) = path.file_name() else { bail!("{} is not a file", path.display()) };
    let old = fs::metadata(path).ok();
    ensure!(old.as_ref().is_none_or(fs::Metadata::is_file), "{} is not a file", path.display());
    let mut temporary = OsString::from(".");
    temporary.push(name);
    temporary.push(format!(".{}.tmp", std::process::id()));
    let temporary = path.with_file_name(temporary);
    let written = (|| {
        let mut file = fs::File::create_new(&temporary)?;
        file.write_all(bytes)?;
        if let Some(old) = &old {
            file.set_permissions(old.permissions())?;
        }
        file.sync_all()?;
        fs::rename(&temporary, path)
    })();
    if written.is_err() {
        // The person hears of the first fault; a stray temporary file does no harm.
        let _ = fs::remove_file(&temporary);
    }
    written.with_context(|| format!("cannot write {}", path.display()))
}

/// Whether two paths lead to one file; the second need not exist.
pub(super) fn same_file(a: &Path, b: &Path) -> bool {
    let place = |p: &Path| -> Option<PathBuf> {
        fs::canonicalize(p).ok().or_else(|| {
            let folder = p.parent().filter(|f| !f.as_os_str().is_empty()).unwrap_or(Path::new("."));
            Some(fs::canonicalize(folder).ok()?.join(p.file_name()?))
        })
    };
    place(a).is_some_and(|a| place(b) == Some(a))
}
