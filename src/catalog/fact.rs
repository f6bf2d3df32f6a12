//! A number that can say where it comes from.

use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

/// Id of the source that stands behind values made up for a demonstration.
pub const DEMO: &str = "demo";

/// How a value came to be; decides how much weight a reader gives it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Kind {
    /// Measured by somebody named in the source.
    Measured,
    /// Published by the maker.
    Vendor,
    /// Press or analyst.
    Press,
    /// Arithmetic on other sourced values; the note says which.
    Derived,
    /// Engineering judgement with a range.
    Estimate,
    /// Chosen so that work can go on; to be replaced by the user.
    Assumed,
    /// Entered by the user over a catalogue value.
    Override,
}

/// A known number or the word `"unknown"`. Unknown is never zero: a
/// calculation that needs it stops and names the element and the field.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Known {
    Is(f64),
    #[default]
    Unknown,
}

/// One catalogue number with its provenance.
///
/// The unit is the suffix of the field that holds it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fact {
    pub value: Known,
    /// Absent only while the value is unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<Kind>,
    /// Id in `sources.ron`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Lowest and highest published or plausible value, same unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub range: Option<(f64, f64)>,
    /// What the source does not say by itself: basis, derivation, why unknown.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

impl Fact {
    /// The number, or `None` while it is unknown.
    pub fn get(&self) -> Option<f64> {
        match self.value {
            Known::Is(v) => Some(v),
            Known::Unknown => None,
        }
    }

    /// Whether the number only demonstrates and is no figure of any product.
    pub fn is_demo(&self) -> bool {
        let own = self.kind != Some(Kind::Override) && self.get().is_some();
        own && self.source.as_deref() == Some(DEMO)
    }

    /// A user's value in place of the catalogue's; the range stays for comparison.
    pub fn overridden(&self, value: f64) -> Self {
        Self { value: Known::Is(value), kind: Some(Kind::Override), ..self.clone() }
    }
}

impl Serialize for Known {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Known::Is(v) => serializer.serialize_f64(*v),
            Known::Unknown => serializer.serialize_str("unknown"),
        }
    }
}

impl<'de> Deserialize<'de> for Known {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct KnownVisitor;
        impl Visitor<'_> for KnownVisitor {
            type Value = Known;
            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("a number or \"unknown\"")
            }
            fn visit_f64<E: de::Error>(self, v: f64) -> Result<Known, E> {
                Ok(Known::Is(v))
            }
            fn visit_i64<E: de::Error>(self, v: i64) -> Result<Known, E> {
                Ok(Known::Is(v as f64))
            }
            fn visit_u64<E: de::Error>(self, v: u64) -> Result<Known, E> {
                Ok(Known::Is(v as f64))
            }
            fn visit_str<E: de::Error>(self, v: &str) -> Result<Known, E> {
                match v {
                    "unknown" => Ok(Known::Unknown),
                    other => Err(E::invalid_value(de::Unexpected::Str(other), &self)),
                }
            }
        }
        deserializer.deserialize_any(KnownVisitor)
    }
}
