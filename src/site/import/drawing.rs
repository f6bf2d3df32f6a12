//! Lines of a foreign drawing, whatever it was read from.
//!
//! It must not know file formats.

use super::Skipped;
use super::outline::extent;
use std::collections::{BTreeMap, BTreeSet};

/// A line of a drawing.
#[derive(Clone, Debug, PartialEq)]
pub struct Path {
    pub layer: String,
    /// Corners in the unit of the drawing, y to the south.
    pub points: Vec<[f64; 2]>,
    pub closed: bool,
}

/// The lines of a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Drawing {
    /// Metres of one unit.
    pub unit_m: f64,
    pub paths: Vec<Path>,
    pub skipped: Vec<Skipped>,
    /// Longitude and latitude of the point 0, 0, where the file says them.
    pub origin_deg: Option<[f64; 2]>,
}

impl Drawing {
    /// Names of its layers, each once.
    pub fn layers(&self) -> Vec<&str> {
        let all: BTreeSet<&str> = self.paths.iter().map(|p| p.layer.as_str()).collect();
        all.into_iter().collect()
    }

    /// North-west corner and size of everything, in its unit.
    pub fn extent(&self) -> ([f64; 2], [f64; 2]) {
        let all: Vec<[f64; 2]> = self.paths.iter().flat_map(|p| p.points.iter().copied()).collect();
        extent(&all)
    }
}

/// Points nearer than this part of the drawing's size are one.
const SAME_FRAC: f64 = 1e-7;

/// Joins segments end to end: chains with their corners, closed where the last meets the
/// first. A point where three or more meet ends a chain.
pub(super) fn chained(segments: Vec<[[f64; 2]; 2]>) -> Vec<(Vec<[f64; 2]>, bool)> {
    let all: Vec<[f64; 2]> = segments.iter().flatten().copied().collect();
    let (_, size) = extent(&all);
    let cell = (size[0].max(size[1]) * SAME_FRAC).max(f64::MIN_POSITIVE);
    let key = |p: [f64; 2]| ((p[0] / cell).round() as i64, (p[1] / cell).round() as i64);
    let segments: Vec<[[f64; 2]; 2]> =
        segments.into_iter().filter(|[a, b]| key(*a) != key(*b)).collect();
    let mut at: BTreeMap<(i64, i64), Vec<usize>> = BTreeMap::new();
    for (i, [a, b]) in segments.iter().enumerate() {
        at.entry(key(*a)).or_default().push(i);
        at.entry(key(*b)).or_default().push(i);
    }
    let mut used = vec![false; segments.len()];
    // Goes on from a point until there is no single way on.
    let follow = |from: [f64; 2], used: &mut Vec<bool>| {
        let mut points = Vec::new();
        let mut end = from;
        while let Some(ways) = at.get(&key(end)).filter(|ways| ways.len() == 2) {
            let Some(&next) = ways.iter().find(|i| !used.get(**i).copied().unwrap_or(true)) else {
                break;
            };
            if let Some(mark) = used.get_mut(next) {
                *mark = true;
            }
            let Some([a, b]) = segments.get(next) else { break };
            end = if key(*a) == key(end) { *b } else { *a };
            points.push(end);
        }
        points
    };
    let mut chains = Vec::new();
    for i in 0..segments.len() {
        if std::mem::replace(&mut used[i], true) {
            continue;
        }
        let [a, b] = segments[i];
        let mut points = follow(a, &mut used);
        points.reverse();
        points.extend([a, b]);
        points.extend(follow(b, &mut used));
        let closed = points.len() > 3
            && points.first().zip(points.last()).is_some_and(|(p, q)| key(*p) == key(*q));
        if closed {
            points.pop();
        }
        chains.push((points, closed));
    }
    chains
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sides_in_any_order_and_direction_make_one_closed_outline() {
        let sides = vec![
            [[0.0, 0.0], [10.0, 0.0]],
            [[10.0, 5.0], [0.0, 5.0]],
            [[10.0, 5.0], [10.0, 0.0]],
            [[0.0, 0.0], [0.0, 5.0]],
        ];
        let [(points, closed)]: [_; 1] = chained(sides).try_into().expect("one chain");
        assert!(closed);
        assert_eq!(points.len(), 4);
    }

    #[test]
    fn a_branch_ends_chains_and_points_are_left_out() {
        let star = vec![
            [[0.0, 0.0], [1.0, 0.0]],
            [[0.0, 0.0], [0.0, 1.0]],
            [[0.0, 0.0], [-1.0, 0.0]],
            [[5.0, 5.0], [5.0, 5.0]],
        ];
        let chains = chained(star);
        assert_eq!(chains.len(), 3);
        assert!(chains.iter().all(|(points, closed)| points.len() == 2 && !closed));
        assert!(chained(Vec::new()).is_empty());
    }
}
