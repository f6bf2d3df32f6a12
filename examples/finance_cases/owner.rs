//! Cases of a project of one owner, and its tornado.

use super::fields::{Fields, number, whole};
use super::kinds::{figure, unknown};
use gigasite::finance::debt;
use gigasite::finance::depreciation::TaxClass;
use gigasite::finance::sensitivity;
use gigasite::finance::single_owner::{Allocation, Borrowing, OwnerResult, SingleOwner};
use gigasite::finance::tax::{Losses, TaxRules};
use serde_json::{Value, json};

/// Classes under the names of SAM.
const CLASSES: &[(&str, TaxClass)] = &[
    ("macrs_5", TaxClass::Macrs(5)),
    ("macrs_15", TaxClass::Macrs(15)),
    ("sl_5", TaxClass::StraightLine(5)),
    ("sl_15", TaxClass::StraightLine(15)),
    ("sl_20", TaxClass::StraightLine(20)),
    ("sl_39", TaxClass::HalfYear39),
];

fn allocations(value: Option<&Value>) -> Result<Vec<Allocation>, String> {
    let Some(value) = value else { return Ok(Vec::new()) };
    let shares = value.as_object().ok_or("the allocation to classes is not an object")?;
    let one = |(name, share): (&String, &Value)| {
        let (_, class) = CLASSES
            .iter()
            .find(|(known, _)| known == name)
            .ok_or(format!("unknown depreciation class {name}"))?;
        Ok(Allocation { class: *class, frac: number(share, name)? / 100.0 })
    };
    shares.iter().map(one).collect()
}

/// `["pct", share, years, rate, equal principal (1) or level (0)]` or `["dscr", ratio, years, rate]`.
fn borrowing(value: Option<&Value>) -> Result<Borrowing, String> {
    let Some(value) = value else { return Ok(Borrowing::None) };
    let list = value.as_array().ok_or("debt is not a list")?;
    let at = |n: usize| match list.get(n) {
        Some(v) => number(v, &format!("debt[{n}]")),
        None => Err(format!("debt has no element {n}")),
    };
    match list.first().and_then(Value::as_str) {
        Some("pct") => Ok(Borrowing::Share {
            frac: at(1)? / 100.0,
            years: whole(at(2)?, "debt[2]")?,
            rate: at(3)? / 100.0,
            equal_principal: list.len() > 4 && at(4)? == 1.0,
        }),
        Some("dscr") => Ok(Borrowing::Dscr {
            dscr: at(1)?,
            years: whole(at(2)?, "debt[2]")?,
            rate: at(3)? / 100.0,
        }),
        _ => Err("debt starts with neither pct nor dscr".to_owned()),
    }
}

fn losses(f: &Fields) -> Result<Losses, String> {
    match f.text_or("losses", "used_at_once")? {
        "used_at_once" => Ok(Losses::UsedAtOnce),
        "carried_forward" => {
            Ok(Losses::CarriedForward { limit_frac: f.number_or("loss_limit_pct", 80.0)? / 100.0 })
        }
        other => Err(format!("unknown losses {other}")),
    }
}

/// The first of two names that is there.
fn either(f: &Fields, long: &str, short: &str) -> Result<f64, String> {
    if f.get(long).is_some() { f.number(long) } else { f.number(short) }
}

fn either_or(f: &Fields, long: &str, short: &str, default: f64) -> Result<f64, String> {
    if f.get(long).is_some() { f.number(long) } else { f.number_or(short, default) }
}

fn read(f: &Fields) -> Result<SingleOwner, String> {
    let percent = |long: &str, short: &str| -> Result<f64, String> {
        Ok(either_or(f, long, short, 0.0)? / 100.0)
    };
    Ok(SingleOwner {
        capex: f.number("capex")?,
        output_per_year: either(f, "mwh_per_year", "mwh")?,
        price: either(f, "price_per_mwh", "price")?,
        price_escalation: percent("price_escalation_pct", "esc")?,
        fixed_cost: f.number_or("om_fixed", 0.0)?,
        cost_per_unit: either_or(f, "om_per_mwh", "om_var", 0.0)?,
        years: f.count("years")?,
        inflation: percent("inflation_pct", "infl")?,
        real_rate: either(f, "real_discount_pct", "real")? / 100.0,
        tax: TaxRules {
            federal_frac: percent("fed_tax_pct", "fed")?,
            state_frac: percent("state_tax_pct", "sta")?,
            losses: losses(f)?,
            interest_limit: None,
        },
        allocations: allocations(f.get("depr_alloc_pct").or_else(|| f.get("alloc")))?,
        bonus_frac: percent("bonus_pct", "bonus")?,
        state_bonus_frac: percent("state_bonus_pct", "state_bonus")?,
        borrowing: borrowing(f.get("debt"))?,
        salvage_frac: percent("salvage_pct_of_capex", "salvage")?,
        property_tax_frac: percent("property_tax_pct", "property_tax")?,
        insurance_frac: percent("insurance_pct", "insurance")?,
    })
}

fn evaluated(owner: &SingleOwner) -> Result<OwnerResult, String> {
    owner.evaluate().map_err(|found| {
        let told: Vec<String> = found.iter().map(ToString::to_string).collect();
        told.join("; ")
    })
}

/// A list from year 0: nothing, then the loan's.
fn from_year_0(first: f64, loan: &[f64], years: usize) -> Vec<f64> {
    let mut list = vec![first];
    list.extend(loan);
    list.resize(years, 0.0);
    list
}

pub fn project(f: &Fields, output: &str) -> Result<Value, String> {
    let owner = read(f)?;
    let r = evaluated(&owner)?;
    let years = r.revenue.len();
    let negative = |v: f64| if v == 0.0 { 0.0 } else { -v };
    let cover = debt::cover(r.ebitda.get(1..).unwrap_or_default(), &r.debt.service());
    Ok(match output {
        "revenue" => json!(r.revenue),
        "operating_expenses" => json!(r.operating_cost),
        "ebitda" => json!(r.ebitda),
        "fed_depreciation" => json!(r.federal_depreciation),
        "fed_tax" => json!(r.tax.iter().map(|t| negative(t.federal)).collect::<Vec<f64>>()),
        "state_tax" => json!(r.tax.iter().map(|t| negative(t.state)).collect::<Vec<f64>>()),
        "aftertax_cash_flow" => json!(r.aftertax_cash),
        "pretax_cash_flow" => json!(r.pretax_cash),
        "npv_aftertax" => json!(r.npv),
        "irr_aftertax" => figure(r.irr.single()),
        "irr_roots" => json!(r.irr.rates()),
        "debt_size" => json!(r.debt_amount),
        "debt_interest" => json!(from_year_0(0.0, &r.debt.interest, years)),
        "debt_principal" => json!(from_year_0(0.0, &r.debt.principal, years)),
        "debt_balance" => json!(from_year_0(r.debt_amount, &r.debt.balance, years)),
        "min_dscr" => figure(cover.least),
        "lcoe_nominal_per_mwh" => figure(r.sam_lcoe_nominal),
        "lcoe_real_per_mwh" => figure(r.sam_lcoe_real),
        "breakeven_price_per_mwh" => figure(owner.breakeven_price()),
        _ => return unknown(output),
    })
}

pub fn tornado(f: &Fields, output: &str) -> Result<Value, String> {
    let base = f.need("base")?;
    let swing = f.number_or("swing_pct", 20.0)? / 100.0;
    let names = f.need("drivers")?.as_array().ok_or("drivers is not a list")?;
    let mut drivers = Vec::new();
    for name in names {
        let name = name.as_str().ok_or("a driver is not a text")?;
        if !base.get(name).is_some_and(Value::is_number) {
            return Err(format!("driver {name} is no number of base"));
        }
        drivers.push(name.to_owned());
    }
    let value = |input: &Value| -> Result<f64, String> {
        Ok(evaluated(&read(&Fields::of(input, "base")?)?)?.npv)
    };
    if output == "base_npv" {
        return Ok(json!(value(base)?));
    }
    if output != "ordered_bars" {
        return unknown(output);
    }
    let mut problem = None;
    let bars = sensitivity::tornado(&drivers, swing, |driver, factor| {
        let mut input = base.clone();
        if let Some(v) = input.get_mut(driver) {
            *v = json!(v.as_f64().unwrap_or(0.0) * factor);
        }
        value(&input).map_err(|e| {
            problem = Some(format!("driver {driver}: {e}"));
            gigasite::finance::Undefined::OutOfRange
        })
    });
    if let Some(problem) = problem {
        return Err(problem);
    }
    let bar = |b: &sensitivity::Bar| {
        json!({"driver": b.driver, "npv_low": figure(b.low), "npv_high": figure(b.high),
               "swing": b.swing()})
    };
    Ok(json!(bars.iter().map(bar).collect::<Vec<Value>>()))
}
