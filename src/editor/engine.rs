//! The real engine behind a session: a study that starts each answer from the last.
//!
//! It must not know what the answers are shown on.

use super::session::Engine;
use crate::catalog::Catalog;
use crate::site::Site;
use crate::study::{self, Outcome, SolveOptions, Study};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

/// A study with the catalogue and the options that it answers by.
pub struct StudyEngine {
    /// `None` where no solver could be set up; answers then say so.
    study: Option<Study>,
    catalog: Arc<Catalog>,
    options: SolveOptions,
}

impl StudyEngine {
    /// `catalog` is the catalogue without the overrides of any site.
    pub fn new(catalog: Arc<Catalog>, options: SolveOptions) -> Self {
        Self { study: Study::new().ok(), catalog, options }
    }
}

impl Engine for StudyEngine {
    fn use_catalog(&mut self, catalog: &Arc<Catalog>) {
        if !Arc::ptr_eq(&self.catalog, catalog) {
            self.catalog = Arc::clone(catalog);
            // Nothing that was worked out by other figures is started from.
            self.study = Study::new().ok();
        }
    }

    fn solve(&mut self, site: &Site) -> Outcome {
        match &mut self.study {
            Some(study) => {
                let start = Instant::now();
                let mut outcome = study.solve(site, &self.catalog, &self.options);
                outcome.timing.solve_seconds = start.elapsed().as_secs_f64();
                outcome.timing.seconds = outcome.timing.solve_seconds;
                outcome
            }
            // Tries again, and reports in the outcome what keeps it from working.
            None => study::run(site, &self.catalog, &self.options),
        }
    }

    fn refine(&mut self, outcome: &mut Outcome) {
        if let Some(study) = &mut self.study {
            let start = Instant::now();
            study.refine(outcome);
            outcome.timing.marginal_seconds = start.elapsed().as_secs_f64();
            outcome.timing.seconds += outcome.timing.marginal_seconds;
        }
    }

    fn stop_when(&mut self, flag: Arc<AtomicBool>) {
        if let Some(study) = &mut self.study {
            // A solver that takes no flag runs to its end: later, but right.
            let _ = study.set_cancel(Some(flag));
        }
    }
}
