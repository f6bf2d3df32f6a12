//! `gigasite hydraulics`: flows and pressures of a pipe network.

use super::{Common, End, load_catalog, print, print_json, reported, say};
use crate::cooling::epanet::{self, Options};
use crate::cooling::network::{LinkKind, Network, NodeKind, Solution, Warning};
use crate::diag::{Diagnostic, Report};
use crate::units::format::fixed;
use anyhow::Context as _;
use clap::Args;
use serde::Serialize;
use std::path::{Path, PathBuf};

#[derive(Args, Debug)]
pub(super) struct Arguments {
    /// Pipe network in the format of EPANET 2.2 (.inp), computed at its time 0
    file: PathBuf,
    #[command(flatten)]
    common: Common,
}

/// A link in the answer; flow is positive from its first node to its second.
#[derive(Serialize)]
struct LinkOut {
    id: String,
    kind: &'static str,
    from: String,
    to: String,
    status: &'static str,
    flow_lps: f64,
    /// Of a running pump negative: the head that it adds.
    headloss_m: f64,
    velocity_m_s: f64,
}

#[derive(Serialize)]
struct NodeOut {
    id: String,
    kind: &'static str,
    head_m: f64,
    /// Above the node's elevation, in metres of water.
    pressure_m: f64,
    /// What leaves the network here; negative where it enters.
    demand_lps: f64,
}

#[derive(Serialize)]
struct Answer {
    /// `solved`, `disconnected` or `diverged`.
    status: &'static str,
    trials: usize,
    relative_change: f64,
    links: Vec<LinkOut>,
    nodes: Vec<NodeOut>,
    diagnostics: Vec<Diagnostic>,
}

pub(super) fn run(arguments: &Arguments) -> anyhow::Result<End> {
    let catalog = load_catalog(&arguments.common)?;
    let fastest = catalog.practice.get("pipe-velocity-m-s").and_then(|p| p.value.get());
    let file = epanet::read(&text(&arguments.file)?)
        .map_err(|report| reported(&located(report, &arguments.file)))?;
    let mut report = located(file.report, &arguments.file);
    let answer = match file.network.solve() {
        Ok(solution) => {
            report.extend(findings(&file.network, &solution));
            report.extend(fast(&file.network, &solution, fastest));
            answer(&file.network, &file.options, &solution, report.items)
        }
        Err(fault) => {
            let hint = "Join every part to a reservoir or tank, and check what the valves hold";
            report.push(Diagnostic::error("no-solution", "", fault.to_string(), hint));
            Answer {
                status: "diverged",
                trials: 0,
                relative_change: 0.0,
                links: Vec::new(),
                nodes: Vec::new(),
                diagnostics: report.items,
            }
        }
    };
    let solved = answer.status == "solved";
    if arguments.common.json {
        print_json(&answer)?;
    } else {
        say(&answer.diagnostics);
        print(&as_text(&answer));
    }
    Ok(if solved { End::Done } else { End::Negative })
}

/// The text of a file; what is no UTF-8 in names and comments is replaced.
fn text(path: &Path) -> anyhow::Result<String> {
    let bytes =
        std::fs::read(path).with_context(|| format!("{} cannot be read", path.display()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// The findings with the file that they are about.
pub(super) fn located(mut report: Report, path: &Path) -> Report {
    for item in report.items.iter_mut().filter(|item| item.line.is_some()) {
        item.file = Some(path.display().to_string());
    }
    report
}

fn answer(
    net: &Network,
    options: &Options,
    solution: &Solution,
    diagnostics: Vec<Diagnostic>,
) -> Answer {
    let cut_off = solution.warnings.iter().any(|w| matches!(w, Warning::CutOff(_)));
    let links = net.links().iter().enumerate().map(|(k, link)| {
        let flow = solution.flows_m3_s[k];
        LinkOut {
            id: link.id.clone(),
            kind: match &link.kind {
                LinkKind::Pipe(_) => "pipe",
                LinkKind::Pump(_) => "pump",
                LinkKind::Valve(_) => "valve",
            },
            from: net.node(link.from).id.clone(),
            to: net.node(link.to).id.clone(),
            status: if solution.closed[k] { "closed" } else { "open" },
            flow_lps: Options::lps(flow),
            headloss_m: solution.losses_m[k],
            velocity_m_s: link.area_m2().map_or(0.0, |area| flow.abs() / area),
        }
    });
    let nodes = net.nodes().iter().enumerate().map(|(n, node)| {
        let head_m = solution.heads_m[n];
        NodeOut {
            id: node.id.clone(),
            kind: match node.kind {
                NodeKind::Junction { .. } => "junction",
                NodeKind::Fixed { tank: None, .. } => "reservoir",
                NodeKind::Fixed { tank: Some(_), .. } => "tank",
            },
            head_m,
            pressure_m: (head_m - node.elevation_m) * options.gravity_ratio,
            demand_lps: Options::lps(solution.outflows_m3_s[n]),
        }
    });
    Answer {
        status: match (solution.converged, cut_off) {
            (false, _) => "diverged",
            (true, true) => "disconnected",
            (true, false) => "solved",
        },
        trials: solution.trials,
        relative_change: solution.relative_change,
        links: links.collect(),
        nodes: nodes.collect(),
        diagnostics,
    }
}

/// What works otherwise than was asked for.
fn findings(net: &Network, solution: &Solution) -> Report {
    let mut report = Report::default();
    if !solution.converged {
        report.push(Diagnostic::error(
            "not-converged",
            "",
            format!("Heads and flows do not settle in {} trials", solution.trials),
            "Look for valves and controls that switch each other back and forth",
        ));
    }
    for warning in &solution.warnings {
        report.push(finding(net, warning));
    }
    report
}

/// Pipes and valves in which the liquid is faster than practice.
fn fast(net: &Network, solution: &Solution, fastest: Option<f64>) -> Report {
    let mut report = Report::default();
    let Some(fastest) = fastest else { return report };
    for (link, flow) in net.links().iter().zip(&solution.flows_m3_s) {
        let velocity = link.area_m2().map_or(0.0, |area| flow.abs() / area);
        if velocity > fastest {
            let id = &link.id;
            let message = format!("Velocity in `{id}` is {velocity:.2} m/s, above {fastest} m/s");
            let hint = "Use a wider pipe";
            report.push(Diagnostic::warning("fast-flow", format!("links.{id}"), message, hint));
        }
    }
    report
}

fn finding(net: &Network, warning: &Warning) -> Diagnostic {
    let (code, path, message, hint) = match warning {
        Warning::CutOff(node) => {
            let id = &net.node(*node).id;
            let message =
                format!("Node `{id}` has a demand and no open way to a reservoir or tank");
            let hint = "Open a link on the way, or remove the demand";
            return Diagnostic::error("cut-off", format!("nodes.{id}"), message, hint);
        }
        Warning::NegativePressure(node) => {
            let id = &net.node(*node).id;
            let message = format!("The pressure at node `{id}` is below zero");
            ("negative-pressure", format!("nodes.{id}"), message, "Raise the head of its supply")
        }
        Warning::PumpCannotDeliver(link) => {
            let id = &net.link(*link).id;
            let message = format!("Pump `{id}` is shut: more head is asked for than it has");
            ("pump-cannot-deliver", format!("links.{id}"), message, "Use a pump of more head")
        }
        Warning::PumpBeyondCurve(link) => {
            let id = &net.link(*link).id;
            let message = format!("Pump `{id}` runs beyond the end of its curve");
            ("pump-beyond-curve", format!("links.{id}"), message, "Use a pump of more flow")
        }
        Warning::FlowNotReached(link) => {
            let id = &net.link(*link).id;
            let message = format!("Valve `{id}` passes less than its flow");
            ("flow-not-reached", format!("links.{id}"), message, "Raise the head before it")
        }
        Warning::PressureNotReached(link) => {
            let id = &net.link(*link).id;
            let message = format!("Valve `{id}` cannot hold its pressure");
            ("pressure-not-reached", format!("links.{id}"), message, "Change its setting")
        }
    };
    Diagnostic::warning(code, path, message, hint)
}

/// Most characters of a column of ids; a longer one moves its own line.
const WIDEST: usize = 32;

fn as_text(answer: &Answer) -> String {
    let mut out = vec![format!("{} in {} trials", answer.status, answer.trials), String::new()];
    let wide = |ids: &mut dyn Iterator<Item = usize>| ids.max().unwrap_or(0).clamp(8, WIDEST);
    let wl = wide(&mut answer.links.iter().map(|l| l.id.chars().count()));
    let wn = wide(&mut answer.nodes.iter().map(|n| n.id.chars().count()));
    let (flow, loss, velocity) = ("Flow L/s", "Head loss m", "Velocity m/s");
    if !answer.links.is_empty() {
        out.push(format!(
            "{:<wl$} {:<6} {:<wn$} {:<wn$} {:>12} {:>12} {:>13}",
            "Link", "", "From", "To", flow, loss, velocity
        ));
    }
    for l in &answer.links {
        let note = if l.status == "closed" { "  closed" } else { "" };
        out.push(format!(
            "{:<wl$} {:<6} {:<wn$} {:<wn$} {:>12} {:>12} {:>13}{note}",
            l.id,
            l.kind,
            l.from,
            l.to,
            fixed(l.flow_lps, 3),
            fixed(l.headloss_m, 4),
            fixed(l.velocity_m_s, 3),
        ));
    }
    if !answer.nodes.is_empty() {
        out.push(String::new());
        out.push(format!(
            "{:<wn$} {:<9} {:>12} {:>12} {:>12}",
            "Node", "", "Head m", "Pressure m", "Demand L/s"
        ));
    }
    for n in &answer.nodes {
        out.push(format!(
            "{:<wn$} {:<9} {:>12} {:>12} {:>12}",
            n.id,
            n.kind,
            fixed(n.head_m, 3),
            fixed(n.pressure_m, 3),
            fixed(n.demand_lps, 3),
        ));
    }
    out.join("\n")
}
