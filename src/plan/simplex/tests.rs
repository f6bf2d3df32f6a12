//! Against the live solver, on models of random numbers that change from solve to solve.

use super::*;
use crate::plan::backend::highs::LiveHighs;

/// Numbers below one, the same on every system.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> f64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as f64 / (1u64 << 31) as f64
    }
}

/// A model of rows, columns and bounds of every kind; its numbers depend on both seeds, its
/// pattern on the first alone.
fn model(pattern: u64, numbers: u64) -> LinearModel {
    let (mut shape, mut of) = (Numbers(pattern), Numbers(numbers.wrapping_mul(7919) + pattern));
    for _ in 0..5 {
        shape.next();
        of.next();
    }
    let mut m = LinearModel { maximise: shape.next() < 0.5, offset: 1.5, ..LinearModel::default() };
    let (columns, rows) = (4 + (shape.next() * 20.0) as usize, 3 + (shape.next() * 15.0) as usize);
    for _ in 0..columns {
        let upper = if shape.next() < 0.8 { 1.0 + 9.0 * of.next() } else { f64::INFINITY };
        let lower = if shape.next() < 0.2 { -2.0 * of.next() } else { 0.0 };
        // Equal costs now and then, so that optima are not always single.
        let cost = if shape.next() < 0.3 { 1.0 } else { 4.0 * of.next() - 2.0 };
        m.add_column(cost, lower, upper);
    }
    for _ in 0..rows {
        let mut entries = Vec::new();
        for column in 0..columns {
            if shape.next() < 0.35 {
                let value = 3.0 * of.next() - 1.0;
                entries.push((column, if shape.next() < 0.3 { 1.0 } else { value }));
            }
        }
        let (kind, b) = (shape.next(), 6.0 * of.next());
        let (lower, upper) = if kind < 0.6 {
            (f64::NEG_INFINITY, b)
        } else if kind < 0.75 {
            (b / 4.0, f64::INFINITY)
        } else if kind < 0.85 {
            (b / 2.0, b / 2.0)
        } else {
            (-b, b)
        };
        m.add_row(lower, upper, entries);
    }
    m
}

fn all(model: &LinearModel) -> Rows {
    Rows::all(model.rows())
}

/// The optimum of a model, from its rows, if it has one.
fn optimum(simplex: &mut Simplex, model: &LinearModel) -> Option<LpSolution> {
    simplex.load(model, &all(model), None);
    simplex.solve().filter(|s| s.status == Some(LpStatus::Optimal))
}

#[test]
fn optima_are_those_of_the_other_solver_from_every_start() {
    let (mut optimal, mut infeasible, mut given_up) = (0, 0, 0);
    for pattern in 0..120 {
        let mut simplex = Simplex::default();
        let mut start: Option<Start> = None;
        for numbers in 0..8 {
            let model = model(pattern, numbers);
            let wanted = LiveHighs::new().unwrap().solve(&model).unwrap();
            simplex.load(&model, &all(&model), start.as_ref());
            let Some(found) = simplex.solve() else {
                given_up += i32::from(wanted.status != Some(LpStatus::Unbounded));
                continue;
            };
            assert_eq!(found.status, wanted.status, "{pattern} {numbers}");
            if found.status == Some(LpStatus::Infeasible) {
                infeasible += 1;
                continue;
            }
            optimal += 1;
            let off = (found.objective - wanted.objective).abs();
            assert!(off <= 1e-7 * (1.0 + wanted.objective.abs()), "{pattern} {numbers}: {off}");
            for (row, sum) in model.activity(&found.x).into_iter().enumerate() {
                let (low, high) = (model.row_lower[row] - 1e-7, model.row_upper[row] + 1e-7);
                assert!((low..=high).contains(&sum), "{pattern} {numbers}, row {row}");
            }
            start = Some(simplex.start());
        }
    }
    assert!(optimal > 300 && infeasible > 20, "{optimal} {infeasible}");
    assert!(given_up <= 2, "{given_up} given up");
}

#[test]
fn a_start_at_the_optimum_takes_no_pivot() {
    let model = model(3, 0);
    let mut simplex = Simplex::default();
    simplex.load(&model, &all(&model), None);
    let first = simplex.solve().unwrap();
    assert!(first.iterations > 0);
    let start = simplex.start();
    simplex.load(&model, &all(&model), Some(&start));
    let again = simplex.solve().unwrap();
    assert_eq!((again.iterations, again.x), (0, first.x));
}

#[test]
fn of_equal_optima_the_second_cost_decides() {
    // Two columns that earn alike share a row; either may fill it.
    let mut model = LinearModel { maximise: true, ..LinearModel::default() };
    let a = model.add_column(2.0, 0.0, 3.0);
    let b = model.add_column(2.0, 0.0, 3.0);
    model.add_row(f64::NEG_INFINITY, 4.0, [(a, 1.0), (b, 1.0)]);
    for (second, wanted) in [([1.0, 0.0], [3.0, 1.0]), ([0.0, 1.0], [1.0, 3.0])] {
        let mut simplex = Simplex::default();
        simplex.load(&model, &all(&model), None);
        assert_eq!(simplex.solve().unwrap().objective, 8.0);
        let costs = |free: &[bool]| {
            assert_eq!(free, [true, true]);
            vec![(a, second[0]), (b, second[1])]
        };
        assert!(simplex.choose(1e-10, costs));
        assert_eq!(simplex.x(), wanted);
    }
}

#[test]
fn equal_optima_agree_in_a_sum_that_no_free_variable_moves() {
    // A unit of either column earns alike; the third, which earns nothing, has no use.
    let mut model = LinearModel { maximise: true, ..LinearModel::default() };
    let a = model.add_column(2.0, 0.0, 3.0);
    let b = model.add_column(2.0, 0.0, 3.0);
    let idle = model.add_column(0.0, 0.0, 1.0);
    model.add_row(f64::NEG_INFINITY, 4.0, [(a, 1.0), (b, 1.0)]);
    let mut simplex = Simplex::default();
    simplex.load(&model, &all(&model), None);
    assert_eq!(simplex.solve().unwrap().objective, 8.0);
    let mut weights = [0.0; 3];
    (weights[a], weights[b]) = (5.0, 5.0);
    assert!(simplex.agrees(1e-10, &weights));
    weights[b] = 4.0;
    assert!(!simplex.agrees(1e-10, &weights), "a may stand for b");
    (weights[b], weights[idle]) = (5.0, 1.0);
    assert!(!simplex.agrees(1e-10, &weights), "the idle column may move");
    // Where one column earns more, there is nothing to choose between both.
    model.cost[a] = 2.5;
    simplex.load(&model, &all(&model), None);
    assert_eq!(simplex.solve().unwrap().objective, 9.5);
    (weights[b], weights[idle]) = (4.0, 0.0);
    assert!(simplex.agrees(1e-10, &weights));
}

#[test]
fn sums_of_which_optima_are_told_to_agree_are_the_same_after_any_choice() {
    let (mut agree, mut differ) = (0, 0);
    for seed in 0..60 {
        let mut model = model(seed, 0);
        // Costs in whole steps have ties.
        model.cost.iter_mut().for_each(|c| *c = c.round());
        let n = model.columns();
        let mut simplex = Simplex::default();
        let Some(found) = optimum(&mut simplex, &model) else { continue };
        for kind in 0..8 {
            let weights: Vec<f64> =
                (0..n).map(|c| if c % 8 == kind { 1.0 + c as f64 } else { 0.0 }).collect();
            simplex.load(&model, &all(&model), Some(&simplex.start()));
            simplex.solve().unwrap();
            let told = simplex.agrees(1e-9, &weights);
            let sum = |x: &[f64]| x.iter().zip(&weights).map(|(x, w)| x * w).sum::<f64>();
            let before = sum(&found.x);
            let mut moved = false;
            for way in [1.0, -1.0] {
                let costs = |_: &[bool]| (0..n).map(|c| (c, way * weights[c])).collect();
                if simplex.choose(1e-9, costs) {
                    let after = sum(&simplex.x());
                    moved |= (after - before).abs() > 1e-6 * (1.0 + before.abs());
                }
            }
            assert!(!(told && moved), "seed {seed}, {kind}: told to agree");
            agree += usize::from(told);
            differ += usize::from(moved);
        }
    }
    assert!(agree > 100 && differ > 10, "{agree} {differ}");
}

#[test]
fn going_back_to_a_basis_finds_its_factors() {
    let mut model = model(3, 0);
    let mut simplex = Simplex::default();
    simplex.load(&model, &all(&model), None);
    let first = simplex.solve().unwrap();
    let start = simplex.start();
    // Away from it: what stands above its lower bound is held there.
    let used = (0..model.columns()).find(|c| first.x[*c] > model.col_lower[*c] + 1e-6).unwrap();
    let upper = std::mem::replace(&mut model.col_upper[used], model.col_lower[used]);
    simplex.begin(&model, Some(&start));
    assert!(simplex.solve().unwrap().iterations > 0);
    assert!(simplex.factor_anew());
    model.col_upper[used] = upper;
    simplex.begin(&model, Some(&start));
    let again = simplex.solve().unwrap();
    assert_eq!((again.iterations, again.objective), (0, first.objective));
    assert!(simplex.factors.go_back(&start.known));
    simplex.forget();
    assert!(!simplex.factors.go_back(&start.known));
}

/// A model whose columns stand twice, a quarter and three quarters of each, in the same rows.
fn split(model: &LinearModel) -> LinearModel {
    let n = model.columns();
    let mut twice = LinearModel { maximise: model.maximise, ..LinearModel::default() };
    for copy in 0..2 {
        for c in 0..n {
            let half = if copy == 0 { 0.25 } else { 0.75 };
            twice.add_column(model.cost[c], half * model.col_lower[c], half * model.col_upper[c]);
        }
    }
    for row in 0..model.rows() {
        let both = model.row(row).flat_map(|(c, k)| [(c, k), (c + n, k)]);
        twice.add_row(model.row_lower[row], model.row_upper[row], both);
    }
    twice
}

#[test]
fn a_start_near_the_optimum_of_another_shape_saves_pivots() {
    let (mut cold, mut near, mut solved) = (0, 0, 0);
    for pattern in 0..120 {
        let model = model(pattern, 0);
        let mut simplex = Simplex::default();
        let Some(first) = optimum(&mut simplex, &model) else { continue };
        let start = simplex.start();
        let twice = split(&model);
        let known = |share: f64| {
            let columns = first.x.iter().enumerate();
            columns.map(|(c, x)| start.known(c, share * x)).collect::<Vec<_>>()
        };
        let known = [known(0.25), known(0.75)].concat();
        simplex.load(&twice, &all(&twice), None);
        let wanted = simplex.solve().unwrap();
        let begin = simplex.near(&twice, &known);
        simplex.load(&twice, &all(&twice), Some(&begin));
        let found = simplex.solve().unwrap();
        assert_eq!(found.status, Some(LpStatus::Optimal), "{pattern}");
        let off = (found.objective - wanted.objective).abs();
        assert!(off <= 1e-7 * (1.0 + wanted.objective.abs()), "{pattern}: {off}");
        (cold, near, solved) = (cold + wanted.iterations, near + found.iterations, solved + 1);
    }
    assert!(solved > 50, "{solved} solved");
    assert!(3 * near < 2 * cold, "{near} pivots from nearby, {cold} from rows");
}

#[test]
fn a_start_that_fits_nothing_still_leads_to_the_optimum() {
    let model = model(3, 0);
    let mut simplex = Simplex::default();
    simplex.load(&model, &all(&model), None);
    let wanted = simplex.solve().unwrap();
    // All columns at once, beyond what rows there are.
    let known = vec![Known { value: 7.0, basic: true, upper: false }; model.columns()];
    let begin = simplex.near(&model, &known);
    simplex.load(&model, &all(&model), Some(&begin));
    let found = simplex.solve().unwrap();
    assert!((found.objective - wanted.objective).abs() <= 1e-7 * (1.0 + wanted.objective.abs()));
}

#[test]
fn a_row_that_is_off_its_bounds_stands_in_the_basis_near_a_point() {
    let mut model = LinearModel { maximise: true, ..LinearModel::default() };
    let (a, b) = (model.add_column(1.0, 0.0, 9.0), model.add_column(1.0, 0.0, 9.0));
    model.add_row(f64::NEG_INFINITY, 4.0, [(a, 1.0)]);
    model.add_row(f64::NEG_INFINITY, 4.0, [(b, 1.0)]);
    let at = |value: f64| Known { value, basic: true, upper: false };
    // The first row is at its bound and gives way to its column, the second has none to be at.
    let start = Simplex::default().near(&model, &[at(4.0), Known::default()]);
    assert_eq!(start.basic, [a, 3]);
    let place = [Place::Basic, Place::Lower, Place::Upper, Place::Basic];
    assert_eq!(start.place, place);
    // Off its bound a row stays, and its column with it has no place.
    assert_eq!(Simplex::default().near(&model, &[at(3.0), at(4.0)]).basic, [b, 2]);
}

#[test]
fn rows_that_bound_nothing_before_come_in_where_an_answer_breaks_them() {
    let (mut solved, mut left, mut came) = (0, 0, 0);
    for pattern in 0..120 {
        let mut narrow = Simplex::default();
        let mut known: Option<(Rows, Start)> = None;
        for numbers in 0..8 {
            let mut model = model(pattern, numbers);
            model.cost.iter_mut().for_each(|c| *c = c.round());
            let mut simplex = Simplex::default();
            simplex.load(&model, &all(&model), None);
            let Some(wanted) = simplex.solve() else { continue };
            let (mut rows, start) = match known.take() {
                Some((rows, start)) => (rows, Some(start)),
                None => (all(&model), None),
            };
            let had = rows.own().len();
            narrow.load(&model, &rows, start.as_ref());
            let found = narrow.solve_with(&model, &mut rows, None).unwrap();
            assert_eq!(found.status, wanted.status, "{pattern} {numbers}");
            if found.status != Some(LpStatus::Optimal) {
                continue;
            }
            solved += 1;
            let off = (found.objective - wanted.objective).abs();
            assert!(off <= 1e-7 * (1.0 + wanted.objective.abs()), "{pattern} {numbers}: {off}");
            // The choice among equals is that of all rows.
            let second =
                |_: &[bool]| (0..model.columns()).map(|c| (c, 1.0 + (c * c % 17) as f64)).collect();
            let chosen =
                [simplex.choose(1e-9, second), narrow.choose_with(&model, &mut rows, 1e-9, second)];
            if chosen == [true, true] {
                let sum = |x: &[f64]| second(&[]).into_iter().map(|(c, k)| k * x[c]).sum::<f64>();
                let (one, other) = (sum(&simplex.x()), sum(&narrow.x()));
                assert!((one - other).abs() <= 1e-6 * (1.0 + one.abs()), "{pattern} {numbers}");
            }
            came += rows.own().len() - had;
            let start = narrow.start();
            known = Some(match rows == all(&model) {
                true => {
                    let mut rows = Rows::tight(model.rows(), [&start].into_iter());
                    let start = rows.of_all(&start, model.columns());
                    left += model.rows() - rows.own().len();
                    (rows, start)
                }
                false => (rows, start),
            });
        }
    }
    assert!(solved > 300 && left > 300 && came > 100, "{solved} solved, {left} left, {came} came");
}

#[test]
fn rows_that_have_bound_nothing_for_long_are_left_out_and_starts_follow() {
    let mut thinned = 0;
    for pattern in 0..60 {
        let model = model(pattern, 0);
        let mut simplex = Simplex::default();
        let Some(first) = optimum(&mut simplex, &model) else { continue };
        let (start, mut rows) = (simplex.start(), all(&model));
        let mut on_rows = Simplex::default();
        on_rows.load(&model, &rows, None);
        for _ in 1..rows::LOOK {
            rows.look([&start].into_iter());
            assert_eq!(rows.thin(), None, "not yet");
        }
        rows.look([&on_rows.start()].into_iter());
        let Some(kept) = rows.thin() else { continue };
        thinned += model.rows() - kept.len();
        assert_eq!(rows.own(), kept);
        let start = start.of_rows(&kept).unwrap();
        simplex.load(&model, &rows, Some(&start));
        let again = simplex.solve_with(&model, &mut rows, None).unwrap();
        assert_eq!((again.iterations, rows.own()), (0, &kept[..]), "{pattern}");
        assert!((again.objective - first.objective).abs() <= 1e-9 * (1.0 + first.objective.abs()));
        // A start that stands at a row that goes does not serve.
        assert_eq!(start.of_rows(&[]).is_some(), kept.is_empty(), "{pattern}");
    }
    assert!(thinned > 60, "{thinned}");
}

#[test]
fn a_basis_serves_a_model_with_more_rows() {
    let mut saved = 0;
    for pattern in 0..60 {
        let model = model(pattern, 0);
        let mut simplex = Simplex::default();
        let Some(first) = optimum(&mut simplex, &model) else { continue };
        // Every other row is a new one that bounds nothing.
        let mut more = LinearModel { row_start: vec![0], ..model.clone() };
        (more.row_lower, more.row_upper, more.index, more.value) = Default::default();
        let mut own = Vec::new();
        for row in 0..model.rows() {
            more.add_row(-1e6, 1e6, model.row(row).map(|(c, k)| (c, 2.0 * k)));
            own.push(more.add_row(model.row_lower[row], model.row_upper[row], model.row(row)));
        }
        let start = simplex.start().among(&own, (more.columns(), more.rows()));
        simplex.load(&more, &all(&more), Some(&start));
        let again = simplex.solve().unwrap();
        assert_eq!((again.iterations, again.status), (0, Some(LpStatus::Optimal)), "{pattern}");
        assert!((again.objective - first.objective).abs() <= 1e-9 * (1.0 + first.objective.abs()));
        saved += first.iterations;
    }
    assert!(saved > 300, "{saved}");
}

#[test]
fn what_is_known_of_an_optimum_serves_only_where_its_costs_and_bounds_are() {
    let (mut kept, mut lost) = (0, 0);
    for pattern in 0..60 {
        let mut model = model(pattern, 0);
        let mut simplex = Simplex::default();
        let Some(first) = optimum(&mut simplex, &model) else { continue };
        let start = simplex.start();
        simplex.begin(&model, Some(&start));
        assert!(simplex.rests, "{pattern}");
        // Each column's bounds in turn, and its cost.
        for column in 0..model.columns() {
            for change in 0..3 {
                let before = model.clone();
                match change {
                    0 => model.col_lower[column] += 0.25,
                    1 => model.col_upper[column] += 0.25,
                    _ => model.cost[column] += 0.25,
                }
                simplex.begin(&model, Some(&start));
                if simplex.rests {
                    kept += 1
                } else {
                    lost += 1
                }
                let found = simplex.solve();
                let mut cold = Simplex::default();
                cold.load(&model, &all(&model), None);
                let (found, wanted) = (found.unwrap_or_default(), cold.solve().unwrap_or_default());
                assert_eq!(found.status, wanted.status, "{pattern}, {column}: {change}");
                if found.status == Some(LpStatus::Optimal) {
                    let off = (found.objective - wanted.objective).abs();
                    assert!(off <= 1e-7 * (1.0 + wanted.objective.abs()), "{pattern}, {column}");
                }
                model = before;
                simplex.begin(&model, Some(&start));
                assert_eq!(simplex.solve().unwrap().objective, first.objective, "{pattern}");
            }
        }
    }
    assert!(kept > 300 && lost > 300, "{kept} kept, {lost} lost");
}
