//! `gigasite finance` as a stranger uses it.

use super::{Folder, gigasite, json, number, shipped, status, stderr, stdout};
use crate::support::close;
use serde_json::Value;
use std::collections::BTreeMap;

const SITE: &str = "estimated-100mw";

fn income<'a>(answer: &'a Value, statement: &str, row: &str) -> &'a Vec<Value> {
    within(&answer["statements"], statement, row)
}

fn within<'a>(statements: &'a Value, statement: &str, row: &str) -> &'a Vec<Value> {
    let rows = statements[statement].as_array().unwrap();
    let found = rows.iter().find(|r| r["name"] == row);
    found.and_then(|r| r["values"].as_array()).unwrap_or_else(|| panic!("no {row}"))
}

fn sum(values: &[Value]) -> f64 {
    values.iter().map(|v| v.as_f64().unwrap()).sum()
}

#[test]
fn the_take_off_is_the_capital_of_the_plan_and_every_check_holds() {
    let folder = Folder::new();
    let solved = json(&["solve", &shipped(SITE), "--json"]);
    let plan = folder.file("plan.json", &solved.to_string());
    let table = folder.file("take-off.csv", "");
    let hold = format!("--hold-plan={plan}");
    let arguments = ["finance", &shipped(SITE), "--json", &hold, "--take-off", &table];
    let answer = json(&arguments);
    let capex = number(&answer, "/results/capex/total_usd");
    close(-sum(income(&answer, "cash_flow", "capital")), capex, 1e-12, "paid");
    let mut reader = csv::Reader::from_path(&table).unwrap();
    let (mut total, mut hard) = (0.0, 0.0);
    for record in reader.records() {
        let record = record.unwrap();
        let cell = |n: usize| record[n].parse::<f64>().unwrap();
        total += cell(10);
        // Racks and plant before contingency, without land and what comes on top.
        if &record[1] != "land" && &record[5] != "share" {
            hard += cell(8);
        }
    }
    assert!((total - capex).abs() < 0.005, "{total} {capex}");
    close(hard, number(&solved, "/headline/capex_usd"), 1e-9, "racks and plant");
    for check in answer["statements"]["checks"].as_array().unwrap() {
        assert!(number(check, "/off_usd") <= number(check, "/tolerance_usd"), "{check}");
    }
    // Revenue of a whole year at full load is the plan's at the prices of that year.
    let by_year = &answer["by_year"];
    let periods = by_year["periods"].as_array().unwrap();
    let year = periods.iter().rposition(|p| p["months"] == 12).unwrap();
    let plan = number(&solved, "/revenue_usd_per_year");
    let revenue = within(by_year, "income", "revenue")[year].as_f64().unwrap();
    let start = number(&periods[year], "/start") as i32;
    let falling = (start..start + 12).map(|m| 0.75f64.powi(m / 12) / 12.0).sum::<f64>();
    close(revenue, plan * falling, 1e-9, "a quarter less each year of the model");
}

#[test]
fn a_held_plan_is_that_of_the_unchanged_layout() {
    let tokens = |arguments: &[&str]| {
        let layout = shipped(SITE);
        let all: Vec<&str> =
            ["finance", &layout, "--json"].into_iter().chain(arguments.iter().copied()).collect();
        let answer = json(&all);
        let income = answer["by_year"]["income"].as_array().unwrap();
        let sold = income.iter().filter(|r| r["name"].as_str().unwrap().starts_with("revenue: "));
        (
            sold.map(|r| r["name"].clone()).collect::<Vec<_>>(),
            number(&answer, "/results/energy_mwh"),
        )
    };
    let base = tokens(&["--hold-plan"]);
    let dear = ["--set", "tariffs.us-9c1.energy_usd_per_mwh=900", "--hold-plan"];
    assert_eq!(tokens(&dear), base);
    // Without holding, power at ten times its price is no longer bought for every token.
    assert!(tokens(&dear[..2]).1 < base.1);
}

#[test]
fn the_schedule_names_phases_orders_and_money() {
    let text = stdout(&gigasite(&["finance", &shipped("mixed-250mw"), "--schedule"]));
    for part in ["Schedule", "critical: ", "order ", "committed", "workers"] {
        assert!(text.contains(part), "no {part} in\n{text}");
    }
}

#[test]
fn figures_are_numbers_or_say_why_not() {
    let answer = json(&["finance", &shipped(SITE), "--json"]);
    let results = &answer["results"];
    assert!(number(results, "/levelised_usd_per_mtok") > 0.0);
    assert!(number(results, "/unlevered/mirr") > 0.0);
    assert!(
        number(&answer, "/breakeven_usd_per_mtok") > number(results, "/levelised_usd_per_mtok")
    );
    let ruin = ["finance", &shipped(SITE), "--json", "--set", "costs.site-capex-usd-per-mw=1e9"];
    let last = &json(&ruin)["results"]["unlevered"]["payback"]["last"];
    assert_eq!(last["undefined"], "never_recovered", "{last}");
    assert!(!answer.to_string().contains("\"Ok\"") && !answer.to_string().contains("\"Err\""));
}

#[test]
fn value_and_rate_are_those_of_the_printed_cash_flow() {
    let answer = json(&["finance", &shipped(SITE), "--json"]);
    let periods = answer["statements"]["periods"].as_array().unwrap();
    let at =
        |statement: &str, row: &str, n: usize| income(&answer, statement, row)[n].as_f64().unwrap();
    // Without a loan the owners receive what the site earns after tax.
    let flows: Vec<(f64, f64)> = (0..periods.len())
        .map(|n| {
            let end = number(&periods[n], "/start") + number(&periods[n], "/months");
            let cash = at("income", "EBITDA", n) - at("income", "current tax", n)
                + at("cash_flow", "capital", n)
                + at("cash_flow", "proceeds of disposal", n);
            (end / 12.0, cash)
        })
        .collect();
    let value = |rate: f64| flows.iter().map(|(t, cf)| cf / (1.0 + rate).powf(*t)).sum::<f64>();
    let rate = number(&answer, "/results/unlevered/rate");
    let npv = number(&answer, "/results/unlevered/npv_usd");
    close(npv, value(rate), 1e-9, "value");
    if let Some(irr) = answer.pointer("/results/unlevered/irr/one").and_then(Value::as_f64) {
        let size: f64 = flows.iter().map(|(_, cf)| cf.abs()).sum();
        assert!(value(irr).abs() < 1e-9 * size, "{irr}");
    }
    assert_eq!((npv > 0.0), value(rate) > 0.0);
}

#[test]
fn dearer_tokens_are_worth_more_and_the_path_is_told() {
    let npv = |set: &[&str]| {
        let mut arguments = vec!["finance", "--json"];
        let layout = shipped(SITE);
        arguments.push(&layout);
        set.iter().for_each(|s| arguments.extend(["--set", s]));
        number(&json(&arguments), "/results/unlevered/npv_usd")
    };
    let base = npv(&[]);
    assert!(npv(&["costs.price-decline-frac-per-year=0.1"]) > base);
    assert!(npv(&["costs.build-months=30"]) < base);
    assert!(npv(&["costs.site-capex-usd-per-mw=30000000"]) < base);
    let text = stdout(&gigasite(&["finance", &shipped(SITE)]));
    for part in ["NPV", "Levelised cost", "carried forward", "costs.build-months", "10 of 10 hold"]
    {
        assert!(text.contains(part), "no {part} in\n{text}");
    }
}

#[test]
fn the_statements_as_a_table_balance() {
    let folder = Folder::new();
    let path = folder.file("out.csv", "");
    assert_eq!(status(&["finance", &shipped(SITE), "--csv", &path]), 0);
    let mut reader = csv::Reader::from_path(&path).unwrap();
    let mut totals: BTreeMap<String, [f64; 2]> = BTreeMap::new();
    for record in reader.records() {
        let record = record.unwrap();
        let value: f64 = record[4].parse().unwrap();
        match &record[1] {
            "total assets" => totals.entry(record[2].to_owned()).or_default()[0] = value,
            "total liabilities and equity" => {
                totals.entry(record[2].to_owned()).or_default()[1] = value;
            }
            _ => {}
        }
    }
    assert!(totals.len() > 20);
    for (period, [assets, claims]) in totals {
        assert!((assets - claims).abs() < 0.01, "{period}: {assets} {claims}");
    }
}

#[test]
fn what_is_unknown_stops_the_value_and_is_named() {
    let unknown = ["finance", &shipped(SITE), "--set", "costs.build-months=unknown"];
    let output = gigasite(&unknown);
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    assert!(stdout(&output).contains("costs.build-months is unknown"), "{}", stdout(&output));
    assert_eq!(status(&["finance", "/nowhere.ron"]), 2);
}

#[test]
fn key_figures_are_those_of_the_results_and_the_same_list_for_every_site() {
    let answer = json(&["finance", &shipped(SITE), "--json"]);
    let key = |id: &str| {
        let keys = answer["keys"].as_array().unwrap();
        keys.iter().find(|k| k["id"] == id).unwrap_or_else(|| panic!("no {id}"))
    };
    for (id, path) in [
        ("npv_usd", "/results/unlevered/npv_usd"),
        ("mirr_frac", "/results/unlevered/mirr"),
        ("levelised_usd_per_mtok", "/results/levelised_usd_per_mtok"),
        ("revenue_usd_per_mw_year", "/results/revenue_usd_per_mw_year"),
        ("breakeven_usd_per_mtok", "/breakeven_usd_per_mtok"),
        ("capex_usd", "/results/capex/total_usd"),
    ] {
        assert_eq!(number(key(id), "/value"), number(&answer, path), "{id}");
    }
    // Without a loan its cover is a reason, not a number and not absent.
    assert_eq!(key("dscr_min")["value"]["undefined"], "no_debt");
}

#[test]
fn a_report_of_a_plan_that_cannot_be_valued_says_what_is_unknown_and_writes_nothing() {
    let folder = Folder::new();
    let out = folder.path("report.json").display().to_string();
    let layout = shipped("keynote-hopper-1gw");
    let asked = ["report", &layout, "--format", "json", "--out", &out];
    let done = gigasite(&asked);
    assert_eq!(done.status.code(), Some(1), "{}", stderr(&done));
    assert!(stderr(&done).contains("racks.hgx-h100.price_usd is unknown"), "{}", stderr(&done));
    assert!(!std::path::Path::new(&out).exists());
}
