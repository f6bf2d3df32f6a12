//! Percentages as the tax office prints them (IRS Publication 946, appendix A), rounded.

use super::macrs::Convention;

/// Half-year convention, table A-1.
const HALF_YEAR: &[(u32, &[f64])] = &[
    (3, &[33.33, 44.45, 14.81, 7.41]),
    (5, &[20.00, 32.00, 19.20, 11.52, 11.52, 5.76]),
    (7, &[14.29, 24.49, 17.49, 12.49, 8.93, 8.92, 8.93, 4.46]),
    (10, &[10.00, 18.00, 14.40, 11.52, 9.22, 7.37, 6.55, 6.55, 6.56, 6.55, 3.28]),
    (
        15,
        &[
            5.00, 9.50, 8.55, 7.70, 6.93, 6.23, 5.90, 5.90, 5.91, 5.90, 5.91, 5.90, 5.91, 5.90,
            5.91, 2.95,
        ],
    ),
    (
        20,
        &[
            3.750, 7.219, 6.677, 6.177, 5.713, 5.285, 4.888, 4.522, 4.462, 4.461, 4.462, 4.461,
            4.462, 4.461, 4.462, 4.461, 4.462, 4.461, 4.462, 4.461, 2.231,
        ],
    ),
];

/// Mid-quarter convention, tables: life, quarter, percentages.
const MID_QUARTER: &[(u32, u32, &[f64])] = &[
    (5, 1, &[35.00, 26.00, 15.60, 11.01, 11.01, 1.38]),
    (5, 2, &[25.00, 30.00, 18.00, 11.37, 11.37, 4.26]),
    (5, 3, &[15.00, 34.00, 20.40, 12.24, 11.30, 7.06]),
    (5, 4, &[5.00, 38.00, 22.80, 13.68, 10.94, 9.58]),
    (
        15,
        1,
        &[
            8.75, 9.13, 8.21, 7.39, 6.65, 5.99, 5.90, 5.91, 5.90, 5.91, 5.90, 5.91, 5.90, 5.91,
            5.90, 0.74,
        ],
    ),
    (
        15,
        2,
        &[
            6.25, 9.38, 8.44, 7.59, 6.83, 6.15, 5.91, 5.90, 5.91, 5.90, 5.91, 5.90, 5.91, 5.90,
            5.91, 2.21,
        ],
    ),
    (
        15,
        3,
        &[
            3.75, 9.63, 8.66, 7.80, 7.02, 6.31, 5.90, 5.90, 5.91, 5.90, 5.91, 5.90, 5.91, 5.90,
            5.91, 3.69,
        ],
    ),
    (
        15,
        4,
        &[
            1.25, 9.88, 8.89, 8.00, 7.20, 6.48, 5.90, 5.90, 5.90, 5.91, 5.90, 5.91, 5.90, 5.91,
            5.90, 5.17,
        ],
    ),
];

/// Straight line over 15 years, half-year convention, table A-8.
pub(super) const STRAIGHT_15: &[f64] = &[
    3.33, 6.67, 6.67, 6.67, 6.67, 6.67, 6.67, 6.66, 6.67, 6.66, 6.67, 6.66, 6.67, 6.66, 6.67, 3.33,
];

/// Percentages of a class of personal property, if they are printed here.
pub(super) fn personal(life: u32, convention: Convention) -> Option<&'static [f64]> {
    match convention {
        Convention::HalfYear => HALF_YEAR.iter().find(|(l, _)| *l == life).map(|(_, p)| *p),
        Convention::MidQuarter(quarter) => {
            MID_QUARTER.iter().find(|(l, q, _)| *l == life && *q == quarter).map(|(_, _, p)| *p)
        }
        Convention::MidMonth(_) => None,
    }
}

/// Nonresidential real property, 39 years, table A-7a: first, middle and last year.
pub(super) fn real_39(month: u32) -> (f64, f64, f64) {
    // The table counts half months of 0.107 %.
    let month = f64::from(month);
    (0.107 * (25.0 - 2.0 * month), 2.564, 0.107 * (2.0 * month - 1.0))
}
