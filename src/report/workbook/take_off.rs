//! The take-off: every item by class and phase with quantity, rating, price, lead time and source.
//! Quantities and prices are inputs; the capital follows from them.

use super::book::{Axis, Cell, Form, Line, Role, Sheet};
use super::context::{Context, Source, cell_of};
use super::frame;
use super::links::{Candidate, Finder, join, map};
use crate::finance::project::{CapexLine, Component, Project};
use crate::study::finance::Item;

pub(super) const NAME: &str = "Take-off";

pub(super) const QUANTITY: u16 = 1;
pub(super) const RATING: u16 = 3;
pub(super) const PRICE: u16 = 4;
pub(super) const AMOUNT: u16 = 5;
const SHARE: u16 = 6;
const RESERVE: u16 = 7;
const TOTAL: u16 = 8;
const P50: u16 = 9;
const P90: u16 = 10;
const ORDERED: u16 = 11;
const DATE: u16 = 12;
const BOUND: u16 = 13;
const CANCEL: u16 = 14;
const LOST: u16 = 15;
pub(super) const SOURCE: u16 = 16;
const WAS_QUANTITY: u16 = 17;
const WAS_PRICE: u16 = 18;
const CHANGED: u16 = 19;

/// Heads and widths of the columns.
const COLUMNS: [(&str, f64); 20] = [
    ("Item", 48.0),
    ("Quantity", 10.0),
    ("Unit", 8.0),
    ("Rating", 16.0),
    ("Unit price, USD", 15.0),
    ("Amount, M", 10.5),
    ("Contingency", 11.5),
    ("Contingency, M", 12.0),
    ("Total, M", 10.5),
    ("Lead P50, weeks", 9.5),
    ("Lead P90, weeks", 9.5),
    ("Order in month", 9.5),
    ("Order by", 10.0),
    ("Bound in month", 9.5),
    ("Cost to cancel", 9.5),
    ("To cancel, M", 9.5),
    ("Source of the price", 50.0),
    ("Quantity at export", 10.0),
    ("Price at export", 14.0),
    ("Changed", 9.0),
];

/// Items of a line of the capital: their places in the list.
pub(super) fn of_line(source: &Source, line: &CapexLine) -> Vec<usize> {
    let own = |i: &Item| i.class.as_ref() == Some(&line.class) && i.phase == line.phase;
    let list = source.take_off.iter().enumerate();
    list.filter(|(_, i)| own(i)).map(|(n, _)| n).collect()
}

/// Items that cost something, in the order of the sheet.
pub(super) fn bought(source: &Source) -> Vec<usize> {
    source.project.capex.iter().flat_map(|line| of_line(source, line)).collect()
}

/// A row that is a share of what is bought.
fn is_share(item: &Item) -> bool {
    item.unit == "share"
}

/// What is left of the plant's capital when items with prices are taken off.
fn is_rest(item: &Item) -> bool {
    item.name.starts_with("Not itemised: ")
}

/// Whether an item of the plant has a price of its own.
fn has_price(item: &Item) -> bool {
    item.price.is_some()
}

pub(super) fn key(n: usize, field: &str) -> String {
    format!("take/{n}/{field}")
}

/// `SUM` of a field of items that follow one another.
pub(super) fn sum(of: &[usize], field: &str) -> Option<String> {
    let (first, last) = (of.first()?, of.last()?);
    Some(format!("SUM([{}::{}])", key(*first, field), key(*last, field)))
}

/// Numbers of the take-off that follow from assumptions and from each other.
pub(super) fn link(finder: &mut Finder, source: &Source) {
    let project = source.project;
    for (n, line) in project.capex.iter().enumerate() {
        let own = of_line(source, line);
        if own.is_empty() {
            continue;
        }
        let amount = format!("[take/line/{n}/amount]");
        let reserve = format!("[take/line/{n}/reserve]/({amount}+({amount}=0))");
        let total = |of: &dyn Fn(&Item) -> f64| -> f64 {
            own.iter().filter_map(|i| source.take_off.get(*i)).map(of).sum()
        };
        let usd = total(&|i| i.amount_usd);
        let share = if usd > 0.0 { total(&|i| i.contingency_usd) / usd } else { 0.0 };
        let id = |field: &str| format!("capex.{}.{field}", line.id);
        finder.link(id("amount_usd"), line.amount_usd, Some((amount, usd, Vec::new())));
        finder.link(id("contingency_frac"), line.contingency_frac, Some((reserve, share, vec![])));
    }
    rest(finder, source);
    super::renewal::link(finder, source);
    for (n, item) in source.take_off.iter().enumerate() {
        of_item(finder, source, n, item);
    }
}

/// Price, share of contingency, and what a share is of.
fn of_item(finder: &mut Finder, source: &Source, n: usize, item: &Item) {
    let Some(class) = &item.class else { return };
    let price = item.unit_price_usd.unwrap_or(0.0);
    if let Some(own) = &item.price {
        let cell = (cell_of(&own.path), own.value, vec![own.path.clone()]);
        finder.link(key(n, "price"), price, Some(cell));
    } else if item.unit == "m2" {
        let land = finder.get(&["costs.land-usd-per-m2"]);
        finder.link(key(n, "price"), price, land);
    }
    if is_share(item) {
        let terms: [&str; 2] = match item.name.as_str() {
            "Soft cost" => ["finance.capital.soft_frac", "costs.soft-cost-frac"],
            "Duty on racks" => ["finance.capital.duty_frac", "costs.duty-frac"],
            _ => ["finance.capital.sales_tax_frac", "costs.sales-tax-frac"],
        };
        let share = finder.get(&terms);
        finder.link(key(n, "quantity"), item.quantity, share);
        let base = base(source, item);
        finder.link(key(n, "price"), price, base);
    }
    let it =
        source.project.classes.iter().any(|c| c.id == *class && c.component != Component::Site);
    let terms = match it {
        true => ["finance.capital.rack_contingency_frac", "costs.rack-contingency-frac"],
        false => ["finance.capital.contingency_frac", "costs.contingency-frac"],
    };
    if item.contingency_usd != 0.0 {
        let share = finder.get(&terms);
        finder.link(key(n, "share"), item.contingency_usd / item.amount_usd, share);
    }
}

/// What a share of a phase's purchases is a share of: of its own class, soft cost of all plant.
fn base(source: &Source, item: &Item) -> Candidate {
    let mut parts = Vec::new();
    let mut usd = 0.0;
    let project = source.project;
    for line in project.capex.iter().filter(|l| l.phase == item.phase) {
        let own = Some(&line.class) == item.class.as_ref();
        let plant = item.name == "Soft cost" && is_plant(project, line);
        if !own && !plant {
            continue;
        }
        let bought: Vec<usize> = of_line(source, line)
            .into_iter()
            .filter(|n| source.take_off.get(*n).is_some_and(|i| !is_share(i)))
            .collect();
        parts.extend(sum(&bought, "amount"));
        usd += bought
            .iter()
            .filter_map(|n| source.take_off.get(*n))
            .map(|i| i.amount_usd)
            .sum::<f64>();
    }
    (!parts.is_empty()).then(|| (parts.join("+"), usd, Vec::new()))
}

/// Whether a line is plant: of the site, and worn.
fn is_plant(project: &Project, line: &CapexLine) -> bool {
    let class = project.classes.iter().find(|c| c.id == line.class);
    class.is_some_and(|c| c.component == Component::Site && c.book_life_months.is_some())
}

/// The rest of the plant's capital: what the contract's megawatts cost, less what has prices.
fn rest(finder: &mut Finder, source: &Source) {
    let per_mw = ["finance.site_capex_usd_per_mw", "costs.site-capex-usd-per-mw"];
    let (per_mw, contract) = (finder.get(&per_mw), finder.get(&[super::links::CONTRACT]));
    let plant = join(&per_mw, &contract, |a, b, va, vb| (format!("{a}*{b}"), va * vb));
    let short = finder.get(&["costs.short-lived-plant-frac"]);
    let (Some((formula, usd, used)), Some((cell, frac, also))) = (&plant, &short) else { return };
    let site = |i: &&Item| i.class.is_some() && has_price(i) && !is_rack(source.project, i);
    let own: f64 = source.take_off.iter().filter(site).map(|i| i.amount_usd).sum();
    let worn = (usd * frac - own).max(0.0);
    let left = (usd - own - worn).max(0.0);
    let used: Vec<String> = used.iter().chain(also).cloned().collect();
    let mw: f64 = source.project.phases.iter().map(|p| p.it_mw).sum();
    let mut linked = false;
    for (n, item) in source.take_off.iter().enumerate().filter(|(_, i)| is_rest(i)) {
        let Some(p) = source.project.phases.iter().position(|p| p.id == item.phase) else {
            continue;
        };
        let it = source.project.phases.get(p).map_or(0.0, |p| p.it_mw);
        if mw <= 0.0 {
            continue;
        }
        let (key_of_rest, rest) = match item.name.ends_with("building") {
            true => ("take/rest", left),
            false => ("take/short", worn),
        };
        let part = format!("[{key_of_rest}]*[take/part/{p}]");
        let candidate = Some((part, rest * it / mw, used.clone()));
        finder.link(key(n, "price"), item.unit_price_usd.unwrap_or(0.0), candidate);
        linked = true;
    }
    if linked {
        let last = source.project.phases.len().saturating_sub(1);
        finder.link("take/plant".to_owned(), *usd, Some((formula.clone(), *usd, vec![])));
        let formula = format!("MAX([take/plant]*{cell}-[take/own],0)");
        finder.link("take/short".to_owned(), worn, Some((formula, worn, vec![])));
        for p in 0..=last {
            let part = format!("[phase/{p}/it$]/SUM([phase/0/it..phase/{last}/it$])");
            let share = source.project.phases.get(p).map_or(0.0, |p| p.it_mw) / mw;
            finder.link(format!("take/part/{p}"), share, Some((part, share, vec![])));
        }
    }
}

fn is_rack(project: &Project, item: &Item) -> bool {
    let class = project.classes.iter().find(|c| Some(&c.id) == item.class.as_ref());
    class.is_some_and(|c| c.component != Component::Site)
}

/// The sheet; none where only sums are known.
pub(super) fn sheet(context: &mut Context) -> Option<Sheet> {
    let source = context.source;
    if source.take_off.is_empty() {
        return None;
    }
    let mut sheet = context.other(NAME, Axis::None, 0);
    sheet.lines.truncate(0);
    sheet.widths = COLUMNS.map(|(_, width)| width).into();
    frame::title(context, &mut sheet, RATING);
    sheet.frozen = (3, 1);
    sheet.heads((0..).zip(COLUMNS.map(|(name, _)| name)), &[0, 2, RATING, SOURCE]);
    for (n, line) in source.project.capex.iter().enumerate() {
        let own = of_line(&source, line);
        if own.is_empty() {
            continue;
        }
        sheet.section(&format!("{}{}", line.class, phase_of(&source, line)));
        for i in &own {
            if let Some(item) = source.take_off.get(*i) {
                sheet.add_wrapped(row(context, *i, item, Some(n)));
            }
        }
        subtotal(&mut sheet, n, &own);
    }
    super::renewal::rows(context, &mut sheet);
    let other: Vec<usize> = (0..source.take_off.len())
        .filter(|i| source.take_off.get(*i).is_some_and(|item| item.class.is_none()))
        .collect();
    if !other.is_empty() {
        sheet.section("Quantities without a price, whose cost lies in the rows \"Not itemised\"");
        for i in other {
            if let Some(item) = source.take_off.get(i) {
                sheet.add_wrapped(row(context, i, item, None));
            }
        }
    }
    summary(context, &mut sheet);
    Some(sheet)
}

/// ", p1" where phases are told apart and the class does not name it.
pub(super) fn phase_of(source: &Source, line: &CapexLine) -> String {
    let named = source.project.phases.len() < 2 || line.class.ends_with(&line.phase);
    if named { String::new() } else { format!(", {}", line.phase) }
}

/// A cell that follows from others, else an input.
pub(super) fn cell(
    context: &Context,
    (n, field): (usize, &str),
    column: u16,
    value: f64,
    form: Form,
) -> Cell {
    let id = key(n, field);
    let cell = match context.links.get(&id) {
        Some(formula) => Cell::formula(column, formula, form).engine(Some(value)),
        None => Cell::number(column, value, Role::Input, form),
    };
    cell.key(id)
}

/// An item; `line` is the line of the capital that it belongs to.
fn row(context: &Context, n: usize, item: &Item, line: Option<usize>) -> Line {
    let form = match item.quantity {
        _ if is_share(item) => Form::Percent,
        q if q == q.round() => Form::Count,
        _ => Form::Tenths,
    };
    let mut cells = vec![Cell::text(0, item.name.clone(), Role::Plain)];
    cells.push(match line {
        Some(_) => cell(context, (n, "quantity"), QUANTITY, item.quantity, form),
        None => Cell::number(QUANTITY, item.quantity, Role::Plain, form),
    });
    cells.push(Cell::text(2, item.unit, Role::Subtitle));
    if !item.rating.is_empty() {
        cells.push(Cell::text(RATING, item.rating.clone(), Role::Subtitle));
    }
    if let Some(line) = line {
        cells.extend(money(context, n, item, line));
    }
    cells.extend(times(context, n, item, line));
    cells.push(Cell::text(SOURCE, item.source.clone(), Role::Subtitle).wrap());
    if line.is_some() {
        cells.extend(changes(context, n, item, form));
    }
    Line::of(cells)
}

/// What an entered quantity and price were at the export, and how many of them are others now.
pub(super) fn changes(context: &Context, n: usize, item: &Item, form: Form) -> Vec<Cell> {
    let (mut cells, mut parts) = (Vec::new(), Vec::new());
    let price = (item.unit_price_usd.unwrap_or(0.0), Form::Dollars);
    for (field, column, (value, form)) in
        [("quantity", WAS_QUANTITY, (item.quantity, form)), ("price", WAS_PRICE, price)]
    {
        if !context.links.contains_key(&key(n, field)) {
            let was = format!("was:{}", key(n, field));
            parts.push(format!("([{}]<>[{was}])", key(n, field)));
            cells.push(Cell::number(column, value, Role::Subtitle, form).key(was));
        }
    }
    if !parts.is_empty() {
        let formula = format!("{}+0", parts.join("+"));
        cells.push(Cell::formula(CHANGED, formula, Form::Whole).key(key(n, "changed")));
    }
    cells
}

fn money(context: &Context, n: usize, item: &Item, line: usize) -> Vec<Cell> {
    let at = |field: &str| format!("[{}]", key(n, field));
    let price = item.unit_price_usd.unwrap_or(0.0);
    let mut cells = vec![cell(context, (n, "price"), PRICE, price, Form::Dollars)];
    let amount = format!("{}*{}", at("quantity"), at("price"));
    cells.push(
        Cell::formula(AMOUNT, amount, Form::Millions)
            .key(key(n, "amount"))
            .engine(Some(item.amount_usd)),
    );
    if item.contingency_usd != 0.0 {
        let share = item.contingency_usd / item.amount_usd;
        cells.push(cell(context, (n, "share"), SHARE, share, Form::Percent));
        let reserve = format!("{}*{}", at("amount"), at("share"));
        cells.push(
            Cell::formula(RESERVE, reserve, Form::Millions)
                .key(key(n, "reserve"))
                .engine(Some(item.contingency_usd)),
        );
    } else {
        let none = format!("{}*0", at("amount"));
        cells.push(Cell::formula(RESERVE, none, Form::Millions).key(key(n, "reserve")));
    }
    let total = format!("{}+{}", at("amount"), at("reserve"));
    cells.push(
        Cell::formula(TOTAL, total, Form::Millions)
            .key(key(n, "total"))
            .engine(Some(item.total_usd())),
    );
    // An order is bound when it is placed, at the latest when the first of the line is paid.
    let first = format!("[take/line/{line}/first]");
    let bound = match item.lead_weeks_p90 {
        Some(_) => format!("MAX(MIN({},{first})+1,1)", at("ordered")),
        None => format!("{first}+1"),
    };
    cells.push(Cell::formula(BOUND, bound, Form::Whole).key(key(n, "bound")));
    match item.cancellation_frac {
        Some(share) => {
            cells.push(cell(context, (n, "cancel"), CANCEL, share, Form::Percent));
            let lost = format!("{}*{}", at("total"), at("cancel"));
            cells.push(Cell::formula(LOST, lost, Form::Millions).key(key(n, "lost")));
        }
        None => {
            cells.push(Cell::text(CANCEL, "unknown", Role::Subtitle).right());
            cells.push(Cell::text(LOST, "unknown", Role::Subtitle).right());
        }
    }
    cells
}

/// Lead time, and the month in which it has to be ordered for delivery a month before service.
fn times(context: &Context, n: usize, item: &Item, line: Option<usize>) -> Vec<Cell> {
    let Some(p90) = item.lead_weeks_p90 else {
        let unknown = |column| Cell::text(column, "unknown", Role::Subtitle).right();
        return line.map_or(Vec::new(), |_| vec![unknown(P50), unknown(P90), unknown(DATE)]);
    };
    let mut cells = Vec::new();
    if let Some(p50) = item.lead_weeks_p50 {
        cells.push(Cell::number(P50, p50, Role::Input, Form::Count));
    }
    cells.push(cell(context, (n, "lead"), P90, p90, Form::Count));
    let service = cell_of(&format!("phases.{}.service_month", item.phase));
    let lead = format!("[{}]*[const:week]*[const:months]/[const:mean_days]", key(n, "lead"));
    let ordered = format!("{service}-1+INT(-{lead})");
    cells.push(
        Cell::formula(ORDERED, ordered, Form::Whole)
            .key(key(n, "ordered"))
            .engine(item.order_by_month.map(|m| m as f64)),
    );
    let date = format!("DATE([time/sy$],[time/sm$]+[{}],1)", key(n, "ordered"));
    cells.push(Cell::formula(DATE, date, Form::Month));
    cells
}

fn subtotal(sheet: &mut Sheet, n: usize, own: &[usize]) {
    let mut cells = vec![Cell::text(0, "Total", Role::Total)];
    cells.extend((1..=TOTAL).map(|c| Cell::text(c, "", Role::Total)));
    for (column, field) in [(AMOUNT, "amount"), (RESERVE, "reserve"), (TOTAL, "total")] {
        let formula = sum(own, field).unwrap_or_default();
        cells.retain(|c| c.column != column);
        cells.push(
            Cell::formula(column, formula, Form::Millions)
                .role(Role::Total)
                .key(format!("take/line/{n}/{field}")),
        );
    }
    sheet.add(Line::of(cells));
}

/// Lines of the capital side by side, and what the rest of the plant follows from.
fn summary(context: &Context, sheet: &mut Sheet) {
    let source = &context.source;
    let project = source.project;
    sheet.section("All of it: each line of the capital");
    let names = [(0, "Line"), (AMOUNT, "Amount, M"), (RESERVE, "Contingency, M")];
    let names = names.into_iter().chain([
        (TOTAL, "Total, M"),
        (P50, "Own prices, M"),
        (P90, "First paid in month"),
    ]);
    sheet.heads(names, &[0]);
    let mut lines = Vec::new();
    for (n, line) in project.capex.iter().enumerate() {
        let own = of_line(source, line);
        if own.is_empty() {
            continue;
        }
        lines.push(n);
        let priced: Vec<usize> =
            own.into_iter().filter(|i| source.take_off.get(*i).is_some_and(has_price)).collect();
        let site =
            project.classes.iter().any(|c| c.id == line.class && c.component == Component::Site);
        let priced = sum(&priced, "amount").filter(|_| site).unwrap_or_else(|| "0".to_owned());
        let first = line.spend.iter().map(|s| s.month).min().unwrap_or(0) as f64;
        let at = |field: &str| format!("take/all/{n}/{field}");
        let link = |column: u16, field: &str| {
            Cell::formula(column, format!("[take/line/{n}/{field}]"), Form::Millions).key(at(field))
        };
        sheet.add(Line::of(vec![
            Cell::text(0, format!("{}{}", line.class, phase_of(source, line)), Role::Plain),
            link(AMOUNT, "amount"),
            link(RESERVE, "reserve"),
            link(TOTAL, "total"),
            Cell::formula(P50, priced, Form::Millions).key(at("own")),
            Cell::number(P90, first, Role::Plain, Form::Whole).key(format!("take/line/{n}/first")),
        ]));
    }
    let (Some(first), Some(last)) = (lines.first(), lines.last()) else { return };
    let block = |field: &str| format!("SUM([take/all/{first}/{field}::take/all/{last}/{field}])");
    let mut cells = vec![Cell::text(0, "Capital", Role::Total)];
    cells.extend((1..=P90).map(|c| Cell::text(c, "", Role::Total)));
    let own = [(AMOUNT, "amount"), (RESERVE, "reserve"), (TOTAL, "total"), (P50, "own")];
    for (column, field) in own {
        cells.retain(|c| c.column != column);
        let cell = Cell::formula(column, block(field), Form::Millions).role(Role::Total);
        cells.push(cell.key(format!("take/{field}")));
    }
    sheet.add(Line::of(cells));
    let entered = |n: &usize| {
        let open = |field: &str| !context.links.contains_key(&key(*n, field));
        open("quantity") || open("price")
    };
    let all = bought(source).into_iter().chain(super::renewal::places(source));
    let changed: Vec<usize> = all.filter(entered).collect();
    let formula = sum(&changed, "changed").unwrap_or_else(|| "0".to_owned());
    sheet.add(Line::of(vec![
        Cell::text(0, "Quantities and prices of this sheet changed since the export", Role::Plain),
        Cell::formula(AMOUNT, formula, Form::Whole).key("take/changed"),
    ]));
    plant(context, sheet, &lines);
    sheet.note("Order in month, bound in month: 0 and 1 are the first of the model; delivery is a month before service, the model's delay not counted");
}

/// Sums over the classes, and the rest of the plant.
fn plant(context: &Context, sheet: &mut Sheet, lines: &[usize]) {
    let project = context.project();
    let is_it = |n: &usize| {
        let line = project.capex.get(*n);
        line.is_some_and(|l| {
            project.classes.iter().any(|c| c.id == l.class && c.component != Component::Site)
        })
    };
    let add = |sheet: &mut Sheet, id: &str, label: &str, formula: String, form: Form| {
        sheet.add(Line::of(vec![
            Cell::text(0, label, Role::Plain),
            Cell::formula(AMOUNT, formula, form).key(id),
        ]));
    };
    sheet.section("What others are shares of, amounts without contingency");
    let it: Vec<usize> = lines.iter().copied().filter(is_it).collect();
    let amounts = match (it.first(), it.last()) {
        // Racks and their support stand first.
        (Some(first), Some(last)) if last - first + 1 == it.len() => {
            format!("SUM([take/all/{first}/amount::take/all/{last}/amount])")
        }
        _ => "0".to_owned(),
    };
    add(sheet, "take/it", "Racks, network and storage", amounts, Form::Millions);
    add(sheet, "take/site", "Land and plant", "[take/amount]-[take/it]".into(), Form::Millions);
    let Some(formula) = context.links.get("take/plant") else { return };
    let plant = "Plant: site capital per MW x grid contract";
    add(sheet, "take/plant", plant, formula.clone(), Form::Millions);
    if let Some(formula) = context.links.get("take/short") {
        let label = "15-year property without a price of its own";
        add(sheet, "take/short", label, formula.clone(), Form::Millions);
        let rest = "MAX([take/plant]-[take/own]-[take/short],0)".to_owned();
        add(sheet, "take/rest", "Building", rest, Form::Millions);
    }
    for (p, phase) in project.phases.iter().enumerate() {
        if let Some(formula) = context.links.get(&format!("take/part/{p}")) {
            let label = format!("Share of the IT power: {}", phase.id);
            add(sheet, &format!("take/part/{p}"), &label, formula.clone(), Form::Percent);
        }
    }
}

/// Rows of running cost that are shares of what is bought.
pub(super) fn shares(finder: &mut Finder, source: &Source) {
    let project = source.project;
    let it = |l: &&CapexLine| {
        project.classes.iter().any(|c| c.id == l.class && c.component != Component::Site)
    };
    let racks: f64 = project.capex.iter().filter(it).map(|l| l.amount_usd).sum();
    let all: f64 = project.capex.iter().map(|l| l.amount_usd).sum();
    for (id, path, cell, usd) in [
        ("maintenance of the plant", "maintenance_frac", "[take/site]", all - racks),
        ("support and spares of racks", "rack_maintenance_frac", "[take/it]", racks),
        ("insurance", "insurance_frac", "[take/amount]", all),
        ("property tax", "property_tax_frac", "[take/site]", all - racks),
    ] {
        let share = finder.get(&[&format!("finance.running.{path}")]);
        let cost = map(&share, |f, v| (format!("{f}*{cell}"), v * usd));
        for row in project.opex.iter().filter(|r| r.id == id) {
            if let crate::finance::project::Path::Escalating { start, .. } = &row.price {
                finder.link(format!("opex.{id}.price.start"), *start, cost.clone());
            }
        }
    }
}
