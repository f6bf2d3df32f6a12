//! Depreciation: sums, printed tables against the formula, conventions and disposal.

use gigasite::finance::depreciation::{
    BookStart, Convention, Table, TaxAsset, TaxClass, Treatment, mid_quarter_applies, rates,
    straight_line, straight_line_months,
};

const CLASSES: [TaxClass; 10] = [
    TaxClass::Macrs(3),
    TaxClass::Macrs(5),
    TaxClass::Macrs(7),
    TaxClass::Macrs(10),
    TaxClass::Macrs(15),
    TaxClass::Macrs(20),
    TaxClass::Real39,
    TaxClass::HalfYear39,
    TaxClass::StraightLine(6),
    TaxClass::StraightLine(15),
];

fn conventions() -> impl Iterator<Item = Convention> {
    std::iter::once(Convention::HalfYear)
        .chain((1..=4).map(Convention::MidQuarter))
        .chain((1..=12).map(Convention::MidMonth))
}

fn asset(class: TaxClass, convention: Convention, bonus_frac: f64) -> TaxAsset {
    let table = Table::IrsRounded;
    TaxAsset { basis: 24_000.0, treatment: Treatment { class, convention, table, bonus_frac } }
}

#[test]
fn deductions_sum_to_the_basis_in_every_class_and_convention() {
    for class in CLASSES {
        for convention in conventions() {
            for table in [Table::IrsRounded, Table::Exact] {
                let sum: f64 = rates(class, convention, table).unwrap().iter().sum();
                assert!((sum - 1.0).abs() < 1e-9, "{class:?} {convention:?} {table:?}: {sum}");
            }
            for bonus in [0.0, 0.4, 1.0] {
                let sum: f64 = asset(class, convention, bonus).schedule().unwrap().iter().sum();
                assert!((sum - 24_000.0).abs() < 1e-6);
            }
        }
    }
}

#[test]
fn printed_tables_are_the_rounded_formula() {
    for class in CLASSES {
        for convention in conventions() {
            let printed = rates(class, convention, Table::IrsRounded).unwrap();
            let exact = rates(class, convention, Table::Exact).unwrap();
            assert_eq!(printed.len(), exact.len(), "{class:?} {convention:?}");
            for (year, (p, e)) in printed.iter().zip(&exact).enumerate() {
                let off = (p - e).abs();
                assert!(off < 1.5e-4, "{class:?} {convention:?} year {year}: {p} {e}");
            }
        }
    }
}

#[test]
fn land_is_never_deducted_and_buildings_take_no_bonus() {
    let land = asset(TaxClass::Land, Convention::HalfYear, 1.0);
    assert_eq!(land.schedule().unwrap(), Vec::<f64>::new());
    let with = asset(TaxClass::Real39, Convention::MidMonth(7), 1.0).schedule().unwrap();
    let without = asset(TaxClass::Real39, Convention::MidMonth(7), 0.0).schedule().unwrap();
    assert_eq!(with, without);
    // Table A-7a, month 7: 1.177 % first.
    assert!((with[0] - 24_000.0 * 0.011_77).abs() < 1e-9);
}

#[test]
fn late_deliveries_bring_the_mid_quarter_convention() {
    assert!(!mid_quarter_applies(&[(3, 60.0), (12, 40.0)]));
    assert!(mid_quarter_applies(&[(3, 59.0), (12, 41.0)]));
    assert!(!mid_quarter_applies(&[]));
    // 5 years, fourth quarter: 5 % of the first year instead of 20 %.
    let late = asset(TaxClass::Macrs(5), Convention::MidQuarter(4), 0.0).schedule().unwrap();
    assert!((late[0] - 1_200.0).abs() < 1e-9);
}

#[test]
fn disposal_takes_half_of_the_years_deduction_and_the_gain_closes_the_books() {
    let owned = asset(TaxClass::Macrs(5), Convention::HalfYear, 0.0);
    let sold = owned.dispose(2, 6, 10_000.0).unwrap();
    // 20 + 32 + half of 19.2 %.
    assert!((sold.deductions.iter().sum::<f64>() - 24_000.0 * 0.616).abs() < 1e-9);
    assert!((sold.adjusted_basis - 24_000.0 * 0.384).abs() < 1e-9);
    assert!((sold.gain - (10_000.0 - 24_000.0 * 0.384)).abs() < 1e-9);
    let same_year = owned.dispose(0, 11, 0.0).unwrap();
    assert_eq!(same_year.adjusted_basis, 24_000.0);
    let after_life = owned.dispose(9, 1, 500.0).unwrap();
    assert!(after_life.adjusted_basis.abs() < 1e-9 && (after_life.gain - 500.0).abs() < 1e-9);
    let quarter = asset(TaxClass::Macrs(5), Convention::MidQuarter(1), 0.0);
    let sold = quarter.dispose(1, 5, 0.0).unwrap();
    // Sold in the second quarter: 37.5 % of the second year's 26 %.
    assert!((sold.deductions[1] - 24_000.0 * 0.26 * 0.375).abs() < 1e-9);
}

#[test]
fn what_no_class_or_quarter_is_gets_refused() {
    assert!(rates(TaxClass::Macrs(6), Convention::HalfYear, Table::Exact).is_err());
    assert!(rates(TaxClass::Macrs(5), Convention::MidQuarter(5), Table::Exact).is_err());
    assert!(asset(TaxClass::Macrs(5), Convention::HalfYear, 1.1).schedule().is_err());
}

#[test]
fn book_lives_may_end_within_a_year() {
    let servers = straight_line(550.0, 5.5, 0.0, BookStart::FullYear);
    assert_eq!(servers.len(), 6);
    assert!((servers[5] - 50.0).abs() < 1e-9);
    assert!((servers.iter().sum::<f64>() - 550.0).abs() < 1e-9);
    let half = straight_line(600.0, 6.0, 0.1, BookStart::HalfYear);
    assert_eq!(half.len(), 7);
    assert!((half.iter().sum::<f64>() - 540.0).abs() < 1e-9);
    let months: f64 =
        (0..80).map(f64::from).map(|m| straight_line_months(660.0, 66.0, m, m + 1.0)).sum();
    assert!((months - 660.0).abs() < 1e-9);
}
