//! The steps in which a layout is built: which blocks, how much of the plan, in service when.

use super::terms::Terms;
use crate::plan::Plan;
use crate::site::Site;
use std::collections::{BTreeMap, HashMap};

/// Id of the phase of a layout that names none.
const ONLY: &str = "site";

/// A step of the build.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Stage {
    pub id: String,
    pub name: String,
    /// First month of revenue, counted from the first month of the model.
    pub service_month: usize,
    /// Of the plan's IT power.
    pub share: f64,
    /// What its service waits for, where that is not the date of the phase.
    pub waits_for: Option<String>,
}

/// Steps in the order of their service; the first is in service in the first month of service, or
/// when its feeds carry it if that is later.
pub(super) fn stages(site: &Site, plan: &Plan, terms: &Terms) -> Vec<Stage> {
    let phases = &site.campus.phases;
    let first_id = phases.iter().min_by_key(|p| p.month).map(|p| p.id.clone());
    let mut mw: BTreeMap<&str, f64> = BTreeMap::new();
    if !phases.is_empty() {
        let of_block: HashMap<&str, Option<&str>> =
            site.blocks().map(|b| (b.id.as_str(), b.phase.as_deref())).collect();
        for row in &plan.blocks {
            let own = of_block.get(row.id.as_str()).copied().flatten().or(first_id.as_deref());
            *mw.entry(own.unwrap_or(ONLY)).or_default() += row.it_mw;
        }
    }
    let total: f64 = mw.values().sum();
    if phases.is_empty() || total <= 0.0 {
        let name = phases.first().map_or_else(|| "The site".to_owned(), |p| p.name.clone());
        let id = first_id.unwrap_or_else(|| ONLY.to_owned());
        let wanted = phases.iter().map(|p| p.month).min().unwrap_or(0);
        let (fed, feed) = fed_from(site, plan.grid_mw, wanted);
        let service_month = terms.service_month.max(fed as usize);
        let waits_for = feed.filter(|_| fed as usize > terms.service_month);
        return vec![Stage { id, name, service_month, share: 1.0, waits_for }];
    }
    let mut ordered: Vec<_> = phases.iter().filter(|p| mw.contains_key(p.id.as_str())).collect();
    ordered.sort_by_key(|p| p.month);
    let mut first_month = None;
    let mut energised = 0.0;
    let mut found: Vec<Stage> = Vec::with_capacity(ordered.len());
    for phase in ordered {
        let share = mw.get(phase.id.as_str()).copied().unwrap_or(0.0) / total;
        energised += share * plan.grid_mw;
        let (fed, feed) = fed_from(site, energised, phase.month);
        // Months between phases are those between their energisations; none is in service unfed.
        let first = *first_month.get_or_insert(fed);
        let after = fed.saturating_sub(first) as usize;
        let planned = (terms.service_month + after).max(fed as usize);
        let built = terms.crews.months(share_before(&found, share) * plan.it_mw);
        let waits_for = if built > planned {
            Some("trade hours".to_owned())
        } else {
            (fed > phase.month).then_some(feed).flatten()
        };
        found.push(Stage {
            id: phase.id.clone(),
            name: phase.name.clone(),
            service_month: planned.max(built),
            share,
            waits_for,
        });
    }
    found
}

fn share_before(found: &[Stage], share: f64) -> f64 {
    found.iter().map(|s| s.share).sum::<f64>() + share
}

/// Month from which the feeds carry a power, at the earliest `wanted`, and the feed whose step it
/// waits for. Feeds without steps carry it at once.
fn fed_from(site: &Site, mw: f64, wanted: u32) -> (u32, Option<String>) {
    let feeds = &site.campus.feeds;
    if feeds.iter().any(|f| f.steps.is_empty()) {
        return (wanted, None);
    }
    let carried = |month: u32| -> f64 {
        let step = |f: &crate::site::Feed| {
            let last = f.steps.iter().rfind(|s| s.from_month <= month);
            last.map_or(0.0, |s| s.firm_mw + s.conditional_mw)
        };
        feeds.iter().map(step).sum()
    };
    if carried(wanted) >= mw * (1.0 - 1e-9) {
        return (wanted, None);
    }
    let mut months: Vec<(u32, &str)> = feeds
        .iter()
        .flat_map(|f| f.steps.iter().map(move |s| (s.from_month, f.name.as_str())))
        .collect();
    months.sort_unstable();
    let enough =
        |(month, _): &&(u32, &str)| *month > wanted && carried(*month) >= mw * (1.0 - 1e-9);
    // Firm steps may be meant as less than the plan draws: then the last step is all there is.
    let found = months.iter().find(enough).or(months.last());
    found.map_or((wanted, None), |(month, feed)| ((*month).max(wanted), Some((*feed).to_owned())))
}
