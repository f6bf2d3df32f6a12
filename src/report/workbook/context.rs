//! What the sheets of a workbook are made from, and the register of inputs that they fill.

use super::book::{Axis, Form, Line, Sheet};
use crate::finance::project::{Evaluation, Path, Project, Row};
use crate::site::CatalogOverride;
use crate::study::finance::schedule::Schedule;
use crate::study::finance::{Assumption, Item, KeyOutput};
use crate::study::risk::{Gap, MonteCarlo, Tornado, TwoWay};
use std::collections::BTreeMap;

/// Answers of the engine that a workbook can tell beside its own formulas.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// What holding the plan leaves out.
    pub gaps: Vec<Gap>,
    pub tornado: Option<Tornado>,
    pub two_way: Option<TwoWay>,
    pub draws: Option<MonteCarlo>,
}

/// Everything that a workbook tells.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    pub name: &'a str,
    /// Labels that travel with every figure.
    pub labels: &'a [String],
    /// Engine and catalogue version and the hash of the input, in words.
    pub origin: &'a str,
    /// Day of the prices.
    pub date: (u16, u8, u8),
    pub project: &'a Project,
    pub evaluation: &'a Evaluation,
    pub keys: &'a [KeyOutput],
    pub assumptions: &'a [Assumption],
    /// The same project with the longest delay and life for which there are columns, where these
    /// are inputs: what it says of later years stands in the columns that are spare now.
    pub longest: Option<&'a Project>,
    /// What was asked beyond the value.
    pub asked: &'a Asked,
    /// Every item; empty where nothing but sums is known.
    pub take_off: &'a [Item],
    /// Racks of another type that replace the first ones.
    pub renewal: &'a [Item],
    pub schedule: Option<&'a Schedule>,
    /// The grid contract, MW.
    pub contract_mw: Option<f64>,
    /// What the layout changes of the catalogue, with author and date.
    pub overrides: &'a [CatalogOverride],
    /// Version of the catalogue that everything else comes from.
    pub catalog_version: &'a str,
}

/// An input that the project needs; its cell is entered or follows from an assumption.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub id: String,
    pub name: String,
    pub unit: String,
    pub value: f64,
    pub used_in: String,
    pub section: &'static str,
}

/// Gathers the register while the sheets are built.
pub(super) struct Context<'a> {
    pub source: Source<'a>,
    /// Months and fiscal years for which there are columns.
    pub months: usize,
    pub years: usize,
    /// Which numbers of the project follow from assumptions: id, formula.
    pub links: BTreeMap<String, String>,
    pub entries: Vec<Entry>,
    /// Price paths by year of the model: key, label, unit, values.
    pub paths: Vec<(String, String, String, Vec<f64>)>,
    sheet: &'static str,
}

/// Name of the cell of an input; names of elements may hold anything.
pub(super) fn key_of(id: &str) -> String {
    format!("in:{}", id.replace(['[', ']'], "_"))
}

/// How formulas refer to it.
pub(super) fn cell_of(id: &str) -> String {
    format!("[{}]", key_of(id))
}

impl<'a> Context<'a> {
    pub fn new(source: Source<'a>, months: usize, links: BTreeMap<String, String>) -> Self {
        let years = months / 12 + 2;
        let (entries, paths) = (Vec::new(), Vec::new());
        Self { source, months, years, links, entries, paths, sheet: "" }
    }

    pub fn project(&self) -> &'a Project {
        self.source.project
    }

    /// The longest project, where it has the same parts.
    pub fn longest(&self) -> Option<&'a Project> {
        self.source.longest
    }

    /// A sheet over months.
    pub fn monthly(&mut self, name: &'static str) -> Sheet {
        self.sheet = name;
        let mut sheet = Sheet::new(name, Axis::Months, self.months);
        super::frame::months(self, &mut sheet);
        sheet
    }

    /// A sheet over fiscal years.
    pub fn yearly(&mut self, name: &'static str) -> Sheet {
        self.sheet = name;
        let mut sheet = Sheet::new(name, Axis::Years, self.years);
        super::frame::years(self, &mut sheet);
        sheet
    }

    /// A sheet over something else.
    pub fn other(&mut self, name: &'static str, axis: Axis, periods: usize) -> Sheet {
        self.sheet = name;
        let mut sheet = Sheet::new(name, axis, periods);
        super::frame::plain(self, &mut sheet);
        sheet
    }

    /// Registers a number of the project; returns how formulas refer to it.
    pub fn input(
        &mut self,
        section: &'static str,
        id: String,
        what: (&str, &str),
        v: f64,
    ) -> String {
        let reference = cell_of(&id);
        if !self.entries.iter().any(|e| e.id == id) {
            self.entries.push(Entry {
                id,
                name: what.0.to_owned(),
                unit: what.1.to_owned(),
                value: v,
                used_in: self.sheet.to_owned(),
                section,
            });
        }
        reference
    }

    /// A number over years; `later` is the same of the longest project.
    pub fn path(
        &mut self,
        section: &'static str,
        id: &str,
        what: (&str, &str),
        (path, later): (&Path, Option<&Path>),
    ) -> PathLines {
        match later.unwrap_or(path) {
            Path::Escalating { start, per_year_frac } => {
                let first = self.input(section, format!("{id}.start"), what, *start);
                let change = (format!("{}: change", what.0), "share per year");
                let change_id = format!("{id}.per_year_frac");
                let flat = *per_year_frac == 0.0 && !self.links.contains_key(&change_id);
                let change = match flat {
                    true => None,
                    false => {
                        Some(self.input(section, change_id, (&change.0, change.1), *per_year_frac))
                    }
                };
                PathLines::Escalating { first, change }
            }
            Path::ByYear(list) => {
                let key = format!("path:{id}");
                if !self.paths.iter().any(|(k, ..)| *k == key) {
                    let (name, unit) = (what.0.to_owned(), what.1.to_owned());
                    self.paths.push((key.clone(), name, unit, list.clone()));
                }
                PathLines::ByYear { key }
            }
        }
    }

    /// A row of the engine's statements by month.
    pub fn engine(&self, rows: fn(&Evaluation) -> &[Row], name: &str) -> Option<&'a [f64]> {
        let found = rows(self.source.evaluation).iter().find(|r| r.name == name);
        found.map(|r| r.values.as_slice())
    }

    pub fn income(&self, name: &str) -> Option<&'a [f64]> {
        self.engine(|e| &e.statements.income, name)
    }

    pub fn flow(&self, name: &str) -> Option<&'a [f64]> {
        self.engine(|e| &e.statements.flows, name)
    }

    pub fn balance(&self, name: &str) -> Option<&'a [f64]> {
        self.engine(|e| &e.statements.balance, name)
    }

    pub fn cash(&self, name: &str) -> Option<&'a [f64]> {
        self.engine(|e| &e.statements.cash_flow, name)
    }
}

/// How a number over years stands in the workbook.
pub(super) enum PathLines {
    /// Reference to the first year, and to the change where it changes.
    Escalating {
        first: String,
        change: Option<String>,
    },
    ByYear {
        key: String,
    },
}

impl PathLines {
    /// Lines for the sheet: the change where there is one, then the number itself under `key`;
    /// `year` is the line with the year that counts, 0 first.
    pub fn lines(
        &self,
        key: &str,
        (label, unit): (&str, &str),
        form: Form,
        year: &str,
    ) -> Vec<Line> {
        match self {
            Self::Escalating { first, change: None } => vec![
                Line::new(key, label, unit)
                    .form(form)
                    .constant(first, form)
                    .each(format!("[{key}$]*[time/live]")),
            ],
            Self::Escalating { first, change: Some(change) } => vec![
                Line::new(format!("{key}/change"), format!("{label}: change"), "share per year")
                    .constant(change, Form::Percent),
                Line::new(key, label, unit)
                    .form(form)
                    .constant(first, form)
                    .each(format!("[{key}$]*(1+[{key}/change$])^[{year}]*[time/live]")),
            ],
            Self::ByYear { key: path } => vec![
                Line::new(
                    format!("{key}/known"),
                    format!("{label}: years that are known"),
                    "years",
                )
                .constant(format!("[{path}$]"), Form::Whole),
                Line::new(key, label, unit)
                    .form(form)
                    .each(format!("INDEX([{path}:],MIN([{year}]+1,[{key}/known$]))*[time/live]")),
            ],
        }
    }
}
