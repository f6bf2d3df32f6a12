//! Groups and locks name elements that exist.

use super::Rule;
use super::context::{Context, warning};
use crate::diag::Report;
use std::collections::HashMap;

pub(super) const RULE: Rule = Rule {
    name: "groups",
    about: "A group has at least two members, all of which exist, and shares none with another group; a lock names an element that exists.",
    codes: &[
        ("group-member", "a group names an element that does not exist"),
        ("small-group", "a group of fewer than two elements"),
        ("two-groups", "an element is in two groups; the first counts"),
        ("locked-nothing", "a lock names an element that does not exist"),
    ],
    check,
};

fn check(context: &Context, report: &mut Report) {
    let campus = &context.site.campus;
    if campus.groups.is_empty() && campus.locked.is_empty() {
        return;
    }
    let known: Vec<&str> = context.site.elements().map(|e| e.id()).collect();
    let mut group_of: HashMap<&str, Option<&str>> = known.iter().map(|id| (*id, None)).collect();
    for group in &campus.groups {
        let path = |i: usize| format!("groups.{}.members.{i}", group.id);
        for (i, member) in group.members.iter().enumerate() {
            match group_of.get_mut(member.as_str()) {
                None => {
                    let message = format!("Group `{}` has no element `{member}`", group.id);
                    let hint = context.hint("element", member, known.iter().copied());
                    warning(report, "group-member", path(i), message, &hint);
                }
                Some(Some(other)) => {
                    let message = format!("`{member}` is in groups `{other}` and `{}`", group.id);
                    let hint = "Take it out of one of them";
                    warning(report, "two-groups", path(i), message, hint);
                }
                Some(first) => *first = Some(&group.id),
            }
        }
        if group.members.len() < 2 {
            let message = format!("Group `{}` has fewer than two members", group.id);
            let path = format!("groups.{}.members", group.id);
            warning(report, "small-group", path, message, "Add members, or remove the group");
        }
    }
    for (i, id) in campus.locked.iter().enumerate() {
        if !group_of.contains_key(id.as_str()) {
            let message = format!("A lock names `{id}`, which does not exist");
            let hint = context.hint("element", id, known.iter().copied());
            warning(report, "locked-nothing", format!("locked.{i}"), message, &hint);
        }
    }
}
