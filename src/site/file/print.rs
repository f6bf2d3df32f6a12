//! Layouts as text that people like to read: what fits a line stays on one,
//! lists have an element a line, long records are filled like a paragraph.
//!
//! Works on the tokens of the compact form, so numbers and strings come out
//! as the serialiser wrote them, whole numbers without their decimal point. It must not know what fields mean.

use super::text::{Kind, Token, Tokens};

const WIDTH: usize = 100;
const INDENT: usize = 4;

/// Lays out the compact text of a layout.
pub(super) fn pretty(compact: &str) -> String {
    let mut printer = Printer::new(compact);
    let last = printer.tokens.len();
    printer.value(0..last, 0, 0);
    printer.out.push('\n');
    printer.out
}

struct Printer<'a> {
    source: &'a str,
    tokens: Vec<Token>,
    /// For each opening bracket the index of its closing one.
    close: Vec<usize>,
    /// Characters of the tokens before each index, written on one line.
    width_before: Vec<usize>,
    out: String,
    column: usize,
}

impl<'a> Printer<'a> {
    fn new(source: &'a str) -> Self {
        let mut tokens: Vec<Token> = Tokens::new(source, 0).collect();
        for token in &mut tokens {
            let word = &source[token.start..token.end];
            // `12` reads as the same number as `12.0`; a negative zero keeps its sign.
            if token.kind == Kind::Word && word.ends_with(".0") && word != "-0.0" {
                token.end -= 2;
            }
        }
        let mut close = vec![0; tokens.len()];
        let mut open = Vec::new();
        let mut width_before = vec![0; tokens.len() + 1];
        for (i, token) in tokens.iter().enumerate() {
            match token.kind {
                Kind::Open => open.push(i),
                Kind::Close => {
                    if let Some(start) = open.pop() {
                        close[start] = i;
                    }
                }
                _ => {}
            }
            let blank = usize::from(matches!(token.kind, Kind::Comma | Kind::Colon));
            let width = source[token.start..token.end].chars().count() + blank;
            width_before[i + 1] = width_before[i] + width;
        }
        Self { source, tokens, close, width_before, out: String::new(), column: 0 }
    }

    fn width(&self, range: &std::ops::Range<usize>) -> usize {
        self.width_before[range.end] - self.width_before[range.start]
    }

    fn push(&mut self, text: &str) {
        self.out.push_str(text);
        self.column += text.chars().count();
    }

    fn new_line(&mut self, indent: usize) {
        self.out.push('\n');
        self.out.extend(std::iter::repeat_n(' ', indent));
        self.column = indent;
    }

    fn flat(&mut self, range: std::ops::Range<usize>) {
        for i in range {
            let token = self.tokens[i];
            self.push(&self.source[token.start..token.end]);
            if matches!(token.kind, Kind::Comma | Kind::Colon) {
                self.push(" ");
            }
        }
    }

    /// A value or a `key: value`, broken where it must be. `depth` counts brackets.
    fn value(&mut self, range: std::ops::Range<usize>, depth: usize, indent: usize) {
        let group = range.clone().find(|&i| self.tokens[i].kind == Kind::Open);
        let Some(open) = group else { return self.flat(range) };
        let list = self.source.as_bytes().get(self.tokens[open].start) == Some(&b'[');
        let empty = self.close[open] == open + 1;
        // The layout and its lists always have an element a line: they grow.
        let fits = self.column + self.width(&range) < WIDTH;
        if empty || (fits && depth > 0 && !(depth == 1 && list)) {
            return self.flat(range);
        }
        self.flat(range.start..open + 1);
        let inner = indent + INDENT;
        // Records in lists are filled; the rest has an entry a line.
        let fill = depth >= 2 && !list;
        let mut beside = false;
        for entry in self.entries(open) {
            let fits = self.column + 1 + self.width(&entry) < WIDTH;
            if fill && beside && fits {
                self.push(" ");
            } else {
                self.new_line(inner);
            }
            let line = self.out.len();
            self.value(entry, depth + 1, inner);
            // Nothing follows on the last line of a broken value.
            beside = !self.out[line..].contains('\n');
            self.push(",");
        }
        self.new_line(indent);
        self.flat(self.close[open]..range.end);
    }

    /// The token ranges between the commas of a group.
    fn entries(&self, open: usize) -> Vec<std::ops::Range<usize>> {
        let close = self.close[open];
        let mut entries = Vec::new();
        let (mut start, mut i) = (open + 1, open + 1);
        while i < close {
            match self.tokens[i].kind {
                Kind::Comma => {
                    entries.push(start..i);
                    start = i + 1;
                }
                Kind::Open => i = self.close[i],
                _ => {}
            }
            i += 1;
        }
        if start < close {
            entries.push(start..close);
        }
        entries
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_records_stay_on_a_line_and_long_ones_are_filled() {
        let word = "x".repeat(60);
        let compact = format!(
            "(version:1,site:(name:\"S\",at:(0.0,1.0)),hours:[],nodes:[(id:\"a\",at:(-0.0,1.5)),\
             (id:\"b\",name:\"{word}\",at:(0.0,1.5),size:(2.0,2.0))])"
        );
        let expected = format!(
            "(\n    version: 1,\n    site: (name: \"S\", at: (0, 1)),\n    hours: [],\n    \
             nodes: [\n        (id: \"a\", at: (-0.0, 1.5)),\n        (\n            id: \"b\", \
             name: \"{word}\",\n            at: (0, 1.5), size: (2, 2),\n        ),\n    ],\n)\n"
        );
        assert_eq!(pretty(&compact), expected);
    }

    #[test]
    fn nothing_but_blanks_and_trailing_commas_is_added() {
        let compact = "(a:[(b:\"x , y\",c:{\"k\":1e300}),(b:\"\\\"\",c:{})],d:B(e:-0.1))";
        let squeezed = |s: &str| -> String {
            let words: Vec<&str> = Tokens::new(s, 0).map(|t| &s[t.start..t.end]).collect();
            words.join(" ").replace(" , )", " )").replace(" , ]", " ]").replace(" , }", " }")
        };
        assert_eq!(squeezed(&pretty(compact)), squeezed(compact));
    }
}
