//! A tier that promises to survive an outage needs to know what survives.

use super::Rule;
use super::context::{Context, unknown};
use crate::diag::Report;
use crate::site::Redundancy;

pub(super) const RULE: Rule = Rule {
    name: "firm",
    about: "Where a tier is firm, every feed and node above a block of a built layout states its firm power.",
    codes: &[("unknown-value", "a feed or node above a block does not state its firm power")],
    check,
};

fn check(context: &Context, report: &mut Report) {
    let firm = context.site.terms.tiers.iter().find(|t| t.redundancy == Redundancy::Firm);
    let (Some(tier), true) = (firm, context.built()) else { return };
    let loaded = context.loaded(false);
    let campus = &context.site.campus;
    let feeds = campus.feeds.iter().map(|f| ("feeds", &f.id, f.firm_mw));
    let nodes = campus.nodes.iter().map(|n| ("nodes", &n.id, n.firm_mw));
    for (collection, id, firm_mw) in feeds.chain(nodes) {
        if firm_mw.is_none() && loaded.contains(id.as_str()) {
            let what = format!("The firm power of `{id}`, needed by the firm tier `{}`,", tier.id);
            let hint = "Enter what survives the loss of any one element, or make the tier \
                        interruptible";
            report.push(unknown(format!("{collection}.{id}.firm_mw"), &what, hint));
        }
    }
}
