//! Rates and times of failures from the catalogue.

use super::Controls;
use crate::catalog::{Catalog, Equipment, EquipmentKind, Fact};
use crate::power::Unknown;
use crate::power::contingency::Element;
use crate::power::electrical::Electrical;
use crate::power::reliability::{Component, Mending};
use crate::site::{Node, Site};

const HOURS_PER_WEEK: f64 = 168.0;

/// The catalogue's word on failures.
pub(super) struct Rates<'a> {
    catalog: &'a Catalog,
    pub controls: Controls,
}

/// Whether a spare of a node's machines stands on the site.
pub(super) fn spare(site: &Site, id: &str) -> bool {
    site.campus.nodes.iter().any(|n| n.id == id && n.spare_on_site)
}

impl<'a> Rates<'a> {
    pub fn of(catalog: &'a Catalog) -> Result<Self, Unknown> {
        let controls = Controls {
            transfer_seconds: practice(catalog, "transfer-seconds").map_err(as_unknown)?,
            run_back_seconds: practice(catalog, "run-back-seconds").map_err(as_unknown)?,
        };
        Ok(Self { catalog, controls })
    }

    /// How often an element fails and for how long; `None` where it has no failures of its own.
    ///
    /// # Errors
    /// The path of the figure that is unknown.
    pub fn component(
        &self,
        site: &Site,
        made: &Electrical,
        element: Element,
    ) -> Result<Option<Component>, String> {
        let node = |id: &str| site.campus.nodes.iter().find(|n| n.id == id);
        match element {
            Element::Generator(_) => Ok(Some(Component {
                failures_per_year: practice(self.catalog, "grid-failures-per-year")?,
                out_h: practice(self.catalog, "grid-out-h")?,
            })),
            Element::Branch(i) => {
                let Some(node) = made.node_of_branch.get(i).and_then(|id| node(id)) else {
                    return Ok(None);
                };
                self.machine(node, length_km(self.catalog, node, made, i)).map(Some)
            }
            Element::Bus(i) => {
                let Some(node) = made.case.buses.get(i).and_then(|b| node(&b.id)) else {
                    return Ok(None);
                };
                let kinds = [EquipmentKind::Switchgear, EquipmentKind::Ups];
                match self.equipment(node) {
                    Some((_, e)) if kinds.contains(&e.kind) => self.machine(node, None).map(Some),
                    _ => Ok(None),
                }
            }
        }
    }

    fn equipment(&self, node: &'a Node) -> Option<(&'a str, &'a Equipment)>
    where
        Self: 'a,
    {
        let id = node.equipment.as_deref()?;
        Some((id, self.catalog.equipment.get(id)?))
    }

    fn machine(&self, node: &Node, km: Option<f64>) -> Result<Component, String> {
        let id = node.equipment.as_deref().unwrap_or_default();
        let missing = || format!("nodes.{}.equipment", node.id);
        let equipment = self.catalog.equipment.get(id).ok_or_else(missing)?;
        let need = |field: &str, fact: Option<&Fact>| {
            fact.and_then(Fact::get).ok_or_else(|| format!("equipment.{id}.{field}"))
        };
        let failures_per_year = match km {
            Some(km) => km * need("failures_per_km_year", equipment.failures_per_km_year.as_ref())?,
            None => need("failures_per_year", equipment.failures_per_year.as_ref())?,
        };
        let repair_h = need("repair_h", equipment.repair_h.as_ref())?;
        let out_h = match equipment.replace_frac.as_ref() {
            None => repair_h,
            Some(frac) => Mending {
                repair_h,
                replace_frac: need("replace_frac", Some(frac))?,
                spare_h: need("spare_h", equipment.spare_h.as_ref())?,
                new_h: need("lead_weeks", equipment.lead_weeks.as_ref())? * HOURS_PER_WEEK,
            }
            .out_h(node.spare_on_site),
        };
        Ok(Component { failures_per_year, out_h })
    }
}

fn practice(catalog: &Catalog, id: &str) -> Result<f64, String> {
    let fact = catalog.practice.get(id).and_then(|p| p.value.get());
    fact.ok_or_else(|| format!("practice.{id}.value"))
}

fn as_unknown(path: String) -> Unknown {
    Unknown { path }
}

/// Length of a cable, from its reactance; `None` for what is no cable.
fn length_km(catalog: &Catalog, node: &Node, made: &Electrical, branch: usize) -> Option<f64> {
    let equipment = catalog.equipment.get(node.equipment.as_deref()?)?;
    let per_km = equipment.x_ohm_per_km.as_ref().and_then(Fact::get)?;
    let branch = made.case.branches.get(branch)?;
    let kv = made.case.buses.get(branch.from)?.base_kv?;
    (per_km > 0.0).then(|| branch.x_pu * kv * kv / made.case.base_mva / per_km)
}
