//! The build in time: when each phase is ordered, energised and in service, and how much money is
//! bound by when.

use super::book::{Chart, ChartKind, Form, Line, Sheet};
use super::context::{Context, cell_of};

const MONEY: &str = "USD, shown in M";

/// The sheet; none where no schedule is known.
pub(super) fn sheet(context: &mut Context) -> Option<Sheet> {
    let schedule = context.source.schedule?;
    let items = super::take_off::bought(&context.source);
    let (first, last) = (*items.first()?, *items.last()?);
    let mut sheet = context.monthly("Committed");
    let date = |month: String| format!("DATE([time/sy$],[time/sm$]+{month},1)");
    for phase in &schedule.phases {
        sheet.section(&format!("{}: {}", phase.id, phase.name));
        let service = cell_of(&format!("phases.{}.service_month", phase.id));
        let before = (phase.service_month - phase.start_month) as f64;
        let full = cell_of(&format!("phases.{}.ramp_months", phase.id));
        let mut add = |field: &str, label: &str, formula: String| {
            let line = Line::new(format!("built/{}/{field}", phase.id), label, "month");
            sheet.add(line.constant(formula, Form::Month));
        };
        let months = context.input(
            "Time and rates",
            format!("schedule.{}.build_months", phase.id),
            (&format!("{}: months from the start of building to service", phase.id), "months"),
            before,
        );
        add("start", "Building starts", date(format!("{service}-{months}")));
        add(
            "energised",
            "Energised, a month of acceptance before service",
            date(format!("{service}-1")),
        );
        add("service", "In service", date(service.clone()));
        add(
            "late",
            "In service with the delay of the model",
            date(format!("{service}+[time/delay$]")),
        );
        add("full", "Full load, without the delay", date(format!("{service}+{full}")));
        for (label, text) in [
            ("Item to be ordered first", phase.critical.as_deref().unwrap_or("unknown")),
            ("Waits for", phase.waits_for.as_deref().unwrap_or("nothing")),
        ] {
            let mut line = Line::new(format!("built/{}/{label}", phase.id), label, "name");
            line.cells.push(super::book::Cell::text(1, text, super::book::Role::Plain));
            sheet.add(line);
        }
        let mut line =
            Line::new(format!("built/{}/workers", phase.id), "Workers on average", "workers");
        line.cells.push(super::book::Cell::number(
            1,
            phase.workers,
            super::book::Role::Pasted,
            Form::Count,
        ));
        sheet.add(line);
    }
    sheet.section("Money bound at the end of the month");
    let known = &schedule.commitment;
    let money = |key: &str, label: &str, formula: String, engine: &[f64]| {
        Line::new(key, label, MONEY).form(Form::Millions).each(formula).engine(Some(engine))
    };
    let paid = "[committed/paid<]+[capex/paid]".to_owned();
    let orders = format!(
        "[committed/ordered<]+SUMIFS([take/{first}/total::take/{last}/total],[take/{first}/bound::take/{last}/bound],[time/n])"
    );
    sheet.add(money("committed/paid", "Paid so far", paid, &known.paid_usd));
    sheet.add(money(
        "committed/ordered",
        "Ordered so far, paid or not",
        orders,
        &known.committed_usd,
    ));
    let open = "[committed/ordered]-[committed/paid]";
    let line = Line::new(
        "committed/open",
        "Ordered and not yet paid: at risk where cancelling is not agreed",
        MONEY,
    );
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
        at: (row, 0),
        size: (760, 300),
    });
    Some(sheet)
}
