//! The finance for machines: key outputs, statements, assumptions and where they come from, as
//! one JSON value with stable names. It must not know where it goes.

use super::tables::period_end;
use crate::finance::project::Row;
use crate::study::Outcome;
use crate::study::finance::{SiteFinance, keys};
use serde_json::{Map, Value, json};

/// Everything. A figure that does not exist is `null` with its reason under `undefined`.
pub fn json(found: &SiteFinance, outcome: &Outcome) -> Value {
    let outputs: Vec<Value> = keys(found)
        .into_iter()
        .map(|key| {
            let (value, undefined) = match key.value {
                Ok(value) => (json!(value), Value::Null),
                Err(why) => (Value::Null, json!(why.to_string())),
            };
            json!({
                "id": key.id, "name": key.name, "unit": key.unit.symbol(),
                "value": value, "undefined": undefined, "note": key.note,
            })
        })
        .collect();
    let s = &found.evaluation.statements;
    let years = s.by_year();
    let ends: Vec<String> = s.periods.iter().map(|p| period_end(found, p)).collect();
    let checks: Vec<Value> = s
        .checks
        .iter()
        .map(|c| {
            json!({
                "name": c.name, "off_usd": c.off_usd, "tolerance_usd": c.tolerance_usd,
                "holds": c.holds(),
            })
        })
        .collect();
    json!({
        "name": found.name,
        "labels": found.labels,
        "currency": "USD, nominal",
        "key_outputs": outputs,
        "capex_usd": {
            "by_class": pairs(&found.evaluation.results.capex.by_class),
            "by_phase": pairs(&found.evaluation.results.capex.by_phase),
        },
        "annual": {
            "years": years.labels,
            "income_usd": rows(&years.income),
            "balance_usd": rows(&years.balance),
            "cash_flow_usd": rows(&years.cash_flow),
            "flows_usd": rows(&years.flows),
        },
        "monthly": {
            "periods": s.labels,
            "period_ends": ends,
            "income_usd": rows(&s.income),
            "balance_usd": rows(&s.balance),
            "cash_flow_usd": rows(&s.cash_flow),
            "flows_usd": rows(&s.flows),
        },
        "checks": checks,
        "assumptions": found.assumptions,
        "provenance": outcome.provenance,
    })
}

fn pairs(list: &[(String, f64)]) -> Vec<Value> {
    list.iter().map(|(name, usd)| json!({ "name": name, "usd": usd })).collect()
}

/// Rows in their order, as a list: an object would lose it.
fn rows(list: &[Row]) -> Vec<Value> {
    let row = |r: &Row| {
        let mut out = Map::new();
        out.insert("name".to_owned(), json!(r.name));
        out.insert("values".to_owned(), json!(r.values));
        Value::Object(out)
    };
    list.iter().map(row).collect()
}
