//! The plan checked by AC power flow: what it asks of every node goes into the site's own
//! electrical network, intact and with every single element out.

use super::Outcome;
use crate::catalog::Catalog;
use crate::power::case::CaseError;
use crate::power::contingency::{self, Consequence};
use crate::power::electrical::{self, Electrical};
use crate::power::flow::{self, Solution};
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
}

/// An outage of the site, with what its open switches can restore.
#[derive(Clone, Debug)]
pub struct SiteOutage {
    /// Id of the feed or node that fails, and what a planner calls it.
    pub id: String,
    pub name: String,
    pub before_switching: Consequence,
    /// With the switches closed that bring sources back; absent where none can.
    pub after_switching: Option<(Vec<String>, Consequence)>,
}

impl SiteOutage {
    /// The state that lasts.
    pub fn lasting(&self) -> &Consequence {
        self.after_switching.as_ref().map_or(&self.before_switching, |(_, c)| c)
    }
}

/// Solves the site's network with the loads of its plan.
///
/// # Errors
/// There is no network or no plan, or a figure of the network is unknown.
pub fn check(site: &Site, catalog: &Catalog, outcome: &Outcome) -> Result<Checked, NetworkError> {
    if matches!(site.terms.site.infrastructure, Infrastructure::Reference { .. }) {
        return Err(NetworkError::Reference);
    }
    if outcome.plan.objective_usd_per_year.is_none() {
        return Err(NetworkError::NoPlan);
    }
    let used: BTreeMap<String, f64> = outcome
        .plan
        .limits
        .iter()
        .filter(|l| matches!(l.kind.as_str(), "node_capacity" | "feed_capacity"))
        .map(|l| (l.element.clone(), l.used))
        .collect();
    let network = Network::of(site, catalog)?;
    let draws = electrical::draws(site, &network, catalog, &used)?;
    let electrical = electrical::electrical(site, catalog, &draws)?;
    let solution = flow::ac(&electrical.case)?;
    Ok(Checked { electrical, solution, plan_grid_mw: outcome.plan.grid_mw })
}

impl Checked {
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
                let element = id.split('/').next().unwrap_or(&id);
                let part = id.get(element.len() + 1..).map(|p| format!(", {p}"));
                let name = names.get(element).copied().unwrap_or(element);
                let after = contingency::switched(case, &before);
                SiteOutage {
                    name: format!("{name}{}", part.unwrap_or_default()),
                    id,
                    before_switching: before,
                    after_switching: after,
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

fn names(site: &Site) -> BTreeMap<&str, &str> {
    let feeds = site.campus.feeds.iter().map(|f| (f.id.as_str(), f.name.as_str()));
    let nodes = site.campus.nodes.iter().map(|n| (n.id.as_str(), n.name.as_str()));
    feeds.chain(nodes).collect()
}
