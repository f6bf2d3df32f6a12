//! The published cases of tests/data/finance-visible.csv: 50-digit arithmetic, IRS tables and
//! PySAM (Singleowner, Utilityrate5, Lcoefcr), each row within its own tolerance.

#[path = "../../../examples/finance_cases/fields.rs"]
mod fields;
#[path = "../../../examples/finance_cases/kinds.rs"]
mod kinds;
#[path = "../../../examples/finance_cases/owner.rs"]
mod owner;

use serde_json::{Value, json};

const CASES: &str = include_str!("../../data/finance-visible.csv");

fn close(ours: &Value, expected: &Value, rel: f64, abs: f64) -> bool {
    match (ours, expected) {
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| close(a, b, rel, abs))
        }
        (Value::Object(a), Value::Object(b)) => {
            b.iter().all(|(k, b)| a.get(k).is_some_and(|a| close(a, b, rel, abs)))
        }
        (Value::Number(a), Value::Number(b)) => {
            let (a, b) = (a.as_f64().unwrap(), b.as_f64().unwrap());
            (a - b).abs() <= abs + rel * b.abs()
        }
        _ => ours == expected,
    }
}

#[test]
fn every_normative_row_is_met_within_its_tolerance() {
    let mut reader = csv::Reader::from_reader(CASES.as_bytes());
    let (mut rows, mut missed) = (0, Vec::new());
    for record in reader.records() {
        let record = record.unwrap();
        let [case, kind, input, output, expected, rel, abs, _, status, ..] =
            record.iter().collect::<Vec<_>>()[..]
        else {
            panic!("a row of {} columns", record.len())
        };
        if status != "normative" {
            continue;
        }
        rows += 1;
        let expected: Value = serde_json::from_str(expected).unwrap();
        let (rel, abs) = (rel.parse().unwrap(), abs.parse().unwrap());
        match kinds::evaluate(kind, input, output) {
            Ok(ours) if close(&ours.value, &expected, rel, abs) => {
                assert_eq!(ours.notes, Vec::<String>::new(), "{case}");
            }
            Ok(ours) => missed.push(format!("{case} {output}: {}, not {expected}", ours.value)),
            Err(e) => missed.push(format!("{case} {output}: {e}")),
        }
    }
    assert_eq!(rows, 235);
    assert!(missed.is_empty(), "{} missed:\n{}", missed.len(), missed.join("\n"));
}

#[test]
fn the_comparison_notices_a_wrong_figure() {
    assert!(close(&json!([1.0, 2.0]), &json!([1.0, 2.0]), 1e-9, 0.0));
    assert!(!close(&json!([1.0, 2.0001]), &json!([1.0, 2.0]), 1e-9, 0.0));
    assert!(!close(&json!([1.0]), &json!([1.0, 2.0]), 1.0, 1.0));
    assert!(!close(&Value::Null, &json!(0.0), 1.0, 1.0));
}

#[test]
fn bad_cases_are_told_by_field() {
    let problem = |kind, input, output| match kinds::evaluate(kind, input, output) {
        Ok(_) => panic!("{kind} {input} was accepted"),
        Err(e) => e,
    };
    assert!(problem("bond", "{}", "x").contains("unknown kind bond; known are periodic"));
    assert!(problem("periodic", "{\"cf\": [1, \"a\"]}", "npv_t0").contains("cf[1]"));
    assert!(problem("periodic", "{", "npv_t0").contains("not JSON"));
    assert!(problem("periodic", "{\"cf\": [1]}", "gain").contains("unknown output gain"));
    assert!(problem("debt_level", "{\"principal\": 1}", "interest").contains("rate"));
    let dated = "{\"dates\": [\"2027-02-30\"], \"cf\": [1], \"rate\": 0}";
    assert!(problem("dated", dated, "xnpv").contains("2027-02-30"));
    let ignored = kinds::evaluate("fisher", "{\"real\": 0, \"inflation\": 0, \"x\": 1}", "nominal");
    assert_eq!(ignored.ok().map(|e| e.notes), Some(vec!["fields without effect: x".to_owned()]));
}
