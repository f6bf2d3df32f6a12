//! Networks as MATPOWER case files (version 2): plain matrices in, plain matrices out.
//!
//! A case file is a program. What assigns numbers is read, what computes on them is refused:
//! a half-understood statement would give a wrong network in silence.

mod read;
mod scan;
mod write;

pub use read::read;
pub use write::write;

use thiserror::Error;

/// A case file that cannot be read, with its line (1-based).
#[derive(Clone, Debug, Error, PartialEq)]
#[error("line {line}: {message}")]
pub struct CaseFileError {
    pub line: usize,
    pub message: String,
}

impl CaseFileError {
    fn new(line: usize, message: impl Into<String>) -> Self {
        Self { line, message: message.into() }
    }
}
