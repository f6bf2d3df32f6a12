//! Friction in one pipe: Colebrook, Swamee-Jain, laminar and transitional flow, Hazen-Williams.
//!
//! It must not know networks, files or loops.

use super::fluid::Properties;
use std::f64::consts::PI;

/// Standard acceleration of gravity, m/s2 (CGPM 1901).
pub const GRAVITY_M_S2: f64 = 9.80665;

/// Highest Reynolds number of laminar flow and lowest of turbulent flow.
pub const LAMINAR_RE: f64 = 2000.0;
pub const TURBULENT_RE: f64 = 4000.0;

/// A round pipe, full.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pipe {
    /// Inner diameter, m.
    pub diameter_m: f64,
    pub length_m: f64,
    /// Height of the wall's roughness, m.
    pub roughness_m: f64,
    /// Sum of the loss coefficients of fittings.
    pub minor_ratio: f64,
}

/// What a flow does in a pipe.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Friction {
    pub velocity_m_s: f64,
    pub reynolds_ratio: f64,
    /// Darcy friction factor.
    pub factor_ratio: f64,
    pub loss_pa: f64,
}

impl Pipe {
    /// Free cross-section, m2.
    pub fn area_m2(&self) -> f64 {
        PI * self.diameter_m * self.diameter_m / 4.0
    }

    /// Equation C5: pressure loss of a flow in m3/s by Darcy-Weisbach with Colebrook's factor.
    pub fn friction(&self, flow_m3_s: f64, fluid: &Properties) -> Friction {
        let velocity = flow_m3_s.abs() / self.area_m2();
        let reynolds = velocity * self.diameter_m / fluid.kinematic_m2_s();
        let factor = factor(reynolds, self.roughness_m / self.diameter_m, colebrook);
        let head = 0.5 * fluid.density_kg_m3 * velocity * velocity;
        let straight = if factor > 0.0 { factor * self.length_m / self.diameter_m } else { 0.0 };
        Friction {
            velocity_m_s: velocity,
            reynolds_ratio: reynolds,
            factor_ratio: factor,
            loss_pa: (straight + self.minor_ratio) * head,
        }
    }

    /// Equation C6: pressure loss by Hazen-Williams, Pa. It knows no viscosity; it is kept to
    /// read files that state a coefficient.
    pub fn hazen_williams_pa(&self, flow_m3_s: f64, coefficient: f64, density_kg_m3: f64) -> f64 {
        let head_m = 10.67 * self.length_m * flow_m3_s.abs().powf(1.852)
            / (coefficient.powf(1.852) * self.diameter_m.powf(4.8704));
        head_m * density_kg_m3 * GRAVITY_M_S2
    }
}

/// Darcy friction factor of any flow: `64 / Re` while it is laminar, `turbulent` above
/// [`TURBULENT_RE`], the cubic of [`transition`] between. 0 at rest.
pub fn factor(reynolds: f64, roughness_frac: f64, turbulent: fn(f64, f64) -> f64) -> f64 {
    if reynolds <= 0.0 {
        0.0
    } else if reynolds <= LAMINAR_RE {
        64.0 / reynolds
    } else if reynolds < TURBULENT_RE {
        transition(reynolds, roughness_frac).0
    } else {
        turbulent(reynolds, roughness_frac)
    }
}

/// Colebrook (1939): `1/sqrt(f) = -2 log10(eps/(3.7 D) + 2.51/(Re sqrt(f)))`, solved by Newton's
/// method on `1/sqrt(f)`, which is convex: every start converges in a handful of steps.
pub fn colebrook(reynolds: f64, roughness_frac: f64) -> f64 {
    let (a, b) = (roughness_frac / 3.7, 2.51 / reynolds);
    let mut x = 1.0 / swamee_jain(reynolds, roughness_frac).0.sqrt();
    for _ in 0..20 {
        let inner = a + b * x;
        let value = x + 2.0 * inner.log10();
        let slope = 1.0 + 2.0 * b / (inner * std::f64::consts::LN_10);
        let step = value / slope;
        x -= step;
        if step.abs() <= 1e-14 * x.abs() {
            break;
        }
    }
    1.0 / (x * x)
}

/// Swamee and Jain (1976), `f = 0.25 / log10(eps/(3.7 D) + 5.74/Re^0.9)^2`, with its derivative
/// by the Reynolds number.
pub fn swamee_jain(reynolds: f64, roughness_frac: f64) -> (f64, f64) {
    let viscous = 5.74 / reynolds.powf(0.9);
    let inner = roughness_frac / 3.7 + viscous;
    let log = inner.log10();
    let f = 0.25 / (log * log);
    let slope = 2.0 * f / log * 0.9 * viscous / (reynolds * inner * std::f64::consts::LN_10);
    (f, slope)
}

/// Dunlop's cubic between laminar and turbulent flow (EPANET 2.2 user manual, section 12.1):
/// value and slope meet `64/Re` at Re 2000 and Swamee-Jain at Re 4000. With the derivative by
/// the Reynolds number.
pub fn transition(reynolds: f64, roughness_frac: f64) -> (f64, f64) {
    let y2 = roughness_frac / 3.7 + 5.74 / TURBULENT_RE.powf(0.9);
    let y3 = -0.868_588_963_806_503_7 * y2.ln();
    let fa = 1.0 / (y3 * y3);
    let fb = fa * (2.0 - 0.005_142_149_657_990_938 / (y2 * y3));
    let r = reynolds / LAMINAR_RE;
    let x1 = 7.0 * fa - fb;
    let x2 = 0.128 - 17.0 * fa + 2.5 * fb;
    let x3 = -0.128 + 13.0 * fa - 2.0 * fb;
    let x4 = 0.032 - 3.0 * fa + 0.5 * fb;
    let f = x1 + r * (x2 + r * (x3 + r * x4));
    let slope = (x2 + r * (2.0 * x3 + r * 3.0 * x4)) / LAMINAR_RE;
    (f, slope)
}
