//! Underlays: a drawing or a picture under the plan.
//!
//! A layout names the file, where it lies and how large one of its units is; the content is
//! read again from the file, so that layouts stay small and a newer drawing is noticed by
//! its hash. It must not know how underlays are drawn.

use super::drawing::{Drawing, Path};
use super::outline::{area_m2, extent};
use super::{Change, Foreign, Imported, Options, Role, dxf, fault_in, geojson};
use crate::diag::Report;
use crate::site::{Site, Underlay};
use crate::units::LengthUnit;
use crate::units::geodesy::TangentPlane;
use sha2::{Digest, Sha256};

/// What an underlay file holds, in its own units from the north-west corner.
#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    /// A picture of so many pixels; whoever shows it decodes it.
    Picture {
        size_px: [u32; 2],
    },
    Lines {
        paths: Vec<Path>,
        size: [f64; 2],
    },
}

impl Content {
    /// Width and height in the units of the file.
    pub fn size(&self) -> [f64; 2] {
        match self {
            Content::Picture { size_px } => size_px.map(f64::from),
            Content::Lines { size, .. } => *size,
        }
    }
}

/// Identity of a file, as underlays keep it.
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|b| format!("{b:02x}")).collect()
}

/// Reads the content of an underlay file.
///
/// # Errors
/// What is wrong with the file, with its place.
pub fn content(name: &str, bytes: &[u8]) -> Result<Content, Report> {
    let ending = name.rsplit_once('.').map_or("", |(_, e)| e).to_lowercase();
    let drawing = match ending.as_str() {
        "png" => return Ok(Content::Picture { size_px: super::picture::size_px(name, bytes)? }),
        // Its unit does not matter: the layout says what one is.
        "dxf" => {
            let unit = Some(LengthUnit::Metre);
            dxf::load(name, bytes, &Options { unit, ..Options::default() })?
        }
        "geojson" | "json" => geojson::lines(name, bytes)?,
        _ => {
            let hint = "Choose a PNG picture, a DXF drawing or a GeoJSON map";
            return Err(fault_in(name, "unknown-format", "Nothing shows files of this kind", hint));
        }
    };
    let (corner, size) = drawing.extent();
    let mut paths = drawing.paths;
    for point in paths.iter_mut().flat_map(|p| &mut p.points) {
        *point = [point[0] - corner[0], point[1] - corner[1]];
    }
    Ok(Content::Lines { paths, size })
}

/// Takes a drawing as an underlay: where it says so by its origin, else so that its parcel
/// lies on that of the site, else at the north-west corner.
pub(super) fn take(
    foreign: &Foreign<'_>,
    options: &Options,
    drawing: &Drawing,
) -> Result<Imported, Report> {
    let (corner, size) = drawing.extent();
    let unit = drawing.unit_m;
    let (at, why) = match (drawing.origin_deg, foreign.site.terms.site.origin_deg) {
        (Some(own), Some(origin)) => {
            let by = TangentPlane::at(origin[0], origin[1]).east_south_m(own[0], own[1]);
            ([by[0] + corner[0] * unit, by[1] + corner[1] * unit], "by longitude and latitude")
        }
        _ => match parcel_in(foreign.site, drawing) {
            Some(parcel) => {
                let own = outline_corner(&foreign.site.terms.site.parcel);
                let at = [0, 1].map(|i| own[i] - (parcel[i] - corner[i]) * unit);
                (at, "with its outline on the parcel")
            }
            None => ([0.0, 0.0], "at the north-west corner"),
        },
    };
    let layers = drawing.layers();
    let lines = drawing.paths.len();
    let line = format!(
        "Underlay of {lines} lines on {}, {:.0} m by {:.0} m, {why}",
        if layers.len() == 1 { "1 layer".to_owned() } else { format!("{} layers", layers.len()) },
        size[0] * unit,
        size[1] * unit
    );
    let mut imported = of(foreign, options, unit, at);
    imported.taken.push(line);
    imported.preview = previewed(drawing, corner);
    imported.layers = layers.into_iter().map(str::to_owned).collect();
    imported.skipped.extend(drawing.skipped.iter().cloned());
    Ok(imported)
}

/// Lines up to which a preview shows a drawing.
const PREVIEWED: usize = 2_000;

fn previewed(drawing: &Drawing, corner: [f64; 2]) -> Vec<Vec<[f64; 2]>> {
    let line = |p: &Path| {
        let ends = p.points.iter().chain(if p.closed { p.points.first() } else { None });
        let metres = |p: &[f64; 2]| [0, 1].map(|i| (p[i] - corner[i]) * drawing.unit_m);
        ends.map(metres).collect()
    };
    drawing.paths.iter().take(PREVIEWED).map(line).collect()
}

/// An import of one underlay.
pub(super) fn of(
    foreign: &Foreign<'_>,
    options: &Options,
    m_per_unit: f64,
    at: [f64; 2],
) -> Imported {
    let name = foreign.file.rsplit(['/', '\\']).next().unwrap_or(foreign.file).to_owned();
    let millimetre = |v: f64| (v * 1e3).round() / 1e3 + 0.0;
    let underlay = Underlay {
        id: "underlay".into(),
        name,
        file: options.reference.clone().unwrap_or_else(|| foreign.file.to_owned()),
        sha256: sha256(foreign.bytes),
        m_per_unit,
        opacity_frac: 0.5,
        hidden: false,
        at: at.map(millimetre),
    };
    Imported {
        label: "Import underlay".into(),
        changes: vec![Change::Underlay(underlay)],
        ..Imported::default()
    }
}

fn outline_corner(outline: &[[f64; 2]]) -> [f64; 2] {
    extent(outline).0
}

/// North-west corner, in the drawing, of the closed line that is the parcel of the site:
/// the same area and extent within a hundredth.
fn parcel_in(site: &Site, drawing: &Drawing) -> Option<[f64; 2]> {
    let parcel = &site.terms.site.parcel;
    if parcel.len() < 3 {
        return None;
    }
    let (_, own) = extent(parcel);
    let near = |a: f64, b: f64| (a - b).abs() <= 0.01 * b.abs();
    let unit = drawing.unit_m;
    drawing.paths.iter().filter(|p| p.closed && p.points.len() >= 3).find_map(|p| {
        let (corner, size) = extent(&p.points);
        let same = near(area_m2(&p.points) * unit * unit, area_m2(parcel))
            && near(size[0] * unit, own[0])
            && near(size[1] * unit, own[1]);
        same.then_some(corner)
    })
}

/// Whether a role asks for an underlay.
pub(super) fn is_asked(options: &Options, usual: Role) -> bool {
    options.role.unwrap_or(usual) == Role::Underlay
}
