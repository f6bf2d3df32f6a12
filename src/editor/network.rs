//! The electrical check of the newest plan, on threads of its own: AC power flow of the site's
//! network, every single outage, and what-ifs. It must not know what they are shown on.
//!
//! The outages take longer than anything else that follows an edit. They have a thread of their
//! own, so that no plan waits for them, and end when a newer edit makes them void.

use crate::catalog::Catalog;
use crate::jobs::{Context, Generation, JobError, SpawnError, Worker};
use crate::power::fault::site::{SiteFaults, site_levels_until};
use crate::site::Site;
use crate::study::Outcome;
use crate::study::network::{
    self, Checked, Names, NetworkError, Scenario, SiteOutage, State, WhatIf,
};
use std::sync::Arc;

/// The power flow of a plan.
pub struct Flow {
    pub site: Site,
    pub outcome: Arc<Outcome>,
    pub checked: Checked,
    /// The network as it is.
    pub state: State,
    /// What its parts are called.
    pub names: Names,
}

/// What is known of the network of the newest plan.
#[derive(Clone, Default)]
pub struct Electrical {
    pub flow: Option<Arc<Flow>>,
    /// Every single outage, worst first; those of an older plan until the newest are studied.
    pub outages: Option<Arc<Vec<SiteOutage>>>,
    /// The outages are of an older plan.
    pub outages_stale: bool,
    /// Short-circuit levels of feeds and nodes, of the newest network that was studied; absent
    /// where a figure for them is unknown.
    pub faults: Option<Arc<SiteFaults>>,
    /// Why there is no power flow.
    pub failed: Option<NetworkError>,
    /// The answer to the scenario that was asked for last, or why there is none.
    pub what_if: Option<Arc<Result<WhatIf, NetworkError>>>,
    /// It is of an older plan, and a newer one is on its way.
    pub stale: bool,
    /// Outages are being studied; what-ifs are being solved.
    pub studying: bool,
    pub solving: bool,
    /// Grows with whatever arrives.
    pub revision: u64,
}

impl Electrical {
    /// Nothing is known.
    pub fn none() -> &'static Self {
        static NONE: Electrical = Electrical {
            flow: None,
            outages: None,
            outages_stale: false,
            faults: None,
            failed: None,
            what_if: None,
            stale: false,
            studying: false,
            solving: false,
            revision: 0,
        };
        &NONE
    }

    /// What parts of the network are called.
    pub fn names(&self) -> &Names {
        static NOBODY: Names = Names::nobody();
        self.flow.as_ref().map_or(&NOBODY, |flow| &flow.names)
    }

    /// The answer to the scenario.
    pub fn answer(&self) -> Option<&WhatIf> {
        self.what_if.as_ref()?.as_ref().as_ref().ok()
    }
}

/// A plan to check.
struct Plan {
    site: Site,
    catalog: Arc<Catalog>,
    outcome: Arc<Outcome>,
}

/// What the check hands back, one after the other.
enum Found {
    Flow(Arc<Flow>),
    Outages(Arc<Vec<SiteOutage>>),
    Faults(Arc<SiteFaults>),
    Failed(NetworkError),
    /// Somebody said stop, or a figure of the fault levels is unknown.
    Ended,
}

/// A scenario on a power flow.
type Asked = (Arc<Flow>, Scenario);
type Answered = Arc<Result<WhatIf, NetworkError>>;

/// Keeps the check of the newest plan and the answer to the newest scenario.
pub struct NetworkWatch {
    study: Worker<Plan, Found>,
    events: Worker<Asked, Answered>,
    /// Plan and scenario that were handed in last.
    plan: Option<(Arc<Outcome>, Generation)>,
    scenario: Option<(Arc<Flow>, Scenario, Generation)>,
    shown: Electrical,
}

impl NetworkWatch {
    /// `wake` is called on the threads whenever [`NetworkWatch::poll`] has something new.
    ///
    /// # Errors
    /// [`SpawnError`] where the system gives no thread.
    pub fn new(wake: impl Fn() + Clone + Send + 'static) -> Result<Self, SpawnError> {
        Ok(Self {
            study: Worker::spawn("gigasite-network", wake.clone(), || (), check)?,
            events: Worker::spawn("gigasite-what-if", wake, || (), what_if)?,
            plan: None,
            scenario: None,
            shown: Electrical::default(),
        })
    }

    pub fn shown(&self) -> &Electrical {
        &self.shown
    }

    /// Checks a full plan, unless that is known or under way.
    pub fn want(&mut self, site: &Site, catalog: &Arc<Catalog>, outcome: &Arc<Outcome>) {
        if self.plan.as_ref().is_some_and(|(known, _)| Arc::ptr_eq(known, outcome)) {
            return;
        }
        let plan =
            Plan { site: site.clone(), catalog: Arc::clone(catalog), outcome: Arc::clone(outcome) };
        let generation = self.study.submit(plan);
        self.plan = Some((Arc::clone(outcome), generation));
        (self.shown.stale, self.shown.studying) = (true, true);
    }

    /// The plan is being computed anew: what is shown is of an older one.
    pub fn outdate(&mut self) {
        if self.shown.studying {
            self.study.cancel();
            self.plan = None;
        }
        self.shown.studying = false;
        self.shown.stale = true;
    }

    /// Another document: nothing is known of it.
    pub fn reset(&mut self) {
        self.study.cancel();
        self.events.cancel();
        (self.plan, self.scenario) = (None, None);
        self.shown = Electrical { revision: self.shown.revision + 1, ..Electrical::default() };
    }

    /// Solves a scenario on the newest power flow, unless that is known or under way; without
    /// one, nothing is asked for any more.
    pub fn ask(&mut self, scenario: Option<&Scenario>) {
        let Some(scenario) = scenario else {
            if self.scenario.take().is_some() {
                (self.shown.what_if, self.shown.solving) = (None, false);
                self.shown.revision += 1;
            }
            return;
        };
        let Some(flow) = &self.shown.flow else { return };
        let same = |(of, known, _): &(Arc<Flow>, Scenario, Generation)| {
            Arc::ptr_eq(of, flow) && known == scenario
        };
        if self.scenario.as_ref().is_some_and(same) {
            return;
        }
        if self.scenario.as_ref().is_some_and(|(_, known, _)| known != scenario) {
            self.shown.what_if = None;
            self.shown.revision += 1;
        }
        let generation = self.events.submit((Arc::clone(flow), scenario.clone()));
        self.scenario = Some((Arc::clone(flow), scenario.clone(), generation));
        self.shown.solving = true;
    }

    /// Collects what has arrived. True where there is something new to show.
    pub fn poll(&mut self) -> bool {
        let before = self.shown.revision;
        while let Some(delivery) = self.study.poll() {
            if self.plan.as_ref().is_some_and(|(_, g)| *g == delivery.generation) {
                let stopped = |e: JobError| Found::Failed(NetworkError::Stopped(e.to_string()));
                self.take(delivery.output.unwrap_or_else(stopped));
                self.shown.revision += 1;
            }
        }
        while let Some(delivery) = self.events.poll() {
            if self.scenario.as_ref().is_some_and(|s| s.2 == delivery.generation) {
                let stopped = |e: JobError| Arc::new(Err(NetworkError::Stopped(e.to_string())));
                self.shown.what_if = Some(delivery.output.unwrap_or_else(stopped));
                self.shown.solving = false;
                self.shown.revision += 1;
            }
        }
        self.shown.revision != before
    }

    fn take(&mut self, found: Found) {
        let shown = &mut self.shown;
        match found {
            Found::Flow(flow) => {
                (shown.flow, shown.failed) = (Some(flow), None);
                (shown.stale, shown.outages_stale) = (false, shown.outages.is_some());
            }
            Found::Outages(outages) => {
                (shown.outages, shown.outages_stale) = (Some(outages), false);
                shown.studying = false;
            }
            Found::Failed(error) => {
                let revision = shown.revision;
                *shown = Electrical { failed: Some(error), revision, ..Electrical::default() };
            }
            Found::Faults(faults) => shown.faults = Some(faults),
            Found::Ended => shown.studying = false,
        }
    }
}

fn check(_: &mut (), plan: Plan, context: &Context<'_, Found>) -> Found {
    let checked = match network::check(&plan.site, &plan.catalog, &plan.outcome) {
        Ok(checked) => checked,
        Err(error) => return Found::Failed(error),
    };
    let state = checked.state(&plan.site);
    let names = Names::of(&plan.site);
    let Plan { site, outcome, catalog } = plan;
    let flow = Arc::new(Flow { site, outcome, checked, state, names });
    context.deliver(Found::Flow(Arc::clone(&flow)));
    let outages = flow.checked.outages_until(&flow.site, &context.supersede_flag());
    match outages {
        _ if context.is_superseded() => return Found::Ended,
        Ok(outages) => context.deliver(Found::Outages(Arc::new(outages))),
        Err(error) => return Found::Failed(error),
    }
    // Last: nobody waits for them, and they ask nothing of the plan.
    match site_levels_until(&flow.site, &catalog, &context.supersede_flag()) {
        Ok(faults) => Found::Faults(Arc::new(faults)),
        Err(_) => Found::Ended,
    }
}

fn what_if(_: &mut (), (flow, scenario): Asked, _: &Context<'_, Answered>) -> Answered {
    Arc::new(flow.checked.what_if(&flow.site, &scenario))
}
