//! Formulas over names instead of addresses: `[sales]*[price$]/[const:months$]`.
//!
//! | written | means |
//! |---|---|
//! | `[a]` | the named cell, or the line in the same column |
//! | `[a<]`, `[a>]` | the line one period before, after |
//! | `[a$]`, `[a#]` | constant, total of the line |
//! | `[a:]` | the periods of the line |
//! | `[a..b:]` | the periods of all lines from the one to the other |
//! | `[a..b]` | the same column of all lines from the one to the other |
//! | `[a..b$]` | the constants of those lines |
//! | `[a::b]` | the named cells from the one to the other |

use super::book::{Book, CONSTANT, SERIES, TOTAL, absolute, letters, quoted};
use std::collections::HashMap;
use std::fmt::Write;

/// Where a reference points. Rows are fixed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ref {
    pub sheet: usize,
    pub rows: (u32, u32),
    pub columns: Columns,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Columns {
    /// One fixed column.
    At(u16),
    /// As many columns after that of the formula.
    Shift(i32),
    /// From, to.
    Span(u16, u16),
}

#[derive(Clone, Debug, PartialEq)]
pub enum Token {
    Number(f64),
    Text(String),
    Name(String),
    Sign(&'static str),
    Ref(Ref),
}

/// A formula, read once for all columns of its line.
#[derive(Clone, Debug, PartialEq)]
pub struct Formula {
    pub pieces: Vec<Piece>,
    pub expression: Expression,
}

/// Text as it stands in the file, between references.
#[derive(Clone, Debug, PartialEq)]
pub enum Piece {
    Text(String),
    Ref(Ref),
}

#[derive(Clone, Debug, PartialEq)]
pub enum Expression {
    Number(f64),
    Text(String),
    Ref(Ref),
    Negative(Box<Expression>),
    Operation(&'static str, Box<Expression>, Box<Expression>),
    Call(String, Vec<Expression>),
}

/// A formula that cannot be read: a defect of the workbook's builder.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{problem} in {text}")]
pub struct Unreadable {
    pub text: String,
    pub problem: String,
}

/// Where names stand.
#[derive(Debug, Default)]
pub struct Places {
    cells: HashMap<String, (usize, u32, u16)>,
    lines: HashMap<String, (usize, u32)>,
    periods: Vec<usize>,
    sheets: Vec<String>,
    twice: Option<String>,
}

impl Places {
    pub fn of(book: &Book) -> Self {
        let mut places = Self::default();
        for (s, sheet) in book.sheets.iter().enumerate() {
            places.periods.push(sheet.periods);
            places.sheets.push(quoted(&sheet.name));
            for (r, line) in sheet.lines.iter().enumerate() {
                if let Some(key) = &line.key
                    && places.lines.insert(key.clone(), (s, r as u32)).is_some()
                {
                    places.twice = Some(key.clone());
                }
                for cell in &line.cells {
                    if let Some(key) = &cell.key
                        && places.cells.insert(key.clone(), (s, r as u32, cell.column)).is_some()
                    {
                        places.twice = Some(key.clone());
                    }
                }
            }
        }
        places
    }

    /// A name that is given twice.
    pub fn twice(&self) -> Option<&str> {
        self.twice.as_deref()
    }

    /// Sheet, row and column of a named cell.
    pub fn cell(&self, key: &str) -> Option<(usize, u32, u16)> {
        self.cells.get(key).copied()
    }

    /// Sheet and row of a line.
    pub fn line(&self, key: &str) -> Option<(usize, u32)> {
        self.lines.get(key).copied()
    }

    /// Sheet, row and columns of a line's periods.
    pub fn span(&self, key: &str) -> Option<(usize, u32, u16, u16)> {
        let (sheet, row) = self.line(key)?;
        let periods = *self.periods.get(sheet)? as u16;
        Some((sheet, row, SERIES, SERIES + periods.max(1) - 1))
    }

    /// Reads what stands between brackets.
    fn reference(&self, name: &str) -> Option<Ref> {
        if let Some((sheet, row, column)) = self.cell(name) {
            return Some(Ref { sheet, rows: (row, row), columns: Columns::At(column) });
        }
        if let Some((from, to)) = name.split_once("::") {
            let ((sheet, first, left), (_, last, right)) = (self.cell(from)?, self.cell(to)?);
            let columns =
                if left == right { Columns::At(left) } else { Columns::Span(left, right) };
            return Some(Ref { sheet, rows: (first, last), columns });
        }
        if let Some(block) = name.strip_suffix(':') {
            let (from, to) = block.split_once("..").unwrap_or((block, block));
            let ((sheet, first, left, right), (_, last)) = (self.span(from)?, self.line(to)?);
            return Some(Ref { sheet, rows: (first, last), columns: Columns::Span(left, right) });
        }
        let line = |block: &str, columns: Columns| {
            let (from, to) = block.split_once("..").unwrap_or((block, block));
            let ((sheet, first), (_, last)) = (self.line(from)?, self.line(to)?);
            Some(Ref { sheet, rows: (first, last), columns })
        };
        match name.char_indices().next_back() {
            Some((at, '$')) => line(name.get(..at)?, Columns::At(CONSTANT)),
            Some((at, '#')) => line(name.get(..at)?, Columns::At(TOTAL)),
            Some((at, '<')) => line(name.get(..at)?, Columns::Shift(-1)),
            Some((at, '>')) => line(name.get(..at)?, Columns::Shift(1)),
            _ => line(name, Columns::Shift(0)),
        }
    }

    /// Reads a formula.
    ///
    /// # Errors
    /// A name that stands nowhere, or a text that is no formula.
    pub fn read(&self, text: &str) -> Result<Formula, Unreadable> {
        let fail = |problem: String| Unreadable { text: text.to_owned(), problem };
        let (tokens, pieces) = self.tokens(text).map_err(fail)?;
        let mut parser = Parser { tokens: &tokens, at: 0 };
        let expression = parser.comparison().map_err(fail)?;
        if parser.at < tokens.len() {
            return Err(fail(format!("something follows the end ({})", parser.at)));
        }
        Ok(Formula { pieces, expression })
    }

    fn tokens(&self, text: &str) -> Result<(Vec<Token>, Vec<Piece>), String> {
        let (mut tokens, mut pieces) = (Vec::new(), Vec::new());
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            let taken = match c {
                ' ' => 1,
                '[' => {
                    let end = rest.find(']').ok_or("no closing bracket")?;
                    let name = rest.get(1..end).unwrap_or_default();
                    let found = self.reference(name).ok_or(format!("unknown name {name}"))?;
                    tokens.push(Token::Ref(found));
                    pieces.push(Piece::Ref(found));
                    rest = rest.get(end + 1..).unwrap_or_default();
                    continue;
                }
                '"' => {
                    let end = rest.get(1..).and_then(|r| r.find('"')).ok_or("no closing quote")?;
                    tokens.push(Token::Text(rest.get(1..=end).unwrap_or_default().to_owned()));
                    end + 2
                }
                '0'..='9' | '.' => {
                    let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.');
                    let end = end.unwrap_or(rest.len());
                    let number = rest.get(..end).and_then(|n| n.parse().ok());
                    tokens.push(Token::Number(number.ok_or("no number")?));
                    end
                }
                'A'..='Z' => {
                    let end = rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len());
                    tokens.push(Token::Name(rest.get(..end).unwrap_or_default().to_owned()));
                    end
                }
                _ => {
                    let sign = SIGNS.iter().find(|s| rest.starts_with(**s));
                    let sign = *sign.ok_or(format!("no sign {c}"))?;
                    tokens.push(Token::Sign(sign));
                    sign.len()
                }
            };
            let piece = rest.get(..taken).unwrap_or_default();
            match pieces.last_mut() {
                Some(Piece::Text(text)) => text.push_str(piece),
                _ => pieces.push(Piece::Text(piece.to_owned())),
            }
            rest = rest.get(taken..).unwrap_or_default();
        }
        Ok((tokens, pieces))
    }

    /// The formula of a cell as it stands in the file, without the sign of equality.
    pub fn render(&self, formula: &Formula, sheet: usize, column: u16) -> String {
        let mut text = String::with_capacity(64);
        for piece in &formula.pieces {
            match piece {
                Piece::Text(part) => text.push_str(part),
                Piece::Ref(r) => self.address(&mut text, *r, sheet, column),
            }
        }
        text
    }

    fn address(&self, text: &mut String, r: Ref, sheet: usize, column: u16) {
        if r.sheet != sheet
            && let Some(name) = self.sheets.get(r.sheet)
        {
            text.push_str(name);
            text.push('!');
        }
        let (first, last) = r.rows;
        // Writing to a string does not fail.
        let _ = match r.columns {
            Columns::Shift(by) => {
                let shifted = (i32::from(column) + by).max(0) as u16;
                let letters = letters(shifted);
                match first == last {
                    true => write!(text, "{letters}${}", first + 1),
                    false => write!(text, "{letters}${}:{letters}${}", first + 1, last + 1),
                }
            }
            Columns::At(at) if first == last => write!(text, "{}", absolute(first, at)),
            Columns::At(at) => write!(text, "{}:{}", absolute(first, at), absolute(last, at)),
            Columns::Span(from, to) => {
                write!(text, "{}:{}", absolute(first, from), absolute(last, to))
            }
        };
    }
}

/// Longest first.
const SIGNS: [&str; 14] = ["<=", ">=", "<>", "+", "-", "*", "/", "^", "=", "<", ">", "(", ")", ","];

struct Parser<'a> {
    tokens: &'a [Token],
    at: usize,
}

impl Parser<'_> {
    fn sign(&self) -> Option<&'static str> {
        match self.tokens.get(self.at) {
            Some(Token::Sign(sign)) => Some(sign),
            _ => None,
        }
    }

    /// Left-associative operations of one rank.
    fn rank(
        &mut self,
        signs: &[&str],
        below: fn(&mut Self) -> Result<Expression, String>,
    ) -> Result<Expression, String> {
        let mut left = below(self)?;
        while let Some(sign) = self.sign().filter(|s| signs.contains(s)) {
            self.at += 1;
            let right = below(self)?;
            left = Expression::Operation(sign, Box::new(left), Box::new(right));
        }
        Ok(left)
    }

    fn comparison(&mut self) -> Result<Expression, String> {
        self.rank(&["=", "<>", "<", ">", "<=", ">="], Self::sum)
    }

    fn sum(&mut self) -> Result<Expression, String> {
        self.rank(&["+", "-"], Self::product)
    }

    fn product(&mut self) -> Result<Expression, String> {
        self.rank(&["*", "/"], Self::power)
    }

    fn power(&mut self) -> Result<Expression, String> {
        self.rank(&["^"], Self::negative)
    }

    /// A sign of a number binds before a power, as in spreadsheets.
    fn negative(&mut self) -> Result<Expression, String> {
        if self.sign() == Some("-") {
            self.at += 1;
            return Ok(Expression::Negative(Box::new(self.negative()?)));
        }
        self.atom()
    }

    fn atom(&mut self) -> Result<Expression, String> {
        let token = self.tokens.get(self.at).cloned().ok_or("the end comes too early")?;
        self.at += 1;
        match token {
            Token::Number(n) => Ok(Expression::Number(n)),
            Token::Text(t) => Ok(Expression::Text(t)),
            Token::Ref(r) => Ok(Expression::Ref(r)),
            Token::Sign("(") => {
                let inner = self.comparison()?;
                self.demand(")")?;
                Ok(inner)
            }
            Token::Name(name) => {
                self.demand("(")?;
                let mut arguments = vec![self.comparison()?];
                while self.sign() == Some(",") {
                    self.at += 1;
                    arguments.push(self.comparison()?);
                }
                self.demand(")")?;
                Ok(Expression::Call(name, arguments))
            }
            Token::Sign(sign) => Err(format!("unexpected {sign}")),
        }
    }

    fn demand(&mut self, sign: &str) -> Result<(), String> {
        if self.sign() == Some(sign) {
            self.at += 1;
            return Ok(());
        }
        Err(format!("{sign} is missing"))
    }
}
