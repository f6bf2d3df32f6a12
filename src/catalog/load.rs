//! Reading the catalogue: the embedded data, overlay folders, and what is said
//! of files that cannot be read. It must not know sites.
//!
//! Every file is one struct of optional lists, so that an overlay file may hold
//! any mixture of collections.

use super::check::links;
use super::records::*;
use super::{COLLECTIONS, Catalog, Serving, SiteOption};
use crate::diag::{Diagnostic, Report};
use crate::fields;
use indexmap::IndexMap;
use ron::extensions::Extensions;
use serde::Deserialize;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

macro_rules! embedded_files {
    ($($name:literal),* $(,)?) => {
        [$(($name, include_str!(concat!("../../assets/catalog/", $name)))),*]
    };
}

/// The data that is part of the program, in the order in which lists show it.
const EMBEDDED: [(&str, &str); 24] = embedded_files![
    "sources.ron",
    "racks.ron",
    "units.ron",
    "models/openai.ron",
    "models/deepseek.ron",
    "models/moonshot.ron",
    "models/alibaba.ron",
    "models/zai.ron",
    "models/minimax.ron",
    "models/nvidia.ron",
    "models/meta.ron",
    "models/mistral.ron",
    "models/google.ron",
    "models/others.ron",
    "curves.ron",
    "tiers.ron",
    "tariffs.ron",
    "equipment.ron",
    "costs.ron",
    "design.ron",
    "weather.ron",
    "practice.ron",
    "options.ron",
    "serving.ron",
];

/// Mark in the version of a catalogue that is not the embedded one alone.
const OVERLAY: &str = "+overlay";

/// An overlay folder that cannot be read; why is its source.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    #[error("cannot read catalogue folder {}", path.display())]
    Folder { path: PathBuf, source: std::io::Error },
    #[error("cannot read catalogue file {}", path.display())]
    File { path: PathBuf, source: std::io::Error },
}

/// A catalogue file as it stands on disk.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct CatalogFile {
    pub version: Option<String>,
    pub sources: Vec<Source>,
    pub racks: Vec<Rack>,
    pub units: Vec<ScalableUnit>,
    pub models: Vec<Model>,
    pub curves: Vec<Curve>,
    pub tier_templates: Vec<TierTemplate>,
    pub tariffs: Vec<Tariff>,
    pub equipment: Vec<Equipment>,
    pub costs: Vec<Cost>,
    pub weather: Vec<Weather>,
    pub practice: Vec<Practice>,
    pub options: Vec<SiteOption>,
    pub serving: Vec<Serving>,
}

impl Catalog {
    /// The data that is part of the program.
    ///
    /// # Errors
    /// Findings with file, line and column; the embedded data has none.
    pub fn embedded() -> Result<Catalog, Report> {
        Self::embedded_arc().map(|c| c.as_ref().clone())
    }

    /// The same, shared: the files are read once in the life of the program.
    pub fn embedded_arc() -> Result<Arc<Catalog>, Report> {
        static PARSED: OnceLock<Result<Arc<Catalog>, Report>> = OnceLock::new();
        PARSED
            .get_or_init(|| {
                let mut catalog = Catalog::default();
                catalog.merge(EMBEDDED.iter().copied())?;
                Ok(Arc::new(catalog))
            })
            .clone()
    }

    /// This catalogue with the records of `files` (name and text) on top: a
    /// record with a known id replaces the whole record, others are added.
    ///
    /// # Errors
    /// All findings of all files: syntax with line and column, an id that
    /// stands twice in the overlay, references that lead nowhere.
    pub fn with_overlay(mut self, files: &[(String, String)]) -> Result<Catalog, Report> {
        if files.is_empty() {
            return Ok(self);
        }
        self.merge(files.iter().map(|(name, text)| (name.as_str(), text.as_str())))?;
        self.mark_overlaid();
        Ok(self)
    }

    /// Says in the version that records of a folder lie over the built-in ones.
    pub fn mark_overlaid(&mut self) {
        if !self.version.ends_with(OVERLAY) {
            self.version.push_str(OVERLAY);
        }
    }

    fn merge<'a>(
        &mut self,
        files: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<(), Report> {
        let mut set = FileSet::default();
        for (name, text) in files {
            match parse(name, text) {
                Ok(file) => set.add(self, file, name, text),
                Err(diagnostic) => set.report.push(*diagnostic),
            }
        }
        // References are judged only when every record could be read.
        if !set.report.has_errors() {
            set.report.extend(links(self));
        }
        if set.report.has_errors() { Err(set.report) } else { Ok(()) }
    }
}

/// The `*.ron` files of a folder (name and text), sorted by name.
///
/// # Errors
/// The folder or one of the files cannot be read.
pub fn load_folder(dir: &Path) -> Result<Vec<(String, String)>, FolderError> {
    let folder = |source| FolderError::Folder { path: dir.to_owned(), source };
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(dir).map_err(folder)? {
        let path = entry.map_err(folder)?.path();
        if path.extension().is_some_and(|e| e == "ron") && path.is_file() {
            paths.push(path);
        }
    }
    paths.sort();
    paths
        .into_iter()
        .map(|path| match std::fs::read_to_string(&path) {
            Ok(text) => Ok((path.display().to_string(), text)),
            Err(source) => Err(FolderError::File { path, source }),
        })
        .collect()
}

/// Files that are read together: no id may stand twice in them.
#[derive(Default)]
struct FileSet {
    seen: IndexMap<(&'static str, String), String>,
    report: Report,
}

impl FileSet {
    fn add(&mut self, catalog: &mut Catalog, file: CatalogFile, name: &str, text: &str) {
        // An overlay keeps the version of what it lies on.
        if catalog.version.is_empty()
            && let Some(version) = file.version
        {
            catalog.version = version;
        }
        macro_rules! take {
            ($($collection:ident),*) => {$(
                for record in file.$collection {
                    if self.new_id(stringify!($collection), &record.id, name, text) {
                        catalog.$collection.insert(record.id.clone(), record);
                    }
                }
            )*};
        }
        take!(
            sources,
            racks,
            units,
            models,
            curves,
            tier_templates,
            tariffs,
            equipment,
            costs,
            weather,
            practice,
            options,
            serving
        );
    }

    fn new_id(&mut self, collection: &'static str, id: &str, name: &str, text: &str) -> bool {
        let path = format!("{collection}.{id}");
        let mut error = None;
        if !is_id(id) {
            error = Some(Diagnostic::error(
                "bad-id",
                &path,
                format!("`{id}` is no id"),
                "use lower-case letters, digits, `-` and `.`, beginning with a letter or digit",
            ));
        } else if let Some(first) = self.seen.insert((collection, id.to_owned()), name.to_owned()) {
            error = Some(Diagnostic::error(
                "duplicate-id",
                &path,
                format!("`{id}` stands twice in {collection}, first in {first}"),
                "give one of them another id or remove it",
            ));
        }
        let Some(error) = error else { return true };
        self.report.push(match last_place(text, id) {
            Some((line, column)) => error.at(name, line, column),
            None => Diagnostic { file: Some(name.to_owned()), ..error },
        });
        false
    }
}

/// Whether a text is an id: ids stand in paths and on command lines.
pub fn is_id(id: &str) -> bool {
    id.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit())
        && id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "-.".contains(c))
        && !id.ends_with('.')
}

/// An id that says what a title says: its letters and digits, words joined by hyphens.
pub fn id_of_title(title: &str) -> String {
    let mut id = String::new();
    for c in title.chars().flat_map(char::to_lowercase) {
        if c.is_ascii_alphanumeric() {
            id.push(c);
        } else if !id.is_empty() && !id.ends_with('-') {
            id.push('-');
        }
    }
    let id = id.trim_end_matches('-');
    if id.is_empty() { "own".to_owned() } else { id.to_owned() }
}

/// Line and column (1-based) of the last record with this id.
fn last_place(text: &str, id: &str) -> Option<(usize, usize)> {
    let at = text.rfind(&format!("id: \"{id}\""))?;
    let before = text.get(..at)?;
    let line_start = before.rfind('\n').map_or(0, |n| n + 1);
    let column = before.get(line_start..)?.chars().count() + 1;
    Some((before.matches('\n').count() + 1, column))
}

pub(super) fn parse(name: &str, text: &str) -> Result<CatalogFile, Box<Diagnostic>> {
    // Plain values may stand for optional ones: `range: (1, 2)`, not `Some((1, 2))`.
    let options = ron::Options::default().with_default_extension(Extensions::IMPLICIT_SOME);
    let fault = |error: ron::error::SpannedError, path: &str| {
        let place = place(&error);
        let hint = hint(&error.code);
        let message = error.code.to_string();
        let diagnostic = Diagnostic::error("catalog-syntax", path, message, hint);
        Box::new(diagnostic.at(name, place.line, place.col))
    };
    let mut deserializer =
        ron::Deserializer::from_str_with_options(text, &options).map_err(|e| fault(e, ""))?;
    let file = match serde_path_to_error::deserialize(&mut deserializer) {
        Ok(file) => file,
        Err(error) => {
            let path = element_path(&error.path().to_string());
            return Err(fault(deserializer.span_error(error.into_inner()), &path));
        }
    };
    match deserializer.end() {
        Ok(()) => Ok(file),
        Err(code) => Err(fault(deserializer.span_error(code), "")),
    }
}

/// Where a reader should look: at the start of a wrong name or value, and where
/// the reading stopped if the text itself is broken.
fn place(error: &ron::error::SpannedError) -> ron::error::Position {
    match error.code {
        ron::Error::NoSuchStructField { .. }
        | ron::Error::NoSuchEnumVariant { .. }
        | ron::Error::InvalidValueForType { .. }
        | ron::Error::MissingStructField { .. } => error.span.start,
        _ => error.span.end,
    }
}

/// `racks[3].price_usd` as `racks.3.price_usd`; the root alone is no path.
fn element_path(path: &str) -> String {
    if path == "." { String::new() } else { path.replace('[', ".").replace(']', "") }
}

fn hint(error: &ron::Error) -> String {
    match error {
        ron::Error::NoSuchStructField { expected, found, .. } => {
            let names = fields::nearest(found, expected.iter().copied());
            format!("write one of: {}", names.join(", "))
        }
        ron::Error::NoSuchEnumVariant { expected, .. } => {
            format!("write one of: {}", expected.join(", "))
        }
        ron::Error::MissingStructField { field, .. } => format!(
            "add `{field}`; where no figure is known, `(value: \"unknown\", note: \"why\")`"
        ),
        _ => format!(
            "see `gigasite catalog show` for a record of its kind; collections: {}",
            COLLECTIONS.join(", ")
        ),
    }
}
