//! What a loop has to carry, what its machines can, and what weather makes of it over a year.
//!
//! It must not know tokens or money; heat and electrical efficiency come in as numbers.

use super::fluid::Fluid;
use super::rejection::{Machines, Outdoor, Share, pue};
use super::weather::{Climate, Grain, Part};
use super::{Unknown, capacity_mw, one_out_mw, running_mw};
use crate::site::{CoolingUnit, Loop};
use serde::Serialize;

/// Supply temperatures that are compared beside the loop's own, degrees Celsius.
pub const SET_POINTS_C: [f64; 3] = [30.0, 40.0, 45.0];

/// What the racks of a loop ask for at their highest caps, as far as they are fed together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Duty {
    pub racks: f64,
    pub liquid_mw: f64,
    pub air_mw: f64,
    pub flow_lpm: f64,
}

impl Duty {
    /// The same racks at a share of their power.
    pub fn of(self, share: f64) -> Self {
        Self {
            racks: self.racks,
            liquid_mw: self.liquid_mw * share,
            air_mw: self.air_mw * share,
            flow_lpm: self.flow_lpm * share,
        }
    }
}

/// What stands around the loop.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Terms {
    /// Power at the racks over power at the meter.
    pub eta_frac: f64,
    /// Power at the meter over mechanical power of the loop.
    pub grid_per_mechanical_ratio: f64,
    /// Rise of the air around a field of coolers over that of the place.
    pub recirculation_k: f64,
    /// Dry bulb for which capacity is designed; absent is unknown.
    pub extreme_c: Option<f64>,
}

/// A group of equal machines under the duty of the loop.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Bank {
    pub id: String,
    pub name: String,
    pub installed: u32,
    pub spare: u32,
    pub heat_mw_each: f64,
    /// Load of the machines that run, over their rating.
    pub loading_frac: f64,
}

/// Machines of one kind of service with one of them out.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Reserve {
    /// What runs in normal operation, MW.
    pub running_mw: f64,
    /// Everything installed but the largest machine, MW.
    pub one_out_mw: f64,
    /// Whether the duty is carried with one machine out.
    pub survives_one_out: bool,
}

/// A year at one supply temperature.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct SetPoint {
    pub supply_c: f64,
    /// Hours of the year in which the air alone does not reach the set point.
    pub hours_short: f64,
    pub pue_mean: f64,
    /// PUE that 1 % of the hours exceed.
    pub pue_p99: f64,
    /// Warmest hour of the typical year.
    pub pue_worst: f64,
    /// At the design extreme; absent where that is unknown.
    pub pue_design: Option<f64>,
    /// Energy of chillers over IT energy, kWh a year for each kW.
    pub chiller_kwh_per_kw: f64,
    /// Largest share of the heat that finds no way out for want of a chiller, in the typical
    /// year.
    pub stranded_frac: f64,
    /// Water of a year at full duty.
    pub water_m3: f64,
    /// Water over IT energy, L/kWh.
    pub wue_l_per_kwh: f64,
}

/// The check of capacity at the design extreme.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Design {
    /// Dry bulb that is exceeded once in 20 years.
    pub extreme_c: f64,
    pub recirculation_k: f64,
    /// Air at the coolers: both together.
    pub air_c: f64,
    /// Share of the heat that chillers take.
    pub chilled_frac: f64,
    pub chiller_mw: f64,
    /// Fans, pumps and chillers together.
    pub mechanical_mw: f64,
    /// Heat that the coolers reject there with one out.
    pub rejection_one_out_mw: f64,
    /// Heat that they cannot; 0 where the check passes.
    pub short_mw: f64,
}

/// A loop over a year.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LoopReport {
    pub id: String,
    pub name: String,
    pub supply_c: f64,
    /// Coolant behind the racks, where racks state their flow.
    pub return_c: Option<f64>,
    pub duty: Duty,
    /// Heat that the loop can move without its spares, MW.
    pub capacity_mw: f64,
    /// Flow that the pumps can give; absent is unknown.
    pub flow_rated_lpm: Option<f64>,
    /// With one CDU out, the pumps of a CDU standing in it.
    pub flow_one_out_lpm: Option<f64>,
    pub cdus: Vec<Bank>,
    pub cdu_reserve: Reserve,
    pub rejection: Vec<Bank>,
    pub rejection_reserve: Reserve,
    /// The loop's own set point.
    pub year: SetPoint,
    /// Other set points, the loop's own among them, ascending.
    pub set_points: Vec<SetPoint>,
    /// Absent where the design extreme of the place is unknown.
    pub design: Option<Design>,
    pub has_chiller: bool,
    /// Water of a year at full duty: what evaporates, and what is drained to keep salts down, m3.
    pub evaporation_m3: f64,
    pub blowdown_m3: f64,
    /// Temperatures and hours behind the figures: an hour of a file, or bins.
    pub hourly: bool,
    #[serde(skip)]
    pub machines: Machines,
}

/// A loop with its duty under a climate.
///
/// # Errors
/// A figure of a machine is unknown, or a tower's wet bulb.
pub fn assess(
    cooling: &Loop,
    machines: Machines,
    duty: Duty,
    climate: &Climate,
    terms: &Terms,
) -> Result<LoopReport, Unknown> {
    let heat_mw = duty.liquid_mw + duty.air_mw;
    let case = Case { duty, climate, terms };
    let year = case.set_point(&machines, cooling.supply_c)?;
    let mut supplies = SET_POINTS_C.to_vec();
    if !supplies.contains(&cooling.supply_c) {
        supplies.push(cooling.supply_c);
    }
    supplies.sort_by(f64::total_cmp);
    let set_points = supplies
        .into_iter()
        .map(|supply| case.set_point(&machines, supply))
        .collect::<Result<_, _>>()?;
    let (evaporation, blowdown) = machines.water_l_per_kwh();
    // Litres and kWh are thousandths of cubic metres and MWh.
    let yearly_m3 = |l_per_kwh: f64| year.water_m3 * share_of(l_per_kwh, evaporation + blowdown);
    let cdu_reserve = reserve(&cooling.cdus, heat_mw);
    let running = cooling.cdus.iter().map(|u| u.count.saturating_sub(u.spare)).sum::<u32>();
    let installed = cooling.cdus.iter().map(|u| u.count).sum::<u32>();
    let left = installed.saturating_sub(1).min(running);
    Ok(LoopReport {
        id: cooling.id.clone(),
        name: cooling.name.clone(),
        supply_c: cooling.supply_c,
        return_c: return_c(cooling, duty),
        duty,
        capacity_mw: capacity_mw(cooling),
        flow_rated_lpm: cooling.flow_lpm,
        flow_one_out_lpm: cooling.flow_lpm.map(|v| v * f64::from(left) / f64::from(running.max(1))),
        cdus: cooling.cdus.iter().map(|u| bank(u, heat_mw, cdu_reserve.running_mw)).collect(),
        cdu_reserve,
        rejection_reserve: reserve(&cooling.rejection, heat_mw),
        rejection: {
            let running = running_mw(&cooling.rejection);
            cooling.rejection.iter().map(|u| bank(u, heat_mw, running)).collect()
        },
        set_points,
        design: case.design(cooling, &machines)?,
        has_chiller: machines.has_chiller(),
        evaporation_m3: yearly_m3(evaporation),
        blowdown_m3: yearly_m3(blowdown),
        year,
        hourly: climate.grain == Grain::Hourly,
        machines,
    })
}

fn share_of(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { part / whole } else { 0.0 }
}

/// Temperature behind the racks at the flow that they ask for.
fn return_c(cooling: &Loop, duty: Duty) -> Option<f64> {
    if duty.liquid_mw <= 0.0 || duty.flow_lpm <= 0.0 {
        return None;
    }
    let per_kw = duty.flow_lpm / (duty.liquid_mw * 1e3);
    // Properties at the mean temperature: one correction is enough for a rise of 10 K.
    let fluid = Fluid::from(cooling.coolant);
    let first = fluid.at(cooling.supply_c).ok()?.rise_k(per_kw);
    let rise = fluid.at(cooling.supply_c + first / 2.0).ok()?.rise_k(per_kw);
    Some(cooling.supply_c + rise)
}

fn bank(unit: &CoolingUnit, heat_mw: f64, running_mw: f64) -> Bank {
    Bank {
        id: unit.id.clone(),
        name: unit.name.clone(),
        installed: unit.count,
        spare: unit.spare,
        heat_mw_each: unit.heat_mw,
        loading_frac: share_of(heat_mw, running_mw),
    }
}

fn reserve(units: &[CoolingUnit], heat_mw: f64) -> Reserve {
    let one_out_mw = one_out_mw(units);
    Reserve {
        running_mw: running_mw(units),
        one_out_mw,
        survives_one_out: one_out_mw >= heat_mw * (1.0 - 1e-9),
    }
}

struct Case<'a> {
    duty: Duty,
    climate: &'a Climate,
    terms: &'a Terms,
}

/// Path that is said where a tower has no wet bulb to work against.
pub const WETBULB: &str = "weather.wetbulb_c";

impl Case<'_> {
    fn share(machines: &Machines, part: &Part) -> Result<Share, Unknown> {
        let (drybulb_c, wetbulb_c) = (part.mean_c, part.wetbulb_c);
        machines.at(Outdoor { drybulb_c, wetbulb_c, wetbulb_path: WETBULB })
    }

    /// Mechanical over IT power: every watt of the racks becomes heat of coolant or air.
    fn mechanical(&self, share: &Share) -> f64 {
        let heat = self.duty.liquid_mw + self.duty.air_mw;
        // An empty loop is shown as if all of its heat came in the coolant.
        let liquid = if heat > 0.0 { self.duty.liquid_mw / heat } else { 1.0 };
        liquid * share.liquid_frac() + (1.0 - liquid) * share.air_heat_frac()
    }

    fn pue(&self, share: &Share) -> f64 {
        pue(self.terms.eta_frac, self.mechanical(share) * self.terms.grid_per_mechanical_ratio)
    }

    fn set_point(&self, machines: &Machines, supply_c: f64) -> Result<SetPoint, Unknown> {
        let machines = machines.at_supply(supply_c);
        let mut shares = Vec::with_capacity(self.climate.parts.len());
        for part in &self.climate.parts {
            shares.push((part.hours, Self::share(&machines, part)?));
        }
        let hours = self.climate.hours().max(1.0);
        let mean =
            |of: &dyn Fn(&Share) -> f64| shares.iter().map(|(h, s)| h * of(s)).sum::<f64>() / hours;
        let warmest = Self::share(&machines, &self.climate.warmest())?;
        let it_mwh = (self.duty.liquid_mw + self.duty.air_mw) * crate::units::HOURS_PER_YEAR;
        let wue = mean(&|s| s.water_l_per_kwh);
        let per_year = hours * self.climate.per_year_ratio();
        Ok(SetPoint {
            supply_c,
            hours_short: self.hours_short(&machines)?,
            pue_mean: mean(&|s| self.pue(s)),
            pue_p99: percentile(shares.iter().map(|(h, s)| (*h, self.pue(s))).collect(), 0.99),
            pue_worst: shares.iter().map(|(_, s)| self.pue(s)).fold(self.pue(&warmest), f64::max),
            pue_design: self.design_share(&machines)?.map(|s| self.pue(&s)),
            chiller_kwh_per_kw: mean(&|s| s.chiller_frac) * per_year,
            stranded_frac: shares
                .iter()
                .map(|(_, s)| s.stranded_frac)
                .fold(warmest.stranded_frac, f64::max),
            water_m3: it_mwh * wue,
            wue_l_per_kwh: wue,
        })
    }

    /// Equation C7: hours in which some machine cannot reach the set point by air alone.
    fn hours_short(&self, machines: &Machines) -> Result<f64, Unknown> {
        let mut most = 0.0;
        for (_, rejector) in &machines.rejectors {
            let limit = machines.limit_c(rejector);
            let hours = match rejector.water {
                None => self.climate.hours_above(limit),
                Some(_) => self
                    .climate
                    .hours_wetbulb_above(limit)
                    .ok_or_else(|| Unknown { path: WETBULB.to_owned() })?,
            };
            most = f64::max(most, hours);
        }
        Ok(most)
    }

    fn design_part(&self) -> Option<Part> {
        let at = self.terms.extreme_c? + self.terms.recirculation_k;
        let wetbulb_c = self.climate.warmest().wetbulb_c.map(|w| w + self.terms.recirculation_k);
        Some(Part::at(at, wetbulb_c, 0.0))
    }

    fn design_share(&self, machines: &Machines) -> Result<Option<Share>, Unknown> {
        self.design_part().map(|part| Self::share(machines, &part)).transpose()
    }

    /// Equation C9: the coolers that are left at the design extreme against the duty.
    fn design(&self, cooling: &Loop, machines: &Machines) -> Result<Option<Design>, Unknown> {
        let (Some(extreme_c), Some(part)) = (self.terms.extreme_c, self.design_part()) else {
            return Ok(None);
        };
        let share = Self::share(machines, &part)?;
        let heat_mw = self.duty.liquid_mw + self.duty.air_mw;
        let one_out = one_out_mw(&cooling.rejection) * (1.0 - share.stranded_frac);
        // What the chillers take in as power has to be rejected as well.
        let needed = heat_mw * (1.0 + share.chiller_frac);
        Ok(Some(Design {
            extreme_c,
            recirculation_k: self.terms.recirculation_k,
            air_c: part.mean_c,
            chilled_frac: share.chilled_frac,
            chiller_mw: heat_mw * share.chiller_frac,
            mechanical_mw: heat_mw * self.mechanical(&share),
            rejection_one_out_mw: one_out,
            short_mw: (needed - one_out).max(0.0),
        }))
    }
}

/// The value below which a share of weighted values lies, between the two nearest ranks.
fn percentile(mut values: Vec<(f64, f64)>, share: f64) -> f64 {
    values.sort_by(|a, b| a.1.total_cmp(&b.1));
    let total: f64 = values.iter().map(|v| v.0).sum();
    let rank = share * (total - 1.0).max(0.0);
    let at = |rank: f64| {
        let mut below = 0.0;
        let found = values.iter().find(|(hours, _)| {
            below += hours;
            below > rank
        });
        found.or(values.last()).map_or(0.0, |v| v.1)
    };
    let (low, high) = (at(rank.floor()), at(rank.ceil()));
    low + (high - low) * rank.fract()
}

/// A part of the year at the loop's own set point.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Slice {
    pub drybulb_c: f64,
    pub hours: f64,
    /// Of them, hours in which the air alone does not reach the set point.
    pub short_h: f64,
    pub pue_ratio: f64,
}

/// The year of a loop by outdoor temperature, from the coldest.
///
/// # Errors
/// As [`assess`].
pub fn by_temperature(
    report: &LoopReport,
    climate: &Climate,
    terms: &Terms,
) -> Result<Vec<Slice>, Unknown> {
    let case = Case { duty: report.duty, climate, terms };
    let one = |part: &Part| {
        let share = Case::share(&report.machines, part)?;
        let short = |rejector: &super::rejection::Rejector| {
            let limit = report.machines.limit_c(rejector);
            match (&rejector.water, part.wetbulb_c) {
                (Some(_), Some(wet)) if wet > limit => part.hours,
                (Some(_), _) => 0.0,
                (None, _) => part.hours_above(limit),
            }
        };
        let rejectors = report.machines.rejectors.iter();
        Ok(Slice {
            drybulb_c: part.mean_c,
            hours: part.hours,
            short_h: rejectors.map(|(_, r)| short(r)).fold(0.0, f64::max),
            pue_ratio: case.pue(&share),
        })
    };
    climate.parts.iter().map(one).collect()
}

/// PUE of every hour of the year, one after the other; empty where only bins are known.
///
/// # Errors
/// As [`assess`].
pub fn by_hour(report: &LoopReport, climate: &Climate, terms: &Terms) -> Result<Vec<f64>, Unknown> {
    let case = Case { duty: report.duty, climate, terms };
    let one = |part: &Part| Ok(case.pue(&Case::share(&report.machines, part)?));
    climate.year.iter().map(one).collect()
}
