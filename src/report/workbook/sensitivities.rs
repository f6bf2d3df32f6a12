//! What may come otherwise: each input alone, two inputs at once, draws of all of them. The values
//! are the engine's with the plan solved anew, which no formula can give: pasted, and said to be.

use super::book::{Axis, Cell, Chart, ChartKind, Form, LABEL, Line, Role, Sheet};
use super::context::{Asked, Context};
use super::frame;
use crate::study::risk::{Answer, MonteCarlo, Side, Spread, Tornado, TwoWay};
use crate::units::format::plain;

const NAME: &str = "Sensitivities";

/// Heads and widths of the columns of the inputs.
const COLUMNS: [(&str, f64); 12] = [
    ("Input", 56.0),
    ("Base", 13.0),
    ("Low", 13.0),
    ("High", 13.0),
    ("Unit", 26.0),
    ("NPV at low, M", 13.0),
    ("NPV at high, M", 13.0),
    ("Change at low, M", 13.0),
    ("Change at high, M", 13.0),
    ("Length, M", 12.0),
    ("Plan solved anew", 12.0),
    ("Source of the range", 62.0),
];

/// Bars of the chart.
const BARS: usize = 15;
const BETTER: u32 = 0x4C_8F_C4;
const WORSE: u32 = 0xC9_8A_2B;
const ACCENT: u32 = 0x0B_63_CE;
const GREY: u32 = 0x5D_69_76;

/// The sheet; none where nothing was asked.
pub(super) fn sheet(context: &mut Context) -> Option<Sheet> {
    let Asked { tornado, two_way, draws, .. } = context.source.asked;
    if tornado.is_none() && two_way.is_none() && draws.is_none() {
        return None;
    }
    let mut sheet = Sheet::new(NAME, Axis::None, 0);
    sheet.widths = COLUMNS.map(|(_, width)| width).into();
    frame::title(context, &mut sheet, 1);
    sheet.frozen = (2, 1);
    sheet.note("Results of the program at the export, the plan solved anew wherever an input reaches it: pasted, they do not follow a change in this workbook");
    let base = tornado.as_ref().map(|t| t.base_npv_usd);
    let base = base.or(two_way.as_ref().map(|t| t.base_npv_usd));
    let base = base.or(draws.as_ref().map(|d| d.base_npv_usd)).unwrap_or(0.0);
    sheet.add(Line::of(vec![
        Cell::text(LABEL, "Net present value after tax, base, M", Role::Plain),
        Cell::number(1, base, Role::Pasted, Form::Millions).key("risk/base"),
    ]));
    if let Some(found) = tornado {
        inputs(&mut sheet, found);
    }
    if let Some(found) = two_way {
        two_inputs(&mut sheet, found);
    }
    match draws {
        Some(found) => all_inputs(&mut sheet, found),
        None => sheet.note(
            "No draws were asked for: gigasite report --format xlsx --monte-carlo 10000 adds them",
        ),
    }
    Some(sheet)
}

fn head(sheet: &mut Sheet, names: &[(u16, String)], left: &[u16]) {
    let cells = names.iter().map(|(column, name)| {
        let cell = Cell::text(*column, name.clone(), Role::Head).wrap();
        if left.contains(column) { cell } else { cell.right() }
    });
    let cells: Vec<Cell> = cells.collect();
    sheet.add(Line { height: Some(26.0), ..Line::of(cells) });
}

fn pasted(column: u16, value: &Answer, key: Option<String>) -> Cell {
    let cell = match value {
        Ok(usd) => Cell::number(column, *usd, Role::Pasted, Form::Millions),
        Err(_) => Cell::text(column, "no value", Role::Note).right(),
    };
    match key {
        Some(key) => cell.key(key),
        None => cell,
    }
}

/// Digits of an input of any size.
fn form(value: f64) -> Form {
    match value.abs() {
        v if v >= 1_000.0 => Form::Count,
        v if v == v.round() => Form::General,
        _ => Form::Factor,
    }
}

fn inputs(sheet: &mut Sheet, found: &Tornado) {
    sheet.section("Each input alone, at the ends of its range");
    let names: Vec<(u16, String)> =
        COLUMNS.iter().enumerate().map(|(n, (name, _))| (n as u16, (*name).to_owned())).collect();
    head(sheet, &names, &[0, 4, 10, 11]);
    for (n, bar) in found.bars.iter().enumerate() {
        let d = &bar.driver;
        let key = |field: &str| format!("bar/{n}/{field}");
        let number = |column: u16, v: f64| Cell::number(column, v, Role::Pasted, form(v));
        let mut cells = vec![
            Cell::text(LABEL, d.name.clone(), Role::Plain).key(key("name")),
            number(1, d.base),
            number(2, d.low),
            number(3, d.high),
            Cell::text(4, d.unit.clone(), Role::Subtitle),
            pasted(5, &bar.npv_low_usd, Some(key("low"))),
            pasted(6, &bar.npv_high_usd, Some(key("high"))),
        ];
        for (column, end, known) in
            [(7, "low", bar.npv_low_usd.is_ok()), (8, "high", bar.npv_high_usd.is_ok())]
        {
            let formula = match known {
                true => format!("[{}]-[risk/base]", key(end)),
                false => "0".to_owned(),
            };
            let own = key(&format!("change_{end}"));
            cells.push(Cell::formula(column, formula, Form::Millions).key(own));
        }
        if bar.npv_low_usd.is_ok() && bar.npv_high_usd.is_ok() {
            let length = format!("ABS([{}]-[{}])", key("high"), key("low"));
            cells.push(Cell::formula(9, length, Form::Millions));
        }
        let anew = if bar.replanned { "yes" } else { "no" };
        cells.push(Cell::text(10, anew, Role::Subtitle));
        cells.push(Cell::text(11, d.source.clone(), Role::Subtitle));
        sheet.add(Line::of(cells));
    }
    for (path, why) in &found.left_out {
        sheet.note(format!("{path}: {why}"));
    }
    let last = found.bars.len().min(BARS);
    if last == 0 {
        return;
    }
    let block = |field: &str| format!("bar/0/{field}::bar/{}/{field}", last - 1);
    let at = sheet.lines.len() as u32 + 1;
    sheet.charts.push(Chart {
        kind: ChartKind::Bars,
        title: "Change of the net present value".to_owned(),
        axis: "USD, millions".to_owned(),
        lines: vec![
            ("At the low end of the range".to_owned(), block("change_low"), WORSE),
            ("At the high end of the range".to_owned(), block("change_high"), BETTER),
        ],
        categories: block("name"),
        at: (at, 0),
        size: (900, 60 + 26 * last as u32),
    });
    room(sheet, 60 + 26 * last as u32);
}

/// Rows below which a chart of this height ends, px.
fn room(sheet: &mut Sheet, height: u32) {
    for _ in 0..height.div_ceil(17) + 2 {
        sheet.add(Line::default());
    }
}

fn with_unit(side: &Side) -> String {
    if side.unit.is_empty() { side.name.clone() } else { format!("{}, {}", side.name, side.unit) }
}

fn two_inputs(sheet: &mut Sheet, found: &TwoWay) {
    sheet.section(&format!(
        "{} (down) and {} (across): net present value, M",
        with_unit(&found.rows),
        with_unit(&found.columns)
    ));
    let mut cells = vec![Cell::text(LABEL, with_unit(&found.rows), Role::Head)];
    for (n, value) in found.columns.values.iter().enumerate() {
        cells.push(Cell::number(n as u16 + 1, *value, Role::Head, form(*value)).right());
    }
    sheet.add(Line::of(cells));
    for (value, row) in found.rows.values.iter().zip(&found.npv_usd) {
        let is_base = |column: usize| {
            *value == found.rows.base
                && found.columns.values.get(column) == Some(&found.columns.base)
        };
        let mut cells = vec![Cell::text(LABEL, plain(*value), Role::Plain).right()];
        for (n, npv) in row.iter().enumerate() {
            let cell = pasted(n as u16 + 1, npv, None);
            cells.push(if is_base(n) { cell.key("two_way/base").role(Role::Total) } else { cell });
        }
        sheet.add(Line::of(cells));
    }
    sheet.note("Bold: as the layout stands");
}

fn all_inputs(sheet: &mut Sheet, found: &MonteCarlo) {
    sheet.section(&format!(
        "All inputs at once: {} draws, seed {}, {} inputs, {} between the ends of their ranges",
        found.draws,
        found.seed,
        found.drivers.len(),
        found.shape
    ));
    let [p90, p50, p10] = Spread::LABELS;
    let spread = &found.npv_usd;
    for (label, note, usd) in [
        (p90.0, p90.1, spread.p90),
        (p50.0, p50.1, spread.p50),
        (p10.0, p10.1, spread.p10),
        ("Mean of the runs", "", spread.mean),
        ("Standard deviation of the runs", "", spread.sd),
    ] {
        sheet.add(Line::of(vec![
            Cell::text(LABEL, format!("Net present value, M: {label}"), Role::Plain),
            Cell::number(1, usd, Role::Pasted, Form::Millions),
            Cell::text(2, note, Role::Note),
        ]));
    }
    let mut shares = vec![("Probability of loss: runs with a value below zero", found.loss_frac)];
    shares.extend(
        found.weak_cover_frac.map(|v| ("Runs whose least cover of the loan is below one", v)),
    );
    for (label, share) in shares {
        sheet.add(Line::of(vec![
            Cell::text(LABEL, label, Role::Plain),
            Cell::number(1, share, Role::Pasted, Form::Percent),
        ]));
    }
    for (label, count) in [
        ("Runs whose plan was solved anew", found.replanned),
        ("Runs without a value, left out", found.failed),
    ] {
        sheet.add(Line::of(vec![
            Cell::text(LABEL, label, Role::Plain),
            Cell::number(1, count as f64, Role::Pasted, Form::Count),
        ]));
    }
    sheet.note(found.method.clone());
    fan(sheet, found);
    histogram(sheet, found);
}

fn fan(sheet: &mut Sheet, found: &MonteCarlo) {
    sheet.section(
        "Cumulative discounted cash flow after tax, M; each percentile is that of its own year",
    );
    let names = ["Fiscal year", "P90", "P50", "P10", "Base"];
    let names: Vec<(u16, String)> =
        names.iter().enumerate().map(|(n, name)| (n as u16, (*name).to_owned())).collect();
    head(sheet, &names, &[0]);
    let fan = &found.fan;
    for (n, year) in fan.years.iter().enumerate() {
        let key = |field: &str| format!("fan/{n}/{field}");
        let mut cells = vec![Cell::text(LABEL, format!("FY{year}"), Role::Plain).key(key("year"))];
        for (column, field, list) in [
            (1, "p90", &fan.p90),
            (2, "p50", &fan.p50),
            (3, "p10", &fan.p10),
            (4, "base", &fan.base),
        ] {
            if let Some(usd) = list.get(n) {
                let cell = Cell::number(column, *usd, Role::Pasted, Form::Millions);
                cells.push(cell.key(key(field)));
            }
        }
        sheet.add(Line::of(cells));
    }
    if fan.years.is_empty() {
        return;
    }
    let block = |field: &str| format!("fan/0/{field}::fan/{}/{field}", fan.years.len() - 1);
    let series = [
        ("P90: exceeded in 90 % of the runs", "p90", WORSE),
        ("P50", "p50", ACCENT),
        ("P10: exceeded in 10 % of the runs", "p10", BETTER),
        ("Base", "base", GREY),
    ];
    let has = |field: &str| field != "base" || fan.base.len() == fan.years.len();
    let at = sheet.lines.len() as u32 + 1;
    sheet.charts.push(Chart {
        kind: ChartKind::Lines,
        title: "Cumulative value by fiscal year".to_owned(),
        axis: "USD, millions".to_owned(),
        lines: series
            .into_iter()
            .filter(|(_, field, _)| has(field))
            .map(|(name, field, color)| (name.to_owned(), block(field), color))
            .collect(),
        categories: block("year"),
        at: (at, 0),
        size: (900, 320),
    });
    room(sheet, 320);
}

fn histogram(sheet: &mut Sheet, found: &MonteCarlo) {
    if found.histogram.is_empty() {
        return;
    }
    sheet.section("Runs by net present value");
    head(sheet, &[(0, "From, M".to_owned()), (1, "Share of runs".to_owned())], &[0]);
    for (n, (from, share)) in found.histogram.iter().enumerate() {
        sheet.add(Line::of(vec![
            Cell::number(LABEL, *from, Role::Pasted, Form::Millions).key(format!("bin/{n}/from")),
            Cell::number(1, *share, Role::Pasted, Form::Percent).key(format!("bin/{n}/share")),
        ]));
    }
    let last = found.histogram.len() - 1;
    let at = sheet.lines.len() as u32 + 1;
    sheet.charts.push(Chart {
        kind: ChartKind::Shares,
        title: "Share of the runs by net present value, from".to_owned(),
        axis: "share of runs".to_owned(),
        lines: vec![("Share".to_owned(), format!("bin/0/share::bin/{last}/share"), ACCENT)],
        categories: format!("bin/0/from::bin/{last}/from"),
        at: (at, 0),
        size: (900, 300),
    });
    room(sheet, 300);
}
