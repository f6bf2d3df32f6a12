//! All key figures, the loan, and what moves the value.

use super::Desk;
use crate::report::document::{Column, Row};
use crate::scene::chart::money::Id;
use crate::units::Money;
use crate::units::format::{money, share};

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
