//! The term of the loan and after: service, reserve, prepayment, what the owners get, cover; by
//! month.

use super::book::{Form, Line, Sheet};
use super::context::Context;
use super::loan::{monthly, sized_by_cover};
use crate::finance::project::{DebtTerms, Loan};

const MONEY: &str = "USD, shown in M";

pub(super) fn operation(context: &Context, sheet: &mut Sheet) {
    sheet.section("Term and after");
    let mut add = |key: &str, label: &str, unit: &str, formula: &str, engine: Option<&[f64]>| {
        let form = if unit == "flag" { Form::Whole } else { Form::Millions };
        let line = Line::new(format!("loan/{key}"), label, unit).form(form);
        sheet.add(line.each(formula).engine(engine));
    };
    add(
        "interest",
        "Interest",
        MONEY,
        "[loan/term]*[loan/balance<]*[loan/month_rate$]",
        context.income("interest"),
    );
    add(
        "due",
        "Principal due",
        MONEY,
        "[loan/closes]*[loan/balance<]+([loan/term]-[loan/closes])*MAX(-[loan/interest],MIN([loan/principal_due],[loan/balance<]))",
        None,
    );
    add("service", "Service", MONEY, "[loan/interest]+[loan/due]", None);
    add(
        "term_cash",
        "Cash that covers service, in the term",
        MONEY,
        "[loan/term]*[loan/covered]",
        None,
    );
    add("cash_year", "Cash of the year", MONEY, &year_of("term_cash"), None);
    // Service looks at cash that was kept, so its year is summed month by month: a range would
    // reach into months that are not known yet.
    add("due/0", "Service of this month", MONEY, "[loan/service]", None);
    for back in 1..12 {
        let label = format!("Service {back} months before");
        add(&format!("due/{back}"), &label, MONEY, &format!("[loan/due/{}<]", back - 1), None);
    }
    add(
        "due_year",
        "Service of the year",
        MONEY,
        "[loan/term]*SUM([loan/due/0..loan/due/11])",
        None,
    );
    reserve(context, sheet);
    owners(context, sheet);
}

/// Cash after service: reserve, prepayment, balance.
fn reserve(context: &Context, sheet: &mut Sheet) {
    let sweeps = context.project().debt.as_ref().is_some_and(|t| t.sweep_frac > 0.0);
    let mut add = |key: &str, label: &str, unit: &str, formula: &str, engine: Option<&[f64]>| {
        let form = if unit == "flag" { Form::Whole } else { Form::Millions };
        let line = Line::new(format!("loan/{key}"), label, unit).form(form);
        sheet.add(line.each(formula).engine(engine));
    };
    add("cfads", "Cash available", MONEY, "[cash/before_tax]-[loan/tax]", None);
    add(
        "after_service",
        "Cash after service",
        MONEY,
        "[loan/kept<]+[loan/cfads]+[books/proceeds]-[loan/spent]-[loan/service]",
        None,
    );
    add(
        "needed",
        "Reserve that is needed",
        MONEY,
        "([loan/term]-[loan/closes])*([loan/balance<]-[loan/due]>0)*[loan/ahead]",
        None,
    );
    add(
        "fills",
        "From the reserve, where cash is short",
        MONEY,
        "([loan/after_service]<0)*MIN(-[loan/after_service],[loan/reserve<])*(1-[loan/building])",
        None,
    );
    add(
        "moved",
        "From the reserve, net",
        MONEY,
        "[loan/fills]+([loan/after_service]>=0)*MAX([loan/reserve<]-[loan/needed],-[loan/after_service])*(1-[loan/building])",
        None,
    );
    add(
        "reserve",
        "Debt service reserve",
        MONEY,
        "[loan/reserve<]+[loan/first_reserve]-[loan/moved]",
        context.balance("debt service reserve"),
    );
    add(
        "free",
        "Cash after reserve",
        MONEY,
        "(1-[loan/building])*([loan/after_service]+[loan/moved])",
        None,
    );
    // Without a sweep the balance must not look at cash, which looks at tax and interest.
    let swept = match sweeps {
        true => "[loan/term]*MIN([loan/sweep$]*MAX([loan/free],0),[loan/balance<]-[loan/due])",
        false => "0*[time/n]",
    };
    add("swept", "Prepaid", MONEY, swept, None);
    add("returned", "Repaid and prepaid", MONEY, "[loan/due]+[loan/swept]", None);
    add(
        "balance",
        "Debt",
        MONEY,
        "[loan/balance<]+[loan/draw]-[loan/due]-[loan/swept]",
        context.balance("debt"),
    );
}

/// What is kept, and what the owners get or bring.
fn owners(context: &Context, sheet: &mut Sheet) {
    let lockup = context.project().debt.as_ref().is_some_and(|t| t.lockup_dscr.is_some());
    let mut add = |key: &str, label: &str, unit: &str, formula: &str, engine: Option<&[f64]>| {
        let form = if unit == "flag" { Form::Whole } else { Form::Millions };
        let line = Line::new(format!("loan/{key}"), label, unit).form(form);
        sheet.add(line.each(formula).engine(engine));
    };
    let locked = match lockup {
        true => {
            "([loan/term]-[loan/closes])*([loan/service]>0)*([loan/cash_year]<[loan/lockup$]*[loan/due_year]-[const:least])"
        }
        false => "0*[time/n]",
    };
    add("locked", "Nothing is distributed", "flag", locked, None);
    add(
        "kept",
        "Cash kept",
        MONEY,
        "[loan/locked]*(1-[time/last])*MAX([loan/free]-[loan/swept],0)",
        context.balance("cash kept"),
    );
    add(
        "built",
        "Cash of the owners while building",
        MONEY,
        "[loan/building]*([loan/cfads]+[books/proceeds]-[loan/used]+[loan/draw])",
        None,
    );
    add(
        "left",
        "Cash of the owners",
        MONEY,
        "[loan/built]+[loan/free]-[loan/swept]-[loan/kept]",
        None,
    );
    add(
        "contributions",
        "Contributions",
        MONEY,
        "MAX(-[loan/left],0)",
        context.cash("contributions"),
    );
    add("distributions", "Distributions", MONEY, "MAX([loan/left],0)", None);
    let line = Line::new("owners/flow", "Flow of the owners", MONEY).form(Form::Millions);
    sheet.add(line.each("[loan/left]").net().engine(context.flow("owners")).strong());
}

/// Sum of a line, which is nothing outside the term, over the last twelve months of it.
fn year_of(row: &str) -> String {
    format!(
        "[loan/term]*SUMPRODUCT(([loan/k:]>[loan/k]-[loan/k$])*([loan/k:]<=[loan/k])*[loan/{row}:])"
    )
}

pub(super) fn cover(sheet: &mut Sheet, loan: &Loan, terms: &DebtTerms) {
    let sized_by_cover = sized_by_cover(terms);
    sheet.section("Cover");
    let mut row = |key: &str, label: &str, unit: &str, formula: &str| {
        let form = match unit {
            "flag" => Form::Whole,
            "ratio" => Form::Factor,
            _ => Form::Millions,
        };
        monthly(sheet, key, (label, unit), (formula, form));
    };
    row("is_due", "Cover is measured", "flag", "[loan/whole]*([loan/due_year]>[const:least])");
    row(
        "sure",
        "Cash from contracts alone",
        MONEY,
        "[loan/term]*([loan/covered]-[revenue]+[sales/contracted])",
    );
    row("sure_year", "The same of the year", MONEY, &year_of("sure"));
    let over = "/([loan/due_year]+([loan/due_year]=0))";
    row(
        "dscr_month",
        "Debt service cover",
        "ratio",
        &format!("[loan/is_due]*[loan/cash_year]{over}"),
    );
    let sure = format!("[loan/is_due]*[loan/sure_year]{over}");
    row("dscr_contracted", "Debt service cover, contracts alone", "ratio", &sure);
    if sized_by_cover {
        row(
            "sized",
            "Cash that the size rests on, in the term",
            MONEY,
            "[loan/term]*[loan/sizing]",
        );
        row("sized_year", "The same of the year", MONEY, &year_of("sized"));
        let planned = "[loan/service_due]-[loan/balloon$]*[loan/closes]*[loan/principal_due]";
        row("planned_service", "Service by the schedule, no balloon", MONEY, planned);
        row("planned_year", "The same of the year", MONEY, &year_of("planned_service"));
        row("leaves", "It is measured", "flag", "[loan/whole]*([loan/planned_year]>[const:least])");
        let over = "/([loan/planned_year]+([loan/leaves]=0))";
        row(
            "scaled",
            "Cover over the least",
            "ratio",
            &format!("[loan/leaves]*[loan/sized_year]{over}/[loan/floor$]"),
        );
        let line =
            Line::new("loan/bound", "The same, its greatest where nothing is measured", "ratio");
        let line = line.form(Form::Factor).constant("MAX([loan/scaled:])", Form::Factor);
        sheet.add(line.each("[loan/scaled]+(1-[loan/leaves])*[loan/bound$]"));
        let carried = "[loan/amount$]*MAX(MIN([loan/bound:]),0)";
        let line = Line::new("loan/carries", "Loan that leaves the least cover", MONEY);
        sheet.add(line.constant(carried, Form::Millions));
    }
    filled(sheet);
    ratios(sheet, loan);
}

/// Lines whose least value is the least cover.
fn filled(sheet: &mut Sheet) {
    for (key, from, label) in [
        ("filled", "dscr_month", "Cover, its greatest where nothing is due"),
        ("filled_contracted", "dscr_contracted", "The same, contracts alone"),
    ] {
        let formula = format!("[loan/{from}]+(1-[loan/is_due])*[loan/{key}$]");
        let line = Line::new(format!("loan/{key}"), label, "ratio").form(Form::Factor);
        let greatest = format!("MAX([loan/{from}:])");
        sheet.add(line.constant(greatest, Form::Factor).each(formula));
    }
}

/// The ratios that a lender reads.
fn ratios(sheet: &mut Sheet, loan: &Loan) {
    let factor = "(1-[loan/building])*(1+[loan/month_rate$])^-MAX([time/n]-[loan/first$],0)";
    let line = Line::new("loan/factor", "Discount factor at the cost of debt", "factor");
    sheet.add(line.form(Form::Factor).each(factor));
    sheet.section("Ratios");
    for (key, label, formula, known) in [
        ("least", "Least debt service cover", "MIN([loan/filled:])", loan.cover.least),
        (
            "average",
            "Average debt service cover",
            "SUM([loan/dscr_month:])/SUM([loan/is_due:])",
            loan.cover.average,
        ),
        (
            "least_contracted",
            "Least debt service cover, contracts alone",
            "MIN([loan/filled_contracted:])",
            loan.contracted_cover.least,
        ),
        (
            "life",
            "Loan life cover",
            "SUMPRODUCT([loan/factor:],[loan/term:],[loan/covered:])/[loan/amount$]",
            loan.loan_life_cover,
        ),
        (
            "project",
            "Project life cover",
            "SUMPRODUCT([loan/factor:],[loan/covered:])/[loan/amount$]",
            loan.project_life_cover,
        ),
        (
            "life_contracted",
            "Loan life cover, contracts alone",
            "SUMPRODUCT([loan/factor:],[loan/sure:])/[loan/amount$]",
            loan.contracted_loan_life_cover,
        ),
        (
            "project_contracted",
            "Project life cover, contracts alone",
            "SUMPRODUCT([loan/factor:],[loan/covered:]-[revenue:]+[sales/contracted:])/[loan/amount$]",
            loan.contracted_project_life_cover,
        ),
    ] {
        let key = format!("loan/{key}");
        let mut line = Line::new(key, label, "ratio");
        line = match known {
            Ok(_) => line.constant(formula, Form::Factor),
            Err(_) => line,
        };
        if let (Some(cell), Ok(value)) = (line.cells.last_mut(), known) {
            cell.engine = Some(value);
        }
        sheet.add(line);
    }
}
