//! Outlines on the ground: area, cleaning, where a corner stands.
//!
//! Plane geometry in metres; it must not know where an outline comes from.

/// Corners nearer to each other than this are one.
const SAME_M: f64 = 1e-3;

/// Area, square metres, by the shoelace formula.
pub(super) fn area_m2(outline: &[[f64; 2]]) -> f64 {
    let Some(origin) = outline.first() else { return 0.0 };
    // About the first corner, so that far coordinates do not cancel.
    let at = |p: &[f64; 2]| [p[0] - origin[0], p[1] - origin[1]];
    let next = outline.iter().cycle().skip(1);
    let twice: f64 = outline
        .iter()
        .zip(next)
        .map(|(a, b)| (at(a), at(b)))
        .map(|(a, b)| a[0] * b[1] - b[0] * a[1])
        .sum();
    (twice / 2.0).abs()
}

/// The outline to the millimetre, without repeated corners and without the first again
/// at the end.
pub(super) fn cleaned(outline: &[[f64; 2]]) -> Vec<[f64; 2]> {
    let rounded = |v: f64| {
        let v = (v / SAME_M).round() * SAME_M;
        // As short as the file can hold it, and no negative zero.
        (v * 1e3).round() / 1e3 + 0.0
    };
    let mut points: Vec<[f64; 2]> =
        outline.iter().map(|p| [rounded(p[0]), rounded(p[1])]).collect();
    points.dedup();
    while points.len() > 1 && points.first() == points.last() {
        points.pop();
    }
    points
}

/// North-west corner of the box around the outline, its width and its height.
pub(super) fn extent(outline: &[[f64; 2]]) -> ([f64; 2], [f64; 2]) {
    let least = |i: usize| outline.iter().map(|p| p[i]).fold(f64::INFINITY, f64::min);
    let most = |i: usize| outline.iter().map(|p| p[i]).fold(f64::NEG_INFINITY, f64::max);
    let corner = [least(0), least(1)];
    (corner, [most(0) - corner[0], most(1) - corner[1]])
}

/// `8 corners, 51.2 ha, 640 m by 800 m`.
pub(super) fn words(outline: &[[f64; 2]]) -> String {
    let (_, size) = extent(outline);
    let area = area_m2(outline);
    let area = if area < 10_000.0 {
        format!("{area:.0} m2")
    } else {
        format!("{:.1} ha", area / 10_000.0)
    };
    format!("{} corners, {area}, {:.0} m by {:.0} m", outline.len(), size[0], size[1])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_closed_outline_far_away_has_the_area_of_its_rectangle() {
        let far = 6.0e6;
        let ring = [[far, far], [far + 30.0, far], [far + 30.0, far + 20.0], [far, far + 20.0]];
        assert!((area_m2(&ring) - 600.0).abs() < 1e-6);
        let mut closed = ring.to_vec();
        closed.push(ring[0]);
        assert_eq!(cleaned(&closed).len(), 4);
        assert_eq!(area_m2(&[]), 0.0);
    }
}
