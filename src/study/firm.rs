//! Firm capacity of a site: of every feed and node, and of all loads together.
//!
//! It must not know which tiers are sold.

use crate::catalog::Catalog;
use crate::diag::Diagnostic;
use crate::plan::backend::{Solver, solve_once};
use crate::plan::lp::{LinearModel, LpStatus};
use crate::power::Unknown;
use crate::power::firm::{Firm, Grid, NodeFirm, Place, Worst};
use crate::site::Site;
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Stated firm power may stand above what is computed by rounding (MW) and by the losses of one
/// stage.
const ROUNDING_MW: f64 = 0.05;
const LOSSES_FRAC: f64 = 0.02;
/// Share of a capacity below which nothing of it is free.
const FULL_FRAC: f64 = 1e-7;

/// What a site keeps whatever single element fails, losses included.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FirmCapacity {
    /// Most power at the meter that survives every single outage, of all loads together; open
    /// switches close where a side is dark.
    pub site_mw: f64,
    /// The same where all open switches stay open.
    pub site_without_ties_mw: f64,
    /// Most power at the meter with everything in service.
    pub site_nameplate_mw: f64,
    /// By id, feeds first, in the order of the layout.
    pub nodes: IndexMap<String, NodeFirm>,
}

/// Works out the firm capacity of a site.
///
/// # Errors
/// A capacity, an efficiency or a power factor is unknown.
pub fn capacity(site: &Site, catalog: &Catalog) -> Result<FirmCapacity, Unknown> {
    let grid = Grid::of(site, catalog)?;
    let places = places(site, &grid);
    let (tied, bare) = (Firm::new(&grid, true, &places), Firm::new(&grid, false, &places));
    let of_node = |i: usize| {
        let found = tied.of_node(i, &worst(&tied, i), worst(&bare, i).mw);
        (grid.elements[i].id.clone(), found)
    };
    Ok(FirmCapacity {
        site_mw: together(&tied, &places, true),
        site_without_ties_mw: together(&bare, &places, true),
        site_nameplate_mw: together(&tied, &places, false),
        nodes: (0..grid.elements.len()).map(of_node).collect(),
    })
}

/// Where blocks and loops take their power; every end of the network where nothing stands yet.
fn places(site: &Site, grid: &Grid) -> Vec<Place> {
    let find = |id: &Option<String>| id.as_deref().and_then(|id| grid.find(id));
    let blocks = site.blocks().filter_map(|b| Some(Place::Output(find(&b.node)?, find(&b.node_b))));
    let loops = site.campus.loops.iter();
    let loops = loops.filter_map(|l| Some(Place::Output(grid.find(&l.node)?, None)));
    let found: BTreeSet<Place> = blocks.chain(loops).collect();
    if !found.is_empty() {
        return found.into_iter().collect();
    }
    let ends = (0..grid.elements.len()).filter(|&i| grid.fed_by(i).next().is_none());
    ends.map(|i| Place::Output(i, None)).collect()
}

/// Most power at the meter that all places may take together, intact alone or through every
/// outage.
fn together(firm: &Firm, places: &[Place], outages: bool) -> f64 {
    let feeds: Vec<usize> =
        (0..firm.grid.elements.len()).filter(|&i| firm.grid.elements[i].feed).collect();
    most(firm, places, &feeds, outages).mw
}

/// The most that a node may carry: of one load by arithmetic, of several by a program.
fn worst(firm: &Firm, node: usize) -> Worst {
    match firm.loads(node)[..] {
        [one] => firm.alone(node, one),
        ref several => most(firm, several, &[node], true),
    }
}

/// A small linear program: the most that loads bring onto some elements in normal operation,
/// within what every element carries then and after every outage. What one load takes the others
/// cannot.
fn most(firm: &Firm, loads: &[Place], onto: &[usize], outages: bool) -> Worst {
    let Some(intact) = firm.state(None) else { return Worst::default() };
    let mut model = LinearModel { maximise: true, ..LinearModel::default() };
    for &load in loads {
        let (flow, _) = firm.flows(intact, &[(load, 1.0)]);
        model.add_column(onto.iter().map(|&i| flow[i]).sum(), 0.0, f64::INFINITY);
    }
    let all: Vec<(Place, f64)> = loads.iter().map(|l| (*l, 1.0)).collect();
    let failing = firm.carriers(&all).into_iter().map(Some).filter(|_| outages);
    let mut known: BTreeMap<Vec<(usize, u64)>, usize> = BTreeMap::new();
    let mut named: Vec<(Option<usize>, usize)> = Vec::new();
    let mut lost = None;
    for outage in std::iter::once(None).chain(failing) {
        let Some(state) = firm.state(outage) else { continue };
        let mut rows: Vec<Vec<(usize, f64)>> = vec![Vec::new(); firm.grid.elements.len()];
        for (column, &load) in loads.iter().enumerate() {
            let (flow, lit) = firm.flows(state, &[(load, 1.0)]);
            if !lit[0] {
                model.col_upper[column] = 0.0;
                lost = lost.or(outage);
            }
            let loaded = flow.into_iter().enumerate().filter(|(_, mw)| *mw > 0.0);
            loaded.for_each(|(i, mw)| rows[i].push((column, mw)));
        }
        for (i, row) in rows.into_iter().enumerate().filter(|(_, r)| !r.is_empty()) {
            let capacity = state.capacity_mw[i];
            // Most outages leave most flows alone: of equal rows the tightest is enough.
            let key = row.iter().map(|(c, mw)| (*c, mw.to_bits())).collect();
            match known.get(&key) {
                Some(&at) if model.row_upper[at] > capacity => {
                    (model.row_upper[at], named[at]) = (capacity, (outage, i));
                }
                Some(_) => {}
                None => {
                    known.insert(key, model.add_row(f64::NEG_INFINITY, capacity, row));
                    named.push((outage, i));
                }
            }
        }
    }
    let solution = match solve_once(&model, Solver::default()) {
        Ok(found) if found.status == Some(LpStatus::Optimal) => found,
        _ => return Worst::default(),
    };
    if solution.objective <= 0.0 {
        return Worst { outage: lost, ..Worst::default() };
    }
    let slack = |at: usize| model.row_upper[at] - solution.row_activity[at];
    let full = |at: &usize| slack(*at) <= FULL_FRAC * model.row_upper[*at].max(1.0);
    let full: Vec<usize> = (0..named.len()).filter(full).collect();
    let outage = full.iter().find_map(|&at| named[at].0);
    let left = full.into_iter().filter(|&at| named[at].0 == outage).map(|at| named[at].1);
    Worst { mw: solution.objective, outage, left: left.collect() }
}

/// Firm power that the layout states and that the network does not keep.
pub fn findings(capacity: &FirmCapacity) -> Vec<Diagnostic> {
    let over =
        |n: &NodeFirm| n.stated_mw.filter(|mw| *mw > n.mw * (1.0 + LOSSES_FRAC) + ROUNDING_MW);
    let found = capacity.nodes.iter().filter_map(|(id, n)| Some((id, n, over(n)?)));
    found
        .map(|(id, n, stated)| {
            Diagnostic::warning(
                "firm-above-computed",
                format!("nodes.{id}.firm_mw"),
                format!("{stated} MW are stated as firm; {}", n.sentence),
                "leave the field out to plan with what the network keeps, or add what takes over",
            )
        })
        .collect()
}
