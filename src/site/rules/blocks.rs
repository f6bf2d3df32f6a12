//! A block is installed, planned or a pool, and says what it is made of.

use super::Rule;
use super::context::{Context, error, warning};
use crate::diag::Report;
use crate::site::{Block, Planned};

pub(super) const RULE: Rule = Rule {
    name: "blocks",
    about: "A block has exactly one of `count`, `planned` and `mw`; installed blocks and pools name one rack type, planned blocks a list and a range.",
    codes: &[
        ("no-blocks", "the site has no block of racks"),
        ("holding", "none or several of count, planned and mw"),
        ("rack-field", "a rack type is missing or stands where it has no meaning"),
        ("bad-range", "a planned block has no rack type or an impossible range"),
        ("empty-block", "an installed block of no racks"),
    ],
    check,
};

fn check(context: &Context, report: &mut Report) {
    if context.site.blocks().next().is_none() {
        let hint = "Drag racks into a hall";
        warning(report, "no-blocks", "blocks".into(), "The site has no racks".into(), hint);
    }
    for block in context.site.blocks() {
        holding(block, report);
        if let Some(planned) = &block.planned {
            range(block, planned, report);
        }
        if block.count == Some(0) {
            let message = format!("Block `{}` has no racks", block.id);
            let path = format!("blocks.{}.count", block.id);
            warning(report, "empty-block", path, message, "Enter a count, or remove the block");
        }
        if block.racks_per_line == Some(0) {
            let message = format!("Block `{}` has no racks in a line", block.id);
            let path = format!("blocks.{}.racks_per_line", block.id);
            let hint = "Enter 1 or more, or leave the field out";
            error(report, "bad-range", path, message, hint);
        }
    }
}

fn holding(block: &Block, report: &mut Report) {
    let present = [
        ("count", block.count.is_some()),
        ("planned", block.planned.is_some()),
        ("mw", block.mw.is_some()),
    ];
    let names: Vec<&str> = present.iter().filter(|p| p.1).map(|p| p.0).collect();
    if names.len() != 1 {
        let message = match names.is_empty() {
            true => format!("Block `{}` does not say how much it holds", block.id),
            false => format!("Block `{}` has {} at once", block.id, names.join(" and ")),
        };
        let hint = "Give `count` for installed racks, `planned` for racks to choose, or `mw` for \
                    a pool";
        let path = format!("blocks.{}", block.id);
        return error(report, "holding", path, message, hint);
    }
    let path = format!("blocks.{}.rack", block.id);
    match (block.planned.is_some(), &block.rack) {
        (true, Some(_)) => {
            let message = format!("Planned block `{}` names an installed rack type", block.id);
            let hint = "Move it to `planned.racks`";
            error(report, "rack-field", path, message, hint);
        }
        (false, None) => {
            let message = format!("Block `{}` does not name its rack type", block.id);
            error(report, "rack-field", path, message, "Name a rack type of the catalogue");
        }
        _ => {}
    }
}

fn range(block: &Block, planned: &Planned, report: &mut Report) {
    let field = |name: &str| format!("blocks.{}.planned.{name}", block.id);
    if planned.racks.is_empty() {
        let message = format!("Planned block `{}` allows no rack type", block.id);
        error(report, "bad-range", field("racks"), message, "Name at least one rack type");
    }
    if planned.min > planned.max {
        let message = format!(
            "Planned block `{}` needs at least {} racks but holds at most {}",
            block.id, planned.min, planned.max
        );
        error(report, "bad-range", field("min"), message, "Lower `min` or raise `max`");
    }
    if planned.max == 0 {
        let message = format!("Planned block `{}` has room for no racks", block.id);
        error(report, "bad-range", field("max"), message, "Enter how many racks fit");
    }
}
