//! `gigasite powerflow`: a case file in, voltages, flows and outages out.

use super::{gigasite, json, status, stderr, stdout};
use serde_json::Value;
use std::path::PathBuf;

/// Two lines to a load, one feeder beyond it; 60 MW over lines of 50 MVA each.
const CASE: &str = "function mpc = two_lines
mpc.version = '2';
mpc.baseMVA = 100;
mpc.bus = [
  1 3 0  0 0 0 1 1 0 138 1 1.1 0.9;
  2 1 40 10 0 0 1 1 0 138 1 1.1 0.9;
  7 1 20 5 0 0 1 1 0 138 1 1.1 0.9;
];
mpc.gen = [1 0 0 99 -99 1.02 100 1 200 0];
mpc.branch = [
  1 2 0.01 0.1 0 50 60 70 0 0 1 -360 360;
  1 2 0.01 0.1 0 50 60 70 0 0 1 -360 360;
  2 7 0.01 0.1 0 50 60 70 0 0 1 -360 360;
];
";

fn case(name: &str, text: &str) -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let file: PathBuf = folder.path().join(name);
    std::fs::write(&file, text).unwrap();
    (folder, file.display().to_string())
}

#[test]
fn a_case_is_solved_with_the_promised_fields() {
    let (_folder, file) = case("two.m", CASE);
    for arguments in
        [vec!["powerflow", &file, "--json"], vec!["powerflow", &file, "--dc", "--json"]]
    {
        let answer = json(&arguments);
        assert_eq!(answer["converged"], true);
        assert_eq!(answer["buses"][2]["id"], 7, "bus numbers are numbers");
        assert_eq!(answer["branches"][2]["from"], 2);
        for field in ["loss_mw", "slack_p_mw", "slack_q_mvar", "iterations"] {
            assert!(answer[field].is_number(), "{field}");
        }
        for field in ["p_from_mw", "q_from_mvar", "p_to_mw", "q_to_mvar", "loading_frac"] {
            assert!(answer["branches"][0][field].is_number(), "{field}");
        }
        let balance = answer["slack_p_mw"].as_f64().unwrap() - 60.0;
        assert!((balance - answer["loss_mw"].as_f64().unwrap()).abs() < 1e-6);
    }
    assert!(stdout(&gigasite(&["powerflow", &file])).contains("Converged"));
}

#[test]
fn the_outage_of_a_line_overloads_its_twin_and_says_so() {
    let (_folder, file) = case("two.m", CASE);
    let answer = json(&["powerflow", &file, "--contingencies", "n-1", "--json"]);
    let rows = answer["contingencies"].as_array().unwrap();
    let of = |id: &str| -> &Value { rows.iter().find(|r| r["id"] == id).unwrap() };
    assert_eq!(of("1-2")["overloads"][0]["branch"], "1-2#2");
    assert!(of("1-2")["sentence"].as_str().unwrap().contains("1-2#2 carries"));
    assert_eq!(of("1-2")["overloads"][0]["within_short_emergency"], true);
    let over = &of("1-2")["overloads"][0];
    let used = over["rating_used"].as_str().unwrap();
    assert!(["long-time", "short-time"].contains(&used), "{over}");
    assert!(over["rating_used_mva"].as_f64().unwrap() >= over["mva"].as_f64().unwrap());
    assert!(over["minutes_allowed"].is_null(), "a case file states no times");
    assert_eq!(of("2-7")["status"], "islanded");
    assert_eq!(of("2-7")["load_lost_mw"], 20.0);
    assert_eq!(of("2-7")["dark_buses"][0], 7);
    // One source: its loss is the loss of all.
    assert_eq!(of("g1")["load_lost_mw"], 60.0);
    let order: Vec<f64> = rows.iter().map(|r| r["load_lost_mw"].as_f64().unwrap()).collect();
    assert_eq!(order[0], 60.0, "worst first");
    assert_eq!(answer["contingency_summary"]["studied"], rows.len());
}

#[test]
fn a_network_that_cannot_carry_its_load_is_a_negative_answer() {
    let (_folder, file) = case("heavy.m", &CASE.replace("2 1 40 10", "2 1 4000 1000"));
    let answer = json(&["powerflow", &file, "--json"]);
    assert_eq!(answer["converged"], false);
    assert_eq!(answer["status"], "diverged");
    let reason = answer["reason"].as_str().expect("words");
    assert!(
        reason.contains("no voltages carry this load") && reason.contains("at bus 2"),
        "{reason}"
    );
    assert_eq!(answer["buses"][1]["vm_pu"], Value::Null, "no voltage is made up");
    assert_eq!(status(&["powerflow", &file]), 1);
}

#[test]
fn a_broken_case_is_refused_with_its_line() {
    let (_folder, file) = case("broken.m", &CASE.replace("2 1 40", "2 1 4o"));
    let output = gigasite(&["powerflow", &file]);
    assert_eq!(output.status.code(), Some(2));
    let message = stderr(&output);
    assert!(message.contains("broken.m:6:") && message.contains("4o"), "{message}");
    assert_eq!(status(&["powerflow", "no-such-file.m"]), 2);
}

#[test]
fn fault_levels_of_a_case_need_their_sources() {
    let (_folder, file) = case("two.m", CASE);
    let answer = json(&["powerflow", &file, "--faults", "--json"]);
    assert_eq!(status(&["powerflow", &file, "--faults"]), 1);
    assert!(answer["missing"][0].as_str().unwrap().contains("generator g1"));
    assert_eq!(answer["buses"].as_array().unwrap().len(), 0, "nothing is invented");
    let arguments = ["powerflow", &file, "--faults", "--fault-source", "1=5000,10", "--json"];
    let answer = json(&arguments);
    let level = answer["buses"][0]["sk_mva"].as_f64().unwrap();
    assert!((level - 5_000.0).abs() < 1e-6);
    let far = answer["buses"][2]["ik_ka"].as_f64().unwrap();
    assert!(far < answer["buses"][1]["ik_ka"].as_f64().unwrap());
    let output = gigasite(&["powerflow", &file, "--faults", "--fault-source", "9=1"]);
    assert!(stderr(&output).contains("no bus 9"));
}

#[test]
fn fault_levels_of_a_layout_stand_beside_what_gear_bears() {
    let file = crate::support::layout_path("pilot-20mw").display().to_string();
    let answer = json(&["powerflow", &file, "--faults", "--json"]);
    assert_eq!(answer["assumed_feeds"][0], "feed-1");
    let places = answer["places"].as_array().unwrap();
    assert!(places.iter().all(|p| p["ik_ka"].is_number() && p["ip_ka"].is_number()));
    assert!(places.iter().any(|p| p["bears"].is_boolean()));
    assert!(stdout(&gigasite(&["powerflow", &file, "--faults"])).contains("screening"));
}

#[test]
fn checks_of_a_layout_are_a_table_with_remedies() {
    let file = crate::support::layout_path("pilot-20mw").display().to_string();
    let answer = json(&["powerflow", &file, "--checks", "--json"]);
    let rows = answer["checks"].as_array().unwrap();
    let warn = rows.iter().filter(|r| r["state"] == "warn").count();
    assert_eq!(answer["warnings"], warn);
    assert!(rows.iter().filter(|r| r["state"] != "pass").all(|r| r["note"] != ""));
    assert!(rows.iter().any(|r| r["code"] == "ramp" && r["state"] == "not_checked"));
    assert!(stdout(&gigasite(&["powerflow", &file, "--checks"])).contains("not checked"));
    let (_folder, case) = case("two.m", CASE);
    assert_eq!(status(&["powerflow", &case, "--checks"]), 2);
}

#[test]
fn reliability_of_a_layout_adds_up_and_prices_its_steps() {
    let file = crate::support::layout_path("pilot-20mw").display().to_string();
    let answer = json(&["powerflow", &file, "--reliability", "--json"]);
    let elements = answer["elements"].as_array().unwrap();
    let pairs = answer["pairs"].as_array().unwrap();
    let all = elements.iter().chain(pairs);
    let sum: f64 = all.map(|e| e["unserved_mwh_per_year"].as_f64().unwrap()).sum();
    assert!((sum / answer["unserved_mwh_per_year"].as_f64().unwrap() - 1.0).abs() < 1e-9);
    let kinds: Vec<&str> =
        answer["steps"].as_array().unwrap().iter().map(|s| s["kind"].as_str().unwrap()).collect();
    assert!(kinds.contains(&"one_more") && kinds.contains(&"spare"), "{kinds:?}");
    assert!(stdout(&gigasite(&["powerflow", &file, "--reliability"])).contains("Lost margin"));
}
