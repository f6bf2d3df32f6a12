//! Every field of every record and layout has a name that a planner would use.

use crate::support::root;
use gigasite::catalog::{Catalog, list};
use gigasite::editor::catalogue::{CatalogueDraft, RecordKey};
use gigasite::fields;
use gigasite::site::file;
use gigasite::units::format::{label_of_field, unit_of_field};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What is wrong with a label; nothing where a person could have written it.
fn fault(label: &str) -> Option<&'static str> {
    let chars: Vec<char> = label.chars().collect();
    let camel = chars.windows(2).any(|pair| pair[0].is_lowercase() && pair[1].is_uppercase());
    let last = label.rsplit(' ').next().unwrap_or_default();
    match () {
        () if label.is_empty() => Some("is empty"),
        () if camel && !label.contains("NVLink") => Some("is a word of the program"),
        () if label.contains('_') => Some("is a name of the program"),
        () if matches!(last, "per" | "of" | "a" | "and") && label != "Of" => Some("breaks off"),
        () if !chars[0].is_uppercase() && !chars[0].is_ascii_digit() => Some("begins small"),
        () => None,
    }
}

/// Fields of one record, or of one part of it, by what people read: label and unit.
#[derive(Default)]
struct Seen(BTreeMap<(String, String), String>);

impl Seen {
    /// Looks at a field; its fault, in a sentence.
    fn look(&mut self, of: &str, path: &str) -> Option<String> {
        let group = path.rsplit_once('.').map_or("", |(group, _)| group);
        let label = label_of_field(path);
        if let Some(fault) = fault(&label) {
            return Some(format!("{of}.{path}: \"{label}\" {fault}"));
        }
        let twin = self.0.insert((group.to_owned(), label.clone()), path.to_owned());
        let twin = twin.filter(|twin| twin != path)?;
        Some(format!("{of}: \"{label}\" is both {path} and {twin}"))
    }
}

#[test]
fn every_field_of_the_catalogue_is_named_once_in_words() {
    let folder = tempfile::tempdir().expect("a folder");
    let builtin = Catalog::embedded_arc().expect("the catalogue reads");
    let draft = CatalogueDraft::open(Arc::clone(&builtin), folder.path()).expect("opens");
    let mut faults = Vec::new();
    let mut looked_at = 0;
    for record in list(&builtin) {
        let mut seen = Seen::default();
        for row in draft.fields(&RecordKey::new(record.collection, &record.id)) {
            looked_at += 1;
            faults.extend(seen.look(&format!("{}.{}", record.collection, record.id), &row.path));
            let shown = row.shown();
            if row.names_kind
                && row.value.is_string()
                && (shown.contains('_') || fault(&shown).is_some())
            {
                faults.push(format!("{}: \"{shown}\" of {}", record.id, row.path));
            }
            // A number with its source never stands without its unit, unless it is a ratio.
            let plain = row.unit.is_empty() && unit_of_field(&row.path).label.is_empty();
            if row.fact.is_some() && plain && !row.path.ends_with("_ratio") {
                faults.push(format!("{}.{}: no unit", record.id, row.path));
            }
        }
    }
    assert!(looked_at > 3_000, "{looked_at} fields");
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn every_field_of_the_layouts_is_named_once_in_words() {
    let mut faults = Vec::new();
    let mut looked_at = 0;
    for entry in std::fs::read_dir(root().join("layouts")).expect("layouts") {
        let path = entry.expect("a file").path();
        if path.extension().is_none_or(|e| e != "ron") {
            continue;
        }
        let text = std::fs::read_to_string(&path).expect("reads");
        let layout = file::parse(&text, "layout.ron").expect("parses");
        let mut seen = Seen::default();
        for (field, _) in fields::leaves(&layout) {
            // Maps by the ids of tiers and days: their entries have names of their own.
            let maps = [".shares.", ".shape.", ".max_site_share.", "changes."];
            if maps.iter().any(|map| field.contains(map)) {
                continue;
            }
            looked_at += 1;
            faults.extend(seen.look(&path.display().to_string(), &field));
        }
    }
    assert!(looked_at > 5_000, "{looked_at} fields");
    faults.sort();
    faults.dedup();
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}
