//! Cooling loops: what they carry and what power they take, by outdoor temperature.
//!
//! It must not know tokens or money; the electrical efficiency comes in as a number.

use crate::catalog::{Catalog, Equipment, Fact};
use crate::site::{Hour, Loop};

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
    let sum = |units: &[crate::site::CoolingUnit]| -> f64 {
        units.iter().map(|u| f64::from(u.count.saturating_sub(u.spare)) * u.heat_mw).sum()
    };
    cooling.heat_mw.unwrap_or_else(|| sum(&cooling.cdus).min(sum(&cooling.rejection)))
}

/// Equation C1: `pump + fan s^3 (1 + q) + q` per MW of heat, with fan speed `s`
/// and trim-chiller power `q` from the outdoor temperature.
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
    let cdu = cooling.cdus.first().map_or("", |u| u.equipment.as_str());
    let pump = fact(catalog, cdu, "pump_frac", |e| e.pump_frac.as_ref())?;
    let approach_cdu = fact(catalog, cdu, "approach_c", |e| e.approach_c.as_ref())?;
    let air = match &cooling.air {
        Some(id) => fact(catalog, id, "fan_frac", |e| e.fan_frac.as_ref())?,
        None => 0.0,
    };
    let installed: f64 = cooling.rejection.iter().map(|u| f64::from(u.count) * u.heat_mw).sum();
    let mut out = Mechanical::default();
    for hour in hours {
        let outdoor = hour
            .ambient_c
            .ok_or_else(|| Unknown { path: format!("hours.{}.ambient_c", hour.id) })?;
        let water = cooling.supply_c - approach_cdu;
        let mut rejection = 0.0;
        for unit in &cooling.rejection {
            let share = f64::from(unit.count) * unit.heat_mw / installed.max(1e-9);
            rejection += share * rejection_frac(catalog, &unit.equipment, water, outdoor)?;
        }
        out.liquid_frac.push(pump + rejection);
        out.air_frac.push(pump + rejection + air);
    }
    Ok(out)
}

/// Fan and trim-chiller power per MW of heat of one kind of machine.
fn rejection_frac(
    catalog: &Catalog,
    id: &str,
    water_c: f64,
    outdoor_c: f64,
) -> Result<f64, Unknown> {
    let fan = fact(catalog, id, "fan_frac", |e| e.fan_frac.as_ref())?;
    let approach = fact(catalog, id, "approach_c", |e| e.approach_c.as_ref())?;
    let cop = fact(catalog, id, "cop", |e| e.cop.as_ref())?;
    let least = fact(catalog, id, "min_speed_frac", |e| e.min_speed_frac.as_ref())?;
    let span = fact(catalog, id, "trim_span_c", |e| e.trim_span_c.as_ref())?;
    let gap = water_c - outdoor_c;
    let speed = if gap <= approach { 1.0 } else { (approach / gap).clamp(least, 1.0) };
    let trim = ((outdoor_c + approach - water_c) / span).clamp(0.0, 1.0) / cop;
    Ok(fan * speed.powi(3) * (1.0 + trim) + trim)
}

fn fact(
    catalog: &Catalog,
    id: &str,
    field: &str,
    of: fn(&Equipment) -> Option<&Fact>,
) -> Result<f64, Unknown> {
    catalog
        .equipment
        .get(id)
        .and_then(of)
        .and_then(Fact::get)
        .ok_or_else(|| Unknown { path: format!("equipment.{id}.{field}") })
}
