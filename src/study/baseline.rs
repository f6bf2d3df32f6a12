//! Another plan on the same site, to compare with.

use super::SolveOptions;
use super::input::Prepared;
use super::outcome::Baseline;
use super::secure::{self, Candidate};
use crate::catalog::Catalog;
use crate::plan::input::{Holding, PlanInput};
use crate::plan::result::Status;
use crate::plan::{How, PlanSolver};
use crate::site::Site;
use std::cmp::Ordering;

/// The plan to compare with: under fixed shares the optimum; else the user's own
/// shares, else equal shares in a keynote layout, else the best plan with one
/// planned rack type. `None` where none of them exists or has a plan.
pub fn baseline(
    solver: &mut PlanSolver,
    site: &Site,
    (prepared, catalog): (&Prepared, &Catalog),
    options: &SolveOptions,
) -> Option<Baseline> {
    if options.integer {
        return None;
    }
    let (input, outages) = (&prepared.input, prepared.outages.as_slice());
    if input.policy.fixed_shares {
        let mut free = input.clone();
        free.policy.fixed_shares = false;
        return solve(solver, (free, outages), "the optimum".to_owned());
    }
    let shared = input.tiers.iter().any(|t| t.share.is_some_and(|s| s > 0.0));
    if shared {
        let mut fixed = input.clone();
        fixed.policy.fixed_shares = true;
        let name = if site.terms.site.keynote {
            shares_name(input)
        } else {
            "the site's own shares".to_owned()
        };
        return solve(solver, (fixed, outages), name);
    }
    if site.terms.site.keynote {
        let mut fixed = input.clone();
        fixed.policy.fixed_shares = true;
        let even = 1.0 / fixed.tiers.len().max(1) as f64;
        fixed.tiers.iter_mut().for_each(|t| t.share = Some(even));
        let name = shares_name(&fixed);
        return solve(solver, (fixed, outages), name);
    }
    best_single(solver, (input, outages), catalog)
}

/// `25/25/25/25`: shares in the order of the tiers.
fn shares_name(input: &PlanInput) -> String {
    let shares = input.tiers.iter().filter_map(|t| t.share);
    let text: Vec<String> =
        shares.map(|s| crate::units::format::plain((s * 1e4).round() / 1e2)).collect();
    text.join("/")
}

/// The best of the plans that buy one rack type alone.
fn best_single(
    solver: &mut PlanSolver,
    (input, outages): (&PlanInput, &[Candidate]),
    catalog: &Catalog,
) -> Option<Baseline> {
    let mut types: Vec<usize> = input
        .blocks
        .iter()
        .filter(|b| matches!(b.holding, Holding::Planned { .. }))
        .flat_map(|b| b.racks.iter().copied())
        .collect();
    types.sort_unstable();
    types.dedup();
    if types.len() < 2 {
        return None;
    }
    let plans = types.into_iter().filter_map(|rack| {
        let mut single = input.clone();
        for block in &mut single.blocks {
            if matches!(block.holding, Holding::Planned { .. }) && block.racks.contains(&rack) {
                block.racks = vec![rack];
            }
        }
        let id = input.racks[rack].id.as_str();
        let rack = catalog.racks.get(id).map_or(id, |r| r.short.as_str());
        let name = format!("the best plan with {rack} alone");
        solve(solver, (single, outages), name)
    });
    plans.max_by(|a, b| {
        let by = |x: &Baseline| x.objective_usd_per_year;
        by(a).partial_cmp(&by(b)).unwrap_or(Ordering::Equal)
    })
}

fn solve(
    solver: &mut PlanSolver,
    (mut input, outages): (PlanInput, &[Candidate]),
    name: String,
) -> Option<Baseline> {
    let how = How { canonical: true, ..How::default() };
    let solved = secure::solve(solver, &mut input, outages, how).ok()?;
    if solved.plan.status != Status::Optimal {
        return None;
    }
    Some(Baseline {
        name,
        revenue_usd_per_year: solved.plan.revenue_usd_per_year,
        objective_usd_per_year: solved.plan.objective_usd_per_year?,
        tiers: solved.plan.tiers,
    })
}
