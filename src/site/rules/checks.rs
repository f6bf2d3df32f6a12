//! The checks of one element with their figures, as the inspector shows them.
//!
//! They measure with the functions of the rules, so that both agree; they ask one element
//! and its neighbours, not the whole site.

use super::spacing::{self, Body};
use super::{cables, constraints, floor, machines, parcel};
use crate::catalog::Catalog;
use crate::site::ground::{Rectangle, TOLERANCE_M};
use crate::site::{Block, ElementRef, HallGroup, Infrastructure, Site};

/// How a check stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CheckState {
    Pass,
    /// A figure that it needs is unknown.
    Unknown,
    /// Against practice.
    Warn,
    /// Impossible.
    Fail,
}

/// Which side of the limit is right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    AtLeast,
    AtMost,
}

/// One check of one element.
#[derive(Clone, Debug, PartialEq)]
pub struct CheckResult {
    /// Code of the finding where it does not pass.
    pub code: &'static str,
    /// A few words, e.g. `Floor load`.
    pub name: String,
    pub state: CheckState,
    /// What is measured; `None` where it is unknown or no quantity.
    pub figure: Option<f64>,
    pub limit: Option<f64>,
    pub bound: Bound,
    /// Unit of figure and limit; empty where they are no quantities.
    pub unit: &'static str,
    /// What stands in the way, or what it is measured to: an element path.
    pub other: Option<String>,
    /// One line: what it is measured to, what is needed, why it fails.
    pub note: String,
    /// Id of the practice figure behind the limit.
    pub practice: Option<&'static str>,
}

impl CheckResult {
    pub fn passes(&self) -> bool {
        self.state == CheckState::Pass
    }
}

/// A figure against a limit.
pub(super) struct Measured {
    pub figure: Option<f64>,
    pub limit: Option<f64>,
    pub bound: Bound,
}

impl Measured {
    /// `broken` where the figure is on the wrong side.
    fn state(&self, broken: CheckState) -> CheckState {
        let (Some(figure), Some(limit)) = (self.figure, self.limit) else {
            return CheckState::Unknown;
        };
        let right = match self.bound {
            Bound::AtLeast => figure + TOLERANCE_M >= limit,
            Bound::AtMost => figure <= limit + TOLERANCE_M,
        };
        if right { CheckState::Pass } else { broken }
    }

    pub fn result(
        self,
        (code, name): (&'static str, &str),
        unit: &'static str,
        broken: CheckState,
    ) -> CheckResult {
        CheckResult {
            code,
            name: name.to_owned(),
            state: self.state(broken),
            figure: self.figure,
            limit: self.limit,
            bound: self.bound,
            unit,
            other: None,
            note: String::new(),
            practice: None,
        }
    }
}

/// Something that holds or not, without a figure.
pub(super) fn verdict(code: &'static str, name: &str, state: CheckState) -> CheckResult {
    let nothing = Measured { figure: None, limit: None, bound: Bound::AtLeast };
    CheckResult { state, ..nothing.result((code, name), "", state) }
}

/// All checks of an element; none where the layout's infrastructure is a reference. The
/// catalogue is that in force.
pub fn checks(site: &Site, catalog: &Catalog, element: ElementRef<'_>) -> Vec<CheckResult> {
    if site.terms.site.infrastructure != Infrastructure::Built {
        return Vec::new();
    }
    let mut all = Vec::new();
    floor_load(site, catalog, element, &mut all);
    clearances(site, catalog, element, &mut all);
    standing(site, element, &mut all);
    if let ElementRef::Block(block) = element {
        reach(site, catalog, block, &mut all);
        spread(catalog, block, &mut all);
    }
    if let Some(distance) = parcel::to_boundary_m(site, element) {
        let limit = spacing::limit_m(catalog, "battery-m");
        let measured = Measured { figure: Some(distance), limit, bound: Bound::AtLeast };
        let named = ("near-boundary", "Distance to the boundary");
        let result = measured.result(named, "m", CheckState::Warn);
        all.push(CheckResult { practice: Some("battery-m"), ..result });
    }
    all.extend(constraints::checks(site, element));
    all
}

fn group<'a>(site: &'a Site, hall: Option<&str>) -> Option<&'a HallGroup> {
    site.halls.iter().find(|g| hall.is_some_and(|id| g.is_of(id))).map(AsRef::as_ref)
}

fn floor_load(site: &Site, catalog: &Catalog, element: ElementRef<'_>, all: &mut Vec<CheckResult>) {
    let hall = match element {
        ElementRef::Hall(hall) => Some(hall.id.as_str()),
        ElementRef::Block(block) => block.hall.as_deref(),
        _ => None,
    };
    let Some(group) = group(site, hall) else { return };
    let measured = Measured {
        figure: floor::load_kg_m2(catalog, group),
        limit: group.hall.as_ref().and_then(|h| h.floor_kg_m2),
        bound: Bound::AtMost,
    };
    let note = match (measured.figure, measured.limit) {
        (None, _) => "The mass of a rack type is unknown",
        (_, None) => "What the floor bears is not entered",
        _ => "Installed racks, mean of the hall",
    };
    let result = measured.result(("floor-load", "Floor load"), "kg/m²", CheckState::Warn);
    all.push(CheckResult { note: note.to_owned(), ..result });
}

fn clearances(site: &Site, catalog: &Catalog, element: ElementRef<'_>, all: &mut Vec<CheckResult>) {
    let Some(body) = Body::of(element) else { return };
    for spacing in spacing::spacings_of(&body) {
        let Some((gap, other)) = spacing::nearest(site, spacing, &body) else { continue };
        let limit = spacing::limit_m(catalog, spacing.figure);
        // What is far away is no neighbour, and would bury what matters.
        if limit.is_some_and(|limit| gap > 10.0 * limit) {
            continue;
        }
        let measured = Measured { figure: Some(gap), limit, bound: Bound::AtLeast };
        let result = measured.result(("too-close", spacing.name), "m", CheckState::Warn);
        all.push(CheckResult {
            other: Some(other.path()),
            note: format!("To {}", other.name()),
            practice: Some(spacing.figure),
            ..result
        });
    }
    if let Some(aisle) = spacing::inner_aisle_m(catalog, element) {
        let limit = spacing::limit_m(catalog, "aisle-m");
        let measured = Measured { figure: Some(aisle), limit, bound: Bound::AtLeast };
        let result = measured.result(("too-close", "Aisle between lines"), "m", CheckState::Warn);
        all.push(CheckResult { practice: Some("aisle-m"), ..result });
    }
}

/// In the hall, on the parcel, beside other machines.
fn standing(site: &Site, element: ElementRef<'_>, all: &mut Vec<CheckResult>) {
    if let Some(inside) = parcel::is_inside(site, element) {
        let state = if inside { CheckState::Pass } else { CheckState::Warn };
        all.push(verdict("outside-parcel", "On the parcel", state));
    }
    let in_hall = group(site, element.hall()).and_then(|g| g.hall.as_ref());
    if let (Some(hall), Some((at, size))) = (in_hall, element.rectangle())
        && !matches!(element, ElementRef::Row(_))
    {
        let inside = Rectangle::new(hall.at, hall.size).contains(Rectangle::new(at, size));
        let state = if inside { CheckState::Pass } else { CheckState::Warn };
        let result = verdict("outside-hall", "Inside its hall", state);
        all.push(CheckResult { note: hall.name.clone(), ..result });
    }
    let path = element.path();
    let hit = site.elements().find(|other| {
        (machines::collide(element, *other) || super::geometry::collide(element, *other))
            && other.path() != path
    });
    if let Some(other) = hit {
        let result = verdict("overlap", "Free of others", CheckState::Fail);
        all.push(CheckResult {
            other: Some(other.path()),
            note: format!("Overlaps {}", other.name()),
            ..result
        });
    }
}

fn reach(site: &Site, catalog: &Catalog, block: &Block, all: &mut Vec<CheckResult>) {
    let racks = cables::network_racks(site);
    let known = block.network.iter().filter_map(|id| racks.get(id.as_str()));
    let reaches = known.filter_map(|r| Some((cables::reach_m(catalog, block, r)?, *r)));
    let Some((length, rack)) = reaches.max_by(|a, b| a.0.total_cmp(&b.0)) else { return };
    let medium = cables::medium_for(catalog, length);
    let limit = medium.map(|(_, reach)| reach).or_else(|| cables::longest_m(catalog));
    let measured = Measured { figure: Some(length), limit, bound: Bound::AtMost };
    let result = measured.result(("out-of-reach", "Network reach"), "m", CheckState::Fail);
    let needed = medium.map_or("beyond every medium", |(m, _)| m.name);
    all.push(CheckResult {
        other: Some(format!("network_racks.{}", rack.id)),
        note: format!("To {}: {needed}", rack.name),
        practice: medium.map(|(m, _)| m.figure),
        ..result
    });
}

fn spread(catalog: &Catalog, block: &Block, all: &mut Vec<CheckResult>) {
    let Some(domain) = cables::domain(catalog, block) else { return };
    let measured = Measured {
        figure: domain.cable_m,
        limit: cables::domain_limit_m(catalog),
        bound: Bound::AtMost,
    };
    let note = match domain.cable_m.map(|length| cables::medium_for(catalog, length)) {
        None => format!("A domain of {} racks reaches into other blocks", domain.racks),
        Some(None) => format!("{} racks: beyond every medium", domain.racks),
        Some(Some((medium, _))) => format!("{} racks: {}", domain.racks, medium.name),
    };
    let result = measured.result(("domain-spread", "Domain spread"), "m", CheckState::Warn);
    all.push(CheckResult { note, practice: Some("domain-reach-m"), ..result });
}
