//! Calendar dates and day counts of finance.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A day of the Gregorian calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Date {
    pub year: i32,
    /// 1 to 12.
    pub month: u32,
    /// 1 to 31.
    pub day: u32,
}

/// Whether February has 29 days.
pub fn is_leap(year: i32) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

/// Days of a month (1 to 12).
pub fn days_of_month(year: i32, month: u32) -> u32 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

impl Date {
    /// A date that exists, or nothing.
    pub fn new(year: i32, month: u32, day: u32) -> Option<Self> {
        let real = (1..=12).contains(&month) && (1..=days_of_month(year, month)).contains(&day);
        real.then_some(Self { year, month, day })
    }

    /// Reads `YYYY-MM-DD`.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.trim().splitn(3, '-');
        let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
        if year.len() != 4 || month.len() != 2 || day.len() != 2 {
            return None;
        }
        Self::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
    }

    /// Days since 1970-01-01.
    pub fn day_number(self) -> i64 {
        // Years that start on 1 March: the leap day falls at the end of a year.
        let (year, month) = (i64::from(self.year), i64::from(self.month));
        let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
        let cycle = year.div_euclid(400);
        let of_cycle = year.rem_euclid(400);
        let of_year = (153 * month + 2) / 5 + i64::from(self.day) - 1;
        cycle * 146_097 + of_cycle * 365 + of_cycle / 4 - of_cycle / 100 + of_year - 719_468
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

/// How days become years.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DayCount {
    /// Actual days over 365, also in leap years: what spreadsheets do.
    #[default]
    #[serde(rename = "actual/365")]
    Actual365,
    /// Actual days over 360: money markets.
    #[serde(rename = "actual/360")]
    Actual360,
    /// Days of leap years over 366, others over 365 (ISDA).
    #[serde(rename = "actual/actual")]
    ActualActual,
    /// Months of 30 days, US bond basis.
    #[serde(rename = "30/360")]
    Thirty360,
}

impl DayCount {
    /// Years from `a` to `b`; negative where `b` is earlier.
    pub fn years(self, a: Date, b: Date) -> f64 {
        let days = (b.day_number() - a.day_number()) as f64;
        match self {
            Self::Actual365 => days / 365.0,
            Self::Actual360 => days / 360.0,
            Self::ActualActual => actual_actual(b) - actual_actual(a),
            Self::Thirty360 => {
                let from = a.day.min(30);
                let to = if from == 30 { b.day.min(30) } else { b.day };
                let months =
                    f64::from(b.year - a.year) * 12.0 + f64::from(b.month) - f64::from(a.month);
                (months * 30.0 + f64::from(to) - f64::from(from)) / 360.0
            }
        }
    }
}

/// Position on the axis of calendar years.
fn actual_actual(date: Date) -> f64 {
    let start = Date { year: date.year, month: 1, day: 1 };
    let length = if is_leap(date.year) { 366.0 } else { 365.0 };
    f64::from(date.year) + (date.day_number() - start.day_number()) as f64 / length
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Date {
        Date::parse(text).unwrap()
    }

    #[test]
    fn day_numbers_are_those_of_the_calendar() {
        assert_eq!(date("1970-01-01").day_number(), 0);
        assert_eq!(date("2000-02-29").day_number(), 11_016);
        assert_eq!(date("2100-03-01").day_number() - date("2100-02-28").day_number(), 1);
        assert_eq!(date("1969-12-31").day_number(), -1);
        assert_eq!(Date::parse("2027-02-29"), None);
        assert_eq!(Date::parse("2027-2-9"), None);
    }

    #[test]
    fn day_counts_differ_as_defined() {
        let (a, b) = (date("2028-01-01"), date("2029-01-01"));
        assert_eq!(DayCount::Actual365.years(a, b), 366.0 / 365.0);
        assert_eq!(DayCount::Actual360.years(a, b), 366.0 / 360.0);
        assert_eq!(DayCount::ActualActual.years(a, b), 1.0);
        assert_eq!(DayCount::Thirty360.years(a, b), 1.0);
        assert_eq!(DayCount::Thirty360.years(date("2027-01-31"), date("2027-03-31")), 60.0 / 360.0);
    }
}
