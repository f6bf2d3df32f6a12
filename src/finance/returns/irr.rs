//! Internal rates of return: all of them.

use super::roots::real_roots;
use crate::finance::{Figure, Undefined};
use serde::Serialize;

/// The internal rates of return of flows.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Irr {
    /// None exists, with the reason.
    None(Undefined),
    One(f64),
    /// Several rates make the net present value zero; none of them is "the" return. Rising.
    Ambiguous(Vec<f64>),
}

impl Irr {
    fn of_roots(roots: Vec<f64>, flows: &[f64]) -> Self {
        let mut rates: Vec<f64> = roots.into_iter().map(f64::exp_m1).collect();
        rates.retain(|r| r.is_finite() && *r > -1.0);
        rates.dedup();
        match rates.as_slice() {
            [] => Self::None(reason(flows)),
            [one] => Self::One(*one),
            _ => Self::Ambiguous(rates),
        }
    }

    /// All rates, rising; empty where there is none.
    pub fn rates(&self) -> &[f64] {
        match self {
            Self::None(_) => &[],
            Self::One(rate) => std::slice::from_ref(rate),
            Self::Ambiguous(rates) => rates,
        }
    }

    /// The rate where there is exactly one.
    pub fn single(&self) -> Figure {
        match self {
            Self::None(why) => Err(*why),
            Self::One(rate) => Ok(*rate),
            Self::Ambiguous(_) => Err(Undefined::Ambiguous),
        }
    }
}

fn reason(flows: &[f64]) -> Undefined {
    let signs = (flows.iter().any(|cf| *cf > 0.0), flows.iter().any(|cf| *cf < 0.0));
    match signs {
        (false, false) => Undefined::NoFlows,
        (true, true) => Undefined::NoRoot,
        _ => Undefined::NoSignChange,
    }
}

/// All rates per period above -100 % at which `sum of cf[t] / (1 + r)^t` is zero.
pub fn irr(flows: &[f64]) -> Irr {
    let roots = real_roots(flows.iter().enumerate().map(|(t, cf)| (t as f64, *cf)));
    Irr::of_roots(roots, flows)
}

/// All annual rates above -100 % of flows at times in years.
pub fn irr_at(times: &[f64], flows: &[f64]) -> Irr {
    let roots = real_roots(times.iter().copied().zip(flows.iter().copied()));
    Irr::of_roots(roots, flows)
}
