//! Exports from the window, by label, with dialogs that answer by themselves.

use super::app::{app, layout, settle};
use super::look;
use eframe::egui::{Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use gigasite::gui::action::{Action, File, Tab, View};
use gigasite::gui::app::App;
use gigasite::gui::dialogs::FakeDialogs;
use gigasite::gui::prompts::Prompt;
use gigasite::gui::windows::FakeWindows;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

fn window(target: &Path) -> Harness<'static, App> {
    let dialogs = FakeDialogs { answer: Some(target.to_owned()), ..FakeDialogs::default() };
    app(&layout("pilot-20mw.ron"), dialogs)
}

/// Waits for what the thread writes.
fn saved(harness: &mut Harness<'_, App>, name: &str) {
    let started = Instant::now();
    let label = format!("Saved {name}");
    while harness.query_by_label(&label).is_none() {
        assert!(started.elapsed() < Duration::from_secs(60), "never: {label}");
        std::thread::sleep(Duration::from_millis(20));
        harness.run_steps(1);
    }
    harness.run_steps(2);
}

fn press(harness: &mut Harness<'_, App>, label: &str) {
    harness.get_by_label(label).click();
    // A dialog finds its place during the first frames.
    harness.run_steps(6);
}

#[test]
fn the_export_dialog_writes_the_format_that_was_chosen() {
    let folder = tempfile::tempdir().expect("a folder");
    let target = folder.path().join("plan");
    let mut harness = window(&target);
    let windows = FakeWindows::default();
    harness.state_mut().set_windows(windows.clone());
    press(&mut harness, "Export...");
    assert!(matches!(harness.state().prompt(), Some(Prompt::Export(_))));
    press(&mut harness, "Format: PNG picture");
    press(&mut harness, "SVG drawing");
    press(&mut harness, "Shows: Site plan");
    press(&mut harness, "One-line diagram");
    press(&mut harness, "Theme: Dark");
    look(&mut harness, "export-dialog");
    press(&mut harness, "Save as...");
    saved(&mut harness, "plan.svg");
    look(&mut harness, "export-saved");
    let text = std::fs::read_to_string(folder.path().join("plan.svg")).expect("written");
    assert!(text.contains("One-line diagram") && text.contains("#151A21"), "dark");
    press(&mut harness, "Open folder");
    assert_eq!(windows.revealed(), [folder.path().join("plan.svg")]);
    assert!(harness.query_by_label("Saved plan.svg").is_none(), "the notice has gone");
}

#[test]
fn the_form_remembers_and_shows_what_its_format_can_choose() {
    let mut harness = window(Path::new("unused"));
    harness.key_press_modifiers(Modifiers::COMMAND, Key::E);
    harness.run_steps(6);
    assert!(harness.query_by_label("Pixels a point: 2 ×").is_some());
    press(&mut harness, "Format: PNG picture");
    press(&mut harness, "PDF sheet");
    assert!(harness.query_by_label("Pixels a point: 2 ×").is_none());
    assert!(harness.query_by_label("Paper: A3").is_some());
    look(&mut harness, "export-pdf");
    press(&mut harness, "Cancel");
    assert!(harness.state().prompt().is_none());
}

#[test]
fn save_picture_writes_the_present_view_at_twice_its_size() {
    let folder = tempfile::tempdir().expect("a folder");
    let target = folder.path().join("view.png");
    let mut harness = window(&target);
    for tab in [Tab::SitePlan, Tab::OneLine] {
        harness.state_mut().push(Action::View(View::Tab(tab)));
        settle(&mut harness);
        harness.state_mut().push(Action::File(File::SavePicture));
        harness.run_steps(3);
        saved(&mut harness, "view.png");
        let picture = image::open(&target).expect("reads").into_rgb8();
        let size = picture.dimensions();
        assert!(size.0 > 1400 && size.1 > 800, "{tab:?}: {size:?}");
        let first = picture.get_pixel(0, 0);
        assert!(picture.pixels().any(|p| p != first), "not one colour");
        press(&mut harness, "Dismiss");
        std::fs::remove_file(&target).expect("there");
    }
    harness.state_mut().push(Action::View(View::Tab(Tab::Economics)));
    settle(&mut harness);
    harness.state_mut().push(Action::File(File::SavePicture));
    harness.run_steps(3);
    harness.get_by_label("Pictures of pages need a graphics card");
}

#[test]
fn save_picture_writes_every_other_page_at_twice_its_size() {
    use egui_kittest::wgpu::{create_render_state, default_wgpu_setup};
    use gigasite::gui::canvas::Offscreen;
    let folder = tempfile::tempdir().expect("a folder");
    let target = folder.path().join("page.png");
    let mut harness = window(&target);
    let state = create_render_state(default_wgpu_setup(), Default::default());
    harness.state_mut().paint_pages_with(Some(Offscreen::of(&state)));
    for tab in [Tab::Economics, Tab::Compare, Tab::Throughput] {
        harness.state_mut().push(Action::View(View::Tab(tab)));
        settle(&mut harness);
        harness.state_mut().push(Action::File(File::SavePicture));
        harness.run_steps(3);
        saved(&mut harness, "page.png");
        let picture = image::open(&target).expect("reads").into_rgb8();
        // The window of 1,616 by 1,016 points without its bars, twice.
        assert_eq!(picture.dimensions(), (3232, 1720), "{tab:?}");
        let background = picture.get_pixel(0, 0);
        let drawn = picture.pixels().filter(|p| *p != background).count();
        assert!(drawn > 10_000, "{tab:?} is painted: {drawn}");
        if let Some(folder) = std::env::var_os("GIGASITE_PICTURES") {
            let name = std::path::PathBuf::from(folder).join(format!("page-{tab:?}.png"));
            picture.save(name).expect("writes");
        }
        assert_eq!(harness.state().view().prefs.tab, tab, "the view is as it was");
        press(&mut harness, "Dismiss");
        std::fs::remove_file(&target).expect("there");
    }
}

#[test]
fn an_export_never_replaces_the_layout_and_says_when_it_cannot_be_written() {
    let folder = tempfile::tempdir().expect("a folder");
    let own: PathBuf = folder.path().join("own.ron");
    std::fs::copy(layout("pilot-20mw.ron"), &own).expect("copies");
    let before = std::fs::read(&own).expect("reads");
    let dialogs = FakeDialogs { answer: Some(own.clone()), ..FakeDialogs::default() };
    let mut harness = app(&own, dialogs);
    press(&mut harness, "Export...");
    press(&mut harness, "Save as...");
    harness.get_by_label("That is the layout's own file; choose another name");
    assert_eq!(std::fs::read(&own).expect("reads"), before);
    let mut harness = window(&folder.path().join("none/plan.png"));
    press(&mut harness, "Export...");
    press(&mut harness, "Save as...");
    let started = Instant::now();
    while harness.query_by_label("The export was not written").is_none() {
        assert!(started.elapsed() < Duration::from_secs(60), "no word about it");
        std::thread::sleep(Duration::from_millis(20));
        harness.run_steps(1);
    }
}
