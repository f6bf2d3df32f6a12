//! Firm capacity of a site: of every feed and node, and of all loads together.
//!
//! It must not know which tiers are sold.

use crate::catalog::Catalog;
use crate::diag::Diagnostic;
use crate::plan::backend::{Solver, solve_once};
use crate::plan::lp::{LinearModel, LpStatus};
use crate::power::firm::{Element, Firm, Grid, NodeFirm, Place, State, Worst};
use crate::power::{Network, Unknown};
use crate::site::Site;
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Stated firm power may stand above what is computed by rounding (MW) and by the losses of one
/// stage.
const ROUNDING_MW: f64 = 0.05;
const LOSSES_FRAC: f64 = 0.02;
/// Share of a capacity below which nothing of it is free.
const FULL_FRAC: f64 = 1e-7;
/// An element takes over something where it carries more by this factor.
const MORE: f64 = 1.0 + 1e-9;
/// What is dark keeps no firm power; interruptible load just is dark.
const NOTHING: (f64, f64) = (0.0, f64::INFINITY);

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

/// What an element carries after an outage of which it takes over something; or, without
/// capacity, what nothing takes over.
#[derive(Clone, Debug, PartialEq)]
pub struct Shift {
    /// Ids of what fails and of what takes over, with a point between.
    pub id: String,
    pub name: String,
    pub capacity_mw: f64,
    /// What it bears of all load until the interruptible part is run back; infinite where
    /// nothing speaks against it.
    pub bridging_mw: f64,
    /// MW at the element per MW that a place takes.
    pub per_mw: Vec<(Place, f64)>,
    index: Arc<BTreeMap<String, usize>>,
}

impl Shift {
    /// The place behind a node, with a second one behind a transfer switch.
    pub fn place_of(&self, node: &str, second: Option<&str>) -> Option<Place> {
        let find = |id: &str| self.index.get(id).copied();
        Some(Place::Output(find(node)?, second.and_then(find)))
    }
}

/// The firm capacity of a site.
///
/// # Errors
/// A capacity, an efficiency or a power factor is unknown.
pub fn capacity(site: &Site, catalog: &Catalog) -> Result<FirmCapacity, Unknown> {
    Ok(Known::default().work_out(site, catalog, &Network::of(site, catalog)?)?.0)
}

/// Networks kept with what was found of them.
const MOST_KEPT: usize = 4;

type Found = (FirmCapacity, Vec<Shift>);

/// What was found of networks before: most changes of a layout or catalogue leave the network as
/// it is, and it is dear to work out.
#[derive(Debug, Default)]
pub struct Known {
    /// The newest last.
    kept: Vec<(Grid, Vec<Place>, Found)>,
}

impl Known {
    /// The firm capacity of a site, and what each outage shifts onto other elements. Where a planner
    /// states firm power of what fails or of what takes over, nothing is shifted.
    ///
    /// # Errors
    /// A capacity, an efficiency or a power factor is unknown.
    pub fn work_out(
        &mut self,
        site: &Site,
        catalog: &Catalog,
        tree: &Network,
    ) -> Result<Found, Unknown> {
        let grid = Grid::of(site, catalog, tree)?;
        let places = places(site, &grid);
        let at = self.kept.iter().position(|(g, p, _)| *g == grid && *p == places);
        let own = match at {
            Some(at) => self.kept.remove(at),
            None => {
                let found = found(&grid, &places);
                (grid, places, found)
            }
        };
        let found = own.2.clone();
        if self.kept.len() >= MOST_KEPT {
            self.kept.remove(0);
        }
        self.kept.push(own);
        Ok(found)
    }
}

fn found(grid: &Grid, places: &[Place]) -> Found {
    let (tied, bare) = (Firm::new(grid, true, places), Firm::new(grid, false, places));
    let of_node = |i: usize| {
        let found = tied.of_node(i, &worst(&tied, i), worst(&bare, i).mw);
        (grid.elements[i].id.clone(), found)
    };
    let capacity = FirmCapacity {
        site_mw: together(&tied, places, true),
        site_without_ties_mw: together(&bare, places, true),
        site_nameplate_mw: together(&tied, places, false),
        nodes: (0..grid.elements.len()).map(of_node).collect(),
    };
    (capacity, shifts(&tied, places))
}

/// Elements that carry more of some place after an outage than before it.
fn shifts(firm: &Firm, places: &[Place]) -> Vec<Shift> {
    let elements = &firm.grid.elements;
    let ids = elements.iter().enumerate().map(|(i, e)| (e.id.clone(), i));
    let index: Arc<BTreeMap<String, usize>> = Arc::new(ids.collect());
    let Some(intact) = firm.state(None) else { return Vec::new() };
    let flows = |state: &State| -> Vec<(Vec<f64>, bool)> {
        let each = places.iter().map(|&p| firm.flows(state, &[(p, 1.0)]));
        each.map(|(flow, lit)| (flow, lit[0])).collect()
    };
    let before = flows(intact);
    let all: Vec<(Place, f64)> = places.iter().map(|p| (*p, 1.0)).collect();
    let mut found = Vec::new();
    for outage in firm.carriers(&all) {
        let lost = &elements[outage];
        let Some(state) = firm.state(Some(outage)).filter(|_| lost.stated_mw.is_none()) else {
            continue;
        };
        let after = flows(state);
        let mut push = |element: &Element, name: String, bears: (f64, f64), per_mw: Vec<_>| {
            let (id, index) = (format!("{}.{}", lost.id, element.id), Arc::clone(&index));
            let (capacity_mw, bridging_mw) = bears;
            found.push(Shift { id, name, capacity_mw, bridging_mw, per_mw, index });
        };
        let dark = places.iter().zip(&after).filter(|(_, (_, lit))| !lit);
        let dark: Vec<(Place, f64)> = dark.map(|(p, _)| (*p, 1.0)).collect();
        if !dark.is_empty() {
            push(lost, format!("What nothing takes over from {}", lost.name), NOTHING, dark);
        }
        for (i, element) in elements.iter().enumerate().filter(|(_, e)| e.stated_mw.is_none()) {
            if before.iter().zip(&after).any(|(b, a)| a.0[i] > b.0[i] * MORE) {
                let per_mw = places.iter().zip(&after).filter(|(_, (flow, _))| flow[i] > 0.0);
                let per_mw = per_mw.map(|(p, (flow, _))| (*p, flow[i])).collect();
                let name = format!("{} after the loss of {}", element.name, lost.name);
                push(element, name, (state.capacity_mw[i], state.bridging_mw[i]), per_mw);
            }
        }
    }
    found
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
    let of = |loads: &[Place]| match *loads {
        [one] => firm.alone(node, one),
        ref several => most(firm, several, &[node], true),
    };
    let found = of(&firm.loads(node));
    if found.mw > 0.0 {
        return found;
    }
    let below = firm.loads_behind_switches(node).map(|loads| of(&loads));
    below.filter(|below| below.mw > 0.0).unwrap_or(found)
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
