//! What is bought, replaced and sold, and its depreciation in the books, by month. Lines of the
//! take-off of one class, one month of service and one rule of replacement make one group.

use super::book::{Form, Line, Sheet};
use super::context::Context;
use super::sales::of_phase;
use crate::finance::project::{CapexLine, Project, Refresh};

const TAKE_OFF: &str = "Capital";
const CLASSES: &str = "Classes of assets";
const MONEY: &str = "USD, shown in M";

/// Lines that are written off alike.
pub(super) struct Group {
    pub label: String,
    /// Place of the class.
    pub class: usize,
    /// Lines of the take-off; empty for the cost of financing.
    pub lines: Vec<usize>,
    /// How formulas name the month of service.
    service: Service,
    refresh: Option<Refresh>,
}

#[derive(Clone, PartialEq)]
enum Service {
    Phase(String),
    Line(usize),
    /// Start of the loan's term.
    Loan,
}

impl Group {
    /// Months after which it is replaced, if it is.
    pub fn every_months(&self) -> Option<usize> {
        self.refresh.map(|r| r.every_months)
    }
}

/// Groups in the order of the classes; the last is the cost of financing where there is a loan.
pub(super) fn groups(project: &Project) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for (class, of) in project.classes.iter().enumerate() {
        for (n, line) in project.capex.iter().enumerate().filter(|(_, l)| l.class == of.id) {
            let same = |other: &&mut Group| {
                let first = other.lines.first().and_then(|l| project.capex.get(*l));
                other.class == class
                    && first.is_some_and(|f| {
                        (f.service_month, &f.phase, &f.refresh)
                            == (line.service_month, &line.phase, &line.refresh)
                    })
            };
            if let Some(group) = groups.iter_mut().find(same) {
                group.lines.push(n);
                continue;
            }
            let service = match line.service_month {
                Some(_) => Service::Line(n),
                None => Service::Phase(line.phase.clone()),
            };
            let label = match project.phases.len() {
                0 | 1 => of.id.clone(),
                _ => format!("{}, {}", of.id, line.phase),
            };
            groups.push(Group { label, class, lines: vec![n], service, refresh: line.refresh });
        }
    }
    if let Some(terms) = &project.debt {
        let class = project.classes.iter().position(|c| c.id == terms.cost_class).unwrap_or(0);
        let (label, lines) = ("interest during construction and fees".to_owned(), Vec::new());
        groups.push(Group { label, class, lines, service: Service::Loan, refresh: None });
    }
    groups
}

pub(super) fn sheet(context: &mut Context, groups: &[Group]) -> Sheet {
    let mut sheet = context.monthly("Capital");
    let project = context.project();
    profiles(context, &mut sheet);
    sheet.section("Take-off: paid in the month");
    for (g, group) in groups.iter().enumerate() {
        for n in &group.lines {
            if let Some(line) = project.capex.get(*n) {
                take_off(context, &mut sheet, *n, line);
            }
        }
        let block = match (group.lines.first(), group.lines.last()) {
            (Some(first), Some(last)) => Some(format!("capex/{first}..capex/{last}")),
            _ => None,
        };
        // The cost of financing is paid as it arises, on the sheet of the loan.
        let (constant, each) = match &block {
            Some(block) => (format!("SUM([{block}$])"), format!("SUM([{block}])")),
            None => ("[loan/cost$]".to_owned(), "0*[time/n]".to_owned()),
        };
        let line = Line::new(format!("group/{g}/paid"), format!("{}: total", group.label), MONEY);
        let line = line.form(Form::Millions).constant(constant, Form::Millions).each(each).sum();
        sheet.add(line.strong());
    }
    totals(context, &mut sheet, groups);
    sheet
}

/// When lines are paid; equal profiles stand once.
fn profiles(context: &mut Context, sheet: &mut Sheet) {
    let months = context.months;
    sheet.section("Shares of the cost that are paid in the month");
    for n in 0..context.project().capex.len() {
        let Some(line) = context.project().capex.get(n) else { continue };
        if profile(context.project(), line) != n {
            continue;
        }
        let mut shares = vec![0.0; months];
        for spend in &line.spend {
            if let Some(cell) = shares.get_mut(spend.month) {
                *cell += spend.frac;
            }
        }
        let label = format!("Paid like {}", line.id);
        sheet.add(
            Line::new(format!("profile/{n}"), label, "share")
                .form(Form::Percent)
                .input(shares)
                .sum(),
        );
    }
}

/// The first line of the take-off that is paid in the same months.
fn profile(project: &Project, line: &CapexLine) -> usize {
    project.capex.iter().position(|l| l.spend == line.spend).unwrap_or(0)
}

fn take_off(context: &mut Context, sheet: &mut Sheet, n: usize, line: &CapexLine) {
    let id = &line.id;
    let mut input = |field: &str, what: &str, unit: &str, value: f64| {
        let name = format!("{id}: {what}");
        context.input(TAKE_OFF, format!("capex.{id}.{field}"), (&name, unit), value)
    };
    let amount = input("amount_usd", "cost", "USD", line.amount_usd);
    let reserve = input("contingency_frac", "contingency", "share", line.contingency_frac);
    let profile = profile(context.project(), line);
    sheet.add(
        Line::new(format!("capex/{n}"), format!("{id}, {}", line.phase), MONEY)
            .form(Form::Millions)
            .constant(format!("{amount}*(1+{reserve})"), Form::Millions)
            .each(format!("[capex/{n}$]*[profile/{profile}]"))
            .sum(),
    );
}

fn totals(context: &mut Context, sheet: &mut Sheet, groups: &[Group]) {
    let project = context.project();
    let own = |pick: &dyn Fn(usize, &Group) -> bool| -> Vec<usize> {
        let list = groups.iter().enumerate();
        list.filter(|(g, group)| !group.lines.is_empty() && pick(*g, group))
            .map(|(g, _)| g)
            .collect()
    };
    let sum = |list: &[usize], suffix: &str| -> String {
        let parts: Vec<String> = list.iter().map(|g| format!("[group/{g}/paid{suffix}]")).collect();
        if parts.is_empty() { "0*[time/n]".to_owned() } else { parts.join("+") }
    };
    sheet.section("By class");
    for (c, class) in project.classes.iter().enumerate() {
        let list = own(&|_, group| group.class == c);
        let line =
            Line::new(format!("class/{c}/paid"), class.id.clone(), MONEY).form(Form::Millions);
        let constant = if list.is_empty() { "0".to_owned() } else { sum(&list, "$") };
        sheet.add(line.constant(constant, Form::Millions).each(sum(&list, "")).sum());
    }
    let last = project.classes.len().saturating_sub(1);
    sheet.add(
        Line::new("capex/paid", "Capital", MONEY)
            .form(Form::Millions)
            .constant(format!("SUM([class/0/paid..class/{last}/paid$])"), Form::Millions)
            .each(format!("SUM([class/0/paid..class/{last}/paid])"))
            .sum()
            .strong(),
    );
    sheet.section("By phase");
    for (p, phase) in project.phases.iter().enumerate() {
        let list = own(&|_, group| {
            let first = group.lines.first().and_then(|n| project.capex.get(*n));
            first.is_some_and(|line| line.phase == phase.id)
        });
        let formula = sum(&list, "");
        let line = Line::new(format!("phase/{p}/paid"), phase.id.clone(), MONEY);
        sheet.add(line.form(Form::Millions).each(formula).sum());
    }
    let last = project.phases.len().saturating_sub(1);
    sheet.add(
        Line::new("capex/phases", "Capital of all phases", MONEY)
            .form(Form::Millions)
            .each(format!("SUM([phase/0/paid..phase/{last}/paid])"))
            .sum()
            .strong(),
    );
}

fn sums(parts: &[String]) -> String {
    parts.join("+")
}

/// The books: one section for each quantity, a line for each group, then the total.
pub(super) fn books(context: &mut Context, groups: &[Group]) -> Sheet {
    let mut sheet = context.monthly("Depreciation");
    sheet.section("Groups of assets");
    let mut constants: Vec<Vec<Line>> = Vec::new();
    for (g, group) in groups.iter().enumerate() {
        constants.push(attributes(context, g, group));
    }
    // By quantity, so that a table over all groups can be looked up.
    let kinds = constants.iter().map(Vec::len).max().unwrap_or(0);
    let mut lists: Vec<_> = constants.into_iter().map(Vec::into_iter).collect();
    for _ in 0..kinds {
        for list in &mut lists {
            list.next().into_iter().for_each(|line| sheet.add(line));
        }
    }
    for (key, name, unit, formula) in QUANTITIES {
        sheet.section(name);
        for (g, group) in groups.iter().enumerate() {
            let form = match (unit, key) {
                (MONEY, _) => Form::Millions,
                (_, "ratio") => Form::Percent,
                _ => Form::Whole,
            };
            let line = Line::new(format!("group/{g}/{key}"), group.label.clone(), unit);
            let formula = formula.replace('@', &format!("group/{g}/"));
            let line = line.form(form).each(formula);
            let line = match key {
                "dep" | "proceeds" | "refresh" => line.sum(),
                _ => line,
            };
            sheet.add(line);
        }
    }
    book_totals(context, &mut sheet, groups);
    sheet
}

/// Quantities of a group: key, name, unit, formula.
const QUANTITIES: [(&str, &str, &str, &str); 14] = [
    ("on", "In service", "flag", "([time/n]>[@service$])*[time/live]"),
    (
        "new",
        "Replaced at the start of the month",
        "flag",
        "[@on<]*(MOD([time/n]-1-[@service$],[@every$])=0)*([time/n]-1+[@least$]<=[time/horizon$])",
    ),
    (
        "ratio",
        "Cost of what replaces over what it replaces",
        "share",
        "[@share$]+([time/n]-1-[@service$]=[@every$])*([@next$]-[@share$])",
    ),
    (
        "cost",
        "Cost of what is in service",
        MONEY,
        "[@on]*([@cost<]*(1+[@new]*([@ratio]-1))+(1-[@on<])*[@total$])",
    ),
    ("age", "Months since it was bought", "months", "[@on]*[@on<]*(1-[@new])*([@age<]+1)"),
    ("dep", "Depreciation", MONEY, "[@cost]*(1-[@salvage$])/[@life$]*([@age]<[@life$])*[@wears$]"),
    (
        "written",
        "Written off since it was bought",
        MONEY,
        "[@cost]*(1-[@salvage$])*(MIN([@age]+1,[@life$])/[@life$])*[@wears$]",
    ),
    ("sold", "Sold at the end of the month", "flag", "MAX([@new>],[@on]*[time/last])"),
    (
        "proceeds",
        "Proceeds",
        MONEY,
        "[@cost]*([@new>]*[@residual$]+[@on]*[time/last]*[@terminal$])",
    ),
    ("gain", "Proceeds less book value", MONEY, "[@proceeds]-[@sold]*([@cost]-[@written])"),
    ("net", "Book value at the end of the month", MONEY, "([@cost]-[@written])*(1-[@sold])"),
    ("refresh", "Paid for replacements", MONEY, "[@new]*[@cost]"),
    ("late", "Paid after the month of service", MONEY, "[@paid]*([@age]>0)"),
    ("progress", "Paid and not in service", MONEY, "(1-[@on])*[time/live]*([@progress<]+[@paid])"),
];

/// What is known of a group, as constants in one order for all groups.
fn attributes(context: &mut Context, g: usize, group: &Group) -> Vec<Line> {
    let project = context.project();
    let Some(class) = project.classes.get(group.class) else { return Vec::new() };
    let service = service(context, group);
    let of_class = |field: &str| format!("classes.{}.{field}", class.id);
    let mut of = |field: &str, what: &str, unit: &str, value: f64| {
        let name = format!("{}: {what}", class.id);
        context.input(CLASSES, of_class(field), (&name, unit), value)
    };
    // Land is not written off; a life of one month then divides nothing by zero.
    let wears = if class.book_life_months.is_some() { "1" } else { "0" };
    let life = match class.book_life_months {
        Some(months) => of("book_life_months", "useful life", "months", months as f64),
        None => "1".to_owned(),
    };
    let salvage = of("salvage_frac", "share that the books keep", "share", class.salvage_frac);
    let terminal = match group.lines.is_empty() {
        true => "0".to_owned(),
        false => of("terminal_frac", "share received at the end", "share", class.terminal_frac),
    };
    let [every, least, share, next, residual] = refresh(context, (g, group));
    let line = |key: &str, what: &str, unit: &str, formula: String, form: Form| {
        Line::new(format!("group/{g}/{key}"), format!("{}: {what}", group.label), unit)
            .constant(formula, form)
    };
    vec![
        line("total", "cost", MONEY, format!("[group/{g}/paid$]"), Form::Millions),
        line("service", "month of service, 0 first", "month", service, Form::Whole),
        line("wears", "written off", "flag", wears.to_owned(), Form::Whole),
        line("life", "useful life", "months", life, Form::Whole),
        line("salvage", "share that the books keep", "share", salvage, Form::Percent),
        line("terminal", "share received at the end", "share", terminal, Form::Percent),
        line("every", "replaced after", "months", every, Form::Whole),
        line("least", "months that must be left", "months", least, Form::Whole),
        line("share", "cost of the next generation", "share", share, Form::Percent),
        line("next", "cost of the first replacement", "share", next, Form::Percent),
        line("residual", "share that the old one sells for", "share", residual, Form::Percent),
    ]
}

fn service(context: &mut Context, group: &Group) -> String {
    match &group.service {
        Service::Phase(id) => format!("[{}$]", of_phase(context, id, "service")),
        Service::Loan => "[loan/first$]".to_owned(),
        Service::Line(n) => {
            let line = context.project().capex.get(*n);
            let (id, month) = line.map_or(("", 0), |l| (&l.id, l.service_month.unwrap_or(0)));
            let name = format!("{id}: month of service, 0 first");
            let path = format!("capex.{id}.service_month");
            let input = context.input(TAKE_OFF, path, (&name, "month"), month as f64);
            format!("{input}+[time/delay$]")
        }
    }
}

/// Months between replacements, months that must be left, next cost, that of the first
/// replacement, what the old one brings.
fn refresh(context: &mut Context, (g, group): (usize, &Group)) -> [String; 5] {
    let first = group.lines.first().and_then(|n| context.project().capex.get(*n));
    let (Some(refresh), Some(line)) = (group.refresh, first) else {
        // Never: beyond the end of the model.
        return ["[time/horizon$]+1".into(), "1".into(), "1".into(), "1".into(), "0".into()];
    };
    let id = &line.id;
    let mut of = |field: &str, what: &str, unit: &str, value: f64| {
        let name = format!("{id}: {what}");
        context.input(TAKE_OFF, format!("capex.{id}.refresh.{field}"), (&name, unit), value)
    };
    [
        of("every_months", "replaced after", "months", refresh.every_months as f64),
        format!(
            "MAX(1,{})",
            of(
                "least_remaining_months",
                "months that must be left for a replacement",
                "months",
                refresh.least_remaining_months as f64
            )
        ),
        of("cost_frac", "cost of the next generation", "share", refresh.cost_frac),
        match refresh.next_cost_frac {
            Some(other) => of("next_cost_frac", "cost of the first replacement", "share", other),
            None => format!("[group/{g}/share$]"),
        },
        of("residual_frac", "share that the old one sells for", "share", refresh.residual_frac),
    ]
}

fn book_totals(context: &Context, sheet: &mut Sheet, groups: &[Group]) {
    sheet.section("Totals");
    let bought = groups.iter().filter(|g| !g.lines.is_empty()).count();
    let depreciation = context.income("depreciation");
    let gain = context.income("gain on disposal");
    for (key, from, label, engine) in [
        ("books/dep", "dep", "Depreciation", depreciation),
        (
            "books/proceeds",
            "proceeds",
            "Proceeds of disposal",
            context.cash("proceeds of disposal"),
        ),
        ("books/gain", "gain", "Proceeds less book value", gain),
        (
            "books/net",
            "net",
            "Plant and equipment, net",
            context.balance("plant and equipment, net"),
        ),
        ("books/refresh", "refresh", "Paid for replacements", None),
        ("books/progress", "progress", "Construction in progress", None),
        ("books/late", "late", "Paid after the month of service", None),
    ] {
        // The cost of a loan depends on what is paid and sold: it is written off, and no more.
        let last = if matches!(from, "dep" | "gain" | "net") { groups.len() } else { bought };
        let formula = match last {
            0 => "0*[time/n]".to_owned(),
            last => format!("SUM([group/0/{from}..group/{}/{from}])", last - 1),
        };
        let line = Line::new(key, label, MONEY).form(Form::Millions).each(formula).engine(engine);
        sheet.add(match from {
            "net" | "progress" => line,
            "gain" => line.net(),
            _ => line.sum(),
        });
    }
    let loan = if context.project().debt.is_some() { "+[loan/cost$]" } else { "" };
    let proof = "ROUND([books/dep#]-[books/gain#]+[books/proceeds#]-[books/bought$],[const:cents])";
    for (key, label, formula) in [
        (
            "books/bought",
            "Cost of all that is bought",
            format!("[capex/paid#]+[books/refresh#]{loan}"),
        ),
        ("books/proof", "Depreciation and disposal less cost: nothing", proof.to_owned()),
    ] {
        sheet.add(Line::new(key, label, MONEY).constant(formula, Form::Millions));
    }
    // What rows of running cost are a share of; the cost of financing is carried, not insured.
    for (c, class) in context.project().classes.iter().enumerate() {
        let parts: Vec<String> = groups
            .iter()
            .enumerate()
            .filter(|(_, group)| group.class == c && !group.lines.is_empty())
            .map(|(g, _)| format!("[group/{g}/cost]"))
            .collect();
        let formula = if parts.is_empty() { "0*[time/n]".to_owned() } else { sums(&parts) };
        let label = format!("{}: cost in service", class.id);
        let line = Line::new(format!("class/{c}/in_service"), label, MONEY);
        sheet.add(line.form(Form::Millions).each(formula));
    }
}
