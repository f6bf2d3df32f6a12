//! A bound that may be absent on purpose.

use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

/// A non-negative bound, or the word `"unlimited"`. Unlike an absent value,
/// `unlimited` is a stated assumption; readers show it as one.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub enum Limit {
    At(f64),
    Unlimited,
}

impl Limit {
    /// The bound, or positive infinity.
    pub fn value(self) -> f64 {
        match self {
            Limit::At(v) => v,
            Limit::Unlimited => f64::INFINITY,
        }
    }

    pub fn is_unlimited(self) -> bool {
        self == Limit::Unlimited
    }
}

impl Serialize for Limit {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Limit::At(v) => serializer.serialize_f64(*v),
            Limit::Unlimited => serializer.serialize_str("unlimited"),
        }
    }
}

impl<'de> Deserialize<'de> for Limit {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct LimitVisitor;
        impl Visitor<'_> for LimitVisitor {
            type Value = Limit;
            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("a number or \"unlimited\"")
            }
            fn visit_f64<E: de::Error>(self, v: f64) -> Result<Limit, E> {
                Ok(Limit::At(v))
            }
            fn visit_i64<E: de::Error>(self, v: i64) -> Result<Limit, E> {
                Ok(Limit::At(v as f64))
            }
            fn visit_u64<E: de::Error>(self, v: u64) -> Result<Limit, E> {
                Ok(Limit::At(v as f64))
            }
            fn visit_str<E: de::Error>(self, v: &str) -> Result<Limit, E> {
                match v {
                    "unlimited" => Ok(Limit::Unlimited),
                    other => Err(E::invalid_value(de::Unexpected::Str(other), &self)),
                }
            }
        }
        deserializer.deserialize_any(LimitVisitor)
    }
}
