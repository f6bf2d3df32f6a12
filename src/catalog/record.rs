//! Records of any collection as plain values: read, put in place, written as text, so that
//! an editor of them needs no code for each collection. It must not know folders.

use super::load::CatalogFile;
use super::*;
use crate::diag::{Diagnostic, Report};
use ron::extensions::Extensions;
use serde_json::Value;

/// Every collection of records, in the order in which lists show them.
pub const RECORDS: &[&str] = &[
    "racks",
    "units",
    "equipment",
    "costs",
    "tariffs",
    "tier_templates",
    "practice",
    "models",
    "curves",
    "weather",
    "options",
    "serving",
    "sources",
];

/// One record as it stands in a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    pub collection: &'static str,
    pub id: String,
    pub value: Value,
}

/// Runs the same for each collection; the last arm for names that are none.
macro_rules! in_collection {
    ($name:expr, |$kind:ident, $field:ident| $body:expr, $other:expr) => {
        match $name {
            "sources" => in_collection!(@ Source, sources, $kind, $field, $body),
            "racks" => in_collection!(@ Rack, racks, $kind, $field, $body),
            "units" => in_collection!(@ ScalableUnit, units, $kind, $field, $body),
            "models" => in_collection!(@ Model, models, $kind, $field, $body),
            "curves" => in_collection!(@ Curve, curves, $kind, $field, $body),
            "tier_templates" => {
                in_collection!(@ TierTemplate, tier_templates, $kind, $field, $body)
            }
            "tariffs" => in_collection!(@ Tariff, tariffs, $kind, $field, $body),
            "equipment" => in_collection!(@ Equipment, equipment, $kind, $field, $body),
            "costs" => in_collection!(@ Cost, costs, $kind, $field, $body),
            "weather" => in_collection!(@ Weather, weather, $kind, $field, $body),
            "practice" => in_collection!(@ Practice, practice, $kind, $field, $body),
            "options" => in_collection!(@ SiteOption, options, $kind, $field, $body),
            "serving" => in_collection!(@ Serving, serving, $kind, $field, $body),
            _ => $other,
        }
    };
    (@ $record:ty, $list:ident, $kind:ident, $field:ident, $body:expr) => {{
        type $kind = $record;
        macro_rules! $field {
            ($owner:expr) => {
                $owner.$list
            };
        }
        $body
    }};
}

fn no_collection(name: &str) -> Box<Diagnostic> {
    let hint = format!("write one of: {}", RECORDS.join(", "));
    Box::new(Diagnostic::error("bad-record", name, "there is no such collection", hint))
}

/// What a value lacks to be a record, with the field where that is known.
fn read<T: serde::de::DeserializeOwned>(
    collection: &str,
    value: &Value,
) -> Result<T, Box<Diagnostic>> {
    serde_path_to_error::deserialize(value).map_err(|error| {
        let id = value.get("id").and_then(Value::as_str).unwrap_or_default();
        let below = error.path().to_string().replace('[', ".").replace(']', "");
        let path = match below.as_str() {
            "." => format!("{collection}.{id}"),
            below => format!("{collection}.{id}.{below}"),
        };
        let hint = "enter what the field asks for, or take the change back";
        Box::new(Diagnostic::error("bad-record", path, error.into_inner().to_string(), hint))
    })
}

impl Catalog {
    /// A record as plain values; `None` where there is none.
    pub fn record(&self, collection: &str, id: &str) -> Option<Value> {
        in_collection!(
            collection,
            |_Kind, list| serde_json::to_value(list!(self).get(id)?).ok(),
            None
        )
    }

    /// Every record of a collection: id and name, in the order of the files.
    pub fn names(&self, collection: &str) -> Vec<(String, String)> {
        let name = |value: &Value| {
            // Constants are known by the date of their software.
            let named = ["name", "title", "software"].iter().find_map(|key| value.get(key));
            named.and_then(Value::as_str).unwrap_or_default().to_owned()
        };
        let ids: Vec<String> = in_collection!(
            collection,
            |_Kind, list| list!(self).keys().cloned().collect(),
            Vec::new()
        );
        ids.into_iter()
            .map(|id| {
                let name = self.record(collection, &id).as_ref().map(name).unwrap_or_default();
                (id, name)
            })
            .collect()
    }

    /// Puts a record in place of the one of its id, or behind the last.
    ///
    /// # Errors
    /// A finding with record and field where the value is no such record.
    pub fn put_record(&mut self, collection: &str, value: &Value) -> Result<(), Box<Diagnostic>> {
        in_collection!(
            collection,
            |Kind, list| {
                let record: Kind = read(collection, value)?;
                list!(self).insert(record.id.clone(), record);
                Ok(())
            },
            Err(no_collection(collection))
        )
    }
}

/// The text of a record as it stands in the list of its collection, on one line.
///
/// # Errors
/// A finding with record and field where the value is no such record.
pub fn record_text(collection: &str, value: &Value) -> Result<String, Box<Diagnostic>> {
    let options = ron::Options::default().with_default_extension(Extensions::IMPLICIT_SOME);
    let unwritable = |e: ron::Error| {
        let hint = "enter finite numbers and text";
        Box::new(Diagnostic::error("bad-record", collection, e.to_string(), hint))
    };
    in_collection!(
        collection,
        |Kind, _list| {
            let record: Kind = read(collection, value)?;
            options.to_string(&record).map_err(unwritable)
        },
        Err(no_collection(collection))
    )
}

/// The records of an overlay file.
///
/// # Errors
/// What is wrong with its text, with line and column.
pub fn records_of(name: &str, text: &str) -> Result<Vec<Record>, Report> {
    let file: CatalogFile =
        load::parse(name, text).map_err(|fault| Report { items: vec![*fault] })?;
    let mut out = Vec::new();
    for collection in RECORDS.iter().copied() {
        in_collection!(
            collection,
            |_Kind, list| {
                for record in &list!(file) {
                    // cannot fail: the record has just been read
                    let value = serde_json::to_value(record).unwrap_or_default();
                    out.push(Record { collection, id: record.id.clone(), value });
                }
            },
            ()
        );
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_built_in_record_is_written_and_read_back_the_same() {
        let catalog = Catalog::embedded().expect("reads");
        let mut seen = 0;
        for collection in RECORDS.iter().copied() {
            for (id, _) in catalog.names(collection) {
                let value = catalog.record(collection, &id).expect("is there");
                let text = record_text(collection, &value).expect("is written");
                let file = format!("({collection}: [{text}])");
                let [read] = records_of("x", &file).expect("reads").try_into().expect("one");
                assert_eq!((read.collection, read.id.as_str()), (collection, id.as_str()));
                assert_eq!(read.value, value, "{collection}.{id}");
                seen += 1;
            }
        }
        assert_eq!(seen, list(&catalog).len(), "no collection is left out");
    }

    #[test]
    fn a_value_that_is_no_record_is_refused_with_record_and_field() {
        let mut catalog = Catalog::embedded().expect("reads");
        let mut rack = catalog.record("racks", "vr-nvl72").expect("is there");
        rack["caps"][0]["kw"]["value"] = "a lot".into();
        let before = catalog.clone();
        let fault = catalog.put_record("racks", &rack).expect_err("is refused");
        assert_eq!(fault.path, "racks.vr-nvl72.caps.0.kw.value");
        assert_eq!(catalog, before);
        assert!(catalog.put_record("rockets", &rack).is_err());
        assert_eq!(record_text("racks", &Value::Null).expect_err("no record").path, "racks.");
    }
}
