//! Racks of another type that replace the first ones, on the sheet of the take-off: their cost over
//! that of the racks that they replace is the cost of the first replacement, so that a change of
//! either price moves it as in the engine.

use super::book::{Cell, Form, Line, Role, Sheet};
use super::context::{Context, Source, cell_of};
use super::links::Finder;
use super::take_off::{self, AMOUNT, PRICE, QUANTITY, RATING, SOURCE};
use crate::finance::project::CapexLine;

/// Places of the items: they follow those of the take-off.
pub(super) fn places(source: &Source) -> Vec<usize> {
    source.project.capex.iter().flat_map(|line| of_line(source, line)).collect()
}

fn of_line(source: &Source, line: &CapexLine) -> Vec<usize> {
    let first = source.take_off.len();
    let own = source.renewal.iter().enumerate();
    own.filter(|(_, i)| i.class.as_ref() == Some(&line.class)).map(|(n, _)| first + n).collect()
}

/// Racks of a line that are replaced, and what they cost, USD.
fn replaced(source: &Source, line: &CapexLine) -> (Vec<usize>, f64) {
    let racks = |n: &usize| source.take_off.get(*n).filter(|i| i.unit == "racks");
    let own: Vec<usize> =
        take_off::of_line(source, line).into_iter().filter(|n| racks(n).is_some()).collect();
    let usd = own.iter().filter_map(racks).map(|i| i.amount_usd).sum();
    (own, usd)
}

/// Prices from the catalogue, and the cost of the first replacement as a share.
pub(super) fn link(finder: &mut Finder, source: &Source) {
    for (n, item) in source.renewal.iter().enumerate() {
        if let (Some(price), Some(usd)) = (&item.price, item.unit_price_usd) {
            let candidate = (cell_of(&price.path), price.value, vec![price.path.clone()]);
            finder.link(take_off::key(source.take_off.len() + n, "price"), usd, Some(candidate));
        }
    }
    for (n, line) in source.project.capex.iter().enumerate() {
        let Some(share) = line.refresh.and_then(|r| r.next_cost_frac) else { continue };
        let first = source.take_off.len();
        let item = |at: &usize| source.renewal.get(at - first);
        let next: f64 = of_line(source, line).iter().filter_map(item).map(|i| i.amount_usd).sum();
        let (_, usd) = replaced(source, line);
        if next > 0.0 && usd > 0.0 {
            let formula = format!("[next/{n}/amount]/([next/{n}/first]+([next/{n}/first]=0))");
            let id = format!("capex.{}.refresh.next_cost_frac", line.id);
            finder.link(id, share, Some((formula, next / usd, Vec::new())));
        }
    }
}

/// The rows; none where racks are replaced by their own.
pub(super) fn rows(context: &Context, sheet: &mut Sheet) {
    let source = &context.source;
    for (n, line) in source.project.capex.iter().enumerate() {
        let (own, (first, _)) = (of_line(source, line), replaced(source, line));
        let (Some(amount), Some(first)) =
            (take_off::sum(&own, "amount"), take_off::sum(&first, "amount"))
        else {
            continue;
        };
        sheet.section(&format!(
            "First replacement by another type: {}{}",
            line.class,
            take_off::phase_of(source, line)
        ));
        for at in own {
            if let Some(line) = row(context, at) {
                sheet.add_wrapped(line);
            }
        }
        let total = |label: &str, key: &str, formula: String| {
            let mut cells = vec![Cell::text(0, label, Role::Total)];
            cells.extend((1..AMOUNT).map(|c| Cell::text(c, "", Role::Total)));
            let cell = Cell::formula(AMOUNT, formula, Form::Millions).role(Role::Total);
            cells.push(cell.key(format!("next/{n}/{key}")));
            Line::of(cells)
        };
        sheet.add(total("Total; contingency, taxes and duty in proportion", "amount", amount));
        sheet.add(total("Racks that are replaced, as bought above", "first", first));
    }
}

fn row(context: &Context, at: usize) -> Option<Line> {
    let item = context.source.renewal.get(at - context.source.take_off.len())?;
    let form = if item.quantity == item.quantity.round() { Form::Count } else { Form::Tenths };
    let of = |field: &str| format!("[{}]", take_off::key(at, field));
    let mut cells = vec![
        Cell::text(0, item.name.clone(), Role::Plain),
        take_off::cell(context, (at, "quantity"), QUANTITY, item.quantity, form),
        Cell::text(2, item.unit, Role::Subtitle),
        Cell::text(RATING, item.rating.clone(), Role::Subtitle),
        take_off::cell(
            context,
            (at, "price"),
            PRICE,
            item.unit_price_usd.unwrap_or(0.0),
            Form::Dollars,
        ),
        Cell::formula(AMOUNT, format!("{}*{}", of("quantity"), of("price")), Form::Millions)
            .key(take_off::key(at, "amount"))
            .engine(Some(item.amount_usd)),
        Cell::text(SOURCE, item.source.clone(), Role::Subtitle).wrap(),
    ];
    cells.extend(take_off::changes(context, at, item, form));
    Some(Line::of(cells))
}
