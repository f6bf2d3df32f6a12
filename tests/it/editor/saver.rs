//! Saving beside the window.

use super::session::{Instant, start};
use super::{set, tiny};
use gigasite::editor::{Document, SaveError, Saver, Session, Target};
use gigasite::site::file;
use std::path::Path;

fn contract(path: &Path) -> Option<f64> {
    file::load(path).expect("reads").site.grid_contract_mw
}

fn edited(session: &mut Session, contract_mw: &str) {
    session.apply(&set("site.grid_contract_mw", contract_mw)).expect("a field");
}

/// A session on a file that it has saved.
fn saved(path: &Path) -> Session {
    let mut session = start(Document::new(tiny()), || Instant);
    session.save_as(path).expect("written");
    session
}

#[test]
fn saves_run_in_order_none_is_left_out_and_each_is_of_its_moment() {
    let folder = tempfile::tempdir().expect("a folder");
    let (path, other) = (folder.path().join("site.ron"), folder.path().join("other.ron"));
    let mut session = saved(&path);
    let mut saver = Saver::new(|| {}).expect("a thread");
    edited(&mut session, "30");
    saver.ask(session.editor().document(), Target::Own);
    assert!(saver.covers(session.editor().document()));
    edited(&mut session, "31");
    assert!(!saver.covers(session.editor().document()), "edited since");
    saver.ask(session.editor().document(), Target::File(other.clone()));
    edited(&mut session, "32");
    // To the file that the save before makes its own.
    saver.ask(session.editor().document(), Target::Own);
    edited(&mut session, "33");
    assert!(session.editor().document().is_dirty());
    saver.finish(&mut session).expect("all are written");
    assert_eq!((contract(&path), contract(&other)), (Some(30.0), Some(32.0)));
    assert_eq!(contract(&folder.path().join("other.ron.bak")), Some(31.0));
    let document = session.editor().document();
    assert_eq!(document.path(), Some(other.as_path()));
    assert!(document.is_dirty(), "what was edited meanwhile is not in the file");
    session.undo();
    assert!(!session.editor().document().is_dirty(), "back at what was saved last");
}

#[test]
fn a_save_that_fails_is_told_leaves_the_document_unsaved_and_holds_up_no_other() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("site.ron");
    let mut session = saved(&path);
    let mut saver = Saver::new(|| {}).expect("a thread");
    edited(&mut session, "30");
    let nowhere = folder.path().join("gone/site.ron");
    saver.ask(session.editor().document(), Target::File(nowhere));
    let failed = saver.finish(&mut session).expect_err("no such folder");
    assert!(matches!(failed, SaveError::File(file::SaveError::NoFolder(_))), "{failed}");
    assert_eq!(session.editor().document().path(), Some(path.as_path()));
    assert!(session.editor().document().is_dirty());
    // Another program has been at the file: that is found out beside the window as well.
    std::fs::write(&path, "( )").expect("written");
    saver.ask(session.editor().document(), Target::Own);
    saver.ask(session.editor().document(), Target::OwnWhatever);
    let refused = saver.finish(&mut session).expect_err("changed meanwhile");
    assert!(matches!(refused, SaveError::ChangedOnDisk(_)), "{refused}");
    assert_eq!(contract(&path), Some(30.0), "the one behind it was told to");
    assert!(!session.editor().document().is_dirty());
}

#[test]
fn a_save_of_a_document_that_has_left_the_window_is_not_taken_for_the_new_one() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("site.ron");
    let mut session = saved(&path);
    let mut saver = Saver::new(|| {}).expect("a thread");
    edited(&mut session, "30");
    saver.ask(session.editor().document(), Target::Own);
    session.replace(Document::new(tiny()));
    saver.restart();
    edited(&mut session, "44");
    assert!(!saver.covers(session.editor().document()));
    saver.finish(&mut session).expect("written all the same");
    assert_eq!(contract(&path), Some(30.0));
    let document = session.editor().document();
    assert!(document.is_dirty() && document.path().is_none());
}
