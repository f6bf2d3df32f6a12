//! Reader of LP text: linear objective, constraints with ranges, bounds, whole numbers.
//!
//! It must not open files. Errors name the line. Quadratic terms, indicator constraints,
//! semi-continuous columns and special ordered sets are refused by name.

use std::collections::BTreeMap;

use crate::plan::lp::{LinearModel, NamedModel};

/// Bounds from here on are no bounds.
const INFINITE: f64 = 1e20;

#[derive(Clone, Debug, PartialEq)]
enum Kind {
    Number(f64),
    Name(String),
    Plus,
    Minus,
    Times,
    Colon,
    Relation(Relation),
    /// A bracket, a power or a division.
    Quadratic,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Relation {
    Less,
    Equal,
    Greater,
}

#[derive(Clone, Debug)]
struct Token {
    kind: Kind,
    line: usize,
    first: bool,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Section {
    Maximise,
    Minimise,
    Constraints,
    Bounds,
    General,
    Binary,
    SemiContinuous,
    Sets,
    End,
}

/// Reads LP text. The error is a sentence with the line.
pub(super) fn parse(text: &str) -> Result<NamedModel, String> {
    let mut reader = Reader { tokens: tokens(text)?, at: 0, ..Reader::default() };
    reader.model.row_start.push(0);
    let mut named = reader.file()?;
    let integer = &mut named.model.integer;
    if integer.iter().any(|i| *i) {
        integer.resize(named.model.cost.len(), false);
    } else {
        integer.clear();
    }
    Ok(named)
}

fn tokens(text: &str) -> Result<Vec<Token>, String> {
    let mut all = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let mut rest = line.split('\\').next().unwrap_or_default();
        let mut first = true;
        loop {
            rest = rest.trim_start();
            let Some(c) = rest.chars().next() else { break };
            let (kind, used) = match c {
                '+' => (Kind::Plus, 1),
                '-' => (Kind::Minus, 1),
                '*' => (Kind::Times, 1),
                ':' => (Kind::Colon, 1),
                '[' | ']' | '^' | '/' => (Kind::Quadratic, 1),
                '<' | '>' | '=' => relation(rest),
                '0'..='9' | '.' => {
                    let used = numeric_prefix(rest);
                    match rest[..used].parse() {
                        Ok(v) => (Kind::Number(v), used),
                        Err(_) => {
                            return Err(format!("line {}: `{rest}` is no number", number + 1));
                        }
                    }
                }
                c if part_of_name(c) => {
                    let used = rest.find(|c| !part_of_name(c)).unwrap_or(rest.len());
                    (Kind::Name(rest[..used].to_owned()), used)
                }
                c => return Err(format!("line {}: unexpected `{c}`", number + 1)),
            };
            all.push(Token { kind, line: number + 1, first });
            first = false;
            rest = &rest[used..];
        }
    }
    Ok(all)
}

/// `<`, `<=`, `=<` and their like; strict relations are not meant strictly.
fn relation(text: &str) -> (Kind, usize) {
    let used = text.find(|c| !matches!(c, '<' | '>' | '=')).unwrap_or(text.len()).min(2);
    let relation = match &text[..used] {
        s if s.contains('<') && !s.contains('>') => Relation::Less,
        s if s.contains('>') && !s.contains('<') => Relation::Greater,
        _ => Relation::Equal,
    };
    (Kind::Relation(relation), used)
}

fn part_of_name(c: char) -> bool {
    c.is_alphanumeric() || "!\"#$%&(),.;?@_'`{}~|".contains(c)
}

/// Bytes of the number that `text` starts with; `3x` is 3 times x, `2e1x` 20 times x.
fn numeric_prefix(text: &str) -> usize {
    let bytes = text.as_bytes();
    let digits = |from: usize| {
        bytes[from..].iter().position(|b| !b.is_ascii_digit()).map_or(bytes.len(), |n| from + n)
    };
    let mut end = digits(0);
    if bytes.get(end) == Some(&b'.') {
        end = digits(end + 1);
    }
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
        if bytes.get(end + 1 + sign).is_some_and(u8::is_ascii_digit) {
            end = digits(end + 1 + sign);
        }
    }
    end
}

fn is_infinity(name: &str) -> bool {
    name.eq_ignore_ascii_case("inf") || name.eq_ignore_ascii_case("infinity")
}

/// Terms of a row or the objective, and its constant.
#[derive(Default)]
struct Sum {
    terms: BTreeMap<usize, f64>,
    constant: f64,
}

#[derive(Default)]
struct Reader {
    tokens: Vec<Token>,
    at: usize,
    model: LinearModel,
    columns: BTreeMap<String, usize>,
    col_names: Vec<String>,
    row_names: Vec<String>,
    objective_name: String,
}

impl Reader {
    fn kind(&self, ahead: usize) -> Option<&Kind> {
        self.tokens.get(self.at + ahead).map(|t| &t.kind)
    }

    fn error<T>(&self, what: &str) -> Result<T, String> {
        let line = self.tokens.get(self.at).or(self.tokens.last()).map_or(1, |t| t.line);
        Err(format!("line {line}: {what}"))
    }

    fn file(mut self) -> Result<NamedModel, String> {
        match self.section() {
            Some((section @ (Section::Maximise | Section::Minimise), used)) => {
                self.at += used;
                self.model.maximise = section == Section::Maximise;
            }
            _ => return self.error("an LP file starts with Maximize or Minimize"),
        }
        self.objective_name = self.label().unwrap_or_else(|| "obj".into());
        let sum = self.sum()?;
        self.model.offset = sum.constant;
        for (column, cost) in sum.terms {
            self.model.cost[column] = cost;
        }
        while self.at < self.tokens.len() {
            let Some((section, used)) = self.section() else {
                return self.error("a section such as Subject To, Bounds or End was expected here");
            };
            self.at += used;
            match section {
                Section::Constraints => self.until_section(Self::constraint)?,
                Section::Bounds => self.until_section(Self::bound)?,
                Section::General => self.until_section(|r| r.whole(false))?,
                Section::Binary => self.until_section(|r| r.whole(true))?,
                Section::SemiContinuous => {
                    self.until_section(|r| r.error("semi-continuous columns are not supported"))?
                }
                Section::Sets => {
                    self.until_section(|r| r.error("special ordered sets are not supported"))?
                }
                Section::Maximise | Section::Minimise => return self.error("a second objective"),
                Section::End => break,
            }
        }
        Ok(NamedModel {
            model: self.model,
            row_names: self.row_names,
            col_names: self.col_names,
            objective_name: self.objective_name,
        })
    }

    fn until_section(
        &mut self,
        mut one: impl FnMut(&mut Self) -> Result<(), String>,
    ) -> Result<(), String> {
        while self.at < self.tokens.len() && self.section().is_none() {
            one(self)?;
        }
        Ok(())
    }

    /// The section that a keyword here opens, and its tokens. A name before a colon is a
    /// label whatever it says.
    fn section(&self) -> Option<(Section, usize)> {
        let word = |ahead: usize| match self.kind(ahead) {
            Some(Kind::Name(n)) => n.to_ascii_lowercase(),
            _ => String::new(),
        };
        if self.kind(1) == Some(&Kind::Colon) {
            return None;
        }
        let section = match (word(0).as_str(), word(1).as_str()) {
            ("subject", "to") | ("such", "that") => return Some((Section::Constraints, 2)),
            ("lazy", "constraints") => return Some((Section::Constraints, 2)),
            ("semi", "") if self.kind(1) == Some(&Kind::Minus) => {
                return Some((Section::SemiContinuous, 3));
            }
            ("max" | "maximize" | "maximise" | "maximum", _) => Section::Maximise,
            ("min" | "minimize" | "minimise" | "minimum", _) => Section::Minimise,
            ("st" | "s.t." | "st.", _) => Section::Constraints,
            ("bounds" | "bound", _) => Section::Bounds,
            _ if self.continues(1) => return None,
            ("general" | "generals" | "gen" | "integer" | "integers" | "int", _) => {
                Section::General
            }
            ("binary" | "binaries" | "bin", _) => Section::Binary,
            ("semi" | "semis", _) => Section::SemiContinuous,
            ("sos" | "sos1" | "sos2", _) => Section::Sets,
            ("end", _) => Section::End,
            _ => return None,
        };
        Some((section, 1))
    }

    /// Whether the token there can only follow a column: whoever calls one `gen` means it.
    fn continues(&self, ahead: usize) -> bool {
        matches!(
            self.kind(ahead),
            Some(Kind::Plus | Kind::Minus | Kind::Times | Kind::Relation(_) | Kind::Quadratic)
        )
    }

    /// `name:` before a row or the objective.
    fn label(&mut self) -> Option<String> {
        if self.kind(1) != Some(&Kind::Colon) {
            return None;
        }
        let label = match self.kind(0)? {
            Kind::Name(name) => name.clone(),
            Kind::Number(v) => format!("{v}"),
            _ => return None,
        };
        self.at += 2;
        Some(label)
    }

    fn column(&mut self, name: &str) -> usize {
        if let Some(column) = self.columns.get(name) {
            return *column;
        }
        let column = self.model.add_column(0.0, 0.0, f64::INFINITY);
        self.model.integer.push(false);
        self.columns.insert(name.to_owned(), column);
        self.col_names.push(name.to_owned());
        column
    }

    /// Signs here, as a factor, if any.
    fn signs(&mut self) -> Option<f64> {
        let mut factor = None;
        loop {
            match self.kind(0) {
                Some(Kind::Plus) => factor = Some(factor.unwrap_or(1.0)),
                Some(Kind::Minus) => factor = Some(-factor.unwrap_or(1.0)),
                _ => return factor,
            }
            self.at += 1;
        }
    }

    /// Terms as far as they go: after the first, each starts with a sign.
    fn sum(&mut self) -> Result<Sum, String> {
        let mut sum = Sum::default();
        let mut started = false;
        loop {
            if self.section().is_some() && !self.mid_term() {
                return Ok(sum);
            }
            let sign = match self.signs() {
                Some(sign) => sign,
                // A row without columns.
                None if !started && matches!(self.kind(0), Some(Kind::Relation(_))) => {
                    return Ok(sum);
                }
                None if !started => 1.0,
                None => return Ok(sum),
            };
            started = true;
            match self.kind(0).cloned() {
                Some(Kind::Number(v)) => {
                    self.at += 1;
                    let times = self.kind(0) == Some(&Kind::Times);
                    self.at += usize::from(times);
                    match self.kind(0).cloned() {
                        Some(Kind::Name(name)) if times || self.is_variable() => {
                            self.at += 1;
                            let column = self.column(&name);
                            *sum.terms.entry(column).or_default() += sign * v;
                        }
                        _ if times => return self.error("a column name was expected after `*`"),
                        Some(Kind::Quadratic) => return self.quadratic(),
                        _ => sum.constant += sign * v,
                    }
                }
                Some(Kind::Name(name)) if is_infinity(&name) => {
                    self.at += 1;
                    sum.constant += sign * f64::INFINITY;
                }
                Some(Kind::Name(name)) => {
                    self.at += 1;
                    let column = self.column(&name);
                    *sum.terms.entry(column).or_default() += sign;
                }
                Some(Kind::Quadratic) => return self.quadratic(),
                Some(Kind::Relation(_)) if self.tokens[self.at - 1].kind == Kind::Minus => {
                    return self.error("indicator constraints are not supported");
                }
                _ => return self.error("a term was expected here"),
            }
            if self.kind(0) == Some(&Kind::Quadratic) {
                return self.quadratic();
            }
        }
    }

    fn quadratic<T>(&self) -> Result<T, String> {
        self.error("quadratic terms are not supported")
    }

    /// Whether a sign or factor before this token wants a name, keyword or not.
    fn mid_term(&self) -> bool {
        let before = self.at.checked_sub(1).and_then(|i| self.tokens.get(i));
        let here = self.tokens.get(self.at);
        matches!((before, here), (Some(b), Some(h))
            if !h.first && matches!(b.kind, Kind::Plus | Kind::Minus | Kind::Times))
    }

    /// Whether the name after a number is a column: `3 gen` is, a keyword on a new line not,
    /// and neither is a label.
    fn is_variable(&self) -> bool {
        let new_line = self.tokens.get(self.at).is_some_and(|t| t.first);
        self.kind(1) != Some(&Kind::Colon)
            && !(self.section().is_some() && (new_line || self.section().is_some_and(|s| s.1 == 2)))
    }

    fn relation(&mut self) -> Option<Relation> {
        let Some(Kind::Relation(relation)) = self.kind(0) else { return None };
        let relation = *relation;
        self.at += 1;
        Some(relation)
    }

    /// A signed number, or infinity.
    fn number(&mut self) -> Result<f64, String> {
        let sign = self.signs().unwrap_or(1.0);
        let value = match self.kind(0) {
            Some(Kind::Number(v)) => *v,
            Some(Kind::Name(n)) if is_infinity(n) => f64::INFINITY,
            _ => return self.error("a number was expected here"),
        };
        self.at += 1;
        let value = sign * value;
        Ok(if value.abs() >= INFINITE { value.signum() * f64::INFINITY } else { value })
    }

    fn constraint(&mut self) -> Result<(), String> {
        let label = self.label();
        let start = self.at;
        let left = self.sum()?;
        let Some(first) = self.relation() else {
            return self.error("a constraint needs <=, >= or = and a number");
        };
        let (mut lower, mut upper) = (f64::NEG_INFINITY, f64::INFINITY);
        let mut limit = |relation: Relation, bound: f64| match relation {
            Relation::Less => upper = upper.min(bound),
            Relation::Greater => lower = lower.max(bound),
            Relation::Equal => (lower, upper) = (bound, bound),
        };
        let sum = if left.terms.is_empty() {
            // `number <= terms`, and perhaps `<= number`.
            let middle = self.sum()?;
            let turned = match first {
                Relation::Less => Relation::Greater,
                Relation::Equal => Relation::Equal,
                Relation::Greater => Relation::Less,
            };
            limit(turned, left.constant - middle.constant);
            if let Some(second) = self.relation() {
                limit(second, self.number()? - middle.constant);
            }
            middle
        } else {
            let bound = self.number()?;
            limit(first, bound - left.constant);
            left
        };
        if lower.is_nan() || upper.is_nan() || lower == f64::INFINITY || upper == f64::NEG_INFINITY
        {
            self.at = start;
            return self.error("an infinite bound on the wrong side");
        }
        let row = self.model.add_row(lower, upper, sum.terms);
        self.row_names.push(label.unwrap_or_else(|| format!("R{}", row + 1)));
        Ok(())
    }

    fn bound(&mut self) -> Result<(), String> {
        let left = match self.kind(0) {
            Some(Kind::Name(n)) if !is_infinity(n) => None,
            _ => {
                let value = self.number()?;
                let Some(relation) = self.relation() else {
                    return self.error("a bound needs <=, >= or =");
                };
                Some((value, relation))
            }
        };
        let Some(Kind::Name(name)) = self.kind(0).cloned() else {
            return self.error("a column name was expected here");
        };
        self.at += 1;
        let column = self.column(&name);
        match left {
            Some((value, Relation::Less)) => self.limit(column, Relation::Greater, value),
            Some((value, Relation::Greater)) => self.limit(column, Relation::Less, value),
            Some((value, Relation::Equal)) => self.limit(column, Relation::Equal, value),
            None => match self.kind(0) {
                Some(Kind::Name(n)) if n.eq_ignore_ascii_case("free") => {
                    self.at += 1;
                    self.limit(column, Relation::Greater, f64::NEG_INFINITY);
                    self.limit(column, Relation::Less, f64::INFINITY);
                    return Ok(());
                }
                Some(Kind::Relation(_)) => {}
                _ => return self.error("a bound needs <=, >=, = or free"),
            },
        }
        if let Some(relation) = self.relation() {
            let value = self.number()?;
            self.limit(column, relation, value);
        }
        Ok(())
    }

    fn limit(&mut self, column: usize, relation: Relation, value: f64) {
        if relation != Relation::Greater {
            self.model.col_upper[column] = value;
        }
        if relation != Relation::Less {
            self.model.col_lower[column] = value;
        }
    }

    fn whole(&mut self, binary: bool) -> Result<(), String> {
        let Some(Kind::Name(name)) = self.kind(0).cloned() else {
            return self.error("a column name was expected here");
        };
        self.at += 1;
        let column = self.column(&name);
        self.model.integer[column] = true;
        if binary && self.model.col_upper[column] == f64::INFINITY {
            self.model.col_upper[column] = 1.0;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_the_grammar_is_understood() {
        let text = "\\ a comment\nMAXIMIZE\n profit: 3x + 2 * y - 0.5e1 z\n  + 4 + w\nsubject to\n\
                    c1: x + y - z < 10\n c2: -2 <= x - y <= 8\n x + 3 >= 1 \\ unnamed\n\
                    end: 2 x + x =< 30\n 5 => y\nbounds\n x <= 40\n -inf <= z <= 3\n y free\n \
                    2 <= w\n w <= 1e30\n v = 3\ngenerals\n x\nbinary\n b\nEND\n";
        let n = parse(text).unwrap();
        let m = &n.model;
        assert_eq!(n.objective_name, "profit");
        assert_eq!(n.col_names, ["x", "y", "z", "w", "v", "b"]);
        assert_eq!(n.row_names, ["c1", "c2", "R3", "end", "R5"]);
        assert!(m.maximise);
        assert_eq!(m.offset, 4.0);
        assert_eq!(m.cost, [3.0, 2.0, -5.0, 1.0, 0.0, 0.0]);
        let inf = f64::INFINITY;
        assert_eq!(m.row_lower, [-inf, -2.0, -2.0, -inf, -inf]);
        assert_eq!(m.row_upper, [10.0, 8.0, inf, 30.0, 5.0]);
        assert_eq!(m.row(3).collect::<Vec<_>>(), [(0, 3.0)]);
        assert_eq!(m.col_lower, [0.0, -inf, -inf, 2.0, 3.0, 0.0]);
        assert_eq!(m.col_upper, [40.0, inf, 3.0, inf, 3.0, 1.0]);
        assert_eq!(m.integer, [true, false, false, false, false, true]);
        assert_eq!(m.defect(), None);
    }

    #[test]
    fn a_keyword_can_be_a_column_inside_a_term() {
        let n = parse("min 3 gen + bin\nst gen + 2 bin >= 4\nend").unwrap();
        assert_eq!(n.col_names, ["gen", "bin"]);
        let n = parse("Minimize a subject to a >= 1 bounds a <= 7").unwrap();
        assert_eq!((n.model.row_lower[0], n.model.col_upper[0]), (1.0, 7.0));
    }

    #[test]
    fn errors_name_the_line_and_the_reason() {
        for (text, line, reason) in [
            ("blah blah", 1, "Maximize or Minimize"),
            ("min x\nst\n x + y\n", 3, "<="),
            ("min x\nst\n = \n", 3, "expected"),
            ("min x\nst\n x >= y\n", 3, "number"),
            ("min [ x ^ 2 ] / 2\nst x >= 1", 1, "quadratic"),
            ("min x\nst\n c: b = 1 -> x >= 1", 3, "indicator"),
            ("min x\nst\n x >= 1\nbounds\n x <= \n", 5, "number"),
            ("min x\nst\n x >= 1\nbounds\n x\n", 5, "bound"),
            ("min x\nst x >= 1\nsemi-continuous\n x", 4, "semi-continuous"),
            ("min x\nst x >= 1\nsos\n x", 4, "special ordered"),
            ("min x\nst\n 3 § x >= 1\n", 3, "§"),
            ("min 3 *\nst x >= 1\n", 2, "expected"),
            ("min x\nst x >= inf\n", 2, "infinite"),
        ] {
            let error = parse(text).unwrap_err();
            assert!(error.contains(reason), "{text:?}: {error}");
            assert!(error.starts_with(&format!("line {line}:")), "{text:?}: {error}");
        }
    }
}
