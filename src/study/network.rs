//! The plan checked by AC power flow: what it asks of every node goes into the site's own
//! electrical network, intact and with every single element out.

use super::Outcome;
use super::losses::Efficiencies;
use crate::catalog::Catalog;
use crate::plan::Plan;
use crate::power::case::CaseError;
use crate::power::contingency::{self, Consequence, Element, Remedy};
use crate::power::electrical::{self, Asked, Electrical};
use crate::power::flow::{self, Solution};
use crate::power::redundancy::{self, Loads, Redundancy};
use crate::power::{Network, Unknown};
use crate::site::{Infrastructure, Site};
use std::collections::BTreeMap;

/// Why the plan of a site cannot be checked on its network.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum NetworkError {
    #[error("the infrastructure is a reference: the site has no network")]
    Reference,
    #[error("the site has no plan, so nothing flows")]
    NoPlan,
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
    /// Names of feeds and nodes, by id.
    names: BTreeMap<String, String>,
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
    let electrical = electrical::electrical(site, catalog, &network, &draws)?;
    let solution = flow::ac(&electrical.case)?;
    Ok(Checked { electrical, solution, plan_grid_mw: plan.grid_mw, names: names(site) })
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
    pub fn worst_loading(&self) -> Option<(String, f64)> {
        let loaded = self.solution.branches.iter().filter_map(|b| Some((b, b.loading_frac?)));
        let (branch, frac) = loaded.reduce(|a, b| if b.1 > a.1 { b } else { a })?;
        Some((called(&self.names, &branch.id, false), frac))
    }

    /// Name of the place with the lowest voltage.
    pub fn lowest_voltage(&self) -> Option<(String, f64)> {
        let live = self.solution.buses.iter().filter_map(|b| Some((b, b.vm_pu?)));
        let (bus, vm_pu) = live.reduce(|a, b| if b.1 < a.1 { b } else { a })?;
        let id = bus.id.split('/').next().unwrap_or(&bus.id);
        Some((self.names.get(id).map_or(id, String::as_str).to_owned(), vm_pu))
    }

    /// Single outages of machines and feeds: how many there are, and how many leave the network
    /// within its limits once switches have closed and interruptible load is run back.
    ///
    /// # Errors
    /// The network cannot be solved as it stands.
    pub fn held(&self) -> Result<(usize, usize), NetworkError> {
        let case = &self.electrical.case;
        let mut outages = contingency::single(case);
        outages.retain(|o| !matches!(o.elements[..], [Element::Bus(_)]));
        let study = contingency::study(case, outages)?;
        let lasts = |c: &&Consequence| {
            c.holds()
                || contingency::remedy(case, &self.solution, c)
                    .is_some_and(|r| r.consequence.holds())
        };
        Ok((study.consequences.len(), study.consequences.iter().filter(lasts).count()))
    }

    /// Every single outage, worst first by the state that lasts.
    ///
    /// # Errors
    /// The network cannot be solved as it stands.
    pub fn outages(&self, site: &Site) -> Result<Vec<SiteOutage>, NetworkError> {
        let case = &self.electrical.case;
        let study = contingency::study(case, contingency::single(case))?;
        let names = names(site);
        let mut found: Vec<SiteOutage> = study
            .consequences
            .into_iter()
            .map(|before| {
                let id = contingency::name(case, &before.outage);
                let busbar = matches!(before.outage.elements[..], [Element::Bus(_)]);
                let remedy = contingency::remedy(case, &self.solution, &before);
                SiteOutage {
                    name: called(&names, &id, busbar),
                    busbar,
                    id,
                    at_once: before,
                    remedy,
                }
            })
            .collect();
        found.sort_by(|a, b| {
            let (a, b) = (a.lasting().concern(), b.lasting().concern());
            b.0.cmp(&a.0).then(b.1.total_cmp(&a.1))
        });
        Ok(found)
    }
}

/// "Busbar of Hall 1 north feeders", "Hall 1 north feeders, 3 x 600 A: no. 2".
fn called(names: &BTreeMap<String, String>, id: &str, busbar: bool) -> String {
    let (element, part) = id.split_once('/').unwrap_or((id, ""));
    let name = names.get(element).map_or(element, String::as_str);
    let machine = part.split('/').next().filter(|p| p.parse::<u32>().is_ok());
    let machine = machine.map(|k| format!(": no. {k}")).unwrap_or_default();
    match (busbar, part) {
        (true, "in") => format!("Busbar before {name}"),
        (true, _) => format!("Busbar of {name}{machine}"),
        (false, _) => format!("{name}{machine}"),
    }
}

fn names(site: &Site) -> BTreeMap<String, String> {
    let feeds = site.campus.feeds.iter().map(|f| (f.id.clone(), f.name.clone()));
    let nodes = site.campus.nodes.iter().map(|n| (n.id.clone(), n.name.clone()));
    feeds.chain(nodes).collect()
}
