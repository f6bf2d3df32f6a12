//! Cooling loops: what they carry and what power they take, by outdoor temperature.
//!
//! It must not know tokens or money; the electrical efficiency comes in as a number.

pub mod epanet;
pub mod fluid;
pub mod loops;
pub mod network;
pub mod pipe;
pub mod rejection;
pub mod weather;

use crate::catalog::Catalog;
use crate::site::{CoolingUnit, Hour, Loop};
use rejection::{Machines, Outdoor};

/// A value that a loop needs and the layout or catalogue leaves unknown.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{path} is unknown")]
pub struct Unknown {
    /// Path of the value, in the vocabulary of `--set`.
    pub path: String,
}

/// Mechanical power of a loop over the heat that it carries, by typical hour.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Mechanical {
    /// For heat that arrives in the coolant.
    pub liquid_frac: Vec<f64>,
    /// For heat that arrives in the air and passes through fan walls first.
    pub air_frac: Vec<f64>,
}

/// Heat that a loop can move: the layout's figure, else the lesser of its CDUs
/// and its heat rejection without their spares, MW.
pub fn capacity_mw(cooling: &Loop) -> f64 {
    cooling.heat_mw.unwrap_or_else(|| running_mw(&cooling.cdus).min(running_mw(&cooling.rejection)))
}

/// Heat that groups of machines move without their spares, MW.
pub fn running_mw(units: &[CoolingUnit]) -> f64 {
    units.iter().map(|u| f64::from(u.count.saturating_sub(u.spare)) * u.heat_mw).sum()
}

/// Equation C1: `pump + fan s^3 (1 + q) + q` per MW of heat, with fan speed `s`
/// and trim-chiller power `q` from the outdoor temperature: dry bulb, of towers wet bulb.
///
/// The facility water is `approach` of the CDU colder than the coolant supply;
/// `s = clamp(approach / (T_water - T_outdoor), s_min, 1)`, `q = phi / COP`,
/// `phi = clamp((T_outdoor + approach - T_water) / span, 0, 1)`.
///
/// # Errors
/// A machine's figure or an hour's temperature is unknown.
pub fn mechanical(
    cooling: &Loop,
    hours: &[Hour],
    catalog: &Catalog,
) -> Result<Mechanical, Unknown> {
    let machines = Machines::of(cooling, catalog)?;
    let mut out = Mechanical::default();
    for hour in hours {
        let path = |field: &str| format!("hours.{}.{field}", hour.id);
        let drybulb_c = hour.ambient_c.ok_or_else(|| Unknown { path: path("ambient_c") })?;
        let wetbulb_path = path("wetbulb_c");
        let wetbulb_c = hour.wetbulb_c;
        let share = machines.at(Outdoor { drybulb_c, wetbulb_c, wetbulb_path: &wetbulb_path })?;
        out.liquid_frac.push(share.liquid_frac());
        out.air_frac.push(share.air_heat_frac());
    }
    Ok(out)
}
