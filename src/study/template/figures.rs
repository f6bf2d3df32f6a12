//! The catalogue's figures that a campus is sized by, gathered once.

use super::request::{Refusal, Request, Scheme};
use crate::catalog::{Catalog, Fact, Rack, Role, Status};
use crate::cooling::{self, rejection::Outdoor};
use crate::fields::nearest;
use crate::site::{Coolant, CoolingUnit, Hour, Loop};

/// Equipment that a campus is made of, by id.
pub(super) mod made_of {
    pub const MAIN: &str = "main-transformer";
    pub const GEAR: &str = "mv-switchgear";
    pub const CABLE: &str = "mv-cable";
    pub const UPS: &str = "ups";
    pub const UNIT: &str = "unit-transformer";
    pub const BUSWAY: &str = "busway";
    pub const CDU: &str = "cdu";
    pub const COOLER: &str = "dry-cooler";
    pub const AIR: &str = "fan-wall";
    pub const NETWORK: &str = "network-rack";
    pub const GENERATOR: &str = "genset";
    pub const BATTERY: &str = "battery-bess";
}

/// One rack type with its share of a scalable unit, at its first power cap.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct RackFigures {
    pub id: String,
    pub name: String,
    pub short: String,
    /// Racks, and support racks, of a scalable unit.
    pub unit_racks: u32,
    pub unit_support: u32,
    /// Provisioned IT power with support; heat to liquid and to air; MW per rack.
    pub it_mw: f64,
    pub liquid_mw: f64,
    pub air_mw: f64,
    pub flow_lpm: f64,
    pub idle_mw: f64,
    pub spares_frac: f64,
    pub width_m: f64,
    pub depth_m: f64,
    pub coolant_max_c: f64,
}

impl RackFigures {
    /// # Errors
    /// The rack cannot be ordered today, stands in no scalable unit, works only beside another,
    /// or lacks a figure that a plan needs.
    pub fn new(catalog: &Catalog, id: &str) -> Result<Self, Refusal> {
        let rack = find(&catalog.racks, "rack type", id)?;
        let refuse =
            |why: &str| Err(Refusal::NotPlannable { name: rack.name.clone(), why: why.to_owned() });
        match (&rack.status, &rack.role) {
            (Status::NotOrderable(why), _) => return refuse(why),
            (Status::Announced, _) => return refuse("it is announced and not yet shipping"),
            (_, Role::Adjunct { .. }) => return refuse("it works only beside other racks"),
            (Status::Shipping, Role::Compute) => {}
        }
        let Some(unit) = rack.scalable_unit.as_ref().and_then(|u| catalog.units.get(u)) else {
            return refuse("the catalogue knows no scalable unit of it");
        };
        let need = |field: &str, fact: &Fact| {
            fact.get().ok_or_else(|| Refusal::Unknown(format!("racks.{id}.{field}")))
        };
        let Some(cap) = rack.caps.first() else { return refuse("it has no power cap") };
        let at = |field: &str| format!("caps.{}.{field}", cap.id);
        let kw = need(&at("kw"), &cap.kw)?;
        need(&at("drawn_frac"), &cap.drawn_frac)?;
        need("availability_frac", &rack.availability_frac)?;
        need("goodput.inference_frac", &rack.goodput.inference_frac)?;
        let racks = unit.racks.max(1);
        let mut support_kw = 0.0;
        for (i, support) in unit.support.iter().enumerate() {
            let path = || Refusal::Unknown(format!("units.{}.support.{i}.kw", unit.id));
            support_kw += f64::from(support.count) * support.kw.get().ok_or_else(path)?;
        }
        let support_kw = support_kw / f64::from(racks);
        let liquid = need("liquid_frac", &rack.liquid_frac)?;
        let flow = match liquid > 0.0 {
            true => need("coolant_lpm_per_kw", &rack.coolant_lpm_per_kw)?,
            false => 0.0,
        };
        Ok(Self {
            id: rack.id.clone(),
            name: rack.name.clone(),
            short: rack.short.clone(),
            unit_racks: racks,
            unit_support: unit.support.iter().map(|s| s.count).sum(),
            it_mw: (kw + support_kw) / 1e3,
            liquid_mw: kw * liquid / 1e3,
            air_mw: (kw * (1.0 - liquid) + support_kw) / 1e3,
            flow_lpm: kw * liquid * flow,
            idle_mw: need("idle_kw", &rack.idle_kw)? / 1e3,
            spares_frac: need("spares_frac", &rack.spares_frac)?,
            width_m: need("width_m", &rack.width_m)?,
            depth_m: need("depth_m", &rack.depth_m)?,
            coolant_max_c: need("coolant_supply_max_c", &rack.coolant_supply_max_c)?,
        })
    }
}

/// Everything that a campus is sized by; MW, metres, fractions.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Figures {
    pub rack: RackFigures,
    pub supply_c: f64,
    /// Output over input from the meter to the rack input, and to pumps and fans.
    pub path_it_frac: f64,
    pub path_mechanical_frac: f64,
    /// Of the parts of the former, from the rack up.
    pub busway_frac: f64,
    pub unit_frac: f64,
    pub ups_frac: f64,
    pub cable_frac: f64,
    pub main_frac: f64,
    /// Mechanical power of one running rack in the hour that asks for most, MW.
    pub mechanical_mw: f64,
    /// Grid power of one scalable unit with its spares in that hour, MW.
    pub unit_grid_mw: f64,
    /// Power of the chillers over the heat of the racks at the design extreme: the coolers
    /// reject it as well.
    pub chiller_frac: f64,
    pub power_factor_racks: f64,
    pub power_factor_mechanical: f64,
    pub medium_kv: f64,
    pub low_kv: f64,
    /// Of one element, MW at the power factor of racks; of a main transformer, MVA at most.
    pub feeder_mw: f64,
    pub ups_mw: f64,
    pub unit_mva: f64,
    pub main_most_mva: f64,
    pub cdu_mw: f64,
    pub cooler_mw: f64,
    pub genset_mw: f64,
    /// Clear distance between main transformers, metres.
    pub transformer_gap_m: f64,
    pub line_a: f64,
    pub substation_mw: f64,
    pub hall_mw: f64,
    pub margin_frac: f64,
    pub floor_kg_m2: f64,
    pub first_phase_months: f64,
    pub phase_months: f64,
    pub generator_m2_per_mw: f64,
    pub battery_m2_per_mwh: f64,
    pub battery_hours: f64,
}

impl Figures {
    pub fn new(request: &Request, catalog: &Catalog, hours: &[Hour]) -> Result<Self, Refusal> {
        let rack = RackFigures::new(catalog, &request.rack)?;
        let supply_c = request.supply_c.unwrap_or(rack.coolant_max_c);
        if !(5.0..=60.0).contains(&supply_c) {
            return Err(Refusal::Supply(supply_c));
        }
        if supply_c > rack.coolant_max_c {
            return Err(Refusal::TooWarm { name: rack.name, most_c: rack.coolant_max_c });
        }
        let efficiency = |id: &str| equipment(catalog, id, "efficiency_frac");
        let (busway, unit) = (efficiency(made_of::BUSWAY)?, efficiency(made_of::UNIT)?);
        let (ups, cable) = (efficiency(made_of::UPS)?, efficiency(made_of::CABLE)?);
        let main = efficiency(made_of::MAIN)? * efficiency(made_of::GEAR)?;
        let path_it = busway * unit * ups * cable * main;
        let path_mechanical = unit * main;
        let cooling = cooling(supply_c);
        let (mechanical_mw, unit_grid_mw) =
            worst_hour(&rack, (&cooling, path_it, path_mechanical), hours, catalog)?;
        let chiller_frac = at_extreme(&cooling, &request.place, hours, catalog)?;
        let power_factor_racks = rule(catalog, "design-power-factor-racks-frac")?;
        Ok(Self {
            supply_c,
            path_it_frac: path_it,
            path_mechanical_frac: path_mechanical,
            busway_frac: busway,
            unit_frac: unit,
            ups_frac: ups,
            cable_frac: cable,
            main_frac: main,
            mechanical_mw,
            unit_grid_mw,
            chiller_frac,
            power_factor_racks,
            power_factor_mechanical: rule(catalog, "design-power-factor-mechanical-frac")?,
            medium_kv: rule(catalog, "design-medium-voltage-kv")?,
            low_kv: rule(catalog, "design-low-voltage-kv")?,
            feeder_mw: equipment(catalog, made_of::CABLE, "rating_mva")? * power_factor_racks,
            ups_mw: equipment(catalog, made_of::UPS, "kw")? / 1e3,
            unit_mva: equipment(catalog, made_of::UNIT, "rating_mva")?,
            main_most_mva: largest(catalog, made_of::MAIN)?,
            cdu_mw: equipment(catalog, made_of::CDU, "heat_mw")?,
            cooler_mw: equipment(catalog, made_of::COOLER, "heat_mw")?,
            genset_mw: equipment(catalog, made_of::GENERATOR, "kw")? / 1e3,
            transformer_gap_m: practice(catalog, "transformer-m")?,
            line_a: rule(catalog, "design-line-ampacity")?,
            substation_mw: rule(catalog, "design-substation-mw")?,
            hall_mw: rule(catalog, "design-hall-mw")?,
            margin_frac: rule(catalog, "design-margin-frac")?,
            floor_kg_m2: rule(catalog, "design-floor-kg-m2")?,
            first_phase_months: match request.first_months {
                Some(months) => months,
                None => rule(catalog, "design-first-phase-months")?,
            },
            phase_months: rule(catalog, "design-phase-months")?,
            generator_m2_per_mw: rule(catalog, "design-generator-m2-per-mw")?,
            battery_m2_per_mwh: rule(catalog, "design-battery-m2-per-mwh")?,
            battery_hours: rule(catalog, "design-battery-hours")?,
            rack,
        })
    }

    /// IT power of scalable units, MW.
    pub fn it_mw(&self, units: u32) -> f64 {
        f64::from(units * self.rack.unit_racks) * self.rack.it_mw
    }

    /// Mechanical power of scalable units in the worst hour, MW at the loop's node.
    pub fn mechanical_of(&self, units: u32) -> f64 {
        f64::from(units * self.rack.unit_racks) * self.mechanical_mw
    }

    /// Heat of scalable units to be rejected, with the margin, MW.
    pub fn heat_mw(&self, units: u32) -> f64 {
        let each = self.rack.liquid_mw + self.rack.air_mw;
        f64::from(units * self.rack.unit_racks) * each * (1.0 + self.margin_frac)
    }

    /// Machines in reserve of each group of a loop.
    pub fn spare(scheme: Scheme) -> u32 {
        u32::from(scheme != Scheme::N)
    }
}

/// A loop of the machines that a campus is made of, at one MW each.
fn cooling(supply_c: f64) -> Loop {
    let machines = |id: &str| CoolingUnit {
        id: String::new(),
        name: String::new(),
        equipment: id.to_owned(),
        count: 1,
        spare: 0,
        heat_mw: 1.0,
        at: [0.0; 2],
        size: [1.0; 2],
    };
    Loop {
        id: String::new(),
        name: String::new(),
        coolant: Coolant::Pg25,
        supply_c,
        heat_mw: None,
        flow_lpm: None,
        node: String::new(),
        cdus: vec![machines(made_of::CDU)],
        rejection: vec![machines(made_of::COOLER)],
        air: Some(made_of::AIR.to_owned()),
    }
}

/// Power of the chillers over heat at the design extreme of a place; where that is unknown, in
/// the warmest typical hour.
fn at_extreme(
    cooling: &Loop,
    place: &str,
    hours: &[Hour],
    catalog: &Catalog,
) -> Result<f64, Refusal> {
    let published = find(&catalog.weather, "place", place)?.extreme_20y_c.as_ref();
    let warmest = hours.iter().filter_map(|h| h.ambient_c).fold(f64::NEG_INFINITY, f64::max);
    let drybulb_c = published.and_then(Fact::get).unwrap_or(warmest);
    let drybulb_c = drybulb_c + practice(catalog, "recirculation-k")?;
    // Dry coolers ask for no wet bulb.
    let outdoor = Outdoor { drybulb_c, wetbulb_c: None, wetbulb_path: cooling::loops::WETBULB };
    let found = cooling::at_extreme(cooling, outdoor, catalog);
    found.map(|x| x.chiller_frac).map_err(|unknown| Refusal::Unknown(unknown.path))
}

/// Mechanical power of one running rack, and grid power of one unit, in the hour that asks
/// for most: `units x ((1 - spares) (IT / path + mechanical / path) + spares x idle ...)`.
fn worst_hour(
    rack: &RackFigures,
    (cooling, path_it, path_mechanical): (&Loop, f64, f64),
    hours: &[Hour],
    catalog: &Catalog,
) -> Result<(f64, f64), Refusal> {
    let shares = cooling::mechanical(cooling, hours, catalog)
        .map_err(|unknown| Refusal::Unknown(unknown.path))?;
    let live = 1.0 - rack.spares_frac;
    let mut worst = (0.0_f64, 0.0_f64);
    for (liquid, air) in shares.liquid_frac.iter().zip(&shares.air_frac) {
        let mechanical = rack.liquid_mw * liquid + rack.air_mw * air;
        let running = rack.it_mw / path_it + mechanical / path_mechanical;
        let spare = rack.idle_mw * (1.0 / path_it + liquid / path_mechanical);
        let each = live * running + rack.spares_frac * spare;
        worst.0 = worst.0.max(mechanical);
        worst.1 = worst.1.max(f64::from(rack.unit_racks) * each);
    }
    Ok(worst)
}

/// A record by id, or the nearest names.
pub(super) fn find<'a, T>(
    records: &'a indexmap::IndexMap<String, T>,
    what: &'static str,
    id: &str,
) -> Result<&'a T, Refusal> {
    records.get(id).ok_or_else(|| Refusal::NoSuch {
        what,
        id: id.to_owned(),
        nearest: nearest(id, records.keys().map(String::as_str)),
    })
}

/// A rule of thumb of the catalogue.
pub(super) fn rule(catalog: &Catalog, id: &str) -> Result<f64, Refusal> {
    let value = catalog.costs.get(id).and_then(|c| c.value.get());
    value.ok_or_else(|| Refusal::Unknown(format!("costs.{id}")))
}

/// A distance that checks compare with.
fn practice(catalog: &Catalog, id: &str) -> Result<f64, Refusal> {
    let value = catalog.practice.get(id).and_then(|p| p.value.get());
    value.ok_or_else(|| Refusal::Unknown(format!("practice.{id}")))
}

fn equipment(catalog: &Catalog, id: &str, field: &str) -> Result<f64, Refusal> {
    let record = catalog.equipment.get(id);
    let fact = record.and_then(|e| match field {
        "efficiency_frac" => e.efficiency_frac.as_ref(),
        "rating_mva" => e.rating_mva.as_ref(),
        "heat_mw" => e.heat_mw.as_ref(),
        _ => e.kw.as_ref(),
    });
    let positive = fact.and_then(Fact::get).filter(|v| *v > 0.0);
    positive.ok_or_else(|| Refusal::Unknown(format!("equipment.{id}.{field}")))
}

/// The largest of a machine's usual ratings, MVA.
fn largest(catalog: &Catalog, id: &str) -> Result<f64, Refusal> {
    let usual = equipment(catalog, id, "rating_mva")?;
    let fact = catalog.equipment.get(id).and_then(|e| e.rating_mva.as_ref());
    Ok(fact.and_then(|f| f.range).map_or(usual, |r| r.1.max(usual)))
}

/// Whether racks of this type can be priced, with their support.
pub(super) fn priced(catalog: &Catalog, rack: &Rack) -> bool {
    crate::study::input::price_with_support_usd(catalog, rack).is_some()
}
