//! What can go wrong: a figure that is not defined, and input that cannot be meant.

use serde::Serialize;

/// A figure, or the reason why it does not exist. Never infinite, never NaN.
pub type Figure = Result<f64, Undefined>;

/// Why a figure has no value. The text is what a reader sees in its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Undefined {
    #[error("n/a (no flows)")]
    NoFlows,
    #[error("n/a (no sign change)")]
    NoSignChange,
    #[error("n/a (no rate makes the net present value zero)")]
    NoRoot,
    #[error("n/a (several rates make the net present value zero)")]
    Ambiguous,
    #[error("n/a (the outlay is never recovered)")]
    NeverRecovered,
    #[error("n/a (nothing is invested)")]
    NothingInvested,
    #[error("n/a (nothing is produced)")]
    NothingProduced,
    #[error("n/a (no debt)")]
    NoDebt,
    #[error("n/a (less than twelve months of service)")]
    ShortTerm,
    #[error("unknown (not stated)")]
    NotStated,
    #[error("n/a (no price reaches a net present value of zero)")]
    NoPrice,
    #[error("n/a (too large to be expressed)")]
    OutOfRange,
}

/// A finite value, or [`Undefined::OutOfRange`].
pub fn finite(value: f64) -> Figure {
    if value.is_finite() { Ok(value) } else { Err(Undefined::OutOfRange) }
}

/// Input that cannot be meant: the field and what is wrong with it, remedy included.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize)]
#[error("{field}: {problem}")]
pub struct InputError {
    /// Path of the field, as it stands in the input.
    pub field: String,
    pub problem: String,
}

impl InputError {
    pub fn new(field: impl Into<String>, problem: impl Into<String>) -> Self {
        Self { field: field.into(), problem: problem.into() }
    }
}

/// Collects what is wrong with an input, so that all of it is told at once.
#[derive(Debug, Default)]
pub struct Findings(Vec<InputError>);

impl Findings {
    pub fn add(&mut self, field: impl Into<String>, problem: impl Into<String>) {
        self.0.push(InputError::new(field, problem));
    }

    /// Requires a finite number of at least `low` and at most `high`.
    pub fn range(&mut self, field: &str, value: f64, low: f64, high: f64) {
        if !value.is_finite() {
            self.add(field, format!("{value} is not a number; enter a finite one"));
        } else if value < low {
            self.add(field, format!("{value} is below {low}; enter at least {low}"));
        } else if value > high {
            self.add(field, format!("{value} is above {high}; enter at most {high}"));
        }
    }

    /// Requires a finite number that is not negative.
    pub fn amount(&mut self, field: &str, value: f64) {
        self.range(field, value, 0.0, f64::MAX);
    }

    /// Requires a fraction of 0 to 1.
    pub fn share(&mut self, field: &str, value: f64) {
        self.range(field, value, 0.0, 1.0);
    }

    /// Requires a rate above -100 %.
    pub fn rate(&mut self, field: &str, value: f64) {
        self.range(field, value, -0.999_999, 1e6);
    }

    pub fn finish(self) -> Result<(), Vec<InputError>> {
        if self.0.is_empty() { Ok(()) } else { Err(self.0) }
    }
}
