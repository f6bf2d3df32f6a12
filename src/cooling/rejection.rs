//! Heat rejection by outdoor temperature: fans, trim chillers, towers and their water; PUE.
//!
//! It must not know tokens or money; the electrical efficiency comes in as a number.

use super::Unknown;
use crate::catalog::{Catalog, Equipment, Fact};
use crate::site::Loop;
use crate::units::LATENT_HEAT_MJ_KG;

/// The air that heat goes to, degrees Celsius.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Outdoor<'a> {
    pub drybulb_c: f64,
    /// Needed by towers alone.
    pub wetbulb_c: Option<f64>,
    /// Path of the wet bulb, said where it is unknown.
    pub wetbulb_path: &'a str,
}

/// Figures of one kind of machine that rejects heat.
#[derive(Clone, Debug, PartialEq)]
pub struct Rejector {
    /// Fan power at full speed over heat rejected.
    pub fan_frac: f64,
    /// Air to facility water at design load: dry bulb, or wet bulb of a tower.
    pub approach_c: f64,
    /// Least fan speed over full speed.
    pub least_speed_frac: f64,
    /// Absent where no chiller stands behind the machine.
    pub trim: Option<Trim>,
    /// Present for towers.
    pub water: Option<Water>,
}

/// A chiller that takes over as the air gets too warm.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Trim {
    /// Rise of the air over which it takes the whole load.
    pub span_c: f64,
    pub cop_ratio: f64,
}

/// Water that a tower uses.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Water {
    /// All of it, over heat rejected.
    pub l_per_kwh: f64,
    /// Concentration of salts in the tower over that of what is added.
    pub cycles_ratio: f64,
}

impl Water {
    /// Share that is drained to keep the concentration.
    pub fn blowdown_l_per_kwh(&self) -> f64 {
        self.l_per_kwh / self.cycles_ratio
    }

    pub fn evaporation_l_per_kwh(&self) -> f64 {
        self.l_per_kwh - self.blowdown_l_per_kwh()
    }

    /// Evaporation that would take all of the heat, L/kWh.
    pub fn most_l_per_kwh() -> f64 {
        3.6 / LATENT_HEAT_MJ_KG
    }

    /// Whether more is said to evaporate than heat can evaporate.
    pub fn is_impossible(&self) -> bool {
        self.evaporation_l_per_kwh() > Self::most_l_per_kwh() || self.cycles_ratio <= 1.0
    }
}

/// Mechanical power over heat, at one state of the air.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Share {
    pub pump_frac: f64,
    /// Fans of the heat rejection.
    pub fan_frac: f64,
    pub chiller_frac: f64,
    /// Fans of the hall, over the heat that arrives in its air.
    pub air_frac: f64,
    /// Share of the heat that chillers take.
    pub chilled_frac: f64,
    /// Share of the heat that finds no way out at the set point, for want of a chiller.
    pub stranded_frac: f64,
    /// Water over heat, L/kWh.
    pub water_l_per_kwh: f64,
}

impl Share {
    /// Of heat that arrives in the coolant.
    pub fn liquid_frac(&self) -> f64 {
        self.pump_frac + self.fan_frac + self.chiller_frac
    }

    /// Of heat that arrives in the air and passes through fan walls first.
    pub fn air_heat_frac(&self) -> f64 {
        self.liquid_frac() + self.air_frac
    }
}

/// The figures of a loop's machines.
#[derive(Clone, Debug, PartialEq)]
pub struct Machines {
    pub pump_frac: f64,
    pub cdu_approach_c: f64,
    pub air_fan_frac: f64,
    /// Kinds of heat rejection with their share of the installed capacity.
    pub rejectors: Vec<(f64, Rejector)>,
    /// Coolant supply to the racks, degrees Celsius.
    pub supply_c: f64,
}

impl Machines {
    /// The machines of a loop, with the figures of the catalogue.
    ///
    /// # Errors
    /// A machine's figure is unknown.
    pub fn of(cooling: &Loop, catalog: &Catalog) -> Result<Self, Unknown> {
        let cdu = cooling.cdus.first().map_or("", |u| u.equipment.as_str());
        let pump_frac = fact(catalog, cdu, "pump_frac", |e| e.pump_frac.as_ref())?;
        let cdu_approach_c = fact(catalog, cdu, "approach_c", |e| e.approach_c.as_ref())?;
        let air_fan_frac = match &cooling.air {
            Some(id) => fact(catalog, id, "fan_frac", |e| e.fan_frac.as_ref())?,
            None => 0.0,
        };
        let installed: f64 = cooling.rejection.iter().map(|u| f64::from(u.count) * u.heat_mw).sum();
        let mut rejectors = Vec::new();
        for unit in &cooling.rejection {
            let share = f64::from(unit.count) * unit.heat_mw / installed.max(1e-9);
            rejectors.push((share, Rejector::of(catalog, &unit.equipment)?));
        }
        let supply_c = cooling.supply_c;
        Ok(Machines { pump_frac, cdu_approach_c, air_fan_frac, rejectors, supply_c })
    }

    /// The same with another supply temperature.
    pub fn at_supply(&self, supply_c: f64) -> Self {
        Machines { supply_c, ..self.clone() }
    }

    /// Facility water, colder than the coolant by the approach of the CDU.
    pub fn water_c(&self) -> f64 {
        self.supply_c - self.cdu_approach_c
    }

    /// Equation C1, see [`super::mechanical`].
    ///
    /// # Errors
    /// A tower's wet bulb is unknown.
    pub fn at(&self, outdoor: Outdoor) -> Result<Share, Unknown> {
        let mut out =
            Share { pump_frac: self.pump_frac, air_frac: self.air_fan_frac, ..Share::default() };
        for (share, rejector) in &self.rejectors {
            let air = rejector.air_c(outdoor)?;
            let gap = self.water_c() - air;
            let speed = if gap <= rejector.approach_c {
                1.0
            } else {
                (rejector.approach_c / gap).clamp(rejector.least_speed_frac, 1.0)
            };
            let above = air + rejector.approach_c - self.water_c();
            let (taken, chiller) = match rejector.trim {
                Some(trim) => {
                    let taken = (above / trim.span_c).clamp(0.0, 1.0);
                    (taken, taken / trim.cop_ratio)
                }
                None => (0.0, 0.0),
            };
            // A machine at its limit rejects in proportion to the difference that is left.
            let stranded = match rejector.trim {
                None => (above / rejector.approach_c).clamp(0.0, 1.0),
                Some(_) => 0.0,
            };
            out.fan_frac += share * rejector.fan_frac * speed.powi(3) * (1.0 + chiller);
            out.chiller_frac += share * chiller;
            out.chilled_frac += share * taken;
            out.stranded_frac += share * stranded;
            // The chiller's own power is heat as well.
            out.water_l_per_kwh +=
                share * rejector.water.map_or(0.0, |w| w.l_per_kwh * (1.0 + chiller));
        }
        Ok(out)
    }

    /// Air above which a kind of machine cannot cool the water alone.
    pub fn limit_c(&self, rejector: &Rejector) -> f64 {
        self.water_c() - rejector.approach_c
    }

    pub fn has_tower(&self) -> bool {
        self.rejectors.iter().any(|(_, r)| r.water.is_some())
    }

    pub fn has_chiller(&self) -> bool {
        self.rejectors.iter().all(|(_, r)| r.trim.is_some())
    }

    /// Water over heat, evaporation and blowdown, L/kWh.
    pub fn water_l_per_kwh(&self) -> (f64, f64) {
        let mut sum = (0.0, 0.0);
        for (share, rejector) in &self.rejectors {
            if let Some(water) = rejector.water {
                sum.0 += share * water.evaporation_l_per_kwh();
                sum.1 += share * water.blowdown_l_per_kwh();
            }
        }
        sum
    }
}

impl Rejector {
    fn of(catalog: &Catalog, id: &str) -> Result<Self, Unknown> {
        let record = catalog.equipment.get(id);
        let has = |of: fn(&Equipment) -> &Option<Fact>| record.is_some_and(|e| of(e).is_some());
        let trim = match has(|e| &e.cop) || has(|e| &e.trim_span_c) {
            true => Some(Trim {
                cop_ratio: fact(catalog, id, "cop", |e| e.cop.as_ref())?,
                span_c: fact(catalog, id, "trim_span_c", |e| e.trim_span_c.as_ref())?,
            }),
            false => None,
        };
        let water = match has(|e| &e.water_l_per_kwh) {
            true => Some(Water {
                l_per_kwh: fact(catalog, id, "water_l_per_kwh", |e| e.water_l_per_kwh.as_ref())?,
                cycles_ratio: fact(catalog, id, "cycles_ratio", |e| e.cycles_ratio.as_ref())?,
            }),
            false => None,
        };
        Ok(Rejector {
            fan_frac: fact(catalog, id, "fan_frac", |e| e.fan_frac.as_ref())?,
            approach_c: fact(catalog, id, "approach_c", |e| e.approach_c.as_ref())?,
            least_speed_frac: fact(catalog, id, "min_speed_frac", |e| e.min_speed_frac.as_ref())?,
            trim,
            water,
        })
    }

    /// Temperature of the air that the machine works against.
    fn air_c(&self, outdoor: Outdoor) -> Result<f64, Unknown> {
        match self.water {
            None => Ok(outdoor.drybulb_c),
            Some(_) => {
                outdoor.wetbulb_c.ok_or_else(|| Unknown { path: outdoor.wetbulb_path.to_owned() })
            }
        }
    }
}

/// Equation C2 of one loop: grid power over IT power, `1/eta + pump + fan + chiller`, with
/// `eta` the electrical efficiency from the meter to the racks and the mechanical power of an
/// IT power that all becomes heat of the loop.
pub fn pue(eta_frac: f64, mechanical_frac: f64) -> f64 {
    1.0 / eta_frac + mechanical_frac
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
