//! `gigasite import`: takes a foreign file into a layout.

mod device_type;

use super::{Common, End, check, load_catalog, print, print_json, reported};
use crate::site;
use crate::site::file::{Backup, read_bytes, read_text, reference, save, save_text};
use crate::site::import::{self, Foreign, Mapping, Options, Role, Scale, Skipped};
use crate::study;
use crate::units::LengthUnit;
use anyhow::Context as _;
use clap::Args;
use serde::Serialize;
use std::path::{Path, PathBuf};

#[derive(Args, Debug)]
pub(super) struct Arguments {
    /// The file to take: GeoJSON, DXF, PNG, a list of racks as CSV or workbook, a NetBox device type
    file: PathBuf,
    /// The layout that takes it; its old content stays beside it as LAYOUT.bak
    #[arg(long, value_name = "LAYOUT")]
    into: Option<PathBuf>,
    /// What the content becomes; the usual for the kind of file where absent
    #[arg(long = "as", value_name = "ROLE", value_parser = role)]
    role: Option<Role>,
    /// Columns of a list of racks; written there where no such file is, to be edited
    #[arg(long, value_name = "MAP.ron")]
    map: Option<PathBuf>,
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
    /// Columns of a list of racks.
    #[serde(skip_serializing_if = "Option::is_none")]
    mapping: Option<&'a Mapping>,
    taken: &'a [String],
    skipped: &'a [Skipped],
    diagnostics: &'a [crate::diag::Diagnostic],
}

pub(super) fn run(arguments: &Arguments) -> anyhow::Result<End> {
    let catalog = load_catalog(&arguments.common)?;
    let file = arguments.file.display().to_string();
    if device_type::is_one(&file) {
        return device_type::run(arguments, catalog);
    }
    let into = arguments.into.as_ref().context("--into LAYOUT says which layout takes it")?;
    let layout = check::read(into)?.map_err(|report| reported(&report))?.layout;
    let site = layout.variant(0).site.clone();
    let bytes = read_bytes(&arguments.file).map_err(|report| reported(&report))?;
    let (in_force, _) = study::in_force(&site, &catalog);
    let foreign = Foreign { file: &file, bytes: &bytes, site: &site, catalog: &in_force };
    let options = Options {
        role: arguments.role,
        mapping: arguments.map.as_deref().map(read_map).transpose()?.flatten(),
        unit: arguments.unit,
        layer: arguments.layer.clone(),
        scale: arguments.points.or(arguments.scale.map(Scale::MetresPerPixel)),
        reference: Some(reference(&arguments.file, into.parent())),
    };
    let imported = import::read(&foreign, &options).map_err(|report| reported(&report))?;
    let edited = imported.apply(&site);
    if let (Some(path), Some(mapping), None) = (&arguments.map, &imported.mapping, &options.mapping)
    {
        save_text(path, &mapping.to_text(), Backup::None)?;
        super::note(&format!("the columns are written to {}", path.display()));
    }
    // Only what the import brings; the rest is the business of `check`.
    let before = site::validate(&site, &in_force).1;
    let (in_force, _) = study::in_force(&edited, &catalog);
    let mut findings = site::validate(&edited, &in_force).1.items;
    findings.retain(|d| !before.items.contains(d));
    if !arguments.dry_run {
        // Variants are differences to the base: they follow it.
        let known = layout.to_file();
        let mut file = edited.to_file();
        (file.base, file.variants, file.tour) = (known.base, known.variants, known.tour);
        file.scenarios = known.scenarios;
        save(into, &file)?;
    }
    let status = if arguments.dry_run { "not saved" } else { "saved" };
    let importer = import::importer_of(&file).map_or("", |i| i.name);
    let (taken, skipped) = (&imported.taken, &imported.skipped);
    if arguments.common.json {
        let mapping = imported.mapping.as_ref();
        print_json(&Answer { status, importer, mapping, taken, skipped, diagnostics: &findings })?;
        return Ok(End::Done);
    }
    taken.iter().for_each(|line| print(&format!("taken    {line}")));
    skipped.iter().for_each(|s| print(&format!("skipped  {}: {}", s.place, s.reason)));
    findings.iter().for_each(|d| print(&d.to_string()));
    print(&format!("{}: {status}", into.display()));
    Ok(End::Done)
}

/// The mapping of a file; nothing where there is no such file yet.
fn read_map(path: &Path) -> anyhow::Result<Option<Mapping>> {
    if !path.exists() {
        return Ok(None);
    }
    let text = read_text(path).map_err(|report| reported(&report))?;
    Mapping::parse(&text).map(Some).with_context(|| format!("--map {}", path.display()))
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
