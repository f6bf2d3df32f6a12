//! Documents and their files.

use super::session::{Instant, start};
use super::{set, tiny};
use gigasite::editor::{Document, SaveError, Session};
use gigasite::site::file;
use std::fs;

#[test]
fn saving_makes_clean_and_undo_to_the_saved_state_too() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("site.ron");
    let mut session = start(Document::new(tiny()), || Instant);
    assert!(!session.editor().document().is_dirty(), "a new site has nothing to lose");
    assert!(matches!(session.save(), Err(SaveError::NoPath)));
    session.apply(&set("site.grid_contract_mw", "30")).expect("a field");
    assert!(session.editor().document().is_dirty());
    session.save_as(&path).expect("written");
    assert!(!session.editor().document().is_dirty());
    assert_eq!(session.editor().document().path(), Some(path.as_path()));

    session.apply(&set("site.grid_contract_mw", "40")).expect("a field");
    assert!(session.editor().document().is_dirty());
    session.undo();
    assert!(!session.editor().document().is_dirty(), "back at what stands in the file");
    session.undo();
    assert!(session.editor().document().is_dirty(), "before what stands in the file");
    session.redo();
    session.redo();
    session.save().expect("written");

    let copy = folder.path().join("recovered.ron");
    session.apply(&set("site.grid_contract_mw", "50")).expect("a field");
    session.save_copy(&copy).expect("written");
    assert!(session.editor().document().is_dirty(), "a copy is not the document's file");
    assert_eq!(file::load(&copy).expect("reads"), session.editor().site().to_file());
    session.undo();

    let read = file::load(&path).expect("reads");
    assert_eq!(read, session.editor().site().to_file());
    let mut other = start(Document::new(tiny()), || Instant);
    other.open(&path).expect("opens");
    assert_eq!(other.editor().site().to_file(), read);
    assert!(!other.editor().document().is_dirty() && other.editor().history().is_empty());
    assert_eq!(other.editor().document().title(), "Tiny");
}

#[test]
fn file_written_by_another_program_is_not_overwritten_unasked() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("site.ron");
    let mut session = start(Document::new(tiny()), || Instant);
    session.save_as(&path).expect("written");
    assert!(!session.changed_on_disk());
    let foreign =
        format!("{}\n// a colleague was here\n", fs::read_to_string(&path).expect("text"));
    fs::write(&path, &foreign).expect("written");
    assert!(session.changed_on_disk());
    let refused = session.save().expect_err("changed meanwhile");
    assert!(matches!(&refused, SaveError::ChangedOnDisk(at) if *at == path));
    assert!(refused.to_string().contains("changed by another program"));
    assert_eq!(fs::read_to_string(&path).expect("text"), foreign);
    session.save_over().expect("written");
    assert!(!session.changed_on_disk());
    fs::remove_file(&path).expect("removed");
    session.save().expect("a file that is gone is written again");
}

#[test]
fn unreadable_layout_leaves_the_document_alone_and_says_where() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("broken.ron");
    fs::write(&path, "(version: 1,\n  site: (name: 5)").expect("written");
    let mut session = start(Document::new(tiny()), || Instant);
    let error = session.open(&path).expect_err("broken");
    assert!(error.to_string().contains("broken.ron:"), "{error}");
    assert_eq!(*session.editor().site(), tiny());
    assert!(Session::read(&folder.path().join("none.ron")).is_err());
}
