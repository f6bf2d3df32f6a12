//! Whether rectangles fit among what stands on the site, and in words why they do not.

use super::Place;
use crate::catalog::{Catalog, EquipmentKind};
use crate::editor::relocate::around;
use crate::editor::room::{inside, overlap};
use crate::site::{AreaKind, ElementRef, Hall, NodeKind, Site};

/// How a thing stands on the ground, which says what it may not overlap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stand {
    /// Inside one hall, on floor of its own.
    Rack,
    /// Inside one hall, apart from other rows; racks stand on it.
    Row,
    Hall,
    /// A machine that may stand in a hall or beside it.
    Machine,
    /// A machine that has no place under a roof.
    Outdoor,
    /// Fenced ground that main transformers stand on.
    Yard,
    /// Above or below everything else.
    Line,
    /// Ground under everything.
    Ground,
}

impl Stand {
    pub(super) fn of(kind: EquipmentKind) -> Self {
        use EquipmentKind as K;
        match kind {
            K::NetworkRack => Stand::Rack,
            K::Hall => Stand::Hall,
            K::MainTransformer | K::Generator | K::Battery => Stand::Outdoor,
            K::Switchgear => Stand::Yard,
            K::UnitTransformer | K::Ups | K::Cdu | K::HeatRejection | K::AirCooling => {
                Stand::Machine
            }
            K::Cable | K::Busway => Stand::Line,
            K::GridFeed | K::Building | K::Road | K::Yard | K::Pad | K::Water | K::Laydown => {
                Stand::Ground
            }
        }
    }

    /// How an element of the site stands.
    pub(super) fn of_element(element: ElementRef<'_>, catalog: &Catalog) -> Self {
        match element {
            ElementRef::Block(_) | ElementRef::NetworkRack(_) => Stand::Rack,
            ElementRef::Row(_) => Stand::Row,
            ElementRef::Hall(_) => Stand::Hall,
            ElementRef::Node(node) => {
                let made = node.equipment.as_ref().and_then(|id| catalog.equipment.get(id));
                match (node.kind, made.map(|e| e.kind)) {
                    (_, Some(EquipmentKind::Ups)) => Stand::Machine,
                    (NodeKind::MainTransformer, _) => Stand::Outdoor,
                    (NodeKind::Substation, _) => Stand::Yard,
                    (NodeKind::UnitSubstation, _) => Stand::Machine,
                    (NodeKind::Feeder | NodeKind::Busway, _) => Stand::Line,
                }
            }
            ElementRef::Cdu(..) | ElementRef::Rejection(..) => Stand::Machine,
            ElementRef::Generator(_) | ElementRef::Battery(_) => Stand::Outdoor,
            ElementRef::Area(area) if area.kind == AreaKind::Building => Stand::Ground,
            ElementRef::Feed(_)
            | ElementRef::Loop(_)
            | ElementRef::Area(_)
            | ElementRef::Constraint(_)
            | ElementRef::Underlay(_) => Stand::Ground,
        }
    }

    /// Whether the two cannot share ground.
    fn excludes(self, other: Stand) -> bool {
        use Stand as S;
        match (self, other) {
            (S::Ground | S::Line, _) | (_, S::Ground | S::Line) => false,
            // Rows lie under their racks, and beside each other.
            (S::Row, S::Row) => true,
            (S::Row, _) | (_, S::Row) => false,
            // A hall is around its racks and machines, but nothing that stands outdoors.
            (S::Hall, S::Hall | S::Outdoor | S::Yard) => true,
            (S::Outdoor | S::Yard, S::Hall) => true,
            (S::Hall, _) | (_, S::Hall) => false,
            // Transformers stand on the ground of their substation.
            (S::Yard, S::Outdoor | S::Machine) | (S::Outdoor | S::Machine, S::Yard) => false,
            (S::Rack | S::Machine | S::Outdoor | S::Yard, _) => true,
        }
    }

    fn is_indoors(self) -> bool {
        matches!(self, Stand::Rack | Stand::Row)
    }
}

/// Why the pieces cannot stand there; `None` where they can.
pub(super) fn refusal(
    site: &Site,
    catalog: &Catalog,
    stand: Stand,
    pieces: &[(Place, u32)],
) -> Option<String> {
    let places: Vec<Place> = pieces.iter().map(|p| p.0).collect();
    if stand.is_indoors() {
        for place in &places {
            if let Err(why) = hall_of(site, *place) {
                return Some(why);
            }
        }
    } else {
        let parcel = &site.terms.site.parcel;
        if parcel.len() > 2 && places.iter().any(|p| !within(parcel, *p)) {
            return Some("Outside the parcel".to_owned());
        }
    }
    blocked(site, catalog, stand, &places, &|_| false)
}

/// The name of something in the way; `ignored` elements are none.
pub(super) fn blocked(
    site: &Site,
    catalog: &Catalog,
    stand: Stand,
    places: &[Place],
    ignored: &dyn Fn(&str) -> bool,
) -> Option<String> {
    let (from, to) = around(places.iter().copied())?;
    let whole = (from, [to[0] - from[0], to[1] - from[1]]);
    let hit = site.elements().find(|other| {
        let Some(rectangle) = other.rectangle() else { return false };
        overlap(whole, rectangle)
            && stand.excludes(Stand::of_element(*other, catalog))
            && !ignored(other.id())
            && places.iter().any(|place| overlap(*place, rectangle))
    })?;
    Some(format!("Overlaps {}", crate::editor::label::called(hit)))
}

/// The hall that a rectangle stands in whole.
///
/// # Errors
/// A sentence: in none, or beyond the walls of one.
pub(super) fn hall_of(site: &Site, place: Place) -> Result<&Hall, String> {
    let halls = || site.halls.iter().filter_map(|g| g.hall.as_ref());
    if let Some(hall) = halls().find(|h| inside(place, (h.at, h.size))) {
        return Ok(hall);
    }
    match halls().find(|h| overlap(place, (h.at, h.size))) {
        Some(hall) => Err(format!("Reaches beyond {}", hall.name)),
        None => Err("Outside every hall".to_owned()),
    }
}

/// Whether an upright rectangle lies in an outline, its edge included.
pub(super) fn within(outline: &[[f64; 2]], (at, size): Place) -> bool {
    // A hair inwards, so that what stands on the edge is inside.
    const HAIR_M: f64 = 1e-6;
    let (low, high) =
        (at.map(|v| v + HAIR_M), [at[0] + size[0], at[1] + size[1]].map(|v| v - HAIR_M));
    let corners = [low, [high[0], low[1]], high, [low[0], high[1]]];
    let edges = |points: &[[f64; 2]]| -> Vec<[[f64; 2]; 2]> {
        let next = points.iter().cycle().skip(1);
        points.iter().zip(next).map(|(a, b)| [*a, *b]).collect()
    };
    corners.iter().all(|c| holds(outline, *c))
        && !edges(outline).iter().any(|a| edges(&corners).iter().any(|b| cross(*a, *b)))
}

/// By the ray to the east.
fn holds(outline: &[[f64; 2]], [x, y]: [f64; 2]) -> bool {
    let next = outline.iter().cycle().skip(1);
    let crossed = outline.iter().zip(next).filter(|(a, b)| {
        (a[1] > y) != (b[1] > y) && x < a[0] + (y - a[1]) / (b[1] - a[1]) * (b[0] - a[0])
    });
    crossed.count() % 2 == 1
}

/// Twice the signed area of a triangle.
fn turn(a: [f64; 2], b: [f64; 2], c: [f64; 2]) -> f64 {
    (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
}

/// Whether two lines pass through each other; touching ends do not.
fn cross([a, b]: [[f64; 2]; 2], [c, d]: [[f64; 2]; 2]) -> bool {
    turn(a, b, c) * turn(a, b, d) < 0.0 && turn(c, d, a) * turn(c, d, b) < 0.0
}

/// Area of an outline by the shoelace formula, square metres.
pub(super) fn area_m2(outline: &[[f64; 2]]) -> f64 {
    let next = outline.iter().cycle().skip(1);
    let twice: f64 = outline.iter().zip(next).map(|(a, b)| a[0] * b[1] - b[0] * a[1]).sum();
    (twice / 2.0).abs()
}

/// Why corners make no parcel.
pub(super) fn bad_outline(corners: &[[f64; 2]]) -> Option<String> {
    if corners.iter().flatten().any(|v| !v.is_finite()) {
        return Some("A corner is not a finite number of metres".to_owned());
    }
    if corners.len() < 3 {
        return Some("A parcel has at least three corners".to_owned());
    }
    let n = corners.len();
    let edge = |i: usize| [corners[i % n], corners[(i + 1) % n]];
    for i in 0..n {
        if (i + 2..n).any(|j| cross(edge(i), edge(j))) {
            return Some("The outline crosses itself".to_owned());
        }
    }
    (area_m2(corners) < 1.0).then(|| "The outline encloses nothing".to_owned())
}
