//! Voltages of the planned site: the band of normal operation, and what feeders and busways drop.

use super::{Ground, Measure, Row};
use crate::site::NodeKind;
use std::collections::BTreeMap;

/// Every node within the band.
pub(super) fn band(ground: &Ground<'_>) -> Vec<Row> {
    let mut range: BTreeMap<&str, (f64, f64)> = BTreeMap::new();
    for bus in &ground.checked.solution.buses {
        let Some(vm) = bus.vm_pu else { continue };
        let id = bus.id.split('/').next().unwrap_or_default();
        let found = range.entry(id).or_insert((vm, vm));
        *found = (found.0.min(vm), found.1.max(vm));
    }
    let (low, high) = (ground.rule("voltage-low-pu"), ground.rule("voltage-high-pu"));
    let mut rows = Vec::new();
    for (id, (least, most)) in range {
        let (name, path) = (ground.node_name(id), ground.path_of(id));
        let remedy = "Raise the taps' target, add reactive power near it, or shorten its feeder";
        let row = Measure::at_least(Some(least), low, "pu").row(
            ("voltage-low", Some("voltage-low-pu")),
            format!("Voltage of {name}"),
            path.clone(),
            (remedy, "practice.voltage-low-pu.value is unknown"),
        );
        rows.push(row);
        let row = Measure::at_most(Some(most), high, "pu").row(
            ("voltage-high", Some("voltage-high-pu")),
            format!("Voltage of {name}"),
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
