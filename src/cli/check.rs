//! `gigasite check`: validates a layout.

use super::{Common, End, load_catalog, print, print_json};
use crate::catalog::Catalog;
use crate::diag::{Diagnostic, Report, Severity};
use crate::site::{self, Layout, Site, Variant};
use crate::study;
use clap::Args;
use serde::Serialize;
use std::path::{Path, PathBuf};

#[derive(Args, Debug)]
pub(super) struct Arguments {
    /// The layout to check
    layout: PathBuf,
    /// Check this variant alone, by id, letter or name; all of them without it
    #[arg(long, value_name = "ID")]
    variant: Option<String>,
    #[command(flatten)]
    common: Common,
}

#[derive(Serialize)]
struct Answer<'a> {
    status: &'static str,
    errors: usize,
    warnings: usize,
    diagnostics: &'a [Diagnostic],
}

pub(super) fn run(arguments: &Arguments) -> anyhow::Result<End> {
    let catalog = load_catalog(&arguments.common)?;
    let report = match read(&arguments.layout)? {
        Ok(Read { layout, mut report, text }) => {
            let folder = arguments.layout.parent();
            report.extend(layout.check());
            match &arguments.variant {
                Some(wanted) => {
                    let index = chosen(&layout, Some(wanted))?;
                    report.extend(findings(&layout.variant(index).site, &catalog, folder));
                }
                None => report.extend(of_all(&layout, &catalog, folder)),
            }
            let file = arguments.layout.display().to_string();
            site::file::add_positions(&mut report, &text, &file);
            report
        }
        Err(report) => report,
    };
    let errors = report.count(Severity::Error);
    let warnings = report.count(Severity::Warning);
    let status = if errors == 0 { "valid" } else { "invalid" };
    if arguments.common.json {
        print_json(&Answer { status, errors, warnings, diagnostics: &report.items })?;
    } else {
        report.items.iter().for_each(|d| print(&d.to_string()));
        let name = arguments.layout.display();
        print(&format!("{name}: {status}, {errors} errors, {warnings} warnings"));
    }
    Ok(if errors == 0 { End::Done } else { End::Negative })
}

/// What is wrong with a site, its overrides of the catalogue and its underlays.
fn findings(site: &Site, catalog: &Catalog, folder: Option<&Path>) -> Report {
    let (catalog, mut report) = study::in_force(site, catalog);
    report.extend(site::validate(site, &catalog).1);
    report.extend(site::file::check_underlays(site, folder));
    report
}

/// The findings of all variants; what a variant shares with the base is said once.
fn of_all(layout: &Layout, catalog: &Catalog, folder: Option<&Path>) -> Report {
    let mut report = findings(&layout.variant(0).site, catalog, folder);
    let known = report.items.clone();
    for variant in layout.variants().iter().skip(1) {
        for mut finding in findings(&variant.site, catalog, folder).items {
            if !known.contains(&finding) {
                finding.message = format!("In variant {}: {}", variant.id, finding.message);
                report.push(finding);
            }
        }
    }
    report
}

/// The index of the variant that an argument names; the base without one.
pub(super) fn chosen(layout: &Layout, variant: Option<&str>) -> anyhow::Result<usize> {
    match variant {
        Some(wanted) => layout.index_of(wanted).map_err(anyhow::Error::msg),
        None => Ok(0),
    }
}

/// A layout, one variant of it (the base without one) and the catalogue, these two with the
/// changes of `--set`.
pub(super) fn changed(
    path: &Path,
    variant: Option<&str>,
    set: &[String],
    catalog: Catalog,
) -> anyhow::Result<(Layout, Site, Catalog)> {
    let layout = read(path)?.map_err(|report| super::reported(&report))?.layout;
    let (_, site, catalog) = varied(&layout, variant, set, catalog)?;
    Ok((layout, site, catalog))
}

/// [`changed`] of a layout that is read: the variant that was meant, its site and the catalogue.
pub(super) fn varied<'a>(
    layout: &'a Layout,
    variant: Option<&str>,
    set: &[String],
    mut catalog: Catalog,
) -> anyhow::Result<(&'a Variant, Site, Catalog)> {
    let own = layout.variant(chosen(layout, variant)?);
    let mut site = own.site.clone();
    for change in set {
        super::solve::set(&mut site, &mut catalog, change)?;
    }
    Ok((own, site, catalog))
}

/// A layout with its text, and what of it was left out.
pub(super) struct Read {
    pub layout: Layout,
    pub report: Report,
    pub text: String,
}

/// Reads a layout, or says what is wrong with it. A file that cannot be read is an error.
pub(super) fn read(path: &Path) -> anyhow::Result<Result<Read, Report>> {
    let text = match site::file::read_text(path) {
        Ok(text) => text,
        Err(report) if report.items.iter().any(|d| d.code == "file-unreadable") => {
            return Err(super::reported(&report));
        }
        Err(report) => return Ok(Err(report)),
    };
    let name = path.display().to_string();
    let file = match site::file::parse(&text, &name) {
        Ok(file) => file,
        Err(report) => return Ok(Err(report)),
    };
    Ok(match Layout::from_file(file) {
        Ok((layout, report)) => Ok(Read { layout, report, text }),
        Err(mut report) => {
            site::file::add_positions(&mut report, &text, &name);
            Err(report)
        }
    })
}
