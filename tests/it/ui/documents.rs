//! Documents in the window: what is kept, what comes back, what is asked.

use super::app::{app, layout, open, settle};
#[cfg(unix)]
use super::pipe::{feed, pipe};
use super::{enter, look};
use eframe::egui::{self, Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use gigasite::editor::{Kept, RecentFiles, Store};
use gigasite::gui::action::{Action, Edit, File, Gesture, Tab, View};
use gigasite::gui::app::App;
use gigasite::gui::context::{Element, Kind};
use gigasite::gui::dialogs::FakeDialogs;
use gigasite::gui::prompts::Prompt;
use gigasite::gui::windows::FakeWindows;
use gigasite::scene::plan::ElementKind;
use gigasite::site::{Site, file};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

#[path = "../../../benches/common/sites.rs"]
#[allow(dead_code, reason = "benchmarks use the rest")]
mod sites;

/// A file as the window system drops it.
#[derive(Debug)]
pub struct Dropped(pub PathBuf);

impl egui::DroppedFile for Dropped {
    fn path(&self) -> &Path {
        &self.0
    }

    fn bytes(&self) -> Result<Vec<u8>, String> {
        fs::read(&self.0).map_err(|e| e.to_string())
    }
}

/// A copy of the pilot in a folder of its own.
fn pilot() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("pilot.ron");
    fs::copy(layout("pilot-20mw.ron"), &path).expect("copies");
    (folder, path)
}

/// A window that keeps its work in `store`.
fn keeping(path: &Path, store: &Path) -> Harness<'static, App> {
    let mut harness = app(path, FakeDialogs::default());
    let ctx = harness.ctx.clone();
    harness.state_mut().keep_in(&ctx, Store::new(store.to_owned()));
    harness.state_mut().offer(false);
    settle(&mut harness);
    harness
}

/// Runs frames until something holds.
fn until(harness: &mut Harness<'_, App>, what: &str, holds: impl Fn(&Harness<'_, App>) -> bool) {
    let started = Instant::now();
    while !holds(harness) {
        assert!(started.elapsed() < Duration::from_secs(30), "never: {what}");
        std::thread::sleep(Duration::from_millis(50));
        harness.run_steps(1);
    }
    harness.run_steps(2);
}

fn is_kept(harness: &Harness<'_, App>) -> bool {
    *harness.state().kept() == Kept::Newest
}

fn contract(harness: &Harness<'_, App>) -> Option<f64> {
    harness.state().session().editor().site().terms.site.grid_contract_mw
}

fn saved_contract(path: &Path) -> Option<f64> {
    file::load(path).expect("reads").site.grid_contract_mw
}

#[test]
fn work_of_a_window_that_was_killed_is_offered_and_recovered() {
    let (folder, path) = pilot();
    let store = folder.path().join("recovery");
    let mut harness = keeping(&path, &store);
    assert!(harness.state().prompt().is_none(), "nothing was left behind");
    enter(&mut harness, "Grid contract", "33");
    settle(&mut harness);
    harness.get_by_label_contains("Unsaved changes");
    until(&mut harness, "kept", is_kept);
    harness.get_by_label_contains("Unsaved changes, autosaved a moment ago");
    // As a kill does: no end, no question.
    drop(harness);

    let mut harness = keeping(&layout("campus-1gw.ron"), &store);
    let Some(Prompt::Recover(offers)) = harness.state().prompt() else { panic!("no offer") };
    assert_eq!(offers.offers[0].summary, "1 change newer than the file");
    assert_eq!(offers.offers[0].lines, ["Set grid contract to 33 MW"]);
    look(&mut harness, "recover");
    harness.ctx.set_theme(egui::Theme::Light);
    harness.run_steps(3);
    look(&mut harness, "recover-light");
    let title = offers_title(&harness);
    harness.get_by_label(&format!("Recover: {title}")).click();
    settle(&mut harness);
    assert!(harness.state().prompt().is_none());
    assert_eq!(contract(&harness), Some(33.0));
    let editor = harness.state().session().editor();
    assert_eq!(editor.document().path(), Some(path.as_path()));
    assert_eq!(editor.undo_label(), Some("Recover unsaved work"));
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    settle(&mut harness);
    assert_eq!(contract(&harness), saved_contract(&path), "undo gives the file");
    harness.key_press_modifiers(Modifiers::COMMAND | Modifiers::SHIFT, Key::Z);
    settle(&mut harness);
    harness.key_press_modifiers(Modifiers::COMMAND, Key::S);
    settle(&mut harness);
    assert_eq!(saved_contract(&path), Some(33.0));
    until(&mut harness, "cleared", |_| Store::new(store.clone()).abandoned().is_empty());
    drop(harness);
    let harness = keeping(&path, &store);
    assert!(harness.state().prompt().is_none(), "saved work is not offered again");
}

fn offers_title(harness: &Harness<'_, App>) -> String {
    let Some(Prompt::Recover(offers)) = harness.state().prompt() else { panic!("no offer") };
    offers.offers[0].title.clone()
}

#[test]
fn work_can_wait_and_is_discarded_only_after_a_second_question() {
    let (folder, path) = pilot();
    let store = folder.path().join("recovery");
    let mut harness = keeping(&path, &store);
    enter(&mut harness, "Grid contract", "33");
    until(&mut harness, "kept", is_kept);
    drop(harness);

    let mut harness = keeping(&path, &store);
    let title = offers_title(&harness);
    harness.get_by_label("Decide later").click();
    harness.run_steps(3);
    assert!(harness.state().prompt().is_none());
    assert_eq!(contract(&harness), saved_contract(&path), "nothing was taken over");

    harness.state_mut().push(Action::File(File::Recover));
    settle(&mut harness);
    harness.get_by_label(&format!("Discard: {title}")).click();
    harness.run_steps(3);
    look(&mut harness, "recover-discard");
    harness.get_by_label("Keep it").click();
    harness.run_steps(3);
    harness.get_by_label(&format!("Discard: {title}")).click();
    harness.run_steps(3);
    harness.get_by_label(&format!("Discard {title} for good")).click();
    harness.run_steps(3);
    assert!(harness.state().prompt().is_none());
    assert!(Store::new(store).abandoned().is_empty());
    harness.state_mut().push(Action::File(File::Recover));
    settle(&mut harness);
    harness.get_by_label("No unsaved work was found");
}

#[test]
fn work_beside_unsaved_changes_goes_into_a_window_of_its_own() {
    let (folder, path) = pilot();
    let store = folder.path().join("recovery");
    let mut harness = keeping(&path, &store);
    enter(&mut harness, "Grid contract", "33");
    until(&mut harness, "kept", is_kept);
    drop(harness);

    let mut harness = keeping(&path, &store);
    let windows = FakeWindows::default();
    let title = offers_title(&harness);
    harness.get_by_label("Decide later").click();
    harness.run_steps(2);
    harness.state_mut().set_windows(windows.clone());
    enter(&mut harness, "Grid contract", "21");
    harness.state_mut().push(Action::File(File::Recover));
    settle(&mut harness);
    harness.get_by_label(&format!("Recover in a new window: {title}")).click();
    harness.run_steps(3);
    assert_eq!(contract(&harness), Some(21.0), "this window keeps its own");
    let opened = windows.opened();
    assert_eq!(opened.len(), 1);
    assert_eq!(opened[0][0], "--recover");
    // What that window does with it.
    let mut other = app(&layout("campus-1gw.ron"), FakeDialogs::default());
    let ctx = other.ctx.clone();
    other.state_mut().keep_in(&ctx, Store::new(store));
    other.state_mut().recover_file(PathBuf::from(&opened[0][1]));
    settle(&mut other);
    assert_eq!(contract(&other), Some(33.0));
    other.state_mut().recover_file(PathBuf::from("no-such-file.ron"));
    settle(&mut other);
    assert!(matches!(other.state().prompt(), Some(Prompt::Failed { .. })));
}

#[test]
fn file_written_by_another_program_is_reloaded_kept_or_compared() {
    let (folder, path) = pilot();
    let mut harness = keeping(&path, &folder.path().join("recovery"));
    let write = |contract: f64| {
        let mut layout = file::load(&path).expect("reads");
        layout.site.grid_contract_mw = Some(contract);
        fs::write(&path, file::to_ron(&layout)).expect("writes");
    };
    let banner = "pilot.ron was changed by another program";
    enter(&mut harness, "Grid contract", "33");
    settle(&mut harness);
    write(44.0);
    until(&mut harness, "banner", |h| h.query_by_label(banner).is_some());
    look(&mut harness, "banner");
    harness.ctx.set_theme(egui::Theme::Light);
    harness.run_steps(3);
    look(&mut harness, "banner-light");
    harness.get_by_label("Compare...").click();
    settle(&mut harness);
    harness.get_by_label_contains("Set grid contract to 44 MW");
    look(&mut harness, "compare-file");
    harness.get_by_label("Cancel").click();
    harness.run_steps(3);
    harness.get_by_label("Reload").click();
    settle(&mut harness);
    assert_eq!(contract(&harness), Some(44.0));
    assert!(harness.query_by_label(banner).is_none());
    assert!(!harness.state().session().editor().document().is_dirty());
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    settle(&mut harness);
    assert_eq!(contract(&harness), Some(33.0), "nothing of mine is lost");

    write(55.0);
    until(&mut harness, "banner", |h| h.query_by_label(banner).is_some());
    harness.get_by_label("Keep mine").click();
    harness.run_steps(3);
    assert!(harness.query_by_label(banner).is_none());
    harness.key_press_modifiers(Modifiers::COMMAND, Key::S);
    settle(&mut harness);
    assert!(harness.state().prompt().is_none(), "asked once is enough");
    assert_eq!(saved_contract(&path), Some(33.0));
    let backup = path.with_file_name("pilot.ron.bak");
    assert_eq!(saved_contract(&backup), Some(55.0), "theirs is beside it");

    fs::remove_file(&path).expect("removes");
    let gone = "pilot.ron was moved or deleted; saving writes it again";
    until(&mut harness, "banner", |h| h.query_by_label(gone).is_some());
    harness.get_by_label("Save").click();
    settle(&mut harness);
    assert_eq!(saved_contract(&path), Some(33.0));
    assert!(harness.query_by_label(gone).is_none());
}

#[test]
fn file_menu_compares_with_the_file_and_goes_back_to_it() {
    let (_folder, path) = pilot();
    let mut harness = app(&path, FakeDialogs::default());
    let choose = |harness: &mut Harness<'_, App>, entry: &str| {
        harness.get_by_label("File menu").click();
        harness.run_steps(4);
        harness.get_by_label(entry).click();
        harness.run_steps(4);
    };
    choose(&mut harness, "Compare with the file...");
    settle(&mut harness);
    harness.get_by_label_contains("Nothing: the file holds the layout");
    harness.get_by_label("Close").click();
    harness.run_steps(3);
    assert!(!harness.state().session().editor().document().is_dirty());
    enter(&mut harness, "Grid contract", "33");
    choose(&mut harness, "Compare with the file...");
    settle(&mut harness);
    harness.get_by_label_contains("Set grid contract to 20 MW");
    harness.get_by_label("Cancel").click();
    harness.run_steps(3);
    choose(&mut harness, "Reload from disk");
    settle(&mut harness);
    assert_eq!(contract(&harness), saved_contract(&path));
    assert!(!harness.state().session().editor().document().is_dirty());
    assert_eq!(harness.state().session().editor().undo_label(), Some("Reload from disk"));

    harness.state_mut().push(Action::File(File::OpenExample(0)));
    settle(&mut harness);
    harness.get_by_label("File menu").click();
    harness.run_steps(4);
    harness.get_by_label("Reload from disk").click();
    settle(&mut harness);
    assert_eq!(harness.state().session().editor().undo_label(), None, "there is no file");
}

#[test]
fn new_starts_from_a_template_and_asks_about_unsaved_changes() {
    let (_folder, path) = pilot();
    let mut harness = app(&path, FakeDialogs::default());
    enter(&mut harness, "Grid contract", "33");
    settle(&mut harness);
    harness.key_press_modifiers(Modifiers::COMMAND, Key::N);
    harness.run_steps(3);
    look(&mut harness, "new");
    harness.get_by_label_contains("Keynote, Blackwell 1 GW").click();
    harness.run_steps(3);
    assert!(matches!(harness.state().prompt(), Some(Prompt::Unsaved { .. })));
    harness.get_by_label("Do not save").click();
    settle(&mut harness);
    let editor = harness.state().session().editor();
    assert_eq!(editor.document().path(), None);
    assert!(editor.site().terms.site.keynote && !editor.document().is_dirty());
    assert_ne!(saved_contract(&path), Some(33.0));
}

#[test]
fn every_template_can_be_reached_by_keyboard() {
    let mut harness = app(&layout("pilot-20mw.ron"), FakeDialogs::default());
    harness.key_press_modifiers(Modifiers::COMMAND, Key::N);
    harness.run_steps(3);
    harness.get_by_label_contains("Mixed racks, 250 MW").focus();
    harness.run_steps(2);
    harness.key_press(Key::Enter);
    settle(&mut harness);
    let editor = harness.state().session().editor();
    assert!(editor.document().path().is_none());
    let expected = file::load(&layout("mixed-250mw.ron")).map(Site::from_file);
    assert_eq!(expected.as_ref(), Ok(editor.site()));
}

#[test]
fn new_window_is_another_run_of_the_program() {
    let mut harness = app(&layout("pilot-20mw.ron"), FakeDialogs::default());
    let windows = FakeWindows::default();
    harness.state_mut().set_windows(windows.clone());
    harness.key_press_modifiers(Modifiers::COMMAND | Modifiers::SHIFT, Key::N);
    harness.run_steps(3);
    assert_eq!(windows.opened(), [Vec::<std::ffi::OsString>::new()]);
    let editor = harness.state().session().editor();
    assert_eq!(editor.document().path(), Some(layout("pilot-20mw.ron").as_path()));
}

#[test]
fn a_read_only_file_is_told_at_opening_and_saving_it_elsewhere_ends_that() {
    let (folder, path) = pilot();
    let mut rights = fs::metadata(&path).expect("is there").permissions();
    rights.set_readonly(true);
    fs::set_permissions(&path, rights).expect("is ours");
    let mut harness = keeping(&path, &folder.path().join("recovery"));
    let news = "pilot.ron is read-only: changes go into a file of another name";
    harness.get_by_label(news);
    harness.get_by_label_contains("saved, read-only");
    look(&mut harness, "read-only");
    harness.get_by_label("Keep open").click();
    harness.run_steps(3);
    assert!(harness.query_by_label(news).is_none(), "said once");
    harness.get_by_label_contains("saved, read-only");
    enter(&mut harness, "Grid contract", "33");
    harness.state_mut().push(Action::File(File::Save));
    settle(&mut harness);
    let Some(Prompt::SaveFailed { line }) = harness.state().prompt() else { panic!("no refusal") };
    assert!(line.contains("read-only"), "{line}");
    harness.get_by_label("Close").click();
    harness.run_steps(2);
    let other = folder.path().join("mine.ron");
    let answer = FakeDialogs { answer: Some(other.clone()), ..FakeDialogs::default() };
    let mut harness = app(&path, answer);
    harness.get_by_label("Save as...").click();
    settle(&mut harness);
    assert_eq!(saved_contract(&other), saved_contract(&path));
    harness.get_by_label_contains("saved");
    assert!(harness.query_by_label_contains("read-only").is_none());
}

#[test]
fn windows_share_one_list_of_recent_files() {
    let (folder, path) = pilot();
    let list = RecentFiles::new(folder.path().join("data/recent.json"));
    let mut first = app(&path, FakeDialogs::default());
    let ctx = first.ctx.clone();
    first.state_mut().share_recent(&ctx, list.clone());
    settle(&mut first);
    let mut second = app(&layout("campus-1gw.ron"), FakeDialogs::default());
    let ctx = second.ctx.clone();
    second.state_mut().share_recent(&ctx, list.clone());
    settle(&mut second);
    let all = [layout("campus-1gw.ron"), path.clone()];
    assert_eq!(second.state().view().prefs.recent, all);
    // The first has not heard of the campus, and what it opens does not push it out.
    open(&mut first, &layout("mixed-250mw.ron"));
    let all = [layout("mixed-250mw.ron"), layout("campus-1gw.ron"), path];
    assert_eq!(first.state().view().prefs.recent, all);
    assert_eq!(list.read().as_deref(), Some(&all[..]));
}

#[test]
fn recent_files_are_listed_and_one_that_is_gone_leaves_the_list() {
    let (_folder, path) = pilot();
    let mut harness = app(&path, FakeDialogs::default());
    open(&mut harness, &layout("campus-1gw.ron"));
    assert_eq!(harness.state().view().prefs.recent, [layout("campus-1gw.ron"), path.clone()]);
    fs::remove_file(&path).expect("removes");
    harness.get_by_label("File menu").click();
    harness.run_steps(4);
    look(&mut harness, "menu-file-recent");
    harness.get_by_label("pilot.ron").click();
    until(&mut harness, "the message", |h| h.state().prompt().is_some());
    let Some(Prompt::Failed { title, .. }) = harness.state().prompt() else { panic!("no message") };
    assert_eq!(title, "pilot.ron cannot be opened");
    assert_eq!(harness.state().view().prefs.recent, [layout("campus-1gw.ron")]);
    let editor = harness.state().session().editor();
    assert_eq!(editor.document().path(), Some(layout("campus-1gw.ron").as_path()));
}

#[test]
fn dropped_file_is_opened_after_the_question_about_unsaved_changes() {
    let (_folder, path) = pilot();
    let mut harness = app(&path, FakeDialogs::default());
    enter(&mut harness, "Grid contract", "33");
    settle(&mut harness);
    let campus = layout("campus-1gw.ron");
    let hovered = egui::HoveredFile { path: Some(campus.clone()), ..Default::default() };
    harness.input_mut().hovered_files.push(hovered);
    harness.run_steps(2);
    harness.get_by_label("Drop to open campus-1gw.ron");
    look(&mut harness, "drop");
    harness.input_mut().hovered_files.clear();
    harness.input_mut().dropped_files.push(Arc::new(Dropped(campus.clone())));
    harness.run_steps(3);
    assert!(matches!(harness.state().prompt(), Some(Prompt::Unsaved { .. })));
    harness.get_by_label("Cancel").click();
    harness.run_steps(3);
    assert_eq!(contract(&harness), Some(33.0));
    harness.input_mut().dropped_files.push(Arc::new(Dropped(campus.clone())));
    harness.run_steps(3);
    harness.get_by_label("Save").click();
    settle(&mut harness);
    assert_eq!(saved_contract(&path), Some(33.0));
    let editor = harness.state().session().editor();
    assert_eq!(editor.document().path(), Some(campus.as_path()));
}

#[test]
fn save_that_fails_says_why_and_the_document_stays_unsaved() {
    let (_folder, path) = pilot();
    let mut harness = app(&path, FakeDialogs::default());
    enter(&mut harness, "Grid contract", "33");
    let mut permissions = fs::metadata(&path).expect("a file").permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&path, permissions).expect("set");
    harness.key_press_modifiers(Modifiers::COMMAND, Key::S);
    settle(&mut harness);
    let Some(Prompt::SaveFailed { line }) = harness.state().prompt() else { panic!("no message") };
    assert!(line.contains("read-only"), "{line}");
    look(&mut harness, "save-failed");
    assert!(harness.state().session().editor().document().is_dirty());
    assert_ne!(saved_contract(&path), Some(33.0));
    harness.get_by_label("Close").click();
    harness.run_steps(2);
    assert!(harness.state().session().editor().document().is_dirty());
}

#[test]
fn save_that_fails_on_the_way_out_goes_on_under_another_name() {
    let (folder, path) = pilot();
    let other = folder.path().join("other.ron");
    let dialogs = FakeDialogs { answer: Some(other.clone()), ..FakeDialogs::default() };
    let mut harness = app(&path, dialogs);
    enter(&mut harness, "Grid contract", "33");
    let mut permissions = fs::metadata(&path).expect("a file").permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&path, permissions).expect("set");
    harness.state_mut().push(Action::File(File::OpenPath(layout("campus-1gw.ron"))));
    harness.run_steps(3);
    harness.get_by_label("Save").click();
    settle(&mut harness);
    harness.get_by_label("Save as...").click();
    settle(&mut harness);
    assert_eq!(saved_contract(&other), Some(33.0));
    let editor = harness.state().session().editor();
    assert_eq!(editor.document().path(), Some(layout("campus-1gw.ron").as_path()));
}

#[test]
fn name_that_is_taken_is_replaced_only_after_a_question() {
    let (folder, path) = pilot();
    let taken = folder.path().join("taken.ron");
    fs::copy(layout("campus-1gw.ron"), &taken).expect("copies");
    // The system's dialog was given a name without an ending, so it did not ask.
    let answer = Some(folder.path().join("taken"));
    let mut harness = app(&path, FakeDialogs { answer, ..FakeDialogs::default() });
    let before = fs::read_to_string(&taken).expect("reads");
    harness.key_press_modifiers(Modifiers::COMMAND | Modifiers::SHIFT, Key::S);
    settle(&mut harness);
    assert_eq!(*harness.state().prompt().expect("a question"), Prompt::Exists(taken.clone()));
    assert_eq!(fs::read_to_string(&taken).expect("reads"), before);
    look(&mut harness, "exists");
    harness.get_by_label("Replace").click();
    settle(&mut harness);
    let pilot = file::load(&path).expect("reads");
    assert_eq!(file::load(&taken).expect("reads"), pilot);
}

#[test]
fn saving_over_the_work_of_another_program_can_be_thought_over() {
    let (_folder, path) = pilot();
    // Without the watch, as when both happen at once.
    let mut harness = app(&path, FakeDialogs::default());
    enter(&mut harness, "Grid contract", "33");
    let mut layout = file::load(&path).expect("reads");
    layout.site.grid_contract_mw = Some(44.0);
    fs::write(&path, file::to_ron(&layout)).expect("writes");
    harness.key_press_modifiers(Modifiers::COMMAND, Key::S);
    settle(&mut harness);
    look(&mut harness, "changed-on-disk");
    harness.get_by_label("Compare...").click();
    settle(&mut harness);
    harness.get_by_label_contains("Set grid contract to 44 MW");
    // The strip behind the question offers the same; the question lies on top.
    let keep = harness.get_all_by_label("Keep mine").last().expect("a button");
    keep.click();
    harness.run_steps(3);
    harness.key_press_modifiers(Modifiers::COMMAND, Key::S);
    settle(&mut harness);
    assert_eq!(saved_contract(&path), Some(33.0));
}

#[cfg(unix)]
#[test]
fn window_can_be_used_while_a_file_is_read_and_what_was_edited_is_not_lost() {
    let (folder, path) = pilot();
    let slow = pipe(folder.path(), "slow.ron");
    let text = fs::read_to_string(layout("campus-1gw.ron")).expect("reads");
    let mut harness = app(&path, FakeDialogs::default());
    harness.state_mut().push(Action::File(File::OpenPath(slow.clone())));
    harness.run_steps(3);
    harness.get_by_label_contains("Reading slow.ron");
    assert!(!harness.state().is_settled());
    look(&mut harness, "opening");
    enter(&mut harness, "Grid contract", "33");
    assert_eq!(contract(&harness), Some(33.0), "edits go on");
    feed(&slow, &text);
    until(&mut harness, "asked", |h| h.state().prompt().is_some());
    assert!(matches!(harness.state().prompt(), Some(Prompt::Unsaved { .. })));
    assert_eq!(contract(&harness), Some(33.0));
    harness.get_by_label("Do not save").click();
    harness.run_steps(3);
    feed(&slow, &text);
    settle(&mut harness);
    assert!(harness.state().prompt().is_none());
    let document = harness.state().session().editor().document();
    assert_eq!((document.path(), document.is_dirty()), (Some(slow.as_path()), false));
}

#[test]
fn large_layout_opens_is_edited_and_taken_back() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("large.ron");
    let large = sites::with_objects(8_000);
    file::save(&path, &large).expect("writes");
    let mut harness = app(&layout("pilot-20mw.ron"), FakeDialogs::default());
    open(&mut harness, &path);
    harness.get_by_label_contains(&format!("{} racks", sites::racks(&large)));
    let site = harness.state().session().editor().site().clone();
    assert_eq!(site, Site::from_file(large.clone()));
    let block = large.blocks.last().expect("a block");
    let moved = Edit::Move {
        elements: vec![Element::new(Kind::Block, &block.id)],
        delta_m: [0.6, 0.0],
        gesture: Gesture::Once,
    };
    harness.state_mut().push(Action::Edit(moved));
    settle(&mut harness);
    let editor = harness.state().session().editor();
    let now = editor.site().blocks().find(|b| b.id == block.id).expect("is there");
    assert_eq!(now.at, [block.at[0] + 0.6, block.at[1]]);
    let scene = harness.state().view().plan.scene();
    assert_eq!(scene.rebuilt, 0, "the last frame found nothing to do");
    let id = gigasite::scene::plan::ElementId::new(ElementKind::Block, &block.id);
    let item = scene.item(&id).expect("stands on the plan");
    assert!((item.bounds.min.x - now.at[0]).abs() < 1e-9);
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    settle(&mut harness);
    assert_eq!(*harness.state().session().editor().site(), site);
}

#[test]
fn idle_window_asks_for_no_frame() {
    let mut harness = app(&layout("campus-1gw.ron"), FakeDialogs::default());
    for tab in [Tab::SitePlan, Tab::OneLine, Tab::Economics] {
        harness.state_mut().push(Action::View(View::Tab(tab)));
        settle(&mut harness);
        harness.run_steps(20);
        let output = &harness.output().viewport_output[&egui::ViewportId::ROOT];
        assert_eq!(output.repaint_delay, Duration::MAX, "{tab:?}");
    }
}
