//! Numbers as people type them: comma groups, units, simple arithmetic.

use super::field::{Unit, unit_of_suffix};

/// Why a text is no number for a field. The position counts characters from 1.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ParseError {
    #[error("a number is missing")]
    Empty,
    #[error("\"{text}\" at character {at} is not part of a number")]
    Unexpected { at: usize, text: String },
    #[error("the text ends where a number should follow")]
    EndsEarly,
    #[error(
        "\"{text}\" has a comma in an odd place; write groups of three, and a point for decimals"
    )]
    Group { text: String },
    #[error("\"{unit}\" is not a unit of this field{}", expected(.label))]
    Unit { unit: String, label: &'static str },
    #[error("\"{unit}\" is no unit that is known here")]
    UnknownUnit { unit: String },
    #[error("there is no value yet that could change")]
    NothingToChange,
    #[error("two amounts with a unit cannot be multiplied or divided here")]
    UnitTwice,
    #[error("a bracket is missing or one too many")]
    Bracket,
    #[error("division by zero")]
    DivisionByZero,
    #[error("the number is too large")]
    TooLarge,
}

fn expected(label: &str) -> String {
    if label.is_empty() { ", it has none".to_owned() } else { format!(", which counts in {label}") }
}

/// The value that a person means for a field whose name ends in `unit_suffix`
/// (`mw`, `_kw`, `usd_per_mtok`; empty for plain numbers).
///
/// A number without a unit counts in the unit that the field shows: megawatts
/// for `_mw`, percent for `_frac`. A number with a unit is converted: `2.5 MW`
/// is 2,500 for `_kw`. `+ - * / ( )` work, and in a sum the unit of one part
/// holds for parts without: `1000+20 MW`. The words `unknown` and `unlimited`
/// are no numbers and are left to the caller.
///
/// # Errors
/// [`ParseError`], worded for the person who types.
pub fn parse_number(text: &str, unit_suffix: &str) -> Result<f64, ParseError> {
    parse_in(text, unit_of_suffix(unit_suffix))
}

/// As [`parse_number`], for a unit at hand.
pub(super) fn parse_in(text: &str, unit: Unit) -> Result<f64, ParseError> {
    parse_with_unit(text, unit).map(|(value, _)| value)
}

/// The same, and whether the result has a unit: a ratio of two amounts has none.
pub(super) fn parse_with_unit(text: &str, unit: Unit) -> Result<(f64, bool), ParseError> {
    if text.trim().is_empty() {
        return Err(ParseError::Empty);
    }
    let mut reader = Reader { chars: text.chars().collect(), at: 0, unit };
    let amount = reader.sum(0)?;
    reader.skip_space();
    if let Some(c) = reader.peek() {
        return Err(if c == ')' { ParseError::Bracket } else { reader.unexpected() });
    }
    let entry =
        amount.factor.map_or(amount.value, |factor| unit.family_to_entry(amount.value * factor));
    let value = unit.entry_to_stored(entry);
    let has_unit = amount.factor.is_some();
    if value.is_finite() { Ok((value, has_unit)) } else { Err(ParseError::TooLarge) }
}

/// Brackets within brackets; more is a mistake, and recursion stays shallow.
const DEEPEST: usize = 32;

/// A number, and the unit written behind it as a factor to the family's first.
#[derive(Clone, Copy)]
struct Amount {
    value: f64,
    factor: Option<f64>,
}

impl Amount {
    /// The sum; a part without a unit counts in the unit of the other.
    fn plus(self, other: Self, sign: f64) -> Self {
        let factor = self.factor.or(other.factor);
        let in_it = |amount: Self| match (amount.factor, factor) {
            (Some(own), Some(common)) => amount.value * own / common,
            _ => amount.value,
        };
        Self { value: in_it(self) + sign * in_it(other), factor }
    }

    fn times(self, other: Self) -> Result<Self, ParseError> {
        if self.factor.is_some() && other.factor.is_some() {
            return Err(ParseError::UnitTwice);
        }
        Ok(Self { value: self.value * other.value, factor: self.factor.or(other.factor) })
    }

    fn over(self, other: Self) -> Result<Self, ParseError> {
        if other.value == 0.0 {
            return Err(ParseError::DivisionByZero);
        }
        match (self.factor, other.factor) {
            (Some(own), Some(divisor)) => {
                Ok(Self { value: self.value * own / (other.value * divisor), factor: None })
            }
            (None, Some(_)) => Err(ParseError::UnitTwice),
            (factor, None) => Ok(Self { value: self.value / other.value, factor }),
        }
    }
}

/// Recursive descent over the characters.
struct Reader {
    chars: Vec<char>,
    at: usize,
    unit: Unit,
}

impl Reader {
    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while self.peek().is_some_and(char::is_whitespace) {
            self.at += 1;
        }
    }

    /// Takes the next character that is no space, if it is one of `wanted`.
    fn take(&mut self, wanted: &[char]) -> Option<char> {
        self.skip_space();
        let found = self.peek().filter(|c| wanted.contains(c));
        if found.is_some() {
            self.at += 1;
        }
        found
    }

    /// The error for what stands here.
    fn unexpected(&self) -> ParseError {
        let text = self.word();
        if text.is_empty() {
            return ParseError::EndsEarly;
        }
        ParseError::Unexpected { at: self.at + 1, text }
    }

    /// What stands here up to a space or an operator, one character at least.
    fn word(&self) -> String {
        let rest = self.chars.get(self.at..).unwrap_or_default();
        let len = rest.iter().position(|c| c.is_whitespace() || "+-*/()".contains(*c));
        let len = len.unwrap_or(rest.len()).max(1).min(rest.len());
        rest.iter().take(len).collect()
    }

    fn sum(&mut self, depth: usize) -> Result<Amount, ParseError> {
        let mut total = self.product(depth)?;
        while let Some(sign) = self.take(&['+', '-', super::MINUS]) {
            let next = self.product(depth)?;
            total = total.plus(next, if sign == '+' { 1.0 } else { -1.0 });
        }
        Ok(total)
    }

    fn product(&mut self, depth: usize) -> Result<Amount, ParseError> {
        let mut total = self.signed(depth)?;
        while let Some(sign) = self.take(&['*', '×', '/', '÷']) {
            let next = self.signed(depth)?;
            total =
                if matches!(sign, '*' | '×') { total.times(next)? } else { total.over(next)? };
        }
        Ok(total)
    }

    fn signed(&mut self, depth: usize) -> Result<Amount, ParseError> {
        let mut sign = 1.0;
        while let Some(c) = self.take(&['+', '-', super::MINUS]) {
            if c != '+' {
                sign = -sign;
            }
        }
        let amount = self.atom(depth)?;
        Ok(Amount { value: sign * amount.value, ..amount })
    }

    /// A number or a bracket, and the unit behind it.
    fn atom(&mut self, depth: usize) -> Result<Amount, ParseError> {
        if self.unit.takes_dollar_sign() {
            self.take(&['$']);
        }
        if self.take(&['(']).is_some() {
            if depth == DEEPEST {
                return Err(ParseError::Bracket);
            }
            let inner = self.sum(depth + 1)?;
            if self.take(&[')']).is_none() {
                self.skip_space();
                let at_end = self.peek().is_none();
                return Err(if at_end { ParseError::Bracket } else { self.unexpected() });
            }
            return self.with_unit(inner);
        }
        let value = self.number()?;
        self.with_unit(Amount { value, factor: None })
    }

    /// Digits with comma groups, a point and an exponent.
    fn number(&mut self) -> Result<f64, ParseError> {
        self.skip_space();
        let start = self.at;
        while self.peek().is_some_and(|c| c.is_ascii_digit() || c == ',' || c == '.') {
            self.at += 1;
        }
        if self.at == start {
            return Err(self.unexpected());
        }
        let mut text: String = self.chars.get(start..self.at).unwrap_or_default().iter().collect();
        if !groups_are_sound(&text) {
            return Err(ParseError::Group { text });
        }
        text.retain(|c| c != ',');
        text.push_str(&self.exponent());
        text.parse().map_err(|_| ParseError::Unexpected { at: start + 1, text })
    }

    /// `e6` or `E-3` right behind the digits; nothing where that is not one.
    fn exponent(&mut self) -> String {
        let rest = self.chars.get(self.at..).unwrap_or_default();
        let sign = usize::from(matches!(rest.get(1), Some('+' | '-')));
        let digits = rest.iter().skip(1 + sign).take_while(|c| c.is_ascii_digit()).count();
        if !matches!(rest.first(), Some('e' | 'E')) || digits == 0 {
            return String::new();
        }
        let text = rest.iter().take(1 + sign + digits).collect();
        self.at += 1 + sign + digits;
        text
    }

    /// The amount in the unit that follows, if one does.
    fn with_unit(&mut self, amount: Amount) -> Result<Amount, ParseError> {
        self.skip_space();
        let Some((len, factor, offset)) = self.symbol() else {
            return match self.peek() {
                Some(c) if c.is_alphabetic() || "%°$".contains(c) => {
                    Err(ParseError::Unit { unit: self.word(), label: self.unit.label })
                }
                _ => Ok(amount),
            };
        };
        if amount.factor.is_some() {
            return Err(ParseError::UnitTwice);
        }
        self.at += len;
        if offset == 0.0 {
            return Ok(Amount { factor: Some(factor), ..amount });
        }
        // A temperature has no factor that a sum could share; it is converted at once.
        Ok(Amount { value: amount.value * factor + offset, factor: Some(1.0) })
    }

    /// Length, factor and offset of the longest unit symbol that stands here,
    /// by exact case first: `M` is not `m`.
    fn symbol(&self) -> Option<(usize, f64, f64)> {
        let rest = self.chars.get(self.at..).unwrap_or_default();
        let fits = |symbol: &str, any_case: bool| {
            let len = symbol.chars().count();
            let same = symbol
                .chars()
                .zip(rest)
                .all(|(a, b)| a == *b || (any_case && a.to_lowercase().eq(b.to_lowercase())));
            let ends = !symbol.ends_with(char::is_alphanumeric)
                || !rest.get(len).is_some_and(|c| c.is_alphanumeric());
            len <= rest.len() && same && ends
        };
        let longest = |any_case: bool| {
            self.unit
                .symbols
                .iter()
                .filter(|(symbol, ..)| fits(symbol, any_case))
                .max_by_key(|(symbol, ..)| symbol.chars().count())
                .map(|(symbol, factor, offset)| (symbol.chars().count(), *factor, *offset))
        };
        longest(false).or_else(|| longest(true))
    }
}

/// Whether commas, if any, part the whole digits into groups of three.
fn groups_are_sound(text: &str) -> bool {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if fraction.contains([',', '.']) {
        return false;
    }
    let mut groups = whole.split(',');
    let first = groups.next().unwrap_or_default();
    let rest: Vec<&str> = groups.collect();
    rest.is_empty() || ((1..=3).contains(&first.len()) && rest.iter().all(|group| group.len() == 3))
}
