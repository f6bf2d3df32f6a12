//! The cooling loops of a site over a year: duty from the racks, electrical efficiency from the
//! network, weather from a file, the catalogue or the site's typical hours.

mod map;

pub use map::PueMap;

use super::input::{coincidence, support_kw};
use crate::catalog::{Catalog, Fact, Rack};
use crate::cooling;
use crate::cooling::loops::{
    Duty, LoopReport, SetPoint, Slice, Terms, WETBULB, assess, by_hour, by_temperature,
};
use crate::cooling::rejection::{Machines, Outdoor};
use crate::cooling::weather::{Bin, Climate, Grain, Part};
use crate::diag::{Diagnostic, Report};
use crate::power::Network;
use crate::site::{Block, Infrastructure, Loop, Site};
use crate::units::format;
use serde::Serialize;

/// A loop with what it makes of each temperature of the year.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Loops {
    /// Place or file of the weather.
    pub weather: String,
    /// Where its hours come from.
    pub weather_source: String,
    /// Warmest hour of the typical year, which gives energy.
    pub warmest_c: f64,
    /// Dry bulb exceeded once in 20 years, which gives capacity; absent is unknown.
    pub extreme_c: Option<f64>,
    pub recirculation_k: f64,
    /// Share of all racks at their highest caps that the grid contract feeds in the warmest hour:
    /// the duty of the loops; absent is unknown.
    pub fed_frac: Option<f64>,
    pub loops: Vec<LoopReport>,
    /// For each loop the parts of the year, from the coldest.
    #[serde(skip)]
    pub years: Vec<Vec<Slice>>,
    /// For each loop the same year at each of its set points.
    #[serde(skip)]
    pub durations: Vec<Vec<Duration>>,
    /// PUE by month and hour of the day, of each loop; empty without hourly weather.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub pue_map: Vec<PueMap>,
    /// Why there is no such map.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pue_map_missing: Option<&'static str>,
    /// Hours of the year in bins of 2 K, where the weather is known hour by hour.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub bins: Vec<WeatherBin>,
}

/// Why bins give no map.
const NO_MAP: &str =
    "a map of months and hours needs hourly weather: name an EPW file with --weather";

impl Loops {
    /// What the duty of the loops is of, in words.
    pub fn duty_words(&self) -> String {
        match self.fed_frac {
            Some(fed) if fed < 0.9995 => {
                format!("{} of all highest caps, as the contract feeds", format::share(fed))
            }
            _ => "all racks at their highest caps".to_owned(),
        }
    }
}

/// A year at one set point, sorted by PUE.
#[derive(Clone, Debug, PartialEq)]
pub struct Duration {
    pub supply_c: f64,
    /// Hours and their PUE, from the highest; the hours come to a year of 8,760.
    pub parts: Vec<(f64, f64)>,
}

/// Hours of the year in a bin of 2 K of the dry bulb.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct WeatherBin {
    /// Lower end, which belongs to the bin.
    pub low_c: f64,
    pub hours: f64,
    /// Mean coincident wet bulb.
    pub wetbulb_c: Option<f64>,
}

/// What a caller may ask beside the site.
#[derive(Clone, Debug, Default)]
pub struct Weather {
    /// In place of the site's typical hours.
    pub climate: Option<Climate>,
    /// In place of the design extreme of the place.
    pub extreme_c: Option<f64>,
    /// Assess the loop of this id alone.
    pub only: Option<String>,
}

/// Assesses every loop of a site. Findings are errors where something unknown stops a loop,
/// which is then left out.
pub fn loops(site: &Site, catalog: &Catalog, weather: &Weather) -> (Option<Loops>, Report) {
    let mut report = Report::default();
    if !matches!(site.terms.site.infrastructure, Infrastructure::Built) {
        let hint = "Take a layout whose infrastructure is Built";
        let message = "The layout states a PUE in place of cooling loops";
        report.push(Diagnostic::error("no-loops", "site.infrastructure", message, hint));
        return (None, report);
    }
    let climate = match weather.climate.clone().map_or_else(|| own(site, catalog), Ok) {
        Ok(climate) => climate,
        Err(path) => {
            unknown(&mut report, &path, "the year");
            return (None, report);
        }
    };
    let recirculation = catalog.practice.get("recirculation-k").and_then(|p| p.value.get());
    let Some(recirculation_k) = recirculation else {
        unknown(&mut report, "practice.recirculation-k.value", "the design extreme");
        return (None, report);
    };
    let network = match Network::of(site, catalog) {
        Ok(network) => network,
        Err(gap) => {
            unknown(&mut report, &gap.path, "the electrical efficiency");
            return (None, report);
        }
    };
    // A file or a place that was asked for goes before the site's own place, and its extreme.
    let entered = site.terms.site.extreme_c;
    let own = entered.filter(|_| weather.climate.is_none());
    let extreme_c = weather.extreme_c.or(own).or(climate.extreme_c).or(entered);
    if extreme_c.is_none() {
        let message = format!("The design extreme of {} is unknown", climate.name);
        let hint = "Enter the dry bulb exceeded once in 20 years: site.extreme_c, or --extreme C";
        report.push(Diagnostic::warning("no-extreme", "site.extreme_c", message, hint));
    }
    let fed = fed_frac(site, catalog, &network, &climate);
    let mut out = Loops {
        weather: climate.name.clone(),
        weather_source: climate.source.clone(),
        warmest_c: climate.warmest_c,
        extreme_c,
        recirculation_k,
        fed_frac: fed.as_ref().ok().copied(),
        loops: Vec::new(),
        years: Vec::new(),
        durations: Vec::new(),
        pue_map: Vec::new(),
        pue_map_missing: climate.year.is_empty().then_some(NO_MAP),
        bins: bins(&climate),
    };
    let asked = |l: &&Loop| weather.only.as_ref().is_none_or(|id| *id == l.id);
    for l in site.campus.loops.iter().filter(asked) {
        let one = one(l, site, catalog, &network).and_then(|(machines, duty, mut terms)| {
            let duty = duty.of(*fed.as_ref().map_err(String::clone)?);
            (terms.extreme_c, terms.recirculation_k) = (extreme_c, recirculation_k);
            let found = assess(l, machines, duty, &climate, &terms).map_err(|gap| gap.path)?;
            let year = by_temperature(&found, &climate, &terms).map_err(|gap| gap.path)?;
            let durations = durations(&found, &climate, &terms).map_err(|gap| gap.path)?;
            let hours = by_hour(&found, &climate, &terms).map_err(|gap| gap.path)?;
            let map = PueMap::of((&l.id, l.supply_c), &hours);
            Ok((found, (year, durations, map), terms))
        });
        match one {
            Ok((found, (year, durations, map), terms)) => {
                checks(l, &found, &terms, &mut report);
                out.loops.push(found);
                out.years.push(year);
                out.durations.push(durations);
                out.pue_map.extend(map);
            }
            Err(path) => unknown(&mut report, &path, &format!("loop `{}`", l.id)),
        }
    }
    (Some(out), report)
}

/// The design extreme around the coolers of a site, recirculation included, and the typical hour
/// in which it falls: the warmest. `None` where a temperature is unknown.
pub fn extreme(site: &Site, catalog: &Catalog) -> Option<(usize, Outdoor<'static>)> {
    let place = site.terms.site.place.as_ref().and_then(|id| catalog.weather.get(id));
    let published = place.and_then(|p| p.extreme_20y_c.as_ref()).and_then(Fact::get);
    let drybulb_c = site.terms.site.extreme_c.or(published)?;
    let recirculation_k = catalog.practice.get("recirculation-k")?.value.get()?;
    let mut warmest: Option<(usize, f64)> = None;
    for (h, hour) in site.terms.hours.iter().enumerate() {
        let ambient_c = hour.ambient_c?;
        if warmest.is_none_or(|(_, most)| ambient_c > most) {
            warmest = Some((h, ambient_c));
        }
    }
    let (h, _) = warmest?;
    let wetbulb_c = site.terms.hours[h].wetbulb_c.map(|w| w + recirculation_k);
    let drybulb_c = drybulb_c + recirculation_k;
    Some((h, Outdoor { drybulb_c, wetbulb_c, wetbulb_path: WETBULB }))
}

/// The year of a loop at each of its set points.
fn durations(
    found: &LoopReport,
    climate: &Climate,
    terms: &Terms,
) -> Result<Vec<Duration>, cooling::Unknown> {
    let one = |point: &SetPoint| {
        let machines = found.machines.at_supply(point.supply_c);
        let other = LoopReport { machines, ..found.clone() };
        let year = by_temperature(&other, climate, terms)?;
        let ratio = climate.per_year_ratio();
        let mut parts: Vec<(f64, f64)> =
            year.iter().map(|s| (s.hours * ratio, s.pue_ratio)).collect();
        parts.sort_by(|a, b| b.1.total_cmp(&a.1));
        Ok(Duration { supply_c: point.supply_c, parts })
    };
    found.set_points.iter().map(one).collect()
}

fn unknown(report: &mut Report, path: &str, what: &str) {
    let message = format!("{path} is unknown, which stops {what}");
    report.push(Diagnostic::error("unknown-value", path, message, "Enter a value"));
}

fn bins(climate: &Climate) -> Vec<WeatherBin> {
    if climate.grain != Grain::Hourly {
        return Vec::new();
    }
    let bin = |b: Bin| WeatherBin { low_c: b.low_c, hours: b.hours, wetbulb_c: b.wetbulb_c() };
    climate.bins().into_iter().map(bin).collect()
}

/// The year of the site's place, else its typical hours; the path of what is unknown.
fn own(site: &Site, catalog: &Catalog) -> Result<Climate, String> {
    match &site.terms.site.place {
        Some(id) => {
            let record = catalog.weather.get(id).ok_or_else(|| format!("weather.{id}"))?;
            Climate::of_catalog(record).map_err(|gap| gap.path)
        }
        None => typical(site),
    }
}

/// The site's typical hours as a year; the path of a temperature that is unknown.
fn typical(site: &Site) -> Result<Climate, String> {
    let mut parts = Vec::new();
    for hour in &site.terms.hours {
        let at = hour.ambient_c.ok_or_else(|| format!("hours.{}.ambient_c", hour.id))?;
        parts.push(Part::at(at, hour.wetbulb_c, hour.weight_h));
    }
    parts.sort_by(|a, b| a.low_c.total_cmp(&b.low_c));
    let warmest_c = parts.last().map(|p| p.high_c).ok_or_else(|| "hours".to_owned())?;
    Ok(Climate {
        name: "the layout's typical hours".into(),
        source: "layout".into(),
        grain: Grain::Bins,
        parts,
        year: Vec::new(),
        warmest_c,
        extreme_c: None,
    })
}

/// Machines, duty and efficiency of a loop; the path of what is unknown.
fn one(
    l: &Loop,
    site: &Site,
    catalog: &Catalog,
    network: &Network,
) -> Result<(Machines, Duty, Terms), String> {
    let machines = Machines::of(l, catalog).map_err(|gap| gap.path)?;
    let (mut duty, mut grid_mw) = (Duty::default(), 0.0);
    let k = coincidence(site, catalog);
    let mut any = None;
    for block in site.blocks().filter(|b| b.cooling_loop.as_ref() == Some(&l.id)) {
        let (count, one) = heaviest(block, site, catalog)?;
        let path = block.node.as_ref().and_then(|n| network.path(n)).unwrap_or_default();
        any = any.or(Some(path.grid_per_mw * k));
        duty.racks += count;
        duty.liquid_mw += count * one.liquid_mw;
        duty.air_mw += count * one.air_mw;
        duty.flow_lpm += count * one.flow_lpm;
        grid_mw += count * (one.liquid_mw + one.air_mw) * path.grid_per_mw * k;
    }
    let heat = duty.liquid_mw + duty.air_mw;
    let per_it = if heat > 0.0 { grid_mw / heat } else { any.unwrap_or(1.0) };
    let terms = Terms {
        eta_frac: 1.0 / per_it.max(1e-9),
        grid_per_mechanical_ratio: network.path(&l.node).unwrap_or_default().grid_per_mw,
        recirculation_k: 0.0,
        extreme_c: None,
    };
    Ok((machines, duty, terms))
}

/// Share of all racks at their highest caps that the grid contract feeds in the warmest hour of
/// the typical year; the path of what is unknown.
fn fed_frac(
    site: &Site,
    catalog: &Catalog,
    network: &Network,
    climate: &Climate,
) -> Result<f64, String> {
    let Some(contract_mw) = site.terms.site.grid_contract_mw else { return Ok(1.0) };
    let warmest = climate.warmest();
    let (drybulb_c, wetbulb_c) = (warmest.mean_c, warmest.wetbulb_c);
    let outdoor = Outdoor { drybulb_c, wetbulb_c, wetbulb_path: WETBULB };
    let k = coincidence(site, catalog);
    let mut grid_mw = 0.0;
    for l in &site.campus.loops {
        let (machines, duty, terms) = one(l, site, catalog, network)?;
        let share = machines.at(outdoor).map_err(|gap| gap.path)?;
        let mechanical = share.liquid_frac() * duty.liquid_mw + share.air_heat_frac() * duty.air_mw;
        grid_mw += (duty.liquid_mw + duty.air_mw) / terms.eta_frac
            + mechanical * terms.grid_per_mechanical_ratio;
    }
    for block in site.blocks().filter(|b| b.cooling_loop.is_none()) {
        let (count, one) = heaviest(block, site, catalog)?;
        let path = block.node.as_ref().and_then(|n| network.path(n)).unwrap_or_default();
        grid_mw += count * (one.liquid_mw + one.air_mw) * path.grid_per_mw * k;
    }
    Ok(if grid_mw > contract_mw { contract_mw / grid_mw } else { 1.0 })
}

/// Racks of a block, and what one asks for at its highest cap: of a planned block as many as may
/// be bought of the type with the most heat.
fn heaviest(block: &Block, site: &Site, catalog: &Catalog) -> Result<(f64, Duty), String> {
    let planned = block.planned.iter().flat_map(|p| p.racks.iter());
    let mut most: Option<Duty> = None;
    for id in block.rack.iter().chain(planned) {
        let rack = catalog.racks.get(id).ok_or_else(|| format!("racks.{id}"))?;
        let duty = at_highest_cap(rack, site, catalog)?;
        let heat = |d: &Duty| d.liquid_mw + d.air_mw;
        if most.as_ref().is_none_or(|m| heat(&duty) > heat(m)) {
            most = Some(duty);
        }
    }
    let count = block.count.or(block.planned.as_ref().map(|p| p.max)).unwrap_or(0);
    Ok((f64::from(count), most.unwrap_or_default()))
}

/// Equation C3 at the highest cap of a rack.
fn at_highest_cap(rack: &Rack, site: &Site, catalog: &Catalog) -> Result<Duty, String> {
    let path = |field: &str| format!("racks.{}.{field}", rack.id);
    let mut kw: f64 = 0.0;
    for cap in &rack.caps {
        kw = kw.max(cap.kw.get().ok_or_else(|| path(&format!("caps.{}.kw", cap.id)))?);
    }
    let liquid = rack.liquid_frac.get().ok_or_else(|| path("liquid_frac"))?;
    let flow = match (liquid > 0.0, rack.coolant_lpm_per_kw.get()) {
        (false, _) => 0.0,
        (true, known) => known.ok_or_else(|| path("coolant_lpm_per_kw"))?,
    };
    let support = support_kw(site, catalog, rack)?;
    Ok(Duty {
        racks: 1.0,
        liquid_mw: kw * liquid / 1e3,
        air_mw: (kw * (1.0 - liquid) + support) / 1e3,
        flow_lpm: kw * liquid * flow,
    })
}

/// What an engineer should look at.
fn checks(l: &Loop, found: &LoopReport, terms: &Terms, report: &mut Report) {
    let mut warn = |code: &str, field: &str, message: String, hint: &str| {
        report.push(Diagnostic::warning(code, format!("loops.{}{field}", l.id), message, hint));
    };
    let heat = found.duty.liquid_mw + found.duty.air_mw;
    let name = &l.name;
    if found.capacity_mw <= 0.0 {
        let message = format!("{name} has no rating: its machines move no heat");
        warn("no-rating", ".heat_mw", message, "Enter the heat of its CDUs and coolers");
    } else if heat > found.capacity_mw * (1.0 + 1e-9) {
        let message = format!(
            "{name} can move {:.1} MW; its racks at the highest caps that the grid contract feeds make {heat:.1} MW",
            found.capacity_mw
        );
        warn("overloaded", ".heat_mw", message, "Add machines, or cap the racks lower");
    }
    match found.flow_rated_lpm {
        None => {
            let message = format!("The flow that the pumps of {name} give is unknown");
            warn("no-flow-rating", ".flow_lpm", message, "Enter it in L/min");
        }
        Some(rated) if found.duty.flow_lpm > rated * (1.0 + 1e-9) => {
            let needed = crate::units::format::count(found.duty.flow_lpm);
            let message = format!("The racks of {name} ask for {needed} L/min");
            warn("flow-short", ".flow_lpm", message, "Add pumps, or cap the racks lower");
        }
        Some(_) => {}
    }
    let banks =
        [("cdus", "CDUs", found.cdu_reserve), ("rejection", "coolers", found.rejection_reserve)];
    for (list, what, reserve) in banks {
        if !reserve.survives_one_out && heat > 0.0 {
            let message =
                format!("With one of the {what} of {name} out, the rest does not carry the heat");
            warn("not-n-plus-1", &format!(".{list}"), message, "Add a machine as spare");
        }
    }
    if let Some(design) = found.design.filter(|d| d.short_mw > heat * 1e-9) {
        let message = format!(
            "At {:.1} C around the coolers of {name} and one out, {:.1} MW of heat are left",
            design.air_c, design.short_mw
        );
        warn("short-at-extreme", ".rejection", message, "Add coolers or chillers");
    }
    if found.year.stranded_frac > 0.0 {
        let message = format!(
            "{name} has no chiller and misses its set point in {} hours a year",
            crate::units::format::count(found.year.hours_short)
        );
        warn("no-chiller", ".rejection", message, "Add a trim chiller, or raise the supply");
    }
    if found.machines.rejectors.iter().any(|(_, r)| r.water.is_some_and(|w| w.is_impossible())) {
        let message = format!("The towers of {name} use more water than their heat can evaporate");
        let hint = "Correct water_l_per_kwh or cycles_ratio of the equipment";
        warn("impossible-water", ".rejection", message, hint);
    }
    if found.year.pue_mean <= 1.0 / terms.eta_frac + 1e-12 {
        let message = format!("The PUE of {name} is not above its electrical losses");
        warn("pue-below-losses", "", message, "Enter the power of pumps and fans");
    }
}
