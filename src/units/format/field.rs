//! Units and labels of fields, read from the suffix of the field's name.

use super::{Celsius, Money, Power, System, TokenPrice, TokenRate};

pub(super) const LITRES_PER_GALLON: f64 = 3.785_411_784;
pub(super) const KG_PER_POUND: f64 = 0.453_592_37;
pub(super) const M_PER_FOOT: f64 = 0.304_8;

/// How a person may write a unit: symbol, factor to the first unit of its
/// family, and what to add after that (temperatures alone).
pub(super) type Symbol = (&'static str, f64, f64);

const NONE: &[Symbol] = &[];
const POWER: &[Symbol] = &[("MW", 1.0, 0.0), ("kW", 1e-3, 0.0), ("W", 1e-6, 0.0), ("GW", 1e3, 0.0)];
const APPARENT: &[Symbol] = &[("MVA", 1.0, 0.0), ("kVA", 1e-3, 0.0), ("GVA", 1e3, 0.0)];
const ENERGY: &[Symbol] =
    &[("MWh", 1.0, 0.0), ("kWh", 1e-3, 0.0), ("GWh", 1e3, 0.0), ("TWh", 1e6, 0.0)];
const VOLTAGE: &[Symbol] = &[("kV", 1.0, 0.0), ("V", 1e-3, 0.0)];
const DOLLARS: &[Symbol] = &[
    ("$", 1.0, 0.0),
    ("USD", 1.0, 0.0),
    ("k", 1e3, 0.0),
    ("M", 1e6, 0.0),
    ("M$", 1e6, 0.0),
    ("million", 1e6, 0.0),
    ("bn", 1e9, 0.0),
    ("B", 1e9, 0.0),
    ("B$", 1e9, 0.0),
    ("billion", 1e9, 0.0),
];
const PER_MTOK: &[Symbol] = &[
    ("per M", 1.0, 0.0),
    ("/M", 1.0, 0.0),
    ("$/M", 1.0, 0.0),
    ("$ per M", 1.0, 0.0),
    ("$", 1.0, 0.0),
];
const PER_MWH: &[Symbol] = &[
    ("$/MWh", 1.0, 0.0),
    ("/MWh", 1.0, 0.0),
    ("$", 1.0, 0.0),
    ("$/kWh", 1e3, 0.0),
    ("/kWh", 1e3, 0.0),
    ("ct/kWh", 10.0, 0.0),
];
const RATE: &[Symbol] = &[
    ("tok/s", 1.0, 0.0),
    ("/s", 1.0, 0.0),
    ("k/s", 1e3, 0.0),
    ("k", 1e3, 0.0),
    ("M/s", 1e6, 0.0),
    ("M", 1e6, 0.0),
    ("G/s", 1e9, 0.0),
    ("G", 1e9, 0.0),
    ("B", 1e9, 0.0),
];
const TOKENS: &[Symbol] =
    &[("tokens", 1.0, 0.0), ("tok", 1.0, 0.0), ("k", 1e3, 0.0), ("M", 1e6, 0.0)];
const PERCENT: &[Symbol] = &[("%", 1.0, 0.0)];
const CELSIUS: &[Symbol] = &[
    ("°C", 1.0, 0.0),
    ("C", 1.0, 0.0),
    ("°F", 1.0 / 1.8, -32.0 / 1.8),
    ("F", 1.0 / 1.8, -32.0 / 1.8),
];
const FLOW: &[Symbol] = &[
    ("L/min", 1.0, 0.0),
    ("lpm", 1.0, 0.0),
    ("L/s", 60.0, 0.0),
    ("gpm", LITRES_PER_GALLON, 0.0),
    ("m³/h", 1e3 / 60.0, 0.0),
    ("m3/h", 1e3 / 60.0, 0.0),
];
const LENGTH: &[Symbol] = &[
    ("m", 1.0, 0.0),
    ("mm", 1e-3, 0.0),
    ("cm", 1e-2, 0.0),
    ("km", 1e3, 0.0),
    ("ft", M_PER_FOOT, 0.0),
    ("in", M_PER_FOOT / 12.0, 0.0),
];
const MASS: &[Symbol] = &[("kg", 1.0, 0.0), ("t", 1e3, 0.0), ("lb", KG_PER_POUND, 0.0)];
const FLOOR: &[Symbol] = &[
    ("kg/m²", 1.0, 0.0),
    ("kg/m2", 1.0, 0.0),
    ("psf", KG_PER_POUND / (M_PER_FOOT * M_PER_FOOT), 0.0),
];
const HOURS: &[Symbol] =
    &[("h", 1.0, 0.0), ("min", 1.0 / 60.0, 0.0), ("d", 24.0, 0.0), ("days", 24.0, 0.0)];
const MINUTES: &[Symbol] = &[("min", 1.0, 0.0), ("h", 60.0, 0.0), ("s", 1.0 / 60.0, 0.0)];
const WEEKS: &[Symbol] = &[("weeks", 1.0, 0.0), ("week", 1.0, 0.0), ("days", 1.0 / 7.0, 0.0)];
const MICROSECONDS: &[Symbol] = &[("µs", 1.0, 0.0), ("us", 1.0, 0.0), ("ms", 1e3, 0.0)];
const MILLISECONDS: &[Symbol] = &[("ms", 1.0, 0.0), ("s", 1e3, 0.0)];
const SECONDS: &[Symbol] = &[("s", 1.0, 0.0), ("ms", 1e-3, 0.0), ("min", 60.0, 0.0)];
const MONTHS: &[Symbol] =
    &[("months", 1.0, 0.0), ("month", 1.0, 0.0), ("years", 12.0, 0.0), ("year", 12.0, 0.0)];
const YEARS: &[Symbol] =
    &[("years", 1.0, 0.0), ("year", 1.0, 0.0), ("yr", 1.0, 0.0), ("months", 1.0 / 12.0, 0.0)];
const RACKS: &[Symbol] = &[("racks", 1.0, 0.0), ("rack", 1.0, 0.0)];
const GPUS: &[Symbol] = &[("GPUs", 1.0, 0.0), ("GPU", 1.0, 0.0), ("k", 1e3, 0.0)];
const BILLIONS: &[Symbol] = &[("B", 1.0, 0.0), ("billion", 1.0, 0.0), ("T", 1e3, 0.0)];

/// How a value of a unit is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// Digits, then the label.
    Digits,
    Dollars,
    Price,
    Rate,
    Percent,
}

/// What a field counts in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Unit {
    /// Suffix of the field's name, without the leading underscore; empty where it has none.
    pub suffix: &'static str,
    /// What stands after the digits; empty for plain numbers.
    pub label: &'static str,
    form: Form,
    /// The field's own unit in the first unit of `symbols`.
    factor: f64,
    pub(super) symbols: &'static [Symbol],
}

/// How a stored value stands in an input of a system of units:
/// stored = shown × `factor` + `offset`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measure {
    pub label: &'static str,
    /// Stored units in one shown unit.
    pub factor: f64,
    /// Stored value of a shown zero; not 0 for temperatures alone.
    pub offset: f64,
}

impl Unit {
    /// A plain number.
    pub const NONE: Unit = unit("", "", Form::Digits, 1.0, NONE);

    /// The value for people: `1,020 MW`, `$7.80 M`, `25 %`, `$6 per M`.
    pub fn show(&self, value: f64) -> String {
        match self.form {
            Form::Dollars => super::money(Money::usd(value)),
            Form::Price => super::price(TokenPrice::usd_per_mtok(value)),
            Form::Rate => super::token_rate(TokenRate::per_s(value)),
            Form::Percent => format!("{} %", super::plain(self.to_entry(value))),
            Form::Digits if value.is_finite() && !self.label.is_empty() => {
                format!("{} {}", super::plain(value), self.label)
            }
            Form::Digits => super::plain(value),
        }
    }

    /// The value as a person edits it, in the unit of the label: `1,020`, `25`.
    /// [`super::parse_number`] reads it back.
    pub fn edit_text(&self, value: f64) -> String {
        super::plain(self.to_entry(value))
    }

    /// The value as shown without digits for what the system of units changes.
    pub fn show_in(&self, value: f64, system: System) -> String {
        match (self.suffix, system) {
            ("c", _) => super::temperature(Celsius::c(value), system),
            ("lpm", System::Us) => super::flow(super::Flow::lpm(value), system),
            ("kg", System::Us) => super::mass(super::Mass::kg(value), system),
            ("m", System::Us) => super::length(super::Length::m(value), system),
            ("mw", _) => super::power(Power::mw(value)),
            ("kw", _) => super::power(Power::kw(value)),
            _ => self.show(value),
        }
    }

    /// How inputs show and take the value in a system of units.
    pub fn measure(&self, system: System) -> Measure {
        let us = |label, factor, offset| Measure { label, factor, offset };
        match (system, self.suffix) {
            (System::Us, "c") => us("°F", 1.0 / 1.8, -32.0 / 1.8),
            (System::Us, "lpm") => us("gpm", LITRES_PER_GALLON, 0.0),
            (System::Us, "lpm_per_kw") => us("gpm per kW", LITRES_PER_GALLON, 0.0),
            (System::Us, "kg") => us("lb", KG_PER_POUND, 0.0),
            (System::Us, "kg_m2") => us("psf", KG_PER_POUND / (M_PER_FOOT * M_PER_FOOT), 0.0),
            (System::Us, "m") => us("ft", M_PER_FOOT, 0.0),
            _ => us(self.label, 1.0, 0.0),
        }
    }

    /// True where the number stands in percent.
    pub(super) fn is_percent(self) -> bool {
        self.form == Form::Percent
    }

    /// Stored value to what stands in the input: fractions are entered in percent.
    fn to_entry(self, value: f64) -> f64 {
        if self.form == Form::Percent { value * 100.0 } else { value }
    }

    /// What was entered without a unit to the stored value.
    pub(super) fn entry_to_stored(self, value: f64) -> f64 {
        if self.form == Form::Percent { value / 100.0 } else { value }
    }

    /// What was entered in the first unit of the family to what stands in the input.
    pub(super) fn family_to_entry(self, value: f64) -> f64 {
        value / self.factor
    }

    /// True where a leading `$` belongs to the number.
    pub(super) fn takes_dollar_sign(self) -> bool {
        self.suffix.starts_with("usd")
    }
}

const fn unit(
    suffix: &'static str,
    label: &'static str,
    form: Form,
    factor: f64,
    symbols: &'static [Symbol],
) -> Unit {
    Unit { suffix, label, form, factor, symbols }
}

/// Every suffix in use; a field takes the longest that its name ends with.
const UNITS: &[Unit] = &[
    unit("usd_per_mw_month", "$/MW a month", Form::Digits, 1.0, DOLLARS),
    unit("usd_per_mw_year", "$/MW a year", Form::Digits, 1.0, DOLLARS),
    unit("usd_per_mw", "$/MW", Form::Digits, 1.0, DOLLARS),
    unit("usd_per_kw_month", "$/kW a month", Form::Digits, 1.0, DOLLARS),
    unit("usd_per_gpu_year", "$/GPU a year", Form::Digits, 1.0, DOLLARS),
    unit("usd_per_mva", "$/MVA", Form::Digits, 1.0, DOLLARS),
    unit("usd_per_year", "$/yr", Form::Dollars, 1.0, DOLLARS),
    unit("usd_per_gpu_h", "$/GPU-hour", Form::Digits, 1.0, DOLLARS),
    unit("usd_per_mtok", "$ per M", Form::Price, 1.0, PER_MTOK),
    unit("usd_per_mwh", "$/MWh", Form::Digits, 1.0, PER_MWH),
    unit("usd_per_task", "$ per task", Form::Digits, 1.0, DOLLARS),
    unit("usd", "$", Form::Dollars, 1.0, DOLLARS),
    unit("lpm_per_kw", "L/min per kW", Form::Digits, 1.0, NONE),
    unit("tok_s_per_mw", "tok/s per MW", Form::Digits, 1.0, RATE),
    unit("tok_s_per_gpu", "tok/s per GPU", Form::Digits, 1.0, RATE),
    unit("tok_s_user", "tok/s per user", Form::Digits, 1.0, RATE),
    unit("tokens_per_s", "tok/s", Form::Rate, 1.0, RATE),
    unit("tok_s", "tok/s", Form::Rate, 1.0, RATE),
    unit("tokens_per_task", "tokens per task", Form::Digits, 1.0, TOKENS),
    unit("tokens", "tokens", Form::Digits, 1.0, TOKENS),
    unit("w_per_gpu", "W per GPU", Form::Digits, 1.0, NONE),
    unit("mwh_per_year", "MWh a year", Form::Digits, 1.0, ENERGY),
    unit("usd_per_t", "$/t", Form::Digits, 1.0, DOLLARS),
    unit("h_per_year", "h a year", Form::Digits, 1.0, HOURS),
    unit("per_km_year", "per km and year", Form::Digits, 1.0, NONE),
    unit("per_year", "a year", Form::Digits, 1.0, NONE),
    unit("ohm_per_km", "Ω/km", Form::Digits, 1.0, NONE),
    unit("uf_per_km", "µF/km", Form::Digits, 1.0, NONE),
    unit("l_per_kwh", "L/kWh", Form::Digits, 1.0, NONE),
    unit("bytes", "bytes", Form::Digits, 1.0, NONE),
    unit("weeks", "weeks", Form::Digits, 1.0, WEEKS),
    unit("short_min", "min", Form::Digits, 1.0, MINUTES),
    unit("us", "µs", Form::Digits, 1.0, MICROSECONDS),
    unit("kg_per_mwh", "kg/MWh", Form::Digits, 1.0, NONE),
    unit("kg_m2", "kg/m²", Form::Digits, 1.0, FLOOR),
    unit("gbit_s", "Gbit/s", Form::Digits, 1.0, NONE),
    unit("tb_s", "TB/s", Form::Digits, 1.0, NONE),
    unit("tflops", "TFLOPS", Form::Digits, 1.0, NONE),
    unit("params_b", "B", Form::Digits, 1.0, BILLIONS),
    unit("gb", "GB", Form::Digits, 1.0, NONE),
    unit("mwh", "MWh", Form::Digits, 1.0, ENERGY),
    unit("mva", "MVA", Form::Digits, 1.0, APPARENT),
    unit("mvar", "Mvar", Form::Digits, 1.0, NONE),
    unit("mw", "MW", Form::Digits, 1.0, POWER),
    unit("kw", "kW", Form::Digits, 1e-3, POWER),
    unit("w", "W", Form::Digits, 1e-6, POWER),
    unit("ka", "kA", Form::Digits, 1.0, NONE),
    unit("kv", "kV", Form::Digits, 1.0, VOLTAGE),
    unit("lpm", "L/min", Form::Digits, 1.0, FLOW),
    unit("frac_per_month", "% a month", Form::Percent, 1.0, PERCENT),
    unit("frac", "%", Form::Percent, 1.0, PERCENT),
    unit("ratio", "", Form::Digits, 1.0, NONE),
    unit("kg", "kg", Form::Digits, 1.0, MASS),
    unit("dba", "dBA", Form::Digits, 1.0, NONE),
    unit("ms", "ms", Form::Digits, 1.0, MILLISECONDS),
    unit("seconds", "s", Form::Digits, 1.0, SECONDS),
    unit("years", "years", Form::Digits, 1.0, YEARS),
    unit("months", "months", Form::Digits, 1.0, MONTHS),
    unit("from_month", "months", Form::Digits, 1.0, MONTHS),
    unit("gpus", "GPUs", Form::Digits, 1.0, GPUS),
    unit("racks", "racks", Form::Digits, 1.0, RACKS),
    unit("c", "°C", Form::Digits, 1.0, CELSIUS),
    unit("h", "h", Form::Digits, 1.0, HOURS),
    unit("m", "m", Form::Digits, 1.0, LENGTH),
];

/// Maps of a record whose entries have no suffix of their own.
const MAPS: &[(&str, &str)] = &[
    ("shares", "frac"),
    ("max_site_share", "frac"),
    ("at", "m"),
    ("size", "m"),
    ("outline", "m"),
    ("parcel", "m"),
];

/// Last words of paths that are whole names, not suffixes: `loops.c` is no temperature.
fn ends_with_suffix(name: &str, suffix: &str) -> bool {
    name == suffix || name.strip_suffix(suffix).is_some_and(|head| head.ends_with('_'))
}

/// The unit with a suffix, e.g. `mw` or `_mw`; a plain number where there is none such.
pub fn unit_of_suffix(suffix: &str) -> Unit {
    let suffix = suffix.trim_start_matches('_');
    UNITS.iter().find(|unit| unit.suffix == suffix).copied().unwrap_or(Unit::NONE)
}

/// The unit of a field, from its name or its path: `capacity_mw`,
/// `tiers.high.demand.0.volume_tok_s`, `policy.shares.high`.
pub fn unit_of_field(path: &str) -> Unit {
    let mut parts = path.rsplit('.');
    let name = parts.next().unwrap_or_default();
    if let Some(map) = parts.next()
        && let Some((_, suffix)) = MAPS.iter().find(|(known, _)| *known == map)
    {
        return unit_of_suffix(suffix);
    }
    UNITS
        .iter()
        .filter(|unit| ends_with_suffix(name, unit.suffix))
        .max_by_key(|unit| unit.suffix.len())
        .copied()
        .unwrap_or(Unit::NONE)
}

/// The name of a field without its unit: `grid_contract` of `grid_contract_mw`.
pub(super) fn stem_of_field(name: &str) -> &str {
    let unit = UNITS
        .iter()
        .filter(|unit| ends_with_suffix(name, unit.suffix))
        .max_by_key(|unit| unit.suffix.len());
    let stem = match unit.map(|unit| unit.suffix) {
        // Counts keep their word: "firm_racks" is "Firm racks".
        None | Some("gpus" | "racks" | "bytes") => name,
        Some(suffix) => name.strip_suffix(suffix).unwrap_or(name),
    };
    let stem = stem.trim_matches('_');
    if stem.is_empty() { name } else { stem }
}
