//! Cooling: fluids, pipes and networks against tables and against EPANET.

mod fluids;
mod networks;
mod pipes;
mod weather;

use crate::support::root;

/// Rows of a table of the folder `tests/data`, by the names of its columns.
fn table(path: &str) -> Vec<std::collections::HashMap<String, String>> {
    let mut reader = csv::Reader::from_path(root().join("tests/data").join(path)).unwrap();
    reader.deserialize().map(Result::unwrap).collect()
}

fn of(row: &std::collections::HashMap<String, String>, column: &str) -> f64 {
    row[column].parse().unwrap_or_else(|_| panic!("{column}: {}", row[column]))
}
