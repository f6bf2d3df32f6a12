//! Other sizes for elements: blocks in whole racks, and nothing smaller than what stands in it.

use super::element::resolve;
use super::relocate::{Motion, Place, shift_all};
use super::{EditError, ElementId, label};
use crate::catalog::{Catalog, Rack};
use crate::scene::geom::Bounds;
use crate::scene::plan::Lattice;
use crate::site::{Block, ElementRef, HallGroup, Site};
use std::collections::HashSet;
use std::sync::Arc;

/// A side of an element, by where it faces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    North,
    South,
    West,
    East,
}

impl Side {
    pub const ALL: [Side; 4] = [Side::North, Side::South, Side::West, Side::East];

    pub const fn word(self) -> &'static str {
        match self {
            Side::North => "north",
            Side::South => "south",
            Side::West => "west",
            Side::East => "east",
        }
    }

    const fn is_horizontal(self) -> bool {
        matches!(self, Side::West | Side::East)
    }
}

/// Lengths closer than this are one, metres.
const TOUCH_M: f64 = 1e-6;

/// Gives an element another place and size; see [`super::Command::Resize`].
pub(super) fn resize(
    site: &Site,
    catalog: &Catalog,
    id: &ElementId,
    to: Place,
) -> Result<(Site, String), EditError> {
    let chosen = resolve(site, std::slice::from_ref(id))?;
    let mut edited = site.clone();
    for element in &chosen {
        resize_one(&mut edited, catalog, *element, to)?;
    }
    Ok((edited, format!("Resize {}", label::things(&chosen))))
}

/// Moves one side of elements by steps; see [`super::Command::Grow`].
pub(super) fn grow(
    site: &Site,
    catalog: &Catalog,
    ids: &[ElementId],
    (side, by_m): (Side, f64),
) -> Result<(Site, String), EditError> {
    if !by_m.is_finite() {
        return Err(EditError::BadDistance);
    }
    let chosen = resolve(site, ids)?;
    let mut edited = site.clone();
    for element in &chosen {
        let Some((mut at, mut size)) = element.rectangle() else { continue };
        let axis = usize::from(!side.is_horizontal());
        // A block grows by a rack or a line of them, whatever they measure.
        let step = match element {
            ElementRef::Block(block) => cell(block, catalog).map(|cell| cell[axis]),
            _ => None,
        };
        let by =
            step.map_or(by_m, |cell| cell * by_m.signum() * (by_m.abs() / cell).round().max(1.0));
        size[axis] += by;
        if matches!(side, Side::West | Side::North) {
            at[axis] -= by;
        }
        resize_one(&mut edited, catalog, *element, (at, size))?;
    }
    if chosen.iter().all(|e| e.rectangle().is_none()) {
        return Err(EditError::NoPlace);
    }
    let verb = if by_m < 0.0 { "Shrink" } else { "Grow" };
    Ok((edited, format!("{verb} {} at the {}", label::things(&chosen), side.word())))
}

/// What an element would be if it were given a place and size: blocks in whole racks.
///
/// # Errors
/// Why it cannot be.
pub fn resized(
    site: &Site,
    catalog: &Catalog,
    id: &ElementId,
    to: Place,
) -> Result<Place, EditError> {
    let chosen = resolve(site, std::slice::from_ref(id))?;
    let element = chosen.first().copied().ok_or(EditError::NothingSelected)?;
    Ok(outcome(site, catalog, element, to)?.0)
}

/// Place and size as they come out, with the racks of a block.
fn outcome(
    site: &Site,
    catalog: &Catalog,
    element: ElementRef<'_>,
    to: Place,
) -> Result<(Place, Option<Racks>), EditError> {
    let Some(from) = element.rectangle() else { return Err(EditError::NoPlace) };
    let name = || label::called(element);
    if !to.0.iter().chain(&to.1).all(|v| v.is_finite()) || to.1.iter().any(|v| *v <= TOUCH_M) {
        return Err(EditError::BadSize(name()));
    }
    let (to, racks) = match element {
        ElementRef::Block(block) => match whole_racks(block, catalog, to) {
            Some((to, racks)) => (to, Some(racks)),
            None => (to, None),
        },
        _ => (to, None),
    };
    match misfit(site, element, from, to) {
        Some(why) => Err(EditError::DoesNotFit { name: name(), why }),
        None => Ok((to, racks)),
    }
}

fn resize_one(
    edited: &mut Site,
    catalog: &Catalog,
    element: ElementRef<'_>,
    to: Place,
) -> Result<(), EditError> {
    let (to, racks) = outcome(edited, catalog, element, to)?;
    let id = element.id().to_owned();
    shift_all(edited, &HashSet::from([id.clone()]), Motion::To(to));
    if let Some(racks) = racks {
        let has = |g: &Arc<HallGroup>| g.blocks.iter().any(|b| b.id == id);
        let group = edited.halls.iter_mut().find(|g| has(g));
        let block = group.and_then(|g| Arc::make_mut(g).blocks.iter_mut().find(|b| b.id == id));
        if let Some(block) = block {
            racks.put(block);
        }
    }
    Ok(())
}

/// Racks of a block and how many stand side by side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Racks {
    pub count: u32,
    pub per_line: u32,
}

impl Racks {
    pub fn put(self, block: &mut Block) {
        if block.count.is_some() {
            block.count = Some(self.count);
        }
        if let Some(planned) = &mut block.planned {
            planned.max = self.count;
            planned.min = planned.min.min(self.count);
        }
        if block.racks_per_line.is_some() || self.per_line != self.count {
            block.racks_per_line = Some(self.per_line);
        }
    }
}

/// Metres east and south that one rack of a block takes: as it stands, but not less than the
/// catalogue says. `None` for pools and blocks without a place.
fn cell(block: &Block, catalog: &Catalog) -> Option<[f64; 2]> {
    cell_for(block, catalog, rack_of(block).and_then(|id| catalog.racks.get(id)))
}

/// The same where the block held racks of another type.
pub(super) fn cell_for(block: &Block, catalog: &Catalog, rack: Option<&Rack>) -> Option<[f64; 2]> {
    let lattice = Lattice::of(block, catalog)?;
    let (along, across) = lattice.pitch(block.size);
    let least = |fact: Option<f64>| fact.unwrap_or(0.0);
    let along = along.max(least(rack.and_then(|r| r.width_m.get())));
    let across = across.max(least(rack.and_then(|r| r.depth_m.get())));
    Some(if lattice.along_x { [along, across] } else { [across, along] })
}

fn rack_of(block: &Block) -> Option<&str> {
    let planned = block.planned.as_ref().and_then(|p| p.racks.first());
    block.rack.as_ref().or(planned).map(String::as_str)
}

/// The largest whole number of racks in a place, with the place that they take: the side that
/// did not move stays. `None` where the block holds no racks to count.
fn whole_racks(block: &Block, catalog: &Catalog, to: Place) -> Option<(Place, Racks)> {
    let old = Lattice::of(block, catalog)?;
    let cell = cell(block, catalog)?;
    let fit = [0, 1].map(|i| ((to.1[i] + TOUCH_M) / cell[i]).floor().clamp(1.0, 1e6) as u32);
    let (per_line, lines) = if old.along_x { (fit[0], fit[1]) } else { (fit[1], fit[0]) };
    // What the last line lacks, it still lacks.
    let lacking = (old.per_line * old.lines).saturating_sub(old.places);
    let full = per_line.saturating_mul(lines);
    let count = full.saturating_sub(lacking).max((lines - 1).saturating_mul(per_line) + 1);
    let size = [0, 1].map(|i| cell[i] * f64::from(fit[i]));
    let at = [0, 1].map(|i| {
        let far = |at: f64, size: f64| at + size;
        let moved = (to.0[i] - block.at[i]).abs() > TOUCH_M;
        let held = (far(to.0[i], to.1[i]) - far(block.at[i], block.size[i])).abs() <= TOUCH_M;
        if moved && held { tidy(far(to.0[i], to.1[i]) - size[i]) } else { to.0[i] }
    });
    let size = size.map(tidy);
    let bounds = Bounds::at_size(at, size);
    // Drawn and read as lines of the shape that they have now.
    let turned = Lattice::runs_along_x(&bounds, per_line, lines) != old.along_x;
    let per_line = if turned { lines } else { per_line };
    Some(((at, size), Racks { count, per_line }))
}

/// Without the digits that binary fractions add.
pub(super) fn tidy(v: f64) -> f64 {
    (v * 1e9).round() / 1e9
}

/// What would no longer fit and did before, in words; `None` where all does.
pub(super) fn misfit(
    site: &Site,
    element: ElementRef<'_>,
    from: Place,
    to: Place,
) -> Option<String> {
    let newly_out = |inner: Place| inside(inner, from) && !inside(inner, to);
    let newly_over = |other: Place| !overlap(other, from) && overlap(other, to);
    let left = |outer: Place| inside(from, outer) && !inside(to, outer);
    let group = |hall: &str| site.halls.iter().find(move |g| super::relocate::is_group_of(g, hall));
    let home = element.hall().and_then(group);
    if let Some(hall) = home.and_then(|g| g.hall.as_ref())
        && left((hall.at, hall.size))
    {
        return Some(format!("it would reach beyond {}", label::named("hall", &hall.name)));
    }
    let over = |mut all: Vec<ElementRef<'_>>| {
        all.retain(|e| e.id() != element.id() && e.rectangle().is_some_and(newly_over));
        (!all.is_empty()).then(|| format!("it would overlap {}", label::things(&all)))
    };
    let out = |mut all: Vec<ElementRef<'_>>| {
        all.retain(|e| e.id() != element.id() && e.rectangle().is_some_and(newly_out));
        (!all.is_empty()).then(|| format!("{} would not fit into it", label::things(&all)))
    };
    match element {
        ElementRef::Hall(hall) => {
            let contents = group(&hall.id).map(|g| g.elements().collect()).unwrap_or_default();
            let halls = site.halls.iter().filter_map(|g| g.hall.as_ref()).map(ElementRef::Hall);
            out(contents).or_else(|| over(halls.collect()))
        }
        ElementRef::Row(row) => {
            let blocks = home.iter().flat_map(|g| g.blocks.iter());
            let own = blocks.filter(|b| b.row.as_deref() == Some(&row.id));
            out(own.map(ElementRef::Block).collect())
        }
        ElementRef::Block(_) | ElementRef::NetworkRack(_) => {
            let row = match element {
                ElementRef::Block(b) => b.row.as_deref(),
                _ => None,
            };
            let row = home.and_then(|g| g.rows.iter().find(|r| Some(r.id.as_str()) == row));
            if let Some(row) = row.filter(|r| left((r.at, r.size))) {
                return Some(format!("it would reach beyond {}", label::named("row", &row.name)));
            }
            let racks = home.iter().flat_map(|g| g.network_racks.iter());
            let blocks = home.iter().flat_map(|g| g.blocks.iter()).map(ElementRef::Block);
            over(blocks.chain(racks.map(ElementRef::NetworkRack)).collect())
        }
        _ => None,
    }
}

fn overlap(a: Place, b: Place) -> bool {
    (0..2).all(|i| a.0[i] + TOUCH_M < b.0[i] + b.1[i] && b.0[i] + TOUCH_M < a.0[i] + a.1[i])
}

fn inside(inner: Place, outer: Place) -> bool {
    (0..2).all(|i| {
        inner.0[i] + TOUCH_M >= outer.0[i]
            && inner.0[i] + inner.1[i] <= outer.0[i] + outer.1[i] + TOUCH_M
    })
}
