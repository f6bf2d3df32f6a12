//! From a layout to its answer: strings catalogue, site, power, cooling and plan together.
//!
//! It must not know files or egui.

pub mod outcome;

pub use outcome::Outcome;
