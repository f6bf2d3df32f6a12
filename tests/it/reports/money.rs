//! Reports about money: the same figures in every form, documents that a board can print.

use super::Shipped;
use crate::support::close;
use gigasite::report::{ALL, Face, Options, Paper, ReportError};
use gigasite::scene::chart::money::site::capex_by_class;
use gigasite::scene::chart::money::{Id, Kind};
use gigasite::study::finance::{KeyOutput, SiteFinance, keys, value};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

/// Layouts that can be valued, of each kind: built, estimated, reference.
const VALUED: [&str; 3] = ["campus-1gw", "estimated-100mw", "keynote-rubin-1gw"];

fn found(shipped: &Shipped) -> SiteFinance {
    let outcome = shipped.outcome.as_ref().expect("solved");
    value(&shipped.site, outcome, &shipped.catalog).expect("valued")
}

fn showing(face: Face) -> Options {
    Options { face, ..Options::default() }
}

fn texts(program: &str, arguments: &[&str], pdf: &Path) -> Option<String> {
    let mut command = Command::new(program);
    command.args(arguments).arg(pdf);
    if program == "pdftotext" {
        command.arg("-");
    }
    match command.output() {
        Ok(output) => Some(String::from_utf8_lossy(&output.stdout).into_owned()),
        Err(_) => {
            eprintln!("skipped: {program} of poppler is not installed");
            None
        }
    }
}

fn saved(bytes: &[u8]) -> (tempfile::TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("report.pdf");
    std::fs::write(&path, bytes).expect("writes");
    (folder, path)
}

fn pages(pdf: &[u8]) -> usize {
    String::from_utf8_lossy(pdf).matches("/MediaBox").count()
}

/// Words with one space between them.
fn squeezed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn same(key: &KeyOutput, written: Option<f64>, form: &str) {
    match key.value {
        Ok(value) => close(written.unwrap_or(f64::NAN), value, 1e-12, key.id),
        Err(_) => assert_eq!(written, None, "{} in {form} has no figure", key.id),
    }
}

#[test]
fn key_outputs_are_the_same_in_json_csv_and_pdf() {
    for name in VALUED {
        let shipped = Shipped::valued(name);
        let keys = keys(&found(&shipped));
        let answer: Value =
            serde_json::from_str(&shipped.text("json", &Options::default())).expect("reads");
        let outputs = answer["key_outputs"].as_array().expect("a list");
        assert_eq!(outputs.len(), keys.len());
        for (key, output) in keys.iter().zip(outputs) {
            assert_eq!(output["id"], key.id);
            same(key, output["value"].as_f64(), "JSON");
            assert_eq!(output["undefined"].is_null(), key.value.is_ok(), "{}", key.id);
        }
        let parts = shipped.try_make("csv", &Options::default()).expect("made");
        let long = parts.iter().find(|p| p.name == "long.csv").expect("the long table");
        let mut reader = csv::Reader::from_reader(&long.bytes[..]);
        let rows: BTreeMap<String, csv::StringRecord> = reader
            .records()
            .map(|r| r.expect("reads"))
            .filter(|r| &r[0] == "key output")
            .map(|r| (r[1].to_owned(), r))
            .collect();
        for key in &keys {
            let row = &rows[key.id];
            same(key, row[6].parse().ok(), "CSV");
            assert_eq!(&row[5], key.unit.symbol());
            assert!(key.value.is_ok() || !row[7].is_empty(), "{} says why", key.id);
        }
        let (_folder, path) = saved(&shipped.make("pdf", &showing(Face::Report)));
        let Some(words) = texts("pdftotext", &["-layout"], &path) else { continue };
        let words = squeezed(&words);
        for key in &keys {
            let line = squeezed(&format!("{} {}", key.name, key.text()));
            assert!(words.contains(&line), "{name}: no \"{line}\"");
        }
        assert!(words.contains("All ") && words.contains("checks hold"));
    }
}

#[test]
fn annual_tables_are_sums_of_the_months_and_end_in_their_total() {
    let shipped = Shipped::valued("campus-1gw");
    let found = found(&shipped);
    let parts = shipped.try_make("csv", &Options::default()).expect("made");
    let annual = parts.iter().find(|p| p.name == "annual.csv").expect("the wide table");
    let mut reader = csv::Reader::from_reader(&annual.bytes[..]);
    let head = reader.headers().expect("a head").clone();
    assert!(head.iter().skip(3).any(|h| h.starts_with("FY20")));
    let mut seen = 0;
    for row in reader.records().map(|r| r.expect("reads")) {
        let list = match &row[0] {
            "income" => &found.evaluation.statements.income,
            "cash flow" => &found.evaluation.statements.cash_flow,
            _ => continue,
        };
        let months = list.iter().find(|r| r.name == row[1]).expect("the row");
        let sum: f64 = months.values.iter().sum();
        let years: f64 = row.iter().skip(3).take(head.len() - 4).map(number).sum();
        let scale = months.values.iter().fold(1.0f64, |m, v| m.max(v.abs()));
        assert!((years - sum).abs() < 1e-9 * scale, "{}: {years} {sum}", &row[1]);
        assert!((number(&row[head.len() - 1]) - sum).abs() < 1e-9 * scale, "{}", &row[1]);
        seen += 1;
    }
    assert!(seen > 20, "{seen} rows");
}

fn number(text: &str) -> f64 {
    text.parse().unwrap_or_else(|_| panic!("{text} is no number"))
}

#[test]
fn the_boards_page_is_one_page_with_its_figures_and_embedded_fonts() {
    for name in VALUED {
        let shipped = Shipped::valued(name);
        for paper in [Paper::A4, Paper::Letter] {
            let options = Options { paper, ..showing(Face::OnePager) };
            let pdf = shipped.make("pdf", &options);
            assert_eq!(pages(&pdf), 1, "{name}");
            let text = String::from_utf8_lossy(&pdf).into_owned();
            let (width, _) = paper.size_mm();
            let sides = text.split("/MediaBox").nth(1).and_then(|t| t.split(['[', ']']).nth(1));
            let wide: f64 = sides.and_then(|s| s.split_whitespace().nth(2)).map_or(0.0, number);
            assert!((wide / 72.0 * 25.4 - width).abs() < 0.1, "{paper:?}: {wide}");
            let (_folder, path) = saved(&pdf);
            let Some(fonts) = texts("pdffonts", &[], &path) else { continue };
            for line in fonts.lines().skip(2) {
                let flags: Vec<&str> = line.split_whitespace().collect();
                assert!(flags.windows(3).any(|w| w == ["yes", "yes", "yes"]), "{line}");
            }
            let Some(words) = texts("pdftotext", &["-layout"], &path) else { continue };
            let words = squeezed(&words);
            let keys = keys(&found(&shipped));
            for id in ["npv_usd", "irr_frac", "payback_years", "capex_usd", "revenue_usd_per_year"]
            {
                let key = keys.iter().find(|k| k.id == id).expect("a key");
                // What has no figure says so in the few letters of its tile.
                if key.value.is_err() {
                    continue;
                }
                let shown = key.text();
                assert!(words.contains(&shown), "{name}: no {id} {shown} in {words}");
            }
            assert!(words.contains("checks hold") && words.contains("unconfirmed tool default"));
        }
    }
}

#[test]
fn the_full_report_numbers_its_pages_and_lists_what_is_in_it() {
    let shipped = Shipped::valued("campus-1gw");
    let pdf = shipped.make("pdf", &showing(Face::Report));
    let count = pages(&pdf);
    assert!((15..=40).contains(&count), "{count} pages");
    assert!(String::from_utf8_lossy(&pdf).contains("/Outlines"), "a list beside the pages");
    let (_folder, path) = saved(&pdf);
    let Some(words) = texts("pdftotext", &["-layout"], &path) else { return };
    assert!(words.contains(&format!("{count} of {count}")));
    for part in [
        "Income statement",
        "Balance sheet",
        "Inputs",
        "Method",
        "Sources",
        "Design PUE",
        "unknown",
    ] {
        assert!(words.contains(part), "{part}");
    }
    // Every input with its source, and the hash that names the input.
    let all = squeezed(&words);
    for a in &found(&shipped).assumptions {
        assert!(words.contains(a.path.rsplit('.').next().unwrap_or(&a.path)), "{}", a.path);
    }
    let hash = &shipped.outcome.as_ref().expect("solved").provenance.input_sha256;
    assert!(all.contains(&hash[..12]));
}

#[test]
fn every_layout_is_reported_or_says_what_stops_it() {
    let folder = std::fs::read_dir(crate::support::root().join("layouts")).expect("layouts");
    let mut stopped = 0;
    for entry in folder {
        let path = entry.expect("an entry").path();
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        let shipped = Shipped::valued(&name);
        for face in [Face::OnePager, Face::Sustainability] {
            match shipped.try_make("pdf", &showing(face)) {
                Ok(parts) => assert!(parts[0].bytes.starts_with(b"%PDF-"), "{name}"),
                Err(ReportError::Finance(why)) => {
                    let why = why.to_string();
                    assert!(why.contains("unknown") || why.contains("no plan"), "{name}: {why}");
                    stopped += 1;
                }
                Err(other) => panic!("{name}: {other}"),
            }
        }
    }
    assert!(stopped > 0, "some layout lacks a price");
}

#[test]
fn the_same_input_gives_the_same_documents() {
    let (a, b) = (Shipped::valued("pilot-20mw"), Shipped::valued("pilot-20mw"));
    for face in [Face::OnePager, Face::Report] {
        let options = showing(face);
        assert_eq!(a.make("pdf", &options), b.make("pdf", &options), "{face:?}");
    }
    for kind in ["csv", "json"] {
        let options = Options::default();
        assert_eq!(a.try_make(kind, &options).expect("a"), b.try_make(kind, &options).expect("b"));
    }
}

#[test]
fn the_column_of_capital_tells_rack_types_apart_and_sums_to_the_capital() {
    for name in ["campus-1gw", "estimated-100mw"] {
        let found = found(&Shipped::valued(name));
        let Kind::Breakdown(column) = capex_by_class(&found).kind else { panic!("a column") };
        let sum: f64 = column.slices.iter().map(|s| s.value).sum();
        close(sum, found.evaluation.results.capex.total_usd, 1e-12, name);
        let of = |name: &str| column.slices.iter().find(|s| s.name == name);
        let racks = found.take_off.iter().filter(|i| i.generation.is_some());
        let names: BTreeSet<&str> = racks.clone().map(|i| i.name.as_str()).collect();
        let inks: Vec<_> = names.iter().map(|name| of(name).expect("a slice").ink).collect();
        assert!((1..inks.len()).all(|k| !inks[..k].contains(&inks[k])), "{names:?}: {inks:?}");
        for rack in &names {
            let own = racks.clone().filter(|i| i.name == *rack).map(|i| i.amount_usd);
            close(of(rack).expect("a slice").value, own.sum(), 1e-12, rack);
        }
        assert!(["Electrical", "Contingency"].iter().all(|part| of(part).is_some()), "{name}");
        assert!(names.len() == 2 || name != "campus-1gw", "{names:?}");
    }
}

#[test]
fn charts_of_a_plan_are_pictures_that_say_their_figures() {
    let shipped = Shipped::valued("campus-1gw");
    for id in Id::OF_PLAN {
        for dark in [false, true] {
            let options = Options { dark, ..showing(Face::Chart(id)) };
            let text = shipped.text("svg", &options);
            let title = text.split("<title>").nth(1).and_then(|t| t.split("</title>").next());
            let title = title.expect("a title");
            assert!(title.contains(id.name()) && title.matches("$").count() + title.len() > 40);
        }
    }
    let revenue = shipped.text("svg", &showing(Face::Chart(Id::RevenueByTier)));
    assert!(revenue.contains("Premium") && revenue.contains("FY20"));
}

#[test]
fn without_an_answer_money_has_no_report() {
    let shipped = Shipped::new("campus-1gw");
    for kind in ALL.iter().filter(|k| ["csv", "json"].contains(&k.id)) {
        let error = shipped.try_make(kind.id, &Options::default()).expect_err("no answer");
        assert!(matches!(error, ReportError::NoPlan(_)), "{error}");
    }
}
