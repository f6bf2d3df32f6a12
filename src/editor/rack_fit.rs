//! What racks take of a site, and what of it is not enough for them.
//!
//! Installed racks count, all of them at their lowest power cap with their share of support
//! racks: what does not fit then never runs at once. Planned racks are bought where they fit.

use super::label;
use super::resize::misfit;
use crate::catalog::{Catalog, Rack, Role, Status};
use crate::cooling;
use crate::power::Network;
use crate::site::{Block, Hall, Loop, Site};
use crate::study::input::support_kw;
use crate::units::Power;
use crate::units::format;
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// Something that is not enough, or that nobody knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misfit {
    /// Path of the element or value, in the vocabulary of `--set`.
    pub path: String,
    /// A sentence with figures.
    pub words: String,
    /// A figure that is missing: what needs it is not checked.
    pub is_unknown: bool,
}

impl Misfit {
    fn new(path: impl Into<String>, words: impl Into<String>) -> Self {
        Self { path: path.into(), words: words.into(), is_unknown: false }
    }
}

/// What racks take a part of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Resource {
    /// A feed or node, by index in the network.
    Carrier(usize),
    /// Of a hall, by id.
    Floor(String),
    Positions(String),
    /// Of a loop, by id.
    Heat(String),
    Flow(String),
    /// Of a rack type, by id.
    Supply(String),
}

/// Use of every resource by installed racks.
pub(super) struct Ledger<'a> {
    site: &'a Site,
    catalog: &'a Catalog,
    network: Option<Network>,
    used: BTreeMap<Resource, f64>,
}

impl<'a> Ledger<'a> {
    /// The use by the blocks that count.
    pub fn of(site: &'a Site, catalog: &'a Catalog, counts: impl Fn(&Block) -> bool) -> Self {
        let network = Network::of(site, catalog).ok();
        let mut ledger = Self { site, catalog, network, used: BTreeMap::new() };
        for block in site.blocks().filter(|b| counts(b)) {
            let rack = block.rack.as_ref().and_then(|id| catalog.racks.get(id));
            if let (Some(rack), Some(count)) = (rack, block.count) {
                ledger.add(block, rack, count);
            }
        }
        ledger
    }

    fn add(&mut self, block: &Block, rack: &Rack, count: u32) {
        for (resource, each) in self.amounts(block, rack) {
            *self.used.entry(resource).or_default() += each * f64::from(count);
        }
    }

    /// Takes as many racks as there is enough for, up to `most`, and books them.
    pub fn take(&mut self, block: &Block, rack: &Rack, most: u32) -> u32 {
        let mut count = f64::from(most);
        for (resource, each) in self.amounts(block, rack).into_iter().filter(|(_, e)| *e > 0.0) {
            let Some(capacity) = self.capacity(&resource) else { continue };
            let left = capacity - self.used.get(&resource).copied().unwrap_or(0.0);
            // A share of a rack is lost in sums, not in racks.
            count = count.min(((left / each) + 1e-6).floor().max(0.0));
        }
        let count = count as u32;
        self.add(block, rack, count);
        count
    }

    /// What one rack of a block takes; figures that nobody knows take nothing and are told
    /// by [`findings`].
    fn amounts(&self, block: &Block, rack: &Rack) -> Vec<(Resource, f64)> {
        let mut all = vec![(Resource::Supply(rack.id.clone()), 1.0)];
        let kw = power_kw(self.site, self.catalog, rack);
        if let (Some(kw), Some(node), Some(network)) = (kw, &block.node, &self.network) {
            let mw = kw / 1e3 * self.site.terms.site.coincidence_frac;
            let carriers = network.path(node).unwrap_or_default().carriers;
            all.extend(carriers.into_iter().map(|(i, per_mw)| (Resource::Carrier(i), mw * per_mw)));
        }
        if let Some(hall) = &block.hall {
            let unit = rack.scalable_unit.as_ref().and_then(|id| self.catalog.units.get(id));
            let support = unit.map_or(0.0, |u| {
                let count: u32 = u.support.iter().map(|s| s.count).sum();
                f64::from(count) / f64::from(u.racks.max(1))
            });
            all.push((Resource::Positions(hall.clone()), 1.0 + support));
            all.extend(rack.mass_kg.get().map(|kg| (Resource::Floor(hall.clone()), kg)));
        }
        if let (Some(l), Some(kw)) = (&block.cooling_loop, kw) {
            all.push((Resource::Heat(l.clone()), kw / 1e3));
            let liquid = rack.coolant_lpm_per_kw.get().zip(rack.liquid_frac.get());
            let flow = liquid.map(|(lpm, frac)| (Resource::Flow(l.clone()), lpm * frac * kw));
            all.extend(flow);
        }
        all
    }

    fn hall(&self, id: &str) -> Option<&'a Hall> {
        self.site.halls.iter().filter_map(|g| g.hall.as_ref()).find(|h| h.id == id)
    }

    fn cooling(&self, id: &str) -> Option<&'a Loop> {
        self.site.campus.loops.iter().find(|l| l.id == id)
    }

    /// How much there is; `None` where it is not limited or not known.
    fn capacity(&self, resource: &Resource) -> Option<f64> {
        match resource {
            Resource::Carrier(i) => self.network.as_ref()?.carriers.get(*i)?.capacity_mw,
            Resource::Floor(id) => {
                let hall = self.hall(id)?;
                Some(hall.floor_kg_m2? * hall.size[0] * hall.size[1])
            }
            Resource::Positions(id) => self.hall(id)?.positions.map(f64::from),
            Resource::Heat(id) => self.cooling(id).map(cooling::capacity_mw),
            Resource::Flow(id) => self.cooling(id)?.flow_lpm,
            Resource::Supply(id) => {
                let supply = self.site.terms.supply.iter().find(|s| s.rack == *id)?;
                Some(f64::from(supply.max_racks))
            }
        }
    }

    fn words(&self, resource: &Resource, used: f64, capacity: f64) -> Option<Misfit> {
        let mw = |v: f64| format::power(Power::mw(v));
        let count = |v: f64| format::count(v.ceil());
        Some(match resource {
            Resource::Carrier(i) => {
                let carrier = self.network.as_ref()?.carriers.get(*i)?;
                let list = if carrier.kind == "feed" { "feeds" } else { "nodes" };
                let need = format!("racks need {} at their lowest cap", mw(used));
                Misfit::new(
                    format!("{list}.{}", carrier.id),
                    format!("{}: {need}, it carries {}", carrier.name, mw(capacity)),
                )
            }
            Resource::Floor(id) => {
                let (used, capacity) = (used / 1e3, capacity / 1e3);
                let figures = format!("racks weigh {} t, the floor bears", count(used));
                Misfit::new(
                    format!("halls.{id}.floor_kg_m2"),
                    format!("{}: {figures} {} t", self.hall(id)?.name, format::count(capacity)),
                )
            }
            Resource::Positions(id) => Misfit::new(
                format!("halls.{id}.positions"),
                format!(
                    "{}: racks and their network take {} positions of {}",
                    self.hall(id)?.name,
                    count(used),
                    format::count(capacity)
                ),
            ),
            Resource::Heat(id) => Misfit::new(
                format!("loops.{id}.heat_mw"),
                format!(
                    "{}: racks give off {} at their lowest cap, it moves {}",
                    self.cooling(id)?.name,
                    mw(used),
                    mw(capacity)
                ),
            ),
            Resource::Flow(id) => Misfit::new(
                format!("loops.{id}.flow_lpm"),
                format!(
                    "{}: racks need {} L/min of coolant, its pumps give {}",
                    self.cooling(id)?.name,
                    count(used),
                    format::count(capacity)
                ),
            ),
            Resource::Supply(id) => Misfit::new(
                format!("supply.{id}.max_racks"),
                format!(
                    "{}: {} racks, {} can be had",
                    self.catalog.racks.get(id)?.short,
                    count(used),
                    format::count(capacity)
                ),
            ),
        })
    }
}

/// Provisioned power of a rack at its lowest cap with its share of support racks.
fn power_kw(site: &Site, catalog: &Catalog, rack: &Rack) -> Option<f64> {
    let cap = rack.caps.iter().filter_map(|c| c.kw.get()).reduce(f64::min)?;
    Some(cap + support_kw(site, catalog, rack).ok()?)
}

/// What no longer fits after a change of blocks to one rack type and did before.
pub(super) fn findings(
    (before, after): (&Site, &Site),
    catalog: &Catalog,
    blocks: &HashSet<String>,
    rack: &str,
) -> Vec<Misfit> {
    let Some(target) = catalog.racks.get(rack) else { return Vec::new() };
    let mut found = of_type(after, catalog, target);
    found.extend(places(before, after, blocks));
    let (old, new) = (Ledger::of(before, catalog, |_| true), Ledger::of(after, catalog, |_| true));
    for (resource, used) in &new.used {
        let was = old.used.get(resource).copied().unwrap_or(0.0);
        let capacity = new.capacity(resource).filter(|c| *used > c * (1.0 + 1e-9) && *used > was);
        found.extend(capacity.and_then(|c| new.words(resource, *used, c)));
    }
    found.extend(coolant(after, target, blocks));
    found.extend(units(after, catalog, target, blocks));
    found.extend(unknown(after, catalog, target));
    found
}

/// What is to say of the type itself.
fn of_type(site: &Site, catalog: &Catalog, target: &Rack) -> Vec<Misfit> {
    let path = format!("racks.{}", target.id);
    let mut found = Vec::new();
    if let Status::NotOrderable(why) = &target.status {
        let words = format!("{} cannot be ordered: {why}", target.name);
        found.push(Misfit::new(path.clone(), words));
    }
    if let Role::Adjunct { of } = &target.role
        && !site.blocks().any(|b| b.rack.as_ref() == Some(of))
    {
        let partner = catalog.racks.get(of).map_or(of.as_str(), |r| r.short.as_str());
        let words = format!("{} works only beside {partner}, of which none is left", target.short);
        found.push(Misfit::new(path, words));
    }
    found
}

/// Blocks that became larger than their place.
fn places(before: &Site, after: &Site, blocks: &HashSet<String>) -> Vec<Misfit> {
    let own = after.elements().filter(|e| blocks.contains(e.id()));
    own.filter_map(|element| {
        let from = before.find(element.id())?.rectangle()?;
        let to = element.rectangle().filter(|to| *to != from)?;
        let why = misfit(after, element, from, to)?;
        Some(Misfit::new(element.path(), format!("{}: {why}", label::called(element))))
    })
    .collect()
}

/// Loops that are too warm for the type.
fn coolant(site: &Site, target: &Rack, blocks: &HashSet<String>) -> Vec<Misfit> {
    let Some(most) = target.coolant_supply_max_c.get() else { return Vec::new() };
    let own = site.blocks().filter(|b| blocks.contains(&b.id));
    let loops: BTreeSet<&str> = own.filter_map(|b| b.cooling_loop.as_deref()).collect();
    let warm = site.campus.loops.iter().filter(|l| loops.contains(&*l.id) && l.supply_c > most);
    warm.map(|l| {
        Misfit::new(
            format!("loops.{}.supply_c", l.id),
            format!(
                "{} supplies {} °C, {} accepts {} °C at most",
                l.name,
                format::plain(l.supply_c),
                target.short,
                format::plain(most)
            ),
        )
    })
    .collect()
}

/// Halls that hold no whole number of scalable units of the type: their network stands for
/// whole ones.
fn units(site: &Site, catalog: &Catalog, target: &Rack, blocks: &HashSet<String>) -> Vec<Misfit> {
    let unit = target.scalable_unit.as_ref().and_then(|id| catalog.units.get(id));
    let Some(unit) = unit.filter(|u| u.racks > 1) else { return Vec::new() };
    let mut found = Vec::new();
    for group in &site.halls {
        let Some(hall) = &group.hall else { continue };
        if !group.blocks.iter().any(|b| blocks.contains(&b.id)) {
            continue;
        }
        let own = group.blocks.iter().filter(|b| b.rack.as_ref() == Some(&target.id));
        let racks: u32 = own.filter_map(|b| b.count).sum();
        if !racks.is_multiple_of(unit.racks) {
            let words = format!(
                "{}: {racks} racks are {} of {} in the last {}",
                hall.name,
                racks % unit.racks,
                unit.racks,
                unit.name
            );
            found.push(Misfit::new(format!("halls.{}", hall.id), words));
        }
    }
    found
}

/// Figures of the type that nobody knows, and what is not checked for that.
fn unknown(site: &Site, catalog: &Catalog, target: &Rack) -> Vec<Misfit> {
    let fact = |field: &str, unchecked: &str| Misfit {
        is_unknown: true,
        ..Misfit::new(
            format!("racks.{}.{field}", target.id),
            format!(
                "{} of {} is unknown: {unchecked}",
                format::label_of_field(field),
                target.short
            ),
        )
    };
    let mut found = Vec::new();
    if power_kw(site, catalog, target).is_none() {
        found.push(fact("caps", "nodes and loops are not checked"));
    }
    let halls = site.halls.iter().filter_map(|g| g.hall.as_ref());
    if target.mass_kg.get().is_none() && halls.into_iter().any(|h| h.floor_kg_m2.is_some()) {
        found.push(fact("mass_kg", "floors are not checked"));
    }
    if target.width_m.get().is_none() || target.depth_m.get().is_none() {
        found.push(fact("width_m", "the footprint is kept"));
    }
    if target.coolant_supply_max_c.get().is_none() && !site.campus.loops.is_empty() {
        found.push(fact("coolant_supply_max_c", "loops are not checked"));
    }
    found
}
