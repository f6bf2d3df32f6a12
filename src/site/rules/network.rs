//! The power network leads from feeds to nodes, without going round in circles.

use super::Rule;
use super::context::{Context, error, warning};
use crate::diag::Report;
use crate::site::wiring;
use crate::site::{ElementRef, Node};
use std::collections::HashMap;

pub(super) const RULE: Rule = Rule {
    name: "network",
    about: "Every node has a source and none feeds itself by way of others. Open switches (`alternate`, `node_b`) may close a circle, and lead to another source than the closed way. Substations, feeders and busways stand at the voltage of their source.",
    codes: &[
        ("cycle", "a node feeds itself by way of others"),
        ("not-connected", "a node has no source"),
        (
            "voltage-mismatch",
            "a node that does not transform stands at another voltage than its source",
        ),
        ("both-paths", "one source stands on both paths"),
    ],
    check,
};

fn check(context: &Context, report: &mut Report) {
    for node in &context.site.campus.nodes {
        if node.from.is_empty() {
            let message = format!("Node `{}` is connected to no feed", node.id);
            let hint = "Name the feed or node that it draws from";
            error(report, "not-connected", format!("nodes.{}.from", node.id), message, hint);
        }
    }
    for node in &context.site.campus.nodes {
        voltages(context, node, report);
        if node.alternate.contains(&node.id) {
            let found = wiring::itself(&node.name);
            let path = format!("nodes.{}.alternate", node.id);
            warning(report, found.code, path, found.message, &found.hint);
        }
        if let Some(both) = node.alternate.iter().find(|id| node.from.contains(id)) {
            let found = wiring::both_paths(&node.name, both);
            let path = format!("nodes.{}.alternate", node.id);
            warning(report, found.code, path, found.message, &found.hint);
        }
    }
    for block in context.site.blocks() {
        if let Some(both) = block.node_b.as_ref().filter(|b| block.node.as_ref() == Some(b)) {
            let found = wiring::both_paths(&block.name, both);
            let path = format!("blocks.{}.node_b", block.id);
            error(report, found.code, path, found.message, &found.hint);
        }
    }
    for cycle in cycles(context) {
        let path = format!("nodes.{}.from", cycle[0]);
        let message = format!("Nodes feed each other in a circle: {}", cycle.join(" <- "));
        let hint = "Remove one of the sources, or make it an `alternate` behind an open switch";
        error(report, "cycle", path, message, hint);
    }
}

/// One finding a node: its sources mostly share a voltage.
fn voltages(context: &Context, node: &Node, report: &mut Report) {
    let element = |id: &String| {
        let feed = context.feeds.get(id.as_str()).map(|f| ElementRef::Feed(f));
        feed.or_else(|| context.nodes.get(id.as_str()).map(|n| ElementRef::Node(n)))
    };
    let mut sources = node.from.iter().chain(&node.alternate).filter_map(element);
    if let Some(found) = sources.find_map(|source| wiring::voltage(node, source)) {
        let path = format!("nodes.{}.voltage_kv", node.id);
        warning(report, found.code, path, found.message, &found.hint);
    }
}

/// One circle for each source that closes one, as ids with the first repeated at the
/// end. Without recursion: a chain of nodes may be as long as a file.
fn cycles<'a>(context: &Context<'a>) -> Vec<Vec<&'a str>> {
    const OPEN: bool = false;
    const DONE: bool = true;
    let mut state: HashMap<&str, bool> = HashMap::new();
    let mut found = Vec::new();
    for root in &context.site.campus.nodes {
        if state.contains_key(root.id.as_str()) {
            continue;
        }
        // The way from the root to the node in hand, each with its next source.
        let mut way: Vec<(&Node, usize)> = Vec::new();
        if let Some(first) = context.nodes.get(root.id.as_str()) {
            way.push((first, 0));
            state.insert(&first.id, OPEN);
        }
        while let Some((node, next)) = way.last_mut() {
            let Some(source) = node.from.get(*next) else {
                state.insert(&node.id, DONE);
                way.pop();
                continue;
            };
            *next += 1;
            let Some(source) = context.nodes.get(source.as_str()) else { continue };
            match state.get(source.id.as_str()) {
                Some(&DONE) => {}
                Some(_) => {
                    let start = way.iter().position(|(n, _)| n.id == source.id).unwrap_or(0);
                    let mut cycle: Vec<&str> =
                        way.iter().skip(start).map(|(n, _)| n.id.as_str()).collect();
                    cycle.push(&source.id);
                    found.push(cycle);
                }
                None => {
                    state.insert(&source.id, OPEN);
                    way.push((source, 0));
                }
            }
        }
    }
    found
}
