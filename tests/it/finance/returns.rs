//! Returns: properties on generated flows.

use gigasite::finance::Undefined;
use gigasite::finance::returns::{
    Irr, discounted_payback, equity_multiple, irr, irr_at, mirr, npv, npv_at, npv_spreadsheet,
    payback, profitability_index,
};
use proptest::prelude::*;

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        failure_persistence: None,
        rng_seed: proptest::test_runner::RngSeed::Fixed(20_260_316),
        ..ProptestConfig::default()
    }
}

/// Flows whose internal rates are exactly these: the product of `(x - 1/(1 + r))`.
fn with_rates(rates: &[f64]) -> Vec<f64> {
    let mut flows = vec![-1000.0];
    for rate in rates {
        let mut next = vec![0.0; flows.len() + 1];
        for (t, c) in flows.iter().enumerate() {
            next[t] += c;
            next[t + 1] -= c * (1.0 + rate);
        }
        flows = next;
    }
    flows
}

/// Sum of the sizes of the discounted flows: what rounding of a value is measured against.
fn size(rate: f64, flows: &[f64]) -> f64 {
    npv(rate, &flows.iter().map(|cf| cf.abs()).collect::<Vec<f64>>())
}

#[test]
fn planted_rates_are_all_found() {
    for rates in [
        vec![0.07],
        vec![0.1, 0.1],
        vec![-0.5, 0.02, 0.3],
        vec![-0.9, -0.2, 0.0, 0.15, 2.0],
        vec![0.05, 0.1, 0.2, 0.4, 0.8, 1.6],
    ] {
        let flows = with_rates(&rates);
        let found = irr(&flows);
        let mut expected = rates.clone();
        expected.dedup();
        assert_eq!(found.rates().len(), expected.len(), "{rates:?}: {found:?}");
        for (a, b) in found.rates().iter().zip(&expected) {
            assert!((a - b).abs() < 1e-6, "{a} for {b}");
        }
    }
}

#[test]
fn flows_without_a_rate_say_why() {
    assert_eq!(irr(&[]), Irr::None(Undefined::NoFlows));
    assert_eq!(irr(&[0.0, 0.0]), Irr::None(Undefined::NoFlows));
    assert_eq!(irr(&[-100.0, -10.0]), Irr::None(Undefined::NoSignChange));
    assert_eq!(irr(&[1000.0, -3000.0, 2500.0]), Irr::None(Undefined::NoRoot));
    assert_eq!(irr(&[-1000.0, 2300.0, -1320.0]).single(), Err(Undefined::Ambiguous));
    assert_eq!(irr(&[-1.0]).single().unwrap_err().to_string(), "n/a (no sign change)");
}

#[test]
fn forty_years_of_months_with_refreshes_are_solved() {
    let mut flows = vec![-45_000.0 / 24.0; 24];
    flows.extend((0..456).map(|m| if m % 60 == 59 { -12_000.0 } else { 480.0 }));
    let found = irr(&flows);
    assert!(!found.rates().is_empty());
    for rate in found.rates() {
        let off = npv(*rate, &flows).abs() / size(*rate, &flows);
        assert!(off < 1e-10, "{rate}: {off}");
    }
}

proptest! {
    #![proptest_config(config(300))]

    #[test]
    fn value_falls_with_the_rate_for_conventional_flows(
        outlay in 1.0..1e6f64,
        inflows in prop::collection::vec(0.0..1e5f64, 1..60),
        rate in -0.5..2.0f64,
    ) {
        let mut flows = vec![-outlay];
        flows.extend(inflows);
        prop_assert!(npv(rate, &flows) >= npv(rate + 0.01, &flows) - 1e-9);
        prop_assert!((npv_spreadsheet(rate, &flows) * (1.0 + rate) - npv(rate, &flows)).abs()
            <= 1e-12 * size(rate, &flows));
        if flows.iter().any(|cf| *cf > 0.0) {
            prop_assert_eq!(irr(&flows).rates().len(), 1);
        }
    }

    #[test]
    fn every_rate_makes_the_value_zero_and_none_is_missed(
        flows in prop::collection::vec(-1e4..1e4f64, 2..60),
    ) {
        let found = irr(&flows);
        for rate in found.rates() {
            prop_assert!(npv(*rate, &flows).abs() <= 1e-9 * size(*rate, &flows), "{}", rate);
        }
        // An independent scan of ln(1 + r): every change of sign has its root.
        let grid: Vec<f64> = (-4000..4000).map(|k| (f64::from(k) * 1e-3).exp_m1()).collect();
        for pair in grid.windows(2) {
            let (a, b) = (npv(pair[0], &flows), npv(pair[1], &flows));
            if a * b < 0.0 {
                let inside = |r: &f64| (pair[0]..=pair[1]).contains(r);
                prop_assert!(found.rates().iter().any(inside), "{:?}", pair);
            }
        }
        // Descartes: at most as many as changes of sign, and of the same parity (double roots
        // aside, which random flows do not have).
        let signs: Vec<bool> = flows.iter().filter(|c| **c != 0.0).map(|c| *c > 0.0).collect();
        let changes = signs.windows(2).filter(|w| w[0] != w[1]).count();
        prop_assert!(found.rates().len() <= changes);
        prop_assert_eq!(found.rates().len() % 2, changes % 2);
    }

    #[test]
    fn times_in_years_agree_with_periods(
        flows in prop::collection::vec(-1e4..1e4f64, 2..40),
        rate in -0.3..0.9f64,
    ) {
        let times: Vec<f64> = (0..flows.len()).map(|t| t as f64).collect();
        prop_assert!((npv_at(rate, &times, &flows) - npv(rate, &flows)).abs()
            <= 1e-11 * size(rate, &flows));
        let (a, b) = (irr(&flows), irr_at(&times, &flows));
        prop_assert_eq!(a.rates().len(), b.rates().len());
    }

    #[test]
    fn measures_are_consistent(
        flows in prop::collection::vec(-1e4..1e4f64, 2..40),
        rate in 0.0..0.5f64,
    ) {
        if let (Ok(index), Ok(_)) = (profitability_index(rate, &flows), equity_multiple(&flows)) {
            let value = npv(rate, &flows);
            prop_assert!((index > 1.0) == (value > 0.0) || value.abs() < 1e-6);
        }
        // With both rates equal to the internal rate the modified rate is the internal one.
        if let Ok(own) = irr(&flows).single() && own.abs() < 1.0 {
            let modified = mirr(&flows, own, own).unwrap();
            prop_assert!((modified - own).abs() < 1e-7, "{} {}", modified, own);
        }
        let back = payback(&flows);
        if let (Ok(first), Ok(last)) = (back.first, back.last) {
            prop_assert!(first <= last);
            prop_assert!(last <= (flows.len() - 1) as f64);
        }
        prop_assert!(back.last.is_err() == (flows.iter().sum::<f64>() < 0.0));
        let discounted = discounted_payback(rate, &flows);
        prop_assert!(discounted.last.is_err() == (npv(rate, &flows) < 0.0));
    }
}
