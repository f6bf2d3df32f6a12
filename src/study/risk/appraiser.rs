//! The value of one site under changed inputs, again and again from where the last one ended.
//!
//! Losses of the network stay those of the full answer that the appraiser starts from; everything
//! else is made anew. The plan is solved again where its input is another one, and only there.

use super::change::{Change, apply};
use super::result::Answer;
use crate::catalog::Catalog;
use crate::diag::{Report, Severity};
use crate::finance::project::{Evaluation, Project, Results, evaluate, results};
use crate::finance::returns::Irr;
use crate::plan::input::{Holding, PlanInput};
use crate::plan::reduce::merged;
use crate::plan::result::{Plan, Status};
use crate::plan::{How, PlanSolver};
use crate::site::{Site, ValidSite, validate};
use crate::study::finance::{self, Assumption, NoFinance, Plans, Scenario, SiteFinance};
use crate::study::headline::headline;
use crate::study::input::{Prepared, prepare};
use crate::study::outcome::Headline;
use crate::study::{Estimator, Outcome, SolveOptions, in_force, run, secure};

/// A site with changed inputs, valued.
#[derive(Clone, Debug)]
pub struct Appraisal {
    pub outcome: Outcome,
    pub project: Project,
    pub results: Results,
    /// Whether the plan was solved anew.
    pub replanned: bool,
}

impl Appraisal {
    /// After tax, before any loan, USD.
    pub fn npv_usd(&self) -> f64 {
        self.results.unlevered.npv_usd
    }

    /// Statements and flows.
    ///
    /// # Errors
    /// In words, what the project model refuses.
    pub fn evaluation(&self) -> Result<Evaluation, String> {
        evaluate(&self.project).map_err(|e| told(e.first()))
    }
}

/// An internal rate of return, or in words why there is no single one.
pub fn rate(irr: &Irr) -> Answer {
    match irr {
        Irr::One(rate) => Ok(*rate),
        Irr::None(why) => Err(why.to_string()),
        Irr::Ambiguous(_) => Err("n/a (several rates; see the net present value)".to_owned()),
    }
}

/// Values one site under changes.
pub struct Appraiser {
    pub(super) site: Site,
    /// With the layout's overrides in it.
    pub(super) catalog: Catalog,
    pub(super) options: SolveOptions,
    pub(super) base: Appraisal,
    /// Input of the base plan, as the sites under changes have theirs.
    pub(super) prepared: Prepared,
    /// The same for solving alone: equal blocks merged where nothing is bought, and every row of
    /// outages in it from the start.
    pub(super) ready: Prepared,
    /// Of the years of operation of the base, and what moves them.
    pub(super) plans: Plans,
    pub(super) scenario: (Scenario, usize),
    assumptions: Vec<Assumption>,
    solver: PlanSolver,
    estimator: Estimator,
}

impl Appraiser {
    /// Solves a site in full and stands ready for changes of it.
    ///
    /// # Errors
    /// Why the site has no value.
    pub fn new(site: &Site, catalog: &Catalog) -> Result<Self, String> {
        let outcome = run(site, catalog, &SolveOptions::default());
        Self::of(site, catalog, &outcome)
    }

    /// Starts from the full answer to a site.
    ///
    /// # Errors
    /// Why the site has no value.
    pub fn of(site: &Site, catalog: &Catalog, outcome: &Outcome) -> Result<Self, String> {
        if outcome.plan.status != Status::Optimal {
            let fault = outcome.diagnostics.iter().find(|d| d.severity == Severity::Error);
            return Err(fault.map_or_else(|| NoFinance::NoPlan.to_string(), |d| d.message.clone()));
        }
        let (catalog, _) = in_force(site, catalog);
        let mut site = site.clone();
        if !site.terms.overrides.is_empty() {
            std::sync::Arc::make_mut(&mut site.terms).overrides.clear();
        }
        let found: SiteFinance =
            finance::value(&site, outcome, &catalog).map_err(|e| e.to_string())?;
        let efficiencies = outcome.network.as_ref().map(|n| n.efficiencies.clone());
        let options =
            SolveOptions { efficiencies: efficiencies.unwrap_or_default(), ..Default::default() };
        let mut estimator = Estimator::default();
        let (_, prepared) = prepared(&site, &catalog, &options, &mut estimator)?;
        let base = Appraisal {
            outcome: outcome.clone(),
            project: found.project,
            results: found.evaluation.results,
            replanned: false,
        };
        let assumptions = found.assumptions;
        let plans = found.plans;
        let scenario = finance::scenario(&site, &catalog).map_err(|e| e.to_string())?;
        let solver = PlanSolver::new().map_err(|e| e.to_string())?;
        let ready = ready(&prepared);
        Ok(Self {
            site,
            catalog,
            options,
            base,
            prepared,
            ready,
            plans,
            scenario,
            assumptions,
            solver,
            estimator,
        })
    }

    /// The site as it is.
    pub fn base(&self) -> &Appraisal {
        &self.base
    }

    /// What the value of the site as it is takes from layout and catalogue.
    pub fn assumptions(&self) -> &[Assumption] {
        &self.assumptions
    }

    pub fn site(&self) -> &Site {
        &self.site
    }

    pub fn catalog(&self) -> &Catalog {
        &self.catalog
    }

    /// The value under changes, each over the site as it is.
    ///
    /// # Errors
    /// In words: a change that cannot be made, or why the changed site has no value.
    pub fn appraise(&mut self, changes: &[Change]) -> Result<Appraisal, String> {
        let (mut site, mut catalog) = (self.site.clone(), self.catalog.clone());
        for change in changes {
            apply(&mut site, &mut catalog, change).map_err(|e| e.to_string())?;
        }
        if changes.iter().all(|c| self.is_money(&c.path)) {
            return self.repriced(&site, &catalog);
        }
        self.appraise_site(&site, &catalog)
    }

    /// Whether an input is money that the input of the plan does not know: an assumption of the
    /// project or the price of racks, where none are bought.
    pub(super) fn is_money(&self, path: &str) -> bool {
        let project = path.starts_with("costs.") || path.starts_with("finance.");
        let assumed = || self.assumptions.iter().any(|a| a.path == path);
        let price = path.starts_with("racks.") && path.ends_with(".price_usd");
        !buys(&self.prepared.input) && (price || (project && assumed()))
    }

    /// The value under changes of money: the plan of today stays.
    fn repriced(&mut self, site: &Site, catalog: &Catalog) -> Result<Appraisal, String> {
        let plan = self.base.outcome.plan.clone();
        let headline = headline(site, catalog, &self.prepared, Some(&plan));
        let outcome = self.outcome(plan, headline);
        let scenario = finance::scenario(site, catalog).map_err(|e| e.to_string())?;
        let plans = if scenario == self.scenario && scenario.0.holds() {
            self.plans.clone()
        } else {
            let ready = (&self.ready, &mut self.solver);
            finance::plans_from(site, catalog, &outcome.plan, ready).map_err(|e| e.to_string())?
        };
        let (project, results) = valued_on(site, &outcome, catalog, &plans)?;
        Ok(Appraisal { outcome, project, results, replanned: false })
    }

    fn outcome(&self, plan: Plan, headline: Headline) -> Outcome {
        Outcome {
            name: self.base.outcome.name.clone(),
            labels: self.base.outcome.labels.clone(),
            plan,
            headline,
            ..Outcome::default()
        }
    }

    /// The net present value under changes.
    ///
    /// # Errors
    /// As [`Appraiser::appraise`].
    pub fn npv_usd(&mut self, changes: &[Change]) -> Answer {
        self.appraise(changes).map(|a| a.npv_usd())
    }

    /// The value of another state of the site, catalogue as in force.
    ///
    /// # Errors
    /// In words, why it has no value.
    pub fn appraise_site(&mut self, site: &Site, catalog: &Catalog) -> Result<Appraisal, String> {
        let (valid, mut made) = prepared(site, catalog, &self.options, &mut self.estimator)?;
        let same = same_problem(&made.input, &self.prepared.input);
        let plan = if same { self.base.outcome.plan.clone() } else { self.solve(&mut made)? };
        let head = headline(&valid, catalog, &made, Some(&plan));
        let outcome = self.outcome(plan, head);
        // The plans of the years of operation are those of the base where nothing moves them.
        let scenario = finance::scenario(site, catalog).map_err(|e| e.to_string())?;
        let plans = if same && scenario == self.scenario && scenario.0.holds() {
            self.plans.clone()
        } else {
            let ready = (&made, &mut self.solver);
            finance::plans_from(site, catalog, &outcome.plan, ready).map_err(|e| e.to_string())?
        };
        let (project, results) = valued_on(site, &outcome, catalog, &plans)?;
        Ok(Appraisal { outcome, project, results, replanned: !same })
    }

    fn solve(&mut self, made: &mut Prepared) -> Result<Plan, String> {
        let Prepared { input, outages, .. } = made;
        let solved = secure::solve(&mut self.solver, input, outages, How::default());
        optimal(solved.map_err(|e| e.to_string())?.plan)
    }
}

/// A site as a project, with its figures, on the plans of its years of operation.
///
/// # Errors
/// In words, what stops the value.
pub(super) fn valued_on(
    site: &Site,
    outcome: &Outcome,
    catalog: &Catalog,
    plans: &Plans,
) -> Result<(Project, Results), String> {
    let project = finance::project_on(site, outcome, catalog, plans).map_err(|e| e.to_string())?;
    let results = results(&project).map_err(|e| told(e.first()))?;
    Ok((project, results))
}

/// What the project model refuses, in words.
pub(super) fn told(error: Option<&crate::finance::InputError>) -> String {
    error.map_or_else(|| "the site has no value".to_owned(), ToString::to_string)
}

/// The plan, if there is one.
pub(super) fn optimal(plan: Plan) -> Result<Plan, String> {
    if plan.status == Status::Optimal {
        return Ok(plan);
    }
    let conflict = plan.conflicts.first().map(|c| c.sentence.clone());
    Err(conflict.unwrap_or_else(|| NoFinance::NoPlan.to_string()))
}

/// A site made ready for the plan.
pub(super) fn prepared(
    site: &Site,
    catalog: &Catalog,
    options: &SolveOptions,
    estimator: &mut Estimator,
) -> Result<(ValidSite, Prepared), String> {
    let first = |report: &Report| {
        let fault = report.items.iter().find(|d| d.severity == Severity::Error);
        fault.map(|d| format!("{}: {}", d.path, d.message))
    };
    let (valid, report) = validate(site, catalog);
    if let Some(fault) = first(&report) {
        return Err(fault);
    }
    let valid = valid.ok_or_else(|| NoFinance::NoPlan.to_string())?;
    let made = prepare(&valid, catalog, options, estimator);
    match first(&made.report) {
        Some(fault) => Err(fault),
        None => Ok((valid, made)),
    }
}

/// Whether two inputs ask for the same plan: equal but for money that the objective and the
/// limits of both leave out.
pub(super) fn same_problem(a: &PlanInput, b: &PlanInput) -> bool {
    a == b || plain(a) == plain(b)
}

/// Whether racks are bought.
pub(super) fn buys(input: &PlanInput) -> bool {
    input.blocks.iter().any(|b| matches!(b.holding, Holding::Planned { .. }))
}

/// An input for solving alone, with every row of outages; equal blocks are one where none are
/// bought, whose racks the plan must name.
fn ready(prepared: &Prepared) -> Prepared {
    let full = secure::with_all(&plain(&prepared.input), &prepared.outages);
    let input = if buys(&full) { full } else { merged(&full).input };
    Prepared { input, ..Prepared::default() }
}

/// An input without money that neither its objective nor a limit asks for.
pub(super) fn plain(input: &PlanInput) -> PlanInput {
    let mut input = input.clone();
    input.site.capacity_musd_per_mw_year = None;
    let bought = buys(&input);
    for rack in &mut input.racks {
        if !(bought && input.policy.invest) {
            rack.annual_musd = None;
        }
        if !bought {
            rack.price_musd = None;
        }
    }
    input
}
