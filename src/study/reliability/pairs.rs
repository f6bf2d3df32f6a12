//! Failures that overlap: the second element fails while the first is mended (equation W15). Only
//! what both take beyond what each takes alone is counted, for that stands with the single ones.

use super::rates::Rates;
use super::{MarginPerMwh, Single, lost};
use crate::power::contingency::{self, Element, Outage};
use crate::power::electrical::Electrical;
use crate::study::network::{Names, NetworkError};
use crate::study::pairs::chosen;
use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;

/// Two elements that are out together, or one of several equal pairs.
#[derive(Clone, Debug, PartialEq)]
pub struct PairRisk {
    /// Of the network, and what a planner calls it.
    pub id: String,
    pub name: String,
    /// Equal pairs; rates are those of one, energy and money those of all.
    pub count: usize,
    /// How often both are out, and for how long.
    pub failures_per_year: f64,
    pub out_h: f64,
    /// Load lost and run back with both out, beyond what each takes alone.
    pub lost_mw: f64,
    pub run_back_mw: f64,
    pub unserved_mwh_per_year: f64,
    pub lost_margin_usd_per_year: f64,
}

/// Pairs that share a load and take more than their elements take alone, from the dearest on.
pub(super) fn overlapping(
    made: &Electrical,
    names: &Names,
    singles: &BTreeMap<Element, Single>,
    (rates, margin): (&Rates<'_>, MarginPerMwh),
) -> Result<Vec<PairRisk>, NetworkError> {
    let case = &made.case;
    // The second of two equal machines fails like the first.
    let of =
        |element: &Element| singles.get(element).or_else(|| singles.get(&first(made, element)));
    let known = |(a, b): &(Element, Element)| of(a).is_some() && of(b).is_some();
    let outages = chosen(made).into_iter().filter(known);
    let outages = outages.map(|(a, b)| Outage { elements: vec![a, b] }).collect();
    let study = contingency::study(case, outages)?;
    let never = AtomicBool::new(false);
    let remedies = contingency::remedies(case, &study.consequences, &never);
    let whole_mw: f64 = case.buses.iter().map(|b| b.load.p_mw).sum();
    let switching_h = rates.controls.transfer_seconds / super::SECONDS_PER_HOUR;
    let mut found = Vec::new();
    for (at_once, remedy) in study.consequences.iter().zip(&remedies) {
        let [a, b] = at_once.outage.elements[..] else { continue };
        let (Some(one), Some(two)) = (of(&a), of(&b)) else { continue };
        let lasting = remedy.as_ref().map_or(at_once, |r| &r.consequence);
        let back = remedy.as_ref().map_or(0.0, |r| r.run_back_mw);
        let beyond =
            |both: f64, alone: fn(&Single) -> f64| (both - alone(one) - alone(two)).max(0.0);
        let lost_mw = beyond(lost(lasting, whole_mw), |s| s.lost_mw);
        let run_back_mw = beyond(back, |s| s.run_back_mw);
        if lost_mw + run_back_mw <= LEAST_MW {
            continue;
        }
        let both = one.component.overlap(two.component);
        let same = first(made, &a) == first(made, &b);
        let count = if same { one.count * (one.count - 1) / 2 } else { one.count * two.count };
        let hours = count as f64 * both.failures_per_year * (both.out_h - switching_h).max(0.0);
        let part = |element: Element| {
            names.part(&contingency::name(case, &Outage { elements: vec![element] }), false)
        };
        found.push(PairRisk {
            id: contingency::name(case, &at_once.outage),
            name: format!("{} and {}", part(a), part(b)),
            count,
            failures_per_year: both.failures_per_year,
            out_h: both.out_h,
            lost_mw,
            run_back_mw,
            unserved_mwh_per_year: hours * (lost_mw + run_back_mw),
            lost_margin_usd_per_year: hours
                * (lost_mw * margin.mean_usd + run_back_mw * margin.interruptible_usd),
        });
    }
    found.sort_by(|a, b| b.lost_margin_usd_per_year.total_cmp(&a.lost_margin_usd_per_year));
    Ok(found)
}

/// Losses below this are rounding of the power flow, MW.
const LEAST_MW: f64 = 1e-6;

/// The first of the equal machines that an element is one of.
fn first(made: &Electrical, element: &Element) -> Element {
    let Element::Branch(i) = *element else { return *element };
    let node = made.node_of_branch.get(i);
    let first = made.node_of_branch.iter().position(|n| Some(n) == node);
    Element::Branch(first.unwrap_or(i))
}
