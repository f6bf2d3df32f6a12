//! Placing elements of the catalogue on the site plan: what can be placed, where it would
//! stand, whether it fits, and the elements that come of it.
//!
//! Everything here is pure; a window shows the [`Ghost`] of a [`Placing`] and applies
//! [`super::Command::Place`] with the same.

mod connect;
mod fit;
mod geometry;
mod make;
mod offer;
mod snap;
#[cfg(test)]
mod tests;
mod unit;

pub use offer::{Family, Offer, offers};
pub use snap::snapped;

use super::EditError;
use crate::catalog::{Catalog, Equipment, EquipmentKind, Rack};
use crate::site::{Infrastructure, Site};
use crate::units::Power;
use crate::units::format;
use crate::units::words::lower_first;
use fit::Stand;
use std::sync::Arc;

/// North-west corner and size, metres.
pub(crate) type Place = ([f64; 2], [f64; 2]);

/// What is placed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum What {
    /// Racks of a type, by its id: one block for each line.
    Racks(String),
    /// Scalable units, by id: a block for each.
    Unit(String),
    /// Anything that has a record among the equipment, by its id.
    Equipment(String),
    /// A row of a hall.
    Row,
    /// The outline of the parcel.
    Parcel,
}

/// How much of it, and how it lies. Lengths are metres.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// Racks or units side by side, in lines whose fronts are `pitch_m` apart.
    Lines { count: u32, lines: u32, pitch_m: f64 },
    /// Machines in a field; the pitch runs from one to the next, east and south.
    Field { columns: u32, rows: u32, pitch_m: [f64; 2] },
    /// One thing of this size, east by south.
    Size([f64; 2]),
    /// Corners of an outline, in order.
    Outline(Vec<[f64; 2]>),
}

/// Something about to be placed.
#[derive(Clone, Debug, PartialEq)]
pub struct Placing {
    pub what: What,
    /// North-west corner of all of it; an outline has its corners instead.
    pub at: [f64; 2],
    pub shape: Shape,
    /// A quarter turn: lines run south, machines stand across.
    pub turned: bool,
}

/// Where it would stand, and whether it fits.
#[derive(Clone, Debug, PartialEq)]
pub struct Ghost {
    /// One rectangle for each rack, machine or thing.
    pub boxes: Vec<([f64; 2], [f64; 2])>,
    /// Those of them that are support racks of scalable units.
    pub support: Vec<([f64; 2], [f64; 2])>,
    /// `16 racks, up to 3.6 MW IT`.
    pub words: String,
    /// Why it cannot stand there, in one sentence.
    pub refusal: Option<String>,
}

/// Most things that one gesture places: more is a slip of the keyboard.
const MOST: u64 = 20_000;

impl Placing {
    /// How a placing of `what` starts: one scalable unit of racks, one machine, a thing of the
    /// catalogue's size. `None` where the catalogue has no such thing.
    pub fn start(site: &Site, catalog: &Catalog, what: &What) -> Option<Self> {
        let shape = match what {
            What::Racks(id) => {
                let rack = catalog.racks.get(id)?;
                let unit = rack.scalable_unit.as_ref().and_then(|id| catalog.units.get(id));
                lines(catalog, unit.map_or(1, |u| u.racks.max(1)))
            }
            What::Unit(id) => {
                catalog.units.get(id)?;
                lines(catalog, 1)
            }
            What::Row => Shape::Size(row_size(site, catalog)?),
            What::Parcel => Shape::Outline(Vec::new()),
            What::Equipment(id) => {
                let record = catalog.equipment.get(id)?;
                let size = footprint(record).unwrap_or([1.0, 1.0]);
                if is_ground(record.kind) {
                    Shape::Size(size)
                } else {
                    let gap = record.gap_m.as_ref().and_then(|f| f.get()).unwrap_or(0.0);
                    Shape::Field { columns: 1, rows: 1, pitch_m: [size[0] + gap, size[1] + gap] }
                }
            }
        };
        Some(Self { what: what.clone(), at: [0.0, 0.0], shape, turned: false })
    }

    /// Size of all of it, east by south; `None` where the catalogue does not know one.
    pub fn size(&self, catalog: &Catalog) -> Option<[f64; 2]> {
        let boxes = geometry::boxes(self, catalog).ok()?;
        let (from, to) = super::relocate::around(boxes.into_iter())?;
        Some([to[0] - from[0], to[1] - from[1]].map(geometry::tidy))
    }
}

fn lines(catalog: &Catalog, count: u32) -> Shape {
    let pitch = catalog.costs.get("rack-row-pitch-m").and_then(|c| c.value.get());
    Shape::Lines { count, lines: 1, pitch_m: pitch.unwrap_or_default() }
}

/// As the rows of the site are; on a site without rows two scalable units of the first rack.
fn row_size(site: &Site, catalog: &Catalog) -> Option<[f64; 2]> {
    if let Some(row) = site.halls.iter().flat_map(|g| &g.rows).next_back() {
        return Some(row.size);
    }
    let rack = catalog.racks.values().find(|r| offer::why_not_rack(r).is_none())?;
    let unit = rack.scalable_unit.as_ref().and_then(|id| catalog.units.get(id));
    let count = 2 * unit.map_or(1, |u| u.racks);
    Some([rack.width_m.get()? * f64::from(count), rack.depth_m.get()?])
}

/// Ground that one takes as the catalogue has it.
fn footprint(record: &Equipment) -> Option<[f64; 2]> {
    let size = |fact: &Option<crate::catalog::Fact>| fact.as_ref()?.get().filter(|v| *v > 0.0);
    Some([size(&record.width_m)?, size(&record.depth_m)?])
}

/// Whether a kind is drawn out to any size, and no machine.
fn is_ground(kind: EquipmentKind) -> bool {
    use EquipmentKind as K;
    matches!(
        kind,
        K::GridFeed | K::Hall | K::Building | K::Road | K::Yard | K::Pad | K::Water | K::Laydown
    )
}

/// The rack type that a unit consists of: the first of the catalogue that can be placed.
fn rack_of_unit<'a>(catalog: &'a Catalog, unit: &str) -> Option<&'a Rack> {
    let of_it = |r: &&Rack| r.scalable_unit.as_deref() == Some(unit);
    let mut all = catalog.racks.values().filter(of_it);
    let first = all.clone().next();
    all.find(|r| offer::why_not_rack(r).is_none()).or(first)
}

/// The rack type and racks in all of a placing of racks or units.
fn racks<'a>(placing: &Placing, catalog: &'a Catalog) -> Option<(&'a Rack, u64)> {
    let Shape::Lines { count, lines, .. } = placing.shape else { return None };
    let (rack, each) = match &placing.what {
        What::Racks(id) => (catalog.racks.get(id)?, 1),
        What::Unit(id) => (rack_of_unit(catalog, id)?, catalog.units.get(id)?.racks),
        _ => return None,
    };
    Some((rack, u64::from(count) * u64::from(lines) * u64::from(each)))
}

/// Where a placing would stand, what it would be, and why it cannot be.
pub fn ghost(site: &Site, catalog: &Catalog, placing: &Placing) -> Ghost {
    let words = words(placing, catalog);
    match geometry::boxes(placing, catalog) {
        Ok(boxes) => {
            let refusal = why_not(site, catalog, placing, &boxes);
            let support = match &placing.what {
                What::Unit(id) => unit::UnitLine::of(catalog, id)
                    .map_or_else(|_| Vec::new(), |unit| unit.support_of(&boxes)),
                _ => Vec::new(),
            };
            Ghost { boxes, support, words, refusal }
        }
        Err(why) => Ghost { boxes: Vec::new(), support: Vec::new(), words, refusal: Some(why) },
    }
}

fn why_not(site: &Site, catalog: &Catalog, placing: &Placing, boxes: &[Place]) -> Option<String> {
    if site.terms.site.infrastructure != Infrastructure::Built {
        return Some("This layout states a reference in place of a network and halls".to_owned());
    }
    if let Some(why) = offer::why_not(catalog, &placing.what) {
        return Some(why);
    }
    if let Shape::Outline(corners) = &placing.shape {
        return fit::bad_outline(corners);
    }
    let stand = match &placing.what {
        What::Racks(_) | What::Unit(_) => Stand::Rack,
        What::Row => Stand::Row,
        What::Equipment(id) => Stand::of(catalog.equipment.get(id)?.kind),
        What::Parcel => return None,
    };
    // The pieces that become elements: lines and fields stand as one.
    fit::refusal(site, catalog, stand, &geometry::pieces(placing, catalog, boxes))
}

/// What stands at the pointer: how many, and how much.
fn words(placing: &Placing, catalog: &Catalog) -> String {
    if let Some((rack, count)) = racks(placing, catalog) {
        let racks = if count == 1 { "rack" } else { "racks" };
        let power = provisioned_kw(rack, catalog).map_or_else(
            || "power unknown".to_owned(),
            |kw| format!("up to {} IT", format::power(Power::kw(kw * count as f64))),
        );
        let with = match (&placing.what, &placing.shape) {
            (What::Unit(id), Shape::Lines { count, lines, .. }) => {
                with_support(catalog, id, u64::from(*count) * u64::from(*lines))
            }
            _ => String::new(),
        };
        let count = format::count(count as f64);
        return format!("{count} {} {racks}{with}, {power}", rack.short);
    }
    match (&placing.what, &placing.shape) {
        (What::Parcel, Shape::Outline(corners)) => {
            let area = fit::area_m2(corners) / 10_000.0;
            match corners.len() {
                0 => "Click the first corner of the parcel".to_owned(),
                1 | 2 => format!("{} of at least 3 corners", corners.len()),
                n => format!("{n} corners, {} ha, Enter ends", format::fixed(area, 1)),
            }
        }
        (What::Equipment(id), Shape::Field { columns, rows, .. }) => {
            let Some(record) = catalog.equipment.get(id) else { return id.clone() };
            let count = f64::from(*columns) * f64::from(*rows);
            let noun = offer::noun(catalog, record);
            let mut words = format!("{} × {}", format::count(count), lower_first(&noun));
            if let Some((mw, of)) = make::rating_mw(record, catalog) {
                words.push_str(&format!(", {}{of}", format::power(Power::mw(mw * count))));
            }
            words
        }
        (What::Equipment(id), _) => {
            catalog.equipment.get(id).map_or_else(|| id.clone(), |e| offer::noun(catalog, e))
        }
        (What::Row, _) => "Row".to_owned(),
        _ => String::new(),
    }
}

/// ` with 4 support racks`, of so many units.
fn with_support(catalog: &Catalog, unit: &str, units: u64) -> String {
    let each = unit::UnitLine::of(catalog, unit).map_or(0, |line| line.support.len() as u64);
    match each * units {
        0 => String::new(),
        1 => " with 1 support rack".to_owned(),
        n => format!(" with {} support racks", format::count(n as f64)),
    }
}

/// Rack input at the highest cap with the rack's share of its unit's support racks, kW.
fn provisioned_kw(rack: &Rack, catalog: &Catalog) -> Option<f64> {
    let cap = rack.caps.last()?.kw.get()?;
    let Some(unit) = rack.scalable_unit.as_ref().and_then(|id| catalog.units.get(id)) else {
        return Some(cap);
    };
    let mut support = 0.0;
    for one in &unit.support {
        support += one.kw.get()? * f64::from(one.count);
    }
    Some(cap + support / f64::from(unit.racks.max(1)))
}

/// The site with what was placed; see [`super::Command::Place`].
pub(super) fn place(
    site: &Site,
    catalog: &Catalog,
    placing: &Placing,
) -> Result<(Site, String), EditError> {
    let boxes = geometry::boxes(placing, catalog).map_err(EditError::NotPlaced)?;
    if let Some(why) = why_not(site, catalog, placing, &boxes) {
        return Err(EditError::NotPlaced(why));
    }
    if let Shape::Outline(corners) = &placing.shape {
        let mut edited = site.clone();
        Arc::make_mut(&mut edited.terms).site.parcel.clone_from(corners);
        return Ok((edited, "Draw the parcel".to_owned()));
    }
    let pieces = geometry::pieces(placing, catalog, &boxes);
    let (edited, words) = make::made(site, catalog, placing, &pieces)
        .ok_or_else(|| EditError::NotPlaced(format!("There is no {:?}", placing.what)))?;
    Ok((edited, format!("Place {}", lower_first(&words))))
}

/// What a placing leaves for a person to see to: a loop that it has to make, a source that it
/// does not find. Empty where all is connected.
pub fn remarks(site: &Site, catalog: &Catalog, placing: &Placing) -> Vec<String> {
    let Ok((after, _)) = place(site, catalog, placing) else { return Vec::new() };
    connect::remarks(site, &after)
}
