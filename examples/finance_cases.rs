//! Evaluates finance cases of a CSV file, so that anyone can hold the engine against another
//! tool: `cargo run --example finance_cases -- CASES.csv > OURS.csv`.
//!
//! Columns needed: `case_id`, `kind`, `input_json`, `output`; others are ignored. One line of
//! `case_id,output,value` is written for each row; `value` is JSON, `null` where the figure does
//! not exist. Rows whose output starts with `ref_` quote another tool and are skipped. What is
//! wrong goes to standard error with its line; the exit code is then 2.

#[path = "finance_cases/fields.rs"]
mod fields;
#[path = "finance_cases/kinds.rs"]
mod kinds;
#[path = "finance_cases/owner.rs"]
mod owner;

use std::process::ExitCode;

fn main() -> ExitCode {
    let Some(path) = std::env::args().nth(1) else {
        eprintln!("usage: finance_cases CASES.csv");
        return ExitCode::from(2);
    };
    match run(&path) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(2),
        Err(message) => {
            eprintln!("{path}: {message}");
            ExitCode::from(2)
        }
    }
}

/// Whether every row could be evaluated.
fn run(path: &str) -> Result<bool, String> {
    let text = std::fs::read_to_string(path).map_err(|e| e.to_string())?;
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let header = reader.headers().map_err(|e| e.to_string())?.clone();
    let column = |name: &str| {
        let found = header.iter().position(|h| h.trim_start_matches('\u{feff}').trim() == name);
        found.ok_or(format!("line 1: there is no column {name}"))
    };
    let columns = [column("case_id")?, column("kind")?, column("input_json")?, column("output")?];
    let mut writer = csv::Writer::from_writer(std::io::stdout().lock());
    let mut all = true;
    writer.write_record(["case_id", "output", "value"]).map_err(|e| e.to_string())?;
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(e) => {
                eprintln!("{path}: {e}");
                all = false;
                continue;
            }
        };
        let line = record.position().map_or(0, csv::Position::line);
        let fields: Option<Vec<&str>> = columns.iter().map(|c| record.get(*c)).collect();
        let Some([case, kind, input, output]) = fields.as_deref() else {
            eprintln!("{path}: line {line}: a column is missing");
            all = false;
            continue;
        };
        if output.starts_with("ref_") {
            continue;
        }
        match kinds::evaluate(kind, input, output) {
            Ok(evaluated) => {
                for note in evaluated.notes {
                    eprintln!("{path}: line {line}: {case}: {note}");
                }
                let value = evaluated.value.to_string();
                writer.write_record([*case, output, &value]).map_err(|e| e.to_string())?;
            }
            Err(problem) => {
                eprintln!("{path}: line {line}: {case}: {problem}");
                all = false;
            }
        }
    }
    writer.flush().map_err(|e| e.to_string())?;
    Ok(all)
}
