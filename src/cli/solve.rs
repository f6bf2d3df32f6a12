//! `gigasite solve`: the plan of a layout.

use super::{Common, End, load_catalog, print, print_json, say, text};
use crate::catalog::Catalog;
use crate::plan::backend::Solver;
use crate::plan::lpfile::write_lp;
use crate::plan::result::Status;
use crate::site::{self, Allocation, Objective, Site};
use crate::study::risk::{Change, apply};
use crate::study::{Outcome, SolveOptions, Study};
use anyhow::{Context, bail};
use clap::{Args, ValueEnum};
use serde_json::{Map, Value};
use std::path::PathBuf;
use std::time::Instant;

#[derive(Clone, Copy, Debug, ValueEnum)]
enum PolicyName {
    Optimise,
    FixedShares,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum ObjectiveName {
    Dispatch,
    Invest,
}

#[derive(Args, Debug)]
pub(super) struct Arguments {
    /// The layout to solve
    layout: PathBuf,
    /// Solve this variant, by id, letter or name; the base without it
    #[arg(long, value_name = "ID")]
    variant: Option<String>,
    /// Change a value: collection.id.field=VALUE (repeatable)
    #[arg(long, value_name = "PATH=VALUE")]
    set: Vec<String>,
    /// How power is allocated, in place of the layout's policy
    #[arg(long, value_enum)]
    policy: Option<PolicyName>,
    /// What is maximised, in place of the layout's policy
    #[arg(long, value_enum)]
    objective: Option<ObjectiveName>,
    /// highs, good_lp-highs, clarabel or microlp
    #[arg(long, default_value = "highs")]
    solver: String,
    /// Whole racks and whole NVLink domains
    #[arg(long)]
    integer: bool,
    /// Solve again with limits changed: LIMIT=+20 (repeatable, all at once)
    #[arg(long, value_name = "LIMIT=CHANGE")]
    whatif: Vec<String>,
    /// Hold the sales of an earlier `solve --json` and value them anew
    #[arg(long, value_name = "FILE")]
    hold_plan: Option<PathBuf>,
    /// Write the model in LP format
    #[arg(long, value_name = "FILE")]
    dump_lp: Option<PathBuf>,
    #[command(flatten)]
    common: Common,
}

pub(super) fn run(arguments: &Arguments) -> anyhow::Result<End> {
    let catalog = load_catalog(&arguments.common)?;
    let file = arguments.layout.display().to_string();
    let super::check::Read { layout, report: left_out, text: source } =
        match super::check::read(&arguments.layout)? {
            Ok(read) => read,
            Err(report) => {
                if arguments.common.json {
                    let outcome = Outcome { diagnostics: report.items, ..Outcome::default() };
                    print_json(&json(&outcome)?)?;
                } else {
                    say(&report.items);
                }
                return Ok(End::Negative);
            }
        };
    let variant = arguments.variant.as_deref();
    let (chosen, site, catalog) = super::check::varied(&layout, variant, &arguments.set, catalog)?;
    let options = options(arguments)?;
    let start = Instant::now();
    let mut study = Study::new()?;
    let mut outcome = study.solve(&site, &catalog, &options);
    let solved = start.elapsed().as_secs_f64();
    study.refine(&mut outcome);
    study.outages(&mut outcome);
    if let Some(d) = outcome.diagnostics.iter().find(|d| d.code == "unknown-limit") {
        bail!("--whatif {}: {}; {}", d.path, d.message, d.hint);
    }
    outcome.timing.solve_seconds = solved;
    outcome.timing.seconds = start.elapsed().as_secs_f64();
    outcome.timing.marginal_seconds = outcome.timing.seconds - solved;
    outcome.provenance.variant = (layout.variants().len() > 1).then(|| chosen.id.clone());
    let mut report = left_out;
    report.items.append(&mut outcome.diagnostics);
    site::file::add_positions(&mut report, &source, &file);
    outcome.diagnostics = report.items;
    if let (Some(path), Some(solved)) = (&arguments.dump_lp, study.solved()) {
        std::fs::write(path, write_lp(&solved.named()))
            .with_context(|| format!("cannot write {}", path.display()))?;
    }
    if arguments.common.json {
        print_json(&json(&outcome)?)?;
    } else {
        say(&outcome.diagnostics);
        print(&text::plan(&outcome));
    }
    // A search that ended early with a plan, its bound and gap has answered.
    let answered = match outcome.plan.status {
        Status::Optimal => true,
        Status::Limit => outcome.plan.objective_usd_per_year.is_some(),
        _ => false,
    };
    Ok(if answered { End::Done } else { End::Negative })
}

/// Applies one `--set`, to the layout or to the catalogue by its collection.
pub(super) fn set(site: &mut Site, catalog: &mut Catalog, change: &str) -> anyhow::Result<()> {
    let parsed: Change = change.parse().context("--set")?;
    apply(site, catalog, &parsed).with_context(|| format!("--set {change}"))
}

fn options(arguments: &Arguments) -> anyhow::Result<SolveOptions> {
    let whatif = arguments
        .whatif
        .iter()
        .map(|w| {
            let (limit, change) = w.rsplit_once('=').context("expected LIMIT=CHANGE")?;
            let change: f64 = change.trim().parse().context("the change is not a number")?;
            anyhow::ensure!(change.is_finite(), "the change is not a finite number");
            Ok((limit.trim().to_owned(), change))
        })
        .collect::<anyhow::Result<Vec<_>>>()
        .context("--whatif")?;
    let hold = match &arguments.hold_plan {
        Some(path) => held(path).with_context(|| format!("--hold-plan {}", path.display()))?,
        None => Vec::new(),
    };
    Ok(SolveOptions {
        allocation: arguments.policy.map(|p| match p {
            PolicyName::Optimise => Allocation::Optimise,
            PolicyName::FixedShares => Allocation::FixedShares,
        }),
        objective: arguments.objective.map(|o| match o {
            ObjectiveName::Dispatch => Objective::Dispatch,
            ObjectiveName::Invest => Objective::Invest,
        }),
        solver: arguments.solver.parse::<Solver>()?,
        integer: arguments.integer,
        whatif,
        hold,
        overrides: arguments.set.clone(),
        ..SolveOptions::default()
    })
}

/// Sales of an earlier answer: (operating point, tier, tokens/s or GPUs).
fn held(path: &std::path::Path) -> anyhow::Result<Vec<(String, String, f64)>> {
    let text = std::fs::read_to_string(path)?;
    let answer: Value = serde_json::from_str(&text)?;
    let rows = answer.get("allocation").and_then(Value::as_array).context("no allocation[]")?;
    rows.iter()
        .map(|row| {
            let text = |key: &str| row.get(key).and_then(Value::as_str).map(str::to_owned);
            let number = |key: &str| row.get(key).and_then(Value::as_f64).unwrap_or(0.0);
            let point = text("operating_point").context("a row without operating_point")?;
            let tier = text("tier").context("a row without tier")?;
            Ok((point, tier, number("tokens_per_s") + number("gpus")))
        })
        .collect()
}

/// The answer under the names that scripts read: the plan's fields at the top,
/// the rest beside them.
fn json(outcome: &Outcome) -> anyhow::Result<Value> {
    let Value::Object(mut all) = serde_json::to_value(outcome)? else {
        bail!("an outcome is an object");
    };
    let plan = all.shift_remove("plan");
    let mut out = Map::new();
    if let Some(Value::Object(plan)) = plan {
        out.extend(plan);
    }
    out.extend(all);
    let mut out = Value::Object(out);
    positive_zeros(&mut out);
    Ok(out)
}

/// Sums of nothing are minus zero in floating point; people read zero.
fn positive_zeros(value: &mut Value) {
    match value {
        Value::Number(n) if n.as_f64() == Some(0.0) && n.is_f64() => *value = Value::from(0.0),
        Value::Array(items) => items.iter_mut().for_each(positive_zeros),
        Value::Object(fields) => fields.values_mut().for_each(positive_zeros),
        _ => {}
    }
}
