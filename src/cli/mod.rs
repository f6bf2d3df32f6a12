//! The command line: one file a subcommand; the only module that prints.
//!
//! Results go to standard output, notes to standard error. Exit status: 0 done,
//! 1 the answer is negative (invalid layout, infeasible plan), 2 usage or I/O.

mod catalog;
mod check;
mod compare;
mod cooling;
mod estimate;
mod finance;
mod hydraulics;
mod import;
mod lp;
mod new;
mod open;
mod powerflow;
mod report;
mod solve;
mod text;

use crate::catalog::Catalog;
use crate::diag::{Report, Severity};
use crate::editor::user;
use anyhow::Context as _;
use clap::{Args, Parser, Subcommand};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Plans gigawatt-scale AI sites: electricity in, tokens out
#[derive(Parser, Debug)]
#[command(name = "gigasite", version, about, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand, Debug)]
enum Command {
    /// Open the window (the default)
    Open(open::Arguments),
    /// Validate a layout; all findings with their place
    Check(check::Arguments),
    /// Solve a layout: the plan
    Solve(solve::Arguments),
    /// Compare two variants of a layout, or two layouts
    Compare(compare::Arguments),
    /// What the plan of a layout is worth: capital, cash flow, returns, cost of a million tokens
    Finance(finance::Arguments),
    /// Export a layout: drawings and files for other programs
    Report(report::Arguments),
    /// Estimate what racks serve: tokens/s against tokens/s per user
    Estimate(estimate::Arguments),
    /// Power flow of an electrical network: voltages, flows, losses
    Powerflow(powerflow::Arguments),
    /// Cooling loops over a year: hours short, PUE, water, reserves, the design extreme
    Cooling(cooling::Arguments),
    /// Flows and pressures of a pipe network from an EPANET file
    Hydraulics(hydraulics::Arguments),
    /// Lay out a new site from a few answers
    New(new::Arguments),
    /// Take a foreign file into a layout: parcels, underlays
    Import(import::Arguments),
    /// Solve an LP or MIP file
    Lp(lp::Arguments),
    /// The data behind it all, with sources
    Catalog(catalog::Arguments),
}

/// Options that every subcommand takes.
#[derive(Args, Debug, Clone, Default)]
pub(crate) struct Common {
    /// Print JSON with stable field names
    #[arg(long)]
    json: bool,
    /// Folder of *.ron files that overlay the catalogue by id, in place of your own records
    #[arg(long, value_name = "DIR")]
    catalog: Option<PathBuf>,
}

/// How a command ended.
pub(crate) enum End {
    Done,
    /// The answer is negative.
    Negative,
}

/// Runs the program with the arguments of the process.
pub fn run() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version are answers; everything else is a usage error.
            let _ = error.print();
            return if error.use_stderr() { ExitCode::from(2) } else { ExitCode::SUCCESS };
        }
    };
    let result = match cli.command {
        None => open::run(&open::Arguments::default()),
        Some(Command::Open(arguments)) => open::run(&arguments),
        Some(Command::Check(arguments)) => check::run(&arguments),
        Some(Command::Solve(arguments)) => solve::run(&arguments),
        Some(Command::Compare(arguments)) => compare::run(&arguments),
        Some(Command::Finance(arguments)) => finance::run(&arguments),
        Some(Command::Report(arguments)) => report::run(&arguments),
        Some(Command::Estimate(arguments)) => estimate::run(&arguments),
        Some(Command::Powerflow(arguments)) => powerflow::run(&arguments),
        Some(Command::Cooling(arguments)) => cooling::run(&arguments),
        Some(Command::Hydraulics(arguments)) => hydraulics::run(&arguments),
        Some(Command::New(arguments)) => new::run(&arguments),
        Some(Command::Import(arguments)) => import::run(&arguments),
        Some(Command::Lp(arguments)) => lp::run(&arguments),
        Some(Command::Catalog(arguments)) => catalog::run(&arguments),
    };
    match result {
        Ok(End::Done) => ExitCode::SUCCESS,
        Ok(End::Negative) => ExitCode::from(1),
        Err(error) => {
            note(&format!("error: {error:#}"));
            ExitCode::from(2)
        }
    }
}

/// Writes to standard output; a reader that has gone away ends the program quietly.
pub(crate) fn print(text: &str) {
    use std::io::Write;
    let mut out = std::io::stdout().lock();
    if writeln!(out, "{text}").and_then(|()| out.flush()).is_err() {
        std::process::exit(0);
    }
}

/// Prints a value as JSON.
pub(crate) fn print_json(value: &impl serde::Serialize) -> anyhow::Result<()> {
    print(&serde_json::to_string_pretty(value)?);
    Ok(())
}

/// The catalogue in force: with the folder of `--catalog`, else with the user's own records, as
/// in the window.
pub(crate) fn load_catalog(common: &Common) -> anyhow::Result<Catalog> {
    if let Some(folder) = &common.catalog {
        return catalog_with(folder);
    }
    let Some(folder) = user::own_records() else { return builtin() };
    note(&format!(
        "note: with your own records of {}; --catalog DIR replaces them",
        folder.display()
    ));
    catalog_with(&folder).with_context(|| {
        format!(
            "your own records in {} cannot be used; mend them or use --catalog DIR",
            folder.display()
        )
    })
}

pub(crate) fn builtin() -> anyhow::Result<Catalog> {
    Catalog::embedded().map_err(|report| reported(&report))
}

/// The catalogue with the records of a folder.
pub(crate) fn catalog_with(folder: &Path) -> anyhow::Result<Catalog> {
    let files = crate::catalog::load_folder(folder)?;
    builtin()?.with_overlay(&files).map_err(|report| reported(&report))
}

/// All errors of a report as one.
pub(crate) fn reported(report: &Report) -> anyhow::Error {
    let errors = report.items.iter().filter(|d| d.severity == Severity::Error);
    anyhow::anyhow!(errors.map(ToString::to_string).collect::<Vec<_>>().join("\nerror: "))
}

/// Says the findings on standard error.
pub(crate) fn say(items: &[crate::diag::Diagnostic]) {
    items.iter().for_each(|d| note(&d.to_string()));
}

/// Writes to standard error; a reader that has gone away misses the note and stops nothing.
pub(crate) fn note(text: &str) {
    use std::io::Write;
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}
