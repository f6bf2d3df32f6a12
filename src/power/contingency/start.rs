//! The intact network that every outage is solved from.

use super::judge::judge;
use super::{Consequence, Outage, put_back, take_out};
use crate::power::case::{Bus, BusKind, Case};
use crate::power::flow::{self, Solution, Status};
use crate::power::model::Model;
use crate::power::newton::{self, Iterated};
use num_complex::Complex64;
use std::sync::OnceLock;

/// What every outage starts from.
pub(super) struct Start<'a> {
    pub case: &'a Case,
    model: &'a Model,
    base: Iterated,
    pub intact: Solution,
    depths: OnceLock<Vec<usize>>,
}

impl<'a> Start<'a> {
    pub fn of(case: &'a Case, model: &'a Model) -> Self {
        let base = newton::solve(model);
        let intact = flow::of_iterated(case, model, &base);
        Self { case, model, base, intact, depths: OnceLock::new() }
    }

    /// Elements between each bus and the nearest slack bus, worked out when somebody asks.
    pub fn depths(&self) -> &[usize] {
        self.depths.get_or_init(|| super::remedy::depths(self.case))
    }

    /// An outage, on a copy of the case that is left as it was: one serves many outages.
    pub fn solve(&self, copy: &mut Case, outage: Outage) -> Consequence {
        take_out(copy, &outage);
        let found = self.judge(outage, copy);
        put_back(copy, self.case);
        found
    }

    /// What an outage comes to in a network with whatever was done after it.
    pub fn judge(&self, outage: Outage, after: &Case) -> Consequence {
        let model = match Model::of_checked(after) {
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
        let solution = flow::of_iterated(after, &model, &found);
        judge(&self.intact, outage, after, &solution)
    }

    /// The consequence where no source is left.
    fn dark(&self, outage: Outage) -> Consequence {
        let live = |bus: &&Bus| bus.kind != BusKind::Isolated;
        let buses: Vec<&Bus> = self.case.buses.iter().filter(live).collect();
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
