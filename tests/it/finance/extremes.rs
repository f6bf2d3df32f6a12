//! Extremes give numbers or a reason, never NaN.

use gigasite::finance::debt::{self, Schedule};
use gigasite::finance::depreciation::TaxClass;
use gigasite::finance::levelised::{CostAndOutput, cost_flows};
use gigasite::finance::returns::{irr, mirr, npv, payback};
use gigasite::finance::single_owner::{Allocation, Borrowing, SingleOwner};
use gigasite::finance::tax::{Losses, TaxRules};
use gigasite::finance::{Undefined, date::Date};

fn owner(years: usize, capex: f64, output_per_year: f64) -> SingleOwner {
    SingleOwner {
        capex,
        output_per_year,
        price: 100.0,
        price_escalation: -0.2,
        fixed_cost: 1.0,
        cost_per_unit: 0.0,
        years,
        inflation: 0.025,
        real_rate: 0.08,
        tax: TaxRules {
            federal_frac: 0.0,
            state_frac: 0.0,
            losses: Losses::CarriedForward { limit_frac: 0.8 },
            interest_limit: None,
        },
        allocations: vec![Allocation { class: TaxClass::Macrs(15), frac: 1.0 }],
        bonus_frac: 0.0,
        state_bonus_frac: 0.0,
        borrowing: Borrowing::Dscr { dscr: 1.2, years: 40, rate: 0.0 },
        salvage_frac: 0.0,
        property_tax_frac: 0.0,
        insurance_frac: 0.0,
    }
}

#[test]
fn lives_of_one_and_sixty_years_and_huge_or_no_amounts_have_figures() {
    for years in [1, 2, 60] {
        for capex in [0.0, 1.0, 1e13] {
            for output in [0.0, 1.0, 1e13] {
                let result = owner(years, capex, output).evaluate().unwrap();
                let all = [&result.aftertax_cash, &result.pretax_cash, &result.ebitda];
                assert!(all.iter().all(|l| l.iter().all(|v| v.is_finite())));
                assert!(result.npv.is_finite());
                assert!(result.irr.rates().iter().all(|r| r.is_finite()));
                if output == 0.0 {
                    assert_eq!(result.sam_lcoe_nominal, Err(Undefined::NothingProduced));
                }
            }
        }
    }
}

#[test]
fn no_tokens_in_the_first_year_or_at_all() {
    let cost_usd = cost_flows(100.0, &[], &[10.0, 10.0], 0.0);
    let late = CostAndOutput { cost_usd: cost_usd.clone(), output: vec![0.0, 0.0, 5.0] };
    let price = late.levelised(0.1).unwrap();
    assert!((late.breakeven_price(0.1).unwrap() - price).abs() < 1e-9 * price);
    let never = CostAndOutput { cost_usd, output: vec![0.0; 3] };
    assert_eq!(never.levelised(0.1), Err(Undefined::NothingProduced));
    assert_eq!(never.breakeven_price(0.1), Err(Undefined::NothingProduced));
}

#[test]
fn no_debt_and_no_tenor_are_empty_loans() {
    assert_eq!(debt::level(0.0, 0.1, 3, 0).balance, [0.0; 3]);
    assert_eq!(debt::level(100.0, 0.1, 0, 0), Schedule::default());
    assert_eq!(debt::sculpt(&[], 1.3, 0.1, 0).amount, 0.0);
    assert_eq!(debt::sculpt_floored(&[-5.0, -5.0], 1.3, 0.1, 2, f64::INFINITY).amount, 0.0);
}

#[test]
fn flows_of_great_range_stay_finite() {
    let flows = [-1e13, 1e-6, 1e13, -1e-6, 5e12];
    assert!(npv(0.1, &flows).is_finite());
    assert!(irr(&flows).rates().iter().all(|r| r.is_finite()));
    assert!(mirr(&flows, 0.08, 0.1).unwrap().is_finite());
    assert!(payback(&flows).last.unwrap().is_finite());
    // 99,999,900 % a period is still found.
    assert!((irr(&[-1.0, 1e6]).single().unwrap() - 999_999.0).abs() < 1e-3);
    assert_eq!(mirr(&[-1.0], 0.1, 0.1), Err(Undefined::NoFlows));
}

#[test]
fn input_that_is_no_number_is_refused_by_field() {
    let bad = SingleOwner { price_escalation: f64::NAN, ..owner(5, 1.0, 1.0) };
    assert_eq!(bad.evaluate().unwrap_err()[0].field, "price_escalation");
    assert_eq!(owner(0, 1.0, 1.0).evaluate().unwrap_err()[0].field, "years");
    assert_eq!(Date::parse("2026-13-01"), None);
}
