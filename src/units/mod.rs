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
/// Heat that evaporates 1 kg of water at 35 degrees Celsius (IAPWS-IF97 steam tables), MJ/kg.
pub const LATENT_HEAT_MJ_KG: f64 = 2.418;
/// Hours in the planning year.
pub const HOURS_PER_YEAR: f64 = 8_760.0;
