//! The fields of a record as rows: those that it has, and those that records of its
//! collection may have. What can be chosen in a field. It must not know a window.

use super::{CatalogueDraft, RecordKey};
use crate::catalog::{self, Fact, Known};
use crate::fields as values;
use crate::units::format::words_of_kind;
use serde_json::Value;

/// A field of a record.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldRow {
    /// Path below the record.
    pub path: String,
    /// What it holds; `Null` where the record has none.
    pub value: Value,
    /// The number with its provenance, where the field is one.
    pub fact: Option<Fact>,
    /// Empty where the field is no quantity.
    pub unit: String,
    /// Differs from the built-in record.
    pub edited: bool,
    /// Holds one of several kinds, which have words of their own.
    pub names_kind: bool,
}

impl FieldRow {
    /// The value in words: `unknown` where nobody knows it, nothing where it is absent.
    pub fn words(&self) -> String {
        match (&self.fact, &self.value) {
            (Some(fact), _) => match fact.value {
                Known::Is(v) => crate::units::format::plain(v),
                Known::Unknown => crate::units::format::UNKNOWN.to_owned(),
            },
            (None, Value::Null) => String::new(),
            (None, Value::String(text)) => text.clone(),
            (None, Value::Bool(yes)) => if *yes { "yes" } else { "no" }.to_owned(),
            (None, Value::Number(n)) => {
                n.as_f64().map_or_else(String::new, crate::units::format::plain)
            }
            (None, Value::Array(list)) if list.iter().all(Value::is_string) => {
                list.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", ")
            }
            (None, other) => values::value_text(other),
        }
    }

    /// The value as people read it: `Main transformer` where the record names a kind.
    pub fn shown(&self) -> String {
        match &self.value {
            Value::String(kind) if self.names_kind => words_of_kind(kind),
            _ => self.words(),
        }
    }

    /// Whether it is typed as a text: words, or words in a row.
    pub fn is_text(&self) -> bool {
        match &self.value {
            Value::String(_) => self.fact.is_none(),
            Value::Array(list) => list.iter().all(Value::is_string),
            _ => false,
        }
    }

    /// The value that a typed text means for a field that holds text.
    pub fn from_text(&self, text: &str) -> Value {
        match &self.value {
            Value::Array(_) => {
                let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
                Value::Array(parts.map(Value::from).collect())
            }
            _ => Value::from(text.trim()),
        }
    }
}

/// Fields of records that name a choice, by collection and the end of their path.
const WORDS: &[(&str, &str, &[&str])] = &[
    ("racks", "generation", GENERATIONS),
    ("racks", "status", &["Shipping", "Announced"]),
    (
        "equipment",
        "kind",
        &[
            "MainTransformer",
            "UnitTransformer",
            "Cable",
            "Busway",
            "Ups",
            "Switchgear",
            "Cdu",
            "HeatRejection",
            "AirCooling",
            "NetworkRack",
            "Generator",
            "Battery",
            "GridFeed",
            "Hall",
            "Building",
            "Road",
            "Yard",
            "Pad",
            "Water",
            "Laydown",
        ],
    ),
    ("curves", "basis", &["GridMw", "GridMwAssumed", "ItMw", "Gpu"]),
    ("curves", "tokens", &["Output", "All"]),
    ("curves", "kind", KINDS),
    ("weather", "kind", KINDS),
    ("models", "architecture.kind", KINDS),
    ("models", "usual_precision.hopper", PRECISIONS),
    ("models", "usual_precision.blackwell", PRECISIONS),
    ("curves", "precision", PRECISIONS),
    ("serving", "precisions.*.precision", PRECISIONS),
    ("serving", "generations.*.generation", GENERATIONS),
];

const GENERATIONS: &[&str] = &["Hopper", "Blackwell", "Rubin", "RubinLpx", "Other"];

const PRECISIONS: &[&str] = &["Bf16", "Fp8", "Fp4", "Int4"];

const KINDS: &[&str] = &["Measured", "Vendor", "Press", "Derived", "Estimate", "Assumed"];

/// Collections that fields refer to, by the name of the field.
const REFERENCES: &[(&str, &str)] =
    &[("scalable_unit", "units"), ("source", "sources"), ("rack", "racks"), ("model", "models")];

/// The kinds that a field names one of.
fn kinds(collection: &str, field: &str) -> Option<&'static [&'static str]> {
    let fits = |pattern: &str| match pattern.split_once(".*.") {
        Some((list, name)) => {
            let rest = field.strip_prefix(list).and_then(|rest| rest.strip_prefix('.'));
            rest.is_some_and(|rest| rest.rsplit_once('.').is_some_and(|(_, own)| own == name))
        }
        None => pattern == field,
    };
    WORDS.iter().find(|(own, pattern, _)| *own == collection && fits(pattern)).map(|w| w.2)
}

/// What can be chosen in a field: the word that is stored and what people call it; nothing
/// where it is typed.
pub fn choices(draft: &CatalogueDraft, key: &RecordKey, field: &str) -> Vec<(String, String)> {
    if let Some(words) = kinds(&key.collection, field) {
        return words.iter().map(|w| ((*w).to_owned(), words_of_kind(w))).collect();
    }
    let name = field.rsplit('.').next().unwrap_or(field);
    let Some((_, collection)) = REFERENCES.iter().find(|(own, _)| *own == name) else {
        return Vec::new();
    };
    let rows = draft.rows().into_iter().filter(|r| r.key.collection == *collection);
    rows.map(|r| (r.key.id, r.name)).collect()
}

impl CatalogueDraft {
    /// The fields of a record, in its order, then those that it may have and has not.
    pub fn fields(&self, key: &RecordKey) -> Vec<FieldRow> {
        let Some(record) = self.record(key) else { return Vec::new() };
        let builtin = self.builtin_record(key);
        let unit = record.get("unit").and_then(Value::as_str).unwrap_or_default();
        let row = |path: String, value: Value| {
            let before = builtin
                .as_ref()
                .map(|record| values::get(record, &path.split('.').collect::<Vec<_>>()).cloned());
            let edited = before.is_some_and(|old| old.unwrap_or_default() != value);
            let fact: Option<Fact> = values::is_fact(&value)
                .then(|| serde_json::from_value(value.clone()).ok())
                .flatten();
            let unit = match catalog::unit_of(&path) {
                // A cost names its unit itself.
                "" if path == "value" => unit.to_owned(),
                own if fact.is_some() || value.is_number() || value.is_null() => own.to_owned(),
                _ => String::new(),
            };
            let names_kind = kinds(&key.collection, &path).is_some();
            FieldRow { path, value, fact, unit, edited, names_kind }
        };
        let mut rows: Vec<FieldRow> = values::leaves(&record)
            .into_iter()
            .filter(|(path, _)| path != "id")
            .map(|(path, value)| row(path, value))
            .collect();
        for path in self.possible(&key.collection) {
            if record.get(&path).is_none() {
                rows.push(row(path, Value::Null));
            }
        }
        rows
    }

    /// Names of single numbers that any record of a collection has.
    fn possible(&self, collection: &str) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for (id, _) in self.builtin().names(collection) {
            let Some(Value::Object(record)) = self.builtin().record(collection, &id) else {
                continue;
            };
            for (name, value) in record {
                if values::is_fact(&value) && !names.contains(&name) {
                    names.push(name);
                }
            }
        }
        names
    }

    /// Lists of parts that records of the collection have: caps, support racks, points.
    pub fn parts(&self, key: &RecordKey) -> Vec<String> {
        let Some(Value::Object(record)) = self.record(key) else { return Vec::new() };
        let is_list = |value: &Value| {
            value.as_array().is_some_and(|list| list.iter().all(|part| part.is_object()))
        };
        let mut names: Vec<String> = record
            .iter()
            .filter(|(_, value)| is_list(value) && value.as_array().is_some_and(|l| !l.is_empty()))
            .map(|(name, _)| name.clone())
            .collect();
        // An empty list says nothing of its parts; other records do.
        for name in record.iter().filter(|(_, v)| is_list(v)).map(|(name, _)| name) {
            if !names.contains(name) && self.template(&key.collection, name).is_some() {
                names.push(name.clone());
            }
        }
        names
    }

    fn template(&self, collection: &str, list: &str) -> Option<Value> {
        let ids = self.builtin().names(collection).into_iter().map(|(id, _)| id);
        let mut records = ids.filter_map(|id| self.builtin().record(collection, &id));
        records.find_map(|r| r.get(list)?.as_array()?.iter().find(|p| p.is_object()).cloned())
    }

    /// Adds a part to a list, as a copy of its last one or of one of another record.
    ///
    /// # Errors
    /// [`values::FieldError`], where the record has no such list.
    pub fn add_part(&mut self, key: &RecordKey, list: &str) -> Result<(), values::FieldError> {
        let mut parts = self.part_values(key, list)?;
        let last = parts.last().cloned().or_else(|| self.template(&key.collection, list));
        let Some(mut part) = last else { return Ok(()) };
        if let Some(id) = part.get("id").and_then(Value::as_str).map(str::to_owned) {
            let taken = |id: &str| parts.iter().any(|p| p.get("id").is_some_and(|own| own == id));
            let free = (2..).map(|n| format!("{id}-{n}")).find(|id| !taken(id)).unwrap_or(id);
            part["id"] = Value::from(free);
        }
        if let Some(speed) = part.get("tok_s_user").and_then(Value::as_f64) {
            // A speed is the name of its point.
            part["tok_s_user"] = Value::from(speed + 1.0);
        }
        parts.push(part);
        self.set(key, list, Value::Array(parts))
    }

    /// Takes a part out of a list, by its name or index in paths.
    ///
    /// # Errors
    /// [`values::FieldError`], where the record has no such list.
    pub fn remove_part(
        &mut self,
        key: &RecordKey,
        list: &str,
        index: usize,
    ) -> Result<(), values::FieldError> {
        let mut parts = self.part_values(key, list)?;
        if index < parts.len() {
            parts.remove(index);
        }
        self.set(key, list, Value::Array(parts))
    }

    fn part_values(&self, key: &RecordKey, list: &str) -> Result<Vec<Value>, values::FieldError> {
        let record = self.record(key).unwrap_or_default();
        record.get(list).and_then(Value::as_array).cloned().ok_or_else(|| {
            let field = format!("{}.{list}", key.path());
            values::FieldError::UnknownField { field, nearest: Vec::new() }
        })
    }
}
