//! Where capital goes and when: classes, phases, the take-off, the way of building.

use super::Desk;
use crate::report::document::{Column, Row};
use crate::scene::chart::money::Id;
use crate::units::Money;
use crate::units::format::{count, money, share};
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
    let project = &desk.facts.found.project;
    desk.section("Take-off");
    let columns = vec![
        Column::left("Item"),
        Column::left("Class"),
        Column::left("Phase"),
        Column::right("Amount"),
        Column::right("Contingency"),
        Column::right("Paid in months"),
    ];
    let rows = project.capex.iter().filter(|l| l.amount_usd != 0.0).map(|line| {
        let months = line.spend.iter().filter(|s| s.frac > 0.0).map(|s| s.month + 1);
        let (first, last) = months.fold((usize::MAX, 0), |m, at| (m.0.min(at), m.1.max(at)));
        let when = match (first, last) {
            (usize::MAX, _) => "–".to_owned(),
            (a, b) if a == b => a.to_string(),
            (a, b) => format!("{a} to {b}"),
        };
        let contingency = match line.contingency_frac {
            0.0 => "–".to_owned(),
            frac => share(frac),
        };
        Row::plain([
            upper_first(&line.id),
            upper_first(&line.class),
            upper_first(&line.phase),
            money(Money::usd(line.amount_usd)),
            contingency,
            when,
        ])
    });
    let mut rows: Vec<Row> = rows.collect();
    let total = money(Money::usd(desk.facts.found.evaluation.results.capex.total_usd));
    let blank = String::new;
    rows.push(Row::total([
        "Total with contingency".to_owned(),
        blank(),
        blank(),
        total,
        blank(),
        blank(),
    ]));
    desk.table(columns, rows);
    desk.note("Months count from the start of the model; month 1 is its first.");
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
