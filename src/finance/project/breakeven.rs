//! The token price at which a project is worth nothing, found by search with the loan sized anew.

use super::input::{Project, Unit};
use super::results;
use crate::finance::returns::Irr;
use crate::finance::root::rising;
use crate::finance::{Figure, Undefined};
use serde::{Deserialize, Serialize};

/// Whose value is zero, after tax.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// The project without debt.
    Unlevered,
    /// The owners, after the loan.
    Levered,
}

/// All token prices times a factor.
fn scaled(project: &Project, factor: f64) -> Project {
    let mut scaled = project.clone();
    for stream in scaled.streams.iter_mut().filter(|s| s.unit == Unit::MillionTokens) {
        stream.price.scale(factor);
        if let Some(contract) = &mut stream.contract {
            contract.price.scale(factor);
        }
    }
    scaled
}

/// Discounted mean price of a million tokens at which the net present value after tax is zero,
/// all token prices keeping their shape. It is not the levelised cost: it pays tax as well.
pub fn breakeven_price(project: &Project, basis: Basis) -> Figure {
    let value = |factor: f64| -> f64 {
        match results(&scaled(project, factor)) {
            Ok(r) if basis == Basis::Levered => r.levered.npv_usd,
            Ok(r) => r.unlevered.npv_usd,
            Err(_) => f64::NAN,
        }
    };
    let now = results(project).map_err(|_| Undefined::OutOfRange)?;
    let price = now.mean_usd_per_mtok?;
    if price <= 0.0 || matches!(now.pretax.irr, Irr::None(Undefined::NoFlows)) {
        return Err(Undefined::NoPrice);
    }
    let factor = rising(value, 1.0, 0.125).ok_or(Undefined::NoPrice)?;
    Ok(price * factor)
}
