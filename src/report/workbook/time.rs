//! The axes: months, and fiscal years.

use super::book::{Form, Line, Sheet};
use super::context::Context;

const SECTION: &str = "Time and rates";

/// What follows from the calendar: key, label, unit, formula.
const RULES: [(&str, &str, &str, &str); 5] = [
    ("time/months", "Months of a year", "months", "[const:months]"),
    ("time/horizon", "Length of the model", "months", "[time/planned$]+[time/delay$]"),
    (
        "time/offset",
        "Months of the first fiscal year before the model",
        "months",
        "MOD([time/sm$]+[time/months$]-1-[time/fye$],[time/months$])",
    ),
    (
        "time/fy0",
        "First fiscal year, by its last month",
        "year",
        "[time/sy$]+INT(([time/sm$]+[time/months$]-1-1-[time/offset$])/[time/months$])",
    ),
    (
        "time/lastyear",
        "Last fiscal year, 0 first",
        "number",
        "INT(([time/horizon$]-1+[time/offset$])/[time/months$])",
    ),
];

/// Lines of months: key, label, unit, form, formula.
const MONTHS: [(&str, &str, &str, Form, &str); 10] = [
    ("time/n", "Month of the model, 1 first", "number", Form::Whole, "[time/n<]+1"),
    ("time/start", "First day", "date", Form::Date, "DATE([time/sy$],[time/sm$]+[time/n]-1,1)"),
    ("time/end", "Last day", "date", Form::Date, "DATE([time/sy$],[time/sm$]+[time/n],1)-1"),
    ("time/live", "Within the model", "flag", Form::Whole, "([time/n]<=[time/horizon$])*1"),
    ("time/last", "Last month of the model", "flag", Form::Whole, "([time/n]=[time/horizon$])*1"),
    (
        "time/year",
        "Fiscal year, 0 first",
        "number",
        Form::Whole,
        "INT(([time/n]-1+[time/offset$])/[time/months$])",
    ),
    ("time/fy", "Fiscal year", "year", Form::Whole, "[time/fy0$]+[time/year]"),
    (
        "time/closes",
        "Closes a fiscal year",
        "flag",
        Form::Whole,
        "MAX([time/last],[time/live]*([time/year]<>[time/year>]))",
    ),
    (
        "time/myear",
        "Year of the model, 0 first",
        "number",
        Form::Whole,
        "INT(([time/n]-1)/[time/months$])",
    ),
    (
        "time/t",
        "Years from the first day to the end of the month",
        "years",
        Form::Factor,
        "[time/n]/[time/months$]",
    ),
];

pub(super) fn months(context: &mut Context) -> Sheet {
    let mut sheet = context.monthly("Time");
    let project = context.project();
    let (calendar, rates) = (&project.calendar, &project.rates);
    let mut scalar = |key: &str, id: &str, what: (&str, &str), value: f64, form: Form| {
        let input = context.input(SECTION, id.to_owned(), what, value);
        Line::new(key, what.0, what.1).constant(input, form)
    };
    let whole = Form::Whole;
    sheet.section("Calendar");
    for (key, id, what, value) in [
        (
            "time/sy",
            "calendar.start_year",
            ("Year of the first month", "year"),
            f64::from(calendar.start_year),
        ),
        (
            "time/sm",
            "calendar.start_month",
            ("First month", "month of the year"),
            f64::from(calendar.start_month),
        ),
        (
            "time/fye",
            "calendar.fiscal_year_end",
            ("Last month of the fiscal year", "month of the year"),
            f64::from(calendar.fiscal_year_end),
        ),
        (
            "time/delay",
            "delay_months",
            ("Months by which everything comes into service late", "months"),
            project.delay_months as f64,
        ),
        (
            "time/planned",
            "calendar.horizon_months",
            ("Length of the model without a delay", "months"),
            calendar.horizon_months as f64,
        ),
    ] {
        sheet.add(scalar(key, id, what, value, whole));
    }
    let rate = [
        ("time/rate", "rates.discount_frac", "Discount rate of the project", rates.discount_frac),
        ("time/equity", "rates.equity_frac", "Discount rate of the owners", rates.equity_frac),
        (
            "time/finance",
            "rates.finance_frac",
            "Rate that outflows cost (modified rate)",
            rates.finance_frac,
        ),
        (
            "time/reinvest",
            "rates.reinvest_frac",
            "Rate that inflows earn (modified rate)",
            rates.reinvest_frac,
        ),
    ];
    let rates: Vec<Line> = rate
        .into_iter()
        .map(|(key, id, name, value)| {
            scalar(key, id, (name, "share per year"), value, Form::Percent)
        })
        .collect();
    for (key, label, unit, formula) in RULES {
        sheet.add(Line::new(key, label, unit).constant(formula, whole));
    }
    sheet.section("Months");
    for (key, label, unit, form, formula) in MONTHS {
        sheet.add(Line::new(key, label, unit).form(form).each(formula));
    }
    sheet.section("Discount factors, at the end of the month");
    rates.into_iter().for_each(|line| sheet.add(line));
    factors(&mut sheet);
    sheet
}

/// Discount factors of a month.
fn factors(sheet: &mut Sheet) {
    for (key, label, rate) in [
        ("time/df", "Of the project", "time/rate"),
        ("time/dfe", "Of the owners", "time/equity"),
        ("time/dff", "Of outflows, for the modified rate", "time/finance"),
        ("time/dfr", "Of inflows, for the modified rate", "time/reinvest"),
    ] {
        let formula = format!("[time/live]*(1+[{rate}$])^-[time/t]");
        sheet.add(Line::new(key, label, "factor").form(Form::Factor).each(formula));
    }
}

pub(super) fn years(context: &mut Context) -> Sheet {
    let mut sheet = context.yearly("Years");
    sheet.section("Fiscal years");
    for (key, label, unit, formula) in [
        ("years/n", "Fiscal year of the model, 1 first", "number", "[years/n<]+1"),
        ("years/i", "Fiscal year, 0 first", "number", "[years/n]-1"),
        ("years/fy", "Fiscal year, by its last month", "year", "[time/fy0$]+[years/i]"),
        (
            "years/months",
            "Months of the model in it",
            "months",
            "SUMIFS([time/live:],[time/year:],[years/i])",
        ),
        ("years/live", "Within the model", "flag", "([years/i]<=[time/lastyear$])*1"),
        ("years/open", "Before the last one", "flag", "([years/i]<[time/lastyear$])*1"),
    ] {
        sheet.add(Line::new(key, label, unit).form(Form::Whole).each(formula));
    }
    sheet
}
