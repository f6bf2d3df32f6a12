//! What stands on the ground keeps the distance that practice asks for.
//!
//! The distances are figures of the catalogue; which kinds keep which is the table
//! [`SPACINGS`].

use super::Rule;
use super::context::{Context, warning};
use crate::catalog::Catalog;
use crate::diag::Report;
use crate::site::grid::RackGrid;
use crate::site::ground::{Rectangle, TOLERANCE_M};
use crate::site::{AreaKind, ElementRef, NodeKind, Site};
use crate::units::Length;
use crate::units::format;
use rstar::primitives::{GeomWithData, Rectangle as Envelope};
use rstar::{AABB, RTree};

pub(super) const RULE: Rule = Rule {
    name: "spacing",
    about: "Rows leave aisles, CDUs a front to work at, dry coolers air, transformers, generators, batteries and buildings the separation that practice asks for.",
    codes: &[("too-close", "two things stand nearer to each other than practice allows")],
    check,
};

/// Kinds of things that keep distances.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    Rack,
    Cdu,
    Cooler,
    /// Filled with oil, outdoors.
    Transformer,
    /// On a pad or in a hall, medium to low voltage.
    UnitTransformer,
    Generator,
    Battery,
    Building,
}

const CLASSES: [Class; 8] = [
    Class::Rack,
    Class::Cdu,
    Class::Cooler,
    Class::Transformer,
    Class::UnitTransformer,
    Class::Generator,
    Class::Battery,
    Class::Building,
];

/// A distance between two kinds of things.
pub(super) struct Spacing {
    /// Figure of the catalogue, metres.
    pub figure: &'static str,
    /// What is checked, for the inspector.
    pub name: &'static str,
    /// What the finding says of it.
    why: &'static str,
    pub from: Class,
    pub to: &'static [Class],
}

pub(super) const SPACINGS: &[Spacing] = &[
    Spacing {
        figure: "aisle-m",
        name: "Aisle",
        why: "an aisle for service and air",
        from: Class::Rack,
        to: &[Class::Rack],
    },
    Spacing {
        figure: "cdu-front-m",
        name: "Front of CDUs",
        why: "room to work at CDUs",
        from: Class::Cdu,
        to: &[Class::Rack],
    },
    Spacing {
        figure: "dry-cooler-m",
        name: "Air of dry coolers",
        why: "air for dry coolers",
        from: Class::Cooler,
        to: &[Class::Cooler, Class::Building],
    },
    Spacing {
        figure: "transformer-m",
        name: "Separation of transformers",
        why: "separation of oil-filled transformers without a fire wall",
        from: Class::Transformer,
        to: &[Class::Transformer, Class::Generator, Class::Battery, Class::Building],
    },
    Spacing {
        figure: "unit-transformer-m",
        name: "Transformer to building",
        why: "separation of pad-mounted transformers from openings",
        from: Class::UnitTransformer,
        to: &[Class::Building],
    },
    Spacing {
        figure: "generator-m",
        name: "Generator to building",
        why: "separation of engines from openings",
        from: Class::Generator,
        to: &[Class::Building],
    },
    Spacing {
        figure: "battery-m",
        name: "Separation of batteries",
        why: "separation of batteries",
        from: Class::Battery,
        to: &[Class::Battery, Class::Generator, Class::Building],
    },
    Spacing {
        figure: "building-m",
        name: "Between buildings",
        why: "space for fire and access",
        from: Class::Building,
        to: &[Class::Building],
    },
];

/// Something that keeps a distance.
#[derive(Clone, Copy)]
pub(super) struct Body<'a> {
    pub element: ElementRef<'a>,
    pub rectangle: Rectangle,
    pub class: Class,
    pub row: Option<&'a str>,
    /// Whether racks look north and south.
    pub faces_north: bool,
}

impl<'a> Body<'a> {
    pub fn of(element: ElementRef<'a>) -> Option<Self> {
        let class = match element {
            ElementRef::Block(_) | ElementRef::NetworkRack(_) => Class::Rack,
            ElementRef::Cdu(..) => Class::Cdu,
            ElementRef::Rejection(..) => Class::Cooler,
            ElementRef::Generator(_) => Class::Generator,
            ElementRef::Battery(_) => Class::Battery,
            ElementRef::Hall(_) => Class::Building,
            ElementRef::Area(area) if area.kind == AreaKind::Building => Class::Building,
            ElementRef::Node(node) => match node.kind {
                NodeKind::MainTransformer => Class::Transformer,
                NodeKind::UnitSubstation => Class::UnitTransformer,
                NodeKind::Substation | NodeKind::Feeder | NodeKind::Busway => return None,
            },
            _ => return None,
        };
        let (at, size) = element.rectangle()?;
        let rectangle = Rectangle::new(at, size);
        let (row, faces_north) = match element {
            ElementRef::Block(block) => (block.row.as_deref(), RackGrid::of(block).faces_north()),
            // One rack, deeper than wide.
            _ => (None, size[0] <= size[1]),
        };
        rectangle.is_solid().then_some(Self { element, rectangle, class, row, faces_north })
    }
}

/// Clear distance that a spacing is about; `None` where it is not about these two: one
/// stands in the other, they share a wall, or the gap is between the ends of a row.
pub(super) fn gap_m(spacing: &Spacing, a: &Body<'_>, b: &Body<'_>) -> Option<f64> {
    let fits =
        |a: &Body<'_>, b: &Body<'_>| a.class == spacing.from && spacing.to.contains(&b.class);
    if !fits(a, b) && !fits(b, a) {
        return None;
    }
    // Overlap is another rule's, and a machine may stand in a building.
    if a.rectangle.overlaps(b.rectangle) {
        return None;
    }
    let [x, y] = a.rectangle.gaps(b.rectangle);
    match (a.class, b.class) {
        (Class::Rack, Class::Rack) => {
            if a.row.is_some() && a.row == b.row {
                return None;
            }
            // Across the face of one of the two, not from end to end.
            let crosses = |gap: f64, other: f64, faces: bool| {
                (faces && gap >= -TOLERANCE_M && other < -TOLERANCE_M).then_some(gap.max(0.0))
            };
            let over_y = crosses(y, x, a.faces_north || b.faces_north);
            over_y.or_else(|| crosses(x, y, !a.faces_north || !b.faces_north))
        }
        (Class::Building, Class::Building) => {
            let distance = a.rectangle.distance(b.rectangle);
            (distance > TOLERANCE_M).then_some(distance)
        }
        _ => Some(a.rectangle.distance(b.rectangle)),
    }
}

/// The figure of a spacing in metres; `None` where the catalogue does not know it.
pub(super) fn limit_m(catalog: &Catalog, figure: &str) -> Option<f64> {
    catalog.practice.get(figure).and_then(|p| p.value.get())
}

fn check(context: &Context, report: &mut Report) {
    if !context.built() {
        return;
    }
    let bodies: Vec<Body<'_>> = context.site.elements().filter_map(Body::of).collect();
    // One index a kind: halls are full of racks that no other building asks about.
    let tree = |class: Class| {
        let own = bodies.iter().enumerate().filter(|(_, b)| b.class == class);
        RTree::bulk_load(own.map(|(i, b)| entry(i, b.rectangle)).collect())
    };
    let trees: Vec<(Class, RTree<Entry>)> = CLASSES.iter().map(|c| (*c, tree(*c))).collect();
    let limits: Vec<_> =
        SPACINGS.iter().filter_map(|s| Some((s, limit_m(context.catalog, s.figure)?))).collect();
    for (i, body) in bodies.iter().enumerate() {
        for (spacing, limit) in limits.iter().filter(|(s, _)| s.from == body.class) {
            let r = body.rectangle;
            let near = AABB::from_corners(
                [r.x[0] - limit, r.y[0] - limit],
                [r.x[1] + limit, r.y[1] + limit],
            );
            let asked = trees.iter().filter(|(class, _)| spacing.to.contains(class));
            let mut others: Vec<usize> = asked
                .flat_map(|(_, t)| t.locate_in_envelope_intersecting(near).take(MOST_NEIGHBOURS))
                .map(|g| g.data)
                // Of two of one kind the later is named, once.
                .filter(|k| *k < i || bodies[*k].class != body.class)
                .collect();
            // The tree's order is its own; findings follow the file.
            others.sort_unstable();
            for k in others {
                too_close(spacing, *limit, (body, &bodies[k]), report);
            }
        }
        lines(context, body, report);
    }
}

type Entry = GeomWithData<Envelope<[f64; 2]>, usize>;

fn entry(i: usize, r: Rectangle) -> Entry {
    GeomWithData::new(Envelope::from_corners([r.x[0], r.y[0]], [r.x[1], r.y[1]]), i)
}

/// Neighbours of one thing that are asked: more stand there only where everything lies in
/// one heap, which is said once for each.
pub(super) const MOST_NEIGHBOURS: usize = 256;

fn too_close(
    spacing: &Spacing,
    limit_m: f64,
    (body, other): (&Body<'_>, &Body<'_>),
    report: &mut Report,
) {
    let Some(gap) = gap_m(spacing, body, other) else { return };
    if gap + TOLERANCE_M >= limit_m {
        return;
    }
    let (a, b) = (body.element, other.element);
    let message = format!(
        "`{}` stands {} from `{}`; {} takes {}",
        a.id(),
        metres(gap),
        b.id(),
        spacing.why,
        metres(limit_m)
    );
    let hint =
        format!("Move them {} apart, or change practice.{}", metres(limit_m - gap), spacing.figure);
    warning(report, "too-close", format!("{}.at", a.path()), message, &hint);
}

/// Aisle between the lines of a block; `None` where it has one line, or the depth of its
/// racks is unknown.
pub(super) fn inner_aisle_m(catalog: &Catalog, element: ElementRef<'_>) -> Option<f64> {
    let ElementRef::Block(block) = element else { return None };
    let grid = RackGrid::of(block);
    if grid.lines < 2 {
        return None;
    }
    let planned = block.planned.iter().flat_map(|p| &p.racks);
    let types = block.rack.iter().chain(planned);
    let depth = types.filter_map(|t| catalog.racks.get(t)?.depth_m.get()).reduce(f64::max)?;
    Some((grid.line_pitch_m() - depth).max(0.0))
}

fn lines(context: &Context, body: &Body<'_>, report: &mut Report) {
    let aisle = inner_aisle_m(context.catalog, body.element);
    let (Some(aisle), Some(limit)) = (aisle, limit_m(context.catalog, "aisle-m")) else { return };
    if aisle + TOLERANCE_M < limit {
        let id = body.element.id();
        let message = format!(
            "The lines of `{id}` leave {} between them; an aisle for service and air takes {}",
            metres(aisle),
            metres(limit)
        );
        let hint = "Make the block deeper, put more racks in a line, or change practice.aisle-m";
        warning(report, "too-close", format!("blocks.{id}.size"), message, hint);
    }
}

/// A distance to the decimetre, to the centimetre where it is short.
pub(super) fn metres(m: f64) -> String {
    if m < 10.0 {
        format!("{m:.2} m")
    } else {
        format::length(Length::m(m), format::System::Metric)
    }
}

/// The nearest thing that a spacing asks one body to keep away from, with the distance.
pub(super) fn nearest<'a>(
    site: &'a Site,
    spacing: &Spacing,
    body: &Body<'_>,
) -> Option<(f64, ElementRef<'a>)> {
    let own = body.element.path();
    let others = site.elements().filter_map(Body::of);
    others
        .filter_map(|other| Some((gap_m(spacing, body, &other)?, other.element)))
        .filter(|(_, other)| other.path() != own)
        .min_by(|a, b| a.0.total_cmp(&b.0))
}

/// Spacings that a body keeps, on either side.
pub(super) fn spacings_of(body: &Body<'_>) -> impl Iterator<Item = &'static Spacing> {
    let class = body.class;
    SPACINGS.iter().filter(move |s| s.from == class || s.to.contains(&class))
}
