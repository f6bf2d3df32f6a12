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

/// A loop in the hottest hour that it is built for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AtExtreme {
    /// Mechanical power over heat in the coolant and in the air.
    pub mech_liquid_frac: f64,
    pub mech_air_frac: f64,
    /// Of them, power of the chillers.
    pub chiller_frac: f64,
    /// Heat from the racks that the loop moves with its largest cooler out, MW.
    pub heat_mw: f64,
}

/// Equations C1 and C9 at a temperature. The heat of the chillers is rejected as well, and a loop
/// never moves more than on other days.
///
/// # Errors
/// A machine's figure, or the wet bulb that a tower needs, is unknown.
pub fn at_extreme(
    cooling: &Loop,
    outdoor: Outdoor,
    catalog: &Catalog,
) -> Result<AtExtreme, Unknown> {
    let share = Machines::of(cooling, catalog)?.at(outdoor)?;
    let one_out = one_out_mw(&cooling.rejection) * (1.0 - share.stranded_frac);
    // A loop whose machines are not listed is known by its own figure alone.
    let rejected = if cooling.rejection.is_empty() { f64::INFINITY } else { one_out };
    Ok(AtExtreme {
        mech_liquid_frac: share.liquid_frac(),
        mech_air_frac: share.air_heat_frac(),
        chiller_frac: share.chiller_frac,
        heat_mw: capacity_mw(cooling).min(rejected / (1.0 + share.chiller_frac)),
    })
}

/// Rating of everything installed but the largest machine, MW.
pub fn one_out_mw(units: &[CoolingUnit]) -> f64 {
    let all: f64 = units.iter().map(|u| f64::from(u.count) * u.heat_mw).sum();
    let largest = units.iter().filter(|u| u.count > 0).map(|u| u.heat_mw).fold(0.0, f64::max);
    all - largest
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
