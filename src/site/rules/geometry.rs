//! Things stand on the ground, beside each other and inside their hall.

use super::Rule;
use super::context::{Context, error, warning};
use crate::diag::Report;
use crate::site::ground::{Rectangle, TOLERANCE_M};
use crate::site::{ElementRef, HallGroup};
use std::collections::BTreeMap;

pub(super) const RULE: Rule = Rule {
    name: "geometry",
    about: "A parcel has at least three corners; halls do not overlap; the blocks of a hall do not overlap each other and lie inside it.",
    codes: &[
        ("bad-parcel", "an outline of fewer than three corners"),
        ("bad-origin", "an origin that is no longitude and latitude"),
        ("overlap", "two halls, or two blocks or network racks of a hall, overlap"),
        ("outside-hall", "a block reaches beyond its hall"),
    ],
    check,
};

fn check(context: &Context, report: &mut Report) {
    let parcel = &context.site.terms.site.parcel;
    if (1..3).contains(&parcel.len()) {
        let message = format!("The parcel has {} corners", parcel.len());
        let hint = "Enter at least three corners, or none";
        error(report, "bad-parcel", "site.parcel".into(), message, hint);
    }
    if let Some([lon, lat]) = context.site.terms.site.origin_deg
        && !(lon.abs() <= 360.0 && lat.abs() < 90.0)
    {
        let message = format!("The origin at longitude {lon}, latitude {lat} is not on the globe");
        let hint = "Enter degrees on WGS 84, or leave the origin out";
        error(report, "bad-origin", "site.origin_deg".into(), message, hint);
    }
    if !context.built() {
        return;
    }
    let halls: Vec<_> = context.site.halls.iter().filter_map(|g| g.hall.as_ref()).collect();
    let boxes: Vec<_> = halls.iter().map(|h| Rectangle::new(h.at, h.size)).collect();
    for (a, b) in overlaps(&boxes) {
        let message = format!("Halls `{}` and `{}` overlap", halls[a].id, halls[b].id);
        error(report, "overlap", format!("halls.{}.at", halls[b].id), message, "Move one of them");
    }
    for group in context.site.halls.iter().filter(|g| g.hall.is_some()) {
        inside(group, report);
    }
}

fn inside(group: &HallGroup, report: &mut Report) {
    let blocks = group.blocks.iter().map(|b| ("blocks", &b.id, Rectangle::new(b.at, b.size)));
    let racks =
        group.network_racks.iter().map(|r| ("network_racks", &r.id, Rectangle::new(r.at, r.size)));
    let things: Vec<_> = blocks.chain(racks).collect();
    let boxes: Vec<_> = things.iter().map(|t| t.2).collect();
    for (a, b) in overlaps(&boxes) {
        let (first, second) = (&things[a], &things[b]);
        let message = format!("`{}` and `{}` overlap", first.1, second.1);
        let path = format!("{}.{}.at", second.0, second.1);
        error(report, "overlap", path, message, "Move one of them");
    }
    let Some(hall) = &group.hall else { return };
    let walls = Rectangle::new(hall.at, hall.size);
    for (collection, id, rectangle) in things {
        if rectangle.is_solid() && !walls.contains(rectangle) {
            let message = format!("`{id}` reaches beyond hall `{}`", hall.id);
            let path = format!("{collection}.{id}.at");
            warning(report, "outside-hall", path, message, "Move it inside, or enlarge the hall");
        }
    }
}

/// Whether two elements of a kind cannot stand as they do.
pub(super) fn collide(a: ElementRef<'_>, b: ElementRef<'_>) -> bool {
    let rack = |e: ElementRef<'_>| matches!(e, ElementRef::Block(_) | ElementRef::NetworkRack(_));
    let hall = |e: ElementRef<'_>| matches!(e, ElementRef::Hall(_));
    let alike = (rack(a) && rack(b) && a.hall() == b.hall()) || (hall(a) && hall(b));
    let (Some((at, size)), Some((other_at, other_size))) = (a.rectangle(), b.rectangle()) else {
        return false;
    };
    let (a, b) = (Rectangle::new(at, size), Rectangle::new(other_at, other_size));
    alike && a.is_solid() && b.is_solid() && a.overlaps(b)
}

/// A float as a key of an ordered map.
#[derive(Clone, Copy, PartialEq)]
struct Key(f64);

impl Eq for Key {}

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Key {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.total_cmp(&other.0)
    }
}

/// Indices of rectangles that overlap an earlier one, each once, with one that it overlaps;
/// ascending. Sweeps from west to east over the ones in reach, which lie apart from each
/// other, so that only the two neighbours in y need to be asked.
fn overlaps(boxes: &[Rectangle]) -> Vec<(usize, usize)> {
    let solid = |i: &usize| boxes.get(*i).is_some_and(|b| b.is_solid());
    let mut order: Vec<usize> = (0..boxes.len()).filter(solid).collect();
    order.sort_by(|&a, &b| boxes[a].x[0].total_cmp(&boxes[b].x[0]).then(a.cmp(&b)));
    let mut ends = order.clone();
    ends.sort_by(|&a, &b| boxes[a].x[1].total_cmp(&boxes[b].x[1]));
    let mut ends = ends.into_iter().peekable();
    let mut apart: BTreeMap<Key, usize> = BTreeMap::new();
    // Ones that overlap another; asked one by one, so only so many.
    let mut tangled: Vec<usize> = Vec::new();
    const MOST_TANGLED: usize = 64;
    let mut found = Vec::new();
    for index in order {
        let current = boxes[index];
        while let Some(&gone) = ends.peek() {
            if boxes[gone].x[1] > current.x[0] + TOLERANCE_M {
                break;
            }
            if apart.get(&Key(boxes[gone].y[0])) == Some(&gone) {
                apart.remove(&Key(boxes[gone].y[0]));
            }
            ends.next();
        }
        tangled.retain(|&i| boxes[i].x[1] > current.x[0] + TOLERANCE_M);
        let at = Key(current.y[0]);
        let below = apart.range(..=at).next_back();
        let above = apart.range(at..).next();
        let hit = below
            .into_iter()
            .chain(above)
            .map(|(_, &i)| i)
            .chain(tangled.iter().copied())
            .find(|&i| boxes[i].overlaps(current));
        match hit {
            Some(other) => {
                found.push((index.min(other), index.max(other)));
                if tangled.len() < MOST_TANGLED {
                    tangled.push(index);
                }
            }
            None => {
                apart.insert(at, index);
            }
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rectangle(x: f64, y: f64, w: f64, h: f64) -> Rectangle {
        Rectangle::new([x, y], [w, h])
    }

    #[test]
    fn touching_walls_do_not_overlap() {
        let boxes = [rectangle(0.0, 0.0, 1.0, 1.0), rectangle(1.0, 0.0, 1.0, 1.0)];
        assert_eq!(overlaps(&boxes), []);
        // A sum that is not exact in binary.
        let boxes = [rectangle(0.1, 0.0, 0.2, 1.0), rectangle(0.3, 0.0, 0.2, 1.0)];
        assert_eq!(overlaps(&boxes), []);
    }

    #[test]
    fn the_sweep_finds_the_same_culprits_as_asking_every_pair() {
        // A small congruential generator: the test needs many layouts, not good randomness.
        let mut seed = 1u64;
        let mut next = |most: u64| {
            seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            ((seed >> 33) % most) as f64
        };
        for round in 0..300 {
            let count = 2 + round % 40;
            let boxes: Vec<_> = (0..count)
                .map(|_| {
                    rectangle(
                        next(40) / 2.0,
                        next(40) / 2.0,
                        0.5 + next(6) / 2.0,
                        0.5 + next(6) / 2.0,
                    )
                })
                .collect();
            let swept = overlaps(&boxes);
            let mut pairs = Vec::new();
            for b in 0..boxes.len() {
                for a in 0..b {
                    if boxes[a].overlaps(boxes[b]) {
                        pairs.push((a, b));
                    }
                }
            }
            assert_eq!(swept.is_empty(), pairs.is_empty(), "{boxes:?}");
            assert!(swept.iter().all(|pair| pairs.contains(pair)), "{swept:?} {pairs:?}");
            // Moving every reported one of a pair away must clear the plan of overlaps
            // between any two that were never reported.
            let named = |i: usize| swept.iter().any(|&(a, b)| a == i || b == i);
            assert!(pairs.iter().all(|&(a, b)| named(a) || named(b)));
        }
    }
}
