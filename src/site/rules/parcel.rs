//! What is built stands on the parcel.

use super::Rule;
use super::context::{Context, warning};
use super::spacing::{limit_m, metres};
use crate::diag::Report;
use crate::site::ground::{self, Rectangle, TOLERANCE_M};
use crate::site::{AreaKind, ElementRef, NodeKind, Site};

pub(super) const RULE: Rule = Rule {
    name: "parcel",
    about: "Halls, machines and buildings lie inside the parcel, batteries at a distance from its edge; the outline does not cross itself.",
    codes: &[
        ("outside-parcel", "something that is built reaches beyond the parcel"),
        ("parcel-crosses", "two sides of the parcel cross each other"),
        ("near-boundary", "a battery stands nearer to the boundary than practice allows"),
    ],
    check,
};

/// Corners up to which an outline is searched for sides that cross: the work grows with the
/// square.
const MOST_CORNERS: usize = 2_000;

/// Whether an element must lie on the parcel by itself: feeds, lines and roads come in from
/// outside, and what stands in a hall lies where the hall does.
fn belongs(element: ElementRef<'_>, is_housed: bool) -> bool {
    match element {
        ElementRef::Feed(_)
        | ElementRef::Loop(_)
        | ElementRef::Row(_)
        | ElementRef::Constraint(_) => false,
        ElementRef::Area(area) => !matches!(area.kind, AreaKind::Road | AreaKind::Corridor),
        ElementRef::Node(node) => node.kind != NodeKind::Feeder,
        ElementRef::Block(_) | ElementRef::NetworkRack(_) => !is_housed,
        _ => true,
    }
}

/// Whether an element lies on the parcel; `None` where that is no question.
pub(super) fn is_inside(site: &Site, element: ElementRef<'_>) -> Option<bool> {
    let is_housed = element.hall().is_some_and(|id| site.halls.iter().any(|g| g.is_of(id)));
    lies(&site.terms.site.parcel, element, is_housed)
}

fn lies(parcel: &[[f64; 2]], element: ElementRef<'_>, is_housed: bool) -> Option<bool> {
    if parcel.len() < 3 || !belongs(element, is_housed) {
        return None;
    }
    let (at, size) = element.rectangle()?;
    let rectangle = Rectangle::new(at, size);
    rectangle.is_solid().then(|| ground::holds(parcel, rectangle))
}

/// Distance from a battery on the parcel to the nearest boundary.
pub(super) fn to_boundary_m(site: &Site, element: ElementRef<'_>) -> Option<f64> {
    if !matches!(element, ElementRef::Battery(_)) || is_inside(site, element) != Some(true) {
        return None;
    }
    let (at, size) = element.rectangle()?;
    Some(ground::distance_to_edge(&site.terms.site.parcel, Rectangle::new(at, size)))
}

fn check(context: &Context, report: &mut Report) {
    let site = context.site;
    if let Some((a, b)) = ground::crossing(&site.terms.site.parcel, MOST_CORNERS) {
        let message = format!("The sides of the parcel from its corners {a} and {b} cross");
        let hint = "Put the corners in their order around the parcel";
        warning(report, "parcel-crosses", "site.parcel".into(), message, hint);
    }
    if !context.built() {
        return;
    }
    let campus = site.campus.elements().map(|e| (e, false));
    let halls = site.halls.iter().flat_map(|g| g.elements().map(|e| (e, g.hall.is_some())));
    for (element, is_housed) in campus.chain(halls) {
        let is_hall = matches!(element, ElementRef::Hall(_));
        if lies(&site.terms.site.parcel, element, is_housed && !is_hall) == Some(false) {
            let message =
                format!("The {} `{}` reaches beyond the parcel", element.kind_name(), element.id());
            let hint = "Move it inside, or correct the outline of the parcel";
            warning(report, "outside-parcel", format!("{}.at", element.path()), message, hint);
        }
        let limit = limit_m(context.catalog, "battery-m");
        if let (Some(distance), Some(limit)) = (to_boundary_m(site, element), limit)
            && distance + TOLERANCE_M < limit
        {
            let message = format!(
                "`{}` stands {} from the boundary; batteries keep {} from lot lines",
                element.id(),
                metres(distance),
                metres(limit)
            );
            let hint = "Move it inwards, or change practice.battery-m";
            warning(report, "near-boundary", format!("{}.at", element.path()), message, hint);
        }
    }
}
