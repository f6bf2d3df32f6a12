//! `gigasite powerflow`: AC or DC power flow of a MATPOWER case, or of the plan of a layout.

mod checks;
mod faults;
mod layout;
mod outages;
mod redundancy;
mod reliability;

use super::{Common, End, print, print_json};
use crate::power::case::Case;
use crate::power::flow::{self, Solution, Status};
use crate::power::{dc, matpower, model::Model};
use crate::site::file::{Backup, save_bytes};
use anyhow::{Context, bail};
use clap::Args;
use serde::Serialize;
use std::path::PathBuf;

#[derive(Args, Debug)]
pub(super) struct Arguments {
    /// MATPOWER case (.m) or layout (.ron)
    file: PathBuf,
    /// Variant of the layout, by id, letter or name; the base without it
    #[arg(long, value_name = "ID")]
    variant: Option<String>,
    /// Write the network as a MATPOWER case
    #[arg(long, value_name = "FILE")]
    export: Option<PathBuf>,
    /// Linear model: no losses, no reactive power
    #[arg(long)]
    dc: bool,
    /// Study outages: `n-1` for every single one, `n-1-1` for every pair
    #[arg(long, value_name = "KIND")]
    contingencies: Option<Contingencies>,
    /// Short-circuit currents at every bus after IEC 60909, beside what the gear bears
    #[arg(long, conflicts_with_all = ["dc", "contingencies", "ptdf"])]
    faults: bool,
    /// Short-circuit power of the grid or of a generator at a bus of a case, with its X/R
    #[arg(long, value_name = "BUS=MVA[,XR]", requires = "faults")]
    fault_source: Vec<String>,
    /// Screen a planned layout: voltages, currents, peaks, what the grid asks, shared capacity
    #[arg(long, conflicts_with_all = ["dc", "contingencies", "ptdf", "faults"])]
    checks: bool,
    /// What single failures of a planned layout cost a year, and what redundancy is worth
    #[arg(long, conflicts_with_all = ["dc", "contingencies", "ptdf", "faults", "checks"])]
    reliability: bool,
    /// Add the power transfer distribution factors of the linear model
    #[arg(long)]
    ptdf: bool,
    #[command(flatten)]
    common: Common,
}

#[derive(clap::ValueEnum, Clone, Copy, Debug, PartialEq)]
enum Contingencies {
    #[value(name = "n-1")]
    Single,
    #[value(name = "n-1-1")]
    Pairs,
}

#[derive(Serialize)]
struct Answer {
    converged: bool,
    status: &'static str,
    method: &'static str,
    /// Why no voltages are given; absent where the flow converged.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    iterations: usize,
    max_mismatch_mva: f64,
    loss_mw: f64,
    slack_p_mw: f64,
    slack_q_mvar: f64,
    load_lost_mw: f64,
    buses: Vec<BusRow>,
    branches: Vec<BranchRow>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    dark_islands: Vec<Island>,
    /// The radial parts solved once more by a sweep.
    #[serde(skip_serializing_if = "Option::is_none")]
    radial_check: Option<RadialCheck>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ptdf: Option<Ptdf>,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    outages: Option<outages::Answer>,
}

/// A bus number where the id is one, else the text.
#[derive(Serialize)]
#[serde(untagged)]
enum Id {
    Number(u64),
    Text(String),
}

impl Id {
    fn of(id: &str) -> Self {
        id.parse().map_or_else(|_| Id::Text(id.to_owned()), Id::Number)
    }
}

#[derive(Serialize)]
struct BusRow {
    id: Id,
    vm_pu: Option<f64>,
    va_deg: Option<f64>,
}

#[derive(Serialize)]
struct BranchRow {
    id: String,
    from: Id,
    to: Id,
    in_service: bool,
    p_from_mw: f64,
    q_from_mvar: f64,
    p_to_mw: f64,
    q_to_mvar: f64,
    loading_frac: Option<f64>,
}

#[derive(Serialize)]
struct Island {
    buses: Vec<Id>,
    load_mw: f64,
}

#[derive(Serialize)]
struct RadialCheck {
    buses: usize,
    max_difference_pu: f64,
}

/// One row a branch, one column a bus; the slack bus of its island takes what enters.
#[derive(Serialize)]
struct Ptdf {
    buses: Vec<Id>,
    rows: Vec<Vec<f64>>,
}

pub(super) fn run(arguments: &Arguments) -> anyhow::Result<End> {
    if arguments.file.extension().is_some_and(|e| e.eq_ignore_ascii_case("ron")) {
        return layout::run(arguments);
    }
    if arguments.checks || arguments.reliability {
        bail!("--checks and --reliability ask the plan of a layout (.ron); a case has none");
    }
    let case = read(&arguments.file)?;
    export(arguments, &case)?;
    if arguments.faults {
        return faults::of_case(arguments, &case);
    }
    let solution = if arguments.dc { flow::dc(&case)? } else { flow::ac(&case)? };
    let ptdf = arguments.ptdf.then(|| factors(&case)).transpose()?;
    let converged = solution.status != Status::Diverged;
    let outages = match arguments.contingencies {
        Some(kind) if converged => Some(outages::answer(&case, kind)?),
        _ => None,
    };
    if arguments.common.json {
        print_json(&Answer { ptdf, outages, ..answer(&solution, arguments.dc) })?;
    } else {
        print(&text(&case, &solution));
        if let Some(ptdf) = ptdf {
            print(&table(&solution, &ptdf));
        }
        if let Some(outages) = outages {
            print(&outages::text(&outages));
        }
    }
    Ok(if converged { End::Done } else { End::Negative })
}

fn read(file: &std::path::Path) -> anyhow::Result<Case> {
    let name = file.display();
    if file.extension().is_none_or(|e| !e.eq_ignore_ascii_case("m")) {
        bail!("{name}: give a MATPOWER case, whose name ends in .m, or a layout (.ron)");
    }
    let bytes = std::fs::read(file).with_context(|| format!("cannot read {name}"))?;
    // Names in old cases may be in any encoding; numbers are not affected.
    let text = String::from_utf8_lossy(&bytes);
    matpower::read(&text).map_err(|e| anyhow::anyhow!("{name}:{}: {}", e.line, e.message))
}

/// Writes the case where that is asked for; a file that stands there is kept as a backup.
fn export(arguments: &Arguments, case: &Case) -> anyhow::Result<()> {
    let Some(file) = &arguments.export else { return Ok(()) };
    save_bytes(file, matpower::write(case).as_bytes(), Backup::Keep)
        .with_context(|| format!("cannot write {}", file.display()))
}

fn factors(case: &Case) -> anyhow::Result<Ptdf> {
    let model = Model::of(case)?;
    let mut linear = dc::Linear::new(&model)?;
    let mut rows = vec![vec![0.0; case.buses.len()]; case.branches.len()];
    for (column, &node) in model.node_of.iter().enumerate() {
        for (e, factor) in model.edges.iter().zip(linear.ptdf(node)?) {
            rows[e.branch][column] = factor;
        }
    }
    Ok(Ptdf { buses: case.buses.iter().map(|b| Id::of(&b.id)).collect(), rows })
}

fn answer(solution: &Solution, dc: bool) -> Answer {
    Answer {
        converged: solution.status != Status::Diverged,
        status: outages::status(solution.status),
        method: if dc { "dc" } else { "newton" },
        reason: diverged(solution),
        iterations: solution.iterations,
        max_mismatch_mva: solution.mismatch_mva,
        loss_mw: solution.loss_mw,
        slack_p_mw: solution.slack_p_mw,
        slack_q_mvar: solution.slack_q_mvar,
        load_lost_mw: solution.load_lost_mw(),
        buses: solution
            .buses
            .iter()
            .map(|b| BusRow { id: Id::of(&b.id), vm_pu: b.vm_pu, va_deg: b.va_deg })
            .collect(),
        branches: solution
            .branches
            .iter()
            .map(|b| BranchRow {
                id: b.id.clone(),
                from: Id::of(&b.from),
                to: Id::of(&b.to),
                in_service: b.in_service,
                p_from_mw: b.p_from_mw,
                q_from_mvar: b.q_from_mvar,
                p_to_mw: b.p_to_mw,
                q_to_mvar: b.q_to_mvar,
                loading_frac: b.loading_frac,
            })
            .collect(),
        dark_islands: solution
            .dark
            .iter()
            .map(|d| Island {
                buses: d.buses.iter().map(|b| Id::of(b)).collect(),
                load_mw: d.load_mw,
            })
            .collect(),
        radial_check: solution
            .cross_check
            .map(|c| RadialCheck { buses: c.nodes, max_difference_pu: c.greatest_pu }),
        ptdf: None,
        outages: None,
    }
}

/// Why a flow has no voltages.
fn diverged(s: &Solution) -> Option<String> {
    (s.status == Status::Diverged).then(|| {
        format!(
            "no voltages carry this load; after {} iterations {:.3} MVA are missing, most at bus {}",
            s.iterations, s.mismatch_mva, s.worst_bus
        )
    })
}

fn text(case: &Case, s: &Solution) -> String {
    let (buses, branches) = (case.buses.len(), case.branches.len());
    let mut out = vec![format!("{}: {buses} buses, {branches} branches", case.name)];
    if let Some(why) = diverged(s) {
        out.push(format!("Diverged: {why}"));
        return out.join("\n");
    }
    out.push(format!("Converged in {} iterations", s.iterations));
    for d in &s.dark {
        out.push(format!("Dark: {:.3} MW at buses {}", d.load_mw, d.buses.join(", ")));
    }
    out.push(format!("Losses         {:>12.4} MW", s.loss_mw));
    out.push(format!("Slack          {:>12.4} MW {:>12.4} Mvar", s.slack_p_mw, s.slack_q_mvar));
    if let Some(c) = s.cross_check {
        out.push(format!(
            "Radial check   {} buses swept, {:.1e} pu apart at most",
            c.nodes, c.greatest_pu
        ));
    }
    out.push(String::new());
    out.push(format!("{:>10} {:>10} {:>10}", "bus", "V pu", "angle deg"));
    let known =
        |v: Option<f64>, digits: usize| v.map_or("dark".to_owned(), |v| format!("{v:.digits$}"));
    for b in &s.buses {
        out.push(format!("{:>10} {:>10} {:>10}", b.id, known(b.vm_pu, 5), known(b.va_deg, 4)));
    }
    out.push(String::new());
    out.push(format!(
        "{:>12} {:>11} {:>11} {:>11} {:>11} {:>8}",
        "branch", "P from MW", "Q from Mvar", "P to MW", "Q to Mvar", "loading"
    ));
    for b in &s.branches {
        let loading = b.loading_frac.map_or("–".to_owned(), |l| format!("{:.1} %", l * 100.0));
        let (pf, qf, pt, qt) = (b.p_from_mw, b.q_from_mvar, b.p_to_mw, b.q_to_mvar);
        let loading = if b.in_service { loading } else { "open".to_owned() };
        out.push(format!("{:>12} {pf:>11.3} {qf:>11.3} {pt:>11.3} {qt:>11.3} {loading:>8}", b.id));
    }
    out.join("\n")
}

fn table(solution: &Solution, ptdf: &Ptdf) -> String {
    let mut out = vec!["\nPower transfer distribution factors".to_owned()];
    for (b, row) in solution.branches.iter().zip(&ptdf.rows) {
        let row: Vec<String> = row.iter().map(|v| format!("{v:>9.5}")).collect();
        out.push(format!("{:>12} {}", b.id, row.join(" ")));
    }
    out.join("\n")
}
