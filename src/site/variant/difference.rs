//! The least changes that make a variant of the base, so that a file tells what differs.
//!
//! Fields first; where fields cannot say it (the order of a map's keys), the whole element.
//! Applying the changes gives the variant bit for bit. It must not know sites.

use super::{Changes, RonValue, apply, is_keyed, key_of};
use serde_json::{Map, Value};
use std::collections::{HashMap, HashSet};

/// The changes from one record of a layout to another. `canonical` brings a record into the
/// form in which its types write it, as reading a file does.
pub fn difference(
    base: &Value,
    variant: &Value,
    canonical: impl Fn(&Value) -> Option<Value>,
) -> Changes {
    let (Value::Object(a), Value::Object(b)) = (base, variant) else { return Changes::default() };
    let mut found = Changes::default();
    for name in names(a, b) {
        collection(&mut found, name, a.get(name), b.get(name));
    }
    let reached = |changes: &Changes| canonical(&apply(base, changes).0);
    match reached(&found) {
        Some(Value::Object(reached)) => whole_elements(&mut found, &reached, b),
        _ => return wholly(a, b),
    }
    if let Some(Value::Object(reached)) = reached(&found) {
        for (name, wanted) in b {
            order(&mut found, name, reached.get(name), wanted);
        }
    }
    if reached(&found).is_some_and(|reached| same(&reached, variant)) {
        found
    } else {
        wholly(a, b)
    }
}

fn names<'v>(a: &'v Map<String, Value>, b: &'v Map<String, Value>) -> Vec<&'v str> {
    let only_a = a.keys().filter(|key| !b.contains_key(*key));
    b.keys().chain(only_a).map(String::as_str).collect()
}

fn collection(found: &mut Changes, name: &str, a: Option<&Value>, b: Option<&Value>) {
    // Lists that are empty are not written.
    let empty = Value::Array(Vec::new());
    let either_is_list = [a, b].into_iter().flatten().any(Value::is_array);
    let (a, b) = match (a, b) {
        (None, b) if either_is_list => (Some(&empty), b),
        (a, None) if either_is_list => (a, Some(&empty)),
        both => both,
    };
    match (a, b) {
        (Some(Value::Array(x)), Some(Value::Array(y))) if is_keyed(x) && is_keyed(y) => {
            elements(found, name, x, y);
        }
        (Some(a), Some(b)) => fields(found, name, a, b),
        (None, Some(b)) => found.set.push((name.to_owned(), RonValue(b.clone()))),
        (Some(_), None) => found.remove.push(name.to_owned()),
        (None, None) => {}
    }
}

/// The elements of a keyed list, each by its name.
fn elements(found: &mut Changes, collection: &str, a: &[Value], b: &[Value]) {
    let by_key = |list: &'_ [Value]| -> HashMap<String, Value> {
        list.iter().filter_map(|e| Some((key_of(e)?.to_owned(), e.clone()))).collect()
    };
    let (old, new) = (by_key(a), by_key(b));
    for gone in a.iter().filter_map(key_of).filter(|key| !new.contains_key(*key)) {
        found.remove.push(format!("{collection}.{gone}"));
    }
    for element in b {
        let Some(key) = key_of(element) else { continue };
        match old.get(key) {
            Some(before) => fields(found, &format!("{collection}.{key}"), before, element),
            None => found.add.push((collection.to_owned(), RonValue(element.clone()))),
        }
    }
}

fn fields(found: &mut Changes, path: &str, a: &Value, b: &Value) {
    if same(a, b) {
        return;
    }
    let keys = |list: &[Value]| list.iter().filter_map(key_of).map(str::to_owned).collect();
    match (a, b) {
        (Value::Object(a), Value::Object(b)) => {
            for name in names(a, b) {
                let below = format!("{path}.{name}");
                match (a.get(name), b.get(name)) {
                    (Some(x), Some(y)) => fields(found, &below, x, y),
                    (None, Some(y)) => found.set.push((below, RonValue(y.clone()))),
                    _ => found.remove.push(below),
                }
            }
        }
        (Value::Array(x), Value::Array(y))
            if is_keyed(x) && is_keyed(y) && !x.is_empty() && {
                let (x, y): (Vec<String>, Vec<String>) = (keys(x), keys(y));
                x == y
            } =>
        {
            for (x, y) in x.iter().zip(y) {
                let key = key_of(x).unwrap_or_default();
                fields(found, &format!("{path}.{key}"), x, y);
            }
        }
        _ => found.set.push((path.to_owned(), RonValue(b.clone()))),
    }
}

/// Elements and records that their fields did not bring to what is wanted are set as a whole.
fn whole_elements(found: &mut Changes, reached: &Map<String, Value>, wanted: &Map<String, Value>) {
    let mut replace = |path: String, value: &Value| {
        let below = format!("{path}.");
        found.set.retain(|(p, _)| *p != path && !p.starts_with(&below));
        found.remove.retain(|p| !p.starts_with(&below));
        found.set.push((path, RonValue(value.clone())));
    };
    for (name, want) in wanted {
        match (reached.get(name), want) {
            (Some(have), want) if same(have, want) => {}
            (Some(Value::Array(have)), Value::Array(want)) if is_keyed(want) && is_keyed(have) => {
                let have: HashMap<&str, &Value> =
                    have.iter().filter_map(|e| Some((key_of(e)?, e))).collect();
                for element in want {
                    let Some(key) = key_of(element) else { continue };
                    if have.get(key).is_some_and(|have| !same(have, element)) {
                        replace(format!("{name}.{key}"), element);
                    }
                }
            }
            (_, want) => replace(name.clone(), want),
        }
    }
}

/// Moves elements of a list that stand in another order, as few as will do.
fn order(found: &mut Changes, collection: &str, have: Option<&Value>, want: &Value) {
    let (Some(Value::Array(have)), Value::Array(want)) = (have, want) else { return };
    if !is_keyed(have) || !is_keyed(want) {
        return;
    }
    let at: HashMap<&str, usize> =
        have.iter().enumerate().filter_map(|(i, e)| Some((key_of(e)?, i))).collect();
    let wanted: Vec<&str> = want.iter().filter_map(key_of).collect();
    let places: Vec<usize> = wanted.iter().filter_map(|key| at.get(key).copied()).collect();
    if places.len() != wanted.len() {
        return;
    }
    let stay = longest_rise(&places);
    let mut before = "";
    for (index, key) in wanted.iter().enumerate() {
        if !stay.contains(&index) {
            found.place.push((format!("{collection}.{key}"), before.to_owned()));
        }
        before = key;
    }
}

/// Indices of a longest rising subsequence.
fn longest_rise(values: &[usize]) -> HashSet<usize> {
    // For each length the index of the least last value, and for each index the one before.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = vec![None; values.len()];
    for (i, value) in values.iter().enumerate() {
        let length = ends.partition_point(|&end| values[end] < *value);
        before[i] = length.checked_sub(1).and_then(|l| ends.get(l).copied());
        if length == ends.len() {
            ends.push(i);
        } else {
            ends[length] = i;
        }
    }
    let mut chosen = HashSet::new();
    let mut next = ends.last().copied();
    while let Some(i) = next {
        chosen.insert(i);
        next = before[i];
    }
    chosen
}

/// Everything that differs, whole: where elements share a name there is no other way.
fn wholly(a: &Map<String, Value>, b: &Map<String, Value>) -> Changes {
    let mut found = Changes::default();
    for name in names(a, b) {
        match (a.get(name), b.get(name)) {
            (Some(x), Some(y)) if same(x, y) => {}
            (_, Some(y)) => found.set.push((name.to_owned(), RonValue(y.clone()))),
            _ => found.remove.push(name.to_owned()),
        }
    }
    found
}

/// Equal to the bit: the order of keys and the sign of a zero count.
pub fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => {
            let bits = |n: &serde_json::Number| n.as_f64().map(f64::to_bits);
            bits(a) == bits(b)
        }
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
        }
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|((k, x), (l, y))| k == l && same(x, y))
        }
        (a, b) => a == b,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn steps(a: &Value, b: &Value) -> Changes {
        let found = difference(a, b, |v| Some(v.clone()));
        assert!(same(&apply(a, &found).0, b), "{found:?}");
        found
    }

    #[test]
    fn fields_are_told_one_by_one_and_elements_by_name() {
        let a = json!({"site": {"name": "S", "mw": 1.0}, "nodes": [{"id": "a.b", "x": 1.0},
            {"id": "c", "at": [1.0, 2.0]}], "blocks": [{"id": "d"}]});
        let b = json!({"site": {"name": "S", "mw": 2.0}, "nodes": [{"id": "a.b", "x": -0.0},
            {"id": "c", "at": [1.0, 3.0]}, {"id": "e"}], "blocks": []});
        let found = steps(&a, &b);
        let paths: Vec<&str> = found.set.iter().map(|(path, _)| path.as_str()).collect();
        assert_eq!(paths, ["site.mw", "nodes.a.b.x", "nodes.c.at"]);
        assert_eq!(found.remove, ["blocks.d"]);
        assert_eq!(found.add.len(), 1);
        assert!(steps(&a, &a).is_empty());
    }

    #[test]
    fn another_order_moves_as_few_elements_as_will_do() {
        let list = |ids: &[&str]| json!({"blocks": ids.iter().map(|id| json!({"id": id})).collect::<Vec<_>>()});
        let found = steps(&list(&["a", "b", "c", "d"]), &list(&["d", "a", "b", "c"]));
        assert_eq!(found.place, [("blocks.d".to_owned(), String::new())]);
        steps(&list(&["a", "b", "c", "d", "e"]), &list(&["e", "c", "x", "a"]));
    }

    #[test]
    fn the_order_of_keys_counts_and_doubled_names_are_written_whole() {
        let a = json!({"policy": {"shares": {"a": 1.0, "b": 2.0}}});
        let b = json!({"policy": {"shares": {"b": 2.0, "a": 1.0}}});
        assert_eq!(steps(&a, &b).set.len(), 1);
        let a = json!({"blocks": [{"id": "a"}, {"id": "a", "x": 1.0}]});
        let b = json!({"blocks": [{"id": "a"}, {"id": "a", "x": 2.0}]});
        assert_eq!(steps(&a, &b).set[0].0, "blocks");
    }

    #[test]
    fn a_change_of_something_that_is_gone_is_left_out() {
        let a = json!({"blocks": [{"id": "a", "rack": "x"}, {"id": "b", "rack": "x"}]});
        let b = json!({"blocks": [{"id": "a", "rack": "y"}, {"id": "b", "rack": "y"}]});
        let found = steps(&a, &b);
        let edited = json!({"blocks": [{"id": "b", "rack": "x", "count": 3.0}]});
        let (variant, left) = apply(&edited, &found);
        assert_eq!(variant, json!({"blocks": [{"id": "b", "rack": "y", "count": 3.0}]}));
        assert_eq!(left.len(), 1);
        assert_eq!(left[0].path, "blocks.a.rack");
    }
}
