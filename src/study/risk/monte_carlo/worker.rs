//! One thread's runs: the inputs of a run, its plan, its project.

use super::draws::{Copula, uniform};
use super::edits::{Lines, agree, line, numbers, put, same_frame};
use crate::catalog::Catalog;
use crate::finance::distribution::Quantiles;
use crate::finance::project::{Period, Results, flows};
use crate::finance::returns::discount_factor;
use crate::plan::input::PlanInput;
use crate::plan::result::Plan;
use crate::plan::{How, PlanSolver};
use crate::site::Site;
use crate::study::finance::{self, Plans, Scenario};
use crate::study::headline::headline;
use crate::study::input::Prepared;
use crate::study::risk::appraiser::{optimal, plain, prepared, same_problem, told};
use crate::study::risk::result::Driver;
use crate::study::risk::{Appraiser, Change, apply};
use crate::study::{Estimator, Outcome, SolveOptions, secure};

/// Runs beyond any that is asked for, on which the lines are tested.
const TESTS: [u64; 3] = [u64::MAX, u64::MAX - 1, u64::MAX - 2];

/// What all threads share.
pub struct Field {
    pub site: Site,
    pub catalog: Catalog,
    pub options: SolveOptions,
    pub base: Outcome,
    pub base_run: Run,
    /// Plans of the years of operation of the base, and what moves them.
    plans: Plans,
    scenario: (Scenario, usize),
    /// Fiscal year of month 0 and of the model's first year end.
    pub first_year: i32,
    pub drivers: Vec<Driver>,
    /// Input of the base plan in full, with every row of outages.
    full: PlanInput,
    prepared: Prepared,
    /// What plans are made from: equal blocks merged, every row of outages in it.
    ready: Prepared,
    /// How drivers move numbers of the input, or why they do not do so in straight lines.
    lines: Result<Lines, String>,
    quantiles: Vec<Quantiles>,
    copula: Copula,
    seed: u64,
}

/// One run.
#[derive(Clone, Debug, Default)]
pub struct Run {
    pub values: Vec<f64>,
    pub npv_usd: f64,
    /// Discounted flow after tax up to the end of each fiscal year.
    pub cumulative_usd: Vec<f64>,
    pub least_cover: Option<f64>,
    pub replanned: bool,
    /// Why it has no value.
    pub fault: Option<String>,
}

impl Field {
    pub fn new(
        appraiser: &Appraiser,
        drivers: Vec<Driver>,
        (quantiles, copula): (Vec<Quantiles>, Copula),
        seed: u64,
    ) -> Result<Self, String> {
        let base = appraiser.base();
        let prepared = appraiser.prepared.clone();
        let full = secure::with_all(&plain(&prepared.input), &prepared.outages);
        let calendar = &base.project.calendar;
        let late = i32::from(calendar.start_month > calendar.fiscal_year_end);
        let mut field = Self {
            site: appraiser.site().clone(),
            catalog: appraiser.catalog().clone(),
            options: appraiser.options.clone(),
            base: base.outcome.clone(),
            base_run: Run::default(),
            plans: appraiser.plans.clone(),
            scenario: appraiser.scenario,
            first_year: calendar.start_year + late,
            drivers,
            full,
            prepared,
            ready: appraiser.ready.clone(),
            lines: Err(String::new()),
            quantiles,
            copula,
            seed,
        };
        let bases = field.drivers.iter().map(|d| d.base).collect();
        field.base_run = valued((&field.site, &field.catalog), &field.base, &field.plans)?;
        field.base_run.values = bases;
        field.lines = field.learn();
        Ok(field)
    }

    /// Why runs are prepared in full; nothing where they need not be.
    pub fn bend(&self) -> Option<&str> {
        self.lines.as_ref().err().map(String::as_str)
    }

    /// Values of the drivers of a run.
    fn draw(&self, run: u64) -> Vec<f64> {
        let count = self.drivers.len() as u32;
        let mut numbers: Vec<f64> = (0..count).map(|d| uniform(self.seed, run, d)).collect();
        self.copula.apply(&mut numbers);
        let pairs = self.quantiles.iter().zip(&numbers).zip(&self.drivers);
        pairs.map(|((q, u), d)| q.at(*u).clamp(d.low, d.high)).collect()
    }

    /// Layout and catalogue of a run.
    fn changed(&self, values: &[f64]) -> Result<(Site, Catalog), String> {
        let (mut site, mut catalog) = (self.site.clone(), self.catalog.clone());
        for (driver, value) in self.drivers.iter().zip(values) {
            if *value != driver.base {
                let change = Change::to(&driver.path, *value);
                apply(&mut site, &mut catalog, &change).map_err(|e| e.to_string())?;
            }
        }
        Ok((site, catalog))
    }

    /// The input of a run prepared in full, and whether it has the frame of the base.
    fn prepared(&self, values: &[f64], estimator: &mut Estimator) -> Result<PlanInput, String> {
        let (site, catalog) = self.changed(values)?;
        let (_, made) = prepared(&site, &catalog, &self.options, estimator)?;
        let mut input = secure::with_all(&plain(&made.input), &made.outages);
        // Where there are no spares their idle power is not looked up, and counts for nothing.
        for (rack, base) in input.racks.iter_mut().zip(&self.full.racks) {
            if rack.spares_frac == 0.0 {
                rack.idle_mw = base.idle_mw;
            }
        }
        match same_frame(&input, &self.full) {
            true => Ok(input),
            false => Err("another shape of the plan's input".to_owned()),
        }
    }

    /// The plans of a run's years of operation: those of the base where nothing moves them.
    fn plans(
        &self,
        (site, catalog): (&Site, &Catalog),
        today: &Plan,
        (same, ready): (bool, (&Prepared, &mut PlanSolver)),
    ) -> Result<Plans, String> {
        let scenario = finance::scenario(site, catalog).map_err(|e| e.to_string())?;
        if same && scenario == self.scenario && scenario.0.holds() {
            return Ok(self.plans.clone());
        }
        finance::plans_from(site, catalog, today, ready).map_err(|e| e.to_string())
    }

    /// Learns the lines and tests them.
    ///
    /// # Errors
    /// In words, what does not follow one.
    fn learn(&self) -> Result<Lines, String> {
        let mut estimator = Estimator::default();
        let base = numbers(&self.full);
        let bases: Vec<f64> = self.drivers.iter().map(|d| d.base).collect();
        let mut lines = Lines { base: base.clone(), of: Vec::new() };
        for (k, driver) in self.drivers.iter().enumerate() {
            let at = |why: String| format!("{}: {why}", driver.path);
            let middle = f64::midpoint(driver.low, driver.high);
            let mut others = Vec::new();
            for x in [driver.low, middle, driver.high] {
                if x != driver.base {
                    let mut values = bases.clone();
                    values[k] = x;
                    let made = self.prepared(&values, &mut estimator).map_err(at)?;
                    others.push((x, numbers(&made)));
                }
            }
            let own = if others.is_empty() {
                super::edits::Line::default()
            } else {
                let bent = || at("bends the plan's input".to_owned());
                line((driver.base, &base), &others).ok_or_else(bent)?
            };
            lines.of.push((driver.base, own));
        }
        let ends = |of: fn(&Driver) -> f64| self.drivers.iter().map(of).collect::<Vec<f64>>();
        let mut tests = vec![ends(|d| d.low), ends(|d| d.high)];
        tests.extend(TESTS.map(|run| self.draw(run)));
        for values in tests {
            let full = numbers(&self.prepared(&values, &mut estimator)?);
            let made = lines.at(&values);
            if !made.iter().zip(&full).all(|(a, b)| agree(*a, *b)) {
                return Err("several inputs together bend the plan's input".to_owned());
            }
        }
        Ok(lines)
    }
}

/// What one thread owns.
pub struct Worker<'a> {
    field: &'a Field,
    solver: PlanSolver,
    estimator: Estimator,
    catalog: Catalog,
    prepared: Prepared,
    /// What plans are made from: equal blocks merged, every row of outages in it.
    ready: Prepared,
}

impl<'a> Worker<'a> {
    pub fn new(field: &'a Field) -> Result<Self, String> {
        let mut prepared = field.prepared.clone();
        prepared.input = field.full.clone();
        Ok(Self {
            field,
            solver: PlanSolver::new().map_err(|e| e.to_string())?,
            estimator: Estimator::default(),
            catalog: field.catalog.clone(),
            prepared,
            ready: field.ready.clone(),
        })
    }

    /// Goes back to where every block of runs starts: the base plan, solved from nothing.
    pub fn start(&mut self) {
        self.solver.cold();
        if self.field.bend().is_none() {
            // What comes of it is known; only where it ends matters.
            put(&mut self.ready.input, &numbers(&self.field.full));
            let _ = self.solve();
        }
    }

    pub fn run(&mut self, run: u64) -> Run {
        let values = self.field.draw(run);
        if values == self.field.base_run.values {
            return self.field.base_run.clone();
        }
        let found = match &self.field.lines {
            Ok(lines) => self.along(lines, &values),
            Err(_) => self.in_full(&values),
        };
        match found {
            Ok(run) => Run { values, ..run },
            Err(why) => Run { values, fault: Some(why), ..Run::default() },
        }
    }

    /// A run whose input is made by the lines.
    fn along(&mut self, lines: &Lines, values: &[f64]) -> Result<Run, String> {
        let mut site = self.field.site.clone();
        for (driver, value) in self.field.drivers.iter().zip(values) {
            // The catalogue still holds the run before: every driver is set, moved or not.
            let change = Change::to(&driver.path, *value);
            apply(&mut site, &mut self.catalog, &change).map_err(|e| e.to_string())?;
        }
        let made = lines.at(values);
        let same = made == lines.base;
        put(&mut self.prepared.input, &made);
        put(&mut self.ready.input, &made);
        let plan = if same { self.field.base.plan.clone() } else { self.solve()? };
        let head = headline(&site, &self.catalog, &self.prepared, Some(&plan));
        let outcome = Outcome { plan, headline: head, ..Outcome::default() };
        let ready = (&self.ready, &mut self.solver);
        let own = (&site, &self.catalog);
        let plans = self.field.plans(own, &outcome.plan, (same, ready))?;
        let run = valued(own, &outcome, &plans)?;
        Ok(Run { replanned: !same, ..run })
    }

    fn solve(&mut self) -> Result<Plan, String> {
        let solved = self.solver.solve(&self.ready.input, How::default());
        optimal(solved.map_err(|e| e.to_string())?.plan)
    }

    /// A run prepared in full.
    fn in_full(&mut self, values: &[f64]) -> Result<Run, String> {
        let (site, catalog) = self.field.changed(values)?;
        let (valid, mut made) =
            prepared(&site, &catalog, &self.field.options, &mut self.estimator)?;
        let same = same_problem(&made.input, &self.field.prepared.input);
        let plan = if same {
            self.field.base.plan.clone()
        } else {
            let Prepared { input, outages, .. } = &mut made;
            let solved = secure::solve(&mut self.solver, input, outages, How::default());
            optimal(solved.map_err(|e| e.to_string())?.plan)?
        };
        let head = headline(&valid, &catalog, &made, Some(&plan));
        let outcome = Outcome { plan, headline: head, ..Outcome::default() };
        let own = (&site, &catalog);
        let ready = (&made, &mut self.solver);
        let plans = self.field.plans(own, &outcome.plan, (same, ready))?;
        let run = valued(own, &outcome, &plans)?;
        Ok(Run { replanned: !same, ..run })
    }
}

/// The value of a planned run with what is told of it.
fn valued(
    (site, catalog): (&Site, &Catalog),
    outcome: &Outcome,
    plans: &Plans,
) -> Result<Run, String> {
    let project = finance::project_on(site, outcome, catalog, plans).map_err(|e| e.to_string())?;
    let (results, periods, after_tax) = flows(&project).map_err(|e| told(e.first()))?;
    Ok(Run {
        npv_usd: results.unlevered.npv_usd,
        cumulative_usd: cumulative(&results, &periods, &after_tax),
        least_cover: results.loan.as_ref().and_then(|l| l.cover.least.ok()),
        ..Run::default()
    })
}

fn cumulative(results: &Results, periods: &[Period], after_tax: &[f64]) -> Vec<f64> {
    let years = periods.last().map_or(0, |p| p.year + 1);
    let mut sums = vec![0.0; years];
    let mut total = 0.0;
    for (period, flow) in periods.iter().zip(after_tax) {
        total += flow * discount_factor(results.unlevered.rate, period.at_years());
        if let Some(sum) = sums.get_mut(period.year) {
            *sum = total;
        }
    }
    sums
}
