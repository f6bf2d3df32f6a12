//! Distances that copies of elements keep from each other and from what stands already.
//!
//! They come of the table of the spacing rule and are measured by its function, so that what
//! is placed with them passes it.

use super::spacing::{Body, Class, SPACINGS, gap_m, limit_m};
use crate::catalog::Catalog;
use crate::site::ground::{Rectangle, TOLERANCE_M};
use crate::site::{ElementRef, Infrastructure, Row, Site, runs_along_x};

/// Metres to leave east to west and north to south between elements and a copy of them beside
/// or below, so that every spacing of the catalogue is kept: an aisle across the faces of
/// racks, nothing from end to end of their lines.
pub fn clearance_m(catalog: &Catalog, elements: &[ElementRef<'_>]) -> [f64; 2] {
    let bodies: Vec<Body<'_>> = elements.iter().filter_map(|e| Body::of(*e)).collect();
    let rows = elements.iter().filter_map(|e| match e {
        ElementRef::Row(row) => Some(faces_north(row)),
        _ => None,
    });
    let racks = bodies.iter().filter(|b| b.class == Class::Rack).map(|b| b.faces_north);
    let faces: Vec<bool> = racks.chain(rows).collect();
    let mut gap = [0.0_f64; 2];
    for spacing in SPACINGS {
        let Some(limit) = limit_m(catalog, spacing.figure) else { continue };
        if spacing.from == Class::Rack {
            if faces.contains(&true) {
                gap[1] = gap[1].max(limit);
            }
            if faces.contains(&false) {
                gap[0] = gap[0].max(limit);
            }
        } else if bodies.iter().any(|b| b.class == spacing.from)
            && bodies.iter().any(|b| spacing.to.contains(&b.class))
        {
            gap = gap.map(|g| g.max(limit));
        }
    }
    gap
}

/// Whether the racks of a row look north and south.
fn faces_north(row: &Row) -> bool {
    runs_along_x(row.size, 1, 1)
}

/// Whether copies of elements, moved by metres, would keep every spacing to what stands on
/// the site.
pub fn keeps_clear(
    site: &Site,
    catalog: &Catalog,
    copied: &[ElementRef<'_>],
    by: [f64; 2],
) -> bool {
    if site.terms.site.infrastructure != Infrastructure::Built {
        return true;
    }
    let limits: Vec<_> =
        SPACINGS.iter().filter_map(|s| Some((s, limit_m(catalog, s.figure)?))).collect();
    let farthest = limits.iter().map(|(_, limit)| *limit).fold(0.0, f64::max);
    copied.iter().filter_map(|e| Body::of(*e)).all(|mut body| {
        let Some((at, size)) = body.element.rectangle() else { return true };
        let at = [at[0] + by[0], at[1] + by[1]];
        body.rectangle = Rectangle::new(at, size);
        body.row = row_at(site, [at[0] + size[0] / 2.0, at[1] + size[1] / 2.0]);
        site.elements().filter_map(Body::of).all(|other| {
            body.rectangle.distance(other.rectangle) > farthest
                || limits.iter().all(|(spacing, limit)| {
                    gap_m(spacing, &body, &other).is_none_or(|gap| gap + TOLERANCE_M >= *limit)
                })
        })
    })
}

/// The row that a point lies in.
fn row_at(site: &Site, [x, y]: [f64; 2]) -> Option<&str> {
    let holds = |row: &&Row| {
        let ([left, top], [width, height]) = (row.at, row.size);
        x >= left && x <= left + width && y >= top && y <= top + height
    };
    site.halls.iter().flat_map(|g| &g.rows).find(holds).map(|row| row.id.as_str())
}
