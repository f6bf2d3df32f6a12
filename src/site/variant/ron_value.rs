//! Any value as RON, written the way layouts are: records with round brackets, pairs of
//! numbers as tuples. It must not know which values there are.

use ron::value::RawValue;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

/// A value of a field, or an element.
#[derive(Clone, Debug, PartialEq)]
pub struct RonValue(pub Value);

impl<'de> Deserialize<'de> for RonValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Value::deserialize(deserializer).map(Self)
    }
}

impl Serialize for RonValue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = text(&self.0).into_boxed_str();
        let raw = RawValue::from_boxed_ron(text).map_err(serde::ser::Error::custom)?;
        raw.serialize(serializer)
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::Null => "None".to_owned(),
        Value::Bool(b) => b.to_string(),
        // The shortest text that reads back as the same double, a negative zero included.
        Value::Number(n) if n.is_f64() => format!("{:?}", n.as_f64().unwrap_or_default()),
        Value::Number(n) => n.to_string(),
        Value::String(s) => quoted(s),
        Value::Array(list) if list.len() > 1 && list.iter().all(Value::is_number) => {
            format!("({})", list.iter().map(text).collect::<Vec<_>>().join(","))
        }
        Value::Array(list) => {
            format!("[{}]", list.iter().map(text).collect::<Vec<_>>().join(","))
        }
        Value::Object(map) => record(map),
    }
}

fn record(map: &Map<String, Value>) -> String {
    let named = !map.is_empty() && map.keys().all(|key| is_identifier(key));
    let entry = |(key, value): (&String, &Value)| match named {
        true => format!("{key}:{}", text(value)),
        false => format!("{}:{}", quoted(key), text(value)),
    };
    let entries = map.iter().map(entry).collect::<Vec<_>>().join(",");
    if named { format!("({entries})") } else { format!("{{{entries}}}") }
}

fn is_identifier(key: &str) -> bool {
    key.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        && !matches!(key, "true" | "false" | "inf" | "NaN" | "r" | "b" | "br" | "None" | "Some")
}

fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => out.push_str(&format!("\\u{{{:x}}}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_written_reads_back_and_looks_like_a_layout() {
        let options = ron::Options::default()
            .with_default_extension(ron::extensions::Extensions::IMPLICIT_SOME);
        let element = json!({
            "id": "b-1", "at": [1.5, -0.0], "kind": "Feeder", "count": 4, "none": null,
            "names": ["a", "q\"\\\n\u{1}ü"], "one": [2.5], "empty": [], "deep": {"a-b": {"x": true}},
            "nothing": {}, "far": 1e300, "whole": 3.0e17,
        });
        let written = options.to_string(&RonValue(element.clone())).expect("writes");
        assert!(written.starts_with("(id:\"b-1\",at:(1.5,-0.0),kind:\"Feeder\""), "{written}");
        let read: RonValue = options.from_str(&written).expect("reads");
        assert_eq!(read.0, element);
        let zero = read.0["at"][1].as_f64().expect("a number");
        assert!(zero.is_sign_negative(), "the sign of a zero stays");
    }
}
