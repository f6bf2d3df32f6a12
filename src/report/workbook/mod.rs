//! A project as a workbook with live formulas: months in the calculations, fiscal years in the
//! presentation, one formula for each line, flags in place of conditions. It must not know file
//! formats: `writers::xlsx` turns it into bytes.
//!
//! Every formula cell carries a value: the engine's own where the engine has that row, else what
//! the formula gives (`evaluate`). A spreadsheet that works out the formulas again is therefore a
//! second implementation, and has to agree.

pub mod book;
mod capital;
mod cash;
mod checks;
mod committed;
mod context;
mod cost;
mod cover;
mod draft;
pub mod evaluate;
mod fit;
pub mod formula;
mod frame;
mod functions;
mod links;
mod loan;
mod paths;
mod rates;
mod register;
mod renewal;
mod sales;
mod sensitivities;
mod statements;
mod take_off;
mod tax;
mod term;
mod time;
mod vintages;

pub use context::{Asked, Source};

use crate::catalog::Catalog;
use crate::finance::project::Project;
use crate::site::Site;
use crate::study::Outcome;
use crate::study::finance::{SiteFinance, keys, project_on};
use std::sync::Arc;

use self::book::{About, Book, Content, Form, SERIES, Series, Value};
use self::context::{Context, key_of};
use self::evaluate::{Defect, Program, Values, evaluate};

/// A workbook with its values.
#[derive(Debug)]
pub struct Made {
    pub book: Book,
    pub program: Program,
    /// What stands in the cells.
    pub values: Values,
    /// What the formulas give here; differs from `values` where the engine differs.
    pub worked_out: Values,
}

/// Makes the workbook of a valued layout, with answers to what was asked beside it.
///
/// # Errors
/// As [`make`].
pub fn of(
    site: &Site,
    catalog: &Catalog,
    outcome: &Outcome,
    finance: &SiteFinance,
    asked: &Asked,
) -> Result<Made, Defect> {
    let longest = longest(site, catalog, outcome, finance);
    let provenance = &outcome.provenance;
    let mut origin = format!(
        "Gigasite {}, catalogue {}, input {}",
        provenance.engine_version,
        provenance.catalog_version,
        provenance.input_sha256.get(..12).unwrap_or_default()
    );
    if let Some(variant) = &provenance.variant {
        origin.push_str(&format!(", variant {variant}"));
    }
    let calendar = &finance.project.calendar;
    make(&Source {
        name: &finance.name,
        labels: &finance.labels,
        origin: &origin,
        date: (calendar.start_year.clamp(1900, 9999) as u16, calendar.start_month as u8, 1),
        project: &finance.project,
        evaluation: &finance.evaluation,
        keys: &keys(finance),
        assumptions: &finance.assumptions,
        longest: longest.as_ref(),
        asked,
        take_off: &finance.take_off,
        renewal: &finance.renewal,
        schedule: Some(&finance.schedule),
        contract_mw: site.terms.site.grid_contract_mw.filter(|mw| *mw > 0.0),
        overrides: &site.terms.overrides,
        catalog_version: &provenance.catalog_version,
    })
}

/// The project with the longest delay and life for which columns are kept, its plans held.
fn longest(
    site: &Site,
    catalog: &Catalog,
    outcome: &Outcome,
    finance: &SiteFinance,
) -> Option<Project> {
    let room = links::room(&finance.assumptions);
    let mut longer = site.clone();
    let terms = Arc::make_mut(&mut longer.terms);
    if let Some((_, _, most)) = room.delay {
        terms.finance.delay_months = Some(most as u32);
    }
    if let Some((_, _, most)) = room.life {
        terms.finance.rack_life_years = Some(most);
    }
    project_on(&longer, outcome, catalog, &finance.plans).ok()
}

/// Makes the workbook of a project on months.
///
/// # Errors
/// Periods that are not months; a defect of the builder.
pub fn make(source: &Source) -> Result<Made, Defect> {
    if source.evaluation.statements.periods.iter().any(|p| p.months != 1) {
        return Err(Defect::NotMonths);
    }
    let mut book = build(source);
    let program = Program::of(&book)?;
    mark_links(&mut book, &program);
    let worked_out = evaluate(&book, &program)?;
    let values = with_engine(&book, &worked_out);
    fit::fit(&mut book, &values);
    Ok(Made { book, program, values, worked_out })
}

impl Made {
    /// Number of a named cell as the formulas give it.
    pub fn number(&self, key: &str) -> Option<f64> {
        self.worked_out.number(&self.program.places, key)
    }

    /// Sheet, row and column of the cell of an input, by the path of its assumption.
    pub fn input(&self, path: &str) -> Option<(usize, u32, u16)> {
        self.program.places.cell(&key_of(path))
    }

    /// Sheet, row and column of a key figure on the cover.
    pub fn key(&self, id: &str) -> Option<(usize, u32, u16)> {
        self.program.places.cell(&cover::name_of(id))
    }

    /// Where the engine and the formulas differ by more than a share of the engine's number:
    /// address, engine, formula. What both leave of two equal amounts is no difference.
    pub fn differences(&self, tolerance_frac: f64) -> Vec<(String, f64, f64)> {
        let mut found = Vec::new();
        for (s, sheet) in self.book.sheets.iter().enumerate() {
            for r in 0..sheet.lines.len() as u32 {
                for column in 0..sheet.columns() {
                    let pair = (self.values.get(s, r, column), self.worked_out.get(s, r, column));
                    let (Value::Number(a), Value::Number(b)) = pair else { continue };
                    if (a - b).abs() > tolerance_frac * a.abs().max(b.abs()) {
                        let cell = book::absolute(r, column);
                        let label = match self.values.get(s, r, 0) {
                            Value::Text(text) => text.as_str(),
                            _ => "",
                        };
                        found.push((format!("{}!{cell} {label}", sheet.name), *a, *b));
                    }
                }
            }
        }
        found
    }

    /// The same workbook with other inputs (by path, value): its formulas still carry the values
    /// of the old ones, as in a file that somebody has edited.
    ///
    /// # Errors
    /// A formula that has no value then.
    pub fn changed(&self, changes: &[(&str, f64)]) -> Result<Made, Defect> {
        let (mut book, mut values) = (self.book.clone(), self.values.clone());
        for (path, value) in changes {
            let key = key_of(path);
            let cells =
                book.sheets.iter_mut().flat_map(|s| &mut s.lines).flat_map(|l| &mut l.cells);
            for cell in cells.filter(|c| c.key.as_deref() == Some(key.as_str())) {
                cell.content = Content::Number(*value);
            }
            if let Some((sheet, row, column)) = self.program.places.cell(&key) {
                values.set(sheet, row, column, Value::Number(*value));
            }
        }
        let program = Program::of(&book)?;
        let worked_out = evaluate(&book, &program)?;
        Ok(Made { book, program, values, worked_out })
    }
}

fn build(source: &Source) -> Book {
    let links = links::find(source);
    let project = source.project;
    let months = project.calendar.horizon_months + project.delay_months + links.spare_months;
    let mut context = Context::new(*source, months, links.formulas.clone());
    let context = &mut context;
    if let Some(mw) = source.contract_mw {
        let what = ("Grid contract", "MW");
        context.input("Site", links::CONTRACT.to_owned(), what, mw);
    }
    let (within, cells) = links::within(source);
    if !cells.is_empty() {
        let what = ("Fixed cost that stands in rows of its own", "USD per year");
        context.input("Running cost", links::FIXED_WITHIN.to_owned(), what, within);
    }
    if let Some(share) = links::abated(source) {
        let what = ("Property tax that is abated in the first years", "share");
        context.input("Running cost", links::ABATEMENT.to_owned(), what, share);
    }
    let groups = capital::groups(source.project);
    let take_off = take_off::sheet(context);
    let vintages = vintages::vintages(context, &groups);
    let mut sheets = vec![
        time::months(context),
        time::years(context),
        sales::sheet(context),
        capital::sheet(context, &groups),
        capital::books(context, &groups),
        cost::sheet(context),
        vintages::tables(context),
        vintages::sheet(context, &groups, &vintages),
        vintages::deductions(context, &groups, &vintages),
        tax::sheet(context),
        cash::sheet(context),
        cash::rates(context),
    ];
    sheets.extend(loan::sheet(context));
    sheets.push(statements::sheet(context));
    sheets.push(cash::returns(context));
    sheets.extend(sensitivities::sheet(context));
    sheets.push(checks::sheet(context, &groups));
    let committed = committed::sheet(context);
    sheets.splice(3..3, take_off.into_iter().chain(committed));
    sheets.splice(0..0, paths::sheet(context));
    sheets.insert(0, register::sheet(context, &links));
    sheets.insert(0, cover::sheet(context));
    let (y, m, d) = source.date;
    Book {
        about: About {
            title: format!("{}: workbook", source.name),
            subject: "Capital, running cost, tax, returns".to_owned(),
            comment: format!("{}; nominal USD, prices of {y}-{m:02}-{d:02}", source.origin),
            date: source.date,
        },
        sheets,
        names: source
            .keys
            .iter()
            .map(|key| (cover::name_of(key.id), cover::name_of(key.id)))
            .collect(),
    }
}

/// A formula that is one reference to another sheet is a link.
fn mark_links(book: &mut Book, program: &Program) {
    use self::formula::Expression;
    for (s, sheet) in book.sheets.iter_mut().enumerate() {
        let lines = program.lines.get(s).map_or(&[][..], Vec::as_slice);
        let other = |e: &Expression| matches!(e, Expression::Ref(r) if r.sheet != s);
        for (line, own) in sheet.lines.iter_mut().zip(lines) {
            line.look.link |= own.series.as_ref().is_some_and(|f| other(&f.expression));
            for cell in &mut line.cells {
                let formula = own.cells.iter().find(|(column, _)| *column == cell.column);
                cell.look.link |= formula.is_some_and(|(_, f)| other(&f.expression));
            }
        }
    }
}

/// What is left of rounding, as a share of the largest amount of a row.
const ROUNDING: f64 = 1e-11;
/// What is left of rounding where a whole row is: a hundredth of a cent, USD.
const LEAST_USD: f64 = 1e-4;

/// Values of the cells: the engine's where it has them. Where engine and formula both give what
/// is left of two equal amounts, the formula's stands.
fn with_engine(book: &Book, worked_out: &Values) -> Values {
    let mut values = worked_out.clone();
    for (s, sheet) in book.sheets.iter().enumerate() {
        for (r, line) in sheet.lines.iter().enumerate() {
            let row = r as u32;
            for cell in &line.cells {
                if let (Some(engine), Content::Formula(_)) = (cell.engine, &cell.content) {
                    values.set(s, row, cell.column, Value::Number(engine));
                }
            }
            let (Some(engine), Some(Series::Formula(_))) = (&line.engine, &line.series) else {
                continue;
            };
            let size = engine.iter().fold(0.0f64, |m, v| m.max(v.abs()));
            for (n, number) in engine.iter().enumerate().take(sheet.periods) {
                let column = SERIES + n as u16;
                let rounding = match worked_out.get(s, row, column) {
                    Value::Number(own) => {
                        let off = (own - number).abs();
                        let nothing = line.look.form == Form::Millions && off <= LEAST_USD;
                        off > 1e-10 * number.abs() && (off <= ROUNDING * size || nothing)
                    }
                    _ => false,
                };
                if !rounding {
                    values.set(s, row, column, Value::Number(*number));
                }
            }
        }
    }
    values
}
