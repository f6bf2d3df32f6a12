//! All key figures, the loan, and what moves the value.

use super::Desk;
use crate::report::document::{Column, Row};
use crate::scene::chart::money::Id;
use crate::study::risk;
use crate::units::Money;
use crate::units::format::{money, plain, share};

pub fn write(desk: &mut Desk) {
    let facts = desk.facts;
    desk.chapter("Returns and cost");
    desk.say(
        "Flows count at the end of their month and are discounted to the first day of the model. \
         An internal rate is stated only where it is the only one; where several rates make the \
         value zero they are listed, and the modified rate is the one to read.",
    );
    let rows = facts.keys.iter().map(|k| {
        let note = if k.text() == k.note { String::new() } else { k.note.clone() };
        Row::plain([k.name.clone(), k.text(), note])
    });
    let rows: Vec<Row> = rows.collect();
    let mut columns = vec![Column::left("Key figure"), Column::right("Value")];
    if rows.iter().any(|r: &Row| r.cells.get(2).is_some_and(|note| !note.is_empty())) {
        columns.push(Column::left("Remark"));
    }
    desk.table(columns, rows);
    let size = (desk.width, 220.0);
    let caption = "Discounted cost over discounted tokens by what it is for, tax included; \
                   capital is net of what it sells for.";
    let figure = facts.figure(Id::CostPerMtok, size, caption, desk.measure);
    desk.push(figure);
    desk.note(
        "Levelised cost is discounted cost before tax over discounted tokens; the break-even \
         price is the one at which the value after tax is zero. They differ by tax.",
    );
    loan(desk);
    sensitivities(desk);
}

/// What each input alone does to the value, and where the value is zero.
fn sensitivities(desk: &mut Desk) {
    let facts = desk.facts;
    let Some(tornado) = facts.tornado() else { return };
    desk.chapter("Sensitivities");
    desk.say(
        "Each input is moved to the ends of its range, everything else held, and the plan solved \
         anew where the input reaches it. The range is that of the register of inputs.",
    );
    let tall = 60.0 + 24.0 * tornado.bars.len() as f64;
    let figure = facts.figure(Id::Tornado, (desk.width, tall), "", desk.measure);
    desk.push(figure);
    let columns = vec![
        Column::left("Input"),
        Column::right("Base"),
        Column::right("Low"),
        Column::right("High"),
        Column::right("NPV at low"),
        Column::right("NPV at high"),
    ];
    let npv = |answer: &risk::Answer| match answer {
        Ok(usd) => money(Money::usd(*usd)),
        Err(_) => "no value".to_owned(),
    };
    let number = |v: f64| with_unit(rounded(v), "");
    let rows = tornado.bars.iter().map(|bar| {
        let d = &bar.driver;
        let name =
            if d.unit.is_empty() { d.name.clone() } else { format!("{}, {}", d.name, d.unit) };
        let ends = [number(d.base), number(d.low), number(d.high)];
        let [base, low, high] = ends;
        Row::plain([name, base, low, high, npv(&bar.npv_low_usd), npv(&bar.npv_high_usd)])
    });
    let rows: Vec<Row> = rows.collect();
    desk.table(columns, rows);
    if let Some(found) = facts.break_evens() {
        break_evens(desk, found);
    }
    ladder(desk);
}

/// Values of inputs at which the project is worth nothing.
fn break_evens(desk: &mut Desk, found: &risk::BreakEvens) {
    desk.section("Break-evens");
    desk.say("The value of each input at which the net present value after tax is zero.");
    let columns = vec![Column::left("Input"), Column::right("Base"), Column::right("Break-even")];
    let rows = found.rows.iter().map(|row| {
        let unit = |v: f64| with_unit(rounded(v), &row.unit);
        let value = row.value.as_ref().map_or_else(Clone::clone, |v| unit(*v));
        Row::plain([row.name.clone(), unit(row.base), value])
    });
    let rows: Vec<Row> = rows.collect();
    desk.table(columns, rows);
}

fn ladder(desk: &mut Desk) {
    let facts = desk.facts;
    let Some(found) = facts.ladder() else { return };
    desk.section("From keynote to bankable");
    desk.say(format!(
        "{} Each step changes one assumption and solves the plan anew; the bars sum to the \
         difference.",
        sentence(&found.reading)
    ));
    let tall = 40.0 + 24.0 * (found.steps.len() + 3) as f64;
    let figure = facts.figure(Id::Ladder, (desk.width, tall), "", desk.measure);
    desk.push(figure);
    let columns = vec![
        Column::left("Step"),
        Column::right("Revenue, first year"),
        Column::right("NPV"),
        Column::left("What changes"),
    ];
    let rows = found.steps.iter().map(|step| {
        let npv = match &step.npv_usd {
            Ok(usd) => money(Money::usd(*usd)),
            Err(_) => "no value".to_owned(),
        };
        let what = step.stop.clone().unwrap_or_else(|| step.what.clone());
        Row::plain([step.name.clone(), money(Money::usd(step.revenue_usd)), npv, what])
    });
    let rows: Vec<Row> = rows.collect();
    desk.table(columns, rows);
}

/// Text that ends with a full stop.
fn sentence(text: &str) -> String {
    let text = crate::units::words::upper_first(text.trim_end_matches('.'));
    if text.is_empty() { text } else { format!("{text}.") }
}

/// Four digits: a range is no promise.
fn rounded(value: f64) -> f64 {
    if value == 0.0 || !value.is_finite() {
        return value;
    }
    let power = 10f64.powf(value.abs().log10().floor() - 3.0);
    let digits = (value / power).round();
    if power < 1.0 { digits / (1.0 / power).round() } else { digits * power }
}

fn with_unit(value: f64, unit: &str) -> String {
    let digits = plain(value);
    if unit.is_empty() { digits } else { format!("{digits} {unit}") }
}

fn loan(desk: &mut Desk) {
    let Some(loan) = &desk.facts.found.evaluation.results.loan else { return };
    let usd = |v: f64| money(Money::usd(v));
    let mut rows = vec![
        ("Amount", usd(loan.amount_usd)),
        ("All uses", usd(loan.uses_usd)),
        ("Interest during construction", usd(loan.interest_during_construction_usd)),
        ("Fees", usd(loan.fees_usd)),
    ];
    if let Ok(merchant) = loan.merchant_frac {
        rows.push(("Cash for service that is not under contract", share(merchant)));
    }
    let locked = match loan.locked.len() {
        0 => "never".to_owned(),
        n => format!("{n} periods, from {}", loan.locked.first().map_or("", String::as_str)),
    };
    rows.push(("Distribution locked", locked));
    let yes = |v: bool| if v { "yes" } else { "no" }.to_owned();
    rows.push(("Outlives what it paid for", yes(loan.outlives_assets)));
    rows.push(("Outlives the last contract", yes(loan.outlives_contracts)));
    let rows: Vec<Row> =
        rows.into_iter().map(|(name, value)| Row::plain([name.to_owned(), value])).collect();
    desk.section("Loan");
    desk.table(vec![Column::left("Loan"), Column::right("Value")], rows);
}
