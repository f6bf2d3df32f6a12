//! Typical hours make up one year.

use super::Rule;
use super::context::{Context, error, unknown};
use crate::diag::Report;
use crate::units::HOURS_PER_YEAR;

pub(super) const RULE: Rule = Rule {
    name: "hours",
    about: "The weights of the typical hours are positive and sum to 8,760; clock times lie between 0 and 24; a built layout knows the outdoor temperature of each hour.",
    codes: &[
        ("no-hours", "there is no typical hour"),
        ("hours-sum", "the weights do not sum to a year"),
        ("out-of-range", "a weight is 0 or a clock time is no time of a day"),
        ("empty-name", "an hour belongs to no day type"),
        ("unknown-value", "the outdoor temperature is not given"),
    ],
    check,
};

/// Hours by which the sum may miss a year.
const TOLERANCE_H: f64 = 1e-6;

fn check(context: &Context, report: &mut Report) {
    let hours = &context.site.terms.hours;
    if hours.is_empty() {
        let hint = "Add an hour with a weight of 8760";
        return error(report, "no-hours", "hours".into(), "There is no typical hour".into(), hint);
    }
    for hour in hours {
        let field = |name: &str| format!("hours.{}.{name}", hour.id);
        if hour.weight_h == 0.0 {
            let message = format!("Hour `{}` stands for no time of the year", hour.id);
            let hint = "Enter the hours of the year that it stands for, or remove it";
            error(report, "out-of-range", field("weight_h"), message, hint);
        }
        if hour.clock_h > 24.0 {
            let message = format!("{} is no time of a day", hour.clock_h);
            let hint = "Enter hours after midnight, 0 to 24";
            error(report, "out-of-range", field("clock_h"), message, hint);
        }
        if hour.day.is_empty() {
            let message = format!("Hour `{}` belongs to no day type", hour.id);
            let hint = "Name a day type; hours of one day type share deferrable work";
            error(report, "empty-name", field("day"), message, hint);
        }
        if context.built() && hour.ambient_c.is_none() {
            let what = format!("The outdoor temperature of hour `{}`", hour.id);
            let hint = "Enter a value in degrees Celsius, or import a weather file";
            report.push(unknown(field("ambient_c"), &what, hint));
        }
    }
    let sum: f64 = hours.iter().map(|h| h.weight_h).sum();
    if sum.is_finite() && (sum - HOURS_PER_YEAR).abs() > TOLERANCE_H {
        let message = format!("The weights of the hours sum to {sum}, a year has {HOURS_PER_YEAR}");
        let hint = format!("Multiply each weight by {}", HOURS_PER_YEAR / sum);
        let hint = if sum > 0.0 { hint } else { "Enter weights that sum to 8760".into() };
        error(report, "hours-sum", "hours".into(), message, &hint);
    }
}
