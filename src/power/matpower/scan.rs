//! The statements of a case file: assignments to fields of the case, with the lines that their
//! values stand on.

use super::CaseFileError;

/// A row of numbers and the line that it begins on.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Row {
    pub line: usize,
    pub values: Vec<f64>,
}

/// What is assigned to a field.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    Number(f64),
    Text(String),
    Matrix(Vec<Row>),
    /// Texts of a cell array.
    Texts(Vec<String>),
    /// The field as it stands, converted.
    Converted(Conversion),
}

/// The two computations that end most distribution cases.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Conversion {
    /// Resistance and reactance from ohms, by the base voltage of the first bus.
    Ohms,
    /// Loads from kW and kvar.
    Kilowatts,
}

/// What the conversions are recognised by: their statements without blanks.
const VOLTAGE_BASE: &str = "Vbase=mpc.bus(1,BASE_KV)*1e3";
const POWER_BASE: &str = "Sbase=mpc.baseMVA*1e6";
const FROM_OHMS: &str = "mpc.branch(:,[BR_RBR_X])=mpc.branch(:,[BR_RBR_X])/(Vbase^2/Sbase)";
const FROM_KILOWATTS: &str = "mpc.bus(:,[PD,QD])=mpc.bus(:,[PD,QD])/1e3";

/// `mpc.NAME = VALUE;`
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Assignment {
    pub line: usize,
    pub name: String,
    pub value: Value,
}

/// Fields that a power flow depends on.
const NEEDED: [&str; 5] = ["version", "baseMVA", "bus", "gen", "branch"];

/// A statement: its text without comments, and the line of each of its characters.
struct Statement {
    text: Vec<(char, usize)>,
}

impl Statement {
    fn line(&self) -> usize {
        self.text.iter().find(|(c, _)| !c.is_whitespace()).map_or(0, |(_, line)| *line)
    }
}

/// All assignments to fields of the case, in order.
///
/// # Errors
/// A statement that is cut off, or one that computes on the data of the network.
pub(super) fn assignments(text: &str) -> Result<Vec<Assignment>, CaseFileError> {
    let mut found = Vec::new();
    let (mut voltage, mut power) = (false, false);
    for statement in statements(text)? {
        let bare: String =
            statement.text.iter().map(|(c, _)| *c).filter(|c| !c.is_whitespace()).collect();
        let line = statement.line();
        let mut convert = |name: &str, to| {
            let value = Value::Converted(to);
            found.push(Assignment { line, name: name.to_owned(), value });
        };
        match bare.as_str() {
            FROM_OHMS if voltage && power => convert("branch", Conversion::Ohms),
            FROM_KILOWATTS => convert("bus", Conversion::Kilowatts),
            _ => found.extend(assignment(&statement)?),
        }
        // Another meaning of the same name takes the conversion away again.
        if bare.starts_with("Vbase=") {
            voltage = bare == VOLTAGE_BASE;
        }
        if bare.starts_with("Sbase=") {
            power = bare == POWER_BASE;
        }
    }
    Ok(found)
}

/// Splits at semicolons and line ends outside of brackets and quotes.
fn statements(text: &str) -> Result<Vec<Statement>, CaseFileError> {
    let mut all = Vec::new();
    let mut now: Vec<(char, usize)> = Vec::new();
    let (mut depth, mut opened, mut block) = (0usize, 0usize, false);
    for (number, raw) in text.lines().enumerate() {
        let line = number + 1;
        match raw.trim() {
            "%{" => block = true,
            "%}" => {
                block = false;
                continue;
            }
            _ => {}
        }
        if block {
            continue;
        }
        let (code, continued) = code(raw);
        let mut quoted = false;
        for c in code.chars() {
            quoted ^= c == '\'';
            if quoted {
                now.push((c, line));
                continue;
            }
            match c {
                '[' | '{' | '(' => {
                    if depth == 0 {
                        opened = line;
                    }
                    depth += 1;
                }
                ']' | '}' | ')' => {
                    depth = depth
                        .checked_sub(1)
                        .ok_or_else(|| CaseFileError::new(line, format!("`{c}` closes nothing")))?;
                }
                ';' if depth == 0 => {
                    all.push(Statement { text: std::mem::take(&mut now) });
                    continue;
                }
                _ => {}
            }
            now.push((c, line));
        }
        if continued {
            now.push((' ', line));
        } else if depth == 0 {
            all.push(Statement { text: std::mem::take(&mut now) });
        } else {
            now.push(('\n', line));
        }
    }
    if depth > 0 {
        return Err(CaseFileError::new(opened, "the bracket opened here is never closed"));
    }
    all.push(Statement { text: now });
    Ok(all)
}

/// A line without its comment, and whether it goes on in the next.
fn code(raw: &str) -> (&str, bool) {
    let mut quoted = false;
    for (at, c) in raw.char_indices() {
        match c {
            '\'' => quoted = !quoted,
            '%' if !quoted => return (&raw[..at], false),
            '.' if !quoted && raw[at..].starts_with("...") => return (&raw[..at], true),
            _ => {}
        }
    }
    (raw, false)
}

fn assignment(statement: &Statement) -> Result<Option<Assignment>, CaseFileError> {
    let whole: String = statement.text.iter().map(|(c, _)| *c).collect();
    let trimmed = whole.trim();
    let line = statement.line();
    if trimmed.is_empty() {
        return Ok(None);
    }
    if let Some(rest) = trimmed.strip_prefix("function") {
        return header(rest, line).map(|()| None);
    }
    let Some(rest) = trimmed.strip_prefix("mpc.") else {
        let computes = trimmed.split('=').next().is_some_and(|left| left.contains("mpc."));
        return if computes && trimmed.contains('=') {
            Err(computed(line, trimmed))
        } else {
            Ok(None)
        };
    };
    let name: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    let after = rest[name.len()..].trim_start();
    let Some(value) = after.strip_prefix('=').filter(|v| !v.starts_with('=')) else {
        // `mpc.bus(...) = ...` changes the network; other fields do not matter here.
        let changes = NEEDED.contains(&name.as_str()) && after.contains('=');
        return if changes { Err(computed(line, trimmed)) } else { Ok(None) };
    };
    if !NEEDED.contains(&name.as_str()) && name != "bus_name" {
        return Ok(None);
    }
    // The value's characters with their lines: the end of the statement.
    let skip = statement.text.len() - value.chars().count() - trailing(&whole);
    let value = parse(&statement.text[skip..], line, &name)?;
    Ok(Some(Assignment { line, name, value }))
}

/// Whitespace characters at the end.
fn trailing(text: &str) -> usize {
    text.chars().rev().take_while(|c| c.is_whitespace()).count()
}

fn computed(line: usize, statement: &str) -> CaseFileError {
    let short: String = statement.chars().take(60).collect();
    CaseFileError::new(
        line,
        format!(
            "`{short}` computes on the network; load the case in MATPOWER and write it with \
             savecase, which leaves plain numbers"
        ),
    )
}

/// `function mpc = name`: the older form returns the matrices one by one.
fn header(rest: &str, line: usize) -> Result<(), CaseFileError> {
    let left = rest.split('=').next().unwrap_or("").trim();
    if left.starts_with('[') {
        return Err(CaseFileError::new(
            line,
            "this is a version 1 case; write it again with savecase of MATPOWER",
        ));
    }
    if rest.contains('=') && left != "mpc" {
        return Err(CaseFileError::new(
            line,
            format!("the case is called `{left}` instead of mpc"),
        ));
    }
    Ok(())
}

fn parse(text: &[(char, usize)], line: usize, name: &str) -> Result<Value, CaseFileError> {
    let whole: String = text.iter().map(|(c, _)| *c).collect();
    let trimmed = whole.trim();
    let inner = |open: char, close: char| {
        let first = text.iter().position(|(c, _)| *c == open)?;
        let last = text.iter().rposition(|(c, _)| *c == close)?;
        text.get(first + 1..last)
    };
    match trimmed.chars().next() {
        Some('[') if trimmed.ends_with(']') => {
            let body = inner('[', ']').unwrap_or_default();
            matrix(body, name).map(Value::Matrix)
        }
        Some('{') if trimmed.ends_with('}') => {
            let pieces = trimmed.split('\'');
            Ok(Value::Texts(pieces.skip(1).step_by(2).map(str::to_owned).collect()))
        }
        Some('\'') => Ok(Value::Text(trimmed.trim_matches('\'').to_owned())),
        Some(_) => number(trimmed).map(Value::Number).ok_or_else(|| computed(line, trimmed)),
        None => Err(CaseFileError::new(line, format!("mpc.{name} has no value"))),
    }
}

/// Rows between semicolons or line ends, numbers between blanks or commas.
fn matrix(text: &[(char, usize)], name: &str) -> Result<Vec<Row>, CaseFileError> {
    let mut rows: Vec<Row> = Vec::new();
    let mut row = Row { line: 0, values: Vec::new() };
    let mut word = String::new();
    let end = text.last().map_or(0, |(_, l)| *l);
    for &(c, line) in text.iter().chain(std::iter::once(&('\n', end))) {
        let ends_row = c == ';' || c == '\n';
        if !(ends_row || c == ',' || c.is_whitespace()) {
            word.push(c);
            continue;
        }
        if !word.is_empty() {
            let value = number(&word).ok_or_else(|| {
                CaseFileError::new(line, format!("mpc.{name}: `{word}` is not a number"))
            })?;
            if row.values.is_empty() {
                row.line = line;
            }
            row.values.push(value);
            word.clear();
        }
        if ends_row && !row.values.is_empty() {
            if let Some(first) = rows.first().filter(|r| r.values.len() != row.values.len()) {
                let (has, others) = (row.values.len(), first.values.len());
                return Err(CaseFileError::new(
                    row.line,
                    format!("mpc.{name}: this row has {has} numbers, the first one {others}"),
                ));
            }
            rows.push(std::mem::replace(&mut row, Row { line: 0, values: Vec::new() }));
        }
    }
    Ok(rows)
}

/// A number as MATLAB writes it.
fn number(word: &str) -> Option<f64> {
    match word {
        "Inf" | "inf" | "+Inf" => return Some(f64::INFINITY),
        "-Inf" | "-inf" => return Some(f64::NEG_INFINITY),
        "NaN" | "nan" => return Some(f64::NAN),
        _ => {}
    }
    if let Some((a, b)) = word.split_once('/') {
        return Some(plain(a)? / plain(b)?);
    }
    plain(word)
}

fn plain(word: &str) -> Option<f64> {
    let starts = word.starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c));
    starts.then(|| word.parse().ok()).flatten()
}
