//! `gigasite cooling`: the cooling loops of a layout over a year.

use super::estimate::output::write_whole;
use super::hydraulics::located;
use super::{Common, End, check, load_catalog, print, print_json, reported, say};
use crate::catalog::Catalog;
use crate::cooling::loops::{Bank, LoopReport, Reserve, SetPoint};
use crate::cooling::weather::{Climate, epw};
use crate::diag::{Diagnostic, Report};
use crate::report::cooling::picture;
use crate::report::writers;
use crate::study::cooling::{Loops, Weather, loops};
use crate::study::in_force;
use crate::units::format::{MONTHS, count, fixed, known};
use anyhow::Context as _;
use clap::Args;
use serde::Serialize;
use std::path::PathBuf;

#[derive(Args, Debug)]
pub(super) struct Arguments {
    /// The layout whose loops are assessed
    layout: PathBuf,
    /// Weather of a typical year, hour by hour (.epw); the layout's typical hours without it
    #[arg(long, value_name = "FILE.epw", conflicts_with = "place")]
    weather: Option<PathBuf>,
    /// Weather of a place of the catalogue (`catalog list weather`)
    #[arg(long, value_name = "ID")]
    place: Option<String>,
    /// Dry bulb that is exceeded once in 20 years, in place of the one that the weather states
    #[arg(long, value_name = "C", allow_negative_numbers = true)]
    extreme: Option<f64>,
    /// Assess this variant, by id, letter or name; the base without it
    #[arg(long, value_name = "ID")]
    variant: Option<String>,
    /// Change a value: collection.id.field=VALUE (repeatable)
    #[arg(long, value_name = "PATH=VALUE")]
    set: Vec<String>,
    /// Draw hours and PUE by outdoor temperature
    #[arg(long, value_name = "FILE")]
    svg: Option<PathBuf>,
    #[arg(long, value_name = "FILE")]
    png: Option<PathBuf>,
    /// Draw on a light ground
    #[arg(long)]
    light: bool,
    #[command(flatten)]
    common: Common,
}

#[derive(Serialize)]
struct Answer<'a> {
    /// `assessed`, or `stopped` where something unknown stops a loop.
    status: &'static str,
    #[serde(flatten)]
    loops: Option<&'a Loops>,
    diagnostics: &'a [Diagnostic],
}

pub(super) fn run(arguments: &Arguments) -> anyhow::Result<End> {
    let catalog = load_catalog(&arguments.common)?;
    let variant = arguments.variant.as_deref();
    let (_, site, catalog) = check::changed(&arguments.layout, variant, &arguments.set, catalog)?;
    let (catalog, mut report) = in_force(&site, &catalog);
    if let Some(extreme) = arguments.extreme {
        let range = -50.0..=70.0;
        anyhow::ensure!(range.contains(&extreme), "--extreme {extreme}: expected -50 to 70");
    }
    let climate = climate(arguments, &catalog, &mut report)?;
    let (found, findings) =
        loops(&site, &catalog, &Weather { climate, extreme_c: arguments.extreme, only: None });
    report.extend(findings);
    let stopped = report.has_errors();
    if let Some(found) = found.as_ref().filter(|f| !f.loops.is_empty()) {
        draw(arguments, found)?;
    }
    if arguments.common.json {
        let status = if stopped { "stopped" } else { "assessed" };
        let loops = found.as_ref();
        print_json(&Answer { status, loops, diagnostics: &report.items })?;
    } else {
        say(&report.items);
        if let Some(found) = &found {
            print(&text(found));
        }
    }
    Ok(if stopped { End::Negative } else { End::Done })
}

fn draw(arguments: &Arguments, found: &Loops) -> anyhow::Result<()> {
    if arguments.svg.is_none() && arguments.png.is_none() {
        return Ok(());
    }
    let picture = picture(found, !arguments.light, &mut writers::png::measure());
    if let Some(path) = &arguments.svg {
        write_whole(path, writers::svg::write(&picture).as_bytes())?;
    }
    if let Some(path) = &arguments.png {
        write_whole(path, &writers::png::write(&picture, writers::png::SCALE)?)?;
    }
    Ok(())
}

/// The weather that was asked for; none is the layout's own.
fn climate(
    arguments: &Arguments,
    catalog: &Catalog,
    report: &mut Report,
) -> anyhow::Result<Option<Climate>> {
    if let Some(path) = &arguments.weather {
        let name = path.display().to_string();
        let bytes = std::fs::read(path).with_context(|| format!("{name} cannot be read"))?;
        let file = epw::read(&String::from_utf8_lossy(&bytes))
            .map_err(|report| reported(&located(report, path)))?;
        report.extend(located(file.report.clone(), path));
        return Ok(Some(file.climate(&name)));
    }
    let Some(id) = &arguments.place else { return Ok(None) };
    let record = catalog.weather.get(id).with_context(|| {
        let near = crate::fields::nearest(id, catalog.weather.keys().map(String::as_str));
        format!("--place {id}: there is no such place; near it: {}", near.join(", "))
    })?;
    Ok(Some(Climate::of_catalog(record)?))
}

fn percent(frac: f64) -> String {
    format!("{} %", fixed(frac * 100.0, 1))
}

fn text(found: &Loops) -> String {
    let temperature = |c: f64| format!("{} °C", fixed(c, 1));
    let mut out = vec![
        format!("Weather         {} ({})", found.weather, found.weather_source),
        format!("Energy          typical year, warmest hour {}", temperature(found.warmest_c)),
        match found.extreme_c {
            Some(c) => format!(
                "Capacity        design extreme {}, {} K of recirculation, one machine out",
                temperature(c),
                fixed(found.recirculation_k, 1)
            ),
            None => "Capacity        design extreme unknown: enter it with --extreme".into(),
        },
    ];
    out.extend(found.pue_map_missing.map(|why| format!("PUE by month    {why}")));
    for map in &found.pue_map {
        if let Some((month, hour, pue)) = map.worst() {
            out.push(format!(
                "PUE by month    {}: {} at most, {} at {hour}:00; all of it in --json",
                map.loop_id,
                fixed(pue, 3),
                MONTHS[month]
            ));
        }
    }
    for l in &found.loops {
        out.push(String::new());
        out.extend(one(l));
    }
    out.join("\n")
}

fn one(l: &LoopReport) -> Vec<String> {
    let mut out = vec![format!("{} ({})", l.name, l.id)];
    let mw = |v: f64| format!("{} MW", fixed(v, 2));
    let heat = l.duty.liquid_mw + l.duty.air_mw;
    out.push(format!(
        "  Heat            {} of {}: {} in the coolant, {} in the air of {} racks",
        mw(heat),
        mw(l.capacity_mw),
        mw(l.duty.liquid_mw),
        mw(l.duty.air_mw),
        count(l.duty.racks)
    ));
    let one_out = known(l.flow_one_out_lpm, |v| format!("{} with one CDU out", count(v)));
    out.push(format!(
        "  Flow            {} of {} L/min, {one_out}",
        count(l.duty.flow_lpm),
        known(l.flow_rated_lpm, count)
    ));
    out.push(format!(
        "  Coolant         {} °C to the racks, {} °C from them",
        fixed(l.supply_c, 1),
        known(l.return_c, |v| fixed(v, 1))
    ));
    out.extend(banks("CDUs", &l.cdus, l.cdu_reserve));
    out.extend(banks("Heat rejection", &l.rejection, l.rejection_reserve));
    let evaporation = count(l.evaporation_m3);
    out.push(format!(
        "  Water           {} m³ a year: {evaporation} evaporated, {} drained; {} L/kWh",
        count(l.year.water_m3),
        count(l.blowdown_m3),
        fixed(l.year.wue_l_per_kwh, 2)
    ));
    if let Some(d) = &l.design {
        let verdict =
            if d.short_mw > 0.0 { format!("{} short", mw(d.short_mw)) } else { "holds".into() };
        out.push(format!(
            "  Design extreme  {} °C at the coolers: {} of heat, chillers take {}, {} of power; {} with one out: {verdict}",
            fixed(d.air_c, 1),
            mw(heat),
            percent(d.chilled_frac),
            mw(d.mechanical_mw),
            mw(d.rejection_one_out_mw),
        ));
    }
    out.push(format!(
        "  {:<14} {:>11} {:>9} {:>9} {:>9} {:>9} {:>14}",
        "Set point", "Hours short", "PUE mean", "PUE 99 %", "worst", "extreme", "Chiller kWh/kW"
    ));
    out.extend(l.set_points.iter().map(|s| set_point(s, s.supply_c == l.supply_c)));
    out
}

fn banks(what: &str, banks: &[Bank], reserve: Reserve) -> Vec<String> {
    let verdict = if reserve.survives_one_out { "carries the heat" } else { "is too little" };
    let mut out = Vec::new();
    for (k, b) in banks.iter().enumerate() {
        let what = if k == 0 { what } else { "" };
        out.push(format!(
            "  {what:<15} {} {} of {} MW, {} spare, loaded to {}",
            b.installed,
            b.name,
            fixed(b.heat_mw_each, 2),
            b.spare,
            percent(b.loading_frac)
        ));
    }
    out.push(format!("  {:<15} {} MW with one out {verdict}", "", fixed(reserve.one_out_mw, 2)));
    out
}

fn set_point(s: &SetPoint, own: bool) -> String {
    format!(
        "  {:<14} {:>11} {:>9} {:>9} {:>9} {:>9} {:>14}",
        format!("{} °C{}", fixed(s.supply_c, 1), if own { " *" } else { "" }),
        fixed(s.hours_short, 0),
        fixed(s.pue_mean, 4),
        fixed(s.pue_p99, 4),
        fixed(s.pue_worst, 4),
        known(s.pue_design, |v| fixed(v, 4)),
        fixed(s.chiller_kwh_per_kw, 1),
    )
}
