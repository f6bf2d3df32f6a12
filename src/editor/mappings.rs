//! Mappings of lists of racks that are kept: what was chosen for a header row is offered again.
//!
//! One file a header row in the user's data folder, in the form that `--map` takes.

use crate::site::file::{Backup, save_text};
use crate::site::import::table::Table;
use crate::site::import::{Mapping, sha256};
use std::path::{Path, PathBuf};

/// The folder of kept mappings.
#[derive(Clone, Debug, Default)]
pub struct Mappings {
    folder: Option<PathBuf>,
}

impl Mappings {
    pub fn new(folder: PathBuf) -> Self {
        Self { folder: Some(folder) }
    }

    /// Where the mapping of a header row is kept.
    fn file(&self, header: &[String]) -> Option<PathBuf> {
        // A header may hold any character; what ends one is none of them.
        let row = header.iter().map(|h| h.trim()).collect::<Vec<_>>().join("\u{1f}");
        Some(self.folder.as_ref()?.join(format!("{}.ron", sha256(row.as_bytes()))))
    }

    /// What was chosen for the header row of a table, where all of its columns are still there.
    pub fn of(&self, table: &Table) -> Option<Mapping> {
        let text = std::fs::read_to_string(self.file(&table.header)?).ok()?;
        let mapping = Mapping::parse(&text).ok()?;
        let known = |header: &String| table.header.contains(header);
        mapping.columns.values().all(known).then_some(mapping)
    }

    /// Keeps what was chosen for a header row.
    ///
    /// # Errors
    /// A sentence; the import is done all the same.
    pub fn keep(&self, header: &[String], mapping: &Mapping) -> Result<(), String> {
        let Some(file) = self.file(header) else { return Ok(()) };
        let folder = file.parent().map(Path::to_owned).unwrap_or_default();
        std::fs::create_dir_all(&folder)
            .map_err(|e| format!("The columns are not kept: {}: {e}", folder.display()))?;
        save_text(&file, &mapping.to_text(), Backup::None)
            .map_err(|e| format!("The columns are not kept: {e}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::site::import::Field;

    fn table(header: &[&str]) -> Table {
        Table { header: header.iter().map(|h| (*h).to_owned()).collect(), rows: Vec::new() }
    }

    #[test]
    fn a_mapping_is_offered_again_for_the_same_header_row_alone() {
        let dir = tempfile::tempdir().expect("a folder");
        let mappings = Mappings::new(dir.path().join("kept"));
        let list = table(&["Slot", "Kind of rack"]);
        assert_eq!(mappings.of(&list), None);
        let mut mapping = Mapping::default();
        mapping.columns.insert(Field::Rack, "Kind of rack".to_owned());
        mappings.keep(&list.header, &mapping).expect("is kept");
        assert_eq!(mappings.of(&list), Some(mapping.clone()));
        assert_eq!(mappings.of(&table(&["Slot", "Kind"])), None);
        // What cannot be read is none, and no reason to stop.
        let file = std::fs::read_dir(dir.path().join("kept")).expect("a folder").next();
        std::fs::write(file.expect("a file").expect("a file").path(), "(").expect("writes");
        assert_eq!(mappings.of(&list), None);
        assert_eq!(Mappings::default().of(&list), None);
        assert_eq!(Mappings::default().keep(&list.header, &mapping), Ok(()));
    }
}
