//! Ids are there, well formed and unique.

use super::Rule;
use super::context::{Context, error};
use crate::diag::Report;
use std::collections::HashMap;

pub(super) const RULE: Rule = Rule {
    name: "ids",
    about: "Ids consist of a-z, 0-9, dot, hyphen and underscore, start with a letter or digit, and are unique: physical elements among each other; tiers, hours, phases and groups each among themselves.",
    codes: &[
        ("empty-id", "an element has no id"),
        ("bad-id", "an id has a character that ids may not have"),
        ("duplicate-id", "two elements have one id"),
    ],
    check,
};

fn check(context: &Context, report: &mut Report) {
    let (terms, campus) = (&context.site.terms, &context.site.campus);
    let mut seen = HashMap::new();
    for element in context.site.elements() {
        one(element.id(), &mut seen, report, || element.path());
    }
    let mut list = |collection: &str, ids: &mut dyn Iterator<Item = &str>| {
        let mut seen = HashMap::new();
        for id in ids {
            one(id, &mut seen, report, || format!("{collection}.{id}"));
        }
    };
    list("tiers", &mut terms.tiers.iter().map(|t| t.id.as_str()));
    list("hours", &mut terms.hours.iter().map(|h| h.id.as_str()));
    list("phases", &mut campus.phases.iter().map(|p| p.id.as_str()));
    list("groups", &mut campus.groups.iter().map(|g| g.id.as_str()));
    list("supply", &mut terms.supply.iter().map(|s| s.rack.as_str()));
}

fn one<'a>(
    id: &'a str,
    seen: &mut HashMap<&'a str, usize>,
    report: &mut Report,
    path: impl Fn() -> String,
) {
    if id.is_empty() {
        let path = path();
        let place = path.trim_end_matches('.');
        let message = format!("An element of `{place}` has an empty id");
        return error(report, "empty-id", place.to_owned(), message, "Give it an id of its own");
    }
    let first = id.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit());
    let allowed =
        |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '-' | '_');
    if !first || !id.chars().all(allowed) {
        error(
            report,
            "bad-id",
            path(),
            format!("`{id}` cannot be an id"),
            "Use a-z, 0-9, hyphen, dot and underscore, starting with a letter or digit",
        );
    }
    let times = seen.entry(id).or_insert(0);
    *times += 1;
    // The third and further ones add nothing.
    if *times == 2 {
        let message = format!("The id `{id}` is used twice");
        error(report, "duplicate-id", path(), message, "Rename one of the two");
    }
}
