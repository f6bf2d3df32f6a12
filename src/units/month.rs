//! A calendar month as software dates state it, `2026-07`.

use std::fmt;

/// Months since the start of the calendar; the order is that of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(i32);

impl Month {
    /// Reads `YYYY-MM`; nothing else is a month.
    pub fn parse(text: &str) -> Option<Self> {
        let (year, month) = text.split_once('-')?;
        let number = |part: &str, digits: usize| {
            let plain = part.len() == digits && part.bytes().all(|b| b.is_ascii_digit());
            plain.then(|| part.parse::<i32>().ok()).flatten()
        };
        let (year, month) = (number(year, 4)?, number(month, 2)?);
        (1..=12).contains(&month).then_some(Self(year * 12 + month - 1))
    }

    /// Months from this one to another, negative where that is earlier.
    pub fn until(self, other: Self) -> f64 {
        f64::from(other.0 - self.0)
    }

    /// The month as a plain number, for bars that run over time.
    pub fn number(self) -> f64 {
        f64::from(self.0)
    }

    /// The month that is nearest to a plain number.
    pub fn near(number: f64) -> Self {
        Self(number.round() as i32)
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.0.div_euclid(12), self.0.rem_euclid(12) + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_read_whole_or_not_at_all() {
        let m = Month::parse("2026-01").expect("a month");
        assert_eq!(m.to_string(), "2026-01");
        assert_eq!(Month::parse("2025-10").map(|o| o.until(m)), Some(3.0));
        assert_eq!(Month::near(m.number() - 1.2).to_string(), "2025-12");
        for bad in ["", "2026", "2026-1", "2026-13", "2026-00", "26-01", "2026-01-05", "+026-01"] {
            assert_eq!(Month::parse(bad), None, "{bad}");
        }
    }
}
