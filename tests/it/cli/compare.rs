//! Variants on the command line.

use super::{Folder, gigasite, json, number, shipped, status, stderr, stdout};
use crate::support::close;
use serde_json::Value;

fn row<'a>(answer: &'a Value, id: &str) -> &'a Value {
    let rows = answer["figures"].as_array().expect("rows");
    rows.iter().find(|r| r["id"] == id).unwrap_or_else(|| panic!("no {id}"))
}

/// A key figure of `finance`.
fn key_figure(answer: &Value, id: &str) -> f64 {
    let keys = answer["keys"].as_array().expect("key figures");
    let key = keys.iter().find(|k| k["id"] == id).unwrap_or_else(|| panic!("no {id}"));
    number(key, "/value")
}

#[test]
fn figures_of_a_comparison_are_those_of_the_two_solves() {
    let campus = shipped("campus-1gw");
    let a = json(&["solve", &campus, "--variant", "blackwell", "--json"]);
    let b = json(&["solve", &campus, "--json"]);
    assert_eq!(a["provenance"]["variant"], "blackwell");
    assert_eq!(b["provenance"]["variant"], "rubin-6-2", "the base without an argument");
    let answer = json(&["compare", &campus, "blackwell", "A", "--json"]);
    assert_eq!(answer["a"]["name"], "Blackwell, 8 halls");
    assert_eq!(answer["b"]["name"], "Rubin 6+2", "letters name variants too");
    for (id, field) in [("Revenue", "/revenue_usd_per_year"), ("GridPower", "/grid_mw")] {
        let row = row(&answer, id);
        close(number(row, "/a"), number(&a, field), 1e-9, id);
        close(number(row, "/b"), number(&b, field), 1e-9, id);
        let change = number(&b, field) - number(&a, field);
        assert!((number(row, "/change") - change).abs() <= 1e-6 * change.abs().max(1e-3), "{id}");
    }
    // What `finance` says of each is what stands beside the other.
    let of = |variant: &str| json(&["finance", &campus, "--variant", variant, "--json"]);
    let (x, y) = (of("blackwell"), of("rubin-6-2"));
    for (id, key) in [("Npv", "npv_usd"), ("LevelisedCost", "levelised_usd_per_mtok")] {
        let row = row(&answer, id);
        close(number(row, "/a"), key_figure(&x, key), 1e-9, id);
        close(number(row, "/b"), key_figure(&y, key), 1e-9, id);
    }
    // Counted by hand: eight halls of two wings of four rows of 88 racks in A.
    close(number(row(&answer, "Racks"), "/a"), 8.0 * 2.0 * 4.0 * 88.0, 1e-12, "racks of A");
    let better = &row(&answer, "Revenue")["b_is_better"];
    assert_eq!(*better, number(row(&answer, "Revenue"), "/change") > 0.0);
    let equal = answer["held_equal"].as_array().expect("a list");
    assert!(equal.contains(&"grid contract".into()) && !equal.contains(&"racks".into()));
    let changed = answer["changed"].as_array().expect("a list");
    let halls = changed.iter().filter(|p| p.as_str().is_some_and(|p| p.starts_with("halls.")));
    assert_eq!(halls.count(), 6, "halls 1 and 5 are as they were");
}

#[test]
fn a_comparison_reads_as_text_and_two_files_compare_as_well() {
    let (pilot, campus) = (shipped("pilot-20mw"), shipped("campus-1gw"));
    let output = gigasite(&["compare", &pilot, &campus]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let text = stdout(&output);
    assert!(text.contains("Cedar Ridge 1 GW earns ") && text.contains("Held equal: "), "{text}");
    assert!(text.contains("Binding in A: ") && text.contains("Plan difference"), "{text}");
}

#[test]
fn a_variant_that_is_not_there_is_named_with_those_that_are() {
    let campus = shipped("campus-1gw");
    for arguments in [
        vec!["solve", &campus, "--variant", "blackwel"],
        vec!["check", &campus, "--variant", "blackwel"],
        vec!["compare", &campus, "A", "blackwel"],
    ] {
        let output = gigasite(&arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(stderr(&output).contains("rubin-6-2, blackwell"), "{}", stderr(&output));
    }
}

#[test]
fn check_finds_what_is_wrong_in_a_variant_alone_and_says_where() {
    let text = std::fs::read_to_string(shipped("pilot-20mw")).expect("reads");
    let block = text.split("blocks: [").nth(1).and_then(|t| t.split("id: \"").nth(1));
    let block = block.and_then(|t| t.split('"').next()).expect("a block");
    let variants = format!(
        "variants: [(id: \"b\", name: \"B\", changes: (set: [\n\
         (\"blocks.{block}.rack\", \"no-such-rack\"),\n(\"blocks.gone.rack\", \"x\")]))],\n)\n"
    );
    let end = text.rfind(')').expect("an end");
    let folder = Folder::new();
    let path = folder.file("two.ron", &format!("{}{variants}", &text[..end]));
    let answer = json(&["check", &path, "--json"]);
    let found = answer["diagnostics"].as_array().expect("a list");
    let of = |code: &str| {
        found.iter().find(|d| d["code"] == code).unwrap_or_else(|| panic!("{found:?}"))
    };
    assert!(of("change-left-out")["message"].as_str().is_some_and(|m| m.contains("blocks.gone")));
    assert!(of("change-left-out")["line"].is_u64());
    let wrong = found.iter().find(|d| d["severity"] == "error").expect("an error");
    assert!(wrong["message"].as_str().is_some_and(|m| m.starts_with("In variant b: ")), "{wrong}");
    assert_eq!(status(&["check", &path]), 1);
    // The base alone is as right as it was.
    assert_eq!(status(&["check", &path, "--variant", "base"]), 0);
}

#[test]
fn a_tour_that_names_what_is_not_there_is_found_with_its_place() {
    let text = std::fs::read_to_string(shipped("pilot-20mw")).expect("reads");
    let tour = "tour: [(name: \"A\", title: \"{Revenu} and {Revenue}\", variant: \"none\", \
                select: [\"halls.nowhere\"], figures: [Revenue])],\n)\n";
    let end = text.rfind(')').expect("an end");
    let folder = Folder::new();
    let path = folder.file("tour.ron", &format!("{}{tour}", &text[..end]));
    let answer = json(&["check", &path, "--json"]);
    let found = answer["diagnostics"].as_array().expect("a list");
    for (code, at) in [
        ("unknown-figure", "tour.0.title"),
        ("unknown-variant", "tour.0.variant"),
        ("unknown-element", "tour.0.select.0"),
    ] {
        let one = found.iter().find(|d| d["code"] == code).unwrap_or_else(|| panic!("{found:?}"));
        assert_eq!(one["path"], at);
        assert!(one["line"].is_u64(), "{one}");
    }
    let broken = tour.replace("figures: [Revenue]", "figures: [Revenues]");
    let path = folder.file("figure.ron", &format!("{}{broken}", &text[..end]));
    let answer = json(&["check", &path, "--json"]);
    assert!(answer["diagnostics"][0]["path"].as_str().is_some_and(|p| p.starts_with("tour")));
    assert!(answer["diagnostics"][0]["line"].is_u64());
}
