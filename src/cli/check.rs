//! `gigasite check`: validates a layout.

use super::{Common, End, load_catalog, print, print_json};
use crate::diag::{Diagnostic, Report, Severity};
use crate::site::{self, LayoutFile, Site};
use crate::study;
use clap::Args;
use serde::Serialize;
use std::path::{Path, PathBuf};

#[derive(Args, Debug)]
pub(super) struct Arguments {
    /// The layout to check
    layout: PathBuf,
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
        Ok((layout, text)) => {
            let site = Site::from_file(layout);
            let (catalog, mut report) = study::in_force(&site, &catalog);
            report.extend(site::validate(&site, &catalog).1);
            report.extend(site::file::check_underlays(&site, arguments.layout.parent()));
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

/// A layout with its text, or what is wrong with it. A file that cannot be read is an error.
pub(super) fn read(path: &Path) -> anyhow::Result<Result<(LayoutFile, String), Report>> {
    let text = match site::file::read_text(path) {
        Ok(text) => text,
        Err(report) if report.items.iter().any(|d| d.code == "file-unreadable") => {
            return Err(super::reported(&report));
        }
        Err(report) => return Ok(Err(report)),
    };
    let name = path.display().to_string();
    Ok(site::file::parse(&text, &name).map(|layout| (layout, text)))
}
