//! Utilisation, power price and token prices at which the value is zero, the plan solved anew at
//! every trial.

use super::drivers::{base_of, energy_path, utilisation_path};
use super::monte_carlo::draws::Copula;
use super::monte_carlo::worker::{Build, Field, Worker};
use super::monte_carlo::{Shape, quantiles};
use super::result::{Answer, BreakEven, BreakEvens, Driver};
use super::{Appraiser, Change};
use crate::finance::root::bracketed;
use crate::units::format::plain;

/// Value over capital that counts as zero.
const ZERO_FRAC: f64 = 1e-7;
/// Factor on prices beyond which no break-even is looked for.
const HIGHEST_LEVEL: f64 = 1e4;
/// The same on the energy price.
const DEAREST_ENERGY: f64 = 64.0;
/// Lines of inputs are learnt from their base over this to their base times this.
const LINE_FROM: f64 = 16.0;
/// Doublings from the base to the end of the search.
const MOST_DOUBLINGS: usize = 14;

/// Every break-even of a site.
pub fn break_evens(appraiser: &mut Appraiser) -> BreakEvens {
    let mut asked =
        vec![(utilisation_path(appraiser), "Utilisation".to_owned(), "share".to_owned(), 1.0)];
    if let Some(path) = energy_path(appraiser) {
        let most = base_of(appraiser, &path).unwrap_or(1.0) * DEAREST_ENERGY;
        asked.push((path, "Energy price".to_owned(), "USD per MWh".to_owned(), most));
    }
    let unit = "factor on the layout's prices";
    let name = "All token prices".to_owned();
    asked.push(("levels.token_price".to_owned(), name, unit.to_owned(), HIGHEST_LEVEL));
    let tiers = &appraiser.base().outcome.plan.tiers;
    for tier in tiers.iter().filter(|t| t.revenue_usd_per_year > 0.0) {
        let path = format!("levels.price.{}", tier.id);
        let name = format!("Price of {}", tier.name);
        asked.push((path, name, unit.to_owned(), HIGHEST_LEVEL));
    }
    let base_npv_usd = appraiser.base().npv_usd();
    let based: Vec<_> = asked
        .into_iter()
        .filter_map(|(path, name, unit, most)| {
            let base = base_of(appraiser, &path)?;
            Some((path, name, unit, (base, most)))
        })
        .collect();
    let inputs: Vec<_> =
        based.iter().map(|(path, _, _, (base, most))| (path, *base, *most)).collect();
    let field = field(appraiser, &inputs);
    let mut worker = field.as_ref().and_then(|field| Worker::new(field, Build::Anew).ok());
    if let Some(worker) = &mut worker {
        worker.start();
    }
    let bases: Vec<f64> = inputs.iter().map(|(_, base, _)| *base).collect();
    let rows = based
        .iter()
        .enumerate()
        .map(|(k, (path, name, unit, (base, most)))| {
            let (path, name, unit) = (path.clone(), name.clone(), unit.clone());
            let (base, most) = (*base, *most);
            let capital = appraiser.base().results.capex.total_usd.abs().max(1.0);
            let npv = |x: f64| {
                let mut values = bases.clone();
                if let Some(value) = values.get_mut(k) {
                    *value = x;
                }
                let found = worker.as_mut().and_then(|worker| worker.at(&values));
                found.map_or_else(|| appraiser.npv_usd(&[Change::to(&path, x)]), Ok)
            };
            let (value, npv_usd) = match found(npv, capital, base, most) {
                Ok((value, npv)) => (Ok(value), Ok(npv)),
                Err(why) => (Err(why.clone()), Err(why)),
            };
            BreakEven { path, name, unit, base, value, npv_usd }
        })
        .collect();
    BreakEvens { base_npv_usd, rows }
}

/// What moves inputs along lines over all of a search; nothing where they bend.
fn field(appraiser: &Appraiser, inputs: &[(&String, f64, f64)]) -> Option<Field> {
    let driver = |(path, base, most): &(&String, f64, f64)| Driver {
        path: (*path).clone(),
        name: String::new(),
        unit: String::new(),
        base: *base,
        low: base.min(*most) / LINE_FROM,
        high: most.min(base.max(1e-3) * LINE_FROM),
        source: String::new(),
    };
    let drivers: Vec<Driver> = inputs.iter().map(driver).collect();
    let quantiles = drivers.iter().map(|d| quantiles(d, Shape::Triangular).ok());
    let quantiles = quantiles.collect::<Option<Vec<_>>>()?;
    Field::new(appraiser, drivers, (quantiles, Copula::default()), 0).ok()
}

/// The value of one input at which the site is worth nothing, nearest to where it stands, with
/// the value that is left there.
///
/// # Errors
/// In words: no value of the input does, or the plan jumps across zero.
pub fn search(
    appraiser: &mut Appraiser,
    path: &str,
    base: f64,
    most: f64,
) -> Result<(f64, f64), String> {
    let capital = appraiser.base().results.capex.total_usd.abs().max(1.0);
    found(|x| appraiser.npv_usd(&[Change::to(path, x)]), capital, base, most)
}

/// The same of a value that is asked by a function.
fn found(
    mut value: impl FnMut(f64) -> Answer,
    capital: f64,
    base: f64,
    most: f64,
) -> Result<(f64, f64), String> {
    let mut first_fault = None;
    let mut npv = |x: f64| match value(x) {
        Ok(usd) => usd,
        Err(why) => {
            first_fault.get_or_insert(why);
            f64::NAN
        }
    };
    let at_base = npv(base);
    let crossed = |usd: f64| usd == 0.0 || (usd > 0.0) != (at_base > 0.0);
    let mut bracket = None;
    let (mut below, mut above) = (base, base);
    for step in 0..MOST_DOUBLINGS {
        let further =
            if base > 0.0 { base * 2f64.powi(step as i32 + 1) } else { 2f64.powi(step as i32) };
        let next = further.min(most);
        if next > above {
            let usd = npv(next);
            if usd.is_finite() && crossed(usd) {
                bracket = Some((above, next));
                break;
            }
            above = next;
        }
        // Downwards by halves, and at last to nothing.
        let next = if step + 1 == MOST_DOUBLINGS { 0.0 } else { below / 2.0 };
        if next < below {
            let usd = npv(next);
            if usd.is_finite() && crossed(usd) {
                bracket = Some((next, below));
                break;
            }
            below = next;
        }
    }
    let Some((low, high)) = bracket else {
        let sign = if at_base < 0.0 { "below" } else { "above" };
        let why = first_fault.map_or_else(String::new, |why| format!("; beyond: {why}"));
        let span = format!("{} to {}", plain(below), plain(above));
        return Err(format!("n/a (the value stays {sign} zero from {span}{why})"));
    };
    let root = bracketed(&mut npv, low, high).ok_or("n/a (no plan on the way)")?;
    let left = npv(root);
    if left.abs() <= ZERO_FRAC * capital {
        return Ok((root, left));
    }
    Err(format!("n/a (the plan changes at {root:.6} and the value jumps across zero)"))
}
