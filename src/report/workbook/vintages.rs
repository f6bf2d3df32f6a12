//! Tax depreciation: generations of assets, the tables of the tax office, and what is deducted of
//! each generation in each fiscal year.

use super::book::{Axis, Form, Line, Sheet};
use super::capital::Group;
use super::context::Context;
use crate::finance::depreciation::{Convention, Table, TaxClass, rates};
use crate::finance::project::Project;

const MONEY: &str = "USD, shown in M";
const LAW: &str = "Tax law";

/// A generation that the columns have room for.
pub(super) struct Vintage {
    group: usize,
    label: String,
}

/// Generations of each group: as many as fit the columns.
pub(super) fn vintages(context: &Context, groups: &[Group]) -> Vec<Vintage> {
    let mut all = Vec::new();
    for (g, group) in groups.iter().enumerate() {
        let service = service_of(context.project(), group);
        let later = match group.every_months() {
            // A shorter life may be entered: columns are kept down to three fifths of it.
            Some(every) => context.months.saturating_sub(service + 1) * 5 / (every.max(1) * 3),
            None => 0,
        };
        for generation in 0..=later {
            let label = match generation {
                0 => group.label.clone(),
                n => format!("{}, generation {}", group.label, n + 1),
            };
            all.push(Vintage { group: g, label });
        }
    }
    all
}

fn service_of(project: &Project, group: &Group) -> usize {
    let line = group.lines.first().and_then(|n| project.capex.get(*n));
    let phase = line.and_then(|l| project.phases.iter().find(|p| p.id == l.phase));
    line.and_then(|l| l.service_month).or(phase.map(|p| p.service_month)).unwrap_or(0)
}

/// Rows of the tables for a class: each convention that may come to rule.
fn conventions(class: TaxClass) -> Vec<(String, Convention)> {
    let half = ("half-year".to_owned(), Convention::HalfYear);
    match class {
        TaxClass::Macrs(_) => {
            let quarters = (1..=4).map(|q| (format!("mid-quarter {q}"), Convention::MidQuarter(q)));
            std::iter::once(half).chain(quarters).collect()
        }
        TaxClass::Real39 => {
            (1..=12).map(|m| (format!("mid-month {m}"), Convention::MidMonth(m))).collect()
        }
        _ => vec![half],
    }
}

fn name_of(class: TaxClass) -> String {
    match class {
        TaxClass::Macrs(years) => format!("{years}-year property"),
        TaxClass::Real39 => "39-year building".to_owned(),
        TaxClass::HalfYear39 => "39 years, half-year".to_owned(),
        TaxClass::StraightLine(years) => format!("straight line, {years} years"),
        TaxClass::Land => "land".to_owned(),
    }
}

/// Classes of the tax office that the project uses, each once.
fn tax_classes(project: &Project) -> Vec<TaxClass> {
    let mut list: Vec<TaxClass> = Vec::new();
    for class in &project.classes {
        if !list.contains(&class.tax_class) {
            list.push(class.tax_class);
        }
    }
    list
}

/// First row of a class within the tables, 1 first.
fn row_of(project: &Project, class: TaxClass) -> usize {
    let before = tax_classes(project).into_iter().take_while(|c| *c != class);
    1 + before.map(|c| conventions(c).len()).sum::<usize>()
}

/// Number of rows of the tables.
fn rows(project: &Project) -> usize {
    tax_classes(project).into_iter().map(|c| conventions(c).len()).sum()
}

/// Percentages by year of recovery.
pub(super) fn tables(context: &mut Context) -> Sheet {
    let project = context.project();
    let lists: Vec<(String, Vec<f64>)> = tax_classes(project)
        .into_iter()
        .flat_map(|class| {
            conventions(class).into_iter().map(move |(name, convention)| {
                let list = rates(class, convention, Table::IrsRounded).unwrap_or_default();
                (format!("{}, {name}", name_of(class)), list)
            })
        })
        .collect();
    let widest = lists.iter().map(|(_, l)| l.len()).max().unwrap_or(0).max(context.years);
    let mut sheet = context.other("Tax tables", Axis::Tables, widest);
    sheet.section(
        "Shares of the basis deducted in each year of recovery, the year of service first",
    );
    for (n, (name, list)) in lists.into_iter().enumerate() {
        let years = list.len() as f64;
        let line = Line::new(format!("table/{n}"), name, "share").form(Form::Percent);
        sheet.add(line.number(years, Form::Whole).input(list).sum());
    }
    sheet.note("Constant: years of recovery. Source: IRS Publication 946, appendix A, as printed; computed where it prints none");
    sheet
}

/// A column for each generation.
pub(super) fn sheet(context: &mut Context, groups: &[Group], all: &[Vintage]) -> Sheet {
    let mut sheet = context.other("Vintages", Axis::Vintages, all.len());
    let project = context.project();
    let last = groups.len().saturating_sub(1);
    sheet.section("What they are");
    let numbers = all.iter().map(|v| v.group as f64 + 1.0).collect();
    sheet.add(
        Line::new("v/group", "Group of assets, 1 first", "number")
            .form(Form::Whole)
            .pasted(numbers),
    );
    let of_class = |field: &dyn Fn(&crate::finance::project::AssetClass) -> f64| -> Vec<f64> {
        let class = |v: &Vintage| groups.get(v.group).and_then(|g| project.classes.get(g.class));
        all.iter().map(|v| class(v).map_or(0.0, field)).collect()
    };
    let personal = of_class(&|c| truth(matches!(c.tax_class, TaxClass::Macrs(_))));
    let building = of_class(&|c| truth(c.tax_class == TaxClass::Real39));
    let first_row = of_class(&|c| row_of(project, c.tax_class) as f64);
    let counted: Vec<f64> = all
        .iter()
        .map(|v| truth(groups.get(v.group).is_some_and(|g| !g.lines.is_empty())))
        .collect();
    for (key, label, unit, values) in [
        ("v/personal", "Property that the mid-quarter convention may rule", "flag", personal),
        ("v/building", "Building", "flag", building),
        ("v/counted", "Counts for the mid-quarter test", "flag", counted),
        ("v/table", "First row of its class in the tax tables", "number", first_row),
    ] {
        sheet.add(Line::new(key, label, unit).form(Form::Whole).pasted(values));
    }
    let lookup = |key: &str| format!("INDEX([group/0/{key}..group/{last}/{key}$],[v/group])");
    let bonus = |field: &str| format!("INDEX([bonus/0/{field}..bonus/{last}/{field}$],[v/group])");
    sheet.section("Generations");
    for (key, label, unit, form, formula) in generation_rows(&lookup) {
        sheet.add(Line::new(key, label, unit).form(form).each(formula));
    }
    sheet.section("Tax years, conventions, first-year deduction");
    for (key, label, unit, form, formula) in tax_rows(&bonus, rows(project)) {
        sheet.add(Line::new(key, label, unit).form(form).each(formula));
    }
    sheet
}

type Row = (&'static str, &'static str, &'static str, Form, String);

fn generation_rows(lookup: &dyn Fn(&str) -> String) -> Vec<Row> {
    let (whole, money) = (Form::Whole, Form::Millions);
    vec![
        (
            "v/gen",
            "Generation, 0 first",
            "number",
            whole,
            "([v/group]=[v/group<])*([v/gen<]+1)".into(),
        ),
        ("v/first", "Month of service of the first", "month", whole, lookup("service")),
        ("v/every", "Replaced after", "months", whole, lookup("every")),
        ("v/least", "Months that must be left", "months", whole, lookup("least")),
        ("v/service", "Month of service, 0 first", "month", whole, "MIN([v/first]+[v/gen]*[v/every],[time/horizon$])".into()),
        (
            "v/exists",
            "Is bought within the model",
            "flag",
            whole,
            "MAX(([v/gen]=0)*([v/service]<[time/horizon$]),([v/gen]>0)*([v/service]+[v/least]<=[time/horizon$]))"
                .into(),
        ),
        ("v/next", "Is replaced", "flag", whole, "([v/group>]=[v/group])*[v/exists>]".into()),
        (
            "v/sold",
            "Month in which it is sold, 0 first",
            "month",
            whole,
            "[v/next]*[v/service>]+(1-[v/next])*[time/horizon$]".into(),
        ),
        ("v/original", "Cost of the first", MONEY, money, lookup("total")),
        ("v/share", "Cost of the next generation", "share", Form::Percent, lookup("share")),
        ("v/other", "Cost of the first replacement", "share", Form::Percent, lookup("next")),
        (
            "v/ratio",
            "Cost over that of the one before",
            "share",
            Form::Percent,
            "[v/share]+([v/gen]=1)*([v/other]-[v/share])".into(),
        ),
        (
            "v/cost",
            "Cost",
            MONEY,
            money,
            "[v/exists]*(([v/gen]=0)*[v/original]+([v/gen]>0)*[v/cost<]*[v/ratio])".into(),
        ),
        ("v/residual", "Share that it sells for", "share", Form::Percent, lookup("residual")),
        ("v/terminal", "Share received at the end", "share", Form::Percent, lookup("terminal")),
        (
            "v/proceeds",
            "Proceeds",
            MONEY,
            money,
            "[v/cost]*([v/next]*[v/residual]+(1-[v/next])*[v/terminal])".into(),
        ),
    ]
}

fn tax_rows(bonus: &dyn Fn(&str) -> String, rows: usize) -> Vec<Row> {
    let (whole, share) = (Form::Whole, Form::Percent);
    let quarter = |month: &str| format!("INT(({month}-1)/[const:quarter])+1");
    vec![
        ("v/year", "Tax year of service, 0 first", "number", whole, "INT(([v/service]+[time/offset$])/[time/months$])".into()),
        ("v/month", "Month of it", "number", whole, "MOD([v/service]+[time/offset$],[time/months$])+1".into()),
        ("v/quarter", "Quarter of it", "number", whole, quarter("[v/month]")),
        (
            "v/end",
            "Last month of ownership, 0 first",
            "month",
            whole,
            "MAX([v/sold],[v/service]+1)-1".into(),
        ),
        ("v/endyear", "Tax year of disposal, 0 first", "number", whole, "INT(([v/end]+[time/offset$])/[time/months$])".into()),
        ("v/endmonth", "Month of it", "number", whole, "MOD([v/end]+[time/offset$],[time/months$])+1".into()),
        ("v/endquarter", "Quarter of it", "number", whole, quarter("[v/endmonth]")),
        (
            "v/added",
            "Counts for the mid-quarter test",
            MONEY,
            Form::Millions,
            "[v/personal]*[v/counted]*[v/cost]".into(),
        ),
        (
            "v/addedlate",
            "Of it in the last quarter",
            MONEY,
            Form::Millions,
            "[v/added]*([v/quarter]=[const:quarters])".into(),
        ),
        (
            "v/late",
            "Mid-quarter convention rules",
            "flag",
            whole,
            "[v/personal]*INDEX([tax/late:],[v/year]+1)".into(),
        ),
        (
            "v/row",
            "Row of the tax tables",
            "number",
            whole,
            "[v/table]+[v/late]*[v/quarter]+[v/building]*([v/month]-1)".into(),
        ),
        (
            "v/years",
            "Years of recovery",
            "years",
            whole,
            format!("INDEX([table/0..table/{}$],[v/row])", rows.saturating_sub(1)),
        ),
        ("v/midquarter", "Year of disposal, up to the middle of the quarter", "share", share, "([v/endquarter]-[const:half])/[const:quarters]".into()),
        ("v/midmonth", "Year of disposal, up to the middle of the month", "share", share, "([v/endmonth]-[const:half])/[time/months$]".into()),
        (
            "v/held",
            "Share of the year of disposal that is deducted",
            "share",
            share,
            "[v/building]*[v/midmonth]+[v/late]*[v/midquarter]+(1-[v/building]-[v/late])*[const:half]"
                .into(),
        ),
        ("v/federal", "First-year deduction, federal", "share", share, format!("[v/personal]*{}", bonus("federal"))),
        ("v/state", "First-year deduction, state", "share", share, format!("[v/personal]*{}", bonus("state"))),
    ]
}

fn truth(holds: bool) -> f64 {
    if holds { 1.0 } else { 0.0 }
}

/// Deductions of each generation by fiscal year.
pub(super) fn deductions(context: &mut Context, groups: &[Group], all: &[Vintage]) -> Sheet {
    let mut sheet = context.yearly("Tax depreciation");
    let project = context.project();
    sheet.section("First-year deduction of each group");
    for field in ["federal", "state"] {
        for (g, group) in groups.iter().enumerate() {
            let Some(class) = project.classes.get(group.class) else { continue };
            let (id, value) = match field {
                "federal" => ("bonus_frac", class.bonus_frac),
                _ => ("state_bonus_frac", class.state_bonus_frac),
            };
            let name = format!("{}: first-year deduction, {field}", class.id);
            let path = format!("classes.{}.{id}", class.id);
            let input = context.input("Classes of assets", path, (&name, "share"), value);
            let label = format!("{}: first-year deduction, {field}", group.label);
            let line = Line::new(format!("bonus/{g}/{field}"), label, "share");
            sheet.add(line.constant(input, Form::Percent));
        }
    }
    sheet.section("Mid-quarter test");
    let limit = context.input(
        LAW,
        "law.mid_quarter_frac".into(),
        ("Share of a year's additions in its last quarter above which mid-quarter rules", "share"),
        0.4,
    );
    for (key, label, row) in [
        ("tax/added", "Personal property placed in service", "v/added"),
        ("tax/lastquarter", "Of it in the last quarter", "v/addedlate"),
    ] {
        let formula = format!("SUMPRODUCT(([v/year:]=[years/i])*[{row}:])");
        sheet.add(Line::new(key, label, MONEY).form(Form::Millions).each(formula));
    }
    sheet.add(
        Line::new("tax/late", "Mid-quarter convention rules", "flag")
            .form(Form::Whole)
            .constant(limit, Form::Percent)
            .each("([tax/lastquarter]>[tax/late$]*[tax/added])*1"),
    );
    let table = format!("table/0..table/{}", rows(project).saturating_sub(1));
    for (v, vintage) in all.iter().enumerate() {
        one(&mut sheet, v, &vintage.label, &table);
    }
    let bought = all.iter().filter(|v| groups.get(v.group).is_some_and(|g| !g.lines.is_empty()));
    let bought = bought.count();
    sums(&mut sheet, bought, all.len());
    sheet
}

/// One generation: its age, its share of the year, what is deducted, what is left, its gain.
fn one(sheet: &mut Sheet, v: usize, label: &str, table: &str) {
    sheet.section(label);
    let at = |text: &str| text.replace('@', &format!("d/{v}/"));
    let column = Line::new(at("@k"), "Column of the vintages", "number");
    sheet.add(column.number(v as f64 + 1.0, Form::Whole));
    let from = |row: &str| at(&format!("INDEX([v/{row}:],[@k$])"));
    let whole = Form::Whole;
    let flat = |key: &str, label: &str, unit: &str, form: Form, row: &str| {
        Line::new(at(key), label, unit).constant(from(row), form)
    };
    sheet.add(flat("@years", "Years of recovery", "years", whole, "years"));
    sheet.add(flat("@proceeds", "Proceeds", MONEY, Form::Millions, "proceeds"));
    sheet.add(
        flat("@age", "Year of recovery, 0 first", "number", whole, "year")
            .form(whole)
            .each(at("[years/i]-[@age$]")),
    );
    sheet.add(
        flat("@own", "Owned", "flag", whole, "endyear")
            .form(whole)
            .each(at("([@age]>=0)*([years/i]<=[@own$])")),
    );
    sheet.add(
        flat("@rate", "Share of the table", "share", Form::Percent, "row")
            .form(Form::Percent)
            .each(at(&format!("[@own]*INDEX([{table}:],[@rate$],MAX([@age],0)+1)"))),
    );
    sheet.add(
        flat("@kept", "Of it deducted in the year of disposal", "share", Form::Percent, "held")
            .form(Form::Percent)
            .each(at(
                "[@own]*(1-([years/i]=[@own$])*MAX(([@age]=0)*1,(1-[@kept$])*([@age]+1<[@years$])))",
            )),
    );
    sheet.add(flat("@cost", "Cost", MONEY, Form::Millions, "cost"));
    for tax in ["federal", "state"] {
        let row = |text: &str| at(text).replace('~', tax);
        sheet.add(
            Line::new(row("@~"), format!("Deducted, {tax}; constant: first-year deduction"), MONEY)
                .form(Form::Millions)
                .constant(from(tax), Form::Percent)
                .each(row("[@kept]*[@cost$]*((1-[@~$])*[@rate]+([@age]=0)*[@~$])"))
                .sum(),
        );
        sheet.add(
            Line::new(row("@~_left"), format!("Not yet deducted, {tax}"), MONEY)
                .form(Form::Millions)
                .each(row("[@own]*([years/i]<[@own$])*([@~_left<]+([@age]=0)*[@cost$]-[@~])")),
        );
        sheet.add(
            Line::new(row("@~_gain"), format!("Proceeds less what was not deducted, {tax}"), MONEY)
                .form(Form::Millions)
                .each(row(
                    "([years/i]=[@own$])*([@proceeds$]-[@~_left<]-([@age]=0)*[@cost$]+[@~])",
                )),
        );
    }
}

/// Sums over generations: of what is bought, and where there is a loan with its cost, which is the
/// last column.
fn sums(sheet: &mut Sheet, bought: usize, count: usize) {
    for (section, kind) in [
        ("Deductions, federal", "federal"),
        ("Deductions, state", "state"),
        ("Gains of disposal, federal", "federal_gain"),
        ("Gains of disposal, state", "state_gain"),
        ("Not yet deducted, federal", "federal_left"),
        ("Not yet deducted, state", "state_left"),
    ] {
        sheet.section(section);
        for v in 0..count {
            let label = format!("Column {} of the vintages", v + 1);
            let line = Line::new(format!("dsum/{v}/{kind}"), label, MONEY).form(Form::Millions);
            sheet.add(line.each(format!("[d/{v}/{kind}]")));
        }
        let total = |key: &str, label: &str, last: usize| {
            let formula = match last {
                0 => "0*[years/i]".to_owned(),
                n => format!("SUM([dsum/0/{kind}..dsum/{}/{kind}])", n - 1),
            };
            let line = Line::new(format!("{key}/{kind}"), label, MONEY).form(Form::Millions);
            let line = line.each(formula).strong();
            match kind {
                "federal_gain" | "state_gain" => line.net(),
                "federal" | "state" => line.sum(),
                _ => line,
            }
        };
        sheet.add(total("tax", "Of what is bought", bought));
        if count > bought {
            sheet.add(total("taxl", "With the cost of the loan", count));
        }
    }
    let tax = if count > bought { "taxl" } else { "tax" };
    for kind in ["federal", "state"] {
        let formula = format!(
            "ROUND([{tax}/{kind}#]-[{tax}/{kind}_gain#]+[books/proceeds#]-[books/bought$],[const:cents])"
        );
        let label = format!("Deductions and disposal less cost, {kind}: nothing");
        let line = Line::new(format!("tax/proof_{kind}"), label, MONEY);
        sheet.add(line.constant(formula, Form::Millions));
    }
}
