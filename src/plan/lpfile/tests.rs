//! Model files: what is read back, and what is refused.

use super::*;
use crate::plan::backend::highs::read::read_file;
use crate::plan::backend::{Solver, solve_once};
use crate::plan::lp::LinearModel;

const SMALL: &str = "NAME small\nROWS\n N  cost\n L  cap\n G  need\n E  tie\nCOLUMNS\n    x  cost  1.0  cap  1.0\n    x  need  1.0\n    y  cost  2.0  cap  1.0\n    y  tie  1.0\nRHS\n    rhs  cap  10.0  need  4.0\n    rhs  tie  2.0  cost  -7.0\nRANGES\n    rng  cap  6.0\nBOUNDS\n UP bnd  x  8.0\n FR bnd  y\nENDATA\n";

fn zipped(text: &str) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut encoder, text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn an_mps_file_keeps_numbers_and_names() {
    for (bytes, name) in [(SMALL.as_bytes().to_vec(), "a.mps"), (zipped(SMALL), "A.MPS.GZ")] {
        let n = parse(&bytes, name).unwrap();
        assert_eq!(n.objective_name, "cost");
        assert_eq!(n.row_names, ["cap", "need", "tie"]);
        assert_eq!(n.col_names, ["x", "y"]);
        assert_eq!(n.model.row_lower, [4.0, 4.0, 2.0]);
        assert_eq!(n.model.row_upper, [10.0, f64::INFINITY, 2.0]);
        assert_eq!(n.model.col_lower, [0.0, f64::NEG_INFINITY]);
        assert_eq!(n.model.col_upper, [8.0, f64::INFINITY]);
        assert_eq!((n.model.offset, n.model.maximise), (7.0, false));
        assert_eq!(n.model.row(0).collect::<Vec<_>>(), [(0, 1.0), (1, 1.0)]);
        assert_eq!(solve_once(&n.model, Solver::Live).unwrap().objective, 4.0 + 4.0 + 7.0);
    }
}

#[test]
fn names_of_any_length_survive() {
    let long = "a_very_long_name_".repeat(60);
    let text = SMALL.replace("need", &long);
    assert_eq!(parse(text.as_bytes(), "a.mps").unwrap().row_names[1], long);
}

#[test]
fn what_is_no_model_is_refused_in_words() {
    let error = |bytes: &[u8], name: &str| parse(bytes, name).unwrap_err().to_string();
    assert!(error(b"", "a.mps").contains("empty"));
    assert!(error(b"x", "a.txt").contains(".mps"));
    assert!(error(b"x", "a.mps.gz").contains("compressed"));
    assert!(error(b"\0\0", "a.lp").contains("text"));
    assert!(error(b"min x st x >= y", "model.lp").contains("model.lp: line 1"));
    let mut half = zipped(SMALL);
    half.truncate(half.len() / 2);
    assert!(error(&half, "a.mps.gz").contains("compressed"));
    for (old, new, line, reason) in [
        ("x  need", "x  nowhere", 9, "`nowhere` is not declared"),
        ("UP bnd  x", "UP bnd  z", 18, "`z` is not declared"),
        ("UP bnd", "XX bnd", 18, "`XX`"),
        (" L  cap", " Q  cap", 4, "`Q`"),
        (" L  cap", " L  cost", 4, "twice"),
        ("10.0", "ten", 13, "`ten` is not a number"),
        ("cap  1.0\n    x  need", "cap  NaN\n    x  need", 8, "`NaN`"),
        ("need  1.0", "cap  1.0", 9, "two coefficients"),
        ("y  tie  1.0", "x  tie  1.0", 11, "one piece"),
        ("RANGES", "QUADOBJ", 15, "QUADOBJ"),
        ("UP bnd  x  8.0", "SC bnd  x  8.0", 18, "semi-continuous"),
        ("  8.0", "", 18, "not declared"),
    ] {
        let text = SMALL.replacen(old, new, 1);
        assert_ne!(text, SMALL, "{old}");
        let said = error(text.as_bytes(), "b.mps");
        assert!(said.starts_with(&format!("b.mps: line {line}: ")), "{old}: {said}");
        assert!(said.contains(reason), "{old}: {said}");
    }
    assert!(error(SMALL.replace("ENDATA", "").as_bytes(), "b.mps").contains("cut off"));
    assert!(error(b"garbage in\n garbage out\n", "b.mps").contains("line 1"));
    assert!(read(Path::new("no/such/file.mps")).unwrap_err().to_string().contains("no/such"));
}

#[test]
fn names_with_spaces_are_read_from_fixed_columns() {
    let text = "NAME          spaced\nROWS\n N  cost\n L  row one\nCOLUMNS\n    col a     cost      -1.0           row one   2.0\nRHS\n    rhs       row one   4.0\nBOUNDS\n UP bnd       col a     9.0\nENDATA\n";
    let n = parse(text.as_bytes(), "a.mps").unwrap();
    assert_eq!((n.row_names, n.col_names), (vec!["row one".to_owned()], vec!["col a".to_owned()]));
    assert_eq!((n.model.cost[0], n.model.value[0], n.model.row_upper[0]), (-1.0, 2.0, 4.0));
    assert_eq!(n.model.col_upper[0], 9.0);
}

#[test]
fn vectors_without_names_and_whole_numbers_are_understood() {
    let text = "NAME\nOBJSENSE MAX\nROWS\n N o\n N other\n E e\n L l\nCOLUMNS\n m 'MARKER' 'INTORG'\n i o 1 e 1\n j o 1D+1 e 1\n m 'MARKER' 'INTEND'\n k other 5 l 1\nRHS\n e 3 l 1e30\nRHS2 e 7\nRANGES\n e -2\nBOUNDS\n UP j 4\n MI k\n UI k 6\nENDATA\n";
    let n = parse(text.as_bytes(), "a.mps").unwrap();
    let m = n.model;
    assert!(m.maximise);
    assert_eq!(m.cost, [1.0, 10.0, 0.0]);
    assert_eq!(m.integer, [true, true, true]);
    // Not mentioned in BOUNDS: binary.
    assert_eq!(m.col_upper, [1.0, 4.0, 6.0]);
    assert_eq!(m.col_lower, [0.0, 0.0, f64::NEG_INFINITY]);
    assert_eq!((m.row_lower[0], m.row_upper[0]), (1.0, 3.0));
    assert_eq!(m.row_upper[1], f64::INFINITY);
}

/// Everything that the writer has a special case for.
fn peculiar() -> NamedModel {
    let mut m = LinearModel { maximise: true, offset: -2.5, ..Default::default() };
    let inf = f64::INFINITY;
    let a = m.add_column(1e-7, 0.0, 4.0);
    let b = m.add_column(0.0, -inf, inf);
    let c = m.add_column(3.25, -1.0, inf);
    let d = m.add_column(-1.0, 2.0, 2.0);
    let e = m.add_column(1.0, -inf, 6.5);
    m.add_row(1.0, 9.0, [(a, 1.0), (b, -2.0), (c, 1.0)]);
    m.add_row(-inf, inf, [(a, 1.0)]);
    m.add_row(3.0, 3.0, [(b, 1.0), (d, 0.1)]);
    m.add_row(-inf, 5.0, [(c, 1e3), (e, 1.0)]);
    m.add_row(-1.0, inf, []);
    m.integer = vec![false, false, false, false, true];
    NamedModel {
        model: m,
        row_names: ["limit 1", "limit_1_upper", "e5", "bounds", ""].map(str::to_owned).to_vec(),
        col_names: ["nodes.a.x", "3x", "free", "d", "\u{3b1}"].map(str::to_owned).to_vec(),
        objective_name: "profit".into(),
    }
}

#[test]
fn lp_text_is_read_back_with_the_same_optimum_here_and_by_highs() {
    let named = peculiar();
    let text = write_lp(&named);
    let expected = solve_once(&named.model, Solver::Live).unwrap().objective;
    assert!(expected.is_finite());
    let own = parse(text.as_bytes(), "a.lp").unwrap();
    assert_eq!(own.col_names, ["nodes.a.x", "_3x", "_free", "d", "_"]);
    assert_eq!(own.row_names[..3], ["limit_1", "limit_1_upper_2", "limit_1_upper"]);
    assert_eq!(own.objective_name, "profit");
    assert_eq!(own.model.cost, named.model.cost);
    assert_eq!(own.model.col_lower, named.model.col_lower);
    assert_eq!(own.model.col_upper, named.model.col_upper);
    assert_eq!(own.model.integer, named.model.integer);
    assert!((solve_once(&own.model, Solver::Live).unwrap().objective - expected).abs() < 1e-9);
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("a.lp");
    fs::write(&copy, &text).unwrap();
    let theirs = read_file(&copy, "a.lp", 300).unwrap();
    assert_eq!(theirs.col_names, own.col_names);
    assert!((solve_once(&theirs.model, Solver::Live).unwrap().objective - expected).abs() < 1e-9);
}
