//! Documents and their files.

use super::session::{Instant, start};
use super::{set, tiny};
use gigasite::editor::{Document, SaveError, Seen, Session, Watch};
use gigasite::site::file;
use std::fs;
use std::time::{Duration, SystemTime};

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
fn file_written_anew_with_the_same_text_is_no_change() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("site.ron");
    let mut session = start(Document::new(tiny()), || Instant);
    session.save_as(&path).expect("written");
    let text = fs::read_to_string(&path).expect("text");
    let later = SystemTime::now() + Duration::from_secs(60);
    fs::write(&path, &text).expect("written");
    fs::File::options().write(true).open(&path).and_then(|f| f.set_modified(later)).expect("time");
    assert!(!session.changed_on_disk(), "another time, the same text");
    session.apply(&set("site.grid_contract_mw", "40")).expect("a field");
    session.save().expect("the file is the known one");
    assert!(!session.editor().document().is_dirty());
}

#[test]
fn save_that_fails_leaves_the_document_dirty_and_the_file_whole() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("site.ron");
    let mut session = start(Document::new(tiny()), || Instant);
    session.save_as(&path).expect("written");
    let before = fs::read_to_string(&path).expect("text");
    session.apply(&set("site.grid_contract_mw", "40")).expect("a field");
    let mut permissions = fs::metadata(&path).expect("a file").permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&path, permissions).expect("set");
    let error = session.save().expect_err("read-only");
    assert!(error.to_string().contains("read-only"), "{error}");
    let error = session.save_as(&folder.path().join("gone/site.ron")).expect_err("no folder");
    assert!(error.to_string().contains("does not exist"), "{error}");
    assert!(session.editor().document().is_dirty());
    assert_eq!(session.editor().document().path(), Some(path.as_path()));
    assert_eq!(fs::read_to_string(&path).expect("text"), before);
}

#[test]
fn reloading_is_one_step_that_undo_takes_back() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("site.ron");
    let mut mine = start(Document::new(tiny()), || Instant);
    mine.save_as(&path).expect("written");
    let mut theirs = start(Session::read(&path).expect("reads"), || Instant);
    theirs.apply(&set("site.grid_contract_mw", "33")).expect("a field");
    theirs.save().expect("written");
    mine.apply(&set("site.coincidence_frac", "0.7")).expect("a field");
    let before = mine.editor().site().clone();

    let steps = mine.difference_to_file().expect("reads");
    let lines: Vec<&str> = steps.lines().collect();
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert!(lines.contains(&"Set grid contract to 33 MW"), "{lines:?}");

    mine.reload().expect("reads");
    assert_eq!(mine.editor().site(), theirs.editor().site());
    assert!(!mine.editor().document().is_dirty() && !mine.changed_on_disk());
    assert!(mine.difference_to_file().expect("reads").is_empty());
    assert_eq!(mine.editor().undo_label(), Some("Reload from disk"));
    mine.undo();
    assert_eq!(*mine.editor().site(), before);
    assert!(mine.editor().document().is_dirty(), "what was here stands nowhere else");

    fs::write(&path, "(version: 1").expect("written");
    assert!(mine.reload().is_err());
    assert_eq!(*mine.editor().site(), before, "an unreadable file changes nothing");
}

/// What the watch sees, once it has looked.
fn seen(watch: &mut Watch, session: &Session) -> Seen {
    watch.look(session.editor().document(), Duration::ZERO, true);
    for _ in 0..500 {
        if let Some(seen) = watch.poll(session.editor().document()) {
            return seen;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    panic!("the watch says nothing")
}

#[test]
fn watch_tells_a_change_a_touch_and_a_loss_apart() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("site.ron");
    let mut session = start(Document::new(tiny()), || Instant);
    session.save_as(&path).expect("written");
    let mut watch = Watch::new(|| {}).expect("a thread");
    assert!(matches!(seen(&mut watch, &session), Seen::Same(_)));

    let same = seen(&mut watch, &session);
    session.keep_mine(same);
    assert!(!session.editor().document().is_dirty(), "there is nothing to keep it against");

    let text = fs::read_to_string(&path).expect("text");
    fs::write(&path, format!("{text}// more\n")).expect("written");
    let changed = seen(&mut watch, &session);
    assert!(matches!(changed, Seen::Changed(_)));
    session.keep_mine(changed);
    assert!(session.editor().document().is_dirty(), "the file holds something else");
    assert!(matches!(seen(&mut watch, &session), Seen::Same(_)), "known by now");
    session.save().expect("needs no further question");
    assert!(!session.editor().document().is_dirty());

    fs::remove_file(&path).expect("removed");
    let gone = seen(&mut watch, &session);
    assert_eq!(gone, Seen::Gone);
    session.keep_mine(gone);
    assert!(session.editor().document().is_dirty(), "it stands in no file");
    assert!(matches!(seen(&mut watch, &session), Seen::Same(_)), "said once");
    watch.look(session.editor().document(), Duration::from_secs(1), false);
    std::thread::sleep(Duration::from_millis(50));
    assert!(watch.poll(session.editor().document()).is_none(), "looks are some seconds apart");
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
