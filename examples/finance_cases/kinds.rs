//! The kinds of cases and the figures that each offers.

use super::fields::{Fields, numbers};
use super::owner;
use gigasite::finance::date::{Date, DayCount};
use gigasite::finance::debt::{self, ConstructionTerms, Schedule};
use gigasite::finance::depreciation::{
    BookStart, Convention, Table, TaxAsset, TaxClass, Treatment, straight_line,
};
use gigasite::finance::distribution::{Distribution, percentile};
use gigasite::finance::levelised::{CostAndOutput, cost_flows, fixed_charge_rate_lcoe};
use gigasite::finance::returns::{self, Flow};
use gigasite::finance::tariff::{self, Load, Ratchet, Tariff, UseSchedule};
use gigasite::finance::{Figure, carbon, nominal_rate, real_rate};
use serde_json::{Value, json};

/// A figure and what a reader should know about its input.
pub struct Evaluated {
    pub value: Value,
    pub notes: Vec<String>,
}

type Kind = fn(&Fields, &str) -> Result<Value, String>;

/// Every kind there is.
pub const ALL: &[(&str, Kind)] = &[
    ("periodic", periodic),
    ("dated", dated),
    ("debt_level", debt_level),
    ("debt_sculpted", debt_sculpted),
    ("idc", interest_during_construction),
    ("depreciation", depreciation),
    ("project_finance", owner::project),
    ("lcoe_fcr", fixed_charge),
    ("tariff", electricity_bill),
    ("levelised_token_cost", levelised),
    ("percentile", percentiles),
    ("distribution", distribution),
    ("fisher", fisher),
    ("tornado", owner::tornado),
    ("cfe_score", clean_energy),
];

/// Evaluates one output of one case.
pub fn evaluate(kind: &str, input_json: &str, output: &str) -> Result<Evaluated, String> {
    let Some((_, run)) = ALL.iter().find(|(name, _)| *name == kind) else {
        let known: Vec<&str> = ALL.iter().map(|(name, _)| *name).collect();
        return Err(format!("unknown kind {kind}; known are {}", known.join(", ")));
    };
    let fields = Fields::parse(input_json)?;
    let value = run(&fields, output)?;
    let unread = fields.unread();
    let mut notes = Vec::new();
    if !unread.is_empty() {
        notes.push(format!("fields without effect: {}", unread.join(", ")));
    }
    Ok(Evaluated { value, notes })
}

pub fn unknown(output: &str) -> Result<Value, String> {
    Err(format!("unknown output {output} for this kind"))
}

/// JSON of a figure: `null` where it does not exist.
pub fn figure(figure: Figure) -> Value {
    figure.map_or(Value::Null, |v| json!(v))
}

fn periodic(f: &Fields, output: &str) -> Result<Value, String> {
    let flows = f.list("cf")?;
    // Only what discounts needs a rate; a missing one is no zero.
    let discounts = matches!(output, "npv_t0" | "npv_excel" | "profitability_index")
        || output.starts_with("discounted_")
        || output == "mirr"
            && (f.get("finance_rate").is_none() || f.get("reinvest_rate").is_none());
    let rate = if discounts { f.rate("rate")? } else { f.rate_or("rate", 0.0)? };
    let finance = f.rate_or("finance_rate", rate)?;
    let reinvest = f.rate_or("reinvest_rate", rate)?;
    Ok(match output {
        "npv_t0" => json!(returns::npv(rate, &flows)),
        "npv_excel" => json!(returns::npv_spreadsheet(rate, &flows)),
        "irr_roots" => json!(returns::irr(&flows).rates()),
        "irr" => figure(returns::irr(&flows).single()),
        "mirr" => figure(returns::mirr(&flows, finance, reinvest)),
        "payback_first" => figure(returns::payback(&flows).first),
        "payback_final" => figure(returns::payback(&flows).last),
        "discounted_payback_first" => figure(returns::discounted_payback(rate, &flows).first),
        "discounted_payback_final" => figure(returns::discounted_payback(rate, &flows).last),
        "profitability_index" => figure(returns::profitability_index(rate, &flows)),
        "equity_multiple" => figure(returns::equity_multiple(&flows)),
        _ => return unknown(output),
    })
}

fn dated(f: &Fields, output: &str) -> Result<Value, String> {
    let amounts = f.list("cf")?;
    let texts = f.need("dates")?.as_array().ok_or("dates is not a list")?;
    if texts.len() != amounts.len() {
        return Err(format!("{} dates for {} flows", texts.len(), amounts.len()));
    }
    let count = match f.text_or("day_count", "actual/365")? {
        "actual/365" | "act/365" => DayCount::Actual365,
        "actual/360" | "act/360" => DayCount::Actual360,
        "actual/actual" | "act/act" => DayCount::ActualActual,
        "30/360" => DayCount::Thirty360,
        other => return Err(format!("unknown day_count {other}")),
    };
    let mut flows = Vec::new();
    for (text, amount) in texts.iter().zip(amounts) {
        let date = text.as_str().and_then(Date::parse);
        let date = date.ok_or(format!("{text} is not a date YYYY-MM-DD"))?;
        flows.push(Flow { date, amount });
    }
    Ok(match output {
        "xnpv" => json!(returns::xnpv(f.rate("rate")?, &flows, count)),
        "xirr_roots" => {
            f.get("rate");
            json!(returns::xirr(&flows, count).rates())
        }
        _ => return unknown(output),
    })
}

fn schedule(schedule: &Schedule, output: &str) -> Result<Value, String> {
    Ok(match output {
        "interest" => json!(schedule.interest),
        "principal" => json!(schedule.principal),
        "balance" => json!(schedule.balance),
        "service" | "debt_service" => json!(schedule.service()),
        _ => return unknown(output),
    })
}

fn debt_level(f: &Fields, output: &str) -> Result<Value, String> {
    let (amount, rate) = (f.number("principal")?, f.rate("rate")?);
    let (periods, free) = (f.count("periods")?, f.count_or("interest_only", 0)?);
    let loan = match f.text_or("repayment", "level")? {
        "level" => debt::level(amount, rate, periods, free),
        "equal_principal" => debt::equal_principal(amount, rate, periods, free),
        "bullet" => debt::bullet(amount, rate, periods),
        other => return Err(format!("unknown repayment {other}")),
    };
    schedule(&loan, output)
}

fn debt_sculpted(f: &Fields, output: &str) -> Result<Value, String> {
    let cfads = f.list("cfads")?;
    let (dscr, rate, tenor) = (f.number("dscr")?, f.rate("rate")?, f.count("tenor")?);
    if dscr <= 0.0 {
        return Err("dscr is not above 0".to_owned());
    }
    let loan = if f.flag_or("floor_principal", false)? {
        debt::sculpt_floored(&cfads, dscr, rate, tenor, f64::INFINITY)
    } else {
        debt::sculpt(&cfads, dscr, rate, tenor)
    };
    match output {
        "debt_size" => Ok(json!(loan.amount)),
        "negative_principal" => Ok(json!(loan.negative_principal)),
        _ => schedule(&loan.schedule, output),
    }
}

fn interest_during_construction(f: &Fields, output: &str) -> Result<Value, String> {
    let terms = ConstructionTerms {
        debt_share: f.need("debt_share").and_then(|_| f.share_or("debt_share", 0.0))?,
        rate: f.rate("monthly_rate")?,
        capitalise: f.flag_or("capitalise", true)?,
        commitment_rate: f.number_or("commitment_rate", 0.0)?,
        upfront_frac: f.number_or("upfront_fee", 0.0)?,
    };
    let built = debt::build(&f.list("draws")?, &terms);
    Ok(match output {
        "idc_total" => json!(built.interest_total()),
        "debt_at_cod" => json!(built.debt_at_end()),
        "equity_at_cod" => json!(built.equity_total()),
        "interest" => json!(built.interest),
        "balance" => json!(built.balance),
        _ => return unknown(output),
    })
}

fn depreciation(f: &Fields, output: &str) -> Result<Value, String> {
    let (basis, life) = (f.number("basis")?, f.number("life")?);
    let salvage = f.share_or("salvage_fraction", 0.0)?;
    let convention = f.text_or("convention", "half-year")?;
    let years = match f.text("method")? {
        "straight-line" | "sl" => {
            if life <= 0.0 {
                return Err("life is not above 0".to_owned());
            }
            let start = match convention {
                "full-year" => BookStart::FullYear,
                "half-year" => BookStart::HalfYear,
                other => return Err(format!("unknown convention {other} of straight line")),
            };
            straight_line(basis, life, salvage, start)
        }
        "macrs" => {
            let life = super::fields::whole(life, "life")? as u32;
            let class = if life == 39 { TaxClass::Real39 } else { TaxClass::Macrs(life) };
            let convention = match convention {
                "half-year" if life == 39 => return half_year_39(basis, output),
                "half-year" => Convention::HalfYear,
                "mid-quarter" if life == 39 => {
                    return Err("convention: a building of 39 years is mid-month".to_owned());
                }
                "mid-month" if life != 39 => {
                    return Err("convention: only a building of 39 years is mid-month".to_owned());
                }
                "mid-quarter" => Convention::MidQuarter(f.count("quarter")? as u32),
                "mid-month" => Convention::MidMonth(f.count("month")? as u32),
                other => return Err(format!("unknown convention {other} of macrs")),
            };
            let table = match f.text_or("table", "irs-rounded")? {
                "irs-rounded" => Table::IrsRounded,
                "exact" => Table::Exact,
                other => return Err(format!("unknown table {other}")),
            };
            let treatment =
                Treatment { class, convention, table, bonus_frac: f.number_or("bonus", 0.0)? };
            TaxAsset { basis, treatment }.schedule().map_err(|e| e.to_string())?
        }
        other => return Err(format!("unknown method {other}")),
    };
    deductions(&years, output)
}

fn half_year_39(basis: f64, output: &str) -> Result<Value, String> {
    let treatment = Treatment {
        class: TaxClass::HalfYear39,
        convention: Convention::HalfYear,
        table: Table::Exact,
        bonus_frac: 0.0,
    };
    let years = TaxAsset { basis, treatment }.schedule().map_err(|e| e.to_string())?;
    deductions(&years, output)
}

fn deductions(years: &[f64], output: &str) -> Result<Value, String> {
    match output {
        "schedule" => Ok(json!(years)),
        "sum" => Ok(json!(years.iter().sum::<f64>())),
        _ => unknown(output),
    }
}

fn fixed_charge(f: &Fields, output: &str) -> Result<Value, String> {
    if output != "lcoe_per_kwh" {
        return unknown(output);
    }
    Ok(figure(fixed_charge_rate_lcoe(
        f.number("capital_cost")?,
        f.number("fixed_charge_rate")?,
        f.number("fixed_operating_cost")?,
        f.number("variable_operating_cost_per_kwh")?,
        f.number("annual_kwh")?,
    )))
}

/// Hourly load of a year: a list, or base, daily and seasonal swing and a ramp by month.
fn load(f: &Fields) -> Result<Vec<f64>, String> {
    let value = f.need("load_kw")?;
    if value.is_array() {
        return numbers(value, "load_kw");
    }
    let shape = Fields::of(value, "load_kw")?;
    let base = shape.number("base")?;
    let daily = shape.number_or("daily_amplitude", 0.0)?;
    let seasonal = shape.number_or("seasonal_amplitude", 0.0)?;
    let ramp = shape.number_or("monthly_ramp", 0.0)?;
    let turn = std::f64::consts::TAU;
    let months = Load::hourly(&[0.0; 8_760], 0);
    let kw = |(h, month): (usize, u8)| {
        let (hour, day) = ((h % 24) as f64, (h / 24) as f64);
        base + daily * (turn * (hour - 15.0) / 24.0).cos()
            + seasonal * (turn * (day - 200.0) / 365.0).cos()
            + ramp * f64::from(month)
    };
    Ok(months.samples().iter().map(|s| s.month).enumerate().map(kw).collect())
}

/// Prices of periods given as [period from 1, price].
fn prices(f: &Fields, name: &str) -> Result<Vec<f64>, String> {
    let Some(value) = f.get(name) else { return Ok(Vec::new()) };
    let pairs = value.as_array().ok_or(format!("{name} is not a list"))?;
    let mut prices = Vec::new();
    for pair in pairs {
        let [period, price] = numbers(pair, name)?[..] else {
            return Err(format!("{name} needs pairs of period and price"));
        };
        let period = super::fields::whole(period - 1.0, name)?;
        if prices.len() <= period {
            prices.resize(period + 1, 0.0);
        }
        prices[period] = price;
    }
    Ok(prices)
}

fn span(f: &Fields, name: &str) -> Result<(usize, usize), String> {
    match f.list(name)?[..] {
        [a, b] => Ok((super::fields::whole(a, name)?, super::fields::whole(b, name)?)),
        _ => Err(format!("{name} needs two numbers")),
    }
}

fn electricity_bill(f: &Fields, output: &str) -> Result<Value, String> {
    // Without hours there is no peak; without months it is that of every month.
    let peak = f.get("peak_hours").is_some();
    let (from, to) = if peak { span(f, "peak_hours")? } else { (0, 0) };
    let all_year = f.get("peak_months0").is_none();
    let (first, last) = if all_year { (0, 11) } else { span(f, "peak_months0")? };
    let weekends_off = f.flag_or("weekends_off_peak", true)?;
    if !f.flag_or("jan1_is_monday", true)? {
        return Err("jan1_is_monday: only years that start on a Monday are known".to_owned());
    }
    let mut tariff = Tariff::flat(0.0);
    tariff.schedule = UseSchedule::peak(from, to, first, last, weekends_off);
    // Weekends are off peak for energy alone: the demand schedule is the same on all days.
    tariff.demand_schedule = UseSchedule::peak(from, to, first, last, false);
    tariff.energy_usd_per_kwh = prices(f, "energy_rates_per_kwh")?;
    tariff.demand_usd_per_kw_month = f.number_or("demand_flat_per_kw_month", 0.0)?;
    tariff.period_demand_usd_per_kw_month = prices(f, "demand_tou_per_kw_month")?;
    tariff.fixed_usd_per_month = f.number_or("fixed_per_month", 0.0)?;
    if let Some(ratchet) = f.get("ratchet") {
        let r = Fields::of(ratchet, "ratchet")?;
        tariff.periods_on_billing_demand = true;
        tariff.minimum_kw = r.number_or("min", 0.0)?;
        tariff.ratchet = Some(Ratchet {
            frac: r.number_or("pct", 0.0)? / 100.0,
            look_back_months: r.count_or("look", 0)?,
            earlier_kw: [r.number_or("y0", 0.0)?; 12],
        });
    }
    let bill = tariff::bill(&tariff, &Load::hourly(&load(f)?, 0))
        .map_err(|e| e.first().map_or_else(String::new, ToString::to_string))?;
    let months = |of: fn(&tariff::MonthBill) -> f64| -> Value {
        json!(bill.months.iter().map(of).collect::<Vec<f64>>())
    };
    Ok(match output {
        "annual_bill" => json!(bill.total_usd()),
        "monthly_energy_charge" => months(|m| m.energy_usd),
        "monthly_demand_flat" => months(|m| m.demand_usd),
        "monthly_demand_tou" => months(|m| m.period_demand_usd),
        "monthly_peak_kw" => months(|m| m.peak_kw),
        "monthly_kwh" => months(|m| m.kwh),
        "monthly_fixed" => months(|m| m.fixed_usd),
        "monthly_total" => months(tariff::MonthBill::total_usd),
        "billing_demand_kw" => months(|m| m.billing_demand_kw),
        _ => return unknown(output),
    })
}

fn levelised(f: &Fields, output: &str) -> Result<Value, String> {
    let mut refresh = Vec::new();
    if let Some(value) = f.get("refresh_usd_by_year") {
        let years = value.as_object().ok_or("refresh_usd_by_year is not an object")?;
        for (year, usd) in years {
            let year = year.parse().map_err(|_| format!("refresh_usd_by_year: {year}"))?;
            refresh.push((year, super::fields::number(usd, "refresh_usd_by_year")?));
        }
    }
    let opex = f.list("opex_usd_by_year")?;
    let mut output_units = vec![0.0];
    output_units.extend(f.list("tokens_by_year")?.iter().map(|t| t / 1e6));
    let residual = f.number_or("residual_usd", 0.0)?;
    let cost_usd = cost_flows(f.number("capex_t0_usd")?, &refresh, &opex, residual);
    let case = CostAndOutput { cost_usd, output: output_units };
    let rate = f.rate("rate")?;
    match output {
        "usd_per_million_tokens" => Ok(figure(case.levelised(rate))),
        "breakeven_flat_price_usd_per_million" => Ok(figure(case.breakeven_price(rate))),
        _ => unknown(output),
    }
}

fn percentiles(f: &Fields, output: &str) -> Result<Value, String> {
    let samples = f.list("samples")?;
    let digits: String = output.chars().filter(|c| c.is_ascii_digit() || *c == '.').collect();
    let p: f64 = match digits.parse() {
        Ok(p) if output.starts_with("value_at_") => p,
        _ => return unknown(output),
    };
    Ok(percentile(&samples, p).map_or(Value::Null, |v| json!(v)))
}

fn distribution(f: &Fields, output: &str) -> Result<Value, String> {
    let shape = match f.text("shape")? {
        "uniform" => Distribution::Uniform { low: f.number("low")?, high: f.number("high")? },
        "triangular" => Distribution::Triangular {
            low: f.number("low")?,
            mode: f.number("mode")?,
            high: f.number("high")?,
        },
        "pert" => Distribution::Pert {
            low: f.number("low")?,
            mode: f.number("mode")?,
            high: f.number("high")?,
        },
        "normal" => Distribution::Normal { mean: f.number("mean")?, sd: f.number("sd")? },
        other => return Err(format!("unknown shape {other}")),
    };
    match output {
        "quantile" => Ok(json!(shape.quantile(f.number("p")?).map_err(|e| e.to_string())?)),
        _ => unknown(output),
    }
}

fn fisher(f: &Fields, output: &str) -> Result<Value, String> {
    match output {
        "nominal" => Ok(json!(nominal_rate(f.rate("real")?, f.rate("inflation")?))),
        "real" => Ok(json!(real_rate(f.rate("nominal")?, f.rate("inflation")?))),
        _ => unknown(output),
    }
}

fn clean_energy(f: &Fields, output: &str) -> Result<Value, String> {
    let (load, clean) = (f.list("load_mwh")?, f.list("cfe_mwh")?);
    if load.len() != clean.len() {
        return Err(format!("{} hours of load, {} of clean energy", load.len(), clean.len()));
    }
    if load.iter().chain(&clean).any(|mwh| *mwh < 0.0) {
        return Err("an hour has negative energy".to_owned());
    }
    match output {
        "hourly_matched_fraction" => Ok(figure(carbon::hourly_matched_fraction(&load, &clean))),
        "volume_ratio_uncapped" => Ok(figure(carbon::volume_ratio(&load, &clean))),
        _ => unknown(output),
    }
}
