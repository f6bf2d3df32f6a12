//! Weather: EPW files, wet bulb, hours short, PUE of the reference years.

use super::{of, table};
use crate::support::{close, embedded};
use gigasite::cooling::rejection::{Machines, Outdoor, Rejector, Trim, Water, pue};
use gigasite::cooling::weather::psychrometrics::{
    humidity_frac, saturation_pa, standard_pressure_pa, wetbulb_c,
};
use gigasite::cooling::weather::{Climate, Grain, epw};
use gigasite::diag::{Report, Severity};
use proptest::prelude::*;
use std::fmt::Write as _;

/// A file of 8,760 hours whose dry bulb is `of(hour)`.
fn file(of: impl Fn(usize) -> String) -> String {
    let mut text = String::from(
        "LOCATION,Somewhere,-,XXX,Test,000000,50.00,10.00,1.0,100.0\n\
         DESIGN CONDITIONS,1,Handbook,,Heating,1,Cooling,7,Extremes,9.2,8.2,7.3,28.9,-17.2,36.2,4.6,1.9,\
         -20.4,37.5,-23.1,38.7,-25.7,39.7,-29,41.1\n",
    );
    for line in ["TYPICAL", "GROUND", "HOLIDAYS", "COMMENTS 1", "COMMENTS 2", "DATA PERIODS"] {
        let _ = writeln!(text, "{line},0");
    }
    for hour in 0..8760 {
        let _ = writeln!(text, "2001,1,1,1,0,?9,{},10.0,50,100500,0,0,300", of(hour));
    }
    text
}

#[test]
fn a_file_gives_its_hours_its_place_and_its_design_extreme() {
    let text = file(|h| format!("{:.1}", h as f64 / 8760.0 * 40.0 - 5.0));
    let found = epw::read(&text).unwrap();
    assert_eq!((found.place.as_str(), found.hours.len()), ("Somewhere", 8760));
    assert_eq!((found.elevation_m, found.extreme_20y_c), (100.0, Some(39.7)));
    let climate = found.climate("file.epw");
    assert_eq!((climate.grain, climate.hours()), (Grain::Hourly, 8760.0));
    close(climate.warmest_c, 35.0, 1e-12, "warmest hour");
    let above = found.hours.iter().filter(|h| h.drybulb_c > 28.0).count() as f64;
    assert_eq!(climate.hours_above(28.0), above, "an hour at the limit is not above it");
    let bins = climate.bins();
    assert_eq!(bins.iter().map(|b| b.hours).sum::<f64>(), 8760.0);
    assert!(bins.windows(2).all(|w| w[1].low_c - w[0].low_c == 2.0), "{bins:?}");
    assert!(bins.iter().all(|b| b.wetbulb_c().is_some_and(|wet| wet < b.low_c + 2.0)));
}

#[test]
fn a_year_that_begins_in_july_is_told_from_january_and_headers_may_be_of_any_length() {
    let mut text = String::from("LOCATION,Somewhere,-,XXX,Test,000000,50.00,10.00,1.0,100.0\n");
    text.push_str("COMMENTS 1,of several lines\nCOMMENTS 2,\n");
    let days = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    for k in 0..12 {
        let month = (k + 6) % 12;
        for hour in 0..days[month] * 24 {
            // Each month has a dry bulb of its own.
            let _ = writeln!(
                text,
                "2001,{},1,{},0,?9,{month}.0,10.0,50,100500",
                month + 1,
                hour % 24 + 1
            );
        }
    }
    let found = epw::read(&text).unwrap();
    assert_eq!(found.extreme_20y_c, None, "no line of design conditions");
    let mut at = 0;
    for (month, days) in days.iter().enumerate() {
        let hours = &found.hours[at..at + days * 24];
        assert!(hours.iter().all(|h| h.drybulb_c == month as f64), "month {month}");
        at += days * 24;
    }
}

#[track_caller]
fn first_error(report: &Report) -> (String, Option<usize>) {
    let found = report.items.iter().find(|d| d.severity == Severity::Error).unwrap();
    (found.code.clone(), found.line)
}

#[test]
fn a_broken_file_is_refused_with_its_line() {
    let broken = |text: &str| first_error(&epw::read(text).unwrap_err());
    assert_eq!(broken(""), ("not-epw".into(), Some(1)));
    let text = file(|h| if h == 99 { "warm".into() } else { "20.0".into() });
    assert_eq!(broken(&text), ("bad-hour".into(), Some(108)));
    let text = file(|h| if h == 5 { "120".into() } else { "20.0".into() });
    assert_eq!(broken(&text), ("bad-hour".into(), Some(14)));
    let short: String = text.lines().take(8000).fold(String::new(), |t, l| t + l + "\n");
    let short = short.replace(",120,", ",12.0,");
    assert_eq!(broken(&short).0, "not-a-year");
    let text = file(|h| if (10..20).contains(&h) { "99.9".into() } else { "20.0".into() });
    assert_eq!(broken(&text), ("gap".into(), Some(19)));
    let text =
        file(|h| if (10..12).contains(&h) { "99.9".into() } else { format!("{}.0", h % 30) });
    let found = epw::read(&text).unwrap();
    close(found.hours[10].drybulb_c, 10.0, 1e-12, "bridged");
    assert!(found.report.items.iter().any(|d| d.code == "filled"));
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 40,
        failure_persistence: None,
        rng_seed: proptest::test_runner::RngSeed::Fixed(20_261_127),
        ..ProptestConfig::default()
    })]

    #[test]
    fn any_text_is_answered(cuts in prop::collection::vec((0usize..60_000, 0usize..6), 1..12)) {
        let mut bytes = file(|h| format!("{}", h % 35)).into_bytes();
        for (place, kind) in cuts {
            let place = place % bytes.len();
            let word: &[u8] = [&b""[..], b"nan", b"1e999", b",,,,", b"\n", b"\xff"][kind];
            let end = (place + 4).min(bytes.len());
            bytes.splice(place..end, word.iter().copied());
        }
        if let Ok(found) = epw::read(&String::from_utf8_lossy(&bytes)) {
            prop_assert!(found.hours.iter().all(|h| h.drybulb_c.is_finite()));
        }
    }

    #[test]
    fn wet_bulb_lies_between_dew_point_and_dry_bulb(
        t in -30.0..48.0f64, humidity in 0.02..1.0f64, pressure in 70_000.0..104_000.0f64,
    ) {
        let wet = wetbulb_c(t, humidity, pressure).unwrap();
        prop_assert!(wet <= t + 1e-9, "{wet} at {t}");
        prop_assert!(humidity_frac(t, wet) >= humidity - 1e-9, "{wet} below the dew point");
        // More water in the air, warmer wet bulb.
        let damper = wetbulb_c(t, (humidity + 0.01).min(1.0), pressure).unwrap();
        prop_assert!(damper >= wet - 1e-9);
    }
}

/// ASHRAE Handbook Fundamentals, example of moist air at 40 C dry bulb and 20 C wet bulb
/// (humidity ratio 0.0065, 14 % relative humidity), and tables of saturation pressure.
#[test]
fn psychrometrics_agree_with_the_handbook() {
    close(saturation_pa(0.01), 611.7, 1e-3, "triple point");
    close(saturation_pa(40.0), 7384.9, 1e-3, "40 C");
    close(saturation_pa(100.0), 101_325.0, 2e-3, "100 C");
    close(saturation_pa(-20.0), 103.2, 3e-3, "over ice");
    close(standard_pressure_pa(1500.0), 84_556.0, 1e-4, "1,500 m");
    let wet = wetbulb_c(40.0, 0.1405, 101_325.0).unwrap();
    assert!((wet - 20.0).abs() < 0.1, "{wet}");
    let saturated = wetbulb_c(25.0, 1.0, 101_325.0).unwrap();
    close(saturated, 25.0, 1e-9, "saturated air");
}

/// Hours short of eight places at 25 to 45 C, counted hour by hour: dry bulb + 12 K above the
/// supply, wet bulb + 8 K above it for towers.
#[test]
fn places_of_the_catalogue_fall_short_in_the_published_hours() {
    let catalog = embedded();
    let places = [
        ("san-francisco-ca", [4840.0, 1173.0, 172.0, 22.0, 0.0], [119.0, 0.0, 0.0]),
        ("golden-co", [3297.0, 1932.0, 881.0, 290.0, 17.0], [71.0, 0.0, 0.0]),
        ("tampa-fl", [7906.0, 6763.0, 4584.0, 1600.0, 63.0], [6226.0, 3515.0, 14.0]),
        ("chicago-il", [3829.0, 2608.0, 1269.0, 379.0, 17.0], [1842.0, 367.0, 0.0]),
        ("dulles-va", [4297.0, 3167.0, 1573.0, 526.0, 66.0], [2489.0, 682.0, 0.0]),
        ("seville", [6748.0, 4652.0, 3029.0, 1705.0, 789.0], [3550.0, 670.0, 0.0]),
        ("london-gatwick", [2779.0, 878.0, 190.0, 13.0, 0.0], [203.0, 0.0, 0.0]),
        ("ahmedabad", [8521.0, 7833.0, 6933.0, 4464.0, 1717.0], [6099.0, 3846.0, 755.0]),
    ];
    for (id, dry, wet) in places {
        let climate = Climate::of_catalog(&catalog.weather[id]).unwrap();
        assert_eq!(climate.hours(), 8760.0);
        for (supply, expected) in [25.0, 30.0, 35.0, 40.0, 45.0].into_iter().zip(dry) {
            assert_eq!(climate.hours_above(supply - 12.0), expected, "{id} at {supply} C");
        }
        // The wet bulb of a bin is a mean: within a tenth of the year.
        for (supply, expected) in [25.0, 30.0, 35.0].into_iter().zip(wet) {
            let found = climate.hours_wetbulb_above(supply - 8.0).unwrap();
            assert!((found - expected).abs() <= 876.0, "{id} at {supply} C: {found}, {expected}");
        }
    }
}

fn reference(supply_c: f64) -> Machines {
    let trim = Some(Trim { span_c: 10.0, cop_ratio: 5.0 });
    let dry =
        Rejector { fan_frac: 0.016, approach_c: 8.0, least_speed_frac: 0.2, trim, water: None };
    Machines {
        pump_frac: 0.01,
        cdu_approach_c: 4.0,
        air_fan_frac: 0.0,
        rejectors: vec![(1.0, dry)],
        supply_c,
    }
}

const ETA: f64 = 0.995 * 0.998 * 0.99 * 0.97 * 0.995;

fn outdoor(drybulb_c: f64) -> Outdoor<'static> {
    Outdoor { drybulb_c, wetbulb_c: None, wetbulb_path: "" }
}

#[test]
fn pue_of_two_places_agrees_with_the_reference_years() {
    let catalog = embedded();
    for row in table("cooling/pue.csv") {
        let id = if row["place"].starts_with("Chicago") { "chicago-il" } else { "dulles-va" };
        let machines = reference(of(&row, "supply_c"));
        let at = |t: f64| pue(ETA, machines.at(outdoor(t)).unwrap().liquid_frac());
        let climate = Climate::of_catalog(&catalog.weather[id]).unwrap();
        let mean =
            climate.mean(|p| machines.at(outdoor(p.mean_c)).map(|s| pue(ETA, s.liquid_frac())));
        let what = format!("{id} at {} C", row["supply_c"]);
        let near = |found: f64, column: &str| {
            let expected = of(&row, column);
            assert!((found - expected).abs() <= 5e-4, "{what}, {column}: {found}, {expected}");
        };
        near(mean.unwrap(), "pue_mean");
        near(at(of(&row, "outdoor_max_c")), "pue_max");
        near(at(of(&row, "outdoor_p99_c")), "pue_p99");
    }
}

#[test]
fn a_cooler_without_chiller_leaves_heat_and_a_tower_uses_water() {
    let mut machines = reference(40.0);
    machines.rejectors[0].1.trim = None;
    // Water of 36 C, air of 32 C: half of the approach is left.
    close(machines.at(outdoor(32.0)).unwrap().stranded_frac, 0.5, 1e-12, "stranded");
    assert_eq!(machines.at(outdoor(28.0)).unwrap().stranded_frac, 0.0);
    let water = Water { l_per_kwh: 1.12, cycles_ratio: 4.0 };
    machines.rejectors[0].1.water = Some(water);
    assert_eq!(machines.at(outdoor(20.0)).unwrap_err().path, "", "the wet bulb is unknown");
    let damp = Outdoor { drybulb_c: 40.0, wetbulb_c: Some(20.0), wetbulb_path: "" };
    let share = machines.at(damp).unwrap();
    close(share.water_l_per_kwh, 1.12, 1e-12, "water");
    assert_eq!(share.stranded_frac, 0.0, "the wet bulb counts");
    close(water.evaporation_l_per_kwh() + water.blowdown_l_per_kwh(), 1.12, 1e-12, "all of it");
    // Evaporating all heat takes 1.49 L/kWh; 35 billion gallons for a GW-year are 15 L/kWh.
    close(Water::most_l_per_kwh(), 1.49, 2e-3, "bound");
    assert!(!water.is_impossible());
    assert!(Water { l_per_kwh: 15.0, cycles_ratio: 4.0 }.is_impossible());
}

#[test]
fn a_map_of_months_and_hours_is_the_mean_of_the_hours_of_a_year() {
    use gigasite::study::cooling::PueMap;
    // PUE that tells its hour of the day, and rises by the day.
    let year = |days: usize| -> Vec<f64> {
        (0..days * 24).map(|h| 1.0 + (h % 24) as f64 / 100.0 + (h / 24) as f64 / 1e4).collect()
    };
    let plain = year(365);
    let map = PueMap::of(("loop", 45.0), &plain).unwrap();
    assert_eq!((map.pue_ratio.len(), map.pue_ratio[0].len()), (12, 24));
    // February holds days 31 to 58, whose mean is 44.5; March begins with day 59.
    close(map.pue_ratio[1][7], 1.07 + 44.5e-4, 1e-12, "February at seven");
    close(map.pue_ratio[11][23], 1.23 + 349.0e-4, 1e-12, "December at eleven at night");
    let cells = map.pue_ratio.iter().zip(&map.days);
    let sum: f64 = cells.map(|(row, days)| row.iter().sum::<f64>() * *days as f64).sum();
    close(sum / 8760.0, plain.iter().sum::<f64>() / 8760.0, 1e-12, "the mean of the year");
    let (month, hour, most) = map.worst().unwrap();
    assert_eq!((month, hour), (11, 23));
    close(most, map.pue_ratio[11][23], 1e-15, "the worst cell");

    let leap = PueMap::of(("loop", 45.0), &year(366)).unwrap();
    assert_eq!(leap.days[1], 29);
    close(leap.pue_ratio[2][0], 1.0 + 75.0e-4, 1e-12, "March begins a day later");
    assert!(PueMap::of(("loop", 45.0), &plain[..8000]).is_none());
}
