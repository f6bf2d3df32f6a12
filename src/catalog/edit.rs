//! Overrides of catalogue values by path, in the vocabulary of `--set`.
//! It must not know who asks for them.

use super::{COLLECTIONS, Catalog, Fact, links};
use crate::fields::{self, FieldError};
use serde_json::Value;

/// What an override replaced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetOutcome {
    /// The value before, as text that sets it again; `None` where the field was absent.
    pub old: String,
}

/// Collections that exist but are not for setting, and why.
const READ_ONLY: &[(&str, &str)] = &[
    ("sources", "a source is not a planning value"),
    ("units", "change the racks that stand in the unit, or overlay the unit from a folder"),
    ("weather", "overlay a place from a folder, or change the temperatures of the site's hours"),
    ("options", "choose options in the site, or overlay them from a folder"),
];

/// Fields that name other records.
const REFERENCES: &[&str] = &["rack", "model", "source", "cap", "scalable_unit", "role", "of"];

impl Catalog {
    /// Sets one value: `path` is `collection.id.field`, `value` is RON text,
    /// `unknown` or `unlimited`. Ids may hold dots.
    ///
    /// # Errors
    /// An unknown collection, id or field (with the nearest names), or a value
    /// that the field cannot hold. The catalogue is then unchanged.
    pub fn set(&mut self, path: &str, value: &str) -> Result<SetOutcome, FieldError> {
        let value = fields::parse_value(value)?;
        let (collection, rest) = path.split_once('.').unwrap_or((path, ""));
        if let Some((_, reason)) = READ_ONLY.iter().find(|r| r.0 == collection) {
            return Err(FieldError::ReadOnly {
                field: path.to_owned(),
                reason: (*reason).to_owned(),
            });
        }
        if !COLLECTIONS.contains(&collection) {
            return Err(FieldError::UnknownField {
                field: collection.to_owned(),
                nearest: fields::nearest(collection, COLLECTIONS.iter().copied()),
            });
        }
        if rest.is_empty() {
            return Err(FieldError::Incomplete {
                path: path.to_owned(),
                expected: format!("{collection}.ID.FIELD"),
            });
        }
        macro_rules! dispatch {
            ($($name:ident),*) => {
                match collection {
                    $(stringify!($name) => set_in(&mut self.$name, collection, rest, &value),)*
                    // cannot fail: COLLECTIONS was asked above, and a test sets in each of them
                    _ => Err(FieldError::UnknownField {
                        field: collection.to_owned(),
                        nearest: Vec::new(),
                    }),
                }
            };
        }
        let refers = path.rsplit('.').next().is_some_and(|f| REFERENCES.contains(&f));
        let before = refers.then(|| self.clone());
        let outcome =
            dispatch!(racks, models, curves, tier_templates, tariffs, equipment, costs, practice)?;
        if let Some(before) = before
            && let Some(fault) = links(self).items.into_iter().next()
        {
            *self = before;
            return Err(FieldError::BadValue {
                text: fields::value_text(&value),
                reason: fault.message,
            });
        }
        Ok(outcome)
    }
}

impl Catalog {
    /// The value of one field, a number with provenance as a whole; `None` where there is no such
    /// field or it is absent.
    pub fn get(&self, path: &str) -> Option<Value> {
        let (collection, rest) = path.split_once('.')?;
        macro_rules! dispatch {
            ($($name:ident),*) => {
                match collection {
                    $(stringify!($name) => get_in(&self.$name, collection, rest),)*
                    _ => None,
                }
            };
        }
        dispatch!(racks, models, curves, tier_templates, tariffs, equipment, costs, practice)
    }
}

fn get_in<T: serde::Serialize>(
    records: &indexmap::IndexMap<String, T>,
    collection: &str,
    rest: &str,
) -> Option<Value> {
    let (id, field) = split_id(records.keys(), rest)?;
    let single = matches!(collection, "costs" | "practice");
    let field = if field.is_empty() && single { "value" } else { field };
    let names: Vec<&str> = field.split('.').filter(|n| !n.is_empty()).collect();
    fields::read(records.get(&id)?, &names)
}

/// What a number of this field cannot be, or nothing.
fn unfit(collection: &str, id: &str, field: &str, value: &Value) -> Option<&'static str> {
    let value = value.as_f64()?;
    let name = field.trim_end_matches(".value");
    let share = name.ends_with("_frac") || (collection == "costs" && id.contains("-frac"));
    if value < 0.0 {
        Some("it must not be negative")
    } else if collection == "curves" && value == 0.0 {
        Some("the numbers of a curve must be above zero")
    } else if share && value > 1.0 {
        Some("it is a share, from 0 to 1")
    } else {
        None
    }
}

fn set_in<T: serde::Serialize + serde::de::DeserializeOwned>(
    records: &mut indexmap::IndexMap<String, T>,
    collection: &str,
    rest: &str,
    value: &Value,
) -> Result<SetOutcome, FieldError> {
    let (id, field) = split_id(records.keys(), rest).ok_or_else(|| {
        let wanted = rest.split('.').next().unwrap_or(rest);
        FieldError::UnknownField {
            field: format!("{collection}.{wanted}"),
            nearest: fields::nearest(wanted, records.keys().map(String::as_str)),
        }
    })?;
    // Some records are one number: `costs.ID` and `costs.ID.value` are the same.
    let single = matches!(collection, "costs" | "practice");
    let field = if field.is_empty() && single { "value" } else { field };
    let prefix = format!("{collection}.{id}");
    let names: Vec<&str> = field.split('.').filter(|n| !n.is_empty()).collect();
    match names.as_slice() {
        [] => {
            let expected = format!("{prefix}.FIELD");
            return Err(FieldError::Incomplete { path: prefix, expected });
        }
        [.., "id" | "tok_s_user"] => {
            return Err(FieldError::ReadOnly {
                field: format!("{prefix}.{field}"),
                reason: "it is the name by which paths find the record or the point".to_owned(),
            });
        }
        _ => {}
    }
    if let Some(reason) = unfit(collection, &id, field, value) {
        let text = fields::value_text(value);
        return Err(FieldError::BadValue { text, reason: reason.to_owned() });
    }
    let Some(record) = records.get_mut(&id) else {
        return Err(FieldError::UnknownField { field: prefix, nearest: Vec::new() });
    };
    let old = fields::read(record, &names).unwrap_or(Value::Null);
    let patched = fields::patch(record, &names, value).map_err(|e| e.below(&prefix))?;
    *record = patched;
    Ok(SetOutcome { old: fields::value_text(&old) })
}

impl Catalog {
    /// The number at a path where it is one of a cost, of a rack type or of a tariff: what is
    /// changed again and again need not go through its whole record.
    pub fn fact_mut(&mut self, path: &str) -> Option<&mut Fact> {
        let (collection, rest) = path.split_once('.')?;
        let last = |rest: &str| rest.rsplit_once('.').map(|(id, f)| (id.to_owned(), f.to_owned()));
        match collection {
            "costs" => {
                let id = rest.strip_suffix(".value").unwrap_or(rest);
                self.costs.get_mut(id).map(|c| &mut c.value)
            }
            "racks" => {
                let (id, field) = last(rest)?;
                if let Some(id) = id.strip_suffix(".goodput") {
                    let goodput = &mut self.racks.get_mut(id)?.goodput;
                    return match field.as_str() {
                        "training_frac" => Some(&mut goodput.training_frac),
                        "inference_frac" => Some(&mut goodput.inference_frac),
                        _ => None,
                    };
                }
                let rack = self.racks.get_mut(&id)?;
                match field.as_str() {
                    "price_usd" => Some(&mut rack.price_usd),
                    "availability_frac" => Some(&mut rack.availability_frac),
                    "spares_frac" => Some(&mut rack.spares_frac),
                    _ => None,
                }
            }
            "tariffs" => {
                let (id, field) = last(rest)?;
                let tariff = self.tariffs.get_mut(&id)?;
                (field == "energy_usd_per_mwh").then_some(&mut tariff.energy_usd_per_mwh)
            }
            _ => None,
        }
    }
}

/// The longest id that `rest` begins with, and the field path after it.
fn split_id<'a, 'b>(
    ids: impl Iterator<Item = &'a String>,
    rest: &'b str,
) -> Option<(String, &'b str)> {
    ids.filter_map(|id| {
        let after = rest.strip_prefix(id.as_str())?;
        let field = if after.is_empty() { after } else { after.strip_prefix('.')? };
        Some((id, field))
    })
    .max_by_key(|(id, _)| id.len())
    .map(|(id, field)| (id.clone(), field))
}
