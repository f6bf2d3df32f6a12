//! Lengths and areas of the take-off, from where things stand.

use crate::site::CoolingUnit;

/// Distance along x and y between the middles of two rectangles.
pub(super) fn apart_m(a: ([f64; 2], [f64; 2]), b: ([f64; 2], [f64; 2])) -> f64 {
    let middle = |(at, size): ([f64; 2], [f64; 2])| [at[0] + size[0] / 2.0, at[1] + size[1] / 2.0];
    let (a, b) = (middle(a), middle(b));
    (a[0] - b[0]).abs() + (a[1] - b[1]).abs()
}

/// From each coolant distribution unit to the nearest machine that rejects its heat, there and
/// back.
pub(super) fn pipe_m(cdus: &[CoolingUnit], rejection: &[CoolingUnit]) -> f64 {
    let nearest = |c: &CoolingUnit| {
        let far = rejection.iter().map(|r| apart_m((c.at, c.size), (r.at, r.size)));
        far.min_by(f64::total_cmp).unwrap_or(0.0)
    };
    2.0 * cdus.iter().map(nearest).sum::<f64>()
}

/// Area within an outline, m2.
pub(super) fn polygon_m2(outline: &[[f64; 2]]) -> f64 {
    let next = outline.iter().cycle().skip(1);
    let twice: f64 = outline.iter().zip(next).map(|(a, b)| a[0] * b[1] - b[0] * a[1]).sum();
    twice.abs() / 2.0
}
