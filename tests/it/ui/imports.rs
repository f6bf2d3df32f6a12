//! Importing in the window: a file is chosen or dropped, shown, taken as one entry.

use super::app::{app, layout, settle};
use super::documents::Dropped;
use super::look;
#[cfg(unix)]
use super::pipe::{feed, pipe, release};
use eframe::egui::{Key, Modifiers, ViewportId};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use gigasite::gui::action::{Action, File, View};
use gigasite::gui::app::App;
use gigasite::gui::dialogs::{FakeDialogs, Purpose};
use gigasite::gui::prompts::Prompt;
use gigasite::site::Site;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

const LAND: &str = r#"{"type":"FeatureCollection","features":[
    {"type":"Feature","properties":{"name":"Field"},"geometry":{"type":"Polygon",
     "coordinates":[[[0,0],[0.004,0],[0.004,0.003],[0,0.003],[0,0]]]}},
    {"type":"Feature","properties":{"name":"Well"},"geometry":{"type":"Point","coordinates":[0,0]}}]}"#;

fn folder_with(name: &str, bytes: &[u8]) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).expect("writes");
    (folder, path)
}

fn site(harness: &Harness<'_, App>) -> Site {
    harness.state().session().editor().site().clone()
}

#[test]
fn a_map_is_chosen_shown_and_taken_as_one_entry() {
    let (_folder, path) = folder_with("land.geojson", LAND.as_bytes());
    let dialogs = FakeDialogs { answer: Some(path), ..FakeDialogs::default() };
    let mut harness = app(&layout("pilot-20mw.ron"), dialogs);
    let before = site(&harness);
    harness.state_mut().push(Action::File(File::Import));
    harness.run_steps(6);
    settle(&mut harness);
    let Some(Prompt::Import(draft)) = harness.state().prompt() else { panic!("no question") };
    assert!(draft.result().is_ok());
    look(&mut harness, "prompt-import");
    harness.get_by_label_contains("Parcel \"Field\": 4 corners");
    harness.get_by_label_contains("A Point is no outline");
    harness.get_by_label_contains("Preview of");
    assert_eq!(site(&harness), before, "nothing is done yet");
    harness.get_by_label("Import").click();
    settle(&mut harness);
    let width = site(&harness).terms.site.parcel.iter().map(|p| p[0]).fold(0.0, f64::max);
    assert!((width - 445.3).abs() < 0.5, "{width}");
    let editor = harness.state().session().editor();
    assert_eq!((editor.undo_label(), editor.history().len()), (Some("Import parcel"), 1));
    harness.state_mut().push(Action::Edit(gigasite::gui::action::Edit::Undo));
    settle(&mut harness);
    assert_eq!(site(&harness), before);
}

#[test]
fn a_dropped_file_is_imported_and_a_broken_one_says_why() {
    let (_folder, path) = folder_with("land.geojson", b"{\"type\": ");
    let mut harness = app(&layout("pilot-20mw.ron"), FakeDialogs::default());
    harness.input_mut().dropped_files.push(Arc::new(Dropped(path)));
    harness.run_steps(6);
    settle(&mut harness);
    let Some(Prompt::Import(draft)) = harness.state().prompt() else { panic!("no question") };
    assert!(draft.result().is_err());
    harness.get_by_label_contains("The file is not JSON");
    harness.get_by_label("Cancel").click();
    harness.run_steps(4);
    assert!(harness.state().prompt().is_none());
}

#[test]
fn a_picture_lies_under_the_plan_and_is_calibrated_by_two_points() {
    let mut png = Vec::new();
    let picture = image::RgbImage::from_pixel(100, 80, image::Rgb([90, 120, 60]));
    let mut cursor = std::io::Cursor::new(&mut png);
    picture.write_to(&mut cursor, image::ImageFormat::Png).expect("writes");
    let (_folder, path) = folder_with("air.png", &png);
    let mut harness = app(&layout("pilot-20mw.ron"), FakeDialogs::default());
    harness.state_mut().push(Action::File(File::ImportPath(path)));
    settle(&mut harness);
    harness.run_steps(6);
    harness.get_by_label("Import").click();
    settle(&mut harness);
    let one = site(&harness).campus.underlays[0].clone();
    // As wide as the parcel of 150 m.
    assert_eq!((one.m_per_unit, one.at), (1.5, [0.0, 0.0]));
    look(&mut harness, "underlay");
    assert!(harness.state().view().plan.underlays().problems().is_empty());
    let points =
        View::Calibrated { underlay: one.id.clone(), from: [10.0, 20.0], to: [40.0, 60.0] };
    harness.state_mut().push(Action::View(points));
    harness.run_steps(4);
    super::enter(&mut harness, "Distance, m", "100");
    harness.get_by_label("Calibrate").click();
    settle(&mut harness);
    let after = site(&harness).campus.underlays[0].clone();
    // 50 m before: twice as large, about the first point.
    assert_eq!((after.m_per_unit, after.at), (3.0, [-10.0, -20.0]));
}

#[test]
fn without_a_dialog_of_the_system_the_path_is_typed() {
    let dialogs = FakeDialogs { unavailable: true, ..FakeDialogs::default() };
    let mut harness = app(&layout("pilot-20mw.ron"), dialogs);
    harness.state_mut().push(Action::File(File::Import));
    harness.run_steps(4);
    let prompt = harness.state().prompt();
    assert!(matches!(prompt, Some(Prompt::Path { purpose: Purpose::Import, .. })), "{prompt:?}");
}

#[test]
fn a_question_that_follows_a_smaller_one_stands_in_the_middle() {
    let list = "Tag,Hall,What,x,y\nn-1,hall,gb300-nvl72,45,66.5\n";
    let (_folder, path) = folder_with("racks.csv", list.as_bytes());
    let dialogs = FakeDialogs { unavailable: true, ..FakeDialogs::default() };
    let mut harness = app(&layout("pilot-20mw.ron"), dialogs);
    harness.state_mut().push(Action::File(File::Import));
    harness.run_steps(4);
    harness.get_by_label("Path of the file").click();
    harness.run_steps(2);
    harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
    harness.get_by_label("Path of the file").type_text(&path.display().to_string());
    harness.run_steps(2);
    harness.key_press(Key::Enter);
    // As many frames as the window asks for, and no more.
    for _ in 0..60 {
        harness.run_steps(1);
        let output = &harness.output().viewport_output[&ViewportId::ROOT];
        if output.repaint_delay > Duration::from_millis(20) && harness.state().is_settled() {
            break;
        }
    }
    let whole = harness.ctx.content_rect();
    let (left, right) = (
        harness.get_by_label("Import racks.csv").rect().left(),
        harness.get_by_label("Import").rect().right(),
    );
    assert!(((left + right) / 2.0 - whole.center().x).abs() < 2.0, "{left} to {right}");
}

#[test]
fn a_list_of_racks_shows_its_columns_and_is_taken_as_one_entry() {
    let list = "Tag,Hall,What,x,y\nn-1,hall,gb300-nvl72,45,66.5\nn-2,attic,gb300-nvl72,50,66.5\n";
    let (_folder, path) = folder_with("racks.csv", list.as_bytes());
    let mut harness = app(&layout("pilot-20mw.ron"), FakeDialogs::default());
    let before = site(&harness);
    harness.state_mut().push(Action::File(File::ImportPath(path)));
    settle(&mut harness);
    harness.run_steps(6);
    look(&mut harness, "prompt-import-racks");
    harness.get_by_label("Rack type: C, What");
    harness.get_by_label_contains("1 rack in 1 block from 1 row");
    harness.get_by_label_contains("The site has no hall \"attic\"");
    // Another column for a field changes what would be taken.
    harness.get_by_label("Hall: B, Hall").click();
    harness.run_steps(6);
    harness.get_by_label("not in the list").click();
    settle(&mut harness);
    let without = harness.get_all_by_label_contains("No hall: name one that the site has");
    assert_eq!(without.count(), 2, "both rows");
    harness.get_by_label("Hall: not in the list").click();
    harness.run_steps(6);
    harness.get_by_label("B, Hall").click();
    settle(&mut harness);
    harness.get_by_label("Import").click();
    settle(&mut harness);
    let after = site(&harness);
    assert_eq!(after.blocks().count(), before.blocks().count() + 1);
    let block = after.blocks().find(|b| b.id == "n-1").expect("the rack");
    assert_eq!((block.at, block.count), ([45.0, 66.5], Some(1)));
    let editor = harness.state().session().editor();
    assert_eq!((editor.undo_label(), editor.history().len()), (Some("Import 1 rack"), 1));
    harness.state_mut().push(Action::Edit(gigasite::gui::action::Edit::Undo));
    settle(&mut harness);
    assert_eq!(site(&harness), before);
}

#[cfg(unix)]
#[test]
fn the_window_can_be_used_while_a_foreign_file_is_read_and_the_reading_be_stopped() {
    let folder = tempfile::tempdir().expect("a folder");
    let slow = pipe(folder.path(), "slow.geojson");
    let mut harness = app(&layout("pilot-20mw.ron"), FakeDialogs::default());
    harness.state_mut().push(Action::File(File::ImportPath(slow.clone())));
    harness.run_steps(3);
    harness.get_by_label_contains("Reading slow.geojson");
    assert!(!harness.state().is_settled());
    super::enter(&mut harness, "Grid contract", "33");
    assert_eq!(site(&harness).terms.site.grid_contract_mw, Some(33.0), "edits go on");
    feed(&slow, LAND);
    settle(&mut harness);
    assert!(matches!(harness.state().prompt(), Some(Prompt::Import(_))));
    harness.get_by_label("Cancel").click();
    harness.run_steps(3);
    // Stopped by its button, and by its command.
    harness.state_mut().push(Action::File(File::ImportPath(slow.clone())));
    harness.run_steps(3);
    harness.get_by_label("Stop reading").click();
    harness.run_steps(3);
    release(&slow);
    harness.state_mut().push(Action::File(File::ImportPath(slow.clone())));
    harness.run_steps(3);
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Period);
    harness.run_steps(3);
    assert!(harness.query_by_label("Stop reading").is_none());
    release(&slow);
    settle(&mut harness);
    assert!(harness.state().prompt().is_none(), "nobody waits for it");
}

#[cfg(unix)]
#[test]
fn what_is_read_meanwhile_waits_for_the_question_that_is_open() {
    let folder = tempfile::tempdir().expect("a folder");
    let slow = pipe(folder.path(), "slow.geojson");
    let mut harness = app(&layout("pilot-20mw.ron"), FakeDialogs::default());
    harness.state_mut().push(Action::File(File::ImportPath(slow.clone())));
    harness.run_steps(3);
    harness.state_mut().push(Action::Edit(gigasite::gui::action::Edit::NewVariant));
    harness.run_steps(3);
    feed(&slow, LAND);
    for _ in 0..20 {
        harness.run_steps(2);
        std::thread::sleep(Duration::from_millis(10));
    }
    assert!(matches!(harness.state().prompt(), Some(Prompt::Variant { .. })));
    harness.get_by_label("Cancel").click();
    settle(&mut harness);
    assert!(matches!(harness.state().prompt(), Some(Prompt::Import(_))));
}
