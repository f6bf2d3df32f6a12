//! Layout files: broken ones and what is said of them; round trips.

use gigasite::catalog::Catalog;
use gigasite::site::{LayoutFile, Site, file, validate};
use std::path::{Path, PathBuf};

fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name)
}

fn tiny_text() -> String {
    std::fs::read_to_string(data("layouts/tiny-built.ron")).unwrap()
}

fn tiny() -> LayoutFile {
    file::parse(&tiny_text(), "tiny-built.ron").unwrap_or_else(|report| panic!("{report:?}"))
}

#[test]
fn writing_and_reading_a_layout_gives_the_same_layout() {
    let layout = tiny();
    let text = file::to_ron(&layout);
    let again = file::parse(&text, "again").unwrap_or_else(|report| panic!("{report:?}\n{text}"));
    assert_eq!(again, layout);
    assert_eq!(file::to_ron(&again), text, "writing is stable");
}

#[test]
fn numbers_and_names_survive_writing_exactly() {
    let mut layout = tiny();
    let odd = [1.0 / 3.0, 1e300, 5e-324, f64::MAX, 1e16, 123456789.123456789, 0.1 + 0.2, -0.0];
    for value in odd {
        layout.site.grid_contract_mw = Some(value);
        layout.site.name = "Ünïcode \"quoted\" \\ back\nline \u{1F50C} r#\"x\"#".into();
        layout.policy.shares.insert("a key, (with) [brackets]: and \"quotes\"".into(), value);
        let again = file::parse(&file::to_ron(&layout), "again").unwrap();
        assert_eq!(again, layout);
        assert_eq!(again.site.grid_contract_mw.unwrap().to_bits(), value.to_bits());
    }
}

#[test]
fn no_line_of_a_written_layout_is_wider_than_a_screen() {
    let text = file::to_ron(&tiny());
    for line in text.lines() {
        assert!(line.chars().count() <= 100, "{line}");
    }
    assert!(text.contains("from: [\"tx-1\"],"), "short lists stay on a line:\n{text}");
}

#[test]
fn grouping_by_hall_and_back_loses_nothing() {
    let mut layout = tiny();
    // A block in a hall that does not exist and one in none.
    let mut stray = layout.blocks[0].clone();
    stray.id = "stray".into();
    stray.hall = Some("nowhere".into());
    let mut free = stray.clone();
    free.id = "free".into();
    free.hall = None;
    layout.blocks.insert(0, stray);
    layout.blocks.push(free);
    let site = Site::from_file(layout.clone());
    let back = site.to_file();
    assert_eq!(Site::from_file(back.clone()), site);
    let sorted = |mut l: LayoutFile| {
        l.blocks.sort_by(|a, b| a.id.cmp(&b.id));
        l
    };
    assert_eq!(sorted(back), sorted(layout));
    let halls: Vec<_> = site.halls.iter().map(|g| g.hall.as_ref().map(|h| h.id.as_str())).collect();
    assert_eq!(halls, [Some("hall-1"), Some("hall-2"), None]);
}

#[test]
fn saving_keeps_the_previous_file_and_its_permissions() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("site.ron");
    let mut layout = tiny();
    file::save(&path, &layout).unwrap();
    assert!(!folder.path().join("site.ron.bak").exists(), "nothing to back up yet");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
    }
    let before = std::fs::read_to_string(&path).unwrap();
    layout.site.name = "Second".into();
    file::save(&path, &layout).unwrap();
    layout.site.name = "Third".into();
    file::save(&path, &layout).unwrap();
    assert_eq!(file::load(&path).unwrap(), layout);
    let backup = file::load(&folder.path().join("site.ron.bak")).unwrap();
    assert_eq!(backup.site.name, "Second");
    assert_ne!(std::fs::read_to_string(&path).unwrap(), before);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o640);
    }
    let names: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|e| e.unwrap()).collect();
    assert_eq!(names.len(), 2, "no temporary file stays: {names:?}");
}

#[test]
fn a_file_that_must_not_be_written_stays_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("site.ron");
    std::fs::write(&path, "precious").unwrap();
    let mut permissions = std::fs::metadata(&path).unwrap().permissions();
    permissions.set_readonly(true);
    std::fs::set_permissions(&path, permissions).unwrap();
    assert!(matches!(file::save(&path, &tiny()), Err(file::SaveError::ReadOnly(_))));
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "precious");
    assert!(matches!(file::save(folder.path(), &tiny()), Err(file::SaveError::NotAFile(_))));
    assert!(file::save(&folder.path().join("no/such/folder.ron"), &tiny()).is_err());
}

fn catalog() -> Catalog {
    Catalog::embedded().unwrap_or_else(|report| panic!("{report:?}"))
}

#[test]
fn the_tiny_layout_is_valid() {
    let (valid, report) = validate(&Site::from_file(tiny()), &catalog());
    assert!(valid.is_some() && report.items.is_empty(), "{report:#?}");
}
