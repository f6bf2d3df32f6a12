//! Where capital goes and when: classes, phases, the take-off, the way of building.

use super::Desk;
use crate::report::document::{Column, Row};
use crate::scene::chart::money::Id;
use crate::units::Money;
use crate::units::format::{DASH, count, known, money, or_dash, share};
use crate::units::words::upper_first;

pub fn write(desk: &mut Desk) {
    let facts = desk.facts;
    let capex = &facts.found.evaluation.results.capex;
    desk.chapter("Capital");
    desk.say(format!(
        "Capital before any refresh is {}, {}. It is stated at the prices of {} and counted when \
         it is paid.",
        facts.key("capex_usd"),
        facts.key("capex_usd_per_mw"),
        facts.price_date(),
    ));
    let size = (desk.width, 290.0);
    let figure = facts.figure(Id::CapexByClass, size, "", desk.measure);
    desk.push(figure);
    let total = capex.total_usd;
    let part = |usd: f64| if total > 0.0 { share(usd / total) } else { share(0.0) };
    let phases: Vec<Row> = capex
        .by_phase
        .iter()
        .map(|(name, usd)| Row::plain([upper_first(name), money(Money::usd(*usd)), part(*usd)]))
        .collect();
    if phases.len() > 1 {
        desk.section("By phase");
        let columns = vec![Column::left("Phase"), Column::right("Capital"), Column::right("Share")];
        desk.table(columns, phases);
    }
    take_off(desk);
    desk.section("Spending by year");
    let caption = "Capital as it is paid, and running cost.";
    let size = (desk.width, 230.0);
    let figure = facts.figure(Id::Spending, size, caption, desk.measure);
    desk.push(figure);
    schedule(desk);
}

fn take_off(desk: &mut Desk) {
    let found = &desk.facts.found;
    desk.section("Take-off");
    desk.say(
        "Every item with a price, from the layout's own quantities; the amounts sum to the \
         capital. Quantities whose price lies in a row that is not itemised stand in the workbook.",
    );
    let columns = vec![
        Column::left("Item"),
        Column::left("Phase"),
        Column::right("Quantity"),
        Column::left("Unit"),
        Column::right("Unit price"),
        Column::right("Amount"),
        Column::right("Contingency"),
    ];
    let usd = |v: f64| match v {
        0.0 => DASH.to_owned(),
        v => money(Money::usd(v)),
    };
    let rows = found.take_off.iter().filter(|item| item.class.is_some()).map(|item| {
        let rating = match item.rating.as_str() {
            "" => item.name.clone(),
            rating => format!("{}, {rating}", item.name),
        };
        Row::plain([
            rating,
            upper_first(&item.phase),
            count(item.quantity),
            item.unit.to_owned(),
            or_dash(item.unit_price_usd, usd),
            usd(item.amount_usd),
            usd(item.contingency_usd),
        ])
    });
    let mut rows: Vec<Row> = rows.collect();
    let total = money(Money::usd(found.evaluation.results.capex.total_usd));
    let mut cells = vec![String::new(); 5];
    cells.insert(0, "Total with contingency".to_owned());
    cells[5] = total;
    rows.push(Row::total(cells));
    desk.table(columns, rows);
    orders(desk);
}

/// What must be ordered when.
fn orders(desk: &mut Desk) {
    let found = &desk.facts.found;
    let timed: Vec<_> = found.take_off.iter().filter(|i| i.lead_weeks_p90.is_some()).collect();
    if timed.is_empty() {
        return;
    }
    desk.section("Orders");
    let columns = vec![
        Column::left("Item"),
        Column::left("Phase"),
        Column::right("Lead time P50, weeks"),
        Column::right("P90, weeks"),
        Column::right("Order by"),
    ];
    let mut timed = timed;
    timed.sort_by_key(|i| i.order_by_month);
    let rows = timed.iter().map(|item| {
        Row::plain([
            item.name.clone(),
            upper_first(&item.phase),
            known(item.lead_weeks_p50, count),
            known(item.lead_weeks_p90, count),
            known(item.order_by_month, |m| found.month(m)),
        ])
    });
    let rows: Vec<Row> = rows.collect();
    desk.table(columns, rows);
    desk.note("For delivery at the upper end of what is published, a month before service.");
}

fn schedule(desk: &mut Desk) {
    let facts = desk.facts;
    desk.section("Phases");
    let tracks = facts.found.project.phases.len() as f64;
    let size = (desk.width, (70.0 + 28.0 * tracks).min(420.0));
    let caption = "Building, ramp-up and full load of each phase.";
    let figure = facts.figure(Id::Phases, size, caption, desk.measure);
    desk.push(figure);
    let columns = vec![
        Column::left("Phase"),
        Column::right("IT power, MW"),
        Column::right("GPUs"),
        Column::right("Month of service"),
        Column::right("Months of ramp"),
        Column::right("Utilisation"),
    ];
    let rows = facts.found.project.phases.iter().map(|p| {
        Row::plain([
            upper_first(&p.id),
            crate::units::format::fixed(p.it_mw, 1),
            count(p.gpus),
            (p.service_month + 1).to_string(),
            p.ramp_months.to_string(),
            share(p.utilisation_frac),
        ])
    });
    let rows: Vec<Row> = rows.collect();
    desk.table(columns, rows);
}
