//! The register of assumptions: every input in one cell, with its unit, range, source and use.

use super::book::{Axis, Cell, Content, Form, Line, Role, Sheet, UNIT};
use super::context::{Context, Entry, cell_of, key_of};
use super::frame;
use super::links::{Links, follows};
use crate::catalog::Kind;
use crate::study::finance::Assumption;

const VALUE: u16 = 1;
const EXPORTED: u16 = 11;

/// Unit constants: the only numbers besides 0 and 1 that formulas use.
const CONSTANTS: [(&str, &str, &str, f64); 17] = [
    ("months", "Months of a year", "months", 12.0),
    ("quarter", "Months of a quarter", "months", 3.0),
    ("quarters", "Quarters of a year", "quarters", 4.0),
    ("hours", "Hours of a month", "hours", 730.0),
    ("days", "Days of a year", "days", 365.0),
    ("week", "Days of a week", "days", 7.0),
    ("mean_days", "Days of a mean year", "days", 365.25),
    ("half", "Middle of a period", "share", 0.5),
    ("cents", "Decimals of a dollar", "digits", 2.0),
    ("digits", "Decimals of a share", "digits", 9.0),
    ("cent", "What a sum may be off by", "USD", 0.01),
    ("dollar", "What a pasted figure may be off by", "USD", 1.0),
    ("none", "What must hold exactly", "number", 0.0),
    ("least", "Least amount that counts", "USD", 1e-6),
    ("dates", "What dates may move the value by, of inflows", "share", 0.002),
    ("ladder", "Greatest growth of a year at which a rate is searched", "factor", 10_000.0),
    ("million", "Dollars of a million", "USD", 1e6),
];

fn columns(sheet: &mut Sheet) {
    sheet.widths =
        vec![50.0, 16.0, 25.0, 13.0, 13.0, 50.0, 10.0, 22.0, 11.0, 17.0, 17.0, 15.0, 9.0, 38.0];
    sheet.frozen = (3, 1);
}

fn head(sheet: &mut Sheet) {
    let names = [
        "Assumption",
        "Value",
        "Unit",
        "Low",
        "High",
        "Source",
        "Dated",
        "Kind, confidence",
        "Entered by",
        "Changed on",
        "Used in",
        "As exported",
        "Changed",
        "Path",
    ];
    sheet.heads((0..).zip(names), &[0, 2, 5, 6, 7, 8, 9, 10, 13]);
}

pub(super) fn sheet(context: &Context, links: &Links) -> Sheet {
    let mut sheet = Sheet::new("Inputs", Axis::None, 0);
    frame::title(context, &mut sheet, VALUE);
    columns(&mut sheet);
    head(&mut sheet);
    let mut changed = Vec::new();
    let (live, other): (Vec<&Assumption>, Vec<&Assumption>) =
        context.source.assumptions.iter().partition(|a| {
            let leads = |b: &Assumption| {
                links.used.contains(&b.path)
                    && follows(b, context.source.assumptions) == Some(cell_of(&a.path))
            };
            links.used.contains(&a.path) || context.source.assumptions.iter().any(leads)
        });
    if !live.is_empty() {
        sheet.section("Assumptions that the model follows");
        for a in live {
            let row = Row::of_assumption(context, a);
            match follows(a, context.source.assumptions) {
                Some(formula) => row.linked(&mut sheet, &formula, a.value),
                None => {
                    row.push(&mut sheet, Role::Input, links.limits.get(&a.path).copied());
                    changed.push(key_of(&a.path));
                }
            }
        }
    }
    let prices = prices(context);
    if !prices.is_empty() {
        sheet.section("Prices of what is bought");
        for price in prices {
            let used = super::take_off::NAME;
            Row { used, ..Row::of_assumption(context, price) }.push(&mut sheet, Role::Input, None);
            changed.push(key_of(&price.path));
        }
    }
    let mut sections: Vec<&str> = Vec::new();
    for entry in &context.entries {
        if !sections.contains(&entry.section) {
            sections.push(entry.section);
        }
    }
    for section in sections {
        sheet.section(section);
        for entry in context.entries.iter().filter(|e| e.section == section) {
            let row = Row::of_entry(entry);
            match context.links.get(&entry.id) {
                Some(formula) => row.linked(&mut sheet, formula, entry.value),
                None => {
                    row.push(&mut sheet, Role::Input, None);
                    changed.push(key_of(&entry.id));
                }
            }
        }
    }
    constants(context, &mut sheet, &changed);
    behind(context, &mut sheet, &other);
    sheet
}

/// Constants, the engine's value, and how many inputs are others now.
fn constants(context: &Context, sheet: &mut Sheet, changed: &[String]) {
    sheet.section("Constants");
    for (id, name, unit, value) in CONSTANTS {
        sheet.add(Line::of(vec![
            Cell::text(0, name, Role::Plain),
            Cell::number(VALUE, value, Role::Plain, Form::General).key(format!("const:{id}")),
            Cell::text(UNIT, unit, Role::Subtitle),
            Cell::text(5, "Definition", Role::Subtitle),
        ]));
    }
    sheet.add(Line::of(vec![
        Cell::text(0, "Value after tax that the engine gave at the export", Role::Plain),
        Cell::number(
            VALUE,
            context.source.evaluation.results.unlevered.npv_usd,
            Role::Pasted,
            Form::Millions,
        )
        .key("engine/npv"),
        Cell::text(UNIT, "USD, shown in M", Role::Subtitle),
        Cell::text(5, "This program, at the export", Role::Subtitle),
    ]));
    sheet.add(Line::of(vec![
        Cell::text(0, "Inputs changed since the export", Role::Plain),
        Cell::formula(VALUE, counted(changed, !context.source.take_off.is_empty()), Form::Whole)
            .key("inputs/changed"),
        Cell::text(UNIT, "number", Role::Subtitle),
    ]));
}

/// Prices of the catalogue at which the take-off buys, each once.
fn prices<'a>(context: &Context<'a>) -> Vec<&'a Assumption> {
    let mut list: Vec<&Assumption> = Vec::new();
    let bought = context.source.take_off.iter().chain(context.source.renewal);
    for price in bought.filter_map(|i| i.price.as_ref()) {
        let known = context.source.assumptions.iter().chain(list.iter().copied());
        if !known.into_iter().any(|a| a.path == price.path) {
            list.push(price);
        }
    }
    list
}

/// The number of changed inputs, those of the take-off among them.
fn counted(changed: &[String], has_take_off: bool) -> String {
    let own = match (changed.first(), changed.last()) {
        (Some(first), Some(last)) => format!("SUM([changed:{first}::changed:{last}])"),
        _ => "0".to_owned(),
    };
    if has_take_off { format!("{own}+[take/changed]") } else { own }
}

/// What numbers of the project were made from; to change it, change the layout.
fn behind(context: &Context, sheet: &mut Sheet, other: &[&Assumption]) {
    if other.is_empty() {
        return;
    }
    sheet.section("Behind the numbers above (change them in the layout and export again)");
    for a in other {
        let mut line = Row::of_assumption(context, a).line(Role::Pasted);
        line.cells.iter_mut().for_each(|c| c.key = None);
        sheet.add_wrapped(line);
    }
}

struct Row<'a> {
    id: &'a str,
    name: &'a str,
    unit: &'a str,
    value: f64,
    range: Option<(f64, f64)>,
    source: String,
    date: String,
    kind: &'static str,
    by: &'a str,
    /// When it came to be what it is, as far as that is recorded.
    changed: String,
    used: &'a str,
}

/// Digits that suit a number of any size.
fn form(value: f64) -> Form {
    let size = value.abs();
    match size {
        _ if value == value.round() && size < 10_000.0 => Form::General,
        s if s >= 10_000.0 => Form::Count,
        s if s >= 100.0 => Form::Dollars,
        _ => Form::Factor,
    }
}

impl<'a> Row<'a> {
    fn of_assumption(context: &Context<'a>, a: &'a Assumption) -> Self {
        let source = &context.source;
        let own = source.overrides.iter().find(|o| o.path == a.path);
        let own = own.filter(|_| a.kind == Some(Kind::Override));
        // A layout dates what it changes of the catalogue, and not what it states itself.
        let changed = match (own, a.kind) {
            (Some(own), _) => format!("{}, was {}", own.date, own.old),
            (None, None | Some(Kind::Override)) => "in the layout".to_owned(),
            (None, Some(Kind::Derived)) if a.path.starts_with("finance.") => "computed".to_owned(),
            (None, Some(_)) => format!("catalogue {}", source.catalog_version),
        };
        let (kind, by) = match a.kind {
            Some(Kind::Override) => ("entered", own.map_or("the layout", |o| &o.author)),
            None => ("entered", "the layout"),
            Some(Kind::Measured) => ("measured, high", "catalogue"),
            Some(Kind::Vendor) => ("vendor figure, medium", "catalogue"),
            Some(Kind::Press) => ("press, medium", "catalogue"),
            Some(Kind::Derived) => ("derived, medium", "catalogue"),
            Some(Kind::Estimate) => ("estimate, low", "catalogue"),
            Some(Kind::Assumed) => ("tool default, unverified", "tool default"),
        };
        // "publisher, title (date)"
        let (source, date) = match a.source.rsplit_once(" (") {
            Some((words, date)) => (words.to_owned(), date.trim_end_matches(')').to_owned()),
            None => (a.source.clone(), String::new()),
        };
        Self {
            id: &a.path,
            name: &a.name,
            unit: &a.unit,
            value: a.value,
            range: a.range,
            source,
            date,
            kind,
            by,
            changed,
            used: "",
        }
    }

    fn of_entry(entry: &'a Entry) -> Self {
        let law = entry.section == "Tax law";
        Self {
            id: &entry.id,
            name: &entry.name,
            unit: &entry.unit,
            value: entry.value,
            range: None,
            source: if law {
                "Internal Revenue Code, section 168(d)(3)".to_owned()
            } else {
                "Plan and costs of this layout".to_owned()
            },
            date: String::new(),
            kind: if law { "law, high" } else { "computed from the layout" },
            by: if law { "law" } else { "the layout" },
            changed: if law { "law" } else { "computed" }.to_owned(),
            used: &entry.used_in,
        }
    }

    fn line(&self, role: Role) -> Line {
        let form = form(self.value);
        let mut cells = vec![
            Cell::text(0, self.name, Role::Plain).wrap(),
            Cell::number(VALUE, self.value, role, form).key(key_of(self.id)),
            Cell::text(UNIT, self.unit, Role::Subtitle).wrap(),
        ];
        if let Some((low, high)) = self.range {
            cells.push(Cell::number(3, low, Role::Subtitle, self::form(low)));
            cells.push(Cell::number(4, high, Role::Subtitle, self::form(high)));
        }
        for (n, text) in [
            (5, self.source.as_str()),
            (6, &self.date),
            (7, self.kind),
            (8, self.by),
            (9, &self.changed),
            (10, self.used),
        ] {
            if !text.is_empty() {
                let cell = Cell::text(n, text, Role::Subtitle);
                cells.push(if n == 5 { cell.wrap() } else { cell });
            }
        }
        cells.push(Cell::text(13, self.id, Role::Subtitle));
        Line::of(cells)
    }

    /// An input, with what it was at the export and whether it is still that.
    fn push(&self, sheet: &mut Sheet, role: Role, limits: Option<(f64, f64)>) {
        let key = key_of(self.id);
        let mut line = self.line(role);
        for cell in line.cells.iter_mut().filter(|c| c.column == VALUE) {
            cell.limits = limits;
        }
        let form = form(self.value);
        line.cells.push(
            Cell::number(EXPORTED, self.value, Role::Subtitle, form).key(format!("was:{key}")),
        );
        let formula = format!("([{key}]<>[was:{key}])*1");
        line.cells
            .push(Cell::formula(EXPORTED + 1, formula, Form::Whole).key(format!("changed:{key}")));
        sheet.add_wrapped(line);
    }

    /// A number that follows from others.
    fn linked(&self, sheet: &mut Sheet, formula: &str, value: f64) {
        let mut line = self.line(Role::Calc);
        for cell in line.cells.iter_mut().filter(|c| c.column == VALUE) {
            cell.content = Content::formula(formula);
            cell.engine = Some(value);
        }
        for cell in line.cells.iter_mut().filter(|c| c.column == 7) {
            cell.content = Content::text("follows from above");
        }
        sheet.add_wrapped(line);
    }
}
