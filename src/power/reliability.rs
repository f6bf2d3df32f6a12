//! Failures and repairs: how often components are out, alone, in series and together
//! (equation W15). Rates are a year, times are hours.
//!
//! It must not know sites.

use crate::units::HOURS_PER_YEAR;

/// Something that fails and is mended.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Component {
    pub failures_per_year: f64,
    /// Mean time from failure to return.
    pub out_h: f64,
}

impl Component {
    /// Hours out of service a year, as long as they are few.
    pub fn out_h_per_year(self) -> f64 {
        self.failures_per_year * self.out_h
    }

    /// Share of time out of service: mean time out over the whole cycle.
    pub fn unavailability_frac(self) -> f64 {
        let cycle = HOURS_PER_YEAR / self.failures_per_year.max(f64::MIN_POSITIVE) + self.out_h;
        self.out_h / cycle
    }

    /// Of several of which each stops the whole: rates add, times are their mean by rate.
    pub fn series(all: &[Self]) -> Self {
        let rate: f64 = all.iter().map(|c| c.failures_per_year).sum();
        let hours: f64 = all.iter().map(|c| c.out_h_per_year()).sum();
        let out_h = if rate > 0.0 { hours / rate } else { 0.0 };
        Self { failures_per_year: rate, out_h }
    }

    /// Both out at the same time: the second fails while the first is mended.
    pub fn overlap(self, other: Self) -> Self {
        let both_h = self.out_h + other.out_h;
        let out_h = if both_h > 0.0 { self.out_h * other.out_h / both_h } else { 0.0 };
        let rate = self.failures_per_year * other.failures_per_year * both_h / HOURS_PER_YEAR;
        Self { failures_per_year: rate, out_h }
    }
}

/// How long machines of a kind are out: a share of failures ends their life, the rest is
/// repaired.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mending {
    pub repair_h: f64,
    /// Share of failures that need another machine.
    pub replace_frac: f64,
    /// Until a spare from the site works, and until a new one is delivered and works.
    pub spare_h: f64,
    pub new_h: f64,
}

impl Mending {
    /// Mean time out.
    pub fn out_h(self, spare: bool) -> f64 {
        let another = if spare { self.spare_h } else { self.new_h };
        (1.0 - self.replace_frac) * self.repair_h + self.replace_frac * another
    }
}
