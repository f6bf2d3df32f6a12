//! Fault levels after IEC 60909-0: greatest three-phase short-circuit currents by the equivalent
//! voltage source at the fault (equation W10). A screening: no unbalanced faults, no decay, no
//! settings of protection.

mod inverse;
pub mod site;

use super::case::{BusKind, Case, CaseError};
use super::lu::Singular;
use super::topology;
use inverse::Inverse;
use num_complex::Complex64;
use std::collections::BTreeMap;
use thiserror::Error;

/// The voltage factor c of the standard's table 1, for greatest currents.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct VoltageFactor {
    /// Up to 1 kV and above.
    pub low_ratio: f64,
    pub high_ratio: f64,
}

impl VoltageFactor {
    /// Of a nominal voltage.
    pub fn at(self, kv: f64) -> f64 {
        if kv <= 1.0 { self.low_ratio } else { self.high_ratio }
    }
}

/// A grid behind a bus, by its short-circuit power there.
#[derive(Clone, Debug, PartialEq)]
pub struct Infeed {
    pub id: String,
    /// Index of the bus.
    pub bus: usize,
    /// Initial symmetrical short-circuit power.
    pub fault_mva: f64,
    /// Reactance over resistance.
    pub xr_ratio: f64,
}

/// Asynchronous motors that start directly.
#[derive(Clone, Debug, PartialEq)]
pub struct Motors {
    pub bus: usize,
    pub rated_mva: f64,
    /// Locked-rotor over rated current.
    pub start_ratio: f64,
    pub xr_ratio: f64,
}

/// A network with what a fault draws from. Loads, charging and shunts play no part.
#[derive(Clone, Debug)]
pub struct FaultCase<'a> {
    /// Taps at their main position.
    pub case: &'a Case,
    pub factor: VoltageFactor,
    pub infeeds: Vec<Infeed>,
    pub motors: Vec<Motors>,
    /// Rated MVA of each branch that is a transformer, by its index; others are lines.
    pub transformers: BTreeMap<usize, f64>,
}

/// Currents of a fault at a bus.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Level {
    /// Initial symmetrical current Ik".
    pub ik_ka: f64,
    /// Peak current ip.
    pub ip_ka: f64,
    /// Initial symmetrical power Sk".
    pub sk_mva: f64,
    /// Resistance over reactance of the short-circuit impedance, as the peak takes it.
    pub rx_ratio: f64,
}

/// Why no fault level can be given.
#[derive(Clone, Debug, Error, PartialEq)]
pub enum FaultError {
    #[error("the nominal voltage of bus `{0}` is unknown, so that its currents are")]
    NoVoltage(String),
    #[error("infeed `{0}` needs a positive short-circuit power and ratio of reactance")]
    Infeed(String),
    #[error("no short-circuit power of any source is known")]
    NoInfeed,
    #[error(transparent)]
    Case(#[from] CaseError),
    #[error(transparent)]
    Singular(#[from] Singular),
}

/// Frequency at which the ratio of resistance and reactance is taken over that of the network:
/// 20 Hz of 50, 24 Hz of 60 (method C of the standard).
const PEAK_FREQUENCY_RATIO: f64 = 0.4;

/// Peak over the initial current's amplitude.
pub fn kappa(rx_ratio: f64) -> f64 {
    1.02 + 0.98 * (-3.0 * rx_ratio).exp()
}

/// Correction of a transformer's impedance, from its relative reactance and the voltage factor
/// of its low side.
pub fn transformer_factor(x_ratio: f64, c: f64) -> f64 {
    0.95 * c / (1.0 + 0.6 * x_ratio)
}

/// The level at every bus, in the case's order; `None` at buses that nothing feeds.
///
/// # Errors
/// The case cannot be solved as it stands, or a figure is missing.
pub fn levels(fault: &FaultCase<'_>) -> Result<Vec<Option<Level>>, FaultError> {
    Solved::of(fault)?.levels()
}

/// A network whose fault levels are known, from which those with one more switch closed follow.
pub struct Solved<'a> {
    fault: &'a FaultCase<'a>,
    node_of: Vec<usize>,
    /// Position of each node in the equations; `None` where nothing feeds it.
    place: Vec<Option<usize>>,
    rated: Inverse,
    slow: Inverse,
}

impl<'a> Solved<'a> {
    /// # Errors
    /// The case cannot be solved as it stands, or a figure is missing.
    pub fn of(fault: &'a FaultCase<'a>) -> Result<Self, FaultError> {
        let case = fault.case;
        case.check()?;
        for infeed in &fault.infeeds {
            let good = |v: f64| v.is_finite() && v > 0.0;
            if !good(infeed.fault_mva) || !good(infeed.xr_ratio) {
                return Err(FaultError::Infeed(infeed.id.clone()));
            }
        }
        let node_of = topology::nodes(case);
        let count = node_of.iter().max().map_or(0, |m| m + 1);
        let rated = Grid::of(fault, &node_of, count, 1.0)?;
        let slow = Grid::of(fault, &node_of, count, PEAK_FREQUENCY_RATIO)?;
        let place = rated.place.clone();
        let (rated, slow) = (rated.inverse()?, slow.inverse()?);
        Ok(Self { fault, node_of, place, rated, slow })
    }

    /// The level at every bus, in the case's order; `None` at buses that nothing feeds.
    ///
    /// # Errors
    /// The nominal voltage of a bus is missing.
    pub fn levels(&self) -> Result<Vec<Option<Level>>, FaultError> {
        self.by_bus(|k| (self.rated.diagonal()[k], self.slow.diagonal()[k]))
    }

    /// The same with two buses joined; `None` where not both of them are fed, or they are one.
    ///
    /// # Errors
    /// Those of [`Solved::levels`].
    pub fn joining(&self, a: usize, b: usize) -> Result<Option<Vec<Option<Level>>>, FaultError> {
        let place = |bus: usize| self.place[self.node_of[bus]];
        let Some((a, b)) = place(a).zip(place(b)).filter(|(a, b)| a != b) else {
            return Ok(None);
        };
        let (rated, slow) = (joined(&self.rated, a, b), joined(&self.slow, a, b));
        self.by_bus(|k| (rated[k], slow[k])).map(Some)
    }

    /// Levels from the impedance of each place in the equations, at both frequencies.
    fn by_bus(
        &self,
        impedance: impl Fn(usize) -> (Complex64, Complex64),
    ) -> Result<Vec<Option<Level>>, FaultError> {
        let case = self.fault.case;
        let mut found = vec![None; case.buses.len()];
        for (i, bus) in case.buses.iter().enumerate() {
            let Some(k) = self.place[self.node_of[i]] else { continue };
            if bus.kind == BusKind::Isolated {
                continue;
            }
            let (z, z_slow) = impedance(k);
            let kv = kv(case, i)?;
            let ik_pu = self.fault.factor.at(kv) / z.norm();
            let sk_mva = ik_pu * case.base_mva;
            let ik_ka = sk_mva / (3f64.sqrt() * kv);
            let rx_ratio = z_slow.re / z_slow.im * PEAK_FREQUENCY_RATIO;
            let ip_ka = kappa(rx_ratio) * 2f64.sqrt() * ik_ka;
            found[i] = Some(Level { ik_ka, ip_ka, sk_mva, rx_ratio });
        }
        Ok(found)
    }
}

/// Impedances of all places once two of them are joined without impedance: a change of rank one.
fn joined(inverse: &Inverse, a: usize, b: usize) -> Vec<Complex64> {
    let diagonal = inverse.diagonal();
    let mut apart = vec![Complex64::ZERO; diagonal.len()];
    (apart[a], apart[b]) = (Complex64::ONE, -Complex64::ONE);
    let (column, row) = (inverse.column(apart.clone()), inverse.row(apart));
    let between = column[a] - column[b];
    let parts = diagonal.iter().zip(column.iter().zip(&row));
    parts.map(|(z, (c, r))| z - c * r / between).collect()
}

fn kv(case: &Case, bus: usize) -> Result<f64, FaultError> {
    let found = &case.buses[bus];
    let known = found.base_kv.filter(|kv| *kv > 0.0);
    known.ok_or_else(|| FaultError::NoVoltage(found.id.clone()))
}

/// Admittances of the fed nodes at one frequency.
struct Grid {
    /// Position of each node in the equations; `None` where nothing feeds it.
    place: Vec<Option<usize>>,
    size: usize,
    /// By row and column.
    entries: BTreeMap<(usize, usize), Complex64>,
}

impl Grid {
    fn of(
        fault: &FaultCase<'_>,
        node_of: &[usize],
        count: usize,
        frequency_ratio: f64,
    ) -> Result<Self, FaultError> {
        let case = fault.case;
        let on = |bus: usize| case.buses[bus].kind != BusKind::Isolated;
        let live: Vec<(usize, &super::case::Branch)> = case
            .branches
            .iter()
            .enumerate()
            .filter(|(_, b)| b.in_service && on(b.from) && on(b.to))
            .filter(|(_, b)| node_of[b.from] != node_of[b.to])
            .collect();
        let pairs = live.iter().map(|(_, b)| (node_of[b.from], node_of[b.to]));
        let (island, islands) = topology::islands(count, pairs);
        let mut fed = vec![false; islands];
        fault.infeeds.iter().for_each(|f| fed[island[node_of[f.bus]]] = true);
        if !fed.contains(&true) {
            return Err(FaultError::NoInfeed);
        }
        let mut size = 0;
        let place = island.iter().map(|&i| {
            fed[i].then(|| {
                size += 1;
                size - 1
            })
        });
        let place: Vec<Option<usize>> = place.collect();
        let mut grid = Self { place, size, entries: BTreeMap::new() };
        for (i, b) in live {
            let mut z = Complex64::new(b.r_pu, b.x_pu * frequency_ratio);
            if let Some(mva) = fault.transformers.get(&i) {
                let low = kv(case, b.from)?.min(kv(case, b.to)?);
                let x = b.x_pu * mva / case.base_mva;
                z *= transformer_factor(x, fault.factor.at(low));
            }
            let y = z.inv();
            let tap = Complex64::from_polar(b.tap_ratio, b.shift_deg.to_radians());
            let (from, to) = (node_of[b.from], node_of[b.to]);
            grid.add(from, from, y / (b.tap_ratio * b.tap_ratio));
            grid.add(to, to, y);
            grid.add(from, to, -y / tap.conj());
            grid.add(to, from, -y / tap);
        }
        for f in &fault.infeeds {
            let c = fault.factor.at(kv(case, f.bus)?);
            let z = c * case.base_mva / f.fault_mva;
            let x = z / (1.0 / f.xr_ratio).hypot(1.0);
            let z = Complex64::new(x / f.xr_ratio, x * frequency_ratio);
            grid.add(node_of[f.bus], node_of[f.bus], z.inv());
        }
        for m in fault.motors.iter().filter(|m| m.rated_mva > 0.0) {
            let z = case.base_mva / (m.rated_mva * m.start_ratio);
            let x = z / (1.0 / m.xr_ratio).hypot(1.0);
            let z = Complex64::new(x / m.xr_ratio, x * frequency_ratio);
            grid.add(node_of[m.bus], node_of[m.bus], z.inv());
        }
        Ok(grid)
    }

    fn add(&mut self, row: usize, column: usize, y: Complex64) {
        if let Some((row, column)) = self.place[row].zip(self.place[column]) {
            *self.entries.entry((row, column)).or_default() += y;
        }
    }

    fn inverse(&self) -> Result<Inverse, Singular> {
        Inverse::of(self.size, &self.entries)
    }
}

/// What a case lacks before its fault levels can be told, in words that name the element.
pub fn missing(case: &Case, infeeds: &[Infeed]) -> Vec<String> {
    let mut found = Vec::new();
    for g in case.generators.iter().filter(|g| g.in_service) {
        if !infeeds.iter().any(|f| f.bus == g.bus) {
            let bus = &case.buses[g.bus].id;
            found.push(format!("the short-circuit power of generator {} at bus {bus}", g.id));
        }
    }
    for bus in case.buses.iter().filter(|b| b.kind != BusKind::Isolated) {
        if bus.base_kv.is_none_or(|kv| kv <= 0.0) {
            found.push(format!("the nominal voltage of bus {}", bus.id));
        }
    }
    for b in case.branches.iter().filter(|b| b.in_service && transforms(case, b)) {
        if b.ratings.normal_mva.is_none() {
            found.push(format!("the rated power of transformer {}", b.id));
        }
    }
    found
}

/// Whether a branch joins two voltages or turns them.
fn transforms(case: &Case, b: &super::case::Branch) -> bool {
    let apart = case.buses[b.from].base_kv != case.buses[b.to].base_kv;
    apart || b.tap_ratio != 1.0 || b.shift_deg != 0.0
}

/// Transformers of a case, with their normal rating as rated power.
pub fn transformers(case: &Case) -> BTreeMap<usize, f64> {
    let branches = case.branches.iter().enumerate();
    let found = branches.filter(|(_, b)| b.in_service && transforms(case, b));
    found.filter_map(|(i, b)| Some((i, b.ratings.normal_mva?))).collect()
}
