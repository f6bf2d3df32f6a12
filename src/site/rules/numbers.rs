//! Numbers are finite and in the range that their unit allows, whatever the field.

use super::Rule;
use super::context::{Context, error};
use super::walk::{Number, numbers};
use crate::diag::Report;
use crate::site::ElementRef;
use serde::Serialize;

pub(super) const RULE: Rule = Rule {
    name: "numbers",
    about: "Numbers are finite; fractions lie between 0 and 1; only positions and temperatures may be negative; what stands on the plan has a size.",
    codes: &[
        ("not-finite", "a number is infinite or no number"),
        ("out-of-range", "a number lies outside the range of its unit"),
        ("negative", "a number is below 0 that cannot be"),
        ("zero-size", "an element has no length or no width"),
    ],
    check,
};

/// Below absolute zero, and hotter than any coolant or weather.
const TEMPERATURES_C: std::ops::RangeInclusive<f64> = -90.0..=150.0;

fn check(context: &Context, report: &mut Report) {
    let (terms, campus) = (&context.site.terms, &context.site.campus);
    record(&terms.site, report, || "site".into());
    record(&terms.policy, report, || "policy".into());
    record(&terms.finance, report, || "finance".into());
    for hour in &terms.hours {
        record(hour, report, || format!("hours.{}", hour.id));
    }
    for tier in &terms.tiers {
        record(tier, report, || format!("tiers.{}", tier.id));
    }
    let elements = campus.elements().chain(context.site.halls.iter().flat_map(|g| g.elements()));
    for element in elements {
        // Cooling units are visited with their loop.
        if !matches!(element, ElementRef::Cdu(..) | ElementRef::Rejection(..)) {
            record(&element, report, || element.path());
        }
        size(context, element, report);
    }
}

fn record<T: Serialize>(record: &T, report: &mut Report, path: impl Fn() -> String) {
    numbers(record, &mut |number| {
        if let Some((code, message, hint)) = fault(&number) {
            let path = format!("{}.{}", path(), number.path());
            error(report, code, path, message, hint);
        }
    });
}

fn fault(number: &Number) -> Option<(&'static str, String, &'static str)> {
    let Number { value, field, .. } = *number;
    if !value.is_finite() {
        let hint = "Enter a finite number, or leave the field out where it is unknown";
        return Some(("not-finite", format!("`{field}` is not a finite number"), hint));
    }
    let fraction = field.ends_with("_frac") || matches!(field, "shares" | "max_site_share");
    let range = |hint| Some(("out-of-range", format!("`{field}` cannot be {value}"), hint));
    match field {
        _ if fraction && !(0.0..=1.0).contains(&value) => range("Enter a share between 0 and 1"),
        "at" | "parcel" | "origin_deg" | "outline" => None,
        _ if field.ends_with("_c") => {
            (!TEMPERATURES_C.contains(&value)).then(|| range("Enter degrees Celsius")).flatten()
        }
        _ if value < 0.0 => Some((
            "negative",
            format!("`{field}` cannot be {value}"),
            "Enter a number that is not negative",
        )),
        _ => None,
    }
}

/// Pools stand nowhere; everything else that is drawn needs a length and a width.
fn size(context: &Context, element: ElementRef, report: &mut Report) {
    let Some((_, size)) = element.rectangle() else { return };
    // Its outline has a rule of its own.
    if matches!(element, ElementRef::Constraint(_)) {
        return;
    }
    let unplaced = matches!(element, ElementRef::Block(_)) && !context.built();
    if !unplaced && size.contains(&0.0) {
        let path = format!("{}.size", element.path());
        let message = format!("The {} `{}` has no size", element.kind_name(), element.id());
        error(report, "zero-size", path, message, "Enter length and width in metres");
    }
}
