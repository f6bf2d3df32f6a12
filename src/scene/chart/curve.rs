//! Smooth curves through points that never overshoot them. It must not know the axes.

/// Steps between two points.
const STEPS: usize = 14;

/// Points of a monotone cubic (Fritsch and Carlson) through `points`, which ascend in x.
/// It passes through every point and adds no bump between two of them.
pub fn interpolate(points: &[(f64, f64)]) -> Vec<(f64, f64)> {
    if points.len() < 3 {
        return points.to_vec();
    }
    let slopes = tangents(points);
    let mut out = vec![points[0]];
    for (w, m) in points.windows(2).zip(slopes.windows(2)) {
        let (a, b) = (w[0], w[1]);
        let h = b.0 - a.0;
        for i in 1..=STEPS {
            let t = i as f64 / STEPS as f64;
            let (t2, t3) = (t * t, t * t * t);
            let y = (2.0 * t3 - 3.0 * t2 + 1.0) * a.1
                + (t3 - 2.0 * t2 + t) * h * m[0]
                + (-2.0 * t3 + 3.0 * t2) * b.1
                + (t3 - t2) * h * m[1];
            out.push((a.0 + h * t, y));
        }
    }
    out
}

fn tangents(points: &[(f64, f64)]) -> Vec<f64> {
    let secants: Vec<f64> = points
        .windows(2)
        .map(|w| {
            let h = w[1].0 - w[0].0;
            if h > 0.0 { (w[1].1 - w[0].1) / h } else { 0.0 }
        })
        .collect();
    let n = points.len();
    let mut m: Vec<f64> = (0..n)
        .map(|i| match i {
            0 => secants[0],
            i if i == n - 1 => secants[n - 2],
            i if secants[i - 1] * secants[i] <= 0.0 => 0.0,
            i => (secants[i - 1] + secants[i]) / 2.0,
        })
        .collect();
    for (i, d) in secants.iter().enumerate() {
        if *d == 0.0 {
            (m[i], m[i + 1]) = (0.0, 0.0);
            continue;
        }
        let (a, b) = (m[i] / d, m[i + 1] / d);
        let s = a.hypot(b);
        if s > 3.0 {
            (m[i], m[i + 1]) = (3.0 * a / s * d, 3.0 * b / s * d);
        }
    }
    m
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_curve_passes_through_its_points_and_adds_no_bump() {
        let points = [(0.0, 6.2), (1.0, 6.2), (2.0, 5.8), (2.3, 5.2), (3.0, 3.0)];
        let curve = interpolate(&points);
        for p in points {
            assert!(curve.iter().any(|c| (c.0 - p.0).abs() < 1e-12 && (c.1 - p.1).abs() < 1e-12));
        }
        assert!(curve.windows(2).all(|w| w[1].1 <= w[0].1 + 1e-12), "falling data, falling curve");
    }
}
