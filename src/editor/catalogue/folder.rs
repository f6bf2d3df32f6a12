//! The files of an overlay folder: read whole, written whole or not at all, with one backup.
//! What a person wrote around the records stays.

use super::{CatalogueDraft, Finding, Owned, RecordKey};
use crate::catalog::{self, Catalog, load_folder};
use crate::diag::{Diagnostic, Report};
use crate::site::file::{self, Backup, Splice, splice};
use indexmap::IndexMap;
use std::path::{Path, PathBuf};

/// Where new records of a folder go.
const OWN_FILE: &str = "own.ron";
const HEADING: &str =
    "// Records of the catalogue beside or in place of the built-in ones.\n(\n)\n";

/// A file as it was last read or written.
#[derive(Clone, Debug)]
pub(super) struct OverlayFile {
    pub path: PathBuf,
    pub text: String,
}

/// Why a folder cannot be edited.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    #[error(transparent)]
    Unreadable(#[from] catalog::FolderError),
    /// What is wrong in its files.
    #[error("{}", lines(.0))]
    Content(Vec<Diagnostic>),
}

/// Why nothing, or not everything, was written.
#[derive(Debug, thiserror::Error)]
pub enum SaveError {
    /// What has to be mended first.
    #[error("{}", lines(&.0.iter().map(|f| f.diagnostic.clone()).collect::<Vec<_>>()))]
    Findings(Vec<Finding>),
    #[error("the folder {} cannot be made: {source}", .folder.display())]
    Folder { folder: PathBuf, source: std::io::Error },
    #[error(
        "{} was changed by another program; open the catalogue again to see it",
        .0.display()
    )]
    ChangedOnDisk(PathBuf),
    #[error("{} cannot be edited by the program; correct it by hand", .0.display())]
    Shape(PathBuf),
    #[error(transparent)]
    File(#[from] file::SaveError),
    #[error("saving broke off: {0}")]
    Stopped(String),
}

fn lines(items: &[Diagnostic]) -> String {
    items.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

type Folder = (Vec<OverlayFile>, IndexMap<RecordKey, Owned>);

/// The files of a folder and the records in them.
pub(super) fn read(folder: &Path) -> Result<Folder, FolderError> {
    if !folder.exists() {
        return Ok((Vec::new(), IndexMap::new()));
    }
    let texts = load_folder(folder)?;
    // As the command line reads it: what it refuses is refused here too.
    let builtin = Catalog::embedded().map_err(|r| FolderError::Content(r.items))?;
    builtin.with_overlay(&texts).map_err(|r| FolderError::Content(r.items))?;
    let mut files = Vec::new();
    let mut saved = IndexMap::new();
    for (name, text) in texts {
        let records = catalog::records_of(&name, &text);
        let records = records.map_err(|r: Report| FolderError::Content(r.items))?;
        for record in records {
            let key = RecordKey::new(record.collection, record.id);
            saved.insert(key, Owned { file: files.len(), value: record.value });
        }
        files.push(OverlayFile { path: PathBuf::from(name), text });
    }
    Ok((files, saved))
}

/// Writes the changed records of a draft, which are changed no longer then.
pub(super) fn write(draft: &mut CatalogueDraft) -> Result<(), SaveError> {
    let folder = draft.folder.clone();
    std::fs::create_dir_all(&folder).map_err(|source| SaveError::Folder { folder, source })?;
    let own = own_file(draft);
    let file_of = |key: &RecordKey| draft.saved.get(key).map_or(own, |owned| owned.file);
    let mut by_file: IndexMap<usize, Vec<RecordKey>> = IndexMap::new();
    for key in draft.changed.keys() {
        by_file.entry(file_of(key)).or_default().push(key.clone());
    }
    // Everything is worked out and asked before the first file is touched.
    let mut texts = Vec::new();
    for (index, keys) in by_file {
        let known = draft.files.get(index).cloned();
        let file = known.unwrap_or_else(|| OverlayFile {
            path: draft.folder.join(OWN_FILE),
            text: HEADING.to_owned(),
        });
        unchanged_on_disk(&file, index < draft.files.len())?;
        let mut changes = Vec::new();
        for key in &keys {
            let record = match draft.changed.get(key).cloned().flatten() {
                Some(value) => Some(
                    catalog::record_text(&key.collection, &value)
                        .map_err(|fault| SaveError::Findings(vec![draft.finding(*fault)]))?,
                ),
                None => None,
            };
            changes.push(Splice { list: key.collection.clone(), id: key.id.clone(), record });
        }
        let shape = || SaveError::Shape(file.path.clone());
        let text = splice(&file.text, &changes).ok_or_else(shape)?;
        // What is written has to read back.
        catalog::records_of(&file.path.display().to_string(), &text).map_err(|_| shape())?;
        texts.push((index, OverlayFile { path: file.path, text }, keys));
    }
    for (index, file, keys) in texts {
        file::save_text(&file.path, &file.text, Backup::Keep)?;
        match draft.files.get_mut(index) {
            Some(known) => *known = file,
            None => draft.files.push(file),
        }
        for key in keys {
            match draft.changed.shift_remove(&key).flatten() {
                Some(value) => {
                    draft.saved.insert(key, Owned { file: index, value });
                }
                None => {
                    draft.saved.shift_remove(&key);
                }
            }
        }
    }
    Ok(())
}

/// The file for new records: an own one, the next free index where there is none yet.
fn own_file(draft: &CatalogueDraft) -> usize {
    let named = |f: &OverlayFile| f.path.file_name().is_some_and(|name| name == OWN_FILE);
    draft.files.iter().position(named).unwrap_or(draft.files.len())
}

/// Whether the file still is as this program knows it.
fn unchanged_on_disk(file: &OverlayFile, known: bool) -> Result<(), SaveError> {
    let now = std::fs::read_to_string(&file.path);
    match now {
        Ok(text) if known && text == file.text => Ok(()),
        Err(e) if !known && e.kind() == std::io::ErrorKind::NotFound => Ok(()),
        _ => Err(SaveError::ChangedOnDisk(file.path.clone())),
    }
}
