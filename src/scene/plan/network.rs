//! What the power flow of the network says of each element, and what happens to it in a what-if.
//! It must not know how either is computed.

use super::facts::PlanFacts;
use crate::site::Site;
use crate::study::network::{Moment, Reading, State, WhatIf};
use std::collections::{BTreeMap, BTreeSet};

/// Voltage at the output of an element.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Volts {
    pub vm_pu: f64,
    /// Where 1 pu is known.
    pub kv: Option<f64>,
    /// Band that the voltage is held to.
    pub band_pu: [Option<f64>; 2],
}

impl Volts {
    fn of(reading: &Reading) -> Option<Self> {
        let vm_pu = reading.vm_pu?;
        let kv = reading.base_kv.map(|kv| kv * vm_pu);
        Some(Self { vm_pu, kv, band_pu: reading.band_pu })
    }

    /// Distance from nominal over what the band allows on that side: above 1 the voltage is
    /// outside. `None` without a band.
    pub fn frac(&self) -> Option<f64> {
        let off = self.vm_pu - 1.0;
        let [low, high] = self.band_pu;
        let room = if off < 0.0 { low.map(|l| 1.0 - l) } else { high.map(|h| h - 1.0) }?;
        (room > 0.0).then(|| off.abs() / room)
    }
}

/// What is out, dark or switched otherwise than the site has it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Event {
    /// Machines that are out, of how many; a bar has none.
    pub out: BTreeMap<String, (u32, u32)>,
    pub dark: BTreeSet<String>,
    /// By source and node: whether the switch is closed now.
    pub thrown: BTreeMap<(String, String), bool>,
}

impl Event {
    /// Of a what-if at a moment; loops are as dark as the node that feeds them.
    pub fn of(what_if: &WhatIf, moment: &Moment, site: &Site) -> Self {
        let nodes = moment.state.dark_elements();
        let loops = site.campus.loops.iter().filter(|l| nodes.contains(l.node.as_str()));
        let loads = moment.state.dark_blocks.iter().chain(loops.map(|l| &l.id)).cloned();
        let dark = nodes.iter().map(|id| (*id).to_owned()).chain(loads).collect();
        Self { out: what_if.out.clone(), dark, thrown: moment.thrown.clone() }
    }

    /// Whether nothing of an element is left in service.
    pub fn is_out(&self, id: &str) -> bool {
        self.out.get(id).is_some_and(|(out, of)| out >= of)
    }

    /// Whether a switch that feeds a node has closed.
    pub fn closes(&self, node: &str) -> bool {
        self.thrown.iter().any(|((_, to), closed)| *closed && to == node)
    }

    /// What stands in place of a figure: `out`, `1 of 3 out`, `dark`.
    pub fn word(&self, id: &str) -> Option<String> {
        match self.out.get(id) {
            Some((out, of)) if out < of => Some(format!("{out} of {of} out")),
            Some(_) => Some("out".to_owned()),
            None => self.dark.contains(id).then(|| "dark".to_owned()),
        }
    }
}

impl PlanFacts {
    /// With the power flow of the network, and what happens to it.
    pub fn with_network(mut self, state: Option<&State>, event: Option<Event>) -> Self {
        let elements = state.map(|s| &s.elements);
        for (id, reading) in elements.into_iter().flatten() {
            if let Some(frac) = reading.loading_frac {
                self.flow.insert(id.clone(), frac);
            }
            if let Some(mw) = reading.p_mw {
                self.flow_mw.insert(id.clone(), mw);
            }
            if let Some(volts) = Volts::of(reading) {
                self.volts.insert(id.clone(), volts);
            }
        }
        self.flows = state.is_some();
        self.event = event;
        self
    }

    /// Whether an element is without supply in the what-if that is shown.
    pub fn is_dark(&self, id: &str) -> bool {
        self.event.as_ref().is_some_and(|e| e.dark.contains(id))
    }

    /// Whether all of it failed in the what-if that is shown.
    pub fn is_out(&self, id: &str) -> bool {
        self.event.as_ref().is_some_and(|e| e.is_out(id))
    }
}
