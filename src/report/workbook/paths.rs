//! Prices that are given year by year: a line for each, columns are years of the model.

use super::book::{Axis, Form, Line, Sheet};
use super::context::Context;

pub(super) fn sheet(context: &mut Context) -> Option<Sheet> {
    let paths = std::mem::take(&mut context.paths);
    let widest = paths.iter().map(|(.., list)| list.len()).max()?;
    let mut sheet = context.other("Paths", Axis::Tables, widest);
    sheet.section("By year of the model; the last one is held");
    for (key, label, unit, list) in paths {
        let known = list.len() as f64;
        let line = Line::new(key, label, &unit).form(Form::General);
        sheet.add(line.number(known, Form::Whole).input(list));
    }
    sheet.note("Constant: years that are given");
    Some(sheet)
}
