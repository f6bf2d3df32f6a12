//! Units that catalogue and studies write in words ("USD per MW of grid power", "share per year"),
//! as a narrow place shows them: a short unit and a scale that fits the values of a field. It must
//! not know whose values they are.

use super::plain;

/// How values of one unit are shown.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Worded {
    /// Stored = shown × factor.
    pub factor: f64,
    /// What the shown digits count; empty for plain numbers.
    pub label: &'static str,
}

/// Words of a unit, its short form, and those in thousands, millions and billions, where values
/// of it grow that large; empty where they do not.
type Known = (&'static str, [&'static str; 4]);

const KNOWN: &[Known] = &[
    ("USD", ["$", "", "$M", "$B"]),
    ("USD per rack", ["$", "", "$M", ""]),
    ("USD per year", ["$/yr", "", "$M/yr", "$B/yr"]),
    ("USD/MW", ["$/MW", "", "$M/MW", ""]),
    ("USD per MW of grid power", ["$/MW", "", "$M/MW", ""]),
    ("USD per MW of grid power and year", ["$/MW/yr", "", "$M/MW/yr", ""]),
    ("USD per MW and month", ["$/MW/mo", "", "", ""]),
    ("USD per kW of IT power and month", ["$/kW/mo", "", "", ""]),
    ("USD/MWh", ["$/MWh", "", "", ""]),
    ("USD per MWh", ["$/MWh", "", "", ""]),
    ("USD per million tokens", ["$/M", "", "", ""]),
    ("USD per GPU-hour", ["$/GPU-h", "", "", ""]),
    ("USD per m2", ["$/m²", "", "", ""]),
    ("tokens/s per MW", ["tok/s/MW", "k tok/s/MW", "M tok/s/MW", ""]),
    ("litres per kWh", ["L/kWh", "", "", ""]),
    ("hours per MW", ["h/MW", "", "", ""]),
    ("hours per month", ["h/mo", "", "", ""]),
    ("MW per MVA", ["MW/MVA", "", "", ""]),
    ("ratio", ["×", "", "", ""]),
    ("factor on the layout's", ["×", "", "", ""]),
    ("months", ["months", "", "", ""]),
    ("years", ["years", "", "", ""]),
    ("MW", ["MW", "", "", ""]),
    ("MWh", ["MWh", "", "", ""]),
    ("kW", ["kW", "", "", ""]),
    ("m", ["m", "", "", ""]),
    ("racks", ["racks", "", "", ""]),
    ("tokens per year", ["a year", "", "M a year", "B a year"]),
];

impl Worded {
    /// Of a unit in words, for values up to `largest` in size.
    pub fn of(unit: &str, largest: f64) -> Self {
        match unit {
            "frac" => return Self { factor: 0.01, label: "%" },
            _ if unit.starts_with("share per year") => {
                return Self { factor: 0.01, label: "%/yr" };
            }
            _ if unit.starts_with("share") || unit.starts_with("fraction") => {
                return Self { factor: 0.01, label: "%" };
            }
            _ => {}
        }
        let Some((_, forms)) = KNOWN.iter().find(|(words, _)| *words == unit) else {
            return Self { factor: 1.0, label: "" };
        };
        let scales = [(1e9, forms[3]), (1e6, forms[2]), (1e3, forms[1])];
        // A hundred thousand dollars is 0.1 million, not a row of zeros.
        let fits =
            |(factor, label): &&(f64, &str)| !label.is_empty() && largest.abs() >= factor / 10.0;
        let large = scales.iter().find(fits);
        large.map_or(Self { factor: 1.0, label: forms[0] }, |(factor, label)| Self {
            factor: *factor,
            label,
        })
    }

    /// The digits of a stored value, four at most: ends of ranges are no promises.
    pub fn digits(self, value: f64) -> String {
        plain(four(value / self.factor))
    }
}

/// The value with four digits at most.
fn four(value: f64) -> f64 {
    format!("{value:.3e}").parse().unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_amounts_stand_in_millions_and_shares_in_percent() {
        let show = |unit: &str, value: f64| {
            let worded = Worded::of(unit, value);
            format!("{} {}", worded.digits(value), worded.label)
        };
        assert_eq!(show("USD", 9_100_000.0), "9.1 $M");
        assert_eq!(show("USD", 7_440.0), "7,440 $");
        assert_eq!(show("USD per MW of grid power", 14_800_000.0), "14.8 $M/MW");
        assert_eq!(show("USD per MW of grid power and year", 300_000.0), "0.3 $M/MW/yr");
        assert_eq!(show("share per year", 0.25), "25 %/yr");
        assert_eq!(show("share of cost", 0.1), "10 %");
        assert_eq!(show("tokens/s per MW", 1_234_567.0), "1.235 M tok/s/MW");
        assert_eq!(show("factor on the layout's", 0.8), "0.8 ×");
        assert_eq!(show("bananas", 3.0), "3 ");
    }

    #[test]
    fn both_ends_of_a_range_have_one_scale() {
        let worded = Worded::of("USD", 9_100_000.0);
        assert_eq!((worded.digits(350_000.0).as_str(), worded.label), ("0.35", "$M"));
    }
}
