//! What every sheet has: title, state of the checks, origin of the numbers, head of the columns.

use super::book::{
    CONSTANT, Cell, Form, LABEL, Line, Look, Role, SERIES, Series, Sheet, TOTAL, UNIT,
};
use super::context::Context;

/// Rows of the head of a sheet with an axis.
const HEAD: u32 = 4;

/// Title and state, then where the numbers come from.
pub(super) fn title(context: &Context, sheet: &mut Sheet, state_at: u16) {
    let name = sheet.name.clone();
    sheet.push(Line {
        height: Some(24.0),
        ..Line::of(vec![
            Cell::text(LABEL, name, Role::Title),
            Cell::formula(state_at, "[check/state]", Form::General).role(Role::StateText),
        ])
    });
    let source = &context.source;
    let words = format!(
        "{} · nominal USD, prices of {}-{:02}-{:02}, inflow positive in flows · {}",
        source.name, source.date.0, source.date.1, source.date.2, source.origin
    );
    sheet.push(Line::of(vec![Cell::text(LABEL, words, Role::Subtitle)]));
}

fn head(sheet: &mut Sheet, first: &str, series: Option<(&str, Form)>) {
    let mut line = Line::of(vec![
        Cell::text(LABEL, first, Role::Head),
        Cell::text(CONSTANT, "Constant", Role::Head).right(),
        Cell::text(UNIT, "Unit", Role::Head),
        Cell::text(TOTAL, "Total", Role::Head).right(),
        Cell::text(TOTAL + 1, "", Role::Head),
    ]);
    if let Some((formula, form)) = series {
        line.series = Some(Series::Formula(formula.to_owned()));
        line.look = Look { role: Role::Head, form, right: true, ..Look::default() };
    }
    sheet.push(line);
}

fn columns(sheet: &mut Sheet, series: f64) {
    sheet.widths = vec![46.0, 14.0, 17.0, 14.0, 1.5, series];
    sheet.frozen = (HEAD, SERIES);
}

pub(super) fn months(context: &Context, sheet: &mut Sheet) {
    title(context, sheet, TOTAL);
    columns(sheet, 10.5);
    head(sheet, "Month ends", Some(("[time/end]", Form::Date)));
    let mut line = Line::of(vec![Cell::text(LABEL, "Fiscal year", Role::Subtitle)]);
    line.series = Some(Series::Formula("[time/fy]".to_owned()));
    line.look = Look { role: Role::Subtitle, form: Form::Whole, right: true, ..Look::default() };
    sheet.push(line);
}

pub(super) fn years(context: &Context, sheet: &mut Sheet) {
    title(context, sheet, TOTAL);
    columns(sheet, 11.0);
    head(sheet, "Fiscal year", Some(("[years/fy]", Form::Whole)));
    sheet.push(Line::default());
}

/// Columns that are neither months nor years: numbered.
pub(super) fn plain(context: &Context, sheet: &mut Sheet) {
    title(context, sheet, TOTAL);
    columns(sheet, 10.0);
    let key = format!("{}/column", sheet.name);
    head(sheet, "Column", Some((&format!("[{key}<]+1"), Form::Whole)));
    if let Some(line) = sheet.lines.last_mut() {
        line.key = Some(key);
    }
    sheet.push(Line::default());
}
