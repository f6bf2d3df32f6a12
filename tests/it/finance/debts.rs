//! Debt: balances close, sizing is the largest possible, weak years are flagged.

use gigasite::finance::Undefined;
use gigasite::finance::debt::{
    ConstructionTerms, build, bullet, cover, equal_principal, level, loan_life_cover, sculpt,
    sculpt_by_year_at, sculpt_floored,
};
use proptest::prelude::*;

fn config() -> ProptestConfig {
    ProptestConfig {
        cases: 300,
        failure_persistence: None,
        rng_seed: proptest::test_runner::RngSeed::Fixed(20_260_316),
        ..ProptestConfig::default()
    }
}

#[test]
fn a_weak_year_grows_a_sculpted_loan_and_flooring_prevents_it() {
    let cfads = [5000.0, 900.0, 5200.0, 5400.0, 5600.0];
    let plain = sculpt(&cfads, 1.4, 0.1, 5);
    assert_eq!(plain.negative_principal, [1]);
    let floored = sculpt_floored(&cfads, 1.4, 0.1, 5, f64::INFINITY);
    assert!(floored.negative_principal.is_empty());
    assert!(floored.amount < plain.amount);
    assert!(floored.schedule.principal.iter().all(|p| *p >= 0.0));
    // In the weak year interest alone takes what the year carries.
    assert!((floored.schedule.interest[1] - 900.0 / 1.4).abs() < 1e-9);
    assert_eq!(floored.schedule.balance.last(), Some(&0.0));
}

#[test]
fn a_month_without_cash_has_no_service_and_does_not_end_the_loan() {
    let rates = [0.01; 36];
    let mut cash = [130.0; 36];
    let whole = sculpt_by_year_at(&cash, 1.3, (&rates, 12), f64::INFINITY);
    cash[7] = -40.0;
    let loan = sculpt_by_year_at(&cash, 1.3, (&rates, 12), f64::INFINITY);
    // Worth what all other months pay.
    let worth: f64 = (1..=36).filter(|t| *t != 8).map(|t| 100.0 * 1.01f64.powi(-t)).sum();
    assert!((loan.amount - worth).abs() < 1e-9 * worth, "{} {worth}", loan.amount);
    assert!(loan.amount < whole.amount && loan.amount > 0.95 * whole.amount);
    let service = loan.schedule.service();
    assert!(service[7].abs() < 1e-9, "{}", service[7]);
    assert_eq!(loan.negative_principal, [7]);
    for (t, paid) in service.iter().enumerate().filter(|(t, _)| *t != 7) {
        assert!((paid - 100.0).abs() < 1e-9, "{t}: {paid}");
    }
    // A little cash in that month lends a little more, not less.
    cash[7] = 1.3;
    let little = sculpt_by_year_at(&cash, 1.3, (&rates, 12), f64::INFINITY);
    assert!(little.amount > loan.amount && little.amount < whole.amount);
    // A year without cash does end it.
    cash[..12].fill(0.0);
    assert_eq!(sculpt_by_year_at(&cash, 1.3, (&rates, 12), f64::INFINITY).amount, 0.0);
}

#[test]
fn commitment_and_upfront_fees_are_on_the_undrawn_and_on_the_whole() {
    let terms = ConstructionTerms {
        debt_share: 0.5,
        rate: 0.0,
        capitalise: true,
        commitment_rate: 0.01,
        upfront_frac: 0.02,
    };
    let built = build(&[100.0, 100.0], &terms);
    // 100 committed: 1 % of 100, then of 50; 2 % once.
    assert!((built.fees[0] - 3.0).abs() < 1e-12 && (built.fees[1] - 0.5).abs() < 1e-12);
    assert!((built.equity_total() - 103.5).abs() < 1e-12);
}

#[test]
fn cover_is_defined_where_service_is_due_alone() {
    let c = cover(&[10.0, 9.0, 8.0], &[5.0, 10.0, 0.0]);
    assert_eq!(c.dscr, [Ok(2.0), Ok(0.9), Err(Undefined::NoDebt)]);
    assert_eq!((c.least, c.below_one.as_slice()), (Ok(0.9), [1].as_slice()));
    assert_eq!(cover(&[1.0], &[0.0]).least, Err(Undefined::NoDebt));
    assert_eq!(loan_life_cover(&[1.0], 0.1, 0.0), Err(Undefined::NoDebt));
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn loans_are_repaid_and_pay_interest_on_what_is_owed(
        amount in 0.0..1e10f64,
        rate in 0.0..0.3f64,
        periods in 1usize..120,
        free in 0usize..20,
    ) {
        let all = [
            level(amount, rate, periods, free),
            equal_principal(amount, rate, periods, free),
            bullet(amount, rate, periods),
        ];
        for loan in all {
            prop_assert_eq!(loan.balance.last(), Some(&0.0));
            let repaid: f64 = loan.principal.iter().sum();
            prop_assert!((repaid - amount).abs() <= 1e-8 * amount.max(1.0));
            // What is paid is worth what was lent.
            let value = loan.service().iter().rev().fold(0.0, |v, s| (v + s) / (1.0 + rate));
            prop_assert!((value - amount).abs() <= 1e-8 * amount.max(1.0));
        }
    }

    #[test]
    fn sculpted_loans_hold_their_cover_and_are_the_largest(
        cfads in prop::collection::vec(-1e3..1e4f64, 1..30),
        dscr in 1.0..2.5f64,
        rate in 0.0..0.2f64,
    ) {
        let tenor = cfads.len();
        let loan = sculpt_floored(&cfads, dscr, rate, tenor, f64::INFINITY);
        let service = loan.schedule.service();
        for (t, (cash, paid)) in cfads.iter().zip(&service).enumerate() {
            prop_assert!(loan.schedule.principal[t] >= 0.0);
            prop_assert!(*paid <= (cash / dscr).max(0.0) + 1e-6, "{} {}", cash, paid);
        }
        prop_assert_eq!(loan.schedule.balance.last(), Some(&0.0));
        // A larger loan that pays all it may in each period is not repaid, or a period does not
        // even carry its interest.
        let mut owed = loan.amount * 1.001 + 0.01;
        let mut starved = false;
        for cash in &cfads {
            let paid = (cash / dscr).max(0.0);
            starved |= paid < owed * rate - 1e-9;
            owed = (owed * (1.0 + rate) - paid).max(0.0);
        }
        prop_assert!(owed > 0.0 || starved);
        // A cap is kept, and the cover rises everywhere.
        let capped = sculpt_floored(&cfads, dscr, rate, tenor, 0.5 * loan.amount);
        prop_assert!((capped.amount - 0.5 * loan.amount).abs() <= 1e-9 * loan.amount);
        for (a, b) in capped.schedule.service().iter().zip(&service) {
            prop_assert!((a - 0.5 * b).abs() <= 1e-6 + 1e-9 * b);
        }
    }

    #[test]
    fn plain_and_floored_sculpting_agree_where_no_year_is_weak(
        base in 1e3..1e4f64,
        growth in 0.0..0.05f64,
        dscr in 1.0..2.0f64,
        rate in 0.0..0.15f64,
    ) {
        // Falling cash repays early: principal is never negative.
        let cfads: Vec<f64> = (0..12).map(|t| base * (1.0 - growth).powi(t)).collect();
        let plain = sculpt(&cfads, dscr, rate, 12);
        prop_assert!(plain.negative_principal.is_empty());
        let floored = sculpt_floored(&cfads, dscr, rate, 12, f64::INFINITY);
        prop_assert!((plain.amount - floored.amount).abs() <= 1e-9 * plain.amount);
    }
}
