//! The text of a layout as tokens and groups, read without caring whether it
//! makes sense: finds the position of an element, the id of the n-th element
//! of a list, and gives the printer its tokens.
//!
//! It never fails and never recurses, whatever the bytes. It must not know
//! what the fields mean.

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Open,
    Close,
    Comma,
    Colon,
    /// A string, quotes included.
    Text,
    /// An identifier, a number or anything else without structure.
    Word,
}

/// A token and the bytes that it covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub kind: Kind,
    pub start: usize,
    pub end: usize,
}

/// Tokens of a text from an offset on; comments and white space are skipped.
#[derive(Clone)]
pub(super) struct Tokens<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Tokens<'a> {
    pub fn new(text: &'a str, at: usize) -> Self {
        Self { text, at }
    }

    fn byte(&self, ahead: usize) -> Option<u8> {
        self.text.as_bytes().get(self.at + ahead).copied()
    }

    fn skip_blank(&mut self) {
        while let Some(b) = self.byte(0) {
            match (b, self.byte(1)) {
                (b' ' | b'\t' | b'\r' | b'\n', _) => self.at += 1,
                (b'/', Some(b'/')) => {
                    while self.byte(0).is_some_and(|b| b != b'\n') {
                        self.at += 1;
                    }
                }
                (b'/', Some(b'*')) => self.skip_block_comment(),
                _ => return,
            }
        }
    }

    /// Block comments nest.
    fn skip_block_comment(&mut self) {
        let mut depth = 0usize;
        while let Some(b) = self.byte(0) {
            match (b, self.byte(1)) {
                (b'/', Some(b'*')) => {
                    depth += 1;
                    self.at += 2;
                }
                (b'*', Some(b'/')) => {
                    depth -= 1;
                    self.at += 2;
                    if depth == 0 {
                        return;
                    }
                }
                _ => self.at += 1,
            }
        }
    }

    /// From an opening quote to behind the closing one, or to the end.
    fn skip_text(&mut self) {
        self.at += 1;
        while let Some(b) = self.byte(0) {
            self.at += if b == b'\\' { 2 } else { 1 };
            if b == b'"' {
                break;
            }
        }
        self.at = self.at.min(self.text.len());
    }

    /// `r"..."` and `r#"..."#`; false where no raw string starts here.
    fn skip_raw_text(&mut self) -> bool {
        let mut hashes = 0;
        while self.byte(1 + hashes) == Some(b'#') {
            hashes += 1;
        }
        if self.byte(0) != Some(b'r') || self.byte(1 + hashes) != Some(b'"') {
            return false;
        }
        let close = format!("\"{}", "#".repeat(hashes));
        let from = self.at + hashes + 2;
        let bytes = &self.text.as_bytes()[from.min(self.text.len())..];
        self.at = match bytes.windows(close.len()).position(|w| w == close.as_bytes()) {
            Some(found) => from + found + close.len(),
            None => self.text.len(),
        };
        true
    }

    fn skip_word(&mut self) {
        while let Some(b) = self.byte(0) {
            let comment = b == b'/' && matches!(self.byte(1), Some(b'/' | b'*'));
            if comment || b.is_ascii_whitespace() || b"()[]{},:\"".contains(&b) {
                break;
            }
            self.at += 1;
        }
    }
}

impl Iterator for Tokens<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        self.skip_blank();
        let start = self.at;
        let kind = match self.byte(0)? {
            b'(' | b'[' | b'{' => Kind::Open,
            b')' | b']' | b'}' => Kind::Close,
            b',' => Kind::Comma,
            b':' => Kind::Colon,
            b'"' => Kind::Text,
            b'r' if self.skip_raw_text() => Kind::Text,
            _ => Kind::Word,
        };
        match kind {
            Kind::Text if self.at == start => self.skip_text(),
            Kind::Text => {}
            Kind::Word => {
                self.skip_word();
                // A vertical tab or another oddity that no word may contain.
                self.at = self.at.max(start + 1);
            }
            _ => self.at += 1,
        }
        Some(Token { kind, start, end: self.at })
    }
}

/// One entry of a group: `key: value` or a value alone.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    /// Bytes of the key, without quotes.
    pub key: Option<(usize, usize)>,
    /// First byte of the entry, key included.
    pub start: usize,
    /// Bytes of the value; `open` is its opening bracket where it is a group.
    pub value: (usize, usize),
    pub open: Option<usize>,
}

/// The entries of the group whose bracket stands at `open`.
pub(super) struct Entries<'a> {
    tokens: Tokens<'a>,
    text: &'a str,
    done: bool,
}

/// See [`Entries`].
pub(super) fn entries(text: &str, open: usize) -> Entries<'_> {
    Entries { tokens: Tokens::new(text, open + 1), text, done: false }
}

impl Iterator for Entries<'_> {
    type Item = Entry;

    fn next(&mut self) -> Option<Entry> {
        if self.done {
            return None;
        }
        let mut entry: Option<Entry> = None;
        let mut depth = 0usize;
        for token in self.tokens.by_ref() {
            match token.kind {
                Kind::Close if depth == 0 => {
                    self.done = true;
                    return entry;
                }
                Kind::Comma if depth == 0 => {
                    if entry.is_some() {
                        return entry;
                    }
                    continue;
                }
                Kind::Open => depth += 1,
                Kind::Close => depth -= 1,
                _ => {}
            }
            let e = entry.get_or_insert(Entry {
                key: None,
                start: token.start,
                value: (token.start, token.end),
                open: None,
            });
            if token.kind == Kind::Colon && depth == 0 && e.key.is_none() && e.open.is_none() {
                e.key = Some(unquoted(self.text, e.value));
                e.value = (token.end, token.end);
            } else {
                if e.value.0 == e.value.1 {
                    e.value.0 = token.start;
                }
                e.value.1 = token.end;
                if token.kind == Kind::Open && depth == 1 && e.open.is_none() {
                    e.open = Some(token.start);
                }
            }
        }
        self.done = true;
        entry
    }
}

/// A string's bytes without its quotes; other values unchanged.
fn unquoted(text: &str, (start, end): (usize, usize)) -> (usize, usize) {
    let bytes = text.as_bytes();
    let quoted = end >= start + 2 && bytes.get(start) == Some(&b'"') && bytes[end - 1] == b'"';
    if quoted { (start + 1, end - 1) } else { (start, end) }
}

/// The words of an entry's key or value as text.
pub(super) fn word(text: &str, span: (usize, usize)) -> &str {
    let (start, end) = unquoted(text, span);
    text.get(start..end).unwrap_or("")
}

/// The opening bracket of the whole layout; attributes before it are passed over.
pub(super) fn root(text: &str) -> Option<usize> {
    let mut depth = 0usize;
    for token in Tokens::new(text, 0) {
        let round = text.as_bytes().get(token.start) == Some(&b'(');
        match token.kind {
            Kind::Open if depth == 0 && round => return Some(token.start),
            Kind::Open => depth += 1,
            Kind::Close => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    None
}

/// The entry named `key` of the group at `open`.
pub(super) fn field(text: &str, open: usize, key: &str) -> Option<Entry> {
    entries(text, open).find(|e| e.key.is_some_and(|k| word(text, k) == key))
}

/// The id written in the record at `open`.
pub(super) fn id_of(text: &str, open: usize) -> Option<&str> {
    let id = field(text, open, "id").or_else(|| field(text, open, "rack"))?;
    let id = word(text, id.value);
    (!id.is_empty()).then_some(id)
}

/// Line and column (1-based, in characters) of a byte offset.
pub(super) fn position(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset).unwrap_or(text);
    let line = 1 + before.bytes().filter(|&b| b == b'\n').count();
    let column = 1 + before.chars().rev().take_while(|&c| c != '\n').count();
    (line, column)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<&str> {
        Tokens::new(text, 0).map(|t| &text[t.start..t.end]).collect()
    }

    #[test]
    fn comments_and_strings_do_not_confuse_the_tokens() {
        let text = "(a: \"x,(\\\"y\", /* /* ) */ */ b: r#\"q\"z\"#, // )\n c: [1.5, Some(2)])";
        assert_eq!(
            words(text),
            [
                "(",
                "a",
                ":",
                "\"x,(\\\"y\"",
                ",",
                "b",
                ":",
                "r#\"q\"z\"#",
                ",",
                "c",
                ":",
                "[",
                "1.5",
                ",",
                "Some",
                "(",
                "2",
                ")",
                "]",
                ")"
            ]
        );
    }

    #[test]
    fn an_entry_is_found_by_key_and_the_id_of_its_record_read() {
        let text = "(nodes: [(id: \"a\"), Node(at: (1, 2), id: \"b\")], m: {\"k\": 3})";
        let open = root(text).unwrap();
        let nodes = field(text, open, "nodes").unwrap();
        let ids: Vec<_> = entries(text, nodes.open.unwrap())
            .map(|e| id_of(text, e.open.unwrap()).unwrap())
            .collect();
        assert_eq!(ids, ["a", "b"]);
        let m = field(text, open, "m").unwrap();
        let k = field(text, m.open.unwrap(), "k").unwrap();
        assert_eq!(word(text, k.value), "3");
    }

    #[test]
    fn unclosed_text_ends_at_the_end() {
        for text in ["(a: \"x", "(a: r##\"x\"#", "/* (", "(a: \"\\", "\u{b}(", "(((((", "))"] {
            assert!(Tokens::new(text, 0).count() <= text.len());
            if let Some(open) = root(text) {
                assert!(entries(text, open).count() <= text.len());
            }
        }
    }
}
