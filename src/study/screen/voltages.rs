//! Voltages of the planned site: the band of normal operation, and what feeders and busways drop.

use super::{Ground, Measure, Row};
use crate::power::electrical::is_medium;
use crate::site::NodeKind;
use std::collections::BTreeMap;

/// Every node within the band of its voltage.
pub(super) fn band(ground: &Ground<'_>) -> Vec<Row> {
    // By node and whether it stands at medium voltage, for a transformer has both.
    let mut range: BTreeMap<(&str, bool), (f64, f64)> = BTreeMap::new();
    let buses = ground.checked.electrical.case.buses.iter().zip(&ground.checked.solution.buses);
    for (bus, state) in buses {
        let Some(vm) = state.vm_pu else { continue };
        let id = bus.id.split('/').next().unwrap_or_default();
        let found = range.entry((id, bus.base_kv.is_some_and(is_medium))).or_insert((vm, vm));
        *found = (found.0.min(vm), found.1.max(vm));
    }
    let mut rows = Vec::new();
    for ((id, medium), (least, most)) in range {
        let (name, path) = (ground.node_name(id), ground.path_of(id));
        let low = if medium { "voltage-low-mv-pu" } else { "voltage-low-pu" };
        let side = if medium { ", medium voltage" } else { "" };
        let remedy = "Raise the taps' target, add reactive power near it, or shorten its feeder";
        let row = Measure::at_least(Some(least), ground.rule(low), "pu").row(
            ("voltage-low", Some(low)),
            format!("Voltage of {name}{side}"),
            path.clone(),
            (remedy, &format!("practice.{low}.value is unknown")),
        );
        rows.push(row);
        let row = Measure::at_most(Some(most), ground.rule("voltage-high-pu"), "pu").row(
            ("voltage-high", Some("voltage-high-pu")),
            format!("Voltage of {name}{side}"),
            path,
            ("Lower the taps' target", "practice.voltage-high-pu.value is unknown"),
        );
        rows.push(row);
    }
    rows
}

/// Feeders and busways within their share of the drop.
pub(super) fn drops(ground: &Ground<'_>) -> Vec<Row> {
    let of = |kind: NodeKind| match kind {
        NodeKind::Feeder => Some(("drop-feeder", "drop-feeder-frac")),
        NodeKind::Busway => Some(("drop-low", "drop-low-frac")),
        _ => None,
    };
    let nodes = ground.site.campus.nodes.iter();
    let rows = nodes.filter_map(|node| {
        let (code, practice) = of(node.kind)?;
        let before = ground.vm_pu(&format!("{}/in", node.id))?;
        let after = ground.vm_pu(&node.id)?;
        let limit = ground.rule(practice).map(|frac| frac * 100.0);
        let measure = Measure::at_most(Some((before - after) * 100.0), limit, "%");
        let missing = format!("practice.{practice}.value is unknown");
        Some(measure.row(
            (code, Some(practice)),
            format!("Voltage drop of {}", node.name),
            format!("nodes.{}", node.id),
            ("Take more or thicker conductors, or move its source nearer", &missing),
        ))
    });
    rows.collect()
}
