//! What a person types into a number, as a value: units, sums, changes of the
//! present value, and the rule that the value must keep.

use crate::units::format::{self, System, Unit, parse_change, parse_number};

/// A value that a row asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum Entry {
    Number(f64),
    /// The word `unknown`: the value is taken out.
    Unknown,
    Unlimited,
}

/// How a stored value is shown and typed: less `offset` and divided by `factor`,
/// with `label` behind it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    pub factor: f64,
    pub offset: f64,
    pub label: &'static str,
}

impl Scale {
    /// Millions where a site's figures are millions.
    pub fn of(unit: Unit, value: Option<f64>) -> Self {
        Self::within(System::Metric, unit, value)
    }

    /// The same in a system of units.
    pub fn within(system: System, unit: Unit, value: Option<f64>) -> Self {
        let large = value.is_some_and(|v| v.abs() >= 1e6);
        let millions = |label| Self { factor: 1e6, offset: 0.0, label };
        let measure = unit.measure(system);
        match unit.suffix {
            "usd" if large => millions("$M"),
            "usd_per_year" if large => millions("$M/yr"),
            "usd_per_mw" if large => millions("$M/MW"),
            // Volumes of tiers are millions even while they are not known.
            "tok_s" => millions("M tok/s"),
            _ => Self { factor: measure.factor, offset: measure.offset, label: measure.label },
        }
    }

    /// The digits as a person edits them.
    pub fn digits(self, unit: Unit, value: f64) -> String {
        let shown = (value - self.offset) / self.factor;
        let is_converted = self.factor != 1.0 && self.factor != 1e6;
        unit.edit_text(if is_converted { six_digits(shown) } else { shown })
    }

    /// A typed text as a value; a bare number is one of the scale.
    ///
    /// # Errors
    /// A sentence for the person who typed.
    pub fn entry(self, text: &str, suffix: &str, rule: Rule) -> Result<Entry, String> {
        self.entry_from(text, suffix, rule, None)
    }

    /// The same where the text may change the present value: `+10 %`, `*2`.
    ///
    /// # Errors
    /// A sentence for the person who typed.
    pub fn entry_from(
        self,
        text: &str,
        suffix: &str,
        rule: Rule,
        current: Option<f64>,
    ) -> Result<Entry, String> {
        // Shares and factors are of what is shown: twice 10 °F is 20 °F.
        let shown = current.map(|v| (v - self.offset) / self.factor);
        if let Some(changed) = parse_change(text, suffix, shown) {
            let value = changed.map_err(|e| e.to_string())? * self.factor + self.offset;
            return rule.checked(tidy(value)).map(Entry::Number);
        }
        let bare = !text.chars().any(|c| c.is_alphabetic() || "$%°".contains(c));
        let (factor, offset) = if bare { (self.factor, self.offset) } else { (1.0, 0.0) };
        entry_of(text, suffix, (factor, offset), rule)
    }
}

/// What a number must be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rule {
    pub least: f64,
    pub whole: bool,
}

impl Rule {
    /// Nothing below zero.
    pub const POSITIVE: Rule = Rule { least: 0.0, whole: false };

    /// The value, where it keeps the rule.
    ///
    /// # Errors
    /// The rule in words.
    pub fn checked(self, value: f64) -> Result<f64, String> {
        if value < self.least {
            return Err(format!("must be {} or more", format::plain(self.least)));
        }
        if self.whole && value.fract() != 0.0 {
            return Err("must be a whole number".to_owned());
        }
        Ok(value)
    }
}

/// A typed text as a value: the number that it holds by a factor and an offset.
///
/// # Errors
/// A sentence for the person who typed.
fn entry_of(text: &str, suffix: &str, scale: (f64, f64), rule: Rule) -> Result<Entry, String> {
    match text.trim().to_lowercase().as_str() {
        "" | format::UNKNOWN => return Ok(Entry::Unknown),
        format::UNLIMITED => return Ok(Entry::Unlimited),
        _ => {}
    }
    let number = parse_number(text, suffix).map_err(|e| e.to_string())?;
    rule.checked(tidy(number * scale.0 + scale.1)).map(Entry::Number)
}

/// As many digits as a converted value is read with.
fn six_digits(value: f64) -> f64 {
    format!("{value:.5e}").parse().unwrap_or(value)
}

/// Without the digits that binary fractions add.
pub fn tidy(value: f64) -> f64 {
    format!("{value:.10e}").parse().unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::format::unit_of_suffix;

    const ANY: Rule = Rule::POSITIVE;
    const ONE: (f64, f64) = (1.0, 0.0);

    #[test]
    fn us_units_are_shown_typed_and_stored_as_metric() {
        let degrees = unit_of_suffix("c");
        let scale = Scale::within(System::Us, degrees, Some(45.0));
        let any = Rule { least: f64::NEG_INFINITY, whole: false };
        assert_eq!((scale.digits(degrees, 45.0).as_str(), scale.label), ("113", "°F"));
        assert_eq!(scale.entry("104", "c", any), Ok(Entry::Number(40.0)));
        assert_eq!(scale.entry("40 °C", "c", any), Ok(Entry::Number(40.0)));
        let length = unit_of_suffix("m");
        let scale = Scale::within(System::Us, length, Some(12.4));
        assert_eq!((scale.digits(length, 12.4).as_str(), scale.label), ("40.6824", "ft"));
        assert_eq!(scale.entry("10", "m", any), Ok(Entry::Number(3.048)));
        assert_eq!(scale.entry("2*5 ft", "m", any), Ok(Entry::Number(3.048)));
        let flow = Scale::within(System::Us, unit_of_suffix("lpm"), None);
        assert_eq!(flow.entry("100", "lpm", any), Ok(Entry::Number(378.5411784)));
        let power = Scale::within(System::Us, unit_of_suffix("mw"), None);
        assert_eq!(power, Scale::of(unit_of_suffix("mw"), None), "power is metric everywhere");
    }

    #[test]
    fn a_share_with_a_sign_changes_the_present_value() {
        let scale = Scale::of(unit_of_suffix("usd"), Some(8e6));
        let now = Some(8e6);
        assert_eq!(scale.entry_from("+10 %", "usd", ANY, now), Ok(Entry::Number(8.8e6)));
        assert_eq!(scale.entry_from("*2", "usd", ANY, now), Ok(Entry::Number(1.6e7)));
        let whole = Rule { least: 0.0, whole: true };
        let refused = scale.entry_from("/3", "usd", whole, Some(7.0));
        assert_eq!(refused, Err("must be a whole number".into()));
    }

    #[test]
    fn typed_words_and_expressions_become_values() {
        assert_eq!(entry_of(" unknown ", "mw", ONE, ANY), Ok(Entry::Unknown));
        assert_eq!(entry_of("", "mw", ONE, ANY), Ok(Entry::Unknown));
        assert_eq!(entry_of("Unlimited", "tok_s", ONE, ANY), Ok(Entry::Unlimited));
        assert_eq!(entry_of("1000+20", "mw", ONE, ANY), Ok(Entry::Number(1020.0)));
        assert_eq!(entry_of("25 %", "frac", ONE, ANY), Ok(Entry::Number(0.25)));
    }

    #[test]
    fn values_that_mean_nothing_are_refused_with_the_rule() {
        assert_eq!(entry_of("-4", "usd", ONE, ANY), Err("must be 0 or more".into()));
        let whole = Rule { least: 0.0, whole: true };
        assert_eq!(entry_of("3.5", "", ONE, whole), Err("must be a whole number".into()));
        assert!(entry_of("abc", "mw", ONE, ANY).is_err());
    }

    #[test]
    fn a_bare_number_is_one_of_the_unit_that_is_shown() {
        let money = unit_of_suffix("usd");
        let scale = Scale::of(money, Some(7.8e6));
        assert_eq!((scale.digits(money, 7.8e6).as_str(), scale.label), ("7.8", "$M"));
        assert_eq!(scale.entry("8.2", "usd", ANY), Ok(Entry::Number(8.2e6)));
        assert_eq!(scale.entry("8.2 M", "usd", ANY), Ok(Entry::Number(8.2e6)));
        assert_eq!(scale.entry("$850,000", "usd", ANY), Ok(Entry::Number(850_000.0)));
        let small = Scale::of(money, Some(120.0));
        assert_eq!(small.entry("150", "usd", ANY), Ok(Entry::Number(150.0)));
        let volume = Scale::of(unit_of_suffix("tok_s"), None);
        assert_eq!(volume.entry("5.5", "tok_s", ANY), Ok(Entry::Number(5.5e6)));
    }
}
