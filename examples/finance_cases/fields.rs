//! Reading the JSON input of a case: every field by name, with the name in every complaint.

use serde_json::{Map, Value};
use std::cell::RefCell;
use std::collections::BTreeSet;

/// An object that remembers which of its fields were read.
pub struct Fields {
    object: Map<String, Value>,
    read: RefCell<BTreeSet<String>>,
}

impl Fields {
    pub fn parse(json: &str) -> Result<Self, String> {
        let value: Value =
            serde_json::from_str(json).map_err(|e| format!("input_json is not JSON: {e}"))?;
        Self::of(&value, "input_json")
    }

    pub fn of(value: &Value, name: &str) -> Result<Self, String> {
        let object = value.as_object().ok_or(format!("{name} is not an object"))?.clone();
        Ok(Self { object, read: RefCell::default() })
    }

    /// The field, where it is there and not null.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.read.borrow_mut().insert(name.to_owned());
        self.object.get(name).filter(|v| !v.is_null())
    }

    pub fn need(&self, name: &str) -> Result<&Value, String> {
        self.get(name).ok_or(format!("input_json has no field {name}"))
    }

    pub fn number(&self, name: &str) -> Result<f64, String> {
        number(self.need(name)?, name)
    }

    /// The number, or `default` where the field is missing.
    pub fn number_or(&self, name: &str, default: f64) -> Result<f64, String> {
        self.get(name).map_or(Ok(default), |v| number(v, name))
    }

    /// A rate above -100 %.
    pub fn rate(&self, name: &str) -> Result<f64, String> {
        let rate = self.number(name)?;
        if rate > -1.0 { Ok(rate) } else { Err(format!("{name} is not above -1: {rate}")) }
    }

    /// The rate, or `default` where the field is missing.
    pub fn rate_or(&self, name: &str, default: f64) -> Result<f64, String> {
        if self.get(name).is_some() { self.rate(name) } else { Ok(default) }
    }

    /// A share of 0 to 1.
    pub fn share_or(&self, name: &str, default: f64) -> Result<f64, String> {
        let share = self.number_or(name, default)?;
        if (0.0..=1.0).contains(&share) {
            Ok(share)
        } else {
            Err(format!("{name} is no share of 0 to 1: {share}"))
        }
    }

    pub fn count(&self, name: &str) -> Result<usize, String> {
        whole(self.number(name)?, name)
    }

    pub fn count_or(&self, name: &str, default: usize) -> Result<usize, String> {
        self.get(name).map_or(Ok(default), |v| whole(number(v, name)?, name))
    }

    pub fn text_or<'a>(&'a self, name: &str, default: &'a str) -> Result<&'a str, String> {
        self.get(name).map_or(Ok(default), |v| v.as_str().ok_or(format!("{name} is not a text")))
    }

    pub fn text(&self, name: &str) -> Result<&str, String> {
        self.need(name)?.as_str().ok_or(format!("{name} is not a text"))
    }

    pub fn flag_or(&self, name: &str, default: bool) -> Result<bool, String> {
        self.get(name)
            .map_or(Ok(default), |v| v.as_bool().ok_or(format!("{name} is not true or false")))
    }

    pub fn list(&self, name: &str) -> Result<Vec<f64>, String> {
        numbers(self.need(name)?, name)
    }

    /// Fields that nothing read, for a note: they had no effect.
    pub fn unread(&self) -> Vec<String> {
        let read = self.read.borrow();
        self.object.keys().filter(|k| !read.contains(*k)).cloned().collect()
    }
}

pub fn number(value: &Value, name: &str) -> Result<f64, String> {
    value.as_f64().filter(|v| v.is_finite()).ok_or(format!("{name} is not a number: {value}"))
}

pub fn numbers(value: &Value, name: &str) -> Result<Vec<f64>, String> {
    let list = value.as_array().ok_or(format!("{name} is not a list"))?;
    list.iter().enumerate().map(|(n, v)| number(v, &format!("{name}[{n}]"))).collect()
}

pub fn whole(value: f64, name: &str) -> Result<usize, String> {
    if value >= 0.0 && value.fract() == 0.0 && value <= 1e6 {
        Ok(value as usize)
    } else {
        Err(format!("{name} is not a whole number: {value}"))
    }
}
