//! Layout files: text to [`LayoutFile`] and back, with every fault named in
//! words, with its element and its place in the file.
//!
//! It must not know what makes a site right; that is validation.

mod explain;
mod locate;
mod migrate;
mod print;
mod save;
mod splice;
mod text;
mod underlay;

pub use locate::{Positions, add_positions};
pub use save::{Backup, SaveError, load, read_bytes, read_text, save, save_bytes, save_text};
pub use splice::{Splice, splice};

pub use underlay::{check_underlays, read_underlay, reference, underlay_content, underlay_path};

use super::{Fragment, LAYOUT_VERSION, LayoutFile};
use crate::diag::{Diagnostic, Report};
use ron::extensions::Extensions;
use serde::de::DeserializeOwned;

/// First line of every file that Gigasite writes.
const HEADING: &str =
    "// Gigasite layout. Units stand in the field names; an absent number is unknown.\n";

/// RON as layouts use it: a bare value for an optional one.
fn options() -> ron::Options {
    ron::Options::default().with_default_extension(Extensions::IMPLICIT_SOME)
}

/// Reads the text of a layout, of this or an earlier format version. `file` is
/// the name that findings carry. The report holds at least one error.
pub fn parse(text: &str, file: &str) -> Result<LayoutFile, Report> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let version = version(text, file)?;
    migrate::read(version, text, file)
}

/// The text of a layout; reading it gives the same layout.
pub fn to_ron(layout: &LayoutFile) -> String {
    // cannot fail: layouts hold no type that RON cannot write, and text takes any length.
    let compact = options().to_string(layout).unwrap_or_default();
    format!("{HEADING}{}", print::pretty(&compact))
}

/// First line of copied elements.
const FRAGMENT_HEADING: &str = "// Gigasite elements\n";

/// The text of copied elements.
pub(super) fn fragment_text(fragment: &Fragment) -> String {
    // cannot fail: elements hold no type that RON cannot write, and text takes any length.
    let compact = options().to_string(fragment).unwrap_or_default();
    format!("{FRAGMENT_HEADING}{}", print::pretty(&compact))
}

/// What a text is instead of copied elements.
pub(super) enum FormatError {
    /// Something else altogether.
    Other,
    Newer,
    /// Copied elements with a fault.
    Fault(String),
}

/// Reads copied elements of a version up to `newest`.
pub(super) fn read_fragment(source: &str, newest: u32) -> Result<Fragment, FormatError> {
    let entry = text::root(source).and_then(|open| text::field(source, open, "gigasite_elements"));
    let entry = entry.ok_or(FormatError::Other)?;
    let version: u64 = text::word(source, entry.value).parse().map_err(|_| FormatError::Other)?;
    if version > u64::from(newest) {
        return Err(FormatError::Newer);
    }
    read_as(source, "clipboard").map_err(|report: Report| {
        let first = report.items.first().map(ToString::to_string);
        FormatError::Fault(first.unwrap_or_default())
    })
}

/// The format version of a text, before anything else of it is understood. A
/// text that has no readable version is taken for the current one, so that
/// reading it says what is wrong.
fn version(source: &str, file: &str) -> Result<u32, Report> {
    let entry = text::root(source).and_then(|open| text::field(source, open, "version"));
    let Some(entry) = entry else { return Ok(LAYOUT_VERSION) };
    let Ok(version) = text::word(source, entry.value).parse::<u64>() else {
        return Ok(LAYOUT_VERSION);
    };
    let (line, column) = text::position(source, entry.value.0);
    let fault = |code: &str, message: String, hint: &str| {
        let fault = Diagnostic::error(code, "version", message, hint).at(file, line, column);
        Err(Report { items: vec![fault] })
    };
    match u32::try_from(version) {
        Ok(0) => {
            let hint = format!("Write `version: {LAYOUT_VERSION}`");
            fault("bad-version", "There is no layout format 0".into(), &hint)
        }
        Ok(version) if version <= LAYOUT_VERSION => Ok(version),
        _ => {
            let message = format!(
                "The layout has format {version}, this program reads formats up to {LAYOUT_VERSION}"
            );
            fault("newer-version", message, "Open it with a newer Gigasite")
        }
    }
}

/// Reads a text as one version's types.
fn read_as<T: DeserializeOwned>(text: &str, file: &str) -> Result<T, Report> {
    // The plain reader is several times faster than the one that keeps track of the path.
    if let Ok(value) = options().from_str::<T>(text) {
        return Ok(value);
    }
    explain::read::<T>(text, file, &options())
}
