//! What may come otherwise: each input alone, two inputs at once, draws of all of them. The values
//! are the engine's with the plan solved anew, which no formula can give: pasted, and said to be.

use super::book::{Axis, Cell, Chart, ChartKind, Form, LABEL, Line, Role, Sheet};
use super::context::{Asked, Context};
use super::frame;
use crate::study::risk::{Answer, MonteCarlo, Side, Spread, Tornado, TwoWay};

const NAME: &str = "Sensitivities";

const UNIT: u16 = 1;
/// First column of numbers.
const FIRST: u16 = 2;

/// Heads and widths of the columns of the inputs.
const COLUMNS: [(&str, f64); 12] = [
    ("Input", 52.0),
    ("Unit", 26.0),
    ("Base", 13.0),
    ("Low", 13.0),
    ("High", 13.0),
    ("NPV at low, M", 13.0),
    ("NPV at high, M", 13.0),
    ("Change at low, M", 13.0),
    ("Change at high, M", 13.0),
    ("Length, M", 12.0),
    ("Plan solved anew", 12.0),
    ("Source of the range", 64.0),
];

/// Column at which a chart stands beside its table, and the unit of money.
const BESIDE: u16 = 6;
const MONEY: &str = "USD, shown in M";

/// Bars of the chart.
const BARS: usize = 15;
const BETTER: u32 = 0x4C_8F_C4;
const WORSE: u32 = 0xC9_8A_2B;
const ACCENT: u32 = 0x0B_63_CE;
const GREY: u32 = 0x5D_69_76;
const PALE: u32 = 0x9F_B9_D6;

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
        Cell::text(LABEL, "Net present value after tax, base", Role::Plain),
        Cell::text(UNIT, MONEY, Role::Subtitle),
        Cell::number(FIRST, base, Role::Pasted, Form::Millions).key("risk/base"),
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
        v if (v - v.round()).abs() < 1e-9 => Form::General,
        _ => Form::Factor,
    }
}

/// The same digits for all values of a side.
fn digits(values: &[f64]) -> Form {
    let forms: Vec<Form> = values.iter().map(|v| form(*v)).collect();
    let of = |wanted: Form| forms.contains(&wanted);
    match () {
        () if of(Form::Factor) => Form::Factor,
        () if of(Form::Count) => Form::Count,
        () => Form::General,
    }
}

fn inputs(sheet: &mut Sheet, found: &Tornado) {
    sheet.section("Each input alone, at the ends of its range");
    sheet.heads((0..).zip(COLUMNS.map(|(name, _)| name)), &[LABEL, UNIT, 10, 11]);
    for (n, bar) in found.bars.iter().enumerate() {
        let d = &bar.driver;
        let key = |field: &str| format!("bar/{n}/{field}");
        let number = |column: u16, v: f64| Cell::number(column, v, Role::Pasted, form(v));
        let mut cells = vec![
            Cell::text(LABEL, d.name.clone(), Role::Plain).key(key("name")),
            Cell::text(UNIT, d.unit.clone(), Role::Subtitle),
            number(FIRST, d.base),
            number(3, d.low),
            number(4, d.high),
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
        cells.push(Cell::text(11, d.source.clone(), Role::Subtitle).wrap());
        sheet.add_wrapped(Line::of(cells));
    }
    for (path, why) in &found.left_out {
        sheet.note(format!("{path}: {why}"));
    }
    tornado(sheet, found.bars.len().min(BARS));
}

/// The widest bars, the first at the top.
fn tornado(sheet: &mut Sheet, bars: usize) {
    let Some(last) = bars.checked_sub(1) else { return };
    let block = |field: &str| format!("bar/0/{field}::bar/{last}/{field}");
    let tall = 90 + 26 * bars as u32;
    sheet.charts.push(Chart {
        kind: ChartKind::Bars,
        title: "Change of the net present value, the widest first".to_owned(),
        axis: "USD, millions".to_owned(),
        lines: vec![
            ("At the low end of the range".to_owned(), block("change_low"), ACCENT),
            ("At the high end of the range".to_owned(), block("change_high"), PALE),
        ],
        categories: block("name"),
        every: 1,
        at: (sheet.lines.len() as u32 + 1, LABEL),
        size: (1000, tall),
    });
    room(sheet, tall);
}

/// Rows below which a chart of this height ends, px, where it begins a row below the last line.
fn room(sheet: &mut Sheet, height: u32) {
    for _ in 0..height.div_ceil(17) + 2 {
        sheet.add(Line::default());
    }
}

/// Rows as far as a chart at the right of those from `top` on reaches.
fn beside(sheet: &mut Sheet, top: u32, height: u32) {
    let end = top + height.div_ceil(17) + 1;
    while (sheet.lines.len() as u32) < end {
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
    let mut cells = vec![
        Cell::text(LABEL, with_unit(&found.rows), Role::Head),
        Cell::text(UNIT, "", Role::Head),
    ];
    let across = digits(&found.columns.values);
    for (n, value) in found.columns.values.iter().enumerate() {
        cells.push(Cell::number(n as u16 + FIRST, *value, Role::Head, across).right());
    }
    sheet.add(Line::of(cells));
    let down = digits(&found.rows.values);
    for (value, row) in found.rows.values.iter().zip(&found.npv_usd) {
        let is_base = |column: usize| {
            *value == found.rows.base
                && found.columns.values.get(column) == Some(&found.columns.base)
        };
        let mut cells = vec![Cell::number(UNIT, *value, Role::Plain, down).right()];
        for (n, npv) in row.iter().enumerate() {
            let cell = pasted(n as u16 + FIRST, npv, None);
            cells.push(if is_base(n) { cell.key("two_way/base").role(Role::Total) } else { cell });
        }
        sheet.add(Line::of(cells));
    }
    sheet.note("Bold, with a rule: as the layout stands");
}

fn all_inputs(sheet: &mut Sheet, found: &MonteCarlo) {
    sheet.new_page();
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
            Cell::text(LABEL, format!("Net present value: {label}"), Role::Plain),
            Cell::text(UNIT, MONEY, Role::Subtitle),
            Cell::number(FIRST, usd, Role::Pasted, Form::Millions),
            Cell::text(3, note, Role::Note),
        ]));
    }
    if let Some(cover) = &found.least_cover {
        for (label, value) in [(p90.0, cover.p90), (p50.0, cover.p50), (p10.0, cover.p10)] {
            sheet.add(Line::of(vec![
                Cell::text(LABEL, format!("Least cover of the loan: {label}"), Role::Plain),
                Cell::text(UNIT, "ratio", Role::Subtitle),
                Cell::number(FIRST, value, Role::Pasted, Form::Factor),
            ]));
        }
    }
    let mut shares = vec![("Probability of loss: runs with a value below zero", found.loss_frac)];
    shares.extend(
        found.weak_cover_frac.map(|v| ("Runs whose least cover of the loan is below one", v)),
    );
    for (label, share) in shares {
        sheet.add(Line::of(vec![
            Cell::text(LABEL, label, Role::Plain),
            Cell::text(UNIT, "share of runs", Role::Subtitle),
            Cell::number(FIRST, share, Role::Pasted, Form::Percent),
        ]));
    }
    for (label, count) in [
        ("Runs whose plan was solved anew", found.replanned),
        ("Runs without a value, left out", found.failed),
    ] {
        sheet.add(Line::of(vec![
            Cell::text(LABEL, label, Role::Plain),
            Cell::text(UNIT, "runs", Role::Subtitle),
            Cell::number(FIRST, count as f64, Role::Pasted, Form::Count),
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
    let top = sheet.lines.len() as u32;
    let heads = [(LABEL, "Fiscal year"), (UNIT, "Unit"), (FIRST, "P90"), (3, "P50"), (4, "P10")];
    sheet.heads(heads.into_iter().chain([(5, "Base")]), &[LABEL, UNIT]);
    let fan = &found.fan;
    for (n, year) in fan.years.iter().enumerate() {
        let key = |field: &str| format!("fan/{n}/{field}");
        let mut cells = vec![
            Cell::text(LABEL, format!("FY{year}"), Role::Plain).key(key("year")),
            Cell::text(UNIT, MONEY, Role::Subtitle),
        ];
        for (column, field, list) in [
            (FIRST, "p90", &fan.p90),
            (3, "p50", &fan.p50),
            (4, "p10", &fan.p10),
            (5, "base", &fan.base),
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
        every: 1,
        at: (top, BESIDE),
        size: (720, 320),
    });
    beside(sheet, top, 320);
}

fn histogram(sheet: &mut Sheet, found: &MonteCarlo) {
    if found.histogram.is_empty() {
        return;
    }
    sheet.section("Runs by net present value");
    let top = sheet.lines.len() as u32;
    sheet.heads(
        [(LABEL, "Runs with a net present value from, to that of the next row"), (UNIT, "Unit")]
            .into_iter()
            .chain([(FIRST, "From, M"), (FIRST + 1, "Share of runs")]),
        &[LABEL, UNIT],
    );
    for (n, (from, share)) in found.histogram.iter().enumerate() {
        sheet.add(Line::of(vec![
            Cell::text(LABEL, format!("Runs, bar {}", n + 1), Role::Plain),
            Cell::text(UNIT, "USD, shown in M; share", Role::Subtitle),
            Cell::number(FIRST, *from, Role::Pasted, Form::Millions).key(format!("bin/{n}/from")),
            Cell::number(FIRST + 1, *share, Role::Pasted, Form::Percent)
                .key(format!("bin/{n}/share")),
        ]));
    }
    let last = found.histogram.len() - 1;
    sheet.charts.push(Chart {
        kind: ChartKind::Shares,
        title: "Share of the runs by net present value, USD M, from".to_owned(),
        axis: "share of runs".to_owned(),
        lines: vec![("Share".to_owned(), format!("bin/0/share::bin/{last}/share"), ACCENT)],
        categories: format!("bin/0/from::bin/{last}/from"),
        every: 1,
        at: (top, BESIDE),
        size: (720, 320),
    });
    beside(sheet, top, 320);
}
