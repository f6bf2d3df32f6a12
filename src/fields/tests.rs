//! Patching and reading of records that look like those of a catalogue and a site.

use super::*;
use serde::Deserialize;
use serde_json::json;
use std::collections::BTreeMap;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Number {
    value: Value,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    kind: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    source: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    range: Option<(f64, f64)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
enum Mode {
    Fast,
    Slow,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Point {
    tok_s_user: f64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    tok_s_per_mw: Option<f64>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Cap {
    id: String,
    kw: Number,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Record {
    id: String,
    price_usd: Number,
    mode: Mode,
    count: u32,
    points: Vec<Point>,
    caps: Vec<Cap>,
    steps: Vec<f64>,
    note: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    demand_usd: Option<Number>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    capacity_mw: Option<f64>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    shares: BTreeMap<String, f64>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    orders: Vec<Cap>,
}

fn number(value: f64) -> Number {
    Number {
        value: json!(value),
        kind: Some("Press".into()),
        source: Some("s".into()),
        range: Some((1.0, 9.0)),
    }
}

fn record() -> Record {
    Record {
        id: "r".into(),
        price_usd: number(7.8),
        mode: Mode::Slow,
        count: 2,
        points: vec![
            Point { tok_s_user: 37.5, tok_s_per_mw: Some(3.0) },
            Point { tok_s_user: 400.0, tok_s_per_mw: None },
        ],
        caps: vec![Cap { id: "max-q".into(), kw: number(190.0) }],
        steps: vec![1.0, 2.0],
        note: None,
        demand_usd: None,
        capacity_mw: Some(10.0),
        orders: Vec::new(),
        shares: BTreeMap::new(),
    }
}

fn set(path: &str, text: &str) -> Result<Record, FieldError> {
    let value = parse_value(text)?;
    let names: Vec<&str> = path.split('.').collect();
    patch(&record(), &names, &value)
}

#[test]
fn a_number_with_provenance_becomes_an_override_and_keeps_its_range() {
    for path in ["price_usd", "price_usd.value"] {
        let new = set(path, "5e6").unwrap().price_usd;
        assert_eq!(new.value.as_f64(), Some(5e6));
        assert_eq!(new.kind.as_deref(), Some("Override"));
        assert_eq!(new.range, Some((1.0, 9.0)));
    }
}

#[test]
fn unknown_empties_a_number_with_provenance() {
    let new = set("price_usd", "unknown").unwrap().price_usd;
    assert_eq!((new.value, new.kind, new.source), (json!("unknown"), None, None));
}

#[test]
fn an_absent_number_with_provenance_is_added_as_an_override() {
    for path in ["demand_usd", "demand_usd.value"] {
        let new = set(path, "12").unwrap().demand_usd.unwrap();
        assert_eq!(new.value, json!(12));
        assert_eq!(new.kind.as_deref(), Some("Override"));
    }
    assert_eq!(set("demand_usd", "unknown").unwrap().demand_usd.unwrap().value, json!("unknown"));
}

#[test]
fn unknown_and_none_empty_a_plain_optional_field() {
    assert_eq!(set("capacity_mw", "unknown").unwrap().capacity_mw, None);
    assert_eq!(set("capacity_mw", "None").unwrap().capacity_mw, None);
    assert_eq!(set("capacity_mw", "Some(12.5)").unwrap().capacity_mw, Some(12.5));
}

#[test]
fn a_whole_number_with_provenance_can_be_replaced() {
    let new = set("price_usd", "(value: 3, kind: \"Vendor\", source: \"t\")").unwrap().price_usd;
    assert_eq!(
        new,
        Number {
            value: json!(3),
            kind: Some("Vendor".into()),
            source: Some("t".into()),
            range: None
        }
    );
}

#[test]
fn list_elements_are_named_by_speed_id_or_index() {
    let new = set("points.400.tok_s_per_mw", "2e4").unwrap();
    assert_eq!(new.points[1].tok_s_per_mw, Some(2e4));
    assert_eq!(new.points[0], record().points[0]);
    assert_eq!(set("points.37.5.tok_s_per_mw", "4").unwrap().points[0].tok_s_per_mw, Some(4.0));
    assert_eq!(set("caps.max-q.kw", "200").unwrap().caps[0].kw.value, json!(200));
    assert_eq!(set("caps.0.kw", "200").unwrap().caps[0].kw.value, json!(200));
    assert_eq!(set("steps.1", "7").unwrap().steps, [1.0, 7.0]);
}

#[test]
fn the_name_of_a_list_element_can_be_set() {
    assert_eq!(set("points.400.tok_s_user", "450").unwrap().points[1].tok_s_user, 450.0);
    assert_eq!(set("caps.max-q.id", "max-r").unwrap().caps[0].id, "max-r");
}

#[test]
fn a_speed_is_never_taken_for_an_index() {
    let error = set("points.1.tok_s_per_mw", "4").unwrap_err();
    assert!(matches!(error, FieldError::UnknownField { field, .. } if field == "points.1"));
}

#[test]
fn missing_elements_and_fields_name_the_nearest() {
    let cases = [
        ("prize_usd", "prize_usd", "price_usd"),
        ("caps.max-p.kw", "caps.max-p", "max-q"),
        ("caps.max-q.kv", "caps.max-q.kv", "kw"),
        ("points.40.tok_s_per_mw", "points.40", "400"),
        ("points.400.tok_s_mw", "points.400.tok_s_mw", "tok_s_per_mw"),
        ("pionts.400.tok_s_per_mw", "pionts", "points"),
    ];
    for (path, at, hint) in cases {
        match set(path, "5").unwrap_err() {
            FieldError::UnknownField { field, nearest } => {
                assert_eq!(field, at);
                assert_eq!(nearest.first().map(String::as_str), Some(hint), "{path}");
            }
            other => panic!("{path}: {other}"),
        }
    }
}

#[test]
fn nothing_below_a_number_can_be_set() {
    assert_eq!(set("count.x", "5").unwrap_err(), FieldError::NoFields { field: "count".into() });
    assert!(set("steps.9", "5").is_err());
    assert!(matches!(patch(&record(), &[], &json!(1)).unwrap_err(), FieldError::Incomplete { .. }));
}

#[test]
fn map_keys_may_be_new_and_the_map_absent() {
    let new = set("shares.free", "0.25").unwrap();
    assert_eq!(new.shares, BTreeMap::from([("free".to_owned(), 0.25)]));
}

#[test]
fn words_set_variants_and_wrong_types_are_refused() {
    assert_eq!(set("mode", "Fast").unwrap().mode, Mode::Fast);
    for (path, text) in [
        ("mode", "Fats"),
        ("count", "2.5"),
        ("count", "-1"),
        ("count", "many"),
        ("price_usd", "[1]"),
    ] {
        assert!(matches!(set(path, text), Err(FieldError::BadValue { .. })), "{path}={text}");
    }
    assert_eq!(set("count", "1e3").unwrap().count, 1000);
}

#[test]
fn an_empty_list_is_taken_where_the_record_leaves_one_out() {
    assert_eq!(set("orders", "[]").unwrap().orders, []);
    for path in ["ordres", "demand_usd", "capacity_mw", "shares"] {
        assert!(set(path, "[]").is_err(), "{path} is no list");
    }
}

#[test]
fn a_record_that_ignores_unknown_names_still_refuses_them() {
    #[derive(Serialize, Deserialize)]
    struct Loose {
        alpha: f64,
    }
    let error = patch(&Loose { alpha: 1.0 }, &["alhpa"], &json!(2)).err().unwrap();
    assert_eq!(
        error,
        FieldError::UnknownField { field: "alhpa".into(), nearest: vec!["alpha".into()] }
    );
}

#[test]
fn reading_follows_the_same_paths() {
    let r = record();
    assert_eq!(read(&r, &["points", "400", "tok_s_user"]), Some(json!(400.0)));
    assert_eq!(read(&r, &["caps", "max-q", "kw", "value"]), Some(json!(190.0)));
    assert_eq!(read(&r, &["demand_usd"]), None);
    assert_eq!(read(&r, &["count", "x"]), None);
}

#[test]
fn every_leaf_path_reads_back_and_sets_back() {
    let r = record();
    let leaves = leaves(&r);
    assert!(leaves.iter().any(|l| l.0 == "caps.max-q.kw"));
    assert!(leaves.iter().any(|l| l.0 == "points.37.5.tok_s_per_mw"));
    assert!(leaves.iter().all(|l| !l.0.ends_with(".kind")));
    for (path, value) in leaves {
        let names: Vec<&str> = path.split('.').collect();
        assert_eq!(read(&r, &names).as_ref(), Some(&value), "{path}");
        assert_eq!(patch(&r, &names, &value).unwrap(), r, "{path}");
    }
}

#[test]
fn numbers_words_and_brackets_are_read() {
    let cases = [
        ("1e9", json!(1_000_000_000)),
        ("1_000", json!(1000)),
        (" -0.25 ", json!(-0.25)),
        ("+3.", json!(3)),
        (".5", json!(0.5)),
        ("true", json!(true)),
        ("None", Value::Null),
        ("Some(4)", json!(4)),
        ("Some((1, 2))", json!([1, 2])),
        ("unlimited", json!("unlimited")),
        ("us-9c1", json!("us-9c1")),
        ("kimi-k2.5", json!("kimi-k2.5")),
        ("\"2026-11 \\\"x\\\"\"", json!("2026-11 \"x\"")),
        ("[1, 2.5,]", json!([1, 2.5])),
        ("[]", json!([])),
        ("(1, 2)", json!([1, 2])),
        ("(a: 1, b: [x])", json!({"a": 1, "b": ["x"]})),
        ("{\"k\": 1}", json!({"k": 1})),
        ("NotOrderable(\"moved\")", json!({"NotOrderable": "moved"})),
        ("Adjunct(of: \"x\")", json!({"Adjunct": {"of": "x"}})),
    ];
    for (text, value) in cases {
        assert_eq!(parse_value(text).unwrap(), value, "{text}");
    }
}

#[test]
fn what_is_no_finite_value_is_refused() {
    let deep = "[".repeat(10_000);
    for text in [
        "",
        " ",
        "inf",
        "-inf",
        "NaN",
        "nan",
        "infinity",
        "1e999",
        "-1e999",
        "2026-11",
        "1 2",
        "\"a",
        "[1 2]",
        "(a: )",
        "(a: 1, a: 2)",
        "{1",
        "é=",
        "#",
        "\"\\q\"",
        "1.2.3",
        &deep,
    ] {
        assert!(matches!(parse_value(text), Err(FieldError::BadValue { .. })), "{text:.20}");
    }
}

#[test]
fn written_values_read_back() {
    let values = [
        json!(7_800_000.0),
        json!(0.1),
        json!(null),
        json!(false),
        json!("unknown"),
        json!("a \"b\" \\ \n"),
        json!([1, "x", {"k-1": null}]),
    ];
    for value in values {
        let again = parse_value(&value_text(&value)).unwrap();
        assert_eq!(value_text(&again), value_text(&value));
    }
    assert_eq!(value_text(&json!({"value": 7.5, "kind": "Press"})), "7.5");
}
