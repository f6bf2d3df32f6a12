//! A free place for copies: how far to move them so that they overlap nothing and keep the
//! distances that the checks ask for.

use super::relocate::{around, with_contents};
use super::{ElementId, element};
use crate::catalog::Catalog;
use crate::site::{ElementRef, Fragment, Site, clearance_m, keeps_clear};
use std::collections::HashSet;

/// A corner and a size, metres.
type Place = ([f64; 2], [f64; 2]);

/// Metres between copies of things that stand in the open.
const GAP_M: f64 = 2.0;
/// Steps tried in each direction before the copies go where they overlap nothing for certain.
const FAR: i32 = 24;
/// Edges of what stands in the way that copies are put beside, in each direction.
const EDGES: usize = 48;

/// How far to move copies of elements of the site. `catalog` is that in force.
pub fn beside(site: &Site, catalog: &Catalog, ids: &[ElementId]) -> [f64; 2] {
    let Ok(chosen) = element::resolve(site, ids) else { return [0.0, 0.0] };
    let all = with_contents(site, &chosen);
    let copied: Vec<ElementRef<'_>> = site.elements().filter(|e| all.contains(e.id())).collect();
    free_shift(site, catalog, &copied)
}

/// How far to move pasted elements: not at all where their place is free, as in another site.
pub fn room_for(site: &Site, catalog: &Catalog, fragment: &Fragment) -> [f64; 2] {
    free_shift(site, catalog, &fragment.elements().collect::<Vec<_>>())
}

/// Whether elements share a floor: racks in halls, halls among each other, the rest in the
/// open, which is where no hall stands.
fn floor(element: ElementRef<'_>) -> u8 {
    match element {
        ElementRef::Block(_) | ElementRef::NetworkRack(_) => 0,
        ElementRef::Hall(_) => 1,
        // Rows lie under their blocks, areas under everything.
        ElementRef::Row(_)
        | ElementRef::Area(_)
        | ElementRef::Constraint(_)
        | ElementRef::Underlay(_)
        | ElementRef::Loop(_) => 3,
        _ => 2,
    }
}

fn free_shift(site: &Site, catalog: &Catalog, copied: &[ElementRef<'_>]) -> [f64; 2] {
    let halls_too: HashSet<&str> =
        copied.iter().filter(|e| matches!(e, ElementRef::Hall(_))).map(|e| e.id()).collect();
    // What is in a hall that is copied too stands free if the hall does.
    let counts = |e: &ElementRef<'_>| !e.hall().is_some_and(|hall| halls_too.contains(hall));
    let outer: Vec<ElementRef<'_>> = copied.iter().copied().filter(counts).collect();
    let own: Vec<(u8, Place)> =
        outer.iter().filter_map(|e| Some((floor(*e), e.rectangle()?))).collect();
    let Some((from, to)) = around(own.iter().map(|(_, place)| *place)) else { return [0.0, 0.0] };
    let floors: Vec<u8> = own.iter().map(|(floor, _)| *floor).collect();
    let taken: Vec<Place> = site
        .elements()
        .filter(|e| {
            let machines = floors.contains(&0) && e.is_machine();
            machines || floors.contains(&floor(*e)) || floor(*e) == 1 && floors.contains(&2)
        })
        .filter(|e| floor(*e) != 3)
        .filter_map(ElementRef::rectangle)
        .collect();
    let halls: Vec<Place> =
        site.halls.iter().filter_map(|g| g.hall.as_ref()).map(|h| (h.at, h.size)).collect();
    let racks = floors.contains(&0);
    let clearance = clearance_m(catalog, copied);
    let gap = if racks { clearance } else { clearance.map(|c| c.max(GAP_M)) };
    let size = [to[0] - from[0], to[1] - from[1]];
    let step = [size[0] + gap[0], size[1] + gap[1]];
    let at = |by: &[f64; 2]| ([from[0] + by[0], from[1] + by[1]], size);
    let free = |by: &[f64; 2]| !taken.iter().any(|other| overlap(at(by), *other));
    let housed = |by: &[f64; 2]| !racks || halls.iter().any(|hall| inside(at(by), *hall));
    let clear = |by: &[f64; 2]| free(by) && keeps_clear(site, catalog, &outer, *by);
    let near = || beside_edges((from, size), gap, &taken);
    // Racks stay in a hall where one has room; then anywhere, at last without the distances.
    steps(step)
        .find(|by| housed(by) && clear(by))
        .or_else(|| near().find(|by| housed(by) && clear(by)))
        .or_else(|| steps(step).find(clear))
        .or_else(|| steps(step).find(free))
        .unwrap_or([step[0] * f64::from(FAR), 0.0])
}

/// Moves that put the copies beside an edge of what is in the way, at the gap or touching,
/// nearest first.
fn beside_edges(
    (from, size): Place,
    gap: [f64; 2],
    taken: &[Place],
) -> impl Iterator<Item = [f64; 2]> {
    let [along, down] = [0, 1].map(|i: usize| {
        let mut moves = vec![0.0];
        for (at, wide) in taken {
            for gap in [0.0, gap[i]] {
                moves.push(at[i] + wide[i] + gap - from[i]);
                moves.push(at[i] - size[i] - gap - from[i]);
            }
        }
        moves.sort_by(|a, b| a.abs().total_cmp(&b.abs()).then(b.total_cmp(a)));
        moves.dedup_by(|a, b| (*a - *b).abs() < TOUCH_M);
        moves.truncate(EDGES);
        moves
    });
    let mut both: Vec<[f64; 2]> =
        along.iter().flat_map(|x| down.iter().map(move |y| [*x, *y])).collect();
    both.sort_by(|a, b| (a[0].abs() + a[1].abs()).total_cmp(&(b[0].abs() + b[1].abs())));
    both.into_iter()
}

/// Moves by whole steps, nearest first: in place, then east and south before west and north.
fn steps(step: [f64; 2]) -> impl Iterator<Item = [f64; 2]> {
    let mut cells: Vec<(i32, i32)> =
        (-FAR..=FAR).flat_map(|x| (-FAR..=FAR).map(move |y| (x, y))).collect();
    let rank = |(x, y): &(i32, i32)| {
        let far = x.abs() + y.abs();
        (far, u8::from(*x < 0 || *y < 0), y.abs())
    };
    cells.sort_by_key(rank);
    cells.into_iter().map(move |(x, y)| [step[0] * f64::from(x), step[1] * f64::from(y)])
}

/// Room that touching neighbours may share, metres.
const TOUCH_M: f64 = 1e-6;

pub(super) fn overlap(a: Place, b: Place) -> bool {
    (0..2).all(|i| a.0[i] + TOUCH_M < b.0[i] + b.1[i] && b.0[i] + TOUCH_M < a.0[i] + a.1[i])
}

pub(super) fn inside(inner: Place, outer: Place) -> bool {
    (0..2).all(|i| {
        inner.0[i] + TOUCH_M >= outer.0[i]
            && inner.0[i] + inner.1[i] <= outer.0[i] + outer.1[i] + TOUCH_M
    })
}
