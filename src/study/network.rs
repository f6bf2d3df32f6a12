//! The plan checked by AC power flow: what it asks of every node goes into the site's own
//! electrical network, intact and with every single element out.

mod names;
mod state;
mod verdict;
mod whatif;
mod worth;

pub use names::{Names, element_of};
pub use state::{Reading, State};
pub use verdict::Verdict;
pub use whatif::{Act, Moment, Scenario, WhatIf};
pub use worth::MarginPerMwh;

use super::Outcome;
use super::losses::{Efficiencies, Held};
use crate::catalog::Catalog;
use crate::plan::Plan;
use crate::power::case::CaseError;
use crate::power::contingency::{self, Allowed, Consequence, Element, Remedy, Search};
use crate::power::electrical::{self, Asked, Draw, Electrical};
use crate::power::flow::{Solution, Status};
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
    /// What load that loses its supply would earn.
    pub margin: MarginPerMwh,
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
    /// After switching and running back; absent where neither is needed or helps.
    pub remedy: Option<Remedy>,
    /// Margin lost in a minute once all is done, as long as the outage lasts.
    pub lost_usd_per_min: f64,
}

impl SiteOutage {
    /// The state that lasts.
    pub fn lasting(&self) -> &Consequence {
        self.remedy.as_ref().map_or(&self.at_once, |r| &r.consequence)
    }

    /// How long the ratings bear what comes first: until load is run back where it is, else as
    /// long as the state that lasts may last.
    pub fn time_allowed(&self) -> Allowed {
        match &self.remedy {
            Some(r) if r.run_back_mw > 0.0 => r.bridged,
            _ => self.lasting().allowed(),
        }
    }

    /// Seconds until everything that is done has been done; `None` where nothing is, or a time is
    /// unknown.
    pub fn response_s(&self) -> Option<f64> {
        self.remedy.as_ref()?.response_s()
    }

    fn of(
        checked: &Checked,
        names: &Names,
        (at_once, remedy): (Consequence, Option<Remedy>),
    ) -> Self {
        let case = &checked.electrical.case;
        let part = |element: &Element| {
            let alone = contingency::Outage { elements: vec![*element] };
            let busbar = matches!(element, Element::Bus(_));
            names.part(&contingency::name(case, &alone), busbar)
        };
        let words: Vec<String> = at_once.outage.elements.iter().map(part).collect();
        let mut outage = Self {
            id: contingency::name(case, &at_once.outage),
            name: words.join(" and "),
            busbar: matches!(at_once.outage.elements[..], [Element::Bus(_)]),
            at_once,
            remedy,
            lost_usd_per_min: 0.0,
        };
        let dark_mw = match outage.lasting().status {
            Status::Diverged => case.buses.iter().map(|b| b.load.p_mw).sum::<f64>(),
            _ => outage.lasting().load_lost_mw,
        };
        outage.lost_usd_per_min = checked.margin.usd_per_min(dark_mw, outage.run_back_mw());
        outage
    }
}

/// What the plan of a site draws from its network.
///
/// # Errors
/// There is no network or no plan, or a figure of the network is unknown.
pub fn draws(site: &Site, catalog: &Catalog, outcome: &Outcome) -> Result<Vec<Draw>, NetworkError> {
    let own = outcome.network.as_ref().map(|n| n.efficiencies.clone()).unwrap_or_default();
    Ok(drawn(site, catalog, (&outcome.plan, &own))?.1)
}

fn drawn(
    site: &Site,
    catalog: &Catalog,
    (plan, efficiencies): (&Plan, &Efficiencies),
) -> Result<(Network, Vec<Draw>), NetworkError> {
    if matches!(site.terms.site.infrastructure, Infrastructure::Reference { .. }) {
        return Err(NetworkError::Reference);
    }
    if plan.objective_usd_per_year.is_none() {
        return Err(NetworkError::NoPlan);
    }
    let network = Network::of(site, catalog)?.with_efficiencies(efficiencies);
    let block_mw = block_mw(plan);
    let asked = Asked { input_mw: &plan.node_mw, firm_mw: &plan.node_firm_mw, block_mw: &block_mw };
    let draws = electrical::draws(site, &network, catalog, asked)?;
    Ok((network, draws))
}

/// Solves the site's network with the loads of its plan.
///
/// # Errors
/// There is no network or no plan, or a figure of the network is unknown.
pub fn check(site: &Site, catalog: &Catalog, outcome: &Outcome) -> Result<Checked, NetworkError> {
    let own = outcome.network.as_ref().map(|n| n.efficiencies.clone()).unwrap_or_default();
    check_with(site, catalog, (&outcome.plan, &own))
}

/// The same for a plan that was made with these efficiencies in place of rated ones.
///
/// # Errors
/// There is no network or no plan, or a figure of the network is unknown.
pub fn check_with(
    site: &Site,
    catalog: &Catalog,
    (plan, efficiencies): (&Plan, &Efficiencies),
) -> Result<Checked, NetworkError> {
    let (network, draws) = drawn(site, catalog, (plan, efficiencies))?;
    let mut electrical = electrical::electrical_on(site, catalog, &network, &draws)?;
    let solution = taps::regulate(&mut electrical.case, &electrical.changers)?;
    let margin = MarginPerMwh::of(site, plan, &draws);
    Ok(Checked { electrical, solution, plan_grid_mw: plan.grid_mw, margin })
}

/// IT power of each block in the busiest hour.
fn block_mw(plan: &Plan) -> BTreeMap<String, f64> {
    let mut found: BTreeMap<String, f64> = BTreeMap::new();
    for block in &plan.blocks {
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
    let block_mw = block_mw(&outcome.plan);
    redundancy::of_site(site, catalog, Loads { node_mw: &node_mw, block_mw: &block_mw })
}

impl Checked {
    /// Name of the busiest machine with its load over its rating.
    pub fn worst_loading(&self, site: &Site) -> Option<(String, f64)> {
        let loaded = self.solution.branches.iter().filter_map(|b| Some((b, b.loading_frac?)));
        let (branch, frac) = loaded.reduce(|a, b| if b.1 > a.1 { b } else { a })?;
        Some((Names::of(site).part(&branch.id, false), frac))
    }

    /// Name of the place with the lowest voltage.
    pub fn lowest_voltage(&self, site: &Site) -> Option<(String, f64)> {
        let live = self.solution.buses.iter().filter_map(|b| Some((b, b.vm_pu?)));
        let (bus, vm_pu) = live.reduce(|a, b| if b.1 < a.1 { b } else { a })?;
        let id = bus.id.split('/').next().unwrap_or(&bus.id);
        Some((Names::of(site).part(id, false), vm_pu))
    }

    /// Single outages of machines and feeds: how many there are, and how many leave the network
    /// within its limits once switches have closed and interruptible load is run back.
    ///
    /// # Errors
    /// The network cannot be solved as it stands.
    pub fn held(&self) -> Result<Held, NetworkError> {
        let case = &self.electrical.case;
        let mut outages = contingency::single(case);
        outages.retain(|o| !matches!(o.elements[..], [Element::Bus(_)]));
        let study = contingency::study(case, outages)?;
        let consequences = &study.consequences;
        let never = AtomicBool::new(false);
        let remedies = contingency::remedies(case, consequences, &never);
        let lasts = |(before, remedy): &(&Consequence, Option<Remedy>)| {
            before.holds() || remedy.as_ref().is_some_and(Remedy::holds)
        };
        let all = consequences.len();
        Ok(Held { all, held: consequences.iter().zip(remedies).filter(lasts).count() })
    }

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
        self.judged(site, contingency::single(case), search)
    }

    /// Outages with their remedies, worst first by the state that lasts.
    pub(super) fn judged(
        &self,
        site: &Site,
        outages: Vec<contingency::Outage>,
        search: Search<'_>,
    ) -> Result<Vec<SiteOutage>, NetworkError> {
        let case = &self.electrical.case;
        let study = contingency::study_until(case, outages, search)?;
        let remedies = contingency::remedies(case, &study.consequences, search.stop);
        let names = Names::of(site);
        let found = study.consequences.into_iter().zip(remedies);
        let mut found: Vec<SiteOutage> =
            found.map(|found| SiteOutage::of(self, &names, found)).collect();
        found.sort_by(|a, b| {
            let (x, y) = (a.lasting().concern(), b.lasting().concern());
            let states = b.verdict().cmp(&a.verdict());
            states.then(y.0.cmp(&x.0)).then(y.1.total_cmp(&x.1))
        });
        Ok(found)
    }
}
