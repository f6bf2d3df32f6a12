//! Outages of `gigasite powerflow`: the table of consequences, worst first.

use super::{Contingencies, Id};
use crate::power::case::Case;
use crate::power::contingency::{self, Consequence, Element, Study};
use crate::power::flow::Status;
use anyhow::bail;
use serde::Serialize;

/// Most pairs that are studied: each may need a power flow of its own.
const MOST_PAIRS: usize = 200_000;
/// Rows that are printed; the rest is in `--json`.
const ROWS: usize = 25;

#[derive(Serialize)]
pub(super) struct Answer {
    contingency_summary: Summary,
    contingencies: Vec<Row>,
}

#[derive(Serialize)]
struct Summary {
    studied: usize,
    /// Solved by AC power flow; the linear model cleared the rest.
    solved_ac: usize,
    hold: usize,
    /// Beyond the long-time rating, or beyond the normal one where no other is known.
    overloaded: usize,
    voltage: usize,
    islanded: usize,
    diverged: usize,
    worst_load_lost_mw: f64,
}

#[derive(Serialize)]
struct Row {
    id: String,
    kind: &'static str,
    status: &'static str,
    holds: bool,
    load_lost_mw: f64,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    dark_buses: Vec<Id>,
    worst_branch: Option<String>,
    worst_loading_frac: Option<f64>,
    overloads: Vec<Overload>,
    voltages: Vec<Voltage>,
    method: &'static str,
    sentence: String,
}

#[derive(Serialize)]
pub(super) struct Overload {
    pub(super) branch: String,
    pub(super) mva: f64,
    pub(super) rating_mva: f64,
    pub(super) loading_frac: f64,
    pub(super) loading_before_frac: f64,
    pub(super) within_long_emergency: bool,
    pub(super) within_short_emergency: bool,
    /// Rating that bears it: `long-time`, `short-time`, or `none`; with its MVA, and how long.
    pub(super) rating_used: &'static str,
    pub(super) rating_used_mva: f64,
    pub(super) minutes_allowed: Option<f64>,
}

#[derive(Serialize)]
pub(super) struct Voltage {
    pub(super) bus: Id,
    pub(super) vm_pu: f64,
    pub(super) limit_pu: f64,
}

pub(super) fn answer(case: &Case, kind: Contingencies) -> anyhow::Result<Answer> {
    let mut outages = contingency::single(case);
    if kind == Contingencies::Pairs {
        let pairs = outages.len() * outages.len().saturating_sub(1) / 2;
        if pairs > MOST_PAIRS {
            bail!("{pairs} pairs of outages are too many; at most {MOST_PAIRS} are studied");
        }
        outages = contingency::pairs(&outages);
    }
    let study = contingency::study(case, outages)?;
    Ok(of_study(case, &study))
}

fn of_study(case: &Case, study: &Study) -> Answer {
    let count = |f: fn(&Consequence) -> bool| study.consequences.iter().filter(|c| f(c)).count();
    let lost = study.consequences.iter().map(|c| c.load_lost_mw);
    Answer {
        contingency_summary: Summary {
            studied: study.consequences.len(),
            solved_ac: count(|c| c.solved_ac),
            hold: count(Consequence::holds),
            overloaded: count(|c| c.beyond().next().is_some()),
            voltage: count(|c| !c.voltages.is_empty()),
            islanded: count(|c| c.status == Status::Islanded),
            diverged: count(|c| c.status == Status::Diverged),
            worst_load_lost_mw: lost.fold(0.0, f64::max),
        },
        contingencies: study.worst_first().into_iter().map(|c| row(case, c)).collect(),
    }
}

fn kind(element: Element) -> &'static str {
    match element {
        Element::Branch(_) => "branch",
        Element::Generator(_) => "generator",
        Element::Bus(_) => "bus",
    }
}

pub(super) fn status(status: Status) -> &'static str {
    match status {
        Status::Converged => "converged",
        Status::Islanded => "islanded",
        Status::Diverged => "diverged",
    }
}

fn row(case: &Case, c: &Consequence) -> Row {
    Row {
        id: contingency::name(case, &c.outage),
        kind: if let [element] = c.outage.elements[..] { kind(element) } else { "pair" },
        status: status(c.status),
        holds: c.holds(),
        load_lost_mw: c.load_lost_mw,
        dark_buses: c.dark.iter().map(|b| Id::of(b)).collect(),
        worst_branch: c.worst.as_ref().map(|(id, _)| id.clone()),
        worst_loading_frac: c.worst.as_ref().map(|(_, frac)| *frac),
        overloads: c.overloads.iter().map(Overload::of).collect(),
        voltages: c.voltages.iter().map(Voltage::of).collect(),
        method: if c.solved_ac { "ac" } else { "dc" },
        sentence: sentence(c),
    }
}

/// What happens, in words.
pub(super) fn sentence(c: &Consequence) -> String {
    match c.status {
        Status::Diverged => return "No voltages carry the load: it collapses".to_owned(),
        Status::Islanded => {
            return format!("{:.1} MW lose their supply", c.load_lost_mw);
        }
        Status::Converged => {}
    }
    if let Some(o) = c.beyond().next() {
        let more = match c.beyond().count() {
            1 => String::new(),
            n => format!(", and {} more", n - 1),
        };
        return format!(
            "{} carries {:.1} MVA of {:.1}, {:.0} % after {:.0} % before{more}",
            o.branch,
            o.mva,
            o.rating_mva,
            o.mva / o.rating_mva * 100.0,
            o.before_frac * 100.0
        );
    }
    match (c.voltages.first(), &c.worst) {
        (Some(v), _) => {
            format!("Bus {} stands at {:.3} pu, beyond {:.3}", v.bus, v.vm_pu, v.limit_pu)
        }
        (None, Some((id, frac))) if !c.overloads.is_empty() => {
            format!("Holds; {id} is at {:.0} %, within its long-time rating", frac * 100.0)
        }
        (None, Some((id, frac))) => format!("Holds; {id} is at {:.0} %", frac * 100.0),
        (None, None) => "Holds; no branch has a rating".to_owned(),
    }
}

pub(super) fn text(answer: &Answer) -> String {
    let s = &answer.contingency_summary;
    let mut out = vec![
        String::new(),
        format!(
            "{} outages: {} hold, {} overload, {} leave the voltage band, {} lose load, {} collapse",
            s.studied, s.hold, s.overloaded, s.voltage, s.islanded, s.diverged
        ),
        format!("({} by AC power flow, the rest cleared by the linear model)", s.solved_ac),
    ];
    for row in answer.contingencies.iter().take(ROWS) {
        out.push(format!("{:>9} {:<14} {}", row.kind, row.id, row.sentence));
    }
    if answer.contingencies.len() > ROWS {
        out.push(format!("... and {} more in --json", answer.contingencies.len() - ROWS));
    }
    out.join("\n")
}
