//! Root of a continuous function of one variable inside a bracket (Chandrupatla, "A new hybrid
//! quadratic/bisection algorithm", Advances in Engineering Software 28, 1997).

/// Root of `f` between `a` and `b`, whose signs must differ. The result is as exact as the
/// arithmetic allows; nothing where the signs are the same or a value is not a number.
pub fn bracketed(mut f: impl FnMut(f64) -> f64, a: f64, b: f64) -> Option<f64> {
    let (mut x1, mut x2) = (b, a);
    let (mut f1, mut f2) = (f(b), f(a));
    if f1 == 0.0 {
        return Some(x1);
    }
    if f2 == 0.0 {
        return Some(x2);
    }
    if (f1 > 0.0) == (f2 > 0.0) || f1.is_nan() || f2.is_nan() {
        return None;
    }
    let mut t = 0.5;
    for _ in 0..300 {
        let x = x2 + t * (x1 - x2);
        let fx = f(x);
        if fx.is_nan() {
            return None;
        }
        let (x3, f3);
        if (fx > 0.0) == (f2 > 0.0) {
            (x3, f3) = (x2, f2);
        } else {
            (x3, f3) = (x1, f1);
            (x1, f1) = (x2, f2);
        }
        (x2, f2) = (x, fx);
        let (best, at_best) = if f2.abs() < f1.abs() { (x2, f2) } else { (x1, f1) };
        let tolerance = 2.0 * f64::EPSILON * best.abs() + 1e-300;
        let low = tolerance / (x1 - x2).abs();
        if low > 0.5 || at_best == 0.0 {
            return Some(best);
        }
        let xi = (x2 - x1) / (x3 - x1);
        let phi = (f2 - f1) / (f3 - f1);
        // Inverse quadratic interpolation where it is safe, else halving.
        t = if phi * phi < xi && (1.0 - phi) * (1.0 - phi) < 1.0 - xi {
            f2 / (f1 - f2) * (f3 / (f1 - f3))
                + (x3 - x2) / (x1 - x2) * (f2 / (f3 - f2)) * (f1 / (f3 - f1))
        } else {
            0.5
        };
        t = t.clamp(low, 1.0 - low);
    }
    Some(x2)
}

/// Root of a function that does not fall as its argument grows, looked for outwards from `start`
/// in steps that double; nothing where it does not change its sign within `1e9 * scale`.
pub fn rising(mut f: impl FnMut(f64) -> f64, start: f64, scale: f64) -> Option<f64> {
    let at_start = f(start);
    if at_start == 0.0 {
        return Some(start);
    }
    let direction = if at_start < 0.0 { 1.0 } else { -1.0 };
    let (mut near, mut step) = (start, scale);
    while step <= 1e9 * scale {
        let far = start + direction * step;
        let value = f(far);
        if !value.is_finite() {
            return None;
        }
        if value == 0.0 || (value > 0.0) != (at_start > 0.0) {
            return bracketed(f, near, far);
        }
        (near, step) = (far, 2.0 * step);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roots_in_a_bracket_are_exact() {
        let root = bracketed(|x| x * x * x - 2.0, 0.0, 2.0).unwrap();
        assert!((root - 2f64.cbrt()).abs() < 1e-15);
        let flat = bracketed(|x| (x - 0.3).powi(9), 0.0, 1.0).unwrap();
        assert!((flat - 0.3).abs() < 1e-2);
        assert_eq!(bracketed(|x| x * x + 1.0, -1.0, 1.0), None);
    }

    #[test]
    fn a_rising_function_is_followed_both_ways() {
        assert!((rising(|x| x - 1e6, 1.0, 1.0).unwrap() - 1e6).abs() < 1e-6);
        assert!((rising(|x| x + 1e6, 1.0, 1.0).unwrap() + 1e6).abs() < 1e-6);
        assert_eq!(rising(|_| -1.0, 1.0, 1.0), None);
    }
}
