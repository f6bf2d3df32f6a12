//! LP text of a model, in the dialect that CPLEX, HiGHS and most others read.
//!
//! It must not open files.

use std::collections::BTreeSet;
use std::fmt::Write;

use crate::plan::lp::NamedModel;

/// Longest line; old readers stop at 255 characters.
const LINE: usize = 200;

/// Words that mean something in LP files.
const RESERVED: [&str; 40] = [
    "max",
    "maximize",
    "maximise",
    "maximum",
    "min",
    "minimize",
    "minimise",
    "minimum",
    "subject",
    "such",
    "st",
    "s.t.",
    "st.",
    "bounds",
    "bound",
    "free",
    "inf",
    "infinity",
    "general",
    "generals",
    "gen",
    "integer",
    "integers",
    "int",
    "binary",
    "binaries",
    "bin",
    "semi",
    "semis",
    "semi-continuous",
    "sos",
    "sos1",
    "sos2",
    "end",
    "to",
    "that",
    "lazy",
    "user",
    "obj",
    "pwlobj",
];

/// Writes a model with its names. A name that LP text does not allow is changed: other
/// characters become `_`, and a number is appended where that makes two alike. A row with
/// two different finite bounds becomes two rows, the second with `_upper` after its name,
/// because not every reader knows ranges.
pub fn write_lp(named: &NamedModel) -> String {
    let m = &named.model;
    let columns = legal(&named.col_names, m.columns(), 'x');
    let rows = legal(&named.row_names, m.rows(), 'r');
    let mut taken: BTreeSet<String> = rows.iter().cloned().collect();
    let mut out = Lines::default();
    out.line(if m.maximise { "Maximize" } else { "Minimize" });
    let objective = legal(std::slice::from_ref(&named.objective_name), 1, 'o');
    out.start(objective.first().map_or("obj", String::as_str));
    // Every column, costly or not: readers number columns as they meet them.
    for (name, cost) in columns.iter().zip(&m.cost) {
        out.term(*cost, name);
    }
    if m.offset != 0.0 {
        out.push(&signed(m.offset));
    }
    out.end();
    out.line("Subject To");
    for (row, (&lower, &upper)) in m.row_lower.iter().zip(&m.row_upper).enumerate() {
        let mut put = |name: &str, relation: &str, bound: f64| {
            out.start(name);
            let mut entries = m.row(row).peekable();
            if entries.peek().is_none() {
                out.term(0.0, columns.first().map_or("x0", String::as_str));
            }
            for (column, coefficient) in entries {
                out.term(coefficient, &columns[column]);
            }
            out.push(&format!("{relation} {}", number(bound)));
            out.end();
        };
        if lower == upper {
            put(&rows[row], "=", lower);
        } else if lower.is_finite() && upper.is_finite() {
            put(&rows[row], ">=", lower);
            put(&unique(format!("{}_upper", rows[row]), &mut taken), "<=", upper);
        } else if upper.is_finite() {
            put(&rows[row], "<=", upper);
        } else {
            put(&rows[row], ">=", lower);
        }
    }
    out.line("Bounds");
    for (j, name) in columns.iter().enumerate() {
        if let Some(bounds) = bounds(name, m.col_lower[j], m.col_upper[j]) {
            out.line(&bounds);
        }
    }
    if m.is_integer() {
        out.line("General");
        for (name, _) in columns.iter().zip(&m.integer).filter(|(_, whole)| **whole) {
            out.push(name);
        }
        out.end();
    }
    out.line("End");
    out.text
}

/// The line of a column's bounds, unless they are the usual 0 and infinity.
fn bounds(name: &str, lower: f64, upper: f64) -> Option<String> {
    if lower == 0.0 && upper == f64::INFINITY {
        None
    } else if lower == upper {
        Some(format!(" {name} = {}", number(lower)))
    } else if lower == f64::NEG_INFINITY && upper == f64::INFINITY {
        Some(format!(" {name} free"))
    } else {
        Some(format!(" {} <= {name} <= {}", number(lower), number(upper)))
    }
}

/// Shortest text that reads back as the same number.
fn number(v: f64) -> String {
    if v == f64::INFINITY {
        return "inf".into();
    }
    if v == f64::NEG_INFINITY {
        return "-inf".into();
    }
    let text = format!("{v:?}");
    text.strip_suffix(".0").map_or_else(|| text.clone(), str::to_owned)
}

fn signed(v: f64) -> String {
    let sign = if v.is_sign_negative() { '-' } else { '+' };
    format!("{sign} {}", number(v.abs()))
}

/// Names that LP text allows, each once.
fn legal(names: &[String], count: usize, prefix: char) -> Vec<String> {
    let mut taken = BTreeSet::new();
    (0..count)
        .map(|i| {
            let wanted = names.get(i).filter(|n| !n.is_empty());
            let mut name: String = match wanted {
                Some(n) => n.chars().map(|c| if allowed(c) { c } else { '_' }).collect(),
                None => format!("{prefix}{i}"),
            };
            // Longer names are cut by some readers; "e5" and ".5" would read as numbers.
            name.truncate(200);
            let first = name.chars().next().unwrap_or('_');
            let like_number = first.is_ascii_digit()
                || first == '.'
                || (matches!(first, 'e' | 'E')
                    && name.chars().nth(1).is_none_or(|c| c.is_ascii_digit()));
            if like_number || RESERVED.contains(&name.to_ascii_lowercase().as_str()) {
                name.insert(0, '_');
            }
            unique(name, &mut taken)
        })
        .collect()
}

/// `name`, with a number where it is taken.
fn unique(name: String, taken: &mut BTreeSet<String>) -> String {
    let mut free = name.clone();
    let mut copy = 2;
    while !taken.insert(free.clone()) {
        free = format!("{name}_{copy}");
        copy += 1;
    }
    free
}

fn allowed(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '.')
}

/// Text in lines that are not too long.
#[derive(Default)]
struct Lines {
    text: String,
    length: usize,
}

impl Lines {
    fn line(&mut self, text: &str) {
        // cannot fail: writing to a String
        let _ = writeln!(self.text, "{text}");
        self.length = 0;
    }

    fn start(&mut self, name: &str) {
        let _ = write!(self.text, " {name}:");
        self.length = name.len() + 2;
    }

    fn term(&mut self, coefficient: f64, name: &str) {
        self.push(&format!("{} {name}", signed(coefficient)));
    }

    fn push(&mut self, piece: &str) {
        if self.length + piece.len() > LINE {
            self.text.push_str("\n ");
            self.length = 1;
        }
        self.text.push(' ');
        self.text.push_str(piece);
        self.length += piece.len() + 1;
    }

    fn end(&mut self) {
        self.text.push('\n');
        self.length = 0;
    }
}
