//! `gigasite report` as a stranger uses it.

use super::{Folder, assert_fields, gigasite, json, shipped, status, stderr, stdout};
use std::fs;

fn copy_of(folder: &Folder, name: &str) -> String {
    let text = fs::read_to_string(shipped(name)).unwrap();
    folder.file(&format!("{name}.ron"), &text)
}

#[test]
fn a_report_lands_beside_the_layout_under_its_name() {
    let folder = Folder::new();
    let layout = copy_of(&folder, "pilot-20mw");
    let output = gigasite(&["report", &layout, "--format", "svg"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let path = folder.path("pilot-20mw.svg");
    assert_eq!(stdout(&output).trim(), path.display().to_string());
    assert!(fs::read_to_string(path).unwrap().starts_with("<svg"));
    let args = ["report", &layout, "--format", "svg", "--view", "one-line", "--json"];
    let answer = json(&args);
    assert_fields(&answer, "", &["format", "path", "files", "labels"]);
    let path = folder.path("pilot-20mw-one-line.svg");
    assert_eq!(answer["path"], path.display().to_string());
    assert_eq!(answer["files"][0]["bytes"], fs::metadata(path).unwrap().len());
}

#[test]
fn text_goes_to_standard_output_and_bytes_do_not() {
    let layout = shipped("pilot-20mw");
    for format in ["svg", "dxf"] {
        let output = gigasite(&["report", &layout, "--format", format, "--out", "-"]);
        assert_eq!(output.status.code(), Some(0));
        assert!(stdout(&output).len() > 1000);
    }
    assert_eq!(status(&["report", &layout, "--format", "png", "--out", "-"]), 2);
    assert_eq!(status(&["report", &layout, "--format", "svg", "--out", "-", "--json"]), 2);
}

#[test]
fn what_makes_no_sense_is_a_usage_error_that_says_why() {
    let layout = shipped("pilot-20mw");
    for (arguments, word) in [
        (vec!["--format", "dwg"], "dwg"),
        (vec!["--format", "svg", "--size", "0x4"], "320"),
        (vec!["--format", "svg", "--size", "wide"], "WIDTHxHEIGHT"),
        (vec!["--format", "svg", "--scale", "2"], "--scale"),
        (vec!["--format", "png", "--scale", "99"], "0.5"),
        (vec!["--format", "dxf", "--overlay", "tier"], "--overlay"),
        (vec!["--format", "svg", "--view", "one-line", "--overlay", "wind"], "loading"),
        (vec!["--format", "pdf", "--plan-scale", "half"], "1:2000"),
        (vec!["--format", "pdf", "--plan-scale", "1:10"], "1:500"),
        (vec!["--format", "svg", "--out", "/nowhere/at/all.svg"], "/nowhere"),
    ] {
        let all: Vec<&str> = ["report", &layout].into_iter().chain(arguments.clone()).collect();
        let output = gigasite(&all);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(stderr(&output).contains(word), "{arguments:?}: {}", stderr(&output));
    }
    let keynote = shipped("keynote-rubin-1gw");
    let output = gigasite(&["report", &keynote, "--format", "svg", "--out", "-"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("reference infrastructure"));
}

#[test]
fn a_wrong_layout_or_one_without_a_plan_is_a_negative_answer_and_writes_nothing() {
    let folder = Folder::new();
    let broken = folder.file("broken.ron", "(version: 1");
    assert_eq!(status(&["report", &broken, "--format", "svg"]), 1);
    let text = fs::read_to_string(shipped("pilot-20mw")).unwrap();
    // More tokens promised than the site can make.
    let text = text.replace("commitment: (volume: 1500000)", "commitment: (volume: 1e12)");
    let layout = folder.file("greedy.ron", &text);
    let args = ["report", &layout, "--format", "svg", "--overlay", "loading"];
    let output = gigasite(&args);
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    assert!(stderr(&output).contains("--overlay generation"));
    assert!(!folder.path("greedy.svg").exists());
    assert_eq!(status(&["report", &layout, "--format", "svg"]), 0, "the plan needs no answer");
}

#[test]
fn a_report_is_of_the_variant_that_is_named() {
    let layout = shipped("campus-1gw");
    let dps = |more: &[&str]| {
        let arguments = [&["report", &layout, "--format", "netbox", "--json"], more].concat();
        arguments.iter().map(|a| (*a).to_owned()).collect::<Vec<_>>()
    };
    let folder = Folder::new();
    let export = |name: &str, more: &[&str]| {
        let out = folder.path(name).display().to_string();
        let arguments = dps(&[&["--out", &out], more].concat());
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let answer = json(&arguments);
        let files = answer["files"].as_array().expect("files").clone();
        let texts = files.iter().filter_map(|f| fs::read_to_string(f["path"].as_str()?).ok());
        texts.collect::<Vec<_>>().join("\n")
    };
    let (base, variant) = (export("base", &[]), export("b", &["--variant", "blackwell"]));
    let rubin = |text: &str| text.to_lowercase().matches("vr-nvl72").count();
    assert!(
        rubin(&base) > 0 && rubin(&variant) < rubin(&base),
        "{} {}",
        rubin(&base),
        rubin(&variant)
    );
    assert_eq!(variant, export("again", &["--variant", "B"]), "by letter");
    assert_eq!(status(&["report", &layout, "--format", "svg", "--variant", "nobody"]), 2);
}
