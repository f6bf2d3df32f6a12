//! What is bought: classes of assets, and what is paid when.

use super::terms::Terms;
use crate::finance::depreciation::TaxClass;
use crate::finance::project::{AssetClass, CapexLine, Component, Refresh, Spend};

/// Months of operation that must be left for racks to be replaced once more.
const LEAST_MONTHS: usize = 12;

pub(super) fn classes(terms: &Terms) -> Vec<AssetClass> {
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
    let mut racks = class("racks", Component::Racks, terms.life_months, TaxClass::Macrs(5));
    racks.terminal_frac = racks_left(terms);
    vec![
        racks,
        class("plant, 15-year property", Component::Site, plant_months, TaxClass::Macrs(15)),
        class("plant, building", Component::Site, plant_months, TaxClass::Real39),
    ]
}

/// What the last generation of racks is worth at the end: from its cost down to what it sells for
/// on a straight line over its life.
fn racks_left(terms: &Terms) -> f64 {
    let mut age = terms.operating_months;
    while age >= terms.life_months + LEAST_MONTHS {
        age -= terms.life_months;
    }
    let worn = (age as f64 / terms.life_months as f64).min(1.0);
    1.0 - (1.0 - terms.residual) * worn
}

/// Racks are paid on delivery, the plant evenly while it is built.
pub(super) fn lines(terms: &Terms, racks: f64, plant: f64) -> Vec<CapexLine> {
    let even = 1.0 / terms.build_months as f64;
    let built: Vec<Spend> =
        (0..terms.build_months).map(|month| Spend { month, frac: even }).collect();
    let delivered = vec![Spend { month: terms.build_months - 1, frac: 1.0 }];
    let refresh = Refresh {
        every_months: terms.life_months,
        cost_frac: terms.refresh_cost,
        residual_frac: terms.residual,
        least_remaining_months: LEAST_MONTHS,
    };
    let line = |class: &str, amount_usd: f64, spend: &[Spend]| CapexLine {
        id: class.to_owned(),
        class: class.to_owned(),
        phase: "site".to_owned(),
        amount_usd,
        contingency_frac: 0.0,
        spend: spend.to_vec(),
        service_month: None,
        refresh: (class == "racks").then_some(refresh),
    };
    vec![
        line("racks", racks, &delivered),
        line("plant, 15-year property", plant * terms.short_lived, &built),
        line("plant, building", plant * (1.0 - terms.short_lived), &built),
    ]
}
