//! What a project must be to be evaluated; everything wrong is told at once.

use super::input::{CapexLine, DebtTerms, Driver, Path, Phase, Project, Repayment};
use crate::finance::InputError;
use crate::finance::error::Findings;

/// Longest model: the axis of eighty years.
const MOST_MONTHS: usize = 960;

pub(super) fn check(project: &Project) -> Result<(), Vec<InputError>> {
    let mut found = Findings::default();
    calendar(project, &mut found);
    let rates = &project.rates;
    found.rate("rates.discount_frac", rates.discount_frac);
    found.rate("rates.equity_frac", rates.equity_frac);
    found.rate("rates.finance_frac", rates.finance_frac);
    found.rate("rates.reinvest_frac", rates.reinvest_frac);
    project.tax.check(&mut found);
    found.range(
        "working_capital.receivable_days",
        project.working_capital.receivable_days,
        0.0,
        365.0,
    );
    found.range("working_capital.payable_days", project.working_capital.payable_days, 0.0, 365.0);
    unique("phases", project.phases.iter().map(|p| &p.id), &mut found);
    unique("classes", project.classes.iter().map(|c| &c.id), &mut found);
    unique("streams", project.streams.iter().map(|s| &s.id), &mut found);
    for each in &project.phases {
        phase(project, each, &mut found);
    }
    for class in &project.classes {
        let at = |field: &str| format!("classes.{}.{field}", class.id);
        found.share(&at("salvage_frac"), class.salvage_frac);
        found.share(&at("bonus_frac"), class.bonus_frac);
        found.share(&at("state_bonus_frac"), class.state_bonus_frac);
        found.range(&at("terminal_frac"), class.terminal_frac, 0.0, 10.0);
        if class.book_life_months == Some(0) {
            found.add(at("book_life_months"), "a life of 0 months; leave it out for land");
        }
    }
    for line in &project.capex {
        capex(project, line, &mut found);
    }
    streams(project, &mut found);
    opex(project, &mut found);
    if let Some(terms) = &project.debt {
        debt(project, terms, &mut found);
    }
    found.finish()
}

fn unique<'a>(list: &str, ids: impl Iterator<Item = &'a String>, found: &mut Findings) {
    let mut seen = std::collections::BTreeSet::new();
    for id in ids {
        if !seen.insert(id) {
            found.add(format!("{list}.{id}"), "this id is there twice; rename one");
        }
    }
}

fn calendar(project: &Project, found: &mut Findings) {
    let c = &project.calendar;
    if !(1..=12).contains(&c.start_month) {
        found.add("calendar.start_month", "enter 1 to 12");
    }
    if !(1..=12).contains(&c.fiscal_year_end) {
        found.add("calendar.fiscal_year_end", "enter 1 to 12");
    }
    if ![1, 3].contains(&c.build_step_months) {
        found.add("calendar.build_step_months", "enter 1 (months) or 3 (quarters)");
    }
    if ![1, 3, 12].contains(&c.operation_step_months) {
        let problem = "enter 1 (months), 3 (quarters) or 12 (fiscal years)";
        found.add("calendar.operation_step_months", problem);
    }
    if c.horizon_months == 0 || c.horizon_months > MOST_MONTHS {
        found.add("calendar.horizon_months", format!("enter 1 to {MOST_MONTHS}"));
    }
}

fn phase(project: &Project, phase: &Phase, found: &mut Findings) {
    let at = |field: &str| format!("phases.{}.{field}", phase.id);
    found.amount(&at("it_mw"), phase.it_mw);
    found.amount(&at("gpus"), phase.gpus);
    amounts(&at("it_ratio"), &phase.it_ratio, found);
    amounts(&at("gpu_ratio"), &phase.gpu_ratio, found);
    amounts(&at("energy_mwh_per_year"), &phase.energy_mwh_per_year, found);
    amounts(&at("demand_mw"), &phase.demand_mw, found);
    found.share(&at("ramp_start_frac"), phase.ramp_start_frac);
    found.share(&at("utilisation_frac"), phase.utilisation_frac);
    found.share(&at("degradation_frac"), phase.degradation_frac);
    found.share(&at("idle_energy_frac"), phase.idle_energy_frac);
    let horizon = project.calendar.horizon_months;
    if phase.service_month >= horizon {
        let problem =
            format!("month {} is not within the {horizon} of the model", phase.service_month);
        found.add(at("service_month"), problem);
    }
    if phase.ramp_months > MOST_MONTHS {
        found.add(at("ramp_months"), format!("enter at most {MOST_MONTHS}"));
    }
}

fn capex(project: &Project, line: &CapexLine, found: &mut Findings) {
    let at = |field: &str| format!("capex.{}.{field}", line.id);
    found.amount(&at("amount_usd"), line.amount_usd);
    found.amount(&at("contingency_frac"), line.contingency_frac);
    if !project.classes.iter().any(|c| c.id == line.class) {
        found.add(at("class"), format!("there is no class {}", line.class));
    }
    let Some(phase) = project.phases.iter().find(|p| p.id == line.phase) else {
        return found.add(at("phase"), format!("there is no phase {}", line.phase));
    };
    let service = line.service_month.unwrap_or(phase.service_month);
    if service >= project.calendar.horizon_months {
        found.add(at("service_month"), "lies after the end of the model");
    }
    let total: f64 = line.spend.iter().map(|s| s.frac).sum();
    if (total - 1.0).abs() > 1e-9 {
        found.add(at("spend"), format!("the shares sum to {total}; they must sum to 1"));
    }
    for spend in &line.spend {
        found.share(&at("spend.frac"), spend.frac);
        if spend.month > service {
            let problem = format!("month {} lies after service in month {service}", spend.month);
            found.add(at("spend.month"), problem);
        }
    }
    if let Some(refresh) = &line.refresh {
        found.amount(&at("refresh.cost_frac"), refresh.cost_frac);
        found.amount(&at("refresh.next_cost_frac"), refresh.next_cost_frac.unwrap_or(0.0));
        found.range(&at("refresh.residual_frac"), refresh.residual_frac, 0.0, 1.0);
        if refresh.every_months == 0 {
            found.add(at("refresh.every_months"), "enter at least 1");
        }
    }
}

fn path(at: &str, path: &Path, found: &mut Findings) {
    match path {
        Path::Escalating { start, per_year_frac } => {
            found.range(&format!("{at}.start"), *start, -1e15, 1e15);
            found.range(&format!("{at}.per_year_frac"), *per_year_frac, -1.0, 10.0);
        }
        Path::ByYear(prices) => {
            if prices.is_empty() {
                found.add(at, "no prices; enter one for each year");
            }
            for price in prices {
                found.range(at, *price, -1e15, 1e15);
            }
        }
    }
}

/// A path that is nowhere negative.
fn amounts(at: &str, values: &Path, found: &mut Findings) {
    path(at, values, found);
    let negative = match values {
        Path::Escalating { start, .. } => *start < 0.0,
        Path::ByYear(list) => list.iter().any(|v| *v < 0.0),
    };
    if negative {
        found.add(at, "a value is below 0; enter at least 0");
    }
}

fn streams(project: &Project, found: &mut Findings) {
    for stream in &project.streams {
        let at = |field: &str| format!("streams.{}.{field}", stream.id);
        amounts(&at("units_per_year"), &stream.units_per_year, found);
        path(&at("price"), &stream.price, found);
        amounts(&at("mix"), &stream.mix, found);
        if let Some(demand) = &stream.demand_per_year {
            amounts(&at("demand_per_year"), demand, found);
        }
        if !project.phases.iter().any(|p| p.id == stream.phase) {
            found.add(at("phase"), format!("there is no phase {}", stream.phase));
        }
        if let Some(contract) = &stream.contract {
            path(&at("contract.price"), &contract.price, found);
            found.share(&at("contract.take_or_pay_frac"), contract.take_or_pay_frac);
            found.share(&at("contract.service_credit_frac"), contract.service_credit_frac);
            if contract.term_months == 0 {
                found.add(at("contract.term_months"), "enter at least 1");
            }
            if let Some(prepaid) = &contract.prepaid {
                found.range(&at("contract.prepaid.usd"), prepaid.usd, 0.0, 1e15);
                found.share(&at("contract.prepaid.breakage_frac"), prepaid.breakage_frac);
            }
        }
    }
}

fn opex(project: &Project, found: &mut Findings) {
    for row in &project.opex {
        let at = |field: &str| format!("opex.{}.{field}", row.id);
        path(&at("price"), &row.price, found);
        if let Some(id) = &row.phase
            && !project.phases.iter().any(|p| p.id == *id)
        {
            found.add(at("phase"), format!("there is no phase {id}"));
        }
        match &row.driver {
            Driver::UnitOf(id) if !project.streams.iter().any(|s| s.id == *id) => {
                found.add(at("driver"), format!("there is no stream {id}"));
            }
            Driver::CostOf(id) if !project.classes.iter().any(|c| c.id == *id) => {
                found.add(at("driver"), format!("there is no class {id}"));
            }
            Driver::Demand { contract_mw, minimum_frac, ratchet_frac, look_back_months } => {
                found.share(&at("driver.ratchet_frac"), *ratchet_frac);
                if *look_back_months > 60 {
                    found.add(at("driver.look_back_months"), "enter at most 60");
                }
                found.amount(&at("driver.contract_mw"), *contract_mw);
                found.share(&at("driver.minimum_frac"), *minimum_frac);
            }
            Driver::Tonne { t_per_mwh } => found.amount(&at("driver.t_per_mwh"), *t_per_mwh),
            Driver::Amounts(list) => {
                for (month, usd) in list {
                    found.range(&at("driver.amounts"), *usd, -1e15, 1e15);
                    if *month >= project.calendar.horizon_months {
                        found.add(at("driver.amounts"), format!("month {month} is after the end"));
                    }
                }
            }
            _ => {}
        }
    }
}

fn debt(project: &Project, terms: &DebtTerms, found: &mut Findings) {
    found.share("debt.gearing_cap_frac", terms.gearing_cap_frac);
    found.range("debt.rate_frac", terms.rate_frac, 0.0, 5.0);
    found.share("debt.upfront_frac", terms.upfront_frac);
    found.share("debt.commitment_frac", terms.commitment_frac);
    found.share("debt.sweep_frac", terms.sweep_frac);
    if let Repayment::Sculpted { dscr } = terms.repayment {
        found.range("debt.repayment.dscr", dscr, 0.1, 100.0);
    }
    if let Some(dscr) = terms.least_dscr {
        found.range("debt.least_dscr", dscr, 0.1, 100.0);
    }
    if terms.tenor_months == 0 || terms.interest_only_months >= terms.tenor_months.max(1) {
        found.add("debt.tenor_months", "must exceed the months of interest only");
    }
    if terms.reserve_months > 60 {
        found.add("debt.reserve_months", "enter at most 60");
    }
    let end = terms.term_start_month + terms.tenor_months;
    if terms.term_start_month == 0 || end > project.calendar.horizon_months {
        let problem = "the loan must start after month 0 and be repaid before the model ends";
        found.add("debt.term_start_month", problem);
    }
    if !project.classes.iter().any(|c| c.id == terms.cost_class) {
        found.add("debt.cost_class", format!("there is no class {}", terms.cost_class));
    }
}
