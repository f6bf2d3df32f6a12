//! What is bought: classes of assets, and what of the take-off is paid when.

use super::phases::Stage;
use super::takeoff::{BUILDING, Item, LAND, PLANT, RACKS, SUPPORT, rack_class};
use super::terms::Terms;
use crate::finance::depreciation::TaxClass;
use crate::finance::project::{AssetClass, CapexLine, Component, Refresh, Spend};

/// Months of operation that must be left for racks to be replaced once more.
pub(super) const LEAST_MONTHS: usize = 12;

pub(super) fn classes(terms: &Terms, stages: &[Stage], items: &[Item]) -> Vec<AssetClass> {
    let plant_months = (terms.site_life * 12.0).round().max(1.0) as usize;
    // What is left of the plant at the end, on a straight line.
    let left = (1.0 - terms.operating_months as f64 / plant_months as f64).max(0.0);
    let class = |id: &str, component: Component, months: usize, tax_class: TaxClass| AssetClass {
        id: id.to_owned(),
        component,
        book_life_months: Some(months),
        salvage_frac: 0.0,
        tax_class,
        bonus_frac: terms.bonus,
        state_bonus_frac: 0.0,
        terminal_frac: left,
    };
    let mut all = Vec::new();
    for stage in stages {
        for (kind, component) in [(RACKS, Component::Racks), (SUPPORT, Component::Network)] {
            let id = rack_class(stages, &stage.id, kind);
            let mut own = class(&id, component, terms.life_months, TaxClass::Macrs(5));
            own.terminal_frac = racks_left(terms, operated(terms, stage));
            all.push(own);
        }
    }
    all.push(class(PLANT, Component::Site, plant_months, TaxClass::Macrs(15)));
    all.push(class(BUILDING, Component::Site, plant_months, TaxClass::Real39));
    if items.iter().any(|i| i.class.as_deref() == Some(LAND)) {
        all.push(AssetClass {
            book_life_months: None,
            bonus_frac: 0.0,
            terminal_frac: 1.0,
            ..class(LAND, Component::Site, 1, TaxClass::Land)
        });
    }
    all
}

/// Months that a stage operates until the end of the model.
fn operated(terms: &Terms, stage: &Stage) -> usize {
    (terms.service_month + terms.operating_months).saturating_sub(stage.service_month)
}

/// What the last generation of racks is worth at the end: from its cost down to what it sells for
/// on a straight line over its life.
fn racks_left(terms: &Terms, operated: usize) -> f64 {
    let mut age = operated;
    while age >= terms.life_months + LEAST_MONTHS {
        age -= terms.life_months;
    }
    let worn = (age as f64 / terms.life_months as f64).min(1.0);
    1.0 - (1.0 - terms.residual) * worn
}

/// One line for each class and phase, the sum of its items. Racks are paid on delivery, land at
/// once, the rest evenly while it is built.
///
/// `next` are the racks of another type that replace the first ones.
pub(super) fn lines(
    terms: &Terms,
    stages: &[Stage],
    items: &[Item],
    next: Option<&[Item]>,
) -> Vec<CapexLine> {
    let refresh = Refresh {
        every_months: terms.life_months,
        cost_frac: terms.refresh_cost,
        next_cost_frac: None,
        residual_frac: terms.residual,
        least_remaining_months: LEAST_MONTHS,
    };
    let mut lines: Vec<CapexLine> = Vec::new();
    for item in items {
        let Some(class) = &item.class else { continue };
        let own = |l: &&mut CapexLine| l.class == *class && l.phase == item.phase;
        if let Some(line) = lines.iter_mut().find(own) {
            line.amount_usd += item.amount_usd;
            // The sum of both until all are in.
            line.contingency_frac += item.contingency_usd;
            continue;
        }
        let service = stages.iter().find(|s| s.id == item.phase).map_or(1, |s| s.service_month);
        let it = class.starts_with(RACKS) || class.starts_with(SUPPORT);
        let id = if stages.len() > 1 && !it {
            format!("{class}, {}", item.phase)
        } else {
            class.clone()
        };
        lines.push(CapexLine {
            id,
            class: class.clone(),
            phase: item.phase.clone(),
            amount_usd: item.amount_usd,
            contingency_frac: item.contingency_usd,
            spend: spend(class, terms.build_months, service),
            service_month: None,
            refresh: it
                .then(|| Refresh { next_cost_frac: next_cost(class, items, next), ..refresh }),
        });
    }
    for line in &mut lines {
        let usd = line.contingency_frac;
        line.contingency_frac = if line.amount_usd > 0.0 { usd / line.amount_usd } else { 0.0 };
    }
    lines
}

/// Cost of the next type over that of the racks of a class; taxes and duty stay in proportion.
fn next_cost(class: &str, items: &[Item], next: Option<&[Item]>) -> Option<f64> {
    let own = items.iter().filter(|i| i.class.as_deref() == Some(class) && i.unit == "racks");
    let first: f64 = own.map(|i| i.amount_usd).sum();
    let next = next?.iter().filter(|i| i.class.as_deref() == Some(class));
    let next: f64 = next.map(|i| i.amount_usd).sum();
    (first > 0.0).then_some(next / first)
}

fn spend(class: &str, build_months: usize, service: usize) -> Vec<Spend> {
    let start = service.saturating_sub(build_months);
    if class == LAND {
        return vec![Spend { month: start, frac: 1.0 }];
    }
    if class.starts_with(RACKS) || class.starts_with(SUPPORT) {
        return vec![Spend { month: service.saturating_sub(1), frac: 1.0 }];
    }
    let months = (service - start).max(1);
    (start..start + months).map(|month| Spend { month, frac: 1.0 / months as f64 }).collect()
}
