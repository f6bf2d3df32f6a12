//! Parcel outlines from GeoJSON (RFC 7946): longitudes and latitudes on WGS 84 become
//! metres in the tangent plane, x east and y south.

use super::drawing::{Drawing, Path};
use super::outline::{area_m2, cleaned, extent, words};
use super::underlay;
use super::{
    Change, Foreign, Imported, Importer, Options, Role, Skipped, fault, fault_at, fault_in,
};
use crate::diag::Report;
use crate::units::geodesy::TangentPlane;
use ::geojson::{Feature, GeoJson, Geometry, GeometryValue, PolygonType, Position};

pub(super) const IMPORTER: Importer = Importer {
    name: "GeoJSON",
    about: "Parcel outlines from maps, in degrees on WGS 84",
    extensions: &["geojson", "json"],
    roles: &[Role::Parcel, Role::Underlay],
    read,
};

/// Names of the only coordinate system that the format allows today, in older files.
const WGS84: [&str; 4] = ["CRS84", "EPSG:4326", "EPSG::4326", "CRS:84"];

/// A polygon of the file, with where it stands.
struct Found {
    place: String,
    name: Option<String>,
    rings: PolygonType,
}

impl Found {
    /// `features[2] "North field"`.
    fn place(&self) -> String {
        match &self.name {
            Some(name) => format!("{} \"{name}\"", self.place),
            None => self.place.clone(),
        }
    }
}

fn read(foreign: &Foreign<'_>, options: &Options) -> Result<Imported, Report> {
    if underlay::is_asked(options, Role::Parcel) {
        return underlay::take(foreign, options, &lines(foreign.file, foreign.bytes)?);
    }
    let parsed = parse(foreign.file, foreign.bytes)?;
    let mut imported = Imported { label: "Import parcel".into(), ..Imported::default() };
    let mut found = Vec::new();
    match parsed {
        GeoJson::Geometry(geometry) => {
            gather(geometry, ("geometry".into(), None), &mut found, &mut imported.skipped);
        }
        GeoJson::Feature(f) => feature(f, "feature".into(), &mut found, &mut imported.skipped),
        GeoJson::FeatureCollection(collection) => {
            for (i, f) in collection.features.into_iter().enumerate() {
                feature(f, format!("features[{i}]"), &mut found, &mut imported.skipped);
            }
        }
    }
    let mut outlines = Vec::with_capacity(found.len());
    for polygon in found {
        match outline(foreign.file, &polygon)? {
            Some(outline) => outlines.push((polygon, outline)),
            None => {
                let reason = "A polygon of no area".to_owned();
                imported.skipped.push(Skipped { place: polygon.place(), reason });
            }
        }
    }
    // Of equals the first.
    let largest = (0..outlines.len())
        .rev()
        .max_by(|&a, &b| area_m2(&outlines[a].1).total_cmp(&area_m2(&outlines[b].1)));
    let Some(largest) = largest else {
        let hint = "Choose a file with a Polygon or MultiPolygon";
        return Err(fault(foreign, "no-outline", "The file has no polygon with an area", hint));
    };
    let (taken, _) = outlines.remove(largest);
    for (other, outline) in &outlines {
        let reason = format!("A smaller polygon: {}", words(outline));
        imported.skipped.push(Skipped { place: other.place(), reason });
    }
    take(foreign, &taken, &mut imported)?;
    Ok(imported)
}

/// The parcel and its origin.
fn take(foreign: &Foreign<'_>, taken: &Found, imported: &mut Imported) -> Result<(), Report> {
    // `outline` has seen that there is a ring with corners.
    let ring = degrees(foreign.file, taken, taken.rings.first().map_or(&[], Vec::as_slice))?;
    let west = ring.iter().map(|p| p[0]).fold(f64::INFINITY, f64::min);
    let north = ring.iter().map(|p| p[1]).fold(f64::NEG_INFINITY, f64::max);
    let plane = TangentPlane::at(west, north);
    let local: Vec<[f64; 2]> = ring.iter().map(|p| plane.east_south_m(p[0], p[1])).collect();
    // Meridians converge: the box in metres begins a little beside the corner in degrees.
    let (corner, _) = extent(&local);
    let local: Vec<_> = local.iter().map(|p| [p[0] - corner[0], p[1] - corner[1]]).collect();
    let parcel = cleaned(&local);
    let origin = plane.lon_lat(corner);
    let name = taken.name.as_ref().map_or_else(String::new, |n| format!(" \"{n}\""));
    imported.taken.push(format!("Parcel{name}: {}", words(&parcel)));
    imported.taken.push(format!("Origin at longitude {:.6}, latitude {:.6}", origin[0], origin[1]));
    imported.preview = vec![parcel.iter().chain(parcel.first()).copied().collect()];
    imported.changes = vec![Change::Parcel(parcel), Change::Origin(origin)];
    for (i, hole) in taken.rings.iter().enumerate().skip(1) {
        let local = degrees(foreign.file, taken, hole)?;
        let local: Vec<_> = local.iter().map(|p| plane.east_south_m(p[0], p[1])).collect();
        let reason = format!("A hole, which a parcel cannot have: {}", words(&cleaned(&local)));
        imported.skipped.push(Skipped { place: format!("{} ring {i}", taken.place()), reason });
    }
    Ok(())
}

fn parse(file: &str, bytes: &[u8]) -> Result<GeoJson, Report> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let hint = "Choose a GeoJSON file";
    let value: serde_json::Value = serde_json::from_slice(bytes).map_err(|e| {
        let place = (e.line().max(1), e.column().max(1));
        fault_at(file, place, "not-json", (&format!("The file is not JSON: {e}"), hint))
    })?;
    if let Some(name) = value.pointer("/crs/properties/name").and_then(|n| n.as_str())
        && !WGS84.iter().any(|known| name.ends_with(known))
    {
        let message = format!("The coordinates are in `{name}`, not in degrees on WGS 84");
        let hint = "Export the map again in WGS 84 (EPSG:4326)";
        return Err(fault_in(file, "other-coordinates", &message, hint));
    }
    serde_json::from_value::<GeoJson>(value)
        .map_err(|e| fault_in(file, "not-geojson", &format!("The file is not GeoJSON: {e}"), hint))
}

fn feature(f: Feature, place: String, found: &mut Vec<Found>, skipped: &mut Vec<Skipped>) {
    let name = f.properties.as_ref().and_then(|p| {
        let known = p.iter().find(|(key, _)| key.eq_ignore_ascii_case("name"));
        known.and_then(|(_, v)| v.as_str()).map(str::to_owned)
    });
    match f.geometry {
        Some(geometry) => gather(geometry, (place, name), found, skipped),
        None => skipped.push(Skipped { place, reason: "A feature without geometry".into() }),
    }
}

/// Takes polygons out of a geometry, one by one.
fn gather(
    geometry: Geometry,
    (place, name): (String, Option<String>),
    found: &mut Vec<Found>,
    skipped: &mut Vec<Skipped>,
) {
    match geometry.value {
        GeometryValue::Polygon { coordinates } => {
            found.push(Found { place, name, rings: coordinates });
        }
        GeometryValue::MultiPolygon { coordinates } => {
            for (i, rings) in coordinates.into_iter().enumerate() {
                let place = format!("{place} polygon {i}");
                found.push(Found { place, name: name.clone(), rings });
            }
        }
        GeometryValue::GeometryCollection { geometries } => {
            for (i, inner) in geometries.into_iter().enumerate() {
                gather(inner, (format!("{place} geometry {i}"), name.clone()), found, skipped);
            }
        }
        other => {
            let reason = format!("A {} is no outline", other.type_name());
            skipped.push(Skipped { place, reason });
        }
    }
}

/// The outer ring in metres about its own first corner; `None` where it has no area.
fn outline(file: &str, polygon: &Found) -> Result<Option<Vec<[f64; 2]>>, Report> {
    let Some(ring) = polygon.rings.first() else { return Ok(None) };
    let ring = degrees(file, polygon, ring)?;
    let Some(first) = ring.first() else { return Ok(None) };
    let plane = TangentPlane::at(first[0], first[1]);
    let local: Vec<_> = ring.iter().map(|p| plane.east_south_m(p[0], p[1])).collect();
    let local = cleaned(&local);
    Ok((local.len() >= 3 && area_m2(&local) > 0.0).then_some(local))
}

/// Longitudes and latitudes of a ring, without a jump where it crosses the date line.
fn degrees(file: &str, polygon: &Found, ring: &[Position]) -> Result<Vec<[f64; 2]>, Report> {
    let mut points: Vec<[f64; 2]> = Vec::with_capacity(ring.len());
    for (i, position) in ring.iter().enumerate() {
        let &[lon, lat, ..] = position.as_slice() else {
            let message = format!("{}: corner {i} has no latitude", polygon.place());
            let hint = "Write longitude and latitude of every corner";
            return Err(fault_in(file, "bad-corner", &message, hint));
        };
        // Not a number fails this test too.
        if !(lon.abs() <= 360.0 && lat.abs() < 90.0) {
            let message =
                format!("{}: corner {i} at {lon}, {lat} is not on the globe", polygon.place());
            let hint = "Export the map again in degrees on WGS 84 (EPSG:4326)";
            return Err(fault_in(file, "other-coordinates", &message, hint));
        }
        let turn = points.first().map_or(0.0, |f| ((lon - f[0]) / 360.0).round() * 360.0);
        points.push([lon - turn, lat]);
    }
    Ok(points)
}

/// Every line and ring of a map, metres about the north-west corner of all.
pub(super) fn lines(file: &str, bytes: &[u8]) -> Result<Drawing, Report> {
    let mut found = Vec::new();
    let mut skipped = Vec::new();
    match parse(file, bytes)? {
        GeoJson::Geometry(geometry) => rings(geometry, "map", &mut found, &mut skipped),
        GeoJson::Feature(f) => rings_of(f, &mut found, &mut skipped),
        GeoJson::FeatureCollection(all) => {
            all.features.into_iter().for_each(|f| rings_of(f, &mut found, &mut skipped));
        }
    }
    let mut all = Vec::with_capacity(found.len());
    for (layer, ring, closed) in found {
        let polygon = Found { place: layer.clone(), name: None, rings: Vec::new() };
        all.push((layer, degrees(file, &polygon, &ring)?, closed));
    }
    let corners = || all.iter().flat_map(|(_, points, _)| points);
    let Some(first) = corners().next() else {
        let hint = "Choose a map with lines or polygons";
        return Err(fault_in(file, "no-lines", "The map has no lines", hint));
    };
    let west = corners().map(|p| p[0]).fold(first[0], f64::min);
    let north = corners().map(|p| p[1]).fold(first[1], f64::max);
    let plane = TangentPlane::at(west, north);
    let paths = all
        .iter()
        .filter(|(_, points, _)| points.len() >= 2)
        .map(|(layer, points, closed)| Path {
            layer: layer.clone(),
            points: points.iter().map(|p| plane.east_south_m(p[0], p[1])).collect(),
            closed: *closed,
        })
        .collect();
    Ok(Drawing { unit_m: 1.0, paths, skipped, origin_deg: Some([west, north]) })
}

/// A line of a map: its layer, its positions, whether it closes.
type Line = (String, Vec<Position>, bool);

fn rings_of(f: Feature, found: &mut Vec<Line>, skipped: &mut Vec<Skipped>) {
    let name = f.properties.as_ref().and_then(|p| {
        p.iter().find(|(key, _)| key.eq_ignore_ascii_case("name")).and_then(|(_, v)| v.as_str())
    });
    let layer = name.unwrap_or("map").to_owned();
    if let Some(geometry) = f.geometry {
        rings(geometry, &layer, found, skipped);
    }
}

fn rings(geometry: Geometry, layer: &str, found: &mut Vec<Line>, skipped: &mut Vec<Skipped>) {
    let mut add = |line: Vec<Position>, closed: bool| {
        let mut line = line;
        if closed && line.len() > 1 && line.first() == line.last() {
            line.pop();
        }
        found.push((layer.to_owned(), line, closed));
    };
    match geometry.value {
        GeometryValue::Polygon { coordinates } => {
            coordinates.into_iter().for_each(|ring| add(ring, true));
        }
        GeometryValue::MultiPolygon { coordinates } => {
            coordinates.into_iter().flatten().for_each(|ring| add(ring, true));
        }
        GeometryValue::LineString { coordinates } => add(coordinates, false),
        GeometryValue::MultiLineString { coordinates } => {
            coordinates.into_iter().for_each(|line| add(line, false));
        }
        GeometryValue::GeometryCollection { geometries } => {
            geometries.into_iter().for_each(|inner| rings(inner, layer, found, skipped));
        }
        other => {
            let reason = format!("A {} is no line", other.type_name());
            skipped.push(Skipped { place: layer.to_owned(), reason });
        }
    }
}
