//! Where in the text of a layout an element stands, and what to call a place
//! in the text: from serde's path to the vocabulary of `--set` and back.
//!
//! It must not know what the fields mean.

use super::text::{self, Kind, Tokens, entries, field, id_of, word};
use crate::diag::Report;
use std::collections::HashMap;

/// One step into the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Key(String),
    Index(usize),
    /// The name of an enum's variant; not a level of the text.
    Variant(String),
}

/// The steps from the root to the innermost value that encloses `offset`.
pub(super) fn steps_at(source: &str, offset: usize) -> Vec<Step> {
    struct Level {
        list: bool,
        index: usize,
        key: Option<String>,
        last: (usize, usize),
    }
    let Some(open) = text::root(source) else { return Vec::new() };
    let mut levels: Vec<Level> = Vec::new();
    for token in Tokens::new(source, open).take_while(|t| t.start < offset) {
        match token.kind {
            Kind::Open => {
                let list = source.as_bytes().get(token.start) == Some(&b'[');
                levels.push(Level { list, index: 0, key: None, last: (0, 0) });
            }
            Kind::Close => {
                levels.pop();
            }
            _ => {
                let Some(level) = levels.last_mut() else { break };
                match token.kind {
                    Kind::Comma => {
                        level.index += 1;
                        // A record keeps its last key: a fault behind the comma is often its.
                        level.last = (0, 0);
                    }
                    Kind::Colon => level.key = Some(word(source, level.last).to_owned()),
                    _ => level.last = (token.start, token.end),
                }
            }
        }
    }
    levels
        .into_iter()
        .filter_map(|l| match l.key {
            Some(key) if !l.list => Some(Step::Key(key)),
            _ if l.list => Some(Step::Index(l.index)),
            _ => None,
        })
        .collect()
}

/// The entry that the steps lead to; as deep as the text goes along.
pub(super) fn entry_at(source: &str, steps: &[Step]) -> Option<text::Entry> {
    let mut open = text::root(source);
    let mut found = None;
    for step in steps {
        let entry = match step {
            Step::Key(key) => field(source, open?, key),
            Step::Index(index) => entries(source, open?).nth(*index),
            Step::Variant(_) => continue,
        }?;
        open = entry.open;
        found = Some(entry);
    }
    found
}

/// The steps in the vocabulary of `--set`: list elements go by id where the text gives one.
pub(super) fn element_path(source: &str, steps: &[Step]) -> String {
    let mut path = String::new();
    let mut open = text::root(source);
    for (depth, step) in steps.iter().enumerate() {
        let entry = open.and_then(|open| match step {
            Step::Key(key) => field(source, open, key),
            Step::Index(index) => entries(source, open).nth(*index),
            Step::Variant(_) => None,
        });
        let name = match step {
            Step::Key(name) | Step::Variant(name) => name.clone(),
            Step::Index(index) => {
                match entry.and_then(|e| e.open).and_then(|open| id_of(source, open)) {
                    Some(id) => id.to_owned(),
                    None if depth == 1 => {
                        path.push_str(&format!("[{index}]"));
                        open = entry.and_then(|e| e.open);
                        continue;
                    }
                    None => index.to_string(),
                }
            }
        };
        if !path.is_empty() {
            path.push('.');
        }
        path.push_str(&name);
        if !matches!(step, Step::Variant(_)) {
            open = entry.and_then(|e| e.open);
        }
    }
    path
}

/// Byte offset of a line and column (1-based, in characters).
pub(super) fn offset_of(source: &str, line: usize, column: usize) -> usize {
    let start = match line {
        0 | 1 => 0,
        _ => source.match_indices('\n').nth(line - 2).map_or(source.len(), |(at, _)| at + 1),
    };
    let rest = source.get(start..).unwrap_or("");
    start + rest.chars().take(column.saturating_sub(1)).map(char::len_utf8).sum::<usize>()
}

/// Positions of the elements of a layout's text, for findings that name an element.
pub struct Positions<'a> {
    source: &'a str,
    root: Option<usize>,
    /// Opening bracket of each element of the lists of the layout.
    elements: HashMap<(&'a str, &'a str), usize>,
}

impl<'a> Positions<'a> {
    /// Reads the text once; any text will do.
    pub fn new(source: &'a str) -> Self {
        let root = text::root(source);
        let mut elements = HashMap::new();
        for collection in root.into_iter().flat_map(|open| entries(source, open)) {
            let (Some(key), Some(open)) = (collection.key, collection.open) else { continue };
            if source.as_bytes().get(open) != Some(&b'[') {
                continue;
            }
            for element in entries(source, open) {
                let Some(open) = element.open else { continue };
                if let Some(id) = id_of(source, open) {
                    elements.entry((word(source, key), id)).or_insert(open);
                }
            }
        }
        Self { source, root, elements }
    }

    /// Line and column (1-based) of the element or field that a path names, or of the
    /// innermost part of it that the text has.
    pub fn find(&self, path: &str) -> Option<(usize, usize)> {
        let (collection, rest) = path.split_once('.').unwrap_or((path, ""));
        let names: Vec<&str> = rest.split('.').filter(|s| !s.is_empty()).collect();
        let known = (1..=names.len()).rev().find_map(|n| {
            let id = names[..n].join(".");
            self.elements.get(&(collection, id.as_str())).map(|&open| (n, open))
        });
        let (mut at, mut open, names) = match known {
            Some((n, open)) => (open, Some(open), &names[n..]),
            None => {
                let entry = field(self.source, self.root?, collection)?;
                (entry.start, entry.open, &names[..])
            }
        };
        for name in names {
            let Some(group) = open else { break };
            let list = self.source.as_bytes().get(group) == Some(&b'[');
            let entry = match name.parse::<usize>() {
                Ok(index) => entries(self.source, group).nth(index),
                Err(_) if list => entries(self.source, group)
                    .find(|e| e.open.and_then(|open| id_of(self.source, open)) == Some(name)),
                Err(_) => field(self.source, group, name),
            };
            let Some(entry) = entry else { break };
            (at, open) = (entry.start, entry.open);
        }
        Some(text::position(self.source, at))
    }
}

/// Gives the findings of a report their place in the text that the layout was read from.
/// Only the first few hundred: a person reads no more, and each costs a count of lines.
pub fn add_positions(report: &mut Report, source: &str, file: &str) {
    const MOST: usize = 500;
    let positions = Positions::new(source);
    for finding in report.items.iter_mut().filter(|d| d.line.is_none()).take(MOST) {
        finding.file = Some(file.to_owned());
        if let Some((line, column)) = positions.find(&finding.path) {
            finding.line = Some(line);
            finding.column = Some(column);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "(\n  version: 1,\n  nodes: [\n    (id: \"a\", kind: X),\n    \
                        (kind: X, at: (1, 2), id: \"b.2\", capacity_mw: 4),\n    (name: \"n\"),\n  \
                        ],\n  site: (infrastructure: Reference(pue: 1)),\n)";

    fn key(name: &str) -> Step {
        Step::Key(name.into())
    }

    #[test]
    fn list_elements_go_by_id_where_they_have_one() {
        let nodes = |i| [key("nodes"), Step::Index(i), key("capacity_mw")];
        assert_eq!(element_path(TEXT, &nodes(1)), "nodes.b.2.capacity_mw");
        assert_eq!(element_path(TEXT, &nodes(2)), "nodes[2].capacity_mw");
        let pue =
            [key("site"), key("infrastructure"), Step::Variant("Reference".into()), key("pue")];
        assert_eq!(element_path(TEXT, &pue), "site.infrastructure.Reference.pue");
    }

    #[test]
    fn a_place_in_the_text_has_a_path() {
        let at = TEXT.find("4),").unwrap();
        assert_eq!(steps_at(TEXT, at), [key("nodes"), Step::Index(1), key("capacity_mw")]);
        let (line, column) = text::position(TEXT, at);
        assert_eq!(offset_of(TEXT, line, column), at);
    }

    #[test]
    fn a_path_has_a_place_in_the_text() {
        let positions = Positions::new(TEXT);
        assert_eq!(positions.find("nodes.b.2.capacity_mw"), Some((5, 38)));
        assert_eq!(positions.find("nodes.a.capacity_mw"), Some((4, 5)));
        assert_eq!(positions.find("site.infrastructure"), Some((8, 10)));
        assert_eq!(positions.find("halls.h"), None);
    }
}
