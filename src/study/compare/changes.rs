//! What differs in two sites: by element group for people, by path for a plan to outline.

use super::{PlanRow, Side, halls};
use crate::fields;
use crate::site::{ElementRef, HallGroup, Site};
use crate::units::format::{self, label_of_field, unit_of_field};
use crate::units::words::{lower_first, upper_first};
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// Rows of terms that are told one by one; the rest is counted.
const TERMS: usize = 10;

/// Names of inputs that are equal, and of those that are not.
pub(super) fn inputs(a: Side<'_>, b: Side<'_>) -> (Vec<String>, Vec<String>) {
    let (x, y) = (&a.site.terms, &b.site.terms);
    let (c, d) = (&a.site.campus, &b.site.campus);
    let prices = |side: &crate::site::Terms| -> Vec<_> {
        side.tiers.iter().map(|t| (t.id.clone(), t.demand.clone())).collect()
    };
    let all = [
        ("grid contract", x.site.grid_contract_mw == y.site.grid_contract_mw),
        ("grid feeds", c.feeds == d.feeds),
        ("network", c.nodes == d.nodes),
        ("cooling", c.loops == d.loops),
        ("tariff", x.site.tariff == y.site.tariff),
        ("weather", x.hours == y.hours),
        ("tiers", x.tiers == y.tiers),
        ("prices and demand", prices(x) == prices(y)),
        ("policy", x.policy == y.policy),
        ("edited catalogue values", x.overrides == y.overrides),
        ("racks", halls::racks_of(a) == halls::racks_of(b)),
    ];
    let names = |wanted: bool| {
        let some = all.iter().filter(|(_, equal)| *equal == wanted);
        some.map(|(name, _)| (*name).to_owned()).collect()
    };
    (names(true), names(false))
}

/// The plan table.
pub(super) fn plan_rows(a: Side<'_>, b: Side<'_>) -> Vec<PlanRow> {
    let mut rows = halls::rows(a, b);
    rows.extend(kinds(a.site, b.site));
    rows.extend(terms(a.site, b.site));
    rows.extend(served(a, b));
    rows
}

/// Elements of each kind: how many, and how many of them are changed.
fn kinds(a: &Site, b: &Site) -> Vec<PlanRow> {
    let mut order: Vec<&str> = Vec::new();
    let mut all: BTreeMap<&str, (usize, usize, usize)> = BTreeMap::new();
    let by_path = |site: &Site| -> BTreeMap<String, Value> {
        site.elements().filter_map(|e| Some((e.path(), own_value(e)?))).collect()
    };
    let (x, y) = (by_path(a), by_path(b));
    for (site, is_a) in [(a, true), (b, false)] {
        for element in site.elements() {
            let kind = element.kind_name();
            if !order.contains(&kind) {
                order.push(kind);
            }
            let path = element.path();
            let (in_a, in_b, changed) = all.entry(kind).or_default();
            match is_a {
                true => {
                    *in_a += 1;
                    let other = y.get(&path);
                    *changed += usize::from(other.is_some() && other != x.get(&path));
                }
                false => *in_b += 1,
            }
        }
    }
    let row = |kind: &str| {
        let (in_a, in_b, changed) = *all.get(kind)?;
        let count = |n: usize| format::count(n as f64);
        let change = match (in_b as i64 - in_a as i64, changed) {
            (0, 0) => return None,
            (0, changed) => format!("{} changed", count(changed)),
            (more, _) if more > 0 => format!("+{}", count(more.unsigned_abs() as usize)),
            (less, _) => format!("−{}", count(less.unsigned_abs() as usize)),
        };
        Some(PlanRow { group: plural(kind), a: count(in_a), b: count(in_b), change })
    };
    order.into_iter().filter(|kind| *kind != "hall").filter_map(row).collect()
}

/// An element without its machines, which count themselves.
fn own_value(element: ElementRef<'_>) -> Option<Value> {
    let mut value = serde_json::to_value(element).ok()?;
    if let (ElementRef::Loop(_), Some(map)) = (element, value.as_object_mut()) {
        map.shift_remove("cdus");
        map.shift_remove("rejection");
    }
    Some(value)
}

fn plural(kind: &str) -> String {
    let name = match kind {
        "CDU" => return "CDUs".to_owned(),
        "battery" => "batteries".to_owned(),
        "heat rejection" => kind.to_owned(),
        "loop" => "cooling loops".to_owned(),
        "node" => "network nodes".to_owned(),
        kind => format!("{kind}s"),
    };
    upper_first(&name)
}

/// Fields of records that there is one of, and of tiers, that differ.
fn term_changes(a: &Site, b: &Site) -> Vec<(String, Option<Value>, Option<Value>)> {
    let (x, y) = (&a.terms, &b.terms);
    let mut out = Vec::new();
    leaves(&mut out, "site", Some(&x.site), Some(&y.site));
    leaves(&mut out, "policy", Some(&x.policy), Some(&y.policy));
    leaves(&mut out, "finance", Some(&x.finance), Some(&y.finance));
    for tier in &x.tiers {
        match y.tiers.iter().find(|t| t.id == tier.id) {
            Some(other) => leaves(&mut out, &tier.name, Some(tier), Some(other)),
            None => out.push((format!("{}.tier", tier.name), Some("sold".into()), None)),
        }
    }
    for tier in y.tiers.iter().filter(|t| !x.tiers.iter().any(|o| o.id == t.id)) {
        out.push((format!("{}.tier", tier.name), None, Some("sold".into())));
    }
    out
}

fn leaves<T: Serialize>(
    out: &mut Vec<(String, Option<Value>, Option<Value>)>,
    of: &str,
    a: Option<&T>,
    b: Option<&T>,
) {
    let all = |record: Option<&T>| -> BTreeMap<String, Value> {
        record.map(|r| fields::leaves(r).into_iter().collect()).unwrap_or_default()
    };
    let (x, y) = (all(a), all(b));
    let names: std::collections::BTreeSet<&String> = x.keys().chain(y.keys()).collect();
    for name in names {
        if x.get(name) != y.get(name) && !name.ends_with("notes") {
            out.push((format!("{of}.{name}"), x.get(name).cloned(), y.get(name).cloned()));
        }
    }
}

fn terms(a: &Site, b: &Site) -> Vec<PlanRow> {
    let all = term_changes(a, b);
    let mut rows: Vec<PlanRow> = all
        .iter()
        .take(TERMS)
        .map(|(path, x, y)| {
            let (of, field) = path.split_once('.').unwrap_or((path, ""));
            let record = matches!(of, "site" | "policy" | "finance");
            let group = match field {
                "tier" => format!("Tier {of}"),
                field if record => match field.strip_prefix("shares.") {
                    Some(tier) => format!("Share of {}", name_of_tier((a, b), tier)),
                    None => label_of_field(field),
                },
                field => format!("{of}, {}", lower_first(&label_of_field(field))),
            };
            let words = |value: &Option<Value>| match value {
                Some(Value::Number(n)) if field.starts_with("shares.") => {
                    format::share(n.as_f64().unwrap_or_default())
                }
                Some(Value::Number(n)) => unit_of_field(field).show(n.as_f64().unwrap_or_default()),
                Some(value) => fields::value_text(value).trim_matches('"').to_owned(),
                None => format::DASH.to_owned(),
            };
            let change = match (x, y) {
                (None, Some(_)) => "new",
                (Some(_), None) => "gone",
                _ => "changed",
            };
            PlanRow { group, a: words(x), b: words(y), change: change.to_owned() }
        })
        .collect();
    if all.len() > TERMS {
        let more = format!("{} more terms", all.len() - TERMS);
        let dash = || format::DASH.to_owned();
        rows.push(PlanRow { group: more, a: dash(), b: dash(), change: "changed".to_owned() });
    }
    rows
}

fn name_of_tier<'a>((a, b): (&'a Site, &'a Site), id: &'a str) -> &'a str {
    let tiers = a.terms.tiers.iter().chain(&b.terms.tiers);
    tiers.into_iter().find(|t| t.id == id).map_or(id, |t| t.name.as_str())
}

/// What serves each tier: rack types with their megawatts.
fn served(a: Side<'_>, b: Side<'_>) -> Vec<PlanRow> {
    let on = |side: Side<'_>, tier: &str| -> (String, f64) {
        let mut racks: indexmap::IndexMap<&str, f64> = indexmap::IndexMap::new();
        for row in side.outcome.plan.allocation.iter().filter(|r| r.tier == tier) {
            *racks.entry(row.rack.as_str()).or_default() += row.it_mw;
        }
        racks.retain(|_, mw| *mw > 0.05);
        let power = |mw: f64| format::power(crate::units::Power::mw(mw));
        let words: Vec<String> = racks
            .iter()
            .map(|(rack, mw)| format!("{}, {}", halls::short(side.catalog, rack), power(*mw)))
            .collect();
        let text = if words.is_empty() { format::DASH.to_owned() } else { words.join(" + ") };
        (text, racks.values().sum())
    };
    let tiers = a.site.terms.tiers.iter();
    let only_b = b.site.terms.tiers.iter();
    let only_b = only_b.filter(|t| !a.site.terms.tiers.iter().any(|o| o.id == t.id));
    tiers
        .chain(only_b)
        .map(|tier| {
            let ((x, from), (y, to)) = (on(a, &tier.id), on(b, &tier.id));
            let change = if x == y {
                "same".to_owned()
            } else {
                format::power_change(crate::units::Power::mw(to - from))
            };
            PlanRow { group: format!("Tier {} on", tier.name), a: x, b: y, change }
        })
        .collect()
}

/// Fields and elements that differ.
pub(super) fn count(a: &Site, b: &Site) -> usize {
    let by_path = |site: &Site| -> BTreeMap<String, Value> {
        site.elements().filter_map(|e| Some((e.path(), own_value(e)?))).collect()
    };
    let (x, y) = (by_path(a), by_path(b));
    let gone = x.keys().filter(|path| !y.contains_key(*path)).count();
    let other = y.iter().filter(|(path, value)| x.get(*path) != Some(value)).count();
    gone + other + term_changes(a, b).len()
}

/// Paths of halls, and of elements on no ground of a hall, that differ.
pub(super) fn changed(a: &Site, b: &Site) -> Vec<String> {
    let id = |g: &HallGroup| g.hall.as_ref().map(|h| h.id.clone());
    let mut out: Vec<String> = Vec::new();
    let mut note = |path: String| {
        if !out.contains(&path) {
            out.push(path);
        }
    };
    for (own, other) in [(a, b), (b, a)] {
        for group in own.halls.iter().filter(|g| g.hall.is_some()) {
            let twin = other.halls.iter().find(|g| id(g) == id(group));
            let same = twin.is_some_and(|t| std::sync::Arc::ptr_eq(t, group) || t == group);
            if let (false, Some(hall)) = (same, id(group)) {
                note(format!("halls.{hall}"));
            }
        }
        for element in own.campus.elements() {
            let twin = other.campus.elements().find(|e| e.path() == element.path());
            if twin.is_some_and(|twin| own_value(twin) == own_value(element)) {
                continue;
            }
            match hall_below(own, element) {
                Some(hall) => note(format!("halls.{hall}")),
                None if element.rectangle().is_some() => note(element.path()),
                None => {}
            }
        }
    }
    out
}

/// The hall on whose ground an element stands.
fn hall_below(site: &Site, element: ElementRef<'_>) -> Option<String> {
    let (at, size) = element.rectangle()?;
    let middle = [at[0] + size[0] / 2.0, at[1] + size[1] / 2.0];
    let halls = site.halls.iter().filter_map(|g| g.hall.as_ref());
    let mut holding =
        halls.filter(|h| (0..2).all(|i| middle[i] >= h.at[i] && middle[i] <= h.at[i] + h.size[i]));
    holding.next().map(|h| h.id.clone())
}
