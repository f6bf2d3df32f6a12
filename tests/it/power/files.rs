//! Case files of MATPOWER: what is read, what is refused, what is written.

use super::support::published;
use gigasite::power::case::Case;
use gigasite::power::{flow, matpower};

const SMALL: &str = "function mpc = small
%% a comment
mpc.version = '2';
mpc.baseMVA = 100;
mpc.bus = [ % header
\t1 3 0 0 0 0 1 1.02 5 230 1 1.1 0.9;
\t2, 1, 50, 20, 0, 10, 1, 1, 0, 0, 1, 1.1, 0.9
\t3 1 10 ...
\t  5 0 0 1 1 0 34.5 1 1.1 0.9; 4 4 7 7 0 0 1 1 0 230 1 1.1 0.9;
];
mpc.gen = [1 60 0 Inf -Inf 1.02 100 1 200 0 0 0 0 0 0 0 0 0 0 0 0];
mpc.branch = [
\t1 2 0.01 0.1 0.02 100 0 0 0 0 1 -360 360;
\t2 3 0 0.2 0 0 0 0 0.98 -30 1 -360 360;
\t2 3 0 0.2 0 0 0 0 0.98 -30 0 -360 360;
];
mpc.gencost = [ 2 0 0 3 0.01 40 0 ];
mpc.bus_name = { 'North'; 'Mid%dle'; 'South'; 'Spare' };
";

fn refused(text: &str) -> (usize, String) {
    let error = matpower::read(text).expect_err("must be refused");
    (error.line, error.message)
}

#[test]
fn a_file_is_read_as_the_format_defines_it() {
    let case = matpower::read(SMALL).unwrap();
    assert_eq!(case.name, "small");
    assert_eq!(case.buses.len(), 4);
    assert_eq!(case.buses[1].base_kv, None, "zero is unknown");
    assert_eq!(case.buses[1].name, "Mid%dle");
    assert_eq!(case.buses[2].load.p_mw, 10.0, "a row goes on after three dots");
    assert_eq!(case.branches[0].ratings.normal_mva, Some(100.0));
    assert_eq!(case.branches[1].ratings.normal_mva, None);
    assert_eq!(case.branches[0].tap_ratio, 1.0);
    assert_eq!(case.branches[2].id, "2-3#2");
    assert!(!case.branches[2].in_service);
    let found = flow::ac(&case).unwrap();
    assert_eq!(found.buses[3].vm_pu, None, "an isolated bus has no voltage");
    assert!((found.buses[0].va_deg.unwrap() - 5.0).abs() < 1e-12, "the slack keeps its angle");
    assert_eq!(found.branches[1].loading_frac, None, "no rating, no loading");
}

#[test]
fn what_is_wrong_is_told_with_its_line() {
    let cases: [(&str, &str, usize, &str); 10] = [
        ("mpc.version = '2'", "mpc.version = '1'", 3, "version 2"),
        ("baseMVA = 100", "baseMVA = 0", 4, "positive"),
        ("\t2, 1, 50", "\t2, 1, 5o", 7, "`5o` is not a number"),
        ("\t2, 1, 50", "\t1, 1, 50", 7, "stands twice"),
        ("\t2, 1, 50,", "\t2, 1, NaN,", 7, "must be finite"),
        ("\t2, 1, 50,", "\t2, 1,", 7, "12 numbers, the first one 13"),
        ("\t2, 1,", "\t2, 7,", 7, "no bus type"),
        ("\t1 2 0.01 0.1", "\t1 9 0.01 0.1", 13, "bus 9 does not stand"),
        ("\t1 2 0.01 0.1", "\t1 2 0 0", 13, "neither resistance nor reactance"),
        ("mpc.gencost = [ 2", "mpc.bus(:, 3) = mpc.bus(:, 3) * 2; x = [ 2", 17, "computes"),
    ];
    for (from, to, line, words) in cases {
        assert!(SMALL.contains(from), "{from}");
        let (at, message) = refused(&SMALL.replacen(from, to, 1));
        assert!(message.contains(words), "{message}");
        assert_eq!(at, line, "{message}");
    }
}

#[test]
fn cut_and_foreign_files_are_refused() {
    let cut = SMALL.split("];").next().unwrap();
    assert!(refused(cut).1.contains("never closed"));
    assert!(refused("").1.contains("no MATPOWER case"));
    assert!(refused("hello ] world").1.contains("closes nothing"));
    assert!(refused("function [baseMVA, bus] = old\n").1.contains("version 1"));
}

#[test]
fn a_written_case_reads_back_identically() {
    for case in [published("case14"), published("case118"), matpower::read(SMALL).unwrap()] {
        let back = matpower::read(&matpower::write(&case)).unwrap();
        let parallel = |c: &Case| {
            let mut c = c.clone();
            c.branches.iter_mut().for_each(|b| b.id.clear());
            c
        };
        assert_eq!(parallel(&back), parallel(&case));
    }
}

#[test]
fn long_lines_take_linear_time() {
    // A quadratic reader would need hours for this.
    let text = format!("mpc.version = '2';\nmpc.bus = [{}", "1 'x' ".repeat(500_000));
    assert!(refused(&text).1.contains("never closed"));
}
