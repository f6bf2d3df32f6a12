//! Work that outlives its program: side files, their locks, what is offered.

use super::session::{Instant, start};
use super::{catalog, layout, set, shift, tiny};
use gigasite::editor::{
    Autosave, Command, Difference, Document, Found, Kept, Session, Standing, Store, TierSource,
};
use gigasite::site::{Site, file};
use std::fs;
use std::path::Path;
use std::time::Duration;

const SECOND: Duration = Duration::from_secs(1);

/// Steps the autosave at one moment until it has written or cleared.
fn settle(autosave: &mut Autosave, session: &Session, at: Duration) {
    let document = session.editor().document();
    for _ in 0..500 {
        autosave.step(document, at);
        match autosave.kept(document) {
            Kept::Behind => std::thread::sleep(Duration::from_millis(10)),
            _ => return,
        }
    }
    panic!("nothing is kept");
}

/// An edit, and the time that the autosave waits for another one.
fn edit_and_keep(autosave: &mut Autosave, session: &mut Session, (path, value): (&str, &str)) {
    session.apply(&set(path, value)).expect("a field");
    autosave.step(session.editor().document(), Duration::ZERO);
    settle(autosave, session, 60 * SECOND);
}

fn side_files(folder: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let names = entries.map(|e| e.expect("entry").file_name().to_string_lossy().into_owned());
    let mut names: Vec<String> = names.filter(|n| n.ends_with(".ron")).collect();
    names.sort();
    names
}

/// A folder, a saved document in it, and a store beside it.
fn stage() -> (tempfile::TempDir, Session, Store) {
    let folder = tempfile::tempdir().expect("a folder");
    let mut session = start(Document::new(tiny()), || Instant);
    session.save_as(&folder.path().join("site.ron")).expect("written");
    let store = Store::new(folder.path().join("recovery"));
    (folder, session, store)
}

fn one(store: &Store) -> Found {
    let mut found = store.abandoned();
    assert_eq!(found.len(), 1);
    found.remove(0)
}

#[test]
fn edits_are_kept_once_the_hand_rests_and_gone_once_saved() {
    let (folder, mut session, store) = stage();
    let side = folder.path().join("recovery");
    let mut autosave = Autosave::new(store, || {}).expect("a thread");
    assert_eq!(autosave.step(session.editor().document(), SECOND), None);
    session.apply(&set("site.grid_contract_mw", "30")).expect("a field");
    let wait = autosave.step(session.editor().document(), SECOND).expect("it has to come again");
    assert!(wait >= SECOND && wait <= 5 * SECOND, "a few seconds: {wait:?}");
    assert_eq!(side_files(&side), [""; 0], "not at once");
    assert_eq!(autosave.kept(session.editor().document()), Kept::Behind);
    settle(&mut autosave, &session, SECOND + wait);
    assert_eq!(autosave.kept(session.editor().document()), Kept::Newest);
    assert_eq!(side_files(&side).len(), 1);
    assert_eq!(autosave.step(session.editor().document(), 100 * SECOND), None, "idle is idle");

    session.save().expect("written");
    settle(&mut autosave, &session, 101 * SECOND);
    for _ in 0..500 {
        autosave.step(session.editor().document(), 101 * SECOND);
        if side_files(&side).is_empty() {
            break;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    assert_eq!(side_files(&side), [""; 0], "what is in the file needs no side file");
}

#[test]
fn steady_work_is_kept_without_a_rest() {
    let (folder, mut session, store) = stage();
    let mut autosave = Autosave::new(store, || {}).expect("a thread");
    for tick in 1..=30u32 {
        session.apply(&set("site.grid_contract_mw", &tick.to_string())).expect("a field");
        autosave.step(session.editor().document(), tick * SECOND / 2);
        std::thread::sleep(Duration::from_millis(2));
    }
    drop(autosave);
    let side = folder.path().join("recovery");
    assert_eq!(side_files(&side).len(), 1, "15 s of edits every half second");
}

#[test]
fn work_of_a_living_window_is_offered_to_nobody() {
    let (_folder, mut session, store) = stage();
    let mut autosave = Autosave::new(store.clone(), || {}).expect("a thread");
    edit_and_keep(&mut autosave, &mut session, ("site.grid_contract_mw", "30"));
    assert!(store.abandoned().is_empty(), "its window lives");
    // A program that is killed takes nothing along but its locks.
    drop(autosave);
    let found = one(&store);
    assert!(store.abandoned().is_empty(), "one window at a time is asked");
    drop(found);
    one(&store).discard();
    assert!(store.abandoned().is_empty(), "discarded for good");
}

#[test]
fn lost_work_comes_back_as_one_step_on_top_of_its_file() {
    let (folder, mut session, store) = stage();
    let path = folder.path().join("site.ron");
    let saved = session.editor().site().clone();
    let mut autosave = Autosave::new(store.clone(), || {}).expect("a thread");
    session.apply(&shift(&["b-1"], 1.0, 0.0)).expect("a block");
    edit_and_keep(&mut autosave, &mut session, ("site.grid_contract_mw", "30"));
    let lost = session.editor().site().clone();
    drop((autosave, session));

    let found = one(&store);
    assert_eq!((found.title(), found.path()), ("Tiny", Some(path.as_path())));
    assert!(found.age() < 60 * SECOND && found.fault().is_none());
    let Standing::File { difference, changed_since: false } = found.standing(&catalog()) else {
        panic!("{:?}", found.standing(&catalog()))
    };
    assert_eq!(
        difference.changed,
        ["Set grid contract to 30 MW", "Move block Blackwell, installed"]
    );
    assert!(difference.added.is_empty() && difference.removed.is_empty());

    let mut next = start(Document::new(tiny()), || Instant);
    next.recover(&found).expect("it can be read");
    assert_eq!(*next.editor().site(), lost);
    assert!(next.editor().document().is_dirty(), "it is in no file yet");
    assert_eq!(next.editor().document().path(), Some(path.as_path()));
    assert!(next.undo());
    assert_eq!(*next.editor().site(), saved, "undo gives the file");
    assert!(!next.editor().document().is_dirty());
    assert!(next.redo());
    // The old side file goes once the new window has one of its own.
    let mut autosave = Autosave::new(store.clone(), || {}).expect("a thread");
    autosave.take_over(found);
    let side = folder.path().join("recovery");
    let before = side_files(&side);
    autosave.step(next.editor().document(), Duration::ZERO);
    settle(&mut autosave, &next, 60 * SECOND);
    let after = side_files(&side);
    assert!(after.len() == 1 && after != before, "{before:?}, then {after:?}");
    next.save().expect("written");
    assert_eq!(Site::from_file(file::load(&path).expect("reads")), lost);
}

#[test]
fn work_that_never_had_a_file_comes_back_without_one() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::new(folder.path().join("deep/recovery"));
    let mut session = start(Document::new(tiny()), || Instant);
    let mut autosave = Autosave::new(store.clone(), || {}).expect("a thread");
    edit_and_keep(&mut autosave, &mut session, ("site.name", "\"Nova\""));
    let lost = session.editor().site().clone();
    drop((autosave, session));
    let found = one(&store);
    assert_eq!((found.title(), found.path()), ("Nova", None));
    assert_eq!(found.standing(&catalog()), Standing::NoFile);
    let mut next = start(Document::new(tiny()), || Instant);
    next.recover(&found).expect("it can be read");
    assert_eq!(*next.editor().site(), lost);
    assert!(next.editor().document().is_dirty() && next.editor().document().path().is_none());
}

#[test]
fn file_that_changed_after_the_crash_is_not_overwritten_unasked() {
    let (folder, mut session, store) = stage();
    let path = folder.path().join("site.ron");
    let mut autosave = Autosave::new(store.clone(), || {}).expect("a thread");
    edit_and_keep(&mut autosave, &mut session, ("site.grid_contract_mw", "30"));
    drop((autosave, session));
    let mut other = start(Session::read(&path).expect("reads"), || Instant);
    other.apply(&set("site.grid_contract_mw", "77")).expect("a field");
    other.save().expect("written");

    let found = one(&store);
    let standing = found.standing(&catalog());
    assert!(matches!(standing, Standing::File { changed_since: true, .. }), "{standing:?}");
    let mut next = start(Document::new(tiny()), || Instant);
    next.recover(&found).expect("it can be read");
    assert!(next.save().is_err(), "the file has been written since");
    fs::remove_file(&path).expect("removed");
    let mut next = start(Document::new(tiny()), || Instant);
    next.recover(&found).expect("a lost file is no obstacle");
    assert!(next.editor().document().is_dirty());
    next.save().expect("written again");
    assert!(path.exists());
}

#[test]
fn windows_keep_their_work_apart() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::new(folder.path().to_owned());
    let mut windows = Vec::new();
    for n in 0..4 {
        let mut session = start(Document::new(tiny()), || Instant);
        let mut autosave = Autosave::new(store.clone(), || {}).expect("a thread");
        let name = format!("\"Site {n}\"");
        edit_and_keep(&mut autosave, &mut session, ("site.name", &name));
        windows.push((session, autosave));
    }
    let (_, ended) = windows.remove(1);
    drop(ended);
    let found = one(&store);
    assert_eq!(found.title(), "Site 1", "only that of the window that is gone");
    drop((found, windows));
    let mut titles: Vec<String> = store.abandoned().iter().map(|f| f.title().to_owned()).collect();
    titles.sort();
    assert_eq!(titles, ["Site 0", "Site 1", "Site 2", "Site 3"]);
}

#[test]
fn end_of_the_program_leaves_only_what_nobody_gave_up() {
    let (folder, mut session, store) = stage();
    let side = folder.path().join("recovery");
    let mut autosave = Autosave::new(store.clone(), || {}).expect("a thread");
    edit_and_keep(&mut autosave, &mut session, ("site.grid_contract_mw", "30"));
    autosave.end(None);
    assert_eq!(fs::read_dir(&side).expect("a folder").count(), 0, "given up: not even a lock");

    let autosave = Autosave::new(store.clone(), || {}).expect("a thread");
    session.apply(&set("site.grid_contract_mw", "31")).expect("a field");
    autosave.end(Some(session.editor().document()));
    let found = one(&store);
    let Standing::File { difference, .. } = found.standing(&catalog()) else { panic!("a file") };
    assert_eq!(difference.changed, ["Set grid contract to 31 MW"]);
}

#[test]
fn damaged_side_file_is_shown_and_harms_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::new(folder.path().to_owned());
    fs::write(folder.path().join("1-2-3.ron"), "// Gigasite recovery 1 {broken\n(version: 1,")
        .expect("written");
    let found = one(&store);
    assert!(found.fault().is_some_and(|fault| !fault.is_empty()));
    let mut session = start(Document::new(tiny()), || Instant);
    assert!(session.recover(&found).is_err());
    assert_eq!(*session.editor().site(), tiny());
}

#[test]
fn file_outside_the_folder_is_never_taken_for_abandoned_work() {
    let (folder, mut session, store) = stage();
    let mut autosave = Autosave::new(store.clone(), || {}).expect("a thread");
    edit_and_keep(&mut autosave, &mut session, ("site.grid_contract_mw", "30"));
    let layout = folder.path().join("site.ron");
    assert!(store.take(layout.clone()).is_none(), "discarding it would remove a layout");
    assert!(store.take(folder.path().join("recovery/none.ron")).is_none());
    let names = |folder: &Path| fs::read_dir(folder).expect("a folder").count();
    assert_eq!((names(folder.path()), names(&folder.path().join("recovery"))), (2, 2));
    let side = folder.path().join("recovery").join(&side_files(&folder.path().join("recovery"))[0]);
    assert!(store.take(side.clone()).is_none(), "its window lives");
    drop(autosave);
    let found = store.take(side).expect("abandoned");
    assert_eq!(found.title(), "Tiny");
}

#[test]
fn folder_that_cannot_be_used_is_told_and_tried_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let blocked = folder.path().join("recovery");
    fs::write(&blocked, "a file where the folder should be").expect("written");
    let store = Store::new(blocked.clone());
    let mut session = start(Document::new(tiny()), || Instant);
    let mut autosave = Autosave::new(store, || {}).expect("a thread");
    edit_and_keep(&mut autosave, &mut session, ("site.grid_contract_mw", "30"));
    let document = session.editor().document();
    let Kept::Failed(why) = autosave.kept(document) else { panic!("it must fail") };
    assert!(why.contains("recovery"), "{why}");
    let wait = autosave.step(document, 61 * SECOND).expect("it will try again");
    fs::remove_file(&blocked).expect("removed");
    autosave.step(document, 61 * SECOND + wait);
    settle(&mut autosave, &session, 61 * SECOND + wait);
    assert_eq!(autosave.kept(session.editor().document()), Kept::Newest);
}

fn steps(before: &Site, commands: &[Command]) -> Vec<String> {
    let mut session = start(Document::new(before.clone()), || Instant);
    for command in commands {
        session.apply(command).unwrap_or_else(|e| panic!("{command:?}: {e}"));
    }
    let found = Difference::between(before, session.editor().site(), &catalog());
    let back = Difference::between(session.editor().site(), before, &catalog());
    assert_eq!(back.added.len(), found.removed.len(), "seen from the other side");
    found.lines().map(str::to_owned).collect()
}

#[test]
fn differences_are_told_in_the_words_of_the_undo_list() {
    let site = tiny();
    assert!(Difference::between(&site, &tiny(), &catalog()).is_empty());
    let campus = layout("layouts/campus-1gw.ron");
    assert!(Difference::between(&campus, &campus, &catalog()).is_empty());
    for (commands, words) in [
        (vec![set("tiers.premium.min_tok_s_user", "60")], "Set least speed per user of Premium"),
        (vec![set("loops.loop-1.cdus.cdu-1.heat_mw", "3")], "Set heat of CDU 1 to 3 MW"),
        (vec![set("halls.hall-1.name", "\"North hall\"")], "Rename hall 1 to North hall"),
        (vec![set("racks.vr-nvl72.price_usd", "8e6")], "Set price of VR to $8.00 M"),
        (vec![Command::Remove { ids: vec!["b-1".into()] }], "Remove 16 racks"),
        (vec![Command::AddTier(TierSource::CopyOf("premium".into()))], "Add tier Premium"),
        (vec![Command::RemoveTier { tier: "premium".into() }], "Remove tier Premium"),
        (vec![shift(&["b-1"], 2.0, 1.0)], "Move block"),
    ] {
        let lines = steps(&site, &commands);
        assert!(lines.iter().any(|line| line.starts_with(words)), "{words}: {lines:?}");
        assert_eq!(lines.len(), 1, "nothing else: {lines:?}");
    }
}
