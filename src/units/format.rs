//! Numbers as people read them: unit visible, sensible digits, true minus.
//!
//! The one place that turns a number into text for a person and back. It must
//! not know what a number is used for. An infinite number reads "unlimited",
//! one that is not a number "unknown"; neither is ever shown as digits.

mod field;
mod labels;
mod parse;
mod relative;
mod scale;
mod worded;

pub use field::{Measure, Unit, unit_of_field, unit_of_suffix};
pub use labels::{label_of_field, words_of_kind};
pub use parse::{ParseError, parse_number};
pub use relative::{evaluate, parse_change};
pub use worded::Worded;

use super::{Celsius, Energy, Flow, Length, Mass, Money, Power, TokenPrice, TokenRate};
use scale::{
    ENERGY, MONEY, POWER, POWER_FINE, Scale, TOKENS_A_YEAR, TOKENS_PER_S, grouped, scaled,
};

/// The true minus sign.
pub const MINUS: char = '\u{2212}';
/// An empty cell.
pub const DASH: &str = "–";
/// A value that nobody has entered: never 0, never blank.
pub const UNKNOWN: &str = "unknown";
/// A bound that is stated to be absent.
pub const UNLIMITED: &str = "unlimited";
/// Names of the months, January first.
pub const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
/// What stands before an estimate.
const ABOUT: &str = "≈ ";

/// Units in which measures are shown; stored values are metric always.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize,
)]
pub enum System {
    #[default]
    Metric,
    /// °F, US gallons, pounds and feet.
    Us,
}

/// `Some` through `form`, else the word "unknown".
pub fn known<T>(value: Option<T>, form: impl FnOnce(T) -> String) -> String {
    value.map_or_else(|| UNKNOWN.to_owned(), form)
}

/// `Some` through `form`, else the dash of an empty cell.
pub fn or_dash<T>(value: Option<T>, form: impl FnOnce(T) -> String) -> String {
    value.map_or_else(|| DASH.to_owned(), form)
}

/// Comma groups and a fixed count of decimals, for columns: `1,020.0`, `−5.17`.
pub fn fixed(value: f64, decimals: usize) -> String {
    finite(value, |v| signed(v, &grouped(v, decimals)))
}

/// Comma groups and as many decimals as the number has, at most 12 digits: `1,020`, `7.8`.
pub fn plain(value: f64) -> String {
    finite(value, |v| signed(v, &scale::shortest(v)))
}

/// Comma groups and at most six digits that count: `1,020`, `0.634609`.
pub fn brief(value: f64) -> String {
    finite(value, |v| signed(v, &scale::brief(v)))
}

/// A number and the unit that no function of its own covers: `255.6 MVA`, `1,707 A`.
pub fn with_unit(value: f64, decimals: usize, unit: &str) -> String {
    finite(value, |v| {
        let digits = fixed(v, decimals);
        if unit.is_empty() { digits } else { format!("{digits} {unit}") }
    })
}

/// A whole number with comma groups: `3,128`.
pub fn count(value: f64) -> String {
    fixed(value, 0)
}

/// A number that is written already with the noun that goes with it: `1 rack`, `2.3 racks`.
pub fn counted(digits: &str, (one, many): (&str, &str)) -> String {
    format!("{digits} {}", if digits == "1" { one } else { many })
}

/// So many racks: `1 rack`, `5,919 racks`.
pub fn racks(n: f64) -> String {
    counted(&count(n), ("rack", "racks"))
}

/// A mean of whole numbers, with a tenth where that tells: `2.3`, `5,919`.
pub fn mean_count(value: f64) -> String {
    fixed(value, if value < 9.95 { 1 } else { 0 })
}

/// A cell of a cash-flow table in the unit of its header: `(5.17)` for less
/// than nothing, the dash for zero.
pub fn table_cell(value: f64, decimals: usize) -> String {
    finite(value, |v| {
        let digits = grouped(v, decimals);
        if v == 0.0 {
            DASH.to_owned()
        } else if v < 0.0 {
            format!("({digits})")
        } else {
            digits
        }
    })
}

/// Power: `999.9 MW`, `240 kW`.
pub fn power(value: Power) -> String {
    with_scale(value.as_mw(), &POWER, 0)
}

/// Power to the kilowatt, for the inspector: `3.840 MW`, `240.0 kW`.
pub fn power_fine(value: Power) -> String {
    with_scale(value.as_mw(), &POWER_FINE, 0)
}

/// A change of power: `+21.1 MW`.
pub fn power_change(value: Power) -> String {
    changed(value.as_mw(), |v| with_scale(v, &POWER, 0))
}

/// An estimate of power while dragging, one digit less: `≈ 1,000 MW`.
pub fn power_preview(value: Power) -> String {
    about(value.as_mw(), |v| with_scale(v, &POWER, 1))
}

/// Energy: `834.5 MWh`, `1.23 GWh`, `8,760 GWh`.
pub fn energy(value: Energy) -> String {
    with_scale(value.as_mwh(), &ENERGY, 0)
}

/// Apparent power: `255.6 MVA`.
pub fn apparent_mva(value: f64) -> String {
    with_unit(value, 1, "MVA")
}

/// Current: `1,707 A`.
pub fn current_a(value: f64) -> String {
    with_unit(value, 0, "A")
}

/// Voltage: `345 kV`, `34.5 kV`, `480 V`.
pub fn voltage_kv(value: f64) -> String {
    finite(value, |v| {
        if v != 0.0 && v.abs() < 1.0 {
            format!("{} V", plain(v * 1e3))
        } else {
            format!("{} kV", plain(v))
        }
    })
}

/// Money: `$42.10 B`, `$17.7 M`, `$31,500`, `$0.99`, `<$0.01`, `−$5.17 M`.
pub fn money(value: Money) -> String {
    dollars(value.as_usd(), 0)
}

/// Money per year: `$42.10 B/yr`.
pub fn money_per_year(value: Money) -> String {
    per_year(value.as_usd(), money(value))
}

/// A change of money: `+$17.7 M`, `−$17.7 M`, `$0`.
pub fn money_change(value: Money) -> String {
    changed(value.as_usd(), |v| dollars(v, 0))
}

/// A change of money per year: `+$17.7 M/yr`.
pub fn money_change_per_year(value: Money) -> String {
    per_year(value.as_usd(), money_change(value))
}

/// An estimate of money while dragging, one digit less: `≈ $42.2 B`.
pub fn money_preview(value: Money) -> String {
    about(value.as_usd(), |v| dollars(v, 1))
}

/// An estimate of money per year while dragging: `≈ $42.2 B/yr`.
pub fn money_preview_per_year(value: Money) -> String {
    per_year(value.as_usd(), money_preview(value))
}

/// A marginal value with the change of capacity up to which it holds:
/// `+$17.7 M to +21.1 MW`; without a known end `+$17.7 M`, without any end
/// `+$17.7 M, any amount`.
pub fn marginal(gain: Money, valid_to: Option<f64>, unit: &str) -> String {
    let gain = money_change(gain);
    match valid_to {
        None => gain,
        Some(end) if end.is_infinite() => format!("{gain}, any amount"),
        Some(end) => format!("{gain} to {}", amount_change(end, unit)),
    }
}

/// A change of an amount in a unit given in words: `+21.1 MW`, `+1,200 racks`.
pub fn amount_change(value: f64, unit: &str) -> String {
    changed(value, |v| amount(v, unit))
}

/// An amount in a unit given in words, to four digits at least of what counts:
/// `999.9 MW`, `1,707 racks`, `511.8 M/s` for `tok/s`, `$17.7 M` for `USD`.
pub fn amount(value: f64, unit: &str) -> String {
    match unit {
        "MW" => power(Power::mw(value)),
        "kW" => power(Power::kw(value)),
        "MWh" => energy(Energy::mwh(value)),
        "USD" | "$" => money(Money::usd(value)),
        "tok/s" | "tokens/s" => token_rate(TokenRate::per_s(value)),
        "frac" | "share" => share(value),
        other => with_unit(value, decimals_of(value), other),
    }
}

/// A unit given in words as a system of units has it: how many of the given one
/// make one shown, and what that is called.
pub fn unit_in(unit: &str, system: System) -> (f64, &str) {
    match (system, unit) {
        (System::Us, "L/min") => (field::LITRES_PER_GALLON, "gpm"),
        (System::Us, "kg") => (field::KG_PER_POUND, "lb"),
        (System::Us, "t") => (field::KG_PER_POUND * 2.0, "short tons"),
        (System::Us, "m") => (field::M_PER_FOOT, "ft"),
        (System::Us, "m³") => (field::LITRES_PER_GALLON / 1e3, "gal"),
        // A difference of temperatures.
        (System::Us, "K") => (5.0 / 9.0, "°F"),
        _ => (1.0, unit),
    }
}

/// As [`amount`], in a system of units.
pub fn amount_in(value: f64, unit: &str, system: System) -> String {
    let (factor, unit) = unit_in(unit, system);
    if factor == 1.0 { amount(value, unit) } else { measure(value / factor, unit) }
}

/// Tokens per second; the kind stands in the label: `511.8 M/s`, `1.54 G/s`, `850 tok/s`.
pub fn token_rate(value: TokenRate) -> String {
    with_scale(value.as_per_s(), &TOKENS_PER_S, 0)
}

/// An estimate of tokens per second while dragging: `≈ 512 M/s`.
pub fn token_rate_preview(value: TokenRate) -> String {
    about(value.as_per_s(), |v| with_scale(v, &TOKENS_PER_S, 1))
}

/// A change of tokens per second: `+12.3 M/s`.
pub fn token_rate_change(value: TokenRate) -> String {
    changed(value.as_per_s(), |v| with_scale(v, &TOKENS_PER_S, 0))
}

/// The tokens of a year at a mean rate: `16.1 quadrillion a year`.
pub fn tokens_a_year(rate: TokenRate) -> String {
    with_scale(rate.as_per_s() * super::SECONDS_PER_YEAR, &TOKENS_A_YEAR, 0)
}

/// Tokens per second of one user: `60 tok/s`.
pub fn speed(value: TokenRate) -> String {
    finite(value.as_per_s(), |v| format!("{} tok/s", plain(rounded(v, decimals_of(v)))))
}

/// Price of a million tokens: `$45 per M`, `$1.20 per M`, `$0.0045 per M`.
pub fn price(value: TokenPrice) -> String {
    finite(value.as_usd_per_mtok(), |v| signed(v, &format!("${} per M", price_digits(v.abs()))))
}

/// Price of energy: `62 $/MWh`, `41.5 $/MWh`.
pub fn energy_price(usd_per_mwh: f64) -> String {
    finite(usd_per_mwh, |v| format!("{} $/MWh", plain(rounded(v, 2))))
}

/// A share, of a fraction: `75.8 %`.
pub fn share(frac: f64) -> String {
    finite(frac, |v| {
        let percent = v * 100.0;
        if percent != 0.0 && rounded(percent, 1) == 0.0 {
            return signed(percent, "<0.1 %");
        }
        with_unit(percent, 1, "%")
    })
}

/// A difference of two shares, in points: `+28.0 pt`.
pub fn share_change(frac: f64) -> String {
    changed(frac, |v| with_unit(v * 100.0, 1, "pt"))
}

/// A ratio: `× 2.43`.
pub fn ratio(ratio: f64) -> String {
    finite(ratio, |v| {
        let decimals = match rounded(v.abs(), 2) {
            r if r < 10.0 => 2,
            r if r < 100.0 => 1,
            _ => 0,
        };
        format!("× {}", fixed(v, decimals))
    })
}

/// A temperature: `35.0 °C`, `95.0 °F`.
pub fn temperature(value: Celsius, system: System) -> String {
    match system {
        System::Metric => with_unit(value.as_c(), 1, "°C"),
        System::Us => with_unit(value.as_c() * 1.8 + 32.0, 1, "°F"),
    }
}

/// A volume flow: `1,250 L/min`, `330 gpm`.
pub fn flow(value: Flow, system: System) -> String {
    match system {
        System::Metric => measure(value.as_lpm(), "L/min"),
        System::Us => measure(value.as_lpm() / field::LITRES_PER_GALLON, "gpm"),
    }
}

/// A mass: `1,360 kg`, `13.6 t`, `2,998 lb`.
pub fn mass(value: Mass, system: System) -> String {
    match system {
        System::Metric if value.as_kg().abs() >= 10_000.0 => measure(value.as_kg() / 1e3, "t"),
        System::Metric => measure(value.as_kg(), "kg"),
        System::Us => measure(value.as_kg() / field::KG_PER_POUND, "lb"),
    }
}

/// A length: `12.4 m`, `1.24 km`, `40.7 ft`.
pub fn length(value: Length, system: System) -> String {
    match system {
        System::Metric if value.as_m().abs() >= 1e3 => with_unit(value.as_m() / 1e3, 2, "km"),
        System::Metric => measure(value.as_m(), "m"),
        System::Us => measure(value.as_m() / field::M_PER_FOOT, "ft"),
    }
}

/// A length of time: `142 ms`, `2.3 s`, `4 min 10 s`, `2 h 5 min`, `3 d 4 h`.
pub fn seconds(value: f64) -> String {
    finite(value, |v| {
        let size = v.abs();
        if size == 0.0 {
            return "0 s".to_owned();
        }
        if rounded(size * 1e3, 0) < 1.0 {
            return signed(v, "<1 ms");
        }
        let text = if rounded(size * 1e3, 0) < 1e3 {
            format!("{} ms", grouped(size * 1e3, 0))
        } else if rounded(size, 1) < 60.0 {
            format!("{} s", grouped(size, 1))
        } else if size.round() < 3_600.0 {
            two_units(size.round(), (60.0, "min"), (1.0, "s"))
        } else if (size / 60.0).round() < 1_440.0 {
            two_units((size / 60.0).round(), (60.0, "h"), (1.0, "min"))
        } else {
            two_units((size / 3_600.0).round(), (24.0, "d"), (1.0, "h"))
        };
        signed(v, &text)
    })
}

/// `whole` small units as large and small ones: `4 min 10 s`, `4 min`.
fn two_units(whole: f64, large: (f64, &str), small: (f64, &str)) -> String {
    let (big, rest) = ((whole / large.0).floor(), whole % large.0);
    let head = format!("{} {}", grouped(big, 0), large.1);
    if rest == 0.0 { head } else { format!("{head} {} {}", grouped(rest, 0), small.1) }
}

/// One decimal below a thousand, none above.
fn measure(value: f64, unit: &str) -> String {
    finite(value, |v| with_unit(v, if rounded(v.abs(), 1) < 1e3 { 1 } else { 0 }, unit))
}

/// Decimals of a number without a scale of its own: none for whole numbers and from a thousand on.
fn decimals_of(value: f64) -> usize {
    match value.abs() {
        v if v.fract() == 0.0 || v >= 1e3 => 0,
        v if v >= 10.0 => 1,
        v if v >= 1.0 => 2,
        _ => 3,
    }
}

/// Cents, or none where whole, or two digits where less than a cent would vanish.
fn price_digits(size: f64) -> String {
    if size > 0.0 && size < 0.1 {
        return scale::significant(size, 2);
    }
    let cents = rounded(size, 2);
    grouped(cents, if cents.fract() == 0.0 { 0 } else { 2 })
}

/// Dollars with `coarser` digits less.
fn dollars(value: f64, coarser: usize) -> String {
    finite(value, |v| {
        let size = v.abs();
        if size == 0.0 {
            return "$0".to_owned();
        }
        if size < 0.01 && rounded(size, 2) == 0.0 {
            return signed(v, "<$0.01");
        }
        let (digits, unit) = scaled(size, &MONEY, coarser);
        let unit = if unit.is_empty() { String::new() } else { format!(" {unit}") };
        signed(v, &format!("${digits}{unit}"))
    })
}

/// Digits and unit by the first scale that suits; something tiny reads "<1" of the least unit.
fn with_scale(value: f64, scales: &[Scale], coarser: usize) -> String {
    finite(value, |v| {
        let (digits, unit) = scaled(v.abs(), scales, coarser);
        if v != 0.0 && !digits.bytes().any(|b| (b'1'..=b'9').contains(&b)) {
            return signed(v, &format!("<1 {unit}"));
        }
        signed(v, &format!("{digits} {unit}"))
    })
}

/// `text` per year, unless it is a word.
fn per_year(value: f64, text: String) -> String {
    if value.is_finite() { format!("{text}/yr") } else { text }
}

/// A plus in front of what grows; `form` brings the minus itself.
fn changed(value: f64, form: impl FnOnce(f64) -> String) -> String {
    let text = form(value);
    let shows_something = text.bytes().any(|b| (b'1'..=b'9').contains(&b));
    if value.is_finite() && value > 0.0 && shows_something { format!("+{text}") } else { text }
}

/// The estimate sign in front of digits.
fn about(value: f64, form: impl FnOnce(f64) -> String) -> String {
    let text = form(value);
    if value.is_finite() { format!("{ABOUT}{text}") } else { text }
}

/// Words in place of digits where there is no finite number.
fn finite(value: f64, form: impl FnOnce(f64) -> String) -> String {
    if value.is_nan() {
        UNKNOWN.to_owned()
    } else if value.is_infinite() {
        UNLIMITED.to_owned()
    } else {
        form(value)
    }
}

/// The true minus in front of digits that show something.
fn signed(value: f64, digits: &str) -> String {
    let shows_something = digits.bytes().any(|b| (b'1'..=b'9').contains(&b));
    if value < 0.0 && shows_something { format!("{MINUS}{digits}") } else { digits.to_owned() }
}

/// As it would be printed with a count of decimals.
fn rounded(value: f64, decimals: usize) -> f64 {
    scale::rounded(value, decimals)
}

#[cfg(test)]
mod tests;
