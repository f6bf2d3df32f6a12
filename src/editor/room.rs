//! A free place for copies: how far to move them so that they overlap nothing.

use super::relocate::{around, with_contents};
use super::{ElementId, element};
use crate::site::{ElementRef, Fragment, Site};
use std::collections::HashSet;

/// A corner and a size, metres.
type Place = ([f64; 2], [f64; 2]);

/// Metres between copies of things that stand in the open.
const GAP_M: f64 = 2.0;
/// Steps tried in each direction before the copies go where they overlap nothing for certain.
const FAR: i32 = 24;

/// How far to move copies of elements of the site.
pub fn beside(site: &Site, ids: &[ElementId]) -> [f64; 2] {
    let Ok(chosen) = element::resolve(site, ids) else { return [0.0, 0.0] };
    let all = with_contents(site, &chosen);
    let copied: Vec<ElementRef<'_>> = site.elements().filter(|e| all.contains(e.id())).collect();
    free_shift(site, &copied)
}

/// How far to move pasted elements: not at all where their place is free, as in another site.
pub fn room_for(site: &Site, fragment: &Fragment) -> [f64; 2] {
    free_shift(site, &fragment.elements().collect::<Vec<_>>())
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

fn free_shift(site: &Site, copied: &[ElementRef<'_>]) -> [f64; 2] {
    let halls_too: HashSet<&str> =
        copied.iter().filter(|e| matches!(e, ElementRef::Hall(_))).map(|e| e.id()).collect();
    // What is in a hall that is copied too stands free if the hall does.
    let counts = |e: &ElementRef<'_>| !e.hall().is_some_and(|hall| halls_too.contains(hall));
    let own: Vec<(u8, Place)> = copied
        .iter()
        .filter(|e| counts(e))
        .filter_map(|e| Some((floor(*e), e.rectangle()?)))
        .collect();
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
    let gap = if racks { 0.0 } else { GAP_M };
    let step = [to[0] - from[0] + gap, to[1] - from[1] + gap];
    let size = [to[0] - from[0], to[1] - from[1]];
    let free = |by: &[f64; 2]| {
        let at = [from[0] + by[0], from[1] + by[1]];
        !taken.iter().any(|other| overlap((at, size), *other))
    };
    let housed = |by: &[f64; 2]| {
        let at = [from[0] + by[0], from[1] + by[1]];
        halls.iter().any(|hall| inside((at, size), *hall))
    };
    // Racks stay in a hall where one has room.
    let best = steps(step).find(|by| (!racks || housed(by)) && free(by));
    best.or_else(|| steps(step).find(free)).unwrap_or([step[0] * f64::from(FAR), 0.0])
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
