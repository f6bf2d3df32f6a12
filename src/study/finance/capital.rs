//! What is bought: classes of assets, and what is paid when.

use super::terms::Terms;
use crate::finance::depreciation::TaxClass;
use crate::finance::project::{AssetClass, CapexLine, Spend};

pub(super) fn classes(terms: &Terms) -> Vec<AssetClass> {
    let plant_months = (terms.site_life * 12.0).round().max(1.0) as usize;
    // What is left of the plant when the racks are worn out, on a straight line.
    let left = (1.0 - terms.life_months as f64 / plant_months as f64).max(0.0);
    let class = |id: &str, months: usize, tax_class: TaxClass, terminal_frac: f64| AssetClass {
        id: id.to_owned(),
        book_life_months: Some(months),
        salvage_frac: 0.0,
        tax_class,
        bonus_frac: terms.bonus,
        state_bonus_frac: 0.0,
        terminal_frac,
    };
    vec![
        class("racks", terms.life_months, TaxClass::Macrs(5), 0.0),
        class("plant, 15-year property", plant_months, TaxClass::Macrs(15), left),
        class("plant, building", plant_months, TaxClass::Real39, left),
    ]
}

/// Racks are paid on delivery, the plant evenly while it is built.
pub(super) fn lines(terms: &Terms, racks: f64, plant: f64) -> Vec<CapexLine> {
    let even = 1.0 / terms.build_months as f64;
    let built: Vec<Spend> =
        (0..terms.build_months).map(|month| Spend { month, frac: even }).collect();
    let delivered = vec![Spend { month: terms.build_months - 1, frac: 1.0 }];
    let line = |class: &str, amount_usd: f64, spend: &[Spend]| CapexLine {
        id: class.to_owned(),
        class: class.to_owned(),
        phase: "site".to_owned(),
        amount_usd,
        contingency_frac: 0.0,
        spend: spend.to_vec(),
        service_month: None,
        refresh: None,
    };
    vec![
        line("racks", racks, &delivered),
        line("plant, 15-year property", plant * terms.short_lived, &built),
        line("plant, building", plant * (1.0 - terms.short_lived), &built),
    ]
}
