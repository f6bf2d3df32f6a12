//! `gigasite open`: the window.

use super::{Common, End};
#[cfg(feature = "gui")]
use crate::catalog::Catalog;
#[cfg(feature = "gui")]
use crate::editor::user;
#[cfg(feature = "gui")]
use crate::gui::app::CatalogueFolder;
#[cfg(feature = "gui")]
use crate::gui::{Moment, Stopwatch};
use clap::Args;
use std::path::PathBuf;
#[cfg(feature = "gui")]
use std::time::Instant;

#[derive(Args, Debug, Default)]
pub(super) struct Arguments {
    /// The layout to open
    layout: Option<PathBuf>,
    /// Save a picture of the window as PNG and exit
    #[arg(long, value_name = "FILE")]
    screenshot: Option<PathBuf>,
    /// Size of that picture in pixels, e.g. `2560x1440`
    #[arg(long, value_name = "WIDTHxHEIGHT", requires = "screenshot", value_parser = size)]
    size: Option<[u16; 2]>,
    /// Start with this variant, by id
    #[arg(long, value_name = "ID")]
    variant: Option<String>,
    /// Start on this page
    #[arg(long, value_enum)]
    page: Option<Page>,
    /// Start presenting, at this step of the tour
    #[arg(long, value_name = "STEP", num_args = 0..=1, default_missing_value = "1")]
    present: Option<usize>,
    /// Start in the light theme
    #[arg(long)]
    light: bool,
    /// Select an element, e.g. `tiers.premium`
    #[arg(long, value_name = "PATH")]
    select: Option<String>,
    /// Show what becomes of the network without a feed or node, e.g. `nodes.t-b2`
    #[arg(long, value_name = "PATH")]
    outage: Option<String>,
    /// Print how long the window takes to come, to its first plan, and exit
    #[arg(long, conflicts_with = "screenshot")]
    measure_start: bool,
    /// A file of unsaved work to recover; further windows are started with it
    #[arg(long, value_name = "FILE", hide = true)]
    recover: Option<PathBuf>,
    #[command(flatten)]
    common: Common,
}

/// Least and greatest side of a picture: smaller hides panels, larger no card draws.
const SIDES: std::ops::RangeInclusive<u16> = 600..=8192;

/// `2560x1440`, as people write the size of a screen.
fn size(text: &str) -> Result<[u16; 2], String> {
    let sides = text.split_once(['x', 'X', '×']);
    let sides = sides.and_then(|(w, h)| Some([w.trim().parse().ok()?, h.trim().parse().ok()?]));
    sides.filter(|sides: &[u16; 2]| sides.iter().all(|side| SIDES.contains(side))).ok_or_else(
        || {
            let (least, most) = (SIDES.start(), SIDES.end());
            format!("a size is two numbers of {least} to {most}, e.g. 2560x1440")
        },
    )
}

#[derive(clap::ValueEnum, Clone, Copy, Debug)]
enum Page {
    SitePlan,
    OneLine,
    Economics,
    Finance,
    Throughput,
    Cooling,
    Compare,
}

#[cfg(feature = "gui")]
pub(super) fn run(arguments: &Arguments) -> anyhow::Result<End> {
    let stopwatch = arguments.measure_start.then(|| Stopwatch::new(Instant::now()));
    let (catalog, folder, fault) = catalogue(arguments)?;
    let tab = arguments.page.map(|page| match page {
        Page::SitePlan => crate::gui::action::Tab::SitePlan,
        Page::OneLine => crate::gui::action::Tab::OneLine,
        Page::Economics => crate::gui::action::Tab::Economics,
        Page::Finance => crate::gui::action::Tab::Finance,
        Page::Throughput => crate::gui::action::Tab::Throughput,
        Page::Cooling => crate::gui::action::Tab::Cooling,
        Page::Compare => crate::gui::action::Tab::Compare,
    });
    let shown = crate::gui::Shown {
        tab,
        light: arguments.light,
        select: arguments.select.clone(),
        outage: arguments.outage.clone(),
        variant: arguments.variant.clone(),
        present: arguments.present.map(|step| step.saturating_sub(1)),
    };
    crate::gui::run(crate::gui::Options {
        layout: arguments.layout.clone(),
        screenshot: arguments.screenshot.clone(),
        size: arguments.size,
        shown,
        catalog,
        catalog_folder: folder,
        catalog_fault: fault,
        recover: arguments.recover.clone(),
        stopwatch: stopwatch.clone(),
        inherited: inherited(&arguments.common),
    })?;
    if let Some(stopwatch) = stopwatch {
        let start = stopwatch.start();
        if arguments.common.json {
            super::print_json(&start)?;
        } else {
            let moments = [
                ("Window asked for", start.window),
                ("First frame", start.first_frame),
                ("First plan", start.first_plan),
            ];
            moments.iter().for_each(|(name, moment)| super::print(&words(name, *moment)));
        }
    }
    Ok(End::Done)
}

/// The catalogue, the folder of own records, and why they are left out where they cannot be read:
/// the window opens all the same. Pictures and measurements know only what they are told.
#[cfg(feature = "gui")]
fn catalogue(arguments: &Arguments) -> anyhow::Result<(Catalog, CatalogueFolder, Option<String>)> {
    if let Some(folder) = &arguments.common.catalog {
        let catalog = super::catalog_with(folder)?;
        let folder =
            CatalogueFolder { path: Some(folder.clone()), given: true, remembered_in: None };
        return Ok((catalog, folder, None));
    }
    let is_passing = arguments.screenshot.is_some() || arguments.measure_start;
    let remembered_in = user::data_folder();
    let path = remembered_in.as_deref().map(user::catalogue_folder);
    let folder = CatalogueFolder { path, given: false, remembered_in };
    let Some(own) = user::own_records().filter(|_| !is_passing) else {
        return Ok((super::builtin()?, folder, None));
    };
    match super::catalog_with(&own) {
        Ok(catalog) => Ok((catalog, folder, None)),
        Err(error) => {
            let fault = format!("The records in {} are left out: {error}", own.display());
            Ok((super::builtin()?, folder, Some(fault)))
        }
    }
}

/// `First frame: 0.41 s of processor time, 0.52 s after the start`.
#[cfg(feature = "gui")]
fn words(name: &str, moment: Option<Moment>) -> String {
    let Some(moment) = moment else { return format!("{name}: not reached") };
    let cpu = moment.cpu_s.map_or_else(|| "unknown".to_owned(), |s| format!("{s:.2} s"));
    format!("{name}: {cpu} of processor time, {:.2} s after the start", moment.wall_s)
}

/// What further windows have to be told of how this one was started.
#[cfg(feature = "gui")]
fn inherited(common: &Common) -> Vec<std::ffi::OsString> {
    let folder = common.catalog.as_ref().map(|f| std::path::absolute(f).unwrap_or(f.clone()));
    folder.map_or_else(Vec::new, |folder| vec!["--catalog".into(), folder.into()])
}

#[cfg(not(feature = "gui"))]
pub(super) fn run(_: &Arguments) -> anyhow::Result<End> {
    anyhow::bail!("this program was built without the window; use solve, check, lp or catalog")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_is_two_numbers_that_a_picture_can_have() {
        assert_eq!(size("2560x1440"), Ok([2560, 1440]));
        assert_eq!(size("1280 × 800"), Ok([1280, 800]));
        for wrong in ["", "2560", "2560x", "x800", "0x0", "99999x800", "1280x800x2", "-1280x800"] {
            assert!(size(wrong).is_err(), "{wrong}");
        }
    }
}
