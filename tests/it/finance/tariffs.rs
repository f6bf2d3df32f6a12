//! The electricity bill.

use gigasite::finance::tariff::{CoincidentPeak, Load, Ratchet, Sample, Tariff, UseSchedule, bill};

fn full() -> Tariff {
    Tariff {
        schedule: UseSchedule::peak(14, 20, 5, 8, true),
        demand_schedule: UseSchedule::peak(14, 20, 5, 8, false),
        energy_usd_per_kwh: vec![0.04, 0.11],
        demand_usd_per_kw_month: 9.0,
        period_demand_usd_per_kw_month: vec![0.0, 6.0],
        contract_kw: 2_000.0,
        capacity_usd_per_kw_month: 1.5,
        fixed_usd_per_month: 100.0,
        surcharge_frac: 0.05,
        ..Tariff::flat(0.0)
    }
}

#[test]
fn weighted_typical_hours_are_billed_like_the_hours_they_stand_for() {
    // One day profile for each month and kind of day: grouping loses nothing.
    let profile = |month: u8, hour: u8, weekend: bool| {
        1_000.0 + 50.0 * f64::from(month) + 10.0 * f64::from(hour)
            - if weekend { 200.0 } else { 0.0 }
    };
    let blank = Load::hourly(&[0.0; 8_760], 0);
    let kw: Vec<f64> =
        blank.samples().iter().map(|s| profile(s.month, s.hour, s.weekend)).collect();
    let mut typical: Vec<Sample> = Vec::new();
    for s in Load::hourly(&kw, 0).samples() {
        let alike = |t: &&mut Sample| (t.month, t.hour, t.weekend) == (s.month, s.hour, s.weekend);
        match typical.iter_mut().find(alike) {
            Some(t) => t.hours += 1.0,
            None => typical.push(*s),
        }
    }
    assert_eq!(typical.len(), 12 * 24 * 2);
    let tariff = full();
    let hourly = bill(&tariff, &Load::hourly(&kw, 0)).unwrap();
    let grouped = bill(&tariff, &Load::typical(typical)).unwrap();
    assert!((hourly.total_usd() - grouped.total_usd()).abs() < 1e-6 * hourly.total_usd());
    assert!(hourly.total_usd() > 0.0);
}

#[test]
fn every_part_is_in_the_total_once() {
    let tariff = full();
    let bill = bill(&tariff, &Load::hourly(&[1_000.0; 8_760], 0)).unwrap();
    // Peak hours: six a weekday of June to September 2027, whose 1 January is taken as Monday.
    let days = |from: usize, to: usize| (from..to).filter(|d| d % 7 < 5).count() as f64;
    let peak_kwh = 6.0 * days(151, 273) * 1_000.0;
    let energy = 8_760_000.0 * 0.04 + peak_kwh * 0.07;
    let demand = 12.0 * 9_000.0 + 4.0 * 6_000.0;
    let other = 12.0 * (2_000.0 * 1.5 + 100.0);
    let expected = 1.05 * (energy + demand + other);
    assert!((bill.total_usd() - expected).abs() < 1e-6, "{} {expected}", bill.total_usd());
}

#[test]
fn a_ratchet_remembers_the_peak_and_the_contract_its_minimum() {
    let mut load = vec![500.0; 8_760];
    load[10] = 1_000.0;
    let tariff = Tariff {
        demand_usd_per_kw_month: 1.0,
        minimum_kw: 600.0,
        ratchet: Some(Ratchet { frac: 0.8, look_back_months: 3, earlier_kw: [0.0; 12] }),
        ..Tariff::flat(0.0)
    };
    let bill = bill(&tariff, &Load::hourly(&load, 0)).unwrap();
    let billed: Vec<f64> = bill.months.iter().map(|m| m.billing_demand_kw).collect();
    assert_eq!(billed[..6], [1_000.0, 800.0, 800.0, 800.0, 600.0, 600.0]);
    let last_year = Ratchet { frac: 1.0, look_back_months: 11, earlier_kw: [0.0; 12] };
    let mut earlier = last_year.clone();
    earlier.earlier_kw[1] = 700.0;
    let tariff = Tariff { ratchet: Some(earlier), minimum_kw: 0.0, ..tariff };
    let bill = super::tariffs::bill(&tariff, &Load::hourly(&[500.0; 8_760], 0)).unwrap();
    // February of last year is eleven months before January, and no longer before February.
    assert_eq!(bill.months[0].billing_demand_kw, 700.0);
    assert_eq!(bill.months[1].billing_demand_kw, 500.0);
}

#[test]
fn periods_may_be_billed_on_the_billing_demand() {
    let tariff = Tariff { minimum_kw: 3_000.0, periods_on_billing_demand: true, ..full() };
    let bill = bill(&tariff, &Load::hourly(&[1_000.0; 8_760], 0)).unwrap();
    // Period 1 occurs from June to September alone.
    let billed: Vec<f64> = bill.months.iter().map(|m| m.period_demand_usd / 6.0).collect();
    assert_eq!(billed[4..10], [0.0, 3_000.0, 3_000.0, 3_000.0, 3_000.0, 0.0]);
}

#[test]
fn market_prices_and_coincident_peaks_are_charged_by_hour() {
    let load = [100.0, 300.0];
    let tariff = Tariff {
        market_usd_per_kwh: vec![0.10, -0.02],
        coincident: Some(CoincidentPeak { usd_per_kw_month: 2.0, samples: vec![1] }),
        ..Tariff::flat(0.01)
    };
    let bill = bill(&tariff, &Load::hourly(&load, 0)).unwrap();
    assert!((bill.months[0].energy_usd - (100.0 * 0.11 - 300.0 * 0.01)).abs() < 1e-9);
    assert!((bill.months[0].coincident_usd - 600.0).abs() < 1e-9);
}

#[test]
fn a_tariff_that_cannot_be_meant_is_refused_by_field() {
    let load = Load::hourly(&[1.0; 48], 0);
    let refused = |tariff: Tariff| bill(&tariff, &load).unwrap_err()[0].field.clone();
    let short = Tariff { market_usd_per_kwh: vec![0.1], ..Tariff::flat(0.0) };
    assert_eq!(refused(short), "market_usd_per_kwh");
    assert_eq!(refused(Tariff { minimum_kw: -1.0, ..Tariff::flat(0.0) }), "minimum_kw");
    let mut unpriced = Tariff::flat(0.0);
    unpriced.schedule = UseSchedule::peak(0, 24, 0, 11, false);
    assert_eq!(refused(unpriced), "energy_usd_per_kwh");
    assert!(bill(&Tariff::flat(f64::NAN), &load).is_err());
}
