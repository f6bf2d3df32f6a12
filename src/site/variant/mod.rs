//! Variants as a layout file writes them: each as its differences to the base.
//!
//! A difference names an element and a field, never a line or an index of the file, so it
//! still means the same after the base has been edited; what it then no longer finds is left
//! out and said. It must not know what makes a site right.

mod apply;
mod difference;
mod ron_value;

pub(super) use apply::{LeftOut, apply};
pub(super) use difference::difference;
pub(super) use ron_value::RonValue;

use serde::{Deserialize, Serialize};

/// What the base of a layout is called among its variants.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BaseRecord {
    pub id: String,
    pub name: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub notes: String,
}

impl Default for BaseRecord {
    fn default() -> Self {
        Self { id: "base".to_owned(), name: "Base".to_owned(), notes: String::new() }
    }
}

/// A variant of the site.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VariantRecord {
    pub id: String,
    pub name: String,
    /// What a reader must know of it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub notes: String,
    #[serde(default, skip_serializing_if = "Changes::is_empty")]
    pub changes: Changes,
}

/// The steps from the base to a variant, in the order in which they are taken.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Changes {
    /// Elements and optional fields that the variant has not, by path: `blocks.b-12`,
    /// `nodes.sub-a.firm_mw`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) remove: Vec<String>,
    /// Fields of another value, by path: `("blocks.b-12.rack", "vr-nvl72")`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) set: Vec<(String, RonValue)>,
    /// Elements that the base has not, each with its collection.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) add: Vec<(String, RonValue)>,
    /// Elements that stand elsewhere in their list: path, and the id of the element before;
    /// empty for the first place.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) place: Vec<(String, String)>,
}

impl Changes {
    /// Whether the variant is the base.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Number of steps.
    pub fn len(&self) -> usize {
        self.remove.len() + self.set.len() + self.add.len() + self.place.len()
    }
}

/// The name that a path knows an element of a list by: its `id`, the `rack` of a supply, the
/// `path` of an override.
fn key_of(element: &serde_json::Value) -> Option<&str> {
    ["id", "rack", "path"].into_iter().find_map(|name| element.get(name)?.as_str())
}

/// A list that paths can enter: every element has a name, and no two the same.
fn is_keyed(list: &[serde_json::Value]) -> bool {
    let mut seen = std::collections::HashSet::new();
    list.iter().all(|e| key_of(e).is_some_and(|key| !key.is_empty() && seen.insert(key)))
}
