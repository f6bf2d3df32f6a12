//! Nodes, loops and halls of the input; none of them for a reference infrastructure.

use super::Maker;
use crate::cooling;
use crate::plan::input::{HallIn, LoopExtreme, LoopIn, NodeIn};
use crate::power::{Network, Unknown};
use crate::site::Redundancy;
use crate::study::firm;

impl Maker<'_> {
    pub(super) fn network(&mut self) {
        if self.reference().is_some() {
            return;
        }
        match self.tree() {
            Ok(network) => {
                let known = &mut self.estimator.networks;
                match known.work_out(self.site, self.catalog, &network) {
                    Ok((capacity, shifts)) => {
                        self.shifts = shifts;
                        firm::findings(&capacity).into_iter().for_each(|d| self.report.push(d));
                        self.firm = Some(capacity);
                    }
                    Err(unknown) => self.unknown(&unknown.path, "firm capacity"),
                }
                self.nodes(&network);
                self.loops(&network);
            }
            Err(unknown) => self.unknown(&unknown.path, "the power network"),
        }
        self.halls();
    }

    /// The power tree with the losses in force.
    pub(super) fn tree(&self) -> Result<Network, Unknown> {
        let rated = Network::of(self.site, self.catalog)?;
        Ok(rated.with_efficiencies(&self.options.efficiencies))
    }

    fn nodes(&mut self, network: &Network) {
        let firm = self.site.terms.tiers.iter().any(|t| t.redundancy == Redundancy::Firm);
        for carrier in &network.carriers {
            let list = if carrier.kind == "feed" { "feeds" } else { "nodes" };
            if carrier.capacity_mw.is_none() {
                self.unknown(&format!("{list}.{}.capacity_mw", carrier.id), "the plan");
            }
            self.input.nodes.push(NodeIn {
                id: carrier.id.clone(),
                name: carrier.name.clone(),
                kind: carrier.kind.to_owned(),
                capacity_mw: carrier.capacity_mw.unwrap_or(0.0),
                firm_mw: if firm { self.firm_mw(&carrier.id) } else { f64::INFINITY },
            });
        }
    }

    /// Firm capacity of a feed or node, as stated or computed. Where an unknown figure stops the
    /// computation nothing is firm, and the plan is stopped by the same figure.
    fn firm_mw(&self, id: &str) -> f64 {
        let firm = self.firm.as_ref().and_then(|f| f.nodes.get(id));
        firm.map_or(0.0, |n| n.limit_mw())
    }

    fn loops(&mut self, network: &Network) {
        let hours = self.input.hours.len();
        for l in &self.site.campus.loops {
            let mechanical = match cooling::mechanical(l, &self.site.terms.hours, self.catalog) {
                Ok(mechanical) => mechanical,
                Err(unknown) => {
                    self.unknown(&unknown.path, "the cooling power");
                    cooling::Mechanical {
                        liquid_frac: vec![0.0; hours],
                        air_frac: vec![0.0; hours],
                    }
                }
            };
            let path = network.path(&l.node).unwrap_or_default();
            self.input.loops.push(LoopIn {
                id: l.id.clone(),
                name: l.name.clone(),
                heat_mw: cooling::capacity_mw(l),
                flow_lpm: l.flow_lpm.unwrap_or(f64::INFINITY),
                mech_liquid: mechanical.liquid_frac,
                mech_air: mechanical.air_frac,
                grid_per_mw: path.grid_per_mw,
                node_per_mw: path.carriers,
                extreme: self.extreme(l),
            });
        }
    }

    /// The loop at the design extreme; absent where a temperature is unknown, which
    /// [`crate::study::cooling`] says.
    fn extreme(&self, l: &crate::site::Loop) -> Option<LoopExtreme> {
        let (hour, at) = crate::study::cooling::extreme(self.site, self.catalog)?;
        let found = cooling::at_extreme(l, at, self.catalog).ok()?;
        Some(LoopExtreme {
            hour,
            mech_liquid: found.mech_liquid_frac,
            mech_air: found.mech_air_frac,
            heat_mw: found.heat_mw,
        })
    }

    fn halls(&mut self) {
        for hall in self.site.halls.iter().filter_map(|g| g.hall.as_ref()) {
            let area_m2 = hall.size[0] * hall.size[1];
            self.input.halls.push(HallIn {
                id: hall.id.clone(),
                name: hall.name.clone(),
                positions: hall.positions.map_or(f64::INFINITY, f64::from),
                mass_kg: hall.floor_kg_m2.map_or(f64::INFINITY, |kg| kg * area_m2),
                air_mw: hall.air_heat_mw.unwrap_or(f64::INFINITY),
            });
        }
    }
}
