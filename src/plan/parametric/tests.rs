//! One-sided derivatives of models small enough to solve by hand.

use super::*;

fn check(model: &LinearModel, shifts: &[RowShift], direction: Direction, cap: f64) -> OneSided {
    let mut live = LiveHighs::new().unwrap();
    let base = live.solve(model).unwrap();
    let found = one_sided(&mut live, &base, shifts, direction, cap).unwrap();
    let again = live.resolve().unwrap();
    assert!((again.objective - base.objective).abs() < 1e-9, "the model is not restored");
    found
}

fn both(model: &LinearModel, row: usize) -> (OneSided, OneSided) {
    let shift = [RowShift::of_row(model, row, 1.0)];
    (
        check(model, &shift, Direction::Down, f64::INFINITY.min(1e6)),
        check(model, &shift, Direction::Up, 1e6),
    )
}

fn near(found: Option<f64>, expected: f64) -> bool {
    found.is_some_and(|f| (f - expected).abs() <= 1e-9 * expected.abs().max(1.0))
}

/// 3a in dollars, two limits of 10 MW in series.
fn series(maximise: bool) -> LinearModel {
    let mut m = LinearModel { maximise, ..Default::default() };
    let a = m.add_column(if maximise { 3.0 } else { -3.0 }, 0.0, f64::INFINITY);
    m.add_row(f64::NEG_INFINITY, 10.0, [(a, 1.0)]);
    m.add_row(f64::NEG_INFINITY, 10.0, [(a, 1.0)]);
    m
}

#[test]
fn limits_in_series_gain_nothing_alone_and_everything_together() {
    for (maximise, sign) in [(true, 1.0), (false, -1.0)] {
        let m = series(maximise);
        for row in 0..2 {
            let (down, up) = both(&m, row);
            assert_eq!((up.slope, up.valid_to), (Some(0.0), None));
            assert!(near(down.slope, -3.0 * sign) && near(down.valid_to, 10.0), "{down:?}");
        }
        let joint = [RowShift::of_row(&m, 0, 1.0), RowShift::of_row(&m, 1, 1.0)];
        let up = check(&m, &joint, Direction::Up, 1e3);
        assert!(near(up.slope, 3.0 * sign) && up.valid_to.is_none());
    }
}

#[test]
fn two_tiers_have_the_ranges_found_by_hand() {
    let mut m = LinearModel { maximise: true, ..Default::default() };
    let p = m.add_column(5.0, 0.0, f64::INFINITY);
    let q = m.add_column(2.0, 0.0, f64::INFINITY);
    m.add_row(f64::NEG_INFINITY, 10.0, [(p, 1.0), (q, 1.0)]);
    m.add_row(f64::NEG_INFINITY, 4.0, [(p, 1.0)]);
    m.add_row(f64::NEG_INFINITY, 20.0, [(q, 1.0)]);
    // Power: the same dual from 4 to 24, then 5 below and 0 above.
    let (down, up) = both(&m, 0);
    assert!(near(down.slope, -2.0) && near(down.valid_to, 6.0) && near(down.then, -5.0));
    assert!(near(up.slope, 2.0) && near(up.valid_to, 14.0) && near(up.then, 0.0));
    // Premium demand: from 0 to 10.
    let (down, up) = both(&m, 1);
    assert!(near(down.slope, -3.0) && near(down.valid_to, 4.0) && down.then.is_none());
    assert!(near(up.slope, 3.0) && near(up.valid_to, 6.0) && near(up.then, 0.0));
    // Basic demand does not bind: free until 6, then 2 for each unit.
    let (down, up) = both(&m, 2);
    assert_eq!((up.slope, up.valid_to, up.solves), (Some(0.0), None, 0));
    assert!(near(down.slope, 0.0) && near(down.valid_to, 14.0) && near(down.then, -2.0));
}

#[test]
fn a_limit_that_cannot_move_has_no_slope_on_that_side() {
    let mut m = LinearModel { maximise: true, ..Default::default() };
    let a = m.add_column(1.0, 0.0, f64::INFINITY);
    m.add_row(10.0, f64::INFINITY, [(a, 1.0)]);
    m.add_row(f64::NEG_INFINITY, 10.0, [(a, 1.0)]);
    let (down, up) = both(&m, 0);
    assert_eq!((up.slope, up.valid_to), (None, None));
    assert!(near(down.slope, 0.0));
    let (down, up) = both(&m, 1);
    assert_eq!(down.slope, None);
    assert!(near(up.slope, 1.0) && up.valid_to.is_none());
    // Together they move freely upwards and down to nothing.
    let joint = [RowShift::of_row(&m, 0, 1.0), RowShift::of_row(&m, 1, 1.0)];
    let down = check(&m, &joint, Direction::Down, 1e3);
    assert!(near(down.slope, -1.0) && near(down.valid_to, 10.0), "{down:?}");
}

#[test]
fn an_equality_moves_both_bounds_and_has_two_derivatives() {
    // Cost 1 for the first 5 units, 3 for those after; exactly 5 are needed.
    let mut m = LinearModel::default();
    let cheap = m.add_column(1.0, 0.0, 5.0);
    let dear = m.add_column(3.0, 0.0, 7.0);
    let row = m.add_row(5.0, 5.0, [(cheap, 1.0), (dear, 1.0)]);
    let (down, up) = both(&m, row);
    assert!(near(up.slope, 3.0) && near(up.valid_to, 7.0) && up.then.is_none(), "{up:?}");
    assert!(near(down.slope, -1.0) && near(down.valid_to, 5.0), "{down:?}");
    let mut live = LiveHighs::new().unwrap();
    let base = live.solve(&m).unwrap();
    let d = derivatives(&mut live, &base, row).unwrap();
    assert!(near(d.left, 1.0) && near(d.right, 3.0), "{d:?}");
}

#[test]
fn a_breakpoint_closer_than_the_first_step_is_found() {
    for (near_by, gap) in [(4e-4, 1.0), (3e-6, 1.0), (2e-3, 1e-4)] {
        let mut m = LinearModel { maximise: true, ..Default::default() };
        let a = m.add_column(2.0 + gap, 0.0, 10.0 + near_by);
        let b = m.add_column(2.0, 0.0, f64::INFINITY);
        m.add_row(f64::NEG_INFINITY, 10.0, [(a, 1.0), (b, 1.0)]);
        let up = both(&m, 0).1;
        assert!(near(up.slope, 2.0 + gap), "{up:?}");
        let valid_to = up.valid_to.unwrap();
        assert!((valid_to - near_by).abs() < 1e-6 * near_by + 1e-9 / gap, "{up:?}");
        assert!(near(up.then, 2.0));
    }
}

#[test]
fn many_pieces_do_not_take_many_solves() {
    let mut m = LinearModel { maximise: true, ..Default::default() };
    let columns: Vec<_> =
        (0..200).map(|i| (m.add_column(200.0 - f64::from(i), 0.0, 1.0), 1.0)).collect();
    m.add_row(f64::NEG_INFINITY, 50.5, columns);
    let (down, up) = both(&m, 0);
    assert!(near(up.slope, 150.0) && near(up.valid_to, 0.5) && near(up.then, 149.0), "{up:?}");
    assert!(near(down.slope, -150.0) && near(down.valid_to, 0.5), "{down:?}");
    assert!(up.solves <= 12 && down.solves <= 12, "{} and {}", up.solves, down.solves);
}

#[test]
fn an_integer_model_has_no_slopes() {
    let mut m = series(true);
    m.integer = vec![true];
    let mut live = LiveHighs::new().unwrap();
    let base = live.solve(&m).unwrap();
    assert!(derivatives(&mut live, &base, 0).is_err());
}
