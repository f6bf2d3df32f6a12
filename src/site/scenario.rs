//! Named sets of changed inputs, to be valued beside the layout as it stands.
//!
//! A scenario names inputs by the paths of `--set`, of the layout and of the catalogue alike; it
//! holds no results. It must not know what the inputs do.

use super::COLLECTIONS;
use crate::catalog;
use crate::diag::{Diagnostic, Report};
use crate::fields;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;

/// A set of changed inputs under one name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    pub id: String,
    pub name: String,
    /// What a reader must know of it: whose case it is, and why these values.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub notes: String,
    /// Path and value of each change, as `--set` takes them, in the order in which they are made.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<(String, String)>,
}

/// First part of paths that move a group of inputs by one factor.
const LEVELS: &str = "levels";

/// What is wrong with scenarios themselves; whether their paths lead somewhere is seen when they
/// are valued.
pub(super) fn check(scenarios: &[Scenario], report: &mut Report) {
    let mut seen = HashSet::new();
    for (index, own) in scenarios.iter().enumerate() {
        let path = format!("scenarios.{index}");
        if own.id.is_empty() || !seen.insert(own.id.as_str()) {
            let message = format!("The id `{}` of a scenario is empty or there twice", own.id);
            report.push(Diagnostic::error("duplicate-id", path.clone(), message, "Rename it"));
        }
        if own.name.trim().is_empty() {
            let message = format!("Scenario `{}` has no name", own.id);
            let hint = "Name whose case it is";
            report.push(Diagnostic::error("empty-name", path.clone(), message, hint));
        }
        for (n, (wanted, _)) in own.changes.iter().enumerate() {
            let first = wanted.split('.').next().unwrap_or_default();
            let names = || COLLECTIONS.iter().chain(catalog::COLLECTIONS).copied().chain([LEVELS]);
            if names().any(|name| name == first) {
                continue;
            }
            let near = fields::nearest(first, names()).join("`, `");
            report.push(Diagnostic::error(
                "unknown-path",
                format!("{path}.changes.{n}"),
                format!("Scenario `{}` changes `{wanted}`, which is no input", own.id),
                format!("Begin with `{near}`"),
            ));
        }
    }
}
