//! Files of underlays: where they lie, whether they are there and still the same.
//!
//! A layout without its underlays is a whole layout, so that what is missing is a warning.

use super::save::read_bytes;
use crate::diag::{Diagnostic, Report};
use crate::site::import::{self, Content};
use crate::site::{Site, Underlay};
use std::path::{Component, Path, PathBuf};

/// Where the file of an underlay lies; `folder` is that of the layout.
pub fn underlay_path(underlay: &Underlay, folder: Option<&Path>) -> PathBuf {
    folder.unwrap_or(Path::new("")).join(&underlay.file)
}

/// The bytes of the file of an underlay, with what is wrong about it.
pub fn read_underlay(underlay: &Underlay, folder: Option<&Path>) -> (Option<Vec<u8>>, Report) {
    let mut report = Report::default();
    let path = format!("underlays.{}.file", underlay.id);
    let Ok(bytes) = read_bytes(&underlay_path(underlay, folder)) else {
        let message = format!("The underlay file {} cannot be read", underlay.file);
        let hint = "Put the file back, name another one, or remove the underlay";
        report.push(Diagnostic::warning("underlay-missing", path, message, hint));
        return (None, report);
    };
    if !underlay.sha256.is_empty() && import::sha256(&bytes) != underlay.sha256 {
        let message = format!("The underlay file {} is not the one that was taken", underlay.file);
        let hint = "Look whether it still fits; import it again to take it as it is";
        report.push(Diagnostic::warning("underlay-changed", path, message, hint));
    }
    (Some(bytes), report)
}

/// What is wrong with the files of the underlays of a site.
pub fn check_underlays(site: &Site, folder: Option<&Path>) -> Report {
    let mut report = Report::default();
    for underlay in &site.campus.underlays {
        report.extend(read_underlay(underlay, folder).1);
    }
    report
}

/// The content of an underlay file.
///
/// # Errors
/// What is wrong with it, with its place.
pub fn underlay_content(underlay: &Underlay, bytes: &[u8]) -> Result<Content, Report> {
    import::content(&underlay.file, bytes)
}

/// Path of a file as a layout in a folder should name it: from the folder where the two
/// share a root, whole otherwise; with `/` on every system.
pub fn reference(file: &Path, folder: Option<&Path>) -> String {
    let whole = |p: &Path| std::fs::canonicalize(p).unwrap_or_else(|_| p.to_owned());
    let (file, folder) = (whole(file), folder.map(whole));
    let relative = folder.and_then(|folder| relative(&file, &folder)).unwrap_or(file);
    relative.to_string_lossy().replace('\\', "/")
}

fn relative(file: &Path, folder: &Path) -> Option<PathBuf> {
    let (a, b): (Vec<Component<'_>>, Vec<Component<'_>>) =
        (file.components().collect(), folder.components().collect());
    let same = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    // Another drive, or nothing in common but the root.
    if same < 2 {
        return None;
    }
    let up = b.iter().skip(same).map(|_| Component::ParentDir);
    Some(up.chain(a.into_iter().skip(same)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_beside_or_above_the_layout_is_named_from_it() {
        let name = |file: &str| {
            relative(Path::new(file), Path::new("/plans/sites")).map(|p| p.display().to_string())
        };
        assert_eq!(name("/plans/sites/a.png").as_deref(), Some("a.png"));
        assert_eq!(name("/plans/sites/maps/a.png").as_deref(), Some("maps/a.png"));
        assert_eq!(name("/plans/maps/a.png").as_deref(), Some("../maps/a.png"));
        assert_eq!(name("/elsewhere/a.png"), None);
    }
}
