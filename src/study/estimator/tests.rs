//! Which points of a curve are kept, and what a tier asks.

use super::*;
use crate::estimate::Workload;
use crate::site::Tier;

/// Points of (tokens/s per user, tokens/s per GPU, drawn share).
fn curve(points: &[(f64, f64, f64)]) -> Vec<CurvePoint> {
    points
        .iter()
        .map(|&(speed, output, drawn)| CurvePoint {
            tok_s_user: speed,
            model: "m".into(),
            context_tokens: 9216.0,
            tok_s_per_mw: None,
            tok_s_per_gpu: Some(output),
            cap: None,
            ttft_ms: None,
            drawn_frac: Some(drawn),
            range: None,
            note: String::new(),
        })
        .collect()
}

fn corners_of(points: &[(f64, f64, f64)]) -> Vec<usize> {
    corners(&curve(points), 0..points.len())
}

#[test]
fn the_greatest_output_is_kept_and_what_draws_more_for_less_is_not() {
    assert_eq!(corners_of(&[(10.0, 100.0, 0.8), (20.0, 90.0, 0.8), (30.0, 50.0, 0.9)]), [0]);
    // Of two with the same output the one that draws less.
    assert_eq!(corners_of(&[(10.0, 100.0, 0.9), (20.0, 100.0, 0.8)]), [1]);
    assert_eq!(corners_of(&[]), Vec::<usize>::new());
}

#[test]
fn a_point_that_saves_power_is_kept_only_above_the_line_to_standstill() {
    // Half the power for 0.6 of the output is worth having; for 0.4 standing still is better.
    assert_eq!(corners_of(&[(10.0, 100.0, 0.8), (20.0, 60.0, 0.4)]), [0, 1]);
    assert_eq!(corners_of(&[(10.0, 100.0, 0.8), (20.0, 40.0, 0.4)]), [0]);
    // The one in the middle lies below the line between its neighbours.
    let three = [(10.0, 100.0, 0.8), (15.0, 79.0, 0.6), (20.0, 60.0, 0.4)];
    assert_eq!(corners_of(&three), [0, 2]);
    let three = [(10.0, 100.0, 0.8), (15.0, 85.0, 0.6), (20.0, 60.0, 0.4)];
    assert_eq!(corners_of(&three), [0, 1, 2]);
}

/// Against every mix of two candidates and standstill, at several prices of power.
#[test]
fn at_every_price_of_drawn_power_a_corner_is_best() {
    let mut state = 1u64;
    let mut random = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (state >> 33) as f64 / (1u64 << 31) as f64
    };
    for _ in 0..200 {
        let all: Vec<_> =
            (0..20).map(|i| (f64::from(i), 1.0 + random(), 0.3 + 0.7 * random())).collect();
        let kept = corners_of(&all);
        for step in 0..40 {
            let price = f64::from(step) * 0.25;
            let worth = |p: &(f64, f64, f64)| p.1 - price * p.2;
            let best = all.iter().map(worth).fold(0.0, f64::max);
            let found = kept.iter().map(|&i| worth(&all[i])).fold(0.0, f64::max);
            assert!(found >= best * (1.0 - 2e-4), "{found} for {best} at {price}: {kept:?}");
        }
    }
}

#[test]
fn a_drawn_curve_keeps_its_ends_and_what_the_plan_uses() {
    let points: Vec<_> =
        (0..500).map(|i| (10.0 * 1.01f64.powi(i), 1e3 / f64::from(i + 1), 0.8)).collect();
    let kept = spread(&curve(&points), &[137, 138], 32);
    assert!(kept.is_sorted() && kept.len() <= 35, "{}", kept.len());
    assert!([0, 137, 138, 499].iter().all(|i| kept.contains(i)), "{kept:?}");
    // Evenly over the logarithm: no gap much wider than the mean.
    let gaps = kept.windows(2).map(|w| w[1] - w[0]).max();
    assert!(gaps.is_some_and(|g| g <= 500 / 32 + 2), "{gaps:?}");
    assert!(spread(&[], &[], 8).is_empty());
}

fn tier(fields: &str) -> Tier {
    let json = format!(r#"{{"id": "t", "name": "T", "demand": [], {fields}}}"#);
    serde_json::from_str(&json).unwrap()
}

fn asks(fields: &str) -> Option<Ask> {
    Ask::of(&tier(fields), &Estimates::default(), Some(8.0))
}

#[test]
fn a_tier_asks_for_its_own_lengths_or_for_its_context_split_by_the_ratio() {
    let own = asks(
        r#""model": "m", "context_tokens": 131072, "isl_tokens": 8192, "osl_tokens": 1024,
           "cache_hit_frac": 0.3, "max_ttft_ms": 500"#,
    );
    let own = own.unwrap();
    assert_eq!(own.workload, Workload { isl: 8192.0, osl: 1024.0, cached_frac: 0.3 });
    assert_eq!((own.context_tokens(), own.ttft_limit_ms), (9216.0, Some(500.0)));
    assert_eq!(own.id(), "m-8192-1024-hit0.3-ttft500");

    let split = asks(r#""model": "m", "context_tokens": 9216"#).unwrap();
    assert_eq!(split.workload, Workload { isl: 8192.0, osl: 1024.0, cached_frac: 0.0 });
    assert_eq!(split.id(), "m-8192-1024");
    let whole = asks(r#""model": "m", "context_tokens": 131072"#).unwrap();
    assert_eq!(whole.workload.isl + whole.workload.osl, 131_072.0);
    assert_eq!(whole.workload.osl.fract(), 0.0);
}

#[test]
fn a_tier_that_says_too_little_asks_nothing() {
    assert_eq!(asks(r#""context_tokens": 9216"#), None, "any model");
    assert_eq!(asks(r#""model": "m""#), None, "no context");
    assert_eq!(asks(r#""model": "m", "isl_tokens": 8192"#), None, "half of the lengths");
    assert_eq!(asks(r#""model": "m", "context_tokens": 9, "kind": "ReservedCapacity""#), None);
    let without_ratio =
        Ask::of(&tier(r#""model": "m", "context_tokens": 9216"#), &Estimates::default(), None);
    assert_eq!(without_ratio, None);
}

#[test]
fn the_policy_limits_the_first_token_of_tiers_that_do_not() {
    let terms = Estimates { ttft_limit_ms: Some(2000.0), ..Estimates::default() };
    let of = |fields: &str| Ask::of(&tier(fields), &terms, Some(8.0)).unwrap().ttft_limit_ms;
    assert_eq!(of(r#""model": "m", "context_tokens": 9216"#), Some(2000.0));
    assert_eq!(of(r#""model": "m", "context_tokens": 9216, "max_ttft_ms": 300"#), Some(300.0));
}
