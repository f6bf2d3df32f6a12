//! `gigasite import` as a stranger uses it.

use super::{Folder, gigasite, json, shipped, status, stderr, stdout};

const SQUARE: &str =
    r#"{"type":"Polygon","coordinates":[[[0,0],[0.02,0],[0.02,0.02],[0,0.02],[0,0]]]}"#;

fn copied(folder: &Folder) -> String {
    folder.file("site.ron", &std::fs::read_to_string(shipped("pilot-20mw")).unwrap())
}

#[test]
fn import_saves_the_parcel_and_keeps_a_backup() {
    let folder = Folder::new();
    let (layout, map) = (copied(&folder), folder.file("land.geojson", SQUARE));
    let before = std::fs::read_to_string(&layout).unwrap();
    let answer = json(&["import", &map, "--into", &layout, "--json"]);
    assert_eq!(answer["status"], "saved");
    assert_eq!(answer["importer"], "GeoJSON");
    assert_eq!(answer["skipped"], serde_json::json!([]));
    let site = crate::support::load(folder.path("site.ron").as_path());
    assert_eq!(site.terms.site.parcel.len(), 4);
    assert_eq!(std::fs::read_to_string(folder.path("site.ron.bak")).unwrap(), before);
    assert_eq!(status(&["check", &layout]), 0);
}

#[test]
fn a_dry_run_says_what_would_be_taken_and_changes_nothing() {
    let folder = Folder::new();
    let (layout, map) = (copied(&folder), folder.file("land.geojson", SQUARE));
    let before = std::fs::read_to_string(&layout).unwrap();
    let output = gigasite(&["import", &map, "--into", &layout, "--as", "parcel", "--dry-run"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(stdout(&output).contains("taken    Parcel: 4 corners, 492"), "{}", stdout(&output));
    assert_eq!(std::fs::read_to_string(&layout).unwrap(), before);
    assert!(!folder.path("site.ron.bak").exists());
}

#[test]
fn what_cannot_be_imported_is_an_error_and_leaves_the_layout_alone() {
    let folder = Folder::new();
    let layout = copied(&folder);
    let before = std::fs::read_to_string(&layout).unwrap();
    let broken = folder.file("land.geojson", "{\n\"type\": ");
    let output = gigasite(&["import", &broken, "--into", &layout]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("land.geojson:2:"), "{}", stderr(&output));
    let other = folder.file("land.doc", "");
    assert_eq!(status(&["import", &other, "--into", &layout]), 2);
    assert_eq!(status(&["import", "/nowhere.geojson", "--into", &layout]), 2);
    assert_eq!(status(&["import", &broken, "--into", &layout, "--as", "castle"]), 2);
    assert_eq!(std::fs::read_to_string(&layout).unwrap(), before);
}

#[test]
fn a_list_of_racks_writes_its_columns_and_takes_them_edited() {
    let folder = Folder::new();
    let layout = copied(&folder);
    // Rows 3 and 4 hold planned blocks; the list is put on free ground of the hall.
    let list = folder.file("racks.csv", "Tag,Hall,What,x,y\nn-1,hall,Liquid 72,45,66.5\n");
    let map = folder.path("map.ron").display().to_string();
    let output = gigasite(&["import", &list, "--into", &layout, "--map", &map, "--dry-run"]);
    // Nothing tells which column holds the types of a maker that nobody knows.
    assert_eq!(output.status.code(), Some(2), "{}", stdout(&output));
    assert!(stderr(&output).contains("rack types"), "{}", stderr(&output));
    let text = "(columns: {Id: \"Tag\", Hall: \"Hall\", Rack: \"What\", X: \"x\", Y: \"y\"}, \
                racks: {\"Liquid 72\": \"gb300-nvl72\"})";
    std::fs::write(&map, text).unwrap();
    let args = ["import", &list, "--into", &layout, "--map", &map, "--json"];
    let answer = json(&args);
    assert_eq!(answer["status"], "saved", "{answer}");
    assert_eq!(answer["mapping"]["columns"]["Rack"], "What");
    let site = crate::support::load(folder.path("site.ron").as_path());
    let block = site.blocks().find(|b| b.id == "n-1").expect("the rack");
    assert_eq!((block.rack.as_deref(), block.at), (Some("gb300-nvl72"), [45.0, 66.5]));
    let plain = folder.file("plain.csv", "id,hall,model,x,y\nn-2,hall,gb300-nvl72,50,66.5\n");
    let other = folder.path("other.ron").display().to_string();
    let output = gigasite(&["import", &plain, "--into", &layout, "--map", &other]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(std::fs::read_to_string(&other).unwrap().contains("Rack: \"model\""));
}

#[test]
fn a_device_type_goes_into_the_overlay_of_the_catalogue() {
    let folder = Folder::new();
    let text = "manufacturer: Example\nmodel: Box\nslug: example-box\n";
    let file = folder.file("box.yaml", text);
    let overlay = folder.path("overlay");
    std::fs::create_dir(&overlay).unwrap();
    let dir = overlay.display().to_string();
    let answer = json(&["import", &file, "--catalog", &dir, "--json"]);
    assert_eq!((&answer["status"], &answer["rack"]), (&"saved".into(), &"example-box".into()));
    assert_eq!(status(&["catalog", "show", "example-box", "--catalog", &dir]), 0);
    assert_eq!(status(&["import", &file, "--catalog", &dir]), 2, "it is there already");
    assert_eq!(status(&["import", &file]), 2, "it needs a folder");
}

#[test]
fn an_underlay_is_named_from_the_layout_and_missed_when_it_goes() {
    let folder = Folder::new();
    let layout = copied(&folder);
    let map = folder.file("land.geojson", SQUARE);
    let answer = json(&["import", &map, "--into", &layout, "--as", "underlay", "--json"]);
    assert_eq!(answer["status"], "saved");
    let site = crate::support::load(folder.path("site.ron").as_path());
    let one = &site.campus.underlays[0];
    assert_eq!((one.file.as_str(), one.sha256.len()), ("land.geojson", 64));
    assert_eq!(json(&["check", &layout, "--json"])["warnings"], 0);
    std::fs::write(folder.path("land.geojson"), "{}").unwrap();
    let changed = json(&["check", &layout, "--json"]);
    assert_eq!(changed["diagnostics"][0]["code"], "underlay-changed");
    std::fs::remove_file(folder.path("land.geojson")).unwrap();
    let missing = json(&["check", &layout, "--json"]);
    assert_eq!(missing["diagnostics"][0]["code"], "underlay-missing");
    assert_eq!((&missing["status"], status(&["check", &layout])), (&"valid".into(), 0));
}

#[test]
fn hints_of_the_command_line_reach_the_reader() {
    let folder = Folder::new();
    let layout = copied(&folder);
    let square = "0\nSECTION\n2\nENTITIES\n0\nLWPOLYLINE\n8\nLOT\n70\n1\n10\n0\n20\n0\n10\n100\n20\n0\n10\n100\n20\n-50\n0\nENDSEC\n0\nEOF\n";
    let drawing = folder.file("land.dxf", square);
    assert_eq!(status(&["import", &drawing, "--into", &layout]), 2, "no unit");
    let base = ["import", drawing.as_str(), "--into", layout.as_str()];
    assert_eq!(status(&[&base[..], &["--unit", "furlong"]].concat()), 2);
    assert_eq!(status(&[&base[..], &["--unit", "ft", "--layer", "lot"]].concat()), 0);
    let site = crate::support::load(folder.path("site.ron").as_path());
    assert_eq!(site.terms.site.parcel[1], [30.48, 0.0]);
    let picture = folder.file("air.png", "no picture");
    let output = gigasite(&["import", &picture, "--into", &layout, "--scale", "0.5"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("no PNG picture"), "{}", stderr(&output));
    let points = ["--points", "0,0,1,1"];
    assert_eq!(status(&[&["import", &picture, "--into", &layout][..], &points].concat()), 2);
}
