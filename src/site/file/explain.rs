//! What the reader of RON and serde object to, in words for people.
//!
//! It must not know which fields there are: names come with the errors.

use super::locate::{Step, element_path, entry_at, offset_of, steps_at};
use super::text;
use crate::diag::{Diagnostic, Report};
use ron::error::Error;
use serde::de::DeserializeOwned;
use serde_path_to_error::Segment;

/// Reads a text and says where and why it cannot be read.
pub(super) fn read<T: DeserializeOwned>(
    source: &str,
    file: &str,
    options: &ron::Options,
) -> Result<T, Report> {
    let mut steps = Vec::new();
    let mut stumbled = false;
    let fault = match ron::Deserializer::from_str_with_options(source, options) {
        Err(fault) => fault,
        Ok(mut reader) => match serde_path_to_error::deserialize::<_, T>(&mut reader) {
            Ok(value) => match reader.end() {
                Ok(()) => return Ok(value),
                Err(rest) => reader.span_error(rest),
            },
            Err(fault) => {
                steps = steps_of(fault.path());
                // Serde forgets the key when the reader stumbles behind its value.
                stumbled = matches!(fault.path().iter().next_back(), Some(Segment::Unknown));
                reader.span_error(fault.into_inner())
            }
        },
    };
    let at = offset_of(source, fault.span.start.line, fault.span.start.col);
    if stumbled {
        steps = steps_at(source, at);
    }
    let fault = Explainer { source, file, at, steps }.explain(&fault.code);
    Err(Report { items: vec![fault] })
}

/// Serde's path; the part behind a key that was never read is dropped.
fn steps_of(path: &serde_path_to_error::Path) -> Vec<Step> {
    path.iter()
        .map_while(|segment| match segment {
            Segment::Seq { index } => Some(Step::Index(*index)),
            Segment::Map { key } => Some(Step::Key(key.clone())),
            Segment::Enum { variant } => Some(Step::Variant(variant.clone())),
            Segment::Unknown => None,
        })
        .collect()
}

struct Explainer<'a> {
    source: &'a str,
    file: &'a str,
    /// Byte at which the reader stopped.
    at: usize,
    steps: Vec<Step>,
}

/// Code, message, hint.
type Words = (&'static str, String, String);

impl Explainer<'_> {
    fn explain(&self, fault: &Error) -> Diagnostic {
        let (code, message, hint) = self.words(fault);
        let mut steps = self.steps.clone();
        let mut at = self.at;
        match fault {
            Error::MissingStructField { field, .. } => {
                // The reader stands at the end of the record; its start is where to look.
                at = entry_at(self.source, &steps).map_or(0, |e| e.open.unwrap_or(e.start));
                steps.push(Step::Key((*field).to_owned()));
            }
            Error::DuplicateStructField { field, .. } => {
                steps.push(Step::Key((*field).to_owned()));
            }
            _ if code == "syntax" || code == "too-deep" => {
                steps = steps_at(self.source, at);
                if let Some(start) = self.open_quote() {
                    at = start;
                }
            }
            _ => {
                if let Some(entry) = entry_at(self.source, &steps) {
                    let key = matches!(fault, Error::NoSuchStructField { .. });
                    at = if key { entry.start } else { entry.value.0 };
                }
            }
        }
        let path = element_path(self.source, &steps);
        let (line, column) = text::position(self.source, at);
        Diagnostic::error(code, path, message, hint).at(self.file, line, column)
    }

    fn words(&self, fault: &Error) -> Words {
        match fault {
            Error::NoSuchStructField { expected, found, .. } => (
                "unknown-field",
                format!("There is no field `{found}` here"),
                nearest(found, expected, "The fields are"),
            ),
            Error::MissingStructField { field, .. } => (
                "missing-field",
                format!("The field `{field}` is missing"),
                format!("Add `{field}: ...`"),
            ),
            Error::DuplicateStructField { field, .. } => (
                "duplicate-field",
                format!("The field `{field}` is written twice"),
                "Keep one of them".into(),
            ),
            Error::NoSuchEnumVariant { expected, found, .. } => (
                "unknown-name",
                format!("`{found}` is not one of the names that may stand here"),
                nearest(found, expected, "The names are"),
            ),
            Error::IntegerOutOfBounds => self.type_fault(
                "a whole number between 0 and 4 294 967 295",
                "Write a whole number that is not negative",
            ),
            Error::ExceededRecursionLimit => (
                "too-deep",
                "Brackets are nested too deeply".into(),
                "A layout needs no more than eight levels".into(),
            ),
            Error::Message(words) => {
                ("wrong-type", sentence(words), "Compare with a layout that works".into())
            }
            _ => self.type_words(fault).unwrap_or_else(|| self.syntax_words(fault)),
        }
    }

    /// Faults of a value that is well written but of the wrong kind.
    fn type_words(&self, fault: &Error) -> Option<Words> {
        // At the top, or with nothing to blame, the text is no layout at all.
        if self.steps.is_empty() || self.at >= self.source.len() {
            return None;
        }
        Some(match fault {
            Error::ExpectedFloat => self.type_fault(
                "a number",
                "Write a number without quotes and unit, or leave the field out where it is \
                 unknown",
            ),
            Error::ExpectedInteger => {
                self.type_fault("a whole number", "Write a whole number without quotes and unit")
            }
            Error::ExpectedString => self.type_fault("text", "Put the text in double quotes"),
            Error::ExpectedBoolean => self.type_fault("yes or no", "Write `true` or `false`"),
            Error::ExpectedArray => self.type_fault("a list", "Put the list in square brackets"),
            Error::ExpectedMap => {
                self.type_fault("values by name", "Write `{\"name\": value, ...}`")
            }
            Error::ExpectedIdentifier if self.value().is_some_and(|v| v.starts_with('"')) => {
                self.type_fault("a plain name", "Write the name without quotes")
            }
            Error::ExpectedStructLike | Error::ExpectedDifferentLength { .. } => {
                self.type_fault("a pair of numbers", "Write the pair in round brackets: `(1, 2)`")
            }
            Error::ExpectedStructLikeEnd if self.is_pair() => {
                self.type_fault("a pair of numbers", "Write the pair in round brackets: `(1, 2)`")
            }
            Error::ExpectedNamedStructLike(_) | Error::ExpectedDifferentStructName { .. } => {
                self.type_fault("a record", "Put the fields in round brackets: `(id: \"a\", ...)`")
            }
            Error::InvalidValueForType { expected, .. } => {
                self.type_fault(expected, "Write one of the values that the field takes")
            }
            Error::ExpectedComma if self.stands_before(".") => {
                self.type_fault("a whole number", "Write the number without a decimal point")
            }
            _ => return None,
        })
    }

    fn type_fault(&self, wanted: &str, hint: &str) -> Words {
        let name = self.steps.iter().rev().find_map(|step| match step {
            Step::Key(key) => Some(key.as_str()),
            _ => None,
        });
        let found = self.value().map(shortened);
        let message = match (name, found) {
            (Some(name), Some(found)) if !found.is_empty() => {
                format!("`{name}` takes {wanted}, but `{found}` stands here")
            }
            (Some(name), _) => format!("`{name}` takes {wanted}"),
            _ => format!("Here stands something else than {wanted}"),
        };
        ("wrong-type", message, hint.to_owned())
    }

    fn syntax_words(&self, fault: &Error) -> Words {
        let blank = self.source.trim().is_empty();
        let (message, hint) = match fault {
            _ if blank => ("The file is empty", "Start from an example layout"),
            _ if text::root(self.source).is_none() => {
                ("This is not a layout", "A layout starts with `(version: 1, site: (...), ...`")
            }
            Error::Eof => ("The text ends too early", "Close the open brackets and quotes"),
            Error::TrailingCharacters => (
                "Something follows the end of the layout",
                "Remove what stands behind the last closing bracket",
            ),
            Error::ExpectedStringEnd => ("A text has no end", "Close it with a double quote"),
            Error::UnclosedBlockComment => ("A comment has no end", "Close it with `*/`"),
            Error::NoSuchExtension(_) | Error::ExpectedAttribute | Error::ExpectedAttributeEnd => {
                ("The line that starts with `#!` is not understood", "Remove it")
            }
            _ if self.open_quote().is_some() => {
                ("A text goes over several lines", "Close it with a double quote")
            }
            Error::ExpectedIdentifier => {
                ("Here the name of a field should stand", "Write `name: value`")
            }
            Error::ExpectedMapColon => {
                ("A field has no colon", "Write `name: value` with a colon between")
            }
            Error::ExpectedComma
            | Error::ExpectedArrayEnd
            | Error::ExpectedMapEnd
            | Error::ExpectedStructLikeEnd => (
                "A comma or a closing bracket is missing, or something follows a value",
                "Put a comma behind each value; units stand in the field name",
            ),
            Error::InvalidEscape(_) => (
                "A backslash in a text is followed by something that has no meaning",
                "Write two backslashes for one",
            ),
            _ if self.at >= self.source.len() => {
                ("The text ends too early", "Close the open brackets and quotes")
            }
            _ => ("The text cannot be understood here", "Look for a missing quote or bracket"),
        };
        ("syntax", message.to_owned(), hint.to_owned())
    }

    /// Whether the value at fault is a point or a size.
    fn is_pair(&self) -> bool {
        matches!(self.steps.last(), Some(Step::Key(key)) if key == "at" || key == "size")
    }

    /// The text of the value at fault.
    fn value(&self) -> Option<&str> {
        let entry = entry_at(self.source, &self.steps)?;
        self.source.get(entry.value.0..entry.value.1)
    }

    /// Start of the text before the fault, where it goes over several lines: its own
    /// closing quote is missing, and the fault lies behind the next opening one.
    fn open_quote(&self) -> Option<usize> {
        let entry = entry_at(self.source, &steps_at(self.source, self.at))?;
        let value = self.source.get(entry.value.0..self.at)?;
        (value.starts_with('"') && value.trim_end().contains('\n')).then_some(entry.value.0)
    }

    fn stands_before(&self, what: &str) -> bool {
        self.source.get(self.at..).is_some_and(|rest| rest.starts_with(what))
    }
}

/// The nearest of the known names, or all where none is near.
fn nearest(found: &str, known: &[&str], all: &str) -> String {
    let near = known
        .iter()
        .map(|name| (strsim::jaro_winkler(found, name), name))
        .filter(|(score, _)| *score >= 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0));
    match near {
        Some((_, name)) => format!("Did you mean `{name}`?"),
        None if known.is_empty() => "Remove it".to_owned(),
        None => format!("{all} {}", known.join(", ")),
    }
}

/// A value as it stands in the text, cut where it is long.
fn shortened(value: &str) -> String {
    const MOST: usize = 40;
    let line = value.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(MOST) {
        Some((at, _)) => format!("{}...", &line[..at]),
        None => line,
    }
}

/// A message of a foreign library as a sentence of ours.
fn sentence(words: &str) -> String {
    let mut chars = words.trim_end_matches('.').chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => "The value cannot be read".to_owned(),
    }
}
