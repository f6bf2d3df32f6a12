//! The order in which the runs of a block are made: each after the one that is most like it, as a
//! plan is found from where the last one ended. It decides how long that takes, never what is
//! found.

/// Indices of runs, each nearest of those left to the one before, from the base on. Runs are given
/// by the numbers of their inputs, distances are between shares of the base's.
pub fn neighbours(base: &[f64], runs: &[Vec<f64>]) -> Vec<usize> {
    let share = |(x, base): (&f64, &f64)| match x / base {
        share if share.is_finite() => share as f32,
        _ => 0.0,
    };
    let points: Vec<Vec<f32>> =
        runs.iter().map(|run| run.iter().zip(base).map(share).collect()).collect();
    let distance = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum();
    let start: Vec<f32> = base.iter().map(|x| share((x, x))).collect();
    let mut at = &start;
    let mut left: Vec<usize> = (0..runs.len()).collect();
    let mut order = Vec::with_capacity(runs.len());
    while !left.is_empty() {
        let far = |i: &usize| -> f32 { distance(at, &points[*i]) };
        let next = (0..left.len()).min_by(|a, b| far(&left[*a]).total_cmp(&far(&left[*b])));
        let run = left.swap_remove(next.unwrap_or(0));
        at = &points[run];
        order.push(run);
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_run_is_made_once_and_after_its_nearest() {
        let base = [10.0, 0.0, f64::INFINITY];
        let at = |x: f64| vec![x, 5.0, f64::INFINITY];
        let runs: Vec<_> = [14.0, 11.0, 30.0, 9.2, 13.0].map(at).into();
        assert_eq!(neighbours(&base, &runs), [3, 1, 4, 0, 2]);
        assert_eq!(neighbours(&base, &[]), [] as [usize; 0]);
    }
}
