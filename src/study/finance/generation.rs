//! The site after its racks are replaced by another type of the catalogue.

use super::NoFinance;
use super::capital::LEAST_MONTHS;
use super::plans::Renewed;
use super::terms::Terms;
use crate::catalog::Catalog;
use crate::diag::Severity;
use crate::finance::InputError;
use crate::plan::Plan;
use crate::site::{Block, Objective, Planned, Site};
use crate::study::input::{Prepared, prepare};
use crate::study::{Estimator, SolveOptions};
use std::sync::Arc;

/// The racks that replace the first ones: from which year of operation, on which site.
pub(super) struct Generation {
    pub year: usize,
    pub site: Site,
    pub prepared: Prepared,
}

impl Generation {
    /// The site after the replacement of its racks by another type: every block may hold as many
    /// as it has positions, and buys those that earn their price; the plant stands. None where the
    /// layout names no type, or too little is left of the operation.
    pub fn of(site: &Site, catalog: &Catalog, terms: &Terms) -> Result<Option<Self>, NoFinance> {
        let Some(id) = site.terms.finance.refresh_rack.clone() else { return Ok(None) };
        if !catalog.racks.contains_key(&id) {
            let problem = format!("the catalogue has no rack `{id}`; see `gigasite catalog list`");
            return Err(NoFinance::Input(InputError::new("finance.refresh_rack", problem)));
        }
        let Some(year) = renewed_year(site, terms) else { return Ok(None) };
        let mut next = site.clone();
        for hall in &mut next.halls {
            Arc::make_mut(hall).blocks.iter_mut().for_each(|block| replace(block, &id));
        }
        let own = |c: &String| catalog.curves.get(c).is_some_and(|c| c.rack == id);
        let policy = &mut Arc::make_mut(&mut next.terms).policy;
        if !policy.curves.is_empty() && !policy.curves.iter().any(own) {
            policy.curves.extend(catalog.curves.keys().filter(|c| own(c)).cloned());
        }
        policy.objective = Some(Objective::Invest);
        let finance = &mut Arc::make_mut(&mut next.terms).finance;
        finance.site_capex_usd_per_mw = Some(0.0);
        finance.fixed_opex_usd_per_mw_year = Some(0.0);
        finance.capex_budget_usd = None;
        let options = SolveOptions::default();
        let prepared = prepare(&next, catalog, &options, &mut Estimator::default());
        if let Some(fault) = prepared.report.items.iter().find(|d| d.severity == Severity::Error) {
            return Err(NoFinance::Unknown(fault.path.clone()));
        }
        Ok(Some(Self { year, site: next, prepared }))
    }

    /// Racks that a plan of this site holds.
    pub fn bought(&self, plan: &Plan) -> Result<Vec<Renewed>, NoFinance> {
        let mut list = Vec::new();
        for block in self.site.blocks() {
            let phase = block.phase.clone();
            let of = |rack: &str, racks: f64| Renewed {
                phase: phase.clone(),
                rack: rack.to_owned(),
                racks,
            };
            if block.planned.is_some() {
                let own = plan.bought.iter().filter(|b| b.block == block.id);
                list.extend(own.map(|b| of(&b.rack, b.racks)));
            } else if let Some(rack) = &block.rack {
                let own = plan.pool(&block.id);
                let unknown = || NoFinance::Unknown(format!("racks.{rack}.all_in_kw"));
                list.push(of(rack, own.and_then(|pool| pool.racks).ok_or_else(unknown)?));
            }
        }
        Ok(list)
    }
}

/// Year of operation from which another rack type runs; none where the layout names none, or too
/// little of the operation would be left.
pub(super) fn renewed_year(site: &Site, terms: &Terms) -> Option<usize> {
    let long = terms.operating_months >= terms.life_months + LEAST_MONTHS;
    let named = site.terms.finance.refresh_rack.is_some();
    (named && long).then(|| terms.life_months.div_ceil(12))
}

/// The block holds racks of another type, on as many positions.
fn replace(block: &mut Block, rack: &str) {
    let positions = block.planned.as_ref().map(|p| p.max).or(block.count);
    match positions {
        Some(max) => {
            block.planned = Some(Planned { racks: vec![rack.to_owned()], min: 0, max });
            (block.rack, block.count) = (None, None);
        }
        // A pool of power.
        None => block.rack = Some(rack.to_owned()),
    }
}
