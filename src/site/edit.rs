//! Fields of a site by path, in the vocabulary of `--set`: `collection.id.field`.
//!
//! A change copies the one part that it touches, never the whole site.

use super::{HallGroup, Site, Terms, Tier};
use crate::fields::{self, FieldError};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::sync::Arc;

/// Collections of a layout that paths may start with.
pub const COLLECTIONS: &[&str] = &[
    "site",
    "policy",
    "finance",
    "hours",
    "tiers",
    "phases",
    "supply",
    "feeds",
    "nodes",
    "loops",
    "generators",
    "batteries",
    "areas",
    "constraints",
    "underlays",
    "halls",
    "rows",
    "network_racks",
    "blocks",
    "groups",
];

/// What a change replaced and by what; both texts are values that can be set again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetOutcome {
    pub old: String,
    pub new: String,
}

/// The id that a path names an element by.
trait Named {
    fn key(&self) -> &str;
}

macro_rules! named {
    ($field:ident: $($kind:ident),*) => {
        $(impl Named for super::$kind {
            fn key(&self) -> &str {
                &self.$field
            }
        })*
    };
}
named!(id: Hour, Tier, Phase, Feed, Node, Loop, Generator, Battery, Area, Constraint, Underlay, Hall, Row, NetworkRack, Block, Group);
named!(rack: Supply);

impl Site {
    /// Sets one field. `value` is RON, or `unknown`, or `unlimited`.
    ///
    /// `tiers.<tier>.price_usd_per_mtok` sets the output price of every demand
    /// step; `policy.shares.<tier>` may add a share. A block, row or network
    /// rack whose hall is set moves to that hall's group.
    ///
    /// # Errors
    /// An unknown collection, id or field, with the nearest names; a value that
    /// does not fit. The site is unchanged then.
    pub fn set(&mut self, path: &str, value: &str) -> Result<SetOutcome, FieldError> {
        let parsed = fields::parse_value(value)?;
        let (collection, rest) = split_collection(path)?;
        let terms = || Terms::clone(&self.terms);
        match collection {
            "site" => {
                let (record, outcome) = patched(&self.terms.site, "site", rest, &parsed)?;
                self.terms = Arc::new(Terms { site: record, ..terms() });
                Ok(outcome)
            }
            "policy" => {
                self.check_share(rest)?;
                let (record, outcome) = patched(&self.terms.policy, "policy", rest, &parsed)?;
                self.terms = Arc::new(Terms { policy: record, ..terms() });
                Ok(outcome)
            }
            "finance" => {
                let (record, outcome) = patched(&self.terms.finance, "finance", rest, &parsed)?;
                self.terms = Arc::new(Terms { finance: record, ..terms() });
                Ok(outcome)
            }
            "tiers" => self.set_tier(rest, &parsed),
            "hours" => self.set_term(collection, rest, &parsed, |t| &t.hours, |t| &mut t.hours),
            "supply" => self.set_term(collection, rest, &parsed, |t| &t.supply, |t| &mut t.supply),
            "halls" | "rows" | "network_racks" | "blocks" => {
                self.set_in_hall(collection, rest, &parsed)
            }
            _ => self.set_in_campus(collection, rest, &parsed),
        }
    }

    /// The value of one field, of a record or of an element; `None` where there
    /// is no such field or it is absent.
    pub fn get(&self, path: &str) -> Option<Value> {
        let (collection, rest) = path.split_once('.').unwrap_or((path, ""));
        let terms = &self.terms;
        let campus = &self.campus;
        match collection {
            "site" => read(&terms.site, rest),
            "policy" => read(&terms.policy, rest),
            "finance" => read(&terms.finance, rest),
            "tiers" => {
                let (index, field) = position(&terms.tiers, rest)?;
                let tier = terms.tiers.get(index)?;
                if field == PRICE { price_of(tier) } else { read(tier, field) }
            }
            "hours" => read_in(&terms.hours, rest),
            "supply" => read_in(&terms.supply, rest),
            "phases" => read_in(&campus.phases, rest),
            "groups" => read_in(&campus.groups, rest),
            _ => {
                let (element, field) = self.find_in(collection, rest)?;
                read(&element, field)
            }
        }
    }

    /// A share may be added, but only for a tier that the site has.
    fn check_share(&self, rest: &str) -> Result<(), FieldError> {
        match rest.strip_prefix("shares.") {
            Some(tier) if position(&self.terms.tiers, tier).is_none() => {
                Err(unknown(&format!("policy.shares.{tier}"), tier, ids(&self.terms.tiers)))
            }
            _ => Ok(()),
        }
    }

    fn set_tier(&mut self, rest: &str, value: &Value) -> Result<SetOutcome, FieldError> {
        if let Some((index, PRICE)) = position(&self.terms.tiers, rest)
            && let Some(tier) = self.terms.tiers.get(index)
        {
            let mut tier = tier.clone();
            let old = price_of(&tier).unwrap_or(Value::Null);
            for step in 0..tier.demand.len() {
                let step = step.to_string();
                tier = fields::patch(&tier, &["demand", &step, PRICE], value)
                    .map_err(|e| e.below(&format!("tiers.{}", tier.id)))?;
            }
            let new = price_of(&tier).unwrap_or(Value::Null);
            if let Some(place) = Arc::make_mut(&mut self.terms).tiers.get_mut(index) {
                *place = tier;
            }
            return Ok(outcome(&old, &new));
        }
        self.set_term("tiers", rest, value, |t| &t.tiers, |t| &mut t.tiers)
    }

    fn set_term<T: Named + Serialize + DeserializeOwned>(
        &mut self,
        collection: &str,
        rest: &str,
        value: &Value,
        list: impl Fn(&Terms) -> &Vec<T>,
        list_mut: impl Fn(&mut Terms) -> &mut Vec<T>,
    ) -> Result<SetOutcome, FieldError> {
        let (index, element, outcome) = patched_in(list(&self.terms), collection, rest, value)?;
        if let Some(place) = list_mut(Arc::make_mut(&mut self.terms)).get_mut(index) {
            *place = element;
        }
        Ok(outcome)
    }

    fn set_in_campus(
        &mut self,
        collection: &str,
        rest: &str,
        value: &Value,
    ) -> Result<SetOutcome, FieldError> {
        macro_rules! dispatch {
            ($($name:ident),*) => {
                match collection {
                    $(stringify!($name) => {
                        let known = self.stands(collection, rest);
                        let list = &self.campus.$name;
                        let at = match known {
                            Some((place, field)) => Some((place.index(), field)),
                            None => position(list, rest),
                        };
                        let found = at.and_then(|(i, field)| Some((i, list.get(i)?, field)));
                        let (index, element, outcome) =
                            patched_at(found, ids(list), (collection, rest), value)?;
                        let list = &mut Arc::make_mut(&mut self.campus).$name;
                        if let Some(place) = list.get_mut(index) {
                            *place = element;
                        }
                        Ok(outcome)
                    })*
                    _ => Err(unknown(collection, collection, COLLECTIONS.iter().copied())),
                }
            };
        }
        dispatch!(
            phases,
            groups,
            feeds,
            nodes,
            loops,
            generators,
            batteries,
            areas,
            constraints,
            underlays
        )
    }

    fn set_in_hall(
        &mut self,
        collection: &str,
        rest: &str,
        value: &Value,
    ) -> Result<SetOutcome, FieldError> {
        macro_rules! dispatch {
            ($list:ident) => {{
                let known = self.stands(collection, rest);
                let found = match known.and_then(|(p, field)| Some((p.hall()?, p.index(), field))) {
                    None => self.halls.iter().enumerate().find_map(|(group, g)| {
                        position(&g.$list, rest).map(|(index, field)| (group, index, field))
                    }),
                    found => found,
                };
                let Some((group, index, field)) = found else {
                    let all = self.halls.iter().flat_map(|g| ids(&g.$list));
                    return Err(unknown_element(collection, rest, all));
                };
                // cannot fail: group and index were found in these lists above.
                let list = &self.halls[group].$list;
                let found = Some((index, &list[index], field));
                let (index, element, outcome) =
                    patched_at(found, ids(list), (collection, rest), value)?;
                let moved = element.hall != self.halls[group].$list[index].hall;
                Arc::make_mut(&mut self.halls[group]).$list[index] = element;
                if moved {
                    let element = Arc::make_mut(&mut self.halls[group]).$list.remove(index);
                    self.group_of(element.hall.as_str_id()).$list.push(element);
                }
                Ok(outcome)
            }};
        }
        match collection {
            "rows" => dispatch!(rows),
            "network_racks" => dispatch!(network_racks),
            "blocks" => dispatch!(blocks),
            _ => {
                let halls = self.halls.iter().filter_map(|g| g.hall.as_ref());
                let find = |g: &Arc<HallGroup>| position(g.hall.as_slice(), rest).is_some();
                let Some(group) = self.halls.iter().position(find) else {
                    return Err(unknown_element(collection, rest, halls.map(|h| h.id.as_str())));
                };
                // cannot fail: the group was found in this list above.
                let list = self.halls[group].hall.as_slice();
                let (_, hall, outcome) = patched_in(list, collection, rest, value)?;
                let renamed = self.halls[group].hall.as_ref().is_some_and(|h| h.id != hall.id);
                Arc::make_mut(&mut self.halls[group]).hall = Some(hall);
                if renamed {
                    // What stood in the hall names one that is gone, or another's arrives.
                    *self = Site::from_file(self.to_file());
                }
                Ok(outcome)
            }
        }
    }

    /// The group of a hall to put something into, that without a hall where there is none.
    fn group_of(&mut self, hall: Option<&str>) -> &mut HallGroup {
        let of = |g: &Arc<HallGroup>| g.hall.as_ref().map(|h| h.id.as_str()) == hall;
        let found = self
            .halls
            .iter()
            .position(of)
            .or_else(|| self.halls.iter().position(|g| g.hall.is_none()));
        let index = found.unwrap_or_else(|| {
            self.halls.push(Arc::new(HallGroup::new(None)));
            self.halls.len() - 1
        });
        // cannot fail: found, or pushed above.
        Arc::make_mut(&mut self.halls[index])
    }
}

/// Hall ids, optional or not.
trait HallId {
    fn as_str_id(&self) -> Option<&str>;
}

impl HallId for String {
    fn as_str_id(&self) -> Option<&str> {
        Some(self)
    }
}

impl HallId for Option<String> {
    fn as_str_id(&self) -> Option<&str> {
        self.as_deref()
    }
}

/// Short for the output price of all demand steps of a tier.
const PRICE: &str = "price_usd_per_mtok";

/// The output price of a tier's steps: one number where they agree, else a list.
fn price_of(tier: &Tier) -> Option<Value> {
    let prices: Vec<Option<f64>> = tier.demand.iter().map(|s| s.price_usd_per_mtok).collect();
    let (first, rest) = prices.split_first()?;
    let same = rest.iter().all(|p| p == first);
    if same { first.map(Value::from) } else { Some(Value::from(prices)) }
}

fn split_collection(path: &str) -> Result<(&str, &str), FieldError> {
    let (collection, rest) = path.split_once('.').unwrap_or((path, ""));
    if !COLLECTIONS.contains(&collection) {
        return Err(unknown(collection, collection, COLLECTIONS.iter().copied()));
    }
    if rest.is_empty() {
        let single = matches!(collection, "site" | "policy" | "finance");
        let expected =
            if single { format!("{collection}.FIELD") } else { format!("{collection}.ID.FIELD") };
        return Err(FieldError::Incomplete { path: path.to_owned(), expected });
    }
    Ok((collection, rest))
}

fn ids<'a, T: Named + 'a>(list: impl IntoIterator<Item = &'a T>) -> impl Iterator<Item = &'a str> {
    list.into_iter().map(Named::key)
}

/// The element whose id `rest` starts with (the longest, as ids may hold dots),
/// and the field path behind it.
fn position<'a, 'p, T: Named + 'a>(
    list: impl IntoIterator<Item = &'a T>,
    rest: &'p str,
) -> Option<(usize, &'p str)> {
    let behind = |element: &T| -> Option<&'p str> {
        let behind = rest.strip_prefix(element.key())?;
        if behind.is_empty() { Some("") } else { behind.strip_prefix('.') }
    };
    list.into_iter()
        .enumerate()
        .filter_map(|(i, e)| Some((i, behind(e)?)))
        // Of equal ids the first counts, as everywhere.
        .min_by_key(|(_, behind)| behind.len())
}

fn names(field: &str) -> Vec<&str> {
    field.split('.').filter(|n| !n.is_empty()).collect()
}

fn outcome(old: &Value, new: &Value) -> SetOutcome {
    let text = |value: &Value| match value {
        Value::Null => "unknown".to_owned(),
        other => fields::value_text(other),
    };
    SetOutcome { old: text(old), new: text(new) }
}

fn unknown<'a>(field: &str, wanted: &str, known: impl IntoIterator<Item = &'a str>) -> FieldError {
    FieldError::UnknownField { field: field.to_owned(), nearest: fields::nearest(wanted, known) }
}

fn unknown_element<'a>(
    collection: &str,
    rest: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> FieldError {
    let wanted = rest.split('.').next().unwrap_or(rest);
    unknown(&format!("{collection}.{wanted}"), wanted, known)
}

/// A copy of the record with one field changed.
fn patched<T: Serialize + DeserializeOwned>(
    record: &T,
    prefix: &str,
    field: &str,
    value: &Value,
) -> Result<(T, SetOutcome), FieldError> {
    let names = names(field);
    if names.is_empty() {
        let expected = format!("{prefix}.FIELD");
        return Err(FieldError::Incomplete { path: prefix.to_owned(), expected });
    }
    let old = fields::read(record, &names).unwrap_or(Value::Null);
    let patched = match fields::patch(record, &names, value) {
        Err(FieldError::BadValue { .. }) if value == "unknown" => without(record, &names)
            .ok_or_else(|| FieldError::BadValue {
                text: "unknown".to_owned(),
                reason: format!("`{prefix}.{field}` must have a value"),
            })?,
        other => other.map_err(|e| e.below(prefix))?,
    };
    let new = fields::read(&patched, &names).unwrap_or(Value::Null);
    Ok((patched, outcome(&old, &new)))
}

/// The record without an entry of one of its maps; `None` where the field is not one.
fn without<T: Serialize + DeserializeOwned>(record: &T, names: &[&str]) -> Option<T> {
    let (last, parents) = names.split_last()?;
    let mut json = serde_json::to_value(record).ok()?;
    let map = parents.iter().try_fold(&mut json, |node, name| node.get_mut(*name))?;
    map.as_object_mut()?.shift_remove(*last)?;
    serde_json::from_value(json).ok()
}

fn patched_in<T: Named + Serialize + DeserializeOwned>(
    list: &[T],
    collection: &str,
    rest: &str,
    value: &Value,
) -> Result<(usize, T, SetOutcome), FieldError> {
    let at = position(list, rest);
    let found = at.and_then(|(i, field)| Some((i, list.get(i)?, field)));
    patched_at(found, ids(list), (collection, rest), value)
}

/// A copy of an element with one field changed, with its index; `all` are the ids of its list.
fn patched_at<'a, T: Named + Serialize + DeserializeOwned>(
    found: Option<(usize, &T, &str)>,
    all: impl Iterator<Item = &'a str>,
    (collection, rest): (&str, &str),
    value: &Value,
) -> Result<(usize, T, SetOutcome), FieldError> {
    let Some((index, element, field)) = found else {
        return Err(unknown_element(collection, rest, all));
    };
    let prefix = format!("{collection}.{}", element.key());
    let (element, outcome) = patched(element, &prefix, field, value)?;
    Ok((index, element, outcome))
}

fn read<T: Serialize>(record: &T, field: &str) -> Option<Value> {
    fields::read(record, &names(field)).filter(|v| !v.is_null())
}

fn read_in<T: Named + Serialize>(list: &[T], rest: &str) -> Option<Value> {
    let (index, field) = position(list, rest)?;
    read(list.get(index)?, field)
}
