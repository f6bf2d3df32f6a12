//! Model files: MPS and LP, plain or gzipped, read; LP written.
//!
//! It must not solve anything, and knows no plan: the names are whatever the file or the
//! caller says.

mod lptext;
mod write;

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use crate::plan::backend::BackendError;
use crate::plan::backend::highs::read::read_file;
pub use crate::plan::lp::NamedModel;
pub use write::write_lp;

/// Format of a model file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    Mps,
    Lp,
}

/// Reads a `.mps`, `.mps.gz`, `.lp` or `.lp.gz` file.
///
/// # Errors
/// `BackendError::File` where the file cannot be opened, has another ending, is damaged,
/// or holds what is not a linear model.
pub fn read(path: &Path) -> Result<NamedModel, BackendError> {
    let name = path.display().to_string();
    kind(&name)?;
    let bytes = fs::read(path).map_err(|e| fail(&name, format!("cannot be read: {e}")))?;
    parse(&bytes, &name)
}

/// Reads a model from the content of a file; `name` says by its ending what it is.
///
/// # Errors
/// As `read`.
pub fn parse(bytes: &[u8], name: &str) -> Result<NamedModel, BackendError> {
    let (format, zipped) = kind(name)?;
    let mut unpacked = Vec::new();
    let bytes = if zipped {
        flate2::read::MultiGzDecoder::new(bytes)
            .read_to_end(&mut unpacked)
            .map_err(|e| fail(name, format!("the compressed data are damaged: {e}")))?;
        &unpacked
    } else {
        bytes
    };
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(fail(name, "the file is empty".into()));
    }
    if bytes.contains(&0) {
        return Err(fail(name, "this is not a text file".into()));
    }
    if format == Format::Lp {
        // Not HiGHS's reader: that one ignores constants in constraints, knows no ranges
        // and does not say what it stumbles over.
        let text = std::str::from_utf8(bytes)
            .map_or_else(|_| bytes.iter().map(|b| char::from(*b)).collect(), str::to_owned);
        let named = lptext::parse(&text).map_err(|what| fail(name, what))?;
        return match named.model.defect() {
            Some(defect) => Err(fail(name, defect)),
            None => Ok(named),
        };
    }
    let longest = bytes.split(|b| *b == b'\n').map(<[u8]>::len).max().unwrap_or(0);
    let copy = Temporary::new(bytes, "mps")
        .map_err(|e| fail(name, format!("cannot be unpacked into a temporary file: {e}")))?;
    let parsed = read_file(&copy.0, name, longest)?;
    Ok(NamedModel {
        model: parsed.model,
        row_names: parsed.row_names,
        col_names: parsed.col_names,
        objective_name: objective_name(bytes),
    })
}

fn fail(name: &str, what: String) -> BackendError {
    BackendError::File { name: name.to_owned(), what }
}

fn kind(name: &str) -> Result<(Format, bool), BackendError> {
    let lower = name.to_ascii_lowercase();
    let (stem, zipped) = match lower.strip_suffix(".gz") {
        Some(stem) => (stem, true),
        None => (lower.as_str(), false),
    };
    if stem.ends_with(".mps") {
        Ok((Format::Mps, zipped))
    } else if stem.ends_with(".lp") {
        Ok((Format::Lp, zipped))
    } else {
        Err(fail(name, "the name must end in .mps, .mps.gz, .lp or .lp.gz".into()))
    }
}

/// The reader does not keep the objective's name: it is the first N row.
fn objective_name(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let mut rows = text.lines().skip_while(|l| !l.starts_with("ROWS")).skip(1);
    let name = rows.find_map(|l| {
        let rest = l.trim_start().strip_prefix(['N', 'n'])?;
        rest.starts_with(char::is_whitespace).then(|| rest.split_whitespace().next())?
    });
    name.unwrap_or("obj").to_owned()
}

/// A file that lasts as long as this value.
struct Temporary(PathBuf);

impl Temporary {
    fn new(bytes: &[u8], extension: &str) -> std::io::Result<Self> {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        loop {
            let count = COUNT.fetch_add(1, Ordering::Relaxed);
            let name = format!("gigasite-{}-{count}.{extension}", std::process::id());
            let path = std::env::temp_dir().join(name);
            // A file of that name is somebody else's: take the next one.
            match fs::OpenOptions::new().write(true).create_new(true).open(&path) {
                Ok(mut file) => {
                    let copy = Self(path);
                    std::io::Write::write_all(&mut file, bytes)?;
                    return Ok(copy);
                }
                Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => {}
                Err(e) => return Err(e),
            }
        }
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        // Nothing can be done about a file that will not go, and the answer is not worse.
        let _ = fs::remove_file(&self.0);
    }
}

#[cfg(test)]
mod tests;
