//! Boxes, nodes and banks of equal elements, of which a campus is put together.

use super::request::Scheme;
use crate::site::{Area, AreaKind, Node, NodeKind};

/// A box on the ground: x, y of the north-west corner, width, height, in metres.
pub type Place = [f64; 4];

/// Splits a place as the layout stores it.
pub fn at_size(p: Place) -> ([f64; 2], [f64; 2]) {
    ([tenth(p[0]), tenth(p[1])], [tenth(p[2]), tenth(p[3])])
}

/// Positions to the decimetre: sums of fractions would show their last bits in the file.
pub fn tenth(v: f64) -> f64 {
    (v * 10.0).round() / 10.0
}

/// Capacities to 10 kW, for the same reason.
pub fn hundredth(v: f64) -> f64 {
    (v * 100.0).round() / 100.0
}

/// A node with its capacity in MW.
pub fn node(id: &str, name: String, kind: NodeKind, mw: f64, place: Place) -> Node {
    let (at, size) = at_size(place);
    Node {
        id: id.into(),
        name,
        kind,
        from: Vec::new(),
        alternate: Vec::new(),
        capacity_mw: Some(hundredth(mw)),
        firm_mw: None,
        efficiency_frac: None,
        equipment: None,
        voltage_kv: None,
        scheme: None,
        spare_on_site: false,
        emergency_long_ratio: None,
        emergency_long_h: None,
        emergency_short_ratio: None,
        emergency_short_min: None,
        capacitor_mvar: None,
        phase: None,
        at,
        size,
    }
}

/// What [`node`] leaves open, in the order in which a reader asks for it.
pub trait Wired {
    /// Fed from these in normal operation.
    #[must_use]
    fn from(self, sources: &[&str]) -> Self;
    /// Equipment whose losses and cost it has.
    #[must_use]
    fn made_of(self, equipment: &str) -> Self;
    /// Voltage on its load side.
    #[must_use]
    fn at_kv(self, kv: f64) -> Self;
}

impl Wired for Node {
    fn from(mut self, sources: &[&str]) -> Self {
        self.from = sources.iter().map(|s| (*s).to_owned()).collect();
        self
    }

    fn made_of(mut self, equipment: &str) -> Self {
        self.equipment = Some(equipment.into());
        self
    }

    fn at_kv(mut self, kv: f64) -> Self {
        self.voltage_kv = Some(kv);
        self
    }
}

/// Ground that carries no load.
pub fn area(id: &str, name: &str, kind: AreaKind, place: Place) -> Area {
    let (at, size) = at_size(place);
    Area { id: id.into(), name: name.into(), kind, height_m: None, at, size }
}

/// Equal elements side by side.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Bank {
    pub count: u32,
    pub capacity_mw: f64,
}

impl Bank {
    /// The bank of one path for a load, MW, of elements of `each_mw`.
    pub fn of_path(load_mw: f64, each_mw: f64, scheme: Scheme) -> Self {
        let needed = (load_mw / each_mw).ceil().max(1.0) as u32;
        let count = if scheme == Scheme::NPlus1 { needed + 1 } else { needed };
        Self { count, capacity_mw: f64::from(count) * each_mw }
    }

    /// The same where both paths end in one node.
    pub fn joined(load_mw: f64, each_mw: f64, scheme: Scheme) -> Self {
        let path = Self::of_path(load_mw, each_mw, scheme);
        match scheme {
            Scheme::TwoN => Self { count: 2 * path.count, capacity_mw: 2.0 * path.capacity_mw },
            _ => path,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bank_keeps_its_load_after_the_loss_that_its_scheme_allows() {
        for load in [0.5, 2.5, 9.9, 10.0, 63.0] {
            let n = Bank::of_path(load, 2.5, Scheme::N);
            assert!(n.capacity_mw >= load && n.capacity_mw < load + 2.5, "{n:?}");
            let spare = Bank::of_path(load, 2.5, Scheme::NPlus1);
            let left = spare.capacity_mw - 2.5;
            assert!(left >= load && left < load + 2.5, "{spare:?}");
            let path = Bank::of_path(load, 2.5, Scheme::TwoN);
            assert!(path.capacity_mw >= load, "either path alone");
            let end = Bank::joined(load, 2.5, Scheme::TwoN);
            assert!(end.capacity_mw == 2.0 * path.capacity_mw && end.count == 2 * path.count);
        }
    }
}
