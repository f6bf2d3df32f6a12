//! A study of one site: solved again after each edit, refined when there is time.

use super::headline::headline;
use super::input::{Prepared, prepare};
use super::losses::{self, Efficiencies, MOST_PASSES, NetworkCheck};
use super::network::check_with;
use super::outcome::{Outcome, Provenance, WhatIf};
use super::{Estimator, SolveOptions, baseline, chart, identity, origin, secure};
use crate::catalog::Catalog;
use crate::diag::{Diagnostic, Report, Severity};
use crate::plan::limits::Limit;
use crate::plan::result::Status;
use crate::plan::{How, PlanError, PlanSolver, Solved};
use crate::site::{Infrastructure, Site, ValidSite, validate};

/// Solves sites one after the other, each from where the last one ended.
pub struct Study {
    solver: PlanSolver,
    /// For comparisons, so that the main one stays where it is.
    second: PlanSolver,
    estimator: Estimator,
    last: Option<Last>,
    /// Losses of the last full answer: previews start from them.
    stored: Efficiencies,
}

/// The newest solve, for what is asked of it later.
struct Last {
    valid: ValidSite,
    catalog: Catalog,
    options: SolveOptions,
    prepared: Prepared,
    solved: Solved,
    /// Solved with the losses of an answer to another state of the site.
    preview: bool,
}

/// The answer to one site, cold, with everything in it.
pub fn run(site: &Site, catalog: &Catalog, options: &SolveOptions) -> Outcome {
    match Study::new() {
        Ok(mut study) => {
            let mut outcome = study.solve(site, catalog, options);
            study.refine(&mut outcome);
            outcome
        }
        Err(error) => failed(site, catalog, options, &error),
    }
}

impl Study {
    /// # Errors
    /// The solver cannot be set up.
    pub fn new() -> Result<Self, PlanError> {
        Ok(Self {
            solver: PlanSolver::new()?,
            second: PlanSolver::new()?,
            estimator: Estimator::default(),
            last: None,
            stored: Efficiencies::new(),
        })
    }

    /// Forgets where the last solve ended, so that the next one is cold.
    pub fn cold(&mut self) {
        self.solver.cold();
        self.second.cold();
    }

    /// Lets another thread stop a solve.
    ///
    /// # Errors
    /// The solver refuses.
    pub fn set_cancel(
        &mut self,
        flag: Option<std::sync::Arc<std::sync::atomic::AtomicBool>>,
    ) -> Result<(), PlanError> {
        self.second.set_cancel(flag.clone())?;
        self.solver.set_cancel(flag)
    }

    /// The plan of a site with its headline and chart, without marginal values,
    /// baseline and what-if: those come from [`Study::refine`]. Its losses are rated ones, or,
    /// with a label that says so, those of the last full answer of this study.
    pub fn solve(&mut self, site: &Site, catalog: &Catalog, options: &SolveOptions) -> Outcome {
        let built = matches!(site.terms.site.infrastructure, Infrastructure::Built);
        if self.stored.is_empty() || !options.efficiencies.is_empty() || !built {
            return self.plan(site, catalog, options);
        }
        let efficiencies = self.stored.clone();
        let started = SolveOptions { efficiencies, ..options.clone() };
        let mut outcome = self.plan(site, catalog, &started);
        outcome.labels.push("preview: losses of the last full answer".to_owned());
        if let Some(last) = &mut self.last {
            last.options.efficiencies.clear();
            last.preview = true;
        }
        outcome
    }

    /// The plan of a site, with the losses that the options give.
    fn plan(&mut self, site: &Site, catalog: &Catalog, options: &SolveOptions) -> Outcome {
        self.last = None;
        let mut outcome = blank(site, catalog, options);
        let (catalog, overrides) = in_force(site, catalog);
        let (valid, report) = validate(site, &catalog);
        outcome.diagnostics = overrides.items.into_iter().chain(report.items).collect();
        let Some(valid) = valid.filter(|_| !errors(&outcome)) else {
            return outcome;
        };
        let mut prepared = prepare(&valid, &catalog, options, &mut self.estimator);
        origin::note(&catalog, &prepared, &mut outcome);
        outcome.diagnostics.extend(prepared.report.items.iter().cloned());
        outcome.firm.clone_from(&prepared.firm);
        outcome.headline = headline(&valid, &catalog, &prepared, None);
        if errors(&outcome) {
            return outcome;
        }
        let how = How { solver: options.solver, ..How::default() };
        let Prepared { input, outages, .. } = &mut prepared;
        match secure::solve(&mut self.solver, input, outages, how) {
            Ok(solved) => {
                let options = options.clone();
                let last = Last { valid, catalog, options, prepared, solved, preview: false };
                self.show(&last, &mut outcome);
                outcome.timing.warm = last.solved.warm;
                self.last = Some(last);
            }
            Err(error) => outcome.diagnostics.push(fault(&error)),
        }
        outcome
    }

    /// Adds marginal values, baseline and what-if to the newest outcome of this study.
    pub fn refine(&mut self, outcome: &mut Outcome) {
        let Some(mut last) = self.last.take() else {
            return;
        };
        outcome.provenance.input_sha256 =
            identity::sha256(&last.valid, &last.catalog, &last.options);
        self.settle(&mut last, outcome);
        if last.solved.plan.status == Status::Optimal {
            match self.solver.marginals(&last.prepared.input, &mut last.solved) {
                Ok(()) => {
                    outcome.plan.limits.clone_from(&last.solved.plan.limits);
                    outcome.plan.joint_gains.clone_from(&last.solved.plan.joint_gains);
                }
                Err(error) => outcome.diagnostics.push(fault(&error)),
            }
            let made = (&last.prepared, &last.catalog);
            outcome.baseline =
                baseline::baseline(&mut self.second, &last.valid, made, &last.options);
            self.whatif(&last, outcome);
        }
        self.last = Some(last);
    }

    /// Studies every single outage of the newest full answer.
    pub fn outages(&self, outcome: &mut Outcome) {
        let (Some(last), Some(network)) = (&self.last, &mut outcome.network) else { return };
        let plan = (&last.solved.plan, &network.efficiencies);
        let checked = check_with(&last.valid, &last.catalog, plan);
        network.outages = checked.and_then(|c| c.held()).ok();
    }

    /// Plans again with the losses that an AC power flow finds at the plan's loads, from rated
    /// ones on, until both agree at the meter.
    fn settle(&mut self, last: &mut Last, outcome: &mut Outcome) {
        let given = !last.options.efficiencies.is_empty();
        let reference =
            matches!(last.valid.terms.site.infrastructure, Infrastructure::Reference { .. });
        if reference || given {
            return;
        }
        let mut efficiencies = Efficiencies::new();
        if last.preview {
            if !self.again(last, &efficiencies) {
                return;
            }
            // With rated losses, as without a preview before.
            outcome.firm.clone_from(&last.prepared.firm);
        }
        let mut passes = 1;
        loop {
            let plan = (&last.solved.plan, &efficiencies);
            let checked = match check_with(&last.valid, &last.catalog, plan) {
                Ok(checked) => checked,
                Err(error) => {
                    outcome.network = Some(NetworkCheck::stopped(&error));
                    break;
                }
            };
            let check = NetworkCheck::of(&last.valid, &checked, (passes, &efficiencies));
            let enough = check.settled || !check.converged || passes == MOST_PASSES;
            outcome.network = Some(check);
            // Whole racks take a search each.
            if enough || last.options.integer {
                break;
            }
            let found = losses::of_flow(&checked, &last.valid);
            if !self.again(last, &found) {
                break;
            }
            (efficiencies, passes) = (found, passes + 1);
        }
        self.stored = efficiencies;
        self.show(last, outcome);
    }

    /// Solves the newest site anew with other losses; false, and as before, without a plan.
    fn again(&mut self, last: &mut Last, efficiencies: &Efficiencies) -> bool {
        let efficiencies = efficiencies.clone();
        let options = SolveOptions { efficiencies, ..last.options.clone() };
        let mut prepared = prepare(&last.valid, &last.catalog, &options, &mut self.estimator);
        let how = How { solver: options.solver, ..How::default() };
        let Prepared { input, outages, .. } = &mut prepared;
        match secure::solve(&mut self.solver, input, outages, how) {
            Ok(solved) if solved.plan.objective_usd_per_year.is_some() => {
                (last.prepared, last.solved) = (prepared, solved);
                true
            }
            _ => false,
        }
    }

    /// Puts the newest solve into its outcome.
    fn show(&self, last: &Last, outcome: &mut Outcome) {
        let (valid, catalog, prepared) = (&last.valid, &last.catalog, &last.prepared);
        outcome.labels.retain(|l| !l.starts_with("preview"));
        outcome.plan = last.solved.plan.clone();
        outcome.headline = headline(valid, catalog, prepared, Some(&outcome.plan));
        outcome.chart = chart::curves(catalog, prepared, &outcome.plan);
        let (columns, rows) = last.solved.size();
        (outcome.timing.columns, outcome.timing.rows) = (columns, rows);
        outcome.timing.iterations = last.solved.iterations;
    }

    fn whatif(&mut self, last: &Last, outcome: &mut Outcome) {
        if last.options.whatif.is_empty() {
            return;
        }
        let mut input = last.prepared.input.clone();
        for (name, change) in &last.options.whatif {
            match find_limit(&last.prepared, name) {
                Ok(limit) => limit.raise(&mut input, *change),
                Err(diagnostic) => {
                    outcome.diagnostics.push(*diagnostic);
                    outcome.plan.status = Status::Error;
                    return;
                }
            }
        }
        let how = How { solver: last.options.solver, ..How::default() };
        let base = outcome.plan.objective_usd_per_year.unwrap_or(0.0);
        match secure::solve(&mut self.second, &mut input, &last.prepared.outages, how) {
            Ok(solved) => {
                let objective = solved.plan.objective_usd_per_year;
                outcome.whatif = Some(WhatIf {
                    changes: last.options.whatif.clone(),
                    status: solved.plan.status,
                    objective_usd_per_year: objective,
                    gain_usd_per_year: objective.map(|v| v - base),
                });
            }
            Err(error) => outcome.diagnostics.push(fault(&error)),
        }
    }

    /// The newest solve, for writing the model out.
    pub fn solved(&self) -> Option<&Solved> {
        self.last.as_ref().map(|l| &l.solved)
    }
}

/// The catalogue with the layout's overrides over it.
pub fn in_force(site: &Site, catalog: &Catalog) -> (Catalog, Report) {
    let mut catalog = catalog.clone();
    let mut report = Report::default();
    for o in &site.terms.overrides {
        if let Err(error) = catalog.set(&o.path, &o.value) {
            report.push(Diagnostic::error(
                "bad-override",
                o.path.clone(),
                error.to_string(),
                "correct or remove the override",
            ));
        }
    }
    (catalog, report)
}

/// A limit by its id, its element or its kind.
fn find_limit(prepared: &Prepared, name: &str) -> Result<Limit, Box<Diagnostic>> {
    let all: Vec<_> =
        Limit::all(&prepared.input).into_iter().map(|l| (l, l.describe(&prepared.input))).collect();
    let by_id = all.iter().find(|(_, d)| d.id == name);
    let by_element = || all.iter().find(|(_, d)| !d.element.is_empty() && d.element == name);
    let by_kind = || all.iter().find(|(_, d)| d.kind == name);
    match by_id.or_else(by_element).or_else(by_kind) {
        Some((limit, _)) => Ok(*limit),
        None => {
            let near = crate::fields::nearest(name, all.iter().map(|(_, d)| d.id.as_str()));
            Err(Box::new(Diagnostic::error(
                "unknown-limit",
                name,
                format!("there is no limit {name}"),
                format!("near it: {}", near.join(", ")),
            )))
        }
    }
}

fn errors(outcome: &Outcome) -> bool {
    outcome.diagnostics.iter().any(|d| d.severity == Severity::Error)
}

fn fault(error: &PlanError) -> Diagnostic {
    Diagnostic::error(
        "solver",
        "",
        error.to_string(),
        "try another --solver; if it persists, please report the layout",
    )
}

fn failed(site: &Site, catalog: &Catalog, options: &SolveOptions, error: &PlanError) -> Outcome {
    let mut outcome = blank(site, catalog, options);
    outcome.diagnostics.push(fault(error));
    outcome
}

/// An outcome with everything that needs no solve.
fn blank(site: &Site, catalog: &Catalog, options: &SolveOptions) -> Outcome {
    let info = &site.terms.site;
    let mut labels = Vec::new();
    if let Infrastructure::Reference { pue, path_efficiency, tariff } = &info.infrastructure {
        let tariff = tariff.as_deref().unwrap_or("no tariff");
        labels.push(format!(
            "reference infrastructure: PUE {pue}, path efficiency {path_efficiency}, {tariff}"
        ));
    }
    labels.push("at today's prices".to_owned());
    Outcome {
        name: info.name.clone(),
        labels,
        provenance: Provenance {
            engine_version: env!("CARGO_PKG_VERSION").to_owned(),
            catalog_version: catalog.version.clone(),
            input_sha256: String::new(),
            overrides: options.overrides.clone(),
            variant: None,
            solver: options.solver.to_string(),
            estimator_backend: "none".to_owned(),
        },
        ..Outcome::default()
    }
}
