//! `gigasite lp`: solves any LP or MIP file.

use super::{Common, End, print, print_json};
use crate::plan::backend::Solver;
use crate::plan::lpfile;
use crate::plan::lpreport::{LpReport, solve_file};
use crate::plan::result::Status;
use clap::Args;
use std::path::PathBuf;
use std::time::Instant;

#[derive(Args, Debug)]
pub(super) struct Arguments {
    /// .mps, .mps.gz, .lp or .lp.gz
    file: PathBuf,
    /// highs, good_lp-highs, clarabel or microlp
    #[arg(long, default_value = "highs")]
    solver: String,
    /// Rows (names or 0-based indices) to give one-sided derivatives for
    #[arg(long, value_name = "ROW,...", value_delimiter = ',')]
    marginals: Vec<String>,
    #[command(flatten)]
    common: Common,
}

pub(super) fn run(arguments: &Arguments) -> anyhow::Result<End> {
    let start = Instant::now();
    let named = lpfile::read(&arguments.file)?;
    let solver: Solver = arguments.solver.parse()?;
    let mut report = solve_file(&named, solver, &arguments.marginals)?;
    report.timing.seconds = start.elapsed().as_secs_f64();
    if arguments.common.json {
        print_json(&report)?;
    } else {
        print(&text(&report));
    }
    Ok(if report.status == Status::Optimal { End::Done } else { End::Negative })
}

fn text(report: &LpReport) -> String {
    let known = |v: Option<f64>| v.map_or("–".to_owned(), |v| v.to_string());
    let status = serde_json::to_value(report.status).ok();
    let status = status.as_ref().and_then(|s| s.as_str()).unwrap_or("error").to_owned();
    let mut lines = vec![
        format!("status      {status}"),
        format!("objective   {}", known(report.objective)),
        format!("solver      {}", report.solver),
    ];
    if let Some(gap) = report.mip_gap {
        lines.push(format!("gap         {gap}"));
    }
    for row in &report.rows {
        lines.push(format!(
            "row {} {}: dual {}, left {}, right {}",
            row.index,
            row.name,
            known(row.dual),
            known(row.left),
            known(row.right)
        ));
    }
    lines.join("\n")
}
