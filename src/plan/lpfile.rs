//! Model files: MPS and LP, plain or gzipped, read; LP written.
//!
//! It must not solve anything, and knows no plan: the names are whatever the file or the
//! caller says. The readers are our own because that of HiGHS can hang on a damaged file,
//! leaves out what it does not understand and does not say where; it checks ours in tests.

mod lptext;
mod mps;
mod write;

use std::fs;
use std::io::Read;
use std::path::Path;

use crate::plan::backend::BackendError;
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
    let text = std::str::from_utf8(bytes)
        .map_or_else(|_| bytes.iter().map(|b| char::from(*b)).collect(), str::to_owned);
    let named = match format {
        Format::Mps => mps::parse(&text),
        Format::Lp => lptext::parse(&text),
    }
    .map_err(|what| fail(name, what))?;
    match named.model.defect() {
        Some(defect) => Err(fail(name, defect)),
        None => Ok(named),
    }
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

#[cfg(test)]
mod tests;
