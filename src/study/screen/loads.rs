//! Loads of racks on what feeds them: at installed and peak power next to the racks, at caps and
//! coincidence above, and the peaks that smoothing leaves.

use super::{Ground, Measure, Row, State};
use crate::catalog::Fact;
use crate::site::Block;
use std::collections::{BTreeMap, BTreeSet};

/// Racks of a block by type: as installed, else as planned.
fn racks(ground: &Ground<'_>, block: &Block) -> Vec<(String, f64)> {
    if let Some((rack, count)) = block.rack.clone().zip(block.count) {
        return vec![(rack, f64::from(count))];
    }
    let mut found: BTreeMap<String, f64> = BTreeMap::new();
    for b in ground.outcome.plan.blocks.iter().filter(|b| b.id == block.id) {
        *found.entry(b.rack.clone()).or_default() += b.racks.unwrap_or(0.0);
    }
    found.into_iter().collect()
}

/// A power of all racks of a block, or the path of the figure that is missing.
fn power_mw(ground: &Ground<'_>, block: &Block, field: &str) -> Result<f64, String> {
    let mut sum = 0.0;
    for (id, count) in racks(ground, block) {
        let record = ground.catalog.racks.get(&id);
        let fact = record.map(|r| if field == "peak_kw" { &r.peak_kw } else { &r.installed_kw });
        let kw = fact.and_then(|f| f.get()).ok_or_else(|| format!("racks.{id}.{field}"))?;
        sum += kw * count / 1e3;
    }
    Ok(sum)
}

/// The node next to the racks at what they could draw: their peaks, and all that is installed in
/// them.
fn racks_of_nodes(
    ground: &Ground<'_>,
    (code, field): (&'static str, &str),
    (what, remedy): (&str, &str),
) -> Vec<Row> {
    let mut sums: BTreeMap<&str, Result<f64, String>> = BTreeMap::new();
    for block in ground.site.blocks() {
        let Some(node) = block.node.as_deref() else { continue };
        let sum = sums.entry(node).or_insert(Ok(0.0));
        let more = power_mw(ground, block, field);
        *sum = sum.clone().and_then(|sum| more.map(|more| sum + more));
    }
    let rows = sums.into_iter().filter_map(|(id, sum)| {
        let node = ground.site.campus.nodes.iter().find(|n| n.id == id)?;
        let missing = sum.as_ref().err().map_or_else(
            || format!("nodes.{id}.capacity_mw is unknown"),
            |path| format!("{path} is unknown"),
        );
        Some(Measure::at_most(sum.ok(), node.capacity_mw, "MW").row(
            (code, None),
            format!("{what} on {}", node.name),
            format!("nodes.{id}"),
            (remedy, &missing),
        ))
    });
    rows.collect()
}

/// Feeds and breakers of racks.
pub(super) fn feeds(ground: &Ground<'_>) -> Vec<Row> {
    let peak = racks_of_nodes(
        ground,
        ("rack-peak", "peak_kw"),
        ("Peaks of racks", "Spread the racks over more busways, or set breakers for the peak"),
    );
    let installed = racks_of_nodes(
        ground,
        ("rack-installed", "installed_kw"),
        (
            "Installed supply of racks",
            "Enforce the caps in the power shelves, whose redundant part may not add, or take \
             feeds for all of it",
        ),
    );
    peak.into_iter().chain(super::worst_alone(installed)).collect()
}

/// Each type of rack that the site holds on the breakers of its own feeds: at its peak and at all
/// that is installed in it. Where their rating is unknown the nodes next to the racks stand in.
pub(super) fn breakers(ground: &Ground<'_>) -> Vec<Row> {
    let types: BTreeSet<String> =
        ground.site.blocks().flat_map(|b| racks(ground, b)).map(|(id, _)| id).collect();
    let rows = types.iter().filter_map(|id| Some((id, ground.catalog.racks.get(id)?)));
    let rows = rows.flat_map(|(id, rack)| {
        let limit = rack.feed_kw.as_ref().and_then(Fact::get).map(|kw| kw / 1e3);
        let figures = [
            ("Peak", "peak_kw", rack.peak_kw.get()),
            ("Installed supply", "installed_kw", rack.installed_kw.get()),
        ];
        figures.map(|(what, field, kw)| {
            let missing = match limit {
                None => format!(
                    "racks.{id}.feed_kw is unknown: the nodes next to the racks stand in for \
                     their breakers, see rack-peak and rack-installed"
                ),
                Some(_) => format!("racks.{id}.{field} is unknown"),
            };
            Measure::at_most(kw.map(|kw| kw / 1e3), limit, "MW").row(
                ("rack-breaker", None),
                format!("{what} of a {} on its own feeds", rack.name),
                format!("racks.{id}"),
                ("Take breakers for it, or one more feed to each rack", &missing),
            )
        })
    });
    rows.collect()
}

/// Feeds and nodes at the caps of racks times coincidence, in the worst hour.
pub(super) fn nodes(ground: &Ground<'_>) -> Vec<Row> {
    let kinds = ["node_capacity", "feed_capacity"];
    let limits = ground.outcome.plan.limits.iter().filter(|l| kinds.contains(&l.kind.as_str()));
    let rows = limits.map(|limit| {
        Measure::at_most(Some(limit.used), limit.capacity, "MW").row(
            ("node-load", None),
            format!("Load of {} in the worst hour", ground.node_name(&limit.element)),
            ground.path_of(&limit.element),
            ("Raise its capacity, or move racks elsewhere", "its capacity is unknown"),
        )
    });
    rows.collect()
}

/// Feeds and nodes at synchronous peaks, less what the racks smooth.
pub(super) fn peaks(ground: &Ground<'_>) -> Vec<Row> {
    let Some(smoothing) = ground.rule("smoothing-frac") else {
        return vec![unchecked("practice.smoothing-frac.value is unknown")];
    };
    let coincidence = ground.site.terms.site.coincidence_frac;
    let mut it_mw: BTreeMap<&str, f64> = BTreeMap::new();
    for b in &ground.outcome.plan.blocks {
        *it_mw.entry(&b.id).or_default() += b.it_mw;
    }
    // Above what the plan asks of each carrier.
    let mut more: BTreeMap<usize, f64> = BTreeMap::new();
    for block in ground.site.blocks() {
        let peak = match power_mw(ground, block, "peak_kw") {
            Ok(peak) => peak * (1.0 - smoothing),
            Err(path) => return vec![unchecked(&format!("{path} is unknown"))],
        };
        let planned = it_mw.get(block.id.as_str()).copied().unwrap_or(0.0);
        let path = block.node.as_deref().and_then(|n| ground.network.path(n)).unwrap_or_default();
        for (carrier, per_mw) in path.carriers {
            *more.entry(carrier).or_default() += (peak - planned).max(0.0) * coincidence * per_mw;
        }
    }
    let rows = more.into_iter().filter_map(|(carrier, more)| {
        let carrier = ground.network.carriers.get(carrier)?;
        let used = ground.outcome.plan.node_mw.get(&carrier.id).copied().unwrap_or(0.0);
        Some(Measure::at_most(Some(used + more), carrier.capacity_mw, "MW").row(
            ("peak", Some("smoothing-frac")),
            format!("Peaks behind {} after smoothing", carrier.name),
            ground.path_of(&carrier.id),
            (
                "Smooth more, stagger the jobs (coincidence below 1), or raise its capacity",
                "its capacity is unknown",
            ),
        ))
    });
    rows.collect()
}

fn unchecked(why: &str) -> Row {
    let row = Measure::at_most(None, None, "MW").row(
        ("peak", Some("smoothing-frac")),
        "Peaks after smoothing".to_owned(),
        "site".to_owned(),
        ("", why),
    );
    debug_assert_eq!(row.state, State::NotChecked);
    row
}
