//! Areas in which a rule of law or of nature holds: what must not stand there, how high it
//! may be, where noise has to be studied.

use super::Rule;
use super::checks::{Bound, CheckResult, CheckState, Measured, verdict};
use super::context::{Context, error, warning};
use super::spacing::metres;
use crate::diag::{Diagnostic, Report, Severity};
use crate::site::ground::{self, Rectangle, TOLERANCE_M};
use crate::site::{AreaKind, Constraint, ConstraintKind, ElementRef, NodeKind, Site};

pub(super) const RULE: Rule = Rule {
    name: "constraints",
    about: "Nothing is built in setbacks, easements, wetlands and flood areas, nothing higher than a height limit; every constraint has an outline and a source; generators and dry coolers in noise areas need a study.",
    codes: &[
        ("bad-outline", "a constraint area has no outline, or a setback no parcel"),
        ("constraint-source", "a constraint area names no source or no date"),
        ("in-constraint", "something is built where it must not stand"),
        ("too-high", "a building is higher than the limit of its ground"),
        ("unknown-height", "a height limit, or the height of a building under it, is not entered"),
        ("noise-study", "a source of noise stands in a noise area"),
    ],
    check,
};

/// What stands up and could break a rule of its ground; what stands in a hall is where the
/// hall is.
fn is_built(element: ElementRef<'_>) -> bool {
    match element {
        ElementRef::Hall(_)
        | ElementRef::Generator(_)
        | ElementRef::Battery(_)
        | ElementRef::Cdu(..)
        | ElementRef::Rejection(..) => true,
        ElementRef::Area(area) => area.kind == AreaKind::Building,
        ElementRef::Node(node) => !matches!(node.kind, NodeKind::Feeder | NodeKind::Busway),
        ElementRef::Block(block) => block.hall.is_none(),
        _ => false,
    }
}

fn makes_noise(element: ElementRef<'_>) -> bool {
    matches!(element, ElementRef::Generator(_) | ElementRef::Rejection(..))
}

/// Height of a building; `None` where it is no building, else what is entered.
fn height_m(element: ElementRef<'_>) -> Option<Option<f64>> {
    match element {
        ElementRef::Hall(hall) => Some(hall.height_m),
        ElementRef::Area(area) if area.kind == AreaKind::Building => Some(area.height_m),
        _ => None,
    }
}

/// Whether a rectangle lies, in part, on the ground of a constraint.
fn applies(site: &Site, constraint: &Constraint, rectangle: Rectangle) -> bool {
    if constraint.outline.len() >= 3 {
        return ground::meets(&constraint.outline, rectangle);
    }
    let parcel = &site.terms.site.parcel;
    match constraint.setback_m {
        Some(setback) if parcel.len() >= 3 => {
            ground::meets(parcel, rectangle)
                && ground::distance_to_edge(parcel, rectangle) + TOLERANCE_M < setback
        }
        _ => false,
    }
}

fn solid(element: ElementRef<'_>) -> Option<Rectangle> {
    let (at, size) = element.rectangle()?;
    Some(Rectangle::new(at, size)).filter(|r| r.is_solid())
}

/// What a constraint means for an element that stands on its ground.
enum Verdict {
    Forbidden,
    Height { height: Option<f64>, limit: Option<f64> },
    NoiseStudy,
}

fn verdict_of(constraint: &Constraint, element: ElementRef<'_>) -> Option<Verdict> {
    match constraint.kind {
        ConstraintKind::Setback
        | ConstraintKind::Flood
        | ConstraintKind::Wetland
        | ConstraintKind::Easement => is_built(element).then_some(Verdict::Forbidden),
        ConstraintKind::HeightLimit => {
            height_m(element).map(|height| Verdict::Height { height, limit: constraint.height_m })
        }
        ConstraintKind::Noise => makes_noise(element).then_some(Verdict::NoiseStudy),
    }
}

fn check(context: &Context, report: &mut Report) {
    let site = context.site;
    let constraints = &site.campus.constraints;
    for constraint in constraints {
        record(site, constraint, report);
    }
    if constraints.is_empty() || !context.built() {
        return;
    }
    let halls: Vec<Rectangle> =
        site.elements().filter(|e| matches!(e, ElementRef::Hall(_))).filter_map(solid).collect();
    for element in site.elements() {
        let built = is_built(element) || makes_noise(element);
        let Some(rectangle) = solid(element).filter(|_| built) else { continue };
        let housed = !matches!(element, ElementRef::Hall(_)) && !makes_noise(element);
        if housed && halls.iter().any(|h| h.contains(rectangle)) {
            continue;
        }
        for constraint in constraints {
            if let Some(verdict) = verdict_of(constraint, element)
                && applies(site, constraint, rectangle)
            {
                said(constraint, element, &verdict, report);
            }
        }
    }
}

/// A constraint by itself.
fn record(site: &Site, constraint: &Constraint, report: &mut Report) {
    let id = &constraint.id;
    let path = |field: &str| format!("constraints.{id}.{field}");
    let strip = constraint.setback_m.is_some() && constraint.kind == ConstraintKind::Setback;
    if constraint.outline.len() < 3 {
        if !strip {
            let message = format!("The constraint area `{id}` has no outline");
            let hint = "Enter at least three corners; a setback may have a distance instead";
            error(report, "bad-outline", path("outline"), message, hint);
        } else if site.terms.site.parcel.len() < 3 {
            let message =
                format!("The setback `{id}` is a distance from a parcel that is not there");
            let hint = "Import or enter the outline of the parcel";
            warning(report, "bad-outline", path("setback_m"), message, hint);
        }
    }
    if constraint.source.trim().is_empty() || constraint.date.trim().is_empty() {
        let field = if constraint.source.trim().is_empty() { "source" } else { "date" };
        let message = format!("The constraint area `{id}` has no {field}");
        let hint = "Enter the title and the date of the document that sets the rule";
        warning(report, "constraint-source", path(field), message, hint);
    }
    if constraint.kind == ConstraintKind::HeightLimit && constraint.height_m.is_none() {
        let message = format!("The height that `{id}` allows is unknown");
        let hint = "Enter it in metres";
        warning(report, "unknown-height", path("height_m"), message, hint);
    }
}

fn said(constraint: &Constraint, element: ElementRef<'_>, verdict: &Verdict, report: &mut Report) {
    let (kind, id) = (element.kind_name(), element.id());
    let what = constraint.kind.title().to_lowercase();
    let place = format!("{}.at", element.path());
    match verdict {
        Verdict::Forbidden => {
            let message = format!("The {kind} `{id}` stands in the {what} `{}`", constraint.id);
            let hint = format!("Move it out{}", because(constraint));
            warning(report, "in-constraint", place, message, &hint);
        }
        Verdict::Height { height: Some(height), limit: Some(limit) } => {
            if *height > limit + TOLERANCE_M {
                let message = format!(
                    "The {kind} `{id}` is {} high; `{}` allows {}",
                    metres(*height),
                    constraint.id,
                    metres(*limit)
                );
                let hint = format!("Lower it or move it{}", because(constraint));
                warning(report, "too-high", format!("{}.height_m", element.path()), message, &hint);
            }
        }
        Verdict::Height { height: None, limit: Some(limit) } => {
            let message = format!(
                "The height of the {kind} `{id}` is unknown; `{}` allows {}",
                constraint.id,
                metres(*limit)
            );
            let path = format!("{}.height_m", element.path());
            let hint = "Enter its height in metres";
            report.push(Diagnostic::new(Severity::Note, "unknown-height", path, message, hint));
        }
        // Said once, of the constraint.
        Verdict::Height { limit: None, .. } => {}
        Verdict::NoiseStudy => {
            let limit =
                constraint.noise_dba.map_or_else(String::new, |v| format!(" of {v:.0} dBA"));
            let message =
                format!("The {kind} `{id}` stands in the noise area `{}`{limit}", constraint.id);
            let hint = "Have a noise study made for the boundary; no level is computed here";
            report.push(Diagnostic::new(Severity::Note, "noise-study", place, message, hint));
        }
    }
}

/// `: no building within 30 m of the stream`.
fn because(constraint: &Constraint) -> String {
    let rule = constraint.rule.trim();
    if rule.is_empty() { String::new() } else { format!(": {rule}") }
}

/// What the constraints of a site mean for one element.
pub(super) fn checks(site: &Site, element: ElementRef<'_>) -> Vec<CheckResult> {
    let Some(rectangle) = solid(element) else { return Vec::new() };
    let mut all = Vec::new();
    for constraint in &site.campus.constraints {
        let Some(verdict) = verdict_of(constraint, element) else { continue };
        let on_it = applies(site, constraint, rectangle);
        let result = match verdict {
            Verdict::Forbidden => {
                let state = if on_it { CheckState::Warn } else { CheckState::Pass };
                self::verdict("in-constraint", &format!("Clear of {}", constraint.name), state)
            }
            _ if !on_it => continue,
            Verdict::Height { height, limit } => {
                let measured = Measured { figure: height, limit, bound: Bound::AtMost };
                measured.result(("too-high", "Height"), "m", CheckState::Warn)
            }
            Verdict::NoiseStudy => {
                let result = self::verdict("noise-study", "Noise", CheckState::Unknown);
                let limit = constraint.noise_dba;
                CheckResult { limit, unit: "dBA", bound: Bound::AtMost, ..result }
            }
        };
        let note = match result.code {
            "noise-study" => "Needs a noise study".to_owned(),
            _ => constraint.rule.clone(),
        };
        all.push(CheckResult {
            other: Some(format!("constraints.{}", constraint.id)),
            note,
            ..result
        });
    }
    all
}
