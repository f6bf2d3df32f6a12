//! What is sold ahead: contracts take their part of the streams of tiers.

use super::NoFinance;
use super::phases::Stage;
use super::terms::Terms;
use crate::finance::InputError;
use crate::finance::project::{Contract, Path, Prepaid, Results, Stream, Unit};
use crate::site::{ContractKind, SalesContract, Site};
use crate::units::{HOURS_PER_YEAR, SECONDS_PER_YEAR};

/// Puts the contracts of a layout in front of the streams that serve them. Units under contract
/// are those of the plan's first utilisation.
pub(super) fn sell_ahead(
    site: &Site,
    (terms, stages): (&Terms, &[Stage]),
    utilisation: f64,
    grid_mw: f64,
    streams: &mut Vec<Stream>,
) -> Result<(), NoFinance> {
    let mut leased_mw = grid_mw;
    for own in &site.terms.finance.contracts {
        if own.kind == ContractKind::PoweredShell {
            let shell = shell(own, stages)?;
            leased_mw += own.shell_kw.unwrap_or(0.0) / 1e3;
            let contract_mw = site.terms.site.grid_contract_mw.unwrap_or(0.0);
            if leased_mw > contract_mw * (1.0 + 1e-9) {
                let problem = format!(
                    "{leased_mw:.1} MW with the plan exceed the grid contract of {contract_mw} MW; \
                     lease less or shrink the site's own load"
                );
                return Err(refused(own, "shell_kw", problem));
            }
            streams.push(shell);
        } else {
            from_tier(own, (terms, stages), utilisation, streams)?;
        }
    }
    Ok(())
}

fn refused(own: &SalesContract, field: &str, problem: impl Into<String>) -> NoFinance {
    let field = format!("finance.contracts.{}.{field}", own.id);
    NoFinance::Input(InputError::new(field, problem))
}

fn contract(own: &SalesContract, take_or_pay_frac: f64, prepaid: Option<Prepaid>) -> Contract {
    Contract {
        term_months: own.term_months as usize,
        aged_months: 0,
        price: Path::ByYear(own.prices_usd.clone()),
        take_or_pay_frac,
        service_credit_frac: own.service_credit_frac.unwrap_or(0.0),
        prepaid,
    }
}

/// Price and term must be there.
fn check(own: &SalesContract) -> Result<f64, NoFinance> {
    if own.term_months == 0 {
        return Err(refused(own, "term_months", "a contract of no months; enter at least 1"));
    }
    match own.prices_usd.first() {
        Some(price) if own.prices_usd.iter().all(|p| p.is_finite() && *p >= 0.0) => Ok(*price),
        Some(_) => Err(refused(own, "prices_usd", "a price is negative; enter at least 0")),
        None => Err(refused(own, "prices_usd", "no price; enter one for each year")),
    }
}

/// Power leased: paid whether used or not.
fn shell(own: &SalesContract, stages: &[Stage]) -> Result<Stream, NoFinance> {
    let price = check(own)?;
    let kw =
        own.shell_kw.ok_or_else(|| refused(own, "shell_kw", "enter the kW that are leased"))?;
    Ok(Stream {
        id: own.id.clone(),
        phase: stages.first().map(|s| s.id.clone()).unwrap_or_default(),
        unit: Unit::KwMonths,
        units_per_year: Path::flat(kw * 12.0),
        // After the contract it is let at its last price.
        price: Path::flat(own.prices_usd.last().copied().unwrap_or(price)),
        mix: Path::flat(1.0),
        demand_per_year: None,
        contract: Some(contract(own, own.take_or_pay_frac.unwrap_or(1.0), prepaid(own))),
    })
}

fn prepaid(own: &SalesContract) -> Option<Prepaid> {
    let usd = own.prepaid_usd.filter(|usd| *usd > 0.0)?;
    Some(Prepaid {
        usd,
        months_before: own.prepaid_months.unwrap_or(0) as usize,
        expiry_months: own.expiry_months.unwrap_or(own.term_months) as usize,
        breakage_frac: 0.0,
    })
}

/// Parts of a tier's streams: phases serve a contract in the order in which they come into service,
/// each as far as it reaches.
fn from_tier(
    own: &SalesContract,
    (terms, stages): (&Terms, &[Stage]),
    utilisation: f64,
    streams: &mut Vec<Stream>,
) -> Result<(), NoFinance> {
    let price = check(own)?;
    let tier = own.tier.clone().unwrap_or_default();
    let of_tier = |s: &Stream| s.contract.is_none() && belongs(&s.id, &tier);
    let Some(unit) = streams.iter().find(|s| of_tier(s)).map(|s| s.unit) else {
        return Err(refused(own, "tier", format!("the plan sells nothing in tier `{tier}`")));
    };
    let units = volume(own, unit, price)?;
    // Full load of what is sold at the plan's utilisation.
    let full = units / utilisation;
    let years = terms.operating_months.div_ceil(12);
    let least =
        |s: &Stream| (0..years).map(|y| s.units_per_year.at_year(y)).fold(f64::INFINITY, f64::min);
    let term = own.term_months as usize;
    let first = stages.first().map_or(0, |s| s.service_month);
    // A phase that comes into service after the end of the contract serves none of it.
    let lag = |s: &Stream| {
        let stage = stages.iter().find(|stage| stage.id == s.phase);
        stage.map_or(0, |stage| stage.service_month.saturating_sub(first))
    };
    let most: f64 = streams.iter().filter(|s| of_tier(s) && lag(s) < term).map(least).sum();
    if full > most * (1.0 + 1e-9) {
        let problem = format!(
            "asks for {:.4} times what the plan sells in tier `{tier}` in its weakest year; \
             contract for less",
            full / most.max(f64::MIN_POSITIVE)
        );
        return Err(refused(own, "tier", problem));
    }
    let mut left = full;
    let mut parts: Vec<Stream> = Vec::new();
    for market in streams.iter_mut().filter(|s| of_tier(s) && lag(s) < term) {
        let taken = least(market).min(left);
        let last = left - taken <= full * 1e-12;
        let taken = if last { left } else { taken };
        if taken <= 0.0 && !parts.is_empty() {
            break;
        }
        left -= taken;
        let mut part = market.clone();
        take(&mut market.units_per_year, taken);
        let share = if full > 0.0 { taken / full } else { 1.0 };
        if let Some(demand) = &mut market.demand_per_year {
            take(demand, units * share);
        }
        part.id = match parts.len() {
            0 => own.id.clone(),
            _ => format!("{}, {}", own.id, part.phase),
        };
        part.units_per_year = Path::flat(taken);
        part.demand_per_year = None;
        part.contract = Some(joined(own, utilisation, share, lag(&part)));
        parts.push(part);
        if last {
            break;
        }
    }
    streams.extend(parts);
    Ok(())
}

/// The part of a contract that a phase serves, which joins it so many months after the first.
fn joined(own: &SalesContract, utilisation: f64, share: f64, lag: usize) -> Contract {
    let credits =
        own.credits_usd.filter(|_| own.kind == ContractKind::Credits).map(|usd| Prepaid {
            usd,
            months_before: own.prepaid_months.unwrap_or(0) as usize,
            expiry_months: own.expiry_months.unwrap_or(own.term_months) as usize,
            breakage_frac: own.breakage_frac.unwrap_or(0.0),
        });
    let ahead = credits.or_else(|| prepaid(own)).map(|ahead| Prepaid {
        usd: ahead.usd * share,
        months_before: ahead.months_before + lag,
        expiry_months: ahead.expiry_months.saturating_sub(lag),
        ..ahead
    });
    let least = own.take_or_pay_frac.unwrap_or(0.0) * utilisation;
    let whole = contract(own, least, ahead);
    Contract { term_months: whole.term_months.saturating_sub(lag), aged_months: lag, ..whole }
}

/// Units of a year that a contract buys of a tier that sells so.
fn volume(own: &SalesContract, unit: Unit, price: f64) -> Result<f64, NoFinance> {
    let tier = own.tier.clone().unwrap_or_default();
    let missing = |field| refused(own, field, "enter the volume of the contract");
    let (wanted, units, field) = match own.kind {
        ContractKind::GpuHours => {
            let gpus = own.volume_gpus.ok_or_else(|| missing("volume_gpus"))?;
            (Unit::GpuHours, gpus * HOURS_PER_YEAR, "volume_gpus")
        }
        ContractKind::Credits => {
            let usd = own.credits_usd.ok_or_else(|| missing("credits_usd"))?;
            if price <= 0.0 {
                return Err(refused(own, "prices_usd", "credits need a price above 0"));
            }
            // What one unit a year costs over the months in which credits are used.
            let prices = Path::ByYear(own.prices_usd.clone());
            let months = own.expiry_months.unwrap_or(own.term_months).min(own.term_months);
            let paid = 1.0 - own.service_credit_frac.unwrap_or(0.0);
            let one: f64 = (0..months as usize).map(|m| prices.at_year(m / 12) / 12.0).sum();
            let used = usd * (1.0 - own.breakage_frac.unwrap_or(0.0));
            if one * paid <= 0.0 {
                return Err(refused(own, "expiry_months", "credits expire before they are used"));
            }
            (unit, used / (one * paid), "credits_usd")
        }
        _ => {
            let rate = own.volume_tok_s.ok_or_else(|| missing("volume_tok_s"))?;
            (Unit::MillionTokens, rate * SECONDS_PER_YEAR / 1e6, "volume_tok_s")
        }
    };
    if !(units.is_finite() && units >= 0.0) {
        return Err(refused(own, field, "enter a number that is not negative"));
    }
    if wanted != unit {
        return Err(refused(own, "kind", format!("tier `{tier}` sells another unit")));
    }
    Ok(units)
}

/// What a contract brings over the life of the project, discounted, from all phases that serve it;
/// none where the results have no such contract.
pub fn contract_worth_usd(results: &Results, id: &str) -> Option<f64> {
    let own = results.streams.iter().filter(|s| belongs(&s.id, id));
    let worth: Vec<f64> = own.map(|s| s.present_revenue_usd).collect();
    (!worth.is_empty()).then(|| worth.iter().sum())
}

/// Whether a stream is that of a tier or contract, of any phase.
pub(super) fn belongs(stream: &str, tier: &str) -> bool {
    stream == tier || stream.strip_prefix(tier).is_some_and(|rest| rest.starts_with(", "))
}

/// Less in every year, at least nothing.
fn take(path: &mut Path, units: f64) {
    let less = |v: f64| (v - units).max(0.0);
    let next = match &*path {
        Path::Escalating { start, per_year_frac } if *per_year_frac == 0.0 => {
            Path::flat(less(*start))
        }
        rising @ Path::Escalating { .. } => {
            Path::ByYear((0..80).map(|year| less(rising.at_year(year))).collect())
        }
        Path::ByYear(list) => Path::ByYear(list.iter().map(|v| less(*v)).collect()),
    };
    *path = next;
}
