//! Numbers typed as a change of the present one, and sums that belong to no field.

use super::field::{Unit, unit_of_suffix};
use super::parse::{ParseError, parse_in, parse_with_unit};

/// A text that changes the present value: `+10 %`, `-5 %`, `*1.1`, `/2`.
///
/// A signed share changes the value by that share of itself; in a field that
/// counts percent it adds points, so that 60 % and `+10 %` make 70 %. `None`
/// where the text is an amount of its own.
///
/// # Errors
/// [`ParseError`], also where there is no value to change.
pub fn parse_change(
    text: &str,
    unit_suffix: &str,
    current: Option<f64>,
) -> Option<Result<f64, ParseError>> {
    let text = text.trim();
    let first = text.chars().next()?;
    let rest = text.get(first.len_utf8()..).unwrap_or_default();
    match first {
        '*' | '×' | '/' | '÷' => Some(scaled(rest, matches!(first, '/' | '÷'), current)),
        '+' | '-' | super::MINUS => {
            let share = text.strip_suffix('%')?;
            // Of several parts the sign belongs to the first alone: that is an amount.
            let inner = share.get(first.len_utf8()..).unwrap_or_default();
            if inner.contains(['+', '-', '*', '/', super::MINUS, '%']) {
                return None;
            }
            Some(shifted(share, unit_of_suffix(unit_suffix), current))
        }
        _ => None,
    }
}

fn present(current: Option<f64>) -> Result<f64, ParseError> {
    current.filter(|v| v.is_finite()).ok_or(ParseError::NothingToChange)
}

fn scaled(factor: &str, divides: bool, current: Option<f64>) -> Result<f64, ParseError> {
    let factor = parse_in(factor, Unit::NONE)?;
    let value = present(current)?;
    match divides {
        true if factor == 0.0 => Err(ParseError::DivisionByZero),
        true => Ok(value / factor),
        false => Ok(value * factor),
    }
}

fn shifted(share: &str, unit: Unit, current: Option<f64>) -> Result<f64, ParseError> {
    let frac = parse_in(share, Unit::NONE)? / 100.0;
    let value = present(current)?;
    Ok(if unit.is_percent() { value + frac } else { value * (1.0 + frac) })
}

/// Units that a sum without a field is tried in, in this order, each with a
/// text that must stand in it: `M` alone is no money.
const FAMILIES: &[(&str, &[&str])] = &[
    ("", &[]),
    ("mw", &[]),
    ("mva", &[]),
    ("mwh", &[]),
    ("kv", &[]),
    ("usd_per_mwh", &["/MWh", "/kWh"]),
    ("usd_per_mtok", &["per M", "/M"]),
    ("usd", &["$", "USD"]),
    ("tok_s", &["tok", "/s"]),
    ("lpm", &[]),
    ("c", &[]),
    ("kg_m2", &[]),
    ("kg", &[]),
    ("m", &[]),
    ("h", &[]),
    ("ms", &[]),
    ("frac", &["%"]),
];

/// The value of a sum with units that stands by itself, in the unit of the
/// family that it is written in: `16*8` is 128, `1 GW / 8` is 125 of MW.
///
/// # Errors
/// [`ParseError`]; where no family fits, the fault that comes closest.
pub fn evaluate(text: &str) -> Result<(f64, Unit), ParseError> {
    let mut fault = None;
    for (suffix, signs) in FAMILIES {
        if !signs.is_empty() && !signs.iter().any(|sign| text.contains(sign)) {
            continue;
        }
        let unit = unit_of_suffix(suffix);
        match parse_with_unit(text, unit) {
            Ok((value, true)) => return Ok((value, unit)),
            // Of two amounts only a ratio is left.
            Ok((value, false)) => {
                return Ok((if unit.is_percent() { value * 100.0 } else { value }, Unit::NONE));
            }
            Err(error @ ParseError::Unit { .. }) => fault = fault.or(Some(error)),
            // Only money takes a dollar sign in front.
            Err(ParseError::Unexpected { text, .. }) if text.starts_with('$') => {}
            // The units fit; what is wrong is something else.
            Err(error) => return Err(error),
        }
    }
    Err(match fault {
        Some(ParseError::Unit { unit, .. }) => ParseError::UnknownUnit { unit },
        other => other.unwrap_or(ParseError::Empty),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(text: &str, suffix: &str, current: f64) -> Option<f64> {
        parse_change(text, suffix, Some(current)).map(|r| r.expect("a change"))
    }

    #[test]
    fn a_signed_share_changes_the_value_by_it_and_adds_points_to_percent() {
        assert_eq!(change("+10 %", "mw", 200.0), Some(220.00000000000003));
        assert_eq!(change("−25%", "usd", 8.0), Some(6.0));
        assert_eq!(change("+10 %", "frac", 0.6), Some(0.7));
        assert_eq!(change("*1.5", "mw", 100.0), Some(150.0));
        assert_eq!(change("/ (2*4)", "mw", 100.0), Some(12.5));
    }

    #[test]
    fn amounts_of_their_own_are_no_changes() {
        for text in ["10 %", "-4", "+4 MW", "1 GW / 8", "", "+10 % + 5 %", "%"] {
            assert_eq!(parse_change(text, "mw", Some(1.0)), None, "{text}");
        }
    }

    #[test]
    fn a_change_of_nothing_and_a_division_by_zero_say_so() {
        let none = parse_change("+10 %", "mw", None);
        assert_eq!(none, Some(Err(ParseError::NothingToChange)));
        let zero = parse_change("/0", "mw", Some(1.0));
        assert_eq!(zero, Some(Err(ParseError::DivisionByZero)));
        assert!(parse_change("*x", "mw", Some(1.0)).is_some_and(|r| r.is_err()));
    }

    #[test]
    fn sums_without_a_field_find_their_family() {
        let shown = |text: &str| evaluate(text).map(|(value, unit)| unit.show(value));
        assert_eq!(shown("16*8"), Ok("128".into()));
        assert_eq!(shown("1 GW / 8"), Ok("125 MW".into()));
        assert_eq!(shown("2.5 MW + 500 kW"), Ok("3 MW".into()));
        assert_eq!(shown("$3 M / 4"), Ok("$750,000".into()));
        assert_eq!(shown("62 $/MWh * 2"), Ok("124 $/MWh".into()));
        assert_eq!(shown("113 °F"), Ok("45 °C".into()));
        assert_eq!(shown("10 ft"), Ok("3.048 m".into()));
        assert_eq!(shown("20 % * 2"), Ok("40 %".into()));
        assert_eq!(shown("1 MW / 200 kW"), Ok("5".into()));
        assert_eq!(shown("20 % / 5 %"), Ok("4".into()));
        assert!(matches!(evaluate("3 bananas"), Err(ParseError::UnknownUnit { .. })));
        assert_eq!(evaluate("3 +"), Err(ParseError::EndsEarly));
        assert_eq!(evaluate("1/0"), Err(ParseError::DivisionByZero));
    }
}
