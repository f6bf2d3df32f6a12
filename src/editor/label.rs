//! The words that complete "Undo ...", in a planner's language.

use super::set::is_catalog_path;
use crate::catalog::Catalog;
use crate::fields;
use crate::site::{Block, ElementRef, Site};
use crate::units::format::{self, label_of_field, unit_of_field, words_of_kind};
use crate::units::words::lower_first;
use serde_json::Value;

/// Longest value that a label quotes.
const LONGEST_VALUE: usize = 40;

/// What a field path speaks of.
pub(super) struct Words {
    /// The field, in sentence case: "Grid contract".
    field: String,
    /// What it belongs to: "High", "hall 8"; `None` for the site as a whole.
    of: Option<String>,
    /// Which of several: "step 2", "at 75 tok/s".
    part: Option<String>,
    /// True where the field is the element's name.
    is_name: bool,
}

impl Words {
    /// "Set grid contract to 1,020 MW", "Rename hall 8 to North hall".
    pub(super) fn set_to(&self, path: &str, value: &str) -> String {
        let value = value_words(path, value);
        if let (true, Some(of)) = (self.is_name, &self.of) {
            return match value {
                Some(value) => format!("Rename {of} to {value}"),
                None => format!("Rename {of}"),
            };
        }
        self.sentence("Set", value)
    }

    /// "Reset price of VR NVL72 to $7.80 M".
    pub(super) fn reset_to(&self, path: &str, value: &str) -> String {
        self.sentence("Reset", value_words(path, value))
    }

    fn sentence(&self, verb: &str, value: Option<String>) -> String {
        let mut text = format!("{verb} {}", lower_first(&self.field));
        if let Some(of) = &self.of {
            text.push_str(" of ");
            text.push_str(of);
        }
        if let Some(part) = &self.part {
            text.push_str(", ");
            text.push_str(part);
            text.push(',');
        }
        match value {
            Some(value) => {
                text.push_str(" to ");
                text.push_str(&value);
            }
            None => text.truncate(text.trim_end_matches(',').len()),
        }
        text
    }
}

/// What a path of the site or the catalogue speaks of; unknown paths give
/// words too, because the setter says what is wrong with them.
pub(super) fn of_path(site: &Site, catalog: &Catalog, path: &str) -> Words {
    let (collection, rest) = path.split_once('.').unwrap_or((path, ""));
    if matches!(collection, "site" | "policy" | "finance") {
        return of_record(site, catalog, rest);
    }
    let (name, field) = if is_catalog_path(path) {
        record_name(catalog, collection, rest)
    } else {
        element_name(site, collection, rest)
    };
    let part = part_of(collection, field);
    let field_label = if field.is_empty() || field == "value" {
        "Value".to_owned()
    } else {
        label_of_field(label_segment(field))
    };
    Words { field: field_label, of: name, part, is_name: field == "name" }
}

/// Fields of the site, the policy and the finances.
fn of_record(site: &Site, catalog: &Catalog, rest: &str) -> Words {
    let words = |field: &str, of: String| Words {
        field: field.to_owned(),
        of: Some(of),
        part: None,
        is_name: false,
    };
    if let Some(tier) = rest.strip_prefix("shares.") {
        let name = site.terms.tiers.iter().find(|t| t.id == tier).map(|t| t.name.clone());
        return words("Share", name.unwrap_or_else(|| tier.to_owned()));
    }
    if let Some(rack) = rest.strip_prefix("max_site_share.") {
        let name = catalog.racks.get(rack).map(|r| r.short.clone());
        return words("Greatest site share", name.unwrap_or_else(|| rack.to_owned()));
    }
    let is_name = rest == "name";
    let of = is_name.then(|| "site".to_owned());
    Words { field: label_of_field(label_segment(rest)), of, part: None, is_name }
}

/// The name behind a path that has no unit of its own: `demand.0.volume_tok_s` is
/// about the volume, `at.0` about the position.
fn label_segment(field: &str) -> &str {
    let index = |part: &&str| part.parse::<usize>().is_err();
    field.rsplit('.').find(index).unwrap_or(field)
}

/// Which step of a demand curve, which point of a curve.
fn part_of(collection: &str, field: &str) -> Option<String> {
    let mut parts = field.split('.');
    match (collection, parts.next()?) {
        ("tiers", "demand") => {
            let index: usize = parts.next()?.parse().ok()?;
            Some(format!("step {}", index + 1))
        }
        ("tiers", "shape") => Some(parts.next()?.to_owned()),
        ("curves", "points") => {
            let inner = field.strip_prefix("points.")?;
            let (speed, _) = inner.rsplit_once('.')?;
            Some(format!("at {speed} tok/s"))
        }
        ("racks", "caps") => Some(format!("cap {}", parts.next()?)),
        _ => None,
    }
}

/// The longest of `ids` that `rest` starts with, and the field behind it.
fn split_id<'a, 'p>(
    ids: impl Iterator<Item = &'a str>,
    rest: &'p str,
) -> Option<(&'a str, &'p str)> {
    ids.filter_map(|id| {
        let behind = rest.strip_prefix(id)?;
        let field = if behind.is_empty() { "" } else { behind.strip_prefix('.')? };
        Some((id, field))
    })
    .max_by_key(|(id, _)| id.len())
}

/// A record of the catalogue by name, and the field behind its id.
fn record_name<'p>(
    catalog: &Catalog,
    collection: &str,
    rest: &'p str,
) -> (Option<String>, &'p str) {
    macro_rules! dispatch {
        ($($list:ident.$name:ident),*) => {
            match collection {
                $(stringify!($list) => {
                    split_id(catalog.$list.keys().map(String::as_str), rest).map(|(id, field)| {
                        (catalog.$list.get(id).map(|r| r.$name.clone()), field)
                    })
                })*
                _ => None,
            }
        };
    }
    let found = dispatch!(
        racks.short,
        models.name,
        curves.name,
        tier_templates.name,
        tariffs.name,
        equipment.name,
        costs.name,
        practice.name
    );
    found.unwrap_or((Some(rest.to_owned()), rest))
}

/// An element of the site by name, and the field behind its id.
fn element_name<'p>(site: &Site, collection: &str, rest: &'p str) -> (Option<String>, &'p str) {
    let terms = &site.terms;
    macro_rules! in_list {
        ($list:expr, $key:ident, $name:ident, $kind:expr) => {
            split_id($list.iter().map(|e| e.$key.as_str()), rest).map(|(id, field)| {
                let name = $list.iter().find(|e| e.$key == id).map(|e| named($kind, &e.$name));
                (name, field)
            })
        };
    }
    let found = match collection {
        // A tier is known by its name alone: "price of High".
        "tiers" => in_list!(terms.tiers, id, name, ""),
        "hours" => in_list!(terms.hours, id, name, "hour"),
        "supply" => in_list!(terms.supply, rack, rack, "supply of"),
        "groups" => in_list!(site.campus.groups, id, name, "group"),
        "phases" => in_list!(site.campus.phases, id, name, "phase"),
        _ => site.find_in(collection, rest).map(|(element, field)| {
            inner_unit(element, field).unwrap_or_else(|| (Some(called(element)), field))
        }),
    };
    found.unwrap_or((Some(rest.to_owned()), rest))
}

/// A machine of a loop, where the field path leads into one.
fn inner_unit<'p>(element: ElementRef<'_>, field: &'p str) -> Option<(Option<String>, &'p str)> {
    let ElementRef::Loop(l) = element else { return None };
    let (list, rest) = field.split_once('.')?;
    let units = match list {
        "cdus" => &l.cdus,
        "rejection" => &l.rejection,
        _ => return None,
    };
    let (id, field) = split_id(units.iter().map(|u| u.id.as_str()), rest)?;
    let unit = units.iter().find(|u| u.id == id)?;
    Some((Some(unit.name.clone()), field))
}

/// The new value as people read it; `None` where it is too long to quote.
fn value_words(path: &str, value: &str) -> Option<String> {
    let text = match fields::parse_value(value) {
        Ok(Value::Number(n)) => unit_of_field(path).show(n.as_f64()?),
        Ok(Value::String(text)) if is_kind(path, &text) => lower_first(&words_of_kind(&text)),
        Ok(Value::String(text)) => text,
        Ok(Value::Bool(yes)) => if yes { "yes" } else { "no" }.to_owned(),
        Ok(Value::Null) => format::UNKNOWN.to_owned(),
        Ok(Value::Array(_) | Value::Object(_)) | Err(_) => return None,
    };
    let short = text.chars().count() <= LONGEST_VALUE && !text.is_empty();
    short.then_some(text)
}

/// Whether a word is one of several kinds, as the layout writes them: `FixedShares`.
fn is_kind(path: &str, text: &str) -> bool {
    const NAMES: [&str; 6] = ["name", "short", "maker", "title", "publisher", "buyer"];
    let letters: Vec<char> = text.chars().collect();
    let joined = letters.windows(2).any(|pair| pair[0].is_lowercase() && pair[1].is_uppercase());
    let one = letters.iter().all(|c| c.is_ascii_alphanumeric());
    one && joined && letters[0].is_uppercase() && !NAMES.contains(&label_segment(path))
}

/// The label of several fields set at once.
pub(super) fn set_many(paths: &[&str], values: &[String]) -> String {
    let count = paths.len();
    let (Some(first), Some(value)) = (paths.first(), values.first()) else {
        return "Set nothing".to_owned();
    };
    let field = label_segment(first);
    if paths.iter().any(|path| label_segment(path) != field) {
        return format!("Set {count} values");
    }
    let name = lower_first(&label_of_field(field));
    let same = values.iter().all(|other| other == value);
    match value_words(first, value).filter(|_| same) {
        Some(value) => format!("Set {name} of {count} elements to {value}"),
        None => format!("Set {name} of {count} elements"),
    }
}

/// What to call several elements: "16 racks", "hall 8", "3 nodes", "5 elements".
pub(super) fn things(elements: &[ElementRef<'_>]) -> String {
    if let Some(racks) = racks_of(elements) {
        return if racks == 1 { "1 rack".to_owned() } else { format!("{racks} racks") };
    }
    match elements {
        [one] => called(*one),
        [first, rest @ ..] if rest.iter().all(|e| e.kind_name() == first.kind_name()) => {
            format!("{} {}", elements.len(), plural(first.kind_name()))
        }
        many => format!("{} elements", many.len()),
    }
}

/// One element by kind and name; by its name alone where that says what it is.
pub(super) fn called(element: ElementRef<'_>) -> String {
    match element {
        ElementRef::Loop(_)
        | ElementRef::Hall(_)
        | ElementRef::Row(_)
        | ElementRef::NetworkRack(_)
        | ElementRef::Block(_) => named(element.kind_name(), element.name()),
        _ if element.name().is_empty() => element.kind_name().to_owned(),
        _ => element.name().to_owned(),
    }
}

/// Racks of the elements, if all are installed or planned blocks.
fn racks_of(elements: &[ElementRef<'_>]) -> Option<u64> {
    let racks = |block: &Block| block.count.or_else(|| block.planned.as_ref().map(|p| p.max));
    let counts = elements.iter().map(|element| match element {
        ElementRef::Block(block) => racks(block).map(u64::from),
        _ => None,
    });
    counts.sum::<Option<u64>>().filter(|racks| *racks > 0)
}

/// Kind and name, the kind only once: "hall 8" for "Hall 8", "block Pilot".
pub(super) fn named(kind: &str, name: &str) -> String {
    if kind.is_empty() {
        return name.to_owned();
    }
    if name.is_empty() {
        return kind.to_owned();
    }
    let starts = name.get(..kind.len()).is_some_and(|head| head.eq_ignore_ascii_case(kind));
    let says_kind = name.split(' ').any(|word| word.eq_ignore_ascii_case(kind));
    match (starts, says_kind) {
        (true, _) => lower_first(name),
        (false, true) => name.to_owned(),
        (false, false) => format!("{kind} {name}"),
    }
}

pub(super) fn plural(kind: &str) -> String {
    match kind {
        "battery" => "batteries".to_owned(),
        "heat rejection" => "heat rejection units".to_owned(),
        other => format!("{other}s"),
    }
}
