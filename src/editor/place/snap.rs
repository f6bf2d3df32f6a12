//! Where a ghost settles: on the raster of racks, on rows and beside what stands in them, at
//! the edges of halls.

use super::{Place, Placing, Shape, What};
use crate::catalog::{Catalog, EquipmentKind};
use crate::editor::room::overlap;
use crate::site::{ElementRef, HallGroup, Site};

/// Raster of racks, metres.
const RASTER_M: f64 = 0.6;

/// The placing with its corner where it settles; edges and rows draw it from `reach_m` away,
/// which is less than half a step of the raster where steps must lead away from them.
pub fn snapped(site: &Site, catalog: &Catalog, placing: &Placing, reach_m: f64) -> Placing {
    let mut snapped = placing.clone();
    let raster = |v: f64| super::geometry::tidy((v / RASTER_M).round() * RASTER_M);
    snapped.at = placing.at.map(raster);
    if let Shape::Outline(_) = placing.shape {
        return snapped;
    }
    let Some(size) = placing.size(catalog) else { return snapped };
    let place = (placing.at, size);
    if indoors(catalog, &placing.what)
        && let Some(group) = group_around(site, place)
    {
        let row = row_under(group, place, reach_m);
        if let Some(at) = row.and_then(|row| in_row(site, row, place, reach_m)) {
            snapped.at = at;
            return snapped;
        }
    }
    for axis in 0..2 {
        if let Some(at) = at_edge(site, place, axis, reach_m.min(3.0)) {
            snapped.at[axis] = super::geometry::tidy(at);
        }
    }
    snapped
}

fn indoors(catalog: &Catalog, what: &What) -> bool {
    match what {
        What::Racks(_) | What::Unit(_) => true,
        What::Equipment(id) => {
            catalog.equipment.get(id).is_some_and(|e| e.kind == EquipmentKind::NetworkRack)
        }
        What::Row | What::Parcel => false,
    }
}

fn group_around(site: &Site, place: Place) -> Option<&HallGroup> {
    let around = |g: &&std::sync::Arc<HallGroup>| {
        g.hall.as_ref().is_some_and(|h| overlap(place, (h.at, h.size)))
    };
    site.halls.iter().find(around).map(AsRef::as_ref)
}

/// The row whose line is nearest to that of the ghost, within reach.
fn row_under(group: &HallGroup, (at, size): Place, reach_m: f64) -> Option<Place> {
    let runs_south = |p: Place| p.1[1] > p.1[0];
    let ghost = (at, size);
    let near = group.rows.iter().map(|r| (r.at, r.size)).filter(|row| {
        let grown = ([row.0[0] - reach_m, row.0[1] - reach_m], row.1.map(|v| v + 2.0 * reach_m));
        // A single rack fits into rows of both ways.
        let same = runs_south(*row) == runs_south(ghost) || size[0].max(size[1]) < 2.0;
        same && overlap(ghost, grown)
    });
    let off = |row: Place| {
        let axis = usize::from(!runs_south(row));
        (row.0[axis] + row.1[axis] / 2.0 - at[axis] - size[axis] / 2.0).abs()
    };
    let nearest = near.min_by(|a, b| off(*a).total_cmp(&off(*b)))?;
    (off(nearest) <= reach_m + 1e-9).then_some(nearest)
}

/// On the row's line; along it at the raster from its start, or against a neighbour.
fn in_row(site: &Site, row: Place, (at, size): Place, reach_m: f64) -> Option<[f64; 2]> {
    let across = usize::from(row.1[1] <= row.1[0]);
    let along = 1 - across;
    let mut settled = at;
    settled[across] = row.0[across] + (row.1[across] - size[across]) / 2.0;
    let mut candidates = vec![
        row.0[along] + ((at[along] - row.0[along]) / RASTER_M).round() * RASTER_M,
        row.0[along],
        row.0[along] + row.1[along] - size[along],
    ];
    let beside =
        site.elements().filter(|e| matches!(e, ElementRef::Block(_) | ElementRef::NetworkRack(_)));
    for (other, extent) in beside.filter_map(ElementRef::rectangle) {
        let mut reach = (row.0, row.1);
        reach.0[along] -= RASTER_M;
        reach.1[along] += 2.0 * RASTER_M;
        if overlap((other, extent), reach) {
            candidates.push(other[along] + extent[along]);
            candidates.push(other[along] - size[along]);
        }
    }
    // A neighbour's side wins over the raster, which is never further than half a step.
    let off = |v: &f64| (v - at[along]).abs();
    let edge = candidates.iter().skip(1).copied().filter(|v| off(v) <= reach_m.min(RASTER_M));
    let best = edge.min_by(|a, b| off(a).total_cmp(&off(b))).or(candidates.first().copied())?;
    settled[along] = best;
    Some(settled.map(super::geometry::tidy))
}

/// Where a side of the ghost lies on a wall of a hall, inside or outside.
fn at_edge(site: &Site, (at, size): Place, axis: usize, reach_m: f64) -> Option<f64> {
    let other = 1 - axis;
    let near = |h: &Place| {
        at[other] < h.0[other] + h.1[other] + reach_m
            && at[other] + size[other] > h.0[other] - reach_m
    };
    let halls = site.halls.iter().filter_map(|g| g.hall.as_ref()).map(|h| (h.at, h.size));
    let sides = halls.filter(near).flat_map(|h| {
        let (low, high) = (h.0[axis], h.0[axis] + h.1[axis]);
        [low, high, low - size[axis], high - size[axis]]
    });
    let off = |v: &f64| (v - at[axis]).abs();
    sides.filter(|v| off(v) <= reach_m).min_by(|a, b| off(a).total_cmp(&off(b)))
}
