//! How power is allocated, and the choices for the whole site.

use super::Rule;
use super::context::{Context, error, unknown, warning};
use crate::diag::Report;
use crate::fields;
use crate::site::Allocation;
use std::collections::HashMap;

pub(super) const RULE: Rule = Rule {
    name: "policy",
    about: "Fixed shares sum to 1; of each group of site options one is chosen at most; the fiscal year ends in a month; overrides name catalogue values.",
    codes: &[
        ("shares-sum", "the shares do not sum to 1"),
        ("option-conflict", "two options of one group, or one twice"),
        (
            "out-of-range",
            "no month of a year, no date of a price, no life of a thing, no request or time",
        ),
        ("bad-override", "an override of a catalogue value cannot be read"),
        ("unknown-value", "a number that the plan needs is not given"),
    ],
    check,
};

/// By which shares may miss a sum of 1.
const SHARES_TOLERANCE: f64 = 1e-9;

fn check(context: &Context, report: &mut Report) {
    shares(context, report);
    options(context, report);
    finance(context, report);
    estimates(context, report);
    for (i, change) in context.site.terms.overrides.iter().enumerate() {
        if let Err(fault) = fields::parse_value(&change.value) {
            let path = format!("overrides.{i}.value");
            let message = format!("The override of `{}` cannot be read: {fault}", change.path);
            error(report, "bad-override", path, message, "Enter the value as it stands in a file");
        }
    }
}

fn shares(context: &Context, report: &mut Report) {
    let policy = &context.site.terms.policy;
    let fixed = policy.allocation == Allocation::FixedShares;
    let path = || "policy.shares".to_owned();
    if policy.shares.is_empty() {
        if fixed {
            let hint = "Enter the share of power in use for each tier, or choose `Optimise`";
            report.push(unknown(path(), "The allocation by fixed shares", hint));
        }
        return;
    }
    let sum: f64 = policy.shares.values().sum();
    if !sum.is_finite() || (sum - 1.0).abs() <= SHARES_TOLERANCE {
        return;
    }
    let message = format!("The shares of the tiers sum to {sum}, not 1");
    let hint = match sum > 0.0 {
        true => format!("Divide each share by {sum}"),
        false => "Enter shares that sum to 1".to_owned(),
    };
    if fixed {
        error(report, "shares-sum", path(), message, &hint);
    } else {
        // Only the baseline is drawn from them.
        warning(report, "shares-sum", path(), message, &hint);
    }
}

fn options(context: &Context, report: &mut Report) {
    let mut chosen: HashMap<&str, &str> = HashMap::new();
    for (i, id) in context.site.terms.site.options.iter().enumerate() {
        let Some(option) = context.catalog.options.get(id) else { continue };
        if let Some(other) = chosen.insert(&option.group, id) {
            let message = format!("`{other}` and `{id}` exclude each other");
            let path = format!("site.options.{i}");
            let hint = format!("Choose one option of the group `{}`", option.group);
            error(report, "option-conflict", path, message, &hint);
        }
    }
}

fn finance(context: &Context, report: &mut Report) {
    let finance = &context.site.terms.finance;
    if finance.fiscal_year_end_month.is_some_and(|m| !(1..=12).contains(&m)) {
        let message = "The fiscal year ends in no month of a year".to_owned();
        let path = "finance.fiscal_year_end_month".to_owned();
        error(report, "out-of-range", path, message, "Enter 1 to 12");
    }
    if finance.price_date.as_deref().is_some_and(|date| !is_month(date)) {
        let message = "The price date is no month".to_owned();
        let hint = "Enter a year and a month, for example `2026-11`";
        error(report, "out-of-range", "finance.price_date".into(), message, hint);
    }
    let lives = [
        ("rack_life_years", finance.rack_life_years),
        ("site_life_years", finance.site_life_years),
    ];
    for (name, life) in lives {
        if life == Some(0.0) {
            let message = format!("`{name}` cannot be 0");
            let hint = "Enter years above 0, or leave the field out";
            error(report, "out-of-range", format!("finance.{name}"), message, hint);
        }
    }
}

/// Numbers that estimates divide by or wait for.
fn estimates(context: &Context, report: &mut Report) {
    let estimates = &context.site.terms.policy.estimates;
    let positive =
        [("ttft_limit_ms", estimates.ttft_limit_ms), ("input_ratio", estimates.input_ratio)];
    for (name, value) in positive {
        if value == Some(0.0) {
            let message = format!("`{name}` of the estimates cannot be 0");
            let hint = "Enter a value above 0, or leave the field out";
            error(report, "out-of-range", format!("policy.estimates.{name}"), message, hint);
        }
    }
}

/// `YYYY-MM`.
fn is_month(date: &str) -> bool {
    let Some((year, month)) = date.split_once('-') else { return false };
    let digits =
        |text: &str, length| text.len() == length && text.bytes().all(|b| b.is_ascii_digit());
    digits(year, 4) && digits(month, 2) && ("01".."13").contains(&month)
}
