//! How many racks stand, and over how many halls, rows and substations they are spread.

use super::figures::Figures;
use super::request::{Fit, Refusal, Request};

/// Longest row of a hall, metres, and most rows of one wing.
const LONGEST_ROW_M: f64 = 100.0;
const MOST_ROWS: u32 = 10;
/// Width beyond its racks that a scalable unit takes in a row, metres.
const UNIT_GAP_M: f64 = 0.8;

/// The size of a campus.
#[derive(Clone, Debug, PartialEq)]
pub struct Size {
    /// Scalable units, and racks that sell in all of them.
    pub units: u32,
    pub racks: u32,
    /// Units of each hall.
    pub hall_units: Vec<u32>,
    /// Of the fullest hall.
    pub rows_per_wing: u32,
    pub units_per_row: u32,
    /// Length of a unit in its row, metres.
    pub unit_m: f64,
    /// Main substations, or pairs of them where there are two paths.
    pub groups: usize,
    /// Grid power in the worst hour with every rack at its first cap, MW.
    pub worst_hour_mw: f64,
}

impl Size {
    /// `1 hall`, `8 halls`.
    pub fn halls_in_words(&self) -> String {
        match self.hall_units.len() {
            1 => "1 hall".to_owned(),
            many => format!("{many} halls"),
        }
    }

    pub(super) fn new(request: &Request, figures: &Figures) -> Result<Self, Refusal> {
        let contract = request.grid_contract_mw;
        let each = figures.unit_grid_mw;
        let within = (contract / each).floor() as u32;
        if within == 0 {
            return Err(Refusal::TooSmall {
                name: figures.rack.name.clone(),
                unit_mw: each,
                contract_mw: contract,
            });
        }
        let units = match request.fit {
            Fit::Within => within,
            Fit::Beyond => (contract / each).ceil() as u32,
        };
        let rack = &figures.rack;
        let racks_m = f64::from(rack.unit_racks + rack.unit_support) * rack.width_m;
        let unit_m = ((racks_m + UNIT_GAP_M) * 10.0).ceil() / 10.0;
        let longest = ((LONGEST_ROW_M / unit_m) as u32).max(1);
        let most = (figures.hall_mw / each) as u32;
        let most = most.clamp(1, 2 * MOST_ROWS * longest);
        let halls = units.div_ceil(most);
        let hall_units: Vec<u32> = spread(units, halls).collect();
        let fullest = hall_units.iter().copied().max().unwrap_or(0);
        let rows_per_wing = fullest.div_ceil(2 * longest);
        let groups = (contract / figures.substation_mw).ceil() as usize;
        Ok(Self {
            units,
            racks: units * rack.unit_racks,
            rows_per_wing,
            units_per_row: fullest.div_ceil(2).div_ceil(rows_per_wing),
            unit_m,
            groups: groups.clamp(1, hall_units.len().div_ceil(2)),
            worst_hour_mw: f64::from(units) * each,
            hall_units,
        })
    }
}

/// A whole spread over parts that differ by one at most, the larger first.
pub(super) fn spread(whole: u32, parts: u32) -> impl Iterator<Item = u32> {
    let (base, extra) = (whole / parts.max(1), whole % parts.max(1));
    (0..parts).map(move |i| base + u32::from(i < extra))
}
