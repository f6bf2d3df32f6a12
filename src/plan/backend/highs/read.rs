//! Model files through HiGHS's own readers, to check ours against.
//!
//! It must not open files itself: it hands a path over and takes arrays back. A damaged
//! file can keep HiGHS reading for ever, so nothing that a person supplies comes here.

use std::path::Path;

use super::ffi::Raw;
use crate::plan::backend::BackendError;
use crate::plan::lp::LinearModel;

/// A model with the names of its columns and rows.
pub struct Parsed {
    pub model: LinearModel,
    pub col_names: Vec<String>,
    pub row_names: Vec<String>,
}

/// Reads a model in the format that the extension of `path` names (`mps`, `lp`).
///
/// `name` stands for the file in errors; `longest_name` is at least the bytes of the
/// longest name in the file.
///
/// # Errors
/// A file that HiGHS cannot read, and models with quadratic terms or semi-continuous
/// columns.
pub fn read_file(path: &Path, name: &str, longest_name: usize) -> Result<Parsed, BackendError> {
    let fail = |what: String| BackendError::File { name: name.to_owned(), what };
    let text = path.to_str().ok_or_else(|| fail("the path is not valid Unicode".into()))?;
    let mut raw = Raw::new()?;
    raw.set_bool("output_flag", false)?;
    raw.read(text).map_err(|said| {
        fail(if said.is_empty() { "this is not a model that can be read".into() } else { said })
    })?;
    if raw.quadratic_entries() > 0 {
        return Err(fail("the objective is quadratic; only linear models are solved".into()));
    }
    let (mut model, kinds) = raw.model()?;
    if kinds.iter().any(|k| {
        *k == highs_sys::VAR_TYPE_SEMI_CONTINUOUS || *k == highs_sys::VAR_TYPE_SEMI_INTEGER
    }) {
        return Err(fail("semi-continuous columns are not supported".into()));
    }
    if kinds.iter().any(|k| *k != highs_sys::VAR_TYPE_CONTINUOUS) {
        model.integer = kinds.iter().map(|k| *k != highs_sys::VAR_TYPE_CONTINUOUS).collect();
    }
    if let Some(defect) = model.defect() {
        return Err(fail(defect));
    }
    let (col_names, row_names) = raw.names(longest_name);
    Ok(Parsed { model, col_names: filled(col_names, 'C'), row_names: filled(row_names, 'R') })
}

/// Gives a name to whatever has none.
fn filled(mut names: Vec<String>, prefix: char) -> Vec<String> {
    for (i, name) in names.iter_mut().enumerate().filter(|(_, n)| n.is_empty()) {
        *name = format!("{prefix}{i}");
    }
    names
}
