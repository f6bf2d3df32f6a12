//! Currents against what conductors carry: cables derated for soil and neighbours, and the share
//! of a rating that may flow for hours.

use super::{Ground, Measure, Row};
use crate::catalog::{Equipment, Fact};
use crate::site::{Node, NodeKind};

/// Numbers of circuits beside each other for which practice states a factor, with its record. Those
/// between take that of the next more; more than all count as the last.
const GROUPED: [(usize, &str); 11] = [
    (2, "cable-grouping-2-frac"),
    (3, "cable-grouping-3-frac"),
    (4, "cable-grouping-4-frac"),
    (5, "cable-grouping-5-frac"),
    (6, "cable-grouping-6-frac"),
    (7, "cable-grouping-7-frac"),
    (8, "cable-grouping-8-frac"),
    (9, "cable-grouping-9-frac"),
    (12, "cable-grouping-12-frac"),
    (16, "cable-grouping-16-frac"),
    (20, "cable-grouping-20-frac"),
];

/// The record for so many circuits; none for one alone.
fn grouping(circuits: usize) -> Option<&'static str> {
    let (_, last) = GROUPED[GROUPED.len() - 1];
    let found = GROUPED.iter().find(|(n, _)| *n >= circuits).map_or(last, |(_, id)| *id);
    (circuits > 1).then_some(found)
}

fn equipment<'a>(ground: &Ground<'a>, node: &Node) -> Option<&'a Equipment> {
    ground.catalog.equipment.get(node.equipment.as_deref()?)
}

/// Greatest current and rating of a node's machines, and how many they are.
struct Carried {
    amperes: f64,
    rated: f64,
    machines: usize,
}

fn carried(ground: &Ground<'_>, node: &Node) -> Option<Carried> {
    let case = &ground.checked.electrical.case;
    let mut found: Option<Carried> = None;
    for (i, owner) in ground.checked.electrical.node_of_branch.iter().enumerate() {
        if *owner != node.id {
            continue;
        }
        let (branch, state) = (case.branches.get(i)?, ground.checked.solution.branches.get(i)?);
        let root = 3f64.sqrt();
        let end = |bus: usize, p: f64, q: f64| {
            let kv = case.buses[bus].base_kv?;
            let vm = ground.checked.solution.buses[bus].vm_pu?;
            Some(p.hypot(q) / (root * kv * vm) * 1e3)
        };
        let from = end(branch.from, state.p_from_mw, state.q_from_mvar)?;
        let to = end(branch.to, state.p_to_mw, state.q_to_mvar)?;
        let rated = branch.ratings.normal_mva? / (root * case.buses[branch.to].base_kv?) * 1e3;
        let machines = found.as_ref().map_or(0, |c| c.machines) + 1;
        let amperes = from.max(to).max(found.as_ref().map_or(0.0, |c| c.amperes));
        found = Some(Carried { amperes, rated, machines });
    }
    found
}

/// Feeders within their ampacity in the ground beside each other.
pub(super) fn cables(ground: &Ground<'_>) -> Vec<Row> {
    let nodes = ground.site.campus.nodes.iter().filter(|n| n.kind == NodeKind::Feeder);
    let rows = nodes.filter_map(|node| {
        let carried = carried(ground, node)?;
        let (factor, missing) = match derating(ground, node, carried.machines) {
            Ok(factor) => (Some(factor), String::new()),
            Err(path) => (None, format!("{path} is unknown")),
        };
        let limit = factor.map(|f| f * carried.rated);
        let share = factor.map_or(String::new(), |f| format!(", derated to {:.0} %", f * 100.0));
        let measure = Measure::at_most(Some(carried.amperes), limit, "A");
        Some(measure.row(
            ("ampacity", Some("soil-c")),
            format!("Current of a cable of {}{share}", node.name),
            format!("nodes.{}", node.id),
            ("Lay the cables further apart, take thicker ones, or one more", &missing),
        ))
    });
    rows.collect()
}

/// Ampacity where it lies over that of the catalogue: warmer soil, circuits beside it.
fn derating(ground: &Ground<'_>, node: &Node, circuits: usize) -> Result<f64, String> {
    let id = node.equipment.clone().unwrap_or_default();
    let need = |field: &str, fact: Option<&Fact>| {
        fact.and_then(Fact::get).ok_or_else(|| format!("equipment.{id}.{field}"))
    };
    let rule = |id: &str| ground.rule(id).ok_or_else(|| format!("practice.{id}.value"));
    let equipment =
        equipment(ground, node).ok_or_else(|| format!("nodes.{}.equipment", node.id))?;
    let conductor = need("conductor_c", equipment.conductor_c.as_ref())?;
    let reference = need("rated_ambient_c", equipment.rated_ambient_c.as_ref())?;
    let soil = rule("soil-c")?;
    // Heat that leaves is in proportion to the difference, losses to the square of the current.
    let ambient = ((conductor - soil) / (conductor - reference)).max(0.0).sqrt();
    let grouping = grouping(circuits).map_or(Ok(1.0), rule)?;
    Ok(ambient * grouping)
}

/// What flows for hours within the share that the protection of a machine allows.
pub(super) fn continuous(ground: &Ground<'_>) -> Vec<Row> {
    let nodes = ground.site.campus.nodes.iter();
    let rows = nodes.filter_map(|node| {
        let frac = equipment(ground, node)?.continuous_frac.as_ref()?;
        let carried = carried(ground, node)?;
        let limit = frac.get().map(|f| f * carried.rated);
        let measure = Measure::at_most(Some(carried.amperes), limit, "A");
        let id = node.equipment.clone().unwrap_or_default();
        Some(measure.row(
            ("continuous", None),
            format!("Continuous current of {}", node.name),
            format!("nodes.{}", node.id),
            (
                "Take breakers that are rated for all of their current for hours, or one more",
                &format!("equipment.{id}.continuous_frac is unknown"),
            ),
        ))
    });
    rows.collect()
}
