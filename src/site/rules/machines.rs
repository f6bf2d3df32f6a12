//! No two machines stand in one place.

use super::Rule;
use super::context::{Context, error};
use super::spacing::MOST_NEIGHBOURS;
use crate::diag::Report;
use crate::site::ElementRef;
use crate::site::ground::Rectangle;
use rstar::primitives::{GeomWithData, Rectangle as Envelope};
use rstar::{AABB, RTree};

pub(super) const RULE: Rule = Rule {
    name: "machines",
    about: "Transformers, CDUs, dry coolers, generators, batteries and racks do not overlap; a machine may stand inside a substation.",
    codes: &[("machines-overlap", "two machines, or a machine and racks, overlap")],
    check,
};

/// Whether an element stands on the floor by itself: cables run below it, busways above it,
/// a substation is a yard around its machines.
fn stands(element: ElementRef<'_>) -> bool {
    element.is_machine() || is_rack(element)
}

/// Racks among themselves are the business of their hall's rule.
fn is_rack(element: ElementRef<'_>) -> bool {
    matches!(element, ElementRef::Block(_) | ElementRef::NetworkRack(_))
}

/// Whether two elements cannot stand as they do.
pub(super) fn collide(a: ElementRef<'_>, b: ElementRef<'_>) -> bool {
    let solid = |e: ElementRef<'_>| {
        let (at, size) = e.rectangle()?;
        Some(Rectangle::new(at, size)).filter(|r| r.is_solid() && stands(e))
    };
    let (Some(first), Some(second)) = (solid(a), solid(b)) else { return false };
    !(is_rack(a) && is_rack(b)) && first.overlaps(second)
}

fn check(context: &Context, report: &mut Report) {
    if !context.built() {
        return;
    }
    let standing: Vec<ElementRef<'_>> = context.site.elements().filter(|e| stands(*e)).collect();
    let boxes: Vec<GeomWithData<Envelope<[f64; 2]>, usize>> = standing
        .iter()
        .enumerate()
        .filter(|(_, e)| !is_rack(**e))
        .filter_map(|(i, e)| {
            let (at, size) = e.rectangle()?;
            let r = Rectangle::new(at, size);
            let corners = ([r.x[0], r.y[0]], [r.x[1], r.y[1]]);
            r.is_solid().then(|| GeomWithData::new(Envelope::from_corners(corners.0, corners.1), i))
        })
        .collect();
    let tree = RTree::bulk_load(boxes);
    for (i, element) in standing.iter().enumerate() {
        let Some((at, size)) = element.rectangle() else { continue };
        let r = Rectangle::new(at, size);
        if !r.is_solid() {
            continue;
        }
        let around = AABB::from_corners([r.x[0], r.y[0]], [r.x[1], r.y[1]]);
        let near = tree.locate_in_envelope_intersecting(around).take(MOST_NEIGHBOURS);
        let machines = near.map(|g| g.data);
        let first = machines
            .filter(|k| *k < i || (is_rack(*element) && *k != i))
            .filter(|k| collide(standing[*k], *element))
            .min();
        if let Some(k) = first {
            let (a, b) = (standing[k], *element);
            let message = format!("The {} `{}` and `{}` overlap", b.kind_name(), b.id(), a.id());
            let path = format!("{}.at", b.path());
            error(report, "machines-overlap", path, message, "Move one of them");
        }
    }
}
