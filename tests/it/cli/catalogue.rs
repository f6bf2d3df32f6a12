//! What the catalogue editor writes, read by the command line.

use super::{Folder, gigasite, json, shipped, status, stdout};
use gigasite::catalog::Catalog;
use gigasite::editor::catalogue::{CatalogueDraft, RecordKey};
use serde_json::json as value;

#[test]
fn records_that_the_editor_writes_are_listed_shown_checked_and_solved_with() {
    let folder = Folder::new();
    let own = folder.path("own");
    let builtin = Catalog::embedded_arc().expect("reads");
    let mut draft = CatalogueDraft::open(builtin, &own).expect("opens");
    let rack = draft.copy(&RecordKey::new("racks", "vr-nvl72")).expect("copies");
    let rack = draft.rename(&rack, "acme-72").expect("renames");
    draft.set(&rack, "short", value!("ACME")).expect("sets");
    let source = draft.add_source("Quote 17, \"net\"", "Acme", "2026-11-03");
    let price = value!({"value": 6.5e6, "kind": "Vendor", "source": source, "range": [6e6, 7e6]});
    draft.set(&rack, "price_usd", price).expect("sets");
    let machine = draft.copy(&RecordKey::new("equipment", "genset")).expect("copies");
    let tariff = RecordKey::new("tariffs", "us-9c1");
    let energy = value!({"value": 70, "kind": "Vendor", "source": source});
    draft.set(&tariff, "energy_usd_per_mwh", energy).expect("sets");
    draft.save().unwrap_or_else(|e| panic!("{e}"));

    let dir = own.display().to_string();
    assert_eq!(status(&["catalog", "check", "--catalog", &dir]), 0);
    let list = stdout(&gigasite(&["catalog", "list", "--catalog", &dir]));
    for id in ["acme-72", machine.id.as_str(), source.as_str()] {
        assert!(list.lines().any(|l| l.split_whitespace().any(|w| w == id)), "{id}: {list}");
    }
    let shown = json(&["catalog", "show", "acme-72", "--catalog", &dir, "--json"]);
    let rows = shown.as_array().expect("rows");
    let row = rows.iter().find(|r| r["field"] == "price_usd").expect("a price");
    assert_eq!((&row["value"], &row["kind"]), (&value!("6500000"), &value!("Vendor")));
    assert_eq!(row["source"], "Acme, Quote 17, \"net\" (2026-11-03)");
    assert_eq!(row["range"], value!([6e6, 7e6]));
    // A price of the folder is the price of the plan.
    let layout = shipped("pilot-20mw");
    let cost =
        |arguments: &[&str]| json(arguments)["energy_cost_usd_per_year"].as_f64().expect("a cost");
    let with = cost(&["solve", &layout, "--json", "--catalog", &dir]);
    let set = "tariffs.us-9c1.energy_usd_per_mwh=70";
    let by_hand = cost(&["solve", &layout, "--json", "--set", set]);
    assert_eq!(with, by_hand);
    assert_ne!(with, cost(&["solve", &layout, "--json"]));
}
