//! Internal rates by live formulas: the value at a ladder of rates, a bracket wherever it changes
//! its sign, and in each bracket a few halvings and steps of Newton. A spreadsheet's own search
//! starts at one guess and finds none, or one of several, where inputs move far.

use super::book::{Axis, Form, Line, Sheet};
use super::context::Context;

pub(super) const NAME: &str = "Internal rates";

/// Rungs of the ladder; odd, so that nothing stands in the middle.
const RUNGS: usize = 121;
/// Halvings of a bracket, then steps of Newton within it: what is left is below rounding.
const HALVINGS: usize = 6;
const STEPS: usize = 4;

/// The sheet, for views by key and name.
pub(super) fn sheet(context: &mut Context, views: &[(&str, &str)]) -> Sheet {
    let mut sheet = context.other(NAME, Axis::Tables, RUNGS);
    sheet.section("Ladder of rates, close around nothing");
    let mut add = |key: &str, label: &str, unit: &str, constant: &str, form: Form, each: &str| {
        let line = Line::new(key, label, unit).form(form);
        let line = if constant.is_empty() { line } else { line.constant(constant, Form::Factor) };
        sheet.add(line.each(each));
    };
    add("rate/i", "Rung, 1 first", "number", "", Form::Whole, "[rate/i<]+1");
    let half = "(COUNT([rate/i:])-1)*[const:half]";
    add("rate/u", "Place", "-1 to 1", half, Form::Factor, "([rate/i]-1)/[rate/u$]-1");
    let most = "[const:ladder]^(1/[const:months])";
    let growth = "[rate/growth$]^([rate/u]*[rate/u]*[rate/u])";
    add("rate/growth", "Growth of a month", "factor", most, Form::Factor, growth);
    let rate = "[rate/growth]^[const:months]-1";
    add("rate/rate", "Rate of a year", "share per year", "", Form::Percent, rate);
    let ratio = "[rate/growth]/([rate/growth<]+([rate/i]=1)*[rate/growth])";
    add("rate/ratio", "Growth over that of the rung before", "ratio", "", Form::Factor, ratio);
    for (key, name) in views {
        view(&mut sheet, key, name);
    }
    sheet.note("Rates are searched from -99.99 % to 999,900 % a year; two that lie within one rung are not found");
    sheet
}

fn view(sheet: &mut Sheet, key: &str, name: &str) {
    let of =
        |text: &str| text.replace('@', &format!("{key}/r/")).replace('~', &format!("{key}/flow"));
    sheet.section(&format!("Rates of the flow {name}"));
    let mut add = |key: &str, label: &str, unit: &str, form: Form, each: &str| {
        let line = Line::new(of(key), label, unit).form(form).each(of(each));
        sheet.add(if key == "@change" { line.sum() } else { line });
    };
    let (money, flag, factor) = (Form::Millions, Form::Whole, Form::Factor);
    let usd = "USD, shown in M";
    add("@value", "Value at the rate", usd, money, "SUMPRODUCT([~:],[rate/growth]^-[time/n:])");
    add("@sign", "It is positive", "flag", flag, "([@value]>0)*1");
    let change = "([rate/i]>1)*([@sign]<>[@sign<])";
    add("@change", "It has changed its sign since the rung before", "flag", flag, change);
    add("@order", "Changes so far", "number", flag, "[@order<]+[@change]");
    add("@low0", "Low end", "factor", factor, "[rate/growth]/[rate/ratio]^[@change]");
    add("@wide0", "High end over low end", "ratio", factor, "[rate/ratio]");
    for n in 1..=HALVINGS {
        let mut step = |key: &str, label: &str, unit: &str, form: Form, each: &str| {
            add(
                &numbered(key, n),
                &format!("{label}, halving {n}"),
                unit,
                form,
                &numbered(each, n),
            );
        };
        step("@wide!", "High end over low end", "ratio", factor, "[@wide?]^[const:half]");
        let value = "IF([@change]=1,SUMPRODUCT([~:],([@low?]*[@wide!])^-[time/n:]),0)";
        step("@middle!", "Value in the middle", usd, money, value);
        // What lies on the low side moves the low end.
        let low = "[@low?]*[@wide!]^([@change]*(([@middle!]>0)*1<>[@sign]))";
        step("@low!", "Low end", "factor", factor, low);
    }
    let (low, wide) = (format!("[@low{HALVINGS}]"), format!("[@wide{HALVINGS}]"));
    let middle = format!("{low}*{wide}^[const:half]");
    add("@g0", "Middle of the bracket", "factor", factor, &middle);
    for n in 1..=STEPS {
        let mut step = |key: &str, label: &str, unit: &str, form: Form, each: &str| {
            add(&numbered(key, n), &format!("{label}, step {n}"), unit, form, &numbered(each, n));
        };
        let slope = "IF([@change]=1,SUMPRODUCT([~:],[time/n:],[@g?]^-[time/n:]),0)";
        step("@s!", "Value of flows times months", "USD x months", Form::Count, slope);
        // The value itself would be a cell of mere rounding.
        let newton = "IF([@change]=1,[@g?]+SUMPRODUCT([~:],[@g?]^-[time/n:])*[@g?]/[@s!],0)";
        step("@h!", "Growth where its tangent meets zero", "factor", factor, newton);
        let within = format!("MIN(MAX([@h!],{low}),{low}*{wide})");
        step("@g!", "Growth of a month", "factor", factor, &within);
    }
    let rate = format!("[@change]*([@g{STEPS}]^[const:months]-1)");
    add("@rate", "Internal rate", "share per year", Form::Percent, &rate);
}

/// Keys of a step: `!` is its own number, `?` that of the one before.
fn numbered(text: &str, n: usize) -> String {
    text.replace('?', &(n - 1).to_string()).replace('!', &n.to_string())
}
