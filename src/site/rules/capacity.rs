//! Nodes have a capacity and an efficiency, and none of nothing above a load.

use super::Rule;
use super::context::{Context, error, unknown};
use crate::diag::Report;
use crate::site::Node;

pub(super) const RULE: Rule = Rule {
    name: "capacity",
    about: "In a built layout every feed has a capacity, every node has a capacity and an efficiency of its own or of its equipment, and none with a load below it has a capacity of 0.",
    codes: &[
        ("unknown-value", "a number that the plan needs is not given"),
        ("zero-capacity", "a feed or node above a load can carry nothing"),
        ("out-of-range", "an efficiency of 0"),
    ],
    check,
};

fn check(context: &Context, report: &mut Report) {
    if !context.built() {
        return;
    }
    let loaded = context.loaded(true);
    let zero = |kind: &str, id: &str, path: String, report: &mut Report| {
        let message = format!("The {kind} `{id}` has a capacity of 0 with load below it");
        let hint = "Enter its capacity, or move the load";
        error(report, "zero-capacity", path, message, hint);
    };
    for feed in &context.site.campus.feeds {
        let path = format!("feeds.{}.capacity_mw", feed.id);
        match feed.capacity_mw {
            None => {
                let what = format!("The capacity of feed `{}`", feed.id);
                report.push(unknown(path, &what, "Enter what the grid can give in MW"));
            }
            Some(capacity) if capacity == 0.0 && loaded.contains(feed.id.as_str()) => {
                zero("feed", &feed.id, path, report);
            }
            Some(_) => {}
        }
    }
    for node in &context.site.campus.nodes {
        let path = format!("nodes.{}.capacity_mw", node.id);
        match node.capacity_mw {
            None => {
                let what = format!("The capacity of node `{}`", node.id);
                report.push(unknown(path, &what, "Enter a value in MW"));
            }
            Some(capacity) if capacity == 0.0 && loaded.contains(node.id.as_str()) => {
                zero("node", &node.id, path, report);
            }
            Some(_) => {}
        }
        efficiency(context, node, report);
    }
}

fn efficiency(context: &Context, node: &Node, report: &mut Report) {
    let path = format!("nodes.{}.efficiency_frac", node.id);
    if node.efficiency_frac == Some(0.0) {
        let message = format!("An efficiency of 0 makes node `{}` useless", node.id);
        let hint = "Enter output over input power";
        return error(report, "out-of-range", path, message, hint);
    }
    let equipment = node.equipment.as_ref().map(|id| context.catalog.equipment.get(id));
    let known = match equipment {
        // Named but not found: said elsewhere.
        Some(None) => true,
        Some(Some(e)) => e.efficiency_frac.as_ref().and_then(|f| f.get()).is_some(),
        None => false,
    };
    if node.efficiency_frac.is_none() && !known {
        let what = format!("The efficiency of node `{}`", node.id);
        let hint = "Enter output over input power (1 for a bare bus), or name its equipment";
        report.push(unknown(path, &what, hint));
    }
}
