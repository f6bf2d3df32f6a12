//! All real roots of an exponential sum `g(s) = sum of c * exp(-s t)`, with `s = ln(1 + r)`:
//! every internal rate of return above -100 %, on equal periods or on dates alike.
//!
//! Between terms j and j+1 of opposite sign put a time `tau`. The derivative of
//! `g(s) * exp(s tau)` has the coefficients `-c (t - tau)`: one sign change fewer, and by Rolle
//! its roots separate those of `g`. Repeated until no change is left this isolates every root
//! (the argument behind Descartes' rule); the depth is the number of sign changes, whatever the
//! number of terms.

use crate::finance::root::bracketed;

/// A value below this share of the sum of its terms' sizes is rounding: a root that touches zero.
const ROUNDING: f64 = 64.0 * f64::EPSILON;

/// A sum below this share of the sizes of its terms may have either sign.
const CERTAIN: f64 = 1e-12;

/// Terms (time, coefficient) by rising time, no coefficient zero.
type Terms = Vec<(f64, f64)>;

/// Real roots `s` in rising order.
pub(super) fn real_roots(flows: impl IntoIterator<Item = (f64, f64)>) -> Vec<f64> {
    let mut terms: Terms = flows.into_iter().collect();
    terms.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut merged: Terms = Vec::with_capacity(terms.len());
    for (t, c) in terms {
        match merged.last_mut() {
            Some(last) if last.0 == t => last.1 += c,
            _ => merged.push((t, c)),
        }
    }
    merged.retain(|(_, c)| *c != 0.0);
    simple(&merged).unwrap_or_else(|| separated(&merged))
}

/// The roots where each side of zero has one at most, which sums tell without a search: as many
/// roots above zero, at most, as the sums from the earliest term on change their sign, and as many
/// below as the sums from the latest term back (Laguerre); a single change is a root. Nothing
/// where there may be more, or where a sum is zero but for rounding.
fn simple(terms: &Terms) -> Option<Vec<f64>> {
    let changes = |terms: &mut dyn Iterator<Item = &(f64, f64)>| -> Option<usize> {
        let (mut sum, mut size, mut count) = (0.0f64, 0.0f64, 0);
        for (_, c) in terms {
            let before = sum;
            sum += c;
            size += c.abs();
            if sum.abs() <= CERTAIN * size {
                return None;
            }
            count += usize::from(before * sum < 0.0);
        }
        Some(count)
    };
    let above = changes(&mut terms.iter())?;
    let below = changes(&mut terms.iter().rev())?;
    if above > 1 || below > 1 {
        return None;
    }
    let mut roots = Vec::new();
    if below == 1 {
        roots.push(between(terms, f64::NEG_INFINITY, 0.0)?);
    }
    if above == 1 {
        roots.push(between(terms, 0.0, f64::INFINITY)?);
    }
    Some(roots)
}

fn separated(terms: &Terms) -> Vec<f64> {
    let changes: Vec<f64> = terms
        .windows(2)
        .filter(|w| (w[0].1 > 0.0) != (w[1].1 > 0.0))
        .map(|w| 0.5 * (w[0].0 + w[1].0))
        .collect();
    let (Some(tau), Some(first), Some(last)) =
        (changes.get(changes.len() / 2), terms.first(), terms.last())
    else {
        return Vec::new();
    };
    // One change: the derivative has none, so there is exactly one root.
    let turning = if changes.len() == 1 { Vec::new() } else { separated(&derived(terms, *tau)) };
    // Sign at minus infinity, where the latest term rules, at each turning point, at infinity.
    let mut marks = vec![(f64::NEG_INFINITY, last.1.signum())];
    marks.extend(turning.iter().map(|s| (*s, sign(terms, *s))));
    marks.push((f64::INFINITY, first.1.signum()));
    let mut roots: Vec<f64> = Vec::new();
    for pair in marks.windows(2) {
        let ((low, at_low), (high, at_high)) = (pair[0], pair[1]);
        if at_low == 0.0 {
            roots.push(low);
        } else if at_low * at_high < 0.0 {
            roots.extend(between(terms, low, high));
        }
    }
    roots
}

/// Coefficients `c (t - tau)`, scaled so that the largest is 1.
fn derived(terms: &Terms, tau: f64) -> Terms {
    let mut next: Terms = terms.iter().map(|(t, c)| (*t, c * (t - tau))).collect();
    let largest = next.iter().fold(0.0f64, |m, (_, c)| m.max(c.abs()));
    if largest > 0.0 {
        next.iter_mut().for_each(|(_, c)| *c /= largest);
    }
    next.retain(|(_, c)| *c != 0.0);
    next
}

/// `g` up to a positive factor that keeps every power at most 1, and the sum of sizes.
fn value(terms: &Terms, s: f64) -> (f64, f64) {
    let (mut sum, mut size, mut power) = (0.0, 0.0, 1.0);
    let mut before: Option<f64> = None;
    // Times are mostly evenly spaced but for rounding: one power serves the whole run.
    let (mut run, mut factor) = (0.0, 1.0);
    let mut add = |t: f64, c: f64| {
        let gap = before.map_or(0.0, |b: f64| (t - b).abs());
        if (gap - run).abs() > 1e-12 * gap {
            (run, factor) = (gap, (-s.abs() * gap).exp());
        }
        power *= factor;
        before = Some(t);
        sum += c * power;
        size += (c * power).abs();
    };
    if s >= 0.0 {
        terms.iter().for_each(|(t, c)| add(*t, *c));
    } else {
        terms.iter().rev().for_each(|(t, c)| add(*t, *c));
    }
    (sum, size)
}

fn sign(terms: &Terms, s: f64) -> f64 {
    let (sum, size) = value(terms, s);
    if sum.abs() <= ROUNDING * size { 0.0 } else { sum.signum() }
}

/// The one root between two marks of opposite sign; either may be infinite.
fn between(terms: &Terms, low: f64, high: f64) -> Option<f64> {
    let g = |s: f64| value(terms, s).0;
    let (a, b) = match (low.is_finite(), high.is_finite()) {
        (true, true) => (low, high),
        (true, false) => (low, outwards(&g, low, 1.0)?),
        (false, true) => (outwards(&g, high, -1.0)?, high),
        (false, false) => {
            let start = g(0.0);
            if start == 0.0 {
                return Some(0.0);
            }
            let (_, first) = terms.first()?;
            // The sign at infinity is that of the earliest term.
            let up = (start > 0.0) != (*first > 0.0);
            let far = outwards(&g, 0.0, if up { 1.0 } else { -1.0 })?;
            (0.0, far)
        }
    };
    bracketed(g, a, b)
}

/// A point from `start` on at which `g` has the other sign.
fn outwards(g: &impl Fn(f64) -> f64, start: f64, direction: f64) -> Option<f64> {
    let positive = g(start) > 0.0;
    let mut step = 0.125;
    for _ in 0..60 {
        let far = start + direction * step;
        let value = g(far);
        if value != 0.0 && (value > 0.0) != positive {
            return Some(far);
        }
        step *= 2.0;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roots_told_by_sums_are_those_of_the_full_search() {
        let mut state = 5u64;
        let mut next = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (state >> 33) as f64 / (1u64 << 31) as f64
        };
        let (mut told, mut searched) = (0, 0);
        for _ in 0..400 {
            let cost = 5.0 + 60.0 * next();
            let flow = |t: usize| match t {
                0..6 => -cost / 6.0,
                // Now and then a replacement.
                t if t % 20 == 19 => -10.0 * next(),
                _ => 2.0 * next() - 0.2,
            };
            let terms: Terms = (0..60).map(flow).enumerate().map(|(t, c)| (t as f64, c)).collect();
            let full = separated(&terms);
            let Some(found) = simple(&terms) else {
                searched += 1;
                continue;
            };
            told += 1;
            assert_eq!(found.len(), full.len(), "{found:?} {full:?}");
            for (a, b) in found.iter().zip(&full) {
                assert!((a - b).abs() <= 1e-12 * (1.0 + b.abs()), "{a} {b}");
            }
        }
        assert!(told > 50 && searched > 0, "{told} {searched}");
    }
}
