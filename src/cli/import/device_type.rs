//! Device types of inventories: they become rack records in a folder that overlays the
//! catalogue.

use super::Arguments;
use crate::catalog::Catalog;
use crate::cli::{End, print, print_json, reported};
use crate::site::file::{Backup, read_bytes, save_text};
use crate::site::import::device_type::{Mapping, is_device_type, read};
use anyhow::{Context as _, ensure};
use serde::Serialize;
use std::time::{SystemTime, UNIX_EPOCH};

#[derive(Serialize)]
struct Answer<'a> {
    status: &'static str,
    importer: &'static str,
    rack: &'a str,
    path: String,
    taken: &'a [String],
    skipped: &'a [crate::site::import::Skipped],
}

/// Whether a file is a device type by its ending.
pub(super) fn is_one(file: &str) -> bool {
    is_device_type(file)
}

pub(super) fn run(arguments: &Arguments, catalog: Catalog) -> anyhow::Result<End> {
    let folder = arguments.common.catalog.as_ref();
    let folder = folder.context("a device type goes into the folder of --catalog DIR")?;
    ensure!(arguments.into.is_none(), "a device type goes into --catalog DIR, not into a layout");
    let bytes = read_bytes(&arguments.file).map_err(|report| reported(&report))?;
    let file = arguments.file.display().to_string();
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_secs());
    let date = crate::units::date::utc_date(now);
    let found = read((&file, &bytes), &date, (&catalog, &Mapping::default()))
        .map_err(|report| reported(&report))?;
    let path = folder.join(format!("{}.ron", found.id));
    // What is written has to read back as a part of the catalogue.
    let overlay = [(path.display().to_string(), found.text.clone())];
    catalog.with_overlay(&overlay).map_err(|report| reported(&report))?;
    ensure!(!path.exists(), "{} exists already", path.display());
    if !arguments.dry_run {
        save_text(&path, &found.text, Backup::None)?;
    }
    let status = if arguments.dry_run { "not saved" } else { "saved" };
    if arguments.common.json {
        let (rack, path) = (found.id.as_str(), path.display().to_string());
        let (taken, skipped) = (&found.taken[..], &found.skipped[..]);
        print_json(&Answer { status, importer: "NetBox device type", rack, path, taken, skipped })?;
    } else {
        found.taken.iter().for_each(|line| print(&format!("taken    {line}")));
        found.skipped.iter().for_each(|s| print(&format!("skipped  {}: {}", s.place, s.reason)));
        print(&format!("{}: {status}", path.display()));
    }
    Ok(End::Done)
}
