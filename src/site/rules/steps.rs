//! Grid feeds grow in steps, firm power is part of what there is, and what machines bear for
//! minutes is at least what they bear for hours.

use super::Rule;
use super::context::{Context, error};
use crate::diag::Report;
use crate::site::Node;

pub(super) const RULE: Rule = Rule {
    name: "steps",
    about: "The steps of a feed follow each other in time; firm power of a feed, a step or a node does not exceed its capacity; emergency ratings are at least the normal one, the short-time at least the long-time one.",
    codes: &[
        ("steps-order", "a step of a feed does not start after the one before"),
        ("firm-above-capacity", "more firm power than capacity"),
        (
            "out-of-range",
            "a voltage is 0, a year has fewer hours, or an emergency rating is below a lower one",
        ),
    ],
    check,
};

/// Hours of a leap year; no step can be curtailed longer.
const MOST_HOURS: f64 = 8784.0;

fn check(context: &Context, report: &mut Report) {
    for feed in &context.site.campus.feeds {
        let path = format!("feeds.{}", feed.id);
        if feed.voltage_kv == Some(0.0) {
            let message = format!("Feed `{}` has no voltage", feed.id);
            let hint = "Enter the voltage of the connection in kV";
            error(report, "out-of-range", format!("{path}.voltage_kv"), message, hint);
        }
        firm(feed.firm_mw, feed.capacity_mw, &path, report);
        for (i, step) in feed.steps.iter().enumerate() {
            let path = format!("{path}.steps.{i}");
            firm(Some(step.firm_mw), feed.capacity_mw, &path, report);
            let before = i.checked_sub(1).and_then(|b| feed.steps.get(b));
            if before.is_some_and(|b| b.from_month >= step.from_month) {
                let message =
                    format!("Step {i} of feed `{}` does not start after step {}", feed.id, i - 1);
                let hint = "Order the steps by month";
                error(report, "steps-order", format!("{path}.from_month"), message, hint);
            }
            if step.curtailable_h_per_year > MOST_HOURS {
                let path = format!("{path}.curtailable_h_per_year");
                let message = "A year has fewer hours than may be curtailed".to_owned();
                error(report, "out-of-range", path, message, "Enter at most 8760");
            }
        }
    }
    for node in &context.site.campus.nodes {
        firm(node.firm_mw, node.capacity_mw, &format!("nodes.{}", node.id), report);
        if node.voltage_kv == Some(0.0) {
            let message = format!("Node `{}` has no voltage", node.id);
            let path = format!("nodes.{}.voltage_kv", node.id);
            error(report, "out-of-range", path, message, "Enter kV, or leave the field out");
        }
        emergency(node, report);
    }
}

/// Emergency ratings of a node: each at least the one below it, and for some time.
fn emergency(node: &Node, report: &mut Report) {
    let long = node.emergency_long_ratio;
    let ratios = [
        ("emergency_long_ratio", long, 1.0),
        ("emergency_short_ratio", node.emergency_short_ratio, long.unwrap_or(1.0).max(1.0)),
    ];
    for (field, ratio, least) in ratios {
        if let Some(ratio) = ratio.filter(|r| *r < least) {
            let path = format!("nodes.{}.{field}", node.id);
            let message = format!("{ratio} times the rating is below {least}");
            let hint = "Enter what the machines bear after an outage over their rating";
            error(report, "out-of-range", path, message, hint);
        }
    }
    let times = [
        ("emergency_long_h", node.emergency_long_h),
        ("emergency_short_min", node.emergency_short_min),
    ];
    for (field, time) in times {
        if time.is_some_and(|t| t <= 0.0) {
            let path = format!("nodes.{}.{field}", node.id);
            let message = "An emergency rating that may not be used is none".to_owned();
            error(report, "out-of-range", path, message, "Enter how long, or leave it out");
        }
    }
}

fn firm(firm_mw: Option<f64>, capacity_mw: Option<f64>, path: &str, report: &mut Report) {
    if let (Some(firm), Some(capacity)) = (firm_mw, capacity_mw)
        && firm > capacity
    {
        let message = format!("{firm} MW firm are more than the capacity of {capacity} MW");
        let hint = "Enter what survives the loss of any one element, at most the capacity";
        error(report, "firm-above-capacity", format!("{path}.firm_mw"), message, hint);
    }
}
