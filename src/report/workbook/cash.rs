//! Flows of the project without a loan, by month, and what they return.

use super::book::{Axis, CONSTANT, Cell, Form, LABEL, Line, Role, Sheet, UNIT};
use super::context::{Context, cell_of};
use crate::finance::project::Returns;
use crate::finance::{Figure, Undefined};

const MONEY: &str = "USD, shown in M";

/// Lines of the flows of one view: key, its discount factor, what stands in its names.
struct View {
    /// Prefix of its lines and results.
    key: &'static str,
    name: &'static str,
    factor: &'static str,
}

const VIEWS: [View; 3] = [
    View { key: "after", name: "after tax, no loan", factor: "time/df" },
    View { key: "pretax", name: "before tax, no loan", factor: "time/df" },
    View { key: "owners", name: "owners", factor: "time/dfe" },
];

pub(super) fn sheet(context: &mut Context) -> Sheet {
    let mut sheet = context.monthly("Cash flow");
    let money = |key: &str, label: &str, formula: &str| {
        Line::new(key, label, MONEY).form(Form::Millions).each(formula)
    };
    sheet.section("Tax, paid in instalments that follow the earnings of the year");
    sheet.add(money("cash/earned", "Positive EBITDA", "MAX([ebitda],0)"));
    let of_year = "SUMIFS([cash/earned:],[time/year:],[time/year])";
    sheet.add(money("cash/yearearned", "Of the fiscal year", of_year));
    instalments(&mut sheet, "u", "Tax without a loan");
    if let Some(line) = sheet.lines.last_mut() {
        line.engine = context.flow("tax, no loan").map(<[f64]>::to_vec);
    }
    sheet.section("Flows without a loan");
    for (key, label, formula, engine) in [
        ("flow/before", "EBITDA less the rise of working capital", "[cash/before_tax]", None),
        ("flow/capital", "Capital", "-[capex/paid]", context.cash("capital")),
        ("flow/refresh", "Replacements", "-[books/refresh]", context.cash("refresh")),
        ("flow/proceeds", "Proceeds of disposal", "[books/proceeds]", None),
    ] {
        sheet.add(money(key, label, formula).net().engine(engine));
    }
    let pretax = "[flow/before]+[flow/capital]+[flow/refresh]+[flow/proceeds]";
    sheet.add(
        money("pretax/flow", "Flow before tax", pretax)
            .net()
            .engine(context.flow("before tax, no loan"))
            .strong(),
    );
    sheet.add(money("flow/tax", "Tax", "-[u/paid]").net());
    sheet.add(
        money("after/flow", "Flow after tax", "[pretax/flow]+[flow/tax]")
            .net()
            .engine(context.flow("after tax, no loan"))
            .strong(),
    );
    if context.project().debt.is_none() {
        sheet.add(
            money("owners/flow", "Flow of the owners", "[after/flow]")
                .engine(context.flow("owners")),
        );
    }
    for view in &VIEWS {
        measures(&mut sheet, view);
    }
    levelised(&mut sheet);
    sheet
}

/// Tax of a fiscal year, paid by month.
pub(super) fn instalments(sheet: &mut Sheet, prefix: &str, label: &str) {
    let year = format!("INDEX([{prefix}/tax:],[time/year]+1)*[time/live]");
    let line = Line::new(format!("{prefix}/yeartax"), format!("{label}, of the year"), MONEY);
    sheet.add(line.form(Form::Millions).each(year));
    let paid = format!(
        "[{prefix}/yeartax]*MAX([cash/earned]/([cash/yearearned]+([cash/yearearned]=0)),([cash/yearearned]=0)*[time/closes])"
    );
    let line = Line::new(format!("{prefix}/paid"), label, MONEY).form(Form::Millions).each(paid);
    sheet.add(line.net());
}

/// Cumulative flows and crossings: what paybacks are found from.
fn measures(sheet: &mut Sheet, view: &View) {
    sheet.section(&format!("Value and payback: {}", view.name));
    let factor = view.factor;
    let of = |text: &str| text.replace('@', &format!("{}/", view.key)).replace('~', factor);
    let mut add = |key: &str, label: &str, unit: &str, form: Form, formula: &str| {
        let line = Line::new(of(key), label, unit).form(form);
        sheet.add(line.each(of(formula)));
    };
    let (money, flag, years) = (Form::Millions, Form::Whole, Form::Factor);
    add("@value", "Present value", MONEY, money, "[@flow]*[~]");
    add("@in", "Inflow", MONEY, money, "MAX([@flow],0)");
    add("@out", "Outflow", MONEY, money, "MAX(-[@flow],0)");
    for (key, flow, label) in
        [("", "@flow", "Cumulative flow"), ("d", "@value", "Cumulative present value")]
    {
        let row = |text: &str| text.replace('%', key).replace('&', flow);
        add(&row("@cum%"), label, MONEY, money, &row("[@cum%<]+[&]*[time/live]"));
        add(
            &row("@turn%"),
            "Turns from negative",
            "flag",
            flag,
            &row("([@cum%<]<0)*([@cum%]>=0)*[time/live]"),
        );
        add(
            &row("@at%"),
            "When, linear within the month",
            "years",
            years,
            &row("[@turn%]*([time/t]-(1+[@cum%<]/([&]+([&]=0)))/[time/months$])"),
        );
        add(
            &row("@firsttime%"),
            "For the first time",
            "flag",
            flag,
            &row("[@turn%]*([@turned%<]=0)"),
        );
        add(&row("@turned%"), "Times it has turned", "number", flag, &row("[@turned%<]+[@turn%]"));
    }
}

fn levelised(sheet: &mut Sheet) {
    sheet.section("Cost before tax: capital, replacements and running cost less proceeds");
    let cost = "[opex]+[capex/paid]+[books/refresh]-[books/proceeds]";
    let line = Line::new("cost/flow", "Cost", MONEY).form(Form::Millions);
    sheet.add(line.each(cost).net());
}

/// The search for internal rates.
pub(super) fn rates(context: &mut Context) -> Sheet {
    super::rates::sheet(context, &VIEWS.map(|view| (view.key, view.name)))
}

/// The figures that the flows return: scalars.
pub(super) fn returns(context: &mut Context) -> Sheet {
    let mut sheet = context.other("Returns", Axis::None, 0);
    sheet.widths = vec![62.0, 32.0, 30.0, 10.0];
    let results = &context.source.evaluation.results;
    for view in &VIEWS {
        let (of, engine) = match view.key {
            "after" => ("After tax, without a loan", &results.unlevered),
            "pretax" => ("Before tax, without a loan", &results.pretax),
            _ => ("Owners, after tax and loan", &results.levered),
        };
        self::measure(&mut sheet, view, of, engine);
    }
    first_year(context, &mut sheet);
    unit_costs(context, &mut sheet);
    sheet
}

/// The first whole fiscal year in which every phase runs at full load.
fn first_year(context: &Context, sheet: &mut Sheet) {
    let results = &context.source.evaluation.results;
    sheet.section("First full year");
    let phases = context.project().phases.len();
    let ready: Vec<String> =
        (0..phases).map(|n| format!("[phase/{n}/service$]+[phase/{n}/ramp_months$]")).collect();
    let ready = if ready.is_empty() { "0".to_owned() } else { format!("MAX({})", ready.join(",")) };
    sheet.add(scalar(
        "year/ready",
        "Month from which all run at full load, 0 first",
        "month",
        ready,
        Form::Whole,
    ));
    let year = "-INT(-([year/ready]+[time/offset$])/[time/months$])";
    sheet.add(scalar("year/i", "Fiscal year, 0 first", "number", year.into(), Form::Whole));
    let whole = "(([year/i]+1)*[time/months$]-[time/offset$]<=[time/horizon$])*1";
    let label = "The model holds all its months";
    sheet.add(scalar("year/whole", label, "flag", whole.into(), Form::Whole));
    let name = of_year("INDEX([years/fy:],[year/i]+1)");
    sheet.add(scalar("year/fy", "Fiscal year", "year", name, Form::Whole));
    for (key, label, unit, formula, known) in [
        (
            "year/revenue",
            "Revenue",
            MONEY,
            of_year("INDEX([s/revenue:],[year/i]+1)"),
            &results.revenue_usd_per_year,
        ),
        (
            "year/ebitda",
            "EBITDA",
            MONEY,
            of_year("INDEX([s/ebitda:],[year/i]+1)"),
            &results.ebitda_usd_per_year,
        ),
    ] {
        figure(sheet, (key, label, unit), formula, Form::Millions, known);
    }
    for (key, label, unit, formula, form) in [
        // A number where the figure is words.
        ("sales", "Sold", MONEY, "SUMPRODUCT(([years/i:]=[year/i])*[s/revenue:])", Form::Millions),
        (
            "mw",
            "IT power in service",
            "MW-years",
            "SUMIFS([sales/mwy:],[time/year:],[year/i])",
            Form::Tenths,
        ),
        (
            "sold",
            "Sold under contract",
            MONEY,
            "SUMIFS([sales/contracted:],[time/year:],[year/i])",
            Form::Millions,
        ),
    ] {
        let formula = format!("[year/whole]*{formula}");
        sheet.add(scalar(&format!("year/{key}"), label, unit, formula, form));
    }
    let what = ("year/revenue_mw", "Revenue per MW of IT", "USD per MW-year, shown in M");
    let known = &results.revenue_usd_per_mw_year;
    figure(sheet, what, per("[year/sales]", "[year/mw]"), Form::Millions, known);
    let what = ("year/contracted", "Of the revenue under contract", "share");
    let known = &results.contracted_frac;
    figure(sheet, what, per("[year/sold]", "[year/sales]"), Form::Percent, known);
    let key = context.source.keys.iter().find(|k| k.id == "capex_usd_per_mw");
    if let (Some(key), Some(_)) = (key, context.source.contract_mw) {
        let what = ("year/capex_mw", "Capital per MW of grid power", "USD per MW, shown in M");
        let formula = per("[capex/paid$]", &cell_of(super::links::CONTRACT));
        figure(sheet, what, formula, Form::Millions, &key.value);
    }
}

fn scalar(key: &str, label: &str, unit: &str, formula: String, form: Form) -> Line {
    Line::of(vec![
        Cell::text(LABEL, label, Role::Plain),
        Cell::formula(CONSTANT, formula, form).key(key),
        Cell::text(UNIT, unit, Role::Subtitle),
    ])
}

fn measure(sheet: &mut Sheet, view: &View, name: &str, engine: &Returns) {
    sheet.section(name);
    let of = |text: &str| text.replace('@', &format!("{}/", view.key)).replace('~', view.factor);
    let mut add =
        |key: &str, label: &str, unit: &str, form: Form, formula: &str, known: Option<f64>| {
            let mut line = scalar(&of(key), label, unit, of(formula), form);
            if let Some(cell) = line.cells.get_mut(1) {
                cell.engine = known;
            }
            sheet.add(line);
        };
    let (money, share, years, ratio) = (Form::Millions, Form::Percent, Form::Tenths, Form::Factor);
    add(
        "@npv",
        "Net present value",
        MONEY,
        money,
        "SUMPRODUCT([~:],[@flow:])",
        Some(engine.npv_usd),
    );
    let dated = "XNPV([@ratecell],[@flow:],[time/end:])";
    add("@ratecell", "Discount rate", "share per year", share, rate_of(view.key), None);
    add(
        "@xnpv",
        "The same by dates, actual days over 365, from the first month's end",
        MONEY,
        money,
        dated,
        None,
    );
    add("@pvin", "Present value of inflows", MONEY, money, "SUMPRODUCT([~:],[@in:])", None);
    add("@pvout", "Present value of outflows", MONEY, money, "SUMPRODUCT([~:],[@out:])", None);
    let grown = "SUMPRODUCT([time/dfr:],[@in:])";
    add("@grown", "Inflows at the rate that they earn", MONEY, money, grown, None);
    let borrowed = "SUMPRODUCT([time/dff:],[@out:])";
    add("@borrowed", "Outflows at the rate that they cost", MONEY, money, borrowed, None);
    add("@sumin", "Sum of inflows", MONEY, money, "SUM([@in:])", None);
    add("@sumout", "Sum of outflows", MONEY, money, "SUM([@out:])", None);
    let never = Undefined::NeverRecovered;
    for (at, flow, name) in [("", "[@flow:]", ""), ("d", "[@value:]", ", discounted")] {
        // To the dollar: below it a sum is zero but for rounding.
        let mut whole = |key: &str, label: &str, sum: &str| {
            let formula = format!("INT({sum}+[const:half])");
            add(&format!("@{at}{key}"), &format!("{label}{name}"), MONEY, money, &formula, None);
        };
        whole("low", "Least cumulative flow", &format!("MIN([@cum{at}:])"));
        whole("end", "Flow cumulated to the end", &format!("SUMPRODUCT({flow},[time/live:])"));
        let (times, label) = (format!("MAX([@turned{at}:])"), format!("Times it turns{name}"));
        add(&format!("@{at}times"), &label, "number", Form::Whole, &times, None);
        let label = format!("Words where nothing is recovered{name}");
        let words = where_so(&format!("[@{at}low]>=0"), "0", never);
        add(&format!("@{at}never"), &label, "words", Form::Whole, &words, None);
    }
    rate(sheet, view, engine);
    // A change of inputs may bring a figure about, or take it away: words stand in the formula.
    let mut figure =
        |key: &str, label: &str, (unit, form): (&str, Form), formula: &str, known: &Figure| {
            self::figure(sheet, (&of(key), label, unit), of(formula), form, known);
        };
    let (rate, ratio, years) = (("share per year", share), ("ratio", ratio), ("years", years));
    let grown = "([@grown]/[@borrowed])^([time/months$]/[time/horizon$])*(1+[time/reinvest$])-1";
    let mirr = where_so("[@grown]*[@borrowed]>0", grown, Undefined::NoSignChange);
    figure("@mirr", "Modified internal rate of return", rate, &mirr, &engine.mirr);
    let nothing = Undefined::NothingInvested;
    let index = where_so("[@pvout]>0", "[@pvin]/[@pvout]", nothing);
    figure("@index", "Profitability index", ratio, &index, &engine.profitability_index);
    let multiple = where_so("[@sumout]>0", "[@sumin]/[@sumout]", nothing);
    figure("@multiple", "Inflows over outflows", ratio, &multiple, &engine.multiple);
    for (at, name, known) in
        [("", "Payback", &engine.payback), ("d", "Discounted payback", &engine.discounted_payback)]
    {
        let once = format!("SUMPRODUCT([@at{at}:],[@firsttime{at}:])");
        let first = format!("IF([@{at}times]>0,{once},[@{at}never])");
        figure(&format!("@{at}payfirst"), &format!("{name}, first"), years, &first, &known.first);
        let last = where_so(&format!("[@{at}end]>=0"), &format!("MAX([@at{at}:])"), never);
        figure(&format!("@{at}paylast"), &format!("{name}, final"), years, &last, &known.last);
    }
}

/// A formula where a condition holds, words of what is missing where not.
fn where_so(holds: &str, formula: &str, missing: Undefined) -> String {
    format!("IF({holds},{formula},\"{missing}\")")
}

fn rate_of(view: &str) -> &'static str {
    if view == "owners" { "[time/equity$]" } else { "[time/rate$]" }
}

/// The internal rate where there is one, words where there is none or several, and which they are.
fn rate(sheet: &mut Sheet, view: &View, engine: &Returns) {
    let of = |text: &str| text.replace('@', &format!("{}/", view.key));
    let share = "share per year";
    let found = engine.irr.rates();
    let mut add = |key: &str, label: &str, unit: &str, formula: &str, known: Option<f64>| {
        let form = if unit == share { Form::Percent } else { Form::Whole };
        let mut line = scalar(&of(key), label, unit, of(formula), form);
        if let Some(cell) = line.cells.get_mut(1) {
            cell.engine = known;
            cell.look.right = true;
        }
        sheet.add(line);
    };
    let signs = "(MAX([@flow:])>0)*(MIN([@flow:])<0)";
    add("@signs", "Flows change their sign", "flag", signs, None);
    let count = found.len() as f64;
    add("@rates", "Rates at which the value is zero", "number", "[@r/change#]", Some(count));
    let none = format!("IF([@signs]=1,\"{}\",\"{}\")", Undefined::NoRoot, Undefined::NoSignChange);
    add("@none", "Words where there is no rate", "words", &none, None);
    let several = "IF([@rates]>1,\"ambiguous: see the rates below\",[@none])";
    add("@why", "Words where there is none or several", "words", several, None);
    let least = "SUMPRODUCT(([@r/order:]=1)*[@r/rate:])";
    let most = "SUMPRODUCT(([@r/order:]=[@rates])*[@r/rate:])";
    let one = found.first().copied().filter(|_| found.len() == 1);
    add("@irr", "Internal rate of return", share, "IF([@rates]=1,[@least],[@why])", one);
    let dated = "IF([@rates]=1,XIRR([@flow:],[time/end:],[@irr]),[@why])";
    add("@xirr", "The same by dates, actual days over 365", share, dated, None);
    let all = "all of them on the sheet Internal rates";
    let (least, most) = ((least, found.first()), (most, found.last()));
    for (key, label, (formula, known)) in
        [("@least", "Least rate", least), ("@most", "Greatest rate", most)]
    {
        let label = format!("{label} at which the value is zero; {all}");
        add(key, &label, share, formula, known.copied());
    }
}

fn unit_costs(context: &Context, sheet: &mut Sheet) {
    let results = &context.source.evaluation.results;
    sheet.section("Cost of a unit, before tax; units are discounted like cost");
    let line = scalar(
        "cost/pv",
        "Present value of cost",
        MONEY,
        "SUMPRODUCT([time/df:],[cost/flow:])".into(),
        Form::Millions,
    );
    sheet.add(line);
    for (key, label, unit, over, form) in [
        ("pv/tokens", "Tokens, discounted", "million tokens", "sales/tokens", Form::Count),
        (
            "pv/revenue",
            "Revenue of tokens, discounted",
            MONEY,
            "sales/token_revenue",
            Form::Millions,
        ),
        ("pv/gpuh", "GPU-hours in service, discounted", "GPU-hours", "sales/gpuh", Form::Count),
        ("pv/mwy", "IT power in service, discounted", "MW-years", "sales/mwy", Form::Count),
    ] {
        sheet.add(scalar(key, label, unit, format!("SUMPRODUCT([time/df:],[{over}:])"), form));
    }
    for (key, label, unit, over, form, known) in [
        (
            "levelised",
            "Levelised cost",
            "USD per million tokens",
            "[pv/tokens]",
            Form::Price,
            &results.levelised_usd_per_mtok,
        ),
        (
            "gpuhour",
            "Cost of a GPU-hour in service",
            "USD per GPU-hour",
            "[pv/gpuh]",
            Form::Price,
            &results.usd_per_gpu_hour,
        ),
        (
            "mwyear",
            "Cost of a MW of IT and year",
            "USD per MW-year",
            "[pv/mwy]",
            Form::Count,
            &results.usd_per_mw_year,
        ),
    ] {
        figure(sheet, (key, label, unit), per("[cost/pv]", over), form, known);
    }
    let tax = "SUMPRODUCT([time/df:],[u/paid:])".to_owned();
    sheet.add(scalar("pv/tax", "Tax, discounted", MONEY, tax, Form::Millions));
    let taxed = per("([cost/pv]+[pv/tax])", "[pv/tokens]");
    let what = ("aftertax", "Cost of a million tokens, after tax", "USD per million tokens");
    figure(sheet, what, taxed, Form::Price, &results.cost_usd_per_mtok);
    let mean = per("[pv/revenue]", "[pv/tokens]");
    figure(
        sheet,
        ("meanprice", "Mean price of tokens", "USD per million tokens"),
        mean,
        Form::Price,
        &results.mean_usd_per_mtok,
    );
}

/// Of the first full year; words where the months of the model hold none.
fn of_year(formula: &str) -> String {
    where_so("[year/whole]=1", formula, Undefined::NothingProduced)
}

/// What falls to each unit; words where there are none.
fn per(what: &str, units: &str) -> String {
    where_so(&format!("{units}<>0"), &format!("{what}/{units}"), Undefined::NothingProduced)
}

/// A scalar that may be words; the engine's figure is checked against it.
fn figure(
    sheet: &mut Sheet,
    what: (&str, &str, &str),
    formula: String,
    form: Form,
    known: &Figure,
) {
    let (key, label, unit) = what;
    let mut line = scalar(key, label, unit, formula, form);
    if let Some(cell) = line.cells.get_mut(1) {
        cell.engine = known.ok();
        cell.look.right = true;
    }
    sheet.add(line);
}
