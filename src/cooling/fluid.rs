//! Properties of coolants: water and aqueous propylene glycol, by temperature.
//!
//! It must not know loops, pipes or layouts.

use crate::site::Coolant;

/// A liquid that carries heat.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Fluid {
    Water,
    /// Propylene glycol in water.
    PropyleneGlycol {
        /// Share of the mass that is glycol, 0 to 0.6.
        mass_frac: f64,
    },
}

/// PG25: a quarter of the mass is propylene glycol.
pub const PG25: Fluid = Fluid::PropyleneGlycol { mass_frac: 0.25 };

/// Temperatures that the correlations are used in, degrees Celsius.
pub const RANGE_C: (f64, f64) = (0.0, 100.0);

/// Largest share of propylene glycol that the correlation holds for.
const GLYCOL_MAX_FRAC: f64 = 0.6;

/// Properties at one temperature, at about atmospheric pressure.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Properties {
    /// Density, kg/m3.
    pub density_kg_m3: f64,
    /// Isobaric heat capacity, J/(kg K).
    pub heat_j_kg_k: f64,
    /// Dynamic viscosity, Pa s.
    pub viscosity_pa_s: f64,
    /// Thermal conductivity, W/(m K).
    pub conductivity_w_m_k: f64,
}

/// A state for which the correlations are not published.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum Outside {
    #[error(
        "{0} degrees Celsius is outside 0 to 100, for which the coolant's properties are known"
    )]
    Temperature(f64),
    #[error("{0} is no share of propylene glycol from 0 to 0.6")]
    Glycol(f64),
}

impl From<Coolant> for Fluid {
    fn from(coolant: Coolant) -> Self {
        match coolant {
            Coolant::Water => Fluid::Water,
            Coolant::Pg25 => PG25,
        }
    }
}

impl Fluid {
    /// Equation C4: properties at a temperature in degrees Celsius.
    ///
    /// # Errors
    /// The temperature lies outside [`RANGE_C`] or the share of glycol outside 0 to 0.6.
    pub fn at(self, temperature_c: f64) -> Result<Properties, Outside> {
        if !(RANGE_C.0..=RANGE_C.1).contains(&temperature_c) {
            return Err(Outside::Temperature(temperature_c));
        }
        let kelvin = temperature_c + 273.15;
        match self {
            Fluid::Water => Ok(water(kelvin)),
            Fluid::PropyleneGlycol { mass_frac } => {
                if !(0.0..=GLYCOL_MAX_FRAC).contains(&mass_frac) {
                    return Err(Outside::Glycol(mass_frac));
                }
                Ok(glycol(kelvin, mass_frac))
            }
        }
    }
}

impl Properties {
    /// Kinematic viscosity, m2/s.
    pub fn kinematic_m2_s(&self) -> f64 {
        self.viscosity_pa_s / self.density_kg_m3
    }

    /// Prandtl number.
    pub fn prandtl_ratio(&self) -> f64 {
        self.viscosity_pa_s * self.heat_j_kg_k / self.conductivity_w_m_k
    }

    /// Volume flow that carries 1 kW with a rise of `rise_k` kelvin, L/min.
    pub fn lpm_per_kw(&self, rise_k: f64) -> f64 {
        60.0 * 1e6 / (self.density_kg_m3 * self.heat_j_kg_k * rise_k)
    }

    /// Rise of the coolant that carries 1 kW at a volume flow of `lpm_per_kw` L/min, kelvin.
    pub fn rise_k(&self, lpm_per_kw: f64) -> f64 {
        self.lpm_per_kw(1.0) / lpm_per_kw
    }
}

/// IAPWS SR6-08(2011), "Revised Supplementary Release on Properties of Liquid Water at
/// 0.1 MPa", 253.15 to 383.15 K; within 0.01 % of the pressures of a cooling loop.
fn water(t: f64) -> Properties {
    const R_J_KG_K: f64 = 461.51805;
    const TR_K: f64 = 10.0;
    const P0_PA: f64 = 1e5;
    // Coefficients and exponents of the release, table 1.
    const A_HEAT: [(f64, i32); 3] = [(-1.661470539e5, 4), (2.708781640e6, 5), (-1.557191544e8, 7)];
    const B_HEAT: [(f64, i32); 4] =
        [(-8.237426256e-1, 2), (1.908956353, 3), (-2.017597384, 4), (8.546361348e-1, 5)];
    const C3: f64 = -8.983025854;
    const A5: f64 = 1.93763157e-2;
    const A_VOLUME: [(f64, i32); 5] = [
        (6.74458446e3, 4),
        (-2.22521604e5, 5),
        (1.00231247e8, 7),
        (-1.63552118e9, 8),
        (8.32299658e9, 9),
    ];
    const B_VOLUME: [(f64, i32); 6] = [
        (5.78545292e-3, 1),
        (-1.53195665e-2, 2),
        (3.11337859e-2, 3),
        (-4.23546241e-2, 4),
        (3.38713507e-2, 5),
        (-1.19946761e-2, 6),
    ];
    const VISCOSITY_UPA_S: [(f64, f64); 4] =
        [(280.68, -1.9), (511.45, -7.7), (61.131, -19.6), (0.45903, -40.0)];
    const CONDUCTIVITY: [(f64, f64); 4] =
        [(1.6630, -1.15), (-1.7781, -3.4), (1.1567, -6.0), (-0.432115, -7.6)];

    let (tau, alpha, beta) = (t / TR_K, TR_K / (593.0 - t), TR_K / (t - 232.0));
    let sum = |of: &[(f64, i32)], x: f64| of.iter().map(|(c, n)| c * x.powi(*n)).sum::<f64>();
    let volume = R_J_KG_K * TR_K / P0_PA * (A5 + sum(&A_VOLUME, alpha) + sum(&B_VOLUME, beta));
    // Second derivative of the Gibbs energy: n (n + 1) c x^(n + 2).
    let curve = |of: &[(f64, i32)], x: f64| {
        of.iter().map(|(c, n)| f64::from(n * (n + 1)) * c * x.powi(n + 2)).sum::<f64>()
    };
    let heat = -R_J_KG_K * (C3 + tau * curve(&A_HEAT, alpha) + tau * curve(&B_HEAT, beta));
    let power = |of: &[(f64, f64)]| of.iter().map(|(c, n)| c * (t / 300.0).powf(*n)).sum::<f64>();
    Properties {
        density_kg_m3: 1.0 / volume,
        heat_j_kg_k: heat,
        viscosity_pa_s: 1e-6 * power(&VISCOSITY_UPA_S),
        conductivity_w_m_k: power(&CONDUCTIVITY),
    }
}

/// Å. Melinder, "Properties of Secondary Working Fluids for Indirect Systems", IIR 2010:
/// polynomials in temperature (rows) and mass share (columns) about a base point; the same that
/// CoolProp's incompressible fluid `MPG` holds.
fn glycol(t: f64, x: f64) -> Properties {
    const BASE_K: f64 = 305.8583;
    const BASE_FRAC: f64 = 0.307031;
    const DENSITY: [&[f64]; 4] = [
        &[1.018e3, 7.604e1, -2.498e1, -1.550e2, -1.131e2, 2.342e2],
        &[-5.406e-1, -9.450e-1, 2.700e-1, 2.829, -2.221],
        &[-2.666e-3, 5.541e-3, -4.018e-3, -7.175e-3],
        &[1.347e-5, -1.343e-5, 3.376e-5],
    ];
    const HEAT: [&[f64]; 4] = [
        &[3.882e3, -1.304e3, -1.598e3, 3.539e2, 5.000e3, -4.959e3],
        &[2.699, 5.070, 9.534e-1, 3.102e1, -7.135e1],
        &[-1.659e-3, -4.752e-3, 1.167e-1, -2.950e-1],
        &[-1.032e-5, 1.522e-4, -4.870e-4],
    ];
    // Of the natural logarithm of the viscosity in mPa s.
    const VISCOSITY_LN: [&[f64]; 4] = [
        &[6.837e-1, 3.328, 5.453e-1, -3.900, -1.587, 3.564e1],
        &[-3.045e-2, -3.984e-2, -8.600e-4, 1.054e-1, 4.475e-2],
        &[2.525e-4, 4.332e-4, -1.593e-4, -1.589e-3],
        &[-1.399e-6, -1.860e-6, -4.465e-7],
    ];
    const CONDUCTIVITY: [&[f64]; 4] = [
        &[4.513e-1, -4.795e-1, 2.076e-1, -9.083e-2, -5.952e-2, 2.104e-1],
        &[7.955e-4, -1.678e-3, 1.563e-3, -2.518e-3, -3.605e-3],
        &[3.482e-8, 8.941e-6, -4.615e-5, 6.543e-5],
        &[-5.966e-9, 1.493e-8, 9.897e-8],
    ];
    let (dt, dx) = (t - BASE_K, x - BASE_FRAC);
    let horner = |row: &[f64], at: f64| row.iter().rev().fold(0.0, |sum, c| sum * at + c);
    let value =
        |rows: &[&[f64]; 4]| rows.iter().rev().fold(0.0, |sum, row| sum * dt + horner(row, dx));
    Properties {
        density_kg_m3: value(&DENSITY),
        heat_j_kg_k: value(&HEAT),
        viscosity_pa_s: 1e-3 * value(&VISCOSITY_LN).exp(),
        conductivity_w_m_k: value(&CONDUCTIVITY),
    }
}
