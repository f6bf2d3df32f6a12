//! The plan checked by AC power flow: what it asks of every node goes into the site's own
//! electrical network, intact and with every single element out.

mod names;
mod state;
mod verdict;
mod whatif;

pub use names::{Names, element_of};
pub use state::{Reading, State};
pub use verdict::Verdict;
pub use whatif::{Act, Moment, Scenario, WhatIf};

use super::Outcome;
use crate::catalog::Catalog;
use crate::power::case::CaseError;
use crate::power::contingency::{self, Consequence, Element, Remedy, Search};
use crate::power::electrical::{self, Asked, Draw, Electrical};
use crate::power::flow::Solution;
use crate::power::redundancy::{self, Loads, Redundancy};
use crate::power::{Network, Unknown, taps};
use crate::site::{Infrastructure, Site};
use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;

/// Outages up to which each is solved by AC power flow where somebody waits for voltages; the
/// linear model screens more of them.
const MOST_AC: usize = 4_000;

/// Why the plan of a site cannot be checked on its network.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum NetworkError {
    #[error("the infrastructure is a reference: the site has no network")]
    Reference,
    #[error("the site has no plan, so nothing flows")]
    NoPlan,
    #[error("the network has no `{0}`")]
    Missing(String),
    #[error("{0}")]
    Stopped(String),
    #[error(transparent)]
    Unknown(#[from] Unknown),
    #[error(transparent)]
    Case(#[from] CaseError),
}

/// The network of a planned site with its power flow.
#[derive(Clone, Debug)]
pub struct Checked {
    pub electrical: Electrical,
    pub solution: Solution,
    /// Grid power of the plan in the worst hour, from losses as shares.
    pub plan_grid_mw: f64,
}

/// An outage of the site, with what its open switches can restore.
#[derive(Clone, Debug)]
pub struct SiteOutage {
    /// Id of what fails, and what a planner calls it.
    pub id: String,
    pub name: String,
    /// A fault of a busbar takes all that meets there: planners look at it beside N-1.
    pub busbar: bool,
    pub at_once: Consequence,
    /// After switching and running back; absent where neither helps.
    pub remedy: Option<Remedy>,
}

impl SiteOutage {
    /// The state that lasts.
    pub fn lasting(&self) -> &Consequence {
        self.remedy.as_ref().map_or(&self.at_once, |r| &r.consequence)
    }
}

/// What the plan of a site draws from its network.
///
/// # Errors
/// There is no network or no plan, or a figure of the network is unknown.
pub fn draws(site: &Site, catalog: &Catalog, outcome: &Outcome) -> Result<Vec<Draw>, NetworkError> {
    if matches!(site.terms.site.infrastructure, Infrastructure::Reference { .. }) {
        return Err(NetworkError::Reference);
    }
    let plan = &outcome.plan;
    if plan.objective_usd_per_year.is_none() {
        return Err(NetworkError::NoPlan);
    }
    let network = Network::of(site, catalog)?;
    let block_mw = block_mw(outcome);
    let asked = Asked { input_mw: &plan.node_mw, firm_mw: &plan.node_firm_mw, block_mw: &block_mw };
    Ok(electrical::draws(site, &network, catalog, asked)?)
}

/// Solves the site's network with the loads of its plan.
///
/// # Errors
/// There is no network or no plan, or a figure of the network is unknown.
pub fn check(site: &Site, catalog: &Catalog, outcome: &Outcome) -> Result<Checked, NetworkError> {
    let draws = draws(site, catalog, outcome)?;
    let mut electrical = electrical::electrical(site, catalog, &draws)?;
    let solution = taps::regulate(&mut electrical.case, &electrical.changers)?;
    Ok(Checked { electrical, solution, plan_grid_mw: outcome.plan.grid_mw })
}

/// IT power of each block in the busiest hour.
fn block_mw(outcome: &Outcome) -> BTreeMap<String, f64> {
    let mut found: BTreeMap<String, f64> = BTreeMap::new();
    for block in &outcome.plan.blocks {
        *found.entry(block.id.clone()).or_default() += block.it_mw;
    }
    found
}

/// What of the sources of a planned site may fail, under the loads of its worst hour.
pub fn redundancy(site: &Site, catalog: &Catalog, outcome: &Outcome) -> Redundancy {
    let mut node_mw: BTreeMap<String, f64> = BTreeMap::new();
    for limit in &outcome.plan.limits {
        if matches!(limit.kind.as_str(), "node_capacity" | "feed_capacity") {
            node_mw.insert(limit.element.clone(), limit.used);
        }
    }
    let block_mw = block_mw(outcome);
    redundancy::of_site(site, catalog, Loads { node_mw: &node_mw, block_mw: &block_mw })
}

impl Checked {
    /// Every single outage, worst first by the state that lasts.
    ///
    /// # Errors
    /// The network cannot be solved as it stands.
    pub fn outages(&self, site: &Site) -> Result<Vec<SiteOutage>, NetworkError> {
        self.studied(site, Search { screens: true, stop: &AtomicBool::new(false) })
    }

    /// The same until `stop` is raised, with voltages of every outage unless there are very many.
    ///
    /// # Errors
    /// The network cannot be solved as it stands.
    pub fn outages_until(
        &self,
        site: &Site,
        stop: &AtomicBool,
    ) -> Result<Vec<SiteOutage>, NetworkError> {
        let screens = contingency::single(&self.electrical.case).len() > MOST_AC;
        self.studied(site, Search { screens, stop })
    }

    fn studied(&self, site: &Site, search: Search<'_>) -> Result<Vec<SiteOutage>, NetworkError> {
        let case = &self.electrical.case;
        let study = contingency::study_until(case, contingency::single(case), search)?;
        let remedies =
            contingency::remedies(case, &self.solution, &study.consequences, search.stop);
        let names = Names::of(site);
        let one = |(before, remedy): (Consequence, Option<Remedy>)| {
            let id = contingency::name(case, &before.outage);
            let busbar = matches!(before.outage.elements[..], [Element::Bus(_)]);
            SiteOutage { name: names.part(&id, busbar), busbar, id, at_once: before, remedy }
        };
        let mut found: Vec<SiteOutage> =
            study.consequences.into_iter().zip(remedies).map(one).collect();
        found.sort_by(|a, b| {
            let (a, b) = (a.lasting().concern(), b.lasting().concern());
            b.0.cmp(&a.0).then(b.1.total_cmp(&a.1))
        });
        Ok(found)
    }
}
