//! Fields of records by path: read and written through serde, so that every
//! field that a file can hold can also be set from a command line or a panel.
//!
//! A path is a list of names. In a list, an element is named by its `id`, by
//! its `tok_s_user` where it has one, or by its index; in a map, by its key.
//! Lowest layer. It must not know which records there are.

mod parse;
#[cfg(test)]
mod tests;

pub use parse::{parse_value, value_text};

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// Why a field could not be read or set.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum FieldError {
    /// No such collection, record, element or field.
    #[error("unknown field `{field}`{}", suggestion(nearest))]
    UnknownField {
        /// Path up to and including the name that is not known.
        field: String,
        /// Names that exist there, nearest first.
        nearest: Vec<String>,
    },
    /// The text is no value, or no value for this field.
    #[error("`{text}` cannot be used: {reason}")]
    BadValue { text: String, reason: String },
    /// The path goes on below something that has no fields.
    #[error("`{field}` has no fields")]
    NoFields { field: String },
    /// The path names a collection or a record where a field is needed.
    #[error("`{path}` names no field; write {expected}")]
    Incomplete { path: String, expected: String },
    /// The field exists but is not for setting.
    #[error("`{field}` cannot be set: {reason}")]
    ReadOnly { field: String, reason: String },
}

impl FieldError {
    /// The same error seen from further up: `prefix` goes before its path.
    pub fn below(mut self, prefix: &str) -> Self {
        match &mut self {
            FieldError::UnknownField { field, .. }
            | FieldError::NoFields { field }
            | FieldError::ReadOnly { field, .. }
            | FieldError::Incomplete { path: field, .. } => *field = join(prefix, field),
            FieldError::BadValue { .. } => {}
        }
        self
    }
}

fn suggestion(nearest: &[String]) -> String {
    if nearest.is_empty() {
        return String::new();
    }
    format!("; nearest: {}", nearest.join(", "))
}

fn join(prefix: &str, rest: &str) -> String {
    match (prefix.is_empty(), rest.is_empty()) {
        (true, _) => rest.to_owned(),
        (_, true) => prefix.to_owned(),
        _ => format!("{prefix}.{rest}"),
    }
}

/// Up to three of `names` that resemble `name`, best first; ties in their order.
pub fn nearest<'a>(name: &str, names: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    /// Names this much worse than the best one are no help.
    const SPREAD: f64 = 0.15;
    let wanted = name.to_lowercase();
    let mut scored: Vec<(f64, &str)> =
        names.into_iter().map(|n| (strsim::jaro_winkler(&wanted, &n.to_lowercase()), n)).collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0));
    let best = scored.first().map_or(0.0, |s| s.0);
    scored.into_iter().take(3).filter(|s| s.0 >= best - SPREAD).map(|s| s.1.to_owned()).collect()
}

/// Whether a JSON node is a number with provenance: a `value` that is a number
/// or a word, and nothing beside it but provenance.
pub fn is_fact(node: &Value) -> bool {
    let Value::Object(map) = node else { return false };
    matches!(map.get("value"), Some(Value::Number(_) | Value::String(_)))
        && map.keys().all(|k| matches!(k.as_str(), "value" | "kind" | "source" | "range" | "note"))
}

/// The field at `path`, or `None` where the record has none there now (an
/// absent optional field included).
pub fn read<T: Serialize>(record: &T, path: &[&str]) -> Option<Value> {
    let json = serde_json::to_value(record).ok()?;
    find(&json, path).cloned()
}

/// The node at `path` of plain values.
pub fn get<'a>(node: &'a Value, path: &[&str]) -> Option<&'a Value> {
    find(node, path)
}

/// Puts a value as it is at `path` of plain values; names that an object does not have yet are
/// added. Whether the record takes it is for its type to say.
///
/// # Errors
/// [`FieldError`], where the path leads below something without fields.
pub fn put(node: &mut Value, path: &[&str], value: Value) -> Result<(), FieldError> {
    place(node, path, value)
}

/// Every leaf of the record with its path, in the order of the record. A number
/// with provenance is one leaf, because it is read and set as one.
pub fn leaves<T: Serialize>(record: &T) -> Vec<(String, Value)> {
    let mut out = Vec::new();
    if let Ok(json) = serde_json::to_value(record) {
        collect(&json, "", &mut out);
    }
    out
}

fn collect(node: &Value, path: &str, out: &mut Vec<(String, Value)>) {
    match node {
        Value::Object(map) if !is_fact(node) && !map.is_empty() => {
            for (key, child) in map {
                collect(child, &join(path, key), out);
            }
        }
        Value::Array(list) if list.iter().any(|e| e.is_object()) => {
            for (name, child) in element_names(list).iter().zip(list) {
                collect(child, &join(path, name), out);
            }
        }
        leaf => out.push((path.to_owned(), leaf.clone())),
    }
}

/// A copy of the record with the field at `path` set to `value`.
///
/// A field that is a number with provenance keeps range, source and note and
/// becomes an override; `"unknown"` empties it. For other optional fields
/// `"unknown"` means absent. Optional fields and map keys may be new.
pub fn patch<T: Serialize + DeserializeOwned>(
    record: &T,
    path: &[&str],
    value: &Value,
) -> Result<T, FieldError> {
    let json = serde_json::to_value(record)
        .map_err(|e| FieldError::BadValue { text: path.join("."), reason: e.to_string() })?;
    let (last, parents) = path.split_last().ok_or_else(|| FieldError::Incomplete {
        path: String::new(),
        expected: "the name of a field".to_owned(),
    })?;
    // `price_usd.value` and `price_usd` are one field.
    let whole = *last == "value" && find(&json, parents).is_none_or(|n| n.is_null() || is_fact(n));
    let target = if whole && !parents.is_empty() { parents } else { path };
    let mut failure = None;
    for candidate in candidates(find(&json, target), value, target.len() < path.len()) {
        match attempt(&json, target, candidate) {
            Ok(patched) => return Ok(patched),
            Err(e @ (FieldError::UnknownField { .. } | FieldError::NoFields { .. })) => {
                return Err(e);
            }
            // The first form is the one that the user meant.
            Err(e) => failure = failure.or(Some(e)),
        }
    }
    Err(failure.unwrap_or_else(|| unusable(value, "no form of it fits")))
}

fn unusable(value: &Value, reason: &str) -> FieldError {
    FieldError::BadValue { text: value_text(value), reason: reason.to_owned() }
}

/// The forms in which `value` may be meant, best first. `fact` says that the
/// path itself asked for the value of a number with provenance.
fn candidates(existing: Option<&Value>, value: &Value, fact: bool) -> Vec<Value> {
    let scalar = matches!(value, Value::Number(_) | Value::String(_) | Value::Bool(_));
    match existing {
        Some(node) if scalar && is_fact(node) => vec![fact_with(Some(node), value)],
        None | Some(Value::Null) if value == "unknown" => {
            vec![fact_with(None, value), Value::Null, value.clone()]
        }
        None | Some(Value::Null) if scalar && fact => vec![fact_with(None, value)],
        None | Some(Value::Null) if value.is_number() => {
            vec![value.clone(), fact_with(None, value)]
        }
        _ if value == "unknown" => vec![Value::Null, value.clone()],
        _ => vec![value.clone()],
    }
}

/// A number with provenance that holds the user's value.
fn fact_with(old: Option<&Value>, value: &Value) -> Value {
    let mut fact = old.and_then(Value::as_object).cloned().unwrap_or_default();
    fact.insert("value".to_owned(), value.clone());
    if value == "unknown" {
        fact.shift_remove("kind");
        fact.shift_remove("source");
    } else {
        fact.insert("kind".to_owned(), Value::from("Override"));
    }
    Value::Object(fact)
}

/// Puts one form in place and lets the record's own deserialiser judge it.
fn attempt<T: Serialize + DeserializeOwned>(
    json: &Value,
    path: &[&str],
    value: Value,
) -> Result<T, FieldError> {
    let mut trial = json.clone();
    let text = value_text(&value);
    let (removes, list) = (value.is_null(), value.is_array());
    // By position, because the new value may be the name of its list element.
    let position = pointer(&trial, path);
    let empty = value.as_array().is_some_and(Vec::is_empty);
    place(&mut trial, path, value)?;
    let patched: T =
        serde_json::from_value(trial).map_err(|e| explain(&e.to_string(), path, &text))?;
    let after = serde_json::to_value(&patched).unwrap_or_default();
    let Some(node) = after.pointer(&position) else {
        if removes || empty && has_list::<T>(json, path) {
            return Ok(patched);
        }
        // A record that ignores names it does not know would swallow the value.
        let names: Vec<String> = leaves(&patched).into_iter().map(|l| l.0).collect();
        let field = path.join(".");
        let nearest = nearest(&field, names.iter().map(String::as_str));
        return Err(FieldError::UnknownField { field, nearest });
    };
    // serde reads a list as a struct without names; nobody means that.
    if list && node.is_object() {
        let reason = "a list stands where named fields belong".to_owned();
        return Err(FieldError::BadValue { text, reason });
    }
    Ok(patched)
}

/// Whether a record has a list at `path`, whatever stands there: a name that it does not know
/// takes anything, or nothing, and a record within it takes names.
fn has_list<T: Serialize + DeserializeOwned>(json: &Value, path: &[&str]) -> bool {
    let takes = |value: Value| {
        let mut trial = json.clone();
        place(&mut trial, path, value).is_ok() && serde_json::from_value::<T>(trial).is_ok()
    };
    let others = [Value::from("\u{0}"), Value::Object(Map::new())];
    takes(Value::Array(Vec::new())) && !others.into_iter().any(takes)
}

/// Turns serde's message into a field error.
fn explain(message: &str, path: &[&str], text: &str) -> FieldError {
    if let Some(rest) = message.strip_prefix("unknown field ") {
        let mut names = rest.split('`').skip(1).step_by(2);
        let unknown = names.next().unwrap_or_default();
        let field = match path.iter().position(|p| *p == unknown) {
            Some(at) => path.get(..=at).unwrap_or(path).join("."),
            None => join(&path.join("."), unknown),
        };
        return FieldError::UnknownField { field, nearest: nearest(unknown, names) };
    }
    FieldError::BadValue { text: text.to_owned(), reason: message.to_owned() }
}

/// The node at `path`.
fn find<'a>(node: &'a Value, path: &[&str]) -> Option<&'a Value> {
    let Some((first, rest)) = path.split_first() else { return Some(node) };
    match node {
        Value::Object(map) => find(map.get(*first)?, rest),
        Value::Array(list) => {
            let (index, used) = element(list, path)?;
            find(list.get(index)?, path.get(used..)?)
        }
        _ => None,
    }
}

/// The JSON pointer of `path`, whose list elements go by index; names that are
/// not there yet are taken for keys.
fn pointer(node: &Value, path: &[&str]) -> String {
    let Some((first, mut rest)) = path.split_first() else { return String::new() };
    let mut step = first.replace('~', "~0").replace('/', "~1");
    let mut child = node.get(*first);
    if let Value::Array(list) = node
        && let Some((index, used)) = element(list, path)
    {
        step = index.to_string();
        child = list.get(index);
        rest = path.get(used..).unwrap_or_default();
    }
    format!("/{step}{}", pointer(child.unwrap_or(&Value::Null), rest))
}

/// Puts `value` at `path`; names that an object does not have yet are added,
/// whether they are allowed is for the record to say.
fn place(node: &mut Value, path: &[&str], value: Value) -> Result<(), FieldError> {
    let Some((first, rest)) = path.split_first() else {
        *node = value;
        return Ok(());
    };
    if node.is_null() {
        *node = Value::Object(Map::new());
    }
    match node {
        Value::Object(map) => {
            let child = map.entry((*first).to_owned()).or_insert(Value::Null);
            if rest.is_empty() {
                *child = value;
                return Ok(());
            }
            place(child, rest, value).map_err(|e| e.below(first))
        }
        Value::Array(list) => {
            let names = element_names(list);
            let found = element(list, path)
                .and_then(|(index, used)| Some((list.get_mut(index)?, path.get(used..)?)));
            let Some((child, rest)) = found else {
                return Err(FieldError::UnknownField {
                    field: (*first).to_owned(),
                    nearest: nearest(first, names.iter().map(String::as_str)),
                });
            };
            place(child, rest, value).map_err(|e| e.below(first))
        }
        _ => Err(FieldError::NoFields { field: String::new() }),
    }
}

/// Index of the list element that `path` starts with, and how many names of the
/// path it takes (two for a speed with a decimal point, which splitting at dots
/// has torn apart).
fn element(list: &[Value], path: &[&str]) -> Option<(usize, usize)> {
    let first = *path.first()?;
    if list.iter().any(|e| e.get("tok_s_user").is_some()) {
        let speed_at = |speed: f64| {
            list.iter().position(|e| e.get("tok_s_user").and_then(Value::as_f64) == Some(speed))
        };
        if let Some(second) = path.get(1) {
            let joined = format!("{first}.{second}").parse().ok().and_then(speed_at);
            if let Some(index) = joined {
                return Some((index, 2));
            }
        }
        return first.parse().ok().and_then(speed_at).map(|i| (i, 1));
    }
    let by_id = list.iter().position(|e| e.get("id").and_then(Value::as_str) == Some(first));
    by_id.or_else(|| first.parse().ok().filter(|i| *i < list.len())).map(|i| (i, 1))
}

/// The name of each element of a list.
fn element_names(list: &[Value]) -> Vec<String> {
    list.iter()
        .enumerate()
        .map(|(index, e)| match (e.get("tok_s_user").and_then(Value::as_f64), e.get("id")) {
            (Some(speed), _) => speed.to_string(),
            (None, Some(Value::String(id))) => id.clone(),
            _ => index.to_string(),
        })
        .collect()
}
