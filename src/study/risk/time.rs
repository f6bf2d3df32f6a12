//! What a month is worth: any step of the build earlier or later, and power that may be curtailed
//! now against firm power later.
//!
//! The plan stays; the project is moved in time. What is paid stays when it was, unless it would
//! then be paid after service.

use super::appraiser::{Appraiser, told};
use super::result::{Answer, PowerChoice, PriceOfTime, TimeStep};
use crate::finance::project::{
    Component, Driver, OpexRow, Path, Project, Statements, evaluate, results,
};
use crate::finance::root::bracketed;
use crate::site::FeedStep;
use crate::units::HOURS_PER_YEAR;

/// Values every step of the build by a month, and every choice of power.
pub fn price_of_time(appraiser: &Appraiser) -> PriceOfTime {
    let base = appraiser.base();
    // The months told are those in which things happen, with the delay of the site in them.
    let late = base.project.delay_months;
    let undelayed = Project { delay_months: 0, ..base.project.clone() };
    let (project, npv) = (&shifted(&undelayed, None, late as i64), base.npv_usd());
    let mut steps = vec![step(project, npv, None)];
    if project.phases.len() > 1 {
        steps.extend(project.phases.iter().map(|p| step(project, npv, Some(&p.id))));
    }
    let mut choices = Vec::new();
    for feed in &appraiser.site().campus.feeds {
        for (conditional, firm) in pairs(&feed.steps) {
            choices.push(choice(project, (&feed.id, &feed.name), conditional, firm));
        }
    }
    let no_choice = choices.is_empty().then(|| {
        "no feed states conditional power before firm power (feeds.ID.steps: conditional_mw, \
         curtailable_h_per_year)"
            .to_owned()
    });
    PriceOfTime { base_npv_usd: npv, steps, choices, no_choice }
}

fn step(project: &Project, npv: f64, phase: Option<&str>) -> TimeStep {
    let moved = |months: i64| value(&shifted(project, phase, months)).map(|usd| usd - npv);
    let own = phase.and_then(|id| project.phases.iter().find(|p| p.id == id));
    let month = match own {
        Some(own) => own.service_month,
        None => project.phases.iter().map(|p| p.service_month).min().unwrap_or(0),
    };
    TimeStep {
        id: phase.unwrap_or("site").to_owned(),
        name: phase.map_or_else(|| "The whole site".to_owned(), |id| format!("Phase {id}")),
        month,
        npv_usd_per_month_earlier: if month == 0 {
            Err("n/a (it is in service from the first month)".to_owned())
        } else {
            moved(-1)
        },
        npv_usd_per_month_later: moved(1),
    }
}

fn value(project: &Project) -> Answer {
    results(project).map(|r| r.unlevered.npv_usd).map_err(|e| told(e.first()))
}

/// The project with one phase, or all, in service so many months later. It operates as long, and
/// contracts last as long; prices are those of the calendar.
pub fn shifted(project: &Project, phase: Option<&str>, months: i64) -> Project {
    let mut project = project.clone();
    let moves = |id: &str| phase.is_none_or(|own| own == id);
    let add = |month: usize| (month as i64 + months).max(0) as usize;
    let end = |p: &Project| p.phases.iter().map(|x| x.service_month).max().unwrap_or(0);
    let last = end(&project);
    let first = project.phases.iter().map(|p| p.service_month).min().unwrap_or(0);
    for own in project.phases.iter_mut().filter(|p| moves(&p.id)) {
        own.service_month = add(own.service_month);
    }
    let services: Vec<(String, usize)> =
        project.phases.iter().map(|p| (p.id.clone(), p.service_month)).collect();
    for line in project.capex.iter_mut().filter(|l| moves(&l.phase)) {
        line.service_month = line.service_month.map(add);
        let phase = services.iter().find(|(id, _)| *id == line.phase).map(|(_, month)| *month);
        let Some(service) = line.service_month.or(phase) else { continue };
        // Nothing is paid after service.
        for spend in &mut line.spend {
            spend.month = spend.month.min(service.saturating_sub(1));
        }
    }
    for row in project.opex.iter_mut().filter(|_| phase.is_none()) {
        row.until_month = row.until_month.map(add);
        if let Driver::Amounts(list) = &mut row.driver {
            let after = list.iter_mut().filter(|(month, _)| *month >= first);
            after.for_each(|(month, _)| *month = add(*month));
        }
    }
    let later = end(&project) as i64 - last as i64;
    let horizon = project.calendar.horizon_months as i64 + later;
    project.calendar.horizon_months = horizon.max(1) as usize;
    if let Some(debt) = &mut project.debt {
        debt.term_start_month = (debt.term_start_month as i64 + later).max(0) as usize;
    }
    project
}

/// Steps with conditional power, each with the next step on which that power is firm.
fn pairs(steps: &[FeedStep]) -> Vec<(&FeedStep, &FeedStep)> {
    let conditional = steps.iter().enumerate().filter(|(_, s)| s.conditional_mw > 0.0);
    conditional
        .filter_map(|(k, step)| {
            let whole = step.firm_mw + step.conditional_mw;
            let later = steps.iter().skip(k + 1).find(|s| s.firm_mw >= whole)?;
            Some((step, later))
        })
        .collect()
}

fn choice(
    project: &Project,
    (feed, name): (&str, &str),
    conditional: &FeedStep,
    firm: &FeedStep,
) -> PowerChoice {
    let months = |from: u32| (from as usize, firm.from_month as usize);
    let (first, later) = months(conditional.from_month);
    let service = project.phases.iter().map(|p| p.service_month).min().unwrap_or(0);
    let start = |power: usize| {
        let wait = power.saturating_sub(service) as i64;
        shifted(project, None, wait)
    };
    let share = conditional.conditional_mw / (conditional.firm_mw + conditional.conditional_mw);
    let now = |hours: f64| {
        let begun = start(first);
        curtailed(&begun, share * hours / HOURS_PER_YEAR, later).and_then(|p| value(&p))
    };
    let npv_now_usd = now(conditional.curtailable_h_per_year);
    let npv_later_usd = value(&start(later));
    let gain_usd = match (&npv_now_usd, &npv_later_usd) {
        (Ok(now), Ok(later)) => Ok(now - later),
        (Err(why), _) | (_, Err(why)) => Err(why.clone()),
    };
    let breakeven_h_per_year = npv_later_usd.clone().and_then(|later| {
        let gap = |hours: f64| now(hours).map_or(f64::NAN, |usd| usd - later);
        bracketed(gap, 0.0, HOURS_PER_YEAR).ok_or_else(|| {
            let better = if gap(0.0) > 0.0 { "better" } else { "worse" };
            format!("n/a (conditional power is {better} at any number of hours)")
        })
    });
    PowerChoice {
        feed: feed.to_owned(),
        name: name.to_owned(),
        conditional_mw: conditional.conditional_mw,
        curtailable_h_per_year: conditional.curtailable_h_per_year,
        conditional_month: first,
        firm_month: later,
        npv_now_usd,
        npv_later_usd,
        gain_usd,
        breakeven_h_per_year,
    }
}

/// The project without a share of its sales, and of the energy for them, until a month.
fn curtailed(project: &Project, share: f64, until: usize) -> Result<Project, String> {
    let whole = evaluate(project).map_err(|e| told(e.first()))?;
    let mut still = project.clone();
    // What running costs by the megawatt-hour is saved with the sales.
    still
        .opex
        .retain(|r| !matches!(r.driver, Driver::Mwh | Driver::Tonne { .. } | Driver::UnitOf(_)));
    let fixed = evaluate(&still).map_err(|e| told(e.first()))?;
    let row = |e: &crate::finance::project::Evaluation| {
        Statements::row(&e.statements.income, "EBITDA").map(<[f64]>::to_vec).unwrap_or_default()
    };
    let revenue = Statements::row(&whole.statements.income, "revenue").unwrap_or_default();
    let (with, without) = (row(&whole), row(&fixed));
    let lost = whole.statements.periods.iter().enumerate().flat_map(|(n, period)| {
        let at = |list: &[f64]| list.get(n).copied().unwrap_or(0.0);
        let margin = at(revenue) - (at(&without) - at(&with));
        let monthly = margin * share / period.months.max(1) as f64;
        (period.start..period.end().min(until)).map(move |month| (month, monthly))
    });
    let amounts: Vec<(usize, f64)> = lost.filter(|(_, usd)| *usd != 0.0).collect();
    let mut project = project.clone();
    project.opex.push(OpexRow {
        id: "curtailed sales".to_owned(),
        component: Component::Opex,
        phase: None,
        driver: Driver::Amounts(amounts),
        price: Path::Escalating { start: 1.0, per_year_frac: 0.0 },
        from_month: Some(0),
        until_month: None,
    });
    Ok(project)
}
