//! Reader of MPS text, free or fixed format.
//!
//! It must not open files. Errors name the line. Columns between integer markers that the
//! BOUNDS section does not mention are binary, as in CPLEX and HiGHS; of several vectors
//! of right-hand sides, ranges or bounds the first counts.

use std::collections::HashMap;

use crate::plan::lp::{LinearModel, NamedModel};

/// Bounds from here on are no bounds.
const INFINITE: f64 = 1e20;

/// Sections of models that are not linear, or not only rows and columns.
const UNSUPPORTED: [&str; 18] = [
    "QSECTION",
    "QUADOBJ",
    "QMATRIX",
    "QCMATRIX",
    "CSECTION",
    "SOS",
    "SOS1",
    "SOS2",
    "SETS",
    "INDICATORS",
    "LAZYCONS",
    "USERCUTS",
    "DELAYEDROWS",
    "MODELCUTS",
    "GENCONS",
    "PWLOBJ",
    "PWLNAM",
    "PWLCON",
];

#[derive(Clone, Copy, Debug, Default, PartialEq)]
enum Section {
    #[default]
    Name,
    Sense,
    Rows,
    Columns,
    Rhs,
    Ranges,
    Bounds,
    End,
}

/// How a line is cut into fields.
#[derive(Clone, Copy, Default, PartialEq)]
enum Layout {
    /// At white space.
    #[default]
    Free,
    /// At fixed places, so that names may hold spaces.
    Fixed,
}

#[derive(Clone, Copy)]
enum Row {
    Objective,
    /// A further N row: read and left out.
    Free,
    At(usize),
}

/// Reads MPS text. The error is a sentence with the line.
pub(super) fn parse(text: &str) -> Result<NamedModel, String> {
    read(text, Layout::Free).or_else(|free| {
        // Names with spaces confuse the free reading; where that is not it, the first
        // complaint is the right one.
        read(text, Layout::Fixed).map_err(|_| free)
    })
}

fn read(text: &str, layout: Layout) -> Result<NamedModel, String> {
    let mut reader = Reader { layout, ..Reader::default() };
    for (number, line) in text.lines().enumerate() {
        if reader.section == Section::End {
            break;
        }
        reader.line(line).map_err(|what| format!("line {}: {what}", number + 1))?;
    }
    if reader.section != Section::End {
        return Err("the file ends before ENDATA; it may be cut off".into());
    }
    reader.finish()
}

#[derive(Default)]
struct Reader {
    layout: Layout,
    section: Section,
    whole: bool,
    maximise: bool,
    objective: Option<String>,
    offset: f64,
    rows: HashMap<String, Row>,
    row_names: Vec<String>,
    /// `L`, `G` or `E`.
    row_kinds: Vec<char>,
    rhs: Vec<f64>,
    ranges: Vec<Option<f64>>,
    columns: HashMap<String, usize>,
    col_names: Vec<String>,
    cost: Vec<f64>,
    lower: Vec<f64>,
    upper: Vec<f64>,
    integer: Vec<bool>,
    bounded: Vec<bool>,
    /// (row, column, coefficient) in the order of the file, so by column.
    entries: Vec<(usize, usize, f64)>,
    /// Last column that has an entry in a row, to find repeats.
    last_in_row: Vec<usize>,
    cost_given: bool,
    rhs_set: Option<String>,
    range_set: Option<String>,
    bound_set: Option<String>,
}

impl Reader {
    fn line(&mut self, line: &str) -> Result<(), String> {
        let line = line.trim_end();
        if line.is_empty() || line.starts_with('*') {
            return Ok(());
        }
        if !line.starts_with([' ', '\t']) && self.header(line)? {
            return Ok(());
        }
        let fields = self.fields(line);
        let fields: Vec<&str> = fields.iter().map(String::as_str).collect();
        match self.section {
            Section::Name => Err("a section such as ROWS was expected".into()),
            Section::Sense => self.sense(fields.first().copied().unwrap_or_default()),
            Section::Rows => self.row(&fields),
            Section::Columns => self.column(&fields),
            Section::Rhs => self.right_hand_side(&fields),
            Section::Ranges => self.range(&fields),
            Section::Bounds => self.bound(&fields),
            Section::End => Ok(()),
        }
    }

    /// Whether the line opens a section, which it then does.
    fn header(&mut self, line: &str) -> Result<bool, String> {
        let mut words = line.split_whitespace();
        let word = words.next().unwrap_or_default().to_ascii_uppercase();
        let more = words.next();
        let section = match word.as_str() {
            "NAME" => Section::Name,
            "OBJSENSE" => {
                self.section = Section::Sense;
                return more.map_or(Ok(()), |w| self.sense(w)).map(|()| true);
            }
            _ if UNSUPPORTED.contains(&word.as_str()) => {
                return Err(format!("section {word} is not supported"));
            }
            // A vector of that name, in a line that starts too far left.
            _ if more.is_some() => return Ok(false),
            "ROWS" => Section::Rows,
            "COLUMNS" => Section::Columns,
            "RHS" => Section::Rhs,
            "RANGES" => Section::Ranges,
            "BOUNDS" => Section::Bounds,
            "ENDATA" => Section::End,
            _ => return Err(format!("there is no section {word}")),
        };
        self.section = section;
        Ok(true)
    }

    fn fields(&self, line: &str) -> Vec<String> {
        if self.layout == Layout::Free {
            // `$` after the second field starts a comment.
            let words = line.split_whitespace().enumerate();
            let kept = words.take_while(|(i, w)| *i < 2 || !w.starts_with('$'));
            return kept.map(|(_, w)| w.to_owned()).collect();
        }
        let chars: Vec<char> = line.chars().collect();
        let field = |from: usize, to: usize| -> String {
            let cut = chars.get(from..to.min(chars.len())).unwrap_or_default();
            cut.iter().collect::<String>().trim().to_owned()
        };
        let cut = [(1, 3), (4, 12), (14, 22), (24, 36), (39, 47), (49, 61)];
        let mut fields: Vec<String> = cut.iter().map(|(a, b)| field(*a, *b)).collect();
        while fields.last().is_some_and(String::is_empty) {
            fields.pop();
        }
        // Only ROWS and BOUNDS use the first field; a vector may have a blank name.
        if !matches!(self.section, Section::Rows | Section::Bounds) && !fields.is_empty() {
            fields.remove(0);
        }
        fields
    }

    fn sense(&mut self, word: &str) -> Result<(), String> {
        match word.to_ascii_uppercase().as_str() {
            "MAX" | "MAXIMIZE" | "MAXIMISE" => self.maximise = true,
            "MIN" | "MINIMIZE" | "MINIMISE" => self.maximise = false,
            other => return Err(format!("`{other}` is neither MAX nor MIN")),
        }
        Ok(())
    }

    fn row(&mut self, fields: &[&str]) -> Result<(), String> {
        let [kind, name] = fields else {
            return Err("a row needs a type and a name".into());
        };
        let row = match kind.to_ascii_uppercase().as_str() {
            "N" if self.objective.is_none() => {
                self.objective = Some((*name).to_owned());
                Row::Objective
            }
            "N" => Row::Free,
            "L" | "G" | "E" => Row::At(self.row_names.len()),
            other => return Err(format!("`{other}` is no type of row; there are N, L, G and E")),
        };
        if self.rows.insert((*name).to_owned(), row).is_some() {
            return Err(format!("row `{name}` is declared twice"));
        }
        if let Row::At(_) = row {
            self.row_names.push((*name).to_owned());
            self.row_kinds.extend(kind.to_ascii_uppercase().chars().next());
            self.rhs.push(0.0);
            self.ranges.push(None);
            self.last_in_row.push(usize::MAX);
        }
        Ok(())
    }

    fn find_row(&self, name: &str) -> Result<Row, String> {
        self.rows.get(name).copied().ok_or_else(|| format!("row `{name}` is not declared in ROWS"))
    }

    fn column(&mut self, fields: &[&str]) -> Result<(), String> {
        if fields.get(1) == Some(&"'MARKER'") {
            match fields.last().copied() {
                Some("'INTORG'") => self.whole = true,
                Some("'INTEND'") => self.whole = false,
                _ => return Err("a marker is neither 'INTORG' nor 'INTEND'".into()),
            }
            return Ok(());
        }
        let Some((name, pairs)) = fields.split_first().filter(|(_, p)| !p.is_empty()) else {
            return Err("a column needs a row and a coefficient".into());
        };
        if self.col_names.last().map(String::as_str) != Some(*name) {
            let index = self.col_names.len();
            if self.columns.insert((*name).to_owned(), index).is_some() {
                return Err(format!("column `{name}` is not in one piece"));
            }
            self.col_names.push((*name).to_owned());
            self.cost.push(0.0);
            self.lower.push(0.0);
            self.upper.push(f64::INFINITY);
            self.integer.push(self.whole);
            self.bounded.push(false);
            self.cost_given = false;
        }
        let column = self.col_names.len() - 1;
        for pair in pairs.chunks(2) {
            let [row, value] = pair else {
                return Err(format!("row `{}` has no coefficient", pair.join(" ")));
            };
            let value = finite(value)?;
            match self.find_row(row)? {
                Row::Free => {}
                Row::Objective if self.cost_given => return Err(twice(name, row)),
                Row::Objective => {
                    self.cost_given = true;
                    self.cost[column] = value;
                }
                Row::At(at) if self.last_in_row[at] == column => return Err(twice(name, row)),
                Row::At(at) => {
                    self.last_in_row[at] = column;
                    if value != 0.0 {
                        self.entries.push((at, column, value));
                    }
                }
            }
        }
        Ok(())
    }

    fn right_hand_side(&mut self, fields: &[&str]) -> Result<(), String> {
        let (pairs, ours) = vector(fields, &mut self.rhs_set);
        for pair in pairs.chunks(2).filter(|_| ours) {
            let [row, value] = pair else {
                return Err("a right-hand side needs a row and a number".into());
            };
            let value = number(value)?;
            match self.find_row(row)? {
                Row::Free => {}
                // The objective's constant stands on the other side.
                Row::Objective => self.offset = -finite(pair[1])?,
                Row::At(at) => self.rhs[at] = value,
            }
        }
        Ok(())
    }

    fn range(&mut self, fields: &[&str]) -> Result<(), String> {
        let (pairs, ours) = vector(fields, &mut self.range_set);
        for pair in pairs.chunks(2).filter(|_| ours) {
            let [row, value] = pair else {
                return Err("a range needs a row and a number".into());
            };
            let value = number(value)?;
            if let Row::At(at) = self.find_row(row)? {
                self.ranges[at] = Some(value);
            }
        }
        Ok(())
    }

    fn bound(&mut self, fields: &[&str]) -> Result<(), String> {
        let Some((kind, rest)) = fields.split_first() else { return Ok(()) };
        let kind = kind.to_ascii_uppercase();
        let valued = match kind.as_str() {
            "UP" | "LO" | "FX" | "LI" | "UI" => true,
            "FR" | "MI" | "PL" | "BV" => false,
            "SC" | "SI" => return Err("semi-continuous columns are not supported".into()),
            other => return Err(format!("`{other}` is no type of bound")),
        };
        // The vector's name may be missing, and a bound without need of a number may have one.
        let (set, name, value) = match rest {
            [name] if !valued => ("", *name, None),
            [name, value] if valued => ("", *name, Some(*value)),
            [set, name, value] => (*set, *name, Some(*value)),
            [a, b] if self.columns.contains_key(*b) => (*a, *b, None),
            [a, b] => ("", *a, Some(*b)),
            _ => return Err("a bound needs a type, a column and a number".into()),
        };
        if self.bound_set.get_or_insert_with(|| set.to_owned()) != set {
            return Ok(());
        }
        let Some(column) = self.columns.get(name).copied() else {
            return Err(format!("column `{name}` is not declared in COLUMNS"));
        };
        let value = if valued { value.map(number).transpose()? } else { None };
        let (lower, upper) = (&mut self.lower[column], &mut self.upper[column]);
        let mut binary = false;
        match (kind.as_str(), value) {
            ("UP" | "UI", Some(v)) => *upper = v,
            ("LO" | "LI", Some(v)) => *lower = v,
            ("FX", Some(v)) => (*lower, *upper) = (v, v),
            ("MI", _) => *lower = f64::NEG_INFINITY,
            ("PL", _) => *upper = f64::INFINITY,
            ("FR", _) => (*lower, *upper) = (f64::NEG_INFINITY, f64::INFINITY),
            ("BV", _) => {
                (*lower, *upper) = (0.0, 1.0);
                binary = true;
            }
            _ => return Err(format!("a bound of type {kind} needs a number")),
        }
        self.integer[column] |= binary || matches!(kind.as_str(), "LI" | "UI");
        self.bounded[column] = true;
        Ok(())
    }

    fn finish(mut self) -> Result<NamedModel, String> {
        let Some(objective_name) = self.objective else {
            return Err("no row of type N is the objective".into());
        };
        for (column, whole) in self.integer.iter().enumerate() {
            if *whole && !self.bounded[column] {
                self.upper[column] = 1.0;
            }
        }
        let mut model = LinearModel {
            maximise: self.maximise,
            offset: self.offset,
            cost: self.cost,
            col_lower: self.lower,
            col_upper: self.upper,
            ..LinearModel::default()
        };
        if self.integer.iter().any(|i| *i) {
            model.integer = self.integer;
        }
        // Entries come by column; a stable sort by row leaves columns ascending in each.
        self.entries.sort_by_key(|e| e.0);
        let mut entries = self.entries.into_iter().peekable();
        model.row_start.push(0);
        for (row, kind) in self.row_kinds.iter().enumerate() {
            let (lower, upper) = limits(*kind, self.rhs[row], self.ranges[row]);
            let mut of_row = Vec::new();
            while let Some((_, column, value)) = entries.next_if(|e| e.0 == row) {
                of_row.push((column, value));
            }
            model.add_row(lower, upper, of_row);
        }
        Ok(NamedModel {
            model,
            row_names: self.row_names,
            col_names: self.col_names,
            objective_name,
        })
    }
}

/// Bounds of a row of a type with its right-hand side and range.
fn limits(kind: char, rhs: f64, range: Option<f64>) -> (f64, f64) {
    let (lower, upper) = match (kind, range) {
        ('L', None) => (f64::NEG_INFINITY, rhs),
        ('G', None) => (rhs, f64::INFINITY),
        ('L', Some(r)) => (rhs - r.abs(), rhs),
        ('G', Some(r)) => (rhs, rhs + r.abs()),
        (_, Some(r)) if r < 0.0 => (rhs + r, rhs),
        (_, Some(r)) => (rhs, rhs + r),
        (_, None) => (rhs, rhs),
    };
    (unbounded(lower), unbounded(upper))
}

fn unbounded(v: f64) -> f64 {
    if v.abs() >= INFINITE { v.signum() * f64::INFINITY } else { v }
}

/// The pairs of a line, without the name of the vector, and whether it is the first vector.
fn vector<'a, 'b>(fields: &'a [&'b str], set: &mut Option<String>) -> (&'a [&'b str], bool) {
    let (name, pairs) =
        if fields.len() % 2 == 1 { (fields[0], &fields[1..]) } else { ("", fields) };
    (pairs, set.get_or_insert_with(|| name.to_owned()) == name)
}

/// A number, perhaps infinite; Fortran's exponents with D are understood.
fn number(text: &str) -> Result<f64, String> {
    let parsed = text.parse().or_else(|_| text.replace(['d', 'D'], "e").parse::<f64>());
    match parsed {
        Ok(v) if !v.is_nan() => Ok(unbounded(v)),
        _ => Err(format!("`{text}` is not a number")),
    }
}

fn finite(text: &str) -> Result<f64, String> {
    number(text).and_then(
        |v| {
            if v.is_finite() { Ok(v) } else { Err(format!("`{text}` is too large")) }
        },
    )
}

fn twice(column: &str, row: &str) -> String {
    format!("column `{column}` has two coefficients in row `{row}`")
}
