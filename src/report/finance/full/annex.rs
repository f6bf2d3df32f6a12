//! How it was computed and from what: method, inputs with their sources, checks, sources.

use super::Desk;
use crate::catalog::Kind;
use crate::report::document::{Block, Column, Row};
use crate::units::format::{DASH, brief};
use std::collections::BTreeSet;

pub fn write(desk: &mut Desk) {
    method(desk);
    inputs(desk);
    checks(desk);
    sources(desk);
}

fn method(desk: &mut Desk) {
    desk.chapter("Method");
    let parts = [
        (
            "The plan",
            "A linear program allocates the power of the site across rack types, operating points \
             and tiers so that it earns most, within the limits of grid, network, cooling, space \
             and demand. What it sells, what it uses and what it costs to run are its results; the \
             losses of the electrical network are solved with it.",
        ),
        (
            "The project",
            "Capital is paid by month, each item over its own months, and written off over the \
             life of its class, in the books on a straight line and for tax by the classes of the \
             tax code. Sales ramp up from the month of service and follow the path of prices; \
             running cost follows inflation.",
        ),
        (
            "Tax",
            "Tax is reckoned by fiscal year. What a loss of one year may set off in another, and \
             how much of the first year's cost may be deducted, stand among the inputs.",
        ),
        (
            "Returns",
            "Net present value discounts each month's flow after tax to the first day of the \
             model. All real internal rates above -100 % are searched; where there is more than \
             one, none is called the rate. Levelised cost discounts tokens as well as cost: it is \
             the flat price at which a project that sells nothing else is worth nothing.",
        ),
        (
            "Conventions",
            "Money is in nominal US dollars. A figure that does not exist says why; a number that \
             nobody has entered is unknown, and stops what needs it. The same input gives the \
             same report, byte for byte.",
        ),
    ];
    for (title, text) in parts {
        desk.blocks.push(Block::Heading(3, title.to_owned()));
        desk.say(text);
    }
}

fn kind_name(kind: Option<Kind>) -> String {
    match kind {
        None => "entered".to_owned(),
        Some(Kind::Assumed) => "assumed, unconfirmed".to_owned(),
        Some(Kind::Estimate) => "estimate, unconfirmed".to_owned(),
        Some(kind) => format!("{kind:?}").to_lowercase(),
    }
}

fn inputs(desk: &mut Desk) {
    desk.chapter("Inputs");
    desk.say(
        "Every number that the project takes from the layout or the catalogue, with its range \
         and source. The remarks below name the path that changes each on the command line.",
    );
    let columns = vec![
        Column::left("Input"),
        Column::right("Value"),
        Column::left("Unit"),
        Column::right("Range"),
        Column::left("Source"),
    ];
    let rows = desk.facts.found.assumptions.iter().map(|a| {
        let range = a.range.map(|(low, high)| format!("{} to {}", short(low), short(high)));
        Row::plain([
            a.name.clone(),
            short(a.value),
            a.unit.clone(),
            range.unwrap_or_else(|| DASH.to_owned()),
            a.source.clone(),
        ])
    });
    let rows: Vec<Row> = rows.collect();
    desk.table(columns, rows);
    desk.section("Paths and remarks");
    let columns = vec![
        Column::left("Input"),
        Column::left("Path"),
        Column::left("Kind"),
        Column::left("Remark"),
    ];
    let rows =
        desk.facts.found.assumptions.iter().map(|a| {
            Row::plain([a.name.clone(), a.path.clone(), kind_name(a.kind), a.note.clone()])
        });
    let rows: Vec<Row> = rows.collect();
    desk.table(columns, rows);
}

/// Millions in few letters; what is worked out by the plan may have more digits than a page.
fn short(value: f64) -> String {
    if value.abs() >= 1e6 { format!("{} M", brief(value / 1e6)) } else { brief(value) }
}

fn checks(desk: &mut Desk) {
    desk.chapter("Checks");
    let (_, state) = desk.facts.master();
    desk.say(format!("{state}. Each compares two ways of reckoning the same amount."));
    let columns = vec![
        Column::left("Check"),
        Column::right("Largest difference, $"),
        Column::right("Tolerance, $"),
        Column::left("State"),
    ];
    let cents = |v: f64| crate::units::format::fixed(v, 4);
    let rows = desk.facts.found.evaluation.statements.checks.iter().map(|c| {
        let state = if c.holds() { "✓ holds" } else { "× fails" };
        let name = crate::units::words::upper_first(c.name);
        Row::plain([name, cents(c.off_usd), cents(c.tolerance_usd), state.to_owned()])
    });
    let rows: Vec<Row> = rows.collect();
    desk.table(columns, rows);
}

fn sources(desk: &mut Desk) {
    let facts = desk.facts;
    let mut all: BTreeSet<String> = BTreeSet::new();
    all.extend(facts.found.assumptions.iter().map(|a| a.source.clone()));
    let used: BTreeSet<&str> =
        facts.outcome.plan.allocation.iter().map(|a| a.operating_point.as_str()).collect();
    let points = facts.outcome.operating_points.iter().filter(|p| used.contains(p.id.as_str()));
    all.extend(points.map(|p| p.source.clone()));
    all.extend([facts.outcome.headline.world_source.clone()]);
    all.remove("");
    all.remove("the layout");
    desk.chapter("Sources");
    desk.blocks.push(Block::Bullets(all.into_iter().collect()));
}
