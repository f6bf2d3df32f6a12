//! One thread's runs: the inputs of a run, its plan, its project.

use super::draws::{Copula, uniform};
use super::edits::{Lines, agree, line, numbers, put, same_frame};
use super::order::neighbours;
use super::planner::{Planner, Small, TODAY};
use crate::catalog::{Catalog, Known};
use crate::finance::distribution::Quantiles;
use crate::finance::project::{Project, Worth, worth};
use crate::finance::returns::discount_factor;
use crate::plan::input::PlanInput;
use crate::plan::lean::LeanSolver;
use crate::plan::result::Plan;
use crate::site::Site;
use crate::study::finance::{self, Inventory, NoFinance, Plans, Scenario, SolveYear, Today};
use crate::study::headline::headline;
use crate::study::input::{Prepared, annual_costs};
use crate::study::risk::appraiser::{buys, plain, prepared, same_problem, told};
use crate::study::risk::result::Driver;
use crate::study::risk::{Appraiser, Change, apply};
use crate::study::secure::Candidate;
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
    /// What the loan of the base asks for: a lender agrees to it before the future is known.
    service: Option<Vec<f64>>,
    /// Plans of the years of operation of the base, and what moves them.
    plans: Plans,
    scenario: (Scenario, usize),
    /// Fiscal year of month 0 and of the model's first year end.
    pub first_year: i32,
    pub drivers: Vec<Driver>,
    /// What the base buys, told of blocks of the small input.
    bought: Plan,
    /// Input of the base plan in full, with every row of outages.
    full: PlanInput,
    prepared: Prepared,
    small: Small,
    /// Where solves of the base ended.
    lean: LeanSolver,
    /// How each driver reaches what a run reads.
    ways: Vec<Way>,
    /// What stands in the layout, where no driver changes it.
    inventory: Option<Inventory>,
    /// Whether racks are bought at their annual cost.
    invests: bool,
    /// How drivers move numbers of the input, or why they do not do so in straight lines.
    lines: Result<Lines, String>,
    quantiles: Vec<Quantiles>,
    copula: Copula,
    seed: u64,
}

/// How a driver reaches layout and catalogue of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// Not at all: it moves the input of the plan alone, along its line.
    Input,
    /// As a number of the catalogue.
    Fact,
    /// By its path.
    Path,
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
    /// A commitment that must be met is not met in full.
    pub short: bool,
    /// Why it has no value.
    pub fault: Option<String>,
}

impl Field {
    /// Without drivers: for changes that come one by one.
    pub fn plain(appraiser: &Appraiser) -> Result<Self, String> {
        Self::new(appraiser, Vec::new(), (Vec::new(), Copula::default()), 0)
    }

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
        let (site, catalog) = (appraiser.site().clone(), appraiser.catalog().clone());
        let inventory = drivers
            .iter()
            .all(|d| leaves_elements(&d.path))
            .then(|| Inventory::of(&site, &catalog, &base.outcome.plan).map_err(|e| e.to_string()));
        let mut own = catalog.clone();
        let ways = drivers.iter().map(|d| Way::of(&mut own, &d.path)).collect();
        let small = Small::of(&full, &site);
        let mut field = Self {
            bought: small.bought(&base.outcome.plan),
            small,
            lean: LeanSolver::default(),
            ways,
            inventory: inventory.transpose()?,
            invests: full.policy.invest && buys(&full),
            site,
            catalog,
            options: appraiser.options.clone(),
            base: base.outcome.clone(),
            base_run: Run::default(),
            service: None,
            plans: appraiser.plans.clone(),
            scenario: appraiser.scenario,
            first_year: calendar.start_year + late,
            drivers,
            full,
            prepared,
            lines: Err(String::new()),
            quantiles,
            copula,
            seed,
        };
        let bases = field.drivers.iter().map(|d| d.base).collect();
        let project = finance::project_on(&field.site, &field.base, &field.catalog, &field.plans);
        let own = project.map_err(|e| e.to_string())?;
        field.service = own
            .debt
            .as_ref()
            .map(|_| worth(&own, None).map(|w| w.service))
            .transpose()
            .map_err(|e| told(e.first()))?;
        field.base_run = field.valued(Ok(own))?;
        field.base_run.values = bases;
        field.lines = field.learn();
        if field.lines.is_ok() {
            field.lean = Worker::new(&field, Build::Anew)?.of_base();
        }
        Ok(field)
    }

    /// The value of a planned run with what is told of it. The loan of the base is paid.
    fn valued(&self, project: Result<Project, NoFinance>) -> Result<Run, String> {
        let project = project.map_err(|e| e.to_string())?;
        let worth = worth(&project, self.service.as_deref()).map_err(|e| told(e.first()))?;
        Ok(Run {
            npv_usd: worth.npv_usd,
            cumulative_usd: cumulative(&worth),
            least_cover: worth.least_cover,
            ..Run::default()
        })
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

    /// Runs of a range in the order in which they are made, counted from its start.
    pub fn order(&self, range: std::ops::Range<usize>) -> Vec<usize> {
        let Ok(lines) = &self.lines else { return (0..range.len()).collect() };
        let inputs: Vec<_> = range.map(|run| lines.at(&self.draw(run as u64))).collect();
        neighbours(&lines.base, &inputs)
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
        self.made(&site, &catalog, estimator)
    }

    /// The input of layout and catalogue, where it has the frame of the base.
    fn made(
        &self,
        site: &Site,
        catalog: &Catalog,
        estimator: &mut Estimator,
    ) -> Result<PlanInput, String> {
        let (_, made) = prepared(site, catalog, &self.options, estimator)?;
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

    /// Whether years of operation are those of the base: nothing moves them, nor the input.
    fn rests(&self, (site, catalog): (&Site, &Catalog), same: bool) -> Result<bool, String> {
        let scenario = finance::scenario(site, catalog).map_err(|e| e.to_string())?;
        Ok(same && scenario == self.scenario && scenario.0.holds())
    }

    /// Annual costs of racks of a run, where they decide what is bought.
    fn invest(&self, site: &Site, catalog: &Catalog, input: &mut PlanInput) {
        if self.invests {
            let found = annual_costs(site, catalog, input);
            for (rack, annual) in input.racks.iter_mut().zip(found) {
                rack.annual_musd = annual;
            }
        }
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
        tests.retain(|_| !self.drivers.is_empty());
        for values in tests {
            let full = self.prepared(&values, &mut estimator)?;
            let mut made = self.small.input.clone();
            put(&mut made, &lines.at(&values));
            let (site, catalog) = self.changed(&values)?;
            self.invest(&site, &catalog, &mut made);
            let annual = |input: &PlanInput| -> Vec<f64> {
                input.racks.iter().map(|r| r.annual_musd.unwrap_or(0.0)).collect()
            };
            let pairs = numbers(&made).into_iter().chain(annual(&made));
            let pairs = pairs.zip(numbers(&full).into_iter().chain(annual(&full)));
            if !pairs.into_iter().all(|(a, b)| agree(a, b)) {
                return Err("several inputs together bend the plan's input".to_owned());
            }
        }
        Ok(lines)
    }
}

/// Whether a driver leaves what stands in the layout, and what it is made of, as they are.
fn leaves_elements(path: &str) -> bool {
    let money = ["levels.", "finance.", "racks.", "tariffs.", "curves.", "site.", "costs."];
    money.iter().any(|start| path.starts_with(start)) && !path.starts_with("costs.power-factor")
}

impl Way {
    fn of(catalog: &mut Catalog, path: &str) -> Self {
        if path.starts_with("curves.") {
            Self::Input
        } else if catalog.fact_mut(path).is_some() {
            Self::Fact
        } else {
            Self::Path
        }
    }
}

/// What is built and bought in a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Build {
    /// The same as in the base: it is decided before anybody knows the run.
    AsBase,
    /// What today's plan of the run itself buys.
    Anew,
}

/// What one thread owns.
pub struct Worker<'a> {
    field: &'a Field,
    estimator: Estimator,
    catalog: Catalog,
    mill: Mill,
}

/// Makes values of the inputs of plans.
struct Mill {
    planner: Planner,
    /// What plans are made from.
    input: PlanInput,
    build: Build,
    /// The answer that is built; its headline is that of the base, of which a value asks only that
    /// capital is known.
    outcome: Outcome,
}

impl Mill {
    /// The value of layout and catalogue, the numbers of whose input are in hand.
    fn value(
        &mut self,
        field: &Field,
        own: (&Site, &Catalog),
        inventory: Option<&Inventory>,
    ) -> Result<Run, String> {
        let (site, catalog) = own;
        let same = self.input == field.small.input;
        let planned = match field.rests(own, same)? {
            true => None,
            false => Some(self.plans(field, own)?),
        };
        let base = (&field.base, &field.plans);
        let (outcome, plans) = planned.as_ref().map_or(base, |plans| (&self.outcome, plans));
        let project = match inventory {
            Some(known) => finance::project_counted(site, catalog, (outcome, plans), known),
            None => finance::project_on(site, outcome, catalog, plans),
        };
        Ok(Run { replanned: !same, ..field.valued(project)? })
    }

    /// Plans of the years of operation; the answer in hand is the one that is built.
    fn plans(&mut self, field: &Field, own: (&Site, &Catalog)) -> Result<Plans, String> {
        let (input, planner) = (&self.input, &mut self.planner);
        planner.begin();
        match self.build {
            Build::AsBase => by_year(planner, own, Today::Built(&field.bought), input),
            Build::Anew => {
                let (today, dispatch) = planner.plan(TODAY, input)?;
                self.outcome.plan = field.small.told(&today, &dispatch);
                by_year(planner, own, Today::Planned(&today), input)
            }
        }
    }
}

impl<'a> Worker<'a> {
    pub fn new(field: &'a Field, build: Build) -> Result<Self, String> {
        let Outcome { plan, headline, .. } = field.base.clone();
        Ok(Self {
            field,
            estimator: Estimator::default(),
            catalog: field.catalog.clone(),
            mill: Mill {
                planner: Planner::new().map_err(|e| e.to_string())?,
                input: field.small.input.clone(),
                build,
                outcome: Outcome { plan, headline, ..Outcome::default() },
            },
        })
    }

    /// Goes back to where every block of runs starts: where solves of the base ended.
    pub fn start(&mut self) {
        self.mill.planner.restart(&self.field.lean);
    }

    /// Where solves of the base end.
    fn of_base(mut self) -> LeanSolver {
        let field = self.field;
        let own = (&field.site, &field.catalog);
        let Mill { planner, input, .. } = &mut self.mill;
        // What comes of it is known; only where it ends matters.
        if let Ok((today, _)) = planner.plan(TODAY, input) {
            let _ = by_year(planner, own, Today::Planned(&today), input);
        }
        self.mill.planner.lean()
    }

    pub fn run(&mut self, run: u64) -> Run {
        let values = self.field.draw(run);
        if values == self.field.base_run.values {
            return self.field.base_run.clone();
        }
        self.mill.planner.fell_short();
        let found = match &self.field.lines {
            Ok(lines) => self.along(lines, &values),
            Err(_) => self.in_full(&values),
        };
        let short = self.mill.planner.fell_short();
        match found {
            Ok(run) => Run { values, short, ..run },
            Err(why) => Run { values, fault: Some(why), ..Run::default() },
        }
    }

    /// A run whose input is made by the lines.
    fn along(&mut self, lines: &Lines, values: &[f64]) -> Result<Run, String> {
        let field = self.field;
        let mut site = field.site.clone();
        for ((driver, way), value) in field.drivers.iter().zip(&field.ways).zip(values) {
            // The catalogue still holds the run before: every driver is set, moved or not.
            match (way, self.catalog.fact_mut(&driver.path)) {
                (Way::Input, _) => {}
                (Way::Fact, Some(fact)) => fact.value = Known::Is(*value),
                _ => {
                    let change = Change::to(&driver.path, *value);
                    apply(&mut site, &mut self.catalog, &change).map_err(|e| e.to_string())?;
                }
            }
        }
        let made = lines.at(values);
        put(&mut self.mill.input, &made);
        field.invest(&site, &self.catalog, &mut self.mill.input);
        self.mill.value(field, (&site, &self.catalog), field.inventory.as_ref())
    }

    /// The value under changes; nothing where the full way must be asked.
    pub fn under(&mut self, changes: &[Change], money: bool) -> Option<Run> {
        let field = self.field;
        let (mut site, mut catalog) = (field.site.clone(), field.catalog.clone());
        for change in changes {
            apply(&mut site, &mut catalog, change).ok()?;
        }
        let found = match money {
            true => numbers(&field.full),
            false => numbers(&field.made(&site, &catalog, &mut self.estimator).ok()?),
        };
        put(&mut self.mill.input, &found);
        field.invest(&site, &catalog, &mut self.mill.input);
        let stands = changes.iter().all(|c| leaves_elements(&c.path));
        let inventory = field.inventory.as_ref().filter(|_| stands);
        let run = self.mill.value(field, (&site, &catalog), inventory).ok()?;
        (!self.mill.planner.fell_short()).then_some(run)
    }

    /// The value at values of the drivers; nothing where the full way must be asked.
    pub fn at(&mut self, values: &[f64]) -> Option<f64> {
        let lines = self.field.lines.as_ref().ok()?;
        let run = self.along(lines, values).ok()?;
        (!self.mill.planner.fell_short()).then_some(run.npv_usd)
    }

    /// A run prepared in full.
    fn in_full(&mut self, values: &[f64]) -> Result<Run, String> {
        let (site, catalog) = self.field.changed(values)?;
        let (valid, mut made) =
            prepared(&site, &catalog, &self.field.options, &mut self.estimator)?;
        let same = same_problem(&made.input, &self.field.prepared.input);
        let (build, planner) = (self.mill.build, &mut self.mill.planner);
        let plan = if same || build == Build::AsBase {
            self.field.base.plan.clone()
        } else {
            planner.plan_in_full(&mut made.input, &made.outages)?
        };
        let head = headline(&valid, &catalog, &made, Some(&plan));
        let outcome = Outcome { plan, headline: head, ..Outcome::default() };
        let own = (&site, &catalog);
        let plans = if self.field.rests(own, same)? {
            self.field.plans.clone()
        } else {
            let mut solve = |_: usize, input: &mut PlanInput, outages: Option<&[Candidate]>| {
                let outages = outages.unwrap_or(&made.outages);
                planner.plan_in_full(input, outages).map_err(NoFinance::Solver)
            };
            let ready = (&made.input, &mut solve as &mut SolveYear<'_>);
            let today = match build {
                Build::AsBase => Today::Built(&outcome.plan),
                Build::Anew => Today::Planned(&outcome.plan),
            };
            let plans = finance::plans_by(&site, &catalog, today, ready);
            plans.map_err(|e| e.to_string())?
        };
        let project = finance::project_on(&site, &outcome, &catalog, &plans);
        let run = self.field.valued(project)?;
        Ok(Run { replanned: !same, ..run })
    }
}

/// The plans of the years of operation of a run.
fn by_year(
    planner: &mut Planner,
    (site, catalog): (&Site, &Catalog),
    today: Today<'_>,
    input: &PlanInput,
) -> Result<Plans, String> {
    let mut kind = TODAY;
    let mut solve = |_: usize, input: &mut PlanInput, outages: Option<&[Candidate]>| {
        kind += 1;
        let plan = match outages {
            Some(outages) => planner.plan_in_full(input, outages),
            None => planner.plan(kind, input).map(|(plan, _)| plan),
        };
        plan.map_err(NoFinance::Solver)
    };
    let plans = finance::plans_by(site, catalog, today, (input, &mut solve));
    plans.map_err(|e| e.to_string())
}

fn cumulative(worth: &Worth) -> Vec<f64> {
    let years = worth.periods.last().map_or(0, |p| p.year + 1);
    let mut sums = vec![0.0; years];
    let mut total = 0.0;
    for (period, flow) in worth.periods.iter().zip(&worth.after_tax) {
        total += flow * discount_factor(worth.rate_frac, period.at_years());
        if let Some(sum) = sums.get_mut(period.year) {
            *sum = total;
        }
    }
    sums
}

#[cfg(test)]
mod tests;
