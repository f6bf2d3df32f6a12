//! The twelve months that cover is measured over.

use super::axis::Period;

/// First period of the twelve months that end with each period; none while fewer have passed.
pub(super) fn windows(periods: &[Period]) -> Vec<Option<usize>> {
    let (mut first, mut months) = (0, 0);
    let mut starts = Vec::with_capacity(periods.len());
    for period in periods {
        months += period.months;
        while let Some(oldest) = periods.get(first).filter(|p| months - p.months >= 12) {
            months -= oldest.months;
            first += 1;
        }
        starts.push((months >= 12).then_some(first));
    }
    // A term of less than a year is measured as a whole.
    if starts.iter().all(Option::is_none)
        && let Some(last) = starts.last_mut()
    {
        *last = Some(0);
    }
    starts
}

/// Sums over the twelve months that end with each period; nothing while fewer have passed.
pub(super) fn sums(starts: &[Option<usize>], list: &[f64]) -> Vec<f64> {
    let over = |(last, start): (usize, &Option<usize>)| {
        start.and_then(|from| list.get(from..=last)).map_or(0.0, |part| part.iter().sum())
    };
    starts.iter().enumerate().map(over).collect()
}
