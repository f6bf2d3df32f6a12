//! The live object on models small enough to solve by hand.

use super::*;

/// Most of `a` with the given capacities in a row each.
fn series(capacities: &[f64]) -> LinearModel {
    let mut m = LinearModel { maximise: true, ..Default::default() };
    let a = m.add_column(3.0, 0.0, f64::INFINITY);
    for c in capacities {
        m.add_row(f64::NEG_INFINITY, *c, [(a, 1.0)]);
    }
    m
}

fn two_tiers(maximise: bool) -> LinearModel {
    let sign = if maximise { 1.0 } else { -1.0 };
    let mut m = LinearModel { maximise, offset: 1.0, ..Default::default() };
    let p = m.add_column(5.0 * sign, 0.0, 4.0);
    let q = m.add_column(2.0 * sign, 0.0, f64::INFINITY);
    m.add_row(f64::NEG_INFINITY, 10.0, [(p, 1.0), (q, 1.0)]);
    m
}

#[test]
fn a_dual_is_the_change_of_the_optimum_in_both_senses() {
    for maximise in [true, false] {
        let mut live = LiveHighs::new().unwrap();
        let mut model = two_tiers(maximise);
        let base = live.solve(&model).unwrap();
        let sign = if maximise { 1.0 } else { -1.0 };
        assert_eq!(base.status, Some(LpStatus::Optimal));
        assert!((base.objective - (1.0 + sign * 32.0)).abs() < 1e-9);
        model.row_upper[0] += 1.0;
        let more = live.solve(&model).unwrap();
        assert!(live.was_warm());
        assert!((base.row_dual[0] - (more.objective - base.objective)).abs() < 1e-9);
        model.row_upper[0] -= 1.0;
        model.col_upper[0] += 1.0;
        let more = live.solve(&model).unwrap();
        assert!((base.col_dual[0] - (more.objective - base.objective)).abs() < 1e-9);
    }
}

#[test]
fn every_kind_of_edit_reaches_the_solver() {
    let mut live = LiveHighs::new().unwrap();
    let mut m = two_tiers(true);
    live.solve(&m).unwrap();
    let mut check = |m: &LinearModel, expected: f64| {
        let s = live.solve(m).unwrap();
        assert!(live.was_warm());
        assert!((s.objective - expected).abs() < 1e-9, "{} instead of {expected}", s.objective);
    };
    m.cost[1] = 3.0;
    check(&m, 1.0 + 20.0 + 18.0);
    m.value[1] = 2.0;
    check(&m, 1.0 + 20.0 + 9.0);
    m.col_upper[0] = 2.0;
    check(&m, 1.0 + 10.0 + 12.0);
    m.row_upper[0] = 12.0;
    check(&m, 1.0 + 10.0 + 15.0);
    m.offset = 0.0;
    check(&m, 25.0);
    m.maximise = false;
    check(&m, 0.0);
    m.maximise = true;
    m.value[1] = 1e-12;
    m.col_upper[1] = 7.0;
    check(&m, 31.0);
}

#[test]
fn what_if_changes_are_undone() {
    let mut live = LiveHighs::new().unwrap();
    let m = two_tiers(true);
    live.solve(&m).unwrap();
    live.set_row_bounds(&[(0, f64::NEG_INFINITY, 20.0), (0, f64::NEG_INFINITY, 12.0)]).unwrap();
    live.set_col_bounds(&[(0, 0.0, 5.0)]).unwrap();
    live.set_costs(&[(1, 1.0)]).unwrap();
    let (status, objective) = live.resolve_objective().unwrap();
    assert_eq!((status, objective), (LpStatus::Optimal, 1.0 + 25.0 + 7.0));
    live.restore().unwrap();
    assert_eq!(live.resolve().unwrap().objective, 33.0);
    live.set_row_bounds(&[(0, f64::NEG_INFINITY, 20.0)]).unwrap();
    assert_eq!(live.solve(&m).unwrap().objective, 33.0);
    assert!(live.set_row_bounds(&[(1, 0.0, 1.0)]).is_err());
}

#[test]
fn infeasible_and_unbounded_are_told_apart() {
    let mut live = LiveHighs::new().unwrap();
    let mut m = series(&[10.0, 50.0]);
    m.row_lower[0] = 12.0;
    assert_eq!(live.solve(&m).unwrap().status, Some(LpStatus::Infeasible));
    m.row_lower[0] = 8.0;
    assert_eq!(live.solve(&m).unwrap().objective, 30.0);
    let unbounded = series(&[f64::INFINITY]);
    let s = live.solve(&unbounded).unwrap();
    assert_eq!((s.status, s.objective), (Some(LpStatus::Unbounded), f64::INFINITY));
    // Both: nothing bounds the second column, and the first cannot exist.
    let mut both = series(&[f64::INFINITY]);
    let b = both.add_column(1.0, 0.0, 1.0);
    both.add_row(2.0, f64::INFINITY, [(b, 1.0)]);
    assert_eq!(live.solve(&both).unwrap().status, Some(LpStatus::Infeasible));
    both.integer = vec![true, true];
    assert_eq!(live.solve(&both).unwrap().status, Some(LpStatus::Infeasible));
    let mut whole = series(&[f64::INFINITY]);
    whole.integer = vec![true];
    assert_eq!(live.solve(&whole).unwrap().status, Some(LpStatus::Unbounded));
}

#[test]
fn whole_domains_round_down() {
    let mut m = LinearModel { maximise: true, ..Default::default() };
    let n = m.add_column(1.0, 0.0, f64::INFINITY);
    m.add_row(f64::NEG_INFINITY, 1.0, [(n, 0.13)]);
    let mut live = LiveHighs::new().unwrap();
    assert!((live.solve(&m).unwrap().objective - 7.692307692307692).abs() < 1e-12);
    m.integer = vec![true];
    let s = live.solve(&m).unwrap();
    assert_eq!((s.objective, s.bound, s.gap), (7.0, Some(7.0), Some(0.0)));
    assert!(s.row_dual.is_empty());
    m.integer.clear();
    assert!(live.solve(&m).unwrap().row_dual[0] > 7.0);
}

#[test]
fn models_without_columns_or_rows_have_answers() {
    let mut live = LiveHighs::new().unwrap();
    let empty = LinearModel { offset: 4.0, ..Default::default() };
    let s = live.solve(&empty).unwrap();
    assert_eq!((s.status, s.objective), (Some(LpStatus::Optimal), 4.0));
    let mut demanding = empty.clone();
    demanding.add_row(1.0, 2.0, []);
    assert_eq!(live.solve(&demanding).unwrap().status, Some(LpStatus::Infeasible));
    let mut free = LinearModel { maximise: true, ..Default::default() };
    free.add_column(2.0, 0.0, 3.0);
    assert_eq!(live.solve(&free).unwrap().objective, 6.0);
    free.add_column(1.0, 0.0, f64::INFINITY);
    assert_eq!(live.solve(&free).unwrap().status, Some(LpStatus::Unbounded));
}

#[test]
fn malformed_models_are_rejected_and_do_not_stick() {
    let mut live = LiveHighs::new().unwrap();
    let good = two_tiers(true);
    live.solve(&good).unwrap();
    let mut nan = good.clone();
    nan.cost[0] = f64::NAN;
    assert!(matches!(live.solve(&nan), Err(BackendError::Model(_))));
    let mut twice = good.clone();
    twice.index[1] = 0;
    assert!(matches!(live.solve(&twice), Err(BackendError::Model(_))));
    let mut out = good.clone();
    out.index[1] = 2;
    assert!(matches!(live.solve(&out), Err(BackendError::Model(_))));
    assert_eq!(live.solve(&good).unwrap().objective, 33.0);
}

#[test]
fn a_set_cancel_flag_ends_a_solve_without_an_optimum() {
    let flag = Arc::new(AtomicBool::new(true));
    let mut live = LiveHighs::new().unwrap();
    live.set_cancel(Some(flag.clone())).unwrap();
    let mut m = LinearModel { maximise: true, ..Default::default() };
    for i in 0..40 {
        let c = m.add_column(1.0 + i as f64, 0.0, f64::INFINITY);
        m.add_row(f64::NEG_INFINITY, 1.0, (0..=c).map(|k| (k, 1.0 + ((k * 7 + c) % 5) as f64)));
    }
    assert_eq!(live.solve(&m).unwrap().status, Some(LpStatus::Limit));
    flag.store(false, std::sync::atomic::Ordering::Relaxed);
    assert_eq!(live.solve(&m).unwrap().status, Some(LpStatus::Optimal));
    live.set_cancel(None).unwrap();
    live.set_time_limit(Some(Duration::ZERO)).unwrap();
    live.cold();
    assert_eq!(live.solve(&m).unwrap().status, Some(LpStatus::Limit));
}
