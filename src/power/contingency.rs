//! What is left when an element fails: each outage with its own state, its overloads and what
//! caused them (equation W7).
//!
//! The linear model screens the outages of branches; those that come near a limit, split the
//! network or take something else than a branch are solved by AC power flow, in parallel.

use super::case::{BusKind, Case, CaseError};
use super::dc::Linear;
use super::flow::{Solution, Status};
use super::model::Model;
use rayon::prelude::*;
use start::Start;
use std::sync::atomic::{AtomicBool, Ordering};

mod event;
mod judge;
mod remedy;
mod run_back;
mod start;

pub use event::{Event, Stage};
pub use judge::{Allowed, Overload, Rating, VoltageBreach, breaches};
pub use remedy::{Action, Control, Remedy, remedies, remedy};

/// Loading by the linear model from which on an outage is solved by AC power flow: voltage and
/// losses move a flow by less than the rest.
const NEAR_FRAC: f64 = 0.8;

/// Something that can fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Element {
    Branch(usize),
    Generator(usize),
    /// A fault of the busbar: all that meets there goes.
    Bus(usize),
}

/// Elements that are out at the same time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outage {
    pub elements: Vec<Element>,
}

/// The network with an outage.
#[derive(Clone, Debug, PartialEq)]
pub struct Consequence {
    pub outage: Outage,
    pub status: Status,
    pub load_lost_mw: f64,
    /// Dark buses that carried load.
    pub dark: Vec<String>,
    /// Branch nearest to, or furthest beyond, its normal rating; absent where none is rated.
    pub worst: Option<(String, f64)>,
    /// Above the normal rating, the worst first.
    pub overloads: Vec<Overload>,
    pub voltages: Vec<VoltageBreach>,
    /// Energised bus with the least voltage, per unit; the linear model knows of none.
    pub lowest: Option<(String, f64)>,
    /// Whether AC power flow was solved; the linear model told that it need not be.
    pub solved_ac: bool,
}

impl Consequence {
    /// Whether the network stays within every limit without losing load. Of ratings the
    /// long-time one counts, where none is known the normal one.
    pub fn holds(&self) -> bool {
        let within = self.beyond().next().is_none() && self.voltages.is_empty();
        self.status == Status::Converged && within
    }

    /// What carries more than it may for as long as the outage lasts.
    pub fn beyond(&self) -> impl Iterator<Item = &Overload> {
        self.overloads.iter().filter(|o| o.within != Rating::Long)
    }

    /// How long the ratings let this state last.
    pub fn allowed(&self) -> Allowed {
        self.overloads.iter().map(|o| o.allowed).fold(Allowed::Always, Allowed::and)
    }

    /// Order of concern: diverged, load lost, then the worst loading.
    pub fn concern(&self) -> (u8, f64) {
        let frac = self.worst.as_ref().map_or(0.0, |(_, frac)| *frac);
        match self.status {
            Status::Diverged => (3, 0.0),
            Status::Islanded => (2, self.load_lost_mw),
            Status::Converged if self.beyond().next().is_some() => (1, frac),
            Status::Converged => (0, frac),
        }
    }
}

/// Every single outage of what is in service: branches, generators, and buses that join more
/// than one branch.
pub fn single(case: &Case) -> Vec<Outage> {
    let on = |i: usize| case.buses[i].kind != BusKind::Isolated;
    let branches = case.branches.iter().enumerate();
    let branches = branches
        .filter(|(_, b)| b.in_service && on(b.from) && on(b.to))
        .map(|(i, _)| Element::Branch(i));
    let generators = case.generators.iter().enumerate();
    let generators =
        generators.filter(|(_, g)| g.in_service && on(g.bus)).map(|(i, _)| Element::Generator(i));
    let mut degree = vec![0; case.buses.len()];
    for b in case.branches.iter().filter(|b| b.in_service) {
        degree[b.from] += 1;
        degree[b.to] += 1;
    }
    let buses = (0..case.buses.len()).filter(|&i| on(i) && degree[i] > 1).map(Element::Bus);
    branches.chain(generators).chain(buses).map(|e| Outage { elements: vec![e] }).collect()
}

/// Pairs of outages: the second fails before the first is mended.
pub fn pairs(singles: &[Outage]) -> Vec<Outage> {
    let mut all = Vec::new();
    for (i, a) in singles.iter().enumerate() {
        for b in &singles[i + 1..] {
            all.push(Outage { elements: a.elements.iter().chain(&b.elements).copied().collect() });
        }
    }
    all
}

/// What an outage is called: the ids of what is out.
pub fn name(case: &Case, outage: &Outage) -> String {
    let id = |element: &Element| match *element {
        Element::Branch(i) => case.branches[i].id.as_str(),
        Element::Generator(i) => case.generators[i].id.as_str(),
        Element::Bus(i) => case.buses[i].id.as_str(),
    };
    outage.elements.iter().map(id).collect::<Vec<_>>().join(" + ")
}

/// The case with an outage.
pub fn with_outage(case: &Case, outage: &Outage) -> Case {
    let mut after = case.clone();
    take_out(&mut after, outage);
    after
}

fn take_out(after: &mut Case, outage: &Outage) {
    for element in &outage.elements {
        match *element {
            Element::Branch(i) => after.branches[i].in_service = false,
            Element::Generator(i) => after.generators[i].in_service = false,
            Element::Bus(i) => {
                let touches = |a: usize, b: usize| a == i || b == i;
                after.branches.iter_mut().for_each(|b| b.in_service &= !touches(b.from, b.to));
                after.switches.iter_mut().for_each(|s| s.closed &= !touches(s.a, s.b));
                after.generators.iter_mut().for_each(|g| g.in_service &= g.bus != i);
            }
        }
    }
}

/// Makes a copy of a case what the case is, after an outage.
fn put_back(copy: &mut Case, case: &Case) {
    let branches = copy.branches.iter_mut().zip(&case.branches);
    branches.for_each(|(to, from)| to.in_service = from.in_service);
    let generators = copy.generators.iter_mut().zip(&case.generators);
    generators.for_each(|(to, from)| to.in_service = from.in_service);
    let switches = copy.switches.iter_mut().zip(&case.switches);
    switches.for_each(|(to, from)| to.closed = from.closed);
}

/// The intact network and what each outage makes of it, in the order of the outages.
#[derive(Clone, Debug, PartialEq)]
pub struct Study {
    pub intact: Solution,
    pub consequences: Vec<Consequence>,
}

impl Study {
    /// Outages from the worst on; equals keep their order.
    pub fn worst_first(&self) -> Vec<&Consequence> {
        let mut order: Vec<&Consequence> = self.consequences.iter().collect();
        order.sort_by(|a, b| {
            let (a, b) = (a.concern(), b.concern());
            b.0.cmp(&a.0).then(b.1.total_cmp(&a.1))
        });
        order
    }

    /// Whether every outage leaves the network whole and within its limits.
    pub fn holds(&self) -> bool {
        self.consequences.iter().all(Consequence::holds)
    }
}

/// Studies outages.
///
/// # Errors
/// The intact case cannot be solved as it stands.
pub fn study(case: &Case, outages: Vec<Outage>) -> Result<Study, CaseError> {
    study_until(case, outages, Search { screens: true, stop: &AtomicBool::new(false) })
}

/// How outages are studied.
#[derive(Clone, Copy, Debug)]
pub struct Search<'a> {
    /// Outages that the linear model clears are not solved by AC power flow.
    pub screens: bool,
    /// Raised by another thread: outages that are not solved yet are left out.
    pub stop: &'a AtomicBool,
}

/// Studies outages until somebody says stop.
///
/// # Errors
/// The intact case cannot be solved as it stands.
pub fn study_until(
    case: &Case,
    outages: Vec<Outage>,
    search: Search<'_>,
) -> Result<Study, CaseError> {
    let model = Model::of(case)?;
    let start = Start::of(case, &model);
    if start.intact.status == Status::Diverged {
        return Ok(Study { intact: start.intact, consequences: Vec::new() });
    }
    let screened = match search.screens {
        true => screen(case, &model, &start.intact, &outages),
        false => vec![None; outages.len()],
    };
    let consequences = outages
        .into_par_iter()
        .zip(screened)
        .filter(|_| !search.stop.load(Ordering::Relaxed))
        .map_init(
            || case.clone(),
            |copy, (outage, screened)| screened.unwrap_or_else(|| start.solve(copy, outage)),
        )
        .collect();
    Ok(Study { intact: start.intact, consequences })
}

/// What the linear model can tell of the outages of single branches; `None` asks for AC.
fn screen(
    case: &Case,
    model: &Model,
    intact: &Solution,
    outages: &[Outage],
) -> Vec<Option<Consequence>> {
    let Ok(mut linear) = Linear::new(model) else { return vec![None; outages.len()] };
    if near_band(case, intact) {
        return vec![None; outages.len()];
    }
    let mut edge_of = vec![None; case.branches.len()];
    for (i, e) in model.edges.iter().enumerate() {
        edge_of[e.branch] = Some(i);
    }
    let mut one = |outage: &Outage| -> Option<Consequence> {
        let [Element::Branch(branch)] = outage.elements[..] else { return None };
        let out = edge_of[branch]?;
        let factors = linear.lodf(out).ok()??;
        let lost = &intact.branches[branch];
        let lost = (lost.p_from_mw - lost.p_to_mw) / 2.0;
        let mut worst: Option<(usize, f64)> = None;
        for (e, factor) in model.edges.iter().zip(&factors) {
            let Some(rating) = case.branches[e.branch].ratings.normal_mva else { continue };
            if e.branch == branch {
                continue;
            }
            let b = &intact.branches[e.branch];
            let p = b.p_from_mw.abs().max(b.p_to_mw.abs()) * b.p_from_mw.signum() + factor * lost;
            let q = b.q_from_mvar.abs().max(b.q_to_mvar.abs());
            // Reactive power moves with the active power that causes it.
            let q = q * (1.0 + (factor * lost).abs() / p.abs().max(1e-9)).min(2.0);
            let frac = p.hypot(q) / rating;
            if worst.is_none_or(|(_, most)| frac > most) {
                worst = Some((e.branch, frac));
            }
        }
        if worst.is_some_and(|(_, frac)| frac > NEAR_FRAC) {
            return None;
        }
        Some(Consequence {
            outage: outage.clone(),
            status: intact.status,
            load_lost_mw: intact.load_lost_mw(),
            dark: Vec::new(),
            worst: worst.map(|(i, frac)| (case.branches[i].id.clone(), frac)),
            overloads: Vec::new(),
            voltages: Vec::new(),
            lowest: None,
            solved_ac: false,
        })
    };
    outages.iter().map(&mut one).collect()
}

/// Whether a voltage of the intact network stands within a hundredth of its limit: the linear
/// model knows no voltages.
fn near_band(case: &Case, intact: &Solution) -> bool {
    case.buses.iter().zip(&intact.buses).any(|(bus, state)| {
        let [low, high] = judge::band(bus, true);
        let low = low.zip(state.vm_pu).is_some_and(|(limit, v)| v < limit + 0.01);
        let high = high.zip(state.vm_pu).is_some_and(|(limit, v)| v > limit - 0.01);
        low || high
    })
}
