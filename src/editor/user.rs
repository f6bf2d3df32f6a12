//! Where a user's own things lie: settings, side files, own records of the catalogue. Window and
//! command line ask here, so that both plan with the same records. It must not know what stands
//! in them.

use crate::site::file::{self, Backup, SaveError};
use std::path::{Path, PathBuf};

/// Name of the program to the system; its data lies in a folder of that name.
pub const APP_ID: &str = "io.github.gigasite.Gigasite";
/// Names another folder for settings, side files and own records.
pub const DATA_DIR: &str = "GIGASITE_DATA_DIR";

/// Says which folder of records was chosen.
const CHOSEN: &str = "catalogue-folder.json";
/// The one that is used where none was.
const CATALOGUE: &str = "catalogue";

/// The folder of settings and side files; `None` where the system has no place for one.
pub fn data_folder() -> Option<PathBuf> {
    named(DATA_DIR).or_else(system_folder)
}

/// The folder that a variable of the environment names.
fn named(variable: &str) -> Option<PathBuf> {
    std::env::var_os(variable).filter(|folder| !folder.is_empty()).map(PathBuf::from)
}

/// Where the system keeps the data of this program; the window system asks for the same.
fn system_folder() -> Option<PathBuf> {
    let home = std::env::home_dir;
    if cfg!(target_os = "windows") {
        named("APPDATA").map(|p| p.join(APP_ID).join("data"))
    } else if cfg!(target_os = "macos") {
        home().map(|p| p.join("Library/Application Support").join(APP_ID))
    } else {
        let data = named("XDG_DATA_HOME").filter(|p| p.is_absolute());
        let data = data.or_else(|| home().map(|p| p.join(".local/share")));
        data.map(|p| p.join(APP_ID.to_lowercase()))
    }
}

/// The folder of own records below a folder of settings: the one that was chosen, else one
/// beside the settings. It need not be there.
pub fn catalogue_folder(data: &Path) -> PathBuf {
    let chosen = file::read_text(&data.join(CHOSEN)).ok();
    let chosen = chosen.and_then(|text| serde_json::from_str(&text).ok());
    chosen.unwrap_or_else(|| data.join(CATALOGUE))
}

/// The folder of own records of this user, where there are any.
pub fn own_records() -> Option<PathBuf> {
    let folder = catalogue_folder(&data_folder()?);
    let has_records = std::fs::read_dir(&folder).is_ok_and(|entries| {
        entries.flatten().any(|entry| entry.path().extension().is_some_and(|e| e == "ron"))
    });
    has_records.then_some(folder)
}

/// Remembers another folder of own records.
///
/// # Errors
/// [`SaveError`] where that cannot be written.
pub fn choose_catalogue(data: &Path, folder: &Path) -> Result<(), SaveError> {
    let failed = |source| SaveError::Io { doing: "make", path: data.to_owned(), source };
    std::fs::create_dir_all(data).map_err(failed)?;
    // The next program may start in another folder.
    let folder = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    let path = data.join(CHOSEN);
    let unnamed = |e: serde_json::Error| SaveError::Io {
        doing: "remember",
        path: folder.clone(),
        source: e.into(),
    };
    let text = serde_json::to_string(&folder).map_err(unnamed)?;
    file::save_text(&path, &text, Backup::None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chosen_folder_is_remembered_and_a_broken_note_of_it_is_none() {
        let data = tempfile::tempdir().expect("a folder");
        let inside = data.path().join("settings");
        assert_eq!(catalogue_folder(&inside), inside.join("catalogue"));
        let chosen = data.path().join("own \"records\"");
        choose_catalogue(&inside, &chosen).expect("writes");
        assert_eq!(catalogue_folder(&inside), chosen);
        std::fs::write(inside.join(CHOSEN), "{").expect("writes");
        assert_eq!(catalogue_folder(&inside), inside.join("catalogue"));
    }
}
