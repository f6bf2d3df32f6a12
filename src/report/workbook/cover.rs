//! The first sheet: what the workbook is, whether its checks hold, its key figures, its colours.

use super::book::{Axis, Cell, Form, LABEL, Line, Role, Sheet, UNIT};
use super::context::Context;
use super::frame;
use crate::finance::Undefined;
use crate::study::finance::{KeyOutput, KeyUnit};
use crate::units::format::plain;

const VALUE: u16 = 1;

/// Where the workbook works out a key figure; the others are pasted.
const LIVE: [(&str, &str); 31] = [
    ("npv_usd", "after/npv"),
    ("irr_frac", "after/irr"),
    ("mirr_frac", "after/mirr"),
    ("payback_first_years", "after/payfirst"),
    ("payback_years", "after/paylast"),
    ("discounted_payback_years", "after/dpaylast"),
    ("profitability_index", "after/index"),
    ("npv_pretax_usd", "pretax/npv"),
    ("irr_pretax_frac", "pretax/irr"),
    ("npv_equity_usd", "owners/npv"),
    ("irr_equity_frac", "owners/irr"),
    ("loan_usd", "loan/amount$"),
    ("gearing_frac", "loan/part$"),
    ("dscr_min", "loan/least$"),
    ("dscr_average", "loan/average$"),
    ("dscr_min_contracted", "loan/least_contracted$"),
    ("llcr", "loan/life$"),
    ("plcr", "loan/project$"),
    ("llcr_contracted", "loan/life_contracted$"),
    ("plcr_contracted", "loan/project_contracted$"),
    ("capex_usd", "capex/paid$"),
    ("capex_usd_per_mw", "year/capex_mw"),
    ("contracted_frac", "year/contracted"),
    ("cost_usd_per_mtok", "aftertax"),
    ("revenue_usd_per_year", "year/revenue"),
    ("ebitda_usd_per_year", "year/ebitda"),
    ("revenue_usd_per_mw_year", "year/revenue_mw"),
    ("cost_usd_per_mw_year", "mwyear"),
    ("cost_usd_per_gpu_hour", "gpuhour"),
    ("levelised_usd_per_mtok", "levelised"),
    ("price_usd_per_mtok", "meanprice"),
];

/// What the name of a key figure on the cover is in the file, for those who link to it.
pub(super) fn name_of(id: &str) -> String {
    format!("key_{id}")
}

pub(super) fn sheet(context: &Context) -> Sheet {
    let mut sheet = Sheet::new("Cover", Axis::None, 0);
    frame::title(context, &mut sheet, VALUE);
    sheet.widths = vec![50.0, 34.0, 34.0, 34.0];
    if let Some(cell) = sheet.lines.first_mut().and_then(|l| l.cells.first_mut()) {
        cell.content = super::book::Content::text(context.source.name);
    }
    figures(context, &mut sheet);
    gaps(context, &mut sheet);
    legend(&mut sheet);
    contents(context, &mut sheet);
    sheet
}

fn figures(context: &Context, sheet: &mut Sheet) {
    sheet.section("Key figures");
    for key in context.source.keys {
        sheet.add(figure(key, context.source.contract_mw.is_some()));
    }
    sheet.note("Pasted figures (brown) are searches or sizes that a formula cannot give; they are those of the export");
}

fn form_of(unit: KeyUnit) -> (Form, &'static str) {
    match unit {
        KeyUnit::Usd => (Form::Millions, "USD, shown in M"),
        KeyUnit::UsdPerYear => (Form::Millions, "USD per year, shown in M"),
        KeyUnit::UsdPerMwYear => (Form::Millions, "USD per MW of IT and year, shown in M"),
        KeyUnit::UsdPerMw => (Form::Millions, "USD per MW of grid, shown in M"),
        KeyUnit::UsdPerMtok => (Form::Price, "USD per million tokens"),
        KeyUnit::UsdPerGpuHour => (Form::Price, "USD per GPU-hour"),
        KeyUnit::Share => (Form::Percent, "share"),
        KeyUnit::Years => (Form::Tenths, "years"),
        KeyUnit::TonnesPerYear => (Form::Count, "t per year"),
        KeyUnit::KgPerKwh => (Form::Factor, "kg per kWh of IT"),
        _ => (Form::Factor, "ratio"),
    }
}

fn figure(key: &KeyOutput, has_contract: bool) -> Line {
    let (form, unit) = form_of(key.unit);
    let known = |id: &str| id != "capex_usd_per_mw" || has_contract;
    let live = LIVE.iter().find(|(id, _)| *id == key.id && known(id)).map(|(_, cell)| *cell);
    let value = match (&key.value, live) {
        (Ok(value), Some(cell)) => {
            Cell::formula(VALUE, format!("[{cell}]"), form).engine(Some(*value))
        }
        (Ok(value), None) => Cell::number(VALUE, *value, Role::Pasted, form),
        // Words that a change of inputs turns into a figure; none makes a loan.
        (Err(why), Some(cell)) if !cell.starts_with("loan/") && *why != Undefined::NoDebt => {
            let mut cell = Cell::formula(VALUE, format!("[{cell}]"), form);
            cell.look.right = true;
            cell
        }
        (Err(_), _) => Cell::text(VALUE, key.text(), Role::Plain).right(),
    };
    let mut cells = vec![
        Cell::text(LABEL, key.name.clone(), Role::Plain),
        value.key(name_of(key.id)),
        Cell::text(UNIT, unit, Role::Subtitle),
    ];
    if !key.note.is_empty() {
        cells.push(Cell::text(3, key.note.clone(), Role::Note));
    }
    Line::of(cells)
}

/// Four decimals: what is changed is told, not handed on.
fn short(value: f64) -> f64 {
    (value * 1e4).round() / 1e4
}

/// Net present values under one changed input each: with the plan held, as this workbook works
/// them out, and with the plan solved anew, which only the program can.
fn gaps(context: &Context, sheet: &mut Sheet) {
    if context.source.asked.gaps.is_empty() {
        return;
    }
    sheet.section("Net present value when one input changes, at the export");
    let heads =
        ["Changed input", "Plan held", "Plan solved anew", "What holding the plan leaves out"];
    sheet.heads((0..).zip(heads), &[LABEL]);
    for (n, gap) in context.source.asked.gaps.iter().enumerate() {
        let [from, to] = [gap.from, gap.to].map(|v| plain(short(v)));
        let name = format!("{}: {from} to {to} {}", gap.name, gap.unit);
        let value = |column: u16, key: &str, found: &Result<f64, String>| match found {
            Ok(usd) => Cell::number(column, *usd, Role::Pasted, Form::Millions)
                .key(format!("gap/{n}/{key}")),
            Err(why) => Cell::text(column, why.clone(), Role::Note).right(),
        };
        let mut cells = vec![
            Cell::text(LABEL, name, Role::Plain),
            value(VALUE, "held", &gap.held_usd),
            value(UNIT, "anew", &gap.replanned_usd),
        ];
        if gap.held_usd.is_ok() && gap.replanned_usd.is_ok() {
            let formula = format!("[gap/{n}/anew]-[gap/{n}/held]");
            cells.push(Cell::formula(3, formula, Form::Millions));
        }
        sheet.add(Line::of(cells));
    }
}

fn legend(sheet: &mut Sheet) {
    sheet.section("Colours");
    for (role, link, name, words) in [
        (
            Role::Input,
            false,
            "Input",
            "Blue on yellow: entered, on the sheets Inputs and Take-off or as a line of months; change it here",
        ),
        (Role::Calc, false, "Formula", "Black: worked out on this sheet"),
        (Role::Calc, true, "Link", "Green: taken from another sheet"),
        (
            Role::Pasted,
            false,
            "Pasted",
            "Brown: put here by the program at the export, with a check where it may go stale",
        ),
    ] {
        let mut sample = Cell::text(LABEL, name, role);
        sample.look.link = link;
        sheet.add(Line::of(vec![sample, Cell::text(VALUE, words, Role::Subtitle)]));
    }
    sheet.note("Signs: flows are positive when received; statements of cost and schedules show amounts. Cells hold dollars; where the unit says so they show millions");
}

fn contents(context: &Context, sheet: &mut Sheet) {
    sheet.section("Sheets");
    let loan = context.project().debt.is_some();
    for (name, words) in [
        ("Inputs", "every input with unit, range and source; price paths by year on Paths"),
        (
            "Take-off",
            "every item with quantity, price, lead time and source; the capital follows from it",
        ),
        ("Committed", "dates of each phase, money ordered and paid by month"),
        ("Time, Years", "months with flags and discount factors; fiscal years"),
        ("Sales", "load of each phase, units and revenue"),
        ("Capital, Depreciation", "what is paid when; the books"),
        ("Running cost", "quantities, prices, EBITDA, working capital"),
        (
            "Vintages, Tax tables, Tax depreciation, Tax",
            "deductions of each generation, tax by year",
        ),
        ("Loan", "draws, service, reserve, distributions, cover"),
        (
            "Cash flow, Internal rates, Returns",
            "flows without a loan, the search for rates, what the flows return",
        ),
        ("Sensitivities", "what each input, two of them and draws of all do to the value"),
        ("Statements", "income, balance sheet, cash flow by fiscal year"),
        ("Checks", "what must hold, with tolerances"),
    ] {
        let bare = context.source.take_off.is_empty();
        let asked = context.source.asked;
        let told = asked.tornado.is_some() || asked.two_way.is_some() || asked.draws.is_some();
        if name == "Loan" && !loan
            || name == "Sensitivities" && !told
            || bare && ["Take-off", "Committed"].contains(&name)
        {
            continue;
        }
        sheet.add(Line::of(vec![
            Cell::text(LABEL, name, Role::Plain),
            Cell::text(VALUE, words, Role::Subtitle),
        ]));
    }
    if !context.source.labels.is_empty() {
        sheet.section("Labels that travel with every figure");
        for label in context.source.labels {
            sheet.add(Line::of(vec![Cell::text(LABEL, label.clone(), Role::Plain)]));
        }
    }
}
