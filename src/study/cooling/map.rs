//! PUE by month and hour of the day: the mean of the hours of a weather year.
//!
//! Exact from hourly weather; bins do not tell which hours they hold, so that there is no map of
//! them.

use serde::Serialize;

const MONTHS: usize = 12;
const HOURS: usize = 24;
/// Days of the months of a year of 365 days.
const DAYS: [usize; MONTHS] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
/// February, which has one day more in a leap year.
const FEBRUARY: usize = 1;

/// PUE by month and hour of the day.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PueMap {
    /// Of the loop.
    pub loop_id: String,
    /// Set point.
    pub supply_c: f64,
    /// Mean PUE: 12 months from January, each of 24 hours from midnight, local standard time.
    pub pue_ratio: Vec<Vec<f64>>,
    /// Hours that each cell is the mean of: the days of its month.
    pub days: Vec<usize>,
}

impl PueMap {
    /// From the PUE of each hour of a year or leap year; `None` for anything else.
    pub fn of((loop_id, supply_c): (&str, f64), by_hour: &[f64]) -> Option<Self> {
        let mut days = DAYS.to_vec();
        match by_hour.len() {
            8_760 => {}
            8_784 => days[FEBRUARY] += 1,
            _ => return None,
        }
        let mut hours = by_hour.chunks_exact(HOURS);
        let month = |of: &usize| -> Vec<f64> {
            let mut sum = vec![0.0; HOURS];
            for day in hours.by_ref().take(*of) {
                sum.iter_mut().zip(day).for_each(|(sum, pue)| *sum += pue);
            }
            sum.into_iter().map(|sum| sum / *of as f64).collect()
        };
        let pue_ratio = days.iter().map(month).collect();
        Some(Self { loop_id: loop_id.to_owned(), supply_c, pue_ratio, days })
    }

    /// Month and hour of the greatest mean, both from 0, with it.
    pub fn worst(&self) -> Option<(usize, usize, f64)> {
        let cells = self.pue_ratio.iter().enumerate();
        let cells = cells.flat_map(|(m, row)| row.iter().enumerate().map(move |(h, p)| (m, h, *p)));
        cells.reduce(|a, b| if b.2 > a.2 { b } else { a })
    }
}
