//! Drawings of civil and electrical CAD: closed outlines become the parcel, all lines an
//! underlay.
//!
//! The north axis of a drawing points up, that of a site down. It must not know where an
//! underlay is drawn.

use super::drawing::{Drawing, Path};
use super::outline::{area_m2, cleaned, extent, words};
use super::underlay;
use super::{
    Change, Foreign, Imported, Importer, Options, Role, Skipped, fault, fault_at, fault_in,
};
use crate::diag::Report;
use crate::units::LengthUnit;
use ::dxf::entities::EntityType;
use ::dxf::enums::Units;
use ::dxf::{DxfError, Point};
use std::collections::BTreeMap;

pub(super) const IMPORTER: Importer = Importer {
    name: "DXF",
    about: "Outlines and lines of CAD drawings",
    extensions: &["dxf"],
    roles: &[Role::Parcel, Role::Underlay],
    read,
};

/// Greatest angle of a chord that stands for an arc, degrees.
const CHORD_DEG: f64 = 7.5;

fn read(foreign: &Foreign<'_>, options: &Options) -> Result<Imported, Report> {
    let drawing = load(foreign.file, foreign.bytes, options)?;
    if options.role == Some(Role::Underlay) {
        return underlay::take(foreign, options, &drawing);
    }
    let mut imported = Imported { label: "Import parcel".into(), ..Imported::default() };
    let metres = |p: &[f64; 2]| [p[0] * drawing.unit_m, p[1] * drawing.unit_m];
    let closed: Vec<(&Path, Vec<[f64; 2]>)> = drawing
        .paths
        .iter()
        .filter(|p| p.closed)
        .map(|p| (p, cleaned(&p.points.iter().map(metres).collect::<Vec<_>>())))
        .filter(|(_, outline)| outline.len() >= 3 && area_m2(outline) > 0.0)
        .collect();
    let on_layer =
        |p: &Path| options.layer.as_ref().is_none_or(|l| l.eq_ignore_ascii_case(&p.layer));
    let largest = closed
        .iter()
        .rev()
        .filter(|(p, _)| on_layer(p))
        .max_by(|a, b| area_m2(&a.1).total_cmp(&area_m2(&b.1)));
    let Some((path, outline)) = largest else {
        let layers = drawing.layers().join("`, `");
        let (message, hint) = match &options.layer {
            Some(layer) => (
                format!("Layer `{layer}` has no closed outline"),
                format!("Choose one of the layers `{layers}`"),
            ),
            None => (
                "The drawing has no closed outline".to_owned(),
                "Close the polyline of the parcel in the drawing, or import it as underlay".into(),
            ),
        };
        return Err(fault(foreign, "no-outline", &message, &hint));
    };
    let (corner, _) = extent(outline);
    let local: Vec<_> = outline.iter().map(|p| [p[0] - corner[0], p[1] - corner[1]]).collect();
    let parcel = cleaned(&local);
    imported.taken.push(format!("Parcel from layer {}: {}", path.layer, words(&parcel)));
    imported.preview = vec![parcel.iter().chain(parcel.first()).copied().collect()];
    imported.layers = drawing.layers().into_iter().map(str::to_owned).collect();
    imported.changes.push(Change::Parcel(parcel));
    for (other, outline) in &closed {
        if !std::ptr::eq(*other, *path) {
            let place = format!("layer {}", other.layer);
            let reason = format!("A smaller or other outline: {}", words(outline));
            imported.skipped.push(Skipped { place, reason });
        }
    }
    let open = drawing.paths.len() - closed.len();
    if open > 0 {
        let reason = format!("{open} open lines are no outline; import them as underlay");
        imported.skipped.push(Skipped { place: "the drawing".into(), reason });
    }
    imported.skipped.extend(drawing.skipped);
    Ok(imported)
}

/// The lines of a drawing, y to the south, in its own unit.
pub(super) fn load(name: &str, bytes: &[u8], options: &Options) -> Result<Drawing, Report> {
    let file = parse(name, bytes)?;
    let mut paths = Vec::new();
    let mut chains: BTreeMap<String, Vec<[[f64; 2]; 2]>> = BTreeMap::new();
    let mut others: BTreeMap<&'static str, usize> = BTreeMap::new();
    for entity in file.entities() {
        let layer = entity.common.layer.clone();
        let mut add = |points: Vec<[f64; 2]>, closed: bool| {
            paths.push(Path { layer: layer.clone(), points, closed });
        };
        match &entity.specific {
            EntityType::LwPolyline(line) => {
                let corners = line.vertices.iter().map(|v| ([v.x, v.y], v.bulge)).collect();
                let (points, closed) = bulged(corners, line.is_closed());
                add(points, closed);
            }
            EntityType::Polyline(line) => {
                let at = |v: &::dxf::entities::Vertex| (flat(&v.location), v.bulge);
                let (points, closed) = bulged(line.vertices().map(at).collect(), line.is_closed());
                add(points, closed);
            }
            EntityType::Line(line) => {
                chains.entry(layer).or_default().push([flat(&line.p1), flat(&line.p2)]);
            }
            EntityType::Arc(arc) => {
                let mut span = (arc.end_angle - arc.start_angle).rem_euclid(360.0);
                if span == 0.0 {
                    span = 360.0;
                }
                add(round(flat(&arc.center), arc.radius, (arc.start_angle, span)), false);
            }
            EntityType::Circle(circle) => {
                add(round(flat(&circle.center), circle.radius, (0.0, 360.0)), true);
            }
            other => *others.entry(kind_of(other)).or_default() += 1,
        }
    }
    for (layer, segments) in chains {
        let joined = super::drawing::chained(segments);
        paths.extend(joined.into_iter().map(|(points, closed)| Path {
            layer: layer.clone(),
            points,
            closed,
        }));
    }
    let skipped = others.into_iter().map(|(kind, count)| Skipped {
        place: "the drawing".into(),
        reason: format!("{count} x {kind}, which is no line"),
    });
    paths.retain(|p| p.points.len() >= 2);
    if paths.is_empty() {
        let hint = "Choose a drawing with lines in model space; blocks must be exploded first";
        return Err(fault_in(name, "no-lines", "The drawing has no lines", hint));
    }
    let stated = unit_of(file.header.default_drawing_units);
    let Some(unit) = options.unit.map(LengthUnit::metres).or(stated) else {
        let hint = "Say what one unit of the drawing is: m, ft or mm (--unit)";
        let message = "The drawing does not say its unit ($INSUNITS)";
        return Err(fault_in(name, "unknown-unit", message, hint));
    };
    let mut drawing = Drawing { unit_m: unit, paths, skipped: skipped.collect(), origin_deg: None };
    let bad = drawing.paths.iter().position(|p| p.points.iter().flatten().any(|v| !v.is_finite()));
    if let Some(path) = bad.and_then(|i| drawing.paths.get(i)) {
        let message = format!("A line of layer {} has a corner that is no number", path.layer);
        let hint = "Repair the drawing in the program that wrote it";
        return Err(fault_in(name, "bad-corner", &message, hint));
    }
    // The north axis points up.
    drawing.paths.iter_mut().flat_map(|p| &mut p.points).for_each(|p| p[1] = -p[1]);
    Ok(drawing)
}

fn parse(name: &str, bytes: &[u8]) -> Result<::dxf::Drawing, Report> {
    let hint = "Save the drawing as an ASCII DXF of version R12 or newer";
    if bytes.trim_ascii().is_empty() {
        return Err(fault_in(name, "not-dxf", "The file is empty", hint));
    }
    let mut rest = bytes;
    // The reader is not ours: what it stumbles over must not take the window along.
    let read = std::panic::catch_unwind(move || ::dxf::Drawing::load(&mut rest));
    let Ok(read) = read else {
        return Err(fault_in(name, "not-dxf", "The file is not DXF that can be read", hint));
    };
    read.map_err(|error| {
        let message = format!("The file is not DXF: {error}");
        match line_of(&error) {
            Some(line) => fault_at(name, (line, 1), "not-dxf", (&message, hint)),
            None => fault_in(name, "not-dxf", &message, hint),
        }
    })
}

fn line_of(error: &DxfError) -> Option<usize> {
    match error {
        DxfError::ParseFloatError(_, line)
        | DxfError::ParseIntError(_, line)
        | DxfError::ParseError(line)
        | DxfError::UnexpectedCode(_, line)
        | DxfError::UnexpectedByte(_, line)
        | DxfError::UnexpectedEnumValue(line)
        | DxfError::ExpectedTableType(line)
        | DxfError::WrongValueType(line) => Some((*line).max(1)),
        DxfError::UnexpectedCodePair(pair, _) => Some(pair.offset.max(1)),
        _ => None,
    }
}

/// Metres of one unit; `None` where the drawing leaves it open, or names one that no site
/// is drawn in.
fn unit_of(units: Units) -> Option<f64> {
    let unit = match units {
        Units::Inches => LengthUnit::Inch,
        Units::Feet => LengthUnit::Foot,
        Units::USSurveyFeet => LengthUnit::UsSurveyFoot,
        Units::Millimeters => LengthUnit::Millimetre,
        Units::Centimeters => LengthUnit::Centimetre,
        Units::Meters => LengthUnit::Metre,
        Units::Kilometers => LengthUnit::Kilometre,
        _ => return None,
    };
    Some(unit.metres())
}

fn flat(p: &Point) -> [f64; 2] {
    [p.x, p.y]
}

fn kind_of(entity: &EntityType) -> &'static str {
    match entity {
        EntityType::Insert(_) => "INSERT",
        EntityType::Text(_) | EntityType::MText(_) => "text",
        EntityType::Spline(_) => "SPLINE",
        EntityType::Ellipse(_) => "ELLIPSE",
        EntityType::ModelPoint(_) => "POINT",
        EntityType::Solid(_) | EntityType::Face3D(_) => "face",
        _ => "other entity",
    }
}

/// Corners of a polyline with its arcs as chords; a last corner on the first closes it.
fn bulged(corners: Vec<([f64; 2], f64)>, closed: bool) -> (Vec<[f64; 2]>, bool) {
    let mut points = Vec::with_capacity(corners.len());
    for (i, (from, bulge)) in corners.iter().enumerate() {
        points.push(*from);
        let last = i + 1 == corners.len();
        let next = corners.get(i + 1).or(if closed { corners.first() } else { None });
        let Some((to, _)) = next.filter(|_| *bulge != 0.0 && bulge.is_finite()) else { continue };
        let mut arc = chords(*from, *to, *bulge);
        if last && arc.last() == Some(to) {
            arc.pop();
        }
        points.extend(arc);
    }
    let meets = points.len() > 3 && points.first() == points.last();
    if meets {
        points.pop();
    }
    (points, closed || meets)
}

/// Points between the ends of an arc; `bulge` is the tangent of a quarter of its angle,
/// counterclockwise where positive.
fn chords(from: [f64; 2], to: [f64; 2], bulge: f64) -> Vec<[f64; 2]> {
    let angle = 4.0 * bulge.atan();
    let (dx, dy) = (to[0] - from[0], to[1] - from[1]);
    let length = dx.hypot(dy);
    let half = (angle / 2.0).sin();
    if length == 0.0 || half == 0.0 {
        return Vec::new();
    }
    // From the middle of the chord to the centre, along its left normal.
    let off = length / 2.0 / (angle / 2.0).tan();
    let middle = [f64::midpoint(from[0], to[0]), f64::midpoint(from[1], to[1])];
    let centre = [middle[0] - dy / length * off, middle[1] + dx / length * off];
    let radius = (from[0] - centre[0]).hypot(from[1] - centre[1]);
    let start = (from[1] - centre[1]).atan2(from[0] - centre[0]);
    let steps = (angle.abs().to_degrees() / CHORD_DEG).ceil().max(1.0);
    (1..steps as u32)
        .map(|i| start + angle * f64::from(i) / steps)
        .map(|a| [centre[0] + radius * a.cos(), centre[1] + radius * a.sin()])
        .collect()
}

/// Chords of an arc from an angle over a span, degrees counterclockwise.
fn round(centre: [f64; 2], radius: f64, (from, span): (f64, f64)) -> Vec<[f64; 2]> {
    if !(from.is_finite() && span.is_finite()) {
        return vec![[f64::NAN, f64::NAN]; 2];
    }
    let steps = (span / CHORD_DEG).ceil().max(1.0) as u32;
    let full = span >= 360.0;
    (0..if full { steps } else { steps + 1 })
        .map(|i| (from + span * f64::from(i) / f64::from(steps)).to_radians())
        .map(|a| [centre[0] + radius * a.cos(), centre[1] + radius * a.sin()])
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bulge_of_one_is_half_a_circle() {
        let (points, closed) = bulged(vec![([0.0, 0.0], 1.0), ([2.0, 0.0], 1.0)], true);
        assert!(closed);
        assert!(points.iter().all(|p| ((p[0] - 1.0).hypot(p[1]) - 1.0).abs() < 1e-12));
        // Chords of 7.5 degrees lose 0.3 % of the disc.
        let area = area_m2(&points);
        assert!((area - std::f64::consts::PI).abs() < 0.01, "{area}");
    }

    #[test]
    fn a_counterclockwise_arc_bulges_to_the_right_of_its_chord() {
        let points = chords([0.0, 0.0], [2.0, 0.0], 0.5);
        assert!(points.iter().all(|p| p[1] < 0.0), "{points:?}");
        let lowest = points.iter().map(|p| p[1]).fold(0.0, f64::min);
        // The sagitta is the bulge times half the chord.
        assert!((lowest + 0.5).abs() < 0.02, "{lowest}");
    }
}
