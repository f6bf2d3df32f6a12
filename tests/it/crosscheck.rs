//! Solvers against each other, published optima and hand-made cases.

use std::path::{Path, PathBuf};

use gigasite::plan::backend::highs::LiveHighs;
use gigasite::plan::backend::highs::read::read_file;
use gigasite::plan::backend::{Solver, solve_once};
use gigasite::plan::lp::{LinearModel, LpStatus};
use gigasite::plan::lpfile::{self, NamedModel, write_lp};
use gigasite::plan::lpreport::{dual_violation, primal_violation, solve_file};
use gigasite::plan::parametric::{Direction, RowShift, derivatives, one_sided};
use gigasite::plan::result::Status;
use proptest::prelude::*;

fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/lp").join(name)
}

fn table(name: &str) -> Vec<Vec<String>> {
    let text = std::fs::read_to_string(data(name)).unwrap();
    text.lines().skip(1).map(|l| l.split(',').map(str::to_owned).collect()).collect()
}

fn site() -> NamedModel {
    lpfile::read(&data("site-2k.mps.gz")).unwrap()
}

fn relative(a: f64, b: f64) -> f64 {
    (a - b).abs() / b.abs().max(1.0)
}

fn assert_close(found: f64, expected: f64, tolerance: f64, what: &str) {
    let by = relative(found, expected);
    assert!(by <= tolerance, "{what}: {found} instead of {expected}, off by {by:.1e}");
}

/// The published instances that come with the source of HiGHS.
fn instances() -> Option<PathBuf> {
    let home = std::env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cargo")))?;
    let found = std::fs::read_dir(home.join("registry/src")).ok()?.flatten().find_map(|index| {
        let crates = std::fs::read_dir(index.path()).ok()?.flatten();
        let mut own = crates.filter(|c| c.file_name().to_string_lossy().starts_with("highs-sys-"));
        Some(own.next()?.path().join("HiGHS/check/instances")).filter(|p| p.is_dir())
    });
    if found.is_none() {
        eprintln!("SKIPPED: no source of highs-sys with its instances under {}", home.display());
    }
    found
}

#[test]
fn published_optima_and_statuses_are_reproduced() {
    let Some(folder) = instances() else { return };
    for row in table("netlib.csv") {
        let named = lpfile::read(&folder.join(format!("{}.mps", row[0]))).unwrap();
        let report = solve_file(&named, Solver::Live, &[]).unwrap();
        match row[2].as_str() {
            "optimal" => {
                assert_eq!(report.status, Status::Optimal, "{}", row[0]);
                let published = row[1].parse().unwrap();
                assert_close(report.objective.unwrap(), published, 1e-7, &row[0]);
                assert!(report.max_primal_violation.unwrap() < 1e-6, "{}: {report:?}", row[0]);
                assert!(report.max_dual_violation.unwrap() < 1e-6, "{}: {report:?}", row[0]);
            }
            "infeasible" => assert_eq!(report.status, Status::Infeasible, "{}", row[0]),
            "unbounded" => assert_eq!(report.status, Status::Unbounded, "{}", row[0]),
            other => panic!("status {other} in the table"),
        }
    }
}

#[test]
fn integer_instances_reach_their_optima_with_a_closed_gap() {
    let Some(folder) = instances() else { return };
    for (name, optimum) in [("flugpl", 1_201_500.0), ("egout", 568.1007), ("lseu", 1120.0)] {
        let named = lpfile::read(&folder.join(format!("{name}.mps"))).unwrap();
        let report = solve_file(&named, Solver::Live, &[]).unwrap();
        assert_eq!(report.status, Status::Optimal, "{name}");
        assert_close(report.objective.unwrap(), optimum, 1e-6, name);
        assert!(report.mip_gap.unwrap() <= 1e-9, "{name}: {:?}", report.mip_gap);
        assert!(report.max_primal_violation.unwrap() < 1e-6, "{name}");
    }
}

#[test]
fn site_models_reach_their_optima() {
    for row in table("optima.csv") {
        let named = lpfile::read(&data(&row[0])).unwrap();
        assert_eq!(named.model.columns().to_string(), row[1]);
        assert_eq!(named.model.rows().to_string(), row[2]);
        let report = solve_file(&named, Solver::Live, &[]).unwrap();
        assert_close(report.objective.unwrap(), row[3].parse().unwrap(), 1e-9, &row[0]);
        assert!(report.max_primal_violation.unwrap() < 1e-9);
        assert!(report.max_dual_violation.unwrap() < 1e-9);
    }
}

#[test]
fn one_sided_derivatives_of_site_models_agree_with_finite_differences() {
    for row in table("derivatives.csv") {
        let named = lpfile::read(&data(&row[0])).unwrap();
        let report = solve_file(&named, Solver::Live, &[row[1].clone()]).unwrap();
        let what = format!("{} row {}", row[0], row[1]);
        let found = &report.rows[0];
        assert_close(found.left.unwrap(), row[4].parse().unwrap(), 1e-6, &what);
        assert_close(found.right.unwrap(), row[5].parse().unwrap(), 1e-6, &what);
        let dual = found.dual.unwrap();
        let (low, high) = (found.right.unwrap(), found.left.unwrap());
        let margin = 1e-6 * high.abs();
        assert!(low - margin <= dual && dual <= high + margin, "{what}: {dual}");
    }
}

#[test]
fn a_range_of_validity_ends_where_the_slope_changes() {
    let named = site();
    let mut live = LiveHighs::new().unwrap();
    let base = live.solve(&named.model).unwrap();
    for row in [90, 575, 580, 584, 585, 589, 590] {
        let shift = [RowShift::of_row(&named.model, row, 1.0)];
        for direction in [Direction::Up, Direction::Down] {
            let found = one_sided(&mut live, &base, &shift, direction, 1e3).unwrap();
            let (slope, end) = (found.slope.unwrap(), found.valid_to.unwrap());
            let turn = if direction == Direction::Up { 1.0 } else { -1.0 };
            let mut optimum = |change: f64| {
                let mut moved = named.model.clone();
                moved.row_upper[row] += turn * change;
                live.cold();
                live.solve(&moved).unwrap().objective
            };
            let promised = base.objective + slope * end;
            // Slopes that differ by less than 3e-7 of themselves count as one.
            let slack = 1e-6 * (slope * end).abs().max(1e-2);
            let at_end = optimum(end);
            assert!((at_end - promised).abs() < slack, "row {row}: {at_end}, {promised} promised");
            if let Some(then) = found.then {
                let further = optimum(end * (1.0 + 1e-3));
                let expected = at_end + then * end * 1e-3;
                assert_close(further, expected, 1e-7, &format!("row {row} after {end}"));
                assert!(then < slope, "row {row} {direction:?}: {then} after {slope}");
            }
            live.solve(&named.model).unwrap();
        }
    }
}

#[test]
fn other_solvers_agree_on_site_models() {
    for file in ["site-2k.mps.gz", "plan-1k.mps.gz"] {
        let named = lpfile::read(&data(file)).unwrap();
        let expected = solve_once(&named.model, Solver::Live).unwrap().objective;
        for solver in [Solver::GoodLpHighs, Solver::Clarabel, Solver::Microlp] {
            let s = solve_once(&named.model, solver).unwrap();
            assert_eq!(s.status, Some(LpStatus::Optimal), "{solver} on {file}");
            assert_close(s.objective, expected, 1e-6, &format!("{solver} on {file}"));
            assert!(primal_violation(&named.model, &s.x) < 1e-6, "{solver} on {file}");
            if !s.row_dual.is_empty() {
                let v = dual_violation(&named.model, &s.x, &s.row_dual);
                assert!(v < 1e-5, "{solver} on {file}: {v}");
            }
        }
    }
}

/// What an edit of the numbers may touch.
#[derive(Clone, Debug)]
enum Edit {
    RowBound(usize, f64),
    ColumnBound(usize, f64),
    Cost(usize, f64),
    Coefficient(usize, f64),
    AllCoefficients(f64),
    ManyBounds(f64),
}

fn edits() -> impl Strategy<Value = Vec<Edit>> {
    let at = 0..100_000_usize;
    let factor = 0.5..1.6_f64;
    let edit = prop_oneof![
        4 => (at.clone(), factor.clone()).prop_map(|(i, f)| Edit::RowBound(i, f)),
        1 => (at.clone(), factor.clone()).prop_map(|(i, f)| Edit::ColumnBound(i, f)),
        3 => (at.clone(), factor.clone()).prop_map(|(i, f)| Edit::Cost(i, f)),
        3 => (at, factor.clone()).prop_map(|(i, f)| Edit::Coefficient(i, f)),
        1 => factor.clone().prop_map(Edit::AllCoefficients),
        1 => factor.prop_map(Edit::ManyBounds),
    ];
    prop::collection::vec(edit, 12)
}

fn apply(m: &mut LinearModel, edit: &Edit) {
    let scale = |v: &mut f64, f: f64| {
        if v.is_finite() {
            *v *= f;
        }
    };
    let (rows, columns, entries) = (m.rows(), m.columns(), m.value.len());
    match *edit {
        Edit::RowBound(i, f) => scale(&mut m.row_upper[i % rows], f),
        Edit::ColumnBound(i, f) => m.col_upper[i % columns] = 40.0 * f,
        Edit::Cost(i, f) => m.cost[i % columns] *= f,
        Edit::Coefficient(i, f) => m.value[i % entries] *= f,
        Edit::AllCoefficients(f) => m.value.iter_mut().step_by(3).for_each(|v| *v *= f.sqrt()),
        Edit::ManyBounds(f) => m.row_upper.iter_mut().for_each(|v| scale(v, f)),
    }
    // Equalities stay equalities: only one side was scaled.
    for r in 0..rows {
        if m.row_lower[r] > m.row_upper[r] {
            m.row_lower[r] = m.row_upper[r];
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4, failure_persistence: None, ..Default::default() })]

    #[test]
    fn a_warm_solve_equals_a_cold_one_after_any_edits(edits in edits()) {
        let mut model = site().model;
        let mut live = LiveHighs::new().unwrap();
        live.solve(&model).unwrap();
        for edit in &edits {
            apply(&mut model, edit);
            let warm = live.solve(&model).unwrap();
            prop_assert!(live.was_warm());
            let cold = LiveHighs::new().unwrap().solve(&model).unwrap();
            prop_assert_eq!(warm.status, cold.status);
            if cold.status == Some(LpStatus::Optimal) {
                prop_assert!(relative(warm.objective, cold.objective) < 1e-9,
                    "{} warm, {} cold after {:?}", warm.objective, cold.objective, edit);
                prop_assert!(primal_violation(&model, &warm.x) < 1e-8);
            }
        }
    }
}

#[test]
fn hand_made_cases_in_lp_text_have_their_hand_made_answers() {
    let read = |text: &str| lpfile::parse(text.as_bytes(), "case.lp").unwrap();
    let solve = |text: &str, rows: &[&str]| {
        let rows: Vec<String> = rows.iter().map(|r| (*r).to_owned()).collect();
        solve_file(&read(text), Solver::Live, &rows).unwrap()
    };

    // Two limits in series: neither is worth anything alone.
    let series = "Maximize\n value: 3 a\nSubject To\n grid: a <= 10\n substation: a <= 10\nEnd\n";
    let report = solve(series, &["grid", "substation"]);
    assert_eq!(report.objective, Some(30.0));
    for row in &report.rows {
        assert_eq!((row.left, row.right), (Some(3.0), Some(0.0)), "{}", row.name);
    }
    let named = read(series);
    assert_eq!(named.objective_name, "value");
    let mut live = LiveHighs::new().unwrap();
    let base = live.solve(&named.model).unwrap();
    let joint = [RowShift::of_row(&named.model, 0, 1.0), RowShift::of_row(&named.model, 1, 1.0)];
    let gain = one_sided(&mut live, &base, &joint, Direction::Up, 100.0).unwrap();
    assert_eq!((gain.slope, gain.valid_to), (Some(3.0), None));

    // Two tiers with different prices.
    let tiers = "Maximize\n obj: 5 p + 2 q\nSubject To\n power: p + q <= 10\n premium: p <= 4\n \
                 basic: q <= 20\nEnd\n";
    let report = solve(tiers, &["power", "premium", "basic"]);
    assert_eq!(report.objective, Some(32.0));
    for (row, expected) in report.rows.iter().zip([2.0, 3.0, 0.0]) {
        assert_eq!((row.left, row.right), (Some(expected), Some(expected)), "{}", row.name);
    }

    // A commitment that the substation cannot carry.
    let commitment = "Minimize\n obj: 0 x\nSubject To\n commitment: x >= 12\n substation: x <= 10\n \
                      grid: x <= 50\nEnd\n";
    let report = solve(commitment, &["substation"]);
    assert_eq!((report.status, report.objective), (Status::Infeasible, None));
    assert!(report.rows.is_empty());

    // Whole domains of 0.13 MW in a hall of 1 MW.
    let whole = "Maximize\n obj: n\nSubject To\n hall: 0.13 n <= 1.0\nGeneral\n n\nEnd\n";
    assert_eq!(solve(whole, &[]).objective, Some(7.0));
    let relaxed = solve(&whole.replace("General\n n\n", ""), &["hall"]);
    assert_close(relaxed.objective.unwrap(), 7.692307692307692, 1e-12, "relaxed domains");
    assert_close(relaxed.rows[0].right.unwrap(), 1.0 / 0.13, 1e-9, "one more MW");

    // Two transformers of 10 MW, either out, the survivor at 1.2.
    let outage = "Maximize\n obj: a\nSubject To\n first_out: a <= 12\n second_out: a <= 12\nEnd\n";
    assert_eq!(solve(outage, &[]).objective, Some(12.0));
}

#[test]
fn a_written_model_reads_back_as_the_same_model() {
    for file in ["site-2k.mps.gz", "plan-1k.mps.gz"] {
        let named = lpfile::read(&data(file)).unwrap();
        let again = lpfile::parse(write_lp(&named).as_bytes(), "again.lp").unwrap();
        assert_eq!(again.model.columns(), named.model.columns());
        assert_eq!(again.col_names, named.col_names);
        assert_eq!(again.row_names, named.row_names);
        let (a, b) = (
            solve_once(&again.model, Solver::Live).unwrap().objective,
            solve_once(&named.model, Solver::Live).unwrap().objective,
        );
        assert_close(a, b, 1e-12, file);
    }
}

#[test]
fn derivatives_do_not_depend_on_what_the_live_solver_did_before() {
    let named = site();
    let mut used = LiveHighs::new().unwrap();
    let base = used.solve(&named.model).unwrap();
    for row in [584, 90, 590] {
        let mut fresh = LiveHighs::new().unwrap();
        let base_fresh = fresh.solve(&named.model).unwrap();
        let a = derivatives(&mut used, &base, row).unwrap();
        let b = derivatives(&mut fresh, &base_fresh, row).unwrap();
        assert_close(a.left.unwrap(), b.left.unwrap(), 1e-9, "left");
        assert_close(a.right.unwrap(), b.right.unwrap(), 1e-9, "right");
    }
}

/// Instances on which our reader and that of HiGHS differ, and why ours is right.
const READ_OTHERWISE: [(&str, &str); 9] = [
    ("1448.lp", "no model at all; HiGHS reads an empty one"),
    ("garbage.lp", "no model at all; HiGHS reads an empty one"),
    ("1449a.lp", "sections on one line are legal"),
    ("1449b.lp", "sections on one line are legal"),
    ("1451.lp", "HiGHS forgets the constant on the left of a constraint"),
    ("nan1.mps", "HiGHS takes a NaN and fails later"),
    ("silly-names.mps", "a column may be called RHS"),
    ("gas11.mps", "HiGHS drops coefficients up to 1e-9"),
    ("issue-2585.lp", "rows without names get other names"),
];

#[test]
fn files_are_read_as_highs_reads_them() {
    let Some(folder) = instances() else { return };
    let mut compared = 0;
    for path in std::fs::read_dir(folder).unwrap().flatten().map(|f| f.path()) {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let model = name.ends_with(".mps") || name.ends_with(".lp");
        if !model || READ_OTHERWISE.iter().any(|(n, _)| *n == name) {
            continue;
        }
        match (lpfile::read(&path), read_file(&path, &name, 1000)) {
            (Ok(ours), Ok(theirs)) => {
                assert!(ours.model == theirs.model, "{name}: other numbers");
                assert_eq!(ours.row_names, theirs.row_names, "{name}");
                assert_eq!(ours.col_names, theirs.col_names, "{name}");
                compared += 1;
            }
            (Err(_), Err(_)) => {}
            (ours, theirs) => panic!("{name}: {:?} and {:?}", ours.err(), theirs.err()),
        }
    }
    assert!(compared >= 50, "only {compared} instances compared");
}

/// The optimum with the finite bounds of a row moved, from nothing.
fn moved(model: &LinearModel, row: usize, by: f64) -> f64 {
    let mut moved = model.clone();
    moved.row_lower[row] += by;
    moved.row_upper[row] += by;
    solve_once(&moved, Solver::Live).unwrap().objective
}

#[test]
fn slopes_of_published_instances_hold_as_far_as_they_say() {
    let Some(folder) = instances() else { return };
    for name in ["afiro", "adlittle", "israel", "standata"] {
        let model = lpfile::read(&folder.join(format!("{name}.mps"))).unwrap().model;
        let mut live = LiveHighs::new().unwrap();
        let base = live.solve(&model).unwrap();
        for row in (0..model.rows()).filter(|r| base.row_dual[*r] != 0.0).take(12) {
            let shift = [RowShift::of_row(&model, row, 1.0)];
            for (direction, turn) in [(Direction::Up, 1.0), (Direction::Down, -1.0)] {
                let found = one_sided(&mut live, &base, &shift, direction, 1e4).unwrap();
                let Some(slope) = found.slope else { continue };
                let what = format!("{name} row {row} {direction:?}: {found:?}");
                let step = found.valid_to.unwrap_or(1e4);
                let gain = moved(&model, row, turn * step) - base.objective;
                let slack = 1e-6 * (slope * step).abs() + 1e-9 * base.objective.abs();
                assert!((gain - slope * step).abs() <= slack, "{what}, gain {gain}");
                // A minimum is convex: the dual lies between the slopes.
                let dual = turn * base.row_dual[row];
                assert!(dual <= slope + 1e-6 * slope.abs().max(1e-3), "{what}, dual {dual}");
            }
        }
    }
}
