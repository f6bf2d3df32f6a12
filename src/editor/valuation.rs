//! The finance of the newest plan, valued on a thread of its own: no frame waits for it, and a
//! newer plan replaces one that still waits. It must not know what it is shown on.
//!
//! Beside the newest value stands that of the state before the last change, so that whoever
//! shows it can say what the change was worth.

use crate::catalog::Catalog;
use crate::jobs::{Context, Generation, JobError, SpawnError, Worker};
use crate::site::Site;
use crate::study::Outcome;
use crate::study::finance::{NoFinance, SiteFinance, value};
use std::sync::Arc;

/// A plan with its value, or why it has none.
pub struct Valued {
    pub site: Site,
    /// With the overrides of the site.
    pub catalog: Arc<Catalog>,
    pub outcome: Arc<Outcome>,
    pub finance: Result<SiteFinance, NoFinance>,
}

/// What is known of the value of the newest plan.
#[derive(Clone, Default)]
pub struct Finances {
    pub valued: Option<Arc<Valued>>,
    /// The state before the newest change; absent until something has changed.
    pub before: Option<Arc<Valued>>,
    /// What is shown is of an older plan, and a newer one is on its way.
    pub stale: bool,
    /// The calculation itself broke off; the sentence says why.
    pub failed: Option<String>,
    /// Grows with whatever arrives.
    pub revision: u64,
}

impl Finances {
    /// Nothing is known.
    pub fn none() -> &'static Self {
        static NONE: Finances =
            Finances { valued: None, before: None, stale: false, failed: None, revision: 0 };
        &NONE
    }

    /// The newest value.
    pub fn now(&self) -> Option<&SiteFinance> {
        self.valued.as_ref()?.finance.as_ref().ok()
    }

    /// The value before the newest change, where both states have one.
    pub fn earlier(&self) -> Option<&SiteFinance> {
        self.now()?;
        self.before.as_ref()?.finance.as_ref().ok()
    }

    /// Why the newest plan has no value.
    pub fn missing(&self) -> Option<&NoFinance> {
        self.valued.as_ref()?.finance.as_ref().err()
    }
}

/// A plan to value.
struct Question {
    site: Site,
    catalog: Arc<Catalog>,
    outcome: Arc<Outcome>,
}

/// What was handed in last.
struct Wanted {
    outcome: Arc<Outcome>,
    generation: Generation,
    /// It is the full answer, and no gesture goes on: the next change starts from here.
    settled: bool,
}

/// Keeps the value of the newest plan.
pub struct ValueWatch {
    worker: Worker<Question, Arc<Valued>>,
    wanted: Option<Wanted>,
    /// The newest settled state: what a change is compared with.
    rest: Option<Arc<Valued>>,
    shown: Finances,
}

impl ValueWatch {
    /// `wake` is called on the thread whenever [`ValueWatch::poll`] has something new.
    ///
    /// # Errors
    /// [`SpawnError`] where the system gives no thread.
    pub fn new(wake: impl Fn() + Send + 'static) -> Result<Self, SpawnError> {
        Ok(Self {
            worker: Worker::spawn("gigasite-finance", wake, || (), valued)?,
            wanted: None,
            rest: None,
            shown: Finances::default(),
        })
    }

    pub fn shown(&self) -> &Finances {
        &self.shown
    }

    /// Whether the value of what was handed in last is there.
    pub fn is_settled(&self) -> bool {
        !self.shown.stale
    }

    /// Values the answer to this very site, unless that is known or under way. `settled` says that
    /// the answer is whole and no gesture goes on.
    pub fn want(
        &mut self,
        site: &Site,
        catalog: &Arc<Catalog>,
        (outcome, settled): (&Arc<Outcome>, bool),
    ) {
        if let Some(wanted) = &mut self.wanted
            && Arc::ptr_eq(&wanted.outcome, outcome)
        {
            if settled && !wanted.settled {
                wanted.settled = true;
                self.come_to_rest();
            }
            return;
        }
        let question = Question {
            site: site.clone(),
            catalog: Arc::clone(catalog),
            outcome: Arc::clone(outcome),
        };
        let generation = self.worker.submit(question);
        self.wanted = Some(Wanted { outcome: Arc::clone(outcome), generation, settled });
        self.shown.stale = true;
    }

    /// The plan is being computed anew: what is shown is of an older one.
    pub fn outdate(&mut self) {
        self.shown.stale = self.shown.valued.is_some();
    }

    /// Another document or variant: nothing is known of it, and nothing compares with it.
    pub fn reset(&mut self) {
        if self.wanted.is_none() && self.shown.valued.is_none() {
            return;
        }
        self.worker.cancel();
        (self.wanted, self.rest) = (None, None);
        self.shown = Finances { revision: self.shown.revision + 1, ..Finances::default() };
    }

    /// Collects what has arrived. True where there is something new to show.
    pub fn poll(&mut self) -> bool {
        let before = self.shown.revision;
        while let Some(delivery) = self.worker.poll() {
            let is_newest =
                self.wanted.as_ref().is_some_and(|w| w.generation == delivery.generation);
            match delivery.output {
                Ok(valued) => self.take(valued, is_newest),
                Err(error) => self.fail(&error),
            }
            self.shown.revision += 1;
        }
        self.shown.revision != before
    }

    fn take(&mut self, valued: Arc<Valued>, is_newest: bool) {
        if self.wanted.is_none() {
            // Of a document that is gone.
            return;
        }
        let changed = |rest: &&Arc<Valued>| !rest.site.is_same(&valued.site);
        if let Some(rest) = self.rest.as_ref().filter(changed) {
            self.shown.before = Some(Arc::clone(rest));
        }
        self.shown.valued = Some(valued);
        self.shown.failed = None;
        if is_newest {
            self.shown.stale = false;
            self.come_to_rest();
        }
    }

    fn fail(&mut self, error: &JobError) {
        self.shown.failed = Some(error.to_string());
        self.shown.stale = false;
    }

    /// What is shown becomes what the next change is compared with.
    fn come_to_rest(&mut self) {
        let settled = self.wanted.as_ref().is_some_and(|w| w.settled);
        if let Some(valued) = self.shown.valued.as_ref().filter(|_| settled && !self.shown.stale) {
            self.rest = Some(Arc::clone(valued));
        }
    }
}

fn valued(_: &mut (), question: Question, _: &Context<'_, Arc<Valued>>) -> Arc<Valued> {
    let Question { site, catalog, outcome } = question;
    let finance = value(&site, &outcome, &catalog);
    Arc::new(Valued { site, catalog, outcome, finance })
}
