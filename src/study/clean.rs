//! Clean energy under contract against the load of a plan: over the year, and hour by hour.
//!
//! Every typical hour stands for the hours of the day that lie nearest to its clock time, in each
//! month by its days; so load and output are compared in up to 24 x 12 cells.

use crate::finance::carbon::hourly_matched_fraction;
use crate::finance::{Figure, InputError};
use crate::plan::Plan;
use crate::site::{CleanContract, Site};
use crate::units::HOURS_PER_YEAR;

const DAYS: [f64; 12] = [31.0, 28.0, 31.0, 30.0, 31.0, 30.0, 31.0, 31.0, 30.0, 31.0, 30.0, 31.0];

/// Contracts for clean energy beside a year of load at the meter.
#[derive(Clone, Debug, PartialEq)]
pub struct Clean {
    pub load_mwh: f64,
    /// In the order of the layout: each takes what those before it leave of the load.
    pub contracts: Vec<Delivered>,
    /// Load that is matched in its own hour, over all of it: the 24/7 score.
    pub hourly_matched: Figure,
}

/// What a contract delivers in a year.
#[derive(Clone, Debug, PartialEq)]
pub struct Delivered {
    pub id: String,
    pub renewable: bool,
    /// Carbon dioxide of its energy, kg/MWh.
    pub carbon_kg_per_mwh: f64,
    pub made_mwh: f64,
    /// Of it what the load of the year takes.
    pub volume_mwh: f64,
    /// Of it what load takes in the same hour, by typical hour of the plan.
    pub matched_mwh: Vec<f64>,
}

impl Delivered {
    /// What load takes in the same hour.
    pub fn matched(&self) -> f64 {
        self.matched_mwh.iter().sum()
    }
}

impl Clean {
    /// Energy counted by year over the load.
    pub fn volume_frac(&self, which: impl Fn(&Delivered) -> bool) -> f64 {
        let own = self.contracts.iter().filter(|c| which(c));
        own.map(|c| c.volume_mwh).sum::<f64>() / self.load_mwh
    }

    /// Carbon of a MWh of load by market, kg: that of contracts, and of the rest at `residual`.
    /// By the hour, only what is matched in its hour counts.
    pub fn market_kg_per_mwh(&self, residual: f64, by_hour: bool) -> f64 {
        let avoided = |c: &Delivered| {
            let mwh = if by_hour { c.matched() } else { c.volume_mwh };
            mwh * (residual - c.carbon_kg_per_mwh)
        };
        residual - self.contracts.iter().map(avoided).sum::<f64>() / self.load_mwh
    }
}

/// A part of the year: its typical hour, hour of the day, month and length.
struct Cell {
    hour: usize,
    clock: usize,
    month: usize,
    hours: f64,
    load_mwh: f64,
}

/// Contracts of a layout against the load of a plan; none where the layout has no contract or the
/// plan no load.
///
/// # Errors
/// A contract that cannot be meant, by its path.
pub fn clean(site: &Site, plan: &Plan) -> Result<Option<Clean>, InputError> {
    let own = &site.terms.finance.clean_energy;
    let cells = cells(site, plan);
    let load_mwh: f64 = cells.iter().map(|c| c.load_mwh).sum();
    if own.is_empty() || load_mwh <= 0.0 {
        return Ok(None);
    }
    let mut open: Vec<f64> = cells.iter().map(|c| c.load_mwh).collect();
    let mut all = vec![0.0; cells.len()];
    let mut left = load_mwh;
    let mut contracts = Vec::with_capacity(own.len());
    for (n, contract) in own.iter().enumerate() {
        if own.iter().take(n).any(|c| c.id == contract.id) {
            return Err(refused(contract, "id", "this id is there twice; rename one"));
        }
        let made = output(contract, &cells)?;
        let mut matched_mwh = vec![0.0; plan.hours.len()];
        for (((cell, made), open), all) in cells.iter().zip(&made).zip(&mut open).zip(&mut all) {
            let taken = made.min(*open);
            *open -= taken;
            *all += made;
            if let Some(sum) = matched_mwh.get_mut(cell.hour) {
                *sum += taken;
            }
        }
        let made_mwh: f64 = made.iter().sum();
        let volume_mwh = made_mwh.min(left);
        left -= volume_mwh;
        contracts.push(Delivered {
            id: contract.id.clone(),
            renewable: contract.renewable.unwrap_or(true),
            carbon_kg_per_mwh: contract.carbon_kg_per_mwh.unwrap_or(0.0),
            made_mwh,
            volume_mwh,
            matched_mwh,
        });
    }
    let load: Vec<f64> = cells.iter().map(|c| c.load_mwh).collect();
    let hourly_matched = hourly_matched_fraction(&load, &all);
    Ok(Some(Clean { load_mwh, contracts, hourly_matched }))
}

fn refused(contract: &CleanContract, field: &str, problem: &str) -> InputError {
    InputError::new(format!("finance.clean_energy.{}.{field}", contract.id), problem)
}

fn cells(site: &Site, plan: &Plan) -> Vec<Cell> {
    let noon = 12.0;
    let clock = |id: &str| site.terms.hours.iter().find(|h| h.id == id).map_or(noon, |h| h.clock_h);
    let clocks: Vec<f64> = plan.hours.iter().map(|h| clock(&h.id)).collect();
    let apart = |at: usize, clock: f64| {
        let off = (at as f64 + 0.5 - clock).abs() % 24.0;
        off.min(24.0 - off)
    };
    let nearest: Vec<f64> = (0..24)
        .map(|at| clocks.iter().map(|c| apart(at, *c)).fold(f64::INFINITY, f64::min))
        .collect();
    let mut cells = Vec::new();
    for (n, (hour, clock)) in plan.hours.iter().zip(&clocks).enumerate() {
        let near =
            |at: &usize| apart(*at, *clock) <= nearest.get(*at).copied().unwrap_or(0.0) + 1e-9;
        let mut own: Vec<usize> = (0..24).filter(near).collect();
        if own.is_empty() {
            // Others lie nearer to every full hour: it stands for its own.
            own.push((*clock as usize) % 24);
        }
        for at in &own {
            for (month, days) in DAYS.iter().enumerate() {
                let hours = hour.weight_h / own.len() as f64 * days / (HOURS_PER_YEAR / 24.0);
                let load_mwh = hour.drawn_grid_mw * hours;
                cells.push(Cell { hour: n, clock: *at, month, hours, load_mwh });
            }
        }
    }
    cells
}

/// Output of a contract in each cell, MWh.
fn output(contract: &CleanContract, cells: &[Cell]) -> Result<Vec<f64>, InputError> {
    let sized = |list: &[f64], wanted: usize, field: &str| {
        if list.is_empty() || list.len() == wanted {
            return Ok(());
        }
        let problem = format!("{} numbers; enter {wanted}, or none for a flat profile", list.len());
        Err(refused(contract, field, &problem))
    };
    sized(&contract.hour_frac, 24, "hour_frac")?;
    sized(&contract.month_frac, 12, "month_frac")?;
    let at = |list: &[f64], n: usize| {
        if list.is_empty() { 1.0 } else { list.get(n).copied().unwrap_or(0.0) }
    };
    let shape: Vec<f64> = cells
        .iter()
        .map(|c| at(&contract.hour_frac, c.clock) * at(&contract.month_frac, c.month) * c.hours)
        .collect();
    if shape.iter().any(|v| !v.is_finite() || *v < 0.0) {
        return Err(refused(contract, "hour_frac", "a share is negative; enter 0 to 1"));
    }
    let full_hours: f64 = shape.iter().sum();
    let factor = match (contract.mwh_per_year, contract.mw) {
        (Some(_), Some(_)) => {
            return Err(refused(contract, "mw", "energy and rating are both stated; enter one"));
        }
        (Some(mwh), None) if full_hours > 0.0 => mwh / full_hours,
        (Some(_), None) => return Err(refused(contract, "hour_frac", "no hour has any output")),
        (None, Some(mw)) => mw,
        (None, None) => {
            return Err(refused(contract, "mwh_per_year", "enter the energy of a year, or mw"));
        }
    };
    if !factor.is_finite() || factor < 0.0 {
        return Err(refused(contract, "mwh_per_year", "enter a number that is not negative"));
    }
    Ok(shape.iter().map(|v| v * factor).collect())
}
