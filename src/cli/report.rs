//! `gigasite report`: what a layout is exported to.

use super::{Common, End, load_catalog, print, print_json, reported, say};
use crate::catalog::Catalog;
use crate::diag::{Report, Severity};
use crate::fields::nearest;
use crate::plan::result::Status;
use crate::report::{ALL, Draws, Face, Form, Kind, Options, Paper, Part, ReportError, Subject};
use crate::scene::chart::money::Id;
use crate::scene::plan::Overlay;
use crate::site::Site;
use crate::site::file::{Backup, save_bytes};
use crate::study::{self, Outcome, SolveOptions};
use crate::units::format::System;
use anyhow::{Context, bail, ensure};
use clap::builder::PossibleValuesParser;
use clap::{Args, ValueEnum};
use serde::Serialize;
use std::io::Write;
use std::path::{Path, PathBuf};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Theme {
    #[default]
    Light,
    Dark,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Units {
    #[default]
    Metric,
    Us,
}

#[derive(Args, Debug)]
#[command(after_help = formats())]
pub(super) struct Arguments {
    /// The layout to export
    layout: PathBuf,
    /// This variant, by id, letter or name; the base without it
    #[arg(long, value_name = "ID")]
    variant: Option<String>,
    /// What to make of it
    #[arg(long, value_name = "FORMAT", value_parser = PossibleValuesParser::new(ids()))]
    format: String,
    /// Where it goes; - for standard output [default: beside the layout, under its name]
    #[arg(long, value_name = "PATH")]
    out: Option<PathBuf>,
    /// What a drawing shows
    #[arg(long, value_name = "VIEW", value_parser = PossibleValuesParser::new(views()))]
    view: Option<String>,
    /// What its colours say [default: generation on a plan, loading on a diagram]
    #[arg(long, value_name = "NAME", value_parser = PossibleValuesParser::new(overlays()))]
    overlay: Option<String>,
    /// Colours for paper or for the dark [default: light]
    #[arg(long, value_enum)]
    theme: Option<Theme>,
    /// Width and height of a picture, points [default: 1600x1000]
    #[arg(long, value_name = "WxH", value_parser = size)]
    size: Option<(f64, f64)>,
    /// Pixels a point [default: 2]
    #[arg(long, value_name = "N")]
    scale: Option<f64>,
    /// Sheet of a PDF, in landscape [default: a3]
    #[arg(long, value_name = "PAPER", value_parser = PossibleValuesParser::new(Paper::ALL.map(Paper::id)))]
    paper: Option<String>,
    /// Scale of the plan on it [default: the largest usual one that fits]
    #[arg(long, value_name = "1:N", value_parser = ratio)]
    plan_scale: Option<f64>,
    /// Add to a workbook what each input does to the value
    #[arg(long)]
    sensitivities: bool,
    /// Add this many draws of all uncertain inputs, the plan solved anew in each
    #[arg(long, value_name = "N")]
    monte_carlo: Option<usize>,
    /// Start of the random numbers of the draws: the same seed gives the same answer
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Units of lengths on drawings
    #[arg(long, value_enum, default_value_t)]
    units: Units,
    #[command(flatten)]
    common: Common,
}

fn overlays() -> Vec<&'static str> {
    Overlay::all().into_iter().map(Overlay::id).collect()
}

fn views() -> Vec<&'static str> {
    Face::all().into_iter().map(Face::id).collect()
}

fn ids() -> Vec<&'static str> {
    ALL.iter().map(|k| k.id).collect()
}

/// One line for each format.
fn formats() -> String {
    let lines = ALL.iter().map(|k| format!("  {:8} {}", k.id, k.what));
    format!("Formats:\n{}", lines.collect::<Vec<_>>().join("\n"))
}

/// `1600x1000`.
fn size(text: &str) -> Result<(f64, f64), String> {
    let (least, most) = Options::SIDES;
    let side = |t: &str| t.trim().parse::<f64>().ok().filter(|v| (least..=most).contains(v));
    let sides = text.split_once(['x', 'X', '×']);
    sides
        .and_then(|(w, h)| Some((side(w)?, side(h)?)))
        .ok_or_else(|| format!("expected WIDTHxHEIGHT, each from {least} to {most} points"))
}

/// `1:2000`.
fn ratio(text: &str) -> Result<f64, String> {
    let digits = text.trim().strip_prefix("1:").unwrap_or_default().replace([',', ' '], "");
    let found = digits.parse::<f64>().ok().filter(|n| (1.0..=1e6).contains(n));
    found.ok_or_else(|| "expected 1:N, such as 1:2000".to_owned())
}

/// What was written, for `--json`.
#[derive(Serialize)]
struct Written<'a> {
    format: &'a str,
    path: String,
    files: Vec<File>,
    labels: &'a [String],
}

#[derive(Serialize)]
struct File {
    path: String,
    bytes: usize,
}

pub(super) fn run(arguments: &Arguments) -> anyhow::Result<End> {
    let Some(kind) = Kind::of(&arguments.format) else {
        bail!("--format: near it: {}", nearest(&arguments.format, ids()).join(", "));
    };
    let options = options(arguments, kind)?;
    let to_stdout = arguments.out.as_deref() == Some(Path::new("-"));
    if to_stdout {
        ensure!(kind.form == Form::Text, "--out -: {} is no text; name a file", kind.id);
        ensure!(!arguments.common.json, "--out - and --json both want standard output");
    }
    let catalog = load_catalog(&arguments.common)?;
    let layout = match super::check::read(&arguments.layout)? {
        Ok(read) => read.layout,
        Err(report) => {
            say(&report.items);
            return Ok(End::Negative);
        }
    };
    let chosen = super::check::chosen(&layout, arguments.variant.as_deref())?;
    let site = layout.variant(chosen).site.clone();
    let (in_force, overrides) = study::in_force(&site, &catalog);
    if overrides.has_errors() {
        return Err(reported(&overrides));
    }
    let outcome = match kind.needs_answer(&options) {
        true => match solve(&site, &catalog, arguments, (kind, &options))? {
            Some(outcome) => Some(outcome),
            None => return Ok(End::Negative),
        },
        false => None,
    };
    let file = name_of(&arguments.layout);
    let outcome = outcome.as_ref();
    let scenarios = layout.scenarios.as_slice();
    let subject = Subject { site: &site, catalog: &in_force, outcome, file: &file, scenarios };
    let parts = match kind.make(&subject, &options) {
        Err(error @ ReportError::Finance(_)) => {
            super::note(&error.to_string());
            return Ok(End::Negative);
        }
        made => made?,
    };
    if to_stdout {
        for part in &parts {
            std::io::stdout().lock().write_all(&part.bytes).context("cannot write")?;
        }
        return Ok(End::Done);
    }
    let own = arguments.layout.with_file_name(kind.file_name(&file, &options));
    let path = arguments.out.clone().unwrap_or(own);
    let files = write(kind, &path, &parts)?;
    let labels = outcome.map_or(&[][..], |o| o.labels.as_slice());
    if arguments.common.json {
        let path = path.display().to_string();
        print_json(&Written { format: kind.id, path, files, labels })?;
    } else {
        files.iter().for_each(|f| print(&f.path));
    }
    Ok(End::Done)
}

/// The options, each only where the format has a use for it.
fn options(arguments: &Arguments, kind: &Kind) -> anyhow::Result<Options> {
    use crate::report::Choice;
    let given = [
        (arguments.view.is_some(), Choice::Face, "--view"),
        (arguments.overlay.is_some(), Choice::Overlay, "--overlay"),
        (arguments.theme.is_some(), Choice::Theme, "--theme"),
        (arguments.size.is_some(), Choice::Size, "--size"),
        (arguments.scale.is_some(), Choice::Scale, "--scale"),
        (arguments.paper.is_some(), Choice::Paper, "--paper"),
        (arguments.plan_scale.is_some(), Choice::Paper, "--plan-scale"),
        (arguments.sensitivities, Choice::Sensitivities, "--sensitivities"),
        (arguments.monte_carlo.is_some(), Choice::Draws, "--monte-carlo"),
    ];
    for (is_given, choice, name) in given {
        ensure!(!is_given || kind.has(choice), "{name} means nothing for --format {}", kind.id);
    }
    let mut options = Options::default();
    if let Some(view) = &arguments.view {
        let found = kind.faces.iter().copied().find(|f| f.id() == view);
        let names = || kind.faces.iter().map(|f| f.id()).collect::<Vec<_>>().join(", ");
        let Some(face) = found else { bail!("--view {view}: a {} shows {}", kind.name, names()) };
        options.face = face;
    }
    if let Some(name) = &arguments.overlay {
        let of_face = options.face.overlays();
        let found = of_face.iter().copied().find(|o| o.id() == name);
        let names = of_face.iter().map(|o| o.id()).collect::<Vec<_>>().join(", ");
        let Some(overlay) = found else {
            bail!("--overlay {name}: a {} has {names}", options.face.name().to_lowercase());
        };
        options.overlay = Some(overlay);
    }
    options.dark = arguments.theme == Some(Theme::Dark);
    options.size = arguments.size.unwrap_or(options.size);
    if let Some(scale) = arguments.scale {
        let (least, most) = Options::SCALES;
        ensure!((least..=most).contains(&scale), "--scale: from {least} to {most}");
        options.scale = scale;
    }
    if let Some(paper) = &arguments.paper {
        options.paper = Paper::ALL.into_iter().find(|p| p.id() == paper).unwrap_or_default();
    }
    options.plan_scale = arguments.plan_scale;
    options.sensitivities = arguments.sensitivities;
    options.draws = Draws {
        count: arguments.monte_carlo,
        seed: arguments.seed,
        threads: std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
    };
    let tells = |f: Face| matches!(f, Face::Report | Face::Chart(Id::Fan)) || kind.faces.is_empty();
    ensure!(
        arguments.monte_carlo.is_none() || tells(options.face),
        "--monte-carlo means nothing for --view {}",
        options.face.id()
    );
    options.system = match arguments.units {
        Units::Metric => System::Metric,
        Units::Us => System::Us,
    };
    Ok(options)
}

/// The answer that colours tell of; nothing, and the reason on standard error, without a plan.
fn solve(
    site: &Site,
    catalog: &Catalog,
    arguments: &Arguments,
    (kind, options): (&Kind, &Options),
) -> anyhow::Result<Option<Outcome>> {
    super::note(&format!("solving {} ...", arguments.layout.display()));
    // Colours and money tell of the full answer: a preview has other losses and firm power.
    let outcome = study::run(site, catalog, &SolveOptions::default());
    let errors = Report { items: outcome.diagnostics.clone() };
    if outcome.plan.status == Status::Optimal && errors.count(Severity::Error) == 0 {
        return Ok(Some(outcome));
    }
    say(&outcome.diagnostics);
    for conflict in &outcome.plan.conflicts {
        super::note(&format!("{}: {}", conflict.limit, conflict.sentence));
    }
    super::note(match kind.needs_full_answer(options) {
        true => "no plan: there is nothing to value",
        false => "no plan: there is nothing to colour; --overlay generation needs none",
    });
    Ok(None)
}

/// Writes the files of a report, each whole or not at all.
fn write(kind: &Kind, path: &Path, parts: &[Part]) -> anyhow::Result<Vec<File>> {
    if kind.form == Form::Folder {
        std::fs::create_dir_all(path)
            .with_context(|| format!("cannot make the folder {}", path.display()))?;
    }
    let mut files = Vec::new();
    for part in parts {
        let path = if part.name.is_empty() { path.to_owned() } else { path.join(&part.name) };
        save_bytes(&path, &part.bytes, Backup::None)?;
        files.push(File { path: path.display().to_string(), bytes: part.bytes.len() });
    }
    Ok(files)
}

fn name_of(path: &Path) -> String {
    path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}
