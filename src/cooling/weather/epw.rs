//! EPW files: the hours of a typical year as EnergyPlus keeps them.
//!
//! Lines of header, eight as a rule, then one line an hour, which begins with its year: month in
//! field 2, dry bulb in 7, dew point in 8, relative
//! humidity in 9, pressure in 10 (EnergyPlus "Auxiliary Programs", EPW data dictionary). It
//! takes text and must not open files.

use super::psychrometrics::{humidity_frac, standard_pressure_pa, wetbulb_c};
use super::{Climate, Grain, Part};
use crate::diag::{Diagnostic, Report, Severity};

/// Hours of a year and of a leap year.
const YEARS: [usize; 2] = [8760, 8784];
/// Longest gap that is bridged by a straight line.
const GAP_H: usize = 6;
/// Findings after which reading stops.
const ERRORS: usize = 20;
/// Dry bulbs that the format admits, degrees Celsius.
const DRYBULB_C: std::ops::RangeInclusive<f64> = -70.0..=70.0;

/// An hour of a file.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hour {
    pub drybulb_c: f64,
    /// Absent where the file states neither humidity nor dew point.
    pub wetbulb_c: Option<f64>,
}

/// Ending of the files.
pub const EXTENSION: &str = "epw";

/// What a file says.
#[derive(Clone, Debug)]
pub struct Epw {
    pub place: String,
    pub country: String,
    /// Source of the data, e.g. `TMY3`.
    pub data: String,
    pub latitude_deg: Option<f64>,
    pub longitude_deg: Option<f64>,
    pub elevation_m: f64,
    /// Dry bulb of a return period of 20 years, of the header of design conditions.
    pub extreme_20y_c: Option<f64>,
    /// Title of the design conditions, e.g. of the handbook.
    pub design_source: Option<String>,
    /// 8,760 hours, or 8,784 of a leap year.
    pub hours: Vec<Hour>,
    /// Warnings.
    pub report: Report,
}

/// Reads a file.
///
/// # Errors
/// Findings with line and column, at most 20 of them.
pub fn read(text: &str) -> Result<Epw, Report> {
    let mut report = Report::default();
    let is_hour = |line: &&str| line.trim_start().starts_with(|c: char| c.is_ascii_digit());
    let header: Vec<&str> = text.lines().take_while(|line| !is_hour(line)).collect();
    let first = header.first().copied().unwrap_or_default().trim_start_matches('\u{feff}');
    if !first.to_ascii_uppercase().starts_with("LOCATION") {
        let hint = "Take an EPW file of EnergyPlus, with eight lines of header";
        let message = "The first line does not begin with LOCATION, so this is no EPW file";
        report.push(Diagnostic::error("not-epw", "", message, hint).at("", 1, 1));
        return Err(report);
    }
    let fields: Vec<&str> = first.split(',').map(str::trim).collect();
    let field = |n: usize| fields.get(n).copied().unwrap_or_default().to_owned();
    let number = |n: usize| fields.get(n).and_then(|w| finite(w));
    let elevation_m = number(9).unwrap_or_else(|| {
        let message = "The elevation is missing in the line LOCATION; sea level is taken";
        let hint = "Enter it as the tenth field";
        report.push(Diagnostic::warning("no-elevation", "", message, hint).at("", 1, 1));
        0.0
    });
    let design = header.iter().find(|l| l.to_ascii_uppercase().starts_with("DESIGN COND"));
    let (extreme_20y_c, design_source) = design.map_or((None, None), |l| extremes(l));
    let rows = from_january(rows(text, header.len(), elevation_m, &mut report));
    let hours = match report.has_errors() {
        true => Vec::new(),
        false => bridged(rows, &mut report),
    };
    if report.has_errors() {
        return Err(report);
    }
    Ok(Epw {
        place: field(1),
        country: field(3),
        data: field(4),
        latitude_deg: number(6),
        longitude_deg: number(7),
        elevation_m,
        extreme_20y_c,
        design_source,
        hours,
        report,
    })
}

/// A row with its line; a dry bulb that is missing is absent.
struct Row {
    line: usize,
    /// 1 to 12; absent where the file writes anything else.
    month: Option<u32>,
    drybulb_c: Option<f64>,
    wetbulb_c: Option<f64>,
}

/// The rows from the first of January on, where the file begins in another month.
fn from_january(mut rows: Vec<Row>) -> Vec<Row> {
    if rows.first().is_some_and(|row| row.month.is_some_and(|m| m > 1)) {
        let january = rows.iter().position(|row| row.month == Some(1));
        rows.rotate_left(january.unwrap_or(0));
    }
    rows
}

fn rows(text: &str, header: usize, elevation_m: f64, report: &mut Report) -> Vec<Row> {
    let mut out = Vec::new();
    for (k, raw) in text.lines().enumerate().skip(header) {
        let line = k + 1;
        if raw.trim().is_empty() {
            continue;
        }
        if report.count(Severity::Error) >= ERRORS {
            return out;
        }
        // Finer steps than an hour would only fill memory.
        if out.len() > YEARS[1] {
            break;
        }
        match row(raw, line, elevation_m) {
            Ok(row) => out.push(row),
            Err((column, message)) => {
                let hint = "Give each hour 10 fields and more, with a dry bulb from -70 to 70";
                report.push(Diagnostic::error("bad-hour", "", message, hint).at("", line, column));
            }
        }
    }
    if !report.has_errors() && !YEARS.contains(&out.len()) {
        let found = match out.len() > YEARS[1] {
            true => "more than 8,784".to_owned(),
            false => crate::units::format::count(out.len() as f64),
        };
        let message = format!("The file has {found} hours; a year has 8,760, or 8,784");
        let hint = "Take a file of one whole year in steps of one hour";
        let line = out.last().map_or(header, |r: &Row| r.line);
        report.push(Diagnostic::error("not-a-year", "", message, hint).at("", line, 1));
    }
    out
}

/// Codes that stand for a missing value.
const NO_TEMPERATURE: f64 = 99.9;
const NO_HUMIDITY: f64 = 999.0;
const NO_PRESSURE: f64 = 999_999.0;

fn row(raw: &str, line: usize, elevation_m: f64) -> Result<Row, (usize, String)> {
    let mut fields = [""; 10];
    let mut column = [1; 10];
    let mut at = 0;
    let mut found = 0;
    for (k, field) in raw.split(',').take(10).enumerate() {
        (fields[k], column[k]) = (field.trim(), at + 1);
        at += field.chars().count() + 1;
        found = k + 1;
    }
    if found < 10 {
        return Err((1, format!("The hour has {found} fields, 10 are needed")));
    }
    let value = |k: usize, what: &str| {
        finite(fields[k]).ok_or_else(|| {
            (column[k], format!("The {what} is `{}`, which is no number", short(fields[k])))
        })
    };
    let drybulb = value(6, "dry bulb")?;
    let drybulb = (drybulb != NO_TEMPERATURE).then_some(drybulb);
    if let Some(t) = drybulb.filter(|t| !DRYBULB_C.contains(t)) {
        return Err((column[6], format!("The dry bulb is {t} degrees Celsius")));
    }
    // What only the wet bulb needs may be missing, in whatever way it is written.
    let known = |k: usize, missing: f64| finite(fields[k]).filter(|v| *v < missing);
    let pressure = known(9, NO_PRESSURE)
        .filter(|p| (30_000.0..=120_000.0).contains(p))
        .unwrap_or_else(|| standard_pressure_pa(elevation_m));
    let humidity = known(8, NO_HUMIDITY).filter(|h| (0.0..=110.0).contains(h)).map(|h| h / 100.0);
    let dewpoint = known(7, NO_TEMPERATURE).filter(|t| DRYBULB_C.contains(t));
    let wet = drybulb.and_then(|t| {
        let humidity = humidity.or_else(|| dewpoint.map(|dew| humidity_frac(t, dew)))?;
        wetbulb_c(t, humidity, pressure)
    });
    let month = fields[1].parse().ok().filter(|m| (1..=12).contains(m));
    Ok(Row { line, month, drybulb_c: drybulb, wetbulb_c: wet })
}

fn finite(word: &str) -> Option<f64> {
    word.parse().ok().filter(|v: &f64| v.is_finite())
}

/// The beginning of a word that may be anything.
fn short(word: &str) -> String {
    word.chars().take(20).collect()
}

/// The hours, with short gaps of the dry bulb bridged by a straight line.
fn bridged(rows: Vec<Row>, report: &mut Report) -> Vec<Hour> {
    let known: Vec<(usize, f64)> =
        rows.iter().enumerate().filter_map(|(k, r)| r.drybulb_c.map(|t| (k, t))).collect();
    let mut filled = 0;
    let mut out = Vec::with_capacity(rows.len());
    let mut next = 0;
    for (k, row) in rows.iter().enumerate() {
        while known.get(next).is_some_and(|(at, _)| *at < k) {
            next += 1;
        }
        let before = next.checked_sub(1).and_then(|n| known.get(n));
        let drybulb_c = match (row.drybulb_c, before, known.get(next)) {
            (Some(t), ..) => t,
            (None, Some(&(a, ta)), Some(&(b, tb))) if b - a - 1 <= GAP_H => {
                filled += 1;
                ta + (tb - ta) * (k - a) as f64 / (b - a) as f64
            }
            _ => {
                let message = format!("The dry bulb is missing for more than {GAP_H} hours");
                let hint = "Take a file without the gap";
                let found = Diagnostic::error("gap", "", message, hint).at("", row.line, 1);
                report.push(found);
                return Vec::new();
            }
        };
        out.push(Hour { drybulb_c, wetbulb_c: row.wetbulb_c });
    }
    if filled > 0 {
        let message = format!("{filled} hours have no dry bulb; the hours around them stand in");
        report.push(Diagnostic::warning("filled", "", message, "Take a file without gaps"));
    }
    out
}

/// The dry bulb of a return period of 20 years among the extremes of the design conditions, and
/// their title. After `Extremes` stand three wind speeds, the highest wet bulb, four figures of
/// the annual extremes, then lowest and highest dry bulb of 5, 10, 20 and 50 years.
fn extremes(line: &str) -> (Option<f64>, Option<String>) {
    const HIGHEST_20Y: usize = 14;
    let fields: Vec<&str> = line.split(',').map(str::trim).collect();
    let at = fields.iter().position(|f| f.eq_ignore_ascii_case("Extremes"));
    let value = at.and_then(|at| fields.get(at + HIGHEST_20Y)).and_then(|w| finite(w));
    let title = fields.get(2).filter(|t| !t.is_empty()).map(|t| (*t).to_owned());
    (value.filter(|t| DRYBULB_C.contains(t)), title)
}

impl Epw {
    /// The year of the file, each hour by itself.
    pub fn climate(&self, file: &str) -> Climate {
        let year: Vec<Part> =
            self.hours.iter().map(|h| Part::at(h.drybulb_c, h.wetbulb_c, 1.0)).collect();
        let mut parts = year.clone();
        parts.sort_by(|a, b| a.low_c.total_cmp(&b.low_c));
        Climate {
            name: self.place.clone(),
            source: file.to_owned(),
            grain: Grain::Hourly,
            year,
            warmest_c: parts.last().map_or(0.0, |p| p.high_c),
            parts,
            extreme_c: self.extreme_20y_c,
        }
    }
}
