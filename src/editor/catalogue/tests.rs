//! An overlay folder under edit, against the files that it writes.

use super::*;
use crate::catalog::load_folder;
use serde_json::json;
use std::fs;

fn builtin() -> Arc<Catalog> {
    Catalog::embedded_arc().expect("reads")
}

fn draft(folder: &Path) -> CatalogueDraft {
    CatalogueDraft::open(builtin(), folder).unwrap_or_else(|e| panic!("{e}"))
}

/// The catalogue as the command line reads the folder.
fn as_read(folder: &Path) -> Catalog {
    let files = load_folder(folder).expect("reads");
    Catalog::embedded().expect("reads").with_overlay(&files).unwrap_or_else(|r| panic!("{r:?}"))
}

fn rack() -> RecordKey {
    RecordKey::new("racks", "vr-nvl72")
}

fn price(value: f64) -> Value {
    json!({"value": value, "kind": "Vendor", "source": "nvidia-vr-datasheet"})
}

#[test]
fn an_edited_record_is_written_over_the_built_in_one_and_reset_takes_it_out() {
    let dir = tempfile::tempdir().expect("a folder");
    let folder = dir.path().join("made/when/needed");
    let mut draft = draft(&folder);
    assert!(!draft.is_dirty() && !folder.exists());
    draft.set(&rack(), "price_usd", price(7_000_000.0)).expect("sets");
    assert_eq!(draft.origin(&rack()), Origin::Overridden);
    let catalog = draft.save().unwrap_or_else(|e| panic!("{e}"));
    assert_eq!(catalog.racks["vr-nvl72"].price_usd.get(), Some(7e6));
    assert!(!draft.is_dirty());
    assert_eq!(as_read(&folder), catalog, "the command line reads the same");
    assert_eq!(crate::catalog::check(&catalog).count(Severity::Error), 0);
    // Everything else of the record is the built-in one's.
    let mut expected = builtin().racks["vr-nvl72"].clone();
    expected.price_usd = catalog.racks["vr-nvl72"].price_usd.clone();
    assert_eq!(catalog.racks["vr-nvl72"], expected);

    let mut again = CatalogueDraft::open(builtin(), &folder).expect("reads");
    assert_eq!(again.origin(&rack()), Origin::Overridden);
    again.reset(&rack());
    assert_eq!(again.record(&rack()), again.builtin_record(&rack()));
    let catalog = again.save().expect("saves");
    assert_eq!(catalog.racks, builtin().racks);
    assert_eq!(as_read(&folder).racks, builtin().racks);
}

#[test]
fn a_field_that_is_taken_back_leaves_no_record() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut draft = draft(dir.path());
    draft.set(&rack(), "price_usd", price(7e6)).expect("sets");
    draft
        .set(&rack(), "mass_kg", json!({"value": "unknown", "note": "Weighed anew"}))
        .expect("sets");
    let edited: Vec<String> =
        draft.fields(&rack()).into_iter().filter(|f| f.edited).map(|f| f.path).collect();
    assert_eq!(edited, ["price_usd", "mass_kg"]);
    draft.reset_field(&rack(), "price_usd").expect("resets");
    assert_eq!(draft.origin(&rack()), Origin::Overridden);
    draft.reset_field(&rack(), "mass_kg").expect("resets");
    assert_eq!(draft.origin(&rack()), Origin::BuiltIn);
    assert!(!draft.is_dirty());
}

#[test]
fn a_copy_is_a_record_of_its_own_that_can_be_renamed_until_it_is_saved() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut draft = draft(dir.path());
    let copy = draft.copy(&rack()).expect("copies");
    assert_eq!((copy.id.as_str(), draft.origin(&copy)), ("vr-nvl72-2", Origin::Own));
    assert!(draft.rename(&copy, "Bad Id").is_err());
    assert!(draft.rename(&copy, "gb200-nvl72").is_err());
    assert!(draft.rename(&rack(), "mine").is_err(), "a built-in record keeps its id");
    let own = draft.rename(&copy, "acme-rack").expect("renames");
    draft.set(&own, "name", json!("Acme rack")).expect("sets");
    draft.set(&own, "short", json!("ACME")).expect("sets");
    let catalog = draft.save().unwrap_or_else(|e| panic!("{e}"));
    let mut expected = builtin().racks["vr-nvl72"].clone();
    expected.id = "acme-rack".into();
    expected.name = "Acme rack".into();
    expected.short = "ACME".into();
    expected.aliases.clear();
    assert_eq!(catalog.racks["acme-rack"], expected);
    assert!(draft.rename(&own, "other").is_err(), "layouts may know it by now");
    let row = draft.rows().into_iter().find(|r| r.key == own).expect("is listed");
    assert_eq!((row.name.as_str(), row.origin, row.changed), ("Acme rack", Origin::Own, false));
    draft.reset(&own);
    assert!(draft.rows().iter().all(|r| r.key != own));
    assert!(!draft.save().expect("saves").racks.contains_key("acme-rack"));
}

#[test]
fn a_number_without_kind_source_or_note_is_refused_and_nothing_is_written() {
    let dir = tempfile::tempdir().expect("a folder");
    for (fact, code) in [
        (json!({"value": 5}), "no-kind"),
        (json!({"value": 5, "kind": "Vendor"}), "no-source"),
        (json!({"value": 5, "kind": "Vendor", "source": "nobody"}), "dangling-id"),
        (json!({"value": 5, "kind": "Assumed", "source": "gigasite-assumptions"}), "no-note"),
        (json!({"value": "unknown"}), "no-note"),
        (
            json!({"value": 5, "kind": "Vendor", "source": "nvidia-vr-datasheet", "range": [6, 7]}),
            "out-of-range",
        ),
        (json!({"value": -5, "kind": "Vendor", "source": "nvidia-vr-datasheet"}), "negative"),
    ] {
        let mut draft = draft(dir.path());
        draft.set(&rack(), "price_usd", fact.clone()).expect("sets");
        let errors = draft.errors();
        let about = errors.iter().find(|f| f.diagnostic.code == code);
        let about = about.unwrap_or_else(|| panic!("{fact}: {errors:?}"));
        assert_eq!(about.key, Some(rack()));
        assert!(about.field.starts_with("price_usd"), "{}", about.field);
        assert!(!about.diagnostic.hint.is_empty());
        assert!(matches!(draft.save(), Err(SaveError::Findings(_))));
        assert!(draft.is_dirty(), "nothing is lost");
        assert_eq!(fs::read_dir(dir.path()).expect("a folder").count(), 0);
    }
    let mut draft = draft(dir.path());
    assert!(draft.set(&rack(), "price_usd", json!("much")).is_err());
    assert!(draft.set(&rack(), "rocket", json!(3)).is_err());
    let id = draft.add_source("Own quote", "Acme", "someday");
    assert_eq!(id, "own-quote");
    let errors = draft.errors();
    assert_eq!(errors[0].diagnostic.code, "bad-date", "{errors:?}");
}

#[test]
fn a_file_that_a_person_wrote_keeps_its_words_and_one_backup() {
    let dir = tempfile::tempdir().expect("a folder");
    let file = dir.path().join("prices.ron");
    let text = "// Our quotes of spring.\n(\n    costs: [\n        // Valid until June\n        \
                (\n            id: \"our-cost\", name: \"Ours\", unit: \"USD per MW\",\n            \
                value: (value: \"unknown\", note: \"asked\"),\n        ),\n    ],\n)\n";
    fs::write(&file, text).expect("writes");
    let mut draft = draft(dir.path());
    let key = RecordKey::new("costs", "our-cost");
    let source = draft.add_source("Quote 17", "Acme", "2026-03");
    let fact = json!({"value": 12.5, "kind": "Vendor", "source": source, "range": [10, 15]});
    draft.set(&key, "value", fact).expect("sets");
    draft.save().unwrap_or_else(|e| panic!("{e}"));
    let after = fs::read_to_string(&file).expect("reads");
    assert!(
        after.starts_with("// Our quotes of spring.\n(\n    costs: [\n        // Valid until June")
    );
    assert!(after.contains("value: 12.5") && after.contains("range: (10, 15)"), "{after}");
    assert_eq!(fs::read_to_string(dir.path().join("prices.ron.bak")).expect("a backup"), text);
    let own = fs::read_to_string(dir.path().join("own.ron")).expect("a file of its own");
    assert!(own.contains("Quote 17"), "{own}");
    assert_eq!(as_read(dir.path()).costs["our-cost"].value.get(), Some(12.5));
    let left: Vec<String> = fs::read_dir(dir.path())
        .expect("a folder")
        .map(|e| e.expect("an entry").file_name().to_string_lossy().into_owned())
        .filter(|name| name.contains("tmp"))
        .collect();
    assert_eq!(left, Vec::<String>::new());
}

#[test]
fn a_file_that_another_program_wrote_is_not_overwritten() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut draft = draft(dir.path());
    draft.set(&rack(), "price_usd", price(7e6)).expect("sets");
    draft.save().expect("saves");
    let file = dir.path().join("own.ron");
    let theirs = fs::read_to_string(&file).expect("reads") + "// mine\n";
    fs::write(&file, &theirs).expect("writes");
    draft.set(&rack(), "price_usd", price(8e6)).expect("sets");
    assert!(matches!(draft.save(), Err(SaveError::ChangedOnDisk(_))));
    assert_eq!(fs::read_to_string(&file).expect("reads"), theirs);
    assert!(draft.is_dirty());
    // A folder with a fault is not edited; the fault is named.
    fs::write(&file, "(racks: [(id: 3)])").expect("writes");
    let error = CatalogueDraft::open(builtin(), dir.path()).expect_err("is refused");
    assert!(error.to_string().contains("own.ron:1:"), "{error}");
}

#[test]
fn absent_numbers_are_offered_and_parts_can_be_added_and_removed() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut draft = draft(dir.path());
    let ups = RecordKey::new("equipment", "ups");
    let fields = draft.fields(&ups);
    let absent = fields.iter().find(|f| f.value.is_null()).expect("a field that it has not");
    assert_eq!((absent.words().as_str(), absent.edited), ("", false));
    let caps = draft.record(&rack()).expect("a rack")["caps"].as_array().expect("caps").len();
    assert_eq!(draft.parts(&rack()), ["caps"]);
    draft.add_part(&rack(), "caps").expect("adds");
    let ids: Vec<Value> = draft.record(&rack()).expect("a rack")["caps"]
        .as_array()
        .expect("caps")
        .iter()
        .map(|c| c["id"].clone())
        .collect();
    assert_eq!(ids.len(), caps + 1);
    assert!(ids.iter().enumerate().all(|(i, id)| !ids[..i].contains(id)), "{ids:?}");
    draft.remove_part(&rack(), "caps", caps).expect("removes");
    assert!(!draft.is_dirty());
    let unit = RecordKey::new("units", "su-vr");
    assert_eq!(draft.parts(&unit), ["support"]);
}

#[test]
fn foreign_records_are_added_once_and_never_over_others() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut draft = draft(dir.path());
    let mut own = draft.record(&rack()).expect("a rack");
    own["id"] = json!("foreign");
    own["aliases"] = json!([]);
    own["name"] = json!("Foreign");
    own["short"] = json!("FRN");
    let records = [("racks".to_owned(), own.clone())];
    let keys = draft.add(&records).expect("adds");
    assert_eq!(keys, [RecordKey::new("racks", "foreign")]);
    draft.add(&records).expect("the same again is no conflict");
    own["name"] = json!("Another");
    let before = draft.revision();
    let refused = draft.add(&[("racks".to_owned(), own)]).expect_err("is refused");
    assert_eq!((refused.code.as_str(), draft.revision()), ("duplicate-id", before));
    assert!(draft.save().is_ok());
}

#[test]
fn what_is_edited_while_records_are_written_stays_changed() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut draft = draft(dir.path());
    draft.set(&rack(), "price_usd", price(7e6)).expect("sets");
    draft
        .set(
            &rack(),
            "mass_kg",
            json!({"value": 1900.0, "kind": "Vendor", "source": "nvidia-vr-datasheet"}),
        )
        .expect("sets");
    let mut keeper = RecordKeeper::new(|| ()).expect("a thread");
    assert!(keeper.ask(&draft));
    assert!(!keeper.ask(&draft), "one at a time");
    draft.set(&rack(), "price_usd", price(8e6)).expect("sets");
    let ended = std::iter::repeat_with(|| keeper.poll(Some(&mut draft))).find_map(|end| end);
    let catalog = ended.expect("an end").unwrap_or_else(|e| panic!("{e}"));
    assert_eq!(catalog.racks["vr-nvl72"].price_usd.get(), Some(7e6), "as it was asked for");
    assert_eq!(as_read(dir.path()), catalog);
    assert!(draft.is_dirty() && !keeper.is_busy());
    assert_eq!(draft.catalog().expect("reads").racks["vr-nvl72"].price_usd.get(), Some(8e6));
    let later = draft.save().unwrap_or_else(|e| panic!("{e}"));
    assert!(!draft.is_dirty());
    assert_eq!(as_read(dir.path()), later);
    assert_eq!(later.racks["vr-nvl72"].price_usd.get(), Some(8e6));
}
