//! Quantities as newtypes over f64, their parsing and their form for people.
//!
//! Lowest layer. It must not know what a quantity is used for.

pub mod date;
pub mod format;
pub mod geodesy;
mod length;
mod limit;
pub mod month;
mod quantity;
pub mod words;

pub use length::LengthUnit;
pub use limit::Limit;
pub use quantity::{Celsius, Energy, Flow, Length, Mass, Money, Power, TokenPrice, TokenRate};

/// Seconds in the planning year (365 days), the one meaning of "a year".
pub const SECONDS_PER_YEAR: f64 = 31_536_000.0;
/// Hours in the planning year.
pub const HOURS_PER_YEAR: f64 = 8_760.0;
