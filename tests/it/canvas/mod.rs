//! Site plan and economics, driven by accessibility label and by exact gestures.

pub mod demo;
mod economics;
mod plan;
mod speed;
