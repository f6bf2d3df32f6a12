//! What failures cost a year: rate by time by what is lost, before and after switching and running
//! back, of single ones and of pairs that overlap; and what each step of redundancy costs beside
//! what it saves (equation W15).
//!
//! The plan stays as it is: what the outage takes is not sold elsewhere.

mod pairs;
mod rates;
mod steps;

pub use pairs::PairRisk;
pub use steps::{Step, StepKind};

use super::Outcome;
use super::network::{self, MarginPerMwh, Names, NetworkError};
use crate::catalog::Catalog;
use crate::power::contingency::{self, Allowed, Consequence, Element, Outage, Remedy};
use crate::power::electrical::{Draw, Electrical, electrical};
use crate::power::flow::Status;
use crate::power::reliability::Component;
use crate::power::taps;
use crate::site::Site;
use crate::units::HOURS_PER_YEAR;
use rates::Rates;
use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;

const SECONDS_PER_HOUR: f64 = 3_600.0;

/// An element, or one of several equal machines of a node, with what its failures take.
#[derive(Clone, Debug, PartialEq)]
pub struct ElementRisk {
    /// Of the network, and what a planner calls it.
    pub id: String,
    pub name: String,
    pub busbar: bool,
    /// Equal machines; rates and losses are those of all.
    pub count: usize,
    pub failures_per_year: f64,
    pub out_h: f64,
    pub spare_on_site: bool,
    /// Load lost until switches have closed, and after; interruptible load run back, which must
    /// come before the branch trips.
    pub lost_at_once_mw: f64,
    pub lost_mw: f64,
    pub run_back_mw: f64,
    /// Whether overloads before the run-back stay within the rating for minutes, and the run-back
    /// within these; absent where nothing is run back for them or a time is unknown.
    pub time_to_run_back: Option<bool>,
    pub unserved_mwh_per_year: f64,
    pub lost_margin_usd_per_year: f64,
}

/// Times of the remedial actions.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Controls {
    pub transfer_seconds: f64,
    pub run_back_seconds: f64,
}

/// The reliability of a planned site.
#[derive(Clone, Debug, PartialEq)]
pub struct Reliability {
    /// From the dearest on.
    pub elements: Vec<ElementRisk>,
    /// Pairs that are out together and take more than each alone, from the dearest on.
    pub pairs: Vec<PairRisk>,
    /// Of single failures and of pairs.
    pub unserved_mwh_per_year: f64,
    pub lost_margin_usd_per_year: f64,
    pub served_mwh_per_year: f64,
    pub margin: MarginPerMwh,
    pub controls: Controls,
    /// Steps of redundancy, those that are worth most first.
    pub steps: Vec<Step>,
    /// Figures that keep an element or a step from being counted.
    pub unknown: Vec<String>,
}

/// Works out the reliability of a planned site.
///
/// # Errors
/// There is no network or no plan, or a figure of the network or of the controls is unknown.
pub fn reliability(
    site: &Site,
    catalog: &Catalog,
    outcome: &Outcome,
) -> Result<Reliability, NetworkError> {
    let draws = network::draws(site, catalog, outcome)?;
    let rates = Rates::of(catalog)?;
    let margin = MarginPerMwh::of(site, &outcome.plan, &draws);
    let found = risks(site, catalog, (&draws, &rates, margin))?;
    let sum = |of: fn(&ElementRisk) -> f64| found.elements.iter().map(of).sum::<f64>();
    let single_usd_per_year = sum(|e| e.lost_margin_usd_per_year);
    let names = Names::of(site);
    let pairs = match &found.made {
        Some(made) => pairs::overlapping(made, &names, &found.singles, (&rates, margin))?,
        None => Vec::new(),
    };
    let both = |of: fn(&PairRisk) -> f64| pairs.iter().map(of).sum::<f64>();
    let base = steps::Base { site, catalog, draws: &draws, rates: &rates, margin };
    let mut unknown = found.unknown.clone();
    let steps = steps::all(&base, single_usd_per_year, &mut unknown);
    let mut elements = found.elements.clone();
    elements.sort_by(|a, b| b.lost_margin_usd_per_year.total_cmp(&a.lost_margin_usd_per_year));
    Ok(Reliability {
        unserved_mwh_per_year: sum(|e| e.unserved_mwh_per_year) + both(|p| p.unserved_mwh_per_year),
        lost_margin_usd_per_year: single_usd_per_year + both(|p| p.lost_margin_usd_per_year),
        served_mwh_per_year: draws.iter().map(|d| d.p_mw).sum::<f64>() * HOURS_PER_YEAR,
        margin,
        controls: rates.controls,
        elements,
        pairs,
        steps,
        unknown,
    })
}

struct Risks {
    elements: Vec<ElementRisk>,
    unknown: Vec<String>,
    /// Whether the intact network carries the plan within its ratings.
    stands: bool,
    /// The network, and what each of its elements takes alone; no network where it collapses.
    made: Option<Electrical>,
    singles: BTreeMap<Element, Single>,
}

/// The failure of one element, for those that overlap with it.
struct Single {
    component: Component,
    count: usize,
    lost_mw: f64,
    run_back_mw: f64,
}

/// Load without supply; a network that collapses loses everything.
fn lost(state: &Consequence, whole_mw: f64) -> f64 {
    match state.status {
        Status::Diverged => whole_mw,
        _ => state.load_lost_mw,
    }
}

type Given<'a> = (&'a [Draw], &'a Rates<'a>, MarginPerMwh);

/// Every element that may fail on its own: feeds, machines, switchgear and UPS.
fn risks(
    site: &Site,
    catalog: &Catalog,
    (draws, rates, margin): Given<'_>,
) -> Result<Risks, NetworkError> {
    let mut made = electrical(site, catalog, draws)?;
    let intact = taps::regulate(&mut made.case, &made.changers)?;
    let loaded = intact.branches.iter().filter_map(|b| b.loading_frac);
    let stands = intact.status == Status::Converged && loaded.fold(0.0, f64::max) <= 1.0 + 1e-6;
    let mut out = Risks {
        elements: Vec::new(),
        unknown: Vec::new(),
        stands,
        made: None,
        singles: BTreeMap::new(),
    };
    if intact.status == Status::Diverged {
        return Ok(out);
    }
    let (mut outages, mut facts) = (Vec::new(), Vec::new());
    for (element, count) in candidates(site, &made) {
        match rates.component(site, &made, element) {
            Ok(Some(component)) => {
                outages.push(Outage { elements: vec![element] });
                facts.push((component, count));
            }
            Ok(None) => {}
            Err(path) if out.unknown.contains(&path) => {}
            Err(path) => out.unknown.push(path),
        }
    }
    let study = contingency::study(&made.case, outages)?;
    let names = Names::of(site);
    let stop = AtomicBool::new(false);
    let remedies = contingency::remedies(&made.case, &study.consequences, &stop);
    let whole_mw: f64 = draws.iter().map(|d| d.p_mw).sum();
    let given = study.consequences.into_iter().zip(remedies).zip(facts);
    for ((consequence, remedy), (component, count)) in given {
        let id = contingency::name(&made.case, &consequence.outage);
        let busbar = matches!(consequence.outage.elements[..], [Element::Bus(_)]);
        let lasting = remedy.as_ref().map_or(&consequence, |r| &r.consequence);
        let run_back_mw = remedy.as_ref().map_or(0.0, |r| r.run_back_mw);
        let (lost_at_once_mw, lost_mw) = (lost(&consequence, whole_mw), lost(lasting, whole_mw));
        if let [element] = consequence.outage.elements[..] {
            out.singles.insert(element, Single { component, count, lost_mw, run_back_mw });
        }
        let (element, _) = id.split_once('/').unwrap_or((&id, ""));
        let spare_on_site = rates::spare(site, element);
        let risk = ElementRisk {
            name: names.part(&id, busbar),
            busbar,
            count,
            failures_per_year: component.failures_per_year,
            out_h: component.out_h,
            spare_on_site,
            lost_at_once_mw,
            lost_mw,
            run_back_mw,
            time_to_run_back: remedy.as_ref().and_then(bridged),
            unserved_mwh_per_year: 0.0,
            lost_margin_usd_per_year: 0.0,
            id,
        };
        out.elements.push(risk.valued(component, rates.controls, margin));
    }
    out.made = Some(made);
    Ok(out)
}

/// Whether what the long-time ratings do not bear lasts until load is run back.
fn bridged(remedy: &Remedy) -> Option<bool> {
    match remedy.bridged {
        Allowed::Always => None,
        _ => remedy.in_time(),
    }
}

impl ElementRisk {
    /// With energy and money: until switches have closed what is lost at once, then what lasts.
    fn valued(self, component: Component, controls: Controls, margin: MarginPerMwh) -> Self {
        let rate = component.failures_per_year * self.count as f64;
        let switching_h = (controls.transfer_seconds / SECONDS_PER_HOUR).min(component.out_h);
        let lasting_h = component.out_h - switching_h;
        let gone = rate * (self.lost_at_once_mw * switching_h + self.lost_mw * lasting_h);
        let back = rate * self.run_back_mw * lasting_h;
        Self {
            unserved_mwh_per_year: gone + back,
            lost_margin_usd_per_year: gone * margin.mean_usd + back * margin.interruptible_usd,
            ..self
        }
    }
}

/// What may fail, with how many equals it stands for: the first machine of each node for all of
/// them.
fn candidates(site: &Site, made: &Electrical) -> Vec<(Element, usize)> {
    let mut machines: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for (i, node) in made.node_of_branch.iter().enumerate() {
        machines.entry(node).or_insert((i, 0)).1 += 1;
    }
    let feeds = (0..made.case.generators.len()).map(|i| (Element::Generator(i), 1));
    let mut branches: Vec<(usize, usize)> = machines.into_values().collect();
    branches.sort_unstable();
    let branches = branches.into_iter().map(|(i, count)| (Element::Branch(i), count));
    let bars = site.campus.nodes.iter().filter_map(|n| {
        let bus = *made.bus_of.get(&n.id)?;
        let own = made.node_of_branch.contains(&n.id);
        (!own).then_some((Element::Bus(bus), 1))
    });
    feeds.chain(branches).chain(bars).collect()
}
