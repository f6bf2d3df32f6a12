//! What the phases make and what is sold, by month.

use super::book::{Form, Line, Sheet};
use super::context::Context;
use crate::finance::project::{Path, Phase, Stream, Unit};

const PHASES: &str = "Phases";
const STREAMS: &str = "Sales";

/// Name of a line of a phase, by its place.
pub(super) fn of_phase(context: &Context, id: &str, line: &str) -> String {
    let at = context.project().phases.iter().position(|p| p.id == id).unwrap_or(0);
    format!("phase/{at}/{line}")
}

/// All phases' lines of one kind, first to last.
pub(super) fn all_phases(context: &Context, line: &str) -> String {
    format!("phase/0/{line}..phase/{}/{line}", context.project().phases.len().saturating_sub(1))
}

pub(super) fn sheet(context: &mut Context) -> Sheet {
    let mut sheet = context.monthly("Sales");
    let project = context.project();
    phases(context, &mut sheet, &project.phases);
    for (n, stream) in project.streams.iter().enumerate() {
        self::stream(context, &mut sheet, n, stream);
    }
    sheet.section("Revenue");
    let last = project.streams.len();
    for (n, stream) in project.streams.iter().enumerate() {
        let engine = context.income(&format!("revenue: {}", stream.id));
        sheet.add(
            Line::new(format!("revenue/{n}"), format!("Revenue: {}", stream.id), "USD, shown in M")
                .form(Form::Millions)
                .each(format!("[stream/{n}/market]+[stream/{n}/contract]"))
                .sum()
                .engine(engine),
        );
    }
    let total =
        if last > 0 { format!("SUM([revenue/0..revenue/{}])", last - 1) } else { "0".into() };
    sheet.add(
        Line::new("revenue", "Revenue", "USD, shown in M")
            .form(Form::Millions)
            .each(total)
            .sum()
            .engine(context.income("revenue"))
            .strong(),
    );
    totals(context, &mut sheet);
    sheet
}

type Field = (&'static str, &'static str, &'static str, Form, fn(&Phase) -> f64);
/// What a phase is: key, name, unit, form, value.
const FIELDS: [Field; 8] = [
    ("service", "Month of service, 0 first", "month", Form::Whole, |p| p.service_month as f64),
    ("ramp_months", "Months of ramp", "months", Form::Whole, |p| p.ramp_months as f64),
    ("ramp_start", "Load at the start of the ramp", "share", Form::Percent, |p| p.ramp_start_frac),
    ("util", "Utilisation after the ramp", "share", Form::Percent, |p| p.utilisation_frac),
    ("loss", "Lost each year after service", "share per year", Form::Percent, |p| {
        p.degradation_frac
    }),
    ("idle", "Energy without load", "share", Form::Percent, |p| p.idle_energy_frac),
    ("it", "IT power", "MW", Form::Tenths, |p| p.it_mw),
    ("gpus", "GPUs", "GPUs", Form::Count, |p| p.gpus),
];

/// Lines of a phase: key, name, unit, form, formula, in which `@` stands for the phase.
const LINES: [(&str, &str, &str, Form, &str); 9] = [
    ("on", "In service", "flag", Form::Whole, "([time/n]>[@service$])*[time/live]"),
    ("age", "Months in service", "months", Form::Whole, "[@on]*([time/n]-1-[@service$])"),
    ("year", "Year of operation, 0 first", "number", Form::Whole, "INT([@age]/[time/months$])"),
    (
        "ramp",
        "Ramp, middle of the month",
        "share",
        Form::Factor,
        "[@on]*MIN(1,[@ramp_start$]+[@slope$]*([@age]+[const:half]))",
    ),
    (
        "kept",
        "Left of the output by age",
        "share",
        Form::Factor,
        "[@on]*(([@age]=0)+([@age]>0)*[@kept<]*(1-[@loss$]*(MOD([@age],[time/months$])=0)))",
    ),
    ("load", "Load: utilisation, ramp and age", "share", Form::Factor, "[@util$]*[@ramp]*[@kept]"),
    (
        "mwh",
        "Energy at the meter",
        "MWh",
        Form::Count,
        "[@on]*[@energy]/[time/months$]*([@idle$]+(1-[@idle$])*[@load])",
    ),
    (
        "mw",
        "Demand at the meter",
        "MW",
        Form::Tenths,
        "[@on]*[@demand]*([@idle$]+(1-[@idle$])*[@load])",
    ),
    ("mwy", "IT power in service", "MW-years", Form::Tenths, "[@on]*[@it$]/[time/months$]"),
];

/// The field of the input that a key stands for.
fn id_of(key: &str) -> &str {
    match key {
        "service" => "service_month",
        "ramp_start" => "ramp_start_frac",
        "util" => "utilisation_frac",
        "loss" => "degradation_frac",
        "idle" => "idle_energy_frac",
        "it" => "it_mw",
        other => other,
    }
}

/// One section for each quantity, so that the phases of a quantity stand together.
fn phases(context: &mut Context, sheet: &mut Sheet, phases: &[Phase]) {
    sheet.section("Phases");
    for (key, name, unit, form, value) in &FIELDS {
        for (n, phase) in phases.iter().enumerate() {
            let id = format!("phases.{}.{}", phase.id, id_of(key));
            let label = format!("{}: {name}", phase.id);
            let input = context.input(PHASES, id, (&label, unit), value(phase));
            // A delay moves service, and nothing that is paid before it.
            let late = if *key == "service" { format!("{input}+[time/delay$]") } else { input };
            let line = Line::new(format!("phase/{n}/{key}"), label, unit);
            sheet.add(line.constant(late, *form));
        }
    }
    for (n, phase) in phases.iter().enumerate() {
        // Half a month stands for no ramp: its first middle of a month is at full load.
        sheet.add(
            Line::new(
                format!("phase/{n}/slope"),
                format!("{}: Rise of the load in the ramp", phase.id),
                "share per month",
            )
            .constant(
                format!("(1-[phase/{n}/ramp_start$])/MAX([phase/{n}/ramp_months$],[const:half])"),
                Form::Factor,
            ),
        );
    }
    sheet.section("Phases by month");
    for (key, name, unit, form, formula) in LINES {
        for (n, phase) in phases.iter().enumerate() {
            let line = Line::new(format!("phase/{n}/{key}"), format!("{}: {name}", phase.id), unit);
            let mut formula = formula.replace('@', &format!("phase/{n}/"));
            if key == "mwy" && phase.it_ratio != Path::one() {
                formula.push_str(&format!("*[phase/{n}/it_ratio]"));
            }
            let line = line.form(form).each(formula);
            sheet.add(if matches!(key, "mwh" | "mwy") { line.sum() } else { line });
        }
        if key == "load" {
            for (n, phase) in phases.iter().enumerate() {
                energy(context, sheet, n, phase);
                renewed(context, sheet, n, phase);
            }
        }
    }
    for (n, phase) in phases.iter().enumerate() {
        let mut formula = format!("[phase/{n}/on]*[phase/{n}/gpus$]*[const:hours]");
        if phase.gpu_ratio != Path::one() {
            formula.push_str(&format!("*[phase/{n}/gpu_ratio]"));
        }
        let label = format!("{}: GPU-hours in service", phase.id);
        sheet.add(
            Line::new(format!("phase/{n}/gpuh"), label, "GPU-hours")
                .form(Form::Count)
                .each(formula)
                .sum(),
        );
    }
}

/// What a phase draws at full load, by year of operation.
fn energy(context: &mut Context, sheet: &mut Sheet, n: usize, phase: &Phase) {
    let later = context.longest().and_then(|p| p.phases.get(n));
    let year = format!("phase/{n}/year");
    for (key, id, what, unit, form, path, later) in [
        (
            "energy",
            "energy_mwh_per_year",
            "Energy of a year at full load",
            "MWh per year",
            Form::Count,
            &phase.energy_mwh_per_year,
            later.map(|p| &p.energy_mwh_per_year),
        ),
        (
            "demand",
            "demand_mw",
            "Demand at full load",
            "MW",
            Form::Tenths,
            &phase.demand_mw,
            later.map(|p| &p.demand_mw),
        ),
    ] {
        let label = format!("{}: {what}", phase.id);
        let id = format!("phases.{}.{id}", phase.id);
        let path = context.path(PHASES, &id, (&label, unit), (path, later));
        for line in path.lines(&format!("phase/{n}/{key}"), (&label, unit), form, &year) {
            sheet.add(line);
        }
    }
}

/// Racks in service over the first ones, by year of operation, where another type replaces them.
fn renewed(context: &mut Context, sheet: &mut Sheet, n: usize, phase: &Phase) {
    let later = context.longest().and_then(|p| p.phases.get(n));
    let year = format!("phase/{n}/year");
    for (key, what, path, later) in [
        (
            "it_ratio",
            "IT power in service over that of the first racks",
            &phase.it_ratio,
            later.map(|p| &p.it_ratio),
        ),
        (
            "gpu_ratio",
            "GPUs in service over those of the first racks",
            &phase.gpu_ratio,
            later.map(|p| &p.gpu_ratio),
        ),
    ] {
        if *path == Path::one() {
            continue;
        }
        let label = format!("{}: {what}", phase.id);
        let id = format!("phases.{}.{key}", phase.id);
        let path = context.path(PHASES, &id, (&label, "factor"), (path, later));
        let key = format!("phase/{n}/{key}");
        for line in path.lines(&key, (&label, "factor"), Form::Factor, &year) {
            sheet.add(line);
        }
    }
}

fn unit_of(unit: Unit) -> &'static str {
    match unit {
        Unit::MillionTokens => "million tokens",
        Unit::GpuHours => "GPU-hours",
        Unit::KwMonths => "kW-months",
        Unit::Other => "units",
    }
}

fn price_form(unit: Unit) -> Form {
    if unit == Unit::Other { Form::Dollars } else { Form::Price }
}

fn stream(context: &mut Context, sheet: &mut Sheet, n: usize, stream: &Stream) {
    let later = context.longest().and_then(|p| p.streams.get(n)).filter(|s| s.id == stream.id);
    let key = |line: &str| format!("stream/{n}/{line}");
    let of = |line: &str| of_phase(context, &stream.phase, line);
    let (on, load, year) = (of("on"), of("load"), of("year"));
    let unit = unit_of(stream.unit);
    let id = &stream.id;
    sheet.section(&format!("{id}, made by phase {}", stream.phase));
    let mut add = |context: &mut Context,
                   line: &str,
                   field: &str,
                   what: (&str, &str),
                   form,
                   path,
                   year: &str| {
        let name = format!("{id}: {}", what.0);
        let path = context.path(STREAMS, &format!("streams.{id}.{field}"), (&name, what.1), path);
        path.lines(&key(line), what, form, year).into_iter().for_each(|line| sheet.add(line));
    };
    let per_year = format!("{unit} per year");
    let paths = (&stream.units_per_year, later.map(|s| &s.units_per_year));
    let what = ("Made in a year at full load", per_year.as_str());
    add(context, "year_made", "units_per_year", what, Form::Count, paths, &year);
    let price_unit = format!("USD per {}", unit.trim_end_matches('s'));
    let paths = (&stream.price, later.map(|s| &s.price));
    let form = price_form(stream.unit);
    add(context, "list", "price", ("Market price", &price_unit), form, paths, "time/myear");
    let paths = (&stream.mix, later.map(|s| &s.mix));
    let what = ("Mix of buyers, factor on the price", "factor");
    add(context, "mix", "mix", what, Form::Factor, paths, &year);
    let mut most = String::new();
    if let Some(demand) = &stream.demand_per_year {
        let later = later.and_then(|s| s.demand_per_year.as_ref());
        let what = ("Most that buyers take in a year", per_year.as_str());
        add(context, "demand", "demand_per_year", what, Form::Count, (demand, later), "time/myear");
        most = format!("[{}]/[time/months$]", key("demand"));
    }
    let count = |line: &str, label: &str, formula: String| {
        Line::new(key(line), label, unit).form(Form::Count).each(formula).sum()
    };
    let made = format!("[{on}]*[{}]/[time/months$]", key("year_made"));
    sheet.add(count("made", "Could be made at full load", made));
    let made = format!("[{}]*[{load}]", key("made"));
    let sold = if most.is_empty() { made } else { format!("MIN({made},{most})") };
    sheet.add(count("sold", "Sold", sold));
    let price = format!("[{}]*[{}]", key("list"), key("mix"));
    sheet.add(Line::new(key("price"), "Price", &price_unit).form(form).each(price));
    contract(context, sheet, n, stream);
}

fn money(key: String, label: &str, formula: impl Into<String>) -> Line {
    Line::new(key, label, "USD, shown in M").form(Form::Millions).each(formula).sum()
}

/// Revenue under contract and at market prices, and what is paid ahead.
fn contract(context: &mut Context, sheet: &mut Sheet, n: usize, stream: &Stream) {
    let at = |text: &str| text.replace('@', &format!("stream/{n}/"));
    let id = &stream.id;
    let Some(contract) = &stream.contract else {
        for (key, label) in [
            ("@contract", "Revenue under contract"),
            ("@ahead", "Of it from what was paid ahead"),
            ("@received", "Received ahead"),
        ] {
            sheet.add(money(at(key), label, "0*[time/n]"));
        }
        sheet.add(money(at("@market"), "Revenue at market prices", at("[@sold]*[@price]")));
        return;
    };
    let later = context.longest().and_then(|p| p.streams.get(n)).filter(|s| s.id == stream.id);
    let later = later.and_then(|s| s.contract.as_ref());
    let of = |line: &str| of_phase(context, &stream.phase, line);
    let (on, age, year, service) = (of("on"), of("age"), of("year"), of("service"));
    let unit = unit_of(stream.unit);
    let price_unit = format!("USD per {}", unit.trim_end_matches('s'));
    let name = format!("{id}: contract price");
    let path = context.path(
        STREAMS,
        &format!("streams.{id}.contract.price"),
        (&name, &price_unit),
        (&contract.price, later.map(|c| &c.price)),
    );
    let mut input = |field: &str, what: &str, unit: &str, value: f64| {
        let name = format!("{id}: {what}");
        context.input(STREAMS, format!("streams.{id}.contract.{field}"), (&name, unit), value)
    };
    let term = input(
        "term_months",
        "months of contract from service",
        "months",
        contract.term_months as f64,
    );
    let least = input(
        "take_or_pay_frac",
        "least load that is paid for",
        "share",
        contract.take_or_pay_frac,
    );
    let lost = input(
        "service_credit_frac",
        "share of invoices credited for missed service levels",
        "share",
        contract.service_credit_frac,
    );
    sheet.add(
        Line::new(at("@under"), "Under contract", "flag")
            .form(Form::Whole)
            .constant(term, Form::Whole)
            .each(at(&format!("[{on}]*([{age}]<[@under$])"))),
    );
    sheet.add(
        Line::new(at("@paid"), "Paid for under contract", unit)
            .form(Form::Count)
            .constant(least, Form::Percent)
            .each(at("[@under]*MAX([@sold],[@made]*[@paid$])"))
            .sum(),
    );
    let form = price_form(stream.unit);
    let year = contract_year(context, sheet, (n, stream), [&on, &age, &year]);
    for line in path.lines(&at("@agreed"), ("Contract price", &price_unit), form, &year) {
        sheet.add(line);
    }
    sheet.add(
        money(at("@invoice"), "Invoiced under contract", at("[@paid]*[@agreed]*(1-[@invoice$])"))
            .constant(lost, Form::Percent),
    );
    prepaid(context, sheet, n, stream, &service);
    sheet.add(money(at("@contract"), "Revenue under contract", at("[@invoice]+[@expired]")));
    let market = at("(1-[@under])*[@sold]*[@price]");
    sheet.add(money(at("@market"), "Revenue at market prices", market));
}

/// Line of the year of the contract, 0 first: that of the phase, unless the contract ran before it.
fn contract_year(
    context: &mut Context,
    sheet: &mut Sheet,
    (n, stream): (usize, &Stream),
    [on, age, year]: [&str; 3],
) -> String {
    let passed = stream.contract.as_ref().map_or(0, |c| c.aged_months);
    if passed == 0 {
        return year.to_owned();
    }
    let key = format!("stream/{n}/contract_year");
    let name = format!("{}: months of the contract before this phase", stream.id);
    let id = format!("streams.{}.contract.aged_months", stream.id);
    let input = context.input(STREAMS, id, (&name, "months"), passed as f64);
    sheet.add(
        Line::new(key.clone(), "Year of the contract, 0 first", "number")
            .form(Form::Whole)
            .constant(input, Form::Whole)
            .each(format!("[{on}]*INT(([{age}]+[{key}$])/[time/months$])")),
    );
    key
}

/// Money of a customer before what it buys: used by invoices, the rest earned when it expires.
fn prepaid(context: &mut Context, sheet: &mut Sheet, n: usize, stream: &Stream, service: &str) {
    let at = |text: &str| text.replace('@', &format!("stream/{n}/"));
    let id = &stream.id;
    let ahead = stream.contract.as_ref().and_then(|c| c.prepaid).filter(|p| p.usd > 0.0);
    let Some(ahead) = ahead else {
        for (key, label) in [
            ("@expired", "Paid ahead and never used"),
            ("@ahead", "Of it from what was paid ahead"),
            ("@received", "Received ahead"),
        ] {
            sheet.add(money(at(key), label, "0*[time/n]"));
        }
        return;
    };
    let mut input = |field: &str, what: &str, unit: &str, value: f64| {
        let name = format!("{id}: {what}");
        context.input(
            STREAMS,
            format!("streams.{id}.contract.prepaid.{field}"),
            (&name, unit),
            value,
        )
    };
    let usd = input("usd", "paid ahead", "USD", ahead.usd);
    let before =
        input("months_before", "months before service", "months", ahead.months_before as f64);
    let expiry =
        input("expiry_months", "months until it expires", "months", ahead.expiry_months as f64);
    let lost = input("breakage_frac", "share that is never used", "share", ahead.breakage_frac);
    let when = format!("MAX([{service}$]-{before},0)");
    sheet.add(
        Line::new(at("@when"), "Month in which it is received, 0 first", "month")
            .constant(when, Form::Whole),
    );
    let end = format!("MIN([{service}$]+{expiry},[time/horizon$]-1)");
    sheet.add(
        Line::new(at("@ends"), "Month in which it expires, 0 first", "month")
            .constant(end, Form::Whole),
    );
    let usable = at(&format!("[@received$]*(1-{lost})"));
    sheet.add(
        money(at("@received"), "Received ahead", at("([time/n]=[@when$]+1)*[@received$]"))
            .constant(usd, Form::Millions),
    );
    sheet.add(
        money(
            at("@used"),
            "Used by invoices; constant: what can be",
            at("([time/n]<=[@ends$]+1)*MIN(MAX([@invoice],0),[@used$]-[@usedsofar<])"),
        )
        .constant(usable, Form::Millions),
    );
    let line = Line::new(at("@usedsofar"), "Used so far", "USD, shown in M").form(Form::Millions);
    sheet.add(line.each(at("[@usedsofar<]+[@used]")));
    let expired = at("([time/n]=[@ends$]+1)*([@received$]-[@usedsofar])");
    sheet.add(money(at("@expired"), "Paid ahead and never used", expired));
    sheet.add(money(at("@ahead"), "Of it from what was paid ahead", at("[@used]+[@expired]")));
}

/// What levelised costs are over: a line for each part, then their sum.
fn totals(context: &Context, sheet: &mut Sheet) {
    let streams = &context.project().streams;
    let of = |line: &str, pick: &dyn Fn(&Stream) -> bool| -> Vec<(String, String)> {
        let list = streams.iter().enumerate().filter(|(_, s)| pick(s));
        list.map(|(n, s)| (s.id.clone(), line.replace('@', &n.to_string()))).collect()
    };
    let tokens = |s: &Stream| s.unit == Unit::MillionTokens;
    let contract = |s: &Stream| s.contract.is_some();
    let (count, money, usd) = (Form::Count, Form::Millions, "USD, shown in M");
    // What was paid ahead and never used bought no tokens.
    let bought = |(n, s): (usize, &Stream)| {
        let lost = if contract(s) { format!("-[stream/{n}/expired]") } else { String::new() };
        tokens(s).then(|| (s.id.clone(), format!("[revenue/{n}]{lost}")))
    };
    let bought: Vec<(String, String)> = streams.iter().enumerate().filter_map(bought).collect();
    for (key, label, unit, form, parts) in [
        ("sales/tokens", "Tokens sold", "million tokens", count, of("[stream/@/sold]", &tokens)),
        ("sales/token_revenue", "Revenue of tokens", usd, money, bought),
        (
            "sales/contracted",
            "Revenue under contract",
            usd,
            money,
            of("[stream/@/contract]", &contract),
        ),
        ("sales/ahead", "Revenue paid ahead", usd, money, of("[stream/@/ahead]", &contract)),
        ("sales/received", "Received ahead", usd, money, of("[stream/@/received]", &contract)),
        (
            "sales/over",
            "Sold beyond what could be made",
            "units",
            count,
            of("MAX([stream/@/sold]-[stream/@/made],0)", &|_| true),
        ),
    ] {
        sheet.section(label);
        let last = parts.len();
        for (n, (id, formula)) in parts.into_iter().enumerate() {
            let line = Line::new(format!("{key}/{n}"), format!("{label}: {id}"), unit);
            sheet.add(line.form(form).each(formula));
        }
        let sum = match last {
            0 => "0*[time/n]".to_owned(),
            last => format!("SUM([{key}/0..{key}/{}])", last - 1),
        };
        sheet.add(Line::new(key, label, unit).form(form).each(sum).sum().strong());
    }
    sheet.section("All phases");
    let sum = |line: &str| format!("SUM([{}])", all_phases(context, line));
    for (key, label, unit, form, formula) in [
        ("sales/gpuh", "GPU-hours in service", "GPU-hours", count, sum("gpuh")),
        ("sales/mwy", "IT power in service", "MW-years", Form::Tenths, sum("mwy")),
        ("sales/mwh", "Energy at the meter", "MWh", count, sum("mwh")),
    ] {
        sheet.add(Line::new(key, label, unit).form(form).each(formula).sum());
    }
    sheet
        .add(Line::new("sales/mw", "Demand at the meter", "MW").form(Form::Tenths).each(sum("mw")));
}
