//! `gigasite import`: takes a foreign file into a layout.

use super::{Common, End, check, load_catalog, print, print_json, reported};
use crate::site::file::{read_bytes, reference, save};
use crate::site::import::{self, Foreign, Options, Role, Scale, Skipped};
use crate::site::{self, Site};
use crate::study;
use crate::units::LengthUnit;
use clap::Args;
use serde::Serialize;
use std::path::PathBuf;

#[derive(Args, Debug)]
pub(super) struct Arguments {
    /// The file to take: GeoJSON, DXF or PNG
    file: PathBuf,
    /// The layout that takes it; its old content stays beside it as LAYOUT.bak
    #[arg(long, value_name = "LAYOUT")]
    into: PathBuf,
    /// What the content becomes; the usual for the kind of file where absent
    #[arg(long = "as", value_name = "ROLE", value_parser = role)]
    role: Option<Role>,
    /// Unit of a drawing, in place of the one that it states: m, ft, us-ft, in, mm, cm, km
    #[arg(long, value_name = "UNIT", value_parser = unit)]
    unit: Option<LengthUnit>,
    /// Layer of a drawing that holds the parcel; the largest outline of all where absent
    #[arg(long, value_name = "NAME")]
    layer: Option<String>,
    /// Metres of one pixel of a picture
    #[arg(long, value_name = "M_PER_PX", conflicts_with = "points")]
    scale: Option<f64>,
    /// Two pixels of a picture and the metres between them
    #[arg(long, value_name = "X1,Y1,X2,Y2,METRES", value_parser = points)]
    points: Option<Scale>,
    /// Say what would be taken and leave the layout as it is
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    common: Common,
}

#[derive(Serialize)]
struct Answer<'a> {
    status: &'static str,
    importer: &'a str,
    taken: &'a [String],
    skipped: &'a [Skipped],
    diagnostics: &'a [crate::diag::Diagnostic],
}

pub(super) fn run(arguments: &Arguments) -> anyhow::Result<End> {
    let catalog = load_catalog(&arguments.common)?;
    let (layout, _) = check::read(&arguments.into)?.map_err(|report| reported(&report))?;
    let site = Site::from_file(layout);
    let bytes = read_bytes(&arguments.file).map_err(|report| reported(&report))?;
    let file = arguments.file.display().to_string();
    let (in_force, _) = study::in_force(&site, &catalog);
    let foreign = Foreign { file: &file, bytes: &bytes, site: &site, catalog: &in_force };
    let options = Options {
        role: arguments.role,
        unit: arguments.unit,
        layer: arguments.layer.clone(),
        scale: arguments.points.or(arguments.scale.map(Scale::MetresPerPixel)),
        reference: Some(reference(&arguments.file, arguments.into.parent())),
    };
    let imported = import::read(&foreign, &options).map_err(|report| reported(&report))?;
    let edited = imported.apply(&site);
    // Only what the import brings; the rest is the business of `check`.
    let before = site::validate(&site, &in_force).1;
    let (in_force, _) = study::in_force(&edited, &catalog);
    let mut findings = site::validate(&edited, &in_force).1.items;
    findings.retain(|d| !before.items.contains(d));
    if !arguments.dry_run {
        save(&arguments.into, &edited.to_file())?;
    }
    let status = if arguments.dry_run { "not saved" } else { "saved" };
    let importer = import::importer_of(&file).map_or("", |i| i.name);
    let (taken, skipped) = (&imported.taken, &imported.skipped);
    if arguments.common.json {
        print_json(&Answer { status, importer, taken, skipped, diagnostics: &findings })?;
        return Ok(End::Done);
    }
    taken.iter().for_each(|line| print(&format!("taken    {line}")));
    skipped.iter().for_each(|s| print(&format!("skipped  {}: {}", s.place, s.reason)));
    findings.iter().for_each(|d| print(&d.to_string()));
    print(&format!("{}: {status}", arguments.into.display()));
    Ok(End::Done)
}

fn role(text: &str) -> Result<Role, String> {
    let names: Vec<&str> = Role::ALL.iter().map(|r| r.name()).collect();
    let found = Role::ALL.iter().copied().find(|r| r.name() == text);
    found.ok_or_else(|| format!("choose {}", names.join(" or ")))
}

fn unit(text: &str) -> Result<LengthUnit, String> {
    let names: Vec<&str> = LengthUnit::ALL.iter().map(|u| u.name()).collect();
    let found = LengthUnit::ALL.into_iter().find(|u| u.name() == text);
    found.ok_or_else(|| format!("choose one of {}", names.join(", ")))
}

fn points(text: &str) -> Result<Scale, String> {
    let numbers: Result<Vec<f64>, _> = text.split(',').map(|t| t.trim().parse()).collect();
    match numbers.as_deref() {
        Ok(&[ax, ay, bx, by, metres]) => Ok(Scale::Points { a: [ax, ay], b: [bx, by], metres }),
        _ => Err("write five numbers: X1,Y1,X2,Y2,METRES".to_owned()),
    }
}
