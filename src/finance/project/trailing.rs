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
    // Short periods before the first fiscal year are measured together, or none of them would be.
    let measured = starts.iter().position(Option::is_some);
    if let Some(first) = measured.filter(|first| starts.get(*first) == Some(&Some(*first)))
        && let Some(last) = first.checked_sub(1).and_then(|n| starts.get_mut(n))
    {
        *last = Some(0);
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

#[cfg(test)]
mod tests {
    use super::*;

    fn periods(months: &[usize]) -> Vec<Period> {
        let mut start = 0;
        let one = |months: &usize| {
            let period = Period { start, months: *months, year: 0 };
            start += months;
            period
        };
        months.iter().map(one).collect()
    }

    #[test]
    fn every_period_is_measured_once_twelve_months_have_passed() {
        let months = windows(&periods(&[1; 14]));
        assert!(months[..11].iter().all(Option::is_none));
        assert_eq!(months[11..], [Some(0), Some(1), Some(2)]);
        assert_eq!(windows(&periods(&[12, 12])), [Some(0), Some(1)]);
        // Three months and then fiscal years: the three stand for themselves.
        assert_eq!(windows(&periods(&[1, 1, 1, 12])), [None, None, Some(0), Some(3)]);
        assert_eq!(windows(&periods(&[3, 3])), [None, Some(0)]);
    }
}
