//! What is left when an element fails: each outage with its own state, its overloads and what
//! caused them (equation W7).
//!
//! The linear model screens the outages of branches; those that come near a limit, split the
//! network or take something else than a branch are solved by AC power flow, in parallel.

use super::case::{BusKind, Case, CaseError};
use super::dc::Linear;
use super::flow::{self, Solution, Status};
use super::model::Model;
use super::newton::{self, Iterated};
use num_complex::Complex64;
use rayon::prelude::*;
use std::sync::atomic::{AtomicBool, Ordering};

mod event;

pub use event::{Event, Stage};

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

/// A branch above its normal rating.
#[derive(Clone, Debug, PartialEq)]
pub struct Overload {
    pub branch: String,
    pub mva: f64,
    pub rating_mva: f64,
    /// Flow before the outage over the same rating.
    pub before_frac: f64,
    /// Within the rating that may be held for hours, or for minutes; false where unknown.
    pub within_long: bool,
    pub within_short: bool,
}

/// A bus outside of its band.
#[derive(Clone, Debug, PartialEq)]
pub struct VoltageBreach {
    pub bus: String,
    pub vm_pu: f64,
    pub limit_pu: f64,
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
    pub overloads: Vec<Overload>,
    pub voltages: Vec<VoltageBreach>,
    /// Energised bus with the least voltage, per unit; the linear model knows of none.
    pub lowest: Option<(String, f64)>,
    /// Whether AC power flow was solved; the linear model told that it need not be.
    pub solved_ac: bool,
}

impl Consequence {
    /// Whether the network stays within every limit without losing load.
    pub fn holds(&self) -> bool {
        self.status == Status::Converged && self.overloads.is_empty() && self.voltages.is_empty()
    }

    /// Order of concern: diverged, load lost, then the worst loading.
    pub fn concern(&self) -> (u8, f64) {
        let frac = self.worst.as_ref().map_or(0.0, |(_, frac)| *frac);
        match self.status {
            Status::Diverged => (3, 0.0),
            Status::Islanded => (2, self.load_lost_mw),
            Status::Converged if !self.overloads.is_empty() => (1, frac),
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

/// What was done after an outage, and what stands then.
#[derive(Clone, Debug, PartialEq)]
pub struct Remedy {
    /// Open switches that closed.
    pub closed: Vec<String>,
    /// Interruptible load that was run back.
    pub run_back_mw: f64,
    pub consequence: Consequence,
}

/// Acts after an outage: open switches close that bring a source to what is dark, then
/// interruptible load is run back, as little as relieves the overloads. `None` where neither
/// helps.
pub fn remedy(case: &Case, intact: &Solution, before: &Consequence) -> Option<Remedy> {
    let after = with_outage(case, &before.outage);
    remedied(case, intact, (before, after)).map(|(remedy, _)| remedy)
}

/// The remedies of several outages, in parallel; none of those that come after `stop`.
pub fn remedies(
    case: &Case,
    intact: &Solution,
    found: &[Consequence],
    stop: &AtomicBool,
) -> Vec<Option<Remedy>> {
    let one = |before: &Consequence| match stop.load(Ordering::Relaxed) {
        true => None,
        false => remedy(case, intact, before),
    };
    found.par_iter().map(one).collect()
}

/// A remedy with the network as it then stands.
fn remedied(
    case: &Case,
    intact: &Solution,
    (before, mut after): (&Consequence, Case),
) -> Option<(Remedy, Case)> {
    let closed = if before.status == Status::Islanded {
        transfer(case, &mut after, &before.outage)
    } else {
        Vec::new()
    };
    let solved = |case: &Case| -> Option<Consequence> {
        let model = Model::of(case).ok()?;
        let solution = flow::of_iterated(case, &model, &newton::solve(&model));
        Some(judge(intact, before.outage.clone(), case, &solution))
    };
    let mut consequence = if closed.is_empty() { before.clone() } else { solved(&after)? };
    let mut run_back_mw = 0.0;
    if !consequence.overloads.is_empty()
        && let Some((mw, relieved, reduced)) = run_back(&after, &consequence, &solved)
    {
        (run_back_mw, consequence, after) = (mw, relieved, reduced);
    }
    let acted = !closed.is_empty() || run_back_mw > 0.0;
    acted.then_some((Remedy { closed, run_back_mw, consequence }, after))
}

/// Closes switches nearest to the sources first, those at the same distance together, for each
/// of them sees the same loss of voltage; every round may energise what the next starts from.
fn transfer(case: &Case, after: &mut Case, outage: &Outage) -> Vec<String> {
    let depth = depths(case);
    let mut closed = Vec::new();
    loop {
        let found = restoring(after, outage, &depth);
        if found.is_empty() {
            return closed;
        }
        for i in found {
            let group = after.switches[i].transfer.clone();
            if !group.is_empty() {
                let own = after.switches.iter_mut().filter(|s| s.transfer == group);
                own.for_each(|s| s.closed = false);
            }
            after.switches[i].closed = true;
            closed.push(after.switches[i].id.clone());
        }
    }
}

/// Bisections of the share of interruptible load that is run back.
const RUN_BACK_STEPS: usize = 10;
/// Least share of a bus's load that must flow through an overloaded branch to be worth
/// running back.
const RELIEF_FRAC: f64 = 0.02;

/// The least share of the interruptible load behind overloaded branches that, run back,
/// relieves them: its MW, the state and the network then. `None` where even all of it does not.
fn run_back(
    case: &Case,
    before: &Consequence,
    solved: &impl Fn(&Case) -> Option<Consequence>,
) -> Option<(f64, Consequence, Case)> {
    let model = Model::of(case).ok()?;
    let mut linear = Linear::new(&model).ok()?;
    let intact_flow = linear.flow().ok()?.flow;
    let over = |id: &str| before.overloads.iter().any(|o| o.branch == id);
    let edges: Vec<usize> = (0..model.edges.len())
        .filter(|&e| over(&case.branches[model.edges[e].branch].id))
        .collect();
    let mut behind = vec![false; model.kinds.len()];
    for (node, behind) in behind.iter_mut().enumerate() {
        let factors = linear.ptdf(node).ok()?;
        *behind = edges.iter().any(|&e| factors[e] * intact_flow[e].signum() < -RELIEF_FRAC);
    }
    let reduced = |share: f64| {
        let (mut case, mut mw) = (case.clone(), 0.0);
        for (bus, &node) in case.buses.iter_mut().zip(&model.node_of) {
            if behind[node] {
                let keep = 1.0 - share * bus.load.interruptible_frac;
                mw += bus.load.p_mw * (1.0 - keep);
                bus.load.p_mw *= keep;
                bus.load.q_mvar *= keep;
            }
        }
        solved(&case).map(|c| (mw, c, case))
    };
    let relieved = |c: &Consequence| c.overloads.is_empty() && c.status == Status::Converged;
    let mut best = reduced(1.0).filter(|(mw, c, _)| *mw > 0.0 && relieved(c))?;
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..RUN_BACK_STEPS {
        let share = (low + high) / 2.0;
        match reduced(share) {
            Some(found) if relieved(&found.1) => (best, high) = (found, share),
            _ => low = share,
        }
    }
    Some(best)
}

/// Elements between each bus and the nearest slack bus of the intact network.
fn depths(case: &Case) -> Vec<usize> {
    let mut next: Vec<Vec<usize>> = vec![Vec::new(); case.buses.len()];
    let branches = case.branches.iter().filter(|b| b.in_service).map(|b| (b.from, b.to));
    let switches = case.switches.iter().filter(|s| s.closed).map(|s| (s.a, s.b));
    for (a, b) in branches.chain(switches) {
        next[a].push(b);
        next[b].push(a);
    }
    let mut depth = vec![usize::MAX; case.buses.len()];
    let slack = |i: &usize| case.buses[*i].kind == BusKind::Slack;
    let mut queue: std::collections::VecDeque<usize> =
        (0..case.buses.len()).filter(slack).collect();
    queue.iter().for_each(|&i| depth[i] = 0);
    while let Some(i) = queue.pop_front() {
        for &j in &next[i] {
            if depth[j] == usize::MAX {
                depth[j] = depth[i] + 1;
                queue.push_back(j);
            }
        }
    }
    depth
}

/// The open switches nearest to the sources that bring one to a dark part with load, one of each
/// transfer scheme; none at a busbar that has failed. A scheme feeds its own side alone, never
/// back.
fn restoring(case: &Case, outage: &Outage, depth: &[usize]) -> Vec<usize> {
    let Ok(model) = Model::of(case) else { return Vec::new() };
    let dark = |bus: usize| model.kinds[model.node_of[bus]] == super::model::NodeKind::Dead;
    let failed = |bus: usize| outage.elements.contains(&Element::Bus(bus));
    let mut load = vec![0.0; model.islands];
    for (bus, &node) in case.buses.iter().zip(&model.node_of) {
        load[model.island[node]] += bus.load.p_mw.abs();
    }
    let brings =
        |a: usize, b: usize| !dark(a) && dark(b) && load[model.island[model.node_of[b]]] > 0.0;
    let helps = |s: &super::case::Switch| {
        let back = s.transfer.is_empty() && brings(s.b, s.a);
        !s.closed && !failed(s.a) && !failed(s.b) && (brings(s.a, s.b) || back)
    };
    let near = |s: &super::case::Switch| depth[s.b].min(depth[s.a]);
    let helpful = || case.switches.iter().enumerate().filter(|(_, s)| helps(s));
    let Some(nearest) = helpful().map(|(_, s)| near(s)).min() else { return Vec::new() };
    let mut schemes = std::collections::BTreeSet::new();
    helpful()
        .filter(|(_, s)| near(s) == nearest)
        .filter(|(_, s)| s.transfer.is_empty() || schemes.insert(&s.transfer))
        .map(|(i, _)| i)
        .collect()
}

/// The case with an outage.
pub fn with_outage(case: &Case, outage: &Outage) -> Case {
    let mut after = case.clone();
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
    after
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
    let base = newton::solve(&model);
    let intact = flow::of_iterated(case, &model, &base);
    if intact.status == Status::Diverged {
        return Ok(Study { intact, consequences: Vec::new() });
    }
    let screened = match search.screens {
        true => screen(case, &model, &intact, &outages),
        false => vec![None; outages.len()],
    };
    let start = Start { case, model: &model, base: &base, intact: &intact };
    let consequences = outages
        .into_par_iter()
        .zip(screened)
        .filter(|_| !search.stop.load(Ordering::Relaxed))
        .map(|(outage, screened)| screened.unwrap_or_else(|| start.solve(outage)))
        .collect();
    Ok(Study { intact, consequences })
}

/// What the linear model can tell of the outages of single branches; `None` asks for AC.
fn screen(
    case: &Case,
    model: &Model,
    intact: &Solution,
    outages: &[Outage],
) -> Vec<Option<Consequence>> {
    let Ok(mut linear) = Linear::new(model) else { return vec![None; outages.len()] };
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
        if worst.is_some_and(|(_, frac)| frac > NEAR_FRAC) || near_band(case, intact) {
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
        let [low, high] = band(bus, true);
        let low = low.zip(state.vm_pu).is_some_and(|(limit, v)| v < limit + 0.01);
        let high = high.zip(state.vm_pu).is_some_and(|(limit, v)| v > limit - 0.01);
        low || high
    })
}

/// What every outage starts from.
struct Start<'a> {
    case: &'a Case,
    model: &'a Model,
    base: &'a Iterated,
    intact: &'a Solution,
}

impl Start<'_> {
    fn solve(&self, outage: Outage) -> Consequence {
        let after = with_outage(self.case, &outage);
        let model = match Model::of_checked(&after) {
            Ok(model) => model,
            // Nothing is left to hold the voltage.
            Err(_) => return self.dark(outage),
        };
        // The nodes may be others than before: a busbar that is gone splits what it joined.
        let mut v = vec![Complex64::ZERO; model.kinds.len()];
        for (&was, &now) in self.model.node_of.iter().zip(&model.node_of) {
            v[now] = self.base.v[was];
        }
        let found = newton::solve_from(&model, &v);
        let solution = flow::of_iterated(&after, &model, &found);
        judge(self.intact, outage, &after, &solution)
    }

    /// The consequence where no source is left.
    fn dark(&self, outage: Outage) -> Consequence {
        let live = |bus: &&super::case::Bus| bus.kind != BusKind::Isolated;
        let buses: Vec<&super::case::Bus> = self.case.buses.iter().filter(live).collect();
        let loaded = buses.iter().filter(|b| b.load.p_mw != 0.0);
        Consequence {
            outage,
            status: Status::Islanded,
            load_lost_mw: buses.iter().map(|b| b.load.p_mw).sum(),
            dark: loaded.map(|b| b.id.clone()).collect(),
            worst: None,
            overloads: Vec::new(),
            voltages: Vec::new(),
            lowest: None,
            solved_ac: true,
        }
    }
}

/// Puts a solution beside the limits.
fn judge(intact: &Solution, outage: Outage, after: &Case, solution: &Solution) -> Consequence {
    let (overloads, worst) = loadings(intact, after, solution);
    let loaded = |id: &&String| after.buses.iter().any(|b| b.id == **id && b.load.p_mw != 0.0);
    let dark = solution.dark.iter().flat_map(|d| &d.buses).filter(loaded).cloned().collect();
    Consequence {
        outage,
        status: solution.status,
        load_lost_mw: solution.load_lost_mw(),
        dark,
        worst,
        overloads,
        voltages: breaches(after, solution, true),
        lowest: solution.lowest(),
        solved_ac: true,
    }
}

fn loadings(
    intact: &Solution,
    after: &Case,
    solution: &Solution,
) -> (Vec<Overload>, Option<(String, f64)>) {
    let (mut overloads, mut worst) = (Vec::new(), None::<(String, f64)>);
    if solution.status == Status::Diverged {
        return (overloads, worst);
    }
    for (i, b) in after.branches.iter().enumerate() {
        let known = solution.branches[i].loading_frac.zip(b.ratings.normal_mva);
        let Some((frac, rating)) = known else { continue };
        if worst.as_ref().is_none_or(|(_, most)| frac > *most) {
            worst = Some((b.id.clone(), frac));
        }
        if frac > 1.0 + 1e-9 {
            let mva = frac * rating;
            let within = |limit: Option<f64>| limit.is_some_and(|limit| mva <= limit);
            overloads.push(Overload {
                branch: b.id.clone(),
                mva,
                rating_mva: rating,
                before_frac: intact.branches[i].loading_frac.unwrap_or(0.0),
                within_long: within(b.ratings.long_mva),
                within_short: within(b.ratings.short_mva),
            });
        }
    }
    overloads.sort_by(|a, b| (b.mva / b.rating_mva).total_cmp(&(a.mva / a.rating_mva)));
    (overloads, worst)
}

fn band(bus: &super::case::Bus, outage: bool) -> [Option<f64>; 2] {
    match bus.outage_band_pu.filter(|_| outage) {
        Some([low, high]) => [Some(low), Some(high)],
        None => [bus.vmin_pu, bus.vmax_pu],
    }
}

/// Buses outside of their band, intact or after an outage, furthest first.
pub fn breaches(case: &Case, solution: &Solution, outage: bool) -> Vec<VoltageBreach> {
    let mut found: Vec<VoltageBreach> = case
        .buses
        .iter()
        .zip(&solution.buses)
        .filter_map(|(bus, state)| {
            let vm_pu = state.vm_pu?;
            let [low, high] = band(bus, outage);
            let low = low.filter(|limit| vm_pu < limit - 1e-9);
            let high = high.filter(|limit| vm_pu > limit + 1e-9);
            low.or(high).map(|limit_pu| VoltageBreach { bus: bus.id.clone(), vm_pu, limit_pu })
        })
        .collect();
    let miss = |b: &VoltageBreach| (b.vm_pu - b.limit_pu).abs();
    found.sort_by(|a, b| miss(b).total_cmp(&miss(a)));
    found
}
