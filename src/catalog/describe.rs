//! The catalogue as rows for people: what there is, and one record with unit,
//! kind, source and range of each value. It must not know where it is shown.

use super::check::records;
use super::{Catalog, Fact, Kind, Known};
use crate::fields;
use serde::Serialize;
use serde_json::Value;

/// One record of the catalogue.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ListRow {
    pub collection: &'static str,
    pub id: String,
    pub name: String,
}

/// One field of a record.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ShowRow {
    /// Path below the record, as `--set` takes it.
    pub field: String,
    /// Full precision; `unknown` where no figure is known.
    pub value: String,
    /// Empty where the field is no quantity.
    pub unit: String,
    pub kind: Option<Kind>,
    /// Publisher, title and date; of an override, what it replaces.
    pub source: Option<String>,
    pub range: Option<(f64, f64)>,
    pub note: String,
}

/// Suffixes of field names and their units, longest first where one ends
/// another.
const UNITS: &[(&str, &str)] = &[
    ("usd_per_mw_month", "USD per MW and month"),
    ("tok_s_per_mw", "tok/s per MW"),
    ("tok_s_per_gpu", "tok/s per GPU"),
    ("usd_per_mtok", "USD/Mtok"),
    ("usd_per_mva", "USD/MVA"),
    ("per_km_year", "per km and year"),
    ("per_year", "per year"),
    ("weeks", "weeks"),
    ("min", "min"),
    ("h", "h"),
    ("usd_per_mwh", "USD/MWh"),
    ("lpm_per_kw", "L/min per kW"),
    ("l_per_kwh", "L/kWh"),
    ("frac_per_month", "fraction per month"),
    ("w_per_gpu", "W per GPU"),
    ("tok_s_user", "tok/s per user"),
    ("params_b", "billion parameters"),
    ("gbit_s", "Gbit/s"),
    ("tb_s", "TB/s"),
    ("tflops", "TFLOPS"),
    ("tokens", "tokens"),
    ("bytes", "bytes"),
    ("gpus", "GPUs"),
    ("racks", "racks"),
    ("usd", "USD"),
    ("frac", "share"),
    ("ratio", "ratio"),
    ("cop", "kW/kW"),
    ("xr_ratio", "ohm/ohm"),
    ("r_ohm_per_km", "ohm/km"),
    ("x_ohm_per_km", "ohm/km"),
    ("c_uf_per_km", "µF/km"),
    ("mva", "MVA"),
    ("ka", "kA"),
    ("kw", "kW"),
    ("mwh", "MWh"),
    ("mw", "MW"),
    ("gb", "GB"),
    ("kg", "kg"),
    ("ms", "ms"),
    ("us", "µs"),
    ("m", "m"),
    ("w", "W"),
    ("c", "°C"),
];

/// The unit that a field's name ends in, or an empty text.
pub fn unit_of(field: &str) -> &'static str {
    let name = field.rsplit('.').next().unwrap_or(field);
    UNITS
        .iter()
        .find(|(suffix, _)| {
            name.strip_suffix(suffix).is_some_and(|head| head.is_empty() || head.ends_with('_'))
        })
        .map_or("", |(_, unit)| unit)
}

/// Every record, in the order of the files.
pub fn list(catalog: &Catalog) -> Vec<ListRow> {
    records(catalog)
        .into_iter()
        .map(|(collection, id, json)| {
            // Constants are known by the date of their software.
            let name = ["name", "title", "software"].iter().find_map(|key| json.get(key));
            let name = name.and_then(Value::as_str).unwrap_or_default().to_owned();
            ListRow { collection, id, name }
        })
        .collect()
}

/// The fields of the record `id`, which may be written `collection.id` where
/// two collections share an id; `None` where there is no such record.
pub fn show(catalog: &Catalog, id: &str) -> Option<Vec<ShowRow>> {
    let (_, _, json) = records(catalog)
        .into_iter()
        .find(|(collection, record, _)| record == id || format!("{collection}.{record}") == id)?;
    let whole_unit = json.get("unit").and_then(Value::as_str).unwrap_or_default().to_owned();
    let rows = fields::leaves(&json)
        .into_iter()
        .filter(|(field, _)| field != "id")
        .map(|(field, value)| row(catalog, field, &value, &whole_unit))
        .collect();
    Some(rows)
}

fn row(catalog: &Catalog, field: String, value: &Value, whole_unit: &str) -> ShowRow {
    let unit = match unit_of(&field) {
        // A cost names its unit itself.
        "" if field == "value" => whole_unit.to_owned(),
        unit => unit.to_owned(),
    };
    let fact = if fields::is_fact(value) { Fact::deserialize_from(value) } else { None };
    match fact {
        Some(fact) => ShowRow {
            value: match fact.value {
                Known::Is(v) => v.to_string(),
                Known::Unknown => "unknown".to_owned(),
            },
            source: fact.source.as_deref().map(|id| source_text(catalog, id)),
            field,
            unit,
            kind: fact.kind,
            range: fact.range,
            note: fact.note,
        },
        None => ShowRow {
            value: match value {
                Value::String(text) => text.clone(),
                other => fields::value_text(other),
            },
            // The source of a curve or an architecture is an id like those of values.
            source: match value {
                Value::String(id) if field.rsplit('.').next() == Some("source") => {
                    Some(source_text(catalog, id))
                }
                _ => None,
            },
            unit: if value.is_number() { unit } else { String::new() },
            field,
            kind: None,
            range: None,
            note: String::new(),
        },
    }
}

/// `publisher, title (date)` of a source; the id itself where there is none.
pub fn source_text(catalog: &Catalog, id: &str) -> String {
    match catalog.sources.get(id) {
        Some(s) => format!("{}, {} ({})", s.publisher, s.title, s.date),
        None => id.to_owned(),
    }
}

impl Fact {
    fn deserialize_from(value: &Value) -> Option<Fact> {
        serde_json::from_value(value.clone()).ok()
    }
}
