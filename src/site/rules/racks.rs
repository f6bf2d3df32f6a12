//! The rack types of a site can be had and work together.

use super::Rule;
use super::context::{Context, error, warning};
use crate::catalog::{Role, Status};
use crate::diag::Report;
use std::collections::HashSet;

pub(super) const RULE: Rule = Rule {
    name: "racks",
    about: "Rack types that cannot be ordered are refused, announced ones are pointed out, and adjunct racks stand beside their partner.",
    codes: &[
        ("not-orderable", "a rack type must not be planned"),
        ("announced", "a rack type is announced, not shipping"),
        ("no-partner", "an adjunct rack without the rack that it works with"),
    ],
    check,
};

fn check(context: &Context, report: &mut Report) {
    let types = context.rack_types();
    let present: HashSet<&str> = types.iter().map(|(id, _)| *id).collect();
    for (id, path) in types {
        let Some(rack) = context.catalog.racks.get(id) else { continue };
        match &rack.status {
            Status::NotOrderable(why) => {
                let message = format!("{} cannot be ordered: {why}", rack.name);
                let hint = "Choose a rack type that is shipping";
                error(report, "not-orderable", path.clone(), message, hint);
            }
            Status::Announced => {
                let message = format!("{} is announced and not yet shipping", rack.name);
                let hint = "Check the delivery date against the phases";
                warning(report, "announced", path.clone(), message, hint);
            }
            Status::Shipping => {}
        }
        if let Role::Adjunct { of } = &rack.role
            && !present.contains(of.as_str())
        {
            let partner = context.catalog.racks.get(of).map_or(of.as_str(), |r| r.name.as_str());
            let message =
                format!("{} works only beside {partner}, which the site lacks", rack.name);
            let hint = format!("Add a block of `{of}`");
            error(report, "no-partner", path, message, &hint);
        }
    }
}
