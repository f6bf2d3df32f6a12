//! A scalable unit on the ground: its racks in a line, its support racks at the end of it.
//! It knows sizes, never a site.

use super::geometry::tidy;
use super::{MOST, Place, Placing, footprint, rack_of_unit};
use crate::catalog::{Catalog, EquipmentKind};

/// What one unit consists of.
pub(super) struct UnitLine<'a> {
    pub racks: u32,
    /// Width and depth of one rack.
    rack_m: [f64; 2],
    /// Names of the support racks, one each; none where the catalogue knows no size of one.
    pub support: Vec<&'a str>,
    support_m: [f64; 2],
    /// Id of the equipment that support racks are.
    pub equipment: Option<&'a str>,
}

impl<'a> UnitLine<'a> {
    /// # Errors
    /// A sentence: no such unit or rack, or a size that nobody knows.
    pub fn of(catalog: &'a Catalog, id: &str) -> Result<Self, String> {
        let missing = |kind: &str| format!("The catalogue has no {kind} `{id}`");
        let unit = catalog.units.get(id).ok_or_else(|| missing("scalable unit"))?;
        let rack = rack_of_unit(catalog, id).ok_or_else(|| missing("rack of the unit"))?;
        let rack_m = super::geometry::size_of(rack)?;
        let is_one = |e: &&crate::catalog::Equipment| e.kind == EquipmentKind::NetworkRack;
        let made_of = catalog.equipment.values().find(is_one);
        let sized = made_of.and_then(|e| Some((e.id.as_str(), footprint(e)?)));
        let support = match sized {
            Some(_) => unit
                .support
                .iter()
                .flat_map(|s| std::iter::repeat_n(s.name.as_str(), s.count as usize))
                .collect(),
            None => Vec::new(),
        };
        let (equipment, support_m) = sized.map_or((None, [0.0; 2]), |(id, m)| (Some(id), m));
        Ok(Self { racks: unit.racks.max(1), rack_m, support, support_m, equipment })
    }

    /// Places of one unit: its racks and its support racks.
    pub fn places(&self) -> usize {
        self.racks as usize + self.support.len()
    }

    /// From the first rack to the end of the last support rack.
    fn length_m(&self) -> f64 {
        f64::from(self.racks) * self.rack_m[0] + self.support.len() as f64 * self.support_m[0]
    }

    /// One rectangle for each rack, unit by unit, the support racks of a unit behind its racks.
    ///
    /// # Errors
    /// A sentence: a count or pitch that means nothing.
    pub fn boxes(
        &self,
        placing: &Placing,
        (count, lines): (u32, u32),
        pitch_m: f64,
    ) -> Result<Vec<Place>, String> {
        let all = u64::from(count) * u64::from(lines) * self.places() as u64;
        if all == 0 {
            return Err("It needs at least one".to_owned());
        }
        if all > MOST {
            return Err(format!("At most {MOST} can be placed at once"));
        }
        let depth = self.rack_m[1].max(self.support_m[1]);
        if lines > 1 && !(pitch_m.is_finite() && pitch_m + 1e-9 >= depth) {
            return Err("The pitch is less than the size".to_owned());
        }
        let at = |along: f64, across: f64, size: [f64; 2]| {
            let (by, size) = match placing.turned {
                true => ([across, along], [size[1], size[0]]),
                false => ([along, across], size),
            };
            ([tidy(placing.at[0] + by[0]), tidy(placing.at[1] + by[1])], size)
        };
        let mut boxes = Vec::new();
        for line in 0..lines {
            let across = f64::from(line) * pitch_m;
            for unit in 0..count {
                let start = f64::from(unit) * self.length_m();
                for i in 0..self.racks {
                    boxes.push(at(start + f64::from(i) * self.rack_m[0], across, self.rack_m));
                }
                let end = start + f64::from(self.racks) * self.rack_m[0];
                for i in 0..self.support.len() {
                    boxes.push(at(end + i as f64 * self.support_m[0], across, self.support_m));
                }
            }
        }
        Ok(boxes)
    }

    /// The rectangles that become elements: the racks of a unit as one, with their count, then
    /// its support racks, each with a count of none.
    pub fn pieces(&self, boxes: &[Place]) -> Vec<(Place, u32)> {
        let mut pieces = Vec::new();
        for unit in boxes.chunks(self.places()) {
            let (racks, support) = unit.split_at(unit.len().min(self.racks as usize));
            pieces.extend(super::geometry::around(racks).map(|place| (place, self.racks)));
            pieces.extend(support.iter().map(|place| (*place, 0)));
        }
        pieces
    }

    /// Those of the rectangles that are support racks.
    pub fn support_of(&self, boxes: &[Place]) -> Vec<Place> {
        let units = boxes.chunks(self.places());
        units.flat_map(|unit| unit.iter().skip(self.racks as usize).copied()).collect()
    }
}
