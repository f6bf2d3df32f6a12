//! From the base to a variant: the changes of a file taken one by one.
//!
//! A change whose element the base no longer has is left out, because a base that was edited
//! must not make its variants unreadable. It must not know sites.

use super::{Changes, RonValue, key_of};
use serde_json::{Map, Value};

/// A change that found nothing to change, by its path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    pub path: String,
}

/// The record of the base after the changes. What cannot be applied is told.
pub fn apply(base: &Value, changes: &Changes) -> (Value, Vec<LeftOut>) {
    let mut out = base.clone();
    let mut left = Vec::new();
    let mut note = |done: bool, path: &str| {
        if !done {
            left.push(LeftOut { path: path.to_owned() });
        }
    };
    for path in &changes.remove {
        note(remove(&mut out, path), path);
    }
    for (path, RonValue(value)) in &changes.set {
        note(set(&mut out, path, value), path);
    }
    for (collection, RonValue(element)) in &changes.add {
        note(add(&mut out, collection, element), collection);
    }
    for (path, before) in &changes.place {
        // Where both are gone or one is, the order of the rest is what remains of the wish.
        place(&mut out, path, before);
    }
    (out, left)
}

/// What a path enters first, and what is left of it.
enum Step<'p> {
    Key(String, &'p str),
    Index(usize, &'p str),
}

/// Names may hold dots: the longest that is there counts.
fn step<'p>(node: &Value, path: &'p str) -> Option<Step<'p>> {
    let behind = |name: &str| -> Option<&'p str> {
        let rest = path.strip_prefix(name)?;
        if rest.is_empty() { Some("") } else { rest.strip_prefix('.') }
    };
    match node {
        Value::Object(map) => map
            .keys()
            .filter_map(|key| Some((key, behind(key)?)))
            .min_by_key(|(_, rest)| rest.len())
            .map(|(key, rest)| Step::Key(key.clone(), rest)),
        Value::Array(list) => list
            .iter()
            .enumerate()
            .filter_map(|(i, element)| Some((i, behind(key_of(element)?)?)))
            .min_by_key(|(_, rest)| rest.len())
            .map(|(index, rest)| Step::Index(index, rest)),
        _ => None,
    }
}

fn remove(node: &mut Value, path: &str) -> bool {
    match (step(node, path), node) {
        (Some(Step::Key(key, "")), Value::Object(map)) => map.shift_remove(&key).is_some(),
        (Some(Step::Index(index, "")), Value::Array(list)) => {
            list.remove(index);
            true
        }
        (Some(Step::Key(key, rest)), Value::Object(map)) => {
            map.get_mut(&key).is_some_and(|child| remove(child, rest))
        }
        (Some(Step::Index(index, rest)), Value::Array(list)) => {
            list.get_mut(index).is_some_and(|child| remove(child, rest))
        }
        _ => false,
    }
}

fn set(node: &mut Value, path: &str, value: &Value) -> bool {
    if path.is_empty() {
        *node = value.clone();
        return true;
    }
    match (step(node, path), node) {
        (Some(Step::Key(key, rest)), Value::Object(map)) => {
            map.get_mut(&key).is_some_and(|child| set(child, rest, value))
        }
        (Some(Step::Index(index, rest)), Value::Array(list)) => {
            list.get_mut(index).is_some_and(|child| set(child, rest, value))
        }
        // A field that is absent in the base.
        (None, Value::Object(map)) => {
            map.insert(path.to_owned(), value.clone());
            true
        }
        _ => false,
    }
}

fn list<'v>(root: &'v mut Value, collection: &str) -> Option<&'v mut Vec<Value>> {
    let Value::Object(map) = root else { return None };
    let empty = || Value::Array(Vec::new());
    map.entry(collection).or_insert_with(empty).as_array_mut()
}

/// An element that the base has meanwhile got as well is the variant's.
fn add(root: &mut Value, collection: &str, element: &Value) -> bool {
    let Some(list) = list(root, collection) else { return false };
    let known = list.iter().position(|e| key_of(e).is_some() && key_of(e) == key_of(element));
    match known.and_then(|at| list.get_mut(at)) {
        Some(place) => *place = element.clone(),
        None => list.push(element.clone()),
    }
    true
}

fn place(root: &mut Value, path: &str, before: &str) {
    let Some((collection, id)) = path.split_once('.') else { return };
    if root.as_object().is_none_or(|map: &Map<String, Value>| !map.contains_key(collection)) {
        return;
    }
    let Some(list) = list(root, collection) else { return };
    let at = |list: &[Value], id: &str| list.iter().position(|e| key_of(e) == Some(id));
    let Some(from) = at(list, id) else { return };
    let element = list.remove(from);
    let to = match before {
        "" => Some(0),
        before => at(list, before).map(|i| i + 1),
    };
    list.insert(to.unwrap_or(from), element);
}
