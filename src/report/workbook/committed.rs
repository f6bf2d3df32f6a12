//! The build in time: when each phase is ordered, energised and in service, and how much money is
//! bound by when.

use super::book::{CONSTANT, Cell, Chart, ChartKind, Form, Line, Role, Sheet};
use super::context::{Context, cell_of};
use crate::study::finance::schedule::PhaseTimes;

const MONEY: &str = "USD, shown in M";

/// The sheet; none where no schedule is known.
pub(super) fn sheet(context: &mut Context) -> Option<Sheet> {
    let schedule = context.source.schedule?;
    let items = super::take_off::bought(&context.source);
    let (first, last) = (*items.first()?, *items.last()?);
    let mut sheet = context.monthly("Committed");
    for times in &schedule.phases {
        phase(context, &mut sheet, times);
    }
    sheet.section("Money bound at the end of the month");
    let known = &schedule.commitment;
    let money = |key: &str, label: &str, formula: String, engine: &[f64]| {
        Line::new(key, label, MONEY).form(Form::Millions).each(formula).engine(Some(engine))
    };
    let paid = "[committed/paid<]+[capex/paid]".to_owned();
    let block = |field: &str| format!("[take/{first}/{field}::take/{last}/{field}]");
    let orders =
        format!("[committed/ordered<]+SUMIFS({},{},[time/n])", block("total"), block("bound"));
    sheet.add(money("committed/paid", "Paid so far", paid, &known.paid_usd));
    let label = "Ordered so far, paid or not";
    sheet.add(money("committed/ordered", label, orders, &known.committed_usd));
    let open = "[committed/ordered]-[committed/paid]";
    let label = "Ordered and not yet paid: at risk";
    let line = Line::new("committed/open", label, MONEY);
    sheet.add(line.form(Form::Millions).each(open).strong());
    let row = sheet.lines.len() as u32 + 2;
    sheet.charts.push(Chart {
        kind: ChartKind::Lines,
        title: "Committed and paid".to_owned(),
        axis: "USD, millions".to_owned(),
        lines: vec![
            ("Ordered so far".to_owned(), "committed/ordered".to_owned(), 0x0B_63_CE),
            ("Paid so far".to_owned(), "committed/paid".to_owned(), 0x5D_69_76),
        ],
        categories: "time/end".to_owned(),
        every: 12,
        at: (row, 0),
        size: (760, 300),
    });
    Some(sheet)
}

/// Dates of a phase, what is to be ordered first, what it waits for.
fn phase(context: &mut Context, sheet: &mut Sheet, times: &PhaseTimes) {
    sheet.section(&format!("{}: {}", times.id, times.name));
    let key = |field: &str| format!("built/{}/{field}", times.id);
    let service = cell_of(&format!("phases.{}.service_month", times.id));
    let ramp = cell_of(&format!("phases.{}.ramp_months", times.id));
    let name = format!("{}: months from the start of building to service", times.id);
    let months = context.input(
        "Time and rates",
        format!("schedule.{}.build_months", times.id),
        (&name, "months"),
        (times.service_month - times.start_month) as f64,
    );
    for (field, label, month) in [
        ("start", "Building starts", format!("{service}-{months}")),
        ("energised", "Energised, a month before service", format!("{service}-1")),
        ("service", "In service", service.clone()),
        ("late", "In service with the delay of the model", format!("{service}+[time/delay$]")),
        ("full", "Full load, without the delay", format!("{service}+{ramp}")),
    ] {
        let date = format!("DATE([time/sy$],[time/sm$]+{month},1)");
        sheet.add(Line::new(key(field), label, "month").constant(date, Form::Month));
    }
    for (field, label, text) in [
        ("first", "Item to be ordered first", times.critical.as_deref().unwrap_or("unknown")),
        ("waits", "Waits for", times.waits_for.as_deref().unwrap_or("nothing")),
    ] {
        let mut line = Line::new(key(field), label, "name");
        line.cells.push(Cell::text(CONSTANT, text, Role::Plain));
        sheet.add(line);
    }
    let mut line = Line::new(key("workers"), "Workers on average", "workers");
    line.cells.push(Cell::number(CONSTANT, times.workers, Role::Pasted, Form::Count));
    sheet.add(line);
}
