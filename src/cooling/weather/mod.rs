//! The weather of a place over a year: hour by hour from a file, or in bins of the catalogue.
//!
//! It must not know loops or machines.

pub mod epw;
pub mod psychrometrics;

use crate::catalog::{self, WEATHER_BIN_K};
use crate::units::HOURS_PER_YEAR;

/// A share of the year with its temperatures, degrees Celsius.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Part {
    /// Dry bulb: the hours are spread evenly over this span, whose upper end belongs to it. Of
    /// one hour of a file both ends are its temperature.
    pub low_c: f64,
    pub high_c: f64,
    /// Mean dry bulb.
    pub mean_c: f64,
    /// Mean coincident wet bulb; absent is unknown.
    pub wetbulb_c: Option<f64>,
    pub hours: f64,
}

/// Where the parts of a year come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grain {
    /// Each hour of a file.
    Hourly,
    /// Bins of the catalogue.
    Bins,
}

/// The weather of a place.
#[derive(Clone, Debug, PartialEq)]
pub struct Climate {
    pub name: String,
    /// The file or the source of the catalogue.
    pub source: String,
    pub grain: Grain,
    /// The parts of a typical year, from the coldest.
    pub parts: Vec<Part>,
    /// The hours of the year one after the other, from the first of January; empty where only
    /// bins are known.
    pub year: Vec<Part>,
    /// Warmest hour of the typical year.
    pub warmest_c: f64,
    /// Dry bulb that is exceeded once in 20 years, for which capacity is designed; absent is
    /// unknown.
    pub extreme_c: Option<f64>,
}

/// What the catalogue does not know of a place.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{path} is unknown")]
pub struct UnknownWeather {
    pub path: String,
}

impl Part {
    /// One temperature, for so many hours.
    pub fn at(drybulb_c: f64, wetbulb_c: Option<f64>, hours: f64) -> Self {
        Part { low_c: drybulb_c, high_c: drybulb_c, mean_c: drybulb_c, wetbulb_c, hours }
    }

    /// Hours of the part that are warmer than a limit; an hour at the limit is not.
    pub fn hours_above(&self, limit_c: f64) -> f64 {
        let span = self.high_c - self.low_c;
        if span > 0.0 {
            self.hours * ((self.high_c - limit_c) / span).clamp(0.0, 1.0)
        } else if self.high_c > limit_c + ROUNDING_C {
            self.hours
        } else {
            0.0
        }
    }
}

/// Differences of temperature that are rounding, not weather.
const ROUNDING_C: f64 = 1e-9;

impl Climate {
    /// A place of the catalogue: its bins of 1 K where it has them, else those of 2 K.
    ///
    /// # Errors
    /// The warmest hour is unknown.
    pub fn of_catalog(record: &catalog::Weather) -> Result<Self, UnknownWeather> {
        let unknown = || UnknownWeather { path: format!("weather.{}.warmest_c", record.id) };
        let warmest_c = record.warmest_c.get().ok_or_else(unknown)?;
        let fine = record.by_degree_h.iter().map(|(high, hours, mean, wetbulb)| Part {
            low_c: high - 1.0,
            high_c: *high,
            mean_c: *mean,
            wetbulb_c: Some(*wetbulb),
            hours: *hours,
        });
        let coarse = record.drybulb_h.iter().map(|(low, hours)| Part {
            low_c: *low,
            high_c: low + WEATHER_BIN_K,
            mean_c: low + WEATHER_BIN_K / 2.0,
            wetbulb_c: None,
            hours: *hours,
        });
        let parts: Vec<Part> =
            if record.by_degree_h.is_empty() { coarse.collect() } else { fine.collect() };
        Ok(Climate {
            name: record.name.clone(),
            source: record.source.clone(),
            grain: Grain::Bins,
            year: Vec::new(),
            parts: parts.into_iter().filter(|p| p.hours > 0.0).collect(),
            warmest_c,
            extreme_c: record.extreme_20y_c.as_ref().and_then(catalog::Fact::get),
        })
    }

    /// The warmest air of the typical year, beside its bins.
    pub fn warmest(&self) -> Part {
        let wetbulb_c = self.parts.iter().filter_map(|p| p.wetbulb_c).reduce(f64::max);
        Part::at(self.warmest_c, wetbulb_c, 0.0)
    }

    /// Hours of the year that are known; 8,760 or 8,784.
    pub fn hours(&self) -> f64 {
        self.parts.iter().map(|p| p.hours).sum()
    }

    /// Equation C7: hours of the year whose dry bulb is above a limit.
    pub fn hours_above(&self, limit_c: f64) -> f64 {
        self.parts.iter().map(|p| p.hours_above(limit_c)).sum()
    }

    /// Hours whose wet bulb is above a limit; `None` where the wet bulb is unknown.
    pub fn hours_wetbulb_above(&self, limit_c: f64) -> Option<f64> {
        let part = |p: &Part| {
            p.wetbulb_c.map(|wet| if wet > limit_c + ROUNDING_C { p.hours } else { 0.0 })
        };
        self.parts.iter().map(part).sum()
    }

    /// The mean over the year of what a part gives.
    pub fn mean<E>(&self, mut of: impl FnMut(&Part) -> Result<f64, E>) -> Result<f64, E> {
        let mut sum = 0.0;
        for part in &self.parts {
            sum += part.hours * of(part)?;
        }
        Ok(sum / self.hours().max(1.0))
    }

    /// The share of a year of 8,760 h that an hour of this one stands for.
    pub fn per_year_ratio(&self) -> f64 {
        HOURS_PER_YEAR / self.hours().max(1.0)
    }

    /// Bins of 2 K by their lower end, which belongs to the bin: hours by dry bulb and the mean
    /// coincident wet bulb.
    pub fn bins(&self) -> Vec<Bin> {
        let mut bins: Vec<Bin> = Vec::new();
        let low = |p: &Part| (p.mean_c / WEATHER_BIN_K).floor() * WEATHER_BIN_K;
        for part in &self.parts {
            let low_c = low(part);
            let wet = part.wetbulb_c.map(|w| w * part.hours);
            match bins.last_mut().filter(|b| b.low_c == low_c) {
                Some(bin) => {
                    bin.hours += part.hours;
                    bin.wet_sum = bin.wet_sum.zip(wet).map(|(a, b)| a + b);
                }
                None => bins.push(Bin { low_c, hours: part.hours, wet_sum: wet }),
            }
        }
        bins
    }
}

/// A bin of 2 K of [`Climate::bins`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bin {
    pub low_c: f64,
    pub hours: f64,
    wet_sum: Option<f64>,
}

impl Bin {
    /// Mean coincident wet bulb.
    pub fn wetbulb_c(&self) -> Option<f64> {
        self.wet_sum.map(|sum| sum / self.hours)
    }
}
