//! Redundancy by wiring, in the answer of `gigasite powerflow LAYOUT`.

use crate::diag::Diagnostic;
use crate::power::redundancy::Redundancy;
use crate::site::Site;
use serde::Serialize;
use std::collections::BTreeMap;

#[derive(Default, Serialize)]
pub(super) struct Answer {
    supplies: Vec<Row>,
    groups: Vec<GroupRow>,
    findings: Vec<Diagnostic>,
}

#[derive(Serialize)]
struct Row {
    path: String,
    /// Absent where it is unknown.
    scheme: Option<String>,
    declared: Option<&'static str>,
    why: String,
}

#[derive(Serialize)]
struct GroupRow {
    systems: Vec<String>,
    wired: String,
    holds: Option<bool>,
    usable_frac: Option<f64>,
    load_mw: Option<f64>,
    capacity_mw: Option<f64>,
    transfers: Vec<TransferRow>,
    sentence: String,
}

#[derive(Serialize)]
struct TransferRow {
    load: String,
    from: String,
    to: String,
    mw: Option<f64>,
}

pub(super) fn answer(site: &Site, found: Redundancy) -> Answer {
    let mut supplies = found.supplies;
    let mut rows = Vec::new();
    for node in &site.campus.nodes {
        if let Some(supply) = supplies.remove(&node.id) {
            rows.push(Row {
                path: format!("nodes.{}", node.id),
                scheme: supply.scheme.map(|s| s.name()),
                declared: node.scheme.map(|s| s.word()),
                why: supply.why,
            });
        }
    }
    rows.extend(supplies.into_iter().map(|(id, supply)| Row {
        path: format!("blocks.{id}"),
        scheme: supply.scheme.map(|s| s.name()),
        declared: None,
        why: supply.why,
    }));
    let groups = found.groups.into_iter().map(|g| GroupRow {
        wired: g.wired.name(),
        holds: g.holds,
        usable_frac: g.wired.usable_frac(),
        load_mw: g.load_mw,
        capacity_mw: g.capacity_mw,
        sentence: g.sentence,
        systems: g.systems,
        transfers: g
            .transfers
            .into_iter()
            .map(|t| TransferRow { load: t.load, from: t.from, to: t.to, mw: t.mw })
            .collect(),
    });
    Answer { supplies: rows, groups: groups.collect(), findings: found.findings }
}

/// How many nodes and blocks have each scheme, and every group.
pub(super) fn text(answer: &Answer) -> Vec<String> {
    let mut count: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for row in &answer.supplies {
        let list = row.path.split('.').next().unwrap_or_default();
        *count.entry((list, row.scheme.as_deref().unwrap_or("unknown"))).or_default() += 1;
    }
    let mut out = vec![String::new(), "Redundancy by wiring".to_owned()];
    for list in ["nodes", "blocks"] {
        let of = count.iter().filter(|((l, _), _)| *l == list);
        let words: Vec<String> = of.map(|((_, scheme), n)| format!("{n} {scheme}")).collect();
        if !words.is_empty() {
            out.push(format!("  {list}: {}", words.join(", ")));
        }
    }
    for group in &answer.groups {
        out.push(format!("  {}: {}", group.systems.join(", "), group.sentence));
    }
    out
}
