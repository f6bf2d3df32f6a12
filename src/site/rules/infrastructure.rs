//! Either a stated ratio or a network, and what each of them needs.

use super::Rule;
use super::context::{Context, error, unknown};
use crate::diag::Report;
use crate::site::{Block, Infrastructure};

pub(super) const RULE: Rule = Rule {
    name: "infrastructure",
    about: "A reference infrastructure states a PUE of at least 1 and a path efficiency above 0 up to 1; a built one has a tariff, places each block in a hall, on a node and on a loop, and holds no pools. The grid contract is known.",
    codes: &[
        ("bad-reference", "a stated ratio is impossible"),
        ("pool-in-built", "a pool of power in a layout with a network"),
        ("missing-place", "a block of a built layout has no hall, node or loop"),
        ("unknown-value", "a number that the plan needs is not given"),
    ],
    check,
};

fn check(context: &Context, report: &mut Report) {
    let site = &context.site.terms.site;
    if site.grid_contract_mw.is_none() {
        let hint = "Enter a value in MW, or the sum of what the feeds can give";
        report.push(unknown("site.grid_contract_mw".into(), "The contracted grid import", hint));
    }
    if site.coincidence_frac == 0.0 {
        let message = "A coincidence of 0 would make the racks' power vanish".to_owned();
        let hint = "Enter 1, or the share of rack power that upstream nodes see at once";
        error(report, "out-of-range", "site.coincidence_frac".into(), message, hint);
    }
    match &site.infrastructure {
        Infrastructure::Reference { pue, path_efficiency, .. } => {
            reference(*pue, *path_efficiency, report);
        }
        Infrastructure::Built => {
            if site.tariff.is_none() {
                let hint = "Choose a tariff of the catalogue";
                report.push(unknown("site.tariff".into(), "The price of energy", hint));
            }
            for block in context.site.blocks() {
                placed(block, report);
            }
        }
    }
}

fn reference(pue: f64, path_efficiency: f64, report: &mut Report) {
    let path = |field: &str| format!("site.infrastructure.Reference.{field}");
    if pue < 1.0 {
        let message = format!("A PUE of {pue} is below 1");
        let hint = "Enter facility power over IT power, at least 1";
        error(report, "bad-reference", path("pue"), message, hint);
    }
    if path_efficiency <= 0.0 || path_efficiency > 1.0 {
        let message = format!("A path efficiency of {path_efficiency} is impossible");
        let hint = "Enter rack power over meter power, above 0 and at most 1";
        error(report, "bad-reference", path("path_efficiency"), message, hint);
    }
}

fn placed(block: &Block, report: &mut Report) {
    let field = |name: &str| format!("blocks.{}.{name}", block.id);
    if block.mw.is_some() {
        let message = format!("Block `{}` is a pool of power in a built layout", block.id);
        let hint = "Enter a count of racks, or declare a reference infrastructure";
        error(report, "pool-in-built", field("mw"), message, hint);
    }
    let places = [
        ("hall", block.hall.is_none(), "Name the hall that it stands in"),
        ("node", block.node.is_none(), "Name the node that feeds it"),
        ("loop", block.cooling_loop.is_none(), "Name the loop that cools it"),
    ];
    for (name, missing, hint) in places {
        if missing {
            let message = format!("Block `{}` has no {name}", block.id);
            error(report, "missing-place", field(name), message, hint);
        }
    }
}
