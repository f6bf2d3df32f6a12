//! The catalogue page: browsing, own records, sources, saving, what is asked before it closes.

use super::app::{layout, settle};
use super::{enter, look};
use eframe::egui::{Event, Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use gigasite::catalog::{Catalog, load_folder};
use gigasite::editor::What;
use gigasite::editor::catalogue::{CatalogueDraft, RecordKey};
use gigasite::gui::action::{Action, Edit, File, Gesture, View};
use gigasite::gui::app::{App, CatalogueFolder};
use gigasite::gui::context::{Element, Kind};
use gigasite::gui::dialogs::FakeDialogs;
use gigasite::gui::prompts::Prompt;
use std::path::Path;
use std::sync::Arc;

type Window = Harness<'static, App>;

/// The pilot with the real engine, and a folder for own records.
fn window(folder: &Path, dialogs: FakeDialogs) -> Window {
    let path = Some(folder.to_owned());
    let mut harness = super::window::studied("pilot-20mw.ron", dialogs, |_, app| {
        app.set_catalogue_folder(CatalogueFolder { path, given: true, remembered_in: None });
    });
    settle(&mut harness);
    harness
}

fn open(harness: &mut Window) {
    harness.key_press_modifiers(Modifiers::COMMAND, Key::T);
    settle(harness);
    assert!(harness.state().view().records.is_open());
}

fn key(harness: &mut Window, key: Key) {
    harness.key_press(key);
    harness.run_steps(3);
}

fn text(harness: &mut Window, text: &str) {
    harness.event(Event::Text(text.to_owned()));
    harness.run_steps(3);
}

fn labels(harness: &Window, part: &str) -> Vec<String> {
    let found = harness.query_all_by_label_contains(part);
    found.filter_map(|n| n.accesskit_node().label()).collect()
}

fn as_read(folder: &Path) -> Catalog {
    let files = load_folder(folder).expect("reads");
    Catalog::embedded().expect("reads").with_overlay(&files).unwrap_or_else(|r| panic!("{r:?}"))
}

#[test]
fn an_own_rack_is_made_priced_with_its_source_saved_and_placed() {
    let dir = tempfile::tempdir().expect("a folder");
    let folder = dir.path().join("own");
    let mut harness = window(&folder, FakeDialogs::default());
    let before = harness.state().session().outcome().expect("an answer").clone();
    open(&mut harness);
    look(&mut harness, "records");
    text(&mut harness, "rubin nvl72");
    harness.get_by_label("Vera Rubin NVL72, Rack types").click();
    harness.run_steps(3);
    harness.get_by_label("Copy as new").click();
    harness.run_steps(3);
    enter(&mut harness, "Id of the record", "acme-72");
    harness.get_by_label_contains("Short name: ").click();
    harness.run_steps(3);
    enter(&mut harness, "Value", "ACME");
    harness.get_by_label_contains("Price: ").click();
    harness.run_steps(3);
    enter(&mut harness, "Value", "6.5");
    look(&mut harness, "records-price");
    // A number of whom nobody says anything cannot be saved.
    harness.key_press_modifiers(Modifiers::COMMAND, Key::S);
    harness.run_steps(4);
    let Some(Prompt::Failed { lines, .. }) = harness.state().prompt() else { panic!("no prompt") };
    assert!(lines.iter().any(|l| l.contains("racks.acme-72.price_usd")), "{lines:?}");
    look(&mut harness, "records-refused");
    harness.get_by_label("Close").click();
    harness.run_steps(3);
    assert!(!folder.exists(), "nothing is written");
    harness.get_by_label_contains("Price: ").click();
    harness.run_steps(3);
    harness.get_by_label_contains("Kind: ").click();
    harness.run_steps(3);
    harness.get_by_label("Vendor").click();
    harness.run_steps(3);
    harness.get_by_label("New source...").click();
    harness.run_steps(3);
    enter(&mut harness, "Title", "Quote 17");
    enter(&mut harness, "Publisher", "Acme");
    enter(&mut harness, "Date", "2026-11-03");
    harness.get_by_label("Add source").click();
    harness.run_steps(3);
    look(&mut harness, "records-source");
    harness.key_press_modifiers(Modifiers::COMMAND, Key::S);
    settle(&mut harness);
    assert_eq!(harness.state().prompt(), None, "{:?}", labels(&harness, ""));
    let read = as_read(&folder);
    let rack = &read.racks["acme-72"];
    assert_eq!((rack.short.as_str(), rack.price_usd.get()), ("ACME", Some(6.5e6)));
    assert_eq!(read.sources["quote-17"].date, "2026-11-03");
    assert_eq!(gigasite::catalog::check(&read).count(gigasite::diag::Severity::Error), 0);
    // The window works with it: validated, answered, placed.
    let editor = harness.state().session().editor();
    assert_eq!(editor.catalog().racks["acme-72"], *rack);
    let after = harness.state().session().outcome().expect("an answer");
    assert!(!Arc::ptr_eq(&before, after) && after.provenance.catalog_version.ends_with("+overlay"));
    harness.get_by_label("Place on the plan").click();
    settle(&mut harness);
    assert!(!harness.state().view().records.is_open());
    let placing = harness.state().view().plan.placing().expect("is placed");
    assert_eq!(placing.what(), &What::Racks("acme-72".into()));
}

#[test]
fn a_changed_price_is_answered_anew_and_reset_brings_the_old_answer_back() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut harness = window(dir.path(), FakeDialogs::default());
    let energy = |harness: &Window| {
        let outcome = harness.state().session().outcome().expect("an answer");
        outcome.plan.energy_cost_usd_per_year
    };
    let before = energy(&harness);
    let tariff = harness.state().session().editor().site().terms.site.tariff.clone().expect("one");
    let name = harness.state().session().editor().catalog().tariffs[&tariff].name.clone();
    open(&mut harness);
    text(&mut harness, &tariff);
    harness.get_by_label(&format!("{name}, Tariffs")).click();
    harness.run_steps(3);
    harness.get_by_label_contains("Energy price: ").click();
    harness.run_steps(3);
    enter(&mut harness, "Value", "*1.5");
    harness.get_by_label_contains("Kind: ").click();
    harness.run_steps(3);
    harness.get_by_label("Measured").click();
    harness.run_steps(3);
    harness.get_by_label("Find a source").click();
    harness.run_steps(2);
    text(&mut harness, "epoch cost breakdown");
    key(&mut harness, Key::Enter);
    harness.get_by_label("Save the catalogue").click();
    settle(&mut harness);
    assert_eq!(harness.state().prompt(), None);
    assert!((energy(&harness) / before - 1.5).abs() < 0.02, "{} {before}", energy(&harness));
    harness.get_by_label("Reset the record to the built-in one").click();
    harness.run_steps(3);
    harness.key_press_modifiers(Modifiers::COMMAND, Key::S);
    settle(&mut harness);
    assert_eq!(energy(&harness), before);
}

#[test]
fn the_page_works_by_keyboard_and_asks_before_changes_are_lost() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut harness = window(dir.path(), FakeDialogs::default());
    open(&mut harness);
    text(&mut harness, "practice aisle");
    key(&mut harness, Key::ArrowDown);
    key(&mut harness, Key::Enter);
    key(&mut harness, Key::ArrowDown);
    key(&mut harness, Key::ArrowDown);
    key(&mut harness, Key::Enter);
    text(&mut harness, "1.5");
    key(&mut harness, Key::Enter);
    look(&mut harness, "records-keyboard");
    let draft = harness.state().view().records.draft().expect("a draft");
    assert!(draft.is_dirty());
    let aisle = draft.catalog().expect("reads").practice["aisle-m"].value.get();
    assert_eq!(aisle, Some(1.5));
    key(&mut harness, Key::Escape);
    assert!(matches!(harness.state().prompt(), Some(Prompt::UnsavedRecords { .. })));
    harness.get_by_label("Cancel").click();
    harness.run_steps(3);
    assert!(harness.state().view().records.is_dirty(), "still there");
    key(&mut harness, Key::Escape);
    harness.get_by_label("Do not save").click();
    harness.run_steps(3);
    assert!(!harness.state().view().records.is_open());
    assert_eq!(std::fs::read_dir(dir.path()).expect("a folder").count(), 0);
}

#[test]
fn another_folder_brings_its_records_and_a_faulty_one_is_named() {
    let dir = tempfile::tempdir().expect("a folder");
    let other = dir.path().join("other");
    std::fs::create_dir(&other).expect("makes");
    let record = "(costs: [(id: \"mine\", name: \"Mine\", unit: \"USD\", \
                  value: (value: \"unknown\", note: \"asked\"))])";
    std::fs::write(other.join("a.ron"), record).expect("writes");
    let dialogs = FakeDialogs { answer: Some(other.clone()), ..FakeDialogs::default() };
    let mut harness = window(&dir.path().join("none"), dialogs);
    open(&mut harness);
    harness.get_by_label("Choose folder...").click();
    settle(&mut harness);
    text(&mut harness, "mine");
    harness.get_by_label_contains("Mine, Costs and rates, own");
    assert!(harness.state().session().editor().catalog().costs.contains_key("mine"));
    harness.state_mut().push(Action::File(File::CloseCatalogue));
    harness.run_steps(3);
    std::fs::write(other.join("a.ron"), "(costs: [(id: 4)])").expect("writes");
    harness.key_press_modifiers(Modifiers::COMMAND, Key::T);
    settle(&mut harness);
    let Some(Prompt::Failed { lines, .. }) = harness.state().prompt() else { panic!("no prompt") };
    assert!(lines.iter().any(|l| l.contains("a.ron:1:")), "{lines:?}");
    assert!(!harness.state().view().records.is_open());
}

#[test]
fn the_selection_opens_the_page_at_its_record() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut harness = window(dir.path(), FakeDialogs::default());
    let select = View::Select(vec![Element::new(Kind::Block, "r1-b1")]);
    harness.state_mut().push(Action::View(select));
    harness.run_steps(3);
    open(&mut harness);
    let rack = harness
        .state()
        .session()
        .editor()
        .site()
        .blocks()
        .find(|b| b.id == "r1-b1")
        .and_then(|b| b.rack.clone())
        .expect("a rack");
    harness.get_by_label_contains(&format!("Rack types · {rack}"));
    // An edit of the site meanwhile is no concern of the page.
    let set = Edit::Set {
        path: "site.grid_contract_mw".into(),
        value: "19".into(),
        label: String::new(),
        gesture: Gesture::Once,
    };
    harness.state_mut().push(Action::Edit(set));
    settle(&mut harness);
    assert!(harness.state().view().records.is_open());
}

#[test]
fn a_device_type_is_mapped_and_goes_into_the_folder_with_what_was_left_out() {
    let dir = tempfile::tempdir().expect("a folder");
    let file = dir.path().join("tray.yaml");
    let text = "manufacturer: Example\nmodel: Tray 9\nslug: example-tray-9\nu_height: 2\n\
                power-ports:\n  - name: PS1\n    maximum_draw: 3000\n    allocated_draw: 2000\n";
    std::fs::write(&file, text).expect("writes");
    let folder = dir.path().join("own");
    let mut harness = window(&folder, FakeDialogs::default());
    harness.state_mut().push(Action::File(File::ImportPath(file)));
    settle(&mut harness);
    harness.run_steps(4);
    enter(&mut harness, "Short name", "T9");
    harness.get_by_label("Maximum draw: Installed supply").click();
    harness.run_steps(3);
    harness.get_by_label("Sub-second peak").click();
    harness.run_steps(3);
    settle(&mut harness);
    look(&mut harness, "records-device");
    harness.get_by_label("Import").click();
    settle(&mut harness);
    assert_eq!(harness.state().prompt(), None);
    let read = as_read(&folder);
    let rack = &read.racks["example-tray-9"];
    assert_eq!((rack.short.as_str(), rack.peak_kw.get()), ("T9", Some(3.0)));
    assert_eq!((rack.caps[0].kw.get(), rack.installed_kw.get()), (Some(2.0), None));
    assert!(harness.state().view().records.is_open(), "and is shown");
    harness.get_by_label_contains("example-tray-9 is imported");
    assert!(harness.state().session().editor().catalog().racks.contains_key("example-tray-9"));
}

#[test]
fn the_columns_of_a_list_are_offered_again_for_the_same_header_row() {
    use gigasite::editor::Mappings;
    let dir = tempfile::tempdir().expect("a folder");
    let list = |name: &str, racks: u32| {
        let path = dir.path().join(name);
        // On free ground of the hall.
        let row = format!("q-1,hall,{racks},vr-nvl72,45,57.5");
        let text = format!("Ref,Hall,Pieces,Product,x,y\n{row}\n");
        std::fs::write(&path, text).expect("writes");
        path
    };
    let mut harness = window(&dir.path().join("own"), FakeDialogs::default());
    harness.state_mut().keep_mappings(Mappings::new(dir.path().join("mappings")));
    harness.state_mut().push(Action::File(File::ImportPath(list("one.csv", 2))));
    settle(&mut harness);
    harness.run_steps(4);
    harness.get_by_label_contains("Count: ").click();
    harness.run_steps(3);
    harness.get_by_label("C, Pieces").click();
    harness.run_steps(3);
    // The list is read again; until then there is nothing to import.
    settle(&mut harness);
    harness.get_by_label("Import").click();
    settle(&mut harness);
    harness.state_mut().push(Action::File(File::ImportPath(list("two.csv", 3))));
    settle(&mut harness);
    harness.run_steps(4);
    harness.get_by_label_contains("as you chose them for this header row");
    harness.get_by_label("Count: C, Pieces");
    look(&mut harness, "import-kept");
}

#[test]
fn what_is_typed_stays_in_its_field_whatever_is_clicked_and_is_saved_with_the_rest() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut harness = window(dir.path(), FakeDialogs::default());
    open(&mut harness);
    text(&mut harness, "rubin nvl72");
    harness.get_by_label("Vera Rubin NVL72, Rack types").click();
    harness.run_steps(3);
    harness.get_by_label_contains("Mass: ").click();
    harness.run_steps(3);
    let before = harness.state().session().editor().catalog().racks["vr-nvl72"].clone();
    harness.get_by_label("Value").click();
    harness.run_steps(2);
    text(&mut harness, "1700");
    // Without Enter, to another row.
    harness.get_by_label_contains("Depth: ").click();
    harness.run_steps(3);
    let now = |harness: &Window| {
        let draft = harness.state().view().records.draft().expect("a draft");
        draft.catalog().expect("reads").racks["vr-nvl72"].clone()
    };
    assert_eq!(now(&harness).mass_kg.get(), Some(1700.0));
    assert_eq!(now(&harness).depth_m, before.depth_m);
    harness.get_by_label("Note").click();
    harness.run_steps(2);
    text(&mut harness, "Measured by ourselves");
    // Without Enter, saved by key: refused for the mass, but nothing is lost.
    harness.key_press_modifiers(Modifiers::COMMAND, Key::S);
    harness.run_steps(4);
    assert_eq!(now(&harness).depth_m.note, "Measured by ourselves");
    assert!(matches!(harness.state().prompt(), Some(Prompt::Failed { .. })));
}

#[test]
fn the_command_line_solves_with_the_records_that_the_page_has_saved() {
    let data = tempfile::tempdir().expect("a folder");
    let own = gigasite::editor::user::catalogue_folder(data.path());
    let dialogs = FakeDialogs { answer: Some(own.clone()), ..FakeDialogs::default() };
    let mut harness = window(&data.path().join("none"), dialogs);
    let cost = |harness: &Window| {
        let outcome = harness.state().session().outcome().expect("an answer");
        outcome.plan.energy_cost_usd_per_year
    };
    let builtin = cost(&harness);
    let mut draft =
        CatalogueDraft::open(Catalog::embedded_arc().expect("reads"), &own).expect("opens");
    let source = draft.add_source("Offer 4", "Grid company", "2026-11-03");
    let energy = serde_json::json!({"value": 71, "kind": "Vendor", "source": source});
    draft.set(&RecordKey::new("tariffs", "us-9c1"), "energy_usd_per_mwh", energy).expect("sets");
    draft.save().unwrap_or_else(|e| panic!("{e}"));
    harness.state_mut().push(Action::File(File::CatalogueFolder));
    settle(&mut harness);
    let in_window = cost(&harness);
    assert_ne!(in_window, builtin);

    let solve = |arguments: &[&str]| {
        let path = layout("pilot-20mw.ron").display().to_string();
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_gigasite"))
            .env("GIGASITE_DATA_DIR", data.path())
            .args(["solve", &path, "--json"])
            .args(arguments)
            .output()
            .expect("runs");
        let answer: serde_json::Value = serde_json::from_slice(&output.stdout).expect("an answer");
        let notes = String::from_utf8(output.stderr).expect("text");
        (answer["energy_cost_usd_per_year"].as_f64(), notes)
    };
    let (same, notes) = solve(&[]);
    assert_eq!(same, Some(in_window), "bit for bit");
    let named = notes.matches(&own.display().to_string()).count();
    assert_eq!(named, 1, "one note that names the folder: {notes}");
    let empty = data.path().join("empty");
    std::fs::create_dir(&empty).expect("makes");
    let (other, notes) = solve(&["--catalog", &empty.display().to_string()]);
    assert_eq!(other, Some(builtin), "another folder replaces the own one");
    assert!(!notes.contains("own records"), "{notes}");
}
