//! The cash flow as a table: which rows a view has, in which order and with which sign. Every
//! figure is a row of the engine's statements or a sum of one over a fiscal year. It must not
//! know how it is painted.

use crate::finance::project::{Path, Row, Statements, Unit};
use crate::scene::chart::money::site::over_phases;
use crate::study::finance::SiteFinance;
use crate::units::format;
use crate::units::words::upper_first;

/// Whose money is counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Claim {
    #[default]
    Unlevered,
    Levered,
}

/// What the columns are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Step {
    #[default]
    Year,
    /// As the model has its periods.
    Period,
}

/// What amounts are counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    Millions,
    Billions,
}

impl Scale {
    pub const fn usd(self) -> f64 {
        match self {
            Scale::Millions => 1e6,
            Scale::Billions => 1e9,
        }
    }

    pub const fn label(self) -> &'static str {
        match self {
            Scale::Millions => "$M",
            Scale::Billions => "$B",
        }
    }

    /// Decimals of a table in it.
    const fn decimals(self) -> usize {
        match self {
            Scale::Millions => 1,
            Scale::Billions => 2,
        }
    }

    /// What a project of this capital is shown in.
    pub fn fitting(capital_usd: f64) -> Self {
        if capital_usd.abs() >= 2e9 { Scale::Billions } else { Scale::Millions }
    }
}

/// What is chosen about the table.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Choices {
    pub claim: Claim,
    /// Without tax; of the project without a loan alone.
    pub before_tax: bool,
    pub step: Step,
    /// What fits, where nothing is chosen.
    pub scale: Option<Scale>,
}

/// How a line stands out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// Words over a group of lines.
    Section,
    Item,
    /// A sum.
    Sum,
}

/// What the figures of a line are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    Usd,
    /// Of a year or period; their sum are years or periods.
    Share,
    /// The first price is 100.
    Index,
}

/// A line of the table.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    pub name: String,
    pub weight: Weight,
    pub measure: Measure,
    pub values: Vec<f64>,
    /// Absent where a sum over time means nothing.
    pub total: Option<f64>,
    /// How it comes about.
    pub how: String,
}

/// The table of a valued plan.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// `Year ending 31 Dec`.
    pub head: String,
    pub columns: Vec<String>,
    pub lines: Vec<Line>,
    pub scale: Scale,
    pub claim: Claim,
    pub before_tax: bool,
}

/// Makes the table; `name_of` gives the name of a stream by its id.
pub fn table(
    finance: &SiteFinance,
    choices: Choices,
    name_of: impl Fn(&str) -> Option<String>,
) -> Table {
    let has_loan = finance.evaluation.results.loan.is_some();
    let claim = if has_loan { choices.claim } else { Claim::Unlevered };
    let before_tax = choices.before_tax && claim == Claim::Unlevered;
    let capital = finance.evaluation.results.capex.total_usd;
    let mut maker = Maker {
        finance,
        statements: &finance.evaluation.statements,
        step: choices.step,
        lines: Vec::new(),
    };
    let scale = choices.scale.unwrap_or(Scale::fitting(capital));
    maker.service();
    maker.price_index();
    maker.income(scale, claim, &name_of);
    match claim {
        Claim::Unlevered => maker.unlevered(scale, before_tax),
        Claim::Levered => maker.levered(scale),
    }
    let (head, columns) = maker.columns();
    Table { head, columns, lines: maker.lines, scale, claim, before_tax }
}

impl Table {
    /// A figure of a line as it is shown.
    pub fn shown(&self, line: &Line, value: f64) -> String {
        match line.measure {
            Measure::Usd => self.cell(value),
            Measure::Share if value == 0.0 => format::table_cell(0.0, 0),
            Measure::Share => format::share(value).replace(".0 ", " "),
            Measure::Index => format::table_cell(value, 1),
        }
    }

    /// The total of a line as it is shown.
    pub fn total(&self, line: &Line) -> Option<String> {
        let total = line.total?;
        Some(match line.measure {
            Measure::Share => format!("{} y", format::fixed(total, 2)),
            Measure::Usd | Measure::Index => self.shown(line, total),
        })
    }

    /// Words about a line with what its figures are counted in behind them.
    pub fn with_unit(&self, line: &Line, words: &str, between: &str) -> String {
        match line.measure {
            Measure::Usd => format!("{words}{between}{}", self.scale.label()),
            Measure::Share | Measure::Index => words.to_owned(),
        }
    }

    /// An amount in USD as it is shown.
    pub fn cell(&self, usd: f64) -> String {
        let shown = usd / self.scale.usd();
        let decimals = self.scale.decimals();
        // What is rounded to nothing is not nothing.
        let rounded = 10f64.powi(-(decimals as i32)) / 2.0;
        if usd != 0.0 && shown.abs() < rounded {
            let least = format::fixed(2.0 * rounded, decimals);
            return if usd < 0.0 { format!("(<{least})") } else { format!("<{least}") };
        }
        format::table_cell(shown, decimals)
    }

    /// The table as text with tabs, for a spreadsheet.
    pub fn text(&self) -> String {
        let mut out = vec![format!("{}\t{}\tTotal", self.head, self.columns.join("\t"))];
        for line in &self.lines {
            let amounts = line.values.iter().map(|v| format!("{v}"));
            let total = line.total.map(|t| format!("{t}")).unwrap_or_default();
            let cells: Vec<String> = amounts.chain([total]).collect();
            out.push(format!("{}\t{}", line.name, cells.join("\t").trim_end()));
        }
        out.join("\n")
    }
}

struct Maker<'a> {
    finance: &'a SiteFinance,
    statements: &'a Statements,
    step: Step,
    lines: Vec<Line>,
}

/// Difference of two indices that counts as none.
const SAME_INDEX: f64 = 1e-6;

/// Last days of the months.
const MONTHS: [&str; 12] = [
    "31 Jan", "28 Feb", "31 Mar", "30 Apr", "31 May", "30 Jun", "31 Jul", "31 Aug", "30 Sep",
    "31 Oct", "30 Nov", "31 Dec",
];

impl Maker<'_> {
    fn columns(&self) -> (String, Vec<String>) {
        let labels = &self.statements.labels;
        match self.step {
            Step::Period => ("Period ending".to_owned(), labels.clone()),
            Step::Year => {
                let end = self.finance.project.calendar.fiscal_year_end as usize;
                let day = MONTHS.get(end.wrapping_sub(1)).copied().unwrap_or("31 Dec");
                let mut years: Vec<String> = Vec::new();
                let periods = &self.statements.periods;
                for (period, label) in periods.iter().zip(labels) {
                    let digits = label.trim_start_matches("FY").split('-').next();
                    let year = digits.unwrap_or_default().to_owned();
                    // The last period of a fiscal year names it.
                    match years.get_mut(period.year) {
                        Some(known) => *known = year,
                        None => years.push(year),
                    }
                }
                (format!("Year ending {day}"), years)
            }
        }
    }

    /// Amounts by column.
    fn by_column(&self, values: &[f64]) -> Vec<f64> {
        match self.step {
            Step::Period => values.to_vec(),
            Step::Year => {
                let periods = &self.statements.periods;
                let years = periods.last().map_or(0, |p| p.year + 1);
                let mut sums = vec![0.0; years];
                for (period, value) in periods.iter().zip(values) {
                    if let Some(sum) = sums.get_mut(period.year) {
                        *sum += value;
                    }
                }
                sums
            }
        }
    }

    /// Sums by column of what months of the model have, and how many months each column has.
    fn of_months(&self, of: impl Fn(usize) -> f64) -> (Vec<f64>, Vec<f64>) {
        let periods = &self.statements.periods;
        let sums: Vec<f64> = periods.iter().map(|p| (p.start..p.end()).map(&of).sum()).collect();
        let months: Vec<f64> = periods.iter().map(|p| p.months as f64).collect();
        (self.by_column(&sums), self.by_column(&months))
    }

    /// How much of the site is in service, by power of IT.
    fn service(&mut self) {
        let project = &self.finance.project;
        let all: f64 = project.phases.iter().map(|p| p.it_mw).sum();
        if all <= 0.0 {
            return;
        }
        let in_service = |month: usize| -> f64 {
            let stands =
                project.phases.iter().filter(|p| month >= p.service_month + project.delay_months);
            stands.map(|p| p.it_mw).sum::<f64>() / all
        };
        let (sums, months) = self.of_months(in_service);
        let (word, of_each) = match self.step {
            Step::Year => ("year", vec![12.0; sums.len()]),
            Step::Period => ("period", months),
        };
        let values = sums.iter().zip(&of_each).map(|(sum, of)| sum / of).collect();
        self.lines.push(Line {
            name: format!("Site in service, share of {word}"),
            weight: Weight::Item,
            measure: Measure::Share,
            values,
            total: Some(sums.iter().sum::<f64>() / 12.0),
            how: "months in service × share of IT power, ramps left out".into(),
        });
    }

    /// What tokens are sold for, where all prices move alike.
    fn price_index(&mut self) {
        let project = &self.finance.project;
        let prices = project.streams.iter().filter(|s| s.unit == Unit::MillionTokens);
        let prices: Vec<&Path> = prices.map(|s| &s.price).filter(|p| p.at_year(0) > 0.0).collect();
        let Some(first) = prices.first() else { return };
        let index = |path: &Path, year: usize| 100.0 * path.at_year(year) / path.at_year(0);
        let years = self.statements.periods.last().map_or(0, |p| p.end().div_ceil(12));
        let by_year: Vec<f64> = (0..years).map(|year| index(first, year)).collect();
        let alike = |path: &&Path| {
            by_year.iter().enumerate().all(|(y, own)| (index(path, y) - own).abs() < SAME_INDEX)
        };
        if !prices.iter().all(alike) {
            return;
        }
        let (sums, months) =
            self.of_months(|month| by_year.get(month / 12).copied().unwrap_or(0.0));
        let values = sums.iter().zip(&months).map(|(sum, of)| sum / of).collect();
        self.lines.push(Line {
            name: format!("Token price index, {} = 100", self.finance.month(0)),
            weight: Weight::Item,
            measure: Measure::Index,
            values,
            total: None,
            how: "list price by year of the model over the first, mean of the months".into(),
        });
    }

    fn section(&mut self, name: String) {
        let weight = Weight::Section;
        let (values, how, measure) = (Vec::new(), String::new(), Measure::Usd);
        self.lines.push(Line { name, weight, measure, values, total: None, how });
    }

    /// A line of amounts by period; items without any are left out.
    fn add(
        &mut self,
        name: impl Into<String>,
        weight: Weight,
        values: &[f64],
        how: impl Into<String>,
    ) {
        if weight == Weight::Item && values.iter().all(|v| *v == 0.0) {
            return;
        }
        let total = Some(values.iter().sum());
        let values = self.by_column(values);
        let (name, how, measure) = (name.into(), how.into(), Measure::Usd);
        self.lines.push(Line { name, weight, measure, values, total, how });
    }

    fn row(&self, rows: &[Row], name: &str) -> Vec<f64> {
        let none = || vec![0.0; self.statements.periods.len()];
        Statements::row(rows, name).map_or_else(none, <[f64]>::to_vec)
    }

    fn income_row(&self, name: &str) -> Vec<f64> {
        self.row(&self.statements.income, name)
    }

    fn cash_row(&self, name: &str) -> Vec<f64> {
        self.row(&self.statements.cash_flow, name)
    }

    fn flow_row(&self, name: &str) -> Vec<f64> {
        self.row(&self.statements.flows, name)
    }

    fn income(&mut self, scale: Scale, claim: Claim, name_of: &impl Fn(&str) -> Option<String>) {
        let income = &self.statements.income;
        self.section(format!("Income, {} nominal", scale.label()));
        let sold = income.iter();
        let sold = sold.filter_map(|r| Some((r.name.strip_prefix("revenue: ")?, r.values.clone())));
        for (id, values) in over_phases(&self.finance.project, sold) {
            let name = name_of(id).unwrap_or_else(|| upper_first(id));
            self.add(name, Weight::Item, &values, "units sold × price of the year, all phases");
        }
        let revenue = self.income_row("revenue");
        self.add("Revenue", Weight::Sum, &revenue, "sum of what is sold");
        for row in income {
            let Some(id) = row.name.strip_prefix("opex: ") else { continue };
            self.add(upper_first(id), Weight::Item, &negative(&row.values), "driver × price");
        }
        let ebitda = self.income_row("EBITDA");
        self.add("EBITDA", Weight::Sum, &ebitda, "revenue − operating cost");
        let depreciation = negative(&self.income_row("depreciation"));
        let how = "straight line over each class's life";
        self.add("Depreciation", Weight::Item, &depreciation, how);
        let gain = self.income_row("gain on disposal");
        let how = "proceeds − book value of what is sold";
        self.add("Gain on disposal", Weight::Item, &gain, how);
        let ebit = self.income_row("EBIT");
        self.add("Operating profit", Weight::Sum, &ebit, "EBITDA − depreciation + gain");
        if claim == Claim::Levered {
            let interest = negative(&self.income_row("interest"));
            self.add("Interest", Weight::Item, &interest, "on the opening balance of the loan");
            let current = negative(&self.income_row("current tax"));
            self.add("Current tax", Weight::Item, &current, "by fiscal year, see the tax mode");
            let deferred = negative(&self.income_row("deferred tax"));
            let how = "rate × change of book value less tax basis";
            self.add("Deferred tax", Weight::Item, &deferred, how);
            let net = self.income_row("net income");
            self.add("Net income", Weight::Sum, &net, "profit before tax − tax");
        }
    }

    /// Working capital, capital, refreshes and proceeds: what every view has.
    fn capital(&mut self) {
        let working = self.cash_row("rise of working capital");
        self.add("Working capital", Weight::Item, &working, "payables − receivables, change");
        let capital = self.cash_row("capital");
        self.add("Capital", Weight::Item, &capital, "take-off by its payment dates");
        let refresh = self.cash_row("refresh");
        self.add("Refresh of racks", Weight::Item, &refresh, "the next generation of racks");
        let proceeds = self.cash_row("proceeds of disposal");
        let how = "what assets are sold for when they are replaced or the model ends";
        self.add("Terminal value", Weight::Item, &proceeds, how);
    }

    fn unlevered(&mut self, scale: Scale, before_tax: bool) {
        self.section(format!("Cash, {} nominal", scale.label()));
        self.capital();
        let results = &self.finance.evaluation.results;
        let (flow, name, rate) = if before_tax {
            let flow = self.flow_row("before tax, no loan");
            (flow, "Free cash flow, before tax", results.pretax.rate)
        } else {
            let (mode, how) = tax(&results.tax_mode, "of the project without a loan");
            let tax = negative(&self.flow_row("tax, no loan"));
            self.add(mode, Weight::Item, &tax, how);
            let flow = self.flow_row("after tax, no loan");
            (flow, "Free cash flow, unlevered", results.unlevered.rate)
        };
        self.closing(name, &flow, rate);
    }

    fn levered(&mut self, scale: Scale) {
        self.section(format!("Cash, {} nominal", scale.label()));
        self.capital();
        let results = &self.finance.evaluation.results;
        let (mode, how) = tax(&results.tax_mode, "with the interest of the loan deducted");
        let tax = negative(&self.income_row("current tax"));
        self.add(mode, Weight::Item, &tax, how);
        let fees = self.cash_row("interest during construction and fees");
        self.add("Interest while building, fees", Weight::Item, &fees, "of the loan");
        let drawn = self.cash_row("drawn");
        self.add("Loan drawn", Weight::Item, &drawn, "its share of each month's uses");
        let interest = negative(&self.income_row("interest"));
        self.add("Interest", Weight::Item, &interest, "on the opening balance");
        let repaid = self.cash_row("repaid");
        self.add("Loan repaid", Weight::Item, &repaid, "by the terms of the loan");
        let kept = negative(&self.cash_row("change of cash"));
        self.add("To reserve and cash kept", Weight::Item, &kept, "reserve account and lock-up");
        let rate = self.finance.evaluation.results.levered.rate;
        let owners = self.flow_row("owners");
        self.closing("Cash to the owners", &owners, rate);
    }

    /// The flow, its running sum and its present value.
    fn closing(&mut self, name: &str, flow: &[f64], rate: f64) {
        self.add(name, Weight::Sum, flow, "sum of the cash rows and EBITDA");
        let columns = self.by_column(flow);
        let running = columns.iter().scan(0.0, |sum, v| {
            *sum += v;
            Some(*sum)
        });
        let (values, how) = (running.collect(), "running sum".to_owned());
        let (name, weight, measure) = ("Cumulative".to_owned(), Weight::Item, Measure::Usd);
        self.lines.push(Line { name, weight, measure, values, total: None, how });
        let present = self.statements.present(rate, flow);
        let name = format!("Present value at {}", format::share(rate).replace(".0 ", " "));
        let how = "each period's flow at its end, discounted to the first day of the model";
        self.add(name, Weight::Sum, &present, how);
    }
}

/// Name of the line of tax, its rule in a few words, and how it comes about with all of it.
fn tax(mode: &str, of: &str) -> (String, String) {
    let short = mode.split(',').next().unwrap_or(mode);
    (format!("Tax, {short}"), format!("{of}; {mode}"))
}

fn negative(values: &[f64]) -> Vec<f64> {
    // A zero must not become a negative one: that would be shown in parentheses.
    values.iter().map(|v| if *v == 0.0 { 0.0 } else { -v }).collect()
}
