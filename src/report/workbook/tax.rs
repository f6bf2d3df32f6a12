//! Income tax by fiscal year, without a loan and with it.

use super::book::{Form, Line, Sheet};
use super::context::Context;
use crate::finance::tax::Losses;

const MONEY: &str = "USD, shown in M";
const RULES: &str = "Tax";

pub(super) fn sheet(context: &mut Context) -> Sheet {
    let mut sheet = context.yearly("Tax");
    let rules = context.project().tax;
    sheet.section("Rules");
    let mut rule = |key: &str, id: &str, name: &str, value: f64| {
        let input = context.input(RULES, format!("tax.{id}"), (name, "share"), value);
        Line::new(key, name, "share").constant(input, Form::Percent)
    };
    let mut lines = vec![
        rule("tax/rate", "federal_frac", "Federal rate", rules.federal_frac),
        rule(
            "tax/staterate",
            "state_frac",
            "State rate, deducted from federal income",
            rules.state_frac,
        ),
    ];
    if let Losses::CarriedForward { limit_frac } = rules.losses {
        let name = "Share of income that losses carried forward may offset";
        lines.push(rule("tax/offset", "losses.limit_frac", name, limit_frac));
    }
    if let Some(limit) = rules.interest_limit {
        let name = "Share of income that interest may take";
        lines.push(rule("tax/limit", "interest_limit.frac", name, limit.frac));
    }
    lines.into_iter().for_each(|line| sheet.add(line));
    sheet.note(format!("Mode: {}", rules.losses.label()));
    sheet.section("Income");
    sheet.add(
        Line::new("tax/income", "EBITDA", MONEY)
            .form(Form::Millions)
            .each("SUMIFS([ebitda:],[time/year:],[years/i])")
            .sum(),
    );
    assessment(context, &mut sheet, "u", "Without a loan", "0*[years/i]");
    if context.project().debt.is_some() {
        let interest = "SUMIFS([loan/interest:],[time/year:],[years/i])";
        assessment(context, &mut sheet, "l", "With the loan", interest);
    }
    sheet
}

/// Tax of each year; `prefix` tells the assessments apart.
fn assessment(context: &Context, sheet: &mut Sheet, prefix: &str, name: &str, interest: &str) {
    let rules = context.project().tax;
    let forward = matches!(rules.losses, Losses::CarriedForward { .. });
    // Interest while building and fees are deducted with the loan alone.
    let deducted = if prefix == "l" { "taxl" } else { "tax" };
    sheet.section(name);
    let mut add = |key: &str, label: &str, formula: &str| {
        let line = Line::new(format!("{prefix}/{key}"), label, MONEY).form(Form::Millions);
        let formula = formula.replace('@', &format!("{prefix}/")).replace('&', deducted);
        sheet.add(line.each(formula));
    };
    add("interest", "Interest of the year", interest);
    add("claimed", "Interest that may be claimed", "[@interest]+[@interest_carried<]");
    let limited = match rules.interest_limit {
        None => "[@claimed]",
        Some(limit) => {
            let adjusted = match limit.before_depreciation {
                true => "[tax/income]",
                false => "[tax/income]-[&/federal]+[&/federal_gain]",
            };
            add("adjusted", "Income that limits interest", adjusted);
            "MIN([@claimed],[tax/limit$]*MAX([@adjusted],0))"
        }
    };
    add("deducted", "Interest deducted", limited);
    add("interest_carried", "Interest carried forward", "[@claimed]-[@deducted]");
    let state = "[tax/income]-[@deducted]-[&/state]+[&/state_gain]";
    add("state_income", "State income before losses", state);
    losses(&mut add, "state", forward);
    add("state_tax", "State tax", "[tax/staterate$]*[@state_base]");
    let federal = "[tax/income]-[@deducted]-[&/federal]+[&/federal_gain]-[@state_tax]";
    add("federal_income", "Federal income before losses", federal);
    losses(&mut add, "federal", forward);
    add("federal_tax", "Federal tax", "[tax/rate$]*[@federal_base]");
    let line = Line::new(format!("{prefix}/tax"), "Tax", MONEY).form(Form::Millions);
    let formula = format!("([{prefix}/state_tax]+[{prefix}/federal_tax])*[years/live]");
    sheet.add(line.each(formula).sum().strong());
}

/// Losses that are used, income that is taxed, losses that are left.
fn losses(add: &mut dyn FnMut(&str, &str, &str), kind: &str, forward: bool) {
    let key = |line: &str| format!("{kind}_{line}");
    let of = |text: &str| text.replace('~', &format!("@{kind}_"));
    let name = if kind == "state" { "State" } else { "Federal" };
    if !forward {
        add(&key("base"), &format!("{name} income taxed"), &of("[~income]"));
        return;
    }
    add(
        &key("used"),
        &format!("{name} losses used"),
        &of("MIN([~carried<],[tax/offset$]*MAX([~income],0))"),
    );
    add(&key("base"), &format!("{name} income taxed"), &of("MAX([~income],0)-[~used]"));
    add(
        &key("carried"),
        &format!("{name} losses carried forward"),
        &of("[~carried<]-[~used]+MAX(-[~income],0)"),
    );
}
