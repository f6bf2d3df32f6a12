//! From the layout formats of earlier versions to the current one.
//!
//! Each version that ever shipped keeps its own types and one function to the
//! next version; a file is read in its own version and taken up step by step.

use super::read_as;
use crate::diag::Report;
use crate::site::{LAYOUT_VERSION, LayoutFile};

/// A layout in the types of the version that it was written in.
enum Versioned {
    V1(LayoutFile),
}

impl Versioned {
    /// One version up; the current version stays.
    fn step(self) -> Self {
        match self {
            current @ Versioned::V1(_) => current,
        }
    }
}

/// Reads a text of format `version` and takes it up to the current version.
/// The caller refuses versions outside 1 to [`LAYOUT_VERSION`].
pub(super) fn read(version: u32, text: &str, file: &str) -> Result<LayoutFile, Report> {
    // Once there is a second version, `version` chooses the types to read as.
    let mut layout = Versioned::V1(read_as(text, file)?);
    for _ in version..LAYOUT_VERSION {
        layout = layout.step();
    }
    match layout {
        Versioned::V1(mut current) => {
            current.version = LAYOUT_VERSION;
            Ok(current)
        }
    }
}
