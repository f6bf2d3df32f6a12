//! An electrical network as data: buses, loads, generators, branches, switches, and which of
//! them are in service. Files are read into it, sites are turned into it, every study solves it.

use std::collections::BTreeMap;
use thiserror::Error;

/// What a bus holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BusKind {
    /// Active and reactive power are given (PQ).
    #[default]
    Load,
    /// Active power and voltage magnitude are given (PV); without a generator in service it
    /// is a load bus.
    Voltage,
    /// Magnitude and angle are given; it balances its island.
    Slack,
    /// Out of service.
    Isolated,
}

/// A load and how it follows the voltage: `S (z V^2 + i V + 1 - z - i)` with V per unit.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Load {
    /// Power at 1 pu, MW and Mvar.
    pub p_mw: f64,
    pub q_mvar: f64,
    /// Share that keeps its impedance, 0 to 1.
    pub z_frac: f64,
    /// Share that keeps its current, 0 to 1; the rest keeps its power.
    pub i_frac: f64,
    /// Share that may be run back after an outage, 0 to 1.
    pub interruptible_frac: f64,
}

/// A point where elements meet.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Bus {
    pub id: String,
    pub name: String,
    pub kind: BusKind,
    pub load: Load,
    /// Shunt: power that it takes (MW) and gives (Mvar) at 1 pu.
    pub gs_mw: f64,
    pub bs_mvar: f64,
    /// Where the iteration starts, and the angle of a slack bus.
    pub vm_pu: f64,
    pub va_deg: f64,
    /// Voltage that 1 pu stands for; absent is unknown.
    pub base_kv: Option<f64>,
    /// Allowed band; absent is unchecked.
    pub vmin_pu: Option<f64>,
    pub vmax_pu: Option<f64>,
    /// Band allowed after an outage; absent is the normal one.
    pub outage_band_pu: Option<[f64; 2]>,
}

/// A generator, a grid feed or a battery that holds its power.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Generator {
    pub id: String,
    /// Index of its bus.
    pub bus: usize,
    pub p_mw: f64,
    /// Used where the bus does not hold its voltage.
    pub q_mvar: f64,
    /// Voltage that it holds.
    pub vset_pu: f64,
    pub in_service: bool,
    /// Limits; absent is unknown. They are reported, not enforced.
    pub pmax_mw: Option<f64>,
    pub pmin_mw: Option<f64>,
    pub qmax_mvar: Option<f64>,
    pub qmin_mvar: Option<f64>,
}

/// Apparent power that a branch may carry, MVA; absent is unknown.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Ratings {
    pub normal_mva: Option<f64>,
    /// Long-time emergency, for hours.
    pub long_mva: Option<f64>,
    /// Short-time emergency, for minutes.
    pub short_mva: Option<f64>,
    /// How long they may be used.
    pub long_h: Option<f64>,
    pub short_min: Option<f64>,
}

/// How fast a network answers an outage, seconds; absent is unknown.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Controls {
    /// Until transfer schemes have closed their switches.
    pub transfer_s: Option<f64>,
    /// Until interruptible load is run back, from the overload on.
    pub run_back_s: Option<f64>,
}

/// A line, cable or two-winding transformer: pi model behind an ideal transformer at the
/// from side.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Branch {
    pub id: String,
    /// Indices of its buses.
    pub from: usize,
    pub to: usize,
    /// Series impedance and total charging, per unit of the base power and the to side.
    pub r_pu: f64,
    pub x_pu: f64,
    pub b_pu: f64,
    /// Turns ratio, 1 for a line.
    pub tap_ratio: f64,
    /// Angle by which the from side leads.
    pub shift_deg: f64,
    pub in_service: bool,
    pub ratings: Ratings,
}

/// A breaker or bus tie without impedance: closed, its buses are one.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Switch {
    pub id: String,
    pub a: usize,
    pub b: usize,
    pub closed: bool,
    /// What `b` is the input of, where the switch belongs to its transfer scheme: when an open
    /// one of them closes, its other ones open. Empty for a switch of its own.
    pub transfer: String,
}

/// A network. Indices inside it are positions in its own lists.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Case {
    pub name: String,
    /// Power that 1 pu stands for.
    pub base_mva: f64,
    pub buses: Vec<Bus>,
    pub generators: Vec<Generator>,
    pub branches: Vec<Branch>,
    pub switches: Vec<Switch>,
    pub controls: Controls,
}

/// Why a network cannot be solved as it stands.
#[derive(Clone, Debug, Error, PartialEq)]
pub enum CaseError {
    #[error("base_mva is {0}; it must be a positive number of MVA")]
    Base(f64),
    #[error("{element} `{id}`: {field} is not a finite number")]
    NotFinite { element: &'static str, id: String, field: &'static str },
    #[error("{element} `{id}` names a bus that the network does not have")]
    NoBus { element: &'static str, id: String },
    #[error("bus `{0}` stands twice")]
    Twice(String),
    #[error("branch `{0}` has no impedance; give its reactance, or make it a switch")]
    NoImpedance(String),
    #[error("branch `{0}` has no reactance, which the linear model needs")]
    NoReactance(String),
    #[error("branch `{0}` has a turns ratio of {1}; it must be positive")]
    Tap(String, f64),
    #[error("branch `{0}` joins bus `{1}` with itself")]
    Loop(String, String),
    #[error("the network has no bus")]
    Empty,
    #[error("no bus can balance the network; make one with a generator the slack bus")]
    NoSlack,
}

impl Case {
    /// Index of a bus by its id.
    pub fn bus_index(&self, id: &str) -> Option<usize> {
        self.buses.iter().position(|b| b.id == id)
    }

    /// Refuses what no study can work with.
    ///
    /// # Errors
    /// The first element at fault, by name.
    pub fn check(&self) -> Result<(), CaseError> {
        if !(self.base_mva.is_finite() && self.base_mva > 0.0) {
            return Err(CaseError::Base(self.base_mva));
        }
        if self.buses.is_empty() {
            return Err(CaseError::Empty);
        }
        let mut seen = BTreeMap::new();
        for bus in &self.buses {
            if seen.insert(bus.id.as_str(), ()).is_some() {
                return Err(CaseError::Twice(bus.id.clone()));
            }
            let load = &bus.load;
            let fields = [
                ("load", load.p_mw + load.q_mvar + load.z_frac + load.i_frac),
                ("shunt", bus.gs_mw + bus.bs_mvar),
                ("voltage", bus.vm_pu + bus.va_deg),
            ];
            finite("bus", &bus.id, &fields)?;
        }
        let bus = |i: usize| self.buses.get(i).map(|b| b.id.as_str());
        for g in self.generators.iter().filter(|g| g.in_service) {
            bus(g.bus).ok_or(CaseError::NoBus { element: "generator", id: g.id.clone() })?;
            finite("generator", &g.id, &[("power", g.p_mw + g.q_mvar), ("voltage", g.vset_pu)])?;
        }
        for b in &self.branches {
            let missing = || CaseError::NoBus { element: "branch", id: b.id.clone() };
            let from = bus(b.from).ok_or_else(missing)?;
            bus(b.to).ok_or_else(missing)?;
            if !b.in_service {
                continue;
            }
            let fields = [
                ("impedance", b.r_pu + b.x_pu + b.b_pu),
                ("turns ratio", b.tap_ratio + b.shift_deg),
            ];
            finite("branch", &b.id, &fields)?;
            if b.from == b.to {
                return Err(CaseError::Loop(b.id.clone(), from.to_owned()));
            }
            if b.r_pu == 0.0 && b.x_pu == 0.0 {
                return Err(CaseError::NoImpedance(b.id.clone()));
            }
            if b.tap_ratio <= 0.0 {
                return Err(CaseError::Tap(b.id.clone(), b.tap_ratio));
            }
        }
        for s in &self.switches {
            let missing = || CaseError::NoBus { element: "switch", id: s.id.clone() };
            bus(s.a).ok_or_else(missing)?;
            bus(s.b).ok_or_else(missing)?;
        }
        Ok(())
    }
}

fn finite(
    element: &'static str,
    id: &str,
    fields: &[(&'static str, f64)],
) -> Result<(), CaseError> {
    match fields.iter().find(|(_, v)| !v.is_finite()) {
        Some((field, _)) => Err(CaseError::NotFinite { element, id: id.to_owned(), field }),
        None => Ok(()),
    }
}
