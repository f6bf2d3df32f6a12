//! What a node of the layout is made of electrically: how many machines, of which impedance and
//! rating.

use super::super::case::Controls;
use super::super::emergency::Emergency;
use super::super::tree::Unknown;
use crate::catalog::{Catalog, Equipment, EquipmentKind, Fact};
use crate::site::{Node, NodeKind, Site};
use std::collections::BTreeMap;

/// Base power of the networks of sites.
pub(super) const BASE_MVA: f64 = 100.0;
/// 50 and 60 Hz campuses differ in charging alone, by a fifth of little.
const ANGULAR_HZ: f64 = 2.0 * std::f64::consts::PI * 60.0;

/// Medium voltage: above 1 kV to 69 kV.
pub fn is_medium(kv: f64) -> bool {
    kv > 1.0 && kv <= 69.0
}

/// One of a node's equal machines.
pub(super) struct Series {
    pub units: usize,
    pub r_pu: f64,
    pub x_pu: f64,
    pub b_pu: f64,
    pub rating_mva: f64,
    /// What it bears after an outage.
    pub emergency: Emergency,
    /// Loss without load of one machine.
    pub no_load_mw: f64,
}

/// Figures of catalogue and layout that the network needs.
pub(super) struct Figures<'a> {
    catalog: &'a Catalog,
    site: &'a Site,
    /// Power factors of racks and of pumps, fans and chillers.
    pub racks: f64,
    pub mechanical: f64,
    /// Band of the voltage, normal and after an outage; at medium voltage its lower end is higher.
    low_pu: f64,
    low_mv_pu: f64,
    pub high_pu: f64,
    outage_pu: [f64; 2],
    outage_mv_pu: [f64; 2],
    /// Voltage that tap changers hold.
    pub tap_target_pu: f64,
    /// How fast transfer schemes and run-back act.
    pub controls: Controls,
    /// Length of a cable over the way on the plan.
    slack_ratio: f64,
    /// Centre and output voltage of feeds and nodes.
    places: BTreeMap<&'a str, ([f64; 2], Option<f64>)>,
}

impl<'a> Figures<'a> {
    pub fn of(site: &'a Site, catalog: &'a Catalog) -> Result<Self, Unknown> {
        let rule = |id: &str| {
            let cost = catalog.costs.get(id).map(|c| ("costs", &c.value));
            let practice = catalog.practice.get(id).map(|p| ("practice", &p.value));
            let (list, fact) = cost.or(practice).unzip();
            let path = || format!("{}.{id}", list.unwrap_or("costs"));
            fact.and_then(Fact::get).ok_or_else(|| Unknown { path: path() })
        };
        let centre = |at: [f64; 2], size: [f64; 2]| [at[0] + size[0] / 2.0, at[1] + size[1] / 2.0];
        let campus = &site.campus;
        let feeds = campus.feeds.iter().map(|f| (f.id.as_str(), f.at, f.size, f.voltage_kv));
        let nodes = campus.nodes.iter().map(|n| (n.id.as_str(), n.at, n.size, n.voltage_kv));
        let places = feeds.chain(nodes).map(|(id, at, size, kv)| (id, (centre(at, size), kv)));
        Ok(Self {
            catalog,
            site,
            racks: rule("design-power-factor-racks-frac")?,
            mechanical: rule("design-power-factor-mechanical-frac")?,
            low_pu: rule("voltage-low-pu")?,
            high_pu: rule("voltage-high-pu")?,
            low_mv_pu: rule("voltage-low-mv-pu")?,
            outage_pu: [rule("voltage-low-outage-pu")?, rule("voltage-high-outage-pu")?],
            outage_mv_pu: [rule("voltage-low-outage-mv-pu")?, rule("voltage-high-outage-pu")?],
            tap_target_pu: rule("tap-target-pu")?,
            controls: Controls {
                transfer_s: rule("transfer-seconds").ok(),
                run_back_s: rule("run-back-seconds").ok(),
            },
            slack_ratio: rule("cable-slack-ratio")?,
            places: places.collect(),
        })
    }

    /// Least voltage in normal operation, and the band after an outage, at a voltage.
    pub fn band_pu(&self, kv: Option<f64>) -> (f64, [f64; 2]) {
        match kv {
            Some(kv) if is_medium(kv) => (self.low_mv_pu, self.outage_mv_pu),
            _ => (self.low_pu, self.outage_pu),
        }
    }

    fn equipment(&self, node: &Node) -> Option<&'a Equipment> {
        self.catalog.equipment.get(node.equipment.as_deref()?)
    }

    pub fn is_ups(&self, node: &Node) -> bool {
        self.equipment(node).is_some_and(|e| e.kind == EquipmentKind::Ups)
    }

    /// Range and step of a main transformer's tap changer; `None` where its taps are fixed.
    pub fn taps(&self, node: &Node) -> Option<(f64, f64)> {
        let equipment = self.equipment(node).filter(|_| node.kind == NodeKind::MainTransformer)?;
        let range = equipment.tap_range_frac.as_ref().and_then(Fact::get)?;
        let step = equipment.tap_step_frac.as_ref().and_then(Fact::get)?;
        (step > 0.0).then_some((range, step))
    }

    /// Voltage at the input: that of the first source.
    pub fn input_kv(&self, node: &Node) -> Option<f64> {
        let source = node.from.iter().chain(&node.alternate).next()?;
        self.places.get(source.as_str())?.1
    }

    /// Machines in series of a node; `None` for a bar.
    ///
    /// # Errors
    /// A rating or an impedance is unknown.
    pub fn series(&self, node: &Node) -> Result<Option<Series>, Unknown> {
        let bar = |e: &Equipment| matches!(e.kind, EquipmentKind::Switchgear | EquipmentKind::Ups);
        if node.kind == NodeKind::Substation || self.equipment(node).is_some_and(bar) {
            return Ok(None);
        }
        let unknown = |path: String| Unknown { path };
        let id = node
            .equipment
            .as_deref()
            .ok_or_else(|| unknown(format!("nodes.{}.equipment", node.id)))?;
        let equipment = self.equipment(node).ok_or_else(|| unknown(format!("equipment.{id}")))?;
        let capacity_mw = node
            .capacity_mw
            .filter(|mw| *mw > 0.0)
            .ok_or_else(|| unknown(format!("nodes.{}.capacity_mw", node.id)))?;
        let whole_mva = capacity_mw / self.racks;
        let units = self.units(node, equipment, whole_mva);
        let rating_mva = whole_mva / units as f64;
        let need = |field: &str, fact: Option<&Fact>| {
            fact.and_then(Fact::get).ok_or_else(|| unknown(format!("equipment.{id}.{field}")))
        };
        let efficiency = match node.efficiency_frac {
            Some(own) => own,
            None => need("efficiency_frac", equipment.efficiency_frac.as_ref())?,
        };
        let own_base = BASE_MVA / rating_mva;
        let mut series = Series {
            units,
            r_pu: 0.0,
            x_pu: 0.0,
            b_pu: 0.0,
            rating_mva,
            emergency: Emergency::of(node, self.catalog),
            no_load_mw: 0.0,
        };
        match equipment.kind {
            EquipmentKind::Cable => {
                let km = self.length_km(node);
                let kv = self.input_kv(node).or(node.voltage_kv);
                let kv = kv.ok_or_else(|| unknown(format!("nodes.{}.voltage_kv", node.id)))?;
                let ohm = kv * kv / BASE_MVA;
                let r = need("r_ohm_per_km", equipment.r_ohm_per_km.as_ref())?;
                let x = need("x_ohm_per_km", equipment.x_ohm_per_km.as_ref())?;
                let c = need("c_uf_per_km", equipment.c_uf_per_km.as_ref())?;
                series.r_pu = r * km / ohm;
                series.x_pu = x * km / ohm;
                series.b_pu = ANGULAR_HZ * c * 1e-6 * km * ohm;
            }
            EquipmentKind::Busway => {
                // The loss at full load tells the resistance.
                let ratio = need("xr_ratio", equipment.xr_ratio.as_ref())?;
                series.r_pu = (1.0 - efficiency) * own_base;
                series.x_pu = series.r_pu * ratio;
            }
            _ => {
                let z = need("impedance_frac", equipment.impedance_frac.as_ref())?;
                let ratio = need("xr_ratio", equipment.xr_ratio.as_ref())?;
                let r = z / ratio.hypot(1.0);
                series.r_pu = r * own_base;
                series.x_pu = r * ratio * own_base;
                // What the windings do not lose at full load is lost without load as well.
                series.no_load_mw = (1.0 - efficiency - r).max(0.0) * rating_mva;
            }
        }
        Ok(Some(series))
    }

    /// Machines in parallel that a node is made of; none in switchgear, which is a bar.
    pub fn machines(&self, node: &Node) -> usize {
        let Some(equipment) = self.equipment(node) else {
            return usize::from(node.kind != NodeKind::Substation);
        };
        let capacity_mw = node.capacity_mw.unwrap_or(0.0);
        match equipment.kind {
            EquipmentKind::Switchgear => 0,
            EquipmentKind::Ups => {
                let each_kw = equipment.kw.as_ref().and_then(Fact::get);
                each_kw.map_or(1, |kw| (capacity_mw * 1e3 / kw).round().max(1.0) as usize)
            }
            _ if node.kind == NodeKind::Substation => 0,
            _ => self.units(node, equipment, capacity_mw / self.racks),
        }
    }

    /// How many machines a node stands for: as many of the catalogue's rating as make its
    /// capacity. A main transformer is drawn by itself.
    fn units(&self, node: &Node, equipment: &Equipment, whole_mva: f64) -> usize {
        if node.kind == NodeKind::MainTransformer {
            return 1;
        }
        let rating = equipment.rating_mva.as_ref().and_then(Fact::get);
        rating.map_or(1, |mva| (whole_mva / mva).round().max(1.0) as usize)
    }

    /// Way along the axes from the source by the node to the furthest of what it feeds, with
    /// the slack of cables.
    fn length_km(&self, node: &Node) -> f64 {
        let place = |id: &str| self.places.get(id).map(|p| p.0);
        let Some(own) = place(&node.id) else { return 0.0 };
        let way = |to: [f64; 2]| (own[0] - to[0]).abs() + (own[1] - to[1]).abs();
        let back = node.from.first().and_then(|id| place(id)).map_or(0.0, way);
        let fed = self.site.campus.nodes.iter().filter(|n| n.from.contains(&node.id));
        let on = fed.filter_map(|n| place(&n.id)).map(way).fold(0.0, f64::max);
        ((back + on) * self.slack_ratio / 1e3).max(1e-3)
    }
}
