//! Editing the catalogue: records of an overlay folder over the built-in ones.
//!
//! A draft holds what the files of the folder say and what has been changed since; nothing is
//! written before [`CatalogueDraft::save`]. Built-in records are never touched: a changed one
//! becomes a record of the folder, and [`CatalogueDraft::reset`] takes that out again. This
//! module must not know a window.

mod fields;
mod folder;
mod keeper;
#[cfg(test)]
mod tests;

pub use fields::{FieldRow, choices};
pub use folder::{FolderError, SaveError};
pub use keeper::RecordKeeper;

use crate::catalog::{self, Catalog, RECORDS};
use crate::diag::{Diagnostic, Severity};
use crate::fields::{self as values, FieldError};
use folder::OverlayFile;
use indexmap::IndexMap;
use serde_json::Value;
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Collection and id of a record.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RecordKey {
    pub collection: String,
    pub id: String,
}

impl RecordKey {
    pub fn new(collection: impl Into<String>, id: impl Into<String>) -> Self {
        Self { collection: collection.into(), id: id.into() }
    }

    /// In the vocabulary of `--set`.
    pub fn path(&self) -> String {
        format!("{}.{}", self.collection, self.id)
    }

    /// The record that a finding is about, and the field of it.
    fn of_path(path: &str, known: impl Fn(&RecordKey) -> bool) -> Option<(RecordKey, &str)> {
        let (collection, rest) = path.split_once('.')?;
        // Ids may hold dots: the longest that there is.
        let ends = rest.match_indices('.').map(|(at, _)| at).chain([rest.len()]);
        let ends: Vec<usize> = ends.collect();
        ends.into_iter().rev().find_map(|end| {
            let key = RecordKey::new(collection, rest.get(..end)?);
            let field = rest.get(end..)?.trim_start_matches('.');
            known(&key).then_some((key, field))
        })
    }
}

/// Where a record comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    BuiltIn,
    /// A record of the folder in place of a built-in one.
    Overridden,
    /// A record of the folder alone.
    Own,
}

/// A record of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordRow {
    pub key: RecordKey,
    pub name: String,
    pub origin: Origin,
    /// Changed since it was saved.
    pub changed: bool,
}

/// A finding about a record, with the field that it is about.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    pub key: Option<RecordKey>,
    pub field: String,
    pub diagnostic: Diagnostic,
}

/// A record as it stands in a file.
#[derive(Clone, Debug)]
struct Owned {
    /// Index of the file.
    file: usize,
    value: Value,
}

/// An overlay folder under edit.
#[derive(Clone, Debug)]
pub struct CatalogueDraft {
    builtin: Arc<Catalog>,
    folder: PathBuf,
    files: Vec<OverlayFile>,
    saved: IndexMap<RecordKey, Owned>,
    /// Records that differ from their file; `None` is one that is taken out.
    changed: IndexMap<RecordKey, Option<Value>>,
    /// Counts changes, for those who keep what they have worked out.
    revision: u64,
}

impl CatalogueDraft {
    /// Reads the files of a folder; one that does not exist is an empty one.
    ///
    /// # Errors
    /// [`FolderError`] with everything that is wrong in its files.
    pub fn open(builtin: Arc<Catalog>, folder: &Path) -> Result<Self, FolderError> {
        let (files, saved) = folder::read(folder)?;
        let mut draft = Self {
            builtin,
            folder: folder.to_owned(),
            files,
            saved,
            changed: IndexMap::new(),
            revision: 0,
        };
        draft.touch();
        draft.catalog().map_err(|fault| FolderError::Content(vec![*fault]))?;
        Ok(draft)
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    pub fn builtin(&self) -> &Arc<Catalog> {
        &self.builtin
    }

    /// Whether closing would lose something.
    pub fn is_dirty(&self) -> bool {
        !self.changed.is_empty()
    }

    /// Records that differ from their file.
    pub fn changes(&self) -> usize {
        self.changed.len()
    }

    /// Equal numbers are equal states of one draft.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    fn touch(&mut self) {
        self.revision += 1;
    }

    fn exists(&self, key: &RecordKey) -> bool {
        self.record(key).is_some()
    }

    /// The built-in record of the key.
    pub fn builtin_record(&self, key: &RecordKey) -> Option<Value> {
        self.builtin.record(&key.collection, &key.id)
    }

    /// The record as it is now.
    pub fn record(&self, key: &RecordKey) -> Option<Value> {
        match self.changed.get(key) {
            Some(Some(value)) => Some(value.clone()),
            Some(None) => self.builtin_record(key),
            None => match self.saved.get(key) {
                Some(owned) => Some(owned.value.clone()),
                None => self.builtin_record(key),
            },
        }
    }

    /// Where the record comes from as it is now.
    pub fn origin(&self, key: &RecordKey) -> Origin {
        let own = match self.changed.get(key) {
            Some(value) => value.is_some(),
            None => self.saved.contains_key(key),
        };
        match (own, self.builtin_record(key).is_some()) {
            (true, true) => Origin::Overridden,
            (true, false) => Origin::Own,
            (false, _) => Origin::BuiltIn,
        }
    }

    /// Every record, collection by collection: the built-in ones first, then own ones.
    pub fn rows(&self) -> Vec<RecordRow> {
        let mut rows = Vec::new();
        for collection in RECORDS {
            let names = self.builtin.names(collection);
            let builtin: Vec<RecordKey> =
                names.iter().map(|(id, _)| RecordKey::new(*collection, id)).collect();
            let own = self.saved.keys().chain(self.changed.keys());
            let own = own.filter(|k| k.collection == *collection && !builtin.contains(k));
            let mut keys: IndexMap<RecordKey, Option<String>> =
                builtin.iter().cloned().zip(names.into_iter().map(|n| Some(n.1))).collect();
            for key in own {
                keys.entry(key.clone()).or_insert(None);
            }
            for (key, name) in keys {
                let origin = self.origin(&key);
                let name = match (origin, name) {
                    (Origin::BuiltIn, Some(name)) => name,
                    _ => match self.record(&key) {
                        Some(value) => name_of(&value),
                        // Taken out.
                        None => continue,
                    },
                };
                let changed = self.changed.contains_key(&key);
                rows.push(RecordRow { key, name, origin, changed });
            }
        }
        rows
    }

    /// The catalogue as it would be once this is saved.
    ///
    /// # Errors
    /// The first record that is none.
    pub fn catalog(&self) -> Result<Catalog, Box<Diagnostic>> {
        let mut catalog = self.builtin.as_ref().clone();
        let untouched = self.saved.iter().filter(|(key, _)| !self.changed.contains_key(*key));
        for (key, owned) in untouched {
            catalog.put_record(&key.collection, &owned.value)?;
        }
        for (key, value) in &self.changed {
            if let Some(value) = value {
                catalog.put_record(&key.collection, value)?;
            }
        }
        Ok(catalog)
    }

    /// What is wrong with the catalogue and is not with the built-in one.
    pub fn findings(&self) -> Vec<Finding> {
        let catalog = match self.catalog() {
            Ok(catalog) => catalog,
            Err(fault) => return vec![self.finding(*fault)],
        };
        let known: HashSet<(String, String)> =
            catalog::check(&self.builtin).items.into_iter().map(|d| (d.code, d.path)).collect();
        let new = |d: &Diagnostic| !known.contains(&(d.code.clone(), d.path.clone()));
        let all = catalog::check(&catalog).items.into_iter().filter(new);
        let mut found: Vec<Finding> = all.map(|d| self.finding(d)).collect();
        found.sort_by_key(|f| f.diagnostic.severity);
        // References are found by two rules.
        found.dedup_by(|a, b| a.diagnostic == b.diagnostic);
        found
    }

    fn finding(&self, diagnostic: Diagnostic) -> Finding {
        let found = RecordKey::of_path(&diagnostic.path, |key| self.exists(key));
        let (key, field) = match found {
            Some((key, field)) => (Some(key), field.to_owned()),
            None => (None, String::new()),
        };
        Finding { key, field, diagnostic }
    }

    /// Findings that keep it from being saved.
    pub fn errors(&self) -> Vec<Finding> {
        let all = self.findings();
        all.into_iter().filter(|f| f.diagnostic.severity == Severity::Error).collect()
    }

    /// Puts a record in place of what is there.
    fn put(&mut self, key: RecordKey, value: Value) {
        let as_before = match self.saved.get(&key) {
            Some(owned) => owned.value == value,
            // A record that is as the built-in one needs none of its own.
            None => self.builtin_record(&key).is_some_and(|builtin| builtin == value),
        };
        if as_before {
            self.changed.shift_remove(&key);
        } else if self.builtin_record(&key).is_some_and(|builtin| builtin == value) {
            self.changed.insert(key, None);
        } else {
            self.changed.insert(key, Some(value));
        }
        self.touch();
    }

    /// Sets one field of a record; `Null` takes an optional one out.
    ///
    /// # Errors
    /// [`FieldError`] where the record has no such field, or it cannot hold the value.
    pub fn set(&mut self, key: &RecordKey, field: &str, value: Value) -> Result<(), FieldError> {
        let Some(mut record) = self.record(key) else {
            return Err(FieldError::UnknownField { field: key.path(), nearest: Vec::new() });
        };
        let path: Vec<&str> = field.split('.').collect();
        values::put(&mut record, &path, value)?;
        self.replace(key, &record)
    }

    /// Takes a record over where it is one.
    fn replace(&mut self, key: &RecordKey, record: &Value) -> Result<(), FieldError> {
        let mut catalog = Catalog::default();
        let refused = |d: Box<Diagnostic>| FieldError::BadValue { text: d.path, reason: d.message };
        catalog.put_record(&key.collection, record).map_err(refused)?;
        // As the record itself writes it: absent fields are left out.
        let written = catalog.record(&key.collection, &key.id);
        self.put(key.clone(), written.unwrap_or_else(|| record.clone()));
        Ok(())
    }

    /// A copy of a record under a free id, to be changed; returns its key.
    pub fn copy(&mut self, key: &RecordKey) -> Option<RecordKey> {
        let mut record = self.record(key)?;
        let taken = |id: &str| self.exists(&RecordKey::new(key.collection.clone(), id));
        let id = (2..).map(|n| format!("{}-{n}", key.id)).find(|id| !taken(id))?;
        let new = RecordKey::new(key.collection.clone(), &id);
        let name = format!("{} (copy)", name_of(&record));
        let object = record.as_object_mut()?;
        object.insert("id".to_owned(), Value::from(id));
        for field in ["name", "title"] {
            if let Some(own) = object.get_mut(field) {
                *own = Value::from(name.clone());
            }
        }
        // A label leads to one record only.
        if object.contains_key("aliases") {
            object.insert("aliases".to_owned(), Value::Array(Vec::new()));
        }
        if let Some(short) = object.get_mut("short") {
            let text = short.as_str().unwrap_or_default().to_owned();
            *short = Value::from(format!("{text} 2"));
        }
        self.changed.insert(new.clone(), Some(record));
        self.touch();
        Some(new)
    }

    /// Another id for an own record that no file knows yet.
    ///
    /// # Errors
    /// A sentence: the id is none, is taken, or stands in a file already.
    pub fn rename(&mut self, key: &RecordKey, id: &str) -> Result<RecordKey, String> {
        let new = RecordKey::new(key.collection.clone(), id);
        if new == *key {
            return Ok(new);
        }
        if !catalog::is_id(id) {
            return Err("An id has lower-case letters, digits, hyphens and dots".to_owned());
        }
        if self.exists(&new) || self.saved.contains_key(&new) {
            return Err(format!("There is a record {id} already"));
        }
        if self.saved.contains_key(key) || self.origin(key) != Origin::Own {
            return Err("Layouts may name it by its id: copy it instead".to_owned());
        }
        let Some(Some(mut record)) = self.changed.shift_remove(key) else {
            return Err("There is no such record".to_owned());
        };
        if let Some(object) = record.as_object_mut() {
            object.insert("id".to_owned(), Value::from(id));
        }
        self.changed.insert(new.clone(), Some(record));
        self.touch();
        Ok(new)
    }

    /// Takes what the folder says of a record out: a built-in record is again as it was, an
    /// own one goes.
    pub fn reset(&mut self, key: &RecordKey) {
        if self.saved.contains_key(key) {
            self.changed.insert(key.clone(), None);
        } else {
            self.changed.shift_remove(key);
        }
        self.touch();
    }

    /// Takes back what has been changed of a record since it was saved.
    pub fn revert(&mut self, key: &RecordKey) {
        if self.changed.shift_remove(key).is_some() {
            self.touch();
        }
    }

    /// Takes one field back to the built-in value.
    ///
    /// # Errors
    /// [`FieldError`], where there is no built-in record.
    pub fn reset_field(&mut self, key: &RecordKey, field: &str) -> Result<(), FieldError> {
        let builtin = self.builtin_record(key).unwrap_or_default();
        let path: Vec<&str> = field.split('.').collect();
        let value = values::get(&builtin, &path).cloned().unwrap_or_default();
        self.set(key, field, value)
    }

    /// A new source with a free id made of its title; returns the id.
    pub fn add_source(&mut self, title: &str, publisher: &str, date: &str) -> String {
        let stem = catalog::id_of_title(title);
        let taken = |id: &str| self.exists(&RecordKey::new("sources", id));
        let numbered = (2..).map(|n| format!("{stem}-{n}"));
        let id = std::iter::once(stem.clone()).chain(numbered).find(|id| !taken(id));
        // cannot fail: a finite catalogue does not take every number
        let id = id.unwrap_or(stem);
        let source = serde_json::json!({
            "id": id, "title": title.trim(), "publisher": publisher.trim(), "date": date.trim(),
        });
        self.changed.insert(RecordKey::new("sources", &id), Some(source));
        self.touch();
        id
    }

    /// Puts records that were made elsewhere.
    ///
    /// # Errors
    /// The first that is none, or whose id is taken; nothing is changed then.
    pub fn add(&mut self, records: &[(String, Value)]) -> Result<Vec<RecordKey>, Box<Diagnostic>> {
        let mut keys = Vec::new();
        let mut trial = self.clone();
        for (collection, value) in records {
            catalog::record_text(collection, value)?;
            let id = value.get("id").and_then(Value::as_str).unwrap_or_default();
            let key = RecordKey::new(collection.clone(), id);
            let same = trial.record(&key).is_some_and(|old| old == *value);
            if trial.exists(&key) && !same {
                let message = format!("the catalogue has a record `{id}` already");
                let hint = "give the new one another id";
                return Err(Box::new(Diagnostic::error("duplicate-id", key.path(), message, hint)));
            }
            if !same {
                trial.put(key.clone(), value.clone());
            }
            keys.push(key);
        }
        *self = trial;
        Ok(keys)
    }

    /// Writes the changed records into the files of the folder, each file whole or not at all,
    /// and returns the catalogue that is then in force. New records stand in a file of their
    /// own.
    ///
    /// # Errors
    /// [`SaveError`]; what was not written stays changed.
    pub fn save(&mut self) -> Result<Catalog, SaveError> {
        let errors = self.errors();
        if !errors.is_empty() {
            return Err(SaveError::Findings(errors));
        }
        folder::write(self)?;
        let catalog =
            self.catalog().map_err(|fault| SaveError::Findings(vec![self.finding(*fault)]))?;
        self.touch();
        Ok(self.versioned(catalog))
    }

    /// The saved state of the folder as a catalogue.
    ///
    /// # Errors
    /// The first record that is none.
    pub fn saved_catalog(&self) -> Result<Catalog, Box<Diagnostic>> {
        let unchanged = Self { changed: IndexMap::new(), ..self.clone() };
        unchanged.catalog().map(|catalog| unchanged.versioned(catalog))
    }

    /// The mark of an overlay in the version, where there is one.
    fn versioned(&self, mut catalog: Catalog) -> Catalog {
        if !self.files.is_empty() {
            catalog.mark_overlaid();
        }
        catalog
    }
}

/// What people call a record.
fn name_of(record: &Value) -> String {
    let named = ["name", "title", "software", "id"].iter().find_map(|key| record.get(key));
    named.and_then(Value::as_str).unwrap_or_default().to_owned()
}
