//! Values as text: a small reader of the part of RON that a command line needs,
//! and the writer that it reads back. It must not know records.

use super::FieldError;
use serde_json::{Map, Number, Value};

/// Brackets may stand this deep in each other.
const DEPTH: usize = 32;
/// Whole numbers up to here are exact in a double.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// Reads a value: a number (`1e9` and `1_000` too), `true`, `false`, a quoted
/// string, a bare word (a string: unit variants, ids, `unknown`, `unlimited`),
/// `None` (null), `Some(v)` (v), a list `[..]`, a tuple or struct `(..)`, a map
/// `{..}`, a variant with content `Name(..)`. Infinite numbers are refused.
pub fn parse_value(text: &str) -> Result<Value, FieldError> {
    let mut reader = Reader { text, at: 0 };
    let fail = |reader: &Reader, reason: String| FieldError::BadValue {
        text: text.to_owned(),
        reason: format!("{reason} at character {}", reader.column()),
    };
    let value = reader.value(DEPTH).map_err(|reason| fail(&reader, reason))?;
    reader.skip();
    if reader.at < text.len() {
        return Err(fail(&reader, "text after the value; quote it if it is one string".to_owned()));
    }
    Ok(value)
}

struct Reader<'a> {
    text: &'a str,
    /// Byte offset, always on a character boundary.
    at: usize,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or("")
    }

    /// 1-based character position.
    fn column(&self) -> usize {
        self.text.get(..self.at).unwrap_or("").chars().count() + 1
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn skip(&mut self) {
        self.at = self.text.len() - self.rest().trim_start().len();
    }

    fn take(&mut self, expected: char) -> bool {
        self.skip();
        let found = self.peek() == Some(expected);
        if found {
            self.at += expected.len_utf8();
        }
        found
    }

    fn word(&mut self, allowed: impl Fn(char) -> bool) -> String {
        let rest = self.rest();
        let end = rest.find(|c| !allowed(c)).unwrap_or(rest.len());
        let word = rest.get(..end).unwrap_or("").to_owned();
        self.at += end;
        word
    }

    fn value(&mut self, depth: usize) -> Result<Value, String> {
        if depth == 0 {
            return Err("too many brackets".to_owned());
        }
        self.skip();
        match self.peek() {
            None => Err("a value is missing".to_owned()),
            Some('"') => Ok(Value::String(self.string()?)),
            Some('[') => {
                self.take('[');
                Ok(Value::Array(self.items(']', depth)?))
            }
            Some('(') => self.group(depth),
            Some('{') => {
                self.take('{');
                self.entries('}', depth)
            }
            Some(c) if c.is_ascii_digit() || matches!(c, '+' | '-' | '.') => self.number(),
            Some(c) if c.is_alphabetic() || c == '_' => self.name(depth),
            Some(c) => Err(format!("`{c}` starts no value")),
        }
    }

    fn number(&mut self) -> Result<Value, String> {
        let start = self.at;
        let word = self.word(|c| c.is_alphanumeric() || matches!(c, '+' | '-' | '.' | '_'));
        let number = word.replace('_', "").parse::<f64>().ok().filter(|v| v.is_finite());
        match number.and_then(to_number) {
            Some(number) => Ok(Value::Number(number)),
            None => {
                self.at = start;
                Err(format!("`{word}` is no finite number; quote it if it is a string"))
            }
        }
    }

    fn name(&mut self, depth: usize) -> Result<Value, String> {
        let start = self.at;
        let word = self.word(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.'));
        match word.to_ascii_lowercase().as_str() {
            "inf" | "infinity" | "nan" => {
                self.at = start;
                return Err("numbers must be finite; write `unlimited` where that is meant".into());
            }
            "true" if word == "true" => return Ok(Value::Bool(true)),
            "false" if word == "false" => return Ok(Value::Bool(false)),
            _ => {}
        }
        self.skip();
        if self.peek() != Some('(') {
            return Ok(if word == "None" { Value::Null } else { Value::String(word) });
        }
        let mut content = self.group(depth)?;
        // `Name(v)` holds v itself, `Name(a, b)` the list of both.
        if let Value::Array(list) = &mut content
            && list.len() == 1
        {
            content = list.pop().unwrap_or(Value::Null);
        }
        if word == "Some" {
            return Ok(content);
        }
        Ok(Value::Object(Map::from_iter([(word, content)])))
    }

    /// `(..)`: a struct if its first item is `name:`, else a tuple.
    fn group(&mut self, depth: usize) -> Result<Value, String> {
        self.take('(');
        let start = self.at;
        self.skip();
        let name = self.word(|c| c.is_alphanumeric() || c == '_');
        let named = !name.is_empty() && self.take(':');
        self.at = start;
        if named {
            return self.entries(')', depth);
        }
        Ok(Value::Array(self.items(')', depth)?))
    }

    fn items(&mut self, close: char, depth: usize) -> Result<Vec<Value>, String> {
        let mut list = Vec::new();
        while !self.take(close) {
            list.push(self.value(depth - 1)?);
            if !self.take(',') && !self.rest().starts_with(close) {
                return Err(format!("`,` or `{close}` is missing"));
            }
        }
        Ok(list)
    }

    fn entries(&mut self, close: char, depth: usize) -> Result<Value, String> {
        let mut map = Map::new();
        while !self.take(close) {
            self.skip();
            let key = match self.peek() {
                Some('"') => self.string()?,
                _ => self.word(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.')),
            };
            if key.is_empty() || !self.take(':') {
                return Err("`name: value` is missing".to_owned());
            }
            let value = self.value(depth - 1)?;
            if map.insert(key.clone(), value).is_some() {
                return Err(format!("`{key}` stands twice"));
            }
            if !self.take(',') && !self.rest().starts_with(close) {
                return Err(format!("`,` or `{close}` is missing"));
            }
        }
        Ok(Value::Object(map))
    }

    fn string(&mut self) -> Result<String, String> {
        self.take('"');
        let mut out = String::new();
        let mut chars = self.rest().char_indices();
        while let Some((offset, c)) = chars.next() {
            match c {
                '"' => {
                    self.at += offset + 1;
                    return Ok(out);
                }
                '\\' => match chars.next().map(|e| e.1) {
                    Some('n') => out.push('\n'),
                    Some('t') => out.push('\t'),
                    Some(e @ ('"' | '\\' | '\'')) => out.push(e),
                    _ => return Err("unknown escape in the string".to_owned()),
                },
                other => out.push(other),
            }
        }
        Err("the closing quote is missing".to_owned())
    }
}

/// Whole numbers become integers, so that counts accept `1e3` too.
fn to_number(v: f64) -> Option<Number> {
    if v.fract() == 0.0 && v.abs() < EXACT {
        return Some(Number::from(v as i64));
    }
    Number::from_f64(v)
}

/// The value as text that [`parse_value`] reads back. Of a number with
/// provenance only the number; absent is `None`.
pub fn value_text(value: &Value) -> String {
    match value {
        Value::Null => "None".to_owned(),
        Value::Bool(b) => b.to_string(),
        Value::Number(n) => match n.as_f64().and_then(to_number) {
            Some(n) => n.to_string(),
            None => n.to_string(),
        },
        Value::String(s) if s == "unknown" || s == "unlimited" => s.clone(),
        Value::String(s) => quoted(s),
        Value::Array(list) => {
            let items: Vec<String> = list.iter().map(value_text).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(map) if super::is_fact(value) => {
            map.get("value").map(value_text).unwrap_or_default()
        }
        Value::Object(map) => {
            let items: Vec<String> =
                map.iter().map(|(k, v)| format!("{}: {}", quoted(k), value_text(v))).collect();
            format!("{{{}}}", items.join(", "))
        }
    }
}

fn quoted(text: &str) -> String {
    let escaped =
        text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n").replace('\t', "\\t");
    format!("\"{escaped}\"")
}
