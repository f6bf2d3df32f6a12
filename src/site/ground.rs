//! Rectangles and outlines on the ground, metres: what contains, overlaps and keeps
//! distance.
//!
//! Plane geometry; it must not know what stands there.

/// Metres by which neighbours may overlap, so that touching walls are no fault.
pub(super) const TOLERANCE_M: f64 = 1e-6;

/// An upright rectangle by its corners.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Rectangle {
    pub x: [f64; 2],
    pub y: [f64; 2],
}

impl Rectangle {
    pub fn new(at: [f64; 2], size: [f64; 2]) -> Self {
        Self { x: [at[0], at[0] + size[0]], y: [at[1], at[1] + size[1]] }
    }

    /// Finite, and larger than the tolerance both ways.
    pub fn is_solid(self) -> bool {
        let solid = |[from, to]: [f64; 2]| {
            from.is_finite() && to.is_finite() && to - from > 2.0 * TOLERANCE_M
        };
        solid(self.x) && solid(self.y)
    }

    pub fn contains(self, inner: Self) -> bool {
        let within = |outer: [f64; 2], inner: [f64; 2]| {
            inner[0] >= outer[0] - TOLERANCE_M && inner[1] <= outer[1] + TOLERANCE_M
        };
        within(self.x, inner.x) && within(self.y, inner.y)
    }

    pub fn overlaps(self, other: Self) -> bool {
        let cross =
            |a: [f64; 2], b: [f64; 2]| a[0] + TOLERANCE_M < b[1] && b[0] + TOLERANCE_M < a[1];
        cross(self.x, other.x) && cross(self.y, other.y)
    }

    pub fn middle(self) -> [f64; 2] {
        [f64::midpoint(self.x[0], self.x[1]), f64::midpoint(self.y[0], self.y[1])]
    }

    /// Clear distance in x and in y; negative where the two overlap in that direction.
    pub fn gaps(self, other: Self) -> [f64; 2] {
        let gap = |a: [f64; 2], b: [f64; 2]| (b[0] - a[1]).max(a[0] - b[1]);
        [gap(self.x, other.x), gap(self.y, other.y)]
    }

    /// Clear distance; 0 where the two touch or overlap.
    pub fn distance(self, other: Self) -> f64 {
        let [x, y] = self.gaps(other);
        x.max(0.0).hypot(y.max(0.0))
    }

    fn corners(self) -> [[f64; 2]; 4] {
        let [x, y] = [self.x, self.y];
        [[x[0], y[0]], [x[1], y[0]], [x[1], y[1]], [x[0], y[1]]]
    }

    /// Smaller by the tolerance, so that touching is no crossing.
    fn shrunk(self) -> Self {
        let t = TOLERANCE_M;
        Self { x: [self.x[0] + t, self.x[1] - t], y: [self.y[0] + t, self.y[1] - t] }
    }

    /// Whether a part of the segment lies inside.
    fn is_crossed(self, [a, b]: [[f64; 2]; 2]) -> bool {
        let mut range = [0.0_f64, 1.0_f64];
        for (from, step, [low, high]) in [(a[0], b[0] - a[0], self.x), (a[1], b[1] - a[1], self.y)]
        {
            if step == 0.0 {
                if from <= low || from >= high {
                    return false;
                }
                continue;
            }
            let (t, u) = ((low - from) / step, (high - from) / step);
            range = [range[0].max(t.min(u)), range[1].min(t.max(u))];
        }
        range[0] < range[1]
    }
}

/// The sides of a closed outline.
fn sides(outline: &[[f64; 2]]) -> impl Iterator<Item = [[f64; 2]; 2]> {
    let next = outline.iter().cycle().skip(1);
    outline.iter().zip(next).map(|(a, b)| [*a, *b])
}

/// Whether a point lies inside an outline, by the crossings of a ray to the east.
pub(super) fn holds_point(outline: &[[f64; 2]], at: [f64; 2]) -> bool {
    let crossed = |[a, b]: &[[f64; 2]; 2]| {
        (a[1] > at[1]) != (b[1] > at[1])
            && at[0] < (b[0] - a[0]) * (at[1] - a[1]) / (b[1] - a[1]) + a[0]
    };
    sides(outline).filter(crossed).count() % 2 == 1
}

/// Whether all of a rectangle lies inside an outline; its edge may lie on that of the outline.
pub(super) fn holds(outline: &[[f64; 2]], rectangle: Rectangle) -> bool {
    let inner = rectangle.shrunk();
    inner.corners().iter().all(|c| holds_point(outline, *c))
        && !sides(outline).any(|side| inner.is_crossed(side))
}

/// Whether a part of a rectangle lies inside an outline.
pub(super) fn meets(outline: &[[f64; 2]], rectangle: Rectangle) -> bool {
    let inner = rectangle.shrunk();
    holds_point(outline, inner.middle()) || sides(outline).any(|side| inner.is_crossed(side))
}

/// Distance from a rectangle to the nearest side of an outline; 0 where one crosses it.
pub(super) fn distance_to_edge(outline: &[[f64; 2]], rectangle: Rectangle) -> f64 {
    let to_side = |side: [[f64; 2]; 2]| {
        if rectangle.is_crossed(side) {
            return 0.0;
        }
        let corners = rectangle.corners();
        let from_corners = corners.iter().map(|c| to_segment(*c, side));
        let from_ends = side.iter().map(|p| rectangle.distance(Rectangle::new(*p, [0.0, 0.0])));
        from_corners.chain(from_ends).fold(f64::INFINITY, f64::min)
    };
    sides(outline).map(to_side).fold(f64::INFINITY, f64::min)
}

fn to_segment(p: [f64; 2], [a, b]: [[f64; 2]; 2]) -> f64 {
    let along = [b[0] - a[0], b[1] - a[1]];
    let length2 = along[0] * along[0] + along[1] * along[1];
    let t = if length2 == 0.0 {
        0.0
    } else {
        (((p[0] - a[0]) * along[0] + (p[1] - a[1]) * along[1]) / length2).clamp(0.0, 1.0)
    };
    (p[0] - a[0] - t * along[0]).hypot(p[1] - a[1] - t * along[1])
}

/// The first two sides of an outline that cross each other, by the number of their first
/// corner; outlines of more than `most` corners are not asked.
pub(super) fn crossing(outline: &[[f64; 2]], most: usize) -> Option<(usize, usize)> {
    let sides: Vec<_> = sides(outline).collect();
    let n = sides.len();
    if !(4..=most).contains(&n) {
        return None;
    }
    let turn = |a: [f64; 2], b: [f64; 2], c: [f64; 2]| {
        (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
    };
    let cross = |[a, b]: [[f64; 2]; 2], [c, d]: [[f64; 2]; 2]| {
        turn(a, b, c) * turn(a, b, d) < 0.0 && turn(c, d, a) * turn(c, d, b) < 0.0
    };
    (0..n).find_map(|i| (i + 2..n).find(|&k| cross(sides[i], sides[k])).map(|k| (i, k)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A square of 100 m with its north-east quarter cut out.
    const L: [[f64; 2]; 6] =
        [[0.0, 0.0], [50.0, 0.0], [50.0, 50.0], [100.0, 50.0], [100.0, 100.0], [0.0, 100.0]];

    fn rectangle(x: f64, y: f64, w: f64, h: f64) -> Rectangle {
        Rectangle::new([x, y], [w, h])
    }

    #[test]
    fn a_rectangle_along_the_edge_is_inside_and_one_across_the_notch_is_not() {
        assert!(holds(&L, rectangle(0.0, 0.0, 50.0, 100.0)));
        assert!(holds(&L, rectangle(50.0, 50.0, 50.0, 50.0)));
        assert!(!holds(&L, rectangle(40.0, 40.0, 20.0, 20.0)));
        // All corners inside, the notch between them.
        let u = [[0.0, 0.0], [10.0, 0.0], [10.0, 8.0], [20.0, 8.0], [20.0, 0.0], [30.0, 0.0]];
        let u: Vec<[f64; 2]> = u.into_iter().chain([[30.0, 10.0], [0.0, 10.0]]).collect();
        assert!(!holds(&u, rectangle(5.0, 1.0, 20.0, 8.5)));
        assert!(holds(&u, rectangle(0.0, 8.0, 30.0, 2.0)));
    }

    #[test]
    fn touching_from_outside_is_no_meeting() {
        assert!(!meets(&L, rectangle(50.0, 0.0, 50.0, 50.0)));
        assert!(meets(&L, rectangle(49.0, 0.0, 50.0, 50.0)));
        assert!(meets(&L, rectangle(-10.0, -10.0, 200.0, 200.0)), "an outline inside it");
        assert!(!meets(&L, rectangle(200.0, 0.0, 5.0, 5.0)));
    }

    #[test]
    fn distances_are_those_of_school_geometry() {
        let a = rectangle(0.0, 0.0, 10.0, 10.0);
        assert_eq!(a.distance(rectangle(13.0, 14.0, 5.0, 5.0)), 5.0);
        assert_eq!(a.distance(rectangle(5.0, 12.0, 5.0, 5.0)), 2.0);
        assert_eq!(a.distance(rectangle(5.0, 5.0, 5.0, 5.0)), 0.0);
        assert_eq!(distance_to_edge(&L, rectangle(10.0, 20.0, 10.0, 10.0)), 10.0);
        assert_eq!(distance_to_edge(&L, rectangle(-8.0, 20.0, 5.0, 10.0)), 3.0);
        assert_eq!(distance_to_edge(&L, rectangle(45.0, 20.0, 10.0, 10.0)), 0.0);
        // From the corner of the notch at 50, 50 to the corner at 47, 54.
        assert_eq!(distance_to_edge(&L, rectangle(30.0, 54.0, 17.0, 20.0)), 5.0);
    }

    #[test]
    fn an_outline_that_crosses_itself_is_found() {
        assert_eq!(crossing(&L, 1000), None);
        let eight = [[0.0, 0.0], [10.0, 10.0], [10.0, 0.0], [0.0, 10.0]];
        assert_eq!(crossing(&eight, 1000), Some((0, 2)));
        assert_eq!(crossing(&eight, 3), None);
    }
}
