//! Running cost, earnings before depreciation and working capital, by month.

use super::book::{Form, Line, Sheet};
use super::context::Context;
use super::sales::{all_phases, of_phase};
use crate::finance::project::{Driver, OpexRow};

const SECTION: &str = "Running cost";

pub(super) fn sheet(context: &mut Context) -> Sheet {
    let mut sheet = context.monthly("Running cost");
    let project = context.project();
    for (n, row) in project.opex.iter().enumerate() {
        self::row(context, &mut sheet, n, row);
    }
    sheet.section("Earnings");
    for (n, row) in project.opex.iter().enumerate() {
        let engine = context.income(&format!("opex: {}", row.id));
        sheet.add(
            Line::new(format!("opex/{n}"), row.id.clone(), "USD, shown in M")
                .form(Form::Millions)
                .each(format!("[opex/{n}/quantity]*[opex/{n}/price]"))
                .sum()
                .engine(engine),
        );
    }
    let last = project.opex.len();
    let total =
        if last > 0 { format!("SUM([opex/0..opex/{}])", last - 1) } else { "0*[time/n]".into() };
    let millions = |key: &str, label: &str, formula: &str| {
        Line::new(key, label, "USD, shown in M").form(Form::Millions).each(formula)
    };
    sheet.add(
        millions("opex", "Running cost", &total)
            .sum()
            .engine(context.income("operating cost"))
            .strong(),
    );
    let ebitda = millions("ebitda", "EBITDA", "[revenue]-[opex]");
    sheet.add(ebitda.sum().engine(context.income("EBITDA")).strong());
    working_capital(context, &mut sheet);
    sheet
}

fn working_capital(context: &mut Context, sheet: &mut Sheet) {
    let days = context.project().working_capital;
    let section = "Working capital";
    sheet.section(section);
    for (key, flow, id, label, value) in [
        (
            "wc/receivables",
            "([revenue]-[sales/ahead])",
            "receivable_days",
            "Receivables",
            days.receivable_days,
        ),
        ("wc/payables", "[opex]", "payable_days", "Payables", days.payable_days),
    ] {
        let what = (format!("{label}: days until payment"), "days");
        let input =
            context.input(section, format!("working_capital.{id}"), (&what.0, what.1), value);
        let engine = context.balance(&label.to_lowercase());
        sheet.add(
            Line::new(key, label, "USD, shown in M")
                .form(Form::Millions)
                .constant(input, Form::Tenths)
                .each(format!("{flow}*[time/months$]*[{key}$]/[const:days]*(1-[time/last])"))
                .engine(engine),
        );
    }
    sheet.add(
        Line::new("wc/prepaid", "Owed to customers who paid ahead", "USD, shown in M")
            .form(Form::Millions)
            .each("[time/live]*([wc/prepaid<]+[sales/received]-[sales/ahead])")
            .engine(context.balance("prepaid by customers")),
    );
    sheet.add(
        Line::new("wc/open", "Working capital", "USD, shown in M")
            .form(Form::Millions)
            .each("[wc/receivables]-[wc/payables]-[wc/prepaid]"),
    );
    let rise = "[wc/open]-[wc/open<]";
    for (key, label, formula) in [
        ("wc/rise", "Rise of working capital", rise),
        ("cash/before_tax", "EBITDA less the rise of working capital", "[ebitda]-[wc/rise]"),
    ] {
        let line = Line::new(key, label, "USD, shown in M").form(Form::Millions).each(formula);
        sheet.add(line.net());
    }
}

/// Unit, form and formula of what a row counts.
fn quantity(
    context: &Context,
    (n, row): (usize, &OpexRow),
    [mwh, mw, mwy]: [&str; 3],
) -> (&'static str, Form, String) {
    let key = |line: &str| format!("opex/{n}/{line}");
    let on = format!("[{}]", key("on"));
    match &row.driver {
        Driver::Year => ("years", Form::Factor, format!("{on}/[time/months$]")),
        Driver::ItMw => ("MW-years", Form::Tenths, format!("{on}*{mwy}")),
        Driver::Mwh => ("MWh", Form::Count, format!("{on}*{mwh}")),
        Driver::Tonne { .. } => ("t", Form::Count, format!("{on}*{mwh}*[{}$]", key("quantity"))),
        Driver::UnitOf(stream) => {
            let at = context.project().streams.iter().position(|s| s.id == *stream).unwrap_or(0);
            ("units", Form::Count, format!("{on}*[stream/{at}/sold]"))
        }
        Driver::Revenue => ("USD, shown in M", Form::Millions, format!("{on}*[revenue]")),
        Driver::CostOf(class) => {
            let at = context.project().classes.iter().position(|c| c.id == *class).unwrap_or(0);
            let quantity = format!("{on}*[class/{at}/in_service]/[time/months$]");
            ("USD-years, shown in M", Form::Millions, quantity)
        }
        Driver::Demand { .. } => {
            let floor = format!("[{}$]*[{}$]", key("contract"), key("quantity"));
            ("MW-months", Form::Tenths, format!("{on}*MAX({mw},{floor},[{}])", key("ratchet")))
        }
        Driver::Amounts(_) => ("USD, shown in M", Form::Millions, String::new()),
    }
}

/// Amounts by month as they are entered, and the formula that moves them with a delay.
fn amounts(
    context: &Context,
    sheet: &mut Sheet,
    (n, list): (usize, &[(usize, f64)]),
    first: &str,
) -> String {
    let key = |line: &str| format!("opex/{n}/{line}");
    let unit = "USD, shown in M";
    let mut amounts = vec![0.0; context.months];
    for (month, usd) in list {
        if let Some(cell) = amounts.get_mut(*month) {
            *cell += usd;
        }
    }
    let entered = Line::new(key("entered"), "As entered, without a delay", unit);
    sheet.add(entered.form(Form::Millions).input(amounts));
    // What is not before service moves with it.
    let first = format!("{first}-[time/delay$]");
    sheet.add(
        Line::new(key("moves"), "Service without a delay, 0 first", "month")
            .constant(first, Form::Whole),
    );
    format!(
        "([time/n]<=[{m}$])*[{e}]+([time/n]-[time/delay$]>[{m}$])*INDEX([{e}:],MAX([time/n]-[time/delay$],1))",
        m = key("moves"),
        e = key("entered"),
    )
}

/// Quantity of a month times its price.
fn row(context: &mut Context, sheet: &mut Sheet, n: usize, row: &OpexRow) {
    let key = |line: &str| format!("opex/{n}/{line}");
    let id = &row.id;
    sheet.section(id);
    let own = |line: &str| match &row.phase {
        Some(phase) => format!("[{}]", of_phase(context, phase, line)),
        None => format!("[sales/{line}]"),
    };
    let (mwh, mw, mwy) = (own("mwh"), own("mw"), own("mwy"));
    let first = match &row.phase {
        Some(phase) => format!("[{}$]", of_phase(context, phase, "service")),
        None => format!("MIN([{}$])", all_phases(context, "service")),
    };
    window(context, sheet, (n, row), &first);
    let (unit, form, quantity) = quantity(context, (n, row), [&mwh, &mw, &mwy]);
    let mut line = Line::new(key("quantity"), "Quantity", unit).form(form);
    match &row.driver {
        Driver::Amounts(list) => {
            line = line.each(amounts(context, sheet, (n, list), &first));
        }
        Driver::Tonne { t_per_mwh } => {
            let what = (format!("{id}: emission of a MWh"), "t per MWh");
            let input = context.input(
                SECTION,
                format!("opex.{id}.t_per_mwh"),
                (&what.0, what.1),
                *t_per_mwh,
            );
            line = line.constant(input, Form::Factor).each(quantity);
        }
        Driver::Demand { contract_mw, minimum_frac, ratchet_frac, look_back_months } => {
            let what = (format!("{id}: demand under contract"), "MW");
            let input = context.input(
                SECTION,
                format!("opex.{id}.contract_mw"),
                (&what.0, what.1),
                *contract_mw,
            );
            sheet.add(
                Line::new(key("contract"), "Demand under contract", "MW")
                    .constant(input, Form::Tenths),
            );
            let what = (format!("{id}: least share that is paid for"), "share");
            let input = context.input(
                SECTION,
                format!("opex.{id}.minimum_frac"),
                (&what.0, what.1),
                *minimum_frac,
            );
            line = line.constant(input, Form::Percent).each(quantity);
            ratchet(context, sheet, (n, &mw), (id, *ratchet_frac, *look_back_months));
        }
        _ => line = line.each(quantity),
    }
    sheet.add(line);
    let (per, form) = match &row.driver {
        Driver::Revenue | Driver::CostOf(_) => ("share".to_owned(), Form::Factor),
        Driver::Amounts(_) => ("factor".to_owned(), Form::Factor),
        Driver::Year => ("USD per year".to_owned(), Form::Count),
        _ => (format!("USD per {}", unit.trim_end_matches('s')), Form::Price),
    };
    let name = format!("{id}: price");
    let later = context.longest().and_then(|p| p.opex.get(n)).filter(|r| r.id == row.id);
    let paths = (&row.price, later.map(|r| &r.price));
    let path = context.path(SECTION, &format!("opex.{id}.price"), (&name, &per), paths);
    for line in path.lines(&key("price"), ("Price", &per), form, "time/myear") {
        sheet.add(line);
    }
}

/// Share of the highest demand of the months looked back on.
fn ratchet(
    context: &mut Context,
    sheet: &mut Sheet,
    (n, mw): (usize, &str),
    (id, share, back): (&str, f64, usize),
) {
    let key = format!("opex/{n}/ratchet");
    if share == 0.0 || back == 0 {
        sheet.add(Line::new(key, "Ratchet", "MW").form(Form::Tenths).each("0*[time/n]"));
        return;
    }
    let what = (format!("{id}: share of the highest demand before"), "share");
    let part = context.input(SECTION, format!("opex.{id}.ratchet_frac"), (&what.0, what.1), share);
    let what = (format!("{id}: months looked back on"), "months");
    let path = format!("opex.{id}.look_back_months");
    let months = context.input(SECTION, path, (&what.0, what.1), back as f64);
    sheet.add(
        Line::new(format!("opex/{n}/seen"), "Demand while the row runs", "MW")
            .form(Form::Tenths)
            .constant(months, Form::Whole)
            .each(format!("[opex/{n}/on]*{mw}")),
    );
    let window =
        format!("([time/n:]<[time/n])*([time/n:]>=[time/n]-[opex/{n}/seen$])*[opex/{n}/seen:]");
    sheet.add(
        Line::new(key.clone(), "Ratchet", "MW")
            .form(Form::Tenths)
            .constant(part, Form::Percent)
            .each(format!("[{key}$]*SUMPRODUCT(MAX({window}))")),
    );
}

/// Months in which the row runs.
fn window(context: &mut Context, sheet: &mut Sheet, of: (usize, &OpexRow), first: &str) {
    let (n, row) = of;
    if matches!(row.driver, Driver::Amounts(_)) {
        return;
    }
    let key = |line: &str| format!("opex/{n}/{line}");
    let mut bound = |field: &str, what: &str, month: Option<usize>, else_: &str| match month {
        Some(month) => {
            let name = format!("{}: {what}", row.id);
            context.input(
                SECTION,
                format!("opex.{}.{field}", row.id),
                (&name, "month"),
                month as f64,
            )
        }
        None => else_.to_owned(),
    };
    let from = bound("from_month", "first month", row.from_month, first);
    let mut until =
        bound("until_month", "first month without it", row.until_month, "[time/horizon$]");
    if row.until_month.is_some() {
        until.push_str("+[time/delay$]");
    }
    sheet.add(
        Line::new(key("until"), "First month without it, 0 first", "month")
            .constant(until, Form::Whole),
    );
    sheet.add(
        Line::new(key("on"), "Runs, from the month", "flag")
            .form(Form::Whole)
            .constant(from, Form::Whole)
            .each(format!(
                "([time/n]>[{on}$])*([time/n]<=[{until}$])*[time/live]",
                on = key("on"),
                until = key("until")
            )),
    );
}
