//! The rectangles of a placing. It knows sizes, never a site.

use super::unit::UnitLine;
use super::{MOST, Place, Placing, Shape, What, footprint};
use crate::catalog::{Catalog, EquipmentKind, Rack};

/// One rectangle for each rack, machine or thing.
///
/// # Errors
/// A sentence: a size that nobody knows, or a count or length that means nothing.
pub(super) fn boxes(placing: &Placing, catalog: &Catalog) -> Result<Vec<Place>, String> {
    if !placing.at.iter().all(|v| v.is_finite()) {
        return Err("The place is not a finite number of metres".to_owned());
    }
    let at = placing.at;
    match (&placing.what, &placing.shape) {
        (What::Racks(id), Shape::Lines { count, lines, pitch_m }) => {
            let rack = catalog.racks.get(id).ok_or_else(|| missing("rack type", id))?;
            lined(at, size_of(rack)?, ([*count, *lines], *pitch_m), placing.turned)
        }
        (What::Unit(id), Shape::Lines { count, lines, pitch_m }) => {
            UnitLine::of(catalog, id)?.boxes(placing, (*count, *lines), *pitch_m)
        }
        (What::Equipment(id), Shape::Field { columns, rows, pitch_m }) => {
            let record = catalog.equipment.get(id).ok_or_else(|| missing("equipment", id))?;
            let size = footprint(record).ok_or_else(|| {
                format!("The catalogue does not know the size of {}", record.name)
            })?;
            let across = |v: [f64; 2]| if placing.turned { [v[1], v[0]] } else { v };
            field(at, across(size), [*columns, *rows], across(*pitch_m))
        }
        (_, Shape::Size(size)) => {
            let size = if placing.turned { [size[1], size[0]] } else { *size };
            if size.iter().any(|v| !v.is_finite() || *v < LEAST_M) {
                return Err("It needs a length and a width".to_owned());
            }
            Ok(vec![(at, size)])
        }
        (_, Shape::Outline(_)) => Ok(Vec::new()),
        _ => Err("It cannot lie like that".to_owned()),
    }
}

/// Least length of a side, metres: less is a slip of the pointer.
const LEAST_M: f64 = 0.3;

fn missing(kind: &str, id: &str) -> String {
    format!("The catalogue has no {kind} `{id}`")
}

/// Width and depth of a rack.
pub(super) fn size_of(rack: &Rack) -> Result<[f64; 2], String> {
    let known = |v: Option<f64>| v.filter(|v| *v > 0.0);
    match (known(rack.width_m.get()), known(rack.depth_m.get())) {
        (Some(width), Some(depth)) => Ok([width, depth]),
        (None, _) => Err(format!("The catalogue does not know the width of {}", rack.name)),
        _ => Err(format!("The catalogue does not know the depth of {}", rack.name)),
    }
}

fn lined(
    at: [f64; 2],
    size: [f64; 2],
    (counts, pitch_m): ([u32; 2], f64),
    turned: bool,
) -> Result<Vec<Place>, String> {
    // One line has no pitch.
    let pitch_m = if counts[1] > 1 { pitch_m } else { size[1] };
    let (size, counts, pitch) = if turned {
        ([size[1], size[0]], [counts[1], counts[0]], [pitch_m, size[0]])
    } else {
        (size, counts, [size[0], pitch_m])
    };
    field(at, size, counts, pitch)
}

fn field(
    at: [f64; 2],
    size: [f64; 2],
    counts: [u32; 2],
    pitch: [f64; 2],
) -> Result<Vec<Place>, String> {
    let all = u64::from(counts[0]) * u64::from(counts[1]);
    if all == 0 {
        return Err("It needs at least one".to_owned());
    }
    if all > MOST {
        return Err(format!("At most {MOST} can be placed at once"));
    }
    for axis in 0..2 {
        let (n, pitch, size) = (counts[axis], pitch[axis], size[axis]);
        if n > 1 && !(pitch.is_finite() && pitch + 1e-9 >= size) {
            return Err("The pitch is less than the size".to_owned());
        }
    }
    let place = |column: u32, row: u32| {
        let by = [f64::from(column) * pitch[0], f64::from(row) * pitch[1]];
        ([tidy(at[0] + by[0]), tidy(at[1] + by[1])], size)
    };
    Ok((0..counts[1]).flat_map(|r| (0..counts[0]).map(move |c| place(c, r))).collect())
}

/// A millionth of a metre at most, so that sums of decimal steps stay decimal in the file.
pub(super) fn tidy(metres: f64) -> f64 {
    (metres * 1e6).round() / 1e6
}

/// The rectangles that become elements: a line of racks, a unit, a field of machines that one
/// element stands for, else each for itself. With the count of what is in each.
pub(super) fn pieces(placing: &Placing, catalog: &Catalog, boxes: &[Place]) -> Vec<(Place, u32)> {
    let along = |n: u32, per: usize| -> Vec<(Place, u32)> {
        let whole = boxes.chunks(per.max(1)).filter_map(around);
        whole.map(|place| (place, n)).collect()
    };
    match (&placing.what, &placing.shape) {
        (What::Racks(_), Shape::Lines { count, lines, .. }) => {
            let ordered = by_line(boxes, (*count, *lines), placing.turned);
            let whole = ordered.chunks((*count).max(1) as usize).filter_map(around);
            whole.map(|place| (place, *count)).collect()
        }
        (What::Unit(id), Shape::Lines { .. }) => {
            UnitLine::of(catalog, id).map_or_else(|_| Vec::new(), |unit| unit.pieces(boxes))
        }
        (What::Equipment(id), Shape::Field { .. })
            if catalog.equipment.get(id).is_some_and(|e| is_counted(e.kind)) =>
        {
            let n = u32::try_from(boxes.len()).unwrap_or(u32::MAX);
            along(n, boxes.len())
        }
        _ => along(1, 1),
    }
}

/// Kinds of which one element stands for a field of equal machines.
pub(super) fn is_counted(kind: EquipmentKind) -> bool {
    use EquipmentKind as K;
    matches!(kind, K::Cdu | K::HeatRejection | K::Generator | K::Battery)
}

/// Line by line, whichever way the lines run.
fn by_line(boxes: &[Place], (count, lines): (u32, u32), turned: bool) -> Vec<Place> {
    if !turned {
        return boxes.to_vec();
    }
    let (count, lines) = (count as usize, lines as usize);
    let at = |line: usize, i: usize| boxes.get(i * lines + line).copied();
    (0..lines).flat_map(|line| (0..count).filter_map(move |i| at(line, i))).collect()
}

/// What lies around rectangles.
pub(super) fn around(boxes: &[Place]) -> Option<Place> {
    let (from, to) = crate::editor::relocate::around(boxes.iter().copied())?;
    Some((from, [tidy(to[0] - from[0]), tidy(to[1] - from[1])]))
}
