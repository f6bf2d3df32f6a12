//! Digits: grouping, rounding and the choice of M, B, kW and the like.

/// A unit and the decimals that it is shown with.
pub(super) struct Scale {
    /// Size of the unit in the quantity's own unit.
    factor: f64,
    unit: &'static str,
    /// Decimals of numbers below each bound, bounds rising.
    decimals: &'static [(f64, usize)],
    /// Whether decimals that are all zero are left out.
    trim: bool,
}

const ANY: f64 = f64::INFINITY;

/// Dollars. Three significant digits at least; thousands stay grouped digits.
pub(super) const MONEY: [Scale; 3] = [
    Scale { factor: 1.0, unit: "", decimals: &[(1e3, 2), (ANY, 0)], trim: false },
    Scale { factor: 1e6, unit: "M", decimals: &[(10.0, 2), (ANY, 1)], trim: false },
    Scale { factor: 1e9, unit: "B", decimals: &[(ANY, 2)], trim: false },
];
/// Megawatts with one decimal.
pub(super) const POWER: [Scale; 3] = [
    Scale { factor: 1e-6, unit: "W", decimals: &[(ANY, 0)], trim: false },
    Scale { factor: 1e-3, unit: "kW", decimals: &[(ANY, 1)], trim: true },
    Scale { factor: 1.0, unit: "MW", decimals: &[(ANY, 1)], trim: false },
];
/// Megawatts with three decimals.
pub(super) const POWER_FINE: [Scale; 3] = [
    Scale { factor: 1e-6, unit: "W", decimals: &[(ANY, 0)], trim: false },
    Scale { factor: 1e-3, unit: "kW", decimals: &[(ANY, 1)], trim: false },
    Scale { factor: 1.0, unit: "MW", decimals: &[(ANY, 3)], trim: false },
];
/// Megawatt hours.
pub(super) const ENERGY: [Scale; 3] = [
    Scale { factor: 1e-3, unit: "kWh", decimals: &[(ANY, 1)], trim: true },
    Scale { factor: 1.0, unit: "MWh", decimals: &[(ANY, 1)], trim: true },
    Scale { factor: 1e3, unit: "GWh", decimals: &[(10.0, 2), (ANY, 1)], trim: true },
];
/// Tokens per second.
pub(super) const TOKENS_PER_S: [Scale; 3] = [
    Scale { factor: 1.0, unit: "tok/s", decimals: &[(10.0, 1), (ANY, 0)], trim: true },
    Scale { factor: 1e6, unit: "M/s", decimals: &[(10.0, 2), (ANY, 1)], trim: false },
    Scale { factor: 1e9, unit: "G/s", decimals: &[(ANY, 2)], trim: false },
];
/// Tokens of a year, in words of the short scale.
pub(super) const TOKENS_A_YEAR: [Scale; 6] = [
    Scale { factor: 1.0, unit: "a year", decimals: &[(ANY, 0)], trim: false },
    Scale { factor: 1e6, unit: "million a year", decimals: THREE_DIGITS, trim: false },
    Scale { factor: 1e9, unit: "billion a year", decimals: THREE_DIGITS, trim: false },
    Scale { factor: 1e12, unit: "trillion a year", decimals: THREE_DIGITS, trim: false },
    Scale { factor: 1e15, unit: "quadrillion a year", decimals: THREE_DIGITS, trim: false },
    Scale { factor: 1e18, unit: "quintillion a year", decimals: THREE_DIGITS, trim: false },
];
const THREE_DIGITS: &[(f64, usize)] = &[(10.0, 2), (100.0, 1), (ANY, 0)];

impl Scale {
    /// A size in this unit, rounded as it will be shown, and its decimals.
    fn rounded(&self, size: f64, coarser: usize) -> (f64, usize) {
        let value = size / self.factor;
        let mut shown = (value, 0);
        for &(below, decimals) in self.decimals {
            let decimals = decimals.saturating_sub(coarser);
            shown = (rounded(value, decimals), decimals);
            if shown.0 < below {
                break;
            }
        }
        shown
    }
}

/// Digits and unit of a size (not negative), with `coarser` decimals less.
/// The unit is the largest in which the rounded number is 1 or more.
pub(super) fn scaled(size: f64, scales: &[Scale], coarser: usize) -> (String, &'static str) {
    let mut digits = String::new();
    let mut unit = "";
    if size == 0.0 {
        // Nothing at all is shown in the quantity's own unit: "0 MW", not "0 W".
        let own = scales.iter().find(|scale| scale.factor == 1.0);
        return ("0".to_owned(), own.map_or("", |scale| scale.unit));
    }
    for (i, scale) in scales.iter().enumerate() {
        let (value, decimals) = scale.rounded(size, coarser);
        let whole = scale.trim && value.fract() == 0.0;
        digits = grouped(value, if whole { 0 } else { decimals });
        unit = scale.unit;
        // 999.96 M rounds to 1,000.0 M and must read 1.00 B.
        if scales.get(i + 1).is_none_or(|next| value * scale.factor < next.factor) {
            break;
        }
    }
    (digits, unit)
}

/// Rounded to a count of decimals as it would be printed.
pub(super) fn rounded(value: f64, decimals: usize) -> f64 {
    let text = format!("{:.*}", decimals, value);
    // cannot fail: Rust prints finite floats in a form that it reads
    text.parse().unwrap_or(value)
}

/// The size with comma groups and fixed decimals, without sign.
pub(super) fn grouped(value: f64, decimals: usize) -> String {
    group_digits(&format!("{:.*}", decimals, value.abs()))
}

/// The size with comma groups and the fewest decimals that keep 12 digits, without sign.
pub(super) fn shortest(value: f64) -> String {
    group_digits(&significant(value.abs(), 12))
}

/// The size with comma groups and at most six significant digits, without sign.
pub(super) fn brief(value: f64) -> String {
    group_digits(&significant(value.abs(), 6))
}

/// The size with at most `digits` significant ones and no trailing zeros, without groups.
pub(super) fn significant(value: f64, digits: usize) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    let exact = format!("{:.*e}", digits.saturating_sub(1), value);
    // cannot fail: Rust prints finite floats in a form that it reads
    let rounded: f64 = exact.parse().unwrap_or(value);
    format!("{rounded}")
}

/// Commas between groups of three before the point.
fn group_digits(text: &str) -> String {
    let (whole, fraction) = text.split_once('.').map_or((text, None), |(w, f)| (w, Some(f)));
    let mut out = String::with_capacity(text.len() + whole.len() / 3);
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    if let Some(fraction) = fraction {
        out.push('.');
        out.push_str(fraction);
    }
    out
}
