//! An underlay has a scale. Whether its file is there is said where files are read.

use super::Rule;
use super::context::{Context, warning};
use crate::diag::Report;

pub(super) const RULE: Rule = Rule {
    name: "underlays",
    about: "The unit of an underlay is longer than nothing.",
    codes: &[("bad-scale", "an underlay whose unit is 0 m")],
    check,
};

fn check(context: &Context, report: &mut Report) {
    for underlay in &context.site.campus.underlays {
        if underlay.m_per_unit == 0.0 {
            let message = format!("The underlay `{}` has a scale of 0", underlay.id);
            let path = format!("underlays.{}.m_per_unit", underlay.id);
            let hint = "Enter the metres of one pixel or unit, or calibrate it";
            warning(report, "bad-scale", path, message, hint);
        }
    }
}
