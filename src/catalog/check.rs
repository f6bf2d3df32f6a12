//! The proof that every number of a catalogue has a source, and that its
//! records fit each other. It must not know files.
//!
//! The proof walks the serialised records, so that a new field cannot escape:
//! any object with a `value` is a number with provenance, and a number that
//! stands alone is a fault unless [`BARE`] lists it.

use super::labels::key;
use super::{Basis, Catalog, Curve, Kind, Model, Rack, Role, Status, WEATHER_BIN_K, Weather};
use crate::diag::{Diagnostic, Report};
use crate::fields::is_fact;
use crate::units::HOURS_PER_YEAR;
use serde::Serialize;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// Numbers that stand without provenance of their own: the points and request
/// shapes of curves and the dimensions of models, whose source the curve or the
/// architecture names, hours of weather, and counts of racks that define a unit. `*` stands for
/// any one name.
pub const BARE: &[&str] = &[
    "curves.*.isl_tokens",
    "curves.*.osl_tokens",
    "curves.*.percentile",
    "curves.*.points.*.context_tokens",
    "curves.*.points.*.drawn_frac",
    "curves.*.points.*.range.*",
    "curves.*.points.*.tok_s_per_gpu",
    "curves.*.points.*.tok_s_per_mw",
    "curves.*.points.*.tok_s_user",
    "curves.*.points.*.ttft_ms",
    "models.*.architecture.*",
    "units.*.racks",
    "weather.*.by_degree_h.*",
    "weather.*.drybulb_h.*",
    "units.*.support.*.count",
];

/// What a catalogue holds, by how its numbers came to be.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Summary {
    pub records: usize,
    pub sources: usize,
    /// Numbers with a value.
    pub known: usize,
    /// Numbers that are stated as unknown.
    pub unknown: usize,
    /// Of the known ones.
    pub by_kind: BTreeMap<Kind, usize>,
    /// Points of curves, by the kind of the curve; not part of `known`.
    pub curve_points: BTreeMap<Kind, usize>,
}

/// Counts the numbers of a catalogue.
pub fn summary(catalog: &Catalog) -> Summary {
    let mut out = Summary { sources: catalog.sources.len(), ..Summary::default() };
    for (collection, id, json) in records(catalog) {
        if collection != "sources" {
            out.records += 1;
        }
        walk(&json, &format!("{collection}.{id}"), &mut |_, node| {
            let Node::Fact(fact) = node else { return };
            if fact.get("value").is_some_and(Value::is_number) {
                out.known += 1;
                if let Some(kind) = kind_of(fact) {
                    *out.by_kind.entry(kind).or_default() += 1;
                }
            } else {
                out.unknown += 1;
            }
        });
    }
    for curve in catalog.curves.values() {
        *out.curve_points.entry(curve.kind).or_default() += curve.points.len();
    }
    out
}

/// Everything that is wrong with a catalogue: [`links`], and each number
/// without kind, source or note, outside its range, or beside the rules.
pub fn check(catalog: &Catalog) -> Report {
    let mut report = links(catalog);
    for source in catalog.sources.values() {
        source_record(source, &mut report);
    }
    for (collection, id, json) in records(catalog) {
        walk(&json, &format!("{collection}.{id}"), &mut |path, node| match node {
            Node::Fact(fact) => fact_rules(path, fact, &mut report),
            Node::Bare => report.push(Diagnostic::error(
                "bare-number",
                path,
                "the number has no source",
                "write it as (value: ..., kind: ..., source: ...)",
            )),
        });
    }
    for rack in catalog.racks.values() {
        rack_rules(rack, &mut report);
    }
    for curve in catalog.curves.values() {
        curve_rules(curve, &mut report);
    }
    for model in catalog.models.values() {
        model_rules(model, &mut report);
    }
    for weather in catalog.weather.values() {
        weather_rules(weather, &mut report);
    }
    labels("models", catalog.models.values().map(|m| (m.id.as_str(), m.names())), &mut report);
    labels("racks", catalog.racks.values().map(|r| (r.id.as_str(), r.names())), &mut report);
    unused_sources(catalog, &mut report);
    report
}

/// References between records: sources, units, racks, models, caps, groups.
pub fn links(catalog: &Catalog) -> Report {
    let mut report = Report::default();
    let mut need = |known: bool, path: String, what: &str, id: &str| {
        if !known {
            report.push(Diagnostic::error(
                "dangling-id",
                path,
                format!("there is no {what} `{id}`"),
                format!("add the {what} or name another one"),
            ));
        }
    };
    for (collection, id, json) in records(catalog) {
        walk(&json, &format!("{collection}.{id}"), &mut |path, node| {
            if let Node::Fact(fact) = node
                && let Some(Value::String(source)) = fact.get("source")
            {
                need(catalog.sources.contains_key(source), path.to_owned(), "source", source);
            }
        });
    }
    for (id, rack) in &catalog.racks {
        if let Some(unit) = &rack.scalable_unit {
            let path = format!("racks.{id}.scalable_unit");
            need(catalog.units.contains_key(unit), path, "scalable unit", unit);
        }
        if let Role::Adjunct { of } = &rack.role {
            need(catalog.racks.contains_key(of), format!("racks.{id}.role"), "rack", of);
        }
        if let Some(decoder) = &rack.decoder {
            let beside = catalog.racks.get(&decoder.rack);
            let adjunct = beside.is_some_and(|r| matches!(r.role, Role::Adjunct { .. }));
            let path = format!("racks.{id}.decoder.rack");
            need(adjunct, path, "adjunct rack", &decoder.rack);
        }
    }
    for (id, curve) in &catalog.curves {
        let path = |field: &str| format!("curves.{id}.{field}");
        let rack = catalog.racks.get(&curve.rack);
        need(rack.is_some(), path("rack"), "rack", &curve.rack);
        need(catalog.sources.contains_key(&curve.source), path("source"), "source", &curve.source);
        for point in &curve.points {
            let at = |field: &str| path(&format!("points.{}.{field}", point.tok_s_user));
            need(catalog.models.contains_key(&point.model), at("model"), "model", &point.model);
            if let (Some(cap), Some(rack)) = (&point.cap, rack) {
                let known = rack.caps.iter().any(|c| c.id == *cap);
                need(known, at("cap"), "power cap", cap);
            }
        }
    }
    for (id, model) in &catalog.models {
        if let Some(architecture) = &model.architecture {
            let path = format!("models.{id}.architecture.source");
            let source = &architecture.source;
            need(catalog.sources.contains_key(source), path, "source", source);
        }
    }
    for (id, weather) in &catalog.weather {
        let path = format!("weather.{id}.source");
        need(catalog.sources.contains_key(&weather.source), path, "source", &weather.source);
    }
    for (id, tier) in &catalog.tier_templates {
        if let Some(model) = &tier.model {
            let path = format!("tier_templates.{id}.model");
            need(catalog.models.contains_key(model), path, "model", model);
        }
    }
    option_groups(catalog, &mut report);
    report
}

/// Catalogue figures contain exactly one option of each group.
fn option_groups(catalog: &Catalog, report: &mut Report) {
    let mut defaults: BTreeMap<&str, usize> = BTreeMap::new();
    for option in catalog.options.values() {
        *defaults.entry(&option.group).or_default() += usize::from(option.default);
    }
    for (group, count) in defaults {
        if count != 1 {
            report.push(Diagnostic::error(
                "option-default",
                "options",
                format!("group `{group}` has {count} default options"),
                "mark exactly one option of the group with `default: true`",
            ));
        }
    }
}

/// Every record as JSON, with its collection and id.
pub(super) fn records(catalog: &Catalog) -> Vec<(&'static str, String, Value)> {
    let mut out = Vec::new();
    macro_rules! add {
        ($($collection:ident),*) => {$(
            for (id, record) in &catalog.$collection {
                // A record that cannot be written becomes null and is found by the load tests.
                let json = serde_json::to_value(record).unwrap_or_default();
                out.push((stringify!($collection), id.clone(), json));
            }
        )*};
    }
    add!(
        sources,
        racks,
        units,
        models,
        curves,
        tier_templates,
        tariffs,
        equipment,
        costs,
        weather,
        practice,
        options,
        serving
    );
    out
}

enum Node<'a> {
    Fact(&'a Map<String, Value>),
    /// A number outside any fact that [`BARE`] does not list.
    Bare,
}

fn walk(node: &Value, path: &str, visit: &mut dyn FnMut(&str, Node<'_>)) {
    match node {
        Value::Object(map) if is_fact(node) => visit(path, Node::Fact(map)),
        Value::Object(map) => {
            for (key, child) in map {
                walk(child, &format!("{path}.{key}"), visit);
            }
        }
        Value::Array(list) => {
            for (index, child) in list.iter().enumerate() {
                let name = match (child.get("id"), child.get("tok_s_user")) {
                    (Some(Value::String(id)), _) => id.clone(),
                    (_, Some(speed)) => speed.as_f64().unwrap_or_default().to_string(),
                    _ => index.to_string(),
                };
                walk(child, &format!("{path}.{name}"), visit);
            }
        }
        Value::Number(_) if !is_bare_allowed(path) => visit(path, Node::Bare),
        _ => {}
    }
}

/// Whether [`BARE`] lists the path. An id or a speed may hold dots, so that a
/// `*` may take several names.
fn is_bare_allowed(path: &str) -> bool {
    BARE.iter().any(|pattern| {
        let mut rest = path;
        let mut parts = pattern.split('*');
        let Some(after) = parts.next().and_then(|head| rest.strip_prefix(head)) else {
            return false;
        };
        rest = after;
        for part in parts {
            if part.is_empty() {
                return !rest.is_empty();
            }
            let Some(at) = rest.find(part) else { return false };
            rest = rest.get(at + part.len()..).unwrap_or("");
        }
        rest.is_empty()
    })
}

fn kind_of(fact: &Map<String, Value>) -> Option<Kind> {
    fact.get("kind").and_then(|k| serde_json::from_value(k.clone()).ok())
}

/// The rules for one number with provenance.
fn fact_rules(path: &str, fact: &Map<String, Value>, report: &mut Report) {
    let note = fact.get("note").and_then(Value::as_str).unwrap_or("");
    let mut fault = |code: &str, message: String, hint: &str| {
        report.push(Diagnostic::error(code, path, message, hint));
    };
    let Some(value) = fact.get("value").and_then(Value::as_f64) else {
        if note.is_empty() {
            fault("no-note", "unknown without a note".into(), "say why the figure is unknown");
        }
        return;
    };
    let Some(kind) = kind_of(fact) else {
        fault("no-kind", "the value has no kind".into(), "say how the value came to be");
        return;
    };
    if value < 0.0 {
        fault("negative", format!("{value} is negative"), "give a number of zero or more");
    }
    if path.ends_with("_frac") && value > 1.0 {
        fault("above-one", format!("{value} is no share"), "give a number from 0 to 1");
    }
    if kind == Kind::Override {
        return;
    }
    if !fact.contains_key("source") {
        fault("no-source", "the value has no source".into(), "name the id of a source");
    }
    if note.is_empty() && matches!(kind, Kind::Derived | Kind::Estimate | Kind::Assumed) {
        let hint = "say from what it is derived or why it was chosen";
        fault("no-note", format!("{kind:?} without a note"), hint);
    }
    if let Some((low, high)) = range_of(fact)
        && !(low <= value && value <= high)
    {
        let hint = "correct the value or the range";
        fault("out-of-range", format!("{value} is not within {low} to {high}"), hint);
    }
}

fn range_of(fact: &Map<String, Value>) -> Option<(f64, f64)> {
    let range = fact.get("range")?;
    Some((range.get(0)?.as_f64()?, range.get(1)?.as_f64()?))
}

fn source_record(source: &super::Source, report: &mut Report) {
    let path = format!("sources.{}", source.id);
    if source.title.is_empty() || source.publisher.is_empty() {
        let message = "title or publisher is missing";
        report.push(Diagnostic::error("empty-source", &path, message, "fill in both"));
    }
    let lengths: Vec<usize> = source.date.split('-').map(str::len).collect();
    let digits = source.date.chars().all(|c| c.is_ascii_digit() || c == '-');
    if !digits || ![&[4][..], &[4, 2], &[4, 2, 2]].contains(&&lengths[..]) {
        report.push(Diagnostic::error(
            "bad-date",
            format!("{path}.date"),
            format!("`{}` is no date", source.date),
            "write YYYY, YYYY-MM or YYYY-MM-DD",
        ));
    }
}

fn rack_rules(rack: &Rack, report: &mut Report) {
    let path = format!("racks.{}", rack.id);
    if rack.caps.is_empty() {
        let hint = "add a cap; its power may be unknown";
        report.push(Diagnostic::error("no-cap", format!("{path}.caps"), "no power cap", hint));
    }
    if let Status::NotOrderable(reason) = &rack.status
        && reason.is_empty()
    {
        let hint = "say why the rack must not be planned";
        report.push(Diagnostic::error("no-reason", format!("{path}.status"), "no reason", hint));
    }
    let known: Vec<f64> = rack.caps.iter().filter_map(|c| c.kw.get()).collect();
    if !known.is_sorted() {
        let hint = "order the caps from the lowest to the highest";
        let message = "caps are not in rising order";
        report.push(Diagnostic::error("cap-order", format!("{path}.caps"), message, hint));
    }
}

fn curve_rules(curve: &Curve, report: &mut Report) {
    let path = format!("curves.{}", curve.id);
    let mut fault = |path: String, message: &str, hint: &str| {
        report.push(Diagnostic::error("curve", path, message, hint));
    };
    if curve.points.is_empty() {
        fault(path.clone(), "the curve has no point", "add at least one point");
    }
    let per_gpu = curve.basis == Basis::Gpu;
    let mut speeds = BTreeSet::new();
    for point in &curve.points {
        let at = format!("{path}.points.{}", point.tok_s_user);
        if !speeds.insert(point.tok_s_user.to_bits()) {
            fault(at.clone(), "two points have one speed", "make a curve of each");
        }
        let (used, other) = if per_gpu {
            (point.tok_s_per_gpu, point.tok_s_per_mw)
        } else {
            (point.tok_s_per_mw, point.tok_s_per_gpu)
        };
        if other.is_some() || !used.is_some_and(|v| v > 0.0 && v.is_finite()) {
            let hint = "give a positive throughput per MW, or per GPU where that is the basis";
            fault(at.clone(), "the throughput does not fit the basis", hint);
        }
        if !(point.tok_s_user > 0.0 && point.context_tokens > 0.0) {
            fault(at.clone(), "speed and context must be positive", "correct the point");
        }
        if point.drawn_frac.is_some_and(|v| !(v > 0.0 && v <= 1.0)) {
            fault(at.clone(), "drawn power must be a share of the provisioned", "correct it");
        }
        if let (Some((low, high)), Some(value)) = (point.range, used)
            && !(low <= value && value <= high)
        {
            fault(at, "the throughput is not within its range", "correct one of them");
        }
    }
}

/// How far the weights that the dimensions give may be from the stated total:
/// norms and biases are not counted, and totals are rounded.
const TOTAL_TOLERANCE_FRAC: f64 = 0.05;

fn model_rules(model: &Model, report: &mut Report) {
    let Some(architecture) = &model.architecture else { return };
    let path = format!("models.{}.architecture", model.id);
    let own_work = matches!(architecture.kind, Kind::Derived | Kind::Estimate | Kind::Assumed);
    if own_work && architecture.note.is_empty() {
        let message = format!("{:?} without a note", architecture.kind);
        let hint = "say from what it is derived or why it was chosen";
        report.push(Diagnostic::error("no-note", &path, message, hint));
    }
    for (field, why) in architecture.faults() {
        let hint = "correct the dimension";
        report.push(Diagnostic::error("architecture", format!("{path}.{field}"), why, hint));
    }
    if let Some(stated) = model.total_params_b.get() {
        let found = architecture.params_total() as f64 / 1e9;
        if (found / stated - 1.0).abs() > TOTAL_TOLERANCE_FRAC {
            report.push(Diagnostic::error(
                "architecture-total",
                &path,
                format!("the dimensions give {found:.1} billion weights, stated are {stated}"),
                "correct one of them; where dimensions do not give the weights, state `params`",
            ));
        }
    }
}

/// A label must lead to one record only.
fn labels<'a, N: Iterator<Item = &'a str>>(
    collection: &str,
    records: impl Iterator<Item = (&'a str, N)>,
    report: &mut Report,
) {
    let mut owners: BTreeMap<String, &str> = BTreeMap::new();
    for (id, names) in records {
        for name in names {
            let owner = *owners.entry(key(name)).or_insert(id);
            if owner != id {
                report.push(Diagnostic::error(
                    "ambiguous-label",
                    format!("{collection}.{id}"),
                    format!("`{name}` also names {owner}"),
                    "remove it from one of them; a label that fits two records finds none",
                ));
            }
        }
    }
}

/// The hours of a place are a year, in bins that follow each other.
fn weather_rules(weather: &Weather, report: &mut Report) {
    let hours: f64 = weather.drybulb_h.iter().map(|b| b.1).sum();
    let falls = weather.drybulb_h.windows(2).any(|w| w[1].0 < w[0].0 + WEATHER_BIN_K);
    if (hours - HOURS_PER_YEAR).abs() > 1e-6 || falls || weather.drybulb_h.iter().any(|b| b.1 < 0.0)
    {
        report.push(Diagnostic::error(
            "weather-year",
            format!("weather.{}.drybulb_h", weather.id),
            format!("the bins hold {hours} hours, a year has {HOURS_PER_YEAR}"),
            "give every bin of 2 K once, ascending, with the hours of one year",
        ));
    }
    let fine = &weather.by_degree_h;
    let hours: f64 = fine.iter().map(|b| b.1).sum();
    let falls = fine.windows(2).any(|w| w[1].0 < w[0].0 + 1.0) || fine.iter().any(|b| b.1 < 0.0);
    let damp = fine.iter().any(|(high, _, dry, wet)| dry > high || *dry < high - 1.0 || wet > dry);
    if !fine.is_empty() && ((hours - HOURS_PER_YEAR).abs() > 1e-6 || falls || damp) {
        report.push(Diagnostic::error(
            "weather-year",
            format!("weather.{}.by_degree_h", weather.id),
            format!("the bins hold {hours} hours, a year has {HOURS_PER_YEAR}"),
            "give every bin of 1 K once, ascending, with a dry bulb in it, a wet bulb below that and the hours of one year",
        ));
    }
}

fn unused_sources(catalog: &Catalog, report: &mut Report) {
    let mut used: BTreeSet<String> = catalog.curves.values().map(|c| c.source.clone()).collect();
    used.extend(
        catalog.models.values().filter_map(|m| m.architecture.as_ref()).map(|a| a.source.clone()),
    );
    used.extend(catalog.weather.values().map(|w| w.source.clone()));
    for (collection, id, json) in records(catalog) {
        walk(&json, &format!("{collection}.{id}"), &mut |_, node| {
            if let Node::Fact(fact) = node
                && let Some(Value::String(source)) = fact.get("source")
            {
                used.insert(source.clone());
            }
        });
    }
    for id in catalog.sources.keys().filter(|id| !used.contains(*id)) {
        report.push(Diagnostic::warning(
            "unused-source",
            format!("sources.{id}"),
            "no value names this source",
            "remove it or name it where it is used",
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn bare_numbers(collection: &str, record: Value) -> Vec<String> {
        let mut found = Vec::new();
        walk(&record, &format!("{collection}.x-1.5"), &mut |path, node| {
            if matches!(node, Node::Bare) {
                found.push(path.to_owned());
            }
        });
        found
    }

    #[test]
    fn a_number_without_provenance_cannot_escape() {
        let rack = json!({
            "price_usd": {"value": 1, "kind": "Press"},
            "new_field_kw": 3,
            "caps": [{"id": "a", "kw": 5}],
            "kw": {"value": 1, "margin": 2},
        });
        let expected = [
            "racks.x-1.5.new_field_kw",
            "racks.x-1.5.caps.a.kw",
            "racks.x-1.5.kw.value",
            "racks.x-1.5.kw.margin",
        ];
        assert_eq!(bare_numbers("racks", rack), expected);
    }

    #[test]
    fn only_the_listed_numbers_of_curves_and_units_stand_alone() {
        let curve = json!({
            "isl_tokens": 8192, "margin": 1,
            "points": [{"tok_s_user": 71.81, "tok_s_per_mw": 2, "range": [1, 2], "kw": 4}],
        });
        let expected = ["curves.x-1.5.margin", "curves.x-1.5.points.71.81.kw"];
        assert_eq!(bare_numbers("curves", curve), expected);
        let unit = json!({"racks": 8, "support": [{"count": 2, "kw": 3}]});
        assert_eq!(bare_numbers("units", unit), ["units.x-1.5.support.0.kw"]);
        assert_eq!(bare_numbers("racks", json!({"racks": 8})), ["racks.x-1.5.racks"]);
    }
}
