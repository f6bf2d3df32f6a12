//! What makes a site right: one file a rule, one line a rule in [`ALL`].
//!
//! Every rule sees the whole site and reports all that it finds. Rules must
//! not know solvers; a rule never changes the site.

mod blocks;
mod cables;
mod capacity;
mod checks;
mod clearance;
mod constraints;
mod context;
mod floor;
mod geometry;
mod groups;
mod hours;
mod ids;
mod infrastructure;
mod links;
mod loops;
mod machines;
mod network;
mod numbers;
mod parcel;
mod policy;
mod racks;
mod spacing;
mod steps;
mod tiers;
mod underlays;
mod walk;

pub use cables::{MEDIA, Medium, medium_for, reach_m};
pub use checks::{Bound, CheckResult, CheckState, checks};
pub use clearance::{clearance_m, keeps_clear};
pub(super) use context::Context;

use crate::diag::Report;

/// A rule of a site.
pub struct Rule {
    pub name: &'static str,
    /// One sentence for the manual.
    pub about: &'static str,
    /// Codes that its findings carry, each with what it means.
    pub codes: &'static [(&'static str, &'static str)],
    pub(super) check: fn(&Context, &mut Report),
}

/// All rules, in the order in which their findings are listed.
pub static ALL: &[Rule] = &[
    ids::RULE,
    links::RULE,
    numbers::RULE,
    infrastructure::RULE,
    hours::RULE,
    tiers::RULE,
    policy::RULE,
    steps::RULE,
    network::RULE,
    capacity::RULE,
    loops::RULE,
    blocks::RULE,
    racks::RULE,
    geometry::RULE,
    groups::RULE,
    machines::RULE,
    spacing::RULE,
    floor::RULE,
    cables::RULE,
    parcel::RULE,
    constraints::RULE,
    underlays::RULE,
];
