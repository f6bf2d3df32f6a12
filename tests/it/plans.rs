//! Plans against hand calculations, other solvers and brute force.

mod agreement;
mod conflicts;
mod domains;
mod extreme;
mod firmness;
mod physics;
mod posted;
mod purchase;
mod symmetry;
mod values;

use crate::support::{load, root};
use gigasite::site::Site;

/// Ten Vera Rubin racks behind two nodes, and a loop behind a third.
fn one_block() -> Site {
    load(&root().join("tests/data/layouts/one-block.ron"))
}

/// The same layout as text, with parts replaced; each part must be there.
fn one_block_with(parts: &[(&str, &str)]) -> Site {
    let path = root().join("tests/data/layouts/one-block.ron");
    let mut text = std::fs::read_to_string(path).unwrap();
    for (from, to) in parts {
        assert!(text.contains(from), "`{from}` is not in the layout");
        text = text.replace(from, to);
    }
    crate::support::parse(&text)
}

/// Facts of the Vera Rubin rack in the catalogue, written out for hand calculations.
mod rubin {
    /// Max-Q cap and share of the scalable unit's support, MW.
    pub const CAP_MW: f64 = 0.190;
    pub const SUPPORT_MW: f64 = (2.0 * 88.8 + 2.0 * 40.0) / 8.0 / 1e3;
    pub const IT_MW: f64 = CAP_MW + SUPPORT_MW;
    pub const DRAWN_MW: f64 = CAP_MW * 0.88 + SUPPORT_MW;
    pub const IDLE_MW: f64 = 0.038;
    pub const LIVE: f64 = 1.0 - 0.02;
    /// Availability times goodput of inference.
    pub const SELLS: f64 = 0.985 * 0.98;
    pub const AVAILABLE: f64 = 0.985;
    pub const GPUS: f64 = 72.0;
    /// 240 kW all-in at 0.70 M tokens/s per MW.
    pub const HIGH_TOK_S: f64 = 0.240 * 700_000.0;
    /// Price of a rack with its share of the support racks.
    pub const SUPPORT_USD: f64 = (2.0 * 2.184e6 + 2.0 * 312_000.0) / 8.0;
}

/// Mechanical over IT power at an outdoor temperature, by the reference definition:
/// `pump + fan s^3 (1 + q) + q`.
fn mechanical_frac(supply_c: f64, outdoor_c: f64) -> f64 {
    let water = supply_c - 4.0;
    let gap = water - outdoor_c;
    let speed: f64 = if gap <= 8.0 { 1.0 } else { (8.0 / gap).clamp(0.2, 1.0) };
    let chiller = ((outdoor_c + 8.0 - water) / 10.0).clamp(0.0, 1.0) / 5.0;
    0.010 + 0.016 * speed.powi(3) * (1.0 + chiller) + chiller
}

/// Grid over IT power of the layout with one block.
fn grid_per_it(outdoor_c: f64) -> f64 {
    1.0 / (0.99 * 0.98) + mechanical_frac(40.0, outdoor_c) / (0.97 * 0.98)
}
