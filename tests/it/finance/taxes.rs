//! Tax: loss carry-forward, limit of interest, the two modes.

use gigasite::finance::depreciation::TaxClass;
use gigasite::finance::single_owner::{Allocation, Borrowing, SingleOwner};
use gigasite::finance::tax::{InterestLimit, Losses, TaxRules, TaxYear, assess};
use proptest::prelude::*;

const CARRY: Losses = Losses::CarriedForward { limit_frac: 0.8 };

fn rules(state_frac: f64, losses: Losses) -> TaxRules {
    TaxRules { federal_frac: 0.21, state_frac, losses, interest_limit: None }
}

/// The capital of 1,000 M$ and 170 M$ a year of the published comparison of tax modes.
fn thousand_million(bonus_frac: f64, losses: Losses) -> SingleOwner {
    SingleOwner {
        capex: 1e9,
        output_per_year: 1e6,
        price: 200.0,
        price_escalation: 0.0,
        fixed_cost: 3e7,
        cost_per_unit: 0.0,
        years: 10,
        inflation: 0.0,
        real_rate: 0.08,
        tax: rules(0.0, losses),
        allocations: vec![Allocation { class: TaxClass::Macrs(5), frac: 1.0 }],
        bonus_frac,
        state_bonus_frac: 0.0,
        borrowing: Borrowing::None,
        salvage_frac: 0.0,
        property_tax_frac: 0.0,
        insurance_frac: 0.0,
    }
}

#[test]
fn the_tax_mode_turns_the_bonus_from_gain_to_loss() {
    let value = |bonus, losses| thousand_million(bonus, losses).evaluate().unwrap().npv / 1e6;
    assert!((value(0.0, CARRY) - 62.957_461).abs() < 1e-6);
    assert!((value(1.0, CARRY) - 58.057_362).abs() < 1e-6);
    assert!((value(0.0, Losses::UsedAtOnce) - 71.542_348).abs() < 1e-6);
    assert!((value(1.0, Losses::UsedAtOnce) - 95.608_376).abs() < 1e-6);
    assert!(CARRY.label().contains("limited to 80 %"));
}

#[test]
fn the_breakeven_price_put_back_has_no_value() {
    for borrowing in [
        Borrowing::None,
        Borrowing::Dscr { dscr: 1.3, years: 8, rate: 0.07 },
        Borrowing::Share { frac: 0.6, years: 7, rate: 0.08, equal_principal: false },
    ] {
        for losses in [CARRY, Losses::UsedAtOnce] {
            let mut owner = SingleOwner { borrowing, ..thousand_million(1.0, losses) };
            owner.price = owner.breakeven_price().unwrap();
            let result = owner.evaluate().unwrap();
            assert!(result.npv.abs() < 1.0, "{borrowing:?} {losses:?}: {}", result.npv);
        }
    }
}

#[test]
fn interest_beyond_the_limit_waits_for_better_years() {
    let limit = InterestLimit { frac: 0.3, before_depreciation: true };
    let rules = TaxRules { interest_limit: Some(limit), ..rules(0.0, CARRY) };
    let year = |income, interest| TaxYear { income, interest, ..TaxYear::default() };
    let due = assess(&rules, &[year(100.0, 50.0), year(100.0, 20.0), year(100.0, 0.0)]);
    let deducted: Vec<f64> = due.iter().map(|d| d.interest_deducted).collect();
    assert_eq!(deducted, [30.0, 30.0, 10.0]);
    assert_eq!(due[2].interest_carried, 0.0);
    // After depreciation the same limit is tighter.
    let tight = InterestLimit { frac: 0.3, before_depreciation: false };
    let rules = TaxRules { interest_limit: Some(tight), ..rules };
    let heavy = TaxYear { federal_depreciation: 60.0, ..year(100.0, 50.0) };
    assert!((assess(&rules, &[heavy])[0].interest_deducted - 12.0).abs() < 1e-12);
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 300,
        failure_persistence: None,
        rng_seed: proptest::test_runner::RngSeed::Fixed(20_260_316),
        ..ProptestConfig::default()
    })]

    #[test]
    fn carried_losses_are_neither_made_nor_lost(
        incomes in prop::collection::vec(-1e4..1e4f64, 1..40),
        limit in 0.0..1.0f64,
    ) {
        let years: Vec<TaxYear> =
            incomes.iter().map(|i| TaxYear { income: *i, ..TaxYear::default() }).collect();
        let carried = rules(0.0, Losses::CarriedForward { limit_frac: limit });
        let due = assess(&carried, &years);
        // Income = what was taxed, less the losses that are left.
        let taxed: f64 = due.iter().map(|d| d.federal / 0.21).sum();
        let left = due.last().unwrap().losses_carried;
        prop_assert!((incomes.iter().sum::<f64>() - (taxed - left)).abs() < 1e-6);
        prop_assert!(due.iter().all(|d| d.federal >= 0.0 && d.losses_carried >= 0.0));
        // Never less in all than an owner who uses losses at once.
        let at_once = assess(&rules(0.0, Losses::UsedAtOnce), &years);
        let total = |list: &[gigasite::finance::tax::TaxDue]| -> f64 {
            list.iter().map(|d| d.total()).sum()
        };
        prop_assert!(total(&due) >= total(&at_once) - 1e-6);
    }

    #[test]
    fn interest_is_deducted_once(
        years in prop::collection::vec((-1e3..1e4f64, 0.0..5e3f64), 1..40),
    ) {
        let limit = InterestLimit { frac: 0.3, before_depreciation: true };
        let rules = TaxRules { interest_limit: Some(limit), ..rules(0.07, CARRY) };
        let list: Vec<TaxYear> = years
            .iter()
            .map(|(income, interest)| TaxYear {
                income: *income, interest: *interest, ..TaxYear::default()
            })
            .collect();
        let due = assess(&rules, &list);
        let deducted: f64 = due.iter().map(|d| d.interest_deducted).sum();
        let paid: f64 = years.iter().map(|(_, i)| i).sum();
        let waiting = due.last().unwrap().interest_carried;
        prop_assert!((deducted + waiting - paid).abs() < 1e-6);
    }
}
