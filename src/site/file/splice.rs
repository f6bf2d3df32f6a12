//! Records put into the text of a file, and taken out: everything else of the text stays as a
//! person wrote it, comments included.
//!
//! It must not know what the records mean.

use super::print::pretty;
use super::text::{self, Kind, Tokens, entries, field, id_of};

/// A change of one record of a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Splice {
    /// Name of the list.
    pub list: String,
    pub id: String,
    /// The record as RON on one line; `None` takes it out.
    pub record: Option<String>,
}

/// The text with the changes; `None` where it has no root that lists could stand in, or the
/// list is none.
pub fn splice(source: &str, changes: &[Splice]) -> Option<String> {
    let mut text = source.to_owned();
    for change in changes {
        text = one(&text, change)?;
    }
    Some(text)
}

fn one(source: &str, change: &Splice) -> Option<String> {
    let root = text::root(source)?;
    let list = field(source, root, &change.list);
    let record = change.record.as_ref().map(|record| laid_out(&change.list, record));
    let Some(list) = list else {
        let Some(record) = record else { return Some(source.to_owned()) };
        let whole = format!("    {}: [\n        {record},\n    ],\n", change.list);
        return Some(appended(source, root, &whole));
    };
    let open = list.open.filter(|&open| source.as_bytes().get(open) == Some(&b'['))?;
    let found = entries(source, open)
        .find(|e| e.open.is_some_and(|open| id_of(source, open) == Some(change.id.as_str())));
    Some(match (found, record) {
        (Some(found), Some(record)) => {
            let (before, after) = (source.get(..found.start)?, source.get(found.value.1..)?);
            format!("{before}{record}{after}")
        }
        (Some(found), None) => {
            let after = source.get(found.value.1..)?;
            let rest = comma_behind(source, found.value.1).map_or(after, |at| &source[at..]);
            let before = source.get(..found.start)?.trim_end_matches([' ', '\t']);
            // The line of the record goes with it.
            let before = before.strip_suffix('\n').unwrap_or(before);
            format!("{before}{rest}")
        }
        (None, Some(record)) => appended(source, open, &format!("        {record},\n")),
        (None, None) => source.to_owned(),
    })
}

/// The text of a record with the indent that it has in its list.
fn laid_out(list: &str, record: &str) -> String {
    let whole = pretty(&format!("({list}:[{record}])"));
    // Between the brackets of file and list.
    let lines: Vec<&str> = whole.lines().collect();
    let own = lines.get(2..lines.len().saturating_sub(2)).unwrap_or_default();
    own.join("\n").trim().trim_end_matches(',').to_owned()
}

/// Puts lines before the closing bracket of the group at `open`.
fn appended(source: &str, open: usize, lines: &str) -> String {
    let mut depth = 0_usize;
    let mut last = None;
    let mut close = source.len();
    for token in Tokens::new(source, open) {
        match token.kind {
            Kind::Open => depth += 1,
            Kind::Close => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            close = token.start;
            break;
        }
        if token.start > open {
            last = Some(token);
        }
    }
    let comma = match last {
        Some(token) if token.kind != Kind::Comma => Some(token.end),
        _ => None,
    };
    let (head, tail) = source.split_at(close);
    let head = match comma {
        Some(at) => format!("{},{}", &head[..at], &head[at..]),
        None => head.to_owned(),
    };
    let head = head.trim_end_matches([' ', '\t']);
    let indent = if lines.starts_with("        ") { "    " } else { "" };
    let line_break = if head.ends_with('\n') { "" } else { "\n" };
    format!("{head}{line_break}{lines}{indent}{tail}")
}

/// Behind the comma that follows at `at`.
fn comma_behind(source: &str, at: usize) -> Option<usize> {
    Tokens::new(source, at).next().filter(|t| t.kind == Kind::Comma).map(|t| t.end)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "// Mine, not the program's.\n(\n    racks: [\n        // The first\n        \
                        (id: \"a\", n: 1),\n        (id: \"b\", text: \"x, ( y\"), // kept\n    ],\n)\n";

    fn put(list: &str, id: &str, record: &str) -> Splice {
        Splice { list: list.into(), id: id.into(), record: Some(record.into()) }
    }

    #[test]
    fn a_record_is_replaced_and_every_other_byte_stays() {
        let after = splice(TEXT, &[put("racks", "a", "(id:\"a\",n:2.0)")]).expect("splices");
        assert_eq!(after, TEXT.replace("n: 1", "n: 2"));
    }

    #[test]
    fn records_are_added_to_their_list_or_to_a_new_one() {
        let changes =
            [put("racks", "c", "(id:\"c\")"), put("costs", "d", "(id:\"d\",value:(1,2))")];
        let after = splice(TEXT, &changes).expect("splices");
        let expected = TEXT.replace(
            "    ],\n)\n",
            "        (id: \"c\"),\n    ],\n    costs: [\n        (id: \"d\", value: (1, 2)),\n    ],\n)\n",
        );
        assert_eq!(after, expected);
        for start in
            ["()", "(\n)\n", "(racks: [])", "(racks: [(id: \"z\")])", "(\n  racks: [\n  ]\n)"]
        {
            let after = splice(start, &changes).expect("splices");
            let root = text::root(&after).expect("a root");
            for (list, id) in [("racks", "c"), ("costs", "d")] {
                let open = field(&after, root, list).and_then(|e| e.open).expect(list);
                let ids: Vec<_> =
                    entries(&after, open).filter_map(|e| id_of(&after, e.open?)).collect();
                assert_eq!(ids.last(), Some(&id), "{start}: {after}");
            }
        }
    }

    #[test]
    fn a_record_is_taken_out_with_its_line_and_its_comma() {
        let gone = |id: &str| Splice { list: "racks".into(), id: id.into(), record: None };
        let after = splice(TEXT, &[gone("a")]).expect("splices");
        assert_eq!(after, TEXT.replace("        (id: \"a\", n: 1),\n", ""));
        let after = splice(&after, &[gone("b"), gone("never"), gone("a")]).expect("splices");
        assert!(after.contains("// kept") && !after.contains("id:"), "{after}");
        assert_eq!(splice("[1, 2]", &[put("racks", "a", "()")]), None);
        assert_eq!(splice("(racks: 3)", &[put("racks", "a", "()")]), None);
    }

    #[test]
    fn a_record_put_twice_is_the_text_put_once() {
        let change = put("racks", "b", "(id:\"b\",caps:[(id:\"q\",kw:(value:1.5))])");
        let once = splice(TEXT, std::slice::from_ref(&change)).expect("splices");
        assert_eq!(splice(&once, &[change]), Some(once.clone()));
    }
}
