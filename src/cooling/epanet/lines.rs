//! The text of an EPANET file as sections of lines of words, and what is wrong in a line.

use crate::diag::{Diagnostic, Report};

/// Sections that are read; EPANET recognises them by their first letters. Others are water
/// quality, energy, reports and drawings, or unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    Junctions,
    Reservoirs,
    Tanks,
    Pipes,
    Pumps,
    Valves,
    Demands,
    Status,
    Patterns,
    Curves,
    Controls,
    Rules,
    Emitters,
    Options,
    Times,
}

const SECTIONS: [(&str, Section); 15] = [
    ("[JUNC", Section::Junctions),
    ("[RESE", Section::Reservoirs),
    ("[TANK", Section::Tanks),
    ("[PIPE", Section::Pipes),
    ("[PUMP", Section::Pumps),
    ("[VALV", Section::Valves),
    ("[DEMA", Section::Demands),
    ("[STAT", Section::Status),
    ("[PATT", Section::Patterns),
    ("[CURV", Section::Curves),
    ("[CONT", Section::Controls),
    ("[RULE", Section::Rules),
    ("[EMIT", Section::Emitters),
    ("[OPTI", Section::Options),
    ("[TIME", Section::Times),
];

/// Sections of the format that a hydraulic answer does not need.
const UNUSED: [&str; 15] = [
    "[TITL", "[SOUR", "[QUAL", "[ROUG", "[ENER", "[REAC", "[MIXI", "[REPO", "[COOR", "[VERT",
    "[LABE", "[BACK", "[TAGS", "[LEAK", "[END",
];

/// A line with words.
#[derive(Clone, Debug)]
pub struct Line<'a> {
    /// From 1.
    pub number: usize,
    raw: &'a str,
    pub words: Vec<&'a str>,
}

/// A file by sections.
pub struct Lines<'a> {
    lines: Vec<(Section, Line<'a>)>,
}

impl<'a> Lines<'a> {
    /// Splits a text; unknown sections are said and passed over.
    pub fn of(text: &'a str, report: &mut Report) -> Self {
        let mut lines = Vec::new();
        let mut section = None;
        for (k, raw) in text.lines().enumerate() {
            let number = k + 1;
            let words = words(raw);
            let Some(first) = words.first() else { continue };
            if first.starts_with('[') {
                if starts(first, "[END") {
                    break;
                }
                section = SECTIONS.iter().find(|(name, _)| starts(first, name)).map(|s| s.1);
                if section.is_none() && !UNUSED.iter().any(|name| starts(first, name)) {
                    let mut said = Diagnostic::warning(
                        "unknown-section",
                        "",
                        format!("Section {first} is unknown and passed over"),
                        "Check the spelling of the section's name",
                    );
                    said.line = Some(number);
                    said.column = Some(1);
                    report.push(said);
                }
            } else if let Some(section) = section {
                lines.push((section, Line { number, raw, words }));
            }
        }
        Lines { lines }
    }

    /// Lines of a section, wherever in the file it stands and however often.
    pub fn section(&self, section: Section) -> impl Iterator<Item = &Line<'a>> {
        self.lines.iter().filter(move |(s, _)| *s == section).map(|(_, line)| line)
    }
}

/// Words up to a comment; separated by blanks, tabs or commas; quotes hold blanks together.
fn words(raw: &str) -> Vec<&str> {
    let line = raw.split(';').next().unwrap_or_default();
    let mut out = Vec::new();
    let mut rest = line.trim_start_matches(separator);
    while !rest.is_empty() {
        let (word, after) = if let Some(quoted) = rest.strip_prefix('"') {
            quoted.split_once('"').unwrap_or((quoted, ""))
        } else {
            let end = rest.find(separator).unwrap_or(rest.len());
            rest.split_at(end)
        };
        out.push(word);
        rest = after.trim_start_matches(separator);
    }
    out
}

fn separator(c: char) -> bool {
    c.is_whitespace() || c == ',' || c == '\u{feff}'
}

/// Whether a word begins with another, in capitals or not.
pub fn starts(word: &str, with: &str) -> bool {
    word.get(..with.len()).is_some_and(|w| w.eq_ignore_ascii_case(with))
}

/// A fault in a line: the word it concerns (from 0), a code, what is wrong, what to do.
pub struct Wrong {
    pub word: usize,
    pub code: &'static str,
    pub message: String,
    pub hint: String,
}

pub fn wrong(word: usize, code: &'static str, message: String, hint: &str) -> Wrong {
    Wrong { word, code, message, hint: hint.to_owned() }
}

impl<'a> Line<'a> {
    /// A word that must be there.
    pub fn word(&self, at: usize, what: &str) -> Result<&'a str, Wrong> {
        self.words.get(at).copied().ok_or_else(|| {
            let message = format!("{what} is missing");
            wrong(at, "missing-value", message, "Add it, in the order of the EPANET manual")
        })
    }

    /// A finite number that must be there.
    pub fn number(&self, at: usize, what: &str) -> Result<f64, Wrong> {
        number(self.word(at, what)?).ok_or_else(|| {
            let word = self.words[at];
            let message = format!("{what} is `{word}`, which is no number");
            wrong(at, "not-a-number", message, "Enter a number")
        })
    }

    /// A number above zero.
    pub fn positive(&self, at: usize, what: &str) -> Result<f64, Wrong> {
        let value = self.number(at, what)?;
        if value > 0.0 {
            return Ok(value);
        }
        let message = format!("{what} is {value}");
        Err(wrong(at, "not-positive", message, "Enter a value above zero"))
    }

    /// A number that is not negative.
    pub fn at_least_zero(&self, at: usize, what: &str) -> Result<f64, Wrong> {
        let value = self.number(at, what)?;
        if value >= 0.0 {
            return Ok(value);
        }
        let message = format!("{what} is {value}");
        Err(wrong(at, "negative", message, "Enter zero or a value above it"))
    }

    /// The finding of a fault in this line.
    pub fn finding(&self, fault: Wrong) -> Diagnostic {
        let mut said = Diagnostic::error(fault.code, "", fault.message, fault.hint);
        said.line = Some(self.number);
        said.column = Some(self.column(fault.word));
        said
    }

    /// Column of a word, from 1; behind the line where there is none.
    fn column(&self, word: usize) -> usize {
        let start = |w: &&str| (w.as_ptr() as usize).saturating_sub(self.raw.as_ptr() as usize);
        let bytes = self.words.get(word).map_or(self.raw.len(), start);
        self.raw.get(..bytes).map_or(bytes, |before| before.chars().count()) + 1
    }
}

/// A finite number that takes up the whole word.
pub fn number(word: &str) -> Option<f64> {
    // Names of infinities are no numbers here.
    let plain = word.bytes().all(|b| matches!(b, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E'));
    word.parse().ok().filter(|v: &f64| plain && v.is_finite())
}
