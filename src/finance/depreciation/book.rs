//! Book depreciation.

use serde::{Deserialize, Serialize};

/// How the first year counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BookStart {
    /// A full year from the day of service.
    #[default]
    FullYear,
    /// Half a year first, half a year last.
    HalfYear,
}

/// Straight line: `(basis - salvage) / life` each year; a life may end within a year.
///
/// `life_years` above 0, `salvage_frac` of the basis 0 to 1.
pub fn straight_line(basis: f64, life_years: f64, salvage_frac: f64, start: BookStart) -> Vec<f64> {
    let total = basis * (1.0 - salvage_frac);
    let first = match start {
        BookStart::FullYear => 1.0f64.min(life_years),
        BookStart::HalfYear => 0.5f64.min(life_years),
    };
    let mut schedule = vec![total * first / life_years];
    let mut left = life_years - first;
    while left > 1e-12 {
        schedule.push(total * left.min(1.0) / life_years);
        left -= 1.0;
    }
    schedule
}

/// Straight line by month: what falls into months `from..to` counted from service.
pub fn straight_line_months(depreciable: f64, life_months: f64, from: f64, to: f64) -> f64 {
    let within = (to.min(life_months) - from.max(0.0)).max(0.0);
    if life_months > 0.0 { depreciable * within / life_months } else { 0.0 }
}
