//! Redundancy that is sold twice: loops past half, survivors that cannot carry what they take
//! over, and firm power that counts both sources of a pair.

use super::{Ground, Measure, Row};
use crate::power::redundancy::Scheme;

/// Feeders of a loop loaded to half at most.
pub(super) fn loops(ground: &Ground<'_>) -> Vec<Row> {
    let limit = ground.rule("feeder-loop-frac").map(|f| f * 100.0);
    let mut rows = Vec::new();
    for group in ground.redundancy.groups.iter().filter(|g| g.wired == Scheme::Loop) {
        for id in &group.systems {
            let node = ground.site.campus.nodes.iter().find(|n| n.id == *id);
            let used = ground.outcome.plan.node_mw.get(id);
            let share = node.and_then(|n| n.capacity_mw).zip(used).map(|(c, u)| u / c * 100.0);
            rows.push(Measure::at_most(share, limit, "%").row(
                ("feeder-loop", Some("feeder-loop-frac")),
                format!("Load of {} in its loop", ground.node_name(id)),
                format!("nodes.{id}"),
                (
                    "Keep half of it free for its partner, or take thicker cables",
                    "its load, its capacity or practice.feeder-loop-frac.value is unknown",
                ),
            ));
        }
    }
    rows
}

/// Systems that stand in for each other carry what they take over.
pub(super) fn groups(ground: &Ground<'_>) -> Vec<Row> {
    let rows = ground.redundancy.groups.iter().flat_map(|group| {
        let one = group.worst.as_ref().filter(|_| group.overloads.is_empty());
        let shown = group.overloads.iter().chain(one);
        shown.map(|worst| {
            let share = Some(worst.loading_frac * 100.0).filter(|v| v.is_finite());
            let mut name = worst.sentence.clone();
            if let Some(first) = name.get_mut(..1) {
                first.make_ascii_uppercase();
            }
            Measure::at_most(share, Some(100.0), "%").row(
                ("shared-capacity", None),
                name,
                ground.path_of(&worst.on),
                (
                    "Its capacity is counted on twice: load the pair less, or add a system",
                    "it has no capacity entered",
                ),
            )
        })
    });
    rows.collect()
}

/// Stated firm power within what is left without the largest source.
pub(super) fn counted_twice(ground: &Ground<'_>) -> Vec<Row> {
    let campus = &ground.site.campus;
    let capacity = |id: &String| {
        let feed = campus.feeds.iter().find(|f| f.id == *id).map(|f| f.capacity_mw);
        feed.or(campus.nodes.iter().find(|n| n.id == *id).map(|n| n.capacity_mw)).flatten()
    };
    let rows = campus.nodes.iter().filter_map(|node| {
        let sources: Vec<&String> = node.from.iter().chain(&node.alternate).collect();
        if sources.len() < 2 || node.firm_mw.is_none() {
            return None;
        }
        let each: Option<Vec<f64>> = sources.iter().map(|id| capacity(id)).collect();
        let left = each.map(|mw| mw.iter().sum::<f64>() - mw.iter().copied().fold(0.0, f64::max));
        Some(Measure::at_most(node.firm_mw, left, "MW").row(
            ("counted-twice", None),
            format!("Firm power stated of {} beside what its sources keep", node.name),
            format!("nodes.{}.firm_mw", node.id),
            (
                "Redundant sources never add: state what is left without the largest of them",
                "the capacity of a source is unknown",
            ),
        ))
    });
    rows.collect()
}
