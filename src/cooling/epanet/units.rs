//! Units of an EPANET file, with the rounded factors that EPANET 2.2 itself uses (its source
//! header `types.h`), so that the same file means the same network.

use super::lines::{Line, Wrong, starts, wrong};
use crate::cooling::network::Formula;
use crate::cooling::network::epanet_units::{CUBIC_FOOT_M3, FOOT_M, VISCOSITY_M2_S};

/// Flow units by name: units in 1 ft3/s, and whether lengths are metric.
const FLOWS: [(&str, f64, bool); 11] = [
    ("CFS", 1.0, false),
    ("GPM", 448.831, false),
    ("AFD", 1.9837, false),
    ("MGD", 0.64632, false),
    ("IMGD", 0.5382, false),
    ("LPS", 28.317, true),
    ("LPM", 1699.0, true),
    ("CMH", 101.94, true),
    ("CMD", 2446.6, true),
    ("MLD", 2.4466, true),
    ("CMS", 0.028317, true),
];
const PSI_PER_FT: f64 = 0.4333;
const KPA_PER_PSI: f64 = 6.895;
const KW_PER_HP: f64 = 0.7457;
/// Head times flow of one horsepower in ft4/s, as EPANET rounds 550/62.4.
const FT4_S_PER_HP: f64 = 8.814;

/// What the section of options says.
#[derive(Clone, Debug)]
pub struct Options {
    flow_per_cfs: f64,
    pub metric: bool,
    kpa: bool,
    pub formula: Formula,
    pub viscosity: Option<f64>,
    pub gravity_ratio: f64,
    pub pattern: String,
    pub demand_ratio: f64,
    /// Of pressure, in the flow of an emitter.
    pub emitter_exponent: f64,
    pub trials: usize,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            flow_per_cfs: 448.831,
            metric: false,
            kpa: false,
            formula: Formula::HazenWilliams,
            viscosity: None,
            gravity_ratio: 1.0,
            pattern: "1".into(),
            demand_ratio: 1.0,
            emitter_exponent: 0.5,
            trials: crate::cooling::network::TRIALS,
        }
    }
}

/// Most trials that a file can ask for.
const TRIALS_MOST: f64 = 10_000.0;

impl Options {
    /// Takes one line of the section; what hydraulics does not need is passed over.
    pub fn take(&mut self, line: &Line) -> Result<(), Wrong> {
        let first = line.word(0, "The option")?;
        let second = line.words.get(1).copied().unwrap_or_default();
        if starts(first, "UNIT") {
            self.units(line)
        } else if starts(first, "PRES") && !starts(second, "EXPO") {
            self.kpa = starts(second, "KPA");
            Ok(())
        } else if starts(first, "HEADL") {
            self.head_loss(line)
        } else if starts(first, "PATT") {
            // A name that is left out leaves the pattern as it was.
            if !second.is_empty() {
                self.pattern = second.to_owned();
            }
            Ok(())
        } else if starts(first, "DEMA") && starts(second, "MULT") {
            self.demand_ratio = line.at_least_zero(2, "The demand multiplier")?;
            Ok(())
        } else if starts(first, "DEMA") && starts(second, "MODE") {
            demand_model(line)
        } else if starts(first, "EMIT") && !starts(second, "BACK") {
            let at = if starts(second, "EXPO") { 2 } else { 1 };
            self.emitter_exponent = line.positive(at, "The emitter exponent")?;
            Ok(())
        } else if starts(first, "VISC") {
            self.viscosity = Some(line.positive(1, "The viscosity")?);
            Ok(())
        } else if starts(first, "SPEC") {
            self.gravity_ratio =
                line.positive(line.words.len().max(2) - 1, "The specific gravity")?;
            Ok(())
        } else if starts(first, "TRIA") {
            self.trials = line.positive(1, "The number of trials")?.min(TRIALS_MOST) as usize;
            Ok(())
        } else {
            Ok(())
        }
    }

    fn units(&mut self, line: &Line) -> Result<(), Wrong> {
        let word = line.word(1, "The flow unit")?;
        let word = if word.eq_ignore_ascii_case("SI") { "LPS" } else { word };
        let found = FLOWS.iter().find(|u| starts(word, u.0)).ok_or_else(|| {
            let names: Vec<&str> = FLOWS.iter().map(|u| u.0).collect();
            let message = format!("`{word}` is no flow unit");
            wrong(1, "unknown-unit", message, &format!("Use one of {}", names.join(", ")))
        })?;
        (self.flow_per_cfs, self.metric) = (found.1, found.2);
        Ok(())
    }

    fn head_loss(&mut self, line: &Line) -> Result<(), Wrong> {
        let word = line.word(1, "The head-loss formula")?;
        self.formula = match () {
            () if starts(word, "H") => Formula::HazenWilliams,
            () if starts(word, "D") => Formula::DarcyWeisbach,
            () if starts(word, "C") => Formula::ChezyManning,
            () => {
                let message = format!("`{word}` is no head-loss formula");
                return Err(wrong(1, "unknown-formula", message, "Use H-W, D-W or C-M"));
            }
        };
        Ok(())
    }

    pub fn flow(&self, value: f64) -> f64 {
        value / self.flow_per_cfs * CUBIC_FOOT_M3
    }

    /// Length, elevation or head.
    pub fn length(&self, value: f64) -> f64 {
        if self.metric { value } else { value * FOOT_M }
    }

    /// Diameter, from mm or inches.
    pub fn diameter(&self, value: f64) -> f64 {
        if self.metric { value / 1000.0 } else { value / 12.0 * FOOT_M }
    }

    /// Roughness of the formula: of Darcy-Weisbach from mm or thousandths of a foot.
    pub fn roughness(&self, value: f64) -> f64 {
        match self.formula {
            Formula::DarcyWeisbach if self.metric => value / 1000.0,
            Formula::DarcyWeisbach => value / 1000.0 * FOOT_M,
            Formula::HazenWilliams | Formula::ChezyManning => value,
        }
    }

    /// Pressure as the file states it over the head in feet.
    fn pressure_per_ft(&self) -> f64 {
        let water = match (self.metric, self.kpa) {
            (true, true) => KPA_PER_PSI * PSI_PER_FT,
            (true, false) => FOOT_M,
            (false, _) => PSI_PER_FT,
        };
        water * self.gravity_ratio
    }

    /// Head of a pressure, m of the liquid.
    pub fn pressure(&self, value: f64) -> f64 {
        value / self.pressure_per_ft() * FOOT_M
    }

    /// Head times flow of a pump of constant power (kW or hp), m4/s.
    pub fn power(&self, value: f64) -> f64 {
        let horses = if self.metric { value / KW_PER_HP } else { value };
        FT4_S_PER_HP * horses * FOOT_M * CUBIC_FOOT_M3
    }

    /// Resistance of an emitter with a flow of `coefficient` at a pressure of 1, and the
    /// exponent of head over flow.
    pub fn emitter(&self, coefficient: f64) -> f64 {
        let n = 1.0 / self.emitter_exponent;
        let ft = (self.flow_per_cfs / coefficient).powf(n) / self.pressure_per_ft();
        ft * FOOT_M / CUBIC_FOOT_M3.powf(n)
    }

    /// Kinematic viscosity, m2/s: relative to water at 20 degrees Celsius where above 0.001,
    /// else in the file's own m2/s or ft2/s.
    pub fn kinematic_m2_s(&self) -> f64 {
        match self.viscosity {
            None => VISCOSITY_M2_S,
            Some(v) if v > 1e-3 => v * VISCOSITY_M2_S,
            Some(v) if self.metric => v,
            Some(v) => v * FOOT_M * FOOT_M,
        }
    }

    /// Litres a second of a flow in m3/s, with EPANET's own factor.
    pub fn lps(flow_m3_s: f64) -> f64 {
        flow_m3_s / CUBIC_FOOT_M3 * 28.317
    }
}

fn demand_model(line: &Line) -> Result<(), Wrong> {
    let model = line.word(2, "The demand model")?;
    if starts(model, "DDA") {
        return Ok(());
    }
    let message = format!("Demand model `{model}` is not computed");
    Err(wrong(2, "unsupported", message, "Use DDA, or emitters for outflow that pressure drives"))
}

/// Seconds of a time in hours, `h:mm` or `h:mm:ss`, or of a number with its unit.
pub fn seconds(line: &Line, at: usize) -> Result<f64, Wrong> {
    let word = line.word(at, "The time")?;
    let unit = line.words.get(at + 1).copied().unwrap_or_default();
    let fault = || {
        let message = format!("`{word}` is no time");
        wrong(at, "not-a-time", message, "Enter hours, or hours:minutes")
    };
    let parts: Option<Vec<f64>> = word.split(':').map(super::lines::number).collect();
    let parts = parts.filter(|p| p.len() <= 3 && p.iter().all(|v| *v >= 0.0)).ok_or_else(fault)?;
    let mut hours: f64 =
        parts.iter().zip([1.0, 1.0 / 60.0, 1.0 / 3600.0]).map(|(v, f)| v * f).sum();
    if parts.len() == 1 {
        hours *= match () {
            () if starts(unit, "SEC") => 1.0 / 3600.0,
            () if starts(unit, "MIN") => 1.0 / 60.0,
            () if starts(unit, "DAY") => 24.0,
            () => 1.0,
        };
    }
    if starts(unit, "AM") && hours >= 12.0 {
        hours -= 12.0;
    } else if starts(unit, "PM") && hours < 12.0 {
        hours += 12.0;
    }
    Ok((hours * 3600.0).round())
}
