//! From the matrices of a case file to a network.

use super::CaseFileError;
use super::scan::{Assignment, Conversion, Row, Value, assignments};
use crate::power::case::{Branch, Bus, BusKind, Case, Generator, Load, Ratings};
use std::collections::BTreeMap;

/// Least columns of the matrices in version 2.
const BUS_COLUMNS: usize = 13;
const GEN_COLUMNS: usize = 10;
const BRANCH_COLUMNS: usize = 11;

/// Reads a case file.
///
/// Zero ratings and base voltages mean unknown, a zero turns ratio means a line, as the format
/// defines it. Costs, areas, interfaces and direct-current lines are not part of a power flow
/// and are passed over.
///
/// # Errors
/// The first fault with its line.
pub fn read(text: &str) -> Result<Case, CaseFileError> {
    let fields = assignments(text)?;
    // The last assignment counts, as when the file is run.
    let plain = |a: &&Assignment| !matches!(a.value, Value::Converted(_));
    let get = |name: &str| fields.iter().filter(plain).rfind(|a| a.name == name);
    version(get("version"))?;
    let base_mva = base(get("baseMVA"))?;
    let mut case = Case { name: name(text), base_mva, ..Case::default() };
    let rows = matrix(get("bus"), "bus", BUS_COLUMNS)?;
    let mut index = BTreeMap::new();
    for row in rows {
        let bus = bus(row)?;
        if index.insert(bus.id.clone(), case.buses.len()).is_some() {
            let message = format!("bus {} stands twice", bus.id);
            return Err(CaseFileError::new(row.line, message));
        }
        case.buses.push(bus);
    }
    names(&mut case, get("bus_name"));
    for (i, row) in matrix(get("gen"), "gen", GEN_COLUMNS)?.iter().enumerate() {
        case.generators.push(generator(row, i, &index)?);
    }
    let mut parallel: BTreeMap<String, u32> = BTreeMap::new();
    for row in matrix(get("branch"), "branch", BRANCH_COLUMNS)? {
        let mut branch = branch(row, &index)?;
        let twin = parallel.entry(branch.id.clone()).or_default();
        *twin += 1;
        if *twin > 1 {
            branch.id = format!("{}#{twin}", branch.id);
        }
        case.branches.push(branch);
    }
    for conversion in fields.iter().filter(|a| !plain(a)) {
        convert(&mut case, conversion)?;
    }
    Ok(case)
}

/// Applies a conversion that the file makes after its matrices.
fn convert(case: &mut Case, assignment: &Assignment) -> Result<(), CaseFileError> {
    match assignment.value {
        Value::Converted(Conversion::Ohms) => {
            let Some(kv) = case.buses.first().and_then(|b| b.base_kv) else {
                let message = "impedances are in ohms, but the first bus has no base voltage";
                return Err(CaseFileError::new(assignment.line, message));
            };
            let base = kv * kv / case.base_mva;
            for b in &mut case.branches {
                (b.r_pu, b.x_pu) = (b.r_pu / base, b.x_pu / base);
            }
        }
        Value::Converted(Conversion::Kilowatts) => {
            for bus in &mut case.buses {
                bus.load.p_mw /= 1e3;
                bus.load.q_mvar /= 1e3;
            }
        }
        _ => {}
    }
    Ok(())
}

/// Name of the function, which is the name of the case.
fn name(text: &str) -> String {
    let header = text.lines().find(|l| l.trim_start().starts_with("function"));
    let name = header.and_then(|l| l.split('=').nth(1)).map(str::trim).unwrap_or_default();
    name.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

fn version(found: Option<&Assignment>) -> Result<(), CaseFileError> {
    match found.map(|a| (&a.value, a.line)) {
        Some((Value::Text(v), _)) if v == "2" => Ok(()),
        Some((Value::Number(v), _)) if *v == 2.0 => Ok(()),
        Some((_, line)) => Err(CaseFileError::new(
            line,
            "only version 2 cases are read; write it again with savecase of MATPOWER",
        )),
        None => {
            let message = "no line `mpc.version = '2';`: this is no MATPOWER case of version 2";
            Err(CaseFileError::new(1, message))
        }
    }
}

fn base(found: Option<&Assignment>) -> Result<f64, CaseFileError> {
    match found.map(|a| (&a.value, a.line)) {
        Some((Value::Number(v), _)) if v.is_finite() && *v > 0.0 => Ok(*v),
        Some((_, line)) => {
            Err(CaseFileError::new(line, "mpc.baseMVA must be a positive number of MVA"))
        }
        None => Err(CaseFileError::new(1, "mpc.baseMVA is missing")),
    }
}

fn matrix<'a>(
    found: Option<&'a Assignment>,
    name: &str,
    columns: usize,
) -> Result<&'a [Row], CaseFileError> {
    let rows = match found.map(|a| (&a.value, a.line)) {
        Some((Value::Matrix(rows), _)) => rows,
        Some((_, line)) => {
            return Err(CaseFileError::new(line, format!("mpc.{name} must be a matrix")));
        }
        None => return Err(CaseFileError::new(1, format!("mpc.{name} is missing"))),
    };
    match rows.first() {
        Some(row) if row.values.len() < columns => {
            let has = row.values.len();
            let message = format!("mpc.{name} has {has} columns; {columns} are needed");
            Err(CaseFileError::new(row.line, message))
        }
        _ => Ok(rows),
    }
}

/// A finite number of a column (0-based).
fn at(row: &Row, column: usize, what: &str) -> Result<f64, CaseFileError> {
    let value = row.values.get(column).copied().unwrap_or(f64::NAN);
    if value.is_finite() {
        return Ok(value);
    }
    let message = format!("column {} ({what}) is {value}; it must be finite", column + 1);
    Err(CaseFileError::new(row.line, message))
}

/// The number of a bus.
fn id(row: &Row, column: usize) -> Result<String, CaseFileError> {
    let value = at(row, column, "bus number")?;
    if value.fract() != 0.0 || !(1.0..=9e15).contains(&value) {
        let message = format!("column {}: {value} is no bus number", column + 1);
        return Err(CaseFileError::new(row.line, message));
    }
    Ok(format!("{value}"))
}

fn find(row: &Row, column: usize, index: &BTreeMap<String, usize>) -> Result<usize, CaseFileError> {
    let id = id(row, column)?;
    index
        .get(&id)
        .copied()
        .ok_or_else(|| CaseFileError::new(row.line, format!("bus {id} does not stand in mpc.bus")))
}

/// A number where zero, and what is not finite, stands for unknown.
fn known(row: &Row, column: usize) -> Option<f64> {
    row.values.get(column).copied().filter(|v| v.is_finite() && *v > 0.0)
}

fn limit(row: &Row, column: usize) -> Option<f64> {
    row.values.get(column).copied().filter(|v| v.is_finite())
}

fn bus(row: &Row) -> Result<Bus, CaseFileError> {
    let kind = match at(row, 1, "type")? {
        1.0 => BusKind::Load,
        2.0 => BusKind::Voltage,
        3.0 => BusKind::Slack,
        4.0 => BusKind::Isolated,
        other => {
            let message = format!("column 2: {other} is no bus type; 1, 2, 3 and 4 are");
            return Err(CaseFileError::new(row.line, message));
        }
    };
    let id = id(row, 0)?;
    Ok(Bus {
        name: id.clone(),
        id,
        kind,
        load: Load { p_mw: at(row, 2, "Pd")?, q_mvar: at(row, 3, "Qd")?, ..Load::default() },
        gs_mw: at(row, 4, "Gs")?,
        bs_mvar: at(row, 5, "Bs")?,
        vm_pu: at(row, 7, "Vm")?,
        va_deg: at(row, 8, "Va")?,
        base_kv: known(row, 9),
        vmax_pu: known(row, 11),
        vmin_pu: known(row, 12),
        outage_band_pu: None,
    })
}

/// Names of a cell array, where it has one for each bus.
fn names(case: &mut Case, found: Option<&Assignment>) {
    let Some(Value::Texts(names)) = found.map(|a| &a.value) else { return };
    if names.len() == case.buses.len() {
        case.buses.iter_mut().zip(names).for_each(|(bus, name)| bus.name = name.trim().to_owned());
    }
}

fn generator(
    row: &Row,
    position: usize,
    index: &BTreeMap<String, usize>,
) -> Result<Generator, CaseFileError> {
    let in_service = at(row, 7, "status")? > 0.0;
    let vset_pu = at(row, 5, "Vg")?;
    if in_service && vset_pu <= 0.0 {
        let message = format!("column 6 (Vg) is {vset_pu}; a voltage must be positive");
        return Err(CaseFileError::new(row.line, message));
    }
    Ok(Generator {
        id: format!("g{}", position + 1),
        bus: find(row, 0, index)?,
        p_mw: at(row, 1, "Pg")?,
        q_mvar: at(row, 2, "Qg")?,
        vset_pu,
        in_service,
        pmax_mw: limit(row, 8),
        pmin_mw: limit(row, 9),
        qmax_mvar: limit(row, 3),
        qmin_mvar: limit(row, 4),
    })
}

fn branch(row: &Row, index: &BTreeMap<String, usize>) -> Result<Branch, CaseFileError> {
    let (from, to) = (find(row, 0, index)?, find(row, 1, index)?);
    let ends = (id(row, 0)?, id(row, 1)?);
    let tap = at(row, 8, "ratio")?;
    let branch = Branch {
        id: format!("{}-{}", ends.0, ends.1),
        from,
        to,
        r_pu: at(row, 2, "r")?,
        x_pu: at(row, 3, "x")?,
        b_pu: at(row, 4, "b")?,
        tap_ratio: if tap == 0.0 { 1.0 } else { tap },
        shift_deg: at(row, 9, "angle")?,
        in_service: at(row, 10, "status")? != 0.0,
        ratings: Ratings {
            normal_mva: known(row, 5),
            long_mva: known(row, 6),
            short_mva: known(row, 7),
            ..Ratings::default()
        },
    };
    let refuse = |message: String| Err(CaseFileError::new(row.line, message));
    if branch.in_service && branch.r_pu == 0.0 && branch.x_pu == 0.0 {
        return refuse(format!("branch {} has neither resistance nor reactance", branch.id));
    }
    if branch.in_service && branch.tap_ratio < 0.0 {
        return refuse(format!("branch {} has a negative turns ratio", branch.id));
    }
    if branch.in_service && from == to {
        return refuse(format!("branch {} joins a bus with itself", branch.id));
    }
    Ok(branch)
}
