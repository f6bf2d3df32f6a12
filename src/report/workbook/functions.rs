//! The functions of spreadsheets that the workbook uses, and no others.

use super::book::Value;
use crate::finance::date::{Date, days_of_month};

/// Days from the day 0 of spreadsheets, 30 December 1899, to 1970-01-01.
const EPOCH: i64 = 25_569;

/// Arguments: the cells of each, and how many of them make a row.
#[derive(Debug, Default)]
pub struct Args(Vec<(Vec<Value>, usize)>);

impl Args {
    pub fn push(&mut self, cells: Vec<Value>, width: usize) {
        self.0.push((cells, width));
    }

    fn cells(&self, n: usize) -> &[Value] {
        self.0.get(n).map_or(&[], |(cells, _)| cells.as_slice())
    }

    fn number(&self, n: usize) -> f64 {
        self.cells(n).first().map_or(0.0, plain)
    }

    fn list(&self, n: usize) -> Vec<f64> {
        self.cells(n).iter().map(plain).collect()
    }

    /// All numbers of all arguments.
    fn all(&self) -> impl Iterator<Item = f64> + '_ {
        self.0.iter().flat_map(|(cells, _)| cells).filter_map(|v| match v {
            Value::Number(n) => Some(*n),
            _ => None,
        })
    }
}

/// A cell in arithmetic: nothing and words count as zero.
pub fn plain(value: &Value) -> f64 {
    match value {
        Value::Number(n) => *n,
        _ => 0.0,
    }
}

fn truth(holds: bool) -> f64 {
    if holds { 1.0 } else { 0.0 }
}

pub fn operation(sign: &str, a: f64, b: f64) -> Result<f64, String> {
    let value = match sign {
        "+" => sum(a, b),
        "-" => sum(a, -b),
        "*" => a * b,
        "/" if b == 0.0 => return Err("division by zero".to_owned()),
        "/" => a / b,
        "^" => a.powf(b),
        "=" => truth(a == b),
        "<>" => truth(a != b),
        "<" => truth(a < b),
        ">" => truth(a > b),
        "<=" => truth(a <= b),
        ">=" => truth(a >= b),
        _ => return Err(format!("unknown operation {sign}")),
    };
    Ok(value)
}

/// Spreadsheets take what is left of two equal amounts after rounding for zero.
fn sum(a: f64, b: f64) -> f64 {
    const EQUAL: f64 = 1.0 / (16_777_216.0 * 16_777_216.0);
    let value = a + b;
    let whole = |v: f64| v == v.trunc() && v.abs() < 9.0e15;
    let rounding = a * b < 0.0 && value.abs() < a.abs().min(b.abs()) * EQUAL;
    let integers = whole(a) && whole(b) && whole(value);
    if rounding && !integers { 0.0 } else { value }
}

/// Cell by cell; a single number goes with each.
pub fn broadcast(
    a: &[f64],
    b: &[f64],
    of: impl Fn(f64, f64) -> Result<f64, String>,
) -> Result<Vec<f64>, String> {
    match (a, b) {
        ([one], list) => list.iter().map(|v| of(*one, *v)).collect(),
        (list, [one]) => list.iter().map(|v| of(*v, *one)).collect(),
        (a, b) if a.len() == b.len() => a.iter().zip(b).map(|(a, b)| of(*a, *b)).collect(),
        _ => Err("ranges of different lengths".to_owned()),
    }
}

/// Value of a function of numbers and ranges.
pub fn call(name: &str, args: &Args) -> Result<f64, String> {
    match name {
        "SUM" => Ok(args.all().sum()),
        "MIN" => Ok(args.all().reduce(f64::min).unwrap_or(0.0)),
        "MAX" => Ok(args.all().reduce(f64::max).unwrap_or(0.0)),
        "COUNT" => Ok(args.all().count() as f64),
        "ABS" => Ok(args.number(0).abs()),
        "INT" => Ok(args.number(0).floor()),
        "ROUND" => {
            let scale = 10f64.powf(args.number(1));
            Ok((args.number(0) * scale).round() / scale)
        }
        "MOD" if args.number(1) == 0.0 => Err("division by zero".to_owned()),
        "MOD" => {
            let (a, b) = (args.number(0), args.number(1));
            Ok(a - b * (a / b).floor())
        }
        "SUMIFS" => sum_if(args),
        "INDEX" => index(args),
        "DATE" => date(args.number(0), args.number(1), args.number(2)),
        "XNPV" => {
            let (rate, flows, days) = (args.number(0), args.list(1), args.list(2));
            Ok(xnpv(rate, &flows, &days).0)
        }
        "XIRR" => xirr(&args.list(0), &args.list(1), args.number(2)),
        _ => Err(format!("unknown function {name}")),
    }
}

/// Sum of a range where other ranges hold given numbers.
fn sum_if(args: &Args) -> Result<f64, String> {
    let mut sum = 0.0;
    for (n, value) in args.cells(0).iter().enumerate() {
        let mut test = 1;
        let mut holds = true;
        while !args.cells(test).is_empty() {
            let cell = args.cells(test).get(n).ok_or("ranges of different lengths")?;
            holds &= plain(cell) == args.number(test + 1);
            test += 2;
        }
        sum += if holds { plain(value) } else { 0.0 };
    }
    Ok(sum)
}

/// A cell of a range: by position in one row, else by row and column.
fn index(args: &Args) -> Result<f64, String> {
    let (cells, width) = args.0.first().ok_or("INDEX of nothing")?;
    let (row, column) = if args.0.len() > 2 {
        (args.number(1), args.number(2))
    } else if *width == 1 {
        (args.number(1), 1.0)
    } else {
        (1.0, args.number(1))
    };
    let inside = row >= 1.0 && column >= 1.0 && column <= *width as f64;
    let at = (row as usize).saturating_sub(1) * width + (column as usize).saturating_sub(1);
    cells.get(at).filter(|_| inside).map(plain).ok_or_else(|| "INDEX outside".to_owned())
}

/// Day number of a date whose month may run over.
fn date(year: f64, month: f64, day: f64) -> Result<f64, String> {
    let months = year * 12.0 + month - 1.0;
    let (year, month) = ((months / 12.0).floor() as i32, (months.rem_euclid(12.0)) as u32 + 1);
    let first = Date::new(year, month, 1).filter(|d| days_of_month(d.year, d.month) > 0);
    let first = first.ok_or("no such date")?;
    Ok((first.day_number() + EPOCH) as f64 + day - 1.0)
}

/// Newton's method on a function with its slope.
fn newton(start: f64, of: impl Fn(f64) -> (f64, f64)) -> Result<f64, String> {
    let mut rate = start;
    for _ in 0..200 {
        let (value, slope) = of(rate);
        let step = value / slope;
        if !step.is_finite() {
            break;
        }
        rate = (rate - step).max(-0.999_999);
        if step.abs() <= 1e-15 * (1.0 + rate.abs()) {
            return Ok(rate);
        }
    }
    let (value, slope) = of(rate);
    if (value / slope).abs() < 1e-12 { Ok(rate) } else { Err("no rate found".to_owned()) }
}

/// Value and its slope in the rate, actual days over 365.
fn xnpv(rate: f64, flows: &[f64], days: &[f64]) -> (f64, f64) {
    let first = days.first().copied().unwrap_or(0.0);
    flows.iter().zip(days).fold((0.0, 0.0), |(value, slope), (flow, day)| {
        let years = (day - first) / 365.0;
        let part = flow * (1.0 + rate).powf(-years);
        (value + part, slope - years * part / (1.0 + rate))
    })
}

fn xirr(flows: &[f64], days: &[f64], guess: f64) -> Result<f64, String> {
    newton(guess, |rate| xnpv(rate, flows, days))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_the_day_numbers_of_spreadsheets() {
        assert_eq!(date(2026.0, 1.0, 1.0), Ok(46_023.0));
        assert_eq!(date(2024.0, 14.0, 0.0), Ok(45_688.0));
        assert_eq!(date(1900.0, 3.0, 1.0), Ok(61.0));
    }

    #[test]
    fn rates_of_return_are_found_from_far_away() {
        let flows = [-1000.0, 0.0, 1210.0];
        let days = [0.0, 365.0, 730.0];
        assert!((xirr(&flows, &days, 0.5).unwrap() - 0.1).abs() < 1e-14);
    }
}
