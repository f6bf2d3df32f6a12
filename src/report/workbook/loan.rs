//! Who pays: the loan while building and in its term, and where cash goes after, by month. The
//! size of the loan and its uses depend on each other; they are pasted, and checked.

use super::book::{CONSTANT, Cell, Form, LABEL, Line, Role, Sheet, UNIT};
use super::cash::instalments;
use super::context::Context;
use super::term::{cover, operation};
use crate::finance::project::{DebtTerms, Loan, Repayment};

const MONEY: &str = "USD, shown in M";
const TERMS: &str = "Loan";

/// Whether tax and loan depend on each other, so that tax has to be pasted.
pub(super) fn circular(terms: &DebtTerms) -> bool {
    terms.sweep_frac > 0.0
        || (terms.cover_after_tax && matches!(terms.repayment, Repayment::Sculpted { .. }))
}

/// Whether the least cover of every twelve months bounds the size.
pub(super) fn sized_by_cover(terms: &DebtTerms) -> bool {
    terms.least_dscr.is_some() && !matches!(terms.repayment, Repayment::Sculpted { .. })
}

pub(super) fn sheet(context: &mut Context) -> Option<Sheet> {
    let terms = context.project().debt.as_ref()?;
    let loan = context.source.evaluation.results.loan.as_ref()?;
    let mut sheet = context.monthly("Loan");
    constants(context, &mut sheet, terms, loan);
    tax(context, &mut sheet, terms);
    if matches!(terms.repayment, Repayment::Sculpted { .. }) {
        interest_alone(&mut sheet);
    }
    schedule(&mut sheet, terms);
    building(&mut sheet, context);
    operation(context, &mut sheet);
    cover(&mut sheet, loan, terms);
    Some(sheet)
}

fn constants(context: &mut Context, sheet: &mut Sheet, terms: &DebtTerms, loan: &Loan) {
    sheet.section("Terms");
    let mut add = |key: &str, id: &str, name: &str, unit: &str, value: f64, form: Form| {
        let input = context.input(TERMS, format!("debt.{id}"), (name, unit), value);
        constant(sheet, key, (name, unit), (&input, form));
    };
    let (share, months, year) = (Form::Percent, Form::Whole, "share per year");
    add(
        "gearing",
        "gearing_cap_frac",
        "Most of all uses that the loan pays",
        "share",
        terms.gearing_cap_frac,
        share,
    );
    add("rate", "rate_frac", "Interest", year, terms.rate_frac, share);
    add(
        "planned",
        "term_start_month",
        "Start of the term without a delay, 0 first",
        "month",
        terms.term_start_month as f64,
        months,
    );
    add("tenor", "tenor_months", "Term", "months", terms.tenor_months as f64, months);
    add(
        "io",
        "interest_only_months",
        "Months of interest only",
        "months",
        terms.interest_only_months as f64,
        months,
    );
    add("upfront", "upfront_frac", "Fee on the loan, once", "share", terms.upfront_frac, share);
    add(
        "commitment",
        "commitment_frac",
        "Fee on what is not drawn",
        year,
        terms.commitment_frac,
        share,
    );
    add(
        "reserve_months",
        "reserve_months",
        "Service kept in reserve",
        "months",
        terms.reserve_months as f64,
        months,
    );
    conditions(context, sheet, terms);
    derived(sheet, loan);
    periods(sheet);
}

/// A row of the loan with one number.
fn constant(
    sheet: &mut Sheet,
    key: &str,
    (label, unit): (&str, &str),
    (formula, form): (&str, Form),
) {
    sheet.add(Line::new(format!("loan/{key}"), label, unit).constant(formula, form));
}

/// A row of the loan over the months.
pub(super) fn monthly(
    sheet: &mut Sheet,
    key: &str,
    (label, unit): (&str, &str),
    (formula, form): (&str, Form),
) {
    sheet.add(Line::new(format!("loan/{key}"), label, unit).form(form).each(formula));
}

/// Terms that only some loans have.
fn conditions(context: &mut Context, sheet: &mut Sheet, terms: &DebtTerms) {
    let mut add = |key: &str, id: &str, name: &str, unit: &str, value: f64, form: Form| {
        let input = context.input(TERMS, format!("debt.{id}"), (name, unit), value);
        constant(sheet, key, (name, unit), (&input, form));
    };
    let share = Form::Percent;
    if terms.sweep_frac > 0.0 {
        add(
            "sweep",
            "sweep_frac",
            "Cash after service that prepays",
            "share",
            terms.sweep_frac,
            share,
        );
    }
    if let Repayment::Sculpted { dscr } = terms.repayment {
        add(
            "dscr",
            "repayment.dscr",
            "Cover by which service is sculpted",
            "ratio",
            dscr,
            Form::Factor,
        );
    }
    if let Some(dscr) = terms.least_dscr {
        add(
            "floor",
            "least_dscr",
            "Cover that every twelve months must leave",
            "ratio",
            dscr,
            Form::Factor,
        );
    }
    if sized_by_cover(terms) {
        let balloon = if matches!(terms.repayment, Repayment::Bullet) { 1.0 } else { 0.0 };
        add("balloon", "balloon", "Last payment needs no cover", "flag", balloon, Form::Whole);
    }
    if let Some(dscr) = terms.lockup_dscr {
        add(
            "lockup",
            "lockup_dscr",
            "Cover below which nothing is distributed",
            "ratio",
            dscr,
            Form::Factor,
        );
    }
}

/// What follows from the terms, and what is pasted.
fn derived(sheet: &mut Sheet, loan: &Loan) {
    let paste = |key: &str, label: &str, value: f64| Line {
        key: Some(format!("loan/{key}")),
        ..Line::of(vec![
            Cell::text(LABEL, label, Role::Plain),
            Cell::number(CONSTANT, value, Role::Pasted, Form::Millions),
            Cell::text(UNIT, MONEY, Role::Subtitle),
        ])
    };
    sheet.add(paste("amount", "Loan, as the engine sized it at the export", loan.amount_usd));
    sheet.add(paste("uses", "Uses, as the engine found them at the export", loan.uses_usd));
    for (key, label, unit, formula, form) in [
        (
            "first",
            "Start of the term, 0 first",
            "month",
            "[loan/planned$]+[time/delay$]",
            Form::Whole,
        ),
        (
            "year",
            "Months that cover is measured over",
            "months",
            "MIN([time/months$],[loan/tenor$])",
            Form::Whole,
        ),
        ("month_rate", "Interest of a month", "share", "[loan/rate$]/[time/months$]", Form::Price),
        (
            "end",
            "First month after the term, 0 first",
            "month",
            "[loan/first$]+[loan/tenor$]",
            Form::Whole,
        ),
        (
            "pays",
            "First month of principal, 0 first",
            "month",
            "[loan/first$]+[loan/io$]",
            Form::Whole,
        ),
        (
            "part",
            "Share of uses that the loan pays",
            "share",
            "[loan/amount$]/[loan/uses$]",
            Form::Percent,
        ),
    ] {
        constant(sheet, key, (label, unit), (formula, form));
    }
}

/// Flags of building and term.
fn periods(sheet: &mut Sheet) {
    let line =
        Line::new("loan/k", "Month of the term, 1 first; constant: months of a year", "number");
    let k = line.form(Form::Whole).constant("[time/months$]", Form::Whole);
    sheet.section("Periods");
    for (key, label, formula) in [
        ("building", "Before the term", "([time/n]<=[loan/first$])*1"),
        ("opens", "Last month before the term", "([time/n]=[loan/first$])*1"),
        ("term", "Within the term", "([time/n]>[loan/first$])*([time/n]<=[loan/end$])"),
        ("paying", "Pays principal", "([time/n]>[loan/pays$])*([time/n]<=[loan/end$])"),
        ("closes", "Last month of the term", "([time/n]=[loan/end$])*1"),
        (
            "whole",
            "A year of the term has passed",
            "[loan/term]*([time/n]-[loan/first$]>=[loan/year$])",
        ),
    ] {
        monthly(sheet, key, (label, "flag"), (formula, Form::Whole));
    }
    sheet.add(k.each("[loan/term]*([time/n]-[loan/first$])"));
}

/// Tax with the loan: live, or pasted where it and the loan depend on each other.
fn tax(context: &Context, sheet: &mut Sheet, terms: &DebtTerms) {
    sheet.section("Tax with the loan");
    instalments(sheet, "l", "Tax with the loan");
    let engine = context.income("current tax");
    let line = Line::new("loan/tax", "Tax that the loan is based on", MONEY).form(Form::Millions);
    sheet.add(match circular(terms) {
        true => line.pasted(engine.map(<[f64]>::to_vec).unwrap_or_default()),
        false => line.each("[l/paid]").engine(engine),
    });
    let cover = if terms.cover_after_tax { "-[loan/tax]" } else { "" };
    let formula = format!("[cash/before_tax]{cover}");
    sheet.add(
        Line::new("loan/covered", "Cash that covers service", MONEY)
            .form(Form::Millions)
            .each(formula),
    );
    let open = if terms.contracted_only { "-[revenue]+[sales/contracted]" } else { "" };
    let sizing = format!("[loan/covered]{open}");
    let label = "Cash that the size rests on";
    sheet.add(Line::new("loan/sizing", label, MONEY).form(Form::Millions).each(sizing));
}

/// What the months of interest alone bound the size to: their cash covers their interest by the
/// same ratio, taken together at the cost of debt.
fn interest_alone(sheet: &mut Sheet) {
    sheet.section("Months of interest alone");
    for (key, label, unit, form, formula) in [
        ("only", "Pays interest alone", "flag", Form::Whole, "[loan/term]*(1-[loan/paying])"),
        (
            "only_cash",
            "Interest that their cash carries, discounted",
            MONEY,
            Form::Millions,
            "[loan/only]*[loan/factor]*[loan/sizing]/[loan/dscr$]",
        ),
        (
            "only_due",
            "Interest on a dollar, discounted",
            "share",
            Form::Factor,
            "[loan/only]*[loan/factor]*[loan/month_rate$]",
        ),
    ] {
        monthly(sheet, key, (label, unit), (formula, form));
    }
    for (key, label, unit, form, formula) in [
        ("unbound", "Nothing is due there", "flag", Form::Whole, "(SUM([loan/only_due:])=0)*1"),
        (
            "alone",
            "Loan whose interest they carry; all uses where nothing is due",
            MONEY,
            Form::Millions,
            "MAX(SUM([loan/only_cash:]),0)/(SUM([loan/only_due:])+[loan/unbound$])+[loan/unbound$]*[loan/uses$]",
        ),
    ] {
        constant(sheet, key, (label, unit), (formula, form));
    }
}

/// Principal of each month as the terms want it.
fn schedule(sheet: &mut Sheet, terms: &DebtTerms) {
    sheet.section("Schedule");
    let mut add = |key: &str, label: &str, unit: &str, form: Form, formula: &str| {
        monthly(sheet, key, (label, unit), (formula, form));
    };
    let principal = match terms.repayment {
        Repayment::Sculpted { .. } => {
            most(&mut add, terms.rate_frac > 0.0);
            "[loan/term]*MAX([loan/scheduled<]-[loan/most>]*[loan/scale$],-[loan/paying]*MAX([loan/scheduled<]*[loan/month_rate$]-[loan/carried],0))"
        }
        Repayment::Bullet => "[loan/closes]*[loan/scheduled<]",
        Repayment::EqualPrincipal => {
            "[loan/paying]*MIN([loan/scheduled<],[loan/amount$]/([loan/tenor$]-[loan/io$]))"
        }
        Repayment::Level => {
            add("count", "Payments so far", "number", Form::Whole, "[loan/count<]+[loan/paying]");
            add(
                "worth",
                "Value of a payment at the end of interest only",
                "factor",
                Form::Factor,
                "[loan/paying]*(1+[loan/month_rate$])^-[loan/count]",
            );
            "MAX([loan/closes]*[loan/scheduled<],([loan/paying]-[loan/closes])*([loan/payment$]-[loan/scheduled<]*[loan/month_rate$]))"
        }
    };
    match terms.repayment {
        Repayment::Sculpted { .. } => sheet.add(
            Line::new("loan/scale", "Loan over the most that may be owed", "share")
                .constant("[loan/amount$]/MAX(MAX([loan/capacity:]),[const:least])", Form::Percent),
        ),
        Repayment::Level => sheet.add(
            Line::new("loan/payment", "Payment of a month", MONEY)
                .constant("[loan/amount$]/SUM([loan/worth:])", Form::Millions),
        ),
        _ => {}
    }
    let mut add = |key: &str, label: &str, formula: &str| {
        sheet
            .add(Line::new(format!("loan/{key}"), label, MONEY).form(Form::Millions).each(formula));
    };
    add("principal_due", "Principal by the schedule", principal);
    add(
        "scheduled",
        "Balance by the schedule",
        "[loan/scheduled<]+[loan/opens]*[loan/amount$]-[loan/principal_due]",
    );
    add(
        "service_due",
        "Service by the schedule",
        "[loan/term]*[loan/scheduled<]*[loan/month_rate$]+[loan/principal_due]",
    );
    add(
        "ahead",
        "Service of the months ahead",
        "SUMPRODUCT(([time/n:]>[time/n])*([time/n:]<=[time/n]+[loan/reserve_months$])*[loan/service_due:])",
    );
}

/// The most that may be owed, from the end of the term backwards: repaid in time, and its interest
/// within what cash carries in the twelve months from each on.
fn most(add: &mut impl FnMut(&str, &str, &str, Form, &str), bears_interest: bool) {
    let money = Form::Millions;
    let carried = "[loan/term]*MAX([loan/sizing]/[loan/dscr$],0)";
    add("carried", "Service that cash carries", MONEY, money, carried);
    let mut formula = "([loan/most>]+[loan/carried])/(1+[loan/month_rate$])".to_owned();
    if bears_interest {
        add(
            "year_cash",
            "The same, of the year from here on",
            MONEY,
            money,
            "[loan/paying]*SUMPRODUCT(([loan/k:]>=[loan/k])*([loan/k:]<[loan/k]+[loan/k$])*[loan/carried:])",
        );
        add(
            "year_due",
            "Interest of a dollar in that year",
            "share",
            Form::Factor,
            "MAX(MIN([loan/k$],[loan/end$]-[time/n]+1),1)*[loan/month_rate$]",
        );
        formula = format!("MIN({formula},[loan/year_cash]/[loan/year_due])");
    }
    let formula = format!("[loan/paying]*{formula}+[loan/only]*[loan/most>]");
    add("most", "Most that may be owed before the month", MONEY, money, &formula);
    let at_start = "[loan/opens]*[loan/most>]";
    add("capacity", "Most that may be owed at the start of the term", MONEY, money, at_start);
}

fn building(sheet: &mut Sheet, context: &Context) {
    sheet.section("Building");
    let mut add = |key: &str, label: &str, formula: &str, engine: Option<&[f64]>| {
        let line = Line::new(format!("loan/{key}"), label, MONEY).form(Form::Millions);
        sheet.add(line.each(formula).sum().engine(engine));
    };
    add(
        "idc",
        "Interest during construction",
        "[loan/building]*[loan/balance<]*[loan/month_rate$]",
        None,
    );
    let open =
        "[loan/building]*MAX([loan/amount$]-[loan/balance<],0)*[loan/commitment$]/[time/months$]";
    add("commitment_fee", "Fee on what is not drawn", open, None);
    add("upfront_fee", "Fee on the loan", "([time/n]=1)*[loan/amount$]*[loan/upfront$]", None);
    add("first_reserve", "First filling of the reserve", "[loan/opens]*[loan/ahead]", None);
    add("spent", "Capital and replacements", "[capex/paid]+[books/refresh]", None);
    let uses = "[loan/building]*[loan/spent]+[loan/idc]+[loan/commitment_fee]+[loan/upfront_fee]+[loan/first_reserve]";
    add("used", "Uses", uses, None);
    add("draw", "Drawn", "[loan/used]*[loan/part$]", context.cash("drawn"));
    add(
        "progress_cost",
        "Interest and fees to be written off",
        "[loan/idc]+[loan/commitment_fee]+[loan/upfront_fee]",
        None,
    );
    sheet.add(
        Line::new("loan/cost", "Interest during construction and fees", MONEY)
            .constant("[loan/progress_cost#]", Form::Millions),
    );
    sheet.add(
        Line::new("loan/progress", "Of them in progress", MONEY)
            .form(Form::Millions)
            .each("([time/n]<[loan/first$])*([loan/progress<]+[loan/progress_cost])"),
    );
}
